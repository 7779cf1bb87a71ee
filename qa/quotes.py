"""The stretch of a passage that answers: its best sentence, or the whole list that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.archive import Place
from corpus.text import fold, has_term, split_sentences
from corpus.types import Range, Sentence
from qa.coverage import Coverage, Weighed
from qa.lists import numbered_lists
from qa.query import Query, Wants

_AROUND = 0.5  # what a word counts that only the headline or another sentence has
_SHAPED, _BESIDE = 0.05, 0.2  # bonus for the shape of the answer; for standing beside the subject
_LIKELY = 0.3  # from this weight a term of the lexicon stands for the asked word
_ABOUT_A_PHOTO = re.compile(r"照片|图片|拍|摄|photo|picture", re.IGNORECASE)
_BEHIND = 0.1  # what each point in the ranking behind the first passage costs a quote
_EXPLAINS = (  # folded: punctuation is half width
    r"(?:是指|指的是|就是|包括|:|——|意为|,(?:是指|即|指的?是|包括)|由.{1,20}?(?:组成|构成)"
    r"|即(?![将使可便日刻])|是(?:一[项个种批次条]|由|以|对|为(?!了)|[全我][省市区国]))"
)
_TITLES = "书记|主任|[局市区厅院校会县镇乡]长|经理|董事长|主席|主管|队长|代表|教授|负责人"
_FIGURE = r"\d|[一二三四五六七八九十百千万亿两]+[个名家项人次所条座亩]"
_SHAPES = {
    Wants.HOW_MANY: re.compile(_FIGURE),
    Wants.WHEN: re.compile(r"\d{1,4}[年月日]|上午|下午|晚|目前|截至"),
    Wants.WHERE: re.compile(
        r"位于|坐落|[在到].{1,20}(?:村|镇|乡|区|市|县|路|园|厅|中心|广场|公司|现场)"
    ),
    Wants.WHO: re.compile(
        r"书记|主任|[局市区厅院校会]长|经理|记者|通讯员|摄|说|指出|强调|主持|介绍"
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
        marks: What in it answers, counted from its start; none where that is not sure.
    """

    place: Place
    start: int
    end: int
    score: float
    marks: tuple[Range, ...] = ()

    @property
    def text(self) -> str:
        """The words, as printed."""
        return self.place.passage.text[self.start : self.end]


def best_quotes(
    query: Query, found: Sequence[tuple[Place, float]], *, coverage: Coverage
) -> list[Quote]:
    """Return the best stretch of each passage, best first; the ranking of the passages has its say.

    Args:
        query: The question.
        found: Passages with their scores in the ranking, best first.
        coverage: Tells which of the question's words a text speaks of.
    """
    words = coverage.weigh(query)
    wanted = _sure_shape(query)
    quotes: list[tuple[float, Quote]] = []
    for place, rank_score in found:
        told = _best_sentence(query, words, place, coverage=coverage, wanted=wanted)
        if told:
            sentence, score, bonus = told
            start, end = _trimmed(
                place.passage.text, *_widened(query, place.passage.text, sentence)
            )
            behind = _BEHIND * (found[0][1] - rank_score)
            quotes.append((score + bonus - behind, Quote(place, start, end, score)))
    ordered = [quote for _, quote in sorted(quotes, key=lambda pair: -pair[0])]
    if query.wants is Wants.WHO and _ABOUT_A_PHOTO.search(query.text):
        ordered = [_credit(quote) or quote for quote in ordered]
    first: dict[str, Quote] = {}
    for quote in ordered:  # three captions of one photograph have one credit
        first.setdefault(quote.place.passage.id, quote)
    return list(first.values())


def _credit(quote: Quote) -> Quote | None:
    """Return the credit of the photograph that a quote is from, or None where there is none."""
    from corpus.cues import is_credit

    for passage in quote.place.article.passages:
        if quote.place.article.kind == "photo" and is_credit(passage.text):
            place = replace(quote.place, passage=passage)
            return Quote(place, 0, len(passage.text), quote.score)
    return None


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
            quotes.append(Quote(place, *_trimmed(place.passage.text, start, end), score=1.0))
    return quotes


def names_all(query: Query, place: Place) -> bool:
    """Tell whether a passage or its headline has all terms the question requires."""
    folded = fold(place.searched)
    return all(has_term(term, folded) for term in query.required)


