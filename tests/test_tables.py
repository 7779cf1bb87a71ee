"""Tables: a row is found by the names of its columns, and the cell that is asked for is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.archive import Archive
from corpus.plain_tables import with_bars
from corpus.reader import read_bytes
from corpus.tables import columns_in
from corpus.text import text_at
from corpus.types import Passage
from qa.answer import Answerer
from qa.native import Answer
from qa.query import Lang
from qa.rank import Finder
from tests.conftest import issue_of

STREETS = """# 各街道人口

| 街道 | 常住人口（万人） | 书记 |
|---|---|---|
| 青石铺街道 | 5.2 | 张国强 |
| 白鹭街道 | 3.8 | 李明华 |
"""


@pytest.mark.parametrize(
    ("lang", "before"),
    [
        ("zh", "（各栏：街道|常住人口（万人）|书记）"),
        ("en", "(columns: 街道|常住人口（万人）|书记) "),
    ],
)
def test_the_names_of_its_columns_stand_before_a_row_outside_of_the_quote(
    lang: Lang, before: str
) -> None:
    issue = read_bytes(STREETS.encode(), name="2023-01.md")
    with Archive.in_memory([issue]) as archive:
        answer = Answerer(Finder.open(archive)).answer("白鹭街道常住人口", lang=lang)
        cited = answer.citations[0]
        assert answer.text == f"{before}白鹭街道|3.8|李明华[1]"
        assert answer.text[slice(*cited.claim)] == cited.quote == "白鹭街道|3.8|李明华"
        printed = archive.source("2023-01").text
        assert "".join(printed[slice(*one)] for one in cited.location.ranges) == cited.quote


@pytest.mark.parametrize(
    ("above", "row", "names"),
    [
        (["街道|人口|书记"], "青石铺|5.2|张国强", "街道|人口|书记"),
        (["指标|2020|2021"], "产值|820|912", "指标|2020|2021"),
        (["另|表", "街道|人口|书记", "白鹭|3.8|李明华"], "青石铺|5.2|张国强", "街道|人口|书记"),
        (["线路|末班"], "12路|21:30", "线路|末班"),
        (["主办单位|区文化馆"], "地点|中心广场", None),
        ([], "街道|人口|书记", None),
        (["青石铺|5.2"], "白鹭|3.8", None),
        (["青石铺|5.2"], "白鹭很大。", None),
        (["共三个街道。"], "白鹭|3.8", None),
        (["街道|人口", "说明。"], "白鹭|3.8", None),
    ],
)
def test_the_first_row_names_the_columns_unless_it_holds_data(
    above: list[str], row: str, names: str | None
) -> None:
    passages = [Passage(f"p{n}", text, ()) for n, text in enumerate([*above, row])]
    assert columns_in(passages).get(passages[-1].id) == names


COUNTS = """# 高新区近三年企业数

| 年份 | 高新技术企业家数 | 产值（亿元） |
|---|---|---|
| 2020 | 31 | 120 |
| 2021 | 35 | 146 |
| 2022 | 46 | 188 |
"""
MEASURES = """# 全区主要经济指标

| 指标 | 2021年 | 2022年 | 增长（%） |
|---|---|---|---|
| 规模以上工业产值（亿元） | 820.5 | 912.3 | 11.2 |
| 一般公共预算收入（亿元） | 45.1 | 50.6 | 12.2 |
"""
BUSES = """# 公交线路调整

| 线路 | 首班 | 末班 | 票价（元） |
|---|---|---|---|
| 12路 | 6:00 | 21:30 | 2 |
| 18路 | 6:20 | 22:00 | 1 |
"""
PHONES = """# 便民电话

| 部门 | 电话 | 地址 |
|---|---|---|
| 民政局 | 6712345 | 兴业路8号 |
| 供水公司 | 6798888 | 滨河大道20号 |
"""
PRICES = """# 菜价一周

| 品种 | 本周均价（元） | 上周均价（元） |
|---|---|---|
| 萝卜 | 2.8 | 3.1 |
| 菠菜 | 5.5 | |
"""
POSTS = """# 医院招聘

