"""Lineage as a law: generated queries over small random quad sets and over the real vocabulary, each row replayed on what it cites.

BRI_KG_LAW_EXAMPLES sets how many queries are generated (5,000 by default, 100,000 in the documented long run).
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bri_kg.algebra import is_growing, is_monotone
from bri_kg.citing.tracing import tree_of
from bri_kg.errors import QueryError
from bri_kg.graph import KnowledgeGraph
from bri_kg.lineage.naming import named
from bri_kg.lineage.replaying import ReplayedStore
from bri_kg.names import BASE, PREFIXES, is_base
from bri_kg.questions import question
from bri_kg.sparql import uncut
from bri_kg.store import unite

EXAMPLES = int(os.environ.get("BRI_KG_LAW_EXAMPLES", "5000"))
SEGMENTS = [PREFIXES["segment"] + name for name in ("p01s01", "p01s02", "p02s01", "fn01", "t1r01")]
BASE_GRAPH = BASE + "graph/entities/law"
NODES = [f"state:n{number}" for number in range(3)]
PROPERTIES = ["bri:p", "bri:q", "bri:r"]
NUMBERS = ["1", "2", "3"]
VARIABLES = ["?a", "?b", "?c", "?d"]
GRAPHS = [f"segment:{name}" for name in ("p01s01", "p01s02", "fn01")]
COUNTS: Counter[str] = Counter()

LAW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES <= 5000,
    suppress_health_check=list(HealthCheck),
)


def expand(name: str) -> ox.NamedNode | ox.Literal:
    if name.isdigit():
        return ox.Literal(int(name))
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


quads = st.lists(
    st.tuples(
        st.sampled_from(NODES),
        st.sampled_from(PROPERTIES),
        st.sampled_from(NODES + NUMBERS),
        st.sampled_from([*SEGMENTS, BASE_GRAPH]),
    ),
    min_size=10,
    max_size=28,
)

subjects = st.sampled_from([*VARIABLES, *VARIABLES[:3], NODES[0]])
objects = st.sampled_from([*VARIABLES, *VARIABLES[1:], NODES[0], NUMBERS[0]])
steps = st.sampled_from([*PROPERTIES, *PROPERTIES, "?p"])
paths = st.sampled_from(
    [
        "bri:p/bri:q", "bri:p|bri:q", "^bri:p", "bri:p*", "bri:p+", "bri:q?", "(bri:p|bri:q)+", "(bri:p/^bri:q)*", "!bri:p",
        "!(bri:p|^bri:q)", "bri:p/bri:q*", "^(bri:p/bri:q)", "(^bri:p)+/bri:q", "!(^bri:r)",
    ]
)  # fmt: skip
triples = st.one_of(
    st.builds("{} {} {} .".format, subjects, steps, objects),
    st.builds("{} {} {} .".format, subjects, steps, objects),
    st.builds("{} {} {} .".format, subjects, paths, objects),
    st.builds("{} {} [ {} {} ] .".format, subjects, st.sampled_from(PROPERTIES), st.sampled_from(PROPERTIES), objects),
)
blocks = st.lists(triples, min_size=1, max_size=3).map(" ".join)
conditions = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(VARIABLES), st.sampled_from(NODES + NUMBERS)),
    st.builds("{} != {}".format, st.sampled_from(VARIABLES), st.sampled_from(VARIABLES)),
    st.builds("{} > {}".format, st.sampled_from(VARIABLES), st.sampled_from(NUMBERS)),
    st.builds("BOUND({})".format, st.sampled_from(VARIABLES)),
    st.builds("!BOUND({})".format, st.sampled_from(VARIABLES)),
    st.builds("ISLITERAL({}) || {} IN (1, 2)".format, st.sampled_from(VARIABLES), st.sampled_from(VARIABLES)),
)


#: How an EXISTS may stand in a filter or a BIND; a condition inside it may speak of what is around it.
EXISTS = [
    "{0} FILTER ({2} || EXISTS {{ {1} }})",
    "{0} FILTER ({2} || EXISTS {{ {1} FILTER ({3}) }})",
    "{0} FILTER EXISTS {{ {1} FILTER ({3}) }}",
    "{0} FILTER EXISTS {{ {1} }}",
    "{{ {0} }} BIND (EXISTS {{ {1} }} AS ?e)",
]


def _with_exists(form: str, *parts: str) -> str:
    return form.format(*parts)


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        *[st.builds("{} {}".format, blocks, inner)] * 3,
        st.builds("{{ {} }} {{ {} }}".format, inner, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("{} OPTIONAL {{ {} }}".format, inner, inner),
        st.builds("{} OPTIONAL {{ {} FILTER ({}) }}".format, inner, blocks, conditions),
        st.builds("{} FILTER ({})".format, inner, conditions),
        st.builds("{} FILTER EXISTS {{ {} }}".format, inner, blocks),
        st.builds("{} FILTER NOT EXISTS {{ {} }}".format, inner, inner),
        st.builds(
            _with_exists, st.sampled_from(EXISTS), inner, st.one_of(blocks, blocks, inner), conditions, conditions
        ),
        st.builds("{} MINUS {{ {} }}".format, inner, inner),
        st.builds("{{ {} }} BIND (COALESCE({}, {}) AS ?e)".format, blocks, *[st.sampled_from(VARIABLES)] * 2),
        st.builds(
            "{} VALUES {} {{ {} {} }}".format,
            inner,
            st.sampled_from(VARIABLES),
            *[st.sampled_from(NODES + NUMBERS)] * 2,
        ),
        st.builds("VALUES (?a ?b) {{ ({} UNDEF) (UNDEF {}) }} {}".format, *[st.sampled_from(NODES)] * 2, inner),
        st.builds("GRAPH ?g {{ {} }}".format, inner),
        st.builds("GRAPH {} {{ {} }}".format, st.sampled_from(GRAPHS), blocks),
        st.builds("{{ SELECT DISTINCT {} {} {{ {} }} }}".format, *[st.sampled_from(VARIABLES)] * 2, inner),
        st.builds("{{ SELECT {} (COUNT(*) AS ?n) {{ {} }} GROUP BY {} }}".format, st.just("?a"), inner, st.just("?a")),
    )


groups = st.recursive(blocks, _deeper, max_leaves=4)
queries = st.one_of(
    st.builds("SELECT * {{ {} }}".format, groups),
    st.builds("SELECT {} {} {{ {} }}".format, *[st.sampled_from(VARIABLES)] * 2, groups),
    st.builds(
        "SELECT DISTINCT {} {{ {} }} ORDER BY {}".format,
        *[st.sampled_from(VARIABLES)],
        groups,
        st.sampled_from(VARIABLES),
    ),
    st.builds("SELECT ?a ?b ?c ?d {{ {} }} ORDER BY ?a ?b ?c ?d LIMIT 2".format, groups),
    st.builds("SELECT {} {} {{ {} }} LIMIT 3".format, *[st.sampled_from(VARIABLES)] * 2, groups),
    st.builds("SELECT ?a (COUNT(*) AS ?n) {{ {} }} GROUP BY ?a ORDER BY DESC(?n) LIMIT 2 OFFSET 1".format, groups),
    st.builds("SELECT ?a (COUNT(DISTINCT ?b) AS ?n) (MIN(?c) AS ?m) {{ {} }} GROUP BY ?a".format, groups),
    st.builds("SELECT ?a (COUNT(*) AS ?n) (SUM(?b) AS ?s) {{ {} }} GROUP BY ?a HAVING (COUNT(*) > 1)".format, groups),
    st.builds("SELECT (COUNT(*) AS ?n) (AVG(?c) AS ?v) {{ {} }}".format, groups),
    st.builds("ASK {{ {} }}".format, groups),
    st.builds("CONSTRUCT {{ ?a bri:made ?b . ?b bri:made ?a }} WHERE {{ {} }}".format, groups),
    st.builds("DESCRIBE ?a {{ {} }}".format, groups),
    st.just("DESCRIBE state:n1"),
)


def made(rows: list[tuple[str, str, str, str]]) -> KnowledgeGraph:
    store = ox.Store()
    store.extend(ox.Quad(expand(s), expand(p), expand(o), ox.NamedNode(graph)) for s, p, o, graph in rows)  # type: ignore[arg-type]
    for graph in (BASE_GRAPH, *SEGMENTS):
        store.add_graph(ox.NamedNode(graph))
    unite(store)
    return KnowledgeGraph(store)


class Replays:
    """Runs one query again over restricted graphs, each made once."""

    def __init__(self, kg: KnowledgeGraph, query: str) -> None:
        self._kg, self._query = kg, query
        self._known: dict[tuple[frozenset[str], bool], Any] = {}

    def rows(self, names: frozenset[str]) -> Any:
        cut = getattr(names, "cut", False)  # the promise is then for the query without its LIMIT
        key = frozenset(names), cut
        if key not in self._known:
            part = self._kg.restrict(names)
            answer = part.query(uncut(self._query) if cut else self._query)
            self._known[key] = answer.boolean if answer.boolean is not None else list(answer.terms)
        return self._known[key]


def check_law(kg: KnowledgeGraph, query: str, most: int = 4) -> None:
    try:
        answer = kg.query(query)
    except QueryError:
        COUNTS["not SPARQL"] += 1
        return
    try:
        citations = answer.cite()
    except QueryError as error:
        COUNTS[f"refused: {str(error)[:60]}"] += 1
        return
    COUNTS["queries"] += 1
    replays = Replays(kg, query)
    if answer.boolean is not None:
        assert len(citations) == 1
        if not answer.boolean:  # nothing is promised but that absence is said
            assert citations[0].absence
            return
        assert replays.rows(citations[0]) is answer.boolean, (query, citations)
        COUNTS["rows"] += 1
        return
    rows = answer.terms
    assert len(citations) == len(rows)
    again = kg.query(query).terms
    if (
        tree_of(query)["sliced"] and "ORDER BY ?a ?b ?c ?d" not in query
    ):  # which rows are let through is the engine's choice each time
        assert len(again) == len(rows)
        assert Counter(rows) <= Counter(kg.query(uncut(query)).terms)
    else:
        assert Counter(again) == Counter(rows)  # the answer with citations has the same rows as without
    monotone = is_monotone(tree_of(query)["pattern"]) and not tree_of(query)["sliced"]
    for row, citation in list(zip(rows, citations, strict=True))[:most]:
        COUNTS["rows"] += 1
        COUNTS["widened rows"] += citation.widened
        COUNTS["rows cut"] += citation.cut
        assert all(not is_base(name) for name in citation)
        assert row in replays.rows(citation), (query, row, citation)
        if monotone and answer.form == "SELECT":
            for name in citation:
                COUNTS["minimality checks"] += 1
                assert row not in replays.rows(citation - {name}), (query, row, citation, name)


@LAW
@given(rows=quads, query=queries)
def test_every_row_stands_on_what_it_cites(rows: list[tuple[str, str, str, str]], query: str) -> None:
    check_law(made(rows), query)


@lru_cache(maxsize=1)
def real_part() -> KnowledgeGraph:
    """A part of the real graph, small enough to be restricted often: some segments, without the entities."""
    import bri_kg

    whole = bri_kg.load()
    names = [
        f"{PREFIXES['segment']}{one}"
        for one in (
            "p08s02",
            "p08s04",
            "p09s02",
            "p09s03",
            "fn04",
            "fn05",
            "t1r01",
            "t1r06",
            "p10s03",
            "p10s04",
            "p11s03",
            "p11s06",
            "p13s11",
        )
    ]
    store = ox.Store()
    for name in names:
        store.extend(whole.store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
    unite(store)
    return KnowledgeGraph(store)


REAL = [
    "bri:hostCountry",
    "bri:holder",
    "bri:towards",
    "bri:attitude",
    "bri:aligns",
    "bri:financed",
    "bri:value",
    "bri:memberOf",
    "bri:milestoneOf",
    "bri:signed",
    "bri:about",
    "a",
]
real_triples = st.builds(
    "{} {} {} .".format,
    st.sampled_from(VARIABLES),
    st.sampled_from(REAL),
    st.sampled_from([*VARIABLES, "state:china", "initiative:belt-and-road-initiative", "bri:Position"]),
)
real_blocks = st.lists(real_triples, min_size=1, max_size=3).map(" ".join)
real_queries = st.one_of(
    st.builds("SELECT * {{ {} }}".format, real_blocks),
    st.builds("SELECT ?a ?g {{ GRAPH ?g {{ {} }} }}".format, real_blocks),
    st.builds("SELECT DISTINCT ?a {{ {} OPTIONAL {{ {} }} }}".format, real_blocks, real_triples),
    st.builds("SELECT ?a (COUNT(?b) AS ?n) {{ {} }} GROUP BY ?a".format, real_blocks),
    st.builds("SELECT ?a ?b {{ {} FILTER NOT EXISTS {{ {} }} }}".format, real_blocks, real_triples),
    st.builds("SELECT ?a {{ ?a (bri:hostCountry|^bri:hostCountry)+ ?b . {} }}".format, real_triples),
)


@settings(LAW, max_examples=max(200, EXAMPLES // 20))
@given(query=real_queries)
def test_every_row_stands_on_what_it_cites_in_the_real_vocabulary(query: str) -> None:
    check_law(real_part(), query, most=3)


def test_the_law_was_not_empty() -> None:
    """Runs last: most generated queries were traced, rows were replayed, and refusals are few."""
    refused = sum(count for name, count in COUNTS.items() if name.startswith("refused"))
    print(dict(COUNTS))
    assert COUNTS["queries"] > 0.8 * EXAMPLES
    assert refused < 0.02 * EXAMPLES
    assert COUNTS["rows"] > 0.8 * EXAMPLES
    assert COUNTS["minimality checks"] > 0.15 * EXAMPLES


@pytest.mark.parametrize(
    ("query", "graphs"),
    [
        ("SELECT ?a { ?a bri:p state:n1 }", {"p01s01"}),
        ("SELECT ?a { ?a bri:p/bri:q ?b }", {"p01s01", "p01s02"}),
    ],
)
def test_a_law_that_cites_too_little_is_caught(query: str, graphs: set[str]) -> None:
    kg = made([("state:n0", "bri:p", "state:n1", SEGMENTS[0]), ("state:n1", "bri:q", "state:n2", SEGMENTS[1])])
    answer = kg.query(query)
    assert answer.cite() == [frozenset(PREFIXES["segment"] + name for name in graphs)]
    replays = Replays(kg, query)
    assert answer.terms[0] in replays.rows(answer.cite()[0])
    assert answer.terms[0] not in replays.rows(frozenset())


#: Found by a reader who wanted to break the promise.
ATTACKS = [
    "SELECT ?s (COUNT(?p) AS ?n) { ?s a bri:Negotiation ; ?p ?o } GROUP BY ?s",
    'SELECT ?s { ?s a bri:Accession FILTER NOT EXISTS { ?s rdfs:label ?l FILTER (STRSTARTS(?l, "Event")) } }',
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s bri:hostCountry ?o } } GROUP BY ?g",
    "SELECT ?s (EXISTS { ?p bri:hostCountry ?s } AS ?k) { ?s a bri:State }",
    "SELECT (COUNT(?x) AS ?n) { ?x bri:date ?d } GROUP BY (YEAR(?d))",
    "CONSTRUCT { ?a <urn:r> ?b } { ?a bri:hostCountry ?b } ORDER BY ?a LIMIT 3 OFFSET 2",
    f"SELECT ?x {{ ?x <{PREFIXES['bri']}hostCountry> <{PREFIXES['state']}laos> }} OFFSET 1 LIMIT 1",
    "SELECT ?x { GRAPH ?g { { SELECT ?x { ?x bri:hostCountry state:laos } } } }",
    r'SELECT ?x { ?x bri:hostCountry state:laos FILTER (STRLEN("\\u0041") = 6) }',
    "SELECT * { ?s ?p ?o } LIMIT 10",
    "SELECT ?m { ?m bri:milestoneOf ?p ; bri:milestoneKind ?k FILTER EXISTS { ?n bri:milestoneOf ?p ; bri:milestoneKind ?e FILTER (?e != ?k) } }",
    "SELECT ?p { ?p bri:hostCountry ?c FILTER EXISTS { { ?o bri:finances ?p } UNION { ?m bri:milestoneOf ?x FILTER (?x = ?p) } } }",
    "SELECT ?p { ?p bri:hostCountry ?c FILTER EXISTS { ?q bri:hostCountry ?c OPTIONAL { ?q bri:financed ?p } FILTER (?q != ?p) } }",
    "SELECT ?s ?k { ?s a bri:State BIND (EXISTS { ?p bri:hostCountry ?s FILTER EXISTS { ?o bri:finances ?p } } AS ?k) }",
    "SELECT ?c (COUNT(?p) AS ?n) { ?p bri:hostCountry ?c FILTER (?c = state:laos || EXISTS { ?m bri:milestoneOf ?p }) } GROUP BY ?c",
    "SELECT DISTINCT ?s { ?c a bri:Claim ; bri:about ?s } LIMIT 20",
]


@pytest.mark.parametrize("query", ATTACKS)
def test_an_attack_of_old_is_withstood(kg: KnowledgeGraph, query: str) -> None:
    answer = kg.query(query)
    assert len(answer)
    for row, citation in list(zip(answer.terms, answer.cite(), strict=True))[:5]:
        part = kg.restrict(citation).query(uncut(query) if citation.cut else query)
        assert row in part.terms, (row, citation)


@settings(LAW, max_examples=max(60, EXAMPLES // 50))
@given(rows=quads, steps=st.lists(st.sets(st.sampled_from(SEGMENTS)), min_size=1, max_size=5))
def test_the_store_of_replays_holds_what_a_restricted_graph_holds(
    rows: list[tuple[str, str, str, str]], steps: list[set[str]]
) -> None:
    kg = made(rows)
    replayed = ReplayedStore(kg.store, kg.base_graphs)
    for names in steps:
        assert set(replayed.holding(names)) == set(kg.restrict(names).store)


def test_threads_that_cite_at_once_do_not_disturb_each_other(kg: KnowledgeGraph) -> None:
    asked = [
        f"SELECT ?s {{ ?s a bri:State FILTER NOT EXISTS {{ ?s {one} ?a MINUS {{ ?a bri:about ?s FILTER NOT EXISTS {{ ?s bri:signed ?d }} }} }} }}"
        for one in ("bri:signed", "bri:attended", "bri:memberOf", "bri:attitude")
    ]
    alone = [kg.query(query).cite() for query in asked]
    assert kg.replayed and any(alone)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda query: kg.query(query).cite(), asked * 3))
    assert together == alone * 3


def test_an_exists_in_a_filter_is_named_by_the_store(kg: KnowledgeGraph) -> None:
    """Grounding each of 1,989 rows takes over a second."""
    plan = named(tree_of(question("network-path").sparql_in("en"))["pattern"])
    assert plan is not None and len(plan.tests) == 2


@pytest.mark.parametrize(
    ("condition", "grows"),
    [
        ("EXISTS { ?s bri:q ?o }", True),
        ("?o = 1 || EXISTS { ?s bri:q ?o }", True),
        ("EXISTS { ?s bri:q ?o } || ?o = 1 || ?o = 2", True),
        ("?o = 1 && EXISTS { ?s bri:q ?o }", True),
        ("EXISTS { ?s bri:q ?o FILTER EXISTS { ?o bri:r ?t } }", True),
        ("NOT EXISTS { ?s bri:q ?o }", False),
        ("!EXISTS { ?s bri:q ?o }", False),
        ("!(?o = 1 || EXISTS { ?s bri:q ?o })", False),
        ("?o = 1 || NOT EXISTS { ?s bri:q ?o }", False),
        ("?o = 1 || !(?o = 2 || EXISTS { ?s bri:q ?o })", False),
        ("(?o = 1 || EXISTS { ?s bri:q ?o }) = false", False),
        ("EXISTS { ?s bri:q ?o } = false", False),
        ("EXISTS { ?s bri:q ?o OPTIONAL { ?o bri:r ?t } }", False),
        ("EXISTS { ?s bri:q ?o FILTER NOT EXISTS { ?o bri:r ?t } }", False),
    ],
)
def test_what_can_only_grow(condition: str, grows: bool) -> None:
    assert is_growing(tree_of(f"SELECT * {{ ?s bri:p ?o FILTER ({condition}) }}")["pattern"]) is grows


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        ("SELECT ?s (SAMPLE(?p) AS ?x) { ?p bri:hostCountry ?s } GROUP BY ?s", "SAMPLE cannot be traced"),
        (
            "SELECT ?a { ?x bri:actor ?a } GROUP BY ?a HAVING (COUNT(?x) > 2 && NOT EXISTS { ?p bri:hostCountry ?a })",
            "An EXISTS beside an aggregate cannot be traced",
        ),
        (
            "SELECT ?s (GROUP_CONCAT(?l) AS ?ls) { ?p bri:hostCountry ?s . ?p rdfs:label ?l } GROUP BY ?s",
            "in which order GROUP_CONCAT takes its values is the engine's choice",
        ),
        ("SELECT ?k { { SELECT DISTINCT ?k { ?c bri:claimKind ?k } OFFSET 2 } }", "LIMIT or OFFSET of its subquery"),
    ],
)
def test_what_the_engine_chooses_is_refused_by_name(kg: KnowledgeGraph, query: str, cause: str) -> None:
    with pytest.raises(QueryError, match=cause):
        kg.query(query).cite()
