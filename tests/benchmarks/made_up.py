"""Archives of any size: passages of the invented and the shipped issues, then others like them.

One that is made up joins sentences of those, as many as a real one has. Numbers are drawn anew each
time, and so are half of the words that only one article has, as names are: the vocabulary goes on
growing with the archive, common words stay as common as they are, and rare ones stay rare.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path

from api.service import sample_issue
from corpus.archive import Archive
from corpus.reader import read_issue
from corpus.text import HAN, split_sentences
from corpus.types import Article, Issue, Passage, Printed, Source
from qa.search.terms import cut

SEED = 20211007
_FIRST_DAY = date(1900, 1, 1)
FURTHER = "2900-01-01"
"""The id of the first issue that is later than any that `fill` makes."""
_PASSAGES_PER_ISSUE = 45
_PASSAGES_PER_ARTICLE = 4
_NUMBER = re.compile(r"\d+")


def fill(archive: Archive, n_passages: int) -> None:
    """Put passages into an empty archive, a day's issue at a time."""
    issues = _real()
    real = (passage.text for issue in issues for passage in issue.passages)
    texts = islice(chain(real, _made_up(issues, random.Random(SEED))), n_passages)
    day = _FIRST_DAY
    while of_issue := list(islice(texts, _PASSAGES_PER_ISSUE)):
        archive.add(issue_of(day.isoformat(), of_issue))
        day += timedelta(days=1)


def further(n_issues: int) -> list[Issue]:
    """Return issues of later days than any that `fill` makes."""
    texts = _made_up(_real(), random.Random(SEED + 1))
    return [
        issue_of(
            (date.fromisoformat(FURTHER) + timedelta(days=n)).isoformat(),
            list(islice(texts, _PASSAGES_PER_ISSUE)),
        )
        for n in range(n_issues)
    ]


def _real() -> list[Issue]:
    invented = sorted((Path(__file__).parents[1] / "data").glob("issue_*.txt"))
    return [*map(read_issue, invented), sample_issue()]


def _made_up(issues: Sequence[Issue], rng: random.Random) -> Iterator[str]:
    """Yield passages without end."""
    real = [[s.text for s in split_sentences(p.text)] for issue in issues for p in issue.passages]
    sentences = [text for found in real for text in found]
    names = _names(issues)
    characters = HAN.findall("".join(sentences))

    def another(match: re.Match[str]) -> str:
        if match.group().isdigit():
            return "".join(rng.choices("123456789", k=len(match.group())))
        if rng.random() < 0.5:
            return match.group()
        return "".join(rng.choices(characters, k=len(match.group())))

    varied = re.compile("|".join([_NUMBER.pattern, *map(re.escape, names)]))
    while True:
        chosen = rng.choices(sentences, k=len(rng.choice(real)))
        yield varied.sub(another, "".join(chosen))


def _names(issues: Sequence[Issue]) -> list[str]:
    """Return the Chinese words that only one article has, longest first."""
    seen = Counter(
        word
        for issue in issues
        for article in issue.articles
        for word in set(cut("\n".join(p.text for p in article.passages)).words)
    )
    names = [word for word, n in seen.items() if n == 1 and len(word) > 1 and HAN.match(word)]
    return sorted(names, key=lambda word: (-len(word), word))


def issue_of(issue_id: str, texts: Sequence[str]) -> Issue:
    """Return an issue of these passages, a few to an article, their first words its headline."""
    lines: list[str] = []
    articles = []
    for n, at in enumerate(range(0, len(texts), _PASSAGES_PER_ARTICLE), start=1):
        article_id = f"{issue_id}/a{n:02d}"
        printed = []
        for text in (texts[at][:16], *texts[at : at + _PASSAGES_PER_ARTICLE]):
            start = sum(len(line) + 1 for line in lines)
            printed.append(Printed(text, ((start, start + len(text)),)))
            lines.append(text)
        passages = [
            Passage(f"{article_id}/p{m:02d}", piece.text, piece.ranges)
            for m, piece in enumerate(printed[1:], start=1)
        ]
        articles.append(
            Article(
                id=article_id,
                headline=printed[0],
                subtitle=None,
                kicker=None,
                bylines=(),
                date=None,
                kind="news",
                section=None,
                passages=tuple(passages),
                confidence=1.0,
                why=(),
            )
        )
    source = Source(f"{issue_id}.txt", "\n".join(lines).encode(), "utf-8")
    return Issue(issue_id, None, None, None, source, tuple(articles))
