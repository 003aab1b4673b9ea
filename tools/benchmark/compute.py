"""How a firm compares with those that surveys asked: spend on going digital, level, stage, tools and more."""

from __future__ import annotations

import re
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.cut import shorten
from core.errors import BadInput
from core.text import squeeze
from corpus.rows import LevelDistribution, SurveyFigure
from corpus.tables import load_tables
from tools.arguments import LEVEL_NAMES, Level, Words
from tools.benchmark import OTHER, investment
from tools.benchmark.survey import figure, figures_json, sample, told
from tools.firm import industries
from tools.firm.amounts import People, Wan, wan_text
from tools.outcome import Book, Outcome

LEVELS = "caict-level"
INDICATORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "investment": ("投入", ("投入", "花", "钱", "资金", "预算", "投资", "占比", "比重", "比例", "营收", "营业收入")),
    "level": ("等级", ("等级", "水平", "几级", "成熟度", "一级", "二级", "三级", "四级")),
    "stage": ("阶段", ("阶段", "走到哪", "哪一步")),
    "adoption": ("用了什么工具", ("工具", "软件", "系统", "erp", "mes", "oa", "普及", "采用", "使用率", "采集", "cad", "集成")),
    "effect": ("成效", ("成效", "效果", "效益", "回报", "见效", "产出")),
    "obstacle": ("困难", ("困难", "障碍", "难处", "难点", "挑战", "卡在", "不敢", "不会")),
    "scene": ("先投哪些场景", ("场景", "先做", "方向", "领域", "重点")),
    "goal": ("目标", ("目标", "图什么", "想达到")),
    "driver": ("动力", ("动力", "动因", "为什么转")),
    "way": ("怎么做", ("方式", "外包", "自研", "怎么做")),
    "selection": ("选产品看什么", ("选产品", "选型", "考虑因素", "看重")),
    "vendor_choice": ("选服务商看什么", ("服务商", "供应商", "厂商", "品牌")),
    "help": ("要什么帮助", ("帮助", "支持", "需要")),
    "ai": ("人工智能", ("ai", "人工智能", "大模型", "生成式")),
    "security": ("网络安全", ("安全", "防护")),
}  # fmt: skip
"""metric → (name for users, everyday words)."""
MOST = 4
_HEADS = ((100, "lenovo-stage-under-100"), (300, "lenovo-stage-101-300"), (500, "lenovo-stage-301-500"))


class Arguments(BaseModel):
    """What benchmark is asked with; everything may be missing."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    indicator: Words = Field(
        default="", alias="指标", max_length=60, description="比什么：投入、占比、等级、阶段、工具、困难、成效…"
    )
    revenue_wan: Wan | None = Field(default=None, alias="营业收入万元", gt=0, description="一年营业收入，万元")
    spend_wan: Wan | None = Field(default=None, alias="投入万元", description="一年花在数字化上的钱，万元")
    industry: Words = Field(default="", alias="行业", max_length=60, description="行业，日常说法即可")
    employees: People | None = Field(default=None, alias="从业人员", description="人数")
    level: Level | None = Field(default=None, alias="等级", description="数字化水平等级，一级到四级")


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Compare with the survey figures on what was asked; BadInput where the indicator or the figures make no sense."""
    if args.spend_wan is not None and args.revenue_wan is not None and args.spend_wan > args.revenue_wan:
        raise BadInput(
            f"一年投入{wan_text(args.spend_wan)}比营业收入{wan_text(args.revenue_wan)}还多，请核对单位（万元）。"
        )
    metric = read_indicator(args)
    if metric == OTHER:
        return _unknown()
    if metric == "investment":
        return investment.compare(args.spend_wan, args.revenue_wan, args.industry)
    return _level(args) if metric == "level" else _others(args, metric)


def read_indicator(args: Arguments) -> str:
    """The metric that was asked for; from the figures given where it is not named. BadInput lists those there are."""
    said = squeeze(args.indicator)
    if not said:
        figures = args.spend_wan is not None or args.revenue_wan is not None
        return "level" if args.level and not figures else "investment"
    if said == OTHER:
        return OTHER
    hits = [(said.find(w), -len(w), m) for m, (_, words) in INDICATORS.items() for w in words if w in said]
    asked = {m for _, _, m in hits}
    if "investment" in asked and (args.spend_wan is not None or asked <= {"investment", "scene", "level"}):
        return "investment"
    if hits:
        return min(hits)[2]
    if any(said in squeeze(option.name + row.question) for row in load_tables().survey for option in row.options):
        return "words"
    raise BadInput(f"没有“{shorten(args.indicator, 20)}”的同行数据。", _comparable())


def _unknown() -> Outcome:
    """That no survey has figures for what is to be compared, and for what they have."""
    text = f"您要比的这一项，没有公开的同行数据，我不估。{_comparable()}\n\n心里要有个数，就跟自己比：改之前记三个月，改之后再记三个月。"
    return Outcome(text, begins=True)


