"""Lists whose items are a paragraph each: told as a whole, or one item of them."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.rank import Finder
from tests.test_answer import check

NUMBERED = [
    "1．早班车提前到5时40分。",
    "2．老人免费乘车。",
    "3．站台全部装上座椅。",
    "4．晚班车延到23时。",
    "5．开通热线6650123。",
    "6．宠物可装箱上车。",
]
SHUT = ["不准带火种进山；", "不准在林区烧荒；", "不准上坟烧纸；", "不准野炊。"]
ORCHARD = [
    "一是疏花。每枝只留三朵。",
    "二是浇水。每旬浇一次，每次两小时。",
    "三是套袋。五月底前套完。",
]
NEWS = [
    "新设夜间门诊，每晚到21时；",
    "检查结果全区互认；",
    "给独居老人送药上门。",
]
NAMED = ["唐可馨为区教育局局长；", "鲍平为区交通局局长；", "韦青山为区水利局局长。"]
ENROLMENT = [
    "一、年龄：满6周岁。",
    "二、时间：5月20日到26日。",
    "三、材料：户口簿和预防接种证，租房的带合同。",
]
PAGE = f"""# 公交公司推出六项便民措施

为方便市民出行，公交公司推出六项便民措施，7月1日起施行。

{chr(10).join(f"{one}{chr(10)}" for one in NUMBERED)}
公交公司经理方砚秋说，措施落实情况由乘客打分。

# 柳湾林场发布防火“四不准”

柳湾林场发布防火“四不准”，违者罚款200元：

{chr(10).join(f"{one}{chr(10)}" for one in SHUT)}
林场场长唐可说，去年发生火情2起。

# 桃园管理抓好三件事

立夏过后，桃园管理要抓好三件事。

{chr(10).join(f"{one}{chr(10)}" for one in ORCHARD)}
# 区卫生局优化就医环境

区卫生局印发《优化就医环境若干举措》，主要内容有：

{chr(10).join(f"{one}{chr(10)}" for one in NEWS)}
# 镇长韦青山讲话

韦青山对防汛工作提出三点要求：一是查堤，二是备料，三是值班。

# 区人大常委会任命名单

区人大常委会决定任命：

{chr(10).join(f"{one}{chr(10)}" for one in NAMED)}
# 小学一年级报名须知

{chr(10).join(f"{one}{chr(10)}" for one in ENROLMENT)}
# 更正

