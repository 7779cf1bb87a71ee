"""Tables of prices, ranks, days or places: what is asked of a row or of a column."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.native import Answer
from qa.rank import Finder

GREENS = """山口晚报
2022年11月4日 第77期

三家市场蔬菜价格（11月3日）
品名\t东门市场\t西街市场\t河湾市场
萝卜\t1.6\t1.9\t1.8
芹菜\t4.2\t3.8\t4.0
生姜\t9.0\t9.6\t8.5

县城公厕开门
本报讯（记者 郑原）11月2日，文昌街公厕开门，里面有热水，也有休息间，全天有人打扫。
"""
POOL = """# 县滑冰馆收费标准

| 票种 | 平日 | 周末 |
|---|---|---|
| 成人票 | 50元 | 70元 |
| 季卡 | 900元 | 900元 |
"""
LEAGUE = """# 县足球联赛积分榜

| 名次 | 球队 | 胜 | 负 | 积分 |
|---|---|---|---|---|
| 1 | 河湾镇队 | 7 | 1 | 21 |
| 2 | 县中学队 | 6 | 2 | 18 |
| 3 | 电力局队 | 2 | 6 | 6 |
"""
VOTES = """# 代表选举结果

| 候选人 | 得票数 | 得票率 |
|---|---|---|
| 唐可 | 1820 | 52.1% |
| 韦青 | 1674 | 47.9% |
"""
MARKS = """# 期末成绩

| 学校 | 语文平均分 | 数学平均分 | 参考人数 |
|---|---|---|---|
| 山口一中 | 98.5 | 91.2 | 412 |
| 山口二中 | 95.1 | 93.6 | 388 |
"""
HALLS = """# 营业厅地址和时间

| 营业厅 | 地址 | 营业时间 | 电话 |
|---|---|---|---|
| 城南厅 | 人民路9号 | 8:30—17:30 | 6601001 |
| 河湾厅 | 河湾街3号 | 9:00—16:30 | 6601002 |
"""
WATER = """# 停水安排

| 街道 | 停水日期 | 停水时间 | 影响小区 |
|---|---|---|---|
| 文昌街 | 5月2日 | 8:00—16:00 | 文昌苑 |
| 学宫路 | 5月4日 | 9:00—12:00 | 学宫里 |
"""
SHOTS = """# 流感疫苗接种点

| 门诊 | 接种时间 | 自费价格（元） |
|---|---|---|
| 河湾镇卫生院 | 周二 | 118 |
| 城南卫生院 | 周三 | 126 |
"""
TOWNS = """# 各镇上半年指标

| 镇 | 户数 | 人均收入（元） | 新修公路（公里） |
|---|---|---|---|
| 河湾镇 | 3120 | 9860 | 12.5 |
| 山口镇 | 6480 | 12340 | 8.2 |
"""
CHECKUPS = """# 体检套餐价格

| 套餐 | 男（元） | 女未婚（元） |
|---|---|---|
| 基础套餐 | 280 | 300 |
| 标准套餐 | 560 | 580 |
"""


WEEK = """# 菜价一览

| 品种 | 今日价（元/500克） | 上周价（元/500克） |
|---|---|---|
| 芹菜 | 4.2 | 4.4 |
| 萝卜 | 1.6 | 1.5 |
"""
FISH = """# 北塘水产行情（元/斤）

| 品种 | 最低价 | 最高价 |
|---|---|---|
| 草鱼 | 6.5 | 8.0 |
| 河虾 | 38 | 46 |
"""
PORK = """# 一周猪肉价格

| 部位 | 周一 | 周三 |
|---|---|---|
| 排骨 | 46.0 | 45.4 |
| 里脊 | 34.0 | 33.5 |
"""
SCHOOLS = """# 小学招生计划

| 学校 | 计划班数 | 计划人数 |
|---|---|---|
| 育红小学 | 4 | 180 |
| 河湾小学 | 8 | 360 |
"""
LINES = """# 旅游专线时刻表

| 线路 | 首班 | 发车间隔 |
|---|---|---|
| 旅游1号线 | 7:30 | 30分钟 |
| 旅游2号线 | 8:00 | 20分钟 |
"""
PRIZES = """# 作文比赛获奖名单

| 奖项 | 姓名 | 学校 |
|---|---|---|
| 一等奖 | 韦青 | 山口一中 |
| 二等奖 | 郑原 | 山口二中 |
| 二等奖 | 唐可 | 河湾中学 |
"""
STORY = """
# 县城公厕开门

