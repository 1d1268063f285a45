"""The matcher as a service that speaks the Reconciliation Service API 0.2, as OpenRefine and other clients ask it.

:class:`ReconciliationService` is free of any framework: :meth:`~ReconciliationService.handle` takes a method, a path below the place where it is
mounted and the decoded parameters, and returns status, headers and body. The protocol is at https://reconciliation-api.github.io/specs/0.2/.

Identifiers are what stands behind ``https://w3id.org/bri-kg/`` in an IRI (``project/china-laos-railway``); types and properties are names of the
ontology (``Project``, ``hostCountry``), those of other vocabularies with their prefix (``skos:altLabel``).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pyoxigraph as ox

from . import __version__
from .graph import KnowledgeGraph
from .lookup import fold
from .matching.columns import record_of
from .matching.match import Candidate, Matcher, matcher_for
from .matching.names import clean_text, name_form
from .matching.records import DEFAULT_KINDS, Record, years_of
from .names import BASE, ONTOLOGY, PREFIXES, expand, shorten, skos
from .reconciliation_terms import Terms
from .wording import word

__all__ = ["BATCH_SIZE", "MAX_BODY", "ReconciliationService", "Reply"]

#: Queries in a batch, and bytes in the body of a request, that are taken at most.
BATCH_SIZE, MAX_BODY = 100, 1_000_000
_MOST_CANDIDATES, _MOST_TEXT, _MOST_IDS = 50, 1000, 1000
_PAGE = 20
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,63}(\.[A-Za-z_$][\w$]{0,63}){0,3}", re.ASCII)
_DEFAULT = ox.DefaultGraph()
_XSD = PREFIXES["xsd"]
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
#: Properties that say of which state something is, and when; the rest are compared by their labels and texts.
_OF_STATES = {
    "hostCountry",
    "country",
    "basedIn",
    "bodyOf",
    "governmentOf",
    "affiliatedWith",
    "partner",
    "involves",
    "policyOf",
}
_OF_DATES = {"date", "earliest", "latest", "issued", "established"}
_NAMES = {"skos:altLabel", "skos:prefLabel", "rdfs:label"}


class Reply(NamedTuple):
    """The answer to a request: HTTP status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


class _Refused(Exception):
    """A request that is answered with an error; the message is one sentence."""

    def __init__(self, status: int, message: str, allow: str = "") -> None:
        super().__init__(message)
        self.status, self.allow = status, allow


