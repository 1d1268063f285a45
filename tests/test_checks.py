"""The checks of the graph: each finds the fault that it is there to find, and nothing in the paper's graph."""

from pathlib import Path

import pytest
from conftest import PREFIX_LINE, GraphMaker

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.checks import Finding, find_faults, findings_about_paper
from bri_kg.errors import UsageError
from bri_kg.ledger import audit_rows, coverage_by, silent_segments, texts, wrong_digests


def segment(name: str, order: int, disposition: str = "") -> str:
    """The ledger's entry of a segment."""
    said = f"bri:disposition concept:{disposition} ;" if disposition else ""
    return f"""
    segment:{name} a bri:Segment ; bri:segmentKind concept:sentence ; bri:inSection section:1 ; bri:readingOrder {order} ;
        bri:page 53 ; bri:textRange "0-5" ; bri:gist "What it says."@en ; {said}
        bri:sha256 "e737513bf9ef2e3efb115a66e0974d3396d853718b567bb9ed78183920caf225" .
    """


WORLD = """
paper:p a bri:Paper ; skos:prefLabel "Paper"@en ; skos:prefLabel "文"@zh-Hans ; bri:author person:wu ; bri:issued "2023"^^xsd:gYear .
section:1 a bri:Section ; skos:prefLabel "Section"@en ; skos:prefLabel "节"@zh-Hans ; bri:partOf paper:p ; bri:sectionNumber "1" .
person:wu a bri:Person ; skos:prefLabel "Wu"@en ; skos:prefLabel "吴"@zh-Hans .
state:laos a bri:State ; skos:prefLabel "Laos"@en ; skos:prefLabel "老挝"@zh-Hans .
state:china a bri:State ; skos:prefLabel "China"@en ; skos:prefLabel "中国"@zh-Hans .
agreement:mou a bri:Agreement ; skos:prefLabel "Memorandum"@en ; skos:prefLabel "备忘录"@zh-Hans .
event:forum a bri:Forum ; skos:prefLabel "Forum"@en ; skos:prefLabel "论坛"@zh-Hans .
"""
CLAIM = """claim:{0} a bri:Claim ; bri:claimant state:laos ; bri:reportedBy person:wu ; bri:about state:china ;
    bri:modality concept:asserted ; bri:gloss "One view."@en ; bri:gloss "一种看法。"@zh-Hans ;
    rdf:subject state:china ; rdf:predicate bri:involves ; rdf:object state:laos ."""
SIGNATURE = "signature:{0} a bri:Signature ; bri:signatory state:laos ; bri:signedDocument agreement:mou ."

