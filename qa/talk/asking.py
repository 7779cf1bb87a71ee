"""A question after others to an answer: what came before, the readings, and which one is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from corpus.filters import Filters
from corpus.rows import Place
from corpus.text import fold
from qa.answer import Answerer
from qa.cite import closest, compose, joined
from qa.native import Answer, NoAnswer, Reading, given_again
from qa.query import Lang, parse
from qa.quoting.compare import mark
from qa.quoting.lacking import is_such
from qa.quoting.persons import office_asked
from qa.quoting.quotes import Quote
from qa.quoting.ranges import own_figures
from qa.quoting.slot import slot_of
from qa.search.coverage import Weighed
from qa.talk.contents import asks_contents, contents_of_another, listed_articles
from qa.talk.followups import PERSON, TELLS_LITTLE, Cue, FollowUp, follow_up
from qa.talk.items import begins, items_of
from qa.talk.memory import Done, Memory
from qa.talk.readings import Asked, Proposal, asks_nothing, proposals
from qa.talk.several import together
from qa.talk.speaker import spoken_by
from qa.talk.subjects import person_named, subject_of
from qa.talk.times import is_of
from qa.texts import say

Among = Callable[[str], bool]

_QUOTE_CHARS = 40
_MAX_CHAIN = 6  # follow-ups to one question that are followed back
_SPEAKS: dict[Lang, float] = {"zh": 0.45, "en": 0.25}
"""The share of what a follow-up adds that its answer must speak of. Words of another language
never count in full."""

_SPEAKS_A_LITTLE = 0.15
"""The same where it has a figure of the kind that is asked for."""

_SURELY: dict[Lang, float] = {"zh": 0.7, "en": 0.5}
"""The share with which no other reading is tried."""

_SURE_ALONE = 0.9  # from this confidence what seemed a fragment was none
_TOLD = ("answered", "partial")
_NAME = re.compile(r"[\u4e00-\u9fff]{3}")
"""A word that names something: 谁收 does not say what, 图书馆有多少书 does."""

_LATER = re.compile(
    r"后来|最后|最终|结果|现在|目前|如今|\b(?:later|in the end|eventually|finally|now)\b",
    re.IGNORECASE,
)
_HERE = 0.35  # the share that an answer from the article which was cited before gains


@dataclass(frozen=True, slots=True)
class _Read:
    """An answer to a follow-up.

    Attributes:
        question: The complete question that it was read as.
        answer: The answer to that.
        share: How much of what the follow-up adds the answer speaks of, 0 to 1.
        worth: The same, and more where the article is the one that was cited before.
    """

    question: str
    answer: Answer
    share: float
    worth: float


class Asking:
    """One call of `reply`: what it may search, and how its words are to be."""

    def __init__(
        self,
        answerer: Answerer,
        *,
        limit: int,
        lang: Lang | None,
        filters: Filters | None,
        memory: Memory,
        key: Hashable,
    ) -> None:
        """Keep them; see `Chat.reply`."""
        self._answerer = answerer
        self._finder = answerer.finder
        self._limit = limit
        self._lang = lang
        self._filters = filters
        self._memory = memory
        self._key = (self._finder.archive.stamp, key)

    def reply(self, texts: tuple[str, ...]) -> Answer:
        """Return the answer to the last of some questions, oldest first."""
        kept = self._memory.get((*self._key, texts))
        if kept:
            return given_again(kept[0])
        done = self._do(texts[-1], self._before(texts))
        self._memory.put((*self._key, texts), done)
        return done[0]

    def each(self, earlier: tuple[str, ...], parts: Sequence[str], *, whole: str) -> Answer:
        """Return one answer to several questions of one message, each read with those before it.

        What is not told of them is named at its end. Where the first is declined, the message is
        asked as one, too, as the first may only have begun it: what that finds is answered then,
        where it is more than the others find that lean on nothing.

        Args:
            earlier: The questions before them, oldest first.
            parts: They.
            whole: The message.
        """
        texts, answers = earlier, []
        for part in parts:
            texts = (*texts, part)
            answers.append((part, self.reply(texts)))
        told = [(part, one) for part, one in answers if one.status in _TOLD]
        if answers[0][1].status not in _TOLD:
            as_one = self.reply((*earlier, whole))
            found = _passages(as_one)
            told = [
                (part, one)
                for part, one in told
                if one.reading is None and (found or _alone(part) or _is_whole(part, one))
            ]
            if not told or found.difference(*(_passages(one) for _, one in told)):
                return as_one
        untold = [part for part, one in answers if (part, one) not in told]
        left: list[str] = []
        if 1 < len(told) <= self._limit and all(
            one.status == "answered" and not one.conflicts and not asks_contents(part)
            for part, one in told
        ):
            answer = self._merged(told)
        else:
            kept: list[Answer] = []
            n = 0
            for part, one in told:
                n += len(one.citations)
                if kept and n > self._limit:
                    left.append(part)
                else:
                    kept.append(one)
            answer = joined(kept)
        tail = [say("not_told", answer.lang, question=part) for part in untold]
        tail += [say("ask_alone", answer.lang, question=part) for part in left]
        return replace(
            answer,
            text="\n".join([answer.text, *tail]),
            timings_ms=_added(one.timings_ms for _, one in answers),
            index=self._finder.archive.told(),
        )

    def _merged(self, told: Sequence[tuple[str, Answer]]) -> Answer:
        """Return one answer of the quotes of some, each once, with all that is marked in it.

        Where they are too many the last of each are left out, never all of one.
        """
        quotes: list[list[Quote]] = []
        for part, answer in told:
            asked = answer.reading.question if answer.reading else part
            quotes.append(self._quotes_of(answer, asked, before=together(quotes)))
        return compose(
            together(_shared_out(quotes, self._limit)),
            archive=self._finder.archive,
            status="answered",
            lang=told[0][1].lang,
            confidence=min(answer.confidence for _, answer in told),
        )

    def _quotes_of(self, answer: Answer, asked: str, *, before: Sequence[Quote]) -> list[Quote]:
        """Return what an answer quotes; where it marks nothing, one from before that does."""
        places = self._finder.places([one.location.passage_id for one in answer.citations])
        if answer.citations and not answer.citations[0].marks:
            query = self._finder.read(asked)
            words = self._finder.coverage.weigh(query)
            marked = [mark(query, words, replace(quote, marks=())) for quote in before]
            if found := [quote for quote in marked if quote.marks]:
                return found[:1]
        return [
            Quote(place, start, start + len(one.quote), one.score, one.marks)
            for place, one in zip(places, answer.citations, strict=True)
            for start in [one.location.start - begins(place)]
        ]

    def _do(self, question: str, was: Asked | None) -> Done:
        return self._follow(question, was) if was else (self._ask(question), question)

    def _before(self, texts: tuple[str, ...], *, depth: int = 0) -> Asked | None:
        """Return what the last of some questions leans on; None where it leans on nothing."""
        if len(texts) < 2 or depth > _MAX_CHAIN or follow_up(texts[-1]).cue is Cue.ALONE:
            return None
        return self._asked(texts[:-1], depth=depth + 1)

    def _ask(
        self, question: str, *, lang: Lang | None = None, among: Among | None = None
    ) -> Answer:
        return self._answerer.answer(
            question,
            limit=self._limit,
            lang=self._lang or lang,
            filters=self._filters,
            among=among,
        )

    def _asked(self, texts: tuple[str, ...], *, depth: int) -> Asked:
        """Return what the last of some questions asked, found by asking it again."""
        was = self._before(texts, depth=depth)
        kept = self._memory.get((*self._key, texts))
        answer, told = kept or self._do(texts[-1], was)
        if was:
            return self._moved_on(follow_up(texts[-1]), was, answer, told)
        return self._context(told, answer, follow_up(told).lang or "zh")

    def _context(self, question: str, answer: Answer, lang: Lang) -> Asked:
        query = self._finder.read(question)
        place = self._place(answer)
        return Asked(
            question=question,
            query=query,
            answer=answer,
            subject=subject_of(query, answer, place) if place else person_named(query),
            article=place.article.id if place else "",
            lang=lang,
            shown=frozenset(citation.location.passage_id for citation in answer.citations),
        )

    def _moved_on(self, new: FollowUp, was: Asked, answer: Answer, told: str) -> Asked:
        """Return what was asked once a follow-up is answered: the subject stays in one article.

        A follow-up that is declined, or that asks for the same again, changes nothing but what
        has been shown.
        """
        lang = new.lang or was.lang
        shown = frozenset(citation.location.passage_id for citation in answer.citations)
        if not answer.citations and was.subject:
            return replace(was, lang=lang)
        if new.cue in (Cue.MORE, Cue.SPEAKER, Cue.ORDINAL, Cue.LANGUAGE):
            return replace(was, lang=lang, shown=was.shown | shown)
        now = self._context(told, answer, lang)
        if not (now.subject and was.subject and now.article == was.article):
            return now
        kept = (
            was.subject if was.query.lang == now.query.lang or not now.subject.zh else now.subject
        )
        subject = replace(
            kept,
            words=kept.words if was.query.lang == now.query.lang else kept.zh,
            headline=now.subject.headline,
            person=now.subject.person or was.subject.person,
            person_zh=now.subject.person_zh or was.subject.person_zh,
            day=now.subject.day,
            place=now.subject.place,
        )
        return replace(now, subject=subject)

    def _place(self, answer: Answer) -> Place | None:
        ids = [citation.location.passage_id for citation in answer.citations[:1]]
        return self._finder.places(ids)[0] if ids else None

    def _follow(self, question: str, was: Asked) -> Done:
        """Return the answer to a follow-up, and the complete question it was read as."""
        new = follow_up(question)
        lang = self._lang or new.lang or was.lang
        listed = was.answer.sources[0].issue if was.answer.sources else ""
        if asks_contents(was.question):
            again = contents_of_another(question, listed, self._finder.archive)
            if again is not None:
                answer = self._ask(again, lang=lang) if again else self._nothing(was, lang)
                return self._told(answer, again or was.question, was), again or was.question
        whole = {
            Cue.MORE: self._more,
            Cue.LANGUAGE: self._again,
            Cue.SPEAKER: self._speaker,
            Cue.ORDINAL: self._item,
        }.get(new.cue)
        if whole:
            answer = whole(new, was, lang)
            return self._told(answer, _whole(new, was, lang), was), was.question
        if asks_nothing(new, was):
            return self._unclear(lang), was.question
        best = self._best(question, new, was, lang)
        if best is None and new.cue is Cue.PRONOUN and PERSON.search(new.text):
            return self._nothing(was, lang), was.question  # nobody was spoken of
        if best is None:
            return self._ask(question, lang=lang), question
        if best.question == question:
            return best.answer, question
        return self._told(best.answer, best.question, was), best.question

    def _best(self, question: str, new: FollowUp, was: Asked, lang: Lang) -> _Read | None:
        """Return the reading whose answer speaks most of what is added; or a declined one.

        None where there is nothing to carry over.
        """
        spoken = new.lang or was.query.lang
        found: list[_Read] = []
        for proposal in proposals(new, was):
            read = self._try(proposal, was, lang)
            if read.share >= _SURELY[spoken] and (read.worth > read.share or not found):
                return read
            if proposal.settled:
                return read if read.share >= _SPEAKS[spoken] else self._declined(read, lang)
            found.append(read)
        told = [one for one in found if one.share >= _SPEAKS[spoken]]
        best = max(told, key=lambda read: read.worth, default=None)
        best = best or (self._filled(new, found[0], was, lang) if found else None)
        alone = self._alone(question, new, lang)
        if alone and (best is None or alone.worth > best.worth):
            return alone
        plainest = min(
            found, key=lambda read: (read.share - read.worth, len(read.question)), default=None
        )
        return best or (self._declined(plainest, lang) if plainest else None)

    def _try(self, proposal: Proposal, was: Asked, lang: Lang) -> _Read:
        among = self._where(proposal, was)
        answer = self._ask(proposal.asked or proposal.question, lang=lang, among=among)
        share = self._share(proposal.adds, answer)
        if _in_range(proposal, answer):
            share = 1.0
        if proposal.time and not is_of(proposal.time, answer):
            share = 0.0
        if proposal.says and not _names(answer, proposal.says):
            share = 0.0
        return _Read(proposal.question, answer, share, share + _HERE * bool(among))

    def _filled(self, new: FollowUp, read: _Read, was: Asked, lang: Lang) -> _Read | None:
        """Return a follow-up as answered by the figure or hour of the kind it asks for, if any.

        That of a passage which was just quoted, or of one in its article; a figure that was told
        before is none.
        """
        slot = slot_of(self._finder.read(new.text))
        if not was.article or slot is None or slot.kind not in ("how many", "when"):
            return None
        told = {one.quote[slice(*mark)] for one in was.answer.citations for mark in one.marks}
        surely = Answerer(self._finder, min_confidence=0.0)
        for among in (frozenset(was.shown).__contains__, _in_article(was.article)):
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
                return _Read(read.question, answer, share, share + _HERE)
        return None

    def _where(self, proposal: Proposal, was: Asked) -> Among | None:
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
        return _in_article(was.article)

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

    def _alone(self, question: str, new: FollowUp, lang: Lang) -> _Read | None:
        """Return the question read as one that stands by itself, where it may."""
        if (
            new.cue not in (Cue.FRAGMENT, Cue.PRONOUN, Cue.ABOUT)
            or len(parse(new.text).content) < 2
        ):
            return None
        answer = self._ask(question, lang=lang)
        share = self._share(new.text, answer)
        surely = share >= _SURELY[new.lang or "zh"] and self._words(new.text)
        is_whole = new.cue is Cue.FRAGMENT and answer.citations and answer.confidence >= _SURE_ALONE
        return _Read(question, answer, share, share) if surely or is_whole else None

    def _share(self, adds: str, answer: Answer) -> float:
        """Return how much of what a follow-up adds its answer's quotes speak of, 0 to 1."""
        if answer.status not in _TOLD:
            return 0.0
        words, coverage = self._words(adds), self._finder.coverage
        if not words:  # it adds a question word only, or a verb that tells little
            return 1.0
        return max(coverage.score(words, fold(one.quote)) for one in answer.citations)

    def _declined(self, read: _Read, lang: Lang) -> _Read:
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

    def _told(self, answer: Answer, question: str, was: Asked) -> Answer:
        subject = was.subject
        parts = (
            [
                subject.words,
                subject.zh,
                subject.person,
                subject.person_zh,
                subject.place,
                subject.day,
            ]
            if subject
            else []
        )
        carried = [part for part in parts if part and fold(part) in fold(question)]
        carried = [one for one in carried if not any(one != o and one in o for o in carried)]
        here = {citation.location.article_id for citation in answer.citations}
        if subject and subject.headline and was.article in here:
            carried.append(subject.headline)
        return replace(
            answer, reading=Reading(question, tuple(dict.fromkeys(carried or [was.question])))
        )

    def _more(self, new: FollowUp, was: Asked, lang: Lang) -> Answer:
        def fresh(passage_id: str) -> bool:
            return passage_id not in was.shown

        here = _in_article(was.article)
        answer = self._ask(was.question, lang=lang, among=fresh)
        headline = was.subject.headline if was.subject else ""
        if not answer.citations and headline:  # the rest of the article
            rest = self._ask(headline, lang=lang, among=lambda one: here(one) and fresh(one))
            answer = rest if rest.citations else answer
        return answer if answer.citations else replace(answer, text=say("no_more", answer.lang))

    def _again(self, new: FollowUp, was: Asked, lang: Lang) -> Answer:
        return self._ask(was.question, lang=new.lang or lang)

    def _speaker(self, new: FollowUp, was: Asked, lang: Lang) -> Answer:
        place = self._place(was.answer)
        if place is None:
            return self._nothing(was, lang)
        told = was.answer.citations[0]
        start = told.location.start - begins(place)
        found = spoken_by(place, start, start + len(told.quote))
        return self._quoted(found, lang) if found else self._nothing(was, lang)

    def _item(self, new: FollowUp, was: Asked, lang: Lang) -> Answer:
        place = self._place(was.answer)
        if asks_contents(was.question):
            articles = listed_articles(was.question, self._finder.archive, self._filters)
            ids = [article.passages[0].id for article in articles]
            items = [Quote(one, 0, len(one.passage.text), 1.0) for one in self._finder.places(ids)]
        else:
            items = items_of(was.answer, place, self._finder.places) if place else []
        at = new.n - 1 if new.n > 0 else len(items) - 1
        return self._quoted(items[at], lang) if 0 <= at < len(items) else self._nothing(was, lang)

    def _quoted(self, quote: Quote, lang: Lang) -> Answer:
        answer = compose(
            [quote],
            archive=self._finder.archive,
            status="answered",
            lang=self._lang or lang,
            confidence=quote.score,
        )
        return replace(answer, index=self._finder.archive.told())

    def _unclear(self, lang: Lang) -> Answer:
        return Answer(
            status="chat",
            lang=lang,
            text=say("talk_unclear", lang),
            citations=(),
            sources=(),
            confidence=1.0,
            no_answer=None,
            index=self._finder.archive.told(),
        )

    def _nothing(self, was: Asked, lang: Lang) -> Answer:
        read = _Read(was.question, was.answer, 0.0, 0.0)
        answer = self._declined(read, lang).answer
        lang = self._lang or lang
        return replace(answer, lang=lang, text=say("not_found", lang))


