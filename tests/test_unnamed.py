"""Who asks for a name is not answered by a sentence that counts such things and names none."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.rank import Finder
from tests.conftest import issue_of

TEXTS = (
    "今年5月，禾川生物与两家外地疫苗企业签了供货合同，总额2.1亿元。",
    "商务局提出，下半年在火车东站附近引进一家中型超市，规范三处夜市。",
    "竹吸管六成出口，最大的买家是北欧一家连锁咖啡店。",
    "龙江造船厂的订单由三家企业分担，分别是长河重工、云帆船舶和海岳机电。",
    "老街改造由一家名为“拾光”的公司设计，去年动工。",
    "新建的实验楼由两家银行贷款，其中江城银行出了八成。",
    "秦守拙14岁跟舅舅学艺，头三年没有上手。",
    "护路员每天走十二公里，风雨无阻。",
)


@pytest.fixture(scope="module")
def town() -> Answerer:
    return Answerer(Finder.open(Archive.in_memory([issue_of("\n\n".join(TEXTS))])))


@pytest.mark.parametrize(
    "question",
    [
        "跟禾川生物签供货合同的那两家疫苗企业叫什么？",
        "禾川生物跟哪两家疫苗企业签了供货合同？",
        "火车东站附近要引进的超市是哪一家？",
        "买竹吸管的北欧咖啡店叫什么名字？",
        "Which companies signed a supply contract for vaccines?",
        "秦守拙的舅舅叫啥名字？",
        "护路员叫什么名字？",
    ],
)
def test_what_is_only_counted_is_not_named(question: str, town: Answerer) -> None:
    assert town.answer(question).status == "no_answer"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("龙江造船厂的订单由哪三家企业分担？", "云帆船舶"),
        ("老街改造是哪家公司设计的？", "拾光"),
        ("新建的实验楼是哪家银行贷款的？", "江城银行"),
        ("跟谁签了疫苗供货合同？", "两家外地疫苗企业"),
    ],
)
def test_what_is_named_is_told(question: str, told: str, town: Answerer) -> None:
    answer = town.answer(question)
    assert answer.status == "answered"
    assert told in answer.citations[0].quote
