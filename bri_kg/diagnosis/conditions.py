"""What is wrong with a condition that removes all rows: FILTER, HAVING, NOT EXISTS or MINUS."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pyoxigraph as ox

from ..algebra import Node, scope, text
from ..lookup import fold
from ..names import shorten
from .causes import Cause, Probe
from .conjunction import Conjunction, body, failing, flatten, generalise, triple_of, with_graph
from .expressions import arguments, comparison, constants, shown, split, substitute, variables
from .faults import Faults
from .lettercase import case_fault
from .literals import DATES, NUMBERS, literal_of, misfit, nearest, sort_of
from .misplaced import SPOKEN, is_text
from .vocabulary import near

__all__ = ["Conditions"]

_BOUNDS = "compare bri:earliest or bri:latest, which are xsd:date for every dated record"


class Conditions:
    """Examines the conditions of one query; ``again`` examines a conjunction anew, ``names`` are the aggregates behind internal variables."""

    def __init__(
        self, probe: Probe, faults: Faults, again: Callable[[Conjunction], list[Cause]], names: dict[str, str]
    ) -> None:
        self._probe = probe
        self._faults = faults
        self._again = again
        self._names = names

    def of_step(self, before: Conjunction, step: Node) -> list[Cause]:
        """Return why a FILTER or MINUS leaves nothing of the solutions of ``before``."""
        if step[0] == "minus":
            return [self._negation(before, step[1], f"MINUS {{ {text(step[1])} }}")]
        pieces = split(step[1][0], "&&")
        alone = [piece for piece in pieces if not self._keeps(before, piece)]
        if not alone:
            filters: list[Node] = [["filter", [piece, []]] for piece in pieces]
            least = failing(filters, lambda some: self._probe.holds(before.atoms, [*before.steps, *some]))
            comparable = all(comparison(one[1][0]) for one in least)
            return [self._generic(before, " && ".join(one[1][0] for one in least), (), comparable)]
        return [cause for piece in alone for cause in self._of_piece(before, piece, step[1][1])]

    def _keeps(self, before: Conjunction, piece: str) -> bool:
        return self._probe.holds(before.atoms, [*before.steps, ["filter", [piece, []]]])

    def _of_piece(self, before: Conjunction, piece: str, exists: list[Node]) -> list[Cause]:
        inner = next((one for one in exists if f"EXISTS {{ {text(one)} }}" in piece), None)
        if inner and re.match(r"(!\s*\(*|NOT )EXISTS", piece):
            return [self._negation(before, inner, f"FILTER {piece}")]
        if inner and piece.startswith("EXISTS"):
            return self._again(before + flatten(inner)) or [self._generic(before, piece)]
        choices = split(piece, "||")
        if len(choices) > 1:
            found = [cause for one in choices for cause in self._of_piece(before, one, exists)]
            return [cause for cause in found if not cause.sound and cause.kind != "filter"] or [
                self._generic(before, piece)
            ]
        unbound = self._unbound(before, piece)
        if unbound:
            return unbound
        for step in before.steps:  # what only an OPTIONAL binds, and the OPTIONAL never matches
            if step[0] == "left" and variables(piece) & scope(step[1]) - {
                name for atom in before.atoms for name in scope(atom)
            }:
                found = self._again(Conjunction(before.atoms) + flatten(step[1]))
                if found:
                    return found
        wrong = [cause for term in constants(piece) for cause in self._faults.terms.of_term(term[1:-1], "node")]
        if wrong:
            return wrong
        compared = comparison(piece)
        if (
            compared
            and compared[1] in ("=", "IN")
            and compared[0] in {name for atom in before.atoms for name in scope(atom)}
        ):
            return self._equal(before, piece, compared)
        return [self._compare(before, piece, compared)]

    def _written(self, piece: str) -> str:
        for name, aggregate in self._names.items():
            piece = piece.replace(name, aggregate)
        return shown(piece)

    def _unbound(self, before: Conjunction, piece: str) -> list[Cause]:
        bound = {name for atom in before.atoms for name in scope(atom)} | {
            step[1] for step in before.steps if step[0] == "extend"
        }
        bound |= {name for step in before.steps if step[0] == "left" for name in scope(step[1])}
        found = []
        for name in sorted(variables(piece) - bound):
            alike = tuple(near(name, [one for one in bound if not one.startswith("?__")], 0.7))
            if alike:
                found.append(
                    Cause(
                        "misspelt-variable",
                        f"{name} in FILTER ({self._written(piece)}) is bound nowhere. Did you mean {alike[0]}?",
                        name,
                        alike,
                    )
                )
            else:
                said = f"FILTER ({self._written(piece)}) removes all rows: {name} is bound nowhere in its group"
                found.append(
                    Cause(
                        "filter",
                        f"{said}, which binds {', '.join(sorted(one for one in bound if '__' not in one))}.",
                        self._written(piece),
                    )
                )
        return found

    def _negation(self, before: Conjunction, inner: Node, written: str) -> Cause:
        outer = {name for atom in before.atoms for name in scope(atom)}
        shared, said = scope(inner) & outer, self._written(written)
        if not shared:
            for name in sorted(scope(inner)):
                alike = tuple(near(name, [one for one in outer if "__" not in one], 0.7))
                if alike:
                    only = f"it shares no variable with the rest: {name} stands only there"
                    message = f"{said} removes all rows, since {only}. Did you mean {alike[0]}?"
                    return Cause("misspelt-variable", message, name, alike)
            return Cause(
                "negation", f"{said} removes all rows: it shares no variable with the rest and holds always.", said
            )
        return Cause("negation", f"{said} removes all rows: it holds for every one of them, so nothing is left.", said)

    def _equal(self, before: Conjunction, piece: str, compared: tuple[str, str, str]) -> list[Cause]:
        variable, _, right = compared
        listed = [one.strip() for one in arguments(right)] if compared[1] == "IN" else [right]
        found: list[Cause] = []
        for constant in listed:
            if constant.startswith(("<", '"')):
                atoms = tuple(substitute(atom, {variable: constant}) for atom in before.atoms)
                found += self._again(Conjunction(atoms))
        kept = [cause for cause in found if not cause.sound]
        if not kept:
            return [self._compare(before, piece, compared)]
        dated = {"mistyped-literal": "date-comparison"} if any(_is_date(one) for one in listed) else {}
        return [
            cause._replace(
                kind=dated.get(cause.kind, cause.kind),
                message=f"FILTER ({self._written(piece)}) removes all rows: {cause.message}",
                culprit=self._written(piece),
            )
            for cause in kept
        ]

    def _compare(self, before: Conjunction, piece: str, compared: tuple[str, str, str] | None) -> Cause:
        cased = case_fault(piece)
        if cased:
            return self._caused("mistyped-literal", piece, cased[0])._replace(suggestions=cased[1])
        called = re.match(r"(REGEX|CONTAINS|STRSTARTS|STRENDS|LANGMATCHES|STRBEFORE)\((.*)\)$", piece, re.DOTALL)
        subject, constant = "", ""
        if compared:
            subject, constant = (compared[0], compared[2]) if variables(compared[0]) else (compared[2], compared[0])
        elif called:
            subject, constant = [*arguments(called[2]), "", ""][:2]
        if not variables(subject):
            return self._generic(before, piece)
        written = body(before.atoms, before.steps)
        values = self._probe.values(subject, written)
        nodes = [one for one in values if isinstance(one, ox.NamedNode)]
        texts = [one for one in values if isinstance(one, ox.Literal)]
        if not texts and not nodes:  # the function gives nothing: look at what it is given
            inner = sorted(variables(subject))[0]
            given = self._probe.values(inner, written)
            if any(_is_date(str(one)) for one in given):
                said = f"{shown(subject)} cannot be computed for dates of less precision than a day; {_BOUNDS}"
                return self._caused("date-comparison", piece, said, nearest(None, given))
            if any(isinstance(one, ox.NamedNode) for one in given):
                return self._caused(
                    "text-for-node", piece, f"{inner} is a node, not a text; use STR({inner}) or its skos:prefLabel"
                )
            return self._generic(before, piece)
        if not constant.startswith('"'):
            if constant.startswith("<") and texts and not nodes:
                return self._caused(
                    "node-for-text",
                    piece,
                    f"{shown(subject)} has texts, numbers or dates, never nodes",
                    nearest(None, texts),
                )
            return self._generic(before, piece, self._nearest(literal_of(constant), texts, nodes))
        literal = literal_of(constant)
        if nodes and not texts:
            meant = self._faults.terms.meant(literal.value, {one.value for one in nodes})
            return self._caused("text-for-node", piece, f"{shown(subject)} is a node, not a text", meant)
        return self._literals(before, piece, subject, literal, texts, called is not None)

    def _literals(
        self,
        before: Conjunction,
        piece: str,
        subject: str,
        literal: ox.Literal,
        texts: list[ox.Literal],
        is_search: bool,
    ) -> Cause:
        close = nearest(literal, texts)
        if is_search or not subject.startswith("?"):
            other = [one for one in texts if fold(literal.value) in fold(one.value) and literal.value not in one.value]
            if other and is_search:
                return self._caused(
                    "filter", piece, f"it minds capitals, and the graph writes {shown(str(other[0]))}", other[:3]
                )
            if is_search or not close or sort_of(close[0]) == sort_of(literal) or literal.datatype.value in NUMBERS:
                return self._generic(before, piece, close, not is_search and "LANG(" not in piece)
        theirs = {one.datatype.value for one in texts}
        ours = literal.datatype.value
        if (
            theirs & DATES
            and (ours in NUMBERS or (ours in DATES and theirs - {ours}))
            and not misfit(literal, [literal])
        ):
            sorts = ", ".join(sorted({sort_of(one) for one in texts}))
            said = f"its dates are {sorts}, which are not compared with {sort_of(literal)}; {_BOUNDS}"
            return self._caused("date-comparison", piece, said, ["bri:earliest", "bri:latest", *close])
        why = misfit(literal, texts)
        if why and (ours not in NUMBERS or not theirs & NUMBERS):
            return self._caused("mistyped-literal", piece, why[0], why[1])
        return self._generic(before, piece, close, True)

    def _nearest(self, literal: ox.Literal, texts: list[ox.Literal], nodes: list[ox.NamedNode]) -> Sequence[Any]:
        return [shorten(one.value) for one in sorted(nodes, key=str)[:3]] or nearest(literal, texts)

    def _caused(self, kind: str, piece: str, why: str, close: Sequence[Any] = ()) -> Cause:
        alike = tuple(one if isinstance(one, str) else shown(str(one)) for one in close)
        hint = f" (there: {', '.join(alike[:3])})" if alike else ""
        return Cause(
            kind, f"FILTER ({self._written(piece)}) removes all rows: {why}{hint}.", self._written(piece), alike
        )

    def _generic(self, before: Conjunction, piece: str, close: Sequence[Any] = (), comparable: bool = False) -> Cause:
        grouped = any(_is_group(atom) for atom in before.atoms)
        alike = tuple(one if isinstance(one, str) else shown(str(one)) for one in close)
        if not alike:
            names = sorted(variables(piece))
            values = self._probe.values(names[0], body(before.atoms, before.steps), 300) if len(names) == 1 else []
            alike = tuple(
                shown(str(one))
                for one in self._nearest(
                    _literal_in(piece),
                    [v for v in values if isinstance(v, ox.Literal)],
                    [v for v in values if isinstance(v, ox.NamedNode)],
                )
            )
        hint = f"; the nearest values are {', '.join(alike)}" if alike else ""
        word, what = ("HAVING", "groups") if grouped else ("FILTER", "rows")
        sound = not grouped and (comparable or self._is_possible(before, piece))
        elsewhere = self._elsewhere(before, piece) if sound else ""
        if elsewhere:
            hint, sound = f"{hint}; but {elsewhere}", False
        imported = self._faults.terms.imported
        is_of_records = imported.silent(before.atoms)
        who = "neither paper nor records say" if is_of_records else "the paper does not say"
        loaded = f" (loaded: {', '.join(imported.loaded)})" if is_of_records and imported.loaded else ""
        rest = f" The query is sound and {who} such a thing of these{loaded}." if sound else ""
        return Cause(
            "having" if grouped else "filter",
            f"{word} ({self._written(piece)}) removes all {what}{hint}.{rest}",
            self._written(piece),
            alike,
            sound,
        )

    def _elsewhere(self, before: Conjunction, piece: str) -> str:
        """Return which text of the same nodes, under another property, the condition holds for; nothing where there is none."""
        names = variables(piece)
        if len(names) != 1 or not is_text(_literal_in(piece)) or "LANG(" in piece:
            return ""
        sought, found = names.copy().pop(), list[str]()
        for atom in before.atoms:
            triple = triple_of(atom)
            if not triple or triple[2] != sought or not isinstance(triple[1], str) or not triple[1].startswith("<"):
                continue
            moved = with_graph(["bgp", [[triple[0], "?__q", sought]]], None)
            atoms = [moved if one is atom else one for one in before.atoms]
            written = body(atoms, [*before.steps, ["filter", [f"isLiteral({sought}) && ({piece})", []]]])
            properties = [
                one.value
                for one in self._probe.values("?__q", written, 50)
                if isinstance(one, ox.NamedNode) and one.value.startswith(SPOKEN)
            ]
            for one in sorted(properties)[:3]:
                texts = self._probe.values(sought, written.replace("?__q", f"<{one}>"), 2)
                found.append(f"{shorten(one)} has {' and '.join(sorted(shown(str(text)) for text in texts))}")
        return ", ".join(found)

    def _is_possible(self, before: Conjunction, piece: str) -> bool:
        """Whether the condition holds for anything that the same properties say of others."""
        names = variables(piece)
        binds = [step for step in before.steps if step[0] == "extend"]
        for step in reversed(binds):
            names |= variables(step[2][0]) if step[1] in names else set()
        atoms = [atom for atom in before.atoms if scope(atom) & names]
        loose = generalise(atoms)
        return (loose != atoms or len(atoms) < len(before.atoms)) and self._probe.holds(
            loose, [*binds, ["filter", [piece, []]]]
        )


def _is_group(atom: Node) -> bool:
    return atom[0] == "group" or (atom[0] == "graph" and _is_group(atom[2]))


def _is_date(written: str) -> bool:
    return written.startswith('"') and literal_of(written).datatype.value in DATES


def _literal_in(piece: str) -> ox.Literal:
    found = re.search(r'"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[\w-]+)?', piece)
    return literal_of(found.group()) if found else ox.Literal("")
