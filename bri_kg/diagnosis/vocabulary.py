"""What the graph's terms are and how they are used: which exist, what is near a wrong one, and what a property is said of."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

import pyoxigraph as ox

from ..lookup import Lookup, fold
from ..names import BASE, ONTOLOGY, PREFIXES, rdf, rdfs, shorten, skos

__all__ = ["Vocabulary", "near", "sentences"]

_DEFAULT = ox.DefaultGraph()
_TYPE, _DOMAIN, _RANGE = (ox.NamedNode(iri) for iri in (rdf("type"), rdfs("domain"), rdfs("range")))
_SUBCLASS = ox.NamedNode(rdfs("subClassOf"))
_SCHEME = ox.NamedNode(skos("inScheme"))
_LOOSE = {PREFIXES["owl"] + "Thing", rdfs("Literal"), rdfs("Resource")}
_BOOKKEEPING = {
    skos("inScheme"),
    skos("broader"),
    skos("hasTopConcept"),
    skos("topConceptOf"),
    skos("narrower"),
    rdf("first"),
}
_CLASSES = {"http://www.w3.org/2002/07/owl#Class", rdfs("Class")}
#: What people write from habit, and what stands for it here.
_HABITS = {
    "name": "skos:prefLabel",
    "label": "rdfs:label",
    "title": "skos:prefLabel",
    "description": "dcterms:description",
    "date": "bri:date",
}


def near(wanted: str, known: Iterable[str], at_least: float = 0.6, most: int = 3) -> list[str]:
    """Return the texts most like ``wanted``, best first."""
    pairs = _pairs(wanted.casefold())
    scored = []
    for one in set(known):
        other = _pairs(one.casefold())
        shared = 2 * len(pairs & other) / (len(pairs) + len(other) or 1)
        if shared > 0.3 or len(wanted) < 6:
            scored.append((shared, one))
    best = [
        (SequenceMatcher(None, wanted.casefold(), one.casefold()).ratio(), one)
        for _, one in sorted(scored, reverse=True)[:25]
    ]
    return [one for score, one in sorted(best, key=lambda pair: (-pair[0], pair[1])) if score >= at_least][:most]


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(-1, len(text)))


class Vocabulary:
    """The terms of one store; looked up when asked for and kept."""

    def __init__(self, store: ox.Store, lookup: Lookup) -> None:
        self._store = store
        self._lookup = lookup
        self._seen: dict[tuple[str, str], frozenset[str]] = {}
        self._narrow: dict[frozenset[str], frozenset[str]] = {}

    @property
    def lookup(self) -> Lookup:
        """The names that people use for nodes."""
        return self._lookup

    def exists(self, iri: str) -> bool:
        """Whether the graph or the ontology says anything of ``iri``, or says something with it."""
        return self._lookup.exists(iri) or self.is_used(iri)

    def is_used(self, iri: str) -> bool:
        """Whether any triple has ``iri`` as its property."""
        return self._any(None, ox.NamedNode(iri), None)

    def has_members(self, iri: str) -> bool:
        """Whether anything is of the class ``iri``."""
        return self._any(None, _TYPE, ox.NamedNode(iri))

    def is_class(self, iri: str) -> bool:
        """Whether ``iri`` is declared or used as a class."""
        return (
            bool(self.kinds(iri) & _CLASSES) or self.has_members(iri) or self._any(None, _SUBCLASS, ox.NamedNode(iri))
        )

    def is_property(self, iri: str) -> bool:
        """Whether ``iri`` is declared or used as a property."""
        return self.is_used(iri) or any(kind.endswith("Property") for kind in self.kinds(iri))

    def is_unused_concept(self, iri: str) -> bool:
        """Whether ``iri`` is a concept of our schemes that nothing refers to."""
        if not iri.startswith(PREFIXES["concept"]):
            return False
        return all(
            quad.predicate.value in _BOOKKEEPING
            for quad in self._store.quads_for_pattern(None, None, ox.NamedNode(iri), _DEFAULT)
        )

    def kinds(self, iri: str) -> frozenset[str]:
        """Return the classes of a node, broader ones included."""
        return frozenset(
            quad.object.value
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), _TYPE, None, _DEFAULT)
            if isinstance(quad.object, ox.NamedNode)
        )

    def kind(self, iri: str) -> str:
        """Return what a node is, in short: its narrowest class."""
        found = self._lookup.kind(iri)
        return (
            f"bri:{found}"
            if found and found != "Concept"
            else "skos:Concept"
            if found
            else shorten(min(self.kinds(iri), default="node"))
        )

    def declared(self, predicate: str, end: str) -> frozenset[str]:
        """Return the classes that the ontology demands of the ``subject`` or ``object`` of a property; none where it takes anything."""
        quads = self._store.quads_for_pattern(
            ox.NamedNode(predicate), _DOMAIN if end == "subject" else _RANGE, None, _DEFAULT
        )
        return frozenset(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)) - _LOOSE

    def observed(self, predicate: str, end: str) -> frozenset[str]:
        """Return the classes of what stands as ``subject`` or ``object`` of a property; ``literal`` where texts, numbers or dates do."""
        key = (predicate, end)
        if key not in self._seen:
            found: set[str] = set()
            nodes = {
                quad.subject if end == "subject" else quad.object
                for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, _DEFAULT)
            }
            for node in nodes:
                found |= (
                    {"literal"}
                    if isinstance(node, ox.Literal)
                    else self.kinds(node.value)
                    if isinstance(node, ox.NamedNode)
                    else set()
                )
            self._seen[key] = frozenset(found)
        return self._seen[key]

    def takes(self, predicate: str, end: str, kinds: frozenset[str]) -> bool:
        """Whether a node of these classes may stand at this end of a property: by the ontology, else by what is seen there."""
        declared = self.declared(predicate, end)
        if declared:
            return bool(declared & kinds)
        shared = (self.observed(predicate, end) & kinds) - {ONTOLOGY + "Record"}
        return bool(shared) or not kinds

    def narrowest(self, iri: str) -> frozenset[str]:
        """Return the classes of a node that hold no other of its classes; of a concept the schemes that it is in."""
        kinds = self.kinds(iri)
        if kinds not in self._narrow:
            self._narrow[kinds] = frozenset(
                one for one in kinds if not any(other != one and self.is_below(other, one) for other in kinds)
            )
        return (self._narrow[kinds] == {skos("Concept")} and self.schemes(iri)) or self._narrow[kinds]

    def schemes(self, iri: str) -> frozenset[str]:
        """Return the schemes that a concept is in."""
        quads = self._store.quads_for_pattern(ox.NamedNode(iri), _SCHEME, None, _DEFAULT)
        return frozenset(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode))

    def seen(self, predicate: str, end: str) -> frozenset[str]:
        """Return the narrowest classes, or schemes, of the nodes that stand at this end of a property."""
        return frozenset(kind for node in self._standing(predicate, end) for kind in self.narrowest(node))

    def is_seen(self, predicate: str, end: str, iri: str) -> bool:
        """Whether a property has, at this end, any node of the same narrowest class or scheme; True where there is nothing to go by."""
        own, nodes = self.narrowest(iri), self._standing(predicate, end)
        return not own or not nodes or any(own & (self.kinds(node) | self.schemes(node)) for node in nodes)

    def _standing(self, predicate: str, end: str) -> set[str]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, _DEFAULT)
        nodes = {quad.subject if end == "subject" else quad.object for quad in quads}
        return {node.value for node in nodes if isinstance(node, ox.NamedNode)}

    def is_below(self, narrow: str, broad: str) -> bool:
        """Whether one class is the other or a kind of it."""
        todo, seen = [narrow], {narrow}
        while todo:
            for quad in self._store.quads_for_pattern(ox.NamedNode(todo.pop()), _SUBCLASS, None, _DEFAULT):
                if isinstance(quad.object, ox.NamedNode) and quad.object.value not in seen:
                    seen.add(quad.object.value)
                    todo.append(quad.object.value)
        return broad in seen

    def uses(self, iri: str) -> list[tuple[str, str, int]]:
        """Return the properties of ours that a node has as ``subject`` or ``object``, with how often, most frequent first."""
        node, found = ox.NamedNode(iri), dict[tuple[str, str], int]()
        for end, pattern in (("subject", (node, None, None)), ("object", (None, None, node))):
            for quad in self._store.quads_for_pattern(pattern[0], pattern[1], pattern[2], _DEFAULT):
                if quad.predicate.value.startswith(ONTOLOGY):
                    found[quad.predicate.value, end] = found.get((quad.predicate.value, end), 0) + 1
        return [
            (predicate, end, number)
            for (predicate, end), number in sorted(found.items(), key=lambda item: (-item[1], item[0]))
        ]

    @cached_property
    def _typed(self) -> dict[str, str]:
        """Every node that has a type, and one of its types."""
        return {
            quad.subject.value: quad.object.value
            for quad in self._store.quads_for_pattern(None, _TYPE, None, _DEFAULT)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        }

    @cached_property
    def _entities(self) -> dict[str, list[str]]:
        """Local name to IRIs, of what is not a term of the ontology or a shape."""
        return _by_local(
            iri for iri in self._typed if iri.startswith(BASE) and not iri.startswith((ONTOLOGY, BASE + "shape"))
        )

    @cached_property
    def _properties(self) -> dict[str, list[str]]:
        used = {row[0].value for row in self._store.query("SELECT DISTINCT ?p { ?s ?p ?o }")}  # type: ignore[union-attr]
        declared = {iri for iri, kind in self._typed.items() if kind.endswith("Property")}
        return _by_local(iri for iri in used | declared if iri.startswith(tuple(PREFIXES.values())))

    @cached_property
    def _class_names(self) -> dict[str, list[str]]:
        return _by_local({iri for iri, kind in self._typed.items() if kind in _CLASSES} | {skos("Concept")})

    def suggest(self, iri: str, role: str) -> list[str]:
        """Return short names near a wrong ``iri`` that fit its role, ``property``, ``class`` or ``node``: by name, then by label."""
        names = {"property": self._properties, "class": self._class_names}.get(role, self._entities)
        local = _local(iri)
        if role != "node" and iri.startswith(PREFIXES["ext"]):
            return self._of_datasets(local, role)
        aligned = self._aligned(iri)
        found = aligned + [one for name in names if _plain(name) == _plain(local) for one in names[name]]
        found += [
            one
            for other in (self._properties, self._class_names)
            if not found
            for one in other.get(local, [])
            if role != "node"
        ]
        same = [one for one in self._entities.get(local, []) if role == "node"]
        found += same
        if role == "node":
            found += list(self._lookup._names.get(fold(local.replace("_", " ")), {}))
            space = iri[: len(iri) - len(local)]
            alike = near(local, names, 0.7, 5)
            ranked = sorted((one for name in alike for one in names[name]), key=lambda one: not one.startswith(space))
            found += ranked
            if not found:
                labels = near(fold(local.replace("_", " ")), self._lookup._names, 0.7)
                found += [one for label in labels for one in self._lookup._names[label]]
                found += [
                    one for name in names if len(local) > 3 and (_plain(local) in _plain(name)) for one in names[name]
                ]
        else:
            found += [one for name in near(local, names, 0.6) for one in names[name]]
        shorts = [shorten(one) for one in dict.fromkeys(found) if one != iri]
        if role == "property" and local.casefold() in _HABITS and not aligned:
            shorts.insert(0, _HABITS[local.casefold()])
        return list(dict.fromkeys(shorts))[:3]

    def _of_datasets(self, local: str, role: str) -> list[str]:
        """Return the terms of loaded datasets near to a wrong one: no term of ours is of use with their records."""
        if role == "class":
            query = "SELECT DISTINCT ?c { ?s <http://rdfs.org/ns/void#inDataset> ?d ; a ?c }"
            classes = [row[0].value for row in self._store.query(query)]  # type: ignore[union-attr]
            terms = [iri for iri in classes if iri.startswith(PREFIXES["ext"])]
        else:
            terms = [iri for iris in self._properties.values() for iri in iris if iri.startswith(PREFIXES["ext"])]
        return [f"ext:{name}" for name in near(local, map(_local, terms), 0.6)]

    def _aligned(self, iri: str) -> list[str]:
        """Return our terms that are declared to be narrower than an outside one."""
        found = [
            quad.subject.value
            for name in ("subClassOf", "subPropertyOf")
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(rdfs(name)), ox.NamedNode(iri), _DEFAULT)
            if isinstance(quad.subject, ox.NamedNode)
        ]
        return [] if iri.startswith(ONTOLOGY) else sorted(found)

    def _any(self, *pattern: ox.NamedNode | None) -> bool:
        subject, predicate, object = pattern
        return next(iter(self._store.quads_for_pattern(subject, predicate, object, _DEFAULT)), None) is not None


def _local(iri: str) -> str:
    return iri.rstrip("/#").rpartition("#" if "#" in iri.rstrip("/#") else "/")[2]


def _plain(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "")


def _by_local(iris: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for iri in sorted(iris):
        found.setdefault(_local(iri), []).append(iri)
    return found


def sentences(store: ox.Store, iri: str) -> int:
    """Return in how many sentences of the paper a node is mentioned."""
    node = ox.NamedNode(iri)
    graphs = {
        quad.graph_name
        for pattern in ((node, None, None), (None, None, node))
        for quad in store.quads_for_pattern(pattern[0], pattern[1], pattern[2], None)
    }
    return sum(isinstance(graph, ox.NamedNode) and graph.value.startswith(PREFIXES["segment"]) for graph in graphs)
