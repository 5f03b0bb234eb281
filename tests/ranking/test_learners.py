"""bpr, linear_bandit, adaptive_estimate, trending: against gradients, textbook formulas and plain loops."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Chance, Dice
from cocoonsim.ranking.adaptive_estimate import AdaptiveEstimate
from cocoonsim.ranking.bpr import Bpr
from cocoonsim.ranking.linear_bandit import LinearBandit
from cocoonsim.ranking.trending import Trending
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import scores


def test_bpr_tells_two_blocks_apart(stand):
    """Planted: users of a half click a random two thirds of their half's items; held-out pairs rank above the rest."""
    luck = Chance(1).generator("x")
    pairs = [(u, i) for u in range(40) for i in range(40) if (u < 20) == (i < 20)]
    kept = luck.random(len(pairs)) < 2 / 3
    here = stand(
        np.ones((40, 1)), np.ones((40, 1)), seen=[(u, i, True) for (u, i), k in zip(pairs, kept, strict=True) if k]
    )
    given = here.scores(Bpr(epochs=60))
    above = [
        given[u, i] > given[u, j]
        for (u, i), k in zip(pairs, kept, strict=True)
        if not k
        for j in range(40)
        if (u < 20) != (j < 20)
    ]
    assert np.mean(above) > 0.9


def test_bpr_moves_along_the_gradient():
    """A step of `_move` is the learning rate times the gradient of sum ln sigmoid(margin) - pull/2 |vectors|^2 per triple."""
    luck = Chance(2).generator("x")
    users, items, bias = luck.normal(size=(3, 4)), luck.normal(size=(5, 4)), luck.normal(size=5)
    user, liked, other = np.array([0, 1, 0, 2]), np.array([1, 1, 2, 4]), np.array([0, 3, 4, 2])
    policy = Bpr(rank=4, learning_rate=1e-6, regularisation=0.3)

    def objective(p, q, b):
        total = 0.0
        for u, i, j in zip(user, liked, other, strict=True):
            total += np.log(1 / (1 + np.exp(-(p[u] @ (q[i] - q[j]) + b[i] - b[j]))))
            total -= 0.15 * (p[u] @ p[u] + q[i] @ q[i] + q[j] @ q[j] + b[i] ** 2 + b[j] ** 2)
        return total

    moved = users.copy(), items.copy(), bias.copy()
    policy._move(*moved, user, liked, other)
    whole = (users, items, bias)
    for which in range(3):
        for place in np.ndindex(whole[which].shape):
            up, down = ([part.copy() for part in whole] for _ in range(2))
            up[which][place] += 1e-5
            down[which][place] -= 1e-5
            slope = (objective(*up) - objective(*down)) / 2e-5
            assert (moved[which] - whole[which])[place] / 1e-6 == pytest.approx(slope, abs=1e-4)


@pytest.mark.parametrize("exploration", [0.0, 1.7])
def test_linear_bandit_is_algorithm_1_of_li_et_al(exploration):
    for tiny in tiny_worlds():
        given = scores(LinearBandit(exploration=exploration, regularisation=0.5), tiny)
        x = tiny.world.items.topics.astype(float)
        x /= np.sqrt((x * x).sum(axis=1, keepdims=True))
        for user in (0, 7, 30):
            a, b = 0.5 * np.eye(8), np.zeros(8)
            for item, clicked in zip(tiny.history.recent[user], tiny.history.recent_clicked[user], strict=True):
                if item >= 0:
                    a += np.outer(x[item], x[item])
                    b += clicked * x[item]
            theta = np.linalg.solve(a, b)
            wanted = [x[i] @ theta + exploration * np.sqrt(x[i] @ np.linalg.solve(a, x[i])) for i in tiny.platform.live]
            assert given[user] == pytest.approx(wanted, abs=2e-3)  # item vectors lie on the 2^-12 grid


def test_adaptive_estimate_is_the_rule_of_li_and_piao():
    """x_k += dt (g+ accepted_k + g- rejected_k)(1 - x_k) + sigma sqrt(dt) N; clip to [0, 1]; scale to 1 (REPLICATIONS R9)."""
    scenario = Scenario.from_dict(
        {
            "steps": 12, "slate": 5, "population": {"kind": "uniform", "users": 15}, "influence": "none", "choice": "bernoulli",
            "catalogue": {"kind": "topic_mix", "items": 60, "topics": 4, "one_topic": True},
            "ranking": {"kind": "adaptive_estimate", "gain_positive": 8.0, "gain_negative": -3.0, "noise": 0.2, "dt": 0.05},
            "feed": {"kind": "softmax", "inverse_temperature": 4.0},
        }
    )  # fmt: skip
    estimate, last = None, None
    for moment in play(scenario, seed=3):
        model = moment.state.model
        if estimate is None:
            estimate = model.shares.copy()
            assert estimate.sum(axis=1) == pytest.approx(np.ones(15))
        else:
            luck = Dice(3, moment.step).normal("adaptive estimate", np.arange(15), 4)
            for user in range(15):
                for topic in range(4):
                    gain = 0.0
                    for item, clicked in zip(last[0][user], last[1][user], strict=True):
                        gain += (8.0 if clicked else -3.0) * float(moment.world.items.topics[item, topic])
                    x = estimate[user, topic]
                    luck[user, topic] = x + 0.05 * gain * (1 - x) + 0.2 * np.sqrt(0.05) * luck[user, topic]
            estimate = np.clip(luck, 0, 1)
            estimate /= estimate.sum(axis=1, keepdims=True)
            assert model.shares == pytest.approx(estimate, abs=1e-12)
        last = (moment.feed.copy(), moment.clicks.copy())


def test_adaptive_estimate_scores_by_shares():
    for tiny in tiny_worlds():
        policy = AdaptiveEstimate()
        model = policy.learn_on(tiny.platform, tiny.dice, None)
        wanted = model.shares @ tiny.world.items.topics[tiny.platform.live].T
        assert scores(policy, tiny, model=model) == pytest.approx(wanted, abs=8 * 2**-12 * 2)


def test_heat_halves_every_half_life():
    scenario = Scenario.from_dict(
        {
            "steps": 9, "slate": 4, "population": {"kind": "uniform", "users": 30},
            "ranking": {"kind": "trending", "half_life": 2.0},
            "catalogue": {"kind": "topic_mix", "items": 20, "topics": 4}, "publishing": {"kind": "releases", "items": 2},
        }
    )  # fmt: skip
    clicks = []
    for moment in play(scenario):
        heat = moment.state.model.heat
        wanted = np.zeros(len(heat))
        for step, clicked in enumerate(clicks):
            np.add.at(wanted, clicked, 0.5 ** ((moment.step - step - 1) / 2.0))
        assert heat == pytest.approx(wanted, abs=1e-9)
        clicks.append(moment.feed[moment.clicks])
    assert Trending().carries
