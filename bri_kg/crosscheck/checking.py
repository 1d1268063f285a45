"""The check itself: each comparable fact is held against each record to which a sure link leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from ..graph import KnowledgeGraph
from ..names import IDENTIFIERS, PREFIXES
from .facts import PaperFact
from .findings import Finding
from .gathering import paper_facts
from .matches import Link, Links, Search
from .officerules import compare_succession, terms_for
from .pages import PAGES, page_links
from .parties import Parties
from .records import BANK_PROJECT, CITED_WORKS, LENDERS, OF_ONE_STATE, OFFICES, Record, Records
from .report import CrossCheck, Unheard, Verdict
from .rules import compare

__all__ = ["cross_check", "linked_datasets"]

#: Datasets of what things are and where: of all that the paper tells they can speak of places and seats alone.
REGISTERS = (
    "country-codes",
    "iati-codes",
    "mledoze",
    "natural-earth",
    "ror",
    "un-locode",
    "un-votes",
    "whosonfirst",
    "world-cities",
)


def cross_check(kg: KnowledgeGraph, entity: str = "", mapping_sets: Iterable[Path] = ()) -> CrossCheck:
    """Hold the comparable facts of the paper, or those about ``entity``, against the linked records that ``kg`` has.

    ``kg`` is loaded with imported datasets: ``bri_kg.load(external=["aiddata"])``. ``mapping_sets`` are files of
    further links, such as ``bri-kg link`` writes.

    Raises NameLookupError for a name that means nothing or several things, DataError for a mapping set that is broken.
    """
    about = kg.lookup.entity(entity) if entity else ""
    links, records = Links(kg, mapping_sets, page_links()), Records(kg)
    parties = Parties(kg, links)
    facts = [fact for fact in paper_facts(kg) if not about or about in (*fact.subjects, *_nodes(fact))]
    found: list[Verdict] = []
    missing: dict[str, Unheard] = {}
    for fact in facts:
        verdicts, unheard = _verdicts(fact, links, records, parties)
        found += verdicts
        for name, files in unheard.items():
            before = missing.get(name, Unheard(0, ()))
            missing[name] = Unheard(before.facts + 1, tuple(sorted({*before.files, *files})))
    return CrossCheck(kg, tuple(found), missing, about, len(facts))


def linked_datasets(kg: KnowledgeGraph, mapping_sets: Iterable[Path] = ()) -> set[str]:
    """Return the names of the datasets that can speak of a fact of the paper; no other need be loaded."""
    links = Links(kg, mapping_sets)
    found = {
        name
        for fact in paper_facts(kg)
        for link in links.of(fact.subjects)
        if _may_speak(fact, link)
        for name in _datasets(fact, link)
    }
    return found - {CITED_WORKS}


def _nodes(fact: PaperFact) -> tuple[str, ...]:
    return tuple(term for term in fact.terms if term.startswith("http"))


def _verdicts(
    fact: PaperFact, links: Links, records: Records, parties: Parties
) -> tuple[list[Verdict], dict[str, set[str]]]:
    """Return the verdicts on a fact, and the datasets that are linked and not imported, with the files that the links name.

    A linked record that an imported dataset does not hold is told only where no other record speaks: many are named in titles of others.
    """
    found: list[Verdict] = []
    lost: list[Verdict] = []
    unheard: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    for link in sorted(links.of(fact.subjects), key=_closest):
        if not _may_speak(fact, link):
            continue
        behind = _heads(fact, link, records) if fact.called else records.behind(link)
        for record in behind:
            if (record.iri, record.dataset) not in seen:
                seen.add((record.iri, record.dataset))
                found += _verdict(fact, record, link, links, records, parties)
        if behind or link.object.startswith(BANK_PROJECT):
            continue
        if absent := _absent(fact, records, _datasets(fact, link)):
            unheard.setdefault(absent, set()).update(() if fact.called else [link.file.rpartition("/")[2]])
        elif link.object.startswith(PREFIXES["record"]) and fact.aspect != "member":
            record = Record(link.object, _datasets(fact, link)[0], link.version, link.file, "", {})
            lost.append(Verdict(fact, record, link, (), Finding("silent", "record-missing")))
    if not found and not unheard and not fact.printed:
        if lost:
            return lost, unheard
        searches = tuple(one for one in links.searches(fact.subjects) if _was_for(fact, one))
        found.append(Verdict(fact, None, None, searches, Finding("silent", "no-link" if searches else "unsearched")))
    return found, unheard


def _verdict(
    fact: PaperFact, record: Record, link: Link, links: Links, records: Records, parties: Parties
) -> Iterator[Verdict]:
    others: tuple[Record, ...] = ()
    if fact.kind == "succession":
        finding, before = compare_succession(record, records.heads(link.object, fact.before))
        others = (before,) if before else ()
    else:
        told = compare(fact, record, link, parties)
        if not told:
            return
        finding = told
        if record.dataset == PAGES and finding.rule == "no-value":  # a page prints some values alone
            return
    if not links.is_sure(link):
        finding, others = Finding("silent", "unsure-link"), ()
    yield Verdict(fact, record, link, (), finding, others)


def _heads(fact: PaperFact, link: Link, records: Records) -> list[Record]:
    """Return the terms of office of which a fact about an administration speaks; a link leads to its state."""
    before = records.heads(link.object, fact.before) if fact.before else []
    return terms_for(fact, records.heads(link.object, fact.called), before)


def _closest(link: Link) -> tuple[int, Link]:
    """Order links so that of several to one record the closest comes first, and else by name."""
    order = ("exactMatch", "financedByRecord", "closeMatch")
    return (order.index(link.predicate) if link.predicate in order else len(order), link)


@cache
def _siblings(namespace: str) -> tuple[str, ...]:
    """Return the datasets that name their records in a namespace: that of the name itself, and those whose descriptions say so."""
    from ..external.descriptions import packaged

    beside = [one.name for one in packaged().values() if one.subject.startswith(f"{PREFIXES['record']}{namespace}/")]
    return (namespace, *(name for name in sorted(beside) if name != namespace))


def _datasets(fact: PaperFact, link: Link) -> tuple[str, ...]:
    """Return the datasets that may hold what a link leads to."""
    if fact.called:
        return (OFFICES, *(name for name, state in OF_ONE_STATE.items() if state == link.object))
    if link.object.startswith(BANK_PROJECT):
        return tuple(LENDERS)
    if link.object.startswith(PREFIXES["record"]):
        return _siblings(link.object.removeprefix(PREFIXES["record"]).partition("/")[0])
    return (link.dataset,)


def _absent(fact: PaperFact, records: Records, names: Sequence[str]) -> str:
    """Return the first of these datasets that is not imported; empty where all are.

    Of several that name the same records, such as a selection and the whole table, one that is imported will do.
    """
    is_enough = not fact.called and any(records.holds(name) for name in names)
    return "" if is_enough else next((name for name in names if not records.holds(name)), "")


def _may_speak(fact: PaperFact, link: Link) -> bool:
    """Whether what a link leads to can speak of such a fact: a record, of a person the offices held, of a law the bill that is cited."""
    if link.dataset == PAGES and link.object.startswith(PREFIXES["record"]):
        return fact.aspect in ("date", "country", "party", "fate", "title", "amount", "financier")
    if link.object.startswith(BANK_PROJECT):
        return fact.aspect in ("date", "country", "amount", "financier")
    if link.object.startswith(PREFIXES["record"]):
        is_register = link.object.removeprefix(PREFIXES["record"]).partition("/")[0] in REGISTERS
        return fact.aspect not in ("term", "title", "seat") and (not is_register or fact.aspect == "location")
    if link.object.startswith(PREFIXES["congress"]):
        return fact.aspect in ("title", "date", "fate") and link.predicate == "exactMatch"
    if link.object.startswith(IDENTIFIERS["ror"]):
        return fact.aspect == "seat" and link.predicate == "exactMatch"
    if not link.object.startswith(PREFIXES["wikidata"]) or fact.aspect != "term":
        return False
    if fact.called:  # the holder of the office is found by the state and the name
        return link.subject.startswith(PREFIXES["state"]) and link.predicate == "exactMatch"
    return link.dataset == OFFICES


def _was_for(fact: PaperFact, search: Search) -> bool:
    """Whether a search could have found a record that speaks of such a fact."""
    if search.dataset == CITED_WORKS:
        return fact.aspect in ("title", "date", "fate") and fact.entity.startswith(PREFIXES["law"])
    if fact.aspect == "term":
        return search.dataset == OFFICES
    if fact.aspect == "seat":
        return search.dataset == "ror"
    return search.dataset not in (*REGISTERS, OFFICES, *OF_ONE_STATE) and fact.aspect != "title"
