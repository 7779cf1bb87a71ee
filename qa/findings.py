"""What the passages found say to a question, before anything is claimed.

Of a time that is asked of, and of what is printed again and again, other issues are asked too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from corpus.filters import Filters
from corpus.rows import Place
from corpus.text import fold
from qa.query import Query
from qa.quoting.beside import told_beside
from qa.quoting.cells import is_total
from qa.quoting.compare import LATEST, mark, value_marked
from qa.quoting.conditions import names_a_time
from qa.quoting.confidence import evidence_of, least_confidence, shipped_judge
from qa.quoting.days_told import A_SEASON
from qa.quoting.first import first_that_tells, lacks
from qa.quoting.paired import answers_it
from qa.quoting.periods import AskedTime, one_report, period_of
from qa.quoting.persons import office_asked
from qa.quoting.planned import as_asked
from qa.quoting.quotes import EQUALLY, Quote, best_quotes, by_sentence, names_all, naming_quotes
from qa.quoting.slot import slot_of
from qa.quoting.traits import SORTS
from qa.rank import Candidates, Finder, Hit
from qa.talk.within import issued_about, issued_by, newer_than, newest_day

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_N_RANKED = 12  # hits that the first one is held against
_N_READ = 8  # of them, those whose sentences are read
_N_ALIKE = 4  # issues that answer alike, from which on the newest are looked for
_ALIKE = 0.03  # how much worse it may be
_ASKS_AGE = re.compile(r"多大|几岁|多少岁|年龄|高寿|\bhow old\b")
_BARE_SEASON = re.compile("[春夏秋冬][季天]?")
_FAR_BETTER = 0.3  # how much more of a question another quote of the time asked of must speak of
_NAMES_IT = 4  # characters of a headline that tell its article from others
_OF_PAIR = 0.2  # the least confidence in the answer to a printed question that asks the same
_OF_MOST = 0.02  # the least confidence where the row was told by comparing all, or is of all


@dataclass(frozen=True, slots=True)
class Findings:
    """What the passages found say to a question, before anything is claimed.

    Attributes:
        query: The question.
        places: The passages found, best first.
        named: Where it has codes or quoted terms, the sentences that name them all.
        quotes: The stretches that answer best, best first; of what is named only, if any must be.
        evidence: What speaks for the first quote (`quoting.confidence`); None without quotes.
    """

    query: Query
    places: Sequence[Place]
    named: Sequence[Quote]
    quotes: Sequence[Quote]
    evidence: NDArray[np.float64] | None


Searched = tuple[Query, Candidates | None, list[Hit]]
"""A question, its candidates, and the passages found, best first."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the archive that an answer may be made of.

    Attributes:
        filters: Which part of the archive to look at; None is all.
        among: Tells by its id whether a passage may answer; None lets all.
    """

    filters: Filters | None = None
    among: Callable[[str], bool] | None = None


def _is_of_another_time(
    asked: AskedTime, query: Query, quote: Quote, *, holds: bool = False
) -> bool:
    """Tell whether a quote tells of other times alone than is asked of.

    When something is, is told by another time; who holds an office holds it on, and so is an age
    told of today (她今年多大); and a season may be what is asked about: 冬天没人住.
    """
    slot, folded = slot_of(query), fold(query.text)
    is_held = (
        (slot is not None and slot.kind == "when")
        or office_asked(folded)
        or _ASKS_AGE.search(folded)
    )
    return (
        not is_held
        and not A_SEASON.search(folded[slice(*asked.at)])
        and asked.is_denied_by(quote, holds=holds)
    )


def _is_in_its_name(asked: AskedTime, read: Findings) -> bool:
    """Tell whether a season is no time but a word of what is asked about: 冬季作息."""
    said = fold(read.query.text)[slice(*asked.at)]
    return bool(_BARE_SEASON.fullmatch(said) and read.quotes and said in fold(read.quotes[0].text))


def _held_then(asked: AskedTime, query: Query, quotes: Sequence[Quote]) -> list[Quote]:
    """Return what held at a time, of a text that is not of other times."""
    held = asked.held_then(quotes)
    return [one for one in held if not _is_of_another_time(asked, query, one, holds=True)]


class Reader:
    """Finds passages for questions, and reads what they say."""

    def __init__(self, finder: Finder, *, min_confidence: float | None = None) -> None:
        """Keep the finder, and the least confidence for a claim, 0 to 1; None is the default."""
        self._finder = finder
        self._min_confidence = min_confidence

    def search(self, question: str, part: Part) -> Searched:
        """Return what is found for a question in a part of the archive."""
        query, prepare = self._finder.read(question), self._finder.prepare
        found = prepare(query, filters=part.filters, among=part.among) if query.text else None
        return query, found, self._finder.order(query, found, k=_N_RANKED) if found else []

    def read(
        self,
        query: Query,
        found: Candidates | None,
        hits: Sequence[Hit],
        *,
        kept: Callable[[Sequence[Quote]], Sequence[Quote]] | None = None,
    ) -> Findings:
        """Return what passages say; `kept` returns those of their quotes that may answer."""
        read = hits if query.required else hits[:_N_READ]
        places = self._finder.places([hit.passage_id for hit in read])
        scored = list(zip(places, (hit.score for hit in read), strict=True))
        if query.required:
            scored = [pair for pair in scored if names_all(query, pair[0])]
        best = best_quotes(query, scored[:_N_READ], coverage=self._finder.coverage)
        words = self._finder.coverage.weigh(query)
        quotes = first_that_tells(query, words, best)
        if quotes and lacks(query, words, quotes[0]):
            told = told_beside(query, words, quotes[0], self._finder.coverage)
            quotes = [told, *quotes] if told else quotes
        if kept:
            quotes = list(kept(quotes))
        ordered = as_asked(query, words, quotes, coverage=self._finder.coverage)
        by = ordered[0].place if ordered is not quotes else best[0].place if best else None
        return Findings(
            query=query,
            places=places,
            named=naming_quotes(query, places) if query.required else (),
            quotes=ordered,
            evidence=self._evidence(query, found, ordered[0], hits, found_by=by)
            if found and by and ordered
            else None,
        )

    def asked_again(
        self, read: Findings, searched: Searched, question: str, part: Part
    ) -> Findings:
        """Return what was found, or what answers better of the time that is asked of, or is newer.

        Where another time is asked of than the first quote tells of, what is told of that time is
        returned. Where the newest is asked for, or so many issues tell the same that they were not
        all read, what the newest ones say is added; of a report that is printed again and again
        the newest comes first.
        """
        asked = self._time_asked(read.query)
        if asked and _is_in_its_name(asked, read):
            asked = None
        is_told = asked is not None and asked.is_told_by(*read.quotes[:1])
        if asked and (not is_told or asked.is_relative(fold(read.query.text))):
            of_time = self._of_its_time(read, searched, asked, part)
            if of_time:
                return of_time
        if asked and is_told:
            of_it = asked.told_best(read.quotes, far=_FAR_BETTER)
            read = self._led_by(of_it, read, searched)
        elif asked and read.quotes and _is_of_another_time(asked, read.query, read.quotes[0]):
            return replace(read, quotes=(), evidence=None)
        return self._newest_of(read, question, part)

    def _led_by(self, quotes: Sequence[Quote], read: Findings, searched: Searched) -> Findings:
        """Return what was found with some of its quotes alone, and what speaks for their first."""
        query, found, hits = searched
        if not quotes or quotes[0] is read.quotes[0] or found is None:
            return replace(read, quotes=quotes, evidence=read.evidence if quotes else None)
        evidence = self._evidence(query, found, quotes[0], hits, found_by=quotes[0].place)
        return replace(read, quotes=quotes, evidence=evidence)

    def _newest_of(self, read: Findings, question: str, part: Part) -> Findings:
        """Return what was found, with what newer issues say where these are asked for, or many."""
        query, quotes, archive = read.query, read.quotes, self._finder.archive
        if read.evidence is None or query.focus or names_a_time(query):
            return read
        if not (self.is_sure(read, read.evidence)[1] and self._asks_newest(query, quotes)):
            return read
        least = quotes[0].score - EQUALLY
        newest = max(one.place.issued for one in quotes if one.score >= least)
        for later in newer_than(archive, newest, part.filters):
            found = self.read(*self.search(question, replace(part, filters=later)))
            newer = [one for one in found.quotes if one.score >= least]
            if again := one_report([*quotes, *newer], at_least=_N_ALIKE):
                if again[0].place.issued > newest:
                    return replace(read, quotes=again)
            elif newer:
                return replace(read, quotes=(*quotes, *newer))
        again = one_report(quotes, at_least=_N_ALIKE)
        return replace(read, quotes=again) if again else read

    def _time_asked(self, query: Query) -> AskedTime | None:
        """Return the time that a question asks of, counted from the newest issue, or None."""
        folded = fold(query.text)
        if query.focus or not period_of(folded, date.today(), is_asked=True):
            return None
        now = newest_day(self._finder.archive)
        return period_of(folded, now, is_asked=True) if now else None

    def _of_its_time(
        self, read: Findings, searched: Searched, asked: AskedTime, part: Part
    ) -> Findings | None:
        """Return what is told of the time that is asked of, where the first quote is of another.

        That is what the issues of the time and of the weeks after it tell; else, of what holds
        until it changes, the newest one before its end; else another of the quotes which names the
        time. None where this is not surely told.
        """
        least = read.quotes[0].score - EQUALLY if read.quotes else 0.0
        for told in self._told_of_time(read, searched, asked, part):
            if told.evidence is None or told.quotes[0].score < least:
                continue
            if self.is_sure(told, told.evidence)[1]:
                return told
        return None

    def _told_of_time(
        self, read: Findings, searched: Searched, asked: AskedTime, part: Part
    ) -> Iterator[Findings]:
        """Yield what may be told of a time, each looked for as it is wanted."""
        archive = self._finder.archive
        bare = asked.without(fold(read.query.text)) if archive.summary().n_issues > 1 else ""
        if bare and (about := issued_about(archive, asked.period, part.filters)):
            found = self._search_bare(bare, read.query, replace(part, filters=about))
            yield self.read(*found, kept=asked.told_of_it)
        by = None if asked.is_short else issued_by(archive, asked.period.last, part.filters)
        if bare and by:
            found = self._search_bare(bare, read.query, replace(part, filters=by))
            yield self.read(*found, kept=partial(_held_then, asked, read.query))
        yield self._led_by(asked.named_by(read.quotes), read, searched)
        yield self._led_by(self._beside(read, asked), read, searched)

    def _search_bare(self, bare: str, query: Query, part: Part) -> Searched:
        """Return what is found for a question without its time, which no definition is asked by."""
        asked, found, hits = self.search(bare, part)
        return replace(asked, focus="", wants=query.wants), found, hits

    def _beside(self, read: Findings, asked: AskedTime) -> list[Quote]:
        """Return another sentence of the first quote's passage, that says it is of the time."""
        if not read.quotes:
            return []
        best, query = read.quotes[0], read.query
        words = self._finder.coverage.weigh(query)
        told = () if best.cell else by_sentence(best)
        of_time = (one for one in told if asked.is_named_by(one) and not lacks(query, words, one))
        return list(islice((one for one in of_time if mark(query, words, one).marks), 1))

    def _asks_newest(self, query: Query, quotes: Sequence[Quote]) -> bool:
        """Tell whether the newest is asked for, or many issues answer, each with other words."""
        if LATEST.search(query.text):
            return True
        slot = slot_of(query)
        least = quotes[0].score - _ALIKE
        alike = {one.place.issue_id: one for one in quotes if one.score >= least}
        if len(alike) < _N_ALIKE or slot is None or slot.kind not in SORTS:
            return False
        words = self._finder.coverage.weigh(query)
        told = (value_marked(mark(query, words, one)) for one in alike.values())
        first = next(told)
        return any(value != first for value in told)

    def _evidence(
        self,
        query: Query,
        found: Candidates,
        quote: Quote,
        hits: Sequence[Hit],
        *,
        found_by: Place,
    ) -> NDArray[np.float64]:
        words = self._finder.coverage.weigh(query)
        return evidence_of(
            query,
            found,
            quote,
            hits=hits,
            found_by=found_by,
            n_passages=len(self._finder.lexical),
            lacks=lacks(query, words, quote),
        )

    def told_of(self, place: Place, filters: Filters | None) -> list[Quote]:
        """Return what other articles say should be in the one of a passage, by its headline.

        So a correction is found whatever was asked, and wherever the question was to look.
        """
        headline = fold(place.article.title or "")
        if len(headline) < _NAMES_IT:
            return []
        found = self._finder.places(self._finder.correcting(headline, filters))
        return [
            Quote(one, 0, len(one.passage.text), 0.0)
            for one in found
            if one.article.id != place.article.id and headline in fold(one.passage.text)
        ]

    def is_sure(self, read: Findings, evidence: NDArray[np.float64]) -> tuple[float, bool]:
        """Return the confidence as it is told, and whether it is enough for a claim.

        As it is told, so that a bar that is set at what was told lets it pass.
        """
        sure = round(shipped_judge(read.query.lang).confidence(evidence), 4)
        least = least_confidence(read.query.lang, evidence, chosen=self._min_confidence)
        cell = read.quotes[0].cell
        of_all = is_total(read.quotes[0].text)
        if answers_it(read.query, read.quotes[0].place):
            least = min(least, _OF_PAIR)
        if cell and (cell.is_most or (cell.is_told and of_all)):  # 最少 and 两个 are in no row
            least = min(least, _OF_MOST)
        return sure, sure >= least
