"""Patterns that match alone and never together: which node would have to be of two kinds at once."""

from __future__ import annotations

from collections.abc import Sequence

from ..algebra import Node
from ..names import ONTOLOGY, rdf, shorten
from .causes import Cause, Probe
from .conjunction import body, is_between, triple_of
from .expressions import shown
from .terms import listed
from .vocabulary import Vocabulary

__all__ = ["never_meet", "pattern_text"]

_TYPE = f"<{rdf('type')}>"
#: Property or class, the end at which a variable stands, the kinds it must be of there, and whether the ontology says so.
Demand = tuple[str, str, frozenset[str], bool]


def pattern_text(atoms: Sequence[Node]) -> str:
    """Write triple patterns short, GRAPH included, one after another."""
    return " . ".join(shown(body([atom])).removesuffix(" .") for atom in atoms)


def never_meet(atoms: Sequence[Node], words: Vocabulary, probe: Probe, who: str = "") -> Cause:
    """Return which two of the patterns give a variable kinds that exclude each other, or that nothing is in all of them.

    ``who`` is who does not say so, where it is not the paper alone.
    """
    written = pattern_text(atoms)
    wants: dict[str, list[Demand]] = {}
    for atom in atoms:
        subject, predicate, object = triple_of(atom) or ["", "", ""]
        if not isinstance(predicate, str) or predicate.startswith("?"):
            return Cause("path", f"{written} leads nowhere.", written)
        if predicate == _TYPE and object.startswith("<"):
            wants.setdefault(subject, []).append((shown(object), "class", frozenset({object[1:-1]}), True))
            continue
        for end, term in (("subject", subject), ("object", object)):
            if term.startswith("?"):
                declared = words.declared(predicate[1:-1], end)
                seen = declared or words.observed(predicate[1:-1], end)
                wants.setdefault(term, []).append((shown(predicate), end, seen, bool(declared)))
    is_path = any(is_between(name) for name in wants)
    for variable, claims in wants.items():
        for place, one in enumerate(claims):
            for other in claims[place + 1 :]:
                if not _agree(one, other, words, probe):
                    kind = "path" if is_path else "never-used-with" if "class" in (one[1], other[1]) else "join"
                    node = "one node" if variable.startswith("?__") else variable
                    return Cause(
                        kind, f"{written} never meet: {node} would be {_role(one)} and {_role(other)}.", written
                    )
    kind = (
        "path"
        if is_path
        else "never-used-with"
        if any("class" in [one[1] for one in claims] for claims in wants.values())
        else "join"
    )
    return Cause(
        kind,
        f"{written} never meet in the graph, though the ontology allows it: {who or 'the paper does not say this'} of anything.",
        written,
        sound=True,
    )


def _agree(one: Demand, other: Demand, words: Vocabulary, probe: Probe) -> bool:
    first, second = one[2], other[2]
    if ("literal" in first) != ("literal" in second) or not first or not second:
        return not first or not second
    if one[3] and other[3]:
        return any(
            words.is_below(a, b) or words.is_below(b, a) or probe.matches(f"?x a <{a}>, <{b}>")
            for a in first
            for b in second
        )
    return bool((first & second) - (set() if one[3] or other[3] else {ONTOLOGY + "Record"}))


def _role(claim: Demand) -> str:
    name, end, kinds, _ = claim
    if end == "class":
        return f"of class {name}"
    wanted = listed(tuple(sorted(shorten(kind) for kind in kinds))[:3])
    return f"{end} of {name} ({wanted})"
