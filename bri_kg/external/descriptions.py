"""Descriptions of datasets: what a dataset is and how its columns become terms, as data.

A description is a TOML file; those of the package lie in ``datasets/``, and ``bri-kg external add FILE --as my.toml`` takes another. Its keys::

    name = "aiddata"                    # the word after --with; small letters, digits and hyphens
    title = "..."; licence = "https://..."; source = "https://..."; version = "3.0"; attribution = "..."
    format = "csv"                      # csv, tsv, xlsx, json, jsonl, geojson, sparql-results, xml or yaml
    delimiter = ";"; encoding = "..."   # of csv, where they are not the comma and UTF-8
    preamble = 3                        # of tables: as many rows may stand before the one with the names of the columns
    header = ["id", "name"]             # of csv and tsv: the names, where the file has no line of them
    quoting = "none"                    # of csv and tsv: quotation marks are text
    records = "projects"                # of json: the path to the records; of xml: the element of one; of xlsx: the sheet
    empty = ["NA"]                      # cells that say nothing, besides empty ones
    id = "{aiddata_record_id}"          # the record's id, of one or more columns; {#} is the number of the row
    id_otherwise = "{title}"            # what names a record whose id is empty; without it such a record is broken
    class = "FinanceRecord"             # what a record is; names without a prefix are terms of ext:
    subject = "https://ror.org/{id}"    # only where the things have public IRIs of their own

    values = [
      { column = "title", property = "name", language = "en" },
      { column = "amount_usd", property = "amount", datatype = "decimal" },
      { constant = "USD", property = "currency" },
      { template = "POINT({lon} {lat})", property = "geo:asWKT", datatype = "wkt" },
      { column = "qid", property = "wikidata", iri = "http://www.wikidata.org/entity/{}" },
      { column = "states", property = "member", separator = "|" },
    ]

A value may also have these keys:

- ``map``: words replaced by others; ``case``: ``upper`` or ``lower``, in which the letters are written;
- ``thousands``: the sign between thousands; ``dates``: formats of dates that are not ISO 8601;
- ``pattern``: a regular expression whose first group is taken, or what ``replace`` makes of its groups, as in ``POINT({2} {1})``;
- ``language_from``: in trees, where the language stands, and ``text`` where the text does, if not in the element itself;
- ``otherwise``: in trees, the path in the record where the value stands if it is not at ``column``; ``language_otherwise`` for the language;
- ``required``: a record without it is broken; ``optional``: in tables, the column need not be there.

``id_pattern`` takes the id out of its column as ``pattern`` does. ``repeated = "number"`` is for files without ids: a record whose id was there
before is numbered, ``name~2``, where else it is broken.

In XML, JSON and YAML a column is a path, ``title/narrative``, ``value/@currency`` or ``activity-date[@type=1]/@iso-date``; a list on the way is
followed in all its members, ``*`` is every name, ``name[best]`` the statements of Wikidata that hold, ``^name`` an attribute of the root of XML.
``[[parts]]`` with ``path``, ``property``, ``class`` and ``values`` make nodes of what repeats inside a record, such as transactions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ..errors import DataError, UsageError
from ..names import PREFIXES
from .described import DATATYPES, FORMATS, Description, Part, Value, columns_of

__all__ = [
    "DATATYPES",
    "FOLDER",
    "FORMATS",
    "NAME",
    "Description",
    "Part",
    "Value",
    "columns_of",
    "packaged",
    "read_description",
]

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\[\]\ud800-\udfff]*")
_ADDRESS = re.compile("https?://[^/]")
_LONGEST = 1 << 20
FOLDER = Path(__file__).with_name("datasets")


def packaged() -> dict[str, Description]:
    """Return the descriptions of the package by name."""
    found = [read_description(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {one.name: one for one in found}


def read_description(path: Path) -> Description:
    """Return the description in a TOML file.

    Raises UsageError for a file that is not there, DataError, naming file and key, for one that is no description.
    """
    try:
        if path.exists() and not path.is_dir() and (not path.is_file() or path.stat().st_size > _LONGEST):
            raise DataError(f"{path} is no description: it is no file, or has more than {_LONGEST:,} bytes.")
        text = path.read_text(encoding="utf-8-sig")
        given = tomllib.loads(text)
    except OSError as error:
        known = ", ".join(sorted(one.stem for one in FOLDER.glob("*.toml")))
        raise UsageError(
            f"There is no description {path} ({error.strerror}); give a TOML file, or one of {known}."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path} is no TOML: {error}.") from error
    try:
        return _description(given, text)
    except _Wrong as error:
        raise DataError(f"{path}: {error}") from error


class _Wrong(Exception):
    """A key of a description that is missing, unknown or wrong."""


def _description(given: dict[str, Any], text: str) -> Description:
    own = given.pop("prefixes", {})
    if not isinstance(own, dict) or not _texts(own):
        raise _Wrong("prefixes is no table of prefixes and addresses.")
    prefixes = {**PREFIXES, **own}
    given["cls"] = _term(given.pop("class", ""), prefixes, "class")
    given["values"] = _values(given.get("values"), prefixes, "values")
    parts = given.get("parts", [])
    if not isinstance(parts, list) or not all(isinstance(one, dict) for one in parts):
        raise _Wrong("parts is no list of tables.")
    given["parts"] = tuple(_part(one, prefixes, place) for place, one in enumerate(parts, 1))
    made: Description = replace(_make(Description, given, "the description"), text=text)
    if not NAME.fullmatch(made.name):
        raise _Wrong(f"name = {made.name!r} is no name; use small letters, digits and hyphens.")
    for key in ("title", "version", "attribution", "note"):
        if not getattr(made, key).isprintable():
            raise _Wrong(f"{key} holds line ends or characters that cannot be shown.")
    if made.format not in FORMATS:
        raise _Wrong(f"format = {made.format!r} is unknown; choose {', '.join(FORMATS)}.")
    for key in ("licence", "source"):
        if not _ADDRESS.match(getattr(made, key)) or not _IRI.fullmatch(getattr(made, key)):
            raise _Wrong(f"{key} = {getattr(made, key)!r} is no web address; give one that begins with https://.")
    if not columns_of(made.id):
        raise _Wrong(
            f'id = {made.id!r} names no column; write it as in id = "{{number}}", or {{#}} for the row\'s number.'
        )
    if len(made.delimiter) > 1 or made.delimiter in ('"', "\n", "\r", "\0"):
        raise _Wrong(f"delimiter = {made.delimiter!r} cannot be one; give one sign, such as ; or \\t.")
    if made.quoting not in ("", "none"):
        raise _Wrong(f"quoting = {made.quoting!r} is unknown; leave it out, or write none.")
    if not 0 <= made.preamble <= 100:
        raise _Wrong(f"preamble = {made.preamble} is no number of rows from 0 to 100.")
    if made.repeated not in ("", "number"):
        raise _Wrong(f"repeated = {made.repeated!r} is unknown; leave it out, or write number.")
    _check_pattern(made.id_pattern, "id_pattern")
    if made.subject and ("{id}" not in made.subject or not _IRI.fullmatch(made.subject.replace("{id}", "x"))):
        raise _Wrong(f"subject = {made.subject!r} is no IRI with {{id}} in it.")
    return made


def _part(told: dict[str, Any], prefixes: Mapping[str, str], place: int) -> Part:
    where, given = f"parts {place}", dict(told)
    given["cls"] = _term(given.pop("class", ""), prefixes, f"{where}: class")
    given["property"] = _term(given.get("property", ""), prefixes, f"{where}: property")
    given["values"] = _values(given.get("values"), prefixes, where)
    made: Part = _make(Part, given, where)
    return made


def _values(given: Any, prefixes: Mapping[str, str], where: str) -> tuple[Value, ...]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise _Wrong(f"{where} is missing or no list of tables.")
    return tuple(_value(dict(one), prefixes, f"{where} {place}") for place, one in enumerate(given, 1))


def _value(given: dict[str, Any], prefixes: Mapping[str, str], where: str) -> Value:
    given["property"] = _term(given.get("property", ""), prefixes, f"{where}: property")
    made: Value = _make(Value, given, where)
    if sum(map(bool, (made.column, made.template, made.constant))) != 1:
        raise _Wrong(f"{where} needs one of column, template and constant.")
    if made.datatype not in DATATYPES:
        raise _Wrong(f"{where}: datatype = {made.datatype!r} is unknown; choose {', '.join(DATATYPES)}.")
    if made.language and not _TAG.fullmatch(made.language):
        raise _Wrong(f"{where}: language = {made.language!r} is no language tag, such as en or zh-Hans.")
    if made.case not in ("", "upper", "lower"):
        raise _Wrong(f"{where}: case = {made.case!r} is unknown; choose upper or lower.")
    if made.iri and ("{}" not in made.iri or not _IRI.fullmatch(made.iri.replace("{}", "x"))):
        raise _Wrong(f"{where}: iri = {made.iri!r} is no IRI with {{}} where the value goes.")
    _check_pattern(made.pattern, f"{where}: pattern")
    if made.replace and not set(re.findall(r"\{([^{}]*)\}", made.replace)) <= set(
        map(str, range(re.compile(made.pattern).groups + 1))
    ):
        raise _Wrong(f"{where}: replace = {made.replace!r} names groups that the pattern does not have, such as {{1}}.")
    return made


def _check_pattern(pattern: str, where: str) -> None:
    try:
        if pattern and re.compile(pattern).groups < 1:
            raise _Wrong(f"{where} = {pattern!r} has no group in parentheses to take.")
    except (re.error, OverflowError, RecursionError) as error:
        raise _Wrong(f"{where} = {pattern!r} is no regular expression: {error}.") from error


def _term(name: Any, prefixes: Mapping[str, str], where: str) -> str:
    """Return the IRI of a term written bare (ours), with a prefix, or in full."""
    if not isinstance(name, str) or not name:
        raise _Wrong(f"{where} is missing.")
    prefix, separator, local = name.partition(":")
    own = PREFIXES["ext"] + name
    iri = own if not separator else name if local.startswith("//") else prefixes.get(prefix, "") + local
    if not _IRI.fullmatch(iri):
        raise _Wrong(
            f"{where} = {name!r} is no term; its prefix must be one of the project's or stand under [prefixes]."
        )
    return iri


def _make(cls: type[Any], given: Mapping[str, Any], where: str) -> Any:
    """Make ``cls`` of the given keys, lists made tuples. Raises _Wrong for a key that is missing, unknown or of another type."""
    wanted = {one.name: one for one in fields(cls)}
    made: dict[str, Any] = {}
    for key, value in given.items():
        if key not in wanted or (key == "text" and cls is Description):
            raise _Wrong(f"{where} has the key {key!r}, which means nothing here; known are {_known(wanted)}.")
        one = tuple(value) if isinstance(value, list) else value
        kinds = {"str": str, "bool": bool, "int": int, "Mapping[str, str]": dict}
        kind = kinds.get(str(wanted[key].type), tuple)
        if (
            not isinstance(one, kind)
            or (kind is int and isinstance(one, bool))
            or (kind in (tuple, dict) and key in ("empty", "header", "dates", "map") and not _texts(one))
        ):
            raise _Wrong(f"{where}: {key} = {value!r} is of the wrong kind.")
        made[key] = one
    try:
        return cls(**made)
    except TypeError as error:
        missing = re.findall(r"'(\w+)'", str(error))
        raise _Wrong(f"{where} lacks {', '.join('class' if one == 'cls' else one for one in missing)}.") from error


def _known(names: Iterable[str]) -> str:
    return ", ".join(sorted("class" if name == "cls" else name for name in names if name != "text"))


def _texts(values: Any) -> bool:
    every = [*values, *values.values()] if isinstance(values, dict) else values
    return all(isinstance(one, str) for one in every)
