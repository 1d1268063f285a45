"""Verification of a card: it is read with distrust, run again under the limits of a free query, and compared part by part.

A card comes from anywhere. What has not the shape of a card is refused. Its query passes the same refusals as any other and its rows are found in
the worker process, within a time and a memory. Tracing them happens in the process that verifies; the command line gives that a process of its
own, which is killed when its time is over.

What running again cannot tell: whether ``written``, ``bri_kg`` and ``engine``, the time, version and engine that the card names, are true. The time
must be one in the form in which cards have it; another version or engine than here is told in a note. Only the checksum guards them, and whoever
computes that anew is not found out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ..errors import BriKgError, CheckFailed, LimitError, QueryError, UsageError
from ..sparql import Term
from . import ALGORITHM, checksum, graph_hash, make_card
from .comparing import MAX_ROWS, compare_answers, compare_asked, compare_graphs, compare_segments, count, remarks
from .reading import read_card, shown

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["Verdict", "read_card", "verify_apart", "verify_card"]

_START = 120.0
_ERRORS: dict[int, type[BriKgError]] = {1: CheckFailed, 2: UsageError, 3: QueryError, 4: LimitError}
_COMMAND = "import sys; sys.path[:] = sys.argv[4:]; from bri_kg.cards.verification import serve; serve(*sys.argv[1:4])"


class Verdict(NamedTuple):
    """What came of running a card again.

    ``altered`` is whether the card was changed after it was written, ``graph_differs`` whether the graph is another, ``changes`` says in sentences
    what is not as the card says, ``remarks`` what else is to be known; ``rows`` is the number of rows in the card.
    """

    altered: bool
    graph_differs: bool
    changes: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    rows: int = 0

    @property
    def state(self) -> str:
        """``same``, ``changed``, ``graph differs`` or ``altered``; the last says most against a card."""
        if self.altered:
            return "altered"
        return "graph differs" if self.graph_differs else "changed" if self.changes else "same"

    @property
    def summary(self) -> str:
        """The verdict in one sentence."""
        rest = "and it does not hold" if self.changes else "and rows, citations and digests are the same"
        return {
            "altered": "altered: the card was changed after it was written, its checksum does not fit.",
            "graph differs": f"graph differs: this is not the graph that the card was made from, {rest}.",
            "changed": "changed: the card does not hold here.",
            "same": f"same: {count(self.rows, 'row')}, citations, digests and graph are as the card says.",
        }[self.state]

    def __str__(self) -> str:
        found = [f"- {change}" for change in self.changes]
        if not found and self.state == "altered":
            found = ["- Run again, question, rows, citations and digests are as the card says."]
        if self.altered and self.graph_differs:
            found.insert(0, "- The graph is another than the card says.")
        return "\n".join([self.summary, *found, *(f"  ({remark})" for remark in self.remarks)]) + "\n"


def verify_card(kg: KnowledgeGraph, path: str | Path, timeout: float = 30.0) -> Verdict:
    """Run the card in the file ``path`` again over ``kg`` and say what is not as it says.

    ``timeout`` holds for finding the rows, not for tracing them. Raises UsageError, in one sentence, for what is no card, and LimitError where the
    query of an unaltered card does not end within its limits.
    """
    card = read_card(path)
    kg = kg.in_language(card["language"])
    altered = checksum(card) != card["checksum"]
    here = graph_hash(kg)
    if here != card["graph"]["hash"]:
        here = graph_hash(kg, anew=True)  # what is kept in the cache may be stale
    changes, notes = compare_asked(card, kg), []
    if card["graph"]["algorithm"] != ALGORITHM:
        changes.append(f"The hash of the graph is computed otherwise here: {ALGORITHM}.")
    try:
        fresh = _run_again(kg, card, timeout)
    except LimitError as error:
        if not altered:
            raise
        changes.append(f"The query cannot be run again: {error}")
        fresh = None
    except (QueryError, UsageError) as error:
        changes.append(f"The query cannot be run again: {error}")
        fresh = None
    if fresh:
        changes += compare_answers(card, fresh)
        notes += remarks(card, fresh, bool(changes))
    changes += compare_segments(card, fresh, kg)
    changes += compare_graphs(card, fresh, kg)
    return Verdict(altered, here != card["graph"]["hash"], tuple(changes), tuple(notes), len(card["citations"]))


def _run_again(kg: KnowledgeGraph, card: Mapping[str, Any], timeout: float) -> dict[str, Any]:
    """Return the card that the query of ``card`` makes now."""
    terms = {name: _term(name, one) for name, one in card["parameters"].items()}
    most = max(MAX_ROWS, len(card["rows"]) + 1)
    limit = min(card["max_rows"] or most, most)
    answer = kg.query(card["query"], timeout=timeout, max_rows=limit, **terms)
    return make_card(kg, answer.voiced(card["voice"]) if card["voice"] else answer)


def _term(name: str, value: Mapping[str, Any]) -> Term:
    if name in ("timeout", "max_rows"):
        raise UsageError(f"A parameter cannot be called {name}.")
    try:
        if value["type"] == "uri":
            return ox.NamedNode(value["value"])
        if value["type"] == "literal" and "xml:lang" in value:
            return ox.Literal(value["value"], language=value["xml:lang"])
        if value["type"] == "literal":
            kind = value.get("datatype", "http://www.w3.org/2001/XMLSchema#string")
            return ox.Literal(value["value"], datatype=ox.NamedNode(kind))
    except ValueError as error:
        raise UsageError(f"The value of the parameter {shown(name)} is no RDF term: {shown(str(error))}.") from error
    raise UsageError(f"The value of the parameter {shown(name)} must be an IRI or a literal.")


def verify_apart(path: str | Path, timeout: float = 30.0, external: Iterable[str] = ()) -> Verdict:
    """Verify a card against the packaged graph in a process that is killed when its time is over; raises as :func:`verify_card` does.

    ``external`` names the imported datasets that stand beside the graph, as in :func:`bri_kg.load`; a graph of the paper alone does not fit a
    card of an answer that was asked with them. Finding the rows has ``timeout`` seconds, and tracing them has as many.
    """
    import os
    import subprocess
    import sys

    from ..worker import check_limits

    check_limits(timeout, None)
    card = read_card(path)
    beside = ",".join(external)
    if beside:  # built here, and not within the time that the card has
        from ..external.combining import open_combined

        open_combined([beside])
    command = [sys.executable, "-S", "-c", _COMMAND, str(path), str(timeout), beside, *map(os.path.abspath, sys.path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_START + 2 * timeout)
        reply = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        if checksum(card) != card["checksum"]:
            raise CheckFailed(
                "The card was altered, and its query goes beyond the limits of time and memory."
            ) from error
        raise LimitError(
            f"Verifying takes more time or memory than it may; give it longer with --timeout, now {timeout:g}."
        ) from error
    if "error" in reply:
        raise _ERRORS.get(reply["code"], BriKgError)(reply["error"])
    return Verdict(
        reply["altered"], reply["graph_differs"], tuple(reply["changes"]), tuple(reply["remarks"]), reply["rows"]
    )


def serve(path: str, timeout: str, beside: str) -> None:
    """Verify a card in this process, beside the named datasets, and write the verdict as JSON; memory and the time for tracing are bounded."""
    import sys

    from ..graph import load

    try:
        kg = load(language=read_card(path)["language"], external=[beside] if beside else ())
        kg.worker.run("ASK {}", _START)  # it inherits limits, so it starts before they are set
        _bound_memory()
        reply: dict[str, Any] = verify_card(kg, path, float(timeout))._asdict()
    except BriKgError as error:
        reply = {"error": str(error), "code": error.exit_code}
    except MemoryError:
        return
    sys.stdout.write(json.dumps(reply))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    from ..worker import MEMORY

    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError):  # no such file, or no such limit here
        pass
