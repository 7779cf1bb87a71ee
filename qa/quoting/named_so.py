"""What a text itself calls the thing that is asked for: the hotline is 12345, the champion is 李明.

One rule for each such question. None says again what the question says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.types import Range
from qa.offices import HEAD
from qa.quoting.alignment import MOST_TEXT, Text
from qa.quoting.contrasts import of_what_is_asked
from qa.quoting.kinds import PHONE
from qa.quoting.own_figures import in_own_clause
from qa.quoting.slot import Kind, Slot
from qa.quoting.spans import changed_to
from qa.search.coverage import Weighed

CLAUSE = re.compile("[^,。;:!?]+")
"""A stretch of a folded text without a sign that ends one."""

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
    r"|hotline|\b(?:phone|telephone|duty|contact|enquir(?:y|ies)|inquir(?:y|ies)|office|emergency"
    r"|helpline|reporting|complaints?|consultation|switchboard) number\b"
    r"|\bnumber (?:to|should i|do i|can i) (?:call|ring|dial|phone)\b"
)
A_NUMBER = re.compile(
    rf"{PHONE.pattern}|(?<![\d.])(?:1\d{{2,4}}|9\d{{4}})(?![\d.元年名人%万亿])"  # 110, 12345
)
"""A number that can be called."""

_WHO_DOES = re.compile("(?P<what>[\u4e00-\u9fff]{2})(?=\\W*$|了|的)")
_PLACES_TAKEN = tuple(  # the place that is asked for, and what tells that somebody took it
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
_HELD = "举[行办]|召开|开[工幕赛]|启动|启幕|揭[牌幕]|鸣枪|签约"
_HELD_WHERE = re.compile(rf"在(?:哪[里儿]?|什么地方|何[处地])(?:{_HELD})")
_HELD_THERE = re.compile(
    "在(?P<place>(?![此这那本该全日月年])[^,。;、在]{2,24}?)"
    f"(?:隆重|正式|集中|顺利|成功|盛大)?(?:{_HELD})"
)
_WHO_WROTE = re.compile(r"\bwho (?:wrote|reported|covered)\b|\bwhich (?:reporters?|journalists?)\b")
_WROTE = re.compile(
    "(?:记者|通讯员)(?P<who>[\u4e00-\u9fff]{2,4}(?:[、 ]+(?:通讯员)?[\u4e00-\u9fff]{2,4})*)\\)"
)
_HOW_JUDGED = re.compile(
    "(?:评价|态度|反应|反响|看法|印象)(?:是)?(?:如何|怎么?样)|如何评价|怎么评价"
)
_JUDGED = re.compile(
    "(?:予以|给予|表示|得到|受到)?(?:了)?(?:充分|高度|一致|普遍|热烈|极大)?的?"
    "(?:肯定|好评|认可|赞[扬赏誉许]|称赞|点赞|满意|欢迎|高度评价|批评|不满)"
)
_TREATED_AS = re.compile(
    "(?:把|将|以)(?P<what>[^,。;]{2,20}?)(?:作为|当作|视为|列为)(?P<as_what>[^,。;]{2,24})"
)
_ALIKE = 4  # characters
_DOES_WHAT = re.compile("(?P<verb>[\u4e00-\u9fff]{2})了(?:哪些|什么)$")
_WHICH_OFFICE = re.compile(
    rf"哪(?:位|几位|些)(?P<office>[省市区县镇乡村]?[\u4e00-\u9fff]{{0,4}}?(?:领导|{HEAD}|代表|负责人))"
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


def named_so(slot: Slot, words: Sequence[Weighed], folded: str) -> Range | None:
    """Return what a folded text calls what is asked for, or None: one rule for each such question.

    The most of a kind, who or which took a place in a ranking, where it has gone, a telephone
    number, who did it, the cause, and where it is; never what the question says itself.
    """
    folded = folded[:MOST_TEXT]
    if most := _MOST_ASKED.search(slot.text):
        told = _IS_MOST[not (most["much"] or most["first_much"])].search(folded)
        return told.span("what") if told and told["what"] not in slot.text else None
    if slot.kind in ("who", "which") and (ranked := _of_rank(slot, folded)):
        return ranked
    goes = _GOES_WHERE.search(slot.text) or _MOVED_WHERE.search(slot.text)
    if slot.kind == "where" and goes:
        return _gone_to(slot, folded, verb=goes.groupdict().get("verb") or "[搬迁]")
    if asks_number(slot):
        return _number(slot, words, folded)
    for kinds, rule in _RULES:
        if slot.kind in kinds and (found := rule(slot, folded)):
            return found
    return _cause_or_place(slot, folded)


def _said_of(slot: Slot, folded: str) -> Range | None:
    """Return what was done, what something is treated as, or how it is judged.

    部署了什么 is told by what stands behind 部署, 什么是首要任务 by 把安全作为首要任务, and
    评价如何 by 充分肯定.
    """
    if _HOW_JUDGED.search(slot.text):
        judged = _JUDGED.search(folded)
        return judged.span() if judged else None
    if slot.kind != "which":
        return None
    for treated in _TREATED_AS.finditer(folded):
        if treated["what"] not in slot.text and _longest(treated["as_what"], slot.text) >= _ALIKE:
            return treated.span("what")
    does = _DOES_WHAT.search(slot.text, 0, slot.end)
    if not does or slot.head or slot.text[slot.end :].strip("?。! "):
        return None
    found = [
        one.span("what")
        for one in re.finditer(
            rf"{does['verb']}了?(?P<what>[^,。;:!?]{{2,40}})(?=[,。;:!?]|$)", folded
        )
        if one["what"] not in slot.text
    ]
    return found[0] if len(found) == 1 else None


def _longest(one: str, other: str) -> int:
    """Return how many characters the longest stretch has that ends a text and stands in another."""
    return next((len(one) - at for at in range(len(one)) if one[at:] in other), 0)


def _writers(slot: Slot, folded: str) -> Range | None:
    """Return who a byline names, where it is asked in English who wrote a report."""
    wrote = _WROTE.search(folded) if _WHO_WROTE.search(slot.text) else None
    return wrote.span("who") if wrote else None


def _of_an_office(slot: Slot, folded: str) -> Range | None:
    """Return who is named behind the office that is asked for: 区领导王芳, of 哪位区领导."""
    asked = _WHICH_OFFICE.match(slot.text, slot.start)
    if not asked:
        return None
    end = f"{asked['office']}(?:同志)?"
    named = [one for one in Text.of(folded).in_lists if one.sort == "person"]
    found = [(one.start, one.end) for one in named if re.search(rf"{end}$", folded[: one.start])]
    return found[0] if len(found) == 1 else None


def _gone_to(slot: Slot, folded: str, *, verb: str) -> Range | None:
    """Return where a folded text says that something goes, or has gone."""
    to = re.search(rf"{verb}[迁移]?(?:至|到|往|向){_A_PLACE_BEHIND}", folded)
    return to.span("place") if to and to["place"] not in slot.text else None


def _cause_or_place(slot: Slot, folded: str) -> Range | None:
    """Return what a folded text calls the cause, or the place, where that is asked for."""
    if slot.kind == "where" and _HELD_WHERE.search(slot.text):
        halls = [one.span("place") for one in _HELD_THERE.finditer(folded)]
        return halls[0] if len(halls) == 1 else None
    if slot.kind == "where" and not WHERE_IT_IS.search(slot.text):
        return None
    pattern = {"why": _CAUSE, "where": _PLACE}.get(slot.kind)
    for match in pattern.finditer(folded) if pattern else ():
        start, end = match.span(1)
        if slot.kind == "where":
            end = _before_what_is_there(slot, folded, start, end)
        if folded[start:end] not in slot.text:
            return start, end
    return None


def _of_rank(slot: Slot, folded: str) -> Range | None:
    """Return who a folded text says took the place that is asked for: 快递员石川以17分率先到达."""
    told = next((told for asked, told in _PLACES_TAKEN if asked.search(slot.text)), None)
    if not told:
        return None
    persons = Text.of(folded).persons
    found = []
    for clause in CLAUSE.finditer(folded):
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


def _number(slot: Slot, words: Sequence[Weighed], folded: str) -> Range | None:
    """Return the number to call: the only one, the new one, or that of what is asked about."""
    numbers = [one.span() for one in A_NUMBER.finditer(folded)]
    if len(numbers) < 2:
        return next(iter(numbers), None)
    first = numbers[0]
    new = changed_to(slot, folded, first, numbers)
    return new if new != first else in_own_clause(words, folded, numbers)


def _done_by(slot: Slot, folded: str) -> Range | None:
    """Return who a folded text calls the one who does what is asked: 主持人为教师李明."""
    does = _WHO_DOES.match(slot.text, slot.end)
    if not does:
        return None
    persons = [one for one in Text.of(folded).in_lists if one.sort == "person"]
    for told in re.finditer(f"{does['what']}[人者员]?[是为由:]", folded):
        clause = CLAUSE.match(folded, told.end())
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
    asks = slot.kind in ("which", "how many") and _ASKS_NUMBER.search(slot.text)
    return bool(asks) and not A_NUMBER.search(slot.text)  # 12345 is known to who names it


_RULES: tuple[tuple[tuple[Kind, ...], Callable[[Slot, str], Range | None]], ...] = (
    (("who",), _done_by),
    (("who",), _of_an_office),
    (("who", "which"), _writers),
    (("which", "how"), _said_of),
)
