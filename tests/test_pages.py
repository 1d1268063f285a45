"""Pages and still pictures, opened in a real browser without network."""

import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.errors import BriKgError, LimitError, UsageError
from bri_kg.layout import place_nodes
from bri_kg.pages import MAX_NODES, draw

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
SVG = "{http://www.w3.org/2000/svg}"
_ESCAPES = {"n": "\n", "\\": "\\"}


def _injections() -> list[str]:
    lines = Path(__file__).with_name("pages").joinpath("injections.txt").read_text(encoding="utf-8").split("\n")
    texts = [line for line in lines if line and not line.startswith("# ")]
    return [
        re.sub(r"\\(u[0-9a-f]{4}|n|\\)", lambda m: _ESCAPES.get(m[1]) or chr(int(m[1][1:], 16)), text) for text in texts
    ]


INJECTIONS = _injections()


def _in_xml(text: str) -> str:
    """``text`` as a file may hold it: characters that XML has no way to write are replaced."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


class Watch:
    """A page in the browser, and everything it did that it should not do."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: Path) -> "Page":
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("body[data-ready=true]", timeout=15_000)
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    if not Path(CHROMIUM).exists():
        message = "no Chromium for the tests of pages; get it with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


Open = Callable[..., Watch]


@pytest.fixture
def watch(browser: "Browser") -> Iterator[Open]:
    contexts = []

    def new(**options: Any) -> Watch:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}, **options))
        return Watch(contexts[-1].new_page())

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def everything(kg: KnowledgeGraph) -> networkx.MultiDiGraph:
    return kg.network("network-everything")


@pytest.fixture(scope="module")
def page_of_everything(everything: networkx.MultiDiGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(everything, tmp_path_factory.mktemp("page") / "everything.html", "Everything")


@pytest.fixture(scope="module")
def opened(
    browser: "Browser", page_of_everything: Path, everything: networkx.MultiDiGraph
) -> Iterator[tuple["Page", Watch]]:
    """The page of everything, opened once; each test leaves it as it was."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    watched = Watch(context.new_page())
    yield watched.open(page_of_everything), watched
    assert watched.complaints == []
    assert watched.requests == [page_of_everything.as_uri()]
    context.close()


@pytest.fixture
def page(opened: tuple["Page", Watch]) -> Iterator["Page"]:
    page, _ = opened
    page.fill("#search", "")
    page.click("#reset")
    yield page


def _little(**edge: Any) -> networkx.MultiDiGraph:
    """Two nodes and an edge between them."""
    network = networkx.MultiDiGraph(sentences={"p01s01": {"reference": "p. 53", "gist": "G", "notes": "", "works": []}})
    network.add_node("a", label="A", kind="State", type="State", names=["A"])
    network.add_node("b", label="B", kind="Project", type="Project", names=["B"])
    network.add_edge("a", "b", **{"label": "ties", "relation": "r", "segments": ["p01s01"], "voice": "", **edge})
    return network


def _hidden(page: "Page") -> tuple[set[str], set[int]]:
    nodes, edges = page.evaluate(
        """() => ["nodes", "edges"].map((set) => briNetwork[set].get({ filter: (one) => one.hidden }).map((one) => one.id))"""
    )
    return set(nodes), set(edges)


def _expected_hidden(
    network: networkx.MultiDiGraph, kinds: set[str], relations: set[str], years: tuple[int, int], undated: bool = True
) -> tuple[set[str], set[int]]:
    """What the filters should hide; ``kinds`` and ``relations`` are those ticked off."""

    def within(data: dict[str, Any], dateless: bool) -> bool:
        if not (data["earliest"] or data["latest"]):
            return dateless
        first, last = int(data["earliest"][:4] or -9999), int(data["latest"][:4] or 9999)
        return last >= years[0] and first <= years[1]

    shown = {node for node, data in network.nodes(data=True) if data["kind"] not in kinds and within(data, True)}
    hidden, tied = set(), set()
    for number, (source, target, data) in enumerate(network.edges(data=True)):
        if {source, target} <= shown and data["label"] not in relations and within(data, undated):
            tied |= {source, target}
        else:
            hidden.add(number)
    return set(network) - (shown & tied), hidden


# The page


def test_the_page_opens_without_a_request_or_a_complaint(
    watch: Open, page_of_everything: Path, everything: networkx.MultiDiGraph
) -> None:
    watched = watch()
    page = watched.open(page_of_everything)
    page.wait_for_load_state("networkidle")
    assert watched.requests == [page_of_everything.as_uri()]
    assert watched.complaints == []
    assert page.title() == page.inner_text("h1") == "Everything"
    assert page.evaluate("briNetwork.nodes.length") == len(everything)
    assert page.evaluate("briNetwork.edges.length") == everything.number_of_edges()
    assert f"{len(everything)} nodes, {everything.number_of_edges()} relations" in page.inner_text("header")
    assert "Zhang Jie and Liang Hong" in page.inner_text("footer")
    assert page.locator("#kinds input").count() == len({data["kind"] for _, data in everything.nodes(data=True)})


def test_a_content_security_policy_forbids_requests(watch: Open, page_of_everything: Path) -> None:
    text = page_of_everything.read_text(encoding="utf-8")
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    page = watch().open(page_of_everything)
    refused = page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective), { once: true });
            fetch("https://example.org/").catch(() => 0);
        })"""
    )
    assert refused == "connect-src"


