"""Pictures of networks: one self-contained HTML page that works offline, or a still SVG; both show their sentences or their source.

pyvis builds nodes, edges and options and brings the vis-network script, which is put into the page. The template is ours, since pyvis's own
reaches for the network, runs markup from data and settles by physics. Data enters the page as JSON that the script reads as text only, and
a content security policy forbids every request.
"""

from __future__ import annotations

import json
import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import LimitError, UsageError
from .layout import FAMILIES, Look, look, place_labels, place_nodes
from .wording import FACTUAL, PAGE_WORDS, word
from .writing import write_whole

if TYPE_CHECKING:
    import networkx

__all__ = ["MAX_NODES", "draw", "page_environment", "script_json"]

#: No library in a browser stays usable beyond this without a graphics card.
MAX_NODES = 5000


def draw(network: networkx.MultiDiGraph, path: str | Path, title: str = "") -> Path:
    """Write ``network`` to ``path`` as a page (``.html``) or a still picture (``.svg``) and return the path.

    ``title`` stands over the picture; by default the network's own. Words of ours are in the network's ``language``. The file is written whole
    or not at all. Raises UsageError for an empty network or another kind of file, LimitError for more than ``MAX_NODES`` nodes.
    """
    path = Path(path)
    makers = {".html": _page, ".svg": _still}
    if path.suffix not in makers:
        raise UsageError(f"{path.name}: a picture is written as .html or .svg; choose one of these endings.")
    if not network:
        raise UsageError("There is nothing to draw: the network has no nodes. Check the query or its parameters.")
    if len(network) > MAX_NODES:
        raise LimitError(
            f"The network has {len(network):,} nodes; at most {MAX_NODES:,} are drawn. Draw a part of it, such as one entity's world."
        )
    title = title or network.graph.get("title") or word("network", _language(network))
    write_whole({path: makers[path.suffix](network, title).encode("utf-8", "replace")})
    return path


def _language(network: networkx.MultiDiGraph) -> str:
    return str(network.graph.get("language", "en"))


@cache
def page_environment() -> Any:
    """Return the environment of the page templates, which escapes every text."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        finalize=_without_controls,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _without_controls(value: object) -> object:
    """Replace the characters of a text that no XML file may hold; markup of ours passes."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value)


def _say(language: str, key: str, *values: object) -> str:
    return word(key, language, *values)


