"""What is wrong with triple patterns that have no solution: with one alone, or with several that match alone and never together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from ..algebra import Node
from ..lookup import fold
from ..names import ONTOLOGY, rdf, shorten
from .causes import Cause, Probe
from .conjunction import body, failing, flatten, generalise, triple_of, with_graph
from .expressions import constants, shown
from .literals import literal_of, misfit, nearest
from .meeting import never_meet, pattern_text
from .misplaced import is_text, misplaced, moved_in, places
from .records import is_external, unidentified
from .terms import Terms, hint, listed

__all__ = ["Faults"]

_TYPE = f"<{rdf('type')}>"
_DEFAULT = ox.DefaultGraph()


class Faults:
    """Examines the triple patterns of one query."""

    def __init__(self, store: ox.Store, terms: Terms, probe: Probe) -> None:
        self._store = store
        self._words = terms.vocabulary
        self.terms = terms
        self._probe = probe

    def of_terms(self, atom: Node) -> list[Cause]:
        """Return the terms of a pattern that do not exist or are never used."""
        found: list[Cause] = []
        graph = atom[1] if atom[0] == "graph" else "?"
        if not graph.startswith("?") and not self._store.contains_named_graph(ox.NamedNode(graph[1:-1])):
            found += self.terms.of_graph(graph[1:-1])
        triple = triple_of(atom)
        if triple:
            subject, predicate, object = triple
            for term in constants(predicate if isinstance(predicate, str) else str(predicate)):
                found += self.terms.of_term(term[1:-1], "property")
            for term in (subject, object):
                if term.startswith("<"):
                    found += self.terms.of_term(
                        term[1:-1], "class" if predicate == _TYPE and term is object else "node"
                    )
            if not found and subject.startswith("<"):  # of a record that links of ours name, nothing more is known
                missing = self.terms.imported.missing(subject[1:-1])
                found += [missing] if missing else []
        return found

    def of_triple(self, atom: Node) -> list[Cause]:
        """Return why one triple pattern has no solution."""
        found = self.of_terms(atom)
        triple = triple_of(atom)
        if found or triple is None:
            return found or [self._silent([atom])]
        unlinked = unidentified([atom], self.terms.labels, self._probe)
        if unlinked:
            return [unlinked]
        subject, predicate, object = triple
        bare = with_graph(atom, None)
        if atom[0] == "graph" and self._probe.holds([bare]):
            return [self._elsewhere(atom, bare)]
        if not isinstance(predicate, str):
            return self._of_path(atom, triple)
        if predicate.startswith("?"):
            return [self._silent([atom])]
        if subject == object and subject.startswith("?"):
            return [
                Cause(
                    "join",
                    f"{subject} stands on both sides of {pattern_text([bare])}, and nothing is so related to itself.",
                    pattern_text([bare]),
                )
            ]
        if object.startswith('"'):
            return self._of_literal(atom, triple)
        return self._of_nodes(atom, triple)

    def _elsewhere(self, atom: Node, bare: Node) -> Cause:
        """Return that a triple is stated, but not in the graph that is asked."""
        graph, said = shown(atom[1]), pattern_text([bare])
        where = self._probe.values("?__g", f"GRAPH ?__g {{ {_inside(bare)} }}", 20)
        names = tuple(sorted(shorten(one.value) for one in where if isinstance(one, ox.NamedNode)))[:5]
        if graph.startswith("?"):
            what = (
                f"No graph {graph} says {said} of itself; it stands in {listed(names)}. Take it out of GRAPH {graph}."
            )
            return Cause("split-graph", what, pattern_text([atom]), (said,))
        return Cause(
            "other-graph", f"{said} is stated, but not in {graph}; it stands in {listed(names)}.", graph, names
        )

    def _of_nodes(self, atom: Node, triple: list[Any]) -> list[Cause]:
        subject, predicate, object = triple
        words, name, written = self._words, predicate[1:-1], pattern_text([with_graph(atom, None)])
        if predicate == _TYPE:
            if subject.startswith("<") and object.startswith("<"):
                said = f"{shown(subject)} is no {shown(object)}; it is {words.kind(subject[1:-1])}."
                return [Cause("never-used-with", said, written, (words.kind(subject[1:-1]),))]
            return [self._silent([atom])]
        if not object.startswith("?") and words.observed(name, "object") == {"literal"}:
            label = self.terms.labels.label(object[1:-1])
            examples = tuple(str(one) for one in nearest(None, self._objects(name)))
            said = f"{shown(predicate)} has texts, numbers or dates, never a node such as {shown(object)}; write a literal, such as"
            return [
                Cause(
                    "node-for-text",
                    f"{said} {listed((f'{label!r}', *map(shown, examples)))}.",
                    written,
                    (label, *examples),
                )
            ]
        if self._probe.holds([["bgp", [[object, predicate, subject]]]]):
            return [self._reversed(atom)]
        ends = [(end, term) for end, term in (("subject", subject), ("object", object)) if term.startswith("<")]
        for end, term in ends:
            if not words.takes(name, end, words.kinds(term[1:-1])):
                return [self._never(written, term, predicate, end)]
        for end, term in ends:
            if not words.is_seen(name, end, term[1:-1]):
                return [self._unheard(written, term, predicate, end)]
        return [self._silent([atom])]

    def _reversed(self, atom: Node) -> Cause:
        triple = triple_of(atom) or ["", "", ""]
        right = shown(f"{triple[2]} {triple[1]} {triple[0]}")
        written = pattern_text([with_graph(atom, None)])
        return Cause(
            "wrong-direction",
            f"{written} stands the wrong way round: swap subject and object, {right}",
            written,
            (right,),
        )

    def _never(self, written: str, term: str, predicate: str, end: str) -> Cause:
        words, iri, name = self._words, term[1:-1], predicate[1:-1]
        wanted = words.declared(name, end) or words.observed(name, end)
        kinds = listed(tuple(sorted(map(shorten, wanted)))[:4])
        said = f"{shown(predicate)} is never used with {shown(term)} as {end}: that is {words.kind(iri)}, the property wants {kinds}."
        over = self._probe.values("?q", f"?n ?q {term} . ?n {predicate} ?x") if end == "subject" else []
        ways = [
            f"?n {shorten(one.value)} {shown(term)} ; {shown(predicate)} ?x"
            for one in over
            if isinstance(one, ox.NamedNode) and one.value.startswith(ONTOLOGY)
        ][:2]
        has = [f"{shorten(one)} ({end_of})" for one, end_of, _ in words.uses(iri)[:4]]
        hint = f" Try {' or '.join(ways)}." if ways else f" {shown(term)} has {listed(tuple(has))}." if has else ""
        return Cause("never-used-with", said + hint, written, tuple(ways or has))

    def _unheard(self, written: str, term: str, predicate: str, end: str) -> Cause:
        """Return that a property is never used with nodes of that kind, though the ontology lets it be."""
        words, iri, name = self._words, term[1:-1], predicate[1:-1]
        seen = tuple(sorted(map(shorten, words.seen(name, end))))[:4]
        kind, theirs = listed(tuple(sorted(map(shorten, words.narrowest(iri))))), listed(seen)
        if words.narrowest(iri) & words.schemes(iri):
            said = f"{shown(predicate)} is never used with {shown(term)} as {end}: that is of {kind}, and it has concepts of {theirs}."
            return Cause("never-used-with", said, written, seen)
        said = f"{shown(predicate)} is never used with a {kind} as {end}, such as {shown(term)}, though the ontology allows it; it has {theirs}"
        told = f"{self.terms.silence}: {said}. {self.terms.told(iri)}".strip()
        return Cause("never-used-with", told, written, seen, sound=True)

    def _of_literal(self, atom: Node, triple: list[Any]) -> list[Cause]:
        subject, predicate, object = triple
        words, name = self._words, predicate[1:-1]
        written, literal = pattern_text([with_graph(atom, None)]), literal_of(object)
        values = self._objects(name)
        texts = [one for one in values if isinstance(one, ox.Literal)]
        if values and not texts:
            meant = self.terms.meant(literal.value, {one.value for one in values if isinstance(one, ox.NamedNode)})
            said = f"{shown(predicate)} has nodes, not texts: {shown(object)} must be a node."
            return [Cause("text-for-node", said + hint(meant), written, meant)]
        own = (
            [one for one in self._objects(name, subject) if isinstance(one, ox.Literal)]
            if subject.startswith("<")
            else texts
        )
        why = misfit(literal, own) or (misfit(literal, texts, spelling=False) if not own else None)
        if any(map(is_text, texts)) and not (why and any(fold(one.value) == fold(literal.value) for one in why[1])):
            elsewhere = places(self._store, words.lookup, literal, subject, name)
            if is_external(name):  # what we call a thing is no way to its records
                elsewhere = [one for one in elsewhere if is_external(one.property)]
            if elsewhere:
                return [misplaced(atom, literal, elsewhere, self.terms.labels)]
        if why:
            alike = tuple(shown(str(one)) for one in why[1])
            return [
                Cause(
                    "mistyped-literal",
                    f"No {shown(predicate)} is {shown(object)}: {why[0]}.{hint(alike)}",
                    written,
                    alike,
                )
            ]
        if subject.startswith("<") and not words.takes(name, "subject", words.kinds(subject[1:-1])):
            return [self._never(written, subject, predicate, "subject")]
        if subject.startswith("<") and not words.is_seen(name, "subject", subject[1:-1]):
            return [self._unheard(written, subject, predicate, "subject")]
        close = nearest(literal, own or texts)
        if is_external(name):  # a column has few values, and which they are says more than the nearest one
            close = [*close, *[one for one in nearest(None, own or texts) if one not in close]][:3]
        return [self._silent([atom], tuple(shown(str(one)) for one in close))]

    def _objects(self, predicate: str, subject: str = "?") -> list[Any]:
        node = ox.NamedNode(subject[1:-1]) if subject.startswith("<") else None
        return list(
            {quad.object for quad in self._store.quads_for_pattern(node, ox.NamedNode(predicate), None, _DEFAULT)}
        )

    def _of_path(self, atom: Node, triple: list[Any]) -> list[Cause]:
        subject, path, object = triple
        written = pattern_text([with_graph(atom, None)])
        if path[0] == "alt":
            found = [
                cause for one in path[1:] for cause in self.of_steps(flatten(["bgp", [[subject, one, object]]]).atoms)
            ]
            return [cause for cause in found if not cause.sound] or found[:1]
        if path[0] == "mod" and not (subject.startswith("<") and object.startswith("<")):
            return self.of_steps(flatten(["bgp", [[subject, path[1], object]]]).atoms)
        reached = [
            shown(str(one)) for one in self._probe.values("?__x", _inside(["bgp", [[subject, path, "?__x"]]]), 5)
        ]
        said = f"the path goes to {listed(tuple(reached))}" if reached else f"it goes nowhere from {shown(subject)}"
        return [
            Cause(
                "path", f"{written} leads nowhere: {said}, not to {shown(object)}.", written, tuple(reached), sound=True
            )
        ]

    def of_steps(self, atoms: Sequence[Node]) -> list[Cause]:
        """Return why triple patterns, of which each may fail alone, have no solution."""
        alone = [atom for atom in atoms if not self._probe.holds([atom])]
        if alone:
            return [cause for atom in alone for cause in self.of_triple(atom)]
        return self.of_join(failing(atoms, self._probe.holds), atoms)

    def of_join(self, atoms: Sequence[Node], every: Sequence[Node]) -> list[Cause]:
        """Return why triple patterns that match alone never match together; ``every`` are all patterns of the group."""
        if len(atoms) == 1:
            return self.of_triple(atoms[0])
        unlinked = unidentified(atoms, self.terms.labels, self._probe)
        if unlinked:
            return [unlinked]
        bare = [with_graph(atom, None) for atom in atoms]
        written = pattern_text(atoms)
        if any(atom[0] == "graph" for atom in atoms) and self._probe.holds(bare):
            return [self._split(atoms, written)]
        moved = moved_in(bare, self._store, self.terms, self._probe)
        if moved:
            return [moved]
        usual = self._probe.holds(generalise(bare))
        turned = self._turned(atoms, every)
        if turned:
            rest = (
                self._silent(atoms)
                if usual
                else never_meet(bare, self._words, self._probe, self.terms.imported.silent(bare))
            )
            return [self._reversed(turned)._replace(sound=usual), rest]
        if usual:
            return [self._silent(atoms)]
        return [never_meet(bare, self._words, self._probe, self.terms.imported.silent(bare))]

    def _turned(self, atoms: Sequence[Node], every: Sequence[Node]) -> Node | None:
        """Return the triple whose turning round makes the whole match."""
        for atom in atoms:
            subject, predicate, object = triple_of(atom) or ["", "", '"']
            if isinstance(predicate, str) and predicate not in ("", _TYPE) and not object.startswith('"'):
                turned = with_graph(["bgp", [[object, predicate, subject]]], atom[1] if atom[0] == "graph" else None)
                if self._probe.holds([turned if one is atom else one for one in every]):
                    return atom
        return None

    def _split(self, atoms: Sequence[Node], written: str) -> Cause:
        named = [atom[1] for atom in atoms if atom[0] == "graph" and not atom[1].startswith("?")]
        if named:
            return Cause(
                "other-graph",
                f"{written} is stated, but not in {shown(named[0])} alone; leave GRAPH out or use a variable.",
                shown(named[0]),
            )
        graph = next(atom[1] for atom in atoms if atom[0] == "graph")
        return Cause(
            "split-graph",
            f"No one graph states {pattern_text([with_graph(atom, None) for atom in atoms])} together; each stands in a graph of its own. "
            f"Take them out of GRAPH {graph}, or give each its own GRAPH variable.",
            written,
            (pattern_text([with_graph(atom, None) for atom in atoms]),),
        )

    def _silent(self, atoms: Sequence[Node], close: tuple[str, ...] = ()) -> Cause:
        written = pattern_text([with_graph(atom, None) for atom in atoms])
        records = self.terms.imported.silent(atoms)
        silence = f"The query is sound and {records}: nothing" if records else f"{self.terms.silence}: no sentence"
        said = f"{silence} states {written}"
        told = [self.terms.told(term[1:-1]) for term in dict.fromkeys(constants(written_out(atoms)))]
        parts = [one for one in told if one]
        return Cause(
            "silent",
            f"{said}{f' (nearest: {listed(close)})' if close else ''}.{''.join(f' {one}' for one in parts[:2])}",
            written,
            close,
            sound=True,
        )


def written_out(atoms: Sequence[Node]) -> str:
    """Write the subjects and objects of patterns in full."""
    return " ".join(f"{triple[0]} {triple[2]}" for atom in atoms if (triple := triple_of(atom)))


def _inside(atom: Node) -> str:
    return body([atom])
