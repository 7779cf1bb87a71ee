"""The addresses of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.areas import MAX_SHOWN
from api.http.links import asked_base
from api.http.native import config_of
from api.http.pages.answers import converse
from api.http.pages.marking import marks_from
from api.http.pages.prints import ALL_AT_ONCE, contents_of, front_of, page_of, years_of
from api.http.pages.reader import reader_of
from api.http.pages.reference import routes_of
from api.http.pages.render import MEDIA_TYPES, page, static_file, static_version
from api.http.pages.words import month_name, problem_help
from api.http.problems import KINDS, ProblemError
from api.http.requests import engine_of, has_already
from qa.query import MAX_CHARS
from qa.texts import say

if TYPE_CHECKING:
    from api.http.engine import Parts

router = APIRouter(include_in_schema=False)

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"
_SOMEWHERE = "https://ask.example"
Id = Annotated[str, Path(max_length=200)]


@router.get("/")
async def ask_page(
    request: Request,
    q: Annotated[list[str], Query()] = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Show a conversation, its questions given one by one as `q`, and a form to go on."""
    asked = [text.strip() for text in q if text.strip()]
    typed = asked.pop() if asked and len(asked[-1]) > MAX_CHARS else ""
    questions = [text for text in asked if len(text) <= MAX_CHARS]
    engine, reader = engine_of(request), reader_of(request)
    shown = questions[-MAX_SHOWN:]

    def work(parts: Parts) -> dict[str, Any]:
        if shown:
            turns = converse(parts, shown, reader)
            return {"turns": turns, "suggestions": [], "latest": None, "headlines": []}
        config = config_of(engine, parts, lang=reader.lang)
        latest = parts.archive.issue(config["latest"]) if config["latest"] else None
        return {
            "turns": [],
            "suggestions": config["suggestions"],
            "latest": latest,
            "headlines": front_of(latest) if latest else [],
        }

    facts = await engine.run(work)
    return page(
        request,
        "ask.html",
        facts={
            **facts,
            "is_sample": engine.generation.is_sample,
            "index": engine.generation.told,
            "dropped": len(questions) - len(shown),
            "typed": typed,
            "max_chars": MAX_CHARS,
        },
    )


@router.get("/issues")
async def issues_page(
    request: Request, year: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """Show the calendar of issues; where there are many, one year of it."""
    engine = engine_of(request)
    rows = await engine.run(lambda parts: parts.archive.issues())
    years = years_of(rows)
    chosen = years
    if years and (year or len(rows) > ALL_AT_ONCE):
        chosen = [one for one in years if str(one.year or "undated") == year]
        if not chosen and year:
            raise ProblemError("not_found")
        chosen = chosen or years[:1]
    return page(
        request,
        "issues.html",
        facts={
            "years": years,
            "chosen": chosen,
            "is_sample": engine.generation.is_sample,
            "month_name": lambda month: month_name(month, reader_of(request).lang),
        },
    )


@router.get("/issues/{issue_id}")
async def issue_page(request: Request, issue_id: Id) -> Response:
    """Show the contents of an issue."""
    engine = engine_of(request)
    issue = await engine.run(lambda parts: parts.archive.issue(issue_id))
    return page(
        request,
        "issue.html",
        facts={
            "issue": issue,
            "sections": contents_of(issue),
            "is_sample": engine.generation.is_sample,
        },
    )


@router.get("/articles/{article_id:path}")
async def article_page(request: Request, article_id: Id, mark: str = "") -> Response:
    """Show an article as printed, the stretches that `mark` names highlighted."""
    marks = marks_from(mark)
    engine = engine_of(request)
    found = await engine.run(lambda parts: page_of(parts.archive, article_id, marks))
    return page(
        request,
        "article.html",
        facts={
            "page": found,
            "is_sample": engine.generation.is_sample,
        },
    )


@router.get("/problems")
async def problems_page(request: Request) -> Response:
    """Show every error code."""
    lang = reader_of(request).lang
    rows = [
        (_slug(code), code, kind.status, say(f"problem_title_{code}", lang))
        for code, kind in KINDS.items()
    ]
    return page(
        request,
        "problems.html",
        facts={
            "rows": rows,
        },
    )


@router.get("/problems/{slug}")
async def problem_page(request: Request, slug: Annotated[str, Path(max_length=64)]) -> Response:
    """Explain an error code; the type of every problem points to one of these pages."""
    code = slug.replace("-", "_")
    if code not in KINDS or slug != _slug(code):
        raise ProblemError("not_found")
    lang = reader_of(request).lang
    return page(
        request,
        "problem.html",
        facts={
            "title": say(f"problem_title_{code}", lang),
            "code": code,
            "kind": KINDS[code],
            "detail": say(f"problem_{code}", lang, seconds="…"),
            "help": problem_help(code, lang),
        },
    )


def _slug(code: str) -> str:
    return code.replace("_", "-")


@router.get("/docs")
async def docs_page(request: Request) -> Response:
    """Show the API's reference, its examples at an address that is ours for sure."""
    base = asked_base(engine_of(request).settings, str(request.url)) or _SOMEWHERE
    return page(
        request,
        "docs.html",
        facts={
            "groups": routes_of(request.app.openapi(), base=base),
        },
    )


@router.get("/static/{name}")
async def static(request: Request, name: Annotated[str, Path(max_length=64)]) -> Response:
    """Return a file that pages load."""
    if name not in MEDIA_TYPES:
        raise ProblemError("not_found")
    version = static_version(name)
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": _FOR_EVER if request.query_params.get("v") == version else _FOR_NOW,
        "X-Content-Type-Options": "nosniff",
    }
    if has_already(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(static_file(name), media_type=MEDIA_TYPES[name], headers=headers)


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """Return the icon where browsers look for it unasked."""
    return await static(request, "icon.svg")
