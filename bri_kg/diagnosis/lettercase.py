"""Letter case: a condition that can never hold, since LCASE gives no capitals and UCASE no small letters."""

from __future__ import annotations

import re

from .expressions import arguments, comparison
from .literals import literal_of

__all__ = ["case_fault"]

_CALLED = re.compile(r"(CONTAINS|STRSTARTS|STRENDS|REGEX)\((.*)\)$", re.DOTALL)
_CASED = re.compile(r"(?:STR\()*(LCASE|UCASE)\(")
#: What may stand for other letters than itself in a regular expression.
_PATTERN = re.compile(r"[\\\[{(|?*]")


def case_fault(piece: str) -> tuple[str, tuple[str, ...]] | None:
    """Return why a comparison or search of LCASE(...) or UCASE(...) never holds, and the texts to write instead; None if it may hold."""
    subject, texts = _sides(piece)
    cased = _CASED.match(subject)
    if not cased or not texts or not all(text.startswith('"') for text in texts):
        return None
    is_lower = cased[1] == "LCASE"
    written = [literal_of(text) for text in texts]
    meant = [one.value.lower() if is_lower else one.value.upper() for one in written]
    if any(one.value == right for one, right in zip(written, meant, strict=True)):
        return None
    has = "small letters only" if is_lower else "capitals only"
    wrong, right = f'"{written[0].value}"', f'"{meant[0]}"'
    return f"it can never hold, since {cased[1]} gives {has}: write {right} for {wrong}", tuple(meant)


def _sides(piece: str) -> tuple[str, list[str]]:
    """Return what is compared or searched, and the texts that it is held against."""
    called = _CALLED.match(piece)
    if called:
        given = arguments(called[2])
        if len(given) < 2 or (called[1] == "REGEX" and (len(given) > 2 or _PATTERN.search(given[1]))):
            return "", []
        return given[0], [given[1]]
    compared = comparison(piece)
    if not compared or compared[1] not in ("=", "IN"):
        return "", []
    left, sign, right = compared
    if sign == "IN":
        return left, arguments(right)
    return (right, [left]) if left.startswith('"') else (left, [right])
