"""The score of a pair: what speaks for and against two records being the same, in bits, each part with its words.

Parts are added and the sum becomes a probability, as in Fellegi and Sunter's model of record linkage: 0 bits is even odds, each bit doubles them.
The numbers below were set on examples of our own (``tests/links/development*.tsv``), not learnt.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .countries import States
from .features import DATED, Part, amount_parts, article, date_parts, distance_parts, kind_parts
from .implying import describes, implied_keys, may_stand_in
from .initials import is_short_form
from .likeness import INSTITUTIONS, NameComparer
from .names import NameForm, name_form
from .parties import Parties
from .records import Record
from .words import are_compatible

__all__ = ["Scorer"]

#: Sorts of which one that says what it is, as a university, is another than one that does not.
_BARE = frozenset("government organisation place state".split())


_DIRECTIONS = frozenset("east west north south northeast northwest southeast southwest".split())
_INSIDE = re.compile(r"[(（]([^()（）]+)[)）]")
_ONCE = re.compile(r"(?:formerly|former|previously|ex)\b", re.IGNORECASE)


class Scorer:
    """Scores pairs of a record and a target.

    ``weight`` tells how much a word tells apart (rare words more), ``states`` knows the states that a name speaks of, ``parties`` the parties of
    treaties.
    """

    def __init__(
        self,
        weight: Callable[[str], float],
        states: States,
        parties: Parties | None = None,
    ) -> None:
        self._names = NameComparer(weight)
        self._known = states
        self._find_states = states.in_text
        self._state_name = states.name_of
        self._parties = parties
        self._states: dict[str, frozenset[str]] = {}

    def parts(self, record: Record, target: Record) -> list[Part]:
        """Return the evidence for ``record`` being ``target``; the first part is the best pair of names. Nothing where the names are far apart."""
        name, record_form, target_form = self._names.best(record, target)
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
        is_in_brackets = record.family != "state" or _INSIDE.search(record.label)
        if target.family == "state" and is_in_brackets and record_form.key != record.forms[0].key:
            found.append(Part("alias", _alias_bits(record.label, target), "only another name of it is the state's"))
        if target.family != "state" and name.bits < 5.0 and self._known.is_name(record_form.key):
            found.append(Part("state alone", -7.0, "its whole name is a state's"))
        found += self._type_parts(record, target, record_form, target_form)
        found += self._year_parts(record, target, record_form, target_form)
        found += self._direction_parts(record_form, target_form)
        if record.is_part == target.is_part or (record_form.numbers and target_form.numbers):
            found += self._number_parts(record_form, target_form)
        found += self._country_parts(record, target, record_form, target_form)
        found += kind_parts(record, target)
        found += date_parts(record, target)
        found += amount_parts(record, target)
        found += distance_parts(record, target)
        if record.level and target.level and record.level != target.level:
            found.append(Part("level", -8.0, f"{article(record.level)} is no {target.level}"))
        return [part for part in found if part.bits or part.feature == "name"]

    def name_bits(self, record: Record, target: Record) -> float:
        """Return what the names alone speak for."""
        return self._names.name_bits(record, target)

    def _implied(self, record: Record, target: Record) -> Part | None:
        """Return the part for names that say the same once what a list leaves out is added, or a subject behind a colon is left out."""
        keys = implied_keys(record, self._state_name)
        for form in target.forms:
            feature = keys.get(form.bag) or keys.get(form.key)
            if feature and (feature != "government" or target.family == "government"):
                return Part(feature, 4.8, f"with what its list leaves out the same as '{form.text}'")
        return None

    # rules

    def _type_parts(self, record: Record, target: Record, one: NameForm, other: NameForm) -> list[Part]:
        from .words import head_type

        mine = {head_type(one.text)} - {""} or set(record.type_words) or set(record.heads)
        theirs = ({head_type(other.text)} - {""}) | target.type_words or set(target.heads)
        if record.family == target.family == "agreement" and not mine:
            return []  # in a list of treaties none need say that it is one
        if is_short_form(one.text) and one.key != other.key:
            return []  # initials say no type
        if not mine and head_type(other.text) and one.key != other.key:
            bits = -6.0 if record.family == target.family == "place" else -2.5  # a place of no sort is a settlement
            if target.family in ("agreement", "law"):
                bits = -0.5  # people say RCEP's name without "agreement"
            return [Part("type", bits, f"it does not say that it is {article(head_type(other.text))}")]
        only = head_type(one.text)
        is_bare = not head_type(other.text) and not target.type_words and one.key != other.key
        if only and (only != "company" or target.family == "place") and is_bare and target.family in _BARE:
            return [Part("type", -5.0, f"it says that it is {article(only)}, the other does not")]
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
        if one.numbers == other.numbers or one.key.replace(" ", "") == other.key.replace(" ", ""):
            return []
        if one.numbers and other.numbers and not one.numbers & other.numbers:
            return [Part("number", -5.0, f"{_listed(one.numbers)} is not {_listed(other.numbers)}")]
        extra = one.numbers ^ other.numbers
        return [Part("number", -1.5, f"only one of the names has {_listed(extra)}")]

    def _direction_parts(self, one: NameForm, other: NameForm) -> list[Part]:
        mine, theirs = _DIRECTIONS & set(one.tokens), _DIRECTIONS & set(other.tokens)
        if mine and theirs and not mine & theirs:
            return [Part("direction", -6.0, f"{_listed(frozenset(mine))} is not {_listed(frozenset(theirs))}")]
        return []

    def _year_parts(self, record: Record, target: Record, one: NameForm, other: NameForm) -> list[Part]:
        """Return what a year says that stands in one name and was left out of the form: Vision 2045 is not Vision 2025."""
        mine = ({one.year} if one.year else set()) | {number for number in one.numbers if len(number) == 4}
        theirs = ({other.year} if other.year else set()) | {number for number in other.numbers if len(number) == 4}
        if (not one.year and not other.year) or mine & theirs:
            return []
        if mine and theirs:
            return [Part("year", -7.0, f"{_listed(frozenset(mine))} is not {_listed(frozenset(theirs))}")]
        if target.years and target.family in DATED:
            return []  # the dates say it
        years, said = (target.years, mine) if mine else (record.years, theirs)
        if years and any(years[0] <= int(year) <= years[1] for year in said):
            return []
        return [Part("year", -2.0, f"only one of the names has {_listed(frozenset(said))}")]

    def _country_parts(self, record: Record, target: Record, one: NameForm, other: NameForm) -> list[Part]:
        found = []
        is_short = is_short_form(one.text)  # whose letters stand for the states too
        if target.family != "state" and one.key != other.key and one.bag != other.bag and not is_short:
            mine, theirs = self._in_name(one), self._in_name(other)
            for state in sorted(mine - theirs - target.countries):
                found.append(
                    Part("state in name", -4.0, f"it names {self._state_name(state)}, which the other does not")
                )
            missing = theirs - mine - (record.countries if mine else frozenset())
            missing = frozenset(state for state in missing if not self._is_misspelt(state, one))
            if (mine or target.family in INSTITUTIONS) and missing and not missing <= record.countries:
                said = ", ".join(sorted(map(self._state_name, missing)))
                bits = -4.5 if target.family == "government" else -3.0
                found.append(Part("state in name", bits, f"the other names {said}, which it does not"))
        if record.countries and target.kind == "Region" and not target.countries:
            found.append(Part("country", -5.0, "a region of several states lies in no one country"))
        if record.countries and target.countries:
            known = {state for state in record.countries if not state.startswith("?")}
            if target.family == "state" and record.family in ("", "government", "organisation"):
                return [Part("country", -2.0, "its country is another's")] if target.id not in known else found
            if known & target.countries:
                said = ", ".join(sorted(map(self._state_name, known & target.countries)))
                found.append(Part("country", 2.0, f"both of {said}"))
            elif known or target.kind == "GovernmentBody" or target.family in ("state", "person", "project", "place"):
                mine_said = ", ".join(sorted(self._state_name(state).removeprefix("?") for state in record.countries))
                theirs_said = ", ".join(sorted(map(self._state_name, target.countries)))
                found.append(Part("country", -7.0 if known else -4.6, f"of {mine_said}, not {theirs_said}"))
        return found

    def _is_misspelt(self, state: str, form: NameForm) -> bool:
        """Whether a name has a state's name with one letter wrong."""
        from rapidfuzz.distance import DamerauLevenshtein

        words = [word for word in self._state_name(state).split() if len(word) > 4]
        return any(DamerauLevenshtein.distance(token, word) == 1 for word in words for token in form.tokens)

    def _in_name(self, form: NameForm) -> frozenset[str]:
        if form.key not in self._states:
            self._states[form.key] = self._find_states(form.text)
        return self._states[form.key]


def _alias_bits(label: str, target: Record) -> float:
    """Return what it says against that a state's name is not the whole of a name: nothing where the brackets hold another of its names."""
    inside = _INSIDE.search(label)
    whole = name_form(label)
    if whole.bag in target.elsewhere or any(whole.bag == form.bag for form in target.forms):
        return 0.0  # Cambodia (Kingdom of)
    if inside is None:
        return -4.0
    form = name_form(inside[1])
    outside = name_form(_INSIDE.sub(" ", label))
    is_its = all(
        one.key in target.elsewhere or any(one.key == other.key for other in target.forms) for one in (form, outside)
    )
    return 0.0 if is_its or _ONCE.match(inside[1]) else -2.0 if inside[1].islower() else -4.0


def _listed(numbers: frozenset[str]) -> str:
    return ", ".join(sorted(numbers)) or "none"
