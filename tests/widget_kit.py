"""A stub of the service, host pages on other origins, and one browser, for tests of the widget."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.http.events import EventWriter, answer_events

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).parent.parent
DIST = ROOT / "api/http/widget/dist"
MODULES = ROOT / "node_modules"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
STRICT = (
    "default-src 'none'; script-src {api}; connect-src {api}; base-uri 'none'; form-action 'self'"
)
TRUSTED = "; require-trusted-types-for 'script'; trusted-types 'none'"


def source(n: int, **changed: Any) -> dict[str, Any]:
    """Return an article that is cited."""
    return {
        "id": f"s{n}",
        "n": n,
        "article_id": f"2020-01/a0{n}",
        "title": f"全市重点工程进展顺利之{n}",
        "publication": "新城日报",
        "issue": "2020-01",
        "number": "312",
        "issue_date": "2020-01-08",
        "date": f"2020-01-0{n}",
        "section": "要闻",
        "page": "要闻",
        "author": None,
        "url": f"/articles/2020-01/a0{n}",
        "lang": "zh-Hans",
        "snippet": "全市重点工程进展顺利。",
        **changed,
    }


def answer(
    claims: Sequence[str] = ("全年新开通公交线路12条，优化调整31条。",),
    *,
    before: str = "",
    lang: str = "zh-Hans",
    **changed: Any,
) -> dict[str, Any]:
    """Return an answer whose claims each have a marker and a source of their own."""
    text, citations = before, []
    for n, claim in enumerate(claims, 1):
        start, end = len(text), len(text) + len(claim)
        marker = f"[{n}]"
        text += claim + marker + ("\n" if n < len(claims) else "")
        citations.append(
            {
                "n": n,
                "source": f"s{n}",
                "claim": {"start": start, "end": end},
                "marker": {"start": end, "end": end + len(marker)},
                "quote": claim,
                "quote_lang": "zh-Hans",
                "verbatim": True,
                "marks": [{"start": 2, "end": 5}],
                "location": {
                    "passage_id": f"2020-01/a0{n}/p01",
                    "article_id": f"2020-01/a0{n}",
                    "start": 0,
                    "end": len(claim),
                    "ranges": [[0, len(claim)]],
                    "boxes": [],
                },
                "score": 0.9,
                "url": f"/articles/2020-01/a0{n}?mark=0-{len(claim)}#p01",
                "url_fragment": ":~:text=%E5%85%A8%E5%B9%B4",
            }
        )
    return {
        "id": "ans_1",
        "object": "answer",
        "created": "2026-11-22T09:30:00Z",
        "status": "answered",
        "lang": lang,
        "offset_unit": "codepoint",
        "text": text,
        "reading": None,
        "citations": citations,
        "sources": [source(n) for n in range(1, len(claims) + 1)],
        "conflicts": [],
        "confidence": 0.9,
        "no_answer": None,
        "follow_ups": [],
        "index": {"version": "1", "issues": 1, "passages": 9, "latest": "2020-01"},
        "timings_ms": {},
        "request_id": "req_1",
        **changed,
    }


def no_answer() -> dict[str, Any]:
    """Return an answer that says the bulletin does not say."""
    near = {
        "passage_id": "2020-01/a03/p02",
        "article_id": "2020-01/a03",
        "title": "城市绿道建成开放",
        "publication": "新城日报",
        "issue": "2020-01",
        "number": "312",
        "issue_date": "2020-01-08",
        "date": "2020-01-03",
        "section": "要闻",
        "page": "要闻",
        "snippet": "全长18公里的城市绿道昨日建成开放，沿线设有驿站6处。",
        "url": "/articles/2020-01/a03#p02",
    }
    return answer(
        (),
        before="刊物中没有找到这个问题的答案。",
        status="no_answer",
        confidence=0.1,
        no_answer={"reason": "below_threshold", "closest": [near, {**near, "title": None}]},
        follow_ups=["绿道有多长？"],
    )


def problem(status: int, code: str, **more: Any) -> dict[str, Any]:
    """Return the body of an error."""
    return {
        "type": f"/problems/{code}",
        "title": code,
        "status": status,
        "detail": code,
        "instance": "/api/v1/chat",
        "request_id": "req_7f3a",
        "error": {"message": code, "type": "x", "param": None, "code": code},
        **more,
    }


def stream_of(told: Mapping[str, Any]) -> list[bytes]:
    """Return the events of an answer as the service writes them."""
    writer = EventWriter()
    start = writer.write("start", {"request_id": told["request_id"], "index": told["index"]})
    return [start, *answer_events(writer, told)]


Reply = Callable[["Handler", dict[str, Any]], None]


def streaming(told: Mapping[str, Any], *, pause_s: float = 0.0, hold: float = 0.0) -> Reply:
    """Return a reply that streams an answer, so many seconds between its events."""

    def reply(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin_stream()
        if hold:
            time.sleep(hold)
        for event in stream_of(told):
            handler.write(event)
            if pause_s:
                time.sleep(pause_s)

    return reply


def gated(told: Mapping[str, Any], gate: threading.Event, *, before: int) -> Reply:
    """Return a reply that streams so many events, then waits for the gate before the others."""

    def reply(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin_stream()
        events = stream_of(told)
        for event in events[:before]:
            handler.write(event)
        gate.wait(20)
        for event in events[before:]:
            handler.write(event)

    return reply


def failing(status: int, body: Mapping[str, Any], **headers: str) -> Reply:
    """Return a reply that is an error."""

    def reply(handler: Handler, _: dict[str, Any]) -> None:
        handler.send(status, json.dumps(body).encode(), "application/problem+json", headers)

    return reply


def raw(*chunks: bytes) -> Reply:
    """Return a reply that writes these bytes as the stream, then ends."""

    def reply(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin_stream()
        for chunk in chunks:
            handler.write(chunk)

    return reply


@dataclass
class HostPage:
    """A page of a host site: its body, and headers beside the content type."""

    html: str
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """A small web server on a free loopback port: the service's stub, or a host site."""

    def __init__(self) -> None:
        """Start serving."""
        self.pages: dict[str, HostPage] = {}
        self.config: dict[str, Any] = {}
        self.reply: Reply = streaming(answer())
        self.log: list[tuple[str, str]] = []
        self.asked: list[dict[str, Any]] = []
        self.judged: list[dict[str, Any]] = []
        self.is_blind = False
        site = self

        class Bound(Handler):
            def __init__(self, *args: Any) -> None:
                self.site = site
                super().__init__(*args)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def forget(self) -> None:
        """Answer as at the start, and forget what was asked."""
        self.config = {
            "title": "问问新城日报",
            "languages": ["zh-Hans", "en"],
            "limits": {"question_chars": 1000, "history_turns": 20, "history_chars": 20000},
            "suggestions": ["新开通了多少条公交线路？", "How many new bus routes are there?"],
        }
        self.reply = streaming(answer())
        self.log.clear()
        self.asked.clear()
        self.judged.clear()
        self.is_blind = False

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Answers one request of a site."""

    site: Site
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def send(
        self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send a whole response."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self._cors()
        for name, value in (headers or {}).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _cors(self) -> None:
        if not self.site.is_blind:
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Expose-Headers", "Retry-After, X-Request-ID")
            self.send_header("Cross-Origin-Resource-Policy", "cross-origin")

    def begin_stream(self) -> None:
        """Send the head of a stream of events."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self._cors()
        self.end_headers()

    def write(self, chunk: bytes) -> None:
        """Send a chunk of the stream."""
        self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        self.wfile.flush()

    def do_OPTIONS(self) -> None:
        self.site.log.append(("OPTIONS", self.path))
        allowed = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type",
        }
        self.send(204, b"", "text/plain", allowed)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.site.log.append(("GET", self.path))
        if path in self.site.pages:
            page = self.site.pages[path]
            self.send(200, page.html.encode(), "text/html; charset=utf-8", page.headers)
        elif path == "/api/v1/config":
            self.send(200, json.dumps(self.site.config).encode(), "application/json")
        elif path.startswith("/widget/1/"):
            self._file(DIST / path.rpartition("/")[2])
        elif path.startswith("/node_modules/"):
            self._file(MODULES / path.removeprefix("/node_modules/"))
        elif path.startswith("/src/"):
            self._file(DIST.parent / path[1:])
        else:
            self.send(404, b"", "text/plain")

    def _file(self, path: Path) -> None:
        if path.is_file():
            self.send(200, path.read_bytes(), f"{TYPES[path.suffix]}; charset=utf-8")
        else:
            self.send(404, b"", "text/plain")

    def do_POST(self) -> None:
        self.site.log.append(("POST", self.path))
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/api/v1/chat" and self.path != "/api/v1/feedback":
            self.send(404, b"", "text/plain")
            return
        if self.path == "/api/v1/feedback":
            self.site.judged.append(body)
            self.send(204, b"", "text/plain")
            return
        self.site.asked.append(body)
        try:
            self.site.reply(self, body)
            if self.headers.get("Accept") and not self.close_connection:
                self.wfile.write(b"0\r\n\r\n" if self._is_streaming() else b"")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _is_streaming(self) -> bool:
        return b"chunked" in b"".join(getattr(self, "_sent_headers", []))

    def flush_headers(self) -> None:
        """Remember the headers, to tell whether a stream has to be ended."""
        self._sent_headers = list(getattr(self, "_headers_buffer", []))
        super().flush_headers()


