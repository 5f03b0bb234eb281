"""Some people refuse to be profiled, and the platform obeys.

For those it reaches, `consent` is withdrawn: the platform may not use anything it knows about them, neither to rank their
own feeds nor as an example for others. They are served like people it has never seen. What is counted per item (how often
it was shown and clicked by all) stays.

Also known as: opt-out, withdrawal of consent, do not track, right to object.
Why it matters here: what is a feed without a profile like, and how much do those who stay depend on those who leave?
Source: own; after articles 7(3) and 21 of the General Data Protection Regulation (EU) 2016/679.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.kept import forgotten
from cocoonsim.core.world import PlatformView, World
from cocoonsim.interventions import Intervention


class OptOut(Intervention):
    lent_users = ("consent",)

    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        return world.with_users(consent=world.users.consent & ~treated)

    def on_platform(self, platform: PlatformView, treated: np.ndarray, dice: Dice) -> PlatformView:
        return replace(platform, history=forgotten(platform.history, treated))
