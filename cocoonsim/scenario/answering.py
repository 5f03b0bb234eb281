"""The section `answer:` of a scenario: which numbers answer its question, checked before anything runs."""

from __future__ import annotations

from typing import Any

from cocoonsim.core.component import find
from cocoonsim.core.errors import did_you_mean
from cocoonsim.scenario.checking import check_settings
from cocoonsim.scenario.head import Answer
from cocoonsim.scenario.problems import Path, Problem
from cocoonsim.scenario.words import shown

STAGES_OF_NUMBERS = ("chance", "network", "shown", "clicked", "people")


def read_answers(given: Any, arms: Any) -> tuple[tuple[Answer, ...], list[Problem]]:
    """The answers and what is wrong with them. `arms` are those of the comparison; a scenario without any may name some."""
    if given is None:
        return (), []
    if not isinstance(given, list):
        words = f"must be a list, each entry such as `- of: harmful_share.shown`, got {shown(given)}"
        return (), [Problem(("answer",), words)]
    found, problems = [], list[Problem]()
    for number, one in enumerate(given):
        path: Path = ("answer", number)
        if not isinstance(one, dict):
            problems.append(Problem(path, f"must be a mapping such as {{of: harmful_share.shown}}, got {shown(one)}"))
            continue
        values, wrong = check_settings(Answer, one, path, "answer")
        problems.extend(wrong)
        if wrong:
            continue
        if what := unknown_number(values["of"]):
            problems.append(Problem((*path, "of"), what))
        for place, arm in enumerate(values["arms"] if isinstance(arms, dict) else ()):
            if arm not in arms:
                problems.append(Problem((*path, "arms", place), f"there is no arm {arm!r}; {did_you_mean(arm, arms)}"))
        found.append(Answer(**values))
    return tuple(found), problems


def unknown_number(of: str) -> str:
    """What is wrong with the name of a number, `metric.stage`; empty when all is well.

    Besides metrics there are what interventions report (`audit of top_topic_share`) and, with `record.explain`, what
    explanations say (`explained`, `explained by your own clicks`).
    """
    name, _, stage = of.partition(".")
    told = name == "explained" or name.startswith("explained by ") or name.partition(" of ")[0] in find("interventions")
    if name not in find("metrics") and not told:
        return f"there is no metric called {name!r}; {did_you_mean(name, find('metrics'))}"
    if stage and stage not in STAGES_OF_NUMBERS:
        return f"there is no stage {stage!r}; {did_you_mean(stage, STAGES_OF_NUMBERS)}"
    return ""
