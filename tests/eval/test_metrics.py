import pytest

from eval.metrics import (
    answer_body,
    brier,
    evidence_rank,
    facts_found,
    fold_fact,
    has_fact,
    percentile,
    ratio,
    recall_at,
    reliability,
)


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("75%", "达到 **75%** 以上"),
        ("1%-2%", "占营收1%—2%的企业"),
        ("100-1000万", "多为 100 至 1000 万日元"),
        ("10000", "已有10,000余家"),
        ("ERP", "用ｅｒｐ管账"),
        ("2024-12-12", "2024–12–12"),
        ("51", "共51个中心"),
        ("4.19亿", "约4.19亿美元"),
    ],
)
def test_finds_a_fact_however_it_is_written(wording: str, text: str) -> None:
    assert has_fact(wording, fold_fact(text))


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("51", "占51.2%"),
        ("51", "1510家"),
        ("51", "共3.51个"),
        ("51", "51%的企业"),
        ("4", "4万家"),
        ("1.2%", "51.2%"),
        ("", "任何文字"),
    ],
)
def test_does_not_find_a_number_inside_another(wording: str, text: str) -> None:
    assert not has_fact(wording, fold_fact(text))


def test_any_wording_of_a_point_counts_and_every_point_is_told_apart() -> None:
    facts = [["40%", "四成"], ["75%"], ["财政部"]]
    assert facts_found(facts, "上云率要超过四成，由财政部负责") == (True, False, True)


def test_evidence_is_found_whatever_the_spaces_bold_marks_and_width() -> None:
    texts = ["无关", "推动 **４万家** 以上\n中小企业开展 数字化转型"]
    assert evidence_rank(["推动4万家以上中小企业"], texts, every=False) == 2


def test_evidence_cut_at_a_border_does_not_count() -> None:
    assert evidence_rank(["推动4万家以上中小企业"], ["推动4万家", "以上中小企业"], every=False) is None


def test_several_pieces_count_when_all_stand_or_when_one_is_enough() -> None:
    texts = ["甲证据在此", "别的", "乙证据在此"]
    assert evidence_rank(["甲证据", "乙证据"], texts, every=True) == 3
    assert evidence_rank(["甲证据", "乙证据"], texts, every=False) == 1
    assert evidence_rank(["甲证据", "丙证据"], texts, every=True) is None


def test_recall_counts_ranks_up_to_k() -> None:
    ranks = [1, 3, None, 6]
    assert [recall_at(k, ranks) for k in (1, 3, 10)] == [0.25, 0.5, 0.75]


def test_a_ratio_over_nothing_is_none() -> None:
    assert ratio(0, 0) is None
    assert recall_at(5, []) is None
    assert percentile([], 0.5) is None
    assert brier([]) is None


def test_percentiles_lie_between_neighbours() -> None:
    assert percentile([4, 1, 3, 2], 0.5) == 2.5
    assert percentile(range(101), 0.95) == 95
    assert percentile([7], 0.9) == 7


def test_the_block_of_references_is_not_part_of_the_answer() -> None:
    assert answer_body("答案[1]\n\n出处 [1] 《方案》\n[2] 《指南》") == "答案[1]"
    assert answer_body("Answer [1]\n\nSource [1] 《方案》") == "Answer [1]"
    assert answer_body("前文\n\n出处 一\n后文\n\n出处 二") == "前文\n\n出处 一\n后文"
    assert answer_body("没有引用") == "没有引用"


def test_reliability_puts_confidence_one_into_the_last_bin() -> None:
    bins = reliability([(1.0, True), (0.95, False), (0.05, False)])
    assert [(b.low, b.count, b.correct) for b in bins] == [(0.0, 1, 0.0), (0.9, 2, 0.5)]
    assert bins[1].confidence == pytest.approx(0.975)


def test_brier_is_zero_for_certainty_that_is_right() -> None:
    assert brier([(1.0, True), (0.0, False)]) == 0
    assert brier([(0.5, True), (0.5, False)]) == 0.25
