"""The stretch of a passage that answers: its best sentence, or the whole list that is asked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corpus.cues import DAY, SIGN_OFF, SIGNS_LETTER
from corpus.plain_tables import CELLS_PART
from corpus.rows import Place, is_asked, searched_text
from corpus.tables import columns_in
from corpus.text import fold, has_term, split_sentences
from corpus.types import Article, Passage, Range
from qa.query import Query, Wants
from qa.quoting.cells import Cell, asks_for_all, cell_asked, is_total
from qa.quoting.hours import then_asked, told_words
from qa.quoting.most import row_with_most
from qa.quoting.numbered import asks_for_items, numbered_lists
from qa.quoting.paired import answers_it
from qa.quoting.ranges import own_figures
from qa.quoting.sentences import Asked, Best, best_sentence, ready
from qa.quoting.slot import slot_of
from qa.search.coverage import Coverage
from qa.search.forward import segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ABOUT_A_PHOTO = re.compile(r"照片|图片|拍|摄|photo|picture", re.IGNORECASE)
_BEHIND = 0.2  # what each point in the ranking behind the first passage costs a quote
_LEADS_TO_A_TABLE = re.compile(
    r"[^,，。;；]{0,24}(?:见|如)[下附][表图]?(?:所示)?[^,，]{0,4}(?:[(（][^()（）]*[)）])?[:：。]?\s*"
)
_LEADS_TO_A_LIST = re.compile("[^在到至由]*(?:如下|以下|下列)[^在到至由]*[:：]\\s*")
_EXPLAINS = (  # folded: punctuation is half width
    r"(?:是指|指的是|就是|包括|:|——|意为|,(?:是指|即|指的?是|包括)|由.{1,20}?(?:组成|构成)"
    r"|即(?![将使可便日刻])|是(?:一[项个种批次条]|由|以|对|为(?!了)|[全我][省市区国]))"
)

_OF_AN_ITEM = 0.2  # how much more of what is asked an item says that alone is asked about
_PAIRED = 0.6  # how much more is told by the answer to a printed question that asks the same
_ANSWER_CHARS = 160  # of such an answer that are quoted from its first sentence on
_LAST = 10.0  # what it costs a quote to ask, or to say no more than that a table follows
LONGEST = 1000
"""Characters of a quote at most; no printed sentence or list is longer."""

_N_CLAUSES = 2000  # of a longer one that are looked at
_CLAUSE_END = re.compile("[，；,;。！？!?\n]")

EQUALLY = 0.15
"""How much worse a quote may be and still answer equally well."""

SAME = 0.1
"""How much less it may speak of each word."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a passage that answers.

    Attributes:
        place: The passage with its article and issue.
        start: First code point in the passage's text.
        end: One past the last.
        score: How well it answers, 0 to 1.
        marks: What in it answers, counted from its start; none where that is not sure.
        cell: Of a row of a table, the one that is asked for, its place counted from the start;
            None of another text.
    """

    place: Place
    start: int
    end: int
    score: float
    marks: tuple[Range, ...] = ()
    cell: Cell | None = None

    @property
    def text(self) -> str:
        """The words, as printed."""
        return self.place.passage.text[self.start : self.end]

    @property
    def told(self) -> str:
        """What it tells: its words, and before them the cell that is asked for with its column."""
        cell = self.cell.told if self.cell else ""
        return f"{cell}{CELLS_PART}{self.text}" if cell else self.text


def by_sentence(quote: Quote) -> Iterator[Quote]:
    """Yield each sentence of a quote's passage as a quote like it, nothing in it marked."""
    for one in split_sentences(quote.place.passage.text):
        yield replace(quote, start=one.start, end=one.end, marks=())


def best_quotes(
    query: Query, found: Sequence[tuple[Place, float]], *, coverage: Coverage
) -> list[Quote]:
    """Return the best stretch of each passage, best first; the ranking of the passages has its say.

    What its sentences hold is looked up only in a passage that may be quoted first, or beside the
    one that would be.

    Args:
        query: The question.
        found: Passages with their scores in the ranking, best first.
        coverage: Tells which of the question's words a text speaks of.
    """
    asked = ready(query, coverage)
    unread = asked.unread()
    quotes: list[tuple[float, Quote]] = []
    best_yet: _First | None = None
    most: dict[tuple[str, str], tuple[Passage, Cell] | None] = {}  # of each table, found once
    tables = _told_of(asked, query, [place for place, _ in found])
    for (place, rank_score), told in zip(found, tables, strict=True):
        behind = _BEHIND * (found[0][1] - rank_score)
        spoken = told.max(axis=0)
        least = behind + best_yet.least_of(place, spoken) if best_yet else 0.0
        best = best_sentence(asked, place, told, unread=unread, least=least)
        if best:
            text = place.passage.text
            start, end = _stretch_of(query, asked, place, best)
            worth = best.score + best.bonus - behind + _PAIRED * answers_it(query, place)
            if place.names_columns or _leads_on(place, text[start:end], query):
                worth -= _LAST
            quote = Quote(place, start, end, best.score)
            if names := place.columns:
                key = place.article.id, names
                if key not in most:
                    most[key] = _row_with_most(place.article, asked, query, names=names)
                if found_most := most[key]:
                    row, cell = found_most
                    there = moved(place, row)
                    quote = Quote(there, 0, len(row.text), quote.score, cell=cell)
                else:
                    quote = _with_cell(
                        _of_all(quote, asked, query, names=names), asked, query, names=names
                    )
            quotes.append((worth, quote))
            if best_yet is None or worth > best_yet.worth:
                best_yet = _First(worth, place, spoken)
    ordered = [quote for _, quote in sorted(quotes, key=lambda pair: -pair[0])]
    if query.wants is Wants.WHO and _ABOUT_A_PHOTO.search(query.text):
        ordered = [_credit(quote) or quote for quote in ordered]
    first: dict[str, Quote] = {}
    for quote in ordered:  # three captions of one photograph have one credit
        first.setdefault(quote.place.passage.id, quote)
    return list(first.values())


