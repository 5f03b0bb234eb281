"""`why`: play a scenario up to a step and tell why people were shown what they were shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.assemble import assemble
from cocoonsim.core.errors import UserError
from cocoonsim.explanations import explain
from cocoonsim.simulate import play

if TYPE_CHECKING:
    import polars as pl

    from cocoonsim.scenario import Scenario


def why(scenario: Scenario, step: int, users: Sequence[int] | None = None, seed: int | None = None) -> pl.DataFrame:
    """Every part of the score of every item that `users` (default: all) were shown in a step.

    The run is played again up to that step: the same scenario and seed make the same feeds. Columns: `user`, `place` (1 is
    the first), `item`, `clicked`, `part`, `adds`, and `score`, the sum of the parts in their order, rounded to float32.
    Raises UserError for a step or user that there is not, and for schedules in which people come one after another.

    >>> from cocoonsim import Scenario, why
    >>> tiny = Scenario.from_dict({"steps": 3, "population": {"kind": "uniform", "users": 20}, "ranking": "newest"})
    >>> why(tiny, step=2, users=[4])["part"].unique().to_list()
    ['score']
    """
    import polars as pl

    if not 0 <= step < scenario.steps:
        raise UserError(f"there is no step {step}: steps go from 0 to {scenario.steps - 1}", "step")
    parts = assemble(scenario)
    for moment in play(scenario, seed):
        if moment.step == step or moment.stopped:
            break
    if moment.step != step:
        raise UserError(f"the run ended before step {step}, after step {moment.step} ({moment.stopped})", "step")
    strangers = [user for user in users or [] if not 0 <= user < moment.world.n_users]
    if strangers:
        raise UserError(f"there is no user {strangers[0]}: users go from 0 to {moment.world.n_users - 1}", "user")
    told = explain(parts, moment, None if users is None else np.array(users))
    clicks = moment.clicks[np.isin(moment.users, told.users)]
    rows: list[tuple[Any, ...]] = []
    for row, place in zip(*np.nonzero(told.items >= 0), strict=True):
        start = (int(told.users[row]), int(place) + 1, int(told.items[row, place]), bool(clicks[row, place]))
        for name, value in told.of(int(row), int(place)) or [("score", 0.0)]:
            rows.append((*start, name, value, float(told.scores[row, place])))
    columns = {
        "user": pl.Int64, "place": pl.Int64, "item": pl.Int64, "clicked": pl.Boolean, "part": pl.String,
        "adds": pl.Float64, "score": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")
