"""Charts: rows held against the paper, still pictures without a browser, pages in a real browser without network."""

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import ARGUMENTS, CHROMIUM, INJECTIONS, Watch
from conftest import GraphMaker

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.commands.cli import app
from bri_kg.errors import NameLookupError, UsageError
from bri_kg.names import concept
from bri_kg.pictures.attitudes import STANCES
from bri_kg.pictures.charts import CHARTS, Chart, chart_rows, make_chart
from bri_kg.pictures.figures import MEASURES_OF_TOPIC
from bri_kg.pictures.marks import read_date, wrapped
from bri_kg.pictures.projectmap import region
from bri_kg.wording import WORDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = sorted(CHARTS)
SVG = "{http://www.w3.org/2000/svg}"
PAPER = Path(__file__).resolve().parents[2] / "shared" / "paper" / "segments.jsonl"


@pytest.fixture(scope="module")
def charts(kg: KnowledgeGraph) -> dict[str, Chart]:
    return {name: make_chart(kg, name) for name in NAMES}


@pytest.fixture(scope="module")
def drawn(charts: dict[str, Chart], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("charts")
    return {
        (name, ending): chart.save(folder / f"{name}.{ending}")
        for name, chart in charts.items()
        for ending in ("html", "svg")
    }


@pytest.fixture(scope="module")
def browser() -> Any:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium for the tests of pages; get it with: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def rows(chart: Chart, **wanted: object) -> list[dict[str, Any]]:
    return [row for row in chart.rows if all(row[key] == value for key, value in wanted.items())]


def texts(svg: str) -> str:
    """All texts of a picture with single spaces, so that a line that was broken reads as one."""
    found = [" ".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]
    return " ".join(" ".join(found).split())


# What the charts show


def test_every_mark_keeps_its_sentences(charts: dict[str, Chart], kg: KnowledgeGraph) -> None:
    for chart in charts.values():
        for row in chart.rows:
            if row.get("stance") == "silent":
                assert row["segments"] == []
                continue
            assert row["segments"], row
            for one in row["segments"]:
                sentence = kg.sources.sentence("https://w3id.org/bri-kg/segment/" + one)
                assert sentence
                assert f"{sentence.reference}: {sentence.gist}" in row["sentences"]
                assert sentence.page in row["pages"]


@pytest.mark.parametrize(
    ("record", "date", "start", "end", "segment"),
    [
        ("event:xi-visit-kazakhstan-2013", "2013-09", 2013.6658, 2013.7479, "p01s01"),
        ("milestone:china-myanmar-gas-pipeline-completed", "2013", 2013, 2014, "p10s03"),
        ("milestone:china-myanmar-crude-oil-pipeline-completed", "2017", 2017, 2018, "p10s03"),
        ("launch:belt-and-road-initiative", "2013-09 to 2013-10", 2013.6658, 2013.8329, "p01s01"),
        ("event:south-china-sea-issue-heats-up", "about 2010", 2010, 2011, "p33s01"),
        ("signature:bri-cooperation-documents-by-august-2018", "by 2018-08", None, 2018.6658, "p09s04"),
        ("phase:second-phase", "since 2018-09", 2018.6658, None, "h2"),
        ("entry-into-force:rcep-agreement", "2022-01-01", 2022, 2022.0027, "p21s06"),
        ("milestone:jakarta-bandung-testing", "2023-05", 2023.3288, 2023.4137, "p22s07"),
    ],
)
def test_uncertain_dates_are_ranges(
    charts: dict[str, Chart], record: str, date: str, start: float | None, end: float | None, segment: str
) -> None:
    [row] = rows(charts["timeline"], record=record, date=date)
    assert (row["start"], row["end"]) == (start, end)
    assert row["exact"] is (date == "2022-01-01")
    assert row["loose"] is (date[:5] in ("about", "by 20", "since"))
    assert row["segments"] == [segment]


def test_a_range_is_drawn_as_a_bar_and_a_day_as_a_diamond(charts: dict[str, Chart], drawn: dict[Any, Path]) -> None:
    tree = ET.fromstring(drawn["timeline", "svg"].read_text(encoding="utf-8"))

    def marks(kind: str) -> int:
        groups = [one for one in tree.iter(f"{SVG}g") if f"mark-{kind} role-mark" in one.get("class", "")]
        return sum(1 for group in groups for _ in group.iter(f"{SVG}path"))

    assert marks("rect") == len(rows(charts["timeline"], exact=False))
    assert marks("symbol") == len(rows(charts["timeline"], exact=True)) == 2


def test_the_phases_stand_side_by_side_where_the_paper_gives_several_bounds(charts: dict[str, Chart]) -> None:
    assert {row["date"] for row in rows(charts["timeline"], record="phase:second-phase")} == {
        "since 2018",
        "since 2018-09",
        "2019 to 2023",
    }
    first, second = "First phase of the BRI in Southeast Asia", "Second phase of the BRI in Southeast Asia"
    phases = {row["record"]: row["phase"] for row in charts["timeline"].rows}
    assert phases["accession:china-tac"] == "<"
    assert phases["accession:asean-states-to-aiib"] == first
    assert phases["launch:global-civilization-initiative"] == second
    assert phases["adoption:build-act"] == "?"  # October 2018 lies in both, as the sentences bound them


def test_every_dated_event_is_drawn_and_the_others_are_counted(kg: KnowledgeGraph, charts: dict[str, Chart]) -> None:
    dated = {row[0].value.removeprefix("https://w3id.org/bri-kg/") for row in kg.ask("timeline").terms}
    assert {row["record"].replace(":", "/") for row in charts["timeline"].rows} == dated
    [undated] = kg.query(
        """SELECT (COUNT(DISTINCT ?record) AS ?n) {
            GRAPH ?segment { ?record a bri:Event } FILTER NOT EXISTS { ?record bri:date ?date }
        }"""
    ).terms
    assert f"{undated[0].value} events without a date are not drawn." in charts["timeline"].notes


def test_the_timeline_by_actor_and_within_years(kg: KnowledgeGraph) -> None:
    one = make_chart(kg, "timeline", by="actor", actor="AIIB")
    bank = "Asian Infrastructure Investment Bank"
    assert {row["record"] for row in one.rows if row["kind"] != "Phase"} == {
        "financing:national-slum-upgrading-project-2016",
        "financing:metro-manila-flood-management-aiib",
    }
    assert {row["group"] for row in one.rows if row["kind"] != "Phase"} == {bank}
    late = make_chart(kg, "timeline", **{"from": "2022", "to": "2022"})
    assert all((row["end"] or 9999) > 2022 and (row["start"] or 0) < 2023 for row in late.rows)
    assert "entry-into-force:rcep-agreement" in {row["record"] for row in late.rows}
    assert not any("narrower" in note for note in late.notes)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("2018~", "about 2018", "约2018"),
        ("../2018-08", "by 2018-08", "截至 2018-08"),
        ("2018/..", "since 2018", "自 2018 起"),
        ("2013-09/2013-10", "2013-09 to 2013-10", "2013-09 至 2013-10"),
        ("2017-41", "second half of 2017", "2017年下半年"),
        ("2017-33", "quarter 1 of 2017", "2017年第1季度"),
        ("2022-01-01", "2022-01-01", "2022-01-01"),
    ],
)
def test_dates_are_read(text: str, english: str, chinese: str) -> None:
    assert (read_date(text), read_date(text, "zh")) == (english, chinese)


