"""What people did is deleted after some time.

Of each user it reaches, the platform may use what it showed them and what they clicked in the last `keep` steps; older
records are gone. With `keep: 0` nothing personal is kept at all.

How: it counts on the platform's memory of recent exposures, so the scenario's `memory` must hold the `keep` steps.

Also known as: retention period, storage limitation, right to be forgotten, sliding window.
Why it matters here: a policy that forgets can find out that tastes have moved, and yesterday's clicks cannot narrow today's
feed for ever.
Source: own; after article 5(1)(e) of the General Data Protection Regulation (EU) 2016/679.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.kept import limited
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView
from cocoonsim.interventions import Intervention


class RetentionLimit(Intervention):
    needs = frozenset({"times"})

    keep: int = setting(5, low=0, unit="steps", help="How many steps records are kept; 0 = not at all")

    def on_platform(self, platform: PlatformView, treated: np.ndarray, dice: Dice) -> PlatformView:
        history = platform.history
        recent = history.recent_step >= platform.step - self.keep
        return replace(platform, history=limited(history, treated, recent, platform.items.topics))
