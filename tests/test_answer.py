from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.archive import Archive
from corpus.text import squeeze, text_at
from qa.answer import Answerer
from qa.native import Answer, to_json
from qa.questions import load_questions
from qa.rank import Finder
from tests.conftest import DATA, issue_of

QUESTIONS = [
    json.loads(line) for line in (DATA / "questions.jsonl").read_text("utf-8").splitlines()
]
ASKED = [question["question"] for question in QUESTIONS]


@pytest.fixture(scope="module")
def small() -> Answerer:
    archive = Archive.in_memory(
        [
            issue_of(
                "本报讯（记者李明）5月6日，全区公交大会召开，会议由张强主持。会议部署“4321”工程。",
                "会议要求，要做好三件事。一要延长线路。二要更新车辆。三要培训司机。会后参观了车站。",
                "目前全区有公交线路12条，总投资3.5亿元。",
                "“7788”行动是指七个片区、八条线路的改造。",
            )
        ]
    )
    return Answerer(Finder.open(archive))


def check(answer: Answer, archive: Archive) -> None:
    """Assert what holds of every answer."""
    assert [citation.n for citation in answer.citations] == list(
        range(1, len(answer.citations) + 1)
    )
    assert (answer.status == "no_answer") == (answer.no_answer is not None)
    assert bool(answer.citations) == (answer.status != "no_answer")
    assert {citation.source for citation in answer.citations} == {s.id for s in answer.sources}
    assert 0 <= answer.confidence <= 1
    for citation in answer.citations:
        location = citation.location
        article = archive.article(location.article_id)
        text = "\n".join(passage.text for passage in article.passages)
        source = archive.source(location.article_id.split("/")[0]).text
        assert text[location.start : location.end] == citation.quote
        assert text_at(source, location.ranges) == citation.quote
        assert answer.text[slice(*citation.claim)] == citation.quote
        assert answer.text[slice(*citation.marker)] == f"[{citation.n}]"
        for start, end in citation.marks:
            assert 0 <= start < end <= len(citation.quote)
            assert citation.quote[start:end] == citation.quote[start:end].strip()
    shown = {conflict.citation: conflict for conflict in answer.conflicts}
    assert not shown or list(shown) == [citation.n for citation in answer.citations]
    for n, conflict in shown.items():
        citation = answer.citations[n - 1]
        assert citation.quote[slice(*citation.marks[0])] == conflict.value


@pytest.mark.parametrize("question", ASKED)
def test_every_citation_checks_out_to_the_character(
    invented_answerer: Answerer, invented_archive: Archive, question: str
) -> None:
    check(invented_answerer.answer(question), invented_archive)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.sampled_from(ASKED).map(lambda text: text[::-1]))
def test_any_question_gets_an_answer_that_checks_out(
    invented_answerer: Answerer, invented_archive: Archive, question: str
) -> None:
    check(invented_answerer.answer(question), invented_archive)


def test_a_fact_is_answered_by_the_sentence_that_holds_it(small: Answerer) -> None:
    answer = small.answer("全区有多少条公交线路？")
    assert answer.status == "answered"
    assert answer.text == "目前全区有公交线路12条，总投资3.5亿元。[1]"


def test_an_english_question_is_answered_from_the_chinese(small: Answerer) -> None:
    answer = small.answer("How many bus routes are there?")
    assert (answer.status, answer.lang) == ("answered", "en")
    assert "公交线路12条" in answer.citations[0].quote


def test_a_list_is_quoted_whole_with_its_lead(small: Answerer) -> None:
    answer = small.answer("会议要求做好哪些事？")
    assert answer.citations[0].quote == (
        "会议要求，要做好三件事。一要延长线路。二要更新车辆。三要培训司机。"
    )


def test_a_term_that_is_only_named_is_said_to_be_so(small: Answerer) -> None:
    answer = small.answer("“4321”工程是什么？")
    assert answer.status == "partial"
    assert answer.text == "刊物提到“4321”，但没有解释它是什么。\n会议部署“4321”工程。[1]"


