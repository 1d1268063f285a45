"""Cross-checks: verdicts written by hand before the first run, every rule tripped, nothing of the paper changed, sums that refuse."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.crosscheck import CrossCheck, cross_check, money_table
from bri_kg.crosscheck.amounts import compare_amount
from bri_kg.crosscheck.checking import REGISTERS, linked_datasets
from bri_kg.crosscheck.dates import bounds, days_between, overlap, precision
from bri_kg.crosscheck.facts import PaperFact
from bri_kg.crosscheck.findings import KINDS, Finding
from bri_kg.crosscheck.gathering import paper_facts
from bri_kg.crosscheck.matches import Link, Links
from bri_kg.crosscheck.money import amounts_of, is_part, is_share, same_when_rounded
from bri_kg.crosscheck.officerules import compare_succession, terms_for
from bri_kg.crosscheck.pages import PAGES, READ, page_links, page_values
from bri_kg.crosscheck.parties import Parties
from bri_kg.crosscheck.records import CITED_WORKS, Record, Records
from bri_kg.crosscheck.report import COLUMNS, FORMATS
from bri_kg.crosscheck.rules import compare
from bri_kg.crosscheck.ruletexts import RULES
from bri_kg.crosscheck.totals import total
from bri_kg.crosscheck.words import REMARKS, WORDS, said
from bri_kg.errors import DataError, UsageError
from bri_kg.external.descriptions import packaged, read_description
from bri_kg.external.importing import import_files
from bri_kg.names import PREFIXES, bri, concept, expand, shorten

HERE = Path(__file__).parent / "crosscheck"
FILES = {
    "aiddata": "csv",
    "desta": "csv",
    "gem": "geojson",
    "gem-steel": "csv",
    "gptad": "csv",
    "huggo": "csv",
    "leaders": "csv",
    "ror": "csv",
    "us-executive": "yaml",
    "whosonfirst": "csv",
}
COMMAND = Path(sys.executable).with_name("bri-kg")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the cut files are imported."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_KG_DATA", str(folder))
        for name, ending in FILES.items():
            import_files([HERE / f"{name}.{ending}"], packaged()[name])
    return folder


@pytest.fixture(scope="module")
def together(cache: Path, data: Path) -> KnowledgeGraph:
    """The paper's graph with all records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_KG_DATA", str(data))
        return bri_kg.load(external=list(FILES))


@pytest.fixture(scope="module")
def check(together: KnowledgeGraph) -> CrossCheck:
    return cross_check(together)


@pytest.fixture(scope="module")
def parties(together: KnowledgeGraph) -> Parties:
    return Parties(together, Links(together))


def found_in(check: CrossCheck) -> dict[tuple[str, str, str], str]:
    return {
        (shorten(v.fact.node), aspect_of(v.fact), shorten(v.record.iri) if v.record else ""): v.finding.kind
        for v in check.verdicts
    }


def aspect_of(fact: PaperFact) -> str:
    """The aspect as the key writes it: one administration acts and succeeds."""
    return f"term {fact.kind}" if fact.kind in ("acts", "succession") else fact.aspect


def test_the_verdicts_written_by_hand(check: CrossCheck) -> None:
    with (HERE / "expected.tsv").open(encoding="utf-8", newline="") as file:
        expected = {
            (row["fact"], row["aspect"], row["record"]): row["verdict"] for row in csv.DictReader(file, delimiter="\t")
        }
    found = found_in(check)
    assert len(expected) == 112
    assert {key: found.get(key) for key in expected} == expected


def test_a_wrong_expectation_would_be_found(check: CrossCheck) -> None:
    key = "milestone:china-laos-railway-operation-started", "date", "record:aiddata/33726"
    assert found_in(check)[key] not in ("confirms", "contradicts")


def test_nothing_is_called_a_contradiction_that_is_of_another_stage_part_or_definition(check: CrossCheck) -> None:
    contradicted = {
        (shorten(v.fact.node), v.record.id) for v in check.verdicts if v.record and v.finding.kind == "contradicts"
    }
    assert contradicted == {
        ("erratum:jakarta-bandung-testing-year", "61320"),
        ("erratum:phnom-penh-sihanoukville-expressway-test-year", "61784"),
        ("erratum:phnom-penh-sihanoukville-expressway-test-year", "61788"),
        ("erratum:strategic-competition-act-title", "s1169-strategic-competition-act-of-2021"),
        ("erratum:term-of-117th-us-congress", "s1169-strategic-competition-act-of-2021"),
        ("erratum:strategic-competition-act-title", "billsponsor-s1169"),
        ("erratum:strategic-competition-act-title", "thelobbynews-s1169"),
        ("erratum:term-of-117th-us-congress", "billsponsor-s1169"),
        (
            "adoption:strategic-competition-act-of-2021",
            "billsponsor-s1169",
        ),  # the paper's one fact that other data contradict
        ("adoption:strategic-competition-act-of-2021", "thelobbynews-s1169"),
    }


def test_the_order_and_the_counts_stay(check: CrossCheck, together: KnowledgeGraph) -> None:
    again = cross_check(together)
    assert again.rows() == check.rows()
    assert sum(check.counts().values()) == len(check) == len(check.rows())
    assert [kind for kind in KINDS if kind in check.counts()] == list(check.counts())


def test_the_papers_graph_is_as_it_was(check: CrossCheck, together: KnowledgeGraph) -> None:
    before = len(together.store)
    check.to_format("ttl")
    cross_check(together)
    assert len(together.store) == before


def test_every_verdict_has_both_values_and_both_sources(check: CrossCheck) -> None:
    for row in map(dict, (zip(COLUMNS, row, strict=True) for row in check.rows())):
        assert row["paper"] and row["segments"] and row["voice"], row
        assert row["rule"] in RULES and row["verdict"] in KINDS
        if row["verdict"] != "silent":
            assert row["says"] and row["record"] and row["file"] and row["version"] and row["mapping"], row
        elif not row["record"] and row["rule"] != "unsearched":
            assert row["file"], "a search names the file that was searched"


def test_the_paper_and_what_an_erratum_prints_are_told_apart(check: CrossCheck) -> None:
    voices = {row[0]: row[COLUMNS.index("voice")] for row in check.rows()}
    assert voices["milestone:china-laos-railway-operation-started"] == "stated as fact"
    assert voices["erratum:jakarta-bandung-testing-year"] == "corrected by erratum"
    assert voices["milestone:jakarta-bandung-testing"] == "corrected by erratum"


# Rules, one by one: records are made here, as the rules read them.

SAME = Link("s", "exactMatch", "o", "m", "aiddata", "1", "file.csv", "2", "")
PART, NEAR, RELATED = (SAME._replace(predicate=one) for one in ("containsRecord", "closeMatch", "relatedMatch"))


def record(dataset: str = "aiddata", **values: str) -> Record:
    named = {name.replace("_", "-").strip("-"): (value,) for name, value in values.items()}
    return Record(f"{PREFIXES['record']}{dataset}/1", dataset, "1", "file.csv", "2", named)


def dated(kind: str, value: str, **more: bool) -> PaperFact:
    return PaperFact("n", "e", "date", kind, value, *bounds(value), **more)


