"""Who follows whom: a directed graph in compressed rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Follows:
    """The follow graph. The people whom user `u` follows are `targets[starts[u]:starts[u + 1]]`.

    Also known as: CSR adjacency, out-edge lists. A followee's posts flow to the follower, against the arrow.

    >>> follows = Follows.from_arcs(3, np.array([0, 0, 2]), np.array([1, 2, 0]))
    >>> follows.of(0), follows.degree
    (array([1, 2], dtype=int32), array([2, 0, 1]))
    """

    starts: np.ndarray
    """int64 (n_users + 1,)"""
    targets: np.ndarray
    """int32 (n_arcs,)"""
    weights: np.ndarray | None = None
    """float64 (n_arcs,): how much each followee counts; None where all count the same."""

    @classmethod
    def none(cls, n_users: int) -> Follows:
        """Nobody follows anybody."""
        return cls(np.zeros(n_users + 1, np.int64), np.empty(0, np.int32))

    @classmethod
    def from_arcs(
        cls, n_users: int, sources: np.ndarray, targets: np.ndarray, weights: np.ndarray | None = None
    ) -> Follows:
        """Arcs in any order, with self-follows and doubles removed. Sorts (`np.unique` is far slower).

        The weights of doubles are added up.
        """
        keys = sources.astype(np.int64) * n_users + targets
        others = sources != targets
        total = None
        if weights is None:
            keys = np.sort(keys[others])
        else:
            order = np.argsort(keys[others], kind="stable")
            keys, total = keys[others][order], np.asarray(weights, np.float64)[others][order]
        if keys.size:
            first = np.concatenate([[True], keys[1:] != keys[:-1]])
            keys = keys[first]
            total = None if total is None else np.add.reduceat(total, np.flatnonzero(first))
        out = np.bincount(keys // n_users, minlength=n_users) if n_users else np.empty(0, np.int64)
        starts = np.concatenate([[0], np.cumsum(out)]).astype(np.int64)
        return cls(starts, (keys % max(n_users, 1)).astype(np.int32), total)

    @property
    def n_users(self) -> int:
        return len(self.starts) - 1

    @property
    def n_arcs(self) -> int:
        return len(self.targets)

    @property
    def degree(self) -> np.ndarray:
        """int64 (n_users,): how many each user follows (out-degree)."""
        return self.starts[1:] - self.starts[:-1]

    def of(self, user: int) -> np.ndarray:
        """The users whom `user` follows."""
        return self.targets[self.starts[user] : self.starts[user + 1]]

    def sources(self) -> np.ndarray:
        """int32 (n_arcs,): the follower of each arc."""
        return np.repeat(np.arange(self.n_users, dtype=np.int32), self.degree)

    def reversed(self) -> Follows:
        """The same arcs turned round: row `u` lists the followers of `u`."""
        return Follows.from_arcs(self.n_users, self.targets, self.sources())

    def arcs_of(self, users: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The arcs of some users: (position in `users`, followee), both (n_arcs_of_these,)."""
        row, arc = self._arcs(users)
        return row, self.targets[arc]

    def pull(self, values: np.ndarray, users: np.ndarray, own_weight: float = 0.0) -> np.ndarray:
        """float64 (n, dims): the sum over each user's followees of weight x (their value - own); 0 for who follows nobody.

        Without weights on the arcs, each of k followees weighs (1 - own_weight) / k. The sum runs in the order of the arcs.
        """
        row, followee = self.arcs_of(users)
        if self.weights is None:
            weight = ((1.0 - own_weight) / np.maximum(self.degree[users], 1))[row]
        else:
            weight = self.weights[self._arcs(users)[1]]
        gap = values[followee] - values[users][row]
        columns = [np.bincount(row, weight * gap[:, dim], len(users)) for dim in range(values.shape[1])]
        return np.stack(columns, axis=1)

    def keys(self, users: np.ndarray) -> np.ndarray:
        """int64, ascending where `users` ascend: position in `users` x n_users + person, of themselves and whom they follow."""
        row, followee = self.arcs_of(users)
        rows = np.concatenate([np.arange(len(users)), row])
        return np.sort(rows * np.int64(self.n_users) + np.concatenate([users, followee]))

    def exchanged(self, users: np.ndarray, old: np.ndarray, new: np.ndarray) -> Follows:
        """The graph in which each of `users`, all different, follows `new` instead of `old`; a weight stays with its place.

        >>> Follows.from_arcs(3, np.array([0, 1]), np.array([1, 2])).exchanged(np.array([0]), np.array([1]), np.array([2]))
        Follows(starts=array([0, 1, 2, 2]), targets=array([2, 2], dtype=int32), weights=None)
        """
        if len(users) == 1 and self.weights is None:
            low, high = self.starts[users[0]], self.starts[users[0] + 1]
            targets = self.targets.copy()
            row = targets[low:high]
            row[row == old[0]] = new[0]
            row.sort()
            return Follows(self.starts, targets)
        row, arc = self._arcs(users)
        followee = np.where(self.targets[arc] == old[row], new[row], self.targets[arc])
        order = np.lexsort((followee, row))
        targets = self.targets.copy()
        targets[arc] = followee[order]
        weights = self.weights
        if weights is not None:
            weights = weights.copy()
            weights[arc] = self.weights[arc][order]  # type: ignore[index]
        return Follows(self.starts, targets, weights)

    def other_side(self, user: int, left: int, after: int) -> Follows:
        """The graph in which `left` (-1: nobody) no longer follows `user`, and `after` does: what makes friends of followers.

        It is the same graph where `left` did not follow `user`: there was no friendship to end. Of a graph without weights.
        """
        if left >= 0:
            there, gone = self._place(left, user)
            if not there:
                return self
        there, at = self._place(after, user)
        starts, targets = self.starts.copy(), self.targets
        if left < 0:
            starts[after + 1 :] += not there
            return Follows(starts, targets if there else np.insert(targets, at, user))
        if there:
            starts[left + 1 :] -= 1
            return Follows(starts, np.delete(targets, gone))
        # what lies between the two places moves by one, the rest stays: thousands of friendships may change in a step
        moved = targets.copy()
        if gone < at:
            moved[gone : at - 1] = targets[gone + 1 : at]
            moved[at - 1] = user
        else:
            moved[at + 1 : gone + 1] = targets[at:gone]
            moved[at] = user
        starts[left + 1 : after + 1] -= 1  # one of the two is empty
        starts[after + 1 : left + 1] += 1
        return Follows(starts, moved)

    def _place(self, owner: int, user: int) -> tuple[bool, int]:
        """Whether `owner` follows `user`, and the number of the arc that it is or would be."""
        row = self.of(owner)
        at = int(np.searchsorted(row, user))
        return at < row.size and int(row[at]) == user, int(self.starts[owner]) + at

    def with_more(self, users: np.ndarray, new: np.ndarray) -> Follows:
        """The graph in which each of `users` also follows `new`; of a graph without weights."""
        if self.weights is not None:
            raise ValueError("ties have weights: a further tie would have none")
        sources = np.concatenate([self.sources(), users])
        return Follows.from_arcs(self.n_users, sources, np.concatenate([self.targets, new]))

    def weight_of(self, users: np.ndarray) -> np.ndarray:
        """float64 (n,): the sum of the weights of each user's ties, which are 1 each where they have none."""
        if self.weights is None:
            return self.degree[users].astype(np.float64)
        row, arc = self._arcs(users)
        return np.bincount(row, self.weights[arc], len(users))

    def _arcs(self, users: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The arcs of some users: (position in `users`, number of the arc), both (n_arcs_of_these,)."""
        low = self.starts[users]
        counts = self.starts[users + 1] - low
        if len(users) == 1:
            arc = np.arange(low[0], low[0] + counts[0])
            return np.zeros(arc.size, np.int64), arc
        row = np.repeat(np.arange(len(users)), counts)
        place = np.arange(row.size) - np.repeat(np.cumsum(counts) - counts, counts)
        return row, low[row] + place

    def mean_of_followees(self, values: np.ndarray, users: np.ndarray | None = None) -> np.ndarray:
        """float64 (n, ...): the mean of `values` over each user's followees; NaN for those who follow nobody.

        The sum runs in the order of the arcs, so it does not depend on which other users are asked for.
        """
        users = np.arange(self.n_users) if users is None else users
        row, followee = self.arcs_of(users)
        flat = np.asarray(values, np.float64).reshape(len(values), -1)
        total = np.stack([np.bincount(row, flat[followee, j], len(users)) for j in range(flat.shape[1])], axis=1)
        with np.errstate(invalid="ignore"):
            mean = total / self.degree[users][:, None]
        return mean.reshape(len(users), *np.shape(values)[1:])
