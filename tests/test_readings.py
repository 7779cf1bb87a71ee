from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.native import Answer
from qa.rank import Finder
from qa.talk.followups import Cue, follow_up
from qa.talk.subjects import titled
from tests.conftest import issue_of

LEADERS = (
    "区委书记林知远主持召开防汛会议，研究水库调度。副区长白若溪主持召开消防会议，研究消防演练。"
    "管委会主任高文博到企业调研。党工委书记沈一鸣到学校调研。"
)
JABS = (
    "白鹭街道全民疫苗接种率达到96%，接种工作自3月1日开始。"
    "3月5日，江滨小学发来表扬信，感谢医护人员。"
)
CHAIRED = "林知远主持了什么会议？"


@pytest.fixture(scope="module")
def chat() -> Chat:
    issues = [
        issue_of("区领导分别主持召开会议", LEADERS, name="2020-01.txt"),
        issue_of("白鹭街道疫苗接种有序进行", JABS, name="2021-06.txt"),
    ]
    return Chat(Answerer(Finder.open(Archive.in_memory(issues))))


def talk(chat: Chat, *questions: str) -> Answer:
    """Return the answer to the last of some questions that are asked in turn."""
    history = [Turn("user", question) for question in questions[:-1]]
    return chat.reply(questions[-1], history=history)


@pytest.mark.parametrize(
    ("questions", "read", "told"),
    [
        ((CHAIRED, "那白若溪呢？"), "白若溪主持了什么会议？", "消防会议"),
        ((CHAIRED, "不，我是说白若溪"), "白若溪主持了什么会议？", "消防会议"),
        ((CHAIRED, "副区长呢？"), "副区长主持了什么会议？", "消防会议"),
        (("党工委书记是谁？", "管委会主任呢？"), "管委会主任是谁？", "高文博"),
        (("党工委书记是谁？", "那管委会主任是谁？"), "管委会主任是谁？", "高文博"),
        (("谁是党工委书记？", "管委会主任呢？"), "谁是管委会主任？", "高文博"),
        (
            ("党工委书记沈一鸣去哪里调研？", "管委会主任高文博呢？"),
            "管委会主任高文博去哪里调研？",
            "企业",
        ),
        (
            ("What meeting did Lin Zhiyuan chair?", "what about Bai Ruoxi?"),
            "What meeting did Bai Ruoxi chair?",
            "消防会议",
        ),
        (
            ("Who is the director of the management committee?", "and the party secretary?"),
            "Who is the party secretary of the management committee?",
            "沈一鸣",
        ),
    ],
)
def test_a_person_or_an_office_takes_the_place_of_another(
    chat: Chat, questions: tuple[str, ...], read: str, told: str
) -> None:
    answer = talk(chat, *questions)
    assert answer.reading is not None
    assert answer.reading.question == read
    assert told in answer.citations[0].quote


@pytest.mark.parametrize(
    ("questions", "read"),
    [
        (("疫苗接种什么时候开始？", "不对，我问的是消防演练"), "消防演练什么时候开始？"),
        (("党工委副书记是谁？", "管委会呢？"), "管委会副书记是谁？"),
        (("区教育局副局长是谁？", "区水利局呢？"), "区水利局副局长是谁？"),
        (("区教育局副局长是谁？", "区水利局呢？", "区城管局局长呢？"), "区城管局局长是谁？"),
    ],
)
def test_what_is_put_in_place_is_what_is_read_whether_or_not_it_is_answered(
    chat: Chat, questions: tuple[str, ...], read: str
) -> None:
    answer = talk(chat, *questions)
    assert answer.reading is not None
    assert answer.reading.question == read


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Where is it?", "Where is the district library?"),
        ("Who is its director?", "Who is the district library's director?"),
    ],
)
def test_an_english_subject_keeps_its_nouns_and_takes_no_verb(question: str, read: str) -> None:
    issue = issue_of("区图书馆新馆开放", "区图书馆新馆3月8日开放，位于湖滨路。", name="2020-01.txt")
    library = Chat(Answerer(Finder.open(Archive.in_memory([issue]))))
    answer = talk(library, "When does the district library open?", question)
    assert answer.reading is not None
    assert answer.reading.question == read


