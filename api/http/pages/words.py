"""The words around what is printed, on pages, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.query import Lang

_WORDS: Mapping[str, tuple[str, str]] = {
    # key: (Chinese, English)
    "service": ("刊物问答", "Ask the bulletin"),
    "skip": ("跳到正文", "Skip to the content"),
    "menu": ("主导航", "Main"),
    "ask": ("提问", "Ask"),
    "issues": ("各期", "Issues"),
    "api": ("接口", "API"),
    "other_lang": ("English", "中文"),
    "foot": (
        "回答都是刊物上印着的原话，附出处；找不到就说没有。",
        "Answers are the printed words themselves, with their sources; or it says that there is none.",
    ),
    "sample": (
        "还没有建立档案：以下内容来自随软件附带的样刊。",
        "There is no archive yet: this is the sample issue that comes with the software.",
    ),
    # the page to ask
    "lead": ("想知道什么？", "What would you like to know?"),
    "covers": ("收有{issues}期，共{passages}段。", "{issues} issues, {passages} paragraphs."),
    "covers_one": ("收有1期，共{passages}段。", "One issue, {passages} paragraphs."),
    "latest": ("最新一期：{issue}", "The latest: {issue}"),
    "covers_none": ("还没有任何一期刊物。", "There is no issue yet."),
    "question": ("问题", "Question"),
    "question_next": ("接着问", "Ask on"),
    "hint": ("用中文或英文提问", "In Chinese or English"),
    "send": ("提问", "Ask"),
    "stop": ("停止", "Stop"),
    "anew": ("重新开始", "Start anew"),
    "suggestions": ("可以这样问", "For example"),
    "follow_ups": ("还可以问", "Ask next"),
    "too_long": (
        "问题太长：最多{limit}个字。",
        "The question is too long: {limit} characters at most.",
    ),
    "dropped": (
        "较早的{n}个问题已不再显示。",
        "Earlier questions ({n}) are no longer shown.",
    ),
    "asked": ("问：", "Question: "),
    "read_as": ("按此理解：", "Read as: "),
    "carried": ("承接上文：", "Taken from before: "),
    "answered": ("刊物原话", "As printed"),
    "partial": ("只提到，没有解释", "Named, not explained"),
    "no_answer": ("没有找到", "Not found"),
    "chat": ("说明", "About"),
    "sources": ("来源", "Sources"),
    "source": ("来源", "Source"),
    "no_headline": ("（无标题）", "(no headline)"),
    "closest": ("最接近的段落", "Closest passages"),
    "closest_note": (
        "以下段落与问题相近，但不是回答的来源。",
        "These are near to the question; they are not sources of an answer.",
    ),
    "conflicts": ("各期说法不同", "Issues differ"),
    "issue": ("期", "Issue"),
    "value": ("说法", "It says"),
    "searching": ("正在查找…", "Searching…"),
    "stopped": ("已停止。", "Stopped."),
    "failed": (
        "没有连上服务。请检查网络后再试。",
        "The service could not be reached. Check the network and try again.",
    ),
    "retry": ("再试一次", "Try again"),
    "n_sources": ("来源数：{n}。", "Sources: {n}."),
    # issues and articles
    "issues_title": ("各期刊物", "Issues"),
    "no_issues": ("档案中还没有任何一期。", "There is no issue in the archive yet."),
    "years": ("年份", "Years"),
    "undated": ("无日期", "Undated"),
    "own_day": ("文中日期：", "Date in the article: "),
    "no_number": ("第{n}期", "No. {n}"),
    "n_articles": ("{n}篇", "{n} articles"),
    "n_article": ("1篇", "1 article"),
    "contents": ("本期目录", "Contents"),
    "section": ("版面：{section}", "Page: {section}"),
    "news": ("报道", "News"),
    "photo": ("图片说明", "Photo caption"),
    "notice": ("公告", "Notice"),
    "printed_in": ("刊于", "Printed in"),
    "issue_of": ("{issue}期", "Issue {issue}"),
    "marked": ("已标出所引的文字。", "The cited words are marked."),
    "unmark": ("去掉标记", "Remove the marks"),
    "paragraph": ("第{n}段的链接", "Link to paragraph {n}"),
    "table": ("表格", "Table"),
    "previous": ("上一篇", "Previous"),
    "next": ("下一篇", "Next"),
    "back_to_issue": ("本期目录", "Contents of the issue"),
    "neighbours": ("前后各篇", "Articles beside it"),
    "where": ("位置", "Where you are"),
    # problems
    "problem_about": ("错误代码", "Error code"),
    "problem_status": ("HTTP 状态码", "HTTP status"),
    "problem_do": ("怎么办", "What to do"),
    "problem_all": ("所有错误代码", "All error codes"),
    "problem_lead": (
        "接口出错时，回答里的 type 指向这里。",
        "Where the API answers with an error, its type points here.",
    ),
    "request_id": ("请求编号", "Request id"),
    "home": ("回到提问页", "To the page to ask from"),
    # the API's reference
    "docs_lead": (
        "一切都可以通过接口得到。以下由 OpenAPI 文档生成。",
        "All of it can be had over HTTP. This page is made from the OpenAPI document.",
    ),
    "docs_parameters": ("参数", "Parameters"),
    "docs_fields": ("请求体字段", "Fields of the body"),
    "docs_replies": ("回答", "Replies"),
    "docs_example": ("例子", "Example"),
    "docs_required": ("必填", "required"),
    "docs_schema": ("OpenAPI 文档", "OpenAPI document"),
    "docs_routes": ("路径", "Routes"),
}

_MONTHS = "January February March April May June July August September October November December"

_HELP: Mapping[str, tuple[str, str]] = {
    "invalid_json": (
        "请求体必须是 UTF-8 编码的 JSON 对象。检查引号、逗号和编码。",
        "The body must be a JSON object in UTF-8. Check quotes, commas and encoding.",
    ),
    "invalid_request": (
        "请求与接口说明不符。对照接口说明检查路径、参数和请求体；错误的 detail 指出哪里不对。",
        "The request is not as the reference says. Check path, parameters and body; `detail` says what is wrong.",
    ),
    "unsupported_parameter": (
        "去掉 param 所指的参数，或改成所支持的值。",
        "Leave out the parameter that `param` names, or give it a value that is supported.",
    ),
    "unsupported_content": (
        "消息里只能有文字；去掉图片、声音和文件。",
        "Messages may hold text only; leave out images, sound and files.",
    ),
    "missing_api_key": (
        "这项服务要求密钥。在请求头里加上 Authorization: Bearer 和密钥；密钥向服务的管理者索取。",
        "This service asks for a key. Send it in the header Authorization: Bearer …; its operator hands keys out.",
    ),
    "invalid_api_key": (
        "密钥有误或已停用。检查是否抄全，或向管理者要一个新的。",
        "The key is mistyped or no longer in use. Check that it is complete, or ask the operator for a new one.",
    ),
    "origin_not_allowed": (
        "服务只接受名单上的网站。请管理者把网站的地址加入名单。",
        "Only listed websites may use the service. Ask its operator to list the address of yours.",
    ),
    "forbidden": (
        "所用的密钥没有这项权限。换用有权限的密钥。",
        "The key may not do this. Use one that may.",
    ),
    "not_found": (
        "检查地址。刊物若已从档案中移除或改了编号，旧的地址就失效了；可从各期目录找起。",
        "Check the address. Where an issue was removed or renamed, old addresses no longer work; start from the list of issues.",
    ),
    "model_not_found": (
        "用 GET /v1/models 查看有哪些模型。",
        "See GET /v1/models for the models that there are.",
    ),
    "method_not_allowed": (
        "回答的 Allow 头列出可用的方法。",
        "The header Allow of the reply lists the methods that may be used.",
    ),
    "request_timeout": (
        "请求体没有在时限内传完。检查网络后再发一次。",
        "The body did not arrive in time. Check the network and send the request again.",
    ),
    "idempotency_conflict": (
        "每个新的请求用一个新的 Idempotency-Key；只有重发同一个请求时才用旧的。",
        "Use a new Idempotency-Key for each new request, and an old one only to send the very same request again.",
    ),
    "body_too_large": (
        "缩短问题或此前的对话再发。",
        "Shorten the question or what was said before it, and send it again.",
    ),
    "unsupported_media_type": (
        "加上请求头 Content-Type: application/json。",
        "Send the header Content-Type: application/json.",
    ),
    "validation_failed": (
        "errors 逐项列出有误的字段（JSON Pointer）和原因。改正后再发。",
        "`errors` lists each field at fault (a JSON Pointer) with the reason. Mend these and send it again.",
    ),
    "headers_too_large": (
        "缩短地址和头部（例如 Cookie），或把长的问题放进 POST 的请求体。",
        "Shorten the address and the headers (cookies, for one), or send a long question in the body of a POST.",
    ),
    "rate_limited": (
        "等到 Retry-After 头所说的秒数之后再发，并放慢速度。",
        "Wait for as many seconds as the header Retry-After says, and send less often.",
    ),
    "internal": (
        "这是软件的错误，已记入日志。报告时请附上请求编号。",
        "This is a bug, and it was logged. Give the request id when you report it.",
    ),
    "index_not_ready": (
        "服务刚启动，或档案暂时不能用。稍后再试；若一直如此，管理者可查看日志，或在本机查看 /readyz。",
        "The service has just started, or the archive cannot be used for now. Try again soon; where it lasts, its operator finds the reason in the log, or at /readyz on the machine itself.",
    ),
    "engine_unavailable": (
        "检索引擎恢复后即可再问，服务不必重启。若一直如此，管理者可查看日志，再用 bulletin doctor 检查。",
        "Ask again once the engine is back; the service need not be started anew. Where it lasts, its operator finds the reason in the log, and by bulletin doctor.",
    ),
    "overloaded": (
        "等到 Retry-After 头所说的秒数之后再发。",
        "Wait for as many seconds as the header Retry-After says, then send it again.",
    ),
    "not_stored": (
        "保存评价的文件写不进去，多半是磁盘已满或只读；再发也没有用。管理者可查看日志，再用 bulletin doctor 检查。",
        "The file that votes are kept in cannot be written, mostly as the disk is full or may only be read; to send it again does not help. Its operator finds the reason in the log, and by bulletin doctor.",
    ),
    "timeout": (
        "再试一次，或把问题缩短。若一直如此，请告诉管理者。",
        "Try again, or shorten the question. Where it lasts, tell the operator.",
    ),
}


def word(key: str, lang: Lang, **facts: object) -> str:
    """Return a word or sentence of a page, the facts filled in.

    >>> word("n_articles", "zh", n=3)
    '3篇'
    """
    return _WORDS[key][lang == "en"].format(**facts)


def month_name(month: int, lang: Lang) -> str:
    """Return a month's name.

    >>> month_name(5, "en"), month_name(5, "zh")
    ('May', '5月')
    """
    return f"{month}月" if lang == "zh" else _MONTHS.split()[month - 1]


def problem_help(code: str, lang: Lang) -> str:
    """Return what to do about an error, by its code; empty where there is no advice."""
    return _HELP.get(code, ("", ""))[lang == "en"]


SCRIPT_WORDS = (
    *("asked", "read_as", "carried", "answered", "partial", "no_answer", "chat", "sources"),
    *("source", "n_sources", "no_headline", "closest", "closest_note", "conflicts", "issue"),
    *("value", "searching", "stopped", "failed", "retry", "follow_ups", "question_next"),
    *("send", "stop", "own_day", "no_number"),
)
"""The words that the script needs."""
