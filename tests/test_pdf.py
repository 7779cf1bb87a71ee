"""PDFs: pages in the order of reading, against the known text; damaged and hostile files."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus import glyphs, pdf
from corpus.archive import Archive
from corpus.columns import read_columns
from corpus.errors import SourceError
from corpus.formats import extractor
from corpus.glyphs import Edges, Glyph, Sheet
from corpus.pdf import Row, rows_of
from corpus.reader import read_bytes, read_issue
from corpus.runs import Cell, find_runs, text_of
from corpus.schema import FILE_NAME
from corpus.sources import source_of
from corpus.text import squeeze, text_at
from corpus.types import Issue
from corpus.zips import pack
from tests.conftest import DATA
from tests.set_pages import CHROMIUM, page_of, picture, print_pdf, truth

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="chromium sets the pages")
TRUTH = DATA / "issue_2021-10.json"
SETTINGS: dict[str, dict[str, Any]] = {
    "one column": {"columns": 1},
    "two columns": {"columns": 2},
    "three columns": {"columns": 3},
    "four columns": {"columns": 4},
    "headlines to the left": {"columns": 2, "align": "left"},
    "headlines inside columns": {"columns": 3, "flow": True},
    "narrow gutters": {"columns": 4, "css": ".text { column-gap: 1.1em; }"},
    "paragraphs apart": {"columns": 3, "css": "p { text-indent: 0; margin-bottom: .8em; }"},
    "spaced headlines": {"columns": 3, "css": "h2 { letter-spacing: .6em; }"},
    "vertical": {"columns": 3, "vertical": True},
}


@pytest.fixture(scope="session", params=SETTINGS, ids=str)
def issue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Issue:
    """Return the sample issue read from pages set in one of several ways."""
    if not CHROMIUM:
        pytest.skip("chromium sets the pages")
    page = page_of(truth(TRUTH), **SETTINGS[request.param])
    return read_issue(print_pdf(page, tmp_path_factory.mktemp("pages"), name="2021-10"))


def paragraphs() -> list[str]:
    return [squeeze(text) for article in truth(TRUTH) for text in article["paragraphs"]]


def test_every_paragraph_comes_back_in_order(issue: Issue) -> None:
    assert [squeeze(passage.text) for passage in issue.passages] == paragraphs()


def test_every_headline_stands_over_its_article(issue: Issue) -> None:
    told = [
        (article.headline and squeeze(article.headline.text), article.subtitle is not None)
        for article in issue.articles
    ]
    assert told == [
        (article["headline"] and squeeze(article["headline"]), article["subtitle"] is not None)
        for article in truth(TRUTH)
    ]
    assert [article.kind for article in issue.articles] == [a["kind"] for a in truth(TRUTH)]


def test_every_passage_keeps_its_place_in_the_text_and_on_the_pages(issue: Issue) -> None:
    sheets = glyphs.read_pages(issue.source.data)
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges) == passage.text
        assert passage.page == passage.boxes[0].page
        inside = [
            glyph.char
            for box in passage.boxes
            for glyph in sheets[box.page - 1].glyphs
            if box.left - 6 <= glyph.x <= box.right and box.top <= glyph.y <= box.bottom + 6
        ]
        missing = [char for char in squeeze(passage.text) if char not in inside]
        assert not missing


def test_the_same_bytes_give_the_same_text(issue: Issue) -> None:
    again = source_of(issue.source.data, name=issue.source.name)
    assert (again.text, again.lines) == (issue.source.text, issue.source.lines)


def test_the_archive_keeps_text_page_and_boxes(issue: Issue, tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add(issue)
        assert archive.issue(issue.id) == issue
        assert archive.verify() == []


@needs_chromium
def test_refreshing_reads_the_pages_again(tmp_path: Path) -> None:
    issue = read_issue(print_pdf(page_of(truth(TRUTH)[3:5], columns=2), tmp_path, name="2021-10"))
    with Archive.open(tmp_path, create=True) as archive:
        archive.add(issue)
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("UPDATE issues SET reader = 'older'")
        db.execute("UPDATE files SET extracted = 'of an older reader'")
    with Archive.open(tmp_path) as archive:
        assert archive.refresh() == [issue.id]
        assert archive.issue(issue.id) == issue


@needs_chromium
def test_masthead_and_running_heads_stand_in_no_article(tmp_path: Path) -> None:
    masthead = (
        "<div style='font-size:40pt'>示例区报</div><div>2021年10月15日 星期五 第123期 第1版</div>"
        "<div style='position:fixed;top:-6mm;right:0'>示例区报 要闻</div>"
    )
    page = page_of(truth(TRUTH), columns=3, masthead=masthead)
    issue = read_issue(print_pdf(page, tmp_path, name="issue"))
    assert (issue.id, issue.name, issue.number) == ("2021-10-15", "示例区报", "123")
    assert [squeeze(passage.text) for passage in issue.passages] == paragraphs()


@needs_chromium
@pytest.mark.parametrize("flow", [False, True], ids=["across", "inside columns"])
def test_a_picture_inside_a_story_does_not_break_it(flow: bool, tmp_path: Path) -> None:
    caption = "图为会场，与会人员正在认真听取有关情况介绍。"
    figure = f"<figure>{picture()}<figcaption><p>{caption}</p></figcaption></figure>"
    page = page_of(truth(TRUTH), columns=3, flow=flow)
    last = page.index("</p>", page.index("</p>") + 1) + len("</p>")
    file = print_pdf(page[:last] + figure + page[last:], tmp_path, name="2021-10")
    articles = read_issue(file).articles
    told = [squeeze(passage.text) for article in articles for passage in article.passages]
    assert [text for text in told if text != caption] == paragraphs()
    (photo,) = [one for one in articles if [p.text for p in one.passages] == [caption]]
    assert (photo.kind, photo.headline) == ("photo", None)


@needs_chromium
def test_a_box_beside_an_article_is_read_after_it(tmp_path: Path) -> None:
    articles = [*truth(TRUTH)[2:3], *truth(TRUTH)[8:9], *truth(TRUTH)[3:6]]
    page = page_of(articles, columns=2, beside=2)
    issue = read_issue(print_pdf(page, tmp_path, name="2021-10"))
    told = [squeeze(text) for article in articles for text in article["paragraphs"]]
    assert [squeeze(passage.text) for passage in issue.passages] == told
    assert [article.headline and squeeze(article.headline.text) for article in issue.articles] == [
        squeeze(article["headline"]) for article in articles
    ]


@needs_chromium
def test_lines_in_any_order_of_the_stream_are_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = print_pdf(page_of(truth(TRUTH), columns=3), tmp_path, name="2021-10")
    issue = read_issue(file)
    shuffled = []
    for sheet in glyphs.read_pages(file.read_bytes()):
        runs, _ = find_runs(sheet)
        random.Random(7).shuffle(runs)
        mixed = tuple(cell.glyph for run in runs for cell in run.cells)
        shuffled.append(replace(sheet, glyphs=mixed))
    monkeypatch.setattr(pdf, "read_pages", lambda data: shuffled)
    assert read_issue(file) == issue


def line(text: str, *, x: float, y: float, em: float = 10.0) -> list[Glyph]:
    """Return the glyphs of a line that starts at a place."""
    return [Glyph(char, x + n * em, y, em, em) for n, char in enumerate(text)]


def read_off(*lines: list[Glyph]) -> list[str]:
    sheet = Sheet(600, 800, tuple(glyph for one in lines for glyph in one))
    runs, _ = find_runs(sheet)
    return [
        text_of([cell for run in row for cell in run.cells])
        for column in read_columns(runs, body=10)
        for row in column.rows
    ]


LEFT = [line("左栏一二三四五六", x=20, y=100 + 15 * n) for n in range(5)]
RIGHT = [line("右栏一二三四五六", x=120, y=107 + 15 * n) for n in range(5)]


def test_columns_are_read_whole_whatever_the_order_of_the_stream() -> None:
    mixed = [one for pair in zip(RIGHT, LEFT, strict=True) for one in pair]
    assert read_off(*mixed) == ["左栏一二三四五六"] * 5 + ["右栏一二三四五六"] * 5


def test_a_headline_parts_the_columns_above_it_from_those_below() -> None:
    head = line("下面一篇的标题横跨两栏", x=20, y=210, em=16)
    below = [
        [*one] for one in (line("下栏一二三四五六", x=20, y=240), line("下右一二", x=120, y=240))
    ]
    below += [line("下栏二二三四五六", x=20, y=255), line("下右二二", x=120, y=255)]
    told = read_off(*below, head, *RIGHT, *LEFT)
    assert told[:10] == ["左栏一二三四五六"] * 5 + ["右栏一二三四五六"] * 5
    assert told[10:] == [
        "下面一篇的标题横跨两栏",
        "下栏一二三四五六",
        "下栏二二三四五六",
        "下右一二",
        "下右二二",
    ]


def test_a_headline_inside_the_longest_column_does_not_part_those_beside_it() -> None:
    head = line("本栏下一篇标题", x=20, y=180, em=12)
    below = [line("左下一二三四五六", x=20, y=200 + 15 * n) for n in range(3)]
    assert read_off(*LEFT, *RIGHT[:1], head, *below) == [
        *["左栏一二三四五六"] * 5,
        *("本栏下一篇标题", *["左下一二三四五六"] * 3),
        "右栏一二三四五六",
    ]


def test_a_headline_below_columns_that_end_at_one_height_parts_them_from_what_follows() -> None:
    head = line("下面一篇的标题", x=20, y=210, em=12)
    below = [line("左下一二三四五六", x=20, y=230 + 15 * n) for n in range(3)]
    assert read_off(*LEFT, *RIGHT, head, *below) == [
        *(*["左栏一二三四五六"] * 5, *["右栏一二三四五六"] * 5),
        *("下面一篇的标题", *["左下一二三四五六"] * 3),
    ]


def test_a_headline_between_two_columns_goes_on_neither() -> None:
    head = line("中间一篇的标题", x=120, y=210, em=12)
    sides = [line("左栏一二三四五六", x=20, y=100 + 15 * n) for n in range(6)]
    sides += [line("右栏一二三四五六", x=220, y=100)]
    assert read_off(*sides, head, line("中栏一二三四五六", x=120, y=230)) == [
        *(*["左栏一二三四五六"] * 6, "右栏一二三四五六"),
        *("中间一篇的标题", "中栏一二三四五六"),
    ]


def story(name: str, *, x: float, y: float, n_lines: int = 4) -> list[list[Glyph]]:
    """Return a headline narrower than its story's two columns, and the lines of each."""
    sides = [(f"{name}左一二三四五六", x), (f"{name}右一二三四五六", x + 100)]
    head = line(f"{name}篇标题", x=x, y=y, em=16)
    return [
        head,
        *(line(text, x=x, y=y + 20 + 15 * n) for text, x in sides for n in range(n_lines)),
    ]


