"""The verdicts of a cross-check: found, told as a table with both values and both sources, counted, and written as RDF."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ..errors import UsageError
from ..graph import KnowledgeGraph
from ..names import concept, shorten
from ..citing.sources import Sentence
from ..tables import rows_to_format, text_table, wrap_lines
from ..wording import column_headings, word
from .facts import PaperFact
from .records import Link, Record, Search
from .rules import KINDS, Finding
from .words import REMARKS, RULES, said

__all__ = ["COLUMNS", "FORMATS", "CrossCheck", "Unheard", "Verdict"]

FORMATS = ("table", "md", "csv", "tsv", "json", "ttl")
#: Columns that programs read; a person's table has five of them, with the sources in the cells.
COLUMNS = (
    *("fact", "aspect", "about", "paper", "voice", "segments", "gist", "verdict", "rule"),
    *("record", "says", "dataset", "version", "file", "line", "link", "mapping", "remark"),
)
#: Stages of establishments and adoptions, which the label of their node does not tell.
_STAGED = ("begun", "done", "fully-implemented", "enacted", "passed", "adopted", "published")


class Verdict(NamedTuple):
    """One verdict: the fact, the record with the link that leads to it (None where none was found), the searches, and what was found."""

    fact: PaperFact
    record: Record | None
    link: Link | None
    searches: tuple[Search, ...]
    finding: Finding


class Unheard(NamedTuple):
    """A dataset that links lead to and that is not imported: of how many facts it could speak, and the files that the links name."""

    facts: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class CrossCheck:
    """The verdicts in a fixed order, how many facts have links to which datasets that are not imported, and how many have no link at all.

    ``about`` is the thing that was asked for, ``comparable`` how many facts there are about it, ``dropped`` how many verdicts of other kinds are
    left out.
    """

    kg: KnowledgeGraph
    verdicts: tuple[Verdict, ...]
    missing: dict[str, Unheard]
    unlinked: int
    about: str = ""
    comparable: int = 0
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.verdicts)

    @property
    def language(self) -> str:
        """The language of the labels."""
        return self.kg.labels.tag

    def counts(self) -> dict[str, int]:
        """Return how many verdicts there are of each kind, those that do not occur left out."""
        found = Counter(verdict.finding.kind for verdict in self.verdicts)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    def rows(self) -> list[list[str]]:
        """Return a row a verdict, with the columns :data:`COLUMNS`."""
        return [self._row(verdict) for verdict in self.verdicts]

    def to_format(self, name: str, cite: bool = False) -> str:
        """Return the verdicts as ``table``, ``md``, ``csv``, ``tsv``, ``json`` or ``ttl``. Raises UsageError for another name.

        ``table`` and ``md`` are for people: they end in the counts, what was not heard, and the rules that were applied.
        """
        if name == "ttl":
            from .rdf import verdicts_to_turtle

            return verdicts_to_turtle(self)
        if name not in FORMATS:
            raise UsageError(f"There is no format '{name}'; choose {', '.join(FORMATS)}.")
        if name not in ("table", "md"):
            return rows_to_format(name, COLUMNS, self.rows(), self.language)
        columns = ["fact", "paper", "record", "verdict", "rule"]
        rows = [self._short(verdict) for verdict in self.verdicts]
        if name == "table":  # what a row repeats of the row above is left white
            rows = [
                ["", "", *row[2:]] if place and not cite and row[:2] == rows[place - 1][:2] else row
                for place, row in enumerate(rows)
            ]
        title = said("title line", self.language)
        if name == "md":
            lines = "".join(f"\n{line}\n" for line in [*self.remarks(), *self.rules()])
            return f"**{title}**\n\n{rows_to_format('md', columns, rows, self.language)}{lines}"
        notes = [[f"    {line}" for line in self.sources(verdict)] for verdict in self.verdicts] if cite else []
        text = text_table(column_headings(columns, self.language), rows, title, notes=notes, language=self.language)
        return "\n".join([text, "", *wrap_lines([*self.remarks(), "", *self.rules()])]) + "\n"

    def __str__(self) -> str:
        return self.to_format("table")

    def remarks(self) -> list[str]:
        """Return the counts of kinds, which datasets are missing, how many facts have no link, and of an empty result why."""
        language, lines = self.language, []
        if self.verdicts:
            counted = [said("kind count", language, self.kind(kind), count) for kind, count in self.counts().items()]
            lines.append(said("by kind", language, "; ".join(counted)))
        else:
            lines.append(said("nothing", language))
            if self.dropped:
                lines.append(said("others", language, self.dropped))
            elif self.about and not self.comparable:
                lines.append(said("no facts", language, self.kg.labels.label(self.about)))
            elif self.about and not self.missing:
                lines.append(said("only links", language, self.kg.labels.label(self.about), self.comparable))
        if self.missing:
            told = [
                said("not imported facts", language, name, one.facts, ", ".join(one.files))
                for name, one in sorted(self.missing.items())
            ]
            lines.append(said("not imported", language, "; ".join(told)))
        if self.unlinked and self.verdicts:
            lines.append(said("no links", language, self.unlinked))
        return lines

    def rules(self) -> list[str]:
        """Return the rules that were applied, each with its sentence."""
        used = sorted({verdict.finding.rule for verdict in self.verdicts})
        told = [said("rule line", self.language, rule, said(rule, self.language, table=RULES)) for rule in used]
        return [said("rules", self.language), *told] if told else []

    def kind(self, name: str) -> str:
        """Return the label of a kind of verdict."""
        return self.kg.labels.label(concept(name))

    def sources(self, verdict: Verdict) -> list[str]:
        """Return the lines for both sources of a verdict: the sentences with voice and gist, the record with dataset, file and version."""
        lines = []
        for sentence, voice in self.sentences(verdict.fact):
            lines.append(f"— {said('the paper', self.language, sentence.reference)} · {voice}: {sentence.gist}")
        record, remark = verdict.record, verdict.finding.remark
        if record:
            told = said(remark, self.language, table=REMARKS) if remark else ""
            where = [self.cited_record(verdict), _predicate(verdict.link) if verdict.link else "", told]
            lines.append(f"— {', '.join(part for part in where if part)}: {record.get('name')}".rstrip(": "))
        else:
            lines.append(f"— {self._searched(verdict)}")
        return lines

    def cited_record(self, verdict: Verdict) -> str:
        """Return dataset, id, line, file and version of the record of a verdict, in one line; empty where there is none."""
        record, link = verdict.record, verdict.link
        if not record:
            return ""
        version = record.version or (link.version if link else "")
        where = [self._source(record), record.file or (link.file if link else "")]
        where += [said("version", self.language, version)] if version else []
        return ", ".join(part for part in where if part)

    def sentences(self, fact: PaperFact) -> list[tuple[Sentence, str]]:
        """Return the segments that state a fact, in reading order, each with its voice."""
        found = {}
        for graph in fact.graphs:
            sentence = self.kg.sources.sentence(graph)
            if sentence and sentence.id not in found:
                voice = word("corrected", self.language) if fact.printed else self.kg.sources.voice(fact.node, graph)[0]
                found[sentence.id] = sentence, voice
        return sorted(found.values(), key=lambda pair: pair[0].order)

    def paper_text(self, fact: PaperFact) -> str:
        """Return what the paper says, in one line."""
        language, label = self.language, self.kg.labels.label
        if fact.printed:
            return said("printed", language, fact.value)
        if fact.by_phase:
            return said("dated by phase", language, label(fact.value))
        if fact.aspect == "status":
            return f"{label(concept(fact.kind))} ({said(fact.value, language)})"
        if fact.aspect in ("country", "party", "financier"):
            return word("join", language).join(label(term) for term in fact.terms)
        if fact.aspect == "fate":
            return label(fact.value)
        if fact.aspect == "amount":
            bound = "".join(f" ({label(concept(one))})" for one in fact.terms)
            return f"{Decimal(fact.value):,f} {label(concept(fact.unit))}{bound}"
        if fact.kind == "takes-office":
            return said("taking office", language, fact.value)
        if fact.aspect == "term":
            first, last = (fact.mentions[0][0][:7], fact.mentions[-1][0][:7]) if fact.mentions else ("", "")
            if not first:
                return said("titled undated", language, fact.value)
            return (
                said("titled once", language, fact.value, first)
                if first == last
                else said("titled", language, fact.value, first, last)
            )
        if fact.kind in _STAGED:
            return said("staged", language, label(concept(fact.kind)), fact.value)
        return fact.value

    def record_text(self, finding: Finding) -> str:
        """Return what the record says, in one line; empty where it says nothing."""
        return said(f"field {finding.field}", self.language, finding.said) if finding.said and finding.field else ""

    def _short(self, verdict: Verdict) -> list[str]:
        fact, finding, record = verdict.fact, verdict.finding, verdict.record
        pages = [sentence.reference for sentence, _ in self.sentences(fact)]
        shown = ", ".join(pages[:2]) + (f" … ({len(pages)})" if len(pages) > 2 else "")
        told = said("labelled", self.language, said(fact.aspect, self.language), self.paper_text(fact), shown)
        value = self.record_text(finding)
        source = f"[{self._source(record)}]" if record else self._searched(verdict)
        remark = f" ({said(finding.remark, self.language, table=REMARKS)})" if finding.remark else ""
        return [
            self.kg.labels.label(fact.node),
            told,
            f"{value}{remark} {source}".strip(),
            self.kind(finding.kind),
            finding.rule,
        ]

    def _row(self, verdict: Verdict) -> list[str]:
        fact, record, link, searches, finding = verdict
        sentences = self.sentences(fact)
        searched = "; ".join(sorted({one.file for one in searches}))
        known = link.mapping if link else " ".join(shorten(one.mapping) for one in searches)
        return [
            shorten(fact.node),
            fact.aspect,
            shorten(fact.entity),
            self.paper_text(fact),
            "; ".join(sorted({voice for _, voice in sentences})),
            "; ".join(sentence.reference for sentence, _ in sentences),
            " / ".join(sentence.gist for sentence, _ in sentences),
            finding.kind,
            finding.rule,
            shorten(record.iri) if record else "",
            self.record_text(finding),
            record.dataset if record else "; ".join(sorted({one.dataset for one in searches})),
            (record.version or (link.version if link else "")) if record else "",
            (record.file or (link.file if link else "")) if record else searched,
            record.line if record else "",
            _predicate(link) if link else "",
            shorten(known) if link else known,
            said(finding.remark, self.language, table=REMARKS) if finding.remark else "",
        ]

    def _source(self, record: Record) -> str:
        line = said("line", self.language, record.line) if record.line else ""
        return ", ".join(part for part in (f"{record.dataset} {record.id}", line) if part)

    def _searched(self, verdict: Verdict) -> str:
        names = sorted({search.dataset for search in verdict.searches})
        return said("searched", self.language, ", ".join(names)) if names else ""


def _predicate(link: Link) -> str:
    return ("skos:" if link.predicate.endswith("Match") else "bri:") + link.predicate
