"""The links of the mapping sets, and the searches that found nothing: what leads from a thing of the paper to a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..links.mappings import mapping_quads, read_set
from ..links.stored import stored_mappings
from ..names import PREFIXES, bri, shorten

__all__ = ["SURE", "Link", "Links", "Search"]

#: From which confidence on a link is used.
SURE = 0.8
_DATASET, _OWL, _SSSOM = PREFIXES["dataset"], PREFIXES["owl"], PREFIXES["sssom"]
_NO_TERM = _SSSOM + "NoTermFound"
_NEGATED = _SSSOM + "NegatedPredicate"
_DEFAULT = ox.DefaultGraph()


class Link(NamedTuple):
    """A match of a mapping set: from a thing of the paper, by which predicate (its local name), to what, and what shows it."""

    subject: str
    predicate: str
    object: str
    mapping: str
    dataset: str
    version: str
    file: str
    row: str
    comment: str
    confidence: float = 1.0


class Search(NamedTuple):
    """A search without result: for which thing, in which dataset and file."""

    subject: str
    mapping: str
    dataset: str
    version: str
    file: str
    comment: str


def _set_store(path: Path) -> ox.Store:
    """Return what a mapping set says, in a store of its own. Raises DataError where it is broken."""
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT) for quad in mapping_quads(read_set(path)))
    return store


def _same_list(one: Link, other: Link) -> bool:
    """Whether both links lead into the same dataset or scheme."""
    parts = [shorten(link.object).partition(":") for link in (one, other)]
    lists = [(prefix, rest.partition("/")[0] if prefix in ("record", "code") else "") for prefix, _, rest in parts]
    return lists[0] == lists[1]


class Links:
    """The links and fruitless searches of the mapping sets, by what they are about."""

    def __init__(self, kg: KnowledgeGraph, mapping_sets: Iterable[Path] = (), further: Iterable[Link] = ()) -> None:
        self.found: dict[str, list[Link]] = {}
        self.searched: dict[str, list[Search]] = {}
        for store in (kg.store, *map(_set_store, mapping_sets)):
            for mapping, cells in stored_mappings(store):
                self._add(mapping, cells)
        for page in further:
            self.found.setdefault(page.subject, []).append(page)
        for links in self.found.values():
            links.sort()
        for searches in self.searched.values():
            searches.sort()

    def _add(self, mapping: str, cells: Mapping[str, list[str]]) -> None:
        def cell(name: str) -> str:
            return min(cells.get(name, [""]))

        subject, target = cell(_OWL + "annotatedSource"), cell(_OWL + "annotatedTarget")
        dataset = cell(_SSSOM + "object_source").removeprefix(_DATASET)
        shown = cell(_SSSOM + "object_source_version"), cell(bri("evidenceFile"))
        comment = cell(PREFIXES["rdfs"] + "comment")
        if target == _NO_TERM:
            self.searched.setdefault(subject, []).append(Search(subject, mapping, dataset, *shown, comment))
        elif _NEGATED not in cells.get(_SSSOM + "predicate_modifier", ()):
            predicate = cell(_OWL + "annotatedProperty").rpartition("#")[2]
            confidence = float(cell(_SSSOM + "confidence") or 1)
            link = Link(
                subject, predicate, target, mapping, dataset, *shown, cell(bri("evidenceRow")), comment, confidence
            )
            self.found.setdefault(subject, []).append(link)

    def of(self, subjects: Iterable[str]) -> list[Link]:
        """Return the links of these things, each once."""
        return sorted({link for subject in subjects for link in self.found.get(subject, ())})

    def is_sure(self, link: Link) -> bool:
        """Whether a link can be built on: confident enough, and the only exact match of its subject in its dataset."""
        if link.mapping == link.object:  # a page, record and link in one; several of one thing are no rivals
            return True
        if link.confidence < SURE:
            return False
        twins = [
            one
            for one in self.found.get(link.subject, ())
            if one.predicate == link.predicate == "exactMatch" and _same_list(one, link) and one.object != link.object
        ]
        return not twins

    def searches(self, subjects: Iterable[str]) -> list[Search]:
        """Return the fruitless searches for these things, each once."""
        return sorted({one for subject in subjects for one in self.searched.get(subject, ())})
