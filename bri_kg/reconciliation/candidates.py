"""Queries in a batch: for each its candidates among the entities, with the matcher's scores and their parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..matching.match import Candidate, Matcher, matcher_for
from ..matching.names import clean_text, name_form
from ..matching.records import Record, years_of
from ..matching.rows import record_of
from .protocol import DEFAULT_GRAPH, MOST_TEXT, Refused, id_of, kind_of, short, values_of
from .terms import Terms

__all__ = ["Reconciler"]

_MOST_CANDIDATES = 50
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


class Reconciler:
    """Answers batches of queries over a graph, of which ``batch_size`` may come at a time."""

    def __init__(self, kg: KnowledgeGraph, terms: Terms, batch_size: int) -> None:
        self.kg, self.terms, self.batch_size = kg, terms, batch_size
        self._matchers: dict[tuple[str, ...], Matcher] = {}

    def batch(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """Return the candidates of each query of a batch. Refuses one that is too large or not formed as the specification says."""
        if len(batch) > self.batch_size:
            raise Refused(413, f"The batch has {len(batch)} queries; send at most {self.batch_size} at a time.")
        return {key: {"result": self._candidates(key, query)} for key, query in batch.items()}

    def _candidates(self, key: str, query: object) -> list[dict[str, Any]]:
        if not isinstance(query, dict):
            raise Refused(
                400, f'Query \'{short(key)}\' is no object; give one such as {{"query": "China-Laos Railway"}}.'
            )
        text = query.get("query", "")
        properties = query.get("properties") or []
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            raise Refused(400, f"Query '{short(key)}': 'query' is a text of at most {MOST_TEXT} characters.")
        if not isinstance(properties, list) or not all(
            isinstance(one, dict) and isinstance(one.get("pid"), str) and "v" in one for one in properties
        ):
            raise Refused(400, f"Query '{short(key)}': 'properties' is a list of objects with 'pid' and 'v'.")
        if not clean_text(text) and not properties:
            raise Refused(400, f"Query '{short(key)}' has neither 'query' nor 'properties'; give a name to look for.")
        limit = query.get("limit", 5)
        if isinstance(limit, bool) or not isinstance(limit, (int, float)) or limit < 1 or limit != int(limit):
            raise Refused(400, f"Query '{short(key)}': 'limit' is a whole number from 1 on.")
        types = self._types_asked(key, query.get("type"))
        strict = query.get("type_strict", "any")
        if strict not in ("any", "all", "should"):
            raise Refused(400, f"Query '{short(key)}': 'type_strict' is any, all or should.")
        return self._answer(clean_text(text), properties, types, strict, min(int(limit), _MOST_CANDIDATES))

    def _types_asked(self, key: str, given: object) -> list[str]:
        listed = [given] if isinstance(given, str) else given or []
        if not isinstance(listed, list):
            raise Refused(400, f"Query '{short(key)}': 'type' is the id of a type or a list of ids.")
        ids = [one.get("id") if isinstance(one, dict) else one for one in listed]
        if not all(isinstance(one, str) for one in ids):
            raise Refused(400, f"Query '{short(key)}': 'type' is the id of a type or a list of ids.")
        return [kind_of(str(one)) for one in ids if one]

    def _answer(
        self, text: str, properties: list[dict[str, Any]], types: list[str], strict: str, limit: int
    ) -> list[dict[str, Any]]:
        wanted = () if strict == "should" else tuple(sorted(set(types) & self.terms.kinds.keys()))
        if types and strict != "should" and not wanted:
            return []
        matcher = self.matcher(wanted)
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
            "id": id_of(one.target.id),
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
            pid = kind_of(one["pid"])
            for value in values_of(one["v"]):
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
            pid = kind_of(one["pid"])
            predicate = self.terms.predicates.get(pid)
            if pid in _OF_STATES | _OF_DATES | _NAMES or not predicate:
                continue
            wanted = {name_form(value).key for value in values_of(one["v"])}
            for quad in self.kg.store.quads_for_pattern(
                ox.NamedNode(target.id), ox.NamedNode(predicate), None, DEFAULT_GRAPH
            ):
                if name_form(self.kg.labels.text(quad.object)).key in wanted or id_of(
                    getattr(quad.object, "value", "")
                ) in values_of(one["v"]):
                    bits += 1.5
                    break
        return bits

    def matcher(self, kinds: tuple[str, ...]) -> Matcher:
        """Return the matcher for entities of some classes, made once."""
        if kinds not in self._matchers:
            self._matchers[kinds] = matcher_for(self.kg, kinds)
        return self._matchers[kinds]


def _target(matcher: Matcher, kg: KnowledgeGraph, iri: str) -> Record:
    return next(
        (one for one in matcher.targets if one.id == iri), Record(iri, kg.labels.label(iri), (kg.labels.label(iri),))
    )
