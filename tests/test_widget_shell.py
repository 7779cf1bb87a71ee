"""The widget on its host page, in a real Chromium: what it loads, opens, keeps and leaves alone."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest

from api.http.widget import integrity
from tests.browsing import wait_for
from tests.widget_kit import (
    STRICT,
    TRUSTED,
    HostPage,
    Stage,
    answer,
    ask,
    failing,
    focused,
    gated,
    host_html,
    problem,
    script_tag,
    streaming,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WATCH = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
  window.shifts = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => (shifts += e.value)))
    .observe({ type: "layout-shift", buffered: true });
"""
CHAT = "document.querySelector('bulletin-chat')"
KEYS = """(element, keys) => {
  for (const [type, init] of keys) element.dispatchEvent(type.startsWith("composition")
    ? new CompositionEvent(type, { bubbles: true, composed: true })
    : new KeyboardEvent(type, { bubbles: true, composed: true, cancelable: true, ...init }));
}"""


def test_before_it_is_opened_it_costs_one_request_and_leaves_no_trace(stage: Stage) -> None:
    page = stage.show(init=WATCH)
    page.locator(".launcher").wait_for()
    page.evaluate("new Promise(requestAnimationFrame)")
    assert stage.api.log == [("GET", "/widget/1/widget.js")]
    left = page.evaluate(
        "[document.cookie, localStorage.length, sessionStorage.length, shifts, document.fonts.size]"
    )
    assert left == ["", 0, 0, 0, 0]
    made = f"[...{CHAT}.shadowRoot.querySelectorAll('*')].map((e) => e.localName).join()"
    assert page.evaluate(made) == "div,button,svg,path,span"
    sheets = f"{CHAT}.shadowRoot.adoptedStyleSheets.length"
    assert page.evaluate(sheets) == 1
    page.locator(".launcher").click()
    page.locator("textarea").wait_for()
    assert page.evaluate(sheets) == 2
    wait_for(page, f"{CHAT}.shadowRoot.querySelector('.title').textContent === '问问新城日报'")
    assert stage.api.log[1:] == [("GET", "/api/v1/config")]


def test_no_host_but_its_own_is_spoken_to(stage: Stage) -> None:
    page = stage.open()
    ask(page)
    page.locator(".marker").click()
    page.locator('[aria-label="有帮助"]').click()
    assert all(url.startswith((stage.api.url, stage.host.url)) for url in stage.urls)


@pytest.mark.parametrize("trusted", ["", TRUSTED], ids=["csp", "trusted-types"])
@pytest.mark.parametrize("mode", ["bubble", "inline"])
def test_a_strict_policy_has_nothing_to_block(stage: Stage, mode: str, trusted: str) -> None:
    policy = STRICT.format(api=stage.api.url) + trusted
    tag = script_tag(stage.api.url)
    body = '<bulletin-chat mode="inline"></bulletin-chat>' if mode == "inline" else ""
    page = stage.show(
        html=host_html(tag, body=body), headers={"Content-Security-Policy": policy}, init=WATCH
    )
    if mode == "bubble":
        page.locator(".launcher").click()
    ask(page)
    page.locator(".marker").click()
    page.locator("text=复制回答").click()
    page.locator("text=已复制").or_(page.locator("text=未能完成")).first.wait_for()
    assert page.evaluate("violations") == []
    colour = page.locator(".send").evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(156, 42, 30)"


@pytest.mark.parametrize("allowed", ["'nonce-n1' 'strict-dynamic'", f"'{integrity()}'"])
def test_the_nonce_or_the_integrity_of_the_tag_is_enough(stage: Stage, allowed: str) -> None:
    src = f'src="{stage.api.url}/widget/1/widget.js"'
    tag = f'<script {src} integrity="{integrity()}" crossorigin nonce="n1" defer></script>'
    policy = f"default-src 'none'; script-src {allowed}; connect-src {stage.api.url}"
    page = stage.show(
        html=host_html(tag), headers={"Content-Security-Policy": policy + TRUSTED}, init=WATCH
    )
    page.locator(".launcher").click()
    ask(page)
    assert page.evaluate("violations") == []


@pytest.mark.parametrize("nonce", ["", ' nonce="n1"'])
def test_without_constructed_sheets_a_file_or_a_nonce_dresses_it(stage: Stage, nonce: str) -> None:
    tag = f'<script src="{stage.api.url}/widget/1/widget.js"{nonce} defer></script>'
    page = stage.show(html=host_html(tag), init="delete window.CSSStyleSheet")
    wait_for(
        page, f"getComputedStyle({CHAT}.shadowRoot.querySelector('button')).position === 'fixed'"
    )
    inside = page.evaluate(f"{CHAT}.shadowRoot.firstChild.localName")
    assert inside == ("style" if nonce else "link")


