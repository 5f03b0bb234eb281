"""Who the users are: their interests, opinions and groups at the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.component import Component
from cocoonsim.core.distributions import check_spec, draw_column
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.core.setting import setting
from cocoonsim.core.world import USER_COLUMNS, Columns, people

_RANGES = dict.fromkeys(("activity", "stubbornness", "literacy", "heeds", "translates"), (0.0, 1.0))
_RANGES["tolerance"] = _RANGES["group"] = (0.0, np.inf)
_DRAWN = ("group", "interests", "opinion", "innate_opinion", *(set(USER_COLUMNS) - {"group", "opinion"}))


class Population(Component):
    """A way to make the users of a world. Subclasses write `build`; the engine calls `people`.

    Any column can be drawn from a distribution of its own (see `cocoonsim.core.distributions`), in YAML:
    `columns: {opinion: {distribution: normal, sd: 0.3}, tolerance: 0.4}`.
    """

    columns: dict[str, Any] = setting(
        {},
        help="Columns of your own: a number, {distribution: name, ...}, {by_group: [...]}, {mixture: [...]}, {each: [...]}",
    )

    def build(self, n_topics: int, chance: Chance) -> Columns:
        """The users, as `cocoonsim.core.world.people(interests, ...)`: columns with a row for each user.

        `interests` is (n_users, n_topics), non-negative with rows that sum to 1. Draw from
        `chance.generator("population")` (whole columns) or `chance.always` (by user).
        """
        raise NotImplementedError(f"{type(self).__name__} does not build")

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with `columns`."""
        found = []
        for name, spec in self.columns.items():
            try:
                if name not in _DRAWN:
                    raise UserError(f"users have no column {name!r}; {did_you_mean(name, _DRAWN)}")
                check_spec(spec)
            except UserError as error:
                found.append((f"columns.{name}", error.message))
        return found

    def people(self, n_topics: int, chance: Chance) -> Columns:
        """The users with the columns that are drawn by a distribution; each has a generator of its own."""
        users = self.build(n_topics, chance)
        if not self.columns:
            return users
        changed: dict[str, np.ndarray] = {name: users[name] for name in users}
        for name in sorted(self.columns, key=lambda name: name != "group"):  # groups first: others may ask for them
            spec, group = self.columns[name], np.asarray(changed["group"])
            wide = {"interests": n_topics, "opinion": 1, "innate_opinion": changed["opinion"].shape[1]}.get(name, 1)
            if name == "opinion" and isinstance(spec, Mapping):
                wide = int(spec.get("dims", users.opinion.shape[1]))
            try:
                drawn = draw_column(spec, users.size, wide, chance.generator("population", name), group)
                _check_range(name, drawn)
            except UserError as error:
                raise UserError(error.message, where=f"population.columns.{name}") from None
            changed[name] = drawn if name in ("interests", "opinion", "innate_opinion") else drawn[:, 0]
            if name == "opinion" and "innate_opinion" not in self.columns:
                changed["innate_opinion"] = drawn.copy()
        interests = changed.pop("interests")
        return people(interests, **changed)


def _check_range(name: str, drawn: np.ndarray) -> None:
    low, high = _RANGES.get(name, (-np.inf, np.inf))
    least, most = float(drawn.min(initial=low)), float(drawn.max(initial=low))
    if least < low or most > high:
        allowed = f"between {low:g} and {high:g}" if high < np.inf else f"{low:g} or more"
        raise UserError(f"values from {least:.3g} to {most:.3g} were drawn, but {name} must be {allowed}")
    if name == "interests" and (least < 0 or not np.allclose(drawn.sum(axis=1), 1.0, atol=1e-4)):
        raise UserError("interests must not be below 0 and sum to 1; use distribution: dirichlet")


BASE = Population