#: The sentences p08s02, p08s04, p45s03, p45s04, p45s05 of the paper, state by state.
SUPPORT, HESITANT = "among the first to support", "hesitant"
FULL, TALKING = "fully supportive and willing to take part", "willing to communicate and explore co-operation"
NO_MENTION, SILENT = "made no mention or only expressed concern", "silent"
PRINTED = {
    "Brunei": (SUPPORT, SILENT),
    "Cambodia": (SUPPORT, FULL),
    "Indonesia": (HESITANT, TALKING),
    "Laos": (SUPPORT, FULL),
    "Malaysia": (HESITANT, SILENT),
    "Myanmar": (SILENT, SILENT),
    "Philippines": (HESITANT, TALKING),
    "Singapore": (SUPPORT, NO_MENTION),
    "Thailand": (SUPPORT, TALKING),
    "Vietnam": (HESITANT, NO_MENTION),
}


def test_the_matrix_says_what_the_paper_says_and_is_silent_where_it_is_silent(charts: dict[str, Chart]) -> None:
    for state, printed in PRINTED.items():
        for initiative, attitude in zip(
            ("Belt and Road Initiative", "Global Security Initiative"), printed, strict=True
        ):
            [cell] = rows(charts["attitudes"], holder=state, undertaking=initiative)
            assert cell["attitude"] == attitude
            assert (cell["stance"] == "silent") is (attitude == SILENT) is (cell["segments"] == [])
            assert (cell["voice"] == "") is (attitude == SILENT)
            assert not cell["voice"] or cell["voice"] == f"held by {state}, as the authors report"
    holders = {row["holder"] for row in charts["attitudes"].rows}
    assert len(charts["attitudes"].rows) == len(holders) * len({row["undertaking"] for row in charts["attitudes"].rows})


