"""Cited answers: under each row the sentences it stands on, in whose voice, and the works behind their footnotes."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.answers import Answer
from bri_kg.errors import UsageError
from bri_kg.names import segment_iri
from bri_kg.results import Found

LEADERS = "SELECT ?value { ?statistic bri:about event:first-belt-and-road-forum ; bri:measure concept:heads-attending ; bri:value ?value }"
TESTING = "SELECT ?date { milestone:jakarta-bandung-testing bri:date ?date }"
MARSHALL = 'SELECT ?gloss { claim:bri-as-chinese-marshall-plan bri:gloss ?gloss FILTER (LANG(?gloss) = "en") }'


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_table_shows_page_sentence_voice_and_the_work_behind_the_footnote(kg: KnowledgeGraph) -> None:
    """Paper, p. 57-58: seven leaders came to the first Belt and Road Forum; note 4 cites the communiqué of the roundtable."""
    text = flat(str(kg.query(LEADERS).cited()))
    assert "— p. 57-58 (p09s03) · stated as fact: Seven leaders of Southeast Asian states" in text
    assert "fn04: Joint Communiqué of the Leaders' Roundtable of the First Belt and Road Forum" in text
    assert "rests on 1 independent work (joint official document 1)" in text


def test_a_footnote_whose_marker_is_lost_stands_in_brackets(kg: KnowledgeGraph) -> None:
    """Paper, p. 59: the money for Manila, where the marker of note 6 is lost."""
    row = kg.query("SELECT ?s { GRAPH segment:p11s06 { ?s bri:financier organisation:aiib } }").cited()
    assert "[fn06]: AIIB Financing Revitalizes Indonesia's Slums" in flat(str(row))
    (ground,) = json.loads(row.to_format("json"))["citations"][0]
    assert (ground["footnotes"], ground["inferred_footnotes"]) == ([], ["fn06"])


@pytest.mark.parametrize(
    "query, voice",
    [
        (LEADERS, "stated as fact"),
        (MARSHALL, "held by US think tanks, as the authors report"),
        (
            'SELECT ?g { claim:asean-attitudes-to-gsi-differ-subtly bri:gloss ?g FILTER (LANG(?g) = "en") }',
            "the authors' own view",
        ),
        (TESTING, "corrected by erratum"),
    ],
)
def test_four_voices(kg: KnowledgeGraph, query: str, voice: str) -> None:
    """Paper: p09s03 a fact; p36s03 the view of US think tanks; p45s02 the authors' own; p22s07 prints 2012, its note 22 says 2023."""
    cited = kg.query(query).cited()
    (row,) = cited.rows
    assert cited.voice(row) == voice
    assert [line["voice"] for line in csv.DictReader(io.StringIO(cited.to_format("csv")))] == [voice]


def test_csv_and_tsv_have_three_columns_more(kg: KnowledgeGraph) -> None:
    """The China-Laos Railway: Table 1 (p. 58) and the sentence on its opening (p. 66)."""
    answer = kg.ask("projects-in", country="Laos")
    rows = list(csv.DictReader(io.StringIO(answer.cited().to_format("csv"))))
    opened = next(row for row in rows if row["date"] == "2021-12")
    assert (opened["segments"], opened["pages"], opened["voice"]) == ("t1r01 p22s04", "58 66", "stated as fact")
    head, *lines = answer.cited().to_format("tsv").splitlines()
    assert head.split("\t")[-3:] == ["?segments", "?pages", "?voice"]
    assert any(line.endswith('"t1r01 p22s04"\t"58 66"\t"stated as fact"') for line in lines)
    assert len(rows) == len(lines) == len(answer)


def test_the_segments_of_a_row_return_the_row(kg: KnowledgeGraph) -> None:
    answer = kg.ask("projects-in", country="Laos")
    for row, line in zip(answer.terms, csv.DictReader(io.StringIO(answer.cited().to_format("csv"))), strict=True):
        assert row in kg.restrict(line["segments"].split()).ask("projects-in", country="Laos").terms
    (line,) = csv.DictReader(io.StringIO(kg.query(TESTING).cited().to_format("csv")))
    assert line["segments"] == "erratum:jakarta-bandung-testing-year"
    assert kg.restrict([line["segments"]]).query(TESTING).terms == kg.query(TESTING).terms


def test_a_column_of_the_query_keeps_its_name(kg: KnowledgeGraph) -> None:
    text = kg.query("SELECT ?pages { segment:p09s03 bri:page ?pages }").cited().to_format("csv")
    assert text.splitlines()[0] == "pages,segments,cited_pages,voice"


