"""From YAML text to plain dictionaries and lists that remember the line of everything.

The text is composed into nodes and the nodes are turned into plain values here: nothing in a file can name a Python
object. YAML 1.2: `yes` and `none` are words, `1e3` is a number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from cocoonsim.scenario.problems import Path, Place, ScenarioError

MOST_BYTES = 1_000_000
MOST_VALUES = 100_000
"""A file whose anchors unfold to more than this is refused (known as the billion-laughs attack)."""
LARGEST = 2**63 - 1
_TAG = "tag:yaml.org,2002:"
_HINTS = {
    "mapping values are not allowed here": "a ':' where none can be; check the indentation, or put the text in quotes",
    "found character '\\t' that cannot start any token": "a tab character; YAML wants spaces",
    "found undefined alias": "an alias (*name) without its anchor (&name) further up",
    "found character '@'": "text that begins with @ must be in quotes",
    "found character '`'": "text that begins with ` must be in quotes",
    "found unexpected end of stream": "a quotation mark that is never closed",
    "'<stream end>'": "a bracket that is never closed",
    "but found another document": "a second document after '---'; a scenario file holds one",
}


@dataclass(frozen=True)
class Document:
    """Plain content, and the place where each value was written."""

    content: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """Where `path` was written, or else the nearest thing around it that was."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]].words(path)
        return dotted_or_nothing(path)


def dotted_or_nothing(path: Path) -> str:
    """The place of a value of which only the path is known."""
    return Place().words(path)


