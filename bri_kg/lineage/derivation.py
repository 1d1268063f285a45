"""Derivations: what a solution stands on, as clauses each of which one graph must satisfy, and the smallest set of graphs that satisfies them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ..names import is_base

__all__ = ["MAX_DERIVATIONS", "NOTHING", "Clause", "Derivation", "clause_of", "products", "smallest"]

#: Graphs of which one is needed.
Clause = frozenset[str]

#: How many derivations of one row are looked at.
MAX_DERIVATIONS = 400


class Derivation:
    """Clauses that must all be hit, and marks."""

    __slots__ = ("absence", "clauses", "contributed")

    def __init__(self, clauses: Iterable[Clause] = (), absence: bool = False, contributed: bool = False) -> None:
        self.clauses = tuple(clauses)
        self.absence = absence
        self.contributed = contributed

    def and_(self, other: Derivation) -> Derivation:
        """Return the derivation of what needs both."""
        return Derivation(
            self.clauses + other.clauses, self.absence or other.absence, self.contributed or other.contributed
        )


NOTHING = Derivation()


def clause_of(names: set[str]) -> Clause | None:
    """Return the named graphs among ``names`` as a clause, None if one is always there or the triple stands in no named graph."""
    named = names - {""}
    return None if not named or any(is_base(name) for name in named) else frozenset(named)


def products(choices: list[Iterable[Derivation]]) -> Iterator[Derivation]:
    """Yield every way to take one derivation of each choice."""
    if not choices:
        yield NOTHING
        return
    first, *rest = choices
    others = list(islice(products(rest), MAX_DERIVATIONS))
    for one in first:
        for other in others:
            yield one.and_(other)


def smallest(clauses: Iterable[Clause]) -> frozenset[str]:
    """Return a smallest set that hits every clause: exact by branch and bound, greedy beyond 5,000 steps."""
    distinct = set(clauses)
    chosen = frozenset(name for clause in distinct if len(clause) == 1 for name in clause)
    needed = sorted((clause for clause in distinct if not clause & chosen), key=len)
    open_clauses = [one for place, one in enumerate(needed) if not any(other <= one for other in needed[:place])]
    if not open_clauses:
        return chosen
    best: frozenset[str] | None = None
    steps = 0

    def search(picked: frozenset[str], rest: list[Clause]) -> None:
        nonlocal best, steps
        steps += 1
        if best is not None and len(picked) >= len(best):
            return
        if not rest:
            best = picked
            return
        if best is not None and steps > 5000:
            return
        clause = min(rest, key=len)
        weight = {name: sum(name in other for other in rest) for name in clause}
        for name in sorted(clause, key=lambda one: (-weight[one], one)):
            search(picked | {name}, [other for other in rest if name not in other])

    search(chosen, open_clauses)
    assert best is not None
    return best
