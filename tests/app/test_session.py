"""What a page holds: two runs on the same draws, changes, and what becomes of closed pages."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.app.limits import fitted
from cocoonsim.app.record import Record
from cocoonsim.app.session import Session, Sessions
from cocoonsim.core.errors import UserError
from cocoonsim.metrics import number


def test_both_panels_play_the_arms_of_the_story_on_the_same_draws(small: Scenario) -> None:
    session = Session(small)
    assert session.arms == {"a": "own taste", "b": "newest first"}
    a, b = session.panels["a"], session.panels["b"]
    assert (a.start.users.interests == b.start.users.interests).all()
    assert (a.start.follows.targets == b.start.follows.targets).all()
    for _ in range(3):
        session.advance()
    for arm, panel in (("own taste", a), ("newest first", b)):
        *_, expected = (moment for moment, _ in zip(play(small.arms()[arm]), range(3), strict=False))
        assert panel.moment is not None
        assert (panel.moment.feed == expected.feed).all(), arm
        assert (panel.moment.clicks == expected.clicks).all(), arm


def test_reset_plays_the_same_again(small: Scenario) -> None:
    session = Session(small)
    session.advance()
    first = session.panels["a"].moment
    session.advance()
    session.reset()
    assert session.step == 0
    session.advance()
    again = session.panels["a"].moment
    assert first is not None
    assert again is not None
    assert (first.feed == again.feed).all()


def test_another_arm_starts_both_again(small: Scenario) -> None:
    session = Session(small)
    session.advance()
    session.choose("b", "at random")
    assert session.step == 0
    assert session.panels["b"].scenario.spec("ranking")["kind"] == "shuffled"
    assert session.panels["a"].scenario.spec("ranking")["kind"] == "content"


def test_a_run_ends_and_says_why(small: Scenario) -> None:
    session = Session(small.with_sets(["steps=2"]))
    assert session.advance()
    assert session.advance()
    assert not session.advance()
    assert session.panels["a"].ended == "steps"


def test_one_change_in_one_panel_from_the_start(small: Scenario) -> None:
    session = Session(small)
    session.set_panel("b", ["ranking=quality"], "ranking quality")
    assert session.panels["b"].title == "Newest first, with ranking quality"
    assert session.panels["b"].scenario.spec("ranking")["kind"] == "quality"
    assert session.panels["a"].title == "Own taste"
    session.choose("a", "at random")
    assert session.panels["b"].scenario.spec("ranking")["kind"] == "quality"
    session.set_panel("b", ["feed=softmax"], "feed softmax")  # one change: it takes the place of the last
    assert session.panels["b"].scenario.spec("ranking")["kind"] == "newest"
    session.choose("b", "newest first")
    assert session.panels["b"].scenario.spec("feed")["kind"] == "top"


def test_a_change_from_now_on_keeps_the_past(small: Scenario) -> None:
    session = Session(small)
    for _ in range(4):
        session.advance()
    before = session.panels["a"].world
    session.set_panel("a", ["ranking=newest"], "newest", onward=True)
    assert session.step == 4
    session.advance()
    moment = session.panels["a"].moment
    assert moment is not None
    assert moment.step == 4
    assert (moment.world.users.opinion == before.users.opinion).all()
    assert (moment.world.items.created[moment.feed] == 4).all(), "everyone is shown what is new in this step"
    assert session.panels["a"].record.numbers["effective_topics.shown"].steps == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("sets", "why"),
    [
        (["population.users=50"], "population is part of the world"),
        (["influence=none"], "influence is part of the world"),
        (["ranking=user_knn"], "must have watched from the first step"),
        (["retrain_every=3"], "must have watched from the first step"),
        (["ranking.window=-1"], "window"),
    ],
)
def test_what_cannot_change_half_way_is_refused_and_nothing_is_lost(small: Scenario, sets: list[str], why: str) -> None:
    session = Session(small)
    session.advance()
    with pytest.raises(UserError, match=why):
        session.set_panel("a", sets, "a change", onward=True)
    assert session.advance()
    assert session.step == 2


def test_a_change_before_the_first_step_is_no_change_half_way(small: Scenario) -> None:
    with pytest.raises(UserError, match="nothing has been played yet"):
        Session(small).set_panel("a", ["ranking=newest"], "newest", onward=True)


def test_a_wrong_setting_leaves_everything_as_it_was(small: Scenario) -> None:
    session = Session(small)
    session.advance()
    with pytest.raises(UserError, match=r"population\.users"):
        session.set_world(["population.users=-3"])
    with pytest.raises(UserError, match="does not fit a catalogue of 60 items"):
        session.set_world(["slate=100", "publishing=none"])
    assert session.step == 1
    assert session.advance()


def test_another_world_is_shared_by_both(small: Scenario) -> None:
    session = Session(small)
    session.follow = 55
    session.set_world(["population.users=50", "seed=9"])
    assert {panel.world.n_users for panel in session.panels.values()} == {50}
    assert {panel.scenario.seed for panel in session.panels.values()} == {9}
    assert session.follow is None, "there is no user 55 any more"


def test_a_large_scenario_is_made_smaller_and_says_so() -> None:
    large = Scenario.from_dict(
        {"population": {"kind": "uniform", "users": 1_000_000}, "catalogue": {"kind": "topic_mix", "items": 30_000}}
    )
    small, words = fitted(large)
    assert small.spec("population")["users"] == 5000
    assert small.spec("catalogue")["items"] == 20_000
    assert "1,000,000 people and 30,000 items" in words
    assert "5,000 people and 20,000 items" in words
    assert fitted(small) == (small, "")


def test_the_past_of_a_long_run_takes_no_more_than_a_fixed_number_of_points() -> None:
    record = Record(np.zeros(30), np.arange(5))
    for step in range(1234):
        record.note(step, {"effective_topics": [number(step, 1.0)]})
        record.note_people(step, np.zeros(30), np.full((30, 4), 0.25), np.zeros((30, 4)))
    assert len(record.numbers) == 2
    for series in (*record.numbers.values(), record.opinions, record.portraits):
        assert series.most / 2 <= len(series) <= series.most
        assert series.steps[-1] == 1233
        assert len(set(np.diff(series.steps[:-1]))) == 1, "evenly spread"
    assert record.numbers["effective_topics.shown"].values == record.numbers["effective_topics.shown"].steps
    assert record.last("effective_topics.shown", over=1) == 1233


def test_sessions_are_apart_and_are_let_go(small: Scenario) -> None:
    now = [0.0]
    sessions = Sessions(lambda: Session(small), idle=600, now=lambda: now[0], most=2)
    one, two = sessions.get("one"), sessions.get("two")
    one.advance()
    assert (one.step, two.step) == (1, 0)
    with pytest.raises(UserError, match="2 pages are open already"):
        sessions.get("three")
    now[0] = 500.0
    assert sessions.alive("two")
    now[0] = 700.0
    assert sessions.sweep() == 1
    assert "one" not in sessions
    assert "two" in sessions
    assert not sessions.alive("one")
    sessions.end("two")
    sessions.end("two")
    assert len(sessions) == 0


def test_a_closed_page_frees_its_memory(small: Scenario) -> None:
    sessions = Sessions(lambda: Session(small), idle=600, now=lambda: 0.0)
    session = sessions.get("one")
    session.advance()
    history = weakref.ref(session.panels["a"].moment.history)
    del session
    sessions.end("one")
    gc.collect()
    assert history() is None