def read_file(path: FilePath) -> Document:
    """Read a scenario file. Raises ScenarioError for whatever is not a readable YAML mapping."""
    name = path.as_posix()
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ScenarioError([("", f"there is no file {name!r}{_suggest(path)}")]) from None
    except IsADirectoryError:
        raise ScenarioError([(name, "is a folder; name a scenario file in it")]) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise ScenarioError([(name, f"cannot be read: {getattr(error, 'strerror', None) or error}")]) from None
    if len(raw) > MOST_BYTES:
        raise ScenarioError([(name, f"is larger than {MOST_BYTES // 1_000_000} MB; put data in files of their own")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScenarioError([(f"{name}:{line}", "is not UTF-8 text; save the file as UTF-8")]) from None
    return read_text(text, name)


def read_text(text: str, name: str) -> Document:
    """Read YAML text that stands for the file `name`. Raises ScenarioError."""
    root = _compose(text, name)
    if root is None:
        raise ScenarioError([(name, "is empty; a scenario needs at least one key, e.g. `ranking: content`")])
    reader = _Reader(name)
    content = reader.value(root, ())
    if not isinstance(content, dict):
        reader.refuse(root, "a scenario is a mapping of keys to values, e.g. `ranking: content`")
    if reader.problems:
        raise ScenarioError(reader.problems)
    del reader.places[()]  # a key that was not written has no line
    reader.places[()] = Place(name)
    return Document(content, reader.places)


def read_value(text: str, where: str) -> Any:
    """The value of one override as YAML: `0.5`, `popularity`, `[1, 2]`. Raises ScenarioError."""
    root = _compose(text, where)
    if root is None:
        raise ScenarioError([(where, "needs a value after the =")])
    reader = _Reader("")
    value = reader.value(root, ())
    if reader.problems:
        raise ScenarioError([(where, what) for _, what in reader.problems])
    return value


def _compose(text: str, name: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        what = " ".join(str(part) for part in (error.context, error.problem) if part)
        hint = next((hint for found, hint in _HINTS.items() if found in what), what)
        mark = error.problem_mark or error.context_mark
        at = name if mark is None or name.startswith("--set") else f"{name}:{mark.line + 1}"
        raise ScenarioError([(at, f"not valid YAML: {hint}")]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ScenarioError([(f"{name}:{line}", "not valid YAML: a control character")]) from None
    except RecursionError:
        raise ScenarioError([(name, "not valid YAML: too deeply nested")]) from None
    except (YAMLError, ValueError) as error:
        raise ScenarioError([(name, f"not valid YAML: {' '.join(str(error).split())}")]) from None


class _Reader:
    """Turns nodes into plain values; notes places and problems."""

    def __init__(self, name: str) -> None:
        self.name, self.places = name, dict[Path, Place]()
        self.problems: list[tuple[str, str]] = []
        self._values, self._open = 0, set[int]()

    def refuse(self, node: Node, what: str) -> None:
        """Note a problem at the line of a node."""
        self.problems.append((self.at(node), what))

    def at(self, node: Node) -> str:
        """`file:line` of a node."""
        return f"{self.name}:{node.start_mark.line + 1}"

    def value(self, node: Node, path: Path, at: Node | None = None) -> Any:
        """The plain value of a node, which was written at the key `at`."""
        self.places[path] = Place(self.at(at or node))
        self._values += 1
        if self._values > MOST_VALUES:
            raise ScenarioError([(self.name, f"its anchors unfold to more than {MOST_VALUES} values")])
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if id(node) in self._open:
            self.refuse(node, "an anchor that contains itself")
            return None
        self._open.add(id(node))
        try:
            if isinstance(node, SequenceNode) and node.tag == f"{_TAG}seq":
                return [self.value(part, (*path, number)) for number, part in enumerate(node.value)]
            if isinstance(node, MappingNode) and node.tag == f"{_TAG}map":
                return self._mapping(node, path)
        finally:
            self._open.discard(id(node))
        self._refuse_tag(node)
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, part in node.value:
            if not isinstance(key, ScalarNode) or not key.value:
                self.refuse(key, "a key must be a word")
            elif key.tag == f"{_TAG}merge":
                for base in self._merged(part):
                    for name, value in self._mapping(base, path).items():
                        found.setdefault(name, value)
            elif key.value in lines:
                self.refuse(key, f"{key.value!r} is given twice (first in line {lines[key.value]})")
            else:
                lines[key.value] = key.start_mark.line + 1
                found[key.value] = self.value(part, (*path, key.value), key)
        return found

    def _merged(self, node: Node) -> Iterator[MappingNode]:
        parts = node.value if isinstance(node, SequenceNode) else [node]
        for part in parts:
            if isinstance(part, MappingNode) and id(part) not in self._open:
                yield part
            else:
                self.refuse(node, "<<: takes the alias of a mapping")

    def _scalar(self, node: ScalarNode) -> Any:
        kind, text = str(node.tag).removeprefix(_TAG), node.value
        if kind in ("str", "timestamp"):
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                self.refuse(node, "half a character (a lone surrogate), which no file can hold")
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind == "int":
                return self._whole(node)
            if kind == "float":
                plain = text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan")
                return float(plain)
        except ValueError:
            self.refuse(node, f"{text[:40]!r} is not a number")
            return None
        self._refuse_tag(node)
        return None

    def _whole(self, node: ScalarNode) -> int | None:
        text = node.value.replace("_", "")
        base = {"0x": 16, "0o": 8, "0b": 2}.get(text.lstrip("+-")[:2].lower(), 10)
        if len(text) > 80 or abs(number := int(text, base)) > LARGEST:
            self.refuse(node, f"{text[:20]}... is too large a number")
            return None
        return number

    def _refuse_tag(self, node: Node) -> None:
        tag = str(node.tag).replace(_TAG, "!!")
        self.refuse(node, f"the tag {tag} is not allowed; write plain values")


def _suggest(path: FilePath) -> str:
    """The scenario file around here whose name is nearest."""
    import difflib

    around = [path.parent.glob("*.y*ml"), FilePath().glob("*.y*ml"), FilePath("scenarios").rglob("*.y*ml")]
    files = {file.stem: os.path.normpath(file) for files in around for file in sorted(files)}
    near = difflib.get_close_matches(path.stem, files, n=1, cutoff=0.6)
    return f"; did you mean {files[near[0]]!r}?" if near else ""
