"""Who wrote an article that a question names by its headline, as its byline tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.archive import Archive
from corpus.filters import Filters
from corpus.rows import Place
from corpus.text import HAN, fold, split_sentences
from corpus.types import Article, Range
from qa.cite import compose
from qa.native import Answer
from qa.query import Lang
from qa.quoting.quotes import LONGEST, Quote
from qa.texts import say

_KIND = (
    "(?P<kind>(?:这|那|该)?(?:篇|首|组|则|条|幅|张)?的?"
    "(?:文章|一文|报道|新闻|消息|通讯|散文|随笔|小说|诗歌|诗|组诗|照片|图片|作品|评论|稿件|稿子))"
)
_TITLE = "(?:《(?P<named>[^《》]{1,60})》|(?P<title>[^《》,，。?？]{2,40}?))"
_PERSON = "(?:谁|哪位?(?:记者|作者|通讯员|作家|诗人|摄影师)?|哪个(?:记者|作者|人)|什么人|何人)"
_SHOOTS = "(?P<shot>拍摄|拍照|拍|摄影|摄)"
_WRITES = "(?:采写|撰写|写作|写|创作|采访报道|报道|采访|作)"
_ZH = tuple(
    re.compile(f"(?:请问|告诉我)?{pattern}[呀啊呢吗]?")
    for pattern in (
        rf"{_TITLE}{_KIND}?的?(?:作者|撰稿人|署名|采写记者)(?:都)?(?:(?:是|叫){_PERSON}|是|叫什么(?:名字)?)?",
        rf"{_TITLE}{_KIND}?(?:都)?是{_PERSON}(?:{_WRITES}|{_SHOOTS})的",
        rf"{_TITLE}{_KIND}?出自{_PERSON}(?:之手|笔下)?",
        rf"{_PERSON}(?:{_WRITES}|{_SHOOTS})(?:的|了){_TITLE}{_KIND}?",
    )
)
_TITLE_EN = r"[\"“”'《]?(?P<title>[^\"“”《》?]{2,60}?)[\"“”'》]?"
_PIECE_EN = r"(?:the )?(?:article|story|report|poem|essay|piece|photo(?:graph)?|picture)s?"
_EN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"who (?:wrote|authored|reported|(?P<shot>took|shot))(?: {_PIECE_EN})?"
        rf"(?: (?:called|titled|entitled))? {_TITLE_EN}(?: {_PIECE_EN})?",
        r"who (?:is|was|are|were) the (?:author|writer|reporter|(?P<shot>photographer))s?"
        rf" (?:of|for)(?: {_PIECE_EN})?(?: (?:called|titled|entitled))? {_TITLE_EN}",
        rf"{_TITLE_EN} (?:is|was) (?:written|(?P<shot>photographed)) by (?:whom?|which reporter)",
    )
)
_NO_TITLE = re.compile(
    "[这那本该此]|[它他她你我]们?|文章|报道|新闻|.*[这那]的?(?:篇|首|个|张|幅).*|it|this|that|them"
)
_ENDS = re.compile(r"^[\s?？。！!,，:：]+|[\s?？。！!,，]+$")
_GENRE = re.compile(r"[(（][^()（）]{1,8}[)）]$")
_COLUMN = re.compile("^[^:：|｜]{2,8}[:：|｜]")
_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_]+")
_PART_CHARS = 6  # from which on a part of a headline names it
_NOT_WRITERS = ("摄", "编辑")


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which article it is asked who wrote it.

    Attributes:
        title: Its headline, as typed.
        kind: What stands behind it that may be of it, 新闻 of 图片新闻; or nothing.
        surely: Whether it stands in the marks of a title.
        shot: Whether it is asked who took its photograph.
    """

    title: str
    kind: str = ""
    surely: bool = False
    shot: bool = False


def writer_asked(question: str) -> Asked | None:
    """Return of which article a question asks who wrote it; None where it asks something else.

    >>> writer_asked("《荷塘》的作者是谁？").title, writer_asked("老渡口是谁写的").title
    ('荷塘', '老渡口')
    >>> writer_asked("Who wrote 《荷塘》?").title, writer_asked("这是谁写的？")
    ('荷塘', None)
    """
    bare = _ENDS.sub("", " ".join(question.split()))
    patterns = _ZH if re.search("[谁哪]|作者|什么|署名|何人", bare) else _EN
    for pattern in patterns:
        if match := pattern.fullmatch(bare):
            told = match.groupdict()
            title = (told.get("named") or told["title"] or "").strip()
            if title and not _NO_TITLE.fullmatch(title):
                surely = bool(told.get("named")) or "《" in bare
                kind = "" if told.get("named") else told.get("kind") or ""
                return Asked(title, kind, surely, shot=bool(told.get("shot")))
    return None


