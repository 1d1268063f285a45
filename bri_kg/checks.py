"""Checks of the graph: faults of ours, each with where and what to do, and apart from them what the paper itself gets wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from .files import ontology_folder
from .names import BASE, ONTOLOGY, PREFIXES, bri, rdf, segment_iri, shorten
from .wording import word

if TYPE_CHECKING:
    import rdflib

    from .graph import KnowledgeGraph

__all__ = ["Finding", "find_contradictions", "find_faults", "findings_about_paper"]

_DEFAULT = ox.DefaultGraph()
_SEGMENT = PREFIXES["segment"]


class Finding(NamedTuple):
    """What a check found: its name, the node or graph, and a sentence that says what is wrong and what to do."""

    check: str
    where: str
    message: str


def find_faults(kg: KnowledgeGraph, progress: Callable[[str], None] = lambda step: None) -> list[Finding]:
    """Return the faults of the graph; ``progress`` is told the name of each step."""
    found: list[Finding] = []
    for name, check in (
        ("ledger", _ledger),
        ("terms", _terms),
        ("wall between facts and claims", _wall),
        ("shapes", _shapes),
        ("links", _links),
    ):
        progress(name)
        found += check(kg)
    return found


def _ledger(kg: KnowledgeGraph) -> list[Finding]:
    found = []
    for sentence in kg.sources.all():
        graph = ox.NamedNode(sentence.iri)
        filled = kg.store.contains_named_graph(graph)
        if not sentence.disposition:
            found.append(
                Finding("ledger", sentence.id, "The segment has no disposition; add bri:disposition in paper.ttl.")
            )
        elif sentence.disposition in ("stated", "claimed") and not filled:
            found.append(
                Finding(
                    "ledger",
                    sentence.id,
                    f"The segment is '{sentence.disposition}' but its graph is empty; add what it says, or change the disposition.",
                )
            )
        elif sentence.disposition in ("structure", "nothing") and filled:
            found.append(
                Finding(
                    "ledger",
                    sentence.id,
                    f"The segment is '{sentence.disposition}' but has a graph; change one of the two.",
                )
            )
        elif sentence.disposition == "claimed" and (plain := _plain_subjects(kg, graph)):
            found.append(
                Finding(
                    "ledger",
                    sentence.id,
                    f"The segment is 'claimed' but states facts of {shorten(min(plain))}; change the disposition.",
                )
            )
    return found


def _plain_subjects(kg: KnowledgeGraph, graph: ox.NamedNode) -> set[str]:
    attributions = {
        quad.subject
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(rdf("type")), ox.NamedNode(bri("Attribution")), graph)
    }
    return {
        quad.subject.value
        for quad in kg.store.quads_for_pattern(None, None, None, graph)
        if quad.subject not in attributions and isinstance(quad.subject, ox.NamedNode)
    }


def _terms(kg: KnowledgeGraph) -> list[Finding]:
    """Every class, property and concept that is used must be declared."""
    declared = {
        quad.subject.value
        for folder in ("bri", "concepts")
        for quad in kg.store.quads_for_pattern(
            None, ox.NamedNode(rdf("type")), None, ox.NamedNode(f"https://w3id.org/bri-kg/graph/ontology/{folder}")
        )
        if isinstance(quad.subject, ox.NamedNode)
    }
    used: dict[str, str] = {}
    for quad in kg.store.quads_for_pattern(None, None, None, None):
        if isinstance(quad.graph_name, ox.NamedNode) and "/graph/ontology/" not in quad.graph_name.value:
            for term in (quad.predicate, quad.object):
                if isinstance(term, ox.NamedNode) and term.value.startswith((ONTOLOGY, PREFIXES["concept"])):
                    used.setdefault(term.value, quad.graph_name.value)
    return [
        Finding(
            "terms",
            shorten(graph),
            f"{shorten(term)} is not declared; mend its spelling or declare it in the ontology.",
        )
        for term, graph in sorted(used.items())
        if term not in declared
    ]


def _wall(kg: KnowledgeGraph) -> list[Finding]:
    """No proposition of a reported claim may be a plain triple, unless another segment states it."""
    found = []
    claims = kg.query(
        """SELECT ?segment ?claim ?s ?p ?o {
            GRAPH ?segment { ?claim bri:reportedBy ?who ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . ?s ?p ?o }
        }"""
    )
    for row in claims.to_dicts():
        found.append(
            Finding(
                "wall",
                shorten(row["segment"] or ""),
                f"The proposition of {shorten(row['claim'] or '')} is a plain triple in the same graph; take it out.",
            )
        )
    return found


def _shapes(kg: KnowledgeGraph) -> list[Finding]:
    """SHACL, in two runs: the union against its shapes, and the records of each segment's graph by themselves against theirs."""
    import rdflib

    from .answers import rdflib_term

    apart = rdflib.Graph()
    record = ox.NamedNode(bri("Record"))
    for name in kg.store.named_graphs():
        if isinstance(name, ox.NamedNode) and name.value.startswith(_SEGMENT):
            # A record is renamed in each graph, so that one run of the validator sees each graph's part of it alone.
            for typed in kg.store.quads_for_pattern(None, ox.NamedNode(rdf("type")), record, name):
                alone = rdflib.URIRef(f"{_text(typed.subject)}?in={name.value.removeprefix(_SEGMENT)}")
                for quad in kg.store.quads_for_pattern(typed.subject, None, None, name):
                    apart.add((alone, rdflib_term(quad.predicate), rdflib_term(quad.object)))
    return _validate(_union(kg), "union") + _validate(apart, "per-segment")


def _links(kg: KnowledgeGraph) -> list[Finding]:
    from .links.faults import find_link_faults

    return find_link_faults(kg)


