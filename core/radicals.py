"""Signs that look like Chinese characters and are none: radicals that fonts of PDF files put in their place.

The supplement's signs and the strokes by Unicode's table of equivalents (property Equivalent_Unified_Ideograph); those of
the older block and the compatibility ideographs by their compatibility decomposition.
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻"
    "⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳㇆㇏"
    "㇐㇑㇒㇓㇔㇕㇖㇗㇘㇙㇚㇛㇜㇝㇞㇟㇠㇡"
)
_CHARACTERS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爬丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿"
    "肉𦥑艹艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟𠃌乀"
    "一丨丿乀丶𠃍乛𠃊𠃎𠄌亅𡿨𠃋乀𠃑乚乙𠄎"
)
_EQUIVALENT = dict(zip(_SIGNS, _CHARACTERS, strict=True))
_SIGN = re.compile(r"[\u2e80-\u2fdf\u31c0-\u31ef\uf900-\ufaff]")


def with_characters(text: str) -> str:
    """The text with the character in place of each sign that stands for one."""
    return _SIGN.sub(lambda m: _EQUIVALENT.get(m[0]) or unicodedata.normalize("NFKC", m[0]), text)
