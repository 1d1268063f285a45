"""Tables for people: aligned text as wide as the terminal, and the row formats in which every listing can be taken away."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .errors import UsageError
from .wording import column_headings, word

__all__ = ["Cell", "Table", "markdown_table", "rows_to_format", "text_table", "wrap_lines"]

if TYPE_CHECKING:
    import pandas

#: What a cell of a :class:`Table` holds; None where there is no value.
Cell = str | int | float | None
#: Columns of a :class:`Table` that a reader goes without, since their labels stand beside them.
_NAMES = {"node", "other", "target"}
#: Columns that hold lists, and what stands between their values.
_LISTS = {"segments": " ", "through": "; "}

#: Characters that a terminal obeys instead of showing.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127])
#: Holds the place of a row's notes while the table is laid out; of private use, one column wide.
_NOTE = "\ue000"
#: A column as wide as this breaks no date and few words; where all of them do not fit, each field has a line of its own.
_LEAST = 12


def text_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    title: str = "",
    width: int = 0,
    notes: Sequence[Sequence[str]] = (),
    language: str = "en",
) -> str:
    """Return an aligned table; cells wrap so that it is no wider than ``width``, by default the terminal (100 where there is none).

    Where so many columns would break dates and words, each row is a block with a line a field. ``notes`` are lines to stand under each row, across
    all columns; ``language`` is that of the line that counts the rows.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = width or shutil.get_terminal_size((100, 40)).columns
    least = _least_widths(columns, rows)
    if rows and sum(least) + 3 * len(least) > width:
        return _blocks(columns, rows, title, width, notes, language)
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False, expand=False)
    for column, narrow in zip(columns, least, strict=True):
        table.add_column(Text(column), overflow="fold", min_width=narrow)
    for row in rows:
        table.add_row(*(Text(cell.translate(_CONTROLS).replace(_NOTE, "")) for cell in row))
        if notes:
            table.add_row(_NOTE)
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None)
    console.print(table)
    waiting = iter(notes)
    lines: list[str] = []
    for line in out.getvalue().strip("\n").splitlines():
        if line.strip() == _NOTE:
            lines += wrap_lines(next(waiting), console.width)
        else:
            lines.append(line.rstrip())
    if not rows:
        return f"{'  '.join(columns)}\n{word('no rows', language)}"
    return "\n".join([*lines, _count(rows, language)])


def _count(rows: Sequence[Sequence[str]], language: str) -> str:
    return word("one row" if len(rows) == 1 else "rows", language, len(rows))


def _least_widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column must be to break no words but long ones."""
    from rich.cells import cell_len

    words = ([part for cell in cells for part in cell.split()] for cells in zip(columns, *rows, strict=True))
    return [min(max(map(cell_len, column), default=0), _LEAST) for column in words]


def _blocks(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    title: str,
    width: int,
    notes: Sequence[Sequence[str]],
    language: str,
) -> str:
    """Return rows as blocks: a line for each field that has a value, the row's notes under them."""
    from rich.cells import cell_len

    wide = max(map(cell_len, columns))
    lines = [title, ""] if title else []
    for place, row in enumerate(rows):
        for column, cell in zip(columns, row, strict=True):
            if cell:
                first, *others = wrap_lines([" ".join(cell.split())], max(width - wide, 20))
                lines.append(f"{column}{' ' * (wide - cell_len(column))}  {first}")
                lines += [f"{' ' * wide}{other}" for other in others]
        lines += [*(wrap_lines(notes[place], width) if notes else []), ""]
    return "\n".join([*lines, _count(rows, language)])


def wrap_lines(lines: Sequence[str], width: int = 0) -> list[str]:
    """Return lines folded to ``width``, by default the terminal's; what is folded stands two columns further in than its line."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=io.StringIO(), width=width or shutil.get_terminal_size((100, 40)).columns, color_system=None)
    made: list[str] = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        parts = Text(line.strip().translate(_CONTROLS)).wrap(console, max(console.width - len(indent) - 2, 20))
        made += [f"{indent}{'  ' * (place > 0)}{part.plain.rstrip()}" for place, part in enumerate(parts)]
    return made


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, one line a row, in which no cell ends early or holds a tag."""
    cells = [
        [" ".join(cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").splitlines()) for cell in row]
        for row in rows
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in [columns, ["---"] * len(columns), *cells])


def rows_to_format(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[str]], language: str = "en", title: str = ""
) -> str:
    """Return a listing as ``table``, ``csv``, ``tsv``, ``json`` (a list of objects) or ``md``. Raises UsageError for another name.

    ``table`` and ``md`` have headings in ``language``; the others, which programs read, the same names in each. ``title`` stands over a table.
    """
    if name == "table":
        return text_table(column_headings(columns, language), rows, title, language=language) + "\n"
    if name == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([columns, *rows])
        return out.getvalue()
    if name == "tsv":
        return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in [columns, *rows])
    if name == "json":
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1) + "\n"
    if name == "md":
        return markdown_table(column_headings(columns, language), rows)
    raise UsageError(f"There is no format '{name}'; choose table, csv, tsv, json or md.")


