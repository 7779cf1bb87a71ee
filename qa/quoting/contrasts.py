"""Things of which one is not the other: the champion and the runner-up, the old and the new hall.

Source of the idea: S. Mohammad, B. Dorr, G. Hirst and P. Turney, Computing Lexical Contrast,
Computational Linguistics 39(3), 2013. The groups here are closed ones that newspapers count in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.types import Range

_BUILT = "(?=[馆校院楼桥厂站址区城村])"
_BUILT_EN = (
    r"(?= (?:\w+ ){0,2}(?:building|library|museum|school|campus|hospital|bridge|station|hall))"
)
_GROUPS = (
    (
        r"冠军|夺冠|金牌|金奖|第一名|\bchampions?\b|\bfirst place\b|\bgold medal",
        r"亚军|银牌|银奖|第二名|\brunners?-?up\b|\bsecond place\b|\bsilver medal",
        r"季军|铜牌|铜奖|第三名|\bthird place\b|\bbronze medal",
    ),
    (r"特等奖", r"一等奖|\bfirst prize", r"二等奖|\bsecond prize", r"三等奖|\bthird prize"),
    (r"(?<!半)(?<!分之一)决赛|(?<!semi-)(?<!semi )\bfinals?\b", r"半决赛|\bsemi-?finals?\b"),
    (
        r"早[、中晚午]*[餐饭点]|\bbreakfast",
        r"[午中][、晚]*[餐饭]|\blunch",
        r"晚[餐饭]|\b(?:dinner|supper)",
    ),
    (
        r"男(?=[子女排篮足双单队])|\bmen's\b",
        r"(?<=男)女|女(?=[子排篮足双单队])|\bwomen's\b",
    ),
    (r"首[末]?班|头班|\bfirst (?:bus|train|ferry)", r"(?:首)?末班|\blast (?:bus|train|ferry)"),
    (r"上半年|\bfirst half of", r"下半年|\bsecond half of"),
    (
        r"[一1]季度|\bfirst quarter",
        r"[二2]季度|\bsecond quarter",
        r"[三3]季度|\bthird quarter",
        r"[四4]季度|\bfourth quarter",
    ),
    (
        r"正式(?=[开运营投启上])|\bofficial(?:ly)? (?:open|launch)",
        r"试(?=[开运营行投])|\btrial (?:opening|operation|run)",
    ),
    (
        r"春[季天]|\b(?:this|next|last|in|the) spring\b",
        r"夏[季天]|暑[期假]|\b(?:this|next|last|in|the) summer\b",
        r"秋[季天]|\b(?:this|next|last|in|the) (?:autumn|fall)\b",
        r"冬[季天]|寒[期假]|\b(?:this|next|last|in|the) winter\b",
    ),
    (
        r"春节|除夕|正月|\bspring festival",
        r"元旦|\bnew year's day",
        r"清明|\bqingming|\btomb[- ]sweeping",
        r"五一(?![路广街村镇])|劳动节|\bmay day|\blabou?r day",
        r"端午|\bdragon boat festival",
        r"国庆|中秋|\bnational day|\bmid-autumn",
    ),
    (
        r"单打|\bsingles\b",
        r"(?<!混合)双打|(?<!mixed )\bdoubles\b",
        r"混双|混合双打|\bmixed doubles\b",
    ),
    (r"进口|\bimport", r"出口|\bexport"),
    (rf"[老旧]{_BUILT}|\bold{_BUILT_EN}", rf"新(?:建的?)?{_BUILT}|\bnew{_BUILT_EN}"),
    *(
        tuple(
            rf"{at}{area}|\b{en} {place}"
            for at, en in (("东", "east"), ("西", "west"), ("南", "south"), ("北", "north"))
        )
        for area, place in (
            ("校区", "campus"),
            ("院区", "campus"),
            ("站房?", "(?:railway )?station"),
        )
    ),
    (r"城镇|\burban", r"农村|乡村|\brural"),
    (r"成[年]?人票|\badult tickets?", r"儿童票|\bchild(?:ren)?'?s? tickets?"),
    (r"工作日|平日|\bweekdays?\b", r"周末|双休日|(?:周|星期)[六日天]|\bweekends?\b"),
)

_TOLD_APART = (  # by clauses: a sentence may tell of adults without naming them
    (
        r"成[年]?人|大人|\badults?\b",
        r"儿童|小孩|孩子|学生|\bchild|\bkids?\b|\bstudents?\b",
        r"老[年]?人|\bseniors?\b",
    ),
    ("男", "女"),
)

_MEMBERS, _OF_CLAUSES = (
    tuple(tuple(re.compile(one) for one in group) for group in groups)
    for groups in (_GROUPS, (*_GROUPS, *_TOLD_APART))
)
_CLAUSE = re.compile("[^,。;!?\n]+")

Members = tuple[re.Pattern[str], ...]


@lru_cache(maxsize=64)
def contrasts_of(folded: str, *, of_clauses: bool = False) -> tuple[tuple[Members, Members], ...]:
    """Return for each group that a folded question speaks of what it asks for, and the others.

    Args:
        folded: The question.
        of_clauses: Whether groups count, too, that tell clauses apart and no sentences: adults and
            children.

    >>> [(wanted, others)] = contrasts_of("亚军是哪支队?")
    >>> bool(wanted[0].search("获得亚军")), [bool(other.search("夺冠")) for other in others]
    (True, [True, False])
    """
    found = []
    for group in _OF_CLAUSES if of_clauses else _MEMBERS:
        wanted = tuple(one for one in group if one.search(folded))
        if wanted and len(wanted) < len(group):
            found.append((wanted, tuple(one for one in group if one not in wanted)))
    return tuple(found)


def of_what_is_asked(question: str, folded: str, spans: Sequence[Range]) -> Sequence[Range]:
    """Return those of some stretches that are of the one of a group that a question asks about.

    A stretch is of what its clause names of the group, else of what was named last before. All of
    them where the text does not name what is asked about, or no stretch is of it.

    Args:
        question: Folded.
        folded: The text.
        spans: The stretches.

    >>> text = "男单冠军为李明,亚军是王刚;女单冠军是张燕。"
    >>> spans = [(5, 7), (11, 13), (19, 21)]
    >>> [text[slice(*one)] for one in of_what_is_asked("女单冠军是谁?", text, spans)]
    ['张燕']
    """
    for wanted, others in contrasts_of(question, of_clauses=True):
        if not any(one.search(folded) for one in wanted):
            continue
        of_others, is_other = [], False
        for clause in _CLAUSE.finditer(folded):
            if any(one.search(folded, *clause.span()) for one in wanted):
                is_other = False
            elif any(one.search(folded, *clause.span()) for one in others):
                is_other = True
            if is_other:
                of_others.append(clause.span())
        own = [one for one in spans if not any(a <= one[0] < b for a, b in of_others)]
        spans = own or spans
    return spans


def speaks_of_others(folded: str, wanted: Members, others: Members) -> bool:
    """Tell whether a folded text has others of a group and none that is wanted."""
    return not any(one.search(folded) for one in wanted) and any(
        one.search(folded) for one in others
    )