def test_lumped_attitudes_stay_lumped_and_two_sentences_give_two(kg: KnowledgeGraph) -> None:
    everybody = make_chart(kg, "attitudes", holders="all")
    [cell] = rows(everybody, holder="Trump administration", undertaking="Belt and Road Initiative")
    assert (cell["attitude"], cell["stance"]) == ("opposed; relatively positive", "several")
    assert cell["segments"] == ["p37s02", "p37s03"]


def test_every_attitude_of_the_graph_has_a_direction(kg: KnowledgeGraph) -> None:
    known = {concept(name) for names in STANCES.values() for name in names.split()}
    answer = kg.query("SELECT ?attitude { ?attitude skos:inScheme concept:attitudes }")
    assert known == {row[0].value for row in answer.terms}


#: Measure, unit of the axis, number on it, the figure in words, the sentence: from pages 56, 59, 66, 74 and 76 of the paper.
FIGURES = [
    ("trade volume", "billion US dollar", 975.34, "975.34 billion US dollar", "p21s08"),
    ("growth rate", "per cent", 11.2, "11.2 per cent", "p21s08"),
    ("share of goods at zero tariff", "per cent", 90, "more than 90 per cent", "p06s10"),
    ("rank as trading partner", "rank", 1, "1", "p21s07"),
    ("total investment", "billion US dollar", 1.74, "1.74 billion US dollar", "p11s01"),
    ("amount announced", "billion US dollar", 0.433, "0.433 billion US dollar", "p11s03"),
    ("amount announced", "billion US dollar", 0.113, "0.113 billion US dollar", "p37s05"),
    ("amount announced", "billion US dollar", 1, "in the order of 1 billion US dollar: no exact figure", "p40s03"),
    ("share of a financing", "million US dollar", 216.5, "216.5 million US dollar (computed)", "p11s03"),
    ("amount approved", "million US dollar", 207.6, "207.6 million US dollar", "p11s06"),
    ("total cost", "million US dollar", 500, "500 million US dollar", "p11s06"),
]


def test_the_figures_are_those_of_the_paper(charts: dict[str, Chart]) -> None:
    shown = {
        (row["measure"], row["axis"], row["number"], row["figure"], *row["segments"]) for row in charts["figures"].rows
    }
    assert shown == set(FIGURES)


