"""``bri-kg ask`` without the command-line framework, whose import alone would cost more than the answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import LimitError, UsageError
from ..graph import load

if TYPE_CHECKING:
    from ..answers import Answer

__all__ = [
    "Citing",
    "answer_on_stdout",
    "known_language",
    "output_format",
    "parameters",
    "query_text",
    "run",
    "write_answer",
]

LANGUAGES = ("en", "zh")
USAGE = (
    "bri-kg ask NAME [PARAM=VALUE ...] [--format table|csv|tsv|json|md] [--labels] [--lang en|zh] [--timeout SECONDS] [--max-rows N] [--cite]"
    " [--voice facts|claims|links|records|all] [--cite-format plain|bibtex|csl] [--card FILE] [--with DATASET]"
)


class Citing(NamedTuple):
    """How an answer is cited: with its sentences (``cite``), only what speaks in one ``voice``, or by its ``references`` in a format.

    With ``heading`` a table says on whose claims it rests though it is not cited. ``card`` is the file for the answer's card, if one is wanted.
    """

    cite: bool = False
    voice: str = ""
    references: str = ""
    heading: bool = False
    card: str = ""


_PLAIN = Citing()


def run(arguments: list[str]) -> None:
    """Answer the stored question that the command line names and write the rows to standard output.

    Raises UsageError for words that do not fit the usage, and what :meth:`KnowledgeGraph.ask` raises.
    """
    options, words = _split(arguments)
    if not words:
        raise UsageError(f"Which question? Usage: {USAGE}. 'bri-kg questions' lists them.")
    params = parameters(words[1:])
    timeout, max_rows = _number(options, "timeout"), _number(options, "max-rows")
    external = filter(None, options.get("with", "").split(","))
    kg = load(language=known_language(options.get("lang", "en")), external=external)
    answer = kg.ask_within(words[0], {**params}, timeout, None if max_rows is None else int(max_rows))
    citing = Citing(
        "cite" in options, options.get("voice", ""), options.get("cite-format", ""), True, options.get("card", "")
    )
    write_answer(answer, options.get("format", ""), "labels" in options, citing)


def write_answer(answer: Answer, wanted: str, labels: bool, citing: Citing = _PLAIN) -> None:
    """Write an answer to standard output. Raises LimitError, after that, if it is cut."""
    name = output_format(wanted)
    if citing.voice:
        answer = answer.voiced(citing.voice)
    if citing.card:
        from ..cards import write_card

        print(f"Wrote {write_card(answer, citing.card)} and a page to read beside it.", file=sys.stderr)
    if citing.references:
        answer_on_stdout(answer.references(citing.references))
    elif citing.cite or citing.voice or (citing.heading and name == "table"):
        from ..citing.apparatus import answer_with_remarks

        text, remarks = answer_with_remarks(answer, name, labels, citing.cite)
        answer_on_stdout(text)
        for remark in remarks:
            print(remark, file=sys.stderr)
    else:
        answer_on_stdout(answer.to_format(name, labels))
    why = answer.why_empty()
    if why:
        print(f"Empty: {why}", file=sys.stderr)
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


def query_text(given: str) -> str:
    """Return the query that the command line gives: itself, what ``@FILE`` holds, or for ``-`` standard input.

    Raises UsageError for a file that cannot be read.
    """
    if given == "-":
        return sys.stdin.read()
    if given.startswith("@"):
        try:
            return Path(given[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The query file {given[1:]} cannot be read: {error}.") from error
    return given


def _split(arguments: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split the command line into options and words."""
    long = {"-f": "--format", "-l": "--lang"}
    options: dict[str, str] = {}
    words: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        name, separator, value = word.partition("=")
        option = long.get(name, name).removeprefix("--")
        if word.startswith("-") and option in ("labels", "cite") and not separator:
            options[option] = ""
        elif word.startswith("-") and option in (
            "format",
            "lang",
            "timeout",
            "max-rows",
            "voice",
            "cite-format",
            "card",
            "with",
        ):
            given = value if separator else next(waiting, None)
            if not given:
                raise UsageError(f"{name} needs a value; usage: {USAGE}")
            options[option] = f"{options['with']},{given}" if option == "with" in options else given
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
