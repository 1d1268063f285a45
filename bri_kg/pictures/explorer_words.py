"""The words of the network explorer, in English and Chinese; those that it shares with other parts are in :mod:`bri_kg.wording`."""

from __future__ import annotations

from ..wording import PAGE_WORDS, word

__all__ = ["EXPLORER_WORDS", "SCRIPT_WORDS", "page_word"]

#: key: (English, Chinese).
EXPLORER_WORDS: dict[str, tuple[str, str]] = {
    # filters and the picture's controls
    "betweenness": ("betweenness", "中介中心度"),
    "bundle": ("bundle parallel relations", "合并平行关系"),
    "canvas keys": (
        "Arrow keys walk from node to node, Enter reads the details, plus and minus zoom, 0 shows the whole picture, Escape lets go.",
        "方向键在节点间移动，回车键阅读详情，加减键缩放，0 显示全图，退出键取消选择。",
    ),
    "claimants": ("Claimants", "主张者"),
    "clear": ("Clear", "清除"),
    "degree": ("number of relations", "关系数"),
    "equal": ("all equal", "大小相同"),
    "filters": ("Filters", "筛选"),
    "find path": ("Find", "查找"),
    "fit": ("Whole picture", "显示全图"),
    "focus": ("Show", "显示范围"),
    "focus all": ("the whole network", "整个网络"),
    "focus one": ("one step around the choice", "所选节点周围一步"),
    "focus two": ("two steps around the choice", "所选节点周围两步"),
    "how to read beside": (
        "A dotted line is a link of ours or an external record, not the paper's.",
        "点线为本图谱所作对应或外部记录，非论文内容。",
    ),
    "legend all": ("all", "全选"),
    "legend none": ("none", "全不选"),
    "link": ("Link to this view", "此视图的链接"),
    "move": ("Let it move", "让图移动"),
    "other voices": ("other", "其他"),
    "pagerank": ("PageRank", "PageRank 值"),
    "path": ("Shortest path", "最短路径"),
    "path from": ("From", "起点"),
    "path to": ("To", "终点"),
    "phases": ("Phases", "阶段"),
    "phase 1": ("first phase, to August 2018", "第一阶段（至2018年8月）"),
    "phase 2": ("second phase, from September 2018", "第二阶段（2018年9月起）"),
    "picture tools": ("Picture", "图"),
    "play": ("Play", "播放"),
    "size": ("Size by", "大小依据"),
    "skip picture": ("To the picture", "跳到图"),
    "skip table": ("To the table", "跳到表格"),
    "take": ("Take away what is visible", "下载所显示内容"),
    "views of others": ("views of others, as the authors report", "他人观点（作者转述）"),
    "voice of links": ("links of ours, not the paper's", "本图谱所作对应，非论文内容"),
    "voice of records": ("external records, not the paper's", "外部记录，非论文内容"),
    "voices": ("Voices", "口吻"),
    "zoom in": ("Zoom in", "放大"),
    "zoom out": ("Zoom out", "缩小"),
    # the table
    "column date": ("Date", "日期"),
    "column relation": ("Relation", "关系"),
    "column sentences": ("Sentences", "句子"),
    "column source": ("From", "起点"),
    "column target": ("To", "终点"),
    "column voice": ("Voice", "口吻"),
    "table": ("The same as a table", "同一内容的表格"),
    # what the script says
    "beside here": ("Links and records, not the paper's ({})", "对应与外部记录，非论文内容（{}）"),
    "bundled": ("{} relations between them", "两者间有 {} 条关系"),
    "facts here": ("Facts ({})", "事实（{}）"),
    "how central": ("Relations {} · betweenness {} · PageRank {}", "关系数 {} · 中介中心度 {} · PageRank 值 {}"),
    "let go": ("Nothing is chosen.", "未选择任何内容。"),
    "more rows": ("Show all {} rows", "显示全部 {} 行"),
    "no path": ("No path joins {} and {} in what is visible.", "在所显示内容中，{}与{}之间没有路径。"),
    "no sentence here": ("No sentence is given.", "未给出句子。"),
    "one step": ("One step around it", "周围一步"),
    "path here": ("Path from here", "由此出发的路径"),
    "path hither": ("Path to here", "到此的路径"),
    "path steps": ("From {} to {}: {} steps", "从{}到{}：{} 步"),
    "path two": ("Name both ends of the path.", "请写出路径的两端。"),
    "pause": ("Pause", "暂停"),
    "said node": ("{}, {}, {} relations visible", "{}，{}，显示 {} 条关系"),
    "since": ("{} or later", "{}或以后"),
    "still": ("Stop", "停止"),
    "taken": ("{} is ready.", "{} 已备好。"),
    "two steps": ("Two steps around it", "周围两步"),
    "unopened": ("Bundle them again", "重新合并"),
    "until": ("{} or earlier", "{}或以前"),
    "views here": ("Views and other claims ({})", "观点与其他主张（{}）"),
    "visible": ("{} of {} nodes and {} of {} relations are visible.", "显示 {}/{} 个节点，{}/{} 条关系。"),
    "year now": ("Up to {}", "截至 {} 年"),
}

#: Keys of the words that the page's script shows.
SCRIPT_WORDS = (
    *PAGE_WORDS,
    *[*EXPLORER_WORDS][[*EXPLORER_WORDS].index("column date") :],
    "a view",
    "alone",
    "not the paper's",
    "move",
    "network",
    "play",
    "source",
    "what you see",
)


def page_word(key: str, language: str, *values: object) -> str:
    """Return the words for ``key`` in ``language``, the explorer's own or the shared ones, with ``values`` in their places."""
    if key not in EXPLORER_WORDS:
        return word(key, language, *values)
    found = EXPLORER_WORDS[key][language.startswith("zh")]
    return found.format(*values) if values else found
