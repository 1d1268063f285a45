"""An answer's card: a file that holds the answer, what it stands on, and all that is needed to run it again.

A card is one JSON object. ``question`` is the stored question's name and wording, or null for a free query; ``query``, ``parameters``,
``max_rows`` and ``voice`` are what was asked; ``columns``, ``rows`` (or ``boolean``) and ``cut`` the answer, its terms as in SPARQL 1.1 Query
Results JSON; ``citations`` stand in the order of the rows, ``segments`` holds page, gist and the SHA-256 of the text of each segment that is cited,
from the paper's ledger, and ``graphs`` a note and the SHA-256 of the sorted N-Quads of each other graph that is cited, such as a mapping set or
a record of a dataset; ``graph`` is the content hash of the graph, which says that nothing else was in it either.

``checksum`` is the SHA-256 of the card's own canonical JSON without it. It finds a card that was changed by accident or by hand. It is no signature:
whoever computes it anew is found out only by running the card again, which is what :mod:`bri_kg.cards.verification` does. Three members say how the
card was made, and running it again cannot prove them wrong: ``written``, the time, which needs only be a date and time; ``bri_kg``, the version; and
``engine``, name and version. A version or engine that is not that of whoever verifies is told in a note, and the verdict stays ``same``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from .. import __version__
from ..answers import Answer
from ..citing.grounds import beside_of
from ..errors import LimitError, UsageError
from ..lineage.citation import MARKS
from ..names import PREFIXES, bri, segment_iri, shorten
from ..questions import question
from ..results import Found, Origin, cut_at
from ..sparql import Term
from ..writing import TEMPLATES, write_whole

if TYPE_CHECKING:
    from ..citing.cited import CitedRow
    from ..graph import KnowledgeGraph

__all__ = [
    "ALGORITHM",
    "CARD_VERSION",
    "FORMAT",
    "MOST_ROWS",
    "card_to_html",
    "checksum",
    "graph_entry",
    "graph_hash",
    "make_card",
    "segment_entry",
    "write_card",
]

FORMAT = "BRI-KG answer card"
CARD_VERSION = 2
#: The highest limit of rows that a card holds: beyond it not every reader of JSON keeps whole numbers exact (RFC 7493).
MOST_ROWS = (1 << 53) - 1
ALGORITHM = "RDFC-1.0, SHA-256 of the sorted canonical N-Quads of the named graphs"

_DEFAULT = ox.DefaultGraph()
_SEGMENT, _ERRATUM = PREFIXES["segment"], PREFIXES["erratum"]
_HASH_FILE = "bri-kg-graph-hash.txt"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def make_card(kg: KnowledgeGraph, answer: Answer) -> dict[str, Any]:
    """Return the card of an answer of ``kg``.

    Raises UsageError for an answer of which it is not known what was asked and for a limit of rows above MOST_ROWS, LimitError for one that time or
    memory cut short, since another run would cut it elsewhere, and QueryError, by name, for one that cannot be traced.
    """
    origin = answer.origin
    if origin is None:
        raise UsageError(
            "It is not known what was asked for this answer; make a card of what KnowledgeGraph.ask or query returns."
        )
    if origin.max_rows is not None and origin.max_rows > MOST_ROWS:
        raise UsageError(f"A card holds a limit of at most {MOST_ROWS:,} rows; ask with a lower one, or with none.")
    if answer.cut and (origin.max_rows is None or answer.cut != cut_at(origin.max_rows)):
        raise LimitError(
            f"An answer that ran into a limit of time or memory has no card: another run finds other rows. {answer.cut}"
        )
    cited = answer.cited().rows
    iris = {
        term.value
        for row in [*(answer.terms if answer.boolean is None else []), tuple(origin.terms.values())]
        for term in row
        if isinstance(term, ox.NamedNode)
    }
    iris.update(holder for row in cited for holder in row.voice.holders)
    sentences = kg.sources.sentences(name for row in cited for name in row.citation)
    card = {
        "format": FORMAT,
        "card_version": CARD_VERSION,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "bri_kg": __version__,
        "engine": {"name": "pyoxigraph", "version": ox.__version__},
        "graph": {"algorithm": ALGORITHM, "hash": graph_hash(kg)},
        "language": kg.language,
        "question": _wording(origin),
        "query": answer.query,
        "parameters": _terms(kg, origin.terms),
        "max_rows": origin.max_rows,
        "voice": origin.voice,
        "form": answer.form,
        "columns": list(answer.columns),
        "headings": answer.headings(),
        "boolean": answer.boolean,
        "rows": json.loads(answer.to_json())["results"]["bindings"] if len(answer) else [],
        "cut": answer.cut,
        "citations": [_citation(kg, row) for row in cited],
        "segments": {one.id: segment_entry(kg, one.id) for one in sentences},
        "graphs": {
            ground: graph_entry(kg, ground)
            for ground in sorted(
                {name for row in cited for name in row.citation if not name.startswith((_SEGMENT, _ERRATUM))}
            )
        },
        "labels": {iri: kg.labels.label(iri) for iri in sorted(iris)},
    }
    return {**card, "checksum": checksum(card)}


def _wording(origin: Origin) -> dict[str, str] | None:
    if not origin.question:
        return None
    asked = question(origin.question)
    return {"name": asked.name, "en": asked.text, "zh": asked.text_zh}


def _terms(kg: KnowledgeGraph, terms: Mapping[str, Term]) -> dict[str, Any]:
    """Return terms by name as in SPARQL 1.1 Query Results JSON."""
    row = Answer(Found("SELECT", tuple(terms), None, [tuple(terms.values())]), kg.labels, "").to_json()
    found: dict[str, Any] = json.loads(row)["results"]["bindings"][0]
    return found


def _citation(kg: KnowledgeGraph, row: CitedRow) -> dict[str, Any]:
    read = [
        sentence.id for sentence in kg.sources.sentences(name for name in row.citation if name.startswith(_SEGMENT))
    ]
    unread = {name.removeprefix(_SEGMENT) for name in row.citation if name.startswith(_SEGMENT)} - set(read)
    errata = sorted(name for name in row.citation if name.startswith(_ERRATUM))
    corrected = {name: sentence.id for name in errata if (sentence := kg.sources.sentence(name))}
    return {
        "segments": read + sorted(unread),
        "errata": {shorten(name): corrected.get(name, "") for name in errata},
        "other": sorted(name for name in row.citation if not name.startswith((_SEGMENT, _ERRATUM))),
        "marks": list(row.marks),
        "voice": row.voice.kind,
        "holders": list(row.voice.holders),
    }


def segment_entry(kg: KnowledgeGraph, segment: str) -> dict[str, Any] | None:
    """Return page, gist and digest of a segment as the ledger has them; None for one that is not in the graph."""
    try:
        sentence = kg.sources.sentence(segment_iri(segment))
    except ValueError:  # no IRI can be made of it
        return None
    if sentence is None:
        return None
    quads = kg.store.quads_for_pattern(ox.NamedNode(sentence.iri), ox.NamedNode(bri("sha256")), None, _DEFAULT)
    digests = sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))
    return {
        "page": sentence.page,
        "page_end": sentence.page_end,
        "gist": sentence.gist,
        "sha256": " ".join(digests),
    }


def graph_entry(kg: KnowledgeGraph, graph: str) -> dict[str, str] | None:
    """Return what a cited graph that is no sentence is, and the digest of its content; None for one that is not there."""
    try:
        quads = sorted(f"{quad} .\n" for quad in kg.store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    except ValueError:  # no IRI can be made of it
        return None
    if not quads:
        return None
    shown = beside_of(kg, graph, ())
    return {"note": shown.note if shown else "", "sha256": hashlib.sha256("".join(quads).encode("utf-8")).hexdigest()}


def checksum(card: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a card's JSON without its checksum: keys sorted, no spaces, ASCII only."""
    content = {key: value for key, value in card.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def graph_hash(kg: KnowledgeGraph, anew: bool = False) -> str:
    """Return the content hash of a graph, which is the same for every order, serialisation and naming of blank nodes.

    It is the SHA-256 of the sorted canonical N-Quads (W3C, RDF Dataset Canonicalization, 2024) of the named graphs; the default graph, their union,
    is left out. It is kept beside a store that lies in the cache, and computed ``anew`` on demand.
    """
    folder = kg.folder
    path = folder / _HASH_FILE if folder else None
    if path and not anew:
        with contextlib.suppress(OSError, ValueError):
            kept = path.read_text(encoding="ascii")
            if re.fullmatch("[0-9a-f]{64}", kept):
                return kept
    quads = ox.Dataset(quad for quad in kg.store if quad.graph_name != _DEFAULT)
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    digest = hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in quads)).encode("utf-8")).hexdigest()
    if path:
        with contextlib.suppress(UsageError):  # the cache is a convenience
            write_whole({path: digest.encode("ascii")})
    return digest


