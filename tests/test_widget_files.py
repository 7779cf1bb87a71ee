"""The widget's files: built from what is written, small, served as promised, named by the tag."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha384
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.cli import main
from api.http import schemas, widget
from api.http.app import create_app
from api.http.settings import ServiceSettings
from corpus.archive import Archive
from corpus.metadata import Metadata
from corpus.reader import read_bytes
from tests.conftest import unnamed
from tests.served import wait_until
from tests.widget_kit import DIST, MODULES, ROOT, answer, no_answer

SOURCE = ROOT / "api/http/widget/src"
BUILT = ("widget.css", "widget.js", "widget.mjs")


def run_node(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    if not MODULES.is_dir() or not shutil.which("node"):
        pytest.skip("no node with the locked packages: npm ci")
    return subprocess.run(
        ["node", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("none")
    settings = unnamed(folder, frame_ancestors=("https://paper.example",))
    with TestClient(create_app(settings)) as client:
        yield client


def test_what_is_shipped_is_what_the_sources_build(tmp_path: Path) -> None:
    done = run_node("api/http/widget/build.js", tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == list(BUILT)
    stale = [n for n in BUILT if (tmp_path / n).read_bytes() != (DIST / n).read_bytes()]
    assert stale == []  # else: npm run build


def test_the_types_of_the_sources_are_right() -> None:
    done = run_node("node_modules/typescript/bin/tsc", "--project", "api/http/widget")
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["widget.js", "widget.mjs"])
def test_the_script_is_small(name: str) -> None:
    body = (DIST / name).read_bytes()
    assert len(body) <= 50_000
    assert len(gzip.compress(body, 9, mtime=0)) <= 16_000
    size = "console.log(require('zlib').{}(require('fs').readFileSync(process.argv[1]), {}).length)"
    for how, options, most in (
        ("gzipSync", "{level: 9}", 16_000),
        ("brotliCompressSync", "{}", 14_000),
    ):
        done = run_node("-e", size.format(how, options), DIST / name)
        assert int(done.stdout) <= most


@pytest.mark.parametrize(
    "sink",
    [
        r"innerHTML", r"outerHTML", r"insertAdjacentHTML", r"document\.write", r"DOMParser",
        r"createContextualFragment", r"setHTML", r"\beval\b", r"new Function",
        r"""["'`(](data|blob):""",
        r"""setAttribute\(\s*["'`]style""", r"""setAttribute\(\s*["'`]on""", r"document\.cookie",
    ],
)  # fmt: skip
def test_nothing_parses_markup_or_runs_text(sink: str) -> None:
    held = [
        path.name
        for path in [*SOURCE.glob("*.js"), *SOURCE.glob("*.css"), *(DIST / n for n in BUILT)]
        if re.search(sink, path.read_text(encoding="utf-8"))
    ]
    assert held == []


def test_every_string_is_in_all_languages() -> None:
    """The words stand in rows: English, simplified, and traditional where it differs."""
    text = (SOURCE / "strings.js").read_text(encoding="utf-8")
    rows = re.findall(r"^  (\w+): \[(.*?)\],$", text, re.MULTILINE | re.DOTALL)
    used = set(re.findall(r'_say\(\s*"(\w+)"', "".join(p.read_text() for p in SOURCE.glob("*.js"))))
    assert used <= {name for name, _ in rows}
    assert len(rows) > 40
    for name, row in rows:
        texts = re.findall(
            r'"([^"]*)"', re.sub(r"\{\s*one: .*?\}(?=,)", '"plural"', row, flags=re.S)
        )
        assert len(texts) in (2, 3), name
        assert name == "placeholder" or not re.search("[\u4e00-\u9fff]", texts[0]), name
        assert re.search("[\u3000-\u9fff]", texts[1]), name


