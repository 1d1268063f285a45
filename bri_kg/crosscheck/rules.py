"""The rules by which a fact of the paper is held against a record: each gives one verdict, and each stands in one sentence in :mod:`.words`.

A record that is of a part, an umbrella, another stage or nearly the same thing can agree or differ; it never contradicts. Only a record of the same
thing, in the same sense, outside the tolerance, contradicts, and a printed value that comes before the beginning of the works.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..lookup import fold
from .dates import bounds, days_between, overlap, precision
from .facts import PaperFact
from .money import is_of_some_works, is_part
from .parties import Parties
from .records import CITED_WORKS, Link, Record

__all__ = ["KINDS", "Finding", "compare"]

KINDS = (
    "confirms",
    "consistent",
    "differs-by-definition",
    "differs-by-stage",
    "differs-by-price-basis",
    "differs-by-currency",
    "differs-by-rounding",
    "differs-by-date",
    "contradicts",
    "silent",
)
#: Days by which two dates of the same thing may miss each other before they contradict: ceremony and first train are often weeks apart.
DAYS = 31
_LATE = ("joint-testing-began", "completed", "opened-for-trial", "operation-started")
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
    "enacted": (("issued", False),),
    "passed": (("issued", False),),
    "financed": (("approved", False), ("commitment", False)),
}
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
_OFFICES = {"foreign minister": "minister of foreign affairs", "secretary of state": "secretary of state"}
_NUMBER = re.compile(r"^(S|H\.R|H\.Res|S\.Res)\.?\s?\d+\s*[-:–]?\s*")
_YEAR = re.compile(r"\s+of\s+\d{4}$")


class Finding(NamedTuple):
    """A verdict: its kind, the rule, what the record says, the fields that say it, and a remark (a key of :mod:`.words`)."""

    kind: str
    rule: str
    said: str = ""
    field: str = ""
    remark: str = ""


def compare(fact: PaperFact, record: Record, link: Link, parties: Parties) -> Finding | None:
    """Return what a record says to a fact; None where it is of another matter (another office of the same person, another party's treaty)."""
    if record.is_umbrella and fact.aspect != "country":
        return Finding("silent", "umbrella", record.get("name"), "name")
    by_aspect = {
        "date": _date,
        "status": _status,
        "title": _title,
        "fate": _fate,
        "term": _term,
    }
    if fact.aspect == "term" and not parties.may_be_in(fact.terms, record.get("state")):
        return None
    if fact.aspect in by_aspect:
        return by_aspect[fact.aspect](fact, record, link)
    if fact.aspect == "country":
        return _country(fact, record, link, parties)
    if fact.aspect == "party":
        return _party(fact, record, link, parties)
    from .amounts import compare_amount, compare_financier

    return compare_amount(fact, record, link) if fact.aspect == "amount" else compare_financier(fact, record, parties)


def strength(record: Record, link: Link) -> str:
    """Return what the record is of: the ``same`` thing, a ``part`` of it, nearly the same (``near``) or something tied to it (``related``)."""
    if link.predicate in ("containsRecord", "narrowMatch") or is_part(record):
        return "part"
    if link.predicate in ("closeMatch", "broadMatch", "partOfRecord"):
        return "near"
    return "related" if link.predicate == "relatedMatch" else "same"


def _spread(record: Record, text: str) -> tuple[str, str]:
    """Return the bounds of a record's date; where AidData knows a month or year alone it writes its first day, which so stands for the whole."""
    if record.dataset == "aiddata" and precision(text) == "day" and text.endswith("-01"):
        return bounds(text[:4] if text.endswith("-01-01") else text[:7])
    return bounds(text)


def _date(fact: PaperFact, record: Record, link: Link) -> Finding | None:
    told = fact.earliest, fact.latest
    start = record.get("start")
    if fact.printed:
        is_whole = link.predicate in ("exactMatch", "financedByRecord") and not is_of_some_works(record)
        if is_whole and fact.kind in _LATE and start and fact.latest and fact.latest < bounds(start)[0]:
            return Finding("contradicts", "order", start, "start")
        return None
    fields = _FIELDS.get(fact.kind, ())
    known = [(name, same, record.get(name)) for name, same in fields if bounds(record.get(name))[0]]
    if not known or not fact.earliest:
        return Finding("silent", "no-value", "", fields[0][0] if fields else "")
    of = strength(record, link)
    name, same, text = known[0]
    spread = _spread(record, text)
    fits = overlap(told, spread)
    remark = of if of != "same" else "whole-month" if spread != bounds(text) else ""
    if fact.by_phase:
        return Finding(
            "consistent" if fits else "differs-by-date", "phase-window", text, name, of if of != "same" else ""
        )
    if not same or of == "related":
        if fact.kind == "financed":
            return Finding("consistent" if fits else "differs-by-stage", "financing-date", text, name, remark)
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


def _status(fact: PaperFact, record: Record, link: Link) -> Finding:
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


def _country(fact: PaperFact, record: Record, link: Link, parties: Parties) -> Finding:
    texts = record.all("country")
    if not texts:
        return Finding("silent", "no-value", "", "country")
    said = "; ".join(texts)
    found = [term for term in fact.terms if parties.names(term, texts)]
    if len(found) == len(fact.terms):
        return Finding("confirms", "country", said, "country")
    of = strength(record, link)
    if found or of != "same":
        return Finding(
            "consistent" if found else "differs-by-stage", "country", said, "country", of if of != "same" else ""
        )
    return Finding("contradicts", "country", said, "country")


def _party(fact: PaperFact, record: Record, link: Link, parties: Parties) -> Finding:
    texts = record.all("member")
    if not texts:
        return Finding("silent", "no-value", "", "member")
    found = [term for term in fact.terms if parties.names(term, texts)]
    said = ", ".join(parties.labels(found))
    of = strength(record, link)
    remark = of if of != "same" else ""
    if not found:
        return Finding("silent", "party", "", "member", remark)
    if of == "part" and len(found) == len(fact.terms):
        return Finding("confirms", "party-of-part", said, "member", remark)
    if of in ("part", "related") and len(found) < len(fact.terms):
        return Finding("consistent", "party-of-part", said, "member", remark)
    if len(found) < len(fact.terms):
        kind = "contradicts" if of == "same" else "differs-by-definition"
        return Finding(kind, "party", said, "member", remark)
    return Finding("confirms" if of == "same" else "consistent", "party", said, "member", remark)


def _fate(fact: PaperFact, record: Record, link: Link) -> Finding:
    force, signed = record.get("in-force"), record.get("signed")
    if bounds(force)[0]:
        return Finding("differs-by-definition", "fate", force, "in-force")
    if not signed:
        return Finding("silent", "no-value", "", "in-force")
    return Finding("consistent", "fate", signed, "signed", "not-in-force")


def _title(fact: PaperFact, record: Record, link: Link) -> Finding:
    told, said = fact.value, _NUMBER.sub("", record.get("name"))
    remark = "own-note" if record.dataset == CITED_WORKS else ""
    if fold(told) == fold(said):
        return Finding("confirms", "title", record.get("name"), "name", remark)
    if fold(_YEAR.sub("", told)) == fold(_YEAR.sub("", said)) and (told in said or said in told):
        return Finding("consistent", "title", record.get("name"), "name", remark)
    return Finding("contradicts", "title", record.get("name"), "name", remark)


def _term(fact: PaperFact, record: Record, link: Link) -> Finding | None:
    office, first, last = record.get("office"), record.get("from"), record.get("to")
    said = f"{office}, {first or '?'}–{last}"
    begin, end = bounds(first), bounds(last)
    if fact.kind == "takes-office":
        if not _is_head(office) or not begin[0]:
            return None
        if begin == (fact.earliest, fact.latest):
            return Finding("confirms", "taking-office", said, "from")
        fits = overlap((fact.earliest, fact.latest), begin)
        return Finding("consistent" if fits else "contradicts", "taking-office", said, "from")
    if not _same_office(fact.value, office):
        return None
    if not fact.mentions or not begin[0]:
        return Finding("consistent", "term-undated", said, "from")
    surely = all(
        begin[1] <= earliest and (not end[0] or (latest and latest <= end[0])) for earliest, latest in fact.mentions
    )
    if surely:
        return Finding("confirms", "term", said, "from")
    possibly = all(overlap(one, (begin[0], end[1])) for one in fact.mentions)
    return Finding("consistent" if possibly else "contradicts", "term", said, "from")


def _is_head(office: str) -> bool:
    return office.casefold().split(" of ")[0] in ("president", "prime minister", "premier")


def _same_office(title: str, office: str) -> bool:
    """Whether a title of the paper and an office of a record are the same: the latter may add of what."""
    told = re.sub(r"^US\s+", "", title).casefold()
    told = _OFFICES.get(told, told)
    return office.casefold() == told or (office.casefold().startswith(f"{told} of "))