def _whole(new: FollowUp, was: Asked, lang: Lang) -> str:
    """Return as one question a follow-up that asks for the same again, or about what was quoted."""
    if new.cue is Cue.SPEAKER and was.answer.citations:
        quote = was.answer.citations[0].quote
        quote = quote if len(quote) <= _QUOTE_CHARS else quote[: _QUOTE_CHARS - 1] + "…"
        return say("read_who", lang, quote=quote)
    if new.cue is Cue.ORDINAL:
        key = "read_item" if new.n > 0 else "read_last"
        return say(key, lang, question=was.question, n=str(new.n))
    return say("read_more", lang, question=was.question) if new.cue is Cue.MORE else was.question


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


def _in_article(article_id: str) -> Among:
    return lambda passage_id: passage_id.startswith(f"{article_id}/")


def _alone(question: str) -> bool:
    """Tell whether a question surely says itself what it is about."""
    content = parse(question).content
    return follow_up(question).cue is Cue.ALONE or any(_NAME.match(word) for word in content)


def _is_whole(question: str, answer: Answer) -> bool:
    """Tell whether a question says enough, by how surely it is answered with nothing before it."""
    return answer.confidence >= _SURE_ALONE and len(parse(question).content) > 1


def _shared_out(quotes: Sequence[Sequence[Quote]], n: int) -> list[list[Quote]]:
    """Return of some lists their first quotes, n in all, the first of each before any second."""
    places = [(rank, at) for at, some in enumerate(quotes) for rank in range(len(some))]
    kept = set(sorted(places)[:n])
    return [
        [one for rank, one in enumerate(some) if (rank, at) in kept]
        for at, some in enumerate(quotes)
    ]


def _added(times: Iterable[dict[str, float]]) -> dict[str, float]:
    """Return times by stage added up; what is quoted again took none."""
    took: dict[str, float] = {}
    for one in times:
        for stage, ms in one.items():
            took[stage] = round(took.get(stage, 0.0) + ms, 1)
    return took


def _passages(answer: Answer) -> set[str]:
    return {one.location.passage_id for one in answer.citations}
