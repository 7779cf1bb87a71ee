from __future__ import annotations

from dataclasses import replace

import pytest

from qa.query import MAX_CHARS, Wants, parse


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("谁主持了会议？", Wants.WHO),
        ("会议什么时候召开？", Wants.WHEN),
        ("新校区在哪里？", Wants.WHERE),
        ("一共有多少家企业？", Wants.HOW_MANY),
        ("要采取哪些措施？", Wants.LIST),
        ("Who chaired the meeting?", Wants.WHO),
        ("When does the road reopen?", Wants.WHEN),
        ("Where is the new campus?", Wants.WHERE),
        ("How many buses were added?", Wants.HOW_MANY),
        ("What measures were ordered?", Wants.LIST),
        ("公交", Wants.OTHER),
    ],
)
def test_the_kind_of_answer_is_told_from_the_question(question: str, wants: Wants) -> None:
    assert parse(question).wants is wants


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("“4321”工程是什么？", "4321"),
        ("什么是“星火”计划", "星火"),
        ("4321目标是什么意思", "4321"),
        ("“一核两翼”战略包括哪些内容？", "一核两翼"),
        ("what is the 4321 goal", "4321"),
        ("What does 4321 mean?", "4321"),
        ("what does the 一核两翼 strategy mean", "一核两翼"),
        ("“六个一”工程具体是哪些工程？", "六个一"),
        ("基层治理“四张清单”包括哪四张？", "四张清单"),
        ("“一核两翼”布局怎么理解？", "一核两翼"),
        ("如何理解“一核两翼”？", "一核两翼"),
        ("“一核两翼”什么意思", "一核两翼"),
        ("what does the “1+6” industrial park plan of the county mean?", "1+6"),
        ("What are the “four lists” mentioned by the secretary?", "four lists"),
        ("What is “一核两翼”?", "一核两翼"),
        ("what's the 4321 plan about", "4321"),
        ("Can you explain the 4321 plan?", "4321"),
        ("什么是PM2.5？", "pm2.5"),
        ("What is the PM2.5 in February 2025?", ""),
        ("“4321”工程有哪些企业参加？", ""),
        ("“4321”工程的目的是什么？", ""),
        ("What does the “4321” project cost?", ""),
        ("What is the “4321” project's budget?", ""),
        ("What did the mayor say about the “4321” project?", ""),
        ("谁提出了“4321”工程？", ""),
        ("“4321”工程总投资是多少？", ""),
        ("What is the total investment of the 4321 project?", ""),
        ("公交是什么？", ""),
    ],
)
def test_a_coined_term_to_be_explained_is_the_focus(question: str, focus: str) -> None:
    assert parse(question).focus == focus


def test_an_english_question_may_hold_a_chinese_term_which_is_then_required() -> None:
    query = parse("What is the 一核两翼 strategy?")
    assert (query.lang, query.required) == ("en", ("一核两翼",))


def test_full_width_and_traditional_questions_are_the_same_query() -> None:
    assert parse("２０２５年產業園").terms == parse("2025年产业园").terms


def test_function_words_are_no_content() -> None:
    assert parse("请问医院有多少张床位？").content == ("医院", "床位")
    assert parse("How many bus routes are there in the city?").content == ("bus", "routes", "city")


@pytest.mark.parametrize("question", ["", "   ", "？？", "\U0001f600", "\u200b"])
def test_a_question_without_a_word_has_no_content(question: str) -> None:
    assert parse(question).content == ()


def test_a_question_too_long_is_cut() -> None:
    assert len(parse("公" * 5000).text) == MAX_CHARS


@pytest.mark.parametrize(
    ("question", "required"),
    [
        ("When does the 70th contest begin?", ()),
        ("Who won the 3rd prize of the 100m race?", ()),
        ("How far is 12km?", ()),
        ("What is a 4k screen for?", ("4k",)),
        ("5g基站有多少个？", ("5g",)),
    ],
)
def test_an_ordinal_or_a_measure_is_no_code(question: str, required: tuple[str, ...]) -> None:
    assert parse(question).required == required


def test_a_question_is_hashed_by_its_text_alone() -> None:
    query = parse("Who chairs the transport meeting in the development zone?")
    assert hash(query) == hash(query.text)
    assert {query: 1}[parse(query.text)] == 1
    assert query != replace(query, names=("Zhang",))
