"""The client of endpoints against servers that refuse, dawdle and answer wrongly, each on a socket of the loopback."""

import gzip
import json
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from bri_kg import KnowledgeGraph, __version__
from bri_kg.errors import BriKgError, EndpointError, LimitError, UsageError
from bri_kg.federation import federate
from bri_kg.federation.endpoints import _Exchange, ask_endpoint, check_endpoint, is_public
from bri_kg.federation.results import read_results

Handler = Callable[[socket.socket, bytes], None]
Serve = Callable[..., str]

RESULTS = "application/sparql-results+json"
LAOS, NAME = "http://www.wikidata.org/entity/Q819", {"type": "literal", "value": "Laos", "xml:lang": "en"}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that reads a request and lets the handler answer it; no thread of the client or of a server is left at the end."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(handler: Handler, address: str = "127.0.0.1") -> str:
        listener = socket.create_server((address, 0))
        listeners.append(listener)

        def work() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(10)
                    try:
                        handler(connection, _request(connection))
                        connection.shutdown(socket.SHUT_WR)
                        while connection.recv(4096):  # so that what was not read does not reset the connection
                            pass
                    except OSError:
                        pass

        threads.append(threading.Thread(target=work, daemon=True))
        threads[-1].start()
        return f"http://{address}:{listener.getsockname()[1]}/sparql"

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join(12)
    ends = time.monotonic() + 5
    while time.monotonic() < ends and any(thread.name == "bri-kg endpoint" for thread in threading.enumerate()):
        time.sleep(0.02)
    assert not [
        thread
        for thread in [*threads, *threading.enumerate()]
        if thread.name == "bri-kg endpoint" or (thread in threads and thread.is_alive())
    ]


