"""Facts of the paper about offices: by which title it calls somebody and when, who takes office, what an administration does and whom it follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..graph import KnowledgeGraph
from . import factqueries as queries
from .dates import bounds
from .facts import PaperFact, Row, all_of, grouped, rows_of

__all__ = ["offices"]

_ADMINISTRATION = re.compile(r"(?:.* )?(\S+) administration", re.IGNORECASE)


def offices(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield the facts about who held which office when."""
    yield from _posts(kg)
    yield from _persons(kg)
    yield from _administrations(kg)


def _posts(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    dates: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in rows_of(kg, queries.MENTIONS):
        dates.setdefault((row["graph"], row["entity"]), set()).add(_span(row))
    for (node, entity), rows in grouped(rows_of(kg, queries.POSTS), "node", "entity"):
        mentions = sorted({one for row in rows for one in dates.get((row["graph"], entity), ())})
        yield PaperFact(
            node,
            entity,
            "term",
            "post",
            rows[0]["value"],
            mentions[0][0] if mentions else "",
            max((last for _, last in mentions), default=""),
            terms=all_of(rows, "term"),
            graphs=all_of(rows, "graph"),
            mentions=tuple(mentions),
        )


def _span(row: Row) -> tuple[str, str]:
    return bounds(row["issued"]) if "issued" in row else (row["earliest"], row.get("latest", ""))


def _persons(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    for row in rows_of(kg, queries.OFFICES):
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


def _administrations(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield what the paper tells of administrations; the records of who held the office are found by the state and the name."""
    known = {row["entity"]: row for row in rows_of(kg, queries.ADMINISTRATIONS)}

    def called(entity: str) -> str:
        found = _ADMINISTRATION.fullmatch(known[entity]["label"]) if entity in known else None
        return found.group(1) if found else ""

    for (node, entity), rows in grouped(rows_of(kg, queries.TAKEOVERS), "node", "entity"):
        row = rows[0]
        value, first, last = row.get("value", ""), row.get("earliest", ""), row.get("latest", "")
        state, graphs = known[entity]["state"], all_of(rows, "graph")
        yield PaperFact(
            *(node, entity, "term", "takes-office", value, first, last),
            terms=(state,),
            graphs=graphs,
            also=(state,),
            called=called(entity),
        )
    for (entity,), rows in grouped(rows_of(kg, queries.ACTS), "entity"):
        mentions = tuple(sorted({_span(row) for row in rows}))
        yield PaperFact(
            *(entity, entity, "term", "acts", "", mentions[0][0], max(last for _, last in mentions)),
            terms=(known[entity]["state"],),
            graphs=all_of(rows, "graph"),
            mentions=mentions,
            also=(known[entity]["state"],),
            called=called(entity),
        )
    for (entity, before), rows in grouped(rows_of(kg, queries.SUCCESSIONS), "entity", "before"):
        state = known[entity]["state"]
        yield PaperFact(
            *(entity, entity, "term", "succession", before),
            terms=(state,),
            graphs=all_of(rows, "graph"),
            also=(state,),
            called=called(entity),
            before=called(before),
        )
