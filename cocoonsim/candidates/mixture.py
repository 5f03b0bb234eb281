"""What several sources offer may be shown: so many items from each.

Each of the `parts` is a source of candidates with settings of its own. With `numbers`, a source that offers a user more
than its number is cut down to a random draw of that many, for each user and step; 0 takes all. What a source hides it
hides from its own offer only. An item that two sources offer is there once.

Also known as: hybrid retrieval, blended candidate sources, in-network and out-of-network candidates.
Why it matters here: real feeds begin like this (posts of followees, recommendations, news); the numbers say who gets a
chance before anything is ranked.
Source: own; the design of Twitter (2023), Twitter's recommendation algorithm (half of the candidates from followees, half
from elsewhere).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.candidates._distinct import distinct_numbers
from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class Mixture(Candidates):
    parts: tuple[Component, ...] = setting(
        ("sampled", "popular_and_fresh"), part="candidates", help="The sources that are mixed"
    )
    numbers: tuple[int, ...] = setting((), help="At most so many items from each source, 0 = all; empty: all of each")

    def problems(self) -> list[tuple[str, str]]:
        found = []
        if not self.parts:
            found.append(("parts", "a mixture needs at least one source of candidates"))
        if self.numbers and len(self.numbers) != len(self.parts):
            found.append(("numbers", f"{len(self.numbers)} numbers for {len(self.parts)} parts"))
        if any(number < 0 for number in self.numbers):
            found.append(("numbers", "a number is below 0; use 0 to take all that a source offers"))
        if len({part.cohort_size for part in self._sources()} - {0}) > 1:
            found.append(("parts", "two parts share their pools among cohorts of different sizes; give them one size"))
        return found

    @property
    def cohort_size(self) -> int:
        """That of the parts which have one."""
        return max((part.cohort_size for part in self._sources()), default=0)

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        numbers = self.numbers or (0,) * len(self.parts)
        sources = zip(self._sources(), numbers, strict=True)
        offers = [
            _some(part, number, f"mixture {at}", platform, users, dice) for at, (part, number) in enumerate(sources)
        ]
        if all(offer.ndim == 1 for offer in offers):
            offered = np.zeros(platform.n_items, bool)
            for offer in offers:
                offered[offer] = True
            return np.flatnonzero(offered).astype(np.int32)
        wide = [np.broadcast_to(offer, (len(users), offer.shape[-1])) for offer in offers]
        return _to_the_left(np.concatenate(wide, axis=1))

    def _sources(self) -> tuple[Any, ...]:
        return self.parts


def _some(
    part: Any, number: int, stream: str, platform: PlatformView, users: np.ndarray, dice: Dice
) -> np.ndarray:  # fmt: skip
    """What a source offers, without what it hides: at most `number` items for each user."""
    offer: np.ndarray = part.offer(platform, users, dice)
    hidden = part.hidden(platform, users)
    if hidden is not None:  # what is hidden is no candidate, so it does not count
        offer = np.broadcast_to(offer, (len(users), offer.shape[-1]))
        rows = np.repeat(np.arange(len(users)), offer.shape[1])
        concealed = np.asarray(hidden.tocsr()[rows, np.maximum(offer, 0).ravel()]).reshape(offer.shape) != 0
        offer = np.where(concealed, np.int32(NOBODY), offer)
    if not number or number >= offer.shape[-1]:
        return offer
    if offer.ndim == 1:
        return offer[distinct_numbers(dice, stream, users, number, offer.size)]
    luck = np.where(offer < 0, np.float32(2), dice.pairs(stream, users, np.maximum(offer, 0)))
    order = np.argsort(luck, axis=1, kind="stable")[:, :number]
    return np.take_along_axis(offer, order, axis=1)


def _to_the_left(rows: np.ndarray) -> np.ndarray:
    """int32: the rows with their empty places behind, and as wide as the fullest needs."""
    order = np.argsort(rows < 0, axis=1, kind="stable")
    width = int((rows >= 0).sum(axis=1).max(initial=0))
    return np.take_along_axis(rows, order, axis=1)[:, :width].astype(np.int32)