def _request(connection: socket.socket) -> bytes:
    content = b""
    while b"\r\n\r\n" not in content:
        piece = connection.recv(65536)
        if not piece or piece[0] == 22:  # the end, or a TLS handshake
            return content + piece
        content += piece
    head, _, body = content.partition(b"\r\n\r\n")
    size = re.search(rb"(?i)content-length: (\d+)", head)
    while size and len(body) < int(size[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _answer(body: bytes = b"", status: str = "200 OK", kind: str = RESULTS, **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    size = "" if "Content_Length" in headers else f"Content-Length: {len(body)}\r\n"
    what = f"Content-Type: {kind}\r\n" if kind else ""
    return f"HTTP/1.1 {status}\r\n{what}{size}{more}\r\n".encode() + body


def _always(answer: bytes) -> Handler:
    return lambda connection, _: connection.sendall(answer)


def _rows(*rows: dict[str, object], names: tuple[str, ...] = ("item", "their_name")) -> bytes:
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": rows}}).encode()


def _row(value: object = NAME, item: str = LAOS) -> dict[str, object]:
    return {"item": {"type": "uri", "value": item}, "their_name": value}


def _ask(url: str, seconds: float = 5, most: int = 1_000_000) -> list[dict[str, object]]:
    return ask_endpoint(url, "SELECT ?item ?their_name {}", ("item", "their_name"), seconds, most).rows  # type: ignore[return-value]


# What is sent, and what is read


def test_the_query_goes_by_post_with_an_honest_name_and_nothing_else(serve: Serve) -> None:
    seen: list[bytes] = []
    url = serve(lambda connection, request: (seen.append(request), connection.sendall(_answer(_rows(_row()))))[1])
    [row] = _ask(url)
    assert row == {"item": ox.NamedNode(LAOS), "their_name": ox.Literal("Laos", language="en")}
    head, _, body = seen[0].decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert first == "POST /sparql HTTP/1.1"
    assert parse_qs(body) == {"query": ["SELECT ?item ?their_name {}"]}
    assert re.fullmatch(
        rf"BRI-KG/{re.escape(__version__)} \(\+https://w3id\.org/bri-kg/\) Python-urllib/3\.\d+\.\d+",
        headers["user-agent"],
    )
    assert headers["accept"].startswith(RESULTS)
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["accept-encoding"] == "identity"
    assert {*headers} == {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }


def test_each_kind_of_term_is_read() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = [
        {"type": "uri", "value": "urn:x"},
        {"type": "literal", "value": "x"},
        {"type": "literal", "value": "7", "datatype": xsd + "integer"},
        {"type": "typed-literal", "value": "7", "datatype": xsd + "integer"},
        {"type": "bnode", "value": "b0"},
        {"type": "bnode", "value": "b0"},
        {"type": "literal", "value": "red\x1b[31m\x07\x9b"},
    ]
    rows = read_results(_rows(*({"a": value} for value in values), {}, names=("a",)), ("a",), "http://x/")
    found = [row.get("a") for row in rows]
    assert found[:4] == [ox.NamedNode("urn:x"), ox.Literal("x"), ox.Literal(7), ox.Literal(7)]
    assert isinstance(found[4], ox.BlankNode)
    assert found[4] == found[5]
    assert found[6] == ox.Literal("red\ufffd[31m\ufffd\ufffd")  # nothing that a terminal obeys comes through
    assert found[7] is None


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent", "303 See Other"])
def test_a_redirect_is_followed(serve: Serve, status: str) -> None:
    seen: list[bytes] = []
    there = serve(lambda connection, request: (seen.append(request), connection.sendall(_answer(_rows(_row()))))[1])
    here = serve(_always(_answer(status=status, Location=there)))
    reply = ask_endpoint(here, "SELECT", ("item",), 5)
    assert (reply.url, len(reply.rows)) == (there, 1)
    assert seen[0].startswith(b"GET" if "303" in status else b"POST")
    assert seen[0].endswith(b"\r\n\r\n" if "303" in status else b"query=SELECT")


# Refusals


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (_answer(status="429 Too Many", Retry_After="17"), "was asked too often (HTTP 429 Too Many); wait 17 seconds, then ask again."),
        (
            _answer(status="429 Slow", Retry_After="Wed, 25 Nov 2026 07:28:00 GMT"),
            "(HTTP 429 Slow); wait until Wed, 25 Nov 2026 07:28:00 GMT, then ask again.",
        ),
        (_answer(status="429 Slow"), "wait some minutes, then ask again."),
        (_answer(b"banned", "403 Forbidden", "text/plain"), "refuses (HTTP 403 Forbidden); no account or password is ever sent"),
        (_answer(status="401 Unauthorized", WWW_Authenticate="Basic"), "refuses (HTTP 401 Unauthorized)"),
        (_answer(b"Java\nheap\x1b[2J", "500 Internal", "text/plain"), "failed (HTTP 500 Internal); wait some minutes, then ask again, or ask for"
         " less. It says: Java heap\ufffd[2J"),
        (_answer(b"x" * 900 + b"java.util.concurrent.TimeoutException", "500 E", "text/plain"), "ran out of its own time (HTTP 500 E); ask for less"),
        (_answer(status="504 Late"), "ran out of its own time (HTTP 504 Late); ask for less"),
        (_answer(status="503 Busy", Retry_After="9"), "failed (HTTP 503 Busy); wait 9 seconds"),
        (_answer(b"<html>", "404 Not Found", "text/html"), "is no SPARQL endpoint that takes a query by POST (HTTP 404 Not Found)"),
        (_answer(b"parse error", "400 Bad Request", "text/plain"), "does not take the query (HTTP 400 Bad Request). It says: parse error"),
        (_answer(status="204 Empty"), "does not take the query (HTTP 204 Empty)."),
        (_answer(b"<html>", kind="text/html; charset=utf-8"), f"answers with text/html, not with {RESULTS}. That is a web page"),
        (_answer(b"{}", kind=""), "answers with no content type"),
        (_answer(gzip.compress(bytes(30_000_000)), Content_Encoding="gzip"), "answers in gzip though no compression was asked for"),
        (_answer(b'{"head": {"vars": ["item"'), "answers with broken JSON"),
        (_answer(b"\xff\xfe\xff"), "answers with broken JSON"),
        (
            _answer(_rows(_row())[:-30] + b"SPARQL-QUERY: queryStr=x\njava.util.concurrent.TimeoutException\n\tat x"),
            "ran out of its own time in the midst of its answer",
        ),
        (_answer(b"[" * 200_000), "answers with broken JSON"),
        (_answer(b'{"head": {}, "boolean": true}'), "answers with JSON that is no table of SPARQL results"),
        (_answer(b"[1]"), "answers with JSON that is no table of SPARQL results"),
        (_answer(b'{"head": {"vars": "item"}, "results": {"bindings": {}}}'), "answers with JSON that is no table of SPARQL results"),
        (_answer(_rows(names=("item", "other"))), "answers without the column their_name; it has item, other."),
        (_answer(_rows(_row(), _row({"type": "thing", "value": "x"}))), "row 2 of its answer holds no RDF term"),
        (_answer(_rows(_row({"type": "literal", "value": 7}))), "row 1 of its answer holds no RDF term"),
        (_answer(_rows(_row({"type": "literal"}))), "row 1 of its answer holds no RDF term"),
        (_answer(_rows(_row({"type": "uri", "value": "no iri"}))), "row 1 of its answer holds no RDF term"),
        (_answer(_rows(_row("text"))), "row 1 of its answer holds no RDF term"),
        (_answer(b'{"head"', Content_Length="5000"), "broke off after 7 of 5,000 bytes"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "broke off or speaks no HTTP"),
        (b"", "broke off or speaks no HTTP"),
        (_answer(status="302 Found", Location="file:///etc/passwd"), "redirects to 'file:///etc/passwd', which is not asked"),
        (_answer(status="307 Found", Location="ftp://127.0.0.1/x"), "redirects to 'ftp://127.0.0.1/x', which is not asked"),
        (_answer(status="302 Found", Location="http://me:secret@127.0.0.1/x"), "which is not asked"),
        (_answer(status="302 Found", Location="/sparql"), "redirects more than 5 times"),
        (_answer(status="302 Found"), "redirects more than 5 times"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_in_a_sentence(serve: Serve, answer: bytes, said: str) -> None:
    url = serve(_always(answer))
    with pytest.raises(EndpointError, match=re.escape(said)) as caught:
        _ask(url)
    told = str(caught.value)
    assert url in told
    assert not re.search(r"[\x00-\x1f]", told)
    assert len(told) < 500
    assert caught.value.exit_code == 5


def test_an_encrypted_address_is_not_left_for_one_that_is_not() -> None:
    exchange = _Exchange("https://example.org/sparql", "", 1, 1)
    assert exchange._redirected("https://example.org/a", "/b") == "https://example.org/b"
    with pytest.raises(EndpointError, match="is not encrypted; it is not asked"):
        exchange._redirected("https://example.org/a", "http://example.org/a")


def test_the_open_network_leads_nobody_into_his_own(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.2 stands for an address of the open network here, since a test has none."""
    assert [is_public(one) for one in ("8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8")] == [True] * 3
    inside = (
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "0.0.0.0",
    )
    assert not any(is_public(one) for one in inside)
    seen: list[bytes] = []
    there = serve(lambda connection, request: (seen.append(request), connection.sendall(_answer(_rows(_row()))))[1])
    outside = serve(_always(_answer(status="307 There", Location=there)), "127.0.0.2")
    assert len(ask_endpoint(outside, "SELECT", ("item",), 5).rows) == 1, "within one's own network it is followed"
    seen.clear()
    monkeypatch.setattr("bri_kg.federation.endpoints.is_public", lambda address: address == "127.0.0.2")
    with pytest.raises(
        EndpointError, match=r"redirects to 127\.0\.0\.1 \(127\.0\.0\.1\), which is in a network of your own"
    ):
        _ask(outside)
    assert all(not request for request in seen), "nothing was sent there"
    assert len(ask_endpoint(there, "SELECT", ("item",), 5).rows) == 1, "whoever names his own network is asked there"


def test_a_path_in_other_letters_is_asked(serve: Serve) -> None:
    seen: list[bytes] = []
    url = serve(lambda connection, request: (seen.append(request), connection.sendall(_answer(_rows(_row()))))[1])
    _ask(url + "/查询?graph=ä%20b")
    assert seen[0].startswith(b"POST /sparql/%E6%9F%A5%E8%AF%A2?graph=%C3%A4%20b HTTP/1.1\r\n")


def test_a_server_without_tls_is_told(serve: Serve) -> None:
    url = serve(_always(_answer(_rows()))).replace("http:", "https:")
    with pytest.raises(EndpointError, match="shows no valid certificate or speaks no TLS"):
        _ask(url)


def test_nobody_there(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(EndpointError, match=f"Nothing listens at 127.0.0.1:{port}; check --endpoint"):
        _ask(f"http://127.0.0.1:{port}/sparql")

    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(EndpointError, match=r"The name sparql\.invalid cannot be resolved"):
        _ask("http://sparql.invalid/sparql")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "is file:; only http: and https: are asked"),
        ("ftp://example.org/", "is ftp:; only http: and https: are asked"),
        ("query.wikidata.org/sparql", "is without a scheme"),
        ("http:///sparql", "is no address of an endpoint"),
        ("http://x.org/a b", "is no address of an endpoint"),
        ("http://x.org/\nHost: y", "is no address of an endpoint"),
        ("http://x.org:port/", "is no address"),
        ("http://[::1/", "is no address"),
        ("http://me:secret@x.org:port/", "--endpoint is no address"),
        ("file://me:secret@x.org/", "holds a name or password"),
        ("https://me:secret@x.org/", "holds a name or password; none is ever sent"),
    ],
)
def test_only_addresses_of_the_web_are_asked(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)) as caught:
        check_endpoint(url)
    assert "secret" not in str(caught.value)


# Limits


def _drip(piece: bytes, start: bytes = b"") -> Handler:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        for _round in range(200):
            connection.sendall(piece)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "handler",
    [
        _drip(b" ", _answer(Content_Length="100000")),
        _drip(b"X-More: 1\r\n", b"HTTP/1.1 200 OK\r\n"),
        _drip(b"H"),
        lambda connection, _: time.sleep(3),
        _drip(b"1\r\n \r\n", _answer(Content_Length="0").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")),
        _always(_answer(status="302 Found", Location="/again")[:30]),
    ],
    ids=["body", "headers", "status line", "silence", "chunks", "half a redirect"],
)
def test_the_time_limit_holds_for_the_whole_exchange(serve: Serve, handler: Handler) -> None:
    def slow(connection: socket.socket, request: bytes) -> None:
        handler(connection, request)
        time.sleep(1.5)

    url = serve(slow)
    started = time.monotonic()
    with pytest.raises(
        LimitError, match=r"has not answered in full within the time limit of 0\.6 seconds; give a larger --timeout"
    ):
        _ask(url, seconds=0.6)
    assert 0.5 < time.monotonic() - started < 1.5


def test_a_name_that_is_resolved_too_slowly_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = threading.Event()

    def slow(*_: object, **__: object) -> object:
        waited.wait(4)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"time limit of 0\.3 seconds"):
        _ask("http://sparql.invalid/sparql", seconds=0.3)
    assert time.monotonic() - started < 3
    waited.set()


def _endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(_answer(Content_Length="0").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
    piece = json.dumps(_row()).encode() * 100
    for _round in range(100_000):
        connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")


@pytest.mark.parametrize(
    "handler", [_endless, _always(_answer(b" " * 2_000_000)), _always(_answer(b"{", Content_Length="99999999999"))]
)
def test_no_more_bytes_are_read_than_are_allowed(serve: Serve, handler: Handler) -> None:
    url = serve(handler)
    with pytest.raises(LimitError, match="answers with more than 1,000,000 bytes, which are not read") as caught:
        _ask(url)
    assert caught.value.exit_code == 4


def test_an_endpoint_that_minds_no_limit_is_cut(kg: KnowledgeGraph, serve: Serve) -> None:
    rows = [_row({"type": "literal", "value": f"name {number:03d}"}) for number in range(50)]
    url = serve(_always(_answer(_rows(*rows))))
    answer = federate(kg, "wikidata-names", url, max_rows=10)
    assert (len(answer), answer.cut) == (10, "Cut: the first 10 rows; the limit is --max-rows 10.")
    assert str(answer).startswith("Cut: the first 10 rows")
    assert json.loads(answer.to_format("json"))["head"]["cut"] == answer.cut


def test_rows_about_something_else_are_left_out_and_counted(kg: KnowledgeGraph, serve: Serve) -> None:
    rows = [_row(), _row(item="http://www.wikidata.org/entity/Q1"), {"their_name": NAME}]
    answer = federate(kg, "wikidata-names", serve(_always(_answer(_rows(*rows)))))
    assert [row[0].value.rpartition("/")[2] for row in answer.answer.terms if row[0]] == ["laos"]
    assert (answer.strays, answer.silent) == (2, answer.sent - 1)
    assert "2 rows of theirs are about nothing that was asked, and are left out." in answer.remarks()


def test_nothing_found_is_an_answer(kg: KnowledgeGraph, serve: Serve) -> None:
    answer = federate(kg, "wikidata-names", serve(_always(_answer(_rows()))))
    assert (len(answer), answer.silent) == (0, answer.sent)
    assert "no rows" in str(answer)


def test_the_limit_holds_for_all_requests_together(
    kg: KnowledgeGraph, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(connection: socket.socket, _: bytes) -> None:
        time.sleep(0.4)
        connection.sendall(_answer(_rows()))

    monkeypatch.setattr("bri_kg.federation.BATCH", 5)
    url = serve(slow)
    started = time.monotonic()
    with pytest.raises(LimitError):
        federate(kg, "wikidata-names", url, timeout=1)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(("name", "value"), [("timeout", 0), ("timeout", float("nan")), ("max_rows", 0)])
def test_limits_that_mean_nothing_are_refused(kg: KnowledgeGraph, name: str, value: float) -> None:
    with pytest.raises(BriKgError, match="does not work"):
        federate(kg, "wikidata-names", "http://127.0.0.1:9/", **{name: value})  # type: ignore[arg-type]
