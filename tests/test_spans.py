"""What in a quote answers is marked, exactly, and nothing is where nothing surely does."""

from __future__ import annotations

import json
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.archive import Archive
from corpus.text import fold, fold_with_places, squeeze
from embeddings.encoder import shipped_encoder
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.alignment import Text, tokens
from qa.quoting.corrected import corrections, may_correct
from qa.quoting.kinds import days, figures, persons
from qa.quoting.marks import marks_in
from qa.quoting.slot import slot_of
from qa.quoting.stretches import candidates
from qa.rank import Finder
from qa.search.coverage import Coverage
from qa.search.forward import ForwardIndex
from tests.conftest import DATA, issue_of

QUESTIONS = [
    json.loads(line) for line in (DATA / "questions.jsonl").read_text("utf-8").splitlines()
]
ASKED = [question["question"] for question in QUESTIONS]
TEXTS = st.text(
    alphabet="12０５㎡％，。、；：“”《》 \n\u0301臺灣年月日时一二要是在于张强书记主持会议公司路",
    max_size=60,
)
NO_PASSAGES = ForwardIndex.open(Archive.in_memory(), shipped_encoder())


def marked(question: str, text: str) -> list[str]:
    """Return the stretches that are marked in a text, every word of the question weighing alike."""
    query = parse(question)
    words = Coverage(shipped_encoder(), lambda word: 1.0, NO_PASSAGES).weigh(query)
    return [text[start:end] for start, end in marks_in(query, words, text)]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("谁主持了公交工作会议？", "区长张强主持公交工作会议并讲话。", "张强"),
        ("紧急会议部署了什么？", "区里召开紧急会议，部署节日安全保卫工作。", "节日安全保卫工作"),
        ("什么是首要政治任务？", "要把公共安全作为首要政治任务，抓好落实。", "公共安全"),
        ("工作组对活动评价如何？", "省工作组对活动充分肯定，并作了指导。", "充分肯定"),
        ("仪式在哪儿举行？", "5月8日，开工仪式在东河产业园隆重举行。", "东河产业园"),
        ("哪位区领导陪同？", "书记张强到村里调研，区领导王芳陪同。", "王芳"),
        ("Who wrote the report?", "本报讯（记者李小明）5月8日，会议召开。", "李小明"),
        (
            "What annual output value is the park expected to reach?",
            "园区可入驻企业30家，预计年产值100亿元，提供岗位300个。",
            "100亿元",
        ),
        (
            "在建项目有多少个？",
            "该区在建项目94个，7个省级、6个市级项目分别完成全年计划的107%、120%。",
            "94个",
        ),
        (
            "多少个重建项目进入项目库？",
            "区里谋划灾后重建项目46个，其中17个项目进入省级项目库，总投资6亿元。",
            "17个",
        ),
        ("问题解决了多少个？", "活动收集企业问题354个，已解决322个，解决率91%。", "322个"),
        ("这道工序要多少人？", "这道工序以前要12个人，现在4个人就够了。", "4个人"),
        ("书记什么时候到工地检查？", "5月11日上午，书记张强先后到两处工地检查。", "5月11日上午"),
        ("新馆什么时候开馆？", "5月1日，记者从文化局获悉，新馆将于6月9日开馆。", "6月9日"),
        ("学校投资多少？", "学校累计完成投资7300万元，总投资2.6亿元。", "2.6亿元"),
        ("建成孵化器多少家？", "到2025年，建成孵化器20家以上。", "20家以上"),
        ("李梅在哪个单位工作？", "市商务局科员王芳、市卫健委科员李梅参加活动。", "市卫健委科员"),
        ("商场是哪家企业建的？", "商场项目由中安建设有限公司建设。", "中安建设有限公司"),
        ("谁给村里送来一面锦旗？", "张强向李梅送来一面锦旗。", "张强"),
        ("公交公司总经理是谁？", "公交公司总经理李小明说，公司副总经理王芳也来了。", "李小明"),
        ("谁拍的照片？", "本报记者 王小明 摄", "王小明"),
        ("全区增速在全市排第几？", "全区增速6.3%，在九个区县中居第二位。", "第二位"),
        ("整治行动到哪天结束？", "整治行动从4月1日到7月9日，验收后结束。", "4月1日到7月9日"),
        (
            "春茶为什么采得晚？",
            "今年春茶比去年晚采6天，原因是3月上旬的低温让茶芽推迟。",
            "3月上旬的低温让茶芽推迟",
        ),
        (
            "主任的名字正确写法是什么？",
            "上期文中，主任的姓名“彭建树”应为“彭建澍”。",
            "彭建澍",
        ),
        (
            "签约户数到底是多少户？",
            "本报第1207期文中，“签约户数612户”应为“签约户数621户”。",
            "621户",
        ),
        (
            "新馆在哪里？",
            "新馆9月28日向市民开放，新馆位于文荟路66号，建筑面积1.52万平方米。",
            "文荟路66号",
        ),
        ("两岸为什么要用新技术？", "基因技术推广到两岸，原因是稻瘟病多发。", "稻瘟病多发"),
        ("新桥为什么要封闭？", "因更换伸缩缝，新桥封闭三天。", "更换伸缩缝"),
        ("今年比去年少招多少人？", "全区计划招生6150人，比去年减少420人。", "420人"),
        ("今年计划招多少人？", "全区计划招生6150人，比去年减少420人。", "6150人"),
        (
            "会上哪几家发了言？",
            "会上，临港片区、柏塘镇和新材料公司作了发言。",
            "临港片区、柏塘镇和新材料公司",
        ),
        (
            "送水车停在哪些小区？",
            "水务公司将在金苑小区、荷风家园两处安排送水车。",
            "金苑小区、荷风家园",
        ),
        (
            "领票要带什么？",
            "领票要带上户口簿、学生证和两张一寸照片，当场可取。",
            "户口簿、学生证和两张一寸照片",
        ),
        ("借伞打哪个电话？", "老人可拨打电话7318205借用雨伞，每把押金5元。", "7318205"),
        (
            "不会上网怎么报名？",
            "不会上网的家长，可直接到学校门卫室领取纸质报名表。",
            "可直接到学校门卫室领取纸质报名表",
        ),
        ("孟立国战胜了谁？", "决赛中，退休工人孟立国以3比1战胜大学生罗一鸣。", "罗一鸣"),
        ("哪位专家作了报告？", "会上，专家查尔斯·达尔文作了报告。", "查尔斯·达尔文"),
        (
            "公交27路什么时候开通？",
            "公交27路于2021年5月6日上午开通，全长12公里。",
            "2021年5月6日上午",
        ),
        (
            "高速公路什么时候通车？",
            "4月9日，记者从市交通局了解到，高速公路计划今年12月底通车。",
            "今年12月底",
        ),
        ("停车场几点开门？", "停车场每天7时30分开门。", "7时30分"),
        ("夜校星期几上课？", "夜校5月6日开课，每周二和周四19时上课。", "每周二和周四"),
        ("主队和客队打成几比几？", "决赛中，主队以3比1战胜客队。", "3比1"),
        ("油菜花节接待了多少游客？", "油菜花节接待游客12万人，收入2.17亿元。", "12万人"),
        ("How many seats does the hall have?", "大厅投资3亿元，有座位1200个。", "1200个"),
        ("How many tourists came to the festival?", "节日里来了游客12万人，收入2亿元。", "12万人"),
        ("文庙何时始建？", "文庙始建于明嘉靖九年，光绪年间重修。", "嘉靖九年"),
        ("附近的几所小学从哪一年起开设书法课？", "附近的小学从2009年起开设书法课。", "2009年"),
        ("全区有公交线路多少条？", "目前全区有公交线路12条，总投资3.5亿元。", "12条"),
        ("公交线路总投资是多少？", "目前全区有公交线路12条，总投资3.5亿元。", "3.5亿元"),
        ("有多少名司机参加培训？", "共有七十五名司机参加培训，历时3天。", "七十五名"),
        ("培训历时几天？", "共有七十五名司机参加培训，历时3天。", "3天"),
        ("线路总长多少公里？", "线路总长由14.6公里增加到22.3公里。", "22.3公里"),
        ("線路總長多少公里？", "線路總長由１４.６公里增加到２２.３公里。", "２２.３公里"),
        ("停车场位于哪个镇？", "停车场位于青山镇柳河村，占地30亩。", "青山镇"),
        ("王芳调研了哪家公司？", "王芳到青山机械有限公司调研。", "青山机械有限公司"),
        ("会议学习了什么文件？", "会议学习了《公交条例》，部署下一步工作。", "公交条例"),
        ("How many bus routes are there?", "目前全区有公交线路12条。", "12条"),
        ("When did the meeting open?", "会议于5月6日开幕。", "5月6日"),
    ],
)
def test_the_stretch_that_answers_is_marked(question: str, text: str, answer: str) -> None:
    told = marked(question, text)
    assert len(told) == 1
    assert answer in told[0]
    assert len(told[0]) <= len(answer) + 3


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("谁主持了公交工作会议？", "本报讯（记者李明）公交工作会议在会展中心召开。"),
        ("全区有公交线路多少条？", "全区公交线路方便了群众出行。"),
        ("公交27路什么时候开通？", "公交27路即将开通。"),
        ("停车场在哪个镇？", "停车场由青山机械有限公司修建。"),
        ("整治行动到哪天结束？", "整治行动结束后，将对单位进行抽查。"),
        ("哪个地方开放？", "区开放。"),
        ("决赛输掉的是哪所学校？", "有87所学校参加。"),
        ("介绍一下公交公司", "公交公司成立了。"),
    ],
)
def test_where_nothing_fits_nothing_is_marked(question: str, text: str) -> None:
    assert marked(question, text) == []


