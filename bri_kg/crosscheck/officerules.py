"""Rules about offices: by which title somebody is called and when, who takes office, what an administration did, and whom it follows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .dates import bounds, days_between, overlap, precision
from .facts import PaperFact
from .findings import Finding
from .records import Record, is_head

__all__ = ["compare_succession", "compare_term", "office_text", "terms_for"]

_OFFICES = {"foreign minister": "minister of foreign affairs", "secretary of state": "secretary of state"}


def compare_term(fact: PaperFact, record: Record) -> Finding | None:
    """Return the verdict on a term of office; None where the record is of another office."""
    if fact.kind == "takes-office":
        return _taking_office(fact, record)
    if fact.kind == "post" and not _same_office(fact.value, record.get("office")):
        return None
    begin, end = bounds(record.get("from")), bounds(record.get("to"))
    said = office_text(record)
    if not fact.mentions or not begin[0]:
        return Finding("consistent", "term-undated", said, "from")
    if not all(overlap(one, (begin[0], end[1])) for one in fact.mentions):
        return Finding("contradicts", "term", said, "from")
    known, remark = fact.mentions, ""
    if not end[0] and precision(record.version):  # who was in office when the record was made may have left since
        known = tuple(one for one in fact.mentions if one[1] and one[1] <= bounds(record.version)[1])
        remark = "open-term" if len(known) < len(fact.mentions) else ""
    surely = all(begin[1] <= first and (not end[0] or bool(last and last <= end[0])) for first, last in known)
    return Finding("confirms" if surely and known else "consistent", "term", said, "from", remark)


def _taking_office(fact: PaperFact, record: Record) -> Finding | None:
    begin, said = bounds(record.get("from")), office_text(record)
    if not is_head(record.get("office")) or not begin[0]:
        return None
    if not fact.earliest:
        return Finding("consistent", "term-undated", said, "from")
    if begin == (fact.earliest, fact.latest):
        return Finding("confirms", "taking-office", said, "from")
    fits = overlap((fact.earliest, fact.latest), begin)
    return Finding("consistent" if fits else "contradicts", "taking-office", said, "from")


def terms_for(fact: PaperFact, records: Sequence[Record], before: Sequence[Record] = ()) -> list[Record]:
    """Return of the terms that a dataset has of a person those of which the paper speaks.

    They hold a date of the fact, or begin when the one before ends; where none does, the nearest, and without any date the first.
    """
    dates = fact.mentions or (((fact.earliest, fact.latest),) if fact.earliest else ())
    dates = dates or tuple(bounds(one.get("to")) for one in before if bounds(one.get("to"))[0])
    chosen: list[Record] = []
    for dataset in sorted({record.dataset for record in records}):
        terms = [one for one in records if one.dataset == dataset and bounds(one.get("from"))[0]]
        far = {one.iri: min((_distance(span, one, bool(before)) for span in dates), default=0) for one in terms}
        nearest = [one for one in terms if far[one.iri] == min(far.values())]
        first = min((one.get("from")[:4] for one in nearest), default="")
        chosen += nearest if dates else [one for one in nearest if one.get("from")[:4] == first]
    return chosen


def _distance(span: tuple[str, str], record: Record, begins: bool) -> int:
    """Return how many days lie between a span and a term, or its beginning."""
    begin, end = bounds(record.get("from")), bounds(record.get("to"))
    term = begin if begins else (begin[0], end[1] or "9999-12-31")
    return days_between((span[0], span[1] or span[0]), term)


def compare_succession(record: Record, before: Sequence[Record]) -> tuple[Finding, Record | None]:
    """Return the verdict on who follows whom, with the record of the one before: that of the same dataset whose end is nearest."""
    begin = record.get("from")
    dated = [one for one in before if bounds(one.get("to"))[0] and one.dataset == record.dataset]
    if not bounds(begin)[0] or not dated:
        return Finding("silent", "no-value", "", "from"), None
    last = min(
        dated,
        key=lambda one: (
            days_between(bounds(one.get("to")), bounds(begin)),
            precision(one.get("to")) != precision(begin),
            one.iri,
        ),
    )
    said = f"{_person(last)}{last.get('to')} → {_person(record)}{begin}"
    ended, begun = bounds(last.get("to")), bounds(begin)
    if ended == begun:
        return Finding("confirms" if precision(begin) == "day" else "consistent", "succession", said, "from"), last
    return Finding("consistent" if overlap(ended, begun) else "contradicts", "succession", said, "from"), last


def _person(record: Record) -> str:
    name = record.get("person-name")
    return f"{name} " if name else ""


def office_text(record: Record) -> str:
    """Return the office of a record with its first and last day, an open end left white."""
    return f"{record.get('office')}, {record.get('from') or '?'} – {record.get('to')}".rstrip()


def _same_office(title: str, office: str) -> bool:
    """Whether a title of the paper and an office of a record are the same: the latter may add of what."""
    told = re.sub(r"^US\s+", "", title).casefold()
    told = _OFFICES.get(told, told)
    return office.casefold() == told or (office.casefold().startswith(f"{told} of "))