@pytest.mark.parametrize(
    ("questions", "read"),
    [
        (("林知远说了什么？", "为什么？"), "林知远为什么这么说？"),
        (("林知远强调了什么？", "什么时候？"), "林知远什么时候这么说？"),
        (("女篮夺冠教练是谁？", "为什么？"), "女篮为什么夺冠？"),
    ],
)
def test_a_question_word_after_what_somebody_said_or_won_makes_a_sentence(
    questions: tuple[str, ...], read: str
) -> None:
    text = "区委书记林知远强调，防汛要早。女篮夺冠，教练白若溪说，防守是关键。"
    issue = issue_of("女篮夺冠", text, name="2020-01.txt")
    answer = talk(Chat(Answerer(Finder.open(Archive.in_memory([issue])))), *questions)
    assert answer.reading is not None
    assert answer.reading.question == read


def test_a_question_word_that_makes_no_sentence_is_not_understood(chat: Chat) -> None:
    answer = talk(chat, "管委会主任是谁？", "为什么？")
    assert (answer.status, answer.citations) == ("chat", ())


def test_what_another_did_is_no_answer_for_a_person(chat: Chat) -> None:
    answer = talk(chat, CHAIRED, "那高文博呢？")
    assert answer.reading is not None
    assert (answer.status, answer.reading.question) == ("no_answer", "高文博主持了什么会议？")


@pytest.mark.parametrize(
    ("questions", "read"),
    [
        (("白鹭街道疫苗接种率是多少？", "什么时候？"), "白鹭街道疫苗接种是什么时候？"),
        (("谁发来表扬信？", "什么时候发的？"), "表扬信什么时候发的？"),
        (("江滨小学发来了什么？", "什么时候发的？"), "江滨小学什么时候发的？"),
    ],
)
def test_a_subject_is_neither_cut_in_a_word_group_nor_leads_with_a_verb_said_again(
    chat: Chat, questions: tuple[str, ...], read: str
) -> None:
    answer = talk(chat, *questions)
    assert answer.reading is not None
    assert answer.reading.question == read
    assert answer.status == "answered"


VISITS = {month: f"{month}月份，全院门诊量{50000 + month}人次。" for month in (3, 4, 5)}
YIELDS = """# 各乡镇柑橘产量

| 乡镇 | 面积（万亩） | 产量（万吨） |
|---|---|---|
| 大洲乡 | 4.6 | 8.3 |
| 枫林镇 | 3.2 | 5.1 |
"""
DUTY = "值班表\n日期\t值班领导\n12月5日\t姚可嘉\n12月19日\t邬振邦\n"


@pytest.fixture(scope="module")
def ledger() -> Chat:
    issues = [issue_of("运行数据", text, name=f"2024-0{n}.txt") for n, text in VISITS.items()]
    issues.append(read_bytes(YIELDS.encode(), name="2023-11.md"))
    issues.append(read_bytes(DUTY.encode(), name="2023-12.txt"))
    return Chat(Answerer(Finder.open(Archive.in_memory(issues))))


@pytest.mark.parametrize(
    ("questions", "read", "told"),
    [
        (("2024年5月门诊量是多少？", "上个月呢？"), "2024年4月门诊量是多少？", "50004"),
        (("5月门诊量是多少？", "上个月呢？", "再上个月呢？"), "3月门诊量是多少？", "50003"),
        (("4月门诊量是多少？", "下个月呢？"), "5月门诊量是多少？", "50005"),
        (
            ("How many outpatient visits in May?", "and last month?"),
            "How many outpatient visits in April?",
            "50004",
        ),
        (
            ("How many outpatient visits in May?", "and in March?"),
            "How many outpatient visits in March?",
            "50003",
        ),
        (("大洲乡柑橘产量是多少？", "那枫林镇呢？"), "枫林镇柑橘产量是多少？", "5.1"),
        (
            ("How many outpatient visits in May?", "What about in April?"),
            "How many outpatient visits in April?",
            "50004",
        ),
        (("大洲乡柑橘产量是多少？", "那枫林镇的呢？"), "枫林镇柑橘产量是多少？", "5.1"),
        (("大洲乡柑橘产量是多少？", "枫林呢？"), "枫林产量是多少？", "5.1"),
        (("12月5日谁值班？", "12月19日呢？"), "12月19日谁值班？", "邬振邦"),
    ],
)
def test_another_month_day_or_place_of_its_kind_is_put_in_place(
    ledger: Chat, questions: tuple[str, ...], read: str, told: str
) -> None:
    answer = talk(ledger, *questions)
    assert answer.reading is not None
    assert answer.reading.question == read
    assert told in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("有哪些期？", "档案中共有 5 期，从 2023-11 到 2024-05。最新的几期：\n2024-05"),
        ("最新一期是哪天的？", "档案中共有 5 期"),
        ("How many issues are there?", "There are 5 issues, from 2023-11 to 2024-05."),
        ("What is the latest issue?", "There are 5 issues"),
    ],
)
def test_which_issues_there_are_is_told(ledger: Chat, question: str, told: str) -> None:
    answer = ledger.reply(question)
    assert (answer.status, answer.citations) == ("chat", ())
    assert answer.text.startswith(told)


