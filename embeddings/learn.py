"""The learning of the shipped model: one vector and one log-weight a base.

Texts that mean the same are drawn together and all others of the batch pushed away (symmetric
cross-entropy over cosines). A text is the weighted sum of its bases. A batch touches few of the
bases, so only their rows are computed on and updated. The result depends on the pairs and the
seed only.

Source: the loss is MultipleNegativesSymmetricRankingLoss of sentence-transformers (Henderson et
al., 2017, arXiv:1705.00652, section 4.4); Adam is Kingma and Ba, 2015, algorithm 1.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from embeddings.composition import Bags

log = logging.getLogger(__name__)

_WARM_UP = 20
_BETAS = (0.9, 0.999)
_EPSILON = 1e-8


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one training run.

    Attributes:
        seed: Of the first vectors and the order of the pairs.
        dim: Numbers in a vector.
        epochs: Passes over the pairs.
        batch: Pairs in a batch.
        scale: What cosines are multiplied by before the softmax.
        learning_rate: Of Adam at the start; it falls to 0 in a straight line.
        sentence_passes: How often the sentence pairs are in one epoch.
        max_words: Chinese words of two or more characters that are kept.
        min_count: How often an English word must occur in the data to be kept.
    """

    seed: int = 1
    dim: int = 256
    epochs: int = 5
    batch: int = 4096
    scale: float = 20.0
    learning_rate: float = 1e-2
    sentence_passes: int = 2
    max_words: int = 70_000
    min_count: int = 2


class Table:
    """A matrix or vector of numbers to learn, with its Adam moments."""

    def __init__(self, weights: torch.Tensor) -> None:
        """Start from these numbers, first axis the rows."""
        self.weights = weights
        self._mean = weights.new_zeros(weights.shape)
        self._square = weights.new_zeros(weights.shape)

    def rows(self, which: torch.Tensor) -> torch.Tensor:
        """Return a copy of the rows, to be differentiated by."""
        return self.weights[which].requires_grad_()

    def update(self, which: torch.Tensor, rows: torch.Tensor, *, rate: float, step: int) -> None:
        """Apply one step of Adam to the rows; the others and their moments stay.

        Args:
            which: Numbers of the rows, each once.
            rows: From `rows`, after the backward pass.
            rate: Learning rate.
            step: Starts at 1.
        """
        assert rows.grad is not None
        mean = self._mean[which].mul_(_BETAS[0]).add_(rows.grad, alpha=1 - _BETAS[0])
        square = self._square[which].mul_(_BETAS[1])
        square = square.addcmul_(rows.grad, rows.grad, value=1 - _BETAS[1])
        self._mean[which], self._square[which] = mean, square
        spread = (square / (1 - _BETAS[1] ** step)).sqrt_().add_(_EPSILON)
        self.weights[which] -= rate * (mean / (1 - _BETAS[0] ** step)) / spread


def train_vectors(pairs: tuple[Bags, Bags], n_bases: int, recipe: Recipe) -> NDArray[np.float32]:
    """Return the weighted vector of every base, shape (n_bases, dim).

    Args:
        pairs: The bases of the left and of the right texts, in step.
        n_bases: Bases in all.
        recipe: The settings.
    """
    import torch

    torch.set_num_threads(1)  # sums in one order, so that a seed gives one result
    torch.manual_seed(recipe.seed)
    shuffle = np.random.default_rng(recipe.seed)
    tables = (
        Table(torch.randn(n_bases, recipe.dim) / recipe.dim**0.5),
        Table(first_log_weights(pairs, n_bases)),
    )
    n_pairs = len(pairs[0])
    batch = min(recipe.batch, n_pairs)
    n_steps = recipe.epochs * n_pairs // batch
    order = np.concatenate([shuffle.permutation(n_pairs) for _ in range(recipe.epochs)])
    keys = text_keys(pairs[0]), text_keys(pairs[1])
    total = 0.0
    for step in range(1, n_steps + 1):
        chosen = order[(step - 1) * batch : step * batch]
        bags = pairs[0].take(chosen), pairs[1].take(chosen)
        same = equal_texts((keys[0][chosen], keys[1][chosen]))
        rate = recipe.learning_rate * (1 - (step - 1) / n_steps) * min(1.0, step / _WARM_UP)
        total += _learn(tables, bags, same, scale=recipe.scale, rate=rate, step=step)
        if step % 100 == 0 or step == n_steps:
            log.info("step %d of %d, loss %.3f", step, n_steps, total / ((step - 1) % 100 + 1))
            total = 0.0
    vectors = tables[0].weights * tables[1].weights.exp()[:, None]
    return np.asarray(vectors.numpy(), dtype=np.float32)


