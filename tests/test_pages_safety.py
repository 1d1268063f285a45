"""No text from data runs on a page or leaves its slot; each kind of page is one that everybody can use (axe-core); limits of size and time."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest
from browsing import INJECTIONS, Open, in_xml, little

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.cards import write_card
from bri_kg.pictures.charts import make_chart
from bri_kg.pictures.pages import draw

if TYPE_CHECKING:
    from playwright.sync_api import Page

SVG = "{http://www.w3.org/2000/svg}"
AXE = Path(find_spec("axe_playwright_python").origin or "").with_name("axe.min.js")  # type: ignore[union-attr]
HELD = "held by {}, as the authors report"


def _told(text: str) -> dict[str, Any]:
    return {
        "reference": text,
        "gist": text,
        "notes": text,
        "works": [text, "linked"],
        "links": {text: text, "linked": "javascript:" + text},
    }


def _poisoned() -> networkx.MultiDiGraph:
    """Every text in every slot: node n has the nth text as label, names, kind and type; so have the edges to the next one, one a view of its."""
    network = networkx.MultiDiGraph(sentences={})
    ids = [f"https://w3id.org/bri-kg/notion/{number}?{text}" for number, text in enumerate(INJECTIONS)]
    for node, text in zip(ids, INJECTIONS, strict=True):
        network.add_node(
            node, label=text, kind=text, type=text, names=[text, f"also {text}"], earliest="2014-01-01", latest=""
        )
        network.graph["sentences"][text] = _told(text)
    for place, text in enumerate(INJECTIONS):
        dates = {"earliest": f"2014{text}", "latest": f"2015{text}"}
        for voice in (text, HELD.format(text)):
            network.add_edge(
                ids[place - 1],
                ids[place],
                label=text,
                relation=text,
                segments=[text],
                voice=voice,
                voices={text: voice},
                **dates,
            )
    return network


def test_there_are_at_least_a_hundred_different_texts() -> None:
    assert len(set(INJECTIONS)) == len(INJECTIONS) >= 100


def test_no_text_runs_on_a_page(watch: Open, tmp_path: Path) -> None:
    network = _poisoned()
    title = " ".join(INJECTIONS)
    watched = watch()
    path = draw(network, tmp_path / "poisoned.html", title)
    page = watched.open(path)
    assert page.evaluate("briNetwork.shapes.length") == len(INJECTIONS)
    assert page.evaluate("briNetwork.view.edgeOn.every(Boolean)"), "no text hides at first what it names"
    read = page.evaluate(
        """() => {
            const read = { nodes: [], edges: [], found: [], paths: [], rows: [] };
            const panel = document.getElementById("panel"), search = document.getElementById("search");
            const links = new Set();
            briNetwork.nodes.forEach((node, number) => {
                briNetwork.choose(node.id);
                read.nodes.push(panel.querySelector("h2").textContent);
                briNetwork.showEdge(2 * number);
                read.edges.push([panel.querySelector("h2").textContent, panel.querySelector(".sentence span").textContent]);
                for (const link of panel.querySelectorAll("a")) links.add(link.protocol);
                search.value = node.label;
                search.dispatchEvent(new Event("input", { bubbles: true }));
                read.found.push(document.querySelectorAll("#found button").length);
                if (number % 10 === 0) {
                    document.getElementById("path-from").value = node.label;
                    document.getElementById("path-to").value = briNetwork.nodes[(number + 2) % briNetwork.nodes.length].label;
                    document.getElementById("path-find").click();
                    briNetwork.showPath(node, briNetwork.nodes[(number + 2) % briNetwork.nodes.length], true);
                    read.paths.push(panel.querySelectorAll("li").length);
                    briNetwork.showPair(briNetwork.edges[2 * number].pair.key);
                }
            });
            document.getElementById("more").click();
            read.rows = Array.from(document.querySelectorAll("#rows tbody tr"), (row) => row.cells[0].textContent);
            read.links = Array.from(links);
            for (const name of ["source", "relation", "target", "date", "voice", "sentences"]) document.querySelector(`[data-sort=${name}]`).click();
            window.dispatchEvent(new Event("beforeprint"));
            read.still = Array.from(document.querySelectorAll("#still text"), (one) => one.textContent).length;
            window.dispatchEvent(new Event("afterprint"));
            document.getElementById("path-from").focus();
            for (const input of document.querySelectorAll("#filters input[type=checkbox]")) input.click();
            return read;
        }"""
    )
    assert read["nodes"] == INJECTIONS
    plain = {text: in_xml(text.replace("\r\n", "\n").replace("\r", "\n")) for text in INJECTIONS}
    assert sorted(map(tuple, read["edges"])) == sorted((plain[text], text) for text in INJECTIONS)
    assert all(count for count, text in zip(read["found"], INJECTIONS, strict=True) if text.strip().isprintable())
    assert set(read["paths"]) == {2}
    assert set(read["rows"]) == set(INJECTIONS)
    assert set(read["links"]) <= {"http:", "https:"}
    assert read["still"] > 10
    page.click("#reset")
    page.mouse.move(640, 400)
    for step in range(40):  # over the picture, where tooltips would come up
        page.mouse.move(300 + 15 * step, 150 + 12 * step)
    page.wait_for_timeout(400)
    assert page.evaluate("typeof window.__hit") == "undefined"
    assert watched.complaints == []
    assert {request.split("#")[0] for request in watched.requests} == {path.as_uri()}
    names = page.evaluate(
        "Array.from(new Set(Array.from(document.querySelectorAll('body *'), (one) => one.localName)))"
    )
    assert set(names) <= set(
        "header h1 h2 h3 h4 p nav label input ul ol li fieldset legend div span svg circle rect path button main canvas section footer script"
        " details summary datalist option select table thead tbody tr th td a".split()
    )
    assert page.evaluate("document.querySelectorAll('script').length") == 3
    handlers = "Array.from(document.querySelectorAll('*')).flatMap((one) => one.getAttributeNames()).filter((n) => /^on/.test(n))"
    assert page.evaluate(handlers) == []


def test_no_text_leaves_its_slot_in_a_page(watch: Open, tmp_path: Path) -> None:
    """Each text alone in all slots, so that none hides behind another; read by the browser's own parser, scripts off."""
    pages = []
    for number, text in enumerate(INJECTIONS):
        network = networkx.MultiDiGraph(sentences={text: _told(text)})
        network.add_node("a", label=text, kind=text, type=text, names=[text])
        network.add_node("b", label=text, kind=text, type=text, names=[text])
        network.add_edge("a", "b", label=text, relation=text, segments=[text], voice=HELD.format(text))
        html = draw(network, tmp_path / f"{number}.html", text).read_text(encoding="utf-8")
        before, library, after = html.split("</script>\n<script>")
        assert len(library) > 100_000  # vis-network, left out since it is long and the same each time
        pages.append(f"{before}</script>\n<script></script>\n<script>{after}")
    page = watch().page
    read = page.evaluate(
        """(pages) => pages.map((html) => {
            const page = new DOMParser().parseFromString(html, "text/html");
            const text = (query) => page.querySelector(query).textContent;
            return {
                title: text("title"), heading: text("h1"), kind: page.querySelector("#kinds input").value,
                relation: page.querySelector("#relations input").value,
                claimant: Array.from(page.querySelectorAll("#claimants input"), (one) => one.value).join(", "),
                scripts: page.querySelectorAll("script").length,
                names: Array.from(page.querySelectorAll("*"), (one) => one.localName).sort().join(" "),
                attributes: Array.from(page.querySelectorAll("*")).map((one) => one.getAttributeNames().join(",")).join(" "),
                data: text("#data"),
            };
        })""",
        pages,
    )
    for text, found in zip(INJECTIONS, read, strict=True):
        kept, plain = in_xml(text), in_xml(text.replace("\r\n", "\n").replace("\r", "\n"))
        assert (found["title"], found["heading"]) == (kept, kept)
        assert (found["kind"], found["relation"], found["scripts"]) == (plain, plain, 3)
        assert found["claimant"] == plain
        data = json.loads(found["data"])
        assert data["nodes"]["label"] == [text, text]
        assert [data["strings"][place] for place in (data["nodes"]["kind"][0], data["edges"]["label"][0])] == [
            plain,
            plain,
        ]
        assert data["voices"][0][0] == HELD.format(text)
        assert data["sentences"]["gist"] == [text]
        assert data["strings"][data["sentences"]["works"][0][0][0]] == text
        if ", " not in text:  # which stands between two claimants
            assert found["names"] == read[0]["names"], text
            assert found["attributes"] == read[0]["attributes"], text


