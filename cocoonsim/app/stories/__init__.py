"""The preset stories of the page: scenario files whose arms are the policies of its menus."""

from __future__ import annotations

from pathlib import Path

from cocoonsim.scenario import Scenario


def stories(own: Scenario | None = None) -> dict[str, Scenario]:
    """The scenarios of the menu by name; the one from the command line comes first."""
    found = {"own": own} if own else {}
    return found | {path.stem: Scenario.from_file(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))}
