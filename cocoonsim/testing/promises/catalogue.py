"""What a way to make items promises."""

from __future__ import annotations

import numpy as np

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance
from cocoonsim.core.world import ITEM_COLUMNS, Columns, content
from cocoonsim.testing.broken import calls, require
from cocoonsim.testing.seeds import check_seeded

SEEDS = (1, 2, 3)


def promise_topics_are_shares(catalogue: Catalogue) -> None:
    """Topics are float32, none below 0, and an item's sum to 1."""
    for items in _tables(catalogue):
        topics = items.topics
        require(topics.ndim == 2 and topics.shape[1] > 0, catalogue, f"topics have shape {topics.shape}")
        require(topics.dtype == np.float32, catalogue, f"topics are {topics.dtype}, not float32")
        require(np.isfinite(topics).all(), catalogue, "topics hold NaN or infinities")
        require(topics.min(initial=0) >= 0, catalogue, f"a topic's share is {topics.min()}, below 0")
        sums = topics.sum(axis=1)
        require(
            np.abs(sums - 1).max(initial=0) < 1e-4, catalogue, f"topics sum to {sums.min()} ... {sums.max()}, not 1"
        )


def promise_columns_are_complete(catalogue: Catalogue) -> None:
    """Every column of the model is there, of its type and finite, and further items have the same columns."""
    typical, first = content(np.ones((1, 1))), _build(catalogue)
    for items in _tables(catalogue):
        missing = {"topics", *ITEM_COLUMNS} - set(items)
        require(not missing, catalogue, f"lacks the columns {sorted(missing)}; make them with content()")
        require(set(items) == set(first), catalogue, "further items have other columns than the first ones")
        for name, column in items.items():
            if name in typical:
                right = typical[name].dtype
                require(column.dtype == right, catalogue, f"{name} is {column.dtype}, not {right}")
                require(column.ndim == typical[name].ndim, catalogue, f"{name} has shape {column.shape}")
            alike = column.shape[1:] == first[name].shape[1:]
            require(
                alike, catalogue, f"{name} of further items has rows of {column.shape[1:]}, not {first[name].shape[1:]}"
            )
            require(column.dtype.kind != "f" or np.isfinite(column).all(), catalogue, f"{name} holds NaN or infinities")


def promise_values_are_in_range(catalogue: Catalogue) -> None:
    """Stances lie between -1 and 1, quality and arousal between 0 and 1, groups are not below 0, lives last at least a step."""
    for items in _tables(catalogue):
        for name, low, high in (
            ("stance", -1, 1), ("quality", 0, 1), ("arousal", 0, 1), ("group", 0, np.inf), ("author", -1, np.inf),
            ("lifespan", 1, np.inf),
        ):  # fmt: skip
            lowest, highest = items[name].min(initial=low), items[name].max(initial=low)
            inside = lowest >= low and highest <= high
            require(inside, catalogue, f"{name} lies between {lowest} and {highest}, not {low} and {high}")


def promise_makes_as_many_as_asked(catalogue: Catalogue) -> None:
    """`make(n)` gives n further items, where the catalogue is endless."""
    if not catalogue.endless:
        return
    for n in (0, 1, 17):
        made = calls(catalogue, f"of {n}", catalogue.make, n, Chance(1).generator("more"))
        require(made.size == n, catalogue, f"make({n}) gives {made.size} items")


def promise_topics_have_names(catalogue: Catalogue) -> None:
    """There is a name for each topic, and no two are the same."""
    n_topics = _build(catalogue).topics.shape[1]
    names = catalogue.topic_names(n_topics)
    require(len(names) == n_topics, catalogue, f"{len(names)} names for {n_topics} topics")
    require(len(set(names)) == len(names), catalogue, "two topics have the same name")


def promise_seeded(catalogue: Catalogue) -> None:
    """The same chance gives the same items; other chance others, if the catalogue draws from it at all."""
    check_seeded(catalogue, catalogue.build, "items")


# ---------------------------------------------------------------------------------------------------- what is tried
def _build(catalogue: Catalogue, seed: int = 1) -> Columns:
    items: Columns = calls(catalogue, f"with seed {seed}", catalogue.build, Chance(seed))
    return items


def _tables(catalogue: Catalogue) -> list[Columns]:
    """The first items, and further ones where the catalogue is endless."""
    tables = [_build(catalogue, seed) for seed in SEEDS]
    if catalogue.endless:
        tables += [calls(catalogue, f"of {n}", catalogue.make, n, Chance(n).generator("more")) for n in (1, 9)]
    return tables
