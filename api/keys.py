"""API keys: made once, kept as hashes in a file of JSON lines, looked up in constant time.

A key is 256 random bits, so that one SHA-256 keeps it: there is nothing to guess by rote, as there
is with passwords.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from corpus.errors import BulletinError

log = logging.getLogger(__name__)

SCOPES = ("chat", "search", "admin")
_START = "bq_"
_NAME = re.compile(r"[\w.-]{1,40}")
_LOOK_S = 1.0


class KeyFileError(BulletinError):
    """The file of keys cannot be used."""

    hint = "Make keys with: bulletin key new NAME --scope chat --file FILE"

    def __init__(self, path: Path, problem: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"keys {path}: {problem}")


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key.

    Attributes:
        name: Whose it is; unique in its file.
        scopes: What it may do, of SCOPES.
        sha256: Of the key, in hexadecimal.
        created: When it was made, RFC 3339.
    """

    name: str
    scopes: tuple[str, ...]
    sha256: str
    created: str


def add_key(path: Path, *, name: str, scopes: Sequence[str]) -> str:
    """Return a new key, its hash added to the file; it is never told again.

    Raises:
        KeyFileError: If the file cannot be used, or has a key of that name already.
    """
    if not _NAME.fullmatch(name):
        raise KeyFileError(path, f"the name is {name!r}, expected up to 40 letters and digits")
    token = _START + secrets.token_urlsafe(32)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    with _alone(path, make_folder=True) as file:
        kept = read_keys(file) if file.exists() else []
        if any(key.name == name for key in kept):
            raise KeyFileError(path, f"has a key named {name!r} already")
        _write(file, [*kept, Key(name, tuple(scopes), _hashed(token), created)])
    return token


def remove_key(path: Path, name: str) -> None:
    """Forget a key; a running service does so within a second.

    Raises:
        KeyFileError: If the file cannot be used, or has no such key.
    """
    with _alone(path) as file:
        kept = read_keys(file)
        left = [key for key in kept if key.name != name]
        if len(left) == len(kept):
            raise KeyFileError(path, f"has no key named {name!r}")
        _write(file, left)


def read_keys(path: Path) -> list[Key]:
    """Return the keys of a file, in its order.

    Raises:
        KeyFileError: If it cannot be read, or a line is no key.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as exc:
        raise KeyFileError(path, getattr(exc, "strerror", None) or "is not UTF-8 text") from exc
    return [_key(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]


def _key(path: Path, n: int, line: str) -> Key:
    try:
        told = json.loads(line)
        key = Key(told["name"], tuple(told["scopes"]), told["sha256"], told["created"])
        if not set(key.scopes) <= set(SCOPES) or not re.fullmatch(r"[0-9a-f]{64}", key.sha256):
            raise ValueError
    except (ValueError, TypeError, KeyError) as exc:
        raise KeyFileError(path, f"line {n} is no key") from exc
    return key


@contextmanager
def _alone(path: Path, *, make_folder: bool = False) -> Iterator[Path]:
    """Give the file that a path leads to, once no other process changes one in its folder.

    The folder itself is locked: a lock beside the file would belong to whoever made it first.
    """
    try:
        file = path.resolve()
        if make_folder:
            file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file.parent, os.O_RDONLY)
    except OSError as exc:
        raise KeyFileError(path, exc.strerror or str(exc)) from exc
    except RuntimeError as exc:  # before Python 3.13
        raise KeyFileError(path, "is a link that leads to itself") from exc
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(handle)


def _write(path: Path, keys: Sequence[Key]) -> None:
    """Replace the file whole; whoever could read it still can, of a new one its owner alone."""
    text = "".join(json.dumps(asdict(key), ensure_ascii=False) + "\n" for key in keys)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            if path.exists():
                _give_to_owner(file.fileno(), path)
            file.write(text)
        fresh.replace(path)
    except OSError as exc:
        raise KeyFileError(path, exc.strerror or str(exc)) from exc
    finally:
        fresh.unlink(missing_ok=True)


def _give_to_owner(handle: int, path: Path) -> None:
    """Give an open file the owner, group and mode of another.

    Raises:
        KeyFileError: If this user may not.
    """
    old, new = path.stat(), os.fstat(handle)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.fchown(handle, old.st_uid, old.st_gid)
        except PermissionError as exc:
            problem = f"belongs to user {old.st_uid}, group {old.st_gid}, and must go on to"
            raise KeyFileError(path, f"{problem}; only that user or root may change it") from exc
    os.fchmod(handle, old.st_mode & 0o777)


def _hashed(token: str) -> str:
    return sha256(token.encode(errors="surrogatepass")).hexdigest()


class KeyRing:
    """The keys of a file, read again when it changes."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            KeyFileError: If it cannot be used.
        """
        self._path = path
        self._seen = self._facts()
        self._keys = read_keys(path)
        self._trouble: str | None = None
        self._looked_at = time.monotonic()

    def find(self, token: str) -> Key | None:
        """Return the key that a caller gives, or None; every kept key is compared."""
        self._look()
        told, found = _hashed(token), None
        for key in self._keys:
            if hmac.compare_digest(key.sha256, told):
                found = key
        return found

    def trouble(self) -> str | None:
        """Return why no key is accepted at all, or None; the file is named, none of its content."""
        self._look()
        return self._trouble

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < _LOOK_S:
            return
        self._looked_at = now
        facts = self._facts()
        if facts == self._seen:
            return
        self._seen, self._trouble = facts, None
        try:
            self._keys = read_keys(self._path)
        except KeyFileError as exc:
            self._trouble = str(exc)
            self._keys = []  # a key that was taken out must not live on in a file half written
            log.error("no key is accepted: %s", exc)

    def _facts(self) -> tuple[int, int, int]:
        try:
            facts = self._path.stat()
        except OSError:
            return 0, 0, 0
        return facts.st_ino, facts.st_mtime_ns, facts.st_size
