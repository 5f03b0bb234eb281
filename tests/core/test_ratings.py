from pathlib import Path

import numpy as np
import pytest

from cocoonsim.core.errors import UserError
from cocoonsim.core.ratings import rating_facts, read_ratings

MOVIELENS = Path(__file__).parents[2].parent / "shared" / "data" / "ml-latest-small"

MOVIES = 'movieId,title,genres\n30,C,(no genres listed)\n10,A,Drama\n20,"B, or not",Drama|Action\n40,D,Western\n'
RATINGS = "userId,movieId,rating,timestamp\n7,10,4.0,1\n7,20,3.5,2\n3,20,1.0,3\n3,30,5,4\n3,20,2.0,5\n"


def write(folder: Path, movies: str = MOVIES, ratings: str = RATINGS) -> str:
    (folder / "movies.csv").write_text(movies)
    (folder / "ratings.csv").write_text(ratings)
    return str(folder)


def test_movielens_facts():
    if not MOVIELENS.is_dir():
        pytest.skip("the data set ml-latest-small is not there")
    facts = rating_facts(read_ratings(str(MOVIELENS)))
    # counts: README of ml-latest-small (October 2016); Gini and entropy: the project's data notes
    assert (facts["rows"], facts["users"], facts["movies"], facts["movies_rated"]) == (100_004, 671, 9_125, 9_066)
    assert facts["genres"] == 20
    assert facts["item_gini"] == pytest.approx(0.718655, abs=5e-7)
    assert facts["mean_genre_entropy"] == pytest.approx(3.3326, abs=5e-5)
    assert facts["density"] == pytest.approx(100_004 / (671 * 9_066))


def test_movielens_against_a_plain_loop():
    if not MOVIELENS.is_dir():
        pytest.skip("the data set ml-latest-small is not there")
    import csv

    with (MOVIELENS / "movies.csv").open(encoding="utf-8", newline="") as file:
        genres = {row["movieId"]: row["genres"].split("|") for row in csv.DictReader(file)}
    shares: dict[str, float] = {}
    with (MOVIELENS / "ratings.csv").open(encoding="utf-8", newline="") as file:
        seen = [row["movieId"] for row in csv.DictReader(file) if row["userId"] == "15"]
    for movie in seen:
        for genre in genres[movie]:
            shares[genre] = shares.get(genre, 0.0) + 1.0 / len(genres[movie]) / len(seen)
    data = read_ratings(str(MOVIELENS))
    assert data.interests[14] == pytest.approx([shares.get(genre, 0.0) for genre in data.genres])


def test_a_small_table_by_hand(tmp_path):
    data = read_ratings(write(tmp_path))
    assert data.genres == ("(no genres listed)", "Action", "Drama", "Western")
    assert data.topics.tolist() == [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 1]]
    assert data.times_rated.tolist() == [1, 1, 3, 0]
    # user 3 (first by id) rated 20, 30, 20; user 7 rated 10, 20
    assert data.interests == pytest.approx(np.array([[1 / 3, 1 / 3, 1 / 3, 0], [0, 1 / 4, 3 / 4, 0]]))
    facts = rating_facts(data)
    # Gini of 1, 1, 3 = sum |differences| / (2 n^2 mean) = 8 / (2 * 9 * 5/3); entropies log2 3 and 2 - 3/4 log2 3
    assert facts["item_gini"] == pytest.approx(8 / 30)
    assert facts["mean_genre_entropy"] == pytest.approx((np.log2(3) + 2 - 0.75 * np.log2(3)) / 2)
    assert facts["density"] == pytest.approx(5 / (2 * 3))


def test_the_path_may_be_the_ratings_file(tmp_path):
    folder = write(tmp_path)
    (tmp_path / "few.csv").write_text("userId,movieId,rating\n1,40,3\n")
    assert read_ratings(str(tmp_path / "few.csv")).n_users == 1
    assert read_ratings(folder, ratings="few.csv") is read_ratings(folder, ratings="few.csv")
    assert read_ratings(folder).n_users == 2


@pytest.mark.parametrize(
    ("movies", "ratings", "message"),
    [
        (MOVIES, RATINGS + "1,99,3,1\n", r"ratings\.csv: row 6: movieId = '99' is not in movies\.csv"),
        (MOVIES, RATINGS + "1,10,good,1\n", r"ratings\.csv: row 6: rating = 'good' is not a number"),
        (MOVIES, RATINGS + "1,10,nan,1\n", r"rating = 'nan' is not a number"),
        (MOVIES, RATINGS + "1,10,,1\n", r"ratings\.csv: row 6: rating is empty"),
        (MOVIES, RATINGS + "x,10,1,1\n", r"userId = 'x' is not a whole number"),
        (MOVIES, RATINGS.replace("movieId", "movieID"), r"has no column 'movieId'; did you mean 'movieID'\?"),
        (MOVIES + "10,A again,Drama\n", RATINGS, r"movies\.csv: row 5: movieId = '10' is there twice"),
        (MOVIES + "50,E,Drama|\n", RATINGS, r"movies\.csv: row 5: genres = 'Drama\|' has an empty or a repeated genre"),
        (MOVIES, "userId,movieId,rating\n", "a header but no rows"),
    ],
)
def test_mistakes_are_told_with_file_and_row(tmp_path, movies, ratings, message):
    with pytest.raises(UserError, match=message):
        read_ratings(write(tmp_path, movies, ratings))


def test_missing_data_says_how_to_get_it(tmp_path):
    with pytest.raises(UserError, match="no data yet: get it"):
        read_ratings("", get="get it")
    with pytest.raises(UserError, match=r"there is no movies\.csv in .*get it"):
        read_ratings(str(tmp_path), get="get it")
