"""The pictures: what they hold, that a step sends only what changed, and that both ways give the same picture."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cocoonsim import Scenario
from cocoonsim.app.panel import Panel
from cocoonsim.app.session import Session
from cocoonsim.app.views import network as network_view
from cocoonsim.app.views import popularity as popularity_view
from cocoonsim.app.views import put, views


def fresh(panel: Panel, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(views()[name].draw(panel).to_json())
    return found


@pytest.mark.parametrize("name", list(views()))
def test_moving_a_picture_gives_what_drawing_it_anew_gives(small: Scenario, name: str) -> None:
    session = Session(small.with_sets(["rewiring={kind: unfollow_discordant, chance: 0.5, tolerance: 0.1}"]))
    panel = session.panels["a"]
    picture = views()[name].draw(panel)
    for _ in range(16):
        session.advance()
        put(picture, views()[name].moving(panel))
    moved = json.loads(picture.to_json())
    assert moved["data"] == fresh(panel, name)["data"]
    assert moved["layout"] == fresh(panel, name)["layout"]


def test_a_step_sends_little(small: Scenario) -> None:
    session = Session(small.with_sets(["population.users=300", "influence=none"]))
    for _ in range(10):
        session.advance()
    panel = session.panels["a"]
    assert views()["network"].moving(panel) == {}, "nobody has moved"
    assert len(json.dumps(list(views()["diversity"].moving(panel).values()))) < 1000


@pytest.mark.parametrize("name", list(views()))
def test_every_picture_can_be_drawn_before_the_first_step_and_in_an_empty_world(name: str) -> None:
    bare = Scenario.from_dict(
        {"population": {"kind": "uniform", "users": 12}, "catalogue": {"kind": "topic_mix", "items": 20}}
    )
    panel = Panel(bare)
    for _ in range(2):
        assert views()[name].caption(panel)
        assert views()[name].draw(panel).data
        panel.advance()


def test_ties_across_the_middle_are_those_between_opposite_signs(small: Scenario) -> None:
    panel = Panel(small)
    source, target, crossing = network_view.ties(panel)
    opinion = panel.start.users.opinion[:, 0]
    arcs = list(zip(source.tolist(), target.tolist(), strict=True))
    assert sorted(arcs) == sorted((u, int(v)) for u in range(60) for v in panel.start.follows.of(u))
    assert crossing.tolist() == [bool(opinion[u] * opinion[v] < 0) for u, v in arcs]
    lines = network_view.tie_lines(panel)
    assert len(lines["data", 0, "x"]) == 3 * (~crossing).sum()
    assert len(lines["data", 1, "x"]) == 3 * crossing.sum()


def test_at_most_three_hundred_people_are_drawn_and_everybody_who_is_can_be_clicked(small: Scenario) -> None:
    panel = Panel(small.with_sets(["population.users=700"]))
    drawn = network_view.draw(panel)
    people = drawn.data[network_view.PEOPLE]
    assert len(people.x) == len(people.customdata) == 300
    assert list(people.customdata) == panel.drawn.tolist()


def test_shares_of_attention_by_hand(small: Scenario) -> None:
    panel = Panel(small.with_sets(["publishing=none"]))
    panel.advance()
    assert panel.moment is not None
    counts = np.sort(np.bincount(panel.moment.feed.ravel(), minlength=60))[::-1]
    by_hand = counts.reshape(10, 6).sum(axis=1) / counts.sum()
    assert popularity_view.shares(panel) == pytest.approx(by_hand)