@pytest.mark.parametrize(
    ("fact", "given", "link", "kind", "rule"),
    [
        (dated("completed", "2017"), record(since="2017"), SAME, "consistent", "neighbouring-date"),
        (dated("completed", "2017"), record("own", end="2017"), SAME, "confirms", "same-date"),
        (dated("completed", "2017-04-10"), record(end="2017-04-10"), SAME, "confirms", "same-date"),
        (dated("completed", "2017"), record(end="2017-04-10"), SAME, "consistent", "coarser-date"),
        (dated("completed", "2017"), record(end="2017-04-10"), PART, "consistent", "coarser-date"),
        (dated("completed", "2017-04-10"), record(end="2017-05-11"), SAME, "differs-by-date", "same-date"),
        (dated("completed", "2017-04-10"), record(end="2017-05-12"), SAME, "contradicts", "same-date"),
        (dated("completed", "2017"), record(end="2019-04-10"), SAME, "contradicts", "same-date"),
        (dated("completed", "2017"), record(end="2019-04-10"), PART, "differs-by-stage", "part-of-whole"),
        (dated("completed", "2017"), record(end="2019-04-10"), NEAR, "differs-by-definition", "near-match"),
        (dated("completed", "2017"), record(end="2019-04-10"), RELATED, "differs-by-definition", "neighbouring-date"),
        (
            dated("completed", "2017"),
            record(end="2019-04-10", name="A loan tranche for it"),
            SAME,
            "differs-by-stage",
            "part-of-whole",
        ),
        (dated("completed", "2017"), record(end="2019-04-10", umbrella="Yes"), SAME, "silent", "umbrella"),
        (dated("completed", "2017-06"), record(end="2017-01-01"), SAME, "consistent", "coarser-date"),
        (dated("completed", "2017-06"), record("own", end="2017-01-01"), SAME, "contradicts", "same-date"),
        (dated("completed", "2017"), record(), SAME, "silent", "no-value"),
        (dated("completed", "2017"), record(end="soon"), SAME, "silent", "no-value"),
        (
            dated("operation-started", "2021-12"),
            record(end="2021-10-12"),
            SAME,
            "differs-by-definition",
            "neighbouring-date",
        ),
        (dated("operation-started", "2021-12"), record(since="2021"), SAME, "consistent", "coarser-date"),
        (
            dated("joint-testing-began", "2012-05", printed=True),
            record(start="2016-01-21"),
            SAME,
            "contradicts",
            "order",
        ),
        (
            dated("construction-started", "2017", by_phase=True),
            record(start="2020-01-21"),
            SAME,
            "differs-by-date",
            "phase-window",
        ),
        (dated("passed", "2021-04"), record(CITED_WORKS, issued="2021-05-10"), SAME, "differs-by-stage", "cited-text"),
        (dated("joint-testing-began", "2023-05"), record(start="2016-01-21"), SAME, "consistent", "during-works"),
        (
            dated("construction-accelerated", "2023"),
            record(start="2016-01-21", end="2021-10-12"),
            SAME,
            "differs-by-date",
            "during-works",
        ),
        (dated("congress", "2018"), record(CITED_WORKS, issued="2018-12-31"), SAME, "consistent", "congress"),
        (dated("congress", "2018"), record(CITED_WORKS, issued="2021-05-10"), SAME, "contradicts", "congress"),
        (dated("congress", "2018"), record(CITED_WORKS), SAME, "silent", "no-value"),
        (dated("congress", "2018"), record("pages", years="2018/2018"), SAME, "confirms", "congress-years"),
        (dated("congress", "2018"), record("pages", years="2021/2022"), SAME, "contradicts", "congress-years"),
        (dated("passed", "2021-04"), record("pages", introduced="2021-04-15"), SAME, "differs-by-stage", "bill-stage"),
        (dated("enacted", "2018-10"), record("pages", became_law="2018-12-05"), SAME, "contradicts", "same-date"),
        (dated("money-approved", "2017-09-27"), record(approved="2017-09-27"), SAME, "confirms", "same-date"),
        (
            dated("money-announced", "2016-06"),
            record(approved="2016-07-12"),
            SAME,
            "differs-by-stage",
            "financing-date",
        ),
        (dated("in-force", "2022-01-01"), record("desta", in_force="2022"), SAME, "consistent", "coarser-date"),
        (dated("signed", "2002"), record("gptad", signed="2003-10-08"), SAME, "contradicts", "same-date"),
    ],
)
def test_dates(fact: PaperFact, given: Record, link: Link, kind: str, rule: str, parties: Parties) -> None:
    finding = compare(fact, given, link, parties)
    assert finding and (finding.kind, finding.rule) == (kind, rule)


def test_a_printed_value_that_the_order_allows_gives_no_verdict(parties: Parties) -> None:
    fact = dated("joint-testing-began", "2018-05", printed=True)
    assert compare(fact, record(start="2016-01-21"), SAME, parties) is None
    late = dated("joint-testing-began", "2012-05", printed=True)
    assert compare(late, record(start="2016-01-21", name="Loan for Phase 2 of it"), SAME, parties) is None
    assert compare(late, record(start="2016-01-21"), PART, parties) is None


@pytest.mark.parametrize(
    ("kind", "stage", "status", "link", "verdict"),
    [
        ("completed", "completion", "Completion", SAME, "confirms"),
        ("completed", "completion", "Completion", PART, "consistent"),
        ("opened-for-trial", "completion", "operating", SAME, "consistent"),
        ("operation-started", "completion", "Implementation", SAME, "differs-by-date"),
        ("operation-started", "completion", "Implementation", PART, "differs-by-stage"),
        ("construction-started", "implementation", "Completion", SAME, "differs-by-date"),
        ("construction-started", "implementation", "Suspended", SAME, "differs-by-date"),
        ("completed", "completion", "Cancelled", SAME, "contradicts"),
        ("completed", "completion", "Cancelled", PART, "differs-by-stage"),
        ("completed", "completion", "no word for it", SAME, "silent"),
    ],
)
def test_statuses(kind: str, stage: str, status: str, link: Link, verdict: str, parties: Parties) -> None:
    finding = compare(PaperFact("n", "e", "status", kind, stage), record(status=status), link, parties)
    assert finding and finding.kind == verdict


LAOS, INDIA, CHINA, ASEAN = (
    str(expand(one)) for one in ("state:laos", "state:india", "state:china", "organisation:asean")
)


@pytest.mark.parametrize(
    ("terms", "texts", "link", "kind"),
    [
        ((LAOS,), ("LAO",), SAME, "confirms"),
        ((LAOS,), ("Laos",), SAME, "confirms"),
        ((LAOS,), ("418",), SAME, "confirms"),
        ((LAOS,), ("THA",), SAME, "contradicts"),
        ((LAOS,), ("THA",), PART, "differs-by-stage"),
        ((CHINA, LAOS), ("LAO",), SAME, "consistent"),
        ((LAOS,), (), SAME, "silent"),
    ],
)
def test_countries(terms: tuple[str, ...], texts: tuple[str, ...], link: Link, kind: str, parties: Parties) -> None:
    given = replace(record(), values={"country": texts} if texts else {})
    finding = compare(PaperFact("n", "e", "country", terms=terms), given, link, parties)
    assert finding and finding.kind == kind


@pytest.mark.parametrize(
    ("aspect", "terms", "texts", "link", "kind"),
    [
        ("location", (LAOS,), ("LA",), SAME, "confirms"),
        ("location", (LAOS,), ("TH",), SAME, "contradicts"),
        ("seat", (CHINA,), ("CN",), SAME, "confirms"),
        ("seat", (CHINA,), ("IN",), SAME, "contradicts"),
        ("involved", (CHINA, LAOS), ("LAO",), SAME, "consistent"),
        ("involved", (CHINA, LAOS), ("THA",), SAME, "differs-by-definition"),
        ("seat", (CHINA,), (), SAME, "silent"),
    ],
)
def test_places_seats_and_states_involved(
    aspect: str, terms: tuple[str, ...], texts: tuple[str, ...], link: Link, kind: str, parties: Parties
) -> None:
    given = replace(record(), values={"country": texts} if texts else {})
    finding = compare(PaperFact("n", "e", aspect, terms=terms), given, link, parties)
    assert finding and finding.kind == kind and finding.rule in (aspect, "no-value")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ASEAN (Lao PDR, India), China", "confirms"),
        ("ASEAN (Lao, India, Thailand), China", "consistent"),
        ("ASEAN (India), China", "differs-by-definition"),
        ("ASEAN (Thailand), China", "contradicts"),
        ("ASEAN, China", None),
    ],
)
def test_members(text: str, kind: str | None, parties: Parties) -> None:
    fact = PaperFact(ASEAN, ASEAN, "member", terms=(LAOS, INDIA))
    finding = compare(fact, record("gptad", member=text), SAME, parties)
    assert (finding and finding.kind) == kind


def test_who_gives_an_agreement_up_is_among_its_parties(parties: Parties) -> None:
    fact = PaperFact("n", "e", "party", "given-up-by", terms=(LAOS,))
    inside, outside = (compare(fact, record("desta", member=one), SAME, parties) for one in ("418", "356"))
    assert inside and (inside.kind, inside.rule) == ("consistent", "actor")
    assert outside and outside.kind == "silent"


