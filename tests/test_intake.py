"""Folders, patterns and zips to issues; hostile zips; folders that are watched."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from corpus import intake
from corpus.archive import Archive
from corpus.errors import SourceError
from corpus.intake import Item, Loader, items_of
from corpus.reader import read_bytes
from corpus.text import text_at
from corpus.types import Issue
from corpus.watching import Watch
from corpus.zips import is_docx

STORY = "本报讯（记者李明）公交线路新增{}条。"


def story(number: int) -> str:
    return f"第{number}条新闻\n\n{STORY.format(number)}\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def load(item: Item) -> bytes:
    with Loader() as loader:
        return loader.load(item)


def issues(*paths: Path, whole: bool = False) -> list[Issue]:
    items, problems = items_of(paths, whole=whole)
    assert problems == []
    return [read_bytes(load(item), name=item.name, path=item.path) for item in items]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def saved(folder: Path, data: bytes, name: str = "all.zip") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def problem_of(folder: Path, data: bytes) -> str:
    items, problems = items_of([saved(folder, data)])
    if problems:
        return problems[0].problem
    with pytest.raises(SourceError) as caught:
        read_bytes(load(items[0]), name=items[0].name)
    return caught.value.problem


def test_each_file_of_a_folder_is_an_issue_in_any_encoding(tmp_path: Path) -> None:
    for name, encoding in (("2021-01", "utf-8"), ("2021-02", "gb18030"), ("2021-03", "utf-16")):
        (tmp_path / f"{name}.txt").write_bytes(story(1).encode(encoding))
    (tmp_path / "2021-04.txt").write_bytes(
        "區政府召開會議，討論發展問題，並作出決定。".encode("big5")
    )
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    assert [issue.id for issue in issues(tmp_path)] == ["2021-01", "2021-02", "2021-03", "2021-04"]


def test_files_in_a_folder_of_a_day_are_its_pages_in_natural_order(tmp_path: Path) -> None:
    write(tmp_path, **{f"2021-10-07__{n}_txt": story(n) for n in (10, 9, 1)})
    (issue,) = issues(tmp_path)
    heads = [article.headline and article.headline.text for article in issue.articles]
    assert (issue.id, heads) == ("2021-10-07", ["第1条新闻", "第9条新闻", "第10条新闻"])
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges) == passage.text


def test_page_files_of_one_day_are_one_issue_and_others_are_not(tmp_path: Path) -> None:
    for name in ("2021-10-07_A1", "2021-10-07_A2", "2021-10-08早报", "2021-10-08晚报"):
        write(tmp_path, **{f"{name}_txt": story(len(name))})
    items, _ = items_of([tmp_path])
    assert [len(item.files) for item in items] == [2, 1, 1]


@pytest.mark.parametrize("name", ["u16-2020-01-03", "2020-01-03_A1", "清河_2020-01-03_A1"])
def test_a_page_needs_another_of_its_day(tmp_path: Path, name: str) -> None:
    write(tmp_path, **{f"{name}_txt": story(1)})
    (item,), _ = items_of([tmp_path])
    assert (item.name, item.packed) == (f"{name}.txt", False)
    assert [issue.id for issue in issues(tmp_path)] == ["2020-01-03"]
    (zip_item,), _ = items_of([saved(tmp_path, zipped((f"{name}.txt", story(1).encode())))])
    assert (zip_item.name, zip_item.packed) == (f"{name}.txt", False)


def test_pages_may_be_named_after_their_paper(tmp_path: Path) -> None:
    for name in (
        "清河_2021-10-07_A1",
        "清河_2021-10-07_A2",
        "east-2021-10-07-1",
        "east-2021-10-07-2",
    ):
        write(tmp_path, **{f"{name}_txt": story(len(name))})
    write(tmp_path, **{"清河_2021-10-08_txt": story(1)})
    items, problems = items_of([tmp_path])
    assert sorted(len(item.files) for item in items) == [1, 2, 2]
    assert problems == []


def test_a_story_that_goes_on_on_another_page_is_one_article(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "2021-10-07__1_txt": "公交新增线路\n\n本报讯（记者李明）公交线路新增。（下转2版）\n",
            "2021-10-07__2_txt": "（上接1版）市民都说好。\n",
        },
    )
    (issue,) = issues(tmp_path)
    assert [len(article.passages) for article in issue.articles] == [2]


def test_a_pattern_finds_files_and_one_that_finds_none_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, **{"news__2021-01_txt": story(1), "news__old__2020-01_txt": story(2)})
    assert [issue.id for issue in issues(tmp_path / "news" / "*.txt")] == ["2021-01"]
    assert len(issues(tmp_path / "**" / "*.txt")) == 2
    items, problems = items_of([tmp_path / "*.pdf", tmp_path / "news"])
    assert len(items) == 2
    assert [problem.problem for problem in problems] == ["matches no file that is read"]


@pytest.mark.parametrize("name", ["2021-01.json", "2021-01.py", "2021-01.toml", "2021-01.CSV"])
def test_a_file_that_ends_as_no_issue_does_is_refused_and_the_others_kept(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path, **{"2021-01_txt": story(1)})
    (tmp_path / name).write_text(story(2), encoding="utf-8")
    for given in ([tmp_path / "2021-01*"], [tmp_path / name, tmp_path / "2021-01.txt"]):
        items, problems = items_of(given)
        assert [item.name for item in items] == ["2021-01.txt"]
        assert [str(problem) for problem in problems] == [
            f"{tmp_path / name}: ends in {Path(name).suffix!r}, expected one of .txt .text .pdf "
            ".html .htm .xhtml .shtml .md .markdown .docx .zip, or no ending"
        ]


def test_a_page_that_ends_as_no_issue_does_is_no_page_of_it(tmp_path: Path) -> None:
    for name in ("2021-10-07_A1.txt", "2021-10-07_A2.txt", "2021-10-07_A2.json"):
        (tmp_path / name).write_text(story(1), encoding="utf-8")
    items, problems = items_of(sorted(tmp_path.iterdir()))
    assert [len(item.files) for item in items] == [2]
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("2021-01", story(1)),
        ("2021-01.text", story(1)),
        ("2021.01.07", story(1)),
        ("2021-01.TXT", story(1)),
        ("2021-01.php", f"<!DOCTYPE html><h1>开工</h1><p>{STORY}</p>"),
    ],
)
def test_a_file_without_an_ending_and_one_that_tells_what_it_is_are_read(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(issues(tmp_path / name)) == 1


def test_a_file_that_is_not_there_is_said_to_be_so_whatever_its_ending(tmp_path: Path) -> None:
    items, problems = items_of([tmp_path / "nosuch.json"])
    assert problems == []
    with pytest.raises(SourceError, match="no such file or directory"):
        load(items[0])


def test_the_members_of_a_zip_are_issues_or_pages_as_their_names_say(tmp_path: Path) -> None:
    data = zipped(
        ("2021-01.txt", story(1).encode()),
        ("2021-10-07/1.txt", story(2).encode()),
        ("2021-10-07/2.html", "<h1>第二版</h1><p>公交线路调整了，方便市民。</p>".encode()),
        ("__MACOSX/._2021-01.txt", b"\x00"),
        ("picture.png", b"\x89PNG"),
    )
    read = issues(saved(tmp_path, data))
    assert [(issue.id, len(issue.articles)) for issue in read] == [
        ("2021-01", 1),
        ("2021-10-07", 2),
    ]
    (whole,) = issues(saved(tmp_path, data), whole=True)
    assert len(whole.articles) == 3


def test_names_that_windows_wrote_in_gbk_are_read(tmp_path: Path) -> None:
    data = zipped(("2021-10 AAAA.txt", story(1).encode()))
    gbk = "一版".encode("gbk")
    items, _ = items_of([saved(tmp_path, data.replace(b"AAAA", gbk))])
    assert [item.name for item in items] == ["2021-10 一版.txt"]
    assert load(items[0]) == story(1).encode()


def open_files(folder: Path) -> list[str]:
    """Return the files of a folder that this process has open."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [name for link in links if (name := str(link.readlink())).startswith(str(folder))]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no list of open files")
