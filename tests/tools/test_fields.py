"""What people call arguments: every one has its words, and no text for people has the name of one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from core.errors import XiangdaoError
from tools import fields, registry
from tools.firm.profile import LABELS
from tools.spec import specs

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(
    {info.alias or name for spec in specs().values() for name, info in spec.compute().Arguments.model_fields.items()}
    | set(LABELS.values())
)
INTERNAL = [name for name in NAMES if name != fields.said(name) and (len(name) > 3 or name == "周期年")]
"""Names that nobody would say: not 行业 or 地区, which are words."""


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_has_words_and_a_question_of_its_own(name: str) -> None:
    assert fields.asked(name).endswith("？") or fields.asked(name).endswith("。")
    assert not re.search("万元|从业人员|周期年", fields.said(name))


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("subsidy", {"投入万元": "很多"}), ("subsidy", {"贷款万元": -3}), ("subsidy", {"目标等级": "九级"}), ("subsidy", {"从业人员": 0}),
        ("subsidy", {"等级": 3, "目标等级": 1}), ("size_class", {"从业人员": "许多"}), ("size_class", {"资产总额万元": "x"}),
        ("roadmap", {"行业": "注塑", "周期年": "明年"}), ("roadmap", {"行业": "注塑", "周期年": 99}), ("roadmap", {"行业": "注塑", "无IT人员": "也许"}),
        ("roadmap", {"行业": "注塑", "产品复杂度": "火箭"}), ("roadmap", {"行业": "注塑", "预算万元": "几个"}), ("roadmap", {"行业": "x" * 99}),
        ("roadmap", {"行业": "注塑", "当前等级": 3, "目标等级": 2}), ("roadmap", {"行业": "注塑", "目标等级": 1}), ("roadmap", {}),
        ("benchmark", {"营业收入万元": 0}), ("benchmark", {"从业人员": "半个"}), ("maturity", {"从业人员": "很多"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_argument_is_said_without_its_name(tool: str, given: dict[str, object]) -> None:
    with pytest.raises(XiangdaoError) as refused:
        registry.run(tool, given)
    told = f"{refused.value.message}{refused.value.hint}"
    assert not [name for name in INTERNAL if name in told], told


NEVER = [name for name in INTERNAL if name.endswith("万元") or name in {"周期年", "无IT人员", "目标等级", "当前等级", "企业类型",
         "产品复杂度", "产业链位置", "已用系统", "自称规模", "各环节现状", "上次答案", "自述情况", "其他数字"}]  # fmt: skip
"""Those of which none is a word of the official texts, as 从业人员 and 生产制造 are."""


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("maturity", {"行业": "注塑", "已用系统": ["金蝶ERP"], "生产制造": "纸质"}), ("size_class", {"行业": "注塑", "从业人员": 280}), ("size_class", {"从业人员": 280}),
        ("subsidy", {}), ("subsidy", {"地区": "苏州"}), ("subsidy", {"地区": "宁波", "行业": "注塑", "投入万元": 100, "等级": 1, "目标等级": 2}), ("subsidy", {"贷款万元": 500}),
        ("subsidy", {"地区": "合肥", "只看": "期限"}), ("roadmap", {"行业": "注塑"}), ("roadmap", {"行业": "阀门", "预算万元": 100, "目标等级": 4, "周期年": 1}),
        ("sector_path", {"行业": "食品"}), ("scenarios", {}), ("cases", {"行业": "印刷"}), ("benchmark", {"投入万元": 40}), ("benchmark", {"指标": "困难"}),
    ],
)  # fmt: skip
def test_no_result_names_an_argument(tool: str, given: dict[str, object]) -> None:
    outcome = registry.run(tool, given, date(2026, 11, 29))
    told = "\n".join((outcome.text, *outcome.next_steps, fields.listed(outcome.asks, 9)))
    assert not [name for name in NEVER if name in told]


def test_no_label_or_button_of_the_page_or_the_bots_is_the_name_of_an_argument() -> None:
    shown = []
    for path in sorted((ROOT / "ui" / "templates").glob("*.html")):
        text = re.sub(
            r"""(?:typed|arguments|values)\[[^\]]*\]|(?:field|choice|item|pick)\("[^"]*",""",
            "",
            path.read_text("utf-8"),
        )
        shown += [(path.name, name) for name in INTERNAL if name in text]
    assert shown == []
    from bots import wording

    texts = [value for value in vars(wording).values() if isinstance(value, str)]
    texts += [said for name in NAMES for pair in fields.choices(name) for said in pair]
    assert not [(name, text) for name in INTERNAL for text in texts if name in text]