def test_the_items_of_a_list_are_marked_each() -> None:
    text = "会议要求，要做好三件事。一要延长线路。二要更新车辆；三要培训司机。"
    assert marked("会议要求做好哪三件事？", text) == [
        "一要延长线路",
        "二要更新车辆",
        "三要培训司机",
    ]
    assert marked("会议提出的三项措施是什么？", text) == [
        "一要延长线路", "二要更新车辆", "三要培训司机",
    ]  # fmt: skip


def test_another_office_is_not_taken_for_the_one_asked_for() -> None:
    text = "管委会副主任张强、管委会主任李明、原管委会主任王芳出席会议。"
    assert marked("管委会主任是谁？", text) == ["李明"]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ASKED) | TEXTS, TEXTS)
def test_marks_are_inside_the_text_and_have_no_white_space_at_their_ends(
    question: str, text: str
) -> None:
    for stretch in marked(question, text):
        assert stretch
        assert stretch == stretch.strip()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_each_folded_character_has_its_place(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    assert len(places) == len(folded)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    for char, (start, end) in zip(folded, places, strict=True):
        assert char in fold(text[start:end]) or char.isdigit()  # 二〇二一年 becomes 2021年


def test_figures_keep_their_units_and_days_are_none() -> None:
    text = "由68家增加到1200多家,耗时3年4个月,占41.2%;一批企业,亿元15.4"
    assert [(one.value, one.unit) for one in figures(text)] == [
        ("68", "家"), ("1200多", "家"), ("3年4", "个月"), ("41.2", "%"), ("15.4", "元"),
    ]  # fmt: skip
    text = "2021年5月6日上午9时至11时,去年8月,十月初五,20世纪80年代"
    assert [text[one.start : one.end] for one in days(text)] == [
        "2021年5月6日上午9时至11时", "去年8月", "十月初五", "20世纪80年代",
    ]  # fmt: skip


def test_names_of_offices_and_places_are_no_persons() -> None:
    text = "高新区党工委书记贺明舒、区长张强和卡尔·马克思"
    assert {text[one.start : one.end] for one in persons(text, tokens(text))} == {
        "贺明舒", "张强", "卡尔·马克思",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "kind", "unit"),
    [
        ("谁主持会议？", "who", ""),
        ("会议什么时候开？", "when", ""),
        ("会议在哪一年召开？", "when", ""),
        ("停车场在哪里？", "where", ""),
        ("停车场在哪个镇？", "where", ""),
        ("何梅老师是谁？", "who", ""),
        ("何梅教几个班？", "how many", "个"),
        ("两者有何不同？", "which", ""),
        ("哪位老师带队？", "who", ""),
        ("有多少万元？", "how many", "元"),
        ("为什么要修路？", "why", ""),
        ("路怎么拖了这么久？", "why", ""),
        ("麦子怎么减产了？", "why", ""),
        ("路灯怎么坏的？", "why", ""),
        ("工程怎么又推迟了？", "why", ""),
        ("桥怎么还没通车？", "why", ""),
        ("市民怎么停车？", "how", ""),
        ("毕业生怎么就业？", "how", ""),
        ("贷款怎么还款？", "how", ""),
        ("企业怎么减税？", "how", ""),
        ("哪家公司中标？", "which", ""),
        ("公交公司的前身为？", "which", ""),
        ("How many days did it take?", "how many", ""),
        ("Which company won?", "which", ""),
        ("几内亚在哪个洲？", "where", ""),
        ("几位老人在哪里下棋？", "where", ""),
        ("许多高校迁到了哪里？", "where", ""),
        ("他从科罗拉多大学得了什么学位？", "which", ""),
        ("When people are arrested, what do they do?", "which", ""),
        ("When islands are flooded, what helps?", "which", ""),
        ("When was the school built?", "when", ""),
        ("这几年经济怎么样？", "how", ""),
        ("民国几年建市？", "when", ""),
        ("河有多长？", "how many", ""),
        ("有几位老人下棋？", "how many", "位"),
    ],
)
def test_the_gap_of_a_question_says_what_would_fill_it(question: str, kind: str, unit: str) -> None:
    slot = slot_of(parse(question))
    assert slot is not None
    assert (slot.kind, slot.unit) == (kind, unit)


