"""The history against one kept naively, event by event, in dictionaries and lists."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocoonsim.core import history as module
from cocoonsim.core.history import History


class Naive:
    """Every event, in order."""

    def __init__(self) -> None:
        self.events: dict[int, list[tuple[int, bool]]] = defaultdict(list)

    def add(self, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray) -> None:
        for user, row, marks in zip(users.tolist(), feed.tolist(), clicks.tolist(), strict=True):
            self.events[user] += [(item, mark) for item, mark in zip(row, marks, strict=True) if item >= 0]


@st.composite
def runs(draw: st.DrawFn) -> tuple[int, int, list[tuple[np.ndarray, np.ndarray, np.ndarray, int]]]:
    """Users, memory, and steps of (users online, feed, clicks, items so far); the catalogue may grow."""
    n_users, memory, slate, n_items = draw(st.integers(1, 5)), draw(st.integers(1, 9)), draw(st.integers(1, 12)), 6
    steps = []
    for _ in range(draw(st.integers(0, 5))):
        n_items += draw(st.integers(0, 3))
        users = np.array(sorted(draw(st.sets(st.integers(0, n_users - 1)))), np.int64)
        cells = len(users) * slate
        feed = np.array(draw(st.lists(st.integers(-1, n_items - 1), min_size=cells, max_size=cells)), np.int32)
        marks = np.array(draw(st.lists(st.booleans(), min_size=cells, max_size=cells)), bool)
        feed, marks = feed.reshape(len(users), slate), marks.reshape(len(users), slate)
        steps.append((users, feed, marks & (feed >= 0), n_items))
    return n_users, memory, steps


@given(runs())
@settings(max_examples=150, deadline=None)
def test_it_is_what_a_list_of_all_events_says(run: tuple) -> None:
    n_users, memory, steps = run
    n_topics = 4
    history, naive, n_items = History(n_users, n_topics, 6, memory, pairs=True), Naive(), 6
    for users, feed, clicks, n_items in steps:
        history.add(users, feed, clicks, topics_of(n_items, n_topics))
        naive.add(users, feed, clicks)
    topics, events = topics_of(n_items, n_topics), naive.events

    for user in range(n_users):
        rows = events[user]
        clicked = [item for item, mark in rows if mark]
        assert history.shown[user] == len(rows)
        assert history.clicks[user] == len(clicked)
        np.testing.assert_array_equal(history.shown_topics[user], topics[[item for item, _ in rows]].sum(axis=0))
        np.testing.assert_array_equal(history.clicked_topics[user], topics[clicked].sum(axis=0))
        assert recent(history, user) == rows[-memory:]
        within = [item for item, mark in rows[-memory:] if mark][::-1]
        for n in (1, 3, 20):
            wanted = (within + [-1] * n)[:n]
            assert history.last_clicked(n)[user].tolist() == wanted
            assert history.last_clicked(n, np.array([user]))[0].tolist() == wanted
    everything = [event for rows in events.values() for event in rows]
    shown, clicked_items = Counter(item for item, _ in everything), Counter(item for item, mark in everything if mark)
    assert history.item_shown.tolist() == [shown[item] for item in range(n_items)]
    assert history.item_clicks.tolist() == [clicked_items[item] for item in range(n_items)]
    for which, only_clicked in (("shown", False), ("clicks", True)):
        counts = Counter((user, item) for user in events for item, mark in events[user] if mark or not only_clicked)
        table = history.pairs(which).toarray()
        assert table.shape == (n_users, n_items)
        assert {(int(u), int(i)): int(table[u, i]) for u, i in np.argwhere(table)} == dict(counts)


def topics_of(n_items: int, n_topics: int) -> np.ndarray:
    """Shares that are sums of quarters, so that float32 sums are exact; an item keeps its topics as others come."""
    number = np.arange(n_items)
    topics = np.zeros((n_items, n_topics), np.float32)
    np.add.at(topics, (number, number % n_topics), np.float32(0.75))
    np.add.at(topics, (number, (number // 2) % n_topics), np.float32(0.25))
    return topics


def recent(history: History, user: int) -> list[tuple[int, bool]]:
    """The ring of a user, oldest first."""
    order = (int(history.shown[user]) + np.arange(history.memory)) % history.memory
    ring = zip(history.recent[user, order].tolist(), history.recent_clicked[user, order].tolist(), strict=True)
    return [(item, mark) for item, mark in ring if item >= 0]


def test_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(4)
    feed = generator.integers(-1, 30, (50, 7)).astype(np.int32)
    clicks = (generator.random((50, 7)) < 0.5) & (feed >= 0)
    topics = generator.dirichlet([0.2] * 5, 30).astype(np.float32)
    tables = []
    for chunk in (8192, 7):
        monkeypatch.setattr(module, "_CHUNK", chunk)
        history = History(50, 5, 30)
        history.add(np.arange(50), feed, clicks, topics)
        tables.append((history.shown_topics, history.clicked_topics, history.recent))
    for one, other in zip(*tables, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_click_in_an_empty_place_is_refused() -> None:
    history = History(1, 1, 1)
    with pytest.raises(ValueError, match="empty place"):
        history.add(np.array([0]), np.array([[-1]], np.int32), np.array([[True]]), np.ones((1, 1), np.float32))


def test_pairs_are_kept_only_for_who_needs_them() -> None:
    with pytest.raises(RuntimeError, match="the history keeps no pairs"):
        History(1, 1, 1).pairs("shown")


def test_long_feeds_of_few_users_are_summed_in_the_same_order():
    """Float32 sums depend on their order: those of two users alone are those of the same two among many."""
    luck = np.random.default_rng(4)
    topics = luck.random((500, 7)).astype(np.float32)
    feed = luck.permuted(np.tile(np.arange(500, dtype=np.int32), (400, 1)), axis=1)[:, :300]
    feed[luck.random(feed.shape) < 0.2] = -1
    many, few = History(400, 7, 500), History(400, 7, 500)
    many.add(np.arange(400), feed, np.zeros(feed.shape, bool), topics)
    few.add(np.array([3, 77]), feed[[3, 77]], np.zeros((2, 300), bool), topics)
    assert (many.shown_topics[[3, 77]] == few.shown_topics[[3, 77]]).all()
