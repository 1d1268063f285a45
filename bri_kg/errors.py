"""The errors that BRI-KG raises; each message is one sentence that names the cause and the remedy."""

from __future__ import annotations

__all__ = [
    "BriKgError",
    "CheckFailed",
    "DataError",
    "EndpointError",
    "LimitError",
    "NameLookupError",
    "QueryError",
    "UsageError",
    "printable",
]


class BriKgError(Exception):
    """Base of all errors of this library; ``exit_code`` is what the command line ends with."""

    exit_code = 1


class CheckFailed(BriKgError):
    """A check found faults."""


class DataError(BriKgError):
    """A file of the graph is broken or missing; the message names file and line."""


class UsageError(BriKgError):
    """A wrong parameter, option or file name."""

    exit_code = 2


class NameLookupError(UsageError):
    """A name that no entity bears, or several; the message lists the candidates."""


class QueryError(BriKgError):
    """A query that is malformed or not allowed."""

    exit_code = 3


class LimitError(BriKgError):
    """A query or drawing that would pass a limit."""

    exit_code = 4


class EndpointError(BriKgError):
    """A SPARQL endpoint elsewhere that cannot be reached, refuses, or answers with something else than results."""

    exit_code = 5


def printable(text: str) -> str:
    """Return a message as a terminal may show it: what files hold must not move its cursor or change its colours."""
    return "".join(one if one.isprintable() or one in "\n\t" else f"\\u{ord(one):04X}" for one in text)
