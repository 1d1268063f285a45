"""Datasets in the shapes in which they are met: seen in public repositories, and made anew here with made-up contents.

World Bank: pages of the interface, lists of projects, one project a line (as MongoDB writes them), tables made of them, the Excel download with a
title above its columns. Wikidata: dumps, single entities, years of eleven digits, ids as numbers, lists for empty objects, ranks. IATI: languages and
currencies of the activity, version 1. YAML as the lists of members of Congress are written.
"""

import csv
import json
from datetime import datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

import bri_kg
from bri_kg.errors import DataError, UsageError
from bri_kg.external.descriptions import packaged, read_description
from bri_kg.external.guessing import guess
from bri_kg.external.importing import import_files
from bri_kg.external.keeping import data_home

EXTERNAL = Path(__file__).resolve().parents[2] / "shared" / "external"
EXT = "https://w3id.org/bri-kg/external#"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("BRI_KG_DATA", str(tmp_path / "data"))


def write(folder, content, name):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def imported(path, name, **options):
    """Import a file that must be guessed as ``name`` and return its quads."""
    assert guess(path, options.get("encoding", "")).name == name
    import_files([path], packaged()[name], **options)
    return list(ox.parse(path=str(data_home() / name / "records.trig"), format=ox.RdfFormat.TRIG))


def said(quads, prop, record=""):
    """Return what is said with a property, with the language or the type where it has one, in the order of the file."""
    found = []
    for quad in quads:
        if quad.predicate.value.removeprefix(EXT) != prop or not quad.graph_name.value.endswith(record):
            continue
        value = quad.object
        more = ""
        if isinstance(value, ox.Literal):
            type = value.datatype.value.rpartition("#")[2]
            more = f"@{value.language}" if value.language else "" if type == "string" else f"^^{type}"
        found.append(value.value + more)
    return found


ONE = {"id": "P000001", "project_name": "First", "countrycode": ["LA", "3A"], "countryname": ["Lao", "Africa"], "totalamt": "21,000,000",
       "closingdate": "6/30/2027 12:00:00 AM", "boardapprovaldate": "2011-05-31T00:00:00Z", "curr_total_commitment": "21"}  # fmt: skip
TWO = {"_id": {"$oid": "52b2"}, "id": "P000002", "project_name": "Second", "countrycode": "TN", "totalamt": 0, "closingdate": "2018-07-07T00:00:00Z",
       "country_namecode": "Republic of Tunisia!$!TN", "sector1": {"Name": "Education", "Percent": 46}}  # fmt: skip
