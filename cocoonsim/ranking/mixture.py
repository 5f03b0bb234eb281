"""Add up several rankings, each with a weight.

The score is the weighted sum of the scores of the `parts`. Scores come on very different scales: with `rescale: squash` each is
first turned into s / (1 + |s|), between -1 and 1, which keeps its order; with `rescale: none` they are taken as they are. What
any part rules out (-inf) is ruled out.

Also known as: weighted hybrid recommender, linear blend, multi-objective ranking.
Why it matters here: real feeds are blends; this is where a weight for diversity, or for outrage, is turned up and down.
Source: Burke (2002), Hybrid recommender systems: survey and experiments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView
from cocoonsim.ranking import Ranking


class Mixture(Ranking):
    parts: tuple[Component, ...] = setting(
        ("content", "popularity"), part="ranking", help="The rankings that are mixed"
    )
    weights: tuple[float, ...] = setting((), help="A weight for each part; empty: all count the same, with 1")
    rescale: str = setting("squash", choices=("squash", "none"), help="Whether scores are brought to one scale first")

    def problems(self) -> list[tuple[str, str]]:
        found = []
        if not self.parts:
            found.append(("parts", "a mixture needs at least one ranking"))
        if self.weights and len(self.weights) != len(self.parts):
            found.append(("weights", f"{len(self.weights)} weights for {len(self.parts)} parts"))
        return found

    def _any(self, trait: str) -> bool:
        return any(getattr(part, trait) for part in self.parts)

    @property
    def personalised(self) -> bool:  # type: ignore[override]
        """Whether any part is."""
        return self._any("personalised")

    @property
    def social(self) -> bool:  # type: ignore[override]
        """Whether any part is."""
        return self._any("social")

    @property
    def random(self) -> bool:  # type: ignore[override]
        """Whether any part is."""
        return self._any("random")

    @property
    def sees_minds(self) -> bool:  # type: ignore[override]
        """Whether any part does."""
        return self._any("sees_minds")

    @property
    def carries(self) -> bool:
        """Whether any part does."""
        return self._any("carries")

    def learn_on(self, platform: PlatformView, dice: Dice, before: Any) -> list[Any]:
        known = before or [None] * len(self.parts)
        return [part.learn_on(platform, dice, model) for part, model in zip(self._rankings(), known, strict=True)]

    def score(self, view: View) -> np.ndarray:
        total = np.zeros(view.shape, np.float64)
        for _, values in self._weighted(view):
            total += values
        return total.astype(np.float32)

    def explain(self, view: View) -> dict[str, np.ndarray]:
        return dict(self._weighted(view))

    def _weighted(self, view: View) -> Iterator[tuple[str, np.ndarray]]:
        """(name, float64 (n, w)): what each part adds to the score."""
        for number, part in enumerate(self._rankings()):
            own = self._view_of(view, number)
            own.items, own.lists = view.items, view.lists
            scores = np.broadcast_to(np.asarray(part.score(own), np.float64), view.shape)
            if self.rescale == "squash":
                finite = np.where(np.isneginf(scores), 0.0, scores)
                scores = np.where(np.isneginf(scores), -np.inf, finite / (1.0 + np.abs(finite)))
            weight = self.weights[number] if self.weights else 1.0
            shown = np.where(np.isneginf(scores), -np.inf, weight * np.where(np.isneginf(scores), 0.0, scores))
            yield f"{number + 1}. {part.name} x {weight:g}", shown

    @staticmethod
    def _view_of(view: View, number: int) -> View:
        """The view with the model of one part, kept for all tiles."""
        found: View = view.shared(f"mixture {number}", lambda: replace(view, model=view.model[number]))
        return found

    def _rankings(self) -> tuple[Any, ...]:
        return self.parts
