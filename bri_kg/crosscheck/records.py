"""What linked records say: the links of the mapping sets, and the values of the imported records to which they lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..links.mappings import mapping_quads, read_set
from ..names import PREFIXES, bri, rdf, shorten

__all__ = ["CITED_WORKS", "SURE", "Link", "Links", "Record", "Records", "Search"]

CITED_WORKS = "cited-works"
_DEFAULT = ox.DefaultGraph()
#: From which confidence on a link is used.
SURE = 0.8
_EXT, _RECORD, _DATASET = PREFIXES["ext"], PREFIXES["record"], PREFIXES["dataset"]
_OWL, _SSSOM, _SKOS = PREFIXES["owl"], PREFIXES["sssom"], PREFIXES["skos"]
_NO_TERM = _SSSOM + "NoTermFound"
_NEGATED = _SSSOM + "NegatedPredicate"
_CONGRESS = PREFIXES["congress"]
#: Names of properties of records, in ``ext:``, for what is compared; the first that a record has is taken.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "country": ("countryCode", "country", "iso3166Alpha2"),
    "status": ("status",),
    "start": ("actualStart",),
    "end": ("actualEnd",),
    "since": ("operatingFrom",),
    "commitment": ("commitmentDate",),
    "approved": ("approved",),
    "signed": ("signed",),
    "in-force": ("inForce",),
    "ended": ("ended",),
    "member": ("member", "membership", "memberNumeric"),
    "amount": ("amount",),
    "total-cost": ("totalCost",),
    "currency": ("currency",),
    "basis": ("priceBasis",),
    "funder": ("funder",),
    "umbrella": ("umbrella",),
    "person": ("person",),
    "office": ("positionName",),
    "state": ("wikidataCountry",),
    "from": ("start",),
    "to": ("end",),
    "line": ("line",),
    "issued": ("issued",),
}


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


@dataclass(frozen=True)
class Record:
    """A record: its name, its dataset with version, file and line, and its values by the names of :data:`FIELDS`."""

    iri: str
    dataset: str
    version: str
    file: str
    line: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return the one value of a field, or its first; empty where there is none."""
        found = self.values.get(name, ())
        return found[0] if found else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a field."""
        return self.values.get(name, ())

    @property
    def id(self) -> str:
        """The record's id in its dataset."""
        from urllib.parse import unquote

        return unquote(shorten(self.iri).partition(":")[2].removeprefix(f"{self.dataset}/"))

    @property
    def is_umbrella(self) -> bool:
        """Whether the dataset marks it as an umbrella agreement, whose parts are records of their own."""
        return self.get("umbrella").casefold() in ("yes", "true", "1")


class Links:
    """The links and fruitless searches of the mapping sets, by what they are about."""

    def __init__(self, kg: KnowledgeGraph, mapping_sets: Iterable[Path] = ()) -> None:
        self.found: dict[str, list[Link]] = {}
        self.searched: dict[str, list[Search]] = {}
        for store in (kg.store, *map(_set_store, mapping_sets)):
            for quad in store.quads_for_pattern(
                None, ox.NamedNode(rdf("type")), ox.NamedNode(bri("Mapping")), _DEFAULT
            ):
                if isinstance(quad.subject, ox.NamedNode):
                    self._add(quad.subject.value, _values(store, quad.subject))
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
        if link.confidence < SURE:
            return False
        twins = [
            one
            for one in self.found.get(link.subject, ())
            if one.predicate == link.predicate == "exactMatch" and _same_list(one, link)
        ]
        return len(twins) < 2

    def searches(self, subjects: Iterable[str]) -> list[Search]:
        """Return the fruitless searches for these things, each once."""
        return sorted({one for subject in subjects for one in self.searched.get(subject, ())})


