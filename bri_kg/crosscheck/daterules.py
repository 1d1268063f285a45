"""Rules about dates and about how far a project has come."""

from __future__ import annotations

from .dates import bounds, days_between, overlap, precision
from .facts import PaperFact
from .findings import Finding, strength
from .happenings import LATE
from .matches import Link
from .money import is_of_some_works
from .parties import Parties
from .records import CITED_WORKS, Record

__all__ = ["DAYS", "compare_date", "compare_status"]

#: Days by which two dates of the same thing may miss each other before they contradict: ceremony and first train are often weeks apart.
DAYS = 31
#: Milestones within the time of building: a record has no date of them, but it may say from when to when was built.
_WITHIN = ("construction-advanced", "construction-accelerated", "joint-testing-began")
#: For each kind of date of the paper the fields of a record to hold it against, and whether they mean the same.
_FIELDS: dict[str, tuple[tuple[str, bool], ...]] = {
    "construction-started": (("start", True),),
    "completed": (("end", True), ("since", False)),
    "opened-for-trial": (("end", False), ("since", False)),
    "operation-started": (("since", True), ("end", False)),
    "signed": (("signed", True),),
    "in-force": (("in-force", True),),
    "begun": (("signed", False),),
    "done": (("in-force", False),),
    "fully-implemented": (("in-force", False),),
    "enacted": (("became-law", True), ("issued", False)),
    "passed": (("became-law", False), ("issued", False), ("introduced", False)),
    "launched": (("start", False), ("approved", False)),
    "financed": (("approved", False), ("commitment", False)),
    "money-approved": (("approved", True), ("commitment", False)),
    "money-announced": (("announced", True), ("approved", False), ("document", False), ("commitment", False)),
}
_MONEY = ("financed", "money-approved", "money-announced")
#: What statuses of records mean; those that are not here are not compared.
_STATUS = {
    "pipeline: pledge": "pipeline",
    "pipeline: commitment": "pipeline",
    "proposed": "pipeline",
    "announced": "pipeline",
    "pre-construction": "pipeline",
    "implementation": "implementation",
    "construction": "implementation",
    "completion": "completion",
    "completed": "completion",
    "operating": "completion",
    "cancelled": "cancelled",
    "suspended": "suspended",
    "shelved": "suspended",
}
_SAME_STATUS = {
    ("completed", "completion"),
    ("completed", "completed"),
    ("operation-started", "operating"),
    ("construction-started", "implementation"),
    ("construction-started", "construction"),
    ("construction-advanced", "implementation"),
    ("construction-accelerated", "implementation"),
    ("construction-accelerated", "construction"),
}


def compare_date(fact: PaperFact, record: Record, link: Link, parties: Parties) -> Finding | None:
    """Return the verdict on a date; None for a printed date that the record does not bear on."""
    if fact.kind == "congress":
        return _congress(fact, record)
    if fact.printed:
        return _order(fact, record, link)
    if fact.kind in _WITHIN and bounds(record.get("start"))[0] and fact.earliest:
        return _within(fact, record, link)
    fields = _FIELDS.get(fact.kind, ())
    known = [(name, same, record.get(name)) for name, same in fields if bounds(record.get(name))[0]]
    if not known or not fact.earliest:
        return Finding("silent", "no-value", "", fields[0][0] if fields else "")
    told, of = (fact.earliest, fact.latest), strength(record, link)
    name, same, text = known[0]
    spread = _spread(record, text)
    fits = overlap(told, spread)
    remark = of if of != "same" else "whole-month" if spread != bounds(text) else ""
    if fact.by_phase:
        kind = "consistent" if fits else "differs-by-date"
        return Finding(kind, "phase-window", text, name, of if of != "same" else "")
    funders = record.all("funder")
    if fact.lenders and funders and not any(parties.names(one, funders) for one in fact.lenders):
        return Finding("differs-by-definition", "other-lender", text, name)
    if not same or of == "related":
        if fact.kind in _MONEY:
            return Finding("consistent" if fits else "differs-by-stage", "financing-date", text, name, remark)
        if name == "introduced":
            return Finding("differs-by-stage", "bill-stage", text, name)
        if record.dataset == CITED_WORKS:
            return Finding("consistent" if fits else "differs-by-stage", "cited-text", text, name, "own-note")
        return Finding("consistent" if fits else "differs-by-definition", "neighbouring-date", text, name, remark)
    if fits:
        exact = spread == told and of == "same"
        return Finding(
            "confirms" if exact else "consistent", "same-date" if exact else "coarser-date", text, name, remark
        )
    if of == "part":
        return Finding("differs-by-stage", "part-of-whole", text, name, remark)
    if of == "near":
        return Finding("differs-by-definition", "near-match", text, name, remark)
    close = days_between(told, spread) <= DAYS
    return Finding("differs-by-date" if close else "contradicts", "same-date", text, name, remark)


