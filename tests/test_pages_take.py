"""A view of the network explorer kept in its address, taken away as files, and printed."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import networkx
import pyoxigraph as ox
import pytest
from browsing import INJECTIONS, Open, in_xml, little

from bri_kg import KnowledgeGraph
from bri_kg.pictures.pages import draw

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SVG = "{http://www.w3.org/2000/svg}"
BASE = "https://w3id.org/bri-kg/"
DCTERMS, SKOS = "http://purl.org/dc/terms/", "http://www.w3.org/2004/02/skos/core#"
RDF, RDFS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#"

Take = Callable[["Page", str], tuple[str, bytes]]


@pytest.fixture(scope="module")
def positions(kg: KnowledgeGraph) -> networkx.MultiDiGraph:
    return kg.network("network-positions")


@pytest.fixture(scope="module")
def path(positions: networkx.MultiDiGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(positions, tmp_path_factory.mktemp("take") / "positions.html", "Who & what <holds>")


@pytest.fixture(scope="module")
def tab(browser: "Browser", path: Path) -> Iterator["Page"]:
    """One tab for all views; each test opens its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready=true]")
    yield page
    assert complaints == []
    context.close()


def _go(page: "Page", view: str) -> None:
    """Go to a view by its address, as a link in another page would."""
    page.evaluate("(view) => { location.hash = view; }", view)
    page.wait_for_timeout(30)


def _state(page: "Page") -> dict[str, object]:
    return page.evaluate(
        """() => ({
            on: briNetwork.view.edgeOn.map(Number).join(""),
            nodes: briNetwork.view.nodeOn.map(Number).join(""),
            panel: document.getElementById("panel").innerText,
            boxes: Array.from(document.querySelectorAll("input"), (one) => one.type === "checkbox" ? one.checked : one.value),
            selects: Array.from(document.querySelectorAll("select"), (one) => one.value),
            rows: document.querySelector("#rows tbody").innerText,
            lines: briNetwork.lines.get().map((line) => [String(line.id), line.hidden, line.width]),
            sizes: briNetwork.shapes.get().map((shape) => shape.size),
        })"""
    )


def _take(page: "Page", form: str) -> tuple[str, bytes]:
    with page.expect_download() as caught:
        page.click(f'[data-take="{form}"]')
    return caught.value.suggested_filename, Path(caught.value.path()).read_bytes()


# Addresses


def test_a_view_comes_back_from_its_address(watch: Open, tab: "Page", path: Path) -> None:
    _go(tab, "")
    tab.locator("#relations input").nth(1).uncheck()
    tab.locator("#kinds input").first.uncheck()
    tab.click("#claimants [data-no]")
    tab.locator("#claimants input").nth(2).check()
    tab.uncheck("#undated")
    tab.locator("#phases input").first.uncheck()
    tab.fill("#from", "2014")
    tab.press("#from", "Enter")
    tab.fill("#search", "Sing & <b>")
    tab.select_option("#size", "pagerank")
    tab.check("#bundle")
    tab.click('[data-sort="target"]')
    tab.click('[data-sort="target"]')
    for choice in ("choose(3)", "showEdge(5)", "showPath(briNetwork.nodes[0], briNetwork.nodes[4])"):
        tab.evaluate(f"briNetwork.{choice}")
        tab.wait_for_function(
            "() => location.hash.length > 1 && location.hash === document.getElementById('link').hash"
        )
        tab.wait_for_timeout(250)
        fresh = watch()
        fresh.page.goto(path.as_uri() + tab.evaluate("location.hash"))
        fresh.page.wait_for_selector("body[data-ready=true]")
        assert _state(fresh.page) == _state(tab)
        assert fresh.complaints == []
    assert tab.evaluate("history.length") <= 4, "a view takes no step of its own in the history"


