"""The commands of ``bri-kg`` that draw, measure and take away: pages and pictures of networks, exports, measures, charts.

They are added to the app of :mod:`bri_kg.commands.cli`, which imports this module when it runs a command.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from ..graph import KnowledgeGraph, load
from ..questions import view_rows, views
from ..tables import rows_to_format
from ..wording import word
from .asking import answer_on_stdout, known_language, output_format, parameters, query_text
from .cli import Format, Lang, With, app

if TYPE_CHECKING:
    import networkx

__all__: list[str] = []

Drawn = Annotated[
    str,
    typer.Argument(
        help="A stored question with columns source and target, or @FILE with such a query.",
        autocompletion=lambda: [one.name for one in views()],
    ),
]
Params = Annotated[list[str] | None, typer.Argument(help="PARAM=VALUE.")]
Through = Annotated[
    str,
    typer.Option(
        help="The actors tied by what they share instead: events, documents, undertakings, or several with commas.",
        autocompletion=lambda: ["events", "documents", "undertakings"],
    ),
]


def _graph(language: str, external: list[str] | None = None) -> KnowledgeGraph:
    return load(language=known_language(language), external=external or ())


def _view(
    name: str, params: list[str] | None, language: str, external: list[str] | None = None
) -> networkx.MultiDiGraph:
    """Return the network of a view: a stored question with its parameters, which is also its title, or ``@FILE``.

    ``external`` names imported datasets that stand beside the paper.
    """
    kg, given = _graph(language, external), parameters(params or [])
    return kg.network(kg.query(query_text(name))) if name.startswith("@") else kg.network(name, **given)


def _say_written(message: str, language: str, written: Path) -> None:
    print(word(message, language, written, f"{written.stat().st_size / 1000:,.0f}"), file=sys.stderr)


@app.command()
def draw(
    name: Drawn = "network-everything",
    params: Params = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="A .html page, or a still .svg, .png or .pdf.")] = Path(
        "bri-kg.html"
    ),
    title: Annotated[str, typer.Option(help="Title of the picture.")] = "",
    most: Annotated[
        int | None, typer.Option(help="Draw only so many nodes, those with the most relations; the title says so.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the views: name, purpose, parameters.")] = False,
    format: Format = "",
    lang: Lang = "en",
    external: With = None,
) -> None:
    """Draw a network as a page that works offline, or as a still picture, made without a browser.

    Example: bri-kg draw network-of entity=AIIB -o aiib.html
    """
    if listed:
        answer_on_stdout(rows_to_format(output_format(format), *view_rows(known_language(lang)), lang))
        return
    from ..networks.network import keep_most_tied
    from ..pictures.pages import draw as draw_network

    network = _view(name, params, lang, external)
    heading = title or network.graph.get("title", "")
    if most is not None and most < len(network):
        cut = word("cut of network", lang, f"{most:,}", f"{len(network):,}")
        network, heading = keep_most_tied(network, most), f"{heading or word('network', lang)} ({cut})"
    written = draw_network(network, output, heading)
    _say_written("wrote" if written.suffix in (".html", ".svg") else "wrote file", lang, written)


@app.command()
def export(
    name: Drawn = "network-everything",
    params: Params = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A .graphml, .gexf, .cyjs or .csv; a .csv becomes two lists.")
    ] = Path("bri-kg.graphml"),
    through: Through = "",
    lang: Lang = "en",
    external: With = None,
) -> None:
    """Write a network for another program: Gephi, Cytoscape, igraph, a spreadsheet.

    Example: bri-kg export network-of entity=AIIB -o aiib.gexf
    """
    from ..networks.exports import export_network
    from ..networks.projections import project_actors

    network = _view(name, params, lang, external)
    if through:
        network = project_actors(network, through.split(","))
    for written in export_network(network, output):
        _say_written("wrote file", lang, written)


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
    params: Params = None,
    list_them: Annotated[bool, typer.Option("--list", help="List the measures, each with range and source.")] = False,
    top: Annotated[int | None, typer.Option(help="Only so many rows.")] = None,
    through: Through = "",
    since: Annotated[str, typer.Option(help="For phases: the first day of the second.")] = "2018-09-01",
    cite: Annotated[bool, typer.Option("--cite", help="Show under each row the sentences it stands on.")] = False,
    format: Format = "",
    lang: Lang = "en",
    external: With = None,
) -> None:
    """Measure a network: who is central, belongs together, stands between, meets; what the second phase changed.

    Example: bri-kg measure betweenness network-documents --top 5
    """
    from ..networks.measures import MEASURES, list_measures, measure_network

    wanted = output_format(format)
    if list_them:
        answer_on_stdout(rows_to_format(wanted, *list_measures(known_language(lang)), lang))
        return
    if not measure:
        raise UsageError(f"Which measure? Choose {', '.join(MEASURES)}; 'bri-kg measure --list' explains them.")
    network = _view(name, params, lang, external)
    table = measure_network(network, measure, through.split(",") if through else (), since)
    answer_on_stdout((table if top is None else table.top(top)).to_format(wanted, cite))


@app.command()
def chart(
    name: Annotated[
        str,
        typer.Argument(
            help="A chart that --list names.", autocompletion=lambda: [row[0] for row in _chart_rows("en")[1]]
        ),
    ] = "",
    params: Params = None,
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
        answer_on_stdout(rows_to_format(output_format(format), *_chart_rows(known_language(lang)), lang))
        return
    if not name:
        raise UsageError(
            "Name a chart, as in: bri-kg chart timeline -o timeline.html; 'bri-kg chart --list' lists them."
        )
    from ..pictures.charts import make_chart

    drawn = make_chart(_graph(lang), name, **parameters(params or []))
    _say_written("chart wrote", lang, drawn.save(output or Path(f"bri-kg-{name}.html")))


def _chart_rows(language: str) -> tuple[list[str], list[list[str]]]:
    from ..pictures.charts import chart_rows

    return chart_rows(language)
