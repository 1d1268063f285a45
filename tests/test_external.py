"""Importing other people's datasets: real files, hostile files, and answers that stand on their records.

The real files lie beside the project in ``shared/external``; those of the World Bank, IATI and Wikidata below were written by hand in the shape that
their sources document, since no real one is at hand.
"""

import gzip
import json
import re
import shlex
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest

import bri_kg
from bri_kg.errors import BriKgError, DataError, UsageError
from bri_kg.external.contents import contents, description_of, first_question, short_licence
from bri_kg.external.descriptions import packaged, read_description
from bri_kg.external.guessing import description_for, guess, guess_all
from bri_kg.external.importing import import_files
from bri_kg.external.keeping import data_home, kept_datasets, remove

EXTERNAL = Path(__file__).resolve().parents[2] / "shared" / "external"
REAL = {
    "aiddata": (["aiddata-gcdf3/gcdf3_selected_records.csv"], 26, "stop"),
    "country-codes": (["country-codes/country-codes.csv"], 249, "stop"),
    "desta": (["trade-agreements/DESTA.csv"], 1217, "stop"),
    "gem": (["gem-asia-energy/gem_asia_2024-09-25_sea.geojson"], 1090, "stop"),
    "gem-steel": (["gem-asia-energy/gem_iron_steel_2025-03-24_sea.csv"], 84, "stop"),
    "gptad": (["trade-agreements/GPTAD.csv"], 352, "stop"),
    "huggo": (["trade-agreements/HUGGO_reconciled.csv", "trade-agreements/HUGGO_additional.csv"], 611, "stop"),
    "iati-codes": (["iati-codelists/OrganisationType.xml", "iati-codelists/Region.xml"], None, "stop"),
    "leaders": (["leaders-wikidata/leaders.csv"], 2700, "stop"),
    "mledoze": (["mledoze-countries/countries_cut.json"], 21, "stop"),
    "mledoze-outlines": (["mledoze-countries/lao.geo.json", "mledoze-countries/sgp.geo.json"], 2, "stop"),
    "natural-earth-outlines": (["natural-earth/ne_50m_admin0_outlines_asia.geojson"], 26, "stop"),
    "natural-earth": (["natural-earth/ne_50m_admin0_attributes_cut.csv"], 21, "stop"),
    "ror": (["ror/ror_sea_cn_cut.csv"], 3952, "stop"),
    "un-locode": (["un-locode/subdivision-codes_sea_cn.csv"], 423, "stop"),
    "un-roll-call-issues": (["un-votes/un_roll_call_issues_cut.csv"], 2883, "stop"),
    "us-executive": (["us-executive/executive.yaml"], 80, "stop"),
    "aiddata-dictionary": (["aiddata-gcdf3/gcdf3_data_dictionary.csv"], 126, "stop"),
    "un-roll-calls": (["un-votes/un_roll_calls_cut.csv"], 2651, "stop"),
    "aiddata-adm2": (["aiddata-gcdf3/GCDF_3.0_ADM2_Locations_sea_lka.csv"], 2051, "stop"),
    "whosonfirst": (["whosonfirst/wof_places_sea_cut.csv"], 6903, "stop"),
    "world-cities": (["world-cities/world-cities_sea_cn.csv"], 4545, "stop"),
}
OWN = """name = "mine"
title = "Mine"
licence = "https://example.org/licence"
source = "https://example.org/"
version = "1"
format = "csv"
id = "{id}"
class = "Thing"
values = [
    { column = "name", property = "name" },
    { column = "amount", property = "amount", datatype = "decimal" },
    { column = "page", property = "page", datatype = "iri" },
]
"""
HEAD = "id,name,amount,page\n"
EXT = "https://w3id.org/bri-kg/external#"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("BRI_KG_DATA", str(tmp_path / "data"))


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN, encoding="utf-8")
    return read_description(path)


