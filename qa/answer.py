"""A question to an answer: printed words with their places, or an honest no.

Three outcomes: answered; named but not explained (`partial`); not in the bulletin (`no_answer`),
with the closest passages shown as such and never as sources. Nothing is paraphrased.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

from corpus.filters import Filters
from corpus.rows import Place
from corpus.text import HAN, fold, fold_with_places, has_term
from qa.cite import closest, compose
from qa.findings import Findings, Part, Reader
from qa.native import Answer, NoAnswer, Reading
from qa.query import Lang, Query, parse
from qa.quoting.alike_rows import rows_alike
from qa.quoting.changed import changed_since
from qa.quoting.compare import compare, mark, with_correction
from qa.quoting.elsewhere import elsewhere
from qa.quoting.explained import explained, with_answers
from qa.quoting.kinds import IS_NAME
from qa.quoting.letters import letter_asked, writer
from qa.quoting.listed import listed
from qa.quoting.persons import office_beside
from qa.quoting.quotes import Quote
from qa.quoting.strangers import stranger
from qa.quoting.supposed import supposed
from qa.rank import Finder
from qa.search.lay import in_print, spelt_out
from qa.talk.authors import author_asked, written_by
from qa.talk.contents import asks_contents, contents
from qa.talk.from_issue import asked_of_issue, only_issue
from qa.talk.papers import OfPaper, asked_of_paper, only_paper
from qa.talk.writers import writer_asked, writers
from qa.texts import say
from qa.wording import without_accents

_N_CLOSEST = 3
_SURELY = 0.5  # below it an English question with a misspelt word is asked as it was meant, too
_SURELY_MEANT = 0.7  # the least confidence of an answer to a declined question in printed words


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an answer may be made of, and how it is told; see `Answerer.answer`."""

    limit: int
    lang: Lang
    filters: Filters | None
    among: Callable[[str], bool] | None


