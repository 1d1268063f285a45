"""Cross-checks: what linked records of other datasets say beside the paper's facts, as verdicts that are nodes of their own.

A fact of the paper that has a date, a sum, a state, a party, a title, a fate or a term (:mod:`.gathering`) is held against what a linked record says
of the same thing (:mod:`.matches`, :mod:`.records`), or a public page where no dataset has a record (:mod:`.pages`), by a named rule (:mod:`.rules`,
:mod:`.ruletexts`). The verdict names both values, both sources and the rule (:mod:`.checking`, :mod:`.report`, :mod:`.printing`, :mod:`.rdf`); what
the paper says is never changed. Sums over records refuse what does not belong together (:mod:`.totals`).
"""

from .checking import cross_check
from .report import CrossCheck
from .totals import money_table

__all__ = ["CrossCheck", "cross_check", "money_table"]
