"""Queries: what is refused, by name and in a sentence; what is not; what no query may do to the process; and how terms are bound."""

import json
import os
import re
import subprocess
import sys

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_kg import KnowledgeGraph
from bri_kg.errors import QueryError, UsageError
from bri_kg.names import PREFIXES
from bri_kg.sparql import MAX_DEPTH, MAX_LENGTH, MAX_TOKENS, uncut, without_escapes

LAOS = ox.NamedNode(PREFIXES["state"] + "laos")
CHINA = ox.NamedNode(PREFIXES["state"] + "china")
ELSEWHERE = "<http://127.0.0.1:9/>"


def refusal(kg: KnowledgeGraph, query: str) -> str:
    """The sentence with which a query is refused."""
    with pytest.raises(QueryError) as caught:
        kg.query(query)
    message = str(caught.value)
    assert message[0].isupper()
    assert message.endswith(".")
    return message


UNDECLARED = {
    "SELECT ?n { ?x foaf:name ?n }": ("line 1, column 16", "foaf:"),
    "SELECT ?n {\n <urn:x> ?p foaf:Person . <http://a/b> <urn:c> <urn:d> }": ("line 2, column 13", "foaf:"),
    "PREFIX foaf: <http://f/> SELECT ?n { ?x foaf:name ?n ; dbo:x _:b }": ("line 1, column 56", "dbo:"),
    "SELECT ?n { _:b :name ?n }": ("line 1, column 17", ":"),
    'SELECT ?n { ?x bri:gist "foaf:x"^^xs:string } # dbo:x': ("line 1, column 35", "xs:"),
    "SELECT (foo:bar(?n) AS ?b) { ?x bri:hostCountry ?n }": ("line 1, column 9", "foo:"),
}


@pytest.mark.parametrize("query", UNDECLARED)
def test_an_undeclared_prefix_is_named(kg: KnowledgeGraph, query: str) -> None:
    where, prefix = UNDECLARED[query]
    said = refusal(kg, query)
    assert f"at {where}, the prefix {prefix} is not declared; put PREFIX {prefix} <...>" in said
    assert "Known without declaration: bri, concept, dcat" in said
    with pytest.raises(QueryError) as caught:
        kg.query(query, timeout=30)  # the worker opens no file, so it can import nothing to say it
    assert str(caught.value) == said


SLASHED = {
    "SELECT * { record:aiddata/33726 ?p ?o }": (
        12,
        r"record:aiddata\/33726",
        "https://w3id.org/bri-kg/record/aiddata/33726",
    ),
    "SELECT * { ?s ?p code:iso3166-2/LA-VI. }": (
        18,
        r"code:iso3166-2\/LA-VI",
        "https://w3id.org/bri-kg/code/iso3166-2/LA-VI",
    ),
    "SELECT * { ?s ?p congress:bill/117/3 }": (18, r"congress:bill\/117\/3", "https://www.congress.gov/bill/117/3"),
}


@pytest.mark.parametrize("query", SLASHED)
def test_a_slash_in_a_name_is_told_how_to_write(kg: KnowledgeGraph, query: str) -> None:
    column, escaped, full = SLASHED[query]
    said = refusal(kg, query)
    assert f"at line 1, column {column}, " in said
    assert said.endswith(f"must be escaped; write {escaped} or <{full}>.")
    for right in (escaped, f"<{full}>"):
        written = query.replace(escaped.replace("\\", ""), right)
        assert written != query
        assert kg.query(written) is not None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s bri:hostCountry/bri:memberOf ?o ) }",
        "SELECT * { ?s wikidata:P31/wikidata:P279 ?o ) }",
        "SELECT * { ?s wikidata:P31/(bri:memberOf) ?o ) }",
        "PREFIX record: <http://x/> SELECT * { record:a/1 ?p ?o }",
        "SELECT * { ?s ?p 'record:a/1' ) }",
    ],
)
def test_another_fault_is_not_laid_to_a_slash(kg: KnowledgeGraph, query: str) -> None:
    assert "must be escaped" not in refusal(kg, query)


