"""Two large tables against each other: splink's Fellegi-Sunter model on an embedded DuckDB.

What is compared, and how much each agreement counts, is data (``bulk_settings.json``); :func:`bulk_settings` makes splink settings of it for DuckDB
or for Spark. DuckDB reads and prepares the tables (:mod:`.preparing`) and chooses each row's best match; the pairs are compared by DuckDB, or by
Spark where a session is given (:mod:`.on_spark`), with the same result.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import LimitError, UsageError
from .outcome import check_output
from .preparing import PREPARED, open_database, prepare, read_side

__all__ = ["PREPARED", "bulk_settings", "link_tables"]

_INSTALL = "Matching two tables needs splink and DuckDB; run: python3 -m pip install 'bri-kg[bulk]'"
_COLUMNS = ["row", "name", "verdict", "score", "match", "match_row", "why"]
#: At most so many pairs are shown; all are written to the file that --output names.
_SHOWN = 1000


def bulk_settings(dialect: str = "duckdb") -> dict[str, Any]:
    """Return splink settings for ``dialect`` (``duckdb`` or ``spark``). Raises UsageError if splink is not installed."""
    try:
        import splink.comparison_level_library as levels
        from splink import SettingsCreator, block_on
    except ImportError as error:
        raise UsageError(_INSTALL) from error
    data = json.loads(Path(__file__).with_name("bulk_settings.json").read_text(encoding="utf-8"))
    makers: dict[str, Any] = {
        "Null": lambda one: levels.NullLevel(one["column"]),
        "Exact": lambda one: levels.ExactMatchLevel(one["column"]),
        "Edits": lambda one: levels.CustomLevel(
            _edits(one["column"], one["per"], one["most"]), base_dialect_str="duckdb"
        ),
        "Difference": lambda one: levels.AbsoluteDifferenceLevel(one["column"], one["at"]),
        "Else": lambda one: levels.ElseLevel(),
    }
    comparisons: list[Any] = []
    for comparison in data["comparisons"]:
        made: list[Any] = []
        for one in comparison["levels"]:
            level = makers[one["level"]](one)
            if "m" in one:
                level = level.configure(
                    m_probability=one["m"], u_probability=one["u"], label_for_charts=one["says"],
                    fix_m_probability=True, fix_u_probability=True,
                )  # fmt: skip
            made.append(level)
        import splink.comparison_library as library

        comparisons.append(library.CustomComparison(comparison_levels=made, output_column_name=comparison["column"]))
    creator = SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=data["prior"],
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in data["blocking"]],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        additional_columns_to_retain=["name"],
    )
    return dict(creator.create_settings_dict(dialect))


def _edits(column: str, per: int, most: int) -> str:
    """Return the condition that two texts differ by one letter in ``per`` (rounded), and ``most``, at most.

    Letters to be added, taken away or changed are counted by each engine alike, which Jaro's and Winkler's measures are not.
    """
    left, right = f"{column}_l", f"{column}_r"
    longer = f"greatest(length({left}), length({right}))"
    return (
        f"abs(length({left}) - length({right})) <= {most} "  # spares most of the counting
        f"AND {2 * per} * levenshtein({left}, {right}) <= least({2 * per * most}, 2 * {longer} + {per})"
    )


def link_tables(
    left: Path,
    right: Path,
    columns: Mapping[str, Iterable[str]] | None = None,
    accept: float = 0.92,
    review: float = 0.5,
    outputs: Sequence[Path] = (),
    spark: Any = None,
    folder: Path | None = None,
) -> tuple[list[str], list[list[str]]]:
    """Match the rows of one CSV, TSV, Parquet or JSON lines file with those of another, and return columns and rows for a listing.

    Each row of ``left`` has at most one match, its best; a tie goes to review. ``columns`` names columns by role, in both tables alike; what is not
    named is guessed for each. ``outputs`` are written whole: ``.csv``, ``.tsv`` or ``.json``. ``spark`` is a session, or a master such as
    ``local[2]`` on which to start one; ``folder`` is where the tables lie meanwhile (a folder of its own within it, which goes at the end; else
    one in the system's temporary folder), and must be seen by all workers of a cluster. Raises UsageError for a file or column that is not
    there, LimitError where memory or disk are full.
    """
    for path in outputs:
        check_output(path)
        if path.suffix not in (".csv", ".tsv", ".json"):
            raise UsageError(
                f"{path.name}: matches of two tables are written as .csv, .tsv or .json; choose one of these endings."
            )
    settings = bulk_settings("spark" if spark else "duckdb")
    try:
        import duckdb
    except ImportError as error:
        raise UsageError(_INSTALL) from error
    with tempfile.TemporaryDirectory(prefix="bri-kg-bulk-", dir=folder, ignore_cleanup_errors=True) as made:
        try:
            rows = _link(left, right, columns or {}, accept, review, settings, spark, Path(made))
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise LimitError(
                "The tables do not fit into memory and temporary disk; split one, set TMPDIR to a larger disk, or use --spark."
            ) from error
        except duckdb.IOException as error:
            raise LimitError(
                f"{made} cannot be written: {str(error).splitlines()[0]}; set TMPDIR to a larger disk."
            ) from error
    written = [[str(cell) for cell in row] for row in rows]
    if outputs:
        from ..tables import rows_to_format
        from ..writing import write_whole

        write_whole({path: rows_to_format(path.suffix[1:], _COLUMNS, written).encode() for path in outputs})
    return _COLUMNS, written if not outputs else written[:_SHOWN]


def _link(
    left: Path, right: Path, columns: Mapping[str, Iterable[str]], accept: float, review: float,
    settings: dict[str, Any], spark: Any, folder: Path,
) -> list[tuple[object, ...]]:  # fmt: skip
    from ..graph import load
    from .countries import States

    states = States(load().store)
    with open_database(folder) as database:
        for name, path in (("left_side", left), ("right_side", right)):
            read_side(database, name, path, columns, states)
        prepare(database)
        if not spark:
            return _best(database, _compare(database, settings, review), accept)
        from .on_spark import compare_on_spark, spark_session

        tables = folder / "left.parquet", folder / "right.parquet"
        for name, path in zip(("left_table", "right_table"), tables, strict=True):
            database.execute(f"COPY {name} TO '{_quoted(path)}' (FORMAT parquet)")
        session = spark_session(spark, folder) if isinstance(spark, str) else spark
        try:
            compare_on_spark(session, *tables, settings, review, folder / "pairs")
        finally:
            if session is not spark:
                session.stop()
        return _best(database, f"read_parquet('{_quoted(folder / 'pairs')}/*.parquet')", accept)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _compare(database: Any, settings: dict[str, Any], review: float) -> str:
    """Compare the prepared tables on DuckDB and return the table of pairs from ``review`` on."""
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(database)
    sides = [api.register(name, dataset_display_name=name) for name in ("left_table", "right_table")]
    linker = Linker(sides, settings, log_level=logging.ERROR, validate_settings=False)
    return str(linker.inference.predict(threshold_match_probability=review, warning_mode="never").physical_name)


def _best(database: Any, pairs: str, accept: float) -> list[tuple[object, ...]]:
    """Return each row of the left side with its best match; one that is hardly better than the next goes to review."""
    return list(
        database.execute(
            f"""
            WITH pairs AS (
                SELECT CASE WHEN source_dataset_l = 'left_table' THEN unique_id_l ELSE unique_id_r END AS mine,
                    CASE WHEN source_dataset_l = 'left_table' THEN unique_id_r ELSE unique_id_l END AS theirs, match_probability, match_weight
                FROM {pairs}
            ), ranked AS (
                SELECT *, row_number() OVER (PARTITION BY mine ORDER BY match_weight DESC, theirs) AS place,
                    lead(match_weight) OVER (PARTITION BY mine ORDER BY match_weight DESC, theirs) AS next_weight
                FROM pairs
            ), best AS (
                SELECT mine, theirs, match_probability, match_weight, name AS their_name,
                    alike > 1 OR coalesce(match_weight - next_weight, 99) < 1.5 AS tied
                FROM ranked JOIN right_table ON right_table.unique_id = theirs WHERE place = 1
            )
            SELECT line, name, CASE WHEN match_probability >= {float(accept)} AND NOT tied THEN 'accept' ELSE 'review' END,
                printf('%.3f', match_probability), their_name, theirs,
                printf('%+.1f bits', match_weight) || CASE WHEN tied THEN '; another row is as near' ELSE '' END
            FROM best JOIN left_rows ON left_rows.unique_id = mine ORDER BY line
            """
        ).fetchall()
    )
