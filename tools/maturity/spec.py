"""The assessment of how digital a firm is: its language."""

from __future__ import annotations

from types import ModuleType

from tools.firm.scenes import AREA_SCENES
from tools.maturity import arguments as read
from tools.spec import ToolSpec, Wording


def _compute() -> ModuleType:
    from tools.maturity import compute

    return compute


SPEC = ToolSpec(
    name="maturity",
    title="数字化水平自评",
    about="给自己的企业评数字化水平等级",
    when="按2024年版评测指标估企业的数字化水平几级、差在哪、怎么补最省力；可以一题题答，也可以凭用了什么系统粗估。",
    own=True,
    order=10,
    say="帮我测一下我们厂数字化算几级",
    examples=("帮我测一下几级", "我们用金蝶ERP，车间还是纸质，算几级", "做注塑60人，数字化到哪一步了"),
    button="测数字化水平几级",
    called=("测几级", "水平评测", "数字化水平评测", "测等级", "测一下", "评测", "自测", "数字化评估", "帮我测一下几级"),
    sample={"行业": "注塑", "已用系统": ["金蝶ERP"], "生产制造": "纸质"},
    words={
        "研发设计": Wording("图纸怎么管", "图纸是怎么画、怎么管的？"),
        "生产制造": Wording("车间怎么管", "车间的工单和进度怎么管？"),
        "采购供应": Wording("采购和仓库怎么管", "采购和仓库怎么管？"),
        "市场营销": Wording("订单和客户怎么管", "订单和客户怎么管？"),
        "经营管理": Wording("财务和人事怎么管", "财务、考勤、审批怎么管？"),
        "得分": Wording("测了多少分", "测下来一共多少分？"),
        "场景数": Wording("有几个场景到了那一级", "有几个场景到了那一级？"),
        "场景等级": Wording("这些场景到了几级", "这些场景到了几级？"),
        "约束性场景数": Wording("其中约束性场景有几个", "其中约束性场景有几个？"),
        "没对上": Wording("没对上的回答", "哪一题的回答没对上？"),
        "问": Wording("要问的哪一题", "要问哪一题？"),
        "答案": Wording("各题的答案", "各题选哪一个？"),
        "上次答案": Wording("上次的答案", "上次各题选了哪一个？"),
    },
    free=(*AREA_SCENES, "行业", "已用系统"),
    for_once=("只看", "问", "没对上"),
    source="maturity_2024",
    of_figures=True,
    reported=True,
    charted=True,
    facts=read.facts,
    compute=_compute,
    arguments=read.arguments,
)
