"""Lineage: for each row of an answer, a set of graphs on which the row stands.

**What is promised.** Let B be the graphs that are always there: ontology, entities, the paper's ledger. A citation of a row is a set N of other
graph names (segments, errata) such that the same query over B and N returns the row; :meth:`KnowledgeGraph.restrict` builds that graph. Of several
derivations the one with the fewest graphs is shown; for a monotone query (no OPTIONAL, MINUS, EXISTS, aggregate or LIMIT) no graph can be left out
of it. For the others the promise is this:

- *Aggregates*: N holds, for every solution of the group, one smallest derivation: all that contributed. The citation is marked ``contributed``.
- *Negation* (NOT EXISTS, MINUS, an OPTIONAL that matched nothing, ASK false): that something is absent is judged against the whole graph, since
  no sentence says so. The citation holds what is present, and is marked ``absence``.
- *Nested non-monotone queries* (a LIMIT in a subquery, a negation or OPTIONAL inside another, under an aggregate or a DESCRIBE): the citation is
  replayed before it is given out; where its graphs do not suffice, all graphs that any pattern of the query can touch are cited, and the citation
  is marked ``widened``.
- *Cut queries* (LIMIT, OFFSET): which rows are let through hangs on all the others, and where no ORDER BY tells them apart on the engine. A citation
  without a mark returns the row as the query stands; one that is marked ``cut`` returns it from the query without its own LIMIT and OFFSET.

**Why it is right.** The default graph is the set union of the named graphs, and rules never join two segments; so a triple is in the default
graph of a restricted graph exactly if one of its graphs is. The solutions of a query's pattern are evaluated by the store; each solution grounds the
triple patterns it came from, and each ground triple names the graphs that hold it (a clause: one of these must be cited). A set that hits all clauses
of a solution keeps the solution; the smallest such set over all solutions of a row is its why-provenance of least size (Buneman, Khanna and Tan,
2001). An OPTIONAL, EXISTS or UNION is grounded in the branch that matched. A property path is grounded by breadth-first search along its edges.

**What it costs.** One further evaluation of the pattern with all variables kept, and one look-up per ground triple that is not inside a GRAPH.
Subqueries, aggregates and EXISTS are evaluated once more for each binding that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import Any

import pyoxigraph as ox

from .algebra import Node, certain, is_monotone, is_plain, is_settled, patterns, scope, text
from .derivation import MAX_DERIVATIONS, NOTHING, Clause, Derivation, clause_of, products, smallest
from .edges import PathWalker, is_searched, parse_term
from .errors import QueryError
from .names import is_base
from .naming import Named, named
from .sparql import Term

__all__ = ["MARKS", "Citation", "Tracer"]

Bindings = dict[str, Term | None]
Row = tuple[Term | None, ...]

#: The marks of a citation, which :mod:`bri_kg.lineage` explains.
MARKS = ("absence", "contributed", "cut", "widened")

_DEFAULT = ox.DefaultGraph()
_MAX_SHRUNK = 24
_MAX_NAMED = 3000
_MAX_GROUPED = 20_000
_FALSE = ox.Literal(False)


class Citation(frozenset[str]):
    """The names of the graphs on which a row stands, and how far that goes; see the module's docstring."""

    absence: bool
    contributed: bool
    widened: bool
    cut: bool

    def __new__(
        cls,
        graphs: Iterable[str] = (),
        *,
        absence: bool = False,
        contributed: bool = False,
        widened: bool = False,
        cut: bool = False,
    ) -> Citation:
        """Make a citation of ``graphs``."""
        made = super().__new__(cls, graphs)
        made.absence, made.contributed, made.widened, made.cut = absence, contributed, widened, cut
        return made

    @property
    def marks(self) -> dict[str, bool]:
        """What is said of the citation, by name."""
        return {name: getattr(self, name) for name in MARKS}

    def __repr__(self) -> str:
        return f"Citation({sorted(self)}{''.join(f', {name}=True' for name, holds in self.marks.items() if holds)})"