def test_the_page_loads_nothing_by_address(page_of_everything: Path) -> None:
    frame = page_of_everything.read_text(encoding="utf-8").split("<script")[0]
    assert re.findall(r'\b(?:src|href|srcset|data)="([^"]*)"', frame) == ["data:,"]
    assert not re.search(r"@import|url\(", frame)
    assert "sourceMappingURL" not in page_of_everything.read_text(encoding="utf-8")


def test_nothing_moves(page: "Page", everything: networkx.MultiDiGraph) -> None:
    before = page.evaluate("briNetwork.network.getPositions()")
    page.wait_for_timeout(1000)
    assert page.evaluate("briNetwork.network.getPositions()") == before
    assert page.evaluate("briNetwork.network.physics.options.enabled") is False
    places = place_nodes(everything)
    assert before.keys() == places.keys()
    assert all(abs(before[node]["x"] - x) <= 1 and abs(before[node]["y"] - y) <= 1 for node, (x, y) in places.items())


@pytest.mark.parametrize("kinds", [{"State"}, {"Project", "Person"}, {"International organisation", "Issue"}], ids=str)
def test_kinds_hide_and_show(page: "Page", everything: networkx.MultiDiGraph, kinds: set[str]) -> None:
    for kind in kinds:
        page.locator(f'#kinds input[value="{kind}"]').uncheck()
    hidden = _hidden(page)
    assert hidden == _expected_hidden(everything, kinds, set(), (0, 9999))
    assert {node for node, data in everything.nodes(data=True) if data["kind"] in kinds} <= hidden[0]
    for kind in kinds:
        page.locator(f'#kinds input[value="{kind}"]').check()
    assert _hidden(page) == (set(), set())


@pytest.mark.parametrize("relations", [{"part of"}, {"involves", "about"}], ids=str)
def test_relations_hide_and_show(page: "Page", everything: networkx.MultiDiGraph, relations: set[str]) -> None:
    for relation in relations:
        page.locator(f'#relations input[value="{relation}"]').uncheck()
    hidden = _hidden(page)
    assert hidden == _expected_hidden(everything, set(), relations, (0, 9999))
    assert 0 < len(hidden[1]) < everything.number_of_edges()
    page.click("#reset")
    assert _hidden(page) == (set(), set())


@pytest.mark.parametrize(
    ("first", "last", "undated"), [(2017, 2017, True), (2013, 2015, False), (2020, 2030, True), (1900, 1950, False)]
)
def test_years_hide_and_show(
    page: "Page", everything: networkx.MultiDiGraph, first: int, last: int, undated: bool
) -> None:
    for field, year in (("#from", first), ("#to", last)):
        page.fill(field, str(year))
        page.press(field, "Enter")
    if not undated:
        page.uncheck("#undated")
    hidden = _hidden(page)
    assert hidden == _expected_hidden(everything, set(), set(), (first, last), undated)
    assert hidden[1]
    page.click("#reset")
    assert _hidden(page) == (set(), set())
    assert page.is_checked("#undated")
    assert page.input_value("#from") == page.get_attribute("#from", "min")


