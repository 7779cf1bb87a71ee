"""The service in operation: stopped in mid-stream, with several workers, its archive changing."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.cli import main
from api.cli.serving import warnings_of
from api.http.engine import Engine
from api.http.metrics import Metrics
from api.http.settings import ServiceSettings, variable
from corpus.archive import Archive
from corpus.reader import read_bytes
from corpus.schema import FILE_NAME
from tests.conftest import DATA, INVENTED, unnamed
from tests.served import QUESTION, Server, drained, parsed, serving, wait_until
from tests.slow_service import DELAY_S, FIRST, LATE_S


def ask_for_stream(server: Server) -> bytes:
    body = json.dumps({"question": QUESTION, "stream": True}).encode()
    head = (
        f"POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def keep(folder: Path, name: str, *paragraphs: str) -> str:
    """Keep an issue; return the version of the archive from then on."""
    with Archive.open(folder, create=True) as kept:
        kept.add(read_bytes("\n\n".join(paragraphs).encode(), name=f"{name}.txt"), replace=True)
        return str(kept.told()["version"])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stream_is_finished_when_the_service_is_told_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setenv(DELAY_S, "2")
    with serving(tmp_path / "none", module="tests.slow_service", workers=str(workers)) as server:
        with server.connect() as wire:
            wire.sendall(ask_for_stream(server))
            begun = wire.recv(65536)
            while b"event: start" not in begun:
                more = wire.recv(65536)
                assert more, begun
                begun += more
            assert b"event: done" not in begun
            server.process.send_signal(signal.SIGTERM)
            _, _, body = parsed(begun + drained(wire))
        assert body.count(b"event: done") == 1
        assert b"100.18%" in body.rpartition(b"event: done")[2]
        assert server.process.wait(30) in (-signal.SIGTERM, 143, 0)
        with pytest.raises(ConnectionError):
            server.connect()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_hangup_stops_no_service(tmp_path: Path, workers: int) -> None:
    with serving(tmp_path / "none", workers=str(workers)) as server:
        wait_until(lambda: len(started(server)) == workers)
        for line in started(server):
            os.kill(int(line.partition("[")[2].partition("]")[0]), signal.SIGHUP)
        wait_until(lambda: "\n".join(server.lines).count("SIGHUP changes nothing") == workers)
        assert server.get("/readyz")[0] == 200
        assert not any("died" in line for line in server.lines)
        server.process.terminate()
        server.wait_for("Application shutdown complete")


def test_a_stream_whose_reader_leaves_is_dropped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DELAY_S, "1")
    with serving(tmp_path / "none", module="tests.slow_service") as server:
        with server.connect() as wire:
            wire.sendall(ask_for_stream(server))
            assert b"200 OK" in wire.recv(65536)
            assert b"bulletin_streams_open 1.0" in server.get("/metrics")[2]
        wait_until(lambda: b"bulletin_stream_aborts_total 1.0" in server.get("/metrics")[2])
        assert b"bulletin_streams_open 0.0" in server.get("/metrics")[2]
        [row] = [row for row in server.logged() if row["route"] == "/api/v1/chat"]
        assert row["cut"] is True


def test_several_workers_share_an_archive_and_count_together(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    first = keep(folder, "2021-01", "全区疫苗接种率达到81%。")
    with serving(folder, "--workers", "2", reload_s="0.1") as server:
        wait_until(lambda: len(started(server)) == 2)
        answers = [json.loads(server.get(f"/api/v1/ask?q={quoted(n)}")[2]) for n in range(8)]
        assert {answer["index"]["version"] for answer in answers} == {first}
        second = keep(folder, "2022-01", "全区疫苗接种率达到92%。")
        in_a_row = 0
        for _ in range(2000):  # both, so many times in a row that chance does not explain it
            version = json.loads(server.get("/version")[2])["index"]["version"]
            in_a_row = in_a_row + 1 if version == second else 0
            if in_a_row == 40:
                break
            time.sleep(0.01)
        assert in_a_row == 40
        figures = server.get("/metrics")[2].decode()
        labels = r'method="GET",route="/api/v1/ask",status="200"'
        asked = re.search(rf"bulletin_http_requests_total{{{labels}}} (.+)", figures)
        assert asked
        assert float(asked[1]) == 8
        assert "bulletin_index_documents 2.0" in figures


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers share one socket")
def test_connections_that_come_at_once_are_spread_over_the_workers(tmp_path: Path) -> None:
    with serving(tmp_path / "none", "--workers", "2") as server, ExitStack() as stack:
        wait_until(lambda: n_listening(server.port) == 2)
        folders = [folder / "fd" for folder in children(server.process.pid)]
        before = [len(list(folder.iterdir())) for folder in folders]
        wires = [stack.enter_context(server.connect()) for _ in range(48)]
        for wire in wires:
            wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert all(b"200 OK" in wire.recv(65536) for wire in wires)
        came = [len(list(folder.iterdir())) - n for folder, n in zip(folders, before, strict=True)]
        assert sum(n >= 4 for n in came) == 2, came


@pytest.mark.skipif(sys.platform != "linux", reason="processes are listed in /proc")
def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path / "none", "--workers", "2") as server:
        wait_until(lambda: len(started(server)) == 2)
        pid = int(sorted(started(server))[0].partition("[")[2].partition("]")[0])
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len(started(server)) == 3)
        for _ in range(40):  # so many that each worker is asked
            assert server.get("/healthz")[0] == 200


def n_listening(port: int) -> int:
    """Return how many sockets listen on a port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def children(pid: int) -> list[Path]:
    """Return the folders in /proc of the processes that a process started."""
    told = {path.parent: path.read_text() for path in Path("/proc").glob("[0-9]*/stat")}
    return [
        folder for folder, stat in told.items() if stat.rpartition(")")[2].split()[1] == str(pid)
    ]