def test_marks_on_the_invented_issues_hold_the_answer_and_are_short(
    invented_answerer: Answerer,
) -> None:
    right, n_marked, lengths = 0, 0, []
    for question in QUESTIONS:
        if question["kind"] != "fact" or question["lang"] != "zh":
            continue
        answer = invented_answerer.answer(question["question"])
        told = [
            citation.quote[slice(*mark)] for citation in answer.citations for mark in citation.marks
        ]
        if told:
            n_marked += 1
            right += all(squeeze(part) in squeeze("".join(told)) for part in question["answer"])
            lengths.append(len("".join(told)) / sum(len(c.quote) for c in answer.citations))
    assert n_marked >= 12
    assert right >= 0.9 * n_marked
    assert median(lengths) <= 0.25


@pytest.mark.parametrize("text", ["接种提前一天完成。", "学校设施落后。"])
def test_what_is_early_or_behind_is_no_time(text: str) -> None:
    slot = slot_of(parse("接种什么时候完成？"))
    assert slot is not None
    assert candidates(slot, Text.of(text)) == []
    assert candidates(slot, Text.of("战前，接种完成。")) != []


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("9路公交末班几点？", "9路公交首班6:10，末班21:40，票价2元。", "21:40"),
        ("9路公交首班几点？", "9路公交首班6:10，末班21:40，票价2元。", "6:10"),
        ("教师有多少人？", "学校有学生2820人，教师130人。", "130人"),
        ("有多少学生报名参加夏令营？", "全校学生1200名，320名报名参加夏令营。", "320名"),
        ("学生什么时候体检？", "学生在9月5日返校，9月12日体检。", "9月12日"),
    ],
)
def test_of_two_that_stand_side_by_side_the_one_asked_of_is_marked(
    question: str, text: str, told: str
) -> None:
    archive = Archive.in_memory([issue_of("本地新闻", text, name="2024-04.txt")])
    finder = Finder.open(archive)
    query = finder.read(question)
    found = marks_in(query, finder.coverage.weigh(query), text)
    assert [text[start:end] for start, end in found] == [told]


