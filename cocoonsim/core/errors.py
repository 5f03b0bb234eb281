"""Mistakes of the user: told in one sentence that says where, what, and what would be right. Never a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Something the user can mend. `where` is a place such as `scenario.yaml:12: ranking.rank`."""

    def __init__(self, message: str, where: str = "") -> None:
        self.message, self.where = message, where
        super().__init__(f"{where}: {message}" if where else message)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known words, or with all of them when none is near.

    >>> did_you_mean("popularty", ["popularity", "newest"])
    "did you mean 'popularity'?"
    >>> did_you_mean("x", ["popularity", "newest"])
    'known: newest, popularity'
    """
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(words)}"