def write(folder, content, name="table.csv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def quads(name):
    return list(ox.parse(path=str(data_home() / name / "records.trig"), format=ox.RdfFormat.TRIG))


def values(name, record, prop):
    graph = ox.NamedNode(f"https://w3id.org/bri-kg/record/{name}/{record}")
    return sorted(
        quad.object.value for quad in quads(name) if quad.graph_name == graph and quad.predicate.value == EXT + prop
    )


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_known_and_imported_whole(name):
    files, count, on_error = REAL[name]
    paths = [EXTERNAL / file for file in files]
    assert guess(paths[0]).name == name
    kept = import_files(paths, guess(paths[0]), on_error=on_error)
    found = quads(name)
    assert kept.records == (count or kept.records) == len({quad.graph_name for quad in found})
    assert kept.triples == len(found) == len(set(found))
    assert [one.name for one in kept_datasets()] == [name]
    base = f"https://w3id.org/bri-kg/record/{name}/"
    assert all(quad.graph_name.value.startswith(base) for quad in found)


def test_a_value_is_as_in_the_file():
    import_files([EXTERNAL / REAL["aiddata"][0][0]], packaged()["aiddata"])
    assert values("aiddata", "33726", "amount") == ["566786164.01"]
    assert values("aiddata", "33726", "commitmentDate") == ["2016-09-08"]
    assert values("aiddata", "33726", "priceBasis") == ["constant 2021"]
    assert values("aiddata", "33726", "line") == ["7"]


def test_an_answer_joins_paper_link_and_record_and_cites_all(run_with):
    run, _ = run_with
    assert run("external", "add", str(EXTERNAL / REAL["aiddata"][0][0])).returncode == 0
    query = "SELECT ?record ?amount { project:china-laos-railway bri:financedByRecord ?record . ?record ext:amount ?amount }"
    done = run("sparql", query, "--with", "aiddata", "--cite", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "record/aiddata/33726" in done.stdout and "566786164.01" in done.stdout
    assert "record:aiddata/33726" in done.stdout and "mapping-set:projects" in done.stdout
    without = run("sparql", query)
    assert without.stdout.splitlines()[1:] == []


def test_a_vote_leads_to_its_resolution(tmp_path):
    votes = (EXTERNAL / "un-votes" / "un_votes_cut.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path = write(tmp_path, "".join(votes[:200]), "votes.csv")
    assert guess(path).name == "un-votes"
    import_files([path], guess(path))
    import_files([EXTERNAL / "un-votes" / "un_roll_calls_cut.csv"], packaged()["un-roll-calls"])
    query = "SELECT ?text ?vote { ?v ext:iso3166Alpha2 'LA' ; ext:vote ?vote ; ext:rollCall [ ext:resolution ?text ] } ORDER BY ?v LIMIT 1"
    found = bri_kg.load(external=["un-votes,un-roll-calls"]).query(query)
    assert [tuple(map(str, row)) for row in found] == [("R/45/11", "yes")]


def test_two_datasets_with_the_same_columns_are_told_apart_by_name(tmp_path):
    levels = [EXTERNAL / "aiddata-gcdf3" / f"GCDF_3.0_ADM{level}_Locations_sea_lka.csv" for level in (1, 2)]
    assert [guess(path).name for path in levels] == ["aiddata-adm1", "aiddata-adm2"]
    with pytest.raises(UsageError, match="may be aiddata-adm1 or aiddata-adm2; say which with --as aiddata-adm1"):
        guess(write(tmp_path, levels[1].read_bytes(), "locations.csv"))


def test_a_route_without_id_is_never_guessed():
    [path] = (EXTERNAL / "gem-asia-energy").glob("P4489*")
    with pytest.raises(UsageError, match=r"--as my\.toml"):
        guess(path)
    assert import_files([path], packaged()["gem-p4489"]).records == 2
    assert values("gem-p4489", "P4489-1", "routeOf") == ["https://w3id.org/bri-kg/record/gem/P4489"]


def test_a_card_over_records_is_verified_beside_them_on_any_day(run_with, tmp_path, monkeypatch):
    run, _ = run_with
    path = EXTERNAL / REAL["aiddata"][0][0]
    assert run("external", "add", str(path)).returncode == 0
    query = "SELECT ?record ?amount { project:china-laos-railway bri:financedByRecord ?record . ?record ext:amount ?amount }"
    assert run("sparql", query, "--with", "aiddata", "--card", "card.json").returncode == 0
    same = run("verify", "card.json", "--with", "aiddata")
    assert (same.returncode, same.stdout[:5]) == (0, "same:"), same.stdout
    alone = run("verify", "card.json")
    assert alone.returncode == 1 and "verify with --with aiddata" in alone.stdout
    described = (data_home() / "aiddata" / "dataset.ttl").read_text(encoding="utf-8")
    assert kept_datasets()[0].imported not in described
    plain = run("compare", "GSI", "--by", "state")
    assert run("compare", "GSI", "--by", "state", "--with", "aiddata").stdout == plain.stdout
    assert "nothing" in run("compare", "GSI", "--with", "nothing").stderr


def test_a_record_shows_what_it_says():
    import_files([EXTERNAL / REAL["aiddata"][0][0]], packaged()["aiddata"])
    kg = bri_kg.load(external="aiddata")
    described = kg.describe("record:aiddata/33726")
    said = {(one.property, one.text) for one in described.recorded}
    assert {("ext:amount", "566786164.01"), ("ext:line", "7")} <= said
    assert "ext:amount: 566786164.01" in str(described) and "constant 2021" in described._repr_html_()
    assert any(row[2:5] == ["ext:amount", "566786164.01", "external record"] for row in described.rows()[1])
    assert kg.describe("AIIB").recorded == () == bri_kg.load().describe("record:aiddata/33726").recorded


def test_a_link_leads_to_a_steel_plant():
    import_files([EXTERNAL / REAL["gem-steel"][0][0]], packaged()["gem-steel"])
    query = "SELECT ?p ?name { ?p bri:containsRecord ?r . ?r a ext:SteelPlant ; ext:name ?name }"
    answer = bri_kg.load(external="gem-steel").query(query)
    found = {(str(p).rpartition("/")[2], str(name)) for p, name in answer}
    assert ("malaysia-china-kuantan-industrial-park", "Alliance Steel Kuantan plant") in found
    assert "record:gem-steel/P100000120750" in str(answer.cited())


def test_an_empty_answer_names_what_records_lack(tmp_path):
    import_files([EXTERNAL / REAL["aiddata"][0][0]], packaged()["aiddata"])
    beside, alone = bri_kg.load(external="aiddata"), bri_kg.load()
    query = "SELECT ?r { ?r ext:amount ?a FILTER (?a > 1e15) }"
    assert "neither paper nor records say" in str(beside.query(query).why_empty())
    assert "seen with --with NAME" in str(alone.query(query).why_empty())
    assert "Did you mean ext:amount" in str(beside.query("SELECT ?r { ?r ext:amout ?a }").why_empty())
    silent = "SELECT ?p { ?p a bri:Project ; bri:hostCountry state:japan }"
    assert str(beside.query(silent).why_empty()) == str(alone.query(silent).why_empty())


@pytest.fixture
def run_with(tmp_path):
    import os
    import subprocess
    import sys

    environment = {**os.environ, "BRI_KG_DATA": str(tmp_path / "data")}

    def run(*words):
        command = [sys.executable, "-m", "bri_kg", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)

    return run, environment


def test_list_and_remove(run_with, tmp_path):
    run, _ = run_with
    empty = run("external", "list")
    assert (empty.returncode, len(empty.stdout.splitlines())) == (0, 1)
    assert run("external", "add", str(EXTERNAL / REAL["country-codes"][0][0])).returncode == 0
    row = json.loads(run("external", "list", "--format", "json").stdout)
    assert "country-codes" in str(row) and "opendatacommons" in str(row) and "249" in str(row)
    assert run("external", "remove", "country-codes").returncode == 0
    assert len(run("external", "list").stdout.splitlines()) == 1
    for words in (["remove", "country-codes"], ["remove", "../data"], ["add", "nothing.csv"]):
        failed = run("external", *words)
        assert failed.returncode == 2 and "Traceback" not in failed.stderr and failed.stderr.count("\n") == 1
    failed = run("ask", "projects-in", "country=Laos", "--with", "nothing")
    assert failed.returncode == 2 and "external add" in failed.stderr
    assert "country-codes" in run("external", "list", "--known").stdout


def test_files_of_several_datasets_go_into_one_command(run_with):
    run, _ = run_with
    votes = sorted(str(path) for path in (EXTERNAL / "un-votes").glob("*.csv"))
    done = run("external", "add", *votes)
    assert done.returncode == 0 and done.stderr.count("Imported") == 3
    assert [one.name for one in kept_datasets()] == ["un-roll-call-issues", "un-roll-calls", "un-votes"]
    wrong = run("external", "add", votes[0], str(EXTERNAL / "un-votes/README.md"))
    assert wrong.returncode == 2 and "README.md is no dataset" in wrong.stderr
    assert "name the files in it" in run("external", "add", str(EXTERNAL)).stderr


def test_a_file_that_is_like_none_goes_with_the_first(tmp_path):
    first = write(tmp_path, "rcid,country_code,vote\n3501,LA,yes\n", "a.csv")
    other = write(tmp_path, "rcid,state\n1,x\n", "b.csv")
    [(description, files)] = guess_all([first, other])
    assert (description.name, files) == ("un-votes", [first, other])
    with pytest.raises(DataError, match="country_code"):
        import_files(files, description)
    with pytest.raises(UsageError):
        guess_all([other, first])


def test_a_record_of_several_files_names_its_file():
    paths = [EXTERNAL / file for file in REAL["huggo"][0]]
    import_files(paths, packaged()["huggo"])
    assert values("huggo", "ASEANC_2004O", "file") == ["HUGGO_reconciled.csv"]
    kg = bri_kg.load(external="huggo")
    shown = {one.shown for one in kg.describe("record:huggo/ASEANC_2004O").recorded}
    assert len(shown) == 1 and "HUGGO_reconciled.csv, line 344" in shown.pop()
    import_files(paths[:1], packaged()["huggo"])
    assert values("huggo", "ASEANC_2004O", "file") == []  # the dataset names its one file


@pytest.mark.parametrize("name", sorted(packaged()))
def test_every_dataset_says_what_can_be_asked(name):
    description, kept = description_of(name)
    rows = contents(description, kept)
    assert kept is None and len(rows) > 1 and all(row[0] and row[1] and not row[2] for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    assert first_question(description).endswith(f"--with {name}")


def test_an_imported_dataset_shows_a_value_of_each_property(run_with):
    run, _ = run_with
    import_files([EXTERNAL / REAL["aiddata"][0][0]], packaged()["aiddata"])
    shown = run("external", "show", "aiddata", "--format", "json")
    rows = {row["property"]: row for row in json.loads(shown.stdout)}
    assert rows["ext:amount"] == {"property": "ext:amount", "column": "amount_usd", "example": "225607310.44"}
    assert all(row["example"] for row in rows.values())
    table = run("external", "show", "aiddata", "--format", "table")
    assert "imported on" in table.stdout and "opendatacommons" in table.stdout
    command = shlex.split(table.stderr.partition("To begin with: ")[2])
    asked = run(*command[1:])
    assert asked.returncode == 0 and len(asked.stdout.splitlines()) == 6
    failed = run("external", "show", "nothing")
    assert failed.returncode == 2 and "external list" in failed.stderr
    (data_home() / "aiddata" / "records.trig").write_text("no TriG", encoding="utf-8")
    damaged = run("external", "show", "aiddata")
    assert damaged.returncode == 1 and "import the dataset again" in damaged.stderr


def test_a_list_is_read_at_eighty_columns(run_with):
    run, environment = run_with
    environment["COLUMNS"] = "80"
    assert "external add FILE" in run("external", "list").stderr
    import_files([EXTERNAL / REAL["natural-earth-outlines"][0][0]], packaged()["natural-earth-outlines"])
    shown = run("external", "list", "--format", "table")
    assert re.search(r"natural-earth-outlines +2025-02-28 +CC0 1.0 +26", shown.stdout)
    assert "Natural Earth 1:50m, outlines of countries" in shown.stdout and str(data_home().name) in shown.stderr
    known = run("external", "list", "--known", "--format", "table")
    assert max(map(len, [*shown.stdout.splitlines(), *known.stdout.splitlines()])) <= 80
    for words in (["list"], ["list", "--known"], ["show", "natural-earth-outlines"], ["show", "us-executive"]):
        chinese = run("external", *words, "--lang", "zh", "--format", "table")
        assert chinese.returncode == 0, chinese.stderr
    assert short_licence("https://example.org/mine") == "example.org"


def test_a_thing_shows_what_its_linked_records_say():
    import_files([EXTERNAL / REAL["aiddata"][0][0]], packaged()["aiddata"])
    import_files([EXTERNAL / REAL["leaders"][0][0]], packaged()["leaders"])
    kg = bri_kg.load(external="aiddata,leaders")
    told = kg.describe("China-Laos Railway").recorded
    assert {one.text for one in told if one.property == "ext:amount"} == {"566786164.01", "3628473095.78"}
    assert all(one.shown.startswith("financed by record: ") for one in told)
    assert "64727" not in str(told)  # the expressway, a link that is denied
    offices = {one.text for one in kg.describe("Xi Jinping").recorded if one.property == "ext:positionName"}
    assert "Governor of Fujian" in offices and "E Jingping" not in str(kg.describe("Xi Jinping").recorded)
    assert kg.describe("Laos").recorded == ()  # no office held in Laos is told of the state


def test_references_name_the_records_and_the_licence():
    import_files([EXTERNAL / REAL["aiddata"][0][0]], packaged()["aiddata"])
    kg = bri_kg.load(external="aiddata")
    answer = kg.query("SELECT ?r ?a { project:china-laos-railway bri:financedByRecord ?r . ?r ext:amount ?a }")
    assert "AidData n.d., records 33726, 85304\n" in answer.references("plain")
    note = "Data set. Licence: https://opendatacommons.org/licenses/by/1-0/. Cited: records 33726, 85304"
    assert note in answer.references("bibtex")
    [dataset] = [one for one in json.loads(answer.references("csl")) if one["id"] == "dataset-aiddata"]
    assert dataset["note"].endswith("Cited: records 33726, 85304")
    many = kg.query("SELECT ?r ?a { ?r ext:amount ?a }").references("plain")
    assert re.search(r"records 33396, .* and \d more", many)


def test_stored_questions_answer_the_same_with_records():
    from bri_kg.questions import questions

    for name in ("aiddata", "country-codes", "gem"):
        import_files([EXTERNAL / file for file in REAL[name][0]], packaged()[name])
    plain, beside = bri_kg.load(), bri_kg.load(external=["aiddata,country-codes", "gem"])
    assert len(beside) > len(plain)
    for one in questions():
        given = {parameter.name: parameter.example for parameter in one.parameters}
        assert beside.ask(one.name, **given).terms == plain.ask(one.name, **given).terms, one.name


def test_the_default_graph_is_the_union(mine, tmp_path):
    import_files([write(tmp_path, HEAD + "1,a,2,\n2,b,3,https://example.org/x\n")], mine)
    kg = bri_kg.load(external="mine")
    both = "SELECT ?s ?v { ?s ext:amount ?v } ORDER BY ?v"
    inside = "SELECT ?s ?v { GRAPH ?s { ?s ext:amount ?v } } ORDER BY ?v"
    assert kg.query(both).terms == kg.query(inside).terms
    assert len(kg.query(both)) == 2
    assert [str(cell) for (cell,) in kg.query("SELECT ?t { dataset:mine dcterms:title ?t }")] == ["Mine"]


BROKEN = {
    "a number that is none": (b"1,a,many,\n", ":2: amount: 'many' is no decimal number"),
    "too few cells": (b"1,a\n", ":2: it has 2 cells, the header 4"),
    "no id": (b",a,1,\n", ":2: the record has no id"),
    "an id again": (b"1,a,1,\n2,b,1,\n1,c,1,\n", ":4: its id is that of line 2"),
    "Latin-1": (b"1,caf\xe9,1,\n", ":2: the byte 0xE9 is not UTF-8"),
    "NUL": (b"1,a\x00b,1,\n", ":2: a NUL byte"),
    "an open quote": (b'1,"abc,1,\n2,b,1,\n', ":2: a quote is opened and never closed"),
    "text after a quote": (b'1,"abc"d,1,\n', ":2: there is text after a closing quote"),
    "script for an address": (b"1,a,1,javascript:alert(1)\n", ":2: page: 'javascript:alert(1)' is no web address"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_row_stops_or_is_left_out(mine, tmp_path, name):
    rows, said = BROKEN[name]
    good = write(tmp_path, HEAD + "8,good,1,\n", "good.csv")
    import_files([good], mine)
    before = quads("mine")
    path = write(tmp_path, HEAD.encode() + rows)
    with pytest.raises(DataError, match=r"Nothing was imported") as stopped:
        import_files([path], mine)
    assert said in str(stopped.value)
    assert quads("mine") == before
    assert [one.name for one in data_home().iterdir()] == ["mine"]
    told = []
    kept = import_files([path, good], mine, on_error="skip", report=lambda *row: told.append(row))
    assert (kept.skipped, len(told)) == (1, 1)
    assert f":{told[0][1]}: {told[0][2]}".startswith(said)
    assert {quad.graph_name.value[-1] for quad in quads("mine")} == ({"1", "2", "8"} if "again" in name else {"8"})


def test_encodings(mine, tmp_path):
    text = HEAD + "1,café 铁路,1.5E+3,\n"
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        import_files([write(tmp_path, text.encode(encoding))], mine)
        assert values("mine", "1", "name") == ["café 铁路"] and values("mine", "1", "amount") == ["1500"]
    import_files([write(tmp_path, text.encode("gb18030"))], mine, encoding="gb18030")
    assert values("mine", "1", "name") == ["café 铁路"]
    with pytest.raises(DataError, match="UTF-16 without its mark"):
        import_files([write(tmp_path, text.encode("utf-16-le"))], mine)
    with pytest.raises(UsageError, match="There is no encoding 'klingon'"):
        import_files([write(tmp_path, text)], mine, encoding="klingon")


def test_gzip_and_its_bomb(mine, tmp_path):
    packed = gzip.compress((HEAD + "1,a,1,\n").encode())
    assert import_files([write(tmp_path, packed, "t.csv.gz")], mine).records == 1
    with pytest.raises(DataError, match="no whole gzip file"):
        import_files([write(tmp_path, packed[:-9], "t.csv.gz")], mine)
    bomb = gzip.compress(HEAD.encode() + (b"1," + b"a" * 10_000 + b",1,\n") * 10_000, 6)
    with pytest.raises(DataError, match="grows more than 200 times"):
        import_files([write(tmp_path, bomb, "b.csv.gz")], mine, on_error="skip")


def test_hostile_cells_are_text(mine, tmp_path):
    evil = 'x" . <urn:a> <urn:b> "c'
    first = '"a/../b>{",\'=HYPERLINK(""x""),1,https://example.org/<script> {}\n'
    second = '2,"' + evil.replace('"', '""') + '\n} } \\",2,\n'
    rows = first.replace('\'=HYPERLINK(""x"")', "=HYPERLINK(x)") + second
    import_files([write(tmp_path, HEAD + rows)], mine)
    found = quads("mine")
    assert len({quad.graph_name for quad in found}) == 2
    assert not any(quad.subject.value.startswith("urn:") for quad in found)
    assert {quad.graph_name.value for quad in found} == {
        "https://w3id.org/bri-kg/record/mine/2",
        "https://w3id.org/bri-kg/record/mine/a%2F%2E%2E%2Fb%3E%7B",
    }
    assert values("mine", "2", "name") == [evil + "\n} } \\"]
    [page] = [quad.object.value for quad in found if quad.predicate.value == EXT + "page"]
    assert page == "https://example.org/%3Cscript%3E%20%7B%7D"
    assert len(bri_kg.load(external="mine").query("SELECT ?s { ?s a ext:Thing }")) == 2


def test_a_huge_cell(mine, tmp_path):
    import_files([write(tmp_path, HEAD + f"1,{'x' * 1_000_000},1,\n")], mine)
    with pytest.raises(DataError, match="more than 16,777,216 characters"):
        import_files([write(tmp_path, HEAD + f"1,{'x' * 17_000_000},1,\n")], mine)


IATI = """<?xml version="1.0"?>
<iati-activities version="2.03">
 <iati-activity xml:lang="en" default-currency="EUR">
  <iati-identifier>AA-AAA-1/2</iati-identifier>
  <title><narrative>A title</narrative><narrative xml:lang="fr">Un titre</narrative></title>
  <participating-org ref="B" role="1" type="40"><narrative>Agency B</narrative></participating-org>
  <activity-date iso-date="2012-04-15" type="1"/><activity-date iso-date="2012-04-28" type="2"/>
  <location><point srsName="x"><pos>31.616944 65.716944</pos></point></location>
  <transaction><transaction-type code="1"/><transaction-date iso-date="2012-01-01"/><value currency="EUR">1000</value></transaction>
  <transaction><transaction-type code="3"/><value currency="USD">25.5</value></transaction>
 </iati-activity>
</iati-activities>
"""


def test_iati_activities(tmp_path):
    path = write(tmp_path, IATI, "activities.xml")
    assert guess(path).name == "iati-activities"
    import_files([path], guess(path))
    record = "AA-AAA-1%2F2"
    assert values("iati-activities", record, "name") == ["A title", "Un titre"]
    assert values("iati-activities", record, "plannedStart") == ["2012-04-15"]
    assert values("iati-activities", record, "actualStart") == ["2012-04-28"]
    assert values("iati-activities", record, "funder") == ["Agency B"]
    found = bri_kg.load(external="iati-activities").query(
        "SELECT ?t ?a ?c { ?r ext:transaction ?t . ?t ext:amount ?a ; ext:currency ?c } ORDER BY ?a"
    )
    assert [(str(a), str(c)) for _, a, c in found] == [("25.5", "USD"), ("1000", "EUR")]
    assert [q.object.value for q in quads("iati-activities") if "asWKT" in q.predicate.value] == [
        "POINT(65.716944 31.616944)"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("<iati-activities", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><iati-activities'),
            "document type",
        ),
        (("</iati-activities>", ""), "the XML is broken"),
        (("<title>", "<title>" + "<a>" * 200), "nest more than 100"),
    ],
)
def test_xml_that_is_refused(tmp_path, change, said):
    path = write(tmp_path, IATI.replace(*change), "activities.xml")
    with pytest.raises(DataError, match=said):
        import_files([path], packaged()["iati-activities"], on_error="skip")
    assert kept_datasets() == []


WORLD_BANK = {"rows": 2, "page": "1", "projects": {
    "P000001": {"id": "P000001", "project_name": "A project", "countryshortname": "Laos", "totalamt": "21,000,000",
                "boardapprovaldate": "2011-05-31T00:00:00Z", "project_abstract": {"cdata": "Text"}, "url": "https://example.org/P000001"},
    "P000002": {"id": "P000002", "project_name": "Another \ud83d\ude80", "totalamt": "0"},
}}  # fmt: skip


def test_world_bank_projects(tmp_path):
    path = write(tmp_path, json.dumps(WORLD_BANK, indent=1), "projects.json")
    assert guess(path).name == "worldbank"
    assert import_files([path], guess(path)).records == 2
    assert values("worldbank", "P000001", "amount") == ["21000000"]
    assert values("worldbank", "P000001", "approved") == ["2011-05-31"]
    assert values("worldbank", "P000002", "line") == ["16"]
    cut = write(tmp_path, json.dumps(WORLD_BANK)[:-40], "cut.json")
    with pytest.raises(DataError, match="cut off"):
        import_files([cut], packaged()["worldbank"], on_error="skip")
    deep = write(tmp_path, '{"projects": [' + "[" * 200_000, "deep.json")
    with pytest.raises(DataError, match=r"deep\.json:1: "):
        import_files([deep], packaged()["worldbank"], on_error="skip")


def test_json_is_read_in_pieces(tmp_path):
    many = {"projects": {f"P{n}": {"id": f"P{n}", "project_name": "x" * 500, "totalamt": n} for n in range(2_000)}}
    path = write(tmp_path, json.dumps(many), "projects.json")
    assert import_files([path], packaged()["worldbank"]).records == 2_000
    assert values("worldbank", "P1999", "amount") == ["1999"]


def test_wikidata_items_and_results(tmp_path):
    def claim(value):
        return [{"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": "normal"}]

    item = {"id": "Q1", "lastrevid": 7, "labels": {"en": {"language": "en", "value": "A"}, "zh": {"language": "zh", "value": "甲"}},
            "claims": {"P31": claim({"id": "Q5"}), "P571": claim({"time": "+2016-01-01T00:00:00Z", "precision": 9})}}  # fmt: skip
    path = write(tmp_path, json.dumps({"entities": {"Q1": item}}), "Q1.json")
    assert guess(path).name == "wikidata"
    import_files([path], guess(path))
    found = quads("wikidata")
    assert {q.graph_name.value for q in found} == {"https://w3id.org/bri-kg/record/wikidata/Q1"}
    assert values("wikidata", "Q1", "inception") == ["2016"]
    assert {q.object.language for q in found if q.predicate.value == EXT + "name"} == {"en", "zh"}
    assert values("wikidata", "Q1", "describes") == ["http://www.wikidata.org/entity/Q1"]
    rows = [
        {
            "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q1"},
            "itemLabel": {"type": "literal", "value": "A"},
        }
    ] * 2
    path = write(tmp_path, json.dumps({"head": {"vars": []}, "results": {"bindings": rows}}), "query.json")
    assert guess(path).name == "wikidata-results"
    assert import_files([path], guess(path)).records == 2


def workbook(path, rows):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_workbooks(tmp_path):
    description = write(tmp_path, OWN.replace('format = "csv"', 'format = "xlsx"'), "x.toml")
    one = description_for(str(description))
    path = workbook(tmp_path / "t.xlsx", [["id", "name", "amount", "page"], [1, "=1+1", 2.5, None], [2, "b", 3.0, ""]])
    import_files([path], one)
    assert values("mine", "1", "name") == ["=1+1"] and values("mine", "2", "amount") == ["3"]
    import csv

    with (EXTERNAL / REAL["aiddata"][0][0]).open(encoding="utf-8", newline="") as file:
        known = workbook(tmp_path / "aiddata.xlsx", list(csv.reader(file)))
    assert guess(known).name == "aiddata"
    assert import_files([known], guess(known)).records == 26
    with pytest.raises(UsageError, match="its columns: id, name"):
        guess(path)
    with pytest.raises(DataError, match=r"no \.xlsx workbook"):
        import_files([write(tmp_path, b"PK\x03\x04nothing", "b.xlsx")], one)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 200_000_000)
    with pytest.raises(DataError, match="far more than a workbook"):
        import_files([tmp_path / "bomb.xlsx"], one)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "mine"', 'name = "../mine"', "is no name"),
        ('name = "mine"', "", "lacks name"),
        ('version = "1"', 'version = "1"\ncolour = "red"', "'colour', which means nothing"),
        ('format = "csv"', 'format = "sav"', "is unknown"),
        ('id = "{id}"', 'id = "id"', "names no column"),
        ('datatype = "decimal"', 'datatype = "money"', "is unknown"),
        ('datatype = "decimal"', 'pattern = "("', "no regular expression"),
        ('property = "name"', 'property = "foo:name"', "is no term"),
        ("values = [", "values = [[", "is no TOML"),
    ],
)
def test_a_wrong_description_is_refused(tmp_path, old, new, said):
    path = write(tmp_path, OWN.replace(old, new), "wrong.toml")
    with pytest.raises(BriKgError, match=said) as refused:
        read_description(path)
    assert "wrong.toml" in str(refused.value)


def test_an_unknown_table_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match=r"--as my\.toml"):
        guess(write(tmp_path, "a,b\n1,2\n"))
    with pytest.raises(DataError, match="the column 'aiddata_record_id' is missing"):
        import_files([write(tmp_path, "a,b\n1,2\n")], packaged()["aiddata"])
    for empty in ("", HEAD):
        with pytest.raises(DataError):
            import_files([write(tmp_path, empty)], packaged()["aiddata"])


def test_memory_does_not_grow_with_rows(mine, tmp_path, monkeypatch):
    import tracemalloc

    from bri_kg.external import importing

    monkeypatch.setattr(importing, "_SPILL", 1_000)
    peaks = []
    for count in (2_000, 20_000):
        path = write(tmp_path, HEAD + "".join(f"{n},row,{n},\n" for n in range(count)))
        tracemalloc.start()
        import_files([path], mine)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3
    path = write(tmp_path, HEAD + "".join(f"{n % 4_000},row,{n},\n" for n in range(5_000)))
    assert import_files([path], mine, on_error="skip").skipped == 1_000


def test_a_damaged_dataset_is_said(mine, tmp_path):
    kept = import_files([write(tmp_path, HEAD + "1,a,1,\n")], mine)
    with (kept.folder / "records.trig").open("a") as file:
        file.write("<oops\n")
    with pytest.raises(DataError, match="external remove mine"):
        bri_kg.load(external="mine")
    assert remove("mine").records == 1
