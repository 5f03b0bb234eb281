"""The best items of a whole catalogue without scoring all of it: the same bits as the full scan, in a fraction of the time.

For scores that are the cosine of a user's profile and an item's vector, times a number of the item's that is not negative.
Items are put into tiles that point in nearly the same direction. All items of a tile lie within an angle `a` of its
centre; so if a user's profile is at an angle `t` from the centre, none is nearer to the user than `t - a`, and none
scores more than cos(t - a) times the tile's largest (length times factor). Where that is below what the user's k-th best
item so far scores, the whole tile is skipped. A tile that could *tie* is scored, as the tie codes may let it win.

The bounds are float32, with room for their rounding (u = 2^-24, d numbers in a vector). The cosine c of profile and centre
is off by at most (d + 6) u: d u from the sum, the rest from lengths that are not quite 1. The bound
g(c) = cos(a) c + sin(a) sqrt(1 - c²), with c at most cos(a), moves by at most |cos(a) - sin(a) c / sqrt(1 - c²)| for one
of c. That is at most 1 while c >= 0. Below 0 the bound matters only where it is above 0, so where t < a + 90 degrees; tiles
are given up on (bound 1) when cos(a) < 0.2, so there sqrt(1 - c²) > 0.19 and the factor is below 6. The other roundings
(the square root, with 1 - c² off by 2u and sin(a) / sqrt(1 - c²) at most 5; products; the threshold over the length of
the profile; the score itself) are 12 u at most. Together below 6 (d + 6) u + 12 u < 8 (d + 16) u: the slack. The angle a
itself is only ever taken too large: its cosine, from float64, is lowered by 2^-20 before it becomes a float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from cocoonsim.core.arrays import NOBODY, Vectors
from cocoonsim.core.clusters import Clusters, clusters_of, nearest
from cocoonsim.core.ties import winners
from cocoonsim.core.topk import marked, pack, unpack

_EMPTY = np.iinfo(np.int64).min
_WIDEST = 512  # items in a tile
_BANDS = 4  # tiles that a cluster is cut into by the items' factors
_TEAM = 128  # users, next to each other in the order of their tastes, that look for a first threshold together
_FIRST_LOOK = 256  # items they look at for it
_CACHED = 128  # tiles whose bounds are worked out at once: what fits the processor's cache
_NEARLY_ALL = 0.75  # share of the users who need a tile from which on it is scored for all
_MERGE_AT = 2.0  # finds for each user before they are sorted in


@dataclass(frozen=True)
class Prunable:
    """What makes a policy's score fit for pruning: it is `view.affinity(profile, vectors)`, times `factor` if there is one.

    `profile` (n_users, d), the users of the view; `factor` float32 (n_items,), none below 0.
    """

    profile: np.ndarray
    vectors: Vectors
    factor: np.ndarray | None = None


class Tiles:
    """The items that exist, put in order so that those of a tile are alike, and what bounds the scores of each tile."""

    def __init__(self, vectors: Vectors, factor: np.ndarray | None, live: np.ndarray) -> None:
        """`live`: int32 (m,) ids, at least one."""
        clusters = clusters_of(vectors)
        labels = clusters.labels[live]
        rows = vectors.rows[live].astype(np.float64)
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        cosines = self._cosines(rows, lengths, clusters, labels)
        mine = None if factor is None else factor[live]
        order, starts = _arranged(labels, cosines, mine)
        self.live = live
        self.ids = live[order]
        self.columns = np.ascontiguousarray(vectors.rows[self.ids].T)
        self.factor = None if mine is None else mine[order]
        self.given = mine
        self.starts = np.append(starts, len(live))
        self.sizes = np.diff(self.starts)
        centres = np.concatenate([clusters.centres, np.zeros((1, rows.shape[1]), np.float32)])
        self.clusters = clusters
        self.centres = centres[labels[order][starts]]
        cosine = np.minimum.reduceat(cosines[order], starts) - 2.0**-20
        self.cosine = np.where(cosine < 0.2, -1.0, cosine).astype(np.float32)[:, None]
        self.sine = np.sqrt(1.0 - self.cosine.astype(np.float64) ** 2).astype(np.float32)
        reach = lengths if mine is None else lengths * mine
        self.reach = np.maximum.reduceat(reach[order], starts).astype(np.float32)[:, None]
        self.slack = np.float32(8 * (rows.shape[1] + 16) * 2.0**-24)

    @staticmethod
    def _cosines(rows: np.ndarray, lengths: np.ndarray, clusters: Clusters, labels: np.ndarray) -> np.ndarray:
        """float64 (m,): of the angle between each item and its centre; 1 for a vector of zeros."""
        centres = np.concatenate([clusters.centres.astype(np.float64), np.zeros((1, rows.shape[1]))])
        long = np.sqrt((centres * centres).sum(axis=1))[labels] * lengths
        products = np.einsum("ij,ij->i", rows, centres[labels])
        return np.where(long > 0, products / np.where(long > 0, long, 1.0), 1.0)

    @classmethod
    def of(cls, given: Prunable, live: np.ndarray) -> Tiles | None:
        """The tiles for a policy's scores; None when these are not what pruning can bound.

        The last tiles of some vectors are kept with them: while the catalogue stands still, they are those of the next step.
        """
        known = _KNOWN.get(given.vectors)
        if known is not None and known._are_of(given.factor, live):
            return known
        numbers = [given.vectors.rows] if given.factor is None else [given.vectors.rows, given.factor]
        sound = all(np.isfinite(values).all() for values in numbers)
        if not live.size or not sound or (given.factor is not None and (given.factor < 0).any()):
            return None
        made = _KNOWN[given.vectors] = cls(given.vectors, given.factor, live)
        return made

    def _are_of(self, factor: np.ndarray | None, live: np.ndarray) -> bool:
        mine, now = (np.empty(0) if some is None else some for some in (self.given, factor))
        return np.array_equal(self.live, live) and np.array_equal(mine, now[live] if now.size else now)

    def places(self, units: np.ndarray, salts: np.ndarray) -> np.ndarray:
        """int64 (n,): numbers that put users with similar profiles next to each other, those without one at the end."""
        numbers = nearest(units, self.clusters.centres).astype(np.int64)
        cold = ~units.any(axis=1)
        numbers[cold] = salts[cold].astype(np.int64) + 2**32
        return numbers

    def bounds(self, units: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """float32 (n_tiles, n): no item of the tile scores more for the user than this times the user's length."""
        out = np.empty((len(self.centres), len(units)), np.float32)
        directions = np.ascontiguousarray((units / lengths[:, None]).T)
        for low in range(0, len(out), _CACHED):
            part = slice(low, low + _CACHED)
            near = np.matmul(self.centres[part], directions, out=out[part])
            np.minimum(near, self.cosine[part], out=near)
            far = near * near
            np.subtract(np.float32(1), far, out=far)
            np.maximum(far, np.float32(0), out=far)
            np.sqrt(far, out=far)
            far *= self.sine[part]
            near *= self.cosine[part]
            near += far
            near += self.slack
            np.maximum(near, np.float32(0), out=near)
            near *= self.reach[part]
        return out

    def scores(self, units: np.ndarray, tile: int) -> np.ndarray:
        """float32 (n, w): the exact scores of a tile's items."""
        part = slice(self.starts[tile], self.starts[tile + 1])
        scores = units @ self.columns[:, part]
        if self.factor is not None:
            scores *= self.factor[part]
        return scores


