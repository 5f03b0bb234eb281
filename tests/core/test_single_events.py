"""One person at a time: the short cuts for a single user give the bits of the general way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cocoonsim.core.arrays import unit_rows
from cocoonsim.core.chance import Chance
from cocoonsim.core.history import History
from cocoonsim.core.topk import TopK, best_of_one
from cocoonsim.core.world import Columns

MANY = np.arange(40)


@pytest.mark.parametrize("event", [0, 3])
@pytest.mark.parametrize("seed", [-5, 0, 2**70 + 1])
def test_the_dice_of_one_are_those_of_all(seed: int, event: int) -> None:
    dice = Chance(seed).at(6, event)
    others = np.array([[3, -1, 2**31 - 1]])
    for n in (1, 2, 11):
        everyone = dice.bits("stream", MANY, n)
        assert all((dice.bits("stream", MANY[u : u + 1], n) == everyone[u]).all() for u in MANY)
    pairs = dice.pair_bits("stream", MANY, others[0])
    for u in MANY:
        one = MANY[u : u + 1]
        assert (dice.pair_bits("stream", one, others[0]) == pairs[u]).all()
        assert (dice.pair_bits("stream", one, others) == pairs[u]).all()
        assert (dice.pair_bits("stream", one, others[:, :1]) == pairs[u, :1]).all()


@st.composite
def candidates(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Scores with many ties and -inf, ids with empty places, a user's word, how many are wanted."""
    width, k = draw(st.integers(0, 30)), draw(st.integers(1, 8))
    levels = [-np.inf, -2.5, -0.0, 0.0, 0.5, 1.0] if draw(st.booleans()) else [n / 8 for n in range(200)]
    scores = draw(hnp.arrays(np.float32, (1, width), elements=st.sampled_from(levels)))
    ids = np.array(draw(st.permutations(range(width))), np.int32) * 7
    ids[draw(hnp.arrays(bool, width))] = -1
    salt = np.array([draw(st.integers(0, 2**32 - 1))], np.uint32)
    return scores, ids if draw(st.booleans()) else ids[None], salt, k


@given(candidates())
@settings(max_examples=300)
def test_the_best_of_one_are_the_best_of_many(table: tuple) -> None:
    scores, ids, salt, k = table
    top = TopK(k, salt)
    own = np.broadcast_to(ids, scores.shape)
    top.push(scores, own)
    expected = top.result()
    found = best_of_one(scores, ids, lambda: salt, k)
    for have, want in zip(found, expected, strict=True):
        assert have.dtype == want.dtype
        assert have.tobytes() == want.tobytes()


@given(st.integers(0, 2**32), st.integers(1, 24))
@settings(max_examples=30)
def test_a_unit_row_does_not_depend_on_the_others(seed: int, width: int) -> None:
    rows = np.random.default_rng(seed).random((9, width), np.float32)
    assert all((unit_rows(rows[at : at + 1]) == unit_rows(rows)[at]).all() for at in range(9))


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_a_visit_of_one_is_noted_like_a_visit_among_many(seed: int, topics: int, memory: int, slate: int) -> None:
    """Real numbers, so that another order of adding would show."""
    random = np.random.default_rng(seed)
    about = random.random((30, topics), np.float32)
    together, apart = (History(4, topics, 30, memory, pairs=True, times=True) for _ in range(2))
    for step in range(5):
        users = np.sort(random.permutation(4)[:3])
        feed = random.integers(-1, 30, (3, slate)).astype(np.int32)
        clicks = (random.random((3, slate)) < 0.5) & (feed >= 0)
        together.add(users, feed, clicks, about, step)
        for row in range(3):
            part = slice(row, row + 1)
            apart.add(users[part], feed[part], clicks[part], about, step)
            if random.random() < 0.2:  # somebody looks: what waits is added up now, and not with what comes later
                assert apart.clicks.sum() <= apart.shown.sum()
    apart.settle()
    for name, column in vars(together.settle()).items():
        if isinstance(column, np.ndarray):
            assert column.tobytes() == vars(apart)[name].tobytes(), name
    for which in ("shown", "clicks"):
        assert (together.pairs(which) != apart.pairs(which)).nnz == 0


def test_what_is_derived_from_some_columns_outlives_a_change_of_others() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return f"{name} {len(made)}"

    table = Columns(a=np.arange(3), b=np.arange(3))
    assert [table.derived(name, lambda name=name: make(name), *of) for name, of in (("of a", "a"), ("of all", ""))]
    changed = table.with_(b=np.zeros(3))
    assert changed.derived("of a", lambda: make("of a"), "a") == "of a 1"
    assert changed.derived("of all", lambda: make("of all")) == "of all 3"
    again = changed.with_rows(np.array([1]), a=np.array([7]))
    assert again.derived("of a", lambda: make("of a"), "a") == "of a 4"
