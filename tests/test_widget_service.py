"""The widget with the service itself: its pages, a frame, answers from an archive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.http.settings import ServiceSettings
from tests.conftest import serving
from tests.widget_kit import HostPage, Stage, ask, host_html, words

pytestmark = pytest.mark.browser

QUESTION = "全区疫苗接种率达到多少？"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("none") / "archive"
    framers = ("http://127.0.0.1:*",)
    with serving(ServiceSettings(archive=folder, frame_ancestors=framers)) as address:
        yield address


def test_the_demo_answers_under_its_own_strict_policy(stage: Stage, service: str) -> None:
    page = stage.show(html=host_html(""))
    page.goto(f"{service}/demo")
    page.locator(".launcher").click()
    ask(page, QUESTION)
    assert "100.18%" in page.locator(".claim").first.inner_text()
    page.locator(".marker").first.click()
    assert "100.18%" in page.locator("blockquote").first.inner_text()
    link = page.locator(".source a").first.get_attribute("href")
    assert link
    assert link.startswith(f"{service}/articles/2021-10/")
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
    assert page.url == f"{service}/?q=%E5%85%AC%E4%BA%A4"


def test_the_element_finds_the_service_by_its_script(stage: Stage, service: str) -> None:
    """From another origin the tag alone tells where to ask; a `data-api` would say otherwise."""
    stage.host.pages["/api/v1/config"] = HostPage("{}")
    page = stage.show('data-api="/sub/"')
    page.locator(".launcher").click()
    page.wait_for_timeout(50)
    assert any("/sub/api/v1/config" in url for url in stage.urls)
