"""The usage table: 29 kinds of tool, and never a recommendation."""

from __future__ import annotations

import pytest

from core.errors import BadInput, NeedsArgument
from corpus.tables import load_tables
from tools import registry
from tools.tool_vendors.compute import NOT_ADVICE, find


@pytest.mark.parametrize(
    ("said", "id"),
    [("CRM", "crm"), ("车间执行系统", "mes"), ("那ERP呢", "erp"), ("二维画图软件", "2d-cad"), ("仓库软件", "wms")],
)
def test_a_tool_is_found_by_its_everyday_name(said: str, id: str) -> None:
    assert [row.id for row in find(said)] == [id]


def test_every_row_is_found_by_its_name() -> None:
    for row in load_tables().vendors:
        assert row in find(row.tool)


def test_the_ranking_is_complete_and_in_order() -> None:
    outcome = registry.run("tool_vendors", {"工具": "ERP"})
    ranks = outcome.data["tools"][0]["ranks"]
    assert [r["rank"] for r in ranks] == sorted(r["rank"] for r in ranks)
    assert ranks[0]["vendors"] == ["金蝶"] and all(v in outcome.text for r in ranks for v in r["vendors"])


def test_it_is_never_a_recommendation() -> None:
    for row in load_tables().vendors:
        assert NOT_ADVICE in registry.run("tool_vendors", {"工具": row.tool}).text


def test_a_doubtful_row_says_what_is_doubtful() -> None:
    assert "同一家公司" in registry.run("tool_vendors", {"工具": "二维设计软件"}).text


def test_a_vendor_in_place_of_a_tool_is_told_where_it_ranks() -> None:
    outcome = registry.run("tool_vendors", {"工具": "用友"})
    ranked = {row.id for row in load_tables().vendors if any("用友" in r.vendors for r in row.ranks)}
    assert {tool["id"] for tool in outcome.data["tools"]} == ranked and NOT_ADVICE in outcome.text


def test_an_unknown_tool_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("tool_vendors", {"工具": "洗衣机"})
    assert "最接近的有" in refused.value.hint


def test_no_tool_needs_one() -> None:
    with pytest.raises(NeedsArgument):
        registry.run("tool_vendors", {})