@pytest.mark.skipif(not PAPER.exists(), reason="no copy of the paper here")
def test_the_numbers_stand_in_the_sentences() -> None:
    said = {one["id"]: one["text"] for one in map(json.loads, PAPER.read_text(encoding="utf-8").splitlines())}
    for segment, number in {
        "p21s08": r"\$975.34 billion, an increase of 11.2%",
        "p06s10": "more than 90%",
        "p11s01": r"\$1.74 billion",
        "p11s03": r"\$433 million",
        "p11s06": r"\$207.6 million",
        "p37s05": r"\$113 million",
        "p40s03": "billions of dollars",
    }.items():
        assert number in said[segment]


@pytest.mark.parametrize("topic", CHARTS["figures"].parameters["topic"])
def test_no_axis_mixes_units_currencies_or_stages(kg: KnowledgeGraph, topic: str) -> None:
    chart = make_chart(kg, "figures", topic=topic)
    for panel in {row["panel"] for row in chart.rows}:
        there = rows(chart, panel=panel)
        assert len({(row["measure"], row["unit"], row["axis"]) for row in there}) == 1
    picture = chart.to_dict()["vconcat"][0]
    assert picture["resolve"]["scale"]["x"] == "independent"
    panels = list(dict.fromkeys(row["panel"] for row in chart.rows))
    heads = [panel["title"]["text"] for panel in picture["vconcat"]]
    assert [head.casefold() for head in heads] == [
        "{measure}: {axis}".format(**rows(chart, panel=panel)[0]).casefold() for panel in panels
    ]


def test_two_currencies_of_one_measure_get_two_panels(graph_of: GraphMaker) -> None:
    kg = graph_of(
        """segment:p01s01 {
            statistic:a a bri:Amount ; bri:measure concept:total-cost ; bri:value 5 ; bri:currency concept:us-dollar .
            statistic:b a bri:Amount ; bri:measure concept:total-cost ; bri:value 7 ; bri:currency concept:renminbi .
            statistic:c a bri:Amount ; bri:measure concept:approved-amount ; bri:value 5 ; bri:currency concept:us-dollar .
        }"""
    )
    assert len({row["panel"] for row in make_chart(kg, "figures").rows}) == 3


def test_every_measure_of_a_topic_is_in_the_graph(kg: KnowledgeGraph) -> None:
    names = [concept(name) for listed in MEASURES_OF_TOPIC.values() for name in listed]
    assert [name for name in names if not kg.lookup.exists(name)] == []


def test_projects_stand_at_label_points_of_the_dataset_only(charts: dict[str, Chart], kg: KnowledgeGraph) -> None:
    lands = {feature["properties"]["state"] for feature in region()["features"] if "state" in feature["properties"]}
    assert [land for land in lands if not kg.lookup.exists("https://w3id.org/bri-kg/" + land.replace(":", "/"))] == []
    found = kg.query(
        "SELECT ?state ?wkt { GRAPH dataset:natural-earth { ?state geo:hasGeometry/geo:asWKT ?wkt } ?state a bri:State }"
    ).to_dicts()
    points = {tuple(map(float, str(row["wkt"]).partition("POINT(")[2].rstrip(")").split())) for row in found}
    assert len(points) == len(found) >= len(lands)
    assert {place["country"] for place in charts["projects"].marks.extra} > {"Laos", "Myanmar"}
    placed = {(place["longitude"], place["latitude"]) for place in charts["projects"].marks.extra}
    assert placed <= points
    answer = kg.query("SELECT DISTINCT ?p ?c { ?p bri:hostCountry ?c ; bri:projectKind ?k }")
    assert sum(place["projects"] for place in charts["projects"].marks.extra) == len(answer)
    assert {row["project"] for row in rows(charts["projects"], country="Laos")} == {
        "China-Laos Railway",
        kg.labels.label("https://w3id.org/bri-kg/project/overseas-cloud-computing-centers"),
    }
    [unplaced] = rows(charts["projects"], project="China-Laos-Thailand Railway")
    assert (unplaced["state"], unplaced["point"]) == ("", None)