class Tracer:
    """Finds the citations of the rows of one query over one store.

    ``query`` is the tree of :func:`bri_kg.algebra.parse`, ``given`` the terms bound to its parameters.
    """

    def __init__(self, store: ox.Store, query: Mapping[str, Any], given: Mapping[str, Term] | None = None) -> None:
        self._store = store
        self._query = query
        self._given: Bindings = {f"?{name}": term for name, term in (given or {}).items()}
        self._walker = PathWalker(store)
        self._scopes: dict[int, set[str]] = {}
        self._certains: dict[int, set[str]] = {}
        self._texts: dict[int, str] = {}
        self._kept: list[
            Node
        ] = []  # the nodes of the tables above: an id says something only as long as its node lives
        self._is_cut: bool = query["sliced"]
        self._pattern: Node = _with_given(query["pattern"], given or {})
        self._graphs_of: dict[tuple[Any, Any, Any], Clause | None] = {}
        self._explainers: dict[str, Callable[[Node, Bindings, ox.NamedNode | None], Iterator[Derivation]]] = {
            name.removeprefix("_explain_"): getattr(self, name)
            for name in dir(type(self))
            if name.startswith("_explain_")
        }
        self._present: dict[str, Derivation] = {}
        self._has_repeated = False  # whether an aggregate counts a solution several times
        self._is_plain: dict[int, bool] = {}
        self._root = self._pattern
        while self._root[0] in ("filter", "extend") and not self._root[-1][1]:  # a solution has passed its filters
            self._root = self._root[1]
        self._named_by_key: dict[int, dict[Row, Citation]] = {}
        self._grouped: dict[int, dict[tuple[Term | None, ...], list[Bindings]]] = {}

    # What a caller asks for

    def cite_rows(
        self, columns: Sequence[str], rows: Sequence[Row], replay: Callable[[Citation, Row], bool]
    ) -> list[list[Citation]]:
        """Return for each row of a SELECT its citations, the smallest first; ``replay`` says whether a citation returns a row.

        Raises QueryError for a row that cannot be traced.
        """
        names = [f"?{column}" for column in columns]
        limit = self._query.get("limit")
        if limit is not None and len(rows) < int(limit) and is_monotone(self._pattern):
            self._is_cut = False  # nothing was cut off, and fewer graphs give no more rows
        found: dict[Row, list[Citation]] = {}
        for row, known in self._named_rows(names, rows).items():
            found[row] = self._pick(known, False, partial(_replayed, replay, row))
        missing = [row for row in rows if row not in found]
        solutions = self._by_row(names, missing) if missing else {}
        for row in missing:
            if row not in found:
                found[row] = self._cite(solutions.get(row, []), partial(_replayed, replay, row))
        return [found[row] for row in rows]

    def cite_ask(self, answer: bool, replay: Callable[[Citation], bool]) -> list[Citation]:
        """Return the citations of the answer to an ASK; false stands on absence alone."""
        if not answer:
            return [Citation(absence=True)]
        return self._cite(self._solve(self._pattern, self._given, None), replay)

    def cite_triples(
        self, triples: Sequence[ox.Triple], replay: Callable[[Citation, ox.Triple], bool]
    ) -> list[list[Citation]]:
        """Return for each triple of a CONSTRUCT or DESCRIBE its citations, the smallest first."""
        derived = self._constructed() if self._query["form"] == "CONSTRUCT" else self._described(triples)
        made = []
        for triple in triples:
            derivations = derived.get(triple, [])
            made.append(self._choose(derivations, partial(_replayed, replay, triple)))
        return made

    # From solutions to citations

    def _named_rows(self, names: list[str], rows: Sequence[Row]) -> dict[Row, dict[frozenset[str], Citation]]:
        """Return the citations of rows as the store itself names them; without a row where that cannot be had or costs too much."""
        plan = named(self._pattern)
        if plan is None or not plan.graphs:
            return {}
        sure = [place for place, name in enumerate(names) if name in self._certain(self._pattern)]
        given = ""
        if self._is_cut and sure:  # the pattern without its LIMIT may have far more solutions
            if any(isinstance(row[place], ox.BlankNode) for row in rows for place in sure):
                return {}
            cells = dict.fromkeys(" ".join(str(row[place]) for place in sure) for row in rows)
            given = (
                f"VALUES ({' '.join(names[place] for place in sure)}) {{ {' '.join(f'({row})' for row in cells)} }} "
            )
        wanted: dict[Row, dict[frozenset[str], Citation]] = {row: {} for row in rows}
        made: dict[Row, Citation] = {}
        most = _MAX_NAMED + 30 * len(rows)
        width = len(names)
        for values in self._select([*names, *plan.told], given + plan.text, most + 1):
            most -= 1
            if most < 0:
                return {}
            known = wanted.get(values[:width])
            if known is not None:
                told = values[width:]
                if told not in made:
                    made[told] = self._named_citation(plan, told)
                known[made[told]] = made[told]
        return {row: known for row, known in wanted.items() if known}

    @staticmethod
    def _named_citation(plan: Named, told: Row) -> Citation:
        """Return the citation that a named solution is: its graphs, and after them whether each OPTIONAL matched."""
        count = len(plan.graphs)
        names = [graph.value for graph in told[:count] if isinstance(graph, ox.NamedNode) and not is_base(graph.value)]
        return Citation(names, absence=plan.absence or _FALSE in told[count:])

    def _select(self, names: Sequence[str], body: str, most: int) -> Iterator[Row]:
        try:
            result = self._store.query(f"SELECT DISTINCT {' '.join(names)} WHERE {{ {body} }} LIMIT {most}")
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(f"The query cannot be traced: {error}.") from error
        assert isinstance(result, ox.QuerySolutions)
        return map(tuple, result)

    def _by_row(self, names: list[str], rows: Sequence[Row]) -> dict[Row, list[Bindings]]:
        """Return the solutions of the pattern under each row that they project to."""
        grouped: dict[Row, list[Bindings]] = {}
        wanted = set(rows)
        if self._is_cut and len(rows) <= 200:  # the pattern without its LIMIT may have far more solutions
            for solution in islice(self._solve(self._pattern, self._given, None), 4 * len(rows)):
                row = tuple(solution.get(name) for name in names)
                if row in wanted:
                    grouped.setdefault(row, []).append(solution)
            for row in wanted - grouped.keys():
                known = {**self._given, **dict(zip(names, row, strict=True))}
                grouped[row] = list(islice(self._solve(self._pattern, known, None), MAX_DERIVATIONS))
            return grouped
        for solution in self._solve(self._pattern, self._given, None):
            row = tuple(solution.get(name) for name in names)
            if row in wanted:
                grouped.setdefault(row, []).append(solution)
        return grouped

    def _cite(self, solutions: Iterable[Bindings], replay: Callable[[Citation], bool]) -> list[Citation]:
        derivations = (one for solution in solutions for one in self._explain(self._root, solution, None))
        return self._choose(derivations, replay)

    def _choose(self, derivations: Iterable[Derivation], replay: Callable[[Citation], bool]) -> list[Citation]:
        """Return the distinct minimal citations of some derivations, the smallest first, replayed where that is promised."""
        best: dict[frozenset[str], Citation] = {}
        seen = 0
        for derivation in islice(derivations, MAX_DERIVATIONS):
            seen += 1
            clauses = derivation.clauses
            graphs = clauses[0] if len(clauses) == 1 and len(clauses[0]) == 1 else smallest(clauses)
            if graphs not in best:
                best[graphs] = Citation(graphs, absence=derivation.absence, contributed=derivation.contributed)
        return self._pick(best, seen == MAX_DERIVATIONS and is_monotone(self._pattern), replay)

    def _pick(
        self, best: Mapping[frozenset[str], Citation], is_partial: bool, replay: Callable[[Citation], bool]
    ) -> list[Citation]:
        """Return the minimal ones of the distinct citations ``best``, the smallest first, replayed where that is promised."""
        # A smaller one may lie beyond a searched path's first derivation, or beyond those that were looked at.
        shrinks = self._shrinks or is_partial
        needs_replay = self._needs_replay or self._has_repeated
        if len(best) == 1 and not shrinks and not needs_replay:
            return self._marked(list(best.values()), replay)
        ranked = sorted((self._uncut(one) for one in best.values()), key=_rank)
        minimal = [one for place, one in enumerate(ranked) if not any(other < one for other in ranked[:place])]
        if minimal and shrinks:
            minimal = [self._shrunk(minimal[0], replay), *minimal[1:]]
        if minimal and needs_replay:
            minimal = [one for one in minimal[:8] if replay(one)]
        if not minimal:
            widest = Citation(self._touched(), absence=True, contributed=True, widened=True, cut=self._is_cut)
            if not replay(widest):
                raise QueryError("A row of this answer cannot be traced: no set of sentences found returns it again.")
            if is_monotone(self._pattern) and len(widest) <= _MAX_SHRUNK:
                widest = self._shrunk(widest, replay)
            minimal = [widest]
        return self._marked(minimal, replay)

    def _uncut(self, citation: Citation) -> Citation:
        return Citation(citation, **{**citation.marks, "cut": True}) if self._is_cut else citation

    def _marked(self, citations: list[Citation], replay: Callable[[Citation], bool]) -> list[Citation]:
        """Mark the citations of a row that a LIMIT or OFFSET may cut off where only their graphs are left."""
        if not self._is_cut:
            return citations
        marked = []
        for one in citations:
            as_it_stands = Citation(one, **{**one.marks, "cut": False})
            # Fewer graphs leave fewer rows before this one; but only an ORDER BY says which rows are before it.
            can_hold = is_monotone(self._pattern) and self._query.get("limit") is not None
            holds = can_hold and (self._fits(one) or (self._query["ordered"] and replay(as_it_stands)))
            marked.append(as_it_stands if holds else self._uncut(one))
        return marked

    def _fits(self, citation: Citation) -> bool:
        """Whether the LIMIT of a monotone query cannot cut a row off: the cited graphs give no more solutions than it lets through."""
        if self._query["form"] != "SELECT":
            return False
        limit = self._query["limit"]
        graphs: list[Any] = [*self._base, *(ox.NamedNode(name) for name in citation)]
        result = self._store.query(
            f"SELECT * WHERE {{ {self._text(self._pattern)} }} LIMIT {int(limit) + 1}",
            default_graph=graphs,
            named_graphs=graphs,
        )
        assert isinstance(result, ox.QuerySolutions)
        return sum(1 for _ in result) <= int(limit)

    @cached_property
    def _base(self) -> list[ox.NamedNode]:
        return [name for name in self._store.named_graphs() if isinstance(name, ox.NamedNode) and is_base(name.value)]

    @cached_property
    def _shrinks(self) -> bool:
        """Whether a derivation may hold graphs that another would not need: a path was searched, and the query is monotone."""
        return is_monotone(self._pattern) and any(
            is_searched(triple[1]) for part in patterns(self._pattern) if part[0] == "bgp" for triple in part[1]
        )

    def _shrunk(self, citation: Citation, replay: Callable[[Citation], bool]) -> Citation:
        for graph in sorted(citation):
            fewer = Citation(citation - {graph}, cut=citation.cut)
            if replay(fewer):
                citation = fewer
        return citation

    @cached_property
    def _needs_replay(self) -> bool:
        if self._query["form"] == "DESCRIBE" and not is_monotone(self._pattern):
            return True
        for part in patterns(self._pattern):
            kind = part[0]
            if kind == "select" and (part[3]["length"] is not None or part[3]["start"]):
                return True
            if (kind == "left" and not is_settled(["left", ["unit"], *part[2:]])) or (
                kind == "minus" and not is_monotone(part[2])
            ):
                return True
            if kind == "group" and not is_monotone(part[1]):
                return True
            inner = (
                part[2][1]
                if kind == "filter"
                else part[3][1]
                if kind == "extend" or (kind == "left" and part[3])
                else []
            )
            if any(not is_settled(one) for one in inner):
                return True
        return False

    def _touched(self) -> set[str]:
        """Return all citable graphs that hold a triple which some pattern of the query could match."""
        found: set[str] = set()
        for part in patterns(self._pattern):
            if part[0] == "graph":
                found |= self._walker.holders(None, None, None) if part[1].startswith("?") else {part[1][1:-1]}
            for s, p, o in part[1] if part[0] == "bgp" else []:
                fixed = [
                    None if not isinstance(one, str) or one.startswith("?") else parse_term(one) for one in (s, p, o)
                ]
                found |= self._walker.holders(*fixed)
        if self._query["form"] == "DESCRIBE":
            found |= self._walker.holders(None, None, None)
        return {graph for graph in found if not is_base(graph)}

    # CONSTRUCT and DESCRIBE

    def _constructed(self) -> dict[ox.Triple, list[Derivation]]:
        derived: dict[ox.Triple, list[Derivation]] = {}
        template = self._query["template"]
        if any(part.startswith("?__b") for triple in template for part in triple):
            raise QueryError("A blank node in a CONSTRUCT template cannot be traced; give the node a name.")
        for solution in self._solve(self._pattern, self._given, None):
            for triple in template:
                parts = [self._value(part, solution) for part in triple]
                if None in parts or isinstance(parts[0], ox.Literal) or not isinstance(parts[1], ox.NamedNode):
                    continue
                made = ox.Triple(*parts)
                if len(derived.setdefault(made, [])) < MAX_DERIVATIONS:
                    derived[made] += islice(self._explain(self._root, solution, None), 8)
        return derived

    def _described(self, triples: Sequence[ox.Triple]) -> dict[ox.Triple, list[Derivation]]:
        found: dict[str, list[Derivation]] = {}
        variables = [name for name in self._query["described"] if name.startswith("?")]
        if variables:
            for solution in self._solve(self._pattern, self._given, None):
                for name in variables:
                    term = solution.get(name)
                    if isinstance(term, ox.NamedNode) and len(found.setdefault(term.value, [])) < MAX_DERIVATIONS:
                        found[term.value] += islice(self._explain(self._root, solution, None), 8)
        for name in self._query["described"]:
            if not name.startswith("?"):
                found.setdefault(name[1:-1], []).append(NOTHING)
        derived: dict[ox.Triple, list[Derivation]] = {}
        for triple in triples:
            if not isinstance(triple.subject, ox.NamedNode):
                raise QueryError("A description with blank nodes cannot be traced; ask for its triples with SELECT.")
            clause = self._holders(triple.subject, triple.predicate, triple.object, None)
            own = Derivation([clause] if clause else [])
            derived[triple] = [one.and_(own) for one in found.get(triple.subject.value, [])]
        return derived

    # Evaluation by the store

    def _solve(self, node: Node, known: Mapping[str, Term | None], graph: ox.NamedNode | None) -> Iterator[Bindings]:
        """Yield the solutions of a pattern that agree with ``known``; None in ``known`` means unbound."""
        inside = self._scope(node)
        sure = self._certain(node)  # the engine would give a variable that is not bound inside the value it is given
        bound = {name: term for name, term in known.items() if name in sure and term is not None}
        body = self._text(node) if graph is None else f"GRAPH {graph} {{ {self._text(node)} }}"
        try:
            result = self._store.query(
                f"SELECT * WHERE {{ {body} }}",
                substitutions={ox.Variable(name[1:]): term for name, term in bound.items()},
            )
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(f"The query cannot be traced: {error}.") from error
        assert isinstance(result, ox.QuerySolutions)
        names = [f"?{variable.value}" for variable in result.variables]
        checked = any(name in inside for name in known)
        for solution in result:
            found: Bindings = dict(zip(names, solution, strict=True))
            if not checked or all(found.get(name) == term for name, term in known.items() if name in inside):
                yield found

    # From a solution to its derivations

    def _explain(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        """Yield derivations of the solution ``known`` of a pattern; variables in scope that ``known`` lacks may be anything."""
        return self._explainers[node[0]](node, known, graph)

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
        if any(name not in known for name in self._scope(node)):
            for solution in self._solve(node, known, graph):
                yield from self._explain_bgp(node, solution, graph)
            return
        choices: list[Iterable[Derivation]] = []
        clauses: list[Clause] = []
        for s, p, o in node[1]:
            subject, target = self._value(s, known), self._value(o, known)
            if isinstance(p, str):
                clause = self._holders(subject, self._value(p, known), target, graph)
                if clause is not None:
                    if not clause:
                        return  # the triple is not there: no derivation
                    clauses.append(clause)
            else:
                choices.append(self._walker.along(subject, p, target, graph))
        if choices:
            yield from products([[Derivation(clauses)], *choices])
        else:
            yield Derivation(clauses)

    def _explain_join(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        yield from self._both(node[1], node[2], known, graph)

    def _both(self, left: Node, right: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        """Explain two patterns that are joined: a variable that one of them may leave unbound is left open in it."""
        inner_left, inner_right = self._scope(left), self._scope(right)
        loose = inner_left & inner_right
        lefts = self._part(left, known, inner_left, loose - self._certain(left), graph)
        rights = list(islice(self._part(right, known, inner_right, loose - self._certain(right), graph), 40))
        bound = [name for name in loose if known.get(name) is not None]
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
            for derivation in self._explain(node, own, graph):
                yield derivation, own
            return
        for solution in self._solve(node, own, graph):
            if all(solution.get(name) in (None, known[name]) for name in loose if name in known):
                for derivation in self._explain(node, solution, graph):
                    yield derivation, solution

    def _explain_left(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        own = self._scope(node[2]) - self._scope(node[1])
        if any(name not in known for name in own):
            for solution in self._solve(node, known, graph):
                yield from self._explain_left(node, {name: solution.get(name) for name in self._scope(node)}, graph)
            return
        # What the left side may leave unbound may come from the right as well as what only the right side has.
        if any(known.get(name) is not None for name in self._scope(node[2]) - self._certain(node[1])):
            for derivation in self._both(node[1], node[2], known, graph):
                yield from self._with_exists(node[3], derivation, known, graph)
        if all(known[name] is None for name in own):
            inside = self._scope(node[1])
            left = {name: term for name, term in known.items() if name in inside}
            for derivation in self._explain(node[1], left, graph):
                yield Derivation(derivation.clauses, derivation.absence or bool(own), derivation.contributed)

    def _explain_union(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        whole = self._scope(node)
        for branch in node[1:3]:
            inside = self._scope(branch)
            if any(known.get(name) is not None for name in whole - inside):
                continue
            for solution in self._solve(branch, {name: term for name, term in known.items() if name in inside}, graph):
                yield from self._explain(branch, solution, graph)

    def _explain_minus(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        for derivation in self._explain(node[1], known, graph):
            yield Derivation(derivation.clauses, True, derivation.contributed)

    def _explain_filter(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        if any(name not in known for name in self._scope(node)):
            for solution in self._solve(node, known, graph):
                yield from self._explain_filter(node, {name: solution.get(name) for name in self._scope(node)}, graph)
            return
        for derivation in self._explain(node[1], known, graph):
            yield from self._with_exists(node[2], derivation, known, graph)

    def _explain_extend(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        if any(name not in known for name in self._scope(node)):
            for solution in self._solve(node, known, graph):
                yield from self._explain_extend(node, {name: solution.get(name) for name in self._scope(node)}, graph)
            return
        before = {name: term for name, term in known.items() if name != node[2]}
        for derivation in self._explain(node[1], before, graph):
            yield from self._with_exists(node[3], derivation, before, graph)

    def _with_exists(
        self, expression: Any, derivation: Derivation, known: Bindings, graph: ox.NamedNode | None
    ) -> Iterator[Derivation]:
        """Add what each EXISTS of an expression stands on: a witness where it holds, absence where it does not."""
        for inner in expression[1] if expression else []:
            inside = self._scope(inner)
            shared = {
                name: term for name, term in {**self._given, **known}.items() if name in inside and term is not None
            }
            witness = next(
                (
                    one
                    for solution in self._solve(inner, shared, graph)
                    for one in self._explain(inner, solution, graph)
                ),
                None,
            )
            derivation = derivation.and_(witness or Derivation(absence=True))
        yield derivation

    def _explain_graph(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        name = self._value(node[1], known) if not node[1].startswith("?") or node[1] in known else None
        if not isinstance(name, ox.NamedNode):
            for solution in self._solve(node, known, None):
                if isinstance(solution.get(node[1]), ox.NamedNode):
                    yield from self._explain_graph(node, {one: solution.get(one) for one in self._scope(node)}, graph)
            return
        present = self._presence(name.value)
        if self._plain(node[2]):  # the solution says that its triples are in this graph
            yield present
            return
        inside = self._scope(node[2])
        for derivation in self._explain(node[2], {one: term for one, term in known.items() if one in inside}, name):
            yield derivation.and_(present)

    def _explain_select(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        own = {name: term for name, term in known.items() if name in node[1]}
        for solution in self._solve(node[2], own, graph):
            yield from self._explain(node[2], solution, graph)

    def _explain_group(self, node: Node, known: Bindings, graph: ox.NamedNode | None) -> Iterator[Derivation]:
        keys = [variable for variable, _ in node[2]]
        if any(name not in known for name in keys):
            for solution in self._solve(node, known, graph):
                yield from self._explain_group(node, {name: solution.get(name) for name in self._scope(node)}, graph)
            return
        key = tuple(known[name] for name in keys)
        if graph is None and (citation := self._named_groups(node).get(key)) is not None:
            yield Derivation((frozenset((name,)) for name in citation), citation.absence, contributed=True)
            return
        members = self._groups(node, keys, graph).get(key, [])
        graphs: set[str] = set()
        absence = not members
        for solution, times in _counted(members):
            found = [
                (smallest(one.clauses), one.absence) for one in islice(self._explain(node[1], solution, graph), 40)
            ]
            if not found:
                return
            # A solution that counts several times needs all that makes it so; any other, one smallest derivation.
            self._has_repeated = self._has_repeated or times > 1
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
        plan = named(inner)
        if plan is None or not plan.graphs or not plan.is_set:
            return {}
        keys = [variable for variable, _ in node[2]]
        members = sorted(self._scope(inner) - set(keys))
        width = len(keys) + len(members)
        best: dict[Row, Citation] = {}
        made: dict[Row, Citation] = {}
        for count, values in enumerate(self._select([*keys, *members, *plan.told], plan.text, _MAX_GROUPED + 1)):
            if count == _MAX_GROUPED:
                return {}
            told, solution = values[width:], values[:width]
            if told not in made:
                made[told] = self._named_citation(plan, told)
            if solution not in best or _rank(made[told]) < _rank(best[solution]):
                best[solution] = made[told]
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
        if id(node) not in self._grouped or graph is not None:
            keyed = _keyed(node)
            groups: dict[tuple[Term | None, ...], list[Bindings]] = {}
            for solution in self._solve(keyed, self._given, graph):
                key = tuple(solution.pop(name, None) for name in keys)
                groups.setdefault(key, []).append(solution)
            self._grouped[id(node)] = groups
        return self._grouped[id(node)]

    def _scope(self, node: Node) -> set[str]:
        if id(node) not in self._scopes:
            self._scopes[id(node)] = scope(node)
            self._kept.append(node)
        return self._scopes[id(node)]

    def _certain(self, node: Node) -> set[str]:
        if id(node) not in self._certains:
            self._certains[id(node)] = certain(node)
            self._kept.append(node)
        return self._certains[id(node)]

    def _text(self, node: Node) -> str:
        if id(node) not in self._texts:
            self._texts[id(node)] = text(node)
            self._kept.append(node)
        return self._texts[id(node)]

    def _presence(self, graph: str) -> Derivation:
        if graph not in self._present:
            self._present[graph] = Derivation([] if is_base(graph) else [frozenset((graph,))])
        return self._present[graph]

    def _plain(self, node: Node) -> bool:
        if id(node) not in self._is_plain:
            self._is_plain[id(node)] = is_plain(node)
        return self._is_plain[id(node)]

    # Terms and look-ups

    def _value(self, part: str, known: Mapping[str, Term | None]) -> Any:
        if part.startswith("?"):
            return known[part] if part in known else self._given.get(part)
        return parse_term(part)

    def _holders(self, s: Any, p: Any, o: Any, graph: ox.NamedNode | None) -> Clause | None:
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


def _replayed(replay: Callable[[Citation, Any], bool], row: Any, citation: Citation) -> bool:
    return replay(citation, row)


def _rank(citation: Citation) -> tuple[int, list[str]]:
    return len(citation), sorted(citation)


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


def _with_given(node: Node, given: Mapping[str, Term]) -> Node:
    """Return a pattern with the parameters' values joined to it where :func:`bri_kg.sparql.prepare` puts them: in the WHERE group."""
    if not given:
        return node
    if node[0] in ("filter", "extend", "left", "minus", "group"):
        return [node[0], _with_given(node[1], given), *node[2:]]
    names = sorted(given)
    values: Node = ["values", [f"?{name}" for name in names], [[str(given[name]) for name in names]]]
    return values if node == ["unit"] else ["join", values, node]
