"""What an engine's result holds: its form, its columns and its rows, all of them or as many as are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from .errors import QueryError
from .sparql import Term

__all__ = ["FAILURES", "Found", "Origin", "Result", "Row", "Solution", "collect", "cut_at", "heading", "solutions"]

Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Row = tuple[Term | None, ...]
Solution = ox.QuerySolution | ox.Triple | Row

#: What the engine raises while a query runs.
FAILURES = (ValueError, RuntimeError, OSError)


class Found(NamedTuple):
    """A result taken from the engine; ``cut`` is None, or the sentence that says why rows are missing."""

    form: str
    columns: tuple[str, ...] = ()
    boolean: bool | None = None
    rows: Sequence[Solution] = ()
    cut: str | None = None


class Origin(NamedTuple):
    """What was asked, so that it can be asked again: the name of a stored question, or none, the terms bound, the limit of rows, the voice kept."""

    question: str
    terms: Mapping[str, Term]
    max_rows: int | None
    voice: str = ""


def heading(result: Result) -> Found:
    """Return form, columns and truth value of ``result``, without rows."""
    if isinstance(result, ox.QuerySolutions):
        return Found("SELECT", tuple(variable.value for variable in result.variables))
    if isinstance(result, ox.QueryTriples):
        return Found("CONSTRUCT", ("subject", "predicate", "object"))
    return Found("ASK", boolean=bool(result))


def solutions(result: Result) -> Iterator[Solution]:
    """Return an iterator over the rows: each solution of a SELECT, each triple of a CONSTRUCT or DESCRIBE once."""
    if isinstance(result, ox.QuerySolutions):
        return iter(result)
    return _distinct(result) if isinstance(result, ox.QueryTriples) else iter(())


def _distinct(triples: ox.QueryTriples) -> Iterator[ox.Triple]:
    seen: set[ox.Triple] = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


def collect(result: Result, max_rows: int | None = None) -> Found:
    """Return ``result`` with its rows, at most ``max_rows``. Raises QueryError where the engine fails on the way."""
    try:
        waiting = solutions(result)
        rows = list(islice(waiting, max_rows))
        more = max_rows is not None and len(rows) == max_rows and next(waiting, None) is not None
        return heading(result)._replace(rows=rows, cut=cut_at(max_rows) if more else None)
    except FAILURES as error:
        raise QueryError(f"The query failed while it ran: {error}.") from error


def cut_at(max_rows: int | None) -> str:
    """Return the sentence of an answer that holds ``max_rows`` of more rows."""
    rows = "first row" if max_rows == 1 else f"first {max_rows:,} rows"
    return f"Cut: the {rows}; the limit is --max-rows {max_rows}."
