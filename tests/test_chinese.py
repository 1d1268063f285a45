"""``--lang zh``: no word of ours that a reader sees is English, on the command line, in pages, still pictures and notebooks."""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html import unescape
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.answers import Answer
from bri_kg.citing.apparatus import COLUMNS as CITED_COLUMNS
from bri_kg.citing.comparison import COLUMNS as COMPARISON_COLUMNS
from bri_kg.citing.sourcemix import COLUMNS as MIX_COLUMNS
from bri_kg.ledger import audit_rows, coverage_by
from bri_kg.lookup import Labels
from bri_kg.names import bri, segment_iri, shorten
from bri_kg.pictures.layout import FAMILIES, look
from bri_kg.pictures.pages import draw
from bri_kg.questions import Question, questions
from bri_kg.tables import rows_to_format
from bri_kg.wording import FACTUAL, HEADINGS, PAGE_WORDS, WORDS, column_headings, word

COMMAND = Path(sys.executable).with_name("bri-kg")
CHROMIUM = Path("/usr/bin/chromium")
HAN = re.compile("[\u4e00-\u9fff]")
#: What is said in English too: the parts of every sentence and heading of ours that no proper name contains.
OURS = sorted(
    {
        part.strip(" .:;,()")
        for words in WORDS["en"].values()
        for part in re.split(r"\{\}", words)
        if len(part.strip(" .:;,()")) > 3
    }
    - {"BRI-KG", "bri-kg", "voice", "--voice"}
)
#: Each command, as a reader has it before them.
READ = """
ask amounts -f md
ask amounts -f csv --labels
ask amounts -f tsv --labels
ask claims-about topic=BRI -f md
ask financed-by financier=AIIB --cite -f md
ask launches --cite -f md
ask positions-on undertaking=BRI --cite --voice claims -f md
ask projects-in country=Laos -f table
check -f md
compare GSI -f md
compare BRI --by administration -f md
coverage -f md
coverage --by page -f table
draw -o still.svg
draw network-of entity=AIIB -o page.html
find 铁路 -f md
questions -f md
show AIIB
show AIIB -f md
show 雅万高铁
sparql 'ASK { ?x a bri:Project }' -f md
sparql 'SELECT ?project { ?project a bri:Nothing }' -f table
tour -o tour.svg
""".strip().splitlines()

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def chinese(kg: KnowledgeGraph) -> KnowledgeGraph:
    return KnowledgeGraph(kg.store, "zh")


@pytest.fixture(scope="module")
def english_texts(kg: KnowledgeGraph) -> list[str]:
    """What exists in English only: gists, descriptions, and the printed values that an erratum quotes; and every name in English."""
    found = kg.query(
        """SELECT DISTINCT ?text {
            VALUES ?p { bri:gist dcterms:description skos:prefLabel skos:altLabel bri:printedValue bri:correctedValue bri:dateNote rdfs:comment }
            GRAPH ?g { ?s ?p ?text } FILTER (LANG(?text) IN ("", "en") || !ISLITERAL(?text)) }"""
    )
    return sorted((str(row["text"]) for row in found.to_dicts()), key=lambda text: -len(text))


@pytest.fixture
def run(kg: KnowledgeGraph, tmp_path: Path) -> Run:
    def run(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "200", **more}
        return subprocess.run(
            [str(COMMAND), *words], capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment, timeout=120
        )

    return run


def english_in(text: str, known: list[str]) -> list[str]:
    """The words of ours that ``text`` says in English, outside what is English in any case."""
    for one in known:
        text = text.replace(one, "").replace(one.replace("<", "&lt;"), "")
    return [one for one in OURS if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w=-])", text)]


def has_latin_word(text: str) -> bool:
    return re.search("[A-Za-z]{2}", text) is not None


def heads(text: str) -> str:
    """The line of headings of a Markdown table or a table for the terminal."""
    lines = text.splitlines()
    return next((lines[place - 1] for place, line in enumerate(lines) if re.match(r"\| ---| ?──", line)), "")


@pytest.mark.parametrize("command", READ)
def test_no_command_says_a_word_of_ours_in_english(run: Run, command: str, english_texts: list[str]) -> None:
    done = run(*shlex.split(command), "--lang", "zh")
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    for path in ("still.svg", "page.html", "tour.svg"):
        said = said.replace(path, "")
    said = re.sub(
        r"(?m)^(\| \S+ \| 规则 \|.*\|) .*( (?:已记录为|尚未记录))", r"\1\2", said
    )  # messages of rules are English
    said = re.sub(r"\b(?:erratum|inconsistency):[\w-]+", "", said)
    assert HAN.search(said)
    assert english_in(said, english_texts) == []
    assert not has_latin_word(heads(done.stdout)), heads(done.stdout)


