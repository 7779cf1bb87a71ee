"""Interviews whose question and answer share a paragraph, and who signs letters to the editor."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from corpus.types import Issue
from qa.answer import Answerer
from qa.rank import Finder
from tests.test_answer import check

PAGE = """# 专访“护河人”方砚秋

问：您负责哪一段河道？答：渡口到石桥的12公里，一个人走了19年。

问：最怕什么？答：最怕涨水。2021年7月那一次，我守了两天两夜。

记者：接班人找到了吗？方砚秋：找到了，是我的侄女。

# 读者来信：12路能不能早一点

编辑同志：我是石桥镇的一名面点师，每天凌晨5点上班。希望12路首班车提前到4时40分。

读者 唐可馨

公交公司回复：本月起12路首班车提前到4时50分。

# 读者来信：给体育馆点个赞

体育馆开放后我每个周末都带儿子去打球。只是更衣室太小。希望多装几个柜子。读者 韦青山

# 老码头改造动工

老码头改造动工，工期八个月，其间客船停靠东岸。
"""


@pytest.fixture(scope="module")
def issue() -> Issue:
    return read_bytes(PAGE.encode(), name="2023-06-16.md")


@pytest.fixture(scope="module")
def answerer(issue: Issue) -> Answerer:
    return Answerer(Finder.open(Archive.in_memory([issue])))


def test_a_question_and_an_answer_in_one_paragraph_are_two_passages(issue: Issue) -> None:
    assert [passage.text for passage in issue.articles[0].passages] == [
        "问：您负责哪一段河道？",
        "答：渡口到石桥的12公里，一个人走了19年。",
        "问：最怕什么？",
        "答：最怕涨水。2021年7月那一次，我守了两天两夜。",
        "记者：接班人找到了吗？",
        "方砚秋：找到了，是我的侄女。",
    ]
    with Archive.in_memory([issue]) as archive:
        assert archive.verify() == []


def test_who_signs_behind_a_letter_is_a_passage(issue: Issue) -> None:
    assert [passage.text for passage in issue.articles[2].passages] == [
        "体育馆开放后我每个周末都带儿子去打球。只是更衣室太小。希望多装几个柜子。",
        "读者 韦青山",
    ]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("方砚秋负责哪一段河道？", "渡口到石桥的12公里"),
        ("方砚秋最怕什么？", "最怕涨水"),
        ("唐可馨是谁？", "我是石桥镇的一名面点师"),
        ("读者唐可馨希望什么？", "希望12路首班车提前到4时40分"),
        ("读者韦青山说了什么？", "体育馆开放后我每个周末都带儿子去打球"),
        ("韦青山希望什么？", "希望多装几个柜子"),
    ],
)
def test_what_is_said_is_found_by_who_is_asked_or_signs(
    answerer: Answerer, question: str, told: str
) -> None:
    answer = answerer.answer(question)
    assert answer.status == "answered"
    assert told in answer.citations[0].quote
    check(answer, answerer.finder.archive)


def test_the_reply_to_a_letter_is_not_its_writers(answerer: Answerer) -> None:
    places = {
        place.passage.text: place.searched
        for place in answerer.finder.archive.places(
            [passage.id for passage in answerer.finder.archive.article("2023-06-16/a02").passages]
        )
    }
    assert ["唐可馨" in searched for searched in places.values()] == [True, True, False]


PAIRS = """# 一问一答：公积金怎么取

近期常有职工来电询问公积金，中心主任唐可作了解答。

问：单位每月缴多少？

答：缴上年度月平均工资的8%，个人也缴8%。

问：什么时候能取？

答：离职或者买房的，可以取，一次取完。

问：配偶可以一起取吗？

答：须带结婚证到柜台，网上不能办。第二次起不用再带。

问：在哪里查？

答：登录公积金网，点“我的账户”，每月5日更新。
"""

INTERVIEW = """河湾区报
2023年6月30日　第18期

专访方砚秋：为什么来河湾
记者 韦青
　　方砚秋的仪表厂总部在外地，签约当天，他接受了本报专访。
　　本报：贵公司看了多少个城市？
　　方砚秋：七个，最后选了河湾。董事会开了两次会。
　　本报：新厂会招多少人？
　　方砚秋：先招260人，其中一半是技工。每年再办一个班，招40名学生。
"""


@pytest.fixture(scope="module")
def of_pairs() -> Answerer:
    return Answerer(
        Finder.open(
            Archive.in_memory(
                [
                    read_bytes(PAIRS.encode(), name="2023-06-23.md"),
                    read_bytes(INTERVIEW.encode(), name="2023-06-30.txt"),
                ]
            )
        )
    )


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("公积金什么时候能取？", "答：离职或者买房的，可以取，一次取完。"),
        ("什么时候能取公积金", "答：离职或者买房的，可以取，一次取完。"),
        ("公积金在哪里查？", "答：登录公积金网，点“我的账户”，每月5日更新。"),
        ("Can my spouse take it too?", "答：须带结婚证到柜台，网上不能办。第二次起不用再带。"),
        (
            "河湾的新厂会招多少人？",
            "方砚秋：先招260人，其中一半是技工。每年再办一个班，招40名学生。",
        ),
    ],
)
def test_the_answer_to_a_printed_question_that_asks_the_same_is_quoted_from_its_start(
    of_pairs: Answerer, question: str, told: str
) -> None:
    answer = of_pairs.answer(question)
    check(answer, of_pairs.finder.archive)
    assert (answer.status, answer.citations[0].quote) == ("answered", told)


def test_the_answer_to_another_printed_question_is_not(of_pairs: Answerer) -> None:
    answer = of_pairs.answer("公积金什么时候更新？")
    assert answer.citations[0].quote == "答：登录公积金网，点“我的账户”，每月5日更新。"


def test_what_the_paper_asks_is_text_and_no_page_matter(of_pairs: Answerer) -> None:
    passages = of_pairs.finder.archive.article("2023-06-30/a01").passages
    assert [one.text for one in passages if one.text.startswith("本报：")] == [
        "本报：贵公司看了多少个城市？",
        "本报：新厂会招多少人？",
    ]
