"""Who somebody is, and who holds an office: what stands beside a name."""

from __future__ import annotations

import re
from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.text import HAN_CLASS, fold
from corpus.types import Range
from qa.offices import HEAD, HEAD_ENDS, HEADS_EN, RANKS
from qa.query import Query
from qa.quoting.alignment import MOST_TEXT, Text
from qa.quoting.kinds import IS_NAME, OFFICE

_ASKED = {
    "zh": re.compile(
        rf"^(?:请问)?(?P<name>[{HAN_CLASS}]{{2,4}}?)(?:是(?:谁|什么人|[干做](?:什么|啥|嘛)的)"
        r"|(?:是|来自|在)哪一?个?(?:部门|单位|机构|公司|企业)(?:派?来|工作|上班|任职|就职)?的?"
        r"(?:人|领导|干部|专家)?)[呀啊呢]?\W*$"
    ),
    "en": re.compile(r"^who (?:is|was)(?![a-z]) ?[“\"]?(?P<who>[\w' -]{2,40}?)\W*$"),
}
_WITHIN = '[^\\s,。;:、“”"()]'  # characters of the name of an office
_TRADE = "[\u4e00-\u9fff](?:员|户|工|师傅?|匠|农|医)"
"""How the name of what somebody does ends: 投递员, 种植户."""

_BODY = (
    "[省市区县镇乡]委|党工委|管委会|党委|团委|纪工?委|政协|人大|[\u4e00-\u9fff]{2,6}[局处厅院办]"
)
_HEAD = (
    rf"(?P<body>{_BODY})?(?:(?P<rank>[{RANKS}])|(?P<former>[前原]任))?"
    f"(?P<office>{HEAD}|老板|老总)"
)
_OF_A_FIRM = "董事长|总经理|总裁|创始人|负责人|老板"  # who may be meant by 老板 and 老总
_NOW = re.compile(f"(?:现在|目前|当前|如今|眼下)的(?=[^,。?]{{0,6}}(?:{HEAD_ENDS}))|[现新]任")
_OFFICE_IS_WHO = re.compile(rf"{_HEAD}(?:[现目]在?前?)?(?:是|叫|由)(?:谁|哪位|什么)")
_WHO_IS_OFFICE = re.compile(rf"(?:谁|哪位)(?:[现目]在?前?)?是[^,。?!]{{0,12}}?{_HEAD}\W*$")
_WHO_IS_EN = re.compile(
    r"\bwho(?: is| was|'s) (?![^?]*\b(?:deputy|vice|acting)\b)(?:the |its |their )?"
    r"(?:[\w'-]+ ){0,4}?"
    rf"(?P<former>(?:former|previous|ex-?) ?)?(?P<office>{'|'.join(HEADS_EN)})\b"
    r"(?: (?:of|at|for) (?P<body>[^?,.]{2,60}))?"
)
_TAKES = re.compile(  # 李明任市教育局局长, between the name and the office
    r"[^,。;]{0,8}?(?:[新担接出升继兼改]任(?!务)|任(?![务何课意职教])|当选|就任|履新)[^\s,。;:“”\"()]{0,18}"
)
_LEAVES = re.compile(  # 不再担任县卫健委主任职务, before the office
    "(?:不再(?:担任|兼任|任)|免去|免除|卸任|辞去|罢免)[^,。;、]{0,16}$"
)
_LEFT = re.compile(
    r"(?:[^,。;]{0,4}?|(?:已|于|因|日前|不久前)[^,。;]{0,12}?)(?:不再(?:担任|兼任|任)|卸任|辞去|离任|去职|离职|调[任离往]|转任"
    r"|(?:病退|退休)(?![欢仪后前金人老干职教生]))"
)
_LEFT_IT = re.compile(rf"[^,。;]{{0,4}}?(?:不再担任|不再任|卸任|辞去){_WITHIN}{{0,14}}")
_ENDS = re.compile("(?:一?职|职务)?(?:[,。;、()!]|$|并|同时)")
_NAMES = re.compile(  # 任命李明为市教育局局长, before the office
    r"(?:任命|推选|选举(?:产生)?|推举|聘[任请用]?|提名|增补)了?(?P<name>(?![其他她原副])[\u4e00-\u9fff·]{2,4}?)"
    rf"(?:同志)?(?:[担出接继升兼改]任|任|为){_WITHIN}{{0,14}}$"
)
_NAMES_TOO = re.compile(  # 任命李明为市教育局局长,王芳为市水利局局长
    rf"[,、;:](?P<name>{IS_NAME.pattern})(?:同志)?[为任]{_WITHIN}{{0,14}}$"
)
_ORDERED = re.compile("任命|聘任|选举|推选|决定任|(?P<left>免去|免除|罢免|不再担任)")
_SUCCEEDS = re.compile("(?:同志)?(?:接[任替班手]|继任)")
_IS_HELD_BY = re.compile("(?:一职|职务)?(?:[是为由叫:系]|现为|仍[是为])(?P<of>[^,。;、]{0,16}的)?")
_BARE_NAME = re.compile(  # right behind an office, whatever its surname
    rf"(?![的是在及和兼由等率向对为与一亲带也还职])[{HAN_CLASS}]{{2,3}}"
    r"(?=[,。;、)]|说|表示|指出|介绍|强调|陪同|参加|出席|主持|讲话|致辞|宣读)"
)
_NOT_IN_A_NAME = frozenset("说地着了过并")
_APPOINTED = re.compile(
    rf"(?:^|[,。;:、])({IS_NAME.pattern})(?=(?:同志)?(?:[新担接出升继兼改]任|任(?!务)|当选|就任))"
)
_BODIES = (
    "卫生院|医院|大学|学校|[小中]学|[学校]院|公司|集团|[局厅委]|[省市区县镇乡村]|街道|社区|中心|银行|研究院"
    "|工厂"
)
_OF_BODIES = rf"(?<![我本该])[\u4e00-\u9fff](?:{_BODIES})[的副]?$"
_OF_A_BODY = re.compile(_OF_BODIES)
_NAMED_BODY = re.compile(
    r"[\u4e00-\u9fff]{2}(?:卫生院|医院|大学|学校|[小中]学|公司|集团|[局厅]|银行|研究院)"
)
_BODY_CHARS = 8
_BESIDE = 16  # characters before a name in which 由 may stand
_CLAUSE_CHARS = 40
_LIKELY = 0.2  # from this weight a term may be what an English word for a body means
_OF_AN_OFFICE = re.compile(rf"{_OF_BODIES}|(?:办公室|[处科部])[的副]?$")
_N_KEPT = 64


