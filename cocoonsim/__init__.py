"""cocoonsim: an agent-based simulator of filter bubbles ("information cocoons").

Users, content and recommender algorithms on a social graph, with pluggable ranking policies and honest metrics of
exposure diversity over time. Start with `play` (watch a run), `simulate` (record one), `compare` (arms on shared draws).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cocoonsim.experiments.compare import compare
    from cocoonsim.recorder import simulate
    from cocoonsim.results import Results
    from cocoonsim.scenario import Scenario
    from cocoonsim.simulate import play
    from cocoonsim.testing import check

__version__ = "0.1.0"

_HOME = {
    "play": "cocoonsim.simulate",
    "simulate": "cocoonsim.recorder",
    "compare": "cocoonsim.experiments.compare",
    "Scenario": "cocoonsim.scenario",
    "Results": "cocoonsim.results",
    "check": "cocoonsim.testing",
}
__all__ = ["Results", "Scenario", "check", "compare", "play", "simulate"]


def __getattr__(name: str) -> Any:
    # looked up on first use, so that `import cocoonsim` and `cocoonsim --help` stay quick
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'cocoonsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
