"""The search for support: its language."""

from __future__ import annotations

from types import ModuleType

from tools.spec import ToolSpec, Wording
from tools.subsidy import arguments as read


def _compute() -> ModuleType:
    from tools.subsidy import compute

    return compute


SPEC = ToolSpec(
    name="subsidy",
    title="补贴匹配",
    about="找自己的企业能拿的补贴、贷款贴息和资金",
    when="按地区、企业类型、投入或贷款、用途匹配补贴、贴息、券，逐条核对条件，估算上限，说明有效期和找谁问。问“能补多少、有啥补贴、贴息”时用。",
    own=True,
    order=30,
    say="我们厂能申请什么补贴",
    examples=(
        "我们在苏州，专精特新，打算投80万上MES，能申请什么补贴？",
        "贷款500万买设备，能贴多少息",
        "还有哪些补贴快截止了",
    ),
    button="看能申请什么补贴",
    called=("找补贴", "补贴匹配", "匹配补贴", "查补贴", "能拿什么补贴"),
    opening="要对补贴，一句话说清四样就行：**在哪个市、什么企业**（小微、专精特新、小巨人……）**、打算投多少、花在什么上**。\n"
    "例如：我们在苏州，专精特新，打算投80万上MES，能申请什么补贴？",
    sample={"行业": "注塑", "从业人员": 280, "营业收入万元": 19000, "地区": "苏州"},
    words={
        "企业类型": Wording(
            "有什么称号、是小微还是中型",
            "有没有专精特新、小巨人这类称号，是小微还是中型？",
            "还有什么称号，是小微还是中型？",
            tuple((word, word) for word in ("小微企业", "专精特新", "小巨人", "中型企业")),
        ),
        "贷款万元": Wording("打算贷多少钱", "要不要贷款，贷多少？"),
        "用途": Wording(
            "钱花在哪",
            "钱打算花在什么上：设备、软件，还是改造产线？",
            choices=tuple((word, word) for word in ("买设备", "上软件", "改造产线")),
        ),
        "目标等级到": Wording("最高想做到几级", "最高想做到几级？"),
        "完工起": Wording("最早哪天完工", "项目最早哪天完工？"),
        "完工止": Wording("最晚哪天完工", "项目最晚哪天完工？"),
        "已得补助万元": Wording("已经拿到多少补助", "这个项目已经拿到多少补助？"),
        "问的项目": Wording("问的是哪一项", "问的是哪一项政策？"),
        "问的金额万元": Wording("想知道能不能拿到多少", "想知道能不能拿到多少？"),
        "截止起": Wording("从哪一天起截止的", "要从哪一天起截止的？"),
        "截止止": Wording("到哪一天止截止的", "要到哪一天止截止的？"),
    },
    free=("地区", "用途", "企业类型", "行业"),
    for_once=("只看", "截止起", "截止止"),
    lone_sum=("贷款万元", "投入万元"),
    parts={"deadline": "期限", "way": "办法"},
    of_figures=True,
    of_places="each",
    reported=True,
    facts=read.facts,
    once=read.once,
    read_back=read.read_back,
    compute=_compute,
    arguments=read.arguments,
)