@lru_cache(maxsize=_N_KEPT)
def office_beside(query: Query) -> re.Pattern[str] | None:
    """Return what tells in a folded text who the person is that a question names; None otherwise.

    The office is its group. An English question must have been resolved (`Finder.resolve`).

    >>> from qa.query import parse
    >>> told = office_beside(parse("张强是谁？"))
    >>> told.search("副县长张强到会")["office"], office_beside(parse("县长是谁？"))
    ('副县长', None)
    """
    name = person_asked(query)
    if not name:
        return None
    by = "(?:特约|见习|实习)?(?:记者|通讯员)"  # who signs beside another: 记者李明通讯员王芳
    one = (
        rf"(?:{by}|(?<![记通讯])(?:(?!记者|通讯员){_WITHIN}){{0,16}}"
        rf"(?!记者|通讯员)(?:{OFFICE}|{_TRADE}))"
    )
    office = rf"(?P<office>(?:{one}、){{0,3}}{one})"
    return re.compile(f"{office}{name}")


@lru_cache(maxsize=_N_KEPT)
def person_asked(query: Query) -> str:
    """Return the Chinese name of whom a question asks who that is; empty of another question.

    An English question must have been resolved (`Finder.resolve`).

    >>> from qa.query import parse
    >>> person_asked(parse("张强是谁呀？")), person_asked(parse("县长是谁？"))
    ('张强', '')
    """
    match = _ASKED[query.lang].match(fold(query.text))
    if not match:
        return ""
    said = next(filter(None, match.groups()))
    terms = {one.phrase: one.terms for one in query.expansions}.get(said, ())
    names = [said, *query.required, *(term for term, _ in terms)]
    return next((one for one in names if IS_NAME.fullmatch(one)), "")


