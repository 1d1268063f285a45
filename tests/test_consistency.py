"""The rules about slips and contradictions of the paper: each finds what its fixture names, and in the paper only what is recorded.

In ``consistency/<rule>.ttl`` every node that the rule is to find says so with ``test:trips``; the others must pass all rules. All
fixtures are loaded as one graph and validated once: cases are nodes of their own.
"""

import re
from functools import cache
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH

import bri_kg
from bri_kg.checks import _broken_rules, _union, find_contradictions, findings_about_paper

HERE = Path(__file__).parent
FIXTURES = sorted(HERE.glob("consistency/*.ttl"))
OWN = "https://w3id.org/bri-kg/shape/consistency-"
RULES = rdflib.Graph().parse(HERE.parent / "ontology" / "consistency.ttl")
QUERIES = sorted(RULES.subjects(RDF.type, SH.SPARQLConstraint))
TEST = "https://w3id.org/bri-kg/test/"


@cache
def fixtures() -> bri_kg.KnowledgeGraph:
    return bri_kg.load(HERE / "consistency")


@cache
def found_in_fixtures() -> set[tuple[str, str]]:
    return {(broken.rule, broken.node) for broken in _broken_rules(_union(fixtures()))}


def test_every_rule_has_its_fixture_and_every_fixture_its_rule() -> None:
    rules = [str(shape).removeprefix(OWN) for shape in RULES.subjects(RDF.type, SH.NodeShape)]
    assert sorted(rules) == [file.stem for file in FIXTURES]


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_rule_finds_what_its_fixture_names_and_nothing_else(file: Path) -> None:
    fixture = rdflib.Graph().parse(file)
    trips = fixture.subject_objects(rdflib.URIRef(f"{TEST}trips"))
    expected = {(str(rule).removeprefix(OWN), str(node)) for node, rule in trips}
    nodes = {str(node) for node in fixture.subjects()}
    assert {rule for rule, _ in expected} == {file.stem}
    assert {(rule, node) for rule, node in found_in_fixtures() if node in nodes} == expected
    assert nodes - {node for _, node in expected}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query).removeprefix(OWN))
def test_query_belongs_to_its_rule_and_fills_its_message(query: rdflib.URIRef) -> None:
    assert list(RULES.subjects(SH.sparql, query)) == [rdflib.URIRef(query.removesuffix("-query"))]
    (message,) = RULES.objects(query, SH.message)
    selected = re.findall(r"[?$](\w+)", str(RULES.value(query, SH.select)).partition("WHERE")[0])
    assert set(re.findall(r"\{[?$](\w+)\}", message)) <= set(selected)
    assert message.endswith(".")


def test_finding_says_whether_it_is_recorded() -> None:
    messages = {finding.where: finding.message for finding in find_contradictions(fixtures())}
    assert messages[f"{TEST}act-passed"] == (
        f"{TEST}act-passed is printed as 2021-04 and as 2021-05-10, which cannot both be. Recorded as {TEST}dates-of-act."
    )
    assert "Not recorded: read the sentences, " in messages[f"{TEST}after-age"]
    assert not any("{" in message for message in messages.values())


def test_slips_of_the_paper_are_found_and_all_are_recorded(kg: bri_kg.KnowledgeGraph) -> None:
    found = [finding for finding in findings_about_paper(kg) if finding.check == "rule"]
    assert {finding.where for finding in found} == {
        "adoption:strategic-competition-act-of-2021",
        "milestone:jakarta-bandung-testing",
        "milestone:phnom-penh-sihanoukville-expressway-test-use",
        "organisation:117th-us-congress",
        "phase:second-phase",
        "transition:bri-to-second-phase",
    }
    assert [finding for finding in found if "Recorded as" not in finding.message] == []