TEN = ("96", "116", "360", "418", "458", "104", "608", "702", "764", "704")


@pytest.mark.parametrize(
    ("terms", "texts", "link", "kind", "rule"),
    [
        ((ASEAN, CHINA), (*TEN, "156"), SAME, "confirms", "party"),
        ((ASEAN, CHINA), (*TEN[1:], "156"), SAME, "contradicts", "party"),
        ((ASEAN, CHINA), (*TEN[1:], "156"), NEAR, "differs-by-definition", "party"),
        ((ASEAN, CHINA), (*TEN[1:], "156"), RELATED, "consistent", "party-of-part"),
        ((ASEAN, CHINA), ("ASEAN (Lao), China",), NEAR, "consistent", "party"),
        ((INDIA, CHINA), ("356",), PART, "consistent", "party-of-part"),
        ((INDIA, CHINA), ("356", "156"), PART, "confirms", "party-of-part"),
        ((INDIA,), ("156",), PART, "silent", "party"),
        ((INDIA,), (), SAME, "silent", "no-value"),
    ],
)
def test_parties(
    terms: tuple[str, ...], texts: tuple[str, ...], link: Link, kind: str, rule: str, parties: Parties
) -> None:
    given = replace(record("desta"), values={"member": texts} if texts else {})
    finding = compare(PaperFact("n", "e", "party", terms=terms), given, link, parties)
    assert finding and (finding.kind, finding.rule) == (kind, rule)


def test_a_code_is_no_part_of_another_word(parties: Parties) -> None:
    assert not parties.names(CHINA, ["Indochina", "CHE", "1560"])
    assert not parties.names(LAOS, ["LAOAG"])


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"signed": "2016"}, "consistent"),
        ({"signed": "2016", "in_force": "2018"}, "differs-by-definition"),
        ({}, "silent"),
    ],
)
def test_fates(given: dict[str, str], kind: str, parties: Parties) -> None:
    finding = compare(PaperFact("n", "e", "fate", "abandoned"), record("desta", **given), SAME, parties)
    assert finding and finding.kind == kind


@pytest.mark.parametrize(
    ("kind", "given", "verdict", "rule"),
    [
        ("passed", {"fate": "no vote in either house"}, "contradicts", "bill-fate"),
        ("enacted", {"fate": "Public Law 115-254"}, "confirms", "bill-fate"),
        ("abandoned", {"withdrawn": "2017-01-23"}, "confirms", "withdrawal"),
    ],
)
def test_fates_that_a_page_tells(kind: str, given: dict[str, str], verdict: str, rule: str, parties: Parties) -> None:
    finding = compare(PaperFact("n", "e", "fate", kind), record("pages", **given), SAME, parties)
    assert finding and (finding.kind, finding.rule) == (verdict, rule)


@pytest.mark.parametrize(
    ("told", "name", "kind"),
    [
        ("An Act of 2018", "S.27-An Act of 2018", "confirms"),
        ("An Act", "S.27-An Act of 2018", "consistent"),
        ("An Act of 2019", "S.27-An Act of 2018", "contradicts"),
        ("Another Act", "H.R.27-An Act of 2018", "contradicts"),
    ],
)
def test_titles(told: str, name: str, kind: str, parties: Parties) -> None:
    finding = compare(PaperFact("n", "e", "title", value=told), record(CITED_WORKS, name=name), SAME, parties)
    assert finding and finding.kind == kind


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("bill/117th-congress/senate-bill/1169", "silent"),
        ("public-laws/115th-congress/254", "confirms"),
        ("115/plaws/publ254/PLAW-115publ254.htm", "confirms"),
        ("bill/115th-congress/senate-bill/2736/laws-amended", "silent"),
    ],
)
def test_fates_of_bills(address: str, kind: str, parties: Parties) -> None:
    fact = PaperFact("n", "e", "fate", "enacted", concept("enacted"))
    finding = compare(fact, record(CITED_WORKS, cited=address), SAME, parties)
    assert finding and (finding.kind, finding.rule, finding.said) == (kind, "law-fate", address)


def test_a_bill_that_the_paper_does_not_cite_speaks_by_its_address_alone(
    together: KnowledgeGraph, tmp_path: Path
) -> None:
    one = tmp_path / "mine.sssom.tsv"
    head = LINKS.split("project:metro")[0].replace(
        "#  project:", "#  law: https://w3id.org/bri-kg/law/\n#  congress: https://www.congress.gov/\n#  project:"
    )
    link = "law:build-act\tskos:exactMatch\tcongress:public-laws/115th-congress/1\tsemapv:ManualMappingCuration\t1\tdataset:cited-works\t2026-11-24\n"
    one.write_text(head + link, encoding="utf-8")
    check = cross_check(together, "BUILD Act", [one])
    assert {v.fact.aspect: v.finding.kind for v in check.verdicts if v.record and v.record.dataset != PAGES} == {
        "date": "silent",
        "fate": "confirms",
        "title": "silent",
    }


def post(title: str, *mentions: str, at: str = "") -> PaperFact:
    return PaperFact(
        "n", "e", "term", "post", title, terms=(at,) if at else (), mentions=tuple(bounds(one) for one in mentions)
    )


@pytest.mark.parametrize(
    ("fact", "given", "kind", "rule"),
    [
        (post("President", "2014-09"), {"from": "2013-03-14"}, "confirms", "term"),
        (post("President", "2013-09"), {"from": "2013"}, "consistent", "term"),
        (post("President", "2012-09"), {"from": "2013-03-14"}, "contradicts", "term"),
        (post("President", "2020-09", "2024"), {"from": "2013", "to": "2021-01-20"}, "contradicts", "term"),
        (post("President"), {"from": "2013"}, "consistent", "term-undated"),
        (
            PaperFact("n", "e", "term", "takes-office", "2016", *bounds("2016")),
            {"from": "2016"},
            "confirms",
            "taking-office",
        ),
        (
            PaperFact("n", "e", "term", "takes-office", "2016", *bounds("2016")),
            {"from": "2017-01-20"},
            "contradicts",
            "taking-office",
        ),
    ],
)
def test_terms_of_office(fact: PaperFact, given: dict[str, str], kind: str, rule: str, parties: Parties) -> None:
    finding = compare(fact, record("leaders", office="President of it", **given), SAME, parties)
    assert finding and (finding.kind, finding.rule) == (kind, rule)


def test_an_open_term_is_known_up_to_the_release_alone(parties: Parties) -> None:
    given = replace(record("leaders", office="President", **{"from": "2013-03-14"}), version="2022-10-10")
    both = compare(post("President", "2014-09", "2023-03"), given, SAME, parties)
    late = compare(post("President", "2023-03"), given, SAME, parties)
    assert both and (both.kind, both.remark) == ("confirms", "open-term")
    assert late and (late.kind, late.remark) == ("consistent", "open-term")


def term(name: str, first: str, last: str, dataset: str = "us-executive") -> Record:
    given = record(dataset, office="President", to=last, **{"from": first, "person_name": name})
    return replace(given, iri=f"{dataset}-{name}-{first}")


def test_of_several_terms_the_one_of_which_the_paper_speaks_is_taken() -> None:
    early, late = term("T", "2017-01-20", "2021-01-20"), term("T", "2025-01-20", "2029-01-20")
    before = [term("O", "2009-01-20", "2017-01-20")]
    in_2017 = PaperFact("n", "e", "term", "takes-office", "2017", *bounds("2017"))
    assert terms_for(in_2017, [early, late]) == [early]
    assert terms_for(PaperFact("n", "e", "term", "takes-office"), [late, early]) == [early]
    assert terms_for(PaperFact("n", "e", "term", "succession"), [late, early], before) == [early]
    acts = PaperFact("n", "e", "term", "acts", mentions=(bounds("2026"),))
    assert terms_for(acts, [early, late]) == [late]


