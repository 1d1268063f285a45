"""Values inside nested records: the paths of descriptions followed through dictionaries and lists, and GeoJSON shapes as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .literals import WrongValue

__all__ = ["find", "text_of", "time_of", "wkt_of"]


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
    """Follow a step with a condition, ``name[@attribute=value]``."""
    name, _, condition = steps[place].removesuffix("]").partition("[")
    key, _, wanted = condition.partition("=")
    for one in _walk(node, [*steps[:place], name], place):
        if isinstance(one, Mapping) and str(one.get(key, "")) == wanted:
            yield from _walk(one, steps, place + 1)


def time_of(node: Any) -> str:
    """Return a time of Wikidata in the precision that it has, year, month or day; nothing for one that is coarser, or before our era."""
    try:
        time, precision = str(node["time"]), int(node["precision"])
    except (KeyError, TypeError, ValueError) as error:
        raise WrongValue("there is no time and precision as Wikidata gives them") from error
    length = {9: 4, 10: 7, 11: 10}.get(precision, 0)
    return time[1 : 1 + length] if time.startswith("+") and time[5:6] == "-" else ""


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
            return f"GEOMETRYCOLLECTION({', '.join(map(wkt_of, shape['geometries']))})"
        depth = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}[
            kind
        ]
        if not shape["coordinates"]:
            return f"{kind.upper()} EMPTY"
        inside = _coordinates(shape["coordinates"], depth)
    except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        raise WrongValue(f"the geometry is no GeoJSON ({type(error).__name__}: {error})") from error
    return f"{kind.upper()}({inside})"


def _coordinates(given: Any, depth: int) -> str:
    if depth == 0:
        longitude, latitude = given[0], given[1]
        if type(longitude) not in (int, float) or type(latitude) not in (int, float):
            raise ValueError(f"{str(given)[:60]} are no two numbers")
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError(f"{given[0]} {given[1]} is outside the globe")
        return f"{text_of(given[0])} {text_of(given[1])}"
    inside = (_coordinates(one, depth - 1) for one in given)
    return ", ".join(inside) if depth == 1 else ", ".join(f"({one})" for one in inside)
