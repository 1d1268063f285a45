"""The parts of a score that do not come from names: sort, dates, amounts and distance."""

from __future__ import annotations

import math
from typing import NamedTuple

from .implying import is_work_at_place
from .records import Record, years_of

__all__ = ["DATED", "Part", "amount_parts", "article", "date_parts", "distance_parts", "kind_parts", "probability"]


class Part(NamedTuple):
    """One part of a score: the feature, how many bits it speaks for (or, negative, against), and why in a few words."""

    feature: str
    bits: float
    said: str


def probability(parts: list[Part]) -> float:
    """Return the score in 0..1 that parts of evidence make together."""
    total = max(-40.0, min(40.0, sum(part.bits for part in parts)))
    return 1 / (1 + 2.0**-total)


#: Sorts that often stand for each other in tables, so that a difference is no proof against.
_NEAR = (
    {"organisation", "mechanism"},
    {"mechanism", "agreement"},
    {"agreement", "document"},
    {"undertaking", "document"},
    {"undertaking", "mechanism"},
    {"undertaking", "agreement"},
    {"group", "organisation"},
    {"organisation", "government"},
    {"event", "document"},
    {"law", "document"},
    {"law", "agreement"},
    {"event", "mechanism"},
    {"event", "organisation"},
)
#: Sorts that are told apart even by a heading alone: towns and people are named like much else.
_KNOWN_APART = frozenset(("person", "place", "state"))


def article(noun: str) -> str:
    """Return a noun with its article."""
    return f"{'an' if noun[:1] in 'aeiou' and noun[:3] != 'uni' else 'a'} {noun}"


def kind_parts(record: Record, target: Record) -> list[Part]:
    """Return what the sorts of the two say: the same, sorts that often stand for each other, or others."""
    if target.family == "document" and record.family in ("", "undertaking", "event", "agreement", "law"):
        return [Part("kind", -1.6, "a text of that name")]  # who names a treaty or a strategy means it, not its text
    if not record.family or not target.family:
        return []
    if record.family == target.family:
        return [Part("kind", 1.2, f"both {target.family}")]
    pair = {record.family, target.family}
    if is_work_at_place(record, target):
        return []
    if pair in _NEAR:
        return [Part("kind", 0.6, f"{article(record.family)}, as {article(target.family)} may be called")]
    return [Part("kind", _apart(record, target), f"{article(record.family)} is no {target.family}")]


def _apart(record: Record, target: Record) -> float:
    """Return what another sort says against: little if a heading alone tells the record's, and its name is the target's by letters."""
    bears_name = (
        any(record.forms[0].key == form.key for form in target.forms) or record.forms[0].key in target.elsewhere
    )
    if record.is_kind_sure or ("place" in (record.family, target.family) and "state" in (record.family, target.family)):
        return -9.0
    if "person" in (record.family, target.family) or not bears_name:
        return -9.0 if {record.family, target.family} & _KNOWN_APART else -5.0
    return -3.6 if target.family == "state" else -2.2


#: Who did nothing after this year is none of the persons of the paper.
_LIVED = 1945
#: Sorts that have one year, where works take many.
DATED = frozenset(("agreement", "event", "law"))


def date_parts(record: Record, target: Record) -> list[Part]:
    """Return what the years say: works take years, a law or treaty has one."""
    if target.family == "person" and (late := _last_year(record)) and late < _LIVED:
        return [Part("date", -6.0, f"{late} is before the time of which the paper tells")]
    dated = target.family in DATED
    years = record.years or (years_of(record.label) if dated else None)
    if not years or not target.years:
        return []
    (first, last), (start, end) = years, target.years
    gap = max(start - last, first - end, 0)
    said = f"{_span(years)} beside {_span(target.years)}"
    if gap <= 1:
        return [Part("date", 0.6, said)]
    return [
        Part("date", (-3.0 if record.years else -5.0) if dated else -min(2.5, 0.25 * max(0, gap - 6)), said)
    ]  # works take years


def _last_year(record: Record) -> int:
    """Return the last year that stands in any cell of a row but that of a birth; 0 without one."""
    cells = (cell for column, cell in record.values.items() if "birth" not in column.casefold())
    return max((years[1] for cell in cells if (years := years_of(cell))), default=0)


def amount_parts(record: Record, target: Record) -> list[Part]:
    """Return what amounts say: one that both have speaks for them."""
    for one in record.amounts:
        for other in target.amounts:
            if other and math.isclose(one, other, rel_tol=0.01):
                return [Part("amount", 1.5, f"both {other:,.0f}")]
    return []


def distance_parts(record: Record, target: Record) -> list[Part]:
    """Return what lies between two points says."""
    if not record.point or not target.point:
        return []
    kilometres = _kilometres(record.point, target.point)
    if kilometres <= 30:
        return [Part("distance", 1.5, f"{kilometres:,.0f} km apart")]
    if kilometres <= 300:
        return [Part("distance", -0.5, f"{kilometres:,.0f} km apart")]
    return [Part("distance", -4.0, f"{kilometres:,.0f} km apart")]


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two points given as latitude and longitude."""
    north, east = math.radians(other[0] - one[0]), math.radians(other[1] - one[1])
    chord = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(one[0])) * math.cos(math.radians(other[0])) * math.sin(east / 2) ** 2
    )
    return 12742.0 * math.asin(min(1.0, math.sqrt(chord)))


def _span(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"