def test_a_neighbourhood_and_a_bundle_come_back(watch: Open, tab: "Page", path: Path) -> None:
    for act in (
        "briNetwork.choose(2); document.getElementById('focus').value = '1'; briNetwork.refresh();",
        "briNetwork.showPair([...new Set(briNetwork.edges.map((edge) => edge.pair.key))][0]);",
    ):
        _go(tab, "")
        tab.evaluate(f"() => {{ {act} }}")
        tab.wait_for_timeout(250)
        fresh = watch()
        fresh.page.goto(path.as_uri() + tab.evaluate("location.hash"))
        fresh.page.wait_for_selector("body[data-ready=true]")
        assert _state(fresh.page) == _state(tab)


def test_the_link_to_the_view_is_the_address(tab: "Page") -> None:
    _go(tab, "n=" + quote("state/singapore", safe=""))
    assert tab.inner_text("#panel h2") == "Singapore"
    tab.wait_for_timeout(250)
    assert tab.get_attribute("#link", "href") == tab.evaluate("location.hash") == "#n=state%2Fsingapore"
    tab.go_back()
    tab.go_forward()
    assert tab.inner_text("#panel h2") == "Singapore"


def test_no_address_does_harm(tab: "Page") -> None:
    start = _state_of_the_whole(tab)
    keys = [
        "k",
        "k+",
        "r",
        "r+",
        "v",
        "c",
        "h",
        "y",
        "u",
        "q",
        "n",
        "e",
        "o",
        "p",
        "f",
        "m",
        "b",
        "s",
        "__proto__",
        "constructor",
    ]
    views = [
        urlencode([(key, text.encode("utf-8", "replace").decode()) for key in keys for _ in range(2)])
        for text in INJECTIONS
    ]
    views += [
        "%",
        "%ff%fe",
        "&&&&",
        "n",
        "=",
        "n=%00",
        "y=9999999-1",
        "y=--",
        "p=a&p=b&p=c",
        "s=__proto__",
        "s=-toString",
        "f=99",
        "n=__proto__",
        "x" * 100_000,
    ]
    views += ["q=" + "z" * 90_000, "o=state/singapore&o=state/singapore", "e=" + "%20" * 300]
    for view in views:
        tab.evaluate(
            "(view) => { location.hash = view; window.dispatchEvent(new HashChangeEvent('hashchange')); }", view
        )
        assert tab.evaluate("typeof window.__hit") == "undefined"
        assert tab.evaluate("document.querySelectorAll('script').length") == 3
    assert tab.evaluate("Object.keys(Object.prototype)") == []
    assert _state_of_the_whole(tab) == start


def _state_of_the_whole(tab: "Page") -> dict[str, object]:
    _go(tab, "x=1")
    return _state(tab)


# Taken away


