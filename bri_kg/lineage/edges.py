"""Property paths, walked along their edges with the graphs that hold each; and which graphs hold a triple pattern."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

import pyoxigraph as ox

from ..names import is_base
from ..sparql import Term
from .derivation import MAX_DERIVATIONS, Clause, Derivation, clause_of

__all__ = ["PathWalker", "is_searched", "parse_term"]

_Clauses = tuple[Clause, ...]
_Found = TypeVar("_Found")
_MOST_REMEMBERED = 50_000


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
        self._found: dict[Any, Any] = {}  # edges, closures and mentions that were looked for before
        self._kept: list[Any] = []  # the paths of that table: an id says something only as long as its path lives

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
        for clauses in self._ends(start, path, graph).get(end, ()):
            # A path of no edges still needs its node to be in the graph: the engine matches it nowhere else.
            yield Derivation(clauses or self._mentions(start, graph))

    def _ends(self, start: Any, path: Any, graph: ox.NamedNode | None) -> dict[Any, list[_Clauses]]:
        """Return the nodes that a path reaches, each with the clauses of every way that is found."""
        return self._remembered(
            ("ends", start, id(path), graph), path, lambda: _grouped(self._walk(start, path, graph, True))
        )

    def _walk(self, node: Any, path: Any, graph: ox.NamedNode | None, forward: bool) -> Iterable[tuple[Any, _Clauses]]:
        """Return the nodes that a path reaches from ``node`` with the clauses of its edges."""
        if isinstance(path, str) or path[0] == "neg":
            return self._edges(node, path, graph, forward)
        if path[0] == "mod" and path[2] != "?":
            key = "closure", node, id(path), graph, forward
            return self._remembered(
                key, path, lambda: list(self._closure(node, path[1], graph, forward, path[2] == "*"))
            )
        return self._steps(node, path, graph, forward)

    def _steps(self, node: Any, path: Any, graph: ox.NamedNode | None, forward: bool) -> Iterator[tuple[Any, _Clauses]]:
        kind, *parts = path
        if kind == "inv":
            yield from self._walk(node, parts[0], graph, not forward)
        elif kind == "alt":
            for part in parts:
                yield from self._walk(node, part, graph, forward)
        elif kind == "seq":
            reached = [(node, _Clauses())]
            for part in parts if forward else parts[::-1]:
                reached = [
                    (far, clauses + more)
                    for near, clauses in reached
                    for far, more in self._walk(near, part, graph, forward)
                ]
            yield from reached
        else:
            yield node, ()
            yield from self._walk(node, parts[0], graph, forward)

    def _closure(
        self, start: Any, path: Any, graph: ox.NamedNode | None, forward: bool, reflexive: bool
    ) -> Iterator[tuple[Any, _Clauses]]:
        if reflexive:
            yield start, ()
        seen = {start} if reflexive else set()
        queue: deque[tuple[Any, _Clauses]] = deque([(start, ())])
        while queue:
            node, clauses = queue.popleft()
            for reached, more in self._walk(node, path, graph, forward):
                if reached not in seen:
                    seen.add(reached)
                    yield reached, clauses + more
                    queue.append((reached, clauses + more))

    def _edges(self, node: Any, path: Any, graph: ox.NamedNode | None, forward: bool) -> Iterable[tuple[Any, _Clauses]]:
        """Return the nodes one edge away, each with what holds the edge; ``path`` is a predicate or a negated set."""
        if isinstance(node, ox.Literal) and forward:
            return ()
        key = "edges", node, path if isinstance(path, str) else id(path), graph, forward
        return self._remembered(key, path, lambda: list(self._edges_of(node, path, graph, forward)))

    def _edges_of(
        self, node: Any, path: Any, graph: ox.NamedNode | None, forward: bool
    ) -> Iterator[tuple[Any, _Clauses]]:
        predicate, barred = (parse_term(path), ()) if isinstance(path, str) else (None, set(path[1:]))
        ends = (node, None) if forward else (None, node)
        held: dict[tuple[str, Any], set[str]] = {}
        for quad in self._store.quads_for_pattern(ends[0], predicate, ends[1], graph):
            written = str(quad.predicate)
            if written not in barred:
                far = quad.object if forward else quad.subject
                name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
                held.setdefault((written, far), set()).add(name)
        for (_, far), names in held.items():
            yield far, _as_clauses(names)

    def _remembered(self, key: Any, path: Any, find: Callable[[], _Found]) -> _Found:
        """Return what was found under ``key`` before; the table is emptied when it has grown large."""
        if key not in self._found:
            if len(self._found) > _MOST_REMEMBERED:
                self._found.clear()
                self._kept.clear()
            self._found[key] = find()
            self._kept.append(path)
        found: _Found = self._found[key]
        return found

    def _mentions(self, node: Any, graph: ox.NamedNode | None) -> _Clauses:
        """Return the clause that a node is in the graph at all."""
        if graph is not None:
            return ()
        return self._remembered(("mentions", node), None, lambda: _as_clauses(self._mentioning(node)))

    def _mentioning(self, node: Any) -> set[str]:
        """Return the graphs that hold a node, none if one that is always there does."""
        names: set[str] = set()
        for ends in ((None, node),) if isinstance(node, ox.Literal) else ((node, None), (None, node)):
            for quad in self._store.quads_for_pattern(ends[0], None, ends[1], None):
                if isinstance(quad.graph_name, ox.NamedNode):
                    if is_base(quad.graph_name.value):
                        return set()
                    names.add(quad.graph_name.value)
        return names


def _grouped(reached: Iterable[tuple[Any, _Clauses]]) -> dict[Any, list[_Clauses]]:
    found: dict[Any, list[_Clauses]] = {}
    for end, clauses in reached:
        ways = found.setdefault(end, [])
        if len(ways) < MAX_DERIVATIONS and clauses not in ways[-1:]:
            ways.append(clauses)
    return found


def _as_clauses(names: set[str]) -> _Clauses:
    clause = clause_of(names)
    return () if clause is None else (clause,)
