"""A question among others: what it leans on is carried over from earlier turns, with no model.

Nothing needs to be kept between calls. What the earlier questions were about is found by asking
them of the archive again; what an assistant turn claims is never believed. A follow-up becomes
one or more complete questions (`talk.readings`); the one is taken whose answer speaks of what was
asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.types import iso
from qa.answer import Answerer
from qa.native import Answer, Reading, SourceRef
from qa.query import MAX_CHARS, Lang, parse
from qa.talk.asking import Asking
from qa.talk.authors import author_asked
from qa.talk.contents import asks_contents
from qa.talk.examples import example_questions
from qa.talk.issues import newest_first
from qa.talk.memory import Memory
from qa.talk.several import parts_of
from qa.talk.smalltalk import anew, names_issues, small_talk
from qa.talk.writers import writer_asked
from qa.texts import say

__all__ = ["Chat", "Examples", "Reading", "Turn"]

Examples = dict[tuple[object, Lang], tuple[str, ...]]
"""Questions that the archive answers, by its state and their language."""

_NEWEST = 5  # issues that are named where it is asked which there are
_MAX_TURNS = 20  # user turns that are looked at
_OF_ANSWER = ("unclear", "doubt")  # small talk about the answer before
_WITH_EXAMPLES = ("hello", "who", "help", "unclear")


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn.

    Attributes:
        role: Who spoke.
        text: What was said.
    """

    role: Literal["user", "assistant"]
    text: str


class Chat:
    """Answers questions that may lean on earlier ones."""

    def __init__(
        self,
        answerer: Answerer,
        *,
        examples: Examples | None = None,
        memory: Memory | None = None,
    ) -> None:
        """Keep what answers complete questions.

        Args:
            answerer: Answers them.
            examples: Where `examples` keeps what it made, for chats over one archive to share.
            memory: Where the latest answers are kept, likewise.
        """
        self._answerer = answerer
        self._memory = memory or Memory()
        self._examples: Examples = {} if examples is None else examples

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
        """Return the answer to a question that was asked after others.

        Without history, and unless it is small talk or several questions at once, it is
        `Answerer.answer`'s. Small talk gets
        status `chat`: words of ours, no citations, and for "what can you do" questions that
        the archive answers. A follow-up's answer tells in `reading` how it was read; one that
        leads to nothing is declined, with the reading told.

        Args:
            question: As typed.
            history: Earlier turns, oldest first; what the assistant said is not believed.
            limit: How many citations at most, at least 1; a list counts as one.
            lang: The language of our own words; None takes the question's.
            filters: Which part of the archive to look at; None is all.
            min_confidence: The least confidence for a claim; None is the answerer's own.
            suggest: Whether to fill `follow_ups` for an answered question too, each one asked
                first, which takes about as long as some questions more.

        Raises:
            ValueError: If the limit is below 1.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}, expected at least 1")
        talk = small_talk(question)
        if talk == "issues" and history and not names_issues(question):
            talk = None
        if talk and talk not in _OF_ANSWER:
            return self._talk(talk, lang or parse(question).lang)
        begun = anew(question)
        written = writer_asked(question)
        named = author_asked(question) or (written is not None and written.surely)
        if begun is not None or asks_contents(question) or named:
            question, history = begun or question, ()
        answerer = self._answerer
        if min_confidence is not None:
            answerer = Answerer(answerer.finder, min_confidence=min_confidence)
        key = (limit, lang, filters, min_confidence)
        ask = Asking(
            answerer, limit=limit, lang=lang, filters=filters, memory=self._memory, key=key
        )
        earlier = _questions(history[-2 * _MAX_TURNS :])[-_MAX_TURNS:]
        if talk:
            last = ask.reply(tuple(earlier)) if earlier else None
            return self._talk(talk, lang or parse(question).lang, of=last)
        parts = parts_of(question)
        if len(parts) > 1:
            answer = ask.each(tuple(earlier), parts, whole=question)
        else:
            answer = ask.reply((*earlier, question))
        if suggest and answer.citations:
            article = answer.citations[0].location.article_id
            others = example_questions(self._answerer, lang=answer.lang, n=4, article_id=article)
            told = answer.reading.question if answer.reading else question
            answer = replace(answer, follow_ups=tuple(one for one in others if one != told)[:3])
        return answer

    def examples(self, lang: Lang) -> tuple[str, ...]:
        """Return some questions that the archive answers, made once for each state of it."""
        stamp = self._answerer.finder.archive.stamp
        made = self._examples.get((stamp, lang))
        if made is None:
            for old in [key for key in list(self._examples) if key[0] != stamp]:  # threads share it
                self._examples.pop(old, None)
            made = self._examples[stamp, lang] = example_questions(self._answerer, lang=lang)
        return made

    def _talk(self, kind: str, lang: Lang, *, of: Answer | None = None) -> Answer:
        """Return what is said to small talk; `of` is the answer that was given before it."""
        examples = self.examples(lang) if kind in _WITH_EXAMPLES else ()
        name = self._answerer.finder.archive.summary().name if kind == "name" else ""
        if kind == "issues":
            text = _issues(self._answerer.finder.archive, lang)
        else:
            told = f"talk_{kind}" if name is not None else "talk_no_name"
            text = say(told, lang, name=name or "")
        if of and of.sources:
            text = say(f"talk_{kind}_of", lang, source=_named(of.sources[0], lang))
            if kind == "unclear":
                article = of.sources[0].article_id
                others = example_questions(self._answerer, lang=lang, article_id=article)
                examples = others or examples
        if examples:
            text += "\n" + "\n".join([say("for_example", lang), *examples])
        return Answer(
            status="chat",
            lang=lang,
            text=text,
            citations=(),
            sources=(),
            confidence=1.0,
            no_answer=None,
            follow_ups=examples,
            index=self._answerer.finder.archive.told(),
        )


def _issues(archive: Archive, lang: Lang) -> str:
    """Return which issues there are: how many, from when to when, and the newest by name."""
    rows = newest_first(archive)
    if not rows:
        return say("empty_archive", lang)
    named = []
    for row in rows[:_NEWEST]:
        number = say("issue_number", lang, number=row.number) if row.number else None
        parts = (iso(row.date) or row.id, row.name, number, row.title)
        named.append(" ".join(part for part in parts if part))
    return say(
        "talk_issues" if len(rows) > 1 else "talk_issue",
        lang,
        n=str(len(rows)),
        first=iso(rows[-1].date) or rows[-1].id,
        latest=iso(rows[0].date) or rows[0].id,
        issues="\n".join(named),
    )


def _questions(history: Sequence[Turn]) -> list[str]:
    """Return what was asked earlier that a question may lean on, oldest first.

    Of a turn that is longer than a question may be, only what a question may be is read.
    """
    found: list[str] = []
    for turn in history:
        said = turn.text.strip()[:MAX_CHARS]
        if turn.role != "user" or not said:
            continue
        begun = anew(said)
        if begun is not None or asks_contents(said):
            found = []
        text = said if begun is None else begun
        if text.strip() and not small_talk(text):
            found.append(text)
    return found


def _named(source: SourceRef, lang: Lang) -> str:
    """Return how an article is named in a sentence of ours: its headline, its issue's day or id."""
    issue = iso(source.issue_date) or source.issue
    if source.title is None:
        return say("talk_source_untitled", lang, issue=issue)
    return say("talk_source", lang, title=source.title, issue=issue)
