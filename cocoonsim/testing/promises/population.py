"""What a way to make users promises."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.world import USER_COLUMNS, Columns, people
from cocoonsim.population import Population
from cocoonsim.testing.broken import calls, require
from cocoonsim.testing.seeds import check_seeded

SEEDS = (1, 2, 3)
TOPICS = 8


def promise_interests_are_shares(population: Population) -> None:
    """Interests are float32, a row for each user and a column for each topic, none below 0, rows sum to 1."""
    for n_topics in topics_for(population):
        interests = _build(population, 1, n_topics).interests
        require(interests.ndim == 2, population, f"interests have shape {interests.shape}")
        require(interests.shape[1] == n_topics, population, f"{interests.shape[1]} interests for {n_topics} topics")
        require(interests.dtype == np.float32, population, f"interests are {interests.dtype}, not float32")
        require(np.isfinite(interests).all(), population, "interests hold NaN or infinities")
        require(interests.min() >= 0, population, f"an interest is {interests.min()}, below 0")
        sums = interests.sum(axis=1)
        require(np.abs(sums - 1).max() < 1e-4, population, f"interests sum to {sums.min()} ... {sums.max()}, not 1")


def promise_columns_are_complete(population: Population) -> None:
    """Every column of the model is there, of its type and finite."""
    users = _build(population, 1)
    typical = people(np.ones((1, 1)))
    missing = {"interests", "innate_opinion", *USER_COLUMNS} - set(users)
    require(not missing, population, f"lacks the columns {sorted(missing)}; make them with people()")
    for name, column in users.items():
        require(len(column) == users.size, population, f"{name} has {len(column)} rows for {users.size} users")
        if name in typical:
            require(
                column.dtype == typical[name].dtype, population, f"{name} is {column.dtype}, not {typical[name].dtype}"
            )
            require(column.ndim == typical[name].ndim, population, f"{name} has shape {column.shape}")
        require(column.dtype.kind != "f" or np.isfinite(column).all(), population, f"{name} holds NaN or infinities")


def promise_values_are_in_range(population: Population) -> None:
    """Rates lie between 0 and 1, and opinions between -1 and 1 unless the setting `bounded` is off."""
    far = 1.0 if getattr(population, "bounded", True) else np.inf
    for seed in SEEDS:
        users = _build(population, seed)
        for name, low, high in (
            ("opinion", -far, far), ("innate_opinion", -far, far), ("activity", 0, 1), ("stubbornness", 0, 1),
            ("literacy", 0, 1), ("tolerance", 0, np.inf), ("group", 0, np.inf),
        ):  # fmt: skip
            lowest, highest = users[name].min(), users[name].max()
            inside = lowest >= low and highest <= high
            require(inside, population, f"{name} lies between {lowest} and {highest}, not {low} and {high}")


def promise_seeded(population: Population) -> None:
    """The same chance gives the same people; other chance others, if the population draws from it at all."""
    n_topics = topics_for(population)[0]

    def build(chance: Chance) -> Columns:
        return population.build(n_topics, chance)

    check_seeded(population, build, "people")


# ---------------------------------------------------------------------------------------------------- what is tried
def topics_for(population: Population) -> tuple[int, ...]:
    """The numbers of topics it is tried with: one read from data knows only its own."""
    own = getattr(population, "example_topics", None)
    return (own,) if own else (TOPICS, 2, 30)


def _build(population: Population, seed: int, n_topics: int | None = None) -> Columns:
    n_topics = n_topics or topics_for(population)[0]
    users: Columns = calls(population, f"for {n_topics} topics", population.build, n_topics, Chance(seed))
    return users
