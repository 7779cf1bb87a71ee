"""A question to an answer: printed words with their places, or an honest no.

Three outcomes: answered; named but not explained (`partial`); not in the bulletin (`no_answer`),
with the closest passages shown as such and never as sources. Nothing is paraphrased.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

from corpus.archive import Place
from corpus.filters import Filters
from corpus.text import fold
from qa.cite import closest, compose
from qa.compare import compare, mark
from qa.native import Answer, NoAnswer
from qa.query import Lang, Query
from qa.quotes import Quote, best_quotes, explains, names_all, naming_quotes
from qa.rank import Finder
from qa.texts import say

MIN_CONFIDENCE: dict[Lang, float] = {"zh": 0.5, "en": 0.26}
"""Below this nothing is claimed. Words of another language are matched by meaning alone, which
never counts in full, so an English question needs less."""

_N_READ = 12  # hits whose sentences are read
_N_SCANNED = 300  # hits that are looked through where only some may answer
_N_CLOSEST = 3
_SPEAKS = 0.2  # how well one of the asked words must be matched


class Answerer:
    """Answers questions from the passages a finder finds."""

    def __init__(self, finder: Finder, *, min_confidence: float | None = None) -> None:
        """Keep the finder, and the least confidence for a claim; None is the default."""
        self._finder = finder
        self._min_confidence = min_confidence

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
            limit: How many citations at most, at least 1.
            lang: The language of our own words; None takes the question's.
            filters: Which part of the archive to look at; None is all.
            among: Tells by its id whether a passage may answer; None lets all.

        Raises:
            ValueError: If the limit is below 1.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}, expected at least 1")
        started = perf_counter()
        query = self._finder.read(question)
        k = _N_SCANNED if among else _N_READ
        hits = self._finder.search(query, k=k, filters=filters) if query.text else []
        if among:
            hits = [hit for hit in hits if among(hit.passage_id)][:_N_READ]
        places = self._finder.places([hit.passage_id for hit in hits])
        found = perf_counter()
        scored = list(zip(places, (hit.score for hit in hits), strict=True))
        answer = self._read(query, scored, limit=limit, lang=lang or query.lang)
        done = perf_counter()
        return replace(
            answer,
            timings_ms={
                "retrieve": round(1000 * (found - started), 1),
                "read": round(1000 * (done - found), 1),
                "total": round(1000 * (done - started), 1),
            },
            index=self._finder.archive.told(),
        )

    def _read(
        self, query: Query, scored: Sequence[tuple[Place, float]], *, limit: int, lang: Lang
    ) -> Answer:
        """Return what the passages found, with their scores, say to the question."""
        places = [place for place, _ in scored]
        if query.required:
            named = naming_quotes(query, places)
            if not named:
                return self._decline(lang, places, confidence=0.0)
            told = [quote for quote in named if query.focus and explains(query.focus, quote.text)]
            if told:
                words = self._finder.coverage.weigh(query)
                return self._answered([mark(query, words, one) for one in told[:limit]], lang)
            if query.focus:
                return self._mentioned(lang, query, named[:limit])
            scored = [pair for pair in scored if names_all(query, pair[0])]
        quotes = best_quotes(query, scored, coverage=self._finder.coverage)
        enough = (
            MIN_CONFIDENCE[query.lang] if self._min_confidence is None else self._min_confidence
        )
        if not quotes or quotes[0].score < enough or not self._speaks_of_it(query, quotes[0]):
            return self._decline(lang, places, confidence=quotes[0].score if quotes else 0.0)
        found = compare(query, quotes, coverage=self._finder.coverage, limit=limit)
        return self._answered(found.quotes, lang, differ=found.differ)

    def _answered(self, quotes: Sequence[Quote], lang: Lang, *, differ: bool = False) -> Answer:
        return compose(
            quotes,
            archive=self._finder.archive,
            status="answered",
            lang=lang,
            confidence=max(quote.score for quote in quotes),
            differ=differ,
        )

    def _speaks_of_it(self, query: Query, quote: Quote) -> bool:
        """Tell whether a quote's passage speaks at all of what is asked, not just of its bearer."""
        words = [word for word in self._finder.coverage.weigh(query) if word.word in query.asked]
        if not words:
            return query.asked == () or bool(set(query.asked) & set(query.content))
        found = self._finder.coverage.matches(words, quote.place.searched)
        return max(found) >= _SPEAKS

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
            confidence=round(confidence, 4),
            no_answer=NoAnswer(
                "empty_index" if empty else "below_threshold" if places else "out_of_scope",
                tuple(closest(place) for place in places[:_N_CLOSEST]),
            ),
        )


def _as_printed(term: str, text: str) -> str:
    at = fold(text).find(term)
    return (
        text[at : at + len(term)] if at >= 0 and fold(text[at : at + len(term)]) == term else term
    )
