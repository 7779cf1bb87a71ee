"""`python -m qa.fitting.learn --data DIR --own DIR --out FILE`: fits `qa.search.ranker`.

The questions of BEIR folders and those in readers' own words are asked; over the candidates of
each, the probability of the right passage is raised (softmax cross-entropy). `--ablate` fits again
without each group of columns and prints what it was worth. Half of the questions, told by their
id, are held out for the figures; the weights written are fitted on all.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.archive import Archive
from corpus.errors import MissingExtraError
from corpus.reader import read_issue
from corpus.text import squeeze
from qa.evaluate import archive_of, load_collection
from qa.fitting.translate import question_key, read_translations
from qa.query import Lang
from qa.rank import N_MATCHED, Finder
from qa.search.matching import MATCHES
from qa.search.ranker import FEATURES, Ranker, write_rankers
from qa.search.units import SIGNS

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

OWN_WORDS = "own_words.jsonl"
_MAX_UNITS = 32
_HIDDEN = 8
_EPOCHS, _BATCH, _RATE, _DECAY = 40, 64, 0.01, 0.1
_OWN_SHARE: dict[Lang, float] = {"zh": 8.0, "en": 4.0}
"""How often a question in the reader's own words is drawn, against others."""

_MOST_TRANSLATED = 1500  # of a set: others were asked in English by people
_CUT_OFF = 10
_FEWEST = 20  # a Chinese set has a question or two without a Chinese character


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates.

    Attributes:
        key: The question as asked, the same in every set that has it.
        lang: Its language.
        signs: Of its n units, shape (n, len(SIGNS)).
        matches: Shape (c, n, len(MATCHES)).
        features: Shape (c, len(FEATURES)).
        own: The share of the question that no candidate has literally.
        right: Which candidates answer, shape (c,); none, if the search missed them.
    """

    key: str
    lang: Lang
    signs: NDArray[np.float32]
    matches: NDArray[np.float32]
    features: NDArray[np.float32]
    own: float
    right: NDArray[np.bool_]


def examples_of(
    finder: Finder, questions: Mapping[str, str], right: Mapping[str, set[str]]
) -> list[Example]:
    """Return the questions with what the finder computes of their candidates.

    Args:
        finder: What searches.
        questions: Question id to question.
        right: Question id to the passages that answer it.
    """
    found = []
    for key, text in questions.items():
        query = finder.read(text)
        prepared = finder.prepare(query)
        if prepared is None:
            continue
        found.append(
            Example(
                key=text,
                lang=query.lang,
                signs=prepared.units.signs[:_MAX_UNITS],
                matches=prepared.matches.units[:, :_MAX_UNITS],
                features=prepared.features,
                own=1 - prepared.matches.literal,
                right=np.array([p in right[key] for p in prepared.ids[: len(prepared.features)]]),
            )
        )
    return found


def own_words(folder: Path) -> list[Example]:
    """Return the questions in readers' own words on the issues that lie beside them."""
    lines = (folder / OWN_WORDS).read_text(encoding="utf-8").splitlines()
    rows = {row["id"]: row for row in map(json.loads, lines)}
    archive = Archive.in_memory([read_issue(path) for path in sorted(folder.glob("*.txt"))])
    texts = {passage_id: squeeze(text) for passage_id, text, _ in archive.iter_passages()}
    right = {
        key: {p for p, text in texts.items() if any(squeeze(e) in text for e in row["evidence"])}
        for key, row in rows.items()
    }
    questions = {key: row["question"] for key, row in rows.items()}
    return examples_of(Finder.open(archive), questions, right)


def beir(folder: Path, *, most: int, english: Mapping[str, str] | None = None) -> list[Example]:
    """Return the examples of a BEIR folder, at most so many, chosen by their ids.

    Args:
        folder: The folder.
        most: How many questions to take.
        english: Chinese questions in English, by `question_key`; these are asked instead.
    """
    collection = load_collection(folder)
    by_text = sorted(collection.queries, key=lambda key: _digest(collection.queries[key]))
    texts = {key: collection.queries[key] for key in by_text}
    if english is not None:
        keys = {key: question_key(text) for key, text in texts.items()}
        texts = {key: english[asked] for key, asked in keys.items() if asked in english}
    questions = dict(islice(texts.items(), most))
    right = {key: set(collection.qrels[key]) for key in questions}
    return examples_of(Finder.open(archive_of(collection)), questions, right)


def _in_english(folders: Iterable[Path], told: Path) -> Iterator[tuple[str, list[Example]]]:
    """Yield name and examples of the folders whose questions were put into English."""
    english = read_translations(told)
    for folder in folders:
        rows = beir(folder, most=_MOST_TRANSLATED, english=english)
        yield f"{folder.name} in English", [example for example in rows if example.lang == "en"]


def _digest(key: str) -> int:
    return zlib.crc32(key.encode())


