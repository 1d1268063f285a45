"""The words of cross-checks, in English and Chinese: each rule in one sentence with its tolerance, remarks, headings.

Kinds of verdict are concepts of the graph, in the scheme ``concept:verdict-kinds``.
"""

from __future__ import annotations

__all__ = ["REMARKS", "RULES", "WORDS", "said"]

#: Each rule in one sentence, with its tolerance: (English, Chinese).
RULES: dict[str, tuple[str, str]] = {
    "amount": (
        "Two sums in the same sense, currency and price basis are the same to the last digit, or contradict.",
        "含义、货币与价格基准相同的两个金额，须逐位相同，否则相矛盾。",
    ),
    "amount-basis": (
        "A sum at the prices of one year is not held against a nominal one; no conversion is made.",
        "不变价金额不与现价金额比较，也不作换算。",
    ),
    "amount-bound": (
        "A sum told as a lower bound or an order of magnitude agrees with any sum above it, or of that magnitude.",
        "仅以下限或数量级给出的金额，与高于该下限或属于该数量级的金额相符。",
    ),
    "amount-currency": (
        "Sums in two currencies are not held against each other; no rate of exchange is applied.",
        "不同货币的金额不作比较，也不按汇率换算。",
    ),
    "amount-rounded": (
        "Two sums are the same but for rounding where they differ by at most half a unit of the last digit of the coarser.",
        "两个金额之差不超过较粗者末位单位的一半时，仅为四舍五入之差。",
    ),
    "amount-sense": (
        "A total of cost, investment or trade, or a share of a sum, is not what a record of one commitment gives.",
        "总成本、总投资、贸易总额或某一份额，与单笔承诺记录所给金额含义不同。",
    ),
    "amount-stage": (
        "What is announced, approved, committed and disbursed are four sums; a pledge or a payment is not held against another of them.",
        "宣布、批准、承诺与拨付为四种不同阶段的金额，互不比较。",
    ),
    "cited-text": (
        "The printed date of a bill that the paper cites lies within the date told of its adoption, or is of another stage: a bill is no law.",
        "论文自引法案文本的日期落在所述通过日期之内，否则属于另一阶段；法案尚非法律。",
    ),
    "coarser-date": (
        "Two dates of the same thing agree where the coarser holds the finer; AidData's first day of a month or year stands for all of it.",
        "同一事项的两个日期精度不同，较粗者包含较细者即相符；AidData 的月初或年初日期代表整月或整年。",
    ),
    "country": (
        "The record names the host country by code or name; a record of the same thing that names only others contradicts.",
        "记录以代码或名称写明东道国；同一事项的记录若只写他国则相矛盾。",
    ),
    "fate": (
        "That an agreement was given up agrees with a record of its signature without entry into force: a missing date is no proof.",
        "协定被放弃，与有签署而无生效日期的记录相符，但记录所言较少：缺日期并非证明。",
    ),
    "financier": (
        "A record confirms financiers that it names, and is silent on others, since it is of its own money only.",
        "记录仅证实其所列出资方，对其他出资方不作表示，因其只涉及自身资金。",
    ),
    "financing-date": (
        "The days on which money is announced, approved and committed agree where one holds the other, else differ by stage.",
        "资金宣布、批准与承诺的日期，一者包含另一者即相符，否则属阶段不同。",
    ),
    "near-match": (
        "A record that is linked as nearly the same or as tied to the thing differs by definition where its value differs.",
        "仅为近似或相关对应的记录，数值不同时属定义不同。",
    ),
    "neighbouring-date": (
        "Dates of neighbouring events (end of works, opening; a treaty, its area) agree where one holds the other, else differ by definition.",
        "相邻事件（完工与开通、条约与其所建自贸区）的日期，一者落在另一者之内即相符，否则属定义不同。",
    ),
    "no-link": (
        "Searches in datasets found no record of the thing, so nothing can speak of it.",
        "在数据集中检索未得该事项的记录，故无从比较。",
    ),
    "no-value": ("The linked record has no value for this.", "所链接的记录在此项上无值。"),
    "order": (
        "A late milestone cannot come before the record's first day of works.",
        "后期里程碑不可能早于记录所载开工日。",
    ),
    "other-financing": (
        "A record of money for a project is of one financing, perhaps another than the paper's: only an exact match of it contradicts.",
        "项目资金记录仅涉及一笔融资，可能并非论文所述者：仅对该笔融资的精确匹配方可相矛盾。",
    ),
    "part-of-whole": (
        "A record of a tranche, a phase, a section or what stands inside differs by stage where its value differs.",
        "记录仅涉及一笔分期、一期、一段或其内设施，数值不同时属阶段不同。",
    ),
    "party": (
        "The record names all parties by code or name, or all members of a group; one of the same treaty that names fewer contradicts.",
        "记录以代码或名称写明各方，集团亦可由其全体成员代表；仅同一条约的记录缺少一方时相矛盾。",
    ),
    "party-of-part": (
        "A party to an agreement of a network is a party to the network; who is missing from one agreement may be in another.",
        "网络中某一协定的缔约方即属该网络；未列于某一协定者可列于另一协定。",
    ),
    "phase-window": (
        "An event that the paper dates by a phase alone agrees with a date within the widest bounds that the paper gives the phase.",
        "论文仅以阶段定时的事件，与落在论文所给该阶段最宽界限内的日期相符。",
    ),
    "record-missing": ("The imported dataset does not hold the linked record.", "已导入的数据集中没有所链接的记录。"),
    "same-date": (
        "Two dates of the same thing in the same precision confirm each other; up to 31 days apart they differ by date, farther they contradict.",
        "同一事项、同一精度的两个日期相同即证实；相差不超过31天为日期不同，超过则相矛盾。",
    ),
    "status": (
        "The stage by the paper's last milestone is the record's status, or differs by date: a status is as of the record's release.",
        "论文最后里程碑所示阶段与记录状态相同，否则为日期不同，因状态以记录发布之时为准。",
    ),
    "taking-office": (
        "The date of taking office is the first day of a term as head of state or government, in the coarser precision.",
        "就职日期为国家元首或政府首脑任期首日，按较粗精度比较。",
    ),
    "term": (
        "Each dated sentence that calls somebody by a title lies within the term of that office, in the coarser precision.",
        "凡有日期且以某职称呼某人的句子，均落在该职任期之内，按较粗精度比较。",
    ),
    "term-undated": (
        "The sentence has no date; the record shows that the person held this office at some time.",
        "句子无日期；记录表明该人曾任此职。",
    ),
    "title": (
        "Titles are the same without case and the number of the bill; one that leaves out its year agrees at lower precision.",
        "标题不计大小写与法案编号须相同；省略年份者为较低精度上相符。",
    ),
    "unsure-link": (
        "A link whose confidence is below 0.8, or one of several exact matches of a thing in one dataset, is not used.",
        "置信度低于0.8的链接，或同一事项在一数据集中的多个精确匹配之一，不予采用。",
    ),
    "umbrella": (
        "An umbrella agreement is not held against a project: its parts are records of their own.",
        "框架性协议不与具体项目比较：其各部分另有记录。",
    ),
}
#: Remarks on what a record is of, or how a value was read: (English, Chinese).
REMARKS: dict[str, tuple[str, str]] = {
    "as-of": ("as of the record's release", "以记录发布之时为准"),
    "commitment": ("a commitment", "承诺额"),
    "near": ("nearly the same thing", "近似事项"),
    "not-in-force": ("no entry into force", "无生效日期"),
    "own-note": ("the paper's own note, not an independent record", "论文自身脚注，非独立记录"),
    "part": ("a part of it", "仅为一部分"),
    "related": ("tied to it", "相关事项"),
    "whole-month": ("the first of a month may stand for the month", "月初日期可代表整月"),
}
#: Other words: (English, Chinese).
WORDS: dict[str, tuple[str, str]] = {
    # aspects
    "amount": ("sum of money", "金额"),
    "country": ("host country", "东道国"),
    "date": ("date", "日期"),
    "fate": ("fate", "结局"),
    "financier": ("financier", "出资方"),
    "party": ("parties", "缔约方"),
    "status": ("status", "状态"),
    "term": ("term of office", "任期"),
    "title": ("title", "标题"),
    # fields of records
    "field amount": ("sum {}", "金额 {}"),
    "field approved": ("approved {}", "批准 {}"),
    "field commitment": ("committed {}", "承诺 {}"),
    "field country": ("in {}", "位于 {}"),
    "field end": ("completed {}", "完工 {}"),
    "field from": ("{}", "{}"),
    "field funder": ("money of {}", "出资方 {}"),
    "field in-force": ("in force {}", "生效 {}"),
    "field issued": ("text of {}", "文本日期 {}"),
    "field member": ("parties {}", "缔约方 {}"),
    "field name": ("“{}”", "“{}”"),
    "field signed": ("signed {}", "签署 {}"),
    "field since": ("in operation since {}", "运营始于 {}"),
    "field start": ("works from {}", "开工 {}"),
    "field status": ("status {}", "状态 {}"),
    # stages
    "completion": ("completed or in use", "已完成或已使用"),
    "implementation": ("under way", "进行中"),
    # table
    "by kind": ("By verdict: {}.", "按结论：{}。"),
    "dated by phase": ("no date; {}", "无日期；{}"),
    "kind count": ("{} {}", "{} {}"),
    "labelled": ("{}: {} [{}]", "{}：{}［{}］"),
    "line": ("line {}", "第 {} 行"),
    "no facts": (
        "{} is in no fact that can be held against data: no date, sum, state, party, title or term.",
        "{}不涉及可与数据比较的事实：无日期、金额、国家、缔约方、标题或任期。",
    ),
    "no links": ("{} facts are without a link to any record and are left out.", "{} 项事实没有任何记录链接，未列入。"),
    "nothing": ("No verdict.", "没有结论。"),
    "not imported": (
        "Not imported, so not heard: {}. 'bri-kg external add FILE' imports a dataset.",
        "尚未导入，故未比较：{}。用 bri-kg external add FILE 导入数据集。",
    ),
    "not imported facts": ("{} ({} facts; {})", "{}（{} 项事实；{}）"),
    "only links": (
        "Comparable facts about {}: {}; none of them has a link to a record that can speak of it.",
        "关于{}的可比较事实：{} 项，均无可作比较的记录链接。",
    ),
    "others": ("Verdicts of other kinds: {}.", "其他类别的结论：{} 项。"),
    "printed": ("printed {} (an erratum says it is wrong)", "所印 {}（勘误指出有误）"),
    "rule line": ("{}: {}", "{}：{}"),
    "rules": ("Rules:", "规则："),
    "searched": ("searched: {}", "已检索：{}"),
    "staged": ("{} {}", "{} {}"),
    "taking office": ("takes office {}", "就职 {}"),
    "the paper": ("the paper, {}", "论文，{}"),
    "title line": ("What other data say to the paper's facts", "其他数据与论文事实的比对"),
    "titled": ("{} of {} to {}", "{}，{}至{}"),
    "titled once": ("{}, in {}", "{}，{}"),
    "titled undated": ("{}, undated", "{}，无日期"),
    "version": ("version {}", "版本 {}"),
    # money
    "bases differ": ("no sum: the price bases {} do not mix", "不合计：价格基准 {} 不可混合"),
    "committed": ("committed", "承诺"),
    "currencies differ": ("no sum: the currencies {} do not mix", "不合计：货币 {} 不可混合"),
    "disbursed": ("disbursed", "拨付"),
    "money title": ("Money in the linked records, by project", "所链接记录中的资金（按项目）"),
    "no amount": ("{} without a sum", "{} 无金额"),
    "no money": ("No link leads to a record of money for it.", "没有资金记录链接。"),
    "one record": ("one record, nothing to add", "仅一条记录，无可合计"),
    "others linked": ("named as linked but not here: {}", "标明相关但未收录：{}"),
    "parts": ("of a part: {}", "仅涉及一部分：{}"),
    "pledged": ("pledged", "意向"),
    "stages differ": ("no sum: the stages {} do not mix", "不合计：阶段 {} 不可混合"),
    "summed": ("sum of {} records", "{} 条记录之和"),
    "umbrella left out": ("umbrella record left out: {}", "框架性记录未计入：{}"),
}


def said(key: str, language: str, *values: object, table: dict[str, tuple[str, str]] | None = None) -> str:
    """Return the words of ``key`` with ``values`` in their places. Raises KeyError for a key that is not there."""
    return (WORDS if table is None else table)[key][language.startswith("zh")].format(*values)