| 岗位 | 人数 | 学历 |
|---|---|---|
| 护士 | 12 | 大专及以上 |
| 医师 | 6 | 本科及以上 |
"""
PARTY = """# 消夏晚会

| 主办单位 | 区文化馆 |
|---|---|
| 地点 | 中心广场 |
| 电话 | 6712345 |
| 负责人 | 周立新 |
"""


@pytest.mark.parametrize(
    ("table", "question", "row", "cell"),
    [
        (COUNTS, "2021年高新技术企业有多少家？", "2021|35|146", "35"),
        (COUNTS, "2022年产值是多少亿元？", "2022|46|188", "188"),
        (COUNTS, "How many high-tech enterprises were there in 2020?", "2020|31|120", "31"),
        (STREETS, "白鹭街道书记是谁？", "白鹭街道|3.8|李明华", "李明华"),
        (STREETS, "张国强是哪个街道的书记？", "青石铺街道|5.2|张国强", "青石铺街道"),
        (
            MEASURES,
            "2021年一般公共预算收入多少亿元？",
            "一般公共预算收入（亿元）|45.1|50.6|12.2",
            "45.1",
        ),
        (
            MEASURES,
            "规模以上工业产值增长了百分之几？",
            "规模以上工业产值（亿元）|820.5|912.3|11.2",
            "11.2",
        ),
        (BUSES, "12路末班车几点？", "12路|6:00|21:30|2", "21:30"),
        (BUSES, "18路票价多少钱？", "18路|6:20|22:00|1", "1"),
        (PRICES, "萝卜上周均价多少？", "萝卜|2.8|3.1", "3.1"),
        (POSTS, "医院招多少名护士？", "护士|12|大专及以上", "12"),
        (POSTS, "招聘医师要什么学历？", "医师|6|本科及以上", "本科及以上"),
        (PHONES, "民政局电话是多少？", "民政局|6712345|兴业路8号", "6712345"),
        (PHONES, "供水公司在哪里？", "供水公司|6798888|滨河大道20号", "滨河大道20号"),
        (PARTY, "消夏晚会的负责人是谁？", "负责人|周立新", "周立新"),
        (PRICES, "How much is spinach this week?", "菠菜|5.5|", "5.5"),
        (PRICES, "How much was radish last week?", "萝卜|2.8|3.1", "3.1"),
        (PARTY, "消夏晚会主办单位是谁？", "主办单位|区文化馆", "区文化馆"),
    ],
)
def test_the_cell_that_is_asked_for_is_marked(
    table: str, question: str, row: str, cell: str
) -> None:
    (cited,) = asked(table, question).citations
    assert cited.quote == row
    assert [cited.quote[start:end] for start, end in cited.marks] == [cell]


@pytest.mark.parametrize(
    ("table", "question"),
    [
        (STREETS, "白鹭街道面积多大？"),
        (STREETS, "白鹭街道主任是谁？"),
        (STREETS, "哪个街道面积最大？"),
        (BUSES, "12路司机是谁？"),
        (BUSES, "20路末班车几点？"),
        (COUNTS, "2019年有多少家高新技术企业？"),
        (PRICES, "菠菜上周均价是多少？"),
        (PRICES, "白菜本周均价是多少？"),
        (PRICES, "How much was spinach last week?"),
        (MEASURES, "2020年规模以上工业产值是多少？"),
    ],
)
def test_what_no_column_tells_is_declined(table: str, question: str) -> None:
    assert asked(table, question).status == "no_answer"


def asked(table: str, question: str) -> Answer:
    """Return the answer to a question on a table."""
    with Archive.in_memory([read_bytes(table.encode(), name="2023-05.md")]) as archive:
        return Answerer(Finder.open(archive)).answer(question)


TOTALLED = """# 2023年各街道基本情况

