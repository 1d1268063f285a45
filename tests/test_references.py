"""References: the paper with the cited pages, and the works behind the footnotes, as text, BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pybtex.database
import pytest

from bri_kg import KnowledgeGraph
from bri_kg.citing.bibtex import escape
from bri_kg.citing.references import Name, list_references, references_to_format
from bri_kg.errors import UsageError

SEGMENTS = Path(__file__).resolve().parents[2] / "shared" / "paper" / "segments.jsonl"

LEADERS = "SELECT ?value { ?statistic bri:about event:first-belt-and-road-forum ; bri:measure concept:heads-attending ; bri:value ?value }"
PAPER = (
    "China-ASEAN Cooperation on High-Quality BRI: Regional Experience, Order Reconstruction and Strategic Rethinking"
)
#: CSL-JSON 1.0: the types and the variables that items here may have (citation-style-language/schema, csl-data.json).
TYPES = {
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "document",
    "legislation",
    "report",
    "speech",
    "webpage",
}
VARIABLES = {
    "id",
    "type",
    "title",
    "author",
    "container-title",
    "publisher",
    "issued",
    "volume",
    "issue",
    "page",
    "URL",
    "language",
    "note",
}


@pytest.fixture(scope="module")
def works(kg: KnowledgeGraph) -> list[str]:
    return [str(row["work"]) for row in kg.query("SELECT ?work { ?work a bri:Work } ORDER BY ?work").to_dicts()]


@pytest.fixture(scope="module")
def items(kg: KnowledgeGraph, works: list[str]) -> dict[str, dict[str, Any]]:
    made = json.loads(references_to_format("csl", list_references(kg, kg.sources.all(), works)))
    return {item["id"]: item for item in made}


@pytest.fixture(scope="module")
def entries(kg: KnowledgeGraph, works: list[str]) -> dict[str, Any]:
    text = references_to_format("bibtex", list_references(kg, kg.sources.all(), works))
    return dict(pybtex.database.parse_string(text, "bibtex").entries)


def test_plain_text_names_page_and_paragraph(kg: KnowledgeGraph) -> None:
    """Paper, p. 57-58, paragraph 9, note 4: the communiqué of 16 May 2017."""
    cited, _, paper, work, *rest = kg.query(LEADERS).references().split("\n")
    assert cited == "Zhang and Liang 2023, 57-58, para. 9"
    assert paper == f"Zhang, Jie and Liang, Hong. 2023. {PAPER}. 53-79."
    assert work == (
        "Joint Communiqué of the Leaders' Roundtable of the First Belt and Road Forum "
        "for International Cooperation (Full Text). 2017."
        " www.yidaiyilu.gov.cn, 2017-05-16. https://www.yidaiyilu.gov.cn/zchj/sbwj/13687.htm"
    )
    assert rest == [""]


@pytest.mark.parametrize(
    "segment, place",
    [
        ("p36s03", "74, para. 36"),
        ("fn22", "67, n. 22"),
        ("t1r01", "58, table 1"),
        ("h2.1", "60"),
        ("p09s03", "57-58, para. 9"),
    ],
)
def test_places(kg: KnowledgeGraph, segment: str, place: str) -> None:
    found = [one for one in kg.sources.all() if one.id == segment]
    (paper,) = list_references(kg, found)
    if segment == "h2.1":
        place = str(found[0].page)
    assert paper.cited == (place,)
    assert paper.in_text == "Zhang and Liang 2023"


@pytest.mark.skipif(
    not SEGMENTS.exists(), reason="../shared/paper is not here: without the paper, its places cannot be checked"
)
def test_places_are_the_papers(kg: KnowledgeGraph) -> None:
    lines = SEGMENTS.read_text(encoding="utf-8").splitlines()
    expected = []
    for one in map(json.loads, lines):
        pages = (
            f"{one['page']}-{one['page_end']}" if one.get("page_end", one["page"]) != one["page"] else str(one["page"])
        )
        expected.append(f"{pages}, para. {one['paragraph']}" if one.get("paragraph") else pages)
    (paper,) = list_references(kg, kg.sources.all())
    assert paper.page == "53-79"
    found = {re.sub(r", (n\.|table) \d+$", "", place) for place in paper.cited}
    assert found == set(expected)


def test_csl_follows_the_schema(items: dict[str, dict[str, Any]], works: list[str]) -> None:
    assert len(items) == len(works) + 1
    for item in items.values():
        assert set(item) <= VARIABLES and {"id", "type", "title"} <= set(item)
        assert item["type"] in TYPES
        for name in set(item) - {"author", "issued"}:
            assert isinstance(item[name], str) and item[name]
        for author in item.get("author", []):
            assert set(author) in ({"family", "given"}, {"literal"})
        if "issued" in item:
            ((year, *rest),) = item["issued"]["date-parts"]
            assert 2013 <= year <= 2023 and all(isinstance(part, int) for part in rest) and len(rest) <= 2
        assert re.fullmatch(r"https?://\S+", item.get("URL", "https://none"))


def test_items_field_by_field(items: dict[str, dict[str, Any]]) -> None:
    """Paper: notes 32 (Pomfret), 4 (communiqué), 35 (the act), 3 on p. 57 and others as printed."""
    address = "https://www.washingtonpost.com/news/global-opinions/wp/2018/08/27/"
    assert items["chinas-debt-traps-around-the-world-2018"] == {
        "id": "chinas-debt-traps-around-the-world-2018",
        "type": "article-newspaper",
        "title": "China's Debt Traps around the World Are a Trademark of Its Imperialist Ambitions",
        "author": [{"family": "Pomfret", "given": "John"}],
        "container-title": "The Washington Post",
        "issued": {"date-parts": [[2018, 8, 27]]},
        "URL": f"{address}chinas-debt-traps-around-the-world-are-a-trademark-of-its-imperialist-ambitions/?utm_term=.092edb2ee44d",
        "language": "en",
    }
    assert items["bri-and-mpac-2025-connecting-the-dots-2020"] == {
        "id": "bri-and-mpac-2025-connecting-the-dots-2020",
        "type": "article-journal",
        "title": "The Belt and Road Initiative and the Master Plan on ASEAN Connectivity 2025: Connecting the Dots, Integrating the Region",
        "author": [{"family": "Pich", "given": "Charadine"}],
        "container-title": "China-ASEAN Studies",
        "issued": {"date-parts": [[2020]]},
        "volume": "3",
        "issue": "3",
        "page": "83",
    }
    act = items["s2736-asia-reassurance-initiative-act-of-2018"]
    assert (act["type"], act["author"]) == ("legislation", [{"literal": "115th United States Congress"}])
    assert items["mpac-2025-2016"]["issued"] == {"date-parts": [[2016, 8]]}
    assert items["zhang-liang-2023"]["author"] == [
        {"family": "Zhang", "given": "Jie"},
        {"family": "Liang", "given": "Hong"},
    ]
    assert "issued" not in items["list-of-countries-with-belt-and-road-cooperation-documents"]
    assert items["asean-formally-accepts-the-indo-pacific-concept-2019"]["issue"] == "15"
    assert items["cooperation-on-public-health-governance-2020"]["issue"] == "6"
    assert (
        items["a-free-and-open-indo-pacific-2019"]["title"] == "A Free and Open Indo-Pacific: Advancing a Shared Vision"
    )


def test_bibtex_is_read_by_another_program(entries: dict[str, Any], items: dict[str, dict[str, Any]]) -> None:
    assert set(entries) == set(items)
    required = {
        "article": {"title", "journal", "year"},
        "techreport": {"title", "institution", "year"},
        "misc": {"title"},
    }
    for key, entry in entries.items():
        assert re.fullmatch(r"[A-Za-z0-9:.-]+", key)
        assert required[entry.type] <= set(entry.fields)
        assert entry.fields["title"].strip("{}").replace("\\&", "&") == items[key]["title"]
        assert entry.fields.get("url", "") == items[key].get("URL", "")
        families = [author.get("family") or author["literal"] for author in items[key].get("author", [])]
        persons = entry.persons.get("author", [])
        assert [" ".join(person.last_names).strip("{}") for person in persons] == families


def test_entries_field_by_field(entries: dict[str, Any]) -> None:
    entry = entries["major-power-competition-and-us-counterbalance-2018"]
    assert entry.type == "article"
    assert dict(entry.fields) == {
        "title": "{The Major Power Competition and the US Counterbalance against the Belt and Road Initiative}",
        "journal": "World Economics and Politics",
        "year": "2018",
        "volume": "12",
        "number": "1",
        "pages": "4--31",
    }
    paper = entries["zhang-liang-2023"]
    assert [str(person) for person in paper.persons["author"]] == ["Zhang, Jie", "Liang, Hong"]
    assert paper.fields["pages"] == "53--79"
    report = entries["a-free-and-open-indo-pacific-2019"]
    assert (report.type, report.fields["institution"], report.fields["month"]) == (
        "techreport",
        "US Department of State",
        "November",
    )


@pytest.mark.parametrize(
    "special", ["\\", "{", "}", "{}", "}{", "&", "%", "$", "#", "_", "~", "^", "a\nb", "@misc{x,}", '"', "\\}"]
)
def test_special_characters_keep_an_entry_whole(graph_of: Callable[..., KnowledgeGraph], special: str) -> None:
    written = special.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    kg = graph_of(
        f"""work:a a bri:Work ; skos:prefLabel "X {written} Y"@en ; bri:author organisation:o ; bri:outlet "O {written} O" ;
            bri:documentKind concept:journal-article ; bri:issued "2020-13"^^xsd:gYearMonth ;
            bri:printedAddress "https://example.org/{written.replace(chr(92) + "n", "")}" .
        organisation:o skos:prefLabel "B {written} and C"@en .
        work:b a bri:Work ; skos:prefLabel "After"@en ."""
    )
    names = [f"https://w3id.org/bri-kg/work/{name}" for name in "ab"]
    text = references_to_format("bibtex", list_references(kg, [], names))
    read = pybtex.database.parse_string(text, "bibtex").entries
    assert list(read) == ["b", "a"] or list(read) == ["a", "b"]
    assert read["a"].fields["title"] == f"{{X {escape(special)} Y}}"
    assert len(read["a"].persons["author"]) == 1
    assert not set(read["a"].fields.get("url", "")) & set('{}\\"^ ')
    titles = [item["title"] for item in json.loads(references_to_format("csl", list_references(kg, [], names)))]
    assert sorted(titles) == sorted(["After", f"X {special} Y"])
    assert len(references_to_format("plain", list_references(kg, [], names)).splitlines()) == 2


def test_keys_are_stable_and_unique(
    kg: KnowledgeGraph, works: list[str], graph_of: Callable[..., KnowledgeGraph]
) -> None:
    whole = {one.iri: one.key for one in list_references(kg, [], works)}
    assert len(set(whole.values())) == len(works)
    assert all(list_references(kg, [], [work])[0].key == whole[work] for work in works)
    small = graph_of('work:same skos:prefLabel "One"@en . document:same skos:prefLabel "Two"@en .')
    twice = ["https://w3id.org/bri-kg/work/same", "https://w3id.org/bri-kg/document/same"]
    assert sorted(one.key for one in list_references(small, [], twice)) == ["same", "same-2"]


def test_nothing_cited_and_unknown_formats(kg: KnowledgeGraph) -> None:
    nothing = kg.query("SELECT ?s { ?s a bri:Nothing }")
    assert json.loads(nothing.references("csl")) == [] and nothing.references("bibtex") == ""
    with pytest.raises(UsageError, match="no format 'endnote' for references; choose plain, bibtex, csl"):
        nothing.references("endnote")
    assert Name("Zhang", "Jie").whole == "Zhang, Jie" and Name("ASEAN").whole == "ASEAN"


def test_references_are_in_english_in_the_chinese_graph_too(kg: KnowledgeGraph) -> None:
    assert KnowledgeGraph(kg.store, "zh").query(LEADERS).references() == kg.query(LEADERS).references()
