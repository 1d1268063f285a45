"""Dates in the precision in which they are written: their first and last day, and how near two of them are."""

from __future__ import annotations

import calendar
import re
from datetime import date

__all__ = ["bounds", "days_between", "overlap", "precision"]

#: A year, month or day; what stands behind a day, a time or its zone, is passed over.
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[TZ ].*)?)?)?")
_NAMES = ("", "year", "month", "day")


def precision(text: str) -> str:
    """Return ``year``, ``month`` or ``day``; empty for what is no date of these."""
    found = _DATE.fullmatch(text)
    return _NAMES[sum(part is not None for part in found.groups())] if found else ""


def bounds(text: str) -> tuple[str, str]:
    """Return the first and last day of a year, month or day; two empty texts for anything else, 2019-02-30 too."""
    found = _DATE.fullmatch(text)
    if not found:
        return "", ""
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except (ValueError, calendar.IllegalMonthError):
        return "", ""
    return first.isoformat(), last.isoformat()


def overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two spans of days have a day in common; a missing bound is open."""
    return (not one[1] or other[0] <= one[1]) and (not other[1] or one[0] <= other[1])


def days_between(one: tuple[str, str], other: tuple[str, str]) -> int:
    """Return how many days lie between two spans that do not overlap; 0 where they do."""
    if overlap(one, other):
        return 0
    first, second = sorted([one, other])
    return (date.fromisoformat(second[0]) - date.fromisoformat(first[1])).days
