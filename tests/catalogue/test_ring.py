import numpy as np
import pytest

from cocoonsim.catalogue.ring import Ring
from cocoonsim.core.chance import Chance
from cocoonsim.core.gaussian import ring_values


@pytest.mark.parametrize(("n", "rho"), [(4, 0.5), (7, 0.9), (200, 0.7), (5, 0.0)])
def test_values_have_the_covariance_of_aridor_et_al(n, rho):
    """S_nm = sigma^2 rho^d, d the hop distance on the ring; a covariance of m draws errs by about 1/sqrt(m)."""
    draws, spread = 40_000, 1.5
    luck = Chance(1).generator("x").standard_normal((2, draws, n))
    values = ring_values(luck[0] + 1j * luck[1], rho, spread)
    hop = np.abs(np.arange(n)[:, None] - np.arange(n)[None, :])
    hop = np.minimum(hop, n - hop)
    wanted = spread**2 * np.where(hop == 0, 1.0, rho**hop)
    seen = values.T @ values / draws
    error = spread**2 * np.sqrt((1 + (wanted / spread**2) ** 2) / draws)
    assert (np.abs(seen - wanted) <= 5 * error).all()


def test_topics_follow_the_place():
    items = Ring(items=40, topics=4, breadth=0.05).build(Chance(1))
    assert items.topics[[0, 10, 20, 30]].argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert items.topics[39].argmax() == 0  # the ring closes
    assert items.position.tolist() == pytest.approx([i / 40 for i in range(40)])
    assert not Ring().endless
