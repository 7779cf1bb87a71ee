"""A question after others to an answer: what came before, the readings, and which one is taken."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from corpus.filters import Filters
from corpus.plain_tables import CELLS_PART
from corpus.rows import Place
from corpus.text import HAN, fold
from qa.answer import Answerer
from qa.cite import compose, joined
from qa.native import Answer, Reading, given_again
from qa.query import Lang, parse
from qa.quoting.compare import mark
from qa.quoting.quotes import Quote
from qa.talk.choosing import SURE_ALONE, TOLD, Among, Choosing, Read, in_article
from qa.talk.contents import asks_contents, contents_of_another, listed_articles
from qa.talk.followups import PERSON, Cue, FollowUp, follow_up
from qa.talk.items import begins, items_of, quotes_of
from qa.talk.memory import Done, Memory
from qa.talk.readings import Earlier, asks_nothing
from qa.talk.several import halves, together
from qa.talk.speaker import spoken_by
from qa.talk.subjects import Subject, person_named, subject_of
from qa.texts import say

_QUOTE_CHARS = 40
_READING_CHARS = 200
_MAX_CHAIN = 6  # follow-ups to one question that are followed back
_NAME = re.compile(r"[\u4e00-\u9fff]{3}")
"""A word that names something: 谁收 does not say what, 图书馆有多少书 does."""


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
        self._choosing = Choosing(self._ask, self._finder, lang=lang, filters=filters)

    def reply(self, texts: tuple[str, ...]) -> Answer:
        """Return the answer to the last of some questions, oldest first."""
        kept = self._memory.get((*self._key, texts))
        if kept:
            return given_again(kept[0])
        was = self._before(texts)
        done = self._of_both(texts[-1], was, self._do(texts[-1], was))
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
        told = [(part, one) for part, one in answers if one.status in TOLD]
        if answers[0][1].status not in TOLD:
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
        if answer.citations and not answer.citations[0].marks:
            query = self._finder.read(asked)
            words = self._finder.coverage.weigh(query)
            marked = [mark(query, words, replace(quote, marks=())) for quote in before]
            if found := [quote for quote in marked if quote.marks]:
                return found[:1]
        return quotes_of(answer, self._finder.places)

    def _do(self, question: str, was: Earlier | None) -> Done:
        return self._follow(question, was) if was else (self._ask(question), question)

    def _of_both(self, question: str, was: Earlier | None, done: Done) -> Done:
        """Return an answer of a row of a table; of two where the question names both."""
        answer, told = done
        near = answer.no_answer.closest if answer.no_answer else ()
        ids = [one.passage_id for one in near[:1]]
        place = self._place(answer) or next(iter(self._finder.places(ids)), None)
        if place is None or not place.columns or self._limit < 2:
            return done
        rows = [one.text for one in place.article.passages if CELLS_PART in one.text]
        parts = halves(question, [_label(row) for row in rows])
        found = [(part, self._do(part, was)[0]) for part in parts]
        quotes = {_quoted(one) for _, one in found}
        if len(quotes) < 2 or not quotes.issubset(rows):
            return done
        return replace(self._merged(found), reading=answer.reading, index=answer.index), told

    def _before(self, texts: tuple[str, ...], *, depth: int = 0) -> Earlier | None:
        """Return what was asked before the last of some questions; None where there is nothing."""
        if len(texts) < 2 or depth > _MAX_CHAIN:
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

    def _asked(self, texts: tuple[str, ...], *, depth: int) -> Earlier:
        """Return what the last of some questions asked, found by asking it again."""
        was = self._before(texts, depth=depth)
        kept = self._memory.get((*self._key, texts))
        answer, told = kept or self._do(texts[-1], was)
        if was and follow_up(texts[-1]).cue is not Cue.ALONE:
            return self._moved_on(follow_up(texts[-1]), was, answer, told)
        return self._context(told, answer, follow_up(told).lang or "zh")

    def _context(self, question: str, answer: Answer, lang: Lang) -> Earlier:
        query = self._finder.read(question)
        place = self._place(answer)
        return Earlier(
            question=question,
            query=query,
            answer=answer,
            subject=subject_of(query, answer, place) if place else person_named(query),
            article=place.article.id if place else "",
            lang=lang,
            shown=frozenset(citation.location.passage_id for citation in answer.citations),
        )

    def _moved_on(self, new: FollowUp, was: Earlier, answer: Answer, told: str) -> Earlier:
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
        return replace(now, subject=_of_the_row(subject, now))

    def _place(self, answer: Answer) -> Place | None:
        ids = [citation.location.passage_id for citation in answer.citations[:1]]
        return self._finder.places(ids)[0] if ids else None

    def _follow(self, question: str, was: Earlier) -> Done:
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
        best = self._choosing.best(question, new, was, lang)
        if best is None and new.cue is Cue.PRONOUN and PERSON.search(new.text):
            return self._nothing(was, lang), was.question  # nobody was spoken of
        if best is None:
            asked = new.text if new.cue is Cue.ALONE else question
            answer = self._choosing.where_it_is_told(asked, was, lang)
            return (self._told(answer, asked, was) if asked != question else answer), asked
        if best.question == question:
            return best.answer, question
        return self._told(best.answer, best.question, was), best.question

    def _told(self, answer: Answer, question: str, was: Earlier) -> Answer:
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
        carried = [_cut(one) for one in dict.fromkeys(carried or [was.question])]
        return replace(answer, reading=Reading(_cut(question), tuple(carried)))

    def _more(self, new: FollowUp, was: Earlier, lang: Lang) -> Answer:
        def fresh(passage_id: str) -> bool:
            return passage_id not in was.shown

        here = in_article(was.article)
        answer = self._ask(was.question, lang=lang, among=fresh)
        headline = was.subject.headline if was.subject else ""
        if not answer.citations and headline:  # the rest of the article
            rest = self._ask(headline, lang=lang, among=lambda one: here(one) and fresh(one))
            answer = rest if rest.citations else answer
        return answer if answer.citations else replace(answer, text=say("no_more", answer.lang))

    def _again(self, new: FollowUp, was: Earlier, lang: Lang) -> Answer:
        return self._ask(was.question, lang=new.lang or lang)

    def _speaker(self, new: FollowUp, was: Earlier, lang: Lang) -> Answer:
        place = self._place(was.answer)
        if place is None:
            return self._nothing(was, lang)
        told = was.answer.citations[0]
        start = told.location.start - begins(place)
        found = spoken_by(place, start, start + len(told.quote))
        return self._quoted(found, lang) if found else self._nothing(was, lang)

    def _item(self, new: FollowUp, was: Earlier, lang: Lang) -> Answer:
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

    def _nothing(self, was: Earlier, lang: Lang) -> Answer:
        answer = self._choosing.declined(Read(was.question, was.answer, 0.0), lang).answer
        lang = self._lang or lang
        return replace(answer, lang=lang, text=say("not_found", lang))


def _cut(text: str) -> str:
    """Return a text as a reading tells it: an earlier turn can have thousands of characters."""
    return text if len(text) <= _READING_CHARS else text[: _READING_CHARS - 1] + "…"


def _whole(new: FollowUp, was: Earlier, lang: Lang) -> str:
    """Return as one question a follow-up that asks for the same again, or about what was quoted."""
    if new.cue is Cue.SPEAKER and was.answer.citations:
        quote = was.answer.citations[0].quote
        quote = quote if len(quote) <= _QUOTE_CHARS else quote[: _QUOTE_CHARS - 1] + "…"
        return say("read_who", lang, quote=quote)
    if new.cue is Cue.ORDINAL:
        key = "read_item" if new.n > 0 else "read_last"
        return say(key, lang, question=was.question, n=str(new.n))
    return say("read_more", lang, question=was.question) if new.cue is Cue.MORE else was.question


def _alone(question: str) -> bool:
    """Tell whether a question surely says itself what it is about."""
    content = parse(question).content
    return follow_up(question).cue is Cue.ALONE or any(_NAME.match(word) for word in content)


def _is_whole(question: str, answer: Answer) -> bool:
    """Tell whether a question says enough, by how surely it is answered with nothing before it."""
    return answer.confidence >= SURE_ALONE and len(parse(question).content) > 1


def _quoted(answer: Answer) -> str:
    """Return what an answer quotes first, or nothing."""
    return answer.citations[0].quote if answer.citations else ""


def _label(row: str) -> str:
    """Return the first cell of a row that is no figure."""
    return next((cell for cell in row.split(CELLS_PART) if HAN.search(cell)), "")


def _of_the_row(subject: Subject, now: Earlier) -> Subject:
    """Return a subject; the row of a table that was cited, where the question named it."""
    row = _quoted(now.answer)
    label = _label(row)
    shared = sum(char in now.question for char in label)
    named = CELLS_PART in row and 2 * shared >= max(len(label), 2)
    return replace(subject, words=label, zh=label) if named and label else subject


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
