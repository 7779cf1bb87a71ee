"""The commands that show what is kept, remove it and check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import (
    MISMATCH,
    OK,
    ArchiveOption,
    ColorOption,
    JsonOption,
    app,
    bring_up_to_date,
    opened,
    out_to,
    print_json,
    ui_lang,
)
from api.settings import settings_from
from corpus.types import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.kept_out import KeptOut
    from corpus.types import Article, Issue


def told_json(issue: Issue) -> dict[str, dict[str, str]]:
    """Return what is known of an issue as a whole, and where each part comes from."""
    known = {
        "id": issue.id,
        "date": iso(issue.date),
        "title": issue.title,
        "publication": issue.name,
    }
    return {
        name: {"value": value, "from": who}
        for name, who in issue.origins
        if (value := known[name]) is not None
    }


@app.command(name="list")
def list_issues(
    archive: ArchiveOption = None,
    kept_out: Annotated[
        bool, typer.Option("--kept-out", help="Those that remove --keep-out took out instead.")
    ] = False,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """List the issues that are kept."""
    from dataclasses import asdict

    from api.words import size_of
    from qa.texts import say

    with opened(settings_from(archive=archive)) as kept:
        if kept_out:
            _list_kept_out(kept.kept_out(), as_json=as_json, color=color)
            return
        rows = kept.issues()
    if as_json:
        print_json({"issues": [{**asdict(row), "date": iso(row.date)} for row in rows]})
        return
    out, lang = out_to(color), ui_lang()
    for row in rows:
        number = say("issue_number", lang, number=row.number) if row.number else None
        told = " ".join(str(fact) for fact in (row.name, number, row.date, row.title) if fact)
        size = size_of(row.n_articles, row.n_passages, lang)
        out.line(f"{row.id}  {size}  {row.source}  {told}".rstrip())


def _list_kept_out(rows: Sequence[KeptOut], *, as_json: bool, color: str) -> None:
    """Print the issues that are not to be added again."""
    from dataclasses import asdict

    from api.words import word

    if as_json:
        print_json({"kept_out": [asdict(row) for row in rows]})
        return
    out, lang = out_to(color), ui_lang()
    for row in rows:
        out.line(f"{row.id}  {row.source}  {word('removed_on', lang, day=row.removed)}")


@app.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="An issue, article or passage.")],
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Show an issue's contents, an article or a passage."""
    from api.terminal import passage_json, show_article, show_issue
    from qa.native import issue_json as of_issue_json

    lang = ui_lang()
    with opened(settings_from(archive=archive)) as kept:
        depth = wanted.strip("/").count("/")
        if depth == 0:
            issue = kept.issue(wanted.strip("/"))
            print_json(issue_json(issue)) if as_json else show_issue(issue, out_to(color), lang)
        elif depth == 1:
            article = kept.article(wanted)
            if as_json:
                issue_of = of_issue_json(kept.issue_told(article.issue_id))
                print_json(_article_json(article) | issue_of)
            else:
                show_article(article, out_to(color), lang)
        else:
            passage = kept.places([wanted])[0].passage
            if as_json:
                print_json(passage_json(passage))
            else:
                out_to(color).line(passage.text)


@app.command()
def remove(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="The issue's id.")],
    archive: ArchiveOption = None,
    keep_out: Annotated[
        bool, typer.Option("--keep-out", help="And have add pass over it from now on.")
    ] = False,
) -> None:
    """Forget an issue and all that was read from it."""
    from api.words import word
    from corpus.archive import Archive
    from corpus.derived import wait_for_deletions

    settings = settings_from(archive=archive)
    with Archive.open(settings.archive) as kept:
        kept.remove(issue, for_good=keep_out)
        kept.scrub()
        bring_up_to_date(kept, settings)
    wait_for_deletions()
    print(word("removed_for_good" if keep_out else "removed", ui_lang(), what=issue))


@app.command()
def export(
    archive: ArchiveOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, the only form there is.")
    ] = True,
) -> None:
    """Print all that is kept as one JSON object."""
    with opened(settings_from(archive=archive)) as kept:
        print_json({"issues": [issue_json(kept.issue(row.id)) for row in kept.issues()]})


@app.command()
def verify(archive: ArchiveOption = None, as_json: JsonOption = False) -> None:
    """Check all that is kept, to the last byte; exit 8 if anything is wrong.

    Every kept text is held against its place in the kept source; the database and the indexes
    are read through.
    """
    from dataclasses import asdict

    from api.words import counted, word
    from corpus.generation import verify as verify_indexes
    from corpus.safety import damage

    with opened(settings_from(archive=archive)) as kept:
        damaged = damage(kept)
        wrong = kept.verify()
        total = kept.n_passages()
        if kept.path:
            damaged += [f"{one}; {one.hint}" for one in verify_indexes(kept.path / "index")]
    if as_json:
        mismatches = [asdict(one) for one in wrong]
        print_json({"n_passages": total, "mismatches": mismatches, "damaged": damaged})
    else:
        for line in damaged:
            print(line)
        lang = ui_lang()
        for one in wrong:
            facts = {"kept": repr(one.kept), "found": repr(one.found)}
            print(word("mismatch", lang, id=one.id, **facts))
        sizes = {
            "first": counted(total, "passage", lang),
            "second": counted(len(wrong), "mismatch", lang),
            "third": counted(len(damaged), "damaged", lang),
        }
        print(word("verified", lang, **sizes))
    raise typer.Exit(MISMATCH if wrong or damaged else OK)


def issue_json(issue: Issue, *, why: bool = False) -> dict[str, Any]:
    """Return an issue as the commands print it; `why` adds how it was read."""
    from api.terminal import piece_json

    told: dict[str, Any] = {
        "id": issue.id,
        "name": issue.name,
        "date": iso(issue.date),
        "number": issue.number,
        "title": issue.title,
        "source": issue.source.name,
        "encoding": issue.source.encoding,
        "articles": [_article_json(article, why=why) for article in issue.articles],
    }
    if why:
        told["told"] = told_json(issue)
        told["furniture"] = [piece_json(piece) for piece in issue.furniture]
    return told


def _article_json(article: Article, *, why: bool = False) -> dict[str, Any]:
    from api.terminal import passage_json

    told: dict[str, Any] = {
        "id": article.id,
        "headline": article.title,
        "subtitle": article.subtitle.text if article.subtitle else None,
        "kicker": article.kicker.text if article.kicker else None,
        "bylines": [{"role": byline.role, "name": byline.name} for byline in article.bylines],
        "date": iso(article.date),
        "kind": article.kind,
        "section": article.section,
        "passages": [passage_json(passage) for passage in article.passages],
    }
    if why:
        told |= {"confidence": article.confidence, "why": article.why}
        told["headline_ranges"] = article.headline.ranges if article.headline else []
    return told
