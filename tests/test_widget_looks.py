"""How the widget looks to everyone: axe finds nothing, it fits, it can be read and hit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.axe import findings
from tests.widget_kit import (
    Stage,
    answer,
    ask,
    failing,
    gated,
    host_html,
    no_answer,
    problem,
    raw,
    script_tag,
    stream_of,
    streaming,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CHAT = "document.querySelector('bulletin-chat')"
WIDTHS = (1280, 375, 320)
THEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}


def states(stage: Stage, page: Page) -> Iterator[str]:
    """Bring the widget into each state in turn and name it; the last ones stay in view together."""
    page.locator(".launcher").wait_for()
    yield "closed"
    page.locator(".launcher").click()
    page.locator(".offers").wait_for()
    yield "open"
    gate = threading.Event()
    stage.api.reply = gated(answer(("甲十二条。", "乙三十条。")), gate, before=2)
    ask(page, wait=False)
    page.locator(".wait").wait_for()
    yield "loading"
    gate.set()
    page.locator('.answer[aria-busy="false"]').wait_for()
    gate = threading.Event()
    stage.api.reply = gated(answer(("甲" * 30, "乙" * 30)), gate, before=6)
    ask(page, wait=False)
    page.locator(".answer").last.locator(".marker").wait_for()
    yield "streaming"
    page.locator(".send").click()
    page.locator(".again").wait_for()
    gate.set()
    for reply in (
        streaming(answer(lang="en", before="The bulletin says: ", follow_ups=["还有吗？"])),
        streaming(no_answer()),
        failing(429, problem(429, "rate_limited"), Retry_After="99"),
    ):
        stage.api.reply = reply
        ask(page)
        page.wait_for_timeout(10)
    page.evaluate(f"{CHAT}._shadow")
    yield "answered, stopped, no answer, rate limited"


TROUBLE = [
    failing(504, problem(504, "timeout")),
    failing(403, problem(403, "forbidden")),
    failing(500, problem(500, "internal")),
    failing(503, problem(503, "index_not_ready")),
    failing(422, problem(422, "validation_failed")),
    raw(*stream_of(answer())[:3]),
]


def show_trouble(stage: Stage, page: Page) -> None:
    """Bring all other kinds of trouble into view together, and open a card."""
    page.locator(".title + button").click()
    stage.api.reply = streaming(answer())
    ask(page)
    for reply in TROUBLE:
        stage.api.reply = reply
        ask(page)
    page.context.set_offline(True)
    ask(page)
    page.context.set_offline(False)
    page.locator(".marker").first.click()


def check_all(page: Page, state: str) -> list[str]:
    """Return what axe finds in all themes and widths."""
    found = []
    for theme, media in THEMES.items():
        page.emulate_media(**media)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 700})
            page.evaluate(
                "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
            )
            found += [f"{state}, {theme}, {width}: {one}" for one in findings(page)]
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_axe_finds_nothing_in_any_state_theme_and_width(stage: Stage, lang: str) -> None:
    page = stage.show(lang=lang)
    found = []
    for state in states(stage, page):
        found += check_all(page, state)
    page = stage.open(lang=lang)
    show_trouble(stage, page)
    found += check_all(page, "trouble")
    assert found == []


@pytest.mark.parametrize("mode", ["inline", "page"])
def test_axe_finds_nothing_where_it_is_part_of_the_page(stage: Stage, mode: str) -> None:
    page = stage.show(body=f'<bulletin-chat mode="{mode}"></bulletin-chat>')
    ask(page)
    page.locator(".marker").click()
    assert check_all(page, mode) == []


def wide(page: Page) -> list[str]:
    """Return the elements that hold more than their width, but for those that may."""
    found = page.evaluate(
        """() => {
          const root = document.querySelector("bulletin-chat").shadowRoot;
          const all = [document.scrollingElement, ...root.querySelectorAll("*")];
          return all.filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1
            && !e.closest(".vh")).map((e) => e.localName + "." + e.className);
        }"""
    )
    return list(found)


LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 3


@pytest.mark.parametrize("density", ["normal", "large"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_at_320_pixels_nothing_is_lost_or_scrolls_sideways(
    stage: Stage, lang: str, density: str
) -> None:
    stage.api.reply = streaming(answer((LONG, "乙" * 90)))
    page = stage.open(f'data-density="{density}"', lang=lang, width=320)
    assert wide(page) == []
    ask(page, LONG)
    page.locator(".marker").first.click()
    assert wide(page) == []
    stage.api.reply = failing(500, problem(500, "internal", request_id="req_" + "f" * 60))
    ask(page)
    assert wide(page) == []
    spacing = (
        "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
        " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
    )
    page.evaluate(
        """(css) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(css);
          const root = document.querySelector("bulletin-chat").shadowRoot;
          root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
        }""",
        spacing,
    )
    assert wide(page) == []
    composer = page.locator(".composer").bounding_box()
    assert composer
    assert composer["y"] + composer["height"] <= 800


def test_twice_the_text_still_fits(stage: Stage) -> None:
    style = "<style>bulletin-chat { --bulletin-font-size: 30px }</style>"
    page = stage.open(head=style, width=640)
    ask(page)
    page.locator(".marker").click()
    assert wide(page) == []
    assert page.locator(".send").is_visible()


@pytest.mark.parametrize(("density", "least", "small"), [("normal", 44, 24), ("large", 48, 24)])
def test_what_is_hit_is_large_enough(stage: Stage, density: str, least: int, small: int) -> None:
    page = stage.open(f'data-density="{density}"')
    ask(page)
    page.locator(".marker").click()
    sizes = page.locator("button:visible, textarea").evaluate_all(
        "all => all.map((e) => { const b = e.getBoundingClientRect();"
        " return [e.className, Math.min(b.width, b.height)]; })"
    )
    assert len(sizes) > 8
    assert [one for one in sizes if one[1] < (small if one[0] == "marker" else least)] == []


def test_large_is_large(stage: Stage) -> None:
    page = stage.open('data-density="large"')
    stage.api.reply = streaming(answer(("甲。", "乙。")))
    ask(page)
    told = page.locator(".text").evaluate(
        """e => {
          const style = getComputedStyle(e), p = getComputedStyle(e.lastChild);
          return [style.fontSize, style.lineHeight, p.marginTop].map(parseFloat);
        }"""
    )
    size, line, space = told
    assert size >= 18
    assert line / size >= 1.5
    assert space >= 1.3 * size
    small = page.locator(".small:visible").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert small >= 16


def luminance(colour: tuple[int, ...]) -> float:
    """Return the relative luminance as WCAG 2 defines it, an oracle for the widget's own."""
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the contrast of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