11月2日，文昌街公厕开门，里面有热水，也有休息间，全天有人打扫，附近的居民说很方便。
"""


def asked(table: str, question: str) -> Answer:
    name, page = ("2022-11-04.txt", table) if "\t" in table else ("2022-11.md", table + STORY)
    with Archive.in_memory([read_bytes(page.encode(), name=name)]) as archive:
        return Answerer(Finder.open(archive)).answer(question)


@pytest.mark.parametrize(
    ("table", "question", "row", "cell"),
    [
        (GREENS, "11月3日东门市场的萝卜多少钱一斤？", "萝卜|", "1.6"),
        (GREENS, "2022年11月3日芹菜多少钱？", "芹菜|", None),
        (GREENS, "哪个市场的芹菜最便宜？", "芹菜|", "3.8"),
        (GREENS, "生姜在哪里买最便宜？", "生姜|", "8.5"),
        (GREENS, "西街市场什么菜最贵？", "生姜|", "生姜"),
        (GREENS, "Which market has the cheapest celery?", "芹菜|", "3.8"),
        (POOL, "季卡多少钱？", "季卡|", "900元"),
        (POOL, "周末成人滑冰多少钱？", "成人票|", "70元"),
        (LEAGUE, "哪支球队积分最高？", "1|河湾镇队|", "河湾镇队"),
        (LEAGUE, "Which team has the most points?", "1|河湾镇队|", "河湾镇队"),
        (LEAGUE, "县中学队输了几场？", "2|县中学队|", "2"),
        (LEAGUE, "电力局队排第几？", "3|电力局队|", "3"),
        (VOTES, "谁的得票最多？", "唐可|", "唐可"),
        (VOTES, "韦青得了多少票？", "韦青|", "1674"),
        (MARKS, "山口二中参考的有多少人？", "山口二中|", "388"),
        (HALLS, "城南营业厅在哪里？", "城南厅|", "人民路9号"),
        (HALLS, "河湾营业厅电话", "河湾厅|", "6601002"),
        (WATER, "文昌苑哪天停水？", "文昌街|", "5月2日"),
        (WATER, "学宫路几点停水？", "学宫路|", "9:00—12:00"),
        (SHOTS, "流感疫苗哪里最便宜？", "河湾镇卫生院|", "河湾镇卫生院"),
        (TOWNS, "哪个镇修路最多？", "河湾镇|", "河湾镇"),
        (CHECKUPS, "标准体检套餐未婚女性多少钱？", "标准套餐|", "580"),
        (WEEK, "芹菜上周多少钱一斤？", "芹菜|", "4.4"),
        (FISH, "草鱼多少钱一斤？", "草鱼|", None),
        (FISH, "河虾最低价是多少？", "河虾|", "38"),
        (FISH, "什么水产最便宜？", "草鱼|", "草鱼"),
        (PORK, "里脊哪天最便宜？", "里脊|", "33.5"),
        (LINES, "旅游2号线多久一班？", "旅游2号线|", "20分钟"),
        (CHECKUPS, "最便宜的体检套餐是哪个？", "基础套餐|", "基础套餐"),
    ],
)
def test_the_row_and_the_cell_that_answer_are_told(
    table: str, question: str, row: str, cell: str | None
) -> None:
    (cited,) = asked(table, question).citations
    assert cited.quote.startswith(row)
    assert [cited.quote[slice(*mark)] for mark in cited.marks] == ([cell] if cell else [])


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("二等奖有哪些人？", ["郑原", "唐可"]),
        ("二等奖是谁？", ["郑原", "唐可"]),
        ("一等奖是谁？", ["韦青"]),
        ("二等奖里河湾中学的是谁？", ["唐可"]),
    ],
)
def test_all_rows_are_told_that_have_what_is_asked_about(question: str, told: list[str]) -> None:
    cited = asked(PRIZES, question).citations
    assert [one.quote[slice(*mark)] for one in cited for mark in one.marks] == told


@pytest.mark.parametrize(
    ("table", "question"),
    [
        (GREENS, "猪肉多少钱一斤？"),
        (GREENS, "小葱多少钱一斤？"),
        (POOL, "儿童票多少钱？"),
        (SCHOOLS, "育才小学招多少人？"),
        (LEAGUE, "公安局队得了多少分？"),
        (MARKS, "山口三中参考的有多少人？"),
        (MARKS, "山口一中物理平均分是多少？"),
        (HALLS, "城北营业厅电话是多少？"),
        (TOWNS, "山口镇有多少人？"),
        (CHECKUPS, "豪华套餐多少钱？"),
    ],
)
def test_another_row_or_column_does_not_answer(table: str, question: str) -> None:
    assert asked(table, question).status == "no_answer"
