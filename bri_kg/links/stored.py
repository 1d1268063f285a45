"""The mappings as they stand in a store, where :mod:`.mappings` has put them."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from ..names import bri, rdf

__all__ = ["stored_mappings", "values_of"]

_DEFAULT = ox.DefaultGraph()


def stored_mappings(store: ox.Store) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield each mapping of a store, affirmed, denied or not found, with its values by property."""
    for quad in store.quads_for_pattern(None, ox.NamedNode(rdf("type")), ox.NamedNode(bri("Mapping")), _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value, values_of(store, quad.subject)


def values_of(store: ox.Store, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> dict[str, list[str]]:
    """Return the values of a node in the default graph, by property."""
    found: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(node, None, None, _DEFAULT):
        if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            found.setdefault(quad.predicate.value, []).append(quad.object.value)
    return found
