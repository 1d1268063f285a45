"""What can be asked of a dataset: its class and properties, the columns that they come from, and a value of each where it is imported."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from ..errors import DataError, UsageError
from ..names import shorten
from .descriptions import Description, packaged, read_description
from .keeping import RECORDS, Kept, kept_datasets

__all__ = ["COLUMNS", "contents", "description_of", "first_question", "short_licence"]

COLUMNS = ("property", "column", "example")
#: Records in which an example of each property is sought.
_LOOKED_AT = 200
_LONGEST = 80
#: Licences by a part of their address.
_LICENCES = {
    "creativecommons.org/licenses/by/4.0": "CC BY 4.0",
    "creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
    "opendatacommons.org/licenses/by/1-0": "ODC-By 1.0",
    "opendatacommons.org/licenses/odbl/1-0": "ODbL 1.0",
    "opendatacommons.org/licenses/pddl/1-0": "PDDL 1.0",
    "opensource.org/license/mit": "MIT",
}


def short_licence(address: str) -> str:
    """Return what people call the licence at an address; of one that is not known here whose site it is."""
    for part, name in _LICENCES.items():
        if part in address:
            return name
    return urlsplit(address).hostname or address


def description_of(name: str) -> tuple[Description, Kept | None]:
    """Return the description of a dataset, by its name, and what is imported of it.

    An imported dataset is described as it was when it was imported. Raises UsageError for a name that is none, DataError for a
    description that is broken.
    """
    kept = {one.name: one for one in kept_datasets()}.get(name)
    if kept and (kept.folder / "description.toml").is_file():
        return read_description(kept.folder / "description.toml"), kept
    known = packaged()
    if name in known:
        return known[name], kept
    raise UsageError(
        f"There is no dataset '{name}', imported or known; 'bri-kg external list' and 'bri-kg external list --known' name them."
    )


def contents(description: Description, kept: Kept | None) -> list[list[str]]:
    """Return a row for each property of a dataset's records, with the columns :data:`COLUMNS`; those of parts after the property that leads to them.

    Examples come from the first records of an imported dataset. Raises DataError if they are damaged.
    """
    examples = _examples(kept.folder / RECORDS) if kept else {}
    told = [("", value.property, " ".join(value.columns()) or value.constant) for value in description.values]
    for part in description.parts:
        told.append(("", part.property, part.path))
        told += [
            (f"{shorten(part.property)}/", value.property, " ".join(value.columns()) or value.constant)
            for value in part.values
        ]
    rows: dict[str, list[str]] = {}
    for before, iri, column in told:
        name = before + shorten(iri)
        if name in rows:  # several columns may give one property
            rows[name][1] = "; ".join(dict.fromkeys([*rows[name][1].split("; "), column]))
        else:
            rows[name] = [name, column, examples.get(iri, "")]
    return list(rows.values())


def first_question(description: Description) -> str:
    """Return a command that asks a dataset for its first records, as a beginning."""
    ours = [shorten(value.property) for value in description.values]
    properties = [one for one in dict.fromkeys(ours) if one.startswith("ext:")][:2] or ours[:1]
    names = [one.partition(":")[2] for one in properties]
    pattern = " ; ".join(f"{one} ?{name}" for one, name in zip(properties, names, strict=True))
    asked = " ".join(f"?{name}" for name in names)
    return f"bri-kg sparql 'SELECT ?record {asked} {{ ?record {pattern} }} LIMIT 5' --with {description.name}"


def _examples(path: Path) -> dict[str, str]:
    """Return a value of each property in the first records of an imported dataset."""
    found: dict[str, str] = {}
    try:
        for quad in ox.parse(_beginning(path), format=ox.RdfFormat.TRIG):
            value = quad.object
            if isinstance(value, (ox.NamedNode, ox.Literal)):
                text = shorten(value.value) if isinstance(value, ox.NamedNode) else value.value
                shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
                found.setdefault(quad.predicate.value, shown)
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"{path} is damaged ({error}); import the dataset again.") from error
    return found


def _beginning(path: Path) -> bytes:
    """Return the first records of a TriG file, whole; the writer ends each with a line that holds a brace alone."""

    def lines() -> Iterable[bytes]:
        records = 0
        with path.open("rb") as file:
            for line in file:
                yield line
                records += line == b"}\n"
                if records == _LOOKED_AT:
                    return

    return b"".join(islice(lines(), 100 * _LOOKED_AT))