def explains(term: str, sentence: str) -> bool:
    """Tell whether a sentence says what a term is, rather than using it.

    >>> explains("3651", "“3651”行动是指三年行动。"), explains("3651", "“3651”行动即将启动。")
    (True, False)
    """
    pattern = rf"{re.escape(term)}[”\"」』’]?[^,。;:—]{{0,6}}{_EXPLAINS}"
    return re.search(pattern, fold(sentence)) is not None


def _best_sentence(
    query: Query,
    words: Sequence[Weighed],
    place: Place,
    *,
    coverage: Coverage,
    wanted: re.Pattern[str] | None,
) -> tuple[Sentence, float, float] | None:
    """Return the sentence that answers best, how well, 0 to 1, and the bonus for its shape."""
    sentences = split_sentences(place.passage.text)
    total = sum(word.weight for word in words)
    if not sentences or not total:
        return None
    around = coverage.matches(words, fold(place.searched))
    folded = [fold(sentence.text) for sentence in sentences]
    shares = []
    for text in folded:
        here = coverage.matches(words, text)
        parts = zip(words, here, around, strict=True)
        shares.append(sum(w.weight * (h + _AROUND * max(0.0, a - h)) for w, h, a in parts) / total)
    bonus = [_bonus(query.wants, text, wanted) for text in folded]
    best = max(range(len(sentences)), key=lambda at: (shares[at] + bonus[at], -at))
    whole = sum(w.weight * a for w, a in zip(words, around, strict=True)) / total
    score = round(min(1.0, (shares[best] + whole) / 2), 4)
    found = sentences[best]
    if (
        wanted
        and not wanted.search(folded[best])
        and wanted.search("".join(folded[best + 1 :][:1]))
    ):
        end = sentences[best + 1].end  # only the next sentence holds what is asked for
        found = Sentence(place.passage.text[found.start : end], found.start, end)
    return found, score, bonus[best]


def _sure_shape(query: Query) -> re.Pattern[str] | None:
    """Return a pattern for folded text that an answer of the kind asked for matches, or None."""
    folded = fold(query.text)
    if query.wants is Wants.HOW_MANY:
        return _beside(query)
    if query.wants is Wants.WHEN:
        return re.compile(r"\d{1,2}月\d{1,2}日|\d{4}年|\d{1,2}[日号时点]")
    if query.wants is Wants.WHERE and (
        unit := re.search("哪(?:一?个|一)?([乡镇村县市区])", folded)
    ):
        return re.compile(rf"[\u4e00-\u9fff]{{2,5}}{unit[1]}")
    if query.wants is Wants.WHO and (verb := re.search(r"谁([\u4e00-\u9fff]{2})", folded)):
        return re.compile(rf"(?:{_TITLES})[\u4e00-\u9fff]{{2,3}}{verb[1]}")
    return None


def _bonus(wants: Wants, folded: str, wanted: re.Pattern[str] | None) -> float:
    """Return what a folded sentence earns for holding the kind of thing that is asked for."""
    shape = _SHAPES.get(wants)
    if not shape or not shape.search(folded):
        return 0.0
    beside = wants is Wants.HOW_MANY and wanted is not None and wanted.search(folded)
    return _BESIDE if beside else _SHAPED


def _beside(query: Query) -> re.Pattern[str] | None:
    """Return a pattern of a figure next to what is counted, or None where that is not known."""
    subject = _subject(query)
    if not subject:
        return None
    gap = r"[^。,;\d]{0,6}"
    return re.compile(rf"(?:{subject}){gap}(?:{_FIGURE})|(?:{_FIGURE}){gap}(?:{subject})")


def _subject(query: Query) -> str:
    """Return a pattern of the words that name what is asked about, in Chinese."""
    words = [word for word in query.content if len(word) > 1 and not word.isascii()]
    words += [
        term
        for expansion in query.expansions
        for term, weight in expansion.terms
        if len(term) > 1 and weight >= _LIKELY
    ]
    return "|".join(map(re.escape, words))


def _widened(query: Query, text: str, sentence: Sentence) -> tuple[int, int]:
    """Return the sentence with the list it leads or begins; with any, if a list is asked for."""
    start, end = sentence.start, sentence.end
    for found in numbered_lists(text):
        if start <= found.start < end or query.wants is Wants.LIST:
            return min(start, found.start), max(end, found.end)
    return start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
