"""The model told agent by agent: one Mesa agent per user, plain Python, a loop for everything.

This is how most agent-based models are written, and it serves twice. It is the yardstick for speed, as it gives the same
numbers. And it is a second opinion on those numbers: it knows nothing of cocoonsim but its rules, has its own random
numbers, and shares no line of code with it (the test is in `tests/test_agent_oracle.py`).

The rules: candidates are everything, a pool per cohort, or a sample per user; the ranking goes by similarity to past
clicks; the feed holds the best, or the best that differ (maximal marginal relevance); a click is a logit choice; people
come to like what they click. Single precision, where the rules ask for it, is NumPy's scalar `float32`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import mesa  # type: ignore[import-untyped]
from numpy import float32, log

# ---------------------------------------------------------------------------------------------------- random numbers
# A word of 64 bits for each event: SplitMix64 over (seed, step, stream), then the unit, then the slot.
MASK = 2**64 - 1
GOLD = 0x9E3779B97F4A7C15


def mix(word: int) -> int:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014)."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


def event(seed: int, step: int, stream: str) -> int:
    """What the draws of one step and purpose have in common."""
    word = 0
    for part in (seed, step, int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little")):
        word = mix((word + (part + 1) * GOLD) & MASK)
    return word


def bits(key: int, unit: int, slot: int) -> int:
    """64 random bits for a unit (a user, a cohort) and a slot, counted from 1."""
    return mix((mix((unit * GOLD + key) & MASK) + slot * GOLD) & MASK)


def gumbel(word: int) -> float32:
    """A standard Gumbel number from the upper 23 bits."""
    uniform = (float32(word >> 41) + float32(0.5)) * float32(2.0**-23)
    return -log(-log(uniform))


def scrambled(number: int) -> int:
    """A 32-bit number with its bits thoroughly mixed: the order of items that tie."""
    number ^= number >> 16
    number = (number * 0x7FEB352D) & 0xFFFFFFFF
    number ^= number >> 15
    number = (number * 0x846CA68B) & 0xFFFFFFFF
    return number ^ (number >> 16)


# ---------------------------------------------------------------------------------------------------- vectors
def on_grid(vector: Iterable[float | float32]) -> list[float]:
    """The vector at length 1, every part cut towards 0 to a multiple of 1/4096: products of such vectors are exact."""
    parts = [float(part) for part in vector]
    length = math.sqrt(math.fsum(part * part for part in parts)) or 1.0
    return [int(float32(part / length) * float32(4096)) / 4096 for part in parts]


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The dot product of two vectors on the grid: exact in any precision and order."""
    return sum(a * b for a, b in zip(one, other, strict=True))


# ---------------------------------------------------------------------------------------------------- the model
@dataclass(frozen=True)
class Rules:
    """The settings of the model, named as in a scenario."""

    candidates: str = "everything"
    """`everything`, `cohort_pool` or `sampled`."""
    size: int = 500
    cohort: int = 256
    feed: str = "top"
    """`top` or `maximal_marginal`."""
    shortlist: int = 50
    balance: float = 0.7
    slate: int = 10
    sensitivity: float = 5.0
    outside: float = 2.0
    attention_decay: float = 0.8
    arousal_pull: float = 0.0
    rate: float = 0.05


class Platform(mesa.Model):  # type: ignore[misc]
    """The users and the catalogue. `interests` and `topics` are rows of shares, `quality` and `arousal` a number per item."""

    def __init__(
        self, interests: Sequence[Sequence[float]], topics: Sequence[Sequence[float]], quality: Sequence[float],
        arousal: Sequence[float], rules: Rules, seed: int,
    ) -> None:  # fmt: skip
        super().__init__(rng=seed)
        self.rules, self.key_seed, self.day = rules, seed, -1
        self.topics = [[float32(share) for share in row] for row in topics]
        self.vectors = [on_grid(row) for row in topics]
        self.quality = [float32(value) for value in quality]
        self.arousal = [float32(value) for value in arousal]
        self.everything = range(len(topics))
        self.item_shown, self.item_clicks = [0] * len(topics), [0] * len(topics)
        places = range(1, rules.slate + 1)
        self.attention = [float32(rules.attention_decay) * log(float32(place)) for place in places]
        for number, row in enumerate(interests):
            User(self, number, row)

    def step(self) -> None:
        """Everyone looks at today's feed; then everyone changes and the platform learns."""
        self.day += 1
        self.keys = {stream: event(self.key_seed, self.day, stream) for stream in STREAMS}
        self.pools: dict[int, list[int]] = {}
        self.agents.do("look")
        self.agents.do("change")

    def pool(self, cohort: int) -> list[int]:
        """The items that a cohort may be shown today."""
        if cohort not in self.pools:
            self.pools[cohort] = distinct(self.keys["cohort_pool"], cohort, self.rules.size, len(self.everything))
        return self.pools[cohort]


STREAMS = ("cohort_pool", "sampled", "tie", "choice")


def distinct(key: int, unit: int, size: int, n: int) -> list[int]:
    """The first `size` different numbers below `n` that a unit draws; of most numbers, those that are left out."""
    if size >= n:
        return list(range(n))
    wanted = size if 2 * size <= n else n - size
    found: dict[int, None] = {}
    slot = 0
    while len(found) < wanted:
        slot += 1
        found[((bits(key, unit, slot) >> 32) * n) >> 32] = None
    return list(found) if wanted == size else [number for number in range(n) if number not in found]


