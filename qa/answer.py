"""Ranked hits to an answer: verbatim quotes with their places, or an honest no.

Three outcomes: answered; named but not explained (`partial`); not in the bulletin (`no_answer`),
with the closest passages shown as such and never as sources. Nothing is paraphrased: each claim
of an answer is a stretch of printed text, and the words around it stand outside every claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.archive import Archive, Place
from corpus.text import fold, locate, split_sentences
from qa.native import Answer, Citation, Closest, Location, NoAnswer, SourceRef, Status
from qa.query import Lang, Query, Wants, parse
from qa.rank import Finder
from qa.texts import say

N_READ = 12  # hits whose sentences are read
N_CLOSEST = 3
MIN_CONFIDENCE = 0.5
_SNIPPET_CHARS = 60
_MIN_ITEMS = 3
_RANK_STEP = 0.05  # what each rank below the first costs a quote
_LIST_ITEM = re.compile(
    r"(?<![一二三四五六七八九十])([一二三四五六七八九十]{1,2})(?:是|要|、)|第([一二三四五六七八九十]{1,2})[，、是]"
)
_NUMERALS = "一二三四五六七八九十"
_EXPLAINS = r"(?:是指|指的是|即|就是|包括|是(?!否|不)|，指|：|——|意为|由.{{1,20}}组成)"
_SHAPES = {
    Wants.HOW_MANY: re.compile(r"\d|[一二三四五六七八九十百千万亿两]+[个名家项人次所条座亩]"),
    Wants.WHEN: re.compile(r"\d{1,4}[年月日]|上午|下午|晚|目前|截至"),
    Wants.WHERE: re.compile(
        r"位于|坐落|在.{1,20}(?:村|镇|乡|区|市|县|路|园|厅|中心|广场)|到.{1,20}(?:村|镇|园|公司|现场)"
    ),
    Wants.WHO: re.compile(
        r"书记|主任|局长|市长|区长|厅长|院长|经理|董事长|记者|通讯员|摄|说|指出|强调|主持|介绍"
    ),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a passage that answers.

    Attributes:
        place: The passage with its article and issue.
        start: First code point in the passage's text.
        end: One past the last.
        score: How well it answers, 0 to 1.
    """

    place: Place
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The words, as printed."""
        return self.place.passage.text[self.start : self.end]


class Answerer:
    """Answers questions from the passages a finder finds."""

    def __init__(self, finder: Finder, *, min_confidence: float = MIN_CONFIDENCE) -> None:
        """Keep the finder and the confidence below which nothing is claimed."""
        self._finder = finder
        self._min_confidence = min_confidence

    def answer(self, question: str, *, limit: int = 5, lang: Lang | None = None) -> Answer:
        """Return the answer to a question.

        Args:
            question: As typed. A blank one is answered by `no_answer`.
            limit: How many citations at most, at least 1.
            lang: The language of our own words; None takes the question's.

        Raises:
            ValueError: If the limit is below 1.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}, expected at least 1")
        query = parse(question)
        lang = lang or query.lang
        hits = self._finder.search(query, k=N_READ) if query.text else []
        places = self._finder.places([hit.passage_id for hit in hits])
        if query.required:
            named = self._naming(query, places)
            if not named:
                return self._decline(lang, query, places, 0.0)
            if query.focus and not any(_explains(query.focus, quote.text) for quote in named):
                return self._mentioned(lang, query, named[:limit])
            places = [place for place in places if _names_all(query, place.searched)] or places
        quotes = self._quotes(query, places)
        if not quotes or quotes[0].score < self._min_confidence:
            return self._decline(lang, query, places, quotes[0].score if quotes else 0.0)
        chosen = _alike(quotes, limit)
        return _compose(
            "answered", lang, chosen, archive=self._finder.archive, confidence=quotes[0].score
        )

    def _naming(self, query: Query, places: Sequence[Place]) -> list[Quote]:
        """Return for each passage that has all required terms the sentence with most of them."""
        quotes = []
        for place in places:
            sentences = split_sentences(place.passage.text)
            if not _names_all(query, place.searched) or not sentences:
                continue
            best = max(
                sentences, key=lambda s: sum(term in fold(s.text) for term in query.required)
            )
            quotes.append(Quote(place, *_trimmed(place, best.start, best.end), score=1.0))
        return quotes

    def _quotes(self, query: Query, places: Sequence[Place]) -> list[Quote]:
        """Return the best stretch of each passage, best first; the ranking has its say."""
        words = self._finder.coverage.weigh(query)
        total = sum(word.weight for word in words)
        quotes = []
        for place in places:
            around = self._finder.coverage.matches(words, place.searched)
            scored = []
            for sentence in split_sentences(place.passage.text):
                here = self._finder.coverage.matches(words, sentence.text)
                parts = zip(words, here, around, strict=True)
                # what only the headline or a neighbour says counts half for this sentence
                share = sum(w.weight * (h + 0.5 * max(0.0, a - h)) for w, h, a in parts) / (
                    total or 1
                )
                shape = _SHAPES.get(query.wants)
                scored.append(
                    (share + (0.1 if shape and shape.search(sentence.text) else 0.0), sentence)
                )
            if scored:
                share, best = max(scored, key=lambda pair: pair[0])
                whole = sum(w.weight * a for w, a in zip(words, around, strict=True)) / (total or 1)
                start, end = _widened(place.passage.text, best.start, best.end, wants=query.wants)
                start, end = _trimmed(place, start, end)
                quotes.append(
                    Quote(place, start, end, score=round(min(1.0, 0.5 * share + 0.5 * whole), 4))
                )
        ranked = sorted(enumerate(quotes), key=lambda pair: pair[0] * _RANK_STEP - pair[1].score)
        return [quote for _, quote in ranked]

    def _mentioned(self, lang: Lang, query: Query, named: Sequence[Quote]) -> Answer:
        lead = say("mentioned", lang, term=_as_printed(query.focus, named[0].text))
        return _compose(
            "partial", lang, named, archive=self._finder.archive, confidence=1.0, lead=lead
        )

    def _decline(
        self, lang: Lang, query: Query, places: Sequence[Place], confidence: float
    ) -> Answer:
        empty = self._finder.archive.n_passages() == 0
        reason = "empty_index" if empty else "below_threshold" if places else "out_of_scope"
        return Answer(
            status="no_answer",
            lang=lang,
            text=say("empty_archive" if empty else "not_found", lang),
            citations=(),
            sources=(),
            confidence=round(confidence, 4),
            no_answer=NoAnswer(reason, tuple(_closest(place) for place in places[:N_CLOSEST])),
        )