class ReconciliationService:
    """Answers requests of the Reconciliation Service API 0.2 over a graph.

    ``base_url`` is the address under which the service is reached, without a slash at the end; it stands in the manifest.
    """

    def __init__(self, kg: KnowledgeGraph, base_url: str, batch_size: int = BATCH_SIZE) -> None:
        self.kg = kg
        self.base_url = base_url.rstrip("/")
        self.batch_size = batch_size
        self.terms = Terms(kg)
        self._matchers: dict[tuple[str, ...], Matcher] = {}

    # requests

    def handle(self, method: str, path: str, params: Mapping[str, str]) -> Reply:
        """Answer a request: ``path`` below the mount, ``params`` of the query string and of a form-encoded body together, decoded."""
        callback = params.get("callback", "")
        try:
            if callback and not _CALLBACK.fullmatch(callback):
                raise _Refused(400, "The callback is no name of a JavaScript function; give one such as jsonp123.")
            if method == "OPTIONS":
                return Reply(204, {**_CORS, **_SAFE}, b"")
            found = self._route(method, path.rstrip("/") or "/", params)
            if isinstance(found, str):
                return _html(found)
            return _json(200, found, callback if method in ("GET", "HEAD") else "")
        except _Refused as refused:
            reply = _json(refused.status, {"status": "error", "message": str(refused)}, "")
            return reply._replace(headers={**reply.headers, "Allow": refused.allow}) if refused.allow else reply
        except RecursionError:
            return _json(400, {"status": "error", "message": "The JSON is nested too deeply."}, "")

    def _route(self, method: str, path: str, params: Mapping[str, str]) -> dict[str, Any] | str:
        readers: dict[str, Callable[[Mapping[str, str]], dict[str, Any] | str]] = {
            "/suggest/entity": self._suggest_entities,
            "/suggest/type": self._suggest_types,
            "/suggest/property": self._suggest_properties,
            "/flyout/entity": self._flyout_entity,
            "/flyout/type": self._flyout_type,
            "/flyout/property": self._flyout_property,
            "/properties": self._propose,
            "/preview": self._preview,
            "/view": self._preview,
        }
        if path == "/":
            if method not in ("GET", "HEAD", "POST"):
                raise _Refused(405, f"{method} is not answered here; use GET or POST.", "GET, HEAD, POST, OPTIONS")
            if "queries" in params:
                return self._reconcile(_object(params["queries"], "queries"))
            if "extend" in params:
                return self._extend(_object(params["extend"], "extend"))
            if method == "POST" or set(params) - {"callback"}:
                raise _Refused(400, "Send a batch in the parameter 'queries', or a data extension query in 'extend'.")
            return self.manifest()
        if path not in readers:
            raise _Refused(404, f"There is nothing at {path}; the manifest at / says where the services are.")
        if method not in ("GET", "HEAD"):
            raise _Refused(405, f"{method} is not answered here; use GET.", "GET, HEAD, OPTIONS")
        return readers[path](params)

    def manifest(self) -> dict[str, Any]:
        """Return the service manifest."""

        def suggest(what: str) -> dict[str, str]:
            return {
                "service_url": self.base_url,
                "service_path": f"/suggest/{what}",
                "flyout_service_url": self.base_url,
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }

        return {
            "versions": ["0.2"],
            "name": word("reconciliation name", self.kg.language),
            "identifierSpace": BASE,
            "schemaSpace": ONTOLOGY,
            "serviceVersion": __version__,
            "defaultTypes": [self.terms.type_of(kind) for kind in DEFAULT_KINDS if kind in self.terms.kinds],
            "view": {"url": f"{self.base_url}/view?id={{{{id}}}}"},
            "preview": {"url": f"{self.base_url}/preview?id={{{{id}}}}", "width": 430, "height": 300},
            "suggest": {what: suggest(what) for what in ("entity", "type", "property")},
            "extend": {
                "propose_properties": {"service_url": self.base_url, "service_path": "/properties"},
                "property_settings": [
                    {
                        "name": "limit",
                        "label": word("reconciliation limit", self.kg.language),
                        "type": "number",
                        "default": 0,
                        "help_text": word("reconciliation limit help", self.kg.language),
                    }
                ],
            },
            "batchSize": self.batch_size,
        }

    # reconciling

    def _reconcile(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        if len(batch) > self.batch_size:
            raise _Refused(413, f"The batch has {len(batch)} queries; send at most {self.batch_size} at a time.")
        return {key: {"result": self._candidates(key, query)} for key, query in batch.items()}

    def _candidates(self, key: str, query: object) -> list[dict[str, Any]]:
        if not isinstance(query, dict):
            raise _Refused(
                400, f'Query \'{_short(key)}\' is no object; give one such as {{"query": "China-Laos Railway"}}.'
            )
        text = query.get("query", "")
        properties = query.get("properties") or []
        if not isinstance(text, str) or len(text) > _MOST_TEXT:
            raise _Refused(400, f"Query '{_short(key)}': 'query' is a text of at most {_MOST_TEXT} characters.")
        if not isinstance(properties, list) or not all(
            isinstance(one, dict) and isinstance(one.get("pid"), str) and "v" in one for one in properties
        ):
            raise _Refused(400, f"Query '{_short(key)}': 'properties' is a list of objects with 'pid' and 'v'.")
        if not clean_text(text) and not properties:
            raise _Refused(400, f"Query '{_short(key)}' has neither 'query' nor 'properties'; give a name to look for.")
        limit = query.get("limit", 5)
        if isinstance(limit, bool) or not isinstance(limit, (int, float)) or limit < 1 or limit != int(limit):
            raise _Refused(400, f"Query '{_short(key)}': 'limit' is a whole number from 1 on.")
        types = self._types_asked(key, query.get("type"))
        strict = query.get("type_strict", "any")
        if strict not in ("any", "all", "should"):
            raise _Refused(400, f"Query '{_short(key)}': 'type_strict' is any, all or should.")
        return self._answer(clean_text(text), properties, types, strict, min(int(limit), _MOST_CANDIDATES))

    def _types_asked(self, key: str, given: object) -> list[str]:
        listed = [given] if isinstance(given, str) else given or []
        if not isinstance(listed, list):
            raise _Refused(400, f"Query '{_short(key)}': 'type' is the id of a type or a list of ids.")
        ids = [one.get("id") if isinstance(one, dict) else one for one in listed]
        if not all(isinstance(one, str) for one in ids):
            raise _Refused(400, f"Query '{_short(key)}': 'type' is the id of a type or a list of ids.")
        return [str(one).removeprefix(ONTOLOGY).removeprefix("bri:") for one in ids if one]

    def _answer(
        self, text: str, properties: list[dict[str, Any]], types: list[str], strict: str, limit: int
    ) -> list[dict[str, Any]]:
        wanted = () if strict == "should" else tuple(sorted(set(types) & self.terms.kinds.keys()))
        if types and strict != "should" and not wanted:
            return []
        matcher = self._matcher(wanted)
        known = self.terms.entity(text)
        if known:
            return [self._candidate(Candidate(_target(matcher, self.kg, known), 1.0, ()), True)]
        record = self._record(text, properties, matcher)
        if not record.forms:
            return self._by_properties(matcher, record, properties, types if strict == "all" else [], limit)
        match = matcher.match(record)
        found = matcher.candidates(record, limit * 2 + 10)
        scored = [(one, self._agreement(one.target, properties)) for one in found]
        if strict == "all":
            scored = [one for one in scored if set(types) <= self.kg.lookup.kinds(one[0].target.id)]
        if types and strict == "should":
            scored.sort(
                key=lambda one: (
                    -(one[0].bits + one[1] + 2 * bool(set(types) & self.kg.lookup.kinds(one[0].target.id))),
                    one[0].target.id,
                )
            )
        else:
            scored.sort(key=lambda one: (-(one[0].bits + one[1]), one[0].target.id))
        is_sure = match.verdict == "accept" and match.predicate == "skos:exactMatch"
        return [
            self._candidate(one, is_sure and place == 0 and match.best is not None and one.target is match.best.target)
            for place, (one, _) in enumerate(scored[:limit])
            if one.score >= 0.05
        ]

    def _by_properties(
        self, matcher: Matcher, record: Record, properties: list[dict[str, Any]], types: list[str], limit: int
    ) -> list[dict[str, Any]]:
        """Return entities that have the values asked for, where no name is given: never sure, since nothing names them."""
        found = []
        for target in matcher.targets:
            fitting = self._agreement(target, properties) / 1.5
            fitting += bool(record.countries & target.countries and target.id not in record.countries)
            fitting += bool(
                record.years
                and target.years
                and record.years[0] <= target.years[1]
                and target.years[0] <= record.years[1]
            )
            if fitting and set(types) <= self.kg.lookup.kinds(target.id):
                found.append((fitting / len(properties), target))
        found.sort(key=lambda one: (-one[0], one[1].id))
        return [
            self._candidate(Candidate(target, round(0.5 * min(share, 1.0), 4), ()), False)
            for share, target in found[:limit]
        ]

    def _candidate(self, one: Candidate, is_match: bool) -> dict[str, Any]:
        features: Counter[str] = Counter()
        for part in one.parts:
            features[part.feature.replace(" ", "_")] += part.bits  # type: ignore[assignment]
        return {
            "id": _id(one.target.id),
            "name": self.kg.labels.label(one.target.id),
            "description": self.terms.description(one.target.id),
            "type": [self.terms.type_of(kind) for kind in self.terms.kinds_of(one.target.id)],
            "score": round(100 * one.score, 1),
            "features": [{"id": feature, "value": round(float(bits), 2)} for feature, bits in features.items()],
            "match": is_match,
        }

    def _record(self, text: str, properties: list[dict[str, Any]], matcher: Matcher) -> Record:
        names = [text] if text else []
        countries: set[str] = set()
        years: list[int] = []
        for one in properties:
            pid = one["pid"].removeprefix(ONTOLOGY).removeprefix("bri:")
            for value in _values(one["v"]):
                entity = self.terms.entity(value)
                if pid in _OF_STATES:
                    countries |= {entity} if entity else matcher.states.of_cell(value)
                elif pid in _OF_DATES:
                    years += years_of(value) or ()
                elif pid in _NAMES:
                    names.append(value)
        record = record_of(names[0] if names else "", matcher.states)
        record.names = tuple(dict.fromkeys(names))
        record.countries = frozenset(countries)
        record.years = (min(years), max(years)) if years else None
        return record

    def _agreement(self, target: Record, properties: list[dict[str, Any]]) -> float:
        """Return bits for property values that the entity has too; those that say where, when and how named are in the score already."""
        bits = 0.0
        for one in properties:
            pid = one["pid"].removeprefix(ONTOLOGY).removeprefix("bri:")
            predicate = self.terms.predicates.get(pid)
            if pid in _OF_STATES | _OF_DATES | _NAMES or not predicate:
                continue
            wanted = {name_form(value).key for value in _values(one["v"])}
            for quad in self.kg.store.quads_for_pattern(
                ox.NamedNode(target.id), ox.NamedNode(predicate), None, _DEFAULT
            ):
                if name_form(self.kg.labels.text(quad.object)).key in wanted or _id(
                    getattr(quad.object, "value", "")
                ) in _values(one["v"]):
                    bits += 1.5
                    break
        return bits

    def _matcher(self, kinds: tuple[str, ...]) -> Matcher:
        if kinds not in self._matchers:
            self._matchers[kinds] = matcher_for(self.kg, kinds)
        return self._matchers[kinds]

    # suggesting

    def _suggest_entities(self, params: Mapping[str, str]) -> dict[str, Any]:
        prefix, cursor = _asked(params)
        known = self.terms.entity(prefix)
        found = [known] if known else []
        if fold(prefix):
            found += [
                iri for one in self.kg.lookup.find(prefix) if (iri := expand(one.name)) and iri in self.terms.entities
            ]
        types = set(filter(None, params.get("type", "").split(",")))
        listed = [iri for iri in dict.fromkeys(found) if not types or types & self.kg.lookup.kinds(iri)]
        return {
            "result": [
                {
                    "id": _id(iri),
                    "name": self.kg.labels.label(iri),
                    "description": self.terms.description(iri),
                    "notable": [self.terms.type_of(kind) for kind in self.terms.kinds_of(iri)],
                }
                for iri in listed[cursor : cursor + _PAGE]
            ]
        }

    def _suggest_types(self, params: Mapping[str, str]) -> dict[str, Any]:
        prefix, cursor = _asked(params)
        found = _beginning(prefix, {kind: self.kg.labels.kind(kind) for kind in self.terms.kinds})
        return {"result": [self.terms.type_of(kind, broader=True) for kind in found[cursor : cursor + _PAGE]]}

    def _suggest_properties(self, params: Mapping[str, str]) -> dict[str, Any]:
        prefix, cursor = _asked(params)
        found = _beginning(prefix, {pid: self.terms.property_name(pid) for pid in self.terms.predicates})
        return {"result": [self.terms.property_of(pid) for pid in found[cursor : cursor + _PAGE]]}

    def _flyout_entity(self, params: Mapping[str, str]) -> dict[str, Any]:
        iri = self._asked_entity(params)
        kinds = ", ".join(self.kg.labels.kind(kind) for kind in self.terms.kinds_of(iri))
        return _flyout(params["id"], self.kg.labels.label(iri), kinds, self.terms.description(iri))

    def _flyout_type(self, params: Mapping[str, str]) -> dict[str, Any]:
        kind = params.get("id", "").removeprefix(ONTOLOGY).removeprefix("bri:")
        if kind not in self.terms.kinds:
            raise _Refused(404, f"There is no type '{_short(kind)}'; /suggest/type lists them.")
        return _flyout(params["id"], self.kg.labels.kind(kind), "", self.terms.definition(ONTOLOGY + kind))

    def _flyout_property(self, params: Mapping[str, str]) -> dict[str, Any]:
        pid = self._asked_property(params.get("id", ""))
        return _flyout(
            params["id"], self.terms.property_name(pid), "", self.terms.definition(self.terms.predicates[pid])
        )

    # previewing

    def _preview(self, params: Mapping[str, str]) -> str:
        from .pages import page_environment

        iri = self._asked_entity(params)
        names = [
            (quad.object.language or "", quad.object.value)
            for predicate in ("prefLabel", "altLabel")
            for quad in self.kg.store.quads_for_pattern(
                ox.NamedNode(iri), ox.NamedNode(skos(predicate)), None, _DEFAULT
            )
            if isinstance(quad.object, ox.Literal)
        ]
        ties = []
        for pid in (
            "hostCountry",
            "country",
            "partOf",
            "underInitiative",
            "memberOf",
            "affiliatedWith",
            "basedIn",
            "date",
        ):
            values = [
                self.kg.labels.text(value) for value in self.terms.objects(iri, self.terms.predicates.get(pid, ""))
            ]
            if values:
                ties.append((self.terms.property_name(pid), sorted(values)[:6]))
        return str(
            page_environment()
            .get_template("reconciled.html.jinja")
            .render(
                language="zh-Hans" if self.kg.language.startswith("zh") else "en",
                label=self.kg.labels.label(iri),
                kinds=[self.kg.labels.kind(kind) for kind in self.terms.kinds_of(iri)],
                description=self.terms.description(iri),
                names=sorted({(tag, name) for tag, name in names if name != self.kg.labels.label(iri)}),
                ties=ties,
                name=shorten(iri),
                also=word("reconciliation also", self.kg.language),
            )
        )

    # extending

    def _propose(self, params: Mapping[str, str]) -> dict[str, Any]:
        kind = params.get("type", "").removeprefix(ONTOLOGY).removeprefix("bri:")
        if kind and kind not in self.terms.kinds:
            raise _Refused(404, f"There is no type '{_short(kind)}'; /suggest/type lists them.")
        limit = _whole(params.get("limit", ""), "limit", 100)
        counts: Counter[str] = Counter()
        for target in self._matcher((kind,) if kind else ()).targets:
            counts.update(
                {
                    self.terms.pid(quad.predicate.value)
                    for quad in self.kg.store.quads_for_pattern(ox.NamedNode(target.id), None, None, _DEFAULT)
                }
            )
        ranked = [
            pid for pid, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if pid in self.terms.predicates
        ]
        return {
            "type": params.get("type", ""),
            "limit": limit,
            "properties": [self.terms.property_of(pid) for pid in ranked[:limit]],
        }

    def _extend(self, query: Mapping[str, Any]) -> dict[str, Any]:
        ids, properties = query.get("ids"), query.get("properties")
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise _Refused(400, "'ids' is a list of identifiers, such as project/china-laos-railway.")
        if not isinstance(properties, list) or not all(
            isinstance(one, dict) and isinstance(one.get("id"), str) for one in properties
        ):
            raise _Refused(400, "'properties' is a list of objects with 'id'.")
        if len(ids) > _MOST_IDS or len(properties) > 100:
            raise _Refused(413, f"Ask for at most {_MOST_IDS} ids and 100 properties at a time.")
        wanted = [(one["id"], self._asked_property(one["id"]), _limit_of(one)) for one in properties]
        meta = []
        for asked, pid, _ in wanted:
            entry: dict[str, Any] = {"id": asked, "name": self.terms.property_name(pid)}
            kind = self.terms.range_of(self.terms.predicates[pid])
            if kind:
                entry["type"] = self.terms.type_of(kind)
            meta.append(entry)
        rows: dict[str, Any] = {}
        for one in ids:
            iri = self.terms.entity(one)
            rows[one] = {
                asked: self._cells(iri, self.terms.predicates[pid])[: limit or None] if iri else []
                for asked, pid, limit in wanted
            }
        return {"meta": meta, "rows": rows}

    def _cells(self, iri: str, predicate: str) -> list[dict[str, Any]]:
        found = self.terms.objects(iri, predicate)
        tags = sorted({value.language for value in found if isinstance(value, ox.Literal) and value.language})
        cells = []
        for value in sorted(
            found, key=lambda one: (isinstance(one, ox.Literal) and one.language != self.kg.labels.tag, str(one))
        ):
            if (
                predicate == PREFIXES["dcterms"] + "description"
                and isinstance(value, ox.Literal)
                and tags
                and value.language not in (None, "en", self.kg.labels.tag)
            ):
                continue
            cells.append(self._cell(value))
        return cells

    def _cell(self, value: object) -> dict[str, Any]:
        if isinstance(value, ox.NamedNode):
            if value.value.startswith(BASE) and self.kg.labels.label(value.value) != shorten(value.value):
                return {"id": _id(value.value), "name": self.kg.labels.label(value.value)}
            return {"str": value.value}
        if isinstance(value, ox.Literal):
            kind = value.datatype.value.removeprefix(_XSD)
            if kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value.value):
                return {"date": f"{value.value}T00:00:00Z"}
            if kind in ("integer", "int", "long", "nonNegativeInteger"):
                return {"int": int(value.value)}
            if kind in ("decimal", "double", "float"):
                return {"float": float(value.value)}
            return {"str": value.value}
        return {}

    def _asked_entity(self, params: Mapping[str, str]) -> str:
        iri = self.terms.entity(params.get("id", ""))
        if not iri:
            raise _Refused(
                404, f"There is no entity '{_short(params.get('id', ''))}'; /suggest/entity finds them by name."
            )
        return iri

    def _asked_property(self, given: str) -> str:
        pid = given.removeprefix(ONTOLOGY).removeprefix("bri:")
        if pid not in self.terms.predicates:
            raise _Refused(404, f"There is no property '{_short(given)}'; /suggest/property lists them.")
        return pid


