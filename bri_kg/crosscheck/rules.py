"""The rules by which a fact of the paper is held against a record: each gives one verdict, and each stands in one sentence in :mod:`.ruletexts`.

A record that is of a part, an umbrella, another stage or nearly the same thing can agree or differ; it never contradicts. Only a record of the same
thing, in the same sense, outside the tolerance, contradicts, and a printed value that comes before the beginning of the works.
"""

from __future__ import annotations

from .amounts import compare_amount, compare_financier
from .daterules import compare_date, compare_status
from .facts import PaperFact
from .findings import Finding
from .lawrules import compare_fate, compare_title
from .matches import Link
from .officerules import compare_term
from .parties import Parties
from .records import Record
from .staterules import compare_country, compare_members, compare_parties

__all__ = ["compare"]

#: Aspects that a record of an umbrella agreement can speak of all the same.
_UNDER_UMBRELLA = ("country", "location", "involved", "seat")


def compare(fact: PaperFact, record: Record, link: Link, parties: Parties) -> Finding | None:
    """Return what a record says to a fact; None where it is of another matter (another office of the same person, another party's treaty)."""
    aspect = fact.aspect
    if record.is_umbrella and aspect not in _UNDER_UMBRELLA:
        return Finding("silent", "umbrella", record.get("name"), "name")
    if aspect == "term" and not parties.may_be_in(fact.terms, record.get("state")):
        return None
    if aspect in _UNDER_UMBRELLA:
        return compare_country(fact, record, link, parties)
    if aspect == "date":
        return compare_date(fact, record, link, parties)
    if aspect == "status":
        return compare_status(fact, record, link)
    if aspect == "member":
        return compare_members(fact, record, parties)
    if aspect == "party":
        return compare_parties(fact, record, link, parties)
    if aspect == "title":
        return compare_title(fact, record)
    if aspect == "fate":
        return compare_fate(fact, record)
    if aspect == "term":
        return compare_term(fact, record)
    return (
        compare_amount(fact, record, link, parties) if aspect == "amount" else compare_financier(fact, record, parties)
    )
