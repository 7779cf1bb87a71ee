"""The stretch of a quote that fills the gap of the question, if one does; or the items of a list.

Every stretch of words within a clause is a candidate, with the days, figures, persons and titles
among them known as such; `traits` scores them. Of the many that overlap, the one is marked that
shares most with all the likely ones, and none where it shares too little: no mark is better than
a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from corpus.text import fold, fold_with_places, split_sentences
from corpus.types import Range
from qa.query import Query, Wants
from qa.quoting.alignment import MOST_TEXT, Alignment, Text, spoken_of
from qa.quoting.contrasts import of_what_is_asked
from qa.quoting.corrected import corrections
from qa.quoting.enumerated import asks_for_several
from qa.quoting.hours import told_then
from qa.quoting.kinds import OFFICE, PHONE, SAYS, Named, days, figures, is_behind_office
from qa.quoting.numbered import numbered_lists
from qa.quoting.own_figures import (
    in_own_clause,
    in_own_item,
    part_asked_about,
    respectively,
)
from qa.quoting.persons import has_no_holder, holder, office_beside
from qa.quoting.quantities import (
    ASKS_FROM_TO,
    ASKS_RANK,
    AT_FIRST,
    CHANGES_TO,
    FROM_TO,
    RANK,
    limit_asked,
    measured_by,
    scale_asked,
)
from qa.quoting.ranges import behind_its_range, in_ranges, is_of_another, own_figures
from qa.quoting.slot import Kind, Slot, slot_of
from qa.quoting.traits import scores
from qa.search.coverage import Weighed

MIN_SURE = 0.35
"""The least expected overlap with the right stretch, 0 to 1, of what is marked."""

_PAIRS = (("“", "”"), ("《", "》"), ("「", "」"), ("『", "』"))
_QUOTES = frozenset('“"「『')
_MOST_WORDS, _MOST_CHARS = 16, 30
_MOST_WORDS_OF_CLAUSE, _MOST_CHARS_OF_CLAUSE = 40, 60
_N_LIKELY = 120
_OF_THE_PART = 1.0  # what it is worth to stand in that part of a row which is asked about
_BYLINE = re.compile(
    r"(?:本[报刊台])?讯?\((?:本[报刊台])?(?:特约|见习|实习)?(?:记者|通讯员)[^()]*\)"
)
_ABOUT_WRITERS = re.compile("记者|通讯员|报道|作者|写|report|wr[io]te|author")
_SEVERAL = re.compile("[两二三四五六七八九十几\\d][大个项条点件种步方类].{0,12}(?:什么|哪|如何|怎)")
_AN_ERA = (
    "(?:时[期代]|王朝|朝|年间|[初末中晚早]期?|纪|世|季|(?<![提落滞幕背])[前后]|期间|[幼童少青中壮老晚]年"
    "|[商周秦汉魏晋隋唐宋辽金元明清][代末初]|[东西南北前后][周汉晋魏宋]|[两三]代)"
)
_ERA, _ERA_ANYWHERE = re.compile(f"{_AN_ERA}$"), re.compile(_AN_ERA)
_LEARNT = re.compile(",?记者[^,。;]{0,24}?(?:获悉|了解到|得知|采访)")  # not when it happens
_BESIDE_A_NAME = re.compile(rf"(?:{OFFICE})(?=[\u4e00-\u9fff])")
_NAMED_CHARS = 8
_LINKED = re.compile("[为是:车的在约共达至有]+$")
_PAIRED = (
    ("[首头]班", "末班"),
    ("开[门馆园]", "[关闭][门馆园]"),
    ("男[生子性]", "女[生子性]"),
    ("教师", "学生"),
    ("酒驾", "醉驾"),
)
_LABELS: dict[Kind, re.Pattern[str]] = {
    "when": re.compile(f"(?:{'|'.join(one for pair in _PAIRED[:2] for one in pair)})$"),
    "how many": re.compile(f"(?:{'|'.join(one for pair in _PAIRED[2:] for one in pair)})$"),
}
_NTH_OF_A_LIST = re.compile("[一二三四五六七八九十]是")  # 二是上下游企业已有9家
WHERE_IT_IS = re.compile(
    r"(?:在|位于|设在|起于)(?:[^,在]{1,8}的?)?(?:哪(?:[里儿]|[个一]?(?:地方|位置)|一?[楼层])?|何[处地]|什么(?:地方|位置))\W*$"
    r"|\bwhere (?:in|on|at) [^?]* (?:is|are) |\bwhere (?:is|are) "
)
"""What asks where something is, and not where something happened."""

_CAUSE = re.compile(
    "(?:原因(?:主要)?(?:在于|是|为|:)|是因为|因为|由于|缘于|源于|得益于|归功于|在于|是?为了"
    r"|(?<![原起病成何基主])因(?![此而素为果地人公故应缘特子])(?=[\u4e00-\u9fff]{2}))(?P<cause>[^,。;!?]{2,60})"
)
_ASKS_NUMBER = re.compile(
    "(?:哪个|哪一个|什么|多少)(?:电话|热线|号码)"
    "|(?:电话|热线|号码)(?:号码?)?(?:现在|目前|如今)?(?:[改换变]成了?)?(?:是|多少)"
    "|phone number|hotline"
)
A_NUMBER = re.compile(
    rf"{PHONE.pattern}|(?<![\d.])(?:1\d{{2,4}}|9\d{{4}})(?![\d.元年名人%万亿])"  # 110, 12345
)
"""A number that can be called."""

_ASKS_WINNER = re.compile(
    "冠军|夺冠|获胜|胜出|赢|胜了|第一名|\\bwon\\b|\\bwins?\\b|\\bwinner|\\bchampion"
)
_ASKS_BEATEN = re.compile(
    "[赢胜败]了?(?:哪|谁)|输|负|亚军|\\bbeat|\\bdefeat|\\blost\\b|\\blose|\\brunner-up"
)
_BEATS = re.compile("(?:战胜|[打击]败|力克|[险完大]胜|淘汰)了?(?P<beaten>[^,。;]+)")
_WHO_DOES = re.compile("(?P<what>[\u4e00-\u9fff]{2})(?=\\W*$|了|的)")
_RANKS = tuple(  # the place that is asked for, and what tells that somebody took it
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (
            r"第二名?(?=\W*$|是)|亚军|\b(?:came|finished|was) second\b|\brunner-?up",
            "(?:获得?|夺得?|取得|名列|位列|排名|居)第二|亚军|第二名",
        ),
        (
            r"第三名?(?=\W*$|是)|季军|\b(?:came|finished|was) third\b",
            "(?:获得?|夺得?|取得|名列|位列|排名|居)第三|季军|第三名",
        ),
        (
            r"冠军是|夺冠|第一名?(?=\W*$|是|到)|谁赢|谁获胜"
            r"|\bwon\b|\b(?:came|finished|was) first\b",
            "(?:获得?|夺得?|取得|名列|位列|排名|居)第一|第一名|夺冠|冠军|率先(?:冲|到|抵)|折桂",
        ),
    )
)
_SUBJECT = re.compile(
    "(?:最终|最后|结果|其中)?(?P<who>[^以获夺取名位排居]{2,14}?)(?:队伍)?(?=以|获|夺|取得|名列|位列|排名|居)"
)
_CALLS_CAUSE = re.compile("(?:因为?|由于|是|为|于)$")
_LAST_ITEM = re.compile("(?:[^\\W了着过被为是在有等作做]{1,6}(?=[,。;:!?、()]|$))?")
_CLAUSE = re.compile("[^,。;:!?]+")
_PLACE = re.compile(
    "(?:位于|坐落[于在]|地处|地址(?:是|为|:)|设[在于]|建在)(?P<place>[^,。;:!?、]{2,30}?)(?=[,。;:!?、]|$)"
)
_GOES_WHERE = re.compile(
    "(?P<verb>[搬迁]迁?|延伸|开通?|通|送|运|转移?|调)(?:到|至|往|向)了?(?:哪[里儿]?|什么地方)"
)
_MOVED_WHERE = re.compile(r"\bwhere\b[^?]*\b(?:mov(?:ed?|ing)|relocat(?:ed?|ing))\b")
_A_PLACE_BEHIND = (
    "(?P<place>[\u4e00-\u9fff\\d“”]{2,20}?)"
    "(?=[,。;:!?、]|$|新增|全[长程]|后|新址|新楼|办[公理]|营业|经营)"
)
_VERY = "[多高大长好快贵远早]", "[少低小短差慢近晚]|便宜"  # of which a text may say another one
_MOST_ASKED = re.compile(  # which has the most, where a text may say 借得最多的一本书是…
    f"(?:哪|谁|什么)[^,。?]*?最(?:(?P<much>{_VERY[0]})|(?P<little>{_VERY[1]}))"
    f"|最(?:(?P<first_much>{_VERY[0]})|(?P<first_little>{_VERY[1]}))的[^,。?]*?[是为](?:哪|谁|什么)"
)
_IS_MOST = tuple(
    re.compile(rf"最(?:{very})的?[^,。;]{{0,10}}?(?:[是为]|:)(?P<what>[^,。;!?]{{2,30}})")
    for very in _VERY
)
_CHANGES = "增[加长收产]?|上[升涨]|提[高前升]|减[少产收]?|下降|降[低]?|缩短|延[长后]|[多少高低快慢]"
_ASKS_CHANGE = re.compile(  # 比去年少招多少人, 同比增长多少
    rf"(?:(?:比(?![赛例重分])|较)[^,。;]{{1,12}}?|同比|环比)(?:{_CHANGES})[^,。;]{{0,6}}$"
)
_CHANGED_BY = re.compile(rf"(?:{_CHANGES})[了出近约达]*$")
_OF_SEVERAL = re.compile("哪一?([所家位名个项座本部支件款篇])")
_ONE_OF_TWO = re.compile("还是|[和与跟、].{1,12}(?:谁|哪)|谁更|\\bor\\b")
_ASKS_DAY = re.compile(r"哪一?[天日](?!的)|几月几?[日号]|(?<!月)几号(?![楼线院门馆])")
_A_DAY = re.compile(
    r"\d[日号]|[一二三四五六七八九十][日号]|[今昨明后前当同次翌即][日天]|周|星期|礼拜|节|除夕"
    "|初[一二三四五六七八九十]"
)
_WHO_SAYS = re.compile(rf"(?:{SAYS.pattern})[,:道了]")
_ONE = re.compile("一[^成半倍百千万亿]")  # 一处 of something is seldom how many
_MOST_OF_IT = 0.5  # of the question's weight, that a clause must have to tell whether it is so
_WHETHER = re.compile("不|未|无|没|禁|须|可|能|免|取消|停|仍|已|有|允许|准|需")
_HAS_CHANGED = re.compile(CHANGES_TO)
_WAS = re.compile("(?:[由从自]|原[定本来先]?(?:计划)?[于在为]?)(?:每[\u4e00-\u9fff]{1,2})?$")
_IS_NOW = re.compile(rf"{CHANGES_TO}[于在]?(?:每[\u4e00-\u9fff]{{1,2}})?$")
_N_KEPT = 64  # a sentence is read to choose it, and again to mark the answer in it


def marks_in(query: Query, words: tuple[Weighed, ...], text: str) -> tuple[Range, ...]:
    """Return what in a printed text answers: a stretch, or the items of a list; none if not sure.

    Args:
        query: The question.
        words: Its words, as `Coverage.weigh` returns them.
        text: A sentence or a few, as printed.
    """
    slot = slot_of(query)
    if query.wants is Wants.LIST or (slot and (slot.kind == "how" or _SEVERAL.search(slot.text))):
        items = [item for found in numbered_lists(text) for item in found.items]
        if items:
            return tuple(items)
    folded, places = fold_with_places(text)
    put_right = [right for _, right in corrections(folded)]
    folded = _as_corrected(folded)
    found = _found(query, slot, words, folded)
    if found and found[0] in put_right:
        found = found[0], 1.0
    if (not found or found[1] < MIN_SURE) and slot and slot.kind == "who":
        found = _only_official(folded)
    if not found or found[1] < MIN_SURE or (slot and _is_echo(slot, folded[slice(*found[0])])):
        return ()
    first, last = found[0]
    if slot and slot.kind in ("why", "how"):
        first, last = _in_clauses(folded, (first, last))
    elif slot and slot.kind == "which" and "、" in folded[first:last]:
        last += len(_LAST_ITEM.findall(folded[last:])[0])
    if last - first == 1 and slot and slot.kind in ("who", "where"):
        return ()  # 区 is no place
    start, end = places[first][0], places[last - 1][1]
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    end -= len(stretch) - len(stretch.rstrip())
    return ((start, end),) if start < end else ()


def _as_corrected(folded: str) -> str:
    """Return a folded text without what it says was printed wrong, each character in its place.

    A figure that is right counts, though in quotation marks, as coined terms are not.
    """
    chars = list(folded)
    for (start, end), (first, last) in corrections(folded):
        chars[start - 1 : end + 1] = "," * (end - start + 2)
        if re.search(r"\d", folded[first:last]) and folded[first - 1] in _QUOTES:
            chars[first - 1] = chars[last] = ","
    return "".join(chars)


def _found(
    query: Query, slot: Slot | None, words: tuple[Weighed, ...], folded: str
) -> tuple[Range, float] | None:
    """Return the stretch of a folded text that answers, named so or likeliest, and how surely."""
    office = office_beside(query)
    if office and (named := office.search(folded)):
        return named.span("office"), 1.0
    if office and slot and slot.kind == "who":
        return None
    if held := holder(query, folded):
        return held, 1.0
    if not slot:
        then = told_then(query, folded) or _told_whether(query, words, folded)
        return (then, 1.0) if then else None
    if has_no_holder(query, folded):
        return None
    named_so = _named_so(slot, words, folded)
    return (named_so, 1.0) if named_so else _likeliest_of_two(slot, words, folded)


def _likeliest_of_two(
    slot: Slot, words: tuple[Weighed, ...], folded: str
) -> tuple[Range, float] | None:
    """Return what `likeliest_span` does, of two sentences in the first where that is sure."""
    sentences, limit = split_sentences(folded), limit_asked(slot.text)
    if len(sentences) == 2 and not (limit and limit.search(folded)):
        first = likeliest_span(slot, words, sentences[0].text)
        if first and first[1] >= MIN_SURE:
            return first
    return likeliest_span(slot, words, folded)


def has_candidate(slot: Slot, folded: str) -> bool:
    """Tell whether a folded text has any stretch that may fill the gap."""
    return bool(_candidates_in(slot, folded[:MOST_TEXT]))


@lru_cache(maxsize=_N_KEPT)
def _candidates_in(slot: Slot, folded: str) -> Sequence[Range]:
    """Return what `candidates` does, without taking a text apart that has no figure, or day."""
    named = {"how many": figures, "when": days}.get(slot.kind)
    if named and not (any(named(folded)) or (slot.kind == "when" and _ERA_ANYWHERE.search(folded))):
        return ()
    return of_what_is_asked(slot.text, folded, candidates(slot, Text.of(folded)))


@lru_cache(maxsize=_N_KEPT)
def likeliest_span(
    slot: Slot, words: tuple[Weighed, ...], folded: str
) -> tuple[Range, float] | None:
    """Return the stretch of a folded text that best fills the gap, and how surely, 0 to 1.

    How surely is how much of it and of the right stretch are expected to be the same, as an F1
    over characters; that nothing in the text is right counts 0. None where there is no candidate.
    """
    folded = folded[:MOST_TEXT]
    spans = _candidates_in(slot, folded)
    if not spans:
        return None
    text = Text.of(folded)
    owns = own_figures(slot.text)
    near = _in_its_clause(slot, words)
    words = in_ranges(owns, words, folded)
    if len(spans) == 1 and ASKS_RANK.search(slot.text):
        return spans[0], 1.0
    found = scores(slot, Alignment(slot, words, text), text, spans=spans)
    if slot.kind not in ("why", "how") and (part := part_asked_about(near, folded)):
        found += [_OF_THE_PART * (part[0] <= start < part[1]) for start, _ in spans]
    likely = np.argsort(-found, kind="stable")[:_N_LIKELY]
    top = max(float(found.max()), 0.0)
    chance = np.exp(found - top)
    chance /= chance.sum() + np.exp(-top)  # that nothing answers scores 0
    starts, ends = np.array(spans)[likely].T
    shared = np.minimum(ends[:, None], ends) - np.maximum(starts[:, None], starts)
    sizes = (ends - starts)[:, None] + (ends - starts)
    expected = (2 * np.maximum(shared, 0) / sizes) @ chance[likely]
    best = int(expected.argmax())
    labels = [_label_before(slot, folded, int(start)) for start in starts]
    asked_of = next((label for label in labels if label and label in slot.text), "")
    if asked_of and labels[best] != asked_of and _has_other(asked_of, labels):
        best = max(
            (n for n, label in enumerate(labels) if label == asked_of),
            key=lambda n: float(expected[n]),
        )
        return spans[likely[best]], max(float(expected[best]), MIN_SURE)
    chosen, sure = spans[likely[best]], float(expected[best])
    if slot.kind == "how many" and ASKS_FROM_TO.search(slot.text):
        both = (
            one.span() for one in FROM_TO.finditer(folded) if one.start() <= chosen[0] < one.end()
        )
        return next(both, chosen), max(sure, MIN_SURE)
    if slot.kind in ("how many", "when"):
        return _of_the_asker(slot, near, folded, spans, best=(chosen, sure))
    return chosen, sure


def _of_the_asker(
    slot: Slot,
    near: Sequence[Weighed],
    folded: str,
    spans: Sequence[Range],
    *,
    best: tuple[Range, float],
) -> tuple[Range, float]:
    """Return the figure or time of the range, or the item, that is asked about; else the best.

    Not surely at all where it is told of another range than the asker's own figure falls in.
    """
    (chosen, sure), owns = best, own_figures(slot.text)
    alike = [one for one in spans if folded[one[1] - 1] == folded[chosen[1] - 1]]
    told = behind_its_range(owns, folded, alike) or respectively(slot.text, folded, spans)
    if told:
        return _changed_to(slot, folded, told, spans), max(sure, MIN_SURE)
    if is_of_another(owns, folded, chosen):
        return chosen, 0.0
    own = in_own_item(near, folded, spans, best=chosen)
    own = _changed_to(slot, folded, own, spans)
    return (own, max(sure, MIN_SURE)) if own != chosen else best


def _changed_to(slot: Slot, folded: str, span: Range, spans: Sequence[Range]) -> Range:
    """Return what a figure or a time has changed to, where that is told and not what was is asked.

    由12元调整为13元 has come to 13元, 由周三改为周五 to 周五, 原定3月开园,推迟到5月 to 5月.
    """
    if AT_FIRST.search(slot.text) or ASKS_FROM_TO.search(slot.text):
        return span
    for change in FROM_TO.finditer(folded):
        if slot.kind == "when" and not _HAS_CHANGED.search(change.group()):
            continue  # 从7月22日到11月20日 is how long
        inside = [one for one in spans if change.start() <= one[0] < change.end()]
        if span in inside:
            return max(inside)
    if not _WAS.search(folded, max(0, span[0] - _NAMED_CHARS), span[0]):
        return span
    stop = folded.find("。", span[1])
    now = (
        one
        for one in sorted(spans)
        if span[1] <= one[0] < (stop if stop >= 0 else len(folded))
        and _IS_NOW.search(folded, max(span[1], one[0] - _NAMED_CHARS), one[0])
    )
    return next(now, span)


def _in_its_clause(slot: Slot, words: Sequence[Weighed]) -> list[Weighed]:
    """Return the words of the question that stand in one clause with its gap."""
    start = max(slot.text.rfind(sign, 0, slot.start) for sign in ",;。?!") + 1
    end = re.search("[,;。?!]", slot.text[slot.end :])
    clause = slot.text[start : slot.end + end.start() if end else len(slot.text)]
    return [word for word in words if word.word in clause]


def _named_so(slot: Slot, words: Sequence[Weighed], folded: str) -> Range | None:
    """Return what a folded text calls what is asked for, or None: one rule for each such question.

    The most of a kind, who or which took a place in a ranking, where it has gone, a telephone
    number, who did it, the cause, and where it is; never what the question says itself.
    """
    if most := _MOST_ASKED.search(slot.text):
        told = _IS_MOST[not (most["much"] or most["first_much"])].search(folded[:MOST_TEXT])
        return told.span("what") if told and told["what"] not in slot.text else None
    if slot.kind in ("who", "which") and (ranked := _of_rank(slot, folded[:MOST_TEXT])):
        return ranked
    goes = _GOES_WHERE.search(slot.text) or _MOVED_WHERE.search(slot.text)
    if slot.kind == "where" and goes:
        verb = goes.groupdict().get("verb") or "[搬迁]"
        goes_to = rf"{verb}[迁移]?(?:至|到|往|向){_A_PLACE_BEHIND}"
        to = re.search(goes_to, folded[:MOST_TEXT])
        return to.span("place") if to and to["place"] not in slot.text else None
    if asks_number(slot):
        return _number(slot, words, folded[:MOST_TEXT])
    if slot.kind == "who" and (done_by := _done_by(slot, folded)):
        return done_by
    if slot.kind == "where" and not WHERE_IT_IS.search(slot.text):
        return None
    pattern = {"why": _CAUSE, "where": _PLACE}.get(slot.kind)
    for match in pattern.finditer(folded[:MOST_TEXT]) if pattern else ():
        start, end = match.span(1)
        if slot.kind == "where":
            end = _before_what_is_there(slot, folded, start, end)
        if folded[start:end] not in slot.text:
            return start, end
    return None


def _of_rank(slot: Slot, folded: str) -> Range | None:
    """Return who a folded text says took the place that is asked for: 快递员石川以17分率先到达."""
    told = next((told for asked, told in _RANKS if asked.search(slot.text)), None)
    if not told:
        return None
    persons = Text.of(folded).persons
    found = []
    for clause in _CLAUSE.finditer(folded):
        place = told.search(folded, *clause.span())
        if not place:
            continue
        named = [one for one in persons if clause.start() <= one.start < place.start()]
        subject = _SUBJECT.match(folded, clause.start(), place.start())
        if len(named) == 1:
            found.append((named[0].start, named[0].end))
        elif subject and slot.kind == "which":
            found.append(subject.span("who"))
    found = [one for one in found if folded[slice(*one)] not in slot.text]
    own = of_what_is_asked(slot.text, folded, found)
    return own[0] if own else None


def _told_whether(query: Query, words: tuple[Weighed, ...], folded: str) -> Range | None:
    """Return the clause that tells whether it is so: the one that has most of what is asked.

    In Chinese it has the last word, which is what is asked of the others.
    """
    text = Text.of(folded[:MOST_TEXT])
    clauses = [one.span() for one in _CLAUSE.finditer(text.folded)]
    spoken = spoken_of(words, text)
    worth = [
        sum(
            word.weight * max((s for a, _, s in found if start <= a < end), default=0.0)
            for word, found in zip(words, spoken, strict=True)
        )
        for start, end in clauses
    ]
    total = sum(word.weight for word in words)
    best = max(range(len(clauses)), key=lambda n: worth[n], default=None)
    if best is None or worth[best] <= _MOST_OF_IT * total or worth.count(worth[best]) > 1:
        return None
    start, end = clauses[best]
    asked = fold(query.text)
    last = max(range(len(words)), key=lambda n: asked.rfind(words[n].word))
    if query.lang == "zh" and not any(start <= at < end for at, _, _ in spoken[last]):
        return None
    return (start, end) if _WHETHER.search(folded, start, end) else None


def _number(slot: Slot, words: Sequence[Weighed], folded: str) -> Range | None:
    """Return the number to call: the only one, the new one, or that of what is asked about."""
    numbers = [one.span() for one in A_NUMBER.finditer(folded)]
    if len(numbers) < 2:
        return next(iter(numbers), None)
    first = numbers[0]
    new = _changed_to(slot, folded, first, numbers)
    return new if new != first else in_own_clause(words, folded, numbers)


def _done_by(slot: Slot, folded: str) -> Range | None:
    """Return who a folded text calls the one who does what is asked: 主持人为教师李明."""
    does = _WHO_DOES.match(slot.text, slot.end)
    if not does:
        return None
    folded = folded[:MOST_TEXT]
    persons = [one for one in Text.of(folded).in_lists if one.sort == "person"]
    for told in re.finditer(f"{does['what']}[人者员]?[是为由:]", folded):
        clause = _CLAUSE.match(folded, told.end())
        for one in persons:
            if clause and clause.start() <= one.start < clause.end():
                return one.start, one.end
    return None


def _before_what_is_there(slot: Slot, folded: str, start: int, end: int) -> int:
    """Return where a place ends that what is asked about follows: 位于河东路的老年食堂."""
    of = folded.find("的", start + 1, end)
    behind = range(of + 1, end - 1) if of > 0 else ()
    return of if any(folded[at : at + 2] in slot.text for at in behind) else end


def asks_number(slot: Slot) -> bool:
    """Tell whether a question asks for a number to call."""
    return slot.kind in ("which", "how many") and bool(_ASKS_NUMBER.search(slot.text))


def _only_official(folded: str) -> tuple[Range, float] | None:
    """Return where a folded text names a person behind an office, if it names no other."""
    wrote = [match.span() for match in _BYLINE.finditer(folded)]
    named = [
        one
        for one in Text.of(folded).in_lists
        if one.sort == "person" and not any(a <= one.start < b for a, b in wrote)
    ]
    offices = [
        one
        for one in _BESIDE_A_NAME.finditer(folded)
        if not any(a <= one.start() < b for a, b in wrote)
    ]
    if len(named) == len(offices) == 1 and is_behind_office(folded, named[0].start):
        return (named[0].start, named[0].end), MIN_SURE
    return None


def _is_echo(slot: Slot, stretch: str) -> bool:
    """Tell whether a stretch of several characters but joining words says what the question did."""
    bare = stretch.strip("的了是在和与及、")
    return len(stretch) > len(bare) > 0 and bare in slot.text


def _in_clauses(folded: str, stretch: Range) -> Range:
    """Return a stretch as the clauses of which it has most, whole, but for what calls the cause.

    >>> text = "不会上网的家长,可直接到门卫室领取纸质报名表。"
    >>> start, end = _in_clauses(text, (text.index("的家长"), text.index("报名表")))
    >>> text[start:end]
    '可直接到门卫室领取纸质报名表'
    """
    first, last = stretch
    kept = []
    for clause in _CLAUSE.finditer(folded):
        start, end = clause.span()
        if start < first and _CALLS_CAUSE.search(folded, start, first):
            start = first
        if (min(end, last) - max(start, first)) * 2 >= end - start:
            kept.append((start, end))
    if not kept or not _is_balanced(folded[kept[0][0] : kept[-1][1]], _PAIRS):
        return stretch
    return kept[0][0], kept[-1][1]


def _label_before(slot: Slot, folded: str, start: int) -> str:
    """Return which of two stands before a figure or a time, 末班 of 末班21:40; or nothing."""
    if slot.kind not in _LABELS:
        return ""
    before = _LINKED.sub("", folded[max(0, start - _NAMED_CHARS) : start])
    label = _LABELS[slot.kind].search(before)
    return label.group() if label else ""


def _has_other(label: str, labels: Sequence[str]) -> bool:
    """Tell whether the other of two that a label is one of is among some labels."""
    pair = next(pair for pair in _PAIRED if re.fullmatch("|".join(pair), label))
    mine = next(one for one in pair if re.fullmatch(one, label))
    return any(re.fullmatch("|".join(set(pair) - {mine}), one) for one in labels if one)


def candidates(slot: Slot, text: Text) -> list[Range]:
    """Return the stretches that may answer, none through a figure, a day or a dotted name."""
    if slot.kind == "how many":
        ranks = ASKS_RANK.search(slot.text) and {one.span() for one in RANK.finditer(text.folded)}
        return sorted(ranks or _figures(slot, text))
    folded = text.folded
    named = text.in_lists if slot.kind == "who" else text.named
    whole = [
        one
        for one in named
        if one.sort in ("figure", "day")
        or (one.sort == "person" and not folded[one.start : one.end].isalpha())
    ]
    if slot.kind == "which" and asks_for_several(slot):
        named = [*named, *text.lists]
    found = {(one.start, one.end) for one in named}
    found.update(_runs(text, whole=whole, of_clause=slot.kind in ("why", "how")))
    if slot.kind == "who":
        found = _persons(slot, folded, found, named=named)
    if slot.kind == "when":
        found = _times(slot, folded, found, named=named)
    if counted := _OF_SEVERAL.search(slot.text, slot.start, slot.end):  # 87所学校 is no 哪所学校
        many = [one.start for one in named if one.sort == "figure" and one.unit == counted[1]]
        found = {(a, b) for a, b in found if not any(a <= at < b for at in many)}
    if slot.suffix:
        found = {(a, b) for a, b in found if folded.endswith(slot.suffix, a, b)}
    if nth := {one.start() for one in _NTH_OF_A_LIST.finditer(folded)}:
        found = {(a, b) for a, b in found if a not in nth}
    found = _balanced(folded, found)
    if not _ABOUT_WRITERS.search(slot.text):
        for wrote in _BYLINE.finditer(folded):
            found = {(a, b) for a, b in found if b <= wrote.start() or wrote.end() <= a}
    return sorted(found)


def _persons(slot: Slot, folded: str, found: set[Range], *, named: Sequence[Named]) -> set[Range]:
    """Return those of the stretches that may be who is asked for: of who won none that was beaten.

    Who asks knows whom they name, unless one of two is asked for. Who is quoted tells of others,
    if any are named.
    """
    if not _ONE_OF_TWO.search(slot.text):
        found = {(a, b) for a, b in found if folded[a:b] not in slot.text}
    if _ASKS_WINNER.search(slot.text) and not _ASKS_BEATEN.search(slot.text):
        beaten = [match.span("beaten") for match in _BEATS.finditer(folded)]
        found = {(a, b) for a, b in found if not any(x < b and a < y for x, y in beaten)}
    persons = {(one.start, one.end) for one in named if one.sort == "person"} & found
    heard = {one for one in persons if _WHO_SAYS.match(folded, one[1])}
    if heard and persons - heard and not SAYS.search(slot.text):
        found = {(a, b) for a, b in found if not any(x < b and a < y for x, y in heard)}
    return found


def _times(slot: Slot, folded: str, found: set[Range], *, named: Sequence[Named]) -> set[Range]:
    """Return those of the stretches that are a day or an era; days alone where one is asked for."""
    every = [(one.start, one.end) for one in named if one.sort == "day"]
    days = {(a, b) for a, b in every if not _LEARNT.match(folded, b)} or set(every)
    found = {
        (a, b)
        for a, b in found
        if (a, b) in days or (_ERA.search(folded[a:b]) and not _HAS_CHANGED.search(folded, a, b))
    }
    if _ASKS_DAY.search(slot.text):
        found = {(a, b) for a, b in found if _A_DAY.search(folded, a, b)}
    return found


def _figures(slot: Slot, text: Text) -> set[Range]:
    """Return the figures that may answer: by how much it changed, where that is asked for.

    None of a row, 第1207期, where there are others.
    """
    folded = text.folded
    found = {(one.start, one.end) for one in text.figures}
    counted = {(a, b) for a, b in found if folded[a] != "第"}
    if counted and not slot.text.endswith("第", 0, slot.start):
        found = counted
    if "几" not in slot.text[slot.start : slot.end]:
        found = {(a, b) for a, b in found if not _ONE.fullmatch(folded, a, b)} or found
    found = _as_asked(slot, folded, found)
    if not _ASKS_CHANGE.search(slot.text, 0, slot.start):
        return found
    return _behind(_CHANGED_BY, folded, found) or found


def _as_asked(slot: Slot, folded: str, found: set[Range]) -> set[Range]:
    """Return those of the figures that are measured, or limited, as it is asked for."""
    if by := measured_by(slot.text):
        found = {(a, b) for a, b in found if by.search(folded[a:b])} or found
    if scale := scale_asked(slot.text[slot.start : slot.end]):
        found = {(a, b) for a, b in found if scale in folded[a:b]} or found
    if limit := limit_asked(slot.text):
        found = _behind(limit, folded, found) or found
    return found


def _behind(word: re.Pattern[str], folded: str, found: set[Range]) -> set[Range]:
    """Return those of some figures that stand closely behind a word."""
    return {(a, b) for a, b in found if word.search(folded[max(0, a - _NAMED_CHARS) : a])}


def _runs(text: Text, *, whole: Sequence[Named], of_clause: bool) -> Iterator[Range]:
    """Return the stretches of words in one clause, none with an end inside what stays whole.

    Args:
        text: The text.
        whole: Figures, days and names that no stretch begins or ends in.
        of_clause: Whether a clause is looked for, which is longer and may have a comma in it.
    """
    cuts = text.bounds
    most_words = _MOST_WORDS_OF_CLAUSE if of_clause else _MOST_WORDS
    most_chars = _MOST_CHARS_OF_CLAUSE if of_clause else _MOST_CHARS
    stops = cuts.stops & ~cuts.commas if of_clause else cuts.stops
    number = np.arange(len(stops))
    next_stop = np.minimum.accumulate(np.where(stops, number, len(stops))[::-1])[::-1]
    too_long = np.searchsorted(cuts.ends, cuts.starts + most_chars, side="right")
    past = np.minimum(np.minimum(number + most_words, too_long), next_stop)
    inside = np.zeros(len(text.folded) + 1, dtype=np.bool_)
    for one in whole:
        inside[one.start + 1 : one.end] = True
    begins = cuts.words & ~inside[cuts.starts]
    sizes = np.where(begins, np.maximum(past - number, 0), 0)
    firsts = np.repeat(number, sizes)
    lasts = np.arange(len(firsts)) - np.repeat(sizes.cumsum() - sizes, sizes) + firsts
    kept = ~(cuts.lists | inside[cuts.ends])[lasts]
    return zip(cuts.starts[firsts[kept]].tolist(), cuts.ends[lasts[kept]].tolist(), strict=True)


def _balanced(folded: str, found: set[Range]) -> set[Range]:
    """Return those of the stretches that have as many signs of each pair open as close."""
    for left, right in _PAIRS:
        if left in folded or right in folded:
            worth = {left: 1, right: -1}
            depth = [0, *accumulate(worth.get(char, 0) for char in folded)]
            found = {(a, b) for a, b in found if depth[a] == depth[b]}
    return found


def _is_balanced(text: str, pairs: Sequence[tuple[str, str]]) -> bool:
    return all(text.count(left) == text.count(right) for left, right in pairs)