def test_a_page_that_isolates_itself_can_embed_it(stage: Stage) -> None:
    headers = {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    page = stage.open(headers=headers)
    ask(page)
    assert page.evaluate("crossOriginIsolated")
    assert page.locator(".claim").count() == 1


def test_the_module_defines_the_element_and_nothing_else(stage: Stage) -> None:
    tag = f'<script type="module" src="{stage.api.url}/widget/1/widget.mjs"></script>'
    body = '<bulletin-chat mode="bubble" title="问报"></bulletin-chat>'
    page = stage.show(html=host_html(tag, body=body))
    page.locator(".launcher").click()
    ask(page)
    assert page.locator(".launcher").inner_text() == "问报"
    assert page.evaluate("typeof bulletin") == "undefined"


def test_opening_moves_the_focus_in_and_closing_gives_it_back(stage: Stage) -> None:
    page = stage.show()
    launcher = page.locator(".launcher")
    assert launcher.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Tab")
    assert focused(page) == "button.launcher"
    page.keyboard.press("Enter")
    assert launcher.get_attribute("aria-expanded") == "true"
    assert focused(page) == "textarea.input"
    panel = page.locator("dialog")
    assert launcher.get_attribute("aria-controls") == panel.get_attribute("id")
    assert panel.get_attribute("aria-labelledby") == "title"
    assert panel.evaluate("e => e.matches(':modal')") is False
    page.keyboard.press("Escape")
    assert launcher.get_attribute("aria-expanded") == "false"
    assert not panel.is_visible()
    assert focused(page) == "button.launcher"


def test_the_page_stays_usable_beside_the_open_panel(stage: Stage) -> None:
    page = stage.open(body='<a id="after" href="#x">下一篇</a><input id="field">')
    page.locator("#field").click()
    page.keyboard.type("abc")
    assert page.locator("#field").input_value() == "abc"
    assert page.locator("dialog").is_visible()


def test_tab_walks_through_the_panel_in_reading_order_and_out(stage: Stage) -> None:
    page = stage.open(body='<a id="link" href="#x">一</a>')
    ask(page)
    page.locator(".title").focus()
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(focused(page))
    assert seen[:11] == [
        "button",  # clear
        "button",  # close
        "div.transcript",
        "button.marker",
        "button.row",
        "button",  # copy
        "button",  # helpful
        "button",  # not helpful
        "textarea.input",
        "button.send",
        "body",
    ]


def test_at_full_screen_it_is_modal_and_the_page_stands_still(stage: Stage) -> None:
    page = stage.show(width=375, body='<p style="height:3000px"></p><a id="a" href="#x">一</a>')
    page.locator(".launcher").click()
    panel = page.locator("dialog")
    assert panel.evaluate("e => e.matches(':modal')")
    box = panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 375, "height": 800}
    assert focused(page) == "h2.title"
    assert page.evaluate("document.documentElement.style.overflow") == "hidden"
    for _ in range(9):
        page.keyboard.press("Tab")
        assert focused(page) != "a"
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate("document.documentElement.style.overflow") == ""
    assert focused(page) == "button.launcher"


def test_back_closes_the_full_screen_first(stage: Stage) -> None:
    page = stage.show(width=375)
    page.evaluate("history.pushState({ own: 1 }, '', '#second')")
    page.locator(".launcher").click()
    page.go_back()
    page.locator("dialog").wait_for(state="hidden")
    assert page.evaluate("[location.hash, history.state]") == ["#second", {"own": 1}]
    page.locator(".launcher").click()
    page.locator(".header [aria-label='关闭']").click()
    wait_for(page, "!history.state.bulletin")
    assert page.evaluate("[location.hash, history.state]") == ["#second", {"own": 1}]
    page.locator(".launcher").click()
    page.reload()  # leaves its entry behind
    page.locator(".launcher").click()
    page.go_back()
    page.locator("dialog").wait_for(state="hidden")


def test_it_is_not_printed(stage: Stage) -> None:
    page = stage.open()
    page.emulate_media(media="print")
    assert not page.locator(".launcher").is_visible()
    assert not page.locator("dialog").is_visible()


@pytest.mark.parametrize("mode", ["inline", "page"])
def test_on_the_page_itself_the_whole_conversation_is_printed(stage: Stage, mode: str) -> None:
    page = stage.show(body=f"<bulletin-chat mode='{mode}'></bulletin-chat>", width=400)
    for _ in range(4):
        ask(page)
    held = f"(({CHAT}).shadowRoot.querySelector('.transcript'))"
    cut = f"{held}.scrollHeight - {held}.clientHeight"
    assert page.evaluate(cut) > 0
    page.emulate_media(media="print")
    assert page.evaluate(cut) == 0
    assert page.locator(".question").last.is_visible()
    assert not page.locator(".composer").is_visible()


