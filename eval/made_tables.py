"""Tables made to ask about: merged headers, merged names, page breaks; each question knows the cell that answers it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from eval.made_documents import Content, Grid

CITIES = (
    "云岭", "青浦港", "白沙", "临溪", "东岚", "平川", "石桥", "海宁湾", "金陵渡", "丹阳湖", "苍梧", "望江", "清河口", "南屏", "长乐坝", "凤栖", "玉泉",
    "赤水河", "银滩", "松江口",
)  # fmt: skip
LEVELS = ("一级", "二级", "三级", "四级")
KINDS = ("规上工业企业", "专精特新企业", "小微企业")
OFFICES = ("工业和信息化局", "财政局", "科技局", "中小企业服务中心")
TRADES = ("模具", "纺织", "家具", "注塑", "轴承", "食品", "五金", "陶瓷", "电机", "包装", "印刷", "阀门")


@dataclass(frozen=True)
class Asked:
    """A question about one cell. names: what the answer's line must hold beside the value, so that it is that cell."""

    question: str
    value: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class MadeTable:
    """A document with one table, and what may be asked about it. suffix: the format to draw it in."""

    name: str
    suffix: str
    content: Content
    asked: tuple[Asked, ...]


def made_tables(count: int = 20, each: int = 5, seed: int = 6) -> list[MadeTable]:
    """Tables in turn by level, by kind and level, long, wide, and by district; the formats in turn as well."""
    chance = random.Random(seed)
    makers = (_by_level, _by_kind, _long, _wide, _by_district)
    suffixes = (".pdf", ".docx", ".xlsx", ".pdf", ".html", ".pdf", ".docx")
    out = []
    for at in range(count):
        city = CITIES[at % len(CITIES)]
        grid, cells = makers[at % len(makers)](chance, city)
        text = (
            f"为支持{city}市中小企业数字化改造，制定本办法。符合条件的企业可以按下表申请补助。",
            "# 一、补助标准",
            grid,
            "# 二、附则",
            f"本办法由{city}市工业和信息化局负责解释，自2026年1月1日起施行。",
        )
        content = Content(f"{city}市中小企业数字化改造补助办法", text, f"{city}市人民政府公报")
        out.append(
            MadeTable(f"{city}市补助办法", suffixes[at % len(suffixes)], content, tuple(chance.sample(cells, each)))
        )
    return out


def _money(chance: random.Random) -> str:
    return f"{chance.randrange(5, 995) / 10:g}万元"


def _share(chance: random.Random) -> str:
    return f"{chance.randrange(5, 70)}%"


def _date(chance: random.Random) -> str:
    return f"{chance.randrange(1, 13)}月{chance.randrange(1, 29)}日"


def _distinct(chance: random.Random, make: object, count: int) -> list[str]:
    """Values that differ from each other, so that an answer shows which cell it came from."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[make(chance)] = None  # type: ignore[operator]
    return list(found)


def _by_level(chance: random.Random, city: str) -> tuple[Grid, list[Asked]]:
    """A header of two rows: 补助标准 over two columns, the others over both rows."""
    head = [["等级", "补助标准", "", "申报截止", "受理部门"], ["", "补助比例", "最高金额", "", ""]]
    shares, sums, dates = (_distinct(chance, make, 4) for make in (_share, _money, _date))
    offices = chance.sample(OFFICES, 4)
    rows = [[level, shares[at], sums[at], dates[at], offices[at]] for at, level in enumerate(LEVELS)]
    asked = []
    for level, share, money, date, office in rows:
        asked += [
            Asked(f"{city}市{level}企业改造补助比例是多少？", share, (level, "补助比例")),
            Asked(f"{city}市数字化改造补助，{level}企业最高金额多少？", money, (level, "最高金额")),
            Asked(f"{city}市{level}企业补助申报截止是什么时候？", date, (level, "申报截止")),
            Asked(f"{city}市{level}企业的补助由哪个受理部门办？", office, (level, "受理部门")),
        ]
    spans = ((0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 2, 1), (0, 4, 2, 1))
    return Grid(f"表1 {city}市分等级补助标准", (*head, *rows), spans, 2), asked


def _by_kind(chance: random.Random, city: str) -> tuple[Grid, list[Asked]]:
    """The first column's cells reach over two rows each."""
    rows, spans, asked = [["企业类型", "改造后等级", "补助比例", "最高金额"]], [], []
    shares, sums = _distinct(chance, _share, 6), _distinct(chance, _money, 6)
    for at, kind in enumerate(KINDS):
        spans.append((1 + 2 * at, 0, 2, 1))
        for step, level in enumerate(("二级", "三级")):
            share, money = shares[2 * at + step], sums[2 * at + step]
            rows.append([kind if step == 0 else "", level, share, money])
            asked += [
                Asked(f"{city}市{kind}改造后达到{level}，补助比例多少？", share, (kind, level, "补助比例")),
                Asked(f"{city}市{kind}改造后达到{level}最高金额能补多少？", money, (kind, level, "最高金额")),
            ]
    return Grid(f"表1 {city}市分类型补助标准", tuple(rows), tuple(spans)), asked


