"""Data extension: the values of properties for the entities that a client has matched."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..names import BASE, PREFIXES, shorten
from ..wording import word
from .protocol import Refused, id_of, short, whole_number
from .terms import Terms

__all__ = ["CONTENTS", "Extender"]

#: As what an entity that is a value is given: itself, its name, or its IRI as text.
CONTENTS = ("entity", "name", "iri")

_MOST_IDS = 1000
_XSD = PREFIXES["xsd"]


class Extender:
    """Answers data extension queries."""

    def __init__(self, kg: KnowledgeGraph, terms: Terms) -> None:
        self.kg, self.terms = kg, terms

    def propose(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Return the properties that entities of a type have, the most frequent first."""
        kind = self.terms.asked_kind(params["type"]) if params.get("type") else ""
        limit = whole_number(params.get("limit", ""), "limit", 100)
        counts = self.terms.held_by(kind)
        ranked = [
            pid for pid, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if pid in self.terms.predicates
        ]
        return {
            "type": params.get("type", ""),
            "limit": limit,
            "properties": [self.terms.property_of(pid) for pid in ranked[:limit]],
        }

    def extend(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the graph says of some entities by some properties."""
        ids, properties = query.get("ids"), query.get("properties")
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise Refused(400, "'ids' is a list of identifiers, such as project/china-laos-railway.")
        if not isinstance(properties, list) or not all(
            isinstance(one, dict) and isinstance(one.get("id"), str) for one in properties
        ):
            raise Refused(400, "'properties' is a list of objects with 'id'.")
        if len(ids) > _MOST_IDS or len(properties) > 100:
            raise Refused(413, f"Ask for at most {_MOST_IDS} ids and 100 properties at a time.")
        wanted = [(one["id"], self.terms.property(one["id"]), _limit_of(one), _content_of(one)) for one in properties]
        meta = []
        for asked, pid, _, content in wanted:
            name = self.terms.property_name(pid) if pid else word("reconciliation unknown", self.kg.language, asked)
            entry: dict[str, Any] = {"id": asked, "name": name}
            kind = self.terms.range_of(self.terms.predicates[pid]) if pid else ""
            if kind and content == "entity":
                entry["type"] = self.terms.type_of(kind)
            meta.append(entry)
        rows: dict[str, Any] = {}
        for one in ids:
            iri = self.terms.entity(one) or self.terms.named(one)
            rows[one] = {
                asked: self._cells(iri, self.terms.predicates[pid], content)[: limit or None] if iri and pid else []
                for asked, pid, limit, content in wanted
            }
        return {"meta": meta, "rows": rows}

    def _cells(self, iri: str, predicate: str, content: str) -> list[dict[str, Any]]:
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
            cells.append(self._cell(value, content))
        return cells

    def _cell(self, value: object, content: str) -> dict[str, Any]:
        if isinstance(value, ox.NamedNode):
            if content == "name":
                return {"str": self.kg.labels.text(value)}
            if (
                content == "entity"
                and value.value.startswith(BASE)
                and self.kg.labels.label(value.value) != shorten(value.value)
            ):
                return {"id": id_of(value.value), "name": self.kg.labels.label(value.value)}
            return {"str": value.value}
        if isinstance(value, ox.Literal):
            kind = value.datatype.value.removeprefix(_XSD)
            if kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value.value):
                return {"date": f"{value.value}T00:00:00Z"}
            if kind in ("integer", "int", "long", "nonNegativeInteger"):
                return {"int": int(value.value)}
            if kind in ("decimal", "double", "float") and math.isfinite(float(value.value)):
                return {"float": float(value.value)}
            return {"str": value.value}
        return {}


def _limit_of(asked: Mapping[str, Any]) -> int:
    settings = asked.get("settings")
    given = settings.get("limit") if isinstance(settings, dict) else None
    text = "" if given is None else str(given).strip().removesuffix(".0")  # forms send text, and a whole number as 2.0
    if isinstance(given, bool) or not re.fullmatch(r"\d{0,6}", text, re.ASCII):
        raise Refused(400, f"The setting 'limit' of '{short(asked['id'])}' is a whole number from 0 on.")
    return int(text or 0)


def _content_of(asked: Mapping[str, Any]) -> str:
    settings = asked.get("settings")
    if settings is not None and not isinstance(settings, dict):
        raise Refused(400, f"The settings of '{short(asked['id'])}' are an object, such as {{\"limit\": 1}}.")
    content = (settings or {}).get("content") or CONTENTS[0]
    if content not in CONTENTS:
        raise Refused(400, f"The setting 'content' of '{short(asked['id'])}' is one of {', '.join(CONTENTS)}.")
    return str(content)