class Records:
    """Reads the records to which links lead from a store that holds them."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._store = kg.store
        self._labels = kg.labels
        self._known: dict[str, list[Record]] = {}

    def behind(self, link: Link) -> list[Record]:
        """Return the records to which a link leads: the record itself, those of a person, or the cited text of a bill; none where it is not there."""
        key = f"{link.dataset} {link.object}"
        if key not in self._known:
            self._known[key] = sorted(self._read(link), key=lambda record: (record.dataset, record.iri))
        return self._known[key]

    def _read(self, link: Link) -> list[Record]:
        if link.object.startswith(_RECORD):
            found = self._record(link.object)
            return [found] if found else []
        if link.object.startswith(_CONGRESS):
            return self._cited(link)
        if link.object.startswith(PREFIXES["wikidata"]):
            return self._identified(link.object)
        return []

    def _record(self, iri: str) -> Record | None:
        raw: dict[str, list[str]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.NamedNode(iri)):
            if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                raw.setdefault(quad.predicate.value, []).append(quad.object.value)
        if not raw:
            return None
        values = {
            name: tuple(sorted(raw[_EXT + one]))
            for name, ones in FIELDS.items()
            for one in reversed(ones)
            if _EXT + one in raw
        }
        dataset = min(raw.get(PREFIXES["void"] + "inDataset", [""])).removeprefix(_DATASET)
        dataset = dataset or iri.removeprefix(_RECORD).partition("/")[0]
        return Record(iri, dataset, *self._described(dataset), values.get("line", ("",))[0], values)

    def _described(self, dataset: str) -> tuple[str, str]:
        """Return the version and the file names of an imported dataset."""
        graph = ox.NamedNode(_DATASET + dataset)
        versions = self._store.quads_for_pattern(graph, ox.NamedNode(PREFIXES["dcat"] + "version"), None, graph)
        files = self._store.quads_for_pattern(None, ox.NamedNode(_EXT + "file"), None, graph)
        texts = (
            sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))
            for quads in (versions, files)
        )
        version, names = texts
        return (version[0] if version else "", ", ".join(names))

    def _identified(self, identifier: str) -> list[Record]:
        """Return the records of office holders in which the person has this identifier."""
        found = []
        for name in FIELDS["person"]:
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(_EXT + name), ox.NamedNode(identifier), None):
                graph = quad.graph_name
                if isinstance(graph, ox.NamedNode) and graph == quad.subject and (record := self._record(graph.value)):
                    found += [record] if record.get("office") else []
        return found

    def _cited(self, link: Link) -> list[Record]:
        """Return the work cited in the paper whose address is that of the bill: the paper's own note, not an independent record."""
        found = []
        repaired = ox.NamedNode(bri("repairedAddress"))
        for quad in self._store.quads_for_pattern(None, repaired, None, _DEFAULT):
            address = quad.object.value if isinstance(quad.object, ox.Literal) else ""
            if address == link.object or address.startswith(link.object + "/"):
                raw = _values(self._store, quad.subject)  # type: ignore[arg-type]
                label = self._english(quad.subject)
                values = {
                    "name": (label,),
                    "issued": tuple(sorted(raw.get(bri("issued"), []))),
                    "status": ("bill",) if "/bill/" in f"/{link.object.removeprefix(_CONGRESS)}" else ("law",),
                }
                work = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
                found.append(Record(work, CITED_WORKS, link.version, link.file, link.row, values))
        return found

    def _english(self, node: object) -> str:
        quads = self._store.quads_for_pattern(node, ox.NamedNode(_SKOS + "prefLabel"), None, _DEFAULT)  # type: ignore[arg-type]
        return min(
            (q.object.value for q in quads if isinstance(q.object, ox.Literal) and q.object.language == "en"),
            default="",
        )

    def holds(self, dataset: str) -> bool:
        """Whether a dataset is imported; that of the cited works is part of the graph."""
        if dataset == CITED_WORKS:
            return True
        graph = ox.NamedNode(_DATASET + dataset)
        taken = self._store.quads_for_pattern(graph, ox.NamedNode(_EXT + "rowsTaken"), None, graph)
        return any(True for _ in taken)


def _values(store: ox.Store, node: ox.NamedNode) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(node, None, None, _DEFAULT):
        if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            found.setdefault(quad.predicate.value, []).append(quad.object.value)
    return found
