"""The commands of ``bri-kg``. Results go to standard output, messages to standard error; tables on a terminal, TSV in a pipe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .. import __version__
from ..answers import FORMATS
from ..errors import CheckFailed, UsageError
from ..graph import KnowledgeGraph, load
from ..questions import question_names, question_rows
from ..tables import rows_to_format
from ..wording import word
from .asking import Citing, answer_on_stdout, known_language, output_format, query_text, run, write_answer

__all__ = ["app", "run_command"]

app = typer.Typer(
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="BRI-KG: ask a policy paper on China-ASEAN Belt and Road co-operation, and see the sentences every answer stands on.",
)

Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        help=f"One of {', '.join(FORMATS)}; table on a terminal, tsv in a pipe.",
        autocompletion=lambda: list(FORMATS),
    ),
]
Lang = Annotated[str, typer.Option("--lang", "-l", help="Language of labels and questions: en or zh.")]
Cite = Annotated[
    bool, typer.Option("--cite", help="Show with each row the sentences it stands on, and whose voice they are.")
]
Voice = Annotated[
    str,
    typer.Option(
        "--voice",
        help="Keep rows of facts, claims, links, records, or all.",
        autocompletion=lambda: ["facts", "claims", "links", "records", "all"],
    ),
]
References = Annotated[
    str,
    typer.Option(
        "--cite-format",
        help="Write the references behind the answer instead of it: plain, bibtex or csl.",
        autocompletion=lambda: ["plain", "bibtex", "csl"],
    ),
]
Card = Annotated[
    str, typer.Option("--card", help="Also write the answer's card to this file, and beside it as a page (.html).")
]
Labels = Annotated[bool, typer.Option("--labels", help="Show labels instead of IRIs in csv and tsv.")]
With = Annotated[
    list[str] | None,
    typer.Option("--with", help="An imported dataset to see beside the paper; 'bri-kg external list' names them."),
]
MaxRows = typer.Option("--max-rows", help="Cut the answer after so many rows; exit code 4.")
Timeout = typer.Option("--timeout", help="Seconds after which the query is stopped; exit code 4.")


def run_command() -> int:
    """Run the command that the process was given and return its exit code.

    Raises UsageError, in one sentence, for words that fit no command.
    """
    from . import linked, pictures  # noqa: F401 - they add their commands to the app

    try:
        return int(app(prog_name="bri-kg", standalone_mode=False) or 0)
    except Exception as error:
        if not hasattr(error, "format_message"):  # Typer's errors of usage have it; their class moves between versions
            raise
        context = getattr(error, "ctx", None)
        message = " ".join(error.format_message().split()).rstrip(".")
        raise UsageError(f"{message}; see '{context.command_path if context else 'bri-kg'} --help'.") from error


def _version(wanted: bool) -> None:
    if wanted:
        answer_on_stdout(f"bri-kg {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that hold for every command."""


def _graph(language: str, external: list[str] | None = None) -> KnowledgeGraph:
    return load(language=known_language(language), external=external or ())


@app.command()
def tour(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the picture goes.")] = Path("bri-kg-tour.html"),
    lang: Lang = "en",
) -> None:
    """Show what the graph holds: five questions answered with page and sentence, and a picture.

    Example: bri-kg tour
    """
    from .tour import show_tour

    show_tour(_graph(lang), output)


@app.command("questions")
def list_questions(
    text: Annotated[str, typer.Argument(help="Only questions that hold this text.")] = "",
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """List the stored questions with their parameters.

    Example: bri-kg questions project
    """
    columns, rows = question_rows(text, known_language(lang))
    answer_on_stdout(rows_to_format(output_format(format), columns, rows, lang))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def ask(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="Name of a stored question.", autocompletion=lambda: list(question_names()))
    ],
    params: Annotated[
        list[str] | None, typer.Argument(help="PARAM=VALUE; a value is a name people use, such as Laos or AIIB.")
    ] = None,
    format: Format = "",
    labels: Labels = False,
    lang: Lang = "en",
    timeout: Annotated[float | None, Timeout] = None,
    max_rows: Annotated[int | None, MaxRows] = None,
    cite: Cite = False,
    voice: Voice = "",
    cite_format: References = "",
    card: Card = "",
    external: With = None,
) -> None:
    """Answer a stored question.

    Example: bri-kg ask projects-in country=Laos
    """
    options = [f"--format={format}"] * bool(format) + ["--labels"] * labels + [f"--lang={lang}"]
    options += [f"--timeout={timeout}"] * (timeout is not None) + [f"--max-rows={max_rows}"] * (max_rows is not None)
    options += ["--cite"] * cite + [f"--voice={voice}"] * bool(voice)
    options += [f"--cite-format={cite_format}"] * bool(cite_format) + [f"--card={card}"] * bool(card)
    options += [f"--with={','.join(external or ())}"] * bool(external)
    run([name, *(params or []), *context.args, *options])