def test_a_node_without_ties_stays_through_filters(watch: Open, tmp_path: Path) -> None:
    network = _little()
    network.add_node("alone", label="Alone", kind="Issue", type="Issue", names=[])
    page = watch().open(draw(network, tmp_path / "x.html"))
    page.locator('#relations input[value="ties"]').uncheck()
    assert _hidden(page) == ({"a", "b"}, {0})
    page.locator('#kinds input[value="Issue"]').uncheck()
    assert _hidden(page) == ({"a", "b", "alone"}, {0})
    page.click("#reset")
    assert _hidden(page) == (set(), set())


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("AIIB", "Asian Infrastructure Investment Bank"),
        ("infrastructure inv", "Asian Infrastructure Investment Bank"),
        ("亚投行", "Asian Infrastructure Investment Bank"),
        ("中老铁路", "China-Laos Railway"),
        ("  LAOS ", "Laos"),
    ],
)
def test_search_lists_and_chooses_in_every_language(page: "Page", typed: str, label: str) -> None:
    page.fill("#search", typed)
    page.locator("#found").get_by_role("button", name=label, exact=True).click()
    assert page.inner_text("#panel h2") == label
    [chosen] = page.evaluate("briNetwork.network.getSelectedNodes()")
    assert page.evaluate("(id) => briNetwork.picture.nodes.find((node) => node.id === id).label", chosen) == label


def test_search_says_when_nothing_is_found(page: "Page") -> None:
    page.fill("#search", "zzzz")
    assert page.inner_text("#found") == "No name holds these letters."
    page.press("#search", "Enter")
    page.fill("#search", "")
    assert page.inner_text("#found") == ""


def _dom(page: "Page", x: float, y: float) -> tuple[float, float]:
    """Where a point of the picture is on the screen, after the picture was moved so that it is in the middle."""
    spot = page.evaluate(
        """([x, y]) => {
            briNetwork.network.moveTo({ position: { x, y }, scale: 4, animation: false });
            const at = briNetwork.network.canvasToDOM({ x, y });
            const box = document.getElementById("canvas").getBoundingClientRect();
            return [box.left + at.x, box.top + at.y, at.x, at.y];
        }""",
        [x, y],
    )
    return spot[0], spot[1]


def test_a_click_on_a_node_shows_its_facts(page: "Page", everything: networkx.MultiDiGraph) -> None:
    node = next(iri for iri in everything if iri.endswith("/organisation/aiib"))
    spot = page.evaluate("(id) => briNetwork.network.getPosition(id)", node)
    page.mouse.click(*_dom(page, spot["x"], spot["y"]))
    page.wait_for_function("document.querySelector('#panel h2').textContent !== 'What you see'")
    assert page.inner_text("#panel h2") == "Asian Infrastructure Investment Bank"
    panel = page.inner_text("#panel")
    assert "International organisation" in panel
    assert "亚投行" in panel
    incident = [*everything.in_edges(node, data=True), *everything.out_edges(node, data=True)]
    assert f"Facts and views ({len(incident)})" in panel
    for source, target, data in incident:
        assert data["label"] in panel
        assert everything.nodes[target if source == node else source]["label"] in panel
        for segment in data["segments"]:
            assert everything.graph["sentences"][segment]["gist"] in panel
            assert everything.graph["sentences"][segment]["reference"] in panel


def _edge_to_click(page: "Page", wanted: list[int]) -> tuple[int, float, float]:
    """The first wanted edge whose middle is on no other thing, and where that is on the screen."""
    for number in wanted:
        ends = page.evaluate(
            """(id) => { const edge = briNetwork.picture.edges[id];
                return [edge.from, edge.to].map((end) => briNetwork.network.getPosition(end)); }""",
            number,
        )
        middle = [(ends[0][axis] + ends[1][axis]) / 2 for axis in ("x", "y")]
        x, y = _dom(page, *middle)
        page.wait_for_timeout(50)  # until it is drawn there
        hit = page.evaluate(
            """([x, y]) => { const at = briNetwork.network.canvasToDOM({ x, y });
                return [briNetwork.network.getNodeAt(at), briNetwork.network.getEdgeAt(at)]; }""",
            middle,
        )
        if hit == [None, number]:
            return number, x, y
    raise AssertionError("no edge can be clicked")


