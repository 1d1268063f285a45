"""On which kinds of works the sentences behind an answer rest, and on how many that are independent of each other.

A cited sentence rests on the works of the footnotes whose marker it bears (``bri:footnote``), and on those of a footnote whose marker is lost
in print and was put back by us (``bri:inferredFootnote``), which is counted apart. A cited footnote rests on the works it names itself. Works
that reproduce one document, or report one speech, are not independent: they count once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..names import bri, graph_kind, rdf
from ..wording import word
from .grounds import dataset_in_words, dataset_of

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["COLUMNS", "SourceKind", "SourceMix", "source_mix"]

COLUMNS = ("kind of source", "works", "independent", "sentences", "by inferred footnote")

_DEFAULT = ox.DefaultGraph()
_UNKNOWN = ""


class SourceKind(NamedTuple):
    """The works of one kind: their IRIs, how many are independent, and the ids of the segments that rest on them.

    ``inferred`` are those of the segments that are tied to the works by inferred footnotes alone.
    """

    kind: str
    label: str
    works: tuple[str, ...]
    independent: int
    segments: tuple[str, ...]
    inferred: tuple[str, ...]


class SourceMix(NamedTuple):
    """What the ``segments`` behind an answer rest on: ``kinds``, most works first.

    ``without_footnote`` are the segments with no footnote at all, ``without_work`` those whose footnotes name no work; ``independent`` is the
    number of independent works of all kinds. ``beside`` is what the answer rests on besides the paper, each with its number: a dataset, by its
    title, with the number of its records; the empty name with the number of mapping sets.
    """

    segments: tuple[str, ...]
    kinds: tuple[SourceKind, ...]
    independent: int
    without_footnote: tuple[str, ...]
    without_work: tuple[str, ...]
    language: str = "en"
    beside: tuple[tuple[str, int], ...] = ()

    @property
    def works(self) -> tuple[str, ...]:
        """All works, each once."""
        return tuple(sorted({work for kind in self.kinds for work in kind.works}))

    @property
    def inferred(self) -> tuple[str, ...]:
        """The segments of which some work is known by an inferred footnote alone."""
        return tuple(sorted({segment for kind in self.kinds for segment in kind.inferred}))

    def rows(self) -> list[list[str]]:
        """Return the table's rows, in the order of ``COLUMNS``; the last two say which sentences name no source."""
        rows = [
            [kind.label, *map(str, (len(kind.works), kind.independent, len(kind.segments), len(kind.inferred)))]
            for kind in self.kinds
        ]
        chinese = self.language != "en"
        if self.without_work:
            rows.append(
                ["脚注未列文献" if chinese else "footnote names no work", "0", "0", str(len(self.without_work)), "0"]
            )
        if self.without_footnote:
            rows.append(["无脚注" if chinese else "no footnote", "0", "0", str(len(self.without_footnote)), "0"])
        rows += [[name, "0", "0", "0", "0"] for name in self._beside_in_words()]
        return rows

    def _beside_in_words(self) -> list[str]:
        return [
            word("beside records", self.language, number, name) if name else word("beside links", self.language, number)
            for name, number in self.beside
        ]

    def to_format(self, name: str) -> str:
        """Return the table as ``table``, ``csv``, ``tsv``, ``json`` or ``md``. Raises UsageError for another name."""
        from ..tables import rows_to_format

        return rows_to_format(name, COLUMNS, self.rows(), self.language)

    def __str__(self) -> str:
        if not self.beside:
            return self._paper_in_words()
        listed = word("join", self.language).join(self._beside_in_words())
        others = word("beside the paper", self.language, listed)
        return f"{self._paper_in_words()} {others}" if self.segments else others

    def _paper_in_words(self) -> str:
        total, bare = len(self.segments), len(self.without_footnote)
        listed = [(len(kind.works), kind.label) for kind in self.kinds]
        if self.language != "en":
            text = f"所据 {total} 句出自 {self.independent} 种相互独立的文献"
            text += f"（{'、'.join(f'{label} {count}' for count, label in listed)}）" if listed else ""
            text += f"；{len(self.inferred)} 句的脚注为推定" if self.inferred else ""
            text += f"；{len(self.without_work)} 句的脚注未列文献" if self.without_work else ""
            return text + f"；{bare} 句无脚注。"
        if not total:
            return "The answer rests on no sentence of the paper."
        text = f"The {_count(total, 'sentence')} behind the answer {'rests' if total == 1 else 'rest'} on "
        text += _count(self.independent, "independent work") if listed else "no cited work"
        text += f" ({', '.join(f'{label} {count}' for count, label in listed)})" if listed else ""
        text += f"; {len(self.inferred)} through a footnote whose place is inferred" if self.inferred else ""
        text += f"; {len(self.without_work)} through a footnote that names no work" if self.without_work else ""
        return text + f"; {bare} {'carries' if bare == 1 else 'carry'} no footnote."


