"""`python -m tests.screenshots DIR`: every page in zh and en, light and dark, wide and narrow."""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path
from urllib.parse import quote

from tests.browsing import DIFFERING_QUESTION, chromium, issues, served

PAGES = {
    "ask": "/",
    "answered": "/?q=" + quote("全区高新技术企业有多少家？"),
    "partial": "/?q=" + quote("what is the 25311 goal"),
    "none": "/?q=" + quote("明天天气怎么样？"),
    "conflict": "/?q="
    + quote("谁主持了一季度经济运行分析会？")
    + "&q="
    + quote(DIFFERING_QUESTION),
    "issues": "/issues",
    "issue": "/issues/2023-05",
    "article": "/articles/2023-05/a01?mark=22-60,139-180",
    "table": "/articles/2016-09/a01",
    "photo": "/articles/2022-08/a11",
    "notice": "/articles/2023-05/a11",
    "problems": "/problems",
    "problem": "/problems/rate-limited",
    "failed": "/nowhere",
    "docs": "/docs",
}


def main(folder: Path, names: list[str]) -> None:
    """Save a picture of each page in each guise, those of the names or all."""
    folder.mkdir(parents=True, exist_ok=True)
    guises = product(("zh", "en"), ("light", "dark"), (1280, 320))
    with (
        tempfile.TemporaryDirectory() as kept,
        served(Path(kept), issues()) as base,
        chromium() as browser,
    ):
        for lang, scheme, width in guises:
            page = browser.new_page(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            for name in names or PAGES:
                path = PAGES[name]
                page.goto(f"{base}{path}{'&' if '?' in path else '?'}lang={lang}")
                page.screenshot(path=folder / f"{name}-{lang}-{scheme}-{width}.png", full_page=True)
            page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
