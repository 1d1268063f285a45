"""Grounding: from a solution of a pattern back to the triples it came from, and from these to the graphs that hold them.

One explainer a kind of pattern; each yields derivations (:mod:`bri_kg.lineage.derivation`) of a solution, evaluating parts of the
pattern again in the store where the solution leaves something open. Why this is right stands in :mod:`bri_kg.lineage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import pyoxigraph as ox

from ..algebra import Node, certain, is_plain, mentioned, scope, text
from ..errors import QueryError
from ..names import is_base
from ..results import Row
from ..sparql import Term
from .citation import Citation, rank
from .derivation import NOTHING, Clause, Derivation, clause_of, products, smallest
from .edges import PathWalker, parse_term
from .naming import named, select
from .witnesses import Witnesses

__all__ = ["Bindings", "Grounder"]

Bindings = dict[str, Term | None]

_MAX_GROUPED = 20_000
#: How often a pattern is asked for single values before it is evaluated for all.
_OFTEN = 50


class Grounder:
    """Grounds the solutions of patterns over one store; ``given`` are the terms bound to the query's parameters.

    ``base`` keeps from query to query which predicates are only in graphs that are always there.
    """

    def __init__(
        self, store: ox.Store, given: Mapping[str, Term] | None = None, base: dict[str, bool] | None = None
    ) -> None:
        self._store = store
        self._base = {} if base is None else base  # predicates, and whether all their triples are in base graphs
        self.given: Bindings = {f"?{name}": term for name, term in (given or {}).items()}
        self.walker = PathWalker(store)
        self.witnesses = Witnesses(store, self)
        self.around: Mapping[str, Term] = {}  # what is bound around the EXISTS whose inside is evaluated
        self.has_repeated = False  # whether an aggregate counts a solution several times
        self._mentioned: dict[int, set[str]] = {}
        self._scopes: dict[int, set[str]] = {}
        self._certains: dict[int, set[str]] = {}
        self._texts: dict[int, str] = {}
        self._kept: list[Node] = []  # the nodes of these tables: an id says something only as long as its node lives
        self._is_plain: dict[int, bool] = {}
        self._present: dict[str, Derivation] = {}
        self._graphs_of: dict[tuple[Any, Any, Any], Clause | None] = {}
        self._named_by_key: dict[int, dict[Row, Citation]] = {}
        self._asked_for: dict[tuple[int, ox.NamedNode | None, tuple[str, ...]], int] = {}
        self._indexed: dict[Any, dict[tuple[Term | None, ...], list[Bindings]]] = {}
        self._grouped: dict[int, dict[tuple[Term | None, ...], list[Bindings]]] = {}

    # Evaluation by the store

    def solve(self, node: Node, known: Mapping[str, Term | None], graph: ox.NamedNode | None) -> Iterator[Bindings]:
        """Yield the solutions of a pattern that agree with ``known``; None in ``known`` means unbound."""
        inside = self.scope(node)
        sure = self.certain(node)  # the engine would give a variable that is not bound inside the value it is given
        bound = {name: term for name, term in known.items() if name in sure and term is not None}
        columns = "*"
        if self.around:  # the engine does so inside an EXISTS
            bound = {**{name: self.around[name] for name in self.around if name in self.mentioned(node)}, **bound}
            columns = " ".join(sorted(inside | bound.keys())) or "*"
        body = self.text(node) if graph is None else f"GRAPH {graph} {{ {self.text(node)} }}"
        try:
            result = self._store.query(
                f"SELECT {columns} WHERE {{ {body} }}",
                substitutions={ox.Variable(name[1:]): term for name, term in bound.items()},
            )
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(f"The query cannot be traced: {error}.") from error
        assert isinstance(result, ox.QuerySolutions)
        names = [f"?{variable.value}" for variable in result.variables]
        if self.around:
            names = [name if name in inside else "" for name in names]
        checked = any(name in inside for name in known)
        for solution in result:
            found: Bindings = dict(zip(names, solution, strict=True))
            found.pop("", None)
            if not checked or all(found.get(name) == term for name, term in known.items() if name in inside):
                yield found

    def _solve_often(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterable[Bindings]:
        """Return what :meth:`solve` yields; a pattern that is asked for time and again is evaluated once, for all values, and looked up."""
        if self.around or not known:
            return self.solve(node, known, graph)
        names = tuple(sorted(known.keys() & self.scope(node)))
        key = id(node), graph, names
        count = self._asked_for[key] = self._asked_for.get(key, 0) + 1
        if count == _OFTEN:
            solutions = list(islice(self.solve(node, {}, graph), _MAX_GROUPED + 1))
            if len(solutions) <= _MAX_GROUPED:
                indexed: dict[tuple[Term | None, ...], list[Bindings]] = {}
                for solution in solutions:
                    indexed.setdefault(tuple(solution.get(name) for name in names), []).append(solution)
                self._indexed[key] = indexed
            self._kept.append(node)
        if key not in self._indexed:
            return self.solve(node, known, graph)
        return self._indexed[key].get(tuple(known[name] for name in names), [])

    # From a solution to its derivations

    def explain(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        """Yield derivations of the solution ``known`` of a pattern; variables in scope that ``known`` lacks may be anything."""
        explained: Iterator[Derivation] = getattr(self, f"_explain_{node[0]}")(node, known, graph)
        return explained

    def _explain_unit(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        yield NOTHING

    def _explain_values(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        for row in node[2]:
            if all(
                cell is None or name not in known or known[name] == parse_term(cell)
                for name, cell in zip(node[1], row, strict=True)
            ):
                yield NOTHING
                return

    def _explain_bgp(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        if any(name not in known for name in self.scope(node)):
            for solution in self.solve(node, known, graph):
                yield from self._explain_bgp(node, solution, graph)
            return
        choices: list[Iterable[Derivation]] = []
        clauses: list[Clause] = []
        for s, p, o in node[1]:
            subject, target = self.value(s, known), self.value(o, known)
            if isinstance(p, str):
                clause = self.holders(subject, self.value(p, known), target, graph)
                if clause is not None:
                    if not clause:
                        return  # the triple is not there: no derivation
                    clauses.append(clause)
            else:
                choices.append(self.walker.along(subject, p, target, graph))
        if choices:
            yield from products([[Derivation(clauses)], *choices])
        else:
            yield Derivation(clauses)

    def _explain_join(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        yield from self._both(node[1], node[2], known, graph)

    def _both(self, left: Node, right: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        """Explain two patterns that are joined: a variable that one of them may leave unbound is left open in it."""
        inner_left, inner_right = self.scope(left), self.scope(right)
        loose = inner_left & inner_right
        lefts = self._part(left, known, inner_left, loose - self.certain(left), graph)
        rights = list(islice(self._part(right, known, inner_right, loose - self.certain(right), graph), 40))
        bound = [name for name in loose if known.get(name) is not None and name not in self.around]
        for one, of_left in lefts:
            for other, of_right in rights:
                # A variable that the solution binds must be bound by one of the two, though either may leave it open.
                if all(of_left.get(name) is not None or of_right.get(name) is not None for name in bound):
                    yield one.and_(other)

    def _part(
        self, node: Node, known: Bindings, inside: set[str], loose: set[str], graph: ox.NamedNode | None
    ) -> Iterator[tuple[Derivation, Bindings]]:
        """Yield derivations of one side of a join, each with the solution of that side."""
        own = {name: term for name, term in known.items() if name in inside and (name not in loose or term is None)}
        if len(own) == len([name for name in inside if name in known]):
            for derivation in self.explain(node, own, graph):
                yield derivation, own
            return
        for solution in self.solve(node, own, graph):
            if all(solution.get(name) in (None, known[name]) for name in loose if name in known):
                for derivation in self.explain(node, solution, graph):
                    yield derivation, solution

    def _explain_left(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        own = self.scope(node[2]) - self.scope(node[1])
        if any(name not in known for name in own):
            for solution in self.solve(node, known, graph):
                yield from self._explain_left(node, {name: solution.get(name) for name in self.scope(node)}, graph)
            return
        # What the left side may leave unbound may come from the right as well as what only the right side has.
        if any(known.get(name) is not None for name in self.scope(node[2]) - self.certain(node[1])):
            for derivation in self._both(node[1], node[2], known, graph):
                yield from self._with_exists(node[3], derivation, known, graph)
        if all(known[name] is None or name in self.around for name in own):
            inside = self.scope(node[1])
            left = {name: term for name, term in known.items() if name in inside}
            for derivation in self.explain(node[1], left, graph):
                yield Derivation(derivation.clauses, derivation.absence or bool(own), derivation.contributed)

    def _explain_union(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        whole = self.scope(node)
        for branch in node[1:3]:
            inside = self.scope(branch)
            if any(known.get(name) is not None and name not in self.around for name in whole - inside):
                continue
            own = {name: term for name, term in known.items() if name in inside}
            if branch[0] == "bgp" and len(own) == len(inside) and None not in own.values():
                yield from self._explain_bgp(branch, own, graph)  # nothing, where a triple of it is not there
                continue
            for solution in self._solve_often(branch, own, graph):
                yield from self.explain(branch, solution, graph)

    def _explain_minus(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        for derivation in self.explain(node[1], known, graph):
            yield Derivation(derivation.clauses, True, derivation.contributed)

    def _explain_filter(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        if any(name not in known for name in self.scope(node)):
            for solution in self.solve(node, known, graph):
                yield from self._explain_filter(node, {name: solution.get(name) for name in self.scope(node)}, graph)
            return
        for derivation in self.explain(node[1], known, graph):
            yield from self._with_exists(node[2], derivation, known, graph)

    def _explain_extend(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        if any(name not in known for name in self.scope(node)):
            for solution in self.solve(node, known, graph):
                yield from self._explain_extend(node, {name: solution.get(name) for name in self.scope(node)}, graph)
            return
        before = {name: term for name, term in known.items() if name != node[2]}
        for derivation in self.explain(node[1], before, graph):
            yield from self._with_exists(node[3], derivation, before, graph)

    def _with_exists(
        self, expression: Any, derivation: Derivation, known: Bindings, graph: ox.NamedNode | None
    ) -> Iterator[Derivation]:
        """Add what each EXISTS of an expression stands on: a witness where it holds, absence where it does not."""
        for inner in expression[1] if expression else []:
            derivation = derivation.and_(self.witnesses.find(inner, known, graph))
        yield derivation

    def _explain_graph(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        name = self.value(node[1], known) if not node[1].startswith("?") or node[1] in known else None
        if not isinstance(name, ox.NamedNode):
            for solution in self.solve(node, known, None):
                if isinstance(solution.get(node[1]), ox.NamedNode):
                    yield from self._explain_graph(node, {one: solution.get(one) for one in self.scope(node)}, graph)
                elif node[1].startswith("?"):  # the engine forgets the name around a subquery that does not project it
                    yield from self._explain_forgotten(node, solution)
            return
        present = self._presence(name.value)
        if self._plain(node[2]):  # the solution says that its triples are in this graph
            yield present
            return
        inside = self.scope(node[2])
        for derivation in self.explain(node[2], {one: term for one, term in known.items() if one in inside}, name):
            yield derivation.and_(present)

    def _explain_forgotten(self, node: Node, known: Bindings) -> Iterator[Derivation]:
        """Explain a GRAPH whose name is in no solution: every graph may be meant."""
        inside = {name: term for name, term in known.items() if name in self.scope(node[2])}
        for name in self._store.named_graphs():
            if isinstance(name, ox.NamedNode):
                for solution in self.solve(node[2], inside, name):
                    for derivation in self.explain(node[2], solution, name):
                        yield derivation.and_(self._presence(name.value))

    def _explain_select(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        own = {name: term for name, term in known.items() if name in node[1]}
        for solution in self._solve_often(node[2], own, graph):
            yield from self.explain(node[2], solution, graph)

    def _explain_group(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        keys = [variable for variable, _ in node[2]]
        if any(name not in known for name in keys):
            for solution in self.solve(node, known, graph):
                yield from self._explain_group(node, {name: solution.get(name) for name in self.scope(node)}, graph)
            return
        key = tuple(known[name] for name in keys)
        if graph is None and not self.around and (citation := self._named_groups(node).get(key)) is not None:
            yield Derivation((frozenset((name,)) for name in citation), citation.absence, contributed=True)
            return
        members = self._groups(node, keys, graph).get(key, [])
        graphs: set[str] = set()
        absence = not members
        for solution, times in _counted(members):
            found = [(smallest(one.clauses), one.absence) for one in islice(self.explain(node[1], solution, graph), 40)]
            if not found:
                return
            # A solution that counts several times needs all that makes it so; any other, one smallest derivation.
            self.has_repeated = self.has_repeated or times > 1
            for chosen, judged in found if times > 1 else [min(found, key=lambda pair: len(pair[0]))]:
                graphs |= chosen
                absence = absence or judged
        yield Derivation((frozenset((name,)) for name in graphs), absence, contributed=True)

    def _named_groups(self, node: Node) -> dict[Row, Citation]:
        """Return under the values of an aggregate's keys what its solutions stand on, as the store names it; empty where that cannot be had."""
        if id(node) not in self._named_by_key:
            self._named_by_key[id(node)] = self._name_groups(node)
            self._kept.append(node)
        return self._named_by_key[id(node)]

    def _name_groups(self, node: Node) -> dict[Row, Citation]:
        inner = _keyed(node)
        plan = named(inner, self.is_base_predicate)
        if plan is None or not (plan.graphs or plan.tests) or not plan.is_set:
            return {}
        keys = [variable for variable, _ in node[2]]
        members = sorted(self.scope(inner) - set(keys))
        width = len(keys) + len(members)
        solutions = list(select(self._store, [*keys, *members, *plan.told], plan.text, _MAX_GROUPED + 1))
        if len(solutions) > _MAX_GROUPED:
            return {}
        made = self.witnesses.cite(plan, (values[width:] for values in solutions))
        best: dict[Row, Citation] = {}
        for values in solutions:
            citation, solution = made[values[width:]], values[:width]
            if solution not in best or rank(citation) < rank(best[solution]):
                best[solution] = citation
        groups: dict[Row, list[Citation]] = {}
        for solution, citation in best.items():
            groups.setdefault(solution[: len(keys)], []).append(citation)
        return {
            key: Citation(frozenset().union(*found), absence=any(one.absence for one in found), contributed=True)
            for key, found in groups.items()
        }

    def _groups(
        self, node: Node, keys: list[str], graph: ox.NamedNode | None
    ) -> dict[tuple[Term | None, ...], list[Bindings]]:
        """Return the solutions inside an aggregate under the values of its keys."""
        if id(node) not in self._grouped or graph is not None or self.around:
            keyed = _keyed(node)
            groups: dict[tuple[Term | None, ...], list[Bindings]] = {}
            for solution in self.solve(keyed, self.given, graph):
                key = tuple(solution.pop(name, None) for name in keys)
                groups.setdefault(key, []).append(solution)
            self._grouped[id(node)] = groups
        return self._grouped[id(node)]

    def scope(self, node: Node) -> set[str]:
        """Return the variables that a solution may bind; kept, as are the next two."""
        if id(node) not in self._scopes:
            self._scopes[id(node)] = scope(node)
            self._kept.append(node)
        return self._scopes[id(node)]

    def certain(self, node: Node) -> set[str]:
        """Return the variables that every solution binds."""
        if id(node) not in self._certains:
            self._certains[id(node)] = certain(node)
            self._kept.append(node)
        return self._certains[id(node)]

    def text(self, node: Node) -> str:
        """Return the pattern as SPARQL."""
        if id(node) not in self._texts:
            self._texts[id(node)] = text(node)
            self._kept.append(node)
        return self._texts[id(node)]

    def mentioned(self, node: Node) -> set[str]:
        """Return the variables that stand anywhere in a pattern, those of its expressions included."""
        if id(node) not in self._mentioned:
            self._mentioned[id(node)] = mentioned(node)
            self._kept.append(node)
        return self._mentioned[id(node)]

    def _presence(self, graph: str) -> Derivation:
        if graph not in self._present:
            self._present[graph] = Derivation([] if is_base(graph) else [frozenset((graph,))])
        return self._present[graph]

    def _plain(self, node: Node) -> bool:
        if id(node) not in self._is_plain:
            self._is_plain[id(node)] = is_plain(node)
        return self._is_plain[id(node)]

    # Terms and look-ups

    def is_base_predicate(self, predicate: str) -> bool:
        """Whether all triples of a predicate are in graphs that are always there."""
        if predicate not in self._base:
            quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)
            names = (quad.graph_name for quad in quads)
            self._base[predicate] = all(isinstance(name, ox.NamedNode) and is_base(name.value) for name in names)
        return self._base[predicate]

    def value(self, part: str, known: Mapping[str, Term | None]) -> Any:
        """Return the term that a part of a pattern stands for; None for a variable that is not bound."""
        if part.startswith("?"):
            return known[part] if part in known else self.given.get(part)
        return parse_term(part)

    def holders(self, s: Any, p: Any, o: Any, graph: ox.NamedNode | None) -> Clause | None:
        """Return the graphs that hold a triple, None if one of them is always there or ``graph`` holds it."""
        if s is None or o is None or isinstance(s, ox.Literal) or not isinstance(p, ox.NamedNode):
            return frozenset()  # no such triple can be
        if graph is not None:
            return None if any(True for _ in self._store.quads_for_pattern(s, p, o, graph)) else frozenset()
        key = (s, p, o)
        if key not in self._graphs_of:
            quads = self._store.quads_for_pattern(s, p, o, None)
            names = {quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "" for quad in quads}
            self._graphs_of[key] = clause_of(names) if names else frozenset()
        return self._graphs_of[key]


def _keyed(node: Node) -> Node:
    """Return the pattern inside an aggregate with the aggregate's keys bound."""
    keyed: Node = node[1]
    for variable, expression in node[2]:
        keyed = ["extend", keyed, variable, expression]
    return keyed


def _counted(solutions: Iterable[Bindings]) -> list[tuple[Bindings, int]]:
    """Return the distinct solutions with the number of times that each occurs."""
    counts: dict[frozenset[tuple[str, Term | None]], list[Any]] = {}
    for solution in solutions:
        counts.setdefault(frozenset(solution.items()), [solution, 0])[1] += 1
    return [(solution, times) for solution, times in counts.values()]