def test_a_click_on_an_edge_shows_the_sentences_that_make_it(page: "Page", everything: networkx.MultiDiGraph) -> None:
    edges = list(everything.edges(data=True))
    sentences = everything.graph["sentences"]
    noted = [n for n, (*_, data) in enumerate(edges) if any(sentences[s]["notes"] for s in data["segments"])]
    number, x, y = _edge_to_click(page, noted)
    page.mouse.click(x, y)
    source, target, data = edges[number]
    page.wait_for_function("document.querySelector('#panel h3')?.textContent.startsWith('Sentences')")
    assert page.inner_text("#panel h2") == data["label"]
    buttons = page.locator("#panel p button").all_inner_texts()
    assert buttons == [everything.nodes[source]["label"], everything.nodes[target]["label"]]
    shown = page.locator("#panel .sentence").all_inner_texts()
    assert len(shown) == len(data["segments"])
    for segment, text in zip(data["segments"], shown, strict=True):
        known = sentences[segment]
        assert known["gist"] in text
        assert re.search(rf"p\. \d+(-\d+)? \({segment}\)", text)
        assert not known["notes"] or f"footnote {known['notes']}" in text
        assert all(work in text for work in known["works"])
        assert data["voice"] in text


def test_each_sentence_of_an_edge_has_its_own_voice(watch: Open, tmp_path: Path) -> None:
    voices = {"p01s01": "stated as fact", "p01s02": "held by Atlantis, as the authors report"}
    network = _little(segments=list(voices), voice="; ".join(sorted(voices.values())), voices=voices)
    network.graph["sentences"]["p01s02"] = {"reference": "p. 54", "gist": "H", "notes": "", "works": []}
    network.add_edge("b", "a", label="view", segments=["p01s02"], voice=voices["p01s02"])
    page = watch().open(draw(network, tmp_path / "x.html"))
    page.evaluate("briNetwork.showEdge(0)")
    shown = page.locator("#panel .sentence")
    assert [text.replace("\n", " ") for text in shown.all_inner_texts()] == [
        "G p. 53 · stated as fact",
        "H p. 54 · held by Atlantis, as the authors report",
    ]
    classes = [shown.nth(place).get_attribute("class") for place in range(2)]
    assert classes == ["sentence", "sentence claim"]
    assert page.evaluate("briNetwork.picture.edges.map((edge) => edge.dashes)") == [False, True]


def test_the_page_can_be_walked_by_keyboard(watch: Open, page_of_everything: Path) -> None:
    page = watch().open(page_of_everything)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("AIIB")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == "Asian Infrastructure Investment Bank"
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Tab")
    other = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == other


def test_every_control_has_a_name(page: "Page") -> None:
    nameless = page.evaluate(
        """() => Array.from(document.querySelectorAll("input, button"))
            .filter((one) => !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim())).length"""
    )
    assert nameless == 0
    assert page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize(
    ("scheme", "paper", "ink"), [("light", "rgb(255, 255, 255)", "#1b1f24"), ("dark", "rgb(20, 24, 29)", "#e6edf3")]
)
def test_light_and_dark(watch: Open, page_of_everything: Path, scheme: str, paper: str, ink: str) -> None:
    watched = watch(color_scheme=scheme)
    page = watched.open(page_of_everything)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    assert page.evaluate("briNetwork.network.nodesHandler.options.font.color") == ink
    assert watched.complaints == []


def test_a_narrow_window_keeps_everything(watch: Open, page_of_everything: Path) -> None:
    page = watch().open(page_of_everything)
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    for part in ("#search", "#canvas", "#panel"):
        assert page.locator(part).is_visible()


def test_parallel_edges_are_all_there_and_apart(watch: Open, tmp_path: Path) -> None:
    network = _little()
    for number in range(1, 5):
        network.add_edge("a", "b", label=f"tie {number}", segments=[], voice="")
    for number in range(2):
        network.add_edge("b", "a", label=f"back {number}", segments=[], voice="")
    page = watch().open(draw(network, tmp_path / "x.html"))
    assert page.evaluate("briNetwork.edges.length") == 7
    seen = page.evaluate(
        """() => {
            const view = briNetwork.network, [a, b] = ["a", "b"].map((id) => view.getPosition(id));
            const seen = new Set(), length = Math.hypot(b.x - a.x, b.y - a.y);
            for (let aside = -0.6; aside <= 0.6; aside += 0.004) {
                const point = { x: (a.x + b.x) / 2 - aside * (b.y - a.y), y: (a.y + b.y) / 2 + aside * (b.x - a.x) };
                seen.add(view.getEdgeAt(view.canvasToDOM(point)));
            }
            return Array.from(seen).filter((id) => id !== undefined && id !== null).sort();
        }"""
    )
    assert seen == list(range(7))
    for number in range(7):
        page.evaluate("(number) => briNetwork.showEdge(number)", number)
        assert page.inner_text("#panel h2") == list(network.edges(data="label"))[number][2]