def told_of(name: str, *, n_lines: int = 4) -> list[str]:
    sides = [[f"{name}{side}一二三四五六"] * n_lines for side in "左右"]
    return [f"{name}篇标题", *sides[0], *sides[1]]


def test_stories_below_each_other_are_read_whole_beside_a_tall_one() -> None:
    tall = [line("旁栏一二三四五六", x=220, y=84 + 15 * n) for n in range(16)]
    told = read_off(*story("甲", x=20, y=80), *story("乙", x=20, y=210), *tall)
    assert told == told_of("甲") + told_of("乙") + ["旁栏一二三四五六"] * 16


def test_facing_pages_are_read_one_after_the_other() -> None:
    left = [*story("甲", x=20, y=80), *story("乙", x=20, y=210)]
    right = [*story("丙", x=260, y=80, n_lines=2), *story("丁", x=260, y=140)]
    assert read_off(*left, *right) == [
        *(*told_of("甲"), *told_of("乙")),
        *(*told_of("丙", n_lines=2), *told_of("丁")),
    ]


def test_a_subtitle_below_one_of_two_headlines_side_by_side_stays_in_its_column() -> None:
    heads = [line("甲篇标题", x=20, y=80, em=16), line("乙篇标题", x=120, y=80, em=16)]
    subtitle = line("甲篇副题", x=20, y=100, em=13)
    left = [line("左栏一二三四五六", x=20, y=120 + 15 * n) for n in range(5)]
    right = [line("右栏一二三四五六", x=120, y=112 + 15 * n) for n in range(5)]
    assert read_off(*heads, subtitle, *left, *right) == [
        *("甲篇标题", "甲篇副题", *["左栏一二三四五六"] * 5),
        *("乙篇标题", *["右栏一二三四五六"] * 5),
    ]


