"""One comparable fact of the paper, and what every room that gathers facts needs: rows of queries, and the segments that state a node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..names import ONTOLOGY, PREFIXES

__all__ = ["ASPECTS", "PaperFact", "Row", "all_of", "grouped", "local_name", "rows_of", "stated_in", "stating_date"]

#: What is compared, in the order in which the facts about one thing are told.
ASPECTS = (
    *("date", "status", "country", "location", "involved", "seat", "member", "party"),
    *("fate", "title", "term", "amount", "financier"),
)
Row = dict[str, str]


@dataclass(frozen=True)
class PaperFact:
    """One comparable fact of the paper.

    ``node`` states it, ``entity`` is what it is about, ``aspect`` what is compared, ``kind`` what sort of date, sum or stage it is. ``value`` is the
    value as the paper has it (a date in its own precision, a number, a text); ``earliest`` and ``latest`` are its bounds as days. ``terms`` are
    nodes that are values: states, parties, financiers. ``graphs`` are the segments and errata that state it. ``by_phase`` tells that the bounds are
    those of the phase in which the paper tells it, ``printed`` that an erratum says that the value as printed is wrong. ``mentions`` are the spans of
    days of which a sentence calls somebody by a title, or tells what an administration did; ``also`` are further things whose links lead to what
    may speak of it. ``lenders`` are those whose money a sum is. ``called`` is the family name by which an administration is called, ``before`` that
    of the one before it.
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
    lenders: tuple[str, ...] = ()
    called: str = ""
    before: str = ""

    @property
    def subjects(self) -> tuple[str, ...]:
        """The things whose links lead to records that may speak of the fact."""
        return (self.entity, self.node, *self.also)


def rows_of(kg: KnowledgeGraph, query: str) -> list[Row]:
    """Return the rows of a query, unbound variables left out, in one order always."""
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


def local_name(iri: str) -> str:
    """Return the local name of a concept; what is none as it is."""
    return iri.removeprefix(PREFIXES["concept"])


def grouped(rows: Iterable[Row], *keys: str) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """Yield the rows by the values of ``keys``, in the order of these."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    yield from sorted(groups.items())


def all_of(rows: Iterable[Row], key: str) -> tuple[str, ...]:
    """Return the different values of one column, in order."""
    return tuple(sorted({row[key] for row in rows if key in row}))


def stated_in(kg: KnowledgeGraph, node: str, needed: str = "") -> tuple[str, ...]:
    """Return the segments and errata whose graphs speak of a node, those that state ``needed`` (a property of ours) where any does."""
    subject = ox.NamedNode(node)
    wanted = ox.NamedNode(ONTOLOGY + needed) if needed else None
    found = _graphs(kg.store.quads_for_pattern(subject, wanted, None, None))
    return found or _graphs(kg.store.quads_for_pattern(subject, None, None, None))


def stating_date(kg: KnowledgeGraph, node: str, value: str) -> tuple[str, ...]:
    """Return the segments and errata that give a node this date."""
    quads = kg.store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(ONTOLOGY + "date"), None, None)
    return _graphs(quad for quad in quads if isinstance(quad.object, ox.Literal) and quad.object.value == value)


def _graphs(quads: Iterable[ox.Quad]) -> tuple[str, ...]:
    names = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    return tuple(sorted(name for name in names if name.startswith((PREFIXES["segment"], PREFIXES["erratum"]))))
