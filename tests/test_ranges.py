"""A figure of the asker's own is answered by the range it falls in."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.native import Answer
from qa.rank import Finder
from tests.conftest import issue_of

LUNCH = (
    "槐树里社区食堂开业，居民刷卡用餐，老人可以享受优惠。",
    "食堂价目：80岁以上老人午餐6元，70至79岁8元，60至69岁10元；60岁以下居民15元一份。",
    "食堂设在原来的文化站，有座位68个，老人刷卡用餐。",
)
HEAT = (
    "今冬供热缴费开始，每平方米24元，居民可在营业厅办理。",
    "室温低于18℃高于16℃的，退还当日热费的50%；低于16℃的，全额退还。",
)
SHOTS = ("流感疫苗开打，社区卫生站每天上午接种。", "6个月至5岁儿童每剂收费56元，65岁以上老人免费。")
KEEPER = ("61岁的老骆是湿地的巡护员，每天四点半起床，记满了27个本子。",)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    texts = (LUNCH, HEAT, SHOTS, KEEPER)
    issues = [issue_of(*one, name=f"2022-0{n}.txt") for n, one in enumerate(texts, start=1)]
    return Answerer(Finder.open(Archive.in_memory(issues)))


def marked(answer: Answer) -> list[str]:
    return [one.quote[start:end] for one in answer.citations[:1] for start, end in one.marks]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("75岁老人在社区食堂吃午餐多少钱？", "8元"),
        ("我妈82了，在食堂吃午餐要多少钱？", "6元"),
        ("家里测出来17度，热费退多少？", "50%"),
        ("How much is a flu shot for a 3 year old child?", "56元"),
    ],
)
def test_what_holds_for_a_range_answers_whoever_falls_in_it(
    answerer: Answerer, question: str, told: str
) -> None:
    answer = answerer.answer(question)
    assert answer.status == "answered"
    assert told in answer.citations[0].quote
    assert marked(answer) in ([told], [])


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("住8楼加装电梯要出多少钱？", "2600元"),
        ("10千瓦的充电桩补贴多少？", "450元"),
        ("一个月用20吨水，多少钱一吨？", "3.10元"),
    ],
)
def test_floors_watts_and_tons_fall_in_ranges_too(question: str, told: str) -> None:
    texts = (
        "更换电梯的费用，2至6层每户分摊1800元，7至12层每户分摊2600元。",
        "水价分级：每月15吨以内的，每吨2.35元；15吨以上至25吨的，每吨3.10元。",
        "安装充电桩，3千瓦至7千瓦的每台补贴300元，7千瓦至11千瓦的每台补贴450元。",
    )
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(*texts)])))
    assert told in answerer.answer(question).citations[0].quote


@pytest.mark.parametrize(
    ("question", "told"),
    [("我妈75岁，游园多少钱？", ["13元"]), ("我爸82岁了，游园多少钱？", [])],
)
def test_of_a_range_that_one_does_not_fall_in_nothing_is_marked(
    question: str, told: list[str]
) -> None:
    text = "游园票价调整，60至79岁老人由12元调整为13元，80岁以上老人价格不变。"
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(text)])))
    assert marked(answerer.answer(question)) == told


def test_another_figure_takes_the_place_of_ones_own(answerer: Answerer) -> None:
    asked = "80岁老人在食堂吃午餐多少钱？"
    first = Chat(answerer).reply(asked, history=[])
    history = [Turn("user", asked), Turn("assistant", first.text)]
    answer = Chat(answerer).reply("那65的呢？", history=history)
    assert answer.reading is not None
    assert answer.reading.question == "65岁老人在食堂吃午餐多少钱？"
    assert marked(answer) == ["10元"]


def test_a_range_of_another_thing_answers_not(answerer: Answerer) -> None:
    answer = answerer.answer("我今年50岁，食堂午餐多少钱？")
    assert "食堂价目" in answer.citations[0].quote


def test_a_range_that_a_question_names_is_no_figure_of_the_askers_own(answerer: Answerer) -> None:
    assert answerer.answer("50周岁以上居民食堂午餐多少钱？").status == "no_answer"


def test_a_figure_that_is_printed_is_told_by_no_range(answerer: Answerer) -> None:
    answer = answerer.answer("61岁的老骆每天几点起床？")
    assert "四点半" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("我妈92了，高龄津贴多少？", "90至99周岁|150"),
        ("92岁的高龄津贴是多少？", "90至99周岁|150"),
        ("85岁高龄津贴多少钱？", "80至89周岁|60"),
        ("101岁的高龄津贴多少？", "100周岁及以上|800"),
    ],
)
def test_the_row_whose_range_holds_an_age_is_the_one_that_is_asked_for(
    question: str, row: str
) -> None:
    table = (
        "高龄津贴标准\n年龄\t每月标准（元）\n80至89周岁\t60\n90至99周岁\t150\n100周岁及以上\t800\n"
    )
    text = f"{table}\n\n体检通知\n\n区医院10月起为65岁以上老人免费体检，每人每年一次。\n"
    archive = Archive.in_memory([read_bytes(text.encode(), name="2024-10.txt")])
    answer = Answerer(Finder.open(archive)).answer(question)
    assert answer.status == "answered"
    first = answer.citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [row.rpartition("|")[2]]
