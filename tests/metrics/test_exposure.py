"""Sums over feeds, against plain loops that add in the same order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocoonsim.core.arrays import count_true
from cocoonsim.core.topk import _places
from cocoonsim.metrics._exposure import sums_of_rows


@given(st.integers(0, 9), st.integers(0, 6), st.integers(0, 2**32 - 1))
def test_rows_are_added_place_by_place(n: int, slate: int, seed: int) -> None:
    """To the last bit; an empty place (-1) adds the row of zeros at the end."""
    rng = np.random.Generator(np.random.Philox(seed))
    rows = np.vstack([rng.random((7, 3)), np.zeros(3)])
    feed = rng.integers(-1, 7, (n, slate)).astype(np.int32)
    expected = np.zeros((n, 3))
    for place in range(slate):
        expected += rows[feed[:, place]]
    assert sums_of_rows(rows, feed).tobytes() == expected.tobytes()


@pytest.mark.parametrize("wide", [0, 1, 3, 8, 300])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.7, 1.0])
def test_marks_are_counted_and_found(wide: int, share: float) -> None:
    """Whether the table divides into eights (8 rows of any width) or not (9 rows of odd width); also in a part of a table."""
    for n in (8, 9):
        marks = np.random.Generator(np.random.Philox(n)).random((n, wide)) < share
        assert count_true(marks).tolist() == marks.sum(axis=1).tolist()
        assert count_true(marks[:, : wide // 2]).tolist() == marks[:, : wide // 2].sum(axis=1).tolist()
        if wide:
            places, counts = _places(marks, int(marks.sum()))
            assert places.tolist() == np.flatnonzero(marks).tolist()
            assert counts.tolist() == marks.sum(axis=1).tolist()
