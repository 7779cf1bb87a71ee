"""The lexical index: tantivy over terms that we cut ourselves.

Words, pairs of characters and single characters (`search.terms`) are each a field of their own. How
every two neighbouring characters sound is one more, for names that are asked for in pinyin or in a
foreign spelling. Queries are built from terms, never parsed from what a person typed.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.archive import Archive
from corpus.derived import STEP, Change, Recipe, is_there, n_missing
from corpus.errors import IndexFormatError
from corpus.filters import Within
from corpus.generation import Generation
from corpus.opening import opened
from corpus.segments import batches
from embeddings.encoder import shipped_encoder
from qa.search.lexicon import Expansion
from qa.search.sounds import shipped_sounds
from qa.search.telling import (
    ALIKE,
    BOOSTS,
    DIGITS,
    FIELDS,
    FLATTER,
    SOUNDS,
    fields_of,
    is_large,
    likely,
    telling,
)
from qa.search.terms import ANALYSER, Terms, cut_each, cut_into

if TYPE_CHECKING:
    import tantivy

_BESIDE = """
import sys
sys.path[:] = sys.argv[2:]
from pathlib import Path
from corpus.archive import Archive
from embeddings.encoder import shipped_encoder
from qa.search.forward import ForwardIndex
from qa.search.lexical import LexicalIndex
with Archive.open(Path(sys.argv[1])) as archive:
    LexicalIndex.open(archive)
    ForwardIndex.open(archive, shipped_encoder())  # unless it is done by now
