"""Cutting: whether the LIMIT or OFFSET of a query could cut a row off where only the graphs that it cites are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from ..algebra import Node, is_monotone, text
from ..results import Row
from .citation import Citation, rank
from .naming import Named

__all__ = ["Cut"]

#: Rows up to which it is tried, for each, whether a LIMIT would cut it off where only its citation is left.
_MAX_CHECKED = 25
#: Citations of a row of which that is tried; the others are marked as cut.
_MAX_TRIED = 2
#: Graphs and solutions up to which the solutions of all citations are counted together.
_MAX_GRAPHS = 200
_MAX_COUNTED = 20_000


class Cut:
    """The LIMIT and OFFSET of one query; ``always`` are the graphs that are always there.

    ``holds`` says that the query has one and that it may have cut rows off.
    """

    def __init__(
        self, store: ox.Store, query: Mapping[str, Any], pattern: Node, always: Sequence[ox.NamedNode]
    ) -> None:
        self._store = store
        self._pattern = pattern
        self._always = always
        self._ordered: bool = query["ordered"]
        self._is_select = query["form"] == "SELECT"
        self._limit: int | None = None if query.get("limit") is None else int(query["limit"])
        self._is_checked = self._limit is not None and is_monotone(pattern)
        self._counted: list[tuple[frozenset[str], int]] | None = None
        self._within: frozenset[str] = frozenset()
        self.holds: bool = query["sliced"]

    def expect(self, count: int) -> None:
        """Take note of how many rows the answer has."""
        if self._is_checked and self._limit is not None and count < self._limit:
            self.holds = False  # nothing was cut off, and fewer graphs give no more rows
        self._is_checked = self._is_checked and count <= _MAX_CHECKED

    def foresee(self, plan: Named | None, citations: Iterable[Collection[Citation]]) -> None:
        """Count the solutions that the graphs of these citations give, once for all rows; ``plan`` is the pattern with its graphs named."""
        if not self.holds or not self._is_checked or plan is None or self._limit is None:
            return
        within = frozenset[str]().union(*(one for of_row in citations for one in _first(of_row)))
        if len(within) > _MAX_GRAPHS:
            return
        counts: Counter[Citation] = Counter()
        nothing = Citation()
        for told in self._select(" ".join(plan.told) or "(1 AS ?__one)", plan.text, within, _MAX_COUNTED):
            counts[plan.citation(told)] += 1
            if counts[nothing] > self._limit:  # what is always there gives more than are let through
                break
        if counts.total() < _MAX_COUNTED:
            self._counted, self._within = list(counts.items()), within

    def uncut(self, citation: Citation) -> Citation:
        """Return a citation as one that returns its row from the query without its LIMIT and OFFSET."""
        return citation.as_cut(True) if self.holds else citation

    def marked(self, citations: list[Citation], replay: Callable[[Citation], bool]) -> list[Citation]:
        """Mark the citations of a row that a LIMIT or OFFSET may cut off where only their graphs are left."""
        if not self.holds:
            return citations
        tried = _MAX_TRIED if self._is_checked else 0
        marked = [one.as_cut(not self._returns(one.as_cut(False), replay)) for one in citations[:tried]]
        return marked + [one.as_cut(True) for one in citations[tried:]]

    def _returns(self, citation: Citation, replay: Callable[[Citation], bool]) -> bool:
        """Whether the query returns the row as it stands: fewer graphs leave fewer rows before it, but only an ORDER BY says which these are."""
        return self._fits(citation) or (self._ordered and replay(citation))

    def _fits(self, citation: Citation) -> bool:
        """Whether the LIMIT of a monotone query cannot cut a row off: the cited graphs give no more solutions than it lets through."""
        if not self._is_select or self._limit is None:
            return False
        if self._counted is not None and citation <= self._within:
            return sum(count for names, count in self._counted if names <= citation) <= self._limit
        return sum(1 for _ in self._select("*", text(self._pattern), citation, self._limit + 1)) <= self._limit

    def _select(self, columns: str, body: str, names: Iterable[str], most: int) -> Iterator[Row]:
        """Yield solutions of a pattern over the graphs that are always there and these."""
        graphs: list[Any] = [*self._always, *map(ox.NamedNode, names)]
        query = f"SELECT {columns} WHERE {{ {body} }} LIMIT {most}"
        result = self._store.query(query, default_graph=graphs, named_graphs=graphs)
        assert isinstance(result, ox.QuerySolutions)
        return map(tuple, result)


def _first(citations: Collection[Citation]) -> list[Citation]:
    """Return the first of the citations of a row that are tried, none of which holds another."""
    if len(citations) == 1:
        return list(citations)
    found: list[Citation] = []
    for one in sorted(citations, key=rank):
        if len(found) < _MAX_TRIED and not any(other < one for other in found):
            found.append(one)
    return found
