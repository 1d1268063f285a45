"""Evidence of mappings: the row of a file that a mapping names, found again.

Where a row stands is a line number, or cells to look for (``column=value``, several parted by `` & ``): in CSV and TSV the rows with these cells,
in JSON, GeoJSON and YAML the objects, in XML the elements, with these members; members below each other are parted by dots. A row is a list of texts.
Characters that are no UTF-8 are passed over: some files mix encodings.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ..errors import DataError
from ..files import data_folder
from ..names import IDENTIFIERS
from .mappings import identifier_of

__all__ = ["Evidence", "holds"]

_OURS = ("graph_data/", "ontology/")
_SPREAD = re.compile(r"/code/(iso3166-2|unlocode)/")


class Evidence:
    """The files in which mappings can be seen; each is read once. ``folder`` is that of the external data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, tuple[list[str], list[tuple[int, int, list[str]]]]] = {}
        self._trees: dict[str, list[dict[str, Any]]] = {}
        self._lines: dict[str, list[str]] = {}

    def is_within_reach(self, file: str) -> bool:
        """Whether the folder that should hold a file is here."""
        return file.startswith(_OURS) or self._folder.is_dir()

    def path(self, file: str) -> Path | None:
        """Return where a file is; None if it is not there, or its name leads out of its folder."""
        root = data_folder().parent if file.startswith(_OURS) else self._folder
        path = root / file
        inside = path.resolve().is_relative_to(root.resolve())
        return path if inside and path.is_file() else None

    def rows(self, file: str, where: str) -> list[list[str]]:
        """Return the rows of a file at ``where``, empty if there are none.

        Raises DataError, with the reason, for a file that cannot be read or a place that is written otherwise.
        """
        path = self.path(file)
        if path is None:
            raise DataError("the file is not there")
        try:
            if where.isdecimal():
                return self._at_line(file, path, int(where))
            wanted = _wanted(where)
            if path.suffix in (".csv", ".tsv"):
                return self._in_table(file, path, wanted)
            return [
                list(_texts(one)) for one in self._objects(file, path) if all(v in _members(one, k) for k, v in wanted)
            ]
        except (OSError, ValueError, csv.Error, ElementTree.ParseError) as error:
            raise DataError(f"the file cannot be read: {error}") from error

    def _at_line(self, file: str, path: Path, line: int) -> list[list[str]]:
        if path.suffix in (".csv", ".tsv"):
            return [cells for first, last, cells in self._table(file, path)[1] if first <= line <= last]
        if file not in self._lines:
            self._lines[file] = path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
        lines = self._lines[file]
        return [[lines[line - 1]]] if 0 < line <= len(lines) else []

    def _in_table(self, file: str, path: Path, wanted: list[tuple[str, str]]) -> list[list[str]]:
        head, rows = self._table(file, path)
        missing = [key for key, _ in wanted if key not in head]
        if missing:
            raise DataError(f"the file has no column {missing[0]}")
        places = [(head.index(key), value) for key, value in wanted]
        return [cells for _, _, cells in rows if all(cells[place : place + 1] == [value] for place, value in places)]

    def _table(self, file: str, path: Path) -> tuple[list[str], list[tuple[int, int, list[str]]]]:
        if file not in self._tables:
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
                reader = csv.reader(lines, delimiter="\t" if path.suffix == ".tsv" else ",")
                found, last = [], 0
                for cells in reader:
                    found.append((last + 1, reader.line_num, cells))
                    last = reader.line_num
            self._tables[file] = (found[0][2] if found else [], found)
        return self._tables[file]

    def _objects(self, file: str, path: Path) -> list[dict[str, Any]]:
        if file not in self._trees:
            if path.suffix in (".json", ".geojson"):
                tree: Any = json.loads(path.read_text(encoding="utf-8-sig", errors="replace"))
            elif path.suffix in (".yaml", ".yml"):
                import yaml

                tree = yaml.load(path.read_text(encoding="utf-8-sig", errors="replace"), Loader=yaml.BaseLoader)
            elif path.suffix == ".xml":
                tree = _tree_of(ElementTree.parse(path).getroot())
            else:
                raise ValueError("name a line of it, since it is no table and no tree of JSON, YAML or XML")
            self._trees[file] = list(_objects(tree))
        return self._trees[file]


def holds(row: Iterable[str], iri: str) -> bool:
    """Whether a row holds the identifier that an IRI is, as a word of its own; zeros before a number do not count.

    A code of a country's part also counts where its two halves stand in cells of their own, and an ISNI in groups of four.
    """
    wanted = " ".join(identifier_of(iri).split())
    gap = "" if iri.startswith(IDENTIFIERS["isni"]) else " "
    cells = [gap.join(cell.split()) for cell in row]
    if any(_stands_in(wanted, cell) for cell in cells):
        return True
    return bool(_SPREAD.search(iri)) and all(
        any(_stands_in(half, cell) for cell in cells) for half in wanted.split("-")
    )


def _stands_in(wanted: str, cell: str) -> bool:
    text = f"0*{wanted.lstrip('0') or '0'}" if wanted.isdecimal() else re.escape(wanted)
    return re.search(rf"(?<![^\W_]){text}(?![^\W_])", cell) is not None


def _wanted(where: str) -> list[tuple[str, str]]:
    pairs = []
    for part in where.split(" & "):
        key, separator, value = part.partition("=")
        if not (key and separator):
            raise DataError(f"'{where}' is neither a line number nor column=value")
        pairs.append((key, value))
    return pairs


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for one in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _objects(one)


def _members(tree: Any, path: str) -> list[str]:
    """Return the values at a path as text; the first key that holds the whole path wins, so that a key may have dots."""
    if isinstance(tree, list):
        return [text for one in tree for text in _members(one, path)]
    if not isinstance(tree, dict):
        return []
    if path in tree:
        found = tree[path]
        return [
            str(one) for one in (found if isinstance(found, list) else [found]) if not isinstance(one, (dict, list))
        ]
    key, _, rest = path.partition(".")
    return _members(tree.get(key), rest) if rest else []


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, (dict, list)):
        for one in tree.values() if isinstance(tree, dict) else tree:
            yield from _texts(one)
    elif tree is not None:
        yield str(tree)


def _tree_of(element: ElementTree.Element) -> dict[str, Any]:
    """Return an element as an object: its attributes, and its children by name, those without children of their own as text."""
    made: dict[str, Any] = dict(element.attrib)
    for child in element:
        made.setdefault(child.tag, []).append(_tree_of(child) if len(child) else (child.text or "").strip())
    if not len(element):
        made["text"] = (element.text or "").strip()
    return made
