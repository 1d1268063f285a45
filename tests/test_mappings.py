"""Mapping sets: read, refused, loaded, cited, shown and checked; the packaged ones also by the library of SSSOM itself."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pyoxigraph as ox
import pytest

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.cards import write_card
from bri_kg.cards.verification import verify_card
from bri_kg.errors import DataError, UsageError
from bri_kg.files import data_folder
from bri_kg.links.evidence import Evidence, holds
from bri_kg.links.faults import external_folder, find_link_faults
from bri_kg.links.mappings import ENDING, MappingRow, identifier_of, mapping_quads, read_set, scheme_of
from bri_kg.names import PREFIXES, expand, graph_kind, shorten

SETS = sorted((data_folder() / "links").glob(f"*{ENDING}"))
HEAD = """#sssom_version: "1.1"
#mapping_set_id: https://w3id.org/bri-kg/mapping-set/small
#mapping_set_title: A small set
#license: https://creativecommons.org/licenses/by/4.0/
#creator_label:
#  - Somebody
#curie_map:
#  bri: https://w3id.org/bri-kg/ontology#
#  code: https://w3id.org/bri-kg/code/
#  dataset: https://w3id.org/bri-kg/dataset/
#  project: https://w3id.org/bri-kg/project/
#  record: https://w3id.org/bri-kg/record/
#  state: https://w3id.org/bri-kg/state/
#  wikidata: http://www.wikidata.org/entity/
"""
COLUMNS = (
    "subject_id subject_label predicate_id predicate_modifier object_id object_label mapping_justification confidence"
    " object_source object_source_version mapping_date evidence_file evidence_row comment"
).split()
WORLD = """
    state:laos a bri:State ; skos:prefLabel "Laos"@en ; skos:prefLabel "老挝"@zh-Hans .
    state:china a bri:State ; skos:prefLabel "China"@en ; skos:prefLabel "中国"@zh-Hans .
    project:dam a bri:Project ; skos:prefLabel "Dam"@en ; skos:prefLabel "水坝"@zh-Hans .
    scheme:wikidata a bri:IdentifierScheme ; skos:prefLabel "Wikidata"@en ; skos:prefLabel "维基数据"@zh-Hans .
    segment:p01s01 bri:page 53 ; bri:readingOrder 1 ; bri:gist "The dam is in Laos."@en ; bri:disposition concept:stated .
    segment:p01s01 { project:dam bri:hostCountry state:laos . }
    <https://w3id.org/bri-kg/dataset/list> {
        <https://w3id.org/bri-kg/dataset/list> dcterms:title "A list"@en ; dcat:version "2.0" ;
            dcterms:license <https://creativecommons.org/licenses/by/4.0/> ; dcterms:source <https://example.org/list> .
    }
    <https://w3id.org/bri-kg/record/list/7> {
        <https://w3id.org/bri-kg/record/list/7> ext:name "Loan for the dam" ; ext:line 8 ; ext:amount 5 .
    }
