from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.metadata import Metadata
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
    hall = read_bytes(HALL.encode(), name="2020-05-10.md")
    told = Metadata(title="柳湾时讯 第88期")
    factory = read_bytes(FACTORY.encode(), name="2020-04-30.md", options=told)
    return Archive.in_memory([hall, factory])


@pytest.fixture(scope="module")
def chat(archive: Archive) -> Chat:
    return Chat(Answerer(Finder.open(archive)))


@pytest.mark.parametrize(
    "question",
    [
        "本期有哪些文章？",
        "这期一共几篇文章？",
        "有什么新闻？",
        "最近发生了什么？",
        "最新一期讲了什么？",
        "总结一下本期内容",
    ],
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
    "question",
    [
        "what is in this issue?",
        "list the articles",
        "List the headlines.",
        "What's happening?",
        "Which articles are in the latest issue?",
        "which headlines does this issue have?",
    ],
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


@pytest.mark.parametrize(
    "question",
    [
        "上一期有什么内容？",
        "4月30日那期有哪些文章？",
        "2020年4月30日的报纸有什么？",
        "2020-04-30 有哪些文章？",
        "4月30日报纸讲了什么",
        "第88期有什么内容？",
        "What's in the issue of 2020-04-30?",
        "List the headlines of 2020-04-30",
        "What's in the issue of 30 April 2020?",
        "what is in the previous issue?",
    ],
)
def test_an_issue_is_named_by_its_day_its_number_or_as_the_one_before(
    chat: Chat, question: str
) -> None:
    assert [one.issue for one in chat.reply(question).sources] == ["2020-04-30"]


@pytest.mark.parametrize(
    "question",
    ["这期有几篇文章？", "最近有什么新闻？", "Give me a summary of this issue"],
)
def test_the_newest_issue_is_meant_where_none_is_named(chat: Chat, question: str) -> None:
    assert [one.issue for one in chat.reply(question).sources] == ["2020-05-10"] * 3


@pytest.mark.parametrize("question", ["头版头条是什么？", "What is the lead story?"])
def test_the_lead_of_an_issue_is_its_first_article(chat: Chat, question: str) -> None:
    answer = chat.reply(question)
    assert [one.title for one in answer.sources] == ["白鹭湖文化馆启用"]
    assert "还有" not in answer.text


def test_all_headlines_are_told_up_to_sixty_and_then_how_many_more() -> None:
    text = "\n\n".join(f"# 第{n}街道开展消防演练\n\n第{n}街道演练结束。" for n in range(1, 63))
    issue = read_bytes(text.encode(), name="2020-06-01.md")
    lines = contents_lines(Chat(Answerer(Finder.open(Archive.in_memory([issue])))))
    assert len(lines) == 1 + 5 + 1 + 55 + 1
    assert lines[-2:] == ["《第60街道开展消防演练》", "此外还有 2 篇。"]


def contents_lines(chat: Chat) -> list[str]:
    return chat.reply("本期有哪些文章？").text.split("\n")


def test_an_issue_that_is_not_there_has_no_contents(chat: Chat) -> None:
    assert chat.reply("2001年5月那期有哪些文章？").status == "no_answer"
    within = Filters(issues=("2020-04-30",))
    assert [one.issue for one in chat.reply("目录", filters=within).sources] == ["2020-04-30"]
    empty = Chat(Answerer(Finder.open(Archive.in_memory())))
    assert empty.reply("本期有哪些文章？").text == "档案中还没有任何一期刊物。"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("第二篇讲了什么？", "区委召开防汛工作会议"),
        ("最后一篇呢？", "27路公交车延长"),
        ("What is the second article about?", "区委召开防汛工作会议"),
        ("上一期呢？", "青石铺光伏产业园开工"),
        ("4月30日那期呢？", "青石铺光伏产业园开工"),
        ("what about the previous issue?", "青石铺光伏产业园开工"),
    ],
)
def test_what_follows_contents_is_one_of_the_articles_or_another_issue(
    chat: Chat, question: str, title: str
) -> None:
    answer = chat.reply(question, history=[Turn("user", "本期有哪些文章？")], limit=2)
    assert [one.title for one in answer.sources] == [title]


def test_before_the_oldest_issue_there_is_none(chat: Chat) -> None:
    history = [Turn("user", "本期有哪些文章？"), Turn("user", "上一期呢？")]
    assert chat.reply("上一期呢？", history=history).status == "no_answer"
    assert len(chat.reply("下一期呢？", history=history).sources) == 3


def test_contents_lean_on_no_question_before(chat: Chat) -> None:
    history = [Turn("user", "公交车票价多少？")]
    assert chat.reply("这期有什么内容？", history=history).reading is None


@pytest.mark.parametrize(
    "question",
    [
        "本期招聘会有哪些企业？",
        "今年有哪些文章获奖？",
        "今天有什么新闻发布会？",
        "全区有多少篇论文？",
        "What is in the park?",
        "What is new in the park?",
        "",
    ],
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


@pytest.fixture(scope="module")
def signed() -> Answerer:
    first = (
        "路通了\n\n本报讯（记者李明）新路昨日通车，长3公里。\n\n"
        "馆开了\n\n本报讯（记者王芳）新馆昨日开馆。\n"
    )
    second = "桥修好了\n\n本报讯（记者李明、王芳）石桥昨日修好，可以走人。\n"
    issues = [
        read_bytes(first.encode(), name="2021-01.txt"),
        read_bytes(second.encode(), name="2021-02.txt"),
    ]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("question", "issues"),
    [
        ("记者李明写了哪些文章？", ["2021-02", "2021-01"]),
        ("王芳写过什么报道", ["2021-02", "2021-01"]),
        ("李明的文章有哪些", ["2021-02", "2021-01"]),
        ("What articles did Li Ming write?", ["2021-02", "2021-01"]),
        ("articles by Wang Fang", ["2021-02", "2021-01"]),
    ],
)
def test_what_somebody_wrote_is_listed_newest_first(
    signed: Answerer, question: str, issues: list[str]
) -> None:
    answer = signed.answer(question)
    assert [source.issue for source in answer.sources] == issues
    assert ("共 2 篇" in answer.text) == (answer.lang == "zh")


