"""The entities of a graph as records: their names in all languages, states, years, amounts, points, and identities elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from ..errors import UsageError
from ..graph import KnowledgeGraph
from ..names import BASE, ONTOLOGY, PREFIXES, bri, skos
from .countries import States
from .records import DEFAULT_KINDS, Record, family_of, level_of, years_of
from .words import head_type

__all__ = ["graph_records", "local_identifier"]

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
    governments = {one.label.casefold(): one.countries for one in records if one.family == "government"}
    for record in records:
        if record.family == "person" and not record.countries:  # who heads a government is of its state
            said = record.said.casefold()
            record.countries = frozenset().union(*(of for name, of in governments.items() if name in said))
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
            same.add(local_identifier(value.value))
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
        elsewhere=states.names_elsewhere(iri) if family == "state" else frozenset(),
        codes=states.codes_of(iri) if family == "state" else frozenset(),
    )


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


def local_identifier(iri: str) -> str:
    """Return the part of an identifier that tables print: ``Q819``, ``01c6hpm88``; nothing for codes, which are short and mean many things."""
    if iri.startswith("https://w3id.org/bri-kg/code/"):
        return ""
    return iri.rstrip("/").rpartition("/")[2].upper()
