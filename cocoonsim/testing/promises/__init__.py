"""What every component of a stage must keep: one file per stage, one function per promise.

A promise is a function `promise_<what>(component)` whose docstring is the promise in one sentence. It raises
`BrokenPromise` when it is not kept. To add a promise, write a function: every component is held to it at once.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

Promise = Callable[[Any], None]


def promises_of(stage: str) -> dict[str, Promise]:
    """The promises of a stage by name, in the order in which its file states them.

    >>> "no_item_twice" in promises_of("feed")
    True
    """
    module = importlib.import_module(f"cocoonsim.testing.promises.{stage}")
    return {
        name.removeprefix("promise_"): function
        for name, function in vars(module).items()
        if name.startswith("promise_") and function.__module__ == module.__name__
    }
