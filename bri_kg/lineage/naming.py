"""Named patterns: a query's pattern written so that the store itself says which graph holds each triple.

``s p o`` outside a GRAPH becomes ``GRAPH ?__g0 { s p o }``. The default graph is the union of the named graphs, so the solutions stay the same, and
each comes once for every way to choose a graph for each of its triples: every such choice is a derivation. That is one evaluation, and no look-ups.
It costs a product where many graphs hold the same triples; :class:`bri_kg.lineage.Tracer` then grounds the triples one by one instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..algebra import Node, certain, mentioned, patterns, scope, text
from ..errors import QueryError
from ..names import is_base
from ..results import Row
from ..sparql import Term
from .citation import Citation

__all__ = ["Named", "named", "select"]

_FALSE = ox.Literal(False)


class Test(NamedTuple):
    """An EXISTS: the pattern inside, the variables shared with what is around, and the variables that tell that it was reached and with what."""

    node: Node
    names: tuple[str, ...]
    told: tuple[str, ...]


class Named(NamedTuple):
    """A pattern that names its graphs.

    ``text`` is the inside of a group, ``graphs`` the variables that hold graphs, ``optional`` for each OPTIONAL a variable that is bound where it
    matched, ``absence`` whether a MINUS judges that something is absent. ``is_set`` says that no solution of the pattern itself can come twice.
    ``tests`` are the EXISTS of the pattern, which name no graphs themselves: a solution tells what was bound around them.
    """

    text: str
    graphs: tuple[str, ...]
    optional: tuple[str, ...]
    absence: bool
    is_set: bool
    tests: tuple[Test, ...] = ()

    @property
    def told(self) -> list[str]:
        """What a SELECT projects to be told graphs and matches, under names that no query has."""
        graphs = [
            name if name.startswith("?__g") else f"({name} AS ?__told{place})" for place, name in enumerate(self.graphs)
        ]
        matches = [f"(BOUND({name}) AS ?__matched{place})" for place, name in enumerate(self.optional)]
        return graphs + matches + [name for test in self.tests for name in test.told]

    def citation(self, told: Row) -> Citation:
        """Return the citation that a solution is, from what :attr:`told` projects of it, but for what its tests stand on."""
        count = len(self.graphs)
        names = [graph.value for graph in told[:count] if isinstance(graph, ox.NamedNode) and not is_base(graph.value)]
        return Citation(names, absence=self.absence or _FALSE in told[count : count + len(self.optional)])

    def tested(self, told: Row) -> Iterator[tuple[Node, dict[str, Term | None]]]:
        """Yield the inside of each EXISTS that a solution passed, with what was bound around it."""
        place = len(self.graphs) + len(self.optional)
        for test in self.tests:
            reached, *values = told[place : place + len(test.told)]
            place += len(test.told)
            if reached is not None:
                yield test.node, dict(zip(test.names, values, strict=True))


def select(store: ox.Store, columns: Sequence[str], body: str, most: int, distinct: bool = True) -> Iterator[Row]:
    """Yield at most ``most`` rows of a pattern, each once if they are to be ``distinct``. Raises QueryError where the engine does not take it."""
    try:
        result = store.query(
            f"SELECT {'DISTINCT ' if distinct else ''}{' '.join(columns)} WHERE {{ {body} }} LIMIT {most}"
        )
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise QueryError(f"The query cannot be traced: {error}.") from error
    assert isinstance(result, ox.QuerySolutions)
    return map(tuple, result)


def named(node: Node, is_base_predicate: Callable[[str], bool] = lambda predicate: False) -> Named | None:
    """Return ``node`` with its graphs named; None for an aggregate, a cut subquery, a path outside a GRAPH, an EXISTS in an OPTIONAL's condition.

    ``is_base_predicate`` says of a predicate whether all its triples are in graphs that are always there: these need no name.
    """
    writer = _Writer(is_base_predicate)
    try:
        written = writer.write(node)
    except _NotNamedError:
        return None
    return Named(
        written, tuple(writer.graphs), tuple(writer.optional), writer.absence, writer.is_set, tuple(writer.tests)
    )


class _NotNamedError(Exception):
    pass


class _Writer:
    """Writes a pattern as :func:`bri_kg.algebra.text` does, with its graphs named."""

    def __init__(self, is_base_predicate: Callable[[str], bool]) -> None:
        self._is_base = is_base_predicate
        self.graphs: list[str] = []
        self.optional: list[str] = []
        self.tests: list[Test] = []
        self.absence = False
        self.is_set = True
        self._branches = 0  # how many UNIONs and OPTIONALs the pattern stands in
        self._projected: list[set[str]] = []  # what the subqueries project that it stands in
        self._inside = False  # whether it stands in a GRAPH, which names all that is in it

    def write(self, node: Node) -> str:
        maker = getattr(self, f"_{node[0]}", None)
        if maker is None:
            raise _NotNamedError
        made: str = maker(node)
        return made

    def _unit(self, node: Node) -> str:
        return ""

    def _bgp(self, node: Node) -> str:
        if self._inside:
            self.is_set = self.is_set and all(isinstance(triple[1], str) for triple in node[1])
            return text(node)
        parts = []
        for s, p, o in node[1]:
            if not isinstance(p, str):
                raise _NotNamedError
            inside = f"{s} {p} {o}"
            parts.append(f"{inside} ." if self._is_base_triple([s, p, o]) else f"GRAPH {self._name()} {{ {inside} }}")
        return " ".join(parts)

    def _name(self) -> str:
        self.graphs.append(f"?__g{len(self.graphs)}")
        return self.graphs[-1]

    def _values(self, node: Node) -> str:
        rows = {tuple(row) for row in node[2]}
        self.is_set = self.is_set and len(rows) == len(node[2]) and not any(None in row for row in rows)
        return text(node)

    def _join(self, node: Node) -> str:
        return f"{{ {self.write(node[1])} }} {{ {self.write(node[2])} }}"

    def _union(self, node: Node) -> str:
        self.is_set = False
        return f"{{ {self._branch(node[1])} }} UNION {{ {self._branch(node[2])} }}"

    def _branch(self, node: Node) -> str:
        self._branches += 1
        written = self.write(node)
        self._branches -= 1
        return written

    def _left(self, node: Node) -> str:
        if node[3] and node[3][1]:
            raise _NotNamedError
        left, right = self.write(node[1]), self._branch(node[2])
        before = scope(node[1])
        if scope(node[2]) - before:
            told = sorted(certain(node[2]) - before)
            if not told:
                raise _NotNamedError
            self.optional.append(told[0])
        condition = f" FILTER ({node[3][0]})" if node[3] else ""
        return f"{{ {left} }} OPTIONAL {{ {{ {right} }}{condition} }}"

    def _minus(self, node: Node) -> str:
        self.absence = True
        return f"{{ {self.write(node[1])} }} MINUS {{ {text(node[2])} }}"

    def _filter(self, node: Node) -> str:
        return f"{{ {self.write(node[1])} }} FILTER ({node[2][0]}){self._tests(node)}"

    def _extend(self, node: Node) -> str:
        return f"{{ {self.write(node[1])} }} BIND ({node[3][0]} AS {node[2]}){self._tests(node)}"

    def _tests(self, node: Node) -> str:
        """Write what tells of each EXISTS of an expression that it was reached, and with what around it."""
        expression = node[-1]
        if all(map(self._is_always_there, expression[1])):
            return ""
        if len(expression[1]) == 1 and expression[0].startswith("NOT EXISTS"):
            self.absence = True
            return ""
        if self._inside:
            # What the GRAPH holds is cited with it, and all of it: only what is absent, or in another graph, would be left to say.
            inner = [part[0] for one in expression[1] for part in patterns(one)]
            if len(expression[1]) > 1 or not expression[0].startswith("EXISTS") or "graph" in inner:
                raise _NotNamedError
            return ""
        written = ""
        for inner in expression[1]:
            names = sorted(scope(node[1]) & mentioned(inner))
            told = [f"?__test{len(self.tests)}", *(f"?__test{len(self.tests)}_{place}" for place in range(len(names)))]
            self.tests.append(Test(inner, tuple(names), tuple(told)))
            written += f" BIND (true AS {told[0]})"
            written += "".join(f" BIND ({name} AS {own})" for name, own in zip(names, told[1:], strict=True))
        return written

    def _is_always_there(self, node: Node) -> bool:
        """Whether all that a pattern can match is in graphs that are always there, so that nothing need be cited for it."""
        return node[0] == "bgp" and all(map(self._is_base_triple, node[1]))

    def _is_base_triple(self, triple: list[Any]) -> bool:
        predicate = triple[1]
        return isinstance(predicate, str) and predicate.startswith("<") and self._is_base(predicate[1:-1])

    def _select(self, node: Node) -> str:
        # The engine forgets the name of a graph that stands around a subquery which does not project it.
        if self._inside or node[3]["length"] is not None or node[3]["start"]:
            raise _NotNamedError
        before, matches, tests = len(self.graphs), len(self.optional), len(self.tests)
        self._projected.append(set(node[1]))
        inner = self.write(node[2])
        self._projected.pop()
        if len(self.optional) > matches:  # what tells of the match might mean something else outside
            raise _NotNamedError
        self.is_set = False
        names = dict.fromkeys(
            [*node[1], *self.graphs[before:], *(name for one in self.tests[tests:] for name in one.told)]
        )
        return f"{{ SELECT {' '.join(names)} WHERE {{ {inner} }} }}"

    def _graph(self, node: Node) -> str:
        if self._inside:
            raise _NotNamedError
        self._inside = True
        inner = self.write(node[2])
        self._inside = False
        written = f"GRAPH {node[1]} {{ {inner} }}"
        if self._branches == 0 and node[1].startswith("?") and all(node[1] in names for names in self._projected):
            self.graphs.append(node[1])
            return written
        # Elsewhere the name may be bound though this branch did not match.
        return f"{{ {written} }} BIND ({node[1]} AS {self._name()})"
