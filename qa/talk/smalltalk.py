"""Greetings and the like: what is said to a chat and asks nothing of the archive."""

from __future__ import annotations

import re

from corpus.text import HAN, fold

_HELLO = (
    r"(?:你|您|大家)好[啊呀吗]?|[早晚]上好|[上下中]午好|早安|晚安|嗨|哈[喽啰]|在吗"
    r"|hi(?: there)?|hello(?: there)?|hey(?: there)?|good (?:morning|afternoon|evening|day)|greetings"
)
_PAPER = "报纸?|刊物?|简报|杂志|周报|院报|校报"
_KINDS = (
    ("hello", _HELLO),
    (
        "thanks",
        r"(?:非常|十分|太|好的)?[,，]?(?:感谢|谢谢|多谢|谢了|辛苦)(?:你|您|大家)?(?:们)?(?:了|啊|啦|的帮助|的回答)?|谢谢谢谢"
        r"|(?:ok(?:ay)?,? |great,? )?(?:many |no )?(?:thanks|thank you|thx|cheers)(?: you)?(?: a lot| very much| so much| again)?",
    ),
    (
        "bye",
        r"再见|拜拜|回头见|下次见|(?:good ?)?bye(?:[ -]bye)?|see you(?: later| soon)?|farewell",
    ),
    (
        "fine",
        r"好的?|好吧|嗯+|哦+|明白了?|知道了?|懂了|了解了?|不错|很好|太好了|太棒了|真棒|厉害|可以|没事了?|没有了"
        r"|ok(?:ay)?|got it|great|cool|nice|i see|fine|perfect|awesome|good|well done|all right|alright|never mind|no",
    ),
    (
        "who",
        r"你(?:到底)?是(?:谁|什么|人|机器人|真人|人工智能|ai)[吗么]?|你叫什么(?:名字)?|介绍一下你自己|你是.{0,6}(?:模型|gpt)吗?"
        r"|(?:who|what) are you|what(?:'s| is) your name|are you (?:a |an )?(?:bot|robot|human|person|real person|llm|ai|machine|chatgpt)"
        r"|introduce yourself",
    ),
    (
        "help",
        r"(?:请问)?你(?:都)?(?:能|会|可以)(?:帮我)?(?:做|干|回答|说|查|知道)?(?:些|点)?(?:什么|啥|哪些)(?:问题|事情?|呢|吗)*|怎么(?:用|使用|提问)(?:你|呢)?"
        r"|(?:使用)?帮助|有(?:什么|哪些)功能|我(?:能|可以)(?:问|查)(?:你)?(?:些|点)?(?:什么|哪些)(?:问题)?"
        r"|(?:so )?what (?:can|do) you (?:do|know|answer)(?: for me)?|what can i ask(?: you)?|help(?: me)?|how (?:do you|does this|does it) work"
        r"|what questions can (?:i|you) (?:ask|answer)|what is this",
    ),
    (
        "name",
        r"(?:请问)?[这本]份?(?:报纸?|刊物?|简报|杂志|周报)?(?:是|叫)(?:的)?(?:什么|哪份|哪家|啥)(?:报纸?|刊物?|简报|杂志|名字?|名称)"
        r"|(?:请问)?[这本]份?(?:报纸?|刊物?|简报|杂志)的?(?:名字|名称|刊名|报名)(?:是什么|叫什么)?|(?:刊|报)名(?:是什么|叫什么)"
        r"|(?:which|what) (?:news)?(?:paper|bulletin|publication|magazine) is (?:this|it)|what is this (?:news)?(?:paper|bulletin|publication|magazine)(?: called)?"
        r"|what(?:'s| is) the (?:name|title) of (?:this|the) (?:news)?(?:paper|bulletin|publication|magazine)",
    ),
    (
        "issues",
        rf"(?:请问)?(?:(?:这里|档案|你(?:这里)?|库|现在)(?:里面?|中)?)?(?:一共|总共|共|都|目前)*(?:收?录?了?有|有|收录了?)(?:多少|几|哪些|哪几)(?:一)?期(?:{_PAPER})?"
        rf"|(?:你)?(?:都)?(?:收录|保存)了?(?:哪些|哪几|多少|几)期(?:{_PAPER})?"
        rf"|(?:请问)?(?:最[新近后]|最早)的?(?:这|那)?一?期(?:{_PAPER})?(?:的)?(?:是|出版?于|发[行布]于)?(?:的)?"
        r"(?:哪一?[天期年月]|第?几期|什么时候|何时|几月几[日号]|几号|日期|哪个)(?:的|出的?|出版的?|发行的?|是(?:什么|多少|哪天))*"
        rf"|(?:请问)?[这本]一?[期份张]?(?:{_PAPER})?的?(?:是|出版于)?(?:哪一?[天日期年月]|第?几期|什么时候|几月几[日号]|几号)"
        rf"(?:的|出的?|出版的?|发行的?|印的?)?(?:{_PAPER})?"
        rf"|(?:请问)?[这本]一?[期份张]?(?:{_PAPER})?的?(?:(?:出版|发行)的?)?(?:日期|时间|期号)(?:是(?:什么|哪一?天|多少|几号))?"
        r"|(?:what|which) (?:date|day|issue|edition) is (?:this|it)(?: (?:issue|edition|newspaper|paper|bulletin))?(?: from)?"
        r"|what(?:'s| is) the (?:date|number) of this (?:issue|edition|newspaper|paper|bulletin)"
        r"|when (?:was|is) this (?:issue|edition|newspaper|paper|bulletin) (?:from|published|printed|issued)"
        r"|(?:what|which) is the (?:latest|newest|most recent|last|first|oldest|earliest) (?:issue|edition)(?: (?:you have|there is|in the archive))?"
        r"|when (?:is|was) the (?:latest|newest|most recent|last|first|oldest|earliest) (?:issue|edition)(?: (?:from|of|published|issued|out|printed))?"
        r"|(?:which|what|how many) (?:issues|editions) (?:are there|are available|do you (?:have|know|hold|keep)|does the archive (?:have|hold|contain)|are in the archive|can i ask about)(?: in the archive)?"
        r"|(?:list|show)(?: me)? (?:all )?(?:of )?(?:the )?(?:issues|editions)(?: you have)?",
    ),
    (
        "unclear",
        r"我?(?:还是|有点|完全|实在)?(?:不太?|没有?)(?:明白|懂|理解|看懂|听懂)(?:了|啊|呢|你(?:的意思|说的|在说什么|的回答))?|(?:看|听)不(?:太)?(?:懂|明白)"
        r"|(?:你)?(?:这|这句话)?(?:是)?(?:什么|啥)意思|没(?:看|听)(?:懂|明白)|不知道你在说什么"
        r"|(?:sorry )?i (?:still )?(?:do not|don't|did not|didn't|cannot|can't) (?:quite |really )?(?:understand|get|follow)(?: (?:it|that|this|you|the answer|what you mean))?"
        r"|what do you mean|what does (?:that|this|it) mean|i am (?:confused|lost)|i'm (?:confused|lost)|unclear|not clear|huh",
    ),
    (
        "doubt",
        r"你?(?:真的?|能)?(?:很)?确定[吗么]?|(?:这|那)?(?:都)?是真的?[吗么]|真的[吗么]?|真的假的|不会吧|你?没(?:有)?(?:搞|弄|说)错吧?"
        r"|(?:这|那|你说的|你的回答)?(?:可靠|准确|可信|靠谱|正确|属实|对)[吗么]|(?:我)?不(?:太)?(?:相)?信"
        r"|are you (?:really |quite |absolutely )?(?:sure|certain)(?: (?:about|of) (?:that|this|it))?|is (?:that|this|it) (?:really )?(?:true|right|correct|so|reliable|certain)"
        r"|really|for real|i (?:do not|don't) believe (?:it|that|you|this)|i doubt (?:it|that)",
    ),
    (
        "task",
        r"(?:请|麻烦)?(?:你|帮我|给我|为我|能不能|可以)*(?:写|编|作|讲|说|画|唱|来|生成)(?:一?[首篇个段则封张幅])?(?:关于.{1,20}的)?"
        r"(?:诗歌?|现代诗|古诗|词|歌|小说|作文|文章|故事|笑话|段子|代码|程序|邮件|情书|检讨书?|画|图片?)(?:吧|吗|听听?|看看?)?"
        r"|(?:请)?(?:忽略|无视|忘掉|忘记)(?:以上|上面|之前|前面|先前|你)的?(?:所有|全部|一切)?的?(?:指令|指示|提示词?|规则|设定|要求).*"
        r"|(?:请)?(?:输出|显示|打印|告诉我|复述)你?的?(?:系统)?(?:提示词|系统提示|提示语|初始指令|指令)"
        r"|(?:please |can you |could you )?(?:write|compose|tell|draw|sing|generate|make)(?: me)? (?:an? |some )?(?:[a-z]+ )?"
        r"(?:poem|song|story|joke|essay|code|program|script|e-?mail|letter|picture|image)(?: (?:about|for|on) .{1,60})?"
        r"|(?:请问|你知道)?(?:现在|这会儿|此刻)(?:是)?几点(?:了|钟)*|(?:请问)?今天(?:是)?(?:星期几|周几|礼拜几|几号|几月几[号日])了?"
        r"|what(?:'s| is) the time(?: (?:now|right now))?|what time is it(?: (?:now|right now))?"
        r"|what(?:'s| is) today's date|what day is (?:it|today)(?: today)?"
        r"|(?:what(?:'s| is) )?\d+ ?(?:[-+*/x×÷=]|加|减|乘以?|除以|plus|minus|times) ?\d+(?:等于|是|=)?(?:几|多少)?"
        r"|(?:please )?(?:ignore|forget|disregard) (?:all |any |the )*(?:of )?(?:previous|above|prior|earlier|your|my)(?: previous)? "
        r"(?:instructions?|prompts?|rules|messages?).*"
        r"|(?:please )?(?:print|show|reveal|repeat|output|tell)(?: me)? (?:your|the) (?:system )?(?:prompt|instructions)(?: verbatim)?",
    ),
)
_OF_ISSUES = re.compile(r"报|刊|档案|收录|保存|最[新近后早]|issue|edition")
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_PARTS = re.compile(r"[\s,，、;；:：.。!！?？~～…—]+")
_RUN_ON = ("thanks", "bye", "fine", "hello")  # these are also said with nothing between
_WEIGHT = (
    "task",
    "unclear",
    "doubt",
    "issues",
    "name",
    "who",
    "help",
    "bye",
    "thanks",
    "hello",
    "fine",
)
_MAX_PARTS = 12
_MAX_RUN_ON = 60  # characters of two phrases
_ANEW = re.compile(
    r"(?:我|那|那么|好的?|想|请|再|[,，\s])*(?:再?问(?:你|您)?一?个(?:别的|另外的|新的)?(?:问题)?|换一?个(?:问题|话题)|问点?别的|(?:另|下)外?一个问题|新(?:的)?问题)"
    r"(?:[\s:：,，。.!！—-]+|$)"
    r"|(?:(?:ok(?:ay)?|and|now|so|i have|here is|here's|let me ask|may i ask|can i ask|let's|just)[,\s]+)*"
    r"(?:(?:an)?other|(?:a )?(?:new|different)|(?:the )?next|one more) (?:question|topic|subject)(?:\s*[:,.!—-]+\s*|$)"
    r"|(?:(?:let's|let us|to) )?change (?:the |of )?(?:topic|subject)(?:\s*[:,.!—-]+\s*|$)",
    re.IGNORECASE,
)
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_GREETED = re.compile(rf"^(?:{_HELLO})[\s,，。.!！~]+")


