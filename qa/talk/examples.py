"""Questions that show what an archive answers, made of what its headlines and sentences print.

Each is of one of a few forms, about a name that a headline begins with, and left out where the
name is not surely one. Where there are too few, what the latest issue has is asked, and who wrote
an article. It is asked before it is shown, and shown only if the article that it was made of
answers it with the words that it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.text import HAN, fold
from corpus.types import Article
from qa.answer import Answerer
from qa.native import Answer
from qa.query import Lang
from qa.quoting.alignment import tokens
from qa.quoting.kinds import persons
from qa.quoting.slot import JOINING
from qa.talk import forms
from qa.talk.issues import newest_first
from qa.talk.subjects import titled

_N_ARTICLES = 40  # the latest that are looked through
_MAX_TRIES = 24
_MIN_NAME, _MAX_NAME = 4, 20

_PAIRS = (("“", "”"), ("「", "」"), ("《", "》"), ("（", "）"))
_QUOTES = re.compile('[“”「」『』《》‘’"]')


@dataclass(frozen=True, slots=True)
class _Example:
    """A question and what its answer must print.

    Attributes:
        form: What it asks: when, who, figure, count, age, office, contents or author.
        question: The question.
        told: What must stand in its first quote.
    """

    form: str
    question: str
    told: str


def example_questions(
    answerer: Answerer, *, lang: Lang, n: int = 3, article_id: str = ""
) -> tuple[str, ...]:
    """Return questions that the archive answers, at most n, the latest issue's first.

    Args:
        answerer: Asks them.
        lang: The language they are to be in.
        n: How many at most.
        article_id: The article that must answer; empty for any, each by another one.
    """
    found: list[str] = []
    told: list[str] = []
    asked: dict[str, Answer] = {}
    for article in _articles(answerer, article_id):
        made = sorted(_made_of(article, lang), key=lambda one: told.count(one.form))
        for one in made:
            if len(found) >= n or len(asked) >= _MAX_TRIES:
                return tuple(found)
            if one.question in found:
                continue
            if one.question not in asked:
                asked[one.question] = answerer.answer(one.question, limit=1)
            if _is_of(asked[one.question], one, article.id):
                found.append(one.question)
                told.append(one.form)
                if not article_id:
                    break
    if not article_id and len(found) < n:
        found += _of_any_issue(answerer, lang)[: n - len(found)]
    return tuple(found)


def _of_any_issue(answerer: Answerer, lang: Lang) -> list[str]:
    """Return what can be asked of the latest issue whatever it is about."""
    rows = newest_first(answerer.finder.archive)
    articles = answerer.finder.archive.issue(rows[0].id).articles if rows else ()
    first = [(one, _Example("contents", forms.CONTENTS[lang], "")) for one in articles[:1]]
    signed = [
        (one, _Example("author", forms.AUTHOR[lang].format(one.title), one.bylines[0].name))
        for one in articles
        if one.title and one.bylines and one.kind == "news" and _is_plain(one.title)
    ]
    return [
        example.question
        for article, example in (*first, *signed[:1])
        if _is_of(answerer.answer(example.question, limit=1), example, article.id)
    ]


def _is_plain(headline: str) -> bool:
    return len(headline) <= _MAX_NAME and not _QUOTES.search(headline)


def _articles(answerer: Answerer, article_id: str) -> Iterator[Article]:
    archive = answerer.finder.archive
    if article_id:
        yield archive.article(article_id)
        return
    left = _N_ARTICLES
    for row in newest_first(archive):
        for article in archive.issue(row.id).articles:
            if left <= 0:
                return
            left -= 1
            yield article


def _made_of(article: Article, lang: Lang) -> list[_Example]:
    """Return what can be asked of an article, each form in its turn."""
    made = [*_when(article, lang), *_figures(article, lang), *_chairs(article, lang)]
    made += [
        *_wholes(article, lang),
        *_counts(article, lang),
        *_ages(article, lang),
        *_offices(article, lang),
    ]
    return list(dict.fromkeys(made))


def _happens(article: Article) -> tuple[str, str] | None:
    """Return the thing that a headline begins with, and what it does; None where not sure."""
    headline = article.title or ""
    match = forms.HAPPENED.match(headline)
    return (match["name"], match["verb"]) if match and _is_name(match["name"]) else None


def _event(article: Article) -> tuple[str, str, str] | None:
    """Return who, in a headline, holds which event, and the verb; None where they are not sure."""
    headline = article.title or ""
    match = forms.HELD.fullmatch(headline)
    if not match or not forms.EVENT.fullmatch(match["name"]) or not _is_name(match["name"]):
        return None
    return (match["who"], match["verb"], match["name"]) if _is_name(match["who"], 2) else None


def _when(article: Article, lang: Lang) -> Iterator[_Example]:
    happens, event = _happens(article), _event(article)
    verb = happens[1] if happens else event[1] if event else ""
    day = _day_of(article, verb) if verb else ""
    if not day:
        return
    if happens:
        name, verb = happens
        of = f"{name}是什么时候{verb}的？" if verb in ("召开", "举行") else ""
        asked = of or f"{name}什么时候{verb}？"
        yield from _in(lang, article, "when", asked, forms.HAPPENS[verb], name, day)
    elif event:
        who, verb, name = event
        yield from _in(
            lang, article, "when", f"{who}什么时候{verb}{name}？", forms.HAPPENS[verb], name, day
        )


def _day_of(article: Article, verb: str) -> str:
    """Return the day in the first sentence that tells it, where it tells one only."""
    for passage in article.passages[:2]:
        for sentence in re.split("[。；]", passage.text):
            if verb in sentence:
                told = re.findall(r"(?:\d{1,2}月)?\d{1,2}日", sentence)
                return told[0] if len(told) == 1 else ""
    return ""


def _chairs(article: Article, lang: Lang) -> Iterator[_Example]:
    happens, event = _happens(article), _event(article)
    name = event[2] if event else happens[0] if happens else ""
    if not forms.MEETING.fullmatch(name):
        return
    for match in forms.CHAIRS.finditer(article.text):
        chair = _person_at_end(match["name"])
        if chair:
            en = "Which official chaired the meeting “{}”?"
            yield from _in(lang, article, "who", f"谁主持了{name}？", en, name, chair)
            return


def _figures(article: Article, lang: Lang) -> Iterator[_Example]:
    happens = _happens(article)
    if not happens or not forms.THING.fullmatch(happens[0]) or not article.passages:
        return
    name = happens[0]
    seen = set()
    for passage in article.passages[:2]:
        for match in forms.TOLD.finditer(passage.text):
            what, unit = match["what"], match["unit"]
            if what in seen:
                continue
            seen.add(what)
            zh, en = forms.ATTRIBUTES[what]
            zh = zh.format(name, unit)
            if any(word in en and unit != told for word, told in forms.OF_UNIT.items()):
                en = ""
            yield from _in(lang, article, "figure", zh, en, name, match["figure"])


def _wholes(article: Article, lang: Lang) -> Iterator[_Example]:
    for match in forms.WHOLE.finditer(article.text):
        of, name = match["of"], match["name"]
        if _is_name(name, 3):
            asked = f"{match['when'] or ''}{of}{name}是多少？"
            en = forms.WHOLES_EN.get(name, "").format(forms.AREAS_EN[of])
            yield from _in(lang, article, "figure", asked, en, "", match["figure"])


def _counts(article: Article, lang: Lang) -> Iterator[_Example]:
    headline = article.title if article.title and lang == "zh" else ""
    match = forms.COUNTED.fullmatch(headline)
    if match and _is_name(match["name"]):
        asked = f"{match['name']}有多少{match['unit']}？"
        yield _Example("count", asked, match["figure"])
    match = forms.RATED.fullmatch(headline)
    if match and _is_name(match["name"]):
        told = re.search(rf"{match['what']}(?:达到?|为|是|约)*(\d[\d.]*[万亿]*\S)", article.text)
        if told:
            yield _Example("figure", f"{match['name']}是多少？", told.group(1))


def _ages(article: Article, lang: Lang) -> Iterator[_Example]:
    for match in forms.AGED.finditer(article.text):
        name = _person_at_end(match["name"] or match["before"])
        if name:
            age = match["age"] or match["aged"] or match["is"]
            en = "How many years of age is “{}” this year?"
            yield from _in(lang, article, "age", f"{name}今年多少岁？", en, name, f"{age}岁")


def _offices(article: Article, lang: Lang) -> Iterator[_Example]:
    named = titled(article.text)
    for match in forms.OFFICE.finditer(article.text):
        if match["name"] in named:
            office = match["office"]
            yield from _in(
                lang, article, "office", f"{office}是谁？", forms.OFFICES[office], "", match["name"]
            )


def _in(
    lang: Lang, article: Article, form: str, zh: str, en: str, name: str, told: str
) -> Iterator[_Example]:
    """Yield the question in a language.

    English quotes the name, which must stand in the passage then: without what the headline alone
    has before it. There is none about a name with quotation marks in it.
    """
    if lang == "zh":
        yield _Example(form, zh, told)
        return
    named = next((one for one in _endings(name) if one in article.text), "")
    if en and (named or not name) and not _QUOTES.search(named):
        yield _Example(form, en.format(named), told)


def _endings(name: str) -> Iterator[str]:
    """Yield a name, then what is left of it without its first words, as long as it names enough."""
    folded = fold(name)
    for start, end in tokens(folded) if len(folded) == len(name) else ():
        if len(name) - start >= _MIN_NAME and (not start or end - start > 1):
            yield name[start:]


def _is_name(text: str, least: int = _MIN_NAME) -> bool:
    """Tell whether a stretch of a headline is a name: nothing in it tells or joins."""
    folded = fold(text)
    if not (least <= len(text) <= _MAX_NAME and len(folded) == len(text) and HAN.search(text)):
        return False
    if any(text.count(opening) != text.count(closing) for opening, closing in _PAIRS):
        return False
    words = [folded[start:end] for start, end in tokens(folded)]
    words = words[:-1] if words[-1] == "会" else words  # a gathering here: 调度会
    signs = any(not word.isalnum() and word not in "“”「」·(),+" for word in words)
    return not signs and not any(word in JOINING | forms.TELLS for word in words)


def _person_at_end(text: str) -> str:
    """Return the name of a person that a stretch ends with, or nothing."""
    folded = fold(text)
    found = [one for one in persons(folded, tokens(folded)) if one.end == len(folded)]
    return text[found[-1].start :] if found else ""


def _is_of(answer: Answer, example: _Example, article_id: str) -> bool:
    """Tell whether an answer is what a question was made of, in the article it was made of."""
    return answer.status == "answered" and any(
        example.told in citation.quote and citation.location.article_id == article_id
        for citation in answer.citations
    )
