"""Chinese as it is compared: traditional characters, and words used in Taiwan, in the simplified form in which the graph has its names.

The conversion is OpenCC's; where it is not installed (extra ``link``), names are compared as they are written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

__all__ = ["can_simplify", "is_traditional", "simplified"]


@cache
def _converter() -> Callable[[str], str] | None:
    try:
        from opencc import OpenCC
    except ImportError:
        return None
    convert: Callable[[str], str] = OpenCC("tw2sp").convert
    return convert


def can_simplify() -> bool:
    """Whether OpenCC is installed."""
    return _converter() is not None


def simplified(text: str) -> str:
    """Return a text with traditional Chinese characters made simplified: 寮國 becomes 老挝; other text stays as it is."""
    convert = _converter()
    return convert(text) if convert else text


def is_traditional(text: str) -> bool:
    """Whether a text has Chinese characters that no simplified text has, as far as the old standard of China (GB 2312) tells."""
    found = [char for char in text if "\u4e00" <= char <= "\u9fff"]
    return bool(found) and any(not _is_in_standard(char) for char in found)


def _is_in_standard(char: str) -> bool:
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False