def test_no_text_runs_in_a_still_picture(watch: Open, tmp_path: Path) -> None:
    watched = watch()
    page = watched.page
    opened = []
    for number, text in enumerate(INJECTIONS):
        network = little(label=text, relation=text, voice=text)
        network.nodes["a"].update(label=text, kind=text, type=text, names=[text])
        path = draw(network, tmp_path / f"{number}.svg", text)
        root = ET.parse(path).getroot()
        assert root.findtext(f"{SVG}title") == in_xml(text)
        page.goto(path.as_uri())
        opened.append(path.as_uri())
        assert page.evaluate("typeof window.__hit") == "undefined"
        assert page.evaluate("document.documentElement.localName") == "svg"
    assert watched.complaints == []
    assert watched.requests == opened


# Everybody's page


def _network_page(kg: KnowledgeGraph, folder: Path) -> Path:
    return draw(kg.network("network-everything"), folder / "page.html")


def _chinese_page(kg: KnowledgeGraph, folder: Path) -> Path:
    return draw(bri_kg.load(language="zh").network("network-claims"), folder / "page.html")


def _chart_page(name: str) -> Callable[[KnowledgeGraph, Path], Path]:
    return lambda kg, folder: make_chart(kg, name).save(folder / "page.html")


def _card_page(kg: KnowledgeGraph, folder: Path) -> Path:
    write_card(kg.ask("projects-in", country="Laos"), folder / "page.json")
    return folder / "page.html"