def _learn(
    tables: tuple[Table, Table],
    bags: tuple[Bags, Bags],
    same: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    scale: float,
    rate: float,
    step: int,
) -> float:
    """Learn from one batch; returns its loss before the update."""
    import torch

    used, at = np.unique(np.concatenate([bag.values for bag in bags]), return_inverse=True)
    which = torch.from_numpy(used)
    parts = [table.rows(which) for table in tables]
    loss = pair_loss(_embed(parts, torch.from_numpy(at), bags), same, scale)
    loss.backward()  # type: ignore[no-untyped-call]
    for table, rows in zip(tables, parts, strict=True):
        table.update(which, rows, rate=rate, step=step)
    return loss.item()


def first_log_weights(pairs: tuple[Bags, Bags], n_bases: int) -> torch.Tensor:
    """Return the log-weight every base starts from: the more texts have it, the lower.

    Half the logarithm of 1 + count / 300, so that a base in every tenth text starts at about a
    tenth of the weight of a rare one.
    """
    import torch

    counts = sum(np.bincount(bags.values, minlength=n_bases) for bags in pairs)
    return torch.from_numpy((-0.5 * np.log1p(counts / 300)).astype(np.float32))


def text_keys(bags: Bags) -> NDArray[np.int64]:
    """Return a number for every text, the same for equal texts."""
    seen: dict[bytes, int] = {}
    texts = (bags.values[a:b].tobytes() for a, b in zip(bags.starts, bags.starts[1:], strict=False))
    return np.array([seen.setdefault(text, len(seen)) for text in texts], dtype=np.int64)


def _embed(parts: list[torch.Tensor], at: torch.Tensor, bags: tuple[Bags, Bags]) -> torch.Tensor:
    """Return the unit vectors of the left texts, then of the right ones."""
    import torch
    from torch.nn import functional

    vectors, log_weights = parts
    starts = np.concatenate([bags[0].starts[:-1], bags[1].starts[:-1] + bags[0].starts[-1]])
    summed = functional.embedding_bag(
        at,
        vectors,
        torch.from_numpy(starts),
        mode="sum",
        per_sample_weights=log_weights.exp()[at],
    )
    return functional.normalize(summed, dim=1)


def pair_loss(
    vectors: torch.Tensor, same: tuple[NDArray[np.int64], NDArray[np.int64]], scale: float
) -> torch.Tensor:
    """Return the symmetric cross-entropy of the batch.

    Args:
        vectors: The unit vectors of the left texts, then of the right ones.
        same: Rows and columns of texts that are equal to the right one, and so are no negatives.
        scale: What cosines are multiplied by. Below 80, so that no exponential overflows.
    """
    import torch

    left, right = vectors.chunk(2)
    scores = scale * (left @ right.T)
    scores[same] = -torch.inf
    odds = scores.exp()
    gains = scores.diagonal()
    return ((odds.sum(dim=1).log() + odds.sum(dim=0).log()) / 2 - gains).mean()


def equal_texts(
    keys: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all (i, j), i not j, where the left or the right texts of pairs i and j are equal.

    Args:
        keys: A number for each left text and for each right one, the same for equal texts.
    """
    found: set[tuple[int, int]] = set()
    for side in keys:
        alike: dict[int, list[int]] = {}
        for at, key in enumerate(side.tolist()):
            alike.setdefault(key, []).append(at)
        for places in alike.values():
            if len(places) > 1:
                found.update(permutations(places, 2))
    listed = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return listed[:, 0], listed[:, 1]
