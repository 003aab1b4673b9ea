"""What people call arguments: every one has its words, and no text for people has the name of one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.errors import XiangdaoError
from tools import fields, registry
from tools.profile import LABELS

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(
    {info.alias or name for tool in registry.TOOLS.values() for name, info in tool.Arguments.model_fields.items()}
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
    texts += [said for choices in wording.CHOICES.values() for pair in choices for said in pair]
    assert not [(name, text) for name in INTERNAL for text in texts if name in text]
