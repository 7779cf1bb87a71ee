"""Which complete question a follow-up is taken for: the one whose answer speaks of what it adds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.filters import Filters
from corpus.text import fold
from qa.answer import Answerer
from qa.cite import closest
from qa.native import Answer, NoAnswer
from qa.query import Lang, parse
from qa.quoting.lacking import is_such
from qa.quoting.persons import office_asked
from qa.quoting.ranges import own_figures
from qa.quoting.slot import slot_of
from qa.rank import Finder
from qa.search.coverage import Weighed
from qa.talk.followups import TELLS_LITTLE, Cue, FollowUp
from qa.talk.inplace import office_asked as held_by
from qa.talk.items import quotes_of
from qa.talk.readings import Earlier, Proposal, proposals
from qa.talk.times import is_of
from qa.talk.within import newest_day
from qa.texts import say

Among = Callable[[str], bool]
"""Tells by its id whether a passage may answer."""

_SPEAKS: dict[Lang, float] = {"zh": 0.45, "en": 0.25}
"""The share of what a follow-up adds that its answer must speak of. Words of another language
never count in full."""

_SPEAKS_A_LITTLE = 0.15
"""The same where it has a figure of the kind that is asked for."""

_SURELY: dict[Lang, float] = {"zh": 0.7, "en": 0.5}
"""The share with which no other reading is tried."""

SURE_ALONE = 0.9
"""The confidence from which what seemed a fragment was none."""

_UNSURE = 0.6  # the confidence below which an answer from elsewhere is not sure
_NEARLY = 0.85  # the share of its words that the article cited before must then say as well

TOLD = ("answered", "partial")
"""Outcomes that tell something."""

_LATER = re.compile(
    r"后来|最后|最终|结果|现在|目前|如今|\b(?:later|in the end|eventually|finally|now)\b",
    re.IGNORECASE,
)
_OF_ALL = re.compile("(?:副|代理?)?[省市区县州旗]长|.*[省市区县]委.*")  # of which a paper knows one
_HERE = 0.35  # the share that an answer from the article which was cited before gains


@dataclass(frozen=True, slots=True)
class Read:
    """An answer to a follow-up.

    Attributes:
        question: The complete question that it was read as.
        answer: The answer to that.
        share: How much of what the follow-up adds the answer speaks of, 0 to 1.
        is_here: Whether only the article that was cited before might answer.
        is_bare: Whether less than the complete question was asked there.
    """

    question: str
    answer: Answer
    share: float
    is_here: bool = False
    is_bare: bool = False

    @property
    def worth(self) -> float:
        """The share, and more where the article is the one that was cited before."""
        return self.share + _HERE * self.is_here


class Ask(Protocol):
    """Asks a complete question of the archive."""

    def __call__(
        self, question: str, *, lang: Lang | None = None, among: Among | None = None
    ) -> Answer:
        """Return its answer, in a language, of the passages that may answer."""


class Choosing:
    """Tries what a follow-up may stand for."""

    def __init__(
        self, ask: Ask, finder: Finder, *, lang: Lang | None, filters: Filters | None
    ) -> None:
        """Keep what asks and finds.

        Args:
            ask: Asks complete questions.
            finder: What finds their passages.
            lang: The language of our own words; None takes the question's.
            filters: Which part of the archive to look at; None is all.
        """
        self._ask = ask
        self._finder = finder
        self._lang = lang
        self._filters = filters

    def best(self, question: str, new: FollowUp, was: Earlier, lang: Lang) -> Read | None:
        """Return the reading whose answer speaks most of what is added; or a declined one.

        None where there is nothing to carry over.
        """
        spoken = new.lang or was.query.lang
        found: list[Read] = []
        for proposal in proposals(new, was):
            read = self._try(proposal, was, lang)
            if read.share >= _SURELY[spoken] and (read.is_here or not found):
                return read
            if proposal.settled:
                return read if read.share >= _SPEAKS[spoken] else self.declined(read, lang)
            found.append(read)
        told = [one for one in found if one.share >= _SPEAKS[spoken]]
        best = max(told, key=lambda read: read.worth, default=None)
        best = best or _told_alike(found) or self._meant(new, found)
        best = best or (self._filled(new, found[0], was, lang) if found else None)
        alone = self._alone(question, new, lang)
        if alone and (best is None or alone.worth > best.worth):
            return alone
        plainest = min(found, key=lambda read: (not read.is_here, len(read.question)), default=None)
        return best or (self.declined(plainest, lang) if plainest else None)

    def _try(self, proposal: Proposal, was: Earlier, lang: Lang) -> Read:
        among = self._where(proposal, was)
        answer = self._ask(proposal.asked or proposal.question, lang=lang, among=among)
        share = self._share(proposal.adds, answer)
        if _in_range(proposal, answer):
            share = 1.0
        if proposal.time and not self._is_of(proposal.time, answer):
            share = 0.0
        if proposal.says and not _names(answer, proposal.says):
            share = 0.0
        return Read(
            proposal.question,
            answer,
            share,
            is_here=among is not None,
            is_bare=bool(proposal.asked),
        )

    def _is_of(self, time: str, answer: Answer) -> bool:
        quotes = quotes_of(answer, self._finder.places)
        return is_of(time, quotes, now=newest_day(self._finder.archive))

    def _filled(self, new: FollowUp, read: Read, was: Earlier, lang: Lang) -> Read | None:
        """Return a follow-up as answered by the figure or hour of the kind it asks for, if any.

        That of a passage which was just quoted, or of one in its article; a figure that was told
        before is none.
        """
        slot = slot_of(self._finder.read(new.text))
        if not was.article or slot is None or slot.kind not in ("how many", "when"):
            return None
        told = {one.quote[slice(*mark)] for one in was.answer.citations for mark in one.marks}
        surely = Answerer(self._finder, min_confidence=0.0)
        shown = (frozenset((passage_id,)).__contains__ for passage_id in sorted(was.shown))
        for among in (*shown, in_article(was.article)):
            answer = surely.answer(
                new.text,
                limit=1,
                lang=self._lang or lang,
                filters=self._filters,
                among=among,
            )
            marks = [one.quote[slice(*mark)] for one in answer.citations for mark in one.marks]
            share = self._share(new.text, answer)
            fitting = any(is_such(slot, mark) for mark in marks)
            if fitting and not told.issuperset(marks) and share >= _SPEAKS_A_LITTLE:
                return Read(read.question, answer, share, is_here=True)
        return None

    def _meant(self, new: FollowUp, found: Sequence[Read]) -> Read | None:
        """Return the reading of a correction that is answered with a figure of the kind asked for.

        No, I mean how much did it cost: the answer, 总投资21亿元, need not speak of cost.
        """
        slot = slot_of(self._finder.read(new.text)) if new.cue is Cue.CORRECTION else None
        for read in found if slot else ():
            marks = [one.quote[slice(*mark)] for one in read.answer.citations for mark in one.marks]
            if read.is_here and slot and any(is_such(slot, mark) for mark in marks):
                return read
        return None

    def _where(self, proposal: Proposal, was: Earlier) -> Among | None:
        """Return what may answer: the article that was cited, or of it only the cited passages.

        The latter where they speak of what is added, for what was just read is what is meant. What
        came of it later, another issue may tell.
        """
        if not (proposal.here and was.article) or _LATER.search(proposal.adds):
            return None
        words = self._words(proposal.adds)
        shown = sorted(was.shown)
        told = [
            self._finder.coverage.score(words, fold(place.passage.text))
            for place in self._finder.places(shown if words else [])
        ]
        another = office_asked(fold(proposal.adds))  # a 副主任 who was quoted is no 主任
        if told and max(told) >= _SURELY[was.query.lang] and not another:
            return frozenset(shown).__contains__
        return in_article(was.article)

    def _words(self, adds: str) -> tuple[Weighed, ...]:
        query = self._finder.read(adds)
        slot = slot_of(query)
        kinds = slot.head if slot and slot.kind != "how many" else ()
        words = tuple(
            word
            for word in self._finder.coverage.weigh(query)
            if len(word.word) > 1 and word.word not in kinds
        )
        telling = tuple(word for word in words if not TELLS_LITTLE.fullmatch(word.word))
        return telling or (words if len(words) > 1 else ())

    def _alone(self, question: str, new: FollowUp, lang: Lang) -> Read | None:
        """Return the question read as one that stands by itself, where it may."""
        says_enough = len(parse(new.text).content) > 1 or _OF_ALL.fullmatch(held_by(new.text))
        if new.cue not in (Cue.FRAGMENT, Cue.PRONOUN, Cue.ABOUT) or not says_enough:
            return None
        answer = self._ask(question, lang=lang)
        share = self._share(new.text, answer)
        surely = share >= _SURELY[new.lang or "zh"] and self._words(new.text)
        is_whole = new.cue is Cue.FRAGMENT and answer.citations and answer.confidence >= SURE_ALONE
        return Read(question, answer, share) if surely or is_whole else None

    def where_it_is_told(self, question: str, was: Earlier, lang: Lang) -> Answer:
        """Return the answer to a question that leans on nothing, of all articles or of one.

        Of the article that was cited before, where that speaks of more of what is asked, or where
        no other is sure: one goes on asking about it.
        """
        answer = self._ask(question, lang=lang)
        if not was.article or _is_of(answer, was.article):
            return answer
        here = self._ask(question, lang=lang, among=in_article(was.article))
        words = self._finder.coverage.weigh(self._finder.read(question))
        told, told_here = (self._said(words, one) for one in (answer, here))
        spoken = parse(question).lang
        if answer.status not in TOLD:
            return here if told_here >= _SPEAKS[spoken] else answer
        enough = told * _NEARLY if answer.confidence < _UNSURE else told
        return here if told_here > enough else answer

    def _said(self, words: tuple[Weighed, ...], answer: Answer) -> float:
        """Return how much of some words an answer's quotes say, 0 to 1; nothing where declined.

        The row of a table says the names of its columns, too.
        """
        if answer.status not in TOLD:
            return 0.0
        quotes = quotes_of(answer, self._finder.places)
        texts = [fold(f"{one.place.columns} {one.text}") for one in quotes]
        return max(self._finder.coverage.score(words, text) for text in texts)

    def _share(self, adds: str, answer: Answer) -> float:
        """Return how much of what a follow-up adds its answer's quotes speak of, 0 to 1."""
        if answer.status not in TOLD:
            return 0.0
        words = self._words(adds)
        if not words:  # it adds a question word only, or a verb that tells little
            return 1.0
        return self._said(words, answer)

    def declined(self, read: Read, lang: Lang) -> Read:
        """Return a reading that was not answered, whatever was found for it."""
        if read.answer.no_answer:
            return read
        ids = [citation.location.passage_id for citation in read.answer.citations]
        near = tuple(closest(place) for place in self._finder.places(list(dict.fromkeys(ids))))
        return replace(
            read,
            answer=replace(
                read.answer,
                status="no_answer",
                text=say("not_found", self._lang or lang),
                citations=(),
                sources=(),
                conflicts=(),
                no_answer=NoAnswer("below_threshold", near[:3]),
            ),
        )