def test_parallel_edges_of_the_real_network_curve_apart(page: "Page", everything: networkx.MultiDiGraph) -> None:
    drawn = page.evaluate("briNetwork.edges.get()")
    lanes: dict[frozenset[str], list[float]] = {}
    for edge in drawn:
        turn = 1 if edge["from"] < edge["to"] else -1
        lanes.setdefault(frozenset((edge["from"], edge["to"])), []).append(turn * edge["smooth"]["roundness"])
    assert any(len(turns) > 1 for turns in lanes.values())
    assert all(len(set(turns)) == len(turns) for turns in lanes.values())
    assert sum(map(len, lanes.values())) == everything.number_of_edges()


# Nothing from data runs


def _poisoned() -> networkx.MultiDiGraph:
    """Every text in every slot: node n has the nth text as label, names, kind and type; so has the edge to the next one."""
    network = networkx.MultiDiGraph(sentences={})
    ids = [f"https://w3id.org/bri-kg/notion/{number}?{text}" for number, text in enumerate(INJECTIONS)]
    for node, text in zip(ids, INJECTIONS, strict=True):
        network.add_node(node, label=text, kind=text, type=text, names=[text], earliest="2014-01-01", latest="")
        told = {"reference": text, "gist": text, "notes": text, "works": [text]}
        network.graph["sentences"][text] = told
    for place, text in enumerate(INJECTIONS):
        dates = {"earliest": f"2014{text}", "latest": f"2015{text}"}
        network.add_edge(ids[place - 1], ids[place], label=text, relation=text, segments=[text], voice=text, **dates)
    return network


def test_there_are_at_least_a_hundred_different_texts() -> None:
    assert len(set(INJECTIONS)) == len(INJECTIONS) >= 100


def test_no_text_runs_on_a_page(watch: Open, tmp_path: Path) -> None:
    network = _poisoned()
    title = " ".join(INJECTIONS)
    watched = watch()
    path = draw(network, tmp_path / "poisoned.html", title)
    page = watched.open(path)
    assert page.evaluate("briNetwork.nodes.length") == len(INJECTIONS)
    read = page.evaluate(
        """() => {
            const read = { nodes: [], edges: [], found: [] };
            const panel = document.getElementById("panel"), search = document.getElementById("search");
            briNetwork.picture.nodes.forEach((node, number) => {
                briNetwork.choose(node.id);
                read.nodes.push(panel.querySelector("h2").textContent);
                briNetwork.showEdge(number);
                read.edges.push([panel.querySelector("h2").textContent, panel.querySelector(".sentence span").textContent]);
                search.value = node.label;
                search.dispatchEvent(new Event("input", { bubbles: true }));
                read.found.push(document.querySelectorAll("#found button").length);
            });
            for (const input of document.querySelectorAll("#kinds input, #relations input")) input.click();
            return read;
        }"""
    )
    assert read["nodes"] == INJECTIONS
    assert sorted(map(tuple, read["edges"])) == sorted((text, text) for text in INJECTIONS)
    assert all(count for count, text in zip(read["found"], INJECTIONS, strict=True) if text.strip().isprintable())
    page.click("#reset")
    page.mouse.move(640, 400)
    for step in range(40):  # over the picture, where tooltips would come up
        page.mouse.move(300 + 15 * step, 150 + 12 * step)
    page.wait_for_timeout(400)
    assert page.evaluate("typeof window.__hit") == "undefined"
    assert watched.complaints == []
    assert watched.requests == [path.as_uri()]
    names = page.evaluate(
        "Array.from(new Set(Array.from(document.querySelectorAll('body *'), (one) => one.localName)))"
    )
    assert set(names) <= set(
        "header h1 h2 h3 p nav label input ul li fieldset legend div span svg circle rect path button main canvas section "
        "footer script".split()
    )
    assert page.evaluate("document.querySelectorAll('script').length") == 4
    handlers = "Array.from(document.querySelectorAll('*')).flatMap((one) => one.getAttributeNames()).filter((n) => /^on/.test(n))"
    assert page.evaluate(handlers) == []


