"""Which dataset a file is: the description whose columns the file has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import DataError, UsageError
from .converting import converter
from .delimited import find_header, header_of
from .descriptions import Description, columns_of, packaged, read_description
from .importing import open_records
from .literals import WrongValue, shown
from .reading import Broken, NotThere, Source
from .trees import find
from .workbook import read_sheet

__all__ = ["description_for", "guess", "guess_all"]

_SUFFIXES = {
    ".csv": ("csv", "xlsx"),
    ".tsv": ("tsv", "csv", "xlsx"),
    ".txt": ("csv", "tsv", "xlsx"),
    ".xlsx": ("xlsx",),
    ".json": ("json", "sparql-results", "geojson"),
    ".geojson": ("geojson",),
    ".srj": ("sparql-results",),
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
    ".xml": ("xml",),
    ".yaml": ("yaml",),
    ".yml": ("yaml",),
}
_STARTS = {"{": _SUFFIXES[".json"], "[": _SUFFIXES[".json"], "<": ("xml",)}
_PACKED = (".gz", ".bz2")


def description_for(named: str) -> Description:
    """Return the description that ``--as`` names: one of the package, or a TOML file. Raises UsageError if there is none."""
    own = packaged()
    return own[named] if named in own else read_description(Path(named))


def guess(path: Path, encoding: str = "") -> Description:
    """Return the description of the package that fits a file best: all columns of a table, the id and most paths of a tree.

    Of several that fit alike the one of whose name the file's name holds a word that the others lack. Raises UsageError, saying what the file
    has, if none fits, and naming them if several do; DataError for a file that is broken, if none fits.
    """
    suffix = (path.with_suffix("").suffix if path.suffix.lower() in _PACKED else path.suffix).lower()
    formats = _SUFFIXES.get(suffix) or _STARTS.get(_start(path), ("csv", "tsv"))
    is_sheet = suffix == ".xlsx"
    top = _sheet_header(path) if is_sheet else []
    best: list[Description] = []
    most = 0.0
    broken: DataError | None = None
    for one in packaged().values():
        if one.format not in (("csv", "xlsx") if is_sheet else formats):
            continue
        try:
            score = _fit_of_sheet(path, one, top) if is_sheet else _fit(path, one, encoding)
        except NotThere:
            continue
        except DataError as error:
            broken = error
            continue
        if score and score >= most:
            best = [*(best if score == most else []), one]
            most = score
    if len(best) > 1:
        best = _named_like(path, best) or best
    if len(best) > 1:
        names = [one.name for one in best]
        raise UsageError(f"{path} may be {' or '.join(names)}; say which with --as {names[0]}.")
    if not best and broken is not None:
        raise broken
    if not best:
        named = [one for one in packaged().values() if one.format in formats and not _ids(one)]
        like = _named_like(path, named) if named else []
        hint = f" If it is '{like[0].name}' ({like[0].title}), give --as {like[0].name}." if like else ""
        raise UsageError(
            f"{path} is no dataset that is known here{_columns(path, encoding)}.{hint} Copy a description, change it and give it: --as my.toml; "
            "'bri-kg external list --known' says where they are."
        )
    return best[0]


def guess_all(paths: Sequence[Path], encoding: str = "") -> list[tuple[Description, list[Path]]]:
    """Return the files by the dataset that each is of, in the order given.

    A file that is like none goes with the first one where it is of the same kind, so that the import says what it lacks. Raises
    what :func:`guess` raises.
    """
    groups: dict[str, tuple[Description, list[Path]]] = {}
    first: Description | None = None
    for path in paths:
        try:
            one = guess(path, encoding)
        except (DataError, UsageError):
            if first is None or path.suffix != paths[0].suffix:
                raise
            one = first
        first = first or one
        groups.setdefault(one.name, (one, []))[1].append(path)
    return list(groups.values())


def _named_like(path: Path, several: list[Description]) -> list[Description]:
    words = [set(one.name.split("-")) for one in several]
    shared = set.intersection(*words) if len(words) > 1 else set()
    name = path.name.lower()
    return [one for one, own in zip(several, words, strict=True) if any(word in name for word in own - shared)]


def _start(path: Path) -> str:
    with Source(path) as source:
        return source.bytes.peek(64)[:64].decode("utf-8-sig", "replace").lstrip()[:1]


def _sheet_header(path: Path, one: Description | None = None) -> list[str]:
    with Source(path) as source:
        sheet = one.records if one and one.format == "xlsx" else ""
        rows = read_sheet(source, sheet, one.needed, one.preamble) if one else read_sheet(source)
        _, header = next(rows, (0, Broken("")))
    return header if isinstance(header, list) else []


def _fit_of_sheet(path: Path, one: Description, top: list[str]) -> float:
    try:
        return _fit_of_header(_sheet_header(path, one) if one.preamble or one.format == "xlsx" else top, one)
    except UsageError:  # no sheet of that name
        return 0


def _fit_of_header(header: Iterable[str], one: Description) -> float:
    there = set(header)
    return len(there.intersection(one.columns)) if there.issuperset(one.needed) else 0


def _ids(one: Description) -> set[str]:
    return set(columns_of(one.id)) - {"#"}


def _fit(path: Path, one: Description, encoding: str) -> float:
    """Return how many columns of a description a file has; 0 where one that must be there is not."""
    with Source(path, encoding or one.encoding) as source:
        if one.header:
            return _fit_of_row(source, one)
        if one.format in ("csv", "tsv", "xlsx"):
            found = find_header(
                source.lines(), one.delimiter or ("\t" if one.format == "tsv" else ","), one.needed, one.preamble
            )
            return _fit_of_header(header_of(found.line, found.delimiter), one)
        _, record = next(iter(open_records(source, one)[0]), (0, Broken("")))
    if isinstance(record, Broken):
        return 0
    if not _ids(one) and one.format != "sparql-results":
        return 0  # where records have no id, any file could be one
    there = [column for column in one.columns if next(find(record, column), None) is not None]
    needed = _needed(one)
    return len(there) + len(there) / (1 + len(one.columns)) if needed.issubset(there) else 0


def _fit_of_row(source: Source, one: Description) -> float:
    """Return how many columns a description has of a file without header, if the first row can be such a record."""
    rows, header = open_records(source, one)
    line, row = next(rows, (0, Broken("")))
    if isinstance(row, Broken):
        return 0
    try:
        converter(one, header, {})(row, line, 1)
    except WrongValue:
        return 0
    return len(one.columns)


def _needed(one: Description) -> set[str]:
    must = {*columns_of(one.id), *(column for value in one.values if value.required for column in value.columns())}
    return {column for column in must if column != "#"}


def _columns(path: Path, encoding: str) -> str:
    """Return what a table has for columns, as the message says it; nothing for another file."""
    if path.suffix.lower() == ".xlsx":
        names = _sheet_header(path)
    else:
        start = _start(path)
        if start == "<":
            return ": it is a web page or other XML"
        if start in ("", "{", "[", "-"):
            return "" if start else ": it is empty"
        with Source(path, encoding) as source:
            names = header_of(find_header(source.lines(), ",", ()).line, ",")
    return f" (its columns: {', '.join(map(shown, names[:12]))})" if any(names) else ": it is empty"
