"""Names to nodes: what people type, what they may mean, and what is near it."""

import pytest
from conftest import GraphMaker

from bri_kg import KnowledgeGraph
from bri_kg.errors import NameLookupError, UsageError
from bri_kg.lookup import Labels, fold
from bri_kg.names import expand, shorten

#: Two rivers of one name, a state with the same name as one's other name, and a concept called like a state.
TWINS = """
place:mekong-north a bri:Place ; skos:prefLabel "Mekong"@en ; skos:prefLabel "湄公河"@zh-Hans .
project:mekong a bri:Project ; skos:prefLabel "Mekong"@en ; skos:prefLabel "湄公项目"@zh-Hans .
state:siam a bri:State ; skos:prefLabel "Siam"@en ; skos:prefLabel "暹罗"@zh-Hans ; skos:altLabel "Thai"@en .
organisation:thai-air a bri:Company ; skos:prefLabel "Thai Airways"@en ; skos:prefLabel "泰航"@zh-Hans ; skos:altLabel "Thai"@en .
state:cafe a bri:State ; skos:prefLabel "Café São-Tomé"@en ; skos:prefLabel "圣多美"@zh-Hans .
notion:railway a bri:Notion ; skos:prefLabel "Railway"@en ; skos:prefLabel "铁路话题"@zh-Hans .
person:li a bri:Person ; skos:prefLabel "Li Wei"@en ; skos:prefLabel "李伟"@zh-Hans ; skos:altLabel "Siam"@en .
"""


def entity(kg: KnowledgeGraph, name: str, kind: str = "") -> str:
    return shorten(kg.lookup.entity(name, kind))


def refused(kg: KnowledgeGraph, name: str, kind: str = "") -> str:
    with pytest.raises(NameLookupError) as caught:
        kg.lookup.entity(name, kind)
    assert isinstance(caught.value, UsageError)
    return str(caught.value)


# What people type


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Laos", "state:laos"),
        ("老挝", "state:laos"),
        ("AIIB", "organisation:aiib"),
        ("亚投行", "organisation:aiib"),
        ("Asian Infrastructure Investment Bank", "organisation:aiib"),
        ("中老铁路", "project:china-laos-railway"),
        ("China-Laos Railway", "project:china-laos-railway"),
        ("BRI", "initiative:belt-and-road-initiative"),
        ("“一带一路”倡议", "initiative:belt-and-road-initiative"),
        ("first-belt-and-road-forum", "event:first-belt-and-road-forum"),
        ("event:first-belt-and-road-forum", "event:first-belt-and-road-forum"),
        ("state:laos", "state:laos"),
        ("https://w3id.org/bri-kg/state/laos", "state:laos"),
        ("<https://w3id.org/bri-kg/state/laos>", "state:laos"),
        ("concept:railway", "concept:railway"),
        ("bri:signed", "bri:signed"),
        ("segment:p09s03", "segment:p09s03"),
        ("milestone:jakarta-bandung-testing", "milestone:jakarta-bandung-testing"),
    ],
)
def test_a_name_people_use_means_its_entity(kg: KnowledgeGraph, name: str, wanted: str) -> None:
    assert entity(kg, name) == wanted


@pytest.mark.parametrize(
    "name",
    ["laos", "LAOS", " Laos ", "“Laos”", '"Laos"', "'laos'", "Láös", "Ｌａｏｓ", "《老挝》"],
)
def test_case_accents_quotes_and_spaces_do_not_matter(kg: KnowledgeGraph, name: str) -> None:
    assert entity(kg, name) == "state:laos"


@pytest.mark.parametrize(
    "name", ["china laos railway", "China–Laos  Railway", "CHINA-LAOS RAILWAY", "china-laos railway"]
)
def test_hyphens_and_dashes_are_spaces(kg: KnowledgeGraph, name: str) -> None:
    assert entity(kg, name) == "project:china-laos-railway"


@pytest.mark.parametrize("name", ["Cafe Sao Tome", "CAFÉ SÃO TOMÉ", "cafe\u0301 sa\u0303o-tome\u0301"])
def test_accents_in_the_graph_do_not_matter(graph_of: GraphMaker, name: str) -> None:
    assert entity(graph_of(TWINS), name) == "state:cafe"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("  A  B ", "a b"),
        ("Two-Countries–Parks", "two countries parks"),
        ("“一带一路”", "一带一路"),
        ("Straße", "strasse"),
        ("《规划》", "规划"),
        ("Việt Nam", "viet nam"),
    ],
)
def test_names_are_compared_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


# What a name may mean


def test_an_ambiguous_name_lists_its_candidates(graph_of: GraphMaker) -> None:
    message = refused(graph_of(TWINS), "mekong")
    assert message == (
        "'mekong' may mean several things: place:mekong-north (Mekong, Place); project:mekong (Mekong, Project). "
        "Give one of these short names."
    )


def test_exactly_written_or_not_an_ambiguous_name_stays_ambiguous(graph_of: GraphMaker) -> None:
    kg = graph_of(TWINS)
    assert refused(kg, "Mekong").removeprefix("'Mekong'") == refused(kg, "MEKONG").removeprefix("'MEKONG'")
    assert "organisation:thai-air" in refused(kg, "Thai")
    assert "state:siam" in refused(kg, "thai")


def test_a_short_name_or_a_kind_decides(graph_of: GraphMaker) -> None:
    kg = graph_of(TWINS)
    assert entity(kg, "place:mekong-north") == "place:mekong-north"
    assert entity(kg, "Mekong", "Project") == "project:mekong"
    assert entity(kg, "mekong", "Place") == "place:mekong-north"
    assert entity(kg, "Thai", "Company") == "organisation:thai-air"
    assert entity(kg, "thai", "Organisation") == "organisation:thai-air", "a broader kind fits too"