def test_it_changes_to_full_screen_and_back_with_the_room(stage: Stage) -> None:
    page = stage.open()
    page.locator("textarea").fill("草稿")
    page.set_viewport_size({"width": 400, "height": 800})
    panel = page.locator("dialog")
    wait_for(page, f"{CHAT}.shadowRoot.querySelector('dialog').matches(':modal')")
    page.set_viewport_size({"width": 1000, "height": 800})
    wait_for(page, f"!{CHAT}.shadowRoot.querySelector('dialog').matches(':modal')")
    assert panel.is_visible()
    assert page.locator("textarea").input_value() == "草稿"
    assert focused(page) == "textarea.input"


def test_on_touch_the_heading_gets_the_focus_so_that_no_keyboard_jumps_up(stage: Stage) -> None:
    page = stage.show(has_touch=True, is_mobile=True, width=800)
    page.locator(".launcher").tap()
    assert focused(page) == "h2.title"


ENTER = {"key": "Enter", "keyCode": 13}
COMPOSED = {
    "chrome": [
        ["compositionstart", None],
        ["keydown", {**ENTER, "isComposing": True, "keyCode": 229}],
    ],
    "safari": [
        ["compositionstart", None],
        ["compositionend", None],
        ["keydown", {**ENTER, "keyCode": 229}],
    ],
    "old safari": [["compositionstart", None], ["compositionend", None], ["keydown", ENTER]],
    "escape": [
        ["compositionstart", None],
        ["keydown", {"key": "Escape", "isComposing": True, "keyCode": 229}],
        ["keydown", {"key": "Escape", "keyCode": 229}],
        ["keydown", {"key": "Escape", "keyCode": 27}],
    ],
}


@pytest.mark.parametrize("keys", COMPOSED.values(), ids=list(COMPOSED))
@pytest.mark.parametrize("width", [1280, 375])
def test_the_keys_of_an_input_method_neither_send_nor_close(
    stage: Stage, keys: list[object], width: int
) -> None:
    page = stage.open(width=width)
    field = page.locator("textarea")
    field.fill("新开通")
    field.evaluate(KEYS, keys)
    page.wait_for_timeout(50)
    assert stage.api.asked == []
    assert page.locator("dialog").is_visible()
    field.evaluate(KEYS, [["compositionend", None]])
    page.wait_for_timeout(20)
    field.press("Enter")
    page.locator('.answer[aria-busy="false"]').wait_for()
    assert [one["question"] for one in stage.api.asked] == ["新开通"]


def test_an_input_method_of_the_browser_itself_does_not_send(stage: Stage) -> None:
    page = stage.open()
    page.locator("textarea").focus()
    client = page.context.new_cdp_session(page)
    client.send(
        "Input.imeSetComposition", {"text": "gong jiao", "selectionStart": 9, "selectionEnd": 9}
    )
    client.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229, "code": "Enter"},
    )
    client.send("Input.insertText", {"text": "公交"})
    assert stage.api.asked == []
    assert page.locator("textarea").input_value() == "公交"


def test_shift_enter_starts_a_line_and_the_button_always_sends(stage: Stage) -> None:
    page = stage.open()
    page.locator("textarea").press("Shift+Enter")
    assert page.locator("textarea").input_value() == "\n"
    page.locator("textarea").fill("一\n二")
    page.locator(".send").click()
    page.locator('.answer[aria-busy="false"]').wait_for()
    assert stage.api.asked[0]["question"] == "一\n二"
    assert page.locator("textarea").input_value() == ""


def test_a_blank_question_is_not_sent(stage: Stage) -> None:
    page = stage.open()
    page.locator("textarea").fill("  \n ")
    page.locator(".send").click()
    assert stage.api.asked == []


