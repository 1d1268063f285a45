"""The views that come with the graph, as still pictures: what stands in them, where it stands, and the chains between two entities."""

import itertools
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx
import pytest

from bri_kg import KnowledgeGraph, draw
from bri_kg.errors import UsageError
from bri_kg.names import shorten
from bri_kg.networks.chains import distances, keep_shortest_chains
from bri_kg.networks.network import keep_most_tied
from bri_kg.pictures.arrangement import Mark, arrange, text_width
from bri_kg.pictures.layout import FAMILIES, look
from bri_kg.pictures.stills import make_still
from bri_kg.questions import view_rows, views

SVG = "{http://www.w3.org/2000/svg}"
#: The views that the project promises; each comes with a clear name.
PROMISED = """
    network-alignments network-attendance network-claims network-documents network-everything network-measures network-of
    network-path network-projects network-works
""".split()


@pytest.fixture(scope="module")
def networks(kg: KnowledgeGraph) -> dict[str, networkx.MultiDiGraph]:
    """The network of each view, at the example values of its parameters."""
    return {one.name: kg.network(one.name, **{p.name: p.example for p in one.parameters}) for one in views()}


def _root(network: networkx.MultiDiGraph, title: str = "T") -> ET.Element:
    return ET.fromstring(make_still(network, title, ".svg"))


