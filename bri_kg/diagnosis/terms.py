"""What is wrong with a name: it does not exist, is never used, is no graph; and what the graph has of a name that is right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pyoxigraph as ox

from ..lookup import Labels, fold
from ..names import BASE, ONTOLOGY, expand, rdf, shorten
from .causes import Cause
from .records import Imported, is_external
from .vocabulary import Vocabulary, near, sentences

__all__ = ["Terms", "hint", "listed"]


_DEFAULT = ox.DefaultGraph()
_TYPE = ox.NamedNode(rdf("type"))


class Terms:
    """Examines the names in one query."""

    def __init__(self, store: ox.Store, vocabulary: Vocabulary, labels: Labels) -> None:
        self._store = store
        self.vocabulary = vocabulary
        self.imported = Imported(store)
        self.labels = labels

    @cached_property
    def silence(self) -> str:
        """How a sound query without rows is answered: by the paper's silence, if the ledger says what became of each of its segments."""
        kind, kept = ox.NamedNode(ONTOLOGY + "Segment"), ox.NamedNode(ONTOLOGY + "disposition")
        segments = {quad.subject for quad in self._store.quads_for_pattern(None, _TYPE, kind, _DEFAULT)}
        read = {quad.subject for quad in self._store.quads_for_pattern(None, kept, None, _DEFAULT)}
        if segments - read:
            return f"The query is sound, and of {len(segments)} segments {len(segments - read)} are not yet read"
        return f"The query is sound and the {'paper' if segments else 'graph'} does not say"

    def of_term(self, iri: str, role: str) -> list[Cause]:
        """Return what is wrong with a term in its role: ``property``, ``class`` or ``node``."""
        words = self.vocabulary
        good = {"property": words.is_used, "class": words.has_members, "node": words.exists}[role](iri)
        name = shorten(iri)
        if good and not (role == "node" and words.is_unused_concept(iri)):
            return []
        missing = None if good else self.imported.missing(iri)
        if missing:
            return [missing]
        alike = tuple(words.suggest(iri, role)) if not good else ()
        if not words.exists(iri):
            what = {"property": "property", "class": "class", "node": "node"}[role]
            return [
                Cause(
                    "unknown-term",
                    f"There is no {what} {name} in the graph or its ontology.{hint(alike)}{self.imported.elsewhere(iri)}",
                    name,
                    alike,
                )
            ]
        right = {"property": words.is_property, "class": words.is_class, "node": words.exists}[role](iri)
        if not right:
            is_a = (
                "class"
                if words.is_class(iri)
                else "property"
                if words.is_property(iri)
                else f"node ({words.kind(iri)})"
            )
            return [Cause("never-used-with", f"{name} is a {is_a}, not a {role}.{hint(alike)}", name, alike)]
        ours = iri.startswith(BASE)
        rest = " The query is sound and the paper says nothing with it." if ours else ""
        said = f"{name} is declared, but the graph never uses it.{hint(alike)}{rest}"
        return [Cause("unused-term", said, name, alike, sound=ours)]

    def of_graph(self, iri: str) -> list[Cause]:
        """Return what is wrong with the name of a graph that there is not."""
        missing = self.imported.missing(iri)
        if missing:
            return [missing]
        name = shorten(iri)
        kinds = self.vocabulary.kinds(iri)
        if ONTOLOGY + "Segment" in kinds:
            return [
                Cause(
                    "silent",
                    f"The query is sound and the paper does not say: {name} is a segment that states nothing of its own.",
                    name,
                    sound=True,
                )
            ]
        graphs = [shorten(graph.value) for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode)]
        alike = tuple(near(name, graphs, 0.7))
        other = f"it is a node ({self.vocabulary.kind(iri)})" if kinds else "there is none"
        return [
            Cause(
                "unknown-graph",
                f"No graph is called {name}: {other}; graphs are named after segments, errata, mapping sets and records.{hint(alike)}",
                name,
                alike,
            )
        ]

    def meant(self, text: str, among: set[str]) -> tuple[str, ...]:
        """Return the short names of the nodes that a text may mean, those ``among`` first."""
        names = self.vocabulary._lookup._names
        found = names.get(fold(text), {})
        if not found:
            found = {iri: "" for name in near(fold(text), names, 0.7) for iri in names[name]}
        direct = expand(text)
        every = ([direct] if direct and self.vocabulary.exists(direct) else []) + sorted(
            found, key=lambda iri: (iri not in among, iri)
        )
        return tuple(shorten(iri) for iri in every[:3])

    def told(self, iri: str) -> str:
        """Return what the graph does have of a node, in a sentence; nothing for terms of the ontology."""
        if iri.startswith((ONTOLOGY, "http://www.w3.org")) or not self.vocabulary.kinds(iri):
            return ""
        if is_external(iri):
            quads = self._store.quads_for_pattern(ox.NamedNode(iri), None, None, _DEFAULT)
            has = sorted({shorten(quad.predicate.value) for quad in quads if is_external(quad.predicate.value)})
            more = f" and {len(has) - 6} more" if len(has) > 6 else ""
            return f"{shorten(iri)} has {listed(has[:6])}{more}." if has else ""
        uses = [f"{shorten(name)} ({number})" for name, _, number in self.vocabulary.uses(iri)[:4]]
        number = sentences(self._store, iri)
        label = self.labels.label(iri)
        times = f"{number} sentence{'' if number == 1 else 's'}"
        return f"{label} ({shorten(iri)}) is mentioned in {times}{', with ' + listed(uses) if uses else ''}."


def listed(names: Sequence[str]) -> str:
    """Write names one after another."""
    return ", ".join(names) if names else "nothing"


def hint(names: Sequence[str]) -> str:
    """Write names as a question; nothing where there is none."""
    return f" Did you mean {' or '.join(names)}?" if names else ""
