"""Lists whose items are a line each, told whole where all is asked for."""

from __future__ import annotations

from io import StringIO

import pytest

from api.terminal import Terminal, show_answer
from corpus.archive import Archive
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.rank import Finder
from tests.test_answer import check

PERMIT = ["本人身份证", "一寸照片两张", "房屋租赁合同"]
TEXT = """梅岭晚报
2022年5月6日 第41期

夏天用电安全提示
供电所提醒居民夏天用电注意以下几点：
1.不要私拉电线，
2.大功率电器不要共用一个插座；
3.打雷时拔掉插头。

梅岭县部署防火
本报讯（记者 郑原）5月4日，梅岭县召开防火会议，县长要求各乡镇排查隐患37处。
"""
MARKDOWN = """# 办理居住证需要哪些材料

申请居住证须提供下列材料：

1. 本人身份证；
2. 一寸照片两张；
3. 房屋租赁合同。

办理地点：政务大厅二楼6号窗口。

# 居住证发放情况

今年县里发放居住证2100张。
"""
WEB = """<!DOCTYPE html><html><head><title>梅岭晚报</title></head><body><main>
<article><h2>2022年梅岭县为民办实事项目</h2>
<ol><li>新建公厕16座</li><li>改造水管23公里</li><li>新增幼儿园2所</li></ol></article>
<article><h2>公厕开门</h2><p>5月1日，文昌街公厕开门，里面有热水，也有休息间。</p></article>
</main></body></html>"""


def chat_on(data: str, name: str) -> tuple[Chat, Archive]:
    archive = Archive.in_memory([read_bytes(data.encode(), name=name)])
    return Chat(Answerer(Finder.open(archive))), archive


@pytest.mark.parametrize(
    ("data", "name", "question", "told"),
    [
        (TEXT, "2022-05-06.txt", "夏天用电要注意什么？", ["私拉", "插座", "打雷"]),
        (TEXT, "2022-05-06.txt", "用电安全提示有哪几点？", ["私拉", "插座", "打雷"]),
        (MARKDOWN, "2022-06.md", "办居住证要带什么材料？", PERMIT),
        (MARKDOWN, "2022-06.md", "What documents are needed for a residence permit?", PERMIT),
    ],
)
def test_a_list_is_told_whole_by_what_leads_to_it_or_heads_it(
    data: str, name: str, question: str, told: list[str]
) -> None:
    chat, archive = chat_on(data, name)
    answer = chat.reply(question, limit=2)
    check(answer, archive)
    items = answer.citations[-len(told) :]
    assert all(word in item.quote for word, item in zip(told, items, strict=True))


@pytest.mark.parametrize(
    ("data", "name", "question", "told"),
    [
        (MARKDOWN, "2022-06.md", "办居住证要照片几张？", "两张"),
        (WEB, "2022-07.html", "新建多少座公厕？", "16座"),
        (MARKDOWN, "2022-06.md", "居住证在哪里办？", "政务大厅二楼"),
        (TEXT, "2022-05-06.txt", "打雷的时候怎么用电？", "打雷时拔掉插头"),
    ],
)
def test_one_item_that_is_asked_about_is_told_alone(
    data: str, name: str, question: str, told: str
) -> None:
    chat, _ = chat_on(data, name)
    (citation,) = chat.reply(question).citations
    assert told in citation.quote


def test_the_second_of_a_list_is_its_second_item() -> None:
    chat, _ = chat_on(MARKDOWN, "2022-06.md")
    asked = "办居住证要带什么材料？"
    history = [Turn("user", asked), Turn("assistant", chat.reply(asked).text)]
    (citation,) = chat.reply("第二项是什么？", history=history).citations
    assert citation.quote == "2.一寸照片两张；"


def test_an_item_that_is_corrected_stands_behind_its_correction() -> None:
    wrong, right = "一寸照片两张", "一寸照片三张"
    corrected = f"本报2022年6月第1版《办理居住证需要哪些材料》中，“{wrong}”应为“{right}”。"
    chat, archive = chat_on(f"{MARKDOWN}\n# 更正\n\n{corrected}\n", "2022-06.md")
    answer = chat.reply("办居住证要带什么材料？")
    check(answer, archive)
    quotes = [one.quote for one in answer.citations]
    at = quotes.index("2.一寸照片两张；")
    assert "三张" in quotes[at - 1]
    assert answer.citations[at].marks == ()


def test_many_items_share_a_line_of_source() -> None:
    chat, _ = chat_on(MARKDOWN, "2022-06.md")
    answer = chat.reply("办居住证要带什么材料？")
    told, quoted = StringIO(), StringIO()
    show_answer(answer, Terminal(told), Terminal(StringIO()))
    show_answer(answer, Terminal(quoted), Terminal(StringIO()), quotes=True)
    assert "[1]–[4] 《办理居住证需要哪些材料》" in told.getvalue()
    assert told.getvalue().count("《办理居住证需要哪些材料》") == 1
    assert quoted.getvalue().count("《办理居住证需要哪些材料》") == len(answer.citations)