@dataclass(frozen=True, slots=True)
class OfficeAsked:
    """An office whose holder is asked for.

    Attributes:
        pattern: What a folded text must have: that of the body and in the rank that are named.
        of_before: Whether who held it before is asked for.
        of_a_body: Whether it is told of which body.
        body: Of an English question, the words that tell of which.
    """

    pattern: str
    of_before: bool = False
    of_a_body: bool = False
    body: str = ""


@lru_cache(maxsize=_N_KEPT)
def office_asked(question: str) -> OfficeAsked | None:
    """Return the office whose holder a folded question asks for, if it asks for one."""
    english = _WHO_IS_EN.search(question)
    if english:
        at = english.start("office")
        title = next(zh for en, zh in HEADS_EN.items() if re.compile(en).match(question, at))
        return OfficeAsked(
            f"(?<![{RANKS}])(?:{title})", bool(english["former"]), body=english["body"] or ""
        )
    question = _NOW.sub("", question)
    match = _OFFICE_IS_WHO.search(question) or _WHO_IS_OFFICE.search(question)
    if not match:
        return None
    rank = match["rank"] or f"(?<![{RANKS}])"
    office = _OF_A_FIRM if match["office"].startswith("老") else match["office"]
    within = rf"{match['body'][-3:]}[^,。;]{{0,8}}?" if match["body"] else ""
    return OfficeAsked(
        f"{within}{rank}(?:{office})(?!负责制|办公)",
        of_before=bool(match["former"]),
        of_a_body=_OF_A_BODY.search(question, 0, match.start("office")) is not None,
    )


def holder(query: Query, folded: str) -> Range | None:
    """Return where a folded text names who holds the office that is asked for, or None.

    Who has left it holds it no more, unless the one before is asked for.

    Args:
        query: The question.
        folded: The text.
    """
    asked = office_asked(fold(query.text))
    if not asked:
        return None
    folded = folded[:MOST_TEXT]
    text = Text.of(folded)
    words = frozenset(text.cuts)
    persons = {one.start: one.end for one in text.persons}
    persons |= {one.start(1): one.end(1) for one in _APPOINTED.finditer(folded)}
    office = rf"(?:{asked.pattern})(?:[、兼]{_WITHIN}{{0,16}}?(?:{OFFICE}))*"
    found = _of_the_body(asked, query, list(re.finditer(office, folded)))
    for match in found:  # 院长李明
        bare = _BARE_NAME.match(folded, match.end())
        end = persons.get(match.end()) or (bare.end() if bare and _may_be(bare, words) else 0)
        if end and _has_left(folded, match, end) == asked.of_before:
            return match.end(), end
    held_by = None if asked.of_before else _held_by(folded, found, persons)
    return held_by or _told_by_order(asked, folded, found, persons)


def _told_by_order(
    asked: OfficeAsked,
    folded: str,
    found: Sequence[re.Match[str]],
    persons: Mapping[int, int],
) -> Range | None:
    """Return who a folded text says takes or leaves an office: 李明任院长, 任命李明为院长."""
    between = _LEFT_IT if asked.of_before else _TAKES
    for match in found:  # 李明任院长
        clause = max(0, match.start() - _CLAUSE_CHARS), match.start()
        named_so = _NAMES.search(folded, *clause)
        if not named_so and (ordered := _ordered(folded, match)) and not ordered["left"]:
            named_so = _NAMES_TOO.search(folded, *clause)
        if named_so and not asked.of_before:
            return named_so.span("name")
        if _is_left(folded, match) == asked.of_before and _ENDS.match(folded, match.end()):
            for start in sorted(persons, reverse=True):
                if between.fullmatch(folded, persons[start], match.start()):
                    return start, persons[start]
    return None


def _held_by(
    folded: str, offices: Sequence[re.Match[str]], persons: Mapping[int, int]
) -> Range | None:
    """Return who a folded text says an office is held by: 院长为外科医生出身的李明, 由李明接任."""
    for office in offices:
        linked = _IS_HELD_BY.match(folded, office.end())
        ends = (linked.end(), linked.start("of")) if linked else ()
        for start in (at for at in ends if at in persons):
            return start, persons[start]
    if offices:
        for start, end in persons.items():
            if _SUCCEEDS.match(folded, end) and "由" in folded[max(0, start - _BESIDE) : start]:
                return start, end
    return None


