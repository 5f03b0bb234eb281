import sys

import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import people
from cocoonsim.network.lfr import Lfr


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkit", None)
    with pytest.raises(UserError, match=r'pip install "cocoonsim\[graphs\]"'):
        Lfr().build(people(np.ones((100, 1))), Chance(1))


def test_settings_that_do_not_go_together():
    assert Lfr(degree=50).problems()[0][0] == "most"
    assert Lfr(least_size=200).problems()[0][0] == "most_size"


@pytest.mark.parametrize(("n", "least", "most"), [(60, 20, 100), (30, 7, 7), (50, 26, 49)])
def test_community_sizes_that_do_not_add_up_are_refused_before_they_crash_or_hang(n, least, most):
    pytest.importorskip("networkit", reason="the extra graphs is not installed")
    with pytest.raises(UserError, match=f"communities of {least} to {most} users do not add up to {n} users"):
        Lfr(degree=3, most=5, least_size=least, most_size=most).build(people(np.ones((n, 1))), Chance(1))


def test_mixing_and_degree_are_met_over_the_groups_of_the_population():
    pytest.importorskip("networkit", reason="the extra graphs is not installed")
    users = people(np.ones((1000, 1)), group=np.arange(1000) % 20)
    for mixing in (0.1, 0.4):
        follows = Lfr(mixing=mixing).build(users, Chance(1))
        assert follows.n_arcs / 1000 == pytest.approx(12, rel=0.1)
        assert follows.degree.max() <= 50
        crossing = (users.group[follows.sources()] != users.group[follows.targets]).mean()
        assert crossing == pytest.approx(mixing, abs=0.04)  # each node rounds its own number of outer ties
        assert (follows.reversed().targets == follows.targets).all()
    alone = Lfr().build(people(np.ones((1000, 1))), Chance(1))
    assert alone.n_arcs / 1000 == pytest.approx(12, rel=0.1)
    one_way = Lfr(mutual=False).build(users, Chance(1))
    assert one_way.n_arcs == Lfr().build(users, Chance(1)).n_arcs // 2