def rows_on(*lines: list[Glyph], **drawn: tuple[Edges, ...]) -> list[Row]:
    sheet = Sheet(600, 800, tuple(glyph for one in lines for glyph in one), **drawn)
    return rows_of([sheet])


def test_a_story_in_a_frame_is_read_after_the_one_that_it_stands_in() -> None:
    boxed = [line("框内的标题", x=25, y=130, em=14), line("框内一二三四五", x=25, y=150)]
    boxed += [line("框内六七八九十", x=25, y=165), line("框内又有一行字", x=25, y=180)]
    left = [line("左栏一二三四五六", x=20, y=y) for y in (100, 200, 215)]
    rows = rows_on(*left[:1], *boxed, *left[1:], *RIGHT, paths=((18, 112, 102, 188),))
    assert [row.text for row in rows] == [
        *["左栏一二三四五六"] * 3,
        *["右栏一二三四五六"] * 5,
        *("框内的标题", "框内一二三四五", "框内六七八九十", "框内又有一行字"),
    ]


def test_a_rule_over_the_whole_width_parts_what_is_above_from_the_columns_below() -> None:
    day, number = line("三月五日", x=20, y=85), line("第八期", x=120, y=85)
    rows = rows_on(day, number, *LEFT, *RIGHT, paths=((20, 88, 200, 89),))
    assert [row.text for row in rows] == [
        "三月五日　第八期",
        *["左栏一二三四五六"] * 5,
        *["右栏一二三四五六"] * 5,
    ]


