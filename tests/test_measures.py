"""Measures of networks: published values of textbook graphs, and the sentences behind the nodes of the real one."""

import copy
import csv
import io
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx.algorithms import bipartite

from bri_kg import KnowledgeGraph
from bri_kg.errors import UsageError
from bri_kg.names import bri, concept, expand
from bri_kg.networks.measures import (
    MEASURES,
    find_brokers,
    find_communities,
    find_cores,
    list_measures,
    measure_network,
    rank_by_betweenness,
    rank_by_degree,
    rank_by_eigenvector,
    rank_by_pagerank,
)
from bri_kg.networks.phases import compare_networks, compare_phases, cut_by_time, edge_span
from bri_kg.networks.projections import list_meetings, project_actors
from bri_kg.tables import Table

OF_NODES = [name for name in MEASURES if name not in ("meetings", "phases")]


def _values(table: Table, column: str = "") -> dict[str, object]:
    """Node to value; by default of the first measured column."""
    place = table.columns.index(column) if column else 3
    return {str(row[0]): row[place] for row in table}


def _near(table: Table, known: dict[object, float], within: float = 0.0005, column: str = "") -> None:
    found = _values(table, column)
    for node, value in known.items():
        assert found[str(node)] == pytest.approx(value, abs=within), node


# Textbook graphs with published values

KITE = networkx.krackhardt_kite_graph()
KARATE = networkx.karate_club_graph()
FAMILIES = networkx.florentine_families_graph()
#: The ego network of Borgatti 1997, "Structural holes: unpacking Burt's redundancy measures", Connections 20(1).
EGO = networkx.Graph(
    [tuple(pair) for pair in "AB AF AG AE EG FG BG BD DG GC".split()],
)
#: The network of eleven pages by which the English Wikipedia explains PageRank, with the shares in its picture.
PAGES = networkx.DiGraph(
    [tuple(pair) for pair in "BC CB DA DB EB ED EF FB FE GB GE HB HE IB IE JE KE".split()],
)


def test_krackhardts_kite() -> None:
    """Krackhardt 1990, "Assessing the political landscape": the most central is another one by each measure."""
    assert _values(rank_by_degree(KITE)) == {str(node): KITE.degree(node) for node in KITE}
    assert rank_by_degree(KITE).rows[0][0] == "3"  # Diane has six ties
    betweenness = rank_by_betweenness(KITE)
    assert betweenness.rows[0][0] == "7"  # Heather
    _near(betweenness, {7: 14 / 36, 5: 0.2315, 6: 0.2315, 8: 0.2222, 3: 0.1019, 0: 0.0231, 2: 0.0, 9: 0.0})
    assert rank_by_eigenvector(KITE).rows[0][:4] == ("3", "3", "", 1.0)
    _near(rank_by_eigenvector(KITE), {5: 0.8268, 0: 0.7322, 7: 0.4072, 9: 0.0232})
    assert _values(find_cores(KITE)) == dict(zip("0123456789", [3] * 7 + [2, 1, 1], strict=True))
    cuts = {node for node, cut in _values(find_brokers(KITE), "cut").items() if cut == "yes"}
    assert cuts == {"7", "8"}


def test_zacharys_karate_club() -> None:
    """Zachary 1977: Mr. Hi (0) and John A. (33); greatest modularity 0.4198 in four communities (Brandes and others 2008)."""
    assert [row[0] for row in rank_by_degree(KARATE).rows[:2]] == ["33", "0"]
    _near(rank_by_degree(KARATE), {33: 17, 0: 16, 32: 12, 2: 10, 1: 9})
    _near(rank_by_betweenness(KARATE), {0: 0.4376, 33: 0.3041, 32: 0.1452, 2: 0.1437, 31: 0.1383}, 0.0001)
    eigenvector = networkx.eigenvector_centrality(KARATE, max_iter=1000, tol=1e-10)
    _near(rank_by_eigenvector(KARATE), {node: value / eigenvector[33] for node, value in eigenvector.items()}, 1e-5)
    cores = _values(find_cores(KARATE))
    assert {node for node, core in cores.items() if core == 4} == {"0", "1", "2", "3", "7", "8", "13", "30", "32", "33"}
    communities = find_communities(KARATE)
    assert communities.remarks[0] == "4 communities; modularity 0.4198."
    assert [communities.column("community").count(number) for number in (1, 2, 3, 4)] == [12, 11, 6, 5]
    assert _values(communities)["0"] != _values(communities)["33"]


