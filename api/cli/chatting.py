"""`bulletin chat`: questions one after another, each read with those before it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from api.cli.common import (
    OK,
    ArchiveOption,
    ColorOption,
    LangOption,
    LimitOption,
    ModelOption,
    app,
    err_to,
    lang_from,
    opened,
    out_to,
    shared_lang,
    ui_lang,
)
from api.settings import settings_from

if TYPE_CHECKING:
    from api.terminal import Terminal
    from corpus.archive import Archive
    from qa.chat import Chat, Turn
    from qa.native import Answer
    from qa.query import Lang

_MAX_TURNS = 40  # questions and answers that are kept
_PROMPT = "> "


@app.command()
def chat(
    archive: ArchiveOption = None,
    model: ModelOption = None,
    limit: LimitOption = 5,
    lang: LangOption = None,
    color: ColorOption = "auto",
) -> None:
    """Ask one question after another, from the keyboard or a pipe, one a line.

    /source 1 shows the passage of a citation, /clear forgets the questions before, /quit leaves,
    as does Ctrl-D (exit 0); Ctrl-C exits with 130.
    """
    from api.service import open_chat

    told = lang_from(lang)
    settings = settings_from(archive=archive, model=model)
    out, err = out_to(color), err_to(color)
    with opened(settings) as kept:
        talk = _Talk(
            open_chat(kept, settings),
            kept,
            limit=limit,
            lang=told,
            out=out,
            err=err,
        )
        for line in _lines(err):
            if line is None:
                talk.complain("chat_not_text")
            elif not talk.hear(line.strip()):
                break
    raise typer.Exit(OK)


class _Talk:
    """One conversation: what was said, and the answer that /source shows more of."""

    def __init__(
        self,
        chat: Chat,
        archive: Archive,
        *,
        limit: int,
        lang: Lang | None,
        out: Terminal,
        err: Terminal,
    ) -> None:
        self._chat = chat
        self._archive = archive
        self._limit = limit
        self._lang = lang
        self._out = out
        self._err = err
        self._turns: list[Turn] = []
        self._last: Answer | None = None

    def hear(self, line: str) -> bool:
        """Act on a line; return False where it ends the conversation."""
        from qa.query import MAX_CHARS

        if line.startswith("/"):
            return self._obey(*(line.split(maxsplit=1)))
        if len(line) > MAX_CHARS:
            self.complain("chat_too_long", n=str(len(line)), most=str(MAX_CHARS))
        elif line:
            self._answer(line)
        return True

    def complain(self, key: str, **facts: str) -> None:
        """Say on stderr what is wrong with a line."""
        from qa.texts import say

        self._err.line(say(key, self._words(), **facts))

    def _words(self) -> Lang:
        return self._lang or (self._last.lang if self._last else ui_lang())

    def _answer(self, question: str) -> None:
        from api.terminal import show_answer
        from qa.chat import Turn

        lang = self._lang or (None if self._turns else shared_lang(question))
        answer = self._chat.reply(question, history=self._turns, limit=self._limit, lang=lang)
        show_answer(answer, self._out, self._err)
        self._out.line()
        self._out.stream.flush()
        self._turns += [Turn("user", question), Turn("assistant", answer.text)]
        del self._turns[:-_MAX_TURNS]
        self._last = answer if answer.citations or self._last is None else self._last

    def _obey(self, command: str, told: str = "") -> bool:
        from qa.texts import say

        if command in ("/quit", "/exit", "/q"):
            return False
        if command == "/source":
            self._show_source(told)
        elif command == "/clear":
            self._turns.clear()
            self._err.line(say("chat_cleared", self._words()))
        elif command in ("/help", "/?"):
            self._err.line(say("chat_help", self._words()))
        else:
            self.complain("chat_unknown", command=command)
        return True

    def _show_source(self, told: str) -> None:
        from api.terminal import show_source

        n = int(told) if told.isascii() and told.isdigit() else 1 if not told else 0
        if not self._last or not 1 <= n <= len(self._last.citations):
            self.complain("chat_no_source", n=told or "1")
            return
        found = self._archive.places([self._last.citations[n - 1].location.passage_id])
        show_source(self._last, n, found[0], self._out)
        self._out.line()


def _lines(err: Terminal) -> Iterator[str | None]:
    """Yield what is typed, or piped in; None for a line that is no text."""
    if sys.stdin is None:
        return
    if not sys.stdin.isatty():
        for n, raw in enumerate(sys.stdin.buffer):
            try:
                yield raw.decode("utf-8").removeprefix("\ufeff" if n == 0 else "")
            except UnicodeDecodeError:
                yield None
        return
    from qa.texts import say

    with suppress(ImportError):
        import readline  # noqa: F401  # gives the prompt its history and its editing keys
    err.dim(say("chat_intro", ui_lang()))
    while True:
        try:
            line = input(_PROMPT)
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            raise
        yield None if any("\ud800" <= char <= "\udfff" for char in line) else line
