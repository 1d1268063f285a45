"""What each feature of a score means, in English and Chinese: the page to which the manifest's ``feature_view`` leads."""

from __future__ import annotations

__all__ = ["FEATURES", "FEATURE_NOTE", "feature_text"]

FEATURE_NOTE = (
    "In bits: each bit for doubles the odds that the two are the same, each bit against halves them. The score is the probability, in per cent, "
    "that all features make together.",
    "单位为比特：正一比特使两者相同的可能性加倍，负一比特则减半。得分是全部特征合计得出的概率（百分比）。",
)
#: feature: (English, Chinese).
FEATURES: dict[str, tuple[str, str]] = {
    "acronym": ("The names end in the same acronym.", "名称末尾的缩写相同。"),
    "alias": ("Only another name of it, not the one shown, is the same.", "相同的只是别名，而非所显示的名称。"),
    "amount": ("Both have the same amount.", "两者金额相同。"),
    "country": ("The countries given and those of the entity.", "所给国家与实体所属国家的比较。"),
    "date": ("The years given and those of the entity.", "所给年份与实体年份的比较。"),
    "description": ("Its description says what the name says.", "实体说明与所给名称含义相同。"),
    "direction": ("The points of the compass in the names.", "名称中的方位。"),
    "distance": ("The distance between the two points.", "两点之间的距离。"),
    "government": ("The name is of a government of that state.", "名称指该国政府。"),
    "identifier": ("Its identifier, or one that both carry.", "实体自身的标识符，或两者共有的标识符。"),
    "kind": ("The type asked for and the entity's types.", "所要求的类型与实体类型的比较。"),
    "level": ("A settlement is no area.", "聚落与区域不是一回事。"),
    "link": (
        "What our links to datasets say of this name or identifier.",
        "本图谱对外部数据集的对应如何说明该名称或标识符。",
    ),
    "name": ("How much of the names is the same, rare words counting more.", "名称相同的程度，罕见词权重更大。"),
    "number": ("The numbers in the names.", "名称中的数字。"),
    "party_agreement": ("The same parties in the same year.", "同年、缔约方相同。"),
    "party_area": ("The parties are those of the treaty that makes it.", "缔约方即设立它的条约的缔约方。"),
    "party_of_network": ("Its parties are among those of the network.", "缔约方属于该网络。"),
    "party_part": ("The parties are the same, on one subject of it.", "缔约方相同，涉及其中一个议题。"),
    "property": ("The values of other properties given and the entity's.", "所给其他属性值与实体属性值的比较。"),
    "state_alone": ("The whole name given is a state's.", "所给名称即为国名。"),
    "state_in_name": ("The states that the names speak of.", "名称中提到的国家。"),
    "subject": ("The same once a subject behind a colon is left out.", "略去冒号后的议题则相同。"),
    "type": (
        "The sort of thing that the names say: railway, road, bank.",
        "名称所表明的事物种类：铁路、公路、银行等。",
    ),
    "unknown_property": (
        "True where the query names a property that no entity here has; it counts neither for nor against.",
        "查询所给属性在此不存在时为真；不计入得分。",
    ),
    "year": ("The years in the names.", "名称中的年份。"),
}


def feature_text(feature: str, language: str) -> str:
    """Return what a feature means; empty for one that there is not."""
    return FEATURES.get(feature, ("", ""))[language.startswith("zh")]
