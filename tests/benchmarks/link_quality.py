"""How good the matcher's accepted matches are, against a gold sample.

Run: python3 tests/benchmarks/link_quality.py [GOLD.tsv [FOLDER OF ITS FILES]] [--errors]
"""

import sys
from pathlib import Path

import bri_kg
from bri_kg.matching.measuring import judge, measure_groups, measure_rows, read_gold
from bri_kg.tables import rows_to_format

LINKS = Path(__file__).resolve().parents[1] / "links"


def main() -> None:
    """Print the measures, and with --errors each error."""
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    gold = Path(given[0]) if given else LINKS / "development.tsv"
    judged = judge(bri_kg.load(), read_gold(gold), Path(given[1]) if len(given) > 1 else gold.parent)
    if "--errors" in sys.argv:
        for one in judged:
            if one.outcome not in ("right", "rightly none", "doubtful"):
                best = one.match.best
                print(
                    f"{one.outcome}: {one.gold['record_label']} is {one.gold['subject_id'] or 'none'} {one.gold['predicate']}"
                )
                print(
                    f"    said {one.match.verdict} {one.match.predicate} {best.target.label if best else ''} {best.why() if best else ''}"
                )
    sys.stdout.write(rows_to_format("table", *measure_rows(measure_groups(judged))))


if __name__ == "__main__":
    main()
