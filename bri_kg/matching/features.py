"""The parts of a score that do not come from names: sort, dates, amounts and distance."""

from __future__ import annotations

import math
from typing import NamedTuple

from .implying import is_work_at_place
from .records import Record, years_of

__all__ = ["Part", "amount_parts", "date_parts", "distance_parts", "kind_parts", "probability"]


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
)


def kind_parts(record: Record, target: Record) -> list[Part]:
    """Return what the sorts of the two say: the same, sorts that often stand for each other, or others."""
    if not record.family or not target.family:
        return []
    if record.family == target.family:
        return [Part("kind", 1.2, f"both {target.family}")]
    pair = {record.family, target.family}
    if is_work_at_place(record, target):
        return []
    if pair in _NEAR:
        return []
    return [Part("kind", -9.0, f"a {record.family} is no {target.family}")]


def date_parts(record: Record, target: Record) -> list[Part]:
    """Return what the years say: works take years, a law or treaty has one."""
    dated = target.family in ("law", "agreement", "event")
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
