"""Numbers per user do not depend on how the users are cut, on empty steps, or on who else is online."""

import numpy as np
import pytest

import cocoonsim.metrics as base
from cocoonsim.core.component import find
from cocoonsim.metrics import UserMetric

PER_USER = [name for name, cls in find("metrics").items() if issubclass(cls, UserMetric)]


@pytest.fixture(scope="module")
def moment(moment_of):
    rng = np.random.default_rng(0)
    n, items = 40, 25
    draws = [rng.permuted(np.tile(np.arange(items), (n, 1)), axis=1)[:, :6] for _ in range(4)]
    draws[3][7, 3:] = -1
    draws[3][8] = -1
    clicks = [(rng.random((n, 6)) < 0.3) & (draw >= 0) for draw in draws]
    return moment_of(
        rng.dirichlet([0.3] * 5, items), draws[3], clicks[3], before=list(zip(draws[:3], clicks, strict=False)),
        interests=rng.dirichlet([0.5] * 5, n), opinion=rng.uniform(-1, 1, n), stance=rng.uniform(-1, 1, items),
        quality=rng.random(items), arcs=[(u, (u * 7 + 3 * j + 1) % n) for u in range(n) for j in range(3)],
        arousal=rng.random(items), author=rng.integers(-1, n, items), harmful=rng.random(items) < 0.3,
    )  # fmt: skip


@pytest.mark.parametrize("name", PER_USER)
@pytest.mark.parametrize("chunk", [1, 7])
def test_chunks_change_no_bit(moment, monkeypatch, name, chunk):
    metric = find("metrics")[name]()
    whole = metric.measure(moment)
    monkeypatch.setattr(base, "CHUNK", chunk)
    for one, other in zip(whole, metric.measure(moment), strict=True):
        assert one.values.dtype == np.float64
        assert one.values.shape == one.users.shape == (40,)
        assert one.null.shape in ((40,), ()), "one for each, or one for all"
        assert one.values.tobytes() == other.values.tobytes()
        assert np.broadcast_to(one.null, 40).tobytes() == np.broadcast_to(other.null, 40).tobytes()


@pytest.mark.parametrize("name", PER_USER)
def test_any_subset_of_the_users_keeps_its_numbers(moment, name):
    some = np.array([31, 8, 7, 0])
    metric = find("metrics")[name]()
    for one, other in zip(metric.measure(moment), metric.measure(moment.only(some)), strict=True):
        assert one.values[some].tobytes() == other.values.tobytes()
        assert (other.users == some).all()


@pytest.mark.parametrize("name", sorted(find("metrics")))
def test_a_step_with_nobody_online(moment, name):
    empty = moment.only(slice(0, 0))
    for reading in find("metrics")[name]().measure(empty):
        assert reading.users is None or len(reading.values) == len(np.broadcast_to(reading.null, 0)) == 0
