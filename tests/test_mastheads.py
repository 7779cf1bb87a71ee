"""Which line names the paper, and which heads its first article; who signs its last."""

from __future__ import annotations

import pytest

from corpus.reader import read_bytes
from corpus.types import Issue

FORECAST = "　　县气象台预计，未来一周以多云为主，最高气温18℃，周末有阵雨。"
EXPRESS = "　　县邮政管理局介绍，石桥镇已有9个村建立快递服务点，日均投递512件。"
CUT_OFF = "　　因管网检修，3月4日8时至16时，东门一带停水，请用户提前做好储水准备。"
COLUMNS = ["天气预报", "一周警情通报", "森林火险预警报"]


def issue_of(mast: str, *parts: tuple[str, ...]) -> Issue:
    """Return what is read of a masthead and articles, each a headline over its lines."""
    articles = "\n\n\n".join("\n".join((head, "", *lines)) for head, *lines in parts)
    return read_bytes(f"{mast}\n\n{articles}\n".encode(), name="2026-03-01.txt")


def told(issue: Issue) -> list[tuple[str | None, list[str]]]:
    """Return the headline and the paragraphs of each article."""
    return [
        (one.headline.text if one.headline else None, [passage.text for passage in one.passages])
        for one in issue.articles
    ]


@pytest.mark.parametrize("mast", ["清河周报　2026年3月1日　星期日　第9期", "2026年3月1日　第9期"])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_columns_name_below_the_masthead_is_a_headline(mast: str, column: str) -> None:
    issue = issue_of(mast, (column, FORECAST), ("快递进村", EXPRESS), ("停水通知", CUT_OFF))
    assert issue.name == ("清河周报" if mast.startswith("清河") else None)
    assert (str(issue.date), issue.number) == ("2026-03-01", "9")
    assert told(issue) == [
        (column, [FORECAST.strip()]),
        ("快递进村", [EXPRESS.strip()]),
        ("停水通知", [CUT_OFF.strip()]),
    ]


@pytest.mark.parametrize(
    "mast",
    [
        "清河周报\n2026年3月1日　第9期",
        "2026年3月1日　第9期\n清河周报",
        "清河周报\n清河县委机关报\n2026年3月1日　第9期",
        "清河周报 2026年3月1日 总第9期",
    ],
)
def test_the_papers_name_stands_over_beside_or_under_its_day(mast: str) -> None:
    issue = issue_of(mast, ("快递进村", EXPRESS), ("停水通知", CUT_OFF))
    assert issue.name == "清河周报"
    assert [headline for headline, _ in told(issue)] == ["快递进村", "停水通知"]


def test_a_bulletin_may_be_called_a_report() -> None:
    issue = issue_of("工作通报\n2026年3月1日　第9期", ("快递进村", EXPRESS), ("通知", CUT_OFF))
    assert issue.name == "工作通报"


@pytest.mark.parametrize("sign", ["县自来水公司", "　　县自来水公司"])
def test_who_signs_close_below_a_notice_heads_nothing(sign: str) -> None:
    mast = "清河周报　2026年3月1日　第9期"
    notice = ("停水通知", CUT_OFF, sign)
    signed = ("停水通知", [CUT_OFF.strip(), "县自来水公司"])
    story = ("快递进村", [EXPRESS.strip()])
    assert told(issue_of(mast, ("快递进村", EXPRESS), notice)) == [story, signed]
    assert told(issue_of(mast, notice, ("快递进村", EXPRESS))) == [signed, story]


def test_the_name_beside_the_number_over_a_web_page_is_the_papers() -> None:
    stories = "".join(
        f"<article><h2>{head}</h2><p>{text.strip()}</p></article>"
        for head, text in (("天气预报", FORECAST), ("快递进村", EXPRESS))
    )
    page = f"<header><p>清河周报 2026年3月1日 第9期</p></header><main>{stories}</main>"
    issue = read_bytes(f"<html><body>{page}</body></html>".encode(), name="2026-03-01.html")
    assert (issue.name, issue.number) == ("清河周报", "9")
    assert [headline for headline, _ in told(issue)] == ["天气预报", "快递进村"]


@pytest.mark.parametrize("tag", ["header", "div class='masthead'"])
def test_the_name_over_a_web_page_and_the_number_below_it_are_the_issues(tag: str) -> None:
    stories = "".join(
        f"<article><h2>{head}</h2><p>{text.strip()}</p></article>"
        for head, text in (("天气预报", FORECAST), ("快递进村", EXPRESS))
    )
    top = (
        "<h1>清河周报</h1><p>2026年3月1日 第9期</p>"
        "<nav><a href='/'>首页</a> <a href='/old'>往期</a></nav>"
    )
    page = f"<{tag}>{top}</{tag.split()[0]}><main>{stories}</main>"
    head = "<head><title>清河周报 2026年3月1日 第9期</title></head>"
    issue = read_bytes(f"<html>{head}<body>{page}</body></html>".encode(), name="paper.html")
    assert (issue.name, issue.number, str(issue.date)) == ("清河周报", "9", "2026-03-01")
    assert issue.title is None
    assert [headline for headline, _ in told(issue)] == ["天气预报", "快递进村"]
    assert [line.text for line in issue.furniture] == ["清河周报", "2026年3月1日 第9期"]
