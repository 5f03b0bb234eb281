"""The history against one kept naively, event by event, in dictionaries and lists."""

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocoonsim.core import history as module
from cocoonsim.core.blocks import Blocks
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


def test_threads_that_note_different_parts_get_what_one_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)
    topics = generator.dirichlet([0.2] * 5, 30).astype(np.float32)
    batches = []
    for _ in range(6):
        users = generator.permutation(90)[:60]
        feed = generator.integers(-1, 30, (60, 7)).astype(np.int32)
        batches.append((users, feed, (generator.random((60, 7)) < 0.5) & (feed >= 0)))
    alone, shared = (History(90, 5, 30, memory=11, pairs=True, times=True) for _ in range(2))
    for step, batch in enumerate(batches):
        alone.add(*batch, topics, step)
    for name, value in {"_AT_ONCE": 10, "_CHUNK": 7, "_COUNTED": 9}.items():
        monkeypatch.setattr(module, name, value)
    blocks = Blocks(threads=3)
    for step, batch in enumerate(batches):
        shared.add(*batch, topics, step, blocks)
    blocks.close()
    for column in ("shown_topics", "clicked_topics", "shown", "clicks", "item_shown", "item_clicks",
                   "recent", "recent_clicked", "recent_step"):  # fmt: skip
        np.testing.assert_array_equal(getattr(shared, column), getattr(alone, column))
    for which in ("shown", "clicks"):
        np.testing.assert_array_equal(shared.pairs(which).toarray(), alone.pairs(which).toarray())


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


def test_a_look_in_between_changes_nothing() -> None:
    """What waits is added up when somebody looks at it, part by part; a copy has what was added until then."""
    luck = np.random.default_rng(5)
    topics = luck.dirichlet([0.2] * 5, 40).astype(np.float32)
    looked, left = (History(30, 5, 40, 12, pairs=True, times=True) for _ in range(2))
    looks = (
        lambda: looked.shown_topics, lambda: looked.clicked_topics, lambda: looked.item_clicks,
        lambda: looked.recent, lambda: looked.pairs("clicks"), lambda: looked.copy().shown,
    )  # fmt: skip
    early = None
    for step in range(60):
        users = np.sort(luck.permutation(30)[: luck.integers(1, 30)])
        feed = luck.integers(-1, 40, (len(users), 6)).astype(np.int32)
        clicks = (luck.random(feed.shape) < 0.4) & (feed >= 0)
        for history in (looked, left):
            history.add(users, feed, clicks, topics, step)
        looks[step % len(looks)]()
        if step == 30:
            early, known = left.copy(), looked.copy()
    assert early is not None
    for one, other in ((looked, left), (known, early)):
        other.settle()
        for name, column in vars(one.settle()).items():
            if isinstance(column, np.ndarray):
                assert column.tobytes() == vars(other)[name].tobytes(), name
        for which in ("shown", "clicks"):
            assert (one.pairs(which) != other.pairs(which)).nnz == 0
    assert early.shown.sum() < left.shown.sum()


def test_threads_that_look_at_the_same_time_see_it_whole() -> None:
    feed, clicks = np.zeros((1000, 3), np.int32), np.ones((1000, 3), bool)
    topics = np.ones((1, 2), np.float32)
    for _ in range(20):
        history = History(1000, 2, 1)
        for _ in range(20):
            history.add(np.arange(1000), feed, clicks, topics)
        with ThreadPoolExecutor(4) as pool:
            sums = list(pool.map(lambda _: int(history.shown.sum()) + int(history.item_shown[0]), range(4)))  # noqa: B023
        assert sums == [2 * 1000 * 3 * 20] * 4


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 50)
    history, topics = History(4, 1, 9), np.ones((9, 1), np.float32)
    for _ in range(100):
        history.add(np.arange(4), np.zeros((4, 5), np.int32), np.zeros((4, 5), bool), topics)
        assert sum(batch.feed.size for batch in history._waiting.get("log", ())) <= 50
    assert history.shown.tolist() == [500] * 4
