"""Renaming changes names and nothing else: what a renamed world says is read back through the new names."""

import numpy as np
import pytest

from cocoonsim.testing.renaming import new_ids, new_order, rename_items, rename_topics, rename_users
from cocoonsim.testing.worlds import TOPICS, USERS, two_camps


@pytest.mark.parametrize("n", [1, 2, 3, 8, 48, 64, 97])
def test_an_order_is_a_permutation_that_moves_nearly_all(n: int) -> None:
    order = new_order(n)
    assert sorted(order.tolist()) == list(range(n))
    assert (order[new_ids(order)] == np.arange(n)).all()
    if n > 3:
        assert (order == np.arange(n)).sum() <= n // 4


def test_items_keep_their_history_under_new_names() -> None:
    tiny = two_camps()
    order = new_order(tiny.world.n_items)
    other, ids = rename_items(tiny, order), new_ids(new_order(tiny.world.n_items))
    for item in range(tiny.world.n_items):
        assert other.world.items.quality[ids[item]] == tiny.world.items.quality[item]
        assert other.history.item_clicks[ids[item]] == tiny.history.item_clicks[item]
    np.testing.assert_array_equal(other.feed, ids[tiny.feed])
    np.testing.assert_array_equal(other.history.pairs("shown").toarray()[:, ids], tiny.history.pairs("shown").toarray())
    np.testing.assert_array_equal(other.history.last_clicked(3) >= 0, tiny.history.last_clicked(3) >= 0)
    assert tiny.world.affinity(tiny.users, tiny.feed).tolist() == other.world.affinity(other.users, other.feed).tolist()


def test_users_keep_their_ties_and_their_works_under_new_names() -> None:
    tiny = two_camps()
    order = new_order(USERS)
    other, ids = rename_users(tiny, order), new_ids(order)
    for user in range(USERS):
        assert sorted(ids[tiny.world.follows.of(user)].tolist()) == other.world.follows.of(int(ids[user])).tolist()
        assert other.history.clicks[ids[user]] == tiny.history.clicks[user]
        assert other.feed[ids[user]].tolist() == tiny.feed[user].tolist()
    assert other.world.items.author.tolist() == ids[tiny.world.items.author].tolist()


def test_topics_change_places_everywhere() -> None:
    tiny = two_camps()
    order = new_order(TOPICS)
    other = rename_topics(tiny, order)
    everyone, all_items = tiny.users, np.arange(tiny.world.n_items)
    np.testing.assert_array_equal(other.world.affinity(everyone, all_items), tiny.world.affinity(everyone, all_items))
    np.testing.assert_array_equal(other.history.clicked_topics[:, 0], tiny.history.clicked_topics[:, order[0]])
    assert other.world.topic_names[0] == tiny.world.topic_names[order[0]]
