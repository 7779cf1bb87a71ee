"""What chat programs ask behind their readers' backs: a title, tags, follow-ups, search queries.

They send such prompts to the model that answers their readers. Searching a bulletin for one would
show nonsense as a title, so they are told apart here: by the header that Open WebUI puts above a
task together with the JSON form that it asks for, or by asking for nothing but a conversation's
title, as LibreChat does. What carries a reader's question inside a header is a question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.text import HAN
from qa.chat import Turn
from qa.query import Lang
from qa.texts import say

Kind = Literal["title", "tags", "follow_ups", "queries", "text", "prompt", "tool_calls", "emoji"]

_HEADER = "### Task:"
_FORM = re.compile(r'\{\s*"(title|tags|follow_ups|queries|text|prompt)"\s*:')
_TOOLS = re.compile(r'Available Tools:.*"tool_calls"', re.DOTALL)
_EMOJI = re.compile(r"Your task is to reflect the speaker's likely facial expression")
_TITLE = re.compile(
    r"(?i:(?:please )?(?:provide|generate|create|write|suggest)\b[^\n]{0,80}\btitle\b[^\n]{0,60}"
    r"\b(?:conversation|chat|thread)\b)"
    r"|(?i:analy[sz]e this conversation and provide:.*\btitle\b)"
    r"|请?(?:为|给|用|根据)[^\n]{0,40}(?:对话|聊天|会话)[^\n]{0,40}标题",
    re.DOTALL,
)
_TURN = re.compile(
    r"^(?P<role>user|assistant|ai|human)\s*:\s*(?P<text>.*?)(?=^(?:user|assistant|ai|human)\s*:|\Z)",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
_QUOTED_CHARS = 50_000  # of the conversation that a prompt quotes
_TITLE_CHARS, _TITLE_WORDS = 20, 6


@dataclass(frozen=True, slots=True)
class Task:
    """A background prompt.

    Attributes:
        kind: What it asks for; the key of the JSON form it wants, where it wants one.
        as_json: Whether it wants a JSON object.
        turns: The conversation it is about, oldest first.
    """

    kind: Kind
    as_json: bool
    turns: tuple[Turn, ...]


def task_in(text: str, *, system: str, before: Sequence[Turn]) -> Task | None:
    """Return the background prompt that a message is, or None where a reader asks something.

    Args:
        text: The last message of the user.
        system: What the messages of the system say.
        before: The turns before it.
    """
    text = text.strip()
    if text.startswith(_HEADER):
        form = _FORM.search(text)
        return Task(form[1], True, _turns(text) or tuple(before)) if form else None  # type: ignore[arg-type]  # the pattern allows kinds only
    if _TOOLS.match(system) or _TOOLS.match(text):
        return Task("tool_calls", True, tuple(before))
    if _EMOJI.match(text):
        return Task("emoji", False, ())
    if _TITLE.match(text):
        return Task("title", False, _turns(text) or tuple(before))
    return None


def question_in(text: str) -> str:
    r"""Return the reader's question, out of the instructions that Open WebUI may put around it.

    >>> question_in("### Task:\nUse the context.\n<context>…</context>\n\n总投资多少？")
    '总投资多少？'
    """
    if not text.lstrip().startswith(_HEADER):
        return text.strip()
    marked = _between(text, "user_query")
    return (text.rpartition("</context>")[2] if marked is None else marked).strip()


def _turns(text: str) -> tuple[Turn, ...]:
    """Return the conversation that a prompt quotes, line by line: `USER: …`, `ASSISTANT: …`."""
    marked = _between(text, "chat_history")
    return tuple(
        Turn(
            role="user" if found["role"].lower() in ("user", "human") else "assistant",
            text=found["text"].strip(),
        )
        for found in _TURN.finditer((text if marked is None else marked)[:_QUOTED_CHARS])
    )


def _between(text: str, tag: str) -> str | None:
    """Return what stands inside a tag; no pattern, for a long text of tags must not take long."""
    _, opening, rest = text.partition(f"<{tag}>")
    inner, closing, _ = rest.rpartition(f"</{tag}>")
    return inner if opening and closing else None


def reply_to(task: Task, *, follow_ups: Sequence[str], lang: Lang) -> str:
    """Return the answer to a background prompt, in the form it wants.

    Args:
        task: The prompt.
        follow_ups: Questions that may be asked next.
        lang: Of a title where nobody asked anything, and of tags.
    """
    if task.kind == "emoji":
        return "📰"
    if task.kind == "title":
        asked = next((turn.text for turn in task.turns if turn.role == "user" and turn.text), "")
        title = title_of(asked) or say("conversation", lang)
        return json.dumps({"title": title}, ensure_ascii=False) if task.as_json else title
    told = {"tags": [say("tag", lang)], "follow_ups": list(follow_ups), "text": "", "prompt": ""}
    return json.dumps({task.kind: told.get(task.kind, [])}, ensure_ascii=False)


def title_of(question: str) -> str:
    """Return the first words of a question, as the title of a conversation.

    >>> title_of("全区去年一共新开通了多少条公交线路，优化了多少条？")
    '全区去年一共新开通了多少条公交线路，优化…'
    >>> title_of("How many new bus routes were opened last year?")
    'How many new bus routes were…'
    """
    one_line = " ".join(question.split()).rstrip("?？。.!！")
    if HAN.search(one_line):
        return one_line if len(one_line) <= _TITLE_CHARS else one_line[:_TITLE_CHARS] + "…"
    words = one_line.split()
    return one_line if len(words) <= _TITLE_WORDS else " ".join(words[:_TITLE_WORDS]) + "…"
