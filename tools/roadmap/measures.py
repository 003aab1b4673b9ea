"""By what numbers a firm sees whether a scenario works, with figures from cases where the sources give any.

Which measure suits which area is this project's own choice; hardly any case in the sources gives a figure.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.rows import Case, Scenario
from tools.cases.compute import has_figure
from tools.cases.kin import case_kin

BY_AREA: dict[str, tuple[str, str]] = {
    "产品研发": ("图纸出错返工次数", "每月因图纸、版本错的返工次数"),
    "工艺设计": ("新品工艺准备天数", "接单到工艺文件下发的天数"),
    "生产作业": ("单件加工时间", "抽三个常做的产品，记开工到完工的时间"),
    "计划调度": ("准时交货率", "当月按约定日期交的订单数÷应交订单数"),
    "设备管理": ("非计划停机时间", "每月关键设备因故障停的小时数"),
    "能源管理": ("单位产品用电", "当月用电量÷当月产量"),
    "环保管理": ("超标次数", "每月监测值超限的次数"),
    "安全管理": ("隐患按期整改率", "当月按期整改的隐患数÷查出的隐患数"),
    "质量管理": ("一次合格率", "首检合格数÷生产数"),
    "仓储管理": ("账物相符率", "盘点时账和实物对得上的品种数÷盘点品种数"),
    "供应链管理": ("缺料停线次数", "每月因缺料停工的次数"),
    "产品营销": ("线上渠道销售占比", "线上渠道销售额÷总销售额"),
    "产品服务": ("报修到解决的时间", "客户报修到关单的小时数"),
    "经营管理": ("月结天数", "月底关账到出报表的天数"),
}


@dataclass(frozen=True)
class Measure:
    """A measure; `case` is a case with a figure that did the very scenario, `own` whether it is of the firm's own trade."""

    scenario: str
    name: str
    how: str
    case: Case | None = None
    own: bool = False

    @property
    def figure(self) -> str:
        """The effect with its figure as the source gives it; empty without a case."""
        effects = self.case.effects if self.case else ()
        return next((effect for effect in effects if any(c.isdigit() for c in effect)), "")


def measures(chosen: list[Scenario], industry: str) -> list[Measure]:
    """One measure for each area the scenarios touch, in their order, with a figure of the trade or of the nearest one."""
    firms, found = case_kin(industry), dict[str, Measure]()
    for scenario in chosen:
        if scenario.area in found:
            continue
        case = next((c for c in firms.all if has_figure(c) and c.scenario == scenario.name), None)
        name, how = BY_AREA[scenario.area]
        found[scenario.area] = Measure(scenario.name, name, how, case, case in firms.own)
    return list(found.values())
