"""Descriptions: facts with page, sentence, footnote and voice, written here from the paper; claims apart, under those who hold them."""

import csv
import io

import pytest
from conftest import GraphMaker

from bri_kg import KnowledgeGraph
from bri_kg.citing.sources import Description, Fact, Sentence
from bri_kg.names import expand, shorten
from bri_kg.tables import rows_to_format


def fact(description: Description, node: str) -> Fact:
    """The one fact or claim of a description that is told of a record."""
    every = [*description.facts, *(one for claims in description.claims.values() for one in claims)]
    (found,) = [one for one in every if shorten(one.node) == node]
    return found


def values(one: Fact) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for value in one.values:
        held.setdefault(value.property, set()).add(value.text)
    return held


def sentence(kg: KnowledgeGraph, segment: str) -> Sentence:
    found = kg.sources.sentence(expand(f"segment:{segment}") or "")
    assert found
    return found


LEDGER = """
segment:s1 a bri:Segment ; bri:readingOrder 1 ; bri:page 60 ; bri:gist "The first." ; bri:disposition concept:stated .
segment:s2 a bri:Segment ; bri:readingOrder 2 ; bri:page 60 ; bri:pageEnd 61 ; bri:gist "The second." ; bri:footnote segment:fn1 .
segment:s3 a bri:Segment ; bri:readingOrder 3 ; bri:page 61 ; bri:gist "The third." .
state:laos a bri:State ; skos:prefLabel "Laos"@en ; skos:prefLabel "老挝"@zh-Hans ; skos:altLabel "Lao PDR"@en ;
    dcterms:description "State in Southeast Asia."@en .
agreement:mou a bri:Agreement ; skos:prefLabel "Memorandum"@en ; skos:prefLabel "备忘录"@zh-Hans .
person:zhang-jie a bri:Person ; skos:prefLabel "Zhang Jie"@en .
person:liang-hong a bri:Person ; skos:prefLabel "Liang Hong"@en .
person:wu a bri:Person ; skos:prefLabel "Wu"@en .
"""


# Sentences


def test_a_sentence_knows_its_place(kg: KnowledgeGraph) -> None:
    found = sentence(kg, "p09s03")
    assert (found.id, found.kind, found.page, found.page_end, found.paragraph) == ("p09s03", "sentence", 57, 58, 9)
    assert found.reference == "p. 57-58 (p09s03)"
    assert found.footnotes == ("fn04",)
    assert found.notes == "fn04"
    assert found.works == (
        "Joint Communiqué of the Leaders' Roundtable of the First Belt and Road Forum "
        "for International Cooperation "
        "(Full Text)",
    )
    assert sentence(kg, "p22s04").reference == "p. 66 (p22s04)"
    assert sentence(kg, "t1r01").page == 58
    assert sentence(kg, "fn22").page == 67


def test_a_footnote_whose_marker_is_lost_stands_in_brackets(kg: KnowledgeGraph) -> None:
    found = sentence(kg, "p11s06")
    assert found.footnotes == ()
    assert found.inferred_footnotes == ("fn06",)
    assert found.notes == "[fn06]"


def test_an_erratum_stands_for_the_sentence_that_it_corrects(kg: KnowledgeGraph) -> None:
    found = kg.sources.sentence(expand("erratum:jakarta-bandung-testing-year") or "")
    assert found
    assert found.id == "p22s07"
    assert kg.sources.sentence("https://w3id.org/bri-kg/erratum/no-such") is None
    assert kg.sources.sentence("https://w3id.org/bri-kg/graph/entities/states") is None
    assert kg.sources.sentence(expand("segment:p99s99") or "") is None


def test_sentences_come_once_and_in_reading_order(kg: KnowledgeGraph) -> None:
    names = ["segment:p22s07", "segment:p09s03", "erratum:jakarta-bandung-testing-year", "segment:p01s01", "state:laos"]
    found = kg.sources.sentences(expand(name) or "" for name in names)
    assert [one.id for one in found] == ["p01s01", "p09s03", "p22s07"]
    assert [one.order for one in kg.sources.all()] == list(range(1, 343))