ACCENTS = [
    "#ffff00", "#00ff00", "white", "black", "#808080", "#9c2a1e", "rgb(0 120 255)", "hotpink",
    "oklch(0.9 0.1 100)", "hsl(60 100% 50%)", "nonsense", "",
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_any_accent_can_be_read(stage: Stage, theme: str) -> None:
    page = stage.open(f'data-theme="{theme}"')
    ask(page)
    for accent in ACCENTS:
        page.evaluate(f"(a) => {CHAT}.setAttribute('accent', a)", accent)
        told = page.evaluate(
            """() => {
              const root = document.querySelector("bulletin-chat").shadowRoot;
              const style = (s) => getComputedStyle(root.querySelector(s));
              return [style(".send").backgroundColor, style(".send").color,
                style(".panel").backgroundColor, style(".marker").color]
                .map((c) => c.match(/\\d+/g).slice(0, 3).map(Number));
            }"""
        )
        fill, on, ground, text = (tuple(colour) for colour in told)
        assert contrast(on, fill) >= 4.5, accent
        assert contrast(text, ground) >= 4.5, accent


def test_an_accent_by_custom_property_is_heeded(stage: Stage) -> None:
    page = stage.show(head="<style>bulletin-chat { --bulletin-accent: #0b5394 }</style>")
    colour = page.locator(".launcher").evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(11, 83, 148)"


def test_who_wants_no_motion_gets_none(stage: Stage) -> None:
    gate = threading.Event()
    stage.api.reply = gated(answer(), gate, before=1)
    page = stage.open(reduced_motion="reduce")
    ask(page, wait=False)
    page.locator(".wait").wait_for()
    moving = page.evaluate(
        f"{CHAT}.shadowRoot.getAnimations ? {CHAT}.shadowRoot.getAnimations().length : -1"
    )
    assert moving == 0
    gate.set()
    page.locator(".marker").wait_for()
    transitions = page.evaluate(
        f"[...{CHAT}.shadowRoot.querySelectorAll('*')].map((e) => getComputedStyle(e))"
        ".filter((s) => s.transitionDuration !== '0s' || s.scrollBehavior !== 'auto').length"
    )
    assert transitions == 0


def test_in_forced_colours_buttons_have_edges_and_the_focus_shows(stage: Stage) -> None:
    page = stage.open(forced_colors="active")
    ask(page)
    page.locator(".title").focus()
    page.keyboard.press("Tab")
    outline = page.evaluate(
        f"(() => {{ const s = getComputedStyle({CHAT}.shadowRoot.activeElement);"
        " return [s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
    )
    assert outline == ["solid", 2]
    edges = page.locator(".launcher, .send, .row, .marker, .acts button").evaluate_all(
        "all => all.map((e) => { const s = getComputedStyle(e);"
        " return s.borderTopWidth !== '0px' && s.borderTopColor !== 'rgba(0, 0, 0, 0)'"
        " && s.borderTopColor !== s.backgroundColor; })"
    )
    assert len(edges) >= 7
    assert all(edges)


@pytest.mark.parametrize("title", ["问报", "青石铺街道社区报读者问答服务"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_frame_of_the_focused_title_leaves_its_characters_whole(
    stage: Stage, title: str, width: int
) -> None:
    page = stage.show(
        body=f'<bulletin-chat mode="bubble" title="{title}"></bulletin-chat>', width=width
    )
    page.locator(".launcher").press("Enter")
    heading = page.locator(".title")
    heading.focus()
    gaps = heading.evaluate(
        """(e) => {
          const range = document.createRange();
          range.selectNodeContents(e);
          const ink = range.getBoundingClientRect();
          const box = e.getBoundingClientRect();
          const panel = e.closest("dialog").getBoundingClientRect();
          const style = getComputedStyle(e);
          const inner = parseFloat(style.outlineOffset);
          const outer = inner + parseFloat(style.outlineWidth);
          return [style.outlineStyle, ink.top - box.top + inner, box.bottom + inner - ink.bottom,
            box.top - outer - panel.top, box.left - outer - panel.left];
        }"""
    )
    assert gaps[0] == "solid"
    assert min(gaps[1:3]) >= 0, "the frame is drawn over the characters"
    assert min(gaps[3:]) >= -0.5, "the window cuts the frame"


def test_the_focus_is_never_under_the_composer(stage: Stage) -> None:
    stage.api.reply = streaming(answer(tuple(f"第{n}句话在此。" for n in range(1, 10))))
    page = stage.open()
    ask(page)
    page.locator(".transcript").focus()
    for _ in range(22):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => {
              const root = document.querySelector("bulletin-chat").shadowRoot;
              const at = root.activeElement;
              if (!at || !at.closest(".transcript")) return false;
              const b = at.getBoundingClientRect();
              const c = root.querySelector(".composer").getBoundingClientRect();
              const h = root.querySelector(".header").getBoundingClientRect();
              return b.bottom > c.top + 1 || b.top < h.bottom - 1;
            }"""
        )
        assert hidden is False


def test_a_marker_does_not_part_from_the_stop_before_it(stage: Stage) -> None:
    page = stage.open()
    for n in range(18, 27):
        stage.api.reply = streaming(answer(("字" * n + "。",)))
        ask(page)
        page.locator(".marker").nth(n - 18).wait_for()
    apart = page.locator(".nb").evaluate_all(
        """all => all.filter((e) => {
          const range = document.createRange();
          range.selectNode(e.firstChild);
          const stop = range.getBoundingClientRect();
          const marker = e.lastChild.getBoundingClientRect();
          return marker.top > stop.bottom || marker.bottom < stop.top;
        }).length"""
    )
    assert apart == 0
    assert page.locator(".nb").count() == 9


def test_beside_bootstrap_neither_breaks_the_other(stage: Stage) -> None:
    dist = f"{stage.host.url}/node_modules/bootstrap/dist"
    bootstrap = (
        f'<link rel="stylesheet" href="{dist}/css/bootstrap.min.css">'
        f'<script src="{dist}/js/bootstrap.bundle.min.js" defer></script>'
    )
    body = """
      <nav class="navbar fixed-top bg-body-tertiary"><a class="navbar-brand" href="#">报</a></nav>
      <div class="card m-5" id="card"><div class="card-body"><h2 class="card-title">题</h2>
        <button class="btn btn-primary" data-bs-toggle="modal" data-bs-target="#m">窗</button>
        <input class="form-control" id="in"></div></div>
      <div class="modal" id="m" tabindex="-1" aria-labelledby="mt"><div class="modal-dialog">
        <div class="modal-content"><h2 id="mt">窗</h2>
        <button class="btn-close" data-bs-dismiss="modal" aria-label="x"></button></div></div></div>
    """
    look = """() => ["#card", ".btn-primary", "#in", "h2", "body"].map((s) => {
      const e = document.querySelector(s), c = getComputedStyle(e), b = e.getBoundingClientRect();
      return [c.font, c.color, c.padding, c.margin, b.x, b.y, b.width, b.height]; })"""
    bare = stage.show(html=host_html(bootstrap, body=body))
    before = bare.evaluate(look)
    alone = stage.open()
    ask(alone)
    page = stage.open(html=host_html(bootstrap + script_tag(stage.api.url), body=body))
    ask(page)
    assert page.evaluate(look) == before
    mine = """(e) => { const c = getComputedStyle(e), b = e.getBoundingClientRect();
      return [c.font, c.color, c.backgroundColor, c.padding, b.width, b.height]; }"""
    for selector in (".launcher", ".title", ".claim", ".marker", "textarea", ".send", ".row"):
        shown = page.locator(f"bulletin-chat {selector}").evaluate(mine)
        assert shown == alone.locator(f"bulletin-chat {selector}").evaluate(mine), selector
    page.locator(".btn-primary").click()
    page.locator("#m.show").wait_for()
    page.locator(".btn-close").click()
    page.locator("#m").wait_for(state="hidden")
    page.locator("#in").fill("abc")
    ask(page, "再问")
    assert page.locator("bulletin-chat .marker").count() == 2
