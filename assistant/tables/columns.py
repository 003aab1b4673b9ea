"""What speaks for each column of a table being the one that a question asks about: its words, its meaning, its kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from assistant.tables.table import Table, likeness
from core.text import bare

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder

MONEY = re.compile(r"元|金额|资金|补|奖|贴|[价费款税]|收入|产值|投[入资]|贷|额|原值|预算|决算|支出")
_OF_MONEY = re.compile(r"[多少几][万亿元]|钱|金额|资金|[补奖贴贷]|万元|花|费|价|投|拨|拿")
_SHARES = re.compile(r"同比|环比|占比|比例|比重|增[幅速长]|[\u4e00-\u9fff]率")
_LIMITS = re.compile(r"最高|上限|限额|标准|单价|人均|每")
_CODES = re.compile(r"序\s*号|编号|^No\b", re.I)
_COUNTED = re.compile(r"(?:多少|几|好多)(?:个|只|支)?([\u4e00-\u9fff])")
_WHEN = re.compile(r"几号|哪天|哪日|什么时候|啥时候?|何时|几月|日期|时间|多[久早]|到期")
_WHO = re.compile(r"谁|哪位|哪个人|姓|叫啥|叫什么")
_WHERE = re.compile(r"哪儿|哪里|在哪|地址|位置|哪个地方")
_WHY = re.compile(r"为[啥什何]|原因|怎么回事|咋回事|问题|卡在|情况|毛病")
FEATURES = 28
SAMPLES = 4
"""So many cells tell what a column holds."""


_NEAR: WeakKeyDictionary[Table, tuple[np.ndarray, np.ndarray]] = WeakKeyDictionary()


def _vectors(table: Table, encoder: Encoder) -> tuple[np.ndarray, np.ndarray]:
    """What each column's name means, and what is found by its name with some of its cells; a row a column."""
    if table not in _NEAR:
        texts = []
        for at, name in enumerate(table.typed.names):
            cells = "、".join(list(table.distinct[at])[:SAMPLES])[:40]
            texts.append(f"{name.replace('·', '')}：{cells}")
        names = [name.replace("·", "") or "分组" for name in table.typed.names]
        _NEAR[table] = encoder.meanings(names), encoder.vectors(texts)
    return _NEAR[table]


def features(rest: str, table: Table, encoder: Encoder | None) -> np.ndarray:
    """A row for each column, FEATURES wide. rest: the squeezed question without the cells and the limits that it gives."""
    import numpy as np

    count = len(table.typed.names)
    out = np.zeros((count, FEATURES), dtype=np.float32)
    if encoder:
        kept = _vectors(table, encoder)
        for place, near in enumerate((kept[0] @ encoder.meaning(rest), kept[1] @ encoder.query(rest))):
            out[:, place] = 5 * (near - near.mean())
            out[int(near.argmax()), 2] += 0.5
    money = [at for at in table.numeric if is_money(at, table)]
    units = {found[1] for found in _COUNTED.finditer(rest)}
    for at, name in enumerate(table.typed.names):
        short = bare(re.sub(r"[（(][^（）()]*[)）]", "", name))
        run = _run(rest, short)
        out[at, 3:] = (
            run / max(len(short), 1),
            min(run, 4) / 4,
            float(run >= 2),
            sum(c in rest for c in set(short)) / max(len(set(short)), 1),
            min(likeness(rest, name), 6) / 3,
            float(at in table.numeric),
            float(at in table.dated),
            float(at in table.grouping),
            float(at == table.name_column),
            float(bool(money) and at == money[-1]),
            float(at in money and bool(_OF_MONEY.search(rest))),
            float(bool(_SHARES.search(name)) and ("率" in rest or "比" in rest or "百分" in rest)),
            float(bool(_SHARES.search(name))),
            float(bool(_LIMITS.search(name))),
            float(bool(_LIMITS.search(name)) and bool(re.search("最[多高]能|上限|人均|每人", rest))),
            float(bool(_CODES.search(name))),
            float(bool(_CODES.search(name)) and bool(re.search("第几|排.?几|序号|几号", rest))),
            float(bool(units & {table.typed.units[at][-1:], short[:1], short[-2:-1]})),
            float(at in table.dated and bool(_WHEN.search(rest))),
            float(at in table.texts and bool(_WHO.search(rest))),
            float(bool(re.search("地|址|位置|点|处", name)) and bool(_WHERE.search(rest))),
            float(bool(re.search("备注|原因|问题|事项|说明|情况", name)) and bool(_WHY.search(rest))),
            float(bool(re.search("合计|总", name))),
            float(at == (table.numeric or [-1])[-1]),
            at / count,
        )
    return out


def is_money(at: int, table: Table) -> bool:
    """Whether a column tells money."""
    return bool(MONEY.search(table.typed.names[at] + table.typed.units[at]))


def _run(asked: str, name: str) -> int:
    return next(
        (
            size
            for size in range(len(name), 0, -1)
            if any(name[k : k + size] in asked for k in range(len(name) - size + 1))
        ),
        0,
    )