本报《公交公司推出六项便民措施》一文中，“5时40分”应为“5时50分”。
"""


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    issue = read_bytes(PAGE.encode(), name="2023-06-23.md")
    return Answerer(Finder.open(Archive.in_memory([issue])))


def quotes(answerer: Answerer, question: str) -> list[str]:
    answer = answerer.answer(question)
    check(answer, answerer.finder.archive)
    return [one.quote for one in answer.citations]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("四不准有哪些？", ["柳湾林场发布防火“四不准”，违者罚款200元：", *SHUT]),
        ("“四不准”都有哪些内容？", ["柳湾林场发布防火“四不准”，违者罚款200元：", *SHUT]),
        ("桃园管理要抓好哪三件事？", ["立夏过后，桃园管理要抓好三件事。", *ORCHARD]),
        ("就医环境举措有哪些？", ["区卫生局印发《优化就医环境若干举措》，主要内容有：", *NEWS]),
        ("区人大常委会任命了哪些人？", ["区人大常委会决定任命：", *NAMED]),
        ("一年级报名须知有哪些内容？", ENROLMENT),
    ],
)
def test_a_list_is_told_whole_in_printed_order(
    answerer: Answerer, question: str, told: list[str]
) -> None:
    assert quotes(answerer, question) == told


@pytest.mark.parametrize(
    "question", ["公交公司六项便民措施有哪些？", "What are the six measures of the bus company?"]
)
def test_a_list_is_told_with_what_corrects_it(answerer: Answerer, question: str) -> None:
    lead = "为方便市民出行，公交公司推出六项便民措施，7月1日起施行。"
    right = "本报《公交公司推出六项便民措施》一文中，“5时40分”应为“5时50分”。"
    assert quotes(answerer, question) == [lead, right, *NUMBERED]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("公交便民措施的第四条是什么？", NUMBERED[3]),
        ("公交公司便民措施最后一条是什么？", NUMBERED[-1]),
        ("What is the third measure of the bus company?", NUMBERED[2]),
        ("“四不准”第二条是什么？", SHUT[1]),
        ("桃园管理第二件事是什么？", ORCHARD[1]),
    ],
)
def test_one_item_is_told_by_its_number(answerer: Answerer, question: str, told: str) -> None:
    assert quotes(answerer, question) == [told]


def test_of_a_list_in_one_passage_the_item_is_marked(answerer: Answerer) -> None:
    (citation,) = answerer.answer("韦青山对防汛工作的第二点要求是什么？").citations
    assert [citation.quote[slice(*one)] for one in citation.marks] == ["二是备料"]


def test_an_item_beyond_the_last_is_not_told(answerer: Answerer) -> None:
    assert answerer.answer("公交便民措施的第九条是什么？").status == "no_answer"


def test_which_item_tells_something_is_told_by_its_number(answerer: Answerer) -> None:
    answer = answerer.answer("四不准里哪一条说的是上坟？")
    assert answer.text == f"{SHUT[2]}[1]\n这是第 3 项。"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "公交便民措施从什么时候施行？",
            "为方便市民出行，公交公司推出六项便民措施，7月1日起施行。",
        ),
        ("站台装上了什么？", NUMBERED[2]),
        ("老人乘车有哪些优惠？", NUMBERED[1]),
        ("一年级报名材料有哪些？", ENROLMENT[2]),
    ],
)
def test_what_is_asked_of_one_thing_is_no_list(
    answerer: Answerer, question: str, told: str
) -> None:
    assert told in quotes(answerer, question)[0]
    assert NUMBERED[3] not in quotes(answerer, question)


def test_another_number_of_items_is_another_list(answerer: Answerer) -> None:
    assert NUMBERED[3] not in quotes(answerer, "公交公司八项便民措施有哪些？")


def test_of_a_long_list_is_told_how_many_items_are_left_out() -> None:
    lines = "\n\n".join(f"{n}．第{n}号泵站每天巡查{n + 2}遍。" for n in range(1, 26))
    page = f"# 泵站巡查安排\n\n泵站巡查安排如下：\n\n{lines}\n"
    issue = read_bytes(page.encode(), name="2023-06-24.md")
    answerer = Answerer(Finder.open(Archive.in_memory([issue])))
    answer = answerer.answer("泵站巡查安排有哪些内容？")
    check(answer, answerer.finder.archive)
    assert (len(answer.citations), answer.text.splitlines()[-1]) == (21, "后面还有 5 项。")


def test_who_asks_on_gets_the_item(answerer: Answerer) -> None:
    asked = "公交公司六项便民措施有哪些？"
    chat = Chat(answerer)
    history = [Turn("user", asked), Turn("assistant", chat.reply(asked).text)]
    (citation,) = chat.reply("第五条呢？", history=history).citations
    assert citation.quote == NUMBERED[4]


def test_an_item_that_fills_its_line_ends_there() -> None:
    """Its semicolon ends no sentence, but the indent of the next line begins another item."""
    told = "发放“创业券”，每家企业每年最高二十万元，可抵扣检测费；"
    above = [
        f"{n}路车从东门开到会展中心，每{n % 9 + 7}分钟一班，沿途有{n + 11}座车站，"
        f"全长{n}.{n % 7}公里，首班车5时{n + 20}分开出，末班车22时{n}0分开出，"
        f"票价{n % 3 + 1}元，老人和学生半价，刷卡再打{n % 4 + 5}折，{n}月1日起每天多开{n}班，"
        f"司机共有{n + 18}人，其中女司机{n + 2}人，去年共运送乘客{n + 30}.{n % 5}万人次，"
        f"收到表扬信{n + 5}封，退还失物{n + 40}件，还有{n}件无人来领。"
        for n in range(1, 13)
    ]
    listed = [
        "区里印发《服务企业若干举措》，七月起施行，有效期三年。主要内容有：",
        "企业开办当天办结，免费刻章三枚；",
        told,
        "对信用好的企业，一年的现场检查不超过一次；",
        "涉企服务热线全天有人接听。",
    ]
    lines = ["河湾区报", "2023年6月30日　第18期", ""]
    for title, paragraphs in (("新开两条公交线路", above), ("区里推出服务企业举措", listed)):
        lines.append(title)
        for text in (f"　　{one}" for one in paragraphs):
            lines += [text[at : at + 30] for at in range(0, len(text), 30)]
        lines.append("")
    lines += ["各路车的车站", "线路\t车站", *(f"{n}路\t{n + 11}座" for n in range(1, 13))]
    assert f"　　{told}" in lines
    assert len(told) == 28
    issue = read_bytes("\n".join(lines).encode(), name="2023-06-30.txt")
    assert [one.text for one in issue.articles[1].passages] == listed