#: Nothing is wrong here: what a reported claim says is stated by another segment, and one record is told by two.
SOUND = (
    WORLD
    + segment("p01s01", 1, "stated")
    + segment("p01s02", 2, "claimed")
    + segment("p01s03", 3, "structure")
    + segment("p01s04", 4, "stated")
    + f"""
    segment:p01s01 {{ state:china bri:involves state:laos . {SIGNATURE.format("a")} }}
    segment:p01s02 {{ {CLAIM.format("a")} }}
    segment:p01s04 {{ {SIGNATURE.format("a")} }}
    """
)
#: One fault a segment.
BROKEN = (
    WORLD
    + segment("f01", 1)
    + segment("f02", 2, "stated")
    + segment("f03", 3, "claimed")
    + segment("f04", 4, "claimed")
    + segment("f05", 5, "structure")
    + segment("f06", 6, "stated")
    + segment("f07", 7, "stated")
    + segment("f08", 8, "stated")
    + segment("f09", 9, "stated")
    + segment("f10", 10, "stated")
    + f"""
    segment:f04 {{ {CLAIM.format("b")} state:china bri:hostCountry state:laos . }}
    segment:f05 {{ event:forum a bri:Forum . }}
    segment:f06 {{ state:china bri:involvs state:laos . }}
    segment:f07 {{ event:forum a bri:Forum ; bri:policyField concept:conectivity . }}
    segment:f08 {{ {CLAIM.format("c")} state:china bri:involves state:laos . }}
    segment:f09 {{ {SIGNATURE.format("b")} }}
    segment:f10 {{ signature:b a bri:Signature ; bri:signatory state:laos . }}
    """
)


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """What is found in the broken graph; the validator of shapes is slow, and runs once."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "broken.trig").write_text(PREFIX_LINE + BROKEN, encoding="utf-8")
    return find_faults(bri_kg.load(folder))


FAULTS = [
    ("ledger", "f01", "The segment has no disposition; add bri:disposition in paper.ttl."),
    ("ledger", "f02", "The segment is 'stated' but its graph is empty; add what it says, or change the disposition."),
    ("ledger", "f03", "The segment is 'claimed' but its graph is empty; add what it says, or change the disposition."),
    ("ledger", "f04", "The segment is 'claimed' but states facts of state:china; change the disposition."),
    ("ledger", "f05", "The segment is 'structure' but has a graph; change one of the two."),
    ("terms", "segment:f06", "bri:involvs is not declared; mend its spelling or declare it in the ontology."),
    ("terms", "segment:f07", "concept:conectivity is not declared; mend its spelling or declare it in the ontology."),
    ("wall", "segment:f08", "The proposition of claim:c is a plain triple in the same graph; take it out."),
    ("shapes", "f10: signature:b", "A signature needs what is signed: add bri:signedDocument."),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{check} {where}" for check, where, _ in FAULTS])
def test_a_fault_is_found_where_it_is(faults: list[Finding], fault: tuple[str, str, str]) -> None:
    assert fault in faults


def test_only_the_faults_that_are_there_are_found(faults: list[Finding]) -> None:
    expected = {(check, where) for check, where, _ in FAULTS}
    also = {
        ("shapes", "concept:conectivity"),
        ("shapes", "segment:f01"),
        ("shapes", "state:china"),
        ("shapes", "event:forum"),
    }
    found = {(one.check, one.where) for one in faults}
    assert found == expected | also
    assert len(faults) == len(set(faults))


def test_every_message_is_a_sentence_with_a_remedy(faults: list[Finding]) -> None:
    for one in faults:
        assert one.message.endswith(".")
        assert one.message[0].isupper() or one.message.startswith(("bri:", "concept:"))
        assert ";" in one.message or ":" in one.message


def test_the_union_hides_what_a_single_segment_lacks(graph_of: GraphMaker) -> None:
    kg = graph_of(
        WORLD
        + segment("p01s01", 1, "stated")
        + segment("p01s02", 2, "stated")
        + f"""
        segment:p01s01 {{ {SIGNATURE.format("a")} }}
        segment:p01s02 {{ signature:a a bri:Signature ; bri:signatory state:laos . }}
        """
    )
    assert kg.query("ASK { signature:a bri:signatory ?who ; bri:signedDocument ?what }"), "the union is whole"
    assert find_faults(kg) == [
        Finding("shapes", "p01s02: signature:a", "A signature needs what is signed: add bri:signedDocument.")
    ]


def test_a_sound_graph_has_no_faults(graph_of: GraphMaker) -> None:
    assert find_faults(graph_of(SOUND)) == []


def test_the_papers_graph_has_no_faults(kg: KnowledgeGraph) -> None:
    steps: list[str] = []
    assert find_faults(kg, steps.append) == []
    assert steps == ["ledger", "terms", "wall between facts and claims", "shapes", "links"]


# What the paper gets wrong


@pytest.fixture(scope="module")
def slips(kg: KnowledgeGraph) -> list[Finding]:
    return findings_about_paper(kg)


def test_the_testing_date_of_the_jakarta_bandung_railway_is_an_erratum(slips: list[Finding]) -> None:
    (found,) = [one for one in slips if one.check == "erratum" and one.where == "p22s07"]
    assert "Jakarta-Bandung High-Speed Railway" in found.message
    assert "printed 2012-05; right is 2023-05" in found.message


def test_the_begin_of_the_second_phase_is_an_inconsistency(slips: list[Finding]) -> None:
    found = [one for one in slips if one.check == "inconsistency"]
    about_phase = [one for one in found if "p02s05" in one.message]
    assert {one.where for one in about_phase} == {"h2", "p19s01"}
    assert any("September 2018" in one.message and "2019 to 2023" in one.message for one in about_phase)


def test_what_the_paper_does_not_show_is_said_so(graph_of: GraphMaker) -> None:
    erratum = "a bri:Erratum ; bri:concerns event:forum ; bri:concernsProperty bri:date"
    kg = graph_of(
        WORLD
        + segment("p01s01", 1, "stated")
        + segment("p01s02", 2, "stated")
        + f"""
        segment:p01s01 {{ erratum:a {erratum} ; bri:printedValue "2012" ; bri:correctedValue "2023" ;
            bri:gloss "A slip."@en ; bri:gloss "笔误。"@zh-Hans . }}
        segment:p01s02 {{ erratum:b {erratum} ; bri:printedValue "1900" .
            inconsistency:c a bri:Inconsistency ; bri:between segment:p01s01 ; bri:between segment:p01s02 ;
            bri:gloss "Two dates."@en ; bri:gloss "两个日期。"@zh-Hans . }}
        """
    )
    assert [one for one in findings_about_paper(kg) if one.check != "rule"] == [
        Finding("erratum", "p01s01", "Forum, date: printed 2012; right is 2023. A slip."),
        Finding("erratum", "p01s02", "Forum, date: printed 1900; the paper does not show what is right."),
        Finding("inconsistency", "p01s02", "Two dates. (p01s01, p01s02)"),
    ]


# Coverage


def test_coverage_counts_every_segment_once(graph_of: GraphMaker) -> None:
    kg = graph_of(
        WORLD + segment("a", 1, "stated") + segment("b", 2, "stated") + segment("c", 3, "claimed") + segment("d", 4)
    )
    columns, rows = coverage_by(kg, "page")
    assert columns == ["page", "stated", "claimed", "restates", "structure", "nothing", "open", "all"]
    assert rows == [["53", "2", "1", "0", "0", "0", "1", "4"], ["all", "2", "1", "0", "0", "0", "1", "4"]]
    assert coverage_by(kg, "section")[1][0][0] == "Section"


def test_the_whole_paper_is_covered(kg: KnowledgeGraph) -> None:
    for key in ("page", "section"):
        columns, rows = coverage_by(kg, key)
        total = dict(zip(columns, rows[-1], strict=True))
        assert total["all"] == "342"
        assert total["open"] == "0"
        assert sum(int(row[-1]) for row in rows[:-1]) == 342
    assert [row[0] for row in coverage_by(kg, "page")[1]][:-1] == [str(page) for page in range(53, 80)]


def test_a_silent_segment_gives_its_reason(graph_of: GraphMaker, kg: KnowledgeGraph) -> None:
    small = graph_of(
        WORLD
        + segment("a", 1, "nothing")
        + 'segment:a bri:dispositionReason "It only leads over."@en .'
        + segment("b", 2, "stated")
    )
    assert [(one.id, reason) for one, reason in silent_segments(small)] == [("a", "It only leads over.")]
    nothing = [one for one in kg.sources.all() if one.disposition == "nothing"]
    assert len(silent_segments(kg)) == len(nothing), "each has one reason"


def test_digests_are_held_against_a_copy_of_the_text(graph_of: GraphMaker, tmp_path: Path) -> None:
    text = "Erste Zeile; 老挝.\nZweite"
    kg = graph_of(
        """
        segment:a a bri:Segment ; bri:readingOrder 1 ; bri:page 53 ; bri:textRange "13-15" ; bri:gist "Laos"@en ;
            bri:sha256 "e273aaab1f7d6d098a608bacba7b92aff348e2a60b58b9db88958f236418ba71" .
        segment:b a bri:Segment ; bri:readingOrder 2 ; bri:page 53 ; bri:textRange "17-23" ; bri:textRange "0-5" ;
            bri:sha256 "0" .
        """
    )
    copy = tmp_path / "paper.txt"
    copy.write_bytes(text.encode("utf-8"))
    assert texts(kg, copy) == {"a": "老挝", "b": "ErsteZweite"}
    assert wrong_digests(kg, copy) == ["b"]
    assert audit_rows(kg, copy)[1][0][:4] == ["a", "53", "老挝", "Laos"]
    with pytest.raises(UsageError, match="cannot be read as UTF-8 text"):
        texts(kg, tmp_path / "missing.txt")