def test_padgetts_florentine_families() -> None:
    """Padgett and Ansell 1993; values as Jackson prints them in Social and Economic Networks (2008), section 2.2.4 and 2.2.5."""
    _near(rank_by_degree(FAMILIES), {"Medici": 6, "Guadagni": 4, "Strozzi": 4, "Albizzi": 3, "Castellani": 3})
    _near(rank_by_betweenness(FAMILIES), {"Medici": 0.522, "Guadagni": 0.255, "Albizzi": 0.212, "Strozzi": 0.103})
    assert rank_by_betweenness(FAMILIES).rows[0][0] == "Medici"
    known = {"Medici": 0.430, "Strozzi": 0.356, "Ridolfi": 0.341, "Tornabuoni": 0.326, "Guadagni": 0.289}
    _near(rank_by_eigenvector(FAMILIES), {family: value / 0.430 for family, value in known.items()}, 0.002)
    assert find_brokers(FAMILIES).rows[0][0] == "Medici"
    assert _values(find_brokers(FAMILIES), "cut")["Medici"] == "yes"


def test_constraint_of_borgattis_ego_network() -> None:
    _near(find_brokers(EGO), {"G": 0.400, "A": 0.595, "C": 1.0})
    assert find_brokers(EGO).rows[0][0] == "G"
    for graph in (KITE, KARATE, FAMILIES):
        bare = networkx.Graph(graph.edges())
        _near(find_brokers(graph), networkx.constraint(bare, nodes=list(bare)), 1e-6)


def test_pagerank_of_the_eleven_pages() -> None:
    known = {"A": 3.3, "B": 38.4, "C": 34.3, "D": 3.9, "E": 8.1, "F": 3.9, "G": 1.6, "K": 1.6}
    _near(rank_by_pagerank(PAGES), {page: share / 100 for page, share in known.items()})


@pytest.mark.parametrize("leaves", [2, 3, 7])
def test_star(leaves: int) -> None:
    star = networkx.star_graph(leaves)
    _near(rank_by_degree(star), {0: leaves, 1: 1})
    _near(rank_by_betweenness(star), {0: 1.0, 1: 0.0})
    _near(rank_by_eigenvector(star), {0: 1.0, 1: 1 / math.sqrt(leaves)})
    centre = (0.15 + 0.85 * 0.15 * leaves) / (leaves + 1) / (1 - 0.85**2)
    _near(rank_by_pagerank(star), {0: centre, 1: (1 - centre) / leaves}, 1e-5)
    assert set(_values(find_cores(star)).values()) == {1}
    _near(find_brokers(star), {0: 1 / leaves, 1: 1.0})
    assert _values(find_brokers(star), "cut") == {"0": "yes", **{str(leaf): "no" for leaf in range(1, leaves + 1)}}


def test_path() -> None:
    path = networkx.path_graph(5)
    _near(rank_by_betweenness(path), {0: 0.0, 1: 3 / 6, 2: 4 / 6, 3: 3 / 6, 4: 0.0})
    _near(rank_by_eigenvector(path), {0: 1 / 2, 1: math.sqrt(3) / 2, 2: 1.0})
    _near(find_brokers(path), {0: 1.0, 2: 0.5})
    assert _values(find_brokers(path), "cut") == dict(zip("01234", ["no", "yes", "yes", "yes", "no"], strict=True))
    assert set(_values(find_cores(path)).values()) == {1}


@pytest.mark.parametrize("size", [3, 4, 6])
def test_complete(size: int) -> None:
    complete = networkx.complete_graph(size)
    for table, value in (
        (rank_by_degree(complete), size - 1),
        (rank_by_betweenness(complete), 0),
        (rank_by_eigenvector(complete), 1),
        (rank_by_pagerank(complete), round(1 / size, 6)),
        (find_cores(complete), size - 1),
        (find_communities(complete), 1),
    ):
        assert set(_values(table).values()) == {value}
    part = 1 / (size - 1)
    _near(find_brokers(complete), {0: (size - 1) * (part + (size - 2) * part**2) ** 2})


