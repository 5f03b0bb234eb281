"""The follow graph against networkx and scipy."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from cocoonsim.core.follows import Follows


@st.composite
def arcs(draw: st.DrawFn) -> tuple[int, np.ndarray, np.ndarray]:
    n = draw(st.integers(1, 9))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=40))
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return n, table[:, 0], table[:, 1]


@given(arcs())
def test_it_is_the_digraph_without_loops(case: tuple[int, np.ndarray, np.ndarray]) -> None:
    n, sources, targets = case
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from((int(s), int(t)) for s, t in zip(sources, targets, strict=True) if s != t)
    follows = Follows.from_arcs(n, sources, targets)
    assert follows.n_users == n
    assert follows.n_arcs == graph.number_of_edges()
    assert follows.targets.dtype == np.int32
    assert follows.degree.tolist() == [graph.out_degree(u) for u in range(n)]
    back = follows.reversed()
    for user in range(n):
        assert follows.of(user).tolist() == sorted(graph.successors(user))
        assert back.of(user).tolist() == sorted(graph.predecessors(user))
    assert list(zip(follows.sources().tolist(), follows.targets.tolist(), strict=True)) == sorted(graph.edges)


@given(arcs(), st.integers(0, 2**32))
def test_mean_of_followees_is_the_row_normalised_matrix_product(case: tuple, seed: int) -> None:
    n, sources, targets = case
    follows = Follows.from_arcs(n, sources, targets)
    values = np.random.default_rng(seed).normal(size=(n, 3))
    matrix = csr_array((np.ones(follows.n_arcs), follows.targets, follows.starts), shape=(n, n))
    with np.errstate(invalid="ignore"):
        expected = (matrix @ values) / follows.degree[:, None]
    mean = follows.mean_of_followees(values)
    np.testing.assert_allclose(mean, expected, atol=1e-12)
    assert np.isnan(mean[follows.degree == 0]).all()
    some = np.array([n - 1, 0])
    np.testing.assert_array_equal(follows.mean_of_followees(values, some), mean[some])  # the same bits
    np.testing.assert_array_equal(follows.mean_of_followees(values[:, 0]), mean[:, 0])


@given(arcs())
def test_arcs_of_some_users(case: tuple[int, np.ndarray, np.ndarray]) -> None:
    n, sources, targets = case
    follows = Follows.from_arcs(n, sources, targets)
    users = np.array([n - 1, 0, n // 2])
    row, followee = follows.arcs_of(users)
    for place, user in enumerate(users):
        assert followee[row == place].tolist() == follows.of(user).tolist()


@pytest.mark.parametrize("n", [0, 1, 5])
def test_nobody_follows_anybody(n: int) -> None:
    follows = Follows.none(n)
    assert (follows.n_users, follows.n_arcs) == (n, 0)
    assert Follows.from_arcs(n, np.empty(0, np.int64), np.empty(0, np.int64)).n_users == n
    assert follows.reversed().n_arcs == 0


def test_ties_are_exchanged_in_their_places_and_weights_stay_with_places():
    before = Follows.from_arcs(4, np.array([0, 0, 1, 3]), np.array([1, 2, 3, 0]))
    after = before.exchanged(np.array([0, 3]), np.array([1, 0]), np.array([3, 2]))
    assert [after.of(user).tolist() for user in range(4)] == [[2, 3], [3], [], [2]]
    weighted = Follows(before.starts, before.targets, np.array([0.1, 0.9, 0.5, 0.7]))
    after = weighted.exchanged(np.array([0]), np.array([1]), np.array([3]))
    assert after.of(0).tolist() == [2, 3]
    assert after.weights.tolist() == [0.9, 0.1, 0.5, 0.7]
    with pytest.raises(ValueError, match="weights"):
        weighted.with_more(np.array([0]), np.array([3]))


def test_ties_are_added_and_known_people_listed():
    before = Follows.from_arcs(4, np.array([0, 0, 1]), np.array([1, 2, 3]))
    after = before.with_more(np.array([0, 2]), np.array([3, 1]))
    assert [after.of(user).tolist() for user in range(4)] == [[1, 2, 3], [3], [1], []]
    assert before.keys(np.array([0, 3])).tolist() == [0, 1, 2, 4 + 3]


def rows(follows: Follows) -> list[list[int]]:
    return [follows.of(user).tolist() for user in range(follows.n_users)]


def test_the_other_side_of_a_friendship_by_hand() -> None:
    """1 and 0 were friends, now 0 and 3 are; where 3 follows 0 already nothing is doubled; a one-way tie has no other side."""
    before = Follows.from_arcs(4, np.array([0, 1, 1, 2]), np.array([3, 0, 2, 1]))
    assert rows(before.other_side(0, 1, 3)) == [[3], [2], [1], [0]]
    assert rows(before.other_side(0, 1, 3).other_side(0, -1, 3)) == [[3], [2], [1], [0]]
    assert rows(before.other_side(0, -1, 2)) == [[3], [0, 2], [0, 1], []]
    assert before.other_side(0, 2, 3) is before


@given(arcs(), st.integers(0, 8), st.integers(-1, 8), st.integers(0, 8))
def test_other_sides_are_those_of_plain_sets(case: tuple, user: int, left: int, after: int) -> None:
    n, sources, targets = case
    user, left, after = user % n, -1 if left < 0 else left % n, after % n
    if user in (left, after) or left == after:
        return
    before = Follows.from_arcs(n, sources, targets)
    expected = [set(row) for row in rows(before)]
    if left < 0 or user in expected[left]:
        expected[left] -= {user} if left >= 0 else set()
        expected[after] |= {user}
    kept = before.targets.copy()
    assert rows(before.other_side(user, left, after)) == [sorted(row) for row in expected]
    assert np.array_equal(before.targets, kept), "the graph before is not touched"


@given(arcs(), st.data())
def test_one_user_alone_exchanges_as_among_many(case: tuple, data: st.DataObject) -> None:
    n, sources, targets = case
    before = Follows.from_arcs(n, sources, targets)
    able = [user for user in range(n) if 0 < before.degree[user] < n - 1]
    if not able:
        return
    choices = [
        (user, data.draw(st.sampled_from(before.of(user).tolist())),
         data.draw(st.sampled_from(sorted(set(range(n)) - {user, *before.of(user).tolist()}))))
        for user in able
    ]  # fmt: skip
    together = before.exchanged(*np.array(choices).T)
    one_by_one = before
    for choice in choices:
        one_by_one = one_by_one.exchanged(*np.array([choice]).T)
    assert rows(one_by_one) == rows(together)
    assert rows(before) == rows(Follows.from_arcs(n, sources, targets)), "the graph before is not touched"
