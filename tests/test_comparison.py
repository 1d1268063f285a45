"""Comparisons: expectations written from the paper's sentences on the GSI (p. 78), the BRI, the TPP and the AIIB."""

from __future__ import annotations

import csv
import io
import json

import pytest
from conftest import GraphMaker

from bri_kg import KnowledgeGraph
from bri_kg.citing.comparison import COLUMNS, Comparison, compare
from bri_kg.citing.holders import Holders
from bri_kg.errors import NameLookupError, UsageError
from bri_kg.names import expand

STATES = "Brunei Cambodia Indonesia Laos Malaysia Myanmar Philippines Singapore Thailand Vietnam".split()


def by_group(comparison: Comparison) -> dict[str, list[tuple[str, str, str]]]:
    """Holder, stance and ids of the sentences, by group, in the order shown."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for view in comparison.views:
        ids = " ".join(sentence.id for sentence in view.sentences)
        found.setdefault(view.group_label, []).append((view.holder, view.stance, ids))
    return found


def test_gsi_by_state(kg: KnowledgeGraph) -> None:
    """p45s03 to p45s05 name seven members in three shades; Brunei, Malaysia and Myanmar are not named, nor is the US."""
    full, willing, unspoken = (
        "fully supportive and willing to take part",
        "willing to communicate and explore co-operation",
        "made no mention or only expressed concern",
    )
    found = by_group(kg.compare("GSI", by="state"))
    assert list(found) == [*STATES, "China", "United States"]
    for state in ("Laos", "Cambodia"):
        assert found[state] == [(state, full, "p45s03")]
    for state in ("Indonesia", "Thailand", "Philippines"):
        assert found[state] == [(state, willing, "p45s04")]
    for state in ("Singapore", "Vietnam"):
        assert found[state] == [(state, unspoken, "p45s05")]
    silent = [view.group_label for view in kg.compare("GSI", by="state").views if view.is_silence]
    assert silent == ["Brunei", "Malaysia", "Myanmar", "United States"]
    assert found["Myanmar"] == [("", "", "")]


def test_who_only_acts_is_not_silent(kg: KnowledgeGraph) -> None:
    """China proposed the GSI (p44s02); no sentence gives a view of China's on it."""
    (row,) = (view for view in kg.compare("GSI", by="state").views if view.group_label == "China")
    assert (row.kind, row.stance, row.what) == ("Act: Launch", "proposed", "Launch: Global Security Initiative")
    assert not row.is_silence


def test_tpp_by_administration(kg: KnowledgeGraph) -> None:
    """Obama's started it (p36s05), Trump's abandoned it (p36s06), Biden's is not told to have said or done anything about it."""
    comparison = kg.compare("TPP", by="administration")
    found = by_group(comparison)
    assert list(found) == ["Obama administration", "Trump administration", "Biden administration"]
    assert {row[2] for row in found["Obama administration"]} == {"p36s05"}
    assert ("Obama administration", "started", "p36s05") in found["Obama administration"]
    assert found["Trump administration"] == [("Trump administration", "abandoned", "p36s06")]
    assert comparison.views[-1].is_silence
    assert comparison.views[-1].what == "says nothing of it in the paper"


def test_bri_by_administration(kg: KnowledgeGraph) -> None:
    """Trump's was relatively positive (p37s02), then opposed with three labels (p37s03); of the others the authors only tell what they did."""
    comparison = kg.compare("BRI", by="administration")
    trump = [view for view in comparison.views if view.group_label == "Trump administration"]
    assert [(view.stance, view.sentences[0].id) for view in trump if view.kind == "Position"] == [
        ("relatively positive", "p37s02"),
        ("opposed", "p37s03"),
    ]
    assert [(view.stance, view.sentences[0].id) for view in trump if view.kind == "Claim"] == [
        ("critical", "p37s03")
    ] * 3
    for name in ("Obama administration", "Biden administration"):
        told = [view for view in comparison.views if view.group_label == name]
        assert {(view.holder, view.tie) for view in told} == {
            ("The authors", "says of it; it is given no view of its own")
        }
    assert [view.sentences[0].id for view in comparison.views if view.group_label == "Biden administration"] == [
        "p40s01"
    ]