def test_what_somebody_wrote_may_be_asked_of_a_part(signed: Answerer) -> None:
    answer = signed.answer("李明写了哪些文章", filters=Filters(issues=("2021-01",)))
    assert [source.title for source in answer.sources] == ["路通了"]
    among = signed.answer("李明写了哪些文章", among=lambda one: one.startswith("2021-02"))
    assert [source.title for source in among.sources] == ["桥修好了"]


@pytest.mark.parametrize("question", ["张三写了哪些文章", "他写了哪些文章", "政府的报道"])
def test_where_nobody_of_that_name_signed_it_is_a_question_like_others(
    signed: Answerer, question: str
) -> None:
    assert "署名" not in signed.answer(question).text


PAGES = """## 第1版

# 文化馆启用

文化馆今天启用。市民可以参观。

## 第2版

# 篮球赛开赛

篮球赛今天开赛。共有八支队伍。

# 书画展开幕

书画展今天开幕。展出作品百幅。
"""
NAMED = PAGES.replace("第1版", "01版 要闻").replace("第2版", "02版 文体新闻")
LETTERED = PAGES.replace("第1版", "A1版 要闻").replace("第2版", "A2版 文体")
TEXT = """柳湾时讯
2020年5月10日 星期日 第88期

01版 要闻

文化馆启用
文化馆今天启用。市民可以参观。

02版 副刊

篮球赛开赛
篮球赛今天开赛。共有八支队伍。

书画展开幕
书画展今天开幕。展出作品百幅。
"""


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (PAGES, "第二版有什么？", "2020-05-10第 2 版，共 2 篇："),
        (PAGES, "2版的内容有哪些？", "2020-05-10第 2 版，共 2 篇："),
        (PAGES, "What is on page two?", "2020-05-10, page 2, 2 in all:"),
        (PAGES, "头版有哪些文章？", "2020-05-10第 1 版，共 1 篇："),
        (PAGES, "What's on the front page of the latest issue?", "2020-05-10, page 1, 1 in all:"),
        (NAMED, "要闻版讲了什么？", "2020-05-10“要闻”版，共 1 篇："),
        (NAMED, "头版有什么？", "2020-05-10第 1 版，共 1 篇："),
        (NAMED, "第二版有什么？", "2020-05-10第 2 版，共 2 篇："),
        (NAMED, "02版登了哪些文章？", "2020-05-10第 2 版，共 2 篇："),
        (TEXT, "第88期第二版有什么？", "2020-05-10第 2 版，共 2 篇："),
        (TEXT, "第八十八期第二版有什么？", "2020-05-10第 2 版，共 2 篇："),
        (TEXT, "第八八期副刊上有哪些文章？", "2020-05-10“副刊”版，共 2 篇："),
        (TEXT, "副刊有什么？", "2020-05-10“副刊”版，共 2 篇："),
        (NAMED, "What is on the news page?", "2020-05-10, “要闻、文体新闻”, 3 in all:"),
        (HALL, "头版有什么？", "2020-05-10："),
        (HALL, "今天的头版头条是什么？", "2020-05-10："),
    ],
)
def test_what_is_on_a_page_is_listed(text: str, question: str, expected: str) -> None:
    name = "2020-05-10.txt" if text == TEXT else "2020-05-10.md"
    archive = Archive.in_memory([read_bytes(text.encode(), name=name)])
    answer = Answerer(Finder.open(archive)).answer(question)
    assert answer.status == "answered"
    assert answer.text.splitlines()[0].startswith(expected)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (PAGES, "第三版有什么？"),
        (NAMED, "第三版有什么？"),
        (NAMED, "体育版有哪些文章？"),
        (LETTERED, "第二版有什么？"),
        (TEXT, "第八十七期第二版有什么？"),
    ],
)
def test_a_page_that_is_not_known_is_not_made_up(text: str, question: str) -> None:
    name = "2020-05-10.txt" if text == TEXT else "2020-05-10.md"
    archive = Archive.in_memory([read_bytes(text.encode(), name=name)])
    assert Answerer(Finder.open(archive)).answer(question).status == "no_answer"


def test_articles_without_a_headline_that_are_not_cited_are_counted() -> None:
    page = (
        "<article><h2>白鹭湖文化馆启用</h2><p>5月8日，白鹭湖文化馆启用，市民可以免费参观。</p></article>"
        "<article><p>5月6日，城南的六十棵银杏移到了湖边，明年春天再补种二十棵。</p></article>"
        "<article><h2>公交车延长</h2><p>公交车票价2元，首班车6时发车，末班车22时发车。</p></article>"
    )
    issue = read_bytes(f"<html><body>{page}</body></html>".encode(), name="2020-05-10.html")
    with Archive.in_memory([issue]) as archive:
        answer = Answerer(Finder.open(archive)).answer("本期有哪些文章？", limit=1)
    assert answer.text.split("\n") == [
        "2020-05-10，共 3 篇：",
        "《白鹭湖文化馆启用》：5月8日，白鹭湖文化馆启用，市民可以免费参观。[1]",
        "还有：",
        "《公交车延长》",
        "此外还有 1 篇。",
    ]
