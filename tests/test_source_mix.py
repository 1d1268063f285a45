"""The source mix: expectations written from the paper's footnotes."""

from __future__ import annotations

import json

import pytest
from conftest import GraphMaker

from bri_kg import KnowledgeGraph
from bri_kg.citing.sourcemix import COLUMNS, SourceMix, source_mix
from bri_kg.names import segment_iri


def mix(kg: KnowledgeGraph, *ids: str) -> SourceMix:
    return source_mix(kg, [segment_iri(one) for one in ids])


def test_kinds_and_sentences_without_source(kg: KnowledgeGraph) -> None:
    """p08s03 bears note 2 (a news item); p37s03 lost note 32 (the Washington Post); note 3 at p08s06 names no work; p36s04 has no note."""
    found = mix(kg, "p37s03", "p08s03", "p36s04", "p08s06")
    (press,) = found.kinds
    assert (press.label, len(press.works), press.independent) == ("press", 2, 2)
    assert (press.segments, press.inferred) == (("p08s03", "p37s03"), ("p37s03",))
    assert (found.without_work, found.without_footnote) == (("p08s06",), ("p36s04",))
    assert str(found) == (
        "The 4 sentences behind the answer rest on 2 independent works (press 2); 1 through a footnote whose place is inferred; "
        "1 through a footnote that names no work; 1 carries no footnote."
    )


def test_two_prints_of_one_speech_are_one_source(kg: KnowledgeGraph) -> None:
    """Notes 18 (p20s11) and 19 (p20s12) are Xi's speech of 22 November 2021 on two government sites."""
    found = mix(kg, "p20s11", "p20s12")
    assert (len(found.works), found.independent) == (2, 1)
    assert [(kind.label, len(kind.works), kind.independent) for kind in found.kinds] == [("PRC government", 2, 1)]


def test_one_work_cited_three_times_is_one_source(kg: KnowledgeGraph) -> None:
    """Notes 28, 31 and 41 cite the plan of action for 2022 to 2025."""
    found = mix(kg, "p26s09", "p34s02", "p47s04")
    assert [(kind.label, len(kind.works), len(kind.segments)) for kind in found.kinds] == [
        ("joint official document", 1, 3)
    ]


@pytest.mark.parametrize(
    "segment, label",
    [
        ("p14s04", "PRC government"),
        ("p20s09", "academic"),
        ("p17s03", "ASEAN"),
        ("p39s06", "US government"),
        ("p41s02", "academic"),
        ("p37s04", "US government"),
    ],
)
def test_the_kind_of_one_source(kg: KnowledgeGraph, segment: str, label: str) -> None:
    assert [kind.label for kind in mix(kg, segment).kinds] == [label]


def test_footnotes_and_errata_stand_for_themselves_and_their_sentence(kg: KnowledgeGraph) -> None:
    """Footnote 22 cites the news item behind p22s07; the erratum there leads to the same; footnote 3 cites nothing."""
    assert mix(kg, "fn22").works == mix(kg, "p22s07").works != ()
    corrected = source_mix(kg, ["https://w3id.org/bri-kg/erratum/jakarta-bandung-testing-year"])
    assert corrected.segments == ("p22s07",)
    assert mix(kg, "fn03").without_work == ("fn03",)


def test_graphs_that_are_no_sentences_are_passed_over(kg: KnowledgeGraph) -> None:
    nothing = source_mix(kg, ["https://w3id.org/bri-kg/graph/entities/states"])
    assert nothing.segments == ()
    assert str(nothing) == "The answer rests on no sentence of the paper."


def test_the_whole_paper(kg: KnowledgeGraph) -> None:
    """Seven sentences lost the marker of their footnote: notes 6, 20, 24, 25, 32, 33 and 34."""
    found = source_mix(kg, [sentence.iri for sentence in kg.sources.all() if sentence.kind == "sentence"])
    assert found.inferred == ("p11s06", "p21s08", "p26s03", "p26s04", "p37s03", "p37s04", "p37s05")
    resting = {segment for kind in found.kinds for segment in kind.segments}
    assert len(resting) + len(found.without_footnote) + len(found.without_work) == len(found.segments)


def test_formats_and_chinese(kg: KnowledgeGraph) -> None:
    found = mix(kg, "p08s03", "p36s04")
    rows = json.loads(found.to_format("json"))
    assert rows[0] == dict(zip(COLUMNS, ["press", "1", "1", "1", "0"], strict=True))
    assert rows[1] == dict(zip(COLUMNS, ["no footnote", "0", "0", "1", "0"], strict=True))
    chinese = source_mix(KnowledgeGraph(kg.store, "zh"), [segment_iri("p08s03"), segment_iri("p36s04")])
    assert str(chinese) == "所据 2 句出自 1 种相互独立的文献（新闻媒体 1）；1 句无脚注。"
    assert chinese.rows()[1][0] == "无脚注"


def test_a_work_by_mark_and_by_inference_counts_as_marked(graph_of: GraphMaker) -> None:
    kg = graph_of(
        """
        segment:p01s01 { segment:p01s01 bri:page 1 ; bri:readingOrder 1 ; bri:footnote segment:fn01 ; bri:inferredFootnote segment:fn02 . }
        segment:fn01 { segment:fn01 bri:cites work:a . }
        segment:fn02 { segment:fn02 bri:cites work:a , work:b . work:a bri:sourceKind concept:press . work:b bri:sourceKind concept:press . }
        """
    )
    (press,) = mix(kg, "p01s01").kinds
    assert (len(press.works), press.segments, press.inferred) == (2, ("p01s01",), ())
