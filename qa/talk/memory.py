"""Answers to the turns of dialogues, kept so that what is asked again need not be looked for again.

Only a saving of time: what is forgotten is asked anew, from the turns that the client sends.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from qa.native import Answer

Done = tuple[Answer, str]
"""An answer, and the complete question that was asked of the archive for it."""

_MAX_KEPT = 1024


class Memory:
    """The latest answers, by the turns that led to them; may be used by several threads."""

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: OrderedDict[Hashable, Done] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Done | None:
        """Return what is kept under a key, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, done: Done) -> None:
        """Keep an answer; the one that was not used for longest is forgotten."""
        with self._lock:
            self._kept[key] = done
            self._kept.move_to_end(key)
            while len(self._kept) > _MAX_KEPT:
                self._kept.popitem(last=False)
