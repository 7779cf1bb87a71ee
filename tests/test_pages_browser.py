"""The pages in a real Chromium: access for all, the policy, keyboard, typing, streaming."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any, Literal
from urllib.parse import quote

import pytest

from tests.axe import findings
from tests.browsing import DIFFERING_QUESTION, HOSTILE, found, issues, served, wait_for

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        found() is None, reason="no Chromium; python -m tests.browsing tells how to get one"
    ),
]

QUESTION = "2023年一季度高新区完成地区生产总值多少？"
PATHS = {
    "ask": "/",
    "partial and conflict": f"/?q=what+is+the+25311+goal&q={quote(DIFFERING_QUESTION)}",
    "none": f"/?q={quote('明天天气怎么样？')}",
    "too long": "/?q=" + "x" * 1001,
    "issues": "/issues",
    "issue": "/issues/2023-05",
    "article": "/articles/2023-05/a01?mark=22-60,139-180",
    "photo": "/articles/2022-08/a11",
    "notice": "/articles/2023-05/a11",
    "table": "/articles/2016-09/a01?mark=44-58",
    "problem": "/problems/rate-limited",
    "failed": "/nowhere",
    "docs": "/docs",
}
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`));
"""
SHAPE = """(node) => {
  const shape = (at) => at.nodeType === 3 ? at.textContent.replace(/\\s+/g, " ").trim()
    : [at.localName, [...at.attributes].map((a) => `${a.name}=${a.value}`).sort(),
       [...at.childNodes].filter((one) => one.nodeType === 1 || one.textContent.trim()).map(shape)];
  return JSON.stringify(shape(node), null, 1);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("browser") / "archive", issues()) as base:
        yield base


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Give a page whose every error and breach of the policy fails the test."""
    context = watched(browser, base_url=site, locale="zh-CN")
    page = context.new_page()
    troubles = troubles_of(page)
    yield page
    assert page.evaluate("window.violations") == []
    context.close()
    assert troubles == []


def watched(browser: Browser, **settings: Any) -> BrowserContext:  # noqa: ANN401  # playwright's own
    context = browser.new_context(**settings)
    context.set_default_timeout(10_000)
    context.add_init_script(WATCH)
    return context


def troubles_of(page: Page) -> list[str]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("dialog", lambda dialog: found.append(f"dialog: {dialog.message}"))
    page.on(
        "console",
        lambda told: (
            found.append(told.text)
            if told.type == "error" and "Failed to load resource" not in told.text
            else None
        ),
    )
    return found


def ask(page: Page, question: str) -> None:
    page.locator("#q").fill(question)
    page.locator("#q").press("Enter")


def answered(page: Page, n: int) -> None:
    expect(page.locator(".turn")).to_have_count(n)
    expect(page.locator(".turn .waiting")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PATHS)
