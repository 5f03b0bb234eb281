"""The regression baseline: main numbers of small runs of the shipped scenarios, as this program last computed them.

    python -m tests.update_reference

writes them anew to `results/reference/`. They come from our own output: they tell that numbers have changed, not that
they are right. Say in CHANGELOG.md, under "Results that changed", what changed and why.
"""

from __future__ import annotations

import json
from pathlib import Path

from cocoonsim import Scenario, simulate

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "results" / "reference"
SCENARIOS = ("information_cocoon", "echo_chamber")
SMALL = ("population.users=200", "catalogue.items=300", "steps=5")


def main_numbers(name: str) -> dict[str, float | None]:
    """Value and excess at the last step, by `metric/stage/null`; None where undefined."""
    scenario = Scenario.from_file(ROOT / "scenarios" / f"{name}.yaml", sets=SMALL)
    rows = simulate(scenario, seeds=[1]).summary().iter_rows(named=True)
    return {
        f"{row['metric']}/{row['stage']}/{row['null_name']}/{what}": row[what]
        for row in rows
        for what in ("last", "excess_last")
    }


def update() -> None:
    """Write the baseline of every scenario in `SCENARIOS`."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in SCENARIOS:
        path = REFERENCE / f"{name}.json"
        path.write_text(json.dumps(main_numbers(name), indent=1) + "\n", encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    update()