def test_json_is_results_json_with_a_parallel_member(kg: KnowledgeGraph) -> None:
    answer = kg.query(LEADERS)
    made = json.loads(answer.cited().to_format("json"))
    assert {name: made[name] for name in ("head", "results")} == json.loads(answer.to_json())
    assert made["citations"] == [
        [
            {
                "segment": "p09s03",
                "graph": "p09s03",
                "page": "57-58",
                "gist": "Seven leaders of Southeast Asian states came to the first Belt and Road Forum in May 2017.",
                "voice": "stated as fact",
                "footnotes": ["fn04"],
                "inferred_footnotes": [],
                "works": [
                    {
                        "iri": "https://w3id.org/bri-kg/work/first-brf-joint-communique-2017",
                        "label": "Joint Communiqué of the Leaders' Roundtable of the First Belt and Road Forum for International"
                        " Cooperation (Full Text)",
                    }
                ],
            }
        ]
    ]
    assert (made["marks"], made["voices"], made["heading"]) == ([[]], ["facts"], "")
    for name in ("positions-on", "projects"):
        answer = kg.ask(name, undertaking="GSI") if name == "positions-on" else kg.ask(name)
        made = json.loads(answer.cited().to_format("json"))
        assert len(made["citations"]) == len(made["marks"]) == len(made["voices"]) == len(answer)
        assert [{segment_iri(one["graph"]) for one in row} for row in made["citations"]] == answer.cite()


def test_markdown_notes_stand_under_the_table_once(kg: KnowledgeGraph) -> None:
    text = kg.ask("projects-in", country="Laos").cited().to_format("md")
    used = re.findall(r"\[\^\d+\](?!:)", text)
    notes = re.findall(r"^\[\^\d+\](?=:)", text, re.M)
    assert set(used) == set(notes) and len(notes) == len(set(notes)) == 4
    assert "[^1]: p. 58 (t1r01) · stated as fact: Laos" in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in lines} == {7}


def test_marks_are_said_in_words(kg: KnowledgeGraph) -> None:
    absent = kg.query(
        "SELECT ?s { ?s a bri:State FILTER NOT EXISTS { ?s bri:attended event:first-belt-and-road-forum } } LIMIT 1"
    )
    assert "judged against the whole graph" in str(absent.cited())
    counted = kg.ask("projects-per-country").cited()
    assert "For all that was counted or summed, a sentence that states it is listed." in str(counted)
    assert {mark for row in json.loads(counted.to_format("json"))["marks"] for mark in row} == {"contributed"}


def test_ask_and_construct_are_cited(kg: KnowledgeGraph) -> None:
    built = kg.query("ASK { project:china-laos-railway bri:hostCountry state:laos }").cited()
    for name in ("table", "md", "csv", "tsv"):
        assert "t1r01" in built.to_format(name)
    assert json.loads(built.to_format("json"))["boolean"] is True
    triples = kg.query(
        "CONSTRUCT { ?c bri:holds ?w } WHERE { ?c a bri:Claim ; bri:attributedTo ?w ; bri:stance concept:critical }"
    )
    assert {row.voice.kind for row in triples.cited().rows} == {"claims"}
    assert "segments" in triples.cited().to_format("csv").splitlines()[0]


def test_an_unknown_format_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="no format 'xml'"):
        kg.query(LEADERS).cited().to_format("xml")
    with pytest.raises(UsageError, match="made without its graph"):
        Answer(Found("SELECT", ("x",)), kg.labels, LEADERS).cited()


def test_the_heading_says_whose_word(kg: KnowledgeGraph) -> None:
    """Paper, p. 74 and p. 57-58: one row of each kind."""
    both = kg.query(
        """SELECT ?what { { claim:bri-as-chinese-marshall-plan bri:gloss ?what FILTER (LANG(?what) = "en") }
        UNION { statistic:leaders-at-first-forum bri:value ?what } } ORDER BY ?what"""
    )
    assert both.cited().heading == "1 of 2 rows rest on claims: US think tanks, as the authors report (1)."
    assert str(both.cited()).startswith(both.cited().heading)
    assert len(both.voiced("facts")) == len(both.voiced("claims")) == 1
    assert both.voiced("facts").to_dicts() == [{"what": "7"}]
    assert both.voiced("facts").left_out == "Only facts are kept; rows left out: 1 of 2."
    assert both.voiced("all").terms == both.terms and both.voiced("all").left_out is None
    assert both.voiced("claims").cite() == [{segment_iri("p36s03")}]
    assert len(both) == 2
    with pytest.raises(UsageError, match="no voice 'rumours'"):
        both.voiced("rumours")
    with pytest.raises(UsageError, match="ASK has none"):
        kg.query("ASK { ?s a bri:State }").voiced("facts")


def test_a_derivation_that_states_facts_is_shown_before_one_that_tells_a_claim(
    graph_of: Callable[..., KnowledgeGraph],
) -> None:
    kg = graph_of(
        """segment:a { claim:x a bri:Claim , bri:Attribution ; bri:attributedTo person:zhang-jie ; bri:about state:laos . }
        segment:b { project:y bri:about state:laos . }"""
    )
    answer = kg.query("SELECT DISTINCT ?o { ?s bri:about ?o }")
    assert [len(found) for found in answer.cite(all=True)] == [2]
    assert answer.cited().heading == ""
    assert len(answer.voiced("facts")) == 1 and answer.voiced("facts").cite() == [{segment_iri("b")}]


