"""Lineage: for each row of an answer, a set of graphs on which the row stands.

**What is promised.** Let B be the graphs that are always there: ontology, entities, the paper's ledger. A citation of a row is a set N of other
graph names (segments, errata) such that the same query over B and N returns the row; :meth:`KnowledgeGraph.restrict` builds that graph. Of several
derivations the one with the fewest graphs is shown; for a monotone query (no OPTIONAL, MINUS, EXISTS, aggregate or LIMIT) no graph can be left out
of it. For the others the promise is this:

- *Aggregates*: N holds, for every solution of the group, one smallest derivation; not every sentence that states the same again. The citation is
  marked ``contributed``. SAMPLE is refused, and a GROUP_CONCAT whose order changes, since the engine chooses what they give.
- *EXISTS* that holds: N holds one witness, the solution inside it that the fewest graphs give where the store names them; another may serve as well.
- *Negation* (NOT EXISTS, MINUS, an OPTIONAL that matched nothing, ASK false): that something is absent is judged against the whole graph, since
  no sentence says so. The citation holds what is present, and is marked ``absence``.
- *Nested non-monotone queries* (a LIMIT in a subquery, a negation or OPTIONAL inside another, under an aggregate or a DESCRIBE): the citation is
  replayed before it is given out; where its graphs do not suffice, all graphs that any pattern of the query can touch are cited, and the citation
  is marked ``widened``.
- *Cut queries* (LIMIT, OFFSET): which rows are let through hangs on all the others, and where no ORDER BY tells them apart on the engine. A citation
  without a mark returns the row as the query stands; one that is marked ``cut`` returns it from the query without its own LIMIT and OFFSET. Of more
  than 25 rows that is not tried, and all are marked; so is a row's third citation and each after it.

**Why it is right.** The default graph is the set union of the named graphs, and rules never join two segments; so a triple is in the default
graph of a restricted graph exactly if one of its graphs is. The solutions of a query's pattern are evaluated by the store; each solution grounds the
triple patterns it came from, and each ground triple names the graphs that hold it (a clause: one of these must be cited). A set that hits all clauses
of a solution keeps the solution; the smallest such set over all solutions of a row is its why-provenance of least size (Buneman, Khanna and Tan,
2001). An OPTIONAL, EXISTS or UNION is grounded in the branch that matched. A property path is grounded by breadth-first search along its edges.

**What it costs.** Where the pattern holds neither a searched path nor an aggregate or a cut subquery, and no triple is held by very many graphs, one
further evaluation in which the store itself names the graphs (:mod:`bri_kg.lineage.naming`). Else one evaluation with all variables kept, and one
look-up per ground triple that is not inside a GRAPH (:mod:`bri_kg.lineage.grounding`). A subquery that is asked for time and again is evaluated once;
the witness of an EXISTS is looked for once for each value of what it shares with its surroundings (:mod:`bri_kg.lineage.witnesses`). Paths, edges
and closures are walked once for a query (:mod:`bri_kg.lineage.edges`). What must be replayed is replayed in one small store that is led from
citation to citation (:mod:`bri_kg.lineage.replaying`); whether a LIMIT could cut is counted for all rows together (:mod:`bri_kg.lineage.cutting`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import Any

import pyoxigraph as ox

from ..algebra import Node, is_growing, is_monotone, is_settled, patterns
from ..errors import QueryError
from ..names import is_base
from ..results import Row
from ..sparql import Term
from .citation import Citation, rank
from .cutting import Cut
from .derivation import MAX_DERIVATIONS, NOTHING, Derivation, smallest
from .edges import is_searched, parse_term
from .grounding import Bindings, Grounder
from .naming import Named, named, select

__all__ = ["Citation", "Tracer"]

_MAX_SHRUNK = 24
_MAX_NAMED = 3000


class Tracer:
    """Finds the citations of the rows of one query over one store.

    ``query`` is the tree of :func:`bri_kg.algebra.parse`, ``given`` the terms bound to its parameters, ``base`` what
    :class:`bri_kg.lineage.grounding.Grounder` keeps from query to query, ``always`` the graphs that are always there.
    """

    def __init__(
        self,
        store: ox.Store,
        query: Mapping[str, Any],
        given: Mapping[str, Term] | None = None,
        base: dict[str, bool] | None = None,
        always: Sequence[ox.NamedNode] = (),
    ) -> None:
        self._store = store
        self._always = always
        self._query = query
        self._ground = Grounder(store, given, base)
        self._pattern: Node = _with_given(query["pattern"], given or {})
        self._root = self._pattern
        while self._root[0] in ("filter", "extend") and not self._root[-1][1]:  # a solution has passed its filters
            self._root = self._root[1]
        self._cut = Cut(store, query, self._pattern, always)

    # What a caller asks for

    def cite_rows(
        self, columns: Sequence[str], rows: Sequence[Row], replay: Callable[[Citation, Row], bool]
    ) -> list[list[Citation]]:
        """Return for each row of a SELECT its citations, the smallest first; ``replay`` says whether a citation returns a row.

        Raises QueryError for a row that cannot be traced.
        """
        names = [f"?{column}" for column in columns]
        self._cut.expect(len(rows))
        found: dict[Row, list[Citation]] = {}
        known_rows = self._named_rows(names, rows)
        self._cut.foresee(self._plan, known_rows.values())
        for row, known in known_rows.items():
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
        return self._cite(self._ground.solve(self._pattern, self._ground.given, None), replay)

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

    def _named_rows(self, names: list[str], rows: Sequence[Row]) -> dict[Row, set[Citation]]:
        """Return the citations of rows as the store itself names them; without a row where that cannot be had or costs too much."""
        plan = self._plan
        if not rows or plan is None or not (plan.graphs or plan.tests):
            return {}
        sure = [place for place, name in enumerate(names) if name in self._ground.certain(self._pattern)]
        given = ""
        if self._cut.holds and sure:  # the pattern without its LIMIT may have far more solutions
            if any(isinstance(row[place], ox.BlankNode) for row in rows for place in sure):
                return {}
            cells = dict.fromkeys(" ".join(str(row[place]) for place in sure) for row in rows)
            given = (
                f"VALUES ({' '.join(names[place] for place in sure)}) {{ {' '.join(f'({row})' for row in cells)} }} "
            )
        solutions = None
        if given and _starts_somewhere(
            self._pattern
        ):  # then a few more solutions cost less than to join them with the rows
            solutions = self._told(plan, names, rows, plan.text, 3 * len(rows) + 100, distinct=False)
        if solutions is None:
            solutions = self._told(plan, names, rows, given + plan.text, _MAX_NAMED + 30 * len(rows))
        if solutions is None:
            return {}
        made = self._ground.witnesses.cite(plan, (told for _, told in solutions))
        found: dict[Row, set[Citation]] = {}
        for row, told in solutions:
            found.setdefault(row, set()).add(made[told])
        return found

    def _told(
        self, plan: Named, names: list[str], rows: Sequence[Row], body: str, most: int, distinct: bool = True
    ) -> list[tuple[Row, Row]] | None:
        """Return each row with what each of its solutions tells of graphs; None where there are more than ``most``."""
        wanted = set(rows)
        width = len(names)
        found = list(select(self._store, [*names, *plan.told], body, most + 1, distinct))
        if len(found) > most:
            return None
        return [(values[:width], values[width:]) for values in found if values[:width] in wanted]

    @cached_property
    def _plan(self) -> Named | None:
        return named(self._pattern, self._ground.is_base_predicate)

    def _by_row(self, names: list[str], rows: Sequence[Row]) -> dict[Row, list[Bindings]]:
        """Return the solutions of the pattern under each row that they project to."""
        grouped: dict[Row, list[Bindings]] = {}
        wanted = set(rows)
        if self._cut.holds and len(rows) <= 200:  # the pattern without its LIMIT may have far more solutions
            for solution in islice(self._ground.solve(self._pattern, self._ground.given, None), 4 * len(rows)):
                row = tuple(solution.get(name) for name in names)
                if row in wanted:
                    grouped.setdefault(row, []).append(solution)
            for row in wanted - grouped.keys():
                known = {**self._ground.given, **dict(zip(names, row, strict=True))}
                grouped[row] = list(islice(self._ground.solve(self._pattern, known, None), MAX_DERIVATIONS))
            return grouped
        for solution in self._ground.solve(self._pattern, self._ground.given, None):
            row = tuple(solution.get(name) for name in names)
            if row in wanted:
                grouped.setdefault(row, []).append(solution)
        return grouped

    def _cite(self, solutions: Iterable[Bindings], replay: Callable[[Citation], bool]) -> list[Citation]:
        derivations = (one for solution in solutions for one in self._ground.explain(self._root, solution, None))
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
        return self._pick(best.values(), seen == MAX_DERIVATIONS and is_monotone(self._pattern), replay)

    def _pick(self, best: Collection[Citation], is_partial: bool, replay: Callable[[Citation], bool]) -> list[Citation]:
        """Return the minimal ones of the distinct citations ``best``, the smallest first, replayed where that is promised."""
        # A smaller one may lie beyond a searched path's first derivation, or beyond those that were looked at.
        shrinks = self._shrinks or is_partial
        needs_replay = self._needs_replay or self._ground.has_repeated or self._ground.witnesses.is_doubtful
        if len(best) == 1 and not shrinks and not needs_replay:
            return self._cut.marked(list(best), replay)
        ranked = sorted((self._cut.uncut(one) for one in best), key=rank)
        minimal = [one for place, one in enumerate(ranked) if not any(other < one for other in ranked[:place])]
        if minimal and shrinks:
            minimal = [self._shrunk(minimal[0], replay), *minimal[1:]]
        if minimal and needs_replay:
            minimal = [one for one in minimal[:8] if replay(one)]
        if not minimal:
            widest = Citation(self._touched(), absence=True, contributed=True, widened=True, cut=self._cut.holds)
            if not replay(widest):
                raise QueryError(self._why_not())
            if is_monotone(self._pattern) and len(widest) <= _MAX_SHRUNK:
                widest = self._shrunk(widest, replay)
            minimal = [widest]
        return self._cut.marked(minimal, replay)

    def _why_not(self) -> str:
        """Say why no set of graphs returns a row again."""
        parts = list(patterns(self._pattern))
        if any(part[0] == "group" and any("GROUP_CONCAT" in text for _, text in part[3]) for part in parts):
            return (
                "A row of this answer cannot be traced: in which order GROUP_CONCAT takes its values is the engine's choice."
                " Ask for the values as rows."
            )
        if any(part[0] == "select" and (part[3]["length"] is not None or part[3]["start"]) for part in parts):
            return (
                "A row of this answer cannot be traced: which rows the LIMIT or OFFSET of its subquery lets through is the engine's choice."
                " Give the subquery an ORDER BY that tells its rows apart."
            )
        return "A row of this answer cannot be traced: no set of sentences found returns it again."

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
            if kind == "group" and not (is_growing(part[1]) and not any("GROUP_CONCAT" in text for _, text in part[3])):
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
                found |= self._ground.walker.holders(None, None, None) if part[1].startswith("?") else {part[1][1:-1]}
            for s, p, o in part[1] if part[0] == "bgp" else []:
                fixed = [
                    None if not isinstance(one, str) or one.startswith("?") else parse_term(one) for one in (s, p, o)
                ]
                found |= self._ground.walker.holders(*fixed)
        if self._query["form"] == "DESCRIBE":
            found |= self._ground.walker.holders(None, None, None)
        return {graph for graph in found if not is_base(graph)}

    # CONSTRUCT and DESCRIBE

    def _constructed(self) -> dict[ox.Triple, list[Derivation]]:
        derived: dict[ox.Triple, list[Derivation]] = {}
        template = self._query["template"]
        if any(part.startswith("?__b") for triple in template for part in triple):
            raise QueryError("A blank node in a CONSTRUCT template cannot be traced; give the node a name.")
        for solution in self._ground.solve(self._pattern, self._ground.given, None):
            for triple in template:
                parts = [self._ground.value(part, solution) for part in triple]
                if None in parts or isinstance(parts[0], ox.Literal) or not isinstance(parts[1], ox.NamedNode):
                    continue
                made = ox.Triple(*parts)
                if len(derived.setdefault(made, [])) < MAX_DERIVATIONS:
                    derived[made] += islice(self._ground.explain(self._root, solution, None), 8)
        return derived

    def _described(self, triples: Sequence[ox.Triple]) -> dict[ox.Triple, list[Derivation]]:
        found: dict[str, list[Derivation]] = {}
        variables = [name for name in self._query["described"] if name.startswith("?")]
        if variables:
            for solution in self._ground.solve(self._pattern, self._ground.given, None):
                for name in variables:
                    term = solution.get(name)
                    if isinstance(term, ox.NamedNode) and len(found.setdefault(term.value, [])) < MAX_DERIVATIONS:
                        found[term.value] += islice(self._ground.explain(self._root, solution, None), 8)
        for name in self._query["described"]:
            if not name.startswith("?"):
                found.setdefault(name[1:-1], []).append(NOTHING)
        derived: dict[ox.Triple, list[Derivation]] = {}
        for triple in triples:
            if not isinstance(triple.subject, ox.NamedNode):
                raise QueryError("A description with blank nodes cannot be traced; ask for its triples with SELECT.")
            clause = self._ground.holders(triple.subject, triple.predicate, triple.object, None)
            own = Derivation([clause] if clause else [])
            derived[triple] = [one.and_(own) for one in found.get(triple.subject.value, [])]
        return derived


def _replayed(replay: Callable[[Citation, Any], bool], row: Any, citation: Citation) -> bool:
    return replay(citation, row)


def _starts_somewhere(node: Node) -> bool:
    """Whether a pattern names a node, from which the engine can start."""
    return any(
        part[0] == "values"
        or (part[0] == "bgp" and any(not s.startswith("?") or not o.startswith("?") for s, _, o in part[1]))
        for part in patterns(node)
    )


def _with_given(node: Node, given: Mapping[str, Term]) -> Node:
    """Return a pattern with the parameters' values joined to it where :func:`bri_kg.sparql.prepare` puts them: in the WHERE group."""
    if not given:
        return node
    if node[0] in ("filter", "extend", "left", "minus", "group"):
        return [node[0], _with_given(node[1], given), *node[2:]]
    names = sorted(given)
    values: Node = ["values", [f"?{name}" for name in names], [[str(given[name]) for name in names]]]
    return values if node == ["unit"] else ["join", values, node]
