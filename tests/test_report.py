"""How well an issue was read: coverage, doubts and odd characters, each with its place."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from api.cli import main
from corpus.archive import Archive
from corpus.reader import read_bytes, read_issue
from corpus.report import DOUBTFUL, Finding, Report, is_odd, report_on
from corpus.text import squeeze
from corpus.types import Issue
from corpus.zips import pack
from tests.conftest import DATA, INVENTED
from tests.test_pdf import printed

STORY = "本报讯（记者 张三）6月1日，新区开通三条公交线路，市民出行更加方便。\n"


def report(text: str) -> Report:
    return report_on(read_bytes(text.encode(), name="2020-06.txt"))


def of_kind(told: Report, *kinds: str) -> list[tuple[str, int, str, str]]:
    return [
        (one.kind, one.number, one.quote, one.detail) for one in told.findings if one.kind in kinds
    ]


def test_a_plain_issue_is_covered_and_has_no_doubts() -> None:
    told = report(f"新区开通三条公交线路\n{STORY}")
    assert (told.coverage, told.findings, told.ignored) == (1.0, (), ())
    assert told.n_chars == told.n_in_articles == len(squeeze(f"新区开通三条公交线路{STORY}"))


def test_what_is_in_no_article_is_told_with_its_place() -> None:
    told = report(f"第2版 经济\n\n新区开通三条公交线路\n{STORY}")
    assert of_kind(told, "outside") == [("outside", 1, "第2版 经济", "furniture")]
    assert told.n_chars - told.n_in_articles == len("第2版经济")
    assert told.coverage == pytest.approx(1 - 5 / told.n_chars)


@pytest.mark.parametrize("name", INVENTED)
def test_what_is_inside_and_what_is_outside_is_all_there_is(name: str) -> None:
    issue = read_issue(DATA / name)
    told = report_on(issue)
    text = issue.source.text
    inside: set[int] = set()
    for article in issue.articles:
        for part in (article.kicker, article.headline, article.subtitle, *article.passages):
            if part:
                inside.update(at for start, end in part.ranges for at in range(start, end))
    printed = {at for at, char in enumerate(text) if not char.isspace() and char != "\ufeff"}
    assert told.n_chars == len(printed)
    assert told.n_in_articles == len(printed & inside)
    outside = [one for one in told.findings if one.kind == "outside"]
    assert {one.detail for one in outside} <= {"furniture", "byline", "reference"}


def test_a_headline_that_is_doubtful_is_told() -> None:
    text = f"新区开通三条公交线路\n{STORY}城市的早晨\n清晨，街道上的人渐渐多了起来。\n"
    doubtful = read_bytes(text.encode(), name="2020-06.txt").articles[1]
    assert doubtful.confidence < DOUBTFUL
    (found,) = report(text).findings
    assert (found.kind, found.where, found.number) == ("headline", doubtful.id, 3)
    assert (found.quote, found.detail) == ("城市的早晨", f"{doubtful.confidence:.2f}")
    assert found.toml == '[[line]]\nnumber = 3\ntext = "城市的早晨"\nis = "text"'


def test_short_lines_that_head_nothing_are_told() -> None:
    told = report("新区开通三条公交线路\n")
    assert of_kind(told, "fragment") == [("fragment", 1, "新区开通三条公交线路", "0.30")]
    assert told.findings[0].toml == (
        '[[line]]\nnumber = 1\ntext = "新区开通三条公交线路"\nis = "furniture"'
    )


def test_a_paragraph_that_breaks_off_and_a_bracket_without_its_half_are_told() -> None:
    long = "市民们说从此以后去医院看病、去学校上学、去公园散步都用不着再换乘别的车辆了"
    long += "而且票价比从前便宜一半"
    told = report(f"新区开通三条公交线路\n{STORY}\n    {long}\n\n    真好“的事情。\n")
    found = of_kind(told, "break", "open")
    assert ("open", 6, "真好“的事情。", "1") in found


@pytest.mark.parametrize(
    ("char", "detail"),
    [
        ("\ufffd", "U+FFFD ×1"),
        ("\ue123", "U+E123 ×1"),
        ("⽔", "U+2F54 ×1 = 水"),
        ("\u00ad", "U+00AD ×1"),
        ("\u202e", "U+202E ×1"),
    ],
)
def test_odd_characters_are_told(char: str, detail: str) -> None:
    told = report(f"新区开通三条公交线路\n{STORY}河{char}清清。\n")
    (found,) = (one for one in told.findings if one.kind == "character")
    assert (found.number, found.detail) == (3, detail)
    assert char in found.quote


def test_an_odd_character_that_is_everywhere_is_told_a_few_times() -> None:
    told = report(f"新区开通三条公交线路\n{STORY}" + "河\ufffd清清。\n" * 40)
    assert of_kind(told, "character") == [
        ("character", 3 + n, one, "U+FFFD ×40")
        for n, (_, _, one, _) in enumerate(of_kind(told, "character"))
    ]
    assert len(of_kind(told, "character")) == 5


def test_usual_characters_are_not_odd() -> None:
    assert not any(map(is_odd, "水，“”—…·％①㎡ \n\t\u3000aé"))


def findings_with_toml(issue: Issue) -> list[Finding]:
    return [one for one in report_on(issue).findings if one.toml]


@pytest.mark.parametrize("name", INVENTED)
def test_every_table_can_be_pasted_and_settles_its_finding(name: str) -> None:
    data = (DATA / name).read_bytes()
    found = findings_with_toml(read_bytes(data, name=name))
    assert found
    for one in found:
        (table,) = tomllib.loads(one.toml)["line"]
        assert table["number"] == one.number
        again = report_on(read_bytes(data, name=name, sidecar=one.toml.encode()))
        assert again.ignored == ()
        assert one.toml not in [other.toml for other in again.findings]


def test_a_quotation_mark_or_backslash_is_quoted_in_the_table() -> None:
    told = report('第2版 经济\n编辑："张\\三"\n新区开通三条公交线路\n' + STORY)
    for one in told.findings:
        if one.toml:
            assert tomllib.loads(one.toml)["line"][0]["number"] == one.number


def test_the_command_reports_a_file_and_a_kept_issue_alike(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(DATA / INVENTED[0])
    archive = ["--archive", str(home / "kept")]
    assert main(["add", file, *archive]) == 0
    capsys.readouterr()
    assert main(["report", file, "--json"]) == 0
    of_file = json.loads(capsys.readouterr().out)
    assert main(["report", "2019-11", *archive, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == of_file
    assert of_file["coverage"] == round(of_file["n_in_articles"] / of_file["n_chars"], 4)
    for lang, first in (
        ("zh", "2019-11：3829 个字符中，96.4% 归入了文章"),
        ("en", "2019-11: of 3829"),
    ):
        assert main(["report", "2019-11", *archive, "--lang", lang]) == 0
        assert capsys.readouterr().out.startswith(first)


def test_a_correction_that_no_longer_fits_is_reported_and_kept_out(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "2020-06.txt"
    file.write_text(f"新区开通三条公交线路\n{STORY}", encoding="utf-8")
    toml = '[[line]]\nnumber = 1\ntext = "别的"\nis = "text"\n'
    (home / "2020-06.txt.toml").write_text(toml, encoding="utf-8")
    assert main(["report", str(file)]) == 8
    assert "line 1 is '新区开通三条公交线路', not '别的'" in capsys.readouterr().out
    assert main(["add", str(file), "--archive", str(home / "kept")]) == 6


def test_a_page_is_told_where_the_file_has_pages(tmp_path: Path) -> None:
    page = printed(
        ("第3版", 10, 40, 30), ("新桥建成", 24, 40, 60), ("本报讯 新桥建成。", 10, 40, 100)
    )
    issue = read_bytes(page, name="2020-05.pdf")
    found = [(one.page, one.number, one.quote) for one in report_on(issue).findings]
    assert found == [(1, 1, "第3版")]


def test_pages_that_hold_no_text_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2020-05.pdf"
    file.write_bytes(
        printed(("新桥建成", 24, 40, 60), ("本报讯 新桥建成。", 10, 40, 100), n_bare=2)
    )
    assert main(["report", str(file), "--lang", "en"]) == 0
    assert "pages that hold no text, empty or scanned: 2, 3" in capsys.readouterr().out
    assert main(["report", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pages_without_text"] == [2, 3]


def test_pages_that_hold_no_text_are_counted_through_the_files_of_a_zip() -> None:
    pages = [
        (f"{n}.pdf", printed((head, 24, 40, 60), (text, 10, 40, 100), n_bare=1))
        for n, (head, text) in enumerate(
            [("新桥建成", "本报讯 新桥建成。"), ("老站翻新", "本报讯 车站今天重新开放。")]
        )
    ]
    issue = read_bytes(pack(pages), name="2020-05.zip")
    assert report_on(issue).pages_without_text == (2, 4)
    assert [passage.page for passage in issue.passages] == [1, 3]


def test_what_is_not_there_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive.open(home / "kept", create=True):
        pass
    assert main(["report", "2020-06", "--archive", str(home / "kept")]) == 1
    assert main(["report", str(home / "none.txt")]) == 6
    assert main(["report", "2020-06", "--lang", "fr"]) == 2
    assert "expected zh or en" in capsys.readouterr().err
