"""In whose voice an answer speaks: as fact, on somebody's word, or as put right by an erratum.

A row rests on claims if it is, or if it holds something that is reached in the cited graphs only through, an attribution (a claim, position,
commitment or recommendation, or a component of one). A term that a cited graph also states outside attributions is no sign of a claim: the
Belt and Road Initiative stands in many claims and in many facts. A row of none of whose terms the cited graphs speak (a count, an ASK) rests
on claims if the cited graphs speak in attributions only.

A row that needs an external record speaks as ``records``, one that needs a mapping set of ours as ``links``: what is not the paper's alone is never
among its facts. Of several voices in one row the least certain is the row's: a claim before a record, a record before a link.

Terms alone cannot tell a row that only names the holder of a view from one that names somebody who acts in the same sentence: such a row counts
as fact. Where the triples from which a row was derived are known, they decide instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..errors import UsageError
from ..names import PREFIXES, bri, graph_kind, rdf, rdfs
from ..sparql import Term
from ..wording import word

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["RANKS", "VOICES", "Said", "Voice", "select_voice", "voice_of", "voices_in_words"]

VOICES = ("facts", "claims", "links", "records", "all")
#: The voices of rows, the surest first.
RANKS = ("facts", "links", "records", "claims")

_SEGMENT, _ERRATUM = PREFIXES["segment"], PREFIXES["erratum"]
_DEFAULT = ox.DefaultGraph()
_BOOKKEEPING = {rdf("type"), rdfs("label")}


class Voice(NamedTuple):
    """The voice of a row.

    ``kind`` is ``facts``, ``claims``, ``links`` or ``records``; ``attributions`` are the claims on which the row rests, ``holders`` those whose
    they are, both as IRIs in alphabetical order; ``is_reported`` is whether the authors tell another's view; ``errata`` are the corrections among
    the citations.
    """

    kind: str
    attributions: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    is_reported: bool = False
    errata: tuple[str, ...] = ()


def voice_of(
    kg: KnowledgeGraph,
    graph_names: Iterable[str],
    nodes: Iterable[Term | str | None],
    triples: Iterable[ox.Triple] = (),
    read: dict[str, Said] | None = None,
) -> Voice:
    """Return the voice of a row with the terms ``nodes`` that is cited to the graphs ``graph_names``.

    ``nodes`` are the engine's terms, or IRIs as text; None, for an unbound variable, is passed over. ``triples`` are those from which the row
    was derived, where they are known. ``read`` keeps what was read of a graph: give one dictionary for many rows.
    """
    cited = set(graph_names)
    beside = {graph_kind(name) for name in cited}
    names = sorted(name for name in cited if name.startswith((_SEGMENT, _ERRATUM)))
    terms = {ox.NamedNode(node) if isinstance(node, str) else node for node in nodes if node is not None}
    grounds = set(triples)
    reached: dict[str, set[Term]] = {}  # attribution -> the row's terms that stand in its triples
    in_facts: set[Term] = set()
    has_facts = False
    read = {} if read is None else read
    for name in names:
        if name not in read:
            read[name] = Said(kg.store, ox.NamedNode(name))
    attributed = any(read[name].attributions for name in names)
    for said in (read[name] for name in names if attributed):
        has_facts |= bool(said.terms[0])
        for owner in said.attributions:
            reached.setdefault(owner, set())
        for term, owners in said.stating(grounds) if grounds else said.naming(terms):
            for owner in owners:
                reached[owner].add(term)
            if not owners:
                in_facts.add(term)
    claimed = _nearest(
        {owner: found for owner, found in reached.items() if found - in_facts or (grounds and found)}, reached
    )
    if not grounds and not has_facts and not any(reached.values()):
        claimed = set(reached)
    told = [(one, name) for name in names for one in claimed & read[name].attributions]
    holders = {holder for one, name in told for holder in read[name].values(one, "attributedTo")}
    return Voice(
        kind="claims"
        if claimed
        else "records"
        if beside & {"record", "dataset"}
        else "links"
        if "mapping-set" in beside
        else "facts",
        attributions=tuple(sorted(claimed)),
        holders=tuple(sorted(holders)),
        is_reported=any(read[name].values(one, "reportedBy") for one, name in told),
        errata=tuple(name for name in names if name.startswith(_ERRATUM)),
    )


class Said:
    """What one graph says: which of its terms stand in attributions, and which outside of them."""

    def __init__(self, store: ox.Store, graph: ox.NamedNode) -> None:
        self._store, self._graph = store, graph
        self._values: dict[tuple[str, str], set[str]] = {}
        self._owners = _attributions(store, graph)
        self.attributions = {owner for owners in self._owners.values() for owner in owners}

    @cached_property
    def terms(self) -> tuple[set[Term], dict[Term, set[str]]]:
        """The terms that stand outside attributions, and those that stand in them, each with its attributions."""
        factual: set[Term] = set()
        claimed: dict[Term, set[str]] = {}
        for quad in self._store.quads_for_pattern(None, None, None, self._graph):
            if quad.predicate.value not in _BOOKKEEPING:
                owners = self._owners.get(quad.subject)
                for term in (quad.subject, quad.predicate, quad.object):
                    if owners:
                        claimed.setdefault(term, set()).update(owners)
                    else:
                        factual.add(term)
        return factual, claimed

    def values(self, node: str, name: str) -> set[str]:
        """Return the values of one of our properties that are nodes."""
        if (node, name) not in self._values:
            subject, predicate = ox.NamedNode(node), ox.NamedNode(bri(name))
            quads = self._store.quads_for_pattern(subject, predicate, None, self._graph)
            self._values[node, name] = {quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)}
        return self._values[node, name]

    def naming(self, terms: Iterable[Term]) -> Iterator[tuple[Term, set[str]]]:
        """Yield those of ``terms`` that the graph names, each with the attributions that do so; none for one named outside of them."""
        factual, claimed = self.terms
        for term in terms:
            if term in claimed:
                yield term, claimed[term]
            if term in factual:
                yield term, set()

    def stating(self, triples: Iterable[ox.Triple]) -> Iterator[tuple[Term, set[str]]]:
        """Yield the subjects of those of ``triples`` that the graph holds, as :meth:`naming` does."""
        for triple in triples:
            if ox.Quad(triple.subject, triple.predicate, triple.object, self._graph) in self._store:
                yield triple.subject, self._owners.get(triple.subject, set())


def _nearest(claimed: dict[str, set[Term]], reached: dict[str, set[Term]]) -> set[str]:
    """Return the attributions that hold all of the row that another holds: the Cambodian view for a row on Cambodia, not the Lao one beside it."""
    return {
        one for one, found in claimed.items() if not any(found < reached[other] for other in claimed if other != one)
    }


def _attributions(store: ox.Store, graph: ox.NamedNode) -> dict[Term, set[str]]:
    """Return each node of ``graph`` that is an attribution or a component of one, with the attributions it stands for."""
    owners: dict[Term, set[str]] = {
        quad.subject: {quad.subject.value}
        for quad in store.quads_for_pattern(None, ox.NamedNode(rdf("type")), ox.NamedNode(bri("Attribution")), graph)
        if isinstance(quad.subject, ox.NamedNode)
    }
    waiting = list(owners)
    while waiting:
        whole = waiting.pop()
        if isinstance(whole, ox.NamedNode):
            for quad in store.quads_for_pattern(None, ox.NamedNode(bri("partOf")), whole, graph):
                if quad.subject not in owners:
                    owners[quad.subject] = owners[whole]
                    waiting.append(quad.subject)
    return owners


def select_voice(voices: Sequence[Voice], wanted: str) -> list[int]:
    """Return the places of the rows that speak as ``wanted``: one of :data:`VOICES`. Raises UsageError for another word."""
    if wanted not in VOICES:
        raise UsageError(f"There is no voice '{wanted}'; choose {', '.join(VOICES)}.")
    return [place for place, voice in enumerate(voices) if wanted in ("all", voice.kind)]


def voices_in_words(kg: KnowledgeGraph, voices: Sequence[Voice]) -> str:
    """Return the sentence that heads an answer which rests on claims or corrections, and whose claims they are; empty for facts alone."""
    language = kg.labels.tag
    whose: Counter[str] = Counter()
    if claims := [voice for voice in voices if voice.kind == "claims"]:
        from .holders import Holders

        authors = Holders(kg.store, kg.labels).authors
        for voice in claims:
            called = (word("their", language) if one in authors else kg.labels.label(one) for one in voice.holders)
            names = word("join", language).join(dict.fromkeys(called))
            whose[word("reported", language, names) if voice.is_reported else names] += 1
    count, sentences = sum(whose.values()), []
    if count and len(voices) == 1:
        sentences.append(word("one claim", language, next(iter(whose))))
    elif count:
        listed = "; ".join(
            f"{name} ({number})" for name, number in sorted(whose.items(), key=lambda one: (-one[1], one))
        )
        sentences.append(word("claims among", language, count, len(voices), listed))
    for kind, key in (("records", "records among"), ("links", "links among")):
        if number := sum(voice.kind == kind for voice in voices):
            sentences.append(word(key, language, number, len(voices)))
    if corrected := sum(bool(voice.errata) for voice in voices):
        sentences.append(word("errata", language, corrected, len(voices), "rests" if corrected == 1 else "rest"))
    return " ".join(sentences)
