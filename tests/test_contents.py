from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.rank import Finder
from qa.talk.contents import asks_contents
from tests.test_answer import check

HALL = """# 白鹭湖文化馆启用

5月8日，白鹭湖文化馆启用。市民可以免费参观。

# 区委召开防汛工作会议

5月6日，区委召开防汛工作会议。区委书记林知远主持会议。

# 27路公交车延长

公交车票价2元。首班车6时发车。
"""
FACTORY = """# 青石铺光伏产业园开工

4月2日，青石铺光伏产业园正式开工。总投资9.4亿元。
"""
LISTED = [
    "2020-05-10，共 3 篇：",
    "《白鹭湖文化馆启用》：5月8日，白鹭湖文化馆启用。[1]",
    "《区委召开防汛工作会议》：5月6日，区委召开防汛工作会议。[2]",
]


@pytest.fixture(scope="module")
def archive() -> Archive:
    files = (("2020-05-10.md", HALL), ("2020-04-30.md", FACTORY))
    return Archive.in_memory([read_bytes(text.encode(), name=name) for name, text in files])


@pytest.fixture(scope="module")
def chat(archive: Archive) -> Chat:
    return Chat(Answerer(Finder.open(archive)))


@pytest.mark.parametrize(
    "question",
    ["本期有哪些文章？", "这期有什么内容？", "最新一期讲了什么？", "总结一下本期内容"],
)
def test_the_newest_issue_is_listed_by_its_headlines(
    chat: Chat, archive: Archive, question: str
) -> None:
    answer = chat.reply(question)
    assert (answer.status, answer.confidence, answer.reading) == ("answered", 1.0, None)
    assert answer.text.split("\n") == [
        *LISTED,
        "《27路公交车延长》：公交车票价2元。[3]",
    ]
    check(answer, archive)


@pytest.mark.parametrize(
    "question", ["what is in this issue?", "list the articles", "List the headlines."]
)
def test_the_contents_are_asked_for_in_english_too(chat: Chat, question: str) -> None:
    answer = chat.reply(question)
    assert (answer.status, answer.lang, len(answer.citations)) == ("answered", "en", 3)
    assert answer.text.startswith("2020-05-10, 3 in all:\n")


def test_no_more_is_cited_than_asked_for_and_the_other_headlines_are_told(
    chat: Chat, archive: Archive
) -> None:
    answer = chat.reply("本期有哪些文章？", limit=2)
    assert answer.text.split("\n") == [*LISTED, "还有：", "《27路公交车延长》"]
    check(answer, archive)
    history = [Turn("user", "本期有哪些文章？")]
    more = chat.reply("还有呢？", history=history, limit=2)
    assert [one.quote for one in more.citations] == ["公交车票价2元。"]


@pytest.mark.parametrize(
    "question",
    ["2020年4月那期有哪些文章？", "what is in the April 2020 issue?", "2020-04那期讲了什么？"],
)
def test_a_month_that_is_named_is_the_issue_that_is_listed(chat: Chat, question: str) -> None:
    (source,) = chat.reply(question).sources
    assert (source.issue, source.title) == ("2020-04-30", "青石铺光伏产业园开工")


def test_an_issue_that_is_not_there_has_no_contents(chat: Chat) -> None:
    assert chat.reply("2001年5月那期有哪些文章？").status == "no_answer"
    within = Filters(issues=("2020-04-30",))
    assert [one.issue for one in chat.reply("目录", filters=within).sources] == ["2020-04-30"]
    empty = Chat(Answerer(Finder.open(Archive.in_memory())))
    assert empty.reply("本期有哪些文章？").text == "档案中还没有任何一期刊物。"


def test_contents_lean_on_no_question_before(chat: Chat) -> None:
    history = [Turn("user", "公交车票价多少？")]
    assert chat.reply("这期有什么内容？", history=history).reading is None


@pytest.mark.parametrize(
    "question", ["本期招聘会有哪些企业？", "今年有哪些文章获奖？", "What is in the park?", ""]
)
def test_other_questions_ask_for_no_contents(question: str) -> None:
    assert not asks_contents(question)


def test_the_name_of_the_bulletin_is_told_where_it_is_known(
    chat: Chat, invented_answerer: Answerer, invented_archive: Archive
) -> None:
    name = invented_archive.summary().name
    assert name
    for question in ("这是什么报纸？", "which newspaper is this?"):
        answer = Chat(invented_answerer).reply(question)
        assert (answer.status, f"《{name}》" in answer.text) == ("chat", True)
        assert "《" not in chat.reply(question).text