@pytest.mark.parametrize(
    ("begin", "kind"),
    [("2017-01-20", "confirms"), ("2017", "consistent"), ("2018-01-20", "contradicts"), ("", "silent")],
)
def test_successions(begin: str, kind: str) -> None:
    before = [term("O", "2009-01-20", "2017-01-20"), term("O", "2001", "2005")]
    assert compare_succession(term("T", begin, ""), before)[0].kind == kind
    assert compare_succession(term("T", "2017", ""), [])[0].kind == "silent"


def test_two_persons_of_one_family_name_are_told_apart_by_saying_nothing(together: KnowledgeGraph) -> None:
    us = f"{PREFIXES['wikidata']}Q30"
    records = Records(together)
    assert {one.get("person-name") for one in records.heads(us, "Obama")} == {"Barack Obama"}
    assert [one.get("to") for one in records.heads(us, "Obama") if one.dataset == "us-executive"] == ["2017-01-20"]
    named = [
        replace(one, values={**one.values, "person": (f"p{place}",)})
        for place, one in enumerate(records.heads(us, "Biden"))
    ]
    records._heads[us] = named
    assert not [one for one in records.heads(us, "Biden") if one.dataset == "leaders"]


@pytest.mark.parametrize("office", ["Vice President", "Presidential Adviser", "Governor of Fujian"])
def test_another_office_gives_no_verdict(office: str, parties: Parties) -> None:
    assert (
        compare(post("President", "2012-09"), record("leaders", office=office, **{"from": "2013"}), SAME, parties)
        is None
    )


def test_an_office_in_another_state_gives_no_verdict(parties: Parties) -> None:
    laos, india = "http://www.wikidata.org/entity/Q819", "http://www.wikidata.org/entity/Q668"
    fact = post("President", "2012-09", at=LAOS)
    assert compare(fact, record("leaders", office="President", state=india, **{"from": "2013"}), SAME, parties) is None
    assert compare(fact, record("leaders", office="President", state=laos, **{"from": "2013"}), SAME, parties)


LOAN = "China Eximbank provides $480 million loan for China-Laos Railway Project (Linked to Project ID#85304)"
TRANCHE = "CDB provides $2.3805 billion loan tranche for the Jakarta-Bandung High Speed Rail Project"
RENMINBI = "CDB provides RMB 7.3584 billion loan for Myanmar-China Oil Pipeline Construction Project"
SYNDICATE = "China Eximbank participates in a $1.56 billion loan syndicate for Phnom Penh–Sihanoukville Expressway"
DISBURSED = "[Disbursed Portion] China Eximbank disburses RMB 11.32 billion via loan"
CONSTANT = {"amount": "566786164.01", "currency": "USD", "basis": "constant 2021"}


@pytest.mark.parametrize(
    ("measure", "value", "given", "kind", "rule"),
    [
        ("announced-amount", "480000000", {"name": LOAN, **CONSTANT}, "confirms", "amount"),
        ("announced-amount", "480400000", {"name": LOAN, **CONSTANT}, "differs-by-rounding", "amount-rounded"),
        ("announced-amount", "600000000", {"name": LOAN, **CONSTANT}, "differs-by-definition", "other-financing"),
        ("announced-amount", "480000000", {"name": "A loan", **CONSTANT}, "differs-by-price-basis", "amount-basis"),
        ("announced-amount", "566786164.01", {"name": "A loan", **CONSTANT}, "differs-by-price-basis", "amount-basis"),
        ("announced-amount", "1000000000", {"name": RENMINBI}, "differs-by-currency", "amount-currency"),
        ("announced-amount", "5500000000", {"name": TRANCHE}, "differs-by-stage", "part-of-whole"),
        ("announced-amount", "1560000000", {"name": SYNDICATE, **CONSTANT}, "differs-by-stage", "part-of-whole"),
        (
            "approved-amount",
            "480000000",
            {"name": LOAN, "status": "Pipeline: Pledge"},
            "differs-by-stage",
            "amount-stage",
        ),
        ("total-cost", "6000000000", {"name": LOAN, **CONSTANT}, "differs-by-definition", "amount-sense"),
        ("total-cost", "480000000", {"name": LOAN, **CONSTANT}, "differs-by-definition", "amount-sense"),
        ("announced-amount", "480000000", {"name": "A loan"}, "silent", "no-value"),
        ("announced-amount", "480000000", {"name": LOAN, "umbrella": "Yes"}, "silent", "umbrella"),
    ],
)
def test_amounts(measure: str, value: str, given: dict[str, str], kind: str, rule: str, parties: Parties) -> None:
    fact = PaperFact("n", "e", "amount", measure, value, unit="us-dollar")
    finding = compare(fact, record(**given), SAME._replace(predicate="financedByRecord"), parties)
    assert finding and (finding.kind, finding.rule) == (kind, rule)


@pytest.mark.parametrize(
    ("given", "link", "kind"),
    [
        ({"total_cost": "500000000", "amount": "207600000", "currency": "USD"}, SAME, "confirms"),
        ({"total_cost": "499700000", "amount": "207600000", "currency": "USD"}, SAME, "differs-by-rounding"),
        ({"total_cost": "800000000", "currency": "USD"}, SAME, "contradicts"),
        ({"total_cost": "800000000", "currency": "USD"}, PART, "differs-by-stage"),
        ({"total_cost": "800000000", "currency": "USD"}, NEAR, "differs-by-definition"),
        ({"total_cost": "500000000", "currency": "EUR"}, SAME, "differs-by-currency"),
        ({"total_cost": "500000000"}, SAME, "silent"),
        ({"amount": "500000000"}, SAME, "silent"),
        ({"amount": "500000000", "currency": "USD", "basis": "current"}, SAME, "differs-by-definition"),
    ],
)
def test_total_costs(given: dict[str, str], link: Link, kind: str, parties: Parties) -> None:
    fact = PaperFact("n", "e", "amount", "total-cost", "500000000", unit="us-dollar")
    finding = compare(fact, record("worldbank", **given), link, parties)
    assert finding and finding.kind == kind


@pytest.mark.parametrize(
    ("given", "kind"),
    [({"approved": "2017-09-27"}, "consistent"), ({"commitment": "2018-01-20"}, "differs-by-stage"), ({}, "silent")],
)
def test_days_of_financing(given: dict[str, str], kind: str, parties: Parties) -> None:
    finding = compare(dated("financed", "2017-09-27"), record(**given), SAME, parties)
    assert finding and finding.kind == kind
    assert finding.rule in ("financing-date", "no-value")


def test_other_amounts() -> None:
    fact = PaperFact("n", "e", "amount", "announced-amount", "400000000", unit="us-dollar")
    assert compare_amount(replace(fact, terms=("more-than",)), record(name=LOAN), SAME).rule == "amount-bound"
    assert compare_amount(replace(fact, terms=("order-of-magnitude",)), record(name=LOAN), SAME).kind == "consistent"
    assert compare_amount(fact, record(name=LOAN), NEAR).rule == "near-match"
    assert compare_amount(fact, record(name=DISBURSED), SAME).kind == "differs-by-stage"
    exact = compare_amount(fact, record(name=LOAN), SAME)
    assert (exact.kind, exact.rule) == ("contradicts", "amount")


def test_financiers(parties: Parties) -> None:
    aiib, bank = str(expand("organisation:aiib")), str(expand("organisation:world-bank"))
    fact = PaperFact("n", "e", "financier", terms=(aiib, bank))
    both = compare(fact, record(funder="AIIB and World Bank"), SAME, parties)
    one = compare(fact, record(name="World Bank lends"), SAME, parties)
    other = compare(fact, record(funder="China Eximbank"), SAME, parties)
    assert [finding and finding.kind for finding in (both, one, other)] == ["confirms", "consistent", "silent"]
    assert other and other.rule == "financier"