| 街道 | 常住人口（万人） | 社区（个） | 书记 |
|---|---|---|---|
| 青石铺街道 | 5.2 | 12 | 张国强 |
| 白鹭街道 | 3.8 | 9 | 李明华 |
| 合计 | 9.0 | 21 | |
"""


@pytest.mark.parametrize(
    ("question", "row", "cell"),
    [
        ("两个街道总人口多少？", "合计|9.0|21|", "9.0"),
        ("各街道一共有多少个社区？", "合计|9.0|21|", "21"),
        ("What is the total population?", "合计|9.0|21|", "9.0"),
        ("白鹭街道共有几个社区？", "白鹭街道|3.8|9|李明华", "9"),
        ("白鹭的总人口是多少？", "白鹭街道|3.8|9|李明华", "3.8"),
    ],
)
def test_what_all_rows_come_to_is_told_by_the_row_of_it(question: str, row: str, cell: str) -> None:
    issue = read_bytes(TOTALLED.encode(), name="2024-01.md")
    with Archive.in_memory([issue]) as archive:
        cited = Answerer(Finder.open(archive)).answer(question).citations[0]
    assert cited.quote == row
    assert [cited.quote[slice(*mark)] for mark in cited.marks] == [cell]


def test_where_no_row_is_of_all_none_is_told() -> None:
    issue = read_bytes(STREETS.encode(), name="2023-01.md")
    with Archive.in_memory([issue]) as archive:
        assert Answerer(Finder.open(archive)).answer("总人口多少？").status == "no_answer"


LINES = """# 公交线路调整

| 线路 | 起点 | 终点 | 票价 |
|---|---|---|---|
| 12路 | 火车站 | 白鹭湖 | 2元 |
| 夜间3路 | 火车站 | 大学城 | 3元 |
"""


def test_a_row_is_named_by_the_number_in_its_first_cell() -> None:
    with Archive.in_memory([read_bytes(LINES.encode(), name="2024-02.md")]) as archive:
        answerer = Answerer(Finder.open(archive))
        (cited,) = answerer.answer("What is the fare of line 12?").citations
        assert (cited.quote[slice(*cited.marks[0])], cited.quote[:3]) == ("2元", "12路")
        (cited,) = answerer.answer("Where does line 12 start?").citations
        assert "12路" not in [cited.quote[slice(*mark)] for mark in cited.marks]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("日期\t值班\n1日\t李明\n2日\t王芳", ["日期|值班", "1日|李明", "2日|王芳"]),
        (
            "科室\t门诊\t住院\n儿科\t\t54\n合计\t12\t66",
            ["科室|门诊|住院", "儿科||54", "合计|12|66"],
        ),
        (
            "日期\t值班\t电话\n1日\t李明\t\n2日\t\t\n3日\t王芳\t5521203",
            ["日期|值班|电话", "1日|李明|", "2日||", "3日|王芳|5521203"],
        ),
        (
            "\t门诊\t住院\n儿科\t12\t54\n骨科\t90\t476",
            ["|门诊|住院", "儿科|12|54", "骨科|90|476"],
        ),
        ("品种\t\t批发价\n白菜\t\t1.2\n萝卜\t\t0.9", ["品种|批发价", "白菜|1.2", "萝卜|0.9"]),
        (
            "日期    值班领导    电话\n\n5月1日  李明  5521201\n5月2日  王芳  5521202",
            ["日期|值班领导|电话", "5月1日|李明|5521201", "5月2日|王芳|5521202"],
        ),
        ("儿科　　54　　603\n骨科　　90　　476", ["儿科|54|603", "骨科|90|476"]),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_of_a_plain_text_keep_their_cells_apart(text: str, rows: list[str], end: str) -> None:
    page = f"值班表\n\n{text}\n\n公交线路昨日调整，市民出行更加方便。\n".replace("\n", end)
    issue = read_bytes(page.encode(), name="2021-10.txt")
    first = issue.articles[0]
    assert first.headline is not None
    assert first.headline.text == "值班表"
    found = [passage.text for article in issue.articles for passage in article.passages]
    assert found[: len(rows)] == rows
    assert len(issue.source.text) == len(page)
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges) == passage.text


@pytest.mark.parametrize(
    "text",
    [
        "李明  厂长  13800001111",  # alone
        "第一栏的文字很多  第二栏的文字  第三栏文字\n继续写下去的话  还有更多的话  没有数字的话",
        "本报记者  李明  2021年5月1日\n本报记者  王芳  2021年5月2日",
        "今年投资3.5亿元。  去年2亿元。  前年1亿元。\n今年投资4亿元。  去年3亿元。  前年2亿元。",
        "召开　会议\n公交　调整",
        "\t公交线路调整。\n\t市民出行方便。",
        "\t公交线路调整\n\t各站时间",
        "\t各站时间\n东门\t",
    ],
)
def test_gaps_of_other_lines_make_no_table(text: str) -> None:
    assert with_bars(text) == text


def test_a_title_over_a_table_and_an_empty_row_in_it_are_no_rows() -> None:
    text = "日程\t\t\n日期\t值班\t电话\n1日\t李明\t\n\t\t\n2日\t王芳\t5521202\n3日\t\t5521203"
    bars = "日程\t\t\n日期|值班|电话\n1日|李明|\n\t\t\n2日|王芳|5521202\n3日||5521203"
    assert with_bars(text) == bars


@given(st.text(alphabet="\t \u3000\n\r|1李。", max_size=40))
def test_bars_stand_in_gaps_alone(text: str) -> None:
    found = with_bars(text)
    assert len(found) == len(text)
    assert with_bars(found) == found
    assert all(a == b or (a in "\t \u3000" and b == "|") for a, b in zip(text, found, strict=True))


CROPS = """# 各科室一览

