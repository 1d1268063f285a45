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
from .reading import MAX_CHARACTERS, Broken, NotThere, Source

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
        self.found = False
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
        if self.open and name == self.record:
            raise _Refused(f"a <{name}> stands inside the <{name}> that begins in line {self.line}")
        made: dict[str, Any] = {f"@{key}": value for key, value in attributes.items()}
        if self.open:
            self.open[-1].setdefault(name, []).append(made)
        else:
            self.line, self.size, self.found = self.parser.CurrentLineNumber, 0, True
        self.open.append(made)
        self._grow(sum(map(len, attributes.values())) + 100 * (1 + len(attributes)))

    def _grow(self, size: int) -> None:
        self.size += size
        if self.size > MAX_CHARACTERS:
            raise _Refused(f"the record that begins in line {self.line} has more than {MAX_CHARACTERS:,} characters")

    def _text(self, text: str) -> None:
        if self.open:
            self._grow(len(text))
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
    """Yield each element called ``record`` with its line.

    A record also has the attributes of the root element, as ``^name``. Raises DataError, naming the line, for XML that is not well-formed or not
    allowed, NotThere for a file without such an element.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    builder = _Builder(record, parser)
    source.check_text()
    read: Any = source.text().read if source.asked_encoding else source.bytes.read
    more = True
    fed = 0
    while more:
        chunk = read(_CHUNK)
        more = bool(chunk)
        fed += len(chunk)
        try:
            parser.Parse(chunk, not more)
            if fed - parser.CurrentByteIndex > MAX_CHARACTERS:
                raise _Refused(f"a tag or a comment has more than {MAX_CHARACTERS:,} characters")
        except _Refused as refusal:
            raise DataError(f"{source.path}:{parser.CurrentLineNumber}: refused: {refusal}.") from refusal
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise DataError(f"{source.path}:{parser.CurrentLineNumber}: the XML is broken: {_told(error)}.") from error
        shared = {f"^{key}": value for key, value in (builder.root or ("", {}))[1].items()}
        while builder.ready:
            line, made = builder.ready.popleft()
            yield line, {**shared, **made}
    if not builder.found:
        root = f"; its root is <{builder.root[0]}>" if builder.root else ""
        raise NotThere(f"{source.path}: there is no element <{record}> in the XML{root}.")


def _told(error: Exception) -> str:
    said = str(error)
    if "multi-byte encodings" in said or "unknown encoding" in said:
        return f"{said}; say which encoding it is with --encoding, as in --encoding gb18030"
    if "no element found" in said or "unclosed token" in said:
        return f"it is cut off ({said}); fetch the file again"
    if "invalid token" in said:
        return f"{said}; if the text is not in the encoding that it declares, say in which with --encoding"
    return said
