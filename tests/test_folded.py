"""Plain text that was broken after so many characters, whatever stands there."""

from __future__ import annotations

import pytest

from corpus.reader import read_bytes
from corpus.text import text_at

PRICES = (
    "县商务局监测数据显示，本周猪肉平均零售价为每公斤23.5元，鸡蛋每公斤10.2元，白菜每公斤2.4元。"
)
PROJECT = (
    "3月2日，石桥镇食品厂项目开工建设。项目总投资7亿元，占地127亩，预计明年建成，可提供岗位294个。"
)
LIFT = (
    "昨日，东门小区13号楼加装电梯正式投用，惠及住户24户。每部电梯政府补贴12万元，其余由住户分担。"
)
ROAD = "因道路改造，3月20日至4月27日，学宫路东段实行半幅通行，请过往车辆绕行南门桥。"
FILM = "本周六19时30分，文化广场放映影片《长河》。"
STORIES = {
    "本周农产品价格": [PRICES],
    "食品厂项目开工": [PROJECT, LIFT],
    "学宫路施工": [ROAD],
    "电梯投用": [LIFT],
    "公益电影放映安排": [FILM],
    "价格与道路": [PRICES, ROAD],
}


def folded(text: str, n_chars: int, *, moved: bool) -> list[str]:
    """Return a text in lines of so many characters; a mark may be moved with the one before it."""
    lines = []
    while len(text) > n_chars:
        end = n_chars - 1 if moved and text[n_chars] in "，。、；：》" else n_chars
        lines.append(text[:end])
        text = text[end:]
    return [*lines, text]


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("lead", ["　　", "    "])
@pytest.mark.parametrize("n_chars", range(16, 40))
def test_lines_broken_after_as_many_characters_go_on(n_chars: int, lead: str, moved: bool) -> None:
    parts = [
        "\n".join(
            [head, "", *(line for p in held for line in folded(lead + p, n_chars, moved=moved))]
        )
        for head, held in STORIES.items()
    ]
    page = "清河周报　2026年3月5日　第12期\n\n" + "\n\n\n".join(parts) + "\n"
    issue = read_bytes(page.encode(), name="2026-03-05.txt")
    assert {
        (one.headline.text if one.headline else None): [passage.text for passage in one.passages]
        for one in issue.articles
    } == STORIES
    assert not any(one.subtitle or one.kicker for one in issue.articles)
    for passage in issue.passages:
        assert text_at(issue.source.text, passage.ranges).replace("\n", "") == passage.text


def test_a_kicker_that_is_wider_than_the_column_is_no_line_of_the_headline() -> None:
    kicker = "总投资二亿三千万元 五座老站都改造完成"
    texts = {
        f"{town}岸泵站投运": f"本报讯（记者郑原）{town}岸泵站昨天完成改造，{town}岸的居民说{town}街"
        f"不再积水，抽排{town}岸雨水的能力提高一倍，{town}岸的老站年内拆除。"
        for town in "东西南北上下"
    }
    parts = [
        "\n".join([head, *folded("　　" + text, 18, moved=False)]) for head, text in texts.items()
    ]
    page = f"清河周报\n2026年3月5日　第12期\n\n{kicker}\n" + "\n\n".join(parts)
    articles = read_bytes(f"{page}\n".encode(), name="2026-03-05.txt").articles
    assert {
        one.headline.text if one.headline else None: one.passages[0].text for one in articles
    } == texts
    assert [one.kicker.text for one in articles if one.kicker] == [kicker]
