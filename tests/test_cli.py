from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from api.cli import main
from api.http.schemas import ClosestOut, HitOut, SourceOut
from corpus.archive import Archive
from corpus.types import Issue
from qa.answer import Answerer
from qa.chat import Chat
from qa.native import to_json
from qa.rank import Finder
from tests.conftest import DATA

CODE_QUESTION = "what is the 25311 goal"
SAMPLE_QUESTION = "全区疫苗接种率达到多少？"


@pytest.fixture
def kept(home: Path) -> Path:
    """Return the folder of an archive of the three invented issues."""
    folder = home / "kept"
    assert main(["add", str(DATA), "--archive", str(folder), "--json"]) == 0
    return folder


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=os.environ | env,
    )


def test_without_an_archive_the_shipped_issue_answers_and_stderr_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", CODE_QUESTION]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("The bulletin names “25311” but does not explain it.\n")
    assert "2021-10/a03/p02" in out
    assert "2021-10/a10/p05" in out
    assert "No archive yet" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", CODE_QUESTION],
        ["search", "公交"],
        ["chat"],
        ["list"],
        ["verify"],
        ["eval", "--questions", str(DATA / "own_words.jsonl")],
        ["serve", "--port", "0"],
        pytest.param(["mcp"], marks=pytest.mark.skipif(not find_spec("mcp"), reason="extra mcp")),
    ],
    ids=lambda arguments: arguments[0],
)
def test_nothing_stands_in_for_an_archive_that_was_named(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    folder = home / "kept"
    assert main([*arguments, "--archive", str(folder)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"bulletin: archive {folder}: is not there\n"
        f"  Make it with: bulletin add FILE --archive {folder}\n"
    )
    assert not folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", CODE_QUESTION],
        ["serve", "--port", "0"],
        pytest.param(["mcp"], marks=pytest.mark.skipif(not find_spec("mcp"), reason="extra mcp")),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_variable_names_an_archive_too(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    monkeypatch.setenv("BULLETIN_ARCHIVE", str(home / "kept"))
    assert main(arguments) == 3
    assert "is not there" in capsys.readouterr().err


def test_a_question_needs_no_subcommand(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([SAMPLE_QUESTION, "--json"]) == 0
    assert printed(capsys)["status"] == "answered"


@pytest.mark.parametrize("question", ["25311", "vaccination", "vaccine?", "A05", "hello"])
def test_a_word_that_is_far_from_any_command_is_a_question(
    home: Path, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    code = main(["ask", question])
    asked = capsys.readouterr()
    assert asked.out
    assert main([question]) == code
    assert capsys.readouterr() == asked


@pytest.mark.parametrize("word", ["serch", "hcat", "lst", "Ask", "widgets", ""])
def test_a_mistyped_command_is_no_question(
    home: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    assert main([word, "公交"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"No such command '{word}'" in err


def test_ask_prints_the_native_object(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", SAMPLE_QUESTION, "--json"]) == 0
    answer = printed(capsys)
    assert (answer["object"], answer["offset_unit"]) == ("answer", "codepoint")
    citations = answer["citations"]
    assert isinstance(citations, list)
    assert "100.18%" in citations[0]["quote"]


@pytest.mark.parametrize("question", ["hello", "你好", "help", "谢谢"])
def test_small_talk_is_answered_as_the_service_does(
    home: Path, sample: Issue, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    with Archive.in_memory([sample]) as archive:
        reply = Chat(Answerer(Finder.open(archive))).reply(question)
        assert main(["ask", question]) == 0
        assert capsys.readouterr().out == f"{reply.text}\n"
        assert main(["ask", question, "--json"]) == 0
        told, expected = printed(capsys), json.loads(json.dumps(to_json(reply)))
        assert told | {"id": "", "created": ""} == expected | {"id": "", "created": ""}


@pytest.mark.parametrize(
    ("locale", "told"),
    [("zh_CN.UTF-8", "刊物提到“25311”"), ("C.UTF-8", "The bulletin names “25311”")],
)
@pytest.mark.parametrize("command", ["ask", "chat"])
def test_a_question_without_letters_is_answered_in_the_language_of_the_terminal(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    command: str,
    locale: str,
    told: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"25311")))
    assert main([command]) == 0
    assert capsys.readouterr().out.startswith(told)


def test_nothing_found_exits_with_one_and_names_the_closest_on_stderr(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "火星上的公交票价是多少？"]) == 1
    out, err = capsys.readouterr()
    assert out == "刊物中没有找到这个问题的答案。\n"
    assert "最接近的段落：" in err


def test_sources_and_closest_passages_are_told_as_the_service_tells_them(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    where = ["--archive", str(kept)]
    assert main(["ask", "公交27路延长到哪里？", "--json", *where]) == 0
    sources = printed(capsys)["sources"]
    assert isinstance(sources, list)
    assert set(sources[0]) == set(SourceOut.model_fields)
    question = "明天高新区分析会天气怎么样？"
    assert main(["ask", question, "--json", *where]) == 1
    no_answer = printed(capsys)["no_answer"]
    assert isinstance(no_answer, dict)
    (near,) = (one for one in no_answer["closest"] if one["issue"] == "2023-05")
    assert set(near) == set(ClosestOut.model_fields) - {"url"}
    assert (near["publication"], near["number"]) == ("砚川高新时讯", "1208")
    main(["ask", question, *where])
    assert "砚川高新时讯 第1208期 2023-05-18" in capsys.readouterr().err
    assert main(["show", near["article_id"], "--json", *where]) == 0
    issue = ("publication", "issue", "number", "issue_date")
    assert printed(capsys).items() >= {name: near[name] for name in issue}.items()


def test_search_prints_hits_best_first(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["search", "公交27路延长", "--archive", str(kept), "--json", "-n", "3"]) == 0
    hits = printed(capsys)["hits"]
    assert isinstance(hits, list)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert hits[0]["title"] == "公交27路今起延伸至青石铺"
    fields = set(HitOut.model_fields) - {"url"}
    assert set(hits[0]) == fields | {"features"}
    assert (hits[0]["issue"], hits[0]["section"]) == ("2019-11", "社会")
    assert (hits[0]["issue_date"], hits[0]["date"]) == ("2019-11-14", "2019-11-14")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "2023年一季度高新区完成地区生产总值多少？",
            "》 砚川高新时讯 第1208期 2023-05-18 要闻 文中日期：2023-05-12  2023-05/a01/p02\n",
        ),
        (
            "How much was the GDP of the hi-tech zone in the first quarter of 2023?",
            " — 砚川高新时讯, no. 1208, 2023-05-18, 要闻, date in the article: 2023-05-12"
            "  2023-05/a01/p02\n",
        ),
        (
            "公交27路延长到哪里？",
            "》 砚川高新时讯 第1025期 2019-11-14 社会  2019-11/a08/p01\n",
        ),
    ],
    ids=["zh", "en", "one day"],
)
def test_the_day_of_an_issue_is_told_and_that_of_the_article_where_it_is_another(
    kept: Path, capsys: pytest.CaptureFixture[str], question: str, told: str
) -> None:
    capsys.readouterr()
    assert main(["ask", question, "--archive", str(kept)]) == 0
    assert told in capsys.readouterr().out
    assert main(["ask", question, "--archive", str(kept), "--json"]) == 0
    sources = printed(capsys)["sources"]
    assert isinstance(sources, list)
    assert sources[0]["issue_date"] in told
    assert sources[0]["date"] in told


def test_show_tells_the_day_of_an_article_as_its_own(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    where = ["--archive", str(kept)]
    assert main(["show", "2019-11", *where]) == 0
    heads = capsys.readouterr().out.split("\n\n")
    assert heads[0] == "2019-11  砚川高新时讯  no. 1025  2019-11-14"
    assert "  news · date in the article: 2019-11-08 · " in heads[1]
    assert "2019-11-14" not in heads[8]  # its own day is that of the issue
    assert main(["show", "2019-11/a01", *where]) == 0
    assert " · date in the article: 2019-11-08 · " in capsys.readouterr().out
    assert main(["show", "2019-11/a01", *where, "--json"]) == 0
    told = printed(capsys)
    assert (told["issue_date"], told["date"]) == ("2019-11-14", "2019-11-08")


@pytest.mark.parametrize(
    ("narrowed", "issues"),
    [
        (["--issue", "2019-11"], {"2019-11"}),
        (["--issue", "2019-11", "--issue", "2022-08"], {"2019-11", "2022-08"}),
        (["--from", "2022", "--to", "2022-12"], {"2022-08"}),
        (["--from", "2023-05-01"], {"2023-05"}),
        (["--to", "2022"], {"2019-11", "2022-08"}),
        (["--from", "2030"], set()),
    ],
)
def test_ask_and_search_look_only_where_they_are_told_to(
    kept: Path, capsys: pytest.CaptureFixture[str], narrowed: list[str], issues: set[str]
) -> None:
    capsys.readouterr()
    where = ["公交", "--archive", str(kept), "--json", *narrowed]
    assert main(["search", *where, "-n", "100"]) == (0 if issues else 1)
    hits = printed(capsys)["hits"]
    assert isinstance(hits, list)
    assert {hit["issue"] for hit in hits} == issues
    main(["ask", *where])
    told = printed(capsys)
    (no_answer, sources) = told["no_answer"], told["sources"]
    assert isinstance(sources, list)
    near = no_answer["closest"] if isinstance(no_answer, dict) else []
    named = [source["issue"] for source in sources]
    named += [one["passage_id"].partition("/")[0] for one in near]
    assert set(named) <= issues
    assert bool(named) == bool(issues)


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("narrowed", "problem"),
    [
        (["--from", "2021-13"], "--from is '2021-13', expected 2021, 2021-10 or 2021-10-07"),
        (["--to", "7 October"], "--to is '7 October', expected 2021, 2021-10 or 2021-10-07"),
        (["--to", "2021-02-30"], "--to is '2021-02-30', expected"),
        (["--from", "2022", "--to", "2021"], "--from is '2022', which is after --to, '2021'"),
    ],
)
def test_days_that_are_none_or_out_of_order_are_wrong_usage(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    command: str,
    narrowed: list[str],
    problem: str,
) -> None:
    assert main([command, "公交", *narrowed]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert problem in err


@pytest.mark.parametrize(
    ("locale", "none_found", "none_kept"),
    [
        ("C.UTF-8", "No passages were found.\n", "There is no issue in the archive yet.\n"),
        ("zh_CN.UTF-8", "没有找到相关的段落。\n", "档案中还没有任何一期刊物。\n"),
    ],
)
def test_search_says_that_there_is_nothing(
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    locale: str,
    none_found: str,
    none_kept: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    capsys.readouterr()
    where = ["--archive", str(kept)]
    assert main(["search", "!!!", *where]) == 1
    assert capsys.readouterr() == ("", none_found)
    assert main(["search", "!!!", *where, "--json"]) == 1
    assert capsys.readouterr() == ('{"hits": []}\n', "")
    for issue in ("2019-11", "2022-08", "2023-05"):
        assert main(["remove", issue, *where]) == 0
    capsys.readouterr()
    assert main(["search", "公交", *where]) == 1
    assert capsys.readouterr() == ("", none_kept)


def test_search_explains_what_was_searched_and_what_each_part_gave(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    asked = ["search", "bus route extension", "--archive", str(kept), "-n", "2", "--explain"]
    assert main(asked) == 0
    assert "→" in (told := capsys.readouterr().out)
    assert "(covered)" in told
    assert main([*asked, "--json"]) == 0
    query = printed(capsys)["query"]
    assert isinstance(query, dict)
    assert len(query["given"]) == 2
    assert any(terms for word in query["words"] for terms in word["terms"])


def test_add_list_show_remove_and_verify(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    where = ["--archive", str(kept)]
    assert main(["list", *where, "--json"]) == 0
    issues = printed(capsys)["issues"]
    assert isinstance(issues, list)
    assert [issue["id"] for issue in issues] == ["2019-11", "2022-08", "2023-05"]
    for wanted in ("2023-05", "2023-05/a01", "2023-05/a01/p01"):
        assert main(["show", wanted, *where]) == 0
        assert capsys.readouterr().out.strip()
    assert main(["verify", *where]) == 0
    assert capsys.readouterr().out.endswith("passages, 0 mismatches, 0 damaged\n")
    assert main(["remove", "2022-08", *where]) == 0
    assert main(["show", "2022-08", *where]) == 1
    assert "nothing in the archive has the id '2022-08'" in capsys.readouterr().err


SAID = {
    "C.UTF-8": (
        "added 2020-01  2020-01.txt  1 article, 1 passage\n  id 2020-01 (from the file name)\n",
        "unchanged 2020-01  2020-01.txt  1 article, 1 passage\n",
        "2020-01  1 article, 1 passage  2020-01.txt\n",
        "2020-01\n\n2020-01/a01  (no headline)\n  news · 1 passage\n",
        "2020-01/a01  (no headline)\n  news · 1 passage\n\n2020-01/a01/p01\n好的一期。\n",
        "2020-01\n\n2020-01/a01  (no headline)\n  news · 1 passage\n  p01  好的一期。\n"
        "  sure 0.70: headlines stand before their articles; no headline stands beside it\n",
        "1 passage, 0 mismatches, 0 damaged\n",
        "1 passage\n",
        "removed 2020-01\n",
    ),
    "zh_CN.UTF-8": (
        "已加入 2020-01  2020-01.txt  1 篇文章，1 段\n  编号 2020-01（文件名）\n",
        "没有变化 2020-01  2020-01.txt  1 篇文章，1 段\n",
        "2020-01  1 篇文章，1 段  2020-01.txt\n",
        "2020-01\n\n2020-01/a01  （无标题）\n  报道 · 1 段\n",
        "2020-01/a01  （无标题）\n  报道 · 1 段\n\n2020-01/a01/p01\n好的一期。\n",
        "2020-01\n\n2020-01/a01  （无标题）\n  报道 · 1 段\n  p01  好的一期。\n"
        "  把握 0.70：标题在文章之前；旁边没有标题\n",
        "1 段，0 处不符，0 处损坏\n",
        "1 段\n",
        "已删除 2020-01\n",
    ),
}


@pytest.mark.parametrize("locale", SAID)
def test_commands_speak_the_language_of_the_terminal(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("BULLETIN_ARCHIVE", str(home / "kept"))
    file = home / "2020-01.txt"
    file.write_text("好的一期。", encoding="utf-8")
    said = []
    for arguments in (
        ["add", str(file)],
        ["add", str(file)],
        ["list"],
        ["show", "2020-01"],
        ["show", "2020-01/a01"],
        ["read", str(file)],
        ["verify"],
        ["index"],
        ["remove", "2020-01"],
    ):
        assert main(arguments) == 0
        said.append(capsys.readouterr().out)
    assert tuple(said) == SAID[locale]


def test_the_same_file_twice_changes_nothing(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["add", str(DATA / "issue_2023-05.txt"), "--archive", str(kept), "--json"]) == 0
    issues = printed(capsys)["issues"]
    assert isinstance(issues, list)
    assert [issue["outcome"] for issue in issues] == ["unchanged"]


def test_another_text_under_a_kept_id_is_refused_until_told_so(
    kept: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = home / "issue_2023-05.txt"
    other.write_text("一篇完全不同的文章。", encoding="utf-8")
    assert main(["add", str(other), "--archive", str(kept)]) == 6
    assert "--replace" in capsys.readouterr().err
    assert main(["add", str(other), "--archive", str(kept), "--replace"]) == 0
    assert main(["add", str(other), "--archive", str(kept), "--id", "2023-05-extra"]) == 0


def test_export_prints_issues_articles_and_passages(
    home: Path, sample: Issue, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--json"]) == 0
    issues = printed(capsys)["issues"]
    assert isinstance(issues, list)
    (issue,) = issues
    assert len(issue["articles"]) == len(sample.articles)
    article = issue["articles"][0]
    assert {"id", "headline", "subtitle", "bylines", "date", "kind", "passages"} <= set(article)
    assert set(article["passages"][0]) == {"id", "text", "ranges"}


def test_read_shows_headline_reason_and_passages_and_keeps_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(DATA / "issue_2022-08.txt"), "--json"]) == 0
    told = printed(capsys)
    articles = told["articles"]
    assert isinstance(articles, list)
    assert {"confidence", "why", "headline_ranges"} <= set(articles[0])
    assert main(["read", str(DATA / "issue_2022-08.txt")]) == 0
    assert "headlines stand after their articles" in capsys.readouterr().out
    assert not (home / "xdg").exists()


def test_one_bad_file_does_not_keep_the_good_ones_out(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "files"
    folder.mkdir()
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02")
    (folder / "2020-01.txt").write_text("好的一期。", encoding="utf-8")
    archive = ["--archive", str(home / "kept")]
    assert main(["add", str(folder), *archive]) == 6
    out, err = capsys.readouterr()
    assert out == (
        "added 2020-01  2020-01.txt  1 article, 1 passage\n  id 2020-01 (from the file name)\n"
    )
    assert "bad.txt: is binary" in err


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \r\n\t ", "is empty"),
        ("binary.txt", bytes(range(256)), "is binary"),
        ("utf16.txt", "公交".encode("utf-16")[:-1], "UTF-16"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error_and_exit_6(
    home: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, problem: str
) -> None:
    file = home / name
    file.write_bytes(data)
    assert main(["add", str(file), "--archive", str(home / "kept")]) == 6
    err = capsys.readouterr().err
    assert str(file) in err
    assert problem in err
    assert err.count("bulletin: ") == 1


def test_errors_are_json_on_stderr_when_json_is_asked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(home / "none.txt"), "--json"]) == 6
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["error"]["code"] == "source_error"


def test_an_archive_of_another_format_exits_with_3(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "kept"
    folder.mkdir()
    (folder / "bulletin.db").write_bytes(b"this is no database, but long enough to be read as one")
    assert main(["ask", "公交？", "--archive", str(folder)]) == 3
    assert str(folder) in capsys.readouterr().err


def test_exporting_the_model_names_the_extra_that_it_needs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    assert main(["model", "export", str(tmp_path / "model")]) == 2
    assert capsys.readouterr() == (
        "",
        "bulletin: this needs the extra 'transformers', which is not installed\n"
        '  Install it in a clone of the project with: pip install ".[transformers]"\n',
    )


def test_an_unknown_model_exits_with_an_error_not_a_traceback(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "公交？", "--model", str(home / "nowhere")]) == (
        3 if find_spec("sentence_transformers") else 2
    )
    assert capsys.readouterr().err.count("Traceback") == 0


@pytest.mark.parametrize(
    "arguments",
    [["ask", "--bogus"], ["ask", "问", "-n", "0"], ["ask", "问", "--lang", "fr"], ["read"],
     ["ask", "问", "--color", "pink"], ["add", "a.txt", "b.txt", "--id", "x"]],
)  # fmt: skip
def test_wrong_usage_exits_with_2(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", ["ask", "search"])
def test_the_question_can_come_from_a_pipe_with_a_byte_order_mark(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + SAMPLE_QUESTION.encode()))
    monkeypatch.setattr(sys, "stdin", pipe)
    assert main([command, "-", "--json"]) == 0
    assert printed(capsys)


def test_an_undecodable_pipe_is_wrong_usage(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\xff")))
    assert main(["ask"]) == 2


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("given", "piped"), [([""], ""), (["   "], ""), (["\u3000"], ""), ([], ""), (["-"], "  \n")]
)
def test_an_empty_question_is_wrong_usage(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    given: list[str],
    piped: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped.encode())))
    assert main([command, *given]) == 2
    said = "bulletin: Invalid value: the question is empty\n  See: bulletin --help\n"
    assert capsys.readouterr() == ("", said)


def test_help_loads_no_heavy_library() -> None:
    script = (
        "import sys; from api.cli import main; main(['--help']);"
        "print(sorted({'numpy','faiss','tantivy','rjieba','tokenizers','rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")


def test_colour_is_only_written_where_it_is_wanted(home: Path) -> None:
    def coloured(*arguments: str, **env: str) -> bool:
        done = run("ask", SAMPLE_QUESTION, *arguments, XDG_DATA_HOME=str(home), **env)
        assert done.returncode == 0
        return b"\x1b[" in done.stdout

    assert not coloured(NO_COLOR="", FORCE_COLOR="")
    assert coloured(NO_COLOR="", FORCE_COLOR="1")
    assert not coloured(NO_COLOR="1", FORCE_COLOR="1")
    assert coloured("--color", "always", NO_COLOR="1")
    assert not coloured("--color", "never", FORCE_COLOR="1")


def test_a_closed_pipe_is_no_error(home: Path) -> None:
    command = f"{sys.executable} -m api export | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        check=False,
        env={**os.environ, "XDG_DATA_HOME": str(home)},
    )
    assert done.returncode == 0
    assert done.stderr.count(b"\n") == 1  # only the note on the shipped issue


def test_output_that_a_terminal_cannot_encode_is_replaced(home: Path) -> None:
    done = run("ask", SAMPLE_QUESTION, XDG_DATA_HOME=str(home), PYTHONIOENCODING="ascii")
    assert done.returncode == 0


def test_an_interrupt_exits_with_130(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "ask"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "XDG_DATA_HOME": str(home), "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdin is not None
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=3)  # it waits for the question on stdin
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    finally:
        process.kill()
        process.communicate()


def test_a_question_that_is_too_long_is_wrong_usage(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "公" * 1001]) == 2
    assert "1001 characters, expected at most 1000" in capsys.readouterr().err


def test_an_option_before_its_command_is_told_where_it_stands(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--archive", str(home), "list"]) == 2
    assert "bulletin list --archive FOLDER" in capsys.readouterr().err


def test_a_report_of_what_is_neither_kept_nor_a_file_says_both(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "none.txt"]) == 1
    told = capsys.readouterr().err
    assert "nothing in the archive has the id 'none.txt'" in told
    assert "Nor is 'none.txt' a file here." in told


def test_wrong_usage_is_json_on_stderr_when_json_is_asked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "问", "--bogus", "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "usage_problem_error"


@pytest.mark.parametrize("issue_id", ["a/b", "../x", " ", "a\nb", "", "x" * 65])
def test_an_id_that_is_no_id_is_wrong_usage(home: Path, issue_id: str) -> None:
    file = DATA / "issue_2022-08.txt"
    assert main(["add", str(file), "--archive", str(home / "kept"), "--id", issue_id]) == 2
    assert not (home / "kept").exists()


def test_an_empty_folder_is_said_to_be_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "empty").mkdir()
    assert main(["add", str(home / "empty"), "--archive", str(home / "kept")]) == 6
    assert "holds no file that is read" in capsys.readouterr().err


def test_an_archive_that_is_a_file_is_no_archive_yet_to_be_made(home: Path) -> None:
    (home / "file").write_text("no archive")
    assert main(["ask", "公交？", "--archive", str(home / "file")]) == 3


def test_closed_streams_are_no_bug(home: Path) -> None:
    for closed in ("<&-", ">&-", "2>&-"):
        command = f"{sys.executable} -m api ask {SAMPLE_QUESTION} {closed}"
        done = subprocess.run(
            ["bash", "-c", command],
            capture_output=True,
            check=False,
            env={**os.environ, "XDG_DATA_HOME": str(home)},
        )
        assert done.returncode == 0, closed
        assert b"Traceback" not in done.stderr


def test_a_question_that_is_no_text_is_wrong_usage(home: Path) -> None:
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"api", b"ask", b"\xff\xfe"],
        capture_output=True,
        check=False,
        env={**os.environ, "XDG_DATA_HOME": str(home)},
    )
    assert done.returncode == 2


def test_an_archive_that_may_only_be_read_answers_and_refuses_to_be_written(kept: Path) -> None:
    powers = "-dac_override,-dac_read_search"
    humble = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and setpriv is not here to take that away")
    for path in [*kept.rglob("*"), kept]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for index in (True, False):
            if not index:
                kept.chmod(0o755)
                shutil.rmtree(kept / "index")
                kept.chmod(0o555)
            command = [sys.executable, "-m", "api", "ask", "公交27路延长后多少公里？"]
            command += ["--archive", str(kept)]
            command = [*humble, *command] if os.geteuid() == 0 else command
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stderr.decode()
            assert "22.3公里" in done.stdout.decode()
            assert index == ("cannot keep the index" not in done.stderr.decode())
        command = [sys.executable, "-m", "api", "remove", "2019-11", "--archive", str(kept)]
        command = [*humble, *command] if os.geteuid() == 0 else command
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert done.returncode == 3
        assert "readonly" in done.stderr.decode()
    finally:
        for path in [kept, *kept.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_backup_and_restore_bring_an_archive_back(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, where = tmp_path / "copy.db", ["--archive", str(tmp_path / "again")]
    assert main(["backup", str(copy), "--archive", str(kept)]) == 0
    assert main(["restore", str(copy), *where]) == 0
    assert main(["verify", *where]) == 0
    assert main(["restore", str(copy), *where]) == 3
    assert "is there already" in capsys.readouterr().err
    assert main(["restore", str(copy), *where, "--replace"]) == 0


def test_verify_tells_of_a_damaged_index(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "问题", "--archive", str(kept)]) in (0, 1)
    file = next((kept / "index").glob("forward-*/1/words.npy"))
    file.write_bytes(bytes(file.stat().st_size))
    capsys.readouterr()
    assert main(["verify", "--archive", str(kept)]) == 8
    assert "words.npy was altered; It is rebuilt" in capsys.readouterr().out


def test_add_says_what_told_each_fact(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "page.txt"
    file.write_text("好的一期。", encoding="utf-8")
    (home / "issue.toml").write_text('title = "特刊"\ndate = 2020-06-05', encoding="utf-8")
    archive = ["--archive", str(home / "kept")]
    assert main(["add", str(file), *archive, "--title", "号外", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["issues"]
    assert row["told"] == {
        "id": {"value": "2020-06-05", "from": "sidecar"},
        "date": {"value": "2020-06-05", "from": "sidecar"},
        "title": {"value": "号外", "from": "option"},
    }
    assert main(["add", str(file), *archive]) == 0
    assert capsys.readouterr().out.startswith("replaced 2020-06-05 ")
    assert main(["add", str(file), *archive]) == 0
    assert capsys.readouterr().out.startswith("unchanged 2020-06-05 ")
    assert main(["list", *archive]) == 0
    assert "特刊" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [["--date", "5 June"], ["--title", ""], ["--id", "a/b"], ["--publication", "a\nb"]],
)
def test_what_an_option_cannot_tell_is_wrong_usage(
    home: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "page.txt"
    file.write_text("好的一期。", encoding="utf-8")
    assert main(["add", str(file), "--archive", str(home / "kept"), *wrong]) == 2
    assert f"{wrong[0]} is {wrong[1]!r}, expected" in capsys.readouterr().err
    assert not (home / "kept").exists()


def test_a_sidecar_that_cannot_be_followed_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "page.txt"
    file.write_text("好的一期。", encoding="utf-8")
    (home / "page.txt.toml").write_text('tite = "特刊"', encoding="utf-8")
    assert main(["add", str(file), "--archive", str(home / "kept")]) == 6
    err = capsys.readouterr().err
    assert "tite is no key, expected one of id, date, title, publication, file, line" in err


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("option", "told"),
    [
        (
            "--issue",
            "there is no such issue; there are: 2023-05, 2022-08, 2019-11; see `bulletin list`",
        ),
        ("--section", "there is no such section; there are: "),
    ],
)
def test_an_issue_or_section_that_is_not_there_is_an_error(
    kept: Path, capsys: pytest.CaptureFixture[str], command: str, option: str, told: str
) -> None:
    capsys.readouterr()
    assert main([command, "校长是谁？", option, "nope", "--archive", str(kept)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{option} is 'nope', and {told}" in " ".join(err.split())
