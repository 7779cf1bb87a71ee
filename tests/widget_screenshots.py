"""`python -m tests.widget_screenshots DIR`: the widget in each state, language, theme and width."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browsing import chromium
from tests.widget_kit import (
    Stage,
    answer,
    ask,
    failing,
    gated,
    no_answer,
    problem,
    raw,
    sites,
    stream_of,
    streaming,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLAIMS = (
    "截至目前，全市重点工程项目累计完成投资286.5亿元，占年度计划的92.4%。",
    "全年新开通公交线路12条，优化调整31条，方便了沿线居民出行。",
)
THEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}


def opened(stage: Stage, page: Page) -> None:
    page.locator(".offers").wait_for()


def draft(stage: Stage, page: Page) -> None:
    page.locator("textarea").fill("字" * 940)


def loading(stage: Stage, page: Page) -> None:
    stage.api.reply = gated(answer(CLAIMS), threading.Event(), before=1)
    ask(page, wait=False)
    page.locator(".wait").wait_for()


def streaming_now(stage: Stage, page: Page) -> None:
    stage.api.reply = gated(answer(CLAIMS), threading.Event(), before=7)
    ask(page, wait=False)
    page.locator(".marker").wait_for()
    page.locator("textarea").fill("接下来呢？")


def answered(stage: Stage, page: Page) -> None:
    told = answer(CLAIMS)
    for citation, figure in zip(told["citations"], ("286.5亿元", "12条"), strict=True):
        start = citation["quote"].index(figure)
        citation["marks"] = [{"start": start, "end": start + len(figure)}]
    stage.api.reply = streaming(told)
    ask(page)


def card(stage: Stage, page: Page) -> None:
    answered(stage, page)
    page.locator(".marker").first.press("Enter")


def english(stage: Stage, page: Page) -> None:
    told = answer(
        CLAIMS[:1], lang="en", before="The bulletin names “286” but does not explain it.\n"
    )
    reading = {"question": "How much was invested in key projects this year?", "carried": []}
    stage.api.reply = streaming(told)
    ask(page, "How much was invested in key projects?")
    stage.api.reply = streaming({**told, "reading": reading, "follow_ups": ["And last year?"]})
    ask(page, "And this year?")
    page.locator(".marker").last.click()


def nothing(stage: Stage, page: Page) -> None:
    stage.api.reply = streaming(no_answer())
    ask(page)


def stopped(stage: Stage, page: Page) -> None:
    streaming_now(stage, page)
    page.locator(".send").click()


def offline(stage: Stage, page: Page) -> None:
    page.context.set_offline(True)
    ask(page)


def trouble(status: int, code: str, **more: Any) -> Callable[[Stage, Page], None]:  # noqa: ANN401
    def show(stage: Stage, page: Page) -> None:
        stage.api.reply = failing(status, problem(status, code, **more))
        ask(page)

    return show


def cut(stage: Stage, page: Page) -> None:
    stage.api.reply = raw(*stream_of(answer())[:3])
    ask(page)


def large(stage: Stage, page: Page) -> None:
    page.evaluate("document.querySelector('bulletin-chat').setAttribute('density', 'large')")
    card(stage, page)


STATES: dict[str, Callable[[Stage, Page], None] | None] = {
    "closed": None,
    "open": opened,
    "draft": draft,
    "loading": loading,
    "streaming": streaming_now,
    "answered": answered,
    "card": card,
    "english": english,
    "nothing": nothing,
    "stopped": stopped,
    "offline": offline,
    "rate_limited": trouble(429, "rate_limited", retry_after=12),
    "timeout": trouble(504, "timeout"),
    "forbidden": trouble(403, "forbidden"),
    "error": trouble(500, "internal"),
    "not_ready": trouble(503, "index_not_ready"),
    "cut": cut,
    "large": large,
}


def main(folder: Path, names: list[str]) -> None:
    """Save a picture of each state in each guise, those of the names or all."""
    folder.mkdir(parents=True, exist_ok=True)
    with sites() as (api, host), chromium() as browser:
        guises = product(("zh-CN", "en"), THEMES, (1280, 320))
        for (lang, theme, width), name in product(guises, names or STATES):
            api.forget()
            stage = Stage(browser, api, host)
            page = stage.show(lang=lang, width=width, **THEMES[theme])
            show = STATES[name]
            if show:
                page.locator(".launcher").click()
                show(stage, page)
            page.wait_for_timeout(80)
            page.screenshot(path=folder / f"{name}-{lang}-{theme}-{width}.png")
            stage.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