def test_what_a_rule_parts_from_a_picture_is_not_its_caption() -> None:
    above, below = line("报头下面的一行", x=20, y=90, em=8), line("图为现场", x=20, y=190, em=8)
    text = [line("正文一二三四五六七八九十", x=20, y=220 + 15 * n) for n in range(4)]
    pictures, paths = ((20.0, 110.0, 140.0, 170.0),), ((20.0, 99.0, 140.0, 100.0),)
    rows = rows_on(above, below, *text, pictures=pictures, paths=paths)
    assert [row.text for row in rows if row.caption] == ["图为现场"]


def test_bold_by_printing_twice_is_read_once() -> None:
    assert read_off(line("加粗", x=20, y=100), line("加粗", x=20.3, y=100)) == ["加粗"]


def test_references_at_one_height_on_two_pages_are_no_running_heads() -> None:
    pages = [
        [line("示例报", x=20, y=20), line(f"（上接第{n}版）", x=20, y=40), *LEFT, *RIGHT]
        for n in (1, 3)
    ]
    sheets = [Sheet(600, 800, tuple(glyph for one in page for glyph in one)) for page in pages]
    told = [(row.text, row.kind) for row in rows_of(sheets) if "栏" not in row.text]
    assert told == [
        ("（上接第1版）", "text"),
        ("示例报", "matter"),
        ("（上接第3版）", "text"),
        ("示例报", "matter"),
    ]


def spaced(text: str, *, em: float = 10.0, gap: float = 0.0, space: float = 0.25) -> list[Cell]:
    """Return the cells of a line, each `gap` em apart and more where it has a space."""
    cells: list[Cell] = []
    left = 0.0
    for char in text:
        if char == " ":
            left += space * em
            continue
        cells.append(Cell(Glyph(char, left, 100, em, em), left, left + em, 100))
        left += em + gap * em
    return cells