@pytest.mark.parametrize("page", ["widget.md", "widget.zh-CN.md"])
def test_the_page_names_all_that_a_site_can_use_and_the_size_as_it_is(page: str) -> None:
    section = (ROOT / "docs" / page).read_text(encoding="utf-8")
    sources = {path.name: path.read_text(encoding="utf-8") for path in SOURCE.iterdir()}
    listed = re.search(r"const LOOKS = (.*?)\.split", sources["element.js"], re.DOTALL)
    assert listed
    named = set(re.findall(r"\b[a-z][\w-]+", listed[1])) - {"export", "const"}
    named |= {f"bulletin:{n}" for t in sources.values() for n in re.findall(r'_emit\("(\w+)"', t)}
    named |= set(n for t in sources.values() for n in re.findall(r"var\(--bulletin-([\w-]+)", t))
    named |= {n for t in sources.values() for n in re.findall(r'part: "(\w+)"', t)}
    named |= set(re.findall(r"^  (?:get )?([a-z]\w+)\(\w*\) \{", sources["element.js"], re.M))
    named -= {"constructor", "connectedCallback", "disconnectedCallback", "observedAttributes"}
    assert len(named) > 70
    assert {n for n in named if not re.search(rf"[`(]{re.escape(n)}[`)(]", section)} == set()
    told = re.search(r"\*\* \| ([\d.]+) \| ([\d.]+) \|", section)
    assert told
    body = (DIST / "widget.js").read_bytes()
    assert told[1] == f"{len(body) / 1000:.1f}"
    zipped = len(gzip.compress(body, 9, mtime=0)) / 1000
    assert float(told[2]) == pytest.approx(zipped, abs=0.3)  # zlib is not the same everywhere


def test_the_locked_packages_name_no_machine() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    named = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    hosts = {row["resolved"] for row in lock["packages"].values() if "resolved" in row}
    assert all(host.startswith("https://registry.npmjs.org/") for host in hosts)
    assert "dependencies" not in named
    assert all(re.fullmatch(r"[\d.]+", pinned) for pinned in named["devDependencies"].values())


def test_the_answers_of_the_stub_are_those_of_the_service() -> None:
    schemas.AnswerOut.model_validate(answer(("甲。", "乙。")))
    schemas.AnswerOut.model_validate(no_answer())


def test_the_pinned_script_may_be_kept_for_ever_and_used_from_anywhere(client: TestClient) -> None:
    reply = client.get(f"/widget/{widget.pinned_version()}/widget.js")
    assert reply.content == (DIST / "widget.js").read_bytes()
    told = reply.headers
    assert told["content-type"] == "text/javascript; charset=utf-8"
    assert told["cache-control"] == "public, max-age=31536000, immutable"
    assert told["cross-origin-resource-policy"] == "cross-origin"
    assert told["access-control-allow-origin"] == "*"
    assert told["x-content-type-options"] == "nosniff"