@pytest.mark.parametrize("command", [command for command in READ if not command.startswith(("check", "draw", "tour"))])
def test_the_list_of_words_catches_the_same_commands_in_english(run: Run, command: str) -> None:
    done = run(*shlex.split(command))
    assert english_in(done.stdout + done.stderr, []) or has_latin_word(
        heads(done.stdout) or done.stdout.splitlines()[0]
    )


def test_headings_that_programs_read_stay_as_they_are(run: Run) -> None:
    assert run("ask", "projects-in", "country=Laos", "--lang", "zh").stdout.splitlines()[0].startswith("?project\t?")
    rows = csv.reader(io.StringIO(run("ask", "amounts", "-f", "csv", "--lang", "zh").stdout))
    assert next(rows)[:2] == ["amount", "measure"]
    found = json.loads(run("ask", "amounts", "-f", "json", "--lang", "zh").stdout)
    assert found["head"]["vars"][:2] == ["amount", "measure"]
    for words in (["find", "铁路"], ["coverage"], ["questions"], ["show", "AIIB", "-f", "tsv"], ["compare", "GSI"]):
        english, same = run(*words).stdout, run(*words, "--lang", "zh").stdout
        assert english.splitlines()[0] == same.splitlines()[0]
        assert english != same


def test_terminal_and_errors(run: Run) -> None:
    failed = run("ask", "nonsense", "--lang", "zh")
    assert failed.returncode == 2, "errors are one sentence in English, as help is"
    assert "There is no question" in failed.stderr


# The words


def test_every_key_exists_in_both_languages_with_the_same_places() -> None:
    assert list(WORDS) == ["en", "zh"]
    assert WORDS["en"].keys() == WORDS["zh"].keys()

    def places(text: str) -> int:
        return sum(field is not None for _, field, _, _ in Formatter().parse(text))

    uneven = {key for key in WORDS["en"] if places(WORDS["en"][key]) != places(WORDS["zh"][key])}
    assert uneven == {"errata"}, "Chinese verbs have no number"
    assert [key for key, text in WORDS["zh"].items() if has_latin_word(text) and not HAN.search(text)] == []
    assert {column for column, text in HEADINGS.items() if not HAN.search(text)} <= {"pagerank"}, "a proper name"


def test_a_missing_key_is_an_error_and_no_empty_word() -> None:
    with pytest.raises(KeyError):
        word("no such words", "en")
    with pytest.raises(KeyError):
        column_headings(["no such column"], "zh")
    assert column_headings(["no such column"], "en") == ["no such column"]


def test_every_word_is_used() -> None:
    folder = Path(__file__).parents[1] / "bri_kg"
    files = [*folder.rglob("*.py"), *folder.glob("templates/*")]
    code = "".join(path.read_text(encoding="utf-8") for path in files if path.name != "wording.py")
    families = {family.family for family in (*FAMILIES.values(), look(""))}
    used = families | set(PAGE_WORDS) | {"by claimant", "by state", "by administration"}
    used |= {key for key in WORDS["en"] if f'"{key}"' in code or f"'{key}'" in code}
    made = tuple(re.findall(r"""f["']([\w ]+ )\{""", code))  # keys that the code puts together
    assert {key for key in set(WORDS["en"]) - used if not key.startswith(made)} == set()
    assert families <= set(WORDS["en"])


def test_language_tags_of_every_kind_are_understood() -> None:
    assert word("fact", "zh") == word("fact", "zh-hans") == word("fact", "zh-Hans") == "作为事实陈述"
    assert word("facts", "en", 3) == "Facts (3)"


# Headings


def test_every_column_of_every_stored_question_has_a_chinese_heading(chinese: KnowledgeGraph) -> None:
    for one in questions():
        answer = _answer(chinese, one)
        assert [heading for heading in answer.headings() if not HAN.search(heading)] == [], one.name
        assert len(set(answer.headings())) == len(answer.columns), f"{one.name}: two columns with one heading"


def test_every_class_and_property_that_is_a_column_has_a_chinese_label(kg: KnowledgeGraph) -> None:
    columns = {column for one in questions() for column in _answer(kg, one).columns}
    labels, english = Labels(kg.store, "zh"), Labels(kg.store)
    named = 0
    for column in columns:
        for term in (bri(column), bri(column[0].upper() + column[1:])):
            if english.label(term) != shorten(term):
                named += 1
                assert HAN.search(labels.label(term)), term
    assert named > 60


