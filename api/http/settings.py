"""What the service is told by the environment: `BULLETIN_…`, one variable a field."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.settings import Settings, settings_from

DEFAULT_PORT = 8750
_FRAMER = r"^('self'|https?://[A-Za-z0-9*.\-\[\]:]+)$"


def _default_archive() -> Path:
    return settings_from().archive


class ServiceSettings(BaseSettings):
    """The service's settings; a variable is the field's name in capitals behind `BULLETIN_`.

    Lists and objects are written as JSON. Everything that lets others in is closed by default.
    """

    model_config = SettingsConfigDict(
        env_prefix="BULLETIN_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    archive: Path = Field(default_factory=_default_archive, description="The archive's folder.")
    model: str | None = Field(None, description="A sentence-transformers model; else the shipped.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = DEFAULT_PORT
    workers: Annotated[int, Field(ge=1, le=64)] = Field(1, description="Processes to run.")
    title: str | None = Field(None, max_length=80, description="The bulletin's name on pages.")
    public_url: HttpUrl | None = Field(
        None, description="Where readers reach the service; links are made from it."
    )
    frame_ancestors: tuple[Annotated[str, Field(pattern=_FRAMER)], ...] = Field(
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
    allowed_origins: tuple[str, ...] = Field(
        (), description="Other websites whose pages may ask, such as https://paper.example."
    )
    allowed_hosts: tuple[str, ...] = Field(
        (), description="Host names the service is reached by, besides that of the public URL."
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(65536, description="Of a request.")
    openai_body_bytes: Annotated[int, Field(ge=1024)] = Field(
        1048576, description="Of a request under /v1, which carries the whole conversation."
    )
    openai_tasks: Literal["deterministic", "search", "refuse"] = Field(
        "deterministic",
        description="What /v1 does with prompts for titles, tags and the like: write them from"
        " the conversation, search for them like a question, or answer 400.",
    )

    @property
    def base(self) -> Settings:
        """The part that the command line shares."""
        return Settings(archive=self.archive, model=self.model)

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end, or nothing."""
        return str(self.public_url).rstrip("/") if self.public_url else ""
