"""What is marked is of the kind, the unit and the time that are asked for."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from tests.conftest import issue_of


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        (
            "大桥全长1268米，双向四车道，连同引线概算投资3.46亿元，工期26个月。",
            "How long is the bridge?",
            "1268米",
        ),
        (
            "招聘会在会展中心举行，86家企业提供岗位3400个，入场免费。",
            "How many firms came to the job fair?",
            "86家",
        ),
        (
            "县游泳馆宣布，成人单次票由25元调整为30元，学生票15元不变。",
            "How much was an adult single ticket at the swimming pool before?",
            "25元",
        ),
        (
            "县游泳馆宣布，成人单次票由25元调整为30元，学生票15元不变。",
            "游泳馆成人单次票原来多少钱？",
            "25元",
        ),
        (
            "免费更换燃气软管的期限由6月30日延长到8月31日。",
            "免费换燃气软管到什么时候截止，之前说6月30？",
            "8月31日",
        ),
        (
            "青年路改造工程3月动工。改造后双向四车道，两侧新栽香樟。施工由城建集团负责，工期8个月。",
            "青年路改造要多久？",
            "8个月",
        ),
        (
            "招聘会能给多少人工作？这次预计吸纳650人就业，投资8.6亿元。",
            "招聘会能给多少人工作？",
            "650人",
        ),
        (
            "这台机器狗重51公斤，续航4.5小时，能识别36种异常。",
            "How much does the robot dog weigh?",
            "51公斤",
        ),
        ("中秋节前，食堂给职工发放自制月饼2400个。", "食堂发了多少月饼？", "2400个"),
        ("招聘会一共来了三百名年轻人，签约41人。", "招聘会来了多少年轻人？", "三百名"),
        (
            "家属签证的配偶不能直接工作，须另办许可。",
            "Can my wife work on a family visa?",
            "家属签证的配偶不能直接工作",
        ),
    ],
)
def test_the_mark_is_of_what_is_asked(text: str, question: str, marked: str) -> None:
    answer = Answerer(Finder.open(Archive.in_memory([issue_of(text)]))).answer(question)
    [cited] = answer.citations
    assert [cited.quote[start:end] for start, end in cited.marks] == [marked]


def test_a_question_that_is_printed_is_not_marked_as_its_answer() -> None:
    text = "有读者问，为什么补贴不发木炭发现金。"
    answer = Answerer(Finder.open(Archive.in_memory([issue_of(text)]))).answer(
        "补贴为什么不发木炭发现金？"
    )
    assert not any(cited.marks for cited in answer.citations)