PAGE = {"rows": 1, "projects": {"P000001": ONE}, "facets": {"status": []}}
SHAPES = {
    "a page": json.dumps({"projects": {"P000001": ONE, "P000002": TWO}, "total": 2}),
    "pages one after another": json.dumps(PAGE) + "\n" + json.dumps({"projects": {"P000002": TWO}}) + "\n",
    "a list": json.dumps([ONE, TWO], indent=1),
    "one a line": json.dumps(ONE) + "\n" + json.dumps(TWO) + "\n",
    "lines of a list": json.dumps(ONE) + ",\n" + json.dumps(TWO) + ",\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_world_bank_projects_in_all_shapes(tmp_path, shape):
    quads = imported(write(tmp_path, SHAPES[shape], "projects.json"), "worldbank")
    assert said(quads, "identifier") == ["P000001", "P000002"]
    assert said(quads, "closed") == ["2027-06-30^^date", "2018-07-07^^date"]
    assert said(quads, "amount") == ["21000000^^decimal", "0^^decimal"]
    assert said(quads, "commitmentInMillions") == ["21^^decimal"]
    assert said(quads, "worldBankCountry") == ["LA", "3A", "TN"] and said(quads, "iso3166Alpha2") == []


TABLE = (
    ",id,project_name,totalamt,closingdate,status,project_abstract\n"
    "0,P000001,\"First, and foremost\",\"280,000,000\",12/31/2028 12:00:00 AM,Active,{'cdata!': 'A text'}\n"
    "1,P000002,Second,0,,Closed,\n"
)


def test_world_bank_tables(tmp_path):
    quads = imported(write(tmp_path, TABLE, "wb.csv"), "worldbank-table")
    assert said(quads, "name") == ["First, and foremost@en", "Second@en"]
    assert said(quads, "amount") == ["280000000^^decimal", "0^^decimal"] and said(quads, "closed") == [
        "2028-12-31^^date"
    ]
    assert said(quads, "line", "P000002") == ["3^^integer"]
    titled = "World Bank Projects\n\nNr,Project ID,Project Name\n" + TABLE
    quads = imported(write(tmp_path, titled, "wb.csv"), "worldbank-table")
    assert said(quads, "line") == ["5^^integer", "6^^integer"]
    with pytest.raises(UsageError, match="no dataset that is known"):
        guess(write(tmp_path, "title\n" * 6 + TABLE, "wb.csv"))


def test_the_excel_download_of_the_world_bank(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    rows = [
        ["World Bank Projects"],
        [],
        ["Project ID", "Project Name"],
        ["id", "project_name"],
        ["P1", "First"],
        ["P2", "Second"],
    ]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "all.xlsx")
    quads = imported(tmp_path / "all.xlsx", "worldbank-table")
    assert said(quads, "identifier") == ["P1", "P2"] and said(quads, "line") == ["5^^integer", "6^^integer"]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_table_with_another_delimiter(tmp_path, delimiter):
    table = "rcid,country_code,vote\n3501.0,LA,yes\n".replace(",", delimiter)
    assert said(imported(write(tmp_path, "\n" + table, "votes.csv"), "un-votes"), "vote") == ["yes"]
    assert said(imported(write(tmp_path, table.encode("utf-16"), "votes.csv"), "un-votes"), "vote") == ["yes"]


PLACES = (
    '7001|Upper Town|Town "Upper"|UPT,Up,上城|17.5|102.5|P|PPL|LA||24||||1234||174|Asia/Town|2012-01-18\n'
    '7002|"Lower Town|Lower Town||-22.5|18.5|P|PPL|NA||||||0||||2012-01-18\n'
).replace("|", "\t")


def test_places_of_geonames_have_no_header_and_no_quotes(tmp_path):
    for name in ("cities.txt", "LA.tsv"):
        quads = imported(write(tmp_path, PLACES, name), "geonames")
        assert said(quads, "name") == ["Upper Town", '"Lower Town'] and said(quads, "iso3166Alpha2") == ["LA", "NA"]
        assert said(quads, "alternativeName", "7001") == ['Town "Upper"', "UPT", "Up", "上城"]
        assert said(quads, "population") == ["1234^^integer", "0^^integer"]
        assert said(quads, "modified", "7001") == ["2012-01-18^^date"]
        things = {quad.subject.value for quad in quads if quad.predicate.value == EXT + "placeType"}
        assert things == {"https://sws.geonames.org/7001/", "https://sws.geonames.org/7002/"}
    for wrong in (("7001", "id"), ("102.5", "190.5"), ("2012-01-18", "18.01.2012"), ("\t24", "")):
        with pytest.raises(UsageError, match="no dataset that is known"):
            guess(write(tmp_path, PLACES.replace(*wrong), "places.txt"))


def test_the_workbook_of_aiddata_and_its_sheet_as_csv(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    with (EXTERNAL / "aiddata-gcdf3" / "gcdf3_data_dictionary.csv").open(encoding="utf-8", newline="") as file:
        names = [row["field_name"] for row in csv.DictReader(file)]
    given = {
        "AidData Record ID": 33726,
        "Title": "A loan",
        "Recipient": "Laos",
        "Recipient ISO-3": "LAO",
        "Sector Name": "ENERGY",
        "Status": "Completion",
    }
    given |= {
        "Recommended For Aggregates": "Yes",
        "Umbrella": "No",
        "Commitment Date (MM/DD/YYYY)": datetime(2016, 9, 8),
        "Commitment Year": 2016,
    }
    given |= {
        "Amount (Constant USD 2021)": 1500000000.5,
        "Amount (Nominal USD)": 1200000.25,
        "Funding Agencies": "Bank A|Bank B",
    }
    book = openpyxl.Workbook()
    book.active.append(["Field Name", "Description"])
    sheet = book.create_sheet("GCDF_3.0")
    sheet.append(names)
    sheet.append([given.get(name) for name in names])
    book.save(tmp_path / "v3.0.xlsx")
    with (tmp_path / "v3.0.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(sheet.iter_rows(values_only=True))
    for name in ("v3.0.xlsx", "v3.0.csv"):
        quads = imported(tmp_path / name, "aiddata-gcdf3")
        assert said(quads, "amount") == ["1500000000.5^^decimal"] and said(quads, "amountNominal") == [
            "1200000.25^^decimal"
        ]
        assert said(quads, "priceBasis") == ["constant 2021"] and said(quads, "funder") == ["Bank A", "Bank B"]
        assert said(quads, "commitmentDate") == ["2016-09-08^^date"] and said(quads, "commitmentYear") == [
            "2016^^gYear"
        ]
        assert said(quads, "umbrella") == ["false^^boolean"] and said(quads, "isForAggregates") == ["true^^boolean"]
    found = bri_kg.load(external="aiddata-gcdf3").query(
        "SELECT ?a { project:china-laos-railway bri:financedByRecord ?r . ?r ext:amount ?a }"
    )
    assert [str(amount) for (amount,) in found] == ["1500000000.5"]
    book.remove(sheet)
    book.save(tmp_path / "v3.0.xlsx")
    with pytest.raises(UsageError, match=r"has no sheet .GCDF_3\.0."):
        import_files([tmp_path / "v3.0.xlsx"], packaged()["aiddata-gcdf3"])


def claim(value, rank="normal", snaktype="value"):
    main = {"snaktype": snaktype} | ({"datavalue": {"value": value}} if snaktype == "value" else {})
    return {"mainsnak": main, "rank": rank, "type": "statement", "qualifiers": {"P580": [{"snaktype": "novalue"}]}}


def time(text, precision, calendar="Q1985727"):
    return {"time": text, "precision": precision, "calendarmodel": f"http://www.wikidata.org/entity/{calendar}"}


def item(id, **claims):
    return {
        "type": "item",
        "id": id,
        "labels": {"en": {"language": "en", "value": id}},
        "aliases": [],
        "claims": claims,
    }


def test_a_dump_of_wikidata(tmp_path):
    entities = [
        item(
            "Q1",
            P31=[claim({"entity-type": "item", "numeric-id": 5})],
            P571=[claim(time("+00000001917-12-06T00:00:00Z", 11))],
        ),
        item(
            "Q2",
            P31=[claim({"entity-type": "item", "numeric-id": 6, "id": "Q6"})],
            P571=[claim(None, snaktype="somevalue")],
        ),
        {"type": "property", "id": "P16", "labels": [], "aliases": {}, "claims": []},
    ]
    lines = ",\n".join(json.dumps(one) for one in entities)
    quads = imported(write(tmp_path, f"[\n{lines}\n]\n", "dump.json"), "wikidata")
    assert said(quads, "identifier") == ["Q1", "Q2", "P16"]
    assert said(quads, "instanceOf") == ["http://www.wikidata.org/entity/Q5", "http://www.wikidata.org/entity/Q6"]
    assert said(quads, "inception") == ["1917-12-06^^date"]
    assert said(imported(write(tmp_path, lines + ",\n", "part.json"), "wikidata"), "line") == [
        "1^^integer",
        "2^^integer",
        "3^^integer",
    ]
    with pytest.raises(DataError, match="cut off"):
        import_files([write(tmp_path, f"[\n{lines},\n", "head.json")], packaged()["wikidata"])


def test_a_single_entity_of_wikidata(tmp_path):
    one = json.dumps({"pageid": 1, "lastrevid": 7, **item("Q9")}, indent=1)
    for name in ("Q9.json", "Q9.wd"):
        assert said(imported(write(tmp_path, one, name), "wikidata"), "revision") == ["7^^integer"]


@pytest.mark.parametrize(
    ("given", "date"),
    [
        (time("+2016-00-00T00:00:00Z", 9), "2016^^gYear"),
        (time("+2016-03-00T00:00:00Z", 10), "2016-03^^gYearMonth"),
        (time("+00000002016-03-04T00:00:00Z", 11), "2016-03-04^^date"),
        (time("+2016-03-04T13:00:00Z", 12), "2016-03-04^^date"),
        (time("+1582-10-04T00:00:00Z", 11, "Q1985786"), "1582^^gYear"),
        (time("+1900-00-00T00:00:00Z", 7), None),
        (time("-0221-01-01T00:00:00Z", 9), None),
        (time("+00000000306-11-03T13:07:06Z", 32), None),
    ],
)
def test_times_of_wikidata_in_their_precision(tmp_path, given, date):
    path = write(tmp_path, json.dumps({"entities": {"Q1": item("Q1", P571=[claim(given)])}}), "Q1.json")
    assert said(imported(path, "wikidata"), "inception") == ([date] if date else [])


def test_of_statements_of_wikidata_the_best_hold(tmp_path):
    states = [({"id": f"Q{number}"}, rank) for number, rank in enumerate(["normal", "deprecated", "normal"])]
    places = [
        {"latitude": 19.4, "longitude": 93.5, "globe": globe, "altitude": None}
        for globe in (None, "http://www.wikidata.org/entity/Q405")
    ]
    made = item("Q7", P17=[claim(*one) for one in states], P625=[claim(one) for one in places])
    path = write(tmp_path, json.dumps({"entities": {"Q7": made}}), "Q7.json")
    quads = imported(path, "wikidata")
    assert [one.rpartition("/")[2] for one in said(quads, "wikidataCountry")] == ["Q0", "Q2"]
    assert [quad.object.value for quad in quads if quad.predicate.value.endswith("asWKT")] == ["POINT(93.5 19.4)"]
    made["claims"]["P17"].append(claim({"id": "Q9"}, "preferred"))
    quads = imported(write(tmp_path, json.dumps({"entities": {"Q7": made}}), "Q7.json"), "wikidata")
    assert [one.rpartition("/")[2] for one in said(quads, "wikidataCountry")] == ["Q9"]


def test_results_of_wikidata_keep_languages_and_places(tmp_path):
    row = {
        "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q1"},
        "itemLabel": {"xml:lang": "zh", "type": "literal", "value": "老挝"},
        "coord": {
            "type": "literal",
            "datatype": "http://www.opengis.net/ont/geosparql#wktLiteral",
            "value": "Point(102.6 17.96)",
        },
    }
    quads = imported(
        write(tmp_path, json.dumps({"head": {"vars": []}, "results": {"bindings": [row]}}), "q.json"),
        "wikidata-results",
    )
    assert said(quads, "name") == ["老挝@zh"]
    assert [quad.object.value for quad in quads if quad.predicate.value.endswith("asWKT")] == ["POINT(102.6 17.96)"]


IATI = """<?xml version="1.0"?>
<iati-activities xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="x.xsd" version="2.03">
 <iati-activity xml:lang="nl" default-currency="EUR"><!-- --><iati-identifier>NL-1</iati-identifier>
  <title><narrative>Een titel</narrative><narrative xml:lang="fr">Un titre</narrative></title>
  <description type="1" xmlns:x="http://example.org/"><narrative xml:lang="en_GB">Text</narrative><x:foo>other</x:foo></description>
  <recipient-country code="KH" percentage="25"/><recipient-region code="A1" vocabulary="99" percentage="75.5"/>
  <sector vocabulary="1" code="43081" percentage="100"/><default-tied-status code=""/>
  <budget><period-start iso-date="2014-01-01"/><value value-date="2018-01-01">2000000</value></budget>
  <transaction><transaction-type code="2"/><transaction-date iso-date="2014-01-01"/><value>15.50</value></transaction>
  <transaction><transaction-type code="3"/><value currency="USD">-9270</value><recipient-country code="LA"/></transaction>
 </iati-activity>
</iati-activities>
"""


def test_iati_activities_give_what_they_do_not_repeat(tmp_path):
    quads = imported(write(tmp_path, IATI, "a.xml"), "iati-activities")
    assert said(quads, "name") == ["Een titel@nl", "Un titre@fr"] and said(quads, "description") == ["Text@en-gb"]
    assert said(quads, "currency") == ["EUR", "USD", "EUR"]  # of two transactions and a budget
    assert said(quads, "amount") == ["15.50^^decimal", "-9270^^decimal", "2000000^^decimal"]
    assert said(quads, "percentage") == ["25^^decimal", "75.5^^decimal", "100^^decimal"]
    assert said(quads, "standardVersion") == ["2.03"]
    latin = IATI.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="gb18030"?>').replace(
        "Een titel", "铁路"
    )
    quads = imported(write(tmp_path, latin.encode("gb18030"), "a.xml"), "iati-activities", encoding="gb18030")
    assert said(quads, "name")[0] == "铁路@nl"


def test_iati_activities_of_version_1(tmp_path):
    old = """<iati-activities version="1.04"><iati-activity xml:lang="en" default-currency="EUR"><iati-identifier>A-1</iati-identifier>
      <title>A title</title><description>Text</description><activity-date iso-date="2012-04-15" type="start-planned"/>
      <participating-org role="Funding">Agency B</participating-org><transaction><value>1000</value><transaction-type code="IF"/></transaction>
      </iati-activity></iati-activities>"""
    quads = imported(write(tmp_path, old, "old.xml"), "iati-activities")
    assert said(quads, "name") == ["A title@en"] and said(quads, "plannedStart") == ["2012-04-15^^date"]
    assert (
        said(quads, "funder") == ["Agency B"]
        and said(quads, "standardVersion") == ["1.04"]
        and said(quads, "currency") == ["EUR"]
    )


def test_yaml_leaves_are_text(tmp_path):
    text = """# a comment
- id: {bioguide: X000001, govtrack: 0123}
  name: {first: "Ann", last: 'O''Hara', nickname: ~}
  bio:
    birthday: '1904-05-30'
  terms:
  - {type: prez, start: 2001-01-20, end: null, party: no}
--- # a second document, with one person
id: {govtrack: 7}
name:
  first: Yes
  last: >-
    Two
    words
"""
    for content in (text, text.encode("utf-16")):
        quads = imported(write(tmp_path, content, "executive.yaml"), "us-executive")
        assert said(quads, "identifier") == ["0123", "7"] and said(quads, "name") == ["Ann O'Hara", "Yes Two words"]
        assert said(quads, "born") == ["1904-05-30^^date"] and said(quads, "start") == ["2001-01-20^^date"]
        assert said(quads, "party") == ["no"] and said(quads, "end") == [] and said(quads, "alternativeName") == []
        assert said(quads, "line") == ["2^^integer", "9^^integer"]


def test_a_feature_alone_is_a_record(tmp_path):
    shapes = {"type": "GeometryCollection", "geometries": []}
    feature = {"type": "Feature", "properties": {"id": "P1", "name": "A"}, "geometry": shapes}
    quads = imported(write(tmp_path, json.dumps(feature), "one.geojson"), "gem")
    assert [quad.object.value for quad in quads if quad.predicate.value.endswith("asWKT")] == [
        "GEOMETRYCOLLECTION EMPTY"
    ]


def test_an_agreement_without_id_is_named_by_its_title(tmp_path):
    quads = imported(EXTERNAL / "trade-agreements" / "HUGGO_additional.csv", "huggo")
    record = "huggo/Iceland%20Liechtenstein%20Norway%20UK"
    assert said(quads, "line", record) == ["40^^integer"] and said(quads, "signed", record) == ["2021-07-08^^date"]
    assert said(quads, "identifier", record) == [] and not any(one.startswith("9999") for one in said(quads, "ended"))


def test_every_file_is_imported_or_its_description_is_named():
    for path in sorted(EXTERNAL.glob("*/*")):
        if path.suffix == ".md":
            continue
        if path.name.startswith("P4489"):
            with pytest.raises(UsageError, match="give --as gem-p4489"):
                guess(path)
        else:
            assert guess(path).name in packaged(), path


OWN = """name = "mine"
title = "Mine"
licence = "https://example.org/licence"
source = "https://example.org/"
version = "1"
format = "csv"
preamble = 2
id = "{id}"
id_otherwise = "{name}"
class = "Thing"
values = [{ column = "name", property = "name", case = "upper" }, { column = "more", property = "more", optional = true }]
"""


def test_the_further_keys_of_a_description(tmp_path):
    description = read_description(write(tmp_path, OWN, "mine.toml"))
    import_files([write(tmp_path, "a title\n\nid,name\n1,ab\n,b c\n", "t.csv")], description)
    quads = list(ox.parse(path=str(data_home() / "mine" / "records.trig"), format=ox.RdfFormat.TRIG))
    assert said(quads, "name", "mine/1") == ["AB"] and said(quads, "line", "mine/b%20c") == ["5^^integer"]
    for old, new, why in (
        ("preamble = 2", "preamble = true", "preamble = True is of the wrong kind"),
        ("preamble = 2", "preamble = 1000", "no number of rows"),
        ("preamble = 2", 'quoting = "all"', "leave it out, or write none"),
        ("preamble = 2", "header = [1]", "of the wrong kind"),
        ('case = "upper"', 'case = "title"', "choose upper or lower"),
        ('format = "csv"', 'format = "toml"', "xml, yaml"),
    ):
        with pytest.raises(DataError, match=why):
            read_description(write(tmp_path, OWN.replace(old, new), "mine.toml"))


def test_a_citation_shows_the_link_that_leads_to_the_record(tmp_path):
    import_files([EXTERNAL / "country-codes" / "country-codes.csv"], packaged()["country-codes"])
    import_files([EXTERNAL / "gem-asia-energy" / "gem_asia_2024-09-25_sea.geojson"], packaged()["gem"])
    kg = bri_kg.load(external=["country-codes", "gem"])
    cited = str(
        kg.query(
            "SELECT ?s ?c { ?s skos:exactMatch ?r . ?r ext:leastDeveloped true ; ext:capital ?c } ORDER BY ?s"
        ).cited()
    )
    assert "Laos same as record:country-codes/LAO" in " ".join(cited.split()) and "more of this set" not in cited
    cited = " ".join(
        str(kg.query("SELECT ?s { ?p bri:containsRecord ?r . ?r a ext:EnergyAsset ; ext:status ?s }").cited()).split()
    )
    assert (
        "contains record record:gem/P4489" in cited
        and "Global Energy Monitor, energy assets in Asia 2024-09-25" in cited
    )


def test_shares_of_an_amount_say_in_what_money(tmp_path):
    for level in (1, 2):
        path = EXTERNAL / "aiddata-gcdf3" / f"GCDF_3.0_ADM{level}_Locations_sea_lka.csv"
        quads = imported(path, f"aiddata-adm{level}")
        of = "https://w3id.org/bri-kg/record/aiddata/33396"
        shares = {quad.subject for quad in quads if quad.object == ox.NamedNode(of)}
        total = sum(
            float(q.object.value) for q in quads if q.subject in shares and q.predicate.value == EXT + "amountEvenly"
        )
        assert abs(total - 225607310.44) < 1  # amount of the record, in constant dollars of 2021
        assert set(said(quads, "priceBasis")) == {"constant 2021"} and set(said(quads, "currency")) == {"USD"}
