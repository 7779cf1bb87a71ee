"""The lines of a headline: which are phrases of their own, and which go on inside one."""

from __future__ import annotations

import pytest

from corpus.archive import Archive
from corpus.reader import read_bytes
from corpus.text import text_at

STORY = "本报讯（记者郑原） 昨日，县里有了新消息，居民纷纷前来打听，现场一片热闹。"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (
            ["县里召开年度防汛工作会", "郑原要求：汛期不离岗"],
            "县里召开年度防汛工作会 郑原要求：汛期不离岗",
        ),
        (["新水厂二期主体开建", "首批设备年底进场"], "新水厂二期主体开建 首批设备年底进场"),
        (["“惠农十条”补贴兑现", "31户茶农领到58万元"], "“惠农十条”补贴兑现 31户茶农领到58万元"),
        (["镇村环境评比活动揭晓", "柳湾村得了头名"], "镇村环境评比活动揭晓 柳湾村得了头名"),
        (["全民健身月昨日启动", "各镇都有专场"], "全民健身月昨日启动 各镇都有专场"),
        (["县领导走访企业时要求", "把难题解在车间里"], "县领导走访企业时要求 把难题解在车间里"),
        (
            ["三千多名学生下周参加中考", "我县多措并举护航"],
            "三千多名学生下周参加中考 我县多措并举护航",
        ),
        (["防火进入“紧要关头”", "郑原带队夜查林场"], "防火进入“紧要关头” 郑原带队夜查林场"),
        (["县里召开", "春耕备耕暨农资供应", "工作调度会"], "县里召开春耕备耕暨农资供应工作调度会"),
        (["县里选派年轻干部", "“墩苗”锻炼进村入企"], "县里选派年轻干部“墩苗”锻炼进村入企"),
        (["县领导检查督导", "烟花爆竹安全生产"], "县领导检查督导烟花爆竹安全生产"),
        (["老街改造工程开工", "仪式昨天举行"], "老街改造工程开工仪式昨天举行"),
        (["县图书馆举办全民阅读", "月启动仪式"], "县图书馆举办全民阅读月启动仪式"),
        (["县融媒体中心启动", "新闻进村行动"], "县融媒体中心启动新闻进村行动"),
        (["县总工会日前启动", "夏送清凉活动"], "县总工会日前启动夏送清凉活动"),
        (
            ["市委巡察组到县里听取县委书记", "郑原到任情况汇报"],
            "市委巡察组到县里听取县委书记郑原到任情况汇报",
        ),
        (["省农科院专家组走进", "我县启动的示范田"], "省农科院专家组走进我县启动的示范田"),
    ],
)
def test_a_space_parts_the_lines_of_a_headline_where_the_first_is_complete(
    lines: list[str], headline: str, end: str
) -> None:
    page = end.join(["", *lines, "", STORY, ""])
    issue = read_bytes(page.encode(), name="2023-06-30.txt")
    (article,) = issue.articles
    assert article.headline is not None
    assert (article.kicker, article.headline.text, article.subtitle) == (None, headline, None)
    assert text_at(issue.source.text, article.headline.ranges) == headline
    with Archive.in_memory([issue]) as archive:
        assert archive.verify() == []
