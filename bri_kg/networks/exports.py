"""Networks as files for other programs: GraphML, GEXF with time spans, Cytoscape JSON, CSV lists of nodes and edges.

Every attribute is kept, as text: ids of segments joined by spaces, other lists by `` | ``, the voices of sentences as ``id: voice``. A node's id
is its short name (``state:laos``), which every command takes, and its attribute ``iri`` the full one; edges are numbered, so that parallel
ones stay apart, and carry the sentences behind them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Container
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import UsageError
from ..names import shorten
from ..pictures.layout import look, place_nodes
from ..wording import word
from ..writing import write_whole
from .phases import edge_span

if TYPE_CHECKING:
    import networkx

__all__ = ["ENDINGS", "export_network"]

_GEXF = "http://gexf.net/1.3"
_VIZ = "http://gexf.net/1.3/viz"
_SHAPES = {"dot": "disc", "square": "square", "diamond": "diamond", "triangle": "triangle", "triangleDown": "triangle"}
#: Names that the formats keep for themselves; an attribute of that name gets a "_".
_TAKEN = {"node": {"id"}, "edge": {"id", "key", "source", "target", "type"}}
#: What no XML file may hold.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export_network(network: networkx.MultiDiGraph, path: str | Path, title: str = "") -> list[Path]:
    """Write ``network`` to ``path`` and return the files written; the ending says how.

    ``.graphml``; ``.gexf`` (version 1.3, opens in Gephi with places, colours and, where dates are known, a timeline); ``.cyjs`` or ``.json``
    (Cytoscape); ``.csv``, for which ``x.csv`` becomes ``x-nodes.csv`` and ``x-edges.csv``. The network stays as it is; the same network
    gives the same bytes; files are written whole or not at all.

    Raises UsageError for a network without nodes, another ending, and a place that cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in _MAKERS:
        raise UsageError(f"{path.name}: a network is exported as {', '.join(ENDINGS)}; choose one of these endings.")
    if not network:
        raise UsageError("There is nothing to export: the network has no nodes. Check the query or its parameters.")
    title = title or str(network.graph.get("title", ""))
    made = _MAKERS[path.suffix.lower()](_flat(network, title), network)
    return write_whole({path.with_name(path.stem + mark + path.suffix): data for mark, data in made.items()})


def _flat(network: networkx.MultiDiGraph, title: str) -> networkx.MultiDiGraph:
    """Return a copy with short ids, numbered edges as keys, and attributes that are texts or numbers."""
    import networkx

    flat = (networkx.MultiDiGraph if network.is_directed() else networkx.MultiGraph)()
    language = str(network.graph.get("language", "en"))
    flat.graph.update({"title": _text(title), "source": word("the paper", language), "language": language})
    kept = {key: value for key, value in network.graph.items() if key not in ("sentences", "title")}
    flat.graph.update(_values(kept))
    for node, data in network.nodes(data=True):
        values = _values(data, _TAKEN["node"])
        flat.add_node(_id(node), **{"label": _text(str(node)), "iri": _text(str(node)), **values})
    sentences = network.graph.get("sentences", {})
    for number, (source, target, data) in enumerate(network.edges(data=True), 1):
        values = _values(data, _TAKEN["edge"])
        told = [sentences[one] for one in data.get("segments", ()) if one in sentences]
        values["sentences"] = " | ".join(_text(f"{one['reference']}: {one['gist']}") for one in told)
        flat.add_edge(_id(source), _id(target), key=f"e{number}", **{"label": "", **values})
    return flat


def _id(node: object) -> str:
    return _text(shorten(str(node)))


