"""Two tables made ready for splink: names, countries and years in one form, equal rows as one, and keys that bring few pairs together.

All of it is SQL on DuckDB, in a database on disk with a limit of memory. What comes out are two tables with the columns :data:`PREPARED`, which
are compared by DuckDB itself or, written as Parquet, by Spark (:mod:`.on_spark`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import LimitError, UsageError
from .countries import States

__all__ = ["PREPARED", "open_database", "prepare", "read_side"]

#: The columns of a prepared table. Compared are ``name_norm`` (letters and digits, lower case, no accents), ``name_bag`` (its words, sorted),
#: ``numbers`` (the words with digits), ``country`` and ``year``. Pairs are brought together by ``same_name`` (the bag), ``word_starts`` and
#: ``word_ends`` (the first and last letters of each word), ``head`` and ``tail`` (the first letters of the whole; the last with the first two), of
#: which a slip of the pen spares one, and ``rare_word``. ``unique_id`` is the line of the first of ``alike`` equal rows.
PREPARED = (
    "unique_id", "alike", "name", "name_norm", "name_bag", "numbers", "country", "year",
    "same_name", "word_starts", "word_ends", "head", "tail", "rare_word",
)  # fmt: skip
_KEYS = ("same_name", "word_starts", "word_ends", "head", "tail")
#: A key that brings more than so many pairs for each row that bears it counts only together with country and year, where these are known, and
#: if that is too many still, not at all: so the pairs grow with the rows and not with their square. (20,000 by 100,000 rows that bear a hundred
#: names are twenty million pairs and took 1.9 GB before, and DuckDB left to itself takes four fifths of the machine.)
_CROWDED = 20
#: DuckDB may use half of the machine's memory, but no more than this; what does not fit lies in the folder of the database.
_MOST_MEMORY = 4_000_000_000


def open_database(folder: Path) -> Any:
    """Return a DuckDB database in ``folder``, which also takes what does not fit into memory."""
    import os

    import duckdb

    database = duckdb.connect(str(folder / "bulk.duckdb"))
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):  # no POSIX
        memory = _MOST_MEMORY
    database.execute(f"SET memory_limit = '{min(memory, _MOST_MEMORY) // 1_000_000}MB'")
    database.execute("SET temp_directory = '" + str(folder / "spilled").replace("'", "''") + "'")
    database.execute("SET preserve_insertion_order = false")
    return database


def read_side(database: Any, name: str, path: Path, given: Mapping[str, Iterable[str]], states: States) -> None:
    """Read from a file the columns of names, countries and years into a table ``<name>`` (line, name, country, year).

    A country is compared by the state that it means where ``states`` knows it, so that "KH" and "Cambodia" agree; else as a text. Raises
    UsageError for a file that is no table, or a column that is not there.
    """
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
            SheetTable(path, names, rows), {role: given[role] for role in ("name", "country", "date") if role in given}, states
        )  # fmt: skip
        quoted = {
            role: '"' + found.first(role).replace('"', '""') + '"' if found.first(role) else "NULL"
            for role in ("name", "country", "date")
        }
        database.execute(
            f"CREATE TABLE {name}_read AS SELECT row_number() OVER () + 1 AS line, CAST({quoted['name']} AS VARCHAR) AS name, "
            f"CAST({quoted['country']} AS VARCHAR) AS cell, "
            f"TRY_CAST(nullif(regexp_extract(CAST({quoted['date']} AS VARCHAR), '(1[89]|20)[0-9][0-9]'), '') AS INTEGER) AS year "
            f"FROM {reader}",
            [str(path)],
        )
    except duckdb.OutOfMemoryException as error:
        raise LimitError(f"{path} does not fit into memory; split it, or give it as Parquet.") from error
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise UsageError(f"{path} cannot be read as a table: {first}; mend it, or save it as CSV in UTF-8.") from error
    _say_states(database, name, states)


def _say_states(database: Any, name: str, states: States) -> None:
    """Put in the place of each cell of a country the states that it means."""
    cells = [
        str(row[0])
        for row in database.execute(f"SELECT DISTINCT cell FROM {name}_read WHERE cell IS NOT NULL").fetchall()
    ]
    database.execute(f"CREATE TABLE {name}_states (cell VARCHAR, country VARCHAR)")
    pairs = [(cell, " ".join(sorted(states.of_cell(cell))) or None) for cell in cells]
    for start in range(0, len(pairs), 10_000):
        part = pairs[start : start + 10_000]
        database.execute(
            f"INSERT INTO {name}_states SELECT unnest(?), unnest(?)",
            [[one[0] for one in part], [one[1] for one in part]],
        )
    database.execute(
        f"CREATE TABLE {name} AS SELECT line, name, country, year FROM {name}_read LEFT JOIN {name}_states USING (cell)"
    )
    database.execute(f"DROP TABLE {name}_read; DROP TABLE {name}_states")


def prepare(database: Any) -> None:
    """Make of ``left_side`` and ``right_side`` the tables ``left_table`` and ``right_table`` with the columns :data:`PREPARED`.

    ``left_rows`` says for each line of the left side which row of ``left_table`` stands for it.
    """
    for name in ("left", "right"):
        database.execute(
            f"""
            CREATE TABLE {name}_plain AS
            SELECT line, name, country, year, trim(regexp_replace(
                regexp_replace(lower(strip_accents(nfc_normalize(name))), '[''`’‘"“”]', '', 'g'), '[^\\pL\\pN]+', ' ', 'g'
            )) AS name_norm
            FROM {name}_side WHERE name IS NOT NULL;
            DROP TABLE {name}_side;
            CREATE TABLE {name}_words AS
            SELECT min(line) AS unique_id, count(*) AS alike, arg_min(name, line) AS name, name_norm, country, year,
                list_sort(string_split(name_norm, ' ')) AS words, replace(name_norm, ' ', '') AS run
            FROM {name}_plain WHERE name_norm <> '' GROUP BY name_norm, country, year;
            """
        )
    database.execute(
        """
        CREATE TABLE left_rows AS SELECT line, plain.name, words.unique_id FROM left_plain plain JOIN left_words words
            ON plain.name_norm = words.name_norm AND plain.country IS NOT DISTINCT FROM words.country AND plain.year IS NOT DISTINCT FROM words.year;
        DROP TABLE left_plain;
        DROP TABLE right_plain;
        CREATE TABLE word_counts AS SELECT word, count(*) AS times FROM (
            SELECT unnest(words) AS word FROM left_words UNION ALL SELECT unnest(words) FROM right_words
        ) GROUP BY word
        """
    )
    for name in ("left", "right"):
        database.execute(
            f"""
            CREATE TABLE {name}_keyed AS
            WITH rarest AS (
                SELECT unique_id, arg_min(word, (times, word)) AS word, min(times) AS times
                FROM (SELECT unique_id, unnest(words) AS word FROM {name}_words) JOIN word_counts USING (word) GROUP BY unique_id
            )
            SELECT unique_id, alike, name, name_norm, array_to_string(words, ' ') AS name_bag,
                array_to_string(list_filter(words, lambda one: regexp_matches(one, '^[0-9]')), ' ') AS numbers,
                country, year, array_to_string(words, ' ') AS same_name,
                CASE WHEN length(run) >= 6 THEN array_to_string(list_sort(
                    list_transform(words, lambda one: left(one, CASE WHEN len(words) = 1 THEN 6 ELSE 3 END))), ' ') END AS word_starts,
                CASE WHEN length(run) >= 6 THEN array_to_string(list_sort(
                    list_transform(words, lambda one: right(one, CASE WHEN len(words) = 1 THEN 6 ELSE 3 END))), ' ') END AS word_ends,
                CASE WHEN length(run) >= 12 THEN left(run, CASE WHEN length(run) >= 20 THEN 10 ELSE 6 END) END AS head,
                CASE WHEN length(run) >= 12 THEN left(run, 2) || '…' || right(run, CASE WHEN length(run) >= 20 THEN 10 ELSE 6 END) END AS tail,
                CASE WHEN rarest.times BETWEEN 2 AND 50 THEN rarest.word END AS rare_word
            FROM {name}_words JOIN rarest USING (unique_id);
            DROP TABLE {name}_words
            """
        )
    known = [
        column
        for column in ("country", "year")
        if all(
            database.execute(f"SELECT count({column}) FROM {name}_keyed").fetchall()[0][0] for name in ("left", "right")
        )
    ]
    for key in _KEYS:
        _find_crowds(database, key, known)
    for name in ("left", "right"):
        keys = "".join(
            f", CASE WHEN {key}_crowd.key IS NULL THEN {key} WHEN {key}_narrow_crowd.key IS NULL THEN {_narrow(key, known)} END AS {key}"
            for key in _KEYS
        )
        joins = " ".join(
            f"LEFT JOIN {key}_crowd ON {key} = {key}_crowd.key LEFT JOIN {key}_narrow_crowd ON {_narrow(key, known)} = {key}_narrow_crowd.key"
            for key in _KEYS
        )
        database.execute(
            f"CREATE TABLE {name}_table AS SELECT unique_id, alike, name, name_norm, name_bag, numbers, country, year{keys}, rare_word "
            f"FROM {name}_keyed {joins}; DROP TABLE {name}_keyed"
        )


def _narrow(key: str, known: list[str]) -> str:
    """Return a key with the columns that both sides know; NULL for a row that lacks one, of which nobody could say which it is."""
    parts = " || '|' || ".join([key, *(f"CAST({column} AS VARCHAR)" for column in known)])
    return f"({parts})" if known else "CAST(NULL AS VARCHAR)"


def _find_crowds(database: Any, key: str, known: list[str]) -> None:
    """Make the tables of the values of ``key`` that bring too many pairs together, alone and narrowed."""

    def count(value: str, name: str, among: str) -> str:
        return f"(SELECT {value} AS key, count(*) AS rows FROM {name}_keyed {among} GROUP BY ALL) {name}s"

    for table, value, among in (
        (f"{key}_crowd", key, f"WHERE {key} IS NOT NULL"),
        (f"{key}_narrow_crowd", _narrow(key, known), f"SEMI JOIN {key}_crowd ON {key} = {key}_crowd.key"),
    ):
        database.execute(
            f"CREATE TABLE {table} AS SELECT lefts.key FROM {count(value, 'left', among)} JOIN {count(value, 'right', among)} "
            f"USING (key) WHERE lefts.rows * rights.rows > {_CROWDED} * (lefts.rows + rights.rows)"
        )
