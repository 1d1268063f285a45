"""The reconciliation service, as OpenRefine drives it: over HTTP on the loopback, held against what the specification 0.2 demands of each answer.

The schemas below are ours. They were compared with the official ones of 0.2 (repository reconciliation-api/specs, commit 76328a4, read on 2026-11-24)
in two ways: a running service's answers on every entity, type and property, and on 6,000 generated batches, were held against the official ones;
and of each kind of answer every part was left out or exchanged for a value of another type: what an official schema refused, ours refused too.
The requests in ``OPENREFINE`` are those that OpenRefine 3.6.2 (Debian) sent on the day, its cells exchanged.
"""

import html
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

import bri_kg.matching
from bri_kg import KnowledgeGraph
from bri_kg.reconciliation import MAX_BODY, ReconciliationService
from bri_kg.reconciliation.feature_words import FEATURES
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
    preview=_object({"url": _ADDRESS, "width": {"type": "integer"}, "height": {"type": "integer"}}), feature_view=_object({"url": _ADDRESS}),
    suggest=_object({"entity": _SUGGEST, "type": _SUGGEST, "property": _SUGGEST}), batchSize={"type": "integer", "minimum": 1},
    extend=_object({"propose_properties": _object({"service_url": _TEXT, "service_path": _TEXT}),
                    "property_settings": {"type": "array", "items": {"oneOf": [
                        _object({"type": {"const": "number"}, "label": _TEXT, "name": _TEXT}, default={"type": "number"}, help_text=_TEXT),
                        _object({"type": {"const": "select"}, "label": _TEXT, "name": _TEXT, "choices": {
                            "type": "array", "items": _object({"value": _TEXT, "name": _TEXT})}}, default=_TEXT, help_text=_TEXT)]}}}),
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
        ('{"q": {"query": 3}}', 400, "'query' is a text"),
        ('{"q": {"query": "x", "limit": 0}}', 400, "'limit'"),
        ('{"q": {"query": "x", "type": {"a": 1}}}', 400, "'type'"),
        ('{"q": {"query": "x", "type_strict": "maybe"}}', 400, "type_strict"),
        ('{"q": {"query": "x", "properties": [{"v": 1}]}}', 400, "'properties'"),
        ('{"q": {"query": null}}', 400, "not null"),
        ('{"q": {"query": "x", "propertys": []}}', 400, "'propertys'"),
        ('{"q": {"query": "x", "limit": NaN}}', 400, "NaN"),
        ('{"q": {"query": "x", "limit": 1.5}}', 400, "'limit'"),
        ('{"q": {"query": "x", "limit": true}}', 400, "'limit'"),
        ('{"q": {"query": "x", "type": [1]}}', 400, "'type'"),
        ('{"q": {"query": "x", "properties": {"pid": "date"}}}', 400, "'properties'"),
        ('{"q": {"query": "x", "properties": [{"pid": "date", "v": [null]}]}}', 400, "'v' of 'date'"),
        ('{"q": {"properties": []}}', 400, "neither"),
        (json.dumps({"q": {"query": "x", "properties": [{"pid": "date", "v": 1}] * 51}}), 413, "at most 50"),
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


# As OpenRefine 3.6.2 asks: types guessed from the first ten rows, then batches of ten, cells as they are, then the columns wanted.
OPENREFINE = {
    "guess": {f"q{n}": {"query": name, "limit": 3} for n, name in enumerate(["Laos-China Railway", "雅万高铁", "Kyauk Phyu SEZ"])},
    "column": {
        "q0": {"query": "Laos-China Railway (LCR)", "type": "Project", "properties": [{"pid": "hostCountry", "v": "Laos"}], "type_strict": "should"},
        "q1": {"query": "   ", "type": "Project", "type_strict": "should"},
        "q2": {"query": "x" * 3000, "type": "Project", "type_strict": "should"},
        "q3": {"query": "Hambantota Port", "type": "Project", "type_strict": "should"},
        "q4": {"query": "<b>ECRL</b>", "type": "Project", "properties": [{"pid": "hostCountry", "v": {"id": "state/malaysia", "name": "Malaysia"}}]},
        "q5": {"query": "42", "type": "Project", "type_strict": "should"},
    },
    "extend": {"ids": ["project/china-laos-railway"], "properties": [
        {"id": "hostCountry", "settings": {"limit": "", "content": "iri"}}, {"id": "projectKind"},
        {"id": "hostCountry", "settings": {"limit": "1", "content": "name"}}]},
}  # fmt: skip


def test_a_column_as_openrefine_sends_it(ask: Ask) -> None:
    guessed = reconciled(ask, **OPENREFINE["guess"])
    assert all(result[0]["type"][0] == {"id": "Project", "name": "Project"} for result in guessed.values())
    found = reconciled(ask, **OPENREFINE["column"])
    assert found["q0"][0]["match"] and found["q1"] == found["q2"] == found["q5"] == []  # one odd cell spoils no batch
    assert not any(one["match"] for one in found["q3"]), "a place is no project, though the names are the same"
    assert found["q3"][0]["id"] == "place/hambantota-port"
    status, _, text = ask(form={"extend": json.dumps(OPENREFINE["extend"])})
    row = fits(json.loads(text), EXTENSION)["rows"]["project/china-laos-railway"]
    assert status == 200 and row["hostCountry"] == [{"str": "Laos"}]  # of one property asked twice the last way counts
    kind = row["projectKind"][0]["id"]
    assert ask("/preview", id=kind)[0] == 200, "what is given with an id can be looked at"