def _told_alike(found: Sequence[Read]) -> Read | None:
    """Return the reading which the article answers alike when asked the follow-up's words alone.

    Then the subject did not find the answer, nor what else the words may be about: 过期怎么办 is
    answered by 有效期7天,逾期作废, of which it has no word.
    """
    for read in found:
        if read.is_here and not read.is_bare and read.answer.status in TOLD:
            place = read.answer.citations[0].location
            bare = (one for one in found if one.is_bare and one.question == read.question)
            if any(
                one.answer.status in TOLD and one.answer.citations[0].location == place
                for one in bare
            ):
                return read
    return None


def _in_range(proposal: Proposal, answer: Answer) -> bool:
    """Tell whether an answer tells the range that a figure which is added falls in: 65的呢."""
    owns = own_figures(fold(proposal.question))
    added = [own for own in owns if own.said in proposal.adds]
    return any(own.met(fold(one.quote)) for own in added for one in answer.citations)


def _names(answer: Answer, name: str) -> bool:
    """Tell whether an answer names somebody, in its quotes or the headlines of its sources."""
    told = [citation.quote for citation in answer.citations]
    told += [source.title or "" for source in answer.sources]
    return any(fold(name) in fold(text) for text in told)


def _is_of(answer: Answer, article_id: str) -> bool:
    return any(one.location.article_id == article_id for one in answer.citations[:1])


def in_article(article_id: str) -> Among:
    """Return what tells the passages of an article."""
    return lambda passage_id: passage_id.startswith(f"{article_id}/")
