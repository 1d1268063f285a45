"""A small HTTP server for :class:`~bri_kg.reconciliation.ReconciliationService` on the loopback, for OpenRefine on the same machine."""

from __future__ import annotations

import http.server
import socket
import sys
from urllib.parse import parse_qsl, urlsplit

from ..errors import UsageError
from ..graph import KnowledgeGraph
from .protocol import MAX_BODY, Reply
from .service import ReconciliationService

__all__ = ["make_server"]

_FIELDS = 50


class _Handler(http.server.BaseHTTPRequestHandler):
    """Reads a request whole, within limits, and hands it to the service."""

    server_version, sys_version = "bri-kg", ""
    protocol_version = "HTTP/1.1"
    timeout = 30
    service: ReconciliationService
    quiet = True

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        try:
            fields = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_FIELDS)
            if self.command == "POST":
                body = self._body()
                if body is None:
                    return
                fields += parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS)
        except (ValueError, UnicodeDecodeError):
            self._refuse(400, "The form cannot be read; send it as application/x-www-form-urlencoded in UTF-8.")
            return
        self._send(self.service.handle(self.command, parts.path, dict(fields)))

    def _body(self) -> str | None:
        given = self.headers.get("Content-Length", "")
        kind = self.headers.get_content_type()
        if not given.isdigit():
            self._refuse(411, "Say how long the body is, in Content-Length.")
        elif int(given) > MAX_BODY:
            self._refuse(413, f"The body has {int(given):,} bytes; send at most {MAX_BODY:,}.")
        elif kind != "application/x-www-form-urlencoded":
            self._refuse(415, f"The body is {kind}; send application/x-www-form-urlencoded.")
        else:
            return self.rfile.read(int(given)).decode("utf-8")
        return None

    def _refuse(self, status: int, message: str) -> None:
        import json

        self.close_connection = True  # what is left of the body is not read
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Access-Control-Allow-Origin": "*",
            "Connection": "close",
        }
        self._send(Reply(status, headers, json.dumps({"status": "error", "message": message}).encode()))

    def _send(self, reply: Reply) -> None:
        try:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD" and reply.status != 204:
                self.wfile.write(reply.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - names of http.server

    def log_message(self, format: str, *args: object) -> None:
        """Say one line a request on standard error, unless quiet; without what the client sent beyond its first line."""
        if not self.quiet:
            print((format % args).translate(dict.fromkeys(range(32), " ")), file=sys.stderr)


def make_server(kg: KnowledgeGraph, port: int = 0, quiet: bool = True) -> http.server.ThreadingHTTPServer:
    """Return a server on the loopback, ready for ``serve_forever()``; ``port`` 0 takes a free one (``server.server_port``).

    Raises UsageError for a port that cannot be had.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port}: give a number from 1 to 65535, or 0 for a free port.")
    handler = type("Handler", (_Handler,), {"quiet": quiet})
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, socket.gaierror) as error:
        raise UsageError(f"Port {port} cannot be had: {error.strerror}. Give another with --port.") from error
    server.daemon_threads = True
    handler.service = ReconciliationService(kg, f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    return server
