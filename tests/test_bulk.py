"""Two large tables against each other: the same pairs from DuckDB and from Spark, and a bound on how many pairs are compared."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.errors import LimitError, UsageError
from bri_kg.matching import on_spark, preparing
from bri_kg.matching.bulk import PREPARED, bulk_settings, link_tables
from bri_kg.matching.countries import States

EXTERNAL = Path(__file__).resolve().parents[2] / "shared" / "external"
PLACES, CITIES = EXTERNAL / "whosonfirst/wof_places_sea_cut.csv", EXTERNAL / "world-cities/world-cities_sea_cn.csv"
KEYS = ("same_name", "word_starts", "word_ends", "head", "tail", "rare_word")


def write(folder: Path, name: str, lines: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join(["name,country,year", *lines]) + "\n", encoding="utf-8")
    return path


def pairs(left: Path, right: Path, folder: Path, kg: KnowledgeGraph) -> int:
    """How many pairs the keys bring together."""
    with preparing.open_database(folder) as database:
        for name, path in (("left_side", left), ("right_side", right)):
            preparing.read_side(database, name, path, {}, States(kg.store))
        preparing.prepare(database)
        assert [one[0] for one in database.execute("DESCRIBE right_table").fetchall()] == list(PREPARED)
        return sum(
            database.execute(f"SELECT count(*) FROM left_table l JOIN right_table r ON l.{key} = r.{key}").fetchall()[
                0
            ][0]
            for key in KEYS
        )


def test_two_tables_against_each_other(tmp_path: Path) -> None:
    left = write(
        tmp_path, "left.csv",
        ["Laos China Railway,Laos,2016", "Fooling Bridge,Malaysia,2001", "Line 2 Depot,Laos,2011", "Moon Base,,"],
    )  # fmt: skip
    right = tmp_path / "right.csv"
    right.write_text(
        "title,country,date\nChina-Laos Railway,Laos,2017-01-01\nFoling Bridge,Malaysia,2001\nLine 3 Depot,Laos,2011\nSun Base,,\n",
        encoding="utf-8",
    )
    columns, rows = link_tables(left, right, outputs=[tmp_path / "out.csv"])
    assert [(row[0], row[2], row[5]) for row in rows if row[2] == "accept"] == [
        ("2", "accept", "2"),
        ("3", "accept", "3"),
    ]
    assert not any(row[0] == "5" for row in rows)
    assert list(csv.reader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"), newline=""))) == [
        columns,
        *rows,
    ]
    with pytest.raises(UsageError, match="There is no file"):
        link_tables(left, tmp_path / "none.csv")
    (tmp_path / "x.pdf").write_text("x")
    with pytest.raises(UsageError, match="--bulk reads"):
        link_tables(left, tmp_path / "x.pdf")


def test_a_code_and_a_name_of_a_state_agree(tmp_path: Path) -> None:
    left = write(tmp_path, "left.csv", ["Sihanoukville Port,KH,", "Sihanoukville Port,VN,", "Nowhere Port,Atlantis,"])
    right = write(tmp_path, "right.csv", ["Sihanoukville Port,Cambodia,", "Nowhere Port,ATLANTIS,"])
    _, rows = link_tables(left, right)
    assert [(row[0], row[2], row[5]) for row in rows] == [("2", "accept", "2"), ("4", "accept", "3")]


def test_a_slip_anywhere_in_a_name_is_found(tmp_path: Path) -> None:
    name = "Batu Halu Reso Gas Pipeline"
    slips = [name[:place] + name[place + 1 :] for place in range(len(name))]
    swaps = [name[:p] + name[p + 1] + name[p] + name[p + 2 :] for p in range(len(name) - 1) if name[p] != name[p + 1]]
    left = write(tmp_path, "left.csv", [f"{one},Brunei,2017" for one in (*slips, *swaps)])
    right = write(tmp_path, "right.csv", [f"{name},Brunei,2017", "Batu Hola Raso Gas Pipeline,Brunei,2017"])
    _, rows = link_tables(left, right)
    found = {row[0] for row in rows if row[5] == "2"}
    assert len(found) >= 0.9 * len(slips + swaps)


def test_equal_rows_are_compared_once_and_their_tie_goes_to_review(tmp_path: Path, kg: KnowledgeGraph) -> None:
    rows = ["Ministry of Finance,Laos,2015"] * 3_000
    left, right = write(tmp_path, "left.csv", rows[:500]), write(tmp_path, "right.csv", rows)
    assert pairs(left, right, tmp_path, kg) <= len(KEYS)
    _, found = link_tables(left, right)
    assert len(found) == 500
    assert {(row[2], row[5]) for row in found} == {("review", "2")} and "another row is as near" in found[0][6]


def test_pairs_grow_with_the_rows_and_not_with_their_square(tmp_path: Path, kg: KnowledgeGraph) -> None:
    """One name on every row, told apart by country and year: 3,000 by 3,000 rows would be nine million pairs."""
    rows = [f"Rural Road Programme,Country {n % 150},{1990 + n // 150}" for n in range(3_000)]
    left, right = write(tmp_path, "left.csv", rows), write(tmp_path, "right.csv", rows)
    assert 3_000 <= pairs(left, right, tmp_path, kg) <= len(KEYS) * 3_000
    _, found = link_tables(left, right)
    assert [row[0] for row in found] == [row[5] for row in found] and len(found) == 3_000


def test_in_a_crowd_of_one_name_only_a_row_that_says_which_is_accepted(tmp_path: Path) -> None:
    crowd = [f"Rural Road Programme,Country {n % 150},{1990 + n // 150}" for n in range(3_000)]
    unsaid = ["Rural Road Programme,,", "Rural Road Programme,Country 7,", "Rural Road Programme,,1999"]
    left, right = write(tmp_path, "left.csv", [*unsaid, *crowd]), write(tmp_path, "right.csv", [*crowd, *unsaid])
    _, rows = link_tables(left, right)
    assert {row[0] for row in rows if row[2] == "accept"} == {str(n + 2) for n in range(len(unsaid), 3_003)}
    bare = [left.with_name("a.csv"), left.with_name("b.csv")]
    for path in bare:
        path.write_text("name\n" + "Rural Road Programme\n" * 500 + "Nam Theun Dam\n", encoding="utf-8")
    assert {(row[1], row[2]) for row in link_tables(*bare)[1]} == {
        ("Rural Road Programme", "review"),
        ("Nam Theun Dam", "accept"),
    }


def test_memory_and_disk_have_a_limit_and_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"{hashlib.sha256(str(n).encode()).hexdigest()[:30]},Laos,2015" for n in range(20_000)]
    left, right = write(tmp_path, "left.csv", rows), write(tmp_path, "right.csv", rows)
    (tmp_path / "scratch").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(preparing, "_MOST_MEMORY", 12_000_000)
    with pytest.raises(LimitError, match="TMPDIR"):
        link_tables(left, right)
    monkeypatch.setattr(preparing, "_MOST_MEMORY", 1_000_000_000)
    assert len(link_tables(left, right)[1]) == len(rows)
    assert not [*(tmp_path / "scratch").iterdir()] and not [*(tmp_path / "here").iterdir()]


def test_the_settings_are_data_for_both_engines() -> None:
    duck, spark = bulk_settings("duckdb"), bulk_settings("spark")
    assert [len(one["comparison_levels"]) for one in duck["comparisons"]] == [
        len(one["comparison_levels"]) for one in spark["comparisons"]
    ]
    told = json.dumps(spark)
    used = set(re.findall(r"`?\b(\w+?)_[lr]\b", told)) | set(re.findall(r"l\.`(\w+)`", told))
    assert {"name_norm", "name_bag", "rare_word", "year"} <= used & set(PREPARED)
    for comparison in duck["comparisons"]:
        for probability in ("m_probability", "u_probability"):
            assert sum(level.get(probability, 0) for level in comparison["comparison_levels"]) == pytest.approx(
                1, abs=0.01
            )


def test_spark_is_for_two_tables(tmp_path: Path) -> None:
    told = [sys.executable, "-m", "bri_kg", "link", write(tmp_path, "a.csv", ["Port,Laos,"]), "--spark", "local[2]"]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "") and "--bulk matches two tables" in done.stderr


def test_without_java_the_way_to_get_spark_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match=r"Spark needs Java 17 .*bri-kg\[spark\]"):
        on_spark.spark_session("local[1]", tmp_path)


def test_spark_finds_the_same_pairs(tmp_path: Path) -> None:
    """Some thousand real places against some thousand real cities, by the command, on an embedded Spark."""
    if not (shutil.which("java") and find_spec("pyspark")):
        pytest.skip("no Spark here; get it with: apt-get install default-jre-headless, pip install 'bri-kg[spark]'")
    if not PLACES.exists():
        pytest.skip("../shared/external is not here: there are no real tables to compare")

    def run(*options: str) -> str:
        told = [sys.executable, "-m", "bri_kg", "link", PLACES, "--against", CITIES, "--bulk", "-o", tmp_path / "m.csv"]
        done = subprocess.run([*told, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return (tmp_path / "m.csv").read_text(encoding="utf-8")

    found = run()
    assert found == run("--spark", "local[2]")
    assert found.count("\n") > 2_000 and found.count("accept") > 1_500
    assert [path.name for path in tmp_path.iterdir()] == ["m.csv"]
