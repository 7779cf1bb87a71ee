"""What those who run the service look at: health, readiness, version, metrics."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from api.http.metrics import MEDIA_TYPE
from api.http.problems import ProblemError
from api.http.requests import PROBLEMS, engine_of, is_local, problem_body
from api.http.schemas import HealthOut, ReadyOut, VersionOut

if TYPE_CHECKING:
    from api.keys import KeyRing

router = APIRouter(tags=["operations"])


def package_version() -> str:
    """Return the version of the installed package."""
    return version("bulletin-qa")


@router.get("/healthz", operation_id="healthz", response_model=HealthOut)
async def healthz() -> JSONResponse:
    """Tell that the process is alive."""
    return JSONResponse({"status": "ok"})


@router.get(
    "/readyz",
    operation_id="readyz",
    response_model=ReadyOut,
    responses={503: {"description": "Not yet, or `degraded`; `checks` tells why."}},
)
async def readyz(request: Request) -> JSONResponse:
    """Tell whether questions can be answered, check by check: `ok`, `opening` or `failed`.

    Where the archive was open and cannot be opened any more it is 503, too, and `degraded`: what
    is answered is of the state before. So it is where the file of keys cannot be used any more, so
    that no key is accepted. What failed is told to this machine alone, for it names paths; the log
    has it too.
    """
    engine = engine_of(request)
    checks: dict[str, Any] = {"archive": "ok" if engine.wait(0) else "opening"}
    keys: KeyRing | None = request.state.keys
    troubles = {"archive": engine.trouble, "keys": keys.trouble() if keys else None}
    for name, trouble in troubles.items():
        if trouble:
            checks[name] = trouble if is_local(request.scope) else "failed"
    if not engine.wait(0):
        problem = ProblemError("index_not_ready", retry_after=2)
        body = {**problem_body(request, problem), "checks": checks}
        return JSONResponse(
            body, 503, headers=problem.headers, media_type="application/problem+json"
        )
    is_well = not any(troubles.values())
    told = {"status": "ok" if is_well else "degraded", "checks": checks}
    return JSONResponse({**told, "index": engine.generation.told}, 200 if is_well else 503)


@router.get("/version", operation_id="version", response_model=VersionOut)
async def version_of_all(request: Request) -> JSONResponse:
    """Tell the versions of the package and of the archive."""
    return JSONResponse({"version": package_version(), "index": engine_of(request).generation.told})


@router.get(
    "/metrics", operation_id="metrics", response_class=PlainTextResponse, responses=PROBLEMS
)
def metrics(request: Request) -> Response:
    """Tell the figures of all processes, as Prometheus reads them."""
    engine = engine_of(request)
    told = engine.heard.metrics.exposed(engine.generation if engine.wait(0) else None)
    return Response(told, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
