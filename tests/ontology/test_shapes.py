"""The SHACL shapes: each finds what it is there to find, and nothing in a graph that is as it should be.

``shapes/records/`` holds one right record a class: without any one of its lines it must fail. In ``shapes/wrong*.ttl``
every node says with ``test:trips`` which shapes find fault with it. pySHACL runs once a file, not once a case: cases
are nodes of their own in one graph.
"""

from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL
from rdflib.term import Node

HERE = Path(__file__).parent
ONTOLOGY = HERE.parents[1] / "ontology"
BRI = "https://w3id.org/bri-kg/ontology#"
SHAPE = "https://w3id.org/bri-kg/shape/"
RECORDS = sorted(HERE.glob("shapes/records/*.ttl"))
TRIPS = URIRef("https://w3id.org/bri-kg/test/trips")
PER_SEGMENT, UNION = URIRef(f"{SHAPE}per-segment"), URIRef(f"{SHAPE}union")
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)

Finding = tuple[str, str]
Case = tuple[str, str, str]


def read(*files: Path) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file)
    return graph


@cache
def shapes() -> Graph:
    return read(ONTOLOGY / "shapes.ttl")


def one_set(name: URIRef) -> Graph:
    """The shapes without those that are part of the other set."""
    chosen = Graph()
    chosen += shapes()
    for shape in set(shapes().subjects(DCTERMS.isPartOf)):
        if (shape, DCTERMS.isPartOf, name) not in shapes():
            chosen.remove((shape, None, None))
    return chosen


def find(data: Graph, name: URIRef) -> set[Finding]:
    """What one set of shapes finds in the data, as (node, local name of the shape)."""
    _, report, _ = pyshacl.validate(data, shacl_graph=one_set(name), inplace=True)
    assert isinstance(report, Graph)
    return {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.sourceShape)).removeprefix(SHAPE))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def expected(data: Graph) -> set[Finding]:
    return {(str(node), str(shape).removeprefix(SHAPE)) for node, shape in data.subject_objects(TRIPS)}


@cache
def union() -> tuple[set[Finding], set[Finding]]:
    """What is expected and what is found of ``world.ttl`` and ``wrong.ttl``, beside the ontology and its concepts."""
    data = read(ONTOLOGY / "bri.ttl", ONTOLOGY / "concepts.ttl", HERE / "shapes/world.ttl", HERE / "shapes/wrong.ttl")
    return expected(data), find(data, UNION)


@cache
def wrong_records() -> tuple[set[Finding], set[Finding]]:
    """What is expected and what is found of ``wrong-records.ttl``."""
    data = read(HERE / "shapes/wrong-records.ttl")
    return expected(data), find(data, PER_SEGMENT)


def incomplete_records() -> dict[Case, Graph]:
    """Every right record once without each of its lines, by (file, property, value); the type stays."""
    cases: dict[Case, Graph] = {}
    for file in RECORDS:
        graph = read(file)
        (record,) = graph.subjects(RDF.type)
        for number, line in enumerate(sorted(graph.predicate_objects(record))):
            if line[0] != RDF.type:
                node = URIRef(f"{record}-{number}")
                case = Graph()
                for part in graph.predicate_objects(record):
                    if part != line:
                        case.add((node, *part))
                cases[file.stem, str(line[0]), str(line[1])] = case
    return cases


INCOMPLETE = incomplete_records()


@cache
def findings_of_incomplete_records() -> dict[str, set[str]]:
    data = Graph()
    for case in INCOMPLETE.values():
        data += case
    found: dict[str, set[str]] = {}
    for node, shape in find(data, PER_SEGMENT):
        found.setdefault(node, set()).add(shape)
    return found


def name_of(case: Graph) -> str:
    (node,) = set(case.subjects())
    return str(node)


