"""Where the time of a step goes, stage by stage."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from benchmarks.runs import MMR, POOL, SAMPLED, Run, model
from benchmarks.timing import Section, Size
from cocoonsim.assemble import assemble, fitting_metrics
from cocoonsim.core.component import lookup
from cocoonsim.core.history import History
from cocoonsim.core.topk import TopK
from cocoonsim.notebook import Notebook


class Split:
    """Processor time by name, each without what is called from it. For one thread only."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.open: list[float] = []
        """For each call that is under way, the time of the calls made from it."""

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, on the clock."""

        def on_the_clock(*args: Any, **options: Any) -> Any:
            self.open.append(0.0)
            start = time.thread_time()
            try:
                return call(*args, **options)
            finally:
                whole = time.thread_time() - start
                self.spent[name] += whole - self.open.pop()
                if self.open:
                    self.open[-1] += whole

        return on_the_clock


@contextmanager
def clocks(run: Run, split: Split) -> Iterator[None]:
    """The verbs of the run's components and of the core, on the clock while this lasts."""
    parts = assemble(run.scenario)
    verbs: list[tuple[str, Any, str]] = [
        ("candidates", type(parts.candidates), "offer"),
        ("ranking", type(parts.ranking), "learn"),
        ("ranking", type(parts.ranking), "score"),
        ("top-k", TopK, "push"),
        ("top-k", TopK, "result"),
        ("feed rule", type(parts.feed), "fill"),
        ("choice", type(parts.choice), "choose"),
        ("influence", type(parts.influence), "update"),
        ("history", History, "add"),
        ("recording", Notebook, "watch"),
    ]
    with ExitStack() as stack:
        for name, owner, verb in verbs:
            stack.enter_context(patch.object(owner, verb, split.timed(name, getattr(owner, verb))))
        yield


def by_stage(size: Size) -> Section:
    """The split of a step, with metrics."""
    section = Section(
        "stages", "Where the time of a step goes",
        "µs of processor time per user and step, one thread, all metrics on; `rest` is cutting into blocks and the loop.",
    )  # fmt: skip
    for name, users, items, parts in (
        ("pool 500", 60_000, 100_000, {"candidates": POOL}),
        ("pool 500, MMR", 60_000, 100_000, {"candidates": POOL, "feed": MMR}),
        ("sampled 200", 30_000, 100_000, {"candidates": SAMPLED}),
        ("all of 10k items", 10_000, 10_000, {"candidates": "everything"}),
        ("all of 100k items", 4_000, 100_000, {"candidates": "everything"}),
    ):
        users = size.users(users)
        run, split = Run(model(users, size.items(items), **parts), watched=True), Split()
        run.step(), run.step()
        with clocks(run, split):
            for _ in range(size.rounds):
                split.timed("rest", run.step)()
        run.close()
        per_user = {stage: 1e6 * spent / (users * size.rounds) for stage, spent in split.spent.items()}
        section.add(model=name, **per_user, total=sum(per_user.values()))
    return section


def by_metric(size: Size) -> Section:
    """What each metric costs."""
    section = Section("metrics", "What measuring costs", "µs of processor time per user and step, one thread.")
    users = size.users(100_000)
    network = {"network": {"kind": "erdos_renyi", "degree": 10.0}}
    run = Run(model(users, size.items(100_000), candidates=POOL, **network), watched=True)
    first = run.step()
    run.step()
    names, split = list(fitting_metrics(first.world)), Split()
    with ExitStack() as stack:
        for name in names:
            metric: Any = lookup("metrics", name)
            stack.enter_context(patch.object(metric, "measure", split.timed(name, metric.measure)))
        watch = split.timed("summaries, histograms, feeds that are kept", Notebook.watch)
        stack.enter_context(patch.object(Notebook, "watch", watch))
        for _ in range(size.rounds):
            run.step()
    run.close()
    for name, spent in sorted(split.spent.items(), key=lambda pair: -pair[1]):
        section.add(metric=name, step=1e6 * spent / (users * size.rounds))
    section.add(metric="all", step=1e6 * sum(split.spent.values()) / (users * size.rounds))
    return section
