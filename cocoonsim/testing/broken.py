"""What a promise is checked with: an error that says what was promised, frozen arrays, and before-and-after pictures."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from cocoonsim.core.component import Component
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World


class BrokenPromise(AssertionError):  # noqa: N818 - said of a person, not of a mistake in the code
    """A component does not do what its stage promises; the message says what was seen and what was promised."""


def require(kept: Any, component: Component, message: str) -> None:
    """Raise BrokenPromise, in the component's name, unless `kept` is true."""
    if not kept:
        raise BrokenPromise(f"{type(component).__name__}: {message}")


def first_difference(one: np.ndarray, other: np.ndarray) -> str:
    """Where two arrays differ first, in words; NaN equals NaN.

    >>> first_difference(np.array([1, 2]), np.array([1, 3]))
    'at [1]: 2 and 3'
    """
    if one.shape != other.shape:
        return f"shapes {one.shape} and {other.shape}"
    different = ~((one == other) | ((one != one) & (other != other)))
    if not different.any():
        return "nowhere"
    place = tuple(int(part) for part in np.argwhere(different)[0])
    return f"at [{', '.join(map(str, place))}]: {one[place]} and {other[place]}"


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """The same bits (NaN equals NaN)."""
    return first_difference(np.asarray(one), np.asarray(other)) == "nowhere"


def nearly(one: np.ndarray, other: np.ndarray, tolerance: float = 1e-4) -> bool:
    """Equal but for rounding: sums may run in another order (infinities and NaN must match)."""
    if np.shape(one) != np.shape(other):
        return False
    return bool(np.allclose(one, other, rtol=tolerance, atol=tolerance, equal_nan=True))


# ---------------------------------------------------------------------------------------------------- frozen inputs
def arrays_of(*things: Any) -> Iterator[tuple[str, np.ndarray]]:
    """(name, array) for every array in worlds, histories, columns, follow graphs and plain arrays."""
    for thing in things:
        if isinstance(thing, np.ndarray):
            yield "array", thing
        elif isinstance(thing, Columns):
            yield from thing.items()
        elif isinstance(thing, Follows):
            yield "follows.starts", thing.starts
            yield "follows.targets", thing.targets
        elif isinstance(thing, World):
            yield from ((f"users.{name}", column) for name, column in thing.users.items())
            yield from ((f"items.{name}", column) for name, column in thing.items.items())
            yield from arrays_of(thing.follows)
        elif isinstance(thing, History):
            yield from (
                (f"history.{name}", part) for name, part in vars(thing.settle()).items() if isinstance(part, np.ndarray)
            )
            for which in ("shown", "clicks") if thing.keeps_pairs else ():
                matrix = thing.pairs(which)
                yield from ((f"history pairs {which}.{part}", getattr(matrix, part)) for part in ("data", "indices"))


@contextmanager
def untouched(component: Component, *things: Any) -> Iterator[None]:
    """Within, the arrays of `things` are read-only; afterwards they must be what they were."""
    # a matrix may sort its own indices lazily, which changes no value: let it do so before it is frozen
    for thing in things:
        if isinstance(thing, History) and thing.keeps_pairs:
            for which in ("shown", "clicks"):
                thing.pairs(which).sum_duplicates()
    before = [(name, array, array.copy(), array.flags.writeable) for name, array in arrays_of(*things)]
    for _, array, _, _ in before:
        array.flags.writeable = False
    try:
        yield
    except ValueError as error:
        if "read-only" in str(error):
            raise BrokenPromise(f"{type(component).__name__}: writes into what it was given ({error})") from error
        raise
    finally:
        for _, array, _, writeable in before:
            array.flags.writeable = writeable
    for name, array, copy, _ in before:
        require(same(array, copy), component, f"changes {name}, which it was only given to read")


@contextmanager
def own_dice_only(component: Component) -> Iterator[None]:
    """Within, nobody may use the global random numbers of Python or NumPy: two runs would differ."""
    python, numpy = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002 - to catch its use
    yield
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    moved = str(numpy) != str(after) or random.getstate() != python
    require(not moved, component, "uses global random numbers; draw from the dice it is given")


def calls(component: Component, where: str, verb: Callable[..., Any], *given: Any) -> Any:
    """What `verb` returns; any error it raises becomes a broken promise that names the verb and `where` it was tried."""
    try:
        return verb(*given)
    except BrokenPromise:
        raise
    except Exception as error:
        name = getattr(verb, "__name__", "it")
        seen = f"{name}() {where} raised {type(error).__name__}: {error}"
        raise BrokenPromise(f"{type(component).__name__}: {seen}") from error
