"""The k best candidates of each user, by packed key.

**The tie rule.** Items that score the same are ordered at random, by a code made of (step, user, item). Not by id: old
items have small ids and would win every cold start.

**The key.** A score and a tie code are packed into one int64 that sorts like (score, code): float32 bits made
order-preserving in the upper half, the code in the lower. The code is the item id scrambled by a word of the user's; as the
scrambling can be undone, the id comes back out of the winner's key.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from cocoonsim.core.arrays import NOBODY

_ZERO, _31, _32 = np.float32(0), np.int32(31), np.int64(32)
_MAGNITUDE = np.int32(0x7FFFFFFF)
_ODD_1, _ODD_2 = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)
_UNDO_1, _UNDO_2 = np.uint32(pow(0x7FEB352D, -1, 2**32)), np.uint32(pow(0x846CA68B, -1, 2**32))


def scramble(ids: np.ndarray) -> np.ndarray:
    """uint32 like `ids`: a one-to-one mixing of whole numbers below 2^32 (lowbias32, Wellons, hash-prospector)."""
    x = ids.astype(np.uint32, copy=False)
    shifted = x >> np.uint32(16)
    x = x ^ shifted
    x *= _ODD_1
    x ^= np.right_shift(x, np.uint32(15), out=shifted)
    x *= _ODD_2
    x ^= np.right_shift(x, np.uint32(16), out=shifted)
    return x


def unscramble(codes: np.ndarray) -> np.ndarray:
    """What was scrambled."""
    x = codes.astype(np.uint32, copy=False)
    shifted = x >> np.uint32(16)
    x = x ^ shifted
    x *= _UNDO_2
    x ^= np.right_shift(x, np.uint32(15), out=shifted)  # undone by 15 and by 30; for the latter, 15 once more
    x ^= np.right_shift(shifted, np.uint32(15), out=shifted)
    x *= _UNDO_1
    x ^= np.right_shift(x, np.uint32(16), out=shifted)
    return x


def pack(scores: np.ndarray, ids: np.ndarray, salts: np.ndarray) -> np.ndarray:
    """int64 keys that sort by score, then by the random order that `salts` (uint32, a word for each user) gives."""
    bits = (scores + _ZERO).view(np.int32)  # +0 turns -0.0 into 0.0: they are a tie
    bits ^= (bits >> _31) & _MAGNITUDE
    keys = bits.astype(np.int64)
    keys <<= _32
    keys |= scramble(ids ^ salts)
    return keys


def unpack(keys: np.ndarray, salts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The scores (float32) and ids (int32) that `pack` was given."""
    bits = (keys >> _32).astype(np.int32)
    bits ^= (bits >> _31) & _MAGNITUDE
    ids = unscramble(keys.astype(np.uint32))  # the lower half
    ids ^= salts
    return bits.view(np.float32), ids.view(np.int32)


_EMPTY = np.iinfo(np.int64).min
_LOWEST = np.finfo(np.float32).min  # whatever is below is -inf: not a candidate
_CROWD = 4  # times k: in rows with more candidates, the tie codes are looked at first
_IN_CACHE = 131_072  # codes worked on at once: half a MiB
_LONG = 12  # columns of a group from which on the maxima are taken in two goes
_LANES = 16  # maxima are taken over whole vectors of this many numbers


def marked(flat: np.ndarray, n_marked: int) -> np.ndarray:
    """int64: where a row of marks, of which `n_marked` are set, has them. Where they are few, eight are looked at at a time.

    >>> marked(np.arange(16) == 5, 1)
    array([5])
    """
    if n_marked * 16 > flat.size:
        return flat.nonzero()[0]
    whole = flat.size & ~7
    eights = flat[:whole].view(np.uint64)
    some = (eights != 0).nonzero()[0]
    within = eights[some].view(bool).nonzero()[0]
    places = (some[within >> 3] << 3) + (within & 7)
    return places if whole == flat.size else np.append(places, whole + flat[whole:].nonzero()[0])


def _places(hits: np.ndarray, n_hits: int) -> tuple[np.ndarray, np.ndarray]:
    """Where in the flattened table the marks are, and how many there are in each row, of `n_hits` in all."""
    places = marked(hits.reshape(-1), n_hits)
    ends = places.searchsorted(np.arange(0, hits.size + 1, hits.shape[1]))
    return places, ends[1:] - ends[:-1]