def test_one_zip_is_open_while_its_members_are_read_and_none_after(tmp_path: Path) -> None:
    members = [(f"2021-0{n}.txt", story(n).encode()) for n in (1, 2)]
    first = saved(tmp_path, zipped(*members))
    second = saved(tmp_path, zipped(("2021-03.txt", story(3).encode())), "more.zip")
    items, _ = items_of([first, second])
    with Loader() as loader:
        assert [loader.load(item) for item in items[:2]] == [data for _, data in members]
        assert open_files(tmp_path) == [str(first)]
        assert loader.load(items[2]) == story(3).encode()
        assert open_files(tmp_path) == [str(second)]
    assert open_files(tmp_path) == []


def test_a_zip_that_was_replaced_is_opened_anew(tmp_path: Path) -> None:
    file = saved(tmp_path, zipped(("2021-01.txt", story(1).encode())))
    (item,), _ = items_of([file])
    with Loader() as loader:
        assert loader.load(item) == story(1).encode()
        saved(tmp_path, zipped(("2021-01.txt", story(22).encode())))
        assert loader.load(item) == story(22).encode()
        file.unlink()
        with pytest.raises(SourceError, match="no such file"):
            loader.load(item)


def test_no_name_in_a_zip_leads_out_of_it(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    link = zipfile.ZipInfo("2021-05.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("../../2021-01.txt", "/etc/2021-02.txt", "..\\..\\2021-03.txt"):
            archive.writestr(name, story(1))
        archive.writestr(link, "/etc/passwd")
    read = issues(saved(inside, out.getvalue()))
    assert [issue.source.name for issue in read] == ["2021-01.txt", "2021-03.txt", "2021-02.txt"]
    assert [path.name for path in tmp_path.rglob("*")] == ["inside", "all.zip"]


def test_hostile_zips_are_refused(tmp_path: Path) -> None:
    bomb = zipped(("2021-01.txt", b"a" * 30_000_000), method=zipfile.ZIP_DEFLATED)
    assert problem_of(tmp_path, bomb) == "unpacks to more than 200 times its size"
    many = zipped(*((f"{n}.txt", b"") for n in range(5001)))
    assert problem_of(tmp_path, many) == "holds more than 5000 files"
    most = zipped(*((f"{n}.txt", b"") for n in range(5000)))
    assert items_of([saved(tmp_path, most)])[1] == []
    nested = zipped(("2021-01.zip", zipped(("2021-01.txt", story(1).encode()))))
    assert problem_of(tmp_path, nested) == "is a zip in a zip"
    damaged = zipped(("2021-01.txt", story(1).encode())).replace(b"\xe6", b"\xe7")
    assert problem_of(tmp_path, damaged) == "is damaged"
    whole = zipped(("2021-01.txt", story(1).encode()))
    assert problem_of(tmp_path, whole[:-9]) == "is a damaged zip"
    astray = bytearray(whole)
    astray[whole.index(b"PK\x05\x06") + 16] ^= 0xFF  # where the list of members is said to be
    assert problem_of(tmp_path, bytes(astray)).startswith("is ")
    locked = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(mark) + at] |= 1
    assert problem_of(tmp_path, bytes(locked)) == "is locked by a password"
    assert problem_of(tmp_path, zipped(("a.png", b"x"))).startswith("holds no file that is read")


@pytest.mark.parametrize("with_64", [False, True])
@pytest.mark.parametrize("n", [5_001, 700_000])
def test_a_zip_of_too_many_files_is_refused_before_they_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int, *, with_64: bool
) -> None:
    monkeypatch.setattr(zipfile, "ZipInfo", None)  # none is made
    start = struct.pack("<4s2B4HL2L2H", b"PK\3\4", 20, *[0] * 10)
    listed = b"".join(
        struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, 6, *[0] * 6) + b"%06d" % one
        for one in range(n)
    )
    size, place = len(listed), len(start)
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, n, n, size, place)
    to_end_64 = struct.pack("<4sLQL", b"PK\6\7", 0, place + size, 1)
    told = 2**32 - 1 if with_64 else size
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, told, place, 7) + b"comment"
    data = start + listed + (end_64 + to_end_64 if with_64 else b"") + end
    assert problem_of(tmp_path, data) == "holds more than 5000 files"
    assert not is_docx(data)


