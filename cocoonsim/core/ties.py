"""Who wins when everything ties: the k items with the largest tie codes, without working out all codes of all users.

A code is the item's id, mixed with a word of the user's and scrambled (see `pack`). Ids are small numbers: only the low
bits of the user's word change which scrambled number belongs to which id, the high bits decide what the numbers are. So
users whose words agree in the high bits share one list of the largest codes, and each reads it with ids of their own.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY, _scramble

_SPARE = 24  # places of the list beyond those needed on average


def winners(live: np.ndarray, salts: np.ndarray, k: int) -> np.ndarray:
    """int32 (n, k): of the ids `live` (m,), the k with the largest tie codes of each user, largest first, padded with -1.

    `salts` uint32 (n,): a word for each user. Quickest for many users at once, in the order of their words.
    """
    out = np.full((len(salts), k), NOBODY, np.int32)
    if not live.size or not len(salts):
        return out
    bits = int(live.max()).bit_length()
    exists = np.zeros(1 << bits, bool)
    exists[live] = True
    low = np.uint32((1 << bits) - 1)
    high = salts & ~low
    order = np.argsort(high, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(high[order])) + 1):
        _share_a_list(out, rows, int(high[rows[0]]), salts[rows] & low, exists, min(k, live.size))
    return out


def _share_a_list(out: np.ndarray, rows: np.ndarray, high: int, low: np.ndarray, exists: np.ndarray, k: int) -> None:
    """Fill `rows` of `out`, whose users have the same high bits and the low bits `low`."""
    codes = _scramble(np.arange(high, high + exists.size, dtype=np.uint32))
    wanted = (k + 4 * k**0.5 + _SPARE) * exists.size / np.count_nonzero(exists)
    while rows.size:
        # codes are spread evenly over all numbers, so about `wanted` are above this
        top = np.flatnonzero(codes >= np.uint32(max(0, int(2**32 * (1 - wanted / exists.size)))))
        top = top[np.argsort(codes[top])[::-1]].astype(np.uint32)
        ids = top ^ low[:, None]
        place = np.cumsum(exists[ids], axis=1, dtype=np.int32)
        enough = place[:, -1] >= k if top.size else np.zeros(rows.size, bool)
        chosen = exists[ids] & (place <= k) & enough[:, None]
        out[rows[enough], :k] = ids[chosen].reshape(-1, k)
        rows, low, wanted = rows[~enough], low[~enough], wanted * 4