@contextmanager
def sites() -> Iterator[tuple[Site, Site]]:
    """Serve the stub and a host site on two origins."""
    api, host = Site(), Site()
    try:
        yield api, host
    finally:
        api.stop()
        host.stop()


def script_tag(api: str, attributes: str = "") -> str:
    """Return the tag that puts a widget on a page."""
    return f'<script src="{api}/widget/1/widget.js" defer {attributes}></script>'


def host_html(head: str, *, body: str = "", lang: str = "zh-CN") -> str:
    """Return a page of a host site."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>新城日报</title>'
        f'{head}</head><body><main><h1>新城日报</h1><p id="p">今日要闻。</p>{body}</main>'
        "</body></html>"
    )


class Stage:
    """A page of the host site with the widget on it, and what happens there."""

    def __init__(self, browser: Browser, api: Site, host: Site) -> None:
        """Use the browser and the two sites."""
        self.api = api
        self.host = host
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []
        self.said: list[str] = []
        self.urls: list[str] = []

    def show(
        self,
        attributes: str = "",
        *,
        html: str | None = None,
        head: str = "",
        body: str = "",
        lang: str = "zh-CN",
        headers: Mapping[str, str] | None = None,
        init: str = "",
        width: int = 1280,
        **context: Any,
    ) -> Page:
        """Open a page in a new context; `init` runs before the page's own scripts."""
        opened = self._browser.new_context(
            viewport={"width": width, "height": 800}, **{"locale": "zh-CN", **context}
        )
        opened.set_default_timeout(8000)
        self._contexts.append(opened)
        page = opened.new_page()
        page.on("pageerror", lambda error: self.errors.append(error.stack or str(error)))
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("request", lambda request: self.urls.append(request.url))
        if init:
            page.add_init_script(init)
        if html is None:
            html = host_html(script_tag(self.api.url, attributes) + head, body=body, lang=lang)
        self.host.pages["/page"] = HostPage(html, dict(headers or {}))
        page.goto(f"{self.host.url}/page")
        return page

    def open(self, attributes: str = "", **how: Any) -> Page:
        """Show a page and open the widget by its launcher."""
        page = self.show(attributes, **how)
        page.locator(".launcher").click()
        page.locator("textarea").wait_for()
        return page

    def close(self) -> None:
        """Close the pages."""
        for context in self._contexts:
            context.close()


def ask(page: Page, question: str = "新开通了多少条公交线路？", *, wait: bool = True) -> None:
    """Ask in the open widget, and wait for the answer."""
    before = page.locator(".question").count()
    page.locator("textarea").fill(question)
    page.locator("textarea").press("Enter")
    if wait:
        mine = f".turns > li:nth-child({2 * before + 2})"
        page.locator(f'{mine} > .answer[aria-busy="false"]').wait_for()


def words(locator: Locator) -> str:
    """Return the text of an element as it is shown, on one line."""
    return " ".join(locator.inner_text().split())


def focused(page: Page) -> str:
    """Return what has the focus: tag and first class of the innermost element, and its name."""
    told: str = page.evaluate(
        """() => {
          let at = document.activeElement;
          while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
          return at.tagName.toLowerCase() + (at.className ? "." + at.className.split(" ")[0] : "");
        }"""
    )
    return told