def test_sums_in_titles() -> None:
    [said_sum, column] = amounts_of(record(name=LOAN, **CONSTANT))
    assert (said_sum.value, said_sum.currency, said_sum.basis) == (Decimal(480_000_000), "USD", "nominal")
    assert (column.value, column.basis) == (Decimal("566786164.01"), "constant 2021")
    assert amounts_of(record(name=RENMINBI))[0][:2] == (Decimal(7_358_400_000), "CNY")
    assert amounts_of(record(name="RM 37.7 billion"))[0][:2] == (Decimal(37_700_000_000), "MYR")
    assert amounts_of(record(name="FARM 12 for 100MW")) == []
    assert [money.basis for money in amounts_of(record(name=SYNDICATE, **CONSTANT))] == ["constant 2021"]
    assert (is_part(record(name=TRANCHE)), is_part(record(name=SYNDICATE)), is_share(record(name=SYNDICATE))) == (
        True,
        False,
        True,
    )


def test_rounding_is_by_the_last_digit_of_the_coarser() -> None:
    assert same_when_rounded(Decimal("480000000"), Decimal("484999999"))
    assert not same_when_rounded(Decimal("480000000"), Decimal("486000000"))
    assert not same_when_rounded(Decimal("480000001"), Decimal("480000002"))


def test_dates_keep_their_precision() -> None:
    assert [precision(one) for one in ("2017", "2017-05", "2017-05-01", "2017/2018")] == ["year", "month", "day", ""]
    assert bounds("2013-07-28T08:00:00Z") == bounds("2013-07-28Z") == ("2013-07-28", "2013-07-28")
    assert bounds("2020-02") == ("2020-02-01", "2020-02-29")
    assert bounds("2019-02-30") == bounds("2019-13") == bounds("0000") == ("", "")
    assert overlap(("2017-01-01", ""), ("2019-01-01", "2019-02-01"))
    assert days_between(bounds("2017"), bounds("2018-01-31")) == 31


def linked(thing: str, number: str) -> str:
    """A row of a mapping set: a record of AidData is of money for a thing."""
    given = ("bri:financedByRecord", f"record:aiddata/{number}", "semapv:ManualMappingCuration", "1", "dataset:aiddata")
    return "\t".join([thing, *given, "2026-11-24"]) + "\n"


def test_a_link_that_is_not_sure_is_not_used(together: KnowledgeGraph) -> None:
    links = Links(together)
    tpp = str(expand("agreement:trans-pacific-partnership"))
    [desta] = [link for link in links.of([tpp]) if "/desta/" in link.object]
    assert links.is_sure(desta)
    assert not links.is_sure(desta._replace(confidence=0.79))
    links.found[tpp].append(desta._replace(object=desta.object + "0"))
    assert not links.is_sure(desta)


def test_an_unsure_link_is_silent(together: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Links, "is_sure", lambda links, link: False)
    check = cross_check(together, "East Coast Rail Link")
    assert {(v.finding.kind, v.finding.rule) for v in check.verdicts} == {("silent", "unsure-link")}


def test_a_record_that_is_not_in_its_dataset_is_silent(together: KnowledgeGraph, tmp_path: Path) -> None:
    one = tmp_path / "mine.sssom.tsv"
    one.write_text(
        LINKS.split("project:metro")[0] + linked("project:kyaukphyu-special-economic-zone", "1"), encoding="utf-8"
    )
    check = cross_check(together, "Kyaukphyu Special Economic Zone", [one])
    assert {(v.finding.kind, v.finding.rule) for v in check.verdicts} == {("silent", "record-missing")}
    again = cross_check(together, "Jakarta-Bandung High-Speed Railway")  # other tranches are linked, one is there
    assert "record-missing" not in {v.finding.rule for v in again.verdicts}


def test_every_rule_and_remark_has_words_and_a_case(check: CrossCheck) -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    seen = {v.finding.rule for v in check.verdicts}
    assert {rule for rule in RULES if rule not in seen and f'"{rule}"' not in source} == set()
    assert {kind for kind in KINDS if f'"{kind}"' not in source} == set()
    modules = [
        path.read_text(encoding="utf-8")
        for path in Path(bri_kg.__file__).parent.glob("crosscheck/*.py")
        if path.name not in ("words.py", "ruletexts.py")
    ]
    assert {key for key in [*RULES, *REMARKS] if not any(f'"{key}"' in text for text in modules)} == set()


def test_words_are_whole_in_both_languages() -> None:
    for table in (RULES, REMARKS, WORDS):
        for key, (english, chinese) in table.items():
            assert english and chinese and english.count("{}") == chinese.count("{}"), key
    assert all(english.endswith(".") and chinese.endswith("。") for english, chinese in RULES.values())
    with pytest.raises(KeyError):
        said("no such word", "en")


def test_kinds_are_concepts_of_the_graph(kg: KnowledgeGraph) -> None:
    answer = kg.query("SELECT ?kind { ?kind skos:inScheme concept:verdict-kinds }")
    assert {row[0].value for row in answer.terms} == {concept(kind) for kind in KINDS}  # type: ignore[union-attr]


def test_pages_say_what_can_be_held_against_the_paper(kg: KnowledgeGraph) -> None:
    assert len({link.object for link in page_links()}) == len(page_links()) == len(page_values()) > 10
    for link in page_links():
        assert any(kg.store.quads_for_pattern(ox.NamedNode(link.subject), None, None, None)), link.subject
        values = page_values()[link.object]
        assert values["address"][0].startswith("http") and values["publisher"] and values["name"]
        assert set(values) > {"address", "publisher", "name", "line"}, "a page that says nothing"
        for name, (value,) in values.items():
            if name in ("announced", "approved", "document", "became-law", "introduced", "last-action", "withdrawn"):
                assert precision(value) == "day", (link.object, name)
            elif name in ("amount", "total-cost"):
                assert Decimal(value) > 0 and values["currency"]
    assert precision(READ) == "day"


def test_a_page_is_told_with_publisher_and_address(kg: KnowledgeGraph) -> None:
    check = cross_check(kg, "Strategic Competition Act of 2021")
    text = "".join(check.to_format("table", cite=True).split())
    assert "[BillSponsor]" in text and "https://billsponsor.com/bills/34417/" in text and f"read{READ}" in text
    row = next(
        dict(zip(COLUMNS, row, strict=True)) for row in check.rows() if "billsponsor" in row[COLUMNS.index("record")]
    )
    assert row["dataset"] == PAGES and row["file"].startswith("https://billsponsor.com/")


def test_every_sum_and_law_of_the_paper_is_told_of(kg: KnowledgeGraph) -> None:
    told: dict[str, set[str]] = {}
    for verdict in cross_check(kg).verdicts:
        if verdict.fact.aspect == "amount" or verdict.fact.entity.startswith(PREFIXES["law"]):
            told.setdefault(shorten(verdict.fact.node), set()).add(verdict.finding.kind)
    assert len(told) == 15  # eight sums; title and fate of three acts, and a title misprinted
    assert {node for node, kinds in told.items() if kinds == {"silent"}} == {
        "statistic:build-back-better-world-commitment"
    }


def test_a_lender_is_not_taken_for_another(parties: Parties) -> None:
    aiib, bank = str(expand("organisation:aiib")), str(expand("organisation:world-bank"))
    fact = PaperFact("n", "e", "amount", "approved-amount", "216500000", unit="us-dollar", lenders=(aiib,))
    money = {"amount": "216500000", "currency": "USD"}
    own = compare(fact, record("own", funder="AIIB", **money), SAME, parties)
    other = compare(fact, record("own", funder="World Bank", **money), SAME, parties)
    both = compare(replace(fact, lenders=(aiib, bank)), record("own", funder="AIIB", **money), SAME, parties)
    assert own and own.kind == "confirms"
    assert other and both and (other.rule, both.rule) == ("other-lender", "other-lender")


