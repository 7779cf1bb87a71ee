"""The commands of those who run the service: keys, settings, health, and what readers told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.common import (
    MISMATCH,
    OK,
    ArchiveOption,
    JsonOption,
    ModelOption,
    app,
    config_app,
    key_app,
    opened,
    print_json,
    progress_bar,
    ui_lang,
    usage,
)
from api.cli.narrowing import days_asked
from api.cli.serving import service_settings, warnings_of

KeysOption = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="The file of keys (else BULLETIN_KEYS_FILE)."),
]


ForgetOption = Annotated[
    str | None,
    typer.Option("--forget", metavar="TEXT", help="Forget those that it is in, and print them."),
]


@key_app.command(name="new")
def new_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is.")],
    scope: Annotated[
        list[str], typer.Option("--scope", help="chat, search or admin; may be repeated.")
    ],
    file: KeysOption = None,
) -> None:
    """Make a key and print it, once; only its hash is kept."""
    from api.keys import SCOPES, add_key
    from qa.texts import say

    wrong = [one for one in scope if one not in SCOPES]
    if wrong:
        usage(f"--scope is {wrong[0]!r}, expected {', '.join(SCOPES)}")
    print(add_key(_keys_file(file), name=name, scopes=tuple(dict.fromkeys(scope))))
    print(say("key_once", ui_lang()), file=sys.stderr)


@key_app.command(name="list")
def list_keys(file: KeysOption = None, as_json: JsonOption = False) -> None:
    """List the keys by name; the keys themselves are not kept."""
    from api.keys import read_keys

    keys = read_keys(_keys_file(file))
    if as_json:
        rows = [{"name": k.name, "scopes": k.scopes, "created": k.created} for k in keys]
        print_json({"keys": rows})
        return
    for key in keys:
        print(f"{key.name}  {','.join(key.scopes)}  {key.created}")


@key_app.command(name="remove")
def remove_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is.")],
    file: KeysOption = None,
) -> None:
    """Forget a key; a running service refuses it within a second."""
    from api.keys import remove_key as remove
    from api.words import word

    remove(_keys_file(file), name)
    print(word("removed", ui_lang(), what=name))


def _keys_file(given: Path | None) -> Path:
    file = given or service_settings().keys_file
    if file is None:
        usage("name the file of keys: --file FILE, or BULLETIN_KEYS_FILE")
    return file


@config_app.command(name="show")
def show_config(
    archive: ArchiveOption = None, model: ModelOption = None, as_json: JsonOption = False
) -> None:
    """Show every setting of the service, and where it comes from; passwords are masked."""
    import os

    from api.http.settings import shown, variable

    settings = service_settings(archive, model)
    given = {"archive": archive, "model": model}
    rows = []
    for field in type(settings).model_fields:
        name = variable(field)
        source = "environment" if os.environ.get(name) else "default"
        if given.get(field) is not None:
            source = "command line"
        rows.append({"name": name, "value": shown(settings, field)})
        rows[-1]["source"] = source
    if as_json:
        print_json({"settings": rows})
        return
    for row in rows:
        print(f"{row['name']}={'' if row['value'] is None else row['value']}  # {row['source']}")
    _warn(warnings_of(settings))


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        print(f"bulletin: {warning}", file=sys.stderr)


@app.command()
def doctor(
    archive: ArchiveOption = None, model: ModelOption = None, as_json: JsonOption = False
) -> None:
    """Check all that the service needs; exit 8 if something will not work."""
    from dataclasses import asdict

    from api.doctor import examine
    from api.words import word

    settings = service_settings(archive, model)
    lang = ui_lang()
    checks = [*examine(settings, "en" if as_json else lang)]
    warnings = warnings_of(settings)
    is_well = all(check.status != "fail" for check in checks)
    if as_json:
        print_json(
            {
                "ok": is_well,
                "checks": [asdict(check) for check in checks],
                "warnings": warnings,
            }
        )
    else:
        for check in checks:
            status, name = word(check.status, lang), word(check.name, lang)
            print(word("check", lang, status=status, name=name, detail=check.detail))
        for warning in warnings:
            print(f"{word('warn', lang)}  {warning}")
    raise typer.Exit(OK if is_well else MISMATCH)


@app.command()
def feedback(
    archive: ArchiveOption = None,
    forget: ForgetOption = None,
) -> None:
    """Print readers' votes on answers, one JSON object a line, oldest first."""
    store = _store(archive)
    if forget is None:
        _print_lines(store.feedback())
    else:
        _print_lines(store.forget("feedback", _told(forget)))


@app.command()
def unanswered(
    archive: ArchiveOption = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", help="Last asked from 2021-10 or 2021-10-07 on."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Last asked then or before.")
    ] = None,
    still: Annotated[
        bool, typer.Option("--still", help="Only those that the archive does not answer now.")
    ] = False,
    forget: ForgetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Report the questions that found no answer, where BULLETIN_KEEP_UNANSWERED has them kept.

    Each with how often it was asked, on which days first and last (UTC), and what it got then.
    """
    from qa.texts import say

    first, last = days_asked(since, until)
    if forget is not None:
        _print_lines(_store(archive).forget("unanswered", _told(forget)))
        return
    rows = _store(archive).unanswered(since=first, until=last)
    if still:
        rows = _still_missed(rows, archive)
    if as_json:
        _print_lines(rows)
        return
    for row in rows:
        printable = "".join(c if c.isprintable() else " " for c in row["question"])
        question = " ".join(printable.split())
        days = f"{row['first'][:10]}  {row['last'][:10]}"
        print(f"{row['times']:5}  {days}  {row['status']:9}  {question}")
    if not rows and not service_settings(archive).keep_unanswered:
        print(f"bulletin: {say('not_kept', ui_lang())}", file=sys.stderr)


def _still_missed(rows: list[dict[str, Any]], archive: Path | None) -> list[dict[str, Any]]:
    """Return the questions that find no answer in the archive as it is, with what they get now."""
    from api.service import open_chat
    from qa.native import MISSED

    settings = service_settings(archive).base
    found = []
    with opened(settings) as kept:
        chat = open_chat(kept, settings)
        for row in progress_bar(rows, "asking"):
            status = chat.reply(row["question"]).status
            found += [row | {"status": status}] if status in MISSED else []
    return found


def _told(forget: str) -> str:
    return forget if forget.strip() else usage("--forget is empty, which is in all of them")


def _store(archive: Path | None) -> Any:  # noqa: ANN401  # its import is the command's
    from api.store import Store

    return Store(service_settings(archive).store_file)


def _print_lines(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
