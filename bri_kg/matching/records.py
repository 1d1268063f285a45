"""What is matched: a record, whether it is a row of a table or an entity of the graph, with the features that are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from ..errors import UsageError
from ..graph import KnowledgeGraph
from ..names import BASE, ONTOLOGY, PREFIXES, bri, skos
from .countries import States
from .headings import LEVELS
from .names import NameForm, acronym_of, name_form, spellings
from .words import head_type, is_part, project_in_title

__all__ = ["DEFAULT_KINDS", "FAMILIES", "Record", "family_of", "graph_records", "level_of", "years_of"]

#: Kinds of entity that tables speak of. Components, notions, issues, phases and works cited are matched only where asked for.
DEFAULT_KINDS = (
    "State",
    "Government",
    "Organisation",
    "Person",
    "Place",
    "Project",
    "Agreement",
    "Initiative",
    "Strategy",
    "Programme",
    "Law",
    "Mechanism",
    "Group",
    "Partnership",
    "Event",
    "Document",
)
#: The family to which kinds belong for comparison: kinds of one family may be the same thing, kinds of two may not.
FAMILIES: dict[str, str] = {
    "State": "state",
    "Government": "government",
    "Administration": "government",
    "Organisation": "organisation",
    "Company": "organisation",
    "GovernmentBody": "organisation",
    "ResearchInstitution": "organisation",
    "InternationalOrganisation": "organisation",
    "Community": "organisation",
    "Mechanism": "mechanism",
    "FreeTradeArea": "mechanism",
    "Person": "person",
    "Place": "place",
    "Region": "place",
    "Project": "project",
    "Agreement": "agreement",
    "Partnership": "mechanism",
    "Document": "document",
    "Initiative": "undertaking",
    "Strategy": "undertaking",
    "Programme": "undertaking",
    "Law": "law",
    "Group": "group",
    "Event": "event",
    "Summit": "event",
    "Forum": "event",
    "Meeting": "event",
}
_TIES = (
    "hostCountry",
    "country",
    "bodyOf",
    "governmentOf",
    "basedIn",
    "affiliatedWith",
    "partner",
    "policyOf",
    "involves",
)
_DEFAULT = ox.DefaultGraph()
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


@dataclass(eq=False)
class Record:
    """One side of a comparison.

    ``names`` are all its names as written, ``label`` the one it is shown by; ``family`` is the sort of thing (see :data:`FAMILIES`), empty where
    unknown; ``countries`` are IRIs of states; ``years`` the first and the last year it is dated to; ``amounts`` plain numbers; ``point``
    latitude and longitude; ``place`` the line of a row in its file; ``unit`` the part of the thing that it is about; ``level`` says whether a
    place is a ``settlement`` or an ``area``; ``is_current`` is false of what its own list calls superseded; ``said`` describes it.
    """

    id: str
    label: str
    names: tuple[str, ...]
    family: str = ""
    kind: str = ""
    countries: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    amounts: tuple[float, ...] = ()
    point: tuple[float, float] | None = None
    place: int = 0
    identifiers: frozenset[str] = frozenset()
    type_words: frozenset[str] = frozenset()
    is_financing: bool = False
    unit: str = ""
    level: str = ""
    is_current: bool = True
    said: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def forms(self) -> tuple[NameForm, ...]:
        """The forms in which its names are compared, each once."""
        found: dict[str, NameForm] = {}
        for name in self.names:
            for spelling in spellings(name):
                form = name_form(spelling)
                if form.key:
                    found.setdefault(form.key, form)
        title = project_in_title(self.names[0]) if self.is_financing and self.names else ""
        for spelling in spellings(title) if title else ():
            for said in (
                spelling,
                re.sub(r"^(?:phase|section|stage|lot) \w+ of (?:the )?", "", spelling, flags=re.IGNORECASE),
            ):
                form = name_form(said)
                found.setdefault(form.key, form)
        return tuple(found.values())

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Keys of the acronyms that stand in brackets behind its names; what they stand for may be another thing with the same letters."""
        return frozenset(name_form(found).key for name in self.names if (found := acronym_of(name)))

    @cached_property
    def heads(self) -> frozenset[str]:
        """The types that its names and its kind say it is of."""
        found = {head_type(form.text) for form in self.forms} | self.type_words
        return frozenset(found - {""})

    @cached_property
    def is_part(self) -> bool:
        """Whether it is about a part or a phase: its name says so, or it has a unit."""
        return bool(self.unit) or any(is_part(name) for name in self.names[:1])


def family_of(kinds: Iterable[str]) -> str:
    """Return the family of an entity of these classes; empty if none of them has one."""
    found = {FAMILIES[kind] for kind in kinds if kind in FAMILIES}
    if len(found) > 1:
        found -= {"document", "group", "undertaking"}  # what else it is says more
    return "mechanism" if "mechanism" in found else min(found, default="")


def years_of(text: str) -> tuple[int, int] | None:
    """Return the first and the last year that a text names; None without one."""
    years = [int(year) for year in _YEAR.findall(text)]
    return (min(years), max(years)) if years else None