def _told_of(asked: Asked, query: Query, places: Sequence[Place]) -> list[NDArray[np.float64]]:
    """Return how well the segments of passages have each word, as `Coverage.of_places` does.

    What tells a range that a figure of the asker's own falls in has the figure, too, and what tells
    days of the week or hours the ones that are asked about.
    """
    tables = asked.coverage.of_places(asked.words, places)
    words = [word.word for word in asked.words]
    for told, place in zip(tables, places, strict=True) if then_asked(query) else ():
        for n, segment in enumerate(segments(place.searched)):
            said = told_words(query, words, segment)
            told[n, [word in said for word in words]] = 1.0
    for own in own_figures(fold(query.text)):
        columns = [n for n, word in enumerate(asked.words) if word.word == own.said]
        for told, place in zip(tables, places, strict=True):
            rows = [n for n, one in enumerate(segments(place.searched)) if own.met(one)]
            told[np.ix_(rows, columns)] = 1.0
    return tables


def _leads_on(place: Place, quote: str, query: Query) -> bool:
    """Tell whether a quote asks, as one in an interview does, leads to a table, or only signs.

    Where a place or a person is asked for, also whether it leads to a list and names no place.
    """
    if query.wants in (Wants.WHERE, Wants.WHO) and _LEADS_TO_A_LIST.fullmatch(quote):
        return True
    if any(one.fullmatch(quote) for one in (SIGN_OFF, SIGNS_LETTER, DAY)):
        return True
    if _LEADS_TO_A_TABLE.fullmatch(quote):
        return bool(columns_in(place.article.passages))
    return is_asked(place.passage.text) or quote.endswith(("？", "?"))


def _of_all(quote: Quote, asked: Asked, query: Query, *, names: str) -> Quote:
    """Return the row of what all come to, where that is asked for and the table has one."""
    place = quote.place
    row = place.passage.text
    if is_total(row) or not asks_for_all(fold(query.text), asked.words, names=names, row=row):
        return quote
    columns = columns_in(place.article.passages)
    for passage in place.article.passages:
        if columns.get(passage.id) == names and is_total(passage.text):
            total = moved(place, passage)
            return Quote(total, 0, len(passage.text), quote.score)
    return quote


def _row_with_most(
    article: Article, asked: Asked, query: Query, *, names: str
) -> tuple[Passage, Cell] | None:
    """Return the row that has the most or the least, where that is asked for of a table."""
    columns = columns_in(article.passages)
    rows = [passage for passage in article.passages if columns.get(passage.id) == names]
    found = row_with_most(
        asked.words,
        asked.coverage,
        asked=fold(query.text),
        names=names,
        rows=[passage.text for passage in rows],
        headline=article.title or "",
    )
    return (rows[found[0]], found[1]) if found else None


def moved(place: Place, passage: Passage) -> Place:
    """Return the place of another passage of an article."""
    return replace(place, passage=passage, searched=fold(searched_text(passage, place.article)))


def _with_cell(quote: Quote, asked: Asked, query: Query, *, names: str) -> Quote:
    """Return a row of a table with the cell that is asked for."""
    article, slot = quote.place.article, slot_of(query)
    row = quote.place.passage.text
    met = {own.said for own in own_figures(fold(query.text)) if own.met(fold(row))}
    cell = cell_asked(
        asked.words,
        asked.coverage,
        asked=fold(query.text),
        kind=slot.kind if slot else None,
        said=asked.told_by_date(quote.place),
        in_range=np.array([word.word in met for word in asked.words], dtype=np.bool_),
        names=names,
        row=row,
        headline=article.title or "",
    )
    if cell.place:
        start, end = (place - quote.start for place in cell.place)
        inside = 0 <= start <= end <= quote.end - quote.start
        cell = replace(cell, place=(start, end) if inside else None)
    return replace(quote, cell=cell)


@dataclass(frozen=True, slots=True)
class _First:
    """What would be quoted first, of the passages looked at so far.

    Attributes:
        worth: How well it answers, with what the ranking says.
        place: Its passage.
        spoken: How well that has each word of the question, shape (words,).
    """

    worth: float
    place: Place
    spoken: NDArray[np.float64]

    def least_of(self, place: Place, spoken: NDArray[np.float64]) -> float:
        """Return the least worth with which a quote of another passage matters beside this one."""
        of_its_article = place.article.id == self.place.article.id
        if of_its_article or np.all(spoken >= self.spoken - SAME):
            return self.worth - EQUALLY
        return self.worth