def test_a_term_that_is_explained_is_answered(small: Answerer) -> None:
    answer = small.answer("“7788”行动是什么？")
    assert answer.status == "answered"
    assert answer.citations[0].quote == "“7788”行动是指七个片区、八条线路的改造。"


def test_a_quoted_term_that_stands_nowhere_is_not_found(small: Answerer) -> None:
    answer = small.answer("“9999”工程是什么？")
    assert answer.status == "no_answer"
    assert answer.text == "刊物中没有找到这个问题的答案。"


@pytest.mark.parametrize("question", ["", "  ", "？", "!!!", "\U0001f600", "的了吗"])
def test_a_question_that_asks_nothing_is_not_answered(small: Answerer, question: str) -> None:
    assert small.answer(question).status == "no_answer"


def test_our_own_words_can_be_asked_for_in_another_language(small: Answerer) -> None:
    assert small.answer("“4321”工程是什么？", lang="en").text.startswith(
        "The bulletin names “4321” but does not explain it."
    )


def test_an_empty_archive_says_so() -> None:
    answer = Answerer(Finder.open(Archive.in_memory())).answer("公交线路有多少条？")
    assert answer.no_answer is not None
    assert answer.no_answer.reason == "empty_index"


def test_a_limit_below_one_is_refused(small: Answerer) -> None:
    with pytest.raises(ValueError, match="limit is 0"):
        small.answer("公交", limit=0)


def test_the_limit_bounds_the_citations(
    invented_answerer: Answerer, invented_archive: Archive
) -> None:
    answer = invented_answerer.answer("“3651”行动是什么？", limit=1)
    assert len(answer.citations) == 1
    check(answer, invented_archive)


def test_sentences_that_say_the_same_in_two_issues_are_cited_together_newest_first() -> None:
    same = "全区有公交线路12条。"
    archive = Archive.in_memory(
        [issue_of(same, name="2020-01.txt"), issue_of(same, name="2021-01.txt")]
    )
    answer = Answerer(Finder.open(archive)).answer("全区有公交线路多少条？")
    assert [source.issue for source in answer.sources] == ["2021-01", "2020-01"]


def test_the_json_object_has_the_documented_fields(small: Answerer) -> None:
    told = to_json(small.answer("全区有多少条公交线路？"))
    assert list(told) == [
        "id", "object", "created", "status", "lang", "offset_unit", "text", "citations", "sources",
        "conflicts", "confidence", "no_answer", "reading", "follow_ups", "index", "timings_ms",
    ]  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["created"])
    assert told["index"] | {"version": ""} == {
        "version": "",
        "issues": 1,
        "passages": 4,
        "latest": "2020-01",
    }
    assert set(told["timings_ms"]) == {"retrieve", "read", "total"}
    citation = json.loads(json.dumps(told))["citations"][0]
    assert list(citation) == [
        "n", "source", "claim", "marker", "quote", "quote_lang", "verbatim", "marks", "location",
        "score",
    ]  # fmt: skip
    assert citation["quote"] == "目前全区有公交线路12条，总投资3.5亿元。"
    assert citation["marks"] == [{"start": 9, "end": 12}]
    assert citation["location"]["ranges"]


def test_evidence_on_the_invented_issues_is_first_for_most_questions(
    invented_finder: Finder,
) -> None:
    from qa.query import parse

    first = {"zh": 0, "en": 0}
    asked = {"zh": 0, "en": 0}
    for question in QUESTIONS:
        if question["kind"] == "none":
            continue
        hits = invented_finder.search(parse(question["question"]), k=1)
        text = squeeze(invented_finder.places([hits[0].passage_id])[0].passage.text)
        asked[question["lang"]] += 1
        first[question["lang"]] += any(squeeze(part) in text for part in question["evidence"])
    assert first["zh"] >= 0.65 * asked["zh"]
    assert first["en"] >= 0.65 * asked["en"]


