"""What an editor tells of an issue: found, checked, followed, kept and read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.archive import Archive
from corpus.errors import SidecarError
from corpus.metadata import Metadata
from corpus.reader import read_issue
from corpus.safety import back_up, damage, restore
from corpus.schema import FILE_NAME
from corpus.sidecar import MAX_BYTES, Correction, Sidecar, find_sidecar, parsed
from corpus.types import Issue

PRINTED = """新区开通三条公交线路
本报讯（记者 张三）6月1日，新区开通三条公交线路，
市民出行更加方便。

新区医院新增床位三百张
本报讯（记者 李四）6月2日，新区医院新增床位三百张，
患者住院更加方便。
下月还将新增一百张。
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "issue_2020-06.txt"
    file.write_text(PRINTED, encoding="utf-8")
    return file


def told(file: Path, toml: str) -> Issue:
    file.with_name(f"{file.name}.toml").write_text(toml, encoding="utf-8")
    return read_issue(file)


def heads(issue: Issue) -> list[str | None]:
    return [article.headline.text if article.headline else None for article in issue.articles]


def texts(issue: Issue) -> list[list[str]]:
    return [[passage.text for passage in article.passages] for article in issue.articles]


def line(number: int, text: str, **how: str) -> str:
    rest = "".join(f'{key.strip("_")} = "{value}"\n' for key, value in how.items())
    return f'[[line]]\nnumber = {number}\ntext = "{text}"\n{rest}'


def test_without_a_sidecar_the_file_tells(file: Path) -> None:
    issue = read_issue(file)
    assert issue.source.sidecar is None
    assert (issue.id, issue.date, issue.title, issue.name) == ("2020-06", None, None, None)
    assert issue.origins == (("id", "file name"),)
    assert heads(issue) == ["新区开通三条公交线路", "新区医院新增床位三百张"]


def test_a_sidecar_tells_of_the_issue_and_options_go_before_it(file: Path) -> None:
    toml = 'id = "june"\ndate = 2020-06-05\ntitle = "六月号"\npublication = "新区报"\n'
    issue = told(file, toml)
    assert (issue.id, issue.date, issue.title, issue.name) == (
        "june",
        date(2020, 6, 5),
        "六月号",
        "新区报",
    )
    assert issue.articles[0].id == "june/a01"
    assert issue.articles[0].date == date(2020, 6, 1)
    issue = read_issue(file, options=Metadata(date="2020-06-12", title="特刊"))
    assert (issue.date, issue.title) == (date(2020, 6, 12), "特刊")
    assert issue.origins == (
        ("id", "sidecar"),
        ("date", "option"),
        ("title", "option"),
        ("publication", "sidecar"),
    )


def test_a_day_that_is_told_gives_the_id_where_no_name_does(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(PRINTED, encoding="utf-8")
    issue = told(file, 'date = "2020-06-05"')
    assert issue.id == "2020-06-05"
    assert issue.origins == (("id", "sidecar"), ("date", "sidecar"))


TELLERS = ("option", "sidecar", "file", "masthead", "file name")


@pytest.mark.parametrize("of_day", TELLERS)
@pytest.mark.parametrize("of_id", ["option", "sidecar", "file", "file name"])
def test_the_id_and_the_day_are_each_told_by_the_first_that_does(
    tmp_path: Path, of_id: str, of_day: str
) -> None:
    tells: dict[str, dict[str, str]] = {who: {} for who in TELLERS}
    days = {who: f"2021-10-{day:02d}" for day, who in enumerate(TELLERS, start=1)}
    if of_id != "file name":
        tells[of_id]["id"] = "bank"
    for who in TELLERS[TELLERS.index(of_day) :]:  # those behind it tell one, too
        tells[who]["date"] = days[who]
    front = "".join(f"{key}: {value}\n" for key, value in tells["file"].items())
    masthead = "# 砚川时讯 2021年10月4日\n\n" if tells["masthead"] else ""
    text = f"---\n{front}---\n{masthead}## 开工\n\n开工了。\n\n## 通车\n\n通车了。\n"
    file = tmp_path / f"{days['file name']}.md"
    file.write_text(text, encoding="utf-8")
    sidecar = "".join(f'{key} = "{value}"\n' for key, value in tells["sidecar"].items())
    (tmp_path / "issue.toml").write_text(sidecar, encoding="utf-8")
    issue = read_issue(file, options=Metadata(**tells["option"]))
    assert (issue.id, str(issue.date)) == (
        days["file name"] if of_id == "file name" else "bank",
        days[of_day],
    )
    assert dict(issue.origins) == {"id": of_id, "date": of_day}


@pytest.mark.parametrize("name", ["2021-10.txt", "page.txt", "2021-02-30.txt"])
def test_a_file_name_without_a_day_tells_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PRINTED, encoding="utf-8")
    assert read_issue(tmp_path / name, issue_id="june").date is None


