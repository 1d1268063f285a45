"""The commands of ``bri-kg``. Results go to standard output, messages to standard error; tables on a terminal, TSV in a pipe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import __version__
from .answers import FORMATS
from .asking import Citing, answer_on_stdout, known_language, output_format, parameters, run, write_answer
from .errors import CheckFailed, UsageError
from .graph import KnowledgeGraph, load
from .questions import question_names, questions
from .tables import rows_to_format
from .wording import word

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
        "--voice", help="Keep rows of facts, of claims, or all.", autocompletion=lambda: ["facts", "claims", "all"]
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
Drawn = Annotated[
    str,
    typer.Argument(
        help="A stored question with columns source and target, or @FILE with such a query.",
        autocompletion=lambda: [n for n in question_names() if n.startswith("network-")],
    ),
]
Through = Annotated[
    str,
    typer.Option(
        help="The actors tied by what they share instead: events, documents, undertakings, or several with commas.",
        autocompletion=lambda: ["events", "documents", "undertakings"],
    ),
]
Labels = Annotated[bool, typer.Option("--labels", help="Show labels instead of IRIs in csv and tsv.")]
MaxRows = typer.Option("--max-rows", help="Cut the answer after so many rows; exit code 4.")
Timeout = typer.Option("--timeout", help="Seconds after which the query is stopped; exit code 4.")


def run_command() -> int:
    """Run the command that the process was given and return its exit code.

    Raises UsageError, in one sentence, for words that fit no command.
    """
    from . import linked_commands  # noqa: F401 - it adds its commands to the app

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


def _graph(language: str) -> KnowledgeGraph:
    return load(language=known_language(language))


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
    rows = [
        [
            one.name,
            one.wording(known_language(lang)),
            " ".join(
                f"{p.name}={p.example!r}" if " " in p.example else f"{p.name}={p.example}" for p in one.parameters
            ),
        ]
        for one in questions()
        if text.casefold() in f"{one.name} {one.text} {one.text_zh}".casefold()
    ]
    answer_on_stdout(rows_to_format(output_format(format), ["name", "question", "parameters"], rows, lang))


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
) -> None:
    """Answer a stored question.

    Example: bri-kg ask projects-in country=Laos
    """
    options = [f"--format={format}"] * bool(format) + ["--labels"] * labels + [f"--lang={lang}"]
    options += [f"--timeout={timeout}"] * (timeout is not None) + [f"--max-rows={max_rows}"] * (max_rows is not None)
    options += ["--cite"] * cite + [f"--voice={voice}"] * bool(voice)
    options += [f"--cite-format={cite_format}"] * bool(cite_format) + [f"--card={card}"] * bool(card)
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
) -> None:
    """Answer a SPARQL 1.1 query; the project's prefixes need no declaration.

    It runs in a process of its own, without network and with bounded memory.

    Example: bri-kg sparql 'SELECT ?project { ?project bri:hostCountry state:laos }'
    """
    answer = _graph(lang).query(_text(query), timeout=timeout, max_rows=max_rows)
    write_answer(answer, format, labels, Citing(cite, voice, cite_format, card=card))


def _text(given: str) -> str:
    if given == "-":
        return sys.stdin.read()
    if given.startswith("@"):
        try:
            return Path(given[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The query file {given[1:]} cannot be read: {error}.") from error
    return given


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
) -> None:
    """Show everything the graph says of an entity, with page, sentence and voice.

    Example: bri-kg show AIIB
    """
    described = _graph(lang).describe(entity)
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
) -> None:
    """Show side by side who holds what about a topic; the silent are shown as silent.

    Example: bri-kg compare GSI --by state
    """
    answer_on_stdout(_graph(lang).compare(topic, by).to_format(output_format(format)))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The JSON file of a card that --card wrote.")],
    timeout: Annotated[float, Timeout] = 30.0,
) -> None:
    """Run an answer's card again and say: same, changed and what, or that the graph differs.

    Exit code 0 only if the card holds in every part; 1 if not, 2 if the file is no card.

    Example: bri-kg verify laos.json
    """
    from .verification import verify_apart

    verdict = verify_apart(file, timeout)
    answer_on_stdout(str(verdict))
    if verdict.state != "same":
        sys.stdout.flush()
        raise CheckFailed(f"The card {file} does not hold as it stands: {verdict.state}.")


@app.command()
def draw(
    name: Annotated[
        str,
        typer.Argument(
            help="A stored question with columns source and target, or @FILE with such a query.",
            autocompletion=lambda: [n for n in question_names() if n.startswith("network-")],
        ),
    ] = "network-everything",
    params: Annotated[list[str] | None, typer.Argument(help="PARAM=VALUE.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="A .html page or a still .svg.")] = Path("bri-kg.html"),
    title: Annotated[str, typer.Option(help="Title of the picture.")] = "",
    lang: Lang = "en",
) -> None:
    """Draw a network as a page that works offline, or as a still picture.

    Example: bri-kg draw network-of entity=AIIB -o aiib.html
    """
    from .pages import draw as draw_network
    from .questions import question

    kg = _graph(lang)
    given = parameters(params or [])
    answer = kg.query(_text(name)) if name.startswith("@") else kg.ask(name, **given)
    if not title and not name.startswith("@"):
        title = question(name).wording(lang) + (f" ({', '.join(given.values())})" if given else "")
    written = draw_network(kg.network(answer), output, title)
    print(word("wrote", lang, written, f"{written.stat().st_size / 1000:,.0f}"), file=sys.stderr)


@app.command()
def export(
    name: Drawn = "network-everything",
    params: Annotated[list[str] | None, typer.Argument(help="PARAM=VALUE.")] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A .graphml, .gexf, .cyjs or .csv; a .csv becomes two lists.")
    ] = Path("bri-kg.graphml"),
    through: Through = "",
    lang: Lang = "en",
) -> None:
    """Write a network for another program: Gephi, Cytoscape, igraph, a spreadsheet.

    Example: bri-kg export network-of entity=AIIB -o aiib.gexf
    """
    from .exports import export_network
    from .projections import project_actors
    from .questions import question

    kg = _graph(lang)
    given = parameters(params or [])
    answer = kg.query(_text(name)) if name.startswith("@") else kg.ask(name, **given)
    title = "" if name.startswith("@") else question(name).wording(lang)
    network = kg.network(answer)
    if through:
        network = project_actors(network, through.split(","))
    for written in export_network(network, output, title + (f" ({', '.join(given.values())})" if given else "")):
        print(word("wrote file", lang, written, f"{written.stat().st_size / 1000:,.0f}"), file=sys.stderr)


@app.command()
def measure(
    measure: Annotated[
        str,
        typer.Argument(
            help="What is measured; --list shows all.",
            autocompletion=lambda: [
                *("betweenness", "brokers", "communities", "cores", "degree"),
                *("eigenvector", "meetings", "pagerank", "phases"),
            ],
        ),
    ] = "",
    name: Drawn = "network-everything",
    params: Annotated[list[str] | None, typer.Argument(help="PARAM=VALUE.")] = None,
    list_them: Annotated[bool, typer.Option("--list", help="List the measures, each with range and source.")] = False,
    top: Annotated[int | None, typer.Option(help="Only so many rows.")] = None,
    through: Through = "",
    since: Annotated[str, typer.Option(help="For phases: the first day of the second.")] = "2018-09-01",
    cite: Annotated[bool, typer.Option("--cite", help="Show under each row the sentences it stands on.")] = False,
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """Measure a network: who is central, belongs together, stands between, meets; what the second phase changed.

    Example: bri-kg measure betweenness network-documents --top 5
    """
    from .measures import MEASURES, list_measures, measure_network

    wanted = output_format(format)
    if list_them:
        answer_on_stdout(rows_to_format(wanted, *list_measures(known_language(lang)), lang))
        return
    if not measure:
        raise UsageError(f"Which measure? Choose {', '.join(MEASURES)}; 'bri-kg measure --list' explains them.")
    kg = _graph(lang)
    answer = kg.query(_text(name)) if name.startswith("@") else kg.ask(name, **parameters(params or []))
    table = measure_network(kg.network(answer), measure, through.split(",") if through else (), since)
    answer_on_stdout((table if top is None else table.top(top)).to_format(wanted, cite))


@app.command()
def chart(
    name: Annotated[
        str,
        typer.Argument(
            help="A chart that --list names.", autocompletion=lambda: [row[0] for row in _chart_rows("en")[1]]
        ),
    ] = "",
    params: Annotated[list[str] | None, typer.Argument(help="PARAM=VALUE.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .html page, or a still .svg, .png or .pdf.")
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List the charts, what each shows, and its parameters.")
    ] = False,
    format: Format = "",
    lang: Lang = "en",
) -> None:
    """Draw a timeline, a matrix of attitudes, figures or a map, with the sentences behind every mark.

    Example: bri-kg chart --list
    """
    if listed:
        columns, rows = _chart_rows(known_language(lang))
        answer_on_stdout(rows_to_format(output_format(format), columns, rows, known_language(lang)))
        return
    if not name:
        raise UsageError(
            "Name a chart, as in: bri-kg chart timeline -o timeline.html; 'bri-kg chart --list' lists them."
        )
    from .charts import make_chart

    drawn = make_chart(_graph(lang), name, **parameters(params or []))
    written = drawn.save(output or Path(f"bri-kg-{name}.html"))
    print(word("chart wrote", lang, written, f"{written.stat().st_size / 1000:,.0f}"), file=sys.stderr)


def _chart_rows(language: str) -> tuple[list[str], list[list[str]]]:
    from .charts import chart_rows

    return chart_rows(language)


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
    from .ledger import audit_rows, coverage_by, silent_segments, wrong_digests

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
    from .checks import find_faults, findings_about_paper

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