def test_a_name_with_escapes_is_written_in_full() -> None:
    query = r"PREFIX x: <urn:> SELECT * { record:a\/1 x:b\,c 'record:a\/1', bri:a, y:b\/c }"
    left = r"PREFIX x: <urn:> SELECT * { <https://w3id.org/bri-kg/record/a/1> <urn:b,c> 'record:a\/1', bri:a, y:b\/c }"
    assert without_escapes(query) == left


def test_a_prefix_near_to_a_known_one_is_told(kg: KnowledgeGraph) -> None:
    assert "or use bri: if" in refusal(kg, "SELECT ?n { ?x Bri:hostCountry ?n }")
    assert "or use organisation: if" in refusal(kg, "SELECT ?n { ?x bri:memberOf organization:asean }")
    assert "or use state: if" in refusal(kg, "SELECT ?n { ?x bri:hostCountry states:laos }")
    for prefix in ("foaf", "b", "", "o", "x"):
        assert "or write the IRI in full." in refusal(kg, f"SELECT ?n {{ ?x {prefix}:name ?n }}")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?n { ?x bri:hostCountry ) ?n . ?n foaf:name ?m }",  # the fault stands before the prefix
        "PREFIX foaf: http://f/ SELECT ?n { ?x foaf:name ?n }",
        "SELECT ?n { _:b bri:hostCountry ?n ",
    ],
)
def test_another_fault_is_not_laid_to_a_prefix(kg: KnowledgeGraph, query: str) -> None:
    said = refusal(kg, query)
    assert "expected" in said
    assert "is not declared" not in said
    assert "unreported" not in said


# Refused by name

UPDATES = {
    "INSERT": "INSERT DATA { state:laos a bri:State }",
    "DELETE": "DELETE WHERE { ?s ?p ?o }",
    "LOAD": "LOAD <http://example.org/>",
    "CLEAR": "CLEAR ALL",
    "CREATE": "CREATE GRAPH <http://g>",
    "DROP": "DROP DEFAULT",
    "COPY": "COPY DEFAULT TO <http://g>",
    "MOVE": "MOVE DEFAULT TO <http://g>",
    "ADD": "ADD DEFAULT TO <http://g>",
    "WITH": "WITH <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
}


@pytest.mark.parametrize("text", ["{}", "PREFIX a: <http://a>\n{}", "# SELECT * {{}}\n{}", "BASE <http://b> {}"])
@pytest.mark.parametrize("word", UPDATES)
def test_an_update_is_refused_by_name(kg: KnowledgeGraph, word: str, text: str) -> None:
    for update in (UPDATES[word], UPDATES[word].lower()):
        assert refusal(kg, text.format(update)).startswith(f"The graph is read-only: {word} would change it.")


@pytest.mark.parametrize("query", ["ASK {} ; DROP ALL", "SELECT * { ?s ?p ?o } INSERT DATA { <a:a> <a:b> <a:c> }"])
def test_an_update_after_a_query_is_no_query(kg: KnowledgeGraph, query: str) -> None:
    before = len(kg)
    assert "is not SPARQL 1.1" in refusal(kg, query)
    assert sum(1 for _ in kg.store.quads_for_pattern(None, None, None, ox.DefaultGraph())) == before


SERVICES = [
    f"SELECT * {{ SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE SILENT {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service {ELSEWHERE} {{ ?s ?p ?o }} }}",
    "SELECT * { ?s ?p ?e SERVICE ?e { ?s ?p ?o } }",
    f"ASK {{ FILTER EXISTS {{ SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }} }}",
    f"ASK {{ {{ SELECT * {{ SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }} }} }}",
    # Without a space before it: the engine takes each of these for two words.
    f"SELECT * {{ ?s ?p trueSERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 1SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 1e5SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 'a'@en--ltrSERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p state:.SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
]


@pytest.mark.parametrize("query", SERVICES)
def test_service_is_refused_by_name(kg: KnowledgeGraph, query: str) -> None:
    assert refusal(kg, query).startswith("SERVICE is not allowed: a query stays inside this graph.")


