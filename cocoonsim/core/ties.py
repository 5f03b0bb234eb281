"""Who wins when everything ties: the k items with the largest tie codes, without working out all codes of all users.

A code is the item's id, mixed with a word of the user's and scrambled (see `pack`). Ids are small numbers: only the low
bits of the user's word change which scrambled number belongs to which id, the high bits decide what the numbers are. So
users whose words agree in the high bits share one list of the largest codes, and each reads it with ids of their own.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.topk import scramble

_SPARE = 24  # places of the list beyond those needed on average
_PIECE = 2**15  # numbers scrambled at once: what fits the processor's cache
_SPARSE = 64  # ids for each one that exists from which on a list would be mostly of ids that do not


def winners(live: np.ndarray, salts: np.ndarray, k: int) -> np.ndarray:
    """int32 (n, k): of the ids `live` (m,), the k with the largest tie codes of each user, largest first, padded with -1.

    `salts` uint32 (n,): a word for each user. Quickest for many users at once, in the order of their words.
    """
    out = np.full((len(salts), k), NOBODY, np.int32)
    if not live.size or not len(salts):
        return out
    bits = int(live.max()).bit_length()
    if live.size * _SPARSE < 1 << bits:
        for row, salt in enumerate(salts):
            largest = np.argsort(scramble(live.astype(np.uint32) ^ salt))[::-1][:k]
            out[row, : largest.size] = live[largest]
        return out
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
    share = (k + 4 * k**0.5 + _SPARE) / np.count_nonzero(exists)  # of the numbers that should do
    while rows.size:
        top = _largest(high, exists.size, share)
        ids = top ^ low[:, None]
        found = exists[ids]
        place = np.cumsum(found, axis=1, dtype=np.int32)
        enough = np.count_nonzero(found, axis=1) >= k
        chosen = found & (place <= k) & enough[:, None]
        out[rows[enough], :k] = ids[chosen].reshape(-1, k)
        rows, low, share = rows[~enough], low[~enough], share * 4


def _largest(high: int, size: int, share: float) -> np.ndarray:
    """uint32: the numbers below `size` with the largest codes, largest first: those of about this share of them."""
    least = np.uint32(max(0, int(2**32 * (1 - share))))  # codes are spread evenly over all numbers
    numbers, codes = [], []
    for start in range(0, size, _PIECE):
        some = scramble(np.arange(high + start, high + min(start + _PIECE, size), dtype=np.uint32))
        large = np.flatnonzero(some >= least)
        numbers.append(start + large)
        codes.append(some[large])
    order = np.argsort(np.concatenate(codes))[::-1]
    return np.concatenate(numbers)[order].astype(np.uint32)
