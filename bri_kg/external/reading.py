"""Files as streams of text: what they weigh and hash to is found on the way, and what cannot be text is refused in a sentence."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import io
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from ..errors import DataError, UsageError

__all__ = ["MAX_CHARACTERS", "Broken", "NotThere", "Source", "undecoded"]

#: A line, a cell or a record that is longer is refused: no dataset needs it, and it has to fit into memory.
MAX_CHARACTERS = 16 << 20
#: A compressed file may grow so many times, once it has passed the first bytes: text packs 5 to 30 times.
_MAX_RATIO, _FREE_BYTES = 200, 16 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What a file may be that is no text, by its first bytes, and what to do with it.
_NO_TEXT = (
    (b"PK\x03\x04", "a zip file or a workbook, not text; unpack it, or save it as .xlsx or .csv"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook of the old kind (.xls); save it as .xlsx or .csv"),
    (b"%PDF-", "a PDF, not a table; save the table in it as .csv"),
    (b"PAR1", "a Parquet file; write it as .csv first"),
    (b"\xfd7zXZ\x00", "packed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip; unpack it first"),
    (
        b"version https://git-lfs.github.com/spec/",
        "a pointer of Git LFS, not the data; fetch the file itself with git lfs pull",
    ),
)


class NotThere(DataError):
    """A file that does not hold what is sought: it may be another dataset's."""


class Broken(NamedTuple):
    """A row that cannot be read, and why."""

    why: str


class _Counted(io.RawIOBase):
    """A file that is hashed and counted as it is read."""

    def __init__(self, raw: IO[bytes], path: Path) -> None:
        self._raw, self._path = raw, path
        self.digest = hashlib.sha256()
        self.done = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read, count and hash."""
        try:
            count = cast(int, self._raw.readinto(buffer))  # type: ignore[attr-defined]
        except OSError as error:
            raise UsageError(f"{self._path} cannot be read on: {error.strerror}.") from error
        self.digest.update(memoryview(buffer)[:count])
        self.done += count
        return count

    def close(self) -> None:
        """Close the file."""
        self._raw.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """A file packed by gzip or bzip2 that stops where it grows beyond what text does."""

    def __init__(self, packed: IO[bytes], kind: str, counted: _Counted, path: Path) -> None:
        self._unpacked: Any = gzip.GzipFile(fileobj=packed) if kind == "gzip" else bz2.BZ2File(packed)
        self._kind, self._counted, self._path = kind, counted, path
        self._size = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Unpack. Raises DataError for a file that is damaged or a bomb."""
        try:
            count = cast(int, self._unpacked.readinto(buffer))
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise DataError(f"{self._path} is no whole {self._kind} file: {error}. Fetch it again.") from error
        self._size += count
        if self._size > _FREE_BYTES + _MAX_RATIO * self._counted.done:
            raise DataError(
                f"{self._path} grows more than {_MAX_RATIO} times when unpacked, as no table does; unpack it yourself if you trust it."
            )
        return count


