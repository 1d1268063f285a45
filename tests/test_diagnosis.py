"""Why an answer is empty: a suite of faulty queries of known cause over the paper's graph, and each kind of cause on small graphs.

``tests/diagnosis/*.json`` holds one kind a file: a sound query or stored question broken in a known way, the kind of the cause and a piece of the
culprit that the diagnosis must name. ``sound.json`` holds questions that are well put and that the paper does not answer.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from conftest import GraphMaker

from bri_kg import KnowledgeGraph
from bri_kg.answers import Answer
from bri_kg.diagnosis import Diagnosis
from bri_kg.diagnosis.causes import KINDS
from bri_kg.diagnosis.lettercase import case_fault

HERE = Path(__file__).parent
CASES = [item for path in sorted((HERE / "diagnosis").glob("*.json")) for item in json.loads(path.read_text("utf-8"))]
FAULTY = [item for item in CASES if item["kind"] != "silent"]
SOUND = [item for item in CASES if item["kind"] == "silent"] + [
    item
    for path in sorted((HERE / "questions").glob("*.json"))
    for item in json.loads(path.read_text("utf-8"))
    if not item["answerable"]
]


def ask(kg: KnowledgeGraph, item: dict[str, Any]) -> Answer:
    if "sparql" in item:
        return kg.query(item["sparql"])
    terms = {name: ox.NamedNode(v[1:-1]) if v.startswith("<") else v for name, v in item["params"].items()}
    return kg.ask(item["name"], **terms)


def diagnosed(answer: Answer) -> Diagnosis:
    found = answer.why_empty()
    assert found is not None, answer
    assert str(found)
    return found


def is_named(found: Diagnosis, item: dict[str, Any]) -> bool:
    return any(cause.kind == item["kind"] and item["culprit"] in cause.culprit for cause in found.causes)


def test_the_cause_is_named(kg: KnowledgeGraph) -> None:
    times: list[float] = []
    missed: list[str] = []
    for item in FAULTY:
        answer = ask(kg, item)
        start = time.perf_counter()
        found = diagnosed(answer)
        times.append(time.perf_counter() - start)
        if not is_named(found, item):
            missed.append(f"{item['id']}: {[(cause.kind, cause.culprit) for cause in found.causes]}")
    share = 1 - len(missed) / len(FAULTY)
    print(f"\ncause named in {share:.1%} of {len(FAULTY)} faulty queries; missed: {missed}")
    print(f"median {statistics.median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms")
    assert share >= 0.9


def test_a_sound_query_is_called_sound(kg: KnowledgeGraph) -> None:
    wrong = [(item["id"], str(found)) for item in SOUND if not (found := diagnosed(ask(kg, item))).sound]
    assert wrong == []


def test_the_suite_is_wide_enough() -> None:
    assert len(FAULTY) >= 160
    assert len(SOUND) >= 25
    assert len({item["id"] for item in CASES}) == len(CASES)
    assert {item["kind"] for item in CASES} == set(KINDS) - {"undetermined"}
    assert len([item for item in FAULTY if "name" in item]) >= 10


GRAPH = """
<https://w3id.org/bri-kg/graph/entities> {
    state:laos a bri:State, bri:Actor ; skos:prefLabel "Laos"@en .
    state:mali a bri:State, bri:Actor ; skos:prefLabel "Mali"@en .
    concept:rail a skos:Concept ; skos:inScheme concept:kinds .
    concept:good a skos:Concept ; skos:inScheme concept:stances .
    person:xi a bri:Person, bri:Actor .
}
segment:p01s01 {
    project:line a bri:Project, bri:Undertaking ; bri:hostCountry state:laos ; bri:projectKind concept:rail .
    milestone:opened a bri:Milestone, bri:Event, bri:Record ; bri:milestoneOf project:line ; bri:date "2021"^^xsd:gYear .
}
segment:p01s02 {
    project:line bri:purpose "trade"@en ; skos:altLabel "Mali"@en .
    state:laos bri:memberOf organisation:asean .
    organisation:asean a bri:Organisation, bri:Actor .
    claim:one a bri:Claim, bri:Record ; bri:claimant person:xi ; bri:stance concept:good .
    statistic:cost a bri:Statistic, bri:Record ; bri:about project:line ; bri:value 7 .
}
"""

SMALL = [
    ("SELECT ?p { ?p bri:hostCountry state:lao }", "unknown-term", "state:lao", "state:laos"),
    ("SELECT ?p { ?p bri:hostCountri state:laos }", "unknown-term", "bri:hostCountri", "bri:hostCountry"),
    ("SELECT ?p { ?p a bri:Projekt }", "unknown-term", "bri:Projekt", "bri:Project"),
    ("SELECT ?a { ?a bri:ledBy ?b }", "unused-term", "bri:ledBy", ""),
    ("SELECT ?a { GRAPH segment:p01s9 { ?a ?b ?c } }", "unknown-graph", "segment:p01s9", "segment:p01s0"),
    (
        "SELECT ?p { state:laos bri:hostCountry ?p }",
        "wrong-direction",
        "bri:hostCountry",
        "?p bri:hostCountry state:laos",
    ),
    ("SELECT ?p { ?p a bri:Project ; bri:date ?d }", "never-used-with", "bri:date", ""),
    ("SELECT ?d { project:line bri:date ?d }", "never-used-with", "bri:date", "bri:milestoneOf project:line"),
    ("SELECT ?s { ?s bri:value ?v FILTER (?v > 9) }", "filter", "?v > 9", "7"),
    ("SELECT ?p { ?p bri:hostCountry ?c ; bri:value ?v }", "join", "bri:value", ""),
    ("SELECT ?s { ?s skos:prefLabel 'Laos' }", "mistyped-literal", '"Laos"', '"Laos"@en'),
    ("SELECT ?m { ?m bri:date '2021'^^xsd:date }", "mistyped-literal", '"2021"^^xsd:date', '"2021"^^xsd:gYear'),
    ("SELECT ?p { ?p bri:hostCountry 'Laos' }", "text-for-node", '"Laos"', "state:laos"),
    ("SELECT ?s { ?s skos:prefLabel state:laos }", "node-for-text", "skos:prefLabel", "Laos"),
    ("SELECT ?m { ?m bri:date ?d FILTER (?d > 2020) }", "date-comparison", "?d > 2020", "bri:earliest"),
    ("SELECT ?v { GRAPH ?g { ?p bri:hostCountry ?c ; bri:purpose ?v } }", "split-graph", "GRAPH ?g", ""),
    ("SELECT ?v { GRAPH segment:p01s01 { ?p bri:purpose ?v } }", "other-graph", "segment:p01s01", "segment:p01s02"),
    ("SELECT ?p { ?p a bri:Project MINUS { ?p bri:hostCountry ?c } }", "negation", "MINUS", ""),
    ("SELECT ?c { ?p bri:hostCountry ?c } GROUP BY ?c HAVING (COUNT(*) > 3)", "having", "COUNT(*) > 3", ""),
    ("SELECT ?s { ?s a bri:State } LIMIT 0", "limit", "LIMIT 0", ""),
    ("SELECT ?s { ?s a bri:State } OFFSET 9", "limit", "OFFSET 9", ""),
    ("SELECT (COUNT(?projct) AS ?n) { ?project a bri:Project }", "misspelt-variable", "?projct", "?project"),
    ("SELECT ?projct { ?project a bri:Project }", "misspelt-variable", "?projct", "?project"),
    ("SELECT ?p { VALUES ?p { } ?p a bri:Project }", "values", "VALUES", ""),
    ("SELECT ?x { ?p bri:hostCountry/bri:milestoneOf ?x }", "path", "bri:milestoneOf", ""),
    ("SELECT ?s { ?s skos:altLabel 'Laos'@en }", "other-property", '"Laos"@en', '?s skos:prefLabel "Laos"@en'),
    ("SELECT ?p { ?p a bri:Project ; skos:prefLabel 'Mali'@en }", "other-property", '"Mali"@en', "skos:altLabel"),
    ("SELECT ?m { person:xi bri:memberOf ?m }", "never-used-with", "person:xi bri:memberOf", "bri:State"),
    ("SELECT ?p { ?p bri:projectKind concept:good }", "never-used-with", "concept:good", "concept:kinds"),
    ("SELECT ?p { ?p ext:amount ?a }", "not-loaded", "ext:amount", "--with NAME"),
    (r"SELECT ?p { record:aiddata\/1 ?p ?o }", "not-loaded", "record:aiddata/1", "--with aiddata"),
    ("SELECT ?p { ?p bri:hostCountry state:mali }", "silent", "state:mali", ""),
]


@pytest.mark.parametrize(("query", "kind", "culprit", "suggestion"), SMALL, ids=[case[0] for case in SMALL])
def test_each_kind_on_a_small_graph(graph_of: GraphMaker, query: str, kind: str, culprit: str, suggestion: str) -> None:
    found = diagnosed(graph_of(GRAPH).query(query))
    fitting = [cause for cause in found.causes if cause.kind == kind and culprit in cause.culprit]
    assert fitting, found.causes
    assert suggestion in " ".join(fitting[0].suggestions)
    assert found.to_dicts()[0].keys() == {"kind", "message", "culprit", "suggestions", "sound"}


def test_every_kind_has_a_small_case() -> None:
    assert {case[1] for case in SMALL} == set(KINDS) - {"undetermined"}


RECORDS = """
dataset:aid { dataset:aid a dcat:Dataset . }
record:aid\\/1 {
    record:aid\\/1 a ext:FinanceRecord ; void:inDataset dataset:aid ; ext:status "Completion" ; ext:country "Laos" ; ext:amount 5 .
}
record:aid\\/2 {
    record:aid\\/2 a ext:FinanceRecord ; void:inDataset dataset:aid ; ext:status "Implementation" ; ext:country "Mali" ; ext:amount 7 .
}
record:aid\\/3 { record:aid\\/3 a ext:FinanceRecord ; void:inDataset dataset:aid ; ext:note "None" . }
mapping-set:links {
    concept:completed a skos:Concept ; skos:prefLabel "completed"@en .
    project:line bri:financedByRecord record:aid\\/1 .
}
"""


@pytest.mark.parametrize(
    ("query", "said", "not_said"),
    [
        ("SELECT ?r { ?r a ext:FinancRecord }", "Did you mean ext:FinanceRecord? Loaded: aid;", "bri:"),
        ("SELECT ?r { ?r ext:statuss ?s }", "Did you mean ext:status?", "bri:"),
        ("SELECT ?r { ?r ext:status 'Completed' }", '(nearest: "Completion", "Implementation")', "concept:"),
        ("SELECT ?r { ?r ext:status 'Completed' }", "sound and no loaded record (aid) says so", "paper"),
        (r"SELECT ?r { record:aid\/1 ext:status 'Implementation' }", "record:aid/1 has ext:amount", "sentence"),
        ("SELECT ?r { ?r ext:status 'Completion' ; ext:country 'Mali' }", "no loaded record (aid) says so", "paper"),
        (
            "SELECT ?r { ?r ext:amount ?a FILTER (?a > 9) }",
            "neither paper nor records say such a thing of these (loaded: aid)",
            "does",
        ),
        (
            "SELECT ?p { ?p bri:financedByRecord ?r . ?r ext:status 'Implementation' }",
            "neither the paper nor a link of ours nor a loaded record (aid) says so",
            "the paper does not say",
        ),
        ("SELECT ?r { ?r ext:note ?n ; ext:status ?s }", "no loaded record (aid) says so of anything", "paper"),
        ("SELECT ?p { ?p ?q 'Atlantis' }", "neither the paper nor a loaded record (aid) says so", "does not say"),
        ("SELECT ?p { ?p bri:hostCountry state:mali }", "does not say: no sentence states", "record"),
        (r"SELECT ?r { record:other\/1 ext:status ?s }", "ask again with --with other (", "paper"),
    ],
)
def test_datasets_answer_for_themselves(graph_of: GraphMaker, query: str, said: str, not_said: str) -> None:
    message = str(diagnosed(graph_of(GRAPH + RECORDS).query(query)))
    assert said in message
    assert not_said not in message


def test_a_dataset_that_is_only_named_is_not_loaded(graph_of: GraphMaker) -> None:
    found = diagnosed(graph_of(GRAPH + "dataset:aid { dataset:aid a dcat:Dataset . }").query("ASK { ?r ext:amount 5 }"))
    assert [cause.kind for cause in found.causes] == ["not-loaded"]
    assert "none is loaded here; import the dataset that has it, which is then seen with --with NAME" in str(found)
    assert "Did you mean" not in str(found)


def test_no_identifier_is_said_as_such(kg: KnowledgeGraph) -> None:
    found = diagnosed(kg.ask("identifiers-of", entity="RCEP"))
    assert found.sound
    assert str(found).endswith(
        "(agreement:rcep-agreement) is known here; 'bri-kg show agreement:rcep-agreement' lists what was searched."
    )
    assert "searched" in str(kg.describe("agreement:rcep-agreement"))
    none = diagnosed(kg.query("SELECT ?i { ?m owl:annotatedSource segment:p09s03 ; bri:identifier ?i }"))
    assert str(none).endswith("(segment:p09s03) is known here; no link of ours is about it.")
    other = kg.query("SELECT ?m { ?m owl:annotatedSource state:laos ; bri:identifierScheme 'nowhere' }")
    assert "No identifier of" not in str(diagnosed(other))


def test_an_answer_with_rows_is_not_diagnosed(kg: KnowledgeGraph) -> None:
    assert kg.query("SELECT ?p { ?p bri:hostCountry state:laos }").why_empty() is None
    assert kg.query("ASK { ?p bri:hostCountry state:laos }").why_empty() is None
    assert kg.query("SELECT (COUNT(*) AS ?n) { ?p bri:hostCountry state:laos }").why_empty() is None
    assert kg.query("SELECT (0 AS ?n) { }").why_empty() is None


def test_a_cut_answer_is_not_diagnosed(kg: KnowledgeGraph) -> None:
    answer = kg.query("SELECT ?p { ?p bri:hostCountry state:loas }")
    answer.cut = "Cut."
    assert answer.why_empty() is None


def test_a_text_under_another_property_is_told(kg: KnowledgeGraph) -> None:
    found = diagnosed(kg.query('SELECT ?t { ?t rdfs:label "BRI"@en }'))
    assert not found.sound
    assert "is the skos:altLabel of Belt and Road Initiative (initiative:belt-and-road-initiative)" in str(found)
    cause = found.causes[0]
    assert kg.query(f"SELECT ?t {{ {cause.suggestions[0]} }}")  # what is suggested has rows
    said = str(diagnosed(kg.query('SELECT ?t { ?t skos:altLabel "Laos"@en }')))
    assert "is the rdfs:label and the skos:prefLabel of Laos (state:laos)" in said
    assert "sssom:" not in said  # what a mapping calls it is not said where a name is
    filtered = diagnosed(kg.query('SELECT ?t { ?t rdfs:label ?l FILTER (STR(?l) = "BRI") }'))
    assert not filtered.sound
    assert 'skos:altLabel has "BRI"@en' in str(filtered)


def test_a_text_of_another_thing_or_a_number_elsewhere_is_no_other_property(kg: KnowledgeGraph) -> None:
    for query in ('ASK { state:laos skos:altLabel "Thailand"@en }', "SELECT ?t { ?t bri:position 58 }"):
        assert diagnosed(kg.query(query)).sound


def test_silence_of_a_kind_of_node_is_told(kg: KnowledgeGraph) -> None:
    found = diagnosed(kg.query("SELECT ?x { person:xi-jinping bri:memberOf/bri:partOf ?x }"))
    assert [cause.kind for cause in found.causes] == ["never-used-with"]
    assert "bri:memberOf is never used with a bri:Person as subject" in str(found)
    assert found.sound  # the ontology lets persons be members
    wrong = diagnosed(kg.query("SELECT ?m { ?m bri:milestoneKind concept:positive }"))
    assert not wrong.sound  # a concept of another scheme is a mistake


def test_silence_tells_what_there_is(kg: KnowledgeGraph) -> None:
    found = diagnosed(kg.query("SELECT ?p { ?p bri:hostCountry state:japan }"))
    assert str(found).startswith("The query is sound and the paper does not say: no sentence states")
    assert "Japan (state:japan) is mentioned in" in str(found)


def test_silence_is_not_claimed_of_what_is_not_read(graph_of: GraphMaker) -> None:
    found = diagnosed(
        graph_of(GRAPH + "segment:x { segment:x a bri:Segment . }").query("ASK { ?p bri:hostCountry state:mali }")
    )
    assert "of 1 segments 1 are not yet read" in str(found)


def test_a_parameter_is_diagnosed_like_a_term(kg: KnowledgeGraph) -> None:
    nobody = ox.NamedNode("https://w3id.org/bri-kg/state/loas")
    found = diagnosed(kg.query("SELECT ?p { ?p bri:hostCountry ?country }", country=nobody))
    assert [(cause.kind, cause.culprit) for cause in found.causes] == [("unknown-term", "state:loas")]


def test_each_failing_branch_is_named(kg: KnowledgeGraph) -> None:
    query = "SELECT ?p { { ?p bri:hostCountry state:loas } UNION { ?p bri:hostCountri state:laos } }"
    assert {cause.culprit for cause in diagnosed(kg.query(query)).causes} == {"state:loas", "bri:hostCountri"}


def test_what_cannot_be_traced_is_still_looked_at(kg: KnowledgeGraph) -> None:
    found = diagnosed(kg.query("SELECT ?p { ?p bri:hostCountry state:loas FILTER (RAND() < 2) }"))
    assert found.causes[0].culprit == "state:loas"
    found = diagnosed(kg.query("SELECT ?p { ?p a bri:Project FILTER (RAND() > 2) }"))
    assert found.causes[0].kind == "undetermined"


def test_a_diagnosis_in_the_worker_ends(kg: KnowledgeGraph) -> None:
    slow = "SELECT * { ?a bri:page ?b . ?c bri:page ?d FILTER (STRLEN(STR(?a)) + STRLEN(STR(?c)) = 99999) FILTER (?a = 1) }"
    answer = kg.query(slow, timeout=60)
    start = time.monotonic()
    assert diagnosed(answer).causes
    assert time.monotonic() - start < 10


def test_json_holds_the_causes(kg: KnowledgeGraph) -> None:
    head = json.loads(kg.query("SELECT ?p { ?p bri:hostCountry state:loas }").to_json())["head"]
    assert head["vars"] == ["p"]
    assert (head["empty"][0]["kind"], head["empty"][0]["culprit"]) == ("unknown-term", "state:loas")
    assert "empty" in json.loads(kg.query("ASK { ?p bri:hostCountry state:loas }").to_json())["head"]
    assert "empty" not in json.loads(kg.query("SELECT ?p { ?p bri:hostCountry state:laos }").to_json())["head"]


@pytest.mark.parametrize(
    "words",
    [
        ["sparql", "SELECT ?p { ?p bri:hostCountry state:japan }"],
        ["ask", "projects-in", "country=Japan"],
        ["ask", "projects-in", "country=Japan", "--format", "json"],
        ["ask", "projects-in", "country=Japan", "--format", "table"],
    ],
)
def test_the_command_line_says_why(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "bri_kg", *words], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0
    assert done.stderr.count("Empty: The query is sound and the paper does not say") == 1


def test_an_answer_with_rows_loads_nothing_more() -> None:
    code = (
        "import sys, bri_kg.commands.asking as a; a.run(['projects-in', 'country=Laos', '--format', 'tsv']);"
        "sys.exit('bri_kg.diagnosis' in sys.modules or 'bri_kg.diagnosis.causes' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("condition", "right"),
    [
        ('LCASE(STR(?l)) = "Laos"', ("laos",)),
        ('"Laos" = LCASE(?l)', ("laos",)),
        ('UCASE(?l) IN ("laos", "China")', ("LAOS", "CHINA")),
        ('STRSTARTS(LCASE(?l), "La")', ("la",)),
        ('REGEX(LCASE(?l), "^La")', ("^la",)),
        ('LCASE(?l) = "laos"', None),
        ('LCASE(?l) != "Laos"', None),
        ('LCASE(?l) IN ("Laos", "china")', None),
        ('REGEX(LCASE(?l), "LA", "i")', None),
        ('REGEX(LCASE(?l), "^\\\\S+$")', None),
        ('STR(?l) = "Laos"', None),
        ('LCASE(?l) = LCASE("Laos")', None),
    ],
)
def test_a_condition_that_no_letter_case_can_meet(condition: str, right: tuple[str, ...] | None) -> None:
    found = case_fault(condition)
    assert (found and found[1]) == right