def test_an_archive_verifies_and_reads_again_what_it_keeps_of_every_format(tmp_path: Path) -> None:
    write(tmp_path, **{"2021-10-07__1_txt": story(1), "2021-10-07__2_txt": story(2)})
    (tmp_path / "2021-11.md").write_text("# 开工\n\n项目开工了。\n", encoding="utf-8")
    (tmp_path / "2021-12.html").write_text("<h1>开工</h1><p>项目已经开工了。</p>", encoding="utf-8")
    with Archive.in_memory(issues(tmp_path)) as archive:
        before = [archive.issue(row.id).articles for row in archive.issues()]
        assert archive.verify() == []
        archive.connection.execute("UPDATE issues SET reader = 'older'")
        assert len(archive.refresh()) == 3
        assert [archive.issue(row.id).articles for row in archive.issues()] == before
        archive.connection.execute("UPDATE files SET extracted = replace(extracted, '开', '关')")
        assert "2021-11" in {wrong.id for wrong in archive.verify()}


def test_what_comes_is_due_once_it_has_stopped_growing(tmp_path: Path) -> None:
    watch = Watch([tmp_path])
    assert watch.due() == ([], [])
    file = tmp_path / "2021-01.txt"
    file.write_text("本报讯", encoding="utf-8")
    assert watch.due() == ([], [])
    file.write_text(story(1), encoding="utf-8")
    assert watch.due() == ([], [])
    items, _ = watch.due()
    assert [item.name for item in items] == ["2021-01.txt"]
    assert watch.due() == ([], [])
    file.write_text(story(22), encoding="utf-8")
    assert watch.due() == ([], [])
    assert len(watch.due()[0]) == 1
    file.unlink()
    assert watch.due() == ([], [])