FROM_OUTSIDE = [
    "SELECT * FROM <http://example.org/> { ?s ?p ?o }",
    "SELECT * FROM NAMED <http://example.org/> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM segment:p99s99 { ?s ?p ?o }",
    "SELECT * FROM segment:p09s03 FROM <http://example.org/> { ?s ?p ?o }",
    "BASE <https://w3id.org/bri-kg/> SELECT * FROM <elsewhere> { ?s ?p ?o }",
    "PREFIX segment: <http://example.org/> SELECT * FROM segment:p09s03 { ?s ?p ?o }",
    "DESCRIBE state:laos FROM <http://example.org/>",
    "ASK FROM <http://example.org/> {}",
    "ASKFROM <http://example.org/> { { SELECT * {} } }",
    "CONSTRUCT { ?s ?p ?o } FROM <http://example.org/> { ?s ?p ?o }",
]


@pytest.mark.parametrize("query", FROM_OUTSIDE)
def test_from_outside_is_refused_by_name(kg: KnowledgeGraph, query: str) -> None:
    assert re.match(r"FROM (<.*>|segment:\w+) is outside this graph; ", refusal(kg, query))


@pytest.mark.parametrize(
    "source",
    [
        "FROM segment:p09s03",
        "FROM <https://w3id.org/bri-kg/segment/p09s03>",
        "from segment:p09s03",
        "PREFIX mine: <https://w3id.org/bri-kg/segment/> | FROM mine:p09s03",
    ],
)
def test_from_inside_narrows_to_that_graph(kg: KnowledgeGraph, source: str) -> None:
    prologue, _, clause = source.rpartition("|")
    answer = kg.query(f"{prologue} SELECT ?v {clause} {{ ?s bri:value ?v }}")
    assert answer.to_dicts() == [{"v": "7"}]


def test_from_named_inside_narrows_graphs(kg: KnowledgeGraph) -> None:
    answer = kg.query(
        "SELECT DISTINCT ?g FROM NAMED segment:p09s03 FROM NAMED segment:fn04 { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    )
    assert [row["g"] for row in answer.to_dicts()] == [PREFIXES["segment"] + "fn04", PREFIXES["segment"] + "p09s03"]


@pytest.mark.parametrize("query", ["", "  \n\t", "# SELECT * { ?s ?p ?o }", "PREFIX a: <http://a>", "hello", "?select"])
def test_no_query_at_all_is_told_how_to_begin(kg: KnowledgeGraph, query: str) -> None:
    assert refusal(kg, query) == "The query has no SELECT, ASK, CONSTRUCT or DESCRIBE; begin it with one of them."


def test_a_text_that_is_too_long_is_refused_with_its_length(kg: KnowledgeGraph) -> None:
    query = "ASK {} #"
    assert kg.query(query.ljust(MAX_LENGTH, "x"))
    assert refusal(kg, query.ljust(MAX_LENGTH + 1, "x")).startswith("The query has 50,001 characters; at most 50,000")


def test_a_query_of_too_many_words_is_refused_with_their_number(kg: KnowledgeGraph) -> None:
    values = "ASK {{ VALUES ?x {{ {} }} }}"  # eight words and signs around the ones
    assert kg.query(values.format("1 " * (MAX_TOKENS - 7)))
    assert refusal(kg, values.format("1 " * (MAX_TOKENS - 6))).startswith(
        "The query has 1,001 words and signs; at most 1,000"
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT",
        "SELECT * {",
        "SELECT * { ?s ?p }",
        "ASK { ?s nosuch:p ?o }",
        "SELECT ?x { BIND (1 AS ?x) BIND (2 AS ?x) }",
    ],
)
def test_what_is_no_sparql_is_refused_with_the_place(kg: KnowledgeGraph, query: str) -> None:
    assert re.match(r"The query is not SPARQL 1\.1: at line \d+, column \d+", refusal(kg, query))


