"""Records to TriG: a block of lines for each record, its graph named after it.

A block is three lines, ``<record> {``, its triples, ``}``; line ends in texts are escaped. So the same file without the first and the last line
of each block is Turtle with the same triples, which is how :mod:`.combining` fills the default graph without parsing twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..errors import DataError
from ..names import PREFIXES
from .descriptions import Description, Part, Value, columns_of
from .literals import WrongValue, pick, quoted, segment, shown, writer
from .reading import undecoded
from .trees import find, item_of, point_of, text_of, time_of, wkt_of

__all__ = ["HEAD", "Block", "converter"]

HEAD = (
    f"@prefix e: <{PREFIXES['ext']}> .\n@prefix g: <{PREFIXES['geo']}> .\n"
    f"@prefix v: <{PREFIXES['void']}> .\n@prefix x: <{PREFIXES['xsd']}> .\n"
)
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_]*").fullmatch
_FIELD = re.compile(r"\{([^{}]*)\}")
_SHOWN = 12
_TEXTS = {"wikidata-item": item_of, "wikidata-time": time_of, "wikidata-point": point_of}
_SHORT = {PREFIXES["ext"]: "e", PREFIXES["geo"]: "g", PREFIXES["void"]: "v"}


class Block(NamedTuple):
    """A record as TriG: its id, the text as bytes, and how many triples it has."""

    id: str
    text: bytes
    triples: int


Converter = Callable[[Any, int, int], Block]


def converter(
    description: Description, header: Sequence[str] | None, counts: dict[str, int], file: str = ""
) -> Converter:
    """Return the function that makes a block of a row (with ``header``) or of a tree, its line and its number.

    ``counts`` holds how often an id was met, where the description has repeated ids numbered. ``file`` is the name of the file, which each record
    then says: where a dataset is made of several, its line alone would not lead to it. The function raises WrongValue, saying what is
    wrong with a record. Raises DataError for a header that lacks a column or has it twice.
    """
    for column in description.columns if header is not None else ():
        if column in description.needed and column not in (header or ()):
            raise DataError(f"the column '{column}' is missing; {_instead(column, header or ())}")
        if list(header or ()).count(column) > 1:
            raise DataError(f"the column '{column}' is there twice")
    return _Records(description, header, counts, file).block


def _term(iri: str) -> str:
    for namespace, prefix in _SHORT.items():
        if iri.startswith(namespace) and _LOCAL(iri.removeprefix(namespace)):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


@lru_cache(maxsize=1 << 12)
def _tag(tag: str) -> str:
    """Write a language tag as it stands after a text. Raises WrongValue for one that is none."""
    plain = tag.strip().replace("_", "-")
    try:
        ox.Literal("", language=plain)
    except ValueError:
        raise WrongValue(f"'{shown(tag)}' is no language tag, such as en or zh-Hans") from None
    return "@" + plain


def _instead(column: str, header: Sequence[str]) -> str:
    """Return what a header has instead of a column: a name like it, else the first names."""
    lowered = {name.lower(): name for name in header}
    if near := get_close_matches(column.lower(), lowered, n=1, cutoff=0.8):
        return f"there is '{shown(lowered[near[0]])}', which is written otherwise"
    more = f" and {len(header) - _SHOWN} more" if len(header) > _SHOWN else ""
    return f"there are {', '.join(map(shown, header[:_SHOWN]))}{more}"


class _Records:
    """Makes blocks by one description."""

    def __init__(
        self, description: Description, header: Sequence[str] | None, counts: dict[str, int], file: str
    ) -> None:
        self._description = description
        self._counts = counts if description.repeated else None
        self._empty = {"", *description.empty}
        self._places = None if header is None else {name: place for place, name in enumerate(header)}
        self._base = f"{PREFIXES['record']}{description.name}/"
        self._id = self._template(description.id, description.id_pattern)
        self._otherwise = self._template(description.id_otherwise) if description.id_otherwise else None
        self._subject = description.subject
        self._opening = f" a {_term(description.cls)} ; v:inDataset <{PREFIXES['dataset']}{description.name}> ; "
        self._opening += f"e:file {quoted(file)} ; e:line " if file else "e:line "
        self._own = 4 if file else 3
        self._makers = [self._maker(value) for value in description.values if self._is_there(value)]
        self._parts = [(part, [self._tree_maker(value) for value in part.values]) for part in description.parts]

    def block(self, record: Any, line: int, number: int) -> Block:
        id = self._id(record, number) or (self._otherwise(record, number) if self._otherwise else "")
        if not id:
            raise WrongValue(f"the record has no id: {', '.join(columns_of(self._description.id))} is empty")
        plain = id
        if self._counts is not None:
            self._counts[id] = count = self._counts.get(id, 0) + 1
            id = f"{id}~{count}" if count > 1 else id
        name = f"<{self._base}{id}>"
        subject = f"<{self._subject.replace('{id}', plain)}>" if self._subject else name
        said: list[str] = []
        for make in self._makers:
            make(record, said)
        said = list(dict.fromkeys(said))
        count = len(said) + self._own
        text = f'{subject}{self._opening}"{line}"^^x:integer'
        if said:
            text += " ; " + " ; ".join(said)
        for part, makers in self._parts:
            more, triples = self._part(record, subject, part, makers)
            text += more
            count += triples
        if self._subject:
            text = f"{name} e:describes {subject} . {text}"
            count += 1
        whole = f"{name} {{\n{text} .\n}}\n"
        if "\0" in whole:
            raise WrongValue("a NUL byte stands in it")
        try:
            return Block(id, whole.encode(), count)
        except UnicodeEncodeError:
            raise WrongValue(undecoded(whole)) from None

    def _part(self, record: Any, subject: str, part: Part, makers: list[Any]) -> tuple[str, int]:
        text, count = "", 0
        name = part.path.rpartition("/")[2]
        for place, inner in enumerate(find(record, part.path), 1):
            said: list[str] = []
            for make in makers:
                make(inner, said, record)
            node = f"{subject[:-1]}#{segment(name)}-{place}>"
            said = list(dict.fromkeys([f"a {_term(part.cls)}", *said]))
            text += f" . {subject} {_term(part.property)} {node} . {node} " + " ; ".join(said)
            count += 1 + len(said)
        return text, count

    def _fetch(self, column: str) -> Callable[[Any], str]:
        """Return the function that gives what a column holds, of several values the first."""
        if self._places is not None:
            place = self._places[column]
            return lambda row: str(row[place])
        return lambda record: next((text_of(node) for node in find(record, column)), "")

    def _is_there(self, value: Value) -> bool:
        return self._places is None or not value.optional or self._places.keys() >= set(value.columns())

    def _template(self, template: str, pattern: str = "") -> Callable[[Any, int], str]:
        pieces = _FIELD.split(template)  # text, column, text, column, ..., text
        columns = [None if name == "#" else self._fetch(name) for name in pieces[1::2]]
        if pattern and columns[0]:
            whole, shape = columns[0], re.compile(pattern)
            return lambda record, _: (
                segment(pick(shape, text)) if (text := whole(record).strip()) not in self._empty else ""
            )
        if template == f"{{{pieces[1]}}}" and columns[0]:
            only, empty = columns[0], self._empty
            return lambda record, _: segment(text) if (text := only(record).strip()) not in empty else ""

        def fill(record: Any, number: int) -> str:
            made = [segment(pieces[0])] if pieces[0] else []
            is_said = False
            for fetch, after in zip(columns, pieces[2::2], strict=True):
                text = str(number) if fetch is None else fetch(record).strip()
                if text not in self._empty:
                    made.append(segment(text))
                    is_said = True
                made.append(after)
            return "".join(made) if is_said else ""

        return fill

    def _maker(self, value: Value) -> Callable[[Any, list[str]], None]:
        if self._places is not None:
            return self._row_maker(value, self._places)
        add = self._tree_maker(value)
        return lambda record, said: add(record, said, record)

    def _row_maker(self, value: Value, places: Mapping[str, int]) -> Callable[[Any, list[str]], None]:
        """Return the function that adds to a list what a row says with one value."""
        start, write, empty = _term(value.property) + " ", writer(value), self._empty
        if value.constant:
            made = start + write(value.constant)
            return lambda row, said: said.append(made)
        if value.template:
            return self._filled(value, start, write)
        place, column, separator = places[value.column], value.column, value.separator
        required = value.required

        def add(row: Any, said: list[str]) -> None:
            text = row[place].strip()
            if text in empty:
                if required:
                    raise WrongValue(f"{column} is empty")
                return
            try:
                if separator:
                    said.extend(start + write(one.strip()) for one in text.split(separator) if one.strip() not in empty)
                else:
                    said.append(start + write(text))
            except WrongValue as error:
                raise WrongValue(f"{column}: {error}") from error

        return add

    def _filled(self, value: Value, start: str, write: Callable[[str], str]) -> Callable[[Any, list[str]], None]:
        pieces = _FIELD.split(value.template)
        fetches = [self._fetch(name) for name in pieces[1::2]]

        def add(record: Any, said: list[str]) -> None:
            made = pieces[0]
            for fetch, after in zip(fetches, pieces[2::2], strict=True):
                text = fetch(record).strip()
                if text in self._empty:
                    return
                made += text + after
            try:
                said.append(start + write(made))
            except WrongValue as error:
                raise WrongValue(f"{' and '.join(value.columns())}: {error}") from error

        return add

    def _tree_maker(self, value: Value) -> Callable[[Any, list[str], Any], None]:
        """Return the function that adds to a list what a tree says with one value, at each place where its path leads.

        The tree may be part of a record, which the function is given too.
        """
        start, write = _term(value.property) + " ", writer(value)
        if value.constant:
            made = start + write(value.constant)
            return lambda _, said, whole: said.append(made)
        if value.template:
            fill = self._filled(value, start, write)
            return lambda record, said, whole: fill(record, said)

        def add(record: Any, said: list[str], whole: Any) -> None:
            before = len(said)
            try:
                for node in find(record, value.column):
                    said.extend(start + one for one in self._written(node, value, write, whole))
                if value.otherwise and len(said) == before:
                    for node in find(whole, value.otherwise):
                        said.extend(start + one for one in self._written(node, value, write, whole))
            except WrongValue as error:
                raise WrongValue(f"{value.column}: {error}") from error
            if value.required and len(said) == before:
                raise WrongValue(f"{value.column} is empty")

        return add

    def _written(self, node: Any, value: Value, write: Callable[[str], str], whole: Any) -> Iterator[str]:
        if value.datatype == "geometry":
            yield quoted(wkt_of(node)) + "^^g:wktLiteral"
            return
        text = text_of(next(find(node, value.text), "")) if value.text else _TEXTS.get(value.datatype, text_of)(node)
        for one in text.split(value.separator) if value.separator else (text,):
            if one.strip() in self._empty:
                continue
            tag = ""
            if value.language_from and isinstance(node, Mapping):
                tag = str(node.get(value.language_from) or "")
                if not tag and value.language_otherwise:
                    tag = next((text_of(one) for one in find(whole, value.language_otherwise)), "")
            yield quoted(one.strip()) + _tag(tag) if tag else write(one.strip())
