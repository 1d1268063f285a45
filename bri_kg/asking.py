"""``bri-kg ask`` without the command-line framework, whose import alone would cost more than the answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .errors import LimitError, UsageError
from .graph import load

if TYPE_CHECKING:
    from .answers import Answer

__all__ = ["answer_on_stdout", "known_language", "output_format", "parameters", "run", "write_answer"]

LANGUAGES = ("en", "zh")
USAGE = "bri-kg ask NAME [PARAM=VALUE ...] [--format table|csv|tsv|json|md] [--labels] [--lang en|zh] [--timeout SECONDS] [--max-rows N]"


def run(arguments: list[str]) -> None:
    """Answer the stored question that the command line names and write the rows to standard output.

    Raises UsageError for words that do not fit the usage, and what :meth:`KnowledgeGraph.ask` raises.
    """
    options, words = _split(arguments)
    if not words:
        raise UsageError(f"Which question? Usage: {USAGE}. 'bri-kg questions' lists them.")
    params = parameters(words[1:])
    timeout, max_rows = _number(options, "timeout"), _number(options, "max-rows")
    kg = load(language=known_language(options.get("lang", "en")))
    answer = kg.ask_within(words[0], {**params}, timeout, None if max_rows is None else int(max_rows))
    write_answer(answer, options.get("format", ""), "labels" in options)


def write_answer(answer: Answer, wanted: str, labels: bool) -> None:
    """Write an answer to standard output. Raises LimitError, after that, if it is cut."""
    answer_on_stdout(answer.to_format(output_format(wanted), labels))
    if answer.cut:
        sys.stdout.flush()
        raise LimitError(answer.cut)


def _number(options: dict[str, str], name: str) -> float | None:
    if name not in options:
        return None
    try:
        return int(options[name]) if name == "max-rows" else float(options[name])
    except ValueError:
        raise UsageError(f"--{name} {options[name]} is no {'whole ' * (name == 'max-rows')}number.") from None


def parameters(words: list[str]) -> dict[str, str]:
    """Return the values that ``PARAM=VALUE`` words give. Raises UsageError for a word of another form."""
    params: dict[str, str] = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator or not value:
            raise UsageError(f"'{word}' is no parameter; write PARAM=VALUE, as in country=Laos.")
        params[name] = value
    return params


def _split(arguments: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split the command line into options and words."""
    long = {"-f": "--format", "-l": "--lang"}
    options: dict[str, str] = {}
    words: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        name, separator, value = word.partition("=")
        option = long.get(name, name).removeprefix("--")
        if word.startswith("-") and option == "labels" and not separator:
            options[option] = ""
        elif word.startswith("-") and option in ("format", "lang", "timeout", "max-rows"):
            given = value if separator else next(waiting, None)
            if not given:
                raise UsageError(f"{name} needs a value; usage: {USAGE}")
            options[option] = given
        elif word.startswith("-"):
            raise UsageError(f"There is no option {name}; usage: {USAGE}")
        else:
            words.append(word)
    return options, words


def known_language(language: str) -> str:
    """Return ``language``. Raises UsageError if the graph has no labels in it."""
    if language not in LANGUAGES:
        raise UsageError(f"There is no language '{language}'; choose {' or '.join(LANGUAGES)}.")
    return language


def output_format(wanted: str) -> str:
    """Return ``wanted``, or else a table for a terminal and TSV for a pipe."""
    return wanted or ("table" if sys.stdout.isatty() else "tsv")


def answer_on_stdout(text: str) -> None:
    """Write a result to standard output as it is, with a line end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
