"""What all requests of the Reconciliation Service API have in common: limits, replies, refusals, and the reading of parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..matching.names import clean_text
from ..names import BASE, ONTOLOGY

__all__ = [
    "BATCH_SIZE",
    "CALLBACK",
    "CORS",
    "DEFAULT_GRAPH",
    "MAX_BODY",
    "MOST_TEXT",
    "PAGE",
    "Refused",
    "Reply",
    "empty_reply",
    "html_reply",
    "id_of",
    "json_reply",
    "kind_of",
    "prefix_of",
    "read_object",
    "short",
    "values_of",
    "whole_number",
]

#: Queries in a batch, and bytes in the body of a request, that are taken at most.
BATCH_SIZE, MAX_BODY = 100, 1_000_000
MOST_TEXT = 1000
#: Suggestions on a page.
PAGE = 20
CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,63}(\.[A-Za-z_$][\w$]{0,63}){0,3}", re.ASCII)
DEFAULT_GRAPH = ox.DefaultGraph()
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Accept, X-Requested-With",
    "Access-Control-Allow-Private-Network": "true",
    "Access-Control-Max-Age": "86400",
}
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


class Reply(NamedTuple):
    """The answer to a request: HTTP status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Refused(Exception):
    """A request that is answered with an error; the message is one sentence."""

    def __init__(self, status: int, message: str, allow: str = "") -> None:
        super().__init__(message)
        self.status, self.allow = status, allow


def id_of(iri: str) -> str:
    """Return the identifier of an entity: what stands behind the namespace of the graph."""
    return iri.removeprefix(BASE)


def short(text: object) -> str:
    """Return a text as it stands in a refusal."""
    cut = " ".join(str(text).split())
    return cut if len(cut) <= 60 else cut[:59] + "…"


def read_object(text: str, name: str) -> dict[str, Any]:
    """Read a parameter that holds a JSON object. Refuses another."""
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        raise Refused(400, f"'{name}' is no valid JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Refused(400, f"'{name}' is a JSON object, not a {type(found).__name__}.")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def values_of(given: object) -> list[str]:
    """Return the values of a property in a query as texts: of an entity its id, else its name."""
    found = []
    for one in given if isinstance(given, list) else [given]:
        value = one.get("id") or one.get("name") if isinstance(one, dict) else one
        if isinstance(value, (str, int, float)):
            text = str(value).lower() if isinstance(value, bool) else str(value)[:MOST_TEXT]
            found.append(clean_text(text))
    return found


def prefix_of(params: Mapping[str, str]) -> tuple[str, int]:
    """Return the beginning of a name and the place from which suggestions are wanted."""
    if "prefix" not in params:
        raise Refused(400, "Give the beginning of a name in the parameter 'prefix'.")
    return clean_text(params["prefix"])[:MOST_TEXT], whole_number(params.get("cursor", ""), "cursor", 0)


def whole_number(text: str, name: str, default: int) -> int:
    """Return a parameter that is a whole number. Refuses another."""
    if not text:
        return default
    if not re.fullmatch(r"\d{1,6}", text):
        raise Refused(400, f"'{name}' is a whole number from 0 on; '{short(text)}' is none.")
    return int(text)


def kind_of(given: str) -> str:
    """Return the name of a class or property of the ontology, given with its prefix, its namespace or neither."""
    return given.removeprefix(ONTOLOGY).removeprefix("bri:")


def empty_reply() -> Reply:
    """Return the reply to a browser that asks what is allowed."""
    return Reply(204, {**CORS, **_SAFE}, b"")


def json_reply(status: int, data: object, callback: str) -> Reply:
    """Return a reply of JSON, as a call of the function ``callback`` where one is given."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    headers = {"Content-Type": "application/json; charset=utf-8", **CORS, **_SAFE}
    if callback:
        text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")  # JSON may hold these, a script may not
        text = f"/**/{callback}({text});"
        headers["Content-Type"] = "application/javascript; charset=utf-8"
    return Reply(status, headers, text.encode("utf-8", "replace"))


def html_reply(text: str) -> Reply:
    """Return a reply that is a page."""
    return Reply(200, {"Content-Type": "text/html; charset=utf-8", **CORS, **_SAFE}, text.encode("utf-8", "replace"))