def _credit(quote: Quote) -> Quote | None:
    """Return the credit of the photograph that a quote is from, or None where there is none.

    Of several pictures in one article that is the first below the caption; above it, where credits
    stand over their captions or there is none below.
    """
    from corpus.signatures import SHOT_AT_END, is_credit

    article = quote.place.article
    if article.kind != "photo" or SHOT_AT_END.search(quote.place.passage.text):
        return None
    credits = [n for n, passage in enumerate(article.passages) if is_credit(passage.text)]
    if not credits:
        return None
    at = [passage.id for passage in article.passages].index(quote.place.passage.id)
    below = [n for n in credits if n >= at] if credits[0] else []
    above = [n for n in credits if n <= at]
    passage = article.passages[below[0] if below else above[-1] if above else credits[0]]
    return Quote(moved(quote.place, passage), 0, len(passage.text), quote.score)


def naming_quotes(query: Query, places: Sequence[Place]) -> list[Quote]:
    """Return for each passage that has all required terms its sentence on them.

    That is one that explains the focus, else one that has most of them; a passage of which only
    the headline has them has none.
    """
    quotes = []
    for place in places:
        if not names_all(query, place):
            continue
        sentences = split_sentences(place.passage.text)
        told = [
            (
                bool(query.focus) and explains(query.focus, sentence.text),
                sum(has_term(term, fold(sentence.text)) for term in query.required),
            )
            for sentence in sentences
        ]
        best = max(range(len(sentences)), key=lambda at: (*told[at], -at), default=None)
        if best is not None and told[best][1]:
            start, end = sentences[best].start, sentences[best].end
            text = place.passage.text
            start, end = _narrowed(text, start, end, words=query.required)
            quotes.append(Quote(place, *_trimmed(text, start, end), score=1.0))
    return quotes


def names_all(query: Query, place: Place) -> bool:
    """Tell whether a passage or its headline has all terms the question requires."""
    return all(has_term(term, place.searched) for term in query.required)


def explains(term: str, sentence: str) -> bool:
    """Tell whether a sentence says what a term is, rather than using it.

    >>> explains("3651", "“3651”行动是指三年行动。"), explains("3651", "“3651”行动即将启动。")
    (True, False)
    """
    pattern = rf"{re.escape(term)}[”\"」』’]?[^,。;:—]{{0,6}}{_EXPLAINS}"
    return re.search(pattern, fold(sentence)) is not None


def _widened(query: Query, text: str, best: Best) -> tuple[int, int]:
    """Return the best sentence with the list it leads or begins; with any, if a list is asked for.

    Not where it is one item that is asked about: that speaks of the question far more than what
    leads the list.
    """
    start, end = best.sentence.start, best.sentence.end
    for found in numbered_lists(text):
        if start <= found.start < end:
            return start, max(end, found.end)
        if asks_for_items(query) and not _is_on_an_item(best, found.start):
            return min(start, found.start), max(end, found.end)
    return start, end


def _stretch_of(query: Query, asked: Asked, place: Place, best: Best) -> tuple[int, int]:
    """Return where in a passage the quote around its best sentence stands."""
    text = place.passage.text
    start, end = _widened(query, text, best)
    if answers_it(query, place):
        start, end = _from_its_start(text, start, end)
    start, end = _narrowed(text, start, end, words=[word.word for word in asked.words])
    return _trimmed(text, start, end)


def _from_its_start(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch of an answer that is quoted, with what is said before and behind it.

    Not where that is far; what an answer says first answers most.
    """
    first, *others = split_sentences(text)
    if end - first.start > _ANSWER_CHARS:
        return start, end
    ends = [one.end for one in others if one.end - first.start <= _ANSWER_CHARS]
    return first.start, max([end, *ends])


def _is_on_an_item(best: Best, list_start: int) -> bool:
    """Tell whether the best sentence says far more of what is asked than what leads a list."""
    before = [share for start, share in best.shares if start <= list_start]
    return max(share for _, share in best.shares) > max(before[-2:], default=0.0) + _OF_AN_ITEM


def _narrowed(text: str, start: int, end: int, *, words: Sequence[str]) -> tuple[int, int]:
    """Return a stretch; of one without end, as hostile text may have, the clauses that tell most.

    They are the first such, `LONGEST` characters at most.
    """
    if end - start <= LONGEST:
        return start, end
    ends = [*(match.end() for match in _CLAUSE_END.finditer(text, start, end)), end]
    stretches = []
    for first in [start, *ends[:_N_CLAUSES]]:
        fitting = bisect_right(ends, first + LONGEST)
        last = ends[fitting - 1] if fitting and ends[fitting - 1] > first else first + LONGEST
        stretches.append((first, min(last, end)))
    return max(stretches, key=lambda at: sum(word in text[slice(*at)].lower() for word in words))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