def test_the_banks_own_data_speak_by_its_number(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRI_KG_DATA", str(tmp_path / "data"))
    given = {
        "id": "P154782",
        "project_name": "Slum",
        "boardapprovaldate": "2016-07-12T00:00:00Z",
        "totalamt": "216,500,000",
    }
    (tmp_path / "projects.json").write_text(json.dumps({"projects": {"P154782": given}}), encoding="utf-8")
    import_files([tmp_path / "projects.json"], packaged()["worldbank"])
    loaded = bri_kg.load(external=["worldbank"])
    links = tmp_path / "mine.sssom.tsv"
    links.write_text(
        LINKS.split("project:metro")[0].replace("#  record:", "#  code: https://w3id.org/bri-kg/code/\n#  record:")
        + linked("project:national-slum-upgrading-project", "").replace(
            "bri:financedByRecord\trecord:aiddata/", "skos:exactMatch\tcode:world-bank-project/P154782"
        ),
        encoding="utf-8",
    )
    found = found_in(cross_check(loaded, "National Slum Upgrading Project", [links]))
    assert (
        found["statistic:world-bank-and-aiib-financing-of-slum-upgrading", "amount", "record:worldbank/P154782"]
        == "differs-by-definition"
    )
    assert (
        found["financing:national-slum-upgrading-project-2016", "financier", "record:worldbank/P154782"] == "consistent"
    )
    assert (
        found["financing:national-slum-upgrading-project-2016", "date", "record:worldbank/P154782"]
        == "differs-by-stage"
    )


# What is missing, and why a result is empty.


def test_without_datasets_it_says_what_is_missing_and_how_to_add_it(kg: KnowledgeGraph) -> None:
    check = cross_check(kg)
    assert set(check.missing) == set(FILES) - {
        "gem-steel",
        "us-executive",
    }  # of two that could hold a record one is named
    assert check.missing["aiddata"].files == ("gcdf3_selected_records.csv",)
    assert {v.record.dataset for v in check.verdicts if v.record} == {CITED_WORKS, PAGES}
    [line] = [line for line in check.remarks() if line.startswith("Not imported")]
    assert "bri-kg external add FILE" in line and "desta" in line


def test_what_a_record_says_is_told_whole(together: KnowledgeGraph) -> None:
    tpp = {v.finding.said for v in cross_check(together, "TPP").verdicts if v.finding.rule == "actor"}
    assert tpp == {"United States and 11 more"}
    slums = cross_check(together, "National Slum Upgrading Project")
    funders = {v.finding.said for v in slums.verdicts if v.finding.rule == "financier" and v.finding.said}
    assert "Indonesian government, World Bank, Islamic Development Bank" in funders
    area = cross_check(together, "China-ASEAN Free Trade Area")  # a group that its members stand for leaves none over
    told = {v.finding.said for v in area.verdicts if v.finding.field == "member" and v.finding.said}
    assert told == {"Association of Southeast Asian Nations, China"}


def test_of_a_selection_and_a_whole_table_one_is_enough(together: KnowledgeGraph) -> None:
    expressway = cross_check(together, "Phnom Penh-Sihanoukville Expressway")  # further records are linked
    assert "aiddata-gcdf3" not in expressway.missing and "aiddata" not in expressway.missing
    assert any("dated by phase alone" in expressway.telling.paper(v.fact) for v in expressway.verdicts)


def test_a_measure_is_told_with_its_place(check: CrossCheck) -> None:
    assert "Measure: funding (Indo-Pacific)" in {check.telling.thing(v.fact) for v in check.verdicts}


def test_in_python_it_is_short_and_can_be_handed_on(check: CrossCheck) -> None:
    assert repr(check).startswith("<CrossCheck: confirms ") and len(repr(check)) < 1000
    html = check._repr_html_()
    assert html.count("<tr>") > 20 and "desta" in html
    frame = check.of_kind("contradicts").to_pandas()
    assert set(frame["verdict"]) == {"contradicts"} and frame.shape[1] == len(COLUMNS)
    assert check.of_kind("heard").dropped == check.counts()["silent"]
    with pytest.raises(UsageError, match="choose heard"):
        check.of_kind("wrong")


def test_no_sum_over_all_projects_and_the_data_are_named(together: KnowledgeGraph) -> None:
    remarks = money_table(together).remarks
    assert any("Over all projects no sum: the price bases" in one for one in remarks)
    assert any(one.startswith("aiddata: ") and "opendatacommons" in one for one in remarks)
    assert not any("Over all" in one for one in money_table(together, "China-Laos Railway").remarks)


def test_an_empty_result_says_why(kg: KnowledgeGraph, together: KnowledgeGraph) -> None:
    assert "no fact that can be held" in cross_check(kg, "GSI").remarks()[1]
    assert "aiddata" in cross_check(kg, "East Coast Rail Link").remarks()[1]
    assert {v.finding.rule for v in cross_check(kg, "GOTO").verdicts} == {"no-link", "unsearched"}
    assert "Verdicts of other kinds: 3" in replace(cross_check(together, "GSI"), dropped=3).remarks()[1]


def test_an_entity_narrows_it(together: KnowledgeGraph) -> None:
    railway = cross_check(together, "中老铁路")
    assert {shorten(v.fact.entity) for v in railway.verdicts} == {"project:china-laos-railway"}
    assert any(v.fact.aspect == "country" for v in cross_check(together, "Laos").verdicts)


# Forms.


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_every_verdict(check: CrossCheck, form: str) -> None:
    text = check.to_format(form)
    if form == "json":
        assert [row["verdict"] for row in json.loads(text)] == [v.finding.kind for v in check.verdicts]
    elif form == "csv":
        assert len(list(csv.reader(text.splitlines()))) == len(check) + 1
    elif form == "tsv":
        assert len(text.splitlines()) == len(check) + 1
    elif form == "md":
        assert text.count("\n| ") >= sum(1 for v in check.verdicts if v.finding.kind != "silent")
    elif form == "ttl":
        assert text.count(" a bri:Verdict") == len(check)
    elif form == "html":
        assert text.count('class="verdict') >= sum(1 for v in check.verdicts if v.finding.kind != "silent")
        assert 'id="rule-coarser-date"' in text and "<script" not in text
    else:
        assert text.splitlines()[1].startswith("confirms ") and "coarser-date: Two dates" in text
    with pytest.raises(UsageError, match="no format 'pdf'"):
        check.to_format("pdf")


def test_a_table_can_show_both_sources_in_full(together: KnowledgeGraph) -> None:
    text = cross_check(together, "China-Laos Railway").to_format("table", cite=True)
    plain = " ".join(text.split())
    assert "— the paper, p. 66 (p22s04) · stated as fact:" in plain
    assert "— aiddata 33726, line" in plain and "version 3.0, bri:financedByRecord" in plain


def test_verdicts_in_rdf_are_nodes_of_their_own(check: CrossCheck) -> None:
    triples = list(ox.parse(check.to_format("ttl"), format=ox.RdfFormat.TURTLE))
    subjects = {triple.subject.value for triple in triples}  # type: ignore[union-attr]
    assert len(subjects) == len(check)
    assert all(subject.startswith(PREFIXES["verdict"]) for subject in subjects)
    cited = {triple.subject.value for triple in triples if triple.predicate.value == bri("checkedSegment")}  # type: ignore[union-attr]
    assert cited == subjects
    against = {triple.subject.value for triple in triples if triple.predicate.value == bri("checkedAgainst")}  # type: ignore[union-attr]
    assert len(against) == sum(1 for v in check.verdicts if v.record)
    mappings = {triple.object.value for triple in triples if triple.predicate.value.endswith("#wasDerivedFrom")}  # type: ignore[union-attr]
    assert {v.link.mapping for v in check.verdicts if v.link} <= mappings


def test_verdicts_in_rdf_have_the_shape_of_verdicts(together: KnowledgeGraph) -> None:
    import pyshacl
    import rdflib

    texts = [
        cross_check(together, one).to_format("ttl")
        for one in ("Jakarta-Bandung High-Speed Railway", "Trump administration")
    ]
    ontology = Path(bri_kg.files.ontology_folder())
    shapes = rdflib.Graph().parse(ontology / "shapes.ttl")
    wanted = rdflib.URIRef("https://w3id.org/bri-kg/shape/verdict")
    one = rdflib.Graph()
    kept = {
        wanted,
        *shapes.objects(wanted, rdflib.SH.property),
        rdflib.URIRef("https://w3id.org/bri-kg/shape/in-verdict-kinds"),
    }
    one += (triple for triple in shapes if triple[0] in kept)
    data = rdflib.Graph().parse(ontology / "concepts.ttl")
    for text in texts:
        data.parse(data=text, format="turtle")
    for segment in set(data.objects(None, rdflib.URIRef(bri("checkedSegment")))):
        data.add((segment, rdflib.RDF.type, rdflib.URIRef(bri("Segment"))))
    assert pyshacl.validate(data, shacl_graph=one)[0]
    [first, *_] = data.subjects(rdflib.RDF.type, rdflib.URIRef(bri("Verdict")))
    data.add((first, rdflib.URIRef(bri("verdictRule")), rdflib.Literal("another")))
    assert not pyshacl.validate(data, shacl_graph=one)[0]


def test_verdicts_can_be_asked_in_sparql_beside_both_sides(together: KnowledgeGraph) -> None:
    check = cross_check(together, "China-Laos Railway")
    before = len(together.store)
    graph = check.to_graph()
    answer = graph.query("""
        SELECT ?segment ?record ?name {
            ?verdict a bri:Verdict ; bri:verdictKind concept:differs-by-date ; bri:checkedFact ?project ;
                bri:checkedSegment ?segment ; bri:checkedAgainst ?record .
            GRAPH ?segment { ?milestone bri:milestoneOf ?project } ?record ext:name ?name .
        }""")
    assert [[shorten(term.value) for term in row[:2]] for row in answer.terms] == [  # type: ignore[union-attr]
        ["segment:p22s04", "record:aiddata/85304"]
    ]
    empty = "SELECT ?v { ?v a bri:Verdict FILTER NOT EXISTS { ?v bri:checkedSegment ?s } }"
    assert not list(graph.query(empty)) and len(together.store) == before
    assert not list(together.query("SELECT ?v { ?v a bri:Verdict }"))


def test_a_page_says_nothing_that_a_browser_would_obey(together: KnowledgeGraph) -> None:
    check = cross_check(together, "Estrella-Pantaleon Bridge")
    [verdict] = [v for v in check.verdicts if v.record]
    nasty = replace(verdict.record, values={**verdict.record.values, "name": ("<script>alert(1)</script>",)})  # type: ignore[type-var]
    page = replace(check, verdicts=(verdict._replace(record=nasty),)).to_format("html")
    assert "<script" not in page and "&lt;script&gt;" in page and "default-src 'none'" in page


def test_in_print_facts_of_one_thing_without_a_record_stand_together(together: KnowledgeGraph) -> None:
    text = cross_check(together, "China-Laos Cross-Border Economic Cooperation Zone").to_format("md")
    [row] = [line for line in text.splitlines() if line.startswith("| China-Laos Cross")]
    assert "states involved: China, Laos [p. 59 (p10s06)]" in row and "status: " in row and row.endswith("| aiddata |")
    railway = cross_check(together, "China-Laos Railway").to_format("md")
    assert "Linked records without a value for the fact that others speak of: 1" in railway
    assert "- aiddata: AidData" in railway and "version 3.0, https://opendatacommons.org/licenses/by/1-0/" in railway


def test_in_chinese_no_word_of_ours_is_english(together: KnowledgeGraph) -> None:
    chinese = KnowledgeGraph(together.store, "zh")
    text = cross_check(chinese, "中老铁路").to_format("table")
    for english in ("host country", "status operating", "consistent", "Rules", "Silent", "phase of", "line "):
        assert english not in text
    assert "在较低精度上相符" in text and "开工" in text and "规则" in text and "数据" in text
    assert "不可混合" in str(money_table(chinese, "中老铁路"))


# Sums.


def loan(number: int, amount: str = "10", **more: str) -> Record:
    values = {
        "amount": amount,
        "currency": "USD",
        "basis": "constant 2021",
        "name": "A loan",
        "status": "Completion",
        **more,
    }
    return replace(record(**values), iri=f"{PREFIXES['record']}aiddata/{number}")


def test_what_belongs_together_is_added() -> None:
    made = total([loan(1, "10.5"), loan(2, "20"), loan(2, "20")])
    assert (made.value, made.currency, made.basis, made.counted) == (
        Decimal("30.5"),
        "USD",
        "constant 2021",
        ("1", "2"),
    )
    assert total([loan(1)]).reasons == ("one record, nothing to add",)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"basis": "constant 2017"}, "the price bases constant 2017, constant 2021 do not mix"),
        ({"basis": ""}, "the price bases constant 2021, nominal do not mix"),
        ({"currency": "RMB"}, "the currencies CNY, USD do not mix"),
        ({"status": "Pipeline: Pledge"}, "the stages committed, pledged do not mix"),
        ({"name": DISBURSED}, "the stages committed, disbursed do not mix"),
    ],
)
def test_what_does_not_mix_is_refused(more: dict[str, str], reason: str) -> None:
    made = total([loan(1), loan(2, **more)])
    assert made.value is None
    assert any(reason in told for told in made.reasons)


