"""Property paths, walked along their edges with the graphs that hold each; and which graphs hold a triple pattern."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from ..sparql import Term
from .derivation import Clause, Derivation, clause_of

__all__ = ["PathWalker", "is_searched", "parse_term"]


@lru_cache(maxsize=4096)
def parse_term(written: str) -> Any:
    """Return the term that is written in N-Triples form."""
    if written.startswith("<"):
        return ox.NamedNode(written[1:-1])
    return next(iter(ox.parse(f"<x:s> <x:p> {written} .", format=ox.RdfFormat.N_TRIPLES))).object


def is_searched(path: Any) -> bool:
    """Whether a path holds a part that is searched, of which only one shortest derivation is found."""
    return not isinstance(path, str) and (path[0] == "mod" or any(is_searched(part) for part in path[1:]))


class PathWalker:
    """Walks the paths of :mod:`bri_kg.algebra` over a store."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def holders(self, s: Any, p: Any, o: Any) -> set[str]:
        """Return the named graphs that hold a triple of this pattern; None stands for anything."""
        if isinstance(s, ox.Literal):
            return set()  # no triple begins with one, though a path walked backwards may ask
        return {
            quad.graph_name.value
            for quad in self._store.quads_for_pattern(s, p, o, None)
            if isinstance(quad.graph_name, ox.NamedNode)
        }

    def along(
        self, start: Term | None, path: Any, end: Term | None, graph: ox.NamedNode | None
    ) -> Iterator[Derivation]:
        """Yield derivations of a path between two nodes: for ``*`` and ``+`` a shortest one, for the others each."""
        for reached, clauses in self._walk(start, path, graph, True):
            if reached == end:
                # A path of no edges still needs its node to be in the graph: the engine matches it nowhere else.
                yield Derivation(clauses or self._mentions(start, graph))

    def _walk(
        self, node: Any, path: Any, graph: ox.NamedNode | None, forward: bool
    ) -> Iterator[tuple[Any, tuple[Clause, ...]]]:
        """Yield the nodes that a path reaches from ``node`` with the clauses of its edges."""
        if isinstance(path, str):
            yield from self._edges(node, graph, forward, lambda predicate: predicate == path, parse_term(path))
            return
        kind, *parts = path
        if kind == "inv":
            yield from self._walk(node, parts[0], graph, not forward)
        elif kind == "alt":
            for part in parts:
                yield from self._walk(node, part, graph, forward)
        elif kind == "neg":
            barred = set(parts)
            yield from self._edges(node, graph, forward, lambda predicate: predicate not in barred, None)
        elif kind == "seq":
            ordered = parts if forward else parts[::-1]
            for middle, clauses in self._walk(node, ordered[0], graph, forward):
                rest = ordered[1:]
                if not rest:
                    yield middle, clauses
                    continue
                onward = rest if forward else rest[::-1]
                for reached, more in self._walk(middle, ["seq", *onward], graph, forward):
                    yield reached, clauses + more
        elif parts[1] == "?":
            yield node, ()
            yield from self._walk(node, parts[0], graph, forward)
        else:
            yield from self._closure(node, parts[0], graph, forward, parts[1] == "*")

    def _closure(
        self, start: Any, path: Any, graph: ox.NamedNode | None, forward: bool, reflexive: bool
    ) -> Iterator[tuple[Any, tuple[Clause, ...]]]:
        if reflexive:
            yield start, ()
        seen = {start} if reflexive else set()
        queue: deque[tuple[Any, tuple[Clause, ...]]] = deque([(start, ())])
        while queue:
            node, clauses = queue.popleft()
            for reached, more in self._walk(node, path, graph, forward):
                if reached not in seen:
                    seen.add(reached)
                    yield reached, clauses + more
                    queue.append((reached, clauses + more))

    def _edges(
        self, node: Any, graph: ox.NamedNode | None, forward: bool, allowed: Callable[[str], bool], predicate: Any
    ) -> Iterator[tuple[Any, tuple[Clause, ...]]]:
        if isinstance(node, ox.Literal) and forward:
            return
        ends = (node, None) if forward else (None, node)
        held: dict[tuple[str, Any], set[str]] = {}
        for quad in self._store.quads_for_pattern(ends[0], predicate, ends[1], graph):
            if allowed(str(quad.predicate)):
                far = quad.object if forward else quad.subject
                name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
                held.setdefault((str(quad.predicate), far), set()).add(name)
        for (_, far), names in held.items():
            yield far, _as_clauses(names)

    def _mentions(self, node: Any, graph: ox.NamedNode | None) -> tuple[Clause, ...]:
        """Return the clause that a node is in the graph at all."""
        names = set() if isinstance(node, ox.Literal) else self.holders(node, None, None)
        return _as_clauses(names | self.holders(None, None, node)) if graph is None else ()


def _as_clauses(names: set[str]) -> tuple[Clause, ...]:
    clause = clause_of(names)
    return () if clause is None else (clause,)