def test_a_narrow_space_between_chinese_words_is_kept() -> None:
    assert text_of(spaced("记者 白露 通讯员 江枫")) == "记者 白露 通讯员 江枫"


def test_characters_set_apart_evenly_have_no_spaces_between_them() -> None:
    assert text_of(spaced("一行字都排得松 又有空格", gap=0.3)) == "一行字都排得松 又有空格"
    assert text_of(spaced("一二 三四五", gap=0.3, space=0.1)) == "一二三四五"


def pdf_of(*objects: str, root: str = "1 0 R", extra: str = "") -> bytes:
    """Return a PDF of numbered objects, its table of places right."""
    body = b"%PDF-1.7\n"
    places = []
    for n, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{n} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root {root} {extra}>>"
    return (
        body
        + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}\n".encode()
        + f"startxref\n{len(body)}\n%%EOF\n".encode()
    )


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R {} >>"


def pages_of(count: int) -> bytes:
    kids = " ".join(["3 0 R"] * count)
    pages = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"
    return pdf_of(CATALOG, pages, PAGE.format(""), "<< /Length 0 >>\nstream\n\nendstream")


def scan() -> bytes:
    picture = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
        "/ColorSpace /DeviceGray /Length 1 >>\nstream\nA\nendstream"
    )
    drawn = "q 600 0 0 800 0 0 cm /P Do Q"
    return pdf_of(
        CATALOG,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE.format("/Resources << /XObject << /P 5 0 R >> >>"),
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        picture,
    )


def printed(*lines: tuple[str, int, int, int], drawn: str = "", n_bare: int = 0) -> bytes:
    """Return a PDF of one page in a font that every reader has; (text, size, x, y) a line.

    What else is drawn on it comes first, in the words of a PDF; empty pages stand behind it.
    """
    drawn += "".join(
        f"BT /F {size} Tf {x} {800 - y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
        for text, size, x, y in lines
    )
    return pdf_of(
        CATALOG,
        f"<< /Type /Pages /Kids [3 0 R {'8 0 R ' * n_bare}] /Count {1 + n_bare} >>",
        PAGE.format("/Resources << /Font << /F 5 0 R >> >>"),
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        "/DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        "/FontDescriptor 7 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 90 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>",
    )


def test_a_page_of_two_columns_is_read_with_its_places() -> None:
    page = printed(
        ("新桥下月建成通车", 24, 150, 60),
        ("岸，全长八百米。", 10, 220, 100),
        ("本报讯　大桥", 10, 60, 100),
        ("已经合龙，下月建成", 10, 40, 115),
        ("　　通车后，两岸", 10, 220, 115),
        ("通车。大桥连接两", 10, 40, 130),
        ("只隔五分钟车程。", 10, 220, 130),
    )
    (article,) = read_bytes(page, name="2020-05.pdf").articles
    assert article.headline is not None
    assert article.headline.text == "新桥下月建成通车"
    assert [squeeze(passage.text) for passage in article.passages] == [
        "本报讯大桥已经合龙，下月建成通车。大桥连接两岸，全长八百米。",
        "通车后，两岸只隔五分钟车程。",
    ]
    left, right = article.passages[0].boxes
    assert (left.page, round(left.left), round(right.left)) == (1, 40, 220)
    assert article.passages[1].boxes[0].top > right.top


def test_lines_and_frames_that_are_drawn_are_told_but_no_short_ones() -> None:
    drawn = "40 500 200 100 re S 40 700 m 300 700 l S 60 60 9 9 re f\n"
    (sheet,) = glyphs.read_pages(printed(("字", 10, 40, 60), drawn=drawn))
    told = [[round(edge, -1) for edge in path] for path in sheet.paths]
    assert told == [[40, 200, 240, 300], [40, 100, 300, 100]]


