"""Published models, played again: the quick tier of `cocoonsim replicate`. .ci/run plays the full tier of nine."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.experiments.replicate import read, replicate, replications

MODELS = {
    "degroot_friedkin", "deffuant", "algorithmic_bias", "baumann", "unfollowing", "triple_filter_bubble", "chaney",
    "aridor_ring", "adaptive_cocoon", "people_recommenders", "blockbuster",
}  # fmt: skip


def test_all_eleven_are_there_and_say_where_their_numbers_come_from() -> None:
    assert set(replications()) == MODELS
    for scenario in read([]):
        assert scenario.source, scenario.name
        compared = [check for check in scenario.expect.checks if check.mean is not None or check.exact is not None]
        assert compared, f"{scenario.name} compares no number"
        assert all(check.source for check in compared if check.mean is not None), (
            f"{scenario.name}: a mean without source"
        )


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_quick_checks_pass(name: str) -> None:
    (scenario,) = read([name])
    quick = [check for check in scenario.expect.checks if check.tier == "quick"]
    assert quick, "nothing of it is checked unless the full tier is played"
    (found,) = replicate([scenario], "quick", jobs=1)
    assert len(found.verdicts) == len(quick)
    failed = [f"{verdict.claim}: expected {verdict.expected}, obtained {verdict.obtained}" for verdict in found.verdicts
              if verdict.failed]  # fmt: skip
    assert not failed


def test_where_nobody_posts_nobody_learns_what_friends_have_just_found() -> None:
    """Geschke et al. (2019), row 1: people hold what they found themselves, as nothing passes along ties without posting."""
    file = Path(__file__).parents[1] / "scenarios" / "triple_filter_bubble_rows.yaml"
    for moment in islice(play(Scenario.from_file(file).variants()["1 own finds"], 1), 4):
        held = moment.after.users["memory"]
        finder = moment.after.items.originator[np.maximum(held, 0)]
        assert (held >= 0).any()
        assert (finder == np.arange(len(held))[:, None])[held >= 0].all()
