"""Follow one person: the parts add up, the other policy's feed is the one it would have made, portraits are theirs."""

from __future__ import annotations

import numpy as np
import pytest

from cocoonsim import Scenario
from cocoonsim.app.panel import Panel, idea_of
from cocoonsim.app.person import feed_elsewhere, feed_of, portrait, width
from cocoonsim.app.session import Session
from cocoonsim.assemble import assemble
from cocoonsim.core.errors import UserError
from cocoonsim.whatif import would_show


@pytest.fixture
def session(small: Scenario) -> Session:
    made = Session(small)
    for _ in range(5):
        made.advance()
    return made


def test_the_parts_of_a_card_add_up_to_its_score(session: Session) -> None:
    panel = session.panels["a"]
    assert panel.moment is not None
    for user in range(5):
        feed = feed_of(panel, user)
        assert [card.item for card in feed.cards] == panel.moment.feed[user].tolist()
        assert [card.clicked for card in feed.cards] == panel.moment.clicks[user].tolist()
        for card in feed.cards:
            assert card.score == pytest.approx(sum(value for _, value in card.parts), abs=1e-6)
            assert card.topic == f"topic {panel.world.items.topics[card.item].argmax() + 1}"


def test_a_score_without_parts_is_named_after_its_ranking(session: Session) -> None:
    cards = feed_of(session.panels["b"], 0).cards
    assert {name for card in cards for name, _ in card.parts} == {"newest"}


def test_the_other_policy_shows_what_it_would_have_shown(session: Session, small: Scenario) -> None:
    """A hand-made answer: newest-first shows the ids with the latest date of publishing; own policy shows the own feed."""
    panel, other = session.panels["a"], session.panels["b"]
    assert panel.moment is not None
    created = panel.moment.world.items.created
    latest = np.sort(created[panel.moment.live])[-5:]
    elsewhere = feed_elsewhere(panel, other, 7)
    assert np.sort([created[card.item] for card in elsewhere.cards]).tolist() == latest.tolist()
    itself = feed_elsewhere(panel, panel, 7)
    assert [card.item for card in itself.cards] == panel.moment.feed[7].tolist()
    assert itself.note == "5 of these 5 are in the feed above."


@pytest.mark.parametrize("sets", [[], ["ranking=factorisation"], ["ranking=social", "feed=softmax"]])
def test_would_show_gives_the_runs_own_feeds_to_everybody(small: Scenario, sets: list[str]) -> None:
    panel = Panel(small.with_sets([*sets, "interventions=[{kind: data_minimisation, groups: 2}]"]))
    for _ in range(3):
        panel.advance()
    assert panel.moment is not None
    assert (would_show(panel.parts, panel.moment, panel.moment.users) == panel.moment.feed).all()


def test_what_was_not_kept_cannot_be_used(session: Session, small: Scenario) -> None:
    moment = session.panels["a"].moment
    assert moment is not None
    with pytest.raises(UserError, match="needs pairs that the other platform has not kept"):
        would_show(assemble(small.with_sets(["ranking=user_knn"])), moment, moment.users)


def test_someone_who_is_not_online_is_shown_nothing(small: Scenario) -> None:
    panel = Panel(small.with_sets(["activity={kind: share, share: 0.5}"]))
    panel.advance()
    assert panel.moment is not None
    away = next(user for user in range(60) if user not in panel.moment.users)
    assert feed_of(panel, away).note == "Was not online in this step."
    assert feed_elsewhere(panel, panel, away).cards == ()


def test_where_people_come_one_after_another_the_reason_is_told_why_there_is_none(small: Scenario) -> None:
    panel = Panel(small.with_sets(["activity=one_at_a_time"]))
    panel.advance()
    assert panel.moment is not None
    feed = feed_of(panel, int(panel.moment.users[0]))
    assert feed.cards
    assert "cannot be explained afterwards" in feed.note


def test_a_portrait_shows_the_person_and_the_clicks(session: Session) -> None:
    panel = session.panels["a"]
    assert panel.moment is not None
    user = 11
    found = portrait(panel, user, most=6)
    assert found is not None
    interests = panel.world.users.interests[user]
    assert np.sort(found.now) == pytest.approx(np.sort(interests), abs=1e-3)
    clicked = panel.moment.history.clicked_topics[user]
    assert np.sort(found.idea) == pytest.approx(np.sort(clicked / max(clicked.sum(), 1)), abs=1e-3)
    assert found.steps == [0, 1, 2, 3, 4]
    assert found.wide[-1] == pytest.approx(width(interests.astype(float)), rel=1e-2)


def test_the_platforms_idea_is_empty_before_the_first_click(small: Scenario) -> None:
    panel = Panel(small)
    assert portrait(panel, 0) is None
    panel.advance()
    assert panel.moment is not None
    assert (idea_of(panel.moment) == 0).all()
    found = portrait(panel, 0)
    assert found is not None
    assert np.isnan(found.idea_wide).all()


def test_only_those_who_are_drawn_have_a_portrait(small: Scenario) -> None:
    panel = Panel(small.with_sets(["population.users=400"]))
    panel.advance()
    assert len(panel.drawn) == 300
    stranger = next(user for user in range(400) if user not in panel.drawn)
    assert portrait(panel, stranger) is None
