"""Accuracy on the written dialogues and time a turn: `python -m tests.benchmarks.dialogues`.

The `dev` part was looked at while the readings were made; the `held` part was not.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from api.service import sample_issue
from corpus.archive import Archive
from corpus.reader import read_issue
from qa.answer import Answerer
from qa.chat import Chat, Turn
from qa.native import Answer
from qa.rank import Finder

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Checked:
    """A turn of a dialogue that was checked.

    Attributes:
        id: The dialogue's, and the number of the turn in it, from 1.
        part: dev or held.
        kind: What the dialogue is about.
        lang: zh, en or mixed.
        question: As typed.
        answer: What came back.
        wrong: What was not as expected; empty where all was.
        ms: How long it took.
    """

    id: str
    part: str
    kind: str
    lang: str
    question: str
    answer: Answer
    wrong: str
    ms: float


def dialogues() -> list[dict[str, Any]]:
    """Return the written dialogues."""
    lines = (DATA / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def hold(dialogue: dict[str, Any], chat: Chat) -> Iterator[Checked]:
    """Yield the turns of a dialogue for which something is expected, held with a chat."""
    history: list[Turn] = []
    seen: set[str] = set()
    for n, turn in enumerate(dialogue["turns"], start=1):
        if "told" in turn:
            if history and history[-1].role == "assistant":
                history.pop()
            history.append(Turn("assistant", turn["told"]))
            continue
        started = time.perf_counter()
        answer = chat.reply(turn["ask"], history=history)
        ms = 1000 * (time.perf_counter() - started)
        if len(turn) > 1:
            yield Checked(
                id=f"{dialogue['id']}.{n}",
                part=dialogue["part"],
                kind=dialogue["kind"],
                lang=dialogue["lang"],
                question=turn["ask"],
                answer=answer,
                wrong="; ".join(_wrong(turn, answer, seen)),
                ms=ms,
            )
        seen |= {citation.location.passage_id for citation in answer.citations}
        history += [Turn("user", turn["ask"]), Turn("assistant", answer.text)]


def _wrong(turn: dict[str, Any], answer: Answer, seen: set[str]) -> Iterator[str]:
    quotes = "\n".join(citation.quote for citation in answer.citations)
    for words in turn.get("evidence", ()):
        if words not in quotes:
            yield f"{words} is not quoted"
    expected = turn.get("status", "answered" if "evidence" in turn else answer.status)
    if answer.status != expected:
        yield f"{answer.status}, expected {expected}"
    if "reading" in turn and (answer.reading is not None) is not turn["reading"]:
        yield "no reading is told" if turn["reading"] else "read as a follow-up"
    if "lang" in turn and answer.lang != turn["lang"]:
        yield f"in {answer.lang}, expected {turn['lang']}"
    shown = {citation.location.passage_id for citation in answer.citations}
    if turn.get("fresh") and shown & seen:
        yield "shows again what was shown"
    if turn.get("examples") and not answer.follow_ups:
        yield "no examples"


def chats() -> dict[str, Chat]:
    """Return a chat over the shipped issue, and one over the three invented issues."""
    invented = [read_issue(path) for path in sorted(DATA.glob("issue_*.txt"))]
    archives = {"sample": [sample_issue()], "invented": invented}
    return {
        name: Chat(Answerer(Finder.open(Archive.in_memory(issues))))
        for name, issues in archives.items()
    }


def main() -> None:
    """Print the share of turns that are right, by part, kind and language, and the time a turn.

    With `-v`, print each wrong turn of the development part.
    """
    over = chats()
    checked = [one for dialogue in dialogues() for one in hold(dialogue, over[dialogue["archive"]])]
    print(f"{'part':5} {'what':12} {'turns':>5} {'right':>5} {'share':>6} {'median ms':>10}")
    for part in ("dev", "held"):
        of_part = [one for one in checked if one.part == part]
        groups = {"all": of_part}
        for one in of_part:
            groups.setdefault(one.lang, []).append(one)
            groups.setdefault(f"- {one.kind}", []).append(one)
        for name, group in sorted(groups.items()):
            right = sum(not one.wrong for one in group)
            ms = median(one.ms for one in group)
            print(
                f"{part:5} {name:12} {len(group):5} {right:5} {right / len(group):6.2f} {ms:10.1f}"
            )
    if "-v" in sys.argv[1:]:
        for one in checked:
            if one.wrong and one.part == "dev":
                reading = one.answer.reading.question if one.answer.reading else None
                print(f"{one.id} {one.question}: {one.wrong}; read as {reading}")


if __name__ == "__main__":
    main()