def test_the_outlines_are_small_and_say_their_licence() -> None:
    folder = Path(bri_kg.__file__).parent / "pictures" / "outlines"
    assert (folder / "region.geojson").stat().st_size < 150_000
    assert "public domain" in region()["source"]
    assert "public domain" in (folder / "README.md").read_text(encoding="utf-8")
    for feature in region()["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in polygon)


def test_the_map_draws_all_lands_alike_and_no_line_between_places(charts: dict[str, Chart]) -> None:
    layers = charts["projects"].to_dict()["vconcat"][0]["hconcat"][0]["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["geoshape", "circle", "text", "text", "text"]
    assert "color" not in layers[0].get("encoding", {})
    assert any("no statement on any claim" in note for note in charts["projects"].notes)


# Still pictures


@pytest.mark.parametrize("name", NAMES)
def test_the_svg_has_title_legend_source_and_pages(charts: dict[str, Chart], drawn: dict[Any, Path], name: str) -> None:
    svg = drawn[name, "svg"].read_text(encoding="utf-8")
    read = texts(svg)
    assert charts[name].title in read
    assert all(note in read for note in charts[name].notes)
    assert charts[name].source in read
    assert re.search(r"Sentences behind the chart: pp\. \d\d", read)
    assert "role-legend" in svg
    [title] = ET.fromstring(svg).findall(f"{SVG}title")
    assert title.text == charts[name].title


@pytest.mark.parametrize("name", NAMES)
def test_the_same_graph_gives_the_same_bytes(kg: KnowledgeGraph, drawn: dict[Any, Path], name: str) -> None:
    assert make_chart(kg, name).to_svg().encode() == drawn[name, "svg"].read_bytes()


def test_another_process_in_another_time_zone_gives_the_same_bytes(drawn: dict[Any, Path], cache: Path) -> None:
    program = """
import sys, bri_kg
from bri_kg.pictures.charts import make_chart
for name in ("projects", "timeline"):
    sys.stdout.buffer.write(make_chart(bri_kg.load(), name).to_svg().encode())
"""
    environment = {
        "BRI_KG_CACHE": str(cache),
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=True)
    assert done.stdout == drawn["projects", "svg"].read_bytes() + drawn["timeline", "svg"].read_bytes()


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_other_still_pictures(charts: dict[str, Chart], tmp_path: Path, ending: str, start: bytes) -> None:
    assert charts["attitudes"].save(tmp_path / f"a.{ending}").read_bytes().startswith(start)


@pytest.mark.parametrize("name", NAMES)
def test_altair_finds_the_specification_valid(charts: dict[str, Chart], name: str) -> None:
    assert charts[name].altair.to_dict(validate=True)
    assert '"url"' not in json.dumps(charts[name].to_dict())


@pytest.mark.parametrize("name", NAMES)
def test_charts_in_chinese(kg: KnowledgeGraph, name: str) -> None:
    chart = make_chart(bri_kg.load(language="zh"), name)
    assert re.search("[一-鿿]", chart.title)
    assert len(chart.rows) == len(make_chart(kg, name).rows)
    assert chart.title in texts(chart.to_svg())


def test_both_languages_have_the_same_words() -> None:
    english, chinese = ({key for key in words if key.startswith("chart ")} for words in WORDS.values())
    assert english == chinese


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("one two three", 7, 0, ["one two", "three"]),
        ("中国与东盟", 6, 0, ["中国与", "东盟"]),
        ("abcdefghij", 4, 0, ["abcd", "efgh", "ij"]),
        ("one two three", 7, 1, ["one tw…"]),
        ("", 5, 0, []),
    ],
)
def test_texts_are_wrapped(text: str, width: int, most: int, lines: list[str]) -> None:
    assert wrapped(text, width, most).splitlines() == lines


