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
    "no_more": {
        "zh": "刊物中没有更多相关的内容了。",
        "en": "The bulletin says no more about it.",
    },
    "talk_hello": {
        "zh": "你好。我从刊物中找原话来回答问题，并注明出处。",
        "en": "Hello. I answer questions with the bulletin's own words, and say where they stand.",
    },
    "talk_thanks": {"zh": "不客气。", "en": "You are welcome."},
    "talk_bye": {"zh": "再见。", "en": "Goodbye."},
    "talk_fine": {"zh": "好的，请继续提问。", "en": "All right. Ask whatever you like to know."},
    "talk_who": {
        "zh": "我是这份刊物的问答程序，不是人，也不是语言模型：只引用刊物的原话，刊物没有说的就直说没有。",
        "en": "I am the question-answering program of this bulletin, neither a person nor a language model: I quote its own words, and say so where it does not say.",
    },
    "talk_help": {
        "zh": "我从刊物中找原话来回答问题，并注明出处；可以接着追问，中文、英文都行。我不作评论，也不回答刊物以外的事。",
        "en": "I answer questions with the bulletin's own words, and say where they stand; you can ask on, in Chinese or English. I give no opinions, and know nothing but the bulletin.",
    },
    "for_example": {"zh": "例如：", "en": "For example:"},
    "read_as": {"zh": "理解为：{question}", "en": "Read as: {question}"},
    "read_who": {"zh": "“{quote}”是谁说的？", "en": "Who said “{quote}”?"},
    "read_item": {"zh": "{question}（第{n}项）", "en": "{question} (item {n})"},
    "read_last": {"zh": "{question}（最后一项）", "en": "{question} (the last item)"},
    "read_more": {"zh": "{question}（还有什么）", "en": "{question} (what else)"},
    "chat_intro": {
        "zh": "请提问，可以接着追问。/help 看命令，/quit 结束。",
        "en": "Ask, and ask on. /help lists the commands, /quit leaves.",
    },
    "chat_help": {
        "zh": "/source N  显示第 N 条引文所在的整段\n/clear  忘掉之前的问题\n/help  显示本说明\n/quit  结束（也可按 Ctrl-D）",
        "en": "/source N  show the whole passage of citation N\n/clear  forget the questions before\n/help  show this\n/quit  leave (or Ctrl-D)",
    },
    "chat_cleared": {"zh": "之前的问题已忘掉。", "en": "The questions before are forgotten."},
    "chat_unknown": {
        "zh": "没有命令 {command}。/help 看命令。",
        "en": "There is no command {command}. /help lists them.",
    },
    "chat_no_source": {
        "zh": "上一个回答没有第 {n} 条引文。用法：/source 1",
        "en": "The last answer has no citation {n}. Use it as: /source 1",
    },
    "chat_too_long": {
        "zh": "问题有 {n} 个字符，最多 {most} 个。",
        "en": "The question has {n} characters, at most {most} are read.",
    },
    "chat_not_text": {"zh": "这一行不是 UTF-8 文本。", "en": "This line is not UTF-8 text."},
    "sources": {"zh": "来源", "en": "Sources"},
    "closest": {"zh": "最接近的段落", "en": "Closest passages"},
    "no_headline": {"zh": "（无标题）", "en": "(no headline)"},
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