def test_directions_and_parallel_relations_count_where_they_should() -> None:
    network = networkx.MultiDiGraph([("a", "b"), ("a", "b"), ("b", "a"), ("c", "c"), ("c", "a")])
    degree = rank_by_degree(network)
    assert degree.columns == ("node", "label", "kind", "degree", "out", "in", "neighbours", "segments")
    assert [row[:1] + row[3:7] for row in degree] == [("a", 4, 2, 2, 2), ("b", 3, 1, 2, 1), ("c", 3, 2, 1, 1)]
    assert "out" not in rank_by_degree(KITE).columns
    _near(rank_by_betweenness(network), {"a": 1.0, "b": 0.0, "c": 0.0})
    assert sum(value for value in _values(rank_by_pagerank(network)).values()) == pytest.approx(1, abs=1e-5)  # type: ignore[misc]


def test_a_network_of_several_parts_and_of_lone_nodes() -> None:
    parts = networkx.disjoint_union(networkx.complete_graph(4), networkx.path_graph(3))
    assert _values(rank_by_eigenvector(parts)) == dict.fromkeys("0123", 1.0) | dict.fromkeys("456", 0.0)
    lone = networkx.MultiDiGraph([("a", "a")])
    assert find_brokers(lone).rows == (("a", "a", "", None, 0, "no", ""),)
    assert find_brokers(lone).to_csv().splitlines()[1] == "a,a,,,0,no,"
    for name in OF_NODES:
        assert len(measure_network(lone, name)) == 1
    two = networkx.disjoint_union(networkx.complete_graph(3), networkx.complete_graph(3))
    assert set(_values(rank_by_eigenvector(two)).values()) == {1.0, 0.0}
    assert find_communities(two).remarks[0].startswith("2 communities; modularity 0.5000")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=30), st.randoms())
def test_measures_keep_their_ranges_and_do_not_hang_on_the_order_of_the_network(pairs, random) -> None:  # type: ignore[no-untyped-def]
    network = networkx.MultiDiGraph(pairs)
    shuffled = [*pairs]
    random.shuffle(shuffled)
    other = networkx.MultiDiGraph(shuffled)
    for name in OF_NODES:
        table = measure_network(network, name)
        assert table == measure_network(other, name)
        values = [value for value in _values(table).values() if value is not None]
        low, high = {"degree": (0, 60), "cores": (0, 8), "communities": (1, 9), "brokers": (0, 1.1251)}.get(
            name, (0, 1)
        )
        assert all(low <= value <= high for value in values), name  # type: ignore[operator]
    betweenness = networkx.betweenness_centrality(networkx.Graph(network))
    _near(rank_by_betweenness(network), betweenness, 2e-6)
    simple = networkx.Graph(network)
    simple.remove_edges_from([*networkx.selfloop_edges(simple)])
    assert _values(find_cores(network)) == {str(node): core for node, core in networkx.core_number(simple).items()}


# Who meets through what


def test_davis_southern_women() -> None:
    """Davis, Gardner and Gardner 1941: the matrix of women by women in Breiger 1974: Evelyn and Theresa met at seven events."""
    women = networkx.davis_southern_women_graph()
    for node, side in women.nodes(data="bipartite"):
        women.nodes[node]["type"] = "Meeting" if side else "Person"
    meetings = project_actors(women)
    assert len(meetings) == 18
    shared = {frozenset(pair): data["weight"] for *pair, data in meetings.edges(data=True)}
    assert shared[frozenset(("Evelyn Jefferson", "Theresa Anderson"))] == 7
    assert shared[frozenset(("Evelyn Jefferson", "Laura Mandeville"))] == 6
    assert shared[frozenset(("Laura Mandeville", "Theresa Anderson"))] == 6
    assert shared[frozenset(("Katherina Rogers", "Nora Fayette"))] == 5
    assert frozenset(("Laura Mandeville", "Flora Price")) not in shared
    known = bipartite.weighted_projected_graph(
        women, [node for node, side in women.nodes(data="bipartite") if not side]
    )
    assert shared == {frozenset(pair): weight for *pair, weight in known.edges(data="weight")}
    assert list_meetings(women, ["events"]).rows[0][4] == 7
    assert len(list_meetings(women, ["documents"])) == 0


