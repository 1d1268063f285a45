"""The score of a pair: what speaks for and against two records being the same, in bits, each part with its words.

Parts are added and the sum becomes a probability, as in Fellegi and Sunter's model of record linkage: 0 bits is even odds, each bit doubles them.
The numbers below were set on examples of our own (``tests/links/development*.tsv``), not learnt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise

from .features import Part, amount_parts, date_parts, distance_parts, kind_parts
from .implying import describes, implied_keys, may_stand_in
from .names import NameForm
from .parties import Parties
from .records import Record
from .words import are_compatible

__all__ = ["Scorer", "weights_of"]


#: Words that most names of a sort share and that so tell little; their weight is a floor for those that no name has.
_LIGHT = frozenset(
    """project construction development initiative cooperation work works program new system republic kingdom expansion reconstruction
    rehabilitation upgrade upgrading phase section railway pipeline gas oil crude bridge expressway road highway port park zone special economic
    industrial corridor high speed area free trade link line university academy institute institution national international ministry department
    bank center company limited corporation group association school science sciences research council committee agreement treaty statement
    declaration framework plan partnership memorandum understanding china chinas asean""".split()
)


#: Sorts of which one that says what it is, as a university, is another than one that does not.
_BARE = frozenset("government organisation place state".split())
#: Things made by a name: a word more or less in it makes another of them.
_INSTITUTIONS = frozenset("agreement event government law mechanism organisation".split())


class Scorer:
    """Scores pairs of a record and a target.

    ``weight`` tells how much a word tells apart (rare words more), ``states`` finds the states that a name speaks of, ``state_name`` says them,
    ``parties`` knows the parties of treaties.
    """

    def __init__(
        self,
        weight: Callable[[str], float],
        states: Callable[[str], frozenset[str]],
        state_name: Callable[[str], str],
        parties: Parties | None = None,
    ) -> None:
        self._weight = weight
        self._find_states = states
        self._state_name = state_name
        self._parties = parties
        self._states: dict[str, frozenset[str]] = {}

    def parts(self, record: Record, target: Record) -> list[Part]:
        """Return the evidence for ``record`` being ``target``; the first part is the best pair of names. Nothing where the names are far apart."""
        name, record_form, target_form = self._best_name(record, target)
        if name.bits < 5.0 and self._parties is not None and (tie := self._parties.tie(record, target)):
            found = [Part(*tie), *kind_parts(record, target), *date_parts(record, target)]
            return [part for part in found if part.bits]
        if (
            name.bits < 4.0
            and record.family == target.family == "place"
            and describes(record, target, self._state_name)
        ):
            name = Part("description", 4.5, f"it is the {target.said.rstrip('.')}")
        if name.bits < 5.0 and target.family in ("government", "organisation"):
            name = self._implied(record, target) or name
        if name.bits < -6.5 and not record.identifiers & target.identifiers:
            return []  # nothing else can make up for such names
        if may_stand_in(record, target, record_form, target_form):
            name = Part("name", 2.6, f"it holds the whole name '{target_form.text}'")
        found = [name]
        if record.identifiers & target.identifiers:
            shared = ", ".join(sorted(record.identifiers & target.identifiers))
            found.append(Part("identifier", 9.0, f"both carry the identifier {shared}"))
        if 2.0 <= name.bits < 5.0 and record.acronyms & {form.key for form in target.forms}:
            found.append(Part("acronym", 2.0, "and the same acronym in brackets"))
        if target.family == "state" and record.family != "state" and record_form.key != record.forms[0].key:
            found.append(Part("alias", -4.0, "only another name of it is the state's"))
        found += self._type_parts(record, target, record_form, target_form)
        if record.is_part == target.is_part or (record_form.numbers and target_form.numbers):
            found += self._number_parts(record_form, target_form)
        found += self._country_parts(record, target, record_form, target_form)
        found += kind_parts(record, target)
        found += date_parts(record, target)
        found += amount_parts(record, target)
        found += distance_parts(record, target)
        if record.level and target.level and record.level != target.level:
            found.append(Part("level", -8.0, f"a {record.level} is no {target.level}"))
        return [part for part in found if part.bits or part.feature == "name"]

    def _implied(self, record: Record, target: Record) -> Part | None:
        """Return the part for names that say the same once what a list leaves out is added, or a subject behind a colon is left out."""
        keys = implied_keys(record, self._state_name)
        for form in target.forms:
            feature = keys.get(form.bag) or keys.get(form.key)
            if feature and (feature != "government" or target.family == "government"):
                return Part(feature, 4.8, f"with what its list leaves out the same as '{form.text}'")
        return None

    # names

    def name_bits(self, record: Record, target: Record) -> float:
        """Return what the names alone speak for."""
        return self._best_name(record, target)[0].bits

    def _best_name(self, record: Record, target: Record) -> tuple[Part, NameForm, NameForm]:
        best: tuple[float, str, NameForm, NameForm] | None = None
        for key in record.acronyms:
            for other in target.forms:
                if key == other.key:
                    one = record.forms[0]
                    best = (1.0, f"the same acronym in brackets, '{other.text}'", one, other)
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
        if one.key.replace(" ", "") == other.key.replace(" ", ""):
            return (2.0 if target.family == "person" else 5.5), f"the same letters as '{other.text}'"
        if one.is_acronym or other.is_acronym or one.is_run != other.is_run:
            return -9.0, f"another name than '{other.text}'"
        alike, left_one, left_other = self._overlap(one, other)
        if target.family == "person":  # one other word in a person's name is another person
            return (0.5 if alike > 0.9 else -6.0), f"'{other.text}' is {'near' if alike > 0.9 else 'another name'}"
        if target.family == "state" and (alike < 0.9 or left_one or left_other):
            return -5.0, f"only {alike:.0%} of '{other.text}'"
        bits = _curve(alike)
        if target.kind == "Region" and (left_one or left_other):
            bits -= 4.0  # South Asia, Central Asia: one word makes another region
        if target.family in _INSTITUTIONS - {"mechanism"}:
            # a word more or less makes another institution or text of it: Academy of Sciences, Academy of Social Sciences
            bits -= 3.5 * any(token not in _LIGHT for token in left_other) + 3.0 * any(
                token not in _LIGHT for token in left_one
            )
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
                near = [
                    (JaroWinkler.similarity(token, far), far) for far in right if token[:1] == far[:1] and len(far) > 4
                ]
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
        if record.family == target.family == "agreement" and not mine:
            return []  # in a list of treaties none need say that it is one
        if not mine and head_type(other.text) and one.key != other.key:
            bits = -6.0 if record.family == target.family == "place" else -2.5  # a place of no sort is a settlement
            return [Part("type", bits, f"it does not say that it is a {head_type(other.text)}")]
        only = head_type(one.text)
        is_bare = not head_type(other.text) and not target.type_words and one.key != other.key
        if only and only != "company" and is_bare and target.family in _BARE:
            return [Part("type", -5.0, f"it says that it is a {only}, the other does not")]
        if not mine or not theirs:
            return []
        if any(a == b for a in mine for b in theirs):
            return [Part("type", 0.8, f"both say {', '.join(sorted(mine & theirs))}")]
        if any(are_compatible(a, b) for a in mine for b in theirs):
            return []
        if may_stand_in(record, target, one, other):
            return [Part("type", -1.0, f"a {' and '.join(sorted(mine))} that may stand in it")]
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
                found.append(
                    Part("state in name", -4.0, f"it names {self._state_name(state)}, which the other does not")
                )
            missing = theirs - mine - (record.countries if mine else frozenset())
            if (mine or target.family in _INSTITUTIONS) and missing and not missing <= record.countries:
                said = ", ".join(sorted(map(self._state_name, missing)))
                found.append(Part("state in name", -3.0, f"the other names {said}, which it does not"))
        if record.countries and target.kind == "Region" and not target.countries:
            found.append(Part("country", -5.0, "a region of several states lies in no one country"))
        if record.countries and target.countries:
            known = {state for state in record.countries if not state.startswith("?")}
            if known & target.countries:
                said = ", ".join(sorted(map(self._state_name, known & target.countries)))
                found.append(Part("country", 2.0, f"both of {said}"))
            elif known or target.kind == "GovernmentBody" or target.family in ("state", "person", "project", "place"):
                mine_said = ", ".join(sorted(self._state_name(state).removeprefix("?") for state in record.countries))
                theirs_said = ", ".join(sorted(map(self._state_name, target.countries)))
                found.append(Part("country", -7.0 if known else -3.0, f"of {mine_said}, not {theirs_said}"))
        return found

    def _in_name(self, form: NameForm) -> frozenset[str]:
        if form.key not in self._states:
            self._states[form.key] = self._find_states(form.text)
        return self._states[form.key]


def _curve(alike: float) -> float:
    """Return the bits for a share of words in common: -9 for none, 0 at 0.72, 4.5 just under all."""
    points = ((0.0, -9.0), (0.5, -4.5), (0.72, 0.0), (0.85, 2.6), (0.95, 4.2), (1.0, 4.8))
    for (low, at_low), (high, at_high) in pairwise(points):
        if alike <= high:
            return at_low + (at_high - at_low) * (alike - low) / (high - low)
    return points[-1][1]


def _listed(numbers: frozenset[str]) -> str:
    return ", ".join(sorted(numbers)) or "none"


def weights_of(frequencies: Mapping[str, int], total: int) -> Callable[[str], float]:
    """Return how much a word tells apart, from how many of ``total`` names have it."""
    unknown = 1.0 + math.log2(max(total, 2)) / 4
    known = {token: 1.0 + math.log2(max(total, 2) / (1 + count)) / 4 for token, count in frequencies.items()}
    known.update(dict.fromkeys(_LIGHT, 0.6))
    return lambda token: known.get(token, unknown)
