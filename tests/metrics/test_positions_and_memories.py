import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.moment import Moment
from cocoonsim.core.world import PlatformView, World, content, people
from cocoonsim.metrics.held_items import HeldItems
from cocoonsim.metrics.positions import Positions


def moment(opinion, memory=None, arcs=()):
    opinion = np.array(opinion, float)
    n = len(opinion)
    held = {} if memory is None else {"memory": np.array(memory, np.int32)}
    sources, targets = np.array(arcs, np.int64).reshape(-1, 2).T
    world = World(
        1,
        people(np.ones((n, 1)), opinion=opinion, **held),
        content(np.ones((9, 1))),
        Follows.from_arcs(n, sources, targets),
    )
    history = History(n, 1, 9)
    feed = np.full((n, 1), -1, np.int32)
    platform = PlatformView.of(world, history)
    return Moment(1, world, world, history, np.arange(n), feed, feed >= 0, platform, Chance(1).at(1))


def value(metric, of):
    return float(metric.measure(of)[0].values[0])


SQUARE = [[0, 0], [3, 0], [3, 4], [0, 4]]


def test_spread_and_ties_in_the_plane():
    of = moment(SQUARE, arcs=[(0, 1), (1, 0), (0, 2)])
    assert value(Positions(), of) == pytest.approx(2.5)  # variances 2.25 and 4
    ties = Positions(statistic="ties").measure(of)[0]
    assert ties.values[0] == pytest.approx((3 + 3 + 5) / 3)
    assert float(np.ravel(ties.null)[0]) == pytest.approx((3 + 4 + 5) / 3)  # two pairs each at 3, 4 and 5
    assert np.isnan(value(Positions(statistic="ties"), moment(SQUARE)))


def test_clusters_are_linked_step_by_step_and_must_be_large_enough():
    chain = [[0.09 * k, 0] for k in range(5)]
    far = [[2, 0.09 * k] for k in range(4)]
    metric = Positions(statistic="clusters", link=0.1, least=5)
    assert value(metric, moment(chain + far)) == 1
    assert value(Positions(statistic="clusters", link=0.1, least=4), moment(chain + far)) == 2
    assert value(Positions(statistic="clusters", link=0.08, least=1), moment(chain + far)) == 9
    assert value(Positions(statistic="clusters", link=0.05, least=1), moment([[0, 0]] * 600 + [[1, 1]])) == 2


def test_who_holds_the_same():
    memory = [[1, 2, -1], [2, 3, -1], [3, 2, 8], [5, -1, -1]]
    of = moment(SQUARE, memory)
    assert value(HeldItems(), of) == pytest.approx((2 + 2 + 3 + 1) / 4)
    assert value(HeldItems(statistic="sharers"), of) == pytest.approx((2 + 2 + 2 + 0) / 4)
    # distances to sharers: 0: 3, 5; 1: 3, 4; 2: 4, 5; 3: none
    assert value(HeldItems(statistic="distance", counts_self=False), of) == pytest.approx((4 + 3.5 + 4.5 + 0) / 4)
    assert value(HeldItems(statistic="distance"), of) == pytest.approx((8 + 7 + 9) / 3 / 4)


def test_sharers_by_a_loop_over_more_people_than_a_block():
    generator = np.random.default_rng(1)
    n = 700
    place, memory = generator.uniform(-1, 1, (n, 2)), generator.integers(-1, 9, (n, 2))
    sets = [set(row.tolist()) - {-1} for row in memory]
    wanted = []
    for one in range(n):
        others = [two for two in range(n) if two != one and sets[one] & sets[two]]
        wanted.append(sum(np.hypot(*(place[one] - place[two])) for two in others) / (len(others) + 1))
    assert value(HeldItems(statistic="distance"), moment(place, memory)) == pytest.approx(np.mean(wanted))


def test_without_memories_there_is_nothing_to_say():
    assert np.isnan(value(HeldItems(), moment(SQUARE)))
    assert HeldItems().misfits(moment(SQUARE).world, 1)[0][0] == "statistic"
