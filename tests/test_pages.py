"""The page of a network, opened in a real browser without network: it opens, filters, finds, and tells what is clicked."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest
from browsing import Open, little

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.errors import BriKgError, LimitError, UsageError
from bri_kg.pictures.explorer import explorer_data
from bri_kg.pictures.pages import MAX_NODES, draw

if TYPE_CHECKING:
    from playwright.sync_api import Page

SVG = "{http://www.w3.org/2000/svg}"


def _hidden(page: "Page") -> tuple[set[str], set[int]]:
    """The names of the nodes and the numbers of the edges that are not visible; what is drawn says the same."""
    nodes, edges, drawn = page.evaluate(
        """() => {
            const { nodes, edges, view, shapes, lines } = briNetwork;
            return [
                nodes.filter((node) => !view.nodeOn[node.index]).map((node) => node.id),
                edges.filter((edge) => !view.edgeOn[edge.index]).map((edge) => edge.index),
                nodes.every((node) => shapes.get(node.index).hidden !== view.nodeOn[node.index])
                    && edges.every((edge) => lines.get(edge.index).hidden === (!view.edgeOn[edge.index] || edge.pair.bundled)),
            ];
        }"""
    )
    assert drawn
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
    assert page.evaluate("briNetwork.shapes.length") == len(everything)
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
    assert re.findall(r'\b(?:src|href|srcset|data)="([^"]*)"', frame) == ["data:,", "#"]
    assert not re.search(r"@import|url\(", frame)
    assert "sourceMappingURL" not in page_of_everything.read_text(encoding="utf-8")


def test_nothing_moves(page: "Page", everything: networkx.MultiDiGraph) -> None:
    before = page.evaluate("briNetwork.network.getPositions()")
    page.wait_for_timeout(1000)
    assert page.evaluate("briNetwork.network.getPositions()") == before
    assert page.evaluate("briNetwork.network.physics.options.enabled") is False
    data = explorer_data(everything)["nodes"]
    assert [before[str(place)] for place in range(len(everything))] == [
        {"x": x, "y": y} for x, y in zip(data["x"], data["y"], strict=True)
    ]


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
    network = little()
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
    assert page.evaluate("(number) => briNetwork.nodes[number].label", chosen) == label


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
    spot = page.evaluate(
        "(id) => briNetwork.network.getPosition(briNetwork.nodes.find((node) => node.id === id).index)", node
    )
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
            """(id) => { const edge = briNetwork.edges[id];
                return [edge.source, edge.target].map((end) => briNetwork.network.getPosition(end)); }""",
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
    buttons = page.locator("#panel p.ends button").all_inner_texts()
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
    network = little(segments=list(voices), voice="; ".join(sorted(voices.values())), voices=voices)
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
    assert page.evaluate("briNetwork.lines.get([0, 1]).map((edge) => edge.dashes)") == [False, True]
    assert page.locator("#panel h3").all_inner_texts() == ["Sentences (2)", "Facts (1)", "Views and other claims (1)"]


def test_the_page_can_be_walked_by_keyboard(watch: Open, page_of_everything: Path) -> None:
    page = watch().open(page_of_everything)
    for _ in range(3):  # past the two links that skip
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("AIIB")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == "Asian Infrastructure Investment Bank"
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "One step around it"
    for _ in range(4):  # past what can be done with it
        page.keyboard.press("Tab")
    other = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == other


def test_every_control_has_a_name(page: "Page") -> None:
    nameless = page.evaluate(
        """() => Array.from(document.querySelectorAll("input, button, select"))
            .filter((one) => !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim())).length"""
    )
    assert nameless == 0
    assert page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize(
    ("scheme", "paper", "line"), [("light", "rgb(255, 255, 255)", "#9aa3ab"), ("dark", "rgb(20, 24, 29)", "#6b7682")]
)
def test_light_and_dark(watch: Open, page_of_everything: Path, scheme: str, paper: str, line: str) -> None:
    watched = watch(color_scheme=scheme)
    page = watched.open(page_of_everything)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    assert page.evaluate("briNetwork.lines.get(0).color.color") == line
    page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    page.wait_for_function("(line) => briNetwork.lines.get(0).color.color !== line", arg=line)
    assert watched.complaints == []


def test_a_narrow_window_keeps_everything(watch: Open, page_of_everything: Path) -> None:
    page = watch().open(page_of_everything)
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    for part in ("#search", "#canvas", "#panel"):
        assert page.locator(part).is_visible()


def test_parallel_edges_are_all_there_and_apart(watch: Open, tmp_path: Path) -> None:
    network = little()
    for number in range(1, 5):
        network.add_edge("a", "b", label=f"tie {number}", segments=[], voice="")
    for number in range(2):
        network.add_edge("b", "a", label=f"back {number}", segments=[], voice="")
    page = watch().open(draw(network, tmp_path / "x.html"))
    assert page.evaluate("briNetwork.edges.length") == 7
    seen = page.evaluate(
        """() => {
            const view = briNetwork.network, [a, b] = [0, 1].map((id) => view.getPosition(id));
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
    drawn = page.evaluate("briNetwork.lines.get({ filter: (line) => typeof line.id === 'number' })")
    lanes: dict[frozenset[int], list[float]] = {}
    for edge in drawn:
        turn = 1 if edge["from"] < edge["to"] else -1
        lanes.setdefault(frozenset((edge["from"], edge["to"])), []).append(turn * edge["smooth"].get("roundness", 0))
    assert any(len(turns) > 1 for turns in lanes.values())
    assert all(len(set(turns)) == len(turns) for turns in lanes.values())
    assert sum(map(len, lanes.values())) == everything.number_of_edges()


# Files


@pytest.mark.parametrize("suffix", [".html", ".svg"])
def test_the_same_network_gives_the_same_bytes(kg: KnowledgeGraph, tmp_path: Path, suffix: str) -> None:
    first, second = (
        draw(kg.network("network-everything"), tmp_path / f"{name}{suffix}", "T").read_bytes() for name in ("a", "b")
    )
    assert first == second


@pytest.mark.parametrize(("name", "end"), [("x.html", "</html>"), ("x.svg", "</svg>")])
def test_a_file_is_whole_and_nothing_lies_beside_it(tmp_path: Path, name: str, end: str) -> None:
    (tmp_path / name).write_text("old", encoding="utf-8")
    written = bri_kg.draw(little(), str(tmp_path / name))
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
        (little, "x.jpg", UsageError, "x.jpg: a picture is written as .html, "),
        (little, "x", UsageError, "x: a picture is written as"),
        (little, "x.HTML", UsageError, "x.HTML: a picture is written as"),
        (networkx.MultiDiGraph, "x.html", UsageError, "nothing to draw"),
        (networkx.MultiDiGraph, "x.svg", UsageError, "nothing to draw"),
        (_crowd, "x.html", LimitError, "5,001 nodes; at most 5,000"),
        (_crowd, "x.svg", LimitError, "5,001 nodes; at most 5,000"),
        (little, "nowhere/x.html", UsageError, "cannot be written"),
        (little, "nowhere/x.svg", UsageError, "cannot be written"),
        (little, "folder.html", UsageError, "cannot be written"),
        (little, "file.txt/x.html", UsageError, "cannot be written"),
        (little, "x" * 300 + ".html", UsageError, "cannot be written"),
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
    network = little(label="\ud83d")
    network.nodes["a"]["label"] = "\ud83d"
    for name in ("x.html", "x.svg"):
        draw(network, tmp_path / name, "\ud83d").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.html", "x.svg"]


def test_the_title_is_given_or_the_networks_own(tmp_path: Path) -> None:
    network = little()
    assert "<h1>Network</h1>" in draw(network, tmp_path / "x.html").read_text(encoding="utf-8")
    network.graph["title"] = "Own"
    assert "<h1>Own</h1>" in draw(network, tmp_path / "x.html").read_text(encoding="utf-8")
    html = draw(network, tmp_path / "x.html", "Given & “一带一路”").read_text(encoding="utf-8")
    assert [unescape(title) for title in re.findall("<title>(.*)</title>", html)] == ["Given & “一带一路”"]


def test_a_network_without_dates_has_no_years(tmp_path: Path) -> None:
    html = draw(little(), tmp_path / "x.html").read_text(encoding="utf-8")
    assert 'id="from"' not in html.split("<script")[0]
    html = draw(little(earliest="2013-09-01", latest="2016-12-31"), tmp_path / "x.html").read_text(encoding="utf-8")
    assert re.findall(r'id="(?:from|to)"[^>]*value="(\d+)"', html) == ["2013", "2016"]


def test_the_data_of_a_page_can_be_read_back(page: "Page", everything: networkx.MultiDiGraph) -> None:
    nodes, edges, sentences = page.evaluate(
        """() => [
            briNetwork.nodes.map((node) => [node.id, node.label, node.kind, node.names, node.earliest, node.latest]),
            briNetwork.edges.map((edge) => [edge.label, edge.earliest, edge.latest, edge.spoken.map(([one, voice]) => [one.id, voice.text])]),
            briNetwork.sentences.map((one) => [one.id, one.reference, one.gist, one.notes, one.works.map(([work]) => work)]),
        ]"""
    )
    assert nodes == [
        [
            node,
            data["label"],
            data["kind"],
            [name for name in data["names"] if name != data["label"]],
            data["earliest"],
            data["latest"],
        ]
        for node, data in everything.nodes(data=True)
    ]
    assert edges == [
        [data["label"], data["earliest"], data["latest"], [[one, data["voices"][one]] for one in data["segments"]]]
        for *_, data in everything.edges(data=True)
    ]
    told = everything.graph["sentences"]
    assert {one: rest for one, *rest in sentences} == {
        one: [told[one][key] for key in ("reference", "gist", "notes", "works")] for one in told
    }
