"""The check itself: each comparable fact is held against each record to which a sure link leads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..graph import KnowledgeGraph
from ..names import PREFIXES
from .facts import PaperFact, paper_facts
from .parties import Parties
from .records import CITED_WORKS, Link, Links, Record, Records, Search
from .report import CrossCheck, Unheard, Verdict
from .rules import Finding, compare

__all__ = ["cross_check", "linked_datasets"]

#: Datasets of what things are and where: none of their values is a date, sum, stage or party that the paper tells.
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
    links, records = Links(kg, mapping_sets), Records(kg)
    parties = Parties(kg, links)
    facts = [fact for fact in paper_facts(kg) if not about or about in (*fact.subjects, *_nodes(fact))]
    found: list[Verdict] = []
    missing: dict[str, Unheard] = {}
    unlinked = 0
    for fact in facts:
        verdicts, unheard = _verdicts(fact, links, records, parties)
        found += verdicts
        for name, files in unheard.items():
            before = missing.get(name, Unheard(0, ()))
            missing[name] = Unheard(before.facts + 1, tuple(sorted({*before.files, *files})))
        unlinked += not verdicts and not unheard
    return CrossCheck(kg, tuple(found), missing, unlinked, about, len(facts))


def linked_datasets(kg: KnowledgeGraph, mapping_sets: Iterable[Path] = ()) -> set[str]:
    """Return the names of the datasets to whose records links lead; no other need be loaded."""
    links = Links(kg, mapping_sets)
    return {_dataset(link) for found in links.found.values() for link in found} - {*REGISTERS, CITED_WORKS}


def _nodes(fact: PaperFact) -> tuple[str, ...]:
    return tuple(term for term in fact.terms if term.startswith("http"))


def _verdicts(
    fact: PaperFact, links: Links, records: Records, parties: Parties
) -> tuple[list[Verdict], dict[str, set[str]]]:
    """Return the verdicts on a fact, and the datasets that are linked and not imported, with the files that the links name."""
    found: list[Verdict] = []
    unheard: dict[str, set[str]] = {}
    seen: set[str] = set()
    for link in sorted(links.of(fact.subjects), key=_closest):
        if not _may_speak(fact, link):
            continue
        behind = records.behind(link)
        for record in behind:
            if record.iri in seen:
                continue
            seen.add(record.iri)
            finding = compare(fact, record, link, parties)
            if finding and not links.is_sure(link):
                finding = Finding("silent", "unsure-link")
            if finding:
                found.append(Verdict(fact, record, link, (), finding))
        dataset = _dataset(link)
        if not behind and not records.holds(dataset):
            unheard.setdefault(dataset, set()).add(link.file.rpartition("/")[2])
        elif not behind and link.object.startswith(PREFIXES["record"]):
            lost = Record(link.object, dataset, link.version, link.file, "", {})
            found.append(Verdict(fact, lost, link, (), Finding("silent", "record-missing")))
    searches = tuple(one for one in links.searches(fact.subjects) if _was_for(fact, one))
    if not found and not unheard and searches and not fact.printed:
        found.append(Verdict(fact, None, None, searches, Finding("silent", "no-link")))
    return found, unheard


def _closest(link: Link) -> tuple[int, Link]:
    """Order links so that of several to one record the closest comes first, and else by name."""
    order = ("exactMatch", "financedByRecord", "closeMatch")
    return (order.index(link.predicate) if link.predicate in order else len(order), link)


def _dataset(link: Link) -> str:
    return (
        link.object.removeprefix(PREFIXES["record"]).partition("/")[0]
        if link.object.startswith(PREFIXES["record"])
        else link.dataset
    )


def _may_speak(fact: PaperFact, link: Link) -> bool:
    """Whether what a link leads to can speak of such a fact: a record, of a person the offices held, of a law the bill that is cited."""
    if link.object.startswith(PREFIXES["record"]):
        return fact.aspect not in ("term", "title") and _dataset(link) not in REGISTERS
    if link.object.startswith(PREFIXES["congress"]):
        return fact.aspect in ("title", "date")
    return fact.aspect == "term" and link.dataset == "leaders" and link.object.startswith(PREFIXES["wikidata"])


def _was_for(fact: PaperFact, search: Search) -> bool:
    """Whether a search could have found a record that speaks of such a fact."""
    if search.dataset == CITED_WORKS:
        return fact.aspect in ("title", "date") and fact.entity.startswith(PREFIXES["law"])
    if search.dataset == "leaders":
        return fact.aspect == "term"
    return search.dataset not in (*REGISTERS, "us-executive") and fact.aspect not in ("term", "title")
