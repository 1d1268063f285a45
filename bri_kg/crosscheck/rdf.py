"""Verdicts as RDF: nodes of their own, each citing the segment of the paper and the record; nothing is said of the paper's nodes themselves."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..names import PREFIXES, bri, concept, rdf, rdfs, segment_iri
from .words import REMARKS, RULES, said

if TYPE_CHECKING:
    from .report import CrossCheck, Verdict

__all__ = ["verdict_iri", "verdicts_to_turtle"]

_PROV = "http://www.w3.org/ns/prov#"


def verdict_iri(verdict: Verdict) -> str:
    """Return the name of a verdict: it is made of the fact, its value and the record, so that it stays when others come or go."""
    against = verdict.record.iri if verdict.record else ""
    key = "\t".join([verdict.fact.node, verdict.fact.aspect, verdict.fact.value, against])
    return f"{PREFIXES['verdict']}{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def verdicts_to_turtle(check: CrossCheck) -> str:
    """Return the verdicts as Turtle, in their order."""
    prefixes = {name: PREFIXES[name] for name in ("bri", "concept", "dcterms", "rdfs", "verdict")} | {"prov": _PROV}
    triples = [triple for verdict in check.verdicts for triple in _triples(check, verdict)]
    made = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return (made.decode() if made else "").replace(" .\nverdict:", " .\n\nverdict:")


def _triples(check: CrossCheck, verdict: Verdict) -> list[ox.Triple]:
    fact, record, finding, link = verdict.fact, verdict.record, verdict.finding, verdict.link
    node = ox.NamedNode(verdict_iri(verdict))
    sentences = [segment_iri(sentence.id) for sentence, _ in check.sentences(fact)]
    label = f"{check.kg.labels.label(fact.node)} · {said(fact.aspect, check.language)} · {check.kind(finding.kind)}"
    values: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (rdf("type"), ox.NamedNode(bri("Verdict"))),
        (rdfs("label"), ox.Literal(label, language="zh-hans" if check.language != "en" else "en")),
        (bri("verdictKind"), ox.NamedNode(concept(finding.kind))),
        (bri("verdictRule"), ox.Literal(finding.rule)),
        (bri("checkedFact"), ox.NamedNode(fact.node)),
        *((bri("checkedSegment"), ox.NamedNode(one)) for one in sentences),
        (bri("paperValue"), ox.Literal(check.paper_text(fact))),
    ]
    if record:
        values.append((bri("checkedAgainst"), ox.NamedNode(record.iri)))
        values.append((PREFIXES["dcterms"] + "bibliographicCitation", ox.Literal(check.cited_record(verdict))))
    if text := check.record_text(finding):
        values.append((bri("recordValue"), ox.Literal(text)))
    sources = [*([link.mapping] if link else []), *(search.mapping for search in verdict.searches)]
    values += [
        (_PROV + "wasDerivedFrom", ox.NamedNode(one))
        for one in [*sentences, *([record.iri] if record else []), *sources]
    ]
    comment = said(finding.rule, check.language, table=RULES)
    comment += f" ({said(finding.remark, check.language, table=REMARKS)})" if finding.remark else ""
    values.append((rdfs("comment"), ox.Literal(comment, language="zh-hans" if check.language != "en" else "en")))
    return [ox.Triple(node, ox.NamedNode(predicate), value) for predicate, value in values]
