"""A day that is asked about is one thing, and not two figures that stand in many places."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from embeddings.encoder import shipped_encoder
from qa.answer import Answerer
from qa.query import parse
from qa.rank import Finder
from qa.search.numerals import numerals
from qa.search.units import Units, units_of
from qa.wording import plainly
from tests.conftest import issue_of

TOLD = (
    "本报讯（记者林舒）9月10日，青石铺电池产业园开工建设，总投资9亿元。",
    "旧馆10月18日起停止借阅，馆舍改造为老年大学，设教室9间。",
    "学校共有9个年级，10名教师获奖，每天17时30分放学。",
    "本报讯（记者林舒）10月8日起，新开15路公交线路，途经9站，首班车6时10分。",
    "11月1日，文化馆开放，市民可以免费参观10个展厅。",
    "居民小区改造电梯30部，惠及居民900户，10月底完工。",
)


@pytest.fixture(scope="module")
def finder() -> Finder:
    issues = [issue_of(text, name=f"2026-09-1{n}.txt") for n, text in enumerate(TOLD, start=1)]
    return Finder.open(Archive.in_memory(issues))


@pytest.fixture(scope="module")
def answerer(finder: Finder) -> Answerer:
    return Answerer(finder)


def units(question: str, finder: Finder) -> Units:
    return units_of(
        finder.read(question),
        encoder=shipped_encoder(),
        seen_in=finder.lexical.seen_in,
        rarity=finder.lexical.rarity,
        n_passages=len(finder.lexical),
    )


@pytest.mark.parametrize(
    ("question", "day", "without"),
    [
        ("9月10日谁来了？", "9月10日", {"9", "10", "日"}),
        ("9月10号谁来了？", "9月10日", {"9", "10", "号"}),
        ("10月谁来了？", "10月", {"10"}),
    ],
)
def test_a_day_that_is_printed_is_one_unit(
    question: str, day: str, without: set[str], finder: Finder
) -> None:
    words = units(question, finder).words
    assert day in words
    assert without.isdisjoint(words)


def test_a_figure_that_stands_behind_the_day_as_well_stays(finder: Finder) -> None:
    words = units("9月10日10路在哪里停？", finder).words
    assert {"9月10日", "10"} <= set(words)
    assert "9" not in words


def test_the_figures_of_a_day_that_is_not_printed_stay(finder: Finder) -> None:
    assert {"7月3日", "7", "3"} <= set(units("7月3日谁来了？", finder).words)


def test_a_day_is_as_rare_as_its_figures_together(finder: Finder) -> None:
    rarity = finder.lexical.rarity
    assert rarity("9月10日") == pytest.approx(min(rarity("9") + rarity("10"), rarity("没有的词")))
    assert rarity("10月") == rarity("10") < rarity("9月10日")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("9月10日发生了什么？", TOLD[0]),
        ("9月10号有什么新闻", TOLD[0]),
        ("10月8日有什么变化？", TOLD[3]),
        ("11月1日有什么活动？", TOLD[4]),
        ("九月十号开工的是什么？", TOLD[0]),
        ("2026年9月10日发生了什么？", TOLD[0]),
        ("2026-09-10发生了什么？", TOLD[0]),
        ("What happened on 2026-09-10?", TOLD[0]),
        ("What happened on September 10?", TOLD[0]),
        ("what happened on the 10th of September", TOLD[0]),
        ("what took place on Nov 1", TOLD[4]),
    ],
)
def test_what_happened_on_a_day_is_told_by_what_names_it(
    question: str, answer: str, answerer: Answerer
) -> None:
    found = answerer.answer(question)
    assert found.status == "answered"
    assert found.citations[0].quote in answer


@pytest.mark.parametrize(
    "question",
    [
        "1月1日文化馆开放吗？",  # 11月1日 is another day
        "9月30日发生了什么？",
        "2031年9月10日发生了什么？",
        "What happened on January 1?",
        "What happened on September 18?",
    ],
)
def test_nothing_is_claimed_of_a_day_that_no_passage_names(
    question: str, answerer: Answerer
) -> None:
    assert answerer.answer(question).status == "no_answer"


@pytest.mark.parametrize(
    "question", ["二三月份的事", "版本1.2021.10.8", "电话2021-10-080", "2021-13-01"]
)
def test_what_is_no_day_stays_as_it_is(question: str) -> None:
    assert plainly(question) == question


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("on oct 8", ["oct 8"]),
        ("on sept. 30th", ["sept. 30th"]),
        ("the 1st of may", ["1st of may"]),
        ("on august the 2nd, 2021", ["august the 2nd"]),
        ("the 3rd of 12", ["3rd"]),
        ("the dec building of 10 floors", []),
    ],
)
def test_a_day_is_told_however_it_is_written(text: str, phrases: list[str]) -> None:
    assert [one.phrase for one in numerals(text)] == phrases


def test_another_day_of_the_month_counts_little() -> None:
    (day,) = numerals("on september 10")
    (month,) = numerals("in september")
    assert dict(day.terms)["9月"] < dict(month.terms)["9月"] < dict(day.terms)["9月10日"] == 1


def test_a_day_in_english_is_no_number_and_no_word_of_its_own() -> None:
    query = parse("Who came on the 8th of October?")
    phrases = [one.phrase for one in query.expansions]
    assert "8th of october" in phrases
    assert not {"8th", "october", "of october"} & set(phrases)