def _comparable() -> str:
    return f"能比的有：{'、'.join(name for name, _ in INDICATORS.values())}。"


def _level(args: Arguments) -> Outcome:
    book, row = Book(), figure(LEVELS)
    shares = {index: option.value for index, option in enumerate(row.options, 1)}
    n = book.cite(row, quote=row.question)
    told = "、".join(f"{LEVEL_NAMES[level]}{value:g}%" for level, value in shares.items())
    told = f"{told}，四级报告没给数（{sample(row)}）[{n}]"
    if args.level:
        below = sum(value for level, value in shares.items() if level < args.level)
        same = f"约{shares[args.level]:g}%和你同级" if args.level in shares else "和你同级的很少"
        lead = f"**{LEVEL_NAMES[args.level]}：受访专精特新中小企业里{same}，约{below:g}%比你低。** 分布：{told}。"
        lead = lead.replace("，约0%比你低", "")
    else:
        lead = f"**受访专精特新中小企业里，一级和三级各约四成**：{told}。"
    peers = industries.find(args.industry, said=True) if args.industry else None
    peer = peers.peers if peers else None
    parts = [
        lead,
        _peer_levels(peer, book) if peer else "",
        "样本是专精特新企业，比一般小企业底子好；拿来看方向，不当标准。",
    ]
    data = {
        "indicator": "level",
        "level": args.level,
        "shares_percent": {str(level): value for level, value in shares.items()},
        "peers": peer
        and peer.model_dump(
            include={"id", "label", "mean", "level_1", "level_2", "level_3", "level_4", "below_level_2", "n"}
        ),
        "figures": figures_json([row]),
    }
    asks = tuple(a for a, given in (("等级", args.level), ("行业", args.industry)) if not given)
    steps = ("不知道自己几级，说“测一测”", "想知道到下一级差什么，说“怎么升到下一级”")
    return Outcome("\n\n".join(p for p in parts if p), data, book.rows, book.certainty, steps, asks)


def _peer_levels(peer: LevelDistribution, book: Book) -> str:
    told = [f"平均{peer.mean:g}级"] if peer.mean is not None else []
    each = ((1, peer.level_1), (2, peer.level_2), (3, peer.level_3), (4, peer.level_4))
    told += [f"{LEVEL_NAMES[level]}{value:g}%" for level, value in each if value is not None]
    told += [f"没到二级的约{peer.below_level_2:g}%"] if peer.below_level_2 is not None else []
    return f"同行（{peer.label}）：{'、'.join(told)}（分行业样本数没给）[{book.cite(peer)}]。" if told else ""


def _others(args: Arguments, metric: str) -> Outcome:
    rows, book = _rows_for(args, metric), Book()
    said = squeeze(args.indicator)
    first = rows[0]
    best = next((o for o in first.options if any(word in squeeze(o.name) for word in _words(said))), first.options[0])
    who = first.population.partition("（")[0]
    lead = f"**{who}里，{told(best, first.unit)}**（{first.question.partition('（')[0]}，{sample(first)}）[{book.cite(first)}]。"
    lines = [
        f"- {row.question}：{'、'.join(told(o, row.unit) for o in row.options[:6])}（{sample(row)}）[{book.cite(row)}]"
        for row in rows
    ]
    text = "\n\n".join([lead, "\n".join(lines), "问卷结果给个方向，不是标准。"])
    asks = ("从业人员",) if metric == "stage" and not args.employees else ()
    data = {"indicator": metric, "figures": figures_json(rows)}
    return Outcome(text, data, book.rows, book.certainty, ("想看投入和同行比，给我营业收入和投入",), asks)


def _rows_for(args: Arguments, metric: str) -> list[SurveyFigure]:
    """The rows to tell: those that name what was asked, then the general ones, then the firm's group."""
    said = squeeze(args.indicator)
    rows = [r for r in load_tables().survey if r.metric == metric or (metric == "words" and _names(r, said))]
    named = [r for r in rows if any(_names(r, word) for word in _words(said))]
    if named:
        return named[:MOST]
    head = next((id for bound, id in _HEADS if args.employees and args.employees <= bound), "")
    general = [r for r in rows if r.breakdown is None]
    own = [r for r in rows if r.id == head]
    return [*own, *(general or rows)[:MOST]]


def _words(said: str) -> list[str]:
    """What is named for itself (ERP, MES, CAD); the whole where no indicator's word is in it."""
    latin = [word for word in re.findall(r"[a-z]{2,}", said) if word != "ai"]
    known = any(word in said for _, words in INDICATORS.values() for word in words)
    return latin if known else [said]


def _names(row: SurveyFigure, word: str) -> bool:
    return word in squeeze(row.question) or any(word in squeeze(option.name) for option in row.options)
