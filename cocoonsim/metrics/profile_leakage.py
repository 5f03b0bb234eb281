"""What the platform could find out about people from what it may use.

An attribute that people never told (`group` or the side of their opinion) is guessed from the platform's own profile of
each user: the topics clicked and shown. The number is how often the guess is right among people whom the guesser has not
seen.

How: people are dealt into five parts by a hash, each value evenly, so that leaving a part out does not change which value is
the commonest. For each part, a ridge regression of the attribute (one column for each value) on the square roots of topic
shares is fitted on the others; the largest column is the guess. The profile is the one that the platform may use, after
privacy rules.

Null model: `majority`, the share of the commonest value: who always guesses that is right as often, without any profile.
Undefined with fewer than 20 people or one value only.

Also known as: attribute inference, membership of sensitive categories, inference attack, profiling risk.
Source: Kosinski, Stillwell & Graepel (2013), Private traits and attributes are predictable from digital records of human
behavior; ridge classification as in Hoerl & Kennard (1970), Ridge regression.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.chance import ALWAYS, Dice
from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number

PARTS = 5
MOST = 20_000
"""People looked at: a sample by hash where there are more."""


class ProfileLeakage(Metric):
    usual = False
    title = "Hidden attribute guessed from the profile"

    of: str = setting(
        "group", choices=("group", "opinion"), help="What is guessed: the group, or the side of the opinion"
    )
    ridge: float = setting(1.0, above=0.0, help="How cautious the guess is")

    needs: ClassVar[frozenset[str]] = frozenset()

    def measure(self, moment: Moment) -> list[Reading]:
        world = moment.world
        luck = Dice(moment.dice.seed, ALWAYS).bits("profile leakage", np.arange(world.n_users))[:, 0]
        people = np.sort(np.argsort(luck, kind="stable")[:MOST])
        secret = world.users.group if self.of == "group" else (world.users.opinion[:, 0] > 0).astype(np.int64)
        values, label = np.unique(secret[people], return_inverse=True)
        if len(values) < 2 or len(people) < 20:
            return [number(np.nan, np.nan, "majority", "people")]
        part = _dealt(label, luck[people])
        facts = _facts(moment, people)
        right = np.zeros(len(people), bool)
        for held in range(PARTS):
            test = part == held
            if test.any() and not test.all():
                guess = _guess(facts[~test], np.eye(len(values))[label[~test]], facts[test], self.ridge)
                right[test] = guess == label[test]
        return [number(float(right.mean()), float(np.bincount(label).max() / len(label)), "majority", "people")]


def _dealt(label: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """int64 (n,): the part of each person; those of one label are dealt out in turn, in the order of their luck.

    >>> _dealt(np.array([0, 1, 0, 1]), np.array([3, 1, 2, 4])).tolist()
    [1, 0, 0, 1]
    """
    order = np.lexsort((luck, label))
    first = np.searchsorted(label[order], label[order])  # where the label begins in this order
    part = np.empty(len(label), np.int64)
    part[order] = (np.arange(len(label)) - first) % PARTS
    return part


def _facts(moment: Moment, people: np.ndarray) -> np.ndarray:
    """float64 (n, 2 topics + 1): roots of the shares of topics clicked and shown, and a 1."""
    columns = [np.ones((len(people), 1))]
    for name in ("clicked_topics", "shown_topics"):
        counts = np.maximum(moment.platform.user(name)[people].astype(np.float64), 0.0)
        total = counts.sum(axis=1, keepdims=True)
        columns.append(np.sqrt(np.where(total > 0, counts / np.maximum(total, 1e-300), 0.0)))
    return np.concatenate(columns, axis=1)


def _guess(known: np.ndarray, wanted: np.ndarray, unknown: np.ndarray, ridge: float) -> np.ndarray:
    """int64 (n,): the column of `wanted` that a ridge regression on `known` expects to be largest for `unknown`."""
    penalty = ridge * np.eye(known.shape[1])
    penalty[0, 0] = 0.0  # the mean is free
    weights = np.linalg.lstsq(known.T @ known + penalty, known.T @ wanted, rcond=None)[0]
    guess: np.ndarray = (unknown @ weights).argmax(axis=1)
    return guess
