"""Which dataset a file is: the description whose columns the file has."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import DataError, UsageError
from .delimited import header_of
from .descriptions import Description, columns_of, packaged, read_description
from .importing import open_records
from .literals import shown
from .reading import Broken, Source
from .trees import find
from .workbook import read_sheet

__all__ = ["description_for", "guess"]

_SUFFIXES = {
    ".csv": ("csv",),
    ".tsv": ("tsv", "csv"),
    ".txt": ("csv", "tsv"),
    ".xlsx": ("xlsx",),
    ".json": ("json", "sparql-results", "geojson"),
    ".geojson": ("geojson",),
    ".srj": ("sparql-results",),
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
    ".xml": ("xml",),
}


def description_for(named: str) -> Description:
    """Return the description that ``--as`` names: one of the package, or a TOML file. Raises UsageError if there is none."""
    own = packaged()
    return own[named] if named in own else read_description(Path(named))


def guess(path: Path, encoding: str = "") -> Description:
    """Return the description of the package that fits a file best: all columns of a table, the id and most paths of a tree.

    Of several that fit alike the one of whose name the file's name holds a word that the others lack. Raises UsageError, saying what the file
    has, if none fits, and naming them if several do.
    """
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    formats = _SUFFIXES.get(suffix.lower(), ("csv", "tsv"))
    header = set(_sheet_header(path)) if suffix.lower() == ".xlsx" else None
    best: list[Description] = []
    most = 0.0
    for one in packaged().values():
        if header is not None and one.format in ("csv", "xlsx"):
            score: float = len(one.columns) if header.issuperset(one.columns) else 0
        else:
            score = _fit(path, one, encoding) if one.format in formats else 0
        if score and score >= most:
            best = [*(best if score == most else []), one]
            most = score
    if len(best) > 1:
        best = _named_like(path, best) or best
    if len(best) > 1:
        names = [one.name for one in best]
        raise UsageError(f"{path} may be {' or '.join(names)}; say which with --as {names[0]}.")
    if not best:
        raise UsageError(
            f"{path} is no dataset that is known here{_columns(path, encoding)}. Copy a description, change it and give it: --as my.toml; "
            "'bri-kg external list --known' says where they are."
        )
    return best[0]


def _named_like(path: Path, several: list[Description]) -> list[Description]:
    words = [set(one.name.split("-")) for one in several]
    shared = set.intersection(*words)
    name = path.name.lower()
    return [one for one, own in zip(several, words, strict=True) if any(word in name for word in own - shared)]


def _sheet_header(path: Path) -> list[str]:
    with Source(path) as source:
        _, header = next(read_sheet(source), (0, Broken("")))
    return header if isinstance(header, list) else []


def _fit(path: Path, one: Description, encoding: str) -> float:
    """Return how many columns of a description a file has; 0 where one that must be there is not."""
    with Source(path, encoding or one.encoding) as source:
        if one.format == "csv":
            there = set(header_of(_first_line(source), one.delimiter or ","))
            return len(one.columns) if there.issuperset(one.columns) else 0
        try:
            _, record = next(iter(open_records(source, one)[0]), (0, Broken("")))
        except DataError:
            return 0
    if isinstance(record, Broken):
        return 0
    if not set(columns_of(one.id)) - {"#"} and one.format != "sparql-results":
        return 0  # where records have no id, any file could be one
    found = [column for column in one.columns if next(find(record, column), None) is not None]
    needed = _needed(one)
    return len(found) + len(found) / (1 + len(one.columns)) if needed.issubset(found) else 0


def _needed(one: Description) -> set[str]:
    must = {*columns_of(one.id), *(column for value in one.values if value.required for column in value.columns())}
    return {column for column in must if column != "#"}


def _first_line(source: Source) -> str:
    return next(iter(source.lines()), "")


def _columns(path: Path, encoding: str) -> str:
    if path.suffix.lower() == ".xlsx":
        return f" (its columns: {', '.join(map(shown, _sheet_header(path)[:12]))})"
    with Source(path, encoding) as source:
        if source.bytes.peek(1)[:1] in (b"", b"{", b"[", b"<", b"P"):
            return ""
        names: Iterable[str] = header_of(_first_line(source), ",")
    return f" (its columns: {', '.join(map(shown, list(names)[:12]))})"
