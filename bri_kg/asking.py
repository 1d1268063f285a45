"""``bri-kg ask`` without the command-line framework, whose import alone would cost more than the answer."""

from __future__ import annotations

import getopt
import sys

from .errors import UsageError
from .graph import load

__all__ = ["answer_on_stdout", "run"]

USAGE = "bri-kg ask NAME [PARAM=VALUE ...] [--format table|csv|tsv|json|md] [--labels] [--lang en|zh]"


def run(arguments: list[str]) -> None:
    """Answer the stored question that the command line names and write the rows to standard output.

    Raises UsageError for words that do not fit the usage, and what :meth:`KnowledgeGraph.ask` raises.
    """
    try:
        options, words = getopt.gnu_getopt(arguments, "f:l:", ["format=", "labels", "lang="])
    except getopt.GetoptError as error:
        raise UsageError(f"{str(error).capitalize()}; usage: {USAGE}") from error
    if not words:
        raise UsageError(f"Which question? Usage: {USAGE}. 'bri-kg questions' lists them.")
    given = dict(options)
    params: dict[str, str] = {}
    for word in words[1:]:
        name, separator, value = word.partition("=")
        if not separator:
            raise UsageError(f"'{word}' is no parameter; write PARAM=VALUE, as in country=Laos.")
        params[name] = value
    kg = load(language=given.get("--lang", given.get("-l", "en")))
    answer = kg.ask(words[0], **params)
    answer_on_stdout(answer.to_format(output_format(given.get("--format", given.get("-f", ""))), "--labels" in given))


def output_format(wanted: str) -> str:
    """Return ``wanted``, or else a table for a terminal and TSV for a pipe."""
    return wanted or ("table" if sys.stdout.isatty() else "tsv")


def answer_on_stdout(text: str) -> None:
    """Write a result to standard output as it is, with a line end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
