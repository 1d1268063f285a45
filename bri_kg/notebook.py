"""How a notebook shows answers, descriptions, tables and pictures, without a request.

Tables have no script: the reference beside a row is a summary that the keyboard reaches and opens, and its full text is shown on hover. Nothing is
coloured, so that the notebook's own light or dark theme holds; everything is escaped. A network or chart is its page in a frame that is a world of
its own: its scripts cannot reach the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from .errors import BriKgError
from .names import shorten
from .wording import column_headings, word

if TYPE_CHECKING:
    import networkx

    from .answers import Answer
    from .citing.cited import CitedAnswer, CitedRow
    from .citing.comparison import Comparison
    from .citing.sources import Description, Fact
    from .lookup import Candidate
    from .pictures.charts import Chart
    from .tables import Table

__all__ = [
    "MAX_ROWS",
    "answer_to_html",
    "candidates_to_html",
    "chart_to_html",
    "cited_to_html",
    "comparison_to_html",
    "description_to_html",
    "network_to_html",
    "table_to_html",
]

#: Rows that are shown; a notebook is no place for thousands.
MAX_ROWS = 200

_LEFT = ' style="text-align: left; vertical-align: top"'
#: A page is laid out for a window wider than a notebook's column, so it is shown at four fifths of its size.
_FRAME = (
    '<div style="height: {height}px; overflow: hidden; border: 1px solid">'
    '<iframe srcdoc="{page}" title="{title}" sandbox="allow-scripts allow-downloads allow-popups" referrerpolicy="no-referrer"'
    ' style="width: 125%; height: 125%; max-width: none; transform: scale(0.8); transform-origin: 0 0; border: 0">'
    "</iframe></div>"
)
_HEIGHT = 720


def answer_to_html(answer: Answer) -> str:
    """Return an answer as an HTML table with labels, and beside each row its citation, to be opened by mouse, key or hover.

    Columns that name the very sentences of the citation are left out. An answer that cannot be traced is shown without citations, and says why;
    one that is empty says why it is.
    """
    shown = answer.only(range(MAX_ROWS)) if len(answer) > MAX_ROWS else answer
    try:
        return _answered(answer, shown, shown.cited(), is_open=False)
    except BriKgError as error:
        return _answered(answer, shown, None, False, word("without citations", answer.language, error))


def cited_to_html(cited: CitedAnswer) -> str:
    """Return a cited answer as an HTML table in which the sentences of each row stand open under it."""
    answer = cited.answer
    if len(answer) > MAX_ROWS:
        shown = answer.only(range(MAX_ROWS), answer.cite(all=True)[:MAX_ROWS])
        return _answered(answer, shown, shown.cited(), is_open=True)
    return _answered(answer, answer, cited, is_open=True)


def _answered(answer: Answer, shown: Answer, cited: CitedAnswer | None, is_open: bool, why: str = "") -> str:
    language = answer.language
    sentences = [answer.cut or "", cited.heading if cited else "", answer.left_out or ""]
    above = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)
    if answer.boolean is not None:
        body = f"<p><strong>{answer.verdict()}</strong></p>"
        body += _opened(cited, cited.rows[0], is_open) if cited else ""
    else:
        places = [place for place in range(len(answer.columns)) if not (cited and _repeats(cited, place))]
        headings = [answer.headings()[place].replace("_", " ") for place in places]
        rows, notes = _cells(shown, places), []
        if cited and is_open:
            notes = [_listed(_lines(cited, one)) for one in cited.rows]
        elif cited:
            rows = [[*row, _opened(cited, one)] for row, one in zip(rows, cited.rows, strict=True)]
            headings += column_headings(["page and sentence"], language)
        count = _counted(len(answer), language)
        first = word("first shown", language, MAX_ROWS) if shown is not answer else ""
        body = f"{_table(headings, rows, notes) if rows else ''}<p>{escape(count + first)}</p>"
    marks = {mark for row in cited.rows for mark in row.marks} if cited else set()
    sentences = [*cited.marks_in_words(marks), cited.mix] if cited else [why]
    sentences.append(str(answer.why_empty() or ""))
    below = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)
    return f"<div>{above}{body}{below}</div>"


def _repeats(cited: CitedAnswer, place: int) -> bool:
    """Whether a column does nothing but name sentences that are cited beside it, each in its row."""
    terms = [row[place] for row in cited.answer.terms]
    return any(terms) and all(
        term is None or getattr(term, "value", "") in row.citation for term, row in zip(terms, cited.rows, strict=True)
    )


def _cells(answer: Answer, places: Sequence[int]) -> list[list[str]]:
    """Return the cells of these columns as HTML; numbers from ten thousand on have their thousands parted."""
    rows = []
    for terms, texts in zip(answer.terms, answer.labelled(), strict=True):
        rows.append([escape(_number(terms[place]) or texts[place]) for place in places])
    return rows


def _number(term: Any) -> str:
    is_number = isinstance(term, ox.Literal) and term.datatype.value.endswith(("#decimal", "#integer"))
    return (
        re.sub(r"(?<=\d)(?=(\d{3})+(?!\d))", ",", term.value)
        if is_number and re.fullmatch(r"-?\d{5,}", term.value)
        else ""
    )


def description_to_html(described: Description) -> str:
    """Return a description as HTML: facts, and apart from them what is claimed, by claimant; each record opens its sentences."""
    language, count = described.language, sum(map(len, described.claims.values()))
    names = f"<p>{escape(word('also', language, '; '.join(described.names)))}</p>" if described.names else ""
    parts = [
        f"<h4>{escape(described.label)} ({escape(described.kind)}, {escape(shorten(described.iri))})</h4>",
        f"<p>{escape(described.summary)}</p>{names}<h5>{word('facts', language, len(described.facts))}</h5>",
        _facts(described.facts, language),
        f"<h5>{word('claims', language, count)}</h5>",
    ]
    parts += [f"<h6>{escape(holder)}</h6>{_facts(facts, language)}" for holder, facts in described.claims.items()]
    if described.identities:
        rows = [[escape(one.said), escape(one.shown)] for one in described.identities]
        parts.append(f"<h5>{escape(word('identities', language, len(rows)))}</h5>")
        parts.append(_table(column_headings(["what", "cited"], language), rows))
    if described.recorded:
        rows = [[escape(f"{one.property}: {one.text}"), escape(one.shown)] for one in described.recorded]
        parts.append(f"<h5>{escape(word('what records say', language, len(rows)))}</h5>")
        parts.append(_table(column_headings(["what", "cited"], language), rows))
    return f"<div>{''.join(parts)}</div>"


def table_to_html(table: Table) -> str:
    """Return the table of a measure as HTML under its title; the segments of each row open the sentences behind it."""
    language, shown = table.language, table.top(MAX_ROWS)
    columns, rows = shown.for_reading()
    for row, cells in zip(shown.rows, rows, strict=True):
        cells[:] = [escape(cell) for cell in cells]
        if "segments" in columns:
            lines = [line.removeprefix("— ") for line in table.cited(row)]
            cells[columns.index("segments")] = _details(_short(lines), lines) if lines else ""
    columns = ["page and sentence" if column == "segments" else column for column in columns]
    body = _table(column_headings(columns, language), rows)
    first = word("first shown", language, MAX_ROWS) if len(table) > MAX_ROWS else ""
    count = _counted(len(table), language)
    remarks = "".join(f"<p>{escape(remark)}</p>" for remark in table.remarks)
    return f"<div><h4>{escape(table.title)}</h4>{body}<p>{escape(count + first)}</p>{remarks}</div>"


def comparison_to_html(comparison: Comparison) -> str:
    """Return a comparison as HTML under its title: each group once, its rows with what opens their sentences."""
    rows, group = [], ""
    for view in comparison.views:
        label, holder, tie, kind, stance, what, date, _ = view.cells()
        who = f"{holder} ({tie})" if tie and holder else holder
        lines = [f"{one.reference}: {one.gist}" for one in view.sentences]
        cells = [label if view.group != group else "", who, kind, stance, what, date]
        rows.append([*map(escape, cells), _details(_short(lines), lines) if lines else ""])
        group = view.group
    columns = ["group", "holder", "kind", "stance", "what", "date", "page and sentence"]
    body = _table(column_headings(columns, comparison.language), rows)
    return f"<div><h4>{escape(comparison.title)}</h4>{body}</div>"


def candidates_to_html(candidates: Sequence[Candidate], language: str = "en") -> str:
    """Return what a name may mean as an HTML table."""
    rows = [[escape(cell) for cell in (one.label, one.kind, one.matched, one.name)] for one in candidates]
    headings = column_headings(["label", "kind", "matched", "name"], language)
    return f"<div>{_table(headings, rows) if rows else ''}<p>{_counted(len(rows), language)}</p></div>"


def network_to_html(network: networkx.MultiDiGraph) -> str:
    """Return the page of a network in a frame; of one that cannot be drawn, the sentence that says why."""
    language = str(network.graph.get("language", "en"))
    try:
        page = _page(network)
    except BriKgError as error:
        return f"<p>{escape(str(error))}</p>"
    counts = word("counts", language, len(network), network.number_of_edges())
    caption = counts + " " + word("frame", language, 'bri_kg.draw(network, "network.html")')
    return _framed(page, str(network.graph.get("title") or word("network", language)), caption)


def chart_to_html(chart: Chart) -> str:
    """Return the page of a chart in a frame: what is under the pointer shows its sentences, and the rows stand under the picture."""
    caption = word("frame", chart.language, 'chart.save("chart.html")')
    return _framed(chart.to_html(), chart.title, caption)


def _page(network: networkx.MultiDiGraph) -> str:
    from tempfile import TemporaryDirectory

    from .pictures.pages import draw

    with TemporaryDirectory() as folder:
        return draw(network, Path(folder, "network.html")).read_text(encoding="utf-8")


def _framed(page: str, title: str, caption: str) -> str:
    frame = _FRAME.format(page=escape(page), title=escape(title), height=_HEIGHT)
    return f"<div>{frame}<p>{escape(caption)}</p></div>"


def _counted(count: int, language: str) -> str:
    return word({0: "no rows", 1: "one row"}.get(count, "rows"), language, count)


def _short(lines: Sequence[str]) -> str:
    """Return the references that begin ``lines``, each ``p. 57 (p08s04) ...``."""
    return _few([line.split(")", 1)[0] + ")" if ")" in line else line for line in lines])


def _few(references: Sequence[str], most: int = 3) -> str:
    """Return the first of the references, and how many there are if that is not all."""
    return ("; ".join(references[:most]) or "-") + (f" … ({len(references)})" if len(references) > most else "")


def _facts(facts: tuple[Fact, ...], language: str) -> str:
    rows = []
    for fact in facts:
        values = "<br>".join(f"{escape(value.property)}: {escape(value.text)}" for value in fact.values)
        lines = [
            f"{sentence.reference} · {fact.voice}: {sentence.gist}" + (f" ({sentence.notes})" if sentence.notes else "")
            for sentence in fact.sentences
        ]
        shown = _details(_few([sentence.reference for sentence in fact.sentences]), lines)
        rows.append([escape(fact.kind), values, shown])
    return _table(column_headings(["record", "values", "page and sentence"], language), rows)


def _lines(cited: CitedAnswer, row: CitedRow) -> list[str]:
    return [line.strip(" —*") for line in cited.lines(row)]


def _opened(cited: CitedAnswer, row: CitedRow, is_open: bool = False) -> str:
    """Return the citation of a row: its references, and when opened the sentences with voice, gist, footnotes and works."""
    if is_open:
        return _listed(_lines(cited, row))
    named = [f"p. {one.pages} ({one.name})" if one.sentence else one.name for one in row.grounds]
    voice = "" if row.voice.kind == "facts" else f" · {cited.voice(row)}"
    return _details(_few(named) + voice, _lines(cited, row))


def _details(summary: str, lines: list[str]) -> str:
    """Return a summary that opens a list: the element takes the keyboard's focus by itself, and the title shows on hover."""
    title = escape("\n".join(lines))
    return f'<details><summary title="{title}">{escape(summary)}</summary>{_listed(lines)}</details>'


def _listed(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li{_LEFT}>{escape(line)}</li>' for line in lines)}</ul>"


def _table(columns: list[str], rows: list[list[str]], notes: Sequence[str] = ()) -> str:
    """Return a table; the cells and the ``notes``, each of which stands under its row, are HTML, the columns text."""
    head = "".join(f'<th scope="col"{_LEFT}>{escape(column)}</th>' for column in columns)
    lines = ["<tr>" + "".join(f"<td{_LEFT}>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    if notes:
        under = [f'<tr><td colspan="{len(columns)}"{_LEFT}>{note}</td></tr>' for note in notes]
        lines = [line for pair in zip(lines, under, strict=True) for line in pair]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
