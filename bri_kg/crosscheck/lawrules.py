"""Rules about agreements that were given up, and about the titles and the fate of laws and bills."""

from __future__ import annotations

import re

from ..lookup import fold
from .dates import bounds
from .facts import PaperFact
from .findings import Finding
from .records import CITED_WORKS, Record

__all__ = ["compare_fate", "compare_title"]

_NUMBER = re.compile(r"^(S|H\.R|H\.Res|S\.Res)\.?\s?\d+\s*[-:–]?\s*")
_PUBLIC_LAW = re.compile(r"(^|/)(public-laws?|p?laws)/")
_YEAR = re.compile(r"\s+of\s+\d{4}$")


def compare_fate(fact: PaperFact, record: Record) -> Finding:
    """Return the verdict on what became of an agreement, or of a bill."""
    if fact.kind != "abandoned":
        return _fate_of_bill(record)
    if withdrawn := record.get("withdrawn"):
        return Finding("confirms", "withdrawal", withdrawn, "withdrawn")
    force, signed = record.get("in-force"), record.get("signed")
    if bounds(force)[0]:
        return Finding("differs-by-definition", "fate", force, "in-force")
    if not signed:
        return Finding("silent", "no-value", "", "in-force")
    return Finding("consistent", "fate", signed, "signed", "not-in-force")


def _fate_of_bill(record: Record) -> Finding:
    """Hold the fate of a bill against the address to which its link leads: that of a public law shows it, that of a bill does not."""
    if fate := record.get("fate"):
        became = fate.startswith("Public Law")
        return Finding("confirms" if became else "contradicts", "bill-fate", fate, "fate")
    address = record.get("cited")
    if _PUBLIC_LAW.search(address):
        return Finding("confirms", "law-fate", address, "address")
    return Finding("silent", "law-fate", address, "address", "own-note" if record.dataset == CITED_WORKS else "")


def compare_title(fact: PaperFact, record: Record) -> Finding:
    """Return the verdict on the title of a law."""
    told, said = fact.value, _NUMBER.sub("", record.get("name"))
    if not said:
        return Finding("silent", "no-value", "", "name")
    remark = "own-note" if record.dataset == CITED_WORKS else ""
    if fold(told) == fold(said):
        return Finding("confirms", "title", record.get("name"), "name", remark)
    if fold(_YEAR.sub("", told)) == fold(_YEAR.sub("", said)) and (told in said or said in told):
        return Finding("consistent", "title", record.get("name"), "name", remark)
    return Finding("contradicts", "title", record.get("name"), "name", remark)
