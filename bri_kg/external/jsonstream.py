"""Records of JSON files, one at a time: the members of the list or object at a path, or one value a line.

The file is read in pieces and a record at a time is decoded, so a file larger than memory is no trouble, and its records have line numbers.
What comes after the records is read too: a file that is cut off behind them is not whole, and pages written one after another are all taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from ..errors import DataError
from .reading import MAX_CHARACTERS, Broken, NotThere, Source

__all__ = ["read_lines", "read_members"]

_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*")


class _Twice(Exception):
    """A name that an object has twice; of the two values one would be lost."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(f"the name {next(name for name in names if names.count(name) > 1)!r} is there twice in an object")
    return made


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_object)


def read_lines(source: Source) -> Iterator[tuple[int, Any]]:
    """Yield the value of each line that is not empty, or what is wrong with it."""
    for number, line in enumerate(source.lines(), 1):
        if line.strip():
            try:
                value = _DECODER.decode(line)
                yield number, value if isinstance(value, dict) else Broken("it is no JSON object")
            except (ValueError, RecursionError) as error:
                yield number, Broken(f"it is no JSON: {error}")
            except _Twice as twice:
                yield number, Broken(str(twice))


def read_members(
    source: Source, path: str, alone: Callable[[dict[str, Any]], bool] = lambda one: False
) -> Iterator[tuple[int, Any]]:
    """Yield the members of the list, or the values of the object, at ``path`` (names with slashes between; empty for the whole file).

    A value of an object also has its name, as ``^key``. Instead of the object with the path in it there may be a list of the records, or the
    records themselves one after another, as exports and dumps have them: ``alone`` says whether an object is a record. Raises NotThere, naming
    the line, for a file without such a path, DataError for one that is no JSON, or not whole.
    """
    text = _Text(source)
    if text.peek() == "[":
        yield from text.members("]")
        text.end("the list")
        return
    if text.peek() != "{":
        text.fail("it holds no list and no object" if text.peek() else "the JSON is cut off")
    while text.peek() == "{":
        line = text.line
        single = text.enter(path.split("/"), alone) if path else text.value()
        if single is not None:
            yield line, single
        else:
            closing = {"[": "]", "{": "}"}.get(text.peek())
            if closing is None:
                text.fail(f"there is no list or object at {path!r}")
            yield from text.members(closing)
            text.leave(path.split("/"))
        if text.peek() == ",":  # lines cut out of a dump, which is a list
            text.take(",")
    text.end("the records")


class _Text:
    """The text around the current place, of which more is read when needed."""

    def __init__(self, source: Source) -> None:
        self._source, self._read = source, source.text().read
        self._text, self._place, self._is_whole = "", 0, False
        self.line, self._done = 1, 0

    def fail(self, why: str, kind: type[DataError] = DataError) -> NoReturn:
        raise kind(f"{self._source.path}:{self.line}: {why}.")

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
        self._done += place - self._place
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
                else "the JSON is cut off; fetch the file again"
            )
        self._place += 1

    def value(self) -> Any:
        """Return the next value, whole."""
        if not self.peek():
            self.fail("the JSON is cut off; fetch the file again")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except RecursionError:
                self.fail("the JSON is nested too deeply")
            except _Twice as twice:
                self.fail(str(twice))
            except ValueError as error:
                if self._more():
                    continue
                self.line += self._text.count("\n", self._place, getattr(error, "pos", self._place))
                self.fail(f"the JSON is broken or cut off ({error}); mend it, or fetch the file again")
            if end < len(self._text) or not self._more():  # a number may go on in the next piece
                self._skip_to(end)
                return value

    def enter(self, path: list[str], alone: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """Go to the value at a path, past what is before it; return the object instead where that is a record itself and has no such path."""
        for depth, name in enumerate(path):
            self.take("{")
            before: dict[str, Any] = {}
            start = self._done
            while not (found := self._at(name, before)) and self.peek() == ",":
                self.take(",")
                if self._done - start > MAX_CHARACTERS:
                    before.clear()  # too long for a record
            if found:
                continue
            self.take("}")
            if depth == 0 and alone(before):
                return before
            self.fail(f"there is no {name!r} in the JSON", NotThere)
        return None

    def _at(self, name: str, before: dict[str, Any]) -> bool:
        """Step to the value of the next name if it is ``name``; else keep it with what was before."""
        if self.peek() in ("}", ""):
            return False
        found = self.value()
        self.take(":")
        if found == name:
            self.peek()
            return True
        before[str(found)] = self.value()
        return False

    def leave(self, path: list[str]) -> None:
        """Step out of the objects of a path, past what comes behind in them, which must not hold the path again."""
        for name in reversed(path):
            while self.peek() == ",":
                self.take(",")
                if self._at(name, {}):
                    self.fail(f"the name {name!r} is there twice, and the records of one would be lost")
            self.take("}")

    def end(self, what: str) -> None:
        """Make sure that nothing comes any more."""
        if found := self.peek():
            self.fail(f"there is {found!r} behind {what}, where the file should end")

    def members(self, closing: str) -> Iterator[tuple[int, Any]]:
        """Yield each member of the list or object that comes next."""
        self.take("[" if closing == "]" else "{")
        while self.peek() != closing:
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
        self.take(closing)
