import numpy as np

from cocoonsim.catalogue.multilingual import Multilingual
from cocoonsim.core.chance import Chance

N = 60_000


def within(count, chance):
    return abs(count - N * chance) <= 4 * np.sqrt(N * chance * (1 - chance)) + 1e-9


def test_shares_of_communities_and_bridges():
    items = Multilingual(items=N, communities=3, first_share=0.6, bridges=0.1, gap=1.2, spread=0.0).build(Chance(1))
    for group, share, place in ((0, 0.6, -0.6), (1, 0.2, 0.0), (2, 0.2, 0.6)):
        assert within((items.group == group).sum(), share)
        assert np.allclose(items.stance[items.group == group], place)
    assert within((~items.closed).sum(), 0.1)


def test_one_community_has_everything():
    assert (Multilingual(communities=1).build(Chance(1)).group == 0).all()
    assert (Multilingual(communities=4, first_share=0.0).build(Chance(1)).group > 0).all()
