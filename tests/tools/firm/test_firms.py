"""Several firms of one message, each by its own trade; two years of one firm are one firm."""

import pytest

from tools import registry
from tools.firm.firms import read_firms


@pytest.mark.parametrize(
    ("said", "firms"),
    [
        ("老厂做五金，320人，营收2600万；新公司搞批发18人营收9000万，各是什么型", [("五金", 320, 2600), ("批发", 18, 9000)]),
        ("一家120人营收800万，另一家15人营收5000万，都是饭店", [("饭店", 120, 800), ("饭店", 15, 5000)]),
        ("员工60营收500万和员工9营收90万，都是超市", [("超市", 60, 500), ("超市", 9, 90)]),
    ],
)  # fmt: skip
def test_each_firm_has_its_own_trade_and_figures(said: str, firms: list[tuple[str, int, float]]) -> None:
    found = read_firms(said)
    assert [(f["行业"].rstrip("厂公司"), f["从业人员"], f["营业收入万元"]) for f in found] == firms


@pytest.mark.parametrize(
    "said",
    [
        "2024年260人营收3000万，2025年310人营收4000万",
        "工厂300人，营收2000万",
        "我们300人营收2000万，同行500人营收5000万",
        "原来300人，现在180人，营收2000万",
    ],
)
def test_years_of_one_firm_and_figures_of_others_are_no_further_firms(said: str) -> None:
    assert read_firms(said) == []


def test_the_class_of_each_is_told_with_what_it_lacks() -> None:
    firms = [{"行业": "五金", "从业人员": 320, "营业收入万元": 2600}, {"行业": "批发", "从业人员": 18, "营业收入万元": 9000}, {"行业": "银行", "从业人员": 18, "营业收入万元": 9000}]  # fmt: skip
    outcome = registry.run("size_class", {"各家": firms})
    assert [firm["size_class"] for firm in outcome.data["firms"]] == ["中型", "小型", None]
    assert "从业人员差2人" in outcome.text and "不在这张划型表里" in outcome.text
