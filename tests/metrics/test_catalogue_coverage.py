import numpy as np
import pytest

from cocoonsim.metrics.catalogue_coverage import CatalogueCoverage


def test_by_hand(moment_of):
    """Three users with two places, four items, of which three are shown (hand value of the naive oracle: 3/4)."""
    (reading,) = CatalogueCoverage().measure(moment_of(np.eye(4), [[0, 1], [0, 2], [0, 1]]))
    assert (reading.values[0], reading.null[0]) == (0.75, pytest.approx(7 / 8))  # missed by all three: (1/2)^3
    assert reading.users is None


def test_the_pool_is_what_exists_today(moment_of):
    (reading,) = CatalogueCoverage().measure(moment_of(np.eye(4), [[0, -1], [-1, -1]], lifespan=[9, 9, 1, 1], step=2))
    assert reading.values[0] == 0.5
    assert reading.null[0] == pytest.approx(0.5)  # one place in all
    (none,) = CatalogueCoverage().measure(moment_of(np.eye(2), [[-1]], lifespan=[1, 1], step=2))
    assert np.isnan([none.values[0], none.null[0]]).all()
    (nobody,) = CatalogueCoverage().measure(moment_of(np.eye(2), [[-1], [-1]]))
    assert np.isnan([nobody.values[0], nobody.null[0]]).all()


def test_tallies_of_shards_add_up(moment_of):
    rng = np.random.default_rng(0)
    moment = moment_of(np.eye(30), rng.permuted(np.tile(np.arange(30), (9, 1)), axis=1)[:, :3])
    metric = CatalogueCoverage()
    halves = [metric.tally(moment.only(part)) for part in (slice(0, 4), slice(4, None))]
    together = {name: halves[0][name] + halves[1][name] for name in halves[0]}
    assert metric.conclude(together, moment)[0].values == metric.measure(moment)[0].values
    assert metric.conclude(together, moment)[0].null == metric.measure(moment)[0].null


def test_no_excess_on_random_feeds(moment_of, standard_errors):
    rng = np.random.default_rng(1)
    many = np.tile(np.arange(60), (12, 1))
    readings = [
        CatalogueCoverage().measure(moment_of(np.eye(60), rng.permuted(many, axis=1)[:, :4])) for _ in range(300)
    ]
    assert abs(standard_errors(np.array([reading.excess[0] for (reading,) in readings]))) < 4
