"""Where things lie: every geometry names its dataset, licence and row, and says no more than the row does."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from bri_kg import KnowledgeGraph
from bri_kg.files import data_folder
from bri_kg.names import PREFIXES, shorten

EXTERNAL = Path(__file__).resolve().parents[2] / "shared" / "external"
FILES = sorted((data_folder() / "geometry").glob("*.trig"))
GEO, DCTERMS = PREFIXES["geo"], PREFIXES["dcterms"]
NUMBER = r"-?\d+(?:\.\d+)?"
WKT = re.compile(
    rf"<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84> (?:POINT|LINESTRING)\(({NUMBER} {NUMBER}(?:, {NUMBER} {NUMBER})*)\)"
)
CITATION = re.compile(r"(?P<file>[\w./-]+\.(?:csv|geojson)), (?:line (?P<line>\d+)|(?P<key>[\w.-]+)=(?P<value>\S+))")


def positions(wkt: str) -> list[tuple[str, str]]:
    """Longitude and latitude as written, of each position of a WKT literal in CRS84; none if it is no such literal."""
    match = WKT.fullmatch(wkt)
    return [(pair.split()[0], pair.split()[1]) for pair in match[1].split(", ")] if match else []


def faults(quads: list[ox.Quad]) -> list[str]:
    """What is wrong with the geometries of a file: each must have a literal in CRS84, its dataset, a licence and a row, and belong to something."""
    held: dict[str, dict[str, list[str]]] = {}
    for quad in quads:
        assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, (ox.NamedNode, ox.Literal))
        held.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object.value)
        held[quad.subject.value].setdefault("graph", [str(quad.graph_name).strip("<>")])
    used = {
        one for values in held.values() for name in ("hasGeometry", "hasCentroid") for one in values.get(GEO + name, [])
    }
    nodes = {iri for iri, values in held.items() if GEO + "Geometry" in values.get(PREFIXES["rdf"] + "type", [])}
    found = [f"{shorten(iri)}: belongs to nothing" for iri in nodes - used]
    found += [f"{shorten(iri)}: is no geometry here" for iri in used - nodes]
    for iri in nodes:
        values = held[iri]
        places = [place for wkt in values.get(GEO + "asWKT", []) for place in positions(wkt)]
        if len(values.get(GEO + "asWKT", [])) != 1 or not places:
            found.append(f"{shorten(iri)}: no literal in CRS84")
        if any(abs(float(x)) > 180 or abs(float(y)) > 90 for x, y in places):
            found.append(f"{shorten(iri)}: not on the globe")
        if values.get(DCTERMS + "source") != values["graph"]:
            found.append(f"{shorten(iri)}: not of the dataset that names its graph")
        if len(values.get(DCTERMS + "license", [])) != 1:
            found.append(f"{shorten(iri)}: no licence")
        if not any(CITATION.fullmatch(text) for text in values.get(DCTERMS + "bibliographicCitation", [])):
            found.append(f"{shorten(iri)}: no row")
    return sorted(found)


def quads_of(text: str) -> list[ox.Quad]:
    prefixes = "".join(
        f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("dataset", "dcterms", "geo", "geometry", "state")
    )
    return list(ox.parse(prefixes + text, format=ox.RdfFormat.TRIG))


SOUND = """dataset:d {
    state:a geo:hasGeometry geometry:a .
    geometry:a a geo:Geometry ;
        geo:asWKT "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(102.5 -19.4)"^^geo:wktLiteral ;
        dcterms:source dataset:d ;
        dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
        dcterms:bibliographicCitation "d/places.csv, line 7" .
}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_geometry_says_where_it_is_from(path: Path) -> None:
    assert faults(list(ox.parse(path=str(path)))) == []