def test_the_questions_name_passages_that_exist(invented_archive: Archive) -> None:
    text = squeeze("".join(text for _, text, _ in invented_archive.iter_passages()))
    missing = [q["id"] for q in QUESTIONS for part in q["evidence"] if squeeze(part) not in text]
    assert missing == []


def test_a_code_matches_whole_and_not_as_part_of_a_longer_one(small: Answerer) -> None:
    assert small.answer("432是什么").status == "no_answer"
    assert small.answer("43215是什么").status == "no_answer"


@pytest.mark.parametrize("question", ["4321", "“4321”", "'4321' project", "4321\U0001f389"])
def test_a_bare_code_is_a_question_what_it_is(small: Answerer, question: str) -> None:
    answer = small.answer(question)
    assert (answer.status, answer.citations[0].quote) == ("partial", "会议部署“4321”工程。")


@pytest.mark.parametrize("question", ["what is the 9753 goal", "9753目标是什么"])
def test_a_code_is_found_among_many_issues_like_its_own(question: str) -> None:
    issues = [
        issue_of(
            f"本报讯（记者李明）全区召开目标推进会，部署全年目标任务，明确“{code}”目标。",
            "会议要求，全力实现各项目标，确保目标任务按期完成。",
            name=f"issue-{code}.txt",
        )
        for code in (*range(2000, 2060), 9753)
    ]
    answer = Answerer(Finder.open(Archive.in_memory(issues))).answer(question)
    assert answer.status == "partial"
    assert [source.issue for source in answer.sources] == ["issue-9753"]


def test_an_explanation_in_a_later_sentence_or_after_a_colon_is_found() -> None:
    archive = Archive.in_memory(
        [
            issue_of("推进“5566”行动。“5566”行动是指五大片区的改造。", name="2020-01.txt"),
            issue_of("“8899”行动：八个社区、九条街道。", name="2020-02.txt"),
            issue_of("“1212”行动即将启动。", name="2020-03.txt"),
        ]
    )
    answerer = Answerer(Finder.open(archive))
    assert (
        answerer.answer("“5566”行动是什么？").citations[0].quote == "“5566”行动是指五大片区的改造。"
    )
    assert answerer.answer("“8899”行动是什么？").status == "answered"
    assert answerer.answer("“1212”行动是什么？").status == "partial"


def test_apostrophes_are_no_quotation_marks(small: Answerer) -> None:
    assert small.answer(
        "What is the zone's and the city's total investment in bus routes?"
    ).citations


@pytest.mark.parametrize(
    "question",
    [
        "张强是哪里人？",
        "全区有多少地铁？",
        "公交司机的工资是多少？",
        "What is the population of the zone?",
    ],
)
def test_what_is_asked_of_a_known_name_but_not_printed_is_declined(
    small: Answerer, question: str
) -> None:
    assert small.answer(question).status == "no_answer"


def test_a_quote_over_a_broken_latin_line_is_the_source_with_one_space_for_white_space() -> None:
    archive = Archive.in_memory(
        [
            issue_of(
                "本报讯（记者李明）全区引进一套名为Open\nOffice的系统，投资30万元，供各单位使用。"
            )
        ]
    )
    answer = Answerer(Finder.open(archive)).answer("系统投资多少万元？")
    check(answer, archive)
    assert "Open Office" in answer.citations[0].quote


@pytest.fixture(scope="module")
def told() -> Answerer:
    issue = issue_of(
        "本报讯（记者李明）5月6日上午，全区公交工作会议在会展中心召开。区长张强主持会议并讲话。",
        "柳河村正在修建停车场。位于青山镇柳河村的停车场预计年底完工。",
        "丰收",
        "5月8日，农民在田间收割小麦。",
        "本报记者 王小明 摄",
        name="2020-05.txt",
    )
    return Answerer(Finder.open(Archive.in_memory([issue])))


