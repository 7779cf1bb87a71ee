"""Every sentence a reader may see from us, in Chinese and English. Quotes are never here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.query import Lang

_TEXTS: dict[str, dict[Lang, str]] = {
    "not_found": {
        "zh": "刊物中没有找到这个问题的答案。",
        "en": "The bulletin does not say.",
    },
    "mentioned": {
        "zh": "刊物提到“{term}”，但没有解释它是什么。",
        "en": "The bulletin names “{term}” but does not explain it.",
    },
    "differ": {"zh": "各期说法不同：", "en": "Issues differ:"},
    "of_issue": {"zh": "{issue}：", "en": "{issue}: "},
    "empty_archive": {
        "zh": "档案中还没有任何一期刊物。",
        "en": "There is no issue in the archive yet.",
    },
    "sources": {"zh": "来源", "en": "Sources"},
    "closest": {"zh": "最接近的段落", "en": "Closest passages"},
    "no_headline": {"zh": "（无标题）", "en": "(no headline)"},
    "page": {"zh": "第{page}页", "en": "p. {page}"},
    "sample": {
        "zh": "还没有档案，以下用随软件附带的样刊回答。用 bulletin add 文件 建立自己的档案。",
        "en": "No archive yet: working on the sample issue that is shipped. Start your own with: bulletin add FILE",
    },
}


def say(key: str, lang: Lang, **facts: str) -> str:
    """Return a sentence in the reader's language, the facts filled in.

    >>> say("not_found", "en")
    'The bulletin does not say.'
    """
    return _TEXTS[key][lang].format(**facts)
