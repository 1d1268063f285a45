"""The ledger: what the graph holds of every segment of the paper, and whether a copy of the paper's text is the one it was made from."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from .citing.sources import Sentence
from .errors import UsageError
from .names import bri, concept, rdfs, segment_iri, shorten
from .wording import word

if TYPE_CHECKING:
    from .graph import KnowledgeGraph

__all__ = ["DISPOSITIONS", "audit_rows", "coverage_by", "silent_segments", "texts", "wrong_digests"]

DISPOSITIONS = ("stated", "claimed", "restates", "structure", "nothing")


def coverage_by(kg: KnowledgeGraph, key: str) -> tuple[list[str], list[list[str]]]:
    """Return a table of segments by ``section`` or ``page`` and disposition; segments not yet read stand under ``open``."""
    groups: dict[str, Counter[str]] = {}
    for sentence in kg.sources.all():
        name = str(sentence.page) if key == "page" else _section(kg, sentence)
        groups.setdefault(name, Counter())[sentence.disposition or "open"] += 1
    columns = [key, *DISPOSITIONS, "open", "all"]
    rows = [
        [name, *(str(count[one]) for one in columns[1:-1]), str(sum(count.values()))] for name, count in groups.items()
    ]
    total: Counter[str] = sum(groups.values(), Counter())
    last = [word("all", kg.language), *(str(total[one]) for one in columns[1:-1]), str(sum(total.values()))]
    return columns, [*rows, last]


def _section(kg: KnowledgeGraph, sentence: Sentence) -> str:
    for quad in kg.store.quads_for_pattern(
        ox.NamedNode(sentence.iri), ox.NamedNode(bri("inSection")), None, ox.DefaultGraph()
    ):
        return kg.labels.text(quad.object)
    return ""


def silent_segments(kg: KnowledgeGraph) -> list[tuple[Sentence, str]]:
    """Return the segments of which the graph holds nothing, each with the reason, in reading order."""
    predicate = ox.NamedNode(bri("dispositionReason"))
    return [
        (sentence, kg.labels.text(quad.object))
        for sentence in kg.sources.all()
        if sentence.disposition == "nothing"
        for quad in kg.store.quads_for_pattern(ox.NamedNode(sentence.iri), predicate, None, ox.DefaultGraph())
    ]


def audit_rows(kg: KnowledgeGraph, paper: Path) -> tuple[list[str], list[list[str]]]:
    """Return a table for audits: each segment's text from ``paper`` beside gist, disposition and the triples of its graph."""
    found = texts(kg, paper)
    rows = []
    for sentence in kg.sources.all():
        quads = sorted(kg.store.quads_for_pattern(None, None, None, ox.NamedNode(sentence.iri)), key=str)
        triples = [
            f"{_short(quad.subject)} {_short(quad.predicate)} {_short(quad.object)}"
            for quad in quads
            if quad.predicate.value not in (bri("earliest"), bri("latest"), bri("attributedTo"), rdfs("label"))
        ]
        rows.append(
            [
                sentence.id,
                str(sentence.page),
                found[sentence.id],
                sentence.gist,
                kg.labels.label(concept(sentence.disposition)) if kg.language != "en" else sentence.disposition,
                "\n".join(triples),
            ]
        )
    return ["segment", "page", "text", "gist", "disposition", "triples"], rows


def _short(term: object) -> str:
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(term)


def texts(kg: KnowledgeGraph, paper: Path) -> dict[str, str]:
    """Return segment id to text, cut from a copy of the paper's text by the ranges in the ledger.

    Raises UsageError if the file cannot be read as UTF-8 text.
    """
    try:
        whole = paper.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{paper} cannot be read as UTF-8 text: {error}.") from error
    found: dict[str, list[tuple[int, int]]] = {}
    for sentence in kg.sources.all():
        for quad in kg.store.quads_for_pattern(
            ox.NamedNode(sentence.iri), ox.NamedNode(bri("textRange")), None, ox.DefaultGraph()
        ):
            if isinstance(quad.object, ox.Literal):
                start, _, end = quad.object.value.partition("-")
                found.setdefault(sentence.id, []).append((int(start), int(end)))
    return {one: "".join(whole[start:end] for start, end in sorted(ranges)) for one, ranges in found.items()}


def wrong_digests(kg: KnowledgeGraph, paper: Path) -> list[str]:
    """Return the ids of segments whose text in ``paper`` does not have the digest that the ledger holds."""
    wrong = []
    for one, text in texts(kg, paper).items():
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        held = {
            quad.object.value
            for quad in kg.store.quads_for_pattern(
                ox.NamedNode(segment_iri(one)), ox.NamedNode(bri("sha256")), None, ox.DefaultGraph()
            )
            if isinstance(quad.object, ox.Literal)
        }
        if digest not in held:
            wrong.append(one)
    return wrong
