"""The offices that persons hold, as patterns for folded texts: one list for all who look for them.

A pattern that also takes what is no office, 记者 or 居民, adds it where it is needed. Elsewhere
stand `qa.search.matching`, whose weights were learned with its own words, and `corpus.phrases`,
where what counts is that a headline's line cannot end with the word.
"""

from __future__ import annotations

HEAD = (
    "书记|主任|主席|总?经理|[董理监]事长|秘书长|检察长"
    "|[校院馆站行会社队部局厅省市区县镇乡村科处所厂场矿关段船班组团园台]长(?!度|期|途|跑)"
    "|总裁|总监|总工程师|总经济师"
)
"""Who leads a body, or has a say in it. In 路段长度 and 会长期 are none."""

HEAD_ENDS = "长|书记|主任|主席|经理|总裁|总监"
"""How the names of such offices end, where nothing else is meant."""

RANKS = "副前原代"
"""What makes another office of one, right before it."""

HEADS_EN = {
    "president|principal|headmaster|headmistress": "[校院会社]长|主席|总裁|总统",
    "manager": "经理",
    "chairman|chairwoman|chairperson": "董事长|主席|[理会]事长|会长",
    "director": "主任|[局院馆所处]长|总监|导演|董事",
    "mayor": "[市区县镇]长",
    "secretary": "书记|秘书",
    "head(?= (?:of|at|for))|boss": "[局院校馆处科部所队县区镇乡]长|主任|书记|总?经理|董事长|负责人",
}
"""Such offices in English, and what each may be in Chinese."""
