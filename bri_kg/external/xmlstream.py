"""Records of XML files as nested dictionaries, one at a time, without document types: no entities, no outside files, no bombs.

An element becomes ``{"@attribute": value, "#text": text, child: [children]}``. The expat parser of Python's library reads it; a document type
declaration is refused where it begins, since entities are declared only there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from ..errors import DataError
from .reading import MAX_CHARACTERS, Broken, Source

__all__ = ["read_elements"]

_MAX_DEPTH = 100
_CHUNK = 1 << 16


class _Refused(Exception):
    """What the parser must not go on with."""


class _Builder:
    """Takes the parser's events and puts finished records into ``ready``."""

    def __init__(self, record: str, parser: Any) -> None:
        self.record, self.parser = record, parser
        self.ready: deque[tuple[int, Any]] = deque()
        self.open: list[dict[str, Any]] = []
        self.names: list[str] = []
        self.root: tuple[str, dict[str, str]] | None = None
        self.line = self.size = 0
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise _Refused(
            "it has a document type declaration (<!DOCTYPE ...>), in which entities could hide files or bombs; take the declaration out"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.names.append(name)
        if self.root is None:
            self.root = (name, attributes)
        if len(self.names) > _MAX_DEPTH:
            raise _Refused(f"its elements nest more than {_MAX_DEPTH} deep")
        if not self.open and name != self.record:
            return
        made: dict[str, Any] = {f"@{key}": value for key, value in attributes.items()}
        self.size += sum(map(len, attributes.values())) + 100
        if self.open:
            self.open[-1].setdefault(name, []).append(made)
        else:
            self.line, self.size = self.parser.CurrentLineNumber, 0
        self.open.append(made)

    def _text(self, text: str) -> None:
        if self.open:
            self.size += len(text)
            if self.size > MAX_CHARACTERS:
                raise _Refused(
                    f"the record that begins in line {self.line} has more than {MAX_CHARACTERS:,} characters"
                )
            self.open[-1].setdefault("#text", []).append(text)

    def _end(self, _: str) -> None:
        self.names.pop()
        if self.open:
            made = self.open.pop()
            if "#text" in made:
                made["#text"] = " ".join("".join(made["#text"]).split())
            if not self.open:
                self.ready.append((self.line, made))


def read_elements(source: Source, record: str) -> Iterator[tuple[int, dict[str, Any] | Broken]]:
    """Yield each element called ``record`` with its line. Raises DataError, naming the line, for XML that is not well-formed or not allowed.

    A record also has the attributes of the root element, as ``^name``.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    builder = _Builder(record, parser)
    more = True
    while more:
        chunk = source.bytes.read(_CHUNK)
        more = bool(chunk)
        try:
            parser.Parse(chunk, not more)
        except _Refused as refusal:
            raise DataError(f"{source.path}:{parser.CurrentLineNumber}: refused: {refusal}.") from refusal
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise DataError(f"{source.path}:{parser.CurrentLineNumber}: the XML is broken: {error}.") from error
        shared = {f"^{key}": value for key, value in (builder.root or ("", {}))[1].items()}
        while builder.ready:
            line, made = builder.ready.popleft()
            yield line, {**shared, **made}
