"""What linked records say: the values of the imported records to which links lead, each with its dataset, file, version and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..links.stored import values_of
from ..names import IDENTIFIERS, PREFIXES, bri, shorten
from .matches import Link
from .pages import PAGES, READ, page_values

__all__ = ["BANK_PROJECT", "CITED_WORKS", "LENDERS", "OFFICES", "OF_ONE_STATE", "Record", "Records", "is_head"]

CITED_WORKS = "cited-works"
#: The dataset of holders of offices in all states.
OFFICES = "leaders"
#: Identifiers of projects of the World Bank, whose own data may be imported.
BANK_PROJECT = IDENTIFIERS["code"] + "world-bank-project/"
#: Datasets of one lender, which their rows do not name.
LENDERS = {"worldbank": "World Bank", "worldbank-table": "World Bank"}
#: Datasets of the offices of one state alone, which their rows do not name, and this state.
OF_ONE_STATE = {"us-executive": IDENTIFIERS["wikidata"] + "Q30"}
_DEFAULT = ox.DefaultGraph()
_EXT, _RECORD, _DATASET = PREFIXES["ext"], PREFIXES["record"], PREFIXES["dataset"]
_IN_DATASET = ox.NamedNode(PREFIXES["void"] + "inDataset")
_CONGRESS = IDENTIFIERS["congress"]
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
    "file": ("file",),
    "issued": ("issued",),
    "person-name": ("personName",),
}


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


def is_head(office: str) -> bool:
    """Whether an office, as a record names it, is that of a head of state or government."""
    return office.casefold().split(" of ")[0] in ("president", "prime minister", "premier")


def _joined(terms: list[Record]) -> list[Record]:
    """Join terms of which one begins on the day on which the one before it ends."""
    made: list[Record] = []
    for term in terms:
        if made and made[-1].get("to") == term.get("from"):
            made[-1] = replace(made[-1], values={**made[-1].values, "to": term.all("to")})
        else:
            made.append(term)
    return made


class Records:
    """Reads the records to which links lead from a store that holds them."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._store = kg.store
        self._known: dict[str, list[Record]] = {}
        self._heads: dict[str, list[Record]] = {}

    def behind(self, link: Link) -> list[Record]:
        """Return the records to which a link leads; none where they are not there.

        Of a record or an organisation that is what datasets say of it, of a person the offices held, of a bill the cited text.
        """
        key = f"{link.dataset} {link.object}"
        if key not in self._known:
            self._known[key] = sorted(self._read(link), key=lambda record: (record.dataset, record.iri))
        return self._known[key]

    def heads(self, state: str, called: str) -> list[Record]:
        """Return the records of heads of the state with this Wikidata IRI whose family name is ``called``.

        Terms that follow upon each other are one. Of a dataset in which two persons bear the name none is returned.
        """
        if state not in self._heads:
            terms = [record for record in self._having("wikidataCountry", state) if is_head(record.get("office"))]
            self._heads[state] = [*terms, *(self._tenures() if state in OF_ONE_STATE.values() else ())]
        named = [one for one in self._heads[state] if one.get("person-name").split()[-1:] == [called]]
        persons: dict[str, set[str]] = {}
        for one in named:
            persons.setdefault(one.dataset, set()).add(one.get("person"))
        return [one for one in named if len(persons[one.dataset]) == 1]

    def _tenures(self) -> Iterator[Record]:
        """Yield the terms of heads in a dataset whose records are persons with their terms beside them."""
        found: dict[str, list[Record]] = {}
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(_EXT + "tenure"), None, _DEFAULT):
            person, tenure = quad.subject, quad.object
            if not isinstance(person, ox.NamedNode) or not isinstance(tenure, ox.NamedNode):
                continue
            for record in self._of(person.value):
                term = values_of(self._store, tenure)
                values = {
                    "office": tuple(term.get(_EXT + "position", ())),
                    "from": tuple(term.get(_EXT + "start", ())),
                    "to": tuple(term.get(_EXT + "end", ())),
                    "person": (person.value,),
                    "person-name": record.all("name"),
                    "name": record.all("name"),
                    "line": record.all("line"),
                }
                if record.dataset in OF_ONE_STATE and is_head(Record("", "", "", "", "", values).get("office")):
                    found.setdefault(person.value, []).append(replace(record, iri=tenure.value, values=values))
        for terms in found.values():
            yield from _joined(sorted(terms, key=lambda one: one.get("from")))

    def _read(self, link: Link) -> list[Record]:
        if link.object in page_values():
            values = page_values()[link.object]
            return [Record(link.object, PAGES, READ, values["address"][0], "", values)]
        if link.object.startswith(BANK_PROJECT):
            number = link.object.removeprefix(BANK_PROJECT)
            return [one for name in LENDERS for one in self._of(f"{_RECORD}{name}/{number}")]
        if link.object.startswith((_RECORD, IDENTIFIERS["ror"])):
            return list(self._of(link.object))
        if link.object.startswith(_CONGRESS):
            return self._cited(link)
        if link.object.startswith(PREFIXES["wikidata"]):
            return [record for record in self._having("person", link.object) if record.get("office")]
        return []

    def _of(self, iri: str) -> Iterator[Record]:
        """Yield what each dataset says of a thing: a thing may be in several, and need not be called as the record of it is."""
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), _IN_DATASET, None, None):
            if isinstance(quad.graph_name, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield self._record(iri, quad.graph_name, quad.object.value.removeprefix(_DATASET))

    def _record(self, iri: str, graph: ox.NamedNode, dataset: str) -> Record:
        raw: dict[str, list[str]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, graph):
            if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                raw.setdefault(quad.predicate.value, []).append(quad.object.value)
        values = {
            name: tuple(sorted(raw[_EXT + one]))
            for name, ones in FIELDS.items()
            for one in reversed(ones)
            if _EXT + one in raw
        }
        if dataset in LENDERS:
            values.setdefault("funder", (LENDERS[dataset],))
        version, files = self._described(dataset)
        return Record(iri, dataset, version, values.get("file", (files,))[0], values.get("line", ("",))[0], values)

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

    def _having(self, name: str, value: str) -> list[Record]:
        """Return the records that have this IRI as the value of a property, each once."""
        quads: Iterable[ox.Quad] = self._store.quads_for_pattern(
            None, ox.NamedNode(_EXT + name), ox.NamedNode(value), _DEFAULT
        )
        things = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})
        return [record for thing in things for record in self._of(thing)]

    def _cited(self, link: Link) -> list[Record]:
        """Return the work cited in the paper whose address is that of the bill: the paper's own note, not an independent record.

        Where the paper does not cite the address, what the link itself shows: the address.
        """
        found = []
        repaired = ox.NamedNode(bri("repairedAddress"))
        for quad in self._store.quads_for_pattern(None, repaired, None, _DEFAULT):
            address = quad.object.value if isinstance(quad.object, ox.Literal) else ""
            if address == link.object or address.startswith(link.object + "/"):
                raw = values_of(self._store, quad.subject)
                label = self._english(quad.subject)
                values = {
                    "name": (label,),
                    "issued": tuple(sorted(raw.get(bri("issued"), []))),
                    "cited": (link.object.removeprefix(_CONGRESS),),
                }
                work = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
                found.append(Record(work, CITED_WORKS, link.version, link.file, link.row, values))
        values = {"cited": (link.object.removeprefix(_CONGRESS),)}
        return found or [Record(link.object, link.dataset, link.version, link.file, link.row, values)]

    def _english(self, node: object) -> str:
        quads = self._store.quads_for_pattern(node, ox.NamedNode(PREFIXES["skos"] + "prefLabel"), None, _DEFAULT)  # type: ignore[arg-type]
        return min(
            (q.object.value for q in quads if isinstance(q.object, ox.Literal) and q.object.language == "en"),
            default="",
        )

    def holds(self, dataset: str) -> bool:
        """Whether a dataset is imported; that of the cited works is part of the graph."""
        if dataset in (CITED_WORKS, PAGES):
            return True
        graph = ox.NamedNode(_DATASET + dataset)
        taken = self._store.quads_for_pattern(graph, ox.NamedNode(_EXT + "rowsTaken"), None, graph)
        return any(True for _ in taken)
