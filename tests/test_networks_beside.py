"""Networks that rest on more than the paper: links of ours and records of imported datasets behind an edge, in data, files, pictures and the page."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import CHROMIUM, Open

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.external.guessing import guess
from bri_kg.external.importing import import_files
from bri_kg.names import PREFIXES
from bri_kg.networks.behind import is_beside, is_view
from bri_kg.networks.exports import export_network
from bri_kg.networks.measures import measure_network
from bri_kg.pictures.pages import draw

if TYPE_CHECKING:
    from bri_kg.networks.multigraph import Network

VOTES = "rcid,country_code,vote\n3501.0,LA,yes\n3501.0,CN,yes\n3501.0,US,no\n"
CALLS = "rcid,session,importantvote,date,unres,short,descr\n3501,45.0,0,1990-11-05,R/45/0,CALL,A call of this test\n"
#: A fact of the paper, a link of ours, and votes, which need a link to reach the states of the paper.
QUERY = """
SELECT ?source ?relation ?target ?segment {
    { GRAPH ?segment { ?source bri:hostCountry ?target } BIND (bri:hostCountry AS ?relation) FILTER (?target = state:laos) }
    UNION
    { VALUES ?source { state:laos } BIND (skos:exactMatch AS ?relation) ?source ?relation ?target . FILTER (CONTAINS(STR(?target), "wikidata")) }
    UNION
    {
        ?record ext:iso3166Alpha2 ?code ; ext:rollCall ?target ; ext:vote ?relation .
        ?source a bri:State ; skos:exactMatch ?id .
        FILTER (STR(?id) = CONCAT("https://w3id.org/bri-kg/code/iso3166-1-alpha-2/", ?code))
    }
}
ORDER BY ?source ?relation ?target ?segment
"""
#: Two states that voted alike; the paper has sentences that tie them, and none of them says that.
ALIKE = """
SELECT ?source ?target {
    ?one ext:iso3166Alpha2 "LA" ; ext:rollCall ?call ; ext:vote ?vote .
    ?other ext:iso3166Alpha2 "CN" ; ext:rollCall ?call ; ext:vote ?vote .
    BIND (state:laos AS ?source) BIND (state:china AS ?target)
}
"""
LINK, RECORD = "a link of ours, not the paper's", "external record"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a user who imported three votes and their roll call."""
    folder = tmp_path_factory.mktemp("beside")
    for name, content in (("votes.csv", VOTES), ("calls.csv", CALLS)):
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_KG_DATA", str(folder / "data"))
        for name in ("votes.csv", "calls.csv"):
            import_files([folder / name], guess(folder / name))
        yield folder / "data"


@pytest.fixture(scope="module")
def together(data: Path) -> KnowledgeGraph:
    return bri_kg.load(external=["un-votes", "un-roll-calls"])


@pytest.fixture(scope="module")
def network(together: KnowledgeGraph) -> "Network":
    return together.network(together.query(QUERY))


def _edge(network: "Network", source: str, target: str) -> dict[str, object]:
    [data] = network.get_edge_data(source, target).values()
    return dict(data)


LAOS, CHINA = PREFIXES["state"] + "laos", PREFIXES["state"] + "china"
CALL = PREFIXES["record"] + "un-roll-calls/3501"
WIKIDATA = "http://www.wikidata.org/entity/Q819"


def test_each_edge_has_what_it_rests_on(network: "Network", together: KnowledgeGraph) -> None:
    fact = _edge(network, PREFIXES["project"] + "china-laos-railway", LAOS)
    assert fact["segments"]
    assert {network.graph["sentences"][one]["reference"][:2] for one in fact["segments"]} == {"p."}
    assert fact["voice"] == "stated as fact"
    link = _edge(network, LAOS, WIKIDATA)
    [mapping] = link["segments"]
    assert (mapping.partition(".")[0], link["voice"]) == ("mapping:states", LINK)
    told = network.graph["sentences"][mapping]
    assert told["reference"] == "mapping-set:states"
    assert "Laos same as wikidata:Q819" in told["gist"]
    assert "country-codes/country-codes.csv, 125" in told["gist"]
    vote = _edge(network, CHINA, CALL)
    assert vote["segments"] == ["mapping-set:states", "record:un-votes/3501.0-CN"]
    assert vote["voices"] == {"mapping-set:states": LINK, "record:un-votes/3501.0-CN": RECORD}
    assert "votes of states in roll calls 2021-03-08 (https://opensource.org/license/mit), line 3" in str(
        network.graph["sentences"]["record:un-votes/3501.0-CN"]["gist"]
    )
    assert (network.nodes[CALL]["label"], network.nodes[CALL]["kind"]) == ("A call of this test", RECORD)
    assert network.nodes[CALL]["segments"] == sorted(
        {one for *_, said in network.in_edges(CALL, data="segments") for one in said}
    )
    assert [one.partition(" ")[0] for one in network.graph["beside"]] == ["United", "mapping-set:states"]
    assert "beside" not in together.network("network-of", entity="AIIB").graph


