"""The paper's facts that other data can speak of, found by SPARQL: dates, sums, financiers, states, parties, titles, fates and terms of office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..names import ONTOLOGY, PREFIXES
from . import factqueries as queries
from .dates import bounds

__all__ = ["ASPECTS", "PaperFact", "paper_facts"]

ASPECTS = ("date", "status", "country", "party", "fate", "title", "term", "amount", "financier")
_CONCEPT = PREFIXES["concept"]
_STAGES = {
    "construction-started": "implementation",
    "construction-advanced": "implementation",
    "construction-accelerated": "implementation",
    "joint-testing-began": "implementation",
    "completed": "completion",
    "opened-for-trial": "completion",
    "operation-started": "completion",
}
#: Order in which a project passes its milestones.
_ORDER = tuple(_STAGES)


@dataclass(frozen=True)
class PaperFact:
    """One comparable fact of the paper.

    ``node`` states it, ``entity`` is what it is about, ``aspect`` what is compared, ``kind`` what sort of date, sum or stage it is. ``value`` is the
    value as the paper has it (a date in its own precision, a number, a text); ``earliest`` and ``latest`` are its bounds as days. ``terms`` are
    nodes that are values: states, parties, financiers. ``graphs`` are the segments and errata that state it. ``by_phase`` tells that the bounds are
    those of the phase in which the paper tells it, ``printed`` that an erratum says that the value as printed is wrong. ``mentions`` are the spans of
    days of which a sentence calls somebody by a title; ``also`` are further things that the fact is about.
    """

    node: str
    entity: str
    aspect: str
    kind: str = ""
    value: str = ""
    earliest: str = ""
    latest: str = ""
    unit: str = ""
    terms: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    by_phase: bool = False
    printed: bool = False
    mentions: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """The things whose links lead to records that may speak of the fact."""
        return (self.entity, self.node, *self.also)


def paper_facts(kg: KnowledgeGraph) -> list[PaperFact]:
    """Return the comparable facts of the paper, by what they are about, aspect and node."""
    found = [
        *_milestones(kg),
        *_dated(kg),
        *_printed(kg),
        *_countries(kg),
        *_parties(kg),
        *_fates(kg),
        *_titles(kg),
        *_terms(kg),
        *_money(kg),
    ]
    return sorted(
        found, key=lambda fact: (fact.entity, ASPECTS.index(fact.aspect), fact.earliest, fact.node, fact.value)
    )


Row = dict[str, str]


def _rows(kg: KnowledgeGraph, query: str) -> list[Row]:
    """Return the rows of a query, unbound variables left out, IRIs of concepts by their local name, in one order always."""
    answer = kg.query(query)
    rows = [
        {
            name: term.value
            for name, term in zip(answer.columns, row, strict=True)
            if isinstance(term, (ox.NamedNode, ox.Literal))
        }
        for row in answer.terms
    ]
    return sorted(rows, key=lambda row: sorted(row.items()))


def _local(iri: str) -> str:
    return iri.removeprefix(_CONCEPT)


def _stated(kg: KnowledgeGraph, node: str, needed: str = "") -> tuple[str, ...]:
    """Return the segments and errata whose graphs speak of a node, those that state ``needed`` (a property of ours) where any does."""
    subject = ox.NamedNode(node)
    wanted = ox.NamedNode(ONTOLOGY + needed) if needed else None
    found = _graphs(kg.store.quads_for_pattern(subject, wanted, None, None))
    return found or _graphs(kg.store.quads_for_pattern(subject, None, None, None))


def _stating(kg: KnowledgeGraph, node: str, value: str) -> tuple[str, ...]:
    """Return the segments and errata that give a node this date."""
    quads = kg.store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(ONTOLOGY + "date"), None, None)
    return _graphs(quad for quad in quads if isinstance(quad.object, ox.Literal) and quad.object.value == value)


def _graphs(quads: Iterable[ox.Quad]) -> tuple[str, ...]:
    names = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    return tuple(sorted(name for name in names if name.startswith((PREFIXES["segment"], PREFIXES["erratum"]))))


def _milestones(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    phases = _phase_bounds(kg)
    furthest: dict[str, tuple[int, PaperFact]] = {}
    for row in _rows(kg, queries.MILESTONES):
        kind = _local(row["kind"])
        first, last = phases.get(row.get("phase", ""), ("", ""))
        told = _stated(kg, row["node"])
        graphs = _stating(kg, row["node"], row["value"]) if "value" in row else told
        fact = PaperFact(
            row["node"],
            row["entity"],
            "date",
            kind,
            row.get("value") or row.get("phase", ""),
            row.get("earliest", first),
            row.get("latest", last) if "value" in row else last,
            graphs=graphs,
            by_phase="value" not in row and "phase" in row,
        )
        if fact.value:
            yield fact
        place = _ORDER.index(kind) if kind in _ORDER else -1
        if place > furthest.get(row["entity"], (-1, fact))[0]:
            furthest[row["entity"]] = (place, replace(fact, graphs=told))
    for entity, (_, fact) in sorted(furthest.items()):
        yield replace(fact, node=entity, aspect="status", value=_STAGES[fact.kind], by_phase=False)


def _phase_bounds(kg: KnowledgeGraph) -> dict[str, tuple[str, str]]:
    """Return for each phase the widest bounds that the paper gives it; an end that is open somewhere is the widest of the others."""
    bounds: dict[str, tuple[str, str]] = {}
    for row in _rows(kg, queries.PHASES):
        first, last = bounds.get(row["node"], ("9999", ""))
        bounds[row["node"]] = min(first, row.get("earliest", first)), max(last, row.get("latest", last))
    return bounds


def _dated(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    for (node, entity, value), rows in _grouped(_rows(kg, queries.DATED), "node", "entity", "value"):
        first, last = bounds(value)
        if not first:  # looser than a year, month or day: the bounds that the rules derived
            first, last = min(row["earliest"] for row in rows), max(row.get("latest", "") for row in rows)
        graphs = _stating(kg, node, value)
        yield PaperFact(node, entity, "date", _local(rows[0]["kind"]), value, first, last, graphs=graphs)


def _printed(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield values that the paper prints and an erratum corrects: dates of milestones, titles of laws."""
    kinds = {row["node"]: row for row in _rows(kg, queries.MILESTONES)}
    laws = {row["entity"] for row in _rows(kg, queries.TITLES)}
    for row in _rows(kg, queries.PRINTED):
        about, graphs = row["about"], _stated(kg, row["node"], "printedValue")
        if about in kinds and row["property"] == ONTOLOGY + "date":
            first, last = bounds(row["value"])
            told = kinds[about]
            yield PaperFact(
                row["node"],
                told["entity"],
                "date",
                _local(told["kind"]),
                row["value"],
                first,
                last,
                graphs=graphs,
                printed=True,
            )
        elif about in laws and row["property"] == PREFIXES["skos"] + "prefLabel":
            yield PaperFact(row["node"], about, "title", "", row["value"], graphs=graphs, printed=True)


