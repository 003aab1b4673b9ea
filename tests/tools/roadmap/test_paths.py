"""Which of the four paths fits."""

from __future__ import annotations

import pytest

from corpus.cards import load_cards
from tools.firm.kinship import subsector_kin
from tools.roadmap.paths import PATHS, REPORT, choose, driven_by, read_complexity


@pytest.mark.parametrize(
    ("industry", "path"),
    [
        ("服装", "self"),
        ("汽车零部件", "chain"),
        ("PCB", "self"),
        ("注塑", "self"),
        ("压缩机", "self"),
        ("软件", "self"),
    ],
)
def test_what_a_sub_sector_makes_decides_without_more(industry: str, path: str) -> None:
    assert choose(None, "", subsector_kin(industry)).path.id == path


def test_what_the_firm_says_it_makes_wins_over_its_industry() -> None:
    choice = choose("部件", "", subsector_kin("服装"))
    assert choice.path.id == "chain" and not choice.inferred


@pytest.mark.parametrize(
    ("driver", "path"),
    [("主机厂要求上系统", "chain"), ("园区统一要求", "cluster"), ("最近缺订单", "platform"), ("想降本增效", None)],
)
def test_a_push_from_outside_is_heard(driver: str, path: str | None) -> None:
    assert driven_by(driver) == path


def test_a_push_from_outside_wins_and_the_other_path_comes_second() -> None:
    choice = choose("成品", "大客户审厂", subsector_kin("服装"))
    assert choice.path.id == "chain" and choice.second == PATHS["self"]


def test_dispatched_orders_for_complex_parts_carry_a_caution() -> None:
    assert choose("成品", "缺订单", subsector_kin("阀门")).caution
    assert not choose("基础加工", "缺订单", subsector_kin("机加工")).caution


def test_an_inferred_complexity_is_said_to_be_so() -> None:
    choice = choose(None, "", subsector_kin("汽车零部件"))
    assert choice.inferred and "按行业推断" in choice.why[0]


def test_nobody_is_sent_to_a_platform_for_orders_by_inference_alone() -> None:
    choice = choose(None, "", subsector_kin("五金冲压"))
    assert choice.path.id == "self" and choice.second == PATHS["platform"]
    assert choose("基础加工", "", subsector_kin("五金冲压")).path.id == "platform"


def test_nothing_is_inferred_from_a_trade_that_is_only_near() -> None:
    assert choose(None, "", subsector_kin("注塑")).complexity is None


@pytest.mark.parametrize(
    ("said", "means"), [("来料加工", "基础加工"), ("做零部件的", "部件"), ("整机", "成品"), ("", None)]
)
def test_complexity_is_read_from_everyday_words(said: str, means: str | None) -> None:
    assert read_complexity(said) == means


def test_an_unknown_complexity_is_refused() -> None:
    with pytest.raises(ValueError, match="成品、部件、基础加工"):
        read_complexity("火箭")


def test_every_path_names_cards_that_exist() -> None:
    known = {card.id for card in load_cards()}
    assert {f"{REPORT}/{card}" for path in PATHS.values() for card in path.cards} <= known
