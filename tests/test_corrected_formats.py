"""What an editor tells of web pages, Markdown, Word documents, zips and pages of an issue."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from corpus.archive import Archive
from corpus.errors import SidecarError, SourceError
from corpus.intake import Loader, items_of, read_item, sidecar_of
from corpus.metadata import Metadata
from corpus.reader import followed, read_bytes, read_issue
from corpus.report import report_on
from corpus.safety import damage
from corpus.types import Issue
from corpus.watching import Watch
from tests.test_documents import docx, paragraph

MARKDOWN = """---
date: 2021-10-07
title: 十月号
---
# 公交新增线路

本报讯（记者李明）公交线路新增12条。

市民都说好，

还要再加。

# 公园建成

全区建成公园3座。
"""
PAGE = (
    "<html><head><title>公交新增线路</title></head><body><article><h1>公交新增线路</h1>"
    "<p>本报讯（记者李明）公交线路新增12条。</p><p>公园建成</p><p>全区建成公园3座，市民都说好。</p>"
    "</article></body></html>"
)
STORY = "公交新增线路\n\n本报讯（记者李明）公交线路新增12条。\n"
OTHER = "公园建成\n\n本报讯（记者王芳）全区建成公园3座。\n"


def line(number: int, text: str, **how: str) -> str:
    rest = "".join(f'{key.strip("_")} = "{value}"\n' for key, value in how.items())
    return f'[[line]]\nnumber = {number}\ntext = "{text}"\n{rest}'


def told(issue: Issue) -> list[tuple[str | None, list[str]]]:
    return [
        (article.headline.text if article.headline else None, [p.text for p in article.passages])
        for article in issue.articles
    ]


def corrected(data: str | bytes, name: str, toml: str = "") -> list[tuple[str | None, list[str]]]:
    """Return what is read, once all corrections were followed and each text stands at its place."""
    data = data.encode() if isinstance(data, str) else data
    issue = followed(read_bytes(data, name=name, sidecar=toml.encode()), path=name)
    with Archive.in_memory([issue]) as archive:
        assert archive.verify() == []
        assert damage(archive) == []
    return told(issue)


FIRST = "本报讯（记者李明）公交线路新增12条。"


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        (
            "",
            [
                ("公交新增线路", [FIRST, "市民都说好，", "还要再加。"]),
                ("公园建成", ["全区建成公园3座。"]),
            ],
        ),
        (
            line(7, "还要", starts="nothing"),
            [
                ("公交新增线路", [FIRST, "市民都说好，还要再加。"]),
                ("公园建成", ["全区建成公园3座。"]),
            ],
        ),
        (
            line(9, "公园", is_="text"),
            [
                (
                    "公交新增线路",
                    [FIRST, "市民都说好，", "还要再加。", "公园建成", "全区建成公园3座。"],
                )
            ],
        ),
        (
            line(9, "公园", starts="paragraph"),
            [
                (
                    "公交新增线路",
                    [FIRST, "市民都说好，", "还要再加。", "公园建成", "全区建成公园3座。"],
                )
            ],
        ),
        (
            line(5, "市民", is_="headline"),
            [
                ("公交新增线路", [FIRST]),
                ("市民都说好，", ["还要再加。"]),
                ("公园建成", ["全区建成公园3座。"]),
            ],
        ),
        (
            line(5, "市民", is_="furniture") + line(7, "还要", starts="article"),
            [
                ("公交新增线路", [FIRST]),
                (None, ["还要再加。"]),
                ("公园建成", ["全区建成公园3座。"]),
            ],
        ),
    ],
)
def test_lines_of_markdown_are_read_as_told(
    toml: str, expected: list[tuple[str | None, list[str]]]
) -> None:
    assert corrected(MARKDOWN, "news.md", toml) == expected


def test_a_subtitle_told_in_markdown_is_no_headline_of_its_own() -> None:
    toml = line(3, "本报讯", is_="subtitle")
    issue = read_bytes(MARKDOWN.encode(), name="news.md", sidecar=toml.encode())
    first = issue.articles[0]
    assert first.headline is not None
    assert first.subtitle is not None
    assert (first.headline.text, first.subtitle.text) == ("公交新增线路", FIRST)
    assert (first.confidence, "told by the sidecar" in first.why) == (0.97, True)


def test_a_headline_that_a_web_page_does_not_mark_is_told() -> None:
    assert [head for head, _ in corrected(PAGE, "page.html")] == ["公交新增线路"]
    assert corrected(PAGE, "page.html", line(5, "公园", is_="headline")) == [
        ("公交新增线路", [FIRST]),
        ("公园建成", ["全区建成公园3座，市民都说好。"]),
    ]


def test_a_correction_changes_no_id_that_a_page_has_from_its_day() -> None:
    page, toml = PAGE.encode(), line(5, "公园", is_="headline").encode()
    options = Metadata(date="2021-10-07")
    ids = {read_bytes(page, name="a.html", sidecar=one, options=options).id for one in (None, toml)}
    assert ids == {"2021-10-07-a"}


@pytest.mark.parametrize("style", ["1", ""])
def test_lines_of_a_word_document_are_read_as_told(style: str) -> None:
    body = [paragraph("公交新增线路", style), paragraph(FIRST), paragraph("公园建成")]
    data = docx("".join([*body, paragraph("本报讯 全区建成公园3座。")]))
    toml = line(5, "公园", is_="text", starts="paragraph") + line(7, "本报", starts="nothing")
    assert corrected(data, "news.docx", toml) == [
        ("公交新增线路", [FIRST, "公园建成本报讯 全区建成公园3座。"])
    ]


def zipped(file: Path, *members: tuple[str, str]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    return file


def test_the_lines_of_a_zip_are_counted_through_its_pages(tmp_path: Path) -> None:
    file = zipped(tmp_path / "2021-10-07.zip", ("1.txt", STORY), ("2.md", MARKDOWN))
    data = file.read_bytes()
    heads = [head for head, _ in corrected(data, file.name)]
    assert heads == ["公交新增线路", "公交新增线路", "公园建成"]
    toml = line(5, "公交新增", starts="paragraph") + line(13, "公园", is_="text")
    ((head, passages),) = corrected(data, file.name, toml)
    assert (head, passages[:2]) == ("公交新增线路", [FIRST, "公交新增线路"])
    toml = line(3, "本报讯", is_="furniture", starts="nothing") + line(9, "市民", is_="headline")
    assert [head for head, _ in corrected(data, file.name, toml)][1:] == [
        "公交新增线路",
        "市民都说好，",
        "公园建成",
    ]


def test_the_report_counts_the_lines_of_a_zip_as_corrections_do(tmp_path: Path) -> None:
    file = zipped(tmp_path / "2021-10-07.zip", ("1.txt", STORY), ("2.txt", f"第2版 经济\n{OTHER}"))
    (found,) = report_on(read_issue(file)).findings
    assert (found.kind, found.number, found.quote) == ("outside", 5, "第2版 经济")
    read = read_bytes(file.read_bytes(), name=file.name, sidecar=found.toml.encode())
    assert report_on(read).ignored == ()
    assert "第2版 经济" in [passage.text for passage in read.passages]


def test_options_go_before_the_sidecar_and_that_before_the_file_itself(tmp_path: Path) -> None:
    file = tmp_path / "news.md"
    file.write_text(MARKDOWN, encoding="utf-8")
    issue = read_issue(file)
    assert (issue.id, issue.date, issue.title) == ("2021-10-07", date(2021, 10, 7), "十月号")
    assert dict(issue.origins) == {"id": "file", "date": "file", "title": "file"}
    (tmp_path / "issue.toml").write_text('date = 2021-10-08\ntitle = "特刊"', encoding="utf-8")
    issue = read_issue(file, options=Metadata(title="号外"))
    assert (issue.id, issue.title) == ("2021-10-08", "号外")
    assert dict(issue.origins) == {"id": "sidecar", "date": "sidecar", "title": "option"}


def test_the_title_of_a_word_document_is_that_of_the_issue() -> None:
    core = "<c><title>十月\n号</title></c>"
    issue = read_bytes(docx(paragraph(FIRST), core=core), name="2021-10.docx")
    assert (issue.title, dict(issue.origins)["title"]) == ("十月号", "file")


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


def issues(*paths: Path) -> list[Issue]:
    items, problems = items_of(paths)
    assert problems == []
    with Loader() as loader:
        return [read_item(item, loader=loader, reader="", options=Metadata()) for item in items]


def test_the_sidecar_of_a_folder_of_pages_speaks_of_their_issue(tmp_path: Path) -> None:
    folder = tmp_path / "2021-10-07"
    write(folder, **{"1_txt": STORY, "2_txt": OTHER, "issue_toml": 'title = "特刊"'})
    (issue,) = issues(folder)
    assert (issue.id, issue.title, len(issue.articles)) == ("2021-10-07", "特刊", 2)
    write(folder, **{"issue_toml": 'file = "2.txt"\ntitle = "特刊"'})
    assert issues(folder)[0].title == "特刊"
    write(folder, **{"2_txt_toml": 'title = "x"'})
    with pytest.raises(SidecarError, match=r"one page of an issue, expected issue\.toml"):
        issues(folder)


def test_sidecars_are_no_issues(tmp_path: Path) -> None:
    write(tmp_path, **{"2021-01_txt": STORY, "2021-01_txt_toml": 'title = "特刊"'})
    for paths in ([tmp_path], [tmp_path / "*"], sorted(tmp_path.iterdir())):
        assert [(issue.id, issue.title) for issue in issues(*paths)] == [("2021-01", "特刊")]
    items, problems = items_of([tmp_path / "2021-01.txt.toml"])
    assert (items, [one.problem for one in problems]) == (
        [],
        ["is a sidecar, expected the file that it speaks of"],
    )


def test_a_sidecar_of_a_zip_speaks_of_its_one_issue(tmp_path: Path) -> None:
    file = zipped(tmp_path / "all.zip", ("2021-01.txt", STORY))
    (tmp_path / "all.zip.toml").write_text('title = "特刊"', encoding="utf-8")
    assert [(issue.id, issue.title) for issue in issues(file)] == [("2021-01", "特刊")]
    zipped(file, ("2021-01.txt", STORY), ("2021-02.txt", OTHER))
    items, problems = items_of([file])
    assert items == []
    assert [one.problem for one in problems] == ["holds 2 issues, and its sidecar speaks of one"]


def test_what_is_kept_of_a_page_is_read_again_the_same_way(tmp_path: Path) -> None:
    data = f"<h1>开工</h1>{'<p>项目已经开工了，大家都说好。</p>' * 9}".encode()
    toml = 'title = "特刊"\n' + line(5, "项目", starts="nothing")
    issue = read_bytes(
        data, name="2021-10.html", reader="trafilatura", sidecar=toml.encode(), options=Metadata()
    )
    assert issue.source.encoding == "html+trafilatura"
    with Archive.open(tmp_path / "kept", create=True) as archive:
        archive.add(issue)
        before = archive.issue("2021-10")
        archive.connection.execute("UPDATE issues SET reader = '0'")
        assert archive.refresh() == ["2021-10"]
        assert archive.issue("2021-10") == before
        assert (archive.verify(), damage(archive)) == ([], [])


def test_a_watched_file_is_due_again_when_its_sidecar_comes_changes_or_goes(tmp_path: Path) -> None:
    write(tmp_path, **{"2021-01_txt": STORY})
    watch = Watch([tmp_path, tmp_path / "*"])

    def due() -> list[bytes | None]:
        watch.due()
        items, problems = watch.due()
        assert problems == []
        return [sidecar_of(item) for item in items]

    assert (due(), due()) == ([None], [])
    for toml in ('title = "特刊"', 'title = "特刊号"'):
        write(tmp_path, **{"2021-01_txt_toml": toml})
        assert (due(), due()) == ([toml.encode()], [])
    (tmp_path / "2021-01.txt.toml").unlink()
    assert (due(), due()) == ([None], [])


def test_a_correction_of_a_format_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SourceError, match="line 4 is nothing, not '公园', which begins line 9"):
        corrected(MARKDOWN, "news.md", line(4, "公园", is_="text"))
