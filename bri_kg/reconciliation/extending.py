"""Data extension: the values of properties for the entities that a client has matched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..matching.match import Matcher
from ..names import BASE, PREFIXES, shorten
from .protocol import DEFAULT_GRAPH, Refused, id_of, short, whole_number
from .terms import Terms

__all__ = ["Extender"]

_MOST_IDS = 1000
_XSD = PREFIXES["xsd"]


class Extender:
    """Answers data extension queries; ``matcher`` returns the matcher for entities of some classes."""

    def __init__(self, kg: KnowledgeGraph, terms: Terms, matcher: Callable[[tuple[str, ...]], Matcher]) -> None:
        self.kg, self.terms, self._matcher = kg, terms, matcher

    def propose(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Return the properties that entities of a type have, the most frequent first."""
        kind = self.terms.asked_kind(params["type"]) if params.get("type") else ""
        limit = whole_number(params.get("limit", ""), "limit", 100)
        counts: Counter[str] = Counter()
        for target in self._matcher((kind,) if kind else ()).targets:
            counts.update(
                {
                    self.terms.pid(quad.predicate.value)
                    for quad in self.kg.store.quads_for_pattern(ox.NamedNode(target.id), None, None, DEFAULT_GRAPH)
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
        wanted = [(one["id"], self.terms.asked_property(one["id"]), _limit_of(one)) for one in properties]
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
                return {"id": id_of(value.value), "name": self.kg.labels.label(value.value)}
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


def _limit_of(asked: Mapping[str, Any]) -> int:
    settings = asked.get("settings")
    limit = settings.get("limit", 0) if isinstance(settings, dict) else 0
    try:
        return max(0, int(limit))
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(400, f"The setting 'limit' of '{short(asked['id'])}' is a whole number from 0 on.") from error
