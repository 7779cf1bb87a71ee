"""`python -m tests.benchmarks.marks DIR…`: how well marks hit, on BEIR folders with known answers.

The passage is given; the sentence is picked as it is for an answer. A folder's queries carry
`metadata.answers`; those of an English folder are taken from the Chinese one named by `--answers`.
The weights were fitted on one half of the questions, told by a hash; the other half is measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from corpus.text import fold
from qa.evaluate import archive_of, load_collection
from qa.query import parse
from qa.quoting.marks import marks_in
from qa.quoting.quotes import best_quotes
from qa.rank import Finder
from qa.search.coverage import Coverage

COLUMNS = ("n", "in quote", "marked", "whole", "met", "F1", "/answer", "/quote")
"""Questions; quotes that hold the answer; quotes with a mark; of these: marks that hold the whole
answer, that share something with it, their F1 by character; medians of the mark's length to that of
the answer it meets, and to that of its quote."""


@dataclass(frozen=True)
class Told:
    """What became of one question.

    Attributes:
        quote: What is quoted, folded.
        mark: Where the mark stands in it, or None.
        right: Where the answers stand in it.
    """

    quote: str
    mark: tuple[int, int] | None
    right: tuple[tuple[int, int], ...]

    @property
    def holds(self) -> bool:
        """Whether the mark holds an answer as a whole."""
        return self.mark is not None and any(
            self.mark[0] <= start and end <= self.mark[1] for start, end in self.right
        )

    @property
    def overlap(self) -> float:
        """The best F1 by character between the mark and an answer."""
        return max((_f1(self.mark or (0, 0), answer) for answer in self.right), default=0.0)


def _f1(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0.0, 2 * shared / (one[1] - one[0] + other[1] - other[0]))


def _places(answer: str, quote: str) -> list[tuple[int, int]]:
    """Return where an answer stands in a quote."""
    starts = [at for at in range(len(quote)) if quote.startswith(answer, at)]
    return [(at, at + len(answer)) for at in starts]


def is_kept_back(folder: Path, query_id: str) -> bool:
    """Tell whether a question is of the half that no weight was fitted on."""
    return hashlib.md5(f"{folder.name[:4]}{query_id}".encode()).digest()[0] % 2 == 1


def answers_of(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return query id to folded answers."""
    rows = map(json.loads, (folder / "queries.jsonl").read_text("utf-8").splitlines())
    return {
        str(row["_id"]): tuple(
            fold(answer).strip("。,;:“”「」《》 ") for answer in row["metadata"]["answers"]
        )
        for row in rows
    }


def measure(folder: Path, *, answers: dict[str, tuple[str, ...]], most: int) -> list[Told]:
    """Return what becomes of the first questions of the kept-back half."""
    collection = load_collection(folder)
    archive = archive_of(collection)
    coverage: Coverage = Finder.open(archive).coverage
    told = []
    kept = [one for one in collection.queries.items() if is_kept_back(folder, one[0])]
    for query_id, text in kept[:most]:
        query = parse(text)
        place = archive.places([next(iter(collection.qrels[query_id]))])[0]
        quotes = best_quotes(query, [(place, 1.0)], coverage=coverage)
        quote = quotes[0].text if quotes else ""
        marks = marks_in(query, coverage.weigh(query), quote)
        folded = fold(quote)
        mark = None
        if marks:
            start = len(fold(quote[: marks[0][0]]))
            mark = start, start + len(fold(quote[marks[0][0] : marks[-1][1]]))
        right = [
            place for answer in answers[query_id] if answer for place in _places(answer, folded)
        ]
        told.append(Told(folded, mark, tuple(right)))
    return told


def _size(one: Told) -> int:
    return one.mark[1] - one.mark[0] if one.mark else 0


def main() -> None:
    """Print one line a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.marks")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--answers", type=Path, help="a folder with the answers of the same ids")
    parser.add_argument("--most", type=int, default=1000, help="questions a folder")
    options = parser.parse_args()
    print(f"{'folder':14}", *(f"{name:>9}" for name in COLUMNS))
    for folder in options.folders:
        told = measure(folder, answers=answers_of(options.answers or folder), most=options.most)
        marked = [one for one in told if one.mark]
        met = [one for one in marked if one.overlap]
        figures = (
            mean(bool(one.right) for one in told),
            len(marked) / len(told),
            mean(one.holds for one in marked),
            len(met) / len(marked),
            mean(one.overlap for one in marked),
            median(_size(one) / min(end - start for start, end in one.right) for one in met),
            median(_size(one) / len(one.quote) for one in marked),
        )
        print(f"{folder.name:14} {len(told):9}", *(f"{figure:9.2f}" for figure in figures))


if __name__ == "__main__":
    main()
