"""Graphs of the user's: an edge list, if need be with a table of nodes, or a GraphML or GML file.

Also here: the labels of nodes (a party, a country), the giant component, and the facts of a labelled graph that a
calibrated simulation should reproduce.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.core.follows import Follows
from cocoonsim.core.splits import split_along
from cocoonsim.core.tables import TABLE_ENDINGS, Table, find_file, read_table, stamp

if TYPE_CHECKING:
    import polars as pl

GRAPH_ENDINGS = (".graphml", ".gml")


@dataclass(frozen=True)
class Graph:
    """A graph as it stands in the file: doubles, self-loops and all."""

    name: str
    ids: np.ndarray
    """object or int64 (n_nodes,): the nodes' names, or numbers, in the order of the node table, else sorted."""
    sources: np.ndarray
    """int64 (rows,): where each edge starts, as a number of a node."""
    targets: np.ndarray
    """int64 (rows,)"""
    directed: bool
    nodes: Table | None
    """What is known of the nodes, a row for each of `ids`; None without a node table."""
    weights: np.ndarray | None = None
    """float64 (rows,): how much each edge weighs, where that is asked for."""

    @property
    def n_nodes(self) -> int:
        """The number of nodes, with those that have no edge."""
        return len(self.ids)

    @cached_property
    def simple(self) -> tuple[np.ndarray, np.ndarray]:
        """int64 (smaller, larger): the undirected edges, each once, without self-loops."""
        return _distinct(self.n_nodes, self.sources, self.targets, directed=False, loops=False)

    @cached_property
    def giant(self) -> np.ndarray:
        """int64: the nodes of the largest connected piece (arrows ignored), ascending; of equal ones the first."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        one, other = self.simple
        square = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(self.n_nodes, self.n_nodes))
        piece = connected_components(square, directed=False)[1]
        sizes = np.bincount(piece)
        largest = piece[int(np.argmax(sizes[piece] == sizes.max()))]
        return np.flatnonzero(piece == largest)

    def kept(self, keep: str) -> np.ndarray:
        """int64: the nodes that become users: `all` of them or those of the `giant` component."""
        return self.giant if keep == "giant" else np.arange(self.n_nodes)

    def follows(self, keep: str = "all") -> Follows:
        """The follow graph over the kept nodes; both ways where edges have no direction."""
        one, other, n_users, weights = self.sources, self.targets, self.n_nodes, self.weights
        if keep == "giant":
            nodes = self.kept(keep)
            user, n_users = np.full(self.n_nodes, -1, np.int64), len(nodes)
            user[nodes] = np.arange(n_users)
            one, other = user[one], user[other]
            there = (one >= 0) & (other >= 0)
            one, other = one[there], other[there]
            weights = None if weights is None else weights[there]
        if not self.directed:
            one, other = np.concatenate([one, other]), np.concatenate([other, one])
            weights = None if weights is None else np.tile(weights, 2)
        return Follows.from_arcs(n_users, one, other, weights)

    def labels(self, column: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """`label_codes` of the nodes. Raises UserError when there is no node table."""
        if self.nodes is None:
            raise UserError(f"no node table, so there is no label {column!r}. Give nodes: a file name", where=self.name)
        return label_codes(self.nodes, column)


def label_codes(table: Table, column: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """int64 (rows,) and the distinct labels they number: in order of size for numbers, else of the alphabet."""
    values = table.text(column).tolist()
    names = _in_order(set(values))
    number = {name: index for index, name in enumerate(names)}
    return np.array([number[value] for value in values], np.int64), tuple(names)


def read_graph(
    path: str, edges: str = "", nodes: str = "", *, source: str = "", target: str = "", node_id: str = "",
    directed: bool = True, weight: str = "", get: str = "",
) -> Graph:  # fmt: skip
    """The graph in the folder or file `path`; read once as long as no file changes.

    In a folder, `edges` and `nodes` are file names; left empty, they are the only files with "edges" and "nodes" in their
    names. `source`, `target`, `node_id` name columns; left empty, they are the first two and the first; `weight` names a
    column of the edges, or an attribute in a graph file; left empty, edges have no weights. A GraphML or GML
    file brings its own node table and says itself whether it is directed. Raises UserError; `get` says how to get data.
    """
    edge_file = find_file(path, edges or _only_file(path, "edges"), get)
    node_name = nodes or (_only_file(path, "nodes", required=False) if Path(path).is_dir() else "")
    node_file = find_file(path, node_name, get) if node_name else None
    stamps = (stamp(edge_file), stamp(node_file) if node_file else None)
    return _read(edge_file, node_file, source, target, node_id, directed, weight, stamps)


@lru_cache(maxsize=8)
def _read(
    edge_file: Path,
    node_file: Path | None,
    source: str,
    target: str,
    node_id: str,
    directed: bool,
    weight: str,
    stamps: Any,
) -> Graph:
    if edge_file.suffix.lower() in GRAPH_ENDINGS:
        return _read_with_networkx(edge_file, weight)
    table = read_table(edge_file, remember=False)
    if len(table.columns) < 2:
        raise UserError("an edge list needs two columns, the ends of each edge", where=str(edge_file))
    source, target = table.named(source, 0), table.named(target, 1)
    nodes = read_table(node_file) if node_file else None
    ids, ends = _numbered(table, (source, target)) if nodes is None else (None, None)
    if ids is None or ends is None:
        ids, ends = _named(table, (source, target), nodes, node_id)
    for end in ends:
        end.flags.writeable = False  # the graph is remembered and shared
    weights = table.numbers(table.named(weight, 0)) if weight else None
    return Graph(str(edge_file), ids, ends[0], ends[1], directed, nodes, weights)


def _numbered(table: Table, columns: tuple[str, str]) -> tuple[np.ndarray | None, list[np.ndarray] | None]:
    """The distinct ends, ascending, and each end's place among them, where the file holds ends as whole numbers.

    Never as text: ten million edges take a tenth of the memory.
    """
    ends = [end for column in columns if (end := table.integers(column)) is not None]
    if len(ends) < 2:
        return None, None
    ids = [np.sort(end) for end in ends]
    ids = [end[np.concatenate([[True], end[1:] != end[:-1]])] for end in ids]
    known = np.sort(np.concatenate(ids))
    known = known[np.concatenate([[True], known[1:] != known[:-1]])]
    low, high = int(known[0]), int(known[-1])
    if high - low < 4 * table.rows + 1000:  # a look-up is far quicker than a search
        place = np.zeros(high - low + 1, np.int64)
        place[known - low] = np.arange(len(known))
        return known, [place[end - low] for end in ends]
    return known, [np.searchsorted(known, end) for end in ends]


def _named(
    table: Table, columns: tuple[str, str], nodes: Table | None, node_id: str
) -> tuple[np.ndarray, list[np.ndarray]]:
    """The names of the nodes, in the order of the node table or else sorted, and each end's place among them."""
    import polars as pl

    ends = [table.series(column).str.strip_chars() for column in columns]
    if nodes is None:
        ids = _in_order(set(ends[0].unique().to_list()) | set(ends[1].unique().to_list()))
    else:
        ids = _node_ids(nodes, nodes.named(node_id, 0))
    known = pl.Enum(ids)
    places = []
    for column, end in zip(columns, ends, strict=True):
        codes = end.cast(known, strict=False)
        if codes.null_count():
            there = nodes.path if nodes else table.path
            table.complain(column, int(codes.is_null().arg_max() or 0), f"is not in the node table {there}")
        places.append(codes.to_physical().to_numpy().astype(np.int64))
    return np.array(ids, dtype=object), places


