"""Files are written whole or not at all: aside first, then renamed into place; and a line on the terminal says how far long work is."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from .errors import UsageError

__all__ = ["TEMPLATES", "StatusLine", "write_whole"]

TEMPLATES = Path(__file__).with_name("templates")  # of pages and cards, and the scripts in them


def write_whole(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write all the files and return their paths, or leave all places as they were.

    Raises UsageError, naming the place that cannot be written.
    """
    asides = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in contents}
    before: dict[Path, bytes | None] = {}
    path = Path()
    try:
        for path, content in contents.items():
            asides[path].write_bytes(content)
        for path, aside in asides.items():
            kept = path.read_bytes() if len(contents) > 1 and path.exists() else None
            aside.replace(path)
            before[path] = kept
    except OSError as error:
        with contextlib.suppress(OSError):
            for done, kept in before.items():
                done.unlink() if kept is None else done.write_bytes(kept)
        for aside in asides.values():
            with contextlib.suppress(OSError):
                aside.unlink()
        raise UsageError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error
    return [*contents]


class StatusLine:
    """One line on standard error that is written over and over; nothing where that is no terminal."""

    def __init__(self) -> None:
        self.is_shown = sys.stderr.isatty()
        self._is_open = False

    def tell(self, text: str) -> None:
        """Write ``text`` over what stands in the line."""
        if self.is_shown:
            self._is_open = True
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave an empty line to who writes next."""
        if self._is_open:
            self._is_open = False
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