def test_a_sound_geometry_passes() -> None:
    assert faults(quads_of(SOUND)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("hasGeometry geometry:a", "hasGeometry geometry:b", "is no geometry here"),
        ("state:a geo:hasGeometry", "state:a geo:sfWithin", "belongs to nothing"),
        ("OGC/1.3/CRS84", "EPSG/0/4326", "no literal in CRS84"),
        ("102.5 -19.4", "102.5", "no literal in CRS84"),
        ("102.5 -19.4", "19.4 102.5", "not on the globe"),
        ("source dataset:d", "source dataset:e", "not of the dataset"),
        ("dcterms:license", "dcterms:rights", "no licence"),
        (", line 7", "", "no row"),
    ],
)
def test_a_fault_of_a_geometry_is_found(old: str, new: str, fault: str) -> None:
    assert old in SOUND
    assert [one for one in faults(quads_of(SOUND.replace(old, new))) if fault in one]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_position_stands_in_its_row(path: Path) -> None:
    if not EXTERNAL.is_dir():
        pytest.skip("../shared/external is not here: positions cannot be held against their rows")
    rows: dict[str, dict[str, str]] = {}
    for quad in ox.parse(path=str(path)):
        assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, (ox.NamedNode, ox.Literal))
        rows.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    seen = 0
    for values in (values for values in rows.values() if GEO + "asWKT" in values):
        match = CITATION.fullmatch(values[DCTERMS + "bibliographicCitation"])
        assert match
        text = (EXTERNAL / match["file"]).read_text(encoding="utf-8")
        line = text.split("\n")[int(match["line"]) - 1] if match["line"] else text
        numbers = set(re.findall(NUMBER, line))
        if not match["line"]:  # a route, written with four decimals
            numbers = {f"{float(number):.4f}" for number in numbers}
        assert [place for place in positions(values[GEO + "asWKT"]) if not numbers.issuperset(place)] == []
        seen += 1
    assert seen


def test_the_map_knows_every_state_and_no_project_is_a_point(kg: KnowledgeGraph) -> None:
    bare = kg.query("SELECT ?state { ?state a bri:State FILTER NOT EXISTS { ?state geo:hasGeometry ?any } }")
    assert bare.to_dicts() == []
    placed = kg.query("SELECT ?project ?wkt { ?project a bri:Project ; geo:hasGeometry/geo:asWKT ?wkt }").to_dicts()
    assert [shorten(str(row["project"])) for row in placed] == ["project:china-myanmar-gas-pipeline"]
    assert "LINESTRING" in str(placed[0]["wkt"])
    assert not kg.query("SELECT ?x ?g { ?x geo:hasGeometry ?g FILTER (STRSTARTS(STR(?x), STR(osm:))) }").to_dicts()


def test_a_plant_in_the_park_has_a_point_and_the_park_has_none(kg: KnowledgeGraph) -> None:
    park = "Malaysia-China Kuantan Industrial Park"
    found = kg.ask("location-of", thing=park).to_dicts()
    points = [(shorten(str(row["record"])), str(row["wkt"]).partition("> ")[2]) for row in found if not row["area"]]
    assert points == [("record:gem/P100000120750", "POINT(103.3444580 4.0075950)")]
    assert {row["area"] for row in found if row["area"]}, "the units that the record of money touches"
    assert not kg.query("ASK { project:malaysia-china-kuantan-industrial-park geo:hasGeometry ?any }").boolean


def test_a_point_is_cited_by_its_dataset(kg: KnowledgeGraph) -> None:
    answer = kg.query("SELECT ?wkt { place:metro-manila geo:hasGeometry/geo:asWKT ?wkt }")
    assert [sorted(map(shorten, one)) for one in answer.cite()] == [["dataset:whosonfirst"]]


def test_projects_lead_to_the_units_that_their_records_touch(kg: KnowledgeGraph) -> None:
    answer = kg.query(
        "SELECT DISTINCT ?unit { project:phnom-penh-sihanoukville-expressway bri:financedByRecord/geo:sfIntersects ?area ."
        " ?area skos:prefLabel ?unit ; geo:sfWithin state:cambodia ; geo:hasCentroid/geo:asWKT ?wkt }"
    )
    units = {row["unit"] for row in answer.to_dicts()}
    assert {"Phnom Penh", "Preah Sihanouk", "Kampong Speu", "Kandal"} <= units
