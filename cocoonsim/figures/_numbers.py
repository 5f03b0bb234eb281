"""Reading the long table of metrics: one metric over time, its null models, its end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from cocoonsim.figures._look import number

MOST_STEPS = 400
"""A picture is no wider than this many points: of a longer run, evenly spaced steps are drawn."""
STAGE_WORDS = {
    "chance": "in the pool",
    "network": "from the people they follow",
    "shown": "shown",
    "clicked": "clicked",
    "people": "among people",
}
"""The stages of the funnel as they are called in figures."""
_NULL_WORDS = {
    "uniform": "a random draw from the pool",
    "popular": "a draw by popularity",
    "own-history": "a draw from people’s own past clicks",
    "opinions-shuffled": "the same ties with opinions shuffled",
    "ties-rewired": "the same people with their ties dealt out at random",
    "chronological": "the same content, newest first",
    "majority": "always guessing the commonest",
    "configuration": "the same number of ties dealt out at random",
    "groups-shuffled": "the same people with groups shuffled",
    "newest": "the same content, newest first",
}


@dataclass(frozen=True)
class Series:
    """One metric at one stage over time; lists of equal length, NaN where undefined.

    `value`, `null`, `excess` are means over seeds; `low` and `high` the range over seeds; `q25` and `q75` the middle half
    of the users (means over seeds; empty where the metric is not one of users).
    """

    metric: str
    stage: str
    null_name: str
    step: list[int]
    value: list[float]
    null: list[float]
    excess: list[float]
    low: list[float]
    high: list[float]
    q25: list[float]
    q75: list[float]
    seeds: int

    @property
    def defined(self) -> bool:
        """Any value at all is defined."""
        return any(math.isfinite(value) for value in self.value)

    @property
    def last(self) -> float:
        """The value of the last step; NaN where that is undefined."""
        return self.value[-1] if self.value else math.nan

    @property
    def last_null(self) -> float:
        """What the null expects in the last step; NaN where that is undefined."""
        return self.null[-1] if self.null else math.nan

    def course(self, unit: str = "") -> str:
        """From where to where it went, in words.

        >>> blank = [math.nan] * 3
        >>> Series("m", "shown", "", [0, 1, 2], [math.nan, 2.0, 4.0], blank, blank, blank, blank, [], [], 1).course("bits")
        'went from 2 (in step 1, the first where it is defined) to 4 bits'
        """
        unit = f" {unit}" if unit else ""
        at = [place for place, value in enumerate(self.value) if math.isfinite(value)]
        if not at:
            return "is undefined"
        first, last = (number(self.value[place]) for place in (at[0], at[-1]))
        if len(self.value) == 1:
            return f"is {last}{unit}"
        if first == last and len(at) == len(self.value):
            return f"is {last}{unit} in the first and in the last step"
        note_1 = f" (in step {self.step[at[0]]}, the first where it is defined)" if at[0] else ""
        note_2 = (
            "" if at[-1] == len(self.value) - 1 else f" (in step {self.step[at[-1]]}, the last where it is defined)"
        )
        return f"went from {first}{note_1} to {last}{unit}{note_2}"


def main_rows(metrics: pl.DataFrame) -> pl.DataFrame:
    """The means over all users and the numbers of the whole population."""
    return metrics.filter(pl.col("group") == "all", pl.col("stat").is_in(["mean", "value"]))


def stages_of(metrics: pl.DataFrame, metric: str) -> list[str]:
    """The stages at which a metric has a defined number, in the order of the funnel."""
    rows = main_rows(metrics).filter(pl.col("metric") == metric, pl.col("value").is_finite())
    present = set(rows["stage"].unique())
    return [stage for stage in STAGE_WORDS if stage in present] + sorted(present - set(STAGE_WORDS))


def nulls_of(metrics: pl.DataFrame, metric: str, stage: str) -> list[str]:
    """The names of the null models a metric is held against there, in the order of the table."""
    rows = main_rows(metrics).filter(
        pl.col("metric") == metric, pl.col("stage") == stage, pl.col("null_value").is_finite()
    )
    return rows["null_name"].unique(maintain_order=True).to_list()


def null_words(name: str) -> str:
    """A null model in words.

    >>> null_words("uniform-pool"), null_words("permuted ties")
    ('a random draw from the pool', 'permuted ties')
    """
    return next((words for start, words in _NULL_WORDS.items() if name.startswith(start)), name or "chance")


def series(metrics: pl.DataFrame, metric: str, stage: str, null_name: str | None = None) -> Series:
    """A metric over time at a stage. Without `null_name`, the first null model with numbers, if any."""
    if null_name is None:
        nulls = nulls_of(metrics, metric, stage)
        null_name = nulls[0] if nulls else None
    here = metrics.filter(pl.col("metric") == metric, pl.col("stage") == stage, pl.col("group") == "all")
    if null_name is None:
        null_name = here["null_name"][0] if here.height else ""
    here = here.filter(pl.col("null_name") == null_name).with_columns(
        pl.col("value", "null_value", "excess").fill_nan(None)
    )
    value = pl.col("value")
    main = main_rows(here).group_by("step").agg(
        value.mean().alias("mean"), value.min().alias("low"), value.max().alias("high"),
        pl.col("null_value").mean(), pl.col("excess").mean(),
    )  # fmt: skip
    for stat in ("q25", "q75"):
        part = here.filter(pl.col("stat") == stat).group_by("step").agg(value.mean().alias(stat))
        main = main.join(part, on="step", how="left")
    main = thinned(main.sort("step"))

    def column(name: str) -> list[float]:
        return main[name].cast(pl.Float64).fill_null(math.nan).to_list()

    # quartiles that only ever take two values (clicks per feed: none or one) jump to and fro and show nothing
    levels = pl.concat([main["q25"], main["q75"]]).drop_nulls().n_unique()
    spread = levels > 2 or (levels > 0 and main.height <= 2)
    return Series(
        metric, stage, null_name, main["step"].to_list(),
        value=column("mean"), null=column("null_value"), excess=column("excess"), low=column("low"),
        high=column("high"), q25=column("q25") if spread else [], q75=column("q75") if spread else [],
        seeds=here["seed"].n_unique(),
    )  # fmt: skip


def thinned(frame: pl.DataFrame, most: int = MOST_STEPS) -> pl.DataFrame:
    """At most `most` of the rows, evenly spaced, the first and last among them."""
    if frame.height <= most:
        return frame
    return frame[[round(at * (frame.height - 1) / (most - 1)) for at in range(most)]]


def one_seed(frame: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """The rows of the first seed, and words that say so where there are more (an average would blur a picture)."""
    seeds = frame["seed"].unique(maintain_order=True).to_list()
    if len(seeds) < 2:
        return frame, ""
    return frame.filter(pl.col("seed") == seeds[0]), f" (Drawn: seed {seeds[0]}, one of {len(seeds)}.)"
