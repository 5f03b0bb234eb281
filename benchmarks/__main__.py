"""All benchmarks, or some: `python -m benchmarks [--quick] [--only candidates threads]`.

Prints a Markdown table for each and writes them to `results/benchmarks/latest.md` and `latest.json`. `--quick` takes a few
minutes, the whole about half an hour. Only ratios mean something elsewhere, and only on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import cocoonsim
from benchmarks import against, bare, classroom, largest, parallel, pruning, replications, stages, steps, visits
from benchmarks.timing import SIZES, Section, Size

SECTIONS: dict[str, Callable[[Size], Section]] = {
    # first those that ask the system for the peak of a child: it counts what the parent held when it was started
    "memory": largest.memory,
    "networks": largest.networks,
    "machine": against.machine,
    "candidates": steps.by_candidates,
    "bare": bare.bare,
    "threads": parallel.two,
    "agents": against.agents,
    "algebra": against.linear_algebra,
    "scaling": steps.scaling,
    "stages": stages.by_stage,
    "metrics": stages.by_metric,
    "components": steps.components,
    "pruning": pruning.full_catalogue,
    "visits": visits.one_by_one,
    "replications": replications.speed,
    "classroom": classroom.playing,
}
RESULTS = Path(__file__).parents[1] / "results" / "benchmarks"


def about() -> dict[str, object]:
    """What the numbers were taken on."""
    return {
        "cocoonsim": cocoonsim.__version__, "python": platform.python_version(), "numpy": np.__version__,
        "processor": _processor(), "cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()[0],
    }  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def main(words: list[str] | None = None) -> int:
    """Run, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer users, fewer rounds")
    parser.add_argument("--tiny", action="store_true", help="only to see that everything runs: its times mean nothing")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, metavar="NAME", help=f"some of {', '.join(SECTIONS)}")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for latest.md and latest.json")
    options = parser.parse_args(words)
    size = SIZES["tiny" if options.tiny else "quick" if options.quick else "full"]
    options.out.mkdir(parents=True, exist_ok=True)

    facts = about()
    head = "# Benchmarks\n\n" + ", ".join(f"{name} {value}" for name, value in facts.items()) + f"; size {size.name}\n"
    print(head, flush=True)
    done: list[Section] = []
    start = time.perf_counter()
    for name, section in SECTIONS.items():
        if options.only and name not in options.only:
            continue
        done.append(section(size))
        print(done[-1].markdown(), flush=True)
        pages = "\n".join([head, *(one.markdown() for one in done)])
        (options.out / "latest.md").write_text(pages, encoding="utf-8")
        tables = {one.name: {"title": one.title, "note": one.note, "rows": one.rows} for one in done}
        text = json.dumps({"about": facts, "size": size.name, "sections": tables}, indent=1)
        (options.out / "latest.json").write_text(text + "\n", encoding="utf-8")
    print(f"{time.perf_counter() - start:.0f} s; written to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
