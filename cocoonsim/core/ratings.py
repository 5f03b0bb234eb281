"""Who rated which movie, and what the movies are about: folders laid out like MovieLens.

`ratings.csv` has the columns userId, movieId, rating; `movies.csv` has movieId and genres, separated by `|`. A genre is a
topic: a movie's topics are its genres in equal shares, and a user's interests are the mean topics of the movies they
rated. "(no genres listed)" is a genre of its own: nothing is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from cocoonsim.core.tables import Table, find_file, read_table, stamp

USER, MOVIE, RATING, GENRES = "userId", "movieId", "rating", "genres"
GET_MOVIELENS = "get ml-latest-small from grouplens.org and pass --set {stage}.path=FOLDER"


@dataclass(frozen=True)
class Ratings:
    """Ratings with users and movies numbered from 0: users by their id, movies in the order of their table."""

    genres: tuple[str, ...]
    """In the order of the alphabet."""
    topics: np.ndarray
    """float64 (n_movies, n_genres), rows sum to 1: a movie's genres in equal shares."""
    n_users: int
    user: np.ndarray
    """int64 (rows,)"""
    movie: np.ndarray
    """int64 (rows,)"""
    rating: np.ndarray
    """float64 (rows,)"""

    @cached_property
    def interests(self) -> np.ndarray:
        """float64 (n_users, n_genres), rows sum to 1: the mean topics of what each user rated."""
        columns = [
            np.bincount(self.user, self.topics[self.movie, genre], self.n_users) for genre in range(len(self.genres))
        ]
        return np.stack(columns, axis=1) / np.bincount(self.user, minlength=self.n_users)[:, None]

    @cached_property
    def times_rated(self) -> np.ndarray:
        """int64 (n_movies,): how many ratings each movie has."""
        return np.bincount(self.movie, minlength=len(self.topics))


def read_ratings(path: str, ratings: str = "ratings.csv", movies: str = "movies.csv", *, get: str = "") -> Ratings:
    """The ratings in the folder `path`, or in the file `path` with the movies next to it; read once.

    Raises UserError with file and row for ratings without a number or of movies that are not in the table, and for movies
    that are there twice; `get` says how to get data.
    """
    movie_file = find_file(path, movies, get)
    rating_file = Path(path) if Path(path).is_file() else find_file(path, ratings, get)
    return _read(rating_file, movie_file, (stamp(rating_file), stamp(movie_file)))


@lru_cache(maxsize=4)
def _read(rating_file: Path, movie_file: Path, stamps: tuple[tuple[int, int], ...]) -> Ratings:
    movies, ratings = read_table(movie_file), read_table(rating_file, remember=False)
    ids = movies.whole_numbers(MOVIE)
    order = np.argsort(ids, kind="stable")
    ranked = ids[order]
    if (twice := np.flatnonzero(ranked[1:] == ranked[:-1])).size:
        movies.complain(MOVIE, int(order[twice + 1].min()), "is there twice: a movie has one row")
    genres, topics = _topics(movies)
    rated = ratings.whole_numbers(MOVIE)
    at = np.minimum(np.searchsorted(ranked, rated), len(ranked) - 1)
    if (unknown := np.flatnonzero(ranked[at] != rated)).size:
        ratings.complain(MOVIE, int(unknown[0]), f"is not in {movie_file.name}")
    people = ratings.whole_numbers(USER)
    by_id = np.sort(people)
    by_id = by_id[np.concatenate([[True], by_id[1:] != by_id[:-1]])]
    result = Ratings(genres, topics, len(by_id), np.searchsorted(by_id, people), order[at], ratings.numbers(RATING))
    for array in (result.topics, result.user, result.movie, result.rating):
        array.flags.writeable = False  # they are remembered and shared
    return result


def _topics(movies: Table) -> tuple[tuple[str, ...], np.ndarray]:
    """The genres there are, and each movie's shares of them."""
    listed = [[genre.strip() for genre in text.split("|")] for text in movies.text(GENRES).tolist()]
    for line, names in enumerate(listed):
        if "" in names or len(set(names)) < len(names):
            movies.complain(GENRES, line, "has an empty or a repeated genre")
    genres = tuple(sorted({name for names in listed for name in names}))
    number = {name: index for index, name in enumerate(genres)}
    row = np.repeat(np.arange(len(listed)), [len(names) for names in listed])
    column = np.array([number[name] for names in listed for name in names])
    topics = np.zeros((len(listed), len(genres)))
    topics[row, column] = 1.0
    return genres, topics / topics.sum(axis=1, keepdims=True)


def rating_facts(ratings: Ratings) -> dict[str, float]:
    """Facts that a calibrated simulation should reproduce.

    `rows`, `users`, `movies`, `movies_rated`, `genres`; `density` of the matrix of users and rated movies; `item_gini`, how
    unequally the ratings are spread over the rated movies (0 evenly, 1 all on one); `mean_genre_entropy` in bits, how
    broad the users' interests are.
    """
    counts = np.sort(ratings.times_rated[ratings.times_rated > 0]).astype(np.float64)
    n, rows = len(counts), len(ratings.user)
    shares = ratings.interests
    bits = -(shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    return {
        "rows": rows,
        "users": ratings.n_users,
        "movies": len(ratings.topics),
        "movies_rated": n,
        "genres": len(ratings.genres),
        "density": rows / (ratings.n_users * n),
        "item_gini": float(((2 * np.arange(1, n + 1) - n - 1) * counts).sum() / (n * counts.sum())),
        "mean_genre_entropy": float(bits.mean()),
    }
