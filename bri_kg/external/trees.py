"""Values inside nested records: the paths of descriptions followed through dictionaries and lists, and GeoJSON shapes as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .literals import WrongValue

__all__ = ["find", "item_of", "point_of", "text_of", "time_of", "wkt_of"]

_TIME = re.compile(r"\+0*(\d{4}-\d\d-\d\d)T", re.ASCII).match
_EARTH = "http://www.wikidata.org/entity/Q2"
_FEWEST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}


def find(record: Any, path: str) -> Iterator[Any]:
    """Yield what stands at a path, names with slashes between; a list on the way is followed in all its members, ``*`` is every name."""
    yield from _walk(record, path.split("/"), 0)


def _walk(node: Any, steps: list[str], place: int) -> Iterator[Any]:
    if isinstance(node, list):
        for one in node:
            yield from _walk(one, steps, place)
    elif place == len(steps):
        if node is not None:
            yield node
    elif isinstance(node, Mapping):
        if steps[place].endswith("]"):
            yield from _chosen(node, steps, place)
        elif steps[place] == "*":
            for name, one in node.items():
                if not name.startswith(("@", "^", "#")):
                    yield from _walk(one, steps, place + 1)
        elif steps[place] in node:
            yield from _walk(node[steps[place]], steps, place + 1)


def _chosen(node: Mapping[str, Any], steps: list[str], place: int) -> Iterator[Any]:
    """Follow a step with a condition, ``name[@attribute=value]``, or ``name[best]`` for the statements of Wikidata that hold."""
    name, _, condition = steps[place].removesuffix("]").partition("[")
    key, _, wanted = condition.partition("=")
    members = [one for one in _walk(node, [*steps[:place], name], place) if isinstance(one, Mapping)]
    if condition == "best":
        ranks = {str(one.get("rank", "normal")) for one in members}
        key, wanted = "rank", "preferred" if "preferred" in ranks else "normal"
    for one in members:
        if str(one.get(key, "normal" if condition == "best" else "")) == wanted:
            yield from _walk(one, steps, place + 1)


def time_of(node: Any) -> str:
    """Return a time of Wikidata in the precision that it has, year, month or day; nothing for one that is coarser, or before our era.

    Of a date in the Julian calendar only the year is given, since a date of XML Schema is one of the Gregorian.
    """
    try:
        time, precision = str(node["time"]), int(node["precision"])
    except (KeyError, TypeError, ValueError) as error:
        raise WrongValue("there is no time and precision as Wikidata gives them") from error
    found = _TIME(time)  # years have as many zeros before them in old dumps as make eleven digits
    length = {9: 4, 10: 7}.get(precision, 10 if 11 <= precision <= 14 else 0)
    if str(node.get("calendarmodel", "")).endswith("/Q1985786"):
        length = min(length, 4)
    return found[1][:length] if found else ""


def item_of(node: Any) -> str:
    """Return the id of an entity of Wikidata, Q42, which old dumps give as a number. Raises WrongValue for what is none."""
    try:
        id = str(node.get("id") or {"item": "Q", "property": "P"}[node["entity-type"]] + str(int(node["numeric-id"])))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WrongValue("there is no id of an entity as Wikidata gives it") from error
    return id


def point_of(node: Any) -> str:
    """Return coordinates of Wikidata as a point, longitude first; nothing for a place that is not on Earth."""
    try:
        if not str(node.get("globe") or _EARTH).endswith("/Q2"):
            return ""
        return f"POINT({text_of(node['longitude'])} {text_of(node['latitude'])})"
    except (AttributeError, KeyError, TypeError) as error:
        raise WrongValue("there are no coordinates as Wikidata gives them") from error


def text_of(node: Any) -> str:
    """Return a leaf as text; of an element of XML the text in it. Raises WrongValue for what is no leaf."""
    if isinstance(node, str):
        return node.strip()
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, int):
        return str(node)
    if isinstance(node, float):
        return str(int(node)) if node.is_integer() and abs(node) < 1e15 else repr(node)
    if isinstance(node, Mapping) and all(
        isinstance(one, list) or name[0] in "@#^" for name, one in node.items() if name
    ):
        return str(node.get("#text", ""))
    raise WrongValue("an object stands where a value is expected")


def wkt_of(shape: Any) -> str:
    """Write a GeoJSON geometry as well-known text, longitude first. Raises WrongValue for what is no geometry."""
    try:
        kind = shape["type"]
        if kind == "GeometryCollection":
            members = ", ".join(map(wkt_of, shape["geometries"]))
            return f"GEOMETRYCOLLECTION({members})" if members else "GEOMETRYCOLLECTION EMPTY"
        depth = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}[
            kind
        ]
        if not shape["coordinates"]:
            return f"{kind.upper()} EMPTY"
        inside = _coordinates(shape["coordinates"], depth, _FEWEST.get(kind, 1), kind.endswith("Polygon"))
    except WrongValue:
        raise
    except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        said = str(error) if type(error) is ValueError else "its type or its coordinates are not those of a shape"
        raise WrongValue(f"the geometry is no GeoJSON: {said}") from error
    return f"{kind.upper()}({inside})"


def _coordinates(given: Any, depth: int, fewest: int, is_ring: bool) -> str:
    if depth == 0:
        longitude, latitude = given[0], given[1]
        if type(longitude) not in (int, float) or type(latitude) not in (int, float):
            raise ValueError(f"{str(given)[:60]} are no two numbers")
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError(f"{given[0]} {given[1]} is outside the globe")
        return f"{text_of(given[0])} {text_of(given[1])}"
    if depth == 1 and (len(given) < fewest or (is_ring and given[0] != given[-1])):
        raise ValueError(f"a ring is not closed, or a line has fewer than {fewest} points")
    inside = (_coordinates(one, depth - 1, fewest, is_ring) for one in given)
    return ", ".join(inside) if depth == 1 else ", ".join(f"({one})" for one in inside)
