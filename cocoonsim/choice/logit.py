"""Click at most one item: the one with the greatest appeal plus luck, unless doing something else appeals more.

The appeal of an item is `sensitivity` times its true utility (affinity times quality) plus `arousal_pull` times its
arousal, minus `attention_decay` times the log of its rank. Luck is a Gumbel number, so the chance of a click is
proportional to exp(appeal) = rank^-attention_decay exp(...), and not clicking is one more option with the appeal `outside`.

Also known as: multinomial logit, softmax choice, Luce choice with an outside option, random utility model.
Source: McFadden (1974), Conditional logit analysis of qualitative choice behavior; rank^-a attention as in Chaney, Stewart
& Engelhardt (2018).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Logit(Choice):
    sensitivity: float = setting(5.0, low=0.0, help="How much true utility counts against luck; 0 = pure luck")
    outside: float = setting(2.0, help="Appeal of not clicking, on the scale of sensitivity times utility")
    attention_decay: float = setting(0.8, low=0.0, help="How fast attention falls with the place in the feed: rank^-a")
    arousal_pull: float = setting(0.0, low=0.0, help="How much inflammatory content is clicked for its own sake")

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        slate = feed.shape[1]
        appeal = np.float32(self.sensitivity) * world.utility(users, feed)
        if self.arousal_pull:
            appeal += np.float32(self.arousal_pull) * gather(world.items.arousal, feed)
        appeal -= np.float32(self.attention_decay) * _log_of_ranks(slate)
        luck = dice.gumbel("choice", users, slate + 1)  # one number per place, and one for the outside option
        appeal += luck[:, :slate]
        appeal[feed < 0] = -np.inf
        best = appeal.argmax(axis=1)
        row = np.arange(len(users))
        clicks = np.zeros(feed.shape, bool)
        clicks[row, best] = appeal[row, best] > np.float32(self.outside) + luck[:, slate]
        return clicks


@lru_cache(maxsize=64)
def _log_of_ranks(slate: int) -> np.ndarray:
    """float32 (slate,): log 1, log 2, ...; not to be written to."""
    logs: np.ndarray = np.log(np.arange(1, slate + 1, dtype=np.float32))
    logs.setflags(write=False)
    return logs