def _union(kg: KnowledgeGraph) -> rdflib.Graph:
    import rdflib

    from .answers import rdflib_term

    union = rdflib.Graph()
    for quad in kg.store.quads_for_pattern(None, None, None, _DEFAULT):
        union.add((rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)))
    return union


def _validate(data: rdflib.Graph, part: str) -> list[Finding]:
    import rdflib
    from pyshacl import validate

    shapes = rdflib.Graph().parse(ontology_folder() / "shapes.ttl")
    member = rdflib.DCTERMS.isPartOf
    for shape, other in list(shapes.subject_objects(member)):
        if other != rdflib.URIRef(f"{BASE}shape/{part}"):
            shapes.remove((shape, None, None))
    _, report, _ = validate(data, shacl_graph=shapes, inference="none")
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    results = report.subjects(rdflib.RDF.type, shacl.ValidationResult)
    found = {
        (str(report.value(result, shacl.focusNode)), str(report.value(result, shacl.resultMessage)))
        for result in results
    }
    return [Finding("shapes", _where(node), message) for node, message in sorted(found)]


def _where(node: str) -> str:
    iri, _, segment = node.partition("?in=")
    return f"{segment}: {shorten(iri)}" if segment else shorten(iri)


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def findings_about_paper(kg: KnowledgeGraph) -> list[Finding]:
    """Return the errata and inconsistencies that the graph records of the paper itself, then what the rules find in it."""
    tag = f'"{kg.labels.tag}"'
    rows = kg.query(
        """SELECT ?segment ?erratum ?concerns ?property ?printed ?corrected (SAMPLE(?note) AS ?gloss) {
            GRAPH ?segment {
                ?erratum a bri:Erratum ; bri:concerns ?concerns ; bri:concernsProperty ?property ; bri:printedValue ?printed .
                OPTIONAL { ?erratum bri:correctedValue ?corrected }
                OPTIONAL { ?erratum bri:gloss ?note . FILTER (LANG(?note) = "en") }
            }
        } GROUP BY ?segment ?erratum ?concerns ?property ?printed ?corrected ORDER BY ?segment ?erratum""".replace(
            '"en"', tag
        )
    )
    found = []
    language = kg.language
    for row, read in zip(rows.to_dicts(), rows.labelled(), strict=True):
        right = word("right", language, row["corrected"]) if row["corrected"] else word("right unknown", language)
        note = f" {row['gloss']}" if row["gloss"] else ""
        found.append(
            Finding("erratum", read[0], word("printed", language, read[2], read[3], row["printed"], right) + note)
        )
    for row in kg.query(
        """SELECT ?segment ?gloss (GROUP_CONCAT(?id; separator = ", ") AS ?ids) {
            SELECT DISTINCT ?segment ?gloss ?id {
                GRAPH ?segment { ?inconsistency a bri:Inconsistency ; bri:gloss ?gloss ; bri:between ?between }
                FILTER (LANG(?gloss) = "en")
                BIND (REPLACE(STR(?between), "^.*/", "") AS ?id)
            } ORDER BY ?id
        } GROUP BY ?segment ?gloss ORDER BY ?segment""".replace('"en"', tag)
    ).to_dicts():
        found.append(
            Finding(
                "inconsistency", (row["segment"] or "").removeprefix(segment_iri("")), f"{row['gloss']} ({row['ids']})"
            )
        )
    return found + find_contradictions(kg)


def find_contradictions(kg: KnowledgeGraph) -> list[Finding]:
    """Return what the rules of ``ontology/consistency.ttl`` find in the paper; each says whether it is recorded and where."""
    union = _union(kg)
    return [
        Finding("rule", shorten(broken.node), f"{broken.message} {_recorded(union, broken, kg.language)}")
        for broken in _broken_rules(union)
    ]


class _Broken(NamedTuple):
    """A rule, the node that breaks it, the property in question, the other node (or the same) and a message with short names."""

    rule: str
    node: str
    property: str
    other: str
    message: str


def _broken_rules(data: rdflib.Graph) -> list[_Broken]:
    import rdflib
    from pyshacl import validate
    from rdflib.plugins.sparql import prepareQuery

    class Prepared(rdflib.Graph):
        """The same triples; the text of a query is parsed once, where pySHACL would have it parsed for every node, many times slower."""

        prepare = staticmethod(cache(prepareQuery))

        def query(self, query_object: Any, *args: Any, **options: Any) -> rdflib.query.Result:
            return super().query(self.prepare(query_object), *args, **options)

    rules = rdflib.Graph().parse(ontology_folder() / "consistency.ttl")
    shared = Prepared(data.store, data.identifier)
    _, report, _ = validate(shared, shacl_graph=rules, inference="none", inplace=True)
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    parts = (shacl.sourceShape, shacl.focusNode, shacl.resultPath, shacl.value, shacl.resultMessage)
    found = {
        _Broken(*(str(report.value(result, part)) for part in parts))
        for result in report.subjects(rdflib.RDF.type, shacl.ValidationResult)
    }
    return sorted(
        broken._replace(
            rule=broken.rule.removeprefix(f"{BASE}shape/consistency-"),
            message=re.sub(rf"{BASE}[\w/#-]+", lambda match: shorten(match[0]), broken.message),
        )
        for broken in found
    )


def _recorded(data: rdflib.Graph, broken: _Broken, language: str) -> str:
    import rdflib

    records = {
        str(record)
        for concerned in (broken.node, broken.other)
        for record in data.subjects(rdflib.URIRef(bri("concerns")), rdflib.URIRef(concerned))
        if (record, rdflib.URIRef(bri("concernsProperty")), rdflib.URIRef(broken.property)) in data
    }
    if records:
        return word("recorded", language, word("join", language).join(map(shorten, sorted(records))))
    return word("not recorded", language)
