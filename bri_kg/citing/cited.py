"""A cited answer: under each row the sentences it stands on, in whose voice they speak, and the works behind their footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ..errors import UsageError
from ..lineage.citation import MARKS
from ..names import PREFIXES, bri, graph_kind, segment_iri, shorten
from ..wording import word
from .grounds import BESIDE, beside_of
from .voices import RANKS, Said, Voice, select_voice, voice_of, voices_in_words

if TYPE_CHECKING:
    from ..answers import Answer
    from ..graph import KnowledgeGraph
    from ..lineage import Citation
    from .sources import Sentence

__all__ = ["CitedAnswer", "CitedRow", "Footnote", "Ground", "keep_voice"]

_DEFAULT = ox.DefaultGraph()
_ERRATUM = PREFIXES["erratum"]


class Footnote(NamedTuple):
    """A footnote behind a sentence, whether its marker is lost and was put back by us, and the works it cites, as IRIs."""

    id: str
    is_inferred: bool
    works: tuple[str, ...]


class Ground(NamedTuple):
    """One graph on which a row stands: its name, the sentence behind it, and in whose voice it speaks of the row.

    ``name`` is the segment's id, or the short name of an erratum or another graph; ``sentence`` is None for a graph of no sentence. ``kind`` is
    that of :func:`bri_kg.names.graph_kind`; ``note`` says what a graph that is no sentence holds for the row, ``beside`` which works and
    datasets to cite for it.
    """

    name: str
    sentence: Sentence | None
    voice: str
    footnotes: tuple[Footnote, ...]
    kind: str = "segment"
    note: str = ""
    beside: tuple[str, ...] = ()

    @property
    def pages(self) -> str:
        """The pages, as in ``57-58``; a dash where there is no sentence."""
        one = self.sentence
        return "-" if one is None else f"{one.page}-{one.page_end}" if one.page_end != one.page else str(one.page)

    @property
    def works(self) -> tuple[str, ...]:
        """The works behind the footnotes, or what is to be cited for a graph that is no sentence, each once."""
        return tuple(dict.fromkeys([*(work for note in self.footnotes for work in note.works), *self.beside]))


class CitedRow(NamedTuple):
    """What one row stands on: the graphs, in whose voice, and each graph in reading order."""

    citation: Citation
    voice: Voice
    grounds: tuple[Ground, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        """Those of the marks ``absence``, ``contributed``, ``cut`` and ``widened`` that hold; :mod:`bri_kg.lineage` says what they mean."""
        return tuple(mark for mark in MARKS if getattr(self.citation, mark))


class CitedAnswer:
    """An answer with what each of its rows stands on.

    Of several derivations of a row one that states facts is shown, if there is one, else the smallest. Raises QueryError, when it is made, for
    an answer that cannot be traced.
    """

    def __init__(self, kg: KnowledgeGraph, answer: Answer) -> None:
        self._kg = kg
        self.answer = answer
        self.labels = kg.labels
        self._say = partial(word, language=kg.labels.tag)
        self._footnotes: dict[str, tuple[Footnote, ...]] = {}
        self._said: dict[str, Said] = {}
        self._told: dict[tuple[str, str], str] = {}
        rows = answer.terms if answer.boolean is None else [()]
        chosen = _chosen(kg, answer, self._said)
        self.rows = [self._row(citation, voice, row) for (citation, voice), row in zip(chosen, rows, strict=True)]

    @property
    def graphs(self) -> set[str]:
        """The names of all graphs behind the answer."""
        return {name for row in self.rows for name in row.citation}

    @property
    def heading(self) -> str:
        """The sentence that says how many rows rest on claims, and whose; empty where all are facts."""
        return voices_in_words(self._kg, [row.voice for row in self.rows])

    @cached_property
    def mix(self) -> str:
        """On which kinds of works the answer rests, in one sentence; empty where it rests on no sentence."""
        from .sourcemix import source_mix

        found = source_mix(self._kg, self.graphs)
        return str(found) if found.segments or found.beside else ""

    def marks_in_words(self, marks: Iterable[str]) -> list[str]:
        """Return what the marks ``absence``, ``contributed``, ``cut`` and ``widened`` mean, each in a sentence."""
        return [self._say(mark) for mark in MARKS if mark in marks]

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The marks that all rows share."""
        return tuple(mark for mark in MARKS if self.rows and all(mark in row.marks for row in self.rows))

    def lines(self, row: CitedRow) -> list[str]:
        """Return what stands under a row in a table for people."""
        made = []
        for ground in row.grounds:
            made.append(f"  — {self.line(ground)}")
            made += [f"      {note}" for note in self.notes(ground)]
        if not row.grounds:
            made.append(f"  — {self._say('no sentence')}")
        return made + [f"  * {words}" for words in self.marks_in_words(set(row.marks) - set(self.shared))]

    def line(self, ground: Ground) -> str:
        """Return page, id, voice and gist in one line, as in ``p. 74 (p36s03) · held by US think tanks, as the authors report: ...``."""
        if ground.sentence is None:
            return f"{ground.name} · {ground.voice}" + (f": {ground.note}" if ground.note else "")
        by = f", {ground.name}" if ground.name != ground.sentence.id else ""
        return f"{ground.sentence.reference}{by} · {ground.voice}: {ground.sentence.gist}"

    def notes(self, ground: Ground) -> list[str]:
        """Return a line for each footnote with the works it cites; one whose marker is lost stands in brackets."""
        return [
            f"{f'[{note.id}]' if note.is_inferred else note.id}"
            + (f": {'; '.join(self.labels.label(work) for work in note.works)}" if note.works else "")
            for note in ground.footnotes
        ]

    def voice(self, row: CitedRow) -> str:
        """Return in whose voice a row speaks, in words."""
        found = dict.fromkeys(ground.voice for ground in row.grounds)
        if row.voice.kind == "claims":
            found.pop(self._say("fact"), None)
        return "; ".join(found) or self._say("no sentence")

    def to_format(self, name: str, labels: bool = False) -> str:
        """Return the answer with its citations as ``table``, ``csv``, ``tsv``, ``json`` or ``md``; see :mod:`bri_kg.citing.apparatus`."""
        from .apparatus import cited_to_format

        return cited_to_format(self, name, labels)

    def __str__(self) -> str:
        return self.to_format("table")

    def _repr_html_(self) -> str:
        """Return the answer as a notebook shows it, the sentences open under each row; see :mod:`bri_kg.notebook`."""
        from ..notebook import cited_to_html

        return cited_to_html(self)

    def _row(self, citation: Citation, voice: Voice, terms: Iterable[Any]) -> CitedRow:
        found = [self._ground(name, voice, terms, citation) for name in citation]
        order = {id(one): (one.kind in BESIDE, one.sentence.order if one.sentence else 0, one.name) for one in found}
        return CitedRow(citation, voice, tuple(sorted(found, key=lambda one: order[id(one)])))

    def _ground(self, graph: str, voice: Voice, terms: Iterable[Any], others: Iterable[str]) -> Ground:
        if shown := beside_of(self._kg, graph, terms, others):
            spoken = self._say(BESIDE[shown.kind])
            return Ground(shorten(graph), None, spoken, (), shown.kind, shown.note, shown.works)
        sentence = self._kg.sources.sentence(graph)
        is_own = sentence is not None and graph == sentence.iri
        name = sentence.id if sentence is not None and is_own else shorten(graph)
        notes = self._notes_of(sentence) if sentence else ()
        return Ground(name, sentence, self._voice_in(graph, voice), notes, graph_kind(graph))

    def _voice_in(self, graph: str, voice: Voice) -> str:
        """Return in whose voice ``graph`` speaks of the row, in words: that of the row's attributions that stand in it."""
        if graph.startswith(_ERRATUM):
            return self._say("corrected")
        here = self._said[graph].attributions if graph in self._said else set()
        found = dict.fromkeys(self._tell(one, graph) for one in voice.attributions if one in here)
        return "; ".join(found) or self._say("fact")

    def _tell(self, attribution: str, graph: str) -> str:
        if (attribution, graph) not in self._told:
            self._told[attribution, graph] = self._kg.sources.voice(attribution, graph)[0]
        return self._told[attribution, graph]

    def _notes_of(self, sentence: Sentence) -> tuple[Footnote, ...]:
        if sentence.id not in self._footnotes:
            named = [(note, False) for note in sentence.footnotes] + [
                (note, True) for note in sentence.inferred_footnotes
            ]
            if self._cited_by(sentence.id):
                named.insert(0, (sentence.id, False))
            self._footnotes[sentence.id] = tuple(Footnote(note, lost, self._cited_by(note)) for note, lost in named)
        return self._footnotes[sentence.id]

    def _cited_by(self, note: str) -> tuple[str, ...]:
        quads = self._kg.store.quads_for_pattern(
            ox.NamedNode(segment_iri(note)), ox.NamedNode(bri("cites")), None, _DEFAULT
        )
        return tuple(sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)))


