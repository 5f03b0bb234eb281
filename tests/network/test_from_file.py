from pathlib import Path

import networkx as nx
import numpy as np
import polars as pl
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import Columns
from cocoonsim.network.from_file import FromFile

POLBLOGS = Path(__file__).parents[2].parent / "shared" / "data" / "polblogs"


def users(n: int) -> Columns:
    return Columns(group=np.zeros(n, np.int32))


def test_polblogs_is_followed_as_linked():
    if not POLBLOGS.is_dir():
        pytest.skip("the data set polblogs is not there")
    whole = FromFile(path=str(POLBLOGS), label="leaning")
    assert whole.build(users(1_490), Chance(1)).n_arcs == 19_022  # 19,025 distinct arcs less 3 loops
    facts = whole.facts()
    assert (facts["nodes"], facts["rows"], facts["distinct_arcs"]) == (1_490, 19_090, 19_025)
    assert facts["assortativity"] == pytest.approx(0.811339, abs=5e-7)
    giant = FromFile(path=str(POLBLOGS), keep="giant")
    follows = giant.build(users(1_222), Chance(1))
    # 16,715 pairs of blogs are linked, 16,714 of them within the giant component: one arc is left out
    assert follows.n_arcs == 19_021
    assert giant.example_users == 1_222
    assert "assortativity" not in giant.facts()


def test_csv_parquet_and_graphml_give_the_same_follows(tmp_path):
    ends = [(0, 1), (1, 2), (2, 0), (3, 0)]
    frame = pl.DataFrame(ends, schema=["from", "to"], orient="row")
    frame.write_csv(tmp_path / "a.csv")
    frame.write_parquet(tmp_path / "a.parquet")
    nx.write_graphml(nx.DiGraph(ends), tmp_path / "a.graphml")
    built = [
        FromFile(path=str(tmp_path / f"a.{ending}")).build(users(4), Chance(1))
        for ending in ("csv", "parquet", "graphml")
    ]
    for follows in built:
        assert [follows.of(user).tolist() for user in range(4)] == [[1], [2], [0], [0]]
    mutual = FromFile(path=str(tmp_path / "a.csv"), directed=False).build(users(4), Chance(1))
    assert [mutual.of(user).tolist() for user in range(4)] == [[1, 2, 3], [0, 2], [0, 1], [0]]


def test_other_columns_and_file_names(tmp_path):
    (tmp_path / "ties.csv").write_text("w,b,a\n1,y,x\n")
    (tmp_path / "who.csv").write_text("age,name\n9,y\n8,x\n7,z\n")
    network = FromFile(
        path=str(tmp_path), edges="ties.csv", nodes="who.csv", source="a", target="b", node_id="name", label="age"
    )
    follows = network.build(users(3), Chance(1))
    assert [follows.of(user).tolist() for user in range(3)] == [[], [0], []]
    assert network.facts()["cross_share"] == 1.0


def test_mistakes_are_told(tmp_path):
    assert FromFile().problems() == [("path", FromFile().problems()[0][1])]
    assert "pass --set network.path=FOLDER" in FromFile().problems()[0][1]
    with pytest.raises(UserError, match=r"no data yet: get an edge list, .*network\.path=FOLDER"):
        FromFile().build(users(3), Chance(1))
    (tmp_path / "edges.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"the graph has 2 nodes \(keep: all\), but the population has 3 users"):
        FromFile(path=str(tmp_path)).build(users(3), Chance(1))


def test_weights_are_read_and_those_of_doubles_added_up(tmp_path):
    (tmp_path / "a.csv").write_text("from,to,w\n0,1,0.25\n1,2,0.5\n0,1,0.5\n2,2,9\n2,0,1\n", encoding="utf-8")
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([(0, 1, 0.75), (1, 2, 0.5), (2, 0, 1.0)], weight="w")
    nx.write_graphml(graph, tmp_path / "a.graphml")
    for ending in ("csv", "graphml"):
        follows = FromFile(path=str(tmp_path / f"a.{ending}"), weight="w").build(users(3), Chance(1))
        assert follows.targets.tolist() == [1, 2, 0]
        assert follows.weights.tolist() == [0.75, 0.5, 1.0]
    both = FromFile(path=str(tmp_path / "a.csv"), weight="w", directed=False).build(users(3), Chance(1))
    assert both.weights[:2].tolist() == [0.75, 1.0]
    (tmp_path / "b.csv").write_text("from,to,w\n0,1,0.25\n1,2,much\n", encoding="utf-8")
    with pytest.raises(UserError, match="row 2: w = 'much' is not a number"):
        FromFile(path=str(tmp_path / "b.csv"), weight="w").build(users(3), Chance(1))
    with pytest.raises(UserError, match="every edge needs a number as its 'v'"):
        FromFile(path=str(tmp_path / "a.graphml"), weight="v").build(users(3), Chance(1))
