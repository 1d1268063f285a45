"""Citations of an answer: the query's tree is fetched or made, its rows are traced, and what must be replayed is replayed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ..lineage import Citation, Tracer
from ..lineage.replaying import ReplayedStore
from ..results import Row
from ..sparql import Term, uncut
from ..store import cache_folder

if TYPE_CHECKING:
    from ..answers import Answer
    from ..graph import KnowledgeGraph

__all__ = ["Asked", "cite_answer", "trace", "tree_of"]


@lru_cache(maxsize=512)
def tree_of(query: str) -> dict[str, Any]:
    """Return the tree of a query; a stored question's from the cache folder where it was made before, so that rdflib need not be imported.

    Raises QueryError for what cannot be traced.
    """
    if not query.startswith("#+"):  # a free query would fill the cache folder for nothing
        return _parse(query)
    # A tree is of use only to the code that made it.
    maker = Path(__file__).parents[1].joinpath("algebra.py").read_bytes()
    name = hashlib.sha256(maker + query.encode()).hexdigest()[:32]
    path = cache_folder() / "algebra" / f"{name}.json"
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = _parse(query)
        _keep(path, kept)
    return kept


def _parse(query: str) -> dict[str, Any]:
    from ..algebra import parse

    return parse(query)


def _keep(path: Any, tree: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part")
        aside.write_text(json.dumps(tree), encoding="utf-8")
        aside.replace(path)
    except OSError:  # the cache is a convenience
        return


class Asked(NamedTuple):
    """An answer as far as its citations hang on it: what was asked, as text and as tree, with which values, and what came."""

    query: str
    tree: dict[str, Any]
    given: Mapping[str, Term]
    form: str
    columns: Sequence[str]
    boolean: bool | None
    rows: Sequence[Row]


def cite_answer(
    kg: KnowledgeGraph, answer: Answer, query: str, given: Mapping[str, Term], timeout: float | None = None
) -> list[list[Citation]]:
    """Return for each row of ``answer`` (one for an ASK) its citations, the smallest first; see :mod:`bri_kg.lineage`.

    With ``timeout``, in seconds, this is done in the graph's worker process. Raises QueryError, by name, for a query or row that cannot be traced,
    LimitError where it takes longer.
    """
    asked = Asked(query, tree_of(query), given, answer.form, answer.columns, answer.boolean, answer.terms)
    return trace(kg, asked) if timeout is None else kg.worker.cite(asked, timeout)


def trace(kg: KnowledgeGraph, asked: Asked) -> list[list[Citation]]:
    """Return the citations of an answer over the graph that gave it."""
    tracer = Tracer(kg.store, asked.tree, asked.given, kg.base_predicates, kg.base_graphs)
    stores: list[ReplayedStore] = []
    try:
        return _traced(kg, asked, tracer, stores)
    finally:
        if kg.folder is not None:  # the graph cannot change: the next answer is replayed there too
            kg.replayed.extend(stores)


def _traced(kg: KnowledgeGraph, asked: Asked, tracer: Tracer, stores: list[ReplayedStore]) -> list[list[Citation]]:
    replayed: dict[tuple[frozenset[str], bool], Any] = {}

    def again(citation: Citation) -> Any:
        key = frozenset(citation), citation.cut
        if key not in replayed:
            if not stores:  # taken from its list, so that no other thread replays there meanwhile
                stores.append(_taken(kg) or ReplayedStore(kg.store, kg.base_graphs))
            store = stores[0].holding(citation)
            other = type(kg)(store).query(uncut(asked.query) if citation.cut else asked.query, **asked.given)
            replayed[key] = other.boolean if other.boolean is not None else set(other.terms)
        return replayed[key]

    if asked.boolean is not None:
        return [tracer.cite_ask(asked.boolean, lambda citation: again(citation) is asked.boolean)]
    if asked.form == "SELECT":
        return tracer.cite_rows(asked.columns, asked.rows, lambda citation, row: row in again(citation))
    triples = [ox.Triple(*row) for row in asked.rows]  # type: ignore[arg-type]
    return tracer.cite_triples(
        triples, lambda citation, triple: (triple.subject, triple.predicate, triple.object) in again(citation)
    )


def _taken(kg: KnowledgeGraph) -> ReplayedStore | None:
    try:
        return kg.replayed.pop()
    except IndexError:
        return None
