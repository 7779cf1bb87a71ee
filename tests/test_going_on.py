"""Turns that go on: a correction that asks, another thing named first, the same article."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.native import Answer
from qa.rank import Finder
from qa.talk.followups import Cue, follow_up
from tests.conftest import issue_of

FERRY = (
    "柳埠渡轮5月1日开航。渡轮由东岳船厂设计，造价2600万元，每小时一班，可载客180人。"
    "船长方定国今年51岁。\n\n"
    "水手长石小满，34岁，负责系缆。\n\n"
    "中学生乘船凭学生证免费。"
)
SCHOOL = "柳埠中学9月招生240人，学费每学期900元。中学门卫老丁今年63岁。"
LIBRARY = (
    "县图书馆由中原设计院设计，造价3100万元，能坐多少人由消防部门核定。"
    "园丁赵木生培育的月季花成本只有8元。\n\n"
    "乘船来馆的中学生可以领一张借书证。公交车能载多少人，要看车型，一般能载60人。"
)
PRICES = """县城农贸市场价格（11月6日）
品名\t规格\t均价（元/公斤）\t比上周
鲜鸭蛋\t散装\t13.6\t涨0.4
青鱼\t活\t19.8\t跌0.6
菠菜\t净菜\t4.2\t持平
县价格监测站"""


@pytest.fixture(scope="module")
def chat() -> Chat:
    issues = [
        issue_of("柳埠渡轮开航", FERRY, name="2030-05.txt"),
        issue_of("柳埠中学招生", SCHOOL, name="2030-06.txt"),
        issue_of("县图书馆开馆", LIBRARY, name="2030-08.txt"),
        issue_of("农贸市场价格", PRICES, name="2030-07.txt"),
    ]
    return Chat(Answerer(Finder.open(Archive.in_memory(issues))))


def talk(chat: Chat, *questions: str) -> Answer:
    """Return the answer to the last of some questions that are asked in turn."""
    history = [Turn("user", question) for question in questions[:-1]]
    return chat.reply(questions[-1], history=history)


def marks(answer: Answer) -> list[str]:
    return [one.quote[slice(*mark)] for one in answer.citations[:1] for mark in one.marks]


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        (("渡轮造价多少？", "不，我是说能载多少人？"), "180人"),
        (("渡轮什么时候开航？", "错了，我要问的是谁设计的？"), "东岳船厂"),
        (("When does the ferry start?", "No, I mean how much did it cost?"), "2600万元"),
    ],
)
def test_a_correction_that_asks_is_asked_of_what_was_spoken_of(
    chat: Chat, questions: tuple[str, ...], told: str
) -> None:
    answer = talk(chat, *questions)
    assert told in answer.citations[0].quote
    assert answer.citations[0].location.article_id.startswith("2030-05")


@pytest.mark.parametrize(
    ("turn", "read"),
    [
        ("那个门卫呢，他多大了？", "那个门卫多大了？"),
        ("那食堂呢，几点开门？", "食堂几点开门？"),
        ("And what about the canteen, when does it open?", "when does the canteen open?"),
        ("what about the nursery, how many places?", "how many places for the nursery?"),
    ],
)
def test_what_is_named_first_is_what_is_asked_about(turn: str, read: str) -> None:
    new = follow_up(turn)
    assert (new.cue, new.text) == (Cue.ALONE, read)


def test_whoever_is_named_first_is_not_who_was_spoken_of(chat: Chat) -> None:
    answer = talk(chat, "船长多大了？", "那个门卫呢，他多大了？")
    assert marks(answer) == ["63岁"]
    assert answer.reading is not None
    assert answer.reading.question == "那个门卫多大了？"


def test_a_question_that_leans_on_nothing_is_told_by_the_article_that_says_more(
    chat: Chat,
) -> None:
    question = "How many people does one trip carry at most?"
    assert marks(talk(chat, question)) == ["60人"]
    assert marks(talk(chat, "When does the ferry start?", question)) == ["180人"]


def test_the_row_that_was_named_is_what_is_spoken_of(chat: Chat) -> None:
    answer = talk(chat, "鸭蛋多少钱？", "青鱼呢？", "比上周呢？")
    assert "青鱼" in answer.citations[0].quote


def test_the_columns_of_a_row_say_what_it_tells(chat: Chat) -> None:
    answer = talk(chat, "鸭蛋多少钱？", "不，我是说什么规格？")
    assert answer.status == "answered"
    assert "散装" in answer.citations[0].quote


@pytest.mark.parametrize("questions", [("青鱼和菠菜多少钱？",), ("鸭蛋多少钱？", "青鱼和菠菜呢？")])
def test_both_rows_are_told_that_are_named(chat: Chat, questions: tuple[str, ...]) -> None:
    answer = talk(chat, *questions)
    told = [one.quote.split("|")[0] for one in answer.citations]
    assert sorted(told[:2]) == ["菠菜", "青鱼"]


def test_how_old_is_told_by_the_years_alone(chat: Chat) -> None:
    assert marks(talk(chat, "石小满负责什么？", "How old is he?")) == ["34岁"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How much does the new river ferry cost?", "the new river ferry"),
        ("When does the ferry leave for Liubu?", "the ferry"),
    ],
)
def test_an_english_subject_is_what_does_something(chat: Chat, question: str, told: str) -> None:
    answer = talk(chat, question, "Who designed it?")
    assert answer.reading is not None
    assert answer.reading.question == f"Who designed {told}?"
