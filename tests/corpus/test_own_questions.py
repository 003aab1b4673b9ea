"""Each card's own questions, and the near ones it does not answer, are compared with what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from core.settings import Settings
from corpus import own_questions
from corpus.cards import knowledge_hash
from corpus.encoder.encoder import Encoder, built_in
from corpus.index import Index
from corpus.own_questions import FILE
from corpus.retrieve import Retriever
from tests.corpus.test_index import card, closed, write_corpus

__all__ = ["closed"]
NEAR = "仓库扫码要花多少钱"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Five cards; the one about the store says that it does not answer what it costs."""
    write_corpus(tmp_path / "corpus")
    cards = [card(n, topic) for n, topic in enumerate(("上云", "贷款贴息", "人才培训", "机床联网", "仓库扫码"), 1)]
    cards[-1]["not_answered"] = [NEAR]
    path = tmp_path / "corpus" / "cards" / "cards.yaml"
    path.write_text(yaml.safe_dump(cards, allow_unicode=True, sort_keys=False), "utf-8")
    return tmp_path


def opened(base: Path) -> Index:
    return Index(Settings(home=base / "home"), base / "corpus")


def test_a_cards_own_question_is_most_like_itself_and_a_near_one_is_told_apart(base: Path) -> None:
    own = opened(base).own_questions
    assert own is not None
    asked, near = own.likeness(built_in().query("谁管仓库扫码"))
    assert max(asked, key=lambda name: asked[name]) == "sample/card5" and near.keys() == {"sample/card5"}
    _, exactly = own.likeness(built_in().query(NEAR))
    assert exactly["sample/card5"] > near["sample/card5"]


def test_a_hit_tells_how_like_the_question_is_to_what_the_card_answers_and_does_not(base: Path) -> None:
    hits = {h.passage.passage_id: h for h in Retriever(opened(base)).search(NEAR, 5)}
    parts = hits["sample/card5"].parts
    assert parts["near_miss"] > parts["asked"] > hits["sample/card1"].parts["asked"]
    assert hits["sample/card1"].parts["near_miss"] == 0


def test_the_next_start_reads_what_was_kept_and_embeds_nothing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(base).ledger.close()
    monkeypatch.setattr(Encoder, "_run", lambda self, texts: pytest.fail(f"computed again: {texts}"))
    assert opened(base).own_questions is not None


def test_a_changed_card_alone_is_embedded_anew(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(base).ledger.close()
    path = base / "corpus" / "cards" / "cards.yaml"
    path.write_text(path.read_text("utf-8").replace("人才培训", "电表安装"), "utf-8")
    computed: list[str] = []
    real = Encoder._run
    monkeypatch.setattr(Encoder, "_run", lambda self, texts: (computed.extend(texts), real(self, texts))[1])
    index = opened(base)
    assert computed and all("电表安装" in text for text in computed)
    assert Retriever(index).search("谁管电表安装", 1)[0].passage.passage_id == "sample/card3"


@pytest.mark.parametrize("content", [b"", b"garbage" * 100])
def test_a_damaged_file_is_made_anew(base: Path, content: bytes) -> None:
    opened(base).ledger.close()
    (base / "home" / FILE).write_bytes(content)
    index = opened(base)
    assert index.own_questions is not None and index.notices == []
    assert own_questions.load(base / "home", built_in().id, knowledge_hash(base / "corpus")) is not None


def test_what_another_encoder_or_other_cards_made_is_not_used(base: Path) -> None:
    opened(base).ledger.close()
    knowledge = knowledge_hash(base / "corpus")
    assert own_questions.load(base / "home", "another/1", knowledge) is None
    assert own_questions.load(base / "home", built_in().id, "other") is None
    assert own_questions.load(base / "home", built_in().id, knowledge) is not None
