from pathlib import Path

import networkx as nx
import numpy as np
import polars as pl
import pytest

from cocoonsim.core.edges import graph_facts, read_graph
from cocoonsim.core.errors import UserError
from cocoonsim.core.splits import split_along

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def data(name: str) -> str:
    """The folder of a data set, or a skip."""
    if not (DATA / name).is_dir():
        pytest.skip(f"the data set {name} is not there")
    return str(DATA / name)


def write(folder: Path, edges: str, nodes: str = "") -> str:
    (folder / "edges.csv").write_text(edges)
    if nodes:
        (folder / "nodes.csv").write_text(nodes)
    return str(folder)


# ---- facts of real graphs; source: the project's data notes (and networkx, below)
def test_polblogs_facts():
    facts = graph_facts(read_graph(data("polblogs")), "leaning")
    counts = {
        name: facts[name] for name in ("rows", "distinct_arcs", "self_loops", "nodes", "giant_nodes", "giant_edges")
    }
    # the graph of Adamic & Glance (2005) as published
    assert counts == {
        "rows": 19_090, "distinct_arcs": 19_025, "self_loops": 3, "nodes": 1_490, "giant_nodes": 1_222, "giant_edges": 16_714,
    }  # fmt: skip
    assert facts["assortativity"] == pytest.approx(0.811339, abs=5e-7)
    assert facts["modularity"] == pytest.approx(0.405248, abs=5e-7)
    assert facts["cross_share"] == pytest.approx(0.094232, abs=5e-7)


def test_karate_facts():
    graph = read_graph(data("karate"), directed=False)
    facts = graph_facts(graph, "club")
    assert (facts["nodes"], facts["giant_edges"]) == (34, 78)  # Zachary (1977)
    assert facts["assortativity"] == pytest.approx(0.717531, abs=5e-7)
    assert facts["modularity"] == pytest.approx(0.358235, abs=5e-7)
    assert graph.follows().n_arcs == 156


def test_lastfm_asia_facts():
    graph = read_graph(data("lastfm-asia"), nodes="lastfm_asia_target.csv", directed=False)
    facts = graph_facts(graph, "target")
    assert (facts["nodes"], facts["giant_edges"]) == (7_624, 27_806)  # Rozemberczki & Sarkar (2020)
    assert facts["assortativity"] == pytest.approx(0.856179, abs=5e-7)
    # the data notes print 0.750825; networkx and exact fractions give 0.7508244920, one lower in the sixth digit
    assert facts["modularity"] == pytest.approx(0.7508244920, abs=5e-10)
    assert len(graph.labels("target")[1]) == 18


def test_networkx_agrees_on_polblogs():
    graph = read_graph(data("polblogs"))
    codes, names = graph.labels("leaning")
    assert names == ("0", "1")
    arcs = nx.DiGraph(zip(graph.sources.tolist(), graph.targets.tolist(), strict=True))
    simple = nx.Graph(arcs)
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    giant = simple.subgraph(max(nx.connected_components(simple), key=len))
    nx.set_node_attributes(simple, dict(enumerate(codes.tolist())), "leaning")
    facts = graph_facts(graph, "leaning")
    assert graph.giant.tolist() == sorted(giant)
    assert facts["assortativity"] == pytest.approx(nx.attribute_assortativity_coefficient(giant, "leaning"))
    camps = [{node for node in giant if codes[node] == camp} for camp in (0, 1)]
    assert facts["modularity"] == pytest.approx(nx.community.modularity(giant, camps))


# ---- small graphs by hand
def test_two_cliques_joined_by_one_edge():
    # two 4-cliques joined by one edge: 13 edges, 1 of them cross; by hand modularity 12/13 - 1/2
    ends = [(a, b) for clique in (range(4), range(4, 8)) for a in clique for b in clique if a < b] + [(3, 4)]
    label = np.arange(8) // 4
    one, other = np.array(ends).T
    facts = split_along(label[one], label[other], 2)
    assert facts["cross_share"] == pytest.approx(1 / 13)
    assert facts["modularity"] == pytest.approx(12 / 13 - 1 / 2)
    assert facts["assortativity"] == pytest.approx((12 / 13 - 1 / 2) / (1 / 2))


def test_one_label_only_has_no_assortativity():
    facts = split_along(np.zeros(3, int), np.zeros(3, int), 1)
    assert facts == {"cross_share": 0.0, "modularity": 0.0}


def test_order_doubles_loops_and_pieces(tmp_path):
    path = write(tmp_path, "a,b,w\nx,y,1\nx,y,2\ny,x,3\nz,z,1\nv,u,1\ny,z,9\n", "name,side\nz,R\nu,L\ny,L\nx,R\nv,R\n")
    graph = read_graph(path)
    assert graph.ids.tolist() == ["z", "u", "y", "x", "v"]
    assert graph.giant.tolist() == [0, 2, 3]  # z, y, x
    facts = graph_facts(graph, "side")
    assert (facts["rows"], facts["distinct_arcs"], facts["self_loops"]) == (6, 5, 1)
    assert (facts["nodes"], facts["giant_nodes"], facts["giant_edges"]) == (5, 3, 2)
    everyone, few = graph.follows(), graph.follows("giant")
    assert [everyone.of(user).tolist() for user in range(5)] == [[], [], [0, 3], [2], [1]]
    assert [few.of(user).tolist() for user in range(3)] == [[], [0, 2], [1]]
    both = read_graph(path, directed=False)
    assert [both.follows().of(user).tolist() for user in range(5)] == [[2], [4], [0, 3], [2], [1]]
    assert graph_facts(both)["distinct_arcs"] == 4