def test_what_is_left_of_the_length_is_shown_and_told(stage: Stage) -> None:
    stage.api.config["limits"]["question_chars"] = 120
    page = stage.open()
    wait_for(page, f"{CHAT}.shadowRoot.querySelector('textarea').maxLength === 120")
    field = page.locator("textarea")
    field.fill("字" * 15)
    assert page.locator("#count").inner_text() == ""
    field.fill("字" * 101)
    assert page.locator("#count").inner_text() == "还可输入 19 个字"
    assert "还可输入 19 个字" in page.locator("[role=status]").inner_text()
    field.focus()
    page.keyboard.press("End")
    page.keyboard.insert_text("字" * 50)
    assert len(field.input_value()) == 120


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Cut off at 1000 characters"),
        ("zh", "超出 1000 字的已截去"),
        ("zh-TW", "超出 1000 字的已截去"),
    ],
)
def test_a_question_that_is_pasted_and_too_long_is_said_to_be_cut(
    stage: Stage, lang: str, said: str
) -> None:
    page = stage.open(lang=lang, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "字" * 1200)
    field = page.locator("textarea")
    field.focus()
    page.keyboard.press("Control+v")
    assert len(field.input_value()) == 1000
    assert page.locator("#count").inner_text() == said
    assert said in page.locator("[role=status]").inner_text()
    page.keyboard.press("Backspace")
    assert page.locator("#count").inner_text() != said


TELL = """() => {
  window.told = [];
  const root = document.querySelector("bulletin-chat").shadowRoot;
  for (const role of ["status", "alert"]) {
    new MutationObserver((list) => list.forEach((m) => m.addedNodes.forEach((n) =>
      told.push([role, n.textContent])))).observe(
        root.querySelector(`[role=${role}]`), { childList: true });
  }
}"""


def test_screen_readers_are_told_each_thing_once(stage: Stage) -> None:
    stage.api.reply = streaming(answer(("甲十二。", "乙三十。")), hold=0.9)
    page = stage.open()
    page.evaluate(TELL)
    ask(page)
    stage.api.reply = streaming(answer(), hold=0)
    ask(page)
    page.wait_for_timeout(1100)
    assert page.evaluate("told") == [
        ["status", "正在查找…"],
        ["status", "甲十二。 (来源 1) \n乙三十。 (来源 2)  2 处来源"],
        ["status", "全年新开通公交线路12条，优化调整31条。 (来源 1)  1 处来源"],
    ]
    regions = page.locator("[role=status], [role=alert]")
    assert regions.count() == 2
    assert regions.all_inner_texts() == ["", ""]
    assert page.locator(".transcript [aria-live], .transcript [role=log]").count() == 0


def test_what_streams_is_in_no_live_region_and_said_to_be_busy(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(), gate, before=4)
    page = stage.open()
    ask(page, wait=False)
    page.locator(".text:not(:empty)").wait_for()
    busy = page.locator(".answer")
    assert busy.get_attribute("aria-busy") == "true"
    assert busy.evaluate("e => !e.closest('[aria-live],[role=status],[role=log]')")
    gate.set()
    page.locator('.answer[aria-busy="false"]').wait_for()


def test_an_answer_never_moves_the_focus(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(), gate, before=3)
    page = stage.open(body='<input id="field">')
    ask(page, wait=False)
    page.locator("#field").focus()
    gate.set()
    page.locator('.answer[aria-busy="false"]').wait_for()
    assert focused(page) == "input"


def test_the_focus_is_not_lost_with_what_was_pressed(stage: Stage) -> None:
    page = stage.open()
    page.locator(".offers button").first.press("Enter")
    page.locator(".marker").wait_for()
    assert focused(page) == "div.transcript"
    stage.api.reply = failing(504, problem(504, "timeout"))
    ask(page)
    page.locator(".again").press("Enter")
    assert focused(page) == "div.transcript"
    page.locator(".again").wait_for()
    page.locator(".header button").first.press("Enter")
    assert focused(page) == "textarea.input"


def test_turns_are_a_list_of_articles_with_headings(stage: Stage) -> None:
    page = stage.open('data-heading-level="4"')
    ask(page)
    region = page.locator(".transcript")
    assert region.get_attribute("role") == "region"
    assert region.get_attribute("aria-label") == "对话: 问问新城日报"
    assert page.locator("ol.turns > li > article").count() == 2
    headings = page.locator("dialog").evaluate(
        "e => [...e.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => h.localName + h.textContent)"
    )
    assert headings == ["h3问问新城日报", "h4您的提问", "h4回答", "h5来源"]


def test_hostile_styles_of_the_host_do_not_reach_in(stage: Stage) -> None:
    hostile = (
        "<style>* { all: unset; letter-spacing: 9px !important; }"
        "button, dialog, textarea { display: none !important; }"
        "html { font-size: 4px; color: red; text-transform: uppercase; line-height: 5; }"
        "bulletin-chat { display: none; opacity: 0; }</style>"
    )
    plain = stage.open()
    ask(plain, "abc?")
    other = stage.open(head=hostile)
    ask(other, "abc?")
    shape = """e => {
      const s = getComputedStyle(e), b = e.getBoundingClientRect();
      return [s.display, s.fontSize, s.color, s.letterSpacing, s.textTransform, b.width, b.height];
    }"""
    for selector in (
        ".launcher",
        "textarea",
        ".send",
        ".question p",
        ".claim",
        ".marker",
        ".title",
    ):
        mine = other.locator(selector).evaluate(shape)
        assert mine == plain.locator(selector).evaluate(shape), selector


