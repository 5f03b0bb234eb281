"""Users in blocks, items in tiles, blocks on threads: any choice of them gives the same bits.

A block is a pure function of last step's state, the seed and the step. So blocks may run in any order and at the same
time; their results are put together in the order of the users.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Self, TypeVar

import numpy as np

S = TypeVar("S")
T = TypeVar("T")
_LANES = 16  # numbers that a processor works on at once
_MOST_KEPT = 31 * 2**20  # bytes; of more than 32 MiB the C library learns nothing
_FEW = 4096  # users who are done before a second thread has begun to help


@dataclass(frozen=True)
class Blocks:
    """How the work is cut: users at a time, items at a time, threads (0 = all cores).

    >>> Blocks(users=2, threads=1).map(lambda part: part.stop - part.start, 5)
    [2, 2, 1]
    """

    users: int = 4096
    items: int = 4096
    threads: int = 0
    _pool: list[ThreadPoolExecutor] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.users < 1 or self.items < 1 or self.threads < 0:
            raise ValueError(f"blocks need at least one user and one item, and threads of 0 or more; got {self}")

    @property
    def workers(self) -> int:
        """How many threads there are."""
        return self.threads or os.cpu_count() or 1

    def wider(self) -> Self:
        """The same with twice as many users at a time, for feeds, clicks and influence: threads do best with long calls."""
        return replace(self, users=2 * self.users)

    def map(self, work: Callable[[slice], T], n: int) -> list[T]:
        """Run `work` on slices that cover range(n); the results come in order.

        Of the loop's own work only: it may be shared out over machines, which all have to call it.
        """
        return self.run(work, list(self.shares(n)))

    def run(self, work: Callable[[slice], T], parts: Sequence[slice]) -> list[T]:
        """Run `work` on each of these slices, in this process, on the threads; the results come in order.

        The calling thread is one of them: if it only waited, it would have to be woken again and again, in the others' way.
        Of several errors, the one of the first slice is raised.
        """
        threads = min(self.workers, len(parts))
        if threads <= 1:
            return [work(part) for part in parts]
        if not self._pool:
            self._pool.append(ThreadPoolExecutor(self.workers - 1, "block"))
        todo = deque(range(len(parts)))
        done: dict[int, T] = {}
        failed: dict[int, BaseException] = {}

        def take_turns() -> None:
            while todo:
                try:
                    number = todo.popleft()
                except IndexError:  # another has taken the last
                    return
                try:
                    done[number] = work(parts[number])
                except BaseException as error:
                    failed[number] = error
                    todo.clear()

        others = [self._pool[0].submit(take_turns) for _ in range(threads - 1)]
        take_turns()
        wait([other for other in others if not other.cancel()])  # who has not begun by now need not
        if failed:
            raise failed[min(failed)]
        return [done[number] for number in range(len(parts))]

    def each(self, work: Callable[[S], T], things: Sequence[S]) -> list[T]:
        """Run `work` on each of some things, in this process, on the threads; the results come in order."""
        return self.run(lambda at: work(things[at.start]), [slice(n, n + 1) for n in range(len(things))])

    def rows(self, work: Callable[[slice], np.ndarray], n: int) -> np.ndarray:
        """Run `work` on slices that cover range(n) and put the rows it returns together."""
        return self.columns(lambda part: {"rows": work(part)}, n)["rows"]

    def columns(self, work: Callable[[slice], dict[str, np.ndarray]], n: int) -> dict[str, np.ndarray]:
        """Run `work` on slices that cover range(n) and put the rows of each column it returns together.

        Each slice's rows are put in their place at once: there is no time at which everything is there twice.
        """
        parts = list(self.shares(n))
        if len(parts) <= 1:
            return work(slice(0, n))
        whole: dict[str, np.ndarray] = {}
        making = Lock()

        def place(part: slice) -> None:
            for name, rows in work(part).items():
                with making:
                    if name not in whole:
                        whole[name] = np.empty((n, *rows.shape[1:]), rows.dtype)
                if rows.dtype != whole[name].dtype:
                    raise TypeError(f"{name}: some rows are {rows.dtype}, others {whole[name].dtype}")
                whole[name][part] = rows

        self.run(place, parts)
        return whole

    def parts(self, n: int) -> Iterator[slice]:
        """Slices of at most `users` that cover range(n)."""
        for low in range(0, n, self.users):
            yield slice(low, min(low + self.users, n))

    def shares(self, n: int) -> Iterator[slice]:
        """Parts of range(n) for the threads of this machine: what is left after the last full round is shared evenly.

        So few that they are one block, and are not worth a second thread, are one part.
        """
        left = n % (self.users * self.workers)
        even = left if n <= min(self.users, _FEW) else -(-left // self.workers)
        yield from self.parts(n - left)
        for low in range(n - left, n, max(even, 1)):
            yield slice(low, min(low + even, n))

    def tile_size(self, n: int) -> int:
        """How many of n items make a tile: at most `items`, and about the same number in each tile."""
        even = -(-n // max(1, -(-n // self.items)))
        return max(1, min(-(-even // _LANES) * _LANES, self.items))

    def tiles(self, n: int) -> Iterator[slice]:
        """Slices of at most `items` that cover range(n)."""
        size = self.tile_size(n)
        for low in range(0, n, size):
            yield slice(low, min(low + size, n))

    def close(self) -> None:
        """End the threads."""
        while self._pool:
            self._pool.pop().shutdown()


def keep_freed_memory() -> None:
    """Let what a block frees be at hand for the next, instead of going back to the system and coming again page by page.

    The C library of Linux (glibc) keeps as much as was freed at once before, up to 32 MiB of one array: so one that nobody
    writes to is made and freed. Elsewhere this does nothing. See `M_MMAP_THRESHOLD` in mallopt(3).
    """
    np.empty(_MOST_KEPT, np.uint8)


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep the linear algebra library to one thread: ours do the work, and its sums keep one order."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        yield