def test_columns_of_our_own_listings_have_headings(chinese: KnowledgeGraph, tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text("x" * 200_000, encoding="utf-8")
    listings = [CITED_COLUMNS, COMPARISON_COLUMNS, MIX_COLUMNS, ["about", "check", "where", "what"]]
    listings += [coverage_by(chinese, "section")[0], coverage_by(chinese, "page")[0], audit_rows(chinese, paper)[0]]
    listings += [chinese.describe("AIIB").rows()[0], ["subject", "predicate", "object"]]
    for columns in listings:
        assert all(HAN.search(heading) for heading in column_headings(columns, "zh"))
        assert column_headings(columns, "en") == list(columns)


def test_a_heading_is_the_label_of_the_term_that_the_values_show(chinese: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    query = "SELECT ?project ?hostCountry ?x ?other_segment ?odd_x { ?project bri:hostCountry ?hostCountry } LIMIT 1"
    assert chinese.query(query).headings() == ["项目", "项目所在国", "x", "另一方文段", "odd_x"]
    assert kg.query(query).headings() == ["project", "hostCountry", "x", "other_segment", "odd_x"]
    assert chinese.labels.heading("measure") == "措施"
    assert _answer(chinese, "measures").headings()[1] == "措施"
    assert _answer(chinese, "amounts").headings()[1] == "度量", "the property: its values are no measures"
    assert chinese.query("CONSTRUCT WHERE { state:laos a ?c }").headings() == ["主语", "谓语", "宾语"]


def test_booleans_and_nodes_without_kind(chinese: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    query = "SELECT (true AS ?a) (false AS ?b) {}"
    assert chinese.query(query).labelled() == [["是", "否"]]
    assert kg.query(query).labelled() == [["true", "false"]]
    assert (str(chinese.query("ASK {}")), str(kg.query("ASK {}"))) == ("是", "yes")
    assert (chinese.labels.kind(""), kg.labels.kind("")) == ("节点", "Node")


def test_tables_count_rows_in_their_language() -> None:
    assert rows_to_format("table", ["name"], [["x"]], "zh").splitlines()[-1] == "1 行"
    assert rows_to_format("table", ["name"], [], "zh") == "名称\n无结果\n"
    assert rows_to_format("table", ["name"], [["x"], ["y"]]).splitlines()[-1] == "2 rows"


# Texts of the graph


def test_questions_ask_for_texts_in_the_language_and_find_as_many_rows(
    kg: KnowledgeGraph, chinese: KnowledgeGraph
) -> None:
    changed = [one.name for one in questions() if one.sparql_in("zh") != one.sparql]
    assert {"claims-about", "posts", "purpose-of"} <= set(changed)
    for one in questions():
        assert one.sparql_in("en") == one.sparql
        assert 'LANG(?gloss) = "en"' not in one.sparql_in("zh")
        assert len(_answer(kg, one)) == len(_answer(chinese, one)), one.name
    glosses = [row["gloss"] or "" for row in chinese.ask("claims-about", topic="BRI").to_dicts()]
    assert glosses and all(HAN.search(gloss) for gloss in glosses)
    assert chinese.ask("claims-about", topic="BRI").cite()[0]


def test_voices_are_the_same_in_both_languages(kg: KnowledgeGraph, chinese: KnowledgeGraph) -> None:
    there, here = kg.describe("BRI"), chinese.describe("BRI")
    assert sorted(map(len, there.claims.values())) == sorted(map(len, here.claims.values()))
    assert len(here.claims["作者"]) == len(there.claims["The authors"])
    assert {fact.voice for fact in here.claims["作者"]} == {"作者自己的观点"}
    assert {fact.voice for fact in here.facts} <= FACTUAL
    assert sorted(FACTUAL) == ["corrected by erratum", "stated as fact", "作为事实陈述", "经勘误更正"]


def test_notebooks(chinese: KnowledgeGraph, english_texts: list[str]) -> None:
    for shown in (chinese.ask("projects-in", country="Laos"), chinese.describe("AIIB"), chinese.query("ASK {}")):
        html = shown._repr_html_()
        assert HAN.search(html)
        assert english_in(unescape(re.sub("<[^>]*>", " ", html)), english_texts) == []
        assert not any(has_latin_word(heading) for heading in re.findall("<th[^>]*>([^<]*)", html))


# Pictures


def test_a_network_keeps_english_names_under_chinese_labels(kg: KnowledgeGraph, chinese: KnowledgeGraph) -> None:
    network, other = chinese.network("network-everything"), kg.network("network-everything")
    assert (network.graph["language"], other.graph["language"]) == ("zh", "en")
    for node, data in network.nodes(data=True):
        assert HAN.search(data["label"]), node
        assert HAN.search(data["kind"]), node
        assert other.nodes[node]["label"] in data["names"]
    for *_, data in network.edges(data=True):
        assert HAN.search(data["label"]), data["relation"]
        assert HAN.search(data["voice"]), data["voice"]


def test_a_still_picture(chinese: KnowledgeGraph, tmp_path: Path) -> None:
    root = ET.parse(draw(chinese.network("network-of", entity="AIIB"), tmp_path / "图.svg")).getroot()
    texts = ["".join(one.itertext()) for one in root.iter() if one.tag.endswith(("text", "title", "desc"))]
    assert len(texts) > 10
    assert [
        text for text in texts if has_latin_word(text.replace("BRI-KG", "").replace("CC BY", "").replace("(AIIB)", ""))
    ] == []
    assert any("第53—79页" in text for text in texts)


SEEN = """() => [...document.querySelectorAll("body *:not(script):not(style)")].flatMap((one) => [
    ...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()),
    one.getAttribute("aria-label") || "", one.getAttribute("placeholder") || "", one.getAttribute("title") || "",
]).filter((text) => text)"""


def test_a_page_in_the_browser(chinese: KnowledgeGraph, tmp_path: Path, english_texts: list[str]) -> None:
    if not CHROMIUM.exists():
        message = "no Chromium for the tests of pages; get it with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    network = chinese.network("network-everything")
    path = draw(network, tmp_path / "page.html")
    views = [
        number
        for number, (*_, data) in enumerate(network.edges(data=True))
        if not FACTUAL & set(data["voice"].split("; "))
    ]
    dated = next(
        number
        for number, (*_, data) in enumerate(network.edges(data=True))
        if data["earliest"] and data["latest"] and data["earliest"][5:7] not in (data["latest"][5:7], "01")
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=true]", timeout=15_000)
        assert page.get_attribute("html", "lang") == "zh-Hans"

        def seen() -> list[str]:
            texts: list[str] = page.evaluate(SEEN)
            assert english_in("\n".join(texts), english_texts) == []
            return texts

        allowed = ("BRI-KG", "CC BY", "PageRank", "GraphML", "JSON-LD", "PNG", "SVG", "CSV")
        allowed += tuple(sorted(network.nodes[node]["label"] for node in network))  # the table names them
        start = seen()
        named = [
            text for text in start if not text.startswith("p. ")
        ]  # pages and ids of sentences are the same in both
        assert [text for text in named if has_latin_word(_without(text, allowed))] == []
        node = segment_name(network, "亚投行")
        page.evaluate("(id) => briNetwork.choose(id)", node)
        assert any(text.startswith("事实与观点（") for text in seen())
        page.evaluate("(number) => briNetwork.showEdge(number)", dated)
        assert any(" 至 " in text for text in seen())
        if views:
            page.evaluate("(number) => briNetwork.showEdge(number)", views[0])
            assert page.locator(".sentence.claim").count()
            assert any("作者" in text for text in seen())
        page.evaluate("(number) => briNetwork.showEdge(number)", 0)
        assert any(text.startswith("句子（") for text in seen())
        page.fill("#search", "qqqq")
        assert "没有名称包含这些文字。" in seen()
        page.fill("#search", "Asian Infrastructure")
        assert "亚洲基础设施投资银行" in page.locator("#found").inner_text(), "the English name finds the Chinese label"
        assert complaints == []
        browser.close()


def test_a_page_marks_views_by_voice_in_either_language(chinese: KnowledgeGraph, tmp_path: Path) -> None:
    network = chinese.network("network-claims")
    html = draw(network, tmp_path / "page.html").read_text(encoding="utf-8")
    page = json.loads(re.findall('<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[0])
    broken = {
        number
        for number, said in enumerate(page["edges"]["said"])
        if not any(page["voices"][voice][1] < 2 for voice in page["said"][said][1::2])
    }
    assert broken
    voices = [data["voice"] for *_, data in network.edges(data=True)]
    assert broken == {number for number, voice in enumerate(voices) if not FACTUAL & set(voice.split("; "))}


def segment_name(network: Any, name: str) -> str:
    return next(node for node, data in network.nodes(data=True) if name in data["names"])


def _without(text: str, allowed: tuple[str, ...]) -> str:
    for one in allowed:
        text = text.replace(one, "")
    return text


def _answer(kg: KnowledgeGraph, asked: Question | str) -> Answer:
    one = next(other for other in questions() if other.name == asked) if isinstance(asked, str) else asked
    return kg.ask(one.name, **{parameter.name: parameter.example for parameter in one.parameters})


def test_segments_keep_their_ids(chinese: KnowledgeGraph) -> None:
    assert chinese.labels.label(segment_iri("p09s03")) == "p09s03"
