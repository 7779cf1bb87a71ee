"""Figures for Prometheus, right for one process and for several that serve together."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.http.engine import Generation

_SHARED = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client reads it when it is first imported
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
MEDIA_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """What is counted. Labels are route templates and codes, never what someone wrote."""

    def __init__(self, version: str) -> None:
        """Begin at nothing."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # they double the text
        self._registry = CollectorRegistry()
        own = self._registry
        self.requests = Counter(
            "bulletin_http_requests",
            "Requests that were answered.",
            ["route", "method", "status"],
            registry=own,
        )
        self.request_s = Histogram(
            "bulletin_http_request_seconds",
            "From a request to the end of its answer.",
            ["route"],
            buckets=_BUCKETS_S,
            registry=own,
        )
        self.first_delta_s = Histogram(
            "bulletin_first_delta_seconds",
            "From a request to the first words of a streamed answer.",
            buckets=_BUCKETS_S,
            registry=own,
        )
        self.answers = Counter(
            "bulletin_answers", "Answers given.", ["status", "lang"], registry=own
        )
        self.stage_s = Histogram(
            "bulletin_stage_seconds",
            "Where the time of an answer goes.",
            ["stage"],
            buckets=_BUCKETS_S,
            registry=own,
        )
        self.streams = Gauge(
            "bulletin_streams_open",
            "Streams under way.",
            multiprocess_mode="livesum",
            registry=own,
        )
        self.aborts = Counter(
            "bulletin_stream_aborts", "Streams that ended before their last event.", registry=own
        )
        self.rate_limited = Counter("bulletin_rate_limited", "Requests answered 429.", registry=own)
        self.archive_usable = Gauge(
            "bulletin_archive_usable",
            "1 where the archive can be opened as it is now, 0 where one process cannot.",
            multiprocess_mode="livemin",
            registry=own,
        )
        self._passages = Gauge(
            "bulletin_index_documents",
            "Passages that are searched.",
            multiprocess_mode="mostrecent",
            registry=own,
        )
        self._opened_at = Gauge(
            "bulletin_index_built_timestamp_seconds",
            "When the state that is served was opened.",
            multiprocess_mode="mostrecent",
            registry=own,
        )
        Gauge(
            "bulletin_build_info",
            "1, for the version that runs.",
            ["version"],
            multiprocess_mode="mostrecent",
            registry=own,
        ).labels(version).set(1)

    def answered(self, *, status: str, lang: str, timings_ms: Mapping[str, float]) -> None:
        """Count one answer and where its time went."""
        self.answers.labels(status, lang).inc()
        for stage, took_ms in timings_ms.items():
            self.stage_s.labels(stage).observe(took_ms / 1000)

    def exposed(self, generation: Generation | None) -> bytes:
        """Return the text that Prometheus reads, of all processes that serve together."""
        if generation:
            self._passages.set(int(generation.told["passages"] or 0))
            self._opened_at.set(generation.opened_at)
        if _SHARED not in os.environ:
            return generate_latest(self._registry)
        from prometheus_client.multiprocess import MultiProcessCollector

        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def close(self) -> None:
        """Take this process out of what is told of those alive."""
        if _SHARED in os.environ:
            from prometheus_client.multiprocess import mark_process_dead

            mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


def shared_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder in which processes that are started after this count together."""
    folder = tempfile.TemporaryDirectory(prefix="bulletin-metrics-")
    os.environ[_SHARED] = str(Path(folder.name))
    return folder