def _text(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _values(data: dict[str, Any], taken: Container[str] = ()) -> dict[str, str | int | float]:
    """Return attributes as texts and numbers under names that are not ``taken``."""
    return {f"{key}_" if key in taken else _text(str(key)): _value(key, value) for key, value in data.items()}


def _value(key: str, value: object) -> str | int | float:
    """Return a value as a text or a number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return _text(" | ".join(f"{one}: {said}" for one, said in sorted(value.items())))
    if isinstance(value, (list, tuple, set, frozenset)):
        values = sorted(map(str, value)) if isinstance(value, (set, frozenset)) else [*map(str, value)]
        return _text((" " if key == "segments" else " | ").join(values))
    return "" if value is None else _text(str(value))


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    """Return the names of attributes, in the order in which they first come."""
    return [*dict.fromkeys(key for row in rows for key in row)]


def _graphml(flat: networkx.MultiDiGraph, _: networkx.MultiDiGraph) -> dict[str, bytes]:
    from networkx.readwrite.graphml import GraphMLWriter

    out = io.BytesIO()
    writer = GraphMLWriter(graph=flat, encoding="utf-8", prettyprint=True)
    writer.dump(out)
    return {"": out.getvalue() + b"\n"}


def _cytoscape(flat: networkx.MultiDiGraph, _: networkx.MultiDiGraph) -> dict[str, bytes]:
    import networkx

    data = networkx.cytoscape_data(flat)
    for node in data["elements"]["nodes"]:
        node["data"]["name"] = node["data"]["label"] or node["data"]["id"]
    for edge in data["elements"]["edges"]:
        edge["data"].update(id=edge["data"]["key"], interaction=edge["data"]["label"] or "related")
    data["data"] = {"name": flat.graph["title"] or "BRI-KG", **flat.graph}
    head = {"format_version": "1.0", "generated_by": f"bri-kg {__version__}", "target_cytoscapejs_version": "~3.0"}
    return {"": (json.dumps(head | data, ensure_ascii=False, indent=1) + "\n").encode()}


def _csv(flat: networkx.MultiDiGraph, _: networkx.MultiDiGraph) -> dict[str, bytes]:
    nodes = [{"id": node, **data} for node, data in flat.nodes(data=True)]
    kind = "Directed" if flat.is_directed() else "Undirected"
    edges = [
        {"source": source, "target": target, "id": key, "type": kind, **data}
        for source, target, key, data in flat.edges(keys=True, data=True)
    ]
    made = {}
    for name, rows in (("-nodes", nodes), ("-edges", edges)):
        out = io.StringIO()
        columns = _columns(rows) or ["source", "target", "id", "type"]
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        made[name] = out.getvalue().encode()
    return made


def _gexf(flat: networkx.MultiDiGraph, network: networkx.MultiDiGraph) -> dict[str, bytes]:
    """Return GEXF 1.3, which networkx reads but whose ``kind`` of edges and ``timeformat`` it does not write."""
    import xml.etree.ElementTree as ET

    ET.register_namespace("viz", _VIZ)
    root = ET.Element("gexf", {"xmlns": _GEXF, "version": "1.3"})
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = f"bri-kg {__version__}"
    ET.SubElement(meta, "description").text = " — ".join(filter(None, (flat.graph["title"], flat.graph["source"])))
    spans = [edge_span(network, *edge) for edge in network.edges(data=True)]
    lives = [_life(data) for _, data in network.nodes(data=True)]
    head = {"defaultedgetype": "directed" if flat.is_directed() else "undirected", "idtype": "string", "mode": "static"}
    if any(any(span) for span in spans + lives):
        head |= {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    graph = ET.SubElement(root, "graph", head)
    node_data = [dict(data) for _, data in flat.nodes(data=True)]
    edge_data = [dict(data) for *_, data in flat.edges(data=True)]
    labels = [[data.pop("label") for data in rows] for rows in (node_data, edge_data)]
    weights = [data.pop("weight", None) for data in edge_data]
    for name, rows in (("node", node_data), ("edge", edge_data)):
        declared = ET.SubElement(graph, "attributes", {"class": name, "mode": "static"})
        for key in _columns(
            rows
        ):  # the id is the name, since Graphology, which Gephi Lite reads with, looks at the id only
            kinds = {type(row[key]) for row in rows if key in row}
            sort = "long" if kinds == {int} else "double" if kinds <= {int, float} else "string"
            ET.SubElement(declared, "attribute", {"id": key, "title": key, "type": sort})
    places, degree = place_nodes(network), dict(network.degree())
    nodes = ET.SubElement(graph, "nodes", {"count": str(len(flat))})
    for node, key, data, label, span in zip(network, flat, node_data, labels[0], lives, strict=True):
        element = ET.SubElement(nodes, "node", {"id": key, "label": label, **_times(span)})
        _attvalues(element, data)
        seen, (x, y) = look(network.nodes[node].get("type", "")), places[node]
        red, green, blue = (str(int(seen.colour[place : place + 2], 16)) for place in (1, 3, 5))
        ET.SubElement(element, f"{{{_VIZ}}}color", {"r": red, "g": green, "b": blue})
        ET.SubElement(element, f"{{{_VIZ}}}position", {"x": str(x), "y": str(-y), "z": "0.0"})
        ET.SubElement(element, f"{{{_VIZ}}}size", {"value": str(round(9 + min(22, 3 * degree[node] ** 0.6), 1))})
        ET.SubElement(element, f"{{{_VIZ}}}shape", {"value": _SHAPES.get(seen.shape, "disc")})
    edges = ET.SubElement(graph, "edges", {"count": str(flat.number_of_edges())})
    for (source, target, key), data, label, weight, span in zip(
        flat.edges(keys=True), edge_data, labels[1], weights, spans, strict=True
    ):
        named = {"id": key, "source": source, "target": target, "label": label, **_times(span)}
        if weight is not None:
            named["weight"] = str(weight)
        if network.is_multigraph():  # Gephi merges parallel edges of one kind
            named["kind"] = shorten(str(data.get("relation") or key))
        _attvalues(ET.SubElement(edges, "edge", {name: str(value) for name, value in named.items()}), data)
    ET.indent(root)
    return {"": ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"}


def _life(data: dict[str, Any]) -> tuple[str, str]:
    first, last = str(data.get("earliest", "")), str(data.get("latest", ""))
    return ("", "") if first and last and first > last else (first, last)


def _times(span: tuple[str, str]) -> dict[str, str]:
    return {name: day for name, day in zip(("start", "end"), span, strict=True) if day}


def _attvalues(element: Any, data: dict[str, Any]) -> None:
    import xml.etree.ElementTree as ET

    values = ET.SubElement(element, "attvalues")
    for key, value in data.items():
        ET.SubElement(values, "attvalue", {"for": key, "value": str(value)})


_MAKERS: dict[str, Callable[[networkx.MultiDiGraph, networkx.MultiDiGraph], dict[str, bytes]]] = {
    ".graphml": _graphml,
    ".gexf": _gexf,
    ".cyjs": _cytoscape,
    ".json": _cytoscape,
    ".csv": _csv,
}
#: The endings that say how a network is exported.
ENDINGS = tuple(_MAKERS)
