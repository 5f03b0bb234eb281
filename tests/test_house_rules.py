"""The rules of the house, read off the source: what may import what, how long files are, what every component says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cocoonsim.core.component import STAGES, find, settings_of
from cocoonsim.core.describing import describe

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cocoonsim"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST = 300

LAYERS = [
    {"core"},
    set(STAGES),
    {"testing"},
    {"scenario", "lessons"},
    {"assemble"},
    {"filling"},
    {"pools"},
    {"serve", "sizes", "durable", "explanations"},
    {"simulate", "state_file"},
    {"results", "events", "snapshots", "reasons", "whatif", "summaries"},
    {"notebook", "staging"},
    {"recorder"},
    {"figures", "experiments", "mesa_model", "film"},
    {"page", "frames"},
    {"story"},
    {"answers"},
    {"report", "comparison_page", "replication_page", "handout"},
    {"app", "solara_page"},
    {"cli"},
    {"__main__"},
]
"""From the bottom up. A module imports from its own package and from lower layers, never from its own layer's others."""
SHORTCUTS = {("results", "figures")}
"""Imports upwards, inside a function, that forward to where a user would look: `results.figure("diversity")`."""
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}


def part_of(path: Path) -> str:
    """The package or module directly under `cocoonsim` that a file belongs to; empty for `cocoonsim` itself."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imports(path: Path, *, only_top: bool = False) -> list[tuple[str, int]]:
    """(module, line) of every import that runs: not those for type checkers only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[tuple[str, int]] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                visit(other)
            return
        if only_top and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return
        if isinstance(node, ast.Import):
            found.extend((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import; write it out"
            module = node.module or ""
            found.append((module, node.lineno))
            if module == "cocoonsim":
                found.extend((f"cocoonsim.{alias.name}", node.lineno) for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return found


def ours(path: Path) -> list[tuple[str, int]]:
    """(part of the package, line) of every import of our own."""
    split = [(module.split("."), line) for module, line in imports(path)]
    return [(parts[1], line) for parts, line in split if parts[0] == "cocoonsim" and len(parts) > 1]


# ---------------------------------------------------------------------------------------------------- imports
def test_every_part_has_its_place_in_the_layers() -> None:
    unknown = {part_of(path) for path in SOURCES} - set(HEIGHT) - {""}
    assert not unknown, f"add {sorted(unknown)} to LAYERS"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    part = part_of(path)
    if not part:
        return  # the front door names everything, and imports on first use
    for other, line in ours(path):
        if other in HEIGHT and other != part and (part, other) not in SHORTCUTS:
            assert HEIGHT[other] < HEIGHT[part], f"{path}:{line}: {part} imports {other}, which is not below it"


def test_stages_never_import_each_other() -> None:
    for stage in STAGES:
        for path in (PACKAGE / stage).rglob("*.py"):
            strangers = [(other, line) for other, line in ours(path) if other in STAGES and other != stage]
            assert not strangers, f"{path}: a stage imports another: {strangers}"


LIGHT_FILES = [
    path
    for path in SOURCES
    if part_of(path) in {*STAGES, "core", "simulate", "serve", "pools", "filling", "assemble", ""}
]
LIGHT = {"numpy", "cocoonsim", "__future__"} | set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", LIGHT_FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_numpy_is_imported_at_the_top(path: Path) -> None:
    heavy = [(module, line) for module, line in imports(path, only_top=True) if module.split(".")[0] not in LIGHT]
    assert not heavy, f"{path}: import {heavy} inside the functions that need them"


def test_the_package_starts_without_heavy_imports() -> None:
    code = "import sys, cocoonsim, cocoonsim.simulate; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {"scipy", "polars", "plotly", "pydantic", "mesa", "networkx", "typer", "rich", "ruamel", "dash", "pandas"}
    assert not heavy & set(answer.stdout.split())


# ---------------------------------------------------------------------------------------------------- files
@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ours = PACKAGE in path.parents
    longest = LONGEST if ours else 2 * LONGEST
    assert text.count("\n") < longest, f"{path} has {text.count(chr(10))} lines, the limit is {longest}"
    if text.strip() and ours:
        assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"


def test_randomness_comes_from_chance_only() -> None:
    """Seeded generators are made in core/chance.py; elsewhere they are handed on. `testing/broken.py` reads the global
    state, to catch those who use it."""
    allowed = {PACKAGE / "core" / "chance.py", PACKAGE / "testing" / "broken.py"}
    harmless = {"Generator", "SeedSequence", "Philox"}  # types, for hints
    for path in SOURCES:
        if path in allowed:
            continue
        assert not [module for module, _ in imports(path) if module.split(".")[0] in ("random", "secrets", "uuid")], (
            path
        )
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("np.random."):
                assert node.attr in harmless, f"{path}:{node.lineno}: {ast.unparse(node)}; draw from Chance or Dice"


def test_nothing_is_pickled_or_hashed_by_python() -> None:
    for path in SOURCES:
        modules = {module.split(".")[0] for module, _ in imports(path)}
        assert not modules & {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal"}, path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("hash", "eval", "exec"), f"{path}:{node.lineno}: {node.func.id}()"


def test_no_path_of_anybodys_machine() -> None:
    home = re.compile(r"(?<![\w.])/(work|home|Users|tmp|root|mnt)/")
    for folder in ("cocoonsim", "tests", "scenarios", "benchmarks", "docs", "results"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {
                ".py",
                ".yaml",
                ".yml",
                ".md",
                ".toml",
                ".json",
                ".txt",
                ".cfg",
                ".ipynb",
            } and path != Path(__file__):
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    assert not home.search(line), f"{path}:{number}: {line.strip()}"


# ---------------------------------------------------------------------------------------------------- components
COMPONENTS = [(stage, kind) for stage in STAGES for kind in find(stage)]


@pytest.mark.parametrize(("stage", "kind"), COMPONENTS, ids=["-".join(pair) for pair in COMPONENTS])
def test_a_component_says_what_it_is(stage: str, kind: str) -> None:
    cls = find(stage)[kind]
    about = describe(cls)
    assert len(about.summary) > 20, "the docstring begins with the idea in plain words"
    assert "Also known as:" in about.text, "the docstring says what else it is called"
    assert about.aliases, "the docstring says what else it is called"
    assert about.source, "the docstring says whose idea it is"
    for info in settings_of(cls):
        assert info.about.help, f"the setting {info.name} has no help text"
        assert info.name.isascii(), f"the setting {info.name} is not a plain word"
    greek = {
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "eta",
        "theta",
        "kappa",
        "lambda",
        "mu",
        "rho",
        "sigma",
        "tau",
        "omega",
    }
    assert not greek & {info.name for info in settings_of(cls)}, "settings are words, not Greek letters"


@pytest.mark.parametrize(("stage", "kind"), COMPONENTS, ids=["-".join(pair) for pair in COMPONENTS])
def test_a_component_has_its_own_tests(stage: str, kind: str) -> None:
    """A file of its own, or one that it shares with its next of kin, which then imports it."""
    folder = ROOT / "tests" / stage
    shared = [
        path
        for path in sorted(folder.glob("test_*.py"))
        if f"cocoonsim.{stage}.{kind} import" in path.read_text("utf-8")
    ]
    own = folder / f"test_{kind}.py"
    assert own.is_file() or shared, f"{own} is missing, and no other test in its folder imports {kind}"
    for path in [own] if own.is_file() else shared:
        assert "def test_" in path.read_text(encoding="utf-8"), f"{path} tests nothing"
