"""Which sentence of a passage is quoted."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.alignment import frames
from qa.quoting.slot import slot_of
from qa.rank import Finder
from tests.conftest import issue_of


def quoted(question: str, *issues: tuple[str, str]) -> str:
    """Return the first quote from issues given as name and text, whatever the confidence."""
    archive = Archive.in_memory([issue_of(text, name=f"{name}.txt") for name, text in issues])
    answer = Answerer(Finder.open(archive), min_confidence=0.0).answer(question)
    return answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (
            "全区有多少条公交线路？",
            "会议要求，全区要重视公交线路建设，办好公交线路。目前已有线路12条。",
            "目前已有线路12条。",
        ),
        (
            "公交27路什么时候开通？",
            "公交27路的开通方便了群众出行，群众盼公交27路开通已久。公交于5月6日开通。",
            "公交于5月6日开通。",
        ),
        (
            "公交公司总经理是谁？",
            "公交公司总经理办公会召开。总经理李小明主持会议。",
            "总经理李小明主持会议。",
        ),
        (
            "公交公司为什么延长27路？",
            "公交公司延长27路，27路公交今天延长。由于新建了两所学校，公交公司决定延长。",
            "由于新建了两所学校，公交公司决定延长。",
        ),
        (
            "图书馆新馆在哪里？",
            "5月6日，区图书馆新馆开馆。新馆位于学院路88号，有座位1500个。",
            "新馆位于学院路88号，有座位1500个。",
        ),
        (
            "办证窗口在政务中心哪个位置？",
            "政务中心推出办证窗口，政务中心的位置不变。窗口在二楼C区。",
            "窗口在二楼C区。",
        ),
        (
            "新桥干嘛要封闭施工？",
            "新桥今起封闭施工，新桥施工期为三天。由于更换伸缩缝，桥面须封闭。",
            "由于更换伸缩缝，桥面须封闭。",
        ),
        (
            "谁创办了公交公司？",
            "公交公司今天发布公告，公交公司有员工120人。它由李小明创办。",
            "它由李小明创办。",
        ),
    ],
)
def test_a_sentence_that_holds_what_is_asked_for_goes_before_one_that_only_speaks_of_it(
    question: str, text: str, expected: str
) -> None:
    assert quoted(question, ("2020-01", text)).endswith(expected)


def test_who_wrote_the_report_is_not_who_did_what_it_tells() -> None:
    text = "本报讯（记者李明）公交工作会议在会展中心召开。区长张强主持会议。"
    assert quoted("谁主持公交工作会议？", ("2020-01", text)).endswith("区长张强主持会议。")


def test_a_month_that_is_named_is_met_by_the_date_of_the_issue() -> None:
    issues = (
        ("2021-03", "目前，全区共有公交线路12条。"),
        ("2022-08", "8月12日，全区公交线路增加到15条，比2021年3月多3条。"),
    )
    assert quoted("2021年3月全区有公交线路多少条？", *issues) == issues[0][1]


def test_of_a_sentence_without_end_the_clauses_that_speak_of_most_are_quoted() -> None:
    filler = "各村都在修路，" * 300
    text = f"{filler}新桥投资2亿元，{filler}"
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of("近日动态", text)])))
    quote = answerer.read("新桥投资多少？").quotes[0].text
    assert "新桥投资2亿元" in quote
    named = answerer.read("“投资2亿元”是什么？").named[0].text
    assert "投资2亿元" in named
    assert len(named) <= 1000
    assert len(quote) <= 1000


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (
            "6月3日的防汛会议是谁主持的？",
            "6月3日上午，县防汛会议以视频形式召开，全县认真组织收听收看。县委书记吕明讲话，县长宫红主持"
            "会议，县领导刘春明、冯利民、许海玲参加会议。",
            "县委书记吕明讲话，县长宫红主持会议，县领导刘春明、冯利民、许海玲参加会议。",
        ),
        (
            "签约的是哪三个项目？",
            "10月11日，三个项目签约落户。分别是：医疗器械项目、分拨中心项目和水果加工项目。其他从略。",
            "分别是：医疗器械项目、分拨中心项目和水果加工项目。",
        ),
        (
            "每年办民生实事，主要在哪些方面发力？",
            "全县要从三个方面下功夫。一要稳增长。抓好项目。二要惠民生。每年办好民生实事，重点在教育、医疗"
            "等方面发力。三要强党建。抓好队伍。",
            "每年办好民生实事，重点在教育、医疗等方面发力。",
        ),
        (
            "全县要从哪三个方面下功夫？",
            "全县要从三个方面下功夫。一要稳增长。抓好项目。二要惠民生。办好实事。三要强党建。抓好队伍。",
            "三要强党建。",
        ),
    ],
)
def test_the_answer_is_in_what_is_quoted(question: str, text: str, expected: str) -> None:
    found = quoted(question, ("2020-01", text))
    assert expected in found
    assert "从三个方面下功夫" not in found or "下功夫" in question


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (
            "新厂主要产品是什么？",
            "新厂今年投产，新厂厂房三栋。主要产品是轴承。",
            "主要产品是轴承。",
        ),
        (
            "文化馆举办的培训班教什么？",
            "文化馆今年举办文艺演出，文化馆演员下乡。培训班教剪纸。",
            "培训班教剪纸。",
        ),
    ],
)
def test_what_stands_beside_the_gap_of_a_question_tells_more_than_what_is_far_from_it(
    question: str, text: str, expected: str
) -> None:
    assert quoted(question, ("2020-01", text)) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (
            "第二批公租房什么时候交付？",
            "第一批公租房今年5月8日交付，公租房共四百套。第二批12月1日交付。",
            "第二批12月1日交付。",
        ),
        (
            "老馆什么时候闭馆？",
            "新馆10月20日开馆，开馆时间为9时至18时，逢周一闭馆。老馆同月18日停止借阅。",
            "老馆同月18日停止借阅。",
        ),
        (
            "男子100米冠军是谁？",
            "护士汤小岚以12秒86获得女子100米冠军，打破区职工纪录。环卫工人邢大柱获得男子100米冠军。",
            "环卫工人邢大柱获得男子100米冠军。",
        ),
        (
            "亚军是哪支队？",
            "青河队获得冠军，球队队员十人。石桥队获第二名。",
            "石桥队获第二名。",
        ),
    ],
)
def test_of_a_row_or_of_two_the_sentence_on_the_one_asked_about_is_quoted(
    question: str, text: str, expected: str
) -> None:
    assert quoted(question, ("2020-01", text)) == expected


def test_of_two_persons_the_sentence_on_the_one_asked_about_is_quoted() -> None:
    first, second = "队长罗浩得到全场最高的29分。", "主教练蒋志刚说，下半场只让对手得了28分。"
    assert quoted("罗浩得了多少分？", ("2020-01", first + second)) == first


def test_that_the_passage_has_but_another_of_a_row_is_still_seen() -> None:
    text = "第二十届青河电影节将于6月1日开幕。评委共有九人，电影节开幕式在剧场举行。"
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(text)])))
    assert not answerer.answer("第十九届青河电影节什么时候开幕？").citations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公司总部位于老城。", 1.0),
        ("公司总部很老。", 0.61),
        ("老城有总部。", 0.43),
        ("老城很大。", 0.0),
    ],
)
def test_how_well_a_sentence_has_the_words_beside_the_gap(text: str, expected: float) -> None:
    slot = slot_of(parse("这家公司总部位于什么地方？"))
    assert slot
    assert frames(slot, text) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (
            "区医院夜间门诊的挂号方式是什么？",
            "区医院开设夜间门诊\n\n　　10月5日起，区医院开设夜间门诊，时间为18时至22时，周末照常。"
            "夜间门诊可在现场挂号，也可提前一天预约。",
            "夜间门诊可在现场挂号，也可提前一天预约。",
        ),
        (
            "Where is the evening clinic of the hospital?",
            "区医院开设夜间门诊\n\n　　10月5日起，区医院开设夜间门诊，时间为18时至22时，周末照常。"
            "夜间门诊设在门诊楼一楼东侧。",
            "夜间门诊设在门诊楼一楼东侧。",
        ),
    ],
)
def test_what_the_headline_says_is_said_of_every_sentence(
    question: str, text: str, expected: str
) -> None:
    assert quoted(question, ("2020-01", text)) == expected


def test_a_sentence_on_another_line_is_not_quoted_where_the_passage_has_that_too() -> None:
    text = "5路首班车由6时30分提前到6时，末班车21时发车。夜间2号线每晚最晚一班车23时发车。"
    assert quoted("5路车最晚一班是几点？", ("2020-01", text)) == text.partition("。")[0] + "。"


@pytest.mark.parametrize(
    ("question", "with_next"),
    [
        ("盐仓分馆开着吗？", True),  # what is open is told by no shape
        ("盐仓分馆哪天开放？", False),  # a day is there
    ],
)
def test_what_only_names_the_thing_is_quoted_with_the_next(question: str, with_next: bool) -> None:
    text = "港区图书馆盐仓分馆1月6日开放。馆内藏书3.2万册，每天9时至20时开放，周一闭馆。欢迎光临。"
    quote = quoted(question, ("2025-01-09", text))
    assert quote.startswith("港区图书馆盐仓分馆1月6日开放。")
    assert quote.endswith("周一闭馆。") == with_next


def test_sentences_too_long_together_are_not_quoted_together() -> None:
    text = f"盐仓分馆1月6日开放。{'馆内设有' + '、'.join(['阅览室'] * 50)}。"
    quote = quoted("盐仓分馆星期一开门吗？", ("2025-01-09", text))
    assert quote == "盐仓分馆1月6日开放。"
