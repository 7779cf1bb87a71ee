"""No pattern of ours takes ages over a line that somebody made for it to.

Every compiled pattern is given lines of what it reads itself, repeated, with a character behind
that it cannot read: one that reads a stretch in several ways tries all of them then, twice as many
for each more. The limit is processor time a thousand times what a sound pattern takes.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby, product
from types import ModuleType
from typing import Any

import pytest

import api
import corpus
import embeddings
import qa
from corpus.printed_days import find_date
from qa.quoting import conditions

if not hasattr(signal, "setitimer"):
    pytest.skip("there is no timer to stop a pattern by", allow_module_level=True)

_CHARS = 120
_SECONDS = 2.0
_MOST_PUMPS = 160
_ENDS_NOTHING = "\x01"
_EXTRAS = {"atheris", "pymilvus", "ray", "sentence_transformers", "torch", "trafilatura"}
_OF_CATEGORY = {"CATEGORY_DIGIT": "5", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}


def _modules() -> Iterator[ModuleType]:
    for package in (api, corpus, embeddings, qa):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__"):
                continue
            try:
                yield importlib.import_module(found.name)
            except ModuleNotFoundError as exc:
                if (exc.name or "").split(".")[0] not in _EXTRAS:
                    raise


def _patterns() -> Iterator[Any]:
    """Yield every pattern that a module has, with where it is met first."""
    found: dict[re.Pattern[Any], str] = {}

    def look(value: object, name: str, depth: int = 0) -> None:
        if isinstance(value, re.Pattern):
            found.setdefault(value, name)
        elif isinstance(value, dict) and depth < 3:
            look(tuple(value.values()), name, depth + 1)
        elif isinstance(value, list | tuple | set | frozenset) and depth < 3:
            for one in value:
                look(one, name, depth + 1)

    for module in _modules():
        for name, value in vars(module).items():
            look(value, f"{module.__name__}.{name}")
    for pattern, name in found.items():
        yield pytest.param(pattern, id=name)


def _reads(parsed: Any) -> Iterator[str]:  # noqa: ANN401  # the parser of re has no types
    """Yield every run of characters that a parsed pattern names, and one of each of its sets."""
    for is_literal, group in groupby(parsed, key=lambda one: str(one[0]) == "LITERAL"):
        if is_literal:
            yield "".join(chr(char) for _, char in group)
            continue
        for operation, told in group:
            name = str(operation)
            if name == "IN":
                yield _one_of(told)
            elif name == "BRANCH":
                for branch in told[1]:
                    yield from _reads(branch)
            elif name.endswith("_REPEAT") or name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
                yield from _reads(told[-1])
            elif name == "ATOMIC_GROUP":
                yield from _reads(told)


def _one_of(told: Any) -> str:  # noqa: ANN401
    kind, what = next(one for one in told if str(one[0]) != "NEGATE")
    if str(kind) in ("LITERAL", "RANGE"):
        return chr(what if str(kind) == "LITERAL" else what[0])
    return _OF_CATEGORY.get(str(what), "x")


def _hostile(pattern: re.Pattern[Any]) -> Iterator[str]:
    parser: Any = vars(re)["_parser"]
    reads = sorted(set(_reads(parser.parse(pattern.pattern, pattern.flags))))
    pairs = [a + b for a, b in product(reads[:12], repeat=2) if a != b]
    for begins, pump in product(("", *reads[:3]), [*reads, *pairs][:_MOST_PUMPS]):
        yield begins + pump * (_CHARS // len(pump)) + _ENDS_NOTHING


class _TooSlowError(Exception):
    pass


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    def stop(*told: object) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _takes_ages(pattern: re.Pattern[Any]) -> str:
    """Return the line that a pattern takes ages over, or nothing."""
    for line in _hostile(pattern):
        read: Any = line if isinstance(pattern.pattern, str) else line.encode("latin-1", "ignore")
        try:
            with _stopped_after(_SECONDS):
                pattern.search(read)
                pattern.fullmatch(read)
        except _TooSlowError:
            return line
    return ""


@pytest.mark.parametrize("pattern", ["(?:ab|a|b)*c", "(?:a+)+c", "^(?:嗯+|哦)+$"])
def test_a_pattern_that_reads_in_several_ways_is_found(pattern: str) -> None:
    assert _takes_ages(re.compile(pattern))


@pytest.mark.parametrize("pattern", list(_patterns()))
def test_no_pattern_takes_ages(pattern: re.Pattern[Any]) -> None:
    assert not _takes_ages(pattern)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (lambda text: find_date(text, latest=None), "将于1月1日" * 20_000),
        (conditions._LISTED.search, "1、2、" * 10_000),
    ],
    ids=["days", "numbers"],
)
def test_a_long_row_is_gone_through_once(read: Callable[[str], object], text: str) -> None:
    with _stopped_after(_SECONDS):
        assert read(text) is None