def test_the_place_is_that_in_the_text_as_written(kg: KnowledgeGraph) -> None:
    query = "SELECT *\n{ <http://example.org/a> <http://example.org/b> ?o ) }"
    with pytest.raises(SyntaxError) as engine:
        ox.Store().query(query)
    place = re.search(r"(\d+):(\d+)", str(engine.value))
    assert place
    assert place.groups() == ("2", "55")
    assert "at line 2, column 55" in refusal(kg, query)


# Not refused

INNOCENT = [
    'SELECT * { ?s ?p "DELETE WHERE { ?s ?p ?o } SERVICE <http://x> {}" }',
    "SELECT * { ?s ?p 'INSERT DATA' , '''it's a SERVICE''' , \"\"\"a \"LOAD\" FROM <http://x>\"\"\" }",
    'SELECT * { ?s ?p "a \\" SERVICE \\" b" }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://x> {} DROP ALL FROM <http://x>",
    "# INSERT DATA {}\n# LOAD <http://x>\nSELECT * { ?s ?p 1 }",
    "SELECT * { ?service bri:hostCountry ?load BIND (1 AS ?insert) BIND (2 AS $from) BIND (3 AS $with) }",
    "PREFIX ex: <http://ex/> SELECT * { ex:service ex:load ex:insert . ex:drop.service ex:from ex:clear }",
    "SELECT * { <http://ex/service> <http://ex/LOAD#service> <http://ex/SERVICE> }",
    "PREFIX load: <http://ex/load#> PREFIX add: <http://ex/add#> SELECT * { load:a add:b ?o }",
    "PREFIX ex: <http://ex/> SELECT * { ex:a\\-b\\'c ex:%41 ex:a.b }",
    "SELECT * { <http://ex/Laos_(country)> <http://ex/it's> <http://ex/a!b*c+d> }",
    "SELECT * { <http://ex/\\u0053ERVICE> ?p 'caf\\u00e9' }",
    "SELECT * { ?s ?p ?o FILTER (?o < 3 && ?o > 1) }",
    "SELECT * { ?s ?p ?o FILTER (!(?o = 1) && !BOUND(?s)) }",
    "SELECT (-1 - -2 + 3.5e2 AS ?n) {}",
    "SELECT * { ?s (bri:partOf|^bri:partOf)/bri:partOf* state:laos }",
    "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(?o) > 1000000)",
    "ASK { " + "(" * (MAX_DEPTH - 2) + "1" + ")" * (MAX_DEPTH - 2) + " bri:partOf state:laos }",
    "SELECT * { GRAPH <> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("query", INNOCENT)
def test_a_word_in_a_string_comment_iri_variable_or_name_is_no_keyword(kg: KnowledgeGraph, query: str) -> None:
    base = "BASE <http://base/> " if "<>" in query else ""
    assert kg.query(base + query).form in {"SELECT", "ASK"}


def test_the_same_rows_come_with_and_without_the_guard(kg: KnowledgeGraph) -> None:
    query = (
        "SELECT ?s ?o { ?s <https://w3id.org/bri-kg/ontology#hostCountry> ?o "
        'FILTER (?o != <https://w3id.org/bri-kg/state/laos> && "<http://a>" != "#") } ORDER BY ?s ?o'
    )
    direct = kg.store.query(query)
    assert isinstance(direct, ox.QuerySolutions)
    assert kg.query(query).terms == [tuple(row) for row in direct]
    assert len(kg.query(query)) > 10


# What no query may do

#: Each of these got past a guard that cuts by the book, and reached the network: the engine reads some texts otherwise.
DISGUISED = {
    "prefix that reads as a keyword": "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "keyword within a prefix": "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p trueSERVICE:x { ?s ?p ?o } }",
    "comparison that reads as an IRI": f"SELECT * {{ BIND (1 AS ?a) FILTER(?a<2)SERVICE#>\n{ELSEWHERE} {{ ?s ?p ?o }} }}",
    "comment behind such an IRI": (
        f"SELECT * {{ BIND (1 AS ?a) FILTER(?a<state:a#>'''\n) SERVICE {ELSEWHERE} {{ ?s ?p ?o }} #'''\n }}"
    ),
    "escape in an IRI before #": f"SELECT * {{ ?s ?p <http://\\u0061#> SERVICE {ELSEWHERE} {{ ?s ?p ?o }}\n}}",
    "escaped quote in a name": (
        f"PREFIX a: <u:> SELECT * {{ ?s ?p a:b\u00b7\\' SERVICE {ELSEWHERE} {{ ?s ?p ?o }} #'\n}}"
    ),
    "escaped # in a name": f"PREFIX a: <u:> SELECT * {{ ?s ?p a:b\u00b7\\# SERVICE {ELSEWHERE} {{ ?s ?p ?o }}\n}}",
    "escaped letter": f"SELECT * {{ \\u0053ERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
}