def test_headlines_stand_over_their_articles_on_a_page_that_begins_inside_one() -> None:
    page = printed(
        ("　　两岸居民都说方便多了。", 10, 40, 60),
        ("老站翻新", 24, 40, 100),
        ("　　本报讯　车站昨日重新开放。", 10, 40, 130),
        ("新馆落成", 24, 40, 180),
        ("　　本报讯　图书馆今天开馆。", 10, 40, 210),
        ("夜市延时", 24, 40, 260),
    )
    articles = read_bytes(page, name="2020-05.pdf").articles
    told = {one.headline.text: one.passages[0].text for one in articles if one.headline}
    assert told == {
        "老站翻新": "本报讯 车站昨日重新开放。",
        "新馆落成": "本报讯 图书馆今天开馆。",
    }


def test_a_zip_that_begins_with_a_pdf_is_read_as_a_zip() -> None:
    pages = [
        (f"{head}.pdf", printed((head, 24, 40, 60), ("　　本报讯　全文。", 10, 40, 100)))
        for head in ("A1新桥建成", "A2老站翻新")
    ]
    articles = read_bytes(pack(pages), name="2020-05.zip").articles
    assert [one.headline and one.headline.text for one in articles] == ["A1新桥建成", "A2老站翻新"]


def test_a_line_in_type_a_fifth_larger_is_a_headline_however_its_size_is_rounded() -> None:
    rows = rows_on(line("一行标题", x=20, y=80, em=11.99), *LEFT, *RIGHT)
    assert [row.text for row in rows if row.kind == "head"] == ["一行标题"]


def beside(*large: tuple[str, float]) -> list[tuple[str, int]]:
    """Return lines with their indents as they are read beside large characters."""
    lines = [line("上七点车间亮起灯", x=53, y=100), line("光几个年轻人围着", x=53, y=115)]
    lines += [line("长桌学做一门手艺人人", x=20, y=130), line("都说有意思。", x=20, y=145)]
    lines += [line(char, x=20, y=y, em=30) for char, y in large]
    return [(row.text, round(row.indent)) for row in rows_on(*lines)]


def test_a_large_initial_is_the_first_character_of_the_story_beside_it() -> None:
    assert beside(("晚", 116)) == [
        ("晚上七点车间亮起灯", 0),
        ("光几个年轻人围着", 0),
        ("长桌学做一门手艺人人", 0),
        ("都说有意思。", 0),
    ]


def test_large_characters_below_each_other_are_a_headline_not_initials() -> None:
    assert ("晚", 0) in beside(("夜", 84), ("晚", 116))


TABLE = (
    ("街道", "常住人口", "书记"),
    ("青石铺街道", "5.2", "张国强"),
    ("白鹭街道", "3.8", "李明华"),
    ("望江街道", "4.1", "王小川"),
)


def test_a_table_is_read_row_by_row_its_cells_apart() -> None:
    cells = [
        (cell, 10, x, 130 + 15 * n)
        for n, row in enumerate(TABLE)
        for cell, x in zip(row, (40, 130, 230), strict=True)
    ]
    page = printed(
        ("高新区公布各街道人口", 24, 40, 60),
        ("　　本报讯　高新区昨日公布了人口数据，见下表。", 10, 40, 100),
        *sorted(cells, key=lambda cell: cell[2]),  # as some programs write them, column by column
        ("　　高新区负责人表示，人口有望继续增长。", 10, 40, 210),
    )
    (article,) = read_bytes(page, name="2020-05.pdf").articles
    assert [passage.text for passage in article.passages] == [
        "本报讯 高新区昨日公布了人口数据，见下表。",
        "街道|常住人口|书记",
        "青石铺街道|5.2|张国强",
        "白鹭街道|3.8|李明华",
        "望江街道|4.1|王小川",
        "高新区负责人表示，人口有望继续增长。",
    ]


def test_short_lines_side_by_side_that_end_in_marks_are_columns() -> None:
    left = [line("春风又绿江南，", x=20, y=100 + 15 * n) for n in range(4)]
    right = [line("明月何时照我。", x=160, y=100 + 15 * n) for n in range(4)]
    assert read_off(*left, *right) == ["春风又绿江南，"] * 4 + ["明月何时照我。"] * 4


