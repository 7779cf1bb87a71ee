"""What the environment and the command line set of the archive, the model and the engine.

`api.http.settings` reads what the service is told, and checks an engine by the functions that are
here. What a terminal is like is asked of the environment where that matters.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

from corpus.errors import EngineError
from qa.engine.milvus import NAME, TIMEOUT_S, Address

T = TypeVar("T")
ARCHIVE_VARIABLE = "BULLETIN_ARCHIVE"
MODEL_VARIABLE = "BULLETIN_MODEL"
HTML_VARIABLE = "BULLETIN_HTML"
ENGINE_VARIABLE = "BULLETIN_ENGINE"
ENGINE_URI_VARIABLE = "BULLETIN_ENGINE_URI"
ENGINE_TOKEN_VARIABLE = "BULLETIN_ENGINE_TOKEN"
ENGINE_CA_VARIABLE = "BULLETIN_ENGINE_CA"
ENGINE_NAME_VARIABLE = "BULLETIN_ENGINE_NAME"
ENGINE_TIMEOUT_VARIABLE = "BULLETIN_ENGINE_TIMEOUT_S"
EngineKind = Literal["embedded", "milvus"]
"""What finds candidates: the indexes beside the archive, or a Milvus."""

_ENGINES: tuple[EngineKind, ...] = get_args(EngineKind)
_NAME = re.compile(r"[A-Za-z_]\w{0,63}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the archive lies, which model makes the vectors, and what finds candidates.

    Attributes:
        archive: The archive's folder.
        model: A sentence-transformers model or folder, or None for the shipped one.
        html: What finds the text of web pages: `own` or `trafilatura`.
        engine: The Milvus that finds candidates, or None for the indexes beside the archive.
        is_named: Whether somebody named that folder, so that nothing may stand in for it.
    """

    archive: Path
    model: str | None = None
    html: str = "own"
    engine: Address | None = None
    is_named: bool = False


def settings_from(
    *,
    archive: Path | None = None,
    model: str | None = None,
    html: str | None = None,
    engine: str | None = None,
    engine_uri: str | None = None,
) -> Settings:
    """Return the settings: what is given, else the environment, else the defaults.

    Raises:
        EngineError: If it is not told what the engine is, or where.
    """
    return Settings(
        archive=archive_from(archive),
        model=model_from(model),
        html=html or os.environ.get(HTML_VARIABLE) or "own",
        engine=_engine(engine, engine_uri),
        is_named=bool(archive or os.environ.get(ARCHIVE_VARIABLE)),
    )


def archive_from(given: Path | None = None) -> Path:
    """Return the archive's folder; the default is `bulletin` in the XDG data directory."""
    told = os.environ.get(ARCHIVE_VARIABLE)
    return given or (Path(told).expanduser() if told else _data_home() / "bulletin")


def model_from(given: str | None = None) -> str | None:
    """Return the model's name, or None for the shipped one."""
    return given or os.environ.get(MODEL_VARIABLE) or None


def _engine(engine: str | None, uri: str | None) -> Address | None:
    """Return the address of the engine; an address that is given tells that there is one."""
    told = os.environ
    engine = engine or ("milvus" if uri else told.get(ENGINE_VARIABLE)) or _ENGINES[0]
    if engine not in _ENGINES:
        expected = " or ".join(_ENGINES)
        raise EngineError(engine, "is not known", f"{ENGINE_VARIABLE} is {expected}.")
    if engine == _ENGINES[0]:
        return None
    uri = uri or told.get(ENGINE_URI_VARIABLE)
    if not uri:
        raise EngineError(
            engine, "has no address", f"--engine-uri or {ENGINE_URI_VARIABLE} tells where it is."
        )
    ca = told.get(ENGINE_CA_VARIABLE)
    return Address(
        uri,
        token=told.get(ENGINE_TOKEN_VARIABLE, ""),
        ca=Path(ca) if ca else None,
        name=_told(ENGINE_NAME_VARIABLE, read=engine_name_from, default=NAME),
        timeout_s=_told(ENGINE_TIMEOUT_VARIABLE, read=engine_timeout_from, default=TIMEOUT_S),
    )


def _told(variable: str, *, read: Callable[[str], T], default: T) -> T:
    """Return what a variable says of the Milvus.

    Raises:
        EngineError: If it has a value that it cannot have.
    """
    value = os.environ.get(variable)
    try:
        return read(value) if value else default
    except ValueError as exc:
        raise EngineError(_ENGINES[1], f"{variable} is {value!r}, {exc}") from exc


def engine_name_from(told: str) -> str:
    """Return what the names of an engine's collections begin with.

    Raises:
        ValueError: If they cannot begin so.
    """
    if not _NAME.fullmatch(told):
        raise ValueError("expected letters, digits and _, no digit first, 64 of them at most")
    return told


def engine_timeout_from(told: str | float) -> float:
    """Return the seconds that one call of an engine may take.

    Raises:
        ValueError: If it is no number, or none above 0.
    """
    try:
        seconds = float(told)
    except (TypeError, ValueError):
        seconds = 0.0
    if not seconds > 0:
        raise ValueError("expected seconds, more than 0")
    return seconds


def _data_home() -> Path:
    """Return the XDG data directory; a relative value is ignored, as the standard says."""
    told = os.environ.get("XDG_DATA_HOME", "")
    home = Path(told) if told else None
    return home if home and home.is_absolute() else Path.home() / ".local" / "share"
