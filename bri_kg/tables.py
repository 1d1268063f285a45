"""Tables for people: aligned text as wide as the terminal, and the row formats in which every listing can be taken away."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Sequence

from .errors import UsageError

__all__ = ["markdown_table", "rows_to_format", "text_table"]

#: Characters that a terminal obeys instead of showing.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127])
#: Holds the place of a row's notes while the table is laid out; of private use, one column wide.
_NOTE = "\ue000"


def text_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    title: str = "",
    width: int = 0,
    notes: Sequence[Sequence[str]] = (),
) -> str:
    """Return an aligned table; cells wrap so that it is no wider than ``width``, by default the terminal (100 where there is none).

    ``notes`` are lines to stand under each row, across all columns.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False, expand=False)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell.translate(_CONTROLS).replace(_NOTE, "")) for cell in row))
        if notes:
            table.add_row(_NOTE)
    out = io.StringIO()
    console = Console(file=out, width=width or shutil.get_terminal_size((100, 40)).columns, color_system=None)
    console.print(table)
    waiting = iter(notes)
    lines: list[str] = []
    for line in out.getvalue().strip("\n").splitlines():
        if line.strip() == _NOTE:
            for note in next(waiting):
                indent = " " * (len(note) - len(note.lstrip()))
                text = Text(note.strip().translate(_CONTROLS))
                folded = text.wrap(console, max(console.width - len(indent) - 2, 20))
                lines += [f"{indent}{'  ' * (place > 0)}{part.plain.rstrip()}" for place, part in enumerate(folded)]
        else:
            lines.append(line.rstrip())
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "\n".join([*lines, count]) if rows else f"{'  '.join(columns)}\nno rows"


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, one line a row, in which no cell ends early or holds a tag."""
    cells = [
        [" ".join(cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").splitlines()) for cell in row]
        for row in rows
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in [columns, ["---"] * len(columns), *cells])


def rows_to_format(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a listing as ``table``, ``csv``, ``tsv``, ``json`` (a list of objects) or ``md``. Raises UsageError for another name."""
    if name == "table":
        return text_table(columns, rows) + "\n"
    if name == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([columns, *rows])
        return out.getvalue()
    if name == "tsv":
        return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in [columns, *rows])
    if name == "json":
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1) + "\n"
    if name == "md":
        return markdown_table(columns, rows)
    raise UsageError(f"There is no format '{name}'; choose table, csv, tsv, json or md.")
