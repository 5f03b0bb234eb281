"""How large a world the page can carry: a larger one is shown smaller, with a sentence that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocoonsim.core.errors import UserError

if TYPE_CHECKING:
    from cocoonsim.scenario import Scenario

MOST = {"population.users": 5000, "catalogue.items": 20_000, "publishing.items": 500}
"""Two worlds of this size still take a step in about a second on a small laptop."""
_WORDS = {"population.users": "people", "catalogue.items": "items", "publishing.items": "new items in each step"}


def fitted(scenario: Scenario) -> tuple[Scenario, str]:
    """The scenario, no larger than the page can carry, and a sentence on what was made smaller (empty if nothing).

    >>> from cocoonsim import Scenario
    >>> large = Scenario.from_dict({"population": {"kind": "uniform", "users": 1_000_000}})
    >>> small, words = fitted(large)
    >>> small.spec("population")["users"]
    5000
    >>> "1,000,000" in words
    True
    """
    cut: dict[str, tuple[int, int]] = {}
    for setting, most in MOST.items():
        part, _, name = setting.partition(".")
        size = scenario.spec(part).get(name)
        if isinstance(size, int) and size > most:
            cut[setting] = (size, most)
    if not cut:
        return scenario, ""
    whole = " and ".join(f"{size:,} {_WORDS[setting]}" for setting, (size, _) in cut.items())
    less = " and ".join(f"{most:,} {_WORDS[setting]}" for setting, (_, most) in cut.items())
    try:
        smaller = scenario.with_sets([f"{setting}={most}" for setting, (_, most) in cut.items()])
    except UserError as error:
        raise UserError(
            f"this scenario has {whole}, too many for a page that moves, and does not work with {less}: {error}"
        ) from None
    return smaller, (
        f"This scenario has {whole}, which is too much to be played twice at a time while you watch. It is shown with "
        f"{less}. To play it whole, use: cocoonsim run"
    )
