"""BibTeX entries that every BibTeX reads: special characters escaped, braces balanced, months as BibTeX's own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .references import Reference

__all__ = ["entry", "escape"]

#: BibTeX counts braces even where TeX would not, so that an escaped brace must be written by name.
_SPECIAL = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{character: "\\" + character for character in "&%$#_"},
    }
)
_IN_ADDRESS = str.maketrans({character: f"%{ord(character):02X}" for character in ' "<>\\^`{|}'})
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ARTICLES = ("article-journal", "article-magazine", "article-newspaper")
_NOTES = {"dataset": "Data set", "legislation": "Act", "speech": "Speech"}


def escape(text: str) -> str:
    """Return text for a field: white space in one, TeX's special characters escaped."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()).translate(_SPECIAL)


def entry(one: Reference) -> str:
    """Return one entry: ``@article`` in a named journal, magazine or paper, ``@techreport`` with an institution, else ``@misc``."""
    body = next((name.family for name in one.authors if not name.given), one.outlet)
    kind, holder = "misc", "howpublished"
    if one.kind in _ARTICLES and one.outlet:
        kind, holder = "article", "journal"
    elif one.kind == "report" and body:
        kind, holder = "techreport", "institution"
    parts = one.date_parts
    notes = [_NOTES.get(one.kind, ""), f"Licence: {one.licence}" if one.licence else ""]
    notes += [f"Cited: {'; '.join(one.cited)}"] if one.cited else []
    fields = {
        "author": " and ".join(_author(name.family, name.given) for name in one.authors),
        "title": f"{{{escape(one.title)}}}",
        holder: escape(body if kind == "techreport" else one.outlet),
        "year": str(parts[0]) if parts else "",
        "day": str(parts[2]) if len(parts) > 2 else "",
        "volume": escape(one.volume),
        "number": escape(one.issue),
        "pages": escape(one.page).replace("-", "--"),
        "url": one.address.translate(_IN_ADDRESS),
        "language": {"en": "english", "zh": "chinese"}.get(one.language, ""),
        "note": escape(". ".join(filter(None, notes))),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if len(parts) > 1 and 1 <= parts[1] <= 12:
        lines.append(f"  month = {_MONTHS[parts[1] - 1]},")
    return "\n".join([f"@{kind}{{{one.key},", *lines, "}", ""])


def _author(family: str, given: str) -> str:
    """Return a name as BibTeX reads it; a body's name in braces, lest it be taken apart."""
    return f"{escape(family)}, {escape(given)}" if given else f"{{{escape(family)}}}"