@dataclass(frozen=True, slots=True)
class _Tensors:
    """Examples padded to one shape."""

    signs: torch.Tensor
    is_unit: torch.Tensor
    matches: torch.Tensor
    features: torch.Tensor
    is_candidate: torch.Tensor
    own: torch.Tensor
    right: torch.Tensor


def _tensors(examples: Sequence[Example]) -> _Tensors:
    import torch

    n = len(examples)
    signs = np.zeros((n, _MAX_UNITS, len(SIGNS)), dtype=np.float32)
    is_unit = np.zeros((n, _MAX_UNITS), dtype=np.float32)
    matches = np.zeros((n, N_MATCHED, _MAX_UNITS, len(MATCHES)), dtype=np.float32)
    features = np.zeros((n, N_MATCHED, len(FEATURES)), dtype=np.float32)
    is_candidate = np.zeros((n, N_MATCHED), dtype=bool)
    right = np.zeros((n, N_MATCHED), dtype=np.float32)
    for at, example in enumerate(examples):
        candidates, units = example.matches.shape[:2]
        signs[at, :units], is_unit[at, :units] = example.signs, 1
        matches[at, :candidates, :units] = example.matches
        features[at, :candidates] = example.features
        is_candidate[at, :candidates] = True
        right[at, :candidates] = example.right / max(1, example.right.sum())
    own = np.array([example.own for example in examples], dtype=np.float32)
    return _Tensors(
        *map(torch.from_numpy, (signs, is_unit, matches, features, is_candidate, own, right))
    )


def _scores(weights: Sequence[torch.Tensor], data: _Tensors) -> torch.Tensor:
    """Return what `Ranker.score` returns, added up, for all examples at once."""
    import torch

    hidden, out, of_matches, of_features = weights
    own = data.own[:, None, None].expand(-1, _MAX_UNITS, 1)
    inputs = torch.cat([data.signs, own, torch.ones_like(own)], dim=2)
    raw = torch.tanh(inputs @ hidden) @ out[:-1] + out[-1]
    worth = torch.nn.functional.softplus(raw) * data.is_unit
    met = data.matches @ of_matches
    met = met[..., 0] + data.own[:, None, None] * met[..., 1]
    known = data.features @ of_features
    total = (met * worth[:, None]).sum(2) + known[..., 0] + data.own[:, None] * known[..., 1]
    return total.masked_fill(~data.is_candidate, -1e9)


