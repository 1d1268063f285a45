"""Rules about states and organisations: where a thing is, who is involved, who is a member, who is a party."""

from __future__ import annotations

from .facts import PaperFact
from .findings import Finding, strength
from .matches import Link
from .parties import Parties
from .records import Record

__all__ = ["compare_country", "compare_members", "compare_parties"]


def compare_country(fact: PaperFact, record: Record, link: Link, parties: Parties) -> Finding:
    """Return the verdict on a host country, the state of a place or seat, or the states involved in a project."""
    texts = record.all("country")
    if not texts:
        return Finding("silent", "no-value", "", "country")
    said = "; ".join(texts)
    found = [term for term in fact.terms if parties.names(term, texts)]
    of = strength(record, link)
    remark = of if of != "same" else ""
    if len(found) == len(fact.terms):
        return Finding("confirms", fact.aspect, said, "country", remark)
    if found:
        return Finding("consistent", fact.aspect, said, "country", remark)
    if fact.aspect == "involved":  # a project can lie where no state is named as involved
        return Finding("differs-by-definition", fact.aspect, said, "country", remark)
    return Finding("contradicts" if of == "same" else "differs-by-stage", fact.aspect, said, "country", remark)


def compare_members(fact: PaperFact, record: Record, parties: Parties) -> Finding | None:
    """Return the verdict on the members of an organisation by a record that lists them behind its name; None where it does not."""
    for text in record.all("member"):
        listed = parties.listed(fact.entity, text)
        if not listed:
            continue
        found = [term for term in fact.terms if any(parties.is_called(term, one) for one in listed)]
        said = f"{len(listed)}: {', '.join(listed)}"
        if len(found) == len(fact.terms):
            kind = "confirms" if len(listed) == len(fact.terms) else "consistent"
            return Finding(kind, "member", said, "members")
        return Finding("differs-by-definition" if found else "contradicts", "member", said, "members")
    return None


def compare_parties(fact: PaperFact, record: Record, link: Link, parties: Parties) -> Finding:
    """Return the verdict on the parties to an agreement, or on whether who began it or gave it up is among them."""
    texts = record.all("member")
    if not texts:
        return Finding("silent", "no-value", "", "member")
    found = [term for term in fact.terms if parties.names(term, texts)]
    said = parties.labels(found)
    if found and len(texts) > 1 and (others := parties.others(found, texts)):
        said = parties.and_more(said, others)
    of = strength(record, link)
    remark = of if of != "same" else ""
    if fact.kind:  # who began it or gave it up
        return Finding("consistent" if found else "silent", "actor", said, "member", remark)
    if not found:
        return Finding("silent", "party", "", "member", remark)
    if of == "part" and len(found) == len(fact.terms):
        return Finding("confirms", "party-of-part", said, "member", remark)
    if of in ("part", "related") and len(found) < len(fact.terms):
        return Finding("consistent", "party-of-part", said, "member", remark)
    if len(found) < len(fact.terms):
        kind = "contradicts" if of == "same" else "differs-by-definition"
        return Finding(kind, "party", said, "member", remark)
    return Finding("confirms" if of == "same" else "consistent", "party", said, "member", remark)
