"""A rule that gives one group of items its fair share of the places in every feed.

Where it applies, items of the `group` take turns with all others, so that in every place one of theirs stands with the
chance `target`: the group's share of what is on offer (`target: pool`), or a number of your own (`share`). Within each kind
the order of the scores stays. When one kind runs out the other fills the rest.

How: as the feed rule `fair_exposure`, with the start, end, reach and compliance of a measure.

Also known as: exposure parity mandate, must-carry for minorities, fairness of exposure.
Why it matters here: what engagement takes from a minority, a rule gives back; the price shows in the same run.
Source: Singh & Joachims (2018), Fairness of exposure in rankings; Biega, Gummadi & Weikum (2018), Equity of attention.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.slots import by_turns, fair_turns
from cocoonsim.core.view import View
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention


class FairExposure(Intervention):
    group: int = setting(1, low=0, help="The group of items that is to have its share")
    target: str = setting(
        "pool", choices=("pool", "share"), help="The group's share of what is live, or your own number"
    )
    part: float = setting(0.5, low=0.0, high=1.0, help="The share of places, with target: share")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        theirs = world.items.group == self.group
        if not theirs.size or theirs.any():
            return []
        there = ", ".join(str(group) for group in np.flatnonzero(np.bincount(world.items.group)))
        return [("group", f"no item is of the group {self.group}; there are: {there}")]

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        theirs = view.item("group") == self.group
        never = np.float32(-np.inf)
        name = repr(self)
        return {f"{name} 1": np.where(theirs, scores, never), f"{name} 2": np.where(theirs, never, scores)}

    def on_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        platform, name = view.platform, repr(self)
        live = platform.items.group[platform.live]
        share = self.part if self.target == "share" else float((live == self.group).mean()) if live.size else 0.0
        luck = view.dice.uniform("fair exposure", view.users)[:, 0]
        return by_turns(view.lists[f"{name} 1"][1], view.lists[f"{name} 2"][1], fair_turns(share, luck, feed.shape[1]))
