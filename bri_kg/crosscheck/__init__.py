"""Cross-checks: what linked records of other datasets say beside the paper's facts, as verdicts that are nodes of their own.

A fact of the paper that has a date, a sum, a state, a party, a title or a term (:mod:`.facts`) is held against what a linked record says of the same
thing (:mod:`.records`), by a named rule (:mod:`.rules`). The verdict names both values, both sources and the rule (:mod:`.checking`, :mod:`.report`);
what the paper says is never changed. Sums over records refuse what does not belong together (:mod:`.totals`).
"""

from .checking import cross_check
from .report import CrossCheck
from .totals import money_table

__all__ = ["CrossCheck", "cross_check", "money_table"]
