"""Texts that the graph has, but not where they are sought: under another property, such as a second name sought among the first ones.

Only texts are looked for. That a number or a date stands elsewhere too says nothing: 58 is a page, and a count of something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from ..algebra import Node
from ..lookup import Labels, Lookup, fold
from ..names import ONTOLOGY, PREFIXES, rdf, shorten
from .causes import Cause, Probe
from .conjunction import body, triple_of, with_graph
from .expressions import shown
from .literals import literal_of
from .meeting import pattern_text
from .terms import Terms

__all__ = ["SPOKEN", "Place", "is_text", "misplaced", "moved_in", "places", "told"]

_DEFAULT = ox.DefaultGraph()
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_TAGS = ("en", "zh-hans")
#: Namespaces of properties that say something of things, and not of the data.
SPOKEN = (ONTOLOGY, *(PREFIXES[name] for name in ("dcterms", "ext", "rdfs", "skos")))


class Place(NamedTuple):
    """Where a text stands: the node, the property and the text as the graph writes it."""

    node: str
    property: str
    text: ox.Literal


def is_text(literal: ox.Literal) -> bool:
    """Whether a literal is a text, with a language or without, and no number, date or the like."""
    return literal.datatype.value in (_STRING, rdf("langString"))


def places(store: ox.Store, lookup: Lookup, literal: ox.Literal, subject: str, predicate: str) -> list[Place]:
    """Return where a text stands under another property than ``predicate``, as it is written first.

    ``subject`` is the node of which it is sought, written in full, or a variable; of a node only its own properties count. Names of nodes are found
    in any case, with any tag; other texts as they are, or with the tag left out or another of the graph's languages.
    """
    if not is_text(literal):
        return []
    node = ox.NamedNode(subject[1:-1]) if subject.startswith("<") else None
    written = [literal, ox.Literal(literal.value), *(ox.Literal(literal.value, language=tag) for tag in _TAGS)]
    quads = [quad for one in dict.fromkeys(written) for quad in store.quads_for_pattern(node, None, one, _DEFAULT)]
    for iri in [node.value] if node else lookup._names.get(fold(literal.value), {}):
        quads += [
            quad
            for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, _DEFAULT)
            if isinstance(quad.object, ox.Literal)
            and is_text(quad.object)
            and fold(quad.object.value) == fold(literal.value)
        ]
    found = {
        Place(quad.subject.value, quad.predicate.value, quad.object)
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
        and quad.predicate.value != predicate
    }
    said = {one for one in found if one.property.startswith(SPOKEN)}
    return sorted(  # what only a shape or a mapping calls it counts where nothing else does
        said or found, key=lambda one: (one.text != literal, one.text.value != literal.value, one.property, one.node)
    )


def misplaced(atom: Node, literal: ox.Literal, found: Sequence[Place], labels: Labels, said: str = "No {}") -> Cause:
    """Return that the text of a triple is sought under one property and stands under another; ``said`` is how its being missing is told."""
    subject, predicate, _ = triple_of(atom) or ["", "", ""]
    ways = tuple(dict.fromkeys(shown(f"{subject} <{one.property}> {one.text}") for one in found))[:3]
    return Cause(
        "other-property",
        f"{said.format(shown(predicate))} is {shown(str(literal))}, but {told(found, labels)}. Ask for {' or '.join(ways)}.",
        pattern_text([with_graph(atom, None)]),
        ways,
    )


def moved_in(atoms: Sequence[Node], store: ox.Store, terms: Terms, probe: Probe) -> Cause | None:
    """Return which text makes the whole of ``atoms`` match under another property than the one that is asked; None where none does."""
    for atom in atoms:
        subject, predicate, object = triple_of(atom) or ["", "", ""]
        if not (object.startswith('"') and isinstance(predicate, str) and predicate.startswith("<")):
            continue
        rest = [one for one in atoms if one is not atom]
        found: list[Place] = []
        every = places(store, terms.vocabulary.lookup, literal_of(object), subject, predicate[1:-1])
        for property, text in dict.fromkeys((one.property, one.text) for one in every):
            written = body([*rest, ["bgp", [[subject, f"<{property}>", str(text)]]]])
            nodes = probe.values(subject, written, 5) if subject.startswith("?") else []
            found += [Place(one.value, property, text) for one in nodes if isinstance(one, ox.NamedNode)]
        if found:
            return misplaced(atom, literal_of(object), found, terms.labels, "Of what else is asked no {}")
    return None


def told(found: Iterable[Place], labels: Labels, most: int = 3) -> str:
    """Say where texts stand: under which properties, and of what."""
    said: dict[tuple[str, ox.Literal], list[str]] = {}
    for one in found:
        said.setdefault((one.node, one.text), []).append(shorten(one.property))
    written = []
    for (node, text), properties in said.items():
        label, name = labels.label(node), shorten(node)
        of = name if label == name else f"{label} ({name})"
        written.append(f"{shown(str(text))} is the {' and the '.join(properties)} of {of}")
    return ", ".join(written[:most]) + (f", and so on for {len(written) - most} more" if len(written) > most else "")