def test_a_worker_that_still_opens_the_archive_gets_no_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FIRST, str(tmp_path / "first"))
    with serving(tmp_path / "none", module="tests.slow_service", workers="2") as server:
        end = time.monotonic() + LATE_S + 1  # when both have long opened it
        while time.monotonic() < end:
            assert server.get("/readyz")[0] == 200


def wait_for(version: str, seen: list[str], wrong: list[str]) -> None:
    wait_until(lambda: version in seen or wrong)


def started(server: Server) -> set[str]:
    rows = [json.loads(line)["message"] for line in list(server.lines) if line.startswith("{")]
    return {row for row in rows if "Started server process" in row}


def quoted(n: int) -> str:
    from urllib.parse import quote

    return quote(f"{QUESTION}{'？' * n}")


def test_no_request_is_lost_or_mixes_states_while_the_archive_changes(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    figures = {keep(folder, "2021-01", "全区疫苗接种率达到50%。"): "50%"}
    with serving(folder, reload_s="0.05") as server:
        stopped = threading.Event()
        wrong: list[str] = []
        seen: list[str] = []

        def said_of(version: str) -> str:
            wait_until(lambda: version in figures)  # the writer notes it just after
            return figures[version]

        def ask() -> None:
            while not stopped.is_set():
                status, _, body = server.get(f"/api/v1/ask?q={quoted(0)}")
                told = json.loads(body)
                if status != 200:
                    wrong.append(f"{status} {body.decode()}")
                    return
                version = told["index"]["version"]
                seen.append(version)
                said = told["citations"][0]["quote"] if told["citations"] else told["text"]
                if said_of(version) not in said:
                    wrong.append(f"{version} is {figures[version]}: {said}")

        askers = [threading.Thread(target=ask) for _ in range(3)]
        for asker in askers:
            asker.start()
        for percent in range(51, 59):  # more states than folders of indexes are kept
            version = keep(folder, "2021-01", f"全区疫苗接种率达到{percent}%。")
            figures[version] = f"{percent}%"
            wait_for(version, seen, wrong)
        stopped.set()
        for asker in askers:
            asker.join()
        assert wrong == []
        assert set(seen) == set(figures)
        assert len(list(folder.glob("dense-*")) + list(folder.glob("lexical-*"))) <= 6


def test_the_garbage_collector_leaves_a_state_alone_and_takes_the_one_before(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "archive"
    keep(folder, "2021-01", "全区疫苗接种率达到50%。")
    engine = Engine(unnamed(tmp_path, archive=folder, reload_s=0.05), Metrics("0"))
    engine.start()
    try:
        assert engine.wait(60)
        wait_until(gc.get_freeze_count)
        first = engine.generation
        finder = weakref.ref(first.run(lambda parts: parts.finder))
        first.circle = first  # type: ignore[attr-defined]
        version, kept = first.told["version"], weakref.ref(first)
        del first
        keep(folder, "2021-01", "全区疫苗接种率达到60%。")
        wait_until(lambda: engine.generation.told["version"] != version)
        wait_until(lambda: (kept(), finder()) == (None, None))
    finally:
        engine.stop()
        gc.unfreeze()


def test_what_is_corrected_or_removed_is_given_nowhere_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep(folder, "2022-01", "全区建成公园12座。")
    path, key = f"/api/v1/ask?q={quoted(0)}", {"Idempotency-Key": "one"}

    def given(server: Server, tag: str) -> str:
        """Return all that the service gives of the issue, by every way that may remember it."""
        found = [server.get(path, If_None_Match=tag), server.get(f"/?q={quoted(0)}")]
        found += [
            server.post("/api/v1/chat", {"question": QUESTION}, **headers) for headers in ({}, key)
        ]
        asked = {"model": "bulletin", "messages": [{"role": "user", "content": QUESTION}]}
        found.append(server.post("/v1/chat/completions", asked))
        places = ("articles/2021-01/a01", "passages/2021-01/a01/p01", "issues/2021-01")
        found += [server.get(f"/api/v1/{place}") for place in places]
        found += [server.get(f"/api/v1/search?q={quoted(0)}"), server.get("/articles/2021-01/a01")]
        return "".join(body.decode() for _, _, body in found)

    def until(server: Server, version: str) -> None:
        wait_until(lambda: json.loads(server.get("/version")[2])["index"]["version"] == version)

    version = keep(folder, "2021-01", "全区疫苗接种率达到50%。")
    with serving(folder, reload_s="0.05") as server:
        until(server, version)
        status, told, _ = server.get(path)
        assert (status, told["cache-control"]) == (200, "public, no-cache")
        assert server.get(path, If_None_Match=told["etag"])[0] == 304
        assert "50%" in given(server, "")
        until(server, keep(folder, "2021-01", "全区疫苗接种率达到60%。"))
        after = given(server, told["etag"])
        assert ("50%" in after, "60%" in after) == (False, True)
        with Archive.open(folder) as kept:
            kept.remove("2021-01")
            version = str(kept.told()["version"])
        until(server, version)
        after = given(server, told["etag"])
        assert ("50%" in after, "60%" in after, "接种率达到6" in after) == (False, False, False)


def test_an_archive_whose_indexes_are_thrown_away_goes_on_answering(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep(folder, "2021-01", "全区疫苗接种率达到50%。")
    with serving(folder, reload_s="0.05") as server:
        before = json.loads(server.get(f"/api/v1/ask?q={quoted(0)}")[2])["citations"]
        for derived in folder.iterdir():
            if derived.is_dir():
                shutil.rmtree(derived, ignore_errors=True)
        after = json.loads(server.get(f"/api/v1/ask?q={quoted(0)}")[2])["citations"]
        assert after == before
        version = keep(folder, "2022-01", "全区建成公园12座。")
        wait_until(lambda: json.loads(server.get("/version")[2])["index"]["version"] == version)
        assert server.get(f"/api/v1/ask?q={quoted(0)}")[0] == 200


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs another who may write"
)
def test_an_archive_that_may_only_be_read_is_served_as_it_changes(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep(folder, "2022-01", "全区建成公园12座。")
    keep(folder, "2021-01", "全区疫苗接种率达到50%。")
    assert main(["ask", QUESTION, "--archive", str(folder)]) == 0  # the indexes are there
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    powers = "-dac_override,-dac_read_search"
    humble = ("setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}")
    told = {"reload_s": "0.05", "service_db": str(tmp_path / "service.db")}

    def asked(server: Server) -> tuple[int, str]:
        status, _, body = server.get(f"/api/v1/ask?q={quoted(0)}")
        return status, body.decode()

    with serving(folder, within=humble, **told) as server:
        assert "50%" in asked(server)[1]
        keep(folder, "2021-01", "全区疫苗接种率达到60%。")
        statuses = {asked(server)[0] for _ in range(20)}
        assert statuses <= {200, 503}  # what it reads is of one state, or it says that it is not
        wait_until(lambda: "60%" in asked(server)[1])
        with Archive.open(folder) as kept:
            kept.remove("2021-01")
        wait_until(lambda: asked(server)[0] == 200 and "60%" not in asked(server)[1])


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs another who may not read"
)
def test_an_archive_that_may_not_be_read_stops_the_start_and_is_told_of_later(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "archive"
    keep(folder, "2021-01", "全区疫苗接种率达到50%。")
    (folder / "bulletin.db").chmod(0)
    powers = "-dac_override,-dac_read_search"
    humble = ("setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}")
    serve = (sys.executable, "-m", "api", "serve", "--port", "0", "--archive", str(folder))
    done = subprocess.run([*humble, *serve], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert f"archive {folder}: bulletin.db may not be read\n  Give its" in done.stderr
    (folder / "bulletin.db").chmod(0o644)
    told = {"reload_s": "0.05", "service_db": str(tmp_path / "service.db")}
    with serving(folder, within=humble, **told) as server:
        (folder / "bulletin.db").chmod(0)
        server.wait_for(f"cannot open the archive: archive {folder}: bulletin.db may not be read")
        (folder / "bulletin.db").chmod(0o644)
        version = keep(folder, "2022-01", "全区建成公园12座。")
        wait_until(lambda: json.loads(server.get("/version")[2])["index"]["version"] == version)


def test_a_trouble_with_the_archive_that_lasts_is_logged_now_and_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> int:
        return caplog.text.count("cannot open the archive")

    engine = Engine(ServiceSettings(archive=tmp_path / "none", reload_s=0.01), Metrics("1"))
    engine.start()
    wait_until(told)
    time.sleep(0.2)
    assert told() == 1
    monkeypatch.setattr("api.http.engine._SILENT_S", 0.05)
    wait_until(lambda: told() > 2)
    engine.stop()


def test_an_archive_that_was_away_and_came_back_is_watched_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "archive"
    keep(folder, "2021-01", "全区疫苗接种率达到50%。")
    file = folder / FILE_NAME
    engine = Engine(unnamed(tmp_path, archive=folder, reload_s=0.05), Metrics("0"))
    engine.start()
    try:
        assert engine.wait(60)
        wait_until(lambda: engine._watching)
        away = file.rename(tmp_path / "away")
        file.write_bytes(b"no archive" * 100)
        wait_until(lambda: engine.trouble)
        away.rename(file)
        wait_until(lambda: not engine.trouble)
        version = keep(folder, "2022-01", "全区建成公园12座。")
        wait_until(lambda: engine.generation.told["version"] == version)
        assert engine.trouble is None
    finally:
        engine.stop()
    assert "a bug" not in caplog.text


def test_forwarded_addresses_are_believed_from_trusted_proxies_alone(tmp_path: Path) -> None:
    for trusted, second in (("127.0.0.1", 200), ("10.0.0.0/8", 429)):
        with serving(tmp_path / "none", trusted_proxies=trusted, rate_limit="1/hour") as server:
            asked = [
                server.get("/api/v1/issues", X_Forwarded_For=f"198.51.100.9, {client}")[0]
                for client in ("203.0.113.1", "203.0.113.2")
            ]
            assert asked == [200, second]


def test_serving_for_everyone_without_keys_warns_loudly(tmp_path: Path) -> None:
    with serving(tmp_path / "none", "--host", "0.0.0.0", typo="1") as server:
        assert "WARNING: listening on 0.0.0.0" in "\n".join(server.lines)
        assert "BULLETIN_TYPO is no setting" in "\n".join(server.lines)
    with serving(tmp_path / "none", typo="") as server:
        assert "WARNING" not in "\n".join(server.lines)


@pytest.mark.parametrize(
    ("told", "warns"),
    [
        ({}, False),
        ({"host": "0.0.0.0"}, True),
        ({"public_url": "https://paper.example"}, True),
        ({"trusted_proxies": "127.0.0.1"}, True),
    ],
)
def test_that_pages_ask_for_no_key_is_said_once_others_can_reach_them(
    home: Path, told: dict[str, str], *, warns: bool
) -> None:
    warning = (
        "WARNING: there are keys, but the pages (/, /issues, /articles) ask for none:"
        " everyone who can reach them may read all of the archive."
    )
    keyed = ServiceSettings.model_validate({**told, "keys_file": home / "keys"})
    assert (warning in warnings_of(keyed)) == warns
    assert warning not in warnings_of(ServiceSettings.model_validate(told))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BULLETIN_WORKERS", "many", "BULLETIN_WORKERS is 'many'"),
        ("BULLETIN_ALLOWED_ORIGINS", "paper.example", "BULLETIN_ALLOWED_ORIGINS is"),
        ("BULLETIN_TRUSTED_PROXIES", "proxy", "BULLETIN_TRUSTED_PROXIES is"),
        ("BULLETIN_KEYS_FILE", "/nonexistent/keys", "keys /nonexistent/keys: No such file"),
        ("BULLETIN_RATE_STORAGE", "floppy://x", "BULLETIN_RATE_STORAGE"),
    ],
)
def test_a_setting_that_cannot_be_stops_the_start_with_its_name(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    told: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["serve", "--port", "0"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_in_use_is_one_error(
    home: Path, capfd: pytest.CaptureFixture[str], workers: str
) -> None:
    assert main(["add", str(DATA / INVENTED[0]), "--archive", str(home / "kept")]) == 0
    capfd.readouterr()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        where = ["--port", str(port), "--workers", workers, "--archive", str(home / "kept")]
        assert main(["serve", *where]) == 74
    out, err = capfd.readouterr()
    assert out == ""
    assert err == (
        f"bulletin: port 127.0.0.1:{port}: is in use already\n"
        "  Stop what listens there, or choose another by --port; 0 takes a free one.\n"
    )


def test_an_address_of_another_machine_is_one_error(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--host", "192.0.2.1"]) == 74
    assert (
        "bulletin: port 192.0.2.1:8750: cannot assign requested address" in capfd.readouterr().err
    )


def test_config_show_tells_each_setting_its_source_and_no_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BULLETIN_RATE_STORAGE", "redis://user:secret@cache:6379")
    monkeypatch.setenv("BULLETIN_WORKERS", "3")
    assert main(["config", "show", "--json", "--archive", "/kept"]) == 0
    out = capsys.readouterr().out
    assert "secret" not in out
    rows = {row["name"]: (row["value"], row["source"]) for row in json.loads(out)["settings"]}
    assert rows["BULLETIN_ARCHIVE"] == ("/kept", "command line")
    assert rows["BULLETIN_WORKERS"] == ("3", "environment")
    assert rows["BULLETIN_PORT"] == ("8750", "default")
    assert rows["BULLETIN_RATE_STORAGE"] == ("redis://***@cache:6379", "environment")


def test_an_empty_variable_is_one_that_is_not_set(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "show", "--json"]) == 0
    unset = capsys.readouterr().out
    for field in ServiceSettings.model_fields:
        monkeypatch.setenv(variable(field), "")
    assert main(["config", "show", "--json"]) == 0
    assert capsys.readouterr().out == unset
    assert ServiceSettings().store_file == home / "xdg" / "bulletin" / "service.db"
    monkeypatch.setenv("BULLETIN_PORT", "0")
    assert main(["doctor"]) == 0
    assert main(["key", "list"]) == 2
    assert "name the file of keys" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("locale", "archive", "workers"),
    [
        ("C.UTF-8", "ok    archive: 1 issue, 1 passage at {}\n", "ok    workers: 1 process on "),
        ("zh_CN.UTF-8", "正常  档案：{} 处有 1 期，1 段\n", "正常  进程：1 个进程，"),
    ],
)
def test_doctor_speaks_the_language_of_the_terminal(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    locale: str,
    archive: str,
    workers: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("BULLETIN_PORT", "0")
    keep(home / "kept", "2020-01", "好的一期。")
    assert main(["doctor", "--archive", str(home / "kept")]) == 0
    out = capsys.readouterr().out
    assert archive.format(home / "kept") in out
    assert workers in out


def test_doctor_needs_an_archive_that_was_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BULLETIN_PORT", "0")
    assert main(["doctor", "--archive", str(home / "none")]) == 8
    out = capsys.readouterr().out
    assert f"fail  archive: archive {home / 'none'}: is not there. Make it with: " in out
    for name in ("engine", "indexes", "service file"):
        assert f"skip  {name}: needs a usable archive\n" in out


@pytest.mark.parametrize(
    ("free_mb", "exit_code", "told"),
    [
        (19, 8, "fail  disk: 19 MB free at {}; to add an issue and to keep votes takes 20 MB\n"),
        (20, 0, "warn  disk: 20 MB free\n"),
        (200, 0, "ok    disk: 200 MB free\n"),
    ],
)
@pytest.mark.parametrize("full", ["kept", "votes"])
def test_doctor_takes_a_full_disk_for_a_fault(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    full: str,
    free_mb: int,
    exit_code: int,
    told: str,
) -> None:
    def usage(place: Path) -> SimpleNamespace:
        return SimpleNamespace(free=(free_mb if place == home / full else 1000) << 20)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    monkeypatch.setenv("BULLETIN_PORT", "0")
    monkeypatch.setenv("BULLETIN_SERVICE_DB", str(home / "votes" / "service.db"))
    keep(home / "kept", "2020-01", "好的一期。")
    (home / "votes").mkdir()
    assert main(["doctor", "--archive", str(home / "kept")]) == exit_code
    assert told.format(home / full) in capsys.readouterr().out


def test_doctor_finds_what_will_not_work(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def statuses() -> tuple[int, dict[str, str]]:
        exit_code = main(["doctor", "--json"])
        told = json.loads(capsys.readouterr().out)
        assert told["ok"] == (exit_code == 0)
        return exit_code, {check["name"]: check["status"] for check in told["checks"]}

    monkeypatch.setenv("BULLETIN_PORT", "0")
    exit_code, found = statuses()
    assert exit_code == 0
    assert set(found.values()) <= {"ok", "warn"}
    assert {"environment", "archive", "indexes", "keys", "port", "workers"} <= set(found)
    monkeypatch.setenv("BULLETIN_KEYS_FILE", str(home / "none"))
    monkeypatch.setenv("BULLETIN_HOST", "192.0.2.1")  # an address that is not this machine's
    (home / "kept").mkdir()
    (home / "kept" / "bulletin.db").write_bytes(b"no database" * 100)
    monkeypatch.setenv("BULLETIN_ARCHIVE", str(home / "kept"))
    exit_code, found = statuses()
    assert exit_code == 8
    failed = {name for name, status in found.items() if status == "fail"}
    assert failed == {"archive", "keys", "port"}
    skipped = {name for name, status in found.items() if status == "skip"}
    assert skipped == {"engine", "indexes", "service file"}
