"""Text that no column broke, as of a web page or a document: each line a paragraph, a blank one
between articles."""

from __future__ import annotations

import textwrap

import pytest

from corpus.reader import read_bytes
from corpus.text import squeeze, text_at
from corpus.types import Article, Byline, Issue

BUS = (
    "本报讯（记者 沈岚）5月6日起，区内三条公交线路的末班车延后一小时发出，"
    "其中1路末班车由每晚九点改为十点发出，夜班职工不用再赶时间，公交公司为此新招了十二名司机。"
)
MILL = (
    "旧磨坊修好以后第一个周末就来了四百多人，守门的老何说，一天里煮了二十壶茶，还是不够喝，他打算把院子里的旧桌子也搬出来，"
    "再请隔壁的裁缝做几块桌布。"
)
FISH = (
    "去年全区养鱼的有三百一十户，比前年多了四十户，产量却没有跟着涨，主要是夏天两次大水冲走了鱼苗，"
    "渔政站说今年要在上游加两道拦网，费用由区里和养殖户各出一半。"
)
ISSUE = f"""\
柳湾新区报
柳湾新区管理委员会主办　2021年5月10日　星期一　第88期　本期4版
月刊　内部资料　免费交流

三条公交线末班车延后
1路收车时间改为晚上十点
{BUS}
其他线路的时间不变。

旧磨坊开门迎客
本报记者 沈岚 文　郑原 图
{MILL}
老手艺
院子里每周六教编筐。

去年各镇养鱼情况
镇名　单位　户数　产量
柳湾镇　吨　120　96.5
石桥镇　吨　110　-80.2
枫林镇　吨　80　71
{FISH}
（数据来源：柳湾新区渔政站）

停水通知
因检修管道，5月12日9时至17时，石桥镇停水。
柳湾新区自来水公司　5月9日

本月好手艺名单
周　顺　竹编
吴小满　木雕
韩雨　剪纸
"""


@pytest.fixture
def issue() -> Issue:
    return read_bytes(ISSUE.encode(), name="2021-05.txt")


HEADLINES = [
    "三条公交线末班车延后1路收车时间改为晚上十点",
    "旧磨坊开门迎客",
    "去年各镇养鱼情况",
    "停水通知",
    "本月好手艺名单",
]


def texts(article: Article) -> list[str]:
    return [passage.text for passage in article.passages]


def test_a_blank_line_parts_articles_and_short_lines_inside_are_text(issue: Issue) -> None:
    assert issue.name == "柳湾新区报"
    assert [article.headline and article.headline.text for article in issue.articles] == HEADLINES
    assert texts(issue.articles[0]) == [BUS, "其他线路的时间不变。"]
    assert texts(issue.articles[1]) == [MILL, "老手艺", "院子里每周六教编筐。"]
    assert texts(issue.articles[4]) == ["周 顺 竹编", "吴小满 木雕", "韩雨 剪纸"]
    assert texts(issue.articles[3])[1:] == ["柳湾新区自来水公司5月9日"]


def test_who_wrote_and_who_photographed_stand_below_the_headline(issue: Issue) -> None:
    assert issue.articles[1].bylines == (Byline("记者", "沈岚"), Byline("摄", "郑原"))


def test_rows_whose_cells_single_spaces_part_are_of_a_table(issue: Issue) -> None:
    assert texts(issue.articles[2]) == [
        "镇名|单位|户数|产量",
        "柳湾镇|吨|120|96.5",
        "石桥镇|吨|110|-80.2",
        "枫林镇|吨|80|71",
        FISH,
        "（数据来源：柳湾新区渔政站）",
    ]


def test_every_passage_stands_where_it_says(issue: Issue) -> None:
    for article in issue.articles:
        for passage in article.passages:
            assert squeeze(text_at(issue.source.text, passage.ranges)) == squeeze(passage.text)


def test_broken_lines_between_blank_ones_are_joined_and_head_nothing() -> None:
    paragraphs = (
        line if len(line) < 30 or "　" in line else "\n".join(textwrap.wrap(line, 22))
        for line in ISSUE.split("\n")
    )
    issue = read_bytes("\n".join(paragraphs).encode(), name="2021-05.txt")
    assert [article.headline and article.headline.text for article in issue.articles] == HEADLINES
    assert texts(issue.articles[0])[-1].endswith("其他线路的时间不变。")
    assert texts(issue.articles[2])[1:] == [
        "柳湾镇|吨|120|96.5",
        "石桥镇|吨|110|-80.2",
        "枫林镇|吨|80|71",
        FISH,
        "（数据来源：柳湾新区渔政站）",
    ]


