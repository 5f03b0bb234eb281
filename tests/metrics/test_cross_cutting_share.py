import numpy as np
import pytest

from cocoonsim.metrics.cross_cutting_share import CrossCuttingShare


def test_shown_against_the_definition(moment_of):
    """Item by item: stance times opinion below 0, among the items that lean; no side, no share."""
    rng = np.random.default_rng(0)
    stance = rng.choice([-1.0, -0.3, 0.0, 0.6], 30)
    opinion = rng.choice([-0.5, 0.0, 0.9], 40)
    feed = rng.permuted(np.tile(np.arange(30), (40, 1)), axis=1)[:, :4]
    feed[5, 2:] = -1
    moment = moment_of(rng.dirichlet([1, 1], 30), feed, feed % 3 == 0, opinion=opinion, stance=stance)
    readings = {reading.stage: reading for reading in CrossCuttingShare().measure(moment)}
    for stage, chosen in (("shown", feed >= 0), ("clicked", (feed % 3 == 0) & (feed >= 0))):
        for user in range(40):
            lean = [stance[i] for i in feed[user][chosen[user]] if stance[i]]
            known = lean and opinion[user]
            expected = np.mean([y * opinion[user] < 0 for y in lean]) if known else np.nan
            assert readings[stage].values[user] == pytest.approx(expected, nan_ok=True)


def test_only_the_first_dimension_has_sides(moment_of):
    moment = moment_of(np.eye(2), [[0, 1]], opinion=[[0.5, -1]], stance=[[-1, 1], [1, 1]])
    assert CrossCuttingShare().measure(moment)[2].values[0] == 0.5


def test_no_excess_at_any_stage_of_a_random_world(moment_of, standard_errors):
    """Feeds, clicks, authors and follows at random: no stage narrows. The pool is fixed, so authors are dealt out anew."""
    rng = np.random.default_rng(2)
    stance = np.concatenate([np.full(20, -0.5), np.full(8, 0.5), np.zeros(4)])
    excess: dict[str, list[float]] = {}
    for _ in range(40):
        feed = rng.permuted(np.tile(np.arange(32), (100, 1)), axis=1)[:, :5]
        moment = moment_of(
            np.eye(32), feed, rng.random((100, 5)) < 0.3, opinion=rng.choice([-0.5, 0.9], 100), stance=stance,
            author=rng.permutation(np.arange(32) % 16), arcs=[(u, rng.integers(0, 16)) for u in range(100)],
        )  # fmt: skip
        for reading in CrossCuttingShare().measure(moment):
            excess.setdefault(reading.stage, []).append(np.nanmean(reading.excess))
    assert set(excess["chance"]) == {0.0}
    for stage in ("network", "shown", "clicked"):
        assert abs(standard_errors(np.array(excess[stage]))) < 4, stage
