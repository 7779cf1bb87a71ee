"""Questions in another wording than they were asked in: plain, open, as the archive spells them."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.query import parse
from qa.quoting.kinds import IS_NAME
from qa.quoting.supposed import supposed
from qa.rank import Finder
from qa.talk.several import parts_of
from qa.wording import plainly
from tests.conftest import issue_of


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    archive = Archive.in_memory(
        [
            issue_of(
                "本报讯（记者李明）5月6日，全区公交大会召开，副区长吕敏主持会议。",
                "会议强调，防汛工作要早部署。河道清淤6月底前完成。",
                "目前全区有公交线路12条，总投资3.5亿元，准点率达96.2%。",
                "今年新增新能源公交车40辆，提供就业岗位200个。",
            )
        ]
    )
    return Answerer(Finder.open(archive))


@pytest.fixture(scope="module")
def chat(answerer: Answerer) -> Chat:
    return Chat(answerer)


@pytest.fixture(scope="module")
def sample_chat(sample_answerer: Answerer) -> Chat:
    return Chat(sample_answerer)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("有没有提到防汛？", "防汛"),
        ("有提到防汛吗？", "防汛"),
        ("报纸上有没有说防汛", "防汛"),
        ("报纸里提到防汛了吗？", "防汛"),
        ("防汛被提到了吗？", "防汛"),
        ("is flood control mentioned?", "flood control"),
        ("有没有提到什么时候完工？", "什么时候完工"),
        ("有报道吗？", "有报道吗？"),
        ("报道了什么？", "报道了什么？"),
        ("谁被提到了？", "谁被提到了？"),
        ("报纸有说明吗？", "报纸有说明吗？"),
        ("這期報紙有沒有講到防汛？", "防汛"),
        ("报纸里有关于公交的内容吗", "公交"),
        ("有停水的消息吗？", "停水"),
        ("关于公交的报道有哪些", "公交"),
        ("图书馆馆长叫什么名字？", "图书馆馆长是谁"),
        ("市商会会长", "市商会会长是谁"),
        ("操场长度", "操场长度是多少"),
        ("吕敏现在担任什么职务？", "吕敏是谁"),
        ("Does the bulletin mention flood control?", "flood control"),
        ("Are there any reports on traffic in this issue?", "traffic"),
        ("What position does Lü Min hold?", "who is Lü Min?"),
        ("What is Lü Min's position?", "who is Lü Min?"),
        ("准点率", "准点率是多少"),
        ("开馆时间", "开馆时间是什么时候"),
        ("打疫苗要钱吗？", "打疫苗多少钱"),
        ("parking fees", "what is the parking fees?"),
        ("whos the mayor?", "who is the mayor?"),
        ("上个月有几条线路？", "上月有几条线路？"),
        ("啥时候通车？", "什么时候通车？"),
        ("路灯咋坏的？", "路灯怎么坏的？"),
        ("凭啥收回鱼塘", "为什么收回鱼塘"),
        ("凭什么证件可以免费？", "凭什么证件可以免费？"),
        ("头三个月来了多少游客", "前三个月来了多少游客"),
        ("卫生院院长", "卫生院院长是谁"),
        ("令人咋舌的消息", "令人咋舌的消息"),
        # what only begins like it
        ("What is the punctuality rate?", "What is the punctuality rate?"),
        ("石门村最近发生了什么事？", "石门村"),
        ("文化馆有什么新闻", "文化馆"),
        ("什么时候发生了什么", "什么时候发生了什么"),
        ("What happened to the bridge?", "the bridge"),
        ("what took place in May", "in May"),
        ("准点率是多少？", "准点率是多少？"),
        ("有没有说明会？", "有没有说明会？"),
        ("有没有党员出席？", "有没有党员出席？"),
        ("会上提到过哪些问题吗", "会上提到过哪些问题吗"),
        ("他担任什么职务？", "他担任什么职务？"),
        ("主任的职务是什么？", "主任的职务是什么？"),
        ("Is there a hospital on Main Street?", "Is there a hospital on Main Street?"),
    ],
)
def test_the_frame_around_what_is_asked_for_is_left_out(question: str, plain: str) -> None:
    assert plainly(question) == plain


def test_what_is_named_is_found_whether_it_is_asked_for_or_asked_whether_it_is_told(
    answerer: Answerer,
) -> None:
    for question in ("有没有提到防汛？", "防汛", "Does the bulletin mention flood control?"):
        assert "防汛工作" in answerer.answer(question).text
    assert answerer.answer("有没有提到招聘？").status == "no_answer"


@pytest.mark.parametrize(
    "question", ["有没有提到防汛？", "Does the bulletin mention flood control?"]
)
def test_whether_something_is_told_of_leans_on_nothing(chat: Chat, question: str) -> None:
    before = (Turn("user", "公交线路有多少条？"), Turn("assistant", "12条"))
    answer = chat.reply(question, history=before)
    assert answer.reading is None
    assert "防汛工作" in answer.text


@pytest.mark.parametrize("name", ["Lü Min", "Lu Min", "Lv Min", "Lyu Min"])
def test_a_name_with_an_umlaut_is_found_however_it_is_written(
    name: str, answerer: Answerer
) -> None:
    answer = answerer.answer(f"Who is {name}?")
    assert [answer.citations[0].quote[slice(*one)] for one in answer.citations[0].marks] == [
        "副区长"
    ]


@pytest.mark.parametrize(
    ("question", "openly"),
    [
        ("准点率超过90%了吗？", "准点率是多少？"),
        ("准点率有没有达到98%", "准点率是多少？"),
        ("公交线路是不是有15条？", "公交线路有多少条？"),
        ("总投资不到4亿元吗", "总投资是多少元？"),
        ("会议是5月8日召开的吗？", "会议是哪天召开的？"),
        ("会议下午3点开始吗", "会议几点开始？"),
        ("Is the rate over 90%?", "what percentage is the rate?"),
        ("Was the meeting held on May 8?", "when was the meeting held?"),
        ("Are there 15 bus lines in the zone?", "how many bus lines are there in the zone?"),
        ("Did the project cost 3 million yuan?", "how much did the project cost?"),
    ],
)
def test_what_is_supposed_is_asked_openly(question: str, openly: str) -> None:
    told = supposed(parse(question))
    assert told is not None
    assert told.openly == openly


@pytest.mark.parametrize(
    "question",
    [
        "10月有活动吗？",
        "吕敏是副区长吗？",
        "准点率是多少？",
        "96.2%是什么",
        "有没有一个公园？",
        "Is the museum open on Sunday?",
        "我妈62岁能办吗？",
        "我儿子2018年9月10日出生，今年能上一年级吗？",
        "Did the mayor attend?",
    ],
)
def test_nothing_is_supposed_where_no_figure_is_put_forward(question: str) -> None:
    assert supposed(parse(question)) is None


def test_a_figure_that_is_supposed_is_answered_by_the_one_that_is_printed(
    answerer: Answerer,
) -> None:
    answer = answerer.answer("准点率超过98%了吗？")
    (cited,) = answer.citations
    assert [cited.quote[slice(*one)] for one in cited.marks] == ["96.2%"]
    assert answer.reading is not None
    assert answer.reading.question == "准点率是多少？"
    as_printed = answerer.answer("准点率是不是96.2%？")
    assert as_printed.reading is None
    assert "96.2%" in as_printed.text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("防讯工作要怎样？", "防汛工作要怎样？"),
        ("吕民是谁？", "吕敏是谁？"),
        ("公交线陆有多少条？", "公交线路有多少条？"),
    ],
)
def test_a_character_that_only_sounds_right_is_put_right(
    typed: str, printed: str, answerer: Answerer
) -> None:
    found = answerer.finder.respelt(parse(typed), is_name=IS_NAME.fullmatch)
    assert found is not None
    assert found.text == printed


@pytest.mark.parametrize("question", ["全区人口多少？", "明天天气怎么样？", "招聘什么人？", "公交"])
def test_what_the_archive_lacks_is_not_respelt(question: str, answerer: Answerer) -> None:
    assert answerer.finder.respelt(parse(question), is_name=IS_NAME.fullmatch) is None


def test_a_word_is_not_read_by_another_sound_of_its_characters() -> None:
    finder = Finder.open(Archive.in_memory([issue_of("新农贸市场昨天开业，设摊位80个。")]))
    assert finder.respelt(parse("谁是市长？"), is_name=IS_NAME.fullmatch) is None
    slip = finder.respelt(parse("农贸市厂有多少摊位？"), is_name=IS_NAME.fullmatch)
    assert slip is not None
    assert slip.text == "农贸市场有多少摊位？"


def test_a_word_is_not_respelt_as_what_is_no_word() -> None:
    finder = Finder.open(Archive.in_memory([issue_of("夜间门诊设内科、儿科和皮肤科。")]))
    assert finder.respelt(parse("夜间门诊有妇科吗？"), is_name=IS_NAME.fullmatch) is None


def test_in_a_long_text_no_slip_is_looked_for(answerer: Answerer) -> None:
    for text in ("防讯" * 60, "lv min " * 30):
        assert answerer.finder.respelt(parse(text), is_name=IS_NAME.fullmatch) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who is lv min", "吕敏是谁"),
        ("Lv Min 是谁？", "吕敏是谁?"),
        ("lv min", "吕敏是谁"),
        ("how many bus lnes are there", "how many bus lines are there"),
        ("what was the totel investmnt", "what was the total investment"),
    ],
)
def test_names_in_pinyin_and_misspelt_words_are_read_as_they_are_meant(
    typed: str, meant: str, answerer: Answerer
) -> None:
    found = answerer.finder.respelt(parse(typed), is_name=IS_NAME.fullmatch)
    assert found is not None
    assert found.text == meant


@pytest.mark.parametrize(
    "question", ["How old is lv min?", "What did people like to do?", "Who is he?"]
)
def test_what_only_sounds_like_a_name_is_none(question: str, answerer: Answerer) -> None:
    assert answerer.finder.respelt(parse(question), is_name=IS_NAME.fullmatch) is None


def test_whether_there_is_something_is_told_by_what_speaks_of_it(answerer: Answerer) -> None:
    assert answerer.answer("公交车上有没有充电口？").status == "no_answer"
    assert answerer.answer("今年有没有新增公交车？").status == "answered"


def test_a_respelt_question_is_answered_with_its_reading_told(
    invented_answerer: Answerer,
) -> None:
    answer = invented_answerer.answer("产业技术研旧院建在哪里？")
    assert answer.reading is not None
    assert answer.reading.question == "产业技术研究院建在哪里？"
    assert "研究院选址" in answer.text


def test_what_is_not_surely_answered_is_read_as_it_was_meant_where_that_is_surer() -> None:
    hall = "新校区建有可容纳400人的报告厅。学校周边新设公交站，方便居民出行。"
    fair = "活动由小学主办，学校现有学生1502人。"
    issues = [
        issue_of("小学迁入新校区", hall, name="2025-03.txt"),
        issue_of("小学生办发明展", fair, name="2025-04.txt"),
    ]
    answerer = Answerer(Finder.open(Archive.in_memory(issues)))
    slip = answerer.answer("how many studnets at the primery school")
    right = answerer.answer("how many students at the primary school")
    assert slip.reading is not None
    assert slip.reading.question == "how many students at the primary school"
    assert slip.confidence == right.confidence > 0.5
    assert right.reading is None


@pytest.mark.parametrize(
    ("message", "n"),
    [
        ("会议谁主持的？在哪天开的？", 2),
        ("公交线路有多少条，总投资多少，准点率是多少", 3),
        ("Who chaired the meeting, and when was it held?", 2),
        ("听说要开会？什么时候开？", 1),
        ("谁说，路通了？", 1),
        ("什么时候，在哪里开会？", 1),
        ("会议谁主持的？", 1),
    ],
)
def test_the_questions_of_a_message_are_told_apart(message: str, n: int) -> None:
    assert len(parts_of(message)) == n


def test_several_questions_get_one_answer_with_all_that_is_told_marked(chat: Chat) -> None:
    answer = chat.reply("公交线路有多少条，总投资多少，准点率是多少？")
    (cited,) = answer.citations
    marked = [cited.quote[slice(*one)] for one in cited.marks]
    assert marked == ["12条", "3.5亿元", "96.2%"]
    for one in answer.citations:
        assert answer.text[slice(*one.claim)] == one.quote


def test_of_several_questions_those_that_are_not_told_are_named(chat: Chat) -> None:
    answer = chat.reply("会议谁主持的？停车费多少？")
    assert answer.status == "answered"
    assert answer.text.endswith("刊物中没有找到：停车费多少")
    assert "停车费" not in "".join(one.quote for one in answer.citations)


def test_several_questions_of_which_the_first_is_not_told_are_answered_as_one(chat: Chat) -> None:
    assert chat.reply("停车费多少？谁收？").status == "no_answer"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("停车费多少？公交线路有多少条？", "刊物中没有找到：停车费多少"),
        (
            "Who won the lottery? And how many bus routes were opened?",
            "The bulletin does not say: Who won the lottery",
        ),
    ],
)
def test_what_stands_alone_behind_a_question_that_is_not_told_is_answered(
    chat: Chat, message: str, text: str
) -> None:
    answer = chat.reply(message)
    assert answer.status == "answered"
    assert "12条" in answer.citations[0].quote
    assert answer.text.endswith(f"\n{text}")


def test_what_is_named_and_what_is_told_stand_below_each_other(sample_chat: Chat) -> None:
    answer = sample_chat.reply("25311目标是什么？明天天气怎么样？党代会什么时候开的？")
    assert answer.status == "answered"
    assert answer.text.startswith("刊物提到“25311”，但没有解释它是什么。\n")
    assert answer.text.endswith("\n刊物中没有找到：明天天气怎么样")
    assert "党代会" in answer.citations[-1].quote
    assert {one.source for one in answer.citations} == {one.id for one in answer.sources}
    for n, one in enumerate(answer.citations, start=1):
        assert answer.text[slice(*one.claim)] == one.quote
        assert answer.text[slice(*one.marker)] == f"[{one.n}]" == f"[{n}]"


@pytest.mark.parametrize(
    "message",
    [
        "会议有哪些要求？第二个是什么？",
        "本期有哪些文章？第二篇是什么？",
        "谁主持了会议？谁说的？",
        "第二个是什么？谁主持了会议？",
        "你是谁？谁主持了会议？",
    ],
)
def test_what_is_taken_from_an_answer_may_be_a_part_of_a_message(
    sample_chat: Chat, message: str
) -> None:
    answer = sample_chat.reply(message)
    assert answer.text
    assert set(answer.timings_ms) <= {"retrieve", "read", "total"}


def test_what_surely_is_answered_alone_needs_no_question_before(sample_chat: Chat) -> None:
    before = (Turn("user", "谁主持了党政联席会议？"), Turn("assistant", "吕沛"))
    answer = sample_chat.reply("疫苗接种率是多少？", history=before)
    assert answer.reading is None
    assert "100.18%" in answer.text


def test_of_too_many_quotes_each_question_keeps_one(sample_chat: Chat) -> None:
    parts = ("管委会主任是谁？", "14个项目总投资多少？")
    first, second = map(sample_chat.reply, parts)
    shown = [one.quote for one in sample_chat.reply("".join(parts)).citations]
    assert len(first.citations) == len(shown) == 5
    assert shown == [*(one.quote for one in first.citations[:4]), second.citations[0].quote]


def test_what_no_longer_fits_below_each_other_is_to_be_asked_on_its_own(sample_chat: Chat) -> None:
    message = "25311目标是什么？党代会什么时候开的？"
    answer = sample_chat.reply(message, limit=2)
    assert answer.text.endswith("\n请单独问：党代会什么时候开的")
    assert len(answer.citations) == 2


def test_which_has_the_most_is_not_told_by_what_says_nothing_of_it(answerer: Answerer) -> None:
    assert answerer.answer("哪条公交线路的准点率最高？").status == "no_answer"
    assert answerer.answer("公交线路的准点率是多少？").status == "answered"
