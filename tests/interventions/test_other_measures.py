"""non_profiling_option, downrank_arousal, media_literacy, translation, warning_label, cross_group_links, audit."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Dice
from cocoonsim.core.errors import UserError
from cocoonsim.interventions.audit import Audit, interval
from cocoonsim.interventions.cross_group_links import CrossGroupLinks, strangers
from cocoonsim.interventions.downrank_arousal import DownrankArousal
from cocoonsim.interventions.media_literacy import MediaLiteracy
from cocoonsim.interventions.non_profiling_option import NonProfilingOption
from cocoonsim.interventions.translation import Translation
from cocoonsim.interventions.warning_label import WarningLabel
from cocoonsim.testing import tiny_worlds

BASE = {
    "steps": 6, "slate": 5, "population": {"kind": "two_camps", "users": 80}, "ranking": "engagement",
    "catalogue": {"kind": "partisan_news", "items": 120, "topics": 6}, "choice": "bernoulli",
    "network": {"kind": "blocks", "degree": 6},
}  # fmt: skip


def run(*interventions, **more):
    return list(play(Scenario.from_dict({**BASE, **more, "interventions": list(interventions)})))


def test_who_takes_the_option_sees_the_same_order_as_everybody_else():
    for order, column in (("newest", "created"), ("most_clicked", "clicks")):
        parts = {"publishing": {"kind": "releases", "items": 9}, "ranking": "content"}
        moment = run({"kind": "non_profiling_option", "order": order}, **parts)[-1]
        values = moment.platform.item(column)
        best = np.sort(values[moment.live])[::-1][:5]
        assert (values[moment.feed] == best).all()
    half, plain = (run(*given, ranking="content")[0] for given in ([OPTION], []))
    assert (half.feed == plain.feed).all()  # all items are as new, nobody has clicked: the same ties
    half, plain = (run(*given, ranking="content")[-1] for given in ([OPTION], []))
    treated = (half.feed != plain.feed).any(axis=1)
    assert 0.25 < treated.mean() < 0.75


OPTION = {"kind": "non_profiling_option", "order": "newest", "share": 0.5, "start": 1}


def test_inflammatory_items_lose_their_part_of_the_score():
    for tiny in tiny_worlds("two_camps", "lonely_user"):
        view = tiny.view()
        scores = np.broadcast_to(
            np.array([-1.0, 0.0, 2.0, -np.inf], np.float32)[np.arange(view.shape[1]) % 4], view.shape
        )
        arousal = tiny.world.items.arousal[view.items].astype(float)
        for strength in (0.3, 1.0):
            after = DownrankArousal(strength=strength).on_scores(scores, view)[0]
            kept = np.maximum(1 - strength * arousal, 2.0**-20)
            wanted = np.where(scores[0] > 0, scores[0] * kept, scores[0] / kept)
            assert after == pytest.approx(wanted, rel=1e-5)
            assert (after <= scores[0]).all()


def test_less_inflammatory_feeds_with_downranking():
    feeds = [
        np.concatenate([m.world.items.arousal[m.feed] for m in run(*given)]).mean()
        for given in ([], [{"kind": "downrank_arousal", "strength": 1.0}])
    ]
    assert feeds[1] < feeds[0] - 0.05


def test_literacy_is_lent_and_given_back():
    moments = run({"kind": "media_literacy", "level": 0.6, "start": 2, "stop": 4, "share": 0.5})
    for moment in moments:
        literate = moment.world.users.literacy > 0
        assert literate.any() == (2 <= moment.step < 4)
        assert not moment.after.users.literacy.any()
        if literate.any():
            assert 0.2 < literate.mean() < 0.8
            assert set(np.unique(moment.world.users.literacy)) == {np.float32(0), np.float32(0.6)}


def test_what_is_muted_is_not_shown():
    for moment in run({"kind": "media_literacy", "level": 0.0, "mute": 0.4}):
        assert (moment.world.items.arousal[moment.feed[moment.feed >= 0]] <= 0.4).all()
    tiny = next(tiny_worlds("two_camps"))
    assert MediaLiteracy(mute=1.0).on_scores(np.ones((1, 1), np.float32), tiny.view()).tolist() == [[1.0]]


def test_translation_brings_other_communities_into_the_clicks():
    parts = {
        "catalogue": {"kind": "multilingual", "items": 120, "topics": 6, "bridges": 0.0},
        "ranking": "shuffled",
        "choice": "accepts_all",
    }
    foreign = []
    for given in ([], [{"kind": "translation", "quality": 0.5}], [{"kind": "translation", "quality": 1.0}]):
        other = clicked = 0
        for m in run(*given, **parts):
            across = m.world.items.group[m.feed] != m.world.users.group[m.users][:, None]
            other, clicked = other + across.sum(), clicked + (m.clicks & across).sum()
        foreign.append(clicked / other)
    assert foreign[0] == 0.0
    assert foreign[1] == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(other))
    assert foreign[2] == 1.0
    with pytest.raises(UserError, match="nothing to translate"):
        run({"kind": "translation"})


def test_labels_keep_some_from_clicking_and_the_ranking_does_not_know():
    plain, warned = (
        run(choice="accepts_all"),
        run({"kind": "warning_label", "heed": 0.4, "threshold": 0.5}, choice="accepts_all"),
    )
    assert (plain[0].feed == warned[0].feed).all()
    labelled = clicked = 0
    for m in warned:
        mark = m.world.items.labelled[m.feed]
        assert m.clicks[~mark].all()
        labelled, clicked = labelled + mark.sum(), clicked + m.clicks[mark].sum()
        assert not m.after.items.labelled.any()
    assert abs(clicked - 0.6 * labelled) <= 4 * np.sqrt(0.24 * labelled)


def test_links_across_groups_are_made_once_and_stay():
    moments = run({"kind": "cross_group_links", "links": 2, "start": 3})
    before, after = moments[2].after.follows, moments[3].world.follows
    group = moments[0].world.users.group
    assert (moments[5].after.follows.targets == after.targets).all()
    for user in range(80):
        new = set(after.of(user).tolist()) - set(before.of(user).tolist())
        assert set(before.of(user).tolist()) <= set(after.of(user).tolist())
        assert len(new) <= 2
        assert all(group[other] != group[user] for other in new)
    assert after.n_arcs - before.n_arcs > 0.9 * 160  # a draw may hit somebody who is followed already


def test_strangers_are_drawn_evenly_from_the_other_groups():
    group = np.array([2, 0, 1, 0, 2, 2])
    row, person = strangers(group, np.array([4]), 30_000, Dice(1, 0))
    assert (row == 0).all()
    counts = np.bincount(person, minlength=6)
    assert (counts[[0, 4, 5]] == 0).all()
    assert (np.abs(counts[[1, 2, 3]] - 10_000) <= 4 * np.sqrt(30_000 * 2 / 9)).all()
    assert not strangers(np.zeros(3, np.int64), np.arange(3), 2, Dice(1, 0))[1].size
    assert not CrossGroupLinks(links=2).active(1)


def test_the_interval_is_cochrans():
    """Sample 1, 2, 3, 4 of 8: mean 2.5, s^2 = 5/3, t(3, .975) = 3.18245 (tables), so 2.5 -+ 3.18245 sqrt(5/12 x 1/2)."""
    low, high = interval(np.array([1.0, 2.0, 3.0, 4.0]), 8, 0.95)
    assert (low, high) == pytest.approx((2.5 - 3.18245 * np.sqrt(5 / 24), 2.5 + 3.18245 * np.sqrt(5 / 24)), abs=1e-4)
    assert np.isnan(interval(np.array([1.0]), 8, 0.95)).all()


def test_an_audit_reports_the_mean_of_its_probes_beside_the_truth():
    moment = run()[-1]
    audit = Audit(probes=20)
    said = {stat: value for _, stat, value in audit.watch(moment)}
    everybody = audit.measure.measure(moment)[0].values
    assert said["truth"] == pytest.approx(everybody.mean())
    assert said["n"] == 20
    assert said["low"] < said["mean"] < said["high"]
    whole = {stat: value for _, stat, value in Audit(probes=10_000).watch(moment)}
    assert whole["mean"] == whole["low"] == whole["high"] == pytest.approx(whole["truth"])
    refused = {stat: value for _, stat, value in Audit(probes=80, compliance=0.5).watch(moment)}
    assert 20 < refused["n"] < 60
    assert [Audit(every=3, start=2).active(step) for step in range(6)] == [False, False, True, False, False, True]
    assert Audit(measure="catalogue_coverage").problems()[0][0] == "measure"


def test_measures_that_would_do_nothing_are_refused():
    plain = next(tiny_worlds("monoculture"))
    assert Translation().misfits(plain.world, 5)[0][0] == "quality"
    calm = plain.world.with_items(harmful=np.zeros(64, bool), arousal=np.zeros(64, np.float32))
    assert WarningLabel().misfits(calm, 5)[0][0] == "threshold"
    assert not NonProfilingOption(share=0.0).active(3)