REAL = {
    "stages": ("35031", "61320", "pledged"),
    "payments": ("62285", "73285", "disbursed"),
    "bases": ("33726", "85304", "constant 2017"),
}


@pytest.mark.parametrize("what", REAL)
def test_what_does_not_mix_is_refused_of_the_real_rows(what: str, together: KnowledgeGraph, tmp_path: Path) -> None:
    one, other, told = REAL[what]
    links = tmp_path / "mine.sssom.tsv"
    rows = [linked("project:kyaukphyu-special-economic-zone", number) for number in (one, other)]
    links.write_text(LINKS.split("project:metro")[0] + "".join(rows), encoding="utf-8")
    [row] = money_table(together, "Kyaukphyu Special Economic Zone", [links])
    assert row[2] == "" and told in str(row[3]) and "do not mix" in str(row[3])
    assert all(f"aiddata {number}: " in str(row[1]) for number in (one, other))


def test_umbrella_records_are_left_out_and_named() -> None:
    made = total([loan(1), loan(2), loan(3, "1000", umbrella="Yes"), loan(4, "")])
    assert made.value == 20
    assert made.left_out == ("3", "4")
    assert "umbrella record left out: 3" in made.reasons and "4 without a sum" in made.reasons
    assert total([loan(3, umbrella="Yes")]).value is None


def test_sums_without_records_say_why(kg: KnowledgeGraph, together: KnowledgeGraph) -> None:
    assert "Not imported, so not heard: aiddata" in money_table(kg).remarks[0]
    assert money_table(together, "GSI").remarks == ("No link leads to a record of money for it.",)


def test_sums_of_the_linked_records(together: KnowledgeGraph) -> None:
    table = {row[0]: row for row in money_table(together)}
    assert table["China-Laos Railway"][2] == ""
    assert "constant 2017, constant 2021 do not mix" in str(table["China-Laos Railway"][3])
    assert "no sum" in str(table["Phnom Penh-Sihanoukville Expressway"][3])
    assert "of a part of the project: 61320" in str(table["Jakarta-Bandung High-Speed Railway"][3])
    others = "their titles name further records, which are not counted here: 61321, 61322, 96344"
    assert others in str(table["Jakarta-Bandung High-Speed Railway"][3])
    assert [row[0] for row in money_table(together, "East Coast Rail Link")] == ["East Coast Rail Link"]


# The facts of the paper.


def test_a_fact_is_there_once(kg: KnowledgeGraph) -> None:
    facts = paper_facts(kg)
    keys = [(fact.node, fact.aspect, fact.value, fact.entity) for fact in facts]
    assert len(keys) == len(set(keys)) > 60
    assert all(fact.graphs for fact in facts)


def test_a_new_fact_that_contradicts_is_found(graph_of: Callable[..., KnowledgeGraph], parties: Parties) -> None:
    small = graph_of("""
        segment:p10s03 { milestone:m a bri:Milestone ; bri:milestoneOf project:p ; bri:milestoneKind concept:completed ;
            bri:date "2015"^^xsd:gYear . }
    """)
    [fact] = [fact for fact in paper_facts(small) if fact.aspect == "date"]
    assert (fact.earliest, fact.latest) == ("2015-01-01", "2015-12-31")
    finding = compare(fact, record(end="2017-04-10"), SAME, parties)
    assert finding == Finding("contradicts", "same-date", "2017-04-10", "end")


# A dataset and links of one's own.

