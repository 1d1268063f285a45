"""What ``bri-kg crosscheck`` does: load what is imported, check, and write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..commands.asking import answer_on_stdout
from ..errors import UsageError
from ..external.keeping import kept_datasets
from ..graph import load
from ..tables import rows_to_format
from .checking import cross_check, linked_datasets
from .report import FORMATS, CrossCheck
from .rules import KINDS
from .totals import money_table
from .words import RULES, said

__all__ = ["write_crosscheck", "write_rules"]


def write_crosscheck(
    entity: str, kind: str, totals: bool, cite: bool, mapping_sets: Sequence[Path], wanted: str, language: str
) -> None:
    """Write the verdicts, or the sums, to standard output; counts and what is missing go to standard error where programs read the output.

    Raises UsageError for a format or kind that is none, NameLookupError for a name that means nothing or several things,
    DataError for a mapping set that is broken.
    """
    if wanted not in FORMATS:
        raise UsageError(f"There is no format '{wanted}'; choose {', '.join(FORMATS)}.")
    if kind and kind not in (*KINDS, "heard"):
        raise UsageError(f"--verdict {kind}: choose heard, {', '.join(KINDS)}.")
    kg = load(language=language)
    linked = linked_datasets(kg, mapping_sets)
    if kept := [one.name for one in kept_datasets() if one.name in linked]:
        kg = load(language=language, external=kept)
    if totals:
        if wanted == "ttl":
            raise UsageError("--totals gives a table, not RDF; choose table, md, csv, tsv or json.")
        answer_on_stdout(money_table(kg, entity, mapping_sets).to_format(wanted))
        return
    check = _of_kind(cross_check(kg, entity, mapping_sets), kind)
    answer_on_stdout(check.to_format(wanted, cite))
    if wanted not in ("table", "md"):
        for line in check.remarks():
            print(line, file=sys.stderr)


def write_rules(wanted: str, language: str) -> None:
    """Write every rule with its sentence. Raises UsageError for a format that is none of a listing."""
    rows = [[rule, said(rule, language, table=RULES)] for rule in sorted(RULES)]
    answer_on_stdout(rows_to_format(wanted, ["rule", "what"], rows, language))


def _of_kind(check: CrossCheck, kind: str) -> CrossCheck:
    if not kind:
        return check
    kept = [v for v in check.verdicts if v.finding.kind == kind or (kind == "heard" and v.finding.kind != "silent")]
    return replace(check, verdicts=tuple(kept), dropped=len(check) - len(kept))
