"""Wrong scenario files, and the exact words in which each is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cocoonsim.core.component import find
from cocoonsim.core.errors import UserError
from cocoonsim.scenario import Scenario, ScenarioError

# Each: what it is, the file, and the whole message. `scenario.yaml` is the name of the file.
FILES: list[tuple[str, str, str]] = [
    # ---- unknown keys and components
    (
        "unknown key",
        "steps: 3\nrankin: content\n",
        "scenario.yaml:2: rankin: a scenario has no key 'rankin'; did you mean 'ranking'?",
    ),
    (
        "setting at the top",
        "users: 100\n",
        "scenario.yaml:1: users: a scenario has no key 'users'; did you mean population.users?",
    ),
    (
        "unknown component",
        "ranking:\n  kind: contnt\n",
        "scenario.yaml:1: ranking: there is no ranking called 'contnt'; did you mean 'content'?",
    ),
    (
        "unknown component, short",
        "steps: 3\n\nfeed: topp\n",
        "scenario.yaml:3: feed: there is no feed called 'topp'; did you mean 'top'?",
    ),
    (
        "known under another name",
        "choice: multinomial-logit\n",
        "scenario.yaml:1: choice: there is no choice called 'multinomial-logit'; it is 'logit' here",
    ),
    (
        "plug-in not allowed",
        "ranking: my_package.my_file:MyPolicy\n",
        "scenario.yaml:1: ranking: 'my_package.my_file:MyPolicy' lies outside cocoonsim: "
        "allow it with --plugin my_package.my_file",
    ),
    (
        "unknown setting",
        "population:\n  kind: uniform\n  user: 30\n",
        "scenario.yaml:3: population.user: uniform has no setting 'user'; did you mean 'users'?",
    ),
    (
        "no settings at all",
        "ranking: {kind: shuffled, speed: 3}\n",
        "scenario.yaml:1: ranking.speed: shuffled has no setting 'speed'; it has no settings",
    ),
    (
        "nothing named",
        "network:\n",
        "scenario.yaml:1: network: must be the name of a network, or a mapping with its kind and settings, got nothing",
    ),
    (
        "a number for a name",
        "ranking: 3\n",
        "scenario.yaml:1: ranking: must be the name of a ranking, or a mapping with its kind and settings, got 3",
    ),
    (
        "kind is a number",
        "ranking:\n  kind: 3\n",
        "scenario.yaml:1: ranking: kind must be the name of a ranking, got 3",
    ),
    (
        "control is a ranking",
        "control: shufled\n",
        "scenario.yaml:1: control: there is no ranking called 'shufled'; did you mean 'shuffled'?",
    ),
    # ---- wrong values
    (
        "number in quotes",
        'population:\n  kind: uniform\n  users: "300"\n',
        "scenario.yaml:3: population.users: must be a whole number (at least 1), got the text '300'; "
        "write it without quotes",
    ),
    (
        "truth for a number",
        "population: {kind: uniform, concentration: true}\n",
        "scenario.yaml:1: population.concentration: must be a number (above 0), got true",
    ),
    (
        "half a user",
        "population: {kind: uniform, users: 2.5}\n",
        "scenario.yaml:1: population.users: must be a whole number (at least 1), got 2.5",
    ),
    (
        "a thousand as a float",
        "population: {kind: uniform, users: 1e3}\n",
        "scenario.yaml:1: population.users: must be a whole number (at least 1), got 1000.0; write 1000",
    ),
    (
        "nobody",
        "population:\n  kind: uniform\n  users: 0\n",
        "scenario.yaml:3: population.users: must be at least 1, got 0",
    ),
    (
        "beyond the range",
        "catalogue:\n  kind: topic_mix\n  leaning: 1.5\n",
        "scenario.yaml:3: catalogue.leaning: must be 0 to 1, got 1.5",
    ),
    (
        "not above",
        "catalogue:\n  kind: topic_mix\n  concentration: 0\n",
        "scenario.yaml:3: catalogue.concentration: must be above 0, got 0",
    ),
    (
        "NaN",
        "catalogue:\n  kind: topic_mix\n  leaning: .nan\n",
        "scenario.yaml:3: catalogue.leaning: must be a finite number, got nan",
    ),
    (
        "infinity",
        "choice:\n  kind: logit\n  sensitivity: .inf\n",
        "scenario.yaml:3: choice.sensitivity: must be a finite number, got inf",
    ),
    (
        "null for a number",
        "choice:\n  kind: logit\n  outside: null\n",
        "scenario.yaml:3: choice.outside: must be a number, got nothing",
    ),
    (
        "list for a number",
        "choice:\n  kind: logit\n  outside: [1, 2]\n",
        "scenario.yaml:3: choice.outside: must be a number, got a list of 2",
    ),
    ("no steps", "steps: 0\n", "scenario.yaml:1: steps: must be at least 1, got 0"),
    (
        "steps are text",
        "steps: many\n",
        "scenario.yaml:1: steps: must be a whole number (at least 1), got the text 'many'",
    ),
    ("negative seed", "seed: -1\n", "scenario.yaml:1: seed: must be at least 0, got -1"),
    ("title is a number", "title: 2026\n", "scenario.yaml:1: title: must be text, got 2026; write it in quotes"),
    (
        "name is a path",
        "name: ../elsewhere\n",
        "scenario.yaml:1: name: must be letters, digits, '_', '-' and '.' (it names a folder), got the text '../elsewhere'",
    ),
    (
        "control period too long",
        "steps: 5\ncontrol_steps: 6\n",
        "scenario.yaml:2: control_steps: 6 control steps do not fit into 5 steps",
    ),
    # ---- lists of components
    (
        "interventions not a list",
        "interventions:\n  kind: fair_exposure\n",
        "scenario.yaml:1: interventions: must be a list of interventions, each after a '- ', got a mapping",
    ),
    (
        "empty entry",
        "interventions:\n  -\n",
        "scenario.yaml:2: interventions.0: must be the name of an intervention, or a mapping with its kind and settings, "
        "got nothing",
    ),
    (
        "empty metrics",
        "metrics: []\n",
        "scenario.yaml:1: metrics: an empty list measures nothing; write `metrics: all` for all that fit the world",
    ),
    # ---- record
    (
        "record is a word",
        "record: all\n",
        "scenario.yaml:1: record: must be a mapping such as {every: 1, events: none}, got the text 'all'",
    ),
    (
        "unknown record",
        "record: {evry: 2}\n",
        "scenario.yaml:1: record.evry: record has no setting 'evry'; did you mean 'every'?",
    ),
    (
        "sample of more than all",
        "record:\n  events: sample 1.5\n",
        "scenario.yaml:2: record.events: must be none, all, or sample and a share above 0 and up to 1, e.g. sample 0.05; "
        "got 'sample 1.5'",
    ),
    # ---- references
    (
        "reference to nothing",
        'population:\n  kind: uniform\n  users: "=catalogue.itms"\n',
        "scenario.yaml:3: population.users: =catalogue.itms names no setting; did you mean 'items'?",
    ),
    (
        "reference in a circle",
        'population: {kind: uniform, users: "=catalogue.items"}\ncatalogue: {kind: topic_mix, items: "=population.users"}\n',
        "scenario.yaml:1: population.users: references go round in a circle: =catalogue.items -> =population.users -> "
        "=catalogue.items\n"
        "scenario.yaml:2: catalogue.items: references go round in a circle: =population.users -> =catalogue.items -> "
        "=population.users",
    ),
    (
        "reference to a part",
        'population: {kind: uniform, users: "=catalogue"}\n',
        "scenario.yaml:1: population.users: =catalogue names a whole part; name one of its settings, e.g. =catalogue.kind",
    ),
    (
        "reference of the wrong type",
        'population: {kind: uniform, users: "=catalogue.kind"}\n',
        "scenario.yaml:1: population.users: must be a whole number (at least 1), got the text 'topic_mix'",
    ),
    # ---- arms
    (
        "arms missing",
        "compare: {}\n",
        "scenario.yaml:1: compare: needs `arms:`, a mapping of names to what each changes, got nothing",
    ),
    (
        "unknown arm",
        "compare:\n  against: contnt\n  arms:\n    content:\n    random: {ranking: shuffled}\n",
        "scenario.yaml:2: compare.against: there is no arm 'contnt'; did you mean 'content'?",
    ),
    (
        "arm is a word",
        "compare:\n  arms:\n    random: shuffled\n",
        "scenario.yaml:3: compare.arms.random: must be a mapping of settings to values, e.g. {ranking: shuffled}, "
        "got the text 'shuffled'",
    ),
    (
        "arm with a seed",
        "compare:\n  arms:\n    a: {seed: 3}\n",
        "scenario.yaml:3: compare.arms.a.seed: an arm cannot change 'seed': all arms share it",
    ),
    (
        "wrong setting in an arm",
        "compare:\n  arms:\n    a:\n      ranking: shuffled\n      population.users: -4\n",
        "scenario.yaml:5: compare.arms.a.population.users: must be at least 1, got -4",
    ),
    (
        "arm enters a list that is empty",
        "compare:\n  arms:\n    a:\n      interventions.0.share: 0\n",
        "scenario.yaml:4: compare.arms.a.interventions.0: interventions is a list: name one of its entries by number; "
        "it is empty",
    ),
    # ---- all in one go
    (
        "three mistakes",
        "steps: 0\nslate: 2.5\npopulation:\n  kind: uniform\n  users: -1\n",
        "scenario.yaml:1: steps: must be at least 1, got 0\n"
        "scenario.yaml:2: slate: must be a whole number (1 to 10000), got 2.5\n"
        "scenario.yaml:5: population.users: must be at least 1, got -1",
    ),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 40
    assert len({name for name, _, _ in FILES}) == len(FILES)


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_wrong_file_is_refused_in_plain_words(folder: Path, text: str, message: str) -> None:
    Path("scenario.yaml").write_text(text)
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_file("scenario.yaml")
    assert str(refused.value) == message
    assert isinstance(refused.value, UserError)


def test_a_part_without_kind_names_the_kinds(folder: Path) -> None:
    Path("scenario.yaml").write_text("steps: 3\npopulation:\n  users: 30\n")
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_file("scenario.yaml")
    known = ", ".join(find("population"))
    assert str(refused.value) == f"scenario.yaml:2: population: needs a kind, one of: {known}"
