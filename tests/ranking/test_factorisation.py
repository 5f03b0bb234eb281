from itertools import pairwise

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import PlatformView
from cocoonsim.ranking.factorisation import Factorisation
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.worlds import lonely_user


def naive_solve(counts, others, regularisation, confidence):
    """Equation (4) of Hu, Koren & Volinsky (2008), row by row with dense matrices: (Y'CY + lambda I)^-1 Y'C p."""
    rows = []
    for count in counts:
        weight = np.diag(1 + confidence * count)
        left = others.T @ weight @ others + regularisation * np.eye(others.shape[1])
        rows.append(np.linalg.inv(left) @ others.T @ weight @ (count > 0))
    return np.array(rows)


def loss(counts, users, items, regularisation, confidence):
    """Equation (3) of the same."""
    error = (counts > 0) - users @ items.T
    return ((1 + confidence * counts) * error**2).sum() + regularisation * ((users**2).sum() + (items**2).sum())


@pytest.mark.parametrize(("rank", "regularisation", "confidence"), [(1, 1.0, 40.0), (3, 0.1, 5.0), (7, 10.0, 1.0)])
def test_vectors_solve_the_published_equations(rank, regularisation, confidence):
    for tiny in tiny_worlds():
        counts = tiny.history.pairs("clicks").toarray().astype(float)
        policies = [
            Factorisation(rank=rank, regularisation=regularisation, confidence=confidence, iterations=n)
            for n in (1, 2, 3, 40)
        ]
        models = [policy.learn(tiny.platform, tiny.dice) for policy in policies]
        for model in models:
            items = naive_solve(counts.T, model.users, regularisation, confidence)
            assert np.allclose(model.items, items, rtol=1e-6, atol=1e-8)
        # the users of the second turn answer the items of the first
        users = naive_solve(counts, models[0].items, regularisation, confidence)
        assert np.allclose(models[1].users, users, rtol=1e-6, atol=1e-8)
        losses = [loss(counts, m.users, m.items, regularisation, confidence) for m in models]
        assert all(later <= earlier + 1e-9 for earlier, later in pairwise(losses))


def test_scores_keep_the_order_of_the_products(stand):
    tiny = lonely_user()
    policy = Factorisation(rank=4)
    model = policy.learn(tiny.platform, tiny.dice)
    view = tiny.view()
    view.model = model
    given = policy.score(view)
    length = np.linalg.norm(model.users, axis=1, keepdims=True)
    wanted = np.divide(model.users @ model.items.T, length, out=np.zeros((48, 64)), where=length > 0)
    # each vector on the grid is off by less than 2^-12 in each of four parts
    assert np.abs(given - wanted[:, view.items]).max() <= 8 * 2**-12 * np.linalg.norm(model.items, axis=1).max()


def test_checkerboard_is_completed(stand):
    """Even users like even items: an item that a user has not clicked is told from the other half by what others did."""
    rng = np.random.default_rng(5)
    seen = [(u, i, True) for u in range(20) for i in range(20) if u % 2 == i % 2 and rng.random() < 0.6]
    here = stand(np.ones((21, 1)), np.ones((21, 1)), seen=seen)
    scores = here.scores(Factorisation(rank=2))
    for user in range(20):
        same = np.arange(20) % 2 == user % 2
        assert scores[user, :20][same].min() > scores[user, :20][~same].max()
    assert (scores[20] == 0).all()  # a user without clicks
    assert (scores[:, 20] == 0).all()  # an item without clicks


def test_a_rank_above_the_number_of_items_is_refused():
    scenario = {"ranking": {"kind": "factorisation", "rank": 400}, "catalogue": {"kind": "topic_mix", "items": 200}}
    with pytest.raises(UserError, match=r"rank = 400 but the catalogue has 200 items\. Use a rank below 200"):
        next(play(Scenario.from_dict(scenario)))
    tiny = lonely_user()
    assert Factorisation(rank=64).misfits(tiny.world, 8) == []


def test_learns_the_same_from_other_dice_and_in_other_blocks():
    tiny = lonely_user()
    one, other = (Factorisation().learn(tiny.platform, Dice(seed, 6)) for seed in (1, 2))
    assert (one.items == other.items).all()
    scenario = Scenario.from_dict(
        {
            "steps": 3, "slate": 5, "population": {"kind": "uniform", "users": 60}, "ranking": "factorisation",
            "catalogue": {"kind": "topic_mix", "items": 80, "topics": 4}, "retrain_every": 2,
        }
    )  # fmt: skip
    runs = [
        np.concatenate([moment.feed.copy() for moment in play(scenario, blocks=blocks)])
        for blocks in (Blocks(threads=1), Blocks(users=7, items=9, threads=2))
    ]
    assert (runs[0] == runs[1]).all()


def test_items_published_since_the_last_lesson_score_zero(stand):
    before = stand(np.ones((3, 1)), np.ones((4, 1)), seen=[(0, 1, True), (1, 2, True), (2, 1, True)])
    model = Factorisation(rank=2).learn(PlatformView.of(before.world, before.history), Dice(1, 0))
    after = stand(np.ones((3, 1)), np.ones((6, 1)))
    view = PlatformView.of(after.world, after.history)

    class Learnt(Factorisation):
        def learn(self, platform, dice):
            return model

    assert view.n_items == 6
    scores = after.scores(Learnt(rank=2))
    assert (scores[:, 4:] == 0).all()
    assert (scores[0, :4] == before.scores(Factorisation(rank=2))[0]).all()
