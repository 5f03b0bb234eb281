"""How every figure looks: colours that colour-blind readers can tell apart, fonts that a projector can carry."""

from __future__ import annotations

import html
import math

import plotly.graph_objects as go

from cocoonsim.core.errors import UserError

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, BLACK = "#CC79A7", "#56B4E9", "#1A1A1A"
GREY, PALE, INK = "#767676", "#D9D9D9", "#222222"
PALETTE = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""The palette of Okabe & Ito (2008), Color universal design; without yellow, which is lost on white."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Lines differ in dash as well as in colour, for readers and printers without colour."""
OPPOSED = [[0.0, BLUE], [0.5, "#EFEFEF"], [1.0, RED]]
"""From one side of an opinion to the other."""
GROWING = [[0.0, "#FFFFFF"], [0.15, "#CFE3F1"], [0.4, "#6BAED6"], [0.7, BLUE], [1.0, "#003A5C"]]
"""From none to much; dark is much also in grey."""
HEIGHT = 380
STACKED = 210
"""The height of one of several panels, in pixels."""

_AXIS = {
    "automargin": True, "showgrid": True, "gridcolor": "#ECECEC", "zeroline": False, "showline": True,
    "linecolor": "#9A9A9A", "ticks": "outside", "ticklen": 4, "tickcolor": "#9A9A9A",
    "title": {"standoff": 10, "font": {"size": 13}},
}  # fmt: skip
_TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 14, "color": INK},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "colorway": list(PALETTE),
        "hoverlabel": {"font": {"size": 14}, "bgcolor": "#FFFFFF", "namelength": -1},
        "legend": {
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "itemsizing": "constant",
        },
        "xaxis": _AXIS,
        "yaxis": _AXIS,
    }
)  # fmt: skip


class NothingToShow(UserError):  # noqa: N818 - not every one is an error: a report leaves the figure out
    """A figure has nothing to show in these results; the message says why, as a sentence."""


def canvas(height: int = HEIGHT, **layout: object) -> go.Figure:
    """An empty figure in the house style; `height` in pixels, the width is the page's."""
    return dressed(go.Figure(), height, **layout)


def dressed(figure: go.Figure, height: int = HEIGHT, **layout: object) -> go.Figure:
    """A figure put into the house style."""
    margin = {"l": 10, "r": 12, "t": 34, "b": 10}
    return figure.update_layout(template=_TEMPLATE, height=height, margin=margin, **layout)


def panelled(figure: go.Figure, panel: int, n: int, **layout: object) -> go.Figure:
    """A figure of `n` panels, one above the other, with their headings on the left; `panel` pixels for each."""
    height = panel * n + 90
    figure.update_annotations(x=0, xanchor="left", font_size=14)
    # the legend stands above the heading of the first panel
    return dressed(figure, height, legend_y=1 + 26 / (panel * n), **layout)


BAR_ON_TOP = {
    "orientation": "h", "x": 0.5, "xanchor": "center", "y": 1.02, "yanchor": "bottom", "len": 0.9, "thickness": 10,
}  # fmt: skip
"""A colour bar that takes no width from the picture."""


def shade(colour: str, opacity: float) -> str:
    """A colour such as `#0072B2`, let through by `opacity`.

    >>> shade("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def plain(text: object) -> str:
    """Words of the user's, for a figure: plotly reads a little HTML in texts, which these must not be.

    >>> plain("<b>news</b>")
    '&lt;b&gt;news&lt;/b&gt;'
    """
    return html.escape(str(text), quote=False)


def number(value: float | None) -> str:
    """A number for people: three figures that count, a true minus, `undefined` for NaN.

    >>> number(0.123456), number(-4.0), number(1234567.0), number(float("nan"))
    ('0.123', '−4', '1,234,567', 'undefined')
    """
    if value is None or not math.isfinite(value):
        return "undefined"
    size = abs(value)
    text = "0" if size < 5e-13 else f"{value:,.0f}" if size >= 1000 else f"{value:.3g}"
    return text.replace("-", "−")


def percent(share: float | None) -> str:
    """A share for people.

    >>> percent(0.4214), percent(0.004), percent(None)  # the space is one that does not break lines
    ('42\u202f%', '0.4\u202f%', 'an undefined share')
    """
    if share is None or not math.isfinite(share):
        return "an undefined share"
    text = f"{100 * share:.1f}" if 0 < abs(share) < 0.0995 else f"{100 * share:.0f}"
    return f"{text.removesuffix('.0')}\u202f%".replace("-", "−")


def named(metric: str) -> str:
    """The standard name of a metric, for use within a sentence: without brackets, small unless it begins with a name."""
    title = about(metric).short
    return title if title.split("-")[0].split()[0] in _NAMES else title[0].lower() + title[1:]


_NAMES = {"Gini", "Jensen", "Shannon", "Hill", "Simpson"}


class About:
    """What is known of a metric: `title`, `unit`, `diverse` (+1, -1 or 0) and `bounds`."""

    def __init__(self, name: str) -> None:
        from cocoonsim.core.component import find

        found = find("metrics").get(name)  # a plug-in that is not allowed now has but its name
        self.title: str = getattr(found, "title", "") or name.replace("_", " ").capitalize()
        self.unit: str = getattr(found, "unit", "")
        self.diverse: int = getattr(found, "diverse", 0)
        self.bounds: tuple[float, float] = getattr(found, "bounds", (-math.inf, math.inf))

    @property
    def short(self) -> str:
        """The standard name without what is in brackets or after a colon."""
        return self.title.partition(" (")[0].partition(":")[0]

    @property
    def scale(self) -> str:
        """The unit, or else the range of the values, for the axis of a panel that has a heading."""
        low, high = self.bounds
        if self.unit:
            return plain(self.unit)
        return f"{number(low)} to {number(high)}" if math.isfinite(low) and math.isfinite(high) else "no unit"

    @property
    def mode(self) -> str:
        """The `rangemode` of an axis: from zero where zero is the least there can be, so that a ripple stays a ripple."""
        return "tozero" if self.bounds[0] == 0 else "normal"

    @property
    def axis(self) -> str:
        """The title of an axis, with the unit, broken into lines that fit a phone."""
        unit = f" ({self.unit})" if self.unit and self.unit not in self.short else ""
        return wrapped(f"{self.short}{unit}", 34)


def about(metric: str) -> About:
    """What is known of a metric by its name."""
    return About(metric)


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most `width` characters where words allow, for plotly."""
    import textwrap

    return "<br>".join(plain(line) for line in textwrap.wrap(text, width, break_long_words=False)) or plain(text)