def test_what_else_a_query_says_is_in_the_score(ask: Ask) -> None:
    found = reconciled(
        ask,
        bare={"query": "Xi Jinping"},
        typed={"query": "Xi Jinping", "type": "Person", "type_strict": "should"},
        other={"query": "Xi Jinping", "type": "State", "type_strict": "should"},
        kind={"query": "ECRL", "properties": [{"pid": "projectKind", "v": "railway"}]},
        label={"query": "ECRL", "properties": [{"pid": "kind of project", "v": "铁路"}]},
        wrong={"query": "ECRL", "properties": [{"pid": "projectKind", "v": "bridge"}]},
        notion={"query": "Connectivity (AOIP)"},
    )
    score = {key: result[0]["score"] for key, result in found.items()}
    assert {one[0]["id"] for key, one in found.items() if key in ("bare", "typed", "other")} == {"person/xi-jinping"}
    assert score["other"] < score["bare"] < score["typed"] and score["wrong"] < score["kind"] == score["label"]
    assert [found[key][0]["match"] for key in ("bare", "typed", "other")] == [False, True, False]
    assert found["notion"][0]["id"] == "component/aoip-connectivity" and not found["notion"][0]["match"]
    for result in found.values():
        assert [one["score"] for one in result] == sorted((one["score"] for one in result), reverse=True)
        for one in result:
            assert len({feature["id"] for feature in one["features"]}) == len(one["features"])
            bits = sum(feature["value"] for feature in one["features"])
            assert one["score"] == pytest.approx(100 / (1 + 2**-bits), abs=0.5), "the features make the score"
            for feature in one["features"]:
                assert feature["id"] in FEATURES
                assert FEATURES[feature["id"]][0] in html.unescape(ask("/feature", id=feature["id"])[2])
    assert ask("/feature", id="luck")[0] == 404


MESSY = {
    "China Laos railway line": "project/china-laos-railway",
    "Chna-Laos Raliway": "",
    "JAKARTA BANDUNG HIGH SPEED RAIL": "project/jakarta-bandung-high-speed-railway",
    "East Coast Railway Link (Malaysia)": "project/east-coast-rail-link",
    "皎漂经济特区": "project/kyaukphyu-special-economic-zone",
    "Kyaukpyu deep sea port": "",
    "China-Myanmar oil and gas pipelines": "",
    "中缅原油管道": "project/china-myanmar-crude-oil-pipeline",
    "Hambantota": "",
    "Lao People's Democratic Republic": "state/laos",
    "Korea": "",
    "U.S.": "state/united-states",
    "Asian Infrastructure Investment Bank (AIIB)": "organisation/aiib",
    "亚投行": "organisation/aiib",
    "Duterte": "",
    "Li Keqiang; Xi Jinping": "",
    "一带一路": "initiative/belt-and-road-initiative",
    "China-Laos Expressway": "",
    "Taiwan": "",
    "n/a": "",
    "railway": "",
}


def test_messy_names_are_sure_where_they_are_right_and_only_there(ask: Ask) -> None:
    found = reconciled(ask, **{name: {"query": name} for name in MESSY})
    sure = {name: next((one["id"] for one in result if one["match"]), "") for name, result in found.items()}
    assert sure == MESSY


def test_every_entity_is_found_by_its_name_and_its_identifier(ask: Ask, kg: KnowledgeGraph) -> None:
    service = ReconciliationService(kg, "http://127.0.0.1")
    entities = {iri.removeprefix("https://w3id.org/bri-kg/"): kg.labels.label(iri) for iri in service.terms.entities}
    names = list(entities.items())
    assert len(names) > 500
    for start in range(0, len(names), 50):
        batch = {f"{way} {one}": {"query": one if way == "id" else name, "limit": 20}
                 for one, name in names[start : start + 50] for way in ("id", "name")}  # fmt: skip
        for key, result in reconciled(ask, **batch).items():
            way, one = key.split(" ", 1)
            assert one in [candidate["id"] for candidate in result] and (way == "name" or result[0]["score"] == 100), (
                key
            )
    for one, name in names[::25]:
        for prefix in (one, name):
            suggested = json.loads(ask("/suggest/entity", prefix=prefix)[2])["result"]
            assert one in [each["id"] for each in suggested], prefix
    suggested = json.loads(ask("/suggest/entity", prefix="Qinzhou park")[2])["result"]
    assert [one["id"] for one in suggested] == ["project/china-malaysia-qinzhou-industrial-park"]
    first = json.loads(ask("/suggest/property", prefix="", type="Project")[2])["result"][0]["id"]
    assert first in [one["id"] for one in json.loads(ask("/properties", type="Project")[2])["properties"]]