def test_what_is_visible_is_taken_as_csv(tab: "Page", positions: networkx.MultiDiGraph) -> None:
    _go(tab, "")
    tab.click("#reset")
    name, content = _take(tab, "CSV")
    assert name == "Who-what-holds.csv"
    rows = [*csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
    edges = [*positions.edges(data=True)]
    assert len(rows) == len(edges)
    for row, (source, target, data) in zip(rows, edges, strict=True):
        assert (row["source_iri"], row["target_iri"]) == (source, target)
        assert (row["source"], row["target"]) == tuple(positions.nodes[end]["label"] for end in (source, target))
        assert (row["relation"], row["earliest"], row["latest"]) == (data["label"], data["earliest"], data["latest"])
        assert row["segments"].split() == data["segments"]
        assert row["gists"] == " | ".join(positions.graph["sentences"][one]["gist"] for one in data["segments"])
    tab.locator("#relations input").first.uncheck()
    kept = tab.locator("#rows tbody tr").count()
    assert kept < len(edges)
    assert len(_take(tab, "CSV")[1].decode("utf-8-sig").splitlines()) == kept + 1


def test_no_cell_of_the_csv_is_a_formula(watch: Open, tmp_path: Path) -> None:
    network = networkx.MultiDiGraph(sentences={})
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a "quoted", text', "a\nb", "'plain"]
    for number, text in enumerate(texts):
        network.add_edge(text, f"t{number}", label=text, relation=text, segments=[], voice=text)
        network.nodes[text]["label"] = text
    page = watch().open(draw(network, tmp_path / "x.html"))
    rows = [*csv.reader(io.StringIO(_take(page, "CSV")[1].decode("utf-8-sig"), newline=""))][1:]
    assert [row[0] for row in rows] == [f"'{text}" for text in texts[:6]] + texts[6:]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def test_what_is_visible_is_taken_as_graphml(tab: "Page", positions: networkx.MultiDiGraph) -> None:
    _go(tab, "")
    tab.click("#reset")
    name, content = _take(tab, "GraphML")
    assert name == "Who-what-holds.graphml"
    read = networkx.read_graphml(io.BytesIO(content), force_multigraph=True)
    assert read.graph["title"] == "Who & what <holds>"
    assert "Zhang Jie and Liang Hong" in read.graph["source"]
    assert {data["iri"] for _, data in read.nodes(data=True)} == set(positions)
    assert {data["label"] for _, data in read.nodes(data=True)} == {
        data["label"] for _, data in positions.nodes(data=True)
    }
    found = sorted(
        (read.nodes[a]["iri"], d["label"], read.nodes[b]["iri"], d["segments"], d["voice"])
        for a, b, d in read.edges(data=True)
    )
    assert found == sorted(
        (a, d["label"], b, " ".join(d["segments"]), d["voice"]) for a, b, d in positions.edges(data=True)
    )


def test_what_is_visible_is_taken_as_json_ld(tab: "Page", positions: networkx.MultiDiGraph) -> None:
    _go(tab, "")
    tab.click("#reset")
    name, content = _take(tab, "JSON-LD")
    assert name == "Who-what-holds.jsonld"
    assert set(json.loads(content)["@context"]) > {"label", "sentence"}, (
        "the context lies in the file, nothing is fetched"
    )
    store = ox.Store()
    store.load(content, format=ox.RdfFormat.JSON_LD)

    def values(subject: ox.NamedNode | ox.BlankNode, predicate: str) -> set[str]:
        return {quad.object.value for quad in store.quads_for_pattern(subject, ox.NamedNode(predicate), None)}

    def typed(kind: str) -> list[ox.NamedNode | ox.BlankNode]:
        return [quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))]

    [dataset] = typed(DCTERMS + "Dataset")
    assert values(dataset, DCTERMS + "title") == {"Who & what <holds>"}
    assert "Zhang Jie and Liang Hong" in values(dataset, DCTERMS + "bibliographicCitation").pop()
    told = typed(RDF + "Statement")
    assert len(told) == positions.number_of_edges()
    edges = {(source, data["relation"], target): data for source, target, data in positions.edges(data=True)}
    for one in told:
        source, relation, target = (values(one, RDF + part).pop() for part in ("subject", "predicate", "object"))
        data = edges[source, relation, target]
        assert values(one, DCTERMS + "source") == {f"{BASE}segment/{name}" for name in data["segments"]}
        assert values(one, SKOS + "note") == set(data["voices"].values())
        triple = ox.Quad(*map(ox.NamedNode, (source, relation, target)))
        assert triple not in store, "no view becomes a fact on the way out"
    assert values(ox.NamedNode(f"{BASE}state/singapore"), RDFS + "label") == {"Singapore"}


