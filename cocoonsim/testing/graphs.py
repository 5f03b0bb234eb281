"""What any follow graph must be, however it was made."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.component import Component
from cocoonsim.core.follows import Follows
from cocoonsim.testing.broken import require


def check_graph(component: Component, follows: Follows, n_users: int, where: str) -> None:
    """Raise BrokenPromise unless this is a proper follow graph of `n_users`: in range, no self-follow, no double."""
    require(follows.n_users == n_users, component, f"the graph has {follows.n_users} nodes for {n_users} users {where}")
    starts_fit = follows.starts[0] == 0 and follows.starts[-1] == follows.n_arcs and (follows.degree >= 0).all()
    require(starts_fit, component, f"`starts` does not fit `targets` {where}")
    source, target = follows.sources().astype(np.int64), follows.targets.astype(np.int64)
    inside = (target >= 0) & (target < n_users)
    require(inside.all(), component, f"{(~inside).sum()} follows lead to nobody {where}")
    require((source != target).all(), component, f"{(source == target).sum()} users follow themselves {where}")
    doubles = follows.n_arcs - np.unique(source * n_users + target).size
    require(doubles == 0, component, f"{doubles} follows are there twice {where}")
