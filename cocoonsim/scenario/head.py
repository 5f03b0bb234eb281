"""The keys of a scenario that name no component. Declared like the settings of components, and checked the same way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cocoonsim.core.setting import setting
from cocoonsim.core.world import LIKINGS

TEXTS = ("name", "title", "question", "source")
"""Keys that say something to people and change no number."""
CHANGES = {"compare": "arms", "expect": "variants"}
"""Keys that hold changes of the scenario by name, and where; neither bears on how the scenario itself is played."""
NO_NUMBERS = (*TEXTS, *CHANGES, "seeds", "answer")
"""Keys that do not bear on what a seed gives."""


@dataclass(frozen=True)
class Head:
    """How long, how much, how often."""

    name: str = setting("scenario", help="Short name, used for the folder of results; by default the name of the file")
    title: str = setting("", help="One line for a page or a figure")
    question: str = setting("", help="What the scenario is to find out")
    source: str = setting("", help="Who described the model first")
    seed: int = setting(1, low=0, help="Number from which all randomness of a run follows")
    seeds: int = setting(1, low=1, high=100_000, help="With how many seeds `run` plays it, the first one included")
    steps: int = setting(50, low=1, unit="steps", help="How many steps are played")
    slate: int = setting(10, low=1, high=10_000, unit="items", help="Places in a feed")
    memory: int = setting(100, low=1, high=100_000, unit="items", help="How many of a user's last items are remembered")
    retrain_every: int = setting(1, low=1, unit="steps", help="How often the platform learns")
    control_steps: int = setting(
        0, low=0, unit="steps", help="Steps under the control ranking before the policy begins"
    )
    liking: str = setting(
        "cosine",
        choices=LIKINGS,
        help="Affinity of people and items: cosine of interests and topics, or product, interest times topic summed",
    )
    freeze_below: float = setting(0.0, low=0.0, help="Stop when nobody moves more than this in a step; 0 = never")
    stop_absorbed: float = setting(
        0.0, low=0.0, help="Stop when any two opinions are the same or further apart than this; 0 = never"
    )
    stop_segregated: float = setting(
        0.0, low=0.0, help="Stop when the network is in pieces in which opinions span at most this; 0 = never"
    )


@dataclass(frozen=True)
class Record:
    """What is kept of a run."""

    every: int = setting(1, low=1, unit="steps", help="Measure every so many steps (and at the end)")
    events: str = setting("none", help="Which exposures are kept: none, all, or a share of the users, e.g. sample 0.05")
    explain: bool = setting(
        False,
        help="Say why each item was shown: in the event log (much larger), and in numbers of those who are followed",
    )
    follow: int = setting(3, low=0, high=1000, unit="users", help="How many people's feeds are kept to look at")


@dataclass(frozen=True)
class Answer:
    """A number that answers the question: the first sentences of a report and of a comparison are made of these."""

    of: str = setting(..., help="A metric and, after a dot, its stage, e.g. harmful_share.shown")
    words: str = setting("", help="What it is, as part of a sentence; by default the name of the metric")
    arms: tuple[str, ...] = setting((), help="The arms of the comparison that are told of; by default all")


@dataclass(frozen=True)
class Compare:
    """The arms of a comparison: what each changes, and which one the others are compared with."""

    against: str = ""
    arms: dict[str, dict[str, Any]] = field(default_factory=dict)


def events_problem(events: str) -> str:
    """What is wrong with a value of `record.events`; empty when all is well.

    >>> events_problem("sample 0.05"), events_problem("all")
    ('', '')
    """
    word, _, share = events.partition(" ")
    if events in ("none", "all"):
        return ""
    try:
        if word == "sample" and 0 < float(share) <= 1:
            return ""
    except ValueError:
        pass
    return f"must be none, all, or sample and a share above 0 and up to 1, e.g. sample 0.05; got {events!r}"