def small_talk(question: str) -> str | None:
    """Return what a question is if it is no question to the archive: hello, thanks, who …; or None.

    Several at once are small talk too, of the kind that most needs an answer.

    >>> small_talk("你好！"), small_talk("What can you do?"), small_talk("谁主持了会议？")
    ('hello', 'help', None)
    >>> small_talk("ok, thank you, bye"), small_talk("一共有几期？"), small_talk("培训班有几期？")
    ('bye', 'issues', None)
    """
    folded = _EDGE.sub("", fold(" ".join(question.split())).replace("’", "'"))
    if not folded:
        return None
    if _ANEW.fullmatch(folded):
        return "fine"
    for text in (folded, _EDGE.sub("", _GREETED.sub("", folded))):
        if kind := _kind(text):
            return kind
    kinds = _kinds([part for part in _PARTS.split(folded) if part])
    return min(kinds, key=_WEIGHT.index) if kinds else None


def names_issues(question: str) -> bool:
    """Tell whether a question of kind `issues` can be of nothing else: 一共有几期 may be of a course."""
    return _OF_ISSUES.search(fold(question)) is not None


def anew(question: str) -> str | None:
    """Return a question without the words that begin it anew; None where it has none.

    >>> anew("换个问题，谁主持了会议？"), anew("谁主持了会议？")
    ('谁主持了会议？', None)
    """
    text = question.strip()
    match = _ANEW.match(text)
    return text[match.end() :] if match else None