def writers(
    asked: Asked,
    archive: Archive,
    *,
    limit: int,
    lang: Lang,
    filters: Filters | None = None,
    among: Callable[[str], bool] | None = None,
) -> Answer | None:
    """Return who signed the articles of a headline, the newest first; None where none has it.

    Each is cited by the sentence that names who wrote it, of several pictures by each credit, else
    by its first. Of an article that nobody signed that is told.

    Args:
        asked: Of which article.
        archive: Whose articles there are.
        limit: How many citations at most.
        lang: The language of our own words.
        filters: Which part of the archive to look at; None is all.
        among: Tells by its first passage's id whether an article may be told of; None lets all.
    """
    left = archive.within(filters) if filters else None
    articles = [
        article
        for article in map(archive.article, _titled(asked, archive))
        if article.passages
        and (left is None or left.has_article(article.id))
        and (among is None or among(article.passages[0].id))
    ]
    signed = [(article, names) for article in articles if (names := _who(article, asked))]
    if not articles:
        return None
    told = signed or [(article, ()) for article in articles[:1]]
    told = told[:limit]
    quotes: list[Quote] = []
    leads: list[str] = []
    for article, pairs in told:
        found = _quotes(archive, article, [name for _, name in pairs])
        quotes += found
        leads += [_told(article, pairs, lang), *("" for _ in found[1:])]
    return compose(
        quotes[:limit],
        archive=archive,
        status="answered" if signed else "partial",
        lang=lang,
        confidence=1.0,
        lead="" if signed else say("unsigned", lang),
        names=leads,
    )


def _titled(asked: Asked, archive: Archive) -> list[str]:
    """Return the ids of the articles of a headline, else of those whose headline has it as a part.

    A part counts only where it is told in the marks of a title, is long, and is not in such marks
    in the headline, as what it is about.
    """
    runs = [run for text in (asked.title, fold(asked.title)) for run in _RUN.findall(text)]
    longest = sorted(dict.fromkeys(runs), key=len, reverse=True)[:2]
    found = dict(pair for run in longest for pair in archive.articles_titled(run))
    wanted = _bare(asked.title)
    for called in dict.fromkeys((wanted + _bare(asked.kind), wanted)):
        if whole := [one for one, title in found.items() if called in _names(title)]:
            return whole
    if not asked.surely or len(wanted) < _PART_CHARS:
        return []
    about = f"《{asked.title}》"
    return [one for one, title in found.items() if wanted in _bare(title) and about not in title]


def _names(title: str) -> set[str]:
    """Return what a headline may be called: without its kind in brackets, or its column's name."""
    without = _GENRE.sub("", title)
    return {_bare(one) for one in (title, without, _COLUMN.sub("", without))}


def _bare(title: str) -> str:
    return re.sub(r"[\W_]+", "", fold(title))


def _who(article: Article, asked: Asked) -> Sequence[tuple[str, str]]:
    """Return the roles and names of who wrote an article, or took its photograph."""
    pairs = [(byline.role, byline.name) for byline in article.bylines]
    shot = asked.shot or article.kind == "photo"
    wrote = [pair for pair in pairs if pair[0] not in _NOT_WRITERS]
    took = [pair for pair in pairs if pair[0] == "摄"]
    return (took or ([] if asked.shot else wrote)) if shot else wrote


def _quotes(archive: Archive, article: Article, names: Sequence[str]) -> list[Quote]:
    """Return what names who wrote an article; of several pictures the credit of each."""
    if article.kind == "photo" and len(names) > 1:
        credits = [one for one in article.passages if any(name in one.text for name in names)]
        if len(credits) > 1:
            places = archive.places([one.id for one in credits])
            return [_marked(place, 0, len(place.passage.text), names) for place in places]
    return [_quote(archive, article, names)]


def _quote(archive: Archive, article: Article, names: Sequence[str]) -> Quote:
    """Return the first or last sentence of an article, whichever names who wrote it."""
    ends = {0: article.passages[0], -1: article.passages[-1]}
    for at, passage in ends.items():
        sentences = split_sentences(passage.text)
        if sentences and any(name in sentences[at].text for name in names):
            start, end = sentences[at].start, sentences[at].end
            break
    else:
        passage = ends[0]
        first = split_sentences(passage.text)[:1]
        start, end = (first[0].start, first[0].end) if first else (0, len(passage.text))
    (place,) = archive.places([passage.id])
    return _marked(place, start, end, names)


def _marked(place: Place, start: int, end: int, names: Sequence[str]) -> Quote:
    text = place.passage.text[start : min(end, start + LONGEST)].rstrip()
    marks = [_mark(text, name) for name in names]
    found = tuple(sorted(mark for mark in marks if mark))
    return Quote(place=place, start=start, end=start + len(text), score=1.0, marks=found)


def _mark(text: str, name: str) -> Range | None:
    at = text.find(name)
    return (at, at + len(name)) if at >= 0 else None


def _told(article: Article, names: Sequence[tuple[str, str]], lang: Lang) -> str:
    """Return an article's headline with who signed it, in words of ours."""
    title = article.title or ""
    if not names:
        return say("contents_title", lang, title=title)
    if lang == "en" or not HAN.search(title):
        told = ", ".join(dict.fromkeys(name for _, name in names))
    else:
        roles = {"摄": "摄影"}
        told = "、".join(f"{roles.get(role, role)} {name}" for role, name in names)
    return say("signed_by", lang, title=title, names=told)
