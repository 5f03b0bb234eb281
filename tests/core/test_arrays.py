"""Exact products against fractions, top-k against a sorted reference, keys against what was packed."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cocoonsim.core.arrays import Vectors, check_shape, exact_products, gather, row_sums_to_one, unit_rows
from cocoonsim.core.topk import TopK, marked, pack, unpack

FLOATS = st.floats(-10, 10, width=32)


# ---------------------------------------------------------------------------------------------------- the grid
@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(-1e6, 1e6)))
@example(np.array([[2.63786216e-162]]))  # its square has one digit left
@example(np.array([[3e-160, 4e-160], [3.0, 4.0]]))
def test_unit_rows_are_on_the_grid_and_no_longer_than_1(rows: np.ndarray) -> None:
    units = unit_rows(rows)
    assert units.dtype == np.float32
    on_grid = units.astype(np.float64) * 4096
    assert (on_grid == np.round(on_grid)).all()
    for row in units:
        assert sum(Fraction(float(part)) ** 2 for part in row) <= 1


def test_unit_rows_keep_the_direction() -> None:
    rows = np.random.default_rng(1).normal(size=(50, 20))
    exact = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert np.abs(unit_rows(rows) - exact).max() <= 1 / 4096 + 1e-6


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=30)
def test_products_are_exact_fractions(seed: int, width: int) -> None:
    generator = np.random.default_rng(seed)
    left = unit_rows(generator.normal(size=(4, width)))
    right = Vectors(generator.dirichlet([0.3] * width, 6))
    ids = np.array([[5, 0], [1, 1], [2, 3], [4, 4]], np.int32)
    shared = exact_products(left, right, np.arange(6))
    own = exact_products(left, right, ids)
    np.testing.assert_array_equal(exact_products(left, right, slice(1, 5)), shared[:, 1:5])
    for u in range(4):
        for i in range(6):
            parts = zip(left[u].tolist(), right.rows[i].tolist(), strict=True)
            assert sum(Fraction(a) * Fraction(b) for a, b in parts) == Fraction(float(shared[u, i]))
    np.testing.assert_array_equal(own, np.take_along_axis(shared, ids, axis=1))


# ---------------------------------------------------------------------------------------------------- keys
ANY_SCORE = st.floats(allow_nan=False, width=32)


@given(st.lists(st.tuples(ANY_SCORE, st.integers(0, 2**31 - 1), st.integers(0, 2**32 - 1)), min_size=1, max_size=30))
def test_pack_and_unpack_round_trip(rows: list[tuple[float, int, int]]) -> None:
    scores, ids, salts = (
        np.array(column, kind)
        for column, kind in zip(zip(*rows, strict=True), (np.float32, np.uint32, np.uint32), strict=True)
    )
    back, items = unpack(pack(scores, ids, salts), salts)
    np.testing.assert_array_equal(items, ids.astype(np.int32))
    np.testing.assert_array_equal(back, scores)  # -0.0 equals 0.0


@given(st.lists(ANY_SCORE, min_size=2, max_size=30), st.integers(0, 2**32 - 1))
def test_keys_sort_like_scores(numbers: list[float], salt: int) -> None:
    scores = np.array(numbers, np.float32)
    salts = np.full(len(scores), salt, np.uint32)
    keys = pack(scores, np.arange(len(scores), dtype=np.uint32), salts)
    for one in range(len(scores)):
        for other in range(len(scores)):
            if scores[one] < scores[other]:
                assert keys[one] < keys[other]


def test_minus_zero_and_zero_are_a_tie() -> None:
    salts = np.zeros(2, np.uint32)
    keys = pack(np.array([-0.0, 0.0], np.float32), np.array([3, 3], np.uint32), salts)
    assert keys[0] == keys[1]


# ---------------------------------------------------------------------------------------------------- top-k
def reference(scores: np.ndarray, ids: np.ndarray, salts: np.ndarray, k: int) -> list[list[int]]:
    """Sort everything by (score, the scrambled id) in plain Python; keep the first k different ones."""
    out = []
    for user in range(len(scores)):
        row = ids if ids.ndim == 1 else ids[user]
        best = {}
        for score, item in zip(scores[user].tolist(), row.tolist(), strict=True):
            if item >= 0 and score > -np.inf:
                best[item] = (score + 0.0, scrambled(item ^ int(salts[user])))
        order = sorted(best, key=lambda item: best[item], reverse=True)[:k]
        out.append(order + [-1] * (k - len(order)))
    return out


def scrambled(x: int) -> int:
    """The 32-bit mixer lowbias32 (Wellons, hash-prospector), in plain Python integers."""
    x ^= x >> 16
    x = x * 0x7FEB352D % 2**32
    x ^= x >> 15
    x = x * 0x846CA68B % 2**32
    return x ^ (x >> 16)


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, list[int]]:
    """Scores with many ties and -inf, shared or own ids, and cuts into tiles."""
    n, width, k = draw(st.integers(1, 4)), draw(st.integers(0, 40)), draw(st.integers(1, 6))
    levels = st.sampled_from([-np.inf, -2.5, -0.0, 0.0, 0.5, 1.0, 3.0])
    scores = draw(hnp.arrays(np.float32, (n, width), elements=levels))
    if draw(st.booleans()):
        ids = np.array(sorted(draw(st.sets(st.integers(0, 200), min_size=width, max_size=width))), np.int32)
    else:
        ids = draw(hnp.arrays(np.int32, (n, width), elements=st.integers(-1, 30)))
        # an item named twice has one score
        scores = np.take_along_axis(draw(hnp.arrays(np.float32, (n, 31), elements=levels)), np.maximum(ids, 0), axis=1)
    salts = draw(hnp.arrays(np.uint32, n, elements=st.integers(0, 2**32 - 1)))
    cuts = sorted(draw(st.lists(st.integers(0, width), max_size=4)))
    return scores, ids, salts, k, cuts


@given(tables())
@settings(max_examples=300)
def test_top_k_is_what_sorting_gives_however_it_is_tiled(table: tuple) -> None:
    scores, ids, salts, k, cuts = table
    top = TopK(k, salts, distinct=ids.ndim == 1)
    for low, high in zip([0, *cuts], [*cuts, scores.shape[1]], strict=True):
        top.push(scores[:, low:high], ids[..., low:high])
    best_scores, best_items = top.result()
    expected = reference(scores, ids, salts, k)
    assert best_items.tolist() == expected
    for user, row in enumerate(expected):
        named = ids if ids.ndim == 1 else ids[user]
        for place, item in enumerate(row):
            wanted = -np.inf if item < 0 else scores[user, named.tolist().index(item)]
            assert best_scores[user, place] == wanted


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("levels", [1, 3, 10_000])
@pytest.mark.parametrize("k", [5, 50])
def test_top_k_of_wide_tiles_is_what_sorting_gives(own: bool, levels: int, k: int) -> None:
    """Wide enough for the short cuts: most candidates are dropped by group maxima, and ties by their codes."""
    generator = np.random.default_rng(levels)
    n, width = 7, 700
    scores = generator.integers(0, levels, (n, width)).astype(np.float32)
    scores[generator.random((n, width)) < 0.1] = -np.inf
    scores[3] = -np.inf
    scores[4, 2:] = -np.inf
    salts = generator.integers(0, 2**32, n, dtype=np.uint32)
    ids = np.arange(5, 5 + width, dtype=np.int32)
    if own:
        ids = np.stack([generator.permutation(3000)[:width] for _ in range(n)]).astype(np.int32)
        ids[:, 600:] = -1
    for cuts in ([0, width], [0, 1, 500, width], list(range(0, width + 1, 100))):
        top = TopK(k, salts)
        for low, high in pairwise(cuts):
            top.push(scores[:, low:high], ids[..., low:high])
        assert top.result()[1].tolist() == reference(scores, ids, salts, k)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("cuts", [[0, 700], [0, 300, 700]])
def test_where_all_candidates_tie_the_codes_decide(own: bool, cuts: list[int]) -> None:
    """As before the first click, of more users than are worked on at once."""
    generator = np.random.default_rng(7)
    salts = generator.integers(0, 2**32, 250, dtype=np.uint32)
    ids = np.arange(700, dtype=np.int32)
    if own:
        ids = np.stack([generator.permutation(3000)[:700] for _ in salts]).astype(np.int32)
    scores, top = np.full((len(salts), 700), np.float32(0.25)), TopK(10, salts)
    for low, high in pairwise(cuts):
        top.push(scores[:, low:high], ids[..., low:high])
    assert top.result()[1].tolist() == reference(scores, ids, salts, 10)


@given(st.integers(0, 200), st.sets(st.integers(0, 199), max_size=40))
def test_marks_are_found_wherever_they_are(size: int, where: set[int]) -> None:
    expected = sorted(place for place in where if place < size)
    flat = np.zeros(size, bool)
    flat[expected] = True
    assert marked(flat, len(expected)).tolist() == expected


def test_ties_are_broken_evenly() -> None:
    """Ten items that tie: each is first for a tenth of the users, within 5 standard deviations of the binomial."""
    n = 20_000
    salts = np.random.default_rng(2).integers(0, 2**32, n, dtype=np.uint32)
    top = TopK(1, salts)
    top.push(np.zeros((n, 10), np.float32), np.arange(10))
    counts = np.bincount(top.result()[1][:, 0], minlength=10)
    assert np.abs(counts - n / 10).max() < 5 * np.sqrt(n * 0.1 * 0.9)


# ---------------------------------------------------------------------------------------------------- small helpers
def test_check_shape_names_both_shapes() -> None:
    check_shape("x", np.zeros((2, 3)), ("users", 3))
    with pytest.raises(ValueError, match=r"x: expected shape \(2, 4\), got \(2, 3\)"):
        check_shape("x", np.zeros((2, 3)), (2, 4))
    with pytest.raises(ValueError, match="expected shape"):
        check_shape("x", np.zeros(2), (2, "any"))


def test_row_sums_to_one() -> None:
    rows = row_sums_to_one(np.array([[1, 3], [0, 0]]))
    np.testing.assert_array_equal(rows, np.array([[0.25, 0.75], [0.5, 0.5]], np.float32))


def test_gather_fills_empty_places_in_wide_columns_too() -> None:
    wide = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(gather(wide, np.array([1, -1])), [[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_array_equal(gather(np.array([5, 6]), np.array([[-1, 0]]), empty=-7), [[-7, 5]])


@pytest.mark.parametrize(("n", "c"), [(1, 3), (7, 20_000), (400, 60), (3, 0), (0, 5)])
def test_products_with_rows_of_ones_own_do_not_depend_on_how_many_are_gathered_at_a_time(n: int, c: int) -> None:
    generator = np.random.default_rng(n + c)
    left, right = unit_rows(generator.random((n, 16))), Vectors(generator.random((500, 16)))
    ids = generator.integers(0, 500, (n, c))
    one_by_one = [
        [np.float32(mine.astype(float) @ right.rows[item]) for item in row] for mine, row in zip(left, ids, strict=True)
    ]
    found = exact_products(left, right, ids)
    np.testing.assert_array_equal(found, np.array(one_by_one, np.float32).reshape(n, c))
    for row in range(min(n, 3)):
        np.testing.assert_array_equal(exact_products(left[row : row + 1], right, ids[row])[0], found[row])
