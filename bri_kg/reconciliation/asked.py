"""Queries as clients send them, read and checked: what is looked for, of which types, with which values."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..matching.names import clean_text
from .protocol import MOST_TEXT, Refused, kind_of, short, values_of
from .terms import Terms

__all__ = ["MOST_CANDIDATES", "Asked", "read_query"]

MOST_CANDIDATES = 50
_DEFAULT_LIMIT = 5
_FIELDS = frozenset(("query", "type", "type_strict", "limit", "properties"))
_MOST_PROPERTIES = 50


class Asked(NamedTuple):
    """A query.

    ``text`` is the name, empty where none is given or it is too long to be one; ``values`` are by property, ``unknown`` are properties that no
    entity has; ``types`` by name, ``strict`` says how they are meant (``any``, ``all``, ``should``); ``limit`` is how many candidates are wanted at
    most.
    """

    text: str
    values: dict[str, list[str]]
    unknown: tuple[str, ...]
    types: tuple[str, ...]
    strict: str
    limit: int

    def is_of_types(self, kinds: set[str]) -> bool:
        """Whether something of these classes is of the types asked for; of none asked for, all is."""
        types = set(self.types)
        return types <= kinds if self.strict == "all" else not types or bool(types & kinds)


def read_query(key: str, given: object, terms: Terms) -> Asked:
    """Read one query of a batch.

    A name of blanks, or longer than any, is none and finds nothing: a client sends the cells of a column as they are, and one of them is no
    reason to refuse the others. Refuses what is not formed as the specification says, naming the query by its ``key``.
    """
    said = f"Query '{short(key)}'"
    if not isinstance(given, dict):
        raise Refused(400, f'{said} is no object; give one such as {{"query": "China-Laos Railway"}}.')
    other = sorted(str(name) for name in given.keys() - _FIELDS)
    if other:
        raise Refused(400, f"{said}: there is no field '{short(other[0])}'; a query has {', '.join(sorted(_FIELDS))}.")
    text = given.get("query", "")
    if not isinstance(text, str):
        raise Refused(400, f"{said}: 'query' is a text, not {_named(text)}.")
    values, unknown = _values(said, given.get("properties", []), terms)
    if "query" not in given and not values and not unknown:
        raise Refused(400, f"{said} has neither 'query' nor 'properties'; give a name to look for.")
    limit = given.get("limit", _DEFAULT_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or not limit >= 1 or limit % 1:
        raise Refused(400, f"{said}: 'limit' is a whole number from 1 on.")
    strict = given.get("type_strict", "any")
    if strict not in ("any", "all", "should"):
        raise Refused(400, f"{said}: 'type_strict' is any, all or should.")
    name = clean_text(text) if len(text) <= MOST_TEXT else ""
    return Asked(name, values, unknown, _types(said, given.get("type", [])), strict, int(min(limit, MOST_CANDIDATES)))


def _values(said: str, given: object, terms: Terms) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Return the values asked for by property, those of one property given twice together, and the properties that there are not."""
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and isinstance(one.get("pid"), str) and "v" in one for one in given
    ):
        raise Refused(400, f"{said}: 'properties' is a list of objects with 'pid' and 'v'.")
    if len(given) > _MOST_PROPERTIES:
        raise Refused(413, f"{said} has {len(given)} properties; give at most {_MOST_PROPERTIES}.")
    values: dict[str, list[str]] = {}
    unknown = []
    for one in given:
        for value in one["v"] if isinstance(one["v"], list) else [one["v"]]:
            if not _is_value(value):
                raise Refused(
                    400,
                    f"{said}: 'v' of '{short(one['pid'])}' is a text, number, boolean or object with 'id', or a list of these.",
                )
        if pid := terms.property(one["pid"]):
            values.setdefault(pid, []).extend(values_of(one["v"]))
        else:
            unknown.append(one["pid"])
    return values, tuple(unknown)


def _is_value(given: object) -> bool:
    return isinstance(given, (str, int, float)) or (isinstance(given, dict) and isinstance(given.get("id"), str))


def _types(said: str, given: object) -> tuple[str, ...]:
    listed = [given] if isinstance(given, (str, dict)) else given
    ids = [one.get("id") if isinstance(one, dict) else one for one in listed] if isinstance(listed, list) else [None]
    if not all(isinstance(one, str) for one in ids):
        raise Refused(400, f"{said}: 'type' is the id of a type or a list of ids.")
    return tuple(dict.fromkeys(kind_of(str(one)) for one in ids if one))


def _named(given: Any) -> str:
    return {dict: "an object", list: "a list", bool: "a boolean", type(None): "null"}.get(type(given), "a number")
