"""Time flows: everybody is online all the time, and a step is a short piece of it.

People change at the rate that their rule of influence states, for `dt` units of time. `euler` follows the rate at the
beginning of the step; `rk4` looks at four rates on the way (fourth-order Runge-Kutta), with the same feeds, contacts and
dice, so that the error falls with the fourth power of `dt` as long as contacts do not change within a step.

Also known as: ordinary differential equations, continuous-time dynamics.
Why it matters here: models from physics are written in this form, and their constants only mean something with it.
Source: Baumann, Lorenz-Spreen, Sokolov & Starnini (2020), Modeling echo chambers and polarization dynamics in social
networks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Continuous(Activity):
    dt: float = setting(0.05, above=0.0, unit="time", help="How long a step is, in the influence's unit of time")
    integrator: str = setting("rk4", choices=("euler", "rk4"), help="How the rate of change is followed through a step")

    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        yield np.arange(world.n_users)
