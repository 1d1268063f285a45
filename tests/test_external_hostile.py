"""Files that are broken or meant to harm, and descriptions that are: one sentence each, and what was imported before stays as it was."""

import gzip
import json
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest

from bri_kg.errors import BriKgError, DataError, UsageError
from bri_kg.external import importing, keeping
from bri_kg.external.descriptions import read_description
from bri_kg.external.guessing import guess
from bri_kg.external.importing import import_files
from bri_kg.external.keeping import data_home

OWN = """name = "mine"
title = "Mine"
licence = "https://example.org/licence"
source = "https://example.org/"
version = "1"
format = "{format}"
{more}
id = "{id}"
class = "Thing"
values = [
    {{ column = "name", property = "name" }},
    {value}
]
"""
GEOMETRY = '{ column = "geometry", property = "geo:asWKT", datatype = "geometry" }'


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("BRI_KG_DATA", str(tmp_path / "data"))


def described(folder, format="csv", id="{id}", more="", value=""):
    path = folder / "mine.toml"
    path.write_text(OWN.format(format=format, id=id, more=more, value=value), encoding="utf-8")
    return read_description(path)


def write(folder, content, name="table.csv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture
def before(tmp_path):
    """An import that must be there afterwards, byte for byte."""
    import_files([write(tmp_path, "id,name\n1,first\n", "good.csv")], described(tmp_path))
    return (data_home() / "mine" / "records.trig").read_bytes()


def refused(paths, description, before, said, **options):
    with pytest.raises(BriKgError, match=said) as error:
        import_files(paths, description, **options)
    assert len(str(error.value)) < 600 and "\n" not in str(error.value) and str(error.value).endswith(".")
    assert (data_home() / "mine" / "records.trig").read_bytes() == before
    assert [one.name for one in data_home().iterdir()] == ["mine"]


def feature(coordinates):
    shape = f'{{"type":"Point","coordinates":{coordinates}}}'
    return f'{{"features":[{{"properties":{{"id":"1"}},"geometry":{shape}}}]}}'


TABLES = {
    "a name of a million letters": ("x" * 1_000_000 + ",id\n1,2\n", "the column 'name' is missing"),
    "a name that is there twice": ("id,name,name\n1,a,b\n", "the column 'name' is there twice"),
    "an id of three million letters": ("id,name\n" + "x" * 3_000_000 + ",a\n", "3,000,000 characters, too many for a name"),
    "a page": ("<!DOCTYPE html><html>", "the column 'id' is missing"),
    "gzip in gzip": (b"\x1f\x8b\x08\x00", "no whole gzip file"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_hostile_tables(tmp_path, before, name):
    content, said = TABLES[name]
    refused([write(tmp_path, content)], described(tmp_path), before, said)


TREES = {
    "deep": ("json", '{"p":[{"id":"1","name":' + "[" * 100_000 + "]" * 100_000 + "}]}", "nested too deeply"),
    "deep before the records": ("json", '{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
    "a number of 6,000 digits": ("json", '{"p":[{"id":' + "9" * 6_000 + "}]}", "limit"),
    "half a character": ("json", '{"p":[{"id":"1","name":"\\ud800"}]}', "half a character"),
    "deep in a line": ("jsonl", '{"id":"1","name":' + "[" * 100_000 + "]" * 100_000 + "}\n", "it is no JSON"),
    "NaN": ("geojson", feature("[NaN, 1]"), "NaN is no JSON"),
    "beyond all numbers": ("geojson", feature("[1e999, 1]"), "outside the globe"),
    "truth for a number": ("geojson", feature("[true, 1]"), "are no two numbers"),
    "text for a number": ("geojson", feature('["1_0", 1]'), "are no two numbers"),
    "triples for a number": ("geojson", feature(json.dumps(['1" . <urn:a>', 1])), "are no two numbers"),
    "an outside parameter entity": (
        "xml",
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><l><r id="1"/></l>',
        "document type",
    ),
    "an entity that is nowhere": ("xml", '<l><r id="1"><name>&x;</name></r></l>', "undefined entity"),
    "Latin-1 that says nothing": ("xml", '<l><r id="1"><name>é</name></r></l>'.encode("latin-1"), "the XML is broken"),
    "an encoding that is none": ("xml", '<?xml version="1.0" encoding="klingon"?><l/>', "the XML is broken"),
}


@pytest.mark.parametrize("name", TREES)
def test_hostile_trees(tmp_path, before, name):
    format, content, said = TREES[name]
    told = {
        "json": {"more": 'records = "p"'},
        "jsonl": {},
        "geojson": {"id": "{properties/id}", "value": GEOMETRY},
        "xml": {"id": "{@id}", "more": 'records = "r"'},
    }[format]
    refused([write(tmp_path, content, f"file.{format}")], described(tmp_path, format, **told), before, said)


SHEET = "xl/worksheets/sheet1.xml"
WORKBOOKS = {
    "a way out of the folder": ("xl/_rels/workbook.xml.rels", (b"/xl/worksheets/sheet1.xml", b"../../../../etc/passwd"), "no workbook"),
    "a document type": (SHEET, (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'), "document type declaration"),
    "rows that are not closed": (SHEET, (b"</sheetData>", b""), "no workbook"),
    "an unknown text": (SHEET, (b't="inlineStr"', b't="s"'), "is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", WORKBOOKS)
def test_hostile_workbooks(tmp_path, before, name):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.save(tmp_path / "good.xlsx")
    changed, (old, new), said = WORKBOOKS[name]
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        bad.writestr("../../../evil.txt", "never unpacked")
        for member in good.namelist():
            assert member != changed or old in good.read(member), name
            bad.writestr(member, good.read(member).replace(old, new) if member == changed else good.read(member))
    refused([tmp_path / "bad.xlsx"], described(tmp_path, "xlsx"), before, said)
    assert not any((folder / "evil.txt").exists() for folder in (tmp_path, *tmp_path.parents))


def test_web_addresses_with_brackets_and_worse(tmp_path):
    description = described(tmp_path, value='{ column = "page", property = "page", datatype = "iri" }')
    addresses = [
        "https://example.org/a[1]?b=[]",
        "http://[::1]/x",
        "https://example.org/%zz",
        "https://example.org/铁路\x85|#a#b",
    ]
    rows = "".join(f'{number},a,"{address}"\n' for number, address in enumerate(addresses))
    told = []
    import_files(
        [write(tmp_path, "id,name,page\n" + rows)],
        description,
        on_error="skip",
        report=lambda *row: told.append(row[2]),
    )
    found = [
        quad.object.value
        for quad in ox.parse(path=str(data_home() / "mine" / "records.trig"), format=ox.RdfFormat.TRIG)
        if quad.predicate.value.endswith("page")
    ]
    assert found[:2] == ["https://example.org/a%5B1%5D?b=%5B%5D", "http://[::1]/x"]
    assert len(found) + len(told) == len(addresses) and all("is no web address" in why for why in told)


def test_packed_files_with_a_damaged_middle(tmp_path, before):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [["id", "name"], *([n, f"name {n * n}"] for n in range(2_000))]:
        book.active.append(row)
    book.save(tmp_path / "good.xlsx")
    packed = gzip.compress("".join(f"{n},{n * n}\n" for n in range(9_000)).encode())
    for name, content, format in (
        ("t.xlsx", (tmp_path / "good.xlsx").read_bytes(), "xlsx"),
        ("t.csv.gz", packed, "csv"),
    ):
        for place in range(3_000, 9_000, 500):
            damaged = content[:place] + bytes(255 - one for one in content[place : place + 40]) + content[place + 40 :]
            refused(
                [write(tmp_path, damaged, name)],
                described(tmp_path, format),
                before,
                "no whole gzip|no workbook|no .xlsx|column",
            )


def test_what_is_no_file(tmp_path, before):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for name, said in (("pipe.csv", "a pipe or a device"), ("loop.csv", "cannot be read"), ("", "cannot be read")):
        refused([tmp_path / name], described(tmp_path), before, said)
        with pytest.raises(UsageError, match=said):
            guess(tmp_path / name)
    refused([Path("/dev/zero")], described(tmp_path), before, "a pipe or a device")


@pytest.mark.parametrize("encoding", ["base64", "rot13", "hex", "idna", "../x"])
def test_what_is_no_encoding(tmp_path, before, encoding):
    refused([tmp_path / "good.csv"], described(tmp_path), before, "There is no encoding", encoding=encoding)


def test_a_file_that_is_changed_meanwhile(tmp_path, before):
    path = write(tmp_path, "id,name\n" + "".join(f"{n},{'x' * 90}\n" for n in range(10_000)))

    def change(*_):
        with path.open("a", encoding="utf-8") as file:
            file.write("more,row\n")

    refused([path], described(tmp_path), before, "was changed while it was read", progress=change)
    refused(
        [path],
        described(tmp_path),
        before,
        "went away while it was read",
        progress=lambda *_: path.unlink(missing_ok=True),
    )


def test_a_file_that_is_exchanged_between_two_readings(tmp_path, before, monkeypatch):
    path = write(tmp_path, "id,name\n1,a\n1,b\n2,c\n")
    check = importing._Run._check_ids

    def exchange(run, ids):
        check(run, ids)
        write(tmp_path, "id,name\n1,a\n3,b\n2,c\n")

    monkeypatch.setattr(importing._Run, "_check_ids", exchange)
    refused([path], described(tmp_path), before, "was changed while it was read", on_error="skip")


def test_a_disk_that_is_full(tmp_path, before):
    path = write(tmp_path, "id,name\n" + "".join(f"{n},{'x' * 90}\n" for n in range(30_000)))
    described(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "bri_kg", "external", "add", str(path), "--as", str(tmp_path / "mine.toml")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)),
    )
    assert done.returncode == 2 and "cannot be written" in done.stderr and done.stderr.count("\n") == 1
    assert (data_home() / "mine" / "records.trig").read_bytes() == before
    assert [one.name for one in data_home().iterdir()] == ["mine"]


def test_a_message_moves_no_cursor(tmp_path):
    described(tmp_path, value='{ column = "n", property = "n", datatype = "decimal" }')
    path = write(tmp_path, "id,name,n\n1,a,\x1b[2J\x1b]0;owned\x07\n2,b,1\n")
    for options, code in (([], 1), (["--on-error", "skip"], 0)):
        command = [sys.executable, "-m", "bri_kg", "external", "add", str(path), "--as", str(tmp_path / "mine.toml")]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        assert done.returncode == code and "table.csv:2" in done.stderr
        assert "\x1b" not in done.stderr and "\x07" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "1"', 'version = "1"\nprefixes = 5', "prefixes is no table"),
        ('version = "1"', 'version = "1"\nparts = 5', "parts is no list"),
        ('version = "1"', 'version = "1"\ndelimiter = ";;"', "delimiter = ';;' cannot be one"),
        ('property = "name"', 'property = "ext:q> . <urn:a"', "is no term"),
        ('property = "name"', 'property = "name", pattern = "x{99999999999999999999}"', "no regular expression"),
        ('column = "name"', 'constant = "x", datatype = "iri"', "'x' is no web address"),
        ('class = "Thing"', "class = 5", "class is missing"),
        ('class = "Thing"', 'class = "https://example.org/["', "is no term"),
        ('source = "https', 'source = "x', "is no web address"),
    ],
)
def test_a_hostile_description(tmp_path, old, new, said):
    path = tmp_path / "own.toml"
    text = OWN.format(format="csv", id="{id}", more="", value="")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=said):
        import_files([write(tmp_path, "id,name\n1,a\n")], read_description(path))


def test_what_a_killed_import_left_goes_in_time(tmp_path, before):
    young, old = data_home() / ".importing-young", data_home() / ".importing-old"
    for folder in (young, old):
        folder.mkdir()
    os.utime(old, (1, 1))
    keeping.aside_folder()
    assert young.exists() and not old.exists()