def script_json(data: object) -> Any:
    """Return ``data`` as JSON that cannot end the script element it stands in."""
    import markupsafe

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return markupsafe.Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _pyvis(network: networkx.MultiDiGraph) -> Any:
    """Return the pyvis network: places fixed beforehand, parallel edges curved apart, no physics."""
    from pyvis.network import Network

    picture = Network(directed=True, cdn_resources="in_line")
    degree = dict(network.degree())
    for node, (x, y) in place_nodes(network).items():
        kind = network.nodes[node].get("type", "")
        size = 9 + min(22, 3 * degree[node] ** 0.6)
        appearance = look(kind)
        picture.add_node(
            node,
            label=str(network.nodes[node].get("label", node)),
            shape=appearance.shape,
            color=appearance.colour,
            x=x,
            y=y,
            size=round(size, 1),
        )
    seen: dict[tuple[str, str], int] = {}
    for number, (source, target, data) in enumerate(network.edges(data=True)):
        pair = (min(source, target), max(source, target))
        lane = seen[pair] = seen.get(pair, -1) + 1
        side = 1 if source == pair[0] else -1
        roundness = round(side * (0.12 + 0.16 * (lane // 2)) * (1 if lane % 2 == 0 else -1), 2) if lane else 0.0
        smooth = {"enabled": bool(roundness), "type": "curvedCW", "roundness": roundness}
        picture.add_edge(
            source,
            target,
            id=number,
            smooth=smooth,
            dashes=bool(data.get("voice")) and not FACTUAL & set(data["voice"].split("; ")),
        )
    picture.toggle_physics(False)
    return picture


def _page(network: networkx.MultiDiGraph, title: str) -> str:
    import markupsafe
    import pyvis

    language = _language(network)
    picture = _pyvis(network)
    for edge in picture.edges:
        edge.pop("arrows", None)  # said once in the options
    details = {
        "nodes": {
            node: {key: data[key] for key in ("kind", "names", "earliest", "latest") if data.get(key)}
            for node, data in network.nodes(data=True)
        },
        "edges": [
            {key: data.get(key, "") for key in ("label", "relation", "earliest", "latest", "segments", "voice")}
            | ({"voices": voices} if len(set((voices := data.get("voices", {})).values())) > 1 else {})
            for _, _, data in network.edges(data=True)
        ],
        "sentences": network.graph.get("sentences", {}),
        "words": {key: word(key, language) for key in PAGE_WORDS} | {"factual": sorted(FACTUAL)},
    }
    library = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    here = Path(__file__).with_name("templates")
    script = library.read_text(encoding="utf-8").replace("</script", "<\\/script").split("//# sourceMappingURL")[0]
    return str(
        page_environment()
        .get_template("network.html.jinja")
        .render(
            title=title,
            language="zh-Hans" if language.startswith("zh") else "en",
            say=partial(_say, language),
            kinds=_kinds(network),
            relations=_relations(network),
            years=_years(network),
            counts=(len(network), network.number_of_edges()),
            picture=script_json({"nodes": picture.nodes, "edges": picture.edges}),
            details=script_json(details),
            library=markupsafe.Markup(script),
            script=markupsafe.Markup((here / "network.js").read_text(encoding="utf-8")),
            style=markupsafe.Markup((here / "network.css").read_text(encoding="utf-8")),
        )
    )


def _kinds(network: networkx.MultiDiGraph) -> list[dict[str, Any]]:
    counts: dict[tuple[int, str, Look], int] = {}
    order = {family: place for place, family in enumerate(FAMILIES.values())}
    for _, data in network.nodes(data=True):
        appearance = look(data.get("type", ""))
        key = (order.get(appearance, len(order)), str(data.get("kind", word("node", _language(network)))), appearance)
        counts[key] = counts.get(key, 0) + 1
    return [
        {"kind": kind, "count": counts[place, kind, seen], "colour": seen.colour, "shape": seen.shape}
        for place, kind, seen in sorted(counts)
    ]


def _relations(network: networkx.MultiDiGraph) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for _, _, data in network.edges(data=True):
        counts[data.get("label", "")] = counts.get(data.get("label", ""), 0) + 1
    return [{"label": label, "count": counts[label]} for label in sorted(counts)]


def _years(network: networkx.MultiDiGraph) -> tuple[int, int] | None:
    dates = [data.get(key, "") for _, data in network.nodes(data=True) for key in ("earliest", "latest")]
    dates += [data.get(key, "") for _, _, data in network.edges(data=True) for key in ("earliest", "latest")]
    years = [int(date[:4]) for date in dates if date[:4].isdigit()]
    return (min(years), max(years)) if years else None


def _still(network: networkx.MultiDiGraph, title: str) -> str:
    places = place_nodes(network)
    width, height, margin = 1280.0, 860.0, 70.0
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    across, down = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    spot = {
        node: (
            round(margin + (x - min(xs)) / across * (width - 2 * margin - 200), 1),
            round(margin + 30 + (y - min(ys)) / down * (height - 2 * margin - 70), 1),
        )
        for node, (x, y) in places.items()
    }
    degree = dict(network.degree())
    sizes = {node: round(4 + min(12, 1.6 * degree[node] ** 0.6), 1) for node in network}
    ranked = sorted(degree, key=lambda node: (-degree[node], node))
    labels = {node: _shortened(str(network.nodes[node].get("label", node))) for node in ranked}
    families = sorted({look(data.get("type", "")) for _, data in network.nodes(data=True)})
    language = _language(network)
    placed = place_labels(spot, labels, sizes, [(width - 215, 70, width, 90 + 24 * len(families)), (0, 0, width, 60)])
    nodes = [
        {
            "x": spot[node][0],
            "y": spot[node][1],
            "size": sizes[node],
            "label": labels[node] if node in placed else "",
            "place": placed.get(node),
            "look": look(network.nodes[node].get("type", "")),
        }
        for node in sorted(network)
    ]
    ties = sorted({(a, b) for a, b in network.edges()})
    return str(
        page_environment()
        .get_template("network.svg.jinja")
        .render(
            title=title,
            say=partial(_say, language),
            width=width,
            height=height,
            nodes=nodes,
            families=[family._replace(family=word(family.family, language)) for family in families],
            lines=[(*spot[a], *spot[b]) for a, b in ties],
            counts=(len(network), network.number_of_edges()),
        )
    )


def _shortened(label: str, most: int = 34) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
