"""A quote that tells no such thing as is asked for is no answer, whatever else it matches."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from qa.answer import Answerer
from qa.query import parse
from qa.quoting.lacking import lacks_what_is_asked
from qa.rank import Finder
from tests.conftest import issue_of


@pytest.mark.parametrize(
    ("question", "text", "lacking"),
    [
        ("文庙何时始建？", "文庙始建于明嘉靖九年。", False),
        ("产业园二期什么时候投产？", "一期2023年6月投产；二期主要建设研发大楼。", True),
        ("产业园二期什么时候投产？", "一期2023年6月投产；二期2024年6月投产。", False),
        ("园区什么时候建成？", "园区建成后可入驻企业数十家。", True),
        ("会议开了几个小时？", "会议学习了2021年工作报告。", True),
        ("多少名代表出席？", "第十二次代表大会开幕。", True),
        ("加装一台电梯要多少钱？", "财政对每台电梯补贴15万元。", True),
        ("加装一台电梯要多少钱？", "一台电梯造价52万元，财政补贴15万元。", False),
        ("物业费每平方米多少？", "租金每平方米每月5元。", True),
        ("物业费每平方米多少？", "物业每平方米每月收取2元。", False),
        ("超市在哪条路上？", "张强到公路出口、超市检查防疫。", True),
        ("老谢的儿子是做什么的？", "大伙儿都富了才是真的富。", True),
        ("What's the flood control duty number?", "接到预警后30分钟内通知到人。", True),
        ("What's the flood control duty number?", "防汛值班电话：5566-5119。", False),
        ("骆青局长今年多大岁数？", "尹书航今年45岁，骆青任教育局局长。", True),
        ("骆青局长今年多大岁数？", "骆青今年41岁，尹书航今年45岁。", False),
        ("驿站的电话给我一个", "青年驿站提供七天免费住宿。", True),
        ("驿站的电话给我一个", "青年驿站咨询电话：8620315。", False),
        ("骗子打了几通电话？", "骗子五天里与老人通话11次。", False),
        ("贺长林是哪年当上局长的？", "今年局长贺长林到工地检查。", True),
        ("贺长林是哪年当上局长的？", "贺长林2019年任局长。", False),
        ("文庙何时始建？", "文庙是县里最老的建筑。", True),
        ("它是全区第几大港口？", "它是全区的第二大港口。", False),
        ("它是全区第几大港口？", "它是全区最大的港口之一。", True),
        ("后来增为几省？", "后来又增为二十二行省。", False),
        ("后来增为几省？", "后来各省都有增加。", True),
        ("学校什么时候能完工？", "5月6日，学校工程正紧张施工。", True),
        ("学校什么时候能完工？", "5月6日，记者获悉，学校预计明年8月投用。", False),
        ("When will the school be finished?", "5月6日，学校工程正紧张施工。", True),
        ("会议什么时候开？", "5月6日，会议召开。", False),
        ("末班车几点发车？", "9月16日起调整夜5路公交线路，早晚班次见下表。", True),
        ("末班车几点发车？", "夜5路末班车晚上九点发车。", False),
        ("塔建于哪个朝代？", "塔建于宋代。", False),
        ("科技园是谁设计的？", "5月6日，科技园工程正紧张施工。", True),
        ("科技园是谁设计的？", "科技园由市建筑设计院设计。", False),
        ("科技园的施工单位是哪家？", "张强到科技园工地看望工人。", True),
        ("科技园由谁投资？", "科技园正在洽谈。", True),
        ("When was the factory founded?", "5月6日，工作组到厂里调研。", True),
        ("When was the factory founded?", "厂子于1998年成立。", False),
        ("What does the factory produce?", "工作组到厂里调研。", True),
        ("张强检查了哪些施工现场？", "张强到学校工地检查安全。", False),
        ("公园由哪家公司施工？", "5月6日，公园破土动工。", True),
        ("Who designed the park?", "5月6日，公园工程正紧张施工。", True),
        ("In what year was the factory founded?", "5月6日，工作组到厂里调研。", True),
        ("Which company is supplying the lifts?", "去年以来，小区电梯停运6次。", True),
        ("学校的校长是哪位？", "5月6日，学校新楼封顶。", True),
        ("学校的校长是哪位？", "校长王芳说，新楼封顶了。", False),
        ("门票多少钱？", "窗口上写着“全票25元”。", False),
        ("有多少个一流？", "建设“两个一流”。", True),
        ("报名打哪个电话？", "5月6日起可以报名。", True),
        ("张强几岁？", "张强是一名12岁小学生，获得金奖。", False),
        ("张强今年多大？", "张强，23岁男青年，跳河救人。", False),
        ("哪所学校夺得第一名？", "市一中夺得第一名。", False),
        ("假期哪里人流量最大？", "人民广场人流量最大。", False),
        ("我省有几处世界遗产地？", "我省5处列入世界文化遗产名录。", False),
        ("What did the volunteers do?", "志愿者清扫街道。", False),
        ("志愿者干什么事？", "志愿者清扫街道。", False),
        ("黑鱼河整治投资多少？", "黑鱼河整治全长8.6公里。", True),
        ("黑鱼河整治投资多少？", "黑鱼河整治投资1.2亿元。", False),
        ("新住院楼投资多少？", "新住院楼总投资2.6亿，地上十八层。", False),
        ("每亩补贴多少种子？", "每亩补贴种子10公斤。", False),
        ("校园现在多大？", "校园占地500亩。", False),
        ("When did the city become a civilized city?", "2015年，我市获评文明城市。", False),
        ("旧楼改造什么时候开工？", "旧楼改造施工从3月5日开始。", False),
        ("王某案什么时候开庭？", "3月5日，县法院开审王某案。", False),
        ("历明轩今年多大？", "历明轩2021年入警。", True),
        ("祝明礼什么时候任书记？", "2月24日，书记祝明礼到企业调研。", True),
        ("祝明礼什么时候任书记？", "2月24日，祝明礼任书记。", False),
        ("学校什么时候开工？", "学校6月底交付使用。", True),
        ("学校什么时候开工？", "学校3月破土动工。", False),
        ("When was Su Guodong born?", "6月23日，会议任命宿国栋为局长。", True),
        ("张强是哪里人？", "张强，高雄美浓人，作家。", False),
        ("张强是哪里人？", "左起：张强、王芳、李明。", True),
        ("张强今年多大？", "老人姓郑，张强扶着71岁老人过马路。", True),
        ("张强几岁？", "张强为一名63岁患者实施手术。", True),
        ("张强几岁？", "张强今年36岁，从医12年。", False),
        ("张强多大年纪？", "36岁的张强从医12年。", False),
        ("张强年纪最小的徒弟是谁？", "最小的徒弟叫王芳。", False),
        ("窑址最早是谁发现的？", "窑址由修路工人发现。", False),
        ("张强的导师叫什么名字？", "张强跟着导师上高原采集种子。", True),
        ("张强的导师叫什么名字？", "张强跟着导师王芳教授上高原采集种子。", False),
        ("马拉松报名费是多少？", "冠军奖金2万元。", True),
        ("工匠赛的奖金是多少？", "工匠赛用的工件每个成本85元。", True),
        ("冠军拿了多少奖金？", "冠军获2万元。", False),
        ("马拉松报名费是多少？", "每人须交100元。", False),
        ("17路末班车是几点？", "自9月16日起调整17路公交线路。", True),
        ("17路末班车是几点？", "自9月16日起，17路末班车延到22时。", False),
        ("What time does the canteen close?", "截至8月底，全区已建成食堂37家。", True),
        ("手术机器人是哪个国家生产的？", "张强使用手术机器人实施手术。", True),
        ("手术机器人是哪个国家生产的？", "手术机器人是国产的。", False),
        ("Which country was the robot made in?", "张强使用手术机器人实施手术。", True),
        ("张强毕业于哪所大学？", "张强今年36岁，从医12年。", True),
        ("张强毕业于哪所大学？", "2010年，张强从医科大学毕业。", False),
        ("换电站每次换电收费多少？", "换电站投资3600万元，单次换电用时5分钟。", True),
        ("换电站每次换电收费多少？", "换电站每次收取服务费35元。", False),
        ("3路公交车一共有几辆？", "3路公交车首班6:10，末班21:00。", True),
        ("3路公交车一共有几辆？", "3路公交车配车12辆。", False),
        ("上半年吞吐量是多少标箱？", "吞吐量为一百二十一万四千标箱。", False),
        ("报名打哪个电话？", "报名请拨打0391-1234567。", False),
        ("公园晚上几点关门？", "清晨6点，公园里已经热闹起来。", True),
        ("高峰期隔几分钟来一趟车？", "自11月14日起，公交27路延伸至镇政府。", True),
        ("老王从警多少年了？", "8月18日，民警老王讲起了反诈课。", True),
        ("老王从警多少年了？", "民警老王从警已有12年。", False),
        ("大河有多长？", "大河全长30公里。", False),
        ("大河有多长？", "大河治理历时5年。", True),
        ("借款的利息多高？", "借款的年利率为4%。", False),
        ("How far did the price drop?", "价格下降4%。", False),
        ("工期有多长？", "工期为5年。", False),
        ("治理大河用了多长时间？", "大河全长30公里。", True),
        ("How long is the river?", "大河治理历时5年。", True),
        ("How long did the work on the river take?", "大河治理历时5年。", False),
        ("公司有多少名员工？", "5月6日上午，第三组到公司调研。", True),
        ("公司有多少名员工？", "公司员工已达百余人。", False),
        ("公司有多少员工？", "5月6日，第三组二级巡视员到公司调研。", True),
        ("公司有多少员工？", "5月6日，公司为120名员工体检。", False),
        ("村里有多少老人？", "村里老人占四成以上。", False),
        ("How many students does the school have?", "5月6日，学校二期工程动工。", True),
        ("票价多少钱？", "景区新增观光车12部。", True),
        ("票价多少钱？", "景区门票80元。", False),
        ("票价多少钱？", "景区免费开放。", False),
        ("How much does a ticket cost?", "景区新增观光车12部。", True),
        ("装一部电梯多少钱？", "小区住户1104户，老人占四成以上。", True),
        ("装一部电梯多少钱？", "装一部电梯约52万元。", False),
        ("What does the robot cost?", "机器人每小时采摘番茄900个。", True),
        ("What does the robot cost?", "机器人售价9万元。", False),
        ("过桥多少钱？", "最后一块钢箱梁吊装到位。", True),
        ("How many doctors work there?", "市第一人民医院封顶。", True),
        ("How many spectators came?", "两队战成1比1。", True),
        ("How many spectators came?", "到场观众2900人次。", False),
        ("What will pupils be given at no cost?", "学校向小学生发放书包。", False),
        ("How old is the doctor?", "医生王芳用OsST9基因做研究，编号12。", True),
        ("How old is the doctor?", "医生王芳今年34岁。", False),
        ("How old is the temple?", "古寺已有800多年历史。", False),
        ("最高气温是多少？", "5月6日，游客12万人。", True),
        ("最高气温是多少摄氏度？", "5月6日，最高气温38.4摄氏度。", False),
        ("学校哪一年建的？", "4月13日，学校开工。", True),
        ("学校哪一年建的？", "学校建于1998年。", False),
        ("学校哪一年建的？", "学校建设历时3年。", True),
        ("In what year did he die?", "他死于正统六年。", False),
        ("Who is the hospital president?", "护士王芳在医院工作了20年。", True),
        ("Who is the president of the hospital?", "院长王芳说，医院要扩建。", False),
        ("Who was the manager of the plant?", "厂里的工人正在上班。", True),
        ("比赛打成几比几？", "主队以3比1获胜。", False),
        ("花园小区有多少户？", "花园小区1至12号楼1月15日停气。", True),
        ("花园小区有多少户？", "花园小区住着320户人家。", False),
        ("公园是谁设计的？", "停车位由原设计的260个增加到320个。", True),
        ("公园是谁设计的？", "公园由市园林院设计。", False),
        ("3路车司机是谁？", "公交公司经理张强说，3路首批投入6辆车。", True),
        ("书法班的老师是谁？", "课程包括书法、篮球和国画，每天两节。", True),
        ("书法班的老师是谁？", "书法课由退休教师张强主讲。", False),
    ],
)
def test_what_is_asked_is_lacking_where_nothing_has_its_shape(
    question: str, text: str, lacking: bool
) -> None:
    assert lacks_what_is_asked(parse(question), text) is lacking


@pytest.mark.parametrize(
    "question",
    ["智造谷二期什么时候建成？", "When will the second phase of Zhizaogu be completed?"],
)
def test_the_sentence_that_tells_it_is_quoted_before_one_that_only_matches(
    question: str, invented_answerer: Answerer
) -> None:
    cited = invented_answerer.answer(question).citations[0]
    assert "计划2025年9月建成投用" in cited.quote


def test_at_what_time_is_told_by_the_sentence_of_the_article_with_an_hour() -> None:
    told = "11月11日起调整校车班次，校车由12班增至16班，部分早晚班次有变。东校区首班校车7:10发车。"
    issues = [issue_of(told, name="2024-11.txt"), issue_of("学校举办运动会。", name="2024-10.txt")]
    answerer = Answerer(Finder.open(Archive.in_memory(issues)))
    for question in ("校车班次调整后首班几点发车？", "What time does the first school bus leave?"):
        (cited,) = answerer.answer(question).citations
        assert "7:10" in cited.quote


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("图书馆有自习室吗？", "no_answer"),
        ("有校车吗？", "no_answer"),
        ("图书馆有阅览室吗？", "answered"),
        ("图书馆阅览室要押金吗？", "no_answer"),
    ],
)
def test_whether_there_is_something_is_told_by_what_speaks_of_most_of_it(
    question: str, status: str
) -> None:
    issue = issue_of(
        "公交7路首班车6:30。", "图书馆少儿阅览室每周六另设故事会。", "学校举办运动会。"
    )
    answerer = Answerer(Finder.open(Archive.in_memory([issue])))
    assert answerer.answer(question).status == status
