"""`bulletin widget`: what a site needs to put the widget on its pages."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from api.cli.common import JsonOption, print_json, ui_lang, usage, widget_app
from api.cli.serving import service_settings

_ADDRESS = re.compile(r"""https?://[^\s"'<>?#/]+(?:/[^\s"'<>?#]*)?""", re.IGNORECASE)


@widget_app.command()
def snippet(
    url: Annotated[
        str | None,
        typer.Option("--url", help="Where readers reach the service (else BULLETIN_PUBLIC_URL)."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="A tag that follows upgrades, without integrity.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the script tag with its integrity, and what the site's policy has to allow."""
    from urllib.parse import urlsplit

    from api.http.widget import MAJOR, integrity, pinned_version
    from api.words import word

    settings = service_settings()
    base = (url or settings.base_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    if not _ADDRESS.fullmatch(base):
        usage(f"--url is {base!r}, expected an address such as https://ask.example")
    version = MAJOR if follow else pinned_version()
    attributes = "" if follow else f' integrity="{integrity()}" crossorigin="anonymous"'
    tag = f'<script src="{base}/widget/{version}/widget.js"{attributes} defer></script>'
    origin = "://".join(urlsplit(base)[:2])
    policy = {"script-src": origin, "connect-src": origin}
    if as_json:
        print_json({"tag": tag, "integrity": None if follow else integrity(), "csp": policy})
        return
    lang = ui_lang()
    print(tag)
    print(f"\n{word('snippet_policy', lang)}")
    for directive, value in policy.items():
        print(f"  {directive} {value};")
    print(f"\n{word('snippet_origins', lang)}")
    if not follow:
        print(f"\n{word('snippet_upgrade', lang)}")


@widget_app.command("hash")
def print_hash() -> None:
    """Print the integrity of the script that is shipped."""
    from api.http.widget import integrity

    print(integrity())
