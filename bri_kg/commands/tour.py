"""The tour: what the graph holds, five telling questions answered with page and sentence, and a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..citing.sources import Sentence
from ..questions import question
from ..wording import word

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["show_tour"]

_STOPS: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    ("attendance", {"event": "first-belt-and-road-forum"}, ("participant", "attendance")),
    ("hesitant-but-signed", {}, ("actor", "attitude", "document", "date")),
    ("positions-on", {"undertaking": "BRI"}, ("holder", "attitude")),
    ("financed-by", {"financier": "AIIB"}, ("financed", "measure", "value", "currency", "date")),
    ("projects-in", {"country": "Myanmar"}, ("project", "milestone", "date")),
)
#: What is counted: entities, events and other records, claims and other views, segments, segments read.
_COUNTED = (
    "?x skos:prefLabel ?l ; a ?c . ?c bri:question ?q FILTER (?c != bri:IdentifierScheme)",
    "?x a bri:Record FILTER NOT EXISTS { ?x a bri:Attribution }",
    "?x a bri:Attribution",
    "?x bri:readingOrder ?n",
    "?x bri:disposition ?d",
)
_NEXT = "bri-kg questions | bri-kg ask projects-in country=Laos | bri-kg show AIIB | bri-kg draw network-of entity=AIIB -o aiib.html"


def show_tour(kg: KnowledgeGraph, picture: Path) -> None:
    """Print the tour to standard output and write the picture to ``picture``."""
    from ..pictures.pages import draw

    counts = [
        int(next(iter(kg.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}").to_dicts()))["n"] or 0)
        for pattern in _COUNTED
    ]
    _say(word("tour start", kg.language) + "\n")
    _say(word("tour counts", kg.language, f"{len(kg):,}", *(f"{count:,}" for count in counts)))
    _say(word("tour reading", kg.language) + "\n")
    for number, (name, params, columns) in enumerate(_STOPS, 1):
        _stop(kg, number, name, params, columns)
    network = kg.network("network-everything")
    written = draw(network, picture, word("tour title", kg.language))
    _say(word("tour picture", kg.language, written.resolve()))
    _say("  " + word("tour network", kg.language, len(network), network.number_of_edges()) + "\n")
    _say(word("tour next", kg.language, _NEXT))


def _stop(kg: KnowledgeGraph, number: int, name: str, params: dict[str, str], columns: tuple[str, ...]) -> None:
    arguments = " ".join(f"{key}={value}" for key, value in params.items())
    values = {key: kg.labels.label(kg.lookup.entity(value)) for key, value in params.items()}
    suffix = f" [{', '.join(values.values())}]" if values else ""
    _say(f"{number}. {question(name).wording(kg.language)}{suffix}")
    _say(f"   bri-kg ask {name} {arguments}".rstrip() + "\n")
    answer = kg.ask(name, **params)
    shown = [answer.columns.index(column) for column in columns]
    graphs = [place for place, column in enumerate(answer.columns) if column.endswith("segment")]
    told: dict[str, Sentence] = {}
    seen = set()
    for row, read in zip(answer.terms, answer.labelled(), strict=True):
        sentences = kg.sources.sentences(
            term.value for place in graphs if (term := row[place]) is not None and hasattr(term, "value")
        )
        line = " · ".join(read[place] for place in shown if read[place])
        where = ", ".join(sentence.reference for sentence in sentences)
        if (line, where) not in seen:
            seen.add((line, where))
            _say(f"   - {line}   — {where}")
        told.update({sentence.id: sentence for sentence in sentences})
    _say("")
    for sentence in sorted(told.values(), key=lambda sentence: sentence.order):
        notes = word("tour note", kg.language, sentence.notes) if sentence.notes else ""
        _say(f"     {sentence.id}{notes}: {sentence.gist}")
    _say("")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
