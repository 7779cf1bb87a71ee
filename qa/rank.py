"""Candidates from both indexes to one ranking.

The indexes give up to some hundred candidates. Their scores are never added raw: over the
candidates each is brought to mean 0 and deviation 1. The best by their sum are then compared with
the question word by word (`search.matching`) and ordered by the learned mix (`search.ranker`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corpus.archive import Archive
from corpus.derived import BATCH, n_missing
from corpus.filters import Filters, Within
from corpus.rows import Place
from corpus.text import fold, has_term
from embeddings import making
from embeddings.encoder import Encoder, load_encoder, shipped_encoder
from embeddings.index import VectorIndex
from embeddings.vectors import DenseHit
from qa.defining import term_asked
from qa.query import Query, in_words_of, is_known, parse
from qa.search import forward, lexical
from qa.search.candidates import DenseCandidates, Engine, LexicalCandidates
from qa.search.coined import TEXTS, glossed, in_pinyin, is_gloss, printed
from qa.search.coverage import Coverage
from qa.search.forward import ForwardIndex
from qa.search.lexical import LexicalIndex
from qa.search.lexicon import Expansion, phrase_key, shipped_lexicon
from qa.search.matching import Matches, match
from qa.search.misspelt import corrected
from qa.search.names import N_READ, find_names
from qa.search.numerals import is_numbered
from qa.search.ranker import SCORES, features_of, shipped_ranker
from qa.search.respelling import Respelling, respelt, with_names
from qa.search.sounds import shipped_sounds
from qa.search.terms import Terms
from qa.search.translated import score as score_translated
from qa.search.units import Units, units_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_CANDIDATES = 100
"""How many each index gives."""
N_MATCHED = 60
"""How many are compared with the question word by word."""

_ENGLISH = re.compile(r"[a-z]{3}")
_MAY_BE_COINED = re.compile("(?=.*[一二三四五六七八九十百千万双两])[\u4e00-\u9fff]{2,12}")
_DATED = 1.0  # what a passage of the month or year that is named gains, in deviations


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        passage_id: The passage.
        score: The mix of the features; higher is better, comparable within one question only.
        features: What is known of it: `lexical` is BM25, `passage` and `sentence` cosines,
            `translated` BM25 of what an English question's phrases may be in Chinese, `covered` the
            share of the question that the passage speaks of, `dated` whether its issue is of a
            month or year that is named, `required` how many of its codes and quoted terms the
            passage has, which comes first.
    """

    passage_id: str
    score: float
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the indexes found for a question, c passages, of which m were compared with it.

    Attributes:
        ids: All of them, the m compared ones first, the likelier first.
        raw: Each index's scores, SCORES in order, shape (len(SCORES), c).
        units: The question's.
        matches: How the first m meet them.
        features: Of the first m, shape (m, len(FEATURES)).
    """

    ids: list[str]
    raw: NDArray[np.float64]
    units: Units
    matches: Matches
    features: NDArray[np.float32]


class Finder:
    """Finds the passages of an archive that a question is about. Get one with `Finder.open`."""

    def __init__(
        self,
        archive: Archive,
        *,
        encoder: Encoder,
        vectors: DenseCandidates,
        lexical: LexicalCandidates,
        forward: ForwardIndex,
        engine: Engine | None = None,
    ) -> None:
        """Keep the parts; `engine` is where vectors and terms are searched if not here."""
        self.archive = archive
        self.encoder = encoder
        self.vectors = vectors
        self.lexical = lexical
        self.forward = forward
        self.engine = engine
        self.coverage = Coverage(shipped_encoder(), lexical.rarity, forward)

    @classmethod
    def open(
        cls,
        archive: Archive,
        *,
        model: str | None = None,
        engine: Engine | None = None,
        progress: Iterable[None] | None = None,
    ) -> Finder:
        """Return a finder over an archive, its derived indexes opened or built.

        Args:
            archive: Where to look.
            model: A sentence-transformers model or folder; None is the shipped one.
            engine: What finds candidates in place of the vector and the lexical index.
            progress: Advanced once for each batch of passages that an index takes in.

        Raises:
            EngineError: If the engine cannot be reached, or has another state of the archive.
        """
        encoder = load_encoder(model) if model else shipped_encoder()
        ticks = iter(progress or ())
        with archive.reading():  # all three of one state
            with lexical.built_beside(archive):
                if engine is None:
                    vectors: DenseCandidates = VectorIndex.open(archive, encoder, progress=ticks)
                forward = ForwardIndex.open(archive, shipped_encoder(), progress=ticks)
            terms: LexicalCandidates = LexicalIndex.open(archive, progress=ticks)
            if engine is not None:
                vectors, terms = engine.open(archive, encoder, terms)
            return cls(
                archive,
                encoder=encoder,
                lexical=terms,
                vectors=vectors,
                forward=forward,
                engine=engine,
            )

    @staticmethod
    def pending(archive: Archive, *, model: str | None = None, elsewhere: bool = False) -> int:
        """Return about how often `open` would advance its progress for an archive in a folder.

        Args:
            archive: Where to look.
            model: As of `open`.
            elsewhere: Whether an engine finds candidates.
        """
        if archive.path is None:
            return 0
        folder = archive.path / "index"
        encoder = load_encoder(model) if model else shipped_encoder()
        with archive.reading():
            recipes = [lexical.recipe(archive), forward.recipe(archive, shipped_encoder())]
            if not elsewhere:
                recipes.append(making.recipe(archive, encoder))
            if lexical.is_long(archive):
                recipes = recipes[-1:]  # what is built in this process
            return sum(-(-n_missing(folder, one) // BATCH) for one in recipes)

    def over(self, archive: Archive) -> Finder:
        """Return a finder over another connection to the same state, with the same indexes."""
        return Finder(
            archive,
            encoder=self.encoder,
            vectors=self.vectors,
            lexical=self.lexical,
            forward=self.forward,
            engine=self.engine,
        )

    def read(self, question: str) -> Query:
        """Return a question as a query, resolved."""
        return self.resolve(parse(question))

    def search(self, query: Query, *, k: int, filters: Filters | None = None) -> list[Hit]:
        """Return the k best passages, best first, ties by passage id.

        A passage that shares nothing with the question is no hit.

        Args:
            query: What is looked for.
            k: How many at most.
            filters: Which part of the archive to look at; None is all.

        Raises:
            ValueError: If k is below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        query = self.resolve(query)
        found = self.prepare(query, filters=filters)
        return self.order(query, found, k=k) if found else []

    def prepare(
        self,
        query: Query,
        *,
        filters: Filters | None = None,
        among: Callable[[str], bool] | None = None,
    ) -> Candidates | None:
        """Return the candidates with all that the ranking weighs, or None if there are none.

        Args:
            query: What is looked for, resolved.
            filters: Which part of the archive to look at; None is all.
            among: Tells by its id whether a candidate is wanted; None lets all.
        """
        within = self._within(filters) if filters else None
        if within is not None and not within:
            return None
        vector = self.encoder.encode_queries([query.text])[0]
        lexical, dense = self._candidates(query, vector, within)
        ids = sorted(filter(among, dense) if among else dense)
        if not ids:
            return None
        texts = self.archive.searched(ids) if query.expansions or query.required else []
        raw = np.array(
            [
                [lexical.get(passage_id, 0.0) for passage_id in ids],
                [dense[passage_id].passage for passage_id in ids],
                [dense[passage_id].sentence for passage_id in ids],
                self._translated(query, texts) if query.expansions else np.zeros(len(ids)),
            ]
        )
        scores = np.array([_standard(row) for row in raw])
        likely = scores.sum(axis=0)
        if query.required:  # what has the codes and quoted terms is compared first
            has = [sum(has_term(term, text) for term in query.required) for text in texts]
            likely += np.array(has) * (np.ptp(likely) + 1)
        order = np.argsort(-likely, kind="stable").tolist()  # of equal ones the first by id
        ids = [ids[at] for at in order]
        compared = ids[:N_MATCHED]
        units = units_of(
            query,
            encoder=shipped_encoder(),
            seen_in=self.lexical.seen_in,
            rarity=self.lexical.rarity,
            n_passages=len(self.lexical),
        )
        matches = match(
            units,
            compared,
            [texts[at] for at in order[:N_MATCHED]] if texts else self.archive.searched(compared),
            forward=self.forward,
            wants=query.wants,
        )
        table = {n: row[order[:N_MATCHED]] for n, row in zip(SCORES, scores, strict=True)}
        return Candidates(ids, raw[:, order], units, matches, features_of(table, matches))

    def _within(self, filters: Filters) -> Within:
        if self.engine:
            return self.engine.narrow(filters)
        return self.archive.within(filters)

    def _translated(self, query: Query, texts: Sequence[str]) -> NDArray[np.float64]:
        return score_translated(
            query.expansions,
            texts,
            seen_in=self.lexical.seen_in,
            n_passages=len(self.lexical),
        )

    def resolve(self, query: Query) -> Query:
        """Return a query with what its words and names are in this archive's Chinese.

        Names are looked up by their sound, and terms that stand nowhere are dropped; so is what
        an English question quotes in English words, “The Ferry”, where it is not printed. `search`
        does this too.
        """
        if query.lang == "zh":
            query = in_words_of(query, self.lexical.seen_in)
        found = query.expansions
        if query.names:
            found = find_names(query.names, found, sounds=shipped_sounds(), holding=self._sounding)
        kept = (
            Expansion(
                one.phrase,
                tuple(told for told in one.terms if self.lexical.seen_in(told[0])),
                one.share,
            )
            for one in found
        )
        unprinted = tuple(one for one in query.required if self._is_foreign(query, one))
        return replace(
            query,
            names=(),
            expansions=tuple(one for one in kept if one.terms or not is_numbered(one.phrase)),
            required=tuple(one for one in query.required if one not in unprinted),
            unprinted=(*query.unprinted, *unprinted),
        )

    def _sounding(self, pairs: Sequence[tuple[str, float]]) -> list[str]:
        return self.archive.searched(self.lexical.sounding(pairs, k=N_READ))

    def respelt(self, query: Query, *, is_name: Callable[[str], object]) -> Respelling | None:
        """Return a question with what was typed by its sound, or misspelt, as it was meant.

        Args:
            query: The question.
            is_name: Tells whether Chinese characters may be somebody's name.
        """
        folded = fold(query.text)
        found = with_names(
            folded, sounds=shipped_sounds(), sounding=self._sounding, is_name=is_name
        )
        if found:
            return found
        if query.lang == "zh":
            return respelt(
                query.text if len(folded) == len(query.text) else folded,
                sounds=shipped_sounds(),
                n_with=self.lexical.n_with,
                sounding=self._sounding,
            )
        told = corrected(query.text, is_known=is_known, worth=self._worth)
        return Respelling(told, "") if told else None

    def coined(self, query: Query) -> Respelling | None:
        """Return a question with the coined term that it asks about as printed, in its marks.

        That is one which is named without them, in English or in pinyin; None of any other
        question.
        """
        asked = term_asked(fold(query.text))
        if query.lang == "zh":
            if query.required or not _MAY_BE_COINED.fullmatch(asked):
                return None
            texts = self.archive.searched(self.lexical.holding([asked], k=N_CANDIDATES))
            return Respelling(f"“{asked}”是什么？", asked) if printed(asked, texts) else None
        term = (
            glossed(asked, self._sharing)
            if is_gloss(asked)
            else in_pinyin(asked.split(), sounds=shipped_sounds(), holding=self._sounding)
        )
        return Respelling(f"What is “{term}”?", term) if term else None

    def texts_with(self, term: str) -> list[str]:
        """Return the folded texts of some passages that have a folded term, if any has."""
        return [
            text
            for text in self.archive.searched(self.lexical.holding([term], k=N_READ))
            if term in text
        ]

    def correcting(self, headline: str, filters: Filters | None = None) -> list[str]:
        """Return the ids of passages that say what should be in an article of a folded headline."""
        within = self._within(filters) if filters else None
        return self.lexical.holding([headline, "应为"], k=N_READ, within=within)

    def _sharing(self, terms: Terms) -> list[str]:
        hits = self.lexical.search(terms, k=TEXTS)
        return self.archive.searched([hit.passage_id for hit in hits])

    def _worth(self, word: str) -> float:
        """Return the weight of the likeliest Chinese term of an English word that is printed."""
        terms = shipped_lexicon().terms(phrase_key([word]))
        return max((weight for term, weight in terms if self.lexical.seen_in(term)), default=0.0)

    def _is_foreign(self, query: Query, term: str) -> bool:
        """Tell whether a quoted term of an English question is English, and nowhere printed so."""
        return (
            query.lang == "en"
            and _ENGLISH.search(term) is not None
            and not self.lexical.holding([term], k=1)
        )

    def _candidates(
        self, query: Query, vector: NDArray[np.float32], within: Within | None
    ) -> tuple[dict[str, float], dict[str, DenseHit]]:
        """Return passage id to BM25 and to cosines, the latter of all that either index finds."""
        lexical = {
            hit.passage_id: hit.score
            for hit in self.lexical.search(query.terms, k=N_CANDIDATES, within=within)
        }
        others = set(lexical)
        others.update(self.lexical.search_expanded(query.expansions, k=N_CANDIDATES, within=within))
        others.update(self.lexical.holding(query.required, k=N_CANDIDATES, within=within))
        if not vector.any() and not others:
            return {}, {}
        nearest = self.vectors.search(vector, k=N_CANDIDATES, within=within)
        dense = {hit.passage_id: hit for hit in nearest}
        missing = sorted(others - set(dense))
        return lexical, dense | {h.passage_id: h for h in self.vectors.score(vector, missing)}

    def order(self, query: Query, found: Candidates, *, k: int) -> list[Hit]:
        """Return the k candidates with the best mixed scores, best first."""
        of_units, of_features = shipped_ranker(query.lang).score(
            found.units, found.matches, found.features
        )
        scores = np.zeros(len(found.ids))
        n = len(of_units)
        scores[:n] = of_units.sum(axis=1) + of_features.sum(axis=1)
        scores[n:] = scores[:n].min() - 1 - np.arange(len(scores) - n)
        told = dict(zip(SCORES, found.raw, strict=True))
        told["covered"] = np.append(found.matches.covered, np.zeros(len(scores) - n))
        if query.months:
            issued = self.archive.issued(found.ids)
            told["dated"] = np.array(
                [float(issued[one].startswith(query.months)) for one in found.ids]
            )
            scores += _DATED * scores[:n].std() * _standard(told["dated"])
        if query.required:  # what does not have the code or quoted term is about something else
            texts = self.archive.searched(found.ids)
            told["required"] = np.array(
                [sum(has_term(term, text) for term in query.required) for text in texts],
                dtype=float,
            )
            scores += told["required"] * (np.ptp(scores) + 1)
        order = sorted(zip((-scores).tolist(), found.ids, range(len(scores)), strict=True))
        return [
            Hit(
                passage_id=found.ids[at],
                score=round(float(scores[at]), 6),
                features={name: round(float(row[at]), 4) for name, row in told.items()},
            )
            for *_, at in order[:k]
        ]

    def places(self, passage_ids: Sequence[str]) -> list[Place]:
        """Return the passages with their articles and issues."""
        return self.archive.places(passage_ids)


def _standard(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values with mean 0 and deviation 1, or zeros where all are alike."""
    spread = column.std()
    return (column - column.mean()) / spread if spread > 1e-9 else np.zeros_like(column)
