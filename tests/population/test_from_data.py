from pathlib import Path

import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.population.from_data import FromData

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def data(name: str) -> str:
    """The folder of a data set, or a skip."""
    if not (DATA / name).is_dir():
        pytest.skip(f"the data set {name} is not there")
    return str(DATA / name)


def test_movielens_people_like_what_they_rated():
    population = FromData(path=data("ml-latest-small"))
    users = population.build(20, Chance(1))
    assert users.interests.shape == (671, 20)
    shares = users.interests.astype(np.float64)
    bits = -(shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=1)
    assert bits.mean() == pytest.approx(3.3326, abs=5e-5)  # the project's data notes
    assert (users.opinion == 0).all()
    assert (users.group == 0).all()
    assert population.example_topics == 20
    assert population.facts()["users"] == 671
    with pytest.raises(UserError, match="the ratings have 20 genres, but the catalogue has 8 topics"):
        population.build(8, Chance(1))


def test_polblogs_people_stand_where_their_blog_does():
    settings = {"path": data("polblogs"), "nodes": "polblogs_nodes.csv", "label": "leaning"}
    users = FromData(**settings).build(6, Chance(1))
    assert users.size == 1_490
    # counted in the file with the csv module
    assert np.bincount(users.group).tolist() == [758, 732]
    assert np.array_equal(users.opinion[:, 0], 2.0 * users.group - 1.0)
    giant = FromData(**settings, keep="giant").build(6, Chance(1))
    assert np.bincount(giant.group).tolist() == [586, 636]


def test_labels_are_spread_evenly_in_their_order(tmp_path):
    (tmp_path / "people.csv").write_text("id,age\na,10\nb,9\nc,100\nd,9\n")
    population = FromData(path=str(tmp_path), nodes="people.csv", label="age")
    users = population.build(4, Chance(1))
    assert users.group.tolist() == [1, 0, 2, 0]
    assert users.opinion[:, 0].tolist() == [0.0, -1.0, 1.0, -1.0]
    assert population.facts() == {"users": 4, "groups": 3}
    assert population.example_topics is None


def test_drawn_interests_lean_to_the_side(tmp_path):
    (tmp_path / "nodes.csv").write_text("id,side\n" + "".join(f"{i},{'LR'[i % 2]}\n" for i in range(20_000)))
    (tmp_path / "edges.csv").write_text("a,b\n0,1\n")
    users = FromData(path=str(tmp_path), label="side", lean=2.0).build(3, Chance(1))
    weights = np.exp([-2.0, 0.0, 2.0]) / np.exp([-2.0, 0.0, 2.0]).sum()  # Dirichlet(c T w) has mean w
    assert users.interests[users.group == 1].mean(axis=0) == pytest.approx(weights, abs=0.015)
    assert users.interests[users.group == 0].mean(axis=0) == pytest.approx(weights[::-1], abs=0.015)


def test_missing_data_says_how_to_get_it():
    assert FromData().example_topics is None
    with pytest.raises(
        UserError, match=r"no data yet: get ml-latest-small from grouplens\.org and pass --set population\.path=FOLDER"
    ):
        FromData().build(20, Chance(1))
