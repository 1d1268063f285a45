"""References: the paper with the pages of the cited sentences, and the works behind their footnotes, as text, BibTeX and CSL-JSON.

Bibliographic data are what the paper prints of a work, in English; an address is the repaired one, where there is one. ``pages`` of a work are
those that the footnote names. Keys are the works' own names in the graph, so that they stay when the answer changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import pyoxigraph as ox

from ..errors import UsageError
from ..names import ONTOLOGY, PREFIXES, bri, concept, graph_kind, rdf, shorten, skos
from .grounds import dataset_of, short_version, text_of

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph
    from .cited import CitedAnswer
    from .sources import Sentence

__all__ = ["REFERENCE_FORMATS", "Name", "Reference", "cited_references", "list_references", "references_to_format"]

REFERENCE_FORMATS = ("plain", "bibtex", "csl")

_DEFAULT = ox.DefaultGraph()
_PERSON = PREFIXES["person"]
_MOST_RECORDS = 20
#: Of this name the family name stands first, as in Chinese, though its Chinese form has the dot of foreign names.
_FAMILY_FIRST = {_PERSON + "pich-charadine"}
#: What tells our label from the label of the document itself, and is no part of the title.
_OUR_ADDITION = re.compile(r"\s*\((?:[^()]*, )?(?:cited text|text of \d{4})\)$")
_CSL_TYPES = {
    "act": "legislation",
    "journal-article": "article-journal",
    "magazine-article": "article-magazine",
    "report-document": "report",
    "speech-text": "speech",
    "web-page": "webpage",
}
_BY_SOURCE = {"academic": "article-journal", "press": "article-newspaper"}
_LOCATOR = {
    "volume": re.compile(r"\bVol\.?\s*(\d+)"),
    "issue": re.compile(r"\b(?:No\.?\s*|(?<!.))(\d+)(?=,|$)"),
    "page": re.compile(r"\bpp?\.\s*(\d+(?:\s*[-–]\s*\d+)?)"),
}


class Name(NamedTuple):
    """A name: family and given name of a person, or a family name alone for a body or a name not known to be divided."""

    family: str
    given: str = ""

    @property
    def whole(self) -> str:
        """Family name first, as in a list of references."""
        return f"{self.family}, {self.given}" if self.given else self.family


class Reference(NamedTuple):
    """One work. ``kind`` is its CSL type, ``issued`` the date as printed, ``cited`` the places in it that the answer rests on."""

    key: str
    iri: str
    kind: str
    title: str
    authors: tuple[Name, ...]
    outlet: str
    issued: str
    volume: str
    issue: str
    page: str
    address: str
    language: str
    cited: tuple[str, ...] = ()
    licence: str = ""

    @property
    def date_parts(self) -> list[int]:
        """Year, month and day, as far as they are printed."""
        return [int(part) for part in self.issued.split("-") if part.isdigit()]

    @property
    def in_text(self) -> str:
        """Author and year, as in ``Zhang and Liang 2023``."""
        families = [name.family for name in self.authors] or [self.title]
        who = f"{families[0]} et al." if len(families) > 3 else " and ".join(families)
        return f"{who} {self.issued[:4] or 'n.d.'}"


def cited_references(kg: KnowledgeGraph, cited: CitedAnswer, name: str) -> str:
    """Return the references behind a cited answer as ``plain``, ``bibtex`` or ``csl``. Raises UsageError for another name."""
    works = [work for row in cited.rows for ground in row.grounds for work in ground.works]
    records = [graph for graph in cited.graphs if graph_kind(graph) == "record"]
    return references_to_format(name, list_references(kg, kg.sources.sentences(cited.graphs), works, records))


def list_references(
    kg: KnowledgeGraph, sentences: Iterable[Sentence], works: Iterable[str] = (), records: Iterable[str] = ()
) -> list[Reference]:
    """Return the paper, with the places of ``sentences`` in it, and the ``works``, each once, in alphabetical order.

    A dataset among them names those of its ``records`` that are cited, the first of many.
    """
    own: dict[str, list[str]] = {}
    for record in sorted(set(records)):
        own.setdefault(dataset_of(kg, record), []).append(record)
    found = [_read(kg, work)._replace(cited=_records(work, own.get(work, []))) for work in dict.fromkeys(works)]
    listed = sorted(found, key=lambda one: (one.authors[0].whole if one.authors else one.title, one.issued, one.key))
    places = tuple(dict.fromkeys(_place(sentence) for sentence in sentences))
    papers = kg.store.quads_for_pattern(None, ox.NamedNode(rdf("type")), ox.NamedNode(bri("Paper")), _DEFAULT)
    for paper in sorted(quad.subject.value for quad in papers if isinstance(quad.subject, ox.NamedNode)):
        if places:
            pages = [page for one in kg.sources.all() for page in (one.page, one.page_end)]
            listed.insert(0, _read(kg, paper)._replace(page=f"{min(pages)}-{max(pages)}", cited=places))
    taken: dict[str, int] = {}
    for place, one in enumerate(listed):
        taken[one.key] = taken.get(one.key, 0) + 1
        if taken[one.key] > 1:
            listed[place] = one._replace(key=f"{one.key}-{taken[one.key]}")
    return listed


def references_to_format(name: str, references: list[Reference]) -> str:
    """Return references as ``plain`` text, ``bibtex`` or ``csl`` (CSL-JSON). Raises UsageError for another name."""
    if name == "bibtex":
        from .bibtex import entry

        return "\n".join(entry(one) for one in references)
    if name == "csl":
        import json

        return json.dumps([_csl(one) for one in references], ensure_ascii=False, indent=1) + "\n"
    if name == "plain":
        cited = [f"{one.in_text}, {place}" for one in references for place in one.cited]
        return "\n".join([*cited, *([""] if cited else []), *(_plain(one) for one in references), ""])
    raise UsageError(f"There is no format '{name}' for references; choose {', '.join(REFERENCE_FORMATS)}.")


def _place(sentence: Sentence) -> str:
    """Return pages and paragraph, as in ``57-58, para. 9``; a footnote is named by its number, a row by its table."""
    pages = f"{sentence.page}-{sentence.page_end}" if sentence.page_end != sentence.page else str(sentence.page)
    if sentence.paragraph:
        return f"{pages}, para. {sentence.paragraph}"
    if sentence.kind == "footnote-segment":
        return f"{pages}, n. {sentence.id.removeprefix('fn').lstrip('0')}"
    table = re.match(r"t(\d+)", sentence.id)
    return f"{pages}, table {table[1]}" if table and sentence.kind.startswith("table") else pages


def _records(dataset: str, records: list[str]) -> tuple[str, ...]:
    """Return the ids of records of a dataset as a place in it: the first of many, and how many more there are."""
    base = PREFIXES["record"] + dataset.removeprefix(PREFIXES["dataset"]) + "/"
    named = ", ".join(unquote(record.removeprefix(base)) for record in records[:_MOST_RECORDS])
    more = len(records) - _MOST_RECORDS
    told = f"record{'s' * (len(records) > 1)} {named}" + (f" and {more:,} more" if more > 0 else "")
    return (told,) if records else ()


def _read_beside(kg: KnowledgeGraph, iri: str) -> Reference:
    """Return the reference of a dataset or mapping set, after its description in the graph."""
    terms, sssom = PREFIXES["dcterms"], PREFIXES["sssom"]
    makers = [text_of(kg, iri, one) for one in (f"{terms}creator", f"{terms}publisher", f"{sssom}creator_label")]
    version = next(
        filter(
            None, (text_of(kg, iri, one) for one in (f"{PREFIXES['dcat']}version", f"{PREFIXES['owl']}versionInfo"))
        ),
        "",
    )
    version, source = short_version(version), text_of(kg, iri, f"{terms}source")
    title = text_of(kg, iri, f"{terms}title") or shorten(iri)
    return Reference(
        key=re.sub(r"[^A-Za-z0-9.-]+", "-", shorten(iri)),
        iri=iri,
        kind="dataset",
        title=f"{title} {version}" if version and version not in title else title,
        authors=tuple(Name(maker) for maker in makers if maker)[:1],
        outlet="BRI-KG" if iri.startswith(PREFIXES["mapping-set"]) else "",
        issued="",  # of a dataset only the day of its import is known
        volume="",
        issue="",
        page="",
        address=source if source.startswith("http") else iri if iri.startswith(PREFIXES["mapping-set"]) else "",
        language="",
        licence=text_of(kg, iri, f"{terms}license"),
    )


def _read(kg: KnowledgeGraph, iri: str) -> Reference:
    if graph_kind(iri) in ("dataset", "mapping-set"):
        return _read_beside(kg, iri)
    values: dict[str, list[ox.NamedNode | ox.Literal]] = {}
    for quad in kg.store.quads_for_pattern(ox.NamedNode(iri), None, None, _DEFAULT):
        if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            values.setdefault(quad.predicate.value.removeprefix(ONTOLOGY), []).append(quad.object)

    def one(name: str) -> str:
        return min((term.value for term in values.get(name, [])), default="")

    slug = iri.rpartition("/")[2]
    kind, source = (one(name).removeprefix(concept("")) for name in ("documentKind", "sourceKind"))
    csl = _CSL_TYPES.get(kind) or ("" if kind and kind != "news-item" else _BY_SOURCE.get(source, ""))
    names = sorted(_name(kg, term.value) for term in values.get("author", []))
    located = {part: found[1] for part, pattern in _LOCATOR.items() if (found := pattern.search(one("locator")))}
    addresses = [one("repairedAddress"), *(term.value for term in values.get("printedAddress", []))]
    return Reference(
        key=re.sub(r"[^A-Za-z0-9:.-]+", "-", slug) or "work",
        iri=iri,
        kind=csl or ("webpage" if kind == "news-item" else "document"),
        title=_OUR_ADDITION.sub("", _english(kg, iri)),
        authors=tuple(sorted(names, key=lambda name: slug.find(name.family.lower()))),  # the slug gives their order
        outlet=one("outlet"),
        issued=one("issued"),
        volume=located.get("volume", ""),
        issue=located.get("issue", ""),
        page=re.sub(r"\s*–\s*", "-", located.get("page", "")),
        address=next((address for address in addresses if address and " " not in address), ""),
        language=one("documentLanguage"),
    )


def _english(kg: KnowledgeGraph, iri: str) -> str:
    """Return the English preferred label, in which the paper prints titles and names."""
    quads = kg.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(skos("prefLabel")), None, _DEFAULT)
    labels = {quad.object.language: quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}
    return labels.get("en") or kg.labels.label(iri)


def _name(kg: KnowledgeGraph, iri: str) -> Name:
    """Return a name in its parts: the family name stands first in those whose Chinese form has no dot between its parts."""
    whole = _english(kg, iri)
    first, _, rest = whole.partition(" ")
    if not iri.startswith(_PERSON) or not rest:
        return Name(whole)
    quads = kg.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(skos("prefLabel")), None, _DEFAULT)
    chinese = [q.object.value for q in quads if isinstance(q.object, ox.Literal) and q.object.language == "zh-hans"]
    if not chinese:
        return Name(whole)
    if iri in _FAMILY_FIRST or "·" not in chinese[0]:
        return Name(first, rest)
    given, _, last = whole.rpartition(" ")
    return Name(last, given)


def _notes(one: Reference) -> list[str]:
    """Return what is to be said of a work besides: the licence of a dataset, and the places in it."""
    licence = [f"Licence: {one.licence}"] if one.licence else []
    return [*licence, *([f"Cited: {'; '.join(one.cited)}"] if one.cited else [])]


def _csl(one: Reference) -> dict[str, Any]:
    """Return an item after the CSL-JSON schema."""
    authors = [
        {"family": name.family, "given": name.given} if name.given else {"literal": name.family} for name in one.authors
    ]
    holder = "publisher" if one.kind == "report" else "container-title"
    item: dict[str, Any] = {"id": one.key, "type": one.kind, "title": one.title}
    rest = {
        "author": authors,
        holder: one.outlet,
        "issued": {"date-parts": [one.date_parts]} if one.date_parts else {},
        "volume": one.volume,
        "issue": one.issue,
        "page": one.page,
        "URL": one.address,
        "language": one.language,
        "note": ". ".join(_notes(one)),
    }
    return item | {name: value for name, value in rest.items() if value}


def _plain(one: Reference) -> str:
    authors = " and ".join(name.whole for name in one.authors)
    year = one.issued[:4] or "n.d."
    title = one.title if one.title.endswith((".", "?", "!")) else f"{one.title}."
    where = [one.outlet if one.outlet != authors else ""]
    where += [f"{word} {value}" if value else "" for word, value in (("vol.", one.volume), ("no.", one.issue))]
    where += [one.issued if len(one.issued) > 4 else "", one.page]
    parts = [f"{authors}. {year.rstrip('.')}. {title}" if authors else f"{title} {year.rstrip('.')}."]
    parts += [", ".join(filter(None, where)) + "."] * any(where) + [f"{one.address}"] * bool(one.address)
    parts += [f"Licence: {one.licence}."] if one.licence else []
    return "".join(character for character in " ".join(parts) if character.isprintable())