def test_figures_that_single_spaces_part_are_of_a_table_in_any_text() -> None:
    issue = read_bytes(
        "菜价\n品种 本月 上月\n番茄 5.20 6.10\n大葱 3.40 3.10\n".encode(), name="a.txt"
    )
    assert texts(issue.articles[0]) == ["品种|本月|上月", "番茄|5.20|6.10", "大葱|3.40|3.10"]


BLOCKS = [block.split("\n") for block in ISSUE.strip().split("\n\n")]
HEADS = [
    "三条公交线末班车延后1路收车时间改为晚上十点",
    "旧磨坊开门迎客",
    "去年各镇养鱼情况",
    "停水通知",
    "本月好手艺名单",
]


def indented(lead: str) -> str:
    return "\n".join(
        [*BLOCKS[0], *("　　" + x if n else lead + x for b in BLOCKS[1:] for n, x in enumerate(b))]
    )


@pytest.mark.parametrize(
    "text",
    [
        ISSUE.replace("\n", "\r\n"),
        "\n\n\n".join("\n\n".join(block) for block in BLOCKS),
        "\n----------\n".join("\n".join(block) for block in BLOCKS),
        "\n＊＊＊＊＊＊\n\n".join("\n".join(block) for block in BLOCKS),
        "\n\n".join("\n\n".join((block[0], "\n".join(block[1:]))) for block in BLOCKS[:-1]),
    ],
    ids=["line ends", "more blank lines", "rules", "stars", "headline apart"],
)
def test_articles_may_be_parted_in_other_ways(text: str) -> None:
    issue = read_bytes(text.encode(), name="2021-05.txt")
    heads = [article.headline.text for article in issue.articles if article.headline]
    assert heads[1:] == HEADS[1 : len(issue.articles)]
    assert heads[0].startswith(HEADS[0][:10])
    assert len(issue.articles) in (len(HEADS) - 1, len(HEADS))


@pytest.mark.parametrize("lead", ["", "　　　　　　"], ids=["to the left", "centred"])
def test_headlines_stand_out_where_paragraphs_are_indented(lead: str) -> None:
    text = "\n".join(line for line in indented(lead).split("\n") if "1路收车" not in line)
    issue = read_bytes(text.encode(), name="2021-05.txt")
    heads = [article.headline and article.headline.text for article in issue.articles]
    assert heads == ["三条公交线末班车延后", *HEADS[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "（数据来源：柳湾新区渔政站）",
        "来源：柳湾新区渔政站",
        "（柳湾新区统计局）",
        "记者：鱼苗冲走了怎么办？",
    ],
)
def test_a_source_or_a_question_below_text_heads_nothing(line: str) -> None:
    blocks = [*BLOCKS[:3], ["去年各镇养鱼情况", FISH, line, MILL], BLOCKS[4]]
    text = "\n\n".join("\n\n".join(block) for block in blocks)
    issue = read_bytes(text.encode(), name="2021-05.txt")
    assert line not in [article.headline and article.headline.text for article in issue.articles]
    assert any(line in texts(article) for article in issue.articles)


SHORT = [
    ["暑托班开始报名", "暑托班招收小学一至四年级学生45名，6月20日起报名。"],
    ["水费缴纳方式变更", "7月1日起，水费可通过手机缴纳，现金窗口保留至年底。"],
]
LINES = {
    "winners": [
        "端午征文获奖名单",
        "一等奖：",
        "王思（柳湾小学）《粽子》",
        "二等奖：",
        "李欣",
        "张文",
    ],
    "poem": ["夏夜（诗）", "蝉声把黄昏拉得很长", "巷口的风", "数进我的梦乡"],
    "question": ["电动车该停哪儿？", "锦绣家园有电动车1200辆，充电桩只有160个。"],
    "exclamation": ["“我要上学！”", "女孩小雨休学一年，志愿者每周为她补课三次。"],
    "results": ["羽毛球赛落幕", "42支队伍参赛。", "男单冠军：林涛", "团体第一名：东风里队"],
    "events": [
        "活动预告",
        "文化站安排以下活动：",
        "11月5日 书法讲座",
        "11月12日 剪纸体验",
        "免费。",
    ],
    "letter": ["读者来信", "编辑同志：", "楼下的路灯坏了快两个月。", "读者 范兰", "5月6日"],
    "advertisement": ["招聘启事", "东风超市招聘收银员5名。", "联系人：卢经理", "电话：6688321"],
    "dinners": ["食堂价目", "价格如下：", "菜品\t价格\t时间", "红烧肉\t16\t周一", "鲈鱼\t22\t周五"],
    "buses": ["公交时刻", "线路 首班 末班 票价", "K1路 6:00 21:30 2元", "9路 6:10 22:00 1元"],
}
ROWS = {
    "dinners": ["菜品|价格|时间", "红烧肉|16|周一", "鲈鱼|22|周五"],
    "buses": ["线路|首班|末班|票价", "K1路|6:00|21:30|2元", "9路|6:10|22:00|1元"],
}


