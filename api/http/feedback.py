"""Readers' votes on answers."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.http import schemas
from api.http.problems import ProblemError
from api.http.requests import PROBLEMS, engine_of
from api.store import Feedback, StoreError

log = logging.getLogger(__name__)

router = APIRouter(prefix="/api/v1", tags=["native"])


@router.post(
    "/feedback",
    operation_id="feedback",
    summary="Tell whether an answer helped",
    response_model=schemas.FeedbackOut,
    responses=PROBLEMS,
)
async def feedback(request: Request, told: schemas.FeedbackIn) -> Response:
    """Keep a vote on an answer; a later one on the same answer replaces it.

    Answers are not kept, so that nobody can tell whether there was one with that id.
    """
    vote = Feedback(
        answer_id=told.answer_id,
        value=told.value,
        reason=told.reason,
        comment=told.comment,
        question=told.question,
    )
    try:
        await asyncio.to_thread(engine_of(request).heard.store.vote, vote)
    except StoreError as exc:
        log.error("feedback is not kept: %s", exc)
        raise ProblemError("not_stored") from exc
    return JSONResponse({"object": "feedback", "answer_id": told.answer_id, "value": told.value})
