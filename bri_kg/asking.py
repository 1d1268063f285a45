"""``bri-kg ask`` without the command-line framework, whose import alone would cost more than the answer."""

from __future__ import annotations

import sys

from .errors import UsageError
from .graph import load

__all__ = ["answer_on_stdout", "run"]

LANGUAGES = ("en", "zh")
USAGE = "bri-kg ask NAME [PARAM=VALUE ...] [--format table|csv|tsv|json|md] [--labels] [--lang en|zh]"


def run(arguments: list[str]) -> None:
    """Answer the stored question that the command line names and write the rows to standard output.

    Raises UsageError for words that do not fit the usage, and what :meth:`KnowledgeGraph.ask` raises.
    """
    options, words = _split(arguments)
    if not words:
        raise UsageError(f"Which question? Usage: {USAGE}. 'bri-kg questions' lists them.")
    params: dict[str, str] = {}
    for word in words[1:]:
        name, separator, value = word.partition("=")
        if not separator:
            raise UsageError(f"'{word}' is no parameter; write PARAM=VALUE, as in country=Laos.")
        params[name] = value
    language = options.get("lang", "en")
    if language not in LANGUAGES:
        raise UsageError(f"There is no language '{language}'; choose {' or '.join(LANGUAGES)}.")
    answer = load(language=language).ask(words[0], **params)
    answer_on_stdout(answer.to_format(output_format(options.get("format", "")), "labels" in options))


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
        elif word.startswith("-") and option in ("format", "lang"):
            given = value if separator else next(waiting, None)
            if not given:
                raise UsageError(f"{name} needs a value; usage: {USAGE}")
            options[option] = given
        elif word.startswith("-"):
            raise UsageError(f"There is no option {name}; usage: {USAGE}")
        else:
            words.append(word)
    return options, words


def output_format(wanted: str) -> str:
    """Return ``wanted``, or else a table for a terminal and TSV for a pipe."""
    return wanted or ("table" if sys.stdout.isatty() else "tsv")


def answer_on_stdout(text: str) -> None:
    """Write a result to standard output as it is, with a line end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
