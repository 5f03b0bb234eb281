"""Where a platform takes people to stand, from what they did."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.history import History


def stance_of_clicks(history: History, stance: np.ndarray, users: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean stance, float64 (n, dims), of what `users` clicked lately, within memory, and how many clicks that were.

    `stance` (n_items, dims) is that of all items. Who clicked nothing stands at 0.
    """
    recent, clicked = history.recent[users], history.recent_clicked[users]
    total, count = np.zeros((len(users), stance.shape[1])), np.zeros(len(users), np.int64)
    for place in range(history.memory):  # place by place: the same order of adding for any block of users
        marked = clicked[:, place] & (recent[:, place] >= 0)
        total += np.where(marked[:, None], stance[np.maximum(recent[:, place], 0)], 0.0)
        count += marked
    return total / np.maximum(count, 1)[:, None], count


def distances(position: np.ndarray, stance: np.ndarray) -> np.ndarray:
    """float64 (n, w): Euclidean distances of positions (n, dims) to stances, (w, dims) for all or (n, w, dims).

    Added dimension by dimension, so a distance is the same bits in any block.
    """
    total = np.float64(0.0)
    for dim in range(position.shape[1]):
        gap = stance[..., dim] - position[:, None, dim]
        total = total + gap * gap
    return np.sqrt(total)
