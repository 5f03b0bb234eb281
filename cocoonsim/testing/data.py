"""A tiny folder of data in the layouts that components read, so that those can be tried without a download.

`movies.csv` and `ratings.csv` are laid out like MovieLens; `nodes.csv` and `edges.csv` are a labelled follow graph with a
self-follow and a double, which must not survive.
"""

from __future__ import annotations

from pathlib import Path

GENRES = ("Action", "Comedy", "Drama", "Horror")
LABEL = "camp"
MOVIES, RATERS, NODES = 15, 9, 12


def write_tiny_data(folder: Path) -> Path:
    """Write the four files into a new folder within `folder`; that folder."""
    home = folder / "tiny-data"
    home.mkdir(parents=True, exist_ok=True)
    movies = [f"{movie},Movie {movie},{_genres(movie)}" for movie in range(1, MOVIES + 1)]
    _write(home / "movies.csv", "movieId,title,genres", movies)
    ratings = [
        f"{user},{movie},{1 + (user * movie) % 9 / 2},{user * 1000 + movie}"
        for user in range(1, RATERS + 1)
        for movie in range(1, MOVIES)  # the last movie is never rated
        if (user + movie * user) % 3
    ]
    _write(home / "ratings.csv", "userId,movieId,rating,timestamp", ratings)
    _write(home / "nodes.csv", f"node,{LABEL}", [f"n{node},{'left' if node < 5 else 'right'}" for node in range(NODES)])
    ties = [(node, (node + step) % NODES) for node in range(NODES) for step in (1, 3)]
    _write(home / "edges.csv", "follower,followed", [f"n{one},n{two}" for one, two in [*ties, (2, 2), ties[0]]])
    return home


def _genres(movie: int) -> str:
    """One or two genres; the fourteenth movie has none."""
    if movie == 14:
        return "(no genres listed)"
    return "|".join(sorted({GENRES[movie % 4], GENRES[movie * movie % 4]}))


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
