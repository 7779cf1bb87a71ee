"""Fixtures: archives of the shipped and the invented issues, and an encoder without a model."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import uvicorn
from numpy.typing import NDArray

from api.http.app import create_app
from api.http.settings import ServiceSettings
from api.service import sample_issue
from corpus.archive import Archive
from corpus.reader import read_issue, read_text
from corpus.sources import source_of
from corpus.types import Issue
from qa.answer import Answerer
from qa.rank import Finder
from tests.widget_kit import MODULES, Site, Stage, sites

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ["HF_HUB_OFFLINE"] = "1"
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background of a shell
    signal.signal(signal.SIGINT, signal.default_int_handler)  # processes would inherit it

DATA = Path(__file__).parent / "data"
INVENTED = ("issue_2019-11.txt", "issue_2022-08.txt", "issue_2023-05.txt")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests in a browser last: once Playwright runs, `asyncio.run` refuses this thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


class HashingEncoder:
    """Gives each distinct text a random unit vector of its own; blank texts get zeros."""

    name = "hashing"
    fingerprint = "1"

    def __init__(self, dim: int = 16) -> None:
        self.dim = dim

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            if text.strip():
                seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
                row[:] = np.random.default_rng(seed).normal(size=self.dim)
                row /= np.linalg.norm(row)
        return rows


def issue_of(*paragraphs: str, name: str = "2020-01.txt", issue_id: str | None = None) -> Issue:
    """Return an issue of one article whose paragraphs these are."""
    source = source_of("\n\n".join(paragraphs).encode(), name=name)
    return read_text(source, issue_id=issue_id)


@pytest.fixture(scope="session")
def sample() -> Issue:
    return sample_issue()


@pytest.fixture(scope="session")
def invented() -> list[Issue]:
    return [read_issue(DATA / name) for name in INVENTED]


@pytest.fixture(scope="session")
def sample_archive(sample: Issue) -> Iterator[Archive]:
    with Archive.in_memory([sample]) as archive:
        yield archive


@pytest.fixture(scope="session")
def invented_archive(invented: list[Issue]) -> Iterator[Archive]:
    with Archive.in_memory(invented) as archive:
        yield archive


@pytest.fixture(scope="session")
def sample_finder(sample_archive: Archive) -> Finder:
    return Finder.open(sample_archive)


@pytest.fixture(scope="session")
def invented_finder(invented_archive: Archive) -> Finder:
    return Finder.open(invented_archive)


@pytest.fixture(scope="session")
def sample_answerer(sample_finder: Finder) -> Answerer:
    return Answerer(sample_finder)


@pytest.fixture(scope="session")
def invented_answerer(invented_finder: Finder) -> Answerer:
    return Answerer(invented_finder)


@pytest.fixture
def hashing() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an XDG data directory, and no settings and no language from outside."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    for name in ("NO_COLOR", "FORCE_COLOR", *(n for n in os.environ if n.startswith("BULLETIN_"))):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


def unnamed(folder: Path, **told: Any) -> ServiceSettings:  # noqa: ANN401  # any field's
    """Return the service's settings where no archive is named: the shipped issue stands in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        patch.delenv("BULLETIN_ARCHIVE", raising=False)
        return ServiceSettings(**told)


@contextmanager
def serving(settings: ServiceSettings) -> Iterator[str]:
    """Serve an archive on a free port of loopback; give the address, stop it afterwards."""
    config = uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        assert config.app.state.engine.wait(60)  # type: ignore[union-attr]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def sample_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the shipped issue; give the address."""
    with serving(unnamed(tmp_path_factory.mktemp("none"))) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give one Chromium to all tests."""
    from tests.browsing import chromium, found

    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if found() is None:
        pytest.skip("no Chromium; python -m tests.browsing tells how to get one")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def widget_sites() -> Iterator[tuple[Site, Site]]:
    """Give a stub of the service and a host site to all tests of the widget."""
    if not MODULES.is_dir():
        pytest.skip("no node_modules: npm ci")
    with sites() as both:
        yield both


@pytest.fixture
def stage(browser: Browser, widget_sites: tuple[Site, Site]) -> Iterator[Stage]:
    """Give a stage for the widget; nothing on it may throw."""
    api, host = widget_sites
    api.forget()
    made = Stage(browser, api, host)
    yield made
    made.close()
    assert made.errors == []
