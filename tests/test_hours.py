"""A day of the week or an hour that is asked about, and the printed hours that answer."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.text import fold
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.hours import then_asked, told_then
from qa.rank import Finder
from tests.conftest import issue_of

HOURS = "门诊时间为周一至周五8:00至17:30，周六上午8:00至12:00，周日休息。"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("门诊周日开吗？", "周日休息"),
        ("星期六能看病吗？", "周六上午8:00至12:00"),
        ("礼拜三开门吗？", "周一至周五8:00至17:30"),
        ("门诊下午5点还开吗？", "8:00至17:30"),
        ("周六下午3点能看病吗？", "8:00至12:00"),
        ("Is the clinic open on Sunday?", "周日休息"),
        ("Is the clinic open on Saturdays?", "周六上午8:00至12:00"),
        ("Is the clinic open at 4 pm?", "8:00至17:30"),
        ("门诊几点开门？", None),
        ("门诊周日几点开门？", None),
        ("门诊开了吗？", None),
    ],
)
def test_what_holds_on_a_day_or_at_an_hour_is_found(question: str, told: str | None) -> None:
    folded = fold(HOURS)
    found = told_then(parse(question), folded)
    assert (folded[slice(*found)] if found else None) == (told and fold(told))


@pytest.mark.parametrize(
    ("question", "days", "minutes"),
    [
        ("周末晚上9点还开吗？", {6, 7}, 21 * 60),
        ("中午1点半有饭吗？", set(), 13 * 60 + 30),
        ("半夜能去看病吗？", set(), 24 * 60),
        ("节假日上班吗？", {8}, None),
        ("晚上12点还开吗？", set(), 0),
        ("夜里3点还开吗？", set(), 3 * 60),
        ("凌晨2点还开吗？", set(), 2 * 60),
        ("下午2点还开吗？", set(), 14 * 60),
        ("中午12点有饭吗？", set(), 12 * 60),
        ("open at 12 a.m.?", set(), 0),
        ("open at 12 pm?", set(), 12 * 60),
        ("open at 8 in the evening?", set(), 20 * 60),
        ("closed before 6:30?", set(), 6 * 60 + 30),
        ("open on weekdays until 8 p.m.?", {1, 2, 3, 4, 5}, 20 * 60),
    ],
)
def test_when_is_read_from_the_question(question: str, days: set[int], minutes: int | None) -> None:
    then = then_asked(parse(question))
    assert then is not None
    assert (set(then.days), then.minutes) == (days, minutes)


@pytest.mark.parametrize(
    "question",
    [
        "What was there before 2021?",
        "What happened after 300 visitors came?",
        "after 8 weeks of work?",
    ],
)
def test_other_figures_in_english_are_no_hours(question: str) -> None:
    assert then_asked(parse(question)) is None


@pytest.mark.parametrize(
    "question", ["会议提了哪几点要求？", "每周一次的集市在哪？", "3点建议是什么？"]
)
def test_what_names_no_time_asks_of_none(question: str) -> None:
    assert then_asked(parse(question)) is None


def test_hours_that_have_none_of_its_words_answer_a_question_and_are_marked() -> None:
    texts = ("小区装修", "施工时间为工作日8:00至12:00，周六、周日不得装修。装修垃圾须袋装。")
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(*texts, "镇上举办运动会。")])))
    answer = answerer.answer("周末可以装修吗？")
    assert answer.status == "answered"
    first = answer.citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["周六、周日不得装修"]