@app.command()
def sparql(
    query: Annotated[str, typer.Argument(help="A query, @FILE, or - for standard input.")],
    format: Format = "",
    labels: Labels = False,
    lang: Lang = "en",
    timeout: Annotated[float, Timeout] = 30.0,
    max_rows: Annotated[int, MaxRows] = 100_000,
    cite: Cite = False,
    voice: Voice = "",
    cite_format: References = "",
    card: Card = "",
    external: With = None,
) -> None:
    """Answer a SPARQL 1.1 query; the project's prefixes need no declaration.

    It runs in a process of its own, without network and with bounded memory.

    Example: bri-kg sparql 'SELECT ?project { ?project bri:hostCountry state:laos }'
    """
    answer = _graph(lang, external).query(query_text(query), timeout=timeout, max_rows=max_rows)
    write_answer(answer, format, labels, Citing(cite, voice, cite_format, card=card))


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="Part of a name, in any language.")],
    kind: Annotated[str, typer.Option(help="Only this class, such as State.")] = "",
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """Find entities by name.

    Example: bri-kg find 铁路
    """
    kg, wanted = _graph(lang), output_format(format)
    is_read = wanted in ("table", "md") and lang != "en"  # elsewhere the kind is the word that --kind takes
    rows = [
        [one.name, one.label, kg.labels.kind(one.kind) if is_read else one.kind, one.matched]
        for one in kg.find(text, kind)
    ]
    answer_on_stdout(rows_to_format(wanted, ["name", "label", "kind", "matched"], rows, lang))


@app.command()
def show(
    entity: Annotated[str, typer.Argument(help="A name people use, or a short IRI such as state:laos.")],
    format: Format = "",
    lang: Lang = "en",
    external: With = None,
) -> None:
    """Show everything the graph says of an entity, with page, sentence and voice.

    Example: bri-kg show AIIB
    """
    described = _graph(lang, external).describe(entity)
    wanted = format or ("table" if sys.stdout.isatty() else "text")
    answer_on_stdout(str(described) if wanted in ("table", "text") else rows_to_format(wanted, *described.rows(), lang))


@app.command()
def compare(
    topic: Annotated[str, typer.Argument(help="An initiative, project or issue, by a name people use.")],
    by: Annotated[
        str,
        typer.Option(
            help="claimant, state or administration.",
            autocompletion=lambda: ["claimant", "state", "administration"],
        ),
    ] = "claimant",
    format: Format = "",
    lang: Lang = "en",
    external: With = None,
) -> None:
    """Show side by side who holds what about a topic; the silent are shown as silent.

    Example: bri-kg compare GSI --by state
    """
    answer_on_stdout(_graph(lang, external).compare(topic, by).to_format(output_format(format)))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The JSON file of a card that --card wrote.")],
    timeout: Annotated[float, Timeout] = 30.0,
    external: With = None,
) -> None:
    """Run an answer's card again and say: same, changed and what, or that the graph differs.

    Exit code 0 only if the card holds in every part; 1 if not, 2 if the file is no card. A card of an answer that was asked --with a dataset is
    verified with the same --with.

    Example: bri-kg verify laos.json
    """
    from ..cards.verification import verify_apart

    verdict = verify_apart(file, timeout, external or ())
    answer_on_stdout(str(verdict))
    if verdict.state != "same":
        sys.stdout.flush()
        is_lacking = not external and any("--with" in change for change in verdict.changes)
        remedy = " It stands on records of a dataset: give the --with that is named above." * is_lacking
        raise CheckFailed(f"The card {file} does not hold as it stands: {verdict.state}.{remedy}")


@app.command()
def coverage(
    by: Annotated[str, typer.Option(help="section or page.")] = "section",
    paper: Annotated[
        Path | None,
        typer.Option(help="A copy of the paper's text: check every digest and show each sentence beside its triples."),
    ] = None,
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """Show what the graph holds of every segment of the paper.

    Example: bri-kg coverage --by page
    """
    from ..ledger import audit_rows, coverage_by, silent_segments, wrong_digests

    kg = _graph(lang)
    if by not in ("section", "page"):
        raise UsageError(f"--by {by}: choose section or page.")
    wanted = output_format(format)
    if paper:
        wrong = wrong_digests(kg, paper)
        if wrong:
            raise CheckFailed(
                f"{paper}: the text of {len(wrong)} segments is another than the graph was made from: {', '.join(wrong[:12])}."
            )
        answer_on_stdout(rows_to_format(wanted, *audit_rows(kg, paper), lang))
        print(word("digests match", lang, len(kg.sources.all()), paper), file=sys.stderr)
        return
    answer_on_stdout(rows_to_format(wanted, *coverage_by(kg, by), lang))
    for sentence, reason in silent_segments(kg):
        print(word("nothing", lang, sentence.reference, reason), file=sys.stderr)


@app.command()
def check(format: Format = "", lang: Lang = "en") -> None:
    """Check the graph: shapes, ledger, terms, and the wall between facts and claims; list what the paper itself gets wrong.

    Example: bri-kg check
    """
    from ..checks import find_faults, findings_about_paper

    kg = _graph(lang)
    faults = find_faults(kg, progress=lambda step: print(word("checking", lang, word(step, lang)), file=sys.stderr))
    wanted = output_format(format)
    rows = [[word("fault of ours", lang), word(fault.check, lang), fault.where, fault.message] for fault in faults]
    rows += [
        [word("finding about the paper", lang), word(finding.check, lang), finding.where, finding.message]
        for finding in findings_about_paper(kg)
    ]
    answer_on_stdout(rows_to_format(wanted, ["about", "check", "where", "what"], rows, lang))
    if faults:
        raise CheckFailed(f"{len(faults)} faults in the graph; each row above says where and what to do.")
    print(word("no faults", lang), file=sys.stderr)
