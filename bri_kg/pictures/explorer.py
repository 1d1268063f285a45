"""The network explorer: one page for any network, whose data stand in it as short columns that its scripts read as text only.

Each text that comes more than once is written once and named by its number; places are whole numbers, so that a page of 2,000 nodes stays light.
The scripts are the files ``templates/network-*.js``, put into the page one after the other.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import DataError
from ..names import BASE, PREFIXES
from ..networks.behind import source_of
from ..networks.phases import SECOND_PHASE
from ..wording import word
from ..writing import TEMPLATES
from .explorer_words import SCRIPT_WORDS, page_word
from .layout import FAMILIES, Look, look, place_nodes, push_apart
from .pages import page_environment, script_json, without_controls

if TYPE_CHECKING:
    import networkx

__all__ = ["explorer_data", "explorer_page"]

#: The parts of the page's script, in the order in which they run.
_SCRIPTS = ("data", "filter", "picture", "details", "path", "table", "still", "take", "link", "move", "keys", "start")
_LIBRARY = ("templates", "lib", "vis-9.1.2", "vis-network.min.js")
#: How much wider than high the picture's part of a window is.
_WINDOW = 1.2
#: Beyond so many relations, parallel ones are bundled at first.
_BUNDLED_FROM = 400
#: Sorts of voice, in the order in which they are listed.
_VOICES = ("fact", "corrected", "own view", "views of others", "other voices", "voice of links", "voice of records")
#: Kinds of graphs that are no segments and can be behind an edge; their ids have these prefixes.
_BESIDE = ("dataset", "mapping", "mapping-set", "record")


class _Strings:
    """Texts, each kept once; ``number`` says where."""

    def __init__(self) -> None:
        self.all: list[str] = [""]
        self._places = {"": 0}

    def number(self, text: str) -> int:
        place = self._places.setdefault(text, len(self.all))
        if place == len(self.all):
            self.all.append(text)
        return place


class Spoken(NamedTuple):
    """A voice as the filters know it: its sort, and the labels of those whose view it is."""

    sort: str
    holders: tuple[str, ...]


def read_voice(voice: str, language: str) -> Spoken:
    """Return the sort and holders of a voice as :mod:`bri_kg.citing.sources` words it; of several, joined by ``; ``, the first sort that is there."""
    before, after = word("held", language, "\0").split("\0")
    sorts, holders = set(), []
    for part in voice.split("; "):
        if part == word("own view", language):
            sorts.add("own view")
            holders.append(word("authors", language))
        elif part in (word("fact", language), word("corrected", language)):
            sorts.add("fact" if part == word("fact", language) else "corrected")
        elif part in (word("link voice", language), word("record voice", language), word("dataset voice", language)):
            sorts.add("voice of links" if part == word("link voice", language) else "voice of records")
        elif part.startswith(before) and part.endswith(after) and len(part) > len(before + after):
            sorts.add("views of others")
            holders += _plain(part.removeprefix(before).removesuffix(after)).split(word("join", language))
        else:
            sorts.add("other voices")
    return Spoken(min(sorts, key=_VOICES.index), tuple(dict.fromkeys(holders)))


def explorer_data(network: networkx.MultiDiGraph) -> dict[str, Any]:
    """Return what the page's script needs of ``network``: columns of nodes, edges and sentences, and the strings that they number.

    ``nodes.id`` is short for ``base`` + id, or, after a ``~``, the whole name. An edge's ``said`` names one of ``said``: pairs of the numbers of a
    sentence and a voice. Betweenness and PageRank are in millionths.
    """
    language = str(network.graph.get("language", "en"))
    strings = _Strings()
    places, number = _places(network), {node: place for place, node in enumerate(network)}
    looks = {seen: place for place, seen in enumerate(dict.fromkeys((*FAMILIES.values(), look(""))))}
    told = {one: place for place, one in enumerate(network.graph.get("sentences", {}))}
    voices: dict[str, int] = {}
    said: dict[tuple[int, ...], int] = {}
    nodes: dict[str, list[Any]] = {key: [] for key in ("id", "label", "names", "kind", "look", "x", "y", "from", "to")}
    for node, data in network.nodes(data=True):
        label, (x, y) = str(data.get("label", node)), places[node]
        names = [name for name in data.get("names", ()) if name != label]
        row = (
            _short(str(node)),
            label,
            names or 0,
            strings.number(_plain(data.get("kind") or word("node", language))),
            looks[look(data.get("type", ""))],
            round(x),
            round(y),
            strings.number(str(data.get("earliest", ""))),
            strings.number(str(data.get("latest", ""))),
        )
        for column, value in zip(nodes.values(), row, strict=True):
            column.append(value)
    edges: dict[str, list[int]] = {key: [] for key in ("source", "target", "label", "relation", "from", "to", "said")}
    for source, target, data in network.edges(data=True):
        spoken = data.get("voices") or {}
        pairs: list[int] = []
        for one in data.get("segments", ()):
            voice = str(spoken.get(one) or data.get("voice", ""))
            pairs += (told.setdefault(one, len(told)), voices.setdefault(voice, len(voices)))
        if not pairs and data.get("voice"):
            pairs = [-1, voices.setdefault(str(data["voice"]), len(voices))]
        row_of_edge = (
            number[source],
            number[target],
            strings.number(_plain(data.get("label", ""))),
            strings.number(_short(str(data.get("relation", "")))),
            strings.number(str(data.get("earliest", ""))),
            strings.number(str(data.get("latest", ""))),
            said.setdefault(tuple(pairs), len(said)),
        )
        for name, value in zip(edges, row_of_edge, strict=True):
            edges[name].append(value)
    return {
        "base": BASE,
        "ontology": PREFIXES["bri"],
        "segment": PREFIXES["segment"],
        "beside": {prefix: PREFIXES[prefix] for prefix in _BESIDE},
        "strings": strings.all,
        "looks": [(word(seen.family, language), seen.colour, seen.shape) for seen in looks],
        "nodes": nodes | _measures(network),
        "edges": edges,
        "said": [*said],
        "voices": [(voice, *_numbered(read_voice(voice, language))) for voice in voices],
        "sentences": _sentences(network.graph.get("sentences", {}), told, strings),
        "phase": SECOND_PHASE,
        "bundle": network.number_of_edges() > _BUNDLED_FROM,
    }


def _places(network: networkx.MultiDiGraph) -> dict[Any, tuple[float, float]]:
    """Return the places of the nodes in the window: as in a still picture, but closer, filling the window, and none on another."""
    places = place_nodes(network)
    wide, high = (
        max(spot[axis] for spot in places.values()) - min(spot[axis] for spot in places.values()) for axis in (0, 1)
    )
    spread = 0.6 * max(1.0, (150 / len(network)) ** 0.3)
    narrower = min(max(_WINDOW * high / wide, 0.6), 1.7) ** 0.5 if wide and high else 1.0
    places = {node: (x * spread * narrower, y * spread / narrower) for node, (x, y) in places.items()}
    sizes = {node: 8 + min(19, 2.6 * degree**0.6) for node, degree in network.degree()}
    return push_apart(places, sizes, 24 if len(network) < 60 else 6, 60 if len(network) <= 600 else 4)


def _plain(text: object) -> str:
    """Return a text that is the same in an attribute of the page and in its data, so that a filter finds what it names."""
    return str(without_controls(str(text).replace("\r\n", "\n").replace("\r", "\n")))


def _short(iri: str) -> str:
    short = iri.removeprefix(BASE)
    return short if short != iri and not short.startswith("~") else "~" + iri


def _numbered(spoken: Spoken) -> tuple[int, list[str]]:
    return _VOICES.index(spoken.sort), [*spoken.holders]


def _measures(network: networkx.MultiDiGraph) -> dict[str, list[int]]:
    """Return betweenness and PageRank of each node in millionths, in the order of the nodes."""
    from ..names import shorten
    from ..networks.measures import rank_by_betweenness, rank_by_pagerank

    found: dict[str, list[int]] = {}
    for name, rank in (("betweenness", rank_by_betweenness), ("pagerank", rank_by_pagerank)):
        table = rank(network)
        values = dict(zip(table.column("node"), table.column(name), strict=True))
        found[name] = [round(1e6 * float(values[shorten(str(node))] or 0)) for node in network]
    return found


def _sentences(sentences: dict[str, dict[str, Any]], told: dict[str, int], strings: _Strings) -> dict[str, list[Any]]:
    """Return the columns of the sentences in the order of ``told``; of works the text and, where the graph has one, the address."""
    columns: dict[str, list[Any]] = {key: [] for key in ("id", "reference", "gist", "notes", "works")}
    for one in told:
        known = sentences.get(one, {})
        links = known.get("links") or {}
        columns["id"].append(one)
        columns["reference"].append(str(known.get("reference", "")))
        columns["gist"].append(str(known.get("gist", "")))
        columns["notes"].append(str(known.get("notes", "")))
        columns["works"].append(
            [(strings.number(str(work)), strings.number(str(links.get(work, "")))) for work in known.get("works", ())]
        )
    return columns


def explorer_page(network: networkx.MultiDiGraph, title: str) -> str:
    """Return the page of ``network`` under ``title``, whole and self-contained."""
    import markupsafe

    language = str(network.graph.get("language", "en"))
    data = explorer_data(network)
    data["title"] = title
    data["source"] = source_of(network, language)
    data["ends"] = [[*network].index(end) for end in network.graph.get("ends", ()) if end in network]
    data["language"] = "zh-Hans" if language.startswith("zh") else "en"
    data["words"] = {key: page_word(key, language) for key in SCRIPT_WORDS}
    script = "\n".join((TEMPLATES / f"network-{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    spoken = [read_voice(voice, language) for voice in _edge_voices(network)]
    holders = _counted(holder for one in spoken for holder in one.holders)
    sorts = _counted(one.sort for one in spoken)
    return str(
        page_environment()
        .get_template("network.html.jinja")
        .render(
            title=title,
            language=data["language"],
            say=partial(_say, language),
            kinds=_kinds(network, language),
            relations=_relations(network),
            voices=[(_VOICES.index(sort), page_word(sort, language), sorts[sort]) for sort in _VOICES if sort in sorts],
            claimants=sorted(holders.items()),
            years=_years(network),
            source=data["source"],
            beside=bool(network.graph.get("beside")),
            counts=(len(network), network.number_of_edges()),
            data=script_json(data),
            library=markupsafe.Markup(_library()),
            script=markupsafe.Markup(f'"use strict";\n(function () {{\n{script}\n}})();'),
            style=markupsafe.Markup((TEMPLATES / "network.css").read_text(encoding="utf-8")),
        )
    )


def _say(language: str, key: str, *values: object) -> str:
    return page_word(key, language, *values)


def _library() -> str:
    """Return vis-network as pyvis brings it, without importing pyvis, which takes long. Raises DataError if it is not there."""
    found = importlib.util.find_spec("pyvis")
    places = found.submodule_search_locations if found else None
    path = Path(*places, *_LIBRARY) if places else None
    if path is None or not path.exists():
        raise DataError("The script of network pages is missing; install it with: python3 -m pip install pyvis==0.3.2")
    return path.read_text(encoding="utf-8").replace("</script", "<\\/script").split("//# sourceMappingURL")[0]


def _edge_voices(network: networkx.MultiDiGraph) -> Iterable[str]:
    """Yield the different voices of each edge."""
    for *_, data in network.edges(data=True):
        yield from {*(data.get("voices") or {}).values()} or {str(data.get("voice", ""))} - {""}


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _kinds(network: networkx.MultiDiGraph, language: str) -> list[dict[str, Any]]:
    counts: dict[tuple[int, str, Look], int] = {}
    order = {family: place for place, family in enumerate(FAMILIES.values())}
    for _, data in network.nodes(data=True):
        appearance = look(data.get("type", ""))
        key = (order.get(appearance, len(order)), _plain(data.get("kind") or word("node", language)), appearance)
        counts[key] = counts.get(key, 0) + 1
    return [
        {"kind": kind, "count": counts[place, kind, seen], "colour": seen.colour, "shape": seen.shape}
        for place, kind, seen in sorted(counts)
    ]


def _relations(network: networkx.MultiDiGraph) -> list[dict[str, Any]]:
    counts = _counted(_plain(data.get("label", "")) for *_, data in network.edges(data=True))
    return [{"label": label, "count": counts[label]} for label in sorted(counts)]


def _years(network: networkx.MultiDiGraph) -> tuple[int, int] | None:
    dates = [str(data.get(key, "")) for _, data in network.nodes(data=True) for key in ("earliest", "latest")]
    dates += [str(data.get(key, "")) for *_, data in network.edges(data=True) for key in ("earliest", "latest")]
    years = [int(date[:4]) for date in dates if date[:4].isdigit()]
    return (min(years), max(years)) if years else None
