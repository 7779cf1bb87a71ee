"""The pages for people, as they come without a script: an in-memory client."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api.http.app import create_app
from api.http.pages.render import MEDIA_TYPES
from api.http.pages.words import problem_help
from api.http.problems import KINDS
from api.http.settings import ServiceSettings
from corpus.archive import Archive
from corpus.reader import read_bytes
from corpus.schema import FILE_NAME
from tests.browsing import DIFFERING_QUESTION, HOSTILE, issues
from tests.conftest import issue_of, unnamed

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "zh-CN"}
ENGLISH = {**BROWSER, "Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}
QUESTION = "2023年一季度高新区完成地区生产总值多少？"


@contextmanager
def ready(settings: ServiceSettings, *, address: str = "http://testserver") -> Iterator[TestClient]:
    app = create_app(settings)
    with TestClient(app, address, raise_server_exceptions=False, headers=BROWSER) as client:
        assert app.state.engine.wait(60)
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("pages") / "archive"
    with Archive.open(folder, create=True) as kept:
        for issue in issues():
            kept.add(issue)
    with ready(ServiceSettings(archive=folder)) as client:
        yield client


@pytest.fixture
def sampled(tmp_path: Path) -> Iterator[TestClient]:
    with ready(unnamed(tmp_path)) as client:
        yield client


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, and its text by the element around."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.inside: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "link", "input", "img", "br"):
            self._open.append(tag)
            self.inside.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.inside[tag][-1] += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        return [
            told
            for name, told in self.elements
            if name == tag and all(told.get(key) == value for key, value in attributes.items())
        ]


def page_at(
    client: TestClient, path: str, *, status: int = 200, headers: Mapping[str, str] = BROWSER
) -> Page:
    reply = client.get(path, headers=headers)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    return Page(reply.text)


def links(page: Page) -> list[str]:
    return [told["href"] for told in page.all("a")]


def test_the_title_of_an_issue_begins_with_its_bulletin_where_that_has_a_name(
    tmp_path: Path,
) -> None:
    with Archive.open(tmp_path, create=True) as kept:
        kept.add(issue_of("全区建成公园12座。", name="2020-01.txt"))
        named = (
            "清河日报\n2021年10月8日 星期五 第12期\n\n公交线路延长\n\n公交27路今起延伸至青石铺。\n"
        )
        kept.add(read_bytes(named.encode(), name="2021-10.txt"))
    with ready(ServiceSettings(archive=tmp_path)) as client:
        titles = [
            Page(client.get(f"/issues/{one}", headers=ENGLISH).text).inside["title"]
            for one in ("2020-01", "2021-10")
        ]
    assert titles == [
        ["Issue 2020-01 · Ask the bulletin"],
        ["清河日报 Issue 2021-10-08 · Ask the bulletin"],
    ]


def test_the_first_page_leads_into_the_latest_issue(client: TestClient) -> None:
    page = page_at(client, "/")
    assert "/issues/2023-05" in links(page)
    shown = [href for href in links(page) if href.startswith("/articles/")]
    assert shown == [f"/articles/2023-05/a{n:02}" for n in (1, 2, 4, 5, 6, 7)]


def test_a_question_is_answered_without_a_script(client: TestClient) -> None:
    page = page_at(client, f"/?q={QUESTION}")
    told = client.post("/api/v1/chat", json={"question": QUESTION}).json()
    citation = told["citations"][0]
    marks = [citation["quote"][m["start"] : m["end"]] for m in citation["marks"]]
    assert marks
    assert page.inside["mark"] == marks
    assert citation["quote"] in "".join(page.inside["p"])
    assert page.all("a", href="#s1-1")
    assert page.all("li", id="s1-1")
    assert citation["url"] in links(page)


def test_a_conversation_goes_on_without_a_script(client: TestClient) -> None:
    first = page_at(client, f"/?q={QUESTION}")
    kept = [told["value"] for told in first.all("input", name="q")]
    assert kept == [QUESTION]
    assert first.all("form", method="get", action="/#latest")
    second = client.get("/", params={"q": [*kept, "明天天气怎么样？"]})
    page = Page(second.text)
    assert len(page.all("li", **{"class": "turn"})) == 2
    assert [told["value"] for told in page.all("input", name="q")] == [QUESTION, "明天天气怎么样？"]
    assert page.all("li", id="latest")[0]["data-question"] == "明天天气怎么样？"


def test_only_the_last_questions_of_a_long_conversation_are_shown(client: TestClient) -> None:
    page = Page(client.get("/", params={"q": [f"第{n}个问题" for n in range(8)]}).text)
    shown = [told["data-question"] for told in page.all("li", **{"class": "turn"})]
    assert shown == [f"第{n}个问题" for n in range(2, 8)]


def test_what_is_not_answered_is_said_with_the_closest_passages(client: TestClient) -> None:
    reply = client.get("/?q=明天天气怎么样？")
    assert "以下段落与问题相近，但不是回答的来源。" in reply.text
    page = Page(reply.text)
    assert len(page.all("li", **{"class": "card near"})) == 3
    assert not page.all("mark")
    assert page.all("div", **{"class": "answer no_answer"})


def test_a_term_that_is_only_named_is_said_to_be(client: TestClient) -> None:
    page = page_at(client, "/?q=what is the 25311 goal", headers=ENGLISH)
    assert page.all("div", **{"class": "answer partial"})
    assert "Named, not explained" in page.inside["p"]


def test_issues_that_differ_stand_in_a_table(client: TestClient) -> None:
    page = page_at(client, f"/?q={DIFFERING_QUESTION}")
    rows = [cell for cell in page.inside["tr"][1:]]
    assert rows == [
        "清河日报第108期2022-05-0915条1",
        "2021-0312条2",
        "2017-06二十條3",
    ]
    assert page.all("span", lang="zh-Hant")
    english = page_at(client, f"/?q={DIFFERING_QUESTION}", headers=ENGLISH)
    assert english.inside["tr"][1] == "清河日报No. 1082022-05-0915条1"


@pytest.mark.parametrize(
    ("path", "number", "issue_day", "own_day"),
    [
        (f"/?q={QUESTION}", "1208", "2023-05-18", "2023-05-12"),
        ("/?q=公交27路延长到哪里？", "1025", "2019-11-14", None),
        ("/articles/2023-05/a01", "1208", "2023-05-18", "2023-05-12"),
        ("/articles/2019-11/a08", "1025", "2019-11-14", None),
        ("/articles/2019-11/a06", "1025", "2019-11-14", None),
    ],
)
@pytest.mark.parametrize("headers", [BROWSER, ENGLISH], ids=["zh", "en"])
def test_name_number_and_day_of_an_issue_stand_together_and_its_article_s_day_apart(
    client: TestClient,
    headers: Mapping[str, str],
    path: str,
    number: str,
    issue_day: str,
    own_day: str | None,
) -> None:
    page = page_at(client, path, headers=headers)
    (about,) = (text for text in page.inside["p"] if "砚川高新时讯" in text)
    label = "Date in the article: " if headers is ENGLISH else "文中日期："
    told = f"No. {number}" if headers is ENGLISH else f"第{number}期"
    assert f"砚川高新时讯{told}{issue_day}" in about
    assert about.count(issue_day) == 1
    assert about.partition(label)[2].strip() == (own_day or "")


def test_an_issue_lists_the_days_of_its_articles_that_are_not_its_own(client: TestClient) -> None:
    page = page_at(client, "/issues/2019-11")
    days = [text for text in page.inside["p"] if "文中日期：" in text]
    assert len(days) == 7
    assert not [text for text in days if "2019-11-14" in text]


def test_the_closest_passages_bear_name_number_and_day_of_their_issue(client: TestClient) -> None:
    page = page_at(client, "/?q=明天高新区分析会天气怎么样？")
    assert "砚川高新时讯第1208期2023-05-18文中日期：2023-05-12" in page.inside["p"]


def test_an_article_is_told_to_search_engines_as_published_on_the_day_of_its_issue(
    client: TestClient,
) -> None:
    for path, day in (("2023-05/a01", "2023-05-18"), ("2022-08/a01", None)):
        page = page_at(client, f"/articles/{path}")
        (told,) = (text for text in page.inside["script"] if "NewsArticle" in text)
        assert json.loads(told).get("datePublished") == day


def test_a_question_that_is_too_long_is_told_and_kept(client: TestClient) -> None:
    page = page_at(client, "/?q=" + "长" * 1001)
    assert page.inside["textarea"] == ["长" * 1001]
    assert "问题太长：最多1000个字。" in page.inside["p"]
    assert not page.all("li", **{"class": "turn"})


def test_no_html_of_a_question_or_of_the_bulletin_becomes_part_of_a_page(
    client: TestClient,
) -> None:
    for path in (
        "/?q=" + HOSTILE,
        "/?q=玉兰树栽种了多少株？",
        "/issues/2018-01",
        "/articles/2018-01/a01",
        "/articles/2018-01/a01?mark=9-30",
        "/articles/" + HOSTILE,
        "/issues?year=" + HOSTILE[:10],
        "/problems/" + HOSTILE[:9],
    ):
        reply = client.get(path)
        page = Page(reply.text)
        assert page.all("img") == []
        for script in page.all("script"):
            assert "src" in script or script["type"] in ("application/json", "application/ld+json")
        assert "alert(1)</script>" not in reply.text
    assert html.escape(HOSTILE, quote=False) in client.get("/articles/2018-01/a01").text


def test_the_cited_words_are_marked_in_their_article(client: TestClient) -> None:
    told = client.post("/api/v1/chat", json={"question": QUESTION}).json()
    for citation in told["citations"]:
        page = page_at(client, citation["url"])
        assert "".join(page.inside["mark"]) == citation["quote"]
        assert page.all("p", id=urlsplit(citation["url"]).fragment)


def test_where_several_citations_stand_is_told_once_an_article(tmp_path: Path) -> None:
    notice = "办证须提供下列材料：\n\n1.身份证；\n\n2.照片两张；\n\n3.合同。"
    with Archive.open(tmp_path / "archive", create=True) as kept:
        kept.add(issue_of("办证通知", notice, name="2022-06-01.txt"))
    with ready(ServiceSettings(archive=tmp_path / "archive")) as client:
        page = page_at(client, "/?q=办证要带什么材料？")
    assert len(page.all("li", **{"class": "card"})) == 4
    assert len(page.all("p", **{"class": "about"})) == 1


def test_a_mark_may_run_over_paragraphs(client: TestClient) -> None:
    article = client.get("/api/v1/articles/2023-05/a01").json()
    start = len(article["passages"][0]["text"]) - 5
    page = page_at(client, f"/articles/2023-05/a01?mark={start}-{start + 9}")
    assert "\n".join(page.inside["mark"]) == article["text"][start : start + 9]


@pytest.mark.parametrize(
    "mark", ["x", "-", "5", "9-3", "-1-4", "99999999999-1", "500000-500009", "1-2-3", "１-２", ",,"]
)
def test_a_mark_that_is_none_is_ignored(client: TestClient, mark: str) -> None:
    page = page_at(client, f"/articles/2023-05/a01?mark={mark}")
    assert page.all("mark") == []


def test_an_article_stands_as_printed(client: TestClient) -> None:
    page = page_at(client, "/articles/2023-05/a01", headers=ENGLISH)
    told = client.get("/api/v1/articles/2023-05/a01").json()
    text = page.inside["article"][0]
    for part in (told["kicker"], told["title"], told["subtitle"], told["bylines"][0]["name"]):
        assert part in text
    anchors = [told["id"] for told in page.all("p") if "id" in told]
    assert anchors == [passage["id"].rpartition("/")[2] for passage in told["passages"]]
    assert {passage["text"] for passage in told["passages"]} <= set(page.inside["p"])
    assert page.all("time", datetime="2023-05-12")
    assert page.all("div", **{"class": "prose", "lang": "zh-Hans"})
    assert page.all("html", lang="en")
    assert "/articles/2023-05/a02" in links(page)
    assert "/issues/2023-05" in links(page)
    assert "Photo caption" in page_at(client, "/articles/2022-08/a11", headers=ENGLISH).inside["p"]
    assert "Notice" in page_at(client, "/articles/2023-05/a11", headers=ENGLISH).inside["p"]


def test_rows_stand_as_a_table_what_is_cited_of_them_marked(client: TestClient) -> None:
    told = client.post("/api/v1/chat", json={"question": "白鹭街道常住人口"}).json()
    citation = told["citations"][0]
    page = page_at(client, citation["url"])
    assert page.all("tr", id=urlsplit(citation["url"]).fragment)
    assert "|".join(page.inside["mark"]) == citation["quote"] == "白鹭街道|3.8|22.4|李明华"
    assert page.inside["th"] == ["街道", "常住人口（万人）", "面积（平方公里）", "书记"]
    assert page.inside["td"][4:8] == page.inside["mark"]
    anchors = [told["id"] for tag, told in page.elements if tag in ("p", "tr") and "id" in told]
    assert anchors == ["p01", "p02", "p03", "p04", "p05", "p06"]
    assert [told["aria-label"] for told in page.all("a", **{"class": "permalink"})] == [
        f"第{n}段的链接" for n in range(1, 7)
    ]


def test_an_article_in_traditional_script_says_so(client: TestClient) -> None:
    page = page_at(client, "/articles/2017-06/a01")
    assert page.all("div", **{"class": "prose", "lang": "zh-Hant"})


def test_issues_are_listed_by_year_and_month(client: TestClient) -> None:
    page = page_at(client, "/issues")
    told = client.get("/api/v1/issues").json()["issues"]
    shown = [href for href in links(page) if href.startswith("/issues/")]
    assert shown == [row["url"] for row in sorted(told, key=_by_year)]
    assert [text for text in page.inside["h2"]] == [
        "2023",
        "2022",
        "2021",
        "2019",
        "2018",
        "2017",
        "2016",
    ]
    of_one = page_at(client, "/issues?year=2022")
    assert of_one.inside["h2"] == ["2022"]
    page_at(client, "/issues?year=1900", status=404)


def _by_year(row: dict[str, str]) -> tuple[int, str]:
    return -int(row["id"][:4]), row["id"]


def test_an_issue_lists_its_articles_by_page(client: TestClient) -> None:
    page = page_at(client, "/issues/2023-05")
    shown = [href for href in links(page) if href.startswith("/articles/")]
    assert shown == [f"/articles/2023-05/a{n:02}" for n in range(1, 17)]
    assert page.inside["h2"] == ["要闻", "综合新闻", "民生", "副刊·服务"]


@pytest.mark.parametrize(
    ("accepts", "query", "lang"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-Hans"),
        ("en-US,en;q=0.9,zh;q=0.8", "", "en"),
        ("fr,zh;q=0.4,en;q=0.3", "", "zh-Hans"),
        ("fr", "", "en"),
        ("zh;q=x, en;q=0.1", "", "en"),
        ("en", "?lang=zh", "zh-Hans"),
        ("zh", "?lang=en", "en"),
        ("zh", "?lang=xx", "zh-Hans"),
    ],
)
def test_the_language_is_chosen_by_address_then_by_browser(
    client: TestClient, accepts: str, query: str, lang: str
) -> None:
    headers = {**BROWSER, "Accept-Language": accepts}
    page = page_at(client, "/issues" + query, headers=headers)
    assert page.all("html")[0]["lang"] == lang


def test_a_chosen_language_stays_in_every_link_of_a_page(client: TestClient) -> None:
    for path in ("/", f"/?q={QUESTION}", "/issues", "/issues/2023-05", "/articles/2023-05/a02"):
        page = page_at(client, f"{path}{'&' if '?' in path else '?'}lang=en")
        others = [told["href"] for told in page.all("a", hreflang="zh-Hans")]
        for href in links(page):
            if not href.startswith("#"):
                wanted = ["zh"] if href in others else ["en"]
                assert parse_qs(urlsplit(href).query)["lang"] == wanted
    assert page_at(client, "/?lang=en").all("input", name="lang", value="en")


def test_every_problem_has_a_page_in_both_languages(client: TestClient) -> None:
    for code in KINDS:
        for lang in ("zh", "en"):
            page = page_at(client, f"/problems/{code.replace('_', '-')}?lang={lang}")
            assert problem_help(code, lang) in page.inside["p"]
            assert problem_help(code, lang)
            assert code in page.inside["code"]
    problem = client.get("/api/v1/articles/none/a99").json()
    page_at(client, problem["type"])
    page_at(client, "/problems/not_found", status=404)


def test_what_is_not_there_is_a_page_for_browsers_and_a_problem_for_others(
    client: TestClient,
) -> None:
    for path in ("/nowhere", "/articles/none/a99", "/issues/none", "/static/none.js"):
        page = page_at(client, path, status=404)
        assert page.inside["h1"] == ["未找到"]
        reply = client.get(path, headers={"Accept": "application/json"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")
    assert client.get("/api/v1/articles/none/a99").json()["error"]["code"] == "not_found"


def test_no_path_makes_a_link_that_leaves_the_service(client: TestClient) -> None:
    reply = client.get("http://testserver//evil.example/x")
    assert reply.status_code == 404
    assert not [href for href in links(Page(reply.text)) if href.startswith("//")]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("path=x&fragment=y&query=z", None),
        ("q=%ff%fe", "\ufffd\ufffd"),
        ("q=%00", "\x00"),
        ("mark[]=1", None),
        ("lang=" + "x" * 999, None),
    ],
)
def test_an_odd_query_asks_no_more_than_it_says_and_changes_nothing_else(
    client: TestClient, query: str, asked: str | None
) -> None:
    page, plain = page_at(client, f"/?{query}"), page_at(client, "/")
    if asked is None:
        assert page.inside["main"] == plain.inside["main"]
    else:
        assert page.inside["h2"] == [f"问：{asked}"]
        assert page.all("div", **{"class": "answer no_answer"})
    article = "/articles/2023-05/a01"
    assert page_at(client, f"{article}?{query}").inside == page_at(client, article).inside


def test_pages_are_sent_with_a_strict_policy(client: TestClient) -> None:
    for path, status in (("/", 200), ("/docs", 200), ("/nowhere", 404)):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert client.get(path).status_code == status
        assert client.head(path).headers["content-security-policy"] == policy


def test_others_may_frame_pages_only_where_the_settings_say_so(tmp_path: Path) -> None:
    settings = unnamed(tmp_path, frame_ancestors=("'self'", "https://paper.example"))
    with ready(settings) as client:
        policy = client.get("/").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://paper.example;" in policy
    with pytest.raises(ValidationError):
        ServiceSettings(frame_ancestors=("https://x.example; script-src *",))


def test_pages_hold_nothing_inline(client: TestClient) -> None:
    for path in ("/", f"/?q={QUESTION}", "/issues", "/articles/2023-05/a01?mark=1-5", "/docs"):
        page = page_at(client, path)
        assert not page.all("style")
        for _, told in page.elements:
            assert not [name for name in told if name == "style" or name.startswith("on")]


def test_files_of_pages_may_be_kept_for_ever_under_their_version(client: TestClient) -> None:
    page = page_at(client, "/")
    told = [one["href"] for one in page.all("link") if one["rel"] in ("icon", "stylesheet")]
    for href in [*told, page.all("script")[-1]["src"]]:
        reply = client.get(href)
        assert reply.headers["content-type"] == MEDIA_TYPES[urlsplit(href).path.rpartition("/")[2]]
        assert "immutable" in reply.headers["cache-control"]
        bare = client.get(urlsplit(href).path, headers={"If-None-Match": reply.headers["etag"]})
        assert bare.status_code == 304
        assert "immutable" not in bare.headers["cache-control"]
    assert client.get("/static/../../../app.py").status_code == 404


def test_the_sample_issue_is_said_to_be_one(sampled: TestClient, client: TestClient) -> None:
    for path in ("/", "/issues", "/issues/2021-10", "/articles/2021-10/a01"):
        assert "样刊" in sampled.get(path).text
        assert "样刊" not in client.get(path).text


def test_links_and_the_canonical_address_heed_the_public_address(tmp_path: Path) -> None:
    settings = unnamed(tmp_path, public_url="https://a.example/paper")
    with ready(settings, address="https://a.example") as client:
        page = page_at(client, "/articles/2021-10/a01?lang=en")
    assert page.all("link", rel="canonical", href="https://a.example/paper/articles/2021-10/a01")
    assert all(href.startswith(("/paper/", "#")) for href in links(page))


def test_the_reference_has_every_route_of_the_openapi_document(client: TestClient) -> None:
    page = page_at(client, "/docs")
    document = client.get("/openapi.json").json()
    wanted = [
        f"{method.upper()} {path}" for path, told in document["paths"].items() for method in told
    ]
    assert [text.strip() for text in page.inside["h3"]] == wanted
    assert len(page.inside["pre"]) == len(wanted)
    assert "curl" in page.inside["pre"][0]
    names = {
        row["name"]
        for told in document["paths"].values()
        for way in told.values()
        for row in way.get("parameters", [])
    }
    assert names <= set(page.inside["code"])
    assert not [path for path in document["paths"] if path.startswith(("/problems", "/static"))]


@pytest.mark.parametrize(
    ("address", "told", "base"),
    [
        ("http://evil.example", {}, "https://ask.example"),
        ("http://localhost:8750", {}, "http://localhost:8750"),
        ("http://10.0.0.5:8750", {"host": "10.0.0.5"}, "http://10.0.0.5:8750"),
        ("http://p.example", {"public_url": "https://p.example/ask"}, "https://p.example/ask"),
    ],
)
def test_the_examples_of_the_reference_name_no_host_that_a_caller_made_up(
    tmp_path: Path, address: str, told: dict[str, str], base: str
) -> None:
    with ready(unnamed(tmp_path, **told), address=address) as client:
        reply = client.get("/docs")
    examples = Page(reply.text).inside["pre"]
    assert [text for text in examples if f"{base}/" not in text] == []
    assert "evil" not in reply.text


def test_an_archive_that_is_not_open_yet_is_said_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"no database")
    client = TestClient(create_app(ServiceSettings(archive=folder)), headers=BROWSER)
    with client:
        reply = client.get("/")
    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "2"
    assert Page(reply.text).inside["h1"] == ["尚未就绪"]
