"""Charts of what the paper says: a timeline, a matrix of attitudes, figures with their units, and a map; each with the sentences behind it.

A chart is a page that works offline (``.html``) or a still picture made without a browser (``.svg``, ``.png``, ``.pdf``). Altair describes it
and vl-convert draws it; both come with the extra ``charts``. The same graph gives the same bytes of SVG.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import UsageError
from ..wording import word
from ..writing import TEMPLATES, write_whole
from . import attitudes, figures, projectmap, timeline
from .layout import FONTS
from .marks import Marks, wrapped

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["CHARTS", "Chart", "ChartKind", "chart_rows", "make_chart"]

#: How far a chart reaches to the left of its plot: there the source line begins.
_LEFT = {"attitudes": attitudes.LEFT, "timeline": timeline.LEFT}
_ENDINGS = (".html", ".svg", ".png", ".pdf")


class ChartKind(NamedTuple):
    """A kind of chart: its name, how its rows are found and drawn, the columns of its table, and its parameters.

    A parameter has the values that it may take, the first of which it has if nothing is said; ``("",)`` stands for a free text.
    """

    name: str
    collect: Callable[..., Marks]
    plot: Callable[[Marks, str], Any]
    columns: dict[str, str]
    parameters: dict[str, tuple[str, ...]]


def _timeline(kg: KnowledgeGraph, by: str, actor: str, first: str, last: str) -> Marks:
    years = []
    for name, text in (("from", first), ("to", last)):
        if text and not re.fullmatch(r"\d{4}", text):
            raise UsageError(f"{name}={text} is no year; write it as in {name}=2013.")
        years.append(int(text) if text else None)
    return timeline.timeline_marks(kg, by, actor, *years)


CHARTS = {
    kind.name: kind
    for kind in (
        ChartKind(
            "attitudes",
            lambda kg, given: attitudes.attitude_marks(kg, given["holders"]),
            attitudes.plot_attitudes,
            {"holder": "holder", "undertaking": "undertaking", "attitude": "attitude", "voice": "voice"},
            {"holders": ("states", "all")},
        ),
        ChartKind(
            "figures",
            lambda kg, given: figures.figure_marks(kg, given["topic"]),
            figures.plot_figures,
            {"what": "what", "measure": "measure", "figure": "figure", "axis": "unit", "voice": "voice"},
            {"topic": ("economy", "trade", "finance", "other", "all")},
        ),
        ChartKind(
            "projects",
            lambda kg, given: projectmap.project_marks(kg),
            projectmap.plot_projects,
            {"project": "project", "kind": "kind", "country": "country", "voice": "voice"},
            {},
        ),
        ChartKind(
            "timeline",
            lambda kg, given: _timeline(kg, given["by"], given["actor"], given["from"], given["to"]),
            timeline.plot_timeline,
            {"what": "what", "kind": "kind", "date": "date", "actors": "actors", "voice": "voice"},
            {"by": ("kind", "actor"), "actor": ("",), "from": ("",), "to": ("",)},
        ),
    )
}


def chart_rows(language: str = "en") -> tuple[list[str], list[list[str]]]:
    """Return the charts as a table: name, purpose, parameters with their values."""
    rows = [
        [
            name,
            word(f"chart purpose {name}", language),
            " ".join(f"{key}={'|'.join(values) or '...'}" for key, values in kind.parameters.items()),
        ]
        for name, kind in sorted(CHARTS.items())
    ]
    return ["name", "purpose", "parameters"], rows


def make_chart(kg: KnowledgeGraph, name: str, **given: str) -> Chart:
    """Return the chart ``name`` of ``kg``; ``given`` are its parameters, which :func:`chart_rows` lists.

    Raises UsageError for an unknown chart, parameter or value, for nothing to draw, and where Altair is not installed.
    """
    if name not in CHARTS:
        raise UsageError(f"There is no chart '{name}'; choose {', '.join(sorted(CHARTS))}.")
    kind = CHARTS[name]
    for key, value in given.items():
        if key not in kind.parameters:
            raise UsageError(
                f"Chart '{name}' has no parameter '{key}'; it takes {', '.join(kind.parameters) or 'none'}."
            )
        if kind.parameters[key] != ("",) and value not in kind.parameters[key]:
            raise UsageError(f"{key}={value}: choose {', '.join(kind.parameters[key])}.")
    _require()
    chosen = {key: str(given.get(key, values[0])) for key, values in kind.parameters.items()}
    marks = kind.collect(kg, chosen)
    if not marks.rows:
        raise UsageError(f"There is nothing to draw in the chart '{name}': no row fits. Check its parameters.")
    return Chart(kind, marks, kg.language, chosen)


def _require() -> None:
    try:
        import altair  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise UsageError("Charts need Altair and vl-convert; run: python3 -m pip install 'bri-kg[charts]'") from error


class Chart:
    """A chart, ready to be written: ``rows`` are what it draws, each with its ``segments``; ``title``, ``notes`` and ``source`` stand by it."""

    def __init__(self, kind: ChartKind, marks: Marks, language: str, chosen: dict[str, str]) -> None:
        self.kind = kind
        self.marks = marks
        self.language = language
        self.rows = marks.rows
        choice = next((value for key, value in chosen.items() if kind.parameters[key] != ("",)), "")
        named = [f"{key}={value}" for key, value in chosen.items() if value and value != choice]
        self.title = word(f"chart title {kind.name} {choice}".rstrip(), language) + (
            f" ({', '.join(named)})" if named else ""
        )
        self.notes = [word(f"chart how {kind.name}", language), *marks.notes]

    @property
    def source(self) -> str:
        """The paper, and the pages on which the sentences behind the rows stand."""
        pages = sorted({page for row in self.rows for page in row["pages"]})
        parts = [
            word("source", self.language, word("the paper", self.language)),
            word("chart pages", self.language, _spans(pages)),
        ]
        if self.kind.name == "projects":
            parts.append(word("chart outlines", self.language))
        return " ".join(parts)

    @property
    def altair(self) -> Any:
        """The chart as Altair has it, with title, notes and source line."""
        import altair as alt

        width = 150
        title = alt.TitleParams(
            wrapped(self.title, 100).split("\n"),
            subtitle=[line for note in self.notes for line in wrapped(note, width).split("\n")],
            anchor="start",
            frame="bounds",
            fontSize=18,
            subtitleFontSize=11,
            subtitleColor="#57606a",
            subtitlePadding=6,
            offset=16,
        )
        foot = alt.Chart(alt.InlineData(values=[{"text": wrapped(self.source, width)}])).mark_text(
            align="left", baseline="top", fontSize=10.5, color="#57606a", lineBreak="\n", lineHeight=14
        )
        foot = foot.encode(
            x=alt.value(_LEFT.get(self.kind.name, 0)), y=alt.value(0), text=alt.Text(field="text", type="nominal")
        )
        foot = foot.properties(width=400, height=30, view=alt.ViewConfig(stroke=None))
        return self._dressed(alt.vconcat(self._plot(), foot, spacing=14).properties(title=title))

    def _plot(self) -> Any:
        return self.kind.plot(self.marks, self.language)

    def _dressed(self, picture: Any) -> Any:
        return (
            picture.properties(background="#ffffff", padding=16, description=f"{self.title}. {self.source}")
            .configure(font=FONTS[self.language[:2]])
            .configure_view(stroke=None)
            .configure_axis(domainColor="#8c959f", tickColor="#8c959f", labelColor="#1b1f24", titleColor="#57606a")
            .configure_legend(labelFontSize=11, titleFontSize=11)
        )

    def to_dict(self, bare: bool = False) -> dict[str, Any]:
        """Return the Vega-Lite specification; ``bare`` leaves out title, notes and source, which a page has around it."""
        import altair as alt

        picture = self._plot() if bare else self.altair
        if bare:
            # a plot alone puts its legend over texts that stand around it; as a part of a column it does not
            picture = self._dressed(alt.vconcat(picture) if isinstance(picture, alt.LayerChart) else picture)
        found: dict[str, Any] = _clean(picture.to_dict(validate=False))
        return found

    def to_svg(self) -> str:
        """Return the chart as SVG, drawn without a browser and without a request."""
        import html

        import vl_convert

        drawn = _number_clips(vl_convert.vegalite_to_svg(self.to_dict(), allowed_base_urls=[]))
        return re.sub(
            r"^(<svg [^>]*>)", lambda found: f"{found[1]}<title>{html.escape(_clean(self.title))}</title>", drawn
        )

    def to_html(self) -> str:
        """Return the chart as one page: the picture with tooltips, and under it the same rows as a table with their sentences."""
        import markupsafe

        from .pages import page_environment, script_json

        columns = {key: word(f"chart column {name}", self.language) for key, name in self.kind.columns.items()}
        return str(
            page_environment()
            .get_template("chart.html.jinja")
            .render(
                title=self.title,
                language="zh-Hans" if self.language.startswith("zh") else "en",
                notes=self.notes,
                source=self.source,
                columns=columns,
                sentences=word("chart column sentences", self.language),
                table=word("chart table", self.language, len(self.rows)),
                picture_label=word("chart picture", self.language),
                rows=self.rows,
                spec=script_json(self.to_dict(bare=True)),
                library=markupsafe.Markup(_library()),
                script=markupsafe.Markup((TEMPLATES / "chart.js").read_text(encoding="utf-8")),
                style=markupsafe.Markup((TEMPLATES / "chart.css").read_text(encoding="utf-8")),
            )
        )

    def save(self, path: str | Path) -> Path:
        """Write the chart to ``path`` by its ending and return the path; the file is written whole or not at all."""
        import vl_convert

        path = Path(path)
        if path.suffix not in _ENDINGS:
            raise UsageError(f"{path.name}: a chart is written as {', '.join(_ENDINGS)}; choose one of these endings.")
        if path.suffix == ".png":
            content = vl_convert.vegalite_to_png(self.to_dict(), scale=2, allowed_base_urls=[])
        elif path.suffix == ".pdf":
            content = vl_convert.vegalite_to_pdf(self.to_dict(), allowed_base_urls=[])
        else:
            content = (self.to_html() if path.suffix == ".html" else self.to_svg()).encode("utf-8", "replace")
        write_whole({path: content})
        return path

    def _repr_html_(self) -> str:
        """Return the page of the chart in a frame; see :mod:`bri_kg.notebook`."""
        from ..notebook import chart_to_html

        return chart_to_html(self)


@cache
def _library() -> str:
    """Return the scripts that draw a chart in a browser, as they may stand in a page; making them takes longer than all the rest."""
    import altair
    import vl_convert

    version = altair.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    bundle: str = vl_convert.javascript_bundle(None, version)  # type: ignore[arg-type]  # its stub forgets that None is allowed
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _clean(value: Any) -> Any:
    """Replace in all texts of a specification the characters that XML has no way to write."""
    if isinstance(value, str):
        return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, (list, tuple)) else value


def _number_clips(svg: str) -> str:
    """Count the clipping paths of a picture from 1; Vega counts on from one picture to the next."""
    names: dict[str, str] = {}
    return re.sub(
        r'(clip-path="url\(#|<clipPath id=")(clip\d+)',
        lambda found: found[1] + names.setdefault(found[2], f"clip{len(names) + 1}"),
        svg,
    )


def _spans(pages: list[int]) -> str:
    """Write page numbers short: ``53, 56-58``."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
