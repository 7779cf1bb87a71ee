"""Saved web pages to articles: what is kept, what is dropped, and hostile pages."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.errors import SourceError
from corpus.page import sites
from corpus.reader import read_bytes
from corpus.report import LITTLE_KEPT, report_on
from corpus.text import text_at
from corpus.types import Article, Issue

FIRST = "本报讯（记者李明）10月7日，砚川高新区召开推进会，部署下一步工作。"
SECOND = "会议指出，要“抓紧”落实公交线路调整。"
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>砚川高新区召开推进会-砚川网</title><meta property="og:site_name" content="砚川网">
<style>p { color: red }</style><script>var a = "<div>不是正文</div>";</script></head><body>
<div class="nav"><a href="1">首页</a><a href="2">新闻</a></div>
<div class="crumbs">首页 &gt; 新闻 &gt; 正文内容在这里</div>
<div class="main"><h1>砚川高新区<br>召开推进会</h1>
<div class="info">2021-10-07 08:30　来源：砚川日报　编辑：赵一</div>
<div class="text"><p>　　本报讯（记者李明）10&nbsp;月 7 日，砚川<b>高新区</b>召开推进会，部署<a
href="x">下一步</a>工作。</p><p style="display:none">隐藏的话，谁也看不到它。</p>
<p>会议指出，要&ldquo;抓紧&rdquo;落实&#20844;&#20132;线路调整。</p>
<figure><img src="a.jpg"><figcaption>图为会议现场。王芳 摄</figcaption></figure></div>
<div class="related"><a href="1">相关的另一条新闻的标题</a></div></div>
<footer>Copyright © 2021 砚川网 版权所有，未经许可不得转载。</footer></body></html>"""


def read(page: str | bytes, name: str = "page.html") -> Issue:
    return read_bytes(page.encode() if isinstance(page, str) else page, name=name)


def texts(article: Article) -> list[str]:
    return [passage.text for passage in article.passages]


def body(inner: str) -> str:
    return f"<html><head><title>标题</title></head><body>{inner}</body></html>"


def test_a_page_is_its_headline_its_paragraphs_and_its_captions() -> None:
    issue = read(PAGE)
    (story,) = issue.articles
    assert (issue.id, str(issue.date), issue.name) == ("2021-10-07-page", "2021-10-07", "砚川网")
    assert story.headline is not None
    assert (story.headline.text, story.kind) == ("砚川高新区召开推进会", "news")
    assert texts(story) == [FIRST, SECOND, "图为会议现场。王芳 摄"]
    written = [(byline.role, byline.name) for byline in story.bylines]
    assert written == [("记者", "李明"), ("摄", "王芳")]


def test_places_give_the_words_in_the_text_that_is_kept() -> None:
    issue = read(PAGE)
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges) == passage.text
    assert read(issue.source.data).source.text == issue.source.text