def test_what_is_visible_is_taken_as_a_picture(tab: "Page", positions: networkx.MultiDiGraph) -> None:
    _go(tab, "")
    tab.click("#reset")
    name, content = _take(tab, "SVG")
    assert name == "Who-what-holds.svg"
    root = ET.fromstring(content)
    texts = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert root.findtext(f"{SVG}title") == texts[0] == "Who & what <holds>"
    assert "".join(texts[-2:]).startswith("Source: Zhang Jie") or texts[-1].startswith("Source: Zhang Jie")
    assert {"States", "Groups", "Policies"} <= set(texts)
    marks = [*root.iter(f"{SVG}path"), *root.iter(f"{SVG}circle")]
    families = tab.evaluate("new Set(briNetwork.nodes.map((node) => node.look[0])).size")
    assert len(marks) == positions.number_of_edges() + len(positions) + families + 1
    assert "a broken line is somebody's view" in "".join(texts)
    assert f"Edition {positions.graph['edition']}." in "".join(texts)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= set("svg title desc rect text g circle path".split())
    name, content = _take(tab, "PNG")
    assert name == "Who-what-holds.png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(content[16:20]) == 2800
    assert tab.inner_text("#status") == "Who-what-holds.png is ready."


@pytest.mark.parametrize("form", ["CSV", "GraphML", "JSON-LD", "SVG", "PNG"])
def test_every_text_can_be_taken_away(watch: Open, tmp_path: Path, form: str) -> None:
    network = networkx.MultiDiGraph(sentences={})
    for number, text in enumerate(INJECTIONS):
        network.graph["sentences"][text] = {"reference": text, "gist": text, "notes": text, "works": [text]}
        network.add_node(f"n{number}", label=text, kind=text, type="State", names=[text])
        data = {"label": text, "relation": text, "voice": text, "earliest": f"2014{text}"}
        network.add_edge(f"n{number - 1 if number else len(INJECTIONS) - 1}", f"n{number}", segments=[text], **data)
    watched = watch()
    page = watched.open(draw(network, tmp_path / "x.html", INJECTIONS[0]))
    name, content = _take(page, form)
    assert "/" not in name
    if form in ("GraphML", "SVG"):
        root = ET.fromstring(content)
        texts = {one.text for one in root.iter()}
        if form == "GraphML":
            assert {in_xml(text) for text in INJECTIONS} <= {text.replace("\r", "\n") for text in texts if text} | texts
    elif form == "JSON-LD":
        labels = {one["label"] for one in json.loads(content)["@graph"] if "label" in one}
        assert {text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in INJECTIONS} <= labels
        assert len([*ox.parse(content, format=ox.RdfFormat.JSON_LD)]) > 10 * len(INJECTIONS)
    elif form == "CSV":
        rows = [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
        assert len(rows) == len(INJECTIONS) + 1
        assert {len(row) for row in rows} == {12}
    assert page.evaluate("typeof window.__hit") == "undefined"
    assert watched.complaints == []


# Print


def test_print_is_the_picture_and_then_the_table(watch: Open, kg: KnowledgeGraph, tmp_path: Path) -> None:
    network = kg.network("network-claims")
    page = watch(color_scheme="dark").open(draw(network, tmp_path / "x.html", "Printed"))
    assert page.locator("#rows tbody tr").count() == 100
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#still svg").is_visible()
    assert page.locator("#rows tbody tr").count() == network.number_of_edges(), "the whole table is printed"
    texts = page.locator("#still svg text").all_text_contents()
    assert texts[0] == "Printed"
    assert any(text.startswith("Source: Zhang Jie") for text in texts)
    assert "States" in texts
    for hidden in ("#panes", "#more", "header"):
        assert not page.locator(hidden).is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#still svg").count() == 0
    assert page.locator("#rows tbody tr").count() == 100
    assert page.pdf().startswith(b"%PDF")


def test_a_chinese_page_takes_away_chinese_words(watch: Open, tmp_path: Path) -> None:
    network = little()
    network.graph["language"] = "zh"
    page = watch().open(draw(network, tmp_path / "x.html", "关系 网络"))
    name, content = _take(page, "SVG")
    assert name == "关系-网络.svg"
    texts = ["".join(one.itertext()) for one in ET.fromstring(content).iter(f"{SVG}text")]
    assert {"国家", "项目"} <= set(texts)
    assert any(text.startswith("来源：") for text in texts)