def _names_all(query: Query, text: str) -> bool:
    folded = fold(text)
    return all(term in folded for term in query.required)


def _explains(term: str, sentence: str) -> bool:
    """Tell whether a sentence says what a term is, rather than using it."""
    folded = fold(sentence)
    return (
        re.search(rf"{re.escape(term)}[”\"」』]?[^，。；,;]{{0,6}}{_EXPLAINS.format()}", folded)
        is not None
    )


def _as_printed(term: str, text: str) -> str:
    at = fold(text).find(term)
    return (
        text[at : at + len(term)] if at >= 0 and fold(text[at : at + len(term)]) == term else term
    )


def _lists(text: str) -> list[tuple[int, int]]:
    """Return the numbered lists (一要…二要…三要…) of a text, from their lead sentence to their end.

    >>> text = "会议召开。他提出三点：一要快。二要稳。三要准。散会。"
    >>> [text[start:end] for start, end in _lists(text)]
    ['他提出三点：一要快。二要稳。三要准。']
    """
    found: list[tuple[int, int]] = []
    run: list[re.Match[str]] = []
    for match in [*_LIST_ITEM.finditer(text), None]:
        number = _NUMERALS.find(match[1] or match[2]) + 1 if match else 0
        if match and number == len(run) + 1:
            run.append(match)
            continue
        if len(run) >= _MIN_ITEMS:
            found.append(_around(text, run[0].start(), run[-1].start()))
        run = [match] if match and number == 1 else []
    return found


