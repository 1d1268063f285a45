"""What headings of columns look like, and what cells say of the sort of thing: patterns, English and Chinese first. Data for :mod:`.columns`."""

__all__ = ["HEADINGS", "KINDS", "KINDS_BY_HEADING", "LEVELS", "NAME_PARTS"]

#: Roles of columns, each with what its headings look like, the likeliest first.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        (
            r"(project|plant|person|organi[sz]ation|agency|company|treaty|agreement|event|place|city|initiative|"
            r"law|act|bill|country|state|leader|entity|institution)[ _.-]*(name|title|label)s?(\W*(en|eng|"
            r"english))?\W*"
        ),
        r"(common[ _.-]?|full[ _.-]?)?names?|title|label|name_en|name[_ (-]*english\W*|person_label|plant-name.*english.*",
        (
            r"project\w*|undertaking|body|actor|partner|funder|donor|entity|organi[sz]ation|institution|agency|"
            r"company|treaty|agreement|person|leader|event|initiative|law|act|bill|proyecto|projet|proyek|dự án|"
            r"tên dự án|nama( proyek)?"
        ),
        r"(项目|工程|机构|组织|公司|协定|条约|人物|领导人|地名|国家|倡议|会议|法案)?(名称|名|姓名|标题)|项目|工程|机构|组织|公司|协定|条约|姓名|人物|倡议|会议|名称.*",
        r".*(project|proyek|项目|名称|name|title).*",
        r"city|town|place|location|country|state|国家|城市|地点",
        r"cca[23]|iso[23]?|(country|iso|state)[ _.-]*(code|[23]|a[23])|国家代码",
    ),
    "alias": (
        (
            r"(alias|aliases|alt(ernative)?[ _.-]*(name|label)s?|other[ _.-]*(plant-)?names?.*|short[ _.-]*name|"
            r"acronym|abbreviation|local[ _.-]*name|native[ _.-]*name|official[ _.-]*name.*|formal.*)"
        ),
        (
            r"(chinese|zh|cn|local|english|en)[ _.-]*(name|title)|(name|title)[ _.-]*(zh|cn|chinese|local|en|"
            r"other.*)|name_long|name_variants.*|unterm (english|chinese) .*|cldr display name|"
            r"plant-name.*other.*|wto_name"
        ),
        r"别名|简称|缩写|英文名称?|中文名称?|英文|中文|外文名|曾用名|名称",
    ),
    "country": (
        (
            r"(host|recipient|partner|beneficiary|project)?[ _.-]*(country|countries|nation|state)([ _.-]*(name|"
            r"label|code|codes|iso3?|area))?|country/area|recipient[ _.-]*iso3?|areas?|iso_country|iso3|"
            r"shapegroup|membership"
        ),
        r"(所在|东道|受援|合作|投资)?国(家|别)?(名称)?|国别|país|pays|negara|quốc gia",
        r".*(country|国家|国别).*",
    ),
    "kind": (
        (
            r"(entity|entry|project|record|organi[sz]ation|place)?[ _.-]*(type|types|kind|category|class)|"
            r"placetype|tracker-custom|tracker-display|type_?name"
        ),
        r"类型|类别|种类|项目类型",
        r".*type",
    ),
    "unit": (r"unit([ _.-]name)?|segment([ _.-]name)?|section|phase([ _.-]name)?|component|sub-?project|分段|单元",),
    "current": (r"(is[ _.-])?(current|active|valid)",),
    "date": (
        (
            r"(start|commitment|approval|signing|signature|date|year|begin|implementation|completion|opening|"
            r"operation|launch|commencement)[ _.-]*(date|year|day)?(\W*(signed|of[ _.]signature|start|approved|"
            r"opened|completed))?|date[ ._-]of[ ._-]signature|start|year|date"
        ),
        r"(开工|签署|签订|启动|批准|开始|竣工|通车|投产|成立)?(日期|时间|年份|年)",
        r".*(date|year|signed|started|opened|completed).*",
    ),
    "amount": (
        r".*(amount|value|cost|investment|commitment_value|usd|us\$|million|billion).*",
        r".*(金额|投资额?|造价|总额|贷款额).*",
    ),
    "latitude": (r"lat(itude)?|y|label_y|centroid_latitude|纬度",),
    "longitude": (r"lon(g|gitude)?|lng|x|label_x|centroid_longitude|经度",),
    "id": (
        (
            r"(record|aiddata|aiddata_record|project|plant|ror|wof|geoname|geonames)?[ _.-]*id|id[ _.-]*(no|"
            r"number)?|number|code|manyid|geonameid|ne_id|序号|编号|代码|no\.?|#"
        ),
    ),
}
#: Headings of the parts of a person's name, which are joined: the given name and the family name.
NAME_PARTS: tuple[tuple[str, str], ...] = (
    (r"(.*\.)?(first|given|fore)[ _.-]?(name)?s?", r"(.*\.)?(last|family|sur)[ _.-]?(name)?"),
)
#: What other headings say of the sort of thing that every row of a table is: who has a birthday is a person, what is signed an agreement.
KINDS_BY_HEADING: tuple[tuple[str, str], ...] = (
    (r"(.*[ _.-])?(birth(day|date|place)?|date[ _.-]of[ _.-]birth|gender|sex)", "person"),
    (
        r"signature|signatories|(date[ _.-]of[ _.-])?(signature|entry[ _.-]into[ _.-]force|ratification)|entry ?force ?year|签署日期|生效日期",
        "agreement",
    ),
)
#: What a cell of a column of kinds says of the level of a place: a settlement is not the area around it.
LEVELS: tuple[tuple[str, str], ...] = (
    (r"localit|city|town|village|neighbou?rhood|settlement|borough|城市|镇", "settlement"),
    (r"region|province|state|count(y|ies)|district|division|localadmin|prefecture|territory|省|区", "area"),
)
#: What a heading or a cell of a column of kinds says of the sort of thing.
KINDS: tuple[tuple[str, str], ...] = (
    (
        r"国家|sovereign country|^country$|^countries$|nation",
        "state",
    ),
    (
        (
            r"treat(y|ies)|agreement|\bfta\b|free trade|protocol|amendment|accession|\bpacts?\b|accords?\b|legal instrument|^instruments?$|"
            r"协定|条约|协议"
        ),
        "agreement",
    ),
    (
        (
            r"count(y|ies)|localit|region|province|municipal|city|town|neighbou?rhood|borough|placetype|place|"
            r"location|settlement|城市|地点|地名|省|subcountry"
        ),
        "place",
    ),
    (
        (
            r"pipeline|railway|proje[ck]?t|\bproj\b|vorhaben|plant|mine|power|infrastructure|unit|proyek|proyecto|工程|项目|electricity|oil|"
            r"gas|coal|steel|undertaking"
        ),
        "project",
    ),
    (
        r"person|leader|president|minister|politician|delegate|participant|speaker|姓名|人物|领导人|領導人|human",
        "person",
    ),
    (
        (
            r"organi[sz]ation|agency|institution|company|education|funder|government|nonprofit|facility|"
            r"healthcare|archive|bank|lender|bailleur|financier|donor|creditor|contractor|investor|机构|組織|机構|機構|组织|公司|企业"
        ),
        "organisation",
    ),
    (
        r"initiative|倡议|strategy|战略",
        "undertaking",
    ),
    (
        r"law|bill|statute|法案|法律",
        "law",
    ),
    (
        r"event|summit|forum|conference|会议|峰会",
        "event",
    ),
)