def _long(chance: random.Random, city: str) -> tuple[Grid, list[Asked]]:
    """Ninety projects, over several pages."""
    sums = _distinct(chance, _money, 90)
    rows, asked = [["序号", "企业名称", "项目名称", "补助金额"]], []
    for at in range(90):
        trade = TRADES[at % len(TRADES)]
        firm = f"{city}{'甲乙丙丁戊己庚辛'[at // len(TRADES)]}{trade}有限公司"
        rows.append([str(at + 1), firm, f"{trade}车间数字化改造", sums[at]])
        asked.append(Asked(f"{firm}的补助金额是多少？", sums[at], (firm, "补助金额")))
    return Grid(f"表1 {city}市2026年拟补助项目", tuple(rows)), asked


def _wide(chance: random.Random, city: str) -> tuple[Grid, list[Asked]]:
    """Three levels of header over eight columns."""
    head = [
        ["区域", "数字化改造", "", "", "", "设备更新", ""],
        ["", "比例", "", "限额", "", "比例", "限额"],
        ["", "二级", "三级", "二级", "三级", "", ""],
    ]
    rows, asked = [], []
    for district in ("城东区", "城西区", "开发区"):
        shares, sums = _distinct(chance, _share, 3), _distinct(chance, _money, 3)
        rows.append([district, shares[0], shares[1], sums[0], sums[1], shares[2], sums[2]])
        asked += [
            Asked(f"{city}市{district}数字化改造达到三级的补助比例是多少？", shares[1], (district, "比例", "三级")),
            Asked(f"{city}市{district}数字化改造二级的限额是多少？", sums[0], (district, "限额", "二级")),
            Asked(f"{city}市{district}设备更新的限额是多少？", sums[2], (district, "设备更新", "限额")),
        ]
    spans = ((0, 0, 3, 1), (0, 1, 1, 4), (0, 5, 1, 2), (1, 1, 1, 2), (1, 3, 1, 2), (1, 5, 2, 1), (1, 6, 2, 1))
    return Grid(f"表1 {city}市分区域补助标准", (*head, *rows), spans, 3), asked


def _by_district(chance: random.Random, city: str) -> tuple[Grid, list[Asked]]:
    """Names over a page break: twelve districts with five kinds of support each."""
    rows, spans, asked = [["区县", "支持方向", "资金额度", "支持方式"]], [], []
    ways = ("事后奖补", "贷款贴息", "上云券", "诊断服务", "设备更新")
    for at in range(12):
        district = f"{city}{'一二三四五六七八九十百千'[at]}县"
        sums = _distinct(chance, _money, len(ways))
        spans.append((1 + at * len(ways), 0, len(ways), 1))
        for step, way in enumerate(ways):
            rows.append([district if step == 0 else "", way, sums[step], f"方式{chance.randrange(10, 99)}"])
            asked.append(Asked(f"{district}{way}的资金额度是多少？", sums[step], (district, way, "资金额度")))
    return Grid(f"表1 {city}市各区县支持资金", tuple(rows), tuple(spans)), asked