@dataclass(frozen=True)
class Table:
    """Rows of plain values that keep the sentences behind them: what a measure of a network returns.

    The column ``segments`` holds ids of segments joined by spaces, which ``sentences`` maps to reference, gist, notes and works. ``title`` says
    what the table is, ``remarks`` what holds for the whole of it. Rows keep their order; iterating yields them as tuples.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    remarks: tuple[str, ...] = ()
    sentences: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    language: str = "en"

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self.rows)

    def column(self, name: str) -> list[Cell]:
        """Return the values of one column. Raises UsageError for a column that is not there."""
        if name not in self.columns:
            raise UsageError(f"There is no column '{name}'; choose {', '.join(self.columns)}.")
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def where(self, **wanted: Cell) -> Table:
        """Return the rows in which each of these columns holds this value; ``other_label`` names the column ``other label``.

        The remarks, which are about all rows, are left out. Raises UsageError for a column that is not there.
        """
        columns = {name: self.column(name if name in self.columns else name.replace("_", " ")) for name in wanted}
        rows = enumerate(self.rows)
        kept = [row for place, row in rows if all(columns[name][place] == value for name, value in wanted.items())]
        return replace(self, rows=tuple(kept), remarks=())

    def top(self, count: int) -> Table:
        """Return the table with its first ``count`` rows. Raises UsageError for a negative count."""
        if count < 0:
            raise UsageError(f"A table has 0 or more rows; {count} is negative.")
        return replace(self, rows=self.rows[:count])

    def with_title(self, title: str, remarks: Sequence[str]) -> Table:
        """Return the table under another title, with other remarks."""
        return replace(self, title=title, remarks=tuple(remarks))

    def cited(self, row: Sequence[Cell]) -> list[str]:
        """Return a line for each sentence behind ``row``: page and id, footnotes, and what it says in our words."""
        lines = []
        for one in str(row[self.columns.index("segments")] or "").split() if "segments" in self.columns else ():
            told = self.sentences.get(one, {})
            notes = f" · {told['notes']}" if told.get("notes") else ""
            lines.append(f"— {told.get('reference', one)}{notes}: {told.get('gist', '')}".rstrip(": "))
        return lines

    def to_format(self, name: str, cite: bool = False) -> str:
        """Return the table as ``table``, ``csv``, ``tsv``, ``json`` or ``md``; with ``cite``, a ``table`` shows its sentences under each row."""
        makers = {
            "table": lambda: self.to_text(cite) + "\n",
            "csv": self.to_csv,
            "tsv": self.to_tsv,
            "json": self.to_json,
            "md": self.to_markdown,
        }
        if name not in makers:
            raise UsageError(f"There is no format '{name}'; choose {', '.join(makers)}.")
        return makers[name]()

    def to_csv(self) -> str:
        """Return CSV with a header line and CRLF."""
        return rows_to_format("csv", self.columns, self._cells(), self.language)

    def to_tsv(self) -> str:
        """Return TSV with a header line; a cell is one line without tabs."""
        return rows_to_format("tsv", self.columns, self._cells(), self.language)

    def to_json(self) -> str:
        """Return a JSON list of objects, in which numbers are numbers."""
        return (
            json.dumps([dict(zip(self.columns, row, strict=True)) for row in self.rows], ensure_ascii=False, indent=1)
            + "\n"
        )

    def to_markdown(self) -> str:
        """Return a Markdown table under its title, with the remarks beneath, and labels only."""
        title = f"**{self.title}**\n\n" if self.title else ""
        remarks = "".join(f"\n{remark}\n" for remark in self.remarks)
        return title + rows_to_format("md", *self.for_reading(), self.language) + remarks

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas DataFrame. Raises UsageError if pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise UsageError("pandas is not installed; run: python3 -m pip install pandas") from error
        return pandas.DataFrame([*self.rows], columns=[*self.columns])

    def to_text(self, cite: bool = False) -> str:
        """Return the table with labels only, as wide as the terminal, and the first of long lists; with ``cite``, the sentences of each row."""
        columns, rows = self.for_reading(most=3)
        headings = column_headings(columns, self.language)
        notes = [[f"    {line}" for line in self.cited(row)] for row in self.rows] if cite else []
        text = text_table(headings, rows, self.title, notes=notes, language=self.language)
        return "\n".join([text, *wrap_lines(self.remarks)])

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        """Return the table as a notebook shows it; see :mod:`bri_kg.notebook`."""
        from .notebook import table_to_html

        return table_to_html(self)

    def for_reading(self, most: int = 0) -> tuple[list[str], list[list[str]]]:
        """Return the columns and rows that a reader wants, labels without names, and of each list the first ``most``, unless that is 0."""
        places = [place for place, column in enumerate(self.columns) if column not in _NAMES]
        rows = [[cells[place] for place in places] for cells in self._cells(most)]
        return [self.columns[place] for place in places], rows

    def _cells(self, most: int = 0) -> list[list[str]]:
        rows = []
        for row in self.rows:
            cells = ["" if cell is None else str(cell) for cell in row]
            for place, column in enumerate(self.columns):
                values = cells[place].split(_LISTS[column]) if most and column in _LISTS else []
                if len(values) > most:
                    cells[place] = f"{_LISTS[column].join(values[:most])} … ({len(values)})"
            rows.append(cells)
        return rows