def source_mix(kg: KnowledgeGraph, graph_names: Iterable[str]) -> SourceMix:
    """Return on which kinds of works the segments behind ``graph_names`` rest.

    Graph names are those of a citation: segments, and errata, which stand for the sentence they correct; records of datasets and mapping sets are
    counted apart.
    """
    graph_names = list(graph_names)
    stated: dict[str, set[str]] = {}
    inferred: dict[str, set[str]] = {}
    bare: list[str] = []
    empty: list[str] = []
    segments: list[str] = []
    for sentence in kg.sources.sentences(graph_names):
        segments.append(sentence.id)
        works = set(_values(kg, sentence.iri, "cites"))
        for note in _values(kg, sentence.iri, "footnote"):
            works.update(_values(kg, note, "cites"))
        guessed = {
            work for note in _values(kg, sentence.iri, "inferredFootnote") for work in _values(kg, note, "cites")
        } - works
        for work in works:
            stated.setdefault(work, set()).add(sentence.id)
        for work in guessed:
            inferred.setdefault(work, set()).add(sentence.id)
        if not works | guessed:
            has_note = sentence.notes or sentence.kind == "footnote-segment"
            (empty if has_note else bare).append(sentence.id)
    by_kind: dict[str, set[str]] = {}
    for work in stated.keys() | inferred.keys():
        for kind in _values(kg, work, "sourceKind") or [_UNKNOWN]:
            by_kind.setdefault(kind, set()).add(work)
    kinds = []
    for kind, found in by_kind.items():
        firm = {segment for work in found for segment in stated.get(work, set())}
        loose = {segment for work in found for segment in inferred.get(work, set())}
        label = kg.labels.label(kind or bri("sourceKind")) + ("" if kind else " ?")
        resting = tuple(sorted(firm | loose))
        kinds.append(
            SourceKind(kind, label, tuple(sorted(found)), _independent(kg, found), resting, tuple(sorted(loose - firm)))
        )
    return SourceMix(
        segments=tuple(segments),
        kinds=tuple(sorted(kinds, key=lambda one: (-len(one.works), one.label))),
        independent=_independent(kg, stated.keys() | inferred.keys()),
        without_footnote=tuple(bare),
        without_work=tuple(empty),
        language="zh" if kg.labels.tag.startswith("zh") else "en",
        beside=_beside(kg, graph_names),
    )


def _beside(kg: KnowledgeGraph, graph_names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return the datasets behind external records, by title with the number of records, then the number of mapping sets under no name."""
    found: Counter[str] = Counter()
    links = 0
    for name in set(graph_names):
        kind = graph_kind(name)
        if kind == "record":
            dataset = dataset_of(kg, name)
            found[dataset_in_words(kg, dataset)] += 1
        links += kind == "mapping-set"
    listed = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return (*listed, *([("", links)] if links else []))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _independent(kg: KnowledgeGraph, works: Iterable[str]) -> int:
    """Return how many of ``works`` are independent: those that give one document or one speech count once."""
    origins: set[str] = set()
    for work in works:
        given = _values(kg, work, "reproduces")
        given += [one for one in _values(kg, work, "reports") if bri("Speech") in _values(kg, one, rdf("type"))]
        origins.add(given[0] if given else work)
    return len(origins)


def _values(kg: KnowledgeGraph, node: str, name: str) -> list[str]:
    predicate = ox.NamedNode(name if ":" in name else bri(name))
    quads = kg.store.quads_for_pattern(ox.NamedNode(node), predicate, None, _DEFAULT)
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode))
