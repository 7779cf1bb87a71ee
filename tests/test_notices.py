"""Corrections, notices and who signs them, in a plain text whose columns broke the lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from corpus.reader import read_bytes
from corpus.text import squeeze, text_at, width
from corpus.types import Article

STORY = (
    "本报讯（记者郑原） 昨日，旧渡口改造的码头公园开门迎客。公园长1.2公里，设座椅86张，"
    "岸边的老吊机保留了下来，刷成了红色。"
)
MORE = "园内有茶室两间，每天9:00开门，21:30关门，预约电话8820-3305，周一闭园。"
CORRECTION = (
    "本报6月3日2版《旧渡口改成公园》一文中，咨询电话“8820-6140”应为“8820-6410”；"
    "6月3日4版《粮站夜市开张》一文中，“摊位36个”应为“摊位63个”。特此更正。"
)
CLOSURE = (
    "因东河桥检修，自7月1日起至7月9日止，东河桥（文昌路至学宫路段）禁止机动车通行，请绕行南门桥，"
    "查询可拨打8820-7711，也可登录www.example.com/bridge。不便之处，敬请谅解。"
)
SIGNS = ["县公安局交警大队", "县住房和城乡建设局"]
DAY = "2023年6月28日"
TOKEN = re.compile(r"[“‘（《]*(?:[\x21-\x7e]+|.)[，。、；：！？”’）》]*")


def set_in(text: str, columns: int) -> Iterator[str]:
    """Yield the lines of a text as a column of that width breaks it, figures and codes whole."""
    line = ""
    for token in TOKEN.findall(text):
        if line and width(line + token) > columns:
            yield line.rstrip()
            line = ""
        line += token
    yield line


def issue_in(columns: int, *signs: str) -> tuple[Article, ...]:
    """Return what is read of an issue in columns of that width, with the signs of its notice."""
    parts = [
        ["旧渡口改成公园"],
        [*set_in(STORY, columns)],
        [*set_in(MORE, columns)],
        ["东河桥封闭通告"],
        [*set_in(CLOSURE, columns)],
        [*signs],
        ["更正"],
        [*set_in(CORRECTION, columns)],
        ["农机站开进村"],
        [*set_in(STORY, columns)],
        [*set_in(MORE, columns)],
    ]
    page = "\n\n".join("\n".join(part) for part in parts)
    issue = read_bytes(
        f"青溪县报\n2023年6月30日 第88期\n\n{page}\n".encode(), name="2023-06-30.txt"
    )
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges) == passage.text
    return issue.articles


def told(articles: tuple[Article, ...]) -> list[tuple[list[str | None], list[str]]]:
    """Return kicker, headline and subtitle of each article, and its paragraphs."""
    return [
        (
            [part.text if part else None for part in (one.kicker, one.headline, one.subtitle)],
            [squeeze(passage.text) for passage in one.passages],
        )
        for one in articles
    ]


@pytest.mark.parametrize("columns", range(26, 78, 2))
def test_a_line_that_is_short_as_a_number_may_not_be_parted_is_of_the_text(columns: int) -> None:
    story = [squeeze(STORY), MORE]
    assert told(issue_in(columns, *SIGNS, DAY)) == [
        ([None, "旧渡口改成公园", None], story),
        ([None, "东河桥封闭通告", None], [CLOSURE, *SIGNS, DAY]),
        ([None, "更正", None], [CORRECTION]),
        ([None, "农机站开进村", None], story),
    ]


@pytest.mark.parametrize(
    "signs",
    [
        [*SIGNS, DAY],
        ["县公安局交警大队 县住房和城乡建设局", DAY],
        ["县公安局交警大队", "县住房和城乡建设局 6月28日"],
        ["县市场监督管理局", "县消费者协会", "县广播电视中心", DAY],
        ["县自来水公司", "二〇二三年六月二十八日"],
    ],
)
def test_the_bodies_that_sign_a_notice_over_its_day_are_its_end(signs: list[str]) -> None:
    articles = issue_in(48, *signs)
    assert told(articles)[1][1] == [CLOSURE, *map(squeeze, signs)]
    assert told(articles)[2][0] == [None, "更正", None]


def test_a_route_in_brackets_that_begins_a_line_opens_no_story() -> None:
    text = "本报讯 昨日起，施工路段由东门移到南门，环城路\n（文昌路至学宫路段）单向通行，请绕行。\n"
    (article,) = read_bytes(f"环城路改道\n\n{text}".encode(), name="2023-06-30.txt").articles
    assert [passage.text for passage in article.passages] == [text.replace("\n", "")]
