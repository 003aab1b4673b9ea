import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.errors import BadKnowledge
from corpus.cards import CORPUS, load_cards, load_sources
from corpus.check import check_tables
from corpus.tables import KINDS, Tables, load_tables, read_table

TODAY = date(2026, 11, 20).isoformat()
CONSTRAINTS = ["产品设计", "营销管理", "生产管控", "质量管理", "设备管理"]
CONSTRAINTS += ["安全生产", "能耗管理", "采购管理", "仓储物流", "财务管理"]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[str, str, str], Tables]:
    """A corpus folder of its own in which one file has one text replaced."""

    def make(name: str, old: str, new: str) -> Tables:
        corpus = tmp_path / "corpus"
        shutil.copytree(CORPUS / "data", corpus / "data")
        shutil.copytree(CORPUS / "cards", corpus / "cards")
        shutil.copy(CORPUS / "sources.yaml", corpus)
        path = corpus / "data" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load_tables(corpus)

    return make


def test_every_data_file_has_a_kind_of_row() -> None:
    assert {path.name for path in (CORPUS / "data").glob("*.yaml")} == set(KINDS)


def test_all_tables_fit_each_other_the_cards_and_the_sources(tables: Tables) -> None:
    check_tables(tables)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_row_is_typed_and_knows_its_line_source_and_date(name: str) -> None:
    table = read_table(CORPUS / "data" / name)
    assert table
    assert all(row.line > 0 and row.source and row.as_of and row.certainty for row in table)
    lines = [row.line for row in table]
    assert lines == sorted(set(lines))


def test_the_best_answers_score_100_and_the_worst_nothing(tables: Tables) -> None:
    assert len(tables.items) == 15
    assert sum(item.best for item in tables.items) == pytest.approx(100)
    assert all(min(option.points for option in item.options) == 0 for item in tables.items if item.type == "single")
    by_dimension = Counter[str]()
    for item in tables.items:
        by_dimension[item.dimension] += item.points
    assert by_dimension == {"数字化基础": 50, "数字化管理": 30, "数字化成效": 20}


def test_bands_follow_each_other_without_a_gap(tables: Tables) -> None:
    banded = [item for item in tables.items if item.options[0].low is not None]
    assert [item.id for item in banded] == ["digital_equipment", "connected_equipment", "investment"]
    for item in banded:
        assert item.options[0].low == 0
        assert item.options[-1].high == 100
        assert all(a.high == b.low for a, b in zip(item.options, item.options[1:], strict=False))


def test_sixteen_scenes_have_four_levels_and_ten_are_constraints(tables: Tables) -> None:
    assert len(tables.scenes) == 16
    assert all([level.level for level in scene.levels] == [1, 2, 3, 4] for scene in tables.scenes)
    assert all(level.keywords for scene in tables.scenes for level in scene.levels)
    assert [scene.name for scene in tables.scenes if scene.constraint] == CONSTRAINTS


def test_what_is_uncertain_in_the_indicator_says_so(tables: Tables) -> None:
    assert {item.id for item in tables.items if item.conflict} == {"planning", "investment"}
    assert [scene.name for scene in tables.scenes if scene.conflict] == ["仓储物流"]
    assert all(rule.certainty == "third_party" for rule in tables.level_rules)
    assert [(r.level, r.score, r.scenes, r.constraint_scenes) for r in tables.level_rules] == [
        (1, 20, 6, 3), (2, 40, 6, 3), (3, 60, 8, 5), (4, 80, 10, 6),
    ]  # fmt: skip


def test_industry_bounds_are_those_of_2017(tables: Tables) -> None:
    assert len(tables.size_sectors) == 16
    industry = next(sector for sector in tables.size_sectors if sector.id == "industry")
    assert industry.bounds == {"employees": (1000, 300, 20), "revenue_wan": (40000, 2000, 300)}
    assert {"制造业", "工厂"} <= set(industry.aliases)


def test_no_everyday_word_leads_to_two_sectors(tables: Tables) -> None:
    words = Counter(alias for row in (*tables.size_sectors, *tables.size_not_covered) for alias in row.aliases)
    assert [word for word, count in words.items() if count > 1] == []


def test_every_programme_has_a_source_a_certainty_and_someone_to_ask(tables: Tables) -> None:
    sources = load_sources()
    assert len(tables.programmes) >= 37
    for programme in tables.programmes:
        assert programme.source in sources
        assert programme.ask
        assert programme.gives
        if programme.level == "city":
            assert programme.region.city or programme.region.province or programme.id == "cloud-voucher"
        if not programme.amount_known:
            assert programme.rate is None
            assert programme.cap_wan is None


def test_no_programme_in_force_is_past_its_date(tables: Tables) -> None:
    for programme in tables.programmes:
        until = programme.valid_until
        assert not (programme.status == "in_force" and until and until < TODAY), programme.id
        assert not (programme.status == "expired" and until and until >= TODAY), programme.id


