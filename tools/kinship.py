"""Which of the three matrix sectors and ten sub-sectors of the reports an enterprise belongs to, or lies closest to.

The reports give words for their own sectors only; NEAR_* are this project's own reading of what lies close, and are
always said to be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from core.text import squeeze
from corpus.tables import load_tables

SECTORS = ("汽车制造业", "医药制造业", "通用设备制造业")
_SECTOR_WORDS: dict[str, tuple[str, ...]] = {
    "汽车制造业": ("汽车", "汽配", "整车", "主机厂", "车灯", "底盘", "变速箱", "新能源车", "车身", "auto"),
    "医药制造业": ("医药", "制药", "药厂", "药企", "做药", "药品", "原料药", "中药", "中成药", "西药", "化学药",
                 "疫苗", "生物药", "生物制品", "药", "pharma"),
    "通用设备制造业": ("通用设备", "通用装备", "机床", "压缩机", "水泵", "泵阀", "阀门", "泵", "阀", "轴承", "齿轮",
                   "减速机", "锅炉", "起重", "风机", "电梯", "叉车", "液压", "锻压设备", "紧固件", "刀具", "螺丝"),
}  # fmt: skip
_NEAR_SECTOR: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("医疗器械", "医疗设备", "化妆品", "日化", "日用化工", "面膜", "食品", "饮料", "保健品", "化工", "涂料", "农药"),
     "医药制造业", "都按配方、批次生产，重追溯和合规"),
    (("摩托", "电动车", "轨道", "船舶", "航空", "航天", "冲压", "冲焊"), "汽车制造业", "都给整机厂配套，重质量追溯"),
    (("专用设备", "非标", "五金", "机加工", "金属", "模具", "钣金", "铸造", "锻造", "电气", "电机", "电动工具", "注塑", "塑料",
      "塑胶", "橡胶", "仪器", "仪表", "机械", "设备", "零件", "线路板", "PCB", "电子"),
     "通用设备制造业", "都是按订单做零件、装配的离散制造"),
)  # fmt: skip
_SUBSECTOR_WORDS: dict[str, tuple[str, ...]] = {
    "金属加工": ("金属", "五金", "机械加工", "精密加工", "数控", "cnc", "锯片", "焊接", "铝", "紧固件", "螺丝"),
    "水泥石膏": ("建筑材料", "砂石", "骨料", "预制", "管桩"),
    "纺织印染": ("织造", "毛纺", "家纺", "化纤", "纱", "布厂", "绣花"),
    "印刷电路板": ("电路", "线路板", "pcba"),
    "汽车零部件": ("汽车", "车灯", "摩托", "整车", "车身", "底盘"),
    "航空航天零部件": ("军工", "卫星", "飞行器"),
    "成衣服装": ("衣服", "服饰", "皮鞋", "鞋业", "鞋厂", "鞋帽", "制鞋", "内衣", "衬衫", "裤"),
    "消费电子": ("电子", "手机", "家电", "手表", "相机", "数码"),
    "日用化工": ("日化", "面膜", "沐浴露", "香皂", "牙膏", "香水", "洗护", "彩妆"),
    "压缩机泵阀": ("阀", "通用机械", "风机", "减速机", "机床", "通用装备", "锅炉", "轴承"),
}
_NEAR_SUBSECTOR: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("注塑", "塑料", "塑胶", "橡胶", "模塑"), "金属加工", "都是模具加单机加工，报告没有单独写注塑、橡塑"),
    (("食品", "饮料", "保健品", "医药", "制药", "中药", "药", "化工", "涂料", "农药", "化肥", "油墨"), "日用化工",
     "都按配方投料、按批次追溯，报告的十大领域里没有这一行"),
    (("家具", "木材", "玩具", "箱包", "包装", "印刷", "纸"), "成衣服装", "都是订单多、款式多的消费品，工艺不同"),
    (("玻璃", "陶瓷", "砖", "耐火", "建材"), "水泥石膏", "都是原料称量、混合、烧制一类，工艺不同"),
    (("专用设备", "非标", "电气", "电机", "仪器", "仪表", "医疗器械", "医疗设备", "机械", "设备"), "压缩机泵阀",
     "都是做成品设备、要装配和售后，产品不同"),
    (("钢铁", "冶炼", "有色"), "金属加工", "都是金属，但冶炼是连续流程，设备和管法不同"),
    (("半导体", "芯片", "元器件", "传感器", "电池", "光伏", "灯"), "印刷电路板", "都是电子类、重检测，工艺不同"),
)  # fmt: skip


@dataclass(frozen=True)
class Kin:
    """Where an industry stands: `name` when it is one of ours; else `near`, the closest one, and in what it is close."""

    asked: str
    name: str | None = None
    near: str | None = None
    why: str = ""

    @property
    def best(self) -> str | None:
        return self.name or self.near


def sector_kin(industry: str) -> Kin:
    """The sector of the 60-cell matrix (汽车、医药、通用设备) that an industry is, or the nearest."""
    return _kin(industry, _SECTOR_WORDS, _NEAR_SECTOR)


def subsector_kin(industry: str) -> Kin:
    """The one of the ten sub-sectors that an industry is, or the nearest."""
    return _kin(industry, _subsector_words(), _NEAR_SUBSECTOR)


@cache
def _subsector_words() -> dict[str, tuple[str, ...]]:
    rows = load_tables().subsectors
    return {row.name: (row.name, *row.aliases, *_SUBSECTOR_WORDS.get(row.name, ())) for row in rows}


def _kin(industry: str, words: dict[str, tuple[str, ...]], near: tuple[tuple[tuple[str, ...], str, str], ...]) -> Kin:
    asked = squeeze(industry)
    own = _longest(asked, [(word, name) for name, given in words.items() for word in (name, *given)])
    close = _longest(asked, [(word, str(n)) for n, (given, _, _) in enumerate(near) for word in given])
    if own and (not close or len(own[0]) >= len(close[0])):
        return Kin(industry, name=own[1])
    if close:
        _, name, why = near[int(close[1])]
        return Kin(industry, near=name, why=why)
    return _spelt_alike(industry, asked, words)


def _longest(asked: str, words: list[tuple[str, str]]) -> tuple[str, str] | None:
    found = [
        (word, name) for word, name in words if (w := squeeze(word)) and (w in asked or (len(asked) > 1 and asked in w))
    ]
    return max(found, key=lambda pair: len(pair[0]), default=None)


def _spelt_alike(industry: str, asked: str, words: dict[str, tuple[str, ...]]) -> Kin:
    choices = {f"{name}\n{word}": squeeze(word) for name, given in words.items() for word in given if len(word) > 1}
    best = process.extractOne(asked, choices, scorer=fuzz.ratio, score_cutoff=70)
    return (
        Kin(industry, near=best[2].split("\n")[0], why=f"按字面最接近“{best[2].split(chr(10))[1]}”")
        if best
        else Kin(industry)
    )