def _countries(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    for (entity,), rows in _grouped(_rows(kg, queries.COUNTRIES), "entity"):
        yield PaperFact(entity, entity, "country", terms=_set(rows, "term"), graphs=_set(rows, "graph"))


def _parties(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    for (node, entity), rows in _grouped(_rows(kg, queries.PARTIES), "node", "entity"):
        yield PaperFact(node, entity, "party", terms=_set(rows, "term"), graphs=_set(rows, "graph"))


def _fates(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    for row in _rows(kg, queries.FATES):
        yield PaperFact(
            row["node"], row["entity"], "fate", _local(row["kind"]), row["kind"], graphs=_stated(kg, row["node"])
        )


def _titles(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    speaking = {row["entity"]: row["node"] for row in _rows(kg, queries.DATED)}
    for row in _rows(kg, queries.TITLES):
        graphs = _stated(kg, speaking.get(row["entity"], row["entity"]))
        yield PaperFact(row["entity"], row["entity"], "title", "", row["value"], graphs=graphs)


def _terms(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    dates: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in _rows(kg, queries.MENTIONS):
        dates.setdefault((row["graph"], row["entity"]), set()).add((row["earliest"], row.get("latest", "")))
    for (node, entity), rows in _grouped(_rows(kg, queries.POSTS), "node", "entity"):
        mentions = sorted({one for row in rows for one in dates.get((row["graph"], entity), ())})
        yield PaperFact(
            node,
            entity,
            "term",
            "post",
            rows[0]["value"],
            mentions[0][0] if mentions else "",
            max((last for _, last in mentions), default=""),
            terms=_set(rows, "term"),
            graphs=_set(rows, "graph"),
            mentions=tuple(mentions),
        )
    for row in _rows(kg, queries.OFFICES):
        yield PaperFact(
            row["node"],
            row["entity"],
            "term",
            "takes-office",
            row["value"],
            row["earliest"],
            row.get("latest", ""),
            terms=(row["term"],) if "term" in row else (),
            graphs=(row["graph"],),
        )


def _money(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    for (node,), rows in _grouped(_rows(kg, queries.MONEY), "node"):
        row, about = rows[0], _set(rows, "entity")
        projects = [one for one in about if one.startswith(PREFIXES["project"])]
        yield PaperFact(
            node,
            (projects or list(about))[0],
            "amount",
            _local(row["kind"]),
            row["value"],
            row.get("earliest", ""),
            row.get("latest", ""),
            unit=_local(row["unit"]),
            terms=(_local(row["bound"]),) if "bound" in row else (),
            graphs=_stated(kg, node),
            also=about,
        )
    for (node, entity), rows in _grouped(_rows(kg, queries.FINANCIERS), "node", "entity"):
        yield PaperFact(node, entity, "financier", terms=_set(rows, "term"), graphs=_set(rows, "graph"))


def _grouped(rows: Iterable[Row], *keys: str) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    yield from sorted(groups.items())


def _set(rows: Iterable[Row], key: str) -> tuple[str, ...]:
    return tuple(sorted({row[key] for row in rows if key in row}))
