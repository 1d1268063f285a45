"""The reconciliation service, as OpenRefine drives it: over HTTP on the loopback, held against what the specification 0.2 demands of each answer."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.reconciliation import MAX_BODY, ReconciliationService
from bri_kg.reconciliation.server import make_server

jsonschema = pytest.importorskip("jsonschema")

# What https://reconciliation-api.github.io/specs/0.2/ demands, written here from its text: nothing of the specification is copied.
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}


def _object(needed: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**needed, **others},
        "required": list(needed),
        "additionalProperties": False,
    }


_NAMED = _object({"id": _TEXT, "name": _TEXT})
_TYPE = _object({"id": _TEXT, "name": _TEXT}, description=_TEXT, broader={"type": "array", "items": _NAMED})
_SUGGEST = _object({"service_url": _TEXT, "service_path": {"type": "string", "pattern": "^/"}, "flyout_service_url": _TEXT,
                    "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"}})  # fmt: skip
_ADDRESS = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
MANIFEST = _object(
    {"versions": {"type": "array", "contains": {"const": "0.2"}, "items": _TEXT}, "name": _TEXT,
     "identifierSpace": {"type": "string", "pattern": "^https?://"}, "schemaSpace": {"type": "string", "pattern": "^https?://"}},
    serviceVersion=_TEXT, defaultTypes={"type": "array", "items": _TYPE, "uniqueItems": True}, view=_object({"url": _ADDRESS}),
    preview=_object({"url": _ADDRESS, "width": {"type": "integer"}, "height": {"type": "integer"}}),
    suggest=_object({"entity": _SUGGEST, "type": _SUGGEST, "property": _SUGGEST}), batchSize={"type": "integer", "minimum": 1},
    extend=_object({"propose_properties": _object({"service_url": _TEXT, "service_path": _TEXT}),
                    "property_settings": {"type": "array", "items": _object(
                        {"type": {"const": "number"}, "label": _TEXT, "name": _TEXT}, default={"type": "number"}, help_text=_TEXT)}}),
)  # fmt: skip
_CANDIDATE = _object(
    {"id": _TEXT, "name": _TEXT, "score": {"type": "number", "minimum": 0, "maximum": 100}},
    description={"type": "string"}, type={"type": "array", "items": _NAMED}, match={"type": "boolean"},
    features={"type": "array", "items": _object({"id": _TEXT, "value": {"type": ["number", "boolean"]}})},
)  # fmt: skip
RESULTS = {"type": "object", "additionalProperties": _object({"result": {"type": "array", "items": _CANDIDATE}})}
ENTITIES = _object({"result": {"type": "array", "items": _object({"id": _TEXT, "name": _TEXT}, description={"type": "string"},
                                                                 notable={"type": "array", "items": _NAMED})}})  # fmt: skip
TYPES = _object({"result": {"type": "array", "items": _TYPE}})
PROPERTIES = _object({"result": {"type": "array", "items": _object({"id": _TEXT, "name": _TEXT}, description=_TEXT)}})
PROPOSAL = _object(
    {"properties": PROPERTIES["properties"]["result"], "type": {"type": "string"}}, limit={"type": "integer"}
)
_CELL = {
    "oneOf": [
        {"type": "object", "maxProperties": 0},
        _object({"id": _TEXT, "name": _TEXT}, description=_TEXT),
        _object({"str": {"type": "string"}}),
        _object({"float": {"type": "number"}}),
        _object({"int": {"type": "integer"}}),
        _object({"date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$"}}),
    ]
}
EXTENSION = _object(
    {"meta": {"type": "array", "items": _object({"id": _TEXT, "name": _TEXT}, type=_NAMED)},
     "rows": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "array", "items": _CELL}}}}
)  # fmt: skip

Ask = Callable[..., Any]


def fits(data: Any, schema: dict[str, Any]) -> Any:
    jsonschema.Draft202012Validator(schema).validate(data)
    return data


@pytest.fixture(scope="module")
def base(kg: KnowledgeGraph) -> Iterator[str]:
    server = make_server(kg)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ask(base: str) -> Ask:
    """Sends a request as a client does; returns status, headers and the text."""

    def ask(
        path: str = "/", form: dict[str, str] | None = None, method: str = "", **query: str
    ) -> tuple[int, Any, str]:
        parts = urlsplit(base)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        body = urlencode(form) if form is not None else None
        kind = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"} if form is not None else {}
        connection.request(
            method or ("POST" if form is not None else "GET"),
            path + (f"?{urlencode(query)}" if query else ""),
            body,
            kind,
        )
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    return ask


def reconciled(ask: Ask, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    status, _, text = ask(form={"queries": json.dumps(queries, ensure_ascii=False)})
    assert status == 200, text
    return {key: one["result"] for key, one in fits(json.loads(text), RESULTS).items()}


def test_the_manifest(ask: Ask, base: str) -> None:
    status, headers, text = ask()
    manifest = fits(json.loads(text), MANIFEST)
    assert (
        status == 200
        and headers["Access-Control-Allow-Origin"] == "*"
        and headers["Content-Type"].startswith("application/json")
    )
    assert manifest["identifierSpace"] == "https://w3id.org/bri-kg/" and manifest["view"]["url"].startswith(base)
    with pytest.raises(jsonschema.ValidationError):
        fits({**manifest, "versions": ["0.1"]}, MANIFEST)


def test_a_batch_by_post_and_by_get(ask: Ask) -> None:
    queries = {
        "q0": {"query": "Lao-China railway", "type": "Project", "type_strict": "should", "limit": 3},
        "q1": {"query": "雅万高铁"},
        "q2": {"query": "China-Laos Expressway", "properties": [{"pid": "hostCountry", "v": "Laos"}]},
        "q3": {"query": "Atlantis Canal"},
    }
    found = reconciled(ask, **queries)
    assert found["q0"][0]["id"] == "project/china-laos-railway" and found["q0"][0]["match"] is True
    assert found["q1"][0]["id"] == "project/jakarta-bandung-high-speed-railway"
    assert not any(one["match"] for one in found["q2"]) and found["q3"] == []
    assert all(one["score"] >= other["score"] for one, other in zip(found["q0"], found["q0"][1:], strict=False))
    status, _, text = ask(queries=json.dumps(queries))
    assert status == 200 and {key: one["result"] for key, one in json.loads(text).items()} == found


def test_types_properties_and_identifiers_narrow(ask: Ask) -> None:
    found = reconciled(
        ask,
        state={"query": "China-Laos Railway", "type": ["State"]},
        component={"query": "Connectivity", "type": "Component"},
        person={"query": "Li Qiang"},
        helped={
            "query": "Li Qiang",
            "properties": [{"pid": "affiliatedWith", "v": {"id": "state/china", "name": "China"}}],
        },
        known={"query": "project/china-laos-railway"},
        iri={"query": "https://w3id.org/bri-kg/organisation/aiib"},
        only={"properties": [{"pid": "hostCountry", "v": ["Laos", "Atlantis"]}], "type": "Project"},
        nothing={"query": "Laos", "type": "Unheard"},
    )
    assert not any(one["match"] for one in found["state"]) and all(
        one["id"].startswith("state/") for one in found["state"]
    )
    assert found["component"][0]["id"].startswith("component/")
    assert found["person"][0]["match"] is False and found["helped"][0]["match"] is True
    assert (found["known"][0]["id"], found["iri"][0]["id"]) == ("project/china-laos-railway", "organisation/aiib")
    assert found["only"] and not any(one["match"] for one in found["only"]) and found["nothing"] == []


@pytest.mark.parametrize(
    ("queries", "status", "said"),
    [
        ("[1]", 400, "JSON object"),
        ("{", 400, "no valid JSON"),
        ('{"q": 1}', 400, "no object"),
        ('{"q": {}}', 400, "neither"),
        ('{"q": {"query": "  "}}', 400, "neither"),
        ('{"q": {"query": 3}}', 400, "'query' is a text"),
        ('{"q": {"query": "x", "limit": 0}}', 400, "'limit'"),
        ('{"q": {"query": "x", "type": {"a": 1}}}', 400, "'type'"),
        ('{"q": {"query": "x", "type_strict": "maybe"}}', 400, "type_strict"),
        ('{"q": {"query": "x", "properties": [{"v": 1}]}}', 400, "'properties'"),
        (json.dumps({"q": {"query": "x" * 2000}}), 400, "at most"),
        (json.dumps({str(n): {"query": "x"} for n in range(101)}), 413, "at most 100"),
        ("[" * 100_000, 400, "JSON"),
    ],
)
def test_a_wrong_batch_is_refused_in_words(ask: Ask, queries: str, status: int, said: str) -> None:
    answered, headers, text = ask(form={"queries": queries})
    assert (answered, json.loads(text)["status"]) == (status, "error") and said in json.loads(text)["message"]
    assert headers["Access-Control-Allow-Origin"] == "*"


def test_suggesting_with_flyouts(ask: Ask, base: str) -> None:
    manifest = json.loads(ask()[2])
    asked = {
        "entity": ("chin", "state/china", ENTITIES),
        "type": ("proj", "Project", TYPES),
        "property": ("host", "hostCountry", PROPERTIES),
    }
    for what, (prefix, wanted, schema) in asked.items():
        service = manifest["suggest"][what]
        address = service["service_url"] + service["service_path"]
        assert address.startswith(base)
        with urlopen(f"{address}?{urlencode({'prefix': prefix})}") as answer:
            found = fits(json.loads(answer.read()), schema)["result"]
        assert wanted in [one["id"] for one in found]
        flyout = (service["flyout_service_url"] + service["flyout_service_path"]).replace(
            "${id}", quote(wanted, safe="")
        )
        with urlopen(flyout) as answer:
            shown = fits(json.loads(answer.read()), _object({"id": _TEXT, "html": _TEXT}))
        assert shown["id"] == wanted and "<strong>" in shown["html"]
    first = json.loads(ask("/suggest/entity", prefix="china")[2])["result"]
    more = json.loads(ask("/suggest/entity", prefix="china", cursor=str(len(first)))[2])["result"]
    assert more and not {one["id"] for one in first} & {one["id"] for one in more}
    assert (
        json.loads(ask("/suggest/entity", prefix="project/china-laos-railway")[2])["result"][0]["id"]
        == "project/china-laos-railway"
    )


def test_previews_are_pages_without_script(ask: Ask) -> None:
    status, headers, text = ask("/preview", id="project/china-laos-railway")
    assert (
        status == 200
        and headers["Content-Type"].startswith("text/html")
        and "China-Laos Railway" in text
        and "<script" not in text
    )
    assert ask("/view", id="project:china-laos-railway")[0] == 200
    status, _, text = ask("/preview", id="<script>alert(1)</script>")
    assert status == 404 and "/suggest/entity" in text


def test_data_extension(ask: Ask) -> None:
    proposed = fits(json.loads(ask("/properties", type="Project", limit="5")[2]), PROPOSAL)
    assert len(proposed["properties"]) == 5 and proposed["type"] == "Project"
    query = {
        "ids": ["project/china-laos-railway", "project/unheard-of", "agreement/rcep-agreement"],
        "properties": [
            {"id": "hostCountry"},
            {"id": "skos:altLabel", "settings": {"limit": 1}},
            {"id": "dcterms:description"},
        ],
    }
    status, _, text = ask(form={"extend": json.dumps(query)})
    extended = fits(json.loads(text), EXTENSION)
    assert status == 200 and [one["id"] for one in extended["meta"]] == [one["id"] for one in query["properties"]]
    assert extended["meta"][0]["type"]["id"] == "State"
    assert extended["rows"]["project/china-laos-railway"]["hostCountry"] == [{"id": "state/laos", "name": "Laos"}]
    assert extended["rows"]["project/unheard-of"] == {"hostCountry": [], "skos:altLabel": [], "dcterms:description": []}
    assert len(extended["rows"]["agreement/rcep-agreement"]["skos:altLabel"]) == 1
    assert json.loads(ask(extend=json.dumps(query))[2]) == extended
    for wrong in (
        '{"ids": 1}',
        '{"ids": [], "properties": [1]}',
        '{"ids": [], "properties": [{"id": "hostCountry", "settings": {"limit": "x"}}]}',
    ):
        assert ask(form={"extend": wrong})[0] == 400
    assert ask(form={"extend": json.dumps({"ids": [], "properties": [{"id": "nope"}]})})[0] == 404
    assert ask("/properties", type="Nope")[0] == 404 and ask("/properties", limit="-1")[0] == 400


def test_every_property_can_be_fetched_for_every_entity(kg: KnowledgeGraph) -> None:
    service = ReconciliationService(kg, "http://127.0.0.1")
    ids = [iri.removeprefix("https://w3id.org/bri-kg/") for iri in sorted(service.terms.entities)][:900]
    for start in range(0, len(service.terms.predicates), 100):
        properties = [{"id": pid} for pid in list(service.terms.predicates)[start : start + 100]]
        reply = service.handle("POST", "/", {"extend": json.dumps({"ids": ids, "properties": properties})})
        assert reply.status == 200
        fits(json.loads(reply.body)["meta"], EXTENSION["properties"]["meta"])
        cells = {
            json.dumps(cell)
            for row in json.loads(reply.body)["rows"].values()
            for values in row.values()
            for cell in values
        }
        for cell in sorted(cells)[:400]:
            fits(json.loads(cell), _CELL)


def test_jsonp_names_are_checked(ask: Ask) -> None:
    status, headers, text = ask(callback="jsonp_1.made")
    assert (
        status == 200
        and headers["Content-Type"].startswith("application/javascript")
        and headers["X-Content-Type-Options"] == "nosniff"
    )
    assert text.startswith("/**/jsonp_1.made({") and text.endswith("});")
    for evil in ("alert(1)//", "a;b", "<script>", "a" * 500, "1a", "a..b"):
        status, headers, text = ask(callback=evil)
        assert status == 400 and evil not in text and headers["Content-Type"].startswith("application/json")


def test_methods_places_and_bodies_that_are_not_served(ask: Ask, base: str) -> None:
    assert ask("/nope")[0] == 404 and ask(method="DELETE")[0] == 405 and ask("/preview", form={"id": "x"})[0] == 405
    assert ask(method="OPTIONS")[0] == 204 and ask(method="OPTIONS")[1]["Access-Control-Allow-Methods"]
    assert ask(form={"other": "x"})[0] == 400 and ask(other="x")[0] == 400 and ask("/suggest/entity")[0] == 400
    status, _, text = ask(method="HEAD")
    assert (status, text) == (200, "")
    parts = urlsplit(base)
    for headers, body, wanted in [
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(MAX_BODY + 1)}, b"", 413),
        ({"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "many"}, b"", 411),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"queries=\xff\xfe", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"&".join([b"a=1"] * 200), 400),
    ]:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        assert answer.status == wanted and "message" in json.loads(answer.read())
        connection.close()


def test_many_at_once_get_the_same(ask: Ask) -> None:
    answers: list[str] = []
    queries = json.dumps({"q": {"query": "Kyaukpyu SEZ"}})
    threads = [threading.Thread(target=lambda: answers.append(ask(form={"queries": queries})[2])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and len(set(answers)) == 1


def test_the_service_is_on_the_loopback_only(kg: KnowledgeGraph, base: str) -> None:
    from bri_kg.errors import UsageError

    server = make_server(kg)
    assert server.server_address[0] == "127.0.0.1"
    with pytest.raises(UsageError, match="cannot be had"):
        make_server(kg, server.server_port)
    server.server_close()
    with pytest.raises(UsageError, match="--port"):
        make_server(kg, 99_999)
    with urlopen(Request(base, headers={"Origin": "https://example.org"})) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
