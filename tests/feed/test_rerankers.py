"""xquad, calibrated, determinantal, quota, fair_exposure, interleaved: against naive versions, user by user."""

import numpy as np
import pytest

from cocoonsim.core.slots import by_turns, fair_turns, reserve
from cocoonsim.core.world import item_vectors
from cocoonsim.feed.calibrated import Calibrated
from cocoonsim.feed.determinantal import Determinantal
from cocoonsim.feed.fair_exposure import FairExposure
from cocoonsim.feed.interleaved import Interleaved
from cocoonsim.feed.quota import Quota
from cocoonsim.feed.xquad import Xquad
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import Table, fill

SLATE = 6


def table(tiny):
    live = tiny.platform.live
    luck = tiny.dice.pairs("scores of the test", tiny.users, live)
    return Table(live, luck.astype(np.float32))


def candidates(tiny, given, user, depth):
    """The best `depth` ids of a user and their scores stretched to 0 ... 1."""
    order = np.argsort(-given.scores[user], kind="stable")[:depth]
    scores = given.scores[user][order].astype(float)
    return given.items[order], (scores - scores.min()) / (scores.max() - scores.min())


def greedy(ids, worth_of):
    """Fill SLATE places, each by the candidate with the largest `worth_of(chosen, candidate number)`."""
    chosen: list[int] = []
    for _ in range(SLATE):
        left = [j for j in range(len(ids)) if j not in chosen]
        chosen.append(max(left, key=lambda j: (worth_of(chosen, j), -j)))
    return [int(ids[j]) for j in chosen]


def mostly(rule, tiny, naive):
    """A tie of rounding may go the other way here and there; more would be another rule."""
    given = table(tiny)
    feed = fill(rule, tiny, given, SLATE)
    same = [feed[user].tolist() == naive(tiny, given, user) for user in tiny.users]
    assert np.mean(same) >= 0.95, f"{tiny.name}: {np.mean(same)}"


@pytest.mark.parametrize("balance", [0.0, 0.3, 1.0])
def test_xquad_is_the_formula_of_santos_et_al(balance):
    def naive(tiny, given, user):
        ids, worth = candidates(tiny, given, user, 20)
        about = tiny.world.items.topics[ids].astype(float)
        clicked = tiny.history.clicked_topics[user].astype(float)
        interest = clicked / clicked.sum() if clicked.sum() else np.full(8, 1 / 8)

        def value(chosen, j):
            news = sum(interest[t] * about[j, t] * np.prod([1 - about[c, t] for c in chosen]) for t in range(8))
            return round(balance * worth[j] + (1 - balance) * news, 6)

        return greedy(ids, value)

    for tiny in tiny_worlds("two_camps", "cold_start", "lonely_user"):
        mostly(Xquad(balance=balance, shortlist=20), tiny, naive)


@pytest.mark.parametrize("balance", [0.1, 0.6, 1.0])
def test_calibrated_is_stecks_greedy(balance):
    def naive(tiny, given, user):
        ids, worth = candidates(tiny, given, user, 20)
        about, clicked = tiny.world.items.topics[ids].astype(float), tiny.history.clicked_topics[user].astype(float)
        p = clicked / clicked.sum() if clicked.sum() else None

        def value(chosen, j):
            picked = [*chosen, j]
            total = balance * np.mean([worth[c] for c in picked])
            if p is not None:
                q = 0.99 * about[picked].mean(axis=0) + 0.01 * p
                total -= (1 - balance) * sum(p[t] * np.log(p[t] / q[t]) for t in range(8) if p[t] > 0)
            return round(total, 6)

        return greedy(ids, value)

    for tiny in tiny_worlds("two_camps", "cold_start", "lonely_user"):
        mostly(Calibrated(balance=balance, shortlist=20), tiny, naive)


def test_calibration_grows_with_its_weight():
    tiny = next(tiny_worlds("lonely_user"))
    some = tiny.history.clicks > 1
    p = tiny.history.clicked_topics[some] / tiny.history.clicked_topics[some].sum(axis=1, keepdims=True)
    distance = []
    for balance in (1.0, 0.5, 0.0):
        feed = fill(Calibrated(balance=balance, shortlist=60), tiny, table(tiny), SLATE)[some]
        q = 0.99 * tiny.world.items.topics[feed].mean(axis=1) + 0.01 * p
        distance.append(np.where(p > 0, p * np.log(np.maximum(p, 1e-12) / q), 0).sum(axis=1).mean())
    assert distance[0] > distance[1] > distance[2]


@pytest.mark.parametrize("weight", [0.0, 1.0, 3.0])
def test_determinantal_is_greedy_in_the_log_determinant(weight):
    def naive(tiny, given, user):
        ids, worth = candidates(tiny, given, user, 20)
        vectors = item_vectors(tiny.world.items).rows[ids].astype(float)
        arrows = np.exp(weight * worth)[:, None] * vectors

        def value(chosen, j):
            picked = arrows[[*chosen, j]]
            return round(float(np.linalg.slogdet(picked @ picked.T)[1]), 4)

        return greedy(ids, value)

    for tiny in tiny_worlds("cold_start", "lonely_user"):
        mostly(Determinantal(quality_weight=weight, shortlist=20), tiny, naive)


