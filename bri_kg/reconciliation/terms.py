"""What a graph offers to a reconciliation client: entities, types and properties, with their identifiers, names and descriptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..lookup import fold
from ..matching.names import name_form
from ..names import BASE, ONTOLOGY, PREFIXES, expand, rdfs, shorten, skos
from ..wording import word
from .protocol import Refused, id_of, kind_of, short

__all__ = ["Terms"]

_IDENTIFIER = re.compile(r"[\w.:/#~-]{1,300}")

_DEFAULT = ox.DefaultGraph()
#: Properties that no column is extended with: what they say is in others.
_HIDDEN = {"rdf:type", "rdfs:label", "rdfs:isDefinedBy", "skos:inScheme"}
#: Properties of other vocabularies whose names are ours.
_FOREIGN = {"dcterms:description", "skos:altLabel", "skos:exactMatch", "skos:prefLabel"}


class Terms:
    """The entities, types and properties of a graph under the identifiers that :mod:`bri_kg.reconciliation` gives them."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg
        self._held: dict[str, Counter[str]] = {}

    def asked_entity(self, given: str) -> str:
        """Return the IRI of the entity that an identifier means. Refuses one that means none."""
        iri = self.entity(given) or self.named(given)
        if not iri:
            raise Refused(404, f"There is no entity '{short(given)}'; /suggest/entity finds them by name.")
        return iri

    def asked_kind(self, given: str) -> str:
        """Return the class that an identifier means. Refuses one that means none."""
        kind = kind_of(given)
        if kind not in self.kinds:
            raise Refused(404, f"There is no type '{short(kind)}'; /suggest/type lists them.")
        return kind

    def asked_property(self, given: str) -> str:
        """Return the property that an identifier or a name means. Refuses what means none."""
        pid = self.property(given)
        if not pid:
            raise Refused(404, f"There is no property '{short(given)}'; /suggest/property lists them.")
        return pid

    def property(self, given: str) -> str:
        """Return the property that an identifier means, or the name of one property alone; empty where it means none."""
        pid = kind_of(given)
        if pid in self.predicates:
            return pid
        named = [one for one in self.predicates if fold(self.property_name(one)) == fold(given)]
        return named[0] if len(named) == 1 else ""

    @cached_property
    def kinds(self) -> dict[str, int]:
        """Classes of which there are entities with names, with how many."""
        counts: Counter[str] = Counter()
        for iri in self.entities:
            counts.update(self.kg.lookup.kinds(iri) - {"Concept"})
        return dict(sorted(counts.items()))

    @cached_property
    def entities(self) -> frozenset[str]:
        """IRIs of what has a name and is of a class of ours."""
        found = set()
        for quad in self.kg.store.quads_for_pattern(None, ox.NamedNode(skos("prefLabel")), None, _DEFAULT):
            iri = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            outside = (
                ONTOLOGY,
                PREFIXES["concept"],
                BASE + "shape/",
                BASE + "graph/",
                BASE + "scheme/",
                PREFIXES["segment"],
            )
            if iri.startswith(BASE) and not iri.startswith(outside) and self.kg.lookup.kind(iri):
                found.add(iri)
        return frozenset(found)

    @cached_property
    def predicates(self) -> dict[str, str]:
        """IRIs of properties by id."""
        found = set()
        for iri in self.entities:
            found |= {
                quad.predicate.value
                for quad in self.kg.store.quads_for_pattern(ox.NamedNode(iri), None, None, _DEFAULT)
            }
        return {pid: iri for iri in sorted(found) if (pid := self.pid(iri)) not in _HIDDEN}

    @cached_property
    def words(self) -> dict[str, list[list[str]]]:
        """The words of each name of each entity, folded."""
        return {
            iri: [
                fold(name.value).split()
                for predicate in ("prefLabel", "altLabel")
                for name in self.objects(iri, skos(predicate))
                if isinstance(name, ox.Literal)
            ]
            for iri in sorted(self.entities)
        }

    def held_by(self, kind: str) -> Counter[str]:
        """Return how many entities of a type have each property; of all entities where no type is given."""
        if kind not in self._held:
            counts: Counter[str] = Counter()
            for iri in sorted(self.entities):
                if not kind or kind in self.kg.lookup.kinds(iri):
                    pattern = (ox.NamedNode(iri), None, None, _DEFAULT)
                    counts.update(
                        {self.pid(quad.predicate.value) for quad in self.kg.store.quads_for_pattern(*pattern)}
                    )
            if kind not in ("", *self.kinds):
                return counts
            self._held[kind] = counts
        return self._held[kind]

    def pid(self, iri: str) -> str:
        """Return the id of a property: its local name, or with a prefix where it is not ours."""
        return iri.removeprefix(ONTOLOGY) if iri.startswith(ONTOLOGY) else shorten(iri)

    def entity(self, text: str) -> str:
        """Return the IRI of the entity with this identifier: ``project/x``, ``project:x`` or the IRI; empty for another text."""
        if not text or " " in text:
            return ""
        for iri in (BASE + text, expand(text) or ""):
            if iri in self.entities:
                return iri
        return ""

    def named(self, text: str) -> str:
        """Return the IRI of anything of this graph's own that has a name, as a concept, by its identifier; empty for another text."""
        if not _IDENTIFIER.fullmatch(text):
            return ""
        for iri in (BASE + text, expand(text) or ""):
            if iri.startswith(BASE) and self.kg.labels.label(iri) != shorten(iri):
                return iri
        return ""

    def names_of(self, term: object) -> set[str]:
        """Return what a value may be called in a query: identifiers, and names in every language as they are compared."""
        if isinstance(term, ox.Literal):
            return {term.value, name_form(term.value).key}
        if not isinstance(term, ox.NamedNode):
            return set()
        found = {term.value, id_of(term.value)}
        for predicate in ("prefLabel", "altLabel"):
            for name in self.objects(term.value, skos(predicate)):
                if isinstance(name, ox.Literal):
                    found.add(name_form(name.value).key)
        return found

    def kinds_of(self, iri: str) -> list[str]:
        """Return the classes of an entity, the narrowest first."""
        narrowest = self.kg.lookup.kind(iri)
        return sorted(self.kg.lookup.kinds(iri) & self.kinds.keys(), key=lambda kind: (kind != narrowest, kind))

    def type_of(self, kind: str, broader: bool = False) -> dict[str, Any]:
        """Return a type with its name and, with ``broader``, its definition and the types above it."""
        found: dict[str, Any] = {"id": kind, "name": self.kg.labels.kind(kind)}
        if broader:
            above = sorted(
                quad.object.value.removeprefix(ONTOLOGY)
                for quad in self.kg.store.quads_for_pattern(
                    ox.NamedNode(ONTOLOGY + kind), ox.NamedNode(rdfs("subClassOf")), None, _DEFAULT
                )
                if isinstance(quad.object, ox.NamedNode)
            )
            found["broader"] = [self.type_of(one) for one in above if one in self.kinds]
            definition = self.definition(ONTOLOGY + kind)
            if definition:
                found["description"] = definition
        return found

    def property_of(self, pid: str) -> dict[str, str]:
        """Return a property with its name and definition."""
        found = {"id": pid, "name": self.property_name(pid)}
        definition = self.definition(self.predicates[pid])
        return {**found, "description": definition} if definition else found

    def property_name(self, pid: str) -> str:
        """Return what a property is called."""
        iri = self.predicates.get(pid, ONTOLOGY + pid)
        label = self.kg.labels.label(iri)
        return word(f"property {pid}", self.kg.language) if pid in _FOREIGN else pid if label == shorten(iri) else label

    def range_of(self, predicate: str) -> str:
        """Return the type of the values of a property; empty where they are no entities of one type."""
        for quad in self.kg.store.quads_for_pattern(
            ox.NamedNode(predicate), ox.NamedNode(rdfs("range")), None, _DEFAULT
        ):
            kind = quad.object.value.removeprefix(ONTOLOGY) if isinstance(quad.object, ox.NamedNode) else ""
            if kind in self.kinds:
                return kind
        return ""

    def objects(self, iri: str, predicate: str) -> list[Any]:
        """Return the values of a property of an entity, in any order."""
        if not predicate:
            return []
        return [
            quad.object
            for quad in self.kg.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, _DEFAULT)
        ]

    def text(self, iri: str, predicates: Iterable[str]) -> str:
        """Return the text of the first of some properties, in the graph's language where there is one."""
        for predicate in predicates:
            found = {
                value.language: value.value for value in self.objects(iri, predicate) if isinstance(value, ox.Literal)
            }
            if found:
                return str(found.get(self.kg.labels.tag) or found.get("en") or min(found.values()))
        return ""

    def description(self, iri: str) -> str:
        """Return what an entity is, in a line."""
        return self.text(iri, (PREFIXES["dcterms"] + "description", ONTOLOGY + "gloss"))

    def definition(self, iri: str) -> str:
        """Return the definition of a class or property."""
        return self.text(iri, (skos("definition"), rdfs("comment")))
