"""Letters to the editor: who wrote one, and the reply that tells what is done about it."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.rank import Finder
from tests.test_answer import check

PAGE = """# 读者信箱

路灯怎么老是不亮

编辑：我们柳湾村口的三盏路灯从5月起就不亮，晚上老人不敢出门。盼望早点修好。

柳湾村 唐可馨

镇城建办答复：因电缆被挖断，路灯停用，7月9日起恢复照明，另在村口加装监控。

泳池的水太凉

编辑部：体育馆泳池的水太凉，孩子下水就发抖。

学员家长 韦女士

体育馆回复：加热器已老化，8月3日前更换，其间请到二楼小池练习。

图书角关得太早

编辑：我是双职工，社区图书角17时30分就关门，下班赶不上。

东桥社区 温以宁

社区回复：本月起图书角关门时间延长至20时，周末不变。

感谢捡到书包的师傅

编辑同志：6月2日我把书包忘在12路车上，司机方砚秋当晚就送到家里。

河湾镇 鲍平

编者按：方砚秋师傅说这是应该做的。

# 泵站站长谈防汛

泵站站长说，希望各村备足沙袋。今年雨水偏多。
"""
LIGHTS = "镇城建办答复：因电缆被挖断，路灯停用，7月9日起恢复照明，另在村口加装监控。"
POOL = "体育馆回复：加热器已老化，8月3日前更换，其间请到二楼小池练习。"


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    issue = read_bytes(PAGE.encode(), name="2023-07-07.md")
    return Answerer(Finder.open(Archive.in_memory([issue])))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("柳湾村的路灯为什么不亮？", LIGHTS),
        ("村口的路灯什么时候恢复？", LIGHTS),
        ("路灯不亮怎么解决？", LIGHTS),
        ("泳池的水太凉怎么办？", POOL),
        ("社区图书角几点关门？", "社区回复：本月起图书角关门时间延长至20时，周末不变。"),
        ("泳池的水太凉是怎么回事？", POOL),
    ],
)
def test_what_is_done_after_a_letter_is_told_by_the_reply(
    answerer: Answerer, question: str, told: str
) -> None:
    answer = answerer.answer(question)
    check(answer, answerer.finder.archive)
    assert (answer.status, answer.citations[0].quote) == ("answered", told)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("路灯从什么时候起不亮？", "从5月起就不亮"),
        ("书包忘在几路车上？", "我把书包忘在12路车上"),
    ],
)
def test_what_a_letter_tells_itself_is_not(answerer: Answerer, question: str, told: str) -> None:
    assert told in answerer.answer(question).citations[0].quote


@pytest.mark.parametrize(
    ("question", "who", "name"),
    [
        ("谁反映路灯不亮？", "柳湾村 唐可馨", "唐可馨"),
        ("谁写信投诉泳池的水太凉？", "学员家长 韦女士", "韦女士"),
        ("哪位读者希望早点修好路灯？", "柳湾村 唐可馨", "唐可馨"),
        ("感谢捡到书包的师傅那封信是谁写的？", "河湾镇 鲍平", "鲍平"),
        ("Who complained about the street lamps?", "柳湾村 唐可馨", "唐可馨"),
    ],
)
def test_who_wrote_a_letter_is_told_by_who_signs_it(
    answerer: Answerer, question: str, who: str, name: str
) -> None:
    answer = answerer.answer(question)
    check(answer, answerer.finder.archive)
    first, letter = answer.citations
    assert (first.quote, [first.quote[slice(*one)] for one in first.marks]) == (who, [name])
    assert letter.quote.startswith("编辑")


def test_who_hopes_something_in_an_article_wrote_no_letter(answerer: Answerer) -> None:
    assert "泵站站长" in answerer.answer("谁希望各村备足沙袋？").citations[0].quote
