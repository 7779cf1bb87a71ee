"""The service, as slow as a test wants: `python -m tests.slow_service serve`.

Only the chat and the opening are slowed, from outside; the rest is the service as it is run.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from fastapi import FastAPI

from api.cli.serving import service_settings
from api.http import engine
from api.http.server import from_parent, run
from qa.chat import Chat
from qa.native import Answer

DELAY_S = "TESTS_DELAY_S"
FIRST = "TESTS_FIRST"  # a file that does not exist yet; who cannot make it opens late
LATE_S = 3.0


class SlowChat(Chat):
    """Answers late."""

    def reply(self, question: str, **more: object) -> Answer:
        time.sleep(float(os.environ.get(DELAY_S, "0")))
        return super().reply(question, **more)  # type: ignore[arg-type]


class SlowGeneration(engine.Generation):
    """Opens late in every process but the first."""

    @classmethod
    def open(cls, *told: object) -> engine.Generation:
        if FIRST in os.environ:
            try:
                Path(os.environ[FIRST]).touch(exist_ok=False)
            except FileExistsError:
                time.sleep(LATE_S)
        return super().open(*told)  # type: ignore[arg-type]


def slow() -> FastAPI:
    vars(engine).update(Chat=SlowChat, Generation=SlowGeneration)
    return from_parent()


if __name__ == "__main__":
    run(service_settings(port=0), factory="tests.slow_service:slow")