def test_a_sentence_that_ties_the_two_is_not_the_source_of_what_a_record_says(together: KnowledgeGraph) -> None:
    assert together.network(together.query("SELECT (state:laos AS ?source) (state:china AS ?target) {}")).size() == 1
    alike = together.network(together.query(ALIKE))
    assert _edge(alike, LAOS, CHINA)["segments"] == ["record:un-votes/3501.0-CN", "record:un-votes/3501.0-LA"]
    assert _edge(alike, LAOS, CHINA)["voice"] == RECORD


def test_what_cannot_be_traced_is_drawn_by_what_ties_it(together: KnowledgeGraph) -> None:
    traced = "SELECT ?source ?target { ?r ext:rollCall ?target ; ext:vote ?v . BIND (?r AS ?source) }"
    sampled = "SELECT ?source (SAMPLE(?call) AS ?target) { ?source ext:rollCall ?call } GROUP BY ?source"
    for query in (traced, sampled):
        network = together.network(together.query(query))
        assert sorted(said for *_, said in network.edges(data="segments")) == [
            [f"record:un-votes/3501.0-{one}"] for one in ("CN", "LA", "US")
        ]


@pytest.mark.parametrize(
    ("voice", "beside", "view"),
    [
        ("", False, False),
        ("stated as fact", False, False),
        (RECORD, True, False),
        (f"{LINK}; {RECORD}", True, False),
        (f"{RECORD}; stated as fact", False, False),
        (f"held by Laos, as the authors report; {RECORD}", False, True),
        ("外部记录", True, False),
    ],
)
def test_what_is_not_the_papers_is_neither_fact_nor_view(voice: str, beside: bool, view: bool) -> None:
    assert (is_beside(voice), is_view(voice)) == (beside, view)


def test_files_and_measures_keep_it(network: "Network", tmp_path: Path) -> None:
    _, edges = export_network(network, tmp_path / "votes.csv")
    rows = list(csv.DictReader(io.StringIO(edges.read_text(encoding="utf-8-sig"))))
    [vote] = [row for row in rows if row["source"] == "state:united-states"]
    assert vote["segments"] == "mapping-set:states record:un-votes/3501.0-US"
    assert vote["voice"] == f"{LINK}; {RECORD}"
    assert "record:un-votes/3501.0-US: United Nations" in vote["sentences"]
    [graphml] = export_network(network, tmp_path / "votes.graphml")
    assert "record:un-votes/3501.0-US" in graphml.read_text(encoding="utf-8")
    table = measure_network(network, "degree")
    facts = network.size() - 4
    assert f"4 of {4 + facts} relations are not the paper's: links of ours or external records." in table.remarks
    assert not any("view" in remark for remark in table.remarks)


def test_a_still_picture_dots_it(network: "Network", tmp_path: Path) -> None:
    svg = draw(network, tmp_path / "votes.svg").read_text(encoding="utf-8")
    assert svg.count('stroke-dasharray="1.5 2.5"') == 4 + 1
    assert "a dotted line is a link of ours" in svg
    assert "votes of states in roll calls 2021-03-08 (https://opensource.org/license/mit); mapping-set:states." in svg
    assert 'stroke-dasharray="5 3"' not in svg


