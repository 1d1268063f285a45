"""Sums as records give them: in the title nominally and in their own currency, in a column often in dollars of one year."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from .records import Record

__all__ = [
    "Money",
    "amounts_of",
    "basis_of",
    "currency_of",
    "is_of_some_works",
    "is_part",
    "is_share",
    "same_when_rounded",
]

_CURRENCIES = {
    "$": "USD",
    "usd": "USD",
    "us$": "USD",
    "us dollar": "USD",
    "us-dollar": "USD",
    "eur": "EUR",
    "€": "EUR",
    "euro": "EUR",
    "rmb": "CNY",
    "cny": "CNY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rm": "MYR",
    "myr": "MYR",
}
_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SAID = re.compile(
    r"(?<![\w$])(US\$|\$|USD|EUR|€|RMB|CNY|RM|MYR)\s?(\d+(?:[,.]\d+)*)\s?(thousand|million|billion|trillion)?",
    re.IGNORECASE,
)
_PART = re.compile(r"\btranche\b|\bphase \w+\b|\bsection\b|\bdisbursed portion\b", re.IGNORECASE)
_WORKS = re.compile(r"\bphase \w+\b|\bsection\b", re.IGNORECASE)
_SHARE = re.compile(r"\bcontributes to\b|\bparticipates in\b", re.IGNORECASE)


class Money(NamedTuple):
    """A sum with its currency and its price basis, ``nominal`` or such as ``constant 2021``; ``shown`` as the record has it."""

    value: Decimal
    currency: str
    basis: str
    shown: str


def currency_of(text: str) -> str:
    """Return the code of a currency by its sign, code or name; what is unknown as it is, in capitals."""
    return _CURRENCIES.get(text.strip().casefold(), text.strip().upper())


def basis_of(record: Record) -> str:
    """Return the price basis of a record's sum: ``nominal`` where it says so or says nothing, else as it says."""
    told = record.get("basis")
    return "nominal" if told.casefold() in ("", "nominal", "current") else told


def is_part(record: Record) -> bool:
    """Whether the record's title says that it is of a part of the matter: a tranche, a phase, a section, what was disbursed."""
    return bool(_PART.search(record.get("name")))


def is_of_some_works(record: Record) -> bool:
    """Whether the record's title says that it is of some of the works alone: a phase, a section."""
    return bool(_WORKS.search(record.get("name")))


def is_share(record: Record) -> bool:
    """Whether the record's sum is a part of what its title is about: of a part of the matter, or a lender's share of a syndicate."""
    return is_part(record) or bool(_SHARE.search(record.get("name")))


def amounts_of(record: Record) -> list[Money]:
    """Return the sums of a record: the nominal one that its title states, then that of its column."""
    found = []
    said = _SAID.search(record.get("name"))
    if said and not _SHARE.search(record.get("name")):  # there the title's sum is the whole syndicate's
        sign, digits, scale = said.groups()
        value = Decimal(digits.replace(",", "")) * _SCALES[(scale or "").casefold()]
        found.append(Money(value, currency_of(sign), "nominal", said.group(0)))
    try:
        column = Decimal(record.get("amount"))
    except InvalidOperation:
        return found
    currency, basis = currency_of(record.get("currency")), basis_of(record)
    found.append(Money(column, currency, basis, f"{column:,f} {currency} ({basis})"))
    return found


def same_when_rounded(one: Decimal, other: Decimal) -> bool:
    """Whether two sums are the same once the finer is rounded to the last digit that the coarser has."""
    unit = max(_last_digit(one), _last_digit(other))
    return abs(one - other) * 2 <= unit


def _last_digit(value: Decimal) -> Decimal:
    """Return the value of the last digit that is not zero: 10 million for 480 million."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
