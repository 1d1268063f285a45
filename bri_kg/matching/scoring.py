"""The score of a pair: what speaks for and against two records being the same, in bits, each part with its words.

Parts are added and the sum becomes a probability, as in Fellegi and Sunter's model of record linkage: 0 bits is even odds, each bit doubles them.
The numbers below were set on examples of our own (``tests/links/development.tsv``), not learnt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from .names import NameForm
from .records import Record
from .words import are_compatible

__all__ = ["Part", "Scorer", "probability"]


class Part(NamedTuple):
    """One part of a score: the feature, how many bits it speaks for (or, negative, against), and why in a few words."""

    feature: str
    bits: float
    said: str


def probability(parts: list[Part]) -> float:
    """Return the score in 0..1 that parts of evidence make together."""
    total = max(-40.0, min(40.0, sum(part.bits for part in parts)))
    return 1 / (1 + 2.0**-total)


#: Words that most names of a sort share and that so tell little; their weight is a floor for those that no name has.
_LIGHT = frozenset("project construction development initiative cooperation work works program new system republic kingdom".split())
#: Sorts that often stand for each other in tables, so that a difference is no proof against.
_NEAR = (
    {"organisation", "mechanism"},
    {"mechanism", "agreement"},
    {"agreement", "document"},
    {"undertaking", "document"},
    {"undertaking", "mechanism"},
    {"undertaking", "agreement"},
    {"group", "organisation"},
    {"organisation", "government"},
    {"event", "document"},
    {"law", "document"},
)


class Scorer:
    """Scores pairs of a record and a target.

    ``weight`` tells how much a word tells apart (rare words more), ``states`` finds the states that a name speaks of, ``state_name`` says them.
    """

    def __init__(
        self,
        weight: Callable[[str], float],
        states: Callable[[str], frozenset[str]],
        state_name: Callable[[str], str],
    ) -> None:
        self._weight = weight
        self._find_states = states
        self._state_name = state_name
        self._states: dict[str, frozenset[str]] = {}

    def parts(self, record: Record, target: Record) -> list[Part]:
        """Return the evidence for ``record`` being ``target``; the first part is the best pair of names."""
        name, record_form, target_form = self._best_name(record, target)
        found = [name]
        if record.identifiers & target.identifiers:
            shared = ", ".join(sorted(record.identifiers & target.identifiers))
            found.append(Part("identifier", 9.0, f"both carry the identifier {shared}"))
        found += self._type_parts(record, target, record_form, target_form)
        found += self._number_parts(record_form, target_form)
        found += self._country_parts(record, target, record_form, target_form)
        found += _kind_parts(record, target)
        found += _date_parts(record, target)
        found += _amount_parts(record, target)
        found += _distance_parts(record, target)
        return [part for part in found if part.bits or part.feature == "name"]

    # names

    def _best_name(self, record: Record, target: Record) -> tuple[Part, NameForm, NameForm]:
        best: tuple[float, str, NameForm, NameForm] | None = None
        for one in record.forms:
            for other in target.forms:
                bits, said = self._name_bits(one, other, target)
                if best is None or bits > best[0]:
                    best = (bits, said, one, other)
        if best is None:
            raise ValueError("a record without names cannot be scored")
        return Part("name", round(best[0], 2), best[1]), best[2], best[3]

    def _name_bits(self, one: NameForm, other: NameForm, target: Record) -> tuple[float, str]:
        if one.key == other.key:
            if target.family == "person":
                words = 1 if other.is_run else len(other.tokens)
                return (2.5 if words > 1 or other.is_run else 1.0), f"the same name, '{other.text}'; people share names"
            if one.is_acronym:
                return 2.6, f"the same short form, '{other.text}'"
            return 6.0, f"the same name, '{other.text}'"
        if one.bag == other.bag:
            return (2.3 if target.family == "person" else 5.5), f"the same words as '{other.text}' in another order"
        if one.is_acronym or other.is_acronym or one.is_run != other.is_run:
            return -9.0, f"another name than '{other.text}'"
        alike, left_one, left_other = self._overlap(one, other)
        if target.family == "person":  # one other word in a person's name is another person
            return (0.5 if alike > 0.9 else -6.0), f"'{other.text}' is {'near' if alike > 0.9 else 'another name'}"
        bits = _curve(alike)
        differing = [f"without '{' '.join(left_other)}'"] if left_other else []
        differing += [f"with '{' '.join(left_one)}' besides"] if left_one else []
        return bits, f"{alike:.0%} of '{other.text}'" + (f", {', '.join(differing)}" if differing else "")

    def _overlap(self, one: NameForm, other: NameForm) -> tuple[float, list[str], list[str]]:
        """Return how much of both names is shared, by weight, and the words that only one of them has."""
        from rapidfuzz.distance import JaroWinkler

        left = [token for token in one.tokens if token not in other.tokens]
        right = [token for token in other.tokens if token not in one.tokens]
        shared = 2 * sum(self._weight(token) for token in one.tokens if token in other.tokens)
        whole = sum(map(self._weight, one.tokens)) + sum(map(self._weight, other.tokens))
        if left and right and not one.is_run:
            for token in list(left):
                near = [(JaroWinkler.similarity(token, far), far) for far in right if token[:1] == far[:1] and len(far) > 4]
                score, far = max(near, default=(0.0, ""))
                if score >= 0.92 and not token[0].isdigit():
                    shared += (score - 0.05) * (self._weight(token) + self._weight(far))
                    left.remove(token)
                    right.remove(far)
        return (shared / whole if whole else 0.0), left, right

    # rules

    def _type_parts(self, record: Record, target: Record, one: NameForm, other: NameForm) -> list[Part]:
        from .words import head_type

        mine = {head_type(one.text)} - {""} or set(record.type_words) or set(record.heads)
        theirs = ({head_type(other.text)} - {""}) | target.type_words or set(target.heads)
        if not mine or not theirs:
            return []
        if any(a == b for a in mine for b in theirs):
            return [Part("type", 0.8, f"both say {', '.join(sorted(mine & theirs))}")]
        if any(are_compatible(a, b) for a in mine for b in theirs):
            return []
        return [Part("type", -7.0, f"{' and '.join(sorted(mine))} is no {' or '.join(sorted(theirs))}")]

    def _number_parts(self, one: NameForm, other: NameForm) -> list[Part]:
        if one.numbers == other.numbers:
            return []
        if one.numbers and other.numbers and not one.numbers & other.numbers:
            return [Part("number", -5.0, f"{_listed(one.numbers)} is not {_listed(other.numbers)}")]
        extra = one.numbers ^ other.numbers
        return [Part("number", -1.5, f"only one of the names has {_listed(extra)}")]

    def _country_parts(self, record: Record, target: Record, one: NameForm, other: NameForm) -> list[Part]:
        found = []
        if target.family != "state" and one.key != other.key and one.bag != other.bag:
            mine, theirs = self._in_name(one), self._in_name(other)
            for state in sorted(mine - theirs - target.countries):
                found.append(Part("state in name", -4.0, f"it names {self._state_name(state)}, which the other does not"))
            missing = theirs - mine - (record.countries if mine else frozenset())
            if mine and missing and not missing <= record.countries:
                said = ", ".join(sorted(map(self._state_name, missing)))
                found.append(Part("state in name", -3.0, f"the other names {said}, which it does not"))
        if record.countries and target.countries:
            known = {state for state in record.countries if not state.startswith("?")}
            if known & target.countries:
                said = ", ".join(sorted(map(self._state_name, known & target.countries)))
                found.append(Part("country", 2.0, f"both of {said}"))
            elif known or target.family in ("state", "person", "project", "place"):
                mine_said = ", ".join(sorted(self._state_name(state).removeprefix("?") for state in record.countries))
                theirs_said = ", ".join(sorted(map(self._state_name, target.countries)))
                found.append(Part("country", -4.5 if known else -3.0, f"of {mine_said}, not {theirs_said}"))
        return found

    def _in_name(self, form: NameForm) -> frozenset[str]:
        if form.key not in self._states:
            self._states[form.key] = self._find_states(form.text)
        return self._states[form.key]


def _curve(alike: float) -> float:
    """Return the bits for a share of words in common: -9 for none, 0 at 0.72, 4.5 just under all."""
    points = ((0.0, -9.0), (0.5, -4.5), (0.72, 0.0), (0.85, 2.6), (0.95, 4.2), (1.0, 4.8))
    for (low, at_low), (high, at_high) in zip(points, points[1:], strict=False):
        if alike <= high:
            return at_low + (at_high - at_low) * (alike - low) / (high - low)
    return points[-1][1]


def _kind_parts(record: Record, target: Record) -> list[Part]:
    if not record.family or not target.family:
        return []
    if record.family == target.family:
        return [Part("kind", 1.2, f"both {target.family}")]
    pair = {record.family, target.family}
    if pair in _NEAR:
        return []
    return [Part("kind", -7.0, f"a {record.family} is no {target.family}")]


def _date_parts(record: Record, target: Record) -> list[Part]:
    if not record.years or not target.years:
        return []
    (first, last), (start, end) = record.years, target.years
    gap = max(start - last, first - end, 0)
    said = f"{_span(record.years)} beside {_span(target.years)}"
    if gap <= 1:
        return [Part("date", 0.6, said)]
    dated = target.family in ("law", "agreement", "event")
    return [Part("date", -3.0 if dated else -min(2.5, 0.25 * gap), said)]


def _amount_parts(record: Record, target: Record) -> list[Part]:
    for one in record.amounts:
        for other in target.amounts:
            if other and math.isclose(one, other, rel_tol=0.01):
                return [Part("amount", 1.5, f"both {other:,.0f}")]
    return []


def _distance_parts(record: Record, target: Record) -> list[Part]:
    if not record.point or not target.point:
        return []
    kilometres = _kilometres(record.point, target.point)
    if kilometres <= 30:
        return [Part("distance", 1.5, f"{kilometres:,.0f} km apart")]
    if kilometres <= 300:
        return [Part("distance", -0.5, f"{kilometres:,.0f} km apart")]
    return [Part("distance", -4.0, f"{kilometres:,.0f} km apart")]


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two points given as latitude and longitude."""
    north, east = math.radians(other[0] - one[0]), math.radians(other[1] - one[1])
    chord = math.sin(north / 2) ** 2 + math.cos(math.radians(one[0])) * math.cos(math.radians(other[0])) * math.sin(east / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(chord)))


def _span(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"


def _listed(numbers: frozenset[str]) -> str:
    return ", ".join(sorted(numbers)) or "none"


def weights_of(frequencies: Mapping[str, int], total: int) -> Callable[[str], float]:
    """Return how much a word tells apart, from how many of ``total`` names have it."""

    def weight(token: str) -> float:
        if token in _LIGHT:
            return 0.35
        return 1.0 + math.log2(max(total, 2) / (1 + frequencies.get(token, 0))) / 4

    return weight