OWN = """name = "mine"
title = "My loans"
licence = "https://example.org/licence"
source = "https://example.org/loans"
version = "1"
format = "csv"
id = "{id}"
class = "Loan"
values = [
    { column = "id", property = "identifier", required = true },
    { column = "title", property = "name" },
    { column = "lender", property = "funder" },
    { column = "usd", property = "amount", datatype = "decimal" },
    { constant = "USD", property = "currency" },
    { column = "approved", property = "approved", datatype = "date" },
    { column = "umbrella", property = "umbrella" },
]
"""
LOANS = """id,title,lender,usd,approved,umbrella
1,Loan for flood management,AIIB,207603000,2017-09-27,No
2,Framework,AIIB,900000000,2017-01-01,Yes
3,Second loan,Asian Development Bank,10000000,2018-01-01,No
"""
LINKS = """#sssom_version: "1.1"
#mapping_set_id: https://w3id.org/bri-kg/mapping-set/mine
#mapping_set_title: Mine
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  bri: https://w3id.org/bri-kg/ontology#
#  dataset: https://w3id.org/bri-kg/dataset/
#  project: https://w3id.org/bri-kg/project/
#  record: https://w3id.org/bri-kg/record/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tobject_source\tmapping_date
""" + "".join(
    f"project:metro-manila-flood-management\tbri:financedByRecord\trecord:mine/{number}\tsemapv:ManualMappingCuration\t1\tdataset:mine\t2026-11-24\n"
    for number in (1, 2, 3)
)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mapping set of one's own; its dataset is imported into a data folder of its own."""
    monkeypatch.setenv("BRI_KG_DATA", str(tmp_path / "data"))
    (tmp_path / "mine.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "loans.csv").write_text(LOANS, encoding="utf-8")
    (tmp_path / "mine.sssom.tsv").write_text(LINKS, encoding="utf-8")
    import_files([tmp_path / "loans.csv"], read_description(tmp_path / "mine.toml"))
    return tmp_path / "mine.sssom.tsv"


def test_a_dataset_and_links_of_ones_own(mine: Path) -> None:
    check = cross_check(bri_kg.load(external=["mine"]), "Metro Manila flood management project", [mine])
    found = {
        (v.fact.aspect, v.fact.kind, v.record.id): (v.finding.kind, v.finding.rule)
        for v in check.verdicts
        if v.record and v.fact.aspect != "country" and v.record.dataset == "mine"
    }
    assert found == {
        ("amount", "approved-amount", "1"): ("differs-by-rounding", "amount-rounded"),
        ("amount", "approved-amount", "2"): ("silent", "umbrella"),
        ("amount", "approved-amount", "3"): ("differs-by-definition", "other-lender"),
        ("amount", "total-cost", "1"): ("differs-by-definition", "amount-sense"),
        ("amount", "total-cost", "2"): ("silent", "umbrella"),
        ("amount", "total-cost", "3"): ("differs-by-definition", "amount-sense"),
        ("date", "money-approved", "1"): ("confirms", "same-date"),
        ("date", "money-approved", "2"): ("silent", "umbrella"),
        ("date", "money-approved", "3"): ("differs-by-definition", "other-lender"),
        ("financier", "", "1"): ("confirms", "financier"),
        ("financier", "", "2"): ("silent", "umbrella"),
        ("financier", "", "3"): ("silent", "financier"),
    }
    [paper, row] = money_table(bri_kg.load(external=["mine"]), "Metro Manila flood management project", [mine])
    assert paper[2] == "" and "amount approved, total cost are sums in different senses" in str(paper[3])
    assert row[2] == "217,603,000 USD (nominal)" and "umbrella record left out: 2" in str(row[3])


def test_a_broken_mapping_set_is_refused_with_its_line(mine: Path) -> None:
    mine.write_text(LINKS + "one cell\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"mine\.sssom\.tsv:14: "):
        cross_check(bri_kg.load(external=["mine"]), "", [mine])


def test_a_changed_paper_is_found_out(together: KnowledgeGraph) -> None:
    store = ox.Store()
    store.bulk_extend(together.store)
    date, moved = ox.NamedNode(bri("date")), {"2013": "2015", "2021-12": "2021-10"}
    for name, old in (
        ("china-myanmar-gas-pipeline-completed", "2013"),
        ("china-laos-railway-operation-started", "2021-12"),
    ):
        for quad in list(store.quads_for_pattern(ox.NamedNode(PREFIXES["milestone"] + name), None, None, None)):
            if quad.predicate == date and isinstance(quad.object, ox.Literal):
                store.remove(quad)
                value = ox.Literal(moved[old], datatype=quad.object.datatype)
                store.add(ox.Quad(quad.subject, date, value, quad.graph_name))
            elif quad.predicate.value in (bri("earliest"), bri("latest")):
                store.remove(quad)
                day = bounds(moved[old])[quad.predicate.value == bri("latest")]
                typed = ox.Literal(day, datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))
                store.add(ox.Quad(quad.subject, quad.predicate, typed, quad.graph_name))
    found = found_in(cross_check(KnowledgeGraph(store)))
    gas, railway = (
        f"milestone:{name}" for name in ("china-myanmar-gas-pipeline-completed", "china-laos-railway-operation-started")
    )
    assert found[gas, "date", "record:aiddata/34468"] == "contradicts"
    assert found[gas, "date", "record:gem/P4489"] == "differs-by-definition"
    assert found[railway, "date", "record:aiddata/33726"] == "consistent"


# The command.


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BRI_KG_DATA": str(data), "PYTHONWARNINGS": "error", "COLUMNS": "120"}
    return subprocess.run(
        [COMMAND, "crosscheck", *words], capture_output=True, encoding="utf-8", env=environment, check=False
    )


def test_the_command(together: KnowledgeGraph, data: Path, tmp_path: Path) -> None:
    done = run(data, "--verdict", "contradicts")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 11
    assert "contradicts 10." in done.stderr
    assert run(data, "--totals", "-f", "md").stdout.startswith("**Money in the paper and in the linked records")
    assert "Not imported" in run(tmp_path, "China-Laos Railway").stderr
    rules = json.loads(run(data, "--rules", "-f", "json").stdout)
    assert {one["rule"] for one in rules} == set(RULES)
    asked = run(data, "--sparql", "SELECT ?v { ?v bri:verdictKind concept:contradicts }", "-f", "csv")
    assert asked.returncode == 0 and asked.stdout.count("/verdict/") == 10
    page = tmp_path / "verdicts.html"
    assert run(data, "Estrella-Pantaleon Bridge", "-o", str(page)).stdout.strip() == str(page)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    broken = run(data, "--sparql", "SELECT")
    assert (broken.returncode, broken.stdout) == (3, "") and "Traceback" not in broken.stderr


def test_of_two_links_to_a_record_the_closer_counts(together: KnowledgeGraph, tmp_path: Path) -> None:
    twice = tmp_path / "mine.sssom.tsv"
    twice.write_text(
        LINKS.split("project:metro")[0]
        + "project:china-laos-railway\tbri:containsRecord\trecord:aiddata/33726\tsemapv:ManualMappingCuration\t1\tdataset:aiddata\t2026-11-24\n",
        encoding="utf-8",
    )
    assert (
        cross_check(together, "China-Laos Railway", [twice]).rows()
        == cross_check(together, "China-Laos Railway").rows()
    )


def test_only_linked_datasets_are_loaded(kg: KnowledgeGraph) -> None:
    assert linked_datasets(kg) >= set(FILES)
    assert linked_datasets(kg) & set(REGISTERS) == {"ror", "whosonfirst"}  # of a seat, and of a place


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "pdf"), "There is no format 'pdf'"),
        (("-o", "verdicts.docx"), "There is no format 'docx'"),
        (("-o", "no/such/folder/verdicts.html", "Estrella-Pantaleon Bridge"), "cannot be written"),
        (("--verdict", "maybe"), "choose heard, confirms"),
        (("--totals", "--format", "ttl"), "--totals gives a table"),
        (("--sparql", "SELECT ?v { ?v a bri:Verdict }", "--format", "html"), "--sparql gives a table"),
        (("no such thing",), "Nothing in the graph is called"),
    ],
)
def test_wrong_words_are_refused_in_one_sentence(data: Path, words: tuple[str, ...], told: str) -> None:
    done = run(data, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr and len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