def test_the_alias_is_asked_about_again(client: TestClient) -> None:
    first = client.get("/widget/1/widget.js")
    assert first.headers["cache-control"] == "public, max-age=3600"
    assert first.headers["content-encoding"] == "gzip"
    assert first.content == (DIST / "widget.js").read_bytes()
    again = client.get("/widget/1/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/widget/1/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert client.head("/widget/1/widget.mjs").status_code == 200


@pytest.mark.parametrize(
    "path", ["/widget/2/widget.js", "/widget/1/other.js", "/widget/1/..%2Fbuild.js", "/widget/1/"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/embed", "/demo"])
def test_the_pages_that_show_it_have_a_strict_policy(client: TestClient, path: str) -> None:
    reply = client.get(path, params={"lang": "en", "theme": "dark", "density": "large"})
    policy = dict(
        part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["trusted-types"] == "'none'"
    assert policy["frame-ancestors"] == "https://paper.example"
    assert not re.search(r"<style|<script>| style=| on\w+=", reply.text)
    assert 'lang="en"' in reply.text
    assert 'density="large"' in reply.text


def test_without_the_policy_the_demo_still_says_who_may_frame_it(client: TestClient) -> None:
    reply = client.get("/demo", params={"csp": "none"})
    assert reply.headers["content-security-policy"] == "frame-ancestors https://paper.example"


@pytest.mark.parametrize("bad", [{"lang": "fr"}, {"accent": '"><script>'}, {"theme": "x"}])
def test_a_bad_switch_is_a_problem(client: TestClient, bad: dict[str, str]) -> None:
    assert client.get("/demo", params=bad).status_code == 422


@pytest.mark.parametrize("path", ["/embed", "/demo"])
def test_zh_is_simplified_chinese(client: TestClient, path: str) -> None:
    assert '<html lang="zh-Hans"' in client.get(path, params={"lang": "zh"}).text


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "应为 'zh-Hans'、'zh-Hant' 或 'en' 之一"),
        ("en", "one of 'zh-Hans', 'zh-Hant' or 'en'"),
    ],
)
def test_the_languages_there_are_are_told(client: TestClient, lang: str, told: str) -> None:
    reply = client.get("/embed", params={"lang": "fr"}, headers={"Accept-Language": lang})
    assert reply.status_code == 422
    assert told in reply.json()["detail"]


def test_no_frame_may_show_it_unless_the_settings_say_so(tmp_path: Path) -> None:
    with TestClient(create_app(unnamed(tmp_path))) as client:
        policy = client.get("/embed").headers["content-security-policy"]
    assert "frame-ancestors 'none';" in policy


def test_the_snippet_names_the_script_that_is_served(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["widget", "snippet", "--url", "https://ask.example/bulletin/"]) == 0
    out = capsys.readouterr().out
    tag = re.search(r'<script src="https://ask\.example/bulletin(/\S+)" integrity="(\S+)"', out)
    assert tag
    body = client.get(tag[1]).content
    assert tag[2] == f"sha384-{b64encode(sha384(body).digest()).decode()}"
    assert "  script-src https://ask.example;\n  connect-src https://ask.example;\n" in out
    assert main(["widget", "hash"]) == 0
    assert capsys.readouterr().out.strip() == tag[2]


@pytest.mark.parametrize(
    "url", ["ask.example", "ftp://ask.example", "https://", "https:///x", 'https://a"b', "//a"]
)
def test_the_snippet_needs_a_whole_address(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["widget", "snippet", "--url", url]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "expected an address such as https://ask.example" in " ".join(err.split())


def test_the_snippet_is_not_made_from_a_setting_that_cannot_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_WORKERS", "many")
    assert main(["widget", "snippet"]) == 2
    assert "BULLETIN_WORKERS is 'many'" in capsys.readouterr().err


def test_the_snippet_can_follow_upgrades(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["widget", "snippet", "--url", "https://a.example", "--follow", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["tag"] == '<script src="https://a.example/widget/1/widget.js" defer></script>'
    assert told["integrity"] is None


@pytest.mark.parametrize(
    ("names", "title"),
    [(("清河报", "清河报"), "清河报"), (("清河报", "砚川报"), None), ((None, "清河报"), None)],
)
def test_the_name_that_all_issues_bear_is_the_title_everywhere(
    tmp_path: Path, names: tuple[str | None, ...], title: str | None
) -> None:
    with Archive.open(tmp_path / "kept", create=True) as kept:
        for n, name in enumerate(names, start=1):
            text = f"第{n}条新闻\n\n本报讯公交线路新增{n}条。".encode()
            kept.add(read_bytes(text, name=f"2020-0{n}.txt", options=Metadata(publication=name)))
    with TestClient(create_app(ServiceSettings(archive=tmp_path / "kept"))) as client:
        wait_until(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/api/v1/config").json()["title"] == title
        shown = client.get("/issues", params={"lang": "en"}).text
        assert f">{title or 'Ask the bulletin'}</a>" in shown
        framed = client.get("/embed", params={"lang": "en"}).text
        assert f"<title>{title or 'Ask the bulletin'}</title>" in framed
