"""A small HTTP server for :class:`~bri_kg.reconciliation.ReconciliationService` on the loopback, for OpenRefine on the same machine."""

from __future__ import annotations

import http.server
import io
import socket
import sys
import threading
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..errors import UsageError
from ..graph import KnowledgeGraph
from .protocol import CORS, MAX_BODY, Reply, json_reply
from .service import ReconciliationService

__all__ = ["make_server"]

_FIELDS = 50
#: Seconds for which a connection may lie idle, a request may take to come in, and a reply to go out; connections at a time.
_IDLE, _COMING, _GOING = 30.0, 20.0, 30.0
_MOST_CONNECTIONS = 64
#: Seconds, and pieces of 64 kB, for which a refused client is let finish what it sends.
_FINISHING, _PIECES = 2.0, 256
#: Names of this machine. A page of another name that is made to lead here (DNS rebinding) is not answered.
_OWN_NAMES = frozenset(("", "127.0.0.1", "localhost", "::1"))


class _Incoming(io.RawIOBase):
    """What comes in over a connection; a request that is not there whole in time raises TimeoutError, however slowly it trickles."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._end = 0.0

    def wait_for_next(self) -> None:
        """Begin anew: the next request may be long in coming, its parts not."""
        self._end = 0.0

    def end_in(self, seconds: float) -> None:
        """Let what comes in come for so long, and no longer."""
        self._end = time.monotonic() + seconds

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come, at least a byte, or nothing at the end."""
        left = self._end - time.monotonic() if self._end else _IDLE
        if left <= 0:
            raise TimeoutError("the request is too slow")
        self._connection.settimeout(left)
        count = self._connection.recv_into(buffer)
        self._end = self._end or time.monotonic() + _COMING
        return count


class _Handler(http.server.BaseHTTPRequestHandler):
    """Reads a request whole, within limits, and hands it to the service."""

    server_version, sys_version = "bri-kg", ""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a connection that is kept waits 40 ms for the client's receipt
    command = requestline = ""
    service: ReconciliationService
    quiet = True

    def setup(self) -> None:
        """Take a connection, whose requests have to come in time."""
        super().setup()
        self._incoming = _Incoming(self.connection)
        self.rfile = io.BufferedReader(self._incoming)

    def handle_one_request(self) -> None:
        """Answer one request of the connection."""
        self._incoming.wait_for_next()
        super().handle_one_request()

    def _answer(self) -> None:
        try:
            host = urlsplit(f"//{self.headers.get('Host', '').strip()}").hostname or ""
        except ValueError:
            host = "?"
        if host not in _OWN_NAMES:
            self._refuse(403, "This service answers on this machine only; ask it as 127.0.0.1 or localhost.")
            return
        try:
            parts = urlsplit(self.path)
            fields = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_FIELDS)
            if self.command == "POST":
                body = self._body()
                if body is None:
                    return
                fields += parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS)
        except (ValueError, UnicodeDecodeError):
            self._refuse(400, "The form cannot be read; send it as application/x-www-form-urlencoded in UTF-8.")
            return
        if self.command != "POST" and (self.headers.get("Content-Length", "0") != "0" or self._is_chunked()):
            self.close_connection = True  # a body that nobody reads would be taken for the next request
        try:
            reply = self.service.handle(self.command, parts.path, dict(fields))
        except Exception as error:  # whatever it is, the client is told and the next request answered
            print(f"A request failed: {type(error).__name__}: {error}", file=sys.stderr)
            self._refuse(500, "The service failed on this request; what it said stands where it was started.")
            return
        self._send(reply)

    def _is_chunked(self) -> bool:
        return "Transfer-Encoding" in self.headers

    def _body(self) -> str | None:
        given = self.headers.get("Content-Length", "")
        kind = self.headers.get_content_type()
        if self._is_chunked() or not (given.isascii() and given.isdigit()):
            self._refuse(411, "Say how long the body is, in Content-Length.")
        elif len(given) > 12 or int(given) > MAX_BODY:
            self._refuse(413, f"The body is too long; send at most {MAX_BODY:,} bytes.")
        elif kind != "application/x-www-form-urlencoded":
            self._refuse(415, f"The body is {kind}; send application/x-www-form-urlencoded.")
        else:
            body = self.rfile.read(int(given))
            if len(body) == int(given):
                return body.decode("utf-8")
            self._refuse(400, f"The body ends after {len(body):,} of {int(given):,} bytes.")
        return None

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what cannot be read as a request, in JSON like every refusal."""
        self._refuse(int(code), f"{message or HTTPStatus(code).phrase}.")

    def _refuse(self, status: int, message: str) -> None:
        self.close_connection = True  # what is left of the body is not read
        reply = json_reply(status, {"status": "error", "message": message}, "")
        self._send(reply._replace(headers={**reply.headers, **CORS, "Connection": "close"}))
        self._let_finish()

    def _let_finish(self) -> None:
        """Take for a moment what the client still sends: one that finds the connection closed while it writes does not read why."""
        self._incoming.end_in(_FINISHING)
        try:
            self.connection.shutdown(socket.SHUT_WR)
            for _ in range(_PIECES):
                if not self.rfile.read1(65536):
                    break
        except (OSError, ValueError):
            return

    def _send(self, reply: Reply) -> None:
        self.connection.settimeout(_GOING)
        try:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            if self.close_connection and "Connection" not in reply.headers:
                self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD" and reply.status != 204:
                self.wfile.write(reply.body)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True

    do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - names of http.server

    def log_message(self, format: str, *args: object) -> None:
        """Say one line a request on standard error, unless quiet; without what the client sent beyond its first line."""
        if not self.quiet:
            print((format % args).translate(dict.fromkeys(range(32), " ")), file=sys.stderr)


class _Server(http.server.ThreadingHTTPServer):
    """A thread a connection, of which there may be so many; one more is closed at once. A client that breaks off is no error."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        self._places = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hand a connection to a thread of its own, where there is a place for it."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say in a line what went wrong with a connection; nothing where the client broke it off."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            print(f"A request failed: {type(error).__name__}: {error}", file=sys.stderr)


def make_server(kg: KnowledgeGraph, port: int = 0, quiet: bool = True) -> http.server.ThreadingHTTPServer:
    """Return a server on the loopback, ready for ``serve_forever()``; ``port`` 0 takes a free one (``server.server_port``).

    Raises UsageError for a port that cannot be had.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port}: give a number from 1 to 65535, or 0 for a free port.")
    handler = type("Handler", (_Handler,), {"quiet": quiet})
    try:
        server = _Server(("127.0.0.1", port), handler)
    except (OSError, socket.gaierror) as error:
        raise UsageError(f"Port {port} cannot be had: {error.strerror}. Give another with --port.") from error
    service = ReconciliationService(kg, f"http://127.0.0.1:{server.server_port}")
    service.prepare()
    handler.service = service  # type: ignore[attr-defined]
    return server
