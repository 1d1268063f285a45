"""Cells to terms: each kind of value is checked and written as Turtle, or refused with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from .descriptions import Value

__all__ = ["WrongValue", "iri_of", "pick", "quoted", "segment", "shown", "writer"]

_LONGEST_NAME = 2_000
_SPECIAL = re.compile('["\\\\\n\r]').search
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"})
_INTEGER = re.compile(r"[+-]?[0-9]+").fullmatch
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)").fullmatch
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
).fullmatch
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII).fullmatch
_PLAIN = re.compile(r"[A-Za-z0-9._~-]+").fullmatch
_BARRED = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_SCHEME = re.compile(r"(?:https?|ftp)://[^/]|urn:|mailto:|doi:", re.IGNORECASE).match
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_POINT = re.compile(rf"P(?:OINT|oint) ?\(({_NUMBER}) ({_NUMBER})\)").fullmatch
_BOOLEANS = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
_XSD = {name: f"^^x:{name}" for name in ("integer", "decimal", "boolean", "date", "gYear", "gYearMonth", "dateTime")}


class WrongValue(ValueError):
    """A cell that is not of the kind that the description says; the message is the second half of a sentence."""


def quoted(text: str) -> str:
    """Write a string as a Turtle literal."""
    return f'"{text.translate(_ESCAPES)}"' if _SPECIAL(text) else f'"{text}"'


def segment(text: str) -> str:
    """Write a text so that it can stand in an IRI between slashes. Raises WrongValue for one that is too long to name anything."""
    if len(text) > _LONGEST_NAME:
        raise WrongValue(f"'{shown(text)}' has {len(text):,} characters, too many for a name")
    return (
        text
        if _PLAIN(text) and text not in (".", "..")
        else quote(text, safe="-._~", errors="strict").replace("..", "%2E%2E")
    )


def iri_of(text: str) -> str:
    """Write a web address or another IRI with what may not stand in one escaped. Raises WrongValue for a text that is none."""
    if not _SCHEME(text):
        raise WrongValue(f"'{shown(text)}' is no web address")
    escaped = _BARRED.sub(lambda found: quote(found.group()), text)
    for one in (
        escaped,
        escaped.replace("[", "%5B").replace("]", "%5D"),
    ):  # brackets stand for themselves in a host only
        try:
            return str(ox.NamedNode(one))
        except ValueError:
            continue
    raise WrongValue(f"'{shown(text)}' is no web address")


def writer(value: Value) -> Callable[[str], str]:
    """Return the function that writes a cell as the object of a triple; it raises WrongValue for a cell that is not of its kind."""
    write = _writer(value)
    if value.case:
        write = _cased(value.case, write)
    if value.pattern:
        write = _picked(re.compile(value.pattern), value.replace, write)
    if value.map:
        write = _mapped(value.map, write)
    return write


def _writer(value: Value) -> Callable[[str], str]:
    if value.iri:
        before, _, after = value.iri.partition("{}")
        return lambda text: f"<{before}{segment(text)}{after}>"
    kind = value.datatype
    if kind == "text":
        if value.language:
            return lambda text, tag="@" + value.language: quoted(text) + tag  # type: ignore[misc]
        return quoted
    if kind in ("integer", "decimal"):
        return _number(kind, value.thousands)
    if kind in ("date", "year"):
        return _cached(lambda text: _day(text, value.dates, kind))
    return {
        "boolean": _boolean,
        "iri": iri_of,
        "wkt": _wkt,
        "geometry": quoted,
        "wikidata-item": quoted,
        "wikidata-time": _cached(lambda text: _day(text, (), "date")),
        "wikidata-point": _wkt,
    }[kind]


def _picked(pattern: re.Pattern[str], replace: str, write: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: write(pick(pattern, text, replace))


def pick(pattern: re.Pattern[str], text: str, replace: str = "") -> str:
    """Return the first group of ``pattern`` in ``text``, or ``replace`` with its groups in it. Raises WrongValue where it does not match."""
    found = pattern.search(text)
    if not found or not found[1]:
        raise WrongValue(f"'{shown(text)}' does not look like {pattern.pattern}")
    return re.sub(r"\{(\d)\}", lambda group: found[int(group[1])] or "", replace) if replace else found[1]


def _cased(case: str, write: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: write(text.upper() if case == "upper" else text.lower())


def _mapped(words: Any, write: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: write(words.get(text, text))


def _cached(write: Callable[[str], str]) -> Callable[[str], str]:
    return lru_cache(maxsize=1 << 16)(write)


def _number(kind: str, thousands: str) -> Callable[[str], str]:
    is_number, name, suffix = (
        (_INTEGER, "whole number", _XSD[kind]) if kind == "integer" else (_DECIMAL, "decimal number", _XSD[kind])
    )

    grouped = re.compile(rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:\.\d*)?", re.ASCII).fullmatch

    def write(text: str) -> str:
        if thousands and grouped(text):  # 12,34 is no group of three: elsewhere it is a decimal
            text = text.replace(thousands, "")
        if not is_number(text):
            text = _spelled_out(text, kind) or _refuse(text, name)
        return f'"{text}"{suffix}'

    return write


def _refuse(text: str, name: str) -> str:
    raise WrongValue(f"'{shown(text)}' is no {name}")


def _spelled_out(text: str, kind: str) -> str:
    """Write out what a spreadsheet made of a number, 1.5E+09 or 12.0; nothing where it is no number or another one then."""
    try:
        number = Decimal(text if "_" not in text else "")
    except InvalidOperation:
        return ""
    if (
        not number.is_finite()
        or abs(number.adjusted()) > 40
        or (kind == "integer" and number != number.to_integral_value())
    ):
        return ""
    return f"{number.to_integral_value() if kind == 'integer' else number:f}"


def _day(text: str, formats: tuple[str, ...], kind: str) -> str:
    """Write a date in the precision that it has."""
    found = _DATE(text)
    if found and (kind == "date" or not found[2]):
        year, month, day = found.groups()
        try:
            date(int(year), int(month or 1), int(day or 1))
        except ValueError as error:
            raise WrongValue(f"'{shown(text)}' is no date: {error}") from error
        if day:
            return f'"{year}-{month}-{day}"{_XSD["date"]}'
        return f'"{year}-{month}"{_XSD["gYearMonth"]}' if month else f'"{year}"{_XSD["gYear"]}'
    if kind == "date" and _MOMENT(text):
        try:
            datetime.fromisoformat(text)
        except ValueError as error:
            raise WrongValue(f"'{shown(text)}' is no date: {error}") from error
        return f'"{text}"{_XSD["dateTime"]}'
    for one in formats:
        try:
            return f'"{datetime.strptime(text, one).date().isoformat()}"{_XSD["date"]}'
        except ValueError:
            continue
    known = f" (known are ISO 8601{' and ' + ', '.join(formats) if formats else ''})"
    return _refuse(text, ("date" if kind == "date" else "year") + known)


def _boolean(text: str) -> str:
    found = _BOOLEANS.get(text.lower())
    return f'"{found}"{_XSD["boolean"]}' if found else _refuse(text, "yes or no")


def _wkt(text: str) -> str:
    """Write a point, longitude first; other shapes come as GeoJSON."""
    found = _POINT(text)
    if not found:
        raise WrongValue(f"'{shown(text)}' is no point; give longitude and latitude as numbers")
    if not (-180 <= float(found[1]) <= 180 and -90 <= float(found[2]) <= 90):
        raise WrongValue(f"'{shown(text)}' is outside the globe; longitude comes first")
    return f'"POINT({found[1]} {found[2]})"^^g:wktLiteral'


def shown(text: str) -> str:
    """Return a text of a file as a message may hold it: not long, and on one line."""
    short = text if len(text) <= 60 else text[:59] + "…"
    return short if short.isprintable() else "".join(one if one.isprintable() else " " for one in short)
