"""How a notebook shows an answer and a description: tables without script, where each row opens what it stands on.

The reference beside a row is a summary that the keyboard reaches and opens, and its full text is shown on hover. Nothing is coloured, so that the
notebook's own light or dark theme holds; everything is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .errors import BriKgError
from .names import shorten
from .wording import column_headings, word

if TYPE_CHECKING:
    from .answers import Answer
    from .cited import CitedAnswer, CitedRow
    from .sources import Description, Fact
    from .tables import Table

__all__ = ["MAX_ROWS", "answer_to_html", "description_to_html", "table_to_html"]

#: Rows that are shown; a notebook is no place for thousands.
MAX_ROWS = 200

_LEFT = ' style="text-align: left; vertical-align: top"'


def answer_to_html(answer: Answer) -> str:
    """Return an answer as an HTML table with labels, and beside each row its citation, to be opened by mouse, key or hover.

    An answer that cannot be traced is shown without citations, and says why.
    """
    language = answer.language
    shown = answer.only(range(MAX_ROWS)) if len(answer) > MAX_ROWS else answer
    cited, why = None, ""
    try:
        cited = shown.cited()
    except BriKgError as error:
        why = word("without citations", language, error)
    sentences = [answer.cut or "", cited.heading if cited else "", answer.left_out or ""]
    above = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)
    if answer.boolean is not None:
        body = f"<p><strong>{answer.verdict()}</strong></p>"
        body += _opened(cited, cited.rows[0]) if cited else ""
    else:
        rows = [[escape(cell) for cell in row] for row in shown.labelled()]
        if cited:
            rows = [[*row, _opened(cited, one)] for row, one in zip(rows, cited.rows, strict=True)]
        body = _table([*answer.headings(), *(column_headings(["cited"], language) if cited else [])], rows)
        count = word("one row" if len(answer) == 1 else "rows", language, len(answer))
        body += f"<p>{count}{word('first shown', language, MAX_ROWS) if shown is not answer else ''}</p>"
    marks = {mark for row in cited.rows for mark in row.marks} if cited else set()
    sentences = [*cited.marks_in_words(marks), cited.mix] if cited else [why]
    below = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)
    return f"<div>{above}{body}{below}</div>"


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
    return f"<div>{''.join(parts)}</div>"


def table_to_html(table: Table) -> str:
    """Return the table of a measure as HTML under its title; the segments of each row open the sentences behind it."""
    language, shown = table.language, table.top(MAX_ROWS)
    columns, rows = shown.for_reading()
    for row, cells in zip(shown.rows, rows, strict=True):
        cells[:] = [escape(cell) for cell in cells]
        if "segments" in columns:
            lines = [line.removeprefix("— ") for line in table.cited(row)]
            cells[columns.index("segments")] = _details(str(len(lines)), lines) if lines else ""
    body = _table(column_headings(columns, language), rows)
    first = word("first shown", language, MAX_ROWS) if len(table) > MAX_ROWS else ""
    count = word("one row" if len(table) == 1 else "rows", language, len(table))
    remarks = "".join(f"<p>{escape(remark)}</p>" for remark in table.remarks)
    return f"<div><h4>{escape(table.title)}</h4>{body}<p>{escape(count + first)}</p>{remarks}</div>"


def _facts(facts: tuple[Fact, ...], language: str) -> str:
    rows = []
    for fact in facts:
        values = "<br>".join(f"{escape(value.property)}: {escape(value.text)}" for value in fact.values)
        lines = [
            f"{sentence.reference} · {fact.voice}: {sentence.gist}" + (f" ({sentence.notes})" if sentence.notes else "")
            for sentence in fact.sentences
        ]
        shown = _details("; ".join(sentence.reference for sentence in fact.sentences), lines)
        rows.append([escape(fact.kind), values, shown])
    return _table(column_headings(["record", "values", "cited"], language), rows)


def _opened(cited: CitedAnswer, row: CitedRow) -> str:
    """Return the citation of a row: its references, and when opened the sentences with voice, gist, footnotes and works."""
    named = [f"p. {one.pages} ({one.name})" if one.sentence else one.name for one in row.grounds]
    voice = "" if row.voice.kind == "facts" else f" · {cited.voice(row)}"
    return _details(("; ".join(named) or "-") + voice, [line.strip(" —*") for line in cited.lines(row)])


def _details(summary: str, lines: list[str]) -> str:
    """Return a summary that opens a list: the element takes the keyboard's focus by itself, and the title shows on hover."""
    listed = "".join(f"<li{_LEFT}>{escape(line)}</li>" for line in lines)
    title = escape("\n".join(lines))
    return f'<details><summary title="{title}">{escape(summary)}</summary><ul>{listed}</ul></details>'


def _table(columns: list[str], rows: list[list[str]]) -> str:
    """Return a table; the cells are HTML, the columns text."""
    head = "".join(f'<th scope="col"{_LEFT}>{escape(column)}</th>' for column in columns)
    body = "".join("<tr>" + "".join(f"<td{_LEFT}>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
