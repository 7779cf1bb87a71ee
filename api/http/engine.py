"""The archive ready to answer in several threads, and swapped whole when it changes.

A generation is one state of the archive: its indexes, and for each thread a connection of its own
that sees just that state. A watcher looks for a changed archive, makes the next generation beside
the one in use and swaps them; requests under way finish on the state they began with, so none is
lost and none mixes two states.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, time
from typing import TYPE_CHECKING, TypeVar

from api.http.heard import Heard, HeardChat
from api.http.problems import ProblemError
from api.service import is_sample, open_archive, open_finder
from api.store import StoreError
from corpus.errors import BulletinError
from corpus.schema import FILE_NAME
from qa.answer import Answerer
from qa.chat import Chat, Examples
from qa.rank import Finder
from qa.talk.memory import Memory

if TYPE_CHECKING:
    from api.http.metrics import Metrics
    from api.http.settings import ServiceSettings
    from corpus.archive import Archive

log = logging.getLogger(__name__)

T = TypeVar("T")
FileState = tuple[int, ...]
_WHICH = 2  # parts of it that tell which file it is, not how it is
_SILENT_S = 60.0  # between two lines of the log on one trouble that lasts
_ROUNDS = 3  # to read the latest of the journal, to read it from the file, to empty the journal
_TRIES = 5  # a writer may commit between two openings; it cannot do so for ever


@dataclass(frozen=True, slots=True)
class Parts:
    """What one thread answers with.

    Attributes:
        archive: A connection that sees one state.
        finder: Over the indexes of that state.
        chat: Answers questions and follow-ups.
    """

    archive: Archive
    finder: Finder
    chat: HeardChat


def _state_of(folder: Path) -> FileState:
    """Return what changes whenever an archive's file does; nothing where there is none."""
    try:
        state = (folder / FILE_NAME).stat()
    except OSError:
        return ()
    return state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size


def _shared_name(archive: Archive) -> str | None:
    """Return the bulletin's name that all issues bear, None where they differ or one bears none."""
    names = {row.name for row in archive.issues()}
    return names.pop() if len(names) == 1 else None


class Generation:
    """One state of the archive with parts for so many threads. Get one with `Generation.open`."""

    def __init__(
        self, parts: list[Parts], *, is_sample: bool, stack: ExitStack, state: FileState
    ) -> None:
        """Keep the parts, at least one, what closes them, and the state of the file before."""
        self.is_fixed = parts[0].archive.is_fixed
        self._state = state if self.is_fixed else None
        self._file = parts[0].archive.path
        self.stamp = parts[0].archive.stamp
        self.told = parts[0].archive.told()
        self.name = _shared_name(parts[0].archive)
        self.is_sample = is_sample
        self.opened_at = time()
        self._free: SimpleQueue[Parts] = SimpleQueue()
        for one in parts:
            self._free.put(one)
        self._n_parts = len(parts)
        self._stack = stack
        self._in_use = 0
        self._retired = False
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: ServiceSettings, heard: Heard) -> Generation:
        """Return the present state of the archive, its indexes built where they are stale.

        Args:
            settings: Where it lies.
            heard: Is told of every answer.

        Raises:
            BulletinError: If the archive cannot be used.
        """
        for _ in range(_TRIES):
            stack = ExitStack()
            state = _state_of(settings.archive)
            try:
                parts = _open_parts(settings, stack, heard)
            except BaseException:
                stack.close()
                raise
            if len({one.archive.stamp for one in parts}) == 1:
                return cls(parts, is_sample=is_sample(settings.base), stack=stack, state=state)
            stack.close()
        raise BulletinError("the archive changes too fast to be opened")

    def run(self, work: Callable[[Parts], T]) -> T:
        """Return what the work returns, done with parts that no other thread has meanwhile."""
        parts = self._free.get()
        try:
            return work(parts)
        finally:
            self._free.put(parts)

    def renew(self, watched: Archive) -> None:
        """Have the parts that are free read this same state anew, so that the journal can go.

        One that answers at the moment is left as it is.
        """
        for _ in range(self._n_parts):
            try:
                parts = self._free.get_nowait()
            except Empty:
                return
            try:
                watched.renew(parts.archive)
            finally:
                self._free.put(parts)

    @property
    def is_whole(self) -> bool:
        """Whether the file is as it was opened, where it is read without being told of changes."""
        return self._state is None or self._file is None or self._state == _state_of(self._file)

    def enter(self) -> bool:
        """Count one more user; False where the generation is closed already."""
        with self._lock:
            if self._retired and not self._in_use:
                return False
            self._in_use += 1
            return True

    def leave(self) -> None:
        """Count one user less; the last one of a retired generation closes it."""
        with self._lock:
            self._in_use -= 1
            last = self._retired and not self._in_use
        if last:
            self._stack.close()

    def retire(self) -> None:
        """Close it as soon as nobody uses it."""
        with self._lock:
            self._retired = True
            unused = not self._in_use
        if unused:
            self._stack.close()


def _open_parts(settings: ServiceSettings, stack: ExitStack, heard: Heard) -> list[Parts]:
    first: Finder | None = None
    parts = []
    examples: Examples = {}
    memory = Memory()
    for _ in range(settings.answer_threads):
        archive = stack.enter_context(open_archive(settings.base))
        stack.enter_context(archive.reading())
        if first is None:
            first = finder = open_finder(archive, settings.base)
        else:
            finder = first.over(archive)
        chat = Chat(Answerer(finder), examples=examples, memory=memory)
        parts.append(Parts(archive, finder, HeardChat(chat, heard)))
    return parts