"""
FILES = {
    "list/list.csv": 'id,name,qid\n1,Laos,https://www.wikidata.org/wiki/Q819\n2,"China,\nmainland",Q148\n7,Loan for the dam,\n',
    "list/tree.json": '{"features": [{"properties": {"id": "P7", "qid": "Q900"}}, {"properties": {"id": "P8", "qid": "Q901"}}]}',
    "list/tree.yaml": "- id:\n    wikidata: Q76\n    govtrack: 412733\n- id:\n    wikidata: Q77\n    govtrack: 5\n",
    "list/tree.xml": "<list><item><code>47003</code><name>ASEAN</name></item><item><code>47004</code></item></list>",
    "list/lines.txt": "first\nQ819 is here\n",
}


def row(subject: str = "state:laos", object: str = "wikidata:Q819", **cells: str) -> list[str]:
    made = {
        "subject_id": subject,
        "subject_label": {"state:laos": "Laos", "state:china": "China", "project:dam": "Dam"}.get(subject, ""),
        "predicate_id": "skos:exactMatch",
        "object_id": object,
        "mapping_justification": "semapv:ManualMappingCuration",
        "confidence": "0.9",
        "object_source": "dataset:list",
        "object_source_version": "2.0",
        "mapping_date": "2026-11-24",
        "evidence_file": "list/list.csv",
        "evidence_row": "2",
    } | cells
    return [made.get(column, "") for column in COLUMNS]


def text(*rows: list[str], head: str = HEAD, columns: list[str] = COLUMNS) -> str:
    return head + "".join("\t".join(cells) + "\n" for cells in [columns, *rows])


def write(folder: Path, content: str, name: str = "small") -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / f"{name}{ENDING}"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def external(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "external" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "external"


@pytest.fixture
def small(tmp_path: Path) -> KnowledgeGraph:
    """A sentence, a link, a record and its dataset."""
    folder = tmp_path / "graph"
    write(
        folder,
        text(
            row(comment="Why."),
            row(object="wikidata:Q424", predicate_modifier="Not", comment="That is Cambodia."),
            row("state:china", "sssom:NoTermFound", evidence_row="searched: name"),
            row("project:dam", "record:list/7", predicate_id="bri:financedByRecord", evidence_row="id=7"),
        ),
    )
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    (folder / "world.trig").write_text(prefixes + WORLD, encoding="utf-8")
    return bri_kg.load(folder)


# Reading


def test_a_row_becomes_a_triple_and_a_node_that_says_all(small: KnowledgeGraph) -> None:
    graph = ox.NamedNode(PREFIXES["mapping-set"] + "small")
    laos = ox.NamedNode(expand("state:laos"))
    plain = list(small.store.quads_for_pattern(laos, None, None, graph))
    assert [(shorten(one.predicate.value), shorten(one.object.value)) for one in plain] == [
        ("skos:exactMatch", "wikidata:Q819")
    ], "neither the match that is denied nor the search without result is a triple"
    rows = small.query(
        """SELECT ?target ?modifier ?confidence ?file ?row ?date ?scheme ?identifier ?comment {
            ?mapping a bri:Mapping, owl:Axiom ; owl:annotatedSource state:laos ; owl:annotatedProperty skos:exactMatch ;
                owl:annotatedTarget ?target ; sssom:confidence ?confidence ; bri:evidenceFile ?file ; bri:evidenceRow ?row ;
                sssom:mapping_justification semapv:ManualMappingCuration ; dcterms:created ?date ; bri:identifierScheme ?scheme ;
                bri:identifier ?identifier ; rdfs:comment ?comment .
            OPTIONAL { ?mapping sssom:predicate_modifier ?modifier }
        } ORDER BY ?target"""
    )
    assert rows.labelled() == [
        ["wikidata:Q424", "sssom:NegatedPredicate", "0.9", "list/list.csv", "2", "2026-11-24", "Wikidata", "Q424", "That is Cambodia."],
        ["wikidata:Q819", "", "0.9", "list/list.csv", "2", "2026-11-24", "Wikidata", "Q819", "Why."],
    ]  # fmt: skip
    assert small.query("ASK { state:china ?p sssom:NoTermFound }").boolean is False
    assert small.query(
        "ASK { <https://w3id.org/bri-kg/mapping-set/small> a sssom:MappingSet ; dcterms:title 'A small set' ; sssom:creator_label 'Somebody' }"
    )


def test_the_name_of_a_mapping_stays_when_rows_move(tmp_path: Path) -> None:
    one, two = row(), row("state:china", "wikidata:Q148")
    first = {str(quad) for quad in mapping_quads(read_set(write(tmp_path / "a", text(one, two))))}
    second = {str(quad) for quad in mapping_quads(read_set(write(tmp_path / "b", text(two, one))))}
    assert first == second


@pytest.mark.parametrize(
    "iri, scheme, identifier",
    [
        ("http://www.wikidata.org/entity/Q819", "scheme:wikidata", "Q819"),
        ("https://sws.geonames.org/1655842/", "scheme:geonames", "1655842"),
        ("https://w3id.org/bri-kg/code/iso3166-2/KH-12", "scheme:iso3166-2", "KH-12"),
        ("https://w3id.org/bri-kg/record/gptad/ASEAN%20%28AFTA%29", "scheme:gptad", "ASEAN (AFTA)"),
        ("https://www.openstreetmap.org/way/12", "scheme:osm", "way/12"),
        ("https://example.org/7", "", "//example.org/7"),
    ],
)
def test_an_identifier_is_told_from_its_scheme(iri: str, scheme: str, identifier: str) -> None:
    assert (shorten(scheme_of(iri)) if scheme_of(iri) else "", identifier_of(iri)) == (scheme, identifier)
    assert expand(shorten(iri)) == iri


def test_kinds_of_graphs() -> None:
    names = ["segment:p01s01", "erratum:a", "mapping-set:a", "record:list/7", "dataset:list", "state:laos"]
    assert [graph_kind(expand(name) or "") for name in names] == [
        "segment", "erratum", "mapping-set", "record", "dataset", "other",
    ]  # fmt: skip
    assert graph_kind("https://w3id.org/bri-kg/graph/links/schemes") == "base"


BROKEN = {
    "no head": (text(row(), head=""), ":1: the head is missing; begin with lines such as"),
    "no YAML": (text(row(), head=HEAD + "#a: [\n"), "the head is no YAML"),
    "other name": (text(row(), head=HEAD.replace("set/small", "set/large")), ":1: mapping_set_id is"),
    "no licence": (text(row(), head=HEAD.replace("#license:", "#licence:")), ":1: the head has no license; add it."),
    "unknown key": (text(row(), head=HEAD + "#mapping_sett: x\n"), ":1: 'mapping_sett' is no key of SSSOM that is known here;"),
    "list of prefixes": (text(row(), head=HEAD.partition("#curie_map")[0] + "#curie_map: x\n"), ":1: curie_map is no list of prefixes;"),
    "other namespace": (
        text(row(), head=HEAD.replace("http://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/")),
        ":1: the prefix wikidata stands for http://www.wikidata.org/entity/ here, not for https://www.wikidata.org/wiki/;",
    ),
    "no table": (HEAD, ": the table is missing;"),
    "column missing": (text(row(), columns=["object", *COLUMNS[1:]]), ":15: the column subject_id is missing; add it."),
    "column twice": (text(row(), columns=[*COLUMNS[:-1], COLUMNS[1]]), ":15: the column subject_label stands twice;"),
    "unknown column": (text(row(), columns=[*COLUMNS[:-1], "remark"]), ":15: 'remark' is no column that is known here;"),
    "cells": (text(row()[:-1]), ":16: the row has 13 cells and the table 14 columns;"),
    "quote": (text(row(comment='"open')), "close the quoted cell"),
    "empty object": (text(row(object="")), ":16: object_id is empty; fill it in."),
    "prefix": (text(row(object="wikidat:Q819")), ":16: object_id is 'wikidat:Q819', which is no name: its prefix is not in curie_map;"),
    "no prefix": (text(row("laos")), ":16: subject_id is 'laos', which is no name: it has no prefix."),
    "no IRI": (text(row(object="record:list/a b")), ":16: object_id is 'record:list/a b', which gives no valid IRI:"),
    "modifier": (text(row(predicate_modifier="not")), ":16: predicate_modifier is 'not'; write Not, or leave it empty."),
    "confidence": (text(row(confidence="1.5")), ":16: confidence is '1.5'; write a number from 0 to 1"),
    "comma": (text(row(confidence="0,5")), ":16: confidence is '0,5'; write a number from 0 to 1"),
    "date": (text(row(mapping_date="24.11.2026")), ":16: mapping_date is '24.11.2026'; write year, month and day,"),
    "Not and none": (
        text(row(object="sssom:NoTermFound", predicate_modifier="Not")),
        ":16: 'Not' and sssom:NoTermFound cannot stand in one row;",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_set_is_refused_with_its_line_and_nothing_is_loaded(tmp_path: Path, case: str) -> None:
    content, message = BROKEN[case]
    path = write(tmp_path / "links", content)
    with pytest.raises(DataError) as caught:
        bri_kg.load(tmp_path / "links")
    assert str(caught.value).startswith(str(path)) and message in str(caught.value)


def test_a_set_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"small{ENDING}"
    path.write_bytes(text(row(comment="é")).encode("latin-1"))
    with pytest.raises(DataError, match="Write it as UTF-8"):
        read_set(path)


# Citing


BOTH = "SELECT ?dam ?item { ?dam bri:hostCountry ?country . ?country skos:exactMatch ?item }"


def test_an_answer_cites_the_set_and_stands_on_it(small: KnowledgeGraph) -> None:
    answer = small.query(BOTH)
    (citation,) = answer.cite()
    assert set(map(shorten, citation)) == {"segment:p01s01", "mapping-set:small"}
    assert small.restrict(citation).query(BOTH).terms == answer.terms
    for name in citation:
        assert len(small.restrict(set(citation) - {name}).query(BOTH)) == 0


def test_every_row_of_the_packaged_links_cites_a_mapping_set(kg: KnowledgeGraph) -> None:
    answer = kg.ask("identities-in", scheme="GeoNames")
    assert len(answer) >= 20
    citations = answer.cite()
    assert {graph_kind(name) for citation in citations for name in citation} == {"mapping-set"}
    for citation in set(citations):
        rows = {cells for cells, other in zip(answer.terms, citations, strict=True) if other == citation}
        again = kg.restrict(citation).ask("identities-in", scheme=ox.NamedNode(PREFIXES["scheme"] + "geonames"))
        assert rows <= set(again.terms)
    assert len(kg.restrict(["p09s03"]).ask("identities-in", scheme="GeoNames")) == 0


def test_a_mapping_is_shown_with_confidence_file_and_row(small: KnowledgeGraph) -> None:
    cited = small.query(BOTH).cited()
    (found,) = cited.rows
    sentence, link = found.grounds
    assert (sentence.kind, sentence.name, sentence.note) == ("segment", "p01s01", "")
    assert (link.kind, link.name, link.voice) == ("mapping-set", "mapping-set:small", "a link of ours, not the paper's")
    assert link.note == "Laos same as wikidata:Q819 [confidence 0.9, list/list.csv, 2]"
    assert cited.heading == "1 of 1 rows need links of ours to identifiers elsewhere."
    assert cited.mix.endswith("Beside the paper: links of ours to identifiers elsewhere (mapping sets: 1).")
    shown = " ".join(cited.to_format("table").split())
    assert "p. 53 (p01s01) · stated as fact: The dam is in Laos." in shown
    assert (
        "mapping-set:small · a link of ours, not the paper's: Laos same as wikidata:Q819 [confidence 0.9, list/list.csv, 2]"
        in shown
    )
    for name in ("md", "csv", "json"):
        assert "mapping-set:small" in cited.to_format(name)
    assert "wikidata:Q819" in cited._repr_html_()


def test_a_mapping_is_shown_in_chinese(small: KnowledgeGraph) -> None:
    (found,) = small.in_language("zh").query(BOTH).cited().rows
    assert found.grounds[1].note == "老挝 等同于 wikidata:Q819 [置信度 0.9, list/list.csv, 2]"
    assert found.grounds[1].voice == "本图谱所作对应，非论文内容"


def test_a_record_is_shown_with_dataset_version_and_licence(small: KnowledgeGraph) -> None:
    answer = small.query("SELECT ?name { project:dam bri:financedByRecord ?record . ?record ext:name ?name }")
    (found,) = answer.cited().rows
    link, record = found.grounds
    assert (link.kind, record.kind, record.name, record.voice) == (
        "mapping-set",
        "record",
        "record:list/7",
        "external record",
    )
    assert record.note == "Loan for the dam, A list 2.0 (https://creativecommons.org/licenses/by/4.0/), line 8"
    assert found.voice.kind == "records"
    assert answer.cited().heading == "1 of 1 rows rest on external records, which are not the paper's."
    assert "external records of A list 2.0 (https://creativecommons.org/licenses/by/4.0/): 1" in answer.cited().mix
    bibtex = answer.references("bibtex")
    assert (
        "@misc{dataset-list," in bibtex
        and "title = {{A list 2.0}}" in bibtex
        and "url = {https://example.org/list}" in bibtex
    )
    assert "@misc{mapping-set-small," in bibtex and "author = {{Somebody}}" in bibtex
    kinds = {one["id"]: one["type"] for one in json.loads(answer.references("csl"))}
    assert kinds == {"dataset-list": "dataset", "mapping-set-small": "dataset"}
    dataset = small.query("SELECT ?title { dataset:list dcterms:title ?title }").cited().rows[0].grounds[0]
    assert (dataset.kind, dataset.voice) == ("dataset", "description of a dataset")


def test_a_count_shows_a_few_links_and_says_how_many_more(kg: KnowledgeGraph) -> None:
    (found,) = kg.query("SELECT (COUNT(?x) AS ?n) { state:laos skos:exactMatch ?x }").cited().rows
    assert found.voice.kind == "links"
    assert found.grounds[0].note == "States of the paper in lists of countries"
    (named,) = kg.query("SELECT DISTINCT ?s { VALUES ?s { state:laos } ?s skos:exactMatch ?x }").cited().rows
    assert named.grounds[0].note.count("Laos same as") == 3
    assert named.grounds[0].note.endswith("more of this set")


VOICED = """SELECT ?kind ?what {
    { BIND ("fact" AS ?kind) ?what bri:hostCountry state:laos }
    UNION { BIND ("link" AS ?kind) ?dam bri:hostCountry ?c . ?c skos:exactMatch ?what }
    UNION { BIND ("record" AS ?kind) project:dam bri:financedByRecord ?r . ?r ext:amount ?what }
}"""


@pytest.mark.parametrize(
    "voice, kinds", [("facts", ["fact"]), ("links", ["link"]), ("records", ["record"]), ("claims", [])]
)
def test_what_is_not_the_papers_alone_is_not_among_its_facts(
    small: KnowledgeGraph, voice: str, kinds: list[str]
) -> None:
    answer = small.query(VOICED)
    assert [kind for kind, _ in answer.voiced(voice).labelled()] == kinds
    assert len(answer.voiced("all")) == 3
    with pytest.raises(UsageError, match="choose facts, claims, links, records, all"):
        answer.voiced("fact")


def test_a_claim_stays_a_claim_when_a_link_is_added(kg: KnowledgeGraph) -> None:
    query = "SELECT ?claim ?item { ?claim a bri:Claim ; bri:about ?country . ?country skos:exactMatch ?item }"
    cited = kg.query(query).cited()
    assert len(cited.rows) >= 5
    assert {found.voice.kind for found in cited.rows} == {"claims"}


def test_a_card_keeps_the_digest_of_a_mapping_set(small: KnowledgeGraph, tmp_path: Path) -> None:
    path = write_card(small.query(BOTH), tmp_path / "card.json")
    card = json.loads(path.read_text(encoding="utf-8"))
    name = PREFIXES["mapping-set"] + "small"
    assert card["graphs"][name]["note"] == "A small set" and len(card["graphs"][name]["sha256"]) == 64
    assert card["citations"][0]["voice"] == "links"
    assert verify_card(small, path).state == "same"
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    assert "Beside the paper" in page and "mapping-set:small" in page and card["graphs"][name]["sha256"] in page
    other = ox.Store(None)
    other.bulk_extend(quad for quad in small.store if "That is Cambodia" not in str(quad))
    changed = verify_card(KnowledgeGraph(other), path)
    assert "The graph mapping-set:small holds something else than the card says." in changed.changes
    other.remove_graph(ox.NamedNode(name))
    assert "The graph mapping-set:small is not here." in verify_card(KnowledgeGraph(other), path).changes


# Showing


def test_a_thing_shows_its_identities_apart_from_what_the_paper_says(small: KnowledgeGraph) -> None:
    described = small.describe("Laos")
    assert [(one.property, one.identifier) for one in described.identities] == [
        ("same as", "wikidata:Q819"),
        ("not same as", "wikidata:Q424"),
    ]
    assert not any("Q819" in value.text for fact in described.facts for value in fact.values)
    shown = str(described)
    facts, _, links = shown.partition("Identities elsewhere (2), links of ours and not the paper's")
    assert "Q819" not in facts and "Wikidata: same as wikidata:Q819" in links
    assert "confidence 0.9, list/list.csv, 2, mapping-set:small. That is Cambodia." in links
    columns, rows = described.rows()
    linked = [dict(zip(columns, one, strict=True)) for one in rows if one[columns.index("kind")] == "links"]
    assert [one["value"] for one in linked] == ["wikidata:Q819", "wikidata:Q424"]
    assert {one["voice"] for one in linked} == {"a link of ours, not the paper's"}
    assert "Identities elsewhere" in described._repr_html_()
    nothing = small.describe("China").identities
    assert [(one.identifier, one.said) for one in nothing] == [("none found", "list: none found")]


def test_an_identifier_shows_what_it_stands_for(small: KnowledgeGraph) -> None:
    (one,) = small.describe("wikidata:Q819").identities
    assert (one.said, one.identifier) == ("Wikidata: Laos same as wikidata:Q819", "wikidata:Q819")


def test_laos_of_the_paper(kg: KnowledgeGraph) -> None:
    found = {one.identifier: one for one in kg.describe("Laos").identities}
    assert found["wikidata:Q819"].shown.startswith(
        "confidence 1, country-codes/country-codes.csv, 125, mapping-set:states."
    )
    assert {"code:iso3166-1-alpha-3/LAO", "geonames:1655842/"} <= found.keys()


# The packaged sets


def test_the_packaged_sets_are_sound_and_every_row_is_shown_by_its_file(kg: KnowledgeGraph) -> None:
    assert len(SETS) >= 5
    assert find_link_faults(kg) == []


def test_every_scheme_has_its_name(kg: KnowledgeGraph) -> None:
    used = {scheme_of(one.object) for path in SETS for one in read_set(path).rows if one.object}
    assert {shorten(one) for one in used if kg.labels.label(one) == shorten(one)} == set()


#: The columns of a file in which the identifiers of a scheme stand; another column that chances to hold the same letters shows nothing.
IN_COLUMNS = {
    "country-codes/country-codes.csv": {
        "country-codes": "ISO3166-1-Alpha-3", "edgar": "EDGAR", "fips-10-4": "FIPS", "gaul": "GAUL", "geonames": "Geoname ID", "ioc": "IOC",
        "iso3166-1-alpha-2": "ISO3166-1-Alpha-2", "iso3166-1-alpha-3": "ISO3166-1-Alpha-3", "iso3166-1-numeric": "ISO3166-1-numeric", "itu": "ITU",
        "marc-country": "MARC", "un-m49": "M49|Sub-region Code|Region Code", "wikidata": "wikidata_id", "wmo": "WMO",
    },
    "natural-earth/ne_50m_admin0_attributes_cut.csv": {
        "iso3166-1-numeric": "iso_n3", "natural-earth": "ne_id", "un-m49": "un_a3", "wikidata": "wikidataid", "woeid": "woe_id",
        "world-bank-country": "wb_a3",
    },
    "ror/ror_sea_cn_cut.csv": {"crossref-funder": "fundref", "grid": "grid", "isni": "isni", "ror": "ror_id", "wikidata": "wikidata"},
    "whosonfirst/wof_places_sea_cut.csv": {
        "dbpedia": "dbpedia_name", "geonames": "geonames_id", "iso3166-2": "iso_3166_2", "loc": "loc_id", "whosonfirst": "wof_id",
        "wikidata": "wikidata_id",
    },
    "world-cities/world-cities_sea_cn.csv": {"geonames": "geonameid"},
    "leaders-wikidata/leaders.csv": {"wikidata": "person_qid|position_qid"},
    "un-locode/subdivision-codes_sea_cn.csv": {"iso3166-2": "SUCountry|SUCode", "unlocode": "SUCountry|SUCode"},
    "un-votes/un_roll_calls_cut.csv": {"un-resolution": "unres"},
    "aiddata-gcdf3/gcdf3_selected_records.csv": {"aiddata": "aiddata_record_id|title", "osm": "osm_link"},
    "aiddata-gcdf3/GCDF_3.0_ADM1_Locations_sea_lka.csv": {"aiddata-shape": "shapeID"},
    "aiddata-gcdf3/GCDF_3.0_ADM2_Locations_sea_lka.csv": {"aiddata-shape": "shapeID"},
    "gem-asia-energy/gem_iron_steel_2025-03-24_sea.csv": {"gem": "plant-id"},
    "trade-agreements/GPTAD.csv": {"gptad": "Common.Name"},
    "trade-agreements/HUGGO_additional.csv": {"huggo": "manyID"},
    "trade-agreements/HUGGO_reconciled.csv": {"huggo": "manyID"},
}  # fmt: skip


def out_of_column(rows: tuple[MappingRow, ...], folder: Path) -> list[str]:
    """Return the objects of rows whose line of a file does not hold them in the column that their scheme means."""
    evidence, found = Evidence(folder), []
    for one in rows:
        file, where = one.cells["evidence_file"], one.cells["evidence_row"]
        if not one.object or file not in IN_COLUMNS or not where.isdecimal():
            continue
        columns = IN_COLUMNS[file].get(shorten(scheme_of(one.object)).partition(":")[2], "")
        (cells,) = evidence.rows(file, where)
        held = dict(zip(evidence.rows(file, "1")[0], cells, strict=True))
        if not columns or not holds([held[column] for column in columns.split("|")], one.object):
            found.append(shorten(one.object))
    return found


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name.removesuffix(ENDING))
def test_every_identifier_stands_in_the_column_of_its_scheme(path: Path) -> None:
    if not external_folder().is_dir():
        pytest.skip("../shared/external is not here: rows cannot be held against their files")
    assert out_of_column(read_set(path).rows, external_folder()) == []


@pytest.mark.parametrize(
    "object, where, fault",
    [
        ("code:wmo/LA", "2", False),
        ("code:marc-country/LA", "2", True),  # another column holds these letters
        ("code:football/LA", "2", True),
        ("code:wmo/LA", "3", True),
    ],
)
def test_an_identifier_in_another_column_is_noticed(tmp_path: Path, object: str, where: str, fault: bool) -> None:
    folder = tmp_path / "external" / "country-codes"
    folder.mkdir(parents=True)
    (folder / "country-codes.csv").write_text("MARC,WMO,FIPS\nls,LA,LA\nat,AU,AS\n", encoding="utf-8")
    cells = {"object": object, "evidence_file": "country-codes/country-codes.csv", "evidence_row": where}
    rows = read_set(write(tmp_path, text(row(**cells)))).rows
    assert bool(out_of_column(rows, tmp_path / "external")) is fault


def test_what_is_a_record_of_money_a_part_or_a_namesake_is_said_to_be_that(kg: KnowledgeGraph) -> None:
    """The four things of the same name, by what the sets say of them."""
    park, port = "project:malaysia-china-kuantan-industrial-park", "place:hambantota-port"
    for subject, predicate, object, told in [
        (park, "bri:containsRecord", "record:gem/P100000120750", True),  # the plant stands in the park
        (park, "skos:exactMatch", "record:gem/P100000120750", False),
        (park, "skos:exactMatch", "record:whosonfirst/102023459", False),  # the city
        (park, "skos:exactMatch", "code:iso3166-2/MY-06", False),  # the state
        (port, "bri:financedByRecord", "record:aiddata/33409", True),
        (port, "skos:exactMatch", "record:aiddata/33409", False),
        ("project:jakarta-bandung-high-speed-railway", "skos:relatedMatch", "record:aiddata/61321", True),
        ("project:jakarta-bandung-high-speed-railway", "bri:financedByRecord", "record:aiddata/61321", False),
        ("state:china", "skos:exactMatch", "code:un-m49/156", True),
        ("state:china", "skos:exactMatch", "code:un-m49/344", False),
    ]:
        names = [f"<{expand(name)}>" for name in (subject, predicate, object)]
        assert kg.query(f"ASK {{ {' '.join(names)} }}").boolean is told, (subject, predicate, object)


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name.removesuffix(ENDING))
@pytest.mark.filterwarnings("ignore")  # the library's own
def test_the_library_of_sssom_finds_a_set_valid(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It passes over the two extension slots, and says so; anything else that it says is a fault."""
    from sssom.constants import SchemaValidationType
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    with caplog.at_level(logging.WARNING):
        parsed = parse_sssom_table(path)
        kinds = ["JsonSchema", "PrefixMapCompleteness", "StrictCurieFormat"]
        reports = validate(parsed, [getattr(SchemaValidationType, kind) for kind in kinds], fail_on_error=False)
    assert [str(result) for report in reports.values() for result in report.results] == []
    said = [record.getMessage() for record in caplog.records if record.name.startswith("sssom")]
    assert [one for one in said if not one.startswith("No attr for evidence_")] == []
    ours = read_set(path)
    assert len(parsed.df) == len(ours.rows)
    theirs = parsed.converter
    assert sorted(map(theirs.expand, parsed.df["object_id"])) == sorted(one.cells["object_id"] for one in ours.rows)


