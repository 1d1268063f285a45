"""What a rule gives: a verdict with the value that the record has, and how near the record is to the thing that the paper speaks of."""

from __future__ import annotations

from typing import NamedTuple

from .matches import Link
from .money import is_part
from .records import Record

__all__ = ["KINDS", "Finding", "strength"]

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


class Finding(NamedTuple):
    """A verdict: its kind, the rule, what the record says, the field that says it, and a remark (a key of :mod:`.words`)."""

    kind: str
    rule: str
    said: str = ""
    field: str = ""
    remark: str = ""


def strength(record: Record, link: Link) -> str:
    """Return what the record is of: the ``same`` thing, a ``part`` of it, nearly the same (``near``) or something tied to it (``related``)."""
    if link.predicate in ("containsRecord", "narrowMatch") or is_part(record):
        return "part"
    if link.predicate in ("closeMatch", "broadMatch", "partOfRecord"):
        return "near"
    return "related" if link.predicate == "relatedMatch" else "same"
