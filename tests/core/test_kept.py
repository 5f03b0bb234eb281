"""What is left of a history, against a history in which the rest never happened."""

import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.history import History
from cocoonsim.core.kept import ages, coarsened, forgotten, limited

USERS, ITEMS, TOPICS, SLATE, STEPS = 9, 30, 4, 3, 7
LUCK = Chance(5).generator("x")
ABOUT = LUCK.dirichlet(np.ones(TOPICS), ITEMS).astype(np.float32)
FEEDS = [np.stack([LUCK.permutation(ITEMS)[:SLATE] for _ in range(USERS)]).astype(np.int32) for _ in range(STEPS)]
CLICKS = [LUCK.random((USERS, SLATE)) < 0.4 for _ in range(STEPS)]
SOME = np.arange(USERS) % 3 != 0


def lived(steps, memory=100):
    history = History(USERS, TOPICS, ITEMS, memory, pairs=True, times=True)
    for step in steps:
        history.add(np.arange(USERS), FEEDS[step], CLICKS[step], ABOUT, step)
    return history


@pytest.mark.parametrize("since", [0, 3, 6, 7])
def test_a_limit_in_time_is_a_life_that_began_later(since):
    whole, late = lived(range(STEPS)), lived(range(since, STEPS))
    left = limited(whole, SOME, whole.recent_step >= since, ABOUT)
    for name in ("shown_topics", "clicked_topics"):
        assert np.allclose(getattr(left, name)[SOME], getattr(late, name)[SOME], atol=1e-6)
        assert (getattr(left, name)[~SOME] == getattr(whole, name)[~SOME]).all()
    assert (left.clicks == np.where(SOME, late.clicks, whole.clicks)).all()
    assert (left.last_clicked(50)[SOME] == late.last_clicked(50)[SOME]).all()
    for which in ("shown", "clicks"):
        dense = left.pairs(which).toarray()
        assert (dense[SOME] == late.pairs(which).toarray()[SOME]).all()
        assert (dense[~SOME] == whole.pairs(which).toarray()[~SOME]).all()


def test_ages_count_from_the_last_one_seen():
    history = lived(range(STEPS), memory=10)  # the ring has gone round twice
    assert history.recent[np.arange(USERS), (ages(history) == 1).argmax(axis=1)].tolist() == FEEDS[-1][:, -1].tolist()
    left = limited(history, SOME, ages(history) <= SLATE, ABOUT)
    assert np.allclose(left.shown_topics[SOME], lived([STEPS - 1]).shown_topics[SOME], atol=1e-6)


def test_who_is_forgotten_was_never_there():
    whole, left = lived(range(STEPS)), forgotten(lived(range(STEPS)), SOME)
    nobody = lived([])
    for name in ("shown_topics", "clicked_topics", "shown", "clicks", "recent", "recent_clicked"):
        wanted = np.where(
            SOME.reshape(-1, *[1] * (getattr(whole, name).ndim - 1)), getattr(nobody, name), getattr(whole, name)
        )
        assert (getattr(left, name) == wanted).all()
    assert (left.pairs("clicks").toarray()[SOME] == 0).all()
    assert (left.item_clicks == whole.item_clicks).all()


def test_groups_of_topics_cannot_be_told_apart():
    whole = lived(range(STEPS))
    left = coarsened(whole, SOME, 2)
    wanted = np.repeat(whole.clicked_topics.reshape(USERS, 2, 2).mean(axis=2), 2, axis=1)
    assert np.allclose(left.clicked_topics[SOME], wanted[SOME], atol=1e-6)
    assert (left.clicked_topics[~SOME] == whole.clicked_topics[~SOME]).all()
    assert coarsened(whole, SOME, TOPICS) is whole


def test_the_history_itself_stays():
    whole, twin = lived(range(STEPS)), lived(range(STEPS))
    for change in (
        lambda h: forgotten(h, SOME),
        lambda h: limited(h, SOME, h.recent_step >= 4, ABOUT),
        lambda h: coarsened(h, SOME, 2),
    ):
        change(whole)
        for name, value in vars(whole.settle()).items():
            if isinstance(value, np.ndarray):
                assert (value == getattr(twin, name)).all()
        assert (whole.pairs("clicks") != twin.pairs("clicks")).nnz == 0