def test_bri_by_claimant(kg: KnowledgeGraph) -> None:
    """Each holder of a view on the BRI stands in the group to which the paper ties him."""
    found = by_group(kg.compare("BRI"))
    assert list(found) == [
        "China and its leaders",
        "US administrations, bodies and think tanks",
        "ASEAN, its member states and voices from them",
        "The authors",
        "Others",
    ]
    holders = {group: {row[0] for row in rows} for group, rows in found.items()}
    assert holders["China and its leaders"] == {"Xi Jinping", "China", "China; Xi Jinping"}
    assert holders["US administrations, bodies and think tanks"] == {
        "The US and Western countries",
        "Trump administration",
        "US decision-makers",
        "US domestic opinion",
        "US establishment",
        "US think tanks",
        "United States",
    }
    asean = found["ASEAN, its member states and voices from them"]
    for state in ("Singapore", "Cambodia", "Laos", "Brunei", "Thailand"):
        assert (state, "among the first to support", "p08s02") in asean
    for state in ("Vietnam", "Malaysia", "Indonesia", "Philippines"):
        assert (state, "hesitant", "p08s04") in asean
    assert ("Some Vietnamese scholars", "wary", "fn03") in asean
    assert holders["The authors"] == {"The authors"}
    assert holders["Others"] == {"Analysts", "Recipient countries along the route"}
    think_tanks = {row[2] for row in found["US administrations, bodies and think tanks"] if row[0] == "US think tanks"}
    assert think_tanks == {"p03s04", "p36s03"}


def test_bri_by_state(kg: KnowledgeGraph) -> None:
    """Hesitant members are listed as the paper lists them, with their fear; Myanmar's worry is about a project of the BRI (p13s03)."""
    views = kg.compare("BRI", by="state").views
    vietnam = {(view.holder, view.stance, view.tie) for view in views if view.group_label == "Vietnam"}
    disputants = "Southeast Asian countries in the South China Sea disputes with China"
    assert ("Vietnam", "hesitant", "") in vietnam
    assert (disputants, "wary", "Vietnam among its members") in vietnam
    (myanmar,) = (view for view in views if view.group_label == "Myanmar")
    assert (myanmar.holder, myanmar.tie) == ("Myanmar government", "government")
    assert myanmar.kind == "Claim on Kyaukphyu Special Economic Zone"
    assert [sentence.id for sentence in myanmar.sentences] == ["p13s03"]
    together = {view.holder for view in views if view.group == "together"}
    assert together == {
        "Southeast Asian countries",
        "Some ASEAN members",
        "Association of Southeast Asian Nations",
    }


def test_aiib_by_claimant(kg: KnowledgeGraph) -> None:
    """Obama's administration opposed it (p36s04), Singapore welcomed it (p08s03); Suryono speaks from a think tank in Indonesia (p11s04)."""
    views = kg.compare("AIIB").views
    rows = {(view.group_label.split()[0].strip(","), view.holder, view.tie, view.stance) for view in views}
    assert ("US", "Obama administration", "government", "opposed") in rows
    assert ("ASEAN", "Singapore", "", "welcoming") in rows
    assert ("ASEAN", "Bambang Suryono", "Chairman, Asia Innovation Study Center", "positive") in rows
    assert [view.date for view in views if view.holder == "Singapore"] == ["2014-09"]
    assert [view.sentences[0].reference for view in views if view.holder == "Singapore"] == ["p. 57 (p08s03)"]


def test_dates_come_from_the_event_where_it_was_said(kg: KnowledgeGraph) -> None:
    """Xi's call of April 2019 for high quality (p14s02) has no date of its own in the graph; the forum has."""
    dates = {view.sentences[0].id: view.date for view in kg.compare("BRI").views if view.holder == "Xi Jinping"}
    assert dates["p14s02"] == "2019-04"
    assert dates["p14s05"] == "2021-11"


def test_every_row_is_silent_or_has_a_sentence(kg: KnowledgeGraph) -> None:
    for topic in ("BRI", "GDI", "RCEP", "China-Laos Railway", "South China Sea issue"):
        for by in ("claimant", "state", "administration"):
            for view in kg.compare(topic, by=by).views:
                assert view.is_silence != bool(view.sentences), view


