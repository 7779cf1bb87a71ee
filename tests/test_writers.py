"""Who wrote an article that is named by its headline: told as it is signed, with a citation."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.rank import Finder
from qa.talk.writers import writer_asked
from tests.test_answer import check

PAGE = """# 荷塘（散文）

作者 方砚秋

荷塘在村子东头。奶奶说，荷叶底下藏着一夏天的雨。

# 新桥通车

本报讯（记者 唐可 通讯员 韦青）5月2日，新桥通车。桥长812米。

# 停水通知

5月4日9时至17时，东街停水。

# 图片新闻

图为5月1日，市民在江边放风筝。蒲小满 摄

# 市民诵读《春天的第一封信》

本报讯（记者 唐可）5月3日，市民在图书馆诵读。

# 读者来信：路灯该修了

东街的路灯坏了两个月，晚上走路要打手电。（韦青）
"""
LATER = """# 图片新闻

图为5月9日，龙舟下水。唐可 摄
"""


@pytest.fixture(scope="module")
def archive() -> Archive:
    issues = (("2020-05-05.md", PAGE), ("2020-05-12.md", f"# 新桥限高\n\n限高4米。\n\n{LATER}"))
    return Archive.in_memory([read_bytes(text.encode(), name=name) for name, text in issues])


@pytest.fixture(scope="module")
def answerer(archive: Archive) -> Answerer:
    return Answerer(Finder.open(archive))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("《荷塘》作者是谁？", "《荷塘（散文）》署名：作者 方砚秋。原文：荷塘在村子东头。[1]"),
        ("荷塘是谁写的？", "《荷塘（散文）》署名：作者 方砚秋。原文：荷塘在村子东头。[1]"),
        ("谁写了《荷塘》这篇文章", "《荷塘（散文）》署名：作者 方砚秋。原文：荷塘在村子东头。[1]"),
        ("Who wrote 《荷塘》?", "《荷塘（散文）》署名：作者 方砚秋。原文：荷塘在村子东头。[1]"),
        (
            "who is the author of the essay 荷塘?",
            "《荷塘（散文）》 is signed by 方砚秋: 荷塘在村子东头。[1]",
        ),
        (
            "《新桥通车》是哪位记者采写的？",
            "《新桥通车》署名：记者 唐可、通讯员 韦青。"
            "原文：本报讯（记者 唐可 通讯员 韦青）5月2日，新桥通车。[1]",
        ),
        (
            "《市民诵读〈春天的第一封信〉》是谁写的",
            "《市民诵读《春天的第一封信》》署名：记者 唐可。"
            "原文：本报讯（记者 唐可）5月3日，市民在图书馆诵读。[1]",
        ),
        (
            "《停水通知》是谁写的？",
            "这篇文章没有署名：\n《停水通知》：5月4日9时至17时，东街停水。[1]",
        ),
    ],
)
def test_who_signed_an_article_is_told_with_a_citation_of_it(
    answerer: Answerer, archive: Archive, question: str, told: str
) -> None:
    answer = answerer.answer(question)
    assert (answer.text, len(answer.sources)) == (told, 1)
    assert (answer.status == "partial") == ("没有署名" in told)
    check(answer, archive)


def test_who_signs_at_the_end_is_cited_there(answerer: Answerer) -> None:
    answer = answerer.answer("《路灯该修了》是谁写的？")
    assert answer.citations[0].quote.endswith("（韦青）")
    (mark,) = answer.citations[0].marks
    assert answer.citations[0].quote[slice(*mark)] == "韦青"


def test_of_several_articles_of_a_headline_the_newest_comes_first(answerer: Answerer) -> None:
    answer = answerer.answer("《图片新闻》是谁拍的？")
    assert [source.issue for source in answer.sources] == ["2020-05-12", "2020-05-05"]
    assert ["唐可" in answer.text, "蒲小满" in answer.text] == [True, True]
    assert answerer.answer("图片新闻是谁拍的？").text == answer.text
    only = answerer.answer("《图片新闻》是谁拍的？", filters=Filters(issues=("2020-05-05",)))
    assert [source.issue for source in only.sources] == ["2020-05-05"]


@pytest.mark.parametrize(
    "question", ["《春天的第一封信》的作者是谁？", "新桥是谁写的？", "她是谁写的"]
)
def test_what_an_article_is_about_is_not_its_headline(answerer: Answerer, question: str) -> None:
    assert "署名" not in answerer.answer(question).text


@pytest.mark.parametrize(
    "question", ["这篇文章是谁写的？", "谁写的春联最多？", "比赛的冠军是谁？", "who wrote it?"]
)
def test_other_questions_name_no_article_surely(question: str) -> None:
    asked = writer_asked(question)
    assert asked is None or not asked.surely


def test_an_article_that_is_named_leans_on_no_earlier_question(answerer: Answerer) -> None:
    history = [Turn("user", "新桥有多长？"), Turn("assistant", "812米。")]
    answer = Chat(answerer).reply("《荷塘》的作者是谁？", history=history)
    assert answer.text.startswith("《荷塘（散文）》署名：作者 方砚秋。")


SHOTS = """芦洲晚报
2023年5月6日 第90期

芦洲大桥合龙
本报讯（记者 唐可）5月3日，芦洲大桥合龙，全长812米，两岸居民有望年底前走上新桥。

图片新闻
{}

老码头改造动工
本报讯（记者 韦青）5月2日，老码头改造动工，工期八个月，其间客船停靠东岸。
"""
INLINE = """图为5月5日，消防员在江边练习绳索救援。方砚秋 摄
图为5月1日，孩子们在渡口放风筝。本报记者 唐可 摄"""
BELOW = """图为5月5日，消防员在江边练习绳索救援。
方砚秋 摄
图为5月1日，孩子们在渡口放风筝。
本报记者 唐可 摄"""


@pytest.mark.parametrize("captions", [INLINE, BELOW])
def test_each_of_several_pictures_has_its_own_credit(captions: str) -> None:
    issue = read_bytes(SHOTS.format(captions).encode(), name="2023-05-06.txt")
    photo = issue.articles[1]
    assert photo.kind == "photo"
    assert [(one.role, one.name) for one in photo.bylines] == [("摄", "方砚秋"), ("摄", "唐可")]
    answerer = Answerer(Finder.open(Archive.in_memory([issue])))
    for question, name in (
        ("消防员练习绳索救援的照片是谁拍的？", "方砚秋"),
        ("孩子们放风筝的照片是谁拍的？", "唐可"),
    ):
        first = answerer.answer(question).citations[0]
        assert [first.quote[slice(*mark)].split()[0] for mark in first.marks] == [name]
    answer = answerer.answer("《图片新闻》是谁拍的？")
    assert answer.text.startswith("《图片新闻》署名：摄影 方砚秋、摄影 唐可。原文：")
    assert [one.quote[slice(*one.marks[0])] for one in answer.citations] == ["方砚秋", "唐可"]
    check(answer, answerer.finder.archive)
