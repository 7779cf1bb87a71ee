"""The log: one line an event on stderr, JSON for machines or text for a terminal."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.http.settings import ServiceSettings


def configure(settings: ServiceSettings) -> None:
    """Have everything that is logged in this process go to stderr in the form that is set."""
    as_text = settings.log_format == "text" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextLines() if as_text else JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("faiss").setLevel(logging.WARNING)  # it tells of every variant it tries


def question_facts(question: str, *, in_full: bool) -> dict[str, Any]:
    """Return what a log may tell of a question: its length and a hash, or its text."""
    facts: dict[str, Any] = {
        "question_chars": len(question),
        "question_hash": sha256(question.encode(errors="replace")).hexdigest()[:16],
    }
    return facts | {"question": question} if in_full else facts


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts: dict[str, Any] = getattr(record, "facts", {})
    if record.exc_info:
        facts = facts | {"traceback": logging.Formatter().formatException(record.exc_info)}
    return facts


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class JsonLines(logging.Formatter):
    """One JSON object an event; line feeds and controls are escaped, so nothing forges a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_facts(record),
        }
        return json.dumps(told, default=str)


class TextLines(logging.Formatter):
    """One line an event for people; what does not print is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback follows on lines of its own."""
        facts = _facts(record)
        traceback = facts.pop("traceback", None)
        told = " ".join(f"{name}={value}" for name, value in facts.items() if value is not None)
        line = f"{_time(record)[11:23]} {record.levelname.lower()} {record.getMessage()} {told}"
        safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line.rstrip())
        return f"{safe}\n{traceback}" if traceback else safe
