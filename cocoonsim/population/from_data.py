"""The users are those of a data set: raters of movies, or the nodes of a labelled graph.

Without `label`, `path` is a folder laid out like MovieLens: a user's interests are the mean genres of what they rated.
Opinions and groups stay equal, as ratings say nothing about them. Use the catalogue `from_data` with it.

With `label`, `path` holds a table of nodes: a user for each row, the group is the label (numbered by size for numbers,
else by the alphabet), and opinions are spread evenly from -1 to 1 in the order of the labels. Interests are drawn: they lean
to the topics on the user's side by `lean`, as in `two_camps`. Use the network `from_file` with the same files and `keep`.

Also known as: empirical population, data-driven initialisation.
Source: own; data sets such as Harper & Konstan (2015), The MovieLens datasets, and Adamic & Glance (2005), The political
blogosphere and the 2004 U.S. election.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.edges import label_codes, read_graph
from cocoonsim.core.errors import UserError
from cocoonsim.core.leaning import dirichlet_rows, leaning_weights
from cocoonsim.core.ratings import GET_MOVIELENS, Ratings, rating_facts, read_ratings
from cocoonsim.core.setting import setting
from cocoonsim.core.tables import find_file, read_table
from cocoonsim.core.world import Columns, people
from cocoonsim.population import Population

GET = (
    GET_MOVIELENS.format(stage="population")
    + ", or for a labelled graph pass --set population.path=FOLDER --set population.label=COLUMN"
)


class FromData(Population):
    path: str = setting("", path=True, help="Folder with the data, or the file with the ratings or nodes")
    ratings: str = setting("ratings.csv", help="File with the columns userId, movieId, rating")
    movies: str = setting("movies.csv", help="File with the columns movieId, genres")
    label: str = setting("", help="Column of the node table that is the group; empty = the users are raters")
    nodes: str = setting("", help="File with a row for each node; empty = the only one with 'nodes' in its name")
    node_id: str = setting("", help="Column with the name of the node; empty = the first")
    keep: str = setting("all", choices=("all", "giant"), help="All nodes, or those of the largest connected piece")
    edges: str = setting("", help="File with the edges, for keep: giant; empty = the only one with 'edges' in its name")
    source: str = setting("", help="Column of the edges with the follower, for keep: giant; empty = the first")
    target: str = setting("", help="Column of the edges with the followed, for keep: giant; empty = the second")
    lean: float = setting(1.0, low=0.0, high=20.0, help="How far drawn interests lean to the topics on the user's side")
    concentration: float = setting(
        0.5, above=0.0, help="Breadth of drawn interests: small = one favourite topic each, large = all alike"
    )

    # a missing path is told by whatever it refers to, the catalogue or the network, and otherwise when it is read: once

    @property
    def example_topics(self) -> int | None:
        """How many topics it is for, where only one number will do."""
        return None if self.label or not self.path else len(self._ratings().genres)

    def build(self, n_topics: int, chance: Chance) -> Columns:
        if not self.label:
            data = self._ratings()
            if n_topics != len(data.genres):
                raise UserError(
                    f"the ratings have {len(data.genres)} genres, but the catalogue has {n_topics} topics. "
                    "Use catalogue: from_data with the same path",
                    where="population.from_data",
                )
            return people(data.interests)
        codes, names = self._labels()
        places = np.linspace(-1.0, 1.0, len(names)) if len(names) > 1 else np.zeros(1)
        weights = self.concentration * n_topics * leaning_weights(places, n_topics, self.lean)
        interests = dirichlet_rows(weights[codes], chance.generator("population"))
        return people(interests, opinion=places[codes], group=codes)

    def facts(self) -> dict[str, float]:
        """Facts of the ratings, or the numbers of users and groups."""
        if not self.label:
            return rating_facts(self._ratings())
        codes, names = self._labels()
        return {"users": len(codes), "groups": len(names)}

    def _ratings(self) -> Ratings:
        return read_ratings(self.path, self.ratings, self.movies, get=GET)

    def _labels(self) -> tuple[np.ndarray, tuple[str, ...]]:
        """The label of each user, as a number, and the labels."""
        if self.keep == "all" and self.nodes:  # the edges do not matter, and need not be there
            return label_codes(read_table(find_file(self.path, self.nodes, GET)), self.label)
        graph = read_graph(
            self.path, self.edges, self.nodes, source=self.source, target=self.target, node_id=self.node_id, get=GET
        )
        codes, names = graph.labels(self.label)
        return codes[graph.kept(self.keep)], names
