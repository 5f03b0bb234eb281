"""Components: one file each, found by their file name, described by their docstring and settings.

A component is a frozen dataclass with one verb. Its file's name is its name in YAML; the folder is the registry, so no
list is kept by hand. What it learns it returns; it keeps nothing.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.metadata
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform, get_type_hints

from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.core.setting import About, setting

if TYPE_CHECKING:
    from cocoonsim.core.world import World

STAGES = (
    "population", "catalogue", "network", "publishing", "activity", "candidates", "ranking", "feed",
    "choice", "influence", "rewiring", "interventions", "metrics",
)  # fmt: skip
"""The stages in the order in which a step plays them."""

ENTRY_POINTS = "cocoonsim.components"
"""Installed packages offer components under this entry-point group, as `ranking.my_policy = my_package.my_file:MyPolicy`."""


@dataclass_transform(field_specifiers=(setting,), frozen_default=True, kw_only_default=True)
class Component:
    """Anything a scenario can name. Subclasses become frozen dataclasses by themselves.

    `needs` lists what must be there: `network`, `authors`, `pairs` (who saw what, exactly), `sees_minds`, `items.arousal`
    (an item column that is not all equal), `users.opinion` and the like. It is checked before anything runs.
    """

    name: ClassVar[str] = ""
    stage: ClassVar[str] = ""
    needs: ClassVar[frozenset[str]] = frozenset()
    gives: ClassVar[frozenset[str]] = frozenset()
    """Needs that it meets: those of the components among its settings; of a publishing, those of all components."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        dataclass(frozen=True, kw_only=True)(cls)
        package, *place = cls.__module__.split(".")
        if package == "cocoonsim" and len(place) == 2 and place[0] in STAGES and not place[1].startswith("_"):
            cls.stage, cls.name = place

    def __post_init__(self) -> None:
        for field in dataclasses.fields(type(self)):  # type: ignore[arg-type]
            if stage := field.metadata["about"].part if "about" in field.metadata else "":
                object.__setattr__(self, field.name, _made(stage, getattr(self, field.name)))

    def inside(self) -> list[tuple[str, Component]]:
        """(place, component) for every component among the settings, and those inside it: `parts.0`, `parts.0.ranking`."""
        found: list[tuple[str, Component]] = []
        for field in dataclasses.fields(type(self)):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            many = list(enumerate(value)) if isinstance(value, tuple) else [("", value)]
            for number, part in many:
                if isinstance(part, Component):
                    at = f"{field.name}.{number}".rstrip(".")
                    found += [(at, part), *((f"{at}.{deeper}", other) for deeper, other in part.inside())]
        return found

    def problems(self) -> list[tuple[str, str]]:
        """(setting, what is wrong with it) for settings that do not go together; empty when all is well."""
        return []

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        """(setting, what is wrong) where the settings do not fit this world, e.g. a rank above the number of items."""
        return []

    def facts(self) -> dict[str, float]:
        """Facts of the data this component reads (counts, concentrations), for `run.json` and the report."""
        return {}


_folders: list[Path] = []
_modules: list[str] = []


def allow_plugin(plugin: str) -> None:
    """Let scenarios use components from outside: a folder with a subfolder per stage, or a module `package.file`.

    Raises UserError when there is no such folder or module.
    """
    if Path(plugin).is_dir():
        folder = Path(plugin).resolve()
        if not any((folder / stage).is_dir() for stage in STAGES):
            raise UserError(f"the plug-in folder {plugin} has no subfolder named after a stage ({', '.join(STAGES)})")
        if folder not in _folders:
            _folders.append(folder)
    else:
        try:
            importlib.import_module(plugin)
        except ImportError as error:
            raise UserError(
                f"--plugin {plugin}: neither a folder nor a module that can be imported ({error})"
            ) from None
        if plugin not in _modules:
            _modules.append(plugin)
    find.cache_clear()


def allowed_plugins() -> list[str]:
    """What `allow_plugin` was given, so that another process can be told the same."""
    return [str(folder) for folder in _folders] + list(_modules)


def base_of(stage: str) -> type[Component]:
    """The base class of a stage, which its package defines."""
    if stage not in STAGES:
        raise UserError(f"there is no stage {stage!r}; {did_you_mean(stage, STAGES)}")
    package = importlib.import_module(f"cocoonsim.{stage}")
    base: type[Component] = package.BASE
    return base


