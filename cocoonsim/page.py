"""One self-contained HTML page: text that is always escaped, figures with captions, tables, no request to anywhere.

Every text goes through `fill`, which escapes whatever is not yet HTML; so a title with a `<script>` in it is shown, not run.
The page also carries a content security policy: only the two scripts with known hashes run, and nothing is fetched.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from cocoonsim.figures import FigureFile, NothingToShow

if TYPE_CHECKING:
    import plotly.graph_objects as go


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def fill(template: str, **values: object) -> Html:
    """A template with `$names` filled in; values that are not `Html` are escaped.

    >>> fill("<p>$words</p>", words="a < b")
    '<p>a &lt; b</p>'
    """
    safe = {name: value if isinstance(value, Html) else html.escape(str(value)) for name, value in values.items()}
    return Html(Template(template).substitute(safe))


def joined(parts: Iterable[Html]) -> Html:
    """Pieces of HTML, one after the other."""
    return Html("\n".join(parts))


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="cocoonsim">
<link rel="icon" href="data:,">
<title>$title</title>
<style>$style</style>
</head>
<body>
$body
<script>$plotly</script>
<script>$boot</script>
</body>
</html>
"""


def page(title: str, body: Html, script: str = "page.js", styles: Sequence[str] = ("page.css",)) -> str:
    """The whole page, plotly.js inside (about 5 MB). `script` and `styles` are files of this package."""
    from plotly.offline import get_plotlyjs

    plotly, boot, style = get_plotlyjs(), _own(script), "".join(_own(name) for name in styles)
    scripts = " ".join(f"'sha256-{_digest(script)}'" for script in (plotly, boot))
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    ready = {"plotly": Html(plotly), "boot": Html(boot), "style": Html(style), "policy": Html(policy)}
    return fill(_PAGE, title=title, body=body, **ready)


def _own(name: str) -> str:
    return files("cocoonsim").joinpath(name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


_FIGURE = """<figure class="$size" id="figure-$name" aria-labelledby="title-$name">
<h3 id="title-$name">$title</h3>
<div class="picture" role="img" aria-label="$title. $caption" data-figure="data-$name" style="min-height:${height}px">
<noscript>This picture needs JavaScript; the sentence below says what it shows.</noscript></div>
<figcaption>$caption</figcaption>
<script type="application/json" id="data-$name">$data</script>
</figure>"""


def gallery(known: Mapping[str, FigureFile], results: Any) -> Html:
    """Every figure that has something to show, with its caption; after them, why others are left out."""
    shown: list[dict[str, Any]] = []
    sizes: list[str] = []
    missing: list[Html] = []
    for name, file in known.items():
        try:
            drawn, caption = file.draw(results), file.caption(results)
        except NothingToShow as reason:
            missing.append(fill("<li><b>$title</b>: $why</li>", title=file.TITLE, why=reason.message))
            continue
        sizes.append("wide" if getattr(file, "WIDE", False) else "half")
        height = drawn.layout.height or 400
        shown.append({"name": name, "title": file.TITLE, "caption": caption, "height": height, "data": _data(drawn)})
    if sizes.count("half") % 2:  # the last of an odd number would leave half a row empty
        last = len(sizes) - 1 - sizes[::-1].index("half")
        sizes[last] = "wide"
    blocks = [fill(_FIGURE, size=size, **values) for size, values in zip(sizes, shown, strict=True)]
    parts = [fill('<div class="gallery">$shown</div>', shown=joined(blocks))]
    if missing:
        parts.append(fill('<div class="missing"><p>Not drawn:</p><ul>$all</ul></div>', all=joined(missing)))
    return joined(parts)


def _data(drawn: go.Figure) -> Html:
    """A figure as JSON that cannot end its own script element."""
    text = drawn.to_json()
    assert text is not None
    return as_data(text)


def as_data(text: str) -> Html:
    """JSON that can stand in a script element without ending it."""
    return Html(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    numbers: Sequence[int] = (),
    labels: bool = True,
) -> Html:
    """A table with a caption and headers; `numbers` are the columns set flush right, the first column heads its row.

    On a phone each row becomes a block, in which a cell carries the name of its column where `labels` is true.
    """

    def cell(at: int, value: object, tag: str, scope: str = "") -> Html:
        css = Html(' class="number"') if at in numbers else Html("")
        label = fill(' data-label="$name"', name=head[at]) if tag == "td" and labels else Html("")
        return fill(
            "<$tag$scope$css$label>$value</$tag>", tag=tag, scope=Html(scope), css=css, label=label, value=value
        )

    top = joined(cell(at, name, "th", ' scope="col"') for at, name in enumerate(head))
    body = joined(
        fill(
            "<tr>$cells</tr>",
            cells=joined(
                cell(at, value, "th", ' scope="row"') if at == 0 else cell(at, value, "td")
                for at, value in enumerate(row)
            ),
        )
        for row in rows
    )
    # a region that scrolls must be reachable with the keyboard
    return fill(
        '<div class="scroll" tabindex="0" role="region" aria-label="$caption"><table>'
        "<caption>$caption</caption><thead><tr>$top</tr></thead><tbody>$body</tbody></table></div>",
        caption=caption, top=top, body=body,
    )  # fmt: skip


def section(title: str, *parts: Html, css: str = "") -> Html:
    """A section with a heading."""
    return fill('<section class="$css"><h2>$title</h2>$parts</section>', title=title, parts=joined(parts), css=css)


def paragraphs(*texts: str) -> Html:
    """Paragraphs of plain text."""
    return joined(fill("<p>$text</p>", text=text) for text in texts if text)


def warnings(texts: Sequence[str]) -> Html:
    """A box of things to keep in mind; nothing when there are none."""
    if not texts:
        return Html("")
    items = joined(fill("<li>$text</li>", text=text) for text in texts)
    return fill(
        '<div class="warnings" role="note"><b>Keep in mind</b><ul>$items</ul></div>',
        items=items,
    )


def facts(pairs: Iterable[tuple[str, object]]) -> Html:
    """A line of small facts."""
    items = joined(fill("<li>$name <b>$value</b></li>", name=name, value=value) for name, value in pairs)
    return fill('<ul class="facts">$items</ul>', items=items)
