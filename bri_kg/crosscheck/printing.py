"""Cross-checks for people: two tables, of what records say and of facts for which there is none, with the counts above and the rules below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..tables import Table, markdown_table, text_table, wrap_lines
from ..wording import column_headings
from .words import said

if TYPE_CHECKING:
    from .report import CrossCheck, Verdict

__all__ = ["as_table", "printed"]

_HEARD = ("thing", "paper", "record", "verdict")
_UNHEARD = ("thing", "paper", "searched")
#: The rule of a record that has no value for a fact.
_EMPTY = "no-value"


def printed(check: CrossCheck, form: str, cite: bool) -> str:
    """Return the verdicts as text, Markdown or a page that can be printed.

    Where another record speaks of a fact, a record that has no value for it is left out, and counted.
    """
    heard = _heard(check)
    unheard = [one for one in check.verdicts if not one.records]
    left = len(check.verdicts) - len(heard) - len(unheard)
    if form == "html":
        return _page(check, heard, unheard, left)
    return _markdown(check, heard, unheard, left) if form == "md" else _text(check, heard, unheard, left, cite)


def as_table(check: CrossCheck) -> Table:
    """Return the verdicts in which a record speaks as a person reads them, under the counts and what was not heard."""
    rows = tuple(tuple(_heard_row(check, one)) for one in _heard(check))
    return Table(
        _HEARD, rows, said("title line", check.language), tuple(check.remarks()), language=check.telling.language
    )


def _heard(check: CrossCheck) -> list[Verdict]:
    spoken = {_key(one) for one in check.verdicts if one.finding.rule != _EMPTY}
    return [one for one in check.verdicts if one.records and (one.finding.rule != _EMPTY or _key(one) not in spoken)]


def _key(verdict: Verdict) -> tuple[str, ...]:
    fact = verdict.fact
    return fact.node, fact.aspect, fact.kind, fact.value


def _remarks(check: CrossCheck, left: int) -> list[str]:
    """Return what is to be said below the tables."""
    empty = [said("empty left out", check.language, left)] if left else []
    return [*check.remarks()[1:], *empty]


def _data(check: CrossCheck) -> list[str]:
    """Return a line for each dataset whose records are told."""
    return check.telling.datasets(record for verdict in check.verdicts for record in verdict.records)


def _text(check: CrossCheck, heard: list[Verdict], unheard: list[Verdict], left: int, cite: bool) -> str:
    language = check.language
    parts = [said("title line", language), *wrap_lines(check.remarks()[:1]), ""]
    if heard:
        notes = (
            [[f"    — {line}" for part in check.telling.sources(one) for line in part] for one in heard] if cite else []
        )
        rows = _without_repeats([_heard_row(check, one, "\n") for one in heard], 2, keep_all=cite)
        parts.append(text_table(column_headings(_HEARD, language), rows, notes=notes, language=language).lstrip("\n"))
        parts.append("")
    if unheard:
        title = said("unheard line", language)
        table = text_table(column_headings(_UNHEARD, language), _unheard_rows(check, unheard), title, language=language)
        parts += [table, ""]
    rules = [said("rule line", language, *rule) for rule in check.rules()]
    data = _data(check)
    parts += wrap_lines(_remarks(check, left))
    parts += wrap_lines([said("rules", language), *rules] if rules else [])
    parts += wrap_lines(["", said("data", language), *data] if data else [])
    return "\n".join(parts) + "\n"


def _markdown(check: CrossCheck, heard: list[Verdict], unheard: list[Verdict], left: int) -> str:
    language = check.language
    parts = [f"**{said('title line', language)}**", check.remarks()[0]]
    if heard:
        parts.append(markdown_table(column_headings(_HEARD, language), [_heard_row(check, one) for one in heard]))
    if unheard:
        parts.append(said("unheard line", language))
        parts.append(markdown_table(column_headings(_UNHEARD, language), _unheard_rows(check, unheard)))
    rules = [f"- {said('rule line', language, *rule)}" for rule in check.rules()]
    data = [f"- {line}" for line in _data(check)]
    parts += [*_remarks(check, left), *([said("rules", language), "\n".join(rules)] if rules else [])]
    parts += [said("data", language), "\n".join(data)] if data else []
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _page(check: CrossCheck, heard: list[Verdict], unheard: list[Verdict], left: int) -> str:
    from ..pictures.pages import page_environment

    language = check.language
    rows: list[dict[str, object]] = []
    above: Verdict | None = None
    for verdict in heard:
        fact, telling = verdict.fact, check.telling
        again = above is not None and above.fact.entity == fact.entity
        paper, record = telling.sources(verdict)
        rows.append(
            {
                "thing": "" if again else telling.thing(fact),
                "paper": "" if above and _key(above) == _key(verdict) else _told(check, verdict),
                "paper_sources": paper,
                "record": telling.record(verdict.finding) or "–",
                "record_sources": record,
                "verdict": telling.kind(verdict.finding.kind),
                "kind": verdict.finding.kind,
                "rule": verdict.finding.rule,
            }
        )
        above = verdict
    template = page_environment().get_template("crosscheck.html.jinja")
    return str(
        template.render(
            title=said("title line", language),
            language="zh-Hans" if language != "en" else "en",
            opening=check.remarks()[0],
            remarks=_remarks(check, left),
            rows=rows,
            headings=column_headings(_HEARD, language),
            unheard=_unheard_rows(check, unheard),
            unheard_title=said("unheard line", language),
            unheard_headings=column_headings(_UNHEARD, language),
            rules=check.rules(),
            rules_title=said("rules", language).rstrip(":："),
            data=_data(check),
            data_title=said("data", language),
        )
    )


def _without_repeats(rows: list[list[str]], columns: int, keep_all: bool = False) -> list[list[str]]:
    """Leave white what the first ``columns`` of a row repeat of the row above, from the left as far as they do."""
    if keep_all:
        return rows
    made = []
    for place, row in enumerate(rows):
        above = rows[place - 1] if place else []
        same = 0
        while same < columns and above and row[same] == above[same]:
            same += 1
        made.append(["" if column < same else cell for column, cell in enumerate(row)])
    return made


def _told(check: CrossCheck, verdict: Verdict) -> str:
    telling, fact = check.telling, verdict.fact
    return said("labelled", check.language, telling.what(fact), telling.paper(fact))


def _paper(check: CrossCheck, verdict: Verdict) -> str:
    return f"{_told(check, verdict)} [{check.telling.pages(verdict.fact)}]"


def _heard_row(check: CrossCheck, verdict: Verdict, between: str = " · ") -> list[str]:
    telling, finding = check.telling, verdict.finding
    remark = said("in brackets", check.language, telling.remark(finding)) if finding.remark else ""
    source = f"[{'; '.join(telling.source(record) for record in verdict.records)}]"
    record = " ".join(part for part in (telling.record(finding), remark, source) if part)
    kind = f"{telling.kind(finding.kind)}{between}{finding.rule}"
    return [telling.thing(verdict.fact), _paper(check, verdict), record, kind]


def _unheard_rows(check: CrossCheck, unheard: list[Verdict]) -> list[list[str]]:
    """Return a row for each thing and the datasets that were searched for it, with its facts one below the other."""
    rows: dict[tuple[str, str], list[str]] = {}
    for verdict in unheard:
        names = sorted({search.dataset for search in verdict.searches})
        shown = ", ".join(names) or said("not searched", check.language)
        rows.setdefault((check.telling.thing(verdict.fact), shown), []).append(_paper(check, verdict))
    return [[thing, ";\n".join(facts), shown] for (thing, shown), facts in rows.items()]