def bearing_shapes() -> set[str]:
    """Node shapes with a target and a constraint of their own, and all property shapes reached from a target."""
    graph = shapes()
    targeted = {shape for target in TARGETS for shape in graph.subjects(target)}
    found = {shape for shape in targeted for constraint in (SH["class"], SH["not"]) if graph.value(shape, constraint)}
    reached: list[Node] = list(targeted)
    while reached:
        for part in graph.objects(reached.pop(), SH.property):
            if part not in found:
                found.add(part)
                reached.append(part)
    return {str(shape).removeprefix(SHAPE) for shape in found}


def test_shapes_are_valid_shacl() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize("file", RECORDS, ids=lambda file: file.stem)
def test_right_record_conforms(file: Path) -> None:
    assert find(read(file), PER_SEGMENT) == set()


@pytest.mark.parametrize("case", INCOMPLETE, ids=lambda case: "-".join(part.rpartition("/")[2] for part in case))
def test_record_without_one_line_fails(case: Case) -> None:
    found = findings_of_incomplete_records().get(name_of(INCOMPLETE[case]), set())
    paths = {shapes().value(URIRef(SHAPE + shape), SH.path) for shape in found}
    assert paths
    assert paths <= {URIRef(case[1]), None}


def test_wrong_records_trip_what_they_name() -> None:
    assert wrong_records()[1] == wrong_records()[0]


def test_wrong_nodes_trip_what_they_name_and_right_ones_nothing() -> None:
    assert union()[1] == union()[0]


def test_every_shape_that_reports_is_tripped() -> None:
    tripped = {shape for _, shape in union()[1] | wrong_records()[1]}
    tripped.update(*findings_of_incomplete_records().values())
    assert bearing_shapes() - tripped == set()


def test_every_shape_is_used() -> None:
    graph = shapes()
    used = {shape for target in TARGETS for shape in graph.subjects(target)}
    used.update(part for link in (SH.property, SH["not"], SH.qualifiedValueShape) for part in graph.objects(None, link))
    used.update(part for head in graph.objects(None, SH["or"]) for part in Collection(graph, head))
    declared = {shape for kind in (SH.NodeShape, SH.PropertyShape) for shape in graph.subjects(RDF.type, kind)}
    assert declared - used == set()


def test_every_shape_with_a_target_is_part_of_one_set() -> None:
    graph = shapes()
    for shape in {shape for target in TARGETS for shape in graph.subjects(target)}:
        assert len(set(graph.objects(shape, DCTERMS.isPartOf)) & {PER_SEGMENT, UNION}) == 1, shape


def test_every_class_and_property_has_a_shape() -> None:
    ontology = read(ONTOLOGY / "bri.ttl")
    graph = shapes()
    targets = set(graph.objects(None, SH.targetClass)) | set(graph.objects(None, SH["class"]))
    for cls in ontology.subjects(RDF.type, OWL.Class):
        assert targets & set(ontology.transitive_objects(cls, RDFS.subClassOf)), cls
    valued = {
        graph.value(shape, SH.path)
        for shape in graph.subjects(RDF.type, SH.PropertyShape)
        if "/value-of-" in str(shape)
    }
    properties = {
        term for kind in (OWL.ObjectProperty, OWL.DatatypeProperty) for term in ontology.subjects(RDF.type, kind)
    }
    assert {str(term) for term in properties} == {str(term) for term in valued if str(term).startswith(BRI)}


def test_shapes_ask_for_the_range_that_the_ontology_declares() -> None:
    ontology = read(ONTOLOGY / "bri.ttl")
    graph = shapes()
    for shape in graph.subjects(RDF.type, SH.PropertyShape):
        for asked in graph.objects(shape, SH["class"]):
            path = graph.value(shape, SH.path)
            if str(path).startswith(BRI):
                assert asked == ontology.value(path, RDFS.range), shape


def test_every_reporting_shape_tells_the_curator_what_to_do() -> None:
    for shape in bearing_shapes():
        (message,) = shapes().objects(URIRef(SHAPE + shape), SH.message)
        assert str(message)[0].isupper() or str(message).startswith("bri:"), shape
        assert str(message).endswith("."), shape
