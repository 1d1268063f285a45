"""Causes of an empty answer, and the questions put to the store to find them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..algebra import Node
from ..errors import BriKgError, LimitError
from ..sparql import Term, evaluate
from .conjunction import body

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["KINDS", "Cause", "Probe"]

#: Kinds of cause, each with what it means.
KINDS = {
    "date-comparison": "dates of different precision are compared",
    "filter": "a filter removes all rows",
    "having": "a condition on groups removes all groups",
    "join": "parts that match alone never meet",
    "limit": "LIMIT or OFFSET leaves no row",
    "misspelt-variable": "a variable is bound nowhere and near to another",
    "mistyped-literal": "a literal has another datatype, language tag, case or precision than the graph's",
    "negation": "NOT EXISTS or MINUS removes all rows",
    "never-used-with": "a property is never used with that class or node",
    "node-for-text": "a node stands where the graph has texts, numbers or dates",
    "not-loaded": "a term or record of an imported dataset that is not loaded",
    "other-graph": "what is asked is stated, but not in that graph",
    "other-property": "a text stands under another property than the one that is asked",
    "path": "a property path leads nowhere",
    "silent": "the query is sound and the paper does not say",
    "split-graph": "what is asked is stated, but not all in one graph",
    "text-for-node": "a literal stands where the graph has nodes",
    "undetermined": "the cause was not found",
    "unknown-graph": "there is no graph of that name",
    "unknown-term": "a term does not exist",
    "unused-term": "a term is declared and never used",
    "values": "VALUES gives no row",
    "wrong-direction": "subject and object stand the other way round",
}


class Cause(NamedTuple):
    """Why a query has no rows.

    ``kind`` is one of :data:`KINDS`, ``message`` says it in a sentence, ``culprit`` is the term, pattern or condition concerned, written short,
    ``suggestions`` what to write instead or what there is. ``sound`` is True where nothing is wrong with the culprit: the graph does not hold it.
    """

    kind: str
    message: str
    culprit: str
    suggestions: tuple[str, ...] = ()
    sound: bool = False


class Probe:
    """Puts small queries to the store: in this process, or in the worker, with a limit, where the query itself was run there."""

    def __init__(self, kg: KnowledgeGraph, in_worker: bool, seconds: float = 1.5) -> None:
        self._kg = kg
        self._in_worker = in_worker
        self._end = time.monotonic() + seconds

    def _rows(self, query: str) -> Any:
        left = self._end - time.monotonic()
        if left <= 0:
            raise LimitError("its parts took too long to try.")
        if self._in_worker:
            try:
                found = self._kg.worker.run(query, max(left, 0.05))
            except LimitError as error:
                raise LimitError("its parts took too long to try.") from error
            if found.cut:
                raise LimitError("its parts took too long to try.")
            return found.rows if found.boolean is None else found.boolean
        return evaluate(self._kg.store, query)

    def matches(self, written: str) -> bool:
        """Whether a pattern, written out, has a solution."""
        return bool(self._rows(f"ASK {{ {written} }}"))

    def holds(self, atoms: Sequence[Node], steps: Iterable[Node] = ()) -> bool:
        """Whether a conjunction has a solution."""
        return self.matches(body(atoms, steps))

    def values(self, expression: str, written: str, most: int = 2_000) -> list[Term | None]:
        """Return the different values of an expression over the solutions of a pattern; None where it cannot be computed."""
        try:
            if expression.startswith("?"):
                return [row[0] for row in self._rows(f"SELECT DISTINCT {expression} {{ {written} }} LIMIT {most}")]
            return [
                row[0] for row in self._rows(f"SELECT DISTINCT ({expression} AS ?__x) {{ {written} }} LIMIT {most}")
            ]
        except LimitError:
            raise
        except BriKgError:
            return []
