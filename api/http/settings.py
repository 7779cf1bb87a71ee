"""What the service is told by the environment: `BULLETIN_…`, one variable a field."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.settings import (
    HTML_VARIABLE,
    EngineKind,
    Settings,
    archive_from,
    engine_name_from,
    engine_timeout_from,
)
from qa.engine.milvus import NAME, TIMEOUT_S, Address

DEFAULT_PORT = 8750
PREFIX = "BULLETIN_"
HANDED_DOWN = "BULLETIN_SETTINGS"  # the parent process hands its settings to its workers in it
_OTHERS = {HANDED_DOWN, HTML_VARIABLE, "BULLETIN_DEBUG"}
_FRAMER = r"^('self'|https?://[A-Za-z0-9*.\-\[\]:]+)$"
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:.]+\](:\d{1,5})?")
_NO_RATE = "off"
_RATE = re.compile(rf"{_NO_RATE}|\d+/(\d+ ?)?(second|minute|hour|day)")
_LIMITS = {True: "1200/minute", False: "120/minute"}
_CONCURRENT = 16
_SECRET = ("engine_token",)


def _listed(value: Any) -> Any:  # noqa: ANN401  # whatever a caller gives; pydantic checks it
    """Return the parts of a list that is written with commas."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value != "*" and not _ORIGIN.fullmatch(value):
            raise ValueError(f"{value!r} is not an origin such as https://paper.example, or *")
    return values


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(ip_network(value, strict=False)) for value in values)


def _rate(value: str | None) -> str | None:
    if value is not None and not _RATE.fullmatch(value):
        raise ValueError("expected a number and a time such as 120/minute, or off for no limit")
    return value


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or address is this machine's own."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Framers = Annotated[
    tuple[Annotated[str, Field(pattern=_FRAMER)], ...], NoDecode, BeforeValidator(_listed)
]
Rate = Annotated[str | None, AfterValidator(_rate)]


