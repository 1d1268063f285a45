"""The command ``bri-kg crosscheck``: load what is imported, hold the paper's facts against it, and write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from ..graph import load
from ..tables import rows_to_format
from ..writing import write_whole
from .asking import answer_on_stdout, known_language, output_format, query_text
from .cli import Lang, app

__all__: list[str] = []

#: Time limit of a query over verdicts, as that of ``bri-kg sparql``.
_SECONDS = 30.0


@app.command()
def crosscheck(
    entity: Annotated[str, typer.Argument(help="A name people use: only the facts about it.")] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--verdict",
            help="Only verdicts of this kind, such as contradicts or silent; or heard, for all that are not silent.",
            autocompletion=lambda: ["heard", "confirms", "consistent", "contradicts", "silent"],
        ),
    ] = "",
    totals: Annotated[
        bool, typer.Option("--totals", help="Instead, add up the money of linked records, or say why not.")
    ] = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="Instead, list the rules, each in a sentence with its tolerance.")
    ] = False,
    sparql: Annotated[
        str,
        typer.Option(
            help="Instead, ask the verdicts, beside the paper and the records, in SPARQL: a query, @FILE, or -."
        ),
    ] = "",
    links: Annotated[
        list[Path] | None,
        typer.Option(help="A mapping set of your own beside ours, such as 'bri-kg link' writes; may be given again."),
    ] = None,
    cite: Annotated[bool, typer.Option("--cite", help="Show under each row of a table both sources in full.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write into this file; .html, .md, .csv, .tsv, .json or .ttl says the format."
        ),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="One of table, md, html (a page to print), csv, tsv, json, ttl; table on a terminal, tsv in a pipe.",
            autocompletion=lambda: ["table", "md", "html", "csv", "tsv", "json", "ttl"],
        ),
    ] = "",
    lang: Lang = "en",
) -> None:
    """Hold the paper's facts against linked records of imported datasets: confirmed, different and how, contradicted, or silent.

    Each verdict names both values, both sources and the rule; what the paper says is not changed.

    Example: bri-kg crosscheck 'China-Laos Railway'
    """
    if rules:
        _write_rules(output_format(format), known_language(lang))
        return
    wanted = format or (output.suffix.removeprefix(".") if output else "")
    _write_verdicts(
        entity, kind, totals, cite, links or [], output_format(wanted), known_language(lang), sparql, output
    )


def _write_verdicts(
    entity: str,
    kind: str,
    totals: bool,
    cite: bool,
    mapping_sets: Sequence[Path],
    wanted: str,
    language: str,
    sparql: str = "",
    output: Path | None = None,
) -> None:
    """Write the verdicts, the sums, or the answer to a query over the verdicts, to standard output or whole into a file.

    Counts and what is missing go to standard error where programs read the output. Raises UsageError for a format or kind that is none,
    NameLookupError for a name that means nothing or several things, DataError for a mapping set that is broken, QueryError for a query that is.
    """
    from ..crosscheck.checking import cross_check, linked_datasets
    from ..crosscheck.report import FORMATS
    from ..crosscheck.totals import money_table
    from ..external.keeping import kept_datasets

    if wanted not in FORMATS:
        raise UsageError(f"There is no format '{wanted}'; choose {', '.join(FORMATS)}.")
    kg = load(language=language)
    linked = linked_datasets(kg, mapping_sets)
    if kept := [one.name for one in kept_datasets() if one.name in linked]:
        kg = load(language=language, external=kept)
    if (totals or sparql) and wanted in ("html", "ttl"):
        option = "--totals" if totals else "--sparql"
        raise UsageError(f"{option} gives a table; choose table, md, csv, tsv or json.")
    if totals:
        _write(money_table(kg, entity, mapping_sets).to_format(wanted), output)
        return
    check = cross_check(kg, entity, mapping_sets)
    if kind:
        check = check.of_kind(kind)
    if sparql:
        _write(check.to_graph().query(query_text(sparql), timeout=_SECONDS).to_format(wanted), output)
        return
    _write(check.to_format(wanted, cite), output)
    if output or wanted not in ("table", "md", "html"):
        for line in check.remarks():
            print(line, file=sys.stderr)


def _write(text: str, output: Path | None) -> None:
    if not output:
        answer_on_stdout(text)
        return
    write_whole({output: text.encode("utf-8", "replace")})
    print(output)


def _write_rules(wanted: str, language: str) -> None:
    """Write every rule with its sentence. Raises UsageError for a format that is none of a listing."""
    from ..crosscheck.ruletexts import RULES
    from ..crosscheck.words import said

    rows = [[rule, said(rule, language, table=RULES)] for rule in sorted(RULES)]
    answer_on_stdout(rows_to_format(wanted, ["rule", "what"], rows, language))
