"""What a term is, told part by part, by the answer to a printed question, or by what bears it."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.rank import Finder
from tests.test_answer import check

PAGE = """# “五治两增”怎么做？访柳湾镇镇长唐可

记者：柳湾镇提出“五治两增”，具体指什么？

唐可：“五治”是治水、治气、治土、治路、治噪，“两增”是增绿、增亮。全镇21个村都要做一遍。

记者：“五治两增”最难的是什么？

唐可：最难的是治噪，沿街的店铺多。

# 访图书馆馆长韦青

记者：什么是“星灯计划”？

韦青：就是每天晚上给晚归的学生留一间自习室。灯亮到夜里十点。

记者：“移动书箱”什么时候开始？

韦青：六月开始，先去三个村。

# 答读者问

问：“一米菜园”是什么？答：是阳台上一平方米的种菜箱，由街道免费发放。问：怎么领？答：到社区登记。

# 台风过境

受台风“白鹭”影响，全县停课一天，转移群众300人。

# “白鹭”行动启动

县公安局启动“白鹭”行动，民警走访了三个村。
"""


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    issue = read_bytes(PAGE.encode(), name="2023-06-09.md")
    return Answerer(Finder.open(Archive.in_memory([issue])))


@pytest.mark.parametrize(
    "question", ["什么是“五治两增”？", "“五治两增”指的是什么", "五治两增是什么？"]
)
def test_a_term_is_explained_part_by_part(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert (answer.status, [one.quote for one in answer.citations]) == (
        "answered",
        ["唐可：“五治”是治水、治气、治土、治路、治噪，“两增”是增绿、增亮。"],
    )
    check(answer, answerer.finder.archive)


def test_an_answer_that_does_not_name_the_term_stands_behind_the_question(
    answerer: Answerer,
) -> None:
    answer = answerer.answer("什么是“星灯计划”？")
    assert (answer.status, [one.quote for one in answer.citations]) == (
        "answered",
        [
            "记者：什么是“星灯计划”？",
            "韦青：就是每天晚上给晚归的学生留一间自习室。灯亮到夜里十点。",
        ],
    )
    check(answer, answerer.finder.archive)


def test_a_question_and_its_answer_in_one_paragraph_are_so_told_too(answerer: Answerer) -> None:
    answer = answerer.answer("“一米菜园”是什么？")
    assert (answer.status, [one.quote for one in answer.citations]) == (
        "answered",
        ["问：“一米菜园”是什么？", "答：是阳台上一平方米的种菜箱，由街道免费发放。"],
    )


def test_a_question_that_asks_something_else_of_it_explains_nothing(answerer: Answerer) -> None:
    answer = answerer.answer("什么是“移动书箱”？")
    assert (answer.status, [one.quote for one in answer.citations]) == (
        "partial",
        ["记者：“移动书箱”什么时候开始？", "韦青：六月开始，先去三个村。"],
    )


def test_what_bears_a_name_is_what_it_is(answerer: Answerer) -> None:
    answer = answerer.answer("“白鹭”是什么？")
    assert answer.status == "answered"
    assert answer.citations[0].quote == "受台风“白鹭”影响，全县停课一天，转移群众300人。"
    assert answerer.answer("什么是“白鹭”行动？").status == "partial"
