"""Click each item or not, independently of the others.

The chance of a click is `most` times the response to the item's appeal times rank^-attention_decay. The appeal is true
utility (affinity times quality) plus `arousal_pull` times arousal. The response is `logistic`: 1 / (1 + exp(-sensitivity x
(appeal - midpoint))); `linear`: the appeal itself, cut at 1; `hill`: appeal^s / (appeal^s + midpoint^s) with s the
sensitivity; or `threshold`: 1 from the midpoint on, 0 below.

Also known as: independent clicks, position-based click model, logistic response.
Source: Craswell et al. (2008), An experimental comparison of click position-bias models (attention times appeal);
rank^-a attention as in Chaney, Stewart & Engelhardt (2018).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Bernoulli(Choice):
    response: str = setting(
        "logistic",
        choices=("logistic", "linear", "hill", "threshold"),
        help="How appeal turns into a chance of a click",
    )
    sensitivity: float = setting(10.0, low=0.0, high=1000.0, help="Steepness of the response; 0 = pure luck")
    midpoint: float = setting(0.5, help="Appeal at which the response is one half, or begins")
    most: float = setting(
        0.5, low=0.0, high=1.0, help="Chance of a click on the most appealing item in the first place"
    )
    attention_decay: float = setting(0.8, low=0.0, help="How fast attention falls with the place in the feed: rank^-a")
    arousal_pull: float = setting(0.0, low=0.0, help="How much inflammatory content is clicked for its own sake")

    def problems(self) -> list[tuple[str, str]]:
        if self.response == "hill" and self.midpoint <= 0:
            return [("midpoint", f"the hill response needs a midpoint above 0, got {self.midpoint}")]
        return []

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        slate = feed.shape[1]
        appeal = world.utility(users, feed)
        appeal += np.float32(self.arousal_pull) * gather(world.items.arousal, feed)
        if self.response == "linear":
            chance = np.minimum(appeal, np.float32(1))
        elif self.response == "threshold":
            chance = (appeal >= np.float32(self.midpoint)).astype(np.float32)
        elif self.response == "hill":
            with np.errstate(divide="ignore"):
                power = np.float32(self.sensitivity) * (np.log(np.float32(self.midpoint)) - np.log(appeal))
            chance = np.float32(1) / (np.float32(1) + np.exp(np.minimum(power, np.float32(80))))
        else:
            # the exponent is cut where float32 could not tell the chance from 0: no overflow
            power = np.minimum(np.float32(self.sensitivity) * (np.float32(self.midpoint) - appeal), np.float32(80))
            chance = np.float32(1) / (np.float32(1) + np.exp(power))
        attention = np.float32(self.most) * np.arange(1, slate + 1, dtype=np.float32) ** np.float32(
            -self.attention_decay
        )
        return (dice.uniform("choice", users, slate) < chance * attention) & (feed >= 0)
