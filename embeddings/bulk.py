"""Many texts to vectors, in several processes of one machine or on the machines of a Ray cluster.

A `Spread` is an encoder like the one it is made from, with the same vectors in the order of the
texts, so that whatever takes an encoder can be given one. (A transformer's vectors differ in the
seventh digit by the company in which it meets a text; the shipped model's do not differ at all.)

What dies is done again: a process that is killed, and a machine that goes away, cost the texts
that they were at.
"""

from __future__ import annotations

import multiprocessing.connection
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import BulletinError, MissingExtraError, ModelError
from embeddings.encoder import Encoder, load_encoder
from embeddings.transformer import SentenceTransformerEncoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TRIES = 3
_SHARE = 256  # texts that a worker is given at a time
_EXTRA = "ray"
_THREADS = ("OMP_NUM_THREADS", "RAYON_NUM_THREADS")  # of torch, and of the tokenizers

Encoded = Callable[[Sequence[str]], "NDArray[np.float32]"]


class Spread:
    """An encoder whose passages others encode. Get one with `in_processes` or `on_ray`."""

    def __init__(self, encoder: Encoder, encoded: Encoded) -> None:
        """Keep the encoder, which still encodes questions, and what encodes passages."""
        self._encoder = encoder
        self._encoded = encoded
        self.name = encoder.name
        self.dim = encoder.dim
        self.fingerprint = encoder.fingerprint

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, encoded here."""
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages, shape (len(texts), dim).

        Raises:
            ModelError: If workers die whatever is tried.
        """
        return self._encoded(texts) if len(texts) else np.empty((0, self.dim), dtype=np.float32)


@contextmanager
def in_processes(model: str | None, *, n_workers: int) -> Iterator[Spread]:
    """Give an encoder that encodes passages in several processes of this machine.

    A model of sentence-transformers is spread by its own pool, over the graphics cards where there
    are any, else over processes that share its weights; a light model by processes of ours.

    Args:
        model: As of `load_encoder`.
        n_workers: How many processes, where there is no graphics card.

    Raises:
        ModelError: If the model cannot be loaded.
    """
    encoder = load_encoder(model)
    pool: _OwnPool | _Processes
    if isinstance(encoder, SentenceTransformerEncoder):
        pool = _OwnPool(encoder, n_workers)
    else:
        pool = _Processes(model, n_workers)
    try:
        yield Spread(encoder, pool.encoded)
    finally:
        pool.close()