def _chosen(kg: KnowledgeGraph, answer: Answer, read: dict[str, Said]) -> Iterable[tuple[Citation, Voice]]:
    """Yield for each row the citation that is shown, with its voice: one that states facts before others, one that tells a claim last."""
    terms: Sequence[Any] = answer.terms if answer.boolean is None else [()]
    for citations, row in zip(answer.cite(all=True), terms, strict=True):
        found = ((one, voice_of(kg, one, row, _stated(kg, answer, one, row), read)) for one in citations)
        first = next(found)
        if first[1].kind != "facts":
            first = min((first, *found), key=lambda one: RANKS.index(one[1].kind))
        yield first


def _stated(kg: KnowledgeGraph, answer: Answer, citation: Citation, row: Any) -> list[ox.Triple]:
    """Return the triple of a row if a cited graph holds it; a CONSTRUCT may make triples that no graph holds."""
    if answer.form != "CONSTRUCT":
        return []
    triple = ox.Triple(*row)
    s, p, o = triple.subject, triple.predicate, triple.object
    stands = any(ox.Quad(s, p, o, ox.NamedNode(graph)) in kg.store for graph in citation)
    return [triple] if stands else []


def keep_voice(kg: KnowledgeGraph, answer: Answer, wanted: str) -> Answer:
    """Return the rows of ``answer`` that speak as ``wanted``, one of :data:`bri_kg.citing.voices.VOICES`; the new answer says how many were left out.

    Raises UsageError for another word and for an ASK, which has no rows; QueryError for an answer that cannot be traced.
    """
    select_voice([], wanted)
    if answer.boolean is not None and wanted != "all":
        raise UsageError("--voice keeps rows, and the answer to an ASK has none; --cite says on whose word it rests.")
    rows = CitedAnswer(kg, answer).rows
    places = select_voice([row.voice for row in rows], wanted)
    found = answer.cite(all=True)
    shown = [rows[place].citation for place in places]
    kept = answer.only(
        places,
        [
            [one, *(other for other in found[place] if other is not one)]
            for place, one in zip(places, shown, strict=True)
        ],
    )
    if left := len(rows) - len(places):
        kept.left_out = word("left out", kg.labels.tag, wanted, left, len(rows))
    return kept
