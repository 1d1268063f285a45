"""Importing: files of one dataset are read once, as streams, and what they hold is put in place whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

from .. import __version__
from ..errors import DataError, UsageError
from .converting import HEAD, converter
from .dataset import describe
from .delimited import read_rows, read_rows_named
from .descriptions import Description, columns_of
from .jsonstream import read_lines, read_members
from .keeping import DATASET, RECORDS, Kept, aside_folder, put_in_place
from .literals import WrongValue
from .reading import Broken, Source
from .trees import find
from .workbook import read_sheet
from .xmlstream import read_elements
from .yamlstream import read_documents

__all__ = ["ON_ERROR", "import_files", "open_records"]

ON_ERROR = ("stop", "skip")
_BUCKETS = 64
_SPILL = 1 << 17
#: So many records may have the id of another and be left out; more need more memory than they are worth.
_MOST_REPEATED = 1_000_000

#: Told from time to time how many records and what part of the bytes are done.
Progress = Callable[[int, float], None]
#: Told of each row that is left out: file, line, reason.
Report = Callable[[Path, int, str], None]


def import_files(
    paths: Sequence[Path],
    description: Description,
    *,
    on_error: str = "stop",
    encoding: str = "",
    report: Report | None = None,
    progress: Progress | None = None,
) -> Kept:
    """Import the files as one dataset and return what is kept; one of the same name is replaced.

    A row that cannot be taken stops the import and leaves everything as it was, or with ``on_error="skip"`` is reported and left out. Memory does
    not grow with the number of rows.

    Raises DataError, naming file, line and reason, for such a row and for a file that is broken as a whole; UsageError for a file that is not there.
    """
    if on_error not in ON_ERROR:
        raise UsageError(f"--on-error {on_error}: choose {' or '.join(ON_ERROR)}.")
    if not paths:
        raise UsageError("Which file? Usage: bri-kg external add FILE.")
    aside = aside_folder()
    try:
        run = _Run(paths, description, on_error, encoding, report, progress)
        kept = run.write(aside)
        while run.repeated:  # found only at the end: once more, without them
            before, kept = kept, run.write(aside)
            if kept.files != before.files:
                raise DataError(
                    f"{paths[0].parent}: a file was changed while it was read; nothing was imported. Try again when it is whole."
                )
        (aside / DATASET).write_text(describe(description, kept), encoding="utf-8")
        (aside / "description.toml").write_text(description.text, encoding="utf-8")
        put_in_place(aside, kept)
        return kept
    except OSError as error:
        raise UsageError(
            f"{aside.parent} cannot be written: {error.strerror or error}. Nothing was imported."
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


class _Run:
    """One import under way."""

    def __init__(
        self,
        paths: Sequence[Path],
        description: Description,
        on_error: str,
        encoding: str,
        report: Report | None,
        progress: Progress | None,
    ) -> None:
        self._paths, self._description, self._on_error, self._encoding = paths, description, on_error, encoding
        self._report, self._progress = report, progress
        self._counts: dict[str, int] = {}
        self.repeated: set[tuple[int, int]] = set()
        self._left_out: set[tuple[int, int]] = set()

    def write(self, aside: Path) -> Kept:
        """Write all records and return what they are."""
        self.repeated = set()
        records = triples = skipped = rows = 0
        files: list[tuple[str, str]] = []
        self._counts = {}
        with (aside / RECORDS).open("wb", buffering=1 << 20) as output, ExitStack() as stack:
            ids = _Ids(stack, aside)
            output.write(HEAD.encode())
            for place, path in enumerate(self._paths):
                with Source(path, self._encoding or self._description.encoding) as source:
                    taken = 0
                    for line, block in self._blocks(source, rows):
                        if isinstance(block, Broken):
                            skipped += 1
                            self._leave_out(path, line, block.why)
                        elif (place, line) in self._left_out:
                            skipped += 1
                        else:
                            output.write(block.text)
                            triples += block.triples
                            taken += 1
                            ids.add(block.id, place, line)
                            if not taken & 0xFFF and self._progress:
                                self._progress(records + taken, source.done / max(1, source.size))
                    records += taken
                    rows += taken + skipped
                    source.finish()
                    files.append((path.name, source.sha256))
            self._check_ids(ids)
        if not records:
            why = f"no record could be taken, {skipped:,} are broken" if skipped else "it holds no record"
            raise DataError(f"{self._paths[0]}: {why}; nothing was imported.")
        one = self._description
        told = f"{__version__}\n{one.text}\n{self._encoding}\n{self._on_error}\n{files}"
        return Kept(
            one.name, one.title, one.version, one.licence, one.source, records, triples, skipped,
            datetime.now(UTC).date().isoformat(), tuple(files), hashlib.sha256(told.encode()).hexdigest(),
        )  # fmt: skip

    def _leave_out(self, path: Path, line: int, why: str) -> None:
        if self._on_error == "stop":
            raise DataError(
                f"{path}:{line}: {why}. Nothing was imported; mend the row, or leave such rows out with --on-error skip."
            )
        if self._report:
            self._report(path, line, why)

    def _check_ids(self, ids: _Ids) -> None:
        for (place, line), (first_place, first) in ids.repeated():
            if (place, line) in self._left_out:
                continue
            where = f"line {first}" if place == first_place else f"{self._paths[first_place].name}:{first}"
            self._leave_out(self._paths[place], line, f"its id is that of {where}")
            self._left_out.add((place, line))
            self.repeated.add((place, line))
            if len(self._left_out) > _MOST_REPEATED:
                raise DataError(
                    f"{self._paths[place]}: more than {_MOST_REPEATED:,} records have the id of another: '{self._description.id}' names no record. "
                    "Nothing was imported; take another id in the description."
                )

    def _blocks(self, source: Source, before: int) -> Iterator[tuple[int, Any]]:
        """Yield each record as a block, or what is wrong with it, with its line."""
        records, header = open_records(source, self._description)
        try:
            file = source.path.name if len(self._paths) > 1 else ""
            convert = converter(self._description, header, self._counts, file)
        except WrongValue as error:
            raise DataError(f"The description '{self._description.name}': {error}.") from error
        except DataError as error:
            raise DataError(f"{source.path}: {error}; it is no file of '{self._description.name}'.") from error
        for number, (line, record) in enumerate(records, before + 1):
            if record.__class__ is Broken:
                yield line, record
                continue
            try:
                yield line, convert(record, line, number)
            except WrongValue as error:
                yield line, Broken(str(error))
            except UnicodeEncodeError:
                from .reading import undecoded

                yield line, Broken(undecoded(str(record)) or "it holds half a character")


def is_sheet(source: Source) -> bool:
    """Say whether a table is a workbook, by its ending or its first bytes."""
    return source.path.suffix.lower() == ".xlsx" or source.bytes.peek(4)[:4] == b"PK\x03\x04"


def open_records(source: Source, description: Description) -> tuple[Iterator[tuple[int, Any]], list[str] | None]:
    """Return the records of a file and the header of a table."""
    if description.format in ("csv", "tsv", "xlsx"):
        looked_for = description.needed, description.preamble
        if is_sheet(source):
            rows = read_sheet(source, description.records if description.format == "xlsx" else "", *looked_for)
        else:
            delimiter = description.delimiter or ("\t" if description.format == "tsv" else ",")
            is_plain = description.quoting == "none"
            if description.header:
                rows = read_rows_named(source, delimiter, description.header, is_plain)
            else:
                rows = read_rows(source, delimiter, *looked_for, is_plain)
        _, header = next(rows, (0, None))
        if not isinstance(header, list):
            raise DataError(f"{source.path} is empty; there is no header line.")
        return rows, header
    if description.format == "jsonl":
        return read_lines(source), None
    if description.format == "xml":
        return read_elements(source, description.records), None
    if description.format == "yaml":
        return read_documents(source), None
    path = {"geojson": "features", "sparql-results": "results/bindings"}.get(description.format, description.records)
    ids = set(columns_of(description.id)) - {"#"}
    return read_members(
        source, path, lambda one: bool(ids) and all(next(find(one, id), None) is not None for id in ids)
    ), None


class _Ids:
    """The ids of records with their lines, on disk: hashes in buckets, so that memory does not grow with their number."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self._buckets = [array("Q") for _ in range(_BUCKETS)]
        self._files: list[IO[bytes]] = []
        self._count = 0

    def add(self, id: str, place: int, line: int) -> None:
        """Note an id."""
        number = hash(id) & 0xFFFF_FFFF_FFFF_FFFF
        self._buckets[number % _BUCKETS].extend((number, (place << 48) | line))
        self._count += 1
        if self._count == _SPILL:
            self._spill()

    def _spill(self) -> None:
        if not self._files:
            self._files = [self._stack.enter_context(tempfile.TemporaryFile(dir=self._folder)) for _ in range(_BUCKETS)]  # noqa: SIM115
        for file, bucket in zip(self._files, self._buckets, strict=True):
            bucket.tofile(file)
            del bucket[:]
        self._count = 0

    def repeated(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield the place of each record whose id was there before, with the place of the first."""
        for place, bucket in enumerate(self._buckets):
            first: dict[int, int] = {}
            for number, where in chain(self._read(place), zip(bucket[::2], bucket[1::2], strict=True)):
                before = first.setdefault(number, where)
                if before != where:
                    yield _parted(where), _parted(before)

    def _read(self, place: int) -> Iterator[tuple[int, int]]:
        if not self._files:
            return
        file = self._files[place]
        file.seek(0)
        while data := file.read(1 << 16):
            pairs = array("Q", data)
            yield from zip(pairs[::2], pairs[1::2], strict=True)


def _parted(where: int) -> tuple[int, int]:
    return where >> 48, where & 0xFFFF_FFFF_FFFF
