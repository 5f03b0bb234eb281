"""People listen to those they follow, and never quite let go of what they thought at first.

`form: anchored`: the new opinion is (1 - stubbornness) x the weighted mean of the own and the followees' opinions, as in
`degroot`, plus stubbornness x the innate opinion. `form: graph`: it is the mean of the innate opinion, which counts 1, and of
the followees' opinions, which count what their ties weigh (1 each without weights). Nobody's feed matters.

How: the fixed points are (I - S W)^-1 (I - S) x0 with S = 1 - stubbornness, and (I + L)^-1 x0 with the graph's Laplacian L.

Also known as: Friedkin-Johnsen model, anchored averaging, social influence network theory; opinion formation game (graph form).
Why it matters here: lasting disagreement without any algorithm; polarisation and disagreement have closed forms.
Source: Friedkin & Johnsen (1990), Social influence and opinions; Bindel, Kleinberg & Oren (2011), How bad is forming your own
opinion? (graph form).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence, heavy_ties


class FriedkinJohnsen(Influence):
    drifts = True
    needs = frozenset({"network"})

    form: str = setting("anchored", choices=("anchored", "graph"), help="How innate opinions are held on to")
    own_weight: float = setting(
        0.0, low=0.0, high=1.0, help="Weight of the own opinion, where ties have no weights (anchored)"
    )

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        return heavy_ties(world) if self.form == "anchored" else []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        opinion, innate = world.users.opinion, world.users.innate_opinion[users]
        own = opinion[users]
        if self.form == "anchored":
            held = world.users.stubbornness[users].astype(np.float64)[:, None]
            swayed = own + world.follows.pull(opinion, users, self.own_weight)
            return {"opinion": swayed + held * (innate - swayed)}
        weight = world.follows.weight_of(users)[:, None]
        pulled = world.follows.pull(opinion, users) * (1.0 if world.follows.weights is not None else weight)
        # the mean of innate (1) and followees (weight), as a way from the own opinion
        return {"opinion": own + ((innate - own) + pulled) / (1.0 + weight)}
