"""Which targets are worth scoring for a record: those that share a name, an identifier, initials, or enough rare words with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .countries import States
from .implying import capital_area, described, implied_keys
from .initials import initials_of, is_short_form, mixed
from .likeness import NO_INITIALS, company_key, weights_of
from .names import NameForm, name_form, spellings
from .parties import Parties
from .persons import person_forms
from .records import Record

__all__ = ["Blocks"]

_MOST = 12
_DOTTED = re.compile(r"\b([^\W\d_]{3,6})\.(?=\s|$)")
_SHORT = re.compile(r"\b[A-Z]{3,6}\b")


class Blocks:
    """The targets by what brings them near; ``weight`` tells how much a word tells apart, ``parties`` knows the parties of treaties."""

    def __init__(self, targets: Sequence[Record], states: States) -> None:
        self._states = states
        frequencies: Counter[str] = Counter()
        count = 0
        self._keys: dict[str, list[int]] = {}
        self._identifiers: dict[str, list[int]] = {}
        self._expanded: dict[str, tuple[str, str]] = {}
        self._long: dict[str, list[str]] = {}
        self._own = {name.casefold() for target in targets for name in target.names}
        self._codes: dict[str, int] = {}
        self._initials: dict[str, list[int]] = {}
        postings: dict[str, set[int]] = {}
        for place, target in enumerate(targets):
            for form in target.forms:
                count += 1
                frequencies.update(set(form.tokens))
                for key in {form.key, form.bag, form.key.replace(" ", "")}:
                    self._keys.setdefault(key, []).append(place)
                for token in form.tokens:
                    postings.setdefault(token, set()).add(place)
                if target.family not in NO_INITIALS:
                    for short in initials_of(form):
                        for key in {short, mixed(short)} if len(short) > 4 else {short}:
                            self._initials.setdefault(key, []).append(place)
            for key in (
                *target.elsewhere,
                *(company_key(form.key) for form in target.forms if target.kind == "Company"),
            ):
                self._keys.setdefault(key, []).append(place)
            for name in target.names if target.family in ("agreement", "organisation", "undertaking") else ():
                if _SHORT.fullmatch(name):
                    self._expanded.setdefault(name, (target.label, target.id))
            for code in target.codes:
                self._codes[code] = place
            for identifier in target.identifiers:
                self._identifiers.setdefault(identifier, []).append(place)
        self.weight = weights_of(frequencies, count)
        self._postings = {token: sorted(places) for token, places in postings.items()}
        self._sets = postings
        self._totals = [
            min((sum(map(self.weight, form.tokens)) for form in target.forms), default=0.0) for target in targets
        ]
        self._near = _nearby(token for token in postings if len(token) > 4 and token.isascii() and token.isalpha())
        self._spelt: dict[str, tuple[str, ...]] = {}
        self.parties = Parties(states, targets)
        self._places = {target.id: place for place, target in enumerate(targets)}
        self._capitals = {area: place for place, target in enumerate(targets) if (area := capital_area(target.said))}

    def joined(self, record: Record) -> Record:
        """Return a record with further names: words joined that the targets write as one, Kyauk Phyu, and short forms spelt out, COC."""
        names = []
        for form in record.forms:
            words = list(form.tokens)
            for place in range(len(words) - 1, 0, -1):
                whole = words[place - 1] + words[place]
                if len(whole) > 6 and whole.isalpha() and whole in self._postings:
                    words[place - 1 : place + 1] = [whole]
            if len(words) < len(form.tokens):
                names.append(" ".join(words))
        spelt = {}
        for short in dict.fromkeys(_SHORT.findall(record.label)) if " " in record.label else ():
            if short in self._expanded:
                whole, target = self._expanded[short]
                rest = set(name_form(record.label.replace(short, " ")).tokens) - set(name_form(whole).tokens)
                spelt[record.label.replace(short, whole)] = target if rest else ""
        for short in _DOTTED.findall(record.label) if "." in record.label else ():
            for word in self._longer(short.casefold()):
                names.append(record.label.replace(f"{short}.", word))
        names += spelt
        return replace(record, names=(*record.names, *names), spelt_out=spelt) if names else record

    def _longer(self, short: str) -> list[str]:
        """Return the words of the targets that a shortened word may stand for; nothing where they are many."""
        if short not in self._long:
            found = [word for word in self._postings if word.startswith(short) and len(word) > len(short) + 1]
            self._long[short] = found if len(found) < 7 else []
        return self._long[short]

    def places(self, targets: Iterable[str]) -> list[int]:
        """Return the places of targets that are named, of those that are here."""
        return [self._places[target] for target in targets if target in self._places]

    def bears(self, label: str) -> bool:
        """Whether a label is a target's own name, letter for letter but for capitals."""
        return label.casefold() in self._own

    def knows(self, name: str) -> bool:
        """Whether a name is that of a target, letter for letter."""
        forms = (*(form for spelling in spellings(name) for form in (name_form(spelling),)), *person_forms(name))
        return any(key in self._keys for form in forms for key in (form.key, form.bag, form.key.replace(" ", "")))

    def near(self, record: Record) -> list[int]:
        """Return the places of the targets that may be meant, those that share a name or an identifier first."""
        scores: dict[int, float] = {}
        sure: set[int] = set()
        for identifier in record.identifiers:
            sure.update(self._identifiers.get(identifier, ()))
        for form in record.forms:
            sure.update(self._keys.get(form.key, ()))
            sure.update(self._keys.get(form.bag, ()))
            sure.update(self._keys.get(form.key.replace(" ", ""), ()))
            if record.family in ("", "organisation"):
                sure.update(self._keys.get(company_key(form.key), ()))
            self._score_form(form, scores)
            if is_short_form(form.text):
                sure.update(self._initials.get(form.key, ()))
                sure.update(self._initials.get(mixed(form.key), ()))
        if record.family == "state" and (code := record.label.casefold()) in self._codes:
            sure.add(self._codes[code])
        if record.family == "agreement":
            sure.update(self._places[iri] for iri in self.parties.near(record))
        elif record.family == "place" and record.countries:
            sure.update(
                self._capitals[area] for area in described(record, self._states.name_of) if area in self._capitals
            )
        for key in implied_keys(record, self._states.name_of):
            sure.update(self._keys.get(key, ()))
        for key in record.acronyms:
            sure.update(self._keys.get(key, ()))
        ranked = sorted(scores, key=lambda place: (-scores[place], place))[:_MOST]
        return sorted(sure) + [place for place in ranked if place not in sure]

    def _score_form(self, form: NameForm, scores: dict[int, float]) -> None:
        mine: dict[int, float] = {}
        light: list[str] = []
        for token in form.tokens:
            for near in self._alike(token):
                if self.weight(near) < 1.0:
                    light.append(near)
                    continue
                weight = self.weight(near)
                for place in self._postings[near]:
                    mine[place] = mine.get(place, 0.0) + weight
        if not mine and len(light) < len(form.tokens):
            return  # common words alone bring nothing near
        for near in light:
            weight = self.weight(near)
            if mine:
                for place in mine.keys() & self._sets[near]:
                    mine[place] += weight
            else:
                for place in self._postings[near]:
                    mine[place] = mine.get(place, 0.0) + weight
        for place, found in mine.items():
            share = found / self._totals[place] if self._totals[place] else 0.0
            if share >= 0.5 and share > scores.get(place, 0.0):
                scores[place] = share

    def _alike(self, token: str) -> tuple[str, ...]:
        """Return the words of the targets that are this word or one slip of the pen away from it."""
        known = self._spelt.get(token)
        if known is None:
            found = {token} if token in self._postings else set()
            if len(token) > 4 and token.isascii() and token.isalpha():
                for shorter in _shorter(token):
                    found.update(self._near.get(shorter, ()))
            known = self._spelt[token] = tuple(sorted(found))
        return known


def _shorter(token: str) -> set[str]:
    """Return a word and what is left of it when one letter, or of a long word two, falls out: words that share one of these are near."""
    once = {token[:place] + token[place + 1 :] for place in range(len(token))}
    return {token} | once


def _nearby(tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for token in tokens:
        for shorter in _shorter(token):
            found.setdefault(shorter, set()).add(token)
    return {shorter: tuple(sorted(whole)) for shorter, whole in found.items()}