def test_all_attributions_on_the_topic_are_shown(kg: KnowledgeGraph) -> None:
    """By claimant nothing is lost: each attribution about the BRI stands in the group of each of its holders."""
    answer = kg.query(
        "SELECT DISTINCT ?x { ?x a bri:Attribution ; bri:about|bri:towards initiative:belt-and-road-initiative }"
    )
    assert {view.node for view in kg.compare("BRI").views} == {str(row[0]) for row in answer}


def test_formats(kg: KnowledgeGraph) -> None:
    comparison = kg.compare("GSI", by="state")
    rows = list(csv.reader(io.StringIO(comparison.to_format("csv"))))
    assert rows[0] == list(COLUMNS)
    assert rows[1] == ["Brunei", "", "", "", "", "says nothing of it in the paper", "", ""]
    assert [line.split("\t") for line in comparison.to_format("tsv").splitlines()] == rows
    assert [list(one.values()) for one in json.loads(comparison.to_format("json"))] == rows[1:]
    assert comparison.to_format("md").startswith("| group | holder | tie |")
    assert comparison.to_format("table") == str(comparison)
    assert str(comparison).startswith("Who holds what about Global Security Initiative, by state\n")
    with pytest.raises(UsageError, match="no format 'xml'"):
        comparison.to_format("xml")


def test_chinese(kg: KnowledgeGraph) -> None:
    views = compare(KnowledgeGraph(kg.store, "zh"), "全球安全倡议", "state").views
    rows = {view.group_label: (view.kind, view.stance, view.what) for view in views}
    assert rows["老挝"][:2] == ("立场", "全力支持并愿积极参与")
    assert rows["越南"][2] == "或未提及该倡议，或仅表示关注；论文未说明属于哪一种。"
    assert rows["缅甸"] == ("", "", "论文中未就此发表看法")


def test_what_cannot_be_compared_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="no comparison by 'party'; choose claimant, state, administration"):
        kg.compare("GSI", by="party")
    with pytest.raises(NameLookupError, match="Nothing in the graph is called 'Atlantis'"):
        kg.compare("Atlantis")


def test_ties_come_from_the_graph(kg: KnowledgeGraph) -> None:
    holders = Holders(kg.store, kg.labels)
    china, states, asean = expand("state:china"), expand("state:united-states"), expand("organisation:asean")
    assert [kg.labels.label(state) for state in holders.asean_states] == STATES
    assert holders.ties(str(expand("person:xi-jinping"))) == {china: "President, China"}
    assert holders.ties(str(expand("person:michael-pompeo"))) == {states: "US Secretary of State, United States"}
    assert holders.ties(str(expand("organisation:alibaba"))) == {china: "based in China"}
    assert holders.ties(str(expand("group:us-think-tanks"))) == {states: ""}
    assert holders.ties(str(expand("group:southeast-asian-states"))) == {asean: ""}
    assert holders.ties(str(expand("group:analysts"))) == {}


def test_every_unsaid_tie_is_of_an_actor_in_the_graph(kg: KnowledgeGraph) -> None:
    from bri_kg.citing.holders import _UNSAID

    for actor, place in _UNSAID.items():
        assert "Actor" in kg.lookup.kinds(actor), actor
        assert "Actor" in kg.lookup.kinds(place), place


def test_joint_views_stand_with_each_holder(graph_of: GraphMaker) -> None:
    """A promise of two holders is one row in each group, with the sentences of both graphs that tell it."""
    kg = graph_of(
        """
        segment:p01s01 {
            state:china a bri:State . organisation:asean a bri:Organisation .
            initiative:x a bri:Initiative ; skos:prefLabel "X"@en .
            commitment:both a bri:Commitment ; bri:committer state:china ; bri:committer organisation:asean ;
                bri:about initiative:x ; bri:gloss "They will."@en .
        }
        """
    )
    rows = [(view.group, view.holders, view.what) for view in kg.compare("X").views if not view.is_silence]
    china, asean = str(expand("state:china")), str(expand("organisation:asean"))
    assert rows == [(china, (china,), "They will."), (asean, (asean,), "They will.")]
