"""Records of JSON files, one at a time: the members of the list or object at a path, or one value a line.

The file is read in pieces and a record at a time is decoded, so a file larger than memory is no trouble, and its records have line numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ..errors import DataError
from .reading import MAX_CHARACTERS, Broken, Source

__all__ = ["read_lines", "read_members"]

_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def read_lines(source: Source) -> Iterator[tuple[int, Any]]:
    """Yield the value of each line that is not empty, or what is wrong with it."""
    for number, line in enumerate(source.lines(), 1):
        if line.strip():
            try:
                value = json.loads(line, parse_constant=_no_constant)
                yield number, value if isinstance(value, dict) else Broken("it is no JSON object")
            except (ValueError, RecursionError) as error:
                yield number, Broken(f"it is no JSON: {error}")


def read_members(source: Source, path: str) -> Iterator[tuple[int, Any]]:
    """Yield the members of the list, or the values of the object, at ``path`` (names with slashes between; empty for the whole file).

    A value of an object also has its name, as ``^key``. Raises DataError, naming the line, for a file that is no JSON or has no such path.
    """
    text = _Text(source)
    for step in filter(None, path.split("/")):
        text.enter(step)
    opening = text.peek()
    if opening == "[":
        yield from text.members("]")
    elif opening == "{" and path:
        yield from text.members("}")
    elif opening == "{":
        line = text.line
        yield line, text.value()
    else:
        text.fail(f"there is no list or object at {path!r}" if path else "it holds no list and no object")


class _Text:
    """The text around the current place, of which more is read when needed."""

    def __init__(self, source: Source) -> None:
        self._source, self._read = source, source.text().read
        self._text, self._place, self._is_whole = "", 0, False
        self.line = 1

    def fail(self, why: str) -> NoReturn:
        raise DataError(f"{self._source.path}:{self.line}: {why}.")

    def _more(self) -> bool:
        if self._is_whole:
            return False
        self._text, self._place = self._text[self._place :], 0
        # twice as much each time, so that a long record is not decoded over and over
        chunk = self._read(max(_CHUNK, len(self._text)))
        if len(self._text) > MAX_CHARACTERS:
            self.fail(f"a record has more than {MAX_CHARACTERS:,} characters")
        self._text += chunk
        self._is_whole = not chunk
        return bool(chunk)

    def _skip_to(self, place: int) -> None:
        self.line += self._text.count("\n", self._place, place)
        self._place = place

    def peek(self) -> str:
        """Return the next character that is not white space; nothing at the end."""
        while True:
            found = _SPACE.match(self._text, self._place)
            self._skip_to(found.end() if found else self._place)
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Step over a sign."""
        found = self.peek()
        if found != wanted:
            self.fail(
                f"the JSON is broken: {wanted!r} is expected, and there is {found!r}"
                if found
                else "the JSON is cut off"
            )
        self._place += 1

    def value(self) -> Any:
        """Return the next value, whole."""
        if not self.peek():
            self.fail("the JSON is cut off")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except RecursionError:
                self.fail("the JSON is nested too deeply")
            except ValueError as error:
                if self._more():
                    continue
                self.line += self._text.count("\n", self._place, getattr(error, "pos", self._place))
                self.fail(f"the JSON is broken or cut off: {error}")
            if end < len(self._text) or not self._more():  # a number may go on in the next piece
                self._skip_to(end)
                return value

    def enter(self, name: str) -> None:
        """Go to the value of a name of the object that comes next, past those before it."""
        self.take("{")
        while self.peek() not in ("}", ""):
            found = self.value()
            self.take(":")
            if found == name:
                self.peek()
                return
            self.value()
            if self.peek() == ",":
                self.take(",")
        self.fail(f"there is no {name!r} in the JSON")

    def members(self, closing: str) -> Iterator[tuple[int, Any]]:
        """Yield each member of the list or object that comes next."""
        self.take("[" if closing == "]" else "{")
        while (sign := self.peek()) != closing:
            if not sign:
                self.fail("the JSON is cut off")
            name = None
            if closing == "}":
                name = self.value()
                self.take(":")
                self.peek()
            line = self.line
            value = self.value()
            if not isinstance(value, dict):
                yield line, Broken("it is no JSON object")
            else:
                yield line, value if name is None else {**value, "^key": name}
            if self.peek() != closing:
                self.take(",")