def test_chinese_words(kg: KnowledgeGraph) -> None:
    chinese = KnowledgeGraph(kg.store, "zh").query(MARSHALL)
    assert "美国智库所持观点（作者转述）" in str(chinese.cited())
    assert chinese.voiced("facts").left_out == "--voice facts：1 行中略去 1 行。"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bri_kg", *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_command_line_cites() -> None:
    done = run("ask", "positions-on", "undertaking=GSI", "--cite")
    assert done.returncode == 0
    assert "?segments\t?pages\t?voice" in done.stdout and '"held by Laos, as the authors report"' in done.stdout
    assert done.stderr.startswith("7 of 7 rows rest on claims: ")
    table = run("sparql", LEADERS, "--cite", "--format", "table").stdout
    assert "p. 57-58 (p09s03)" in table
    left = run("ask", "crises", "--voice=facts", "--format", "table").stdout
    assert re.match(r"Only facts are kept; rows left out: \d+ of \d+\.\n", left)
    assert run("ask", "crises", "--voice", "rumours").returncode == 2
    assert "no format 'endnote' for references" in run("ask", "crises", "--cite-format", "endnote").stderr
    assert run("sparql", LEADERS, "--cite-format", "plain").stdout.startswith("Zhang and Liang 2023, 57-58, para. 9\n")


def test_a_table_of_a_stored_question_names_claims_without_being_asked() -> None:
    assert run("ask", "positions-on", "undertaking=GSI", "--format", "table").stdout.startswith(
        "7 of 7 rows rest on claims"
    )


def test_citing_in_a_pipe_imports_nothing_heavy() -> None:
    """A second run: the first keeps the query's tree."""
    code = """import sys
from bri_kg.commands.asking import run
run(["projects", "--cite"])
print(sorted({"rdflib", "rich", "dataclasses", "typer", "networkx", "csv"} & set(sys.modules)), file=sys.stderr)"""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
        )
    assert done.stderr.splitlines()[-1] == "[]"


class Reader(HTMLParser):
    """Reads a fragment strictly: what is opened is closed in order; collects tags, attributes and text."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(fragment)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_notebook_shows_citations_by_key_and_hover(kg: KnowledgeGraph) -> None:
    answer = kg.ask("projects-in", country="Laos")
    read = Reader(answer._repr_html_())
    assert read.tags.count("details") == read.tags.count("summary") == len(answer)
    titles = [value or "" for name, value in read.attributes if name == "title"]
    assert len(titles) == len(answer) and "p. 58 (t1r01) · stated as fact" in titles[0]
    assert "China-Laos Railway" in read.text and "3 rows" in read.text
    assert not {"script", "style", "iframe", "img"} & set(read.tags)
    assert not any("color" in (value or "") for _, value in read.attributes)


def test_a_notebook_shows_a_description(kg: KnowledgeGraph) -> None:
    described = kg.describe("AIIB")
    read = Reader(described._repr_html_())
    assert read.tags.count("details") == len(described.facts) + sum(map(len, described.claims.values()))
    assert "Asian Infrastructure Investment Bank" in read.text and "p. 59 (p11s06)" in read.text


def test_html_in_the_data_does_not_run(graph_of: Callable[..., KnowledgeGraph]) -> None:
    attack = """<script>alert(1)</script><img src=x onerror=alert(2)>"' onfocus='alert(3)' x="</summary></details>"""
    escaped = attack.replace('"', '\\"')
    kg = graph_of(
        f"""state:laos a bri:State ; skos:prefLabel "{escaped}"@en .
        segment:a a bri:Segment ; bri:page 1 ; bri:readingOrder 1 ; bri:gist "{escaped}"@en .
        segment:a {{ state:laos bri:about "{escaped}" . }}"""
    )
    for shown in (
        kg.query("SELECT ?s (?o AS ?onclick) { ?s bri:about ?o }")._repr_html_(),
        kg.query("ASK { ?s bri:about ?o }")._repr_html_(),
        kg.describe("state:laos")._repr_html_(),
    ):
        read = Reader(shown)
        assert not {"script", "img"} & set(read.tags)
        assert {name for name, _ in read.attributes} <= {"title", "style", "scope"}
        assert "alert(1)" in shown
    text = kg.query("SELECT ?s ?o { ?s bri:about ?o }").cited().to_format("md")
    assert "<" not in text


def test_a_long_answer_is_shown_in_part(kg: KnowledgeGraph) -> None:
    answer = kg.query("SELECT ?s ?o { ?s bri:about ?o }")
    assert len(answer) > 200
    shown = answer._repr_html_()
    assert shown.count("<tr>") == 201 and f"{len(answer)} rows, the first 200 shown" in shown


def test_a_name_with_an_escaped_slash_is_cited(kg: KnowledgeGraph) -> None:
    [row] = kg.query(r"SELECT ?who { ?who skos:exactMatch code:iso3166-1-alpha-3\/LAO }").cite()
    [full] = kg.query(
        "SELECT ?who { ?who skos:exactMatch <https://w3id.org/bri-kg/code/iso3166-1-alpha-3/LAO> }"
    ).cite()
    assert row == full and any("mapping-set" in name for name in row)
