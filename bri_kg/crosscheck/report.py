"""The verdicts of a cross-check: counted, told as rows for programs, and handed on to be printed or written as RDF."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..errors import UsageError
from ..graph import KnowledgeGraph
from ..names import shorten
from ..tables import Table, rows_to_format
from .facts import PaperFact
from .findings import KINDS, Finding
from .matches import Link, Search
from .records import Record
from .telling import Telling, predicate_text
from .words import said

if TYPE_CHECKING:
    import pandas

__all__ = ["COLUMNS", "FORMATS", "CrossCheck", "Unheard", "Verdict"]

FORMATS = ("table", "md", "html", "csv", "tsv", "json", "ttl")
#: Columns that programs read; a person's table has four of them, with the sources in the cells.
COLUMNS = (
    *("fact", "aspect", "kind", "about", "thing", "paper", "voice", "segments", "gist", "verdict", "rule"),
    *("record", "says", "dataset", "version", "file", "line", "link", "mapping", "remark"),
)


class Verdict(NamedTuple):
    """One verdict: the fact, the record with the link that leads to it (None where none was found), the searches, and what was found.

    ``others`` are further records that the verdict rests on: who held the office before.
    """

    fact: PaperFact
    record: Record | None
    link: Link | None
    searches: tuple[Search, ...]
    finding: Finding
    others: tuple[Record, ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        """All records that the verdict rests on."""
        return (*((self.record,) if self.record else ()), *self.others)


class Unheard(NamedTuple):
    """A dataset that links lead to and that is not imported: of how many facts it could speak, and the files that the links name."""

    facts: int
    files: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class CrossCheck:
    """The verdicts in a fixed order, and how many facts have links to which datasets that are not imported.

    ``about`` is the thing that was asked for, ``comparable`` how many facts there are about it, ``dropped`` how many verdicts of other kinds are
    left out.
    """

    kg: KnowledgeGraph
    verdicts: tuple[Verdict, ...]
    missing: dict[str, Unheard]
    about: str = ""
    comparable: int = 0
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.verdicts)

    @property
    def language(self) -> str:
        """The language of the labels."""
        return self.kg.labels.tag

    @cached_property
    def telling(self) -> Telling:
        """The words for values and sources."""
        return Telling(self.kg)

    def counts(self) -> dict[str, int]:
        """Return how many verdicts there are of each kind, those that do not occur left out."""
        found = Counter(verdict.finding.kind for verdict in self.verdicts)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    def rows(self) -> list[list[str]]:
        """Return a row a verdict, with the columns :data:`COLUMNS`."""
        return [self._row(verdict) for verdict in self.verdicts]

    def to_format(self, name: str, cite: bool = False) -> str:
        """Return the verdicts as ``table``, ``md``, ``html``, ``csv``, ``tsv``, ``json`` or ``ttl``. Raises UsageError for another name.

        ``table``, ``md`` and ``html`` are for people: they begin with the counts and end in what was not heard and the rules that were applied.
        ``cite`` shows under each row of a ``table`` both sources in full; a page always does.
        """
        if name == "ttl":
            from .rdf import verdicts_to_turtle

            return verdicts_to_turtle(self)
        if name not in FORMATS:
            raise UsageError(f"There is no format '{name}'; choose {', '.join(FORMATS)}.")
        if name in ("table", "md", "html"):
            from .printing import printed

            return printed(self, name, cite)
        return rows_to_format(name, COLUMNS, self.rows(), self.language)

    def of_kind(self, kind: str) -> CrossCheck:
        """Return the verdicts of one kind, such as ``contradicts``, or with ``heard`` all that are not silent; the others are counted.

        Raises UsageError for a kind that is none.
        """
        if kind not in (*KINDS, "heard"):
            raise UsageError(f"--verdict {kind}: choose heard, {', '.join(KINDS)}.")
        kept = [v for v in self.verdicts if v.finding.kind == kind or (kind == "heard" and v.finding.kind != "silent")]
        return replace(self, verdicts=tuple(kept), dropped=len(self) - len(kept))

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with the columns :data:`COLUMNS`. Raises UsageError if pandas is not installed."""
        return Table(COLUMNS, tuple(tuple(row) for row in self.rows())).to_pandas()

    def __str__(self) -> str:
        return self.to_format("table")

    def __repr__(self) -> str:
        return f"<CrossCheck: {' '.join(self.remarks())}>"

    def _repr_html_(self) -> str:
        """Return the verdicts that a record speaks in as a notebook shows them."""
        from .printing import as_table

        return as_table(self)._repr_html_()

    def to_graph(self) -> KnowledgeGraph:
        """Return a graph that holds the verdicts beside the paper and the records, so that they can be asked in SPARQL.

        The verdicts stand in a graph of their own, ``bri-kg/graph/verdicts``; the graph that was checked is as it was.
        """
        from .rdf import graph_with_verdicts

        return graph_with_verdicts(self)

    def summary(self) -> str:
        """Return how many verdicts there are of each kind, in one sentence."""
        counted = [
            said("kind count", self.language, self.telling.kind(kind), count) for kind, count in self.counts().items()
        ]
        return said("by kind", self.language, "; ".join(counted))

    def remarks(self) -> list[str]:
        """Return the counts of kinds, which datasets are missing, and of an empty result why."""
        language, lines = self.language, []
        if self.verdicts:
            lines.append(self.summary())
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
        return lines

    def rules(self) -> list[tuple[str, str]]:
        """Return the rules that were applied, each with its sentence."""
        return [(rule, self.telling.rule(rule)) for rule in sorted({one.finding.rule for one in self.verdicts})]

    def _row(self, verdict: Verdict) -> list[str]:
        fact, record, link, searches, finding, _ = verdict
        telling = self.telling
        sentences = telling.sentences(fact)
        searched = "; ".join(sorted({one.file for one in searches}))
        known = shorten(link.mapping) if link else " ".join(shorten(one.mapping) for one in searches)
        return [
            shorten(fact.node),
            fact.aspect,
            fact.kind,
            shorten(fact.entity),
            telling.thing(fact),
            telling.paper(fact),
            "; ".join(sorted({voice for _, voice in sentences})),
            "; ".join(sentence.reference for sentence, _ in sentences),
            " / ".join(sentence.gist for sentence, _ in sentences),
            finding.kind,
            finding.rule,
            " ".join(shorten(one.iri) for one in verdict.records),
            telling.record(finding),
            record.dataset if record else "; ".join(sorted({one.dataset for one in searches})),
            (record.version or (link.version if link else "")) if record else "",
            (record.file or (link.file if link else "")) if record else searched,
            " ".join(one.line for one in verdict.records),
            predicate_text(link) if link else "",
            known,
            telling.remark(finding),
        ]