# Faults


def faults(kg: KnowledgeGraph, folder: Path, external: Path) -> list[tuple[str, str]]:
    return [(one.where, one.message) for one in find_link_faults(kg, folder, Evidence(external))]


FAULTS = {
    "unknown subject": ([row("state:lao")], "state:lao is not in the graph; mend subject_id."),
    "other label": ([row(subject_label="Lao")], "subject_label is 'Lao', but the graph calls state:laos 'Laos'; write that."),
    "object of no scheme": ([row(object="https://example.org/Q819")], "https://example.org/Q819 has none of the prefixes of identifiers;"),
    "no dataset": ([row(object_source="")], "object_source is ''; name the dataset,"),
    "no evidence": ([row(evidence_row="")], "The evidence is missing;"),
    "no file": ([row(evidence_file="list/other.csv")], "The evidence file list/other.csv is not there;"),
    "file outside": ([row(evidence_file="../graph/world.trig")], "The evidence file ../graph/world.trig is not there;"),
    "row without it": ([row(evidence_row="3")], "list/list.csv, 3: this row does not hold wikidata:Q819;"),
    "part of a word": ([row(object="wikidata:Q81")], "list/list.csv, 2: this row does not hold wikidata:Q81;"),
    "no such row": ([row(evidence_row="99")], "list/list.csv has nothing at 99;"),
    "no such cell": ([row(evidence_row="name=Lao")], "list/list.csv has nothing at name=Lao;"),
    "no such column": ([row(evidence_row="nom=Laos")], "list/list.csv, nom=Laos: the file has no column nom;"),
    "no place": ([row(evidence_row="second")], "list/list.csv, second: 'second' is neither a line number nor column=value;"),
    "no tree": ([row(evidence_file="list/lines.txt", evidence_row="a=b")], "name a line of it, since it is no table and no tree"),
    "searched and found": ([row(evidence_row="searched: name")], "evidence_row begins with 'searched:' where nothing was found,"),
    "not searched": ([row(object="sssom:NoTermFound")], "evidence_row begins with 'searched:' where nothing was found,"),
    "twice": ([row(), row(comment="again")], "The same mapping stands in small.sssom.tsv:16;"),
    "both": ([row(), row(predicate_modifier="Not")], "state:laos skos:exactMatch wikidata:Q819 is denied in small.sssom.tsv:17; keep one."),
    "denied though it follows": (
        [row(), row(predicate_id="skos:closeMatch", predicate_modifier="Not")],
        "state:laos skos:exactMatch wikidata:Q819 is denied in small.sssom.tsv:17; keep one.",
    ),
    "two of ours": ([row(), row("state:china")], "wikidata:Q819 is matched exactly to state:laos too (small.sssom.tsv:16);"),
    "two of theirs": (
        [row(), row(object="wikidata:Q148", evidence_row="id=2")],
        "state:laos is matched exactly to wikidata:Q819 too (small.sssom.tsv:16), of the same scheme;",
    ),
    "same without why": ([row(predicate_id="owl:sameAs")], "owl:sameAs needs a comment that says why"),
    "same as a code": (
        [row(object="code:list/819", predicate_id="owl:sameAs", comment="Why.")],
        "owl:sameAs says that every statement may flow both ways,",
    ),
    "money is not the thing": (
        [row("project:dam", "record:aiddata/7", evidence_row="id=7")],
        "record:aiddata/7 tells of money and is not the thing itself; use bri:financedByRecord.",
    ),
    "money of no record": ([row(predicate_id="bri:financedByRecord")], "bri:financedByRecord leads to a record of a dataset,"),
    "other predicate": ([row(predicate_id="skos:mappingRelation")], "skos:mappingRelation is no predicate of a match;"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_found_and_only_it(small: KnowledgeGraph, tmp_path: Path, external: Path, case: str) -> None:
    rows, message = FAULTS[case]
    write(tmp_path / "links", text(*rows))
    found = faults(small, tmp_path / "links", external)
    expected = {"object of no scheme": 2, "same as a code": 2}.get(case, 1)
    assert len(found) == expected, found
    where = f"small.sssom.tsv:{15 + len(rows) - (case in ('both', 'denied though it follows'))}"
    assert found[0][0] == where
    assert message in found[0][1]
    assert found[0][1].endswith(".")


def test_a_broken_set_is_a_fault_among_others(small: KnowledgeGraph, tmp_path: Path, external: Path) -> None:
    write(tmp_path / "links", BROKEN["prefix"][0])
    write(tmp_path / "links", text(row("state:lao"), head=HEAD.replace("set/small", "set/zoo")), "zoo")
    first, second = faults(small, tmp_path / "links", external)
    assert first[0] == "small.sssom.tsv" and "its prefix is not in curie_map" in first[1]
    assert second == ("zoo.sssom.tsv:16", "state:lao is not in the graph; mend subject_id.")


def test_a_record_twice_over_and_a_weaker_match_are_no_faults(
    small: KnowledgeGraph, tmp_path: Path, external: Path
) -> None:
    rows = [
        row(),
        row("state:china", "wikidata:Q148", evidence_row="id=2"),
        row("state:china", predicate_id="skos:closeMatch", comment="Nearly."),
        row("state:china", predicate_modifier="Not", comment="Laos."),
        row("project:dam", "record:aiddata/7", predicate_id="bri:financedByRecord", evidence_row="id=7 & name=Loan for the dam"),
        row("project:dam", "record:aiddata/7", predicate_modifier="Not", evidence_row="4", comment="The money."),
        row("project:dam", "sssom:NoTermFound", evidence_row="searched: name"),
    ]  # fmt: skip
    write(tmp_path / "links", text(*rows))
    assert faults(small, tmp_path / "links", external) == [
        (
            "small.sssom.tsv:21",
            "list/list.csv, 4: this row does not hold record:aiddata/7; mend evidence_row or object_id.",
        )
    ]


def test_without_the_files_no_row_is_looked_up(small: KnowledgeGraph, tmp_path: Path) -> None:
    write(tmp_path / "links", text(row(evidence_file="nowhere/list.csv")))
    assert faults(small, tmp_path / "links", tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    "file, where, iri, held",
    [
        ("list/list.csv", "2", "wikidata:Q819", [True]),
        ("list/list.csv", "3", "wikidata:Q148", [True]),
        ("list/list.csv", "4", "wikidata:Q148", [True]),
        ("list/list.csv", "5", "wikidata:Q148", [False]),
        ("list/tree.json", "properties.id=P7", "wikidata:Q900", [True]),
        ("list/tree.json", "id=P8", "wikidata:Q900", [False]),
        ("list/tree.yaml", "wikidata=Q76", "code:govtrack/412733", [True]),
        ("list/tree.yaml", "id.wikidata=Q77", "code:govtrack/412733", [False]),
        ("list/tree.xml", "code=47003", "code:crs-channel/47003", [True]),
        ("list/tree.xml", "code=47003 & name=ASEAN", "code:crs-channel/47004", [False]),
        ("list/lines.txt", "2", "wikidata:Q819", [True]),
        ("list/lines.txt", "9", "wikidata:Q819", []),
        ("graph_data/links/schemes.ttl", "1", "wikidata:Q819", [False]),
    ],
)
def test_a_row_is_found_again(external: Path, file: str, where: str, iri: str, held: list[bool]) -> None:
    rows = Evidence(external).rows(file, where)
    assert [holds(one, expand(iri) or "") for one in rows] == held


@pytest.mark.parametrize(
    "cells, iri, held",
    [
        (["36"], "code:iso3166-1-numeric/036", True),
        (["036"], "code:un-m49/36", True),
        (["360"], "code:un-m49/36", False),
        (["KH", "12"], "code:iso3166-2/KH-12", True),
        (["KH", "13"], "code:iso3166-2/KH-12", False),
        (["0000 0004 0644 4753"], "isni:0000000406444753", True),
        (["https://ror.org/02wp9c512"], "ror:02wp9c512", True),
        (["ASEAN  (AFTA)"], "record:gptad/ASEAN%20%28AFTA%29", True),
        (["x"], "record:gptad/ASEAN%20%28AFTA%29", False),
    ],
)
def test_an_identifier_is_a_word_of_its_own(cells: list[str], iri: str, held: bool) -> None:
    assert holds(cells, expand(iri) or "") is held


def test_check_reports_faults_of_links(monkeypatch: pytest.MonkeyPatch, kg: KnowledgeGraph) -> None:
    from bri_kg import checks
    from bri_kg.links import faults

    one = checks.Finding("links", "small.sssom.tsv:16", "A fault; mend it.")
    monkeypatch.setattr(faults, "find_link_faults", lambda kg: [one])
    assert checks._links(kg) == [one]