def test_pages_are_due_together_once_none_of_them_grows(tmp_path: Path) -> None:
    write(tmp_path, **{"2021-10-07__1_txt": story(1)})
    watch = Watch([tmp_path])
    watch.due()
    write(tmp_path, **{"2021-10-07__2_txt": story(2)})
    assert watch.due() == ([], [])
    items, _ = watch.due()
    assert [len(item.files) for item in items] == [2]


def test_a_bad_zip_in_a_watched_folder_is_told_once(tmp_path: Path) -> None:
    saved(tmp_path, zipped(("a.png", b"x")))
    watch = Watch([tmp_path])
    watch.due()
    assert len(watch.due()[1]) == 1
    assert watch.due() == ([], [])


def test_a_link_out_of_a_watched_folder_is_refused_unless_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, outside__2020_02_txt=story(1))
    link = tmp_path / "watched" / "2020-02.txt"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "outside" / "2020_02.txt")
    watch, named = Watch([link.parent]), Watch([link])
    assert (watch.due(), named.due()) == (([], []), ([], []))
    items, problems = watch.due()
    refused = items_of([link.parent])
    assert (items, [str(problem) for problem in problems]) == (refused[0], [*map(str, refused[1])])
    assert [problem.problem for problem in problems] == [
        "is a link out of its folder; give the file itself"
    ]
    assert [item.files for item in named.due()[0]] == [(link,)]


def test_what_is_wrong_with_a_watched_file_is_told_whatever_bytes_name_it(tmp_path: Path) -> None:
    write(tmp_path, outside_txt=story(1))
    folder = tmp_path / "watched"
    folder.mkdir()
    link, archive = (os.fsdecode(f"公报{n}".encode("gb18030")) for n in (".txt", ".zip"))
    (folder / link).symlink_to(tmp_path / "outside.txt")
    saved(folder, zipped(("a.png", b"x")), archive)
    watch = Watch([folder])
    watch.due()
    assert [(problem.path, problem.problem[:9]) for problem in watch.due()[1]] == [
        (str(folder / "公报.txt"), "is a link"),
        (str(folder / "公报.zip"), "holds no "),
    ]
    assert watch.due() == ([], [])


def test_pages_that_unpack_to_too_much_together_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_BYTES", 10_000)
    pages = [(f"2021-10-07/{n}.txt", ("好" * 1000).encode()) for n in range(4)]
    items, _ = items_of([saved(tmp_path, zipped(*pages))])

    def unread(*told: object, **named: object) -> bytes:
        raise AssertionError(told)

    monkeypatch.setattr(intake, "content", unread)
    with pytest.raises(SourceError, match="is larger than"):
        load(items[0])


def test_a_zip_with_two_files_of_one_name_is_refused_by_name(tmp_path: Path) -> None:
    data = zipped(("a/x.txt", b"one"), ("../a/x.txt", b"two"))
    assert problem_of(tmp_path, data) == "holds more than one file named a/x.txt"


PICTURE = b"<html><body><img src='a.jpg'></body></html>"


def test_a_page_without_text_is_skipped_and_told() -> None:
    data = zipped(
        ("01.txt", story(1).encode()), ("02.html", PICTURE), ("03.txt", story(3).encode())
    )
    issue = read_bytes(data, name="2021-10-07.zip")
    assert len(issue.articles) == 2
    assert issue.source.skipped == ("02.html",)


def test_pages_none_of_which_has_text_are_refused_by_name() -> None:
    data = zipped(("01.html", PICTURE), ("02.html", PICTURE))
    with pytest.raises(SourceError, match=r"holds no text in any of 01\.html, 02\.html"):
        read_bytes(data, name="2021-10-07.zip")


def test_a_page_with_an_article_of_a_sites_matter_alone_is_read() -> None:
    text = STORY.format(2) + "首班车早上六点发出，末班车晚上九点。"
    matter = "版权所有 砚川日报社 未经许可不得转载 技术支持"
    page = f"<article><p>{text}</p></article><article><p>{matter}</p></article>"
    data = zipped(("01.txt", story(1).encode()), ("02.html", page.encode()))
    issue = read_bytes(data, name="2021-10-07.zip")
    assert [article.text for article in issue.articles] == [STORY.format(1), text]
