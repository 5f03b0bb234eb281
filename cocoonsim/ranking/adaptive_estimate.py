"""The platform holds an idea of each user's interests and corrects it a little with every answer.

The estimate is a share for each topic. When a shown item is clicked, its topics' shares grow by dt x gain_positive x (1 -
share); when it is passed over they change by dt x gain_negative x (1 - share), which is usually below 0. Noise of the size
noise x sqrt(dt) is added in every step: the platform (or the user) looks around. Then shares below 0 become 0, shares above 1
become 1, and each row is scaled to sum to 1. The score of an item is the sum of the shares of its topics.

How: the start is drawn from a symmetric Dirichlet distribution with `concentration`, apart from the true interests. Only
`learn` moves the estimate, with what happened since it last did, as far as the platform's memory reaches. A feed of `softmax`
makes the chance of a topic proportional to exp(inverse_temperature x share).

Also known as: adaptive information dynamics, human-AI adaptive dynamics, online preference estimation.
Why it matters here: estimate and feed confirm each other; whether that ends in a cocoon depends on two gains and on noise.
Source: Li, Piao et al. (2023), Human-AI adaptive dynamics drives the emergence of information cocoons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cocoonsim.core.alike import one_topic_each
from cocoonsim.core.arrays import shares_on_grid
from cocoonsim.core.chance import Chance, Dice, mixtures
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, item_shares
from cocoonsim.ranking import Ranking

_CELLS = 262_144  # numbers about topics worked on at once: bounds the memory, changes no number


@dataclass(frozen=True)
class Estimate:
    """`shares` float64 (n_users, n_topics), rows sum to 1, and how much each user had been shown when they were made."""

    shares: np.ndarray
    shown: np.ndarray


class AdaptiveEstimate(Ranking):
    personalised = True
    by_topic = True
    random = True

    gain_positive: float = setting(1.0, help="How far a click raises the shares of its topics, per unit of time")
    gain_negative: float = setting(-0.1, help="How far passing over changes the shares of its topics, per unit of time")
    noise: float = setting(0.01, low=0.0, help="Self-exploration: size of the random changes per root of time")
    dt: float = setting(0.01, above=0.0, unit="time", help="How long a step is")
    concentration: float = setting(0.75, above=0.0, help="Breadth of the first estimate: small = sure of one topic")

    def learn_on(self, platform: PlatformView, dice: Dice, before: Any) -> Estimate:
        history, n = platform.history, platform.n_users
        if before is None:
            first = Chance(dice.seed).generator("ranking", "adaptive_estimate")
            shares = mixtures(first, self.concentration, platform.items.topics.shape[1], n).astype(np.float64)
            if not history.shown.any():
                return Estimate(shares, history.shown.copy())
            before = Estimate(shares, np.zeros_like(history.shown))
        drift = self._answers(platform, history.shown - before.shown) * (1.0 - before.shares)
        luck = dice.normal("adaptive estimate", np.arange(n), drift.shape[1])
        moved = before.shares + self.dt * drift + self.noise * np.sqrt(self.dt) * luck
        moved = np.clip(moved, 0.0, 1.0)
        total = moved.sum(axis=1, keepdims=True)
        return Estimate(
            np.where(total > 0, moved / np.maximum(total, 1e-300), 1.0 / moved.shape[1]), history.shown.copy()
        )

    def _answers(self, platform: PlatformView, fresh: np.ndarray) -> np.ndarray:
        """float64 (n_users, n_topics): gains of the last `fresh` (n_users,) items shown to each user, summed by topic."""
        history, topics = platform.history, platform.items.topics
        back = np.arange(1, min(int(fresh.max(initial=0)), history.memory) + 1)
        main = one_topic_each(platform.items)
        total = np.zeros((len(fresh), topics.shape[1]))
        rows = max(1, _CELLS // max(1, back.size * topics.shape[1]))
        for low in range(0, len(fresh), rows):
            part = np.arange(low, min(low + rows, len(fresh)))[:, None]
            where = (history.shown[part] - back) % history.memory
            item, clicked = history.recent[part, where], history.recent_clicked[part, where]
            counts = (fresh[part] >= back) & (item >= 0)
            gain = np.where(counts, np.where(clicked, self.gain_positive, self.gain_negative), 0.0)
            some = np.maximum(item, 0)
            if main is None:
                total[part[:, 0]] = (gain[:, :, None] * topics[some]).sum(axis=1)  # added newest first
            else:  # in the same order, without all the topics an item is not about
                its = main[some]
                gain *= topics[some, its]
                at = (part - low) * topics.shape[1] + its
                gained = np.bincount(at.reshape(-1), gain.reshape(-1), part.size * topics.shape[1])
                total[part[:, 0]] = gained.reshape(part.size, -1)
        return total

    def score(self, view: View) -> np.ndarray:
        shares = view.shared("adaptive_estimate", lambda: shares_on_grid(view.model.shares[view.users]))
        return view.products(shares, item_shares(view.platform.items))