def _texts(root: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


# The views


def test_the_promised_views_are_there_and_only_what_can_be_drawn(kg: KnowledgeGraph) -> None:
    columns, rows = view_rows()
    assert columns == ["name", "purpose", "parameters"]
    names = [row[0] for row in rows]
    assert set(PROMISED) <= set(names)
    assert all(name.startswith("network-") for name in names)
    assert [row[2] for row in rows if row[0] == "network-path"] == ["from=AIIB to=Laos"]
    assert "hesitant-but-signed" not in names


@pytest.mark.parametrize("name", PROMISED)
def test_a_view_has_sentences_and_a_picture_with_all_its_nodes(
    networks: dict[str, networkx.MultiDiGraph], name: str
) -> None:
    network = networks[name]
    assert len(network) > 5
    assert all(data["segments"] for *_, data in network.edges(data=True))
    root = _root(network, "Who & what <ties>")
    assert root.findtext(f"{SVG}title") == "Who & what <ties>"
    texts = _texts(root)
    assert texts[0] == "Who & what <ties>"
    assert texts[1] == f"{len(network)} nodes, {network.number_of_edges()} relations."
    source = " ".join(texts[-3:])
    assert "Zhang Jie and Liang Hong, China-ASEAN Cooperation" in source
    assert re.search(r"CC BY 4\.0\. Edition \d+\.\d+\.\d+, \d{4}-\d\d-\d\d\.$", source)
    assert {look(data["type"]).family for _, data in network.nodes(data=True)} <= set(texts)
    allowed = set("svg title desc rect text tspan g circle path".split())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed


def test_each_relation_is_in_the_legend_with_a_colour_or_a_number(networks: dict[str, networkx.MultiDiGraph]) -> None:
    for name, network in networks.items():
        texts = _texts(_root(network))
        labels = [data["label"] for *_, data in network.edges(data=True)]
        missing = [label for label in set(labels) if f"{label} ({labels.count(label)})" not in texts]
        if missing:  # a crowd of relations: the legend says how many stand together
            assert network.number_of_edges() > 60, name
            assert f"{len(missing)} other relations ({sum(map(labels.count, missing))})" in texts
    numbered = _texts(_root(networks["network-path"]))
    assert numbered.count("1") >= 2  # at its line and in the legend


def test_a_broken_line_is_a_view_and_an_unbroken_one_a_fact(networks: dict[str, networkx.MultiDiGraph]) -> None:
    for name, broken in (("network-projects", False), ("network-reported-claims", True)):
        lines = [one for one in _root(networks[name]).iter(f"{SVG}path") if one.get("stroke-width") is None]
        lines = [one for one in lines if (one.get("d") or "").startswith("M") and one.get("stroke", "").startswith("#")]
        drawn = [one for one in lines if one.get("stroke") != "#d0d7de"]
        assert drawn
        assert {one.get("stroke-dasharray") is not None for one in drawn} == {broken}
        assert ("a broken line is somebody's view" in _texts(_root(networks[name]))) is broken


def test_who_stayed_away_has_another_colour_than_who_came(networks: dict[str, networkx.MultiDiGraph]) -> None:
    root = _root(networks["network-attendance"])
    lines = [one.get("stroke") for one in root.iter(f"{SVG}path") if re.match(r"M[\d.]+ [\d.]+[LQ]", one.get("d", ""))]
    strokes = [stroke for stroke in lines if stroke and stroke != "none"]
    assert sorted({strokes.count(stroke) for stroke in set(strokes)}) == [3, 6]


# Where things stand


def _overlaps(spots: dict[Any, tuple[float, float]], marks: dict[Any, Mark]) -> int:
    boxes = [[spots[node][i % 2] + side for i, side in enumerate(marks[node].box)] for node in marks]
    return sum(
        a[0] < b[2] - 0.5 and b[0] < a[2] - 0.5 and a[1] < b[3] - 0.5 and b[1] < a[3] - 0.5
        for a, b in itertools.combinations(boxes, 2)
    )


def _some_marks(network: networkx.MultiDiGraph) -> dict[Any, Mark]:
    return {
        node: Mark(look(data.get("type", "")), 8.0, (str(data.get("label", node))[:24],), 11)
        for node, data in network.nodes(data=True)
    }


def test_no_label_lies_on_another_or_on_a_node(networks: dict[str, networkx.MultiDiGraph]) -> None:
    for name, network in networks.items():
        if name != "network-everything":
            spots, marks = arrange(network, _some_marks(network))
            assert _overlaps(spots, marks) == 0, name
    piled = dict.fromkeys(spots, (0.0, 0.0))
    assert _overlaps(piled, marks) == len(marks) * (len(marks) - 1) / 2


def test_everything_stays_in_its_frame(networks: dict[str, networkx.MultiDiGraph]) -> None:
    for name, network in networks.items():
        root = _root(network, "A long title of a picture that has to be broken into lines, " * 3)
        width, height = float(root.get("width") or 0), float(root.get("height") or 0)
        assert 0.4 < width / height < 2.2, name
        for span in root.iter(f"{SVG}tspan"):
            half = text_width(span.text or "", 11) / 2
            assert 0 < float(span.get("x") or 0) - half < float(span.get("x") or 0) + half < width, (name, span.text)
            assert 0 < float(span.get("y") or 0) < height
        for line in root.iter(f"{SVG}path"):
            found = re.match(r"M([-\d.]+) ([-\d.]+)", line.get("d") or "")
            assert found
            assert 0 < float(found[1]) < width


def test_a_label_stands_where_fewer_lines_are() -> None:
    network = networkx.MultiDiGraph([("leaf", "hub"), ("hub", "other")], ends=("leaf",))
    spots, marks = arrange(network, _some_marks(network))
    assert spots["leaf"][0] < spots["hub"][0] < spots["other"][0]  # a chain runs from left to right
    star = networkx.MultiDiGraph([("hub", f"leaf {number}") for number in range(9)])
    spots, marks = arrange(star, _some_marks(star))
    top = min(star, key=lambda node: spots[node][1])
    low = max(star, key=lambda node: spots[node][1])
    assert (marks[top].above, marks[low].above) == (True, False)


def test_parts_lie_side_by_side_and_one_node_alone_is_drawn() -> None:
    network = networkx.MultiDiGraph([(f"a{n}", f"b{n}") for n in range(12)])
    network.add_node("alone")
    spots, marks = arrange(network, _some_marks(network))
    assert _overlaps(spots, marks) == 0
    assert len({round(spot[1]) for spot in spots.values()}) < 13
    lonely = networkx.MultiDiGraph()
    lonely.add_node("alone", label="Alone")
    assert "Alone" in _texts(_root(lonely))


def test_an_undirected_network_has_no_arrow_heads() -> None:
    edges = [("a", "b", {"label": "met"}), ("b", "c", {"label": "met"})]
    heads = [
        sum((path.get("d") or "").endswith("z") and path.get("stroke") == "none" for path in root.iter(f"{SVG}path"))
        for root in (_root(networkx.MultiDiGraph(edges)), _root(networkx.MultiGraph(edges)))
    ]
    assert heads == [2, 0]


def test_families_in_pictures_have_shapes_and_colours_of_their_own() -> None:
    assert len({(family.colour, family.shape) for family in FAMILIES.values()}) == len(FAMILIES)


# Files


@pytest.mark.parametrize(("ending", "start"), [(".png", b"\x89PNG\r\n"), (".pdf", b"%PDF-")])
def test_print_files_are_made_without_a_browser(
    networks: dict[str, networkx.MultiDiGraph], tmp_path: Path, ending: str, start: bytes
) -> None:
    path = draw(networks["network-attendance"], tmp_path / f"x{ending}", "Who came")
    content = path.read_bytes()
    assert content.startswith(start)
    if ending == ".png":
        width, height = (int.from_bytes(content[place : place + 4], "big") for place in (16, 20))
        root = _root(networks["network-attendance"], "Who came")
        assert [str(width // 2), str(height // 2)] == [root.get("width"), root.get("height")]


@pytest.mark.parametrize("ending", [".png", ".pdf"])
def test_what_is_missing_for_them_is_named(
    networks: dict[str, networkx.MultiDiGraph], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(UsageError, match=re.escape("python3 -m pip install 'bri-kg[charts]', or write an .svg")):
        draw(networks["network-attendance"], tmp_path / f"x{ending}")
    assert [*tmp_path.iterdir()] == []
    draw(networks["network-attendance"], tmp_path / "x.svg")


# Chains


@pytest.mark.parametrize(
    ("graph", "start", "goal"),
    [
        (networkx.krackhardt_kite_graph(), 0, 9),
        (networkx.petersen_graph(), 0, 7),
        (networkx.grid_2d_graph(4, 5), (0, 0), (3, 4)),
        (networkx.karate_club_graph(), 16, 26),
    ],
    ids=["kite", "petersen", "grid", "karate"],
)
def test_chains_of_textbook_graphs(graph: networkx.Graph, start: object, goal: object) -> None:
    ties = {(str(a), "r", str(b)) for a, b in graph.edges()}
    wanted = {
        frozenset(map(str, step))
        for path in networkx.all_shortest_paths(graph, start, goal)
        for step in itertools.pairwise(path)
    }
    kept = keep_shortest_chains(ties, str(start), str(goal))
    assert {frozenset((a, b)) for a, _, b in kept} == wanted
    lengths = networkx.single_source_shortest_path_length(graph, start)
    assert distances(ties, str(start)) == {str(node): length for node, length in lengths.items()}


def test_a_barred_node_is_not_walked_through_and_parallel_ties_stay() -> None:
    ties = [("a", "r", "x"), ("x", "r", "b"), ("a", "r", "y"), ("z", "r", "y"), ("z", "r", "b"), ("z", "s", "b")]
    assert keep_shortest_chains(ties, "a", "b") == {("a", "r", "x"), ("x", "r", "b")}
    assert keep_shortest_chains(ties, "a", "b", {"x"}) == {*ties[2:]}
    assert keep_shortest_chains(ties, "x", "b", {"x"}) == {("x", "r", "b")}
    assert keep_shortest_chains(ties, "a", "a") == keep_shortest_chains(ties, "a", "nowhere") == set()


def test_laos_and_vietnam_meet_in_what_the_paper_says_of_both(kg: KnowledgeGraph) -> None:
    network = kg.network("network-path", **{"from": "Laos", "to": "Vietnam"})
    told = {(shorten(a), data["label"], shorten(b), *data["segments"]) for a, b, data in network.edges(data=True)}
    assert ("state:laos", "among the first to support", "initiative:belt-and-road-initiative", "p08s02") in told
    assert ("state:vietnam", "hesitant", "initiative:belt-and-road-initiative", "p08s04") in told
    assert ("state:laos", "member of", "organisation:asean", "t1r01") in told
    ends = {"state:laos", "state:vietnam"}
    assert all(len({source, target} & ends) == 1 for source, _, target, _ in told)
    assert [shorten(node) for node in network.graph["ends"]] == ["state:laos", "state:vietnam"]
    assert network.graph["title"] == "The shortest chains between Laos and Vietnam"
    assert "laos" in kg.network("network-path", **{"from": "Vietnam", "to": "Laos"}).graph["ends"][1]


def test_a_query_of_ones_own_is_cut_to_chains_in_the_same_way(kg: KnowledgeGraph) -> None:
    query = """SELECT ?from ?to ?source ?target {{
        VALUES (?from ?to) {{ {pairs} }} ?source bri:hostCountry ?target }}"""
    pair = "(state:laos project:china-laos-railway)"
    network = kg.network(kg.query(query.format(pairs=pair)))
    assert {tuple(map(shorten, edge)) for edge in network.edges()} == {("project:china-laos-railway", "state:laos")}
    for pairs, said in (
        (pair + "(state:laos state:laos)", "hold one node each"),
        ("(state:laos 'x')", "hold one node each"),
        ("(state:laos state:laos)", "between Laos and Laos: they are the same"),
        ("(state:laos state:china)", "no chain of these ties leads from the one to the other"),
    ):
        with pytest.raises(UsageError, match=said):
            kg.network(kg.query(query.format(pairs=pairs)))


def test_the_authors_are_no_way_from_one_thing_to_another(kg: KnowledgeGraph) -> None:
    network = kg.network("network-path", **{"from": "AIIB", "to": "Laos"})
    assert not {"person:zhang-jie", "person:liang-hong"} & set(map(shorten, network))
    own = kg.network("network-path", **{"from": "Zhang Jie", "to": "Laos"})
    assert [data["segments"] for *_, data in own.edges(data=True)] != []


# A cut of a crowd


def test_a_cut_keeps_what_has_the_most_relations() -> None:
    network = networkx.MultiDiGraph([("hub", f"leaf {number}") for number in range(9)], language="zh")
    network.add_edge("leaf 3", "leaf 5")
    cut = keep_most_tied(network, 3)
    assert set(cut) == {"hub", "leaf 3", "leaf 5"}
    assert cut.number_of_edges() == 3
    assert cut.graph == {"language": "zh"}
    assert len(network) == 10
    assert len(keep_most_tied(network, 99)) == 10
    with pytest.raises(UsageError, match="-1 is too few"):
        keep_most_tied(network, -1)
