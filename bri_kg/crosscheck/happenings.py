"""Facts of the paper about when: milestones and how far a project has come, signatures, entries into force, foundings, and printed dates that err."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..graph import KnowledgeGraph
from ..names import ONTOLOGY
from . import factqueries as queries
from .dates import bounds
from .facts import PaperFact, all_of, grouped, local_name, rows_of, stated_in, stating_date

__all__ = ["LATE", "happenings"]

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
#: Milestones that no project passes before building has begun.
LATE = _ORDER[3:]


def happenings(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield the facts that have a date, and for each project the stage of its furthest milestone."""
    yield from _milestones(kg)
    yield from _dated(kg)
    yield from _printed(kg)
    yield from _congresses(kg)


def _milestones(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    phases = _phase_bounds(kg)
    furthest: dict[str, tuple[int, PaperFact]] = {}
    for row in rows_of(kg, queries.MILESTONES):
        kind = local_name(row["kind"])
        first, last = phases.get(row.get("phase", ""), ("", ""))
        told = stated_in(kg, row["node"])
        graphs = stating_date(kg, row["node"], row["value"]) if "value" in row else told
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
    found: dict[str, tuple[str, str]] = {}
    for row in rows_of(kg, queries.PHASES):
        first, last = found.get(row["node"], ("9999", ""))
        found[row["node"]] = min(first, row.get("earliest", first)), max(last, row.get("latest", last))
    return found


def _dated(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    lenders = {node: all_of(rows, "term") for (node,), rows in grouped(rows_of(kg, queries.FINANCIERS), "node")}
    for (node, entity, value), rows in grouped(rows_of(kg, queries.DATED), "node", "entity", "value"):
        first, last = bounds(value)
        if not first:  # looser than a year, month or day: the bounds that the rules derived
            first, last = min(row["earliest"] for row in rows), max(row.get("latest", "") for row in rows)
        graphs = stating_date(kg, node, value)
        kind = local_name(rows[0]["kind"])
        yield PaperFact(*(node, entity, "date", kind, value, first, last), graphs=graphs, lenders=lenders.get(node, ()))


def _printed(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield dates of milestones that the paper prints and an erratum corrects."""
    kinds = {row["node"]: row for row in rows_of(kg, queries.MILESTONES)}
    for row in rows_of(kg, queries.PRINTED):
        if row["about"] in kinds and row["property"] == ONTOLOGY + "date":
            told, graphs = kinds[row["about"]], stated_in(kg, row["node"], "printedValue")
            kind, (first, last) = local_name(told["kind"]), bounds(row["value"])
            yield PaperFact(
                row["node"], told["entity"], "date", kind, row["value"], first, last, graphs=graphs, printed=True
            )


def _congresses(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield the years that notes give a Congress, right or wrong; the bills of that Congress that the paper cites can speak of them."""
    for (node, entity, value), rows in grouped(rows_of(kg, queries.CONGRESSES), "node", "entity", "value"):
        printed = "printed" in rows[0]
        first, _, last = value.partition("/")
        yield PaperFact(
            node,
            entity,
            "date",
            "congress",
            value,
            bounds(first)[0],
            bounds(last or first)[1],
            graphs=stated_in(kg, node, "printedValue" if printed else "date"),
            printed=printed,
            also=all_of(rows, "law"),
        )