def test_the_host_keeps_its_own_looks(stage: Stage) -> None:
    look = (
        "['h1','p','body'].map(t => { const s = getComputedStyle(document.querySelector(t));"
        " return [s.color, s.font, s.margin, s.overflow]; })"
    )
    bare = stage.show(html=host_html(""))
    before = bare.evaluate(look)
    page = stage.open()
    ask(page)
    assert page.evaluate(look) == before
    named = page.evaluate("Object.keys(window).filter(k => /bulletin|chat/i.test(k))")
    assert named == ["bulletin"]


def test_a_host_that_replaces_what_arrays_and_json_do_is_survived(stage: Stage) -> None:
    hostile = """
      const names = Object.getOwnPropertyNames(Array.prototype);
      for (const name of names) if (!/^(constructor|length|toString)$/.test(name))
        Array.prototype[name] = function () { throw new Error("replaced " + name); };
      Array.prototype.extra = 1;
      Object.prototype.extra = function () {};
      Array.prototype.toJSON = function () { return "[]"; };
      Object.prototype.toJSON = function () { return "{}"; };
      String.prototype.toJSON = function () { return "x"; };
      Array.from = () => { throw new Error("replaced from"); };
    """
    page = stage.show(html=host_html(f"<script>{hostile}</script>{script_tag(stage.api.url)}"))
    page.locator(".launcher").click()
    ask(page, "第一问")
    page.locator(".marker").click()
    page.locator(".source").wait_for()
    ask(page, "第二问")
    assert stage.api.asked[1]["history"] == [
        {"role": "user", "text": "第一问"},
        {"role": "assistant", "text": answer()["text"]},
    ]


def test_two_widgets_on_one_page_do_not_meet(stage: Stage) -> None:
    body = (
        '<bulletin-chat id="one" mode="inline" title="甲"></bulletin-chat>'
        '<bulletin-chat id="two" mode="inline" title="乙" lang="en"></bulletin-chat>'
    )
    page = stage.show(body=body)
    for name, question in (("one", "甲问"), ("two", "乙问")):
        field = page.locator(f"#{name} textarea")
        field.fill(question)
        field.press("Enter")
        page.locator(f'#{name} .answer[aria-busy="false"]').wait_for()
    assert page.locator("#one .question p").all_inner_texts() == ["甲问"]
    assert page.locator("#two .question p").all_inner_texts() == ["乙问"]
    assert stage.api.asked[1]["history"] == []
    assert page.locator("#one .send").inner_text() == "提问"
    assert page.locator("#two .send").inner_text() == "Ask"
    page.reload()
    page.locator("#two .answer").wait_for()
    assert page.locator("#one .question p").all_inner_texts() == ["甲问"]
    assert page.locator("#two .question p").all_inner_texts() == ["乙问"]


def test_an_element_that_is_made_anew_goes_on_with_its_conversation(stage: Stage) -> None:
    body = '<div id="place"><bulletin-chat mode="inline"></bulletin-chat></div>'
    page = stage.show(body=body)
    ask(page, "第一问")
    page.evaluate("place.replaceChildren()")
    page.evaluate("place.append(document.createElement('bulletin-chat'))")
    page.locator(".answer").wait_for()
    assert page.locator(".question p").all_inner_texts() == ["第一问"]


def test_without_script_the_element_is_a_form_that_asks(stage: Stage) -> None:
    form = '<form action="/"><label>问 <input name="q"></label><button>提问</button></form>'
    page = stage.show(
        body=f"<bulletin-chat mode='inline'>{form}</bulletin-chat>", java_script_enabled=False
    )
    page.locator("input").fill("公交")
    stage.host.pages["/"] = HostPage(host_html(""))
    page.locator("form button").click()
    page.wait_for_url(lambda url: url == f"{stage.host.url}/?q=%E5%85%AC%E4%BA%A4")
    scripted = stage.show(body=f"<bulletin-chat mode='inline'>{form}</bulletin-chat>")
    scripted.locator("textarea").wait_for()
    assert not scripted.locator("bulletin-chat > form").is_visible()


