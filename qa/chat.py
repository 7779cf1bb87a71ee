"""Conversation: questions and follow-ups to answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.filters import Filters
from qa.answer import Answerer
from qa.native import Answer
from qa.query import Lang


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn: who spoke, and what was said."""

    role: Literal["user", "assistant"]
    text: str


class Chat:
    """Answers questions and follow-ups."""

    def __init__(self, answerer: Answerer) -> None:
        """Keep what answers."""
        self._answerer = answerer

    def reply(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        limit: int = 5,
        lang: Lang | None = None,
        filters: Filters | None = None,
        min_confidence: float | None = None,
    ) -> Answer:
        """Return the answer to a question after the turns before it."""
        return self._answerer.answer(question, limit=limit, lang=lang, filters=filters)
