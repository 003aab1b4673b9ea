from typing import Any

import pytest

from eval.arguments import arguments_hit


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ({"从业人员": 85}, {"employees": 85.0}),
        ({"营业收入万元": 23000}, {"revenue_wan": 23000}),
        ({"行业": "工业|制造业"}, {"industry": "工业"}),
        ({"行业": "汽车"}, {"industry": "汽车制造业"}),
        ({"当前等级": "一级|1级"}, {"current_level": 1}),
        ({"环节": ["生产", "研发"]}, {"areas": ["研发设计", "生产制造"]}),
        ({"术语": "APS"}, {"术语": "aps"}),
        ({"已用系统": ["金蝶|ERP", "钉钉|OA"]}, {"systems": {"ERP": "erp", "办公": "钉钉"}}),
    ],
)
def test_equal_in_meaning_is_a_hit(expected: dict[str, Any], given: dict[str, Any]) -> None:
    assert all(arguments_hit(expected, given).values())


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ({"从业人员": 85}, {"employees": 850}),
        ({"从业人员": 85}, {}),
        ({"从业人员": 1}, {"employees": True}),
        ({"行业": "批发"}, {"industry": "零售"}),
        ({"行业": "批发"}, {"industry": ""}),
        ({"环节": ["生产", "研发"]}, {"areas": ["生产制造"]}),
    ],
)
def test_missing_or_different_is_no_hit(expected: dict[str, Any], given: dict[str, Any]) -> None:
    assert not any(arguments_hit(expected, given).values())