def test_where_storage_is_blocked_it_works_all_the_same(stage: Stage) -> None:
    block = """
      const get = () => { throw new DOMException("no", "SecurityError"); };
      for (const name of ["sessionStorage", "localStorage"])
        Object.defineProperty(window, name, { get });
    """
    page = stage.open(init=block)
    ask(page)
    assert page.locator(".claim").count() == 1


@pytest.mark.parametrize(
    ("position", "direction", "left"),
    [("end", "ltr", False), ("start", "ltr", True), ("end", "rtl", True), ("start", "rtl", False)],
)
def test_it_stands_at_the_end_or_the_start_of_the_line(
    stage: Stage, position: str, direction: str, left: bool
) -> None:
    html = host_html(script_tag(stage.api.url, f'data-position="{position}" data-offset="30"'))
    page = stage.show(html=html.replace("<html", f'<html dir="{direction}"'))
    page.locator(".launcher").click()
    for part in (".launcher", "dialog"):
        box = page.locator(part).bounding_box()
        assert box
        space = box["x"] if left else 1280 - box["x"] - box["width"]
        assert space == pytest.approx(30, abs=0.6)


def test_the_hotkey_needs_a_modifier(stage: Stage) -> None:
    page = stage.show('data-hotkey="ctrl+k"')
    page.locator(".launcher").wait_for()
    page.keyboard.press("k")
    assert not page.locator("dialog").is_visible()
    page.keyboard.press("Control+k")
    page.locator("dialog").wait_for()
    page.keyboard.press("Control+k")
    assert not page.locator("dialog").is_visible()
    bare = stage.show('data-hotkey="k"')
    bare.locator(".launcher").wait_for()
    bare.keyboard.press("k")
    assert not bare.locator("dialog").is_visible()


def test_it_never_opens_by_itself(stage: Stage) -> None:
    page = stage.show('data-open-on="hash"', body='<a id="a" href="#bulletin">问</a>')
    page.goto(f"{stage.host.url}/page#bulletin")
    page.reload()
    page.locator(".launcher").wait_for()
    assert not page.locator("dialog").is_visible()
    page.evaluate("location.hash = ''")
    page.locator("#a").click()
    page.locator("dialog").wait_for()
    hidden = stage.show('data-open-on="never"')
    wait_for(hidden, CHAT)
    assert not hidden.locator(".launcher").is_visible()
    hidden.locator("#p").evaluate("e => { e.tabIndex = 0; e.focus(); }")
    hidden.evaluate(f"{CHAT}.open()")
    assert hidden.locator("dialog").is_visible()
    hidden.keyboard.press("Escape")
    assert focused(hidden) == "p"


@pytest.mark.parametrize(
    ("page_lang", "attributes", "browser_lang", "said"),
    [
        ("zh-TW", "", "en-US", "問問報紙"),
        ("zh-SG", "", "en-US", "问问报纸"),
        ("en-GB", "", "zh-CN", "Ask the bulletin"),
        ("fr", "", "zh-HK", "問問報紙"),
        ("fr", "", "de-DE", "Ask the bulletin"),
        ("zh-CN", 'data-lang="en"', "zh-CN", "Ask the bulletin"),
        (
            "zh-CN",
            'data-strings=\'{"launcher": "Poser une question"}\'',
            "fr-FR",
            "Poser une question",
        ),
    ],
)
def test_it_speaks_the_language_of_the_page(
    stage: Stage, page_lang: str, attributes: str, browser_lang: str, said: str
) -> None:
    page = stage.show(attributes, lang=page_lang, locale=browser_lang)
    assert page.locator(".launcher").inner_text() == said


def test_words_can_come_from_a_file(stage: Stage) -> None:
    stage.host.pages["/words.json"] = HostPage('{"send": "Los", "greeting": 7}')
    page = stage.open('data-strings="/words.json" data-lang="en"')
    wait_for(page, f"{CHAT}.shadowRoot.querySelector('.send').textContent === 'Los'")
    assert page.locator(".intro p").first.inner_text().startswith("Ask about")


EVENTS = """
  window.heard = [];
  for (const name of ["ready", "open", "close", "question", "sources", "answer", "citation",
    "feedback", "error", "clear"])
    document.addEventListener("bulletin:" + name, (e) => {
      heard.push(name);
      if (window.refused === name) e.preventDefault();
    });
"""