class Source:
    """One file, opened to be read once; use it in a ``with`` statement.

    ``done`` of ``size`` bytes are read, ``sha256`` is the hash of the file once :meth:`finish` was called. Raises UsageError for a
    file that is not there.
    """

    def __init__(self, path: Path, encoding: str = "") -> None:
        self.path = path
        self._encoding = encoding
        self._again: list[IO[bytes]] = []
        self._text: io.TextIOWrapper | None = None
        try:
            known = path.stat()
            if stat.S_ISDIR(known.st_mode):
                raise UsageError(f"{path} is a folder; name the files in it, as in {path / '*.csv'}.")
            if not stat.S_ISREG(known.st_mode):
                raise UsageError(
                    f"{path} is a pipe or a device, not a file; write what comes out of it to a file first."
                )
            self.size, self._written = known.st_size, known.st_mtime_ns
            raw = path.open("rb", buffering=0)
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
        self._counted = _Counted(raw, path)
        try:
            packed = io.BufferedReader(self._counted, 1 << 16)
            start = packed.peek(4)[:4]
            kind = (
                "gzip" if start[:2] == b"\x1f\x8b" else "bzip2" if start[:3] == b"BZh" and start[3:].isdigit() else ""
            )
            self.bytes = io.BufferedReader(_Unpacked(packed, kind, self._counted, path), 1 << 18) if kind else packed
        except OSError as error:
            raw.close()
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._again:
            one.close()
        self.bytes.close()
        self._counted.close()

    def again(self) -> IO[bytes]:
        """Open the file once more, for a library that reads to and fro; it is closed with this source, whatever the library forgets."""
        self._again.append(self.path.open("rb"))
        return self._again[-1]

    @property
    def asked_encoding(self) -> str:
        """The encoding that the user or the description says, if any."""
        return self._encoding

    @property
    def done(self) -> int:
        """The number of bytes that are read."""
        return self._counted.done

    @property
    def sha256(self) -> str:
        """The hash of what is read."""
        return self._counted.digest.hexdigest()

    def finish(self) -> None:
        """Read what is left, so that the hash is that of the file. Raises DataError for a file that somebody wrote to in the meantime."""
        while self._counted.read(1 << 20):
            pass
        try:
            now = self.path.stat()
        except OSError as error:
            raise DataError(f"{self.path} went away while it was read: {error.strerror}.") from error
        if (now.st_size, now.st_mtime_ns) != (self.size, self._written):
            raise DataError(
                f"{self.path} was changed while it was read; nothing was imported. Try again when it is whole."
            )

    def check_text(self) -> None:
        """Raise DataError, saying what to do, for a file that begins as a workbook, an archive or another thing that is no text."""
        start = self.bytes.peek(64)[:64]
        for mark, what in _NO_TEXT:
            if start.startswith(mark):
                raise DataError(f"{self.path} is {what}.")

    def encoding(self) -> str:
        """Return the encoding of the text: as asked, by its mark, or UTF-8.

        Raises UsageError for an encoding that does not exist, DataError for what is no text.
        """
        start = self.bytes.peek(4096)[:4096]
        for mark, name in _MARKS:  # a mark is surer than what somebody says
            if start.startswith(mark):
                return name
        self.check_text()
        if self._encoding:
            try:
                # fails for codecs that are no encodings of text, such as base64
                "".encode(self._encoding, "surrogateescape")
                b"".decode(self._encoding, "surrogateescape")
                return codecs.lookup(self._encoding).name
            except (LookupError, ValueError) as error:
                raise UsageError(
                    f"There is no encoding '{self._encoding}'; utf-8, utf-16, cp1252, latin-1 and gb18030 are such."
                ) from error
        if start.count(b"\x00") > len(start) // 4:
            raise DataError(
                f"{self.path} holds NUL bytes throughout: it is UTF-16 without its mark, or no text. Save it as UTF-8, or give --encoding utf-16-le."
            )
        return "utf-8"

    def text(self) -> io.TextIOWrapper:
        """Return the file as text with its line ends; bytes that are not in the encoding become surrogates, see :func:`undecoded`."""
        self._text = io.TextIOWrapper(self.bytes, self.encoding(), errors="surrogateescape", newline="")
        return self._text  # held here: it would close the file with itself

    def lines(self) -> Iterator[str]:
        """Yield the lines. Raises DataError for one that is too long, and for text that is cut within a character."""
        read = self.text().readline
        most = MAX_CHARACTERS + 1
        number = 0
        try:
            while line := read(most):
                number += 1
                if len(line) == most:
                    raise DataError(
                        f"{self.path}:{number}: the line has more than {MAX_CHARACTERS:,} characters; this is no table."
                    )
                yield line
        except UnicodeError as error:
            raise DataError(f"{self.path}:{number + 1}: the text cannot be decoded: {error}.") from error


def undecoded(text: str, encoding: str = "UTF-8") -> str:
    """Return what is wrong with a text that holds undecoded bytes; nothing where it holds none."""
    for character in text:
        if "\ud800" <= character <= "\udfff":
            byte = ord(character) - 0xDC00
            if 0x80 <= byte <= 0xFF:
                return f"the byte 0x{byte:02X} is not {encoding}; if the file is Windows or Latin-1 text, give --encoding cp1252, or save it as UTF-8"
            return f"it holds half a character (U+{ord(character):04X})"
    return ""
