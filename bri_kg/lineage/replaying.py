"""The graph on which citations are replayed: one store in memory, led from the graphs of one citation to those of the next.

It holds what :meth:`bri_kg.graph.KnowledgeGraph.restrict` would build, the default graph included. Building that anew for each citation copies the
entities and the ledger each time; here only the sentences that come or go are moved.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from ..store import unite

__all__ = ["ReplayedStore"]

_UNION = ox.DefaultGraph()


class ReplayedStore:
    """A store restricted to the graphs ``always`` and to those that :meth:`holding` is given."""

    def __init__(self, whole: ox.Store, always: Iterable[ox.NamedNode]) -> None:
        self._whole = whole
        self._store = ox.Store()
        self._held: frozenset[str] = frozenset()
        for graph in always:
            self._store.bulk_extend(whole.quads_for_pattern(None, None, None, graph))
        unite(self._store)

    def holding(self, names: Iterable[str]) -> ox.Store:
        """Return the store with these graphs, until it is called again."""
        wanted = frozenset(names)
        for name in self._held - wanted:
            self._leave(ox.NamedNode(name))
        for name in wanted - self._held:
            quads = list(self._whole.quads_for_pattern(None, None, None, ox.NamedNode(name)))
            self._store.extend([*quads, *(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)])
        self._held = wanted
        return self._store

    def _leave(self, graph: ox.NamedNode) -> None:
        quads = list(self._store.quads_for_pattern(None, None, None, graph))
        self._store.remove_graph(graph)
        for quad in quads:
            triple = quad.subject, quad.predicate, quad.object
            if all(held.graph_name == _UNION for held in self._store.quads_for_pattern(*triple, None)):
                self._store.remove(ox.Quad(*triple, _UNION))