def test_the_host_hears_what_happens_and_can_decline(stage: Stage) -> None:
    page = stage.show(init=EVENTS)
    page.locator(".launcher").wait_for()
    page.evaluate("refused = 'open'")
    page.locator(".launcher").click()
    assert not page.locator("dialog").is_visible()
    page.evaluate("refused = 'question'")
    page.locator(".launcher").click()
    ask(page, wait=False)
    assert page.locator("textarea").input_value() != ""
    assert stage.api.asked == []
    page.evaluate("refused = 'citation'")
    page.locator("textarea").press("Enter")
    page.locator(".marker").click()
    assert not page.locator(".source").is_visible()
    page.locator('[aria-label="没有帮助"]').click()
    page.evaluate("refused = 'close'")
    page.locator(".title").press("Escape")
    assert page.locator("dialog").is_visible()
    page.locator('[aria-label="清空对话"]').click()
    assert page.evaluate("heard") == [
        *["ready", "open", "open", "question", "question", "sources", "answer", "citation"],
        *["feedback", "close", "clear"],
    ]  # fmt: skip


def test_methods_and_properties_do_as_named_before_and_after_loading(stage: Stage) -> None:
    early = (
        "<script>(window.bulletin = window.bulletin || []).push((chat) => {"
        " window.chat = chat; chat.filters = { issue: ['2020-01'] }; chat.ask('早问'); });</script>"
    )
    page = stage.show(html=host_html(early + script_tag(stage.api.url)))
    page.locator('.answer[aria-busy="false"]').wait_for()
    assert stage.api.asked[0]["question"] == "早问"
    assert stage.api.asked[0]["filters"] == {"issue": ["2020-01"]}
    assert page.evaluate("chat.state") == "answered"
    assert page.evaluate("chat.messages.map(m => [m.question, m.answer.status])") == [
        ["早问", "answered"]
    ]
    page.evaluate("chat.messages[0].question = 'x'")
    assert page.evaluate("chat.messages[0].question") == "早问"
    page.evaluate("chat.strings = { send: 'LOS' }")
    assert page.locator(".send").inner_text() == "LOS"
    assert page.locator(".question p").inner_text() == "早问"
    page.evaluate("chat.clear()")
    assert page.evaluate("[chat.state, chat.messages.length]") == ["idle", 0]
    page.evaluate("chat.toggle()")
    assert not page.locator("dialog").is_visible()
    page.evaluate("chat.focusInput()")
    assert focused(page) == "textarea.input"
    page.evaluate("chat.close(); window.bulletin.push((c) => (window.late = c === chat))")
    assert page.evaluate("late") is True


def test_properties_set_before_the_definition_are_kept(stage: Stage) -> None:
    body = "<bulletin-chat mode='inline'></bulletin-chat>"
    head = "<script>addEventListener('DOMContentLoaded', () => 0)</script>"
    page = stage.show(html=host_html(head, body=body))
    page.evaluate(f"{CHAT}.strings = {{ send: 'LOS' }}")
    page.add_script_tag(url=f"{stage.api.url}/widget/1/widget.js")
    page.locator("textarea").wait_for()
    assert page.locator(".send").inner_text() == "LOS"


def test_attributes_may_change_while_it_is_open(stage: Stage) -> None:
    page = stage.open()
    ask(page)
    page.locator("textarea").fill("草稿")
    page.evaluate(f"{CHAT}.setAttribute('lang', 'en')")
    assert page.locator(".send").inner_text() == "Ask"
    assert page.locator("textarea").input_value() == "草稿"
    assert page.locator(".claim").count() == 1
    page.evaluate(f"{CHAT}.setAttribute('theme', 'dark')")
    ground = page.locator("dialog").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(27, 26, 24)"
    page.evaluate(f"{CHAT}.setAttribute('z-index', '5')")
    assert page.locator("dialog").evaluate("e => getComputedStyle(e).zIndex") == "5"


def test_a_change_of_attributes_neither_opens_anew_nor_takes_the_focus(stage: Stage) -> None:
    page = stage.open(init=EVENTS, body='<input id="field">')
    gate = threading.Event()
    stage.api.reply = gated(answer(("甲" * 30, "乙" * 30)), gate, before=6)
    ask(page, wait=False)
    page.locator(".marker").wait_for()
    page.locator("#field").focus()
    page.evaluate(f"{CHAT}.setAttribute('greeting', '您好')")
    assert focused(page) == "input"
    assert page.locator("dialog").is_visible()
    gate.set()
    page.locator(".row").nth(1).wait_for()
    assert page.locator(".marker").count() == 2
    assert page.evaluate("heard.filter((name) => name === 'open').length") == 1
    page.evaluate("dispatchEvent(new Event('keydown'))")


def test_removed_from_the_page_it_leaves_nothing_behind(stage: Stage) -> None:
    page = stage.open(width=375)
    page.evaluate(f"{CHAT}.remove()")
    assert page.evaluate("document.documentElement.style.overflow") == ""
    wait_for(page, "!history.state || !history.state.bulletin")
    page.keyboard.press("Escape")


