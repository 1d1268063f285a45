"""What people write in tables: titles, initials, short forms, other languages, several names in a cell; each rule with what must trip it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.matching import chinese
from bri_kg.matching.initials import could_be_short_for, initials_of
from bri_kg.matching.linking import link_table
from bri_kg.matching.match import Match, Matcher, matcher_for
from bri_kg.matching.names import acronym_of, name_form, name_forms, spellings
from bri_kg.matching.persons import compare_persons, has_title, person_forms
from bri_kg.matching.rows import record_of
from bri_kg.matching.several import names_in_cell
from bri_kg.names import shorten

EXTERNAL = Path(__file__).resolve().parents[2] / "shared" / "external"


@pytest.fixture(scope="module")
def matcher(kg: KnowledgeGraph) -> Matcher:
    return matcher_for(kg)


@pytest.fixture
def matched(matcher: Matcher) -> Callable[..., tuple[str, str, str]]:
    def match(name: str, country: str = "", family: str = "", **features: object) -> tuple[str, str, str]:
        found = matcher.match(record_of(name, matcher.states, country, family, **features))
        return found.verdict, shorten(found.best.target.id) if found.best else "", found.predicate

    return match


@pytest.fixture
def linked(kg: KnowledgeGraph, matcher: Matcher, tmp_path: Path) -> Callable[..., list[Match]]:
    def link(text: str, name: str = "table.csv") -> list[Match]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return list(link_table(kg, tmp_path / name, matcher=matcher).matches)

    return link


# names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Indonesia¹", "Indonesia"),
        ("China-Laos Railway*", "China-Laos Railway"),
        ("China-Laos Railway [1]", "China-Laos Railway"),
        ("PR China", "People's Republic of China"),
        ("China, P.R.", "China, People's Republic"),
        ("DPRK", "Democratic People's Republic of Korea"),
        ("Group of 7", "Group of Seven"),
        ("ASEAN+3", "ASEAN Plus Three"),
        ("Expwy", "expressway"),
        ("Flood Mgmt", "flood management"),
        ("Chemin de fer", "railway"),
        ("特别经济区", "经济特区"),
        ("高速铁路", "高铁"),
        ("FTA Version 3.0", "FTA 3.0"),
        ("R&amp;D", "R&D"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    from bri_kg.matching.names import clean_text

    assert name_form(clean_text(one)).key == name_form(clean_text(other)).key


@pytest.mark.parametrize(
    ("one", "other"), [("m²", "m3"), ("PR firm", "People's Republic firm"), ("高速", "高铁"), ("10+1", "10+3")]
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert name_form(one).key != name_form(other).key


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("S. Korea", "South Korea"),
        ("SE Asia", "Southeast Asia"),
        ("2002 Declaration", "Declaration"),
        ("Summit (2019)", "Summit"),
        ("Railway (Phase 1)", "Railway"),
        ("East Coast Rail Link – ECRL", "East Coast Rail Link"),
        ("AIIB – Asian Infrastructure Investment Bank", "Asian Infrastructure Investment Bank"),
        ("12. Some Dam", "Some Dam"),
        ("雅万高铁项目", "雅万高铁"),
        ("Sri Lanka (formerly Ceylon)", "Sri Lanka"),
    ],
)
def test_what_else_a_cell_may_say(text: str, spelt: str) -> None:
    assert spelt in spellings(text)


def test_a_year_that_is_left_out_is_kept_in_mind() -> None:
    assert [form.year for form in name_forms("Vision 2045")] == ["", "2045"]
    assert acronym_of("World Bank (IBRD)¹") == "IBRD" and acronym_of("ECRL: East Coast Rail Link") == "ECRL"
    assert acronym_of("Laos (Lao PDR)") == ""


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("亞投行", "亚投行"),
        ("寮國", "老挝"),
        ("區域全面經濟夥伴關係協定", "区域全面经济伙伴关系协定"),
        ("Laos", "Laos"),
    ],
)
def test_traditional_characters(text: str, simple: str) -> None:
    assert chinese.simplified(text) == simple
    assert chinese.is_traditional(text) == (text != simple)


def test_without_opencc_the_user_is_told(
    kg: KnowledgeGraph, matcher: Matcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chinese, "_converter", lambda: None)
    assert chinese.simplified("亞投行") == "亞投行"
    (tmp_path / "t.csv").write_text("name\n亞洲\nx\n", encoding="utf-8")
    assert "bri-kg[link]" in " ".join(link_table(kg, tmp_path / "t.csv", matcher=matcher).table.notes)


# persons


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("H.E. Mr. Xi Jinping", "xi jinping"),
        ("Premier Li Keqiang", "li keqiang"),
        ("Trump, Donald J.", "donald j trump"),
        ("Lee Hsien Loong, Prime Minister of Singapore", "lee hsien loong"),
        ("李显龙总理", "李显龙"),
        ("He Yafei", "he yafei"),
        ("Xi, Don", "don xi"),
        ("Lee Hsien Loong, SM", "lee hsien loong"),
        ("King", "king"),
    ],
)
def test_titles_fall_away(text: str, key: str) -> None:
    assert person_forms(text)[0].key == key
    assert [form.text for form in person_forms("Chinese President Xi Jinping")][1:] == ["Xi Jinping"]
    assert len(person_forms("aide to President Xi Jinping")) == 1
    assert has_title("Dr. Zhang Jie") and not has_title("Drill Hall")


@pytest.mark.parametrize(
    ("one", "other", "bits"),
    [
        ("Rodrigo Roa Duterte", "Rodrigo Duterte", 2.2),
        ("R. Duterte", "Rodrigo Duterte", 0.0),
        ("J. Xi", "Xi Jinping", 0.0),
        ("Lee H. L.", "Lee Hsien Loong", 0.0),
        ("Donald Trump Jr.", "Donald Trump", -9.0),
        ("Sara Duterte", "Rodrigo Duterte", -6.0),
        ("John P. Roth", "John Pomfret", -6.0),
        ("Rodrigo Dutrte", "Rodrigo Duterte", -0.6),
    ],
)
def test_persons_by_initials_and_middle_names(one: str, other: str, bits: float) -> None:
    assert compare_persons(name_form(one), name_form(other)).bits == bits
    assert compare_persons(name_form("Li Ke Qiang"), name_form("Li Qiang"), chinese=True).bits < 0


def test_who_shares_a_name_is_asked_for(
    matched: Callable[..., tuple[str, str, str]], linked: Callable[..., list[Match]]
) -> None:
    assert matched("Zhang Jie", family="person")[0] == "review"  # a name of two characters, and no country to tell
    assert matched("Wang Yi", "China", "person")[0] == "accept"
    assert matched("Trump, Donald J.", "USA", "person")[:2] == ("accept", "person:donald-trump")
    rows = linked(
        'Name,Country,Capacity,Birth date\nLi Qiang,China,Premier,1959\nLi Qiang,China,"Governor, Sichuan, 1911",\n'
    )
    assert [match.verdict for match in rows] == ["accept", "none"]


# short forms


def test_initials(matched: Callable[..., tuple[str, str, str]]) -> None:
    assert "mckip" in initials_of(name_form("Malaysia-China Kuantan Industrial Park"))
    assert initials_of(name_form("Laos")) == initials_of(name_form("b c d e f g h j k")) == frozenset()
    park = "project:malaysia-china-kuantan-industrial-park"
    assert matched("MCKIP", "Malaysia", "project")[:2] == ("accept", park)
    assert matched("MCKIP", family="project")[:2] == ("review", park)
    assert matched("ACFTA", family="agreement")[1] == "mechanism:china-asean-fta"
    assert matched("MCKIQ", "Malaysia", "project")[0] == "none"


def test_an_acronym_beside_a_name_must_be_its_own(matched: Callable[..., tuple[str, str, str]]) -> None:
    assert could_be_short_for("PPSHV", [name_form("Phnom Penh-Sihanoukville Expressway")])
    assert not could_be_short_for("IBRD", [name_form("World Bank")])
    assert matched("World Bank (IBRD)")[0] == "review" and matched("World Bank (WB)")[0] == "accept"


def test_short_forms_are_spelt_out(matched: Callable[..., tuple[str, str, str]]) -> None:
    assert matched("Univ. of CASS", family="organisation")[:2] == ("accept", "organisation:ucass")
    assert matched("South China Sea COC", family="agreement")[1] == "agreement:code-of-conduct-in-the-south-china-sea"
    assert matched("ASEAN Sec.", family="organisation")[:2] == ("accept", "organisation:asean-secretariat")
    assert matched("CASS Library", family="organisation")[0] != "accept"


def test_company_words(matched: Callable[..., tuple[str, str, str]]) -> None:
    assert matched("Tencent Holdings Ltd")[:2] == matched("騰訊集團")[:2] == ("accept", "organisation:tencent")
    assert matched("Tencent Music", family="organisation")[0] == "none" and matched("Tencent Sciences")[0] != "accept"
    assert matched("Metro Manila Corporation", "Philippines")[0] != "accept"


# states


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Birmanie", "myanmar"), ("Kambodscha", "cambodia"), ("ミャンマー", "myanmar"), ("寮國", "laos"), ("Малайзия", "malaysia"),
        ("Kingdom of Thailand", "thailand"), ("Cambodia (Kingdom of)", "cambodia"), ("Korea, Rep.", "south-korea"),
        ("Myanmar (Birma)", "myanmar"), ("Viet-Nam", "vietnam"), ("P.R.C.", "china"),
    ],
)  # fmt: skip
def test_states_in_other_languages_and_forms(
    matched: Callable[..., tuple[str, str, str]], name: str, state: str
) -> None:
    assert matched(name, family="state") == ("accept", f"state:{state}", "skos:exactMatch")


@pytest.mark.parametrize(
    "name",
    [
        "ENN (China)",
        "Chinese",
        "Korea, Dem. People's Rep.",
        "Republic of China",
        "China (Hong Kong SAR)",
        "Korea",
        "Guinea",
        "South Vietnam",
    ],
)
def test_other_states_are_not_accepted(matched: Callable[..., tuple[str, str, str]], name: str) -> None:
    assert matched(name, family="state")[0] != "accept"


def test_codes_count_in_a_column_of_states(
    linked: Callable[..., list[Match]], matched: Callable[..., tuple[str, str, str]]
) -> None:
    rows = linked("country_code,vote\nLAO,1\nTHA,2\nKHM,0\nXXX,1\n")
    assert [match.verdict for match in rows] == ["accept", "accept", "accept", "none"]
    assert matched("THA")[0] == "none"


@pytest.mark.skipif(not EXTERNAL.exists(), reason="../shared/external is not here: mledoze's names cannot be read")
def test_translations_of_another_source_are_known(kg: KnowledgeGraph, matcher: Matcher) -> None:
    """The names come from CLDR and UNTERM; nearly all of those that mledoze/countries gives are among them, and none means another state."""
    import json

    known = wrong = total = 0
    own = {code: target.id for target in matcher.targets for code in target.codes}
    for country in json.loads((EXTERNAL / "mledoze-countries" / "countries_cut.json").read_text(encoding="utf-8")):
        for translation in country["translations"].values():
            found = matcher.match(record_of(translation["common"], matcher.states, family="state"))
            is_ours = country["cca3"].casefold() in own
            total += is_ours
            is_right = found.best is not None and found.best.target.id == own.get(country["cca3"].casefold())
            known += found.verdict == "accept" and is_right
            wrong += found.verdict == "accept" and not is_right
    assert wrong == 0 and known >= 0.9 * total > 300


# what is not the thing


@pytest.mark.parametrize(
    ("name", "country", "family"),
    [
        ("Vision 2045", "", "undertaking"),
        ("Master Plan on ASEAN Connectivity 2030", "", "undertaking"),
        ("Strategic Competition Act of 2020", "", "law"),
        ("Laos-Thailand Railway", "Laos", "project"),
        ("West Coast Rail Link", "Malaysia", "project"),
        ("National Slum Upgrading Project", "Kenya", "project"),
        ("Build Back Better", "", "undertaking"),
        ("China-Myanmar Oil and Gas Pipelines", "Myanmar", "project"),
        ("Third Belt and Road Forum", "", "event"),
        ("Lee Hsien Yang", "Singapore", "person"),
    ],
)
def test_what_differs_in_one_thing_is_not_accepted(
    matched: Callable[..., tuple[str, str, str]], name: str, country: str, family: str
) -> None:
    assert matched(name, country, family)[0] != "accept"


def test_a_part_behind_a_dash_is_a_part(matched: Callable[..., tuple[str, str, str]]) -> None:
    station = matched("Jakarta-Bandung High Speed Railway - Padalarang station", "Indonesia", "project")
    assert station == ("accept", "project:jakarta-bandung-high-speed-railway", "bri:containsRecord")
    assert matched("China-Thailand Railway (Phase 1)", "Thailand", "project")[2] == "bri:containsRecord"
    assert matched("Binondo-Intramuros bridge, Manila", "Philippines", "project")[2] == "skos:exactMatch"


def test_the_projects_own_links_decide(
    kg: KnowledgeGraph, matched: Callable[..., tuple[str, str, str]], linked: Callable[..., list[Match]]
) -> None:
    lender = "International Bank for Reconstruction and Development"
    assert matched(lender) == ("accept", "organisation:world-bank", "skos:narrowMatch")
    assert matched("Eastern Asia") == ("accept", "place:east-asia", "skos:narrowMatch")
    assert matched("Metro Manila", identifiers=frozenset(["Q1475"]))[0] == "none"  # Quezon City, our links say
    unaided = matcher_for(kg, identifiers=False)
    assert unaided.match(record_of(lender, unaided.states)).verdict == "none"


# cells and sheets


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("China-Laos Railway; ECRL", ("China-Laos Railway", "ECRL")),
        ("中老铁路、雅万高铁", ("中老铁路", "雅万高铁")),
        ("Laos, Thailand and Vietnam", ("Laos", "Thailand", "Vietnam")),
        ("AIIB / World Bank", ("AIIB", "World Bank")),
    ],
)
def test_several_names_in_a_cell(text: str, names: tuple[str, ...]) -> None:
    found = names_in_cell(text)
    assert found is not None and found.names == names
    assert names_in_cell("China-Laos Railway") is None


def test_each_of_several_names_is_asked_for(linked: Callable[..., list[Match]]) -> None:
    rows = linked(
        'Entity,Note\nAIIB / World Bank,x\nXi Jinping and Li Keqiang,y\n"Trump, Ivanka",z\nOil and Gas,z\nASEAN,\n'
    )
    said = [(match.record.place, match.verdict, match.best.target.label if match.best else "") for match in rows]
    assert said[:4] == [
        (2, "review", "Asian Infrastructure Investment Bank"),
        (2, "review", "World Bank"),
        (3, "review", "Xi Jinping"),
        (3, "review", "Li Keqiang"),
    ]
    assert [(place, verdict) for place, verdict, _ in said[4:]] == [(4, "none"), (5, "none"), (6, "accept")]
    assert rows[0].remark == "one of 2 names in its cell" and rows[0].record.id != rows[1].record.id


def test_the_largest_sheet_is_read(kg: KnowledgeGraph, matcher: Matcher, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "README"
    for remark in ("A database of projects", "Compiled 2024", "See sheet Data"):
        book.active.append([remark])
    sheet = book.create_sheet("Data")
    for row in (
        ["S/N", "Project name¹", "Host country"],
        [1, "China–Laos Railway*", "Lao PDR"],
        [2, "ECRL", "Malaysia"],
    ):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    found = link_table(kg, tmp_path / "t.xlsx", matcher=matcher)
    assert "Sheet 'Data' of README, Data" in found.table.notes[0]
    assert [match.verdict for match in found.matches] == ["accept", "accept"]


def test_columns_as_people_keep_them(
    linked: Callable[..., list[Match]], kg: KnowledgeGraph, matcher: Matcher, tmp_path: Path
) -> None:
    """Names with commas alone in a file, no headings, countries said once, honorifics under "Title", a lender's column beside a host's."""
    assert linked('Institution\n"Ministry, PRC"\nMinistry of X, Y\nAIIB\n')[1].record.label == "Ministry of X, Y"
    rows = linked("China-Laos Railway,Laos\nECRL,Malaysia\nMuse-Mandalay,Myanmar\n")
    assert [(one.record.place, one.verdict) for one in rows] == [(1, "accept"), (2, "accept"), (3, "none")]
    rows = linked("Country,Project\nMalaysia,ECRL\n,MCKIP\nLaos,Boten SEZ\n,China-Laos Railway\n")
    assert [one.verdict for one in rows] == ["accept", "accept", "none", "accept"]
    rows = linked("Title,First name,Surname,Country\nMr,Jinping,Xi,China\nDr,Li,Keqiang,China\n")
    assert [one.record.label for one in rows] == ["Jinping Xi", "Li Keqiang"]
    rows = linked("Lender,Host country\nGov't of China,Laos\nWorld Bank,Laos\nChina,Laos\n")
    assert [one.verdict for one in rows] == ["accept", "accept", "review"]
    assert linked("initiative,proposer\nBRI,China\n")[0].record.place == 2  # a heading, though BRI is also called so
    with pytest.raises(ValueError, match="without names"):
        matcher.scorer.name_bits(record_of("", matcher.states), matcher.targets[0])


def test_sections_and_totals_between_rows(linked: Callable[..., list[Match]]) -> None:
    rows = linked(
        "Project,Start\nLAOS,\nChina-Laos Railway,2016\nBoten SEZ,2003\nMALAYSIA,\nECRL,2017\nSubtotal,16\nMCKIP,2013\n"
    )
    assert [(one.record.label, one.verdict) for one in rows] == [
        ("China-Laos Railway", "accept"),
        ("Boten SEZ", "none"),
        ("ECRL", "accept"),
        ("MCKIP", "accept"),  # by its initials and its section's country
    ]
    assert linked("Company,x\nTotal E&P,1\nMalaysia Steel,2\nAlibaba,3\n")[0].record.label == "Total E&P"


def test_a_state_alone_is_nothing_named_after_it(matched: Callable[..., tuple[str, str, str]]) -> None:
    assert matched("Laos", family="project")[0] == "none"
    assert matched("NCR", family="place")[0] == "review"  # our links know one, but which state's is not said
    assert matched("NCR", "Philippines", "place")[:2] == ("accept", "place:metro-manila")


def test_other_columns_of_names_are_pointed_out(kg: KnowledgeGraph, matcher: Matcher, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Project,Host country,Lender,Remark\nECRL,Malaysia,World Bank,good\nBridge,Laos,AIIB,bad\n", encoding="utf-8"
    )
    guessed = link_table(kg, tmp_path / "t.csv", matcher=matcher)
    assert [note for note in guessed.table.notes if "--name 'Lender'" in note and "Remark" not in note]
    assert not link_table(kg, tmp_path / "t.csv", columns={"name": ["Lender"]}, matcher=matcher).table.notes


def test_a_page_for_review_gives_each_candidate_its_own_predicate(matcher: Matcher) -> None:
    from bri_kg.matching.review import _row

    title = "Bank X provides $480 million loan for China-Laos Railway Project"
    row = _row(matcher.match(record_of(title, matcher.states, "Laos")))
    predicates = {one["id"]: one["predicate"] for one in row["candidates"]}
    assert predicates["project:china-laos-railway"] == "bri:financedByRecord"
    assert len(predicates) > 1 and "skos:exactMatch" not in predicates.values()


def test_links_by_identifier_say_how(
    linked: Callable[..., list[Match]], matched: Callable[..., tuple[str, str, str]]
) -> None:
    """A denied identity and a weaker tie of the same record go together; of two ids the one that is denied counts; another column's ids do not."""
    loan = matched("Some loan for works", "Sri Lanka", identifiers=frozenset(["33409"]))
    assert loan[:2] == ("accept", "place:hambantota-port") and loan[2] in ("skos:relatedMatch", "bri:financedByRecord")
    assert (
        matched("Pasig", "Philippines", identifiers=frozenset(["Q13580"]))[0] == "review"
    )  # an id that its list gives wrongly
    rows = linked(
        "wof_id,name,placetype,iso_country,is_current,wikidata_id\n"
        "1159397243,National Capital District,region,PH,1,\n"
        "421185725,Metropolitan Manila,county,PH,0,Q13580\n"
        "85676375,Metro Manila,region,PH,0,Q13580\n"
        "1,Some Region,region,PH,0,\n"
    )
    assert [(one.verdict, one.predicate) for one in rows] == [
        ("accept", "skos:exactMatch"),
        ("accept", "skos:closeMatch"),
        ("none", ""),
        ("none", ""),
    ]
    assert matched("Europe", family="place")[1] == "place:europe"  # though a list's Europe is narrower than Eurasia