def test_without_a_node_table_numbers_sort_as_numbers(tmp_path):
    graph = read_graph(write(tmp_path, "to,from\n10,9\n2,10\n"), source="from", target="to")
    assert graph.ids.tolist() == ["2", "9", "10"]
    assert [graph.follows().of(user).tolist() for user in range(3)] == [[], [2], [0]]
    with pytest.raises(UserError, match="no node table"):
        graph.labels("side")


@pytest.mark.parametrize("ending", ["graphml", "gml"])
def test_graph_files_bring_their_labels_and_direction(tmp_path, ending):
    karate = nx.karate_club_graph()
    path = tmp_path / f"karate.{ending}"
    (nx.write_graphml if ending == "graphml" else nx.write_gml)(karate, path)
    graph = read_graph(str(path))
    assert not graph.directed
    assert graph_facts(graph, "club")["assortativity"] == pytest.approx(0.717531, abs=5e-7)
    assert graph.follows().n_arcs == 156
    directed = tmp_path / f"two.{ending}"
    (nx.write_graphml if ending == "graphml" else nx.write_gml)(nx.DiGraph([(0, 1)]), directed)
    assert read_graph(str(directed)).follows().n_arcs == 1


def test_read_once_until_a_file_changes(tmp_path):
    path = write(tmp_path, "a,b\n1,2\n")
    assert read_graph(path) is read_graph(path)
    write(tmp_path, "a,b\n1,2\n2,3\n")
    assert read_graph(path).n_nodes == 3


@pytest.mark.parametrize(
    ("edges", "nodes", "message"),
    [
        ("a,b\n1,2\n1,9\n", "id\n1\n2\n", r"edges\.csv: row 2: b = '9' is not in the node table"),
        ("a,b\n1,2\n", "id\n1\n2\n1\n", r"nodes\.csv: row 1: id = '1' is there twice"),
        ("a,b\n1,\n", "", r"edges\.csv: row 1: b is empty"),
        ("a\n1\n", "", "an edge list needs two columns"),
    ],
)
def test_mistakes_are_told(tmp_path, edges, nodes, message):
    with pytest.raises(UserError, match=message):
        read_graph(write(tmp_path, edges, nodes))


def test_the_files_must_be_clear(tmp_path):
    write(tmp_path, "a,b\n1,2\n")
    (tmp_path / "more_edges.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"several files are called so \(edges.csv, more_edges.csv\)"):
        read_graph(str(tmp_path))
    assert read_graph(str(tmp_path), edges="more_edges.csv").n_nodes == 2
    with pytest.raises(UserError, match=r"has no column 'x'; known: a, b"):
        read_graph(str(tmp_path), edges="edges.csv", source="x")
    with pytest.raises(UserError, match="no data yet: get polblogs"):
        read_graph("", get="get polblogs")
    (tmp_path / "bad.gml").write_text("graph [")
    with pytest.raises(UserError, match="the graph cannot be read"):
        read_graph(str(tmp_path / "bad.gml"))


# ---- whole numbers that stay whole numbers
@pytest.mark.parametrize("kind", [pl.Int64, pl.Int32, pl.UInt16])
def test_numbers_in_parquet_give_the_same_graph_as_text(tmp_path, kind):
    generator = np.random.default_rng(4)
    frame = pl.DataFrame(generator.integers(5, 300, (400, 2)), schema={"a": kind, "b": kind})
    (tmp_path / "text").mkdir()
    frame.write_parquet(tmp_path / "edges.parquet")
    frame.write_csv(tmp_path / "text" / "edges.csv")
    whole, text = read_graph(str(tmp_path)), read_graph(str(tmp_path / "text"))
    assert whole.ids.tolist() == [int(name) for name in text.ids]
    assert np.array_equal(whole.sources, text.sources)
    assert np.array_equal(whole.targets, text.targets)
    assert not whole.sources.flags.writeable
    for keep in ("all", "giant"):
        assert np.array_equal(whole.follows(keep).targets, text.follows(keep).targets)
        assert np.array_equal(whole.follows(keep).starts, text.follows(keep).starts)


def test_numbers_far_apart_and_below_zero(tmp_path):
    frame = pl.DataFrame({"a": [10**15, -7, 3], "b": [3, 10**15, -7]})
    frame.write_parquet(tmp_path / "edges.parquet")
    graph = read_graph(str(tmp_path))
    assert graph.ids.tolist() == [-7, 3, 10**15]
    assert [graph.follows().of(user).tolist() for user in range(3)] == [[2], [0], [1]]


def test_numbers_in_parquet_meet_a_node_table(tmp_path):
    pl.DataFrame({"a": [7, 7], "b": [8, 9]}).write_parquet(tmp_path / "edges.parquet")
    (tmp_path / "nodes.csv").write_text("id,side\n9,L\n8,R\n7,R\n")
    graph = read_graph(str(tmp_path))
    assert graph.ids.tolist() == ["9", "8", "7"]
    assert graph.follows().of(2).tolist() == [0, 1]
    assert graph.labels("side")[0].tolist() == [0, 1, 1]
    (tmp_path / "nodes.csv").write_text("id,side\n8,R\n7,R\n")
    with pytest.raises(UserError, match=r"row 2: b = '9' is not in the node table"):
        read_graph(str(tmp_path))


def test_gaps_between_numbers_in_parquet_are_told(tmp_path):
    pl.DataFrame({"a": [7, None], "b": [8, 9]}).write_parquet(tmp_path / "edges.parquet")
    with pytest.raises(UserError, match=r"row 2: a is empty"):
        read_graph(str(tmp_path))
