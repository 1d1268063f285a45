"""``bri-kg external``: other people's datasets, imported and kept on the user's disk, to be asked beside the paper with ``--with``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import printable
from ..names import shorten
from ..tables import rows_to_format, text_table, wrap_lines
from ..wording import column_headings, word
from ..writing import StatusLine
from .asking import answer_on_stdout, known_language, output_format
from .cli import Format, Lang, app

if TYPE_CHECKING:
    from ..external.descriptions import Description
    from ..external.keeping import Kept

__all__: list[str] = []

_external = typer.Typer(
    help="Import datasets of others, list them, remove them; a query sees them with --with NAME.\n\nExample: bri-kg external list",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(_external, name="external")

_SHOWN = 20


@_external.command("add")
def add(
    files: Annotated[
        list[Path],
        typer.Argument(help="The files of one dataset: CSV, TSV, Excel, JSON, GeoJSON, XML, YAML; also .gz and .bz2."),
    ],
    described: Annotated[
        str,
        typer.Option(
            "--as", help="The dataset's name, or a description of your own (.toml); guessed where it is not given."
        ),
    ] = "",
    on_error: Annotated[
        str, typer.Option(help="What a broken row does: stop, and nothing is imported, or skip it.")
    ] = "stop",
    encoding: Annotated[
        str, typer.Option(help="The encoding of text files where it is not UTF-8 and has no mark.")
    ] = "",
    lang: Lang = "en",
) -> None:
    """Import the files of a dataset; one of the same name is replaced. Files of several datasets are told apart by their columns.

    Example: bri-kg external add gcdf3_selected_records.csv
    """
    from ..external.guessing import description_for, guess_all

    known_language(lang)
    groups = [(description_for(described), files)] if described else guess_all(files, encoding)
    for description, own in groups:
        _import(own, description, on_error, encoding, lang)


def _import(files: list[Path], description: Description, on_error: str, encoding: str, lang: str) -> None:
    from ..external.importing import import_files
    from ..external.keeping import kept_datasets

    counter = _Counter(lang)
    before = {one.name: one for one in kept_datasets()}.get(description.name)
    kept = import_files(
        files, description, on_error=on_error, encoding=encoding, report=counter.left_out, progress=counter.progress()
    )
    counter.end()
    print(
        word("imported", lang, f"{kept.records:,}", kept.title, kept.version, f"{kept.triples:,}", kept.name),
        file=sys.stderr,
    )
    if kept.skipped:
        print(word("rows left out", lang, f"{kept.skipped:,}"), file=sys.stderr)
    if before and before.key != kept.key:
        names = printable(" ".join(name for name, _ in before.files))
        print(word("replaced", lang, f"{before.records:,}", before.version, names, before.imported), file=sys.stderr)


class _Counter:
    """Says on standard error how far an import is, on a terminal only, and which rows it leaves out."""

    def __init__(self, language: str) -> None:
        self._language, self._left_out, self._last, self._line = language, 0, 0.0, StatusLine()

    def progress(self) -> Callable[[int, float], None] | None:
        return self._tell if self._line.is_shown else None

    def _tell(self, records: int, part: float) -> None:
        if time.monotonic() - self._last > 0.2:
            self._last = time.monotonic()
            self._line.tell(word("importing", self._language, f"{records:,}", f"{part:.0%}"))

    def end(self) -> None:
        self._line.end()

    def left_out(self, path: Path, line: int, why: str) -> None:
        self.end()
        self._left_out += 1
        if self._left_out <= _SHOWN:
            print(printable(f"{path}:{line}: {why}"), file=sys.stderr)
        elif self._left_out == _SHOWN + 1:
            print(word("and more", self._language), file=sys.stderr)


@_external.command("list")
def list_datasets(
    known: Annotated[
        bool, typer.Option("--known", help="List the datasets that are known instead, with their descriptions.")
    ] = False,
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """List the imported datasets: title, version, licence, records, day of import; with --format csv also files and their hashes.

    Example: bri-kg external list
    """
    from ..external.contents import short_licence
    from ..external.descriptions import FOLDER, packaged
    from ..external.keeping import data_home, kept_datasets

    wanted = output_format(format)
    known_language(lang)
    is_read = wanted in ("table", "md")  # by a person: addresses, hashes and folders would leave no room for the rest
    if known:
        described = packaged().values()
        columns = ["name", "title", "version", "licence", *([] if is_read else ["description"])]
        rows = [
            [one.name, one.title, one.version, short_licence(one.licence)]
            if is_read
            else [one.name, one.title, one.version, one.licence, str(FOLDER / f"{one.name}.toml")]
            for one in described
        ]
        note = word("datasets known", lang, FOLDER)
    else:
        kept = kept_datasets()
        columns, rows = _short(kept) if is_read else _full(kept)
        note = word("datasets here" if kept else "no datasets", lang, data_home())
    if wanted == "table":  # the title below, since it would squeeze all else
        titles = [[f"    {row[1]}"] for row in rows]
        headings = column_headings([columns[0], *columns[2:]], lang)
        answer_on_stdout(text_table(headings, [[row[0], *row[2:]] for row in rows], notes=titles, language=lang))
    else:
        answer_on_stdout(rows_to_format(wanted, columns, rows, lang))
    if wanted == "table" or not rows:
        print("\n".join(wrap_lines([note])), file=sys.stderr)


def _short(kept: list[Kept]) -> tuple[list[str], list[list[str]]]:
    from ..external.contents import short_licence

    rows = [
        [one.name, one.title, one.version, short_licence(one.licence), f"{one.records:,}", f"{one.skipped:,}", one.imported]
        for one in kept
    ]  # fmt: skip
    columns = ["name", "title", "version", "licence", "records", "skipped", "imported"]
    if not any(one.skipped for one in kept):
        return [*columns[:5], columns[6]], [[*row[:5], row[6]] for row in rows]
    return columns, rows


def _full(kept: list[Kept]) -> tuple[list[str], list[list[str]]]:
    columns = ["name", "title", "version", "licence", "records", "triples", "skipped", "file", "sha256", "imported"]
    rows = [
        [
            one.name, one.title, one.version, one.licence, str(one.records), str(one.triples), str(one.skipped),
            " ".join(name for name, _ in one.files), " ".join(digest for _, digest in one.files), one.imported,
        ]
        for one in kept
    ]  # fmt: skip
    return columns, rows


@_external.command("show")
def show_dataset(
    name: Annotated[str, typer.Argument(help="The name of an imported or known dataset.")],
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """Show what can be asked of a dataset: its properties, the columns they come from, and a value of each once it is imported.

    Example: bri-kg external show aiddata
    """
    from ..external.contents import COLUMNS, contents, description_of, first_question

    wanted = output_format(format)
    known_language(lang)
    description, kept = description_of(name)
    rows = contents(description, kept)
    told = [
        f"{description.title}, {description.version}",
        *([description.attribution] if description.attribution else []),
        f"{description.source} ({description.licence})",
        *([description.note] if description.note else []),
        word("dataset records", lang, f"{kept.records:,}", kept.imported, " ".join(file for file, _ in kept.files))
        if kept
        else word("dataset not here", lang, description.name),
        word("dataset class", lang, shorten(description.cls)),
    ]
    if wanted == "table":
        answer_on_stdout("\n".join(wrap_lines(told)) + "\n")
    answer_on_stdout(rows_to_format(wanted, [*COLUMNS], rows, lang))
    if wanted == "table":  # not folded, so that it can be copied
        print(word("dataset question", lang, first_question(description)), file=sys.stderr)


@_external.command("remove")
def remove_dataset(
    name: Annotated[str, typer.Argument(help="The name of an imported dataset.")],
    lang: Lang = "en",
) -> None:
    """Remove an imported dataset from the disk.

    Example: bri-kg external remove aiddata
    """
    from ..external.keeping import remove

    known_language(lang)
    kept = remove(name)
    print(word("removed", lang, kept.name, f"{kept.records:,}"), file=sys.stderr)
