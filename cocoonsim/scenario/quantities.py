"""What a check looks at, in words: `opinion_clusters.major`, `gini_simpson.shown.excess`, `steps`, `stopped.frozen`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cocoonsim.core.component import find, lookup, settings_of
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.core.stopping import REASONS
from cocoonsim.scenario.checking import check_settings

STAGES = ("chance", "network", "shown", "clicked", "people")
_KINDS = ("value", "null", "excess")
_USERS = re.compile(r"mean|sd|q\d\d|share (?:below|above) -?\d+(?:\.\d+)?")
_AT = re.compile(
    r"(?P<word>last|first|change|drift|mean|early|late)(?: (?P<count>[1-9]\d*))?"
    r"|(?P<step>step) (?P<at>\d+)|(?P<factor>factor) (?P<low>\d+) (?P<high>\d+)"
)


@dataclass(frozen=True)
class Quantity:
    """A number that a run has: a fact (`steps`, `stopped`) or what a metric says."""

    metric: str = ""
    """The metric with its settings, as canonical JSON; empty for a fact."""
    stage: str = ""
    """Of which stage of the funnel; empty: of whichever the metric speaks of first."""
    kind: str = "value"
    users: str = "mean"
    fact: str = ""
    reason: str = ""

    @property
    def spec(self) -> dict[str, Any]:
        """The metric as a scenario names it."""
        return dict(json.loads(self.metric))

    def of_users(self, values: np.ndarray) -> float:
        """One number from those of single users (n,), none of which is undefined.

        >>> Quantity(users="share below 0.4").of_users(np.array([0.1, 0.3, 0.4, 0.9]))
        0.5
        """
        if self.users.startswith("share"):
            _, side, bound = self.users.split()
            return float((values < float(bound) if side == "below" else values > float(bound)).mean())
        if self.users.startswith("q"):
            return float(np.quantile(values, int(self.users[1:]) / 100))
        return float(values.mean() if self.users == "mean" else values.std(ddof=1) if values.size > 1 else np.nan)


def quantity(of: str, listed: list[dict[str, Any]], settings: Mapping[str, Any], users: str = "mean") -> Quantity:
    """What `of` names. Raises UserError in plain words; its `where` is the key of the check that is wrong.

    `listed` are the scenario's metrics with their settings: the first of that kind says what the settings are.

    >>> quantity("steps", [], {}).fact
    'steps'
    >>> quantity("opinion_variance.people", [], {}).stage
    'people'
    """
    if not _USERS.fullmatch(users):
        raise UserError("write mean, sd, a quantile such as q25, or share below 0.4 (or above)", where="users")
    name, *words = of.split(".")
    if name in ("steps", "stopped"):
        return _fact(name, words)
    kinds: Mapping[str, Any] = find("metrics")
    if name not in kinds and ":" not in name:
        raise UserError(f"there is no metric called {name!r}; {did_you_mean(name, [*kinds, 'steps', 'stopped'])}")
    cls = lookup("metrics", name)
    mine = next((dict(spec) for spec in listed if spec.get("kind") == name), {})
    mine.pop("kind", None)
    mine |= settings
    stage, kind = "", "value"
    choices = {
        choice: info.name for info in settings_of(cls) for choice in info.about.choices if isinstance(choice, str)
    }
    for word in words:
        if word in choices:
            mine[choices[word]] = word
        elif word in STAGES:
            stage = word
        elif word in _KINDS:
            kind = word
        else:
            raise UserError(f"{name} has no {word!r}; {did_you_mean(word, [*choices, *STAGES, *_KINDS])}")
    whole, problems = check_settings(cls, mine, (), name)
    if problems:
        raise UserError(problems[0].message, where="with")
    text = json.dumps({"kind": name, **whole}, sort_keys=True, default=list)
    return Quantity(text, stage, kind, users)


def _fact(name: str, words: list[str]) -> Quantity:
    if name == "steps" and not words:
        return Quantity(fact="steps")
    if name == "stopped" and len(words) == 1:
        if words[0] not in REASONS:
            raise UserError(f"no run stops because it is {words[0]!r}; {did_you_mean(words[0], REASONS)}")
        return Quantity(fact="stopped", reason=words[0])
    raise UserError(f"write steps, or stopped and a reason, e.g. stopped.{REASONS[0]}")


@dataclass(frozen=True)
class At:
    """When a quantity is looked at, and how its values over the steps become one."""

    word: str
    count: int = 0
    """How many measured steps; 0: one for first, last and change, else a fifth of all."""
    span: tuple[int, int] = (0, 0)

    @classmethod
    def read(cls, text: str) -> At:
        """From the words of a check. Raises UserError.

        >>> At.read("last 5"), At.read("factor 10 25")
        (At(word='last', count=5, span=(0, 0)), At(word='factor', count=0, span=(10, 25)))
        """
        found = _AT.fullmatch(text)
        if not found:
            raise UserError(
                "write last, first, change (last less first), mean, early or late (a fifth of the steps), drift (late less "
                f"early), last 5, first 5, drift 5, step 7, or factor 10 25 (growth per step between them); got {text!r}"
            )
        if found["factor"]:
            return cls("factor", span=(int(found["low"]), int(found["high"])))
        if found["step"]:
            return cls("step", span=(int(found["at"]), int(found["at"])))
        return cls(found["word"], int(found["count"] or 0))

    def wants(self, step: int, last: bool) -> bool:
        """Whether the value at a step is needed."""
        if self.word == "step":
            return step == self.span[0]
        if self.count or self.word in ("mean", "early", "late", "drift", "factor"):
            return True
        return (last and self.word in ("last", "change")) or (step == 0 and self.word in ("first", "change"))

    def reduce(self, steps: np.ndarray, values: np.ndarray) -> float:
        """One number from the values (n,) that were measured at `steps` (n,), ascending; NaN where there is none.

        Means pass over steps in which it is undefined: the `first 5` are the first five in which there is a value.

        >>> At.read("drift").reduce(np.arange(10), np.arange(10.0))  # (8 + 9) / 2 - (0 + 1) / 2
        8.0
        """
        if self.word in ("step", "factor"):
            chosen = (steps >= self.span[0]) & (steps <= self.span[1])
            found = values[chosen]
            if self.word == "step":
                return float(found[0]) if found.size else np.nan
            if found.size < 2 or not (found > 0).all():
                return np.nan
            return float(np.exp(np.polyfit(steps[chosen].astype(np.float64), np.log(found), 1)[0]))
        if self.count or self.word in ("mean", "early", "late", "drift"):
            values = values[~np.isnan(values)]
        if not values.size:
            return np.nan
        if self.word == "mean":
            return float(values.mean())
        fifth = max(1, round(values.size / 5)) if self.word in ("early", "late", "drift") else 1
        many = self.count or fifth
        early, late = float(values[:many].mean()), float(values[-many:].mean())
        return {"first": early, "early": early, "last": late, "late": late}.get(self.word, late - early)
