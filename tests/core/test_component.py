"""Finding, naming, describing and refusing components; plug-ins from a folder and from a module."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cocoonsim import check
from cocoonsim.core import component as module
from cocoonsim.core.component import (
    STAGES,
    Component,
    allow_plugin,
    allowed_plugins,
    base_of,
    build,
    find,
    lookup,
    settings_of,
)
from cocoonsim.core.describing import describe
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.core.setting import About, setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking

LOUDEST = '''
"""Show the loudest first.

What upsets people comes before what does not.

Also known as: outrage ranking,
shouting match.
Source: own; an example.
"""

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class Loudest(Ranking):
    strength: float = setting(1.0, low=0.0, high=5.0, help="How much loudness counts")

    def score(self, view: View) -> np.ndarray:
        return view.item("arousal") * np.float32(self.strength)
'''


@pytest.fixture(autouse=True)
def no_plugins_are_left() -> Iterator[None]:
    """Each test begins and ends without plug-ins."""
    loaded = set(sys.modules)
    yield
    module._folders.clear()
    module._modules.clear()
    for name in set(sys.modules) - loaded:
        if name.startswith("cocoonsim_plugin_") or name == "my_package.loud":
            del sys.modules[name]
    find.cache_clear()


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A folder with one ranking policy more."""
    (tmp_path / "ranking").mkdir()
    (tmp_path / "ranking" / "loudest.py").write_text(LOUDEST)
    return tmp_path


# ---------------------------------------------------------------------------------------------------- ours
def test_the_folder_is_the_registry() -> None:
    package = Path(module.__file__).parents[1]
    for stage in STAGES:
        files = {path.stem for path in (package / stage).glob("[!_]*.py")}
        assert set(find(stage)) == files
        assert all(issubclass(cls, base_of(stage)) for cls in find(stage).values())
        assert list(find(stage)) == sorted(files)


def test_a_component_knows_its_name_and_stage() -> None:
    cls = lookup("ranking", "content")
    assert (cls.name, cls.stage) == ("content", "ranking")
    assert build("population", {"kind": "uniform", "users": 7}) == find("population")["uniform"](users=7)


@pytest.mark.parametrize(("stage", "kind", "hint"), [
    ("ranking", "contnet", "did you mean 'content'?"),
    ("choice", "logti", "did you mean 'logit'?"),
])  # fmt: skip
def test_a_misspelt_kind_gets_a_hint(stage: str, kind: str, hint: str) -> None:
    with pytest.raises(UserError, match="there is no") as caught:
        lookup(stage, kind)
    assert hint in str(caught.value)


def test_a_misspelt_stage_gets_a_hint() -> None:
    with pytest.raises(UserError, match="did you mean 'ranking'"):
        find("rankng")


def test_did_you_mean_lists_all_when_none_is_near() -> None:
    assert did_you_mean("zzz", ["b", "a"]) == "known: a, b"


def test_an_error_says_where() -> None:
    assert str(UserError("is wrong", where="a.yaml:3")) == "a.yaml:3: is wrong"
    assert str(UserError("is wrong")) == "is wrong"


# ---------------------------------------------------------------------------------------------------- describing
def test_a_component_describes_itself() -> None:
    about = describe(lookup("population", "uniform"))
    assert about.summary.startswith("Everybody likes a random mixture of topics")
    assert "Dirichlet population" in about.aliases
    assert about.source.startswith("Deffuant et al. (2000)")
    assert about.settings[0].name == "users"
    content = describe(lookup("ranking", "content"))
    assert content.traits["personalised"] is True
    assert content.traits["social"] is False


def test_every_component_can_be_described() -> None:
    for stage in STAGES:
        for cls in find(stage).values():
            about = describe(cls)
            assert about.summary
            assert about.source
            assert not about.source.endswith(("Also known as", ":"))
            assert all(alias and "\n" not in alias for alias in about.aliases)


def test_a_setting_explains_itself() -> None:
    class Fog(Component):
        """Hide things."""

        colour: str = setting(..., choices=("grey", "white"), help="Which")
        density: float = setting(0.2, low=0, high=1, help="How thick")

    infos = {info.name: info for info in settings_of(Fog)}
    assert infos["density"].about == About(help="How thick", low=0, high=1)
    assert infos["colour"].default is ...
    with pytest.raises(TypeError, match="colour"):
        Fog()
    with pytest.raises(AttributeError):  # frozen
        Fog(colour="grey").density = 0.4  # type: ignore[misc]