def _target(matcher: Matcher, kg: KnowledgeGraph, iri: str) -> Record:
    return next(
        (one for one in matcher.targets if one.id == iri), Record(iri, kg.labels.label(iri), (kg.labels.label(iri),))
    )


def _id(iri: str) -> str:
    return iri.removeprefix(BASE)


def _short(text: object) -> str:
    cut = " ".join(str(text).split())
    return cut if len(cut) <= 60 else cut[:59] + "…"


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _Refused(400, f"'{name}' is no valid JSON: {error}.") from error
    if not isinstance(found, dict):
        raise _Refused(400, f"'{name}' is a JSON object, not a {type(found).__name__}.")
    return found


def _values(given: object) -> list[str]:
    """Return the values of a property in a query as texts: of an entity its id, else its name."""
    found = []
    for one in given if isinstance(given, list) else [given]:
        value = one.get("id") or one.get("name") if isinstance(one, dict) else one
        if isinstance(value, (str, int, float)):
            found.append(clean_text(value)[:_MOST_TEXT])
    return found


def _asked(params: Mapping[str, str]) -> tuple[str, int]:
    if "prefix" not in params:
        raise _Refused(400, "Give the beginning of a name in the parameter 'prefix'.")
    return clean_text(params["prefix"])[:_MOST_TEXT], _whole(params.get("cursor", ""), "cursor", 0)


