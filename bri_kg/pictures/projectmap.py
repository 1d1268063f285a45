"""The map of projects: a symbol for each host country on the outlines of the region; no site and no route, since the paper gives none."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..names import PREFIXES, shorten
from ..wording import word
from .marks import INK, Marks, Row, behind, cut, inline, iri_of, records, tooltips

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["plot_projects", "project_marks", "region"]

_POINT = re.compile(r"POINT ?\((\S+) (\S+)\)$")
_TOOLTIP = {"country": "country", "names": "projects", "sentences": "sentences"}


@cache
def region() -> dict[str, Any]:
    """Return the outlines of the region, and which of them are states of the graph; see ``outlines/README.md``."""
    path = Path(__file__).with_name("outlines") / "region.geojson"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def project_marks(kg: KnowledgeGraph) -> Marks:
    """Return one row for each project and host country of the question ``projects``, with the country's label point where there is one.

    No project has a place of its own here, since the paper gives no coordinates; ``extra`` holds one row for each country.
    """
    points = _label_points(kg)
    language = kg.language
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in records(kg, "projects"):
        one = found.setdefault((iri_of(row["country"]), iri_of(row["project"])), {"kinds": set(), "graphs": set()})
        one["kinds"].add(iri_of(row["kind"]))
        one["graphs"] |= {iri_of(row["segment"])} - {""}
    rows: list[Row] = []
    for (country, project), one in found.items():
        graphs = one["graphs"] or _graphs_of(kg, project)
        rows.append(
            {
                "project": kg.labels.label(project),
                "kind": word("join", language).join(sorted(map(kg.labels.label, one["kinds"]))),
                "state": shorten(country) if country else "",
                "country": kg.labels.label(country) if country else word("chart no host", language),
                "point": points.get(shorten(country)) if country else None,
                **behind(kg, graphs, [project]),
            }
        )
    rows.sort(key=lambda row: (not row["point"], not row["state"], row["country"], row["project"]))
    places = []
    for country in dict.fromkeys(row["country"] for row in rows if row["point"]):
        there = [row for row in rows if row["country"] == country]
        places.append(
            {
                "country": country,
                "longitude": there[0]["point"][0],
                "latitude": there[0]["point"][1],
                "projects": len(there),
                "names": "\n".join(row["project"] for row in there),
                "sentences": "\n".join(dict.fromkeys(line for row in there for line in row["sentences"].split("\n"))),
            }
        )
    notes = [word("chart places", language), word("chart borders", language)]
    return Marks(rows, notes, places)


def _label_points(kg: KnowledgeGraph) -> dict[str, list[float]]:
    """Return longitude and latitude of the label points that the graph has of the states of the region (``graph_data/geometry``)."""
    lands = {feature["properties"].get("state") for feature in region()["features"]}
    rows = kg.query("SELECT ?state ?wkt { ?state a bri:State ; geo:hasGeometry/geo:asWKT ?wkt } ORDER BY ?state ?wkt")
    found = {}
    for row in rows.to_dicts():
        state, match = shorten(row["state"] or ""), _POINT.search(row["wkt"] or "")
        if match and state in lands:
            found[state] = [float(match[1]), float(match[2])]
    return found


def _graphs_of(kg: KnowledgeGraph, iri: str) -> set[str]:
    """Return the segments that speak of a node at all."""
    node = ox.NamedNode(iri)
    quads = [*kg.store.quads_for_pattern(node, None, None, None), *kg.store.quads_for_pattern(None, None, node, None)]
    return {
        iri_of(quad.graph_name)
        for quad in quads
        if iri_of(quad.graph_name).startswith((PREFIXES["segment"], PREFIXES["erratum"]))
    }


def plot_projects(marks: Marks, language: str) -> Any:
    """Draw the lands alike, a numbered symbol at the label point of each host country, and beside the map the projects by country."""
    import altair as alt

    width, height, scale = 600, 500, 665
    projection = alt.Projection(type="mercator", scale=scale, center=[116.3, 9.2], translate=[width / 2, height / 2])
    shapes = [
        {"type": "Feature", "properties": {}, "geometry": feature["geometry"]} for feature in region()["features"]
    ]
    land = alt.Chart(alt.InlineData(values=shapes)).mark_geoshape(
        fill="#e9edf0", stroke="#aeb7bf", strokeWidth=0.6, clip=True
    )
    starts = {row["country"]: number for number, row in reversed(list(enumerate(marks.rows)))}
    places = [{**place, "row": starts[place["country"]], "count": str(place["projects"])} for place in marks.extra]
    tooltip = tooltips(_TOOLTIP, language)
    base = alt.Chart(inline(places)).encode(
        longitude=alt.Longitude(field="longitude", type="quantitative"),
        latitude=alt.Latitude(field="latitude", type="quantitative"),
    )
    most = max((place["projects"] for place in places), default=1)
    dots = base.mark_circle(color="#D55E00", opacity=1, stroke="#ffffff", strokeWidth=1).encode(
        size=alt.Size(
            field="projects",
            type="quantitative",
            scale=alt.Scale(domain=[0, most], range=[0, 150 * most]),
            legend=alt.Legend(
                title=word("chart number of projects", language),
                values=sorted({1, most}),
                format="d",
                orient="none",
                legendX=10,
                legendY=height - 92,
                symbolFillColor="#D55E00",
                symbolStrokeColor="#ffffff",
                fillColor="#ffffffdd",
                padding=6,
            ),
        ),
        tooltip=tooltip,
    )
    numbers = base.mark_text(color="#ffffff", fontWeight="bold", fontSize=11, baseline="middle").encode(
        text=alt.Text(field="count", type="nominal"), tooltip=tooltip
    )
    halo, names = (
        base.mark_text(align="left", baseline="middle", dx=17, fontSize=12, fontWeight="bold", **look).encode(
            text=alt.Text(field="country", type="nominal")
        )
        for look in ({"stroke": "#ffffff", "strokeWidth": 3, "strokeJoin": "round", "color": "#ffffff"}, {"color": INK})
    )
    picture = alt.layer(land, dots, halo, numbers, names).properties(width=width, height=height, projection=projection)
    lines: list[dict[str, Any]] = []
    for number, row in enumerate(marks.rows):
        if not lines or lines[-1]["country"] != row["country"]:
            offset = 0 if not lines else lines[-1]["y"] + 21
            lines.append(
                {
                    "country": row["country"],
                    "names": "",
                    "sentences": "",
                    "text": row["country"],
                    "y": offset,
                    "head": True,
                    "row": -1,
                }
            )
        lines.append(
            {
                **row,
                "names": f"{row['project']} ({row['kind']})",
                "text": cut(f"{row['project']} ({row['kind']})", 96),
                "y": lines[-1]["y"] + 14,
                "head": False,
                "row": number,
            }
        )
    down = alt.Scale(domain=[0, height], range=[0, height], nice=False)

    def column(head: bool, **look: Any) -> Any:
        return (
            alt.Chart(inline([one for one in lines if one["head"] == head]))
            .mark_text(align="left", baseline="top", color=INK, **look)
            .encode(
                x=alt.value(0 if head else 8),
                y=alt.Y(field="y", type="quantitative", scale=down, axis=None),
                text=alt.Text(field="text", type="nominal"),
                **({} if head else {"tooltip": tooltip}),
            )
        )

    beside = alt.layer(column(True, fontSize=11.5, fontWeight="bold"), column(False, fontSize=10.5)).properties(
        width=470, height=height, view=alt.ViewConfig(stroke=None)
    )
    return alt.hconcat(picture, beside, spacing=18)
