"""The commands of ``bri-kg`` about other data: linking, reconciling, asking elsewhere.

They are added to the app of :mod:`bri_kg.commands.cli`, which imports this module when it runs a command.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import LimitError, UsageError
from ..graph import load
from ..tables import rows_to_format
from ..wording import word
from . import crosscheck, external  # noqa: F401 - they add their commands to the app
from .asking import answer_on_stdout, known_language, output_format, parameters
from .cli import Format, Lang, app

__all__: list[str] = []

_ColumnNames = list[str] | None


@app.command()
def link(
    table: Annotated[
        Path | None,
        typer.Argument(
            help="A CSV, TSV, Excel, JSON, JSON lines, GeoJSON, XML or YAML file whose rows are matched with the graph."
        ),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="A dataset: without TABLE, the graph's entities are matched with its rows.")
    ] = None,
    name: Annotated[
        _ColumnNames, typer.Option(help="The column of names; may be given again. Guessed where it is not.")
    ] = None,
    alias: Annotated[_ColumnNames, typer.Option(help="A column of other names; - for none.")] = None,
    country: Annotated[_ColumnNames, typer.Option(help="The column of countries; - for none.")] = None,
    kind_column: Annotated[_ColumnNames, typer.Option(help="The column that says what sort of thing a row is.")] = None,
    date: Annotated[_ColumnNames, typer.Option(help="A column of dates or years.")] = None,
    amount: Annotated[_ColumnNames, typer.Option(help="A column of amounts.")] = None,
    latitude: Annotated[_ColumnNames, typer.Option(help="The column of latitudes.")] = None,
    longitude: Annotated[_ColumnNames, typer.Option(help="The column of longitudes.")] = None,
    id_column: Annotated[_ColumnNames, typer.Option("--id", help="The column of ids of rows.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only entities of this class may be meant, such as Project; may be given again."),
    ] = None,
    sort: Annotated[
        str, typer.Option(help="What all rows are: state, person, organisation, place, project, agreement ...")
    ] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of a workbook.")] = "",
    encoding: Annotated[str, typer.Option(help="The encoding of a text file; guessed where it is not given.")] = "",
    accept: Annotated[float, typer.Option(help="The score from which a match is accepted.")] = 0.92,
    review: Annotated[float, typer.Option(help="The score from which a match goes to a person.")] = 0.5,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            help="Also write a .sssom.tsv, a page for review (.html), .csv, .tsv or .json; may be given again.",
        ),
    ] = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Show rows without a match too.")] = False,
    bulk: Annotated[
        bool, typer.Option("--bulk", help="Match two large tables with each other, with splink on DuckDB.")
    ] = False,
    spark: Annotated[
        str, typer.Option(help="With --bulk: compare on this Spark master instead, such as local[2]; the same pairs.")
    ] = "",
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """Match your table with the graph: each row is accepted, sent to review, or matches nothing; every score is explained.

    Nothing is written but what --output names, and never the project's own data.

    Example: bri-kg link projects.csv
    """
    wanted, language = output_format(format), known_language(lang)
    for place in output or ():
        from ..matching.outcome import check_output

        check_output(place)
    given = {
        "name": name, "alias": alias, "country": country, "kind": kind_column, "date": date, "amount": amount,
        "latitude": latitude, "longitude": longitude, "id": id_column,
    }  # fmt: skip
    columns = {role: found for role, found in given.items() if found}
    if not 0 < review <= accept <= 1:
        raise UsageError(f"--review {review} --accept {accept}: give 0 < review <= accept <= 1.")
    if table is not None and against is not None:
        if not bulk:
            raise UsageError(
                "Two tables are matched with each other by --bulk; without it, give TABLE alone or --against alone."
            )
        from ..matching.bulk import link_tables

        answer_on_stdout(
            rows_to_format(wanted, *link_tables(table, against, columns, accept, review, output or (), spark), lang)
        )
        return
    if bulk or spark:
        raise UsageError("--bulk matches two tables: bri-kg link A.csv --against B.csv --bulk")
    path = table or against
    if path is None:
        raise UsageError(
            "Which table? Give one, as in: bri-kg link projects.csv; or a dataset: bri-kg link --against FILE."
        )
    from ..matching import linking
    from ..matching.outcome import COLUMNS, matches_to_rows, tally

    make = linking.link_table if table is not None else linking.link_graph
    linked = make(
        load(language=language), path, columns=columns, kinds=kind or (), family=sort, sheet=sheet, encoding=encoding, accept=accept, review=review
    )  # fmt: skip
    for note in (*linked.table.notes, word("link columns", lang, linked.columns.said())):
        print(note, file=sys.stderr)
    shown = [match for match in linked.matches if all_rows or match.verdict != "none"]
    rows = matches_to_rows(shown)
    if wanted in ("table", "md"):  # a reader wants the label, not the IRI beside it
        rows = [[*row[:5], *row[6:]] for row in rows]
        answer_on_stdout(rows_to_format(wanted, [one for one in COLUMNS if one != "node"], rows, lang))
    else:
        answer_on_stdout(rows_to_format(wanted, COLUMNS, rows, lang))
    print(word("link tally", lang, *tally(linked.matches)), file=sys.stderr)
    for written in linking.write_outputs(linked, output or (), language):
        print(word("wrote file", lang, written, f"{written.stat().st_size / 1000:,.0f}"), file=sys.stderr)


@app.command()
def reconcile(
    port: Annotated[int, typer.Option(help="The port on this machine; 0 for a free one.")] = 8765,
    manifest: Annotated[bool, typer.Option("--manifest", help="Show the service's manifest and end.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say each request on standard error.")] = False,
    lang: Lang = "en",
) -> None:
    """Serve the matcher to OpenRefine and its like, by the Reconciliation Service API 0.2, on this machine only.

    Example: bri-kg reconcile --manifest
    """
    import json

    from ..reconciliation import ReconciliationService
    from ..reconciliation.server import make_server

    kg = load(language=known_language(lang))
    if manifest:
        shown = ReconciliationService(kg, f"http://127.0.0.1:{port}").manifest()
        answer_on_stdout(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")
        return
    server = make_server(kg, port, quiet=not verbose)
    print(word("reconciliation serves", lang, f"http://127.0.0.1:{server.server_port}/"), file=sys.stderr, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


@app.command()
def federate(
    name: Annotated[str, typer.Argument(help="A stored federated query, or a .rq file of your own.")] = "",
    params: Annotated[list[str] | None, typer.Argument(help="Parameters, as in organisation=ASEAN.")] = None,
    endpoint: Annotated[
        str, typer.Option(help="The SPARQL endpoint that is asked; without it nothing is sent anywhere.")
    ] = "",
    show: Annotated[
        bool, typer.Option("--show", help="Show the whole query, identifiers written in, and send nothing.")
    ] = False,
    list_queries: Annotated[bool, typer.Option("--list", help="List the stored federated queries.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds for all requests together; exit code 4.")] = 60,
    max_rows: Annotated[int, typer.Option(help="Rows of the endpoint at most; exit code 4.")] = 10_000,
    labels: Annotated[bool, typer.Option("--labels", help="Show labels instead of IRIs in csv and tsv.")] = False,
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """Ask Wikidata, or any SPARQL endpoint, about what the paper names; each row keeps apart what is ours and what is theirs.

    Only the endpoint that --endpoint names is asked. Sent to it are the query and our identifiers for its things (--show), and nothing else.

    Example: bri-kg federate wikidata-heads-of-government date=2017-05-14 --show
    """
    from ..federation import federate as ask_both
    from ..federation import federated_text
    from ..federation.queries import federated_query, federated_rows

    wanted, language = output_format(format), known_language(lang)
    if list_queries:
        answer_on_stdout(rows_to_format(wanted, *federated_rows(lang), lang))
        return
    if not name:
        raise UsageError("Which federated query? 'bri-kg federate --list' lists them.")
    query, values = federated_query(name), parameters(params or [])
    if show:
        answer_on_stdout(federated_text(load(language=language), query, values, endpoint))
        return
    if not endpoint:
        where = query.endpoint or "https://example.org/sparql"
        raise UsageError(
            f"No endpoint is asked by itself. Give one, as in --endpoint {where}, or --show to see what would be sent."
        )
    answer = ask_both(
        load(language=language), query, endpoint, values, timeout=timeout, max_rows=max_rows,
        tell=lambda sent, requests: print(word("asking endpoint", lang, endpoint, sent, requests), file=sys.stderr, flush=True),
    )  # fmt: skip
    answer_on_stdout(answer.to_format(wanted, labels))
    for remark in answer.remarks():
        print(remark, file=sys.stderr)
    if answer.cut:
        sys.stdout.flush()
        raise LimitError(answer.cut)
