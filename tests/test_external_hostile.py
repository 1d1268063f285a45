"""Files that are broken or meant to harm, and descriptions that are: one sentence each, and what was imported before stays as it was."""

import bz2
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest

from bri_kg.errors import BriKgError, DataError, UsageError
from bri_kg.external import importing, keeping
from bri_kg.external.descriptions import read_description
from bri_kg.external.guessing import guess
from bri_kg.external.importing import import_files
from bri_kg.external.keeping import data_home, kept_datasets

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
    "bzip2 that is cut off": (bz2.compress(b"id,name\n1,a\n")[:-4], "it holds no record|no whole bzip2|no header"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a workbook of the old kind"),
    "a PDF": (b"%PDF-1.4\n%\xe2\xe3", "is a PDF, not a table"),
    "Parquet": (b"PAR1" + bytes(60), "is a Parquet file"),
    "xz": (b"\xfd7zXZ\x00\x00", "packed with xz"),
    "a pointer of Git LFS": ("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "a pointer of Git LFS"),
    "empty lines only": ("\n\n \n", "there is no header line: it is empty"),
    "a name in other letters": ("ID,Name\n1,a\n", "the column 'id' is missing; there is 'ID', which is written otherwise"),
    "many other names": (",".join(f"c{n}" for n in range(90)) + "\n", "there are c0, .*c11 and 78 more"),
    "a header only": ("id,name\n", "it holds no record"),
    "a quote that swallows rows": ('id,name\n1,"a\n2,b\n3,"c\n', r":2: .*lines 2 to 4 are lost with it"),
    "empty lines, then a quote": ('\n\nid,name\n1,a\n2,"b\n3,c\n', r":5: .*lines 5 to 6 are lost with it"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_hostile_tables(tmp_path, before, name):
    content, said = TABLES[name]
    refused([write(tmp_path, content)], described(tmp_path), before, said)


TREES = {
    "deep": ("json", '{"p":[{"id":"1","name":' + "[" * 100_000 + "]" * 100_000 + "}]}", "nested too deeply"),
    "deep before the records": ("json", '{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
    "a number of 6,000 digits": ("json", '{"p":[{"id":' + "9" * 6_000 + "}]}", "limit"),
    "cut off behind the records": ("json", '{"p":[{"id":"1"}]', "cut off"),
    "cut off between records": ("json", '{"p":[{"id":"1"},', "cut off"),
    "something behind it": ("json", '{"p":[{"id":"1"}]} and more', "there is 'a' behind the records"),
    "something behind the list": ("json", '[{"id":"1"}] [{"id":"2"}]', "behind the list"),
    "records twice": ("json", '{"p":[{"id":"1"}],"q":1,"p":[{"id":"2"}]}', "the name 'p' is there twice"),
    "a name twice": ("json", '{"p":[{"id":"1","name":"a","name":"b"}]}', "the name 'name' is there twice"),
    "a name twice in a line": ("jsonl", '{"id":"1","name":"a","name":"b"}\n', "the name 'name' is there twice"),
    "a ring that is open": (
        "geojson",
        feature("[[[0,0],[1,0],[1,1],[0,1]]]").replace("Point", "Polygon"),
        "a ring is not closed",
    ),
    "no such shape": ("geojson", feature("[0,0]").replace("Point", "Circle"), "not those of a shape"),
    "a record in a record": ("xml", '<l><r id="1"><r id="2"/></r></l>', "stands inside the <r>"),
    "no record": ("xml", '<l><s id="1"/></l>', "no element <r> in the XML; its root is <l>"),
    "an attribute without end": ("xml", '<l><r id="1" x="' + "y" * 17_000_000 + '"/></l>', "more than 16,777,216"),
    "attributes without number": (
        "xml",
        '<l><r id="1" ' + " ".join(f'a{n}="1"' for n in range(170_000)) + "/></l>",
        "more than 16,777,216",
    ),
    "an encoding of several bytes": (
        "xml",
        '<?xml version="1.0" encoding="gb18030"?><l><r id="1"><name>铁路</name></r></l>'.encode("gb18030"),
        "say which encoding it is with --encoding",
    ),
    "aliases that grow": (
        "yaml",
        "- id: '1'\n  name: &a [x,x,x,x,x,x]\n- id: '2'\n  name: &b [*a,*a,*a,*a,*a,*a]\n",
        r"alias \(\*a\)",
    ),
    "a tag that makes objects": ("yaml", "- id: !!python/object/apply:os.system ['true']\n", "has the tag"),
    "a date that is a date": ("yaml", "- id: !!timestamp 2001-01-01\n", "has the tag"),
    "YAML that is deep": ("yaml", "- id: '1'\n  name: " + "[" * 300 + "]" * 300, "nests more than 100"),
    "YAML that is very deep": ("yaml", "- id: '1'\n  name: " + "[" * 300_000, "nests more than 100|broken"),
    "YAML that is cut off": ("yaml", '- id: "1"\n  name: "a', "broken or cut off"),
    "a YAML name twice": ("yaml", "- id: '1'\n  id: '2'\n", "there twice"),
    "a YAML name that is a list": ("yaml", "- ? [a]\n  : b\n", "is no text"),
    "YAML without a list": ("yaml", "# nothing\n", "no list and no mapping"),
    "a YAML list of words": ("yaml", "- a\n- b\n", "no mapping of names"),
    "YAML in Latin-1": ("yaml", "- id: '1'\n  name: é\n".encode("latin-1"), "is not UTF-8"),
    "a YAML value without end": ("yaml", "- id: '1'\n  name: " + "x" * 17_000_000, "more than 16,777,216"),
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
        "yaml": {},
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
    for name, said in (("pipe.csv", "a pipe or a device"), ("loop.csv", "cannot be read"), ("", "is a folder")):
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
        ('title = "Mine"', 'title = "\\u001b[31mMine"', "title holds line ends or characters"),
        ('version = "1"', 'version = "1\\u202e"', "version holds line ends or characters"),
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


def test_a_broken_file_is_not_called_unknown(tmp_path):
    for name, content, said in (
        ("a.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "document type"),
        ("b.xml", '<iati-activities version="2.03"><iati-act', "it is cut off"),
        ("c.json", '{"projects":{"P1":{"id":', "cut off"),
        ("d.yaml", "- id: {a: *b}\n", "alias|broken"),
    ):
        with pytest.raises(DataError, match=said):
            guess(write(tmp_path, content, name))
    for name, content, said in (("e.csv", "<!DOCTYPE html><p>404", "a web page"), ("f.csv", "", "it is empty")):
        with pytest.raises(UsageError, match=said):
            guess(write(tmp_path, content, name))


def test_amounts_are_grouped_by_three_or_not_at_all(tmp_path):
    description = described(tmp_path, value='{ column = "n", property = "n", datatype = "decimal", thousands = "," }')
    good = ["1", "-1.5", "1,234", "12,345,678.9", ".5", "१२"]
    wrong = ["12,34", "1,2,3", "1.234,5", "1,234,56", ",5", "1,,000", "NaN", "Infinity", "1e999", "0x1F", "1_000"]
    rows = "".join(f'{place},a,"{number}"\n' for place, number in enumerate([*good, *wrong]))
    told = []
    import_files(
        [write(tmp_path, "id,name,n\n" + rows)], description, on_error="skip", report=lambda *row: told.append(row[2])
    )
    assert len(told) == len(wrong) and all("is no decimal number" in why for why in told)


def test_dates_that_are_none_are_refused(tmp_path):
    description = described(
        tmp_path,
        value='{ column = "d", property = "d", datatype = "date", dates = ["%d/%m/%Y", "%m/%d/%Y %I:%M:%S %p"] }',
    )
    dates = [
        "28/02/2020",
        "2020",
        "2020-02",
        "12/31/2028 12:00:00 AM",
        "31/02/2020",
        "2020-02-30",
        "02-30-2020",
        "20",
        "13/13/2020",
    ]
    told = []
    rows = "".join(f"{place},a,{one}\n" for place, one in enumerate(dates))
    path = write(tmp_path, "id,name,d\n" + rows)
    kept = import_files([path], description, on_error="skip", report=lambda *row: told.append(row[2]))
    assert kept.records == 4 and len(told) == 5 and all("is no date" in why for why in told)


def test_packed_twice_and_growing(tmp_path, before):
    bomb = bz2.compress(b"id,name\n" + b"1," + b"a" * 60_000_000)
    refused([write(tmp_path, bomb, "b.csv.bz2")], described(tmp_path), before, "grows more than 200 times|16,777,216")
    damaged = bytearray(bz2.compress(b"id,name\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(9_000))))
    damaged[len(damaged) // 2] ^= 255
    refused([write(tmp_path, bytes(damaged), "b.csv.bz2")], described(tmp_path), before, "no whole bzip2 file")


def command(tmp_path, path):
    return [sys.executable, "-m", "bri_kg", "external", "add", str(path), "--as", str(tmp_path / "mine.toml")]


def test_two_imports_at_once_leave_one_whole(tmp_path, before):
    paths = [
        write(tmp_path, "id,name\n" + "".join(f"{n},{one}\n" for n in range(one * 100)), f"{one}.csv")
        for one in range(1, 5)
    ]
    for _ in range(2):
        runs = [subprocess.Popen(command(tmp_path, path), stderr=subprocess.PIPE, text=True) for path in paths]
        said = [run.communicate()[1] for run in runs]
        assert [run.returncode for run in runs] == [0] * 4, said
        [kept] = kept_datasets()
        assert [one.name for one in data_home().iterdir()] == ["mine"]
        graphs = {
            quad.graph_name for quad in ox.parse(path=str(kept.folder / "records.trig"), format=ox.RdfFormat.TRIG)
        }
        assert len(graphs) == kept.records == int(kept.files[0][0][0]) * 100


def test_an_import_that_is_interrupted_leaves_what_was_there(tmp_path, before):
    path = write(tmp_path, "id,name\n" + "".join(f"{n},row\n" for n in range(400_000)))
    for stop, left in ((signal.SIGINT, []), (signal.SIGKILL, [".importing-"])):
        run = subprocess.Popen(command(tmp_path, path), stderr=subprocess.PIPE, text=True)
        records = data_home()
        while not any(records.glob(".importing-*/records.trig")) and run.poll() is None:
            time.sleep(0.01)
        run.send_signal(stop)
        said = run.communicate()[1]
        assert run.returncode != 0 and "Traceback" not in said
        assert (records / "mine" / "records.trig").read_bytes() == before
        assert sorted(one.name[:11] for one in records.iterdir() if one.name != "mine") == left


def test_an_import_killed_while_it_changes_places_is_undone(tmp_path, before, monkeypatch):
    (data_home() / "mine").rename(data_home() / ".replaced-0-x")
    assert [one.name for one in kept_datasets()] == ["mine"]
    assert (data_home() / "mine" / "records.trig").read_bytes() == before
    rename = Path.rename

    def stopped(self, target):
        if self.name.startswith(".importing-"):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        import_files([write(tmp_path, "id,name\n2,b\n")], described(tmp_path))
    assert (data_home() / "mine" / "records.trig").read_bytes() == before
    assert [one.name for one in data_home().iterdir()] == ["mine"]


def test_what_was_removed_does_not_come_back(tmp_path, before):
    left = data_home() / ".replaced-0-x"
    left.mkdir()
    (left / "summary.json").write_bytes((data_home() / "mine" / "summary.json").read_bytes())
    keeping.remove("mine")
    assert kept_datasets() == [] and list(data_home().iterdir()) == []


def test_a_data_folder_that_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("BRI_KG_DATA", str(write(tmp_path, "a file")))
    with pytest.raises(UsageError, match=r"cannot be written.*Set BRI_KG_DATA"):
        import_files([write(tmp_path, "id,name\n1,a\n")], described(tmp_path))
    assert kept_datasets() == []


def test_an_import_says_what_it_replaces(tmp_path, before):
    done = subprocess.run(
        command(tmp_path, write(tmp_path, "id,name\n2,b\n", "other.csv")), capture_output=True, text=True, check=True
    )
    assert "They replace 1 records of version 1 from good.csv" in done.stderr
    again = subprocess.run(command(tmp_path, tmp_path / "other.csv"), capture_output=True, text=True, check=True)
    assert "replace" not in again.stderr


def sheet_with(tmp_path, name, change):
    """Write a workbook of one row whose sheet is changed, and return its path."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["id", "name"], [1, "a"]):
        book.active.append(row)
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / name, "w") as made:
        for member in good.namelist():
            made.writestr(member, change(good.read(member)) if member == SHEET else good.read(member))
    return tmp_path / name


def test_rows_beyond_what_a_sheet_says_of_its_size_are_not_lost(tmp_path):
    row = b'<row r="9"><c r="A9"><v>7</v></c><c r="B9" t="e"><v>#REF!</v></c></row></sheetData>'
    path = sheet_with(tmp_path, "more.xlsx", lambda sheet: sheet.replace(b"</sheetData>", row))
    assert import_files([path], described(tmp_path, "xlsx")).records == 2
    found = list(ox.parse(path=str(data_home() / "mine" / "records.trig"), format=ox.RdfFormat.TRIG))
    assert not any("#REF!" in str(quad.object) for quad in found)
    assert {quad.object.value for quad in found if quad.predicate.value.endswith("line")} == {"2", "9"}


def test_sheets_that_say_they_are_endless(tmp_path, before):
    huge = b'<row r="99999999999"><c r="A99999999999"><v>7</v></c></row></sheetData>'
    path = sheet_with(tmp_path, "huge.xlsx", lambda sheet: sheet.replace(b"</sheetData>", huge))
    refused([path], described(tmp_path, "xlsx"), before, "beyond the 1,048,576")
    path = sheet_with(tmp_path, "wide.xlsx", lambda sheet: sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert import_files([path], described(tmp_path, "xlsx")).records == 1


def test_what_is_no_description(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    (tmp_path / "long.toml").write_bytes(b"#" * 1_100_000)
    for name in ("pipe", "zero", "long"):
        with pytest.raises(DataError, match="is no description"):
            read_description(tmp_path / f"{name}.toml")
    with pytest.raises(UsageError, match="Is a directory"):
        read_description(tmp_path)


def test_a_summary_that_somebody_changed_is_no_dataset(tmp_path, before):
    summary = data_home() / "mine" / "summary.json"
    good = json.loads(summary.read_text(encoding="utf-8"))
    (data_home() / "other").mkdir()
    (data_home() / "other" / "summary.json").write_text(json.dumps(good), encoding="utf-8")
    assert [one.name for one in kept_datasets()] == ["mine"]
    for change in ({"records": "1"}, {"title": 5}, {"files": 1}, {"more": 1}, {"name": "../x"}):
        summary.write_text(json.dumps(good | change), encoding="utf-8")
        assert kept_datasets() == []


def test_an_id_that_is_none(tmp_path, before, monkeypatch):
    monkeypatch.setattr(importing, "_MOST_REPEATED", 100)
    path = write(tmp_path, "id,name\n" + "1,a\n" * 150)
    refused([path], described(tmp_path), before, "names no record", on_error="skip", report=lambda *_: None)
