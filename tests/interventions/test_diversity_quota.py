import math

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.topk import TopK
from cocoonsim.interventions.diversity_quota import DiversityQuota
from cocoonsim.testing import tiny_worlds


def carry_out(measure, tiny, slate=8, depth=12):
    """(view, scores, feed before, feed after) on a tiny world, scored by what users clicked and a little luck."""
    view, salts = tiny.view(), np.arange(len(tiny.users), dtype=np.uint32)
    scores = view.affinity(view.user("clicked_topics")) + np.float32(0.1) * view.uniform("test scores")
    lists = {"best": scores, **measure.shortlists(scores, view)}
    for name, values in lists.items():
        top = TopK(depth, salts)
        top.push(values, view.items)
        view.lists[name] = top.result()
    before = view.lists["best"][1][:, :slate]
    return view, scores, before, measure.on_feed(before, view)


def is_outside(measure, tiny, user, item):
    """By the definition in the docstring, in plain Python."""
    items, history = tiny.world.items, tiny.history
    if measure.by == "topic":
        clicked = history.clicked_topics[user]
        return bool(clicked.any()) and int(np.argmax(items.topics[item])) != int(np.argmax(clicked))
    stances = [
        items.stance[i] for i, c in zip(history.recent[user], history.recent_clicked[user], strict=True) if i >= 0 and c
    ]
    return bool(stances) and float(np.dot(np.mean(stances, axis=0), items.stance[item])) < 0


@pytest.mark.parametrize("by", ["topic", "stance"])
@pytest.mark.parametrize("quota", [0.1, 0.5, 1.0])
def test_same_as_a_plain_loop(by, quota):
    measure = DiversityQuota(quota=quota, by=by)
    changed = 0
    for tiny in tiny_worlds("two_camps", "cold_start", "lonely_user"):
        view, scores, before, after = carry_out(measure, tiny)
        for user in tiny.users:
            outside = {int(i) for i in view.items if is_outside(measure, tiny, user, i)}
            wanted = before[user].tolist()
            missing = math.ceil(8 * quota) - sum(i in outside for i in wanted)
            best = sorted(outside - set(wanted), key=lambda i: -scores[user][np.searchsorted(view.items, i)])
            newcomers = best[: max(missing, 0)]
            usual = [place for place, i in enumerate(wanted) if i not in outside]
            for place, item in zip(usual[len(usual) - len(newcomers) :], newcomers, strict=True):
                wanted[place] = item
            assert after[user].tolist() == wanted
            changed += wanted != before[user].tolist()
    assert changed > 10


def scenario(*interventions, **parts):
    return Scenario.from_dict(
        {
            "steps": 6, "slate": 10, "population": {"kind": "uniform", "users": 60}, "choice": "argmax",
            "catalogue": {"kind": "topic_mix", "items": 300, "topics": 5}, "interventions": list(interventions), **parts,
        }
    )  # fmt: skip


@pytest.mark.parametrize("by", ["topic", "stance"])
def test_zero_quota_changes_no_bit(by):
    plain = [moment.feed.copy() for moment in play(scenario())]
    for none in ({"quota": 0.0}, {"share": 0.0}, {"compliance": 0.0}, {"start": 6}):
        measure = {"kind": "diversity_quota", "by": by, **none}
        for one, other in zip(play(scenario(measure)), plain, strict=True):
            assert (one.feed == other).all()


def test_quota_is_kept_in_a_run_for_those_it_reaches():
    measure = {"kind": "diversity_quota", "quota": 0.7, "share": 0.5}
    fewer = 0
    for moment in play(scenario(measure)):
        treated = DiversityQuota(quota=0.7, share=0.5).treated(moment.users, moment.dice)
        assert 0 < treated.sum() < 60
        clicked = moment.history.clicked_topics
        outside = moment.world.items.topics.argmax(axis=1)[moment.feed] != clicked.argmax(axis=1)[:, None]
        enough = outside.sum(axis=1) >= 7
        assert enough[treated & clicked.any(axis=1)].all()
        fewer += (~enough[~treated]).sum()
    assert fewer > 100


def test_two_quotas_at_once_and_any_blocks():
    both = [{"kind": "diversity_quota", "quota": 0.3}, {"kind": "diversity_quota", "quota": 0.4, "by": "stance"}]
    runs = [
        np.concatenate([moment.feed.copy() for moment in play(scenario(*both, feed="maximal_marginal"), blocks=blocks)])
        for blocks in (Blocks(threads=1), Blocks(users=7, items=41, threads=2))
    ]
    assert (runs[0] == runs[1]).all()
    assert (np.sort(runs[0], axis=1)[:, 1:] > np.sort(runs[0], axis=1)[:, :-1]).all()  # no item twice
