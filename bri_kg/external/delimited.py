"""Rows of CSV and TSV files, each with the number of its first line; a row that does not fit the header is handed on as broken."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Literal, NamedTuple

from ..errors import DataError
from .reading import MAX_CHARACTERS, Broken, Source

__all__ = ["Header", "find_header", "header_of", "read_rows", "read_rows_named"]

Row = list[str] | Broken
_DELIMITERS = ",;\t|"


class Header(NamedTuple):
    """Where the header of a table stands: lines before it, the sign between its cells, and its line."""

    before: int
    delimiter: str
    line: str


def header_of(line: str, delimiter: str) -> list[str]:
    """Return the names of the columns in a header line."""
    csv.field_size_limit(MAX_CHARACTERS)
    try:
        found = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [name.strip().removeprefix("\ufeff") for name in found]


def find_header(lines: Iterator[str], delimiter: str, wanted: Collection[str], preamble: int = 0) -> Header:
    """Return the header: the first line with all the wanted names, as many lines as ``preamble`` may stand before it; else the first line.

    Spreadsheets of many countries put semicolons between cells: where the names are there with another sign between them, that is the delimiter.
    Empty lines are passed over. Takes the lines up to the header.
    """
    numbered = ((number, line) for number, line in enumerate(lines) if line.strip())
    first = Header(0, delimiter, "")
    for place, (number, line) in enumerate(islice(numbered, preamble + 1)):
        if place == 0:
            first = Header(number, delimiter, line)
        for one in (delimiter, *_DELIMITERS):
            if set(wanted) <= set(header_of(line, one)):
                return Header(number, one, line)
    return first


def read_rows_named(source: Source, delimiter: str, header: Sequence[str], is_plain: bool) -> Iterator[tuple[int, Row]]:
    """Yield the given header and then each row of a file that has none of its own, with its line."""
    csv.field_size_limit(MAX_CHARACTERS)
    yield 0, [*header]
    reader = csv.reader(source.lines(), delimiter=delimiter, strict=True, quoting=_quoting(is_plain))
    yield from _fitting(_rows(reader, 0), len(header))


def read_rows(
    source: Source, delimiter: str, wanted: Collection[str] = (), preamble: int = 0, is_plain: bool = False
) -> Iterator[tuple[int, Row]]:
    """Yield the header and then each row, with its line; rows without any cell are left out.

    ``wanted`` and ``preamble`` as in :func:`find_header`; with ``is_plain`` quotation marks are text.
    """
    csv.field_size_limit(MAX_CHARACTERS)
    lines = source.lines()
    found = find_header(lines, delimiter, wanted, preamble)
    reader = csv.reader(chain([found.line], lines), delimiter=found.delimiter, strict=True, quoting=_quoting(is_plain))
    rows = _rows(reader, found.before)
    first = next(rows, None)
    if first is None or isinstance(first[1], Broken) or not any(first[1]):
        why = first[1].why if first and isinstance(first[1], Broken) else "it is empty"
        raise DataError(f"{source.path}: there is no header line: {why}.")
    header = [name.strip().removeprefix("\ufeff") for name in first[1]]
    yield first[0], header
    yield from _fitting(rows, len(header))


def _quoting(is_plain: bool) -> Literal[0, 3]:
    return csv.QUOTE_NONE if is_plain else csv.QUOTE_MINIMAL


def _fitting(rows: Iterator[tuple[int, Row]], width: int) -> Iterator[tuple[int, Row]]:
    """Hand on the rows that have as many cells as the header, the others as broken; not empty ones."""
    for line, row in rows:
        if not row:
            continue
        if row.__class__ is list and len(row) != width:
            cells = "cell" if len(row) == 1 else "cells"
            yield line, Broken(f"it has {len(row)} {cells}, the header {width}")
        else:
            yield line, row


def _rows(reader: Iterable[list[str]], before: int) -> Iterator[tuple[int, Row]]:
    step = iter(reader)
    next_line = before + 1
    after = before
    while True:
        line = after + 1
        try:
            for row in step:
                yield line, row
                line = step.line_num + next_line  # type: ignore[attr-defined]
            return
        except csv.Error as error:
            after = step.line_num + before  # type: ignore[attr-defined]
            said = str(error)
            if "unexpected end of data" in said:
                why = "a quote is opened and never closed"
            elif "expected after" in said:
                why = "there is text after a closing quote; a quote within a cell is written twice"
            elif "field larger" in said:
                why = f"a cell has more than {MAX_CHARACTERS:,} characters; a quote may not be closed"
            else:
                why = said
            yield line, Broken(why + (f" (lines {line} to {after} are lost with it)" if after > line else ""))
