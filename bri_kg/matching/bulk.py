"""Two large tables against each other: splink's Fellegi-Sunter model on an embedded DuckDB.

What is compared, and how much each agreement counts, is data (``bulk_settings.json``); :func:`bulk_settings` makes splink settings of it for DuckDB
or for Spark, so that what was tried on one machine runs on a cluster over columns of the same names (see :data:`PREPARED`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import LimitError, UsageError
from .countries import States
from .outcome import check_output

__all__ = ["PREPARED", "bulk_settings", "link_tables"]

#: The columns that the settings compare, made of a table's names, countries and years: ``name_start`` and ``name_end`` are the first and the last
#: letters of each word, of which a slip of the pen spares one.
PREPARED = (
    "unique_id",
    "name",
    "name_norm",
    "name_bag",
    "name_start",
    "name_end",
    "rare_word",
    "numbers",
    "country",
    "year",
)
_COLUMNS = ["row", "name", "verdict", "score", "match", "match_row", "why"]
#: At most so many pairs are shown; all are written to the file that --output names.
_SHOWN = 1000


def bulk_settings(dialect: str = "duckdb") -> dict[str, Any]:
    """Return splink settings for ``dialect`` (``duckdb`` or ``spark``). Raises UsageError if splink is not installed."""
    try:
        import splink.comparison_level_library as levels
        from splink import SettingsCreator, block_on
    except ImportError as error:
        raise UsageError(
            "Matching two tables needs splink and DuckDB; run: python3 -m pip install 'bri-kg[bulk]'"
        ) from error
    data = json.loads(Path(__file__).with_name("bulk_settings.json").read_text(encoding="utf-8"))
    makers: dict[str, Any] = {
        "Null": lambda one: levels.NullLevel(one["column"]),
        "Exact": lambda one: levels.ExactMatchLevel(one["column"]),
        "JaroWinkler": lambda one: levels.JaroWinklerLevel(one["column"], one["at"]),
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


def link_tables(
    left: Path,
    right: Path,
    columns: Mapping[str, Iterable[str]] | None = None,
    accept: float = 0.92,
    review: float = 0.5,
    outputs: Sequence[Path] = (),
) -> tuple[list[str], list[list[str]]]:
    """Match the rows of one CSV, TSV, Parquet or JSON lines file with those of another, and return columns and rows for a listing.

    Each row of ``left`` has at most one match, its best; a tie goes to review. ``columns`` names columns by role, in both tables alike; what is not
    named is guessed for each. ``outputs`` are written whole: ``.csv``, ``.tsv`` or ``.json``. Raises UsageError for a file or column that is not
    there.
    """
    for path in outputs:
        check_output(path)
        if path.suffix not in (".csv", ".tsv", ".json"):
            raise UsageError(
                f"{path.name}: matches of two tables are written as .csv, .tsv or .json; choose one of these endings."
            )
    settings = bulk_settings()
    try:
        import logging

        import duckdb
        from splink import Linker
        from splink.backends.duckdb import DuckDBAPI
    except ImportError as error:
        raise UsageError(
            "Matching two tables needs splink and DuckDB; run: python3 -m pip install 'bri-kg[bulk]'"
        ) from error
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect() as database:
        database.execute("SET preserve_insertion_order = false")
        for name, path in (("left_side", left), ("right_side", right)):
            _read(database, name, path, columns or {})
        _prepare(database)
        api = DuckDBAPI(database)
        sides = [api.register(name, dataset_display_name=name) for name in ("left_table", "right_table")]
        linker = Linker(sides, settings, log_level=logging.ERROR, validate_settings=False)
        found = linker.inference.predict(threshold_match_probability=review, warning_mode="never")
        rows = _best(database, found.physical_name, accept)
    written = [[str(cell) for cell in row] for row in rows]
    if outputs:
        from ..tables import rows_to_format
        from ..writing import write_whole

        write_whole({path: rows_to_format(path.suffix[1:], _COLUMNS, written).encode() for path in outputs})
    return _COLUMNS, written if not outputs else written[:_SHOWN]


def _read(database: Any, name: str, path: Path, given: Mapping[str, Iterable[str]]) -> None:
    """Make a view of a file and of its columns of names, countries and years a table ``<name>`` (row, name, country, year)."""
    import duckdb

    from .columns import guess_columns
    from .tables import SheetTable

    if not path.is_file():
        raise UsageError(f"There is no file {path}; give a table such as projects.csv.")
    readers = {
        ".csv": "read_csv(?, all_varchar=true, header=true, sample_size=20000)",
        ".tsv": "read_csv(?, all_varchar=true, header=true, delim='\t')",
        ".parquet": "read_parquet(?)",
        ".jsonl": "read_json(?, format='newline_delimited')",
        ".ndjson": "read_json(?, format='newline_delimited')",
    }
    if path.suffix.lower() not in readers:
        raise UsageError(f"{path.name}: --bulk reads .csv, .tsv, .parquet and .jsonl; save the table as one of these.")
    reader = readers[path.suffix.lower()]
    try:
        sample = database.execute(f"SELECT * FROM {reader} LIMIT 500", [str(path)])
        names = [one[0] for one in sample.description]
        rows = [
            (line, {key: str(value) for key, value in zip(names, row, strict=True) if value is not None})
            for line, row in enumerate(sample.fetchall(), 2)
        ]
        if not rows:
            raise UsageError(f"{path} holds no rows under its headings; give a table with at least one row.")
        found = guess_columns(
            SheetTable(path, names, rows),
            {role: given[role] for role in ("name", "country", "date") if role in given},
            _NoStates(),
        )
        quoted = {
            role: '"' + found.first(role).replace('"', '""') + '"' if found.first(role) else "NULL"
            for role in ("name", "country", "date")
        }
        database.execute(
            f"CREATE TEMP TABLE {name} AS SELECT row_number() OVER () + 1 AS line, CAST({quoted['name']} AS VARCHAR) AS name, "
            f"CAST({quoted['country']} AS VARCHAR) AS country_text, CAST({quoted['date']} AS VARCHAR) AS date_text FROM {reader}",
            [str(path)],
        )
    except duckdb.OutOfMemoryException as error:
        raise LimitError(f"{path} does not fit into memory; split it, or run the settings on Spark.") from error
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise UsageError(f"{path} cannot be read as a table: {first}; mend it, or save it as CSV in UTF-8.") from error


class _NoStates(States):
    """Stands for the states of a graph where none is at hand: cells of countries are compared as texts."""

    def __init__(self) -> None:
        """Know no state."""

    def of_cell(self, cell: str) -> frozenset[str]:
        return frozenset(["?" + cell.casefold()] if cell else [])


def _prepare(database: Any) -> None:
    """Make of both sides the tables that the settings compare."""
    for name in ("left", "right"):
        database.execute(
            f"""
            CREATE TEMP TABLE {name}_words AS
            WITH plain AS (
                SELECT line, name, country_text, date_text,
                    trim(regexp_replace(
                        regexp_replace(lower(strip_accents(nfc_normalize(name))), '[''`’‘"“”]', '', 'g'), '[^\\pL\\pN]+', ' ', 'g'
                    )) AS name_norm
                FROM {name}_side WHERE name IS NOT NULL
            )
            SELECT *, list_sort(string_split(name_norm, ' ')) AS words FROM plain WHERE name_norm <> ''
            """
        )
    database.execute(
        """
        CREATE TEMP TABLE word_counts AS SELECT word, count(*) AS times FROM (
            SELECT unnest(words) AS word FROM left_words UNION ALL SELECT unnest(words) FROM right_words
        ) GROUP BY word
        """
    )
    for name in ("left", "right"):
        database.execute(
            f"""
            CREATE TEMP TABLE {name}_table AS
            WITH rarest AS (
                SELECT line, arg_min(word, (times, word)) AS word, min(times) AS times
                FROM (SELECT line, unnest(words) AS word FROM {name}_words) JOIN word_counts USING (word) GROUP BY line
            )
            SELECT line AS unique_id, name, name_norm, array_to_string(words, ' ') AS name_bag,
                CASE WHEN length(name_norm) >= 6 THEN array_to_string(list_sort(
                    list_transform(words, lambda one: left(one, CASE WHEN len(words) = 1 THEN 6 ELSE 3 END))), ' ') END AS name_start,
                CASE WHEN length(name_norm) >= 6 THEN array_to_string(list_sort(
                    list_transform(words, lambda one: right(one, CASE WHEN len(words) = 1 THEN 6 ELSE 3 END))), ' ') END AS name_end,
                CASE WHEN rarest.times BETWEEN 2 AND 50 THEN rarest.word END AS rare_word,
                array_to_string(list_filter(words, lambda one: regexp_matches(one, '^[0-9]')), ' ') AS numbers,
                nullif(trim(lower(strip_accents(country_text))), '') AS country,
                TRY_CAST(nullif(regexp_extract(date_text, '(1[89]|20)[0-9][0-9]'), '') AS INTEGER) AS year
            FROM {name}_words JOIN rarest USING (line)
            """
        )


def _best(database: Any, predictions: str, accept: float) -> list[tuple[object, ...]]:
    return list(
        database.execute(
            f"""
            WITH pairs AS (
                SELECT CASE WHEN source_dataset_l = 'left_side' OR source_dataset_l = 'left_table' THEN unique_id_l ELSE unique_id_r END AS mine,
                    CASE WHEN source_dataset_l = 'left_side' OR source_dataset_l = 'left_table' THEN unique_id_r ELSE unique_id_l END AS theirs,
                    match_probability, match_weight
                FROM {predictions}
            ), ranked AS (
                SELECT *, row_number() OVER (PARTITION BY mine ORDER BY match_weight DESC, theirs) AS place,
                    lead(match_weight) OVER (PARTITION BY mine ORDER BY match_weight DESC, theirs) AS next_weight
                FROM pairs
            )
            SELECT mine, mine_table.name,
                CASE WHEN match_probability >= {float(accept)} AND coalesce(match_weight - next_weight, 99) >= 1.5 THEN 'accept' ELSE 'review' END,
                printf('%.3f', match_probability), their_table.name, theirs,
                printf('%+.1f bits', match_weight)
                    || CASE WHEN coalesce(match_weight - next_weight, 99) < 1.5 THEN '; another row is as near' ELSE '' END
            FROM ranked JOIN left_table mine_table ON mine_table.unique_id = mine JOIN right_table their_table ON their_table.unique_id = theirs
            WHERE place = 1 ORDER BY mine
            """
        ).fetchall()
    )