def _kind(text: str) -> str | None:
    return next((kind for kind, pattern in _PATTERNS if text and pattern.fullmatch(text)), None)


def _kinds(parts: list[str]) -> list[str]:
    """Return the kinds of parts that are small talk one after another; none if any is not.

    A phrase may take several parts, as in: thank you, good bye.
    """
    if not parts or len(parts) > _MAX_PARTS:
        return []
    found: list[list[str] | None] = [[]]  # for each number of parts, the kinds of all up to it
    for end in range(1, len(parts) + 1):
        best = None
        for start in range(end):
            before, text = found[start], " ".join(parts[start:end])
            kind = _kind(text) or (_run_on(text) if start == end - 1 else None)
            if before is not None and kind and kind != "task":
                best = [*before, kind]
                break
        found.append(best)
    return found[-1] or []


def _run_on(text: str) -> str | None:
    """Return the kind of two Chinese phrases with nothing between them: 好的谢谢, 谢谢再见."""
    if len(text) > _MAX_RUN_ON or not HAN.match(text):
        return None
    kinds = ((_kind(text[:at]), _kind(text[at:])) for at in range(1, len(text)))
    both = [pair for pair in kinds if all(kind in _RUN_ON for kind in pair)]
    found = [kind for kind in (both[0] if both else ()) if kind]
    return min(found, key=_WEIGHT.index) if found else None
