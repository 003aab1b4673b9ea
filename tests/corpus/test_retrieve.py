"""Retrieval: the best short window decides, named documents come first, filters hold, scores can be explained."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import Settings
from core.types import Hit, Passage, Source
from corpus.index import Index
from corpus.ledger import Document, Filters, now
from corpus.ranker import PLAIN, load_weights, weights_of
from corpus.retrieve import Retriever, windows

FILLER = "这一段讲的是另外一件和它没有关系的事，只是为了让文字变长一些。" * 6
PLAN = Source("plan", "赋能行动方案", aliases=("行动方案",))
GUIDE = Source("guide", "转型指南", aliases=("转型指南", r"那本指南"))
LOAN = "银行推出设备贷款，对改造项目给两年贴息。"


def passage(name: str, text: str, source: str = "plan", **more: object) -> Passage:
    return Passage(**{"passage_id": name, "source_id": source, "title": name, "text": text, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    base = tmp_path_factory.mktemp("retrieve")
    (base / "corpus" / "cards").mkdir(parents=True)
    (base / "corpus" / "lexicon").mkdir()
    (base / "corpus" / "sources.yaml").write_text("[]", "utf-8")
    index = Index(Settings(home=base / "home"), base / "corpus")
    plan = [
        passage("together", FILLER + "模具寿命靠在线点检来管，点检表贴在机台上。" + FILLER),
        passage("apart", f"说到模具。{FILLER}{FILLER}说到寿命。{FILLER}{FILLER}说到点检。"),
        passage("plan/loan", LOAN),
        passage("plan/old", "旧办法：设备贷款贴息一年。", valid_until="2025-12-31", status="expired"),
        passage("plan/ningbo", "宁波对注塑机改造给奖励。", region="宁波"),
        passage("plan/dongguan", "东莞对注塑机改造给奖励。", region="东莞"),
        passage("plan/long", "第一句。" + FILLER * 3 + "质检相机放在传送带上方。"),
        *(
            passage(f"plan/other{n}", f"第{n}件无关的事：{word}。")
            for n, word in enumerate(["天气", "花草", "音乐", "足球", "钓鱼", "旅行"])
        ),
    ]
    guide = [
        passage("guide/loan", LOAN.replace("两年", "三年"), "guide"),
    ]
    mine = [passage("mine", "我们厂的食堂每周三吃面。", "guide", space="user:li")]
    with index.ledger.transaction() as db:
        index.ledger.put(db, Document("plan", "plan", "card", "public", PLAN.title, "", "", 1, now(), {}), plan, PLAN)
        index.ledger.put(
            db, Document("guide", "guide", "document", "public", GUIDE.title, "", "", 1, now(), {}), guide, GUIDE
        )
        index.ledger.put(
            db, Document("mine", "guide", "document", "user:li", GUIDE.title, "", "", 1, now(), {}), mine, GUIDE
        )
    index.sync_vectors()
    return Retriever(index)


def ids(hits: list[Hit]) -> list[str]:
    return [h.passage.passage_id for h in hits]


def test_words_that_stand_together_beat_the_same_words_far_apart(retriever: Retriever) -> None:
    hits = Retriever(retriever.index, weights_of(PLAIN)).search("模具寿命靠什么点检", 5)
    found = ids(hits)
    assert found.index("together") < found.index("apart")
    by_id = {h.passage.passage_id: h for h in hits}
    assert by_id["together"].parts["window"] > by_id["apart"].parts["window"]


def test_a_passage_comes_back_whole_with_the_window_that_matched(retriever: Retriever) -> None:
    hit = retriever.search("质检相机放在哪里", 1)[0]
    assert hit.passage.passage_id == "plan/long"
    assert hit.passage.text.startswith("第一句。") and "质检相机" in hit.passage.text
    assert "质检相机" in hit.window and len(hit.window) < len(hit.passage.text)


@pytest.mark.parametrize(
    ("question", "first"), [("行动方案里贷款贴息几年", "plan"), ("那本指南里贷款贴息几年", "guide")]
)
def test_the_document_that_a_question_names_comes_first(retriever: Retriever, question: str, first: str) -> None:
    assert retriever.search(question, 3)[0].passage.source_id == first


def test_the_name_of_a_document_is_not_itself_searched_for(retriever: Retriever) -> None:
    query = retriever.analyse("转型指南里贷款贴息几年")
    assert query.sources == ("guide",)
    assert not {"指南", "转型指南"} & {c.word for c in query.concepts}


def test_where_nothing_but_the_document_is_named_its_name_is_the_question(retriever: Retriever) -> None:
    assert retriever.analyse("转型指南").concepts


def test_another_region_is_left_out_and_the_whole_country_stays(retriever: Retriever) -> None:
    found = ids(retriever.search("注塑机改造奖励和贷款贴息", 10, Filters(region="宁波")))
    assert {"plan/ningbo", "plan/loan"} <= set(found) and "plan/dongguan" not in found
    assert "plan/dongguan" in ids(retriever.search("注塑机改造奖励", 10))


def test_what_has_expired_on_the_day_is_left_out_when_asked(retriever: Retriever) -> None:
    assert "plan/old" in ids(retriever.search("设备贷款贴息", 10))
    assert "plan/old" not in ids(retriever.search("设备贷款贴息", 10, Filters(valid_on="2026-01-01")))


def test_a_private_space_is_seen_only_by_those_who_name_it(retriever: Retriever) -> None:
    assert "mine" not in ids(retriever.search("食堂每周三吃面", 20))
    assert ids(retriever.search("食堂每周三吃面", 1, Filters(spaces=("public", "user:li")))) == ["mine"]


def test_origin_and_source_narrow_a_search(retriever: Retriever) -> None:
    assert {h.passage.origin for h in retriever.search("贷款贴息", 10, Filters(origin="card"))} <= {"card"}
    assert set(ids(retriever.search("贷款贴息", 10, Filters(sources=("guide",))))) == {"guide/loan"}


def test_scores_fall_and_every_part_they_are_made_of_is_told(retriever: Retriever) -> None:
    hits = retriever.search("设备贷款贴息几年", 6)
    scores = [h.score for h in hits]
    assert scores == sorted(scores, reverse=True) and scores[0] <= 1.01
    for hit in hits:
        assert {name for name, _ in load_weights().parts} | {
            "dense",
            "asked",
            "near_miss",
            "margin",
        } <= hit.parts.keys()
        assert all(-1 <= value <= 1 + 1e-6 for value in hit.parts.values()), hit.parts


def test_the_margin_is_how_far_a_hit_is_above_the_best_other_one(retriever: Retriever) -> None:
    first, second, *_ = retriever.search("设备贷款贴息几年", 6)
    assert first.parts["margin"] == pytest.approx(first.score - second.score) and first.parts["margin"] >= 0
    assert second.parts["margin"] == pytest.approx(second.score - first.score)
    only = retriever.search("贷款贴息", 10, Filters(sources=("guide",)))
    assert [h.parts["margin"] for h in only] == [only[0].score]


def test_each_passage_stands_once_and_no_more_than_asked_for(retriever: Retriever) -> None:
    found = ids(retriever.search("贷款贴息奖励模具", 4))
    assert len(found) == len(set(found)) <= 4


@pytest.mark.parametrize("text", ["", "？", "的了吗", "ξψω", "天王星 %%% OR ("])
def test_a_question_that_finds_nothing_useful_is_no_error(retriever: Retriever, text: str) -> None:
    assert all(h.score < 0.6 for h in retriever.search(text, 3))


@given(st.text(alphabet="甲乙丙丁，。 ", max_size=900), st.integers(20, 200))
def test_windows_overlap_and_leave_nothing_out(text: str, size: int) -> None:
    step = size // 2
    parts = windows(text, size, step)
    assert parts[0] == text[: len(parts[0])] and text.endswith(parts[-1])
    assert max(map(len, parts)) <= size * 3 // 2
    assert len(parts) == 1 or all(a[step:] == b[: len(a) - step] for a, b in itertools.pairwise(parts))


@pytest.fixture(scope="module")
def bundled(home: Path) -> Retriever:
    return Retriever(Index(Settings(home=home)))


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("2022年那本指南说老板第一步干啥", "guide_2022"),
        ("联想那份报告里中小企业最大的障碍是什么", "lenovo_36kr_2024"),
        ("信通院专精特新报告里ERP用得多不多", "caict_specialized_2024"),
        ("行动方案里小微企业有什么支持", "action_plan_2025_2027"),
    ],
)
def test_the_bundled_documents_are_known_by_the_names_people_use(
    bundled: Retriever, question: str, source: str
) -> None:
    assert bundled.search(question, 1)[0].passage.source_id == source


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("政府到2027年打算让多少小企业上云", "40%"),
        ("机器干活的比例到2027年要做到多少", "75%"),
        ("仓库老对不上账该上啥系统", "WMS"),
        ("老插单排不过来咋整", "APS"),
        ("What share of SMEs should use the cloud by 2027?", "40%"),
    ],
)
def test_owners_words_find_what_the_documents_call_otherwise(bundled: Retriever, question: str, word: str) -> None:
    assert any(word in h.passage.text for h in bundled.search(question, 5))
