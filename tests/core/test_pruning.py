"""Everything here compares with the full scan: all scores of all items, ordered by score and tie code."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocoonsim.core import clusters, pruning
from cocoonsim.core.arrays import Vectors, exact_products, unit_rows
from cocoonsim.core.pruning import Prunable, Tiles, best
from cocoonsim.core.topk import TopK, pack


def small_tiles(patch: pytest.MonkeyPatch) -> None:
    """Tiles, teams and clusters so small that a small catalogue has many of them."""
    patch.setattr(clusters, "_PER_CLUSTER", 4)
    patch.setattr(pruning, "_WIDEST", 6)
    patch.setattr(pruning, "_FIRST_LOOK", 8)
    patch.setattr(pruning, "_TEAM", 3)
    patch.setattr(pruning, "_MERGE_AT", 0.5)


def full_scan(
    vectors: Vectors, factor: np.ndarray | None, live: np.ndarray, units: np.ndarray, salts: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """Scores and ids by a plain sort of all keys: no tiles, no thresholds."""
    scores = exact_products(units, vectors, live)
    if factor is not None:
        scores = scores * factor[live]
    keys = pack(np.ascontiguousarray(scores), live.astype(np.uint32), salts[:, None])
    order = np.argsort(keys, axis=1)[:, ::-1][:, :k]
    missing = ((0, 0), (0, max(0, k - live.size)))
    found = np.take_along_axis(scores, order, axis=1) + np.float32(0)
    return (
        np.pad(found, missing, constant_values=-np.inf),
        np.pad(live[order], missing, constant_values=-1).astype(np.int32),
    )


def assert_same(
    vectors: Vectors, factor: np.ndarray | None, live: np.ndarray, units: np.ndarray, salts: np.ndarray, k: int
) -> None:
    tiles = Tiles(vectors, factor, live)
    assert sorted(tiles.ids.tolist()) == live.tolist()
    scores, items = best(tiles, units, salts, k)
    expected_scores, expected_items = full_scan(vectors, factor, live, units, salts, k)
    assert scores.dtype == np.float32
    assert items.dtype == np.int32
    assert (items == expected_items).all()
    assert (scores.view(np.int32) == expected_scores.view(np.int32)).all()


def drawn(kind: str, n: int, d: int, generator: np.random.Generator) -> np.ndarray:
    """Vectors of a kind: what a catalogue or the clicks of people may look like."""
    if kind == "mixtures":
        return generator.dirichlet([0.2] * d, n)
    if kind == "all round":
        return generator.normal(size=(n, d))
    if kind == "one topic each":
        return np.eye(d)[generator.integers(0, d, n)]
    if kind == "few different":
        return generator.dirichlet([0.5] * d, 5)[generator.integers(0, 5, n)]
    if kind == "many zeros":
        return generator.dirichlet([0.5] * d, n) * (generator.random((n, 1)) < 0.5)
    if kind == "nothing":
        return np.zeros((n, d))
    assert kind == "nearly the same"
    return np.ones((n, d)) + 1e-3 * generator.normal(size=(n, d))


KINDS = ["mixtures", "all round", "one topic each", "few different", "many zeros", "nothing", "nearly the same"]
FACTORS = ["none", "equal", "between", "zeros", "wild", "all zero"]


def factors(kind: str, n: int, generator: np.random.Generator) -> np.ndarray | None:
    made = {
        "none": None,
        "equal": np.full(n, 0.7),
        "between": 1 - 0.5 * generator.random(n),
        "zeros": generator.random(n) * (generator.random(n) < 0.3),
        "wild": np.exp(5 * generator.normal(size=n)),
        "all zero": np.zeros(n),
    }[kind]
    return None if made is None else made.astype(np.float32)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(KINDS), st.sampled_from(KINDS), st.sampled_from(FACTORS), st.integers(1, 200), st.integers(1, 40),
    st.integers(1, 9), st.integers(1, 30), st.sampled_from([0.05, 0.5, 1.0]), st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_the_same_as_a_full_scan(
    items: str, people: str, factor: str, n_items: int, n_users: int, d: int, k: int, alive: float, seed: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small_tiles(patch)
        generator = np.random.default_rng(seed)
        vectors = Vectors(drawn(items, n_items, d, generator))
        units = unit_rows(drawn(people, n_users, d, generator))
        live = np.flatnonzero(generator.random(n_items) < alive).astype(np.int32)
        if not live.size:
            live = np.array([n_items - 1], np.int32)
        salts = generator.integers(0, 2**32, n_users, dtype=np.uint32)
        assert_same(vectors, factors(factor, n_items, generator), live, units, salts, k)


@pytest.mark.parametrize("items", ["mixtures", "all round", "one topic each", "few different", "nearly the same"])
@pytest.mark.parametrize("factor", ["none", "between", "zeros"])
def test_a_catalogue_of_many_tiles(items: str, factor: str) -> None:
    generator = np.random.default_rng(7)
    vectors = Vectors(drawn(items, 5000, 8, generator))
    units = unit_rows(np.concatenate([drawn("mixtures", 250, 8, generator), drawn("many zeros", 50, 8, generator)]))
    salts = generator.integers(0, 2**32, len(units), dtype=np.uint32)
    live = np.flatnonzero(generator.random(5000) < 0.9).astype(np.int32)
    assert_same(vectors, factors(factor, 5000, generator), live, units, salts, 10)


def test_the_same_as_top_k_tile_by_tile() -> None:
    generator = np.random.default_rng(8)
    vectors = Vectors(drawn("mixtures", 6000, 16, generator))
    units = unit_rows(drawn("mixtures", 200, 16, generator))
    salts = generator.integers(0, 2**32, 200, dtype=np.uint32)
    top = TopK(20, salts)
    for low in range(0, 6000, 1000):
        ids = np.arange(low, low + 1000)
        top.push(exact_products(units, vectors, ids), ids)
    scores, items = best(Tiles(vectors, None, np.arange(6000, dtype=np.int32)), units, salts, 20)
    assert (items == top.result()[1]).all()
    assert (scores == top.result()[0]).all()


@pytest.mark.parametrize("items", ["mixtures", "all round", "nearly the same", "many zeros", "one topic each"])
@pytest.mark.parametrize("factor", ["none", "between", "wild"])
@pytest.mark.parametrize("d", [1, 3, 16, 200])
def test_no_item_is_above_its_bound(items: str, factor: str, d: int) -> None:
    """Every score of every user against its tile's bound."""
    generator = np.random.default_rng(d)
    vectors = Vectors(drawn(items, 900, d, generator))
    # people all round, at the items themselves and opposite to them, where the bounds are tightest
    units = unit_rows(np.concatenate([generator.normal(size=(60, d)), vectors.rows[:60], -vectors.rows[:60]]))
    units = units[units.any(axis=1)]
    values = factors(factor, 900, generator)
    tiles = Tiles(vectors, values, np.arange(900, dtype=np.int32))
    lengths = np.sqrt((units.astype(np.float64) ** 2).sum(axis=1))
    bounds = tiles.bounds(units, lengths.astype(np.float32))
    for tile in range(len(tiles.sizes)):
        largest = tiles.scores(units, tile).max(axis=1) / lengths
        assert (largest <= bounds[tile]).all()


