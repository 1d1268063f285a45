"""Verdicts as RDF: nodes of their own, each citing the segment of the paper and the record; nothing is said of the paper's nodes themselves."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..names import PREFIXES, bri, concept, graph_iri, rdf, rdfs, segment_iri

if TYPE_CHECKING:
    from .report import CrossCheck, Verdict

__all__ = ["graph_with_verdicts", "verdict_iri", "verdicts_to_turtle"]

_PROV = "http://www.w3.org/ns/prov#"


def verdict_iri(verdict: Verdict) -> str:
    """Return the name of a verdict: it is made of the fact, its value and the record, so that it stays when others come or go."""
    fact = verdict.fact
    against = verdict.record.iri if verdict.record else ""
    if verdict.record and not against.startswith(PREFIXES["record"] + verdict.record.dataset):
        against += f" {verdict.record.dataset}"  # a thing that several datasets may describe
    key = "\t".join(
        [fact.node, fact.aspect, fact.kind if fact.aspect in ("party", "term") else "", fact.value, against]
    )
    return f"{PREFIXES['verdict']}{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def verdicts_to_turtle(check: CrossCheck) -> str:
    """Return the verdicts as Turtle, in their order."""
    prefixes = {name: PREFIXES[name] for name in ("bri", "concept", "dcterms", "rdfs", "verdict")} | {"prov": _PROV}
    triples = [triple for verdict in check.verdicts for triple in _triples(check, verdict)]
    made = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return (made.decode() if made else "").replace(" .\nverdict:", " .\n\nverdict:")


def graph_with_verdicts(check: CrossCheck) -> KnowledgeGraph:
    """Return a graph of its own that holds what was checked and the verdicts."""
    store, graph = ox.Store(), ox.NamedNode(graph_iri("verdicts"))
    store.bulk_extend(check.kg.store)
    triples = [triple for verdict in check.verdicts for triple in _triples(check, verdict)]
    for place in (graph, ox.DefaultGraph()):
        store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, place) for triple in triples)
    return KnowledgeGraph(store, check.kg.language)


def _triples(check: CrossCheck, verdict: Verdict) -> list[ox.Triple]:
    fact, finding, link, telling = verdict.fact, verdict.finding, verdict.link, check.telling
    node = ox.NamedNode(verdict_iri(verdict))
    language = "zh-hans" if check.language != "en" else "en"
    sentences = [segment_iri(sentence.id) for sentence, _ in telling.sentences(fact)]
    label = f"{telling.thing(fact)} · {telling.what(fact)} · {telling.kind(finding.kind)}"
    values: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (rdf("type"), ox.NamedNode(bri("Verdict"))),
        (rdfs("label"), ox.Literal(label, language=language)),
        (bri("verdictKind"), ox.NamedNode(concept(finding.kind))),
        (bri("verdictRule"), ox.Literal(finding.rule)),
        (bri("checkedFact"), ox.NamedNode(fact.node)),
        *((bri("checkedSegment"), ox.NamedNode(one)) for one in sentences),
        (bri("paperValue"), ox.Literal(telling.paper(fact))),
    ]
    for record in verdict.records:
        values.append((bri("checkedAgainst"), ox.NamedNode(record.iri)))
        values.append((PREFIXES["dcterms"] + "bibliographicCitation", ox.Literal(telling.cited(record, link))))
    if text := telling.record(finding):
        values.append((bri("recordValue"), ox.Literal(text)))
    mappings = [*([link.mapping] if link else []), *(search.mapping for search in verdict.searches)]
    sources = [*sentences, *(record.iri for record in verdict.records), *mappings]
    values += [(_PROV + "wasDerivedFrom", ox.NamedNode(one)) for one in sources]
    comment, remark = telling.rule(finding.rule), telling.remark(finding)
    comment += f" ({remark})" if remark else ""
    values.append((rdfs("comment"), ox.Literal(comment, language=language)))
    return [ox.Triple(node, ox.NamedNode(predicate), value) for predicate, value in values]