def _small() -> networkx.MultiDiGraph:
    network = networkx.MultiDiGraph(
        language="en", sentences={"s1": {"reference": "p. 1 (s1)", "gist": "One.", "notes": ""}}
    )
    kinds = {"a": "State", "b": "State", "c": "Person", "forum": "Forum", "deal": "Agreement", "road": "Project"}
    for node, kind in kinds.items():
        network.add_node(node, label=node.upper(), type=kind, kind=kind, segments=[], earliest="", latest="")
    network.nodes["forum"].update(earliest="2017-05-14", latest="2017-05-15")
    fact, view = "stated as fact", "held by C, as the authors report"
    for source, relation, target, voice, segment, first, last in (
        ("a", concept("attended"), "forum", fact, "s1", "", ""),
        ("b", concept("attended"), "forum", fact, "s2", "", ""),
        ("c", concept("did-not-attend"), "forum", fact, "s2", "", ""),
        ("a", bri("signed"), "deal", fact, "s3", "2018-01-01", "2018-12-31"),
        ("b", bri("signed"), "deal", view, "s4", "2019-03-01", "2019-03-31"),
        ("deal", bri("about"), "c", fact, "s3", "", ""),
        ("a", bri("partner"), "b", fact, "s5", "", ""),
        ("road", bri("hostCountry"), "b", fact, "s6", "", "2013-12-31"),
        ("c", bri("launched"), "road", fact, "s7", "2020-01-01", ""),
    ):
        network.add_edge(
            source, target, relation, relation=relation, label=relation[-6:], voice=voice, segments=[segment],
            voices={segment: voice}, earliest=first, latest=last,
        )  # fmt: skip
    return network


def test_who_meets_through_what_keeps_things_sentences_and_voices() -> None:
    network = _small()
    kept = copy.deepcopy(network)
    meetings = project_actors(network)
    assert networkx.utils.graphs_equal(network, kept)
    assert {frozenset(pair) for pair in meetings.edges()} == {frozenset("ab"), frozenset("bc")}
    tie = meetings["a"]["b"]
    assert (tie["weight"], tie["share"], tie["through"]) == (2, 2.0, ["deal", "forum"])
    assert (tie["label"], tie["segments"]) == ("DEAL; FORUM", ["s1", "s2", "s3", "s4"])
    assert tie["voice"] == "held by C, as the authors report; stated as fact"
    by_documents = project_actors(network, ["documents"])["a"]["b"]
    assert (by_documents["through"], by_documents["voice"]) == (["deal"], "held by C, as the authors report")
    assert set(project_actors(network, ["undertakings"]).edges()) == {("b", "c")}
    assert meetings.nodes["b"]["segments"] == ["s1", "s2", "s3", "s4", "s6", "s7"]
    table = measure_network(network, "meetings")
    assert table.rows[0] == ("a", "A", "b", "B", 2, 2.0, "DEAL; FORUM", "s1 s2 s3 s4")
    assert table.cited(table.rows[0]) == ["— p. 1 (s1): One.", "— s2", "— s3", "— s4"]
    assert _values(measure_network(network, "degree", ["documents"])) == {"a": 1, "b": 1}
    with pytest.raises(UsageError, match="through 'weddings' here; choose events, documents, undertakings"):
        project_actors(network, ["weddings"])


def test_who_stayed_away_did_not_meet(kg: KnowledgeGraph) -> None:
    """fn04: Singapore, Thailand and Brunei stayed away from the first forum."""
    network = kg.network("network-attendance")
    assert any(data["relation"] == concept("did-not-attend") for *_, data in network.edges(data=True))
    meetings = project_actors(network, ["events"])
    assert {"state:thailand", "state:brunei"}.isdisjoint(
        table_node for row in list_meetings(network) for table_node in row[:3:2]
    )
    assert len(meetings) > 2


