"""Which of the three matrix sectors and ten sub-sectors of the reports an enterprise belongs to, or lies closest to.

tools/firm/industries.py knows the everyday names; here is only what lies close to what. The reports write of their own sectors
alone: every nearness is this project's own reading and always said to be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.text import squeeze
from corpus.tables import load_tables
from tools.firm import industries

SECTORS = ("汽车制造业", "医药制造业", "通用设备制造业")
SAME = {
    "textile": "纺织印染",
    "garment": "成衣服装",
    "leather": "成衣服装",
    "metal-products": "金属加工",
    "auto": "汽车零部件",
}
"""Industry classes that a sub-sector of the reports covers as a whole."""
_BATCH, _ASSEMBLY, _ORDERS = (
    "都按配方、批次生产，重追溯和合规",
    "都给整机厂配套，重质量追溯",
    "都是按订单做零件、装配的离散制造",
)
_NEAR_SECTOR: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("food", "drinks", "agro-food", "chemicals"), ("医药制造业", _BATCH)),
    "other-transport": ("汽车制造业", _ASSEMBLY),
    **dict.fromkeys(("special-equipment", "metal-products", "electrical", "instruments", "electronics", "rubber-plastic", "repair"),
                    ("通用设备制造业", _ORDERS)),
}  # fmt: skip
_SECTOR_WORDS = {
    **dict.fromkeys(("医疗器械", "医疗设备", "化妆品", "面膜"), ("医药制造业", _BATCH)),
    **dict.fromkeys(("冲焊", "摩托", "电动车"), ("汽车制造业", _ASSEMBLY)),
}
_FOOD, _CONSUMER = "都按配方投料、按批次追溯，报告的十大领域里没有这一行", "都是订单多、款式多的消费品，工艺不同"
_CONTINUOUS = "都是金属，但冶炼是连续流程，设备和管法不同"
_NEAR_SUBSECTOR: dict[str, tuple[str, str]] = {
    "rubber-plastic": ("金属加工", "都是模具加单机加工，报告没有单独写注塑、橡塑"),
    **dict.fromkeys(("food", "drinks", "agro-food", "medicine", "chemicals", "tobacco"), ("日用化工", _FOOD)),
    **dict.fromkeys(("furniture", "wood", "culture-goods", "printing", "paper"), ("成衣服装", _CONSUMER)),
    "minerals": ("水泥石膏", "都是原料称量、混合、烧制一类，工艺不同"),
    **dict.fromkeys(("special-equipment", "general-equipment", "instruments", "electrical", "repair"),
                    ("压缩机泵阀", "都是做成品设备、要装配和售后，产品不同")),
    **dict.fromkeys(("ferrous", "nonferrous"), ("金属加工", _CONTINUOUS)),
    "electronics": ("印刷电路板", "都是电子类、重检测，工艺不同"),
    "chemical-fibre": ("纺织印染", "都属纺织链条，化纤是连续流程，工艺不同"),
    "other-transport": ("汽车零部件", "都给整机厂配套，重质量追溯，产品不同"),
}  # fmt: skip
_SUBSECTOR_WORDS: dict[str, tuple[str, ...]] = {
    "金属加工": ("精密加工", "数控加工", "铝制品", "锯片", "焊接"),
    "水泥石膏": ("砂石", "骨料", "预制", "管桩"),
    "纺织印染": ("毛纺", "家纺", "绣花"),
    "印刷电路板": ("电路",),
    "汽车零部件": ("汽车", "整车", "车身"),
    "成衣服装": ("衣服", "服饰", "鞋"),
    "消费电子": ("手机", "家电", "手表", "相机"),
    "日用化工": ("面膜", "沐浴露", "洗发水", "香皂", "牙膏", "香水", "洗护", "彩妆"),
    "压缩机泵阀": ("阀", "风机", "减速机", "锅炉"),
}
"""Names that the table of sub-sectors lacks."""
_WORD_NEAR = {"模具": ("金属加工", "模具以机加工为主，报告的金属加工里也有模具厂")}


@dataclass(frozen=True)
class Kin:
    """Where an industry stands: `name` when it is one of ours; else `near`, the closest one, and in what it is close.

    industrial: whether it is industry (工业) at all; the reports write of nothing else.
    """

    asked: str
    name: str | None = None
    near: str | None = None
    why: str = ""
    industrial: bool = True

    @property
    def best(self) -> str | None:
        return self.name or self.near


@cache
def sector_kin(industry: str) -> Kin:
    """The sector of the 60-cell matrix (汽车、医药、通用设备) that an industry is, or the nearest; BadInput if unknown."""
    match = industries.industry(industry)
    if match.row is None:
        return Kin(industry, industrial=False)
    if match.caict:
        return Kin(industry, name=match.caict)
    said = squeeze(industry)
    near = next((v for word, v in _SECTOR_WORDS.items() if word in said), _NEAR_SECTOR.get(match.row.id))
    return Kin(industry, near=near[0], why=near[1]) if near else Kin(industry)


@cache
def subsector_kin(industry: str) -> Kin:
    """The one of the ten sub-sectors that an industry is, or the nearest; BadInput where the industry is not known."""
    named = _named(squeeze(industry))
    if named:
        return Kin(industry, name=named)
    match = industries.industry(industry)
    if match.row is None:
        return Kin(industry, industrial=False)
    if match.exact and match.subsector:
        return Kin(industry, name=match.subsector)
    if match.row.id in SAME:
        return Kin(industry, name=SAME[match.row.id])
    said = squeeze(industry)
    near = next((v for word, v in _WORD_NEAR.items() if word in said), _NEAR_SUBSECTOR.get(match.row.id))
    return Kin(industry, near=near[0], why=near[1]) if near else Kin(industry)


def _named(said: str) -> str | None:
    """The sub-sector whose longest name stands in what was said; none where an industry's longer name stands there."""
    found = [(len(w), name) for name, words in _words().items() for w in words if w in said]
    if not found:
        return None
    length, name = max(found)
    match = industries.find(said, said=True)
    longer = match is not None and len(match.word) > length and not match.exact and match.subsector != name
    return None if longer else name


@cache
def _words() -> dict[str, tuple[str, ...]]:
    rows = load_tables().subsectors
    return {
        row.name: tuple(squeeze(w) for w in (row.name, *row.aliases, *_SUBSECTOR_WORDS.get(row.name, ())))
        for row in rows
    }
