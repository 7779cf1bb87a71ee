"""Text that looks like page matter and is none, and what looked like part of a headline."""

from __future__ import annotations

import pytest

from corpus.reader import read_bytes
from corpus.report import report_on
from corpus.text import text_at
from corpus.types import Article, Issue

STORY = "柳湾镇的新桥昨天通车，全长八百一十二米，沿线三个村的居民出行不再绕路。"
OTHER = "镇里的图书室周末也开门了，孩子们放学以后可以在那里写作业，看到晚上八点。"


def read(*lines: str, name: str = "2020-05-10.txt") -> Issue:
    return read_bytes("\n".join(lines).encode(), name=name)


def texts(article: Article) -> list[str]:
    return [passage.text for passage in article.passages]


def told(issue: Issue) -> list[tuple[str | None, str | None, list[str]]]:
    return [
        (
            article.kicker.text if article.kicker else None,
            article.headline.text if article.headline else None,
            texts(article),
        )
        for article in issue.articles
    ]


LETTERS = [
    "编辑：我们村去年通了公交，今年正月以后就不来了，站牌还在。",
    "柳湾镇石桥村 向老五",
    "交通局答复：石桥正在加固，五月起恢复。",
    "编辑同志：我家的黄牛走丢了，民警找了一夜。",
    "柳湾镇 秦国柱",
]


@pytest.mark.parametrize(
    "line",
    [
        "本报：贵公司看了几个城市？",
        "邮箱：tiyu@liuwan.example",
        "主办单位：柳湾镇文化站",
        "编辑：您好！",
        "农历正月十五闹元宵",
        "龙舟赛将由柳湾镇承办",
        "内部资料管理办法出台",
    ],
)
def test_a_line_that_only_looks_like_page_matter_is_kept(line: str) -> None:
    issue = read("柳湾镇新桥通车", STORY, line, OTHER)
    held = "".join(text for article in issue.articles for text in texts(article))
    heads = "".join(article.title or "" for article in issue.articles)
    assert line in held + heads
    assert not issue.furniture


def test_an_imprint_is_page_matter() -> None:
    imprint = ["本报地址：柳湾路8号 邮编：992018", "投稿邮箱：a@liuwan.example", "印刷：柳湾印务"]
    issue = read("柳湾镇新桥通车", STORY, OTHER, *imprint)
    assert [texts(article) for article in issue.articles] == [[STORY, OTHER]]
    assert len(issue.furniture) == len(imprint)


@pytest.mark.parametrize(
    "line",
    ["月光照着柳湾", "编辑同志：", "镇里的老桥啊，"],
)
def test_a_line_that_is_repeated_in_a_text_is_no_running_head(line: str) -> None:
    lines = [part for n in range(3) for part in (line, f"第{n}年的桥边又开满了花。")]
    assert line not in {piece.text for piece in read("柳湾的歌", STORY, *lines).furniture}


def test_who_signs_several_notices_is_no_running_head() -> None:
    notice = "因水管检修，定于{}日停水，请居民提前储水，不便之处敬请谅解，检修完成后立即恢复供水。"
    lines = [
        line
        for n in (3, 4, 5)
        for line in (
            "停水公告",
            notice.format(n),
            STORY,
            OTHER,
            "柳湾水务站",
            f"2020年5月{n}日",
            "",
        )
    ]
    assert "柳湾水务站" not in {piece.text for piece in read(*lines).furniture}


@pytest.mark.parametrize("line", ["编辑：盼望早日开通夜班车。", "市民可扫码预约。"])
def test_a_sentence_at_the_end_trails_no_digest(line: str) -> None:
    issue = read("柳湾镇新桥通车", STORY, OTHER, line)
    assert texts(issue.articles[-1])[-1] == line


@pytest.mark.parametrize(
    "line", ["县农技推广中心 农艺师 桑建业", "文／梅小舍", "感染科副主任 麦承志"]
)
@pytest.mark.parametrize("indent", ["", "　　"])
def test_who_wrote_below_a_headline_is_no_part_of_it(line: str, indent: str) -> None:
    (article,) = read(
        "春季果园要抓好四件事", line, *(f"{indent}{text}" for text in (STORY, OTHER))
    ).articles
    assert article.headline is not None
    assert (article.kicker, article.headline.text) == (None, "春季果园要抓好四件事")
    assert [byline.name for byline in article.bylines] == [line.replace("／", " ").split()[-1]]


def test_the_day_below_the_headline_of_a_speech_is_its_day() -> None:
    (article,) = read("在项目推进会上的讲话（摘要）", "3月10日", STORY, OTHER).articles
    assert article.title == "在项目推进会上的讲话（摘要）"
    assert (texts(article)[0], str(article.date)) == ("3月10日", "2020-03-10")


