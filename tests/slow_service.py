"""The service with answers that take as long as a test wants: `python -m tests.slow_service serve`.

Only the chat is slowed, from outside; the rest is the service as it is run.
"""

from __future__ import annotations

import os
import time

from fastapi import FastAPI

from api.cli.serving import service_settings
from api.http import engine
from api.http.server import from_parent, run
from qa.chat import Chat
from qa.native import Answer

DELAY_S = "TESTS_DELAY_S"


class SlowChat(Chat):
    """Answers late."""

    def reply(self, question: str, **more: object) -> Answer:
        time.sleep(float(os.environ[DELAY_S]))
        return super().reply(question, **more)  # type: ignore[arg-type]


def slow() -> FastAPI:
    vars(engine)["Chat"] = SlowChat
    return from_parent()


if __name__ == "__main__":
    run(service_settings(port=0), factory="tests.slow_service:slow")