def test_most_of_a_catalogue_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The point of it: with narrow tastes and topic mixtures most items are never scored."""
    generator = np.random.default_rng(9)
    vectors = Vectors(drawn("mixtures", 30_000, 16, generator))
    tiles = Tiles(vectors, None, np.arange(30_000, dtype=np.int32))
    units = unit_rows(generator.dirichlet([0.3] * 16, 4000))
    salts = generator.integers(0, 2**32, 4000, dtype=np.uint32)
    some = np.argsort(tiles.places(units, salts), kind="stable")[1000:1500]
    scored = 0
    plain = Tiles.scores

    def counted(self: Tiles, some_units: np.ndarray, tile: int) -> np.ndarray:
        nonlocal scored
        out = plain(self, some_units, tile)
        scored += out.size
        return out

    monkeypatch.setattr(Tiles, "scores", counted)
    best(tiles, units[some], salts[some], 10)
    assert scored < 0.35 * 500 * 30_000


def test_places_put_like_to_like_and_those_without_a_profile_last() -> None:
    vectors = Vectors(np.eye(4)[np.arange(2000) % 4])
    tiles = Tiles(vectors, None, np.arange(2000, dtype=np.int32))
    units = unit_rows(np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]], float))
    places = tiles.places(units, np.array([1, 2, 9, 4, 8], np.uint32))
    assert places[0] == places[3] != places[1]
    assert places[4] < places[2]
    assert places[[2, 4]].min() > places[[0, 1, 3]].max()


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf])
def test_factors_that_have_no_bound_get_no_tiles(bad: float) -> None:
    vectors = Vectors(np.eye(3))
    live = np.arange(3, dtype=np.int32)
    factor = np.array([1, bad, 1], np.float32)
    assert Tiles.of(Prunable(np.zeros((1, 3)), vectors, factor), live) is None
    assert Tiles.of(Prunable(np.zeros((1, 3)), vectors), live[:0]) is None
    assert Tiles.of(Prunable(np.zeros((1, 3)), vectors), live) is not None


def test_tiles_are_kept_while_items_and_factors_stay_the_same() -> None:
    vectors, live, nobody = Vectors(np.eye(3)), np.arange(3, dtype=np.int32), np.zeros((1, 3))
    factor = np.array([1, 2, 3], np.float32)

    def tiles(factor: np.ndarray | None = None, live: np.ndarray = live) -> Tiles:
        made = Tiles.of(Prunable(nobody, vectors, factor), live)
        assert made is not None
        return made

    first = tiles(factor)
    assert tiles(factor.copy(), live.copy()) is first
    factor[1] = 5  # in place, as counts grow
    second = tiles(factor)
    assert second is not first
    assert second.reach.max() == 5
    assert tiles(factor, live[:2]).ids.tolist() != second.ids.tolist()
    assert tiles() is not second
    assert tiles() is tiles()
