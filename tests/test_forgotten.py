"""What is removed is gone from the disk, byte by byte, while a service answers too."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from api.cli import main
from api.store import Given, Store
from corpus.archive import Archive
from corpus.schema import FILE_NAME
from tests.conftest import issue_of
from tests.served import Server, serving, wait_until

NAME = "欧阳云岫"
NEIGHBOURS = ("全区建成公园12座。", "新校区有学位900个。")
REMOVED = "\n\n".join(f"{NAME}因盗窃自行车{n}辆被行政拘留{n}日。" for n in range(2, 80))


def files_with(folder: Path, text: str) -> list[str]:
    """Return the files below a folder in whose bytes a text is."""
    found = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    return sorted(str(path.relative_to(folder)) for path in found if text.encode() in _read(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # deleted meanwhile
        return b""


def journal_size(folder: Path) -> int:
    journal = folder / f"{FILE_NAME}-wal"
    return journal.stat().st_size if journal.exists() else 0


def add(folder: Path, issue_id: str, text: str, *more: str) -> None:
    file = folder.parent / f"{issue_id}.txt"
    file.write_text(f"{text}\n", encoding="utf-8")
    assert main(["add", str(file), "--archive", str(folder), *more]) == 0


@pytest.fixture
def folder(home: Path) -> Path:
    folder = home / "kept"
    for n, text in enumerate(NEIGHBOURS, 1):
        add(folder, f"2021-0{n}", text)
    add(folder, "2021-09", REMOVED)
    assert files_with(folder, NAME)
    return folder


def test_nothing_of_a_removed_issue_is_left_on_the_disk(folder: Path) -> None:
    assert main(["remove", "2021-09", "--archive", str(folder)]) == 0
    assert files_with(folder, NAME) == []
    assert files_with(folder, "拘留") == []
    assert FILE_NAME in files_with(folder, "公园12座")


def test_nothing_of_what_was_corrected_is_left_in_the_archives_file(folder: Path) -> None:
    add(folder, "2021-09", "某人被行政拘留十五日。", "--replace")
    assert [one for one in files_with(folder, NAME) if one.startswith(FILE_NAME)] == []


def test_rows_that_were_moved_before_they_were_removed_are_gone_too(tmp_path: Path) -> None:
    """Pages are filled again where others went: SQLite leaves bytes of rows that it moves."""
    draw = random.Random(2)
    folder, kept = tmp_path / "kept", dict[str, str]()
    with Archive.open(folder, create=True) as archive:
        for step in range(60):
            issue_id = f"20{draw.randint(0, 25):02d}-01"
            if issue_id in kept:
                archive.remove(issue_id)
                gone = kept.pop(issue_id)
                archive.scrub()
                assert archive.empty_journal()
                assert files_with(folder, gone) == []
            kept[issue_id] = mark = f"标{step:03d}记"
            texts = [
                mark + "".join(chr(draw.randint(0x4E00, 0x9FA0)) for _ in range(length)) + mark
                for length in draw.choices((5, 40, 200, 900), k=draw.randint(1, 60))
            ]
            archive.add(issue_of(*texts, issue_id=issue_id, name=f"{step}.txt"))


def test_what_cannot_be_written_anew_is_told(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Archive.open(folder) as archive, archive.reading():
        archive.scrub()
    assert f"what was removed may still lie in {FILE_NAME}" in caplog.text


def test_nothing_of_a_removed_issue_is_left_where_a_service_answers(folder: Path) -> None:
    asked, key = {"question": f"{NAME}为什么被行政拘留？"}, {"Idempotency-Key": "one"}
    other, other_key = {"question": "全区建成公园多少座？"}, {"Idempotency-Key": "two"}

    def version(server: Server) -> str:
        told: str = json.loads(server.get("/version")[2])["index"]["version"]
        return told

    with serving(folder, reload_s="0.05") as server:
        assert NAME in server.post("/api/v1/chat", asked, **key)[2].decode()
        assert server.post("/api/v1/chat", other, **other_key)[0] == 200
        assert "service.db" in " ".join(files_with(folder, NAME))
        before = version(server)
        assert main(["remove", "2021-09", "--archive", str(folder)]) == 0
        wait_until(lambda: version(server) != before)
        wait_until(lambda: not files_with(folder, NAME), limit_s=20)
        wait_until(lambda: not journal_size(folder), limit_s=20)
        reply = server.post("/api/v1/chat", other, **other_key)
        assert "12座" in json.loads(reply[2])["text"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_journal_does_not_grow_while_a_service_runs(folder: Path, workers: str) -> None:
    with serving(folder, "--workers", workers, reload_s="0.05") as server:
        for n in range(8):
            add(folder, f"2022-0{n}", f"全区新增公交线路{n}条。")
        wait_until(lambda: not journal_size(folder), limit_s=20)
        assert server.get("/readyz")[0] == 200


def test_a_late_answer_of_the_state_before_is_forgotten_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "service.db")

    def give(key: str, version: str) -> None:
        answer = json.dumps({"text": f"{key}的答案", "index": {"version": version}})
        store.give(key, Given("body", answer), version=version)

    store.keep_only("1")
    assert not (tmp_path / "service.db").exists()
    give("早", "1")
    store.keep_only("1")
    assert store.given("早")
    store.keep_only("2")
    give("晚", "1")
    give("新", "2")
    store.keep_only("2")
    assert [bool(store.given(key)) for key in ("早", "晚", "新")] == [False, False, True]
    assert files_with(tmp_path, "晚的答案") == []
    store.close()


def test_an_answer_kept_when_the_service_last_ran_is_forgotten_at_its_start(folder: Path) -> None:
    store = Store(folder / "service.db")
    answer = json.dumps({"text": "旧的答案", "index": {"version": "before"}})
    store.give("key", Given("body", answer), version="before")
    store.close()
    with serving(folder):
        wait_until(lambda: not files_with(folder, "旧的答案"), limit_s=20)


def test_a_reader_is_renewed_only_while_its_state_is_the_present_one(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with Archive.open(folder, create=True) as writer:
        writer.add(issue_of(*NEIGHBOURS, issue_id="2021-01"))
        with Archive.open(folder) as reader, reader.reading():
            before = reader.stamp
            writer.add(issue_of(REMOVED, issue_id="2021-09"))
            assert not writer.renew(reader)
            assert reader.stamp == before
            assert not writer.empty_journal()
        with Archive.open(folder) as reader, reader.reading():
            assert reader.stamp != before
            assert not writer.empty_journal()  # it reads the latest state, but from the journal
            with Archive.open(folder) as other:
                other.connection.execute("BEGIN IMMEDIATE")
                assert not writer.renew(reader)
                other.connection.execute("ROLLBACK")
            assert writer.renew(reader)
            assert writer.empty_journal()
            assert journal_size(folder) == 0
            assert [row.id for row in reader.issues()] == ["2021-01", "2021-09"]
