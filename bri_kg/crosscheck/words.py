"""The words of cross-checks, in English and Chinese: aspects, fields of records, remarks, headings; the rules stand in :mod:`.ruletexts`.

Kinds of verdict are concepts of the graph, in the scheme ``concept:verdict-kinds``.
"""

from __future__ import annotations

__all__ = ["REMARKS", "WORDS", "said"]

#: Remarks on what a record is of, or how a value was read: (English, Chinese).
REMARKS: dict[str, tuple[str, str]] = {
    "as-of": ("as of the record's release", "以记录发布之时为准"),
    "commitment": ("a commitment", "承诺额"),
    "near": ("nearly the same thing", "近似事项"),
    "not-in-force": ("no entry into force", "无生效日期"),
    "open-term": ("open when the record was made; later dates are beyond it", "记录发布时任期未结束，此后日期不在其内"),
    "own-note": ("the paper's own note", "论文自身脚注"),
    "part": ("a part of it", "仅为一部分"),
    "related": ("tied to it", "相关事项"),
    "whole-month": ("the first of a month may stand for the month", "月初日期可代表整月"),
}
#: Other words: (English, Chinese).
WORDS: dict[str, tuple[str, str]] = {
    # aspects
    "amount": ("sum of money", "金额"),
    "country": ("host country", "东道国"),
    "involved": ("states involved", "参与国"),
    "location": ("lies in", "所在国"),
    "member": ("members", "成员"),
    "seat": ("seat", "所在地"),
    "date": ("date", "日期"),
    "fate": ("fate", "结局"),
    "financier": ("financier", "出资方"),
    "party": ("parties", "缔约方"),
    "status": ("status", "状态"),
    "term": ("term of office", "任期"),
    "title": ("title", "标题"),
    # kinds of dates, of parties and of terms that no concept names
    "acceded": ("acceded", "加入"),
    "acts": ("acts", "所为"),
    "begun-by": ("begun by", "发起者"),
    "congress": ("years", "届期"),
    "financed": ("financed", "融资"),
    "founded": ("founded", "建立"),
    "founding": ("founding {}", "建立（{}）"),
    "given-up-by": ("given up by", "放弃者"),
    "in-force": ("in force", "生效"),
    "money-announced": ("money announced", "宣布融资"),
    "money-approved": ("money approved", "批准融资"),
    "signed": ("signed", "签署"),
    "succession": ("follows", "继任"),
    "takes-office": ("takes office", "就职"),
    # fields of records
    "field address": ("address {}", "网址 {}"),
    "field amount": ("sum {}", "金额 {}"),
    "field announced": ("announced {}", "宣布 {}"),
    "field became-law": ("law on {}", "成为法律 {}"),
    "field document": ("document of {}", "文件日期 {}"),
    "field fate": ("{}", "{}"),
    "field introduced": ("introduced {}", "提出 {}"),
    "field withdrawn": ("withdrawal {}", "退出 {}"),
    "field years": ("years {}", "届期 {}"),
    "field approved": ("approved {}", "批准 {}"),
    "field commitment": ("committed {}", "承诺 {}"),
    "field country": ("in {}", "位于 {}"),
    "field end": ("completed {}", "完工 {}"),
    "field from": ("{}", "{}"),
    "field funder": ("money of {}", "出资方 {}"),
    "field in-force": ("in force {}", "生效 {}"),
    "field issued": ("text of {}", "文本日期 {}"),
    "field member": ("parties {}", "缔约方 {}"),
    "field members": ("members {}", "成员 {}"),
    "field name": ("“{}”", "“{}”"),
    "field signed": ("signed {}", "签署 {}"),
    "field since": ("in operation since {}", "运营始于 {}"),
    "field start": ("works from {}", "开工 {}"),
    "field works": ("works {}", "施工 {}"),
    "field status": ("status {}", "状态 {}"),
    # stages
    "completion": ("completed or in use", "已完成或已使用"),
    "implementation": ("under way", "进行中"),
    # table
    "and more": ("{} and {} more", "{}及另外 {} 方"),
    "by kind": ("{}.", "{}。"),
    "data": ("Data:", "数据："),
    "dated by phase": ("dated by phase alone: {}", "仅以阶段定时：{}"),
    "empty left out": (
        "Linked records without a value for the fact that others speak of: {}; --format csv lists them.",
        "另有 {} 条链接记录在该项上无值，而其他记录有值；--format csv 可列出。",
    ),
    "in brackets": ("({})", "（{}）"),
    "kind count": ("{} {}", "{} {}"),
    "labelled": ("{}: {}", "{}：{}"),
    "line": ("line {}", "第 {} 行"),
    "no facts": (
        "{} is in no fact that can be held against data: no date, sum, state, party, title or term.",
        "{}不涉及可与数据比较的事实：无日期、金额、国家、缔约方、标题或任期。",
    ),
    "nothing": ("No verdict.", "没有结论。"),
    "not imported": (
        "Not imported, so not heard: {}. 'bri-kg external show NAME' says where a dataset comes from, 'bri-kg external add FILE' imports it.",
        "尚未导入，故未比较：{}。bri-kg external show NAME 显示数据集来源，bri-kg external add FILE 导入数据集。",
    ),
    "not imported facts": ("{} ({} facts; {})", "{}（{} 项事实；{}）"),
    "only links": (
        "Comparable facts about {}: {}; none of them has a link to a record that can speak of it.",
        "关于{}的可比较事实：{} 项，均无可作比较的记录链接。",
    ),
    "not searched": ("no search recorded", "未载有检索"),
    "others": ("Verdicts of other kinds: {}.", "其他类别的结论：{} 项。"),
    "printed": ("printed {} (an erratum says it is wrong)", "所印 {}（勘误指出有误）"),
    "read": ("read {}", "阅于 {}"),
    "rule line": ("{}: {}", "{}：{}"),
    "rules": ("Rules:", "规则："),
    "searched": ("searched: {}", "已检索：{}"),
    "span": ("{} to {}", "{} 至 {}"),
    "the paper": ("the paper, {}", "论文，{}"),
    "title line": ("What other data say to the paper's facts", "其他数据与论文事实的比对"),
    "titled": ("{}, {}", "{}，{}"),
    "undated": ("undated", "无日期"),
    "unheard line": (
        "Silent: no record that speaks of these facts is linked",
        "无从比较：以下事实没有可作比较的记录链接",
    ),
    "version": ("version {}", "版本 {}"),
    # money
    "bases differ": ("no sum: the price bases {} do not mix", "不合计：价格基准 {} 不可混合"),
    "committed": ("committed", "承诺"),
    "currencies differ": ("no sum: the currencies {} do not mix", "不合计：货币 {} 不可混合"),
    "disbursed": ("disbursed", "拨付"),
    "money of records": (
        "The sum of a record is money of its lender, not what the project cost; the records at hand need not be all there are.",
        "记录所载为出资方的资金，并非项目总成本；现有记录未必齐全。",
    ),
    "money over all": ("Over all projects {}.", "就所有项目而言，{}。"),
    "money title": ("Money in the paper and in the linked records, by project", "论文与所链接记录中的资金（按项目）"),
    "no amount": ("{} without a sum", "{} 无金额"),
    "no money": ("No link leads to a record of money for it.", "没有资金记录链接。"),
    "one record": ("one record, nothing to add", "仅一条记录，无可合计"),
    "one sum": ("one sum, nothing to add", "仅一笔金额，无可合计"),
    "others linked": (
        "their titles name further records, which are not counted here: {}",
        "标题另提及以下记录，此处未计：{}",
    ),
    "parts": ("of a part of the project: {}", "仅涉及项目的一部分：{}"),
    "pledged": ("pledged", "意向"),
    "sense repeated": (
        "no sum: the paper tells one sense several times, which are not several sums",
        "不合计：论文多次述及同一含义，并非多笔金额",
    ),
    "senses differ": (
        "no sum: {} are sums in different senses, and a share is in its whole already",
        "不合计：{} 含义不同，且份额已含于总额之内",
    ),
    "stages differ": ("no sum: the stages {} do not mix", "不合计：阶段 {} 不可混合"),
    "summed": ("sum of {} records", "{} 条记录之和"),
    "umbrella left out": ("umbrella record left out: {}", "框架性记录未计入：{}"),
}


def said(key: str, language: str, *values: object, table: dict[str, tuple[str, str]] | None = None) -> str:
    """Return the words of ``key`` with ``values`` in their places. Raises KeyError for a key that is not there."""
    return (WORDS if table is None else table)[key][language.startswith("zh")].format(*values)