@pytest.mark.parametrize("kind", LINES)
def test_short_lines_of_an_article_are_its_text_and_head_nothing(kind: str) -> None:
    head, *rest = LINES[kind]
    text = "\n\n".join("\n".join(block) for block in (LINES[kind], *SHORT))
    issue = read_bytes(text.encode(), name="2021-05.txt")
    assert [article.headline and article.headline.text for article in issue.articles] == [
        head,
        *(block[0] for block in SHORT),
    ]
    rows = ROWS.get(kind, [])
    assert texts(issue.articles[0]) == [*rest[: len(rest) - len(rows)], *rows]
    assert not issue.furniture
    assert not any(article.section for article in issue.articles)


@pytest.mark.parametrize(
    ("top", "name"),
    [
        ("柳湾社区报 2021年5月10日", "柳湾社区报"),
        ("柳湾社区报\n2021年5月10日", "柳湾社区报"),
        ("柳湾社区报\n\n2021年5月10日  第9期", "柳湾社区报"),
        ("LIUWAN NEWS\n2021年5月10日", None),
    ],
)
def test_a_masthead_may_be_a_name_and_a_day(top: str, name: str | None) -> None:
    text = "\n\n".join([top, *("\n".join(block) for block in SHORT)])
    issue = read_bytes(text.encode(), name="a.txt")
    assert (issue.name, str(issue.date), len(issue.articles)) == (name, "2021-05-10", 2)


def test_a_contents_box_may_begin_with_the_pages_and_notices_may_be_numbered() -> None:
    box = "本期导读\nA1  大桥提前通车\nA2  医院检查费用下调"
    notices = [
        "一、关于灭鼠的通知\n4月22日起在楼道投药。",
        "二、关于养犬的通知\n4月30日前到派出所登记。",
    ]
    blocks = ("\n".join(block) for block in SHORT)
    issue = read_bytes("\n\n".join([box, *blocks, *notices]).encode(), name="a.txt")
    assert [article.headline and article.headline.text for article in issue.articles] == [
        "暑托班开始报名",
        "水费缴纳方式变更",
        "一、关于灭鼠的通知",
        "二、关于养犬的通知",
    ]


def headlines(text: str) -> list[str | None]:
    return [
        article.headline.text if article.headline else None
        for article in read_bytes(text.encode(), name="2021-05.txt").articles
    ]


def test_the_first_story_of_a_page_begins_below_its_marker() -> None:
    text = f"""\
第1版　要闻

三条公交线末班车延后
{BUS}


去年各镇养鱼情况
{FISH}


第2版　文化

旧磨坊开门迎客
{MILL}
"""
    assert headlines(text) == ["三条公交线末班车延后", "去年各镇养鱼情况", "旧磨坊开门迎客"]


def test_a_name_below_a_headline_signs_and_the_first_of_short_news_is_text() -> None:
    text = f"""\
旧磨坊的炉火
郎一舟
{MILL}

简讯三则
三条公交线末班车延后
{BUS}
镇上修好路灯
{FISH}

去年各镇养鱼情况
{FISH}
"""
    essay, news, last = read_bytes(text.encode(), name="2021-05.txt").articles
    assert [one.name for one in essay.bylines] == ["郎一舟"]
    assert headlines(text) == ["旧磨坊的炉火", "简讯三则", "去年各镇养鱼情况"]
    told = [passage.text for passage in news.passages]
    assert told == ["三条公交线末班车延后", BUS, "镇上修好路灯", FISH]
    assert len(last.passages) == 1


def test_a_finer_way_parts_where_a_part_would_hold_two_stories() -> None:
    stories = "\n".join(f"旧磨坊第{n}次修缮完工\n　　{BUS}\n　　{MILL}" for n in range(1, 4))
    text = f"第1版　要闻\n\n{stories}\n\n第2版　文化\n\n{stories}\n"
    assert headlines(text) == [f"旧磨坊第{n}次修缮完工" for n in (1, 2, 3, 1, 2, 3)]