def test_the_real_projection_rests_on_relations_to_what_is_shared(kg: KnowledgeGraph) -> None:
    network = kg.network("network-everything")
    meetings = project_actors(network)
    assert len(meetings) > 20
    for one, other, data in meetings.edges(data=True):
        assert data["weight"] == len(data["through"]) >= 1
        assert 0 < data["share"] <= data["weight"]
        behind = set()
        for thing in data["through"]:
            for actor in (one, other):
                between = [*(network.get_edge_data(actor, thing) or {}).values()]
                between += [*(network.get_edge_data(thing, actor) or {}).values()]
                assert between
                behind |= {segment for edge in between for segment in edge["segments"]}
        assert set(data["segments"]) <= behind


# Two phases


def test_spans_of_edges() -> None:
    network = _small()
    spans = {(a, b): edge_span(network, a, b, data) for a, b, data in network.edges(data=True)}
    assert spans["a", "forum"] == ("2017-05-14", "2017-05-15")
    assert spans["a", "deal"] == ("2018-01-01", "2018-12-31")
    assert spans["road", "b"] == ("", "2013-12-31")
    assert spans["a", "b"] == spans["deal", "c"] == ("", "")
    assert edge_span(network, "a", "b", {"earliest": "2019-01-01", "latest": "2018-01-01"}) == ("", "")


def test_a_cut_by_time_keeps_what_may_lie_inside() -> None:
    network = _small()
    kept = copy.deepcopy(network)
    first, second = cut_by_time(network, last="2018-08-31"), cut_by_time(network, first="2018-09-01")
    assert {(a, b) for a, b in first.edges()} == {
        ("a", "forum"), ("b", "forum"), ("c", "forum"), ("a", "deal"), ("road", "b"),
    }  # fmt: skip
    assert {(a, b) for a, b in second.edges()} == {("a", "deal"), ("b", "deal"), ("c", "road")}
    assert set(cut_by_time(network, "2017-05-15", "2017-05-16").edges()) == {
        ("a", "forum"), ("b", "forum"), ("c", "forum"),
    }  # fmt: skip
    assert networkx.utils.graphs_equal(network, kept)
    assert first.nodes["a"] == network.nodes["a"]


def test_what_went_stayed_and_appeared() -> None:
    table = compare_phases(_small(), "2018-09-01")
    nodes = {row[1]: row[0] for row in table if not row[4]}
    assert nodes == {"forum": "went", "a": "stayed", "b": "stayed", "c": "stayed", "deal": "stayed", "road": "stayed"}
    edges = {(row[1], row[4]): (row[0], row[6]) for row in table if row[4]}
    assert edges["a", "forum"] == ("went", "s1")
    assert edges["a", "deal"] == ("stayed", "s3")
    assert edges["b", "deal"] == ("appeared", "s4")
    assert edges["c", "road"] == ("appeared", "s7")
    assert ("a", "b") not in edges
    assert table.remarks == (
        "5 went, 6 stayed, 2 appeared (nodes and relations).",
        "2 of 9 relations have no date and are in neither phase.",
    )
    same = compare_networks(_small(), _small())
    assert set(same.column("change")) == {"stayed"}
    for day in ("2018", "yesterday", "2018-02-30"):
        with pytest.raises(UsageError, match=f"'{day}' is no day; write it as in 2018-09-01"):
            compare_phases(_small(), day)
        with pytest.raises(UsageError, match="is no day"):
            cut_by_time(_small(), day)


# Tables on the real graph


@pytest.mark.parametrize("name", OF_NODES)
@pytest.mark.parametrize("network", ["network-everything", "network-claims", "network-projects"])
def test_each_node_has_one_row_with_its_label_and_the_segments_of_its_relations(
    kg: KnowledgeGraph, network: str, name: str
) -> None:
    drawn = kg.network(network)
    kept = copy.deepcopy(drawn)
    table = measure_network(drawn, name)
    assert networkx.utils.graphs_equal(drawn, kept)
    assert {expand(str(row[0])) for row in table} == set(drawn)
    assert len(table) == len(drawn)
    for row in table:
        iri = expand(str(row[0]))
        assert row[1] == drawn.nodes[iri]["label"]
        edges = [*drawn.in_edges(iri, data=True), *drawn.out_edges(iri, data=True)]
        assert set(str(row[-1]).split()) == {one for *_, data in edges for one in data["segments"]}
        assert all(" (" in line and ": " in line for line in table.cited(row))
        assert len(table.cited(row)) == len(str(row[-1]).split())
    assert measure_network(kg.network(network), name) == table
    views = [remark for remark in table.remarks if "somebody's view" in remark]
    assert bool(views) == (network == "network-claims")


