"""What is noted of every answer, whichever door it leaves by: figures, the log, what was missed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.http.access import noted
from api.http.logs import question_facts
from api.store import Store, StoreError
from qa.native import MISSED

if TYPE_CHECKING:
    from api.http.metrics import Metrics
    from api.http.settings import ServiceSettings
    from corpus.filters import Filters
    from qa.chat import Chat, Turn
    from qa.native import Answer
    from qa.query import Lang

log = logging.getLogger(__name__)


class Heard:
    """Is told of every answer."""

    def __init__(self, settings: ServiceSettings, metrics: Metrics) -> None:
        """Keep where to note it."""
        self.metrics = metrics
        self.store = Store(settings.store_file)
        self._keeps_unanswered = settings.keep_unanswered
        self._logs_questions = settings.log_questions

    def hear(self, question: str, answer: Answer) -> None:
        """Note an answer."""
        self.metrics.answered(status=answer.status, lang=answer.lang, timings_ms=answer.timings_ms)
        notes = noted.get()
        if notes is not None:
            notes.update(question_facts(question, in_full=self._logs_questions))
            notes.update(lang=answer.lang, answer=answer.status)
        if self._keeps_unanswered and answer.status in MISSED:
            complete = answer.reading.question if answer.reading else question
            try:
                self.store.miss(complete, lang=answer.lang, status=answer.status)
            except StoreError as exc:
                log.error("an unanswered question is not kept: %s", exc)


class HeardChat:
    """A chat whose answers are noted."""

    def __init__(self, chat: Chat, heard: Heard) -> None:
        """Keep both."""
        self._chat = chat
        self._heard = heard

    def reply(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        limit: int = 5,
        lang: Lang | None = None,
        filters: Filters | None = None,
        min_confidence: float | None = None,
        suggest: bool = False,
    ) -> Answer:
        """Return the answer to a question after the turns before it, as `Chat.reply` does."""
        answer = self._chat.reply(
            question,
            history=history,
            limit=limit,
            lang=lang,
            filters=filters,
            min_confidence=min_confidence,
            suggest=suggest,
        )
        self._heard.hear(question, answer)
        return answer

    def examples(self, lang: Lang) -> tuple[str, ...]:
        """Return some questions that the archive answers; nobody asked, so nothing is noted."""
        return self._chat.examples(lang)