@pytest.mark.skipif(not Path(CHROMIUM).exists() and not os.environ.get("CI"), reason="no Chromium")
def test_the_page_shows_it_and_gives_it_away(watch: Open, network: "Network", tmp_path: Path) -> None:
    watched = watch(accept_downloads=True)
    page = watched.open(draw(network, tmp_path / "votes.html", "Votes"))
    voices = page.locator("#voices label").all_inner_texts()
    assert [one.partition("\n")[0] for one in voices] == [
        "stated as fact",
        "links of ours, not the paper's",
        "external records, not the paper's",
    ]
    number = page.evaluate(
        "(ends) => briNetwork.edges.findIndex(({source, target}) => [source, target].every((one, at) => briNetwork.nodes[one].id === ends[at]))",
        [CHINA, CALL],
    )
    page.evaluate("(number) => briNetwork.showEdge(number, true)", number)
    panel = page.locator("#panel")
    assert panel.locator("h3").all_inner_texts() == ["Links and records, not the paper's (1)"]
    boxes = panel.locator(".sentence.beside").all_inner_texts()
    assert len(boxes) == 2
    assert "record:un-votes/3501.0-CN" in boxes[1]
    assert "line 3" in boxes[1]
    assert boxes[1].endswith(RECORD)
    dashes = page.evaluate("(number) => [briNetwork.lines.get(number).dashes, briNetwork.edges[number].view]", number)
    assert dashes == [[2, 4], False]
    rows = page.locator("#rows tbody tr", has_text="record:un-votes/3501.0-CN")
    assert rows.count() == 1
    assert rows.get_attribute("class") is None
    page.locator("#voices label", has_text="external records").locator("input").uncheck()
    page.locator("#voices label", has_text="links of ours").locator("input").uncheck()
    assert page.evaluate(
        "briNetwork.edges.filter((edge) => briNetwork.view.edgeOn[edge.index]).every((edge) => !edge.beside)"
    )
    page.click("#reset")
    lines = list(csv.DictReader(io.StringIO(_taken(page, "CSV").lstrip("\ufeff"))))
    [vote] = [line for line in lines if line["source"] == "China"]
    assert vote["segments"] == "mapping-set:states record:un-votes/3501.0-CN"
    assert vote["references"] == "mapping-set:states; record:un-votes/3501.0-CN"
    made = json.loads(_taken(page, "JSON-LD"))["@graph"]
    [tie] = [one for one in made if one.get("object") == {"@id": CALL} and one["subject"] == {"@id": CHINA}]
    assert tie["sentence"] == [
        {"@id": PREFIXES["mapping-set"] + "states"},
        {"@id": PREFIXES["record"] + "un-votes/3501.0-CN"},
    ]
    assert tie["voice"] == [LINK, RECORD]
    assert {PREFIXES["record"] + "un-votes/3501.0-CN", PREFIXES["mapping-set"] + "states"} <= {
        one.get("@id") for one in made
    }
    [described] = [one for one in made if one.get("@type") == "dcterms:Dataset"]
    assert "Beside the paper: United Nations" in described["dcterms:bibliographicCitation"]
    svg = _taken(page, "SVG")
    assert "1.5 2.5" in svg
    assert "a dotted line" in svg
    assert watched.complaints == []


def _taken(page: object, name: str) -> str:
    with page.expect_download() as caught:  # type: ignore[attr-defined]
        page.click(f'[data-take="{name}"]')  # type: ignore[attr-defined]
    return Path(caught.value.path()).read_text(encoding="utf-8")


def test_the_commands_take_with(data: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(QUERY, encoding="utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [Path(sys.executable).with_name("bri-kg"), *words]
        return subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "BRI_KG_DATA": str(data)},
            timeout=120,
        )

    drawn = run("draw", "@q.rq", "--with", "un-votes", "-o", "votes.html")
    assert (drawn.returncode, "record:un-votes/3501.0-LA" in (tmp_path / "votes.html").read_text(encoding="utf-8")) == (
        0,
        True,
    )
    taken = run("export", "@q.rq", "--with", "un-votes", "-o", "votes.csv")
    assert (
        taken.returncode,
        "record:un-votes/3501.0-LA" in (tmp_path / "votes-edges.csv").read_text(encoding="utf-8"),
    ) == (0, True)
    measured = run("measure", "degree", "@q.rq", "--with", "un-votes", "--format", "table")
    assert measured.returncode == 0
    assert "not the paper's: links of ours or external records" in measured.stdout + measured.stderr
    for command in ("draw", "export"):
        missing = run(command, "@q.rq", "--with", "un-vote", "-o", "other.csv" if command == "export" else "other.html")
        assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
        assert "There is no dataset 'un-vote' here" in missing.stderr
    without = run("draw", "@q.rq", "-o", "less.html")
    assert without.returncode == 0
    assert "record:un-votes" not in (tmp_path / "less.html").read_text(encoding="utf-8")
