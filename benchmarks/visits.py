"""People who come one at a time: what a single visit costs in the loop that also plays a million at once."""

from __future__ import annotations

from typing import Any

from benchmarks.runs import Run, model
from benchmarks.timing import Section, Size, goal, in_turns

_CAMPS: dict[str, Any] = {
    "population": {"kind": "two_camps", "users": 100},
    "catalogue": {"kind": "partisan_news", "items": 200},
}
_GATE = {"choice": "confidence_gate", "influence": "bounded_confidence"}
_POSTS = {
    "network": {"kind": "erdos_renyi", "degree": 4.0}, "candidates": {"kind": "followed", "last": 10}, "ranking": "newest",
    "publishing": {"kind": "reposts", "window": 100}, "rewiring": {"kind": "unfollow_discordant", "chance": 0.5},
}  # fmt: skip
SHAPES: dict[str, dict[str, Any]] = {
    "popularity, everything accepted": {"ranking": "popularity", "choice": "accepts_all", "influence": "none"},
    "at random, logit choice": {"ranking": "shuffled", "influence": "none"},
    "by clicks, logit choice, reinforcement": {},
    "at random, confidence gate, bounded confidence": {**_CAMPS, **_GATE, "ranking": "shuffled"},
    "posts of followees, gate, bounded confidence, unfollowing": {**_CAMPS, **_GATE, **_POSTS},
}
SCHEDULES: dict[str, Any] = {
    "one_at_a_time": {"kind": "one_at_a_time", "events": 100},
    "one_at_a_time, a step each": {"kind": "one_at_a_time", "events": 1},
    "permutation": {"kind": "permutation"},
}


def one_by_one(size: Size) -> Section:
    """Schedules with single visits, in a world of a hundred people."""
    section = Section(
        "visits", "People who come one at a time",
        "µs of processor time per visit, one thread, 100 people, 200 items, feeds of ten, nothing measured.",
    )  # fmt: skip
    for name, parts in SHAPES.items():
        runs = {}
        for schedule, activity in SCHEDULES.items():
            world = {"catalogue": {"kind": "topic_mix", "items": 200, "topics": 4}, "memory": 20}
            runs[schedule] = Run(model(100, 200, **world | parts | {"activity": activity, "steps": 20_000}))

        def visits(run: Run, of: str) -> None:
            for _ in range(100 if of.endswith("each") else 1):
                run.step()

        cases = {of: (lambda run=run, of=of: visits(run, of)) for of, run in runs.items()}
        times = in_turns(cases, 4 * size.rounds, warm=3)
        for schedule, run in runs.items():
            run.close()
            taken = 1e6 * times[schedule].cpu / 100
            asked = {} if schedule.endswith("each") else goal(taken, 80.0)
            section.add(
                model=name, schedule=schedule, visit=taken, median=1e6 * times[schedule].cpu_median / 100, **asked
            )
    return section
