"""The matcher: messy tables read, rows matched with their reasons, decisions taken away, and how good it is on examples of our own."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.errors import DataError, UsageError
from bri_kg.links.mappings import read_set
from bri_kg.matching import measuring
from bri_kg.matching.columns import guess_columns
from bri_kg.matching.linking import Linked, link_graph, link_table, write_outputs
from bri_kg.matching.match import Match, Matcher, matcher_for
from bri_kg.matching.names import name_form, spellings
from bri_kg.matching.records import Record
from bri_kg.matching.rows import record_of, table_records
from bri_kg.matching.tables import read_table
from bri_kg.matching.words import are_compatible, head_type, is_financing, project_in_title

LINKS = Path(__file__).parent / "links"
EXTERNAL = Path(__file__).resolve().parents[2] / "shared" / "external"


@pytest.fixture(scope="module")
def matcher(kg: KnowledgeGraph) -> Matcher:
    return matcher_for(kg, identifiers=False)


@pytest.fixture
def matched(matcher: Matcher) -> Callable[..., Match]:
    def match(name: str, country: str = "", family: str = "", **features: object) -> Match:
        return matcher.match(record_of(name, matcher.states, country, family, **features))

    return match


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


# names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("China-Laos Railway", "china–laos  RAILWAY"),
        ("Viêt Nam", "Viet Nam"),
        ("People's Republic", "People’s Republic"),
        ("U.S. Department of State", "US Department of State"),
        ("Kyaukphyu SEZ", "Kyaukphyu Special Economic Zone"),
        ("ASEAN Coordinating Centre", "ASEAN Coordinating Center"),
        ("Lao PDR", "Laos PDR"),
        ("Phase II", "phase 2"),
        ("115th Congress", "115 Congress"),
        ("Ｃｈｉｎａ", "China"),
        ("“两国双园”项目", "两国双园项目"),
        ("Synergizing", "Synergising"),
        ("co-operation", "cooperation"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert name_form(one).key == name_form(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [("10+1", "10+3"), ("FTA 2.0", "FTA 3.0"), ("中老铁路", "中泰铁路"), ("Laos", "Lagos"), ("S.2736", "S.1169")],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert name_form(one).key != name_form(other).key


def test_a_cell_may_hold_several_names() -> None:
    assert spellings("中老铁路 (China-Laos Railway)") == (
        "中老铁路 (China-Laos Railway)",
        "中老铁路",
        "China-Laos Railway",
    )
    assert "China–Laos Railway" in spellings("中老铁路 / China–Laos Railway")
    assert spellings("立曼生物技术有限公司 (China)") == ("立曼生物技术有限公司 (China)", "立曼生物技术有限公司")
    assert spellings("ASEAN-China (10+1)") == ("ASEAN-China (10+1)",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Myanmar-China Gas Pipeline Construction Project", "gas pipeline"),
        ("China-Myanmar Crude Oil Pipeline", "oil pipeline"),
        ("Kyaukphyu Special Economic Zone access road", "road"),
        ("Special economic zone in Cambodia", "zone"),
        ("Port of Colombo", "port"),
        ("Bank of China", "bank"),
        ("East Coast Rail Link", "railway"),
        ("皎漂深水港", "port"),
        ("金港高速公路", "road"),
        ("中缅天然气管道", "gas pipeline"),
        ("Alliance Steel Kuantan plant", "plant"),
        ("Xi Jinping", ""),
    ],
)
def test_the_head_of_a_name_says_its_type(name: str, kind: str) -> None:
    assert head_type(name) == kind


def test_type_words_are_rules() -> None:
    for one, other in [
        ("gas pipeline", "oil pipeline"),
        ("railway", "road"),
        ("park", "plant"),
        ("port", "zone"),
        ("province", "city"),
    ]:
        assert not are_compatible(one, other)
    assert are_compatible("gas pipeline", "pipeline") and are_compatible("", "road")


def test_a_title_of_money_names_its_project() -> None:
    title = "Bank X provides $480 million loan for China-Laos Railway Project (Linked to Project ID#1)"
    assert is_financing(title) and project_in_title(title) == "China-Laos Railway Project"
    assert not is_financing("China-Laos Railway")


# matching


@pytest.mark.parametrize(
    ("name", "country", "entity"),
    [
        ("Lao-China railway", "", "project/china-laos-railway"),
        ("中老铁路", "", "project/china-laos-railway"),
        ("ທາງລົດໄຟ ລາວ-ຈີນ", "", "project/china-laos-railway"),
        ("Jakarta Bandung HSR", "Indonesia", "project/jakarta-bandung-high-speed-railway"),
        ("Kyaukpyu SEZ", "Burma", "project/kyaukphyu-special-economic-zone"),
        ("AIIB", "", "organisation/aiib"),
        ("Asian Infrastructure Investment Bank (AIIB)", "", "organisation/aiib"),
        ("Xi Jinping", "China", "person/xi-jinping"),
        ("Việt Nam", "", "state/vietnam"),
        ("USA", "", "state/united-states"),
    ],
)
def test_names_people_write_are_accepted(matched: Callable[..., Match], name: str, country: str, entity: str) -> None:
    match = matched(name, country)
    assert (match.verdict, match.best and match.best.target.id.removeprefix("https://w3id.org/bri-kg/")) == (
        "accept",
        entity,
    )
    assert match.predicate == "skos:exactMatch"


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("China-Laos Expressway", "Laos"),
        ("Kyaukphyu deep sea port", "Myanmar"),
        ("China-Pakistan Economic Corridor", "Pakistan"),
        ("Jakarta-Surabaya High-Speed Railway", "Indonesia"),
        ("Asian Development Bank", ""),
        ("Chinese Academy of Sciences", "China"),
        ("Ministry of Foreign Affairs", "Malaysia"),
        ("National Slum Upgrading Project", "Kenya"),
        ("China-ASEAN FTA Version 4.0", ""),
        ("Central American Free Trade Agreement (CAFTA)", ""),
        ("Li Qian", "China"),
        ("Vientiane", "Laos"),
        ("一带", ""),
        ("!!!", ""),
    ],
)
def test_what_only_looks_alike_is_not_accepted(matched: Callable[..., Match], name: str, country: str) -> None:
    record = matched(name, country) if name != "!!!" else None
    assert record is None or record.verdict != "accept", record


def test_a_persons_name_alone_goes_to_review(matched: Callable[..., Match]) -> None:
    assert matched("Wang Yi").verdict == "review"
    assert matched("Wang Yi", "China").verdict == "accept"
    assert matched("Wang Yi", "Singapore").verdict == "none"


def test_kind_country_date_amount_and_distance_count(matched: Callable[..., Match]) -> None:
    def parts(match: Match) -> dict[str, float]:
        return {part.feature: part.bits for part in match.best.parts} if match.best else {}

    assert parts(matched("Laos", family="state"))["kind"] > 0 > parts(matched("Laos", family="place"))["kind"]
    assert parts(matched("National Slum Upgrading Project", "Indonesia"))["country"] > 0
    assert (
        parts(matched("BUILD Act", years=(2018, 2018)))["date"]
        > 0
        > parts(matched("BUILD Act", years=(1999, 1999)))["date"]
    )


def test_amount_and_distance_by_numbers(matcher: Matcher) -> None:
    from bri_kg.matching.scoring import Scorer

    scorer = Scorer(lambda token: 1.0, matcher.states)
    here = Record("a", "Big Bridge", ("Big Bridge",), amounts=(207_000_000.0,), point=(14.6, 120.98))
    near = Record("b", "Big Bridge", ("Big Bridge",), amounts=(207_600_000.0,), point=(14.59, 120.97))
    far = Record("c", "Big Bridge", ("Big Bridge",), amounts=(5.0,), point=(1.3, 103.8))
    assert {part.feature: part.bits > 0 for part in scorer.parts(here, near)}.items() >= {
        "amount": True,
        "distance": True,
    }.items()
    assert {part.feature: part.bits for part in scorer.parts(here, far)}["distance"] < 0


def test_money_parts_and_plants_are_not_the_thing(matched: Callable[..., Match]) -> None:
    money = matched("Bank X provides $480 million loan for China-Laos Railway Project", "Laos")
    assert (money.verdict, money.predicate) == ("accept", "bri:financedByRecord")
    assert matched("China-Laos Railway Phase 2", "Laos").predicate == "bri:containsRecord"
    plant = matched("Malaysia-China Kuantan Industrial Park steel mill", "Malaysia")
    assert (plant.verdict, plant.predicate) == ("accept", "bri:containsRecord")


def test_a_town_named_like_a_region_is_not_the_region(matched: Callable[..., Match]) -> None:
    assert matched("Asia", family="place").verdict == "accept"
    assert matched("Asia", "Philippines", "place").verdict != "accept"


def test_two_as_near_go_to_review(kg: KnowledgeGraph) -> None:
    from bri_kg.matching.countries import States

    twins = [Record(f"t{place}", "Red Bridge", ("Red Bridge",), family="project") for place in (1, 2)]
    match = Matcher(twins, States(kg.store)).match(Record("r", "Red Bridge", ("Red Bridge",), family="project"))
    assert match.verdict == "review" and "as near" in match.remark


def test_scores_are_explained_and_add_up(matched: Callable[..., Match]) -> None:
    best = matched("Lao-China railway", "Laos").best
    assert best is not None
    assert best.score == pytest.approx(1 / (1 + 2 ** -sum(part.bits for part in best.parts)), abs=1e-3)
    assert "another order" in best.why() and "both of laos" in best.why()


def test_an_identifier_that_both_carry_decides(kg: KnowledgeGraph, matcher: Matcher) -> None:
    target = Record("x", "Some Thing", ("Some Thing",), identifiers=frozenset(["Q1"]))
    found = Matcher([target], matcher.states).match(
        Record("r", "Other Words", ("Other Words",), identifiers=frozenset(["Q1"]))
    )
    assert found.best is not None and found.best.target is target


# tables


MESSY = """My projects 2024,,\n,,\nProject title ,Country,Start\n Lao-China railway\u00a0,Laos,2016\nKyaukpyu SEZ,Myanmar,2015\n雅万高铁,印尼,2018
Hanoi Metro Line 3,Vietnam,2010\nHanoi Metro Line 3,Vietnam,2010\nTotal,,5\nSource: own notes,,\n"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_messy_table_is_read_and_what_was_done_is_said(
    kg: KnowledgeGraph, table: Callable[..., Path], encoding: str
) -> None:
    linked = link_table(kg, table(MESSY.replace("\u00a0", " ").encode(encoding)), identifiers=False)
    assert [(match.record.place, match.verdict) for match in linked.matches] == [
        *((4, "accept"), (5, "accept"), (6, "accept"), (7, "none"), (8, "none"))
    ]
    assert any("line 3" in note for note in linked.table.notes) and any("9, 10" in note for note in linked.table.notes)
    assert (
        "name = 'Project title' (guessed)" in linked.columns.said()
        and "country = 'Country' (guessed)" in linked.columns.said()
    )
    assert len({match.record.id for match in linked.matches}) == 5