@pytest.mark.parametrize(
    ("question", "may_be"),
    [
        ("男子决赛的冠军是谁？", "孟立国"),
        ("Who won the final?", "孟立国"),
        ("孟立国战胜了谁？", "罗一鸣"),
    ],
)
def test_who_was_beaten_is_no_winner(question: str, may_be: str) -> None:
    slot = slot_of(parse(question))
    assert slot is not None
    folded = "男子决赛中,工人孟立国以3比1战胜大学生罗一鸣,第三次夺冠。"
    told = {folded[start:end] for start, end in candidates(slot, Text.of(folded))}
    assert told & {"孟立国", "罗一鸣"} == {may_be}


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("12路末班车几点？", "12路末班车时间由20:30延长至21:30。", "21:30"),
        ("球场免费到几点？", "球场免费时段由7:00至9:00延长为7:00至10:00。", "7:00至10:00"),
        ("合唱团周几排练？", "合唱团排练由每周三晚改为每周五晚19:00。", "每周五晚19:00"),
        ("分馆什么时候投用？", "原定去年11月投用的分馆推迟到今年3月投用。", "今年3月"),
        ("分馆原定什么时候投用？", "原定去年11月投用的分馆推迟到今年3月投用。", "去年11月"),
        ("大人游泳多少钱？", "成人票由每场40元下调为每场32元，学生票仍为20元。", "32元"),
        ("夜班车几点到几点？", "夜班车运营时间为21:30至次日0:30。", "21:30至次日0:30"),
        ("小区什么时候停水？", "小区3月20日22:00至3月21日6:00停水。", "3月20日22:00至3月21日6:00"),
        ("口腔科周几坐诊？", "口腔科坐诊时间为每周一、三、五全天。", "每周一、三、五"),
        ("拆承重墙罚多少钱？", "拆承重墙的，处5000元以上5万元以下罚款。", "5000元以上5万元以下"),
        ("操作工月薪多少？", "招操作工80名，月薪4200元至6500元。", "4200元至6500元"),
        ("绳子多长？", "遛狗须用不超过1.5米的绳子，6:00至9:00不得进入。", "不超过1.5米"),
        ("女单冠军是谁？", "男单冠军为李明，亚军是王刚；女单冠军是张燕。", "张燕"),
        (
            "哪本书借得最多？",
            "四个月来，借得最多的一本书是《月亮邮局》，共94次。",
            "《月亮邮局》",
        ),
        ("Where did the market move to?", "菜市场搬迁至梅溪路77号新址营业。", "梅溪路77号"),
        (
            "What are the visiting hours?",
            "探视时间为9:00至11:00、15:00至19:00。",
            "9:00至11:00、15:00至19:00",
        ),
        ("What is the fine?", "未登记的，处500元罚款。", "500元"),
        ("菜场搬到哪里了？", "菜市场搬迁至梅溪路77号新址营业，原址关闭。", "梅溪路77号"),
    ],
)
def test_notices_are_marked_as_they_are_printed(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == [answer]


def test_of_several_numbers_to_call_the_one_of_what_is_asked_is_marked() -> None:
    text = "咨询电话为5561-2080，发热诊室电话为5561-2099。"
    assert marked("发热诊室电话是多少？", text) == ["5561-2099"]
    assert marked("你们有几部电话？", text) == []


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("公园收门票吗？", ["公园不收门票"]),
        ("公园能停车吗？", []),
        ("公园大吗？", []),
    ],
)
def test_the_clause_that_tells_whether_it_is_so_is_marked(question: str, told: list[str]) -> None:
    assert marked(question, "公园不收门票，周末对自驾车收10元，园里种着桂花。") == told


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("诗会谁主持？", "诗会由指挥宁怀素任艺术总监，主持人为教师唐一诺。", "唐一诺"),
        ("老年食堂在哪里？", "位于柳汀苑东门的老年食堂3月1日开业。", "柳汀苑东门"),
    ],
)
def test_what_a_text_calls_so_is_marked(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == [answer]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("咨询电话是多少？", "咨询电话由5561-2080改为5561-2800，旧号码停用。", "5561-2800"),
        ("咨询电话现在是多少？", "咨询电话为5561-2080，急诊电话为5561-2099。", "5561-2080"),
        ("停车场多少车位？", "建成停车场一处，设车位260个。", "260个"),
        ("到哪天开街？", "从7月22日到11月20日接待游客26万人次。", "7月22日到11月20日"),
    ],
)
def test_the_number_that_holds_now_is_marked(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == [answer]


RACE = "快递员石小川以17分42秒率先冲过终点，教师韩墨以18分05秒获得第二，消防员周云飞名列第三。"
RELAY = "消防队以52分18秒夺得第一名，快递联队以53分40秒获得第二名。"


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("5公里跑谁是第二名？", RACE, "韩墨"),
        ("Who won the 5 km race?", RACE, "石小川"),
        ("Who came third in the race?", RACE, "周云飞"),
        ("接力赛哪个队第一？", RELAY, "消防队"),
        ("接力赛第二名是哪个队？", RELAY, "快递联队"),
    ],
)
def test_who_took_a_place_is_marked(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == [answer]


def test_a_text_taken_apart_keeps_where_its_words_are_not_their_vectors() -> None:
    text = Text.of("区长张强主持公交工作会议并讲话，全区新增公交线路12条。")
    n_bytes = sum(one.nbytes for one in vars(text.words).values() if isinstance(one, np.ndarray))
    assert n_bytes <= 12 * len(text.cuts)
    vectors = shipped_encoder().encode_queries(["会议"])
    near = text.words.nearness(vectors)
    at = text.folded.index("会议")
    assert near[at : at + 2] == pytest.approx(1.0)
    assert near[-1] == 0
    assert (at, at + 2) in [found[:2] for found in text.words.alike(vectors)[0]]


def test_what_may_correct_has_every_correction() -> None:
    for text in (
        "“九家”应为“七家”。",
        "“九家”更正为“七家”。",
        "“九家”訂正，應為“七家”。",
        "误作“九家”，“九家”改為“七家”。",
    ):
        assert may_correct(text)
    assert corrections("“九家”应为“七家”。")
    assert not may_correct("全区新增公交线路12条。")
