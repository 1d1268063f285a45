"""Chains: of all the ties between nodes, those that lie on a shortest way from one node to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

__all__ = ["distances", "keep_shortest_chains"]

#: A tie: source, relation, target.
Tie = tuple[str, str, str]


def distances(ties: Iterable[Tie], start: str, barred: Collection[str] = ()) -> dict[str, int]:
    """Return how many ties lie between ``start`` and each node that can be reached; ties are walked both ways.

    A ``barred`` node can be reached but not walked through.
    """
    beside: dict[str, set[str]] = {}
    for source, _, target in ties:
        beside.setdefault(source, set()).add(target)
        beside.setdefault(target, set()).add(source)
    found = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if node in barred and node != start:
            continue
        for other in beside.get(node, ()):
            if other not in found:
                found[other] = found[node] + 1
                queue.append(other)
    return found


def keep_shortest_chains(ties: Collection[Tie], start: str, goal: str, barred: Collection[str] = ()) -> set[Tie]:
    """Return the ties that lie on any shortest chain between ``start`` and ``goal``; none if no chain ties the two."""
    there, back = distances(ties, start, barred), distances(ties, goal, barred)
    length = there.get(goal)
    if not length:
        return set()
    return {
        (source, relation, target)
        for source, relation, target in ties
        for one, other in ((source, target), (target, source))
        if there.get(one, length) + 1 + back.get(other, length) == length
        and not {one, other} & set(barred) - {start, goal}
    }