# Pages


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_without_request_or_complaint(
    browser: "Browser", charts: dict[str, Chart], drawn: dict[Any, Path], name: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    watched = Watch(context.new_page())
    page = watched.open(drawn[name, "html"])
    chart = charts[name]
    assert page.title() == page.inner_text("h1") == chart.title
    assert page.inner_text("#source") == chart.source
    assert page.locator("tbody tr").count() == len(chart.rows)
    assert page.locator("#picture svg .role-legend").count() >= 1
    mark = page.locator("#picture .role-mark.mark-rect path, #picture .role-mark.mark-symbol path").nth(0)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(middle[0] - 1, middle[1])
    page.mouse.move(*middle)
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert re.search(r"p\. \d\d(-\d\d)? \(\w+\): \S", page.inner_text("#vg-tooltip-element"))
    page.mouse.click(*middle)
    page.wait_for_selector("tr.chosen")
    chosen = page.inner_text("tr.chosen td.sentences")
    assert " ".join(chosen.split()) in {" ".join(row["sentences"].split()) for row in chart.rows}
    assert watched.requests == [drawn[name, "html"].as_uri()]
    assert watched.complaints == []
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_content_security_policy_forbids_requests(drawn: dict[Any, Path], name: str) -> None:
    text = drawn[name, "html"].read_text(encoding="utf-8")
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert policy == "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
    own = re.sub(r"(?s)<script[^>]*>.*?</script>", "<script>", text)
    assert own.count("<script>") == 3
    assert not re.search(r"(?:src|href)=\"(?!data:,\")", own)


def _turtle(text: str) -> str:
    return json.dumps(text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd"), ensure_ascii=True)


def _hostile() -> str:
    """A graph in which everything that a chart writes is an injection string."""
    quads, labels = [], []
    for number, text in enumerate(INJECTIONS):
        say = f"skos:prefLabel {_turtle(text)}@en"
        quads += [
            f"event:e{number} a bri:Event ; bri:date '2019'^^xsd:gYear ; bri:actor state:s{number} .",
            f"statistic:f{number} a bri:Statistic ; bri:measure concept:m{number} ; bri:value {number + 1} ;"
            f" bri:unit concept:u{number} ; bri:about event:e{number} .",
            f"project:p{number} bri:projectKind concept:m{number} ; bri:hostCountry state:laos .",
        ]
        labels += [
            f"event:e{number} {say} .",
            f"concept:m{number} {say} .",
            f"concept:u{number} {say} .",
            f"project:p{number} {say} .",
        ]
        labels.append(f"state:s{number} a bri:State ; {say} .")
        if number < 12:
            quads.append(
                f"<https://w3id.org/bri-kg/position/q{number}> a bri:Position ; bri:holder state:s{number} ;"
                f" bri:towards event:e{number} ; bri:attitude concept:m{number} ; bri:attributedTo state:s{number} ."
            )
        if number < 12 or text in ("constructor", "__proto__"):
            quads.append(
                f"phase:h{number} a bri:Phase ; bri:about initiative:belt-and-road-initiative ; bri:date '{1000 + number}'^^xsd:gYear ."
            )
            labels.append(f"phase:h{number} {say} .")
            quads.append(f"event:i{number} a bri:Event ; bri:date '{1000 + number}'^^xsd:gYear .")
    gist = _turtle(" ".join(INJECTIONS))
    ledger = f"segment:p01s01 a bri:Segment ; bri:page 53 ; bri:readingOrder 1 ; bri:gist {gist}@en ."
    return (
        f"segment:p01s01 {{ {' '.join(quads)} }}\n{ledger}\nstate:laos a bri:State ; skos:prefLabel {_turtle(INJECTIONS[0])}@en .\n"
        "state:laos geo:hasGeometry geometry:l . "
        "geometry:l geo:asWKT 'POINT(102.5 19.4)'^^geo:wktLiteral .\n" + "\n".join(labels)
    )


@pytest.mark.parametrize("name", NAMES)
def test_injections_do_not_run(browser: "Browser", graph_of: GraphMaker, tmp_path: Path, name: str) -> None:
    given = {"figures": {"topic": "all"}, "attitudes": {"holders": "all"}}.get(name, {})
    chart = make_chart(graph_of(_hostile()), name, **given)
    assert len(chart.rows) >= (100 if name != "attitudes" else 12)
    ET.fromstring(chart.to_svg())
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    watched = Watch(context.new_page())
    path = chart.save(tmp_path / "hostile.html")
    page = watched.open(path)
    for mark in page.locator("#picture .role-mark.mark-rect path, #picture .role-mark.mark-symbol path").all()[:8]:
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        if box:
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(200)
    assert page.evaluate("window.__hit") is None
    assert watched.requests == [path.as_uri()]
    assert watched.complaints == []
    context.close()


# Wrong words


@pytest.mark.parametrize(
    ("name", "given", "error", "message"),
    [
        ("nope", {}, UsageError, "There is no chart 'nope'; choose attitudes, figures, projects, timeline."),
        ("projects", {"by": "x"}, UsageError, "Chart 'projects' has no parameter 'by'; it takes none."),
        ("figures", {"topic": "x"}, UsageError, "topic=x: choose economy, trade, finance, other, all."),
        ("timeline", {"from": "19"}, UsageError, "from=19 is no year; write it as in from=2013."),
        ("timeline", {"actor": "Nobody at all"}, NameLookupError, "Nothing in the graph is called 'Nobody at all'"),
    ],
)
def test_wrong_words_are_refused(
    kg: KnowledgeGraph, name: str, given: dict[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        make_chart(kg, name, **given)


def test_another_ending_is_refused(charts: dict[str, Chart], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=re.escape("a.gif: a chart is written as .html, .svg, .png, .pdf")):
        charts["figures"].save(tmp_path / "a.gif")
    with pytest.raises(UsageError, match="cannot be written"):
        charts["attitudes"].save(tmp_path / "no" / "a.svg")


def test_an_empty_graph_is_nothing_to_draw(graph_of: GraphMaker) -> None:
    kg = graph_of("state:laos a bri:State .")
    for name in NAMES:
        with pytest.raises(UsageError, match="There is nothing to draw"):
            make_chart(kg, name)


@pytest.mark.parametrize("missing", ["altair", "vl_convert"])
def test_what_is_missing_is_named_with_the_remedy(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UsageError, match=re.escape("python3 -m pip install 'bri-kg[charts]'")):
        make_chart(kg, "figures")


def test_a_plain_answer_does_not_pay_for_altair() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, bri_kg.commands.cli, bri_kg.pictures.charts; print('altair' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


# The command


def test_the_command_lists_and_writes(cache: Path, tmp_path: Path) -> None:
    assert app
    command = Path(sys.executable).with_name("bri-kg")
    assert shutil.which(command)

    def run(*words: str) -> Any:
        return subprocess.run([command, "chart", *words], capture_output=True, text=True, cwd=tmp_path, check=False)

    listed = run("--list")
    assert listed.returncode == 0
    assert [line.split("\t")[0] for line in listed.stdout.splitlines()] == ["name", *NAMES]
    assert json.loads(run("--list", "--format", "json").stdout)[0]["name"] == "attitudes"
    assert chart_rows("zh")[0] == ["name", "purpose", "parameters"]
    done = run("attitudes", "holders=all", "-o", "a.svg")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Trump administration" in texts((tmp_path / "a.svg").read_text(encoding="utf-8"))
    assert run("figures", "topic=x").returncode == 2
    nothing = run()
    assert nothing.returncode == 2
    assert "bri-kg chart --list" in nothing.stderr