# The AIIB, as the paper tells of it


@pytest.fixture(scope="module")
def aiib(kg: KnowledgeGraph) -> Description:
    return kg.describe("AIIB")


def test_a_description_says_what_it_is_of(aiib: Description) -> None:
    assert shorten(aiib.iri) == "organisation:aiib"
    assert aiib.label == "Asian Infrastructure Investment Bank"
    assert aiib.kind == "International organisation"
    assert {"AIIB", "亚投行", "亚洲基础设施投资银行"} <= set(aiib.names)
    assert aiib.label not in aiib.names
    assert aiib.summary


def test_all_asean_states_joined_the_aiib_in_november_2014(aiib: Description) -> None:
    found = fact(aiib, "accession:asean-states-to-aiib")
    assert values(found) == {
        "acceded to": {"Asian Infrastructure Investment Bank"},
        "acceding party": {"ASEAN member states"},
        "date": {"2014-11"},
        "role": {"founding member"},
    }
    assert [one.reference for one in found.sentences] == ["p. 57 (p09s02)"]
    assert found.voice == "stated as fact"
    assert found.holders == ()


def test_world_bank_and_aiib_financed_the_slum_project_in_june_2016(aiib: Description) -> None:
    held = values(fact(aiib, "financing:national-slum-upgrading-project-2016"))
    assert held["financier"] == {"World Bank", "Asian Infrastructure Investment Bank"}
    assert held["financed"] == {"National Slum Upgrading Project"}
    assert held["date"] == {"2016-06"}
    half = values(fact(aiib, "statistic:aiib-half-of-slum-upgrading-financing"))
    assert half["value"] == {"216500000"}
    assert half["currency"] == {"US dollar"}
    assert half["is derived"] == {"true"}


def test_the_aiib_approved_flood_management_on_27_september_2017(aiib: Description) -> None:
    found = fact(aiib, "financing:metro-manila-flood-management-aiib")
    assert values(found)["date"] == {"2017-09-27"}
    (where,) = found.sentences
    assert (where.page, where.id, where.notes) == (59, "p11s06", "[fn06]")


def test_views_of_the_aiib_stand_under_those_who_hold_them(aiib: Description) -> None:
    where = {holder: {one.id for each in claims for one in each.sentences} for holder, claims in aiib.claims.items()}
    assert where["Bambang Suryono"] == {"p11s04", "p11s05"}
    assert where["Singapore"] == {"p08s03"}
    assert where["Obama administration"] == {"p36s04"}
    assert "p11s06" in where["The authors"], "the first project in the Philippines: a comparison of the authors"
    voices = {holder: {one.voice for one in claims} for holder, claims in aiib.claims.items()}
    assert voices["Bambang Suryono"] == {"held by Bambang Suryono, as the authors report"}
    assert voices["The authors"] == {"the authors' own view"}
    assert not [one for one in aiib.facts if one.holders]


def test_a_shortcut_of_a_record_is_not_told_again(kg: KnowledgeGraph, aiib: Description) -> None:
    assert kg.query("ASK { organisation:aiib bri:finances project:national-slum-upgrading-project }")
    told = {value.property for one in aiib.facts for value in one.values}
    assert not [name for name in told if "finances" in name or "member of" in name]


# The China-Laos Railway and the Belt and Road Initiative


def test_the_china_laos_railway_started_operation_in_december_2021(kg: KnowledgeGraph) -> None:
    railway = kg.describe("中老铁路")
    started = fact(railway, "milestone:china-laos-railway-operation-started")
    assert values(started)["date"] == {"2021-12"}
    assert values(started)["kind of milestone"] == {"operation started"}
    assert [one.reference for one in started.sentences] == ["p. 66 (p22s04)"]
    own = fact(railway, "project:china-laos-railway")
    assert values(own)["host country"] == {"Laos"}
    assert "t1r01" in {one.id for one in own.sentences}
    (hosted,) = [value for value in own.values if value.property == "host country"]
    assert "t1r01" in hosted.segments
    superlative = [one for one in railway.claims["The authors"] if {s.id for s in one.sentences} == {"p24s02"}]
    assert superlative, "the world's first transnational railway into China's network: the authors' claim"


