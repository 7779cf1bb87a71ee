"""What axe-core, the checker of access for all, finds on a page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.widget_kit import MODULES

if TYPE_CHECKING:
    from playwright.sync_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_RUN = """(tags) => axe.run(document, {
  runOnly: { type: "tag", values: tags },
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
}).then((result) => result.violations.map((v) =>
  v.id + ": " + v.nodes.map((n) => n.target.flat().join(" ")).join(", ")))"""


@cache
def _source() -> str:
    path = MODULES / "axe-core/axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not installed: npm ci")
    return path.read_text(encoding="utf-8")


def findings(page: Page) -> list[str]:
    """Return what it finds on a page, each rule with its elements."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN, _TAGS)
    return found
