"""Rules about money: sums are the same only in one sense, one currency and one price basis."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .facts import PaperFact
from .findings import Finding, strength
from .matches import Link
from .money import Money, amounts_of, currency_of, is_share, same_when_rounded
from .parties import Parties
from .records import Record

__all__ = ["compare_amount", "compare_financier"]

#: What sums of the paper are of that a record of one commitment does not give.
_WHOLE = ("total-cost", "total-investment", "trade-volume", "share-of-financing")
_PLEDGED, _DISBURSED = "pipeline: pledge", "disburse"


def compare_amount(fact: PaperFact, record: Record, link: Link, parties: Parties | None = None) -> Finding:
    """Return the verdict on a sum: sense and lender first, then stage, currency, price basis, and the figures."""
    value = _decimal(fact.value)
    if value is not None and fact.kind in ("total-cost", "total-investment") and record.get("total-cost"):
        return _total_cost(fact, value, record, link)
    amounts = [one for one in amounts_of(record) if one.currency]
    if value is None or not amounts:
        return Finding("silent", "no-value", "", "amount")
    currency = currency_of(fact.unit)
    said = next((one for one in amounts if one.currency == currency and one.basis == "nominal"), amounts[0]).shown
    of, lender = strength(record, link), _lender(fact, record, parties)
    is_itself = link.subject == fact.node and of == "same"
    if fact.kind == "share-of-financing" and lender == "other":
        return Finding("differs-by-definition", "other-lender", said, "amount")
    if fact.kind in _WHOLE and not is_itself and not (fact.kind == "share-of-financing" and lender == "same"):
        return Finding("differs-by-definition", "amount-sense", said, "amount", "commitment")
    if of == "part" or is_share(record):
        return Finding("differs-by-stage", "part-of-whole", said, "amount", "part")
    if lender == "other":
        return Finding("differs-by-definition", "other-lender", said, "amount")
    if _other_stage(fact, record):
        return Finding("differs-by-stage", "amount-stage", said, "amount")
    if of in ("near", "related"):
        return Finding("differs-by-definition", "near-match", said, "amount", of)
    same_currency = [one for one in amounts if one.currency == currency]
    if not same_currency:
        return Finding("differs-by-currency", "amount-currency", said, "amount")
    nominal = [one for one in same_currency if one.basis == "nominal"]
    if not nominal:
        return Finding("differs-by-price-basis", "amount-basis", same_currency[0].shown, "amount")
    return _figures(fact, value, nominal[0], link)


def _lender(fact: PaperFact, record: Record, parties: Parties | None) -> str:
    """Return whether a record is of the money of the ``same`` lenders as the fact, or of ``other`` or fewer; empty where either names none."""
    funders = record.all("funder")
    if not fact.lenders or not funders or not parties:
        return ""
    return "same" if all(parties.names(one, funders) for one in fact.lenders) else "other"


def _total_cost(fact: PaperFact, value: Decimal, record: Record, link: Link) -> Finding:
    """Hold a total of the paper against the total that a record gives beside its own sum."""
    of, currency = strength(record, link), currency_of(record.get("currency"))
    cost = _decimal(record.get("total-cost"))
    if cost is None or not currency:
        return Finding("silent", "no-value", "", "amount")
    shown = f"{cost:,f} {currency}"
    if of != "same":
        kind = "differs-by-stage" if of == "part" else "differs-by-definition"
        return Finding(kind, "part-of-whole" if of == "part" else "near-match", shown, "amount", of)
    if currency != currency_of(fact.unit):
        return Finding("differs-by-currency", "amount-currency", shown, "amount")
    return _figures(fact, value, Money(cost, currency, "nominal", shown), link._replace(predicate="exactMatch"))


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _other_stage(fact: PaperFact, record: Record) -> bool:
    status, name = record.get("status").casefold(), record.get("name").casefold()
    if _DISBURSED in name:
        return True
    return status == _PLEDGED and fact.kind not in ("announced-amount",)


def _figures(fact: PaperFact, value: Decimal, sum_: Money, link: Link) -> Finding:
    if value == sum_.value:
        return Finding("confirms", "amount", sum_.shown, "amount")
    if "more-than" in fact.terms and sum_.value > value:
        return Finding("consistent", "amount-bound", sum_.shown, "amount")
    if "order-of-magnitude" in fact.terms and value.adjusted() == sum_.value.adjusted():
        return Finding("consistent", "amount-bound", sum_.shown, "amount")
    if same_when_rounded(value, sum_.value):
        return Finding("differs-by-rounding", "amount-rounded", sum_.shown, "amount")
    if link.predicate != "exactMatch":
        return Finding("differs-by-definition", "other-financing", sum_.shown, "amount")
    return Finding("contradicts", "amount", sum_.shown, "amount")


def compare_financier(fact: PaperFact, record: Record, parties: Parties) -> Finding:
    """Return the verdict on financiers: a record that names one confirms it, one that names others is silent, since it is of its own money only."""
    texts = [*record.all("funder"), record.get("name")]
    found = [term for term in fact.terms if parties.names(term, texts)]
    if not found:
        return Finding("silent", "financier", "; ".join(record.all("funder")), "funder")
    kind = "confirms" if len(found) == len(fact.terms) else "consistent"
    told = [text for text in record.all("funder") if any(parties.names(term, [text]) for term in found)]
    return Finding(kind, "financier", "; ".join(told) or parties.labels(found), "funder")
