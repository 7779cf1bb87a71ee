"""Several issues that answer: what is cited together, and what is set side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.metadata import Metadata
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.native import Answer, Conflict, to_json
from qa.rank import Finder
from tests.conftest import issue_of


def answer(question: str, issues: Mapping[str, tuple[str, ...]], *, limit: int = 5) -> Answer:
    """Ask an archive of issues, given as name to paragraphs."""
    archive = Archive.in_memory(
        [issue_of(*paragraphs, name=f"{name}.txt") for name, paragraphs in issues.items()]
    )
    return Answerer(Finder.open(archive)).answer(question, limit=limit)


ROUTES = {
    "2021-03": ("截至目前，全区有公交线路12条。",),
    "2022-05": ("据交通局介绍，全区公交线路达到15条，方便了群众。",),
}
ASKED = "全区有公交线路多少条？"


def test_figures_that_differ_between_issues_stand_side_by_side_newest_first() -> None:
    told = answer(ASKED, ROUTES)
    assert told.text == (
        "各期说法不同：\n"
        "2022-05：据交通局介绍，全区公交线路达到15条，方便了群众。[1]\n"
        "2021-03：截至目前，全区有公交线路12条。[2]"
    )
    assert told.conflicts == (
        Conflict(citation=1, value="15条", issue="2022-05", issue_date=None),
        Conflict(citation=2, value="12条", issue="2021-03", issue_date=None),
    )
    assert [told.text[slice(*citation.claim)] for citation in told.citations] == [
        citation.quote for citation in told.citations
    ]
    assert to_json(told)["conflicts"][0] == {
        "citation": 1, "value": "15条", "issue": "2022-05", "issue_date": None,
    }  # fmt: skip


def test_an_english_reader_is_told_of_it_in_english() -> None:
    told = answer("How many bus routes are there in the district?", ROUTES)
    assert told.text.startswith("Issues differ:\n2022-05: ")


def test_the_day_of_an_issue_with_a_masthead_is_its_label() -> None:
    head = "砚川时讯\n2022年5月18日 第12期\n\n"
    archive = Archive.in_memory(
        [
            issue_of(head + "全区公交线路达到15条。", name="a.txt"),
            issue_of("全区有公交线路12条。", name="2021-03.txt"),
        ]
    )
    told = Answerer(Finder.open(archive)).answer(ASKED)
    assert "\n2022-05-18：" in told.text
    assert [one.issue_date for one in told.conflicts] == [date(2022, 5, 18), None]


@pytest.mark.parametrize(
    ("question", "issues"),
    [
        pytest.param("2021年3月全区有公交线路多少条？", ROUTES, id="the question says which issue"),
        pytest.param(
            "全区完成工业产值多少亿元？",
            {
                "2021-04": ("一季度，全区完成工业产值12亿元。",),
                "2021-07": ("上半年，全区完成工业产值30亿元。",),
            },
            id="another period",
        ),
        pytest.param(
            ASKED,
            {
                "2021-03": ("全区有公交线路12条。",),
                "2022-05": ("今年，全区新增公交线路3条。",),
            },
            id="the new ones are not all",
        ),
        pytest.param(
            "项目总投资是多少？",
            {
                "2021-03": ("甲项目总投资12亿元。", "乙项目总投资15亿元。"),
                "2022-05": ("丙项目总投资18亿元。",),
            },
            id="one issue answers in two ways",
        ),
        pytest.param(
            "全区有多少条公交线路？",
            {
                "2021-03": ("全区有公交线路12条。",),
                "2022-05": ("全区有公交站台150座。",),
            },
            id="of something else",
        ),
    ],
)
def test_what_is_no_disagreement_is_not_called_one(
    question: str, issues: Mapping[str, tuple[str, ...]]
) -> None:
    told = answer(question, issues)
    assert told.status == "answered"
    assert told.conflicts == ()
    assert "各期说法不同" not in told.text


def test_the_same_figure_in_other_words_is_cited_together_newest_first() -> None:
    told = answer(
        ASKED,
        {
            "2021-03": ("全区有公交线路12条。",),
            "2022-05": ("据交通局介绍，全区公交线路达到12条，方便了群众。",),
            "2020-01": ("全区共有公交线路1200条。",),
        },
    )
    assert [source.issue for source in told.sources][:2] == ["2022-05", "2021-03"]
    marked = {
        citation.quote[slice(*mark)] for citation in told.citations for mark in citation.marks
    }
    assert "12条" in marked


def test_an_office_that_changed_hands_is_shown_with_both_names() -> None:
    told = answer(
        "管委会主任是谁？",
        {
            "2021-03": ("管委会主任李明主持会议。",),
            "2022-05": ("管委会主任王芳、副主任张强出席活动。",),
        },
    )
    assert [conflict.value for conflict in told.conflicts] == ["王芳", "李明"]


def test_the_heads_of_two_schools_are_no_disagreement() -> None:
    heads = {
        "2021-03": ("江岸大学校长张强出席开学典礼并讲话。",),
        "2022-05": ("山阳学院校长李明出席开学典礼并讲话。",),
    }
    told = answer("校长是谁？", heads)
    assert (told.conflicts, len(told.citations)) == ((), 1)
    same = {name: (text[0].replace("山阳学院", "江岸大学"),) for name, text in heads.items()}
    assert len(answer("校长是谁？", same).conflicts) == 2


def test_one_citation_alone_is_no_disagreement() -> None:
    told = answer(ASKED, ROUTES, limit=1)
    assert len(told.citations) == 1
    assert told.conflicts == ()
    assert "各期说法不同" not in told.text


def test_the_day_of_an_issue_counts_whatever_its_id_is() -> None:
    paragraphs = {
        "no9": ("高新时报\n2021年5月10日\n\n截至目前，全区有公交线路12条。",),
        "no10": ("高新时报\n2022年8月10日\n\n据交通局介绍，全区公交线路达到15条，方便了群众。",),
    }
    issues = [
        read_bytes(
            "\n\n".join(told).encode(),
            name=f"{name}.txt",
            options=Metadata(id=name, date=day),
        )
        for (name, told), day in zip(paragraphs.items(), ("2021-05-10", "2022-08-10"), strict=True)
    ]
    answerer = Answerer(Finder.open(Archive.in_memory(issues)))
    newest_first = answerer.answer(ASKED)
    assert [conflict.issue for conflict in newest_first.conflicts] == ["no10", "no9"]
    for question, issue in (("2022年8月", "no10"), ("2021年5月", "no9")):
        told = answerer.answer(f"{question}全区有公交线路多少条？")
        assert (told.status, told.sources[0].issue) == ("answered", issue)
    hits = answerer.finder.search(answerer.finder.read("2021年5月全区有公交线路多少条？"), k=5)
    dated = {hit.passage_id.partition("/")[0]: hit.features["dated"] for hit in hits}
    assert dated == {"no9": 1.0, "no10": 0.0}


BY_MONTH = {
    f"2024-0{month}": (f"{month}月份，全院门诊量{50000 + month}人次，出院患者{4000 + month}人次。",)
    for month in (3, 4, 5)
}


def test_what_each_issue_tells_of_its_own_month_is_told_issue_by_issue() -> None:
    told = answer("门诊量是多少？", BY_MONTH)
    assert told.text.splitlines() == [
        f"2024-0{month}：{BY_MONTH[f'2024-0{month}'][0]}[{n}]"
        for n, month in enumerate((5, 4, 3), start=1)
    ]
    assert told.conflicts == ()


def test_where_the_latest_is_asked_for_the_newest_alone_is_told() -> None:
    told = answer("最新的门诊量是多少？", BY_MONTH)
    assert [one.quote[slice(*one.marks[0])] for one in told.citations] == ["50005人次"]
    told = answer("目前全区最新的公交线路有多少条？", ROUTES)
    assert [one.location.passage_id[:7] for one in told.citations] == ["2022-05"]


CORRECTED = {
    "2024-03": ("卒中中心通过复审", "3月20日，我院以93.5分的成绩，成为全省第九家通过复审的医院。"),
    "2024-04": ("更正", "本报第3期一文中，“全省第九家”应为“全省第七家”。特此更正。"),
}


def test_a_correction_is_told_before_what_it_corrects_and_what_was_wrong_is_not_marked() -> None:
    told = answer("我院是全省第几家通过复审的医院？", CORRECTED)
    marked = [[one.quote[slice(*mark)] for mark in one.marks] for one in told.citations]
    assert [one.location.passage_id[:7] for one in told.citations] == ["2024-04", "2024-03"]
    assert marked == [["全省第七家"], []]
    assert told.conflicts == ()


HOTLINE = {
    "2024-03": ("2月份热线受理情况", "2月份，市民热线受理诉求4312件，办结率97.6%。"),
    "2024-07": ("更正", "本报3月8日《2月份热线受理情况》中，“办结率97.6%”应为“办结率96.7%”。"),
    "2025-03": ("2月份市民热线情况", "2月份，市民热线受理诉求4630件，办结率98.8%。"),
}


def test_of_several_issues_the_one_that_was_corrected_is_not_marked() -> None:
    told = answer("市民热线办结率是多少？", HOTLINE)
    marked = {
        one.location.passage_id[:7]: [one.quote[slice(*mark)] for mark in one.marks]
        for one in told.citations
    }
    assert marked == {"2025-03": ["98.8%"], "2024-07": ["办结率96.7%"], "2024-03": []}


def test_a_correction_is_found_by_the_headline_that_it_names() -> None:
    """Though no word of it is asked for, and the question may be answered by one article alone."""
    issues = {
        "2024-03": ("新图书馆开馆", "新图书馆昨日开馆，藏书9万册，工程耗资甚巨。"),
        "2024-04": ("更正", "本报上期《新图书馆开馆》一文中，“9万册”应为“7万册”，特此更正。"),
    }
    archive = Archive.in_memory([issue_of(*told, name=f"{n}.txt") for n, told in issues.items()])
    answerer = Answerer(Finder.open(archive))
    told = answerer.answer("藏书多少？", among=lambda one: one.startswith("2024-03"))
    assert [one.location.passage_id[:7] for one in told.citations] == ["2024-04", "2024-03"]
    within = answerer.answer("藏书多少？", filters=Filters(issues=("2024-03",)))
    assert [one.location.passage_id[:7] for one in within.citations] == ["2024-03"]


@pytest.mark.parametrize(
    "text",
    [
        "“老旧小区”改造应该是民生工程，不是面子工程。",
        "“老旧小区”改造应为居民服务。",
        "“5000户”居民的家园应改为花园。",
    ],
)
def test_what_should_be_in_ordinary_prose_corrects_nothing(text: str) -> None:
    issues = {
        "2023-03": ("改造", "今年全县“老旧小区”改造投入3000万元，惠及居民5000户。"),
        "2023-06": ("评论", text),
    }
    told = answer("老旧小区改造惠及多少户居民？", issues)
    first = told.citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["5000户"]


def test_the_wrong_side_of_a_correction_answers_nothing() -> None:
    told = answer("林述是谁？", {"2024-04": ("更正", "“外科主任林述”应为“骨科主任林述”。")})
    assert [one.quote[slice(*one.marks[0])] for one in told.citations] == ["骨科主任"]


PLANS = {
    "2025-03": ("新图书馆即将建成", "新图书馆将于5月10日开馆，设阅览座位800个。"),
    "2025-04": ("新图书馆推迟开馆", "因设备调试，新图书馆将于6月1日开馆，设阅览座位800个。"),
}


def test_the_same_day_told_at_more_length_is_not_another() -> None:
    issues = {
        "2023-04": ("启用", "新门诊楼5月1日启用。"),
        "2023-05": ("启用", "新门诊楼于5月1日上午启用。"),
    }
    assert not answer("新门诊楼什么时候启用？", issues).text.startswith("2023")


def test_a_day_that_a_later_issue_moves_is_told_issue_by_issue_newest_first() -> None:
    told = answer("新图书馆什么时候开馆？", PLANS)
    marked = [[one.quote[slice(*mark)] for mark in one.marks] for one in told.citations]
    assert marked == [["6月1日"], ["5月10日"]]
    assert told.text.startswith("2025-04：")
    assert told.conflicts == ()
    told = answer("新图书馆最新的开馆时间是什么时候？", PLANS)
    assert [one.location.passage_id[:7] for one in told.citations] == ["2025-04"]


CHANGED = {
    "2025-03": (
        "康宁驿站开业",
        "康宁驿站3月1日开业，周日休息。驿站为80周岁以上老人免费送餐，每人每次最多可订3份，"
        "送餐电话为6620 1188。",
    ),
    "2025-06": (
        "康宁驿站有变化",
        "6月起，康宁驿站周日不再休息。送餐电话改为6620 3399，每人可订的份数由3份增加到5份。"
        "70周岁以上老人即可享受免费送餐，比原先放宽10岁。",
    ),
}


@pytest.mark.parametrize(
    ("question", "now", "before"),
    [
        ("康宁驿站周日休息吗？", "周日不再休息", "周日休息"),
        ("多大年纪能免费送餐？", "70周岁", "80周岁"),
        ("送餐每次最多可以订几份？", "5份", "3份"),
        ("What is the phone number for meal delivery?", "6620 3399", "6620 1188"),
    ],
)
def test_what_a_later_issue_says_has_changed_is_told_first_and_now_alone(
    question: str, now: str, before: str
) -> None:
    told = answer(question, CHANGED)
    quotes = [one.quote for one in told.citations]
    assert now in quotes[0]
    assert all(before in one for one in quotes[1:])
    if len(quotes) > 1:
        assert told.text.startswith("2025-06")


def test_of_what_was_at_first_no_change_is_told() -> None:
    told = answer("康宁驿站原来周日休息吗？", CHANGED)
    assert [one.location.passage_id[:7] for one in told.citations] == ["2025-03"]


def test_a_change_of_another_thing_is_not_told() -> None:
    issues = {
        "2025-03": ("餐厅开业", "康宁驿站餐厅3月1日开业，周日休息。"),
        "2025-06": ("驿站浴室", "康宁驿站浴室6月起不再收费，每人每次限用半小时。"),
    }
    told = answer("康宁驿站餐厅周日休息吗？", issues)
    assert [one.location.passage_id[:7] for one in told.citations] == ["2025-03"]


def test_a_telephone_number_printed_in_parts_is_marked_whole() -> None:
    for printed in ("6620 3399", "8866-7719", "0391-662 0339", "138 0012 3456"):
        told = answer("送餐电话是多少？", {"2025-06": ("送餐", f"送餐电话为{printed}，请留意。")})
        quote = told.citations[0]
        assert [quote.quote[slice(*mark)] for mark in quote.marks] == [printed]


TIMETABLE = {
    "2025-06": ("公交调整", "6月起，12路公交车末班车时间由20:30延长至21:30。"),
    "2026-01": ("春节安排", "12路公交车除夕当天末班车提前至18:00。"),
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("12路公交车末班车几点？", ["21:30"]),
        ("现在12路公交车末班车几点？", ["21:30"]),
        ("除夕12路公交车末班车几点？", ["18:00"]),
    ],
)
def test_what_holds_for_a_day_is_no_rule(question: str, told: list[str]) -> None:
    first = answer(question, TIMETABLE).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == told
