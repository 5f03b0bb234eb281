"""cocoonsim: an agent-based simulator of filter bubbles ("information cocoons").

Users, content and recommender algorithms on a social graph, with pluggable ranking policies and honest metrics of
exposure diversity over time. Start with `play` (watch a run), `simulate` (record one), `compare` (arms on shared draws).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cocoonsim.simulate import play

if TYPE_CHECKING:
    from cocoonsim.core.blocks import Blocks
    from cocoonsim.experiments.compare import compare
    from cocoonsim.reasons import why
    from cocoonsim.results import Results
    from cocoonsim.scenario import Scenario
    from cocoonsim.testing import check

__version__ = "0.1.0"

# looked up on first use, so that `import cocoonsim` and `cocoonsim --help` stay quick
_HOME = {
    "compare": "cocoonsim.experiments.compare",
    "Scenario": "cocoonsim.scenario",
    "Results": "cocoonsim.results",
    "check": "cocoonsim.testing",
    "why": "cocoonsim.reasons",
}
__all__ = ["Results", "Scenario", "check", "compare", "play", "simulate", "why"]


def simulate(
    scenario: Scenario,
    seeds: Sequence[int] | None = None,
    blocks: Blocks | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Play a scenario to its end and keep the numbers; see `cocoonsim.recorder.simulate`."""
    # a function, not an entry of _HOME: the submodule of this name is loaded above, and this definition comes after it
    from cocoonsim import recorder

    return recorder.simulate(scenario, seeds, blocks, progress)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'cocoonsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
