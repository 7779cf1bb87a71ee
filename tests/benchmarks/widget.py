"""`python -m tests.benchmarks.widget`: what the closed widget costs the main thread of a page.

A page is loaded with an empty script (the first script on a page pays for the engine, whatever
it does), with a plain button of the launcher's looks in its HTML besides, and with the widget's
script, round after round, each in a new context. Chromium tells processor time, not wall time, of
the page's main thread; medians are printed, and what the page with the empty script takes is taken
off.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.browsing import chromium
from tests.widget_kit import Stage, host_html, script_tag, sites

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 15
SETTLED_MS = 250
EMPTY = "empty script"
SCRIPT, WORK = "ScriptDuration", "TaskDuration"
BUTTON = """<button style="all: initial; position: fixed; right: 20px; bottom: 20px; display: flex;
  gap: .5em; align-items: center; min-height: 44px; padding: 4px 11px; border-radius: 8px;
  background: #9c2a1e; color: #fff; font: 600 15px/1.6 system-ui, sans-serif; cursor: pointer;
  box-shadow: 0 2px 10px #0003"><svg viewBox="0 0 24 24" width="20" fill="none"
  stroke="currentColor"><path d="M4 5h16v11H9l-5 4z"/></svg><span>问问报纸</span></button>"""


def main_thread_ms(page: Page) -> dict[str, float]:
    """Load a page again and return milliseconds of its main thread, by Chromium's own names."""
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.reload()
    page.wait_for_timeout(SETTLED_MS)
    told = client.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] * 1000 for one in told if one["name"] in (SCRIPT, WORK)}


def main() -> None:
    """Print the table."""
    with sites() as (api, host), chromium() as browser:
        pages = {
            EMPTY: host_html("<script>0</script>"),
            "plain button": host_html("<script>0</script>", body=BUTTON),
            "widget, closed": host_html(script_tag(api.url)),
        }
        found: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
        for _ in range(ROUNDS):
            for name, html in pages.items():
                stage = Stage(browser, api, host)
                found[name].append(main_thread_ms(stage.show(html=html)))
                stage.close()
    bare = {key: median(row[key] for row in found[EMPTY]) for key in (SCRIPT, WORK)}
    print(f"{'':16}{'script ms':>12}{'all work ms':>14}")
    for name, rows in found.items():
        script, work = (median(row[key] for row in rows) for key in (SCRIPT, WORK))
        if name != EMPTY:
            script, work = script - bare[SCRIPT], work - bare[WORK]
        print(f"{name:16}{script:12.1f}{work:14.1f}")


if __name__ == "__main__":
    main()
