"""Markdown and Word documents to articles."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from xml.sax.saxutils import escape

import pytest

from corpus.archive import Archive
from corpus.errors import SourceError
from corpus.reader import read_bytes
from corpus.text import text_at
from corpus.types import Issue, iso
from corpus.zips import pack

FRONT = '---\ntitle: 砚川高新时讯\ndate: 2021-10-07\npublication: "砚川高新时讯"\n---\n'
DIGEST = f"""{FRONT}# 砚川高新时讯

## 推进会召开

10 月 7 日，**砚川高新区**召开[推进会](http://example.com)，
部署`下一步`工作。

1. 一要抓紧。
2. 二要落实。

![图为现场。李明 摄](a.jpg)

### 抓落实

| 项目 | 投资 |
|---|---|
| 公交 | 12 |

## 公交线路调整

本报记者 王芳

公交线路<!-- 注 -->调整了。
"""
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = (
    f'<w:styles {WORD}><w:style w:styleId="a3"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="mine"><w:name w:val="mine"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:styleId="c"><w:name w:val="caption"/></w:style></w:styles>'
)


def told(issue: Issue) -> list[tuple[str | None, list[str]]]:
    return [
        (article.headline.text if article.headline else None, [p.text for p in article.passages])
        for article in issue.articles
    ]


def run(text: str) -> str:
    return f"<w:r><w:t>{escape(text)}</w:t></w:r>"


def paragraph(text: str, style: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}{run(text)}</w:p>"


def set_as(text: str, how: str = "") -> str:
    """Return a paragraph set as is said: centred, bold, larger, or a little so (raised)."""
    of_line = '<w:pPr><w:jc w:val="center"/></w:pPr>' if "centred" in how else ""
    half_points = 36 if "larger" in how else 28
    bold, size = "<w:b/>" * ("bold" in how), f'<w:sz w:val="{half_points}"/>'
    size *= "larger" in how or "raised" in how
    run = f"<w:r><w:rPr>{bold}{size}</w:rPr><w:t>{escape(text)}</w:t></w:r>"
    return f"<w:p>{of_line}{run}</w:p>"


def table_of(rows: Sequence[Sequence[str]]) -> str:
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(body: str, *, core: str = "", before: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        document = f"{before}<w:document {WORD}><w:body>{body}</w:body></w:document>"
        archive.writestr("word/document.xml", document)
        archive.writestr("word/styles.xml", STYLES)
        if core:
            archive.writestr("docProps/core.xml", core)
    return out.getvalue()


def test_markdown_is_its_headings_and_paragraphs_without_marks() -> None:
    issue = read_bytes(DIGEST.encode(), name="news.md")
    assert (issue.id, issue.name, str(issue.date)) == ("2021-10-07", "砚川高新时讯", "2021-10-07")
    assert told(issue) == [
        (
            "推进会召开",
            [
                "10月7日，砚川高新区召开推进会，部署下一步工作。",
                "1.一要抓紧。",
                "2.二要落实。",
                "抓落实",
                "项目|投资",
                "公交|12",
                "图为现场。李明 摄",
            ],
        ),
        ("公交线路调整", ["公交线路调整了。"]),
    ]
    assert [byline.name for byline in issue.articles[1].bylines] == ["王芳"]
    assert [piece.text for piece in issue.furniture] == ["砚川高新时讯"]


def test_places_in_markdown_give_the_words() -> None:
    issue = read_bytes(DIGEST.encode("gb18030"), name="news.md")
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges) == passage.text


@pytest.mark.parametrize(
    ("front", "headline", "day"),
    [
        ("date:", None, None),
        ("tags:\n- 一\n  - 二\n# 说明\n\nlinks: [\n]\nog title: x\n", None, None),
        ("published: true", None, None),
        ("title: '[unclosed'", "[unclosed", None),
        ("tags: [one, two]", None, None),
        ("author: [李明, 王芳]", None, None),
        ("date: 2021-10-07 08:30:00 +0800  # Thursday", None, "2021-10-07"),
        ("date: 2021/10/7", None, "2021-10-07"),
    ],
)
def test_front_matter_with_fields_left_empty_or_of_others_is_no_fault(
    front: str, headline: str | None, day: str | None
) -> None:
    issue = read_bytes(f"---\n{front}\n---\n开工了。\n".encode(), name="a.md")
    assert (issue.source.faults, iso(issue.date)) == ((), day)
    assert told(issue) == [(headline, ["开工了。"])]


def test_the_page_whose_front_matter_is_at_fault_is_named() -> None:
    pages = [("1.md", "开工了。\n"), ("2.md", "---\ndate: May\n---\n开工了。\n")]
    data = pack([(name, text.encode()) for name, text in pages])
    with pytest.raises(SourceError, match=r"a.zip: 2.md: front matter: date is 'May', expected"):
        read_bytes(data, name="a.zip")


def test_what_was_kept_with_a_fault_in_its_front_matter_is_read_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = read_bytes("---\ndate: 2021-10-07\n---\n开工了。\n".encode(), name="a.md")
    data = kept.source.data.replace(b"2021-10-07", b"2021-99-99")
    older = replace(kept, source=replace(kept.source, data=data))
    with Archive.in_memory([older]) as archive:
        archive.connection.execute("UPDATE issues SET reader = 'older'")
        assert archive.refresh() == [kept.id]
    assert "front matter: date is '2021-99-99'" in caplog.text


@pytest.mark.parametrize("text", ["[" * 20_000, "*a **a " * 50_000, "# a\n\n" + "    a\n" * 30_000])
def test_hostile_markdown_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        read_bytes(text.encode(), name="a.md")


def test_a_word_document_is_its_styles() -> None:
    hidden = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>" + run("开工了。") + "</w:p>"
    )
    deleted = "<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>" + run("建")
    deleted += "<w:r><w:br/><w:t>成了。</w:t></w:r></w:p>"
    row = (
        "<w:tbl><w:tr>"
        + "".join(f"<w:tc>{paragraph(t)}</w:tc>" for t in ("公交", "12"))
        + "</w:tr></w:tbl>"
    )
    body = (
        paragraph("砚川高新时讯", "a3")
        + paragraph("项目开工", "1")
        + hidden
        + paragraph("图为现场。", "c")
        + paragraph("项目建成", "mine")
        + deleted
        + row
    )
    core = '<c xmlns:dc="d"><dc:title>十月号</dc:title></c>'
    issue = read_bytes(docx(body, core=core), name="2021-10.docx")
    assert told(issue) == [
        ("项目开工", ["开工了。", "图为现场。"]),
        ("项目建成", ["建成了。", "公交|12"]),
    ]
    assert [article.kind for article in issue.articles] == ["news", "news"]
    assert issue.source.told.title == "十月号"
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges) == passage.text


def test_a_word_document_without_headings_is_read_as_text_is() -> None:
    body = paragraph("项目开工") + paragraph("本报讯（记者李明）项目开工了。") + paragraph("很好。")
    issue = read_bytes(docx(body), name="2021-10.docx")
    assert told(issue) == [("项目开工", ["本报讯（记者李明）项目开工了。", "很好。"])]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            docx(
                paragraph("&lol;").replace("&amp;", "&"),
                before='<!DOCTYPE x [<!ENTITY lol "' + "ha" * 9 + '">]>',
            ),
            "declares a document type",
        ),
        (docx("<w:p>" * 5_000), "nests or holds more"),
        (docx("<w:p><w:r>"), "is a damaged Word document"),
        (docx("<w:p/>"), "holds no text"),
        (docx(paragraph("好" * 900_000)), "unpacks to more than"),
    ],
    ids=["entities", "deep", "cut off", "empty", "dense"],
)
def test_hostile_word_documents_are_refused(data: bytes, problem: str) -> None:
    if problem == "unpacks to more than":
        out = BytesIO()
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as packed:
            for name in old.namelist():
                packed.writestr(name, old.read(name))
        data = out.getvalue()
    with pytest.raises(SourceError, match=problem):
        read_bytes(data, name="a.docx")


def test_a_heading_that_names_a_page_heads_no_article() -> None:
    text = """# 园区物流

管理委员会主办 | 第59期 | 2024年11月29日出版 | 总编：纪达

## 01版 头版

### 主任调整

宣布孟玉任主任。

### 进出口增长

前十个月增长一成。

## 02版 动态

### 夜校开课

夜校昨日开课。
"""
    issue = read_bytes(text.encode(), name="59.md")
    assert (str(issue.date), issue.number) == ("2024-11-29", "59")
    assert [(one.section, one.headline and one.headline.text) for one in issue.articles] == [
        ("头版", "主任调整"),
        ("头版", "进出口增长"),
        ("动态", "夜校开课"),
    ]


BRIDGE = (
    "砚川大桥昨日合龙，两岸居民来往不必再绕行二十公里，施工单位说桥面铺装随后开始，"
    "全桥将在入冬以前通车，届时公交也会改道过桥。"
)
SCHOOL = (
    "枫林小学新校舍投用，孩子们搬进了有暖气的教室，操场也铺上了塑胶，校长说旧校舍会留着办村史馆，"
    "老课桌一张也不扔，还要请老教师回来讲课。"
)
MARKET = (
    "石桥集市迁到镇东，摊位比从前多了一半，逢五逢十照常开集，停车不收钱，镇里还在入口处修了公厕，"
    "装了二十盏路灯，卖菜的老人不用再摸黑收摊。"
)


@pytest.mark.parametrize("how", ["centred", "bold", "larger", "centred bold larger", "empty"])
def test_a_document_without_styles_is_parted_by_how_its_headlines_are_set(how: str) -> None:
    articles = [
        ("砚川大桥合龙", [BRIDGE, "两岸同庆", "当晚放了烟花。"]),
        ("枫林小学搬新家", [SCHOOL, "砚川区教育局9月3日"]),
        ("石桥集市迁到镇东", [MARKET]),
    ]
    between = set_as("") if how == "empty" else ""
    body = between.join(set_as(head, how) + "".join(map(set_as, texts)) for head, texts in articles)
    top = set_as("砚川时讯", "centred") + set_as("2021年9月5日 星期日 第12期", "centred")
    issue = read_bytes(docx(top + between + body), name="2021-09.docx")
    assert issue.name == "砚川时讯"
    assert told(issue) == articles


@pytest.mark.parametrize("mark", ["**{}**", "{}"], ids=["bold", "nothing"])
def test_markdown_without_headings_is_parted_by_what_is_bold_or_as_text_is(mark: str) -> None:
    articles = [("砚川大桥合龙", BRIDGE), ("枫林小学搬新家", SCHOOL), ("石桥集市迁到镇东", MARKET)]
    text = "\n\n".join(f"{mark.format(head)}\n\n{body}" for head, body in articles)
    issue = read_bytes(text.encode(), name="2021-09.md")
    assert told(issue) == [(head, [body]) for head, body in articles]


@pytest.mark.parametrize("mark", ["标题：{}", "## {}"])
def test_a_word_or_sign_before_each_headline_is_no_part_of_it(mark: str) -> None:
    articles = [("砚川大桥合龙", BRIDGE), ("枫林小学搬新家", SCHOOL), ("石桥集市迁到镇东", MARKET)]
    text = "\n".join(f"{mark.format(head)}\n{body}" for head, body in articles)
    issue = read_bytes(text.encode(), name="2021-09.txt")
    assert told(issue) == [(head, [body]) for head, body in articles]


def test_headings_over_headings_alone_name_sections_and_a_day_alone_is_the_issues() -> None:
    parts = "# 砚川时讯", "2021年9月5日", "# 要闻", "## 合龙", BRIDGE, "# 教育", "## 搬家", SCHOOL
    issue = read_bytes("\n\n".join(parts).encode(), name="news.md")
    assert (issue.name, str(issue.date)) == ("砚川时讯", "2021-09-05")
    assert told(issue) == [("合龙", [BRIDGE]), ("搬家", [SCHOOL])]
    assert [article.section for article in issue.articles] == ["要闻", "教育"]


def test_bold_lines_below_a_larger_headline_and_rows_part_nothing() -> None:
    dishes = ("红烧肉", "16", "周一"), ("鲈鱼", "22", "周五")
    body = (
        set_as("大桥合龙", "bold larger")
        + set_as(BRIDGE)
        + set_as("两岸同庆", "bold")
        + set_as("当晚放了烟花。")
        + table_of(dishes)
        + set_as("小学搬家", "bold larger")
        + set_as(SCHOOL)
    )
    issue = read_bytes(docx(body), name="2021-09.docx")
    assert told(issue) == [
        ("大桥合龙", [BRIDGE, "两岸同庆", "当晚放了烟花。", "红烧肉|16|周一", "鲈鱼|22|周五"]),
        ("小学搬家", [SCHOOL]),
    ]


ROSTER = [
    ("姓名", "办公电话", "手机"),
    ("李明", "5521201", "13800000001"),
    ("王芳", "", "13800000002"),
    ("", "", ""),
    ("赵一", "", ""),
]


@pytest.mark.parametrize("style", ["1", ""])
def test_an_empty_cell_of_a_word_table_keeps_its_place_and_an_empty_row_is_none(style: str) -> None:
    body = paragraph("值班表公布", style) + paragraph("下周值班安排如下。") + table_of(ROSTER)
    (article,) = read_bytes(docx(body), name="2021-10.docx").articles
    rows = ["姓名|办公电话|手机", "李明|5521201|13800000001", "王芳||13800000002", "赵一||"]
    assert [passage.text for passage in article.passages] == ["下周值班安排如下。", *rows]


def test_a_word_table_that_sets_out_a_page_leaves_no_bars() -> None:
    table = table_of([("开工现场。", ""), ("", "建成了。")])
    issue = read_bytes(docx(paragraph("项目开工", "1") + table), name="2021-10.docx")
    assert told(issue) == [("项目开工", ["开工现场。", "建成了。"])]


@pytest.mark.parametrize("name", ["2021-10-07.md", "2021-10-07.html"])
def test_an_empty_cell_keeps_its_place_where_markup_tells_tables(name: str) -> None:
    rows = ["".join(f"<td>{cell}</td>" for cell in row) for row in ROSTER]
    page = f"<h2>值班表公布</h2><p>值班如下。</p><table><tr>{'</tr><tr>'.join(rows)}</tr></table>"
    if name.endswith(".md"):
        lines = [f"|{'|'.join(row)}|" for row in ROSTER]
        page = "\n".join(["# 值班表公布\n\n值班如下。\n", lines[0], "|-|-|-|", *lines[1:]])
    (article,) = read_bytes(page.encode(), name=name).articles
    rows = ["姓名|办公电话|手机", "李明|5521201|13800000001", "王芳||13800000002", "赵一||"]
    assert [passage.text for passage in article.passages] == ["值班如下。", *rows]


def test_lines_set_smaller_over_and_under_a_headline_are_its_kicker_and_subtitle() -> None:
    body = (
        set_as("总长三百米", "centred raised")
        + set_as("砚川大桥合龙", "centred larger")
        + set_as("两岸不必绕行", "centred raised")
        + set_as(BRIDGE)
        + set_as("枫林小学搬新家", "centred larger")
        + set_as(SCHOOL)
    )
    first, second = read_bytes(docx(body), name="2021-09.docx").articles
    parts = (first.kicker, first.headline, first.subtitle)
    assert [part and part.text for part in parts] == ["总长三百米", "砚川大桥合龙", "两岸不必绕行"]
    assert second.headline is not None
    assert (second.headline.text, second.kicker, second.subtitle) == ("枫林小学搬新家", None, None)


def test_a_few_bold_lines_do_not_outweigh_empty_paragraphs_above_headlines() -> None:
    articles = [("砚川大桥合龙", BRIDGE), ("枫林小学搬新家", SCHOOL), ("石桥集市迁到镇东", MARKET)]
    articles += [("旧磨坊开门", BRIDGE), ("新街通车", SCHOOL)]
    body = "".join(set_as("") + set_as(head) + set_as(text) for head, text in articles)
    body += set_as("两岸同庆", "bold") + set_as("当晚放了烟花。")
    issue = read_bytes(docx(body), name="2021-09.docx")
    assert [head for head, _ in told(issue)] == [head for head, _ in articles]


def test_empty_paragraphs_between_all_leave_headlines_to_how_they_are_set() -> None:
    articles = [("砚川大桥合龙", BRIDGE), ("枫林小学搬新家", SCHOOL), ("石桥集市迁到镇东", MARKET)]
    body = "".join(
        set_as("").join(["", set_as(head, "bold"), set_as(text), set_as(MARKET)])
        for head, text in articles
    )
    issue = read_bytes(docx(body), name="2021-09.docx")
    assert told(issue) == [(head, [text, MARKET]) for head, text in articles]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("三年建成四十公里绿道", "kicker"),
        ("施工单位：砚川路桥公司", "text"),
        ("砚川区城建局", "text"),
        ("2021年9月3日", "text"),
        ("本报记者 李明 摄", "text"),
        ("“路好走了。”——居民 老张", "text"),
        ("中文", "text"),
        ("首页 > 要闻 > 正文", "text"),
        ("一要抓紧，", "text"),
    ],
)
def test_a_short_line_over_a_headline_below_finished_text_is_its_kicker(
    line: str, role: str
) -> None:
    text = f"## 大桥合龙\n\n{BRIDGE}\n\n{line}\n\n## 小学搬家\n\n{SCHOOL}"
    second = read_bytes(text.encode(), name="news.md").articles[1]
    assert (second.kicker is not None) == (role == "kicker")
    assert told_heads(text) == ["大桥合龙", "小学搬家"]


def told_heads(text: str) -> list[str | None]:
    return [head for head, _ in told(read_bytes(text.encode(), name="news.md"))]


def test_a_line_in_a_list_over_a_headline_is_no_kicker() -> None:
    text = f"## 新设四站\n\n{BRIDGE}\n\n- 枫林小学站\n- 石桥集市站\n\n## 小学搬家\n\n{SCHOOL}"
    assert read_bytes(text.encode(), name="news.md").articles[1].kicker is None


def test_below_a_headline_a_dash_opens_a_subtitle_and_a_name_alone_signs() -> None:
    text = f"## 大桥合龙\n\n——两岸不必绕行\n\n{BRIDGE}\n\n## 小学搬家\n\n李明\n\n{SCHOOL}"
    first, second = read_bytes(text.encode(), name="news.md").articles
    assert (first.subtitle and first.subtitle.text) == "——两岸不必绕行"
    assert [one.name for one in second.bylines] == ["李明"]
    assert [passage.text for passage in second.passages] == [SCHOOL]


def test_the_headline_of_short_news_is_the_kicker_of_the_first() -> None:
    text = f"## 简讯两则\n\n## 大桥合龙\n\n{BRIDGE}\n\n## 小学搬家\n\n{SCHOOL}"
    first, second = read_bytes(text.encode(), name="news.md").articles
    assert (first.kicker and first.kicker.text) == "简讯两则"
    assert second.kicker is None
