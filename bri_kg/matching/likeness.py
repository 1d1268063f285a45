"""How much alike two records' names are, in bits and in words: by key, order of words, letters, initials, and the rare words that they share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise

from .features import Part
from .initials import initials_bits, initials_of, is_short_form, mixed
from .names import NameForm, name_form
from .persons import compare_persons, is_chinese, person_forms
from .records import Record
from .spelling import ADJECTIVES

__all__ = ["INSTITUTIONS", "NO_INITIALS", "NameComparer", "company_key", "weights_of"]

#: Words that most names of a sort share and that so tell little; their weight is a floor for those that no name has.
_LIGHT = frozenset(
    """project construction development initiative cooperation work works program new system republic kingdom expansion reconstruction
    rehabilitation upgrade upgrading phase section railway pipeline gas oil crude bridge expressway road highway port park zone special economic
    industrial corridor high speed area free trade link line university academy institute institution national international ministry department
    bank center company limited corporation group association school science sciences research council committee agreement treaty statement
    declaration framework plan partnership memorandum understanding china chinas asean""".split()
)


#: Things made by a name: a word more or less in it makes another of them.
INSTITUTIONS = frozenset("agreement event government law mechanism organisation".split())


#: Sorts of which nobody takes the initials of a name for its short form.
NO_INITIALS = frozenset("document group person state".split())
#: Sorts called by titles, which may say more than the graph's name does.
_TITLED = frozenset("agreement event law".split())
#: What a state's formal name says of its form.
_POLITIES = frozenset(
    "commonwealth democratic federal federation islamic kingdom mainland peoples republic socialist state union".split()
)
#: What is added to a company's name.
_COMPANY = re.compile(
    r"(?: (?:group|holdings?|incorporated|inc|corporation|company|limited|plc|berhad|bhd|pt|tbk|corp|ltd))+$|(?:控股|集团|股份|有限|责任|公司)+$"
)
#: Sorts of which a title may say more behind a comma: a route, a place, a date.
_WITH_MORE = frozenset("agreement event project undertaking".split())
_SHORTENED = re.compile(r"\b([^\W\d_]{3,})\.")


class NameComparer:
    """Compares the names of a record and a target; ``weight`` tells how much a word tells apart (rare words more)."""

    def __init__(self, weight: Callable[[str], float]) -> None:
        self._weight = weight

    def name_bits(self, record: Record, target: Record) -> float:
        """Return what the names alone speak for."""
        return self.best(record, target)[0].bits

    def best(self, record: Record, target: Record) -> tuple[Part, NameForm, NameForm]:
        """Return the part for the best pair of names, and the pair. Raises ValueError for a record without names."""
        best: tuple[float, str, NameForm, NameForm] | None = None
        for key in record.acronyms:
            for other in target.forms:
                if key == other.key:
                    one = record.forms[0]
                    best = (1.0, f"the same acronym in brackets, '{other.text}'", one, other)
        if record.family == "state" and record.label.casefold() in target.codes:
            return Part("name", 6.0, f"the code of '{target.label}'"), record.forms[0], target.forms[0]
        forms = record.forms
        if target.family == "person":
            forms = tuple(dict.fromkeys([*forms, *(form for name in record.names for form in person_forms(name))]))
        for one in forms:
            if record.spelt_out.get(one.text) == target.id:
                continue  # "University of CASS" is not CASS
            is_elsewhere = one.key in target.elsewhere or one.bag in target.elsewhere
            if is_elsewhere and (best is None or best[0] < 5.0):
                best = (5.4, f"'{one.text}' is its name in another language", one, target.forms[0])
            for other in target.forms:
                bits, said = self._name_bits(one, other, target)
                if (
                    bits < 2.0
                    and (part := before_comma(one.text))
                    and target.family in _WITH_MORE
                    and part.bag == other.bag
                ):
                    bits, said = 2.0, f"'{other.text}' and more behind it"
                if best is None or bits > best[0]:
                    best = (bits, said, one, other)
        if best is None:
            raise ValueError("a record without names cannot be scored")
        return Part("name", round(best[0], 2), best[1]), best[2], best[3]

    def _name_bits(self, one: NameForm, other: NameForm, target: Record) -> tuple[float, str]:
        if target.family == "person":
            return self._person_bits(one, other, target)
        if target.family == "state" and one.text.casefold() in ADJECTIVES:
            return 1.0, f"an adjective of '{other.text}'"
        if one.key == other.key:
            if one.is_acronym:
                return (3.0 if len(one.key) > 2 else 2.4), f"the same short form, '{other.text}'"
            return 6.0, f"the same name, '{other.text}'"
        if one.bag == other.bag:
            return 5.5, f"the same words as '{other.text}' in another order"
        if one.key.replace(" ", "") == other.key.replace(" ", ""):
            return 5.5, f"the same letters as '{other.text}'"
        if is_short_form(one.text) and target.family not in NO_INITIALS:
            initials = initials_of(other)
            if one.key in initials:
                return initials_bits(one.key), f"the initials of '{other.text}'"
            if len(one.key) > 4 and mixed(one.key) in map(mixed, initials):
                return 0.6, f"the initials of '{other.text}' in another order"
        if one.is_acronym or other.is_acronym or one.is_run != other.is_run:
            return -9.0, f"another name than '{other.text}'"
        if target.kind == "Company" and company_key(one.key) == company_key(other.key):
            return 5.0, f"'{other.text}' as a company"
        alike, left_one, left_other = self._overlap(one, other, target)
        is_formal = set(left_one) <= _POLITIES and not _POLITIES & set(other.tokens)
        if target.family == "government" and not left_other and set(left_one) <= _POLITIES:
            return 5.0, f"'{other.text}' with its form of state"
        if target.family == "state" and left_one and not left_other and is_formal:
            return -0.2, f"'{other.text}' with another form of state"
        if target.family == "state" and (alike < 0.9 or left_one or left_other):
            return -5.0, f"only {alike:.0%} of '{other.text}'"
        if target.kind == "Region" and not left_other and set(left_one) <= {"region", "area"}:
            return 5.0, f"'{other.text}' as a region"
        bits = _curve(alike)
        if target.kind == "Region" and (left_one or left_other):
            bits -= 4.0  # South Asia, Central Asia: one word makes another region
        if target.kind == "Company" and left_one:  # Tencent Music
            bits -= 3.0
        if target.family == "undertaking":  # Build Back Better, Build Back Better World
            bits -= 2.0 * any(token not in _LIGHT for token in left_other)
        if target.family in INSTITUTIONS - {"mechanism"}:
            # a word more or less makes another institution or text of it: Academy of Sciences, Academy of Social Sciences
            missing = any(token not in _LIGHT and not token[0].isdigit() for token in left_other)
            bits -= 3.5 * missing + 3.0 * any(token not in _LIGHT for token in left_one)
        differing = [f"without '{' '.join(left_other)}'"] if left_other else []
        differing += [f"with '{' '.join(left_one)}' besides"] if left_one else []
        return bits, f"{alike:.0%} of '{other.text}'" + (f", {', '.join(differing)}" if differing else "")

    def _person_bits(self, one: NameForm, other: NameForm, target: Record) -> tuple[float, str]:
        """Return what two names of persons say: people share names, most of all short Chinese ones, and one other word makes another person."""
        shared = -0.8 if is_chinese(target.names, 2) else 0.0
        if one.key == other.key:
            is_whole = other.is_run or len(other.tokens) > 1
            return (2.5 + shared if is_whole else 1.0), f"the same name, '{other.text}'; people share names"
        if one.bag == other.bag:
            return 2.3 + shared, f"the same words as '{other.text}' in another order"
        if one.key.replace(" ", "") == other.key.replace(" ", ""):
            return 2.0 + shared, f"the same letters as '{other.text}'"
        return compare_persons(one, other, is_chinese(target.names))

    def _overlap(self, one: NameForm, other: NameForm, target: Record) -> tuple[float, list[str], list[str]]:
        """Return how much of both names is shared, by weight, and the words that only one of them has.

        What a treaty's title says besides, and the target's description says too, such as its parties, is left aside.
        """
        from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

        left = [token for token in one.tokens if token not in other.tokens]
        right = [token for token in other.tokens if token not in one.tokens]
        shared = 2 * sum(self._weight(token) for token in one.tokens if token in other.tokens)
        aside = [token for token in left if token in target.context] if target.family in _TITLED and left else []
        left = [token for token in left if token not in aside]
        whole = (
            sum(map(self._weight, one.tokens)) + sum(map(self._weight, other.tokens)) - sum(map(self._weight, aside))
        )
        if left and right and not one.is_run:
            short = set(_SHORTENED.findall(one.text.casefold())) if "." in one.text else frozenset()
            for token in list(left):
                whole_words = [far for far in right if token in short and far.startswith(token)]
                if whole_words:
                    shared += 0.95 * (self._weight(token) + self._weight(whole_words[0]))
                    left.remove(token)
                    right.remove(whole_words[0])
                    continue
                near = [
                    (JaroWinkler.similarity(token, far), far) for far in right if token[:1] == far[:1] and len(far) > 4
                ]
                score, far = max(near, default=(0.0, ""))
                if score < 0.92:  # letters swapped, or in a long word one letter wrong
                    slips = [
                        word
                        for word in right
                        if word[0] == token[0]
                        and len(token) > 3
                        and (
                            sorted(word) == sorted(token)
                            or (len(token) > 5 and DamerauLevenshtein.distance(token, word) < 2)
                        )
                    ]
                    score, far = (0.94, slips[0]) if slips else (score, far)
                if score >= 0.92 and not token[0].isdigit():
                    shared += (score - 0.05) * (self._weight(token) + self._weight(far))
                    left.remove(token)
                    right.remove(far)
        return (shared / whole if whole else 0.0), left, right


@lru_cache(maxsize=50_000)
def before_comma(text: str) -> NameForm | None:
    """Return the form of what stands before the first comma of a name; None without one."""
    before, comma, _ = text.partition(", ")
    form = name_form(before)
    return form if comma and len(form.tokens) > 1 else None


def company_key(key: str) -> str:
    """Return the key of a company's name without what says that it is one: Tencent for Tencent Holdings Limited, 阿里巴巴 for 阿里巴巴集团."""
    return _COMPANY.sub("", key) or key


def _curve(alike: float) -> float:
    """Return the bits for a share of words in common: -9 for none, 0 at 0.72, 4.5 just under all."""
    points = ((0.0, -9.0), (0.5, -4.5), (0.72, 0.0), (0.85, 2.6), (0.95, 4.2), (1.0, 4.8))
    for (low, at_low), (high, at_high) in pairwise(points):
        if alike <= high:
            return at_low + (at_high - at_low) * (alike - low) / (high - low)
    return points[-1][1]


def weights_of(frequencies: Mapping[str, int], total: int) -> Callable[[str], float]:
    """Return how much a word tells apart, from how many of ``total`` names have it."""
    unknown = 1.0 + math.log2(max(total, 2)) / 4
    known = {token: 1.0 + math.log2(max(total, 2) / (1 + count)) / 4 for token, count in frequencies.items()}
    known.update(dict.fromkeys(_LIGHT, 0.6))
    return lambda token: known.get(token, unknown)
