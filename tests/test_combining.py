"""The store of paper and records: built in pieces and side by side, extended by one dataset, and never used half built."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from bri_kg.errors import LimitError
from bri_kg.external import combining
from bri_kg.external.descriptions import read_description
from bri_kg.external.importing import import_files
from bri_kg.external.keeping import Kept

DESCRIPTION = """name = "{name}"
title = "T"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
source = "https://example.org/"
version = "1"
format = "csv"
id = "{{id}}"
class = "Thing"
values = [{{ column = "name", property = "name" }}]
"""
Importer = Callable[[str, int], Kept]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache and a data folder of the test's own; returns where combined stores lie."""
    monkeypatch.setenv("BRI_KG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("BRI_KG_DATA", str(tmp_path / "data"))
    return tmp_path / "cache" / "with"


@pytest.fixture
def imported(home: Path, tmp_path: Path) -> Importer:
    def add(name: str, rows: int) -> Kept:
        table, description = tmp_path / f"{name}.csv", tmp_path / f"{name}.toml"
        hard = 'a } brace {, a <b> { and\na line"'
        table.write_text("id,name\n" + "".join(f'{n},"{hard.replace(chr(34), "")} {n}"\n' for n in range(rows)))
        description.write_text(DESCRIPTION.format(name=name))
        return import_files([table], read_description(description))

    return add


def quads(store: ox.Store) -> set[str]:
    return {str(quad) for quad in store}


def test_pieces_give_the_same_store(home: Path, imported: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = imported("one", 500)
    whole = quads(combining.open_combined(["one"])[0])
    assert sum("record/one/" in quad for quad in whole) >= 2 * 500 * 4
    for size in (700, 5_000):
        monkeypatch.setattr(combining, "_PIECE", size)
        pieces = [*combining._pieces(kept.folder / "records.trig")]
        assert len(pieces) > 5 and all(piece.endswith(b"\n}\n") for piece in pieces)
        (home / "gone").mkdir()
        next(path for path in home.iterdir() if path.name != "gone").rename(home / "gone" / str(size))
        assert quads(combining.open_combined(["one"])[0]) == whole
        (home / "gone" / str(size)).rename(home / f"stale{size}")
        (home / "gone").rmdir()


def test_one_dataset_more_is_added_to_the_kept_store(
    home: Path, imported: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported("one", 300)
    imported("two", 200)
    _, first = combining.open_combined(["one"])
    before = {path.stat().st_ino for path in first.glob("*.sst")}
    loaded: list[str] = []
    load = combining._load
    monkeypatch.setattr(combining, "_load", lambda store, one, tell: (loaded.append(one.name), load(store, one, tell)))
    together, second = combining.open_combined(["two,one"])
    assert loaded == ["two"] and first != second
    assert quads(combining.open_combined(["one"])[0]) < quads(together)
    assert before == {path.stat().st_ino for path in first.glob("*.sst")}, "the store that was there stays as it was"
    added = quads(together)
    del together
    for folder in (first, second):
        folder.rename(home.parent / folder.name)
    assert quads(combining.open_combined(["one", "two"])[0]) == added
    assert loaded == ["two", "one", "two"]
    imported("one", 301)  # another version: the kept store of the old one is not taken
    combining.open_combined(["one", "two"])
    assert loaded[3:] == ["one", "two"]


def test_an_interrupted_build_leaves_nothing(home: Path, imported: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    imported("one", 300)
    monkeypatch.setattr(combining, "_PIECE", 2_000)
    pieces = combining._pieces

    def interrupted(path: Path):
        yield next(pieces(path))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(combining, "_pieces", interrupted)
        with pytest.raises(KeyboardInterrupt):
            combining.open_combined(["one"])
    assert not [*home.iterdir()]
    store, folder = combining.open_combined(["one"])
    assert [*home.iterdir()] == [folder] and sum("record/one/" in str(quad) for quad in store) >= 2 * 300 * 4


def test_what_a_killed_build_left_goes_and_a_living_one_stays(home: Path, imported: Importer) -> None:
    imported("one", 3)
    for name, age in (("building-killed", 7_200), ("building-alive", 0)):
        (home / name).mkdir(parents=True)
        (home / name / "1.sst").write_bytes(b"x")
        for path in (home / name / "1.sst", home / name):
            os.utime(path, (time.time() - age,) * 2)
    _, folder = combining.open_combined(["one"])
    assert {path.name for path in home.iterdir()} == {"building-alive", folder.name}


def test_a_full_disk_is_said_and_nothing_half_built_is_used(
    home: Path, imported: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported("one", 3_000)
    script = """
import resource, signal, sys
import bri_kg
from bri_kg.external import combining
bri_kg.load()
combining._MOST_IN_MEMORY = int(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    store, folder = combining.open_combined(["one"])
    print(sum("record/one/" in str(quad) for quad in store), folder.exists())
except bri_kg.errors.BriKgError as error:
    print(type(error).__name__, error)
"""
    large, small = (
        subprocess.run([sys.executable, "-c", script, most], capture_output=True, text=True, check=False)
        for most in ("1000", "1000000")
    )
    assert "LimitError" in large.stdout and "BRI_KG_CACHE" in large.stdout, large.stderr
    assert small.stdout.split()[1] == "False" and int(small.stdout.split()[0]) >= 2 * 3_000 * 4, small.stderr
    assert not [*home.iterdir()]
    monkeypatch.setattr(combining, "_MOST_IN_MEMORY", 1_000)
    monkeypatch.setattr(combining, "_BYTES_PER_TRIPLE", 10**12)
    with pytest.raises(LimitError, match="set BRI_KG_CACHE to a folder on a larger disk"):
        combining.open_combined(["one"])


def test_a_long_build_says_how_far_it_is(
    imported: Importer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imported("one", 300)
    monkeypatch.setattr(combining, "_PIECE", 5_000)
    monkeypatch.setattr(combining, "_SAID_FROM", 5_000)
    combining.open_combined(["one"])
    assert capsys.readouterr().err == ""  # no terminal
    imported("two", 300)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    combining.open_combined(["two"], "zh")
    told = capsys.readouterr().err
    assert "two" in told and "0%" in told.split("\r")[1] and "90%" in told and told.endswith("\r\x1b[K")
