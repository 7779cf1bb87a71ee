"""A part that somebody played, and a fact of a life, is told by its own words or not at all."""

from __future__ import annotations

import pytest

from corpus.text import fold
from qa.query import parse
from qa.quoting.parts import told_only_by


@pytest.mark.parametrize(
    ("question", "text", "is_told"),
    [
        ("比赛的裁判是谁？", "比赛于周五进行。", False),
        ("比赛的裁判是谁？", "张强执法了这场比赛。", True),
        ("Who refereed the match?", "比赛于周五进行。", False),
        ("王芳的丈夫是做什么的？", "王芳在医院工作20年。", False),
        ("王芳的丈夫是做什么的？", "王芳和爱人都在医院工作。", True),
        ("What is the name of his wife?", "他在山上守了20年。", False),
        ("社团为什么取名“小齿轮”？", "“小齿轮”社团获得金奖。", False),
        ("社团为什么取名“小齿轮”？", "“小齿轮”寓意相互咬合。", True),
        ("番茄卖多少钱一斤？", "温室总投资1.2亿元，年产番茄45公斤。", False),
        ("番茄卖多少钱一斤？", "番茄每斤8元。", True),
        ("测试机是从哪家厂商买的？", "测试线配备测试机126台。", False),
        ("测试机是从哪家厂商买的？", "测试机采购自宏远公司。", True),
        ("居民怎么评价新公寓？", "新公寓5月启用。", False),
        ("居民怎么评价新公寓？", "居民说，新公寓很方便。", True),
        ("新车位的停车费是多少？", "新增车位120个。", False),
        ("新车位的停车费是多少？", "停车每小时2元。", True),
        ("王芳有几个孩子？", "王芳在医院工作20年。", False),
        ("王芳有几个孩子？", "王芳有一儿一女。", True),
        ("How many children does she have?", "她在村里养羊。", False),
        ("张强的老家在哪里？", "张强在塔上守了34年。", False),
        ("张强的老家在哪里？", "张强是本县人。", True),
        ("Where was she born?", "她主持会议。", False),
        ("Where was she born?", "她1970年生于县城。", True),
        ("护林员的月薪是多少？", "护林员守山34年。", False),
        ("What is his salary?", "他每月工资3000元。", True),
        ("张强住在哪里？", "张强说，路通了。", False),
        ("Where does he live?", "他家住在河边。", True),
        ("船主被罚款多少？", "查扣冻品210吨，案值1300万元。", False),
        ("晚还书要罚多少钱？", "逾期每天收取0.1元。", True),
        ("电梯是哪家公司安装的？", "首批12部电梯投入使用。", False),
        ("电梯是哪家公司安装的？", "电梯由县机械厂安装。", True),
        ("Which company made the lifts?", "首批12部电梯投入使用。", False),
        ("话剧的主演是谁？", "话剧首演，连演4场。", False),
        ("话剧的主演是谁？", "张强在剧中扮演船工。", True),
        ("师傅是哪年退休的？", "他1986年跟师傅学艺。", False),
        ("师傅是哪年退休的？", "师傅2003年退休。", True),
        ("Which publisher brought out the books?", "他著书32卷。", False),
        ("On which street is the canteen?", "食堂今年接待1万人次。", False),
        ("On which street is the canteen?", "食堂开在和平路上。", True),
        ("谁没有出席会议？", "张强出席会议。", False),
        ("谁没有出席会议？", "张强因病缺席。", True),
        ("Who did not attend the meeting?", "张强出席会议。", False),
        ("哪些项目没有竣工？", "3个项目已竣工。", False),
        ("机械厂在哪里？", "工作组调研了机械厂。", False),
        ("机械厂在哪里？", "机械厂位于和平路。", True),
        ("会议在哪里召开？", "会议召开了。", True),
        ("谁不能打疫苗？", "60岁以上老人免费接种。", False),
        ("谁不能打疫苗？", "发热的人暂缓接种。", True),
        ("哪家医院没有夜间门诊？", "一院夜间门诊照常开放。", False),
        ("图书馆哪天不开放？", "图书馆6月8日起开放。", False),
        ("图书馆哪天不开放？", "图书馆周一闭馆。", True),
        ("没有证书的教师有多少？", "持证教师120人。", False),
        ("有没有停车场？", "停车场有车位120个。", True),
        ("村里为什么不建广场？", "居民更想要停车位。", True),
        ("他未来有什么打算？", "他打算办一所学校。", True),
        ("市财政局局长是谁？", "市医保局局长张强介绍情况。", False),
        ("市财政局局长是谁？", "市财政局副局长张强介绍情况。", False),
        ("市财政局局长是谁？", "财政局党组书记、局长张强介绍情况。", True),
        ("Who is the mayor?", "副市长张强到会。", False),
        ("Who is the deputy mayor?", "副市长张强到会。", True),
        ("海关的关长是谁？", "海关副关长张强介绍情况。", False),
        ("公司的总裁是谁？", "公司投资建厂。", False),
        ("校长是谁？", "副校长张强讲话。", False),
        ("副校长是谁？", "校长张强讲话。", False),
        ("谁是校长？", "前校长张强退休。", False),
        ("谁是校长？", "校长张强讲话。", True),
        ("县委书记是谁？", "市委书记张强讲话。", False),
        ("县委书记是谁？", "县委副书记、县长张强讲话。", False),
        ("管委会主任是谁？", "党工委副书记、管委会主任张强讲话。", True),
        ("Who directed the play?", "话剧首演，观众2900人次。", False),
        ("Who directed the play?", "导演是青年教师张强。", True),
        ("队里的教练是谁？", "女排夺冠。", False),
        ("Who is the coach of the team?", "张强执教女排12年。", True),
        ("全区有多少老人？", "全区有老人1万名。", True),
    ],
)
def test_what_is_asked_for_is_told_by_its_own_words(
    question: str, text: str, is_told: bool
) -> None:
    assert all(told.search(fold(text)) for told in told_only_by(parse(question))) is is_told
