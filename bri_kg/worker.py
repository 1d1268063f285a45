"""A worker process in which a query runs that nobody vouches for, and which can be killed.

A running query cannot be stopped from Python, and a deeply nested one ends its process. So free queries run in a process of their own, which is
started when first needed, kept for the next query, and replaced once it had to be killed or died. It opens the same store from the cache, or gets
the graph over a pipe as it is when the worker starts; it holds what :mod:`bri_kg.sandbox` says. Rows come over as they are found, so that those of
a query that runs out of time are not lost.
"""

from __future__ import annotations

import os
import signal
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph as ox

from .errors import LimitError, QueryError, UsageError
from .results import Found, Row, cut_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    from .citing.tracing import Asked
    from .lineage import Citation

__all__ = ["MEMORY", "Worker", "check_limits"]

#: Bytes that a query may take beyond those of the loaded graph.
MEMORY = 2 << 30
#: Seconds that opening the graph may take.
_START = 120.0
_DAY = 86_400
_COMMAND = "import sys; sys.path[:] = sys.argv[1:]; from bri_kg.sandbox import serve; serve()"


def check_limits(timeout: float | None, max_rows: int | None) -> None:
    """Raise UsageError for limits that mean nothing."""
    if timeout is not None and not (_is_number(timeout) and 0 < timeout <= _DAY):
        raise UsageError(f"A time limit of {timeout} does not work; give more than 0 and at most {_DAY:,} seconds.")
    if max_rows is not None and not (isinstance(max_rows, int) and _is_number(max_rows) and max_rows >= 1):
        raise UsageError(f"A limit of {max_rows} rows does not work; give a whole number from 1.")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Worker:
    """A process that answers prepared queries over ``store``; one at a time, also when several threads ask.

    ``folder`` is where the same store lies on disk, ``memory`` how many bytes a query may take. Use it in a ``with`` statement or call
    :meth:`close`; the process also ends with this object and with the interpreter, however that ends.
    """

    def __init__(self, store: ox.Store, folder: Path | None = None, memory: int = MEMORY) -> None:
        self._store, self._folder, self._memory = store, folder, memory
        self._process: Popen[bytes] | None = None
        self._end: Any = None
        self._owner = 0
        self._busy = threading.Lock()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id; None while no process runs."""
        return self._process.pid if self._process and self._owner == os.getpid() else None

    def close(self) -> None:
        """End the process. Another query would start a new one."""
        with self._busy:
            self._drop()

    def run(self, text: str, timeout: float, max_rows: int | None = None) -> Found:
        """Answer a query that :func:`bri_kg.sparql.prepare` has passed, within ``timeout`` seconds after the start of the process.

        Rows are cut at ``max_rows``, at the end of the time, and where memory ends. Raises LimitError where a limit leaves no row to show,
        QueryError for a query that the engine does not take.
        """
        check_limits(timeout, max_rows)
        found, rows = Found(""), list[Row]()

        def take(kind: str, content: Any) -> None:
            nonlocal found
            if kind == "heading":
                found = content
            else:
                rows.extend(content)

        why = self._exchange(("query", text, max_rows), timeout, take)
        return found._replace(rows=rows, cut=_cut(why, len(rows), max_rows, timeout, self._memory))

    def cite(self, asked: Asked, timeout: float) -> list[list[Citation]]:
        """Return the citations of an answer within ``timeout`` seconds.

        Raises QueryError for a row that cannot be traced, LimitError where time, memory or depth do not suffice.
        """
        cited: list[list[Citation]] = []
        why = self._exchange(("cite", asked, None), timeout, lambda _, content: cited.extend(content))
        if why:
            cause, remedy = _cause(why, timeout, self._memory)
            raise LimitError(f"Citing the answer {cause}; {remedy}, or ask without --cite.")
        return cited

    def _exchange(self, task: tuple[Any, ...], timeout: float, take: Callable[[str, Any], None]) -> str:
        """Have a task done, hand over what comes, and return why it ended early, if it did."""
        with self._busy:
            try:
                return self._follow(task, timeout, take)
            except QueryError:
                raise
            except (
                BaseException
            ):  # above all an interrupt: what the process does next would be read as the next query's answer
                self._drop()
                raise

    def _follow(self, task: tuple[Any, ...], timeout: float, take: Callable[[str, Any], None]) -> str:
        from .sandbox import receive, send

        inward, outward = self._started()
        clock = _Clock(self._process, timeout)
        try:
            send(outward, (*task, timeout))
            while True:
                kind, content = receive(inward)
                if kind in ("done", "error"):
                    break
                take(kind, content)
        except (EOFError, OSError):
            kind, content = "died", ""
        finally:
            clock.stop()
        if kind == "error":
            raise QueryError(content)
        why: str = content
        if kind == "died":
            why = "time" if clock.expired else self._cause_of_death()
        if kind == "died" or clock.expired:
            self._drop()
        return why

    def _started(self) -> tuple[BinaryIO, BinaryIO]:
        """Return the pipes from and to a living process that has the graph open."""
        if self._process and self._owner == os.getpid() and self._process.poll() is None:
            return _pipes(self._process)
        from .sandbox import receive, send

        self._drop()
        try:
            self._process = process = _start()
        except OSError as error:
            raise LimitError(f"The worker process for free queries cannot be started: {error}.") from error
        self._owner = os.getpid()
        self._end = weakref.finalize(self, _kill, process, self._owner)
        inward, outward = _pipes(process)
        clock = _Clock(process, _START)
        try:
            send(outward, (str(self._folder) if self._folder else None, self._memory))
            if receive(inward)[0] == "send":
                send(outward, self._store.dump(format=ox.RdfFormat.N_QUADS))
                receive(inward)
        except (EOFError, OSError) as error:
            late = f"within {_START:.0f} seconds" if clock.expired else f"(exit code {process.wait()})"
            raise LimitError(
                f"The worker process for free queries did not start {late}; try again, or with more memory."
            ) from error
        finally:
            clock.stop()
        return inward, outward

    def _cause_of_death(self) -> str:
        from .sandbox import OUT_OF_MEMORY

        code = self._process.wait() if self._process else 0
        if code in (-signal.SIGSEGV, 0xC00000FD):
            return "depth"
        if code in (-signal.SIGABRT, OUT_OF_MEMORY):
            return "memory"
        return "time" if hasattr(signal, "SIGALRM") and code == -signal.SIGALRM else f"exit code {code}"

    def _drop(self) -> None:
        if self._end:
            self._end()
        self._process = self._end = None


class _Clock:
    """Ends a process when its time is over: asks for its rows first, then kills."""

    def __init__(self, process: Popen[bytes] | None, seconds: float) -> None:
        self.expired = False
        self._process = process
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def _ring(self) -> None:
        from subprocess import TimeoutExpired

        from .sandbox import GRACE, send

        self.expired = True
        if self._process:
            try:
                send(_pipes(self._process)[1], None)
                self._process.wait(GRACE)
            except (OSError, ValueError, TimeoutExpired):
                self._process.kill()

    def stop(self) -> None:
        self._timer.cancel()
        self._timer.join()


def _start() -> Popen[bytes]:
    import subprocess
    import sys

    command = [
        sys.executable,
        "-S",
        "-c",
        _COMMAND,
        *map(os.path.abspath, sys.path),
    ]  # -S: the path is given, site not needed
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _pipes(process: Popen[bytes]) -> tuple[BinaryIO, BinaryIO]:
    if not process.stdin or not process.stdout:
        raise OSError("the pipes are closed")
    return process.stdout, process.stdin  # type: ignore[return-value]


def _kill(process: Popen[bytes], owner: int) -> None:
    """End ``process`` and close its pipes; in a process that was forked from its owner, only forget it."""
    mine = os.getpid() == owner
    if mine:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what was not yet written cannot be
            if pipe:
                pipe.close()
    if mine:
        process.wait()
    else:
        process.returncode = 0  # for Popen's own clearing up


def _cut(why: str, count: int, max_rows: int | None, timeout: float, memory: int) -> str | None:
    """Return the sentence of a cut answer, None for a whole one. Raises LimitError where there is no row to show."""
    if why in ("", "rows"):
        return cut_at(max_rows) if why else None
    cause, remedy = _cause(why, timeout, memory)
    if not count:
        raise LimitError(f"The query {cause}, with no row to show until then; {remedy}.")
    rows = "first row" if count == 1 else f"first {count:,} rows"
    return f"Cut: the {rows}; the query {cause}; {remedy}."


def _cause(why: str, timeout: float, memory: int) -> tuple[str, str]:
    """Return what a query met, and what can be done."""
    seconds = f"{timeout:g} second{'' if timeout == 1 else 's'}"
    causes = {
        "time": (f"took longer than {seconds}", f"give it longer with --timeout, now {timeout:g}"),
        "memory": (
            f"needed more than {memory / (1 << 20):,.0f} MB of memory",
            "ask for less, without sorting or joining everything",
        ),
        "depth": ("nests more deeply than the engine can follow", "write it flatter"),
        "size": ("gave more than an answer can hold", "ask for fewer or shorter values"),
    }
    return causes.get(why, (f"lost its process, which was ended from outside ({why})", "ask again"))