#: Each of these ends a process that evaluates it unguarded, or would if it were let in.
DEADLY = {
    "nested EXISTS": "ASK { " + "FILTER EXISTS { " * 850 + "?s ?p ?o" + " }" * 850 + " }",
    "parentheses": "SELECT (" + "(" * 5000 + "1" + ")" * 5000 + " AS ?x) {}",
    "parentheses in an IRI": "SELECT (?a<" + "(" * 5000 + "#>\n1" + ")" * 5000 + " AS ?x) {}",
    "parentheses between < and >": "SELECT (?a<" + "(" * 5000 + "1" + ")" * 5000 + "&&?c>?d AS ?x) {}",
    "not": "ASK { FILTER (" + "!" * 5000 + "true) }",
    "not, spaced": "ASK { FILTER (" + "! " * 5000 + "true) }",
    "not, with comments": "ASK { FILTER (" + "!#\n" * 5000 + "true) }",
    "minus signs": "SELECT (" + "- " * 5000 + "1 AS ?x) {}",
    "sum": "SELECT (" + "+".join(["1"] * 12000) + " AS ?x) {}",
    "signed numbers": "SELECT (1" + " -1" * 12000 + " AS ?x) {}",
    "sequence path": "ASK { ?s " + "/".join(["bri:partOf"] * 3000) + " ?o }",
    "path of a": "ASK { ?s " + "/".join(["a"] * 10000) + " ?o }",
    "path of inverses": "ASK { ?s " + "^" * 5000 + "a ?o }",
    "path in parentheses": "ASK { ?s " + "(a)/" * 9000 + "a ?o }",
    "MINUS": "ASK { " + "MINUS{}" * 6000 + " }",
    "OPTIONAL": "ASK { " + "OPTIONAL{?s a 1}" * 3000 + " }",
    "list": "ASK { ?s ?p (" + "1 " * 24000 + ") }",
    "objects": "ASK { ?s ?p " + ",".join(["1"] * 24000) + " }",
    "subselects": "ASK { " + "{SELECT*{}}" * 4000 + " }",
    "projections": "SELECT " + " ".join(f"(1 AS ?a{i})" for i in range(3500)) + " {}",
    "HAVING": "SELECT ?x {?s a ?x} GROUP BY ?x HAVING " + "(?x)" * 10000,
    "blank nodes": "ASK { ?s ?p " + "[a " * 1500 + "1" + "]" * 1500 + " }",
    "quoted triples": "ASK { ?s ?p " + "<<(" * 2000 + "1 a 1" + ")>>" * 2000 + " }",
    "IF": "ASK { FILTER (" + "IF(1,1," * 800 + "1" + ")" * 800 + ") }",
    "open string": 'ASK { FILTER (?x = "' + "(" * 4000 + " }",
}

