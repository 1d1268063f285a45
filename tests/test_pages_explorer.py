"""The network explorer in a real browser: voices, phases, years that play, paths, neighbourhoods, bundles, sizes, the table, the keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest
from browsing import Open, Watch, little

from bri_kg import KnowledgeGraph
from bri_kg.names import shorten
from bri_kg.networks.measures import rank_by_betweenness, rank_by_pagerank
from bri_kg.networks.phases import SECOND_PHASE
from bri_kg.pictures.explorer import explorer_data, read_voice
from bri_kg.pictures.explorer_words import EXPLORER_WORDS, SCRIPT_WORDS, page_word
from bri_kg.pictures.pages import draw
from bri_kg.wording import WORDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FACT, OWN, HELD = "stated as fact", "the authors' own view", "held by {}, as the authors report"


@pytest.fixture(scope="module")
def views() -> networkx.MultiDiGraph:
    """A chain a-b-c-d with a detour a-x-d of views, a part of its own, dates in both phases, and every voice."""
    network = networkx.MultiDiGraph(title="Views", language="en", sentences={})
    for name in "abcdxyz":
        network.add_node(name, label=name.upper(), kind="State", type="State", names=[])
    edges: list[tuple[str, str, str, str, str, str]] = [
        ("a", "b", "knows", FACT, "2013-05-01", "2013-05-31"),
        ("a", "x", "praises", HELD.format("Laos"), "2019-03-01", "2019-03-01"),
        ("b", "c", "knows", "corrected by erratum", "2014-01-01", "2014-12-31"),
        ("c", "d", "meets", FACT, "", ""),
        ("x", "d", "blames", OWN, "2019-03-01", ""),
        ("x", "d", "praises", HELD.format("Laos, China"), "", "2018-08-31"),
        ("x", "d", "knows", FACT, "2020-01-01", "2021-06-29"),
        ("y", "z", "knows", FACT, "", ""),
    ]
    for number, (source, target, label, voice, earliest, latest) in enumerate(edges):
        one = f"p01s{number:02}"
        network.graph["sentences"][one] = {
            "reference": f"p. 53 ({one})",
            "gist": f"Gist {number}.",
            "notes": "fn01",
            "works": ["Work 1", "Work 2", "Work 3"],
            "links": {"Work 1": "https://example.org/one", "Work 2": "javascript:window.__hit=1", "Work 3": ""},
        }
        data = {"label": label, "relation": label, "voice": voice, "voices": {one: voice}, "segments": [one]}
        network.add_edge(source, target, earliest=earliest, latest=latest, **data)
    return network


@pytest.fixture(scope="module")
def page_of_views(browser: "Browser", views: networkx.MultiDiGraph, tmp_path_factory: Any) -> Iterator["Page"]:
    path = draw(views, tmp_path_factory.mktemp("views") / "views.html")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    watched = Watch(context.new_page())
    yield watched.open(path)
    assert watched.complaints == []
    assert {request.split("#")[0] for request in watched.requests} == {path.as_uri()}
    context.close()


@pytest.fixture
def small(page_of_views: "Page") -> "Page":
    page_of_views.evaluate(
        """() => {
            document.getElementById("path-clear").click();
            document.getElementById("bundle").checked = false;
            briNetwork.view.opened.clear();
            Object.assign(briNetwork.view, { node: null, edge: null, pair: null, path: null, sort: null });
            document.getElementById("reset").click();
        }"""
    )
    return page_of_views


def _edges(page: "Page") -> list[int]:
    return page.evaluate(
        "briNetwork.edges.filter((edge) => briNetwork.view.edgeOn[edge.index]).map((edge) => edge.index)"
    )


def _nodes(page: "Page") -> str:
    return page.evaluate(
        "briNetwork.nodes.filter((node) => briNetwork.view.nodeOn[node.index]).map((node) => node.id).join('')"
    )


# Filters


def test_voices_and_claimants_are_filters(small: "Page") -> None:
    assert small.locator("#voices label").all_inner_texts() == [
        "stated as fact\n4",
        "corrected by erratum\n1",
        "the authors' own view\n1",
        "views of others, as the authors report\n2",
    ]
    assert small.locator("#claimants label").all_inner_texts() == ["China\n1", "Laos\n2", "The authors\n1"]
    small.locator("#voices label", has_text="stated as fact").locator("input").uncheck()
    assert _edges(small) == [1, 2, 4, 5]
    small.locator("#voices label", has_text="of others").locator("input").uncheck()
    assert _edges(small) == [2, 4]
    small.click("#reset")
    small.locator('#claimants input[value="Laos"]').uncheck()
    assert _edges(small) == [0, 2, 3, 4, 5, 6, 7], "what China holds as well stays"
    small.locator('#claimants input[value="China"]').uncheck()
    assert _edges(small) == [0, 2, 3, 4, 6, 7], "facts have no claimant"
    small.click("#claimants [data-no]")
    assert _edges(small) == [0, 2, 3, 6, 7]
    small.click("#claimants [data-every]")
    assert len(_edges(small)) == 8


def test_phases_are_filters(small: "Page") -> None:
    small.locator('#phases input[value="1"]').uncheck()
    assert _edges(small) == [1, 3, 4, 6, 7]
    small.uncheck("#undated")
    assert _edges(small) == [1, 4, 6]
    small.locator('#phases input[value="1"]').check()
    small.locator('#phases input[value="2"]').uncheck()
    assert _edges(small) == [0, 2, 5]
    assert SECOND_PHASE == "2018-09-01", "the words for the phases name this month"


def test_years_play_from_the_first_to_the_last(small: "Page") -> None:
    small.uncheck("#undated")
    seen = small.evaluate(
        """() => new Promise((done) => {
            const seen = [], wait = window.setTimeout;
            window.setTimeout = (run, delay, ...rest) => wait(run, delay === 800 ? 20 : delay, ...rest);
            const play = document.getElementById("play");
            play.click();
            const watch = setInterval(() => {
                const now = document.getElementById("to").value + ": " + briNetwork.view.edgeOn.filter(Boolean).length + " " + play.textContent;
                if (seen[seen.length - 1] !== now) seen.push(now);
                if (play.textContent === "Play") { clearInterval(watch); window.setTimeout = wait; done(seen); }
            }, 4);
        })"""
    )
    assert seen[:2] == ["2013: 2 Pause", "2014: 3 Pause"], "what is dated 'or earlier' may be there from the start"
    assert seen[-1] == "2021: 6 Play"
    small.click("#play")
    assert small.get_attribute("#play", "aria-pressed") == "true"
    assert small.inner_text("#status") == "Up to 2013"
    small.click("#play")
    assert small.get_attribute("#play", "aria-pressed") == "false"


# Details


def test_facts_and_views_of_a_node_stand_apart(small: "Page") -> None:
    small.evaluate("briNetwork.choose('x')")
    headings = small.locator("#panel h3").all_inner_texts()
    assert headings == ["Facts and views (4)", "Facts (1)", "Views and other claims (3)"]
    assert small.locator("#panel .sentence").all_inner_texts()[0].startswith("Gist 6.")
    assert small.locator("#panel .sentence.claim").count() == 3
    assert "p. 53 (p01s01) · footnote fn01 · Work 1; Work 2; Work 3 · held by Laos" in small.inner_text("#panel")
    assert small.inner_text("#status") == "X, State, 4 relations visible"
    assert small.get_attribute("#status", "role") == "status"


def test_works_are_linked_only_by_web_addresses(small: "Page") -> None:
    small.evaluate("briNetwork.showEdge(0)")
    links = small.locator("#panel a")
    assert [(one.get_attribute("href"), one.inner_text()) for one in links.all()] == [
        ("https://example.org/one", "Work 1")
    ]
    assert "noopener" in (links.get_attribute("rel") or "")


@pytest.mark.parametrize(
    ("earliest", "latest", "said"),
    [
        ("2019-03-01", "2019-03-01", "2019-03-01"),
        ("2013-05-01", "2013-05-31", "2013-05"),
        ("2016-02-01", "2016-02-29", "2016-02"),
        ("2014-01-01", "2014-12-31", "2014"),
        ("2013-09-01", "2013-10-31", "2013-09 to 2013-10"),
        ("2017-01-01", "2018-12-31", "2017 to 2018"),
        ("2020-01-01", "2021-06-29", "2020-01-01 to 2021-06-29"),
        ("2019-03-01", "", "2019-03-01 or later"),
        ("", "2018-08-31", "2018-08-31 or earlier"),
        ("", "", ""),
        ("a", "b-c", "a to b-c"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(small: "Page", earliest: str, latest: str, said: str) -> None:
    assert small.evaluate("(one) => briNetwork.dates(one)", {"earliest": earliest, "latest": latest}) == said


def test_gists_are_marked_as_english_on_a_chinese_page(
    views: networkx.MultiDiGraph, watch: Open, tmp_path: Path
) -> None:
    network = views.copy()
    network.graph["language"] = "zh"
    page = watch().open(draw(network, tmp_path / "x.html"))
    page.evaluate("briNetwork.showEdge(0)")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert page.get_attribute("#panel .sentence span", "lang") == "en"


# Paths and neighbourhoods


def test_the_shortest_path_shows_its_sentences(small: "Page") -> None:
    small.fill("#path-from", "A")
    small.fill("#path-to", "D")
    small.press("#path-to", "Enter")
    assert small.inner_text("#panel h2") == "From A to D: 2 steps"
    assert small.inner_text("#path-note") == "From A to D: 2 steps"
    steps = small.locator("#panel ol > li")
    assert steps.count() == 2
    assert steps.nth(0).locator("h4").all_inner_texts() == ["A → praises → X"]
    assert steps.nth(1).locator("h4").all_inner_texts() == ["X → knows → D", "X → blames → D", "X → praises → D"]
    assert "Gist 1." in steps.nth(0).inner_text()
    assert small.evaluate("briNetwork.view.path.nodes.map((index) => briNetwork.nodes[index].id).join('')") == "axd"
    faint = small.evaluate(
        "briNetwork.shapes.get().filter((one) => one.opacity < 1).map((one) => briNetwork.nodes[one.id].id).join('')"
    )
    assert faint == "bcyz"


def test_the_path_follows_the_filters(small: "Page") -> None:
    small.evaluate("briNetwork.showPath(briNetwork.nodes[0], briNetwork.nodes[3])")
    small.locator("#voices label", has_text="of others").locator("input").uncheck()
    assert small.inner_text("#panel h2") == "From A to D: 3 steps"
    small.locator('#relations input[value="meets"]').uncheck()
    assert small.inner_text("#panel h2") == "No path joins A and D in what is visible."


def test_paths_agree_with_networkx(page: "Page", everything: networkx.MultiDiGraph) -> None:
    undirected = everything.to_undirected()
    names = list(everything)
    wanted = [(names[one], names[-other]) for one, other in ((3, 5), (40, 90), (120, 11), (200, 3), (7, 150))]
    for source, target in wanted:
        length = (
            networkx.shortest_path_length(undirected, source, target)
            if networkx.has_path(undirected, source, target)
            else -1
        )
        found = page.evaluate(
            """([source, target]) => {
                const node = (id) => briNetwork.nodes.find((one) => one.id === id);
                briNetwork.showPath(node(source), node(target));
                return briNetwork.view.path.nodes.length - 1;
            }""",
            [source, target],
        )
        assert found == length


def test_a_path_needs_two_names_that_are_there(small: "Page") -> None:
    small.click("#path-find")
    assert small.inner_text("#path-note") == "Name both ends of the path."
    small.fill("#path-from", "A")
    small.fill("#path-to", "nobody")
    small.click("#path-find")
    assert small.inner_text("#path-note") == "No name holds these letters."
    small.fill("#path-to", "Y")
    small.click("#path-find")
    assert small.inner_text("#path-note") == "No path joins A and Y in what is visible."
    small.click("#path-clear")
    assert small.input_value("#path-from") == small.inner_text("#path-note") == ""


def test_a_path_begins_at_what_is_chosen(small: "Page") -> None:
    small.evaluate("briNetwork.choose('b')")
    small.get_by_role("button", name="Path from here").click()
    assert small.input_value("#path-from") == "B"
    assert small.evaluate("document.activeElement.id") == "path-to"
    small.evaluate("briNetwork.choose('d')")
    small.get_by_role("button", name="Path to here").click()
    assert small.inner_text("#panel h2") == "From B to D: 2 steps"
    assert small.evaluate("document.querySelectorAll('#names option').length") == 7


def test_a_network_of_chains_opens_with_one(watch: Open, views: networkx.MultiDiGraph, tmp_path: Path) -> None:
    network = views.copy()
    network.graph["ends"] = ("d", "a")
    page = watch().open(draw(network, tmp_path / "x.html"))
    assert page.inner_text("#panel h2") == "From D to A: 2 steps"
    assert page.input_value("#path-from") == "D"
    page.click("#path-clear")
    assert page.inner_text("#panel h2") == "What you see"


def test_focus_shows_the_neighbourhood(small: "Page") -> None:
    small.evaluate("briNetwork.choose('a')")
    small.select_option("#focus", "1")
    assert _nodes(small) == "abx"
    assert small.locator("#rows tbody tr").count() == len(_edges(small)) == 2
    small.get_by_role("button", name="Two steps around it").click()
    assert _nodes(small) == "abcdx"
    small.select_option("#focus", "0")
    assert _nodes(small) == "abcdxyz"


# Bundles, sizes, movement


def test_a_bundle_is_counted_and_opens(small: "Page") -> None:
    hidden = "briNetwork.lines.get().filter((line) => line.hidden).map((line) => String(line.id))"
    assert small.evaluate(hidden) == ["b3-4"], "a small page draws parallel relations apart"
    small.check("#bundle")
    assert small.evaluate(hidden) == ["4", "5", "6"]
    small.evaluate("briNetwork.showPair('3-4')")
    assert small.inner_text("#panel h2") == "3 relations between them"
    assert small.locator("#panel h4").all_inner_texts() == ["X → knows → D", "X → blames → D", "X → praises → D"]
    assert small.evaluate(hidden) == ["b3-4"], "opened, the three lie apart"
    small.get_by_role("button", name="Bundle them again").click()
    assert small.evaluate(hidden) == ["4", "5", "6"]
    small.locator('#relations input[value="knows"]').uncheck()
    small.locator('#relations input[value="blames"]').uncheck()
    assert "5" not in small.evaluate(hidden), "one alone is no bundle"


def test_a_click_on_a_bundle_opens_it(small: "Page") -> None:
    small.check("#bundle")
    spot = small.evaluate(
        """() => {
            const view = briNetwork.network, [x, d] = [4, 3].map((index) => view.getPosition(index));
            const at = view.canvasToDOM({ x: (x.x + d.x) / 2, y: (x.y + d.y) / 2 });
            const box = document.getElementById("canvas").getBoundingClientRect();
            return [box.left + at.x, box.top + at.y];
        }"""
    )
    small.wait_for_timeout(100)
    small.mouse.click(*spot)
    small.wait_for_function("document.querySelector('#panel h2').textContent === '3 relations between them'")


def test_a_large_page_bundles_at_first(page: "Page", everything: networkx.MultiDiGraph) -> None:
    assert everything.number_of_edges() > 400
    assert page.is_checked("#bundle")


@pytest.mark.parametrize("measure", ["betweenness", "pagerank"])
def test_size_follows_a_measure(page: "Page", everything: networkx.MultiDiGraph, measure: str) -> None:
    table = {"betweenness": rank_by_betweenness, "pagerank": rank_by_pagerank}[measure](everything)
    values = dict(zip(table.column("node"), table.column(measure), strict=True))
    data = explorer_data(everything)["nodes"][measure]
    assert data == [round(1e6 * float(values[shorten(node)] or 0)) for node in everything]
    page.select_option("#size", measure)
    sizes = page.evaluate("briNetwork.shapes.get().map((shape) => shape.size)")
    assert (
        sorted(range(len(data)), key=lambda n: (sizes[n], n))[-1]
        == sorted(range(len(data)), key=lambda n: (data[n], n))[-1]
    )
    assert all(
        (a >= b) == (x >= y) or x == y
        for a, x in zip(data[:40], sizes[:40], strict=True)
        for b, y in zip(data[:40], sizes[:40], strict=True)
    )
    page.select_option("#size", "equal")
    assert len(set(page.evaluate("briNetwork.shapes.get().map((shape) => shape.size)"))) == 1


def test_it_moves_for_a_while_and_stops(watch: Open, views: networkx.MultiDiGraph, tmp_path: Path) -> None:
    page = watch().open(draw(views, tmp_path / "x.html"))
    before = page.evaluate("briNetwork.network.getPositions()")
    page.click("#move")
    assert page.get_attribute("#move", "aria-pressed") == "true"
    page.wait_for_timeout(300)
    assert page.evaluate("briNetwork.network.getPositions()") != before
    page.evaluate(  # the clock leaps to the end of the five seconds
        "() => { const now = window.requestAnimationFrame; window.requestAnimationFrame = (run) => now((time) => run(time + 4950)); }"
    )
    page.wait_for_selector("#move[aria-pressed=false]", timeout=2000)
    after = page.evaluate("briNetwork.network.getPositions()")
    page.wait_for_timeout(200)
    assert page.evaluate("briNetwork.network.getPositions()") == after


def test_nothing_moves_for_those_who_asked_for_rest(watch: Open, views: networkx.MultiDiGraph, tmp_path: Path) -> None:
    page = watch(reduced_motion="reduce").open(draw(views, tmp_path / "x.html"))
    assert not page.locator("#move").is_visible()
    before = page.evaluate("briNetwork.network.getPositions()")
    page.evaluate("document.getElementById('move').click()")
    page.wait_for_timeout(200)
    assert page.evaluate("briNetwork.network.getPositions()") == before


# The table


def test_the_table_says_the_same_as_the_picture(small: "Page") -> None:
    rows = [row.split("\t") for row in small.locator("#rows tbody tr").all_inner_texts()]
    assert len(rows) == 8
    assert rows[2] == ["B", "knows", "C", "2014", "corrected by erratum", "p. 53 (p01s02)"]
    assert small.inner_text("#visible") == "7 of 7 nodes and 8 of 8 relations are visible."
    small.locator('#relations input[value="knows"]').uncheck()
    assert small.locator("#rows tbody tr").count() == 4
    assert small.inner_text("#visible") == "4 of 7 nodes and 4 of 8 relations are visible."
    small.locator("#rows tbody tr").nth(0).locator("button").nth(1).click()
    assert small.inner_text("#panel h2") == "praises"
    assert small.locator("#rows tr[aria-current=true]").count() == 1
    small.locator("#rows tbody tr").nth(0).locator("button").nth(2).click()
    assert small.inner_text("#panel h2") == "X"


def test_the_table_sorts_by_its_headings(small: "Page") -> None:
    def column(place: int) -> list[str]:
        return [row.split("\t")[place] for row in small.locator("#rows tbody tr").all_inner_texts()]

    heads = small.locator("#rows th")
    assert {one.get_attribute("aria-sort") for one in heads.all()} == {"none"}
    small.click('[data-sort="target"]')
    assert column(2) == sorted(column(2))
    assert heads.nth(2).get_attribute("aria-sort") == "ascending"
    small.focus('[data-sort="target"]')
    small.keyboard.press("Enter")
    assert column(2) == sorted(column(2), reverse=True)
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    small.click('[data-sort="date"]')
    assert column(3) == [
        "2013-05",
        "2014",
        "2018-08-31 or earlier",
        "2019-03-01",
        "2019-03-01 or later",
        "2020-01-01 to 2021-06-29",
        "",
        "",
    ]
    assert heads.nth(2).get_attribute("aria-sort") == "none"


def test_a_long_table_opens_on_demand(page: "Page", everything: networkx.MultiDiGraph) -> None:
    assert page.locator("#rows tbody tr").count() == 100
    page.click("#more")
    assert page.locator("#rows tbody tr").count() == everything.number_of_edges()
    assert not page.locator("#more").is_visible()
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 101


# The keyboard and the words


def test_the_picture_is_walked_by_arrows(small: "Page") -> None:
    small.focus("#out")
    small.keyboard.press("Tab")
    assert small.evaluate("getComputedStyle(document.getElementById('keys')).opacity") == "1"
    small.keyboard.press("ArrowRight")
    assert small.evaluate("briNetwork.view.node.id") == "d", "the walk begins at the best-tied node"
    at = "briNetwork.network.getPosition(briNetwork.view.node.index)"
    seen = {"d"}
    for key, axis, sign in (
        ("ArrowRight", "x", 1),
        ("ArrowLeft", "x", -1),
        ("ArrowUp", "y", -1),
        ("ArrowDown", "y", 1),
    ):
        for _ in range(4):
            name, before = small.evaluate(f"[briNetwork.view.node.id, {at}]")
            small.keyboard.press(key)
            after = small.evaluate(at)
            moved = small.evaluate("briNetwork.view.node.id") != name
            assert not moved or sign * (after[axis] - before[axis]) > 0
            seen.add(small.evaluate("briNetwork.view.node.id"))
    assert len(seen) > 2
    scale = small.evaluate("briNetwork.network.getScale()")
    small.keyboard.press("+")
    assert small.evaluate("briNetwork.network.getScale()") > scale
    small.keyboard.press("0")
    small.keyboard.press("Enter")
    assert small.evaluate("document.activeElement.id") == "panel"
    small.focus("#canvas")
    small.keyboard.press("Escape")
    assert small.inner_text("#panel h2") == "What you see"
    assert small.inner_text("#status") == "Nothing is chosen."


def test_links_skip_to_the_picture_and_the_table(small: "Page") -> None:
    small.evaluate("document.activeElement.blur()")
    for name, id in (("To the picture", "canvas"), ("To the table", "rows")):
        small.get_by_role("button", name=name).focus()
        small.keyboard.press("Enter")
        assert small.evaluate("document.activeElement.id") == id


def test_every_word_is_there_in_both_languages_and_used() -> None:
    folder = Path(__file__).parents[1] / "bri_kg"
    files = [folder / "pictures" / "explorer.py", *folder.glob("templates/network*")]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    made = {f"column {name}" for name in ("source", "relation", "target", "date", "voice", "sentences")}
    for key, (english, chinese) in EXPLORER_WORDS.items():
        assert f'"{key}"' in code or key in made, key
        assert english.count("{}") == chinese.count("{}"), key
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), key
    assert not set(EXPLORER_WORDS) & set(WORDS["en"])
    assert all(page_word(key, "zh") for key in SCRIPT_WORDS)
    with pytest.raises(KeyError):
        page_word("no such words", "en")


@pytest.mark.parametrize(
    ("voice", "sort", "holders"),
    [
        (FACT, "fact", ()),
        ("corrected by erratum", "corrected", ()),
        (OWN, "own view", ("The authors",)),
        (HELD.format("Laos, China"), "views of others", ("Laos", "China")),
        (f"{FACT}; {HELD.format('Laos')}", "fact", ("Laos",)),
        ("held by", "other voices", ()),
        ("", "other voices", ()),
    ],
)
def test_a_voice_is_read_as_it_is_worded(voice: str, sort: str, holders: tuple[str, ...]) -> None:
    assert read_voice(voice, "en") == (sort, holders)


def test_every_voice_of_the_graph_is_read(kg: KnowledgeGraph) -> None:
    for question in ("network-everything", "network-claims", "network-positions", "network-measures"):
        for *_, data in kg.network(question).edges(data=True):
            for voice in data["voices"].values():
                assert read_voice(voice, "en").sort != "other voices", voice


def test_a_network_without_directions_voices_or_attributes_is_drawn(watch: Open, tmp_path: Path) -> None:
    network = networkx.MultiDiGraph()
    network.add_edge(1, 2)
    network.add_edge(2, 2)
    network.add_node(3)
    watched = watch()
    page = watched.open(draw(network, tmp_path / "x.html"))
    assert page.locator("#rows tbody tr").all_inner_texts() == ["1\trelated\t2\t\t\t", "2\trelated\t2\t\t\t"]
    assert page.locator("#voices, #claimants, #time").count() == 0
    for number in range(3):
        page.evaluate("(number) => briNetwork.choose(number)", number)
    page.evaluate("briNetwork.showEdge(0)")
    assert "No sentence is given." in page.inner_text("#panel")
    assert watched.complaints == []


def test_a_page_with_one_node_is_drawn(watch: Open, tmp_path: Path) -> None:
    network = little()
    network.remove_node("b")
    watched = watch()
    page = watched.open(draw(network, tmp_path / "x.html"))
    assert page.inner_text("#visible") == "1 of 1 nodes and 0 of 0 relations are visible."
    assert watched.complaints == []
