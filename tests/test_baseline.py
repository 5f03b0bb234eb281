"""Numbers are API: small runs still give what they gave. See tests/update_reference.py for how to change them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("update_reference", HERE / "update_reference.py")
assert spec is not None
assert spec.loader is not None
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


@pytest.mark.parametrize("name", reference.SCENARIOS)
def test_the_numbers_are_what_they_were(name: str) -> None:
    before = json.loads((reference.REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
    now = reference.main_numbers(name)
    assert set(now) == set(before), "metrics were added or removed: run python -m tests.update_reference"
    # processors differ in the last digits of float32 logarithms (PERFORMANCE: slates stay the same): hence not bit by bit
    changed = {key: (before[key], now[key]) for key in before if not _same(before[key], now[key])}
    assert not changed, "results changed: if that is meant, run python -m tests.update_reference and tell CHANGELOG.md"


def _same(before: float | None, now: float | None) -> bool:
    if before is None or now is None:  # undefined
        return before is now
    return now == pytest.approx(before, rel=1e-5, abs=1e-9)