#: axe-core cannot judge contrast in a chart's drawing, where it would look for long.
_CONTRAST = "{ exclude: ['#picture svg'] }, { runOnly: ['color-contrast'] }"
_ALL_ELSE = "document, { rules: { 'color-contrast': { enabled: false } } }"


def _findings(page: "Page", *runs: str) -> list[str]:
    """What axe-core finds, with the first element concerned; what it finds serious or critical must not be."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    findings = []
    for run in runs or (_ALL_ELSE, _CONTRAST):
        found = page.evaluate(f"axe.run({run})")
        assert found["passes"]
        findings += [
            f"{one['impact']}: {one['id']}: {one['nodes'][0]['html'][:150]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    return findings


@pytest.mark.parametrize(
    "make",
    [_network_page, _chinese_page, *map(_chart_page, ("attitudes", "figures", "projects", "timeline")), _card_page],
    ids=["network", "network in Chinese", "attitudes", "figures", "projects", "timeline", "card"],
)
def test_axe_finds_nothing_serious(
    watch: Open, kg: KnowledgeGraph, tmp_path: Path, make: Callable[[KnowledgeGraph, Path], Path]
) -> None:
    page = watch().page
    path = make(kg, tmp_path)
    page.goto(path.as_uri())
    if "<script" in path.read_text(encoding="utf-8"):
        page.wait_for_selector("body[data-ready=true]")
    if page.evaluate("Boolean(window.briNetwork)"):
        page.evaluate("briNetwork.choose(0)")
    assert _findings(page) == []
    if page.evaluate("Boolean(window.briNetwork)"):
        page.evaluate("briNetwork.showPath(briNetwork.nodes[0], briNetwork.nodes[2])")
    page.emulate_media(color_scheme="dark")
    assert _findings(page, _CONTRAST) == []


def test_axe_finds_what_is_wrong(watch: Open, tmp_path: Path) -> None:
    """The check trips where it should: a picture without a text, a field without a name."""
    path = tmp_path / "x.html"
    path.write_text(
        '<!DOCTYPE html><html lang="en"><title>x</title><main><img src="data:,"><input><p style="color: #eee">too pale to read</p></main>',
        encoding="utf-8",
    )
    page = watch().page
    page.goto(path.as_uri())
    assert {one.split(": ")[1] for one in _findings(page)} == {"image-alt", "label", "color-contrast"}


# Limits


def _large(size: int, kg: KnowledgeGraph) -> networkx.MultiDiGraph:
    """A network of this size with labels, names, dates and sentences as long as those of the graph."""
    sentences = kg.network("network-everything").graph["sentences"]
    ids = sorted(sentences)
    made = networkx.MultiDiGraph(networkx.gnm_random_graph(size, 2 * size, seed=2, directed=True))
    for node in made:
        label = f"An entity with a label as long as those of the graph {node}"
        made.nodes[node].update(
            label=label, kind="State", type="State", names=[label, f"Entity {node}", f"实体名称{node}"]
        )
    for number, (*_, data) in enumerate(made.edges(data=True)):
        segments = [ids[number % len(ids)], ids[number * 7 % len(ids)]]
        data.update(
            label=f"relation {number % 30}",
            relation=f"https://w3id.org/bri-kg/ontology#r{number % 30}",
            segments=segments,
            voice="stated as fact",
        )
        data.update(earliest=f"20{number % 23:02}-01-01", latest=f"20{number % 23:02}-12-31")
    network = networkx.relabel_nodes(
        made, lambda node: f"https://w3id.org/bri-kg/project/an-entity-of-the-graph-{node}"
    )
    network.graph.update(language="en", sentences=sentences)
    return network


@pytest.mark.parametrize(("size", "kilobytes"), [(200, 1000), (2000, 1600)])
def test_a_page_is_small(watch: Open, kg: KnowledgeGraph, tmp_path: Path, size: int, kilobytes: int) -> None:
    """How soon it is ready is measured in tests/benchmarks/pages.py: timing decides no test."""
    path = draw(_large(size, kg), tmp_path / "x.html")
    watched = watch()
    watched.open(path)
    assert watched.complaints == []
    assert path.stat().st_size <= kilobytes * 1000
