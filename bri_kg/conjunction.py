"""A pattern as a conjunction: patterns that must all match, then what is done to their solutions; and the smallest part of it that has none.

Joins, GRAPH, sequences and inverses of paths and plain subqueries are taken apart into single triples, so that a failing set is as small as it can be.
OPTIONAL, FILTER, BIND and MINUS are kept as steps in their order. Moving a step behind a later join is right where its variables are bound before it;
where it is not, the conjunction is no longer without solutions, which :func:`bri_kg.diagnosis.diagnose` checks before it relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from .algebra import Node, scope, text
from .names import rdf, shorten
from .sparql import TOKEN

__all__ = [
    "Conjunction", "body", "constants", "failing", "flatten", "generalise", "shown", "split", "substitute", "tokens", "triple_of", "variables",
    "with_graph",
]  # fmt: skip

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


def tokens(expression: str) -> list[tuple[str, str]]:
    """Return kind and text of each token that counts."""
    return [(match.lastgroup or "", match.group()) for match in TOKEN.finditer(expression) if match.lastgroup != "space"]


def variables(expression: str) -> set[str]:
    """Return the variables in a piece of SPARQL."""
    return {"?" + piece[1:] for kind, piece in tokens(expression) if kind == "variable"}


def constants(expression: str) -> list[str]:
    """Return the IRIs in a piece of SPARQL, without datatypes."""
    found, before = [], ""
    for kind, piece in tokens(expression):
        if kind == "iri" and before != "^":
            found.append(piece)
        before = piece
    return list(dict.fromkeys(found))


def shown(piece: str) -> str:
    """Write a piece of SPARQL as people do: short names, ``a``, plain numbers."""

    def short(match: re.Match[str]) -> str:
        return shorten(match.group()[1:-1]) if match.lastgroup == "iri" and ":" in match.group() else match.group()

    written = TOKEN.sub(lambda match: name if (name := short(match)) and "://" not in name else match.group(), piece)
    written = re.sub(r'"([+-]?[\d.]+)"\^\^xsd:(?:integer|decimal)', r"\1", written)
    written = re.sub(r"(\?\w+) rdf:type ", r"\1 a ", written)
    return re.sub(r"\?__[pv]\d+(?:_\w+)?", "[]", written).replace("[] []", "[]").strip()


def split(expression: str, sign: str) -> list[str]:
    """Split an expression at ``&&`` or ``||`` outside brackets; brackets around the whole are taken off."""
    expression = _unwrapped(expression)
    pieces, depth, start = [], 0, 0
    for match in TOKEN.finditer(expression):
        piece = match.group()
        depth += piece in ("(", "{")
        depth -= piece in (")", "}")
        if depth == 0 and match.lastgroup == "other" and expression[match.start() : match.start() + 2] == sign and match.start() >= start:
            pieces.append(expression[start : match.start()].strip())
            start = match.start() + 2
    pieces.append(expression[start:].strip())
    return [piece for part in pieces for piece in split(part, sign)] if len(pieces) > 1 else [expression]


def _unwrapped(expression: str) -> str:
    expression = expression.strip()
    while expression.startswith("(") and expression.endswith(")"):
        depth = 0
        for match in TOKEN.finditer(expression):
            depth += match.group() == "("
            depth -= match.group() == ")"
            if depth == 0:
                break
        if match.end() != len(expression):
            break
        expression = expression[1:-1].strip()
    return expression


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
            names = {name: f"?__v{next(_fresh)}_{name[1:]}" for atom in inner.atoms for name in scope(atom) - set(node[1])}
            names |= {step[1]: f"?__v{next(_fresh)}_{step[1][1:]}" for step in inner.steps if step[0] == "extend" and step[1] not in node[1]}
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
    rest = [text(atom) if atom[0] in ("values", "graph") else f"{{ {text(atom)} }}" for atom in atoms if atom[0] != "bgp"]
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

    Parts are tried for leaving out in an order that keeps what says most: types and parts without a name first.
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
    return 0 if triple[1] == _TYPE else 1 + named


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


def substitute(node: Any, terms: Mapping[str, str]) -> Any:
    """Return a pattern with terms in the place of variables."""
    if not terms or node is None:
        return node
    if isinstance(node, str):
        return terms.get(node, node) if node.startswith("?") else node
    kind = node[0] if node and isinstance(node[0], str) else ""
    if kind == "values":
        kept = [place for place, name in enumerate(node[1]) if not _is_fixed(terms.get(name))]
        fitting = [
            row
            for row in node[2]
            if all(row[place] is None or not _is_fixed(terms.get(name)) or row[place] == terms[name] for place, name in enumerate(node[1]))
        ]
        names = [terms.get(node[1][place], node[1][place]) for place in kept]
        return ["values", names, [[row[place] for place in kept] for row in fitting]]
    if kind == "filter":
        return ["filter", *(substitute(part, terms) for part in node[1:-1]), _in_expression(node[-1], terms)]
    if kind == "extend":
        name = terms.get(node[-2], node[-2])
        return ["extend", *(substitute(part, terms) for part in node[1:-2]), node[-2] if _is_fixed(name) else name, _in_expression(node[-1], terms)]
    if kind == "left":
        inner = [substitute(part, terms) for part in node[1:-1]]
        return ["left", *inner, _in_expression(node[-1], terms) if node[-1] else None]
    if kind == "select":
        shown = [terms.get(name, name) for name in node[1] if not _is_fixed(terms.get(name))]
        order = [one for one in node[3]["order"] if not variables(one) & set(terms)]
        return ["select", shown, substitute(node[2], terms), node[3] | {"order": order}]
    if kind == "group":
        keys = [[name, _in_expression(expression, terms)] for name, expression in node[2]]
        return ["group", substitute(node[1], terms), keys, [[name, _in_text(aggregate, terms)] for name, aggregate in node[3]]]
    return [substitute(part, terms) if isinstance(part, (list, str)) else part for part in node]


def _is_fixed(term: str | None) -> bool:
    return term is not None and not term.startswith("?")


def _in_expression(expression: list[Any], terms: Mapping[str, str]) -> list[Any]:
    return [_in_text(expression[0], terms), [substitute(pattern, terms) for pattern in expression[1]]]


def _in_text(written: str, terms: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        return terms.get("?" + match.group()[1:], match.group()) if match.lastgroup == "variable" else match.group()

    return re.sub(r'BOUND\((?:<[^>]*>|"[^"]*"[^)]*)\)', "true", TOKEN.sub(put, written))
