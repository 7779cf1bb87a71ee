"""`bulletin index`, `bulletin engine`, and the settings of an engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import main
from api.doctor import examine
from api.http.settings import ServiceSettings
from api.settings import settings_from
from corpus.archive import Archive
from corpus.types import Issue
from qa.engine.milvus import Address
from tests.conftest import DATA

QUESTION = "谁主持了一季度经济运行分析会？"


@pytest.fixture
def kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an archive of the three invented issues."""
    folder = home / "kept"
    monkeypatch.setenv("BULLETIN_ARCHIVE", str(folder))
    assert main(["add", str(DATA)]) == 0
    return folder


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_an_engine_is_filled_asked_and_kept_up_to_date(
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    uri = str(tmp_path / "lite.db")
    capsys.readouterr()
    assert main(["ask", QUESTION, "--json"]) == 0
    here = told(capsys)
    assert main(["engine", "sync", "--engine-uri", uri, "--workers", "2", "--json"]) == 0
    assert told(capsys) == {"n_written": 3, "n_removed": 0, "n_passages": 140}
    assert main(["ask", QUESTION, "--engine-uri", uri, "--json"]) == 0
    there = told(capsys)
    assert (there["text"], there["citations"]) == (here["text"], here["citations"])
    assert main(["search", "要闻", "--engine", "milvus", "--engine-uri", uri]) == 0
    capsys.readouterr()

    monkeypatch.setenv("BULLETIN_ENGINE", "milvus")
    monkeypatch.setenv("BULLETIN_ENGINE_URI", uri)
    assert main(["remove", "2019-11"]) == 0
    capsys.readouterr()
    assert main(["engine", "status", "--json"]) == 0
    status = told(capsys)
    assert (status["is_filled"], status["n_passages"]) == (True, status["n_passages_in_archive"])
    checks = {check.name: check for check in examine(ServiceSettings(archive=kept, port=0))}
    assert checks["engine"].status == checks["indexes"].status == "ok"
    assert main(["remove", "2022-08", "--archive", str(kept)]) == 0
    monkeypatch.setenv("BULLETIN_ENGINE", "embedded")
    assert main(["remove", "2023-05"]) == 0
    monkeypatch.setenv("BULLETIN_ENGINE", "milvus")
    assert main(["engine", "status"]) == 3
    assert main(["ask", QUESTION]) == 3
    assert "has not what the archive has" in capsys.readouterr().err
    checks = {check.name: check for check in examine(ServiceSettings(archive=kept, port=0))}
    assert checks["engine"].status == "fail"


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"ENGINE": "milvus"}, "engine milvus: has no address"),
        ({"ENGINE": "elastic"}, "engine elastic: is not known"),
        (
            {"ENGINE": "milvus", "ENGINE_URI": "http://h:1", "ENGINE_TIMEOUT_S": "soon"},
            "BULLETIN_ENGINE_TIMEOUT_S is 'soon', expected seconds",
        ),
        *(
            (
                {"ENGINE": "milvus", "ENGINE_URI": "http://h:1", name: value},
                f"engine milvus: BULLETIN_{name} is {value!r}, expected ",
            )
            for name, value in (
                ("ENGINE_TIMEOUT_S", "-5"),
                ("ENGINE_TIMEOUT_S", "0"),
                ("ENGINE_TIMEOUT_S", "nan"),
                ("ENGINE_NAME", "9th"),
                ("ENGINE_NAME", "two words"),
                ("ENGINE_NAME", "x" * 65),
            )
        ),
    ],
)
def test_settings_that_cannot_be_are_one_clear_error(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    problem: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"BULLETIN_{name}", value)
    assert main(["ask", QUESTION]) == 3
    assert problem in capsys.readouterr().err
    assert main(["serve", "--port", "0"]) == 2


def test_the_commands_and_the_service_read_the_same_of_an_engine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"ENGINE": "milvus", "ENGINE_URI": "https://h:1", "ENGINE_TOKEN": "a:b"}
    told |= {"ENGINE_CA": "ca.pem", "ENGINE_NAME": "x" * 64, "ENGINE_TIMEOUT_S": "0.5"}
    for name, value in told.items():
        monkeypatch.setenv(f"BULLETIN_{name}", value)
    address = Address("https://h:1", token="a:b", ca=Path("ca.pem"), name="x" * 64, timeout_s=0.5)
    assert settings_from().engine == address
    assert ServiceSettings().base.engine == address


def test_no_engine_is_to_be_filled(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine", "sync", "--archive", str(home)]) == 2
    assert "name the engine" in capsys.readouterr().err


def test_the_token_is_never_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BULLETIN_ENGINE", "milvus")
    monkeypatch.setenv("BULLETIN_ENGINE_URI", "https://root:hidden@milvus:19530")
    monkeypatch.setenv("BULLETIN_ENGINE_TOKEN", "hidden")
    assert main(["config", "show"]) == 0
    out = capsys.readouterr().out
    assert "BULLETIN_ENGINE_TOKEN=***  # environment" in out
    assert "BULLETIN_ENGINE_URI=https://***@milvus:19530" in out
    settings = ServiceSettings()
    assert "hidden" not in out + repr(settings) + repr(settings.base)


def test_the_command_builds_the_index_with_several_processes(
    home: Path, capsys: pytest.CaptureFixture[str], sample: Issue
) -> None:
    folder = home / "kept"
    with Archive.open(folder, create=True) as kept:
        kept.add(sample)
    assert main(["index", "--archive", str(folder), "--workers", "2"]) == 0
    assert capsys.readouterr().out == f"{len(sample.passages)} passages\n"
    kinds = {path.name.partition("-")[0] for path in (folder / "index").glob("*-*")}
    assert kinds == {"forward", "lexical", "vectors"}


def test_two_ways_to_spread_at_once_are_refused(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "kept"
    Archive.open(folder, create=True).close()
    told = ["index", "--archive", str(folder), "--workers", "2", "--ray", "auto"]
    assert main(told) == 2
    assert "give one of them" in capsys.readouterr().err