各科室情况见下表。

| 科室 | 床位数 | 出院人次 | 平均住院日 |
|---|---|---|---|
| 心内科 | 78 | 512 | 6.1 |
| 骨科 | 90 | 476 | 9.0 |
| 儿科 | 54 | 603 | 4.4 |
| 合计 | 222 | 1591 | 6.5 |
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("哪个科室床位最多？", "骨科"),
        ("出院人次最多的科室是哪个？", "儿科"),
        ("哪个科室平均住院日最短？", "儿科"),
        ("床位数最少的科室是哪个？", "儿科"),
    ],
)
def test_the_row_that_has_the_most_is_told_by_its_column(question: str, told: str) -> None:
    archive = Archive.in_memory([read_bytes(CROPS.encode(), name="2024-03.md")])
    (first, *_) = Answerer(Finder.open(archive)).answer(question).citations
    assert [first.quote[slice(*mark)] for mark in first.marks] == [told]


def test_the_most_is_told_of_two_rows_and_a_column_with_its_unit() -> None:
    (first, *_) = asked(STREETS, "哪个街道人口最多？").citations
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["青石铺街道"]


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("床位数最多的科室出院多少人次？", "476"),
        ("出院人次最少的科室有多少张床位？", "90"),
        ("床位最多的科室有多少张床位？", "90"),
        ("科室床位数最多是多少？", "90"),
    ],
)
def test_a_figure_of_the_row_that_has_the_most_is_marked(question: str, cell: str) -> None:
    archive = Archive.in_memory([read_bytes(CROPS.encode(), name="2024-03.md")])
    (first, *_) = Answerer(Finder.open(archive)).answer(question).citations
    assert first.quote.startswith("骨科")
    assert [first.quote[slice(*mark)] for mark in first.marks] == [cell]


def test_a_limit_is_not_the_most_of_a_column() -> None:
    rows = ("读者类型|借阅册数|借期天数", "---|---|---", "学生读者|5|30", "教师读者|10|60")
    page = "# 借阅规则\n\n" + "".join(f"|{row}|\n" for row in rows)
    archive = Archive.in_memory([read_bytes(page.encode(), name="2024-05.md")])
    for question in ("学生读者最多可借几册？", "教师读者最长借期多少天？", "最多可借多少册？"):
        told = Answerer(Finder.open(archive)).answer(question)
        assert not [mark for one in told.citations for mark in one.marks if "10" in one.quote]


@pytest.mark.parametrize("ending", ["各科床位数见下表。", "详细数据如下。"])
def test_a_sentence_that_answers_before_it_leads_to_a_table_is_quoted(ending: str) -> None:
    rows = ("科室|床位数", "---|---", "骨科|90", "儿科|54")
    page = f"# 床位\n\n2023年县医院共有床位600张，{ending}\n\n"
    page += "".join(f"|{row}|\n" for row in rows)
    archive = Archive.in_memory([read_bytes(page.encode(), name="2023-11.md")])
    (first, *_) = Answerer(Finder.open(archive)).answer("县医院共有床位多少张？").citations
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["600张"]