def test_a_day_as_the_id_goes_before_the_file_name(tmp_path: Path) -> None:
    file = tmp_path / "2021-10-07.txt"
    file.write_text(PRINTED, encoding="utf-8")
    issue = read_issue(file, issue_id="2021-10-08")
    assert (str(issue.date), dict(issue.origins)["date"]) == ("2021-10-08", "option")


def test_the_sidecar_of_a_folder_speaks_of_the_only_file_or_the_one_it_names(file: Path) -> None:
    shared = file.with_name("issue.toml")
    shared.write_text('title = "六月号"', encoding="utf-8")
    assert read_issue(file).title == "六月号"
    other = file.with_name("issue_2020-07.txt")
    other.write_text(PRINTED, encoding="utf-8")
    with pytest.raises(SidecarError, match="there are 2 files beside it, and no key 'file'"):
        read_issue(file)
    shared.write_text(f'file = "{other.name}"\ntitle = "七月号"', encoding="utf-8")
    assert (read_issue(file).title, read_issue(other).title) == (None, "七月号")
    shared.write_text('file = "gone.txt"', encoding="utf-8")
    with pytest.raises(SidecarError, match=r"file is 'gone.txt', and there is no such file"):
        read_issue(file)
    assert told(file, 'title = "自己的"').title == "自己的"


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("id = ", r"is no TOML: .*line 1"),
        ('a = 1\nid = "x"\nid = "y"', "is no TOML: .*line 3"),
        ('colour = "red"', "colour is no key, expected one of id, date, title"),
        ("id = 3", "id is 3, expected text"),
        ('id = "a/b"', "id is 'a/b', expected up to 64 letters"),
        ('date = "5 June"', "date is '5 June', expected a day such as 2021-10-07"),
        ("date = 2020-06-05T10:00:00", "date is 2020-06-05 10:00:00, expected a day"),
        ('date = "20200605"', "expected a day such as"),
        ('title = ""', "title is '', expected one line"),
        ('title = """a\nb"""', "title is .*expected one line"),
        ('file = "../other.txt"', "file is '../other.txt', expected the name of a file"),
        ('file = "/etc/passwd"', "expected the name of a file in the same folder"),
        ('line = "x"', r"line is not a list of tables, expected \[\[line\]\]"),
        ("line = [1]", "line is not a list of tables"),
        ('[[line]]\ntext = "x"\nis = "text"', r"line\[1\].number is missing"),
        ('[[line]]\nnumber = true\ntext = "x"\nis = "text"', r"line\[1\].number is True"),
        ('[[line]]\nnumber = 0\ntext = "x"\nis = "text"', r"line\[1\].number is 0"),
        ('[[line]]\nnumber = 1\nis = "text"', r"line\[1\].text is missing"),
        ('[[line]]\nnumber = 1\ntext = "x"', r"line\[1\].is and line\[1\].starts are both missing"),
        (line(1, "x", is_="title"), r"line\[1\].is is 'title', expected one of kicker"),
        (line(1, "x", starts="page"), r"line\[1\].starts is 'page', expected one of nothing"),
        (line(1, "x", is_="text", colour="red"), r"line\[1\].colour is no key"),
        (line(2, "x", is_="text") + line(2, "x", starts="article"), "line 2 is corrected twice"),
        ("x = " + "[" * 100_000, "is nested too deeply|is no TOML"),
        ("x = " + "9" * 5000, "is no TOML|is no key"),
    ],
)
def test_what_is_wrong_in_a_sidecar_is_named(toml: str, problem: str) -> None:
    with pytest.raises(SidecarError, match=problem):
        parsed(toml.encode(), name="issue.toml")


