"""Columns drawn from a distribution that a scenario names: `{distribution: normal, mean: 0, sd: 0.3}`.

A bare number is the same for everybody. `{by_group: [a, b]}` gives group 0 what `a` says and group 1 what `b` says,
`{each: [0.1, 0.7, 0.2]}` user 0 the first number, and so on (with several dimensions, a list for each user). `{mixture: [a, b],
weights: [0.8, 0.2]}` gives everybody what `a` says with the chance 0.8, else what `b` says: most conform to their group, some
do not.
Wrong names and values raise UserError, in words; nothing here ever clips or rescales what was drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cocoonsim.core.chance import mixtures
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.core.leaning import dirichlet_rows

Draw = Callable[[np.random.Generator, int, int, Mapping[str, float]], np.ndarray]


@dataclass(frozen=True)
class Distribution:
    """How to draw (n, k) numbers, its parameters with their defaults (`None` = must be given), and what they must obey."""

    draw: Draw
    parameters: Mapping[str, float | None]
    check: Callable[[Mapping[str, float]], str] = lambda given: ""


def power_law(uniform: np.ndarray, exponent: float, low: float, high: float) -> np.ndarray:
    """Numbers between `low` and `high` with a density proportional to x^-exponent, from uniform ones, by inversion.

    >>> power_law(np.array([0.0, 1.0]), exponent=2.1, low=0.01, high=1.0).round(6).tolist()
    [0.01, 1.0]
    """
    if abs(exponent - 1.0) < 1e-12:
        return low * (high / low) ** uniform
    power = 1.0 - exponent
    return (low**power + uniform * (high**power - low**power)) ** (1.0 / power)


def _equispaced(generator: np.random.Generator, n: int, k: int, given: Mapping[str, float]) -> np.ndarray:
    line = np.linspace(given["low"], given["high"], n) if n > 1 else np.array([(given["low"] + given["high"]) / 2])
    return np.stack([line] + [generator.permutation(line) for _ in range(k - 1)], axis=1)


def _dirichlet(generator: np.random.Generator, n: int, k: int, given: Mapping[str, float]) -> np.ndarray:
    if not given["hyper"]:
        return mixtures(generator, given["concentration"], k, n)
    base = generator.dirichlet(np.full(k, given["concentration"]))  # one draw for all: some topics suit most people
    return dirichlet_rows(np.maximum(given["hyper"] * base, 1e-6)[None, :].repeat(n, axis=0), generator)


def _ordered(given: Mapping[str, float]) -> str:
    return "" if given["low"] <= given["high"] else f"low = {given['low']:g} lies above high = {given['high']:g}"


def _positive(*names: str) -> Callable[[Mapping[str, float]], str]:
    return lambda given: next(
        (f"{name} must be above 0, got {given[name]:g}" for name in names if given[name] <= 0), ""
    )


def _power_law_check(given: Mapping[str, float]) -> str:
    return _positive("low")(given) or _ordered(given)


DISTRIBUTIONS: dict[str, Distribution] = {
    "constant": Distribution(lambda g, n, k, p: np.full((n, k), p["value"]), {"value": None}),
    "uniform": Distribution(
        lambda g, n, k, p: g.uniform(p["low"], p["high"], (n, k)), {"low": 0.0, "high": 1.0}, _ordered
    ),
    "normal": Distribution(
        lambda g, n, k, p: p["mean"] + p["sd"] * g.standard_normal((n, k)), {"mean": 0.0, "sd": 1.0},
        lambda p: "" if p["sd"] >= 0 else f"sd must not be below 0, got {p['sd']:g}",
    ),
    "beta": Distribution(lambda g, n, k, p: g.beta(p["a"], p["b"], (n, k)), {"a": 1.0, "b": 1.0}, _positive("a", "b")),
    "power_law": Distribution(
        lambda g, n, k, p: power_law(g.random((n, k)), p["exponent"], p["low"], p["high"]),
        {"exponent": 2.1, "low": 0.01, "high": 1.0}, _power_law_check,
    ),
    "equispaced": Distribution(_equispaced, {"low": -1.0, "high": 1.0}, _ordered),
    "dirichlet": Distribution(
        _dirichlet, {"concentration": 1.0, "hyper": 0.0},
        lambda p: _positive("concentration")(p) or ("" if p["hyper"] >= 0 else "hyper must not be below 0"),
    ),
}  # fmt: skip
"""By name. `dirichlet` gives rows that sum to 1; with `hyper` h > 0, rows around h times one base drawn for all."""


def draw_column(spec: Any, n: int, k: int, generator: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """float64 (n, k): numbers as `spec` says. Raises UserError.

    >>> from cocoonsim.core.chance import Chance
    >>> draw_column({"by_group": [0.1, 0.9]}, 3, 1, Chance(1).generator("x"), np.array([0, 1, 0])).ravel().tolist()
    [0.1, 0.9, 0.1]
    """
    if isinstance(spec, Mapping) and set(spec) == {"by_group"} and isinstance(spec["by_group"], list | tuple):
        choices = spec["by_group"]
        if group.max(initial=0) >= len(choices):
            raise UserError(f"by_group has {len(choices)} entries, but there are groups up to {group.max()}")
        drawn = [draw_column(choice, n, k, generator, np.zeros(n, np.int64)) for choice in choices]
        return np.stack(drawn)[group, np.arange(n)]
    if _is_mixture(spec):
        ends = np.cumsum(_weights(spec))
        which = np.minimum(np.searchsorted(ends, generator.random(n) * ends[-1], side="right"), len(ends) - 1)
        drawn = [draw_column(choice, n, k, generator, group) for choice in spec["mixture"]]
        return np.stack(drawn)[which, np.arange(n)]
    if _is_each(spec):
        if len(spec["each"]) != n:
            raise UserError(f"each has {len(spec['each'])} entries, but there are {n} users")
        table = np.array(spec["each"], np.float64).reshape(n, -1)
        if table.shape[1] != k:
            raise UserError(
                f"each has {table.shape[1]} numbers for a user, but {k} are needed; write a list for each user"
            )
        return table
    found, given = read_spec(spec)
    return found.draw(generator, n, k, given)


def _is_mixture(spec: Any) -> bool:
    return isinstance(spec, Mapping) and "mixture" in spec


def _weights(spec: Mapping[str, Any]) -> list[float]:
    return list(spec.get("weights") or [1.0] * len(spec["mixture"]))


def _is_each(spec: Any) -> bool:
    return isinstance(spec, Mapping) and set(spec) == {"each"}


def read_spec(spec: Any) -> tuple[Distribution, dict[str, float]]:
    """The distribution and its parameters. Raises UserError for what is not one."""
    if isinstance(spec, int | float) and not isinstance(spec, bool):
        return DISTRIBUTIONS["constant"], {"value": float(spec)}
    if isinstance(spec, bool):
        return DISTRIBUTIONS["constant"], {"value": float(spec)}
    if not isinstance(spec, Mapping) or not isinstance(spec.get("distribution"), str):
        raise UserError(
            "write a number, {distribution: name, ...}, {by_group: [...]}, {mixture: [...]} or {each: [...]}"
        )
    name = spec["distribution"]
    if name not in DISTRIBUTIONS:
        raise UserError(f"there is no distribution {name!r}; {did_you_mean(name, DISTRIBUTIONS)}")
    found = DISTRIBUTIONS[name]
    given = {key: value for key, value in spec.items() if key not in ("distribution", "dims")}
    for key, value in given.items():
        if key not in found.parameters:
            raise UserError(f"{name} has no parameter {key!r}; {did_you_mean(key, found.parameters)}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UserError(f"{name}: {key} must be a number, got {value!r}")
    missing = [key for key, default in found.parameters.items() if default is None and key not in given]
    if missing:
        raise UserError(f"{name} needs {', '.join(missing)}")
    whole = {**found.parameters, **{key: float(value) for key, value in given.items()}}
    if wrong := found.check(whole):  # type: ignore[arg-type]
        raise UserError(f"{name}: {wrong}")
    return found, whole  # type: ignore[return-value]


def check_spec(spec: Any) -> None:
    """Raises UserError unless `draw_column` would know what to do."""
    if isinstance(spec, Mapping) and "by_group" in spec:
        if set(spec) != {"by_group"} or not isinstance(spec["by_group"], list | tuple) or not spec["by_group"]:
            raise UserError("by_group stands alone and is a list with an entry for each group")
        for part in spec["by_group"]:
            check_spec(part)
    elif _is_mixture(spec):
        parts = spec["mixture"]
        if not set(spec) <= {"mixture", "weights"} or not isinstance(parts, list | tuple) or not parts:
            raise UserError("mixture is a list of distributions and stands alone, but for weights")
        for part in parts:
            check_spec(part)
        if not isinstance(spec.get("weights", []), list | tuple):
            raise UserError("weights is a list with a number for each part of the mixture")
        weights = _weights(spec)
        if len(weights) != len(parts) or not all(type(one) in (int, float) and one >= 0 for one in weights):
            raise UserError(f"weights must be {len(parts)} numbers of 0 or more, one for each part of the mixture")
        if sum(weights) <= 0:
            raise UserError("weights: at least one must be above 0")
    elif _is_each(spec):
        every = spec["each"]
        rows = (
            [one if isinstance(one, list | tuple) else [one] for one in every]
            if isinstance(every, list | tuple)
            else [[]]
        )
        if len({len(row) for row in rows}) > 1 or not all(
            row and all(type(one) in (int, float) for one in row) for row in rows
        ):
            raise UserError(
                "each is a list with a number for each user, or a list of as many numbers as there are dimensions"
            )
    else:
        read_spec(spec)
