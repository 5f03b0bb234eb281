"""What a table says of numbers per user, against plain loops over the users and NumPy's own quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.metrics import Metric, Reading, UserMetric
from cocoonsim.summaries import MOST_GROUPS, Row, quantile, spread, summaries

NAN = float("nan")
FEW = Scenario.from_dict(
    {"steps": 1, "population": {"kind": "uniform", "users": 60}, "catalogue": {"kind": "topic_mix", "items": 30}}
)


class Made(Metric):
    """Only its name is asked."""

    name = "made"


def moment_with(groups: np.ndarray, blocks: Blocks | None = None):
    """The first moment of a small world whose people are in these groups."""
    import dataclasses

    moment = next(iter(play(FEW, blocks=blocks or Blocks(threads=1))))
    users = moment.world.users.with_(group=groups.astype(np.int32))
    return dataclasses.replace(moment, world=dataclasses.replace(moment.world, users=users))


def plainly(
    values: list[float], null: list[float], groups: list[int]
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Mean of value, null and excess; number and number of NaN: by group, one user after another."""
    found: dict[tuple[str, str], tuple[float, float, float]] = {}
    for group in ["all", *sorted(set(groups))]:
        of = [(v, e) for v, e, g in zip(values, null, groups, strict=True) if group in ("all", g)]
        known = [v for v, _ in of if v == v]
        both = [(v, e) for v, e in of if v == v and e == e]
        found[str(group), "mean"] = (
            sum(known) / len(known) if known else NAN,
            sum(e for _, e in both) / len(both) if both else NAN,
            sum(v - e for v, e in both) / len(both) if both else NAN,
        )
        found[str(group), "n"] = (float(len(known)), NAN, NAN)
        found[str(group), "n_nan"] = (float(len(of) - len(known)), NAN, NAN)
    return found


def table(rows: list[Row]) -> dict[tuple[str, str], tuple[float, float, float]]:
    return {(group, stat): (value, null, excess) for _, _, _, group, stat, value, _, null, excess in rows}


CASES = {
    "all known": (np.linspace(-1, 2, 60), np.linspace(0, 1, 60)),
    "one null for all": (np.linspace(-1, 2, 60), np.array(0.25)),
    "no null": (np.linspace(-1, 2, 60), np.array(NAN)),
    "values unknown": (np.where(np.arange(60) % 7 < 3, NAN, np.arange(60.0)), np.linspace(0, 1, 60)),
    "nulls unknown": (np.arange(60.0) ** 2, np.where(np.arange(60) % 4 == 1, NAN, 3.0)),
    "both here and there": (np.where(np.arange(60) < 25, NAN, 1.5), np.where(np.arange(60) > 40, NAN, 0.5)),
    "nothing known": (np.full(60, NAN), np.linspace(0, 1, 60)),
}


@pytest.mark.parametrize("groups", [np.arange(60) % 3 * 5 - 4, np.arange(60) // 59], ids=["three", "one by himself"])
@pytest.mark.parametrize("case", CASES)
def test_means_and_counts_are_those_of_a_plain_loop(case: str, groups: np.ndarray) -> None:
    values, null = CASES[case]
    moment = moment_with(groups)
    found = table(summaries(moment, Made(), [Reading(values, null, "made-up", users=moment.users)]))
    expected = plainly(values.tolist(), np.broadcast_to(null, 60).tolist(), groups.tolist())
    for place, row in expected.items():
        assert found[place] == pytest.approx(row, abs=1e-12, nan_ok=True), place
    assert {place for place in found if place[1] in ("mean", "n", "n_nan")} == set(expected)
    assert {stat for group, stat in found if group == "all"} - {"mean", "n", "n_nan"} == (
        set() if case == "nothing known" else {"sd", "q05", "q25", "q50", "q75", "q95"}
    )


def test_some_of_the_users_are_in_the_groups_of_those_alone() -> None:
    groups = np.arange(60) % 3
    moment = moment_with(groups)
    some = np.flatnonzero(groups != 1)
    found = table(summaries(moment, Made(), [Reading(some * 1.0, np.array(NAN), users=some)]))
    assert found["0", "mean"][0] == np.arange(0, 60, 3).mean()
    assert ("1", "mean") not in found
    whole = table(summaries(moment, Made(), [Reading(np.arange(60.0), np.array(NAN), users=moment.users)]))
    assert whole["1", "mean"][0] == np.arange(1, 60, 3).mean()


@pytest.mark.parametrize("n", [1, MOST_GROUPS, MOST_GROUPS + 1])
def test_groups_are_told_apart_when_there_are_a_few(n: int) -> None:
    moment = moment_with(np.arange(60) % n)
    found = table(summaries(moment, Made(), [Reading(np.arange(60.0), np.array(0.0), users=moment.users)]))
    assert len({group for group, _ in found} - {"all"}) == (n if 1 < n <= MOST_GROUPS else 0)


def test_one_number_about_all_is_given_as_it_is() -> None:
    moment = moment_with(np.zeros(60))
    found = table(summaries(moment, Made(), [Reading(np.array([0.75]), np.array([0.5]), "made-up", undefined=3)]))
    assert found["all", "value"] == (0.75, 0.5, 0.25)
    assert found["all", "n_nan"][0] == 3.0


def test_readings_in_one_chunk_and_in_many_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(UserMetric):
        name = "made"

        def per_user(self, moment):
            values = moment.users * 0.1
            shared = moment.shared("made", lambda: np.array(0.25))
            return [
                Reading(values, shared, "one", users=moment.users),
                Reading(values, values / 3, "each", users=moment.users),
            ]

    moment = moment_with(np.arange(60) % 3)
    whole = summaries(moment, Made(), Made().measure(moment))
    monkeypatch.setattr("cocoonsim.metrics.CHUNK", 7)
    parts = Made().measure(moment)
    assert parts[0].null.ndim == 0, "one number stays one"
    assert repr(summaries(moment, Made(), parts)) == repr(whole)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40), st.floats(0, 1))
def test_a_quantile_is_numpys_to_the_last_bit(numbers: list[float], q: float) -> None:
    assert quantile(np.sort(np.array(numbers)), q) == np.quantile(numbers, q)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_spread_is_numpys(numbers: list[float]) -> None:
    found = dict(spread(np.array(numbers)))
    assert found["sd"] == np.std(numbers, ddof=1)
    assert [found[name] for name in ("q05", "q50", "q95")] == np.quantile(numbers, [0.05, 0.5, 0.95]).tolist()


def test_one_number_has_no_spread_and_nothing_has_nothing() -> None:
    assert np.isnan(dict(spread(np.array([2.0])))["sd"])
    assert spread(np.array([])) == []
