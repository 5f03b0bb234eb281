"""A run and a comparison with numbers made up by rule, so that what a picture must say can be worked out by hand."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import settings

from cocoonsim.results import Results

settings.register_profile(
    "untimed", deadline=None
)  # how long an example takes says more of the machine than of the code
settings.load_profile("untimed")

STEPS, USERS = 11, 100
NASTY = "<script>alert('boo')</script>"
METRICS = {
    # metric, stage: value at step s, null model, what it expects at step s; `None`: a number of the population
    ("effective_topics", "shown"): (lambda s: 8.0 - 0.4 * s, ("uniform-pool", "popularity"), 8.5),
    ("top_topic_share", "shown"): (lambda s: 0.2 + 0.05 * s, ("uniform-pool",), 0.2),
    ("cross_cutting_share", "chance"): (lambda s: 0.5, ("uniform-pool",), 0.5),
    ("cross_cutting_share", "network"): (lambda s: 0.46, ("uniform-pool",), 0.5),
    ("cross_cutting_share", "shown"): (lambda s: 0.5 - 0.02 * s, ("uniform-pool",), 0.5),
    ("cross_cutting_share", "clicked"): (lambda s: 0.45 - 0.02 * s, ("uniform-pool",), 0.5),
    ("engagement", "clicked"): (lambda s: 0.05 + 0.005 * s, ("",), float("nan")),
    ("true_utility", "shown"): (lambda s: 0.3 + 0.01 * s, ("uniform-pool",), 0.3),
    ("calibration_js", "shown"): (lambda s: 0.1 if s else float("nan"), ("own-history",), 0.09),
    ("opinion_variance", "people"): (lambda s: 0.33 - 0.01 * s, None, float("nan")),
    ("item_exposure_gini", "shown"): (lambda s: 0.5 + 0.02 * s, None, 0.52),
    ("neighbour_correlation", "people"): (lambda s: float("nan"), None, float("nan")),
}
"""`neighbour_correlation` is undefined throughout, `calibration_js` in the first step."""


def metric_rows(seed: int, shift: float = 0.0) -> list[dict[str, Any]]:
    """The long table of one seed. Every value is moved by `shift`; the quartiles lie 1 to either side of the mean."""
    rows = []
    for (metric, stage), (value, nulls, expects) in METRICS.items():
        for step in range(STEPS):
            here = value(step) + shift
            undefined = 7.0 if metric == "calibration_js" else 0.0
            for null_name in nulls or ("uniform-pool" if expects == expects else "",):
                about = {"seed": seed, "step": step, "metric": metric, "stage": stage, "null_name": null_name}
                main = {"value": here, "null_value": expects, "excess": here - expects}
                nothing = {"null_value": float("nan"), "excess": float("nan")}
                if nulls is None:
                    rows.append(about | main | {"group": "all", "stat": "value"})
                    continue
                rows.append(about | main | {"group": "all", "stat": "mean"})
                extra = {"q25": here - 1, "q75": here + 1, "n": USERS - undefined, "n_nan": undefined}
                rows += [about | nothing | {"group": "all", "stat": s, "value": v} for s, v in extra.items()]
                rows += [
                    about | main | {"group": group, "stat": "mean", "value": here + move}
                    for group, move in (("0", -0.5), ("1", 0.5))
                ]
    return rows


def metric_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = ["seed", "step", "metric", "stage", "group", "stat", "value", "null_name", "null_value", "excess"]
    return pl.DataFrame(rows).select(*(["arm"] if "arm" in rows[0] else []), *columns)


def manifest(seeds: list[int]) -> dict[str, Any]:
    scenario = {
        "name": "made_up", "title": f"Cocoons & {NASTY}", "question": f"Does it narrow? {NASTY}", "seed": seeds[0],
        "steps": STEPS, "slate": 4, "memory": 100,
        "population": {"kind": "uniform", "users": USERS, "concentration": 0.5, "dimensions": 1},
        "catalogue": {"kind": "topic_mix", "items": 40}, "network": {"kind": "none"},
        "ranking": {"kind": "content"}, "choice": {"kind": NASTY, "depth": NASTY}, "interventions": [],
    }  # fmt: skip
    return {
        "format": 1, "name": "made_up", "title": scenario["title"], "question": scenario["question"], "source": NASTY,
        "scenario": scenario, "scenario_sha256": "0" * 64, "seeds": seeds, "steps_done": STEPS,
        "stopped": {str(seed): "steps" for seed in seeds}, "versions": {"cocoonsim": "0.1.0", "python": "3.11"},
        "platform": "Linux x86_64", "topic_names": ["sport", NASTY, "news"], "data_facts": {"catalogue": {"items": 40}},
        "n_users": USERS, "n_items": 40, "command": f"cocoonsim run made_up.yaml --seed {seeds[0]}",
    }  # fmt: skip


def make_results(seeds: list[int]) -> Results:
    """A run in which opinions gather: all over [-1, 1] at first, in the two middle bins of ten at last."""
    opinions, feeds, users, ties = [], [], [], []
    for seed in seeds:
        for step in range(STEPS):
            for number in range(10):
                even, middle = USERS / 10, USERS / 2 if number in (4, 5) else 0
                count = round(even + (middle - even) * step / (STEPS - 1))
                low = -1 + number / 5
                opinions.append({"seed": seed, "step": step, "low": low, "high": low + 0.2, "count": count})
            for user in (0, 50, 99):
                for rank in range(1, 5):
                    # everyone sees three topics in the first half, and the nasty one only in the second
                    topic = ["sport", NASTY, "news"][rank % 3] if step < 6 else NASTY
                    feeds.append(
                        {"seed": seed, "step": step, "user": user, "rank": rank, "item": rank, "topic": topic,
                         "stance": 0.1 * rank, "clicked": rank == 1}
                    )  # fmt: skip
        users += [{"seed": seed, "user": u, "group": u % 2, "opinion": 0.5 if u < 50 else -0.5} for u in range(USERS)]
        # two rings on either side of the middle, and 10 follows across: 10 of 110 cross
        rings = [(u, (u + 1) % 50 + (50 if u >= 50 else 0)) for u in range(USERS)]
        across = [(u, u + 50) for u in range(5)] + [(u + 50, u) for u in range(5, 10)]
        ties += [{"seed": seed, "source": a, "target": b} for a, b in rings + across]
    return Results(
        metrics=metric_frame([row for at, seed in enumerate(seeds) for row in metric_rows(seed, 0.01 * at)]),
        users=pl.DataFrame(users),
        opinions=pl.DataFrame(opinions),
        sample_feeds=pl.DataFrame(feeds),
        sample_network=pl.DataFrame(ties),
        manifest=manifest(seeds),
    )


def make_comparison(seeds: list[int]) -> Any:
    """Two arms against a base: `mix` lies 0.25 above it in everything, the nasty arm nowhere."""
    shifts = {"base": 0.0, "mix": 0.25, NASTY: 0.0}
    rows = [row | {"arm": arm} for arm, shift in shifts.items() for seed in seeds for row in metric_rows(seed, shift)]
    several = len(seeds) > 1
    differences = [
        {"arm": arm, "against": "base", "metric": metric, "stage": stage, "stat": "value" if nulls is None else "mean",
         "null_name": (nulls or ("",))[0], "quantity": quantity, "difference": size,
         "low": size - 0.05 if several else float("nan"), "high": size + 0.05 if several else float("nan"),
         "standardised": 2.5 if several else float("nan"), "n_seeds": len(seeds)}
        for (metric, stage), (_, nulls, _) in METRICS.items()
        for quantity in ("value", "excess")
        for arm, size in (("mix", 0.25), (NASTY, 0.0))
        if metric != "neighbour_correlation"
    ]  # fmt: skip
    arms = {"base": {}, "mix": {"feed": {"kind": "top", "depth": 50}}, NASTY: {"ranking.kind": NASTY}}
    return SimpleNamespace(
        metrics=metric_frame(rows),
        differences=pl.DataFrame(differences),
        manifest=manifest(seeds) | {"arms": arms, "against": "base"},
    )


@pytest.fixture
def nasty() -> str:
    """A text that would run if a page did not escape it."""
    return NASTY


@pytest.fixture
def run() -> Results:
    """A run of one seed."""
    return make_results([1])


@pytest.fixture
def two_seeds() -> Results:
    """A run of two seeds, the second 0.01 above the first."""
    return make_results([1, 2])


@pytest.fixture
def arms() -> Any:
    """A comparison over two seeds."""
    return make_comparison([1, 2])


@pytest.fixture
def arms_of_one_seed() -> Any:
    """A comparison without intervals."""
    return make_comparison([1])


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The written report of `run`."""
    from cocoonsim.report import write_report

    return write_report(make_results([1]), tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The written page of `arms`."""
    from cocoonsim.comparison_page import write_comparison

    return write_comparison(make_comparison([1, 2]), tmp_path_factory.mktemp("comparison") / "comparison.html")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser, the only one of the process: Playwright starts once in it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as starter:
        browser = starter.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_offline(chromium: Any) -> Iterator[Callable[..., Any]]:
    """`open_offline(file, (width, height))`: the page in headless Chromium without a network, its console, its requests."""

    opened = []

    def show(path: Path, size: tuple[int, int]) -> tuple[Any, list[str], list[str]]:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
        opened.append(context)
        page = context.new_page()
        messages: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("dialog", lambda dialog: (messages.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        for place in page.locator(".picture").all():  # a function to wait for would need what the page forbids: eval
            place.locator(".main-svg").first.wait_for(state="attached")
        return page, messages, [url for url in requests if not url.startswith("data:")]

    yield show
    for context in opened:
        context.close()


@pytest.fixture
def interpreter() -> Any:
    """`interpreter("3.13")`: the Python of that version on this machine; skips the test where there is none."""

    def find(version: str) -> str:
        kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
        for found in (shutil.which(f"python{version}"), *map(str, kept)):
            if found and not subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
                return found
        pytest.skip(f"no Python {version} here")

    return find
