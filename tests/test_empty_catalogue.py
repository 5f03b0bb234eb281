"""A platform on which there is nothing yet: what people post is all that will ever be shown."""

import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.component import find
from cocoonsim.core.errors import UserError

NEEDS_ITEMS = {
    "belief_update": "user_posts adds items",
    "factorisation": "the catalogue has 0 items",
    "hegselmann_krause": "compared in one dimension",  # for another reason
    "bridging": "users that differ in 'group'",
}
NOTHING_TO_GO_BY = {
    "from_memory": "people have no memory to post from",
    "none": "Choose a publishing, so that there are some",
}
SPEC = {
    "steps": 3, "slate": 3, "population": {"kind": "uniform", "users": 20, "dimensions": 2}, "ranking": "newest",
    "catalogue": {"kind": "scattered", "items": 0}, "network": "erdos_renyi", "choice": "accepts_all", "influence": "none",
    "publishing": {"kind": "user_posts", "rate": 0.05, "when": "reading"},
}  # fmt: skip
# only `agents` needs a class that the user names
CASES = [
    (stage, kind) for stage in ("influence", "choice", "ranking", "feed") for kind in find(stage) if kind != "agents"
]


@pytest.mark.parametrize("candidates", ["followed", "everything"])
@pytest.mark.parametrize(("stage", "kind"), CASES)
def test_nothing_to_show_is_no_reason_to_fail(stage, kind, candidates):
    scenario = Scenario.from_dict({**SPEC, "candidates": candidates, stage: kind})
    if kind in NEEDS_ITEMS:
        with pytest.raises(UserError, match=NEEDS_ITEMS[kind]):
            list(play(scenario))
        return
    moments = list(play(scenario))
    assert len(moments) == 3
    assert (moments[0].feed < 0).all()


@pytest.mark.parametrize("kind", sorted(set(find("publishing")) - {"combined"}))
def test_publishing_begins_with_nothing(kind):
    publishing = {"kind": kind} | ({"share": 1.0} if kind == "adaptive_creators" else {})
    scenario = Scenario.from_dict({**SPEC, "candidates": "everything", "publishing": publishing})
    if kind in NOTHING_TO_GO_BY:
        with pytest.raises(UserError, match=NOTHING_TO_GO_BY[kind]):
            list(play(scenario))
        return
    assert len(list(play(scenario))) == 3