@pytest.mark.parametrize("mark", ["【{head}】", "{n}、{head}", "★ {head}", "{n}. {head}"])
def test_what_marks_each_headline_is_no_part_of_it(mark: str) -> None:
    heads = ["三条公交线末班车延后", "旧磨坊开门迎客", "各镇养鱼户多了", "渡口人家"]
    texts = [BUS, MILL, f"本报讯 {FISH}", MILL]
    text = "\n\n".join(
        f"{mark.format(n=n, head=head)}\n　　{text}"
        for n, (head, text) in enumerate(zip(heads, texts, strict=True), start=1)
    )
    assert headlines(f"又到周末\n{text}\n") == heads


def test_numbers_of_what_heads_no_stories_stay() -> None:
    items = "\n\n".join(f"{n}、第{n}条线怎么走\n　　{FISH}" for n in range(1, 4))
    assert headlines(f"{items}\n") == [f"{n}、第{n}条线怎么走" for n in range(1, 4)]


def test_a_headline_below_a_table_begins_a_part_where_indents_tell_parts() -> None:
    table = "镇名\t户数\t产量\n柳湾镇\t120\t96.5\n石桥镇\t110\t80.2"
    text = f"""\
去年各镇养鱼情况
　　{FISH}
{table}
旧磨坊开门迎客
　　{MILL}
三条公交线末班车延后
　　{BUS}
"""
    assert headlines(text) == ["去年各镇养鱼情况", "旧磨坊开门迎客", "三条公交线末班车延后"]


def test_a_page_begins_a_part_whatever_stands_above_its_marker() -> None:
    text = f"""\
第1版　要闻

三条公交线末班车延后

{BUS}



去年各镇养鱼情况

{FISH}

责任编辑：李明　版式：王芳

第2版　文化

旧磨坊开门迎客

{MILL}



渡口人家

{MILL}
"""
    assert headlines(text)[2:] == ["旧磨坊开门迎客", "渡口人家"]


POEMS = {
    "lines": ["渡口（诗）", "作者 方砚秋", "船把黄昏系在岸上", "岸把灯火还给了船"],
    "one line": ["渡口（诗）", "作者 方砚秋", "船把黄昏系在岸上／岸把灯火还给了船"],
    "no title that says so": ["井台", "□ 方砚秋", "一桶月亮提上来，碎了，又圆"],
    "a bare name": ["雨后（外一首）", "方砚秋", "云低下来喝水", "山就近了", "只有人还远着"],
    "marks": ["七律·登塔", "方砚秋", "登塔遥看一水长，", "晚风吹动稻花香。"],
    "unsigned": ["五月（诗）", "麦子黄了／布谷喊了一声"],
}
SHOT = ["图片新闻", "图为5月1日，市民在江边放风筝。唐可 摄"]


@pytest.mark.parametrize("kind", POEMS)
def test_the_lines_of_a_poem_are_its_text_and_head_nothing(kind: str) -> None:
    title, *rest = POEMS[kind]
    text = "\n\n".join("\n".join(block) for block in (SHORT[0], POEMS[kind], SHOT, SHORT[1]))
    issue = read_bytes(text.encode(), name="2023-05-04.txt")
    assert [article.title for article in issue.articles] == [
        SHORT[0][0],
        title,
        SHOT[0],
        SHORT[1][0],
    ]
    poem = issue.articles[1]
    signed = [] if kind == "unsigned" else rest[:1]
    assert [byline.name for byline in poem.bylines] == ["方砚秋" for _ in signed]
    assert texts(poem) == rest[len(signed) :]
    assert (poem.kind, issue.articles[2].bylines) == ("news", (Byline("摄", "唐可"),))


def test_the_stanzas_of_a_poem_are_one_article() -> None:
    stanzas = [["船把黄昏系在岸上", "岸把灯火还给了船"], ["我在船上等你", "你在岸上等风"]]
    blocks = [SHORT[0], ["渡口（诗）", "作者 方砚秋"], *stanzas, SHOT, SHORT[1]]
    text = "\n\n".join("\n".join(block) for block in blocks)
    issue = read_bytes(text.encode(), name="2023-05-04.txt")
    assert [article.title for article in issue.articles] == [
        SHORT[0][0],
        "渡口（诗）",
        SHOT[0],
        SHORT[1][0],
    ]
    assert texts(issue.articles[1]) == [line for stanza in stanzas for line in stanza]


def test_lines_below_a_signed_headline_are_no_poem_where_text_follows() -> None:
    block = ["旧磨坊开门迎客", "本报记者 沈岚", "每周六教编筐", MILL]
    text = "\n\n".join("\n".join(lines) for lines in (SHORT[0], block, SHORT[1]))
    issue = read_bytes(text.encode(), name="2023-05-04.txt")
    assert texts(issue.articles[1]) == [MILL]
    doubtful = issue.articles[1]
    assert doubtful.confidence == 0.6
    assert "who wrote it stands inside its headline" in doubtful.why