@pytest.mark.parametrize("form", ["txt", "md", "html"])
def test_each_letter_of_a_column_is_an_article(form: str) -> None:
    titles = ["乡里的公交怎么停了", "感谢寻回黄牛"]
    lines = ["读者来信", titles[0], *LETTERS[:3], titles[1], *LETTERS[3:]]
    more = ["新桥通车", STORY]
    if form == "md":
        text = "\n\n".join(["# 读者来信", *lines[1:], "# 新桥通车", STORY])
    elif form == "html":
        inner = "".join(f"<p>{line}</p>" for line in lines[1:])
        text = f"<body><h2>读者来信</h2>{inner}<h2>新桥通车</h2><p>{STORY}</p></body>"
    else:
        text = "\n".join([*lines, "", *more])
    assert told(read(text, name=f"2020-05-10.{form}")) == [
        ("读者来信", titles[0], LETTERS[:3]),
        (None, titles[1], LETTERS[3:]),
        (None, "新桥通车", [STORY]),
    ]


def test_a_headline_that_may_hold_a_columns_name_is_doubtful() -> None:
    issue = read("柳湾笔记", "山顶上的老天文台", STORY, OTHER, "", "新桥通车", STORY)
    assert "headline" in {finding.kind for finding in report_on(issue).findings}


def test_a_space_before_a_figure_parts_two_phrases_of_a_headline() -> None:
    issue = read(
        "总投资超过160亿元", "重大项目集中签约 23个项目落户柳湾", "记者 宁远", STORY, OTHER
    )
    (article,) = issue.articles
    assert article.headline is not None
    assert article.headline.text == "重大项目集中签约 23个项目落户柳湾"
    assert article.kicker is not None
    assert article.kicker.text == "总投资超过160亿元"
    assert text_at(issue.source.text, article.headline.ranges) == article.headline.text


def test_an_item_that_fills_its_line_is_not_joined_with_the_next() -> None:
    items = [
        "近日，镇里印发了优化服务的若干措施，共十二条，自明年起施行，有效期三年，主要内容有这些方面：",
        *(f"发放创新券，单个企业每年最高{n}万元，可以抵扣检测费；" for n in (30, 40, 50)),
        *(f"第{n}次办理只跑一趟；" for n in range(1, 20)),
        *(STORY, OTHER) * 3,
    ]
    lines = []
    for item in items:
        whole = f"　　{item}"
        lines += [whole[n : n + 29] for n in range(0, len(whole), 29)]
    assert len(f"　　{items[1]}") == 29
    (article,) = read("镇里印发服务措施", *lines).articles
    assert texts(article) == items


def test_page_heads_of_a_web_page_are_sections_and_a_signed_day_is_text() -> None:
    page = (
        "<header><h1>柳湾大学报</h1><p>2020年5月10日　第12期</p></header><div>"
        f"<div class='banci'>第1版 要闻</div><h2>新桥通车</h2><p>{STORY}</p>"
        f"<div class='banci'>第2版</div><h2>放假通知</h2><p>{OTHER}</p><p>校长办公室</p>"
        f"<p>2020年5月8日</p><h2>图书室开门</h2><p>学生记者 温晚</p><p>{OTHER}</p></div>"
    )
    head = "<head><title>柳湾大学报 第12期</title></head>"
    issue = read(f"<html>{head}<body>{page}</body></html>", name="paper.html")
    assert (issue.name, issue.number) == ("柳湾大学报", "12")
    assert told(issue) == [
        (None, "新桥通车", [STORY]),
        (None, "放假通知", [OTHER, "校长办公室", "2020年5月8日"]),
        (None, "图书室开门", [OTHER]),
    ]
    assert [article.section for article in issue.articles] == ["要闻", "第2版", "第2版"]
    assert [byline.name for byline in issue.articles[2].bylines] == ["温晚"]


def test_a_short_story_with_a_picture_is_no_picture() -> None:
    first, second = read(
        "# 新桥通车\n\n*退休职工 符远志*\n",
        f"{STORY}\n\n![新桥。瞿方 摄](a.jpg)\n",
        f"# 图书室开门\n\n*本报与宣传部*\n\n{OTHER}",
        name="2020-05-10.md",
    ).articles
    assert (texts(first), first.kind) == ([STORY, "新桥。瞿方 摄"], "news")
    assert [(byline.role, byline.name) for byline in first.bylines] == [
        ("作者", "符远志"),
        ("摄", "瞿方"),
    ]
    assert texts(second) == [OTHER]


@pytest.mark.parametrize(
    ("numbers", "expected"), [((1, 2), ["1.甲项；", "2.乙项。"]), ((1, 1), ["甲项；", "乙项。"])]
)
def test_the_numbers_of_a_markdown_list_are_kept(
    numbers: tuple[int, int], expected: list[str]
) -> None:
    items = "\n".join(f"{n}. {item}" for n, item in zip(numbers, ("甲项；", "乙项。"), strict=True))
    page = f"# 规定\n\n不准如下：\n\n{items}\n\n# 新桥通车\n\n{STORY}"
    assert texts(read(page, name="2020-05-10.md").articles[0])[1:] == expected
