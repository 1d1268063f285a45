"""What an endpoint's refusals mean: each HTTP status in a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import EndpointError
from .results import TIMED_OUT, one_line

__all__ = ["refusal"]


def refusal(url: str, status: int, reason: str, headers: Mapping[str, str], told: str) -> EndpointError:
    """Return what an answer with another status than 200 means."""
    code = f"HTTP {status}" + (f" {one_line(reason)}" if reason else "")
    said = f" It says: {one_line(told, 200)}" if told else ""
    after = one_line(headers.get("Retry-After", "") or "")
    wait = f"wait {after} seconds" if after.isdigit() else f"wait until {after}" if after else "wait some minutes"
    if status == 429:
        return EndpointError(f"{url} was asked too often ({code}); {wait}, then ask again.{said}")
    if status in (401, 403, 407):
        return EndpointError(
            f"{url} refuses ({code}); no account or password is ever sent, so ask its keepers, or another endpoint.{said}"
        )
    if status in (404, 405, 410):
        return EndpointError(
            f"{url} is no SPARQL endpoint that takes a query by POST ({code}); check the address.{said}"
        )
    if status == 504 or TIMED_OUT in told:
        return EndpointError(
            f"{url} ran out of its own time ({code}); ask for less, or ask again when it is less busy."
        )
    if status >= 500:
        return EndpointError(f"{url} failed ({code}); {wait}, then ask again, or ask for less.{said}")
    return EndpointError(f"{url} does not take the query ({code}).{said}")
