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
    "issue_number": {"zh": "第{number}期", "en": "no. {number}"},
    "no_headline": {"zh": "（无标题）", "en": "(no headline)"},
    "sample": {
        "zh": "还没有档案，以下用随软件附带的样刊回答。用 bulletin add 文件 建立自己的档案。",
        "en": "No archive yet: working on the sample issue that is shipped. Start your own with: bulletin add FILE",
    },
    # what OpenAI's clients are told
    "conversation": {"zh": "刊物问答", "en": "Bulletin questions"},
    "tag": {"zh": "刊物", "en": "bulletin"},
    "no_question": {
        "zh": "messages 中没有用户的问题。",
        "en": "There is no question of the user in messages.",
    },
    "question_too_long": {
        "zh": "问题有 {n} 个字符，最多 {max} 个。",
        "en": "The question has {n} characters, expected at most {max}.",
    },
    "only_one_choice": {"zh": "n 只能是 1。", "en": "n can only be 1."},
    "only_text": {"zh": "答案只能是文字。", "en": "An answer can only be text."},
    "task_refused": {
        "zh": "本服务只回答读者的问题。",
        "en": "This service answers questions of readers only.",
    },
    # what the service says when it cannot answer, and the title of that
    "problem_invalid_json": {"zh": "请求体不是 JSON。", "en": "The body is not JSON."},
    "problem_title_invalid_json": {"zh": "请求不是有效的 JSON", "en": "Not JSON"},
    "problem_invalid_request": {"zh": "请求无法理解。", "en": "The request cannot be understood."},
    "problem_title_invalid_request": {"zh": "请求有误", "en": "Bad request"},
    "problem_unsupported_parameter": {
        "zh": "不支持这个参数。",
        "en": "This parameter is not supported.",
    },
    "problem_title_unsupported_parameter": {"zh": "参数不支持", "en": "Unsupported parameter"},
    "problem_unsupported_content": {
        "zh": "只接受文字内容。",
        "en": "Only text content is accepted.",
    },
    "problem_title_unsupported_content": {"zh": "内容不支持", "en": "Unsupported content"},
    "problem_missing_api_key": {"zh": "请提供 API 密钥。", "en": "Give an API key."},
    "problem_title_missing_api_key": {"zh": "缺少密钥", "en": "Missing key"},
    "problem_invalid_api_key": {"zh": "API 密钥无效。", "en": "The API key is not known."},
    "problem_title_invalid_api_key": {"zh": "密钥无效", "en": "Invalid key"},
    "problem_origin_not_allowed": {
        "zh": "此网站未获准使用本服务。",
        "en": "This website may not use the service.",
    },
    "problem_title_origin_not_allowed": {"zh": "来源未获准", "en": "Origin not allowed"},
    "problem_forbidden": {"zh": "无权进行此操作。", "en": "This is not allowed."},
    "problem_title_forbidden": {"zh": "无权访问", "en": "Forbidden"},
    "problem_not_found": {"zh": "没有这项内容。", "en": "There is no such thing."},
    "problem_title_not_found": {"zh": "未找到", "en": "Not found"},
    "problem_model_not_found": {"zh": "没有这个模型。", "en": "There is no such model."},
    "problem_title_model_not_found": {"zh": "没有这个模型", "en": "Model not found"},
    "problem_method_not_allowed": {
        "zh": "此地址不接受这种请求方法。",
        "en": "This address does not take that method.",
    },
    "problem_title_method_not_allowed": {"zh": "方法不允许", "en": "Method not allowed"},
    "problem_idempotency_conflict": {
        "zh": "同一个 Idempotency-Key 已用于另一个请求。",
        "en": "This Idempotency-Key was used for another request.",
    },
    "problem_title_idempotency_conflict": {"zh": "幂等键冲突", "en": "Idempotency conflict"},
    "problem_body_too_large": {"zh": "请求体过大。", "en": "The body is too large."},
    "problem_title_body_too_large": {"zh": "请求体过大", "en": "Body too large"},
    "problem_unsupported_media_type": {
        "zh": "请求体应为 application/json。",
        "en": "The body must be application/json.",
    },
    "problem_title_unsupported_media_type": {
        "zh": "媒体类型不支持",
        "en": "Unsupported media type",
    },
    "problem_validation_failed": {
        "zh": "有字段不符合要求。",
        "en": "A field is not as it should be.",
    },
    "problem_title_validation_failed": {"zh": "字段有误", "en": "Invalid fields"},
    "problem_rate_limited": {
        "zh": "请在 {seconds} 秒后再试。",
        "en": "Try again in {seconds} seconds.",
    },
    "problem_title_rate_limited": {"zh": "请求过于频繁", "en": "Too many requests"},
    "problem_internal": {
        "zh": "服务内部出错，已记录。",
        "en": "Something went wrong here; it was logged.",
    },
    "problem_title_internal": {"zh": "内部错误", "en": "Internal error"},
    "problem_index_not_ready": {
        "zh": "档案正在打开，请在 {seconds} 秒后再试。",
        "en": "The archive is being opened; try again in {seconds} seconds.",
    },
    "problem_title_index_not_ready": {"zh": "尚未就绪", "en": "Not ready"},
    "problem_overloaded": {
        "zh": "提问的人太多，请在 {seconds} 秒后再试。",
        "en": "Too many questions at once; try again in {seconds} seconds.",
    },
    "problem_title_overloaded": {"zh": "服务繁忙", "en": "Overloaded"},
    "problem_timeout": {"zh": "处理超时。", "en": "It took too long."},
    "problem_title_timeout": {"zh": "超时", "en": "Timed out"},
}


def say(key: str, lang: Lang, **facts: str) -> str:
    """Return a sentence in the reader's language, the facts filled in.

    >>> say("not_found", "en")
    'The bulletin does not say.'
    """
    return _TEXTS[key][lang].format(**facts)