def fit(sets: Mapping[str, Sequence[Example]], *, seed: int, without: Iterable[str] = ()) -> Ranker:
    """Return the weights under which the right passages of the examples are most probable.

    Args:
        sets: Name to examples of one language; each example whose passage was found counts.
        seed: Of the starting weights and of the order.
        without: Columns to leave out.

    Raises:
        MissingExtraError: If torch is not installed.
    """
    try:
        import torch
    except ImportError as exc:
        raise MissingExtraError("transformers") from exc
    examples = [(name, ex) for name, rows in sets.items() for ex in rows if ex.right.any()]
    data = _tensors([ex for _, ex in examples])
    drawn = torch.tensor(
        [_OWN_SHARE[ex.lang] if name == OWN_WORDS else 1.0 for name, ex in examples]
    )
    generator = torch.Generator().manual_seed(seed)
    n_inputs = len(SIGNS) + 2
    left_out = set(without)
    keep_matches = torch.tensor([[float(name not in left_out)] for name in MATCHES])
    keep_features = torch.tensor([[float(name not in left_out)] for name in FEATURES])
    keep_signs = torch.tensor(
        [[float(name not in left_out)] for name in (*SIGNS, "own words", "bias")]
    )
    started = torch.tensor([0.1, 0.0]).repeat(len(MATCHES), 1)
    weights = [
        torch.randn(n_inputs, _HIDDEN, generator=generator) / n_inputs**0.5,
        torch.randn(_HIDDEN + 1, generator=generator) / _HIDDEN**0.5,
        started,
        torch.zeros(len(FEATURES), 2),
    ]
    for weight in weights:
        weight.requires_grad_(True)
    steps = _EPOCHS * len(examples) // _BATCH
    optimiser = torch.optim.AdamW(weights, lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)

    def used() -> list[torch.Tensor]:
        return [
            weights[0] * keep_signs,
            weights[1],
            weights[2] * keep_matches,
            weights[3] * keep_features,
        ]

    for _ in range(steps):
        chosen = torch.multinomial(drawn, _BATCH, replacement=True, generator=generator)
        batch = _Tensors(*(getattr(data, name)[chosen] for name in _Tensors.__slots__))
        loss = -(batch.right * torch.log_softmax(_scores(used(), batch), 1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch
        optimiser.step()
        schedule.step()
    return Ranker(*(weight.detach().numpy().astype(np.float32) for weight in used()))


def ndcg(ranker: Ranker, examples: Sequence[Example]) -> float:
    """Return the mean nDCG at 10 of the best right passage; 0 for one that was not found."""
    import torch

    data = _tensors(examples)
    weights = [
        torch.from_numpy(part)
        for part in (ranker.hidden, ranker.out, ranker.matches, ranker.features)
    ]
    scores = _scores(weights, data)
    best = scores.masked_fill(data.right <= 0, -1e9).max(dim=1, keepdim=True).values
    ranks = (scores > best).sum(dim=1).numpy()
    found = np.array([example.right.any() for example in examples])
    gains = np.where(found & (ranks < _CUT_OFF), 1 / np.log2(ranks + 2), 0)
    return float(gains.mean())


def _halves(
    sets: Mapping[str, Sequence[Example]],
) -> tuple[dict[str, list[Example]], dict[str, list[Example]]]:
    """Return two halves of every set, told by the question alone."""
    even: dict[str, list[Example]] = {name: [] for name in sets}
    odd: dict[str, list[Example]] = {name: [] for name in sets}
    for name, rows in sets.items():
        for example in rows:
            (odd if _digest(example.key) % 2 else even)[name].append(example)
    return even, odd


def held_out(
    sets: Mapping[str, Sequence[Example]], *, seed: int, without: Iterable[str] = ()
) -> dict[str, float]:
    """Return nDCG@10 of each set, each half ranked by weights fitted on the other halves."""
    left_out = tuple(without)
    parts = _halves(sets)
    found = dict.fromkeys(sets, 0.0)
    for fitted, judged in (parts, parts[::-1]):
        ranker = fit(fitted, seed=seed, without=left_out)
        for name, rows in judged.items():
            found[name] += ndcg(ranker, rows) * len(rows) / len(sets[name]) if rows else 0.0
    return found


_GROUPS: dict[str, tuple[str, ...]] = {
    "lexical": ("lexical",),
    "passage cosine": ("passage",),
    "sentence cosine": ("sentence",),
    "translated": ("translated",),
    "covered": ("covered",),
    "length and sentences": ("length", "sentences"),
    "place of best sentence": ("place of best sentence",),
    "shape of the answer": ("answer in best", "answer anywhere"),
    "frequency": ("frequency",),
    "best sentence has": ("best sentence has",),
    "beside it has": ("beside it has",),
    "headline has": ("headline has",),
    "has pairs": ("has pairs",),
    "near": ("near .3", "near .5", "near .7", "unseen, near .5"),
    "best sentence near": tuple(f"best sentence near .{n}" for n in (3, 5, 7)),
    "used alike": ("used alike", "best sentence used alike"),
    "unit weights": SIGNS,
    "own words": ("own words",),
}
"""What is left out together when the worth of a feature is measured."""


def _ablation(sets: Mapping[str, Sequence[Example]], *, seed: int) -> Iterable[str]:
    """Yield the lines of a Markdown table: nDCG@10 of held-out questions without each group."""
    yield "| without | " + " | ".join(f"`{name}`" for name in sets) + " |"
    yield "|---" * (len(sets) + 1) + "|"
    for label, group in {"nothing": (), **_GROUPS}.items():
        found = held_out(sets, seed=seed, without=group)
        yield f"| {label} | " + " | ".join(f"{value:.3f}" for value in found.values()) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write the weights, or print the ablation."""
    parser = argparse.ArgumentParser(prog="python -m qa.fitting.learn", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of BEIR folders")
    parser.add_argument("--own", type=Path, required=True, help=f"folder with {OWN_WORDS}")
    parser.add_argument("--out", type=Path, help="the file to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=2000, help="questions taken of a set")
    parser.add_argument("--english", type=Path, help="what qa.fitting.translate wrote")
    parser.add_argument("--ablate", action="store_true", help="print what each feature is worth")
    told = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    sets: dict[Lang, dict[str, list[Example]]] = {"zh": {}, "en": {}}
    folders = sorted(path.parent for path in told.data.glob("*/queries.jsonl"))
    for name, rows in [
        *((folder.name, beir(folder, most=told.most)) for folder in folders),
        (OWN_WORDS, own_words(told.own)),
        *(_in_english(folders, told.english) if told.english else ()),
    ]:
        log.info("%s: %d questions", name, len(rows))
        for lang, of_lang in sets.items():
            of_lang[name] = [example for example in rows if example.lang == lang]
    for lang, of_lang in sets.items():
        sets[lang] = {name: rows for name, rows in of_lang.items() if len(rows) >= _FEWEST}
    for of_lang in sets.values():
        if told.ablate:
            for line in _ablation(of_lang, seed=told.seed):
                log.info("%s", line)
    if told.out:
        rankers = {lang: fit(of_lang, seed=told.seed) for lang, of_lang in sets.items()}
        for lang, of_lang in sets.items():
            for name, value in held_out(of_lang, seed=told.seed).items():
                log.info("%s %s: nDCG@10 %.4f held out", lang, name, value)
        write_rankers(
            rankers, told.out, told={"made by": "python -m qa.fitting.learn", "seed": told.seed}
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
