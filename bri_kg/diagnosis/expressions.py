"""Pieces of SPARQL text: what is in them, how they are split, written short, and filled with terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..names import shorten
from ..sparql import TOKEN

__all__ = ["arguments", "comparison", "constants", "shown", "split", "substitute", "tokens", "variables"]


def tokens(expression: str) -> list[tuple[str, str]]:
    """Return kind and text of each token that counts."""
    return [
        (match.lastgroup or "", match.group()) for match in TOKEN.finditer(expression) if match.lastgroup != "space"
    ]


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
    return re.sub(
        r"\?__(?:p|b(?=\d{4}))\d+", "?between", re.sub(r"\?__(?:v\d+_|b(?!\d{4}))(\w+)", r"?\1", written)
    ).strip()


def split(expression: str, sign: str) -> list[str]:
    """Split an expression at ``&&`` or ``||`` outside brackets; brackets around the whole are taken off."""
    expression = _unwrapped(expression)
    pieces, depth, start = [], 0, 0
    for match in TOKEN.finditer(expression):
        piece = match.group()
        depth += piece in ("(", "{")
        depth -= piece in (")", "}")
        if (
            depth == 0
            and match.lastgroup == "other"
            and expression[match.start() : match.start() + 2] == sign
            and match.start() >= start
        ):
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
            if all(
                row[place] is None or not _is_fixed(terms.get(name)) or row[place] == terms[name]
                for place, name in enumerate(node[1])
            )
        ]
        names = [terms.get(node[1][place], node[1][place]) for place in kept]
        return ["values", names, [[row[place] for place in kept] for row in fitting]]
    if kind == "filter":
        return ["filter", *(substitute(part, terms) for part in node[1:-1]), _in_expression(node[-1], terms)]
    if kind == "extend":
        name = terms.get(node[-2], node[-2])
        return [
            "extend",
            *(substitute(part, terms) for part in node[1:-2]),
            node[-2] if _is_fixed(name) else name,
            _in_expression(node[-1], terms),
        ]
    if kind == "left":
        inner = [substitute(part, terms) for part in node[1:-1]]
        return ["left", *inner, _in_expression(node[-1], terms) if node[-1] else None]
    if kind == "select":
        shown = [terms.get(name, name) for name in node[1] if not _is_fixed(terms.get(name))]
        order = [one for one in node[3]["order"] if not variables(one) & set(terms)]
        return ["select", shown, substitute(node[2], terms), node[3] | {"order": order}]
    if kind == "group":
        keys = [[name, _in_expression(expression, terms)] for name, expression in node[2]]
        return [
            "group",
            substitute(node[1], terms),
            keys,
            [[name, _in_text(aggregate, terms)] for name, aggregate in node[3]],
        ]
    return [substitute(part, terms) if isinstance(part, (list, str)) else part for part in node]


def _is_fixed(term: str | None) -> bool:
    return term is not None and not term.startswith("?")


def _in_expression(expression: list[Any], terms: Mapping[str, str]) -> list[Any]:
    return [_in_text(expression[0], terms), [substitute(pattern, terms) for pattern in expression[1]]]


def _in_text(written: str, terms: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        return terms.get("?" + match.group()[1:], match.group()) if match.lastgroup == "variable" else match.group()

    return re.sub(r'BOUND\((?:<[^>]*>|"[^"]*"[^)]*)\)', "true", TOKEN.sub(put, written))


def comparison(piece: str) -> tuple[str, str, str] | None:
    """Return left side, sign and right side of a comparison."""
    depth = 0
    for match in TOKEN.finditer(piece):
        written = match.group()
        depth += written in ("(", "{")
        depth -= written in (")", "}")
        if depth == 0 and match.lastgroup == "other" and written in "=<>!" and match.start():
            sign = piece[match.start() : match.start() + 2].strip()
            sign = sign if sign in ("<=", ">=", "!=") else written
            return piece[: match.start()].strip(), sign, piece[match.start() + len(sign) :].strip()
        if depth == 0 and match.lastgroup == "word" and written == "IN":
            return piece[: match.start()].strip(), "IN", piece[match.end() :].strip()
    return None


def arguments(written: str) -> list[str]:
    """Split what stands between brackets at its commas."""
    written = written.strip()
    inside = written[1:-1] if written.startswith("(") and written.endswith(")") else written
    found, depth, start = [], 0, 0
    for match in TOKEN.finditer(inside):
        depth += match.group() in ("(", "{")
        depth -= match.group() in (")", "}")
        if depth == 0 and match.group() == ",":
            found.append(inside[start : match.start()].strip())
            start = match.end()
    return [*found, inside[start:].strip()]
