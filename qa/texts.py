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
    "no_passages": {
        "zh": "没有找到相关的段落。",
        "en": "No passages were found.",
    },
    "not_told": {
        "zh": "刊物中没有找到：{question}",
        "en": "The bulletin does not say: {question}",
    },
    "ask_alone": {
        "zh": "请单独问：{question}",
        "en": "Please ask on its own: {question}",
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
    "talk_task": {
        "zh": "我只用刊物上的原话回答问题，不写作，也不做别的事。",
        "en": "I only answer questions, in the bulletin's own words; I write nothing and do nothing else.",
    },
    "talk_help": {
        "zh": "我从刊物中找原话来回答问题，并注明出处；可以接着追问，中文、英文都行。我不作评论，也不回答刊物以外的事。",
        "en": "I answer questions with the bulletin's own words, and say where they stand; you can ask on, in Chinese or English. I give no opinions, and know nothing but the bulletin.",
    },
    "talk_unclear": {
        "zh": "请换一种说法再问。我从刊物中找原话来回答，并注明出处。",
        "en": "Put it in other words, and ask again. I answer with the bulletin's own words, and say where they stand.",
    },
    "talk_unclear_of": {
        "zh": "上面是{source}中的原话，我不另作解释；打开出处可以看前后文，也可以接着问。",
        "en": "The words above are those of {source}; I do not explain them. What stands around them is shown at the source, and you can ask on.",
    },
    "talk_doubt": {
        "zh": "我的回答都是刊物的原话，一字不改，并注明出处；刊物说得对不对，我不判断。",
        "en": "My answers are the bulletin's own words, unchanged, with the place where they stand; whether it is right I do not judge.",
    },
    "talk_doubt_of": {
        "zh": "上面是刊物的原话，一字不改，出自{source}；刊物说得对不对，我不判断。",
        "en": "The words above are the bulletin's own, unchanged, and stand in {source}; whether it is right I do not judge.",
    },
    "talk_name": {"zh": "这是《{name}》。", "en": "This is 《{name}》."},
    "talk_no_name": {
        "zh": "档案没有记下刊物的名称。",
        "en": "The archive does not tell what the bulletin is called.",
    },
    "talk_issues": {
        "zh": "档案中共有 {n} 期，从 {first} 到 {latest}。最新的几期：\n{issues}",
        "en": "There are {n} issues, from {first} to {latest}. The latest:\n{issues}",
    },
    "talk_issue": {
        "zh": "档案中只有一期：\n{issues}",
        "en": "There is one issue:\n{issues}",
    },
    "contents": {"zh": "{issue}，共 {n} 篇：", "en": "{issue}, {n} in all:"},
    "of_page": {"zh": "{issue}第 {page} 版", "en": "{issue}, page {page}"},
    "of_section": {"zh": "{issue}“{section}”版", "en": "{issue}, “{section}”"},
    "written_by": {"zh": "{name}署名的文章，共 {n} 篇：", "en": "Signed by {name}, {n} in all:"},
    "signed_by": {"zh": "《{title}》署名：{names}。原文", "en": "《{title}》 is signed by {names}"},
    "unsigned": {
        "zh": "这篇文章没有署名：",
        "en": "Nobody signed that article:",
    },
    "contents_title": {"zh": "《{title}》", "en": "《{title}》"},
    "contents_after_title": {"zh": "：", "en": ": "},
    "contents_rest": {"zh": "还有：\n{titles}", "en": "And:\n{titles}"},
    "contents_more": {"zh": "此外还有 {n} 篇。", "en": "And {n} more."},
    "item_nth": {"zh": "这是第 {n} 项。", "en": "It is number {n}."},
    "items_more": {"zh": "后面还有 {n} 项。", "en": "And {n} more items."},
    "talk_source": {"zh": "《{title}》（{issue}）", "en": "《{title}》 ({issue})"},
    "talk_source_untitled": {"zh": "{issue}的一篇文章", "en": "an article of {issue}"},
    "told_by": {"zh": "{what} {value}（{who}）", "en": "{what} {value} (from {who})"},
    "told_id": {"zh": "编号", "en": "id"},
    "told_date": {"zh": "日期", "en": "date"},
    "told_title": {"zh": "标题", "en": "title"},
    "told_publication": {"zh": "刊名", "en": "publication"},
    "from_option": {"zh": "选项", "en": "an option"},
    "from_sidecar": {"zh": "issue.toml", "en": "issue.toml"},
    "from_file": {"zh": "文件自身", "en": "the file itself"},
    "from_masthead": {"zh": "报头", "en": "the masthead"},
    "from_file_name": {"zh": "文件名", "en": "the file name"},
    "from_paper": {
        "zh": "日期与刊名，因为另一种报刊已有这个期号",
        "en": "the day and the paper's name, for another paper has the id without it",
    },
    "report_coverage": {
        "zh": "{issue}：{n} 个字符中，{share}% 归入了文章",
        "en": "{issue}: of {n} characters, {share} % are in articles",
    },
    "report_kept": {
        "zh": "网页的正文文字中，保留了 {share}%",
        "en": "of the page's running text {share} % were kept",
    },
    "report_little_kept": {
        "zh": "注意：网页的正文文字只保留了 {share}%，可能缺了文章",
        "en": "warning: of the page's running text only {share} % were kept;"
        " articles may be missing",
    },
    "page_skipped": {
        "zh": "注意：{page} 中没有文字，已略过",
        "en": "warning: {page} holds no text and was skipped",
    },
    "report_bare": {
        "zh": "没有文字的页（空白页或扫描页）：{pages}",
        "en": "pages that hold no text, empty or scanned: {pages}",
    },
    "report_nothing": {"zh": "没有可疑之处。", "en": "Nothing is doubtful."},
    "report_ignored": {
        "zh": "有一条更正与原文不符，没有执行：{problem}",
        "en": "A correction does not fit and was not followed: {problem}",
    },
    "report_line": {"zh": "第 {number} 行", "en": "line {number}"},
    "report_page": {"zh": "第 {page} 页{place}", "en": "page {page}, {place}"},
    "report_at": {"zh": "{place}：{told}", "en": "{place}: {told}"},
    "report_outside": {
        "zh": "不在任何文章中（{detail}）；若是正文：",
        "en": "in no article ({detail}); if it is text:",
    },
    "outside_furniture": {"zh": "看作报头、页码之类", "en": "taken for page matter"},
    "outside_reference": {"zh": "转版说明", "en": "a reference to another page"},
    "outside_byline": {"zh": "署名", "en": "a byline"},
    "outside_unknown": {"zh": "原因不明", "en": "it is not known why"},
    "report_headline": {
        "zh": "{where} 的标题不太确定（{detail}）；若不是标题：",
        "en": "the headline of {where} is doubtful ({detail}); if it is none:",
    },
    "report_no_headline": {
        "zh": "{where} 没有找到标题（{detail}）；若这一行就是标题：",
        "en": "{where} has no headline ({detail}); if this line is it:",
    },
    "report_fragment": {
        "zh": "{where} 只是几行短句，不像文章（{detail}）；若不是正文：",
        "en": "{where} is short lines with no article ({detail}); if they are no text:",
    },
    "report_join": {
        "zh": "{where} 可能把两段并成了一段；若这一行另起一段：",
        "en": "{where} may be two paragraphs; if one begins here:",
    },
    "report_break": {
        "zh": "{where} 之前可能不该分段；若这一行接着上文：",
        "en": "{where} may belong to the paragraph before; if this line goes on with it:",
    },
    "report_open": {
        "zh": "{where} 的括号或引号不成对",
        "en": "a bracket or quotation mark of {where} has no other half",
    },
    "report_character": {"zh": "异常字符 {detail}", "en": "an odd character, {detail}"},
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
    "issue_number": {"zh": "第{number}期", "en": "no. {number}"},
    "no_headline": {"zh": "（无标题）", "en": "(no headline)"},
    "page": {"zh": "第{page}页", "en": "p. {page}"},
    "own_day": {"zh": "文中日期：{day}", "en": "date in the article: {day}"},
    "sample": {
        "zh": "还没有档案，以下用随软件附带的样刊回答。用 bulletin add 文件 建立自己的档案。",
        "en": "No archive yet: working on the sample issue that is shipped. Start your own with: bulletin add FILE",
    },
    "add_stopped": {
        "zh": "已停止：{total} 个文件中处理了 {n} 个，都已保存；再次运行同一命令会接着处理其余文件。",
        "en": "Stopped: {n} of {total} are done and kept; the same command goes on with the rest.",
    },
    "watching": {
        "zh": "正在监视：新增或改动的文件会自动加入。按 Ctrl-C 结束。",
        "en": "Watching: files that come or change are added. Ctrl-C ends it.",
    },
    "watch_ended": {
        "zh": "已停止监视；已加入的都已保存。",
        "en": "Ended; all that was added is kept.",
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
    "no_tool": {
        "zh": "本服务不调用工具，tool_choice 只能是 auto 或 none。",
        "en": "No tool is ever called: tool_choice can only be auto or none.",
    },
    "only_chat": {
        "zh": "没有这个地址；OpenAI 的客户端可用 /v1/chat/completions 和 /v1/models。",
        "en": "There is no such address; for OpenAI's clients there are /v1/chat/completions"
        " and /v1/models.",
    },
    "no_model": {
        "zh": "没有这个模型；可用的有 {models}。",
        "en": "There is no such model; there are {models}.",
    },
    "task_refused": {
        "zh": "本服务只回答读者的问题。",
        "en": "This service answers questions of readers only.",
    },
    "columns": {"zh": "（各栏：{names}）", "en": "(columns: {names}) "},
    # what MCP clients show
    "mcp_name": {"zh": "刊物", "en": "Bulletin"},
    "mcp_instructions": {
        "zh": "查找并引用一份印刷刊物的原文。问题用中文或英文均可，原文为中文。",
        "en": "Finds and quotes what a printed bulletin says. Ask in Chinese or English; what is quoted is Chinese.",
    },
    "mcp_search": {"zh": "检索刊物", "en": "Search the bulletin"},
    "mcp_search_told": {
        "zh": "返回最相关的段落。查询中可写条件：from:2025-01 to:2025-06-30 issue:2025-03 section:要闻。",
        "en": "Lists the passages that fit best. A query may hold conditions: from:2025-01 to:2025-06-30 issue:2025-03 section:A02.",
    },
    "mcp_search_articles": {
        "zh": "按条件检索刊物",
        "en": "Search the bulletin by day, issue or page",
    },
    "mcp_search_articles_told": {
        "zh": "同 search，条件作为单独的参数。",
        "en": "Does what search does, with the conditions as arguments of their own.",
    },
    "mcp_fetch": {"zh": "取一篇报道", "en": "Fetch an article"},
    "mcp_fetch_told": {
        "zh": "返回一篇报道的印刷原文；id 取自 search 的结果，也可以是 2021-10/a09。",
        "en": "Returns an article as printed; the id is one that search gave, or such as 2021-10/a09.",
    },
    "mcp_ask": {"zh": "向刊物提问", "en": "Ask the bulletin"},
    "mcp_ask_told": {
        "zh": "用刊物的原句回答，附出处；刊物没有说的，会说明没有。",
        "en": "Answers with sentences as printed and where they stand, or says that the bulletin does not say.",
    },
    "mcp_article": {"zh": "报道", "en": "Article"},
    "mcp_article_told": {"zh": "一篇报道的印刷原文。", "en": "An article as printed."},
    "mcp_issue": {"zh": "一期刊物", "en": "Issue"},
    "mcp_issue_told": {
        "zh": "一期刊物的目录：每篇报道的 id 和标题。",
        "en": "The contents of an issue: the id and headline of each article.",
    },
    "mcp_no_article": {
        "zh": "没有这篇报道；id 请取自 search 的结果。",
        "en": "There is no such article; take the id from what search gives.",
    },
    "mcp_bad_day": {
        "zh": "{field} 是 {value}，应为 2025、2025-01 或 2025-01-31。",
        "en": "{field} is {value}, expected 2025, 2025-01 or 2025-01-31.",
    },
    "mcp_no_such": {"zh": "{field} 是 {value}：{told}。", "en": "{field} is {value}: {told}."},
    "mcp_unknown": {
        "zh": "{tool} 没有参数 {unknown}；它的参数有：{known}。",
        "en": "{tool} has no argument {unknown}; it takes: {known}.",
    },
    "mcp_blank": {"zh": "查询为空。", "en": "The query is empty."},
    # what those who run the service are told
    "warn_variable": {
        "zh": "注意：没有 {name} 这个设置，已忽略。",
        "en": "warning: {name} is no setting and is ignored.",
    },
    "warn_open": {
        "zh": "警告：服务监听 {host}，任何能连到它的人都可以使用：没有设置密钥（BULLETIN_KEYS_FILE），也没有设置允许的网站（BULLETIN_ALLOWED_ORIGINS）。",
        "en": "WARNING: listening on {host}, so everyone who can reach it may use it: there are no keys (BULLETIN_KEYS_FILE) and no allowed websites (BULLETIN_ALLOWED_ORIGINS).",
    },
    "warn_pages": {
        "zh": "警告：设置了密钥，但网页（/、/issues、/articles）不要求密钥：凡能连到服务的人都可以读到整个档案。",
        "en": "WARNING: there are keys, but the pages (/, /issues, /articles) ask for none: everyone who can reach them may read all of the archive.",
    },
    "warn_proxy": {
        "zh": "注意：设置了公开地址，但没有 BULLETIN_TRUSTED_PROXIES：代理后面的所有读者会被当作一个人限速。",
        "en": "warning: there is a public address but no BULLETIN_TRUSTED_PROXIES: all readers behind the proxy share one rate limit.",
    },
    "warn_workers": {
        "zh": "注意：多个进程各自计数限速；用 BULLETIN_RATE_STORAGE（如 redis://…）合并计数。",
        "en": "warning: each worker counts requests for itself; BULLETIN_RATE_STORAGE (such as redis://…) counts them together.",
    },
    "key_once": {
        "zh": "请现在保存：密钥只显示这一次。",
        "en": "Keep it now: it is not shown again.",
    },
    "not_kept": {
        "zh": "没有保存未答出的问题：设置 BULLETIN_KEEP_UNANSWERED=true 后才会保存。",
        "en": "unanswered questions are not kept; BULLETIN_KEEP_UNANSWERED=true has them kept.",
    },
    # what the service says when it cannot answer, and the title of that
    "problem_invalid_json": {"zh": "请求体不是 JSON。", "en": "The body is not JSON."},
    "problem_title_invalid_json": {"zh": "请求不是有效的 JSON", "en": "Not JSON"},
    "problem_invalid_request": {"zh": "请求无法理解。", "en": "The request cannot be understood."},
    "problem_address": {
        "zh": '地址里有须经百分号编码的字符（按 UTF-8）；curl 可用 -G --data-urlencode "q=…"。',
        "en": 'The address has characters that are to be percent-encoded, as UTF-8; curl does so with -G --data-urlencode "q=…".',
    },
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
    "problem_not_found": {"zh": "没有这个地址。", "en": "There is no such address."},
    "problem_missing": {"zh": "没有编号为“{id}”的内容。", "en": "Nothing has the id “{id}”."},
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
    "problem_engine_unavailable": {
        "zh": "检索引擎暂时没有回应，请在 {seconds} 秒后再试。",
        "en": "The engine that searches does not answer for now; try again in {seconds} seconds.",
    },
    "problem_title_engine_unavailable": {"zh": "检索引擎不可用", "en": "Search engine unavailable"},
    "problem_overloaded": {
        "zh": "提问的人太多，请在 {seconds} 秒后再试。",
        "en": "Too many questions at once; try again in {seconds} seconds.",
    },
    "problem_title_overloaded": {"zh": "服务繁忙", "en": "Overloaded"},
    "problem_not_stored": {"zh": "目前无法保存。", "en": "It cannot be stored now."},
    "problem_title_not_stored": {"zh": "无法保存", "en": "Not stored"},
    "problem_timeout": {"zh": "处理超时。", "en": "It took too long."},
    "problem_title_timeout": {"zh": "超时", "en": "Timed out"},
    "problem_request_timeout": {
        "zh": "请求没有及时发完。",
        "en": "The request did not arrive in time.",
    },
    "problem_title_request_timeout": {"zh": "请求超时", "en": "Request timed out"},
    "problem_headers_too_large": {
        "zh": "请求的地址或头部过大。",
        "en": "The address or the headers are too large.",
    },
    "problem_title_headers_too_large": {"zh": "头部过大", "en": "Headers too large"},
    "problem_host": {
        "zh": "本服务不使用这个主机名。",
        "en": "The service is not reached by this host name.",
    },
    "problem_preflight": {
        "zh": "不接受这种跨站请求方法或头部。",
        "en": "This method or header is not accepted across sites.",
    },
    # what is wrong with one field of a request
    "field_missing": {"zh": "缺少这一项", "en": "is missing"},
    "field_unknown": {"zh": "没有这个字段", "en": "is not a known field"},
    "field_empty": {"zh": "不能为空", "en": "is empty"},
    "field_too_short": {"zh": "至少 {limit} 个字符", "en": "has fewer than {limit} characters"},
    "field_too_long": {"zh": "最多 {limit} 个字符", "en": "has more than {limit} characters"},
    "field_too_few": {"zh": "至少 {limit} 项", "en": "has fewer than {limit} items"},
    "field_too_many": {"zh": "最多 {limit} 项", "en": "has more than {limit} items"},
    "field_too_small": {"zh": "不得小于 {limit}", "en": "is less than {limit}"},
    "field_too_large": {"zh": "不得大于 {limit}", "en": "is greater than {limit}"},
    "field_choice": {"zh": "应为 {limit} 之一", "en": "is not one of {limit}"},
    "field_date": {"zh": "不是日期（年-月-日）", "en": "is not a date (year-month-day)"},
    "field_text": {"zh": "应为文字", "en": "is not text"},
    "field_number": {"zh": "应为数字", "en": "is not a number"},
    "field_boolean": {"zh": "应为 true 或 false", "en": "is not true or false"},
    "field_list": {"zh": "应为列表", "en": "is not a list"},
    "field_object": {"zh": "应为对象", "en": "is not an object"},
    "field_pattern": {"zh": "格式不符", "en": "does not have the form it should have"},
    "field_no_issue": {
        "zh": "没有这一期；现有：{there}",
        "en": "names no issue that is kept; there are: {there}",
    },
    "field_no_section": {
        "zh": "没有这个版；现有：{there}",
        "en": "names no section that an issue has; there are: {there}",
    },
    "none": {"zh": "无", "en": "none"},
    "field_order": {"zh": "起始日期晚于结束日期", "en": "begins after it ends"},
    "field_history": {"zh": "历史对话过长", "en": "is longer than it may be in all"},
    "field_wrong": {"zh": "不符合要求", "en": "is not as it should be"},
}


def say(key: str, lang: Lang, **facts: str) -> str:
    """Return a sentence in the reader's language, the facts filled in.

    >>> say("not_found", "en")
    'The bulletin does not say.'
    """
    return _TEXTS[key][lang].format(**facts)


def own_day(day: str | None, lang: Lang, *, issue_date: str | None) -> str:
    """Return the day of an article in words where its issue is of another, else nothing.

    >>> own_day("2021-10-07", "zh", issue_date="2021-10-08")
    '文中日期：2021-10-07'
    >>> own_day("2021-10-08", "zh", issue_date="2021-10-08")
    ''
    """
    return say("own_day", lang, day=day) if day and day != issue_date else ""
