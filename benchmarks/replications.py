"""How fast published models are played again: encounters per second, and a whole run of the adaptive cocoon."""

from __future__ import annotations

from benchmarks.timing import Section, Size, goal, in_turns
from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.experiments.replicate import replications

ENCOUNTERS: dict[str, tuple[str, tuple[str, ...], int, float]] = {
    "tolerance 0.2": ("deffuant", ("influence.tolerance=0.2",), 400, 1e6),
    "tolerance 0.5": ("deffuant", ("influence.tolerance=0.5",), 400, 1e6),
    "exponent 0.5": ("algorithmic_bias", ("influence.similarity_exponent=0.5",), 200, 6e4),
    "exponent 1": ("algorithmic_bias", ("influence.similarity_exponent=1",), 200, 6e4),
    "exponent 1.25": ("algorithmic_bias", ("influence.similarity_exponent=1.25",), 200, 6e4),
}
"""name: replication, what is changed, steps (sweeps), encounters per second that are asked for."""
WHOLE: dict[str, tuple[str, float]] = {"adaptive_cocoon": ("users x steps as in the file", 15.0)}
"""Replications of which one run as it stands has a limit, in seconds."""


def _play(scenario: Scenario) -> None:
    for moment in play(scenario, 1, Blocks(threads=1)):
        del moment


def speed(size: Size) -> Section:
    """Encounters of pairs and whole runs."""
    section = Section(
        "replications", "Published models",
        "Encounters per second of processor time, one thread, everything that a step costs included; whole runs in seconds.",
    )  # fmt: skip
    known = replications()
    for name, (model, sets, steps, least) in ENCOUNTERS.items():
        steps = 3 if size.name == "tiny" else steps
        scenario = Scenario.from_file(known[model], [*sets, f"steps={steps}", "stop_absorbed=0"])
        users = scenario.spec("population")["users"]
        taken = in_turns({"run": lambda scenario=scenario: _play(scenario)}, min(size.rounds, 3))["run"].cpu
        rate = users * steps / taken
        section.add(model=model, case=name, users=users, per_second=rate, **goal(rate, least, at_least=True))
    for model, (case, most) in WHOLE.items():
        if model not in known:
            continue
        scenario = Scenario.from_file(known[model], ["steps=3"] if size.name == "tiny" else [])
        taken = in_turns({"run": lambda scenario=scenario: _play(scenario)}, 1, warm=0)["run"].cpu
        users = scenario.spec("population")["users"]
        section.add(
            model=model, case=f"{case}: {scenario.steps} steps", users=users, seconds=taken, **goal(taken, most)
        )
    return section