@pytest.mark.parametrize("question", ["一共有几期？", "现在有几期？"])
def test_how_many_terms_a_course_has_is_not_how_many_issues_there_are(question: str) -> None:
    text = "县农技培训班设在县农广校，今年共举办了三期，培训农民500人。"
    one = Archive.in_memory([issue_of("培训班开班", text, name="2024-03.txt")])
    answer = talk(Chat(Answerer(Finder.open(one))), "县农技培训班在哪里？", question)
    assert answer.status == "answered"
    assert "三期" in answer.citations[0].quote


@pytest.mark.parametrize("place", ["Marseille", "Maryland", "Janet", "Marcus"])
def test_a_name_that_begins_like_a_month_is_none(place: str) -> None:
    assert follow_up(f"What about in {place}?").cue is not Cue.TIME


def test_of_one_issue_or_none_it_is_said_so() -> None:
    one = Archive.in_memory([issue_of("运行数据", VISITS[3], name="2024-03.txt")])
    for archive, told in (
        (one, "档案中只有一期：\n2024-03"),
        (Archive.in_memory([]), "档案中还没有"),
    ):
        assert Chat(Answerer(Finder.open(archive))).reply("一共有几期？").text.startswith(told)


@pytest.fixture(scope="module")
def county() -> Chat:
    games = (
        "学生运动会闭幕",
        "11月9日，县学生运动会开幕，786名运动员参加。",
        "团体总分，高中组第一名是一中，312分；初中组第一名是石桥中学，268分。",
    )
    fruit = (
        "猕猴桃丰收",
        "合作社理事长郑桂花说，鹤鸣村猕猴桃10月出园价每斤4.5元。",
        "竹园村猕猴桃没有冷库，靠收购商上门，出园价每斤3.8元。",
        "云台村猕猴桃全部采摘，出园价每斤8元。",
    )
    staff = (
        "人事任免",
        "会议决定任命赵建明为县水利局局长。韩冰任石桥镇党委书记，由大塘镇镇长岗位调任。",
        "原石桥镇党委书记赵建明另有任用。",
    )
    camp = (
        "柳溪村的夏天",
        "村里修了40个露营位，6月份露营每晚120元。河道断流，暑假露营每晚降到80元。",
    )
    issues = [
        issue_of(*one, name=f"2023-1{n}.txt") for n, one in enumerate((games, fruit, staff, camp))
    ]
    return Chat(Answerer(Finder.open(Archive.in_memory(issues))))


def marks(answer: Answer) -> list[str]:
    return [one.quote[slice(*mark)] for one in answer.citations for mark in one.marks]


def test_the_question_is_carried_on_from_one_place_to_the_next(county: Chat) -> None:
    asked = "鹤鸣村猕猴桃出园多少钱一斤？"
    for questions, told in (
        ((asked,), "4.5元"),
        ((asked, "竹园村呢？"), "3.8元"),
        ((asked, "竹园村呢？", "云台村呢？"), "8元"),
    ):
        answer = talk(county, *questions)
        assert marks(answer)[:1] == [told]
        if len(questions) > 1:
            assert answer.reading is not None
            assert answer.reading.question == questions[-1][:3] + asked[3:]


def test_a_season_is_asked_for_in_place_of_a_month(county: Chat) -> None:
    answer = talk(county, "柳溪村6月份露营每晚多少钱？", "那暑假呢？")
    assert answer.reading is not None
    assert answer.reading.question == "柳溪村暑假露营每晚多少钱？"