@pytest.mark.parametrize(
    ("page", "declared"),
    [
        (PAGE.encode(), "utf-8"),
        (PAGE.encode("utf-8-sig"), "utf-8"),
        (PAGE.encode("utf-16"), "utf-8"),
        (PAGE.replace("utf-8", "gb2312").encode("gb18030"), "gb2312"),
        (PAGE.replace('<meta charset="utf-8">', "").encode("gb18030"), "nothing"),
        (PAGE.encode("gb18030"), "what it is not"),
        (PAGE.replace("utf-8", "iso-8859-1").encode(), "what it is not"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_encoding_is_found_whatever_is_declared(page: bytes, declared: str) -> None:
    assert [texts(article) for article in read(page).articles] == [
        [FIRST, SECOND, "图为会议现场。王芳 摄"]
    ]


def test_big5_is_read() -> None:
    page = body("<h1>高新區召開會議</h1><p>會議討論發展問題，並部署下一步的工作。</p>")
    page = page.replace("<title>", '<meta charset="big5"><title>').replace("标题", "")
    (article,) = read(page.encode("big5")).articles
    assert texts(article) == ["會議討論發展問題，並部署下一步的工作。"]


def test_a_broken_byte_does_not_lose_the_page() -> None:
    filler = "<p>公交线路新增十二条，方便市民出行。</p>" * 20
    page = PAGE.replace('<div class="related">', filler + '<div class="related">')
    broken = page.encode("gb18030").replace(
        "会议指出".encode("gb18030"), b"\xff" + "议指出".encode("gb18030")
    )
    assert FIRST in [passage.text for passage in read(broken.replace(b"utf-8", b"gbk")).passages]


def test_several_articles_on_one_page_are_several() -> None:
    page = body(
        "<h1>砚川高新时讯</h1>"
        f"<article><h2>第一篇</h2><p>{FIRST}</p><h3>小标题</h3><p>{SECOND}</p></article>"
        f"<article><h2>第二篇</h2><p>{SECOND}{SECOND}</p></article>"
        "<article class=card><a href=1>只是链接，不是文章，只是链接，不是文章</a></article>"
    )
    issue = read(page)
    assert [article.headline and article.headline.text for article in issue.articles] == [
        "第一篇",
        "第二篇",
    ]
    assert texts(issue.articles[0]) == [FIRST, "小标题", SECOND]


def test_headings_of_one_page_without_articles_head_them() -> None:
    page = body(
        f"<div><h1>砚川高新时讯</h1><h2>第一篇</h2><p>{FIRST}</p><h2>第二篇</h2><p>{SECOND}</p></div>"
    )
    heads = [article.headline for article in read(page).articles]
    assert [head and head.text for head in heads] == ["第一篇", "第二篇"]


def test_crossheads_are_lines_of_their_article() -> None:
    page = body(
        f"<h1>召开会议</h1><p>{FIRST}</p><h2>抓项目</h2><p>{SECOND}</p><h2>抓落实</h2><p>{SECOND}</p>"
    )
    (article,) = read(page).articles
    assert texts(article) == [FIRST, "抓项目", SECOND, "抓落实", SECOND]


def test_line_breaks_part_paragraphs_where_they_end_one() -> None:
    page = body(
        f"<h1>召开会议</h1><div>　　{FIRST}<br>　　{SECOND}<br><br>公交线路<br>调整了。</div>"
    )
    (article,) = read(page).articles
    assert texts(article) == [FIRST, SECOND, "公交线路调整了。"]


def test_cells_of_a_row_are_kept_apart() -> None:
    page = body(f"<h1>投资表</h1><p>{FIRST}</p><table><tr><td>公交</td><td>12</td></tr></table>")
    assert texts(read(page).articles[0])[-1] == "公交|12"


@pytest.mark.parametrize(
    "line",
    [
        "时间：10月21日晚七点",
        "日期：9月1日至3日",
        "分享会之后在二楼茶歇",
        "打印店同日搬到西门",
        "编辑部负责接待来宾",
        "作者签名售书在三楼举行",
        "版权局开展宣传月活动",
        "返回家乡的学生有12人",
        "来源地以本市为主",
        "收藏红色文物2000件",
    ],
)
def test_what_only_begins_like_a_sites_matter_is_text(line: str) -> None:
    page = body(f"<h1>读书会</h1><p>{FIRST}</p><p>{line}</p><p>{SECOND}</p>")
    assert texts(read(page).articles[0]) == [FIRST, line, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "来源：砚川日报",
        "发布时间：2021-10-07 08:30　浏览次数：127",
        "时间：2021-10-07",
        "责任编辑：赵一",
        "【字体：大 中 小】",
        "打印本页　关闭窗口",
        "分享到：",
        "返回顶部",
        "上一篇：召开会议",
        "版权所有 砚川网",
        "编辑/李明",
        "来源丨县融媒体中心",
        "责编丨李明 审核丨王芳",
        "分享到微信",
        "返回新闻列表",
        "关闭此窗口",
        "打印文章",
        "时间：11-25 14:30",
        "编辑李明",
    ],
)
def test_what_a_site_says_of_itself_is_no_text(line: str) -> None:
    page = body(f"<h1>读书会</h1><p>{FIRST}</p><p>{SECOND}</p><p>{line}</p>")
    assert texts(read(page).articles[0]) == [FIRST, SECOND]


def test_the_row_that_names_the_columns_stays_with_its_table() -> None:
    rows = [["日期", "姓名", "电话"], ["5月1日", "李明", "5521201"], ["5月2日", "王芳", "5521202"]]
    cells = "".join(f"<tr>{''.join(f'<td>{one}</td>' for one in row)}</tr>" for row in rows)
    page = body(f"<h1>值班表</h1><p>{FIRST}</p><table>{cells}</table>")
    assert texts(read(page).articles[0])[1:] == ["|".join(row) for row in rows]


SITES = {
    "People's Daily digital edition, and papers set like it": (
        '<div class="article"><h3>引题</h3><h1>正题在此</h1><h2>——副题在此</h2><p class="sec">'
        "《砚川日报》（ 2021年10月07日 第 01 版）</p><div id=ozoom>{}</div></div>"
    ),
    "Founder digital edition": (
        "<table><tr><td class=font02>——副题在此</td></tr>"
        "<tr><td class=font01>正题在此</td></tr></table>"
        '<p class="yinti">引题</p><div id="ozoom"><founder-content>{}</founder-content></div>'
    ),
    "WeChat public account": (
        '<h1 id="activity-name">正题在此</h1><span id="js_name">砚川发布</span>'
        '<em id="publish_time">2021年10月07日 10:00</em>'
        '<div id="js_content" style="visibility: hidden;">{}</div>'
    ),
    "People's Daily Online": (
        '<h1>正题在此</h1><div class="rm_txt_con">{}<div class="edit">（责编：赵一）</div></div>'
    ),
    "Xinhua": '<div class="head-line"><h1>正题在此</h1></div><div id="detail">{}</div>',
    "Government sites": '<h1>正题在此</h1><div id="UCAP-CONTENT">{}</div>',
}


@pytest.mark.parametrize("site", [site.name for site in sites()])
def test_each_site_that_is_known_gives_headline_and_paragraphs(site: str) -> None:
    other = (
        "<div class=list>"
        + "<p>别的栏目里更长的文字，并不属于这一篇文章，应当略去。</p>" * 9
        + "</div>"
    )
    page = body(SITES[site].format(f"<p>{FIRST}</p><p>{SECOND}</p>") + other)
    (article,) = read(page).articles
    assert article.headline is not None
    assert (article.headline.text, texts(article)) == ("正题在此", [FIRST, SECOND])
    if "副题" in page:
        assert article.subtitle is not None
        assert article.kicker is not None
        assert (article.kicker.text, article.subtitle.text) == ("引题", "——副题在此")


def test_linked_data_and_meta_tags_tell_the_day() -> None:
    linked = '{"@type": "NewsArticle", "datePublished": "2020-02-03T08:00:00"}'
    told = f'<script type="application/ld+json">{linked}</script>'
    assert str(read(body(f"{told}<h1>开会</h1><p>{SECOND}</p>")).date) == "2020-02-03"
    meta = '<meta name="PubDate" content="2020-04-05 09:00">'
    assert str(read(body(f"{meta}<h1>开会</h1><p>{SECOND}</p>")).date) == "2020-04-05"


def test_radicals_are_mended_in_a_page() -> None:
    (article,) = read(body("<h1>⻓⻛</h1><p>⻛⽔⽊，公交线路调整了，市民出行方便。</p>")).articles
    assert texts(article) == ["风水木，公交线路调整了，市民出行方便。"]


@pytest.mark.parametrize(
    ("inner", "problem"),
    [
        ("<div>" * 200_000, "nests more than 512 elements"),
        ("<table><tr><td>" * 5_000, "nests more than 512 elements"),
        ("<div></section>" * 5_000, "nests more than 512 elements"),
        ("<p>好" * 150_000, "has more than 100000 tags"),
        ('<a "' * 300_000, "holds no text"),
        ("<p>" + "好" * 1_200_000, "has more than 20000 paragraphs or 1000000 characters"),
        ("<script>" * 50_000, "holds no text"),
        ("<!--" * 200_000, "holds no text"),
    ],
    ids=["deep", "tables", "unmatched", "tags", "no end", "long", "scripts", "comments"],
)
def test_hostile_pages_are_refused(inner: str, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(body(inner).replace("<title>标题</title>", ""))
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    "inner",
    [
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<p>".join(f"<font size={n}>" for n in range(3_000)),
        "<b>" * 20_000 + "<p>" * 20_000,
        "<script type='application/ld+json'>" + "[" * 9_000 + "</script>",
        '<svg><path d="M 0 0"/></svg><template><p>不印</p></template>',
    ],
    ids=["attributes", "formatting", "bold", "linked data", "pictures"],
)
def test_hostile_marks_cost_little_and_leave_the_text(inner: str) -> None:
    (article,) = read(body(f"{inner}<p>{FIRST}</p>")).articles
    assert texts(article)[-1] == FIRST


def test_bylines_without_end_cost_little() -> None:
    lines = "".join(f"<p>本报记者 {'李明本报记者王芳' * n}1</p>" for n in range(1, 9))
    (article,) = read(body(f"<h1>开会</h1><p>{FIRST}</p>{lines}")).articles
    assert len(article.passages) == 9


def test_trafilatura_reads_where_it_is_asked_to() -> None:
    pytest.importorskip("trafilatura")
    issue = read_bytes(PAGE.encode(), name="page.html", reader="trafilatura")
    assert issue.source.encoding == "html+trafilatura"
    assert issue.articles[0].headline is not None
    assert FIRST.split("，")[1] in issue.source.text
    again = read_bytes(issue.source.data, name="page.html", reader=issue.source.encoding)
    assert again.source.text == issue.source.text


def test_each_article_of_a_page_has_its_day_and_its_writer() -> None:
    page = body(
        "<article><h2>人事任免</h2><p>2024-04-25　来源：人力资源部</p>"
        "<p>任命方卓为集团副总经理，分管海外业务。</p></article>"
        '<article><h2>食堂调整</h2><p><time datetime="2024-04-22">2024-04-22</time></p>'
        "<p>行政部将增设两个窗口，并把午餐时间延长到13时30分。</p></article>"
        '<article><header><h2>羽毛球赛</h2><span class="author">记者 白雪</span> '
        "<time>4月21日</time></header>"
        "<p>供应链中心3比2战胜财务部，获团体冠军，财务部获亚军。</p></article>"
    )
    articles = read(page).articles
    assert [article.date for article in articles] == [
        date(2024, 4, 25),
        date(2024, 4, 22),
        date(2024, 4, 21),
    ]
    assert [[one.name for one in article.bylines] for article in articles] == [[], [], ["白雪"]]
    assert [len(article.passages) for article in articles] == [1, 1, 1]


CAPTIONS = ["图为新桥合龙现场。王芳 摄", "图为工人在桥面铺设电缆。赵宁 摄"]


def figures(n: int) -> str:
    return "".join(
        f"<figure><img src='a.jpg'><figcaption>{line}</figcaption></figure>"
        for line in CAPTIONS[:n]
    )


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("around", ["<article>{}</article>", "{}"])
def test_a_heading_over_nothing_but_pictures_is_theirs(around: str, n: int) -> None:
    story = around.format(f"<h2>高新区召开推进会</h2>{figures(1)}<p>{FIRST}</p>")
    shot = around.format(f"<h2>图片新闻</h2>{figures(n)}")
    notice = around.format(f"<h2>公交线路调整</h2><p>{SECOND}</p>")
    articles = read(body(f"<div>{story}{shot}{notice}</div>")).articles
    assert [(article.title, texts(article)) for article in articles] == [
        ("高新区召开推进会", [FIRST, *CAPTIONS[:1]]),
        ("图片新闻", CAPTIONS[:n]),
        ("公交线路调整", [SECOND]),
    ]
    assert [article.kind for article in articles] == ["news", "photo", "news"]


def stories(around: str, *, n: int = 4) -> str:
    held = "".join(
        around.format(head=f"新桥第{n}段合龙", text=f"<p>{FIRST}</p><p>{SECOND}</p>")
        for n in range(1, n + 1)
    )
    return body(f"<div class='banner'>砚川周报</div><div>{held}</div>")


@pytest.mark.parametrize(
    "around",
    [
        "<div class='item'><h4>{head}</h4><div class='txt'>{text}</div></div>",
        "<div><table><tr><td><h4>{head}</h4></td></tr><tr><td>{text}</td></tr></table></div>",
    ],
    ids=["elements", "tables"],
)
def test_stories_in_elements_of_their_own_are_all_kept(around: str) -> None:
    issue = read(stories(around))
    heads = [article.headline.text for article in issue.articles if article.headline]
    assert heads == [f"新桥第{n}段合龙" for n in range(1, 5)]
    assert all(texts(article) == [FIRST, SECOND] for article in issue.articles)
    assert issue.source.share_kept == 1.0


def test_comments_alike_are_no_stories() -> None:
    said = "".join(f"<div class='c'><p>{n}楼：盼了好久，今天总算通车。</p></div>" for n in range(5))
    page = body(f"<h1>新桥合龙</h1><div class='t'><p>{FIRST}</p><p>{SECOND * 5}</p></div>{said}")
    (article,) = read(page).articles
    assert texts(article) == [FIRST, SECOND * 5]


def test_a_list_of_what_stands_on_its_own_page_is_no_text() -> None:
    links = "".join(f"<li><a href='#a{n}'>新桥第{n}段合龙</a></li>" for n in range(1, 4))
    inner = f"<ol>{links}</ol>" + "".join(
        f"<h2 id='a{n}'>新桥第{n}段合龙</h2><p>{FIRST}</p>" for n in range(1, 4)
    )
    articles = read(body(f"<div>{inner}</div>")).articles
    assert [texts(article) for article in articles] == [[FIRST]] * 3


def test_how_much_of_a_page_was_kept_is_reported() -> None:
    other = f"<p>{SECOND * 9}</p>"
    page = body(f"<h1>新桥合龙</h1><article><p>{FIRST}</p></article><div><div>{other}</div></div>")
    issue = read(page)
    told = report_on(issue)
    assert told.kept == issue.source.share_kept
    assert told.kept is not None
    assert told.kept < LITTLE_KEPT
    assert report_on(read_bytes(FIRST.encode(), name="a.txt")).kept is None


BOLD = "<p><b>{head}</b></p>{text}"
SET = {
    "bold": BOLD,
    "size": "<p style='font-size:18px'><span>{head}</span></p>{text}",
    "font": "<br><font size=5 color=red>{head}</font><br>　　本报讯 {line}<br>　　{line}<br>",
    "class": "<div><div class='t5'><span>{head}</span></div><p class='p3'>本报讯 {line}</p></div>",
}


@pytest.mark.parametrize("how", SET)
def test_lines_of_one_look_over_stories_are_headlines(how: str) -> None:
    text = f"<p>{FIRST}</p><p>{SECOND}</p>"
    inner = "".join(
        SET[how].format(head=f"新桥第{n}段合龙了吗？", text=text, line=SECOND) for n in range(1, 5)
    )
    issue = read(body(f"<div class='banner'>砚川周报</div><div class='text'>{inner}</div>"))
    heads = [article.headline.text for article in issue.articles if article.headline]
    assert heads == [f"新桥第{n}段合龙了吗？" for n in range(1, 5)]


def test_bold_lines_of_one_story_part_nothing() -> None:
    parts = "".join(f"<p><strong>第{n}段怎么修</strong></p><p>{SECOND}</p>" for n in range(1, 5))
    (article,) = read(body(f"<h1>新桥合龙</h1><div><p>{FIRST}</p>{parts}</div>")).articles
    assert texts(article)[:3] == [FIRST, "第1段怎么修", SECOND]


def test_a_bold_line_above_a_line_break_is_a_paragraph_and_bold_words_are_none() -> None:
    inner = f"<b>一、修路</b><br>{SECOND}<br><b>会议</b>还指出，<br>要修桥。"
    (article,) = read(body(f"<h1>新桥合龙</h1><div>{inner}</div>")).articles
    assert texts(article) == ["一、修路", SECOND, "会议还指出，要修桥。"]


def test_tags_that_set_type_and_are_never_closed_cost_little() -> None:
    inner = "".join(f"<p><font size={n % 8}><b>好" for n in range(5_000))
    (article,) = read(body(f"{inner}<p>{FIRST}</p>")).articles
    assert texts(article)[-1] == FIRST


def test_a_short_poem_is_the_text_and_what_a_site_says_below_is_none() -> None:
    lines = ("小船摇过石桥东，", "岸上人家灯已红。")
    verse = "".join(f"<p>　　{line}</p>" for line in lines)
    footer = "<div>版权所有 砚川日报社 未经许可不得转载 技术支持：砚川科技有限公司</div>"
    (article,) = read(body(f"<div><div class='zw'>{verse}</div></div>{footer}")).articles
    assert texts(article) == list(lines)


@pytest.mark.parametrize(
    ("title", "line", "headline"),
    [
        ("砚川日报数字报-古井新泉", "古井新泉", "古井新泉"),
        ("砚川日报电子版_新桥合龙 明年通车", "新桥合龙 明年通车", "新桥合龙 明年通车"),
        ("砚川晚报-新桥合龙-砚川网", "砚川晚报", "新桥合龙"),
        ("第3版新闻：新桥合龙", "新桥合龙", "第3版新闻：新桥合龙"),
        ("工业互联网-新引擎", "工业", "工业互联网-新引擎"),
    ],
)
def test_a_headline_from_the_title_is_without_the_sites_name(
    title: str, line: str, headline: str
) -> None:
    page = body(f"<div>{line}</div><div><p>{FIRST}</p></div>").replace("标题", title)
    (article,) = read(page).articles
    assert article.headline is not None
    assert article.headline.text == headline


def test_lines_named_so_beside_a_heading_are_its_kicker_and_subtitle() -> None:
    inner = (
        "<p class='yinti'>三年建成</p><h2>新桥合龙</h2><p class='sub-title'>两岸不必绕行</p>"
        f"<p>{FIRST}</p><p class='sub-title'>怎么修的</p><p>{SECOND}</p>"
        f"<h2>老街修好</h2><p>{FIRST}</p>"
    )
    first, second = read(body(f"<div>{inner}</div>")).articles
    assert first.kicker is not None
    assert first.subtitle is not None
    assert (first.kicker.text, first.subtitle.text) == ("三年建成", "两岸不必绕行")
    assert texts(first) == [FIRST, "怎么修的", SECOND]
    assert second.subtitle is None


def test_very_many_looks_cost_little() -> None:
    inner = "".join(f"<p class='c{n % 5_000}'>第{n}段怎么修</p>" for n in range(19_000))
    (article,) = read(body(f"<h1>新桥合龙</h1><div><p>{FIRST}</p>{inner}</div>")).articles
    assert len(article.passages) == 19_001


@pytest.mark.parametrize(
    ("above", "below", "told"),
    [
        ("三年建成两公里", "两岸不必绕行", ("三年建成两公里", "两岸不必绕行")),
        ("砚川日报", "2021-10-07 第1版：要闻", (None, None)),
        ("<a href='1'>上一篇的标题</a>", "作者：李明", (None, None)),
        ("第01版：要闻", "来源：砚川日报社", (None, None)),
    ],
)
def test_lines_beside_a_headline_that_stands_outside_of_the_text_are_of_it(
    above: str, below: str, told: tuple[str | None, str | None]
) -> None:
    lines = "".join(f"<div>{line}</div>" for line in (above, "新桥今日合龙", below))
    page = body(f"<div>{lines}<div class='zw'><p>{FIRST}</p><p>{SECOND}</p></div></div>")
    (article,) = read(page.replace("标题</title>", "新桥今日合龙</title>")).articles
    parts = article.kicker, article.subtitle
    assert tuple(part and part.text for part in parts) == told
    assert texts(article) == [FIRST, SECOND]