def test_more_places_than_directions_are_filled_by_score():
    tiny = next(tiny_worlds("monoculture"))
    given = table(tiny)
    feed = fill(Determinantal(), tiny, given, SLATE)
    assert (feed == given.items[np.argsort(-given.scores, axis=1, kind="stable")[:, :SLATE]]).all()


@pytest.mark.parametrize("by", ["topic", "stance", "group"])
@pytest.mark.parametrize("share", [0.0, 0.34, 1.0])
def test_the_quota_is_met_where_it_can_be(by, share):
    for tiny in tiny_worlds("two_camps", "lonely_user", "cold_start"):
        given, items = table(tiny), tiny.world.items
        feed = fill(Quota(quota=share, by=by), tiny, given, SLATE)
        plain = given.items[np.argsort(-given.scores, axis=1, kind="stable")]
        for user in tiny.users:
            clicked = tiny.history.clicked_topics[user]
            liked = [
                items.stance[i, 0]
                for i, c in zip(tiny.history.recent[user], tiny.history.recent_clicked[user], strict=True)
                if c
            ]
            if by == "topic":
                out = (items.topics.argmax(axis=1) != clicked.argmax()) & clicked.any()
            elif by == "stance":
                out = items.stance[:, 0] * (np.mean(liked) if liked else 0.0) < 0
            else:
                out = items.group != tiny.world.users.group[user]
            wanted = min(int(np.ceil(share * SLATE - 1e-9)), int(out[given.items].sum()))
            assert out[feed[user]].sum() == max(wanted, out[plain[user, :SLATE]].sum())
            kept = [i for i in feed[user] if i in plain[user, :SLATE]]
            assert kept == [i for i in plain[user, :SLATE] if i in kept]  # the order stays


def test_reserve_does_not_show_anything_twice():
    feed = np.array([[1, 2, 3, 4]], np.int32)
    special = np.array([[False, False, True, False]])
    assert reserve(feed, special, np.array([[3, 9, 8]], np.int32), 2).tolist() == [[1, 2, 3, 9]]
    assert reserve(feed, special, np.array([[3, -1, -1]], np.int32), 4).tolist() == [[1, 2, 3, 4]]


@pytest.mark.parametrize("share", [0.0, 0.13, 0.5, 0.9, 1.0])
def test_turns_are_fair_in_every_place(share):
    luck = (np.arange(100_000) + 0.5) / 100_000  # every value of luck once: the mean is the expectation
    turns = fair_turns(share, luck, 7)
    assert turns.mean(axis=0) == pytest.approx(np.full(7, share), abs=2e-5)
    assert (np.abs(turns.cumsum(axis=1) - share * np.arange(1, 8)) <= 1 + 1e-6).all()


def test_turns_pass_on_when_a_list_has_run_out():
    one, other = np.array([[1, -1, -1]]), np.array([[5, 6, -1]])
    assert by_turns(one, other, np.array([[True, True, False, True, True]])).tolist() == [[1, 5, 6, -1, -1]]


def test_fair_exposure_gives_each_kind_its_share_best_first():
    counts = np.zeros(SLATE)
    for seed in range(60):
        tiny = next(tiny_worlds("two_camps")).with_dice(seed)
        given = table(tiny)
        feed = fill(FairExposure(group=1), tiny, given, SLATE)
        group = tiny.world.items.group
        counts += (group[feed] == 1).sum(axis=0)
        for user in (0, 47):
            for kind in (0, 1):
                mine = [i for i in feed[user] if group[i] == kind]
                ranked = given.items[np.argsort(-given.scores[user], kind="stable")]
                assert mine == [i for i in ranked if group[i] == kind][: len(mine)]
    n, target = 60 * 48, (tiny.world.items.group[tiny.platform.live] == 1).mean()
    assert (np.abs(counts - n * target) <= 4 * np.sqrt(n * target * (1 - target))).all()


def test_new_items_stand_at_random_places():
    places = np.zeros(SLATE)
    for seed in range(80):
        tiny = next(tiny_worlds("cold_start")).with_dice(seed)  # everything is new in step 0
        old = tiny.world.with_items(created=np.where(np.arange(64) < 60, -5, 0).astype(np.int32))
        object.__setattr__(tiny, "world", old)
        feed = fill(Interleaved(places=2), tiny, table(tiny), SLATE)
        assert ((feed >= 60).sum(axis=1) == 2).all()
        places += (feed >= 60).sum(axis=0)
    n = 80 * 48
    assert (np.abs(places - n / 3) <= 4 * np.sqrt(n * 2 / 9)).all()


def test_without_news_the_best_are_shown():
    tiny = next(tiny_worlds("two_camps"))
    given = table(tiny)
    best = given.items[np.argsort(-given.scores, axis=1, kind="stable")[:, :SLATE]]
    assert (fill(Interleaved(places=0), tiny, given, SLATE) == best).all()
    assert (fill(Interleaved(places=3), tiny, given, SLATE) == best).all()  # nothing appeared in step 6
