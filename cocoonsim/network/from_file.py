"""Who follows whom is read from a file.

An edge list in CSV or Parquet (a row for each tie: the follower, the followed), if need be with a table of nodes; or a
GraphML or GML file. `weight` names a column (in a graph file, an attribute of the edges) that says how much each tie counts;
other columns are not used. Doubles become one tie, with the sum of their weights; self-follows are dropped from the follow
graph; both are counted in the facts. User numbers follow the node table, else the sorted names of the nodes; the
population needs as many users, most simply `from_data` with the same files, `label` and `keep`.

Also known as: empirical network, edge list, GraphML, GML.
Source: own; for example Adamic & Glance (2005), The political blogosphere and the 2004 U.S. election: divided they blog.
"""

from __future__ import annotations

from cocoonsim.core.chance import Chance
from cocoonsim.core.edges import Graph, graph_facts, read_graph
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.tables import problems_with_path
from cocoonsim.core.world import Columns
from cocoonsim.network import Network

GET = (
    "get an edge list, e.g. polblogs (Adamic & Glance 2005; in the R packages manynet and networkdata), "
    "save it as CSV and pass --set network.path=FOLDER"
)


class FromFile(Network):
    path: str = setting("", path=True, help="File with the edges, or the folder it is in")
    edges: str = setting("", help="File with a row for each edge; empty = the only one with 'edges' in its name")
    nodes: str = setting(
        "", help="File with a row for each node; empty = the only one with 'nodes' in its name, if any"
    )
    source: str = setting("", help="Column of the edges with the follower; empty = the first")
    target: str = setting("", help="Column of the edges with the followed; empty = the second")
    node_id: str = setting("", help="Column of the nodes with their name; empty = the first")
    weight: str = setting("", help="Column of the edges with how much each counts; empty = all the same")
    directed: bool = setting(True, help="Off: both ends of an edge follow each other (graph files say so themselves)")
    keep: str = setting("all", choices=("all", "giant"), help="All nodes, or those of the largest connected piece")
    label: str = setting("", help="Column of the nodes by which the facts say how the graph is split; empty = none")

    def problems(self) -> list[tuple[str, str]]:
        """There must be data."""
        return problems_with_path(self.path, GET)

    @property
    def example_users(self) -> int | None:
        """How many users it is for."""
        return len(self._graph().kept(self.keep)) if self.path else None

    def build(self, users: Columns, chance: Chance) -> Follows:
        follows = self._graph().follows(self.keep)
        if follows.n_users != users.size:
            raise UserError(
                f"the graph has {follows.n_users} nodes (keep: {self.keep}), but the population has {users.size} users. "
                f"Use users: {follows.n_users}, or population: from_data with the same files and keep",
                where="network.from_file",
            )
        return follows

    def facts(self) -> dict[str, float]:
        """Counts, and how much the graph is split along `label`."""
        return graph_facts(self._graph(), self.label)

    def _graph(self) -> Graph:
        return read_graph(
            self.path, self.edges, self.nodes, source=self.source, target=self.target, node_id=self.node_id,
            directed=self.directed, weight=self.weight, get=GET,
        )  # fmt: skip
