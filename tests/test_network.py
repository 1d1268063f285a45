"""Networks from answers, on the real graph and on small ones; paths and neighbourhoods on textbook graphs with known distances."""

import copy
import re
from collections import Counter
from pathlib import Path

import networkx
import pyoxigraph as ox
import pytest

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.citing.sources import AUTHORS
from bri_kg.errors import NameLookupError, UsageError
from bri_kg.names import PREFIXES, bri, segment_iri
from bri_kg.networks.chains import keep_shortest_chains
from bri_kg.networks.network import build_network, neighbourhood, shortest_path
from bri_kg.questions import question_names
from bri_kg.store import unite

WITH_PARAMETERS = ("network-of", "network-path")
STORED = [(name, {}) for name in question_names() if name.startswith("network-") and name not in WITH_PARAMETERS]
STORED += [("network-path", {"from": "AIIB", "to": "Laos"})]
STORED += [("network-of", {"entity": name}) for name in ("AIIB", "中老铁路", "BRI", "Laos")]
ISO = re.compile(r"(\d{4}-\d\d-\d\d)?")

SMALL = """
@prefix bri: <https://w3id.org/bri-kg/ontology#> .
@prefix concept: <https://w3id.org/bri-kg/concept/> .
@prefix person: <https://w3id.org/bri-kg/person/> .
@prefix position: <https://w3id.org/bri-kg/position/> .
@prefix segment: <https://w3id.org/bri-kg/segment/> .
@prefix signature: <https://w3id.org/bri-kg/signature/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state: <https://w3id.org/bri-kg/state/> .
@prefix strategy: <https://w3id.org/bri-kg/strategy/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

segment:p01s01 a bri:Segment ; bri:readingOrder 1 ; bri:page 53 ; bri:gist "The first." .
segment:p01s02 a bri:Segment ; bri:readingOrder 2 ; bri:page 53 ; bri:pageEnd 54 ; bri:gist "The second." .
segment:p01s03 a bri:Segment ; bri:readingOrder 3 ; bri:page 54 ; bri:gist "The third." .
state:aland a bri:State ; skos:prefLabel "Aland"@en, "甲国"@zh-Hans .
strategy:road a bri:Strategy ; skos:prefLabel "Road"@en, "路"@zh-Hans .

segment:p01s01 { state:aland bri:signed strategy:road . }
segment:p01s02 {
    position:aland-likes-road a bri:Position ; bri:holder state:aland ; bri:towards strategy:road ;
        bri:attitude concept:welcoming ; bri:reportedBy person:zhang-jie , person:liang-hong .
}
segment:p01s03 {
    signature:first a bri:Signature ; bri:signatory state:aland ; bri:signedDocument strategy:road ; bri:date "2014-03"^^xsd:gYearMonth .
    signature:second a bri:Signature ; bri:signatory state:aland ; bri:signedDocument strategy:road ; bri:date "2016"^^xsd:gYear .
}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.trig").write_text(SMALL, encoding="utf-8")
    return bri_kg.load(folder)


@pytest.fixture(scope="module")
def everything(kg: KnowledgeGraph) -> networkx.MultiDiGraph:
    return kg.network("network-everything")


def _graphs_of(kg: KnowledgeGraph, segment: str) -> list[ox.NamedNode]:
    """The graph of a segment and those of the errata that it holds."""
    name = ox.NamedNode(segment_iri(segment))
    errata = {
        quad.subject
        for quad in kg.store.quads_for_pattern(None, None, None, name)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(PREFIXES["erratum"])
    }
    return [name, *errata]


def _ties(kg: KnowledgeGraph, graph: ox.NamedNode, source: str, target: str) -> bool:
    """Whether a triple, or one record, of ``graph`` ties the two nodes."""
    ends = ox.NamedNode(source), ox.NamedNode(target)
    quads = list(kg.store.quads_for_pattern(None, None, None, graph))
    if any({quad.subject, quad.object} == set(ends) for quad in quads):
        return True
    of_record: dict[object, set[object]] = {}
    for quad in quads:
        of_record.setdefault(quad.subject, set()).add(quad.object)
    return any(set(ends) <= objects for objects in of_record.values())


@pytest.mark.parametrize(("name", "params"), STORED, ids=[" ".join([n, *p.values()]) for n, p in STORED])
def test_a_network_holds_the_rows_of_its_answer_and_no_more(
    kg: KnowledgeGraph, name: str, params: dict[str, str]
) -> None:
    answer = kg.ask(name, **params)
    before = list(answer.terms)
    network = build_network(kg, answer)
    assert len(answer) > 0
    assert answer.terms == before
    rows: dict[tuple[str, str, str], set[str]] = {}
    for row in answer.to_dicts():
        key = (row["source"] or "", row["relation"] or "", row["target"] or "")
        found = kg.sources.sentence(row["segment"] or "")
        rows.setdefault(key, set()).update([found.id] if found else [])
    if "from" in answer.columns:  # what chains are is tested in test_views.py
        ends = [str(answer.to_dicts()[0][column]) for column in ("from", "to")]
        rows = {tie: rows[tie] for tie in keep_shortest_chains(rows, *ends, AUTHORS)}
    drawn = {(a, data["relation"], b): data for a, b, data in network.edges(data=True)}
    assert drawn.keys() == rows.keys()
    assert network.number_of_edges() == len(rows)
    assert set(network) == {end for a, _, b in rows for end in (a, b)}
    order = {sentence.id: sentence.order for sentence in kg.sources.all()}
    for key, data in drawn.items():
        assert set(data["segments"]) == rows[key]
        assert data["segments"] == sorted(data["segments"], key=order.__getitem__)
        assert set(data["voices"]) == set(data["segments"])
        assert data["label"] == kg.labels.label(key[1])
        assert data["segments"], key
        assert data["voice"], key
        assert set(network.nodes[key[0]]["segments"]) >= set(data["segments"])
        assert ISO.fullmatch(data["earliest"])
        assert ISO.fullmatch(data["latest"])
        assert not (data["earliest"] and data["latest"]) or data["earliest"] <= data["latest"]
    for node, data in network.nodes(data=True):
        assert data["label"]
        assert data["kind"]
        assert not data["kind"].startswith("bri:"), node
        assert set(data["segments"]) <= set(network.graph["sentences"])
    told = {one for data in drawn.values() for one in data["segments"]}
    assert set(network.graph["sentences"]) == told


@pytest.mark.parametrize(
    "name", ["network-alignments", "network-attendance", "network-everything", "network-positions", "network-projects"]
)
def test_each_segment_of_an_edge_ties_its_ends(kg: KnowledgeGraph, name: str) -> None:
    for source, target, data in kg.network(name).edges(data=True):
        for segment in data["segments"]:
            assert any(_ties(kg, graph, source, target) for graph in _graphs_of(kg, segment)), (source, target, segment)


def test_edges_of_the_network_of_everything_are_triples_of_their_sentences(
    kg: KnowledgeGraph, everything: networkx.MultiDiGraph
) -> None:
    for source, target, data in everything.edges(data=True):
        assert data["voice"] == "stated as fact" or "erratum" in data["voice"]
        triple = ox.NamedNode(source), ox.NamedNode(data["relation"]), ox.NamedNode(target)
        for segment in data["segments"]:
            assert any(ox.Quad(*triple, graph) in kg.store for graph in _graphs_of(kg, segment)), (triple, segment)


def test_two_relations_between_one_pair_are_two_edges(everything: networkx.MultiDiGraph) -> None:
    pairs = Counter((source, target) for source, target in everything.edges())
    several = [pair for pair, count in pairs.items() if count > 1]
    assert len(several) >= 5
    for source, target in several:
        between = everything[source][target].values()
        assert len({data["relation"] for data in between}) == len(between) == pairs[source, target]


def test_labels_and_kinds_speak_both_languages(kg: KnowledgeGraph) -> None:
    china = PREFIXES["state"] + "china"
    node = kg.network("network-everything").nodes[china]
    assert (node["label"], node["label_zh"], node["kind"], node["type"]) == ("China", "中国", "State", "State")
    assert {"China", "中国"} <= set(node["names"])
    chinese = KnowledgeGraph(kg.store, "zh").network("network-of", entity="China")
    assert (chinese.nodes[china]["label"], chinese.nodes[china]["kind"]) == ("中国", "国家")
    assert all(re.search(r"[\u4e00-\u9fff]", data["label"]) for *_, data in chinese.edges(data=True))


def test_sentences_say_where_they_stand(kg: KnowledgeGraph) -> None:
    sentences = kg.network("network-attendance").graph["sentences"]
    known = sentences["p09s03"]
    assert known["reference"] == "p. 57-58 (p09s03)"
    assert known["notes"] == "fn04"
    assert "Seven leaders" in known["gist"]
    assert known["works"]


def test_voices_of_claims_and_positions_are_not_facts(kg: KnowledgeGraph) -> None:
    for name in ("network-claims", "network-positions"):
        for source, target, data in kg.network(name).edges(data=True):
            for segment, voice in data["voices"].items():
                assert voice != "stated as fact", (source, target, segment)
                assert "authors" in voice


def test_segments_are_looked_up_where_the_query_names_none(kg: KnowledgeGraph) -> None:
    bare = kg.network(kg.query("SELECT ?source ?target { ?source bri:hostCountry ?target }"))
    named = kg.network(
        kg.query("SELECT ?source ?target ?segment { GRAPH ?segment { ?source bri:hostCountry ?target } }")
    )
    assert set(bare.edges()) == set(named.edges())
    for source, target, data in bare.edges(data=True):
        assert data["relation"] == ""
        assert data["label"] == ""
        assert set(data["segments"]) >= set(named[source][target][""]["segments"]) > set()
        for segment in data["segments"]:
            assert any(_ties(kg, graph, source, target) for graph in _graphs_of(kg, segment))


def test_a_query_of_records_without_segments_finds_those_of_the_records(small: KnowledgeGraph) -> None:
    query = "SELECT ?source ?target { ?record bri:holder ?source ; bri:towards ?target }"
    [data] = [data for *_, data in small.network(small.query(query)).edges(data=True)]
    assert data["segments"] == ["p01s01", "p01s02", "p01s03"]


def test_dates_and_voices_come_from_the_records_of_each_sentence(small: KnowledgeGraph) -> None:
    query = 'SELECT ?source ("tie" AS ?relation) ?target { VALUES (?source ?target) { (state:aland strategy:road) } }'
    network = small.network(small.query(query))
    [(source, target, key, data)] = network.edges(data=True, keys=True)
    assert (source, target, key) == (PREFIXES["state"] + "aland", PREFIXES["strategy"] + "road", "tie")
    assert (data["relation"], data["label"]) == ("tie", "tie")
    assert (data["earliest"], data["latest"]) == ("2014-03-01", "2016-12-31")
    assert data["voices"] == {
        "p01s01": "stated as fact",
        "p01s02": "held by Aland, as the authors report",
        "p01s03": "stated as fact",
    }
    assert data["voice"] == "held by Aland, as the authors report; stated as fact"
    assert network.graph["sentences"]["p01s02"] == {
        "reference": "p. 53-54 (p01s02)",
        "gist": "The second.",
        "notes": "",
        "works": [],
    }
    assert network.nodes[source]["label_zh"] == "甲国"
    assert network.nodes[source]["segments"] == ["p01s01", "p01s02", "p01s03"]


def test_only_the_named_segment_speaks(small: KnowledgeGraph) -> None:
    query = """SELECT ?source ?relation ?target ?segment {
        GRAPH ?segment { ?record bri:holder ?source ; bri:towards ?target ; bri:attitude ?relation } }"""
    [data] = [data for *_, data in small.network(small.query(query)).edges(data=True)]
    assert data["segments"] == ["p01s02"]
    assert data["voice"] == "held by Aland, as the authors report"
    assert (data["earliest"], data["latest"]) == ("", "")


def test_a_claim_is_no_fact_because_the_same_sentence_states_another_tie(kg: KnowledgeGraph) -> None:
    """p08s03 states that Lee belongs to Singapore and reports what he says of it: two relations in two voices."""
    between = kg.network("network-of", entity="Lee Hsien Loong")[PREFIXES["person"] + "lee-hsien-loong"][
        PREFIXES["state"] + "singapore"
    ]
    voices = {data["relation"].rpartition("#")[2]: data["voices"]["p08s03"] for data in between.values()}
    assert voices["affiliatedWith"] == "stated as fact"
    assert voices["claimant"].startswith("held by Lee Hsien Loong")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?project { ?project a bri:Project }", "needs the columns source and target; this answer has project"),
        ("SELECT ?source { ?source a bri:Project }", "this answer has source"),
        ("ASK { ?s ?p ?o }", "no columns"),
        ("SELECT ?source ?target { ?source skos:prefLabel ?target }", "are not both nodes"),
        ("SELECT ?target (1 AS ?source) { ?target a bri:Project }", "are not both nodes"),
        (
            "SELECT ?source ?target { ?source a bri:Project OPTIONAL { ?source bri:nothing ?target } }",
            "are not both nodes",
        ),
    ],
)
def test_what_is_no_network_is_refused_by_name(kg: KnowledgeGraph, query: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        kg.network(kg.query(query))


def test_an_empty_answer_is_an_empty_network(kg: KnowledgeGraph) -> None:
    network = kg.network(kg.query("SELECT ?source ?target { ?source bri:nothing ?target }"))
    assert (len(network), network.number_of_edges()) == (0, 0)
    assert re.fullmatch(r"\d+\.\d+\.\d+, \d{4}-\d\d-\d\d", network.graph.pop("edition"))
    assert network.graph == {"sentences": {}, "language": "en"}


def test_the_graph_and_a_network_drawn_stay_as_they_are(kg: KnowledgeGraph, tmp_path: Path) -> None:
    size = len(kg.store)
    network = kg.network("network-projects")
    kept = copy.deepcopy(network)
    for name in ("a.html", "a.svg"):
        bri_kg.draw(network, tmp_path / name)
    assert networkx.utils.graphs_equal(network, kept)
    assert network.graph == kept.graph
    assert list(network) == list(kept)
    neighbourhood(kg, "AIIB", 2)
    shortest_path(kg, "AIIB", "Laos")
    assert len(kg.store) == size


# Paths and neighbourhoods: textbook graphs


def _node(name: object) -> str:
    return f"{PREFIXES['notion']}n{name}"


def _graph(ties: list[tuple[object, object]], graph: str = segment_iri("p01s01")) -> KnowledgeGraph:
    """A graph in which one segment states each tie, in the direction given."""
    store = ox.Store()
    for one, other in ties:
        nodes = (ox.NamedNode(_node(one)), ox.NamedNode(bri("partOf")), ox.NamedNode(_node(other)))
        store.add(ox.Quad(*nodes, ox.NamedNode(graph)))
    unite(store)
    return KnowledgeGraph(store)


TEXTBOOK = {
    # name: ties, start, nodes at distance 0, 1, 2, ...
    "path of five": (networkx.path_graph(5), 0, [1, 1, 1, 1, 1]),
    "cycle of six": (networkx.cycle_graph(6), 0, [1, 2, 2, 1]),
    "complete graph of five": (networkx.complete_graph(5), 0, [1, 4]),
    "star of six": (networkx.star_graph(6), 1, [1, 1, 5]),
    "binary tree of height three": (networkx.balanced_tree(2, 3), 0, [1, 2, 4, 8]),
    "cube": (networkx.cubical_graph(), 0, [1, 3, 3, 1]),
    "Petersen's graph (1898)": (networkx.petersen_graph(), 0, [1, 3, 6]),
    "Krackhardt's kite (1990), from its tail": (networkx.krackhardt_kite_graph(), 9, [1, 1, 1, 2, 5]),
    "Zachary's karate club (1977), from Mr. Hi": (networkx.karate_club_graph(), 0, [1, 16, 9, 8]),
}


@pytest.mark.parametrize(("graph", "start", "counts"), TEXTBOOK.values(), ids=TEXTBOOK)
def test_neighbourhoods_of_textbook_graphs(graph: networkx.Graph, start: int, counts: list[int]) -> None:
    kg = _graph(list(graph.edges()))
    for steps in range(len(counts) + 1):
        found = neighbourhood(kg, _node(start), steps)
        assert [Counter(found.values())[distance] for distance in range(len(counts))] == [
            count if distance <= steps else 0 for distance, count in enumerate(counts)
        ]
    known = networkx.single_source_shortest_path_length(graph, start)
    assert found == {_node(name): distance for name, distance in known.items()}


@pytest.mark.parametrize(("graph", "start", "counts"), TEXTBOOK.values(), ids=TEXTBOOK)
def test_shortest_paths_of_textbook_graphs(graph: networkx.Graph, start: int, counts: list[int]) -> None:
    kg = _graph(list(graph.edges()))
    for goal, distance in networkx.single_source_shortest_path_length(graph, start).items():
        path = shortest_path(kg, _node(start), _node(goal))
        assert len(path) == distance
        at = _node(start)
        for subject, relation, target, segment in path:
            nodes = ox.NamedNode(subject), ox.NamedNode(relation), ox.NamedNode(target)
            assert ox.Quad(*nodes, ox.NamedNode(segment)) in kg.store
            assert at in (subject, target)
            at = target if at == subject else subject
        assert at == _node(goal)


def test_no_path_between_islands_and_none_to_itself() -> None:
    kg = _graph([("a", "b"), ("c", "d")])
    assert shortest_path(kg, _node("a"), _node("c")) == []
    assert shortest_path(kg, _node("a"), _node("a")) == []
    assert neighbourhood(kg, _node("a"), 9) == {_node("a"): 0, _node("b"): 1}


def test_only_what_a_sentence_states_is_walked() -> None:
    kg = _graph([("a", "b")], graph="https://w3id.org/bri-kg/graph/entities/notions")
    assert shortest_path(kg, _node("a"), _node("b")) == []
    assert neighbourhood(kg, _node("a"), 3) == {_node("a"): 0}


def test_the_authors_are_not_walked_through_but_can_be_reached() -> None:
    author = PREFIXES["person"] + "zhang-jie"
    kg = _graph([("a", "x"), ("x", "y"), ("y", "b")])
    partner = ox.NamedNode(bri("partOf"))
    for name in ("a", "b"):
        kg.store.add(
            ox.Quad(ox.NamedNode(_node(name)), partner, ox.NamedNode(author), ox.NamedNode(segment_iri("p01s01")))
        )
    unite(kg.store)
    assert [step[:1] + step[2:3] for step in shortest_path(kg, _node("a"), _node("b"))] == [
        (_node("a"), _node("x")),
        (_node("x"), _node("y")),
        (_node("y"), _node("b")),
    ]
    assert len(shortest_path(kg, _node("a"), author)) == len(shortest_path(kg, author, _node("b"))) == 1


def test_a_path_of_the_real_graph_can_be_read_step_by_step(kg: KnowledgeGraph) -> None:
    path = shortest_path(kg, "AIIB", "Laos")
    assert path
    assert path == shortest_path(kg, "亚投行", "老挝")
    for subject, relation, target, segment in path:
        nodes = ox.NamedNode(subject), ox.NamedNode(relation), ox.NamedNode(target)
        assert ox.Quad(*nodes, ox.NamedNode(segment)) in kg.store
        assert kg.sources.sentence(segment) is not None
    reached = neighbourhood(kg, "AIIB", len(path))
    assert reached[PREFIXES["state"] + "laos"] == len(path)
    assert PREFIXES["state"] + "laos" not in neighbourhood(kg, "AIIB", len(path) - 1)


def test_unknown_names_and_negative_steps_are_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(NameLookupError, match="Atlantis"):
        neighbourhood(kg, "Atlantis")
    with pytest.raises(NameLookupError, match="Atlantis"):
        shortest_path(kg, "AIIB", "Atlantis")
    with pytest.raises(NameLookupError, match="Atlantis"):
        shortest_path(kg, "Atlantis", "AIIB")
    with pytest.raises(UsageError, match="0 or more steps; -1 is negative"):
        neighbourhood(kg, "AIIB", -1)
