"""Records of YAML files, one at a time: the members of the list that a file is, or the file's one mapping.

The parser's events are put together here, so nothing of the language's own types is made: no objects, no dates or truth values out of words, no
aliases, with which a small file can become an endless one. A leaf is text, or nothing for ``null`` and ``~``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import DataError
from .reading import MAX_CHARACTERS, Broken, NotThere, Source, undecoded

__all__ = ["MAX_DEPTH", "read_documents"]

#: A file of records nests no deeper.
MAX_DEPTH = 100
_NOTHING = ("", "~", "null", "Null", "NULL")
_PLAIN_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "!", None)


class _Refused(Exception):
    """What a file must not hold."""


class _Limited:
    """A stream that ends a token which grows beyond all measure."""

    def __init__(self, source: Source) -> None:
        self._read = source.text().read
        self.since = 0

    def read(self, size: int = -1) -> str:
        piece = self._read(size if size > 0 else 1 << 16)
        self.since += len(piece)
        if self.since > MAX_CHARACTERS:
            raise _Refused(f"a value has more than {MAX_CHARACTERS:,} characters")
        return piece


def read_documents(source: Source) -> Iterator[tuple[int, Any]]:
    """Yield the members of the list at the top of each document, or the document itself if it is a mapping, with the line.

    Raises DataError, naming the line, for what is no YAML, is cut off, or holds what is not taken; NotThere if there is no list and no mapping.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stream = _Limited(source)
    line = 1
    try:
        events = yaml.parse(stream, Loader=loader)
        found = False
        for line, record in _records(events, stream):
            found = True
            yield line, record if isinstance(record, dict) else Broken("it is no mapping of names to values")
        if not found:
            raise NotThere(f"{source.path}:{line}: there is no list and no mapping in the YAML.")
    except _Refused as refusal:
        raise DataError(f"{source.path}: refused: {refusal}.") from refusal
    except UnicodeError as error:
        raise DataError(f"{source.path}: {undecoded(str(getattr(error, 'object', ''))) or error}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = mark.line + 1 if mark else line
        said = getattr(error, "problem", None) or " ".join(str(error).split())
        raise DataError(f"{source.path}:{where}: the YAML is broken or cut off: {said}.") from error


def _records(events: Iterator[Any], stream: _Limited) -> Iterator[tuple[int, Any]]:
    """Yield each node that stands in the list of a document, or is a document and no list."""
    import yaml

    open_nodes: list[Any] = []
    keys: list[Any] = []  # the name that waits for its value, for each open mapping; None for one of a list
    first = 0
    size = 0
    for event in events:
        stream.since = 0
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(f"line {event.start_mark.line + 1} has an alias (*{event.anchor}); write the value out")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            _check(event)
            is_outer = not open_nodes and isinstance(event, yaml.SequenceStartEvent)
            if not is_outer and (not open_nodes or (len(open_nodes) == 1 and open_nodes[0] is None)):
                first, size = event.start_mark.line + 1, 0
            open_nodes.append(None if is_outer else {} if isinstance(event, yaml.MappingStartEvent) else [])
            keys.append(None)
            if len(open_nodes) > MAX_DEPTH:
                raise _Refused(f"line {event.start_mark.line + 1} nests more than {MAX_DEPTH} deep")
            continue
        if isinstance(event, yaml.ScalarEvent):
            _check(event)
            size += len(event.value) + 50
            if size > MAX_CHARACTERS:
                raise _Refused(f"the record that begins in line {first} has more than {MAX_CHARACTERS:,} characters")
            made = None if event.implicit[0] and event.value in _NOTHING else event.value
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            made = open_nodes.pop()
            keys.pop()
            if made is None:  # the list of records
                continue
        else:
            continue
        line = event.start_mark.line + 1
        if not open_nodes or open_nodes[-1] is None:
            yield (line if isinstance(event, yaml.ScalarEvent) else first), made
        elif isinstance(open_nodes[-1], list):
            open_nodes[-1].append(made)
        elif keys[-1] is None:
            if not isinstance(made, str) or made in open_nodes[-1]:
                raise _Refused(f"the name before line {line + 1} is there twice or is no text")
            keys[-1] = made
        else:
            open_nodes[-1][keys[-1]] = made
            keys[-1] = None


def _check(event: Any) -> None:
    if event.tag not in _PLAIN_TAGS:
        raise _Refused(f"line {event.start_mark.line + 1} has the tag {event.tag}, which could make anything")
