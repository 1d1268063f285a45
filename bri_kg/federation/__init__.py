"""Federation: a stored question that joins what the graph says with what a SPARQL endpoint elsewhere says, at whose address, and when.

The graph gives our things with their identifiers elsewhere (mapping sets of ours); these go to the endpoint as ``VALUES``, in batches; what comes
back is joined here. The engine of the graph itself never opens the network, and ``SERVICE`` stays refused in every other query. Nothing is asked
unless an endpoint is given. Each row keeps its two halves apart: the graphs on which ours rests, and the endpoint and the time for theirs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..answers import Answer
from ..errors import LimitError, QueryError
from ..questions import check_given
from ..results import Found, cut_at
from ..sparql import Term
from ..wording import word
from ..worker import check_limits
from .queries import THEIRS, FederatedQuery, federated_query

if TYPE_CHECKING:
    from ..citing.cited import CitedAnswer, CitedRow
    from ..graph import KnowledgeGraph

__all__ = ["BATCH", "FederatedAnswer", "federate", "federated_text"]

#: How many rows of identifiers go into one request.
BATCH = 100
MAX_ROWS = 10_000
SECONDS = 60.0
#: The columns that csv, tsv and md have beside those of the query.
ADDED = ("segments", "voice", THEIRS + "endpoint", THEIRS + "time")

_Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class FederatedAnswer:
    """The rows of a federated query, and of each which half is whose.

    ``answer`` holds the joined rows, ``local`` those of the graph's part; ``places`` says for each joined row which of them it continues.
    ``endpoint`` is the address that answered, ``asked`` when (UTC). ``silent`` of the ``sent`` rows of identifiers had no answer; ``strays`` rows of
    the endpoint were about nothing that was asked, and are left out.
    """

    kg: KnowledgeGraph
    query: FederatedQuery
    answer: Answer
    local: Answer
    places: tuple[int, ...]
    endpoint: str
    asked: str
    requests: int
    sent: int
    silent: int
    strays: int

    def __len__(self) -> int:
        return len(self.answer)

    @property
    def cut(self) -> str | None:
        """The sentence that says why rows are missing, if some are."""
        return self.answer.cut

    @cached_property
    def cited(self) -> CitedAnswer:
        """What our half of each row rests on: sentences and mapping sets."""
        return self.local.cited()

    def ours(self, place: int) -> CitedRow:
        """Return on what our half of a row rests."""
        return self.cited.rows[self.places[place]]

    def remarks(self) -> list[str]:
        """Return what is to be said of the whole answer: whose its columns are, and what had no answer."""
        say = self.kg.labels.tag
        join = word("join", say)
        names = [join.join(self._heading(name) for name in part) for part in (self.query.ours, self.query.theirs)]
        made = [word("whose columns", say, *names, self.endpoint, self.asked)]
        if self.silent:
            made.append(word("endpoint silent", say, self.silent, self.sent))
        if self.strays:
            made.append(word("endpoint strays", say, self.strays))
        return made

    def to_format(self, name: str, labels: bool = False) -> str:
        """Return the answer as ``table``, ``csv``, ``tsv``, ``json`` or ``md``; with ``labels``, CSV and TSV show labels for IRIs.

        ``json`` is SPARQL Results JSON with a member ``federation``, and in ``halves`` for each row what each half rests on; ``table`` shows it under
        each row; the others have the columns of ``ADDED``.
        """
        if name == "table":
            return self._table()
        if name == "json":
            return self._json()
        wide = [
            (*row, *(ox.Literal(text) for text in (self._graphs(place), self._voice(place), self.endpoint, self.asked)))
            for place, row in enumerate(self.answer.terms)
        ]
        found = Found("SELECT", (*self.answer.columns, *ADDED), None, wide, self.cut)
        return Answer(found, self.kg.labels, self.answer.query).to_format(name, labels)

    def __str__(self) -> str:
        return self._table()

    def _heading(self, column: str) -> str:
        return self.kg.labels.heading(column)

    def _graphs(self, place: int) -> str:
        return " ".join(ground.name for ground in self.ours(place).grounds)

    def _voice(self, place: int) -> str:
        return self.cited.voice(self.ours(place))

    def _table(self) -> str:
        from ..tables import text_table

        say = self.kg.labels.tag
        theirs = f"  — {word('their half', say, self.endpoint, self.asked)}"
        notes = [[*self.cited.lines(self.ours(place)), theirs] for place in range(len(self))]
        headings = [self._heading(column) for column in self.answer.columns]
        cut = f"{self.cut}\n" if self.cut else ""
        return cut + text_table(headings, self.answer.labelled(), notes=notes, language=say) + "\n"

    def _json(self) -> str:
        made: dict[str, Any] = json.loads(self.answer.to_json())
        theirs = {"endpoint": self.endpoint, "time": self.asked}
        made["federation"] = theirs | {
            "query": self.query.name,
            "ours": list(self.query.ours),
            "theirs": list(self.query.theirs),
            "requests": self.requests,
            "sent": self.sent,
            "silent": self.silent,
            "strays": self.strays,
        }
        made["halves"] = [
            {
                "ours": [
                    {
                        "graph": ground.name,
                        "voice": ground.voice,
                        "says": ground.sentence.gist if ground.sentence else ground.note,
                    }
                    for ground in self.ours(place).grounds
                ],
                "theirs": theirs,
            }
            for place in range(len(self))
        ]
        return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def federate(
    kg: KnowledgeGraph,
    name: str | FederatedQuery,
    endpoint: str,
    params: Mapping[str, object] | None = None,
    *,
    timeout: float = SECONDS,
    max_rows: int = MAX_ROWS,
    tell: Callable[[int, int], None] | None = None,
) -> FederatedAnswer:
    """Ask the stored federated query ``name``, or that of a ``.rq`` file, of the graph and of ``endpoint``, and return the joined rows.

    ``timeout`` in seconds holds for all requests together, ``max_rows`` for the rows of the endpoint; ``tell`` is called before the first request
    with the number of rows of identifiers and of requests.

    Raises UsageError for an unknown query or parameter and an address that is not asked; QueryError where the graph gives no identifier to send;
    LimitError where a limit leaves nothing to show; EndpointError for what the endpoint does wrong.
    """
    from .endpoints import ask_endpoint, check_endpoint

    query = federated_query(name) if isinstance(name, str) else name
    check_endpoint(endpoint)
    check_limits(timeout, max_rows)
    local, terms = _local(kg, query, params or {})
    places = [query.kept.index(one) for one in query.shared]
    keys: dict[tuple[Term, ...], list[int]] = {}
    for place, row in enumerate(local.terms):
        keys.setdefault(_key(query, row, places), []).append(place)
    if not keys:
        raise QueryError(
            f"The graph has nothing to send for '{query.name}': no link of ours fits. 'bri-kg ask identifiers-of' shows the links of a thing."
        )
    sent = list(keys)
    batches = [sent[start : start + BATCH] for start in range(0, len(sent), BATCH)]
    if tell:
        tell(len(sent), len(batches))
    asked, ends = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), time.monotonic() + timeout
    wanted = (*query.shared, *query.theirs)
    found: list[dict[str, Any]] = []
    answered, requests = endpoint, 0
    for batch in batches:
        if len(found) > max_rows:
            break
        left = ends - time.monotonic()
        if left <= 0:
            raise LimitError(
                f"{endpoint} has answered {requests} of {len(batches)} requests within the {timeout:g} seconds of --timeout; give more."
            )
        text = query.remote_sparql(batch, terms, max_rows + 1 - len(found))
        reply = ask_endpoint(endpoint, text, wanted, left)
        answered, requests = reply.url, requests + 1
        found += reply.rows
    cut = cut_at(max_rows) if len(found) > max_rows else None
    rows, reached, strays = _join(query, local.terms, keys, found[:max_rows])
    answer = Answer(Found("SELECT", query.columns, None, [row for _, row in rows], cut), kg.labels, query.name)
    silent = 0 if cut else len(sent) - reached
    continued = tuple(place for place, _ in rows)
    return FederatedAnswer(kg, query, answer, local, continued, answered, asked, requests, len(sent), silent, strays)


def federated_text(
    kg: KnowledgeGraph, name: str | FederatedQuery, params: Mapping[str, object] | None = None, endpoint: str = ""
) -> str:
    """Return the whole federated query as it would be asked, the identifiers written in; ``endpoint`` is by default the one it is written for.

    Nothing is sent. Raises UsageError for an unknown query or parameter.
    """
    query = federated_query(name) if isinstance(name, str) else name
    local, terms = _local(kg, query, params or {})
    places = [query.kept.index(one) for one in query.shared]
    keys = dict.fromkeys(_key(query, row, places) for row in local.terms)
    return query.whole_sparql(keys, terms, endpoint or query.endpoint or "https://example.org/sparql")


def _local(kg: KnowledgeGraph, query: FederatedQuery, params: Mapping[str, object]) -> tuple[Answer, dict[str, Term]]:
    """Return what the graph says for the query's first half, and the terms of the parameters."""
    wanted = {parameter.name: parameter for parameter in query.parameters}
    takes = query.signature or "no parameters"
    who, example = f"The federated query '{query.name}'", f"bri-kg federate {query.name} {takes} --show"
    check_given(who, query.parameters, params, takes, example)
    terms = {name: kg._argument(wanted[name], value) for name, value in params.items()}
    return kg.query(query.local_sparql(), **query.local_terms(terms)), terms