@contextmanager
def on_ray(model: str | None, *, address: str | None = None) -> Iterator[Spread]:
    """Give an encoder that encodes passages on all machines of a Ray cluster.

    Each machine needs this package, and the model under the same name or path.

    Args:
        model: As of `load_encoder`.
        address: Of the cluster, such as ray://host:10001 or auto; None starts one of this machine.

    Raises:
        MissingExtraError: If Ray is not installed.
        ModelError: If the model cannot be loaded, or the cluster cannot be reached.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would call home
    try:
        import ray
    except ImportError as exc:
        raise MissingExtraError(_EXTRA) from exc
    encoder = load_encoder(model)
    is_ours = not ray.is_initialized()
    if is_ours:
        try:
            ray.init(address=address, log_to_driver=False)
        except (ConnectionError, RuntimeError, ValueError) as exc:
            raise ModelError(encoder.name, f"Ray at {address}: {exc}") from exc
    task = ray.remote(max_retries=_TRIES)(_encode)

    def encoded(texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            return np.concatenate(ray.get([task.remote(model, one) for one in _shares(texts)]))
        except ray.exceptions.RayError as exc:
            raise ModelError(encoder.name, f"Ray: {str(exc).splitlines()[0]}") from exc

    try:
        yield Spread(encoder, encoded)
    finally:
        if is_ours:
            ray.shutdown()


class _Worker:
    """A process that encodes what it is sent.

    It has a pipe of its own: one that dies while it writes spoils no other's, as it would a queue.
    """

    def __init__(self, model: str | None, n_workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(theirs, model, _threads(n_workers)), daemon=True
        )
        self.process.start()
        theirs.close()

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class _Processes:
    """Processes of ours; one that dies is replaced."""

    def __init__(self, model: str | None, n_workers: int) -> None:
        self._model = model
        self._n_workers = n_workers
        self.workers: list[_Worker] = []

    def encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts; what a dead process was at is done again."""
        try:
            return self._encoded(texts)
        except BaseException:
            self.close()  # what they are at is for nobody, and must not be taken for something else
            raise

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        while len(self.workers) < self._n_workers:
            self.workers.append(_Worker(self._model, self._n_workers))
        shares = _shares(texts)
        waiting = deque(range(len(shares)))
        found: dict[int, NDArray[np.float32]] = {}
        at_work: dict[Connection, tuple[_Worker, int]] = {}
        idle, n_died = list(self.workers), 0
        while len(found) < len(shares):
            lost: list[tuple[_Worker, int]] = []
            while idle and waiting:
                worker, at = idle.pop(), waiting.popleft()
                try:
                    worker.pipe.send(shares[at])
                    at_work[worker.pipe] = worker, at
                except OSError:
                    lost.append((worker, at))
            for pipe in multiprocessing.connection.wait(list(at_work)) if at_work else []:
                assert isinstance(pipe, Connection)
                worker, at = at_work.pop(pipe)
                try:
                    found[at] = _given(worker.pipe.recv())
                    idle.append(worker)
                except (EOFError, OSError):
                    lost.append((worker, at))
            for worker, at in lost:
                n_died += 1
                if n_died >= _TRIES * self._n_workers:
                    raise _died(self._model or "shipped")
                waiting.appendleft(at)
                idle.append(self._replaced(worker))
        return np.concatenate([found[at] for at in range(len(shares))])

    def _replaced(self, dead: _Worker) -> _Worker:
        dead.end()
        fresh = _Worker(self._model, self._n_workers)
        self.workers[self.workers.index(dead)] = fresh
        return fresh

    def close(self) -> None:
        for worker in self.workers:
            worker.end()
        self.workers.clear()


class _OwnPool:
    """The pool of sentence-transformers, made anew when one of its processes dies."""

    def __init__(self, encoder: SentenceTransformerEncoder, n_workers: int) -> None:
        self._encoder = encoder
        self._n_workers = n_workers
        self._pool = self._made()

    def _made(self) -> dict[str, Any]:
        with _fewer_threads(self._n_workers):
            return self._encoder.start_pool(self._n_workers)

    def encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts; all are done again where a process died."""
        for _ in range(_TRIES):
            try:
                return self._encoder.encode_in(self._pool, texts, share=_SHARE)
            except RuntimeError:
                if all(process.is_alive() for process in self._pool["processes"]):
                    raise
                self.close()
                self._pool = self._made()
        raise _died(self._encoder.name)

    def close(self) -> None:
        self._encoder.stop_pool(self._pool)


def _died(name: str) -> ModelError:
    return ModelError(name, f"processes died {_TRIES} times while it encoded")


def _shares(texts: Sequence[str]) -> list[list[str]]:
    return [list(texts[at : at + _SHARE]) for at in range(0, len(texts), _SHARE)]


def _encode(model: str | None, texts: list[str]) -> NDArray[np.float32]:
    """Return the vectors of texts, in whatever process this is called."""
    return _loaded(model).encode_passages(texts)


@lru_cache(maxsize=1)
def _loaded(model: str | None) -> Encoder:
    return load_encoder(model)


def _serve(pipe: Connection, model: str | None, threads: dict[str, str]) -> None:
    """Send back the vectors of each list of texts, in a process of its own, until it is killed."""
    os.environ |= threads
    while True:
        try:
            texts = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(_encode(model, texts))
        except BulletinError as exc:
            pipe.send(str(exc))


def _given(found: NDArray[np.float32] | str) -> NDArray[np.float32]:
    if isinstance(found, str):  # what went wrong
        raise BulletinError(found)
    return found


@contextmanager
def _fewer_threads(n_workers: int) -> Iterator[None]:
    """Have processes that are begun meanwhile take so many threads that all have cores."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ |= _threads(n_workers)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _threads(n_workers: int) -> dict[str, str]:
    return dict.fromkeys(_THREADS, str(max(1, (os.cpu_count() or 1) // n_workers)))
