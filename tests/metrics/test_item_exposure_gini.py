import numpy as np
import pytest

from cocoonsim.metrics.item_exposure_gini import ItemExposureGini


def test_by_hand(moment_of):
    """Exposures 3, 2, 1, 0: the differences of all pairs sum to 20, over 2 * 4 * 6 (hand value of the naive oracle)."""
    (reading,) = ItemExposureGini().measure(moment_of(np.eye(4), [[0, 1], [0, 2], [0, 1]]))
    assert reading.values[0] == pytest.approx(20 / 48)
    (equal,) = ItemExposureGini().measure(moment_of(np.eye(2), [[0, 1], [1, 0]]))
    assert (equal.values[0], equal.null[0]) == (0, pytest.approx(0))
    (nothing,) = ItemExposureGini().measure(moment_of(np.eye(2), [[-1, -1]]))
    assert np.isnan([nothing.values[0], nothing.null[0]]).all()


def test_against_the_naive_oracle_with_expired_items_left_out(moment_of, oracle):
    rng = np.random.default_rng(0)
    lifespan = np.where(np.arange(30) < 20, 9, 1)
    feed = rng.permuted(np.tile(np.arange(20), (7, 1)), axis=1)[:, :5]
    (reading,) = ItemExposureGini().measure(moment_of(np.eye(30), feed, lifespan=lifespan))
    counts = np.bincount(feed.ravel(), minlength=20).tolist()
    assert reading.values[0] == pytest.approx(oracle("exposure").gini(counts), abs=1e-12)


def test_tallies_of_shards_add_up(moment_of):
    rng = np.random.default_rng(0)
    feed = rng.permuted(np.tile(np.arange(30), (9, 1)), axis=1)[:, :3]
    feed[2, 1:] = -1
    moment, metric = moment_of(np.eye(30), feed), ItemExposureGini()
    halves = [metric.tally(moment.only(part)) for part in (slice(0, 4), slice(4, None))]
    together = {name: halves[0][name] + halves[1][name] for name in halves[0]}
    assert metric.conclude(together, moment)[0].values == metric.measure(moment)[0].values
    assert metric.conclude(together, moment)[0].null == metric.measure(moment)[0].null


@pytest.mark.parametrize("slate", [1, 4])
def test_no_excess_on_random_feeds(moment_of, standard_errors, slate):
    rng = np.random.default_rng(1)
    many = np.tile(np.arange(40), (25, 1))

    def feed():
        feed = rng.permuted(many, axis=1)[:, :slate]
        feed[:5, 2:] = -1
        return feed

    readings = [ItemExposureGini().measure(moment_of(np.eye(40), feed())) for _ in range(300)]
    assert abs(standard_errors(np.array([reading.excess[0] for (reading,) in readings]))) < 4
