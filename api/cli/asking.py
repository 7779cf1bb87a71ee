"""`bulletin ask` and `bulletin search`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.common import (
    NOTHING_FOUND,
    OK,
    ArchiveOption,
    ColorOption,
    EngineOption,
    EngineUriOption,
    JsonOption,
    LangOption,
    LimitOption,
    ModelOption,
    QuestionArgument,
    app,
    err_to,
    lang_from,
    opened,
    out_to,
    print_json,
    question_from,
    shared_lang,
    ui_lang,
)
from api.cli.narrowing import (
    FromOption,
    IssueOption,
    SectionOption,
    ToOption,
    check_there,
    filters_from,
)
from api.settings import settings_from


@app.command()
def ask(
    question: QuestionArgument = None,
    archive: ArchiveOption = None,
    model: ModelOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    limit: LimitOption = 5,
    issue: IssueOption = None,
    section: SectionOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    lang: LangOption = None,
    quotes: Annotated[bool, typer.Option("--quotes", help="Repeat each quote below it.")] = False,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Answer a question with citations; exit 1 when the bulletin does not say."""
    from api.service import open_chat
    from api.terminal import show_answer
    from qa.native import to_json

    text = question_from(question)
    told = lang_from(lang)
    filters = filters_from(issue=issue, section=section, first=from_, last=to)
    settings = settings_from(archive=archive, model=model, engine=engine, engine_uri=engine_uri)
    with opened(settings) as kept:
        check_there(filters, kept)
        answer = open_chat(kept, settings).reply(
            text, limit=limit, lang=told or shared_lang(text), filters=filters
        )
    if as_json:
        print_json(to_json(answer))
    else:
        show_answer(answer, out_to(color), err_to(color), quotes=quotes)
    raise typer.Exit(NOTHING_FOUND if answer.status == "no_answer" else OK)


@app.command()
def search(
    query: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="What to look for; - reads it from stdin.")
    ] = None,
    archive: ArchiveOption = None,
    model: ModelOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    limit: LimitOption = 10,
    issue: IssueOption = None,
    section: SectionOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what each word and feature gave.")
    ] = False,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """List the passages that fit best, best first; exit 1 when there are none."""
    from api.service import open_finder
    from api.terminal import show_given, show_words
    from qa.native import hit_json
    from qa.search.explain import explain as explained
    from qa.texts import say

    text = question_from(query)
    filters = filters_from(issue=issue, section=section, first=from_, last=to)
    settings = settings_from(archive=archive, model=model, engine=engine, engine_uri=engine_uri)
    with opened(settings) as kept:
        check_there(filters, kept)
        finder = open_finder(kept, settings)
        parsed = finder.read(text)
        hits = finder.search(parsed, k=limit, filters=filters)
        why = explained(finder, parsed, hits) if explain else None
        places = finder.places([hit.passage_id for hit in hits])
        n_passages = kept.n_passages()
    rows = [
        hit_json(place, hit.score) | {"features": hit.features}
        for hit, place in zip(hits, places, strict=True)
    ]
    if as_json:
        told = {"query": asdict(why)} if why else {}
        print_json({"hits": rows, **told})
    else:
        out = out_to(color)
        if why:
            show_words(why, out, ui_lang())
        for n, row in enumerate(rows, start=1):
            out.bold(f"{n}. {row['passage_id']}  {row['title'] or ''}".rstrip())
            out.line(str(row["text"]), indent="   ")
            if why:
                show_given(why.given[n - 1], out, ui_lang())
        if not rows:
            err_to(color).line(say("no_passages" if n_passages else "empty_archive", ui_lang()))
    raise typer.Exit(OK if rows else NOTHING_FOUND)
