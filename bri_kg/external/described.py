"""What a description of a dataset holds: the dataset, its values and the parts of its records; see :mod:`.descriptions`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["DATATYPES", "FORMATS", "Description", "Part", "Value", "columns_of"]

FORMATS = ("csv", "tsv", "xlsx", "json", "jsonl", "geojson", "sparql-results", "xml", "yaml")
DATATYPES = (
    "text", "integer", "decimal", "boolean", "date", "year", "iri", "wkt", "geometry",
    "wikidata-item", "wikidata-time", "wikidata-point",
)  # fmt: skip
_FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Value:
    """One statement of a record: the property, where its value stands, and what kind of value it is."""

    property: str
    column: str = ""
    template: str = ""
    constant: str = ""
    datatype: str = "text"
    language: str = ""
    language_from: str = ""
    language_otherwise: str = ""
    text: str = ""
    otherwise: str = ""
    iri: str = ""
    separator: str = ""
    pattern: str = ""
    replace: str = ""
    thousands: str = ""
    map: Mapping[str, str] = field(default_factory=dict)
    case: str = ""
    dates: tuple[str, ...] = ()
    required: bool = False
    optional: bool = False

    def columns(self) -> tuple[str, ...]:
        """Return the columns that the value is made of."""
        return (self.column,) if self.column else columns_of(self.template)


@dataclass(frozen=True)
class Part:
    """Something that repeats inside a record and becomes a node of its own."""

    path: str
    property: str
    cls: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Description:
    """What a dataset is and how its records become triples; see the module's docstring. ``text`` is the description as it was read."""

    name: str
    title: str
    licence: str
    source: str
    version: str
    format: str
    id: str
    cls: str
    values: tuple[Value, ...]
    parts: tuple[Part, ...] = ()
    attribution: str = ""
    note: str = ""
    id_pattern: str = ""
    id_otherwise: str = ""
    repeated: str = ""
    subject: str = ""
    records: str = ""
    delimiter: str = ""
    encoding: str = ""
    quoting: str = ""
    header: tuple[str, ...] = ()
    preamble: int = 0
    empty: tuple[str, ...] = ()
    text: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of which something is taken, each once."""
        return self._columns(self.values)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a table must have, each once."""
        return self._columns(value for value in self.values if not value.optional)

    def _columns(self, values: Iterable[Value]) -> tuple[str, ...]:
        wanted = [*columns_of(self.id), *columns_of(self.id_otherwise)]
        wanted += [column for value in values for column in value.columns()]
        return tuple(dict.fromkeys(column for column in wanted if column != "#"))


def columns_of(template: str) -> tuple[str, ...]:
    """Return the columns that a template names."""
    return tuple(_FIELD.findall(template))
