"""Which dataset a file is: the description whose columns the file has."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import DataError, UsageError
from .delimited import header_of
from .descriptions import Description, packaged, read_description
from .importing import open_records
from .reading import Broken, Source
from .trees import find

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

    Raises UsageError, saying what the file has, if none fits.
    """
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    formats = _SUFFIXES.get(suffix.lower(), ("csv", "tsv"))
    best: tuple[float, Description] | None = None
    for one in packaged().values():
        if one.format in formats or (one.format == "csv" and suffix.lower() == ".xlsx"):
            score = _fit(path, one, encoding)
            if score and (best is None or score > best[0]):
                best = (score, one)
    if best is None:
        raise UsageError(
            f"{path} is no dataset that is known here{_columns(path, encoding)}. Copy a description, change it and give it: --as my.toml; "
            "'bri-kg external list --known' says where they are."
        )
    return best[1]


def _fit(path: Path, one: Description, encoding: str) -> float:
    """Return how many columns of a description a file has; 0 where one that must be there is not."""
    with Source(path, encoding or one.encoding) as source:
        if one.format == "csv" and path.suffix.lower() != ".xlsx":
            there = set(header_of(_first_line(source), one.delimiter or ","))
            return len(one.columns) if there.issuperset(one.columns) else 0
        if path.suffix.lower() == ".xlsx":
            return 0
        try:
            _, record = next(iter(open_records(source, one)[0]), (0, Broken("")))
        except DataError:
            return 0
    if isinstance(record, Broken):
        return 0
    found = [column for column in one.columns if next(find(record, column), None) is not None]
    needed = _needed(one)
    return len(found) + len(found) / (1 + len(one.columns)) if needed.issubset(found) else 0


def _needed(one: Description) -> set[str]:
    from .descriptions import columns_of

    must = {*columns_of(one.id), *(column for value in one.values if value.required for column in value.columns())}
    return {column for column in must if column != "#"}


def _first_line(source: Source) -> str:
    return next(iter(source.lines()), "")


def _columns(path: Path, encoding: str) -> str:
    with Source(path, encoding) as source:
        if source.bytes.peek(1)[:1] in (b"", b"{", b"[", b"<", b"P"):
            return ""
        names: Iterable[str] = header_of(_first_line(source), ",")
    return f" (its columns: {', '.join(list(names)[:12])})"