def test_parts_and_custom_properties_style_it(stage: Stage) -> None:
    style = (
        "<style>bulletin-chat { --bulletin-bg: #fafafa; --bulletin-width: 300px }"
        "bulletin-chat::part(send) { text-transform: uppercase }</style>"
    )
    page = stage.open(head=style)
    ask(page)
    page.locator(".marker").click()
    css = "(e, name) => getComputedStyle(e)[name]"
    assert page.locator("dialog").evaluate(css, "backgroundColor") == "rgb(250, 250, 250)"
    assert page.locator("dialog").evaluate(css, "width") == "300px"
    assert page.locator(".send").evaluate(css, "textTransform") == "uppercase"
    parts = set(page.locator("[part]").evaluate_all("all => all.map(e => e.getAttribute('part'))"))
    assert parts == {
        "launcher", "panel", "header", "transcript", "question", "answer", "marker", "quote",
        "source", "composer", "input", "send",
    }  # fmt: skip


def is_at_end(page: Page) -> bool:
    return bool(page.locator(".newer").is_visible())


def test_whoever_has_scrolled_up_is_offered_the_new_answer(stage: Stage) -> None:
    page = stage.open()
    for n in range(4):
        ask(page, f"第{n}问")
    gate = threading.Event()
    stage.api.reply = gated(answer(("长" * 200 + "。",)), gate, before=2)
    ask(page, "末问", wait=False)
    page.locator(".wait").wait_for()
    page.locator(".transcript").evaluate("e => (e.scrollTop = 0)")
    page.wait_for_timeout(60)
    gate.set()
    page.locator(".newer").click()
    top = page.locator(".question").last.bounding_box()
    box = page.locator(".transcript").bounding_box()
    assert top
    assert box
    assert re.fullmatch(r"\d+(\.\d+)?", str(top["y"] - box["y"]))
    assert 0 <= top["y"] - box["y"] <= 20
    assert not page.locator(".newer").is_visible()


def test_whoever_reads_on_below_is_left_where_they_are(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(tuple("长" * 60 + "。" for _ in range(12))), gate, before=40)
    page = stage.open()
    ask(page, wait=False)
    page.locator(".marker").nth(5).wait_for()
    scroll = page.locator(".transcript")
    scroll.evaluate("e => (e.scrollTop = e.scrollHeight)")
    page.wait_for_timeout(60)
    before = scroll.evaluate("e => e.scrollTop")
    assert before > 200
    gate.set()
    page.locator(".row").nth(11).wait_for()
    assert scroll.evaluate("e => e.scrollTop") == before


def test_all_of_it_can_be_done_by_keyboard_alone(stage: Stage) -> None:
    stage.api.pages["/articles/2020-01/a01"] = HostPage(host_html("", body="<p id=p01>原文</p>"))
    page = stage.show()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("How many?")
    page.keyboard.press("Enter")
    page.locator(".row").wait_for()
    assert focused(page) == "textarea.input"
    back = []
    while focused(page) != "button.marker":
        page.keyboard.press("Shift+Tab")
        back.append(focused(page))
    assert back[-2:] == ["button.row", "button.marker"]
    page.keyboard.press("Enter")
    assert focused(page) == "button.row"
    page.keyboard.press("Tab")
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    opened.value.locator("#p01").wait_for()
    opened.value.close()
    assert focused(page) == "a"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "button.marker"
    page.keyboard.press("Escape")
    assert focused(page) == "button.launcher"
    assert not page.locator("dialog").is_visible()
    del stage.api.pages["/articles/2020-01/a01"]


def test_at_full_screen_it_follows_what_the_keyboard_leaves(stage: Stage) -> None:
    page = stage.open(width=375)
    size = page.locator("textarea").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 16  # iOS zooms into smaller fields
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { value: 410 });
          Object.defineProperty(visualViewport, "offsetTop", { value: 30 });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    box = page.locator("dialog").bounding_box()
    assert box
    assert (box["y"], box["height"]) == (30, 410)
    send = page.locator(".send").bounding_box()
    assert send
    assert send["y"] + send["height"] <= 440


def test_in_a_page_from_right_to_left_it_is_laid_out_so(stage: Stage) -> None:
    html = host_html(script_tag(stage.api.url)).replace("<html", '<html dir="rtl"')
    page = stage.open(html=html)
    ask(page, "אבג?")
    close = page.locator(".header [aria-label='关闭']").bounding_box()
    title = page.locator(".title").bounding_box()
    assert close
    assert title
    assert close["x"] < title["x"]
    overflow = page.locator(".transcript").evaluate("e => e.scrollWidth - e.clientWidth")
    assert overflow == 0