def test_a_preferred_name_goes_before_another_name(graph_of: GraphMaker) -> None:
    kg = graph_of(TWINS)
    assert entity(kg, "Siam") == entity(kg, "siam") == "state:siam"
    assert entity(kg, "Siam", "Person") == "person:li"


def test_a_concept_is_meant_only_where_nothing_else_bears_the_name(graph_of: GraphMaker) -> None:
    kg = graph_of(TWINS)
    assert entity(kg, "railway") == "notion:railway"
    assert entity(kg, "Railway") == "notion:railway"
    assert entity(kg, "railway", "Concept") == "concept:railway"
    assert entity(kg, "expressway") == "concept:expressway"


def test_a_name_of_another_kind_is_refused_with_what_it_is(kg: KnowledgeGraph) -> None:
    assert (
        refused(kg, "laos", "Project") == "No Project is called 'laos'; that name belongs to state:laos (Laos, State)."
    )
    assert refused(kg, "state:laos", "Project") == "'state:laos' is no Project; it is Laos, State."


def test_a_kind_takes_in_the_narrower_ones(kg: KnowledgeGraph) -> None:
    assert entity(kg, "AIIB", "Organisation") == "organisation:aiib"
    assert entity(kg, "AIIB", "Actor") == "organisation:aiib"
    assert kg.lookup.kind(expand("organisation:aiib") or "") == "InternationalOrganisation"


# What no entity bears


@pytest.mark.parametrize(
    ("name", "near"),
    [("Loas", "state:laos (Laos)"), ("Indonesa", "state:indonesia (Indonesia)"), ("AIIBB", "organisation:aiib")],
)
def test_an_unknown_name_lists_near_ones(kg: KnowledgeGraph, name: str, near: str) -> None:
    message = refused(kg, name)
    assert message.startswith(f"Nothing in the graph is called '{name}'. Near it: ")
    assert near in message


def test_an_unknown_name_without_near_ones_is_told_how_to_search(kg: KnowledgeGraph) -> None:
    assert refused(kg, "xyzzyx") == "Nothing in the graph is called 'xyzzyx'. 'bri-kg find xyzzyx' searches all names."


@pytest.mark.parametrize(
    "name",
    ["state:atlantis", "https://example.org/x", "<https://w3id.org/bri-kg/state/atlantis>", "http://a b", ""],
)
def test_an_iri_that_the_graph_does_not_know_is_no_entity(kg: KnowledgeGraph, name: str) -> None:
    assert name in refused(kg, name)


# Search


def found(kg: KnowledgeGraph, text: str, kind: str = "") -> list[str]:
    return [candidate.name for candidate in kg.find(text, kind)]


def test_search_ranks_the_whole_name_then_beginnings_then_parts(graph_of: GraphMaker) -> None:
    kg = graph_of(
        """
        project:a a bri:Project ; skos:prefLabel "The Great Dam Bridge"@en .
        project:b a bri:Project ; skos:prefLabel "Dam Bridge"@en .
        project:c a bri:Project ; skos:prefLabel "Dam Bridge and Port"@en .
        project:d a bri:Project ; skos:prefLabel "Dim Bridge"@en .
        """
    )
    assert found(kg, "dam bridge", "Project") == ["project:b", "project:c", "project:a", "project:d"]


def test_a_candidate_says_by_which_name_it_was_found(kg: KnowledgeGraph) -> None:
    (first, *_) = kg.find("亚投行")
    assert first == (
        "organisation:aiib",
        "Asian Infrastructure Investment Bank",
        "InternationalOrganisation",
        "亚投行",
    )


def test_search_narrows_to_a_kind(kg: KnowledgeGraph) -> None:
    railways = found(kg, "railway", "Project")
    assert railways[0] == "project:china-laos-railway"
    assert {"project:china-thailand-railway", "project:jakarta-bandung-high-speed-railway"} <= set(railways)
    assert all(name.startswith("project:") for name in railways)
    assert "concept:railway" in found(kg, "railway")
    assert found(kg, "railway", "State") == []


def test_search_lists_each_entity_once_and_finds_slips_of_the_pen(kg: KnowledgeGraph) -> None:
    names = found(kg, "belt and road")
    assert len(names) == len(set(names)) > 3
    assert "state:laos" in found(kg, "Loas")
    assert found(kg, "") == []
    assert found(kg, "xyzzyx") == []


def test_terms_of_the_ontology_and_shapes_are_not_found_by_name(kg: KnowledgeGraph) -> None:
    assert not [name for name in found(kg, "accession") if name.startswith(("bri:", "https://w3id.org/bri-kg/shape"))]


# Labels


def test_labels_in_both_languages(kg: KnowledgeGraph) -> None:
    laos = expand("state:laos") or ""
    assert Labels(kg.store).label(laos) == "Laos"
    assert Labels(kg.store, "zh").label(laos) == "老挝"
    assert Labels(kg.store, "zh-Hans").label(laos) == "老挝"
    assert Labels(kg.store).label(expand("segment:p09s03") or "") == "p09s03"
    assert Labels(kg.store).label("http://example.org/x") == "http://example.org/x"
    assert Labels(kg.store).text(None) == ""


def test_short_names_and_iris_are_each_others_inverse() -> None:
    for name in ("state:laos", "bri:signed", "concept:railway", "segment:p09s03", "skos:prefLabel", "xsd:gYear"):
        assert shorten(expand(name) or "") == name
    assert expand("nosuch:thing") is None
    assert expand("Laos") is None
    assert expand("concept:two words") is None
    assert shorten("http://example.org/a#b") == "http://example.org/a#b"
    assert shorten("https://w3id.org/bri-kg/state/") == "https://w3id.org/bri-kg/state/"
