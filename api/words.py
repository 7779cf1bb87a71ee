"""What the commands say of files, issues and indexes, in the language of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.query import Lang

_COUNTED: dict[str, tuple[str, str, str]] = {  # Chinese, English for one, English for others
    "article": ("{n} 篇文章", "{n} article", "{n} articles"),
    "core": ("{n} 个核", "{n} core", "{n} cores"),
    "damaged": ("{n} 处损坏", "{n} damaged", "{n} damaged"),
    "issue": ("{n} 期", "{n} issue", "{n} issues"),
    "key": ("{n} 个密钥", "{n} key", "{n} keys"),
    "mismatch": ("{n} 处不符", "{n} mismatch", "{n} mismatches"),
    "passage": ("{n} 段", "{n} passage", "{n} passages"),
    "process": ("{n} 个进程", "{n} process", "{n} processes"),
    "query": ("{n} 个问题", "{n} query", "{n} queries"),
    "vote": ("{n} 个评价", "{n} vote", "{n} votes"),
}
_WORDS: dict[str, dict[Lang, str]] = {
    "added": {"zh": "已加入", "en": "added"},
    "replaced": {"zh": "已替换", "en": "replaced"},
    "unchanged": {"zh": "没有变化", "en": "unchanged"},
    "removed": {"zh": "已删除 {what}", "en": "removed {what}"},
    "removed_for_good": {
        "zh": "已删除 {what}，今后不再加入；要加入请用 bulletin add --anyway",
        "en": "removed {what}, and add passes over it from now on; add --anyway takes it in again",
    },
    "removed_on": {"zh": "{day} 删除", "en": "removed {day}"},
    "kept_out": {
        "zh": "跳过 {source}：{id} 已用 remove --keep-out 删除；要加入请用 bulletin add --anyway",
        "en": "passed over {source}: {id} was removed with --keep-out;"
        " add --anyway takes it in again",
    },
    "in_place_of": {"zh": "代替 {issues}", "en": "in place of {issues}"},
    "another_text": {
        "zh": "原来由 {before} 读入，{day} 加入；现在的文字取代了它",
        "en": "was read from {before}, added {day}; this text has taken its place",
    },
    "older": {
        "zh": "注意：{source} 最后改动早于所替换的 {id}（{before}）加入的时间 {day}，"
        "可能是较旧的版本",
        "en": "warning: {source} was last changed before what it replaced, {id} ({before}), was"
        " added on {day}; it may be an earlier version",
    },
    "without_sidecar": {
        "zh": "注意：{id} 原来（{before}）有随附文件，{source} 旁边没有；其中的更正不再有效",
        "en": "warning: {id} had a sidecar as {before}, and there is none beside {source};"
        " its corrections are gone",
    },
    "named": {
        "zh": "注意：{source} 的文件名是 {named}，报头却是 {day}；"
        "请用 --id、--date 或 issue.toml 指明",
        "en": "warning: {source} is named {named}, and its masthead says {day};"
        " --id, --date or issue.toml settle it",
    },
    "same_bytes": {
        "zh": "注意：{source}（{id}）与已保存的 {others} 逐字节相同，会算作另一个来源；"
        "如属重复，用 bulletin remove 删去一个",
        "en": "warning: {source} ({id}) has the very bytes of {others}, and counts as a source of"
        " its own; if it is the same issue, bulletin remove takes one out",
    },
    "mismatch": {
        "zh": "{id}：保存的是 {kept}，来源中是 {found}",
        "en": "{id}: kept {kept}, the source has {found}",
    },
    "size": {"zh": "{first}，{second}", "en": "{first}, {second}"},
    "verified": {"zh": "{first}，{second}，{third}", "en": "{first}, {second}, {third}"},
    "held": {"zh": "{path}：{size}", "en": "{path}: {size}"},
    "format_now": {
        "zh": "{path}：格式 {found}，无需升级",
        "en": "{path}: format {found}, nothing to do",
    },
    "format_old": {
        "zh": "{path}：格式 {found}，可升级为 {wanted}",
        "en": "{path}: format {found}, can be brought to {wanted}",
    },
    "format_done": {
        "zh": "{path}：格式已由 {found} 升级为 {wanted}；原样保存在 {copy}",
        "en": "{path}: format {found} brought to {wanted}; as it was: {copy}",
    },
    "wrote": {"zh": "已写入 {path}", "en": "wrote {path}"},
    "synced": {
        "zh": "写入 {written}，取出 {removed}；引擎中有 {size}",
        "en": "wrote {written}, took out {removed}; the engine has {size}",
    },
    "reading": {"zh": "读入", "en": "reading"},
    "asking": {"zh": "提问", "en": "asking"},
    "indexing": {"zh": "建立索引", "en": "indexing"},
    "encoding": {"zh": "编码", "en": "encoding"},
    "filling": {"zh": "填充引擎", "en": "filling"},
    # an issue and its articles
    "sure": {"zh": "把握 {share}：{why}", "en": "sure {share}: {why}"},
    "kicker": {"zh": "引题：{text}", "en": "kicker: {text}"},
    "subtitle": {"zh": "副题：{text}", "en": "subtitle: {text}"},
    "news": {"zh": "报道", "en": "news"},
    "photo": {"zh": "图片", "en": "photo"},
    "notice": {"zh": "公告", "en": "notice"},
    # a search explained
    "literal": {
        "zh": "问题中有 {share}% 的字词原样出现在最佳段落中",
        "en": "{share} % of the question stands in the best passage as asked",
    },
    "not_compared": {"zh": "没有逐词比较", "en": "not compared word by word"},
    # what is measured
    "measured": {
        "zh": "{set}（{system}）：{queries}，{passages}，每题中位数 {ms} 毫秒",
        "en": "{set} ({system}): {queries}, {passages}, median {ms} ms a query",
    },
    "figure_of": {"zh": "共 {n}", "en": "of {n}"},
    "compared": {
        "zh": "与所给运行文件相比：{better} 个更好，{worse} 个更差，p = {p}",
        "en": "against the run given: {better} better, {worse} worse, p = {p}",
    },
    "wrongly_declined": {"zh": "误拒：{n}", "en": "wrongly declined: {n}"},
    "wrongly_answered": {"zh": "错答：{n}", "en": "wrongly answered: {n}"},
    # what `doctor` looks at, and what it sees
    "environment": {"zh": "环境", "en": "environment"},
    "archive": {"zh": "档案", "en": "archive"},
    "engine": {"zh": "引擎", "en": "engine"},
    "indexes": {"zh": "索引", "en": "indexes"},
    "service file": {"zh": "服务文件", "en": "service file"},
    "disk": {"zh": "磁盘", "en": "disk"},
    "keys": {"zh": "密钥", "en": "keys"},
    "rate storage": {"zh": "限速计数", "en": "rate storage"},
    "port": {"zh": "端口", "en": "port"},
    "workers": {"zh": "进程", "en": "workers"},
    "ok": {"zh": "正常", "en": "ok  "},
    "warn": {"zh": "注意", "en": "warn"},
    "fail": {"zh": "错误", "en": "fail"},
    "skip": {"zh": "略过", "en": "skip"},
    "check": {"zh": "{status}  {name}：{detail}", "en": "{status}  {name}: {detail}"},
    "needs_archive": {
        "zh": "需要可用的档案",
        "en": "needs a usable archive",
    },
    "no_archive": {
        "zh": "{path} 处没有档案，使用样刊",
        "en": "none at {path}; the shipped issue is served",
    },
    "archive_at": {
        "zh": "{path} 处有 {issues}，{passages}",
        "en": "{issues}, {passages} at {path}",
    },
    "archive_read_only": {
        "zh": "{archive}；只能读取，不能保存索引",
        "en": "{archive}; may only be read, so indexes are not kept",
    },
    "engine_own": {"zh": "自带的", "en": "built in"},
    "engine_lacks": {
        "zh": "{where} 的内容与档案不符；用 `bulletin engine sync` 填充",
        "en": "{where} has not what the archive has; fill it with `bulletin engine sync`",
    },
    "engine_full": {
        "zh": "{where} 的内容与档案相符",
        "en": "{where} has what the archive has",
    },
    "indexes_open": {"zh": "已打开，可检索", "en": "open and searched"},
    "votes_lost": {
        "zh": "{path} 无法写入，评价不会保存",
        "en": "{path} cannot be written; no feedback is kept",
    },
    "disk_free": {"zh": "剩余 {mb} MB", "en": "{mb} MB free"},
    "disk_full": {
        "zh": "{path} 处只剩 {mb} MB，添加一期和保存评价需要 {least} MB",
        "en": "{mb} MB free at {path}; to add an issue and to keep votes takes {least} MB",
    },
    "keys_none": {"zh": "不需要密钥", "en": "none are asked for"},
    "keys_in": {"zh": "{path} 中有 {keys}", "en": "{keys} in {path}"},
    "keys_open": {
        "zh": "{keys}；所有者以外的人也能读取",
        "en": "{keys}; others than its owner may read it",
    },
    "storage_away": {"zh": "{where} 没有应答", "en": "{where} does not answer"},
    "port_free": {"zh": "{where} 可用", "en": "{where} is free"},
    "workers_on": {"zh": "{workers}，{cores}", "en": "{workers} on {cores}"},
    # the tag of the widget
    "snippet_policy": {
        "zh": "网站若设有 Content-Security-Policy，须允许且只须允许：",
        "en": "Content-Security-Policy, where the site has one, must allow this and nothing else:",
    },
    "snippet_origins": {
        "zh": "BULLETIN_ALLOWED_ORIGINS 列出网站的来源后，服务才会应答。",
        "en": "The service answers the site once BULLETIN_ALLOWED_ORIGINS names its origin.",
    },
    "snippet_upgrade": {
        "zh": "服务升级后请重新打印标签，或使用 --follow。",
        "en": "After an upgrade of the service print the tag anew, or use --follow.",
    },
}
_CUES_ZH = {
    "a heading stands over it": "上方有标题",
    "a line set larger than the text stands over it": "上方有一行字号大于正文",
    "a line without a full stop stands beside the article": "旁边有一行没有句号",
    "continued on another page": "在另一版续完",
    "headlines stand after their articles": "标题在文章之后",
    "headlines stand before their articles": "标题在文章之前",
    "markup tells its parts": "由标记说明各部分",
    "no heading stands over it": "上方没有标题",
    "no headline stands beside it": "旁边没有标题",
    "a line of its headline may be none": "标题中有一行可能不属于标题",
    "short lines with no article beside them": "只有几行短句，旁边没有文章",
    "signed": "有署名",
    "the text opens as a story does": "开头是报道的写法",
    "told by the sidecar": "由随附的 issue.toml 说明",
}


def word(key: str, lang: Lang, **facts: object) -> str:
    """Return what a command says, the facts filled in.

    >>> word("removed", "en", what="2021-10")
    'removed 2021-10'
    """
    return _WORDS[key][lang].format(**facts)


def counted(n: int, noun: str, lang: Lang) -> str:
    """Return how many there are of something.

    >>> counted(1, "passage", "en"), counted(0, "passage", "en"), counted(2, "passage", "zh")
    ('1 passage', '0 passages', '2 段')
    """
    chinese, one, others = _COUNTED[noun]
    return (chinese if lang == "zh" else one if n == 1 else others).format(n=n)


def size_of(n_articles: int, n_passages: int, lang: Lang) -> str:
    """Return how large an issue is."""
    articles, passages = counted(n_articles, "article", lang), counted(n_passages, "passage", lang)
    return word("size", lang, first=articles, second=passages)


def cues(why: tuple[str, ...], lang: Lang) -> str:
    """Return by which cues the reader told an article."""
    return "；".join(_CUES_ZH.get(one, one) for one in why) if lang == "zh" else "; ".join(why)