def _may_be(bare: re.Match[str], words: Group[tuple[int, int]]) -> bool:
    """Tell whether characters behind an office may be a name: none of them make a word.

    In a list, 局长步青云、卫健局局长甘霖, those behind the surname may.
    """
    first, last = bare.span()
    if _NOT_IN_A_NAME.intersection(bare.group()) or (first, first + 1) not in words:
        return False
    in_a_list = bare.string.startswith("、", last)
    return in_a_list or all((at, at + 1) in words for at in range(first, last))


def takes_over(query: Query, folded: str) -> bool:
    """Tell whether a folded text names who holds an office before it: 任命李明为市教育局局长."""
    found, asked = holder(query, folded), office_asked(fold(query.text))
    return bool(found and asked and not re.search(rf"(?:{asked.pattern})$", folded[: found[0]]))


def _of_the_body(
    asked: OfficeAsked, query: Query, found: Sequence[re.Match[str]]
) -> Sequence[re.Match[str]]:
    """Return the offices of the body that an English question names; of none, those of no body."""
    weights = {
        term: weight
        for one in query.expansions
        if asked.body and one.phrase in asked.body
        for term, weight in one.terms
        if weight > _LIKELY and len(term) > 1
    }
    if not weights:
        return found
    before = [one.string[max(0, one.start() - _BODY_CHARS) : one.start()] for one in found]
    told = [sum(weights[term] for term in weights if term in text) for text in before]
    most = max(told, default=0.0)
    if most:  # health, a bureau: 卫生健康局 before 办公室
        return [one for one, worth in zip(found, told, strict=True) if worth == most]
    return [one for one, text in zip(found, before, strict=True) if not _OF_AN_OFFICE.search(text)]


def _ordered(folded: str, office: re.Match[str]) -> re.Match[str] | None:
    """Return the last word before an office, in its sentence, for giving or taking one."""
    start = folded.rfind("。", 0, office.start()) + 1
    return next(iter(reversed(list(_ORDERED.finditer(folded, start, office.start())))), None)


def _has_left(folded: str, office: re.Match[str], name_end: int) -> bool:
    """Tell whether who is named behind an office is said to have left it; not of 前县长."""
    return folded[office.start()] not in "前原" and bool(_LEFT.match(folded, name_end))


def _is_left(folded: str, office: re.Match[str]) -> bool:
    """Tell whether a folded text says of an office that somebody has left it."""
    ordered = _ordered(folded, office)
    if ordered and ordered["left"] and folded.startswith(("职务", "一职"), office.end()):
        return True
    clause = max(folded.rfind(sign, 0, office.start()) for sign in ",。;、") + 1
    return bool(
        _LEAVES.search(folded, clause, office.start()) and _ENDS.match(folded, office.end())
    )


def is_of_another_body(query: Query, folded: str) -> bool:
    """Tell whether an office is asked for, of no body, and a folded text tells it of one."""
    asked = office_asked(fold(query.text))
    if not asked or asked.of_a_body:
        return False
    found = list(re.finditer(asked.pattern, folded))
    return bool(found) and all(
        _OF_A_BODY.search(folded, max(0, one.start() - _BODY_CHARS), one.start()) for one in found
    )


def names_a_body(folded: str) -> bool:
    """Tell whether a folded text names a body that has a head: 石鼓镇卫生院, 县中学."""
    return _NAMED_BODY.search(folded) is not None


def has_no_holder(query: Query, folded: str) -> bool:
    """Tell whether a folded text says of the office that is asked for only who has left it."""
    asked = office_asked(fold(query.text))
    if not asked or asked.of_before or holder(query, folded):
        return False
    folded = folded[:MOST_TEXT]
    persons = {one.start: one.end for one in Text.of(folded).persons}
    found = list(re.finditer(asked.pattern, folded))
    return bool(found) and all(
        _is_left(folded, one)
        or (one.end() in persons and _has_left(folded, one, persons[one.end()]))
        for one in found
    )
