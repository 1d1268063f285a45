"""Witnesses: for an EXISTS that held, one solution inside it, and what that solution stands on.

The engine evaluates the inside of an EXISTS with the variables of its surroundings bound, those in its filters included; so is it here. A witness
hangs on the values of the variables that the two share and on nothing else: each is looked for once, and those of plain triple patterns
for all values together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..algebra import Node, is_plain, patterns
from ..results import Row
from ..sparql import Term
from .citation import Citation, rank
from .derivation import NOTHING, Derivation, smallest
from .naming import Named, named, select

if TYPE_CHECKING:
    from .grounding import Bindings, Grounder

__all__ = ["Witnesses"]

#: The kinds of pattern whose solutions are explained exactly though a variable that they share with outside may not be bound in them.
_FOLLOWED = {"bgp", "filter", "graph", "join", "union", "unit", "values"}
_ABSENT = Derivation(absence=True)
_MOST_NAMED = 3000


class Witnesses:
    """Finds the witnesses of the EXISTS of one query; ``ground`` evaluates and explains what is inside them.

    ``is_doubtful`` says that some witness may not be all that its EXISTS stands on: the citations must then be replayed.
    """

    def __init__(self, store: ox.Store, ground: Grounder) -> None:
        self._store = store
        self._ground = ground
        self._found: dict[tuple[int, ox.NamedNode | None, frozenset[tuple[str, Term]]], Derivation] = {}
        self._loose: dict[int, bool] = {}
        self._kept: list[Node] = []  # the nodes of these tables: an id says something only as long as its node lives
        self.is_doubtful = False

    def find(self, node: Node, known: Mapping[str, Term | None], graph: ox.NamedNode | None) -> Derivation:
        """Return what the EXISTS of ``node`` stands on where ``known`` is bound around it: a witness, or absence if nothing is inside."""
        shared = self._shared(node, known)
        key = id(node), graph, frozenset(shared.items())
        if key not in self._found:
            self._kept.append(node)
            self._found[key] = self._look(node, shared, graph)
        return self._found[key]

    def cite(self, plan: Named, told: Iterable[Row]) -> dict[Row, Citation]:
        """Return under what each solution of ``plan`` tells the citation that it is, its EXISTS included."""
        distinct = dict.fromkeys(told)
        if not plan.tests:
            return {one: plan.citation(one) for one in distinct}
        around: dict[int, list[dict[str, Term | None]]] = {}
        nodes: dict[int, Node] = {}
        for one in distinct:
            for node, known in plan.tested(one):
                nodes[id(node)] = node
                around.setdefault(id(node), []).append(known)
        for number, node in nodes.items():
            self.find_all(node, around[number])
        made = {}
        for one in distinct:
            citation = plan.citation(one)
            found = [self.find(node, known, None) for node, known in plan.tested(one)]
            graphs = citation.union(*(smallest(each.clauses) for each in found if each.clauses))
            marks = {
                mark: any(getattr(each, mark) for each in (citation, *found)) for mark in ("absence", "contributed")
            }
            made[one] = Citation(graphs, **marks)
        return made

    def find_all(self, node: Node, surroundings: Iterable[Mapping[str, Term | None]]) -> None:
        """Look at once for the witnesses of plain triple patterns for many values around them; :meth:`find` has them then, and finds the rest."""
        inside = self._ground.certain(node)
        wanted = {frozenset(self._shared(node, known).items()) for known in surroundings}
        columns = {tuple(sorted(name for name, _ in shared)) for shared in wanted}
        if len(wanted) < 2 or len(columns) != 1 or not is_plain(node):
            return
        (names,) = columns
        plan = named(node, self._ground.is_base_predicate)
        if plan is None or not names or not inside.issuperset(names):
            return
        cells = [[dict(shared)[name] for name in names] for shared in wanted]
        if any(isinstance(cell, ox.BlankNode) for row in cells for cell in row):
            return
        rows = " ".join(f"({' '.join(map(str, row))})" for row in cells)
        values = f"VALUES ({' '.join(names)}) {{ {rows} }} "
        best: dict[Row, Citation] = {}
        width = len(names)
        for row in select(self._store, [*names, *plan.told], values + plan.text, _MOST_NAMED + 30 * len(cells)):
            citation = plan.citation(row[width:])
            if row[:width] not in best or rank(citation) < rank(best[row[:width]]):
                best[row[:width]] = citation
        self._kept.append(node)
        for row, citation in best.items():
            shared = frozenset((name, term) for name, term in zip(names, row, strict=True) if term is not None)
            clauses = [frozenset((name,)) for name in citation]
            self._found[id(node), None, shared] = Derivation(clauses) if clauses else NOTHING

    def _shared(self, node: Node, known: Mapping[str, Term | None]) -> dict[str, Term]:
        mentioned = self._ground.mentioned(node)
        around = {**self._ground.around, **known}
        return {name: term for name, term in around.items() if term is not None and name in mentioned}

    def _look(self, node: Node, shared: dict[str, Term], graph: ox.NamedNode | None) -> Derivation:
        loose = shared.keys() - self._ground.certain(node)
        if loose and not self._is_followed(node):
            self.is_doubtful = True
        before, self._ground.around = self._ground.around, dict(shared)
        try:
            is_there = False
            for solution in self._ground.solve(node, {}, graph):
                is_there = True
                # What is not bound in every solution may have come from outside: it is left open.
                inner: Bindings = {name: term for name, term in solution.items() if name not in loose}
                for derivation in self._ground.explain(node, inner, graph):
                    return derivation
            if is_there:
                self.is_doubtful = True
            return _ABSENT
        finally:
            self._ground.around = before

    def _is_followed(self, node: Node) -> bool:
        if id(node) not in self._loose:
            parts = list(patterns(node))
            self._loose[id(node)] = all(part[0] in _FOLLOWED for part in parts) and not any(
                part[0] == "filter" and (part[2][1] or "BOUND(" in part[2][0] or "COALESCE(" in part[2][0])
                for part in parts
            )
            self._kept.append(node)
        return self._loose[id(node)]