def test_bytes_that_are_no_text_or_too_many_are_refused(file: Path) -> None:
    beside = file.with_name(f"{file.name}.toml")
    beside.write_bytes(b"id = \xff")
    with pytest.raises(SidecarError, match="is not UTF-8 at byte 5"):
        read_issue(file)
    beside.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(SidecarError, match="is larger than 256 KiB"):
        read_issue(file)


def test_a_sidecar_that_leads_elsewhere_is_refused(file: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    inside = file.rename(tmp_path / "in" / file.name)
    (tmp_path / "secret.toml").write_text('id = "x"', encoding="utf-8")
    beside = inside.with_name(f"{inside.name}.toml")
    for target in (Path("../secret.toml"), tmp_path / "secret.toml"):
        beside.symlink_to(target)
        with pytest.raises(SidecarError, match="leads out of its folder"):
            find_sidecar(inside)
        beside.unlink()
    for target in (Path("gone.toml"), Path(beside.name)):
        beside.symlink_to(target)
        with pytest.raises(SidecarError):
            find_sidecar(inside)
        beside.unlink()
    beside.mkdir()
    with pytest.raises(SidecarError, match="is no regular file"):
        find_sidecar(inside)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_followed_or_refused(data: bytes) -> None:
    try:
        assert isinstance(parsed(data, name="issue.toml"), Sidecar)
    except SidecarError:
        return


_keys = st.sampled_from(["id", "date", "title", "file", "line", "number", "text", "is", "starts"])
_values = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.just("text"), st.just("2020-01-01")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_keys, inner, max_size=4)),
    max_leaves=8,
)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else repr(value)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_keys, _values, max_size=5))
def test_any_known_key_with_any_value_is_followed_or_refused(told: dict[str, object]) -> None:
    toml = "".join(f"{key} = {_toml(value)}\n" for key, value in told.items())
    try:
        sidecar = parsed(toml.encode(), name="issue.toml")
    except SidecarError:
        return
    assert all(isinstance(one, Correction) for one in sidecar.corrections)


def test_a_line_is_no_headline(file: Path) -> None:
    issue = told(file, line(5, "新区医院新增", is_="text", starts="paragraph"))
    assert heads(issue)[0] == "新区开通三条公交线路"
    assert "新区医院新增床位三百张" in texts(issue)[0]
    assert issue.articles[0].confidence < 1


def test_a_line_is_a_headline(file: Path) -> None:
    issue = told(file, line(8, "下月还将", is_="headline", starts="article"))
    assert issue.articles[-1].passages[0].text == "下月还将新增一百张。"  # heads nothing
    issue = told(file, line(3, "市民出行", is_="subtitle", starts="paragraph"))
    assert issue.articles[0].subtitle is not None
    assert issue.articles[0].subtitle.text == "市民出行更加方便。"
    assert texts(issue)[0] == ["本报讯（记者 张三）6月1日，新区开通三条公交线路，"]


def test_a_break_is_made_and_one_that_is_none_is_mended(file: Path) -> None:
    assert texts(read_issue(file))[1][1:] == ["下月还将新增一百张。"]
    issue = told(file, line(8, "下月", starts="nothing"))
    assert texts(issue)[1] == [
        "本报讯（记者 李四）6月2日，新区医院新增床位三百张，患者住院更加方便。下月还将新增一百张。"
    ]
    issue = told(file, line(7, "患者", starts="paragraph"))
    assert texts(issue)[1][1:] == ["患者住院更加方便。下月还将新增一百张。"]
    issue = told(file, line(8, "下月", starts="article"))
    assert texts(issue)[2] == ["下月还将新增一百张。"]
    joined = told(file, line(5, "新区", is_="text") + line(6, "本报讯", starts="nothing"))
    assert len(joined.passages) == 3
    assert joined.passages[1].text.startswith("新区医院新增床位三百张本报讯")


