"""What ``bri-kg crosscheck`` does: load what is imported, check, and write."""

from __future__ import annotations

import sys
from dataclasses import replace

from ..asking import answer_on_stdout
from ..errors import UsageError
from ..external.keeping import kept_datasets
from ..graph import load
from .report import FORMATS, CrossCheck, cross_check
from .rules import KINDS
from .totals import money_table

__all__ = ["write_crosscheck"]


def write_crosscheck(entity: str, kind: str, totals: bool, cite: bool, wanted: str, language: str) -> None:
    """Write the verdicts, or the sums, to standard output; counts and what is missing go to standard error where programs read the output.

    Raises UsageError for a format or kind that is none, NameLookupError for a name that means nothing or several things.
    """
    if wanted not in FORMATS:
        raise UsageError(f"There is no format '{wanted}'; choose {', '.join(FORMATS)}.")
    if kind and kind not in (*KINDS, "heard"):
        raise UsageError(f"--verdict {kind}: choose heard, {', '.join(KINDS)}.")
    kg = load(language=language, external=[one.name for one in kept_datasets()])
    if totals:
        if wanted == "ttl":
            raise UsageError("--totals gives a table, not RDF; choose table, md, csv, tsv or json.")
        answer_on_stdout(money_table(kg, entity).to_format(wanted))
        return
    check = _of_kind(cross_check(kg, entity), kind)
    answer_on_stdout(check.to_format(wanted, cite))
    if wanted not in ("table", "md"):
        for line in check.remarks():
            print(line, file=sys.stderr)


def _of_kind(check: CrossCheck, kind: str) -> CrossCheck:
    if not kind:
        return check
    kept = [v for v in check.verdicts if v.finding.kind == kind or (kind == "heard" and v.finding.kind != "silent")]
    return replace(check, verdicts=tuple(kept), dropped=len(check) - len(kept))
