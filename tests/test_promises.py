"""Every component of every stage keeps every promise of its stage.

Whatever lies in a stage's folder is tried: nothing is listed by hand, and the number of checks is itself asserted, so that
no component and no promise drops out unnoticed.
"""

from pathlib import Path

import pytest

from cocoonsim.core.component import STAGES, find
from cocoonsim.testing import promises_of
from cocoonsim.testing.samples import samples_of

CHECKS = [(stage, kind, promise) for stage in STAGES for kind in find(stage) for promise in promises_of(stage)]


@pytest.mark.parametrize(("stage", "kind", "promise"), CHECKS, ids=["-".join(check) for check in CHECKS])
def test_promise(stage: str, kind: str, promise: str, tmp_path: Path) -> None:
    for sample in samples_of(find(stage)[kind], tmp_path, {}):
        promises_of(stage)[promise](sample)


def test_nothing_drops_out() -> None:
    """The files in the folders, counted without the machinery that finds components, times the promises in theirs."""
    package = Path(__file__).parents[1] / "cocoonsim"
    expected = 0
    for stage in STAGES:
        components = list((package / stage).glob("[!_]*.py"))
        text = (package / "testing" / "promises" / f"{stage}.py").read_text(encoding="utf-8")
        expected += len(components) * text.count("\ndef promise_")
    assert len(CHECKS) == expected
    assert len(CHECKS) >= 20