def test_a_break_around_a_line_of_the_page_is_mended(file: Path) -> None:
    toml = line(7, "患者", is_="furniture") + line(8, "下月", starts="nothing")
    issue = told(file, toml)
    assert texts(issue)[1] == [
        "本报讯（记者 李四）6月2日，新区医院新增床位三百张，下月还将新增一百张。"
    ]
    assert [piece.text for piece in issue.furniture] == ["患者住院更加方便。"]


def test_every_text_still_stands_at_its_place(file: Path) -> None:
    toml = line(3, "市民", starts="paragraph") + line(8, "下月", is_="headline")
    with Archive.in_memory([told(file, toml)]) as archive:
        assert archive.verify() == []
        assert damage(archive) == []


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        (
            line(7, "下月还将", is_="headline"),
            "line 7 is '患者住院更加方便。', not '下月还将', which begins line 8",
        ),
        (
            line(4, "下月还将", is_="headline"),
            "line 4 is nothing, not '下月还将', which begins line 8",
        ),
        (line(700, "别的", is_="headline"), "line 700 is nothing, not '别的'"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(file: Path, toml: str, problem: str) -> None:
    with pytest.raises(SidecarError) as caught:
        told(file, toml)
    assert caught.value.problem == problem
    assert str(caught.value) == f"{file} with its sidecar: {problem}"


@pytest.fixture
def corrected(file: Path, tmp_path: Path) -> Iterator[Archive]:
    toml = 'title = "六月号"\n' + line(8, "下月", starts="article")
    with Archive.open(tmp_path / "kept", create=True) as archive:
        archive.add(read_issue(file))
        before = archive.stamp
        assert archive.add(told(file, toml)) == "replaced"
        assert archive.stamp != before
        assert archive.add(read_issue(file)) == "unchanged"
        yield archive


def execute(archive: Archive, statement: str) -> None:
    assert archive.path is not None
    with closing(sqlite3.connect(archive.path / FILE_NAME)) as db, db:
        db.execute(statement)


def test_corrections_survive_another_version_of_the_reader(corrected: Archive) -> None:
    before = corrected.issue("2020-06")
    execute(corrected, "UPDATE issues SET reader = '0'")
    assert corrected.refresh() == ["2020-06"]
    assert corrected.issue("2020-06") == before
    assert (before.title, len(before.articles)) == ("六月号", 3)


def test_corrections_survive_a_backup(corrected: Archive, tmp_path: Path) -> None:
    back_up(corrected, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", tmp_path / "new")
    with Archive.open(tmp_path / "new") as archive:
        assert archive.issue("2020-06") == corrected.issue("2020-06")


def test_options_survive_another_version_of_the_reader(file: Path, tmp_path: Path) -> None:
    options = Metadata(id="june", date="2020-06-05", publication="新区报")
    with Archive.open(tmp_path / "kept", create=True) as archive:
        archive.add(read_issue(file, options=options))
        before = archive.issue("june")
        execute(archive, "UPDATE issues SET reader = '0'")
        archive.refresh()
        assert archive.issue("june") == before
        assert (before.name, before.date) == ("新区报", date(2020, 6, 5))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "files SET sidecar = x'23'",
            "2020-06: the kept file, or what was told of it, was altered",
        ),
        ("files SET sidecar = NULL", "2020-06: the kept file, or what was told of it, was altered"),
        ('issues SET options = \'{"title": "x"}\'', "2020-06: the kept file, or what was told"),
        (
            "issues SET title = '别的'",
            "2020-06: title is '别的', its file and sidecar tell '六月号'",
        ),
        (
            "issues SET date = '1999-01-01'",
            "2020-06: date is '1999-01-01', its file and sidecar tell None",
        ),
        ("issues SET name = '别的'", "2020-06: name is '别的', its file and sidecar tell None"),
        ("issues SET number = '7'", "2020-06: number is '7', its file and sidecar tell None"),
    ],
)
def test_what_is_altered_of_what_was_told_is_found(
    corrected: Archive, change: str, problem: str
) -> None:
    assert damage(corrected) == []
    execute(corrected, f"UPDATE {change}")
    assert damage(corrected)[0].startswith(problem)
