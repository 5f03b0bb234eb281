"""The section `expect:`: what it means, and the exact words in which a wrong one is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cocoonsim.scenario import Scenario, ScenarioError
from cocoonsim.scenario.quantities import At, quantity

HEAD = "steps: 3\npopulation: {kind: uniform, users: 20}\nexpect:\n  variants: {calm: {steps: 2}}\n  checks:\n"


def scenario(tmp_path: Path, *checks: str) -> Scenario:
    file = tmp_path / "s.yaml"
    file.write_text(HEAD + "".join(f"    - {{claim: x, {check}}}\n" for check in checks), encoding="utf-8")
    return Scenario.from_file(file)


BAD = [
    ("off: steps, exact: 1", "6: expect.checks.0.off: a check has no setting 'off'; did you mean 'of'?"),
    ("of: step, exact: 1", "6: expect.checks.0.of: there is no metric called 'step'; did you mean 'steps'?"),
    ("of: opinion_varience, exact: 1", "did you mean 'opinion_variance'?"),
    (
        "of: opinion_clusters.majr, exact: 1",
        "6: expect.checks.0.of: opinion_clusters has no 'majr'; did you mean 'major'?",
    ),
    (
        "of: stopped.frosen, exact: 1",
        "6: expect.checks.0.of: no run stops because it is 'frosen'; did you mean 'frozen'?",
    ),
    ("of: stopped, exact: 1", "6: expect.checks.0.of: write steps, or stopped and a reason, e.g. stopped.steps"),
    ("of: steps, in: clam, exact: 1", "6: expect.checks.0.in: there is no variant 'clam'; did you mean 'calm'?"),
    ("of: steps, minus: other, exact: 1", "6: expect.checks.0.minus: there is no variant 'other'; known: calm"),
    (
        "of: opinion_clusters, with: {gapp: 1}, exact: 1",
        "expect.checks.0.with: opinion_clusters has no setting 'gapp'; did",
    ),
    ("of: steps, at: lately, exact: 1", "6: expect.checks.0.at: write last, first, change"),
    ("of: engagement, users: share under 3, exact: 1", "6: expect.checks.0.users: write mean, sd, a quantile"),
    ("of: steps, exact: many", "6: expect.checks.0.exact: must be a number or null, got the text 'many'"),
    ("of: steps, exact: 1, tier: slow", "6: expect.checks.0.tier: must be one of quick, full; got the text 'slow'"),
    ("of: steps", "6: expect.checks.0: a check needs one of mean, exact, above or below, and order, to be judged by"),
    ("of: steps, mean: 1, se: 0, above: 3", "to be judged by; this one has mean and above or below"),
    ("of: steps, mean: 1", "6: expect.checks.0.mean: needs the standard error of that mean: se, or half_width"),
    ("of: steps, mean: 1, half_width: 1", "6: expect.checks.0.half_width: needs runs: in how many runs"),
    ("of: steps, exact: 1, se: 1", "6: expect.checks.0.se: goes with mean only"),
    ("of: steps, exact: 1, margin: 1", "6: expect.checks.0.margin: goes with order only"),
    ("of: steps, order: [calm]", "6: expect.checks.0.order: an order needs at least two variants"),
    (
        "of: steps, mean: 1, se: 1, share_of_seeds: 0.5",
        "6: expect.checks.0.share_of_seeds: goes with exact, above and below",
    ),
    ("of: steps, minus: calm, over: calm, exact: 1", "6: expect.checks.0.over: does not go with minus"),
    (
        "of: steps, minus: calm, given: frozen, exact: 1",
        "6: expect.checks.0.given: leaves different seeds in each variant",
    ),
]


@pytest.mark.parametrize(("check", "message"), BAD, ids=[check for check, _ in BAD])
def test_a_wrong_check_is_refused_in_words(tmp_path, check, message):
    with pytest.raises(ScenarioError) as error:
        scenario(tmp_path, check)
    assert message in str(error.value)
    assert "s.yaml:6: expect.checks.0" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("expect: 3", "s.yaml:1: expect: must be a mapping with `checks:` and more, got 3"),
        ("expect: {}", "s.yaml:1: expect: needs `checks:`, a list of what should come out"),
        ("expect: {check: []}", "s.yaml:1: expect.check: expect has no setting 'check'; did you mean 'checks'?"),
        ("expect: {checks: 3}", "s.yaml:1: expect.checks: must be a list of checks, each after a '- ', got 3"),
        ("expect: {checks: [3]}", "s.yaml:1: expect.checks.0: must be a mapping with `of:` and more, got 3"),
        ("expect: {seeds: 0, checks: []}", "s.yaml:1: expect.seeds: must be at least 1, got 0"),
        ("expect: {variants: 3}", "s.yaml:1: expect.variants: must be a mapping of names to changes, got 3"),
        ("expect: {variants: {a: {seed: 3}}}", "a variant cannot change 'seed': all variants share it"),
        ("expect: {variants: {a: {ranking: contnt}}}", "there is no ranking called 'contnt'; did you mean 'content'?"),
    ],
)
def test_a_wrong_section_is_refused_in_words(tmp_path, section, message):
    file = tmp_path / "s.yaml"
    file.write_text(section + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        Scenario.from_file(file)
    assert message in str(error.value)


def test_it_bears_on_no_number_and_survives_expanding(tmp_path):
    with_it = scenario(
        tmp_path, "of: steps, in: calm, exact: 2", "of: engagement.shown.excess, above: 0, 'known difference': x"
    )
    without = Scenario.from_dict({key: value for key, value in with_it.expand().items() if key != "expect"})
    assert with_it.sha256 == without.sha256
    again = Scenario.from_dict(with_it.expand())
    assert again.expect == with_it.expect
    assert again.expect.checks[1].known_difference == "x"
    assert {name: one.steps for name, one in again.variants().items()} == {"": 3, "calm": 2}
    assert again.variants()["calm"].expect.checks == ()


def test_a_quantity_takes_its_settings_from_the_words_the_check_and_the_scenario():
    listed = [{"kind": "opinion_clusters", "gap": 0.5, "statistic": "all"}]
    found = quantity("opinion_clusters.effective", listed, {"minimum_share": 0.1})
    assert found.spec == {"kind": "opinion_clusters", "gap": 0.5, "statistic": "effective", "minimum_share": 0.1}
    assert quantity("opinion_clusters", listed, {}).spec["statistic"] == "all"
    assert quantity("gini_simpson.clicked.excess", [], {}).stage == "clicked"
    assert quantity("gini_simpson.clicked.excess", [], {}).kind == "excess"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("last", 512), ("first", 1), ("change", 511), ("mean", 102.3), ("early", 1.5), ("late", 384), ("drift", 382.5),
        ("last 3", (128 + 256 + 512) / 3), ("drift 1", 511), ("step 6", 8), ("factor 4 12", np.sqrt(2)), ("step 7", np.nan),
    ],
)  # fmt: skip
def test_values_over_the_steps_become_one(at, expected):
    """Ten values 1, 2, 4, ... measured at steps 0, 2, 4, ...: they double every second step."""
    steps, values = 2 * np.arange(10), 2.0 ** np.arange(10)
    assert At.read(at).reduce(steps, values) == pytest.approx(expected, nan_ok=True)
    assert np.isnan(At.read("last").reduce(steps[:0], values[:0]))
