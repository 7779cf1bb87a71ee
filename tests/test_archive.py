"""The archive: adding, replacing, removing, checking, and what a crash leaves behind."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.archive import Archive
from corpus.errors import ArchiveError, IssueConflictError, NotInArchiveError
from corpus.filters import Filters
from corpus.reader import read_bytes
from corpus.rows import Mismatch, Place, searched_text
from corpus.schema import FILE_NAME, VERSION
from corpus.text import fold
from corpus.types import READER_VERSION, Article, Issue
from tests.conftest import DATA, issue_of
from tests.old_archive import make_old


class Breaks(tuple[Article, ...]):
    """Articles that cannot be gone through, so that adding them breaks off half way."""

    def __iter__(self) -> Iterator[Article]:
        raise RuntimeError("broke off")


@pytest.fixture
def folder(tmp_path: Path, invented: list[Issue]) -> Path:
    """Return the folder of an archive that holds the first invented issue."""
    with Archive.open(tmp_path / "archive", create=True) as archive:
        archive.add(invented[0])
    return tmp_path / "archive"


def execute(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / FILE_NAME)
    with connection:
        connection.execute(statement)
    connection.close()


def test_what_is_added_comes_back_the_same(folder: Path, invented: list[Issue]) -> None:
    with Archive.open(folder) as archive:
        assert archive.add(invented[2]) == "added"
        assert [archive.issue(row.id) for row in archive.issues()] == [invented[0], invented[2]]


def test_the_sample_comes_back_the_same(sample: Issue) -> None:
    with Archive.in_memory([sample]) as archive:
        assert archive.issue(sample.id) == sample


def test_the_list_of_issues_counts(folder: Path, invented: list[Issue]) -> None:
    with Archive.open(folder) as archive:
        (row,) = archive.issues()
    assert (row.id, row.name, row.date, row.number, row.source) == (
        "2019-11",
        "砚川高新时讯",
        date(2019, 11, 14),
        "1025",
        "issue_2019-11.txt",
    )
    assert (row.n_articles, row.n_passages) == (13, len(invented[0].passages))


def test_the_same_file_again_changes_nothing(folder: Path, invented: list[Issue]) -> None:
    with Archive.open(folder) as archive:
        before = archive.stamp, archive.issues()
        assert archive.add(invented[0]) == "unchanged"
        assert (archive.stamp, archive.issues()) == before


def test_a_corrected_file_replaces_the_issue_everywhere(
    folder: Path, invented: list[Issue]
) -> None:
    text = invented[0].source.text.replace("章以恒", "章以衡")
    corrected = read_bytes(text.encode(), name="issue_2019-11.txt")
    with Archive.open(folder) as archive:
        assert archive.add(corrected) == "replaced"
        assert archive.issue("2019-11") == corrected
        assert archive.n_passages() == len(corrected.passages)


def test_another_file_with_the_same_id_is_a_conflict(folder: Path, invented: list[Issue]) -> None:
    other = read_bytes("另一期，一段也不一样。".encode(), name="2019-11.txt")
    with Archive.open(folder) as archive:
        with pytest.raises(IssueConflictError) as caught:
            archive.add(other)
        assert archive.issue("2019-11") == invented[0]
        assert str(caught.value) == (
            "2019-11.txt: issue '2019-11' is kept already with another text "
            f"(0 of its {len(invented[0].passages)} passages are in this file)"
        )


def test_a_conflict_is_settled_by_saying_so(folder: Path) -> None:
    other = read_bytes("另一期，一段也不一样。".encode(), name="2019-11.txt")
    with Archive.open(folder) as archive:
        assert archive.add(other, replace=True) == "replaced"
        assert archive.issue("2019-11") == other


def test_removing_an_issue_leaves_nothing_of_it(folder: Path, invented: list[Issue]) -> None:
    with Archive.open(folder) as archive:
        archive.add(invented[1])
        archive.remove("2019-11")
        assert [row.id for row in archive.issues()] == ["2022-08"]
        assert archive.n_passages() == len(invented[1].passages)


@pytest.mark.parametrize("wanted", ["2019-11", "", "2019-11/a01", "2019-11/a01/p01"])
def test_what_is_not_kept_is_named(wanted: str) -> None:
    with Archive.in_memory() as archive:
        for call in (archive.remove, archive.issue, archive.source, archive.article):
            with pytest.raises(NotInArchiveError) as caught:
                call(wanted)
            assert str(caught.value) == f"nothing in the archive has the id {wanted!r}"
        with pytest.raises(NotInArchiveError):
            archive.places([wanted])


def test_places_come_in_the_order_asked_for(sample: Issue) -> None:
    article = sample.articles[1]
    wanted = [article.passages[1], article.passages[0]]
    with Archive.in_memory([sample]) as archive:
        places = archive.places([passage.id for passage in wanted])
    assert places == [
        Place(passage, article, "2021-10", None, None, None, fold(searched_text(passage, article)))
        for passage in wanted
    ]


def test_passages_come_in_the_order_of_their_ids(sample: Issue) -> None:
    with Archive.in_memory([sample]) as archive:
        assert list(archive.iter_passages()) == sorted(
            (
                passage.id,
                passage.text,
                fold(searched_text(passage, article)),
            )
            for article in sample.articles
            for passage in article.passages
        )


def test_who_photographed_is_searched_for_where_the_credit_stands() -> None:
    printed = (
        "清凉一夏\n图①：孩子们在游泳馆学习。\n图②：工人在爱心冰柜前取水。\n本报记者 丁一帆 摄\n"
    )
    (article,) = read_bytes(printed.encode(), name="a.txt").articles
    assert article.kind == "photo"
    told = [searched_text(passage, article).split("\n")[1] for passage in article.passages]
    assert told == ["照片 图片", "照片 图片", "照片 图片 拍摄 摄影"]


def test_an_untouched_archive_checks_out(invented: list[Issue], sample: Issue) -> None:
    with Archive.in_memory([*invented, sample]) as archive:
        assert archive.verify() == []


def test_a_tampered_passage_is_found(folder: Path, invented: list[Issue]) -> None:
    passage = invented[0].passages[0]
    execute(folder, f"UPDATE passages SET text = '改了。' WHERE id = '{passage.id}'")
    with Archive.open(folder) as archive:
        assert archive.verify() == [Mismatch(passage.id, "改了。", passage.text)]


def test_a_tampered_headline_is_found(folder: Path, invented: list[Issue]) -> None:
    execute(folder, "UPDATE articles SET headline = '[\"改\", [[0, 2]]]' WHERE id = '2019-11/a01'")
    with Archive.open(folder) as archive:
        assert archive.verify() == [
            Mismatch("2019-11/a01", "改", invented[0].source.text[0:2]),
        ]


def test_a_tampered_source_is_found(folder: Path, invented: list[Issue]) -> None:
    other = "".join(reversed(invented[0].source.text)).encode().hex()
    execute(folder, f"UPDATE files SET source = x'{other}'")
    execute(folder, "UPDATE issues SET encoding = 'utf-8'")
    with Archive.open(folder) as archive:
        assert invented[0].passages[0].id in [mismatch.id for mismatch in archive.verify()]


def test_the_stamp_tells_what_is_kept(folder: Path, invented: list[Issue]) -> None:
    with Archive.open(folder) as archive:
        one = archive.stamp
        archive.add(invented[1])
        two = archive.stamp
        archive.remove("2022-08")
        again = archive.stamp
        archive.remove("2019-11")
        none = archive.stamp
    assert again == one
    assert len({one, two, none}) == 3


def test_a_reader_sees_the_old_state_until_a_writer_is_done(
    folder: Path, invented: list[Issue]
) -> None:
    writer = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    with Archive.open(folder) as archive:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM issues")
        assert archive.issue("2019-11") == invented[0]
        writer.execute("COMMIT")
        writer.close()
        assert archive.issues() == []


def test_a_reader_counts_anew_what_another_has_added(folder: Path, invented: list[Issue]) -> None:
    with Archive.open(folder) as reader, Archive.open(folder) as writer:
        with reader.reading():
            before = reader.stamp, reader.n_passages()
            writer.add(invented[1])
            assert (reader.stamp, reader.n_passages()) == before
        assert (reader.stamp, reader.n_passages()) == (writer.stamp, writer.n_passages())
        assert reader.n_passages() == before[1] + len(invented[1].passages)


def test_what_breaks_off_half_way_leaves_the_old_state(folder: Path, invented: list[Issue]) -> None:
    broken = replace(invented[1], articles=Breaks())
    with Archive.open(folder) as archive:
        before = archive.stamp
        with pytest.raises(RuntimeError, match="broke off"):
            archive.add(broken)
        assert (archive.stamp, archive.verify()) == (before, [])
        assert archive.add(invented[1]) == "added"


def test_a_killed_writer_leaves_the_old_state(folder: Path, invented: list[Issue]) -> None:
    script = f"""