class User(mesa.Agent):  # type: ignore[misc]
    """One person: interests, what the platform knows of them, and today's feed."""

    def __init__(self, model: Platform, number: int, interests: Sequence[float]) -> None:
        super().__init__(model)
        self.number = number
        self.interests = [float32(share) for share in interests]
        self.clicked_topics = [float32(0)] * len(self.interests)
        self.shown, self.clicks = 0, 0
        self.feed: list[int] = []
        self.clicked: list[bool] = []

    # ---- what they are shown
    def look(self) -> None:
        """Candidates, ranking, feed, click."""
        self.feed = self.filled(self.ranked(self.offered()))
        self.clicked = self.choice()

    def offered(self) -> Iterable[int]:
        """The items that may be shown."""
        model, rules = self.model, self.model.rules
        if rules.candidates == "everything":
            return model.everything
        if rules.candidates == "cohort_pool":
            return model.pool(self.number // rules.cohort)
        return distinct(model.keys["sampled"], self.number, rules.size, len(model.everything))

    def ranked(self, candidates: Iterable[int]) -> list[tuple[float, int, int]]:
        """(score, tie code, item) of the best candidates, best first."""
        model, rules = self.model, self.model.rules
        profile = on_grid(self.clicked_topics)
        salt = bits(model.keys["tie"], self.number, 1) >> 32
        vectors = model.vectors
        scored = [(dot(profile, vectors[item]), item) for item in candidates]
        depth = rules.slate if rules.feed == "top" else max(rules.slate, rules.shortlist)
        worst = heapq.nlargest(depth, (score for score, _ in scored))[-1]
        hopeful = ((score, scrambled(item ^ salt), item) for score, item in scored if score >= worst)
        return heapq.nlargest(depth, hopeful)

    def filled(self, best: list[tuple[float, int, int]]) -> list[int]:
        """The feed, best place first."""
        rules = self.model.rules
        if rules.feed == "top":
            return [item for _, _, item in best]
        scores = [float32(score) for score, _, _ in best]
        low, spread = scores[-1], scores[0] - scores[-1]
        stretched = [(score - low) / spread if spread > 0 else float32(1) for score in scores]
        worth = [float32(rules.balance) * value for value in stretched]
        vectors = [self.model.vectors[item] for _, _, item in best]
        likeness = [float32(0)] * len(best)
        left, feed = list(range(len(best))), list[int]()
        while left and len(feed) < rules.slate:
            chosen = max(left, key=lambda place: worth[place] - float32(1 - rules.balance) * likeness[place])
            left.remove(chosen)
            feed.append(best[chosen][2])
            for place in left:
                likeness[place] = max(likeness[place], float32(dot(vectors[place], vectors[chosen])))
        return feed

    # ---- what they do
    def choice(self) -> list[bool]:
        """Which places are clicked: the one of greatest appeal plus luck, unless doing something else appeals more."""
        model, rules = self.model, self.model.rules
        me, key = on_grid(self.interests), model.keys["choice"]
        best, place_of_best = float32(-math.inf), 0
        for place, item in enumerate(self.feed):
            utility = float32(dot(me, model.vectors[item])) * model.quality[item]
            appeal = float32(rules.sensitivity) * utility
            appeal += float32(rules.arousal_pull) * model.arousal[item]
            appeal -= model.attention[place]
            appeal += gumbel(bits(key, self.number, place + 1))
            if appeal > best:
                best, place_of_best = appeal, place
        clicks = best > float32(rules.outside) + gumbel(bits(key, self.number, rules.slate + 1))
        return [bool(clicks) and place == place_of_best for place in range(len(self.feed))]

    def change(self) -> None:
        """Interests move a little to what was clicked; the platform notes what was shown and clicked."""
        model = self.model
        for item, clicked in zip(self.feed, self.clicked, strict=True):
            self.shown += 1
            model.item_shown[item] += 1
            if clicked:
                self.clicks += 1
                model.item_clicks[item] += 1
                topics = model.topics[item]
                self.clicked_topics = [a + b for a, b in zip(self.clicked_topics, topics, strict=True)]
                self.interests = moved(self.interests, topics, model.rules.rate)

    # ---- what is measured
    def gini_simpson(self) -> float:
        """One minus the mean overlap of all pairs of items in the feed."""
        rows = [[float(share) for share in self.model.topics[item]] for item in self.feed]
        n = len(rows)
        overlaps = [dot(rows[a], rows[b]) for a in range(n) for b in range(a)]
        return 1.0 - sum(overlaps) / (n * (n - 1) / 2)

    def engagement(self) -> float:
        """Clicks per item shown."""
        return sum(self.clicked) / len(self.feed)


def moved(interests: Sequence[float32], topics: Sequence[float32], rate: float) -> list[float32]:
    """Shares that went part of the way to other shares, and sum to 1."""
    wide = [float(mine) + rate * (float(theirs) - float(mine)) for mine, theirs in zip(interests, topics, strict=True)]
    wide = [max(share, 0.0) for share in wide]
    total = math.fsum(wide)
    return [float32(share / total) for share in wide]
