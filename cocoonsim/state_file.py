"""Plain values and arrays in one file with a hash beside it. No pickle: reading one runs nobody's code.

The file is a NumPy `.npz`: the arrays as they are, and a JSON text that says where they belong. Beside it lies
`<name>.sha256`, as `sha256sum` writes and checks it. That one comes last: without it the file does not count.
"""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cocoonsim.core.errors import UserError
from cocoonsim.durable import file_digest, put

_KINDS = ("array", "number", "tuple", "dict", "csr", "object", "bytes")


class UnwritableError(TypeError):
    """A value that is neither plain nor an array, nor made of such."""


class DamagedError(Exception):
    """The file is not what was written."""


def save(path: Path, content: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Write `content`, and `about` (plain values, to be read without the arrays). Raises UnwritableError and OSError.

    Content is made of dictionaries with text as keys, lists, tuples, text, bytes, numbers, None, arrays, sparse CSR
    arrays, and dataclasses of these (their fields that take part in comparisons; others are caches).
    """
    arrays: dict[str, np.ndarray] = {}
    text = json.dumps({"about": about, "content": _to_plain(content, arrays)})
    arrays["json"] = np.frombuffer(text.encode(), np.uint8)
    put(path, lambda file: np.savez(file, **arrays))  # type: ignore[arg-type]
    line = f"{file_digest(path)}  {path.name}\n".encode()
    put(hash_of(path), lambda file: file.write(line))


def load(path: Path, classes: Mapping[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(about, content) of a file that `save` wrote. `classes`: by name, where the dataclasses in it come from.

    Raises DamagedError when its hash is another, and UserError when it was not written by `save`.
    """
    try:
        told = hash_of(path).read_text(encoding="ascii").split()
        if not told or file_digest(path) != told[0]:
            raise DamagedError(f"{path} is damaged: its contents are not those of {hash_of(path).name}")
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedError(f"{path} cannot be read: {error}") from None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            text = json.loads(arrays["json"].tobytes())
            return text["about"], _from_plain(text["content"], arrays, classes or {})
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise UserError(f"{path} was not written by this version of cocoonsim: {error}") from None


def hash_of(path: Path) -> Path:
    """Where the hash of a file lies."""
    return path.with_name(f"{path.name}.sha256")


def remove(path: Path) -> None:
    """Remove a file and its hash, the hash first: a file without one does not count."""
    hash_of(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _to_plain(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """A value as JSON, with a name for each array. Lists and plain values stay; others become `{kind: ...}`."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise UnwritableError(f"an array of Python objects ({value.dtype})")
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, np.generic):
        return {"number": _to_plain(np.asarray(value), arrays)}
    if isinstance(value, float):
        return {"number": _to_plain(np.asarray(value, np.float64), arrays), "python": True}
    if isinstance(value, bytes):
        return {"bytes": _to_plain(np.frombuffer(value, np.uint8), arrays)}
    if isinstance(value, list):
        return [_to_plain(part, arrays) for part in value]
    if isinstance(value, tuple):
        return {"tuple": [_to_plain(part, arrays) for part in value]}
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise UnwritableError("a dictionary whose keys are not text")
        return {"dict": {key: _to_plain(part, arrays) for key, part in value.items()}}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field for field in dataclasses.fields(value) if field.init and field.compare]
        inside = {field.name: _to_plain(getattr(value, field.name), arrays) for field in fields}
        return {"object": type(value).__qualname__, "fields": inside}
    if getattr(value, "format", None) == "csr":
        three = [_to_plain(getattr(value, name), arrays) for name in ("data", "indices", "indptr")]
        return {"csr": three, "shape": list(map(int, value.shape))}
    raise UnwritableError(f"{type(value).__name__} is neither a plain value nor an array, nor made of such")


def _from_plain(value: Any, arrays: Any, classes: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_from_plain(part, arrays, classes) for part in value]
    if not isinstance(value, dict):
        return value
    kind = next((kind for kind in _KINDS if kind in value), "")
    inside = value[kind]
    if kind == "array":
        return arrays[inside]
    if kind == "number":
        number = _from_plain(inside, arrays, classes)[()]
        return float(number) if value.get("python") else number
    if kind == "bytes":
        return _from_plain(inside, arrays, classes).tobytes()
    if kind == "tuple":
        return tuple(_from_plain(part, arrays, classes) for part in inside)
    if kind == "dict":
        return {key: _from_plain(part, arrays, classes) for key, part in inside.items()}
    if kind == "csr":
        from scipy.sparse import csr_array

        return csr_array(tuple(_from_plain(part, arrays, classes) for part in inside), shape=tuple(value["shape"]))
    made_by = classes.get(inside)
    if not (isinstance(made_by, type) and dataclasses.is_dataclass(made_by)):
        raise ValueError(f"there is no {inside} to make a model of")
    return made_by(**{name: _from_plain(part, arrays, classes) for name, part in value["fields"].items()})
