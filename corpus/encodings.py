"""Bytes of a text to the encoding that decodes them."""

from __future__ import annotations

import codecs
import re

from corpus.text import HAN

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f]")
"""A control character, which stands for nothing that is printed."""

_MARKS = (  # those of UTF-32 are none that bulletins come in
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = {"gb18030": "gb2312", "big5hkscs": "big5"}  # the common characters of each
_STRAY = re.compile("[\udc80-\udcff]+")
_FEW, _IN_SO_MANY = 3, 100  # control characters that a text may have
_FEWEST = 50  # Chinese characters by which a text is told to be in Traditional ones
_SAMPLE = 200_000  # bytes that tell whether a guess holds


def encoding_of(data: bytes, *, declared: str | None = None) -> str | None:
    """Return what decodes the bytes as text, None where nothing that is known does.

    A byte order mark tells, then zero bytes beside common characters, as of UTF-16, then bytes
    that are UTF-8, which hardly anything else is by chance, then what the file declares of itself,
    then GB18030 and Big5 where most of what they give is common characters.

    Args:
        data: The bytes.
        declared: The name of the encoding that the file gives, None where it gives none.

    >>> encoding_of("春风".encode("gbk")), encoding_of("春風".encode("big5"), declared="Big5")
    ('gb18030', 'big5hkscs')
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if marked:
        return marked if _decodes(data, marked) else None
    if wide := _without_mark(data):
        return wide
    if _decodes(data, "utf-8"):
        return "utf-8"
    named = known(declared)
    if named in _COMMON and _decodes(data, named) and is_likely(data.decode(named), named):
        return named
    likely = (
        name for name in _COMMON if _decodes(data, name) and is_likely(data.decode(name), name)
    )
    return next(likely, None) or ("gb18030" if _is_traditional(data) else None)


def _without_mark(data: bytes) -> str | None:
    """Return what decodes UTF-16 that has no mark: its line ends and spaces hold zero bytes."""
    if b"\0" not in data[:_SAMPLE] or len(data) % 2:
        return None
    wide = (name for name in ("utf-16-le", "utf-16-be") if _decodes(data, name))
    return next((name for name in wide if _is_common(data.decode(name))), None)


def _is_common(text: str) -> bool:
    """Tell whether nearly all of a text is ASCII or common characters, some of them Chinese."""
    chars = text[:_SAMPLE]
    common = sum(char.isascii() or _is_in(char, "gb2312") or _is_in(char, "big5") for char in chars)
    return bool(HAN.search(chars)) and common >= 0.97 * len(chars) and not is_binary(text)


def _is_traditional(data: bytes) -> bool:
    """Tell whether bytes are GB18030 of Traditional characters, nearly all of them common."""
    if not _decodes(data, "gb18030"):
        return False
    text = data.decode("gb18030")
    han = HAN.findall(text[:_SAMPLE])
    common = sum(_is_in(char, "gb2312") or _is_in(char, "big5") for char in han)
    return len(han) >= _FEWEST and common >= 0.97 * len(han) and not is_binary(text)


def known(name: str | None) -> str | None:
    """Return Python's name of an encoding as files name it, None if it is none that is read.

    A file that says GB2312 is read as GB18030, which holds all of it and what such files have.

    >>> known("GB2312"), known("Big5"), known("utf8"), known("klingon")
    ('gb18030', 'big5hkscs', 'utf-8', None)
    """
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    if found.startswith(("gb", "hz")):
        return "gb18030"
    return "big5hkscs" if found.startswith(("big5", "cp950")) else found


def is_likely(text: str, encoding: str) -> bool:
    """Tell whether decoded text is what was meant.

    GB18030 and Big5 decode much that is neither into rare characters; a real text of some
    length is mostly common characters.
    """
    if is_binary(text):
        return False
    han = HAN.findall(text[:_SAMPLE])
    common = sum(_is_in(char, _COMMON[encoding]) for char in han)
    private = any("\ue000" <= char <= "\uf8ff" for char in text)
    return bool(han) and common >= 0.9 * len(han) and not private


def _is_in(char: str, encoding: str) -> bool:
    try:
        code = char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return encoding != "big5" or code[0] < 0xC9  # its first plane


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def as_text(name: str) -> str:
    r"""Return the name of a file as text: what is no UTF-8 in it is read as GB18030, else as �.

    >>> as_text(b"\xb9\xab\xb1\xa8_2020-01.txt".decode("utf-8", "surrogateescape"))
    '公报_2020-01.txt'
    """

    def told(match: re.Match[str]) -> str:
        raw = match.group().encode("utf-8", "surrogateescape")
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "replace")

    return _STRAY.sub(told, name)


def is_binary(text: str) -> bool:
    """Tell whether a decoded file has more control characters than slip into a text."""
    return "\0" in text or len(CONTROL.findall(text)) > _FEW + len(text) // _IN_SO_MANY
