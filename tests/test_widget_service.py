"""The widget with the service itself: its pages, a frame, answers from an archive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.http.widget import integrity, pinned_version
from tests.conftest import serving, unnamed
from tests.widget_kit import (
    STRICT,
    TRUSTED,
    HostPage,
    Site,
    Stage,
    ask,
    host_html,
    script_tag,
    words,
)

pytestmark = pytest.mark.browser

QUESTION = "全区疫苗接种率达到多少？"


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, widget_sites: tuple[Site, Site]
) -> Iterator[str]:
    """Serve the shipped issue to the pages of the host site and no other."""
    settings = unnamed(
        tmp_path_factory.mktemp("none"),
        frame_ancestors=("http://127.0.0.1:*",),
        allowed_origins=(widget_sites[1].url,),
    )
    with serving(settings) as address:
        yield address


def test_the_demo_answers_under_its_own_strict_policy(stage: Stage, service: str) -> None:
    page = stage.show(html=host_html(""))
    page.goto(f"{service}/demo?lang=zh-Hans")
    page.locator(".launcher").click()
    ask(page, QUESTION)
    assert "100.18%" in page.locator(".claim").first.inner_text()
    page.locator(".marker").first.click()
    assert "100.18%" in page.locator("blockquote").first.inner_text()
    with page.expect_popup() as opened:
        page.locator(".source a").first.click()
    article = opened.value
    assert article.url.startswith(f"{service}/articles/2021-10/")
    assert "100.18%" in "".join(article.locator("mark").all_inner_texts())
    article.close()
    page.locator('[aria-label="有帮助"]').click()
    page.locator("[role=status] p").filter(has_text="谢谢").wait_for()
    ask(page, "明天天气怎么样？")
    assert page.evaluate("document.querySelector('bulletin-chat').state") == "no_answer"
    assert page.locator(".closest a").count() > 0
    assert [line for line in stage.said if "Content Security" in line] == []


def test_the_switches_of_the_demo_change_the_widget(stage: Stage, service: str) -> None:
    page = stage.show(html=host_html(""))
    page.goto(f"{service}/demo")
    page.locator("[name=lang]").select_option("en")
    page.locator("[name=theme]").select_option("dark")
    page.locator("[name=density]").select_option("large")
    page.locator("[name=accent]").fill("#0b5394")
    page.locator("[name=csp]").select_option("none")
    page.locator(".switches button").click()
    page.locator(".launcher").click()
    assert page.locator(".send").inner_text() == "Ask"
    look = page.locator("dialog").evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).fontSize]"
    )
    assert look == ["rgb(27, 26, 24)", "19px"]
    assert page.locator("[name=accent]").input_value() == "#0b5394"


def test_a_frame_shows_the_whole_widget(stage: Stage, service: str) -> None:
    frame = f'<iframe src="{service}/embed?lang=en" title="Ask" width="600" height="700"></iframe>'
    page = stage.show(html=host_html("", body=frame))
    inside = page.frame_locator("iframe")
    inside.locator("textarea").fill(QUESTION)
    inside.locator("textarea").press("Enter")
    inside.locator(".marker").first.wait_for()
    assert words(inside.locator(".send")) == "Ask"
    assert not inside.locator(".launcher").is_visible()


def test_without_script_the_frame_is_a_form(stage: Stage, service: str) -> None:
    page = stage.show(html=host_html(""), java_script_enabled=False)
    page.goto(f"{service}/embed")
    page.locator("input[name=q]").fill("公交")
    page.locator("form button").click()
    page.wait_for_url(lambda url: url == f"{service}/?q=%E5%85%AC%E4%BA%A4")


def test_an_allowed_site_asks_from_its_own_origin(stage: Stage, service: str) -> None:
    policy = STRICT.format(api=service) + TRUSTED
    src = f"{service}/widget/{pinned_version()}/widget.js"
    tag = f'<script src="{src}" integrity="{integrity()}" crossorigin="anonymous" defer></script>'
    page = stage.show(html=host_html(tag), headers={"Content-Security-Policy": policy})
    page.locator(".launcher").click()
    ask(page, QUESTION)
    assert "100.18%" in page.locator(".claim").first.inner_text()
    page.locator('[aria-label="没有帮助"]').click()
    page.locator("[role=status] p").filter(has_text="谢谢").wait_for()


def test_another_site_may_load_it_but_not_ask(stage: Stage, service: str) -> None:
    """The reader gets a neutral sentence; whoever runs the site finds the reason in the console."""
    stage.api.pages["/other"] = HostPage(host_html(script_tag(service)))
    page = stage.show(html=host_html(""))
    page.goto(f"{stage.api.url}/other")
    page.locator(".launcher").click()
    ask(page, QUESTION)
    assert words(page.locator(".problem")) == "无法连接，您的问题已保留。 重试"
    assert any("allowed origins" in line for line in stage.said)
    del stage.api.pages["/other"]


def test_the_host_may_name_another_service(stage: Stage) -> None:
    page = stage.open('data-api="/sub/"')
    ask(page)
    asked = sorted(path for method, path in stage.host.log if "/sub/" in path)
    assert asked == ["/sub/api/v1/chat", "/sub/api/v1/config"]