def sent(base: str, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Sends bytes as they are, one piece after the other, and returns what comes back until the connection is closed."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
        answer = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionError:
            pass
        return answer


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:8765", 200), ("evil.example", 403), ("127.0.0.1.evil.example:80", 403), ("[::1", 403)],
)  # fmt: skip
def test_a_page_of_another_name_is_not_answered(base: str, host: str, status: int) -> None:
    answer = sent(base, f"GET /suggest/type?prefix=x HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()) and b"Access-Control-Allow-Origin: *" in answer


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            411,
        ),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n" + b"a" * 3_000_000, 413),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n", 431),
    ],
)
def test_what_is_no_request_is_refused_in_json(base: str, request_: bytes, status: int) -> None:
    head, _, body = sent(base, request_).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()) and json.loads(body)["status"] == "error"
    assert b"Access-Control-Allow-Origin: *" in head and b"Connection: close" in head


def test_slow_and_many_clients_wait_for_no_ever(base: str, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from bri_kg.reconciliation import server

    monkeypatch.setattr(server, "_COMING", 0.5)
    begun = time.monotonic()
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 90\r\n\r\n"
    assert sent(base, head, *[b"a"] * 12, pause=0.1) == b"" and time.monotonic() - begun < 3
    parts = urlsplit(base)
    address = (parts.hostname or "", parts.port or 0)
    waiting = [socket.create_connection(address, timeout=20) for _ in range(server._MOST_CONNECTIONS + 20)]
    time.sleep(0.3)
    closed = [one for one in waiting if _is_closed(one)]
    assert 20 <= len(closed) < len(waiting), "those for whom there is no place are not kept waiting"
    for one in waiting:
        one.close()
    time.sleep(0.3)
    assert ask("/suggest/type", prefix="x")[0] == 200


def _is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_a_fault_of_ours_is_said_and_ends_nothing(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("made for this test")

    monkeypatch.setattr(ReconciliationService, "manifest", fail)
    status, headers, text = ask()
    assert (status, json.loads(text)["status"], headers["Access-Control-Allow-Origin"]) == (500, "error", "*")
    assert "made for this test" not in text and "made for this test" in capsys.readouterr().err
    assert ask("/suggest/type", prefix="x")[0] == 200


def test_a_batch_of_ten_takes_milliseconds(ask: Ask) -> None:
    names = [name for name in MESSY if name][:10]
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        reconciled(ask, **{name: {"query": name, "type": "Project", "type_strict": "should"} for name in names})
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.1, f"{1000 * min(took):.0f} ms"


def test_what_other_services_have_is_answered_and_marked(ask: Ask) -> None:
    """The specification's examples ask for properties and types of other services: valid queries, for which there is nothing here."""
    asked = {
        "pid": "professionOrOccupation",
        "v": ["Politik*", {"id": "wissenschaftler", "name": "Wissenschaftler(in)"}],
    }
    found = reconciled(
        ask,
        other={
            "query": "Christel Hanewinckel",
            "type": "DifferentiatedPerson",
            "limit": 5,
            "properties": [asked],
            "type_strict": "should",
        },
        known={"query": "Laos", "properties": [asked]},
        only={"properties": [asked]},
    )
    assert found["other"] == found["only"] == []
    assert found["known"][0]["match"]
    assert {"id": "unknown_property", "value": True} in found["known"][0]["features"]
    extend = {"ids": ["10662041X", "state/laos"], "properties": [{"id": "variantName"}]}
    status, _, text = ask(form={"extend": json.dumps(extend)})
    extended = fits(json.loads(text), EXTENSION)
    assert (status, extended["meta"]) == (200, [{"id": "variantName", "name": "variantName (no property here)"}])
    assert extended["rows"] == {"10662041X": {"variantName": []}, "state/laos": {"variantName": []}}


def test_answers_on_one_connection_do_not_wait_for_receipts(base: str) -> None:
    """Nagle's algorithm holds the second packet of each answer back by 40 ms, which a client that keeps its connection would wait for."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        for _request in range(20):
            connection.request("GET", "/suggest/type?prefix=state")
            assert connection.getresponse().read()
        took.append(time.perf_counter() - begun)
    connection.close()
    assert min(took) < 0.6, f"{50 * min(took):.0f} ms an answer"


def test_each_feature_of_the_matcher_has_a_page() -> None:
    """Read from the matcher's code, so that a new feature there needs its words here."""
    code = "".join(path.read_text(encoding="utf-8") for path in Path(bri_kg.matching.__file__).parent.glob("*.py"))
    found = {name.replace(" ", "_") for name in re.findall(r'(?:Part|Tie)\(\s*"([a-z ]+)"', code)}
    assert {"name", "country", "link", "party_part"} <= found <= {*FEATURES}, found - {*FEATURES}
    assert all(english and chinese and english != chinese for english, chinese in FEATURES.values())
