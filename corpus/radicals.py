"""Radicals that PDF extractors put in place of characters, and the characters they stand for."""

from __future__ import annotations

import re
import unicodedata

# Those that NFKC leaves alone.
RADICALS = str.maketrans(
    "⺁⺄⺆⺈⺊⺌⺎⺗⺙⺝⺟⺠⺡⺢⺣⺤⺥⺧⺩⺪⺫⺬⺮⺯⺰⺲⺳⺷⺸⺻⺼⺾⺿⻀⻁⻂⻄⻅⻆⻉⻊⻋⻌⻍⻎⻐⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "厂乙冂刀卜小兀心攵月母民氵氺灬爫爫牛王疋目示竹糸纟罒网羊羊聿肉艹艹艹虎衤西见角贝足车辶辶辶钅長镸长门青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
_ANY = re.compile("[\u2e80-\u2fd5]")
_KANGXI = re.compile("[\u2f00-\u2fd5]")


def mended(text: str) -> str:
    """Return the text with each radical made its character; as many code points as before.

    >>> mended("⻓⻛⽔⽊")
    '长风水木'
    """
    if not _ANY.search(text):
        return text
    return _KANGXI.sub(
        lambda match: unicodedata.normalize("NFKC", match.group()), text.translate(RADICALS)
    )