def test_think_tanks_and_the_trump_administration_speak_for_themselves_on_the_bri(kg: KnowledgeGraph) -> None:
    bri = kg.describe("BRI")
    assert bri.label == "Belt and Road Initiative"
    assert {"US think tanks", "Trump administration", "The authors"} <= bri.claims.keys()
    where = {holder: {one.id for each in claims for one in each.sentences} for holder, claims in bri.claims.items()}
    assert "p36s03" in where["US think tanks"]
    assert "p37s03" in where["Trump administration"]
    assert {"US think tanks", "Trump administration"}.isdisjoint(one.kind for one in bri.facts)
    marshall = [one for one in bri.claims["US think tanks"] if "Marshall" in " ".join(values(one)["gloss"])]
    assert [one.voice for one in marshall] == ["held by US think tanks, as the authors report"]


# The date that the paper prints wrong


def test_the_corrected_date_has_the_voice_of_the_erratum(kg: KnowledgeGraph) -> None:
    for name in ("Jakarta-Bandung High-Speed Railway", "milestone:jakarta-bandung-testing"):
        found = fact(kg.describe(name), "milestone:jakarta-bandung-testing")
        voices = {(value.property, value.text): value.voice for value in found.values}
        assert voices["date", "2023-05"] == "corrected by erratum"
        assert voices["kind of milestone", "joint commissioning and testing began"] == "stated as fact"
        assert ("date", "2012-05") not in voices
        assert found.voice == "stated as fact"
        assert [one.id for one in found.sentences] == ["p22s07", "fn22"]
    printed = values(fact(kg.describe("milestone:jakarta-bandung-testing"), "erratum:jakarta-bandung-testing-year"))
    assert printed["printed value"] == {"2012-05"}
    assert printed["corrected value"] == {"2023-05"}
    assert printed["ground"] == {"fn22"}


def test_the_printed_description_marks_what_an_erratum_corrects(kg: KnowledgeGraph) -> None:
    lines = [line.strip() for line in str(kg.describe("Jakarta-Bandung High-Speed Railway")).splitlines()]
    assert "date: 2023-05   [p22s07]   (corrected by erratum)" in lines
    assert not [line for line in lines if "2012-05" in line]


# Small graphs


def test_two_segments_that_state_one_record_are_one_fact(graph_of: GraphMaker) -> None:
    kg = graph_of(
        LEDGER
        + """
        segment:s1 { signature:a a bri:Signature ; bri:signatory state:laos ; bri:signedDocument agreement:mou . }
        segment:s2 { signature:a a bri:Signature ; bri:signatory state:laos ; bri:signedDocument agreement:mou ; bri:date "2018"^^xsd:gYear . }
        """
    )
    laos = kg.describe("Laos")
    (signature,) = laos.facts
    assert {value.property: value.segments for value in signature.values} == {
        "date": ("s2",),
        "signatory": ("s1", "s2"),
        "signed document": ("s1", "s2"),
    }
    assert laos.claims == {}
    assert laos.names == ("Lao PDR", "老挝")
    assert laos.summary == "State in Southeast Asia."


def test_a_shortcut_that_no_record_gives_is_told(graph_of: GraphMaker) -> None:
    kg = graph_of(
        LEDGER
        + """
        segment:s1 { signature:a a bri:Signature ; bri:signatory state:laos ; bri:signedDocument agreement:mou . }
        segment:s2 { state:laos bri:signed agreement:mou . }
        """
    )
    own = fact(kg.describe("Laos"), "state:laos")
    assert [(value.property, value.text, value.segments) for value in own.values] == [("signed", "Memorandum", ("s2",))]


def test_what_points_to_an_entity_is_told_of_it(graph_of: GraphMaker) -> None:
    kg = graph_of(LEDGER + "segment:s1 { agreement:mou bri:about state:laos . }")
    (own,) = kg.describe("Laos").facts
    assert [(value.property, value.text) for value in own.values] == [("Memorandum – about", "Laos")]


