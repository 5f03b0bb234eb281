"""What a policy sees: columns shaped for broadcasting, exact affinities, and no mind."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from cocoonsim.core.arrays import unit_rows
from cocoonsim.core.view import View
from cocoonsim.testing.worlds import two_camps


@pytest.fixture
def view() -> View:
    """Five users of `two_camps` and all live items."""
    return two_camps().view(np.array([0, 7, 23, 24, 47]))


def test_columns_broadcast_over_users_and_items(view: View) -> None:
    history = view.platform.history
    assert view.user("clicks").shape == (5, 1)
    assert view.user("clicked_topics").shape == (5, 8)
    assert view.shape == (5, len(view.items))
    np.testing.assert_array_equal(view.user("clicks")[:, 0], history.clicks[view.users])
    np.testing.assert_array_equal(view.item("clicks"), history.item_clicks[view.items].astype(np.float32))
    assert view.item("harmful").dtype == np.float32
    assert (view.user("group") + view.item("clicks")).shape == view.shape


def test_own_candidates_are_gathered_with_zeros_for_padding(view: View) -> None:
    own = np.array([[3, -1], [4, 6], [-1, -1], [9, 8], [1, 1]], np.int32)
    view.items = own
    quality = view.platform.items.quality
    np.testing.assert_array_equal(view.item("quality"), np.where(own < 0, 0, quality[np.maximum(own, 0)]))


def test_affinity_is_the_same_bits_for_tiles_and_own_lists(view: View) -> None:
    profile, live = view.user("clicked_topics"), view.items
    whole = view.affinity(profile)
    for items in (live[3:20], live[[5, 1, 30]], np.arange(0, 64, 7, dtype=np.int32)):
        view.items = items
        place = np.searchsorted(live, items)
        known = np.isin(items, live)
        np.testing.assert_array_equal(view.affinity(profile)[:, known], whole[:, place[known]])
    view.items = live[(np.arange(4) + 9 * np.arange(5)[:, None]) % len(live)]
    expected = np.take_along_axis(whole, np.searchsorted(live, view.items), axis=1)
    np.testing.assert_array_equal(view.affinity(profile), expected)


def test_a_changed_profile_is_not_mistaken_for_an_older_one(view: View) -> None:
    """The view remembers profiles it has put on the grid; a new array must never be taken for one that is gone."""
    seen = []
    for topic in range(20):
        profile = np.zeros((5, 8))
        profile[:, topic % 8] = 1.0
        seen.append(view.affinity(profile)[0].copy())
        del profile
    for topic in range(20):
        np.testing.assert_array_equal(seen[topic], seen[topic % 8])
    assert not np.array_equal(seen[0], seen[1])


def test_some_users_have_what_is_known_of_all(view: View) -> None:
    """Rows, vectors on the grid and draws of a part are those of a view of its own, whether or not the whole knew them."""
    some, items = slice(1, 4), np.array([3, 9, 30], np.int32)
    for whole_first in (True, False):
        if whole_first:
            view.affinity(view.user("clicked_topics"))
        part = view.some(some, items)
        alone = two_camps().view(view.users[some])
        alone.items = items
        for asked in (part, alone):
            assert asked.shape == (3, 3)
        for column in ("clicks", "clicked_topics", "group"):
            np.testing.assert_array_equal(part.user(column), alone.user(column))
        profile = part.user("clicked_topics")
        np.testing.assert_array_equal(part.affinity(profile), alone.affinity(alone.user("clicked_topics")))
        np.testing.assert_array_equal(part.affinity(profile[::-1]), alone.affinity(alone.user("clicked_topics")[::-1]))
        np.testing.assert_array_equal(part.uniform("luck"), alone.uniform("luck"))
        view = replace(view)  # knows nothing yet


def test_rows_that_others_see_cannot_be_written_to(view: View) -> None:
    """A policy that scaled its part in place would change what the whole view puts on the grid, or not, by the cut."""
    for asked in (view.some(slice(1, 3), view.items), view):
        for column in ("clicked_topics", "clicks"):
            with pytest.raises(ValueError, match="read-only"):
                asked.user(column)[:] = 0


def test_the_parts_of_a_view_work_out_their_vectors_once(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr("cocoonsim.core.view.unit_rows", lambda rows: made.append(len(rows)) or unit_rows(rows))
    for some in (slice(0, 2), slice(2, 5)):
        part = view.some(some, view.items)
        part.affinity(part.user("clicked_topics"))
        part.affinity(part.user("clicked_topics"))
    assert made == [5]


def test_pick_reads_a_sparse_table(view: View) -> None:
    dense = np.random.default_rng(1).integers(0, 3, (5, view.platform.n_items))
    table = csr_array(dense)
    np.testing.assert_array_equal(view.pick(table), dense[:, view.items].astype(np.float32))
    view.items = np.array([[3, 5], [0, 63], [7, 7], [1, 2], [62, 61]], np.int32)
    np.testing.assert_array_equal(view.pick(table), np.take_along_axis(dense, view.items, axis=1).astype(np.float32))


def test_uniform_does_not_depend_on_tiles(view: View) -> None:
    whole = view.uniform("luck")
    live = view.items
    view.items = live[10:30]
    np.testing.assert_array_equal(view.uniform("luck"), whole[:, 10:30])


def test_minds_are_closed_unless_they_were_opened() -> None:
    tiny = two_camps()
    with pytest.raises(PermissionError, match="sees_minds = True"):
        _ = tiny.view().minds
    assert tiny.view(minds=True).minds is tiny.world


def test_shared_things_are_computed_once(view: View) -> None:
    calls: list[int] = []
    for _ in range(3):
        view.shared("x", lambda: calls.append(1))
    assert len(calls) == 1
