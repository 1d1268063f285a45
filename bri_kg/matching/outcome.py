"""What matching gives out: rows for reading, an SSSOM mapping set, and the refusal to write into the project's own data."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from .. import __version__
from ..errors import UsageError
from ..files import data_folder
from ..names import PREFIXES, expand, shorten
from .match import Match

__all__ = ["COLUMNS", "check_output", "matches_to_rows", "matches_to_sssom", "tally"]

COLUMNS = ("row", "name", "verdict", "score", "match", "node", "predicate", "why")
_SLOTS = (
    "subject_id subject_label predicate_id predicate_modifier object_id object_label mapping_justification confidence object_source mapping_tool "
    "mapping_tool_version mapping_date evidence_file evidence_row comment"
).split()


def matches_to_rows(matches: Iterable[Match]) -> list[list[str]]:
    """Return a row a record, as :data:`COLUMNS` has it; of one that matches nothing the nearest is not shown as its match."""
    rows = []
    for match in matches:
        best = match.best
        found = best is not None and match.verdict != "none"
        why = "; ".join(part for part in (match.remark, best.why() if best else "nothing comes near") if part)
        rows.append(
            [
                str(match.record.place or ""),
                match.record.label,
                match.verdict,
                f"{best.score:.2f}" if best else "0.00",
                best.target.label if best and found else "",
                shorten(best.target.id) if best and found else "",
                match.predicate,
                why if found or not best else f"nearest {best.target.label}: {why}",
            ]
        )
    return rows


def tally(matches: Sequence[Match]) -> tuple[int, int, int]:
    """Return how many records are accepted, to be reviewed, and without match."""
    counts = Counter(match.verdict for match in matches)
    return counts["accept"], counts["review"], counts["none"]


def check_output(path: Path) -> None:
    """Raise UsageError for a place inside the project's own data, here or in a checkout: matches enter it only by a person's hand."""
    try:
        own = data_folder().resolve()
        inside = any(folder == own or _holds_a_graph(folder) for folder in path.resolve().parents)
    except OSError as error:
        raise UsageError(f"{path} is no place for a file: {error.strerror}. Choose another.") from error
    if inside:
        raise UsageError(
            f"{path} lies in graph_data/, which 'bri-kg link' never writes; write elsewhere, look the rows over, then copy what holds."
        )


def _holds_a_graph(folder: Path) -> bool:
    return (folder / "paper.ttl").is_file() and (folder / "statements").is_dir()


def matches_to_sssom(
    matches: Iterable[Match], table: Path, set_name: str, object_prefix: str = "", verdicts: Sequence[str] = ("accept",)
) -> str:
    """Return an SSSOM 1.1 mapping set in the form of ``graph_data/links``: entities of the graph are subjects, rows of the table objects.

    ``object_prefix`` stands before the ids of rows, by default one made of the table's name; ``verdicts`` says which matches are written.
    """
    name = re.sub(r"[^a-z0-9]+", "-", set_name.casefold()).strip("-") or "table"
    namespace = expand_prefix(object_prefix) or f"{PREFIXES.get('record', 'https://w3id.org/bri-kg/record/')}{name}/"
    short = object_prefix.rstrip(":") or "row"
    today = datetime.date.today().isoformat()
    rows = []
    prefixes = {"bri": PREFIXES["bri"], short: namespace}
    for match in matches:
        best = match.best
        if best is None or match.verdict not in verdicts:
            continue
        subject = shorten(best.target.id)
        prefix = subject.partition(":")[0]
        if prefix in PREFIXES:
            prefixes[prefix] = PREFIXES[prefix]
        said = "; ".join(f"{part.feature} {part.bits:+.1f}" for part in best.parts)
        rows.append(
            [
                *(
                    subject,
                    best.target.label,
                    match.predicate,
                    "",
                    f"{short}:{quote(match.record.id, safe='-._~')}",
                    match.record.label,
                ),
                *(
                    "semapv:LexicalMatching" if len(best.parts) == 1 else "semapv:CompositeMatching",
                    f"{best.score:.3f}",
                ),
                *("", "bri-kg link", __version__, today, table.name, str(match.record.place)),
                f"{match.verdict}: {said}" + (f"; {match.remark}" if match.remark else ""),
            ]
        )
    rows.sort(key=lambda row: (row[0], row[4]))
    return _head(name, table, today, prefixes) + _table(rows)


def expand_prefix(prefix: str) -> str:
    """Return the namespace of a prefix of ours, or an IRI itself; empty for another word."""
    if prefix.startswith(("http://", "https://")):
        return prefix
    return PREFIXES.get(prefix.rstrip(":"), "") or expand(prefix) or ""


def _head(name: str, table: Path, today: str, prefixes: dict[str, str]) -> str:
    title = " ".join(table.name.split()).replace("\\", "").replace('"', "'")
    lines = [
        'sssom_version: "1.1"',
        f"mapping_set_id: https://w3id.org/bri-kg/mapping-set/{name}",
        f'mapping_set_title: "{title}, matched with the graph"',
        'mapping_set_description: "Matches that bri-kg link found and that no person has confirmed."',
        "license: https://creativecommons.org/licenses/by/4.0/",
        f"mapping_date: {today}",
        "curie_map:",
        *(f"  {prefix}: {namespace}" for prefix, namespace in sorted(prefixes.items())),
        "extension_definitions:",
        "  - slot_name: evidence_file",
        "    property: bri:evidenceFile",
        "    type_hint: xsd:string",
        "  - slot_name: evidence_row",
        "    property: bri:evidenceRow",
        "    type_hint: xsd:string",
    ]
    return "".join(f"#{line}\n" for line in lines)


def _table(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(_SLOTS)
    for row in rows:
        writer.writerow([" ".join(cell.split()) for cell in row])
    return out.getvalue()