def _node_ids(nodes: Table, column: str) -> list[str]:
    ids: pl.Series = nodes.series(column).str.strip_chars()
    twice = ids.is_duplicated()
    if twice.any():
        nodes.complain(column, int(twice.arg_max() or 0), "is there twice: a node has one row")
    names: list[str] = ids.to_list()
    return names


def _read_with_networkx(file: Path, weight: str) -> Graph:
    import networkx as nx
    import polars as pl

    try:
        graph = nx.read_graphml(file) if file.suffix.lower() == ".graphml" else nx.read_gml(file, label="id")
    except Exception as error:  # networkx raises whatever its parsers raise
        raise UserError(f"the graph cannot be read: {error}", where=str(file)) from None
    if not graph.number_of_nodes():
        raise UserError("the graph has no nodes", where=str(file))
    number = {node: index for index, node in enumerate(graph.nodes)}
    ends = np.array([(number[one], number[other]) for one, other in graph.edges()], np.int64).reshape(-1, 2)
    about = dict(graph.nodes(data=True))
    columns = list(dict.fromkeys(key for values in about.values() for key in values))
    cells = {key: [None if (v := about[node].get(key)) is None else str(v) for node in about] for key in columns}
    ids = [str(node) for node in graph.nodes]
    frame = pl.DataFrame({"id": ids, **cells}, schema=dict.fromkeys(["id", *columns], pl.String))
    weights = None
    if weight:
        values = [value for *_, value in graph.edges(data=weight)]
        if not all(isinstance(value, int | float) and np.isfinite(value) for value in values):
            raise UserError(f"every edge needs a number as its {weight!r}", where=str(file))
        weights = np.array(values, np.float64)
    named = np.array(ids, dtype=object)
    return Graph(str(file), named, ends[:, 0], ends[:, 1], graph.is_directed(), Table(file, frame), weights)


