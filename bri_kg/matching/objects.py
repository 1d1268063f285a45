"""Records of files that are no tables: JSON, JSON lines, GeoJSON, XML and YAML, each flattened to cells with a name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import DataError, UsageError
from ..external.yamlstream import MAX_DEPTH
from .names import clean_text

__all__ = ["ENDINGS", "flat_cells", "read_objects"]

ENDINGS = (".json", ".jsonl", ".ndjson", ".geojson", ".xml", ".yaml", ".yml")
#: A record with more cells than this is cut: no table of things has so many, but a bomb of YAML aliases has.
_MOST_CELLS = 2000
_MOST_DEPTH = 3


def read_objects(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each record with its line (in JSON, its place). Raises UsageError, in one sentence, for a file that is broken or holds no records."""
    ending = path.suffix.lower()
    if ending == ".xml":
        return _from_xml(path)
    if ending in (".yaml", ".yml"):
        return _from_yaml(path, text)
    return _from_json(path, text)


def flat_cells(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of a record that are not empty, those of objects within it under names with dots."""
    return {name: cell for name, cell in islice(_flat(found), _MOST_CELLS) if cell}


def _flat(found: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in found.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and depth < _MOST_DEPTH:
            yield from _flat(value, name + ".", depth + 1)
        elif isinstance(value, list):
            yield name, "|".join(clean_text(one) for one in value if not isinstance(one, (dict, list)))
        elif value is not None and not isinstance(value, Mapping):
            yield name, clean_text(value)


# JSON


def _from_json(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        if path.suffix.lower() in (".json", ".geojson") and "\n{" not in text.strip():
            raise UsageError(f"{path}:{error.lineno}: no valid JSON: {error.msg}; mend this line.") from error
        whole = None
    except RecursionError as error:
        raise UsageError(f"{path} is nested too deeply to be a table.") from error
    if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" and isinstance(whole.get("features"), list):
        for place, feature in enumerate(whole["features"], 1):
            if isinstance(feature, dict):
                yield place, {**(feature.get("properties") or {}), **_point_of(feature.get("geometry"))}
        return
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        whole = lists[0] if len(lists) == 1 else [whole]
    if isinstance(whole, list):
        yield from _listed(path, enumerate(whole, 1))
        return
    for place, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                one = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise UsageError(f"{path}:{place}: no valid JSON: {error}; give one object a line.") from error
            if not isinstance(one, dict):
                raise UsageError(f"{path}:{place}: no object; give one object a line.")
            yield place, one


def _listed(path: Path, entries: Iterator[tuple[int, Any]] | enumerate[Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for count, (place, one) in enumerate(entries, 1):
        if not isinstance(one, dict):
            raise UsageError(f"{path}: entry {count} is no object; give a list of objects, or one object a line.")
        yield place, one


def _point_of(geometry: object) -> dict[str, object]:
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        place = geometry.get("coordinates")
        if isinstance(place, list) and len(place) >= 2:
            return {"longitude": place[0], "latitude": place[1]}
    return {}


# YAML


def _from_yaml(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import yaml

    safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = safe(text)
    try:
        _check_depth(path, yaml.parse(text, Loader=safe))
        whole = loader.get_single_node()
        if isinstance(whole, yaml.MappingNode):
            lists = [value for _, value in whole.value if isinstance(value, yaml.SequenceNode) and value.value]
            whole = lists[0] if len(lists) == 1 else yaml.SequenceNode(whole.tag, [whole])
        if not isinstance(whole, yaml.SequenceNode):
            raise UsageError(f"{path} holds no list; give a list of objects.")
        entries = [
            (node.start_mark.line + 1, loader.construct_object(node, deep=True))  # the line tells where it stands
            for node in whole.value
        ]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        raise UsageError(
            f"{path}{where}: no valid YAML: {getattr(error, 'problem', error)}; mend this line."
        ) from error
    except (RecursionError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as YAML: {error}; mend it.") from error
    finally:
        loader.dispose()
    yield from _listed(path, iter(entries))


def _check_depth(path: Path, events: Iterable[Any]) -> None:
    """Refuse what nests so deep that the loader, which calls itself for each level in C, would end the process."""
    import yaml

    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise UsageError(
                f"{path}:{event.start_mark.line + 1}: it nests more than {MAX_DEPTH} deep; give a list of objects."
            )


# XML


def _from_xml(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    from ..external.reading import Broken, Source
    from ..external.xmlstream import read_elements

    try:
        name = _record_element(path)
        with Source(path) as source:
            for line, found in read_elements(source, name):
                if not isinstance(found, Broken):
                    yield line, _element_cells(found)
    except DataError as error:
        raise UsageError(str(error)) from error


def _record_element(path: Path) -> str:
    """Return which element holds a record: the least deep that stands there several times, and among those the most frequent."""
    from xml.parsers import expat

    counts: Counter[tuple[str, ...]] = Counter()
    names: list[str] = []

    def start(name: str, _: object) -> None:
        names.append(name)
        if len(names) <= 6:
            counts[tuple(names)] += 1

    def refuse(*_: object) -> None:
        raise DataError(f"{path} has a document type declaration (<!DOCTYPE ...>), which may hide files; take it out.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, lambda _: names.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(path.read_bytes(), True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UsageError(f"{path}:{parser.CurrentLineNumber}: the XML is broken: {error}; mend this line.") from error
    repeated = [(len(way), -count, way[-1]) for way, count in counts.items() if count > 1]
    if not repeated:
        raise UsageError(f"{path}: no element stands in it several times; give XML with one element for each record.")
    return min(repeated)[2]


def _element_cells(made: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of an element and what stands in it; one in a language other than the file's has it behind its name."""
    cells: dict[str, list[str]] = {}

    def walk(node: Mapping[str, Any], name: str, depth: int) -> None:
        language = str(node.get("@xml:lang", ""))
        text = str(node.get("#text", ""))
        if text:
            column = re.sub(r"\.?narrative$", "", name) or "text"  # IATI says a text of several languages so
            cells.setdefault(f"{column} ({language})" if language else column, []).append(text)
        for key, value in node.items():
            if key.startswith("@") and key != "@xml:lang":
                cells.setdefault(f"{name}.{key[1:]}".strip("."), []).append(str(value))
            elif isinstance(value, list) and depth < 2 * _MOST_DEPTH and not key.startswith(("#", "^")):
                for one in value:
                    walk(one, f"{name}.{key}".strip("."), depth + 1)

    walk(made, "", 0)
    return {name: "|".join(dict.fromkeys(texts)) for name, texts in cells.items()}
