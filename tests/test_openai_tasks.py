"""Prompts that chat programs send behind their readers' backs are told from questions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.http.tasks import Task, question_in, reply_to, task_in
from qa.chat import Turn

HISTORY = "<chat_history>\nUSER: 新开了多少条公交线路？\nASSISTANT: 12条。[1]\n</chat_history>"
FORMS = {
    "title": '{ "title": "your concise title here" }',
    "tags": '{ "tags": ["tag1", "tag2", "tag3"] }',
    "follow_ups": '{ "follow_ups": ["Question 1?", "Question 2?"] }',
    "queries": '{ "queries": ["query1", "query2"] }',
    "text": '{ "text": "<your_completion>" }',
    "prompt": '{\n    "prompt": "Your detailed description here."\n}',
}
LIBRECHAT = (
    "Provide a concise, 5-word-or-less title for the conversation, using title case conventions."
    " Only return the title itself.\n\nConversation:\nUser: 新开了多少条公交线路？\nAI: 12条。"
)


def headed(form: str) -> str:
    return f"### Task:\nDo it.\n### Output:\nJSON format: {form}\n### Chat History:\n{HISTORY}"


def found(text: str, *, system: str = "", before: tuple[Turn, ...] = ()) -> Task | None:
    return task_in(text, system=system, before=before)


@pytest.mark.parametrize("kind", FORMS)
def test_a_task_of_open_webui_is_told_by_its_header_and_form(kind: str) -> None:
    task = found(headed(FORMS[kind]))
    assert task is not None
    assert (task.kind, task.as_json) == (kind, True)
    assert task.turns == (
        Turn(role="user", text="新开了多少条公交线路？"),
        Turn(role="assistant", text="12条。[1]"),
    )


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("title", {"title": "新开了多少条公交线路"}),
        ("tags", {"tags": ["刊物"]}),
        ("follow_ups", {"follow_ups": ["谁说的？"]}),
        ("queries", {"queries": []}),
        ("text", {"text": ""}),
        ("prompt", {"prompt": ""}),
    ],
)
def test_a_task_is_answered_in_the_form_it_wants(kind: str, told: dict[str, Any]) -> None:
    task = found(headed(FORMS[kind]))
    assert task is not None
    assert json.loads(reply_to(task, follow_ups=["谁说的？"], lang="zh")) == told


STRUCTURED = (
    "Analyze this conversation and provide:\n1. The detected language of the conversation\n"
    "2. A concise title in the detected language (5 words or less, no punctuation or quotation)\n\n"
    "User: 新开了多少条公交线路？\nAI: 12条。"
)


@pytest.mark.parametrize("prompt", [LIBRECHAT, STRUCTURED])
def test_librechat_gets_a_title_in_words(prompt: str) -> None:
    task = found(prompt)
    assert task is not None
    assert reply_to(task, follow_ups=[], lang="zh") == "新开了多少条公交线路"


@pytest.mark.parametrize(
    "text",
    ["请为以上对话生成一个简短的标题", "Generate a short title for this conversation."],
)
def test_a_bare_wish_for_a_title_takes_it_from_the_messages_before(text: str) -> None:
    task = found(text, before=(Turn(role="user", text="How many routes?"),))
    assert task is not None
    assert reply_to(task, follow_ups=[], lang="en") == "How many routes"


def test_without_a_question_the_title_says_what_this_is() -> None:
    task = found("Generate a short title for this conversation.")
    assert task is not None
    assert reply_to(task, follow_ups=[], lang="en") == "Bulletin questions"


def test_no_tool_is_chosen_where_tools_are_offered() -> None:
    task = found(
        "Query: 多少条？", system='Available Tools: []\nReturn { "tool_calls": [] } if none match.'
    )
    assert task is not None
    assert json.loads(reply_to(task, follow_ups=[], lang="zh")) == {"tool_calls": []}


@pytest.mark.parametrize(
    "text",
    [
        "这篇报道的标题是什么？",
        "What is the title of the article about the conversation on jobs?",
        "Who provided the title sponsorship?",
        "对话会上谁讲了话？",
        "给企业的补贴标题里写的是多少？",
        'What does {"title": 1} mean?',
        "### Task:\nAnswer by the context.\n<context>{}</context>\n总投资多少？",
    ],
)
def test_a_question_is_no_task(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("  总投资多少？ ", "总投资多少？"),
        ("### Task:\nx\n<context>\na\n</context>\n\n总投资多少？", "总投资多少？"),
        ("### Task:\nx\n<user_query>\n总投资多少？\n</user_query>\n", "总投资多少？"),
    ],
)
def test_a_question_is_taken_out_of_its_instructions(text: str, question: str) -> None:
    assert question_in(text) == question
