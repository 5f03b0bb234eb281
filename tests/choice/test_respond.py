"""What comes before and after a model of clicking: attention, closed items, warnings, deliberate acts."""

import numpy as np
import pytest

from cocoonsim.choice.accepts_all import AcceptsAll
from cocoonsim.choice.bernoulli import Bernoulli
from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.testing import tiny_worlds

N = 40_000
DICE = Dice(5, 3)


def world(items: dict | None = None, **users) -> World:
    """N people of group 0 or 1 who like topic 0 best, and four items, the last one furthest from them."""
    topics = np.array([[1.0, 0, 0], [0.8, 0.2, 0], [0, 1.0, 0], [0, 0, 1.0]])
    crowd = people(np.tile([0.7, 0.2, 0.1], (N, 1)), **{"group": np.arange(N) % 2, **users})
    return World(0, crowd, content(topics, **(items or {})), Follows.none(N))


def responses(model, this: World, feed=(0, 1, 2, 3)) -> np.ndarray:
    return model.respond(this, np.arange(N), np.tile(np.array(feed, np.int32), (N, 1)), DICE)


def within(count: int, chance: float, n: int = N) -> bool:
    return abs(count - n * chance) <= 4 * np.sqrt(n * chance * (1 - chance)) + 1e-9


def test_with_nothing_special_it_is_choose_bit_for_bit():
    for tiny in tiny_worlds():
        plain = tiny.world.with_users(literacy=np.zeros(tiny.world.n_users, np.float32))
        for model in (Bernoulli(), AcceptsAll()):
            chosen = model.choose(plain, tiny.users, tiny.feed, tiny.dice)
            assert (model.respond(plain, tiny.users, tiny.feed, tiny.dice) == chosen).all()


def test_only_the_first_places_are_looked_at():
    assert responses(AcceptsAll(places=2), world()).sum(axis=0).tolist() == [N, N, 0, 0]
    assert responses(AcceptsAll(places=9), world()).all()


@pytest.mark.parametrize(("power", "discount"), [(0.8, 1.0), (0.0, 0.7), (1.5, 0.9)])
def test_attention_falls_with_the_rank(power, discount):
    clicked = responses(AcceptsAll(attention_power=power, attention_discount=discount), world()).sum(axis=0)
    for place, count in enumerate(clicked):
        assert within(count, (place + 1) ** -power * discount**place)


def test_closed_items_are_for_their_group_only():
    closed = world({"closed": np.array([True, True, False, False]), "group": np.array([0, 1, 0, 1])})
    clicks = responses(AcceptsAll(), closed)
    assert (clicks[0::2] == [True, False, True, True]).all()
    assert (clicks[1::2] == [False, True, True, True]).all()


def test_translation_opens_items_once_and_for_all():
    items = {"closed": np.array([True, True, False, False]), "group": np.array([0, 1, 0, 1])}
    translated = world(items, translates=np.full(N, 0.6, np.float32))
    today = responses(AcceptsAll(), translated)
    tomorrow = AcceptsAll().respond(
        translated, np.arange(N), np.tile([0, 1, 2, 3], (N, 1)).astype(np.int32), Dice(5, 4)
    )
    assert (today == tomorrow).all()
    assert within(today[0::2, 1].sum(), 0.6, N // 2)
    assert within(today[1::2, 0].sum(), 0.6, N // 2)
    assert responses(AcceptsAll(), world(items, translates=np.ones(N, np.float32))).all()


def test_warnings_are_heeded_with_the_chance_that_stands_in_the_column():
    heeds = np.where(np.arange(N) < N // 2, 0.3, 0.0).astype(np.float32)
    warned = world({"labelled": np.array([False, True, False, True])}, heeds=heeds)
    clicks = responses(AcceptsAll(), warned)
    assert clicks[:, [0, 2]].all()
    assert clicks[N // 2 :].all()
    for place in (1, 3):
        assert within(clicks[: N // 2, place].sum(), 0.7, N // 2)


def test_who_acts_deliberately_clicks_the_furthest_readable_item_and_nothing_else():
    literate = world(literacy=np.where(np.arange(N) < N // 2, 0.4, 0.0).astype(np.float32))
    clicks = responses(Bernoulli(most=0.0), literate)  # impulse clicks nothing
    assert not clicks[N // 2 :].any()
    assert not clicks[:, :3].any()
    assert within(clicks[: N // 2, 3].sum(), 0.4, N // 2)
    closed = {"closed": np.array([False, False, False, True]), "group": np.full(4, 7)}
    clicks = responses(Bernoulli(most=0.0), world(closed, literacy=np.ones(N, np.float32)))
    assert (clicks == [False, False, True, False]).all()


def test_an_empty_feed_is_no_trouble():
    literate = world(literacy=np.ones(N, np.float32))
    assert not responses(AcceptsAll(attention_power=1.0), literate, feed=(-1, -1, -1)).any()