class Answerer:
    """Answers questions from the passages a finder finds."""

    def __init__(self, finder: Finder, *, min_confidence: float | None = None) -> None:
        """Keep the finder, and the least confidence for a claim, 0 to 1; None is the default."""
        self._finder = finder
        self._reader = Reader(finder, min_confidence=min_confidence)

    @property
    def finder(self) -> Finder:
        """What finds the passages."""
        return self._finder

    def answer(
        self,
        question: str,
        *,
        limit: int = 5,
        lang: Lang | None = None,
        filters: Filters | None = None,
        among: Callable[[str], bool] | None = None,
    ) -> Answer:
        """Return the answer to a question.

        Args:
            question: As typed. A blank one is answered by `no_answer`.
            limit: How many citations at most, at least 1; a list counts as one.
            lang: The language of our own words; None takes the question's.
            filters: Which part of the archive to look at; None is all.
            among: Tells by its id whether a passage may answer; None lets all.

        Raises:
            ValueError: If the limit is below 1.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}, expected at least 1")
        asked = asked_of_paper(question, self._finder.archive.summary().names)
        said = asked.question if asked and asked.surely else question
        wanted = _Wanted(limit, lang or parse(said).lang, filters, among)
        return self._of_paper(asked, question, wanted) if asked else self._asked(question, wanted)

    def _of_paper(self, asked: OfPaper, question: str, wanted: _Wanted) -> Answer:
        """Return what the publication that a question names says, where the archive has others.

        Where its name may be but spoken of, what is printed of it goes before.
        """
        archive = self._finder.archive
        if len(archive.summary().names) > 1:
            only = only_paper(asked.name, archive, wanted.filters)
            if only is None:
                return self._decline(wanted.lang, (), confidence=0.0)
            within = replace(wanted, filters=only)
        else:
            within = wanted
        if not asked.surely:
            as_typed = self._asked(question, wanted)
            if _quotes(as_typed, fold(asked.name)):
                return as_typed
        return self._asked(asked.question, within)

    def _asked(self, question: str, wanted: _Wanted) -> Answer:
        """Return the contents of an issue, what one says, or what any does, as is asked for."""
        told = self._letter(question, wanted) or self._contents(question, wanted)
        return told or self._of_issue(question, wanted) or self._otherwise(question, wanted)

    def _of_issue(self, question: str, wanted: _Wanted) -> Answer | None:
        """Return what the issue that a question names says; None where it names none.

        Of a month in several years the newest that answers. Where it may be no issue that is named,
        what is printed of it in these words, or answers elsewhere alone, goes before.
        """
        asked = asked_of_issue(question)
        if not asked:
            return None
        meant: Answer | None = None
        for only in only_issue(asked.which, self._finder.archive, wanted.filters):
            meant = self._otherwise(asked.question, replace(wanted, filters=only))
            if meant.status != "no_answer":
                break
        if asked.surely:
            return meant or self._decline(wanted.lang, (), confidence=0.0)
        if meant is None or meant.status == "no_answer":
            return None
        as_typed = self._otherwise(question, wanted)
        return as_typed if _quotes(as_typed, asked.named) else meant

    def _otherwise(self, question: str, wanted: _Wanted) -> Answer:
        """Return the answer, that to another wording of the question where it is answered better.

        What supposes a figure or a day that is not printed is asked openly. What is declined is
        asked once more as it was meant, where a name in pinyin or a pair of characters that the
        archive has nowhere sounds like what it has, or a word is misspelt; so is an English
        question that is not surely answered, where that is surer. What is declined still is asked
        in the words that newspapers print; what abbreviates them (GDP) always. The reading tells.
        """
        query, seen_in = parse(question), self._finder.lexical.seen_in
        if query.lang == "zh" and (spelt := spelt_out(query.text, seen_in)):
            return replace(self._answered_to(spelt, wanted), reading=Reading(spelt, ()))
        answer = self._answered_to(question, wanted)
        if coined := self._finder.coined(query):
            explained = self._answered_to(coined.text, wanted)
            if _quotes(explained, coined.pair):
                return _read_as(explained, coined.text, answer)
        value = supposed(query)
        if value and not _quotes(answer, value.value):
            open_answer = self._answered_to(value.openly, wanted)
            if open_answer.citations and open_answer.citations[0].marks:
                return _read_as(open_answer, value.openly, answer)
        declined = answer.status == "no_answer"
        unsure = query.lang == "en" and answer.confidence < _SURELY
        if (declined or unsure) and not query.required:
            meant = self._finder.respelt(query, is_name=IS_NAME.fullmatch)
            found = self._answered_to(meant.text, wanted) if meant else None
            better = declined or (found and found.confidence > answer.confidence)
            if meant and found and better and _quotes(found, meant.pair):
                return _read_as(found, meant.text, answer)
        if declined and query.lang == "zh" and not query.required:
            printed = in_print(query.text, seen_in)
            found = self._answered_to(printed, wanted) if printed else None
            if found and found.status == "answered" and found.confidence >= _SURELY_MEANT:
                return _read_as(found, printed, answer)
        return answer

    def _letter(self, question: str, wanted: _Wanted) -> Answer | None:
        """Return who wrote the letter that a question asks of; None where none is surely meant."""
        asked = letter_asked(question)
        if not asked:
            return None
        started, part = perf_counter(), Part(wanted.filters, wanted.among)
        query, _, hits = self._reader.search(asked.about, part)
        words = self._finder.coverage.weigh(query)
        places = self._finder.places([hit.passage_id for hit in hits])
        quotes = writer(words, places, coverage=self._finder.coverage)
        if not quotes:
            return None
        if not asked.surely and places[0].article.id != quotes[0].place.article.id:
            return None
        ms = round(1000 * (perf_counter() - started), 1)
        told = self._answered(quotes[: wanted.limit], wanted.lang, confidence=1.0)
        timings = {"retrieve": ms, "read": 0.0, "total": ms}
        return replace(told, timings_ms=timings, index=self._finder.archive.told())

    def _answered_to(self, question: str, wanted: _Wanted) -> Answer:
        started = perf_counter()
        part = Part(wanted.filters, wanted.among)
        searched = self._reader.search(question, part)
        retrieved = perf_counter()
        read = self._reader.asked_again(self._reader.read(*searched), searched, question, part)
        told = fold(read.quotes[0].place.passage.text) if read.quotes else ""
        unknown = stranger(read.query, self._finder, told) or elsewhere(read.query, self._finder)
        answer = (
            self._decline(wanted.lang, read.places, confidence=0.0)
            if unknown
            else self._decide(read, wanted)
        )
        done = perf_counter()
        return replace(
            answer,
            timings_ms={
                "retrieve": round(1000 * (retrieved - started), 1),
                "read": round(1000 * (done - retrieved), 1),
                "total": round(1000 * (done - started), 1),
            },
            index=self._finder.archive.told(),
        )

    def _contents(self, question: str, wanted: _Wanted) -> Answer | None:
        """Return the contents of an issue, what somebody wrote, or who wrote an article.

        That is where one of these is asked for.
        """
        started, archive, author = perf_counter(), self._finder.archive, author_asked(question)
        listing: Callable[..., Answer | None]
        if author:
            listing = partial(written_by, self._names(author, question))
        elif asks_contents(question):
            listing = partial(contents, question)
        elif article := writer_asked(question):
            listing = partial(writers, article)
        else:
            return None
        listed = listing(
            archive,
            limit=wanted.limit,
            lang=wanted.lang,
            filters=wanted.filters,
            among=wanted.among,
        )
        if listed is None:
            return None
        ms = round(1000 * (perf_counter() - started), 1)
        timings = {"retrieve": ms, "read": 0.0, "total": ms}
        return replace(listed, timings_ms=timings, index=archive.told())

    def _names(self, name: str, question: str) -> list[str]:
        """Return what a name is in Chinese, the likeliest first; a Chinese one as it is."""
        if HAN.search(name):
            return [name]
        known = {one.phrase: one.terms for one in self._finder.read(question).expansions}
        return [term for term, _ in known.get(without_accents(name).lower(), ())]

    def read(self, question: str) -> Findings:
        """Return what the passages found say to a question."""
        return self._reader.read(*self._reader.search(question, Part()))

    def _decide(self, read: Findings, wanted: _Wanted) -> Answer:
        """Return the answer, a mention, or none, by what the passages say."""
        query, lang, limit = read.query, wanted.lang, wanted.limit
        if query.required:
            if told := explained(query, read.named, read.places):
                words = self._finder.coverage.weigh(query)
                quotes = [mark(query, words, one) for one in told[:limit]]
                return self._answered(quotes, lang, confidence=1.0)
            if items := self._listed(read, wanted, confidence=1.0, is_enough=True):
                return items
            if not read.named:
                return self._decline(lang, read.places, confidence=0.0)
            if query.focus:
                return self._mentioned(lang, query, with_answers(read.named)[:limit])
        if read.evidence is None:
            return self._decline(lang, read.places, confidence=0.0)
        office = office_beside(query)
        if office and office.search(fold(read.quotes[0].text)):
            return self._compared(read, wanted, confidence=1.0)
        sure, is_enough = self._reader.is_sure(read, read.evidence)
        if items := self._listed(read, wanted, confidence=sure, is_enough=is_enough):
            return items
        if not is_enough:
            return self._decline(lang, read.places, confidence=sure)
        return self._compared(read, wanted, confidence=sure)

    def _listed(
        self, read: Findings, wanted: _Wanted, *, confidence: float, is_enough: bool
    ) -> Answer | None:
        """Return the list that is asked for, or the item of one; None where none is."""
        lang = wanted.lang
        found = listed(read.query, read.quotes, coverage=self._finder.coverage)
        if not found or not (is_enough or found.is_sure):
            return None
        if not found.quotes:
            return self._decline(lang, read.places, confidence=confidence)
        told_of = self._reader.told_of(found.quotes[0].place, wanted.filters)
        return self._answered(
            with_correction(found.quotes, told_of),
            lang,
            confidence=max(confidence, float(found.is_sure)),
            tail=say("items_more", lang, n=str(found.n_more))
            if found.n_more
            else say("item_nth", lang, n=str(found.nth))
            if found.nth
            else "",
        )

    def _compared(self, read: Findings, wanted: _Wanted, *, confidence: float) -> Answer:
        told_of: list[Quote] = []
        coverage = self._finder.coverage
        found = compare(read.query, read.quotes, coverage=coverage, limit=wanted.limit)
        several = found.differ or found.by_issue
        rows = [] if several else rows_alike(read.query, found.quotes[0])
        shown, limit = rows or found.quotes, wanted.limit + len(rows)
        first = shown if several else shown[:1]
        for place in {quote.place.article.id: quote.place for quote in first}.values():
            told_of += self._reader.told_of(place, wanted.filters)
        quotes = with_correction(shown, [*read.quotes, *told_of])
        if not several:
            quotes = changed_since(read.query, quotes, read.quotes, coverage=coverage)
        is_corrected = quotes != list(shown)
        return self._answered(
            quotes[:limit],
            wanted.lang,
            confidence=confidence,
            differ=found.differ and not is_corrected,
            by_issue=found.by_issue or is_corrected,
        )

    def _answered(
        self,
        quotes: Sequence[Quote],
        lang: Lang,
        *,
        confidence: float,
        differ: bool = False,
        by_issue: bool = False,
        tail: str = "",
    ) -> Answer:
        return compose(
            quotes,
            archive=self._finder.archive,
            status="answered",
            lang=lang,
            confidence=confidence,
            differ=differ,
            by_issue=by_issue,
            tail=tail,
        )

    def _mentioned(self, lang: Lang, query: Query, named: Sequence[Quote]) -> Answer:
        return compose(
            named,
            archive=self._finder.archive,
            status="partial",
            lang=lang,
            confidence=1.0,
            lead=say("mentioned", lang, term=_as_printed(query.focus, named[0].text)),
        )

    def _decline(self, lang: Lang, places: Sequence[Place], *, confidence: float) -> Answer:
        empty = self._finder.archive.n_passages() == 0
        return Answer(
            status="no_answer",
            lang=lang,
            text=say("empty_archive" if empty else "not_found", lang),
            citations=(),
            sources=(),
            confidence=confidence,
            no_answer=NoAnswer(
                "empty_index" if empty else "below_threshold" if places else "out_of_scope",
                tuple(closest(place) for place in places[:_N_CLOSEST]),
            ),
        )


def _quotes(answer: Answer, words: str) -> bool:
    """Tell whether an answer's first quote, or the headline above it, has some folded words."""
    return bool(answer.citations) and (
        has_term(words, fold(answer.citations[0].quote))
        or has_term(words, fold(answer.sources[0].title or ""))
    )


def _read_as(answer: Answer, question: str, before: Answer) -> Answer:
    """Return an answer with the question told that it is to, and the time of one before counted."""
    took = {name: round(ms + before.timings_ms[name], 1) for name, ms in answer.timings_ms.items()}
    return replace(answer, reading=Reading(question, ()), timings_ms=took)


def _as_printed(term: str, text: str) -> str:
    folded, places = fold_with_places(text)
    at = folded.find(term)
    return text[places[at][0] : places[at + len(term) - 1][1]] if at >= 0 else term
