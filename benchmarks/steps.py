"""What a step costs: by source of candidates, by size, by stage, and for every policy and feed rule."""

from __future__ import annotations

from typing import Any

from benchmarks.runs import MMR, POOL, SAMPLED, Run, model
from benchmarks.timing import Section, Size, Times, goal, in_turns
from cocoonsim.core.component import find, lookup

SHAPES: dict[str, tuple[int, int, Any, float]] = {
    "pool 500, cohort 2048": (60_000, 100_000, POOL, 4.0),
    "sampled 200": (30_000, 100_000, SAMPLED, 9.0),
    "all of 1k items": (60_000, 1_000, "everything", 6.0),
    "all of 10k items": (20_000, 10_000, "everything", 30.0),
    "all of 100k items": (8_000, 100_000, "everything", 180.0),
}
"""name: users, items, candidates, most µs per user that are asked for."""


def together(runs: dict[str, Run], size: Size) -> dict[str, Times]:
    """Times of one step of each run, taken in turns; the first steps, in which all items tie, do not count."""
    times = in_turns({name: run.step for name, run in runs.items()}, size.rounds, warm=2)
    for run in runs.values():
        run.close()
    return times


def by_candidates(size: Size) -> Section:
    """Plain, with maximal marginal relevance, and with all metrics."""
    section = Section(
        "candidates", "Time of a step by source of candidates",
        "µs of processor time per user and step, one thread, smallest and median of the rounds.",
    )  # fmt: skip
    for name, (users, items, candidates, most) in SHAPES.items():
        users, items = size.users(users), size.items(items)
        plain = model(users, items, candidates=candidates)
        runs = {
            "plain": Run(plain),
            "mmr": Run(model(users, items, candidates=candidates, feed=MMR)),
            "watched": Run(plain, watched=True),
        }
        times = together(runs, size)
        taken = {case: 1e6 * one.cpu / users for case, one in times.items()}
        middle = 1e6 * times["plain"].cpu_median / users
        section.add(candidates=name, users=users, step=taken["plain"], median=middle, **goal(taken["plain"], most))
        added = taken["mmr"] - taken["plain"]
        asked = (
            goal(added, 5.0) if candidates == POOL else {}
        )  # elsewhere 50 instead of 10 best have to be found as well
        section.add(candidates=f"{name}: MMR 50 → 10 adds", users=users, step=added, **asked)
        section.add(candidates=f"{name}: metrics add", users=users, step=taken["watched"] - taken["plain"])
    return section


def scaling(size: Size) -> Section:
    """One thing grows at a time."""
    section = Section("scaling", "How a step grows", "µs of processor time per user and step, one thread.")
    users = size.users(30_000)
    runs: list[tuple[str, int, Any]] = []
    for n in (1_000, 10_000, 100_000) + ((1_000_000,) if size.name == "full" else ()):
        runs.append(("users, pool 500 of 100k", n, model(size.users(n), size.items(100_000), candidates=POOL)))
    for n in (1_000, 10_000, 100_000, 1_000_000):
        runs.append(("items, pool 500", n, model(users, size.items(n), candidates=POOL)))
        runs.append(("items, sampled 200", n, model(users // 2, size.items(n), candidates=SAMPLED)))
    for n in (100, 500, 2000):
        pool = {"kind": "cohort_pool", "size": size.items(n), "cohort": 2048}
        runs.append(("candidates in a pool", n, model(users, size.items(100_000), candidates=pool)))
        sample = {"kind": "sampled", "size": size.items(n)}
        runs.append(("candidates sampled", n, model(users // 4, size.items(100_000), candidates=sample)))
    for what, n, scenario in sorted(runs, key=lambda run: run[0]):
        run = Run(scenario)
        times = together({"run": run}, size)["run"]
        section.add(grows=what, to=n, step=1e6 * times.cpu / run.users)
    return section


def components(size: Size) -> Section:
    """Every shipped ranking, feed rule and source of candidates, in one world that has what any of them needs."""
    section = Section(
        "components", "Every ranking, feed rule and source of candidates",
        "µs of processor time per user and step, one thread, in a world with 10,000 items and ten follows each; "
        "against content, top and the pool.",
    )  # fmt: skip
    users = size.users(100_000) if size.name != "quick" else 10_000
    items = size.items(10_000)
    world = {
        "population": {"kind": "two_camps", "users": users}, "network": {"kind": "erdos_renyi", "degree": 10.0},
        "catalogue": {"kind": "partisan_news", "items": items}, "candidates": POOL,
        "publishing": {"kind": "user_posts", "rate": items / 20 / users, "window": items // 2},
    }  # fmt: skip
    base = 0.0
    for stage, usual in (("ranking", "content"), ("feed", "top"), ("candidates", "cohort_pool")):
        for kind in sorted(find(stage), key=lambda name: name != usual):
            if stage == "candidates" and kind == "unseen" and users * items > 10**9 and size.name != "full":
                continue
            part = {**POOL} if kind == "cohort_pool" else {"kind": kind}
            few = users
            if stage == "candidates" and kind in ("everything", "recent", "unseen"):
                few = min(users, size.users(20_000))
            chosen = {**world, "population": {"kind": "two_camps", "users": few}, stage: part}
            scenario = model(few, items, **chosen)
            run = Run(scenario)
            taken = 1e6 * in_turns({"step": run.step}, min(size.rounds, 2), warm=1)["step"].cpu / few
            run.close()
            base = base or taken
            needs = ", ".join(sorted(lookup(stage, kind).needs))
            section.add(stage=stage, kind=kind, users=few, step=taken, against_content=taken / base, needs=needs)
    return section
