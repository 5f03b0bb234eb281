"""The items are the movies of a data set; a genre is a topic.

`path` is a folder laid out like MovieLens, with `movies.csv` and `ratings.csv`. A movie's topics are its genres in equal
shares; movies without a genre have the topic "(no genres listed)", so none is dropped. Movies have no stance, and nothing new
can be made: use publishing: none. Use the population `from_data` with the same path.

Also known as: MovieLens, rating data set, empirical catalogue.
Source: Harper & Konstan (2015), The MovieLens datasets: history and context.
"""

from __future__ import annotations

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance
from cocoonsim.core.ratings import GET_MOVIELENS, Ratings, rating_facts, read_ratings
from cocoonsim.core.setting import setting
from cocoonsim.core.tables import problems_with_path
from cocoonsim.core.world import Columns, content

GET = GET_MOVIELENS.format(stage="catalogue")


class FromData(Catalogue):
    endless = False

    path: str = setting("", path=True, help="Folder with the data, e.g. ml-latest-small")
    ratings: str = setting("ratings.csv", help="File with the columns userId, movieId, rating")
    movies: str = setting("movies.csv", help="File with the columns movieId, genres")
    only_rated: bool = setting(False, help="Leave out movies that nobody rated")

    def problems(self) -> list[tuple[str, str]]:
        """There must be data."""
        return problems_with_path(self.path, GET)

    def build(self, chance: Chance) -> Columns:
        data = self._ratings()
        return content(data.topics[data.times_rated > 0] if self.only_rated else data.topics)

    def topic_names(self, n_topics: int) -> tuple[str, ...]:
        return self._ratings().genres

    def facts(self) -> dict[str, float]:
        """Facts of the ratings."""
        return rating_facts(self._ratings())

    def _ratings(self) -> Ratings:
        return read_ratings(self.path, self.ratings, self.movies, get=GET)