@pytest.mark.parametrize(("place", "cells"), [("主菜", "马铃薯"), ("地点", "王庄")])
def test_a_cell_that_looks_like_a_name_in_a_column_of_things_names_nobody(
    place: str, cells: str
) -> None:
    rows = (f"日期|{place}|数量", "---|---|---", f"11月21日|{cells}|300", "11月22日|茄子|200")
    page = "# 食堂\n\n" + "".join(f"|{row}|\n" for row in rows)
    archive = Archive.in_memory([read_bytes(page.encode(), name="2023-11.md")])
    told = Answerer(Finder.open(archive)).answer("11月21日食堂由谁值班？")
    assert told.status == "no_answer"


@pytest.mark.parametrize("question", ["哪个科室医生最多？", "哪个科室最好？"])
def test_the_most_of_what_no_column_tells_is_not_told(question: str) -> None:
    archive = Archive.in_memory([read_bytes(CROPS.encode(), name="2024-03.md")])
    told = Answerer(Finder.open(archive)).answer(question)
    assert not [mark for one in told.citations for mark in one.marks]


def test_of_two_rows_that_have_as_much_none_has_the_most() -> None:
    page = CROPS.replace("| 78 |", "| 90 |")
    archive = Archive.in_memory([read_bytes(page.encode(), name="2024-03.md")])
    assert Answerer(Finder.open(archive)).answer("哪个科室床位最多？").status == "no_answer"


def test_a_column_of_names_tells_who() -> None:
    rows = ("日期|接待领导|职务", "---|---|---", "12月5日|姚可嘉|县长", "12月19日|邬振邦|副县长")
    page = "# 接待日\n\n" + "".join(f"|{row}|\n" for row in rows)
    archive = Archive.in_memory([read_bytes(page.encode(), name="2023-12.md")])
    for question in ("12月19日由谁接待？", "Who receives visitors on December 19?"):
        (first, *_) = Answerer(Finder.open(archive)).answer(question).citations
        assert [first.quote[slice(*mark)] for mark in first.marks] == ["邬振邦"], question


def test_a_timetable_may_have_a_long_cell_and_no_names() -> None:
    lines = [
        "线路一  长桥站—一号门   首班6:40 末班20:10 每20分钟一班   票价2元",
        "线路二  汽车站—货场     首班7:00 末班19:00 每40分钟一班   票价3元",
    ]
    text = "\n".join(["穿梭巴士时刻表", *lines, "", "问答：货物可以内销吗？", "答：可以内销。", ""])
    articles = read_bytes(text.encode(), name="2024-10.txt").articles
    rows = [one for article in articles for one in article.passages if "|" in one.text]
    assert [row.text.split("|")[-1] for row in rows] == ["票价2元", "票价3元"]
    assert columns_in(rows) == {}


def test_the_row_that_names_the_columns_is_not_quoted_where_anything_else_is() -> None:
    text = (
        "校车时刻调整\n\n"
        "　　自11月11日起调整校车班次。东校区的上车点移到北门内，票价不变。时刻见下表。\n"
        "班次\t东校区发车\t南湖校区发车\t途经\n早一班\t7:10\t7:20\t地铁站\n早二班\t7:40\t7:50\t附属医院\n"
    )
    archive = Archive.in_memory([issue_of(text, name="2024-11.txt")])
    answer = Answerer(Finder.open(archive), min_confidence=0).answer("在东校区要到哪里等校车？")
    assert answer.citations
    assert not answer.citations[0].quote.startswith("班次|")


def test_the_most_is_not_told_by_an_empty_cell() -> None:
    table = (
        "各科室情况如下表。\n\n科室\t床位\t出院人次\n内科\t120\t\n外科\t80\t900\n儿科\t40\t700\n"
    )
    issues = [issue_of(table, name=f"2023-0{n}.txt") for n in (5, 6)]
    answer = Answerer(Finder.open(Archive.in_memory(issues))).answer("床位最多的科室出院多少人次？")
    assert answer.status == "no_answer"