class Engine:
    """Runs work on the present state of the archive; one a process."""

    def __init__(self, settings: ServiceSettings, metrics: Metrics) -> None:
        """Keep the settings; `start` opens the archive."""
        self.settings = settings
        self.heard = Heard(settings, metrics)
        self.trouble: str | None = None
        self._told_at = 0.0
        self._untidy = ""
        self._current: Generation | None = None
        self._watching: tuple[FileState, Archive] | None = None
        self._threads = ThreadPoolExecutor(settings.answer_threads, thread_name_prefix="answer")
        self._waiting = 0
        self._stopped = threading.Event()
        self._opened = threading.Event()
        self._tried = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Open the archive in the background and watch it from then on."""
        self._watcher.start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Return whether the archive is open, or was within so many seconds."""
        return self._opened.wait(timeout_s)

    def wait_for_try(self, timeout_s: float | None = None) -> None:
        """Return when the archive is open, or it was tried in vain or for so many seconds."""
        self._tried.wait(timeout_s)

    def stop(self) -> None:
        """Stop watching and close the archive once nobody uses it."""
        self._stopped.set()
        if self._watcher.is_alive():
            self._watcher.join()
        self._threads.shutdown(wait=True)
        if self._current:
            self._current.retire()
        if self._watching:
            self._watching[1].close()
        self.heard.store.close()

    @property
    def generation(self) -> Generation:
        """The present state.

        Raises:
            ProblemError: 503 `index_not_ready`, as long as the archive is not open.
        """
        if self._current is None:
            raise ProblemError("index_not_ready", retry_after=2)
        return self._current

    @property
    def title(self) -> str | None:
        """What the service is called: as the settings say, else as all issues are; else None."""
        return self.settings.title or (self._current.name if self._current else None)

    def check_ready(self) -> Generation:
        """Return the present state, where it can be asked now.

        Raises:
            ProblemError: 503, if the archive is not open or too many wait.
        """
        if self._waiting >= self.settings.max_waiting + self.settings.answer_threads:
            raise ProblemError("overloaded", retry_after=1)
        generation = self.generation
        if not generation.is_whole:  # the watcher opens it anew
            raise ProblemError("index_not_ready", retry_after=1)
        return generation

    async def run(self, work: Callable[[Parts], T]) -> T:
        """Return what the work returns, done in another thread within the deadline.

        Raises:
            ProblemError: 503 if the archive is not open or too many wait; 504 after the deadline.
        """
        generation = self.check_ready()
        while not generation.enter():  # swapped and closed since: take the one after it
            generation = self.generation
        loop = asyncio.get_running_loop()
        self._waiting += 1
        context = contextvars.copy_context()  # so that the answer is noted in the request's log
        job = loop.run_in_executor(self._threads, context.run, generation.run, work)
        job.add_done_callback(lambda _: self._finished(generation))
        try:
            async with asyncio.timeout(self.settings.deadline_s):
                return await asyncio.shield(job)
        except TimeoutError as exc:
            raise ProblemError("timeout") from exc

    def _finished(self, generation: Generation) -> None:
        self._waiting -= 1
        generation.leave()

    def _watch(self) -> None:
        """Open the archive, then whenever it changes swap in its new state."""
        while not self._stopped.is_set():
            try:
                if self._current is None or self._changed(self._current):
                    self._swap(Generation.open(self.settings, self.heard))
                    _leave_to_stay()
                self.trouble = None
                self._tidy(self._current)
            except BulletinError as exc:
                self._tell(str(exc))
                self.trouble = str(exc)
            except Exception as exc:
                log.exception("a bug while opening the archive")
                self.trouble = f"{type(exc).__name__}: {exc}"
            self.heard.metrics.archive_usable.set(not self.trouble)
            self._tried.set()
            self._stopped.wait(self.settings.reload_s)

    def _tidy(self, current: Generation | None) -> None:
        """Leave nothing on the disk of states before: of the archive's journal, of kept answers."""
        if current is None:
            return
        untidy = ""
        try:
            self.heard.store.keep_only(str(current.told["version"]))
        except StoreError as exc:
            untidy = f"answers of the archive as it was may still be kept: {exc}"
        if untidy and untidy != self._untidy:
            log.error(untidy)
        self._untidy = untidy
        if current.is_sample or current.is_fixed or not self._watching:
            return
        watched = self._watching[1]
        for _ in range(_ROUNDS):
            if watched.empty_journal():
                break
            current.renew(watched)

    def _tell(self, trouble: str) -> None:
        """Log what keeps the archive closed, once and then every minute as long as it does."""
        now = monotonic()
        if self.trouble != trouble or now - self._told_at > _SILENT_S:
            self._told_at = now
            log.error("cannot open the archive: %s", trouble)

    def _changed(self, current: Generation) -> bool:
        if is_sample(self.settings.base):
            return not current.is_sample
        if current.is_sample:
            return True
        watched = self._watched()
        watched.check_format()
        return watched.stamp != current.stamp

    def _watched(self) -> Archive:
        """Return a connection of the watcher's own, a new one where another file lies there."""
        from corpus.archive import Archive

        state = _state_of(self.settings.archive)
        if self._watching:
            before, kept = self._watching
            if before == state or (before[:_WHICH] == state[:_WHICH] and not kept.is_fixed):
                return kept
            self._watching = None  # so that a closed one is not kept where opening fails
            kept.close()
        self._watching = state, Archive.open(self.settings.archive)
        return self._watching[1]

    def _swap(self, fresh: Generation) -> None:
        old, self._current = self._current, fresh
        self._opened.set()
        if old:
            log.info("the archive changed: %s", fresh.told)
            old.retire()


def _leave_to_stay() -> None:
    """Let the garbage collector look no more at what is there now, until the next swap.

    To look at it all takes 40 ms, in which no question is answered. What the state before has
    left in circles goes first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