def write_card(answer: Answer, path: str | Path) -> Path:
    """Write the card of an answer to ``path`` and, beside it with the ending ``.html``, as a page to read; return the path.

    Both files are written whole or not at all. Raises UsageError where they cannot be written, and what :func:`make_card` raises.
    """
    path = Path(path)
    if not path.name or path.suffix.lower() in (".html", ".htm"):
        raise UsageError(
            f"{path}: a card needs a file name such as card.json; the page beside it gets the ending .html."
        )
    page = path.with_suffix(".html")
    for one in (path, page):
        if one.exists() and not one.is_file():
            raise UsageError(f"{one} is there already and is no file; choose another place.")
    card = answer.card()
    text = json.dumps(card, ensure_ascii=False, indent=1) + "\n"
    write_whole({path: text.encode("utf-8"), page: card_to_html(card, path.name).encode("utf-8")})
    return path


def card_to_html(card: Mapping[str, Any], name: str = "card.json") -> str:
    """Return a card, read or made, as a page to read and print, which makes no request and runs no script; ``name`` is the card's file name."""
    places = {segment: place for place, segment in enumerate(card["segments"], 1)}
    rows = [[row.get(column) for column in card["columns"]] for row in card["rows"]]
    if card["boolean"] is not None:
        rows = [[{"type": "boolean", "value": card["boolean"]}]]
    html: str = _template().render(
        card=card,
        name=name,
        rows=list(zip(rows, card["citations"], strict=True)),
        places=places,
        others={graph: place for place, graph in enumerate(card["graphs"], 1)},
        marks=_in_order(mark for citation in card["citations"] for mark in citation["marks"]),
        zh=card["language"] == "zh",
    )
    return html


def _in_order(marks: Iterable[str]) -> list[str]:
    found = set(marks)
    return [mark for mark in MARKS if mark in found]


@cache
def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=lambda value: _CONTROLS.sub("\ufffd", value) if type(value) is str else value,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["short"] = shorten
    return environment.get_template("card.html.jinja")
