import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import Columns
from cocoonsim.network.listed import Listed
from cocoonsim.scenario import ScenarioError


def build(n, **settings):
    return Listed(**settings).build(Columns(group=np.zeros(n, np.int32)), Chance(1))


def test_ties_and_weights_are_those_that_are_listed():
    follows = build(4, ties=((2, 0, 0.5), (0, 1, 0.25), (0, 3), (0, 1, 0.5), (1, 1, 3)))
    assert [follows.of(user).tolist() for user in range(4)] == [[1, 3], [], [0], []]
    assert follows.weights.tolist() == [0.75, 1.0, 0.5]
    assert build(3, ties=((0, 1), (1, 2))).weights is None
    mutual = build(3, ties=((0, 1), (1, 2)), mutual=True)
    assert [mutual.of(user).tolist() for user in range(3)] == [[1], [0, 2], [1]]


def test_what_is_no_tie_is_refused_with_its_line(tmp_path):
    file = tmp_path / "toy.yaml"

    def read(ties):
        file.write_text(
            f"steps: 1\npopulation: {{kind: uniform, users: 3}}\nnetwork: {{kind: listed, ties: {ties}}}\n",
            encoding="utf-8",
        )
        return next(play(Scenario.from_file(file)))

    with pytest.raises(ScenarioError, match=r"toy.yaml:3: network.ties.1: must be a follower, a followed and at most"):
        read("[[0, 1], [2]]")
    with pytest.raises(ScenarioError, match=r"toy.yaml:3: network.ties.0: 0.5 and 1 must be numbers of users"):
        read("[[0.5, 1]]")
    with pytest.raises(ScenarioError, match=r"toy.yaml:3: network.ties.0.1: must be a number"):
        read("[[0, a]]")
    with pytest.raises(UserError, match=r"toy.yaml:3: .*a tie names user 3, but the population has 3 users"):
        read("[[0, 3]]")
