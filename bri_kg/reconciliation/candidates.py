"""Queries in a batch: for each its candidates among the entities, with the matcher's scores and their parts.

What a query says besides the name is evidence like any other and stands in score and features: the type asked for and the values of properties.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..graph import KnowledgeGraph
from ..matching.features import Part, probability
from ..matching.match import ACCEPT, REVIEW, Candidate, Match, Matcher, matcher_for
from ..matching.names import name_form
from ..matching.records import DEFAULT_KINDS, FAMILIES, Record, years_of
from ..matching.rows import record_of
from .asked import MOST_CANDIDATES, Asked, read_query
from .protocol import Refused, id_of
from .terms import Terms

__all__ = ["Reconciler"]

#: A second candidate within so many bits of the first leaves the choice to a person; candidates below this score are not shown.
_MARGIN, _LEAST = 1.5, 0.05
#: So many types are looked through each by itself; of more, the candidates among all entities are sifted.
_MOST_TYPES = 3
#: Seconds that a batch may take.
_TIME_LIMIT = 30.0
#: Properties that say of which state something is, and when; the rest are compared by their labels and texts.
_OF_STATES = frozenset(
    "hostCountry country basedIn bodyOf governmentOf affiliatedWith partner involves policyOf".split()
)
_OF_DATES = frozenset(("date", "earliest", "latest", "issued", "established"))
_NAMES = frozenset(("skos:altLabel", "skos:prefLabel"))
_OF_TYPE = Part("kind", 1.2, "of the type asked for")
_OF_ANOTHER = Part("kind", -4.0, "not of the type asked for")
_OF_TABLES = frozenset(DEFAULT_KINDS)
_RARE = Part("kind", -2.0, "of a kind that tables seldom speak of")
_WITHIN = Part("name", -1.2, "the whole name is in it, with other words")


class Reconciler:
    """Answers batches of queries over a graph, of which ``batch_size`` may come at a time."""

    def __init__(self, kg: KnowledgeGraph, terms: Terms, batch_size: int) -> None:
        self.kg, self.terms, self.batch_size = kg, terms, batch_size
        self._matchers: dict[tuple[str, ...], Matcher] = {}
        self._making = threading.Lock()

    def batch(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """Return the candidates of each query of a batch. Refuses one that is too large, takes too long, or is not formed as specified."""
        if len(batch) > self.batch_size:
            raise Refused(413, f"The batch has {len(batch)} queries; send at most {self.batch_size} at a time.")
        asked = {key: read_query(key, query, self.terms) for key, query in batch.items()}
        end = time.monotonic() + _TIME_LIMIT
        found = {}
        for key, one in asked.items():
            if time.monotonic() > end:
                raise Refused(
                    503, f"The batch takes more than {_TIME_LIMIT:.0f} seconds; send fewer queries at a time."
                )
            found[key] = {"result": self._answer(one)}
        return found

    def matcher(self, kinds: tuple[str, ...]) -> Matcher:
        """Return the matcher for entities of some classes, made once; of none, for those that tables speak of."""
        with self._making:
            if kinds not in self._matchers:
                self._matchers[kinds] = matcher_for(self.kg, kinds)
            return self._matchers[kinds]

    def _answer(self, asked: Asked) -> list[dict[str, Any]]:
        known = self.terms.entity(asked.text)
        if known:
            label = self.kg.labels.label(known)
            given = Candidate(Record(known, label, (label,)), 1.0, (Part("identifier", 9.0, "its own identifier"),))
            return [self._shown(given, asked.is_of_types(self.kg.lookup.kinds(known)), asked)]
        if asked.text:
            return self._by_name(asked)
        return self._by_values(asked) if asked.values else []

    # by name

    def _by_name(self, asked: Asked) -> list[dict[str, Any]]:
        record = self._record(asked)
        if not record.forms:
            return []
        found: dict[str, tuple[Candidate, Match]] = {}
        for matcher, mine in self._sources(asked, record):
            match = matcher.match(mine)
            for one in [*matcher.candidates(mine, MOST_CANDIDATES), *_people_within(mine, matcher)]:
                if asked.strict == "should" or asked.is_of_types(self.kg.lookup.kinds(one.target.id)):
                    weighed = self._weighed(one, asked)
                    before = found.get(one.target.id)
                    if before is None or weighed.bits > before[0].bits:
                        found[one.target.id] = weighed, match
        if not asked.types:
            found |= {one.target.id: (one, match) for one in self._rare(record) if one.target.id not in found}
        ranked = sorted(found.values(), key=lambda one: (-one[0].bits, one[0].target.id))
        is_sure = bool(ranked) and self._is_sure(asked, [one for one, _ in ranked], ranked[0][1])
        return [
            self._shown(one, is_sure and place == 0, asked)
            for place, (one, _) in enumerate(ranked[: asked.limit])
            if one.score >= _LEAST
        ]

    def _sources(self, asked: Asked, record: Record) -> Iterator[tuple[Matcher, Record]]:
        """Yield matchers among whose targets to look, each with the record as it is to be compared."""
        kinds = sorted(set(asked.types) & self.terms.kinds.keys())
        record.family = _family_of(kinds)
        for one in [(kind,) for kind in kinds] if len(kinds) <= _MOST_TYPES else [tuple(self.terms.kinds)]:
            yield self.matcher(one), record
        if not asked.types or asked.strict == "should":
            yield self.matcher(()), self._record(asked)

    def _rare(self, record: Record) -> Iterator[Candidate]:
        """Yield what bears the very name and is of a kind that tables seldom speak of, as a component or a notion."""
        for one in self.matcher(tuple(self.terms.kinds)).candidates(record, MOST_CANDIDATES):
            is_same = one.parts[0].feature == "name" and one.parts[0].bits >= 5.5
            if is_same and not self.kg.lookup.kinds(one.target.id) & _OF_TABLES:
                parts = (*one.parts, _RARE)
                yield Candidate(one.target, round(probability(list(parts)), 4), parts)

    def _weighed(self, one: Candidate, asked: Asked) -> Candidate:
        """Return a candidate with what the query says besides the name."""
        parts = list(one.parts)
        if asked.types:
            if not asked.is_of_types(self.kg.lookup.kinds(one.target.id)):
                parts.append(_OF_ANOTHER)
            elif all(part.feature != "kind" for part in parts):
                parts.append(_OF_TYPE)
        for pid, values in asked.values.items():
            if pid not in _OF_STATES | _OF_DATES | _NAMES:
                parts += self._agreement(one.target.id, pid, values)
        return Candidate(one.target, round(probability(parts), 4), tuple(parts))

    def _agreement(self, iri: str, pid: str, values: list[str]) -> list[Part]:
        """Return what values of a property say: one that the entity has too, others than it has, or nothing where it has none."""
        held = self.terms.objects(iri, self.terms.predicates[pid])
        if not held or not values:
            return []
        wanted = {name_form(value).key for value in values} | set(values)
        if any(wanted & self.terms.names_of(one) for one in held):
            return [Part("property", 1.5, f"the same {pid}")]
        return [Part("property", -1.0, f"another {pid}")]

    def _is_sure(self, asked: Asked, ranked: list[Candidate], match: Match) -> bool:
        """Whether the best candidate can be taken without a look: the matcher would take it, and what else the query says is with it."""
        best = ranked[0]
        own = match.best
        if (
            best.score < ACCEPT
            or own is None
            or own.target.id != best.target.id
            or match.predicate != "skos:exactMatch"
        ):
            return False
        if not asked.is_of_types(self.kg.lookup.kinds(best.target.id)):
            return False
        if any(one.score >= REVIEW and best.bits - one.bits < _MARGIN for one in ranked[1:]):
            return False
        if match.verdict == "accept":
            return True
        has_rival = any(one.score >= REVIEW and own.bits - one.bits < _MARGIN for one in match.candidates[1:])
        return (
            own.score < ACCEPT or has_rival
        )  # the query's other words decided; else the matcher has a reason of its own

    def _record(self, asked: Asked) -> Record:
        states = self.matcher(()).states
        names = [asked.text] if asked.text else []
        countries: set[str] = set()
        years: list[int] = []
        for pid, values in asked.values.items():
            for value in values:
                if pid in _OF_STATES:
                    entity = self.terms.entity(value)
                    countries |= {entity} if entity else states.of_cell(value)
                elif pid in _OF_DATES:
                    years += years_of(value) or ()
                elif pid in _NAMES and value:
                    names.append(value)
        record = record_of(names[0] if names else "", states)
        if record.names:
            record.names = tuple(dict.fromkeys((*record.names, *names)))
        record.countries = frozenset(countries)
        record.years = (min(years), max(years)) if years else None
        return record

    # by values alone

    def _by_values(self, asked: Asked) -> list[dict[str, Any]]:
        """Return entities that have the values asked for, where no name is given: never sure, since nothing names them."""
        named = self._record(asked)
        if named.forms:
            return self._by_name(asked._replace(text=named.names[0]))
        kinds = tuple(sorted(set(asked.types) & self.terms.kinds.keys()))
        targets = self.matcher(() if not kinds or len(kinds) > _MOST_TYPES else kinds).targets
        found = []
        for target in targets:
            fitting = sum(self._fits(target, pid, values, named) for pid, values in asked.values.items())
            if fitting and asked.is_of_types(self.kg.lookup.kinds(target.id)):
                found.append((fitting / len(asked.values), target))
        found.sort(key=lambda one: (-one[0], one[1].id))
        return [
            self._shown(
                Candidate(target, 0.5 * share, (Part("property", 1.5 * share, "the values asked for"),)), False, asked
            )
            for share, target in found[: asked.limit]
        ]

    def _fits(self, target: Record, pid: str, values: list[str], named: Record) -> bool:
        if pid in _OF_STATES:
            return bool(named.countries & target.countries - {target.id})
        if pid in _OF_DATES and named.years and target.years:
            return named.years[0] <= target.years[1] and target.years[0] <= named.years[1]
        return any(part.bits > 0 for part in self._agreement(target.id, pid, values))

    # what is shown

    def _shown(self, one: Candidate, is_match: bool, asked: Asked) -> dict[str, Any]:
        features: Counter[str] = Counter()
        for part in one.parts:
            features[part.feature.replace(" ", "_")] += part.bits  # type: ignore[assignment]
        return {
            "id": id_of(one.target.id),
            "name": self.kg.labels.label(one.target.id),
            "description": self.terms.description(one.target.id),
            "type": [self.terms.type_of(kind) for kind in self.terms.kinds_of(one.target.id)],
            "score": round(100 * one.score, 2),
            "features": [{"id": feature, "value": round(float(bits), 2)} for feature, bits in features.items()]
            + [{"id": "unknown_property", "value": True}] * bool(asked.unknown),
            "match": is_match,
        }


def _family_of(kinds: Iterable[str]) -> str:
    """Return the family that all of some classes are of; empty where they are of several or of none."""
    families = {FAMILIES.get(kind, "") for kind in kinds}
    return families.pop() if len(families) == 1 else ""


def _people_within(record: Record, matcher: Matcher) -> Iterator[Candidate]:
    """Yield the people whose whole name is in the text with other words, as a title or an initial: worth a look and never sure."""
    mine = {token for form in record.forms for token in form.tokens}
    for target in matcher.targets:
        if target.family == "person" and any(len(form.tokens) > 1 and mine > set(form.tokens) for form in target.forms):
            yield Candidate(target, round(probability([_WITHIN]), 4), (_WITHIN,))
