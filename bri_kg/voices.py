"""In whose voice an answer speaks: as fact, on somebody's word, or as put right by an erratum.

A row rests on claims if it is, or if it holds something that is reached in the cited graphs only through, an attribution (a claim, position,
commitment or recommendation, or a component of one). A term that a cited graph also states outside attributions is no sign of a claim: the
Belt and Road Initiative stands in many claims and in many facts. A row of none of whose terms the cited graphs speak (a count, an ASK) rests
on claims if the cited graphs speak in attributions only.

Terms alone cannot tell a row that only names the holder of a view from one that names somebody who acts in the same sentence: such a row counts
as fact. Where the triples from which a row was derived are known, they decide instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from .errors import UsageError
from .holders import Holders
from .names import PREFIXES, bri, rdf, rdfs
from .sparql import Term

if TYPE_CHECKING:
    from .graph import KnowledgeGraph

__all__ = ["VOICES", "Voice", "select_voice", "voice_of", "voices_in_words"]

VOICES = ("facts", "claims", "all")

_SEGMENT, _ERRATUM = PREFIXES["segment"], PREFIXES["erratum"]
_DEFAULT = ox.DefaultGraph()
_BOOKKEEPING = {rdf("type"), rdfs("label")}
_WORDS = {
    "en": {
        "authors": "the authors",
        "reported": "{}, as the authors report",
        "claims": "{} of {} rows rest on claims: {}.",
        "one": "The one row rests on a claim: {}.",
        "errata": "{} of {} rows {} on a correction.",
        "join": ", ",
    },
    "zh-hans": {
        "authors": "作者",
        "reported": "{}（作者转述）",
        "claims": "{1} 行中有 {0} 行基于主张：{2}。",
        "one": "唯一一行基于主张：{}。",
        "errata": "{1} 行中有 {0} 行基于勘误。",
        "join": "、",
    },
}


class Voice(NamedTuple):
    """The voice of a row.

    ``kind`` is ``facts`` or ``claims``; ``attributions`` are the claims on which the row rests, ``holders`` those whose they are, both as IRIs
    in alphabetical order; ``is_reported`` is whether the authors tell another's view; ``errata`` are the corrections among the citations.
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
) -> Voice:
    """Return the voice of a row with the terms ``nodes`` that is cited to the graphs ``graph_names``.

    ``nodes`` are the engine's terms, or IRIs as text; None, for an unbound variable, is passed over. ``triples`` are those from which the row
    was derived, where they are known.
    """
    names = sorted({name for name in graph_names if name.startswith((_SEGMENT, _ERRATUM))})
    terms = {ox.NamedNode(node) if isinstance(node, str) else node for node in nodes if node is not None}
    grounds = set(triples)
    reached: dict[str, set[Term]] = {}  # attribution -> the row's terms that stand in its triples
    in_facts: set[Term] = set()
    has_facts = False
    for name in names:
        graph = ox.NamedNode(name)
        owners = _attributions(kg.store, graph)
        for found in owners.values():
            for owner in found:
                reached.setdefault(owner, set())
        for quad in kg.store.quads_for_pattern(None, None, None, graph):
            owned = owners.get(quad.subject, set())
            if grounds:
                here: set[Term] = {quad.subject} if quad.triple in grounds else set()
            elif quad.predicate.value in _BOOKKEEPING:
                continue
            else:
                here = terms & {quad.subject, quad.predicate, quad.object}
            has_facts |= not owned
            for owner in owned:
                reached[owner] |= here
            if not owned:
                in_facts |= here
    claimed = _nearest(
        {owner: found for owner, found in reached.items() if found - in_facts or (grounds and found)}, reached
    )
    if not grounds and not has_facts and not any(reached.values()):
        claimed = set(reached)
    holders = {holder for one in claimed for holder in _values(kg.store, one, "attributedTo", names)}
    return Voice(
        kind="claims" if claimed else "facts",
        attributions=tuple(sorted(claimed)),
        holders=tuple(sorted(holders)),
        is_reported=any(_values(kg.store, one, "reportedBy", names) for one in claimed),
        errata=tuple(name for name in names if name.startswith(_ERRATUM)),
    )


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


def _values(store: ox.Store, node: str, name: str, graphs: Iterable[str]) -> set[str]:
    return {
        quad.object.value
        for graph in graphs
        for quad in store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(bri(name)), None, ox.NamedNode(graph))
        if isinstance(quad.object, ox.NamedNode)
    }


def select_voice(voices: Sequence[Voice], wanted: str) -> list[int]:
    """Return the places of the rows that speak as ``wanted``: ``facts``, ``claims`` or ``all``. Raises UsageError for another word."""
    if wanted not in VOICES:
        raise UsageError(f"There is no voice '{wanted}'; choose {', '.join(VOICES)}.")
    return [place for place, voice in enumerate(voices) if wanted in ("all", voice.kind)]


def voices_in_words(kg: KnowledgeGraph, voices: Sequence[Voice]) -> str:
    """Return the sentence that heads an answer which rests on claims or corrections, and whose claims they are; empty for facts alone."""
    words = _WORDS[kg.labels.tag]
    authors = Holders(kg.store, kg.labels).authors
    whose: Counter[str] = Counter()
    for voice in voices:
        if voice.kind == "claims":
            names = words["join"].join(
                dict.fromkeys(
                    words["authors"] if holder in authors else kg.labels.label(holder) for holder in voice.holders
                )
            )
            whose[words["reported"].format(names) if voice.is_reported else names] += 1
    count, sentences = sum(whose.values()), []
    if count and len(voices) == 1:
        sentences.append(words["one"].format(next(iter(whose))))
    elif count:
        listed = "; ".join(
            f"{name} ({number})" for name, number in sorted(whose.items(), key=lambda one: (-one[1], one))
        )
        sentences.append(words["claims"].format(count, len(voices), listed))
    if corrected := sum(bool(voice.errata) for voice in voices):
        sentences.append(words["errata"].format(corrected, len(voices), "rests" if corrected == 1 else "rest"))
    return " ".join(sentences)