"""
_HEAP = 100_000_000
_N_SEEN = 10_000
_N_IDS = 4096
_N_CHOICES = 4096
_SPARE = 16  # hits looked at beyond those asked for, to see whether the last is one of several


class LexicalHit(NamedTuple):
    """A passage found by its terms.

    Attributes:
        passage_id: The passage.
        score: BM25 summed over the three fields; higher is better, 0 means no shared term.
    """

    passage_id: str
    score: float


class LexicalIndex:
    """The terms of an archive. Get one with `LexicalIndex.open`."""

    def __init__(self, index: tantivy.Index) -> None:
        """Keep an index that is ready to search."""
        self._index = index
        self._searcher = index.searcher()
        self.is_large = is_large(len(self))
        self.seen_in = lru_cache(maxsize=_N_SEEN)(self._seen_in)
        self.rarity = lru_cache(maxsize=_N_SEEN)(self._rarity_of)
        self._id_at = lru_cache(maxsize=_N_IDS)(self._read_id)
        self._choices = lru_cache(maxsize=_N_CHOICES)(self._choices_of)

    @classmethod
    def open(cls, archive: Archive, *, progress: Iterable[None] | None = None) -> LexicalIndex:
        """Return the index of an archive, read from its folder and brought up to date first.

        Args:
            archive: What to index.
            progress: Advanced once for each batch of passages that is cut.
        """
        ticks = iter(progress or ())

        def make() -> LexicalIndex:
            import tantivy

            index = tantivy.Index(_schema())
            _change(index, add=archive.iter_passages(), ticks=ticks)
            return cls(index)

        return opened(archive, recipe=lambda: recipe(archive, ticks), read=_read, make=make)

    def __len__(self) -> int:
        """Return how many passages are indexed."""
        count: int = self._searcher.num_docs
        return count

    def search(self, terms: Terms, *, k: int, within: Within | None = None) -> list[LexicalHit]:
        """Return the k passages that share most with the terms, best first, ties by id.

        Args:
            terms: Of the question.
            k: How many.
            within: The part of the archive to look at; None is all.

        Raises:
            ValueError: If k is below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        query = self._query(terms)
        if query is None:
            return []
        return self._best(self._only(query, within), k)

    def _best(self, query: tantivy.Query, k: int) -> list[LexicalHit]:
        """Return the k best passages for a query, best first, ties by id.

        Of many that are as good as the last, those with the first ids are taken: tantivy takes
        those that happen to be stored first.
        """
        n = k + _SPARE
        while True:
            found = self._searcher.search(query, limit=n).hits
            if len(found) < n or found[-1][0] < found[k - 1][0] - ALIKE:
                break
            n *= 4
        least = found[k - 1][0] - ALIKE if len(found) > k else 0.0
        hits = [
            LexicalHit(self._id_at(address.segment_ord, address.doc), score)
            for score, address in found
            if score >= least
        ]
        return sorted(hits, key=lambda hit: (-round(hit.score, DIGITS), hit.passage_id))[:k]

    def _read_id(self, segment: int, number: int) -> str:
        """Return the id of a passage by where it is stored."""
        from tantivy import DocAddress

        passage_id: str = self._searcher.doc(DocAddress(segment, number))["id"][0]
        return passage_id

    def _query(self, terms: Terms) -> tantivy.Query | None:
        from tantivy import Occur, Query

        clauses: list[tuple[Any, Any]] = []
        for field, term in telling(terms, self):
            one = self._term(field, term)
            clauses.append((Occur.Should, Query.boost_query(one, BOOSTS[field])))
        return Query.boolean_query(clauses) if clauses else None

    def _only(self, query: tantivy.Query, within: Within | None) -> tantivy.Query:
        """Return a query for the same, in one part of the archive; scores stay the same."""
        from tantivy import Occur, Query

        if within is None:
            return query
        schema = self._index.schema
        parts = [
            (Occur.Should, Query.term_set_query(schema, field, list(values)))
            for field, values in (("issue", within.issues), ("article", within.articles))
            if values
        ]
        part = Query.const_score_query(Query.boolean_query(parts), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, part)])

    def search_expanded(
        self, expansions: Sequence[Expansion], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of the k passages that hold most of what the phrases may be, best first.

        Of each phrase only the best term counts, by its weight and its rarity, times the share
        of the phrase.
        """
        from tantivy import Occur, Query

        clauses: list[tuple[Any, Any]] = []
        for expansion in expansions:
            choices = [
                Query.boost_query(choice, weight)
                for term, weight in likely(expansion, self)
                for choice in self._choices(term)
            ]
            if choices:
                best = Query.disjunction_max_query(choices)
                clauses.append((Occur.Should, Query.boost_query(best, expansion.share)))
        return self._ids(clauses, k, within)

    def _choices_of(self, term: str) -> list[tantivy.Query]:
        """Return the ways passages hold a Chinese term: as a word, else as all it is cut into."""
        from tantivy import Occur, Query

        if self.n_with("words", term):
            return [self._term(field, term) for field in fields_of(term, self)]
        parts = [self._term(*part) for part in cut_into(term)]
        together = Query.boolean_query([(Occur.Must, part) for part in parts])
        return [Query.boost_query(together, 1 / len(parts))] if parts and len(term) > 1 else []

    def holding(
        self, required: Sequence[str], *, k: int, within: Within | None = None
    ) -> list[str]:
        """Return the ids of up to k passages that have all words and pairs of the terms."""
        from tantivy import Occur

        parts = [part for term in required for part in cut_into(term)]
        return self._ids([(Occur.Must, self._term(*part)) for part in parts], k, within)

    def _term(self, field: str, part: str) -> tantivy.Query:
        from tantivy import Query

        return Query.term_query(self._index.schema, field, part, index_option="freq")

    def _ids(
        self, clauses: list[tuple[Any, Any]], k: int, within: Within | None = None
    ) -> list[str]:
        from tantivy import Query

        if not clauses:
            return []
        query = self._only(Query.boolean_query(clauses), within)
        return [hit.passage_id for hit in self._best(query, k)]

    def sounding(self, pairs: Sequence[tuple[str, float]], *, k: int) -> list[str]:
        """Return the ids of the k passages that hold the most of pairs of sounds, best first.

        Args:
            pairs: As `Sounds.of_pairs` writes them, each with how probable it is.
            k: How many.
        """
        from tantivy import Occur, Query

        schema = self._index.schema
        clauses: list[tuple[Any, Any]] = []
        for pair, probable in pairs:
            if not self.n_with(SOUNDS, pair):
                continue
            one = Query.term_query(schema, SOUNDS, pair, index_option="basic")
            clauses.append((Occur.Should, Query.boost_query(one, probable**FLATTER)))
        return self._ids(clauses, k)

    def _seen_in(self, term: str) -> int:
        """Return in how many passages a term stands, at most; exact for characters and pairs."""
        parts = cut_into(term)
        least = len(self) if parts else 0
        for part in parts:
            if not least:
                break
            least = min(least, self.n_with(*part))
        return least

    def n_with(self, field: str, term: str) -> int:
        """Return how many passages have a term in a field."""
        n: int = self._searcher.doc_freq(field, term)
        return n

    def _rarity_of(self, word: str) -> float:
        """Return how telling a word is in this archive: its inverse document frequency, ≥ 0.

        A word in no passage is the rarest. A word of several characters that is no term of its
        own is as rare as its rarest pair; 9月10日 is as rare as passages with both numbers would
        be if they had nothing to do with each other.

        Source: the idf of Robertson and Spärck Jones, with 0.5 added, as BM25 uses it.
        """
        fields = [("words", word)]
        if len(word) > 1 and not word.isascii() and not self.n_with("words", word):
            fields = cut_into(word) or fields
        rare = [self._rarity(self.n_with(*part)) for part in fields]
        if word[0].isdigit():
            return min(sum(rare), self._rarity(0))
        return max(rare)

    def _rarity(self, seen: int) -> float:
        return math.log(1 + (len(self) - seen + 0.5) / (seen + 0.5))


def _schema() -> tantivy.Schema:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in ("issue", "article"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(SOUNDS, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def recipe(archive: Archive, ticks: Iterator[None] | None = None) -> Recipe:
    """Return how the terms of an archive are made; `ticks` is advanced for each batch."""
    going = ticks or iter(())

    def build(change: Change) -> dict[str, Any]:
        _build(change, archive, going)
        return {}

    return Recipe(
        kind="lexical",
        made_from={
            "analyser": ANALYSER,
            "tantivy": version("tantivy"),
            "words": shipped_encoder().fingerprint,
        },
        issues=archive.versions(),
        stamp=archive.stamp,
        n_passages=archive.n_passages_of,
        build=build,
    )


def is_long(archive: Archive) -> bool:
    """Tell whether bringing the index of an archive up to date takes more than one step."""
    folder, made = archive.path and archive.path / "index", recipe(archive)
    return bool(folder and not is_there(folder, made) and n_missing(folder, made) > STEP)


@contextmanager
def built_beside(archive: Archive) -> Iterator[None]:
    """Build the indexes of words in another process while the block runs, where that is long.

    What it leaves undone, opening them does.
    """
    if not is_long(archive):
        yield
        return
    command = [sys.executable, "-c", _BESIDE, str(archive.path), *sys.path]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as beside:
        try:
            yield
        except BaseException:
            beside.terminate()
            raise


def _build(change: Change, archive: Archive, ticks: Iterator[None]) -> None:
    """Bring the index in a folder to what is wanted.

    tantivy only marks what is deleted, and goes on counting it in how many passages a term stands
    until it happens to merge. So each of its segments that holds a passage to be dropped is
    emptied, whereupon tantivy forgets it, and what is left of it is put in anew: scores are those
    of an index made in one go.

    Raises:
        OSError: If it cannot be written.
    """
    import tantivy

    folder = str(change.folder)
    try:
        fresh = not tantivy.Index.exists(folder)
        index = tantivy.Index(_schema(), path=folder) if fresh else tantivy.Index.open(folder)
        delete = [] if fresh else _beside(index, change.drop)
        issue_of = {passage_id: passage_id.partition("/")[0] for passage_id in delete}
        again = [one for one in sorted(delete) if issue_of[one] not in change.drop]
        texts = ((i, "", text) for i, text in zip(again, archive.searched(again), strict=True))
        added = archive.iter_passages(change.add)
        _change(index, delete=delete, add=chain(texts, added), ticks=ticks)
    except ValueError as exc:
        raise OSError(str(exc)) from exc
    for lock in change.folder.glob("*.lock"):
        lock.unlink()


def _beside(index: tantivy.Index, issues: frozenset[str]) -> list[str]:
    """Return the ids of all passages in the segments that hold any passage of these issues."""
    from tantivy import Query

    if not issues:
        return []
    searcher = index.searcher()
    n = max(1, searcher.num_docs)
    dropped = Query.term_set_query(index.schema, "issue", list(issues))
    touched = {address.segment_ord for _, address in searcher.search(dropped, limit=n).hits}
    everything = searcher.search(Query.all_query(), limit=n).hits
    return [searcher.doc(at)["id"][0] for _, at in everything if at.segment_ord in touched]


def _change(
    index: tantivy.Index,
    *,
    add: Iterable[tuple[str, str, str]],
    delete: Iterable[str] = (),
    ticks: Iterator[None],
) -> None:
    """Take passages out of an index and put others in, given with id, text and searched text."""
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for passage_id in delete:
        writer.delete_documents_by_term("id", passage_id)
    for batch in batches(add):
        next(ticks, None)
        cut_batch = cut_each([searched for *_, searched in batch])
        for (passage_id, *_), terms in zip(batch, cut_batch, strict=True):
            writer.add_document(_document(passage_id, terms))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()


def _document(passage_id: str, terms: Terms) -> tantivy.Document:
    from tantivy import Document

    article = passage_id.rpartition("/")[0]
    issue = article.partition("/")[0]
    document = Document(id=passage_id, issue=issue, article=article)
    for field in FIELDS:
        document.add_text(field, " ".join(getattr(terms, field)))
    document.add_text(SOUNDS, " ".join(set(shipped_sounds().of_pairs(terms.pairs))))
    return document


def _read(found: Generation) -> LexicalIndex:
    """Return the index in a checked folder.

    Raises:
        IndexFormatError: If tantivy cannot read it.
        OSError: If no folder can be made for its lock.
    """
    import tantivy

    try:
        if os.access(found.folder, os.W_OK):
            return LexicalIndex(tantivy.Index.open(str(found.folder)))
        with tempfile.TemporaryDirectory(
            prefix="bulletin-",
            ignore_cleanup_errors=True,  # a lock may be put there meanwhile
        ) as beside:
            for file in found.folder.iterdir():  # tantivy takes a lock beside them, even to read
                if file.suffix != ".lock":
                    Path(beside, file.name).symlink_to(file.resolve())
            return LexicalIndex(tantivy.Index.open(beside))  # which has them open from now on
    except ValueError as exc:
        raise IndexFormatError(str(found.folder), str(exc)) from exc