def test_no_page_bars_anyone(page: Page, name: str, lang: str) -> None:
    page.goto(f"{PATHS[name]}{'&' if '?' in PATHS[name] else '?'}lang={lang}")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    faults = []
    for scheme, width in product(schemes, (1280, 320)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 720})
        faults += [f"{scheme} {width}: {one}" for one in findings(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{scheme} {width}: {wide} px wide"] if wide > width else []
    assert faults == []


def test_what_is_streamed_is_what_the_server_renders(page: Page) -> None:
    page.goto("/?lang=en")
    questions = [QUESTION, "what is the 25311 goal", DIFFERING_QUESTION, "明天天气怎么样？"]
    for n, question in enumerate(questions, start=1):
        ask(page, question)
        answered(page, n)
    streamed = page.locator("#turns").evaluate(SHAPE)
    assert page.locator("mark").count() >= 4
    page.reload()
    assert page.locator("#turns").evaluate(SHAPE) == streamed


def test_a_marker_leads_to_its_source_and_on_to_the_marked_words(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    answered(page, 1)
    expect(page.locator("#said")).to_contain_text("刊物原话")
    page.locator(".cite").first.click()
    card = page.locator("#s1-1")
    expect(card).to_be_focused()
    card.locator("a").click()
    expect(page.locator(".prose mark")).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_conversation_needs_no_script(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto("/")
    for n, question in enumerate((QUESTION, "what is the 25311 goal"), start=1):
        page.get_by_label("Ask on" if n > 1 else "Question").fill(question)
        page.get_by_role("button", name="Ask").click()
        expect(page.locator(".turn")).to_have_count(n)
        expect(page.locator(".turn").last).to_contain_text(question)
    context.close()


def test_no_enter_that_ends_a_composition_sends(page: Page) -> None:
    page.goto("/")
    box = page.locator("#q")
    box.fill("哪些项目开工了")
    press = "(box, init) => box.dispatchEvent(new KeyboardEvent('keydown', init))"
    enter = {"key": "Enter", "bubbles": True, "cancelable": True}
    compose = "(box, type) => box.dispatchEvent(new CompositionEvent(type, {bubbles: true}))"
    box.evaluate(press, {**enter, "isComposing": True})
    box.evaluate(press, {**enter, "keyCode": 229})
    box.evaluate(compose, "compositionstart")
    box.evaluate(press, enter)
    box.evaluate(  # Safari: the Enter that ends it comes after its end, in the same task
        """(box, enter) => {
          box.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true}));
          box.dispatchEvent(new KeyboardEvent("keydown", enter));
        }""",
        enter,
    )
    box.press("Shift+Enter")
    expect(box).to_have_value("哪些项目开工了\n")
    assert page.locator(".turn").count() == 0
    box.press("Enter")
    answered(page, 1)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page) -> None:
    page.goto(f"/?q={quote(QUESTION)}")
    wanted = page.evaluate(
        """[...document.querySelectorAll("a, button, textarea")]
            .filter((one) => one.checkVisibility()).length"""
    )
    seen = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """(() => {
                  const at = document.activeElement;
                  const shown = at.matches("textarea") ? at.parentElement : at;
                  const box = shown.getBoundingClientRect();
                  const style = getComputedStyle(shown);
                  return [[...document.querySelectorAll("a, button, textarea")].indexOf(at),
                    parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
                    box.bottom > 0 && box.top < innerHeight];
                })()"""
            )
        )
    assert [row for row in seen if row[1:] != [True, True]] == []
    assert [row[0] for row in seen] == list(range(wanted))


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.goto("/issues")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_no_html_of_a_question_or_of_the_bulletin_comes_alive(page: Page) -> None:
    page.goto("/")
    ask(page, HOSTILE)
    answered(page, 1)
    ask(page, "玉兰树栽种了多少株？")
    answered(page, 2)
    assert page.locator(".turn img, .turn script").count() == 0
    page.goto("/articles/2018-01/a01")
    assert page.locator("main img, main script").count() == 0
    expect(page.locator(".prose")).to_contain_text(HOSTILE)


def test_what_fails_is_said_in_words_and_can_be_tried_again(page: Page) -> None:
    replies: list[Any] = [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=429, json={"detail": "请在 9 秒后再试。"}),
        lambda route: route.fulfill(
            content_type="text/event-stream", body='event: delta\ndata: {"type": "delta", "te'
        ),
        lambda route: route.fulfill(
            content_type="text/event-stream",
            body='event: error\ndata: {"type": "error", "detail": "处理超时。"}\n\n',
        ),
    ]
    told = ["没有连上服务。", "请在 9 秒后再试。", "没有连上服务。", "处理超时。"]

    def reply(route: Route) -> None:
        if replies:
            replies.pop(0)(route)
        else:
            route.continue_()

    page.route("**/api/v1/chat", reply)
    page.goto("/")
    ask(page, QUESTION)
    for words in told:
        expect(page.locator(".failed")).to_contain_text(words)
        page.get_by_role("button", name="再试一次").click()
    answered(page, 1)
    expect(page.locator(".answer.answered")).to_have_count(1)


def test_a_stream_may_be_cut_anywhere_and_be_commented(page: Page, site: str) -> None:
    body = page.request.post("/api/v1/chat", data={"question": QUESTION, "stream": True}).text()
    page.route(
        "**/api/v1/chat",
        lambda route: route.fulfill(
            content_type="text/event-stream",
            body=': hello\r\n\r\nevent: new\r\ndata: {"type": "new"}\r\n\r\n'
            + body.replace("\n", "\r\n"),
        ),
    )
    page.goto("/")
    ask(page, QUESTION)
    answered(page, 1)
    expect(page.locator(".answer.answered mark")).to_have_count(1)


