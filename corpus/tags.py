"""A web page cut to the tags that are read, and refused where it would take too long.

A tree of tags is built in time that grows with the square of how deep they nest and of how many
attributes one has, and unclosed formatting is copied into every paragraph after it. So the page
is first written anew: no scripts, styles or comments, no tags that only set type, few attributes.
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


MAX_BYTES = 16 * 2**20
_DEEPEST = 512  # elements open at one time
_MOST_TAGS = 100_000
_LONGEST = 20_000  # characters of a tag, pictures inside it left out
_PICTURE = re.compile(r"data:[\w/+.-]{1,80};base64,[A-Za-z0-9+/=%]*+")
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*+)(?P<given>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
)
_VALUE = r"\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)"
_KEPT = (
    "class|id|style|hidden|aria-hidden|name|property|itemprop|content|datetime|rel|href|alt|type"
)
_ATTRIBUTE = re.compile(rf"(?<![^\s\"'/])({_KEPT})(?:{_VALUE})?(?=[\s/>\"']|$)", re.IGNORECASE)
_SETS_TYPE = words(
    "abbr b bdi bdo big cite code del dfn em font i ins kbd mark nobr q s samp small strike "
    "strong sub sup tt u var wbr marquee applet object embed param template svg math select "
    "option optgroup button label canvas map area noembed noframes frameset frame input form "
    "fieldset legend datalist output progress meter plaintext"
)  # what stays of these is what stands inside them
_LOOKS = words("b strong font")  # kept as spans, which cost nothing, for how they set headlines
_MOST_LOOKS = 16  # of them open at one time
_FONT_SIZE = re.compile(r"\bsize\s*=\s*[\"']?\s*\+?([1-7])\b", re.IGNORECASE)
_POINTS = (7.5, 10.0, 12.0, 13.5, 18.0, 24.0, 36.0)  # of the sizes 1 to 7
_OPAQUE = words(
    "script style textarea iframe xmp noscript svg math select template button noframes"
)
_ENDS = {name: re.compile(rf"</{name}[^>]*+>", re.IGNORECASE | re.ASCII) for name in _OPAQUE}
_OPENS = re.compile(r"<[!?/a-zA-Z]")
_VOID = words("area base br col embed hr img input link meta param source track wbr")
_SELF_CLOSING = words("a p li td th tr dd dt thead tbody tfoot html head body rp rt")


class TagsError(Exception):
    """A page would take too long to read; the message says why."""


def cut(page: str, *, looks: bool = True) -> str:
    """Return a page with only the tags and attributes that are read.

    Args:
        page: The page.
        looks: Whether what sets type stays, as spans.

    Raises:
        TagsError: If it nests too deep, or is no page.
    """
    page = _PICTURE.sub("", page)
    kept: list[str] = []
    open_tags: dict[str, int] = {}
    given: list[str] = []
    depth = place = 0
    while (start := page.find("<", place)) >= 0:
        kept.append(page[place:start].replace(">", "&gt;"))
        match = _TAG.match(page, start, min(len(page), start + _LONGEST))
        if match is None:
            place, is_text = _past(page, start)
            kept.append("&lt;" if is_text else "")
        else:
            place, name = match.end(), match["name"].lower()
            if name in _OPAQUE and not match["close"]:
                place = _behind(page, match, name)
                inside = page[match.end() : place]
                kept.append(_json_ld(inside, match["given"]) if name == "script" else "")
            elif looks and name in _LOOKS:
                kept.append(_span(match, name, given))
            elif name not in _SETS_TYPE:
                kept.append(_tag(match, name))
                depth += _change(open_tags, name, closes=bool(match["close"]))
        _check(depth, len(kept) // 2)
    kept.append(page[place:].replace(">", "&gt;"))
    return "".join(kept)


def _check(depth: int, n_tags: int) -> None:
    if depth > _DEEPEST:
        raise TagsError(f"nests more than {_DEEPEST} elements")
    if n_tags > _MOST_TAGS:
        raise TagsError(f"has more than {_MOST_TAGS} tags")


def _change(open_tags: dict[str, int], name: str, *, closes: bool) -> int:
    """Count a tag as opened or closed; return by how much that changes the depth."""
    n_open = open_tags.get(name, 0)
    if name in _VOID or name in _SELF_CLOSING or (closes and not n_open):
        return 0
    open_tags[name] = n_open + (-1 if closes else 1)
    return -1 if closes else 1


def _past(page: str, start: int) -> tuple[int, bool]:
    """Return where to go on behind a `<` that opens no tag, and whether it is text."""
    if page.startswith("<!--", start):
        end, length = page.find("-->", start + 4), 3
    elif _OPENS.match(page, start):
        end, length = page.find(">", start), 1
    else:
        return start + 1, True
    return (len(page) if end < 0 else end + length), False


def _behind(page: str, opening: re.Match[str], name: str) -> int:
    """Return where an opaque element ends; one that never does reaches to the end."""
    if opening["given"].endswith("/") and name in ("svg", "math"):
        return opening.end()
    found = _ENDS[name].search(page, opening.end())
    return found.end() if found else len(page)


def _json_ld(inside: str, given: str) -> str:
    """Return a script that only tells of the page, its brackets made harmless; else nothing."""
    if "ld+json" not in given or len(inside) > _LONGEST:
        return ""
    told = inside.rpartition("<")[0].replace("<", " ").replace(">", " ")
    return f'<script type="application/ld+json">{told}</script>'


def _span(match: re.Match[str], name: str, given: list[str]) -> str:
    """Return the span in place of a tag that sets type, given those of the open ones."""
    if match["close"]:
        return "</span>" if given and given.pop() else ""
    size = _FONT_SIZE.search(match["given"]) if name == "font" else None
    style = f"font-size:{_POINTS[int(size[1]) - 1]}pt" if size else ""
    style = style if name == "font" else "font-weight:bold"
    span = f'<span style="{style}">' if style and len(given) < _MOST_LOOKS else ""
    given.append(span)
    return span


def _tag(match: re.Match[str], name: str) -> str:
    if match["close"]:
        return f"</{name}>"
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(match["given"]):
        value = (attribute[2] or "").strip("\"'").replace('"', "&quot;")
        found.setdefault(attribute[1].lower(), value)
    given = "".join(f' {key}="{value}"' for key, value in found.items())
    return f"<{name}{given}>"