def test_claims_stand_apart_and_in_whose_voice(graph_of: GraphMaker) -> None:
    kg = graph_of(
        LEDGER
        + """
        segment:s1 { claim:a a bri:Claim ; bri:claimant person:zhang-jie ; bri:claimant person:liang-hong ; bri:about state:laos ;
            bri:gloss "Good."@en ; bri:gloss "好。"@zh-Hans . }
        segment:s2 { claim:b a bri:Claim ; bri:claimant person:wu ; bri:reportedBy person:zhang-jie ; bri:about state:laos . }
        """
    )
    laos = kg.describe("Laos")
    assert laos.facts == ()
    assert {holder: [one.voice for one in claims] for holder, claims in laos.claims.items()} == {
        "The authors": ["the authors' own view"],
        "Wu": ["held by Wu, as the authors report"],
    }
    assert values(laos.claims["The authors"][0])["gloss"] == {"Good."}


def test_chinese_labels_and_glosses_for_chinese_readers(graph_of: GraphMaker) -> None:
    kg = graph_of(
        LEDGER
        + """segment:s1 { claim:a a bri:Claim ; bri:claimant person:wu ; bri:about state:laos ;
            bri:gloss "Good."@en ; bri:gloss "好。"@zh-Hans . }""",
        language="zh",
    )
    laos = kg.describe("老挝")
    assert laos.label == "老挝"
    assert laos.kind == "国家"
    (claim,) = laos.claims["Wu"]
    assert {"好。", "老挝"} <= {value.text for value in claim.values}
    assert "Good." not in {value.text for value in claim.values}


def test_an_entity_of_which_nothing_is_said_says_so(graph_of: GraphMaker) -> None:
    laos = graph_of(LEDGER).describe("Laos")
    assert (laos.facts, laos.claims) == ((), {})
    assert "Facts (0)" in str(laos)
    assert laos.rows()[1] == []


# Rows


def test_rows_hold_every_value_with_its_sentence(aiib: Description) -> None:
    columns, rows = aiib.rows()
    assert columns == ["record", "kind", "property", "value", "voice", "page", "segment", "gist", "footnotes"]
    assert all(len(row) == len(columns) for row in rows)
    dated = [row for row in rows if row[0] == "financing:metro-manila-flood-management-aiib" and row[2] == "date"]
    assert [row[:7] + row[8:] for row in dated] == [
        [
            "financing:metro-manila-flood-management-aiib",
            "Financing",
            "date",
            "2017-09-27",
            "stated as fact",
            "59",
            "p11s06",
            "[fn06]",
        ]
    ]
    every = [*aiib.facts, *(one for claims in aiib.claims.values() for one in claims)]
    linked = [row for row in rows if row[columns.index("kind")] == "links"]
    assert len(linked) == len(aiib.identities)
    assert len(rows) - len(linked) == sum(len(value.segments) for one in every for value in one.values)
    assert list(csv.reader(io.StringIO(rows_to_format("csv", columns, rows), newline=""))) == [columns, *rows]


def test_rows_give_each_value_its_own_voice(kg: KnowledgeGraph) -> None:
    _, rows = kg.describe("milestone:jakarta-bandung-testing").rows()
    voices = {(row[2], row[3]): row[4] for row in rows if row[0] == "milestone:jakarta-bandung-testing"}
    assert voices["date", "2023-05"] == "corrected by erratum"
    assert voices["milestone of", "Jakarta-Bandung High-Speed Railway"] == "stated as fact"


# Every entity


def test_every_value_of_every_state_and_project_has_a_sentence(kg: KnowledgeGraph) -> None:
    names = [row["s"] or "" for row in kg.query("SELECT ?s { VALUES ?c { bri:State bri:Project } ?s a ?c }").to_dicts()]
    assert len(names) > 25
    for name in names:
        told = kg.describe(name)
        for one in [*told.facts, *(one for claims in told.claims.values() for one in claims)]:
            assert one.sentences, one.node
            assert all(value.segments for value in one.values), one.node
            assert {segment for value in one.values for segment in value.segments} == {s.id for s in one.sentences}
            assert all(s.gist and 53 <= s.page <= 79 for s in one.sentences)