def _key(query: FederatedQuery, row: _Row, places: Sequence[int]) -> tuple[Term, ...]:
    key = tuple(term for place in places if (term := row[place]) is not None)
    if len(key) < len(places) or any(isinstance(term, ox.BlankNode) for term in key):
        raise QueryError(
            f"The federated query '{query.name}' leaves {' or '.join(f'?{name}' for name in query.shared)} unbound in the graph; bind what is sent."
        )
    return key


def _join(
    query: FederatedQuery,
    local: Sequence[_Row],
    keys: Mapping[tuple[Term, ...], list[int]],
    found: Sequence[Mapping[str, Any]],
) -> tuple[list[tuple[int, _Row]], int, int]:
    """Return the joined rows in order, each with the place of the row of ours; how many of ``keys`` had an answer; how many rows fit none."""
    ours = [(name, query.kept.index(name)) for name in query.ours]
    joined: dict[_Row, int] = {}
    reached: set[tuple[Any, ...]] = set()
    strays = 0
    for theirs in found:
        key = tuple(theirs.get(name) for name in query.shared)
        if key not in keys:
            strays += 1
            continue
        reached.add(key)
        for place in keys[key]:  # type: ignore[index]  # a key that is there has no unbound part
            values = {name: local[place][column] for name, column in ours} | {
                name: theirs.get(name) for name in query.theirs
            }
            joined.setdefault(tuple(values[name] for name in query.columns), place)
    order = [query.columns.index(name) for name in query.order]
    rows = [(place, row) for row, place in joined.items()]
    return sorted(rows, key=lambda one: [_rank(one[1][place]) for place in order]), len(reached), strays


def _rank(term: Term | None) -> tuple[int, float, str]:
    """Return where a term stands in an order: unbound, blank nodes, IRIs, numbers, other literals, as in SPARQL 1.1."""
    if term is None:
        return 0, 0, ""
    if isinstance(term, ox.Literal):
        if term.datatype.value.rpartition("#")[2] in (
            "integer",
            "decimal",
            "double",
            "float",
            "int",
            "long",
            "nonNegativeInteger",
        ):
            try:
                return 3, float(term.value), ""
            except ValueError:
                pass
        return 4, 0, term.value
    return (1 if isinstance(term, ox.BlankNode) else 2), 0, str(term)