def test_tables_are_taken_away_in_every_format(kg: KnowledgeGraph) -> None:
    table = measure_network(kg.network("network-projects"), "betweenness")
    rows = [*csv.reader(io.StringIO(table.to_csv()))]
    assert rows == [[*table.columns], *([str(cell) for cell in row] for row in table)]
    assert [line.split("\t") for line in table.to_tsv().splitlines()] == rows
    assert [tuple(row.values()) for row in json.loads(table.to_json())] == [*table]
    frame = table.to_pandas()
    assert frame["betweenness"].dtype == float
    assert [tuple(row) for row in frame.itertuples(index=False)] == [*table]
    assert table.to_markdown().count("\n| ") == len(table) + 2
    shown = str(table.top(3))
    assert shown.startswith("Who lies on the shortest paths between others")
    assert shown.endswith("Range: 0 to 1. Source: Freeman 1977.")
    assert "state:" not in shown
    cited = table.top(1).to_text(cite=True)
    assert re.search(r"— p\. \d+(-\d+)? \(\w+\)", cited)
    assert "<details>" in table._repr_html_()
    for name, text in (("table", str(table) + "\n"), ("csv", table.to_csv()), ("md", table.to_markdown())):
        assert table.to_format(name) == text
    with pytest.raises(UsageError, match="no format 'xml'; choose table, csv, tsv, json, md"):
        table.to_format("xml")
    with pytest.raises(UsageError, match="no column 'size'"):
        table.column("size")
    with pytest.raises(UsageError, match="-1 is negative"):
        table.top(-1)


def test_markup_in_a_label_is_text_in_a_notebook() -> None:
    network = networkx.MultiDiGraph()
    network.add_edge("<script>a</script>", "b")
    assert "<script" not in measure_network(network, "degree")._repr_html_()


def test_chinese_tables_have_no_english(kg: KnowledgeGraph) -> None:
    network = KnowledgeGraph(kg.store, "zh").network("network-positions")
    for name in MEASURES:
        text = str(measure_network(network, name).top(0))
        assert re.sub(r"PageRank|出处：.*", "", text.replace("\n", " ")).isascii() is False
        assert not re.search(r"[a-z]{5,}", re.sub(r"出处：.*", "", text.replace("\n", " "))), text


def test_each_measure_is_defined_with_range_and_source() -> None:
    columns, rows = list_measures()
    assert columns == ("measure", "what", "range", "from")
    assert [row[0] for row in rows] == [*MEASURES] == sorted(MEASURES)
    for one in MEASURES.values():
        told = " ".join((one.function.__doc__ or "").split())
        assert "Range: " in told, one.name
        assert re.search(r"Sources?( and definitions)?: ", told), one.name
        if one.name not in ("meetings", "phases"):
            for author, year in re.findall(r"(\w+)(?: and van Eck)? (\d{4})", one.source):
                assert author in told
                assert year in told
    assert all(len(row) == 4 and all(row) for language in ("en", "zh") for row in list_measures(language)[1])


def test_what_cannot_be_measured_is_said() -> None:
    with pytest.raises(UsageError, match="no measure 'fame'; choose betweenness, brokers, "):
        measure_network(_small(), "fame")
    for name in MEASURES:
        with pytest.raises(UsageError, match="the network has no nodes"):
            measure_network(networkx.MultiDiGraph(), name)
    with pytest.raises(UsageError, match="No actor in this network meets others through events"):
        measure_network(KITE, "degree", ["events"])
    with pytest.raises(UsageError, match="without a projection"):
        measure_network(_small(), "phases", ["events"])


def test_the_same_table_in_every_process(cache: Path) -> None:
    program = """if True:
        import bri_kg
        from bri_kg.networks.measures import MEASURES, measure_network
        network = bri_kg.load().network("network-everything")
        for name in MEASURES:
            print(measure_network(network, name).to_json())"""
    written = [
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1]