class Shelf(Mapping[str, type[Component]]):
    """The components of a stage by name, in the order of the alphabet. A file of ours is read when it is first asked for."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self._found: dict[str, type[Component] | None] = {}

    def __getitem__(self, name: str) -> type[Component]:
        found = self._found[name]
        if found is None:
            module = importlib.import_module(f"cocoonsim.{self.stage}.{name}")
            found = self._found[name] = _only_class(module, base_of(self.stage))
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._found  # without reading the file

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def promise(self, name: str) -> None:
        """There is one of ours called so, to be read when needed."""
        self._found[name] = None

    def put(self, name: str, cls: type[Component]) -> None:
        """One from outside. Raises UserError when another has its name."""
        if name in self and self[name] is not cls:
            both = f"{self[name].__module__} and {cls.__module__}"
            raise UserError(f"two {self.stage} components are called {name!r}: {both}")
        self._found[name] = _called(cls, self.stage, name)


@cache
def find(stage: str) -> Shelf:
    """Every component of a stage by name: ours, those of installed packages, those of allowed plug-in folders.

    >>> "popularity" in find("ranking")
    True
    """
    base = base_of(stage)
    found = Shelf(stage)
    for info in pkgutil.iter_modules(importlib.import_module(f"cocoonsim.{stage}").__path__):
        if not info.name.startswith("_"):
            found.promise(info.name)
    for entry in _installed():
        at, _, name = entry.name.partition(".")
        if at == stage:
            found.put(name, entry.load())
    for folder in _folders:
        for path in sorted((folder / stage).glob("[!_]*.py")):
            found.put(path.stem, _only_class(_load(path, stage), base))
    return found


@cache
def _installed() -> tuple[importlib.metadata.EntryPoint, ...]:
    """What installed packages bring along; looked up once, as that reads what every one of them says of itself."""
    return tuple(importlib.metadata.entry_points(group=ENTRY_POINTS))


def _called(cls: type[Component], stage: str, name: str) -> type[Component]:
    """The class, which now knows what it is called."""
    cls.name, cls.stage = name, stage
    return cls


def _load(path: Path, stage: str) -> Any:
    name = f"cocoonsim_plugin_{_folders.index(path.parent.parent)}_{stage}_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[name]
            raise UserError(f"{type(error).__name__}: {error}", where=str(path)) from error
    return sys.modules[name]


def _only_class(module: Any, base: type[Component]) -> type[Component]:
    classes = [
        member
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, base) and member.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise UserError(
            f"{module.__file__}: a component file defines exactly one {base.__name__}, found {len(classes)}"
        )
    return classes[0]


def lookup(stage: str, kind: str) -> type[Component]:
    """The component class called `kind`; also `package.file:Class` of an allowed plug-in. Raises UserError."""
    known = find(stage)
    if kind in known:
        return known[kind]
    if ":" in kind:
        cls = plugin_class(kind)
        if not issubclass(cls, base_of(stage)):
            raise UserError(f"{kind} is no {base_of(stage).__name__}")
        return _called(cls, stage, kind)
    raise UserError(f"there is no {stage} called {kind!r}; {did_you_mean(kind, known)}")


def _made(stage: str, value: Any) -> Any:
    """A setting that is a component: what was given as a name or as a mapping with its kind becomes one."""
    if isinstance(value, str):
        return lookup(stage, value)()
    if isinstance(value, dict):
        return build(stage, value)
    return tuple(_made(stage, part) for part in value) if isinstance(value, tuple | list) else value


def plugin_class(name: str) -> type[Any]:
    """Any class of an allowed plug-in module, by `package.file:Class`. Raises UserError."""
    module, _, word = name.partition(":")
    if not word:
        raise UserError(f"{name!r} names no class; write it as package.file:Class")
    if module not in _modules:
        raise UserError(f"{name!r} lies outside cocoonsim: allow it with --plugin {module}")
    found = getattr(sys.modules[module], word, None)
    if not inspect.isclass(found):
        raise UserError(f"{module} has no class called {word!r}")
    return found


def build(stage: str, spec: dict[str, Any]) -> Component:
    """The component that a checked part of a scenario asks for: `{"kind": name, setting: value, ...}`."""
    settings = dict(spec)
    return lookup(stage, settings.pop("kind"))(**settings)


@dataclass(frozen=True)
class SettingInfo:
    """One setting of a component, for help texts, schemas and sliders."""

    name: str
    type: Any
    default: Any
    """`...` when the user must give it."""
    about: About


def settings_of(cls: type[Component]) -> list[SettingInfo]:
    """The settings of a component in the order of their declaration, its own before those that all of its stage have."""
    hints, own = get_type_hints(cls), vars(cls).get("__annotations__", {})
    fields = sorted(dataclasses.fields(cls), key=lambda field: field.name not in own)  # type: ignore[arg-type]
    return [
        SettingInfo(
            name=field.name,
            type=hints[field.name],
            default=_default(field),
            about=field.metadata.get("about", About(help="")),
        )
        for field in fields
    ]


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return ... if field.default is dataclasses.MISSING else field.default