def _only_file(path: str, word: str, required: bool = True) -> str:
    """The name of the only file in the folder with `word` in its name; a path to a file is that file."""
    there = Path(path)
    if not path or not there.exists():
        return word  # find_file says what is missing
    if there.is_file():
        return there.name
    endings = TABLE_ENDINGS + GRAPH_ENDINGS if word == "edges" else TABLE_ENDINGS
    files = sorted(file.name for file in there.iterdir() if file.suffix.lower() in endings)
    named = [name for name in files if word in name.lower()]
    if len(named) == 1:
        return named[0]
    if not required and not named:
        return ""
    found = (
        f"several files are called so ({', '.join(named)})"
        if named
        else f"no file is called so; {did_you_mean(word, files)}"
    )
    raise UserError(f"looked for a file with {word!r} in its name: {found}. Name it: {word}: FILE", where=path)


def _in_order(names: set[str]) -> list[str]:
    """Sorted by size if all are numbers, else by the alphabet."""
    try:
        return sorted(names, key=lambda name: (float(name), name))
    except ValueError:
        return sorted(names)


def _distinct(
    n: int, one: np.ndarray, other: np.ndarray, *, directed: bool, loops: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Each edge once."""
    low, high = (one, other) if directed else (np.minimum(one, other), np.maximum(one, other))
    keys = low * n + high
    keys = np.sort(keys if loops else keys[one != other])
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if keys.size else keys
    return keys // max(n, 1), keys % max(n, 1)


# ---------------------------------------------------------------------------------------------------- facts
def graph_facts(graph: Graph, label: str = "") -> dict[str, float]:
    """Counts of a graph and, with a label, how much it is split along it.

    `rows`, `distinct_arcs` (self-loops counted, direction as in the file), `self_loops`, `nodes`, `giant_nodes` and
    `giant_edges`; for the simple undirected giant component `assortativity`, `modularity` and `cross_share` (of edges
    between different labels). What is undefined is left out.
    """
    distinct = _distinct(graph.n_nodes, graph.sources, graph.targets, directed=graph.directed, loops=True)
    one, other = graph.simple
    inside = np.zeros(graph.n_nodes, bool)
    inside[graph.giant] = True
    one, other = one[inside[one]], other[inside[one]]
    facts: dict[str, float] = {
        "rows": len(graph.sources),
        "distinct_arcs": len(distinct[0]),
        "self_loops": int((distinct[0] == distinct[1]).sum()),
        "nodes": graph.n_nodes,
        "giant_nodes": len(graph.giant),
        "giant_edges": len(one),
    }
    if label and len(one):
        codes, names = graph.labels(label)
        facts |= split_along(codes[one], codes[other], len(names))
    return facts