def test_status_of_a_source_follows_its_validity() -> None:
    for source in load_sources().values():
        if source.valid_until and source.status in ("in_force", "expired"):
            assert (source.status == "expired") == (source.valid_until < TODAY), source.id


def test_hefei_pays_by_level_and_year_of_completion(tables: Tables) -> None:
    hefei = next(programme for programme in tables.programmes if programme.id == "hefei-2024")
    caps = {(tier.level, (tier.completed_until or "")[:4]): (tier.rate, tier.cap_wan) for tier in hefei.tiers}
    assert caps[4, "2024"] == (0.5, 50)
    assert caps[2, "2025"] == (0.4, 30)


def test_pilot_cities_seen_by_batch(tables: Tables) -> None:
    assert Counter(city.batch for city in tables.pilot_cities) == {1: 23, 2: 18, 3: 13, None: 4}


def test_titles_know_both_editions(tables: Tables) -> None:
    assert {(row.title, row.edition) for row in tables.titles} == {
        ("科技和创新型", 2026), ("专精特新", 2026), ("小巨人", 2026), ("专精特新", 2022), ("小巨人", 2022),
    }  # fmt: skip


def test_stage_shares_add_up(tables: Tables) -> None:
    shares = [stage.share for stage in tables.stages if stage.row == "lenovo_stage"]
    assert sum(share for share in shares if share is not None) == pytest.approx(100)


def test_each_of_the_42_scenarios_says_how_it_maps_to_the_16_scenes(tables: Tables) -> None:
    assert len(tables.scenarios) == 42
    assert all(scenario.mapping_note for scenario in tables.scenarios)
    unmapped = [scenario.name for scenario in tables.scenarios if not scenario.official_scenes]
    assert unmapped == ["排放数据监测", "供应链金融"]
    reached = {scene for scenario in tables.scenarios for scene in scenario.official_scenes}
    assert {scene.name for scene in tables.scenes} - reached == {"决策支持"}


def test_vendor_groups_and_survey_are_complete(tables: Tables) -> None:
    assert Counter(row.group for row in tables.vendors) == {
        "研发设计": 8, "生产制造": 7, "经营管理": 6, "运维服务": 3, "供应链管理": 5,
    }  # fmt: skip
    assert len(tables.survey) >= 26


def test_glossary_holds_the_guide_terms_and_the_others(tables: Tables) -> None:
    terms = {term.term for term in tables.glossary}
    assert len(terms) == 70
    assert {"MES", "APS", "SaaS", "小快轻准", "哑设备", "OEE"} <= terms
    assert sum(term.certainty == "full" and term.source == "guide_2022" for term in tables.glossary) >= 12


def test_external_cards_name_no_mirror() -> None:
    allowed = {
        "zjtx.miit.gov.cn",
        "baosong.miit.gov.cn/ScaleTest",
        "www.gov.cn",
        "green.miit.gov.cn",
        "acc.mof.gov.cn",
        "gdii.gd.gov.cn",
        "zcdx.kfqgw.beijing.gov.cn",
        "pyd.pudong.gov.cn",
        "smebj.cn",
    }
    for card in load_cards():
        text = card.text
        for address in allowed:
            text = text.replace(address, "")
        text = re.sub(r"[\w.]*\bgov\.cn", "", text)  # a public body's own address is no mirror
        if card.certainty != "full":
            assert card.as_of, card.id
            assert not any(mark in text for mark in ("http", ".com", ".cn", "www.")), card.id


def test_says_file_line_and_field_of_a_broken_row(copy: Callable[[str, str, str], Tables]) -> None:
    broken = copy("programmes.yaml", 'kind: "subsidy"', 'kind: "gift"')
    with pytest.raises(BadKnowledge, match=r"programmes\.yaml 第 \d+ 行.*pilot-city.*字段 kind 不对"):
        _ = broken.programmes


def test_says_which_name_does_not_exist(copy: Callable[[str, str, str], Tables]) -> None:
    broken = copy("vendors.yaml", "caict_specialized_2024/tool-mes", "caict_specialized_2024/tool-nix")
    with pytest.raises(BadKnowledge, match=r"vendors\.yaml 第 \d+ 行.*字段 card 不对：“.*tool-nix”不存在"):
        check_tables(broken)


def test_refuses_an_item_whose_options_do_not_add_up(copy: Callable[[str, str, str], Tables]) -> None:
    broken = copy("maturity_2024.yaml", "points: 8\n", "points: 9\n")
    with pytest.raises(BadKnowledge, match=r"maturity_2024\.yaml 第 \d+ 行.*points 写的是 9"):
        _ = broken.items


def test_notices_a_row_that_is_gone(copy: Callable[[str, str, str], Tables]) -> None:
    broken = copy("sector_path.yaml", "  level: 1\n", "  level: 2\n")
    with pytest.raises(BadKnowledge, match=r"sector_path\.yaml 的格应当是 60，现在是 59"):
        check_tables(broken)


def test_loading_reads_nothing(tmp_path: Path) -> None:
    assert load_tables(tmp_path / "nowhere")