def test_no_text_leaves_its_slot_in_a_page(watch: Open, tmp_path: Path) -> None:
    """Each text alone in all slots, so that none hides behind another; read by the browser's own parser, scripts off."""
    pages = []
    for number, text in enumerate(INJECTIONS):
        network = networkx.MultiDiGraph(
            sentences={text: {"reference": text, "gist": text, "notes": text, "works": [text]}}
        )
        network.add_node("a", label=text, kind=text, type=text, names=[text])
        network.add_node("b", label=text, kind=text, type=text, names=[text])
        network.add_edge("a", "b", label=text, relation=text, segments=[text], voice=text)
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
                scripts: page.querySelectorAll("script").length,
                names: Array.from(page.querySelectorAll("*"), (one) => one.localName).sort().join(" "),
                attributes: Array.from(page.querySelectorAll("*")).map((one) => one.getAttributeNames().join(",")).join(" "),
                picture: text("#picture"), details: text("#details"),
            };
        })""",
        pages,
    )
    for text, found in zip(INJECTIONS, read, strict=True):
        kept = _in_xml(text)
        assert (found["title"], found["heading"]) == (kept, kept)
        assert (found["kind"], found["relation"], found["scripts"]) == (kept, kept, 4)
        picture, details = json.loads(found["picture"]), json.loads(found["details"])
        assert [node["label"] for node in picture["nodes"]] == [text, text]
        assert details["nodes"]["a"] == {"kind": text, "names": [text]}
        assert details["edges"][0]["voice"] == text
        assert details["sentences"][text]["works"] == [text]
        assert found["names"] == read[0]["names"], text
        assert found["attributes"] == read[0]["attributes"], text


def test_no_text_runs_in_a_still_picture(watch: Open, tmp_path: Path) -> None:
    watched = watch()
    page = watched.page
    opened = []
    for number, text in enumerate(INJECTIONS):
        network = _little(label=text, relation=text, voice=text)
        network.nodes["a"].update(label=text, kind=text, type=text, names=[text])
        path = draw(network, tmp_path / f"{number}.svg", text)
        root = ET.parse(path).getroot()
        assert root.findtext(f"{SVG}title") == _in_xml(text)
        texts = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
        assert texts[0] == _in_xml(text)
        label = text if len(text) <= 34 else text[:33].rstrip() + "…"
        assert _in_xml(label) in texts[1:]
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= set(
            "svg title desc rect text g line circle path".split()
        )
        page.goto(path.as_uri())
        opened.append(path.as_uri())
        assert page.evaluate("typeof window.__hit") == "undefined"
        assert page.evaluate("document.documentElement.localName") == "svg"
    assert watched.complaints == []
    assert watched.requests == opened


# Files


@pytest.mark.parametrize("suffix", [".html", ".svg"])
def test_the_same_network_gives_the_same_bytes(kg: KnowledgeGraph, tmp_path: Path, suffix: str) -> None:
    first, second = (
        draw(kg.network("network-everything"), tmp_path / f"{name}{suffix}", "T").read_bytes() for name in ("a", "b")
    )
    assert first == second


def test_a_page_of_two_hundred_nodes_is_under_a_megabyte(everything: networkx.MultiDiGraph, tmp_path: Path) -> None:
    part = everything.subgraph(list(everything)[:200]).copy()
    assert len(part) == 200
    assert draw(part, tmp_path / "x.html").stat().st_size < 1_000_000


@pytest.mark.parametrize(("name", "end"), [("x.html", "</html>"), ("x.svg", "</svg>")])
def test_a_file_is_whole_and_nothing_lies_beside_it(tmp_path: Path, name: str, end: str) -> None:
    (tmp_path / name).write_text("old", encoding="utf-8")
    written = bri_kg.draw(_little(), str(tmp_path / name))
    assert written == tmp_path / name
    assert written.read_text(encoding="utf-8").rstrip().endswith(end)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert b"\r" not in written.read_bytes()


def _crowd() -> networkx.MultiDiGraph:
    network = networkx.MultiDiGraph(sentences={})
    network.add_nodes_from(range(MAX_NODES + 1))
    return network


@pytest.mark.parametrize(
    ("make", "name", "error", "said"),
    [
        (_little, "x.png", UsageError, "x.png: a picture is written as .html or .svg"),
        (_little, "x", UsageError, "x: a picture is written as"),
        (_little, "x.HTML", UsageError, "x.HTML: a picture is written as"),
        (networkx.MultiDiGraph, "x.html", UsageError, "nothing to draw"),
        (networkx.MultiDiGraph, "x.svg", UsageError, "nothing to draw"),
        (_crowd, "x.html", LimitError, "5,001 nodes; at most 5,000"),
        (_crowd, "x.svg", LimitError, "5,001 nodes; at most 5,000"),
        (_little, "nowhere/x.html", UsageError, "cannot be written"),
        (_little, "nowhere/x.svg", UsageError, "cannot be written"),
        (_little, "folder.html", UsageError, "cannot be written"),
        (_little, "file.txt/x.html", UsageError, "cannot be written"),
        (_little, "x" * 300 + ".html", UsageError, "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    tmp_path: Path, make: Callable[[], networkx.MultiDiGraph], name: str, error: type[BriKgError], said: str
) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(error) as caught:
        draw(make(), tmp_path / name)
    message = str(caught.value)
    assert said in message
    assert "\n" not in message
    assert message.endswith(".")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == ["file.txt", "folder.html"]
    assert caught.value.exit_code == (4 if error is LimitError else 2)


def test_half_a_surrogate_is_no_reason_to_fail(tmp_path: Path) -> None:
    network = _little(label="\ud83d")
    network.nodes["a"]["label"] = "\ud83d"
    for name in ("x.html", "x.svg"):
        draw(network, tmp_path / name, "\ud83d").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.html", "x.svg"]


# Still pictures


def test_a_still_picture_has_title_legend_and_source(everything: networkx.MultiDiGraph, tmp_path: Path) -> None:
    root = ET.parse(draw(everything, tmp_path / "x.svg", "Who & what <ties>")).getroot()
    assert root.findtext(f"{SVG}title") == "Who & what <ties>"
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert texts[0] == "Who & what <ties>"
    assert {"States", "Organisations", "Projects", "Policies"} <= set(texts)
    assert texts[-1].startswith("Zhang Jie and Liang Hong, ")
    assert "CC BY 4.0" in texts[-1]
    assert f"{len(everything)} nodes" in (root.findtext(f"{SVG}desc") or "")
    assert len(list(root.iter(f"{SVG}line"))) == len(set(everything.edges()))
    marks = [one for tag in ("circle", "rect", "path") for one in root.iter(f"{SVG}{tag}") if one.get("stroke")]
    families = len(set(texts) & {"States", "Organisations", "Groups", "Persons", "Policies", "Projects", "Documents"})
    assert len(everything) + families <= len(marks) <= len(everything) + 12


def test_a_still_picture_stays_in_its_frame(everything: networkx.MultiDiGraph, tmp_path: Path) -> None:
    root = ET.parse(draw(everything, tmp_path / "x.svg")).getroot()
    width, height = float(root.get("width") or 0), float(root.get("height") or 0)
    for line in root.iter(f"{SVG}line"):
        assert 0 < float(line.get("x1") or 0) < width
        assert 0 < float(line.get("y2") or 0) < height


def test_the_title_is_given_or_the_networks_own(tmp_path: Path) -> None:
    network = _little()
    assert "<h1>Network</h1>" in draw(network, tmp_path / "x.html").read_text(encoding="utf-8")
    network.graph["title"] = "Own"
    assert "<h1>Own</h1>" in draw(network, tmp_path / "x.html").read_text(encoding="utf-8")
    html = draw(network, tmp_path / "x.html", "Given & “一带一路”").read_text(encoding="utf-8")
    assert [unescape(title) for title in re.findall("<title>(.*)</title>", html)] == ["Given & “一带一路”"]


def test_a_network_without_dates_has_no_years(tmp_path: Path) -> None:
    html = draw(_little(), tmp_path / "x.html").read_text(encoding="utf-8")
    assert 'id="from"' not in html.split("<script")[0]
    html = draw(_little(earliest="2013-09-01", latest="2016-12-31"), tmp_path / "x.html").read_text(encoding="utf-8")
    assert re.findall(r'id="(?:from|to)"[^>]*value="(\d+)"', html) == ["2013", "2016"]


def test_the_data_of_a_page_can_be_read_back(page_of_everything: Path, everything: networkx.MultiDiGraph) -> None:
    html = page_of_everything.read_text(encoding="utf-8")
    [details] = re.findall(r'<script type="application/json" id="details">(.*?)</script>', html, re.DOTALL)
    read = json.loads(details)
    assert set(read["nodes"]) == set(everything)
    assert read["sentences"] == everything.graph["sentences"]
    assert [edge["segments"] for edge in read["edges"]] == [
        data["segments"] for *_, data in everything.edges(data=True)
    ]