def graph_records(kg: KnowledgeGraph, kinds: Iterable[str] = (), identifiers: bool = True) -> list[Record]:
    """Return the entities of a graph that tables speak of, ready to be matched.

    ``kinds`` are classes of the ontology, by default :data:`DEFAULT_KINDS`. With ``identifiers``, what the graph's links say of an entity's
    identity elsewhere counts. Raises UsageError for a class that is not there.
    """
    wanted = tuple(kinds) or DEFAULT_KINDS
    for kind in wanted:
        if not kg.lookup.exists(ONTOLOGY + kind):
            raise UsageError(f"There is no class '{kind}'; choose one such as Project, State or Organisation.")
    states = States(kg.store)
    names: dict[str, list[tuple[bool, str]]] = {}
    for predicate, preferred in (("prefLabel", True), ("altLabel", False)):
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(skos(predicate)), None, _DEFAULT):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                iri = quad.subject.value
                if iri.startswith(BASE) and not iri.startswith((ONTOLOGY, PREFIXES["concept"])):
                    names.setdefault(iri, []).append((preferred, quad.object.value))
    records = []
    for iri, found in sorted(names.items()):
        kinds_of = kg.lookup.kinds(iri)
        if kinds_of & set(wanted):
            records.append(
                _entity(kg, states, iri, kinds_of, [name for _, name in sorted(found, reverse=True)], identifiers)
            )
    return records


def _entity(
    kg: KnowledgeGraph, states: States, iri: str, kinds: set[str], names: list[str], identifiers: bool
) -> Record:
    node = ox.NamedNode(iri)
    label = kg.labels.label(iri)
    names = [label, *(name for name in names if name != label)]
    family = family_of(kinds)
    countries: set[str] = {iri} if family == "state" else set()
    years: list[int] = []
    amounts: list[float] = []
    said = ""
    point = None
    same: set[str] = set()
    types: set[str] = set()
    for quad in kg.store.quads_for_pattern(node, None, None, _DEFAULT):
        predicate, value = quad.predicate.value, quad.object
        name = predicate.removeprefix(ONTOLOGY)
        if name in _TIES and isinstance(value, ox.NamedNode) and value.value.startswith(PREFIXES["state"]):
            countries.add(value.value)
        elif isinstance(value, ox.Literal) and name in ("date", "earliest", "latest", "established"):
            years += years_of(value.value) or ()
        elif predicate == PREFIXES["dcterms"] + "description" and isinstance(value, ox.Literal):
            said += f" {value.value}"
        elif predicate.endswith("geosparql#asWKT") and isinstance(value, ox.Literal):
            point = _point(value.value)
        elif identifiers and predicate == skos("exactMatch") and isinstance(value, ox.NamedNode):
            same.add(_local(value.value))
        elif name == "projectKind" and isinstance(value, ox.NamedNode):
            types.add(head_type(value.value.rpartition("/")[2].replace("-", " ")))
        elif name == "amount" and isinstance(value, ox.NamedNode):
            amounts += _amounts(kg, value)
    for event in kg.store.quads_for_pattern(None, None, node, _DEFAULT):
        tie = event.predicate.value.removeprefix(ONTOLOGY)
        if tie in ("milestoneOf", "financed", "adopted", "signed", "establishes", "about") and isinstance(
            event.subject, ox.NamedNode
        ):
            for quad in kg.store.quads_for_pattern(event.subject, None, None, _DEFAULT):
                if (
                    quad.predicate.value in (bri("earliest"), bri("latest"))
                    and isinstance(quad.object, ox.Literal)
                    and tie != "about"
                ):
                    years += years_of(quad.object.value) or ()
                elif (
                    tie == "financed"
                    and quad.predicate.value == bri("amount")
                    and isinstance(quad.object, ox.NamedNode)
                ):
                    amounts += _amounts(kg, quad.object)
    if family != "state":
        countries |= states.in_text(said)
        if family != "person":
            countries |= {state for name in names for state in states.in_text(name)}
    if family in ("law", "agreement", "event") and not years:
        years += years_of(said + " " + label) or ()
    return Record(
        id=iri,
        label=label,
        names=tuple(dict.fromkeys(names)),
        family=family,
        kind=kg.lookup.kind(iri),
        countries=frozenset(countries),
        years=(min(years), max(years)) if years else None,
        amounts=tuple(sorted(set(amounts))),
        point=point,
        identifiers=frozenset(same - {""}),
        type_words=frozenset(types - {""}),
        level=level_of(said) if family == "place" else "",
        said=said.strip(),
    )


def level_of(text: str) -> str:
    """Return whether a kind or a description says that a place is a ``settlement`` or an ``area``; empty where it says neither."""
    return next((level for pattern, level in LEVELS if re.search(pattern, text.casefold())), "")


def _amounts(kg: KnowledgeGraph, statistic: ox.NamedNode) -> list[float]:
    found = []
    for quad in kg.store.quads_for_pattern(statistic, ox.NamedNode(bri("value")), None, _DEFAULT):
        if isinstance(quad.object, ox.Literal):
            try:
                found.append(float(quad.object.value))
            except ValueError:
                continue
    return found


def _point(wkt: str) -> tuple[float, float] | None:
    found = re.search(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", wkt, re.IGNORECASE)
    return (float(found[2]), float(found[1])) if found else None


def _local(iri: str) -> str:
    """Return the part of an identifier that tables print: ``Q819``, ``01c6hpm88``; nothing for codes, which are short and mean many things."""
    if iri.startswith("https://w3id.org/bri-kg/code/"):
        return ""
    return iri.rstrip("/").rpartition("/")[2].upper()