def _spread(record: Record, text: str) -> tuple[str, str]:
    """Return the bounds of a record's date; where AidData knows a month or year alone it writes its first day, which so stands for the whole."""
    if record.dataset == "aiddata" and precision(text) == "day" and text.endswith("-01"):
        return bounds(text[:4] if text.endswith("-01-01") else text[:7])
    return bounds(text)


def _works(record: Record) -> tuple[str, str]:
    """Return the field and text that tell from when to when was built."""
    start, end = record.get("start"), record.get("end")
    return ("works", f"{start} – {end}") if bounds(end)[0] else ("start", start)


def _order(fact: PaperFact, record: Record, link: Link) -> Finding | None:
    start = record.get("start")
    is_whole = link.predicate in ("exactMatch", "financedByRecord") and not is_of_some_works(record)
    if is_whole and fact.kind in LATE and start and fact.latest and fact.latest < bounds(start)[0]:
        field, said = _works(record)
        return Finding("contradicts", "order", said, field)
    return None


def _within(fact: PaperFact, record: Record, link: Link) -> Finding:
    """Hold a milestone within the time of building against the works of a record, whose end may be open."""
    start, end = bounds(record.get("start"))[0], bounds(record.get("end"))[1]
    of, (field, said) = strength(record, link), _works(record)
    fits = overlap((fact.earliest, fact.latest), (start, end))
    remark = of if of != "same" else ""
    return Finding("consistent" if fits else "differs-by-date", "during-works", said, field, remark)


def _congress(fact: PaperFact, record: Record) -> Finding:
    if years := record.get("years"):
        first, _, last = years.partition("/")
        span = bounds(first)[0], bounds(last or first)[1]
        same = span == (fact.earliest, fact.latest)
        return Finding("confirms" if same else "contradicts", "congress-years", years, "years")
    issued = record.get("issued")
    if record.dataset != CITED_WORKS or not bounds(issued)[0] or not fact.earliest:
        return Finding("silent", "no-value", "", "issued")
    kind = "consistent" if overlap((fact.earliest, fact.latest), bounds(issued)) else "contradicts"
    return Finding(kind, "congress", issued, "issued", "own-note")


def compare_status(fact: PaperFact, record: Record, link: Link) -> Finding:
    """Return the verdict on how far a project has come."""
    text = record.get("status")
    stage = _STATUS.get(text.casefold(), "")
    of = strength(record, link)
    remark = of if of != "same" else ""
    if not stage:
        return Finding("silent", "no-value", "", "status")
    if stage == fact.value:
        exact = (fact.kind, text.casefold()) in _SAME_STATUS and of == "same"
        return Finding("confirms" if exact else "consistent", "status", text, "status", remark)
    if stage in ("cancelled", "suspended") and of == "same":
        return Finding("contradicts" if fact.value == "completion" else "differs-by-date", "status", text, "status")
    if of in ("part", "near"):
        return Finding("differs-by-stage", "status", text, "status", remark)
    return Finding("differs-by-date", "status", text, "status", "as-of")