def _largest(values: np.ndarray, groups: int) -> np.ndarray:
    """(n, groups): the largest of every so many-th column of `values` (n, w), from each of the first so many columns on."""
    size = values.shape[1] // groups
    maxima: np.ndarray = np.maximum(values[:, :groups], values[:, groups : 2 * groups])
    for low in range(2 * groups, size * groups, groups):
        np.maximum(maxima, values[:, low : low + groups], out=maxima)
    if values.shape[1] > size * groups:
        some = maxima[:, : values.shape[1] - size * groups]
        np.maximum(some, values[:, size * groups :], out=some)
    return maxima


Hopefuls = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Scores and ids of some candidates, user by user, and how many each user has."""


class TopK:
    """The k best candidates of each user in a block, gathered tile by tile.

    A score of -inf means "not a candidate". The result does not depend on how the candidates are cut into tiles.

    >>> top = TopK(k=2, salts=np.array([1], np.uint32))
    >>> top.push(np.array([[0.1, 0.9, 0.5]], np.float32), np.array([10, 11, 12]))
    >>> scores, items = top.result()
    >>> items
    array([[11, 12]], dtype=int32)
    """

    def __init__(self, k: int, salts: np.ndarray, distinct: bool = True) -> None:
        """`salts` uint32 (n,): a word of each user. `distinct`: no row of candidates holds an item twice."""
        self.k, self.salts, self.distinct = k, salts.astype(np.uint32), distinct
        self.best = np.full((len(salts), k), _EMPTY, np.int64)  # ascending in each row
        self.empty, self.full = True, False

    def push(self, scores: np.ndarray, ids: np.ndarray, which: np.ndarray | None = None) -> None:
        """Offer a tile: scores (n, w), ids (w,) or (n, w). An id below 0 or a score of -inf is nobody.

        With `which` (n,), ids are (m, w): row `which` of them are the candidates of a user, and none is below 0.
        """
        self.take_in(*self.hopefuls(scores, ids, which))

    def hopefuls(self, scores: np.ndarray, ids: np.ndarray, which: np.ndarray | None = None) -> Hopefuls:
        """What of a tile may be among the best: few, but all that matter. See `push`."""
        if not scores.shape[1]:
            return np.empty(0, np.float32), np.empty(0, np.int32), np.zeros(len(scores), np.int64)
        if ids.ndim == 2 and which is None and (ids < 0).any():
            scores = np.where(ids < 0, np.float32(-np.inf), scores)

        def those_of(users: np.ndarray) -> np.ndarray:
            return ids if ids.ndim == 1 else ids[users if which is None else which[users]]

        least: Any = _LOWEST
        if self.full:
            least = np.maximum(unpack(self.best[:, :1], self.salts[:, None])[0], least)
        elif self.distinct:  # an item that comes twice would count twice towards the cut
            least = np.maximum(self._cut(scores), least)
        hits = scores >= least
        n_hits, found = int(np.count_nonzero(hits)), None
        if n_hits <= _CROWD * self.k * len(hits):
            found = _places(hits, n_hits)
        if self.distinct and n_hits == hits.size > _CROWD * self.k * len(hits):  # nobody has clicked yet, say
            everybody = np.arange(len(hits))
            hits = self._thinned_out(scores, ids if which is None else those_of(everybody), everybody)
        elif self.distinct:
            widths = np.count_nonzero(hits, axis=1) if found is None else found[1]
            crowded = np.flatnonzero(widths > _CROWD * self.k)
            if crowded.size:
                hits[crowded] = self._thinned_out(scores[crowded], those_of(crowded), crowded)
                found = None
        places, widths = found or _places(hits, int(np.count_nonzero(hits)))
        if ids.ndim == 1 or which is not None:
            rows = np.arange(0, hits.size, hits.shape[1])
            away = rows if which is None else rows - which * hits.shape[1]
            chosen = ids.reshape(-1)[places - np.repeat(away, widths)]
        else:
            chosen = ids.reshape(-1)[places]
        return scores.reshape(-1)[places], chosen, widths

    def take_in(self, scores: np.ndarray, ids: np.ndarray, widths: np.ndarray) -> None:
        """Sort hopefuls in: scores and ids (m,), the first `widths[0]` of the first user, and so on."""
        if not scores.size:
            return
        keys = pack(scores, ids.astype(np.uint32), np.repeat(self.salts, widths))
        kept = 0 if self.empty and int(widths.min()) >= self.k else self.k
        both = np.full((len(self.salts), kept + int(widths.max())), _EMPTY, np.int64)
        both[:, :kept] = self.best[:, :kept]
        both[:, kept:][np.arange(both.shape[1] - kept) < widths[:, None]] = keys
        both.sort(axis=1)
        if not self.distinct:
            twice = np.zeros(both.shape, bool)
            twice[:, 1:] = both[:, 1:] == both[:, :-1]
            both[twice] = _EMPTY
            both.sort(axis=1)
        self.best = np.ascontiguousarray(both[:, -self.k :])
        self.empty, self.full = False, bool((self.best[:, 0] != _EMPTY).all())

    def _thinned_out(self, scores: np.ndarray, ids: np.ndarray, users: np.ndarray) -> np.ndarray:
        """bool (n, w): some candidates of `users` (n,), the k best among them, where too many reach the cut.

        Many tie there (nobody has clicked yet, say), so the tie codes decide early.
        """
        ids, salts = ids.astype(np.uint32), self.salts[users, None]
        least = scores.min(axis=1)
        # where all candidates tie, their codes alone are looked at
        alike = (least == scores.max(axis=1)) & (least >= _LOWEST)
        kept = np.empty(scores.shape, bool)
        if alike.all():
            rows = max(1, _IN_CACHE // max(1, scores.shape[1]))
            for part in (slice(low, low + rows) for low in range(0, len(kept), rows)):
                codes = scramble((ids if ids.ndim == 1 else ids[part]) ^ salts[part])
                np.greater_equal(codes, self._cut(codes), out=kept[part])
            return kept
        if alike.any():
            for some in (alike, ~alike):
                kept[some] = self._thinned_out(scores[some], ids if ids.ndim == 1 else ids[some], users[some])
            return kept
        keys = pack(scores, ids, salts)
        keys[~(scores >= _LOWEST)] = _EMPTY
        return keys >= np.maximum(np.maximum(self._cut(keys), self.best[users, :1]), _EMPTY + 1)

    def _cut(self, values: np.ndarray) -> np.ndarray | np.generic:
        """A score or key (n, 1) that at least k of the tile's candidates reach: nobody below it can be among the k best.

        The k-th largest of the maxima of groups of columns: far quicker than the k-th largest of all.
        """
        groups = min(-(-max(3 * self.k, 64) // _LANES), values.shape[1] // 2 // _LANES) * _LANES  # of two or more
        if groups < self.k:
            return np.float32(-np.inf) if values.dtype == np.float32 else values.dtype.type(np.iinfo(values.dtype).min)
        size = values.shape[1] // groups
        if size >= _LONG:  # in two goes, which takes far fewer calls
            values = _largest(values, math.isqrt(size) * groups)
        maxima = _largest(values, groups)
        maxima.sort(axis=1)  # of so few, quicker than a partition
        return maxima[:, -self.k, None]

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        """Scores (n, k) float32 and item ids (n, k) int32, best first; empty places hold -inf and -1."""
        scores, items = unpack(self.best, self.salts[:, None])
        if not self.full:
            empty = self.best == _EMPTY
            scores[empty], items[empty] = -np.inf, NOBODY
        return np.ascontiguousarray(scores[:, ::-1]), np.ascontiguousarray(items[:, ::-1])


def best_of_one(
    scores: np.ndarray, ids: np.ndarray, salt: Callable[[], np.ndarray], k: int
) -> tuple[np.ndarray, np.ndarray]:
    """What `TopK` gives a single user of whom all candidates are at hand, none twice: scores and ids are (1, w) or (w,).

    The same bits in a fraction of the calls; `salt()` is asked for the user's word only if a tie has to be broken.
    """
    scores, ids = scores.reshape(-1), ids.reshape(-1)
    if ids.size and ids.min() < 0:
        scores, ids = scores[ids >= 0], ids[ids >= 0]
    order = (-scores).argsort()[: k + 1]
    best = scores[order]
    if len(best) and (best[-1] < _LOWEST or (best[1:] == best[:-1]).any()):
        some = (scores >= max(best[:k][-1], _LOWEST)).nonzero()[0]
        keys = pack(scores[some], ids[some].astype(np.uint32), salt())
        order = some[keys.argsort()[::-1]]
    order = order[:k]
    if len(order) == k:
        return (scores[order] + _ZERO)[None], ids[order].astype(np.int32, copy=False)[None]
    best_scores, best_ids = np.full((1, k), np.float32(-np.inf)), np.full((1, k), np.int32(NOBODY))
    best_scores[0, : len(order)] = scores[order] + _ZERO
    best_ids[0, : len(order)] = ids[order]
    return best_scores, best_ids
