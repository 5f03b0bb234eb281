"""What the platform may know: data_minimisation, retention_limit, private_clicks, opt_out."""

from math import exp

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Dice
from cocoonsim.interventions.data_minimisation import DataMinimisation
from cocoonsim.interventions.opt_out import OptOut
from cocoonsim.interventions.private_clicks import PrivateClicks
from cocoonsim.interventions.retention_limit import RetentionLimit
from cocoonsim.testing import tiny_worlds

BASE = {
    "steps": 8, "slate": 5, "memory": 60, "ranking": "content", "population": {"kind": "uniform", "users": 60},
    "catalogue": {"kind": "topic_mix", "items": 80, "topics": 6}, "influence": "reinforcement",
}  # fmt: skip


def moments(*interventions, **more):
    scenario = Scenario.from_dict({**BASE, **more, "interventions": list(interventions)})
    return [(m.feed.copy(), m.clicks.copy(), m.platform, m.history) for m in play(scenario)]


def same(one, other):
    return all((a[0] == b[0]).all() and (a[1] == b[1]).all() for a, b in zip(one, other, strict=True))


def test_rules_that_forbid_nothing_change_nothing():
    plain = moments()
    for kind, loose in (
        ("data_minimisation", {"groups": 0}), ("data_minimisation", {"groups": 6}), ("retention_limit", {"keep": 8}),
        ("private_clicks", {"privacy_budget": 50.0}), ("opt_out", {"share": 0.0}),
    ):  # fmt: skip
        assert same(plain, moments({"kind": kind, **loose})), kind


def test_who_opted_out_is_served_like_a_stranger_and_the_rest_as_before():
    """Content ranking looks at nobody else, so those who stay are untouched; a stranger's content scores are all ties."""
    plain, opted = moments(), moments({"kind": "opt_out", "share": 0.5})
    scenario = Scenario.from_dict({**BASE, "interventions": [{"kind": "opt_out", "share": 0.5}]})
    last = list(play(scenario))[-1]
    out = ~last.platform.declared.consent
    assert 0.2 < out.mean() < 0.8
    for (feed, clicks, _, _), (other_feed, other_clicks, platform, _) in zip(plain, opted, strict=True):
        assert (feed[~out] == other_feed[~out]).all()
        assert (clicks[~out] == other_clicks[~out]).all()
        assert not platform.user("clicked_topics")[out].any()
    never = moments(ranking="shuffled")
    assert not same(never, opted)


def test_consent_comes_back_when_the_measure_ends():
    scenario = Scenario.from_dict({**BASE, "interventions": [{"kind": "opt_out", "start": 2, "stop": 4}]})
    consent = [(m.world.users.consent.any(), m.after.users.consent.all()) for m in play(scenario)]
    assert consent == [(True, True)] * 2 + [(False, True)] * 2 + [(True, True)] * 4


def test_retention_keeps_so_many_steps():
    for step, (_, _, platform, history) in enumerate(moments({"kind": "retention_limit", "keep": 2})):
        shown = platform.user("shown_topics").sum(axis=1)
        assert shown == pytest.approx(np.full(60, 5.0 * min(step, 2)), abs=1e-4)
        del history


def test_a_window_keeps_so_many_items():
    for step, (_, _, platform, _) in enumerate(moments({"kind": "data_minimisation", "groups": 0, "window": 7})):
        assert platform.user("shown_topics").sum(axis=1) == pytest.approx(np.full(60, min(5.0 * step, 7)), abs=1e-4)


def test_the_platform_notes_lies_as_often_as_epsilon_says():
    """Warner's randomised response: the truth with probability e^eps / (1 + e^eps)."""
    users, slate = np.arange(20_000), 8
    feed = np.tile(np.arange(slate, dtype=np.int32), (len(users), 1))
    feed[:, -1] = -1
    clicks = np.zeros(feed.shape, bool)
    clicks[:, :3] = True
    tiny = next(tiny_worlds("two_camps"))
    for epsilon in (0.0, 1.0, 3.0):
        noted = PrivateClicks(privacy_budget=epsilon).change_record(tiny.world, users, feed, clicks, Dice(1, 0))
        lies = (noted != clicks)[:, :-1]
        chance = 1 / (1 + exp(epsilon))
        for place in range(slate - 1):
            assert abs(lies[:, place].sum() - len(users) * chance) <= 4 * np.sqrt(len(users) * chance * (1 - chance))
        assert not noted[:, -1].any()


def test_private_clicks_do_not_change_what_people_click():
    """The feeds of the first step are the same, and so are the clicks; only what the platform learns from them differs."""
    plain, private = moments(), moments({"kind": "private_clicks", "privacy_budget": 0.0})
    assert same(plain[:1], private[:1])
    assert not same(plain[1:], private[1:])


def test_settings_that_cannot_be():
    tiny = next(tiny_worlds("two_camps"))
    assert DataMinimisation(groups=9).misfits(tiny.world, 5)[0][0] == "groups"
    assert not DataMinimisation(groups=8).misfits(tiny.world, 5)
    assert "times" in RetentionLimit.needs
    for rule in (OptOut, RetentionLimit, DataMinimisation):
        assert rule().filters
    assert not PrivateClicks().filters
