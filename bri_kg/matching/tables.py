"""Tables as people keep them, with titles above, merged headings and footnotes below: CSV, TSV, Excel; lists of records in JSON, XML, YAML.

What is done to a table beyond reading it (lines skipped, an encoding guessed) is kept in ``notes``, one sentence each, to be shown. Importers
(:mod:`bri_kg.external`) read files strictly and as streams; here a table is read whole and with forbearance, since it is its titles, merged cells
and footnotes that have to be told from rows. What a workbook's cell says, which archives are refused, and XML are read by the same functions.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import LimitError, UsageError
from .names import clean_text
from .objects import ENDINGS as OBJECT_ENDINGS
from .objects import flat_cells, read_objects
from .workbooks import read_workbook

__all__ = ["TABLE_ENDINGS", "SheetTable", "read_table"]

#: More than this is no table to be read into memory; ``--bulk`` reads it otherwise.
MAX_BYTES = 400_000_000
#: Endings of the files that are read as tables.
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", *OBJECT_ENDINGS)
_FOOT = re.compile(
    r"^\s*(\*|†|‡|\d{1,2}[.)]\s|source\b|sources\b|note\b|notes\b|n\.?b\.?\b|data as of|last updated|retrieved|©"
    r"|注|备注|资料来源|数据来源|来源|说明)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"^\s*(grand )?(sub-?)?totals?\b|^\s*(总计|合计|小计|共计)", re.IGNORECASE)


@dataclass
class SheetTable:
    """A table: its ``columns``, its ``rows`` as (line in the file, cells by column), what the file was and what was done to read it."""

    path: Path
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def push_headings_down(self) -> None:
        """Make the headings a row, since they are one; the columns are then called by their numbers."""
        numbered = [f"column {place}" for place in range(1, len(self.columns) + 1)]
        renamed = dict(zip(self.columns, numbered, strict=True))
        first = {renamed[column]: column for column in self.columns if not column.startswith("column ")}
        rows = [(line, {renamed[column]: cell for column, cell in cells.items()}) for line, cells in self.rows]
        self.columns, self.rows = numbered, [(rows[0][0] - 1, first), *rows]
        self.notes.append(
            "The first line was taken for a row, since it looks like one; if it is not, name a column with --name."
        )


def read_table(path: Path, sheet: str = "", encoding: str = "") -> SheetTable:
    """Read a table.

    ``sheet`` names a sheet of a workbook, by default the first with a table; ``encoding`` is guessed unless given. Raises UsageError, in one
    sentence, for a file that is missing, empty, broken or of another kind, LimitError for one too large.
    """
    if not path.is_file():
        raise UsageError(f"There is no file {path}; give a table such as projects.csv.")
    if path.stat().st_size > MAX_BYTES:
        raise LimitError(
            f"{path} has {path.stat().st_size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} are read. Use --bulk."
        )
    notes: list[str] = []
    ending = path.suffix.lower()
    if ending in (".xlsx", ".xlsm"):
        lines = read_workbook(path, sheet, notes)
    elif ending in OBJECT_ENDINGS:
        return _checked(_from_objects(path, _read_text(path, encoding, notes), notes))
    elif ending in (".csv", ".tsv", ".txt", ".tab"):
        lines = _read_lines(path, _read_text(path, encoding, notes), notes)
    elif ending == ".xls":
        raise UsageError(f"{path} is an old Excel file; save it as .xlsx or .csv and give that.")
    else:
        raise UsageError(f"{path}: a table ends in {', '.join(TABLE_ENDINGS)}; save it as one of these.")
    return _checked(_from_lines(path, lines, notes))


def _checked(table: SheetTable) -> SheetTable:
    if not table.rows:
        raise UsageError(f"{table.path} holds no rows under its headings; give a table with at least one row.")
    return table


# text


def _read_text(path: Path, encoding: str, notes: list[str]) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if encoding:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise UsageError(
                f"{path} cannot be read as {encoding}: {error}. Leave --encoding out, or give another."
            ) from error
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError as error:
                raise UsageError(
                    f"{path} begins as {name} but is broken at byte {error.start}; save it again as UTF-8."
                ) from error
    if b"\0" in data[:4096]:
        raise UsageError(f"{path} is no text file: it holds zero bytes. Save the table as CSV in UTF-8, or as .xlsx.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        name = _guess_encoding(data)
        notes.append(f"The file is not UTF-8; it was read as {name}. If names look wrong, give --encoding.")
        return data.decode(name, "replace")


def _guess_encoding(data: bytes) -> str:
    """Return the likeliest encoding of a file that is not UTF-8: GB 18030 where most of its high bytes make common Chinese characters."""
    try:
        chinese = data.decode("gb18030")
    except UnicodeDecodeError:
        return "cp1252"
    high = sum(byte > 127 for byte in data)
    common = sum("\u4e00" <= char <= "\u9fff" and b"\xb0" <= char.encode("gb18030")[:1] <= b"\xf7" for char in chinese)
    runs = len(re.findall("[\u4e00-\u9fff]{2,}", chinese))
    return "gb18030" if high and common * 2 >= 0.7 * high and runs else "cp1252"


def _read_lines(path: Path, text: str, notes: list[str]) -> list[tuple[int, list[str]]]:
    delimiter = _delimiter(text)
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start, [clean_text(cell) for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"{path}:{reader.line_num}: {error}; mend this line, perhaps a quotation mark that is not closed."
        ) from error
    if delimiter not in ",\t\x1f":
        notes.append(f"Columns are separated by '{delimiter}'.")
    return lines


def _delimiter(text: str) -> str:
    """Return what stands between cells: the character that cuts most lines into the same number of cells, more than one."""
    sample = [line for line in text[:200_000].splitlines()[:60] if line.strip()]
    best = (0.5, "\x1f")  # what cuts fewer lines than a third stands in names: the table has one column
    for delimiter in (",", "\t", ";", "|"):
        counts = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
        if counts:
            width, lines = counts.most_common(1)[0]
            best = max(best, (lines / len(sample) * min(width, 6) ** 0.5, delimiter), key=lambda one: one[0])
    return best[1]


# objects


def _from_objects(path: Path, text: str, notes: list[str]) -> SheetTable:
    rows: list[tuple[int, dict[str, str]]] = []
    columns: dict[str, None] = {}
    for line, found in read_objects(path, text):
        cells = flat_cells(found)
        columns.update(dict.fromkeys(cells))
        rows.append((line, cells))
    return SheetTable(path, list(columns), rows, notes)


# headings and footnotes


def _from_lines(path: Path, lines: Sequence[tuple[int, list[str]]], notes: list[str]) -> SheetTable:
    filled = [(line, cells) for line, cells in lines if any(cells)]
    if not filled:
        raise UsageError(f"{path} is empty; give a table with headings and rows.")
    start = _heading(filled)
    columns, used = _columns(filled, start)
    if start:
        notes.append(f"Lines before line {filled[start][0]} were taken for a title and skipped.")
    rows: list[tuple[int, dict[str, str]]] = []
    for line, cells in filled[start + used :]:
        rows.append((line, {column: cell for column, cell in zip(columns, cells, strict=False) if cell}))
    skipped = _drop_foot(rows, columns)
    if skipped:
        notes.append(
            f"{len(skipped)} lines that look like notes or totals were skipped: {', '.join(map(str, skipped[:8]))}."
        )
    return SheetTable(path, columns, rows, notes)


def _heading(lines: Sequence[tuple[int, list[str]]]) -> int:
    """Return which line holds the headings: the first that is as wide as the table, in words rather than numbers."""
    widths = [sum(map(bool, cells)) for _, cells in lines[:200]]
    usual = Counter(widths).most_common()
    most = max((width for width, count in usual if count > 1), default=max(widths))
    for place, width in enumerate(widths[:25]):
        cells = [cell for cell in lines[place][1] if cell]
        wordy = sum(not re.fullmatch(r"[\d\s.,%$€¥-]+", cell) for cell in cells)
        if width >= max(1, 0.6 * most) and (width > 1 or most == 1) and wordy >= 0.6 * width:
            return place
    return 0


def _columns(lines: Sequence[tuple[int, list[str]]], start: int) -> tuple[list[str], int]:
    """Return the names of the columns, each once, and how many lines they take: two where groups stand over them."""
    width = max(len(cells) for _, cells in lines)
    head = [*lines[start][1], *[""] * width][:width]
    used = 1
    repeated = [cell for cell, count in Counter(cell for cell in head if cell).items() if count > 1]
    if repeated and start + 1 < len(lines):
        under = [*lines[start + 1][1], *[""] * width][:width]
        grouped = {under[place] for place, cell in enumerate(head) if cell in repeated}
        kept = all(under[place] in ("", cell) for place, cell in enumerate(head) if cell and cell not in repeated)
        if kept and len(grouped) > 1 and not any(re.search(r"\d{3}", cell) for cell in grouped):
            head = [
                f"{cell}: {below}" if cell in repeated and below != cell else cell or below
                for cell, below in zip(head, under, strict=True)
            ]
            used = 2
    names: list[str] = []
    for place, cell in enumerate(head, 1):
        name = cell or f"column {place}"
        count = sum(name == other or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({count + 1})" if count else name)
    return names, used


def _drop_foot(rows: list[tuple[int, dict[str, str]]], columns: Sequence[str]) -> list[int]:
    """Take away the notes and totals at the end, and return their lines."""
    dropped: list[int] = []
    while rows and len(columns) > 1:
        line, cells = rows[-1]
        first = next(iter(cells.values()), "")
        alone = len(cells) == 1 and columns[0] in cells
        if (alone and (_FOOT.match(first) or len(first) > 60)) or _TOTAL.match(first):
            dropped.append(line)
            rows.pop()
        else:
            break
    return dropped[::-1]
