"""What the environment and the command line set; nothing else reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ARCHIVE_VARIABLE = "BULLETIN_ARCHIVE"
MODEL_VARIABLE = "BULLETIN_MODEL"
HTML_VARIABLE = "BULLETIN_HTML"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the archive lies and which model makes the vectors.

    Attributes:
        archive: The archive's folder.
        model: A sentence-transformers model or folder, or None for the shipped one.
        html: What finds the text of web pages: `own` or `trafilatura`.
    """

    archive: Path
    model: str | None = None
    html: str = "own"


def settings_from(
    *, archive: Path | None = None, model: str | None = None, html: str | None = None
) -> Settings:
    """Return the settings: what is given, else the environment, else the defaults.

    The default archive is `bulletin` in the XDG data directory.
    """
    set_archive = os.environ.get(ARCHIVE_VARIABLE)
    if archive is None:
        archive = Path(set_archive).expanduser() if set_archive else _data_home() / "bulletin"
    return Settings(
        archive=archive,
        model=model or os.environ.get(MODEL_VARIABLE) or None,
        html=html or os.environ.get(HTML_VARIABLE) or "own",
    )


def _data_home() -> Path:
    """Return the XDG data directory; a relative value is ignored, as the standard says."""
    told = os.environ.get("XDG_DATA_HOME", "")
    home = Path(told) if told else None
    return home if home and home.is_absolute() else Path.home() / ".local" / "share"
