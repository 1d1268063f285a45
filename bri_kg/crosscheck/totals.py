"""Sums over the records that finance one project: made only where they are of one currency, price basis and stage, umbrella records left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from ..graph import KnowledgeGraph
from ..names import PREFIXES
from ..tables import Table
from .facts import PaperFact
from .gathering import paper_facts
from .matches import Links
from .money import basis_of, currency_of, is_share
from .records import Record, Records
from .telling import Telling
from .words import said

__all__ = ["Total", "money_table", "total"]

_LINKED = re.compile(r"\(Linked to [^)]*\)")
_NUMBER = re.compile(r"\d{4,}")


class Total(NamedTuple):
    """A sum, or why there is none: ``value`` is None then. ``reasons`` say what was refused or left out, ``left_out`` names the records."""

    value: Decimal | None
    currency: str
    basis: str
    reasons: tuple[str, ...]
    counted: tuple[str, ...]
    left_out: tuple[str, ...]


def total(records: Sequence[Record], language: str = "en") -> Total:
    """Add the sums of records, each once, or refuse.

    Umbrella records and those without a sum are left out, and named. Two currencies, price bases or stages (pledged, committed, disbursed) among the
    rest are refused, with the reason. Remarks say which records are of a part, and which the titles name as linked and are not here.
    """
    by_iri = {record.iri: record for record in records}
    umbrellas = sorted(record.id for record in by_iri.values() if record.is_umbrella)
    empty = sorted(record.id for record in by_iri.values() if _value(record) is None and not record.is_umbrella)
    counted = [by_iri[iri] for iri in sorted(by_iri) if by_iri[iri].id not in {*umbrellas, *empty}]
    currencies = sorted({currency_of(record.get("currency")) for record in counted})
    bases = sorted({basis_of(record) for record in counted})
    reasons = _refusals(counted, language)
    is_refused = bool(reasons) or not counted
    if not is_refused:
        reasons.append(said("one record", language) if len(counted) == 1 else said("summed", language, len(counted)))
    if umbrellas:
        reasons.append(said("umbrella left out", language, ", ".join(umbrellas)))
    if empty:
        reasons.append(said("no amount", language, ", ".join(empty)))
    if parts := sorted(record.id for record in counted if is_share(record)):
        reasons.append(said("parts", language, ", ".join(parts)))
    if others := _named_elsewhere(list(by_iri.values())):
        reasons.append(said("others linked", language, ", ".join(others)))
    value = None if is_refused else sum((_value(record) or Decimal() for record in counted), Decimal())
    return Total(
        value,
        currencies[0] if len(currencies) == 1 else "",
        bases[0] if len(bases) == 1 else "",
        tuple(reasons),
        tuple(record.id for record in counted),
        (*umbrellas, *empty),
    )


def _refusals(records: Iterable[Record], language: str) -> list[str]:
    """Return why the sums of records cannot be added: a reason for each respect in which they are of several kinds."""
    records = list(records)
    kinds = {
        "currencies differ": {currency_of(record.get("currency")) for record in records},
        "bases differ": {basis_of(record) for record in records},
        "stages differ": {said(_stage(record), language) for record in records},
    }
    return [said(key, language, ", ".join(sorted(found))) for key, found in kinds.items() if len(found) > 1]


def _value(record: Record) -> Decimal | None:
    try:
        return Decimal(record.get("amount"))
    except InvalidOperation:
        return None


def _stage(record: Record) -> str:
    if "disburse" in record.get("name").casefold():
        return "disbursed"
    return "pledged" if record.get("status").casefold() == "pipeline: pledge" else "committed"


def _named_elsewhere(records: Sequence[Record]) -> list[str]:
    """Return the ids that titles name as linked and that are not among the records."""
    named = {
        number for record in records for part in _LINKED.findall(record.get("name")) for number in _NUMBER.findall(part)
    }
    return sorted(named - {record.id for record in records})


def money_table(kg: KnowledgeGraph, entity: str = "", mapping_sets: Iterable[Path] = ()) -> Table:
    """Return the sums of the paper by project, then by thing those of the records that finance it, and each time the total or why there is none.

    Raises NameLookupError for an entity that means nothing or several things.
    """
    about = kg.lookup.entity(entity) if entity else ""
    links, records = Links(kg, mapping_sets), Records(kg)
    language = kg.labels.tag
    rows: list[tuple[str, ...]] = _sums_of_the_paper(kg, about)
    missing: set[str] = set()
    counted: list[Record] = []
    for subject, found in sorted(links.found.items()):
        if about and subject != about:
            continue
        money = [link for link in found if link.predicate == "financedByRecord"]
        missing |= {link.dataset for link in money if not records.holds(link.dataset)}
        behind = [record for link in money for record in records.behind(link)]
        if not behind:
            continue
        counted += behind
        made = total(behind, language)
        shown = "" if made.value is None else f"{made.value:,.0f} {made.currency} ({made.basis})"
        each = [f"{one.dataset} {one.id}: {_shown(one)}" for one in behind]
        rows.append((kg.labels.label(subject), "; ".join(each), shown, "; ".join(made.reasons)))
    title = said("money title", language)
    remarks = [said("not imported", language, ", ".join(sorted(missing)))] if missing else []
    if not rows and not missing:
        remarks = [said("no money", language)]
    remarks = [*_over_all(counted, language, bool(about)), *remarks, *Telling(kg).datasets(counted)]
    return Table(("project", "records", "sum", "remark"), tuple(rows), title, remarks=tuple(remarks), language=language)


def _over_all(records: Sequence[Record], language: str, is_one: bool) -> list[str]:
    """Return what is to be said of all records together: what their sums are, and why there is none over all projects."""
    if not records or is_one:
        return [said("money of records", language)] if records else []
    counted = {record.iri: record for record in records if _value(record) is not None and not record.is_umbrella}
    refused = _refusals(counted.values(), language)
    return [said("money of records", language), *(said("money over all", language, one) for one in refused)]


def _sums_of_the_paper(kg: KnowledgeGraph, about: str) -> list[tuple[str, ...]]:
    """Return a row for each project of which the paper tells sums: they are of different senses, and a share is in its whole already."""
    telling, language = Telling(kg), kg.labels.tag
    by_project: dict[str, list[PaperFact]] = {}
    for fact in paper_facts(kg):
        if fact.aspect == "amount" and fact.entity.startswith(PREFIXES["project"]) and about in ("", fact.entity):
            by_project.setdefault(fact.entity, []).append(fact)
    rows: list[tuple[str, ...]] = []
    for project, facts in sorted(by_project.items()):
        each = [
            f"{said('the paper', language, telling.pages(fact))}: {telling.paper(fact)} ({telling.what(fact)})"
            for fact in facts
        ]
        senses = sorted({telling.what(fact) for fact in facts})
        one = said("one sum" if len(facts) == 1 else "sense repeated", language)
        reason = said("senses differ", language, ", ".join(senses)) if len(senses) > 1 else one
        rows.append(
            (kg.labels.label(project), "; ".join(each), "" if len(facts) > 1 else telling.paper(facts[0]), reason)
        )
    return rows


def _shown(record: Record) -> str:
    value = _value(record)
    if value is None:
        return "–"
    return f"{value:,.0f} {currency_of(record.get('currency'))} ({basis_of(record)})"
