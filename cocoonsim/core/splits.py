"""How much a labelled graph is split along its labels."""

from __future__ import annotations

import numpy as np


def split_along(one: np.ndarray, other: np.ndarray, n_labels: int) -> dict[str, float]:
    """How much undirected edges are split along the labels of their ends, `one` and `other` int64 (n_edges,).

    `cross_share` of the edges join different labels; `modularity` is the share of edges within labels minus what the
    degrees alone would give; `assortativity` is that, divided by the most it could be (left out where that is nothing).
    Source: Newman (2003), Mixing patterns in networks; Newman & Girvan (2004), Finding and evaluating community structure.
    """
    within = float((one == other).mean())
    ends = (np.bincount(one, minlength=n_labels) + np.bincount(other, minlength=n_labels)) / (2 * len(one))
    by_chance = float((ends**2).sum())
    facts = {"cross_share": 1.0 - within, "modularity": within - by_chance}
    if by_chance < 1.0:
        facts["assortativity"] = (within - by_chance) / (1.0 - by_chance)
    return facts