@needs_chromium
def test_a_table_inside_a_column_is_read_row_by_row(tmp_path: Path) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in TABLE)
    css = ".text { column-fill: auto; height: 90mm; } td { padding: 0 1em; font: inherit; }"
    articles = [{**one, "paragraphs": one["paragraphs"][:4]} for one in truth(TRUTH)[:1]]
    page = page_of(articles, columns=2, css=css)
    ending = page.index("</p>", page.index('class="text"')) + len("</p>")
    page = f"{page[:ending]}<table style='font: inherit'>{rows}</table>{page[ending:]}"
    issue = read_issue(print_pdf(page, tmp_path, name="2021-10"))
    texts = [passage.text for passage in issue.passages]
    assert [text for text in texts if "|" in text] == ["|".join(row) for row in TABLE]


LOCKED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    f"/O <{'11' * 32}> /U <{'22' * 32}> >> /ID [<{'33' * 16}> <{'33' * 16}>] "
)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (scan(), "is a scan without a text layer"),
        (pages_of(1), "holds no text"),
        (pages_of(0), "has no page"),
        (pages_of(401), "has 401 pages, more than 400, split it, or give its text"),
        (b"%PDF-1.7\n", "is cut short: its end is missing"),
        (scan()[:-200], "is cut short: its end is missing"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF", "is damaged"),
        (
            pdf_of(CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>", extra=LOCKED),
            "is locked with a password",
        ),
    ],
    ids=[
        "a scan",
        "no text",
        "no page",
        "many pages",
        "its head alone",
        "its end gone",
        "noise",
        "locked",
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused_by_name(data: bytes, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_bytes(data, name="may.pdf")
    assert str(caught.value) == f"may.pdf: {problem}"


def test_pages_nested_in_themselves_are_refused() -> None:
    pages = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 /Parent 2 0 R >>"
    with pytest.raises(SourceError):
        read_bytes(pdf_of(CATALOG, pages), name="may.pdf")


def drawing(drawn: bytes) -> bytes:
    """Return a PDF of one page with a compressed content stream and a font."""
    packed = zlib.compress(drawn)
    stream = f"<< /Filter /ASCIIHexDecode /Length {2 * len(packed)} >>"
    stream = stream.replace("/ASCIIHexDecode", "[/ASCIIHexDecode /FlateDecode]")
    return pdf_of(
        CATALOG,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE.format("/Resources << /Font << /F 5 0 R >> >>"),
        f"{stream}\nstream\n{packed.hex()}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def test_more_characters_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "MAX_CHARS", 10)
    with pytest.raises(SourceError, match="more than 10 characters, split it"):
        read_bytes(drawing(b"BT /F 9 Tf 20 700 Td (eleven chars) Tj ET"), name="may.pdf")


def test_a_page_that_unpacks_to_much_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "_PAGE_SECONDS", 1)
    bomb = drawing(b"0 0 m 9 9 l S " * 6_000_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(SourceError, match="within 1 s a page and 3 GiB"):
        read_bytes(bomb, name="may.pdf")


def test_a_reader_that_breaks_off_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -11, stdout=b'["page",1,1,[],[]]\n')

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(SourceError, match="cannot be read as a PDF"):
        read_bytes(scan(), name="may.pdf")


def test_a_page_that_would_be_cut_to_scraps_keeps_the_order_of_its_stream() -> None:
    scraps = [
        glyph
        for n in range(30)
        for x in (20, 70)
        for glyph in line("甲乙", x=x + 90 * (n % 2), y=100 + 15 * n)
    ]
    assert len(scraps) == 120
    (row, *rest) = pdf.rows_of([Sheet(600, 800, tuple(scraps))])
    assert [text_of(one.runs[0].cells) for one in (row, *rest)] == ["甲乙"] * 60
    assert [one.runs[0].order for one in (row, *rest)] == list(range(0, 120, 2))


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "_SECONDS", 0.001)
    with pytest.raises(SourceError, match="takes longer than"):
        read_bytes(scan(), name="may.pdf")


def test_a_text_that_speaks_of_pdf_is_text() -> None:
    assert extractor("本报讯 PDF-1.7 是一种格式。".encode(), name="may.txt") is None
