"""Inside the worker process: one graph, queries in, rows out, and as little else as the kernel lets a process give up.

Python cannot stop a query, but the engine lets go of the interpreter's lock while it searches. So a second thread reads the parent's messages:
when told that the time is over it hands over the rows found so far and ends the process, and it ends it when the parent is gone.

What holds, on Linux:

* no new file descriptor. The limit on open files is set to the lowest number that is free, with the graph open: neither a socket nor a file can
  be opened from then on, by Python or by the engine's own HTTP client. Descriptors that are open stay so (the pipes, the graph's files);
* address space bounded above what the loaded graph takes (``RLIMIT_AS``; the process aborts), no growth of files, no core dumps;
* an alarm that ends the process soon after the query's time even where the parent was stopped or killed.

Elsewhere the parent's kill and the refusals of :mod:`bri_kg.sparql` remain: macOS bounds files but not address space, Windows neither. It is a
wall against queries, not against code: the process keeps its user's rights.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import struct
import sys
import threading
import time
from typing import Any, BinaryIO, NoReturn

import pyoxigraph as ox

from .citing.tracing import Asked, trace
from .errors import BriKgError
from .graph import KnowledgeGraph
from .results import FAILURES, Row, heading, solutions
from .sparql import Term, evaluate

__all__ = ["GRACE", "MAX_BYTES", "OUT_OF_MEMORY", "receive", "send", "serve"]

#: An answer that is longer than this, written out, is cut: it has to fit into the parent's memory, several times over.
MAX_BYTES = 128 << 20
#: Seconds that a worker has to hand over its rows once the time is over.
GRACE = 0.5
#: Exit code of a worker to which the interpreter refused memory; the engine aborts instead.
OUT_OF_MEMORY = 12

_BATCH_ROWS = 1_000
_BATCH_SECONDS = 0.05
_LENGTH = struct.Struct("!Q")


def send(stream: BinaryIO, message: object) -> int:
    """Write one message and return its length."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()
    return len(data)


def receive(stream: BinaryIO) -> Any:
    """Return the next message. Raises EOFError where the other side has ended, also within a message."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    length: int = _LENGTH.unpack(head)[0]
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)


def serve() -> NoReturn:
    """Run the worker: open the graph that the first message names, then answer a query, or cite an answer, a message until the parent is gone."""
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to handle
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    try:
        _Desk(sys.stdin.buffer, sys.stdout.buffer).run()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:  # the parent is gone, or the engine panicked; an orderly exit would wait for the other thread
        os._exit(1)


class _Desk:
    """Takes messages in one thread and answers them in another."""

    def __init__(self, inward: BinaryIO, outward: BinaryIO) -> None:
        self._inward, self._outward = inward, outward
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._rows: list[Row] = []
        self._writing = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while (message := receive(self._inward)) is not None:
                self._waiting.put(message)
            self._hand_over()
        finally:
            os._exit(0)

    def run(self) -> NoReturn:
        folder, memory = self._waiting.get()
        try:
            store = ox.Store.read_only(folder or "")
        except (OSError, ValueError):
            send(self._outward, ("send",))
            store = ox.Store()
            store.bulk_extend(ox.parse(self._waiting.get(), format=ox.RdfFormat.N_QUADS))
        _close_doors(memory)
        send(self._outward, ("ready",))
        while True:
            kind, task, max_rows, timeout = self._waiting.get()
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, timeout + 2 * GRACE)
            reply = self._cite(store, task) if kind == "cite" else self._answer(store, task, max_rows)
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)
            with self._writing:
                send(self._outward, reply)

    def _answer(self, store: ox.Store, text: str, max_rows: int | None) -> tuple[str, str]:
        """Send heading and rows, and return the last message: what limit was met, if any, or what was wrong with the query."""
        try:
            result = evaluate(store, text)
            with self._writing:
                send(self._outward, ("heading", heading(result)))
            size = 0
            flushed = time.monotonic()
            for count, solution in enumerate(solutions(result)):
                if count == max_rows:
                    self._hand_over()
                    return "done", "rows"
                self._rows.append(tuple(solution))
                if len(self._rows) >= _BATCH_ROWS or time.monotonic() - flushed > _BATCH_SECONDS:
                    size += self._hand_over(MAX_BYTES - size)
                    flushed = time.monotonic()
                    if size > MAX_BYTES:
                        return "done", "size"
            return "done", "size" if size + self._hand_over(MAX_BYTES - size) > MAX_BYTES else ""
        except BriKgError as error:
            return "error", str(error)
        except FAILURES as error:
            return "error", f"The query failed while it ran: {error}."

    def _cite(self, store: ox.Store, asked: Asked) -> tuple[str, str]:
        """Send the citations of an answer."""
        try:
            cited = trace(KnowledgeGraph(store), asked)
        except BriKgError as error:
            return "error", str(error)
        with self._writing:
            send(self._outward, ("citations", cited))
        return "done", ""

    def _hand_over(self, room: int = MAX_BYTES) -> int:
        """Send the rows that wait, as many as have ``room``, and return the size of all of them, written out."""
        with self._writing:
            rows, self._rows = self._rows, []
            known: dict[Term | None, tuple[Term | None, int]] = {}  # a term that comes again is written once
            fitting: list[Row] = []
            size = 0
            for row in rows:
                terms = [known.get(term) or known.setdefault(term, (term, len(str(term)))) for term in row]
                size += sum(length for _, length in terms)
                if size > room:
                    break
                fitting.append(tuple(term for term, _ in terms))
            if fitting:
                send(self._outward, ("rows", fitting))
            return size


def _close_doors(memory: int) -> None:
    """Give up what a query does not need; see the module's docstring for what this is worth."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 (pathlib would cost its import)
            base = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (base + memory, base + memory))
    except (OSError, ValueError):  # no such file, or no such limit here
        pass
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
