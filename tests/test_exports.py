"""Exports, read back by other readers and compared with the network, attribute by attribute."""

import copy
import csv
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import igraph
import networkx
import pytest

from bri_kg import KnowledgeGraph
from bri_kg.errors import UsageError
from bri_kg.names import expand, shorten
from bri_kg.networks.exports import ENDINGS, export_network
from bri_kg.networks.phases import edge_span
from bri_kg.networks.projections import project_actors

GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"

Rows = tuple[dict[str, dict[str, Any]], list[tuple[str, str, dict[str, Any]]]]


@pytest.fixture(scope="module", params=["network-everything", "network-attendance", "network-claims"])
def network(request: pytest.FixtureRequest, kg: KnowledgeGraph) -> networkx.MultiDiGraph:
    return kg.network(request.param)


def _text(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return " | ".join(f"{one}: {value[one]}" for one in sorted(value))
    return (" " if key == "segments" else " | ").join(value) if isinstance(value, list) else str(value)


def _wanted(network: networkx.MultiDiGraph) -> Rows:
    """What each format has to give back, empty values left out."""
    sentences = network.graph["sentences"]
    nodes = {
        shorten(node): {key: _text(key, value) for key, value in data.items() if value} | {"iri": node}
        for node, data in network.nodes(data=True)
    }
    edges = []
    for source, target, data in network.edges(data=True):
        told = [f"{sentences[one]['reference']}: {sentences[one]['gist']}" for one in data["segments"]]
        values = {key: _text(key, value) for key, value in data.items() if value} | {"sentences": " | ".join(told)}
        edges.append((shorten(source), shorten(target), values))
    return nodes, edges


def _told(data: dict[str, Any], *without: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in ("", None) and key not in without}


def _of_networkx(read: networkx.MultiDiGraph, *without: str) -> Rows:
    nodes = {node: _told(data, *without) for node, data in read.nodes(data=True)}
    edges = sorted(read.edges(keys=True, data=True), key=lambda edge: int(edge[2][1:]))
    return nodes, [(source, target, _told(data, "id", *without)) for source, target, _, data in edges]


def _read_graphml(path: Path) -> Rows:
    return _of_networkx(networkx.read_graphml(path, force_multigraph=True))


def _read_graphml_with_igraph(path: Path) -> Rows:
    read = igraph.Graph.Read_GraphML(str(path))
    assert read.is_directed()
    names = read.vs["id"]
    nodes = {vertex["id"]: _told(vertex.attributes(), "id") for vertex in read.vs}
    return nodes, [(names[e.source], names[e.target], _told(e.attributes(), "id")) for e in read.es]


def _read_gexf(path: Path) -> Rows:
    read = networkx.read_gexf(path)
    edges = sorted(read.edges(data=True), key=lambda edge: int(edge[2]["id"][1:]))
    nodes = {node: _told(data, "viz", "start", "end") for node, data in read.nodes(data=True)}
    return nodes, [(source, target, _told(data, "id", "start", "end")) for source, target, data in edges]


def _read_cytoscape(path: Path) -> Rows:
    data = json.loads(path.read_text(encoding="utf-8"))
    read = networkx.cytoscape_graph(data)
    return _of_networkx(read, "id", "name", "value", "key", "source", "target", "interaction")


def _read_csv(path: Path) -> Rows:
    tables = []
    for mark in ("-nodes", "-edges"):
        with path.with_name(path.stem + mark + path.suffix).open(encoding="utf-8", newline="") as file:
            tables.append([*csv.DictReader(file)])
    nodes = {row["id"]: _told(row, "id") for row in tables[0]}
    return nodes, [(r["source"], r["target"], _told(r, "source", "target", "id", "type")) for r in tables[1]]


READERS: list[tuple[str, Callable[[Path], Rows]]] = [
    ("x.graphml", _read_graphml),
    ("x.graphml", _read_graphml_with_igraph),
    ("x.gexf", _read_gexf),
    ("x.cyjs", _read_cytoscape),
    ("x.json", _read_cytoscape),
    ("x.csv", _read_csv),
]


@pytest.mark.parametrize(("name", "read"), READERS, ids=lambda one: getattr(one, "__name__", one))
def test_what_is_read_back_is_the_network(
    network: networkx.MultiDiGraph, tmp_path: Path, name: str, read: Callable[[Path], Rows]
) -> None:
    kept = copy.deepcopy(network)
    written = export_network(network, tmp_path / name, "A title")
    assert networkx.utils.graphs_equal(network, kept)
    assert network.graph == kept.graph
    assert sorted(written) == sorted(tmp_path.iterdir())
    nodes, edges = read(tmp_path / name)
    known_nodes, known_edges = _wanted(network)
    assert nodes == known_nodes
    assert edges == known_edges
    assert {expand(node) for node in nodes} == set(network)


def test_parallel_relations_stay_apart(kg: KnowledgeGraph, tmp_path: Path) -> None:
    network = kg.network("network-everything")
    pairs = Counter((shorten(a), shorten(b)) for a, b in network.edges())
    assert max(pairs.values()) > 1
    for name, read in READERS:
        export_network(network, tmp_path / name)
        assert Counter((a, b) for a, b, _ in read(tmp_path / name)[1]) == pairs


# GEXF 1.3, by the rules of its schema (gexf.net/1.3: gexf.rnc, dynamics.rnc)

ELEMENTS = {
    # element: attributes that must be there, attributes that may be, children
    "gexf": ({"version"}, {"variant"}, {"meta", "graph"}),
    "meta": (set(), {"lastmodifieddate"}, {"creator", "keywords", "description"}),
    "creator": (set(), set(), set()),
    "description": (set(), set(), set()),
    "graph": (
        set(),
        {"defaultedgetype", "idtype", "mode", "timeformat", "timerepresentation", "timezone", "start", "end"},
        {"attributes", "nodes", "edges"},
    ),
    "attributes": ({"class"}, {"mode"}, {"attribute"}),
    "attribute": ({"id", "title", "type"}, set(), {"default", "options"}),
    "nodes": (set(), {"count"}, {"node"}),
    "edges": (set(), {"count"}, {"edge"}),
    "node": ({"id"}, {"label", "start", "end"}, {"attvalues", "color", "position", "size", "shape"}),
    "edge": ({"source", "target"}, {"id", "label", "type", "weight", "kind", "start", "end"}, {"attvalues"}),
    "attvalues": (set(), set(), {"attvalue"}),
    "attvalue": ({"for", "value"}, {"start", "end"}, set()),
    "color": ({"r", "g", "b"}, {"a"}, set()),
    "position": ({"x", "y", "z"}, set(), set()),
    "size": ({"value"}, set(), set()),
    "shape": ({"value"}, {"uri"}, set()),
}
TYPES = {"string", "long", "double"}


def _check_gexf(root: ET.Element) -> None:
    assert root.tag == f"{GEXF}gexf"
    assert root.get("version") == "1.3"
    for element in root.iter():
        space, _, name = element.tag.rpartition("}")
        assert space + "}" == (VIZ if name in ("color", "position", "size", "shape") else GEXF)
        needed, allowed, children = ELEMENTS[name]
        assert needed <= set(element.keys()) <= needed | allowed, (name, element.keys())
        assert {child.tag.rpartition("}")[2] for child in element} <= children
    assert [child.tag for child in root] == [f"{GEXF}meta", f"{GEXF}graph"]
    graph = root[1]
    assert [child.tag.rpartition("}")[2] for child in graph] == ["attributes", "attributes", "nodes", "edges"]
    assert graph.get("defaultedgetype") in ("directed", "undirected")
    declared = {}
    for attributes in graph.findall(f"{GEXF}attributes"):
        ids = [one.get("id") for one in attributes]
        assert len(set(ids)) == len(ids)
        assert ids == [
            one.get("title") for one in attributes
        ]  # Graphology, and so Gephi Lite, names attributes by their id
        assert {one.get("type") for one in attributes} <= TYPES
        declared[attributes.get("class")] = set(ids)
    nodes, edges = graph.find(f"{GEXF}nodes"), graph.find(f"{GEXF}edges")
    assert nodes is not None
    assert edges is not None
    for whole, name in ((nodes, "node"), (edges, "edge")):
        assert whole.get("count") == str(len(whole))
        ids = [one.get("id") for one in whole]
        assert len(set(ids)) == len(ids)
        for one in whole:
            used = [value.get("for") for value in one.iter(f"{GEXF}attvalue")]
            assert len(set(used)) == len(used)
            assert set(used) <= declared[name]
            bounds = [date.fromisoformat(one.get(key, "")) for key in ("start", "end") if one.get(key)]
            assert bounds == sorted(bounds)
            assert not bounds or (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    known = {node.get("id") for node in nodes}
    assert {edge.get(key) for edge in edges for key in ("source", "target")} <= known
    kinds = Counter((edge.get("source"), edge.get("target"), edge.get("kind")) for edge in edges)
    assert set(kinds.values()) <= {1}  # Gephi merges parallel edges of one kind
    for colour in nodes.iter(f"{VIZ}color"):
        assert all(0 <= int(colour.get(key, "")) <= 255 for key in "rgb")
    assert {shape.get("value") for shape in nodes.iter(f"{VIZ}shape")} <= {"disc", "square", "triangle", "diamond"}


def test_gexf_keeps_the_rules_of_its_schema_and_has_the_spans(network: networkx.MultiDiGraph, tmp_path: Path) -> None:
    [path] = export_network(network, tmp_path / "x.gexf", 'Who & <what>, "where"')
    root = ET.parse(path).getroot()
    _check_gexf(root)
    description = root.findtext(f"{GEXF}meta/{GEXF}description") or ""
    assert description.startswith('Who & <what>, "where" — Zhang Jie and Liang Hong')
    spans = [(edge.get("start", ""), edge.get("end", "")) for edge in root.iter(f"{GEXF}edge")]
    assert spans == [edge_span(network, *edge) for edge in network.edges(data=True)]
    lives = {node.get("id"): (node.get("start", ""), node.get("end", "")) for node in root.iter(f"{GEXF}node")}
    assert lives == {shorten(n): (data["earliest"], data["latest"]) for n, data in network.nodes(data=True)}
    assert any(any(span) for span in spans)
    read = networkx.read_gexf(path)
    assert read.graph["mode"] == "dynamic"
    starts = [data.get("start", "") for *_, data in sorted(read.edges(data=True), key=lambda e: int(e[2]["id"][1:]))]
    assert starts == [start for start, _ in spans]


def test_a_network_without_dates_is_static_and_bounds_that_cross_are_left_out(tmp_path: Path) -> None:
    network = networkx.MultiDiGraph([("a", "b", {"label": "x"})])
    [path] = export_network(network, tmp_path / "x.gexf")
    root = ET.parse(path).getroot()
    _check_gexf(root)
    assert (root[1].get("mode"), root[1].get("timeformat")) == ("static", None)
    network.nodes["a"].update(earliest="2020-01-01", latest="2019-01-01")
    network.edges["a", "b", 0].update(earliest="2018-01-01")
    [path] = export_network(network, tmp_path / "x.gexf")
    root = ET.parse(path).getroot()
    _check_gexf(root)
    assert [node.get("start") for node in root.iter(f"{GEXF}node")] == [None, None]
    assert [(edge.get("start"), edge.get("end")) for edge in root.iter(f"{GEXF}edge")] == [("2018-01-01", None)]


# Other networks


def test_a_projection_is_written_undirected_with_its_weights(kg: KnowledgeGraph, tmp_path: Path) -> None:
    meetings = project_actors(kg.network("network-everything"))
    weights = {frozenset(map(shorten, pair)): weight for *pair, weight in meetings.edges(data="weight")}
    for name in ("x.graphml", "x.gexf"):
        [path] = export_network(meetings, tmp_path / name)
        read = networkx.read_gexf(path) if name == "x.gexf" else networkx.read_graphml(path)
        assert not read.is_directed()
        assert {frozenset(pair): weight for *pair, weight in read.edges(data="weight")} == weights
    _check_gexf(ET.parse(tmp_path / "x.gexf").getroot())
    export_network(meetings, tmp_path / "x.csv")
    with (tmp_path / "x-edges.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert {row["type"] for row in rows} == {"Undirected"}
    assert {frozenset((row["source"], row["target"])): int(row["weight"]) for row in rows} == weights


NASTY = [
    "<b>&amp;</b>",
    "]]>",
    "\x00\x0b\ufffe",
    "\ud800",
    'a"b',
    "a,b;c\nd\te",
    "=1+1",
    "",
    " ",
    "一带一路",
    "🛤" * 3,
    "%s{}",
]


@pytest.mark.parametrize("name", ["x.graphml", "x.gexf", "x.cyjs", "x.csv"])
def test_any_text_is_written_so_that_it_can_be_read(tmp_path: Path, name: str) -> None:
    network = networkx.MultiDiGraph(note="\x01")
    for number, text in enumerate(NASTY):
        network.add_node(
            f"n{number}{text}", label=text, names=[text, text], size=number, id="taken", odd=None, **{"a b": text}
        )
        network.add_edge(
            f"n{number}{text}", f"n0{NASTY[0]}", label=text, source="taken", key="taken", weight=0.5, type=True
        )
    for path in export_network(network, tmp_path / name, "\x02"):
        text = path.read_bytes().decode("utf-8")
        assert "\x00" not in text
    nodes, edges = {
        "x.graphml": _read_graphml,
        "x.gexf": _read_gexf,
        "x.cyjs": lambda path: (
            {node["data"]["id"]: node["data"] for node in json.loads(path.read_text("utf-8"))["elements"]["nodes"]},
            json.loads(path.read_text("utf-8"))["elements"]["edges"],
        ),
        "x.csv": _read_csv,
    }[name](tmp_path / name)  # type: ignore[operator]
    assert len(nodes) == len(edges) == len(NASTY)
    node = nodes["n4" + NASTY[4]]
    assert node["label"] == NASTY[4]
    assert node["id_"] == "taken"
    assert node["size"] in (4, "4")
    if name == "x.gexf":
        _check_gexf(ET.parse(tmp_path / name).getroot())


# Files


@pytest.mark.parametrize("name", ["x.graphml", "x.gexf", "x.cyjs", "x.csv"])
def test_a_place_that_cannot_be_written_is_said_in_one_sentence_and_nothing_is_left(
    kg: KnowledgeGraph, tmp_path: Path, name: str
) -> None:
    network = kg.network("network-attendance")
    with pytest.raises(UsageError, match=r"cannot be written: No such file or directory\. Choose another place\.$"):
        export_network(network, tmp_path / "nowhere" / name)
    last = "x-edges.csv" if name == "x.csv" else name
    (tmp_path / last).mkdir()
    with pytest.raises(UsageError, match=rf"{last} cannot be written: Is a directory"):
        export_network(network, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [last]


def test_of_two_lists_none_is_new_if_one_cannot_be_written(kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "x-nodes.csv").write_text("before")
    (tmp_path / "x-edges.csv").mkdir()
    with pytest.raises(UsageError, match=r"x-edges\.csv cannot be written"):
        export_network(kg.network("network-attendance"), tmp_path / "x.csv")
    assert (tmp_path / "x-nodes.csv").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-edges.csv", "x-nodes.csv"]


def test_what_cannot_be_exported_is_said(kg: KnowledgeGraph, tmp_path: Path) -> None:
    network = kg.network("network-attendance")
    for name in ("x.xlsx", "x", "x.html"):
        with pytest.raises(UsageError, match=rf"{re.escape(name)}: a network is exported as .*; choose one"):
            export_network(network, tmp_path / name)
    with pytest.raises(UsageError, match="the network has no nodes"):
        export_network(networkx.MultiDiGraph(), tmp_path / "x.gexf")
    assert [*tmp_path.iterdir()] == []
    assert export_network(network, str(tmp_path / "X.GEXF")) == [tmp_path / "X.GEXF"]


def test_the_same_bytes_in_every_process(cache: Path, tmp_path: Path) -> None:
    program = f"""if True:
        import bri_kg
        from bri_kg.networks.exports import export_network
        network = bri_kg.load().network("network-everything")
        for ending in {ENDINGS}:
            export_network(network, "x" + ending)"""
    written = []
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, cwd=tmp_path
        )
        written.append({path.name: path.read_bytes() for path in tmp_path.iterdir()})
    assert len(written[0]) == len(ENDINGS) + 1
    assert written[0] == written[1]
