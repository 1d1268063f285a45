"""How a cited answer is written: lines under each row, columns beside it, or a parallel member of its JSON.

- ``table``: under each row the sentences with page, id, voice and gist, and their footnotes with the works; heading above, source mix below.
- ``csv``, ``tsv``: the columns ``segments`` and ``pages``, in parallel and parted by spaces, and ``voice``.
- ``md``: numbers beside each row and numbered notes under the table.
- ``json``: SPARQL results JSON with ``citations``, ``marks`` and ``voices``, each in the order of the rows, and ``heading`` and ``sources`` in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..answers import Answer
from ..errors import UsageError
from ..results import Found

if TYPE_CHECKING:
    from .cited import CitedAnswer, Ground

__all__ = ["COLUMNS", "answer_with_remarks", "cited_to_format"]

COLUMNS = ("segments", "pages", "voice")

_BOOLEAN = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")


def cited_to_format(cited: CitedAnswer, name: str, labels: bool = False) -> str:
    """Return a cited answer in the format ``name``; with ``labels``, CSV and TSV show labels for IRIs. Raises UsageError for another name."""
    if name == "json":
        return _json(cited)
    if name == "table":
        return _table(cited)
    if name == "md":
        return _markdown(cited)
    if name in ("csv", "tsv"):
        return _widened(cited).to_format(name, labels)
    raise UsageError(f"There is no format '{name}'; choose table, csv, tsv, json or md.")


def answer_with_remarks(answer: Answer, name: str, labels: bool, with_sentences: bool) -> tuple[str, list[str]]:
    """Return an answer in the format ``name``, and the sentences on the whole of it for which that format has no place.

    ``with_sentences`` is whether each row shows what it stands on; the heading, which says whose claims it rests on, comes either way.
    """
    cited = answer.cited()
    if not with_sentences:
        text = answer.to_format(name, labels)
        above = [line for line in (cited.heading, answer.left_out) if line]
        if name not in ("table", "md"):
            return text, above
        return "".join(f"{line}\n" + "\n" * (name == "md") for line in above) + text, []
    text = cited_to_format(cited, name, labels)
    if name not in ("csv", "tsv"):
        return text, []
    lines = [cited.heading, answer.left_out, *_marks(cited), cited.mix]
    return text, [line for line in lines if line]


def _marks(cited: CitedAnswer) -> list[str]:
    return cited.marks_in_words({mark for row in cited.rows for mark in row.marks})


def _widened(cited: CitedAnswer) -> Answer:
    """Return the answer with three more columns; one whose name is taken is called ``cited_...``."""
    answer = cited.answer
    columns = answer.columns if answer.boolean is None else ("boolean",)
    rows: list[Any] = list(answer.terms)
    if answer.boolean is not None:
        rows = [(ox.Literal(str(answer.boolean).lower(), datatype=_BOOLEAN),)]
    added = tuple("cited_" * (name in columns) + name for name in COLUMNS)
    wide = [
        (*terms, *(ox.Literal(text) for text in (*_places(row.grounds), cited.voice(row))))
        for terms, row in zip(rows, cited.rows, strict=True)
    ]
    return Answer(Found("SELECT", columns + added, None, wide, answer.cut), cited.labels, answer.query)


def _places(grounds: tuple[Ground, ...]) -> tuple[str, str]:
    return " ".join(ground.name for ground in grounds), " ".join(ground.pages for ground in grounds)


def _above(cited: CitedAnswer) -> list[str]:
    return [line for line in (cited.answer.cut, cited.heading, cited.answer.left_out) if line]


def _table(cited: CitedAnswer) -> str:
    from ..tables import text_table, wrap_lines

    answer = cited.answer
    notes = [cited.lines(row) for row in cited.rows]
    if answer.boolean is not None:
        body = [answer.verdict(), *wrap_lines(notes[0])]
    else:
        body = [text_table(answer.headings(), answer.labelled(), notes=notes, language=cited.labels.tag)]
    below = [*cited.marks_in_words(cited.shared), *([cited.mix] if cited.mix else [])]
    return "\n".join([*wrap_lines(_above(cited)), *body, *wrap_lines(below)]) + "\n"


def _markdown(cited: CitedAnswer) -> str:
    from ..tables import markdown_table

    answer = cited.answer
    numbers: dict[tuple[str, str], int] = {}
    notes: list[str] = []
    beside: list[str] = []
    for row in cited.rows:
        here = []
        for ground in row.grounds:
            key = ground.name, ground.voice
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                works = "".join(f" ({note})" for note in cited.notes(ground))
                notes.append(f"[^{numbers[key]}]: {_in_line(cited.line(ground) + works)}")
            here.append(f"[^{numbers[key]}]")
        beside.append("".join(here) + "".join(f" ({mark})" for mark in row.marks if mark not in cited.shared))
    if answer.boolean is not None:
        body = f"**{answer.verdict()}**{beside[0]}\n"
    else:
        rows = [[*cells, note] for cells, note in zip(answer.labelled(), beside, strict=True)]
        body = markdown_table([*answer.headings(), cited.labels.heading("cited")], rows)
    below = [*_marks(cited), cited.mix]
    above = [f"{_in_line(line)}\n" for line in _above(cited)]
    return "\n".join([*above, body, *(f"{line}\n" for line in [*notes, *map(_in_line, filter(None, below))])])


def _in_line(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("<", "&lt;").split())


def _json(cited: CitedAnswer) -> str:
    import json

    made: dict[str, Any] = json.loads(cited.answer.to_json())
    made["citations"] = [[_ground(cited, ground) for ground in row.grounds] for row in cited.rows]
    made["marks"] = [list(row.marks) for row in cited.rows]
    made["voices"] = [row.voice.kind for row in cited.rows]
    made["heading"] = cited.heading
    made["sources"] = cited.mix
    if cited.answer.left_out:
        made["left_out"] = cited.answer.left_out
    return json.dumps(made, ensure_ascii=False, indent=1)


def _ground(cited: CitedAnswer, ground: Ground) -> dict[str, Any]:
    return {
        "segment": ground.sentence.id if ground.sentence else ground.name,
        "graph": ground.name,
        "page": ground.pages,
        "gist": ground.sentence.gist if ground.sentence else "",
        "voice": ground.voice,
        "footnotes": [note.id for note in ground.footnotes if not note.is_inferred],
        "inferred_footnotes": [note.id for note in ground.footnotes if note.is_inferred],
        "works": [{"iri": work, "label": cited.labels.label(work)} for work in ground.works],
    }
