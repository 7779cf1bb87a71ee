"""A real Chromium and a served archive, for tests of pages and for looking at them.

`python -m tests.browsing` fetches the browser where none is found and the machine lets it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.http.settings import ServiceSettings
from api.service import sample_issue
from corpus.archive import Archive
from corpus.reader import read_bytes, read_issue
from tests.conftest import DATA, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from corpus.types import Issue

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TRADITIONAL = "據交通局介紹，全區公交線路達到二十條，方便了群眾出行，這項工作還將繼續。"
TABLE = """# 各街道基本情况

截至年底，全区共有三个街道。

| 街道 | 常住人口（万人） | 面积（平方公里） | 书记 |
|---|---|---|---|
| 青石铺街道 | 5.2 | 18.6 | 张国强 |
| 白鹭街道 | 3.8 | 22.4 | 李明华 |
| 南湾街道 | 4.1 | 15.0 | 王建新 |

详见区统计年鉴。
"""
DIFFERING = {
    "2021-03": ("", "截至目前，全区有公交线路12条。"),
    "2022-05": (
        "清河日报\n2022年5月9日 星期一 第108期\n\n",
        "据交通局介绍，全区公交线路达到15条，方便了群众。",
    ),
}
DIFFERING_QUESTION = "全区有公交线路多少条？"


def printed(name: str, *paragraphs: str) -> Issue:
    """Return an issue of one article."""
    return read_bytes("\n\n".join(paragraphs).encode(), name=f"{name}.txt")


def issues() -> list[Issue]:
    """Return issues that show every kind of article, disagree, and try to break a page."""
    head = "全区公交线网优化\n\n本报讯 （记者李一）"
    return [
        sample_issue(),
        *(read_issue(path) for path in sorted(DATA.glob("issue_*.txt"))),
        *(printed(name, masthead + head + text) for name, (masthead, text) in DIFFERING.items()),
        printed("2018-01", f"本报讯 （记者王二）{HOSTILE}研究所今年栽种玉兰树九百株。"),
        read_bytes(TABLE.encode(), name="2016-09.md"),
        printed("2017-06", f"全區公交線網優化\n\n本報訊 （記者李一）{TRADITIONAL}"),
    ]


@contextmanager
def served(folder: Path, kept: Sequence[Issue]) -> Iterator[str]:
    """Serve an archive of these issues on a free port of this machine; give its address."""
    with Archive.open(folder, create=True) as archive:
        for issue in kept:
            archive.add(issue)
    with serving(ServiceSettings(archive=folder)) as address:
        yield address


def found() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def wait_for(page: Page, expression: str, *, limit_s: float = 30.0) -> None:
    """Wait until an expression is true in a page.

    It is asked from outside again and again: the page's own policy forbids to evaluate text within,
    which is how the browser's driver would wait.
    """
    from playwright.sync_api import Error

    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        try:
            if page.evaluate(expression):
                return
        except Error as exc:
            if "context was destroyed" not in str(exc):  # another page is being opened
                raise
        page.wait_for_timeout(20)
    raise AssertionError(f"it never came to be true: {expression}")


def install() -> str | None:
    """Fetch a Chromium and Chinese faces where there is none; return why not, or None."""
    if found():
        return None
    if not shutil.which("apt-get"):
        return "no Chromium, and no apt-get to install one with"
    if os.geteuid() != 0:
        return "no Chromium; install it: sudo apt-get install chromium fonts-noto-cjk"
    for command in (["update"], ["install", "-y", "chromium", "fonts-noto-cjk"]):
        done = subprocess.run(["apt-get", "-qq", *command], check=False, capture_output=True)
        if done.returncode:
            return f"apt-get {command[0]} failed: {done.stderr.decode()[-200:].strip()}"
    return None


if __name__ == "__main__":
    why = install()
    sys.stderr.write(f"tests in a browser will be skipped: {why}\n" if why else "")
