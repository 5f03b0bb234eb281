"""What another platform would have shown the same people on the same day, knowing what this one knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import PlatformView
from cocoonsim.serve import serve

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.core.moment import Moment


def would_show(parts: Parts, moment: Moment, users: np.ndarray) -> np.ndarray:
    """int32 (n, slate): the feeds that `parts` would have given `users` at a moment that was just handed over.

    People, items, what the platform has learnt of them, and the draws are those of the moment; candidates, ranking, feed rule
    and measures are those of `parts`. With the parts of the run itself these are its own feeds (unless its policy carries a
    model from step to step, or people came one after another). Raises UserError where `parts` need what was not kept.

    >>> from cocoonsim import Scenario, play
    >>> from cocoonsim.assemble import assemble
    >>> tiny = Scenario.from_dict({"steps": 2, "population": {"kind": "uniform", "users": 20}})
    >>> for moment in play(tiny):
    ...     same = would_show(assemble(tiny), moment, moment.users)
    >>> bool((same == moment.feed).all())
    True
    """
    history = moment.history
    for need, kept in (("pairs", history.keeps_pairs), ("times", len(history.recent_step) > 0)):
        if need in parts.needs and not kept:
            raise UserError(f"{parts.ranking.name} needs {need} that the other platform has not kept in this run")
    platform = PlatformView.of(moment.world, history)
    for intervention in parts.interventions:
        if intervention.filters:
            platform = intervention.change_platform(platform, moment.dice)
    ranking = parts.ranking_at(moment.step)
    model = ranking.learn_on(platform, moment.dice, None)
    return serve(parts, ranking, model, moment.world, platform, users, moment.dice, Blocks(threads=1))
