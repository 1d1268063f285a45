"""The rules of cross-checks, each in one sentence with its tolerance, in English and Chinese."""

__all__ = ["RULES"]

#: Each rule in one sentence, with its tolerance: (English, Chinese).
RULES: dict[str, tuple[str, str]] = {
    "actor": (
        "Who begins an agreement or gives it up is among its parties by the record: that agrees and does not show who acted.",
        "发起或放弃协定者，按记录为缔约方之一：仅为相符，并不表明由谁行动。",
    ),
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
        "A total of cost, investment or trade, or a share of a sum, is not what a record of one commitment gives, unless it is "
        "of that very total or share.",
        "总成本、总投资、贸易总额或某一份额，与单笔承诺记录所给金额含义不同，除非记录所指即为该总额或份额。",
    ),
    "amount-stage": (
        "What is announced, approved, committed and disbursed are four sums; a pledge or a payment is not held against another of them.",
        "宣布、批准、承诺与拨付为四种不同阶段的金额，互不比较。",
    ),
    "bill-fate": (
        "That a bill was passed or enacted agrees with its becoming a public law; a record by which no house has passed it contradicts.",
        "法案获通过或颁布，与其成为公法相符；若记录表明两院均未通过，则相矛盾。",
    ),
    "bill-stage": (
        "The day on which a bill was introduced is not that of its passage.",
        "法案提出之日并非通过之日。",
    ),
    "cited-text": (
        "The printed date of a bill that the paper's own note cites, no independent record, lies within the date told of its "
        "adoption, or is of another stage: a bill is no law.",
        "论文自身脚注所引法案文本（非独立记录）的日期落在所述通过日期之内，否则属于另一阶段；法案尚非法律。",
    ),
    "coarser-date": (
        "Two dates of the same thing agree where the coarser holds the finer; AidData's first day of a month or year stands for all of it.",
        "同一事项的两个日期精度不同，较粗者包含较细者即相符；AidData 的月初或年初日期代表整月或整年。",
    ),
    "congress": (
        "A bill of a Congress is dated within the years of that Congress; the bill and the years stand in notes of the paper.",
        "某届国会的法案，其日期在该届国会年限之内；法案与年限均见于论文脚注。",
    ),
    "congress-years": (
        "The years of a Congress are the same, or contradict.",
        "某届国会的年限须相同，否则相矛盾。",
    ),
    "country": (
        "The record names the host country by code or name; a record of the same thing that names only others contradicts.",
        "记录以代码或名称写明东道国；同一事项的记录若只写他国则相矛盾。",
    ),
    "during-works": (
        "A milestone during building falls within the record's time of works, which is open where no end is given.",
        "建设期间的里程碑落在记录所载施工期内；无完工日者视为未完。",
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
    "involved": (
        "The record lies in one of the states that the paper names as involved; it is silent on the others.",
        "记录所在地为论文所述参与国之一；对其他国家不作表示。",
    ),
    "law-fate": (
        "The address of a public law shows that a bill became law; the address of a bill shows neither that it was passed nor "
        "that it was not.",
        "公法的网址表明法案已成为法律；法案的网址既不表明其获通过，也不表明其未获通过。",
    ),
    "location": (
        "The record names the state by code or name; a record of the same place that names only others contradicts.",
        "记录以代码或名称写明所在国；同一地点的记录若只写他国则相矛盾。",
    ),
    "member": (
        "States that a record lists in brackets behind an organisation's name are its members as that record counts them; a "
        "shorter list differs by definition.",
        "记录在某组织名称后括号内所列国家，即该记录所计成员；所列较少者属定义不同。",
    ),
    "near-match": (
        "A record that is linked as nearly the same or as tied to the thing differs by definition where its value differs.",
        "仅为近似或相关对应的记录，数值不同时属定义不同。",
    ),
    "neighbouring-date": (
        "Dates of neighbouring events (end of works, opening; a treaty, its area) agree where one holds the other, else differ "
        "by definition.",
        "相邻事件（完工与开通、条约与其所建自贸区）的日期，一者落在另一者之内即相符，否则属定义不同。",
    ),
    "no-link": (
        "Searches in datasets found no record of the thing, so nothing can speak of it.",
        "在数据集中检索未得该事项的记录，故无从比较。",
    ),
    "no-value": (
        "The linked record has no value for this.",
        "所链接的记录在此项上无值。",
    ),
    "order": (
        "A late milestone cannot come before the record's first day of works.",
        "后期里程碑不可能早于记录所载开工日。",
    ),
    "other-financing": (
        "A record of money for a project is of one financing, perhaps another than the paper's: only an exact match of it contradicts.",
        "项目资金记录仅涉及一笔融资，可能并非论文所述者：仅对该笔融资的精确匹配方可相矛盾。",
    ),
    "other-lender": (
        "A sum of one lender is not held against that of another, nor of several together.",
        "一出资方的金额不与另一方或多方合计的金额比较。",
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
    "record-missing": (
        "The imported dataset does not hold the linked record.",
        "已导入的数据集中没有所链接的记录。",
    ),
    "same-date": (
        "Two dates of the same thing in the same precision confirm each other; up to 31 days apart they differ by date, farther "
        "they contradict.",
        "同一事项、同一精度的两个日期相同即证实；相差不超过31天为日期不同，超过则相矛盾。",
    ),
    "seat": (
        "The register names the state of the organisation by code; one that names only others contradicts.",
        "登记册以代码写明机构所在国；若只写他国则相矛盾。",
    ),
    "status": (
        "The stage by the paper's last milestone is the record's status, or differs by date: a status is as of the record's release.",
        "论文最后里程碑所示阶段与记录状态相同，否则为日期不同，因状态以记录发布之时为准。",
    ),
    "succession": (
        "Whoever follows begins on the day, month or year on which the one before ends. Administrations are found by their state "
        "and the family name.",
        "继任者的首日（月、年）即前任的末日（月、年）。各届政府按国家与姓氏查得。",
    ),
    "taking-office": (
        "The date of taking office is the first day of a term as head of state or government, in the coarser precision; "
        "administrations are found by their state and the family name.",
        "就职日期为国家元首或政府首脑任期首日，按较粗精度比较；各届政府按国家与姓氏查得。",
    ),
    "term": (
        "Each dated sentence that calls somebody by a title, or tells what an administration did, lies within that term, in the "
        "coarser precision; an open term is known up to the record's release.",
        "凡有日期且以某职称呼某人、或述及某届政府所为的句子，均落在该任期之内，按较粗精度比较；未结束的任期仅知至记录发布之时。",
    ),
    "term-undated": (
        "The paper gives no date; the record shows that the person held this office.",
        "论文未给日期；记录表明该人曾任此职。",
    ),
    "title": (
        "Titles are the same without case and the number of the bill; one that leaves out its year agrees at lower precision. A "
        "note of the paper is no independent record.",
        "标题不计大小写与法案编号须相同；省略年份者为较低精度上相符。论文脚注并非独立记录。",
    ),
    "umbrella": (
        "An umbrella agreement is not held against a project: its parts are records of their own.",
        "框架性协议不与具体项目比较：其各部分另有记录。",
    ),
    "unsearched": (
        "No mapping set links the thing to a record or tells of a search: no dataset here is known to speak of it.",
        "没有映射集将该事项与记录相链接，也未载有检索：所知数据集均未涉及。",
    ),
    "unsure-link": (
        "A link whose confidence is below 0.8, or one of several exact matches of a thing in one dataset, is not used.",
        "置信度低于0.8的链接，或同一事项在一数据集中的多个精确匹配之一，不予采用。",
    ),
    "withdrawal": (
        "That an administration gave an agreement up agrees with the day on which its state withdrew.",
        "某届政府放弃协定，与该国退出之日相符。",
    ),
}
