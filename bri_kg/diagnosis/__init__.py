"""Why a query has no rows: the smallest part of it that has none is found, and what is wrong with that part is said.

The query's tree (:mod:`bri_kg.algebra`) is taken apart into patterns that must all match and conditions on them
(:mod:`bri_kg.diagnosis.conjunction`). Parts are put to the
store: a part that has no solution alone is at fault; where each has one, the smallest set of parts that never meet is; where they
meet, the condition that removes all rows. What is wrong with triple patterns is found in :mod:`bri_kg.diagnosis.faults`, with conditions in
:mod:`bri_kg.diagnosis.conditions`.

Where nothing is wrong, the paper is silent: every segment of it has a disposition in the ledger, so what no graph states the paper does not say. A
pattern counts as sound if each of its terms exists and is used as it should be, and if the same pattern has solutions for other names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..algebra import Node, patterns, scope, text
from ..errors import BriKgError, LimitError
from ..names import expand
from ..sparql import TOKEN, Term, without_escapes
from .causes import Cause, Probe
from .conditions import Conditions
from .conjunction import Conjunction, body, failing, flatten
from .expressions import shown, substitute, tokens, variables
from .faults import Faults
from .terms import Terms
from .vocabulary import Vocabulary, near

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["Diagnosis", "diagnose"]

_MOST_ROWS = 8


@dataclass(frozen=True)
class Diagnosis:
    """Why an answer is empty: one or more causes, the most telling first."""

    causes: tuple[Cause, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with the query: the graph, and so the paper, does not hold what it asks."""
        return all(cause.sound for cause in self.causes)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the causes as plain data."""
        return [cause._asdict() | {"suggestions": list(cause.suggestions)} for cause in self.causes]

    def __str__(self) -> str:
        return " ".join(dict.fromkeys(cause.message for cause in self.causes[:2]))


def diagnose(
    kg: KnowledgeGraph, query: str, given: Mapping[str, Term] | None = None, *, in_worker: bool = False
) -> Diagnosis:
    """Return why ``query``, with the terms ``given`` to its parameters, has no rows; that it has none is taken for granted.

    With ``in_worker``, the parts of the query are tried in the worker process, as the query was, and within 1.5 seconds.
    """
    from ..citing.tracing import tree_of

    query = without_escapes(query)
    examiner = _Examiner(kg, Probe(kg, in_worker))
    try:
        tree = tree_of(query)
        found = examiner.examine(tree, query, {f"?{name}": str(term) for name, term in (given or {}).items()})
    except LimitError as error:
        found = examiner.terms_of(query) or [Cause("undetermined", f"Why there are no rows was not found: {error}", "")]
    except BriKgError as error:
        found = (
            examiner.terms_of(query)
            or examiner.without_dataset(query)
            or [Cause("undetermined", f"Why there are no rows was not found: {error}", "")]
        )
    return Diagnosis(_best(found) or (Cause("undetermined", "Why there are no rows was not found.", ""),))


def _best(causes: list[Cause]) -> tuple[Cause, ...]:
    """Return each cause once; those that are sound only where no other is."""
    once = list(dict.fromkeys(causes))
    return tuple([cause for cause in once if not cause.sound] or once)


class _Examiner:
    def __init__(self, kg: KnowledgeGraph, probe: Probe) -> None:
        self._kg = kg
        self._probe = probe
        self._faults = Faults(kg.store, Terms(kg.store, Vocabulary(kg.store, kg.lookup), kg.labels), probe)
        self._names: dict[str, str] = {}
        self._conditions = Conditions(probe, self._faults, self.conjunction, self._names)

    def examine(self, tree: Mapping[str, Any], query: str, given: Mapping[str, str]) -> list[Cause]:
        pattern = substitute(tree["pattern"], given)
        for node in patterns(pattern):
            if node[0] == "group":
                self._names |= {name: shown(aggregate) for name, aggregate in node[3]}
                self._names |= {name: shown(expression[0]) for name, expression in node[2]}
        for described in tree.get("described", []):
            found = self._faults.terms.of_term(described[1:-1], "node") if described.startswith("<") else []
            if found:
                return found
        plain = flatten(pattern)
        if self._probe.holds(plain.atoms, plain.steps):
            return self._after_pattern(tree, query, pattern, plain)
        return self.conjunction(plain)

    def conjunction(self, whole: Conjunction) -> list[Cause]:
        """Return why a conjunction has no solution; nothing if it has one."""
        if whole.atoms and not self._probe.holds(whole.atoms):
            return self._atoms(list(whole.atoms))
        steps = list(whole.steps)
        if self._probe.holds(whole.atoms, steps):
            return []
        removing = [place for place, step in enumerate(steps) if step[0] in ("filter", "minus")]

        def left_by(places: list[int]) -> list[Node]:
            return [step for place, step in enumerate(steps) if place in places or place not in removing]

        for place in removing:  # a condition on nothing is tried without the pattern
            is_constant = steps[place][0] == "filter" and not variables(steps[place][1][0]) and not steps[place][1][1]
            if is_constant and not self._probe.holds((), [steps[place]]):
                return self._conditions.of_step(whole, steps[place])
        alone = [place for place in removing if not self._probe.holds(whole.atoms, left_by([place]))]
        found: list[Cause] = []
        for place in alone or removing[-1:]:
            before = [step for step in left_by([] if alone else removing[:-1]) if step is not steps[place]]
            found += self._conditions.of_step(Conjunction(whole.atoms, tuple(before)), steps[place])
        return found

    def _atoms(self, atoms: list[Node]) -> list[Cause]:
        alone = [atom for atom in atoms if not self._probe.holds([atom])]
        if alone:
            return [cause for atom in alone for cause in self._atom(atom)]
        least = failing(atoms, self._probe.holds)
        for atom in least:
            rest = [one for one in least if one is not atom]
            inner, graph = (atom[2], atom[1]) if atom[0] == "graph" else (atom, None)
            if inner[0] == "values":
                return self._values(inner, rest)
            if inner[0] == "union":
                return [
                    cause
                    for one in inner[1:3]
                    for cause in self.conjunction(Conjunction(tuple(rest)) + flatten(one, graph))
                ]
            if inner[0] in ("select", "group"):
                written = shown(body(least))
                return [Cause("join", f"{written} never meet, though each has rows.", written)]
        return self._faults.of_join(least, atoms)

    def _values(self, values: Node, rest: list[Node]) -> list[Cause]:
        found: list[Cause] = []
        for row in values[2][:_MOST_ROWS]:
            terms = {name: term for name, term in zip(values[1], row, strict=True) if term is not None}
            found += self.conjunction(Conjunction(tuple(substitute(atom, terms) for atom in rest)))
        return found

    def _atom(self, atom: Node) -> list[Cause]:
        inner, graph = (atom[2], atom[1]) if atom[0] == "graph" else (atom, None)
        if inner[0] == "values":
            return [Cause("values", "VALUES lists no row, so nothing can match.", shown(body([inner])))]
        if inner[0] == "union":
            return [cause for one in inner[1:3] for cause in self.conjunction(flatten(one, graph))]
        if inner[0] == "group":
            return self.conjunction(flatten(inner[1], graph))
        if inner[0] == "select":
            found = self.conjunction(flatten(inner[2], graph))
            return found or [_cut(inner[3]["start"], inner[3]["length"], "the subquery")]
        return self._faults.of_triple(atom)

    def _after_pattern(self, tree: Mapping[str, Any], query: str, pattern: Node, plain: Conjunction) -> list[Cause]:
        """Return why a query whose pattern matches shows nothing: cut, aggregates over nothing, or variables bound nowhere."""
        start, length = _slice(query)
        if length == 0 or start:
            return [_cut(start, length, "the query")]
        for atom in plain.atoms:
            if atom[0] == "group" and not atom[2]:
                inner = flatten(atom[1])
                found = self.conjunction(inner)
                return found or self._misspelt(" ".join(aggregate for _, aggregate in atom[3]), scope(atom[1]))
        if not self._probe.matches(text(pattern)):
            return self._apart(pattern)
        shows = [part for triple in tree.get("template", []) for part in triple] + tree.get("described", [])
        return (
            self._misspelt(" ".join(shows or _projected(query)), scope(pattern))
            or self._unbound(plain, shows)
            or _never(query)
        )

    def _apart(self, node: Node) -> list[Cause]:
        """Return why a pattern has no solution whose conditions must stay where they are, since they ask for what is bound elsewhere."""
        if node[0] in ("join", "graph", "extend", "left", "minus"):
            for part in [one for one in node[1:3] if isinstance(one, list) and not self._probe.matches(text(one))]:
                return self._apart(part)
        if node[0] == "filter":
            if not self._probe.matches(text(node[1])):
                return self._apart(node[1])
            return self._conditions.of_step(Conjunction((node[1],)), ["filter", node[2]])
        return self.conjunction(flatten(node))

    def _unbound(self, plain: Conjunction, shows: list[str]) -> list[Cause]:
        """Return why what a CONSTRUCT or DESCRIBE shows is bound in no solution, or only to literals."""
        found: list[Cause] = []
        for name in sorted({one for one in shows if one.startswith("?")}):
            values = self._probe.values(name, body(plain.atoms, plain.steps))
            if any(isinstance(one, ox.Literal) for one in values):
                said = f"{name} is a literal, which can be neither described nor the subject of a triple"
                found.append(Cause("text-for-node", f"{said}; take the node that has it.", name))
            if any(one is not None for one in values):
                continue
            for step in plain.steps:
                if step[0] == "left" and name in scope(step[1]):
                    found += self.conjunction(Conjunction(plain.atoms) + flatten(step[1]))
            for atom in plain.atoms:
                inner, graph = (atom[2], atom[1]) if atom[0] == "graph" else (atom, None)
                rest = Conjunction(tuple(one for one in plain.atoms if one is not atom), plain.steps)
                for branch in inner[1:3] if inner[0] == "union" else []:
                    if name in scope(branch):
                        found += self.conjunction(rest + flatten(branch, graph))
        return found

    def _misspelt(self, shows: str, bound: set[str]) -> list[Cause]:
        found = []
        for name in sorted({"?" + piece[1:] for kind, piece in tokens(shows) if kind == "variable"} - bound):
            alike = tuple(near(name, [one for one in bound if "__" not in one], 0.6))
            hint = (
                f" Did you mean {alike[0]}?"
                if alike
                else f" The pattern binds {', '.join(sorted(one for one in bound if '__' not in one))}."
            )
            found.append(
                Cause("misspelt-variable", f"{name} is shown or counted, but bound nowhere.{hint}", name, alike)
            )
        return found

    def terms_of(self, query: str) -> list[Cause]:
        """Return what is wrong with the names in a query whose tree cannot be had."""
        found: list[Cause] = []
        for kind, piece in tokens(query):
            iri = expand(piece) if kind in ("name", "iri") and not piece.endswith(":") else None
            if (
                iri
                and iri.startswith("https://w3id.org/bri-kg/")
                and not iri.endswith(("#", "/"))
                and not self._faults.terms.vocabulary.exists(iri)
            ):
                role = "node" if "#" not in iri else "class" if iri.rpartition("#")[2][:1].isupper() else "property"
                found += self._faults.terms.of_term(iri, role)
        return found

    def without_dataset(self, query: str) -> list[Cause]:
        """Return whether it is FROM that leaves nothing."""
        matches = [match for match in TOKEN.finditer(query) if match.lastgroup != "space"]
        written, named = query, []
        for place in range(len(matches) - 1, -1, -1):
            if matches[place].group().upper() == "FROM":
                last = place + 1 + (matches[place + 1].group().upper() == "NAMED")
                named.append(matches[last].group())
                written = written[: matches[place].start()] + written[matches[last].end() :]
        if not named:
            return []
        if self._kg.query(written):
            return [
                Cause(
                    "other-graph", f"What is asked is stated, but not in {', '.join(named)}; leave FROM out.", named[0]
                )
            ]
        return list(diagnose(self._kg, written).causes)


def _cut(start: int, length: int | None, what: str) -> Cause:
    if length == 0:
        return Cause("limit", f"LIMIT 0 takes no row of {what}; leave it out.", "LIMIT 0")
    return Cause("limit", f"OFFSET {start} leaves out all rows of {what}; it has fewer.", f"OFFSET {start}")


def _slice(query: str) -> tuple[int, int | None]:
    """Return OFFSET and LIMIT of the query as a whole."""
    start, length, depth, before = 0, None, 0, ""
    for _, piece in tokens(query):
        depth += piece == "{"
        depth -= piece == "}"
        if depth == 0 and before == "LIMIT" and piece.isdigit():
            length = int(piece)
        if depth == 0 and before == "OFFSET" and piece.isdigit():
            start = int(piece)
        before = piece.upper()
    return start, length


def _never(query: str) -> list[Cause]:
    """Return the ``FILTER (false)`` of a query; rdflib's parser leaves it out of the tree."""
    if " filter false " in " ".join(piece.casefold() for _, piece in tokens(query) if piece not in "()"):
        return [Cause("filter", "FILTER (false) removes all rows.", "false")]
    return []


def _projected(query: str) -> list[str]:
    """Return the variables between SELECT and the pattern."""
    found = []
    for kind, piece in tokens(query):
        if piece == "{":
            break
        if kind == "variable":
            found.append("?" + piece[1:])
    return found