import sys, time
from pathlib import Path
from dataclasses import replace
from corpus.archive import Archive
from corpus.reader import read_issue
class Waits(tuple):
    def __iter__(self):
        print("half way", flush=True)
        time.sleep(60)
issue = read_issue(Path({str(DATA / "issue_2019-11.txt")!r}))
source = replace(issue.source, data=issue.source.data + b"\\n")
archive = Archive.open(Path({str(folder)!r}))
archive.add(replace(issue, source=source, articles=Waits()), replace=True)
"""
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.kill()
    assert line == "half way\n"
    with Archive.open(folder) as archive:
        assert archive.issue("2019-11") == invented[0]
        assert archive.verify() == []


def test_an_archive_of_the_first_format_is_brought_up(folder: Path, invented: list[Issue]) -> None:
    make_old(folder)
    for _ in range(2):
        with Archive.open(folder) as archive:
            assert archive.issue(invented[0].id) == invented[0]
            assert archive.verify() == []


def test_an_archive_that_cannot_be_brought_up_stays_as_it_was(folder: Path) -> None:
    make_old(folder)
    execute(folder, "ALTER TABLE passages ADD COLUMN boxes TEXT")  # which stand in its way
    with pytest.raises(ArchiveError, match="duplicate column name: boxes"):
        Archive.open(folder)
    with sqlite3.connect(folder / FILE_NAME) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert "extracted" not in [row[1] for row in db.execute("PRAGMA table_info(issues)")]


def test_another_format_is_refused(folder: Path) -> None:
    execute(folder, "PRAGMA user_version = 99")
    with pytest.raises(ArchiveError) as caught:
        Archive.open(folder)
    assert str(caught.value) == (
        f"archive {folder}: has format 99, which is newer than {VERSION}, the newest known here"
    )


def test_a_file_that_is_no_database_is_refused(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"no database" * 1000)
    with pytest.raises(ArchiveError) as caught:
        Archive.open(folder)
    assert str(caught.value) == f"archive {folder}: file is not a database"


def test_a_missing_archive_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError) as caught:
        Archive.open(tmp_path / "none")
    assert str(caught.value) == f"archive {tmp_path / 'none'}: is not there"
    assert not (tmp_path / "none").exists()


def test_an_archive_cannot_be_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ArchiveError, match="archive "):
        Archive.open(tmp_path / "file", create=True)


def test_writing_to_an_archive_that_is_gone_is_our_error(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, create=True)
    archive.close()
    with pytest.raises(ArchiveError, match="closed database"):
        archive.add(issue_of("会议召开。"))


def test_what_an_older_reader_read_is_read_again(folder: Path, invented: list[Issue]) -> None:
    execute(folder, "UPDATE issues SET reader = '0'")
    execute(folder, "DELETE FROM passages WHERE id LIKE '%/a01/%'")
    with Archive.open(folder) as archive:
        old = archive.stamp
        assert archive.needs_refresh
        assert archive.refresh() == ["2019-11"]
        assert archive.issue("2019-11") == invented[0]
        assert not archive.needs_refresh
        assert archive.refresh() == []
        assert archive.stamp != old


def test_an_archive_of_this_reader_needs_no_refresh(folder: Path) -> None:
    with Archive.open(folder) as archive:
        assert (archive.needs_refresh, READER_VERSION) == (False, READER_VERSION)


def test_ids_of_more_than_ninety_nine_articles_stay_in_order() -> None:
    lines = [f"第{n}个标题\n本报讯（张三）第{n}件事办完了。\n" for n in range(120)]
    issue = read_bytes("\n".join(lines).encode(), name="2020-01.txt")
    with Archive.in_memory([issue]) as archive:
        assert archive.issue("2020-01") == issue


def test_the_latest_issue_is_of_the_latest_day_whatever_the_ids_are() -> None:
    def dated(issue_id: str, day: date | None, name: str | None) -> Issue:
        return replace(issue_of("会议召开。", issue_id=issue_id), date=day, name=name)

    issues = [
        dated("zq-318", date(2024, 5, 16), "知青报"),
        dated("qh-319", date(2024, 5, 23), None),
        dated("one", None, "校报"),
        dated("2023-08", None, None),
    ]
    with Archive.in_memory(issues) as archive:
        whole = archive.summary()
    assert (whole.first, whole.latest, whole.name) == ("one", "qh-319", "知青报")


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        ("2022-08-01", None, ["2022-08-05", "2022-09"]),  # of July, printed in August
        ("2022-08-05", "2022-08-05", ["2022-08-05"]),
        (None, "2022-07-31", ["2022-08-05", "2022-09"]),
        ("2022-09-01", "2022-09-30", ["2022-09"]),
        ("2022-09-02", "2022-09-30", []),  # it may have been printed on the first
        ("2022-08-01", "2022-08-04", []),
        ("2023-01-01", None, []),
    ],
)
def test_days_are_those_of_the_article_or_of_its_issue(
    first: str | None, last: str | None, left: list[str]
) -> None:
    issues = [
        issue_of("7月30日，公交27路延长至青石铺。", name="2022-08-05.txt"),
        issue_of("7月30日，公交28路延长至青石铺。", name="2022-09.txt"),
        issue_of("公交30路没有日期。", name="paper.txt"),
    ]
    with Archive.in_memory(issues) as archive:
        days = [date.fromisoformat(told) if told else None for told in (first, last)]
        within = archive.within(Filters(first=days[0], last=days[1]))
        assert sorted({one.partition("/")[0] for one in within.prefixes}) == left


def test_what_was_read_lately_is_read_anew_after_a_change(tmp_path: Path) -> None:
    before, after = (issue_of(text, name="2020-01.txt") for text in ("路通了。", "桥通了。"))
    (passage,) = before.articles[0].passages
    with Archive.open(tmp_path, create=True) as writer, Archive.open(tmp_path) as reader:
        writer.add(before)
        for archive in (writer, reader):
            assert archive.searched([passage.id]) == ["路通了。"]
            assert archive.places([passage.id])[0].passage.text == "路通了。"
        with pytest.raises(RuntimeError, match="broke off"):
            writer.add(replace(after, articles=Breaks(after.articles)), replace=True)
        assert writer.searched([passage.id]) == ["路通了。"]
        writer.add(after, replace=True)
        for archive in (writer, reader):
            assert archive.searched([passage.id]) == ["桥通了。"]
            assert archive.places([passage.id])[0].passage.text == "桥通了。"


@pytest.mark.parametrize(("most", "n_reads"), [(400, 2), (200, 4), (3, 4)])
def test_of_what_was_read_lately_no_more_than_so_much_is_kept(
    monkeypatch: pytest.MonkeyPatch, most: int, n_reads: int
) -> None:
    monkeypatch.setattr("corpus.recent._MOST", most)
    issue = issue_of("路通了。", "桥也通了。")
    ids = [passage.id for passage in issue.articles[0].passages]
    told: list[str] = []
    with Archive.in_memory([issue]) as archive:
        archive.connection.set_trace_callback(told.append)
        for _ in range(2):
            assert archive.searched(ids) == ["路通了。", "桥也通了。"]
    assert sum("searched" in one for one in told) == n_reads