def test_a_figure_is_told_by_its_unit_alone_from_what_was_just_quoted(county: Chat) -> None:
    answer = talk(county, "学生运动会团体总分高中组第一名是谁？", "拿了多少分？")
    assert answer.status == "answered"
    assert "312分" in answer.citations[0].quote
    assert (
        talk(county, "学生运动会团体总分高中组第一名是谁？", "花了多少钱？").status == "no_answer"
    )


def test_somebody_stays_spoken_of_though_nothing_was_found_of_them(county: Chat) -> None:
    answer = talk(county, "赵建明哪年入的党？", "他现在是什么局长？")
    assert answer.reading is not None
    assert answer.reading.question == "赵建明现在是什么局长？"
    assert "水利局" in answer.citations[0].quote


def test_a_headline_is_never_somebody(county: Chat) -> None:
    answer = talk(county, "今天天气怎么样？", "谁接替的他？")
    assert "《" not in (answer.reading.question if answer.reading else "")


def test_why_is_asked_by_its_noun(county: Chat) -> None:
    answer = talk(county, "柳溪村暑假露营什么时候降价？", "原因呢？")
    assert answer.reading is None or "原因" not in answer.reading.question


@pytest.fixture(scope="module")
def clinic() -> Chat:
    opened = (
        "东岗社区卫生服务中心启用",
        "4月1日，东岗社区卫生服务中心开诊，管委会副主任冯雪琴到场察看。",
        "中心主任苏文博介绍，新址增设了康复科，夜间门诊挂号每次6元。",
    )
    market = (
        "便民集市",
        "柳溪社区3月在广场办集市，32名志愿者参加。",
        "社区书记黄翠萍说，集市5月有75名志愿者参加，7月因天热改到晚上。",
    )
    issues = [issue_of(*one, name=f"2024-0{n}-01.txt") for n, one in ((4, opened), (7, market))]
    return Chat(Answerer(Finder.open(Archive.in_memory(issues))))


def test_an_office_is_that_of_what_is_spoken_of(clinic: Chat) -> None:
    asked = "东岗社区卫生服务中心哪天开诊的？"
    assert marks(talk(clinic, asked, "主任是谁？"))[:1] == ["苏文博"]
    assert marks(talk(clinic, "东岗社区卫生服务中心主任是谁？"))[:1] == ["苏文博"]


def test_an_office_takes_no_place_in_a_question_about_none(clinic: Chat) -> None:
    answer = talk(clinic, "柳溪社区的集市为什么改到晚上？", "书记是谁？")
    assert answer.reading is None or "书记的" not in answer.reading.question
    assert "黄翠萍" in answer.citations[0].quote


@pytest.mark.parametrize("again", ["那五月呢？", "五月那次呢", "5月份呢？"])
def test_a_month_is_known_in_words(clinic: Chat, again: str) -> None:
    answer = talk(clinic, "柳溪社区3月集市有多少志愿者？", again)
    assert answer.reading is not None
    assert answer.reading.question == "柳溪社区5月集市有多少志愿者？"
    assert "75名" in answer.citations[0].quote


def test_a_word_behind_an_office_is_no_person() -> None:
    assert titled("工程师正在为机器校准，工程师林知远说，快好了。") == ["林知远"]
    assert titled("局长曾国栋说，快好了。") == ["曾国栋"]


def test_of_nobody_who_was_spoken_of_nothing_is_told(clinic: Chat) -> None:
    asked = "便民集市7月改到什么时候？"
    assert talk(clinic, asked).status == "answered"
    assert talk(clinic, "新馆哪天开放？", "他多大年纪？").status == "no_answer"


BUS = (
    "夜班车开通",
    "1月20日起开通夜班线路N3路，运营时间为21:30至次日0:30，每30分钟一班，票价3元。",
    "获得一等奖的奖励3000元，获得二等奖的奖励2000元，获得三等奖的奖励1000元。",
)


@pytest.mark.parametrize(
    ("asked", "again", "reading"),
    [
        (
            "What is the fare of the night bus N3?",
            "How often does it run?",
            "How often does the night bus N3 run?",
        ),
        (
            "How much is the reward for a first prize?",
            "And a third?",
            "How much is the reward for a third prize?",
        ),
    ],
)
def test_a_thing_and_its_place_in_a_row_are_kept_in_english(
    asked: str, again: str, reading: str
) -> None:
    chat = Chat(Answerer(Finder.open(Archive.in_memory([issue_of(*BUS)]))))
    answer = talk(chat, asked, again)
    assert answer.reading is not None
    assert answer.reading.question == reading