#: As large as the guard lets in: the process must live.
LARGEST = {
    "nested EXISTS": "ASK { " + "FILTER EXISTS { " * (MAX_DEPTH - 1) + "?s ?p ?o" + " }" * (MAX_DEPTH - 1) + " }",
    "not": "ASK { FILTER (" + "!" * 400 + "true) }",
    "sum": "SELECT (" + "+".join(["1"] * (MAX_TOKENS // 2 - 5)) + " AS ?x) {}",
    "MINUS": "ASK { " + "MINUS{}" * (MAX_TOKENS // 3 - 2) + " }",
    "OPTIONAL": "ASK { " + "OPTIONAL{?s a 1}" * (MAX_TOKENS // 6 - 2) + " }",
    "alternative path": "ASK { ?s " + "|".join(["a"] * (MAX_TOKENS // 2 - 5)) + " ?o }",
    "nested and long": "ASK { " + "FILTER EXISTS{" * 56 + "MINUS{}" * 250 + "}" * 56 + " }",
    "nested paths": "ASK { state:laos " + "(" * 12 + "bri:partOf" + ")*" * 12 + " ?o }",
}

CHILD = """
import json, sys, bri_kg
kg = bri_kg.load()
for line in sys.stdin:
    query = json.loads(line)
    try:
        kg.query(query)
        print("answered", flush=True)
    except bri_kg.BriKgError as error:
        print(type(error).__name__, str(error).replace("\\n", " "), flush=True)
print("alive", len(kg))
"""


def in_a_process(queries: list[str], code: str = CHILD) -> tuple[int, list[str]]:
    """The exit code and lines of a process of its own that asks the queries one after the other."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="".join(json.dumps(query) + "\n" for query in queries),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.fixture(scope="module")
def hostile(kg: KnowledgeGraph) -> dict[str, str]:
    """What a process said to each hostile query; asked in one process, since none may end it."""
    asked = {**{f"deadly {name}": text for name, text in DEADLY.items()}}
    asked |= {f"disguised {name}": text for name, text in DISGUISED.items()}
    asked |= {f"largest {name}": text for name, text in LARGEST.items()}
    code, lines = in_a_process(list(asked.values()))
    assert code == 0, f"the process ended at: {list(asked)[min(len(lines), len(asked) - 1)]}"
    assert lines[-1] == f"alive {len(kg)}"
    return dict(zip(asked, lines[:-1], strict=True))


@pytest.mark.parametrize("name", DEADLY)
def test_a_deadly_query_is_refused(hostile: dict[str, str], name: str) -> None:
    limits = (
        f"QueryError The query nests more than {MAX_DEPTH} levels deep or chains too many operators; ",
        "QueryError The query has ",
        "QueryError The query is not SPARQL 1.1: ",
    )
    assert hostile[f"deadly {name}"].startswith(limits)


@pytest.mark.parametrize("name", DISGUISED)
def test_a_disguised_service_never_runs(hostile: dict[str, str], name: str) -> None:
    said = hostile[f"disguised {name}"]
    assert said.startswith("QueryError ")
    assert "while it ran" not in said
    assert "cannot be run" not in said


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_query_that_is_let_in_is_answered(hostile: dict[str, str], name: str) -> None:
    assert hostile[f"largest {name}"] == "answered"


@pytest.mark.parametrize("name", ["nested EXISTS", "sum", "MINUS", "parentheses between < and >"])
def test_the_guard_is_needed(name: str) -> None:
    unguarded = "import json, sys, pyoxigraph\npyoxigraph.Store().query(json.loads(sys.stdin.readline()))"
    code, _ = in_a_process([DEADLY[name]], unguarded)
    assert code < 0, "the engine no longer dies of this: the limit may be lifted"


WORDS = [
    "SERVICE", "service", "?a", "<", ">", "#", "\n", "'", '"', "'''", "\\", "\u00b7", ":", "a:", ".", "(", ")", "{", "}",
    "true", "1", "1e5", "@en", "--ltr", "state:laos", ELSEWHERE, "\\u0061", " ", "!", "&&", ";", ",", "FILTER", "?s a bri:Law",
]  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_no_mixture_of_signs_reaches_the_network(kg: KnowledgeGraph, words: list[str]) -> None:
    text = "SELECT * { " + "".join(words) + f" SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}"
    try:
        kg.query(text)
    except QueryError as error:
        assert "while it ran" not in str(error)
        assert "cannot be run" not in str(error)
    else:
        assert re.search(r"#|'|\"", text), "SERVICE stood outside every comment and string, and was let in"


# Terms

WHERE = "{ ?country a bri:State ; skos:prefLabel ?name FILTER (LANG(?name) = 'en') }"


@pytest.mark.parametrize(
    "term",
    [LAOS, rdflib.URIRef(LAOS.value), rdflib.term.URIRef(LAOS.value)],
    ids=["pyoxigraph", "rdflib", "rdflib.term"],
)
def test_a_bound_iri_is_the_value(kg: KnowledgeGraph, term: object) -> None:
    answer = kg.query(f"SELECT ?country ?name {WHERE}", country=term)
    assert answer.to_dicts() == [{"country": LAOS.value, "name": "Laos"}]


@pytest.mark.parametrize(
    "term",
    [ox.Literal("Laos", language="en"), rdflib.Literal("Laos", lang="en"), rdflib.Literal("Laos", lang="EN")],
)
def test_a_bound_literal_is_the_value(kg: KnowledgeGraph, term: object) -> None:
    assert [row["s"] for row in kg.query("SELECT ?s { ?s a bri:State ; skos:prefLabel ?x }", x=term).to_dicts()] == [
        LAOS.value
    ]


@pytest.mark.parametrize(
    "term",
    [rdflib.Literal(7), ox.Literal(7), rdflib.Literal("7", datatype=rdflib.XSD.integer)],
    ids=["rdflib int", "pyoxigraph int", "rdflib typed"],
)
def test_a_bound_number_is_the_value(kg: KnowledgeGraph, term: object) -> None:
    answer = kg.query("SELECT ?s ?v { GRAPH segment:p09s03 { ?s bri:value ?v } }", v=term)
    assert answer.to_dicts() == [{"s": PREFIXES["statistic"] + "leaders-at-first-forum", "v": "7"}]


def test_a_bound_value_appears_in_every_form(kg: KnowledgeGraph) -> None:
    assert kg.query(f"ASK {WHERE}", country=LAOS)
    assert not kg.query(f"ASK {WHERE}", country=ox.NamedNode("http://example.org/nowhere"))
    made = kg.query(f"CONSTRUCT {{ ?country rdfs:label ?name }} WHERE {WHERE}", country=LAOS)
    assert made.to_dicts() == [
        {"subject": LAOS.value, "predicate": PREFIXES["rdfs"] + "label", "object": "Laos"},
    ]
    nested = kg.query(f"SELECT ?country ?name {{ SELECT ?country ?name {WHERE} }}", country=LAOS)
    assert nested.to_dicts() == [{"country": LAOS.value, "name": "Laos"}]
    braced = kg.query(f"SELECT ?country ?name {{ {{ SELECT ?country ?name {WHERE} }} }}", country=LAOS)
    assert braced.to_dicts() == [{"country": LAOS.value, "name": "Laos"}]
    grouped = kg.query(f"SELECT ?country (COUNT(*) AS ?n) {WHERE} GROUP BY ?country", country=LAOS)
    assert grouped.to_dicts() == [{"country": LAOS.value, "n": "1"}]
    described = kg.query(f"DESCRIBE ?country {WHERE}", country=LAOS)
    assert {row["subject"] for row in described.to_dicts()} == {LAOS.value}
    filtered = kg.query("SELECT ?country { FILTER (?country = state:laos) }", country=LAOS)
    assert filtered.to_dicts() == [{"country": LAOS.value}]
    projected = kg.query(f"SELECT (EXISTS {{ ?x bri:hostCountry ?country }} AS ?host) ?name {WHERE}", country=LAOS)
    assert projected.to_dicts() == [{"host": "true", "name": "Laos"}]


def test_several_terms_are_bound_together(kg: KnowledgeGraph) -> None:
    query = "SELECT ?a ?b { ?project bri:hostCountry ?a ; bri:involves ?b } LIMIT 1"
    assert kg.query(query, a=LAOS, b=CHINA).to_dicts() == [{"a": LAOS.value, "b": CHINA.value}]
    assert kg.query(query, b=CHINA, a=CHINA).to_dicts() == []


def test_a_misspelt_name_is_refused_with_the_right_ones(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"The query has no variable \?contry; its variables are country, name\."):
        kg.query(f"SELECT ?country {WHERE}", contry=LAOS)
    with pytest.raises(UsageError, match="its variables are none"):
        kg.query("ASK { state:laos a bri:State } # ?country", country=LAOS)


@pytest.mark.parametrize(
    "value",
    ["Laos", LAOS.value, 7, None, b"Laos", ["Laos"], rdflib.BNode("a"), ox.BlankNode("a"), rdflib.Variable("a")],
    ids=["str", "IRI as str", "int", "None", "bytes", "list", "rdflib bnode", "pyoxigraph bnode", "variable"],
)
def test_what_is_no_iri_or_literal_is_refused(kg: KnowledgeGraph, value: object) -> None:
    with pytest.raises(UsageError, match=r"The value of country must be an IRI or a literal, such as rdflib\.URIRef"):
        kg.query(f"SELECT ?country {WHERE}", country=value)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("value", ["a b", "a> } DROP ALL #", "relative", ""])
def test_an_iri_that_is_none_is_refused(kg: KnowledgeGraph, value: str) -> None:
    with pytest.raises(UsageError, match="is no valid RDF term"):
        kg.query(f"SELECT ?country {WHERE}", country=rdflib.URIRef(value))


def test_terms_need_a_pattern_to_stand_in(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="Parameters need a query with a WHERE pattern in braces"):
        kg.query("DESCRIBE ?country", country=LAOS)
    with pytest.raises(UsageError, match="Parameters need a query with a WHERE pattern in braces"):
        kg.query("CONSTRUCT WHERE { ?country a bri:State }", country=LAOS)


NASTY = [
    'say "hello"',
    "it's",
    "two\nlines\r\nand a\ttab",
    "back\\slash \\n \\",
    '" } } DROP ALL #',
    "' UNION { SERVICE <http://x> {} }",
    '"""',
    "<script>alert(1)</script>",
    "\\u0022 ) } #",
    "?country",
    "中老铁路 \U0001f682",
    "",
]


@pytest.mark.parametrize("text", NASTY)
def test_a_literal_is_bound_to_the_letter(kg: KnowledgeGraph, text: str) -> None:
    for term in (rdflib.Literal(text), ox.Literal(text)):
        answer = kg.query("SELECT ?x { }", x=term)
        assert list(answer) == [(rdflib.Literal(text),)]
    tagged = kg.query("SELECT ?x { ?s ?p ?o } LIMIT 1", x=rdflib.Literal(text, lang="zh-Hans"))
    assert tagged.to_dicts() == [{"x": text}]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_is_bound_to_the_letter(kg: KnowledgeGraph, text: str) -> None:
    assert kg.query("SELECT ?x { }", x=ox.Literal(text)).to_dicts() == [{"x": text}]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("SELECT ?a { ?a ?b ?c } LIMIT 5", "SELECT ?a { ?a ?b ?c }"),
        ("SELECT ?a { ?a ?b ?c } ORDER BY ?a OFFSET 2 limit 5", "SELECT ?a { ?a ?b ?c } ORDER BY ?a"),
        (
            "SELECT ?a { { SELECT ?a { ?a ?b ?c } LIMIT 5 } } LIMIT 2 # LIMIT 3",
            "SELECT ?a { { SELECT ?a { ?a ?b ?c } LIMIT 5 } }",
        ),
        ("SELECT ?a { ?a ?b 'LIMIT 5' }", "SELECT ?a { ?a ?b 'LIMIT 5' }"),
    ],
)
def test_a_query_is_freed_of_its_own_cut_only(text: str, left: str) -> None:
    assert uncut(text).partition(" #")[0].strip() == left
