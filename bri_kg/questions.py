"""Stored questions: one ``.rq`` file each, with a header that states the question in plain words.

A header line is ``#+ question:``, ``#+ question-zh:``, or ``#+ param: NAME TYPE EXAMPLE`` where TYPE is a class of the ontology
(``State``), ``Thing`` for any, ``Concept``, or ``date``, ``year``, ``integer``, ``text``. The file name is the question's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .errors import DataError, UsageError
from .files import queries_folder

__all__ = [
    "Parameter",
    "Question",
    "check_given",
    "question",
    "question_names",
    "question_rows",
    "questions",
    "read_headers",
    "read_question",
    "view_rows",
    "views",
]

_HEADER = re.compile(r"^#\+ *([a-z-]+): *(.*)$")
_ENGLISH_ONLY = re.compile(r'(\bLANG\(\?\w+\) = )"en"')
_DRAWN = re.compile(r"SELECT (?:DISTINCT )?(?=[^{]*\?source\b)(?=[^{]*\?target\b)")
_LITERALS = {"date", "integer", "text", "year"}


class Parameter(NamedTuple):
    """A parameter: its name, its type (a class of ours or a kind of literal) and an example value."""

    name: str
    type: str
    example: str

    @property
    def is_literal(self) -> bool:
        """Whether the value is a literal and not an entity."""
        return self.type in _LITERALS


class Question(NamedTuple):
    """A stored question: its name, wording in English and Chinese, parameters and SPARQL text."""

    name: str
    text: str
    text_zh: str
    parameters: tuple[Parameter, ...]
    sparql: str

    @property
    def signature(self) -> str:
        """The parameters with their example values, as the command line takes them."""
        return " ".join(
            f"{one.name}={one.example!r}" if " " in one.example else f"{one.name}={one.example}"
            for one in self.parameters
        )

    def wording(self, language: str = "en") -> str:
        """Return the question in ``language`` (``en`` or ``zh``)."""
        return self.text_zh if language.startswith("zh") and self.text_zh else self.text

    def title(self, language: str = "en", given: Mapping[str, object] | None = None) -> str:
        """Return what stands over a picture of the answer: the question, with the values ``given`` to its parameters."""
        values = f" ({', '.join(map(str, given.values()))})" if given else ""
        return self.wording(language) + values

    def sparql_in(self, language: str) -> str:
        """Return the query, with its texts (glosses, titles) in ``language``; as stored it asks for English ones."""
        return _ENGLISH_ONLY.sub(r'\1"zh-hans"', self.sparql) if language.startswith("zh") else self.sparql


def check_given(who: str, parameters: Iterable[Parameter], given: Iterable[str], takes: str, example: str) -> None:
    """Raise UsageError where ``given`` are not just the parameters of the query that is called ``who``; ``example`` is how it is asked."""
    wanted, names = [parameter.name for parameter in parameters], [*given]
    for name in names:
        if name not in wanted:
            raise UsageError(f"{who} has no parameter '{name}'; it takes {takes}.")
    for needed in wanted:
        if needed not in names:
            raise UsageError(f"{who} needs {needed}=...; for example: {example}")


def read_headers(content: str, where: Path | str, keys: Sequence[str]) -> tuple[dict[str, str], tuple[Parameter, ...]]:
    """Return the texts under ``keys`` in the header of a stored query, and its parameters.

    Raises DataError, naming ``where`` and the line, for a header that is broken or lacks the question.
    """
    texts: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(content.splitlines(), 1):
        found = _HEADER.match(line)
        if not found:
            continue
        key, value = found.groups()
        if key == "param":
            parts = value.split(maxsplit=2)
            if len(parts) != 3:
                raise DataError(f"{where}:{number}: write '#+ param: NAME TYPE EXAMPLE'.")
            parameters.append(Parameter(*parts))
        elif key in keys:
            texts[key] = value.strip()
        else:
            raise DataError(f"{where}:{number}: '#+ {key}:' is not a header; use {', '.join(keys)} or param.")
    if not texts.get("question"):
        raise DataError(f"{where}:1: the header '#+ question: ...' is missing.")
    return texts, tuple(parameters)


def read_question(path: Path) -> Question:
    """Read one ``.rq`` file. Raises DataError, naming file and line, where the header is broken."""
    content = path.read_text(encoding="utf-8")
    texts, parameters = read_headers(content, path, ("question", "question-zh"))
    return Question(path.stem, texts["question"], texts.get("question-zh", ""), parameters, content)


@lru_cache(maxsize=1)
def question_names() -> tuple[str, ...]:
    """Return the names of all stored questions in alphabetical order."""
    return tuple(sorted(path.stem for path in queries_folder().glob("*.rq")))


def questions() -> list[Question]:
    """Return all stored questions in alphabetical order of their names."""
    return [question(name) for name in question_names()]


def question_rows(text: str = "", language: str = "en") -> tuple[list[str], list[list[str]]]:
    """Return the stored questions that hold ``text`` as a table: name, question, parameters with an example value."""
    rows = [
        [one.name, one.wording(language), one.signature]
        for one in questions()
        if text.casefold() in f"{one.name} {one.text} {one.text_zh}".casefold()
    ]
    return ["name", "question", "parameters"], rows


def views() -> list[Question]:
    """Return the stored questions that can be drawn: those whose columns are ``source`` and ``target``, among others."""
    return [one for one in questions() if _DRAWN.search(one.sparql)]


def view_rows(language: str = "en") -> tuple[list[str], list[list[str]]]:
    """Return the views as a table: name, purpose, parameters with an example value."""
    return ["name", "purpose", "parameters"], [[one.name, one.wording(language), one.signature] for one in views()]


@cache
def question(name: str) -> Question:
    """Return the stored question ``name``. Raises UsageError, with the nearest names, if there is none."""
    path = queries_folder() / f"{name}.rq"
    if name not in question_names():
        import difflib

        near = difflib.get_close_matches(name, question_names(), 3, 0.5)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise UsageError(f"There is no question '{name}'{hint}. 'bri-kg questions' lists them all.")
    return read_question(path)