def test_how_a_follow_up_was_read_and_what_to_ask_next_are_shown(page: Page) -> None:
    answer = page.request.post("/api/v1/chat", data={"question": QUESTION}).json()
    reading = {"question": "高新区一季度税收占比多少？", "carried": ["高新区", "一季度"]}
    answer |= {"reading": reading, "follow_ups": ["谁通报的？"]}
    asked: list[Any] = []

    def reply(route: Route) -> None:
        asked.append(route.request.post_data_json)
        done = json.dumps({"type": "done", "answer": answer})
        route.fulfill(content_type="text/event-stream", body=f"event: done\ndata: {done}\n\n")

    page.route("**/api/v1/chat", reply)
    page.goto("/")
    ask(page, "税收占比呢？")
    expect(page.locator(".reading")).to_have_text(
        "按此理解：高新区一季度税收占比多少？ 承接上文：高新区、一季度"
    )
    page.get_by_role("link", name="谁通报的？").click()
    answered(page, 2)
    expect(page.locator(".turn .next")).to_have_count(1)
    assert [told["question"] for told in asked] == ["税收占比呢？", "谁通报的？"]
    assert asked[1]["history"] == [
        {"role": "user", "text": "税收占比呢？"},
        {"role": "assistant", "text": answer["text"]},
    ]


def test_an_answer_in_other_words_shows_its_quotes_below(page: Page) -> None:
    answer = page.request.post("/api/v1/chat", data={"question": QUESTION}).json()
    answer["text"] = "💡86.3亿元。[1]"
    cited = answer["citations"][0]
    cited |= {"claim": {"start": 1, "end": 8}, "marker": {"start": 8, "end": 11}}
    done = json.dumps({"type": "done", "answer": answer})
    page.route(
        "**/api/v1/chat",
        lambda route: route.fulfill(
            content_type="text/event-stream", body=f"event: done\ndata: {done}\n\n"
        ),
    )
    page.goto("/")
    ask(page, QUESTION)
    expect(page.locator(".line .own")).to_have_text("💡")
    expect(page.locator(".line .quote")).to_have_text("86.3亿元。")
    expect(page.locator(".card blockquote")).to_have_text(cited["quote"])
    expect(page.locator(".card mark")).to_have_count(len(cited["marks"]))


def test_a_question_under_way_can_be_stopped(page: Page) -> None:
    page.route("**/api/v1/chat", lambda route: None)  # never answers
    page.goto("/")
    ask(page, QUESTION)
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".failed")).to_contain_text("已停止。")
    expect(page.get_by_role("button", name="提问")).to_be_visible()


def test_text_twice_as_large_needs_no_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 720})
    for name, path in PATHS.items():
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, name


@pytest.mark.parametrize("scale", ["100%", "200%"])
def test_no_cell_of_a_table_is_a_character_wide(page: Page, scale: str) -> None:
    page.set_viewport_size({"width": 320, "height": 720})
    page.goto(PATHS["table"])
    page.evaluate("scale => { document.documentElement.style.fontSize = scale }", scale)
    n_lines = page.locator(".prose td, .prose th").evaluate_all(
        """cells => cells.map((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            const line = parseFloat(getComputedStyle(cell).lineHeight);
            return [cell.innerText, Math.round(range.getBoundingClientRect().height / line)];
        })"""
    )
    assert [told for told in n_lines if told[1] > 3] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_marks_show_in_forced_colours_and_nothing_glides_for_who_minds(page: Page) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto(PATHS["article"])
    style = "(node, name) => getComputedStyle(node).getPropertyValue(name)"
    assert page.locator("mark").first.evaluate(style, "border-bottom-style") == "solid"
    assert page.locator("html").evaluate(style, "scroll-behavior") == "auto"


def test_print_leaves_only_the_article(page: Page) -> None:
    page.goto(PATHS["article"])
    page.emulate_media(media="print")
    for hidden in ("nav >> nth=0", ".skip", ".permalink >> nth=0", ".foot"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".prose")).to_be_visible()


@pytest.mark.parametrize("question", [QUESTION, "白鹭街道常住人口"])
def test_a_text_fragment_leads_to_the_printed_words(page: Page, question: str) -> None:
    found = page.request.post("/api/v1/chat", data={"question": question}).json()
    url = found["citations"][0]["url"].partition("?")[0]
    page.set_viewport_size({"width": 400, "height": 300})
    page.goto(f"{url}#{found['citations'][0]['url_fragment']}")
    wait_for(page, "scrollY > 0")


def test_a_paragraph_has_an_address_of_its_own(page: Page) -> None:
    page.goto("/articles/2023-05/a01")
    link = page.locator("#p03 .permalink")
    expect(link).to_have_css("opacity", "0")
    page.locator("#p03").hover()
    expect(link).to_have_css("opacity", "1")
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/articles/2023-05/a01#p03")
