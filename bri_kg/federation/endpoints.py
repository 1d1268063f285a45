"""Asking a SPARQL endpoint elsewhere, by the SPARQL 1.1 Protocol: the only module that opens a connection to another machine.

A query goes out as a form by POST and comes back as SPARQL 1.1 Query Results JSON. The exchange runs in a thread of its own, so that its time limit
holds for all of it: resolving the name, redirects, headers, and a body that comes one byte at a time. Only ``http`` and ``https`` are spoken, no
credentials are sent, no redirect is followed from the open network into the user's own, compressed answers are neither asked for nor read, and what
is not as it should be is said in one sentence.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from ..errors import BriKgError, EndpointError, LimitError, UsageError
from .refusals import refusal
from .results import RemoteTerm, one_line, read_results

if TYPE_CHECKING:
    import http.client

__all__ = ["MAX_BYTES", "MAX_REDIRECTS", "Reply", "ask_endpoint", "check_endpoint", "is_public", "user_agent"]

#: The largest answer that is read, in bytes.
MAX_BYTES = 20_000_000
MAX_REDIRECTS = 5

_RESULTS = "application/sparql-results+json"
_READABLE = {_RESULTS, "application/json"}
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65_536
#: What an address may hold as it is; other characters of its path are written as %C3%A4.
_ADDRESS = "%/:=&?~#+!$,;'@()*[]"


class Reply(NamedTuple):
    """What an endpoint answered: the address that did, after redirects, and the rows, each from variable to term."""

    url: str
    rows: list[dict[str, RemoteTerm]]


def user_agent() -> str:
    """Return how the program calls itself to an endpoint: its name, version and page, and the library that speaks."""
    import platform

    from .. import __version__
    from ..names import BASE

    return f"BRI-KG/{__version__} (+{BASE}) Python-urllib/{platform.python_version()}"


def check_endpoint(url: str) -> str:
    """Return ``url`` if it may be asked. Raises UsageError for another scheme than http and https, a missing host, and credentials."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"--endpoint is no address: {error}. Write it as in https://example.org/sparql.") from error
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "--endpoint holds a name or password; none is ever sent. Give the address of an endpoint that is open."
        )
    if parts.scheme not in ("http", "https"):
        scheme = f"{parts.scheme}:" if parts.scheme else "without a scheme"
        raise UsageError(
            f"--endpoint {url} is {scheme}; only http: and https: are asked, as in https://example.org/sparql."
        )
    if not host or re.search(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`]", url):
        raise UsageError(f"--endpoint {url!r} is no address of an endpoint; write it as in https://example.org/sparql.")
    return url


def ask_endpoint(url: str, query: str, wanted: Sequence[str], seconds: float, max_bytes: int = MAX_BYTES) -> Reply:
    """Send a SELECT ``query`` to the endpoint at ``url`` and return its rows, in which each variable of ``wanted`` may be bound.

    Raises UsageError for an address that is not asked, LimitError where ``seconds`` or ``max_bytes`` do not suffice, EndpointError for everything
    that the endpoint or the way to it does wrong.
    """
    exchange = _Exchange(check_endpoint(url), query, seconds, max_bytes)
    answered, content = exchange.run()
    return Reply(answered, read_results(content, wanted, answered))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network, and none of this machine or of a network of its own."""
    import ipaddress

    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global


def _written(url: str) -> str:
    """Return an address as it goes over the wire: its path in ASCII, percent-encoded; a host of other letters is left to the library."""
    parts = urlsplit(url)
    path, query = quote(parts.path, safe=_ADDRESS), quote(parts.query, safe=_ADDRESS)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


class _Exchange:
    """One query and its answer, in a thread that is left alone, with its connection cut, when the time is up."""

    def __init__(self, url: str, query: str, seconds: float, max_bytes: int) -> None:
        self._url, self._body = url, urlencode({"query": query}).encode()
        self._seconds, self._max_bytes = seconds, max_bytes
        self._ends = time.monotonic() + seconds
        self._done = threading.Event()
        self._found: tuple[str, bytes] | None = None
        self._error: BaseException | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._is_outside = False

    def run(self) -> tuple[str, bytes]:
        thread = threading.Thread(target=self._work, name="bri-kg endpoint", daemon=True)
        thread.start()
        if not self._done.wait(max(self._ends - time.monotonic(), 0)):
            self._cut_off()
            # A connection that is cut ends at once; a name that is being resolved may take longer, and is left behind.
            thread.join(1)
            raise self._late()
        if self._error is not None:
            raise self._in_words(self._error) from self._error
        assert self._found is not None
        return self._found

    def _late(self) -> LimitError:
        return LimitError(
            f"{self._url} has not answered in full within the time limit of {self._seconds:g} seconds; give a larger --timeout, or ask for less."
        )

    def _cut_off(self) -> None:
        for found in (self._socket, self._connection and self._connection.sock):
            if found:
                with contextlib.suppress(OSError):
                    found.shutdown(socket.SHUT_RDWR)

    def _work(self) -> None:
        try:
            self._found = self._exchange()
        except BaseException as error:  # it is raised in the thread that waits
            self._error = error
        finally:
            self._done.set()

    def _exchange(self) -> tuple[str, bytes]:
        from urllib.request import Request

        opener = self._opener()
        url, body = self._url, self._body
        headers = {"Accept": f"{_RESULTS}, application/json;q=0.5", "User-Agent": user_agent()}
        for _ in range(MAX_REDIRECTS + 1):
            form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            request = Request(_written(url), body or None, headers | form, method="POST" if body else "GET")
            with opener.open(request, timeout=max(self._ends - time.monotonic(), 0.001)) as response:
                if response.status not in _REDIRECTS:
                    return url, self._read(url, response)
                url = self._redirected(url, response.headers.get("Location", ""))
                if response.status == 303:  # "see the result there"; the others keep method and form
                    body = b""
        raise EndpointError(f"{self._url} redirects more than {MAX_REDIRECTS} times; give the address that answers.")

    def _connected(self, connection: http.client.HTTPConnection) -> None:
        """Look at the address that a connection has reached, before anything is sent. Raises EndpointError for one that a redirect must not reach."""
        self._socket = connection.sock
        address = str(connection.sock.getpeername()[0])
        if is_public(address):
            self._is_outside = True
        elif self._is_outside:
            connection.close()
            raise EndpointError(
                f"{self._url} redirects to {connection.host} ({address}), which is in a network of your own; it is not asked."
            )

    def _opener(self) -> Any:
        """Return an opener that speaks HTTP, through the proxies of the environment, and nothing else: no files, no FTP, no redirects of its own."""
        import http.client
        from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler

        exchange = self

        class Plain(http.client.HTTPConnection):
            def connect(self) -> None:
                exchange._connection = self
                super().connect()
                exchange._connected(self)

        class Secure(http.client.HTTPSConnection):
            def connect(self) -> None:
                exchange._connection = self
                super().connect()
                exchange._connected(self)

        class PlainHandler(HTTPHandler):
            def http_open(self, request: Any) -> http.client.HTTPResponse:
                return self.do_open(Plain, request)

        class SecureHandler(HTTPSHandler):
            def https_open(self, request: Any) -> http.client.HTTPResponse:
                return self.do_open(Secure, request)

        opener = OpenerDirector()
        opener.addheaders = []
        for handler in (ProxyHandler(), PlainHandler(), SecureHandler()):
            opener.add_handler(handler)
        return opener

    def _redirected(self, url: str, location: str) -> str:
        there = urljoin(url, location)
        try:
            check_endpoint(there)
        except UsageError:
            raise EndpointError(
                f"{url} redirects to {one_line(there)!r}, which is not asked: no http: or https: address."
            ) from None
        if url.startswith("https:") and not there.startswith("https:"):
            raise EndpointError(f"{url} redirects to {there}, which is not encrypted; it is not asked.")
        return there

    def _read(self, url: str, response: Any) -> bytes:
        headers = response.headers
        if response.status != 200:
            raise refusal(url, response.status, response.reason, headers, self._beginning(response))
        kind = headers.get_content_type() if headers.get("Content-Type") else "no content type"
        if kind not in _READABLE:
            page = (
                " That is a web page; the endpoint has another address, which often ends in /sparql."
                if "html" in kind
                else ""
            )
            raise EndpointError(f"{url} answers with {one_line(kind)}, not with {_RESULTS}.{page}")
        coding = headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("", "identity"):
            raise EndpointError(
                f"{url} answers in {one_line(coding)} though no compression was asked for; that is not read."
            )
        told = headers.get("Content-Length", "")
        size = int(told) if told.isascii() and told.isdigit() else None
        content = bytearray()
        while size is None or size <= self._max_bytes:
            piece = response.read(_CHUNK)
            content += piece
            if not piece:
                if size is not None and len(content) < size:
                    raise EndpointError(f"{url} broke off after {len(content):,} of {size:,} bytes; ask again.")
                return bytes(content)
            if len(content) > self._max_bytes:
                break
        raise LimitError(
            f"{url} answers with more than {self._max_bytes:,} bytes, which are not read; give a smaller --max-rows, or ask for less."
        )

    def _beginning(self, response: Any) -> str:
        """Return the beginning of an answer that is an error, if it is plain text."""
        kind, coding = response.headers.get_content_type(), response.headers.get("Content-Encoding")
        if kind not in ("text/plain", "application/json") or coding:
            return ""
        with contextlib.suppress(Exception):
            return str(response.read(_CHUNK).decode("utf-8", "replace"))
        return ""

    def _in_words(self, error: BaseException) -> BaseException:
        """Return an error of the network as one that a reader understands."""
        import http.client
        import ssl
        from urllib.error import URLError

        if isinstance(error, BriKgError):
            return error
        if isinstance(error, URLError) and isinstance(error.reason, BaseException):
            error = error.reason
        host = urlsplit(self._url).netloc
        if isinstance(error, TimeoutError):
            return self._late()
        if isinstance(error, socket.gaierror) or (isinstance(error, UnicodeError) and not host.isascii()):
            return EndpointError(
                f"The name {urlsplit(self._url).hostname} cannot be resolved; check --endpoint, and whether there is a network."
            )
        if isinstance(error, ConnectionRefusedError):
            return EndpointError(f"Nothing listens at {host}; check --endpoint, or start the server.")
        if isinstance(error, ssl.SSLError):
            return EndpointError(
                f"{host} shows no valid certificate or speaks no TLS ({one_line(str(error))}); it is not asked."
            )
        if isinstance(error, (OSError, http.client.HTTPException, URLError, ValueError)):
            why = one_line(str(error)) or type(error).__name__
            return EndpointError(f"{self._url} broke off or speaks no HTTP ({why}); check --endpoint, or ask again.")
        return error