def test_the_next_sentence_is_quoted_too_where_only_it_holds_the_answer(told: Answerer) -> None:
    answer = told.answer("谁主持了全区公交工作会议？")
    assert answer.citations[0].quote.endswith("召开。区长张强主持会议并讲话。")
    assert "青山镇" in told.answer("柳河村在哪个镇？").citations[0].quote


def test_who_took_a_photograph_is_answered_by_its_credit(told: Answerer) -> None:
    answer = told.answer("收割小麦的照片是谁拍的？")
    assert [citation.quote for citation in answer.citations] == ["本报记者 王小明 摄"]


def test_near_misses_are_declined_and_facts_beside_them_told_as_was_measured(
    invented_answerer: Answerer,
) -> None:
    declined = {"fact": 0, "none": 0}
    for question in load_questions(DATA / "near_misses.jsonl"):
        told = invented_answerer.answer(question.text)
        declined[question.kind] += told.status == "no_answer"
    assert declined["none"] >= 31, "of 50"
    assert declined["fact"] <= 3, "of 50"


def test_to_tell_where_a_quote_stands_the_file_is_not_read(
    small: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(issue_id: str) -> None:
        raise AssertionError(issue_id)

    monkeypatch.setattr(small.finder.archive, "source", unread)  # a PDF may have 50 MB
    answer = small.answer("公交大会由谁主持？")
    monkeypatch.undo()
    assert answer.status == "answered"
    check(answer, small.finder.archive)


def test_a_term_that_is_named_is_told_as_it_is_printed() -> None:
    archive = Archive.in_memory([issue_of("会议部署“Ｇ６０”走廊建设，要求加快推进。")])
    answer = Answerer(Finder.open(archive)).answer("“g60”是什么？")
    assert answer.status == "partial"
    assert "“Ｇ６０”" in answer.text.splitlines()[0]


def test_an_answer_is_found_by_the_question_before_it_and_quoted_in_its_place() -> None:
    page = (
        "医保问答",
        "问：2024年新农合缴费多少？",
        "答：每人每年380元，由村里统一收取。",
        "问：新农合什么时候截止？",
        "答：12月31日截止，逾期不补。",
    )
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(*page)])))
    for question, told in (("新农合缴费多少？", "380元"), ("新农合什么时候截止？", "12月31日")):
        first = answerer.answer(question).citations[0]
        assert first.quote.startswith("答：")
        assert [first.quote[slice(*mark)] for mark in first.marks] == [told]


def test_what_is_asked_in_an_interview_leads_to_its_answer_and_is_none() -> None:
    page = (
        "交通局局长贺长林答记者问",
        "记者：北延工程原计划5月完工，有读者问为什么一拖再拖。",
        "贺长林：主要是地下管线复杂，迁改一条燃气管道用了四个月。",
        "记者：早高峰公交挤不上车，打算怎么解决？",
        "贺长林：我们决定把高峰间隔缩短到5分钟，增加4辆车。",
    )
    answerer = Answerer(Finder.open(Archive.in_memory([issue_of(*page)])))
    for question, told in (
        ("北延工程为什么拖了这么久？", "燃气管道"),
        ("早高峰公交太挤，怎么解决？", "增加4辆车"),
    ):
        assert told in answerer.answer(question).citations[0].quote


def test_a_question_in_the_text_and_the_heading_of_an_item_are_quoted_with_what_follows() -> None:
    health = ("高温天注意", "有人中暑怎么办？先把人抬到阴凉通风处，解开衣领，用温水擦身。")
    buses = ("公交调整", "一、新开K6路。", "四、撤销315路。因与308路重复，自3月15日起停运。")
    archive = Archive.in_memory(
        [issue_of(*health, name="2024-05-06.txt"), issue_of(*buses, name="2024-06-06.txt")]
    )
    answerer = Answerer(Finder.open(archive))
    assert "阴凉通风处" in answerer.answer("有人中暑了怎么办？").citations[0].quote
    assert "与308路重复" in answerer.answer("315路公交为啥停了？").citations[0].quote
