"""Files that are no YAML, no plain YAML, or that extend what they cannot, and the exact words in which each is refused."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cocoonsim.scenario import Scenario, ScenarioError

FILES: list[tuple[str, str, str]] = [
    ("empty", "", "scenario.yaml: is empty; a scenario needs at least one key, e.g. `ranking: content`"),
    (
        "only a comment",
        "# nothing\n",
        "scenario.yaml: is empty; a scenario needs at least one key, e.g. `ranking: content`",
    ),
    ("tab", "population:\n\tkind: uniform\n", "scenario.yaml:2: not valid YAML: a tab character; YAML wants spaces"),
    (
        "colon in text",
        "steps: 3\ntitle: a: b\n",
        "scenario.yaml:2: not valid YAML: a ':' where none can be; check the indentation, or put the text in quotes",
    ),
    (
        "open quote",
        "title: 'no end\nsteps: 3\n",
        "scenario.yaml:3: not valid YAML: a quotation mark that is never closed",
    ),
    (
        "open bracket",
        "steps: 3\nmetrics: [a,\n",
        "scenario.yaml:3: not valid YAML: a bracket that is never closed",
    ),
    (
        "unknown alias",
        "steps: *many\n",
        "scenario.yaml:1: not valid YAML: an alias (*name) without its anchor (&name) further up",
    ),
    (
        "two documents",
        "steps: 3\n---\nsteps: 4\n",
        "scenario.yaml:2: not valid YAML: a second document after '---'; a scenario file holds one",
    ),
    ("at sign", "title: @home\n", "scenario.yaml:1: not valid YAML: text that begins with @ must be in quotes"),
    ("control character", "steps: 3\ntitle: a\x07b\n", "scenario.yaml:2: not valid YAML: a control character"),
    ("too deep", "metrics: " + "[" * 1500, "scenario.yaml: not valid YAML: too deeply nested"),
    ("a list", "- ranking\n", "scenario.yaml:1: a scenario is a mapping of keys to values, e.g. `ranking: content`"),
    ("a word", "ranking\n", "scenario.yaml:1: a scenario is a mapping of keys to values, e.g. `ranking: content`"),
    ("double key", "steps: 3\nseed: 1\nsteps: 4\n", "scenario.yaml:3: 'steps' is given twice (first in line 1)"),
    (
        "double key inside",
        "population:\n  kind: uniform\n  kind: uniform\n",
        "scenario.yaml:3: 'kind' is given twice (first in line 2)",
    ),
    (
        "python object",
        "steps: 3\ntitle: !!python/object/apply:os.system [echo]\n",
        "scenario.yaml:2: the tag !!python/object/apply:os.system is not allowed; write plain values",
    ),
    ("own tag", "title: !secret x\n", "scenario.yaml:1: the tag !secret is not allowed; write plain values"),
    ("anchor in itself", "metrics: &m [*m]\n", "scenario.yaml:1: an anchor that contains itself"),
    ("key is a list", "? [a, b]\n: 1\n", "scenario.yaml:1: a key must be a word"),
    (
        "lone surrogate",
        'title: "\\ud800"\n',
        "scenario.yaml:1: half a character (a lone surrogate), which no file can hold",
    ),
    ("huge number", f"seed: {'9' * 5000}\n", "scenario.yaml:1: 99999999999999999999... is too large a number"),
    # ---- extends
    (
        "extends nothing",
        "extends: parnt.yaml\n",
        "scenario.yaml:1: extends: there is no file 'parnt.yaml'; did you mean 'parent.yaml'?",
    ),
    (
        "extends itself",
        "steps: 2\nextends: scenario.yaml\n",
        "scenario.yaml:2: extends: files extend each other in a circle: scenario.yaml -> scenario.yaml",
    ),
    (
        "extends a number",
        "extends: 3\n",
        "scenario.yaml:1: extends: must be the name of a scenario file, relative to this one",
    ),
    (
        "extends a name with a zero byte",
        'extends: "a\\0b"\n',
        "scenario.yaml:1: extends: must be the name of a scenario file, relative to this one",
    ),
    (
        "mistake in the parent",
        "extends: wrong_parent.yaml\nseed: 4\n",
        "wrong_parent.yaml:2: steps: must be at least 1, got -3",
    ),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a good and a wrong parent."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parent.yaml").write_text("steps: 7\n")
    (tmp_path / "wrong_parent.yaml").write_text("title: wrong\nsteps: -3\n")
    return tmp_path


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_it_is_refused_with_its_line(folder: Path, text: str, message: str) -> None:
    Path("scenario.yaml").write_text(text)
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_file("scenario.yaml")
    assert str(refused.value) == message


def test_what_is_not_text(folder: Path) -> None:
    Path("latin.yaml").write_bytes("steps: 3\ntitle: Bläse\n".encode("latin-1"))
    Path("long.yaml").write_text("title: " + "x" * 1_000_000)
    Path("sub").mkdir()
    for name, message in (
        ("latin.yaml", "latin.yaml:2: is not UTF-8 text; save the file as UTF-8"),
        ("long.yaml", "long.yaml: is larger than 1 MB; put data in files of their own"),
        ("sub", "sub: is a folder; name a scenario file in it"),
        ("zzz", "there is no file 'zzz'"),
        ("parnt", "there is no file 'parnt'; did you mean 'parent.yaml'?"),
    ):
        with pytest.raises(ScenarioError) as refused:
            Scenario.from_file(name)
        assert str(refused.value) == message


def test_anchors_that_unfold_to_very_much(folder: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    Path("scenario.yaml").write_text("\n".join(lines))
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_file("scenario.yaml")
    assert str(refused.value) == "scenario.yaml: its anchors unfold to more than 100000 values"


def test_files_that_extend_each_other(folder: Path) -> None:
    Path("one.yaml").write_text("extends: two.yaml\n")
    Path("two.yaml").write_text("steps: 3\nextends: one.yaml\n")
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_file("one.yaml")
    circle = "one.yaml -> two.yaml -> one.yaml"
    assert str(refused.value) == f"two.yaml:2: extends: files extend each other in a circle: {circle}"


KEYS = [
    "ranking",
    "population",
    "interventions",
    "metrics",
    "compare",
    "record",
    "steps",
    "extends",
    "title",
    "kind",
    "users",
]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["uniform", "content", "=slate", "=ranking.kind", "all", "parent.yaml"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "arms", "against", "a", "0"]), below, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.dictionaries(st.sampled_from(KEYS), values), override=st.text(max_size=12), value=st.text(max_size=8))
def test_nothing_but_plain_words_comes_of_any_dictionary(
    folder: Path, content: dict[str, Any], override: str, value: str
) -> None:
    for sets in ([], [f"{override}={value}"], [f"ranking.{override}={value}"], ["population.users=3"]):
        with contextlib.suppress(ScenarioError):
            scenario = Scenario.from_dict(content, sets)
            assert Scenario.from_dict(scenario.expand()) == scenario


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("abk:-[]{}&*!|>'\"#%@`,?~=.0123 \n\t\\\x00\x85é"), max_size=40) | st.text(max_size=30)
)
def test_nothing_but_plain_words_comes_of_any_text(folder: Path, text: str) -> None:
    for before in ("", "ranking: ", "steps: 3\ncompare:\n  arms:\n    a: "):
        Path("scenario.yaml").write_text(before + text, encoding="utf-8", errors="replace", newline="")
        with contextlib.suppress(ScenarioError):
            scenario = Scenario.from_file("scenario.yaml")
            assert Scenario.from_dict(scenario.expand()) == scenario
