"""Voices: what the paper states, what it tells on somebody's word, and what an erratum puts right."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from bri_kg import KnowledgeGraph
from bri_kg.citing.voices import Voice, select_voice, voice_of, voices_in_words
from bri_kg.errors import UsageError
from bri_kg.names import bri, expand


def iri(name: str) -> str:
    found = expand(name)
    assert found
    return found


def voice(kg: KnowledgeGraph, graphs: str, nodes: str) -> Voice:
    return voice_of(kg, [iri(name) for name in graphs.split()], [iri(name) for name in nodes.split()])


def test_an_attribution_is_a_claim_of_its_holder(kg: KnowledgeGraph) -> None:
    """p36s03: some US think tanks, as the authors tell, see a Chinese Marshall Plan."""
    found = voice(kg, "segment:p36s03", "claim:bri-as-chinese-marshall-plan")
    assert found == Voice(
        "claims", (iri("claim:bri-as-chinese-marshall-plan"),), (iri("group:us-think-tanks"),), is_reported=True
    )


def test_what_is_reached_only_through_an_attribution_is_claimed(kg: KnowledgeGraph) -> None:
    """p37s03: the label stands in the administration's mouth."""
    found = voice(kg, "segment:p37s03", "initiative:belt-and-road-initiative notion:debt-trap")
    assert found.kind == "claims"
    assert found.holders == (iri("government:trump-administration"),)


def test_the_nearest_attribution_counts(kg: KnowledgeGraph) -> None:
    """p45s03 names Laos and Cambodia with one attitude; the row on Cambodia is Cambodia's alone."""
    found = voice(kg, "segment:p45s03", "state:cambodia concept:fully-supportive")
    assert found.attributions == (iri("position:cambodia-on-gsi"),)


def test_the_authors_own_view_is_not_reported(kg: KnowledgeGraph) -> None:
    found = voice(kg, "segment:p45s02", "claim:asean-attitudes-to-gsi-differ-subtly")
    assert found.holders == (iri("person:liang-hong"), iri("person:zhang-jie"))
    assert not found.is_reported


def test_a_stated_event_is_a_fact_though_a_claim_stands_beside_it(kg: KnowledgeGraph) -> None:
    """p36s05 tells that the TPP was started (fact) and why (the authors' reading)."""
    row = "agreement:trans-pacific-partnership government:obama-administration"
    assert voice(kg, "segment:p36s05", row) == Voice("facts")
    assert voice(kg, "segment:t1r01", "state:laos organisation:asean") == Voice("facts")


def test_a_literal_of_a_claim_is_claimed(kg: KnowledgeGraph) -> None:
    gloss = ox.Literal('The BRI is "debt-trap diplomacy".', language="en")
    found = voice_of(kg, [iri("segment:p37s03")], [ox.NamedNode(iri("government:trump-administration")), gloss, None])
    assert found.attributions == (iri("claim:bri-is-debt-trap-diplomacy"),)


def test_a_component_of_a_promise_is_the_promises(kg: KnowledgeGraph) -> None:
    """p26s04: digital governance dialogue is part of what China set itself to do."""
    found = voice(kg, "segment:p26s04", "component:digital-governance-dialogue-and-rule-coordination")
    assert found.attributions == (iri("commitment:china-digital-cooperation"),)
    assert found.holders == (iri("state:china"),)


def test_a_correction_is_named(kg: KnowledgeGraph) -> None:
    """p22s07 prints May 2012 for the test runs; footnote 22 shows 2023."""
    found = voice(
        kg, "segment:p22s07 erratum:jakarta-bandung-testing-year", "project:jakarta-bandung-high-speed-railway"
    )
    assert found.kind == "facts"
    assert found.errata == (iri("erratum:jakarta-bandung-testing-year"),)


def test_a_row_of_no_cited_term_goes_by_its_graphs(kg: KnowledgeGraph) -> None:
    """A count over p36s03, which only tells views, rests on claims; one over Table 1's first row does not."""
    count = ox.Literal("3", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert voice_of(kg, [iri("segment:p36s03")], [count]).holders == (iri("group:us-think-tanks"),)
    assert voice_of(kg, [iri("segment:t1r01")], [count]) == Voice("facts")
    assert voice_of(kg, [], [count]) == Voice("facts")


def test_known_triples_decide(kg: KnowledgeGraph) -> None:
    """p36s04: the Obama administration is named as one who acts and as one who opposes; the terms alone cannot tell which is meant."""
    holder = ox.NamedNode(iri("government:obama-administration"))
    position = ox.NamedNode(iri("position:obama-administration-towards-aiib"))
    graphs = [iri("segment:p36s04")]
    assert voice_of(kg, graphs, [holder]).kind == "facts"
    opposed = ox.Triple(position, ox.NamedNode(bri("holder")), holder)
    assert voice_of(kg, graphs, [holder], [opposed]).attributions == (position.value,)
    acted = ox.Triple(ox.NamedNode(iri("measure:obama-asia-pacific-rebalance")), ox.NamedNode(bri("actor")), holder)
    assert voice_of(kg, graphs, [holder], [acted]).kind == "facts"


@pytest.mark.parametrize("name, params", [("claims-about", {"topic": "BRI"}), ("positions-on", {"undertaking": "GSI"})])
def test_stored_questions_on_views_rest_on_claims(kg: KnowledgeGraph, name: str, params: dict[str, str]) -> None:
    answer = kg.ask(name, **params)
    place = answer.columns.index("segment")
    assert len(answer)
    assert {
        voice_of(kg, [row[place].value], row).kind for row in answer.terms if isinstance(row[place], ox.NamedNode)
    } == {"claims"}


def test_rows_are_chosen_by_voice() -> None:
    voices = [Voice("facts"), Voice("claims"), Voice("facts")]
    assert select_voice(voices, "facts") == [0, 2]
    assert select_voice(voices, "claims") == [1]
    assert select_voice(voices, "all") == [0, 1, 2]
    with pytest.raises(UsageError, match="no voice 'rumours'; choose facts, claims, links, records, all"):
        select_voice(voices, "rumours")


def test_the_heading_says_whose_word(kg: KnowledgeGraph) -> None:
    think_tanks = voice(kg, "segment:p36s03", "claim:bri-as-chinese-marshall-plan")
    own = voice(kg, "segment:p45s02", "claim:asean-attitudes-to-gsi-differ-subtly")
    fact = Voice("facts", errata=(iri("erratum:jakarta-bandung-testing-year"),))
    assert voices_in_words(kg, [think_tanks, own, own, Voice("facts")]) == (
        "3 of 4 rows rest on claims: the authors (2); US think tanks, as the authors report (1)."
    )
    assert voices_in_words(kg, [own]) == "The one row rests on a claim: the authors."
    assert voices_in_words(kg, [fact, Voice("facts")]) == "1 of 2 rows rests on a correction."
    assert voices_in_words(kg, [Voice("facts")]) == ""
    assert voices_in_words(KnowledgeGraph(kg.store, "zh"), [think_tanks, Voice("facts")]) == (
        "2 行中有 1 行基于主张：美国智库（作者转述） (1)。"
    )