@pytest.mark.parametrize(("about", "words"), [
    (About("", low=0, high=1), "0 to 1"),
    (About("", above=0, high=1), "above 0, 1"),
    (About("", low=1), "at least 1"),
    (About("", above=0), "above 0"),
    (About("", below=2), "below 2"),
    (About("", high=2), "at most 2"),
    (About("", choices=("a", "b")), "a, b"),
    (About(""), ""),
])  # fmt: skip
def test_ranges_in_words(about: About, words: str) -> None:
    assert about.range() == words


# ---------------------------------------------------------------------------------------------------- plug-ins
def test_a_plugin_folder_is_found_described_and_checked(plugin: Path) -> None:
    assert "loudest" not in find("ranking")
    allow_plugin(str(plugin))
    cls = find("ranking")["loudest"]
    about = describe(cls)
    assert about.summary == "Show the loudest first."
    assert about.aliases == ("outrage ranking", "shouting match")
    assert about.source == "own; an example."
    assert lookup("ranking", "loudest") is cls
    assert "personalised_is_true" in check(cls)
    assert allowed_plugins() == [str(plugin.resolve())]
    with pytest.raises(UserError, match="did you mean 'loudest'"):
        lookup("ranking", "loudst")


def test_a_folder_without_stages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no subfolder named after a stage"):
        allow_plugin(str(tmp_path))


def test_neither_folder_nor_module_is_refused() -> None:
    with pytest.raises(UserError, match="neither a folder nor a module"):
        allow_plugin("no.such.module")


def test_a_plugin_may_not_take_a_name_of_ours(plugin: Path) -> None:
    (plugin / "ranking" / "loudest.py").rename(plugin / "ranking" / "content.py")
    allow_plugin(str(plugin))
    with pytest.raises(UserError, match="two ranking components are called 'content'"):
        find("ranking")


def test_a_plugin_file_that_fails_says_which(plugin: Path) -> None:
    (plugin / "ranking" / "broken.py").write_text("raise RuntimeError('oh no')\n")
    allow_plugin(str(plugin))
    with pytest.raises(UserError, match=r"broken\.py: RuntimeError: oh no"):
        find("ranking")


def test_a_file_has_exactly_one_component(plugin: Path) -> None:
    second = LOUDEST + "\n\nclass Quietest(Loudest):\n    pass\n"
    (plugin / "ranking" / "loudest.py").write_text(second)
    allow_plugin(str(plugin))
    with pytest.raises(UserError, match="exactly one Ranking, found 2"):
        find("ranking")


def test_a_module_is_named_with_its_class_and_only_if_allowed(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = plugin / "my_package"
    home.mkdir()
    (home / "__init__.py").write_text("")
    (home / "loud.py").write_text(textwrap.dedent(LOUDEST))
    monkeypatch.syspath_prepend(str(plugin))
    with pytest.raises(UserError, match=r"allow it with --plugin my_package\.loud"):
        lookup("ranking", "my_package.loud:Loudest")
    allow_plugin("my_package.loud")
    cls = lookup("ranking", "my_package.loud:Loudest")
    assert cls(strength=2.0).strength == 2.0
    with pytest.raises(UserError, match="has no class called 'Softest'"):
        lookup("ranking", "my_package.loud:Softest")
    with pytest.raises(UserError, match="is no Feed"):
        lookup("feed", "my_package.loud:Loudest")


def test_check_takes_an_instance_a_class_or_a_class_with_settings(plugin: Path) -> None:
    allow_plugin(str(plugin))
    cls = find("ranking")["loudest"]
    names = check(cls)
    assert check(cls(strength=0.5)) == check(cls, strength=3.0) == names
    with pytest.raises(UserError, match="derives from no stage's base class"):
        check(Component)


def test_check_says_what_it_needs_to_be_told() -> None:
    class Demanding(Ranking):
        taste: str = setting(..., help="Which")

        def score(self, view: View) -> np.ndarray:
            return view.item("quality")

    with pytest.raises(UserError, match="no default for taste"):
        check(Demanding)
    assert check(Demanding, taste="any")


def test_only_what_is_asked_for_is_read() -> None:
    """Every command would else begin by reading all files of all stages."""
    program = """
import subprocess
import sys
from cocoonsim.core.component import find
from cocoonsim.ranking.popularity import Popularity
assert (Popularity.stage, Popularity.name) == ("ranking", "popularity")
assert "newest" in find("ranking") and "nothing" not in find("ranking") and len(find("ranking")) > 10
assert "cocoonsim.ranking.newest" not in sys.modules
assert find("ranking")["newest"].name == "newest"
assert "cocoonsim.ranking.newest" in sys.modules and "cocoonsim.ranking.bpr" not in sys.modules
assert [cls.name for cls in find("ranking").values()] == sorted(find("ranking"))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
