"""Who somebody is, and who holds an office, is told by what stands beside a name."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.text import fold
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.alignment import tokens
from qa.quoting.confidence import EVIDENCE
from qa.quoting.kinds import persons
from qa.quoting.persons import has_no_holder, holder
from qa.rank import Finder
from tests.conftest import issue_of

PAPER = (
    "新桥通车\n\n5月6日，新桥通车。副县长路明、县委书记应天歌出席通车仪式，县长王强讲话。路明说，新桥投资2亿元。",
    "干部调整\n\n5月8日，前县长王强退休，新任县长赵敏上任。王强在职12年，修路180公里。",
)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    issues = [issue_of(*one.split("\n\n"), name=f"2022-0{n}.txt") for n, one in enumerate(PAPER, 1)]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("路明是谁？", "副县长"),
        ("路明是什么职务？", "副县长"),
        ("应天歌是干什么的？", "县委书记"),
        ("Who is Lu Ming?", "副县长"),
        ("What is Ying Tiange's position?", "县委书记"),
        ("who is 应天歌", "县委书记"),
        ("谁是副县长？", "路明"),
        ("副县长是谁？", "路明"),
        ("县长是谁？", "赵敏"),
        ("谁是县长？", "赵敏"),
        ("前县长是谁？", "王强"),
        ("县委书记是谁？", "应天歌"),
    ],
)
def test_the_office_or_the_name_is_marked_whole(
    question: str, told: str, answerer: Answerer
) -> None:
    first = answerer.answer(question).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [told]


def test_of_several_offices_the_holder_of_the_one_asked_for_is_marked() -> None:
    text = ("全区大会", "区委书记贺平主持会议，区委副书记、区长苏晴，区人大常委会主任丁梁出席。")
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(*text)])))
    for question, name in (
        ("区委副书记是谁？", "苏晴"),
        ("区长是谁？", "苏晴"),
        ("区委书记是谁？", "贺平"),
        ("谁是区人大常委会主任？", "丁梁"),
    ):
        first = answerer.answer(question).citations[0]
        assert [first.quote[slice(*mark)] for mark in first.marks] == [name], question


@pytest.mark.parametrize("question", ["市委书记是谁？", "副书记是谁？", "谁没有出席通车仪式？"])
def test_another_body_rank_or_the_opposite_is_no_answer(question: str, answerer: Answerer) -> None:
    assert answerer.answer(question).status == "no_answer"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("县长路明到会", ["路明"]),
        ("院长宁静秋说", ["宁静秋"]),
        ("记者明天采访", []),
        ("校长辛志和表示", ["辛志和"]),
        ("校长张强和主任李明到会", ["张强", "李明"]),
        ("书记应邀出席", []),
        ("主任平时很忙", []),
        ("道路明亮", []),
    ],
)
def test_a_surname_that_is_a_word_as_well_is_one_behind_an_office(
    text: str, names: list[str]
) -> None:
    assert [text[one.start : one.end] for one in persons(text, tokens(text))] == names


def test_what_a_name_or_code_is_not_asked_to_explain_is_answered(answerer: Answerer) -> None:
    assert answerer.answer("“新桥”什么时候通车？").status == "answered"
    assert answerer.answer("where is “王强”").status == "no_answer"


def test_what_is_quoted_in_english_need_not_be_printed_so(answerer: Answerer) -> None:
    told = answerer.answer('How much was invested in the "new bridge" that Lu Ming spoke of?')
    assert "2亿元" in told.citations[0].quote
    assert answerer.answer('Who directed "The Wandering Earth"?').status == "no_answer"


def test_a_later_passage_of_the_article_is_quoted_where_the_first_lacks_what_is_asked(
    invented_answerer: Answerer,
) -> None:
    first = invented_answerer.answer("产业技术研究院建在哪里？").citations[0]
    assert first.quote.startswith("研究院选址")


def test_an_office_that_is_told_in_chinese_is_spoken_of() -> None:
    text = ("秋粮生产", "县农业农村局局长张强说，秋粮已经收割八成。")
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(*text)])))
    read = answerer.read("Who is the director of the county agriculture and rural affairs bureau?")
    assert read.evidence is not None
    told = dict(zip(EVIDENCE, read.evidence, strict=True))
    assert (told["asks something of"], told["asked near"]) == (1.0, 1.0)


MOVED = (
    "人事任免\n\n5月24日，医院召开干部大会，宣布：费振声不再担任院长职务，唐永臻任院长。"
    "会议还决定：李明月当选为工会主席，免去王芳的护理部主任职务。",
    "签订协议\n\n石鼓镇卫生院院长白砚山说，路上省下一个多小时。",
)


@pytest.fixture(scope="module")
def moved() -> Answerer:
    issues = [issue_of(*one.split("\n\n"), name=f"2024-0{n}.txt") for n, one in enumerate(MOVED, 1)]
    return Answerer(Finder.open(Archive.in_memory(issues)))


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("院长是谁？", "唐永臻"),
        ("现在的院长是谁？", "唐永臻"),
        ("现任院长是谁？", "唐永臻"),
        ("谁现在是院长？", "唐永臻"),
        ("Who is the president of the hospital?", "唐永臻"),
        ("Who is the president of the hospital now?", "唐永臻"),
        ("石鼓镇卫生院院长是谁？", "白砚山"),
        ("工会主席是谁？", "李明月"),
    ],
)
def test_who_has_left_an_office_or_holds_it_elsewhere_is_not_its_holder(
    question: str, name: str, moved: Answerer
) -> None:
    first = moved.answer(question).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [name]


@pytest.mark.parametrize(
    ("text", "question", "name"),
    [
        ("让群众看病不再难的县医院院长王海涛说，新楼将开工。", "县医院院长是谁？", "王海涛"),
        ("取消收费、免除押金的县医院院长王海涛说，新楼将开工。", "院长是谁？", "王海涛"),
        ("教育局撤销了对校长孙悦的处分。", "校长是谁？", "孙悦"),
        ("李明接替校长批改作业，校长孙悦十分感动。", "校长是谁？", "孙悦"),
        ("李明承担科研任务并获校长奖励，校长孙悦为他颁奖。", "校长是谁？", "孙悦"),
    ],
)
def test_what_only_sounds_like_leaving_or_taking_an_office_is_neither(
    text: str, question: str, name: str
) -> None:
    archive = Archive.in_memory([issue_of("本地新闻", text, name="2023-04.txt")])
    first = Answerer(Finder.open(archive)).answer(question).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [name]


@pytest.mark.parametrize(
    ("text", "question", "name"),
    [
        ("任命宿国栋为市公安局局长，免去滕骁的市公安局局长职务。", "市公安局局长是谁？", "宿国栋"),
        ("免去滕骁的市公安局局长职务，任命宿国栋为市公安局局长。", "市公安局局长是谁？", "宿国栋"),
        ("集团宣布，俞少卿任集团党委副书记、总经理。", "总经理是谁？", "俞少卿"),
        ("县政府任命费振声担任县医院院长。", "县医院院长是谁？", "费振声"),
        ("协会推选李明担任会长。", "会长是谁？", "李明"),
        ("厂里聘请李国华为厂长。", "厂长是谁？", "李国华"),
        (
            "应急管理局局长宗卫平、生态环境局局长步青云、卫生健康局局长甘霖陪同。",
            "生态环境局局长是谁？",
            "步青云",
        ),
        (
            "办公室主任祝晓阳、生态环境局局长步青云、卫生健康局局长甘霖陪同。",
            "Who is the director of the health bureau?",
            "甘霖",
        ),
    ],
)
def test_the_one_who_is_appointed_or_stands_behind_the_office_of_the_body_is_its_holder(
    text: str, question: str, name: str
) -> None:
    archive = Archive.in_memory([issue_of("人事任免", f"市里{text}", name="2025-03.txt")])
    first = Answerer(Finder.open(archive), min_confidence=0.05).answer(question).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [name]


def test_of_several_issues_the_newest_tells_who_holds_an_office() -> None:
    issues = [
        issue_of("例会", "集团总经理柏宏远在例会上说，成绩来之不易。", name="2025-03.txt"),
        issue_of("任免", "集团宣布，俞少卿任集团党委副书记、总经理。", name="2025-04.txt"),
    ]
    answerer = Answerer(Finder.open(Archive.in_memory(issues)))
    for question in ("集团总经理是谁？", "现在的集团总经理是谁？"):
        first = answerer.answer(question).citations[0]
        assert [first.quote[slice(*mark)] for mark in first.marks] == ["俞少卿"]


@pytest.mark.parametrize("says", ["随后说", "接着说", "笑着说", "动情地说"])
def test_what_stands_behind_an_office_and_is_no_name_holds_it_not(says: str) -> None:
    issues = [
        issue_of("人事任免", "王志强任校长。", name="2024-03-30.txt"),
        issue_of("开放日", f"校长{says}，学校面貌一新。", name="2024-04-30.txt"),
    ]
    first = Answerer(Finder.open(Archive.in_memory(issues))).answer("校长是谁？").citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["王志强"]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("建院时院长是谁？", "张鹤年"),
        ("Who was the president when the hospital was founded?", "张鹤年"),
        ("院长是谁？", "李国华"),
    ],
)
def test_who_held_an_office_then_is_not_who_holds_it_now(question: str, name: str) -> None:
    issues = [
        issue_of("院史", "1958年建院，张鹤年任院长，全院只有六名医生。", name="2023-04-10.txt"),
        issue_of("新楼", "院长李国华说，新楼年底启用。", name="2024-04-30.txt"),
    ]
    first = Answerer(Finder.open(Archive.in_memory(issues))).answer(question).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [name]


def test_in_one_issue_the_appointment_tells_who_holds_an_office() -> None:
    paragraphs = (
        "任免",
        "市公安局局长滕骁表示，将保持高压态势。",
        "市里任命宿国栋为市公安局局长，免去滕骁的市公安局局长职务。",
    )
    archive = Archive.in_memory([issue_of(*paragraphs, name="2025-06.txt")])
    first = Answerer(Finder.open(archive)).answer("谁是市公安局局长？").citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["宿国栋"]


def test_a_surname_right_behind_a_figure_begins_no_name() -> None:
    text = "他游了约40米将人救起。"
    assert not list(persons(text, tokens(text)))


def test_the_head_of_a_body_that_the_article_names_is_not_the_bulletins_own() -> None:
    own = issue_of("新楼开工", "县医院院长王海涛说，新楼将开工。", name="2023-04.txt")
    other = issue_of("石鼓镇卫生院签约", "院长李建国说，路上省下一小时。", name="2023-05.txt")
    told = Answerer(Finder.open(Archive.in_memory([own, other]))).answer("院长是谁？")
    assert "王海涛" in told.citations[0].quote


def test_an_office_that_somebody_left_has_no_holder(moved: Answerer) -> None:
    assert moved.answer("护理部主任是谁？").status == "no_answer"


APPOINTED = (
    "会议任命赵建明为县水利局局长，许静为县教育局局长。"
    "决定免去马振东的县水利局局长职务，彭光明的县教育局局长职务。"
)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("水利局局长是谁？", "赵建明"),
        ("教育局现在的局长是谁？", "许静"),
        ("教育局局长", "许静"),
        ("who's the director of the education bureau", "许静"),
    ],
)
def test_of_a_list_of_appointments_each_names_one(question: str, name: str) -> None:
    archive = Archive.in_memory([issue_of("人事任免", APPOINTED, name="2023-08-17.txt")])
    first = Answerer(Finder.open(archive)).answer(question).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == [name]


@pytest.mark.parametrize("question", ["晶曜光电董事长是谁？", "晶曜光电董事长"])
def test_who_heads_a_firm_is_told_by_the_next_sentence(question: str) -> None:
    text = "投资最大的是晶曜光电的显示模组项目。公司董事长黄柏豪说，看中的是这里的产业链。"
    archive = Archive.in_memory([issue_of("招商", text, name="2025-04-10.txt")])
    first = Answerer(Finder.open(archive)).answer(question).citations[0]
    assert [first.quote[slice(*mark)] for mark in first.marks] == ["黄柏豪"]


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("馆长是谁？", "馆长柴鹏已于去年12月调任体育馆，现任馆长为教练出身的徐湘君。", "徐湘君"),
        ("馆长是谁？", "馆长柴鹏已退休，由原副馆长徐湘君接任。", "徐湘君"),
        ("馆长是谁？", "馆长柴鹏在退休仪式上讲话。", "柴鹏"),
        ("馆长是谁？", "馆长柴鹏已调任体育馆。", None),
        ("前任馆长是谁？", "馆长柴鹏已退休，由原副馆长徐湘君接任。", "柴鹏"),
    ],
)
def test_who_has_left_an_office_holds_it_no_more(
    question: str, text: str, name: str | None
) -> None:
    found = holder(parse(question), fold(text))
    assert (fold(text)[slice(*found)] if found else None) == name
    assert has_no_holder(parse(question), fold(text)) == (name is None)


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("董事长是谁？", "张强"),
        ("秘书长是谁？", "路平"),
        ("检察长是谁？", "马明"),
    ],
)
def test_offices_of_firms_and_bodies_are_offices(question: str, marked: str) -> None:
    told = "实业公司董事长张强参加座谈。商会秘书长路平作了发言。县检察院检察长马明主持会议。"
    answer = Answerer(Finder.open(Archive.in_memory([issue_of(told)]))).answer(question)
    (citation, *_) = answer.citations
    assert [citation.quote[start:end] for start, end in citation.marks] == [marked]


def test_a_name_with_a_character_that_no_dictionary_has_is_found() -> None:
    told = "目前全区有公交线路12条。\n\n张𬱖任县公交公司总工程师。"
    answer = Answerer(Finder.open(Archive.in_memory([issue_of(told)]))).answer("张𬱖是谁？")
    assert "总工程师" in answer.citations[0].quote
