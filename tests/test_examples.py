from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.metadata import Metadata
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.query import Lang
from qa.rank import Finder
from qa.talk.examples import example_questions

HALL = """# 白鹭湖文化馆启用

5月8日，白鹭湖文化馆启用，市民可以免费参观。总投资1.2亿元，占地36亩。

# 区委召开防汛工作会议

5月6日，区委召开防汛工作会议。区委书记林知远主持会议，研究水库调度。

# 优秀青年登山队举行表彰

75名机关干部参加表彰。
"""
FACTORY = """# 青石铺光伏产业园开工

4月2日，青石铺光伏产业园正式开工。总投资9.4亿元，占地210亩。
"""


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    issues = [
        read_bytes(FACTORY.encode(), name="2020-04-30.md", options=Metadata(id="z")),
        read_bytes(HALL.encode(), name="2020-05-10.md"),
    ]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("lang", "questions"),
    [
        (
            "zh",
            (
                "白鹭湖文化馆什么时候启用？",
                "谁主持了防汛工作会议？",
                "青石铺光伏产业园总投资是多少？",
            ),
        ),
        (
            "en",
            (
                "On which day was “白鹭湖文化馆” put into use?",
                "Which official chaired the meeting “防汛工作会议”?",
                "How many yuan is the total investment of “青石铺光伏产业园”?",
            ),
        ),
    ],
)
def test_examples_are_whole_questions_of_the_newest_issue_first(
    answerer: Answerer, lang: Lang, questions: tuple[str, ...]
) -> None:
    assert example_questions(answerer, lang=lang) == questions


def test_an_article_is_asked_for_its_own_figures(answerer: Answerer) -> None:
    assert example_questions(answerer, lang="zh", n=9, article_id="2020-05-10/a01") == (
        "白鹭湖文化馆什么时候启用？",
        "白鹭湖文化馆总投资是多少？",
        "白鹭湖文化馆占地多少亩？",
    )


def test_a_headline_without_a_sure_name_gives_no_example(answerer: Answerer) -> None:
    assert example_questions(answerer, lang="zh", article_id="2020-05-10/a03") == ()


@pytest.mark.parametrize(
    ("lang", "questions"),
    [
        ("zh", ("最新一期有哪些文章？", "《晨雾里的渡船》是谁写的？")),
        ("en", ("What is in the latest issue?", "Who wrote “晨雾里的渡船”?")),
    ],
)
def test_where_no_headline_gives_one_the_issue_itself_is_asked_for(
    lang: Lang, questions: tuple[str, ...]
) -> None:
    text = "# 渡口\n\n老渡口在镇东。\n\n# 晨雾里的渡船\n\n本报讯（记者 林知远）渡船清早靠岸。\n"
    archive = Archive.in_memory([read_bytes(text.encode(), name="2020-05-10.md")])
    answerer = Answerer(Finder.open(archive))
    assert example_questions(answerer, lang=lang) == questions
    assert example_questions(answerer, lang=lang, article_id="2020-05-10/a01") == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_invented_issues_give_three_examples(invented_answerer: Answerer, lang: Lang) -> None:
    found = example_questions(invented_answerer, lang=lang)
    assert len(set(found)) == 3
    for question in found:
        assert invented_answerer.answer(question).status == "answered"
        assert not set("“”").issubset(question.replace("“", "", 1).replace("”", "", 1))
        assert "「" not in question
