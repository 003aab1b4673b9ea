"""Versions and doubles are recognised and linked, and a document's standing follows from its links and corrections."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadInput
from core.settings import Settings
from corpus.index import Index
from ingest import versions
from ingest.pipeline import Ingestor, Outcome, restore
from ingest.records import fields_of


def notice(year: int, share: int, extra: str = "", number: int = 12) -> str:
    return (
        f"样工信〔{year}〕{number}号\n\n关于组织申报{year}年度样例市数字化改造资金的通知\n\n各有关企业：\n\n一、支持标准\n"
        f"对软件和设备投入按不超过{share}%给予补助，单个企业最高不超过50万元。{extra}\n\n二、材料\n申报书、营业执照、发票和付款凭证各一份。\n\n"
        f"样例市工业和信息化局\n{year}年6月18日\n"
    )


def take(ingestor: Ingestor, folder: Path, name: str, text: str, space: str = "public") -> Outcome:
    path = folder / f"{name}.txt"
    path.write_text(text, "utf-8")
    (outcome,) = ingestor.ingest([path], space)
    return outcome


def status(index: Index, name: str, space: str = "public") -> tuple[str, str | None]:
    document = index.ledger.document(f"doc:{space}:{name}")
    assert document is not None
    passages = index.ledger.passages_of(document.document_id)
    assert {p.status for p in passages} == {document.info["source"]["status"]}
    return document.info["source"]["status"], document.info["source"]["superseded_by"]


@pytest.mark.parametrize("order", [("旧", "新"), ("新", "旧")])
def test_the_later_year_of_a_series_replaces_the_earlier_in_whatever_order_they_come(
    ingestor: Ingestor, index: Index, tmp_path: Path, order: tuple[str, str]
) -> None:
    texts = {"旧": notice(2024, 20), "新": notice(2026, 30, "另设首次改造奖励，完成二级评测后再给十万元。")}
    outcomes = [take(ingestor, tmp_path, name, texts[name]) for name in order]
    assert status(index, "旧") == ("superseded", "doc:public:新")
    assert status(index, "新") == ("in_force", None)
    assert "替代" in outcomes[1].message and "2026年的替代2024年的" in outcomes[1].message


def test_removing_the_newer_one_puts_the_older_one_in_force_again(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "旧", notice(2024, 20))
    take(ingestor, tmp_path, "新", notice(2026, 30))
    ingestor.remove("doc:public:新")
    assert status(index, "旧") == ("in_force", None)
    assert index.vectors is not None and index.vectors.rows() == index.ledger.rows()


def test_the_same_notice_under_another_name_is_told(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "通知", notice(2026, 30))
    outcome = take(ingestor, tmp_path, "下载的通知", notice(2026, 30) + "\n（此件公开发布）\n")
    assert outcome.status == "added" and "同一份" in outcome.message
    assert status(index, "通知") == status(index, "下载的通知") == ("in_force", None)


def test_what_a_document_says_it_ends_is_replaced(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    old = "关于印发《样例市改造资金管理办法》的通知\n样工信规〔2022〕3号\n\n各单位：\n现印发给你们。\n\n样例市工业和信息化局\n2022年3月1日\n"
    new = (
        "样例市数字化资金操作规程\n样工信规〔2026〕9号\n\n第一条 本规程自2026年7月1日起施行。"
        "原《样例市改造资金管理办法》（样工信规〔2022〕3号）同时废止。\n\n样例市工业和信息化局\n2026年6月1日\n"
    )
    take(ingestor, tmp_path, "老办法", old)
    take(ingestor, tmp_path, "新规程", new)
    assert status(index, "老办法") == ("superseded", "doc:public:新规程")


def test_documents_of_different_subjects_places_and_spaces_are_not_linked(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "改造", notice(2024, 20))
    take(ingestor, tmp_path, "外市", notice(2026, 20, number=77).replace("样例市", "别的市"))
    take(ingestor, tmp_path, "私有", notice(2026, 30), space="user:li")
    take(
        ingestor,
        tmp_path,
        "培训",
        "关于举办2026年样例市数字技能培训的通知\n\n各企业：\n每周六上课。\n\n样例市工业和信息化局\n2026年7月1日\n",
    )
    assert status(index, "改造") == ("in_force", None)
    assert versions.links(index.ledger.connection, "doc:public:培训") == []
    assert versions.links(index.ledger.connection, "doc:user:li:私有") == []


def test_likeness_is_that_of_the_texts() -> None:
    one = "".join(f"第{n}条说的是第{n * 7}件事。" for n in range(200))
    assert versions.likeness(versions.sketch(one), versions.sketch(one)) == 1
    assert versions.likeness(versions.sketch(one), versions.sketch(one + "最后再加一句话。")) > 0.9
    assert versions.likeness(versions.sketch(one), versions.sketch("完全是别的内容，和上面没有关系。" * 9)) < 0.1
    assert versions.likeness([], []) == 0 and versions.sketch("短") == []


def test_a_correction_counts_everywhere_and_survives_the_loss_of_the_ledger(
    ingestor: Ingestor, index: Index, tmp_path: Path, settings: Settings, corpus: Path
) -> None:
    take(ingestor, tmp_path, "通知", notice(2026, 30))
    ingestor.correct(
        "doc:public:通知", {"title": "样例资金通知", "valid_until": "2026年12月31日", "status": "过期", "region": ""}
    )
    passages = index.ledger.passages_of("doc:public:通知")
    assert {(p.valid_until, p.status, p.region) for p in passages} == {("2026-12-31", "expired", "")}
    assert all(p.title.startswith("样例资金通知") for p in passages)
    index.ledger.close()
    for path in settings.home.glob("ledger.db*"):
        path.unlink()
    again = Index(settings, corpus=corpus)
    assert restore(again) == 1
    document = again.ledger.document("doc:public:通知")
    assert document is not None and document.title == "样例资金通知"
    fields = fields_of(document)
    assert fields["valid_until"].origin == "corrected" and fields["doc_no"].origin == "read"


def test_a_correction_falls_where_a_new_version_of_the_file_says_something_else(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "通知", notice(2024, 30))
    ingestor.correct("doc:public:通知", {"issuer": "样例市工信局", "published": "2024-06-20"})
    take(ingestor, tmp_path, "通知", notice(2026, 30))
    document = index.ledger.document("doc:public:通知")
    assert document is not None
    assert document.info["source"]["issuer"] == "样例市工信局"
    assert document.info["source"]["published"] == "2026-06-18"


@pytest.mark.parametrize(
    "change",
    [{"published": "昨天"}, {"valid_until": "2026-02-30"}, {"status": "挺好"}, {"title": ""}, {"title": "长" * 300}],
)
def test_a_bad_correction_is_told_and_changes_nothing(
    ingestor: Ingestor, index: Index, tmp_path: Path, change: dict[str, str]
) -> None:
    take(ingestor, tmp_path, "通知", notice(2026, 30))
    before = index.ledger.document("doc:public:通知")
    with pytest.raises(BadInput):
        ingestor.correct("doc:public:通知", change)
    assert index.ledger.document("doc:public:通知") == before


def test_bundled_knowledge_is_not_corrected(ingestor: Ingestor) -> None:
    for name in ("card:sample", "doc:public:没有"):
        with pytest.raises(BadInput):
            ingestor.correct(name, {"title": "别的"})