def _whole(text: str, name: str, default: int) -> int:
    if not text:
        return default
    if not re.fullmatch(r"\d{1,6}", text):
        raise _Refused(400, f"'{name}' is a whole number from 0 on; '{_short(text)}' is none.")
    return int(text)


def _limit_of(asked: Mapping[str, Any]) -> int:
    settings = asked.get("settings")
    limit = settings.get("limit", 0) if isinstance(settings, dict) else 0
    try:
        return max(0, int(limit))
    except (TypeError, ValueError, OverflowError) as error:
        raise _Refused(400, f"The setting 'limit' of '{_short(asked['id'])}' is a whole number from 0 on.") from error


def _beginning(prefix: str, names: Mapping[str, str]) -> list[str]:
    """Return the keys whose name or self begins with ``prefix``, then those that hold it."""
    wanted = fold(prefix)
    found = [key for key, name in names.items() if wanted in fold(key) or wanted in fold(name)]
    return sorted(
        found,
        key=lambda key: (
            key != prefix,
            not (fold(names[key]).startswith(wanted) or fold(key).startswith(wanted)),
            names[key],
            key,
        ),
    )


def _flyout(given: str, label: str, kinds: str, description: str) -> dict[str, str]:
    import markupsafe

    said = markupsafe.Markup("<p><strong>{}</strong>{}</p><p>{}</p>").format(
        label, f" ({kinds})" if kinds else "", description
    )
    return {"id": given, "html": str(said)}


def _json(status: int, data: object, callback: str) -> Reply:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    headers = {"Content-Type": "application/json; charset=utf-8", **_CORS, **_SAFE}
    if callback:
        text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")  # JSON may hold these, a script may not
        text = f"/**/{callback}({text});"
        headers["Content-Type"] = "application/javascript; charset=utf-8"
    return Reply(status, headers, text.encode("utf-8", "replace"))


def _html(text: str) -> Reply:
    return Reply(200, {"Content-Type": "text/html; charset=utf-8", **_CORS, **_SAFE}, text.encode("utf-8", "replace"))
