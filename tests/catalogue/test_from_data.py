from pathlib import Path

import numpy as np
import pytest

from cocoonsim.catalogue.from_data import FromData
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError

MOVIELENS = Path(__file__).parents[2].parent / "shared" / "data" / "ml-latest-small"


def test_movielens_movies_have_their_genres():
    if not MOVIELENS.is_dir():
        pytest.skip("the data set ml-latest-small is not there")
    catalogue = FromData(path=str(MOVIELENS))
    items = catalogue.build(Chance(1))
    names = catalogue.topic_names(20)
    assert items.topics.shape == (9_125, 20)
    assert names[0] == "(no genres listed)"
    # movies.csv, first line: Toy Story, Adventure|Animation|Children|Comedy|Fantasy
    assert {name: float(share) for name, share in zip(names, items.topics[0], strict=True) if share} == pytest.approx(
        dict.fromkeys(["Adventure", "Animation", "Children", "Comedy", "Fantasy"], 0.2)
    )
    assert (items.topics > 0).sum(axis=1).mean() == pytest.approx(2.23, abs=0.005)  # the project's data notes
    rated = FromData(path=str(MOVIELENS), only_rated=True).build(Chance(1))
    assert rated.size == 9_066
    facts = catalogue.facts()
    assert facts["item_gini"] == pytest.approx(0.718655, abs=5e-7)
    assert facts["mean_genre_entropy"] == pytest.approx(3.3326, abs=5e-5)


def test_it_has_no_further_items_and_no_stance(tmp_path):
    (tmp_path / "movies.csv").write_text("movieId,genres\n1,A|B\n2,B\n")
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating\n1,2,3\n")
    catalogue = FromData(path=str(tmp_path))
    items = catalogue.build(Chance(1))
    assert not catalogue.endless
    assert (items.stance == 0).all()
    assert np.array_equal(items.topics, [[0.5, 0.5], [0.0, 1.0]])


def test_missing_data_says_how_to_get_it():
    message = "no data yet: get ml-latest-small from grouplens.org and pass --set catalogue.path=FOLDER"
    assert FromData().problems() == [("path", message)]
    with pytest.raises(UserError, match=r"no data yet: get ml-latest-small from grouplens\.org"):
        FromData().build(Chance(1))
