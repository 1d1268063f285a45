"""Literals held against those that the graph has: another datatype, tag, case or precision, and what is nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from ..lookup import fold
from ..names import PREFIXES, shorten
from .vocabulary import near

__all__ = ["DATES", "NUMBERS", "literal_of", "misfit", "nearest", "sort_of"]

_XSD = PREFIXES["xsd"]
DATES = {_XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth")} | {PREFIXES["edtf"]}
NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")}
_FORMS = {
    "date": r"-?\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?",
    "gYear": r"-?\d{4}",
    "gYearMonth": r"-?\d{4}-\d\d",
    "dateTime": r"-?\d{4}-\d\d-\d\dT.*",
    "integer": r"[+-]?\d+",
}


def literal_of(written: str) -> ox.Literal:
    """Return the literal that is written in full, as the trees have it."""
    found = re.fullmatch(r'"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?', written, re.DOTALL)
    if not found:
        return ox.Literal(written)
    value = re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1]), found[1])
    if found[2]:
        return ox.Literal(value, language=found[2])
    return ox.Literal(value, datatype=ox.NamedNode(found[3] or _XSD + "string"))


def sort_of(literal: ox.Literal) -> str:
    """Return the datatype of a literal in short, or its language tag."""
    return f"@{literal.language}" if literal.language else shorten(literal.datatype.value)


def misfit(
    literal: ox.Literal, values: Sequence[ox.Literal], spelling: bool = True
) -> tuple[str, list[ox.Literal]] | None:
    """Return how ``literal`` differs in form from what the graph has, and what it has instead; None where only the value is another."""
    kind = literal.datatype.value.removeprefix(_XSD)
    if kind in _FORMS and not re.fullmatch(_FORMS[kind], literal.value):
        return f"'{literal.value}' is no xsd:{kind}", [*_same_text(literal, values), *nearest(literal, values)][:3]
    same = _same_text(literal, values)
    if same:
        if same[0].value == literal.value:
            return f"the graph has that text as {sort_of(same[0])}, not {sort_of(literal)}", same[:3]
        return "the graph writes it otherwise", same[:3]
    if (
        values
        and not any(sort_of(one).casefold() == sort_of(literal).casefold() for one in values)
        and not _both_dates(literal, values)
    ):
        sorts = sorted({sort_of(one) for one in values})
        return f"its values are {', '.join(sorts)}, not {sort_of(literal)}", nearest(literal, values)
    if literal.datatype.value in DATES:
        within = [one for one in values if one.datatype != literal.datatype and _prefix(one.value, literal.value)]
        if within:
            return f"the graph has that date as {sort_of(within[0])}, not {sort_of(literal)}", within[:3]
        if values and not any(sort_of(one) == sort_of(literal) for one in values):
            return (
                f"its dates are {', '.join(sorted({sort_of(one) for one in values}))}, not {sort_of(literal)}",
                nearest(literal, values),
            )
    if spelling and literal.datatype.value not in DATES | NUMBERS and len(literal.value) > 3:
        alike = near(literal.value, [one.value for one in values], 0.74 if len(literal.value) < 7 else 0.82, 2)
        if alike:
            return "the graph has a text near to it", [one for text in alike for one in values if one.value == text][:2]
    return None


def _both_dates(literal: ox.Literal, values: Iterable[ox.Literal]) -> bool:
    return literal.datatype.value in DATES and any(one.datatype.value in DATES for one in values)


def _same_text(literal: ox.Literal, values: Iterable[ox.Literal]) -> list[ox.Literal]:
    same = [
        one for one in values if fold(one.value) == fold(literal.value) or _number(one) == _number(literal) is not None
    ]
    return sorted((one for one in same if one != literal), key=lambda one: (one.value != literal.value, str(one)))


def _prefix(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _number(literal: ox.Literal) -> float | None:
    try:
        return float(literal.value) if literal.datatype.value not in DATES else None
    except ValueError:
        return None


def _day(text: str) -> float | None:
    found = re.match(r"[^\d]*(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    return None if not found else int(found[1]) * 372 + int(found[2] or 6) * 31 + int(found[3] or 15)


def nearest(literal: ox.Literal | None, values: Iterable[object], most: int = 3) -> list[ox.Literal]:
    """Return the values nearest to ``literal``: by number, by day, else by spelling."""
    texts = sorted({one for one in values if isinstance(one, ox.Literal)}, key=str)
    if literal is None:
        return texts[:most]
    for measure in (_number, lambda one: _day(one.value)):
        wanted = measure(literal)
        known = (
            [(abs(found - wanted), str(one), one) for one in texts if (found := measure(one)) is not None]
            if wanted is not None
            else []
        )
        if known:
            return [one for _, _, one in sorted(known)[:most]]
    alike = near(literal.value, [one.value for one in texts], 0.3, most)
    return [one for text in alike for one in texts if one.value == text][:most] or texts[:most]
