"""Scores of items by who made them."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.view import View


def by_author(view: View, table: np.ndarray) -> np.ndarray:
    """float32 (n, w): the entries of `table` (n, n_users) at the candidates' authors; 0 where there is no author."""
    author = gather(view.platform.items.author, view.items, empty=-1)
    known = np.maximum(author, 0)
    values = table[:, known] if author.ndim == 1 else np.take_along_axis(table, known, axis=1)
    return np.where(author >= 0, values, np.float32(0))
