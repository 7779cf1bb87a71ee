"""What the README and its pages say of commands and settings is complete, in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from api import settings
from api.cli import main
from api.cli.common import app, config_app, engine_app, key_app, model_app, widget_app
from api.http.settings import ServiceSettings, variable

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = sorted(path.with_suffix("").with_suffix("").name for path in ROOT.glob("docs/*.zh-CN.md"))
TWINS = [tuple(READMES)] + [
    (ROOT / "docs" / f"{name}.md", ROOT / "docs" / f"{name}.zh-CN.md") for name in PAGES
]


def all_of(readme: Path) -> str:
    """Return the text of a README with that of the pages in its language."""
    pages = [pair[READMES.index(readme)] for pair in TWINS]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def commands() -> list[str]:
    names = []
    groups = (
        ("", app),
        ("model ", model_app),
        ("key ", key_app),
        ("config ", config_app),
        ("engine ", engine_app),
        ("widget ", widget_app),
    )
    for prefix, typer_app in groups:
        for info in typer_app.registered_commands:
            assert info.callback is not None
            names.append(prefix + (info.name or info.callback.__name__))
    return names


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_systems_it_runs_on_are_those_it_is_packaged_for(readme: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    systems = [one for one in project["classifiers"] if one.startswith("Operating System")]
    assert systems == ["Operating System :: MacOS", "Operating System :: POSIX :: Linux"]
    assert re.search("Linux (or|或) macOS", readme.read_text(encoding="utf-8"))
    needed = [project["dependencies"], *project["optional-dependencies"].values()]
    assert [one for group in needed for one in group if "sys_platform" in one] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_command_and_setting_is_documented(readme: Path) -> None:
    text = all_of(readme)
    missing = [name for name in commands() if f"bulletin {name}" not in text]
    missing += [
        value
        for name, value in vars(settings).items()
        if name.endswith("_VARIABLE") and value not in text
    ]
    assert missing == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_of_the_service_is_documented(readme: Path) -> None:
    text = all_of(readme)
    listed = set(re.findall(r"^\| `(BULLETIN_[A-Z_]+)` \|", text, re.MULTILINE))
    assert listed == {variable(field) for field in ServiceSettings.model_fields}


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: bulletin {command}" in out
    assert re.search(r"\n  \w.+\.", out)


@pytest.mark.parametrize(
    ("command", "extra"), [("model export", "transformers"), ("eval DIR", "eval")]
)
@pytest.mark.parametrize("page", ["commands.md", "commands.zh-CN.md"])
def test_the_extra_that_a_command_needs_is_documented(page: str, command: str, extra: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    (line,) = re.findall(rf"^\$ bulletin {command}.*", text, re.MULTILINE)
    assert f"`{extra}`" in line


@pytest.mark.parametrize("page", [page for twins in TWINS for page in twins], ids=lambda p: p.name)
def test_every_file_and_page_that_is_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:corpus|embeddings|qa|api|tests|docs)/[\w./-]+)`", text)
    linked = [one.split("#")[0] for one in re.findall(r"\]\(([^):]+)\)", text)]
    assert linked
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert [name for name in linked if not (page.parent / name).exists()] == []


@pytest.mark.parametrize("twins", TWINS, ids=lambda pair: pair[0].name)
def test_twins_have_the_same_headings_tables_code_and_links(twins: tuple[Path, Path]) -> None:
    shapes = []
    for page in twins:
        text = page.read_text(encoding="utf-8")
        fences = re.findall(r"^```(\w*)$", text, re.MULTILINE)
        rows = len(re.findall(r"^\|", text, re.MULTILINE))
        links = re.findall(r"\]\(([^)]+)\)", text.replace(".zh-CN.md", ".md"))
        headings = len(re.findall(r"^##+ ", text, re.MULTILINE))
        shapes.append((headings, fences, rows, sorted(links)))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("twins", TWINS, ids=lambda pair: pair[0].name)
def test_twins_give_the_same_examples(twins: tuple[Path, Path]) -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in twins)
    examples = re.findall(r"[\w·]*[\u4e00-\u9fff]{2}[\w·]*", re.sub(r"\[中文.*?\]", "", english))
    if twins[0] not in READMES:  # what is asked in English there is asked in Chinese in its twin
        examples += re.findall(r"“([A-Z][^”]*\?)”", english)
    assert [one for one in examples if one not in chinese] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_transcript_at_the_top_is_what_the_command_prints(
    readme: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = readme.read_text(encoding="utf-8")
    transcript = text.split("```console\n", 1)[1].split("```", 1)[0]
    asked = re.findall(
        r"^\$ bulletin ask \"(.+?)\"(; echo \"exit \$\?\")?\n", transcript, re.MULTILINE
    )
    assert len(asked) == 3
    printed = ""
    for question, echo in asked:
        code = main(["ask", question])
        printed += f'$ bulletin ask "{question}"{echo}\n{capsys.readouterr().out}'
        printed += f"exit {code}\n" if echo else "\n"
    assert printed == transcript
