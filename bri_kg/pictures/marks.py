"""What all charts share: rows that keep their sentences, and how rows, texts and tooltips enter Altair.

A row is a dict of texts and numbers; ``segments``, ``pages``, ``sentences`` and ``voice`` are in every row that is drawn. Nothing is drawn that
is not such a row, and what comes from the graph enters a picture as inline data or plain text: no expression is built from it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ..names import bri
from ..wording import word

if TYPE_CHECKING:
    import altair

    from ..graph import KnowledgeGraph

__all__ = [
    "INK",
    "SOFT",
    "Marks",
    "Row",
    "behind",
    "called",
    "cut",
    "inline",
    "iri_of",
    "read_date",
    "records",
    "text_marks",
    "tooltips",
    "wrapped",
]

INK, SOFT = "#1b1f24", "#57606a"
Row = dict[str, Any]


class Marks(NamedTuple):
    """The rows of a chart, what must be said beside them, and the rows of a second layer (``extra``)."""

    rows: list[Row]
    notes: list[str]
    extra: list[Row]


def read_date(text: str, language: str = "en") -> str:
    """Return a date of the graph as a person reads it: ``2018~`` as "about 2018", ``../2018-08`` as "by 2018-08"."""
    first, slash, last = text.partition("/")
    if slash and first in ("", ".."):
        return word("chart by date", language, read_date(last, language))
    if slash and last in ("", ".."):
        return word("chart since date", language, read_date(first, language))
    if slash:
        return word("to", language, read_date(first, language), read_date(last, language))
    if text.endswith(("~", "?", "%")):
        return word("chart about", language, read_date(text[:-1], language))
    year, _, unit = text.partition("-")
    parts = {str(32 + n): word("chart quarter", language, n) for n in range(1, 5)}
    parts |= {str(39 + n): word(f"chart half {n}", language) for n in range(1, 3)}
    return word("chart part of year", language, parts[unit], year) if unit in parts else text


def records(kg: KnowledgeGraph, name: str, **params: object) -> list[dict[str, Any]]:
    """Return the rows of a stored question as dicts."""
    answer = kg.ask(name, **params)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.terms]


def behind(kg: KnowledgeGraph, graphs: Iterable[str], nodes: Iterable[str]) -> Row:
    """Return the sentences behind ``graphs`` as a row shows them, and in whose voice they speak of ``nodes``."""
    graphs = sorted(set(graphs))
    found = kg.sources.sentences(graphs)
    voices = {
        kg.sources.voice(node, graph)[0]
        for node in set(nodes)
        for graph in graphs
        if any(True for _ in kg.store.quads_for_pattern(ox.NamedNode(node), None, None, ox.NamedNode(graph)))
    }
    return {
        "segments": [one.id for one in found],
        "pages": sorted({page for one in found for page in range(one.page, one.page_end + 1)}),
        "sentences": "\n".join(f"{one.reference}: {one.gist}" for one in found),
        "voice": "; ".join(sorted(voices)),
    }


def called(kg: KnowledgeGraph, iri: str) -> str:
    """Return the label of a node; a measure, whose label is only its kind, with the instruments or else the actors that it has."""
    label = kg.labels.label(iri)
    if kg.lookup.kind(iri) != "Measure":
        return label
    for name in ("instrument", "actor"):
        quads = kg.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(bri(name)), None, ox.DefaultGraph())
        if found := sorted({kg.labels.label(iri_of(quad.object)) for quad in quads}):
            return f"{label} · {word('join', kg.language).join(found)}"
    return label


def iri_of(term: Any) -> str:
    """Return the text of a term, nothing for None."""
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else ""


def inline(rows: list[dict[str, Any]]) -> Any:
    """Return rows as data that stand in the specification, without what only the program reads."""
    import altair as alt

    kept = [{key: value for key, value in row.items() if key not in ("segments", "pages", "point")} for row in rows]
    return alt.InlineData(values=kept)


def tooltips(fields: dict[str, str], language: str) -> list[altair.Tooltip]:
    """Return the tooltip that shows these fields, each under the word of its column."""
    import altair as alt

    return [
        alt.Tooltip(field=field, type="nominal", title=word(f"chart column {key}", language))
        for field, key in fields.items()
    ]


def text_marks(rows: list[dict[str, Any]], field: str, **look: Any) -> Any:
    """Return a layer that writes a field of the rows."""
    import altair as alt

    return (
        alt.Chart(inline(rows))
        .mark_text(**{"fontSize": 11, "color": INK, "lineBreak": "\n", **look})
        .encode(text=alt.Text(field=field, type="nominal"))
    )


def wrapped(text: str, width: int, most: int = 0) -> str:
    """Return ``text`` in lines of at most ``width`` columns, Chinese signs counted twice; at most ``most`` lines, the last then ending in "…"."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _columns(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        while _columns(piece) > width:
            cut = next(n for n in range(len(piece), 0, -1) if _columns(piece[:n]) <= width or n == 1)
            lines.append(piece[:cut])
            piece = piece[cut:]
        line += piece
    lines = [one for one in [*lines, line.rstrip()] if one]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: width - 1].rstrip() + "…"]
    return "\n".join(lines)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _pieces(text: str) -> list[str]:
    """Cut after spaces, and around each Chinese sign."""
    pieces = [""]
    for sign in " ".join(text.split()):
        if unicodedata.east_asian_width(sign) in "WF":
            pieces += [sign, ""]
        elif sign == " ":
            pieces[-1] += sign
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece for piece in pieces if piece]


def cut(text: str, width: int) -> str:
    """Return ``text`` in one line of at most ``width`` columns."""
    return wrapped(text, width, 1)
