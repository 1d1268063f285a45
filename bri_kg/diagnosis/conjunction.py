"""A pattern as a conjunction: patterns that must all match, then what is done to their solutions; and the smallest part of it that has none.

Joins, GRAPH, sequences and inverses of paths and plain subqueries are taken apart into single triples, so that a failing set is as small as can be.
OPTIONAL, FILTER, BIND and MINUS are kept as steps in their order. Moving a step behind a later join is right where its variables are bound before it;
where it is not, the conjunction is no longer without solutions, which :func:`bri_kg.diagnosis.diagnose` checks before it relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, NamedTuple

from ..algebra import Node, scope, text
from ..names import rdf
from .expressions import substitute, tokens

__all__ = ["Conjunction", "body", "failing", "flatten", "generalise", "is_between", "triple_of", "with_graph"]

Holds = Callable[[Sequence[Node]], bool]
_fresh = count()
_TYPE = f"<{rdf('type')}>"


class Conjunction(NamedTuple):
    """Patterns that must all match, and the steps done to their solutions: ``[name, ...]`` as in the tree, without the pattern they stand on."""

    atoms: tuple[Node, ...]
    steps: tuple[Node, ...] = ()

    def __add__(self, other: object) -> Conjunction:
        """Return the conjunction of both."""
        assert isinstance(other, Conjunction)
        return Conjunction(self.atoms + other.atoms, self.steps + other.steps)


def is_between(variable: str) -> bool:
    """Whether a variable stands for a node inside a path."""
    return re.fullmatch(r"\?__(p\d+|b\d{4,})", variable) is not None


def flatten(node: Node, graph: str | None = None) -> Conjunction:
    """Take a pattern apart; inside ``graph`` if that is given."""
    kind = node[0]
    if kind == "unit":
        return Conjunction(())
    if kind == "bgp":
        return Conjunction(tuple(_wrapped(["bgp", [step]], graph) for triple in node[1] for step in _steps(*triple)))
    if kind == "join":
        return flatten(node[1], graph) + flatten(node[2], graph)
    if kind == "graph":
        return flatten(node[2], node[1])
    if kind == "filter":
        return flatten(node[1], graph) + Conjunction((), (["filter", _expression(node[2], graph)],))
    if kind == "extend":
        if node[1] == ["unit"] and len(tokens(node[3][0])) == 1:
            return Conjunction((["values", [node[2]], [[node[3][0]]]],))
        return flatten(node[1], graph) + Conjunction((), (["extend", node[2], _expression(node[3], graph)],))
    if kind == "left":
        condition = _expression(node[3], graph) if node[3] else None
        return flatten(node[1], graph) + Conjunction((), (["left", _wrapped(node[2], graph), condition],))
    if kind == "minus":
        return flatten(node[1], graph) + Conjunction((), (["minus", _wrapped(node[2], graph)],))
    if kind == "select" and node[3]["length"] is None and not node[3]["start"]:
        inner = flatten(node[2], graph)
        if not any(atom[0] == "group" for atom in inner.atoms):
            names = {
                name: f"?__v{next(_fresh)}_{name[1:]}" for atom in inner.atoms for name in scope(atom) - set(node[1])
            }
            names |= {
                step[1]: f"?__v{next(_fresh)}_{step[1][1:]}"
                for step in inner.steps
                if step[0] == "extend" and step[1] not in node[1]
            }
            return flatten(substitute(node[2], names), graph) if names else inner
    return Conjunction((_wrapped(node, graph),))


def _steps(subject: str, path: Any, object: str) -> Iterable[Node]:
    """Yield the triples that make the same as a sequence or an inverse path."""
    if isinstance(path, str) or path[0] not in ("seq", "inv"):
        yield [subject, path, object]
    elif path[0] == "inv":
        yield from _steps(object, path[1], subject)
    else:
        ends = [subject, *(f"?__p{next(_fresh)}" for _ in path[2:]), object]
        for place, part in enumerate(path[1:]):
            yield from _steps(ends[place], part, ends[place + 1])


def _wrapped(node: Node, graph: str | None) -> Node:
    return node if graph is None or node[0] in ("values", "graph") else ["graph", graph, node]


def _expression(expression: list[Any], graph: str | None) -> list[Any]:
    written, inner = expression
    if graph is None or not inner:
        return expression
    moved = [_wrapped(pattern, graph) for pattern in inner]
    for before, after in zip(inner, moved, strict=True):
        written = written.replace(f"EXISTS {{ {text(before)} }}", f"EXISTS {{ {text(after)} }}")
    return [written, moved]


def with_graph(atom: Node, graph: str | None) -> Node:
    """Return a triple in another graph, or in the default graph."""
    inner = atom[2] if atom[0] == "graph" else atom
    return _wrapped(inner, graph)


def triple_of(atom: Node) -> list[Any] | None:
    """Return subject, predicate (or path) and object if ``atom`` is one triple, in a graph or not."""
    inner = atom[2] if atom[0] == "graph" else atom
    return inner[1][0] if inner[0] == "bgp" and len(inner[1]) == 1 else None


def body(atoms: Iterable[Node], steps: Iterable[Node] = ()) -> str:
    """Write a conjunction as the inside of a group."""
    atoms = list(atoms)
    plain = [triple for atom in atoms if atom[0] == "bgp" for triple in atom[1]]
    rest = [
        text(atom) if atom[0] in ("values", "graph") else f"{{ {text(atom)} }}" for atom in atoms if atom[0] != "bgp"
    ]
    written = " ".join([*rest, text(["bgp", plain])] if plain else rest)
    for step in steps:
        if step[0] == "filter":
            written = f"{{ {written} }} FILTER ({step[1][0]})"
        elif step[0] == "extend":
            written = f"{{ {written} }} BIND ({step[2][0]} AS {step[1]})"
        elif step[0] == "minus":
            written = f"{{ {written} }} MINUS {{ {text(step[1])} }}"
        else:
            condition = f" FILTER ({step[2][0]})" if step[2] else ""
            written = f"{{ {written} }} OPTIONAL {{ {{ {text(step[1])} }}{condition} }}"
    return written


def failing(parts: Sequence[Node], holds: Holds) -> list[Node]:
    """Return a smallest set of ``parts`` that does not hold together, given that all of them do not: none of it can be left out.

    Parts are tried for leaving out in an order that keeps what says most: parts without a name first, then classes.
    """
    kept = list(parts)
    for part in sorted(parts, key=_weight):
        without = [one for one in kept if one is not part]
        if without and not holds(without):
            kept = without
    return kept


def _weight(part: Node) -> int:
    triple = triple_of(part)
    if triple is None:
        return 3
    named = sum(isinstance(end, str) and not end.startswith("?") for end in (triple[0], triple[2]))
    return 1 if triple[1] == _TYPE else 2 * named


def generalise(atoms: Iterable[Node]) -> list[Node]:
    """Return the same pattern with a variable for every name but those of properties and classes, and every literal."""
    names: dict[str, str] = {}

    def general(term: str) -> str:
        return term if term.startswith("?") else names.setdefault(term, f"?__v{next(_fresh)}")

    made: list[Node] = []
    for atom in atoms:
        triple = triple_of(atom)
        if triple is None:
            made.append(atom)
            continue
        subject, predicate, object = triple
        found = ["bgp", [[general(subject), predicate, object if predicate == _TYPE else general(object)]]]
        made.append(_wrapped(found, general(atom[1]) if atom[0] == "graph" else None))
    return made
