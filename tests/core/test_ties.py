import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocoonsim.core.ties import winners
from cocoonsim.core.topk import TopK


def by_hand(ids: list[int], salt: int, k: int) -> list[int]:
    """The k ids with the largest codes, in plain Python integers; the mixing is that of `core/arrays.py`, written anew."""

    def code(item: int) -> int:
        x = item ^ salt
        x ^= x >> 16
        x = x * 0x7FEB352D % 2**32
        x ^= x >> 15
        x = x * 0x846CA68B % 2**32
        return x ^ (x >> 16)

    return sorted(ids, key=code, reverse=True)[:k]


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(0, 3000), min_size=1, max_size=300),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=6),
    st.integers(1, 40),
)
def test_the_largest_codes_win(ids: set[int], salts: list[int], k: int) -> None:
    live = sorted(ids)
    found = winners(np.array(live, np.int32), np.array(salts, np.uint32), k)
    for row, salt in zip(found.tolist(), salts, strict=True):
        expected = by_hand(live, salt, k)
        assert row == expected + [-1] * (k - len(expected))


def test_as_a_full_scan_of_equal_scores() -> None:
    generator = np.random.default_rng(1)
    live = np.sort(generator.choice(50_000, 20_000, replace=False)).astype(np.int32)
    salts = generator.integers(0, 2**32, 300, dtype=np.uint32)
    salts[100:200] = salts[0] & ~np.uint32(0xFFFF) | np.arange(100, dtype=np.uint32)  # many who share their high bits
    top = TopK(10, salts)
    top.push(np.zeros((300, live.size), np.float32), live)
    assert (winners(live, salts, 10) == top.result()[1]).all()


@pytest.mark.parametrize("levels", [1, 2, 7, 10_000])  # all tie, many tie, hardly any
@pytest.mark.parametrize("wide", [5, 40, 300])
def test_pools_that_some_share_are_as_a_row_for_each(levels: int, wide: int) -> None:
    generator = np.random.default_rng(levels + wide)
    pools = np.stack([generator.choice(5000, wide, replace=False) for _ in range(4)]).astype(np.int32)
    which = np.repeat(np.arange(4), [3, 1, 20, 6])
    salts = generator.integers(0, 2**32, 30, dtype=np.uint32)
    scores = generator.integers(0, levels, (30, wide)).astype(np.float32)
    scores[generator.random((30, wide)) < 0.1] = -np.inf
    shared, own = TopK(4, salts), TopK(4, salts)
    shared.push(scores, pools, which)
    own.push(scores, pools[which])
    for one, other in zip(shared.result(), own.result(), strict=True):
        np.testing.assert_array_equal(one, other)
    for user, (found, pool) in enumerate(zip(shared.result()[1].tolist(), pools[which].tolist(), strict=True)):
        assert set(found) - {-1} <= set(pool)
        assert -1 not in found or np.isfinite(scores[user]).sum() < 4


@pytest.mark.parametrize("live", [[0], [5], [2**31 - 1], []])
def test_hardly_anything_to_win(live: list[int]) -> None:
    found = winners(np.array(live, np.int32), np.array([7, 2**32 - 1], np.uint32), 3)
    assert found.tolist() == [[*live, -1, -1, -1][:3]] * 2


def test_few_items_of_many_ids() -> None:
    live = np.sort(np.random.default_rng(2).choice(100_000, 200, replace=False)).astype(np.int32)
    salts = np.array([0, 1, 2**32 - 1, 12345], np.uint32)
    found = winners(live, salts, 10)
    assert found.tolist() == [by_hand(live.tolist(), salt, 10) for salt in salts.tolist()]


def test_nobody() -> None:
    assert winners(np.arange(5, dtype=np.int32), np.empty(0, np.uint32), 3).shape == (0, 3)
