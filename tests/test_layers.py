"""Imports go one way, and each heavy library has one home."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
ORDER = ["corpus", "embeddings", "qa", "api"]
HOMES = {
    "ahocorasick_rs": {"embeddings/cutter.py"},
    "faiss": {"embeddings/engine.py"},
    "sentence_transformers": {
        "embeddings/export.py",
        "embeddings/train.py",
        "embeddings/transformer.py",
    },
    "tantivy": {"qa/search/lexical.py"},
    "pymilvus": {"qa/engine/milvus.py"},
    "ray": {"embeddings/bulk.py"},
    "rjieba": {"embeddings/finish.py"},
    "sqlite3": {
        "corpus/archive.py",
        "corpus/connection.py",
        "corpus/keeping.py",
        "corpus/kept_out.py",
        "corpus/reading.py",
        "corpus/recent.py",
        "corpus/safety.py",
        "corpus/schema.py",
        "api/store.py",
    },
    "selectolax": {
        "corpus/page.py",
        "corpus/main_text.py",
        "corpus/blocks.py",
        "corpus/looks.py",
    },
    "trafilatura": {"corpus/web.py"},
    "markdown_it": {"corpus/markdown.py"},
    "opencc": {"corpus/text.py", "embeddings/vocabulary.py"},
    "ir_measures": {"qa/evaluate.py"},
    "jinja2": {"api/http/pages/render.py"},
    "uvicorn": {"api/http/server.py", "api/http/wire.py"},
    "prometheus_client": {"api/http/metrics.py"},
    "limits": {"api/http/callers.py", "api/cli/serving.py"},
    "typer": {
        f"api/cli/{name}.py"
        for name in (
            "__init__",
            "adding",
            "asking",
            "chatting",
            "common",
            "filling",
            "keeping",
            "measuring",
            "model",
            "narrowing",
            "operating",
            "reporting",
            "saving",
            "serving",
            "widget",
        )
    },
}


ENVIRONMENT = {
    "api/settings.py": "the settings of all commands",
    "api/http/settings.py": "which variables mean nothing; the service's are read by pydantic",
    "api/http/server.py": "the settings that a process hands to its workers",
    "api/http/metrics.py": "the folder in which the workers count together",
    "api/cli/__init__.py": "whether a bug shows its traceback",
    "api/cli/common.py": "the language of the terminal",
    "api/cli/operating.py": "which settings come from it",
    "api/terminal.py": "whether the terminal has colours",
    "embeddings/bulk.py": "how many threads each process may take",
}
"""Who looks at the environment, and for what."""


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return frozenset(found)


def modules() -> list[Path]:
    return [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]


def test_imports_go_from_right_to_left_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        for name in imported(path) & set(ORDER)
        if ORDER.index(name) > ORDER.index(path.relative_to(ROOT).parts[0])
    ]
    assert wrong == []


def test_each_heavy_library_is_imported_in_its_home_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        for name, homes in HOMES.items()
        if name in imported(path) and path.relative_to(ROOT).as_posix() not in homes
    ]
    assert wrong == []


def test_the_environment_is_looked_at_where_it_is_listed_only() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert found == set(ENVIRONMENT)


def test_the_tree_of_errors_has_every_error_that_a_person_can_act_on() -> None:
    classes = [
        (node.name, [base.id for base in node.bases if isinstance(base, ast.Name)])
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    ]
    found = {"BulletinError"}
    while more := {name for name, bases in classes if found.intersection(bases)} - found:
        found |= more
    tree = ast.get_docstring(parsed(ROOT / "corpus" / "errors.py")) or ""
    assert set(re.findall(r"^[│ ]*(?:[├└]── )?(\w+Error)\b", tree, re.MULTILINE)) == found
