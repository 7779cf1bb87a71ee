"""What the README says of commands and settings is complete, in both languages."""

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
def test_every_command_and_setting_is_in_the_readme(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    missing = [name for name in commands() if f"bulletin {name}" not in text]
    missing += [
        value
        for name, value in vars(settings).items()
        if name.endswith("_VARIABLE") and value not in text
    ]
    assert missing == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_of_the_service_is_in_the_readme(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(BULLETIN_[A-Z_]+)` \|", text, re.MULTILINE))
    assert listed == {variable(field) for field in ServiceSettings.model_fields}


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: bulletin {command}" in out
    assert re.search(r"\n  \w.+\.", out)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_file_the_readme_names_is_there(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    named = re.findall(r"`((?:corpus|embeddings|qa|api|tests|docs)/[\w./-]+)`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_both_readmes_have_the_same_headings_tables_and_code() -> None:
    shapes = []
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        fences = re.findall(r"^```(\w*)$", text, re.MULTILINE)
        rows = len(re.findall(r"^\|", text, re.MULTILINE))
        shapes.append((len(re.findall(r"^## ", text, re.MULTILINE)), fences, rows))
    assert shapes[0] == shapes[1]


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