class ServiceSettings(BaseSettings):
    """The service's settings; a variable is the field's name in capitals behind `BULLETIN_`.

    Lists are written with commas, and an empty variable is as none. Everything that lets others in
    is closed by default.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
    )

    archive: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        default_factory=archive_from, description="The archive's folder."
    )
    model: str | None = Field(None, description="A sentence-transformers model; else the shipped.")
    engine: EngineKind = Field(
        "embedded",
        description="What finds candidates: the indexes beside the archive, or Milvus.",
    )
    engine_uri: str | None = Field(
        None,
        repr=False,
        description="Where the Milvus is: http://host:19530, https://…, or a file.db.",
    )
    engine_token: str = Field("", repr=False, description="user:password or a key, for the Milvus.")
    engine_ca: Path | None = Field(
        None, description="The certificate that the Milvus's is signed by."
    )
    engine_name: Annotated[str, AfterValidator(engine_name_from)] = Field(
        NAME, description="What its collections' names begin with."
    )
    engine_timeout_s: Annotated[float, BeforeValidator(engine_timeout_from)] = Field(
        TIMEOUT_S, description="Seconds that one call of it may take."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        DEFAULT_PORT, description="The port; 0 takes a free one."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(1, description="Processes to run.")
    title: str | None = Field(None, max_length=80, description="The bulletin's name on pages.")
    public_url: HttpUrl | None = Field(
        None, description="Where readers reach the service; links are made from it."
    )
    frame_ancestors: Framers = Field(
        (), description="Origins whose pages may show ours in a frame, or 'self'; none by default."
    )
    answer_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="Questions answered at one time by one process."
    )
    max_waiting: Annotated[int, Field(ge=0)] = Field(
        256, description="Requests that may wait for a thread before others get 503."
    )
    deadline_s: Annotated[float, Field(gt=0)] = Field(20.0, description="Seconds for one request.")
    reload_s: Annotated[float, Field(gt=0)] = Field(
        1.0, description="Seconds between looks for a changed archive."
    )
    openai_body_bytes: Annotated[int, Field(ge=1024)] = Field(
        1048576, description="Of a request under /v1, which carries the whole conversation."
    )
    openai_tasks: Literal["deterministic", "search", "refuse"] = Field(
        "deterministic",
        description="What /v1 does with prompts for titles, tags and the like: write them from"
        " the conversation, search for them like a question, or answer 400.",
    )
    keys_file: Path | None = Field(
        None, description="The file of `bulletin key`; without it no key is asked for."
    )
    allowed_origins: Annotated[Names, AfterValidator(_origins)] = Field(
        (), description="Other websites whose pages may ask, such as https://paper.example."
    )
    allowed_hosts: Names = Field(
        (), description="Host names the service is reached by, besides that of the public URL."
    )
    trusted_proxies: Annotated[Names, AfterValidator(_networks)] = Field(
        (), description="Addresses or networks whose X-Forwarded-For is believed."
    )
    rate_limit: Rate = Field(
        None,
        description="Requests of a client without a key, or off; 120/minute once others can reach"
        " it.",
    )
    key_rate_limit: Rate = Field(
        None, description="Requests of a key, or off; 1200/minute once others can reach it."
    )
    rate_storage: str = Field(
        "memory://",
        repr=False,
        description="Where requests are counted; redis://… counts for several workers.",
    )
    concurrent: Annotated[int | None, Field(ge=1)] = Field(
        None,
        description="Requests of a client under way at once; 16 once others can reach it.",
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(65536, description="Of a request.")
    max_header_bytes: Annotated[int, Field(ge=1024)] = Field(
        16384, description="Of a request's address and headers together."
    )
    request_timeout_s: Annotated[float, Field(gt=0)] = Field(
        10.0, description="Seconds in which headers must have arrived, and again the body."
    )
    write_timeout_s: Annotated[float, Field(gt=0)] = Field(
        30.0, description="Seconds after which a client that takes no more is cut off."
    )
    service_db: Path | None = Field(
        None, description="The file of feedback; service.db in the archive's folder."
    )
    keep_unanswered: bool = Field(
        False, description="Whether the text of unanswered questions is kept for the report."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="Of the log on stderr; auto is text on a terminal, else JSON."
    )
    log_questions: bool = Field(
        False, description="Whether questions are logged; else their length and a hash."
    )

    @model_validator(mode="after")
    def _no_star_among_others(self) -> ServiceSettings:
        if "*" in self.allowed_origins and len(self.allowed_origins) > 1:
            raise ValueError("allowed_origins is either * or a list of origins")
        return self

    @model_validator(mode="after")
    def _engine_is_somewhere(self) -> ServiceSettings:
        if self.engine == "milvus" and not self.engine_uri:
            raise ValueError("--engine-uri or BULLETIN_ENGINE_URI is to tell where the engine is")
        return self

    @property
    def base(self) -> Settings:
        """The part that the command line shares."""
        return Settings(
            archive=self.archive,
            model=self.model,
            engine=self._engine,
            is_named="archive" in self.model_fields_set,
        )

    @property
    def _engine(self) -> Address | None:
        if self.engine == "embedded" or not self.engine_uri:
            return None
        return Address(
            self.engine_uri,
            token=self.engine_token,
            ca=self.engine_ca,
            name=self.engine_name,
            timeout_s=self.engine_timeout_s,
        )

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end, or nothing."""
        return str(self.public_url).rstrip("/") if self.public_url else ""

    @property
    def store_file(self) -> Path:
        """Where feedback and stored answers are kept: never in the archive's own file."""
        return self.service_db or self.archive / "service.db"

    @property
    def is_exposed(self) -> bool:
        """Whether others than this machine's users can reach the service."""
        return not is_loopback(self.host) or bool(self.public_url or self.trusted_proxies)

    def limit_for(self, *, keyed: bool) -> str | None:
        """Return the rate that a client may ask at, or None for any."""
        told = self.key_rate_limit if keyed else self.rate_limit
        if told is None and self.is_exposed:
            return _LIMITS[keyed]
        return None if told == _NO_RATE else told

    @property
    def concurrent_limit(self) -> int | None:
        """How many requests of a client may be under way, or None for any number."""
        return self.concurrent or (_CONCURRENT if self.is_exposed else None)


def variable(field: str) -> str:
    """Return the environment variable of a field.

    >>> variable("rate_limit")
    'BULLETIN_RATE_LIMIT'
    """
    return PREFIX + field.upper()


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the variables with our prefix that mean nothing, sorted."""
    known = {variable(field) for field in ServiceSettings.model_fields} | _OTHERS
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def shown(settings: ServiceSettings, field: str) -> str | None:
    """Return a setting as it may be shown, or None for one that is not set; secrets are masked."""
    value = getattr(settings, field)
    if value is None:
        return None
    return "***" if value and field in _SECRET else redacted(value)


def redacted(value: object) -> str:
    """Return a setting as it may be shown: a password in an address is masked.

    >>> redacted("redis://user:secret@cache:6379")
    'redis://***@cache:6379'
    """
    text = ",".join(value) if isinstance(value, tuple) else str(value)
    parts = urlsplit(text) if "://" in text else None
    if parts and "@" in parts.netloc:
        return parts._replace(netloc="***@" + parts.netloc.rpartition("@")[2]).geturl()
    return text