def test_latin_1_and_semicolons(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    linked = link_table(
        kg, table("Projet;Pays\nCaf\xe9 \xe0 la cr\xe8me;Laos\nAIIB;\nChina-Laos Railway;Laos\n".encode("latin-1"))
    )
    assert linked.matches[0].record.label == "Café à la crème"
    assert [match.verdict for match in linked.matches] == ["none", "accept", "accept"]
    assert any("cp1252" in note for note in linked.table.notes)


def test_chinese_headings(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    linked = link_table(
        kg, table("序号,项目名称,所在国家,开工时间\n1,中缅天然气管道,缅甸,2010年\n2,中老铁路,老挝,2016-12\n")
    )
    assert linked.columns.first("name") == "项目名称" and linked.columns.first("country") == "所在国家"
    assert [match.verdict for match in linked.matches] == ["accept", "accept"] and linked.matches[1].record.years == (
        2016,
        2016,
    )


def test_a_workbook_with_merged_headings_and_a_title(kg: KnowledgeGraph, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["List of projects"])
    sheet.merge_cells("A1:D1")
    sheet.append(["Project", "Where", None, "Year"])
    sheet.merge_cells("B2:C2")
    sheet.append([None, "Country", "City", None])
    sheet.append(["China-Laos Railway", "Laos", "Vientiane", 2021.0])
    sheet.append(["Some Dam", "Laos", "Pakse", 2010])
    sheet.append(["* as of last year"])
    book.create_sheet("Empty")
    book.save(tmp_path / "book.xlsx")
    linked = link_table(kg, tmp_path / "book.xlsx")
    assert linked.table.columns == ["Project", "Where: Country", "Where: City", "Year"]
    assert linked.columns.first("country") == "Where: Country"
    assert [(match.record.place, match.verdict) for match in linked.matches] == [(4, "accept"), (5, "none")]
    with pytest.raises(UsageError, match=r"no sheet 'X'; choose Sheet, Empty"):
        read_table(tmp_path / "book.xlsx", "X")


def test_json_json_lines_and_geojson(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    rows = [{"name": "China-Laos Railway", "country": "LA"}, {"name": {"en": "x"}, "tags": ["a", "b"]}]
    assert read_table(table("\n".join(map(json.dumps, rows)), "t.jsonl")).rows[1] == (
        2,
        {"name.en": "x", "tags": "a|b"},
    )
    assert len(read_table(table(json.dumps({"items": rows}), "t.json"))) == 2
    features = [
        {"type": "Feature", "properties": {"name": "AIIB"}, "geometry": {"type": "Point", "coordinates": [116.3, 39.9]}}
    ]
    found = link_table(kg, table(json.dumps({"type": "FeatureCollection", "features": features}), "t.geojson"))
    assert found.matches[0].record.point == (39.9, 116.3)


def test_xml_and_yaml_are_lists_of_records_with_their_lines(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    xml = """<codelist name="X" xml:lang="en">
<metadata><name><narrative>List</narrative></name></metadata>
<codelist-items>
<codelist-item status="active"><code>798</code><name><narrative>Asia, regional</narrative>
<narrative xml:lang="fr">Asie</narrative></name></codelist-item>
<codelist-item><code>1</code><name><narrative>Nowhere</narrative></name></codelist-item>
</codelist-items></codelist>"""
    made = read_table(table(xml, "t.xml"))
    assert made.rows[0] == (4, {"status": "active", "code": "798", "name": "Asia, regional", "name (fr)": "Asie"})
    assert made.rows[1][0] == 6
    yaml = "- id:\n    wikidata: Q1\n  name:\n    first: Donald\n    last: Trump\n  bio:\n    birthday: '1946-06-14'\n- name: {first: A, last: B}\n"
    linked = link_table(kg, table(yaml, "t.yaml"), identifiers=False)
    assert linked.columns.family == "person" and [one.record.place for one in linked.matches] == [1, 8]
    assert (linked.matches[0].record.label, linked.matches[0].verdict) == ("Donald Trump", "accept")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.xml", b"<a><b>1</b><b>2</a>", "the XML is broken"),
        ("t.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b><b/></a>', "DOCTYPE"),
        ("t.xml", b"<a><b/></a>", "no element stands in it several times"),
        ("t.yaml", b"a: [1", "no valid YAML"),
        ("t.yaml", b"a: " + b"[" * 150 + b"]" * 150, "t.yaml:1: it nests more than 100 deep"),
        # The loader in C would end the process; a newer one has a limit of its own.
        ("t.yaml", b"a: " + b"[" * 200_000, "nests more than 100 deep|maximum nesting depth"),
        ("t.yaml", b"just words", "holds no list"),
        ("t.yaml", b"- 1\n- 2\n", "is no object"),
        ("t.yaml", b"- !!python/object/apply:os.system [ls]\n", "no valid YAML"),
        ("t.csv", b"", "is empty"),
        ("t.csv", b"name,country\n", "holds no rows"),
        ("t.csv", b"PK\0\0\0", "zero bytes"),
        ("t.xlsx", b"not a workbook", r"no \.xlsx workbook"),
        ("t.xls", b"x", "old Excel file"),
        ("t.pdf", b"x", "a table ends in"),
        ("t.json", b"{", "no valid JSON"),
        ("t.jsonl", b'{"a": 1}\n[2]\n', "t.jsonl:2: no object"),
        ("t.csv", b"1,2\n3,4\n5,6\n", "no column of names"),
        ("t.json", b"[" * 100_000, "nested too deeply|no valid JSON"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(
    kg: KnowledgeGraph, table: Callable[..., Path], name: str, content: bytes, said: str
) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        link_table(kg, table(content, name))
    assert "\n" not in str(raised.value)


def test_columns_are_named_by_the_user(matcher: Matcher, table: Callable[..., Path]) -> None:
    made = read_table(table("a,b,c\nChina-Laos Railway,Laos,x\n"))
    assert guess_columns(made, {"name": ["A"], "country": ["2"]}, matcher.states).roles["country"] == ("b",)
    assert "country" not in {
        role for role, names in guess_columns(made, {"country": ["-"]}, matcher.states).roles.items() if names
    }
    with pytest.raises(UsageError, match="has no column 'z'; it has a, b, c"):
        guess_columns(made, {"name": ["z"]}, matcher.states)


def test_a_table_of_countries_is_known_as_one(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    linked = link_table(kg, table("name,code\nLao People's Democratic Republic,x\nViet Nam,y\nVanuatu,z\n"))
    assert linked.columns.family == "state" and [match.verdict for match in linked.matches] == [
        "accept",
        "accept",
        "none",
    ]


def test_the_graph_against_a_dataset(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    linked = link_graph(
        kg, table("title,year\nChina-Laos Railway,2021\nLaos-China Railway,2021\nX,1\n"), kinds=["Project"]
    )
    by_label: dict[str, list[str]] = {}
    for match in linked.matches:
        by_label.setdefault(match.best.target.label if match.best else match.remark, []).append(match.verdict)
    assert by_label["China-Laos Railway"] == ["accept", "accept"]
    assert sum(match.verdict == "none" for match in linked.matches) == len(by_label) - 1 == 24


# what goes out


@pytest.fixture
def linked(kg: KnowledgeGraph) -> Linked:
    return link_table(kg, LINKS / "development_projects.csv", identifiers=False)


def test_the_mapping_set_is_valid_and_says_no_more_than_was_found(linked: Linked, tmp_path: Path) -> None:
    write_outputs(linked, [tmp_path / "mine.sssom.tsv"])
    found = read_set(tmp_path / "mine.sssom.tsv")
    accepted = [match for match in linked.matches if match.verdict == "accept"]
    assert len(found.rows) == len(accepted) > 10
    assert {row.cells["mapping_justification"].rpartition("#")[2].rpartition("/")[2] for row in found.rows} <= {
        "LexicalMatching",
        "CompositeMatching",
    }
    assert all(0.9 < float(row.cells["confidence"]) <= 1 for row in found.rows)


def test_nothing_is_written_into_the_projects_data(linked: Linked, tmp_path: Path) -> None:
    from bri_kg.files import data_folder

    inside = data_folder() / "links" / "x.sssom.tsv"
    (tmp_path / "way").symlink_to(data_folder())
    for path in (inside, tmp_path / "way" / "x.csv", data_folder() / "entities" / ".." / "x.html"):
        with pytest.raises(UsageError, match="never writes"):
            write_outputs(linked, [tmp_path / "first.csv", path])
    assert not inside.exists() and not (tmp_path / "first.csv").exists()
    checkout = tmp_path / "checkout" / "graph_data"  # the data folder of an installed package is another
    (checkout / "statements").mkdir(parents=True)
    (checkout / "paper.ttl").touch()
    with pytest.raises(UsageError, match="never writes"):
        write_outputs(linked, [checkout / "links" / "x.sssom.tsv"])
    with pytest.raises(UsageError, match="choose one of these endings"):
        write_outputs(linked, [tmp_path / "x.pdf"])


def test_the_review_page_holds_data_as_text(kg: KnowledgeGraph, table: Callable[..., Path], tmp_path: Path) -> None:
    evil = "China-Laos Railway </script><script>window.hurt=1</script><img src=x onerror=hurt()>"
    made = link_table(kg, table(f'name,country\n"{evil}",Laos\nAIIB,\n'), review=0.01)
    [path] = write_outputs(made, [tmp_path / "page.html"], "zh")
    page = path.read_text(encoding="utf-8")
    assert "<script>window" not in page and "<img src" not in page and "default-src 'none'" in page
    assert 'lang="zh-Hans"' in page and not re.search(r"(src|href|url)\s*[=(]\s*[\"']?http", page)


def test_measures_count_over_assertion_as_an_error(kg: KnowledgeGraph, tmp_path: Path) -> None:
    judged = measuring.judge(kg, measuring.read_gold(LINKS / "development.tsv"), LINKS)
    measures = {one.group: one for one in measuring.measure_groups(judged)}
    everything = measures["all"]
    assert everything.rows == 45 and everything.over_asserted == 0
    assert everything.precision is not None and everything.precision >= 0.98
    assert everything.recall is not None and everything.recall >= 0.85
    missed = next(one for one in judged if one.outcome == "right")._replace(outcome="missed")
    [worse, *_] = measuring.measure_groups([*judged, missed])
    assert worse.recall is not None and worse.recall_interval is not None
    assert worse.recall_interval[0] < worse.recall < worse.recall_interval[1] == 1.0 == everything.recall
    assert {"without states", "kind Project", "scheme development", "traps"} <= measures.keys()
    stronger = [
        one._replace(gold={**one.gold, "predicate": "skos:relatedMatch"}) for one in judged if one.outcome == "right"
    ]
    assert {measuring._outcome(one.gold, one.match) for one in stronger} >= {"over-asserted"}
    none = next(one for one in judged if one.outcome == "right")
    assert measuring._outcome({**none.gold, "subject_id": ""}, none.match) == "invented"
    assert measuring._outcome({**none.gold, "subject_id": "state:laos"}, none.match) == "wrong"


def test_a_broken_gold_sample_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gold.tsv").write_text("dataset_file\trow\n", encoding="utf-8")
    with pytest.raises(DataError, match="record_id is missing"):
        measuring.read_gold(tmp_path / "gold.tsv")


def test_a_row_that_bears_the_name_comes_before_one_with_an_alias(
    kg: KnowledgeGraph, table: Callable[..., Path]
) -> None:
    made = table(
        "name,alias,country\nManila,Metro Manila,Philippines\nMetro Manila,,Philippines\nMetro Manila,,Philippines\n"
    )
    linked = link_table(kg, made, kinds=["Place"])
    assert [match.verdict for match in linked.matches] == ["review", "accept", "accept"]
    assert "bears its name" in linked.matches[0].remark


def test_a_region_is_only_close_to_one_of_the_same_name(matched: Callable[..., Match]) -> None:
    match = matched("Southeast Asia", family="place")
    assert (match.verdict, match.predicate) == ("accept", "skos:closeMatch")


def test_treaties_called_after_their_parties(matcher: Matcher, table: Callable[..., Path]) -> None:
    """A list of trade agreements: the year tells a framework from the area, one subject is a part, other parties are other treaties."""
    text = """Name,Date of Signature
    ASEAN - China,04/11/2002
    Association of South East Asian Nations China,29.11.2004
    ASEAN China Services,2007
    ASEAN Australia New Zealand FTA (AANZFTA),2009
    ASEAN - Korea,2005
    Australia - New Zealand (ANZCERTA),1983
    ASEAN (AFTA),1992
    ASEAN China Tourism Rules,2007
    Trans-Pacific Partnership,2016
    """
    made = read_table(table(text.replace("\n    ", "\n")))
    columns = guess_columns(made, {}, matcher.states)
    assert columns.family == "agreement"
    found = [matcher.match(record) for record in table_records(made, columns, matcher.states)]
    said = [
        (match.predicate, match.best.target.id.rpartition("/")[2]) if match.verdict == "accept" and match.best else None
        for match in found
    ]
    assert said == [
        ("skos:closeMatch", "framework-agreement-on-comprehensive-economic-cooperation"),
        ("skos:relatedMatch", "china-asean-fta"),
        ("skos:relatedMatch", "china-asean-fta"),
        ("bri:containsRecord", "asean-plus-one-fta-network"),
        None,
        None,
        None,
        None,
        ("skos:exactMatch", "trans-pacific-partnership"),
    ]


def test_a_settlement_is_not_the_area_of_its_name_and_a_superseded_record_is_looked_at(
    kg: KnowledgeGraph, table: Callable[..., Path]
) -> None:
    text = """id,name,placetype,country,is_current,other names
1,National Capital District,region,PH,1,Metro Manila
2,Manila,locality,PH,1,Metro Manila
3,Metropolitan Manila,county,PH,0,
4,National Capital Region,region,PH,1,
5,National Capital Region,region,MY,1,
"""
    linked = link_table(kg, table(text), identifiers=False)
    found = {match.record.id: (match.verdict, match.predicate) for match in linked.matches}
    assert found["1"] == ("accept", "skos:exactMatch") and found["2"][0] != "accept"
    assert found["3"] == ("review", "skos:closeMatch") and "superseded" in linked.matches[2].remark
    assert found["4"] == ("accept", "skos:exactMatch") and found["5"][0] == "none"


def test_what_a_list_of_bodies_leaves_out(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    """Codes begin with the state, a colon goes before a subject, a university or programme of a body is not the body."""
    text = """code,name
US-11,State Department
PH-3,State Department
CA-2,Ministry of Foreign Affairs
41305,United Nations
41306,United Nations University
47003,Association of South East Asian Nations: Economic Co-operation
44000,World Bank Group (WB)
"""
    linked = link_table(kg, table(text), identifiers=False)
    assert [(match.verdict == "accept", match.predicate) for match in linked.matches if match.verdict != "none"] == [
        (True, "skos:exactMatch"),
        (True, "skos:exactMatch"),
        (True, "skos:narrowMatch"),
        (True, "skos:broadMatch"),
    ]
    assert linked.matches[0].best and linked.matches[0].best.target.id.endswith("us-department-of-state")


def test_a_messy_sheet(kg: KnowledgeGraph, table: Callable[..., Path]) -> None:
    """A column of states is found by its cells, a name cut in two is joined, works at a place are not the place, an upgrade is another version."""
    text = """Name of project,Where?,Signed / started,Type
Phnom Penh - Sihanouk Ville expressway,Cambodia,2019,road
Kyauk Phyu SEZ,Burma,2015,SEZ
Hambantota Port,Sri Lanka,2008,port
Kyaukphyu SEZ,Thailand,2015,SEZ
China ASEAN FTA upgrade,,2015,agreement
"""
    linked = link_table(kg, table(text), identifiers=False)
    assert (linked.columns.first("country"), linked.columns.first("date")) == ("Where?", "Signed / started")
    assert [(match.verdict, match.predicate) for match in linked.matches] == [
        ("accept", "skos:exactMatch"),
        ("accept", "skos:exactMatch"),
        ("accept", "skos:relatedMatch"),
        ("review", "skos:exactMatch"),
        ("none", ""),
    ]


def test_units_twins_and_years(matched: Callable[..., Match], table: Callable[..., Path], kg: KnowledgeGraph) -> None:
    text = "name,unit-name,areas\nSino-Myanmar Gas Pipeline,Trunk line,Myanmar\nSino-Myanmar Gas Pipeline,--,Myanmar\n"
    parts = link_table(kg, table(text), identifiers=False).matches
    assert [match.predicate for match in parts] == ["bri:containsRecord", "skos:exactMatch"]
    assert matched("China-Myanmar Oil and Gas Pipelines").predicate == "bri:partOfRecord"
    assert (matched("BUILD Act of 2018").verdict, matched("BUILD Act of 1999").verdict) == ("accept", "review")
    assert matched("Regional Comprehensive Economic Partnership (RCEP)").predicate == "skos:exactMatch"
    assert matched("South-eastern Asia").predicate == "skos:closeMatch" and matched("South Asia").verdict == "none"


@pytest.fixture(scope="module")
def judged(kg: KnowledgeGraph) -> dict[str, list[measuring.Judged]]:
    """The records of four samples as matched, each dataset once."""
    if not EXTERNAL.exists():
        pytest.skip("../shared/external is not here: the samples' files cannot be read")
    samples = {
        name: measuring.read_gold(LINKS / f"{name}.tsv")
        for name in ("gold", "development_external", "development_blind", "sealed")
    }
    judged = iter(measuring.judge(kg, [row for rows in samples.values() for row in rows], EXTERNAL))
    return {name: [next(judged) for _ in rows] for name, rows in samples.items()}


def test_the_makers_own_examples_from_the_datasets_are_met(judged: dict[str, list[measuring.Judged]]) -> None:
    found = judged["development_external"]
    assert len(found) > 70
    assert [one.gold["record_label"] for one in found if one.outcome not in ("right", "rightly none")] == []


def test_the_gold_sample_is_met_as_measured(judged: dict[str, list[measuring.Judged]]) -> None:
    """Floors just under what was measured, so that a change for the worse is seen.

    Measured twice without opening its rows: 0.976 and 0.890; then, when lists had shown where matches were missed, 0.988 and 0.934.
    """
    measures = {one.group: one for one in measuring.measure_groups(judged["gold"])}
    everything, states = measures["all"], measures["kind state"]
    assert everything.precision is not None and everything.precision >= 0.98
    assert everything.recall is not None and everything.recall >= 0.94
    assert (states.precision, states.recall) == (1.0, 1.0)


def test_the_blind_sample_is_met(judged: dict[str, list[measuring.Judged]]) -> None:
    """A second sample, written by a session that had not seen the matcher; at first sight 1.0 and 0.825.

    Its two places are older records that their list calls superseded: one is the area, the other bears its name and is not. Both go to review.
    """
    measures = {one.group: one for one in measuring.measure_groups(judged["development_blind"])}
    everything = measures["all"]
    assert everything.rows == 220 and everything.over_asserted == 0
    assert everything.precision is not None and everything.precision >= 0.98
    assert everything.recall is not None and everything.recall >= 0.95
    assert everything.same_predicate is not None and everything.same_predicate >= 0.95
    for kind in ("state", "organisation", "person", "agreement", "location", "government body"):
        assert (measures[f"kind {kind}"].precision, measures[f"kind {kind}"].recall) == (1.0, 1.0)
    places = [one for one in judged["development_blind"] if one.gold["kind"] == "place"]
    assert {one.outcome for one in places} == {"missed", "rightly none"} and measures["kind place"].reviewed == 1.0


def test_the_sealed_sample_is_met(judged: dict[str, list[measuring.Judged]]) -> None:
    """The other half of the second sample, which nobody who worked on the matcher had opened when it was measured.

    Before the work on the first half 1.0 and 0.833 (judged by kind of match alone), after it 1.0 (no error among 76 accepted) and 0.974 (0.931 to
    1.000); without the states 1.0 and 0.946 (0.861 to 1.000). From now on it guards and measures no more.
    """
    measures = {one.group: one for one in measuring.measure_groups(judged["sealed"])}
    everything, others = measures["all"], measures["without states"]
    assert (everything.rows, everything.over_asserted, everything.precision) == (219, 0, 1.0)
    assert everything.recall is not None and everything.recall >= 0.97
    assert others.recall is not None and others.recall >= 0.94


# the command


def bri_kg(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("bri-kg")
    return subprocess.run([command, *words], capture_output=True, encoding="utf-8", cwd=folder, timeout=60, check=False)


def test_the_command_shows_columns_and_writes_what_it_is_told(tmp_path: Path) -> None:
    shutil.copy(LINKS / "development_projects.csv", tmp_path / "mine.csv")
    done = bri_kg(
        "link", "mine.csv", "--format", "csv", "-o", "a.sssom.tsv", "-o", "b.html", "-o", "c.json", folder=tmp_path
    )
    assert done.returncode == 0 and "name = 'Project title' (guessed)" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    assert {row["verdict"] for row in rows} == {"accept", "review"} and rows[0]["node"] == "project:china-laos-railway"
    assert {path.name for path in tmp_path.iterdir()} == {"mine.csv", "a.sssom.tsv", "b.html", "c.json"}
    chinese = bri_kg("link", "mine.csv", "--format", "table", "--lang", "zh", "--all", folder=tmp_path)
    assert chinese.returncode == 0 and "项接受" in chinese.stderr and "匹配" in chinese.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Which table"),
        (["none.csv"], "There is no file none.csv"),
        (["a.csv", "--against", "b.csv"], "--bulk"),
        (["a.csv", "--bulk"], "--bulk matches two tables"),
        (["a.csv", "--accept", "0.4"], "review <= accept"),
        (["a.csv", "--kind", "Nonsense"], "no class 'Nonsense'"),
        (["a.csv", "--name", "x"], "has no column 'x'"),
        (["a.csv", "-o", str(LINKS.parents[1] / "graph_data" / "links" / "x.sssom.tsv")], "never writes"),
    ],
)
def test_the_command_refuses_in_one_sentence(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "a.csv").write_text("name\nLaos\n", encoding="utf-8")
    done = bri_kg("link", *words, folder=tmp_path)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr and done.stdout == ""
