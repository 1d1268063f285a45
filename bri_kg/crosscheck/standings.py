"""Facts of the paper about where and with whom: host countries, states involved, seats, places, members and parties."""

from __future__ import annotations

from collections.abc import Iterator

from ..graph import KnowledgeGraph
from . import factqueries as queries
from .facts import PaperFact, all_of, grouped, rows_of

__all__ = ["standings"]


def standings(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield the facts whose values are states and organisations."""
    by_entity = (
        ("country", queries.COUNTRIES),
        ("location", queries.LOCATIONS),
        ("involved", queries.INVOLVED),
        ("seat", queries.SEATS),
    )
    for aspect, query in by_entity:
        for (entity,), rows in grouped(rows_of(kg, query), "entity"):
            yield PaperFact(entity, entity, aspect, terms=all_of(rows, "term"), graphs=all_of(rows, "graph"))
    for (node, entity), rows in grouped(rows_of(kg, queries.PARTIES), "node", "entity"):
        yield PaperFact(node, entity, "party", terms=all_of(rows, "term"), graphs=all_of(rows, "graph"))
    for (node, entity, kind), rows in grouped(rows_of(kg, queries.ACTORS), "node", "entity", "kind"):
        yield PaperFact(node, entity, "party", kind, terms=all_of(rows, "term"), graphs=all_of(rows, "graph"))
    parties: dict[str, set[str]] = {}
    for row in rows_of(kg, queries.PARTIES):
        parties.setdefault(row["term"], set()).add(row["entity"])
    for (entity,), rows in grouped(rows_of(kg, queries.MEMBERS), "entity"):
        also = tuple(sorted(parties.get(entity, ())))  # records of what it is a party to may list its members
        terms, graphs = all_of(rows, "term"), all_of(rows, "graph")
        yield PaperFact(entity, entity, "member", terms=terms, graphs=graphs, also=also)
