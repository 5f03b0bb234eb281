"""Wrong overrides (`--set`) and wrong dictionaries, and the exact words in which each is refused."""

from __future__ import annotations

import pytest

from cocoonsim.scenario import Scenario, ScenarioError


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("rankin=3", "--set rankin: a scenario has no key 'rankin'; did you mean 'ranking'?"),
        ("population.user=3", "--set population.user: uniform has no setting 'user'; did you mean 'users'?"),
        ("population.users=none", "--set population.users: must be a whole number (at least 1), got the text 'none'"),
        ("ranking=contnt", "--set ranking: there is no ranking called 'contnt'; did you mean 'content'?"),
        ("steps", "--set steps: write it as key=value, e.g. --set ranking=popularity"),
        ("=3", "--set =3: write it as key=value, e.g. --set ranking=popularity"),
        ("population..users=3", "--set population..users=3: write it as key=value, e.g. --set ranking=popularity"),
        ("steps=", "--set steps: needs a value after the ="),
        (
            "title=!!python/name:os.system",
            "--set title: the tag !!python/name:os.system is not allowed; write plain values",
        ),
        ("steps=[1", "--set steps: not valid YAML: a bracket that is never closed"),
        (
            "interventions.0.share=1",
            "--set interventions.0: interventions is a list: name one of its entries by number; it is empty",
        ),
        (
            "metrics.share=1",
            "--set metrics.share: metrics is a list: name one of its entries by number; it is empty",
        ),
        ("seed.x=3", "--set seed: must be a whole number (at least 0), got a mapping"),
    ],
)
def test_a_wrong_override(override: str, message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_dict({}, sets=[override])
    assert str(refused.value) == message


def test_a_dictionary_has_places_without_files() -> None:
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_dict({"steps": 0, "population": {"kind": "uniform", "users": object()}})
    assert str(refused.value) == "population.users: a value of type object cannot stand in a scenario; use plain values"
    with pytest.raises(ScenarioError, match=r"^steps: must be at least 1, got 0$"):
        Scenario.from_dict({"steps": 0})
