"""Values that are written and read back are the same, to the last bit; anything else is refused in words."""

from __future__ import annotations

import pickle
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from cocoonsim import state_file
from cocoonsim.core.errors import UserError
from cocoonsim.state_file import DamagedError, UnwritableError


@dataclass(frozen=True)
class Model:
    weights: np.ndarray
    name: str = "m"
    cache: dict[int, Any] = field(default_factory=dict, compare=False)


def there_and_back(value: Any, tmp_path: Path, **classes: Any) -> Any:
    state_file.save(tmp_path / "file.npz", {"value": value}, {"format": 3})
    about, content = state_file.load(tmp_path / "file.npz", classes)
    assert about == {"format": 3}
    return content["value"]


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(2**70), "text – with a dash", "", 0.1, float("inf"), -0.0, b"\0bytes", [], (), {},
        [1, (2, "three", [None])], {"a": {"b": (1.5,)}, "array": 1, "": 2},
    ],
    ids=repr,
)  # fmt: skip
def test_plain_values(value: Any, tmp_path: Path) -> None:
    found = there_and_back(value, tmp_path)
    assert (found, type(found), repr(found)) == (value, type(value), repr(value))


@pytest.mark.parametrize("dtype", ["f4", "f8", "i4", "i8", "u4", "u8", "bool", "U5"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_keep_their_bits_type_and_order(dtype: str, order: Any, tmp_path: Path) -> None:
    array = np.asarray(np.arange(12).reshape(3, 4).astype(dtype), order=order)
    found = there_and_back(array, tmp_path)
    assert (found.dtype, found.shape, found.flags.f_contiguous) == (array.dtype, array.shape, array.flags.f_contiguous)
    assert found.tobytes() == array.tobytes()


def test_nan_keeps_its_payload(tmp_path: Path) -> None:
    odd = np.array([0x7FF8000000000123], np.uint64).view(np.float64)
    assert there_and_back(odd, tmp_path).view(np.uint64)[0] == 0x7FF8000000000123


def test_single_numbers_of_numpy_stay_such(tmp_path: Path) -> None:
    found = there_and_back([np.float32(0.1), np.int16(7), np.bool_(True)], tmp_path)
    assert [type(one) for one in found] == [np.float32, np.int16, np.bool_]
    assert found == [np.float32(0.1), 7, True]


def test_sparse_counts_come_back_as_they_were(tmp_path: Path) -> None:
    matrix = csr_array(np.array([[0, 2, 0], [1, 0, 3]], np.int32))
    found = there_and_back({"clicks": matrix}, tmp_path)["clicks"]
    assert (found.toarray() == matrix.toarray()).all()
    assert (found.dtype, found.shape, found.nnz) == (np.int32, (2, 3), 3)


def test_dataclasses_come_back_without_their_caches(tmp_path: Path) -> None:
    model = Model(np.arange(3.0), "n", {1: lambda: None})
    found = there_and_back(model, tmp_path, Model=Model)
    assert isinstance(found, Model)
    assert (found.weights.tolist(), found.name, found.cache) == ([0, 1, 2], "n", {})


@pytest.mark.parametrize("classes", [{}, {"Model": subprocess.Popen}, {"Model": Model(np.zeros(1))}])
def test_only_known_dataclasses_are_made(classes: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no Model to make a model of"):
        there_and_back(Model(np.zeros(1)), tmp_path, **classes)


@pytest.mark.parametrize(
    "value",
    [lambda: 1, {1, 2}, {3: 4}, np.array([None]), object(), Model],
    ids=["function", "set", "number key", "objects", "object", "class"],
)
def test_other_values_are_refused_before_anything_is_written(value: Any, tmp_path: Path) -> None:
    with pytest.raises(UnwritableError):
        state_file.save(tmp_path / "file.npz", {"value": [value]}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_changed_bit_anywhere_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    state_file.save(path, {"value": np.arange(5)}, {})
    whole = path.read_bytes()
    for place in range(0, len(whole), 37):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        with pytest.raises(DamagedError, match="is damaged"):
            state_file.load(path)
    path.write_bytes(whole)
    state_file.hash_of(path).write_text("")
    with pytest.raises(DamagedError, match="is damaged"):
        state_file.load(path)


def test_the_hash_is_one_that_sha256sum_checks(tmp_path: Path) -> None:
    state_file.save(tmp_path / "file.npz", {"value": 1}, {})
    digest, name = state_file.hash_of(tmp_path / "file.npz").read_text().split()
    assert (len(digest), name) == (64, "file.npz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.npz", "file.npz.sha256"]


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path, ran = tmp_path / "file.npz", tmp_path / "ran"

    class Bomb:
        def __reduce__(self) -> Any:
            return (Path.touch, (ran,))

    for harm in (lambda file: np.savez(file, json=np.array([Bomb()], object)), lambda file: pickle.dump(Bomb(), file)):
        with path.open("wb") as file:
            harm(file)
        state_file.hash_of(path).write_text(f"{state_file.file_digest(path)}  file.npz\n")
        with pytest.raises(UserError, match="was not written by this version"):
            state_file.load(path)
        assert not ran.exists()


def test_what_is_there_stays_when_a_new_one_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.npz"
    state_file.save(path, {"value": 1}, {})

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        state_file.save(path, {"value": 2}, {})
    assert state_file.load(path)[1] == {"value": 1}
    assert len(list(tmp_path.iterdir())) == 2