def _around(text: str, first: int, last: int) -> tuple[int, int]:
    """Return the sentences of a list's first and last item, the lead sentence before it included."""
    sentences = split_sentences(text)
    at = next(n for n, sentence in enumerate(sentences) if first < sentence.end)
    opens = sentences[at].start
    if at and not text[opens:first].strip():
        opens = sentences[at - 1].start
    return opens, next(sentence.end for sentence in sentences if last < sentence.end)


def _widened(text: str, start: int, end: int, *, wants: Wants) -> tuple[int, int]:
    """Return the stretch with the list it leads or begins; with any, if a list is asked for."""
    for opens, closes in _lists(text):
        if start <= opens < end or wants is Wants.LIST:
            return min(start, opens), max(end, closes)
    return start, end


def _trimmed(place: Place, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without white space at its ends."""
    text = place.passage.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _alike(quotes: Sequence[Quote], limit: int) -> list[Quote]:
    """Return the best quote and those that say the same in the same words, newest issue first."""
    best = quotes[0]
    same = [quote for quote in quotes[1:] if fold(quote.text) == fold(best.text)]
    group = [best, *same][:limit]
    return sorted(group, key=lambda quote: quote.place.issue_id, reverse=True)


def _compose(
    status: Status,
    lang: Lang,
    quotes: Sequence[Quote],
    *,
    archive: Archive,
    confidence: float,
    lead: str = "",
) -> Answer:
    """Return an answer of a lead sentence and quotes, each followed by its marker."""
    text = lead
    citations: list[Citation] = []
    sources: dict[str, SourceRef] = {}
    for quote in quotes:
        text += "\n" if text else ""
        printed = archive.source(quote.place.issue_id).text
        source = sources.setdefault(quote.place.article.id, _source(quote, len(sources) + 1))
        start = len(text)
        text += quote.text
        end = len(text)
        n = len(citations) + 1
        text += f"[{n}]"
        citations.append(
            Citation(
                n=n,
                source=source.id,
                claim=(start, end),
                marker=(end, len(text)),
                quote=quote.text,
                location=_location(quote, printed),
                score=round(quote.score, 4),
            )
        )
    return Answer(
        status=status,
        lang=lang,
        text=text,
        citations=tuple(citations),
        sources=tuple(sources.values()),
        confidence=round(confidence, 4),
        no_answer=None,
    )


def _location(quote: Quote, source: str) -> Location:
    """Return where a quote stands: in its article's text, and in the untouched source."""
    place = quote.place
    before = 0
    for passage in place.article.passages:
        if passage.id == place.passage.id:
            break
        before += len(passage.text) + 1
    return Location(
        passage_id=place.passage.id,
        article_id=place.article.id,
        start=before + quote.start,
        end=before + quote.end,
        ranges=locate(source, place.passage.ranges, start=quote.start, end=quote.end),
    )


def _source(quote: Quote, n: int) -> SourceRef:
    article = quote.place.article
    return SourceRef(
        id=f"s{n}",
        n=n,
        article_id=article.id,
        title=article.headline.text if article.headline else None,
        publication=quote.place.issue_name,
        issue=quote.place.issue_id,
        number=quote.place.issue_number,
        date=article.date or quote.place.issue_date,
        section=article.section,
        author="、".join(dict.fromkeys(byline.name for byline in article.bylines)) or None,
        snippet=_snippet(quote.place.passage.text),
    )


def _closest(place: Place) -> Closest:
    return Closest(
        passage_id=place.passage.id,
        article_id=place.article.id,
        title=place.article.headline.text if place.article.headline else None,
        issue=place.issue_id,
        date=place.article.date or place.issue_date,
        snippet=_snippet(place.passage.text),
    )


def _snippet(text: str) -> str:
    return text if len(text) <= _SNIPPET_CHARS else text[: _SNIPPET_CHARS - 1] + "…"
