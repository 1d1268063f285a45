"""What the cells of a cross-check say: the paper's value, the record's, and both sources, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..citing.sources import Sentence
from ..graph import KnowledgeGraph
from ..names import PREFIXES, bri, concept
from ..wording import word
from .facts import PaperFact
from .findings import Finding
from .pages import PAGES
from .records import CITED_WORKS, Record
from .ruletexts import RULES
from .words import REMARKS, said

if TYPE_CHECKING:
    from .matches import Link
    from .report import Verdict

__all__ = ["Telling", "predicate_text"]

#: An id that is longer says less than the line of the file, and breaks the column.
LONG = 16
#: Stages of foundings, which the label of their concept alone does not tell apart from those of works.
_FOUNDING = ("begun", "done", "fully-implemented")
#: Kinds of dates that no concept names.
_PLAIN_KINDS = ("acceded", "congress", "financed", "in-force", "money-announced", "money-approved", "signed")


class Telling:
    """Words for what verdicts hold, in the language of a graph's labels."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._kg = kg
        self.language = kg.labels.tag

    def kind(self, name: str) -> str:
        """Return the label of a kind of verdict."""
        return self._kg.labels.label(concept(name))

    def rule(self, name: str) -> str:
        """Return the sentence of a rule."""
        return said(name, self.language, table=RULES)

    def remark(self, finding: Finding) -> str:
        """Return the remark of a finding; empty where it has none."""
        return said(finding.remark, self.language, table=REMARKS) if finding.remark else ""

    def thing(self, fact: PaperFact) -> str:
        """Return the label of what a fact is about: of a sum that is between several, of each."""
        several = fact.aspect == "amount" and fact.also and not fact.entity.startswith(PREFIXES["project"])
        return word("join", self.language).join(self._named(one) for one in (fact.also if several else (fact.entity,)))

    def _named(self, node: str) -> str:
        """Return the label of a thing; of a measure, which has no name of its own, with the place that it is meant for."""
        label = self._kg.labels.label
        if not node.startswith(PREFIXES["measure"]):
            return label(node)
        quads = self._kg.store.quads_for_pattern(
            ox.NamedNode(node), ox.NamedNode(bri("place")), None, ox.DefaultGraph()
        )
        places = sorted(label(quad.object.value) for quad in quads if isinstance(quad.object, ox.NamedNode))
        return " ".join([label(node), *(said("in brackets", self.language, place) for place in places)])

    def what(self, fact: PaperFact) -> str:
        """Return in a word or two what is compared: the milestone, the kind of date, sum or term, else the aspect."""
        language, label = self.language, self._kg.labels.label
        if fact.aspect == "date":
            if fact.kind in _FOUNDING:
                done = fact.kind == "done"
                return said("founded", language) if done else said("founding", language, label(concept(fact.kind)))
            return said(fact.kind, language) if fact.kind in _PLAIN_KINDS else label(concept(fact.kind))
        if fact.aspect == "amount":
            return label(concept(fact.kind))
        if fact.aspect == "term":
            return said(fact.kind if fact.kind != "post" else "term", language)
        return said(fact.kind if fact.aspect == "party" and fact.kind else fact.aspect, language)

    def paper(self, fact: PaperFact) -> str:
        """Return what the paper says, in one line."""
        language, label = self.language, self._kg.labels.label
        if fact.printed:
            return said("printed", language, fact.value)
        if fact.by_phase:
            return said("dated by phase", language, label(fact.value))
        if fact.aspect == "status":
            return f"{label(concept(fact.kind))} ({said(fact.value, language)})"
        if fact.aspect in ("country", "location", "involved", "seat", "member", "party", "financier"):
            return word("join", language).join(label(term) for term in fact.terms)
        if fact.aspect == "fate":
            return label(fact.value)
        if fact.aspect == "amount":
            bound = "".join(f" ({label(concept(one))})" for one in fact.terms)
            return f"{Decimal(fact.value):,f} {label(concept(fact.unit))}{bound}"
        return self._term(fact) if fact.aspect == "term" else fact.value

    def _term(self, fact: PaperFact) -> str:
        language, label = self.language, self._kg.labels.label
        if fact.kind == "succession":
            return label(fact.value)
        if fact.kind == "takes-office":
            return fact.value or said("undated", language)
        first, last = (fact.mentions[0][0][:7], fact.mentions[-1][0][:7]) if fact.mentions else ("", "")
        when = first if first == last else said("span", language, first, last)
        if fact.kind == "acts":
            return when
        return said("titled", language, fact.value, when or said("undated", language))

    def record(self, finding: Finding) -> str:
        """Return what the record says, in one line; empty where it says nothing."""
        return said(f"field {finding.field}", self.language, finding.said) if finding.said and finding.field else ""

    def sentences(self, fact: PaperFact) -> list[tuple[Sentence, str]]:
        """Return the segments that state a fact, in reading order, each with its voice."""
        found = {}
        for graph in fact.graphs:
            sentence = self._kg.sources.sentence(graph)
            if sentence and sentence.id not in found:
                printed = word("corrected", self.language)
                voice = printed if fact.printed else self._kg.sources.voice(fact.node, graph)[0]
                found[sentence.id] = sentence, voice
        return sorted(found.values(), key=lambda pair: pair[0].order)

    def pages(self, fact: PaperFact) -> str:
        """Return page and id of the segments that state a fact, the first two of many."""
        pages = [sentence.reference for sentence, _ in self.sentences(fact)]
        return ", ".join(pages[:2]) + (f" … ({len(pages)})" if len(pages) > 2 else "")

    def source(self, record: Record) -> str:
        """Return dataset, id and line of a record; of a work that the paper cites the notes that cite it."""
        if record.dataset == CITED_WORKS and (notes := self._notes(record.iri)):
            return said("the paper", self.language, ", ".join(notes))
        if record.dataset == PAGES:
            return record.get("publisher")
        line = said("line", self.language, record.line) if record.line else ""
        name = record.dataset if line and len(record.id) > LONG else f"{record.dataset} {record.id}"
        return ", ".join(part for part in (name, line) if part)

    def cited(self, record: Record, link: Link | None) -> str:
        """Return dataset, id, line, file and version of a record, in one line."""
        if record.dataset == PAGES:
            return f"{self.source(record)}, {record.get('address')}, {said('read', self.language, record.version)}"
        version = record.version or (link.version if link else "")
        where = [self.source(record), record.file or (link.file if link else "")]
        where += [record.id] if record.dataset != CITED_WORKS and record.id not in where[0] else []
        where += [said("version", self.language, version)] if version else []
        return ", ".join(part for part in where if part)

    def searched(self, verdict: Verdict) -> str:
        """Return the datasets that were searched in vain; empty where no search is recorded."""
        names = sorted({search.dataset for search in verdict.searches})
        return said("searched", self.language, ", ".join(names)) if names else ""

    def sources(self, verdict: Verdict) -> tuple[list[str], list[str]]:
        """Return the lines for both sources of a verdict: the sentences with voice and gist, the records with dataset, file and version."""
        told = [
            f"{said('the paper', self.language, sentence.reference)} · {voice}: {sentence.gist}"
            for sentence, voice in self.sentences(verdict.fact)
        ]
        if not verdict.records:
            return told, [self.searched(verdict) or self.rule(verdict.finding.rule)]
        remark, link = self.remark(verdict.finding), verdict.link
        lines = []
        for record in verdict.records:
            where = [self.cited(record, link), predicate_text(link) if link else "", remark]
            lines.append(f"{', '.join(part for part in where if part)}: {record.get('name')}".rstrip(": "))
        return told, lines

    def datasets(self, records: Iterable[Record]) -> list[str]:
        """Return a line for each dataset of which there are records: its title, version and licence."""
        names = sorted({record.dataset for record in records} - {CITED_WORKS, PAGES})
        return [line for name in names if (line := self._dataset(name))]

    def _dataset(self, name: str) -> str:
        graph = ox.NamedNode(PREFIXES["dataset"] + name)

        def value(prefix: str, local: str) -> str:
            quads = self._kg.store.quads_for_pattern(graph, ox.NamedNode(PREFIXES[prefix] + local), None, graph)
            return min((q.object.value for q in quads if isinstance(q.object, (ox.NamedNode, ox.Literal))), default="")

        title = value("dcterms", "title")
        parts = (title, said("version", self.language, value("dcat", "version")), value("dcterms", "license"))
        return f"{name}: {', '.join(part for part in parts if part)}" if title else ""

    def _notes(self, work: str) -> list[str]:
        """Return page and id of the notes that cite a work."""
        quads = self._kg.store.quads_for_pattern(None, ox.NamedNode(bri("cites")), ox.NamedNode(work), None)
        notes = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
        found = self._kg.sources.sentences(sorted(one for one in notes if one.startswith(PREFIXES["segment"])))
        return [sentence.reference for sentence in found]


def predicate_text(link: Link) -> str:
    """Return the predicate of a link with its prefix."""
    return ("skos:" if link.predicate.endswith("Match") else "bri:") + link.predicate