_KNOWN: WeakKeyDictionary[Vectors, Tiles] = WeakKeyDictionary()


def _arranged(labels: np.ndarray, cosines: np.ndarray, factor: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """An order of the items in which tiles are slices, and where each begins: a cluster, or a part of one.

    A cluster is cut by factor (large ones apart from small ones) and where it is too large, from the inside out.
    """
    count = int(labels.max()) + 1
    if factor is None or (factor == factor[0]).all():
        group = labels.astype(np.int64)
    else:
        order = np.lexsort((-factor, labels))
        sizes = np.bincount(labels, minlength=count)
        place = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        group = np.empty(len(labels), np.int64)
        group[order] = labels[order].astype(np.int64) * _BANDS + place * _BANDS // sizes[labels[order]]
        count *= _BANDS
    order = np.lexsort((-cosines, group))
    group = group[order]
    sizes = np.bincount(group, minlength=count)
    place = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    pieces = -(-sizes // _WIDEST)
    piece = place * pieces[group] // np.maximum(sizes[group], 1)
    begins = np.ones(len(labels), bool)
    begins[1:] = (group[1:] != group[:-1]) | (piece[1:] != piece[:-1])
    return order, np.flatnonzero(begins)


def best(tiles: Tiles, units: np.ndarray, salts: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores float32 (n, k) and ids int32 (n, k) of each user's best items, as `TopK` over the whole catalogue gives them.

    `units` float32 (n, d): the users' profiles on the grid (`unit_rows`); `salts` uint32 (n,): their words for ties.
    Quickest for users with similar profiles.
    """
    scores = np.full((len(units), k), -np.inf, np.float32)
    items = np.full((len(units), k), NOBODY, np.int32)
    warm = units.any(axis=1)
    if warm.any():
        scores[warm], items[warm] = _Search(tiles, units[warm], salts[warm], k).run()
    if not warm.all():
        cold = np.flatnonzero(~warm)
        items[cold] = winners(tiles.live, salts[cold], k)
        scores[cold] = np.where(items[cold] >= 0, np.float32(0), -np.inf)
    return scores, items


class _Search:
    """The k best of some users, tile by tile. `floor` (n,): what an item must score at least, as far as is known."""

    def __init__(self, tiles: Tiles, units: np.ndarray, salts: np.ndarray, k: int) -> None:
        self.tiles, self.units, self.salts, self.k = tiles, units, salts, k
        self.lengths = np.sqrt(np.einsum("ij,ij->i", units, units, dtype=np.float64)).astype(np.float32)
        self.everybody = np.arange(len(units))
        self.best = np.full((len(units), k), _EMPTY, np.int64)  # ascending in each row
        self.floor = np.full(len(units), -np.inf, np.float32)
        self.bar = self.floor  # the floor over the user's length: what a bound must reach
        self.found: list[tuple[np.ndarray, np.ndarray]] = []
        self.waiting = 0

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        tiles = self.tiles
        bounds = tiles.bounds(self.units, self.lengths)
        self._first_look(bounds)
        order = np.argsort(-bounds.mean(axis=1), kind="stable")
        wanted = np.count_nonzero(bounds >= self.bar, axis=1)
        for tile in order[wanted[order] > 0]:
            rows = np.flatnonzero(bounds[tile] >= self.bar)
            if rows.size:
                self._scan(tile, rows)
        self._settle()
        keys = self.best[:, ::-1]
        scores, items = unpack(keys, self.salts[:, None])
        empty = keys == _EMPTY
        return np.where(empty, np.float32(-np.inf), scores), np.where(empty, np.int32(NOBODY), items)

    def _first_look(self, bounds: np.ndarray) -> None:
        """A first floor: the k-th best score among the items most promising to a user and those next to them."""
        for low in range(0, len(self.units), _TEAM):
            team = slice(low, low + _TEAM)
            promise = bounds[:, team].mean(axis=1)
            order = np.argsort(-promise)
            enough = np.searchsorted(np.cumsum(self.tiles.sizes[order]), max(_FIRST_LOOK, 4 * self.k)) + 1
            looked = np.concatenate([self.tiles.scores(self.units[team], tile) for tile in order[:enough]], axis=1)
            self.floor[team] = _reached_by(looked, self.k)
        self.bar = self.floor / self.lengths

    def _scan(self, tile: int, rows: np.ndarray) -> None:
        """Score a tile for some of the users and note what may be among their best."""
        if rows.size > _NEARLY_ALL * len(self.units):  # quicker than to pick them out
            rows, units = self.everybody, self.units
        else:
            units = self.units[rows]
        scores = self.tiles.scores(units, tile)
        hopeful = scores >= self.floor[rows, None]
        count = int(np.count_nonzero(hopeful))
        if not count:
            return
        ids = self.tiles.ids[self.tiles.starts[tile] : self.tiles.starts[tile + 1]].astype(np.uint32)
        crowded = count > self.k * rows.size
        places = self._thinned(hopeful, scores, ids, rows) if crowded else marked(hopeful.reshape(-1), count)
        row, column = np.divmod(places, scores.shape[1])
        row = rows[row]
        keys = pack(scores.ravel()[places], ids[column], self.salts[row])
        self.found.append((row, keys))
        self.waiting += keys.size
        if self.waiting > _MERGE_AT * len(self.units):
            self._settle()

    def _thinned(self, hopeful: np.ndarray, scores: np.ndarray, ids: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The places that are left when the tie codes decide early, where many tie."""
        crowded = np.flatnonzero(np.count_nonzero(hopeful, axis=1) > 4 * self.k)
        if crowded.size:
            keys = pack(scores[crowded], ids, self.salts[rows[crowded], None])
            keys[~hopeful[crowded]] = _EMPTY
            # turned round, as a partition from the top is many times slower when most values are equal
            hopeful[crowded] &= keys >= ~np.partition(~keys, self.k - 1, axis=1)[:, self.k - 1, None]
        return np.flatnonzero(hopeful)

    def _settle(self) -> None:
        """Sort what was found into the best and raise the floor."""
        if not self.found:
            return
        rows, keys = (np.concatenate(part) for part in zip(*self.found, strict=True))
        self.found, self.waiting = [], 0
        better = keys >= self.best[rows, 0]
        rows, keys = rows[better], keys[better]
        if not rows.size:
            return
        order = np.argsort(rows.astype(np.uint16) if len(self.units) <= 2**16 else rows, kind="stable")
        rows, keys = rows[order], keys[order]
        counts = np.bincount(rows, minlength=len(self.units))
        touched = np.flatnonzero(counts)
        counts = counts[touched]
        place = np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts)
        both = np.full((touched.size, self.k + int(counts.max())), _EMPTY, np.int64)
        both[:, : self.k] = self.best[touched]
        both[np.repeat(np.arange(touched.size), counts), self.k + place] = keys
        both.sort(axis=1)
        self.best[touched] = both[:, -self.k :]
        full = touched[self.best[touched, 0] != _EMPTY]
        worst = unpack(self.best[full, 0], self.salts[full])[0]
        self.floor[full] = np.maximum(self.floor[full], worst)
        self.bar = self.floor / self.lengths


def _reached_by(values: np.ndarray, k: int) -> np.ndarray | np.float32:
    """(n,): a number that at least k in each row of `values` (n, w) reach; minus infinity when a row has fewer than k."""
    size = values.shape[1] // (4 * k)
    if values.shape[1] < k:
        return np.float32(-np.inf)
    if size >= 2:
        values = values[:, : size * 4 * k].reshape(len(values), size, 4 * k).max(axis=1)
    return -np.partition(-values, k - 1, axis=1)[:, k - 1]
