"""A dataclass field that explains itself: default, range, help, unit.

The same declaration makes the YAML key, its check, the JSON Schema for editors, the line in `cocoonsim explain` and the
slider in the classroom page.
"""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class About:
    """What a setting says of itself. `low` and `high` are allowed values, `above` and `below` are not."""

    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[Any, ...] = ()
    path: bool = False
    """The setting names a file or folder of the user's; relative to where the command runs."""
    part: str = ""
    """The setting is itself a component (or a tuple of them) of this stage: a name, a mapping with its kind, or one made."""

    def range(self) -> str:
        """The allowed values in words, e.g. `0 to 1`."""
        if self.choices:
            return ", ".join(str(choice) for choice in self.choices)
        low = f"above {_plain(self.above)}" if self.above is not None else _plain(self.low)
        high = f"below {_plain(self.below)}" if self.below is not None else _plain(self.high)
        if low and high:
            return f"{low} to {high}" if self.above is None and self.below is None else f"{low}, {high}"
        if low:
            return low if self.above is not None else f"at least {low}"
        return (high if self.below is not None else f"at most {high}") if high else ""


def _plain(bound: float | None) -> str:
    """A bound as people write it: 1000000, not 1e+06; empty for none."""
    if bound is None:
        return ""
    return str(int(bound)) if float(bound).is_integer() else f"{bound:g}"


def setting(default: Any, *, help: str, **about: Any) -> Any:
    """Declare a setting of a component.

    `low`/`high` (inclusive), `above`/`below` (exclusive), `choices`, `unit`, `path` and `part` say what is allowed and meant.
    A default of `...` makes the setting one that the user must give.

    >>> from cocoonsim.core.component import Component
    >>> class Fog(Component):
    ...     '''Hide things.'''
    ...     density: float = setting(0.2, low=0, high=1, help="How thick the fog is")
    >>> Fog().density, Fog(density=0.5).density
    (0.2, 0.5)
    """
    metadata = {"about": About(help=help, **about)}
    if default is ...:
        return dataclasses.field(metadata=metadata)
    if isinstance(default, dict):
        return dataclasses.field(default_factory=lambda: dict(default), metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)
