"""Fine-tune the upper layers of the encoder: questions to cards, and messages to what they mean, together.

Source: in-batch negatives as in Henderson et al. (2017), through sentence-transformers' trainer.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import BatchSamplers, MultiDatasetBatchSamplers
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel, PreTrainedTokenizerFast

from corpus.cards import Card
from corpus.utterances import Turn
from eval.train.examples import Examples

QUERY, PASSAGE = "query: ", "passage: "
"""What e5 was trained to see before a question and before a passage."""
FROZEN_LAYERS = 6
LONGEST_TOKENS, LONGEST_TUNED = 112, 96
"""Tokens read of a text, in use and in training."""
SCALE = 20.0
MINED, NEAREST = 512, 8
"""Questions compared at once, and among how many of the nearest cards one that does not answer is drawn."""
SAME = 0.95
"""From this likeness on two cards say the same."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train. question_epochs, message_epochs: passes over the pairs and over the messages."""

    question_epochs: float = 2.0
    message_epochs: float = 2.5
    batch: int = 48
    rate: float = 5e-5
    seed: int = 7


APART = Plan(question_epochs=1.0, message_epochs=1.5, rate=3e-5, seed=8)
"""The second stage: once more over everything, each question with a near card that does not answer it."""


class Labelled(nn.Module):
    """Cross-entropy of a cosine classifier on the vectors: messages of one label come together, those of others go apart."""

    def __init__(self, model: SentenceTransformer, labels: int) -> None:
        super().__init__()
        self.model = model
        self.classes = nn.Parameter(torch.randn(labels, model.get_embedding_dimension() or 384) * 0.05)

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        vectors = self.model(next(iter(sentence_features)))["sentence_embedding"]
        cosine = nn.functional.normalize(vectors, dim=1) @ nn.functional.normalize(self.classes, dim=1).T
        return nn.functional.cross_entropy(SCALE * cosine, labels.view(-1), label_smoothing=0.05)


def passage_of(card: Card) -> str:
    """A card as the encoder reads it."""
    return f"{PASSAGE}{card.title}\n{' '.join(card.text.split())}"


def turn_text(before: Sequence[str], turn: str) -> str:
    """A message with the one before it, as the encoder reads them."""
    return f"{QUERY}{before[-1]} → {turn}" if before else f"{QUERY}{turn}"


def tune(
    model: SentenceTransformer, examples: Examples, plan: Plan, folder: Path, negatives: dict[str, str] | None = None
) -> None:
    """Train in place. negatives: a near card's passage that does not answer, by question."""
    torch.manual_seed(plan.seed)
    _freeze(model)
    datasets, losses = _datasets(model, examples, plan, negatives or {})
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(folder), num_train_epochs=1, per_device_train_batch_size=plan.batch, learning_rate=plan.rate,
        warmup_ratio=0.1, lr_scheduler_type="cosine", weight_decay=0.01, seed=plan.seed, data_seed=plan.seed,
        batch_sampler=BatchSamplers.NO_DUPLICATES, multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
        save_strategy="no", report_to=[], logging_steps=25, dataloader_drop_last=True, disable_tqdm=True,
        bf16=_fast_bf16(), use_cpu=not torch.cuda.is_available(),
    )  # fmt: skip
    SentenceTransformerTrainer(model=model, args=arguments, train_dataset=datasets, loss=losses).train()


def opened(network: BertModel, tokenizer: Tokenizer, folder: Path) -> SentenceTransformer:
    """The network with mean pooling, ready to be tuned. folder: for files on the way."""
    network.save_pretrained(folder / "base")
    special = {"bos": "<s>", "eos": "</s>", "unk": "<unk>", "pad": "<pad>", "cls": "<s>", "sep": "</s>"}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=512, model_input_names=["input_ids", "attention_mask"],
        **{f"{name}_token": piece for name, piece in special.items()},
    ).save_pretrained(folder / "base")  # fmt: skip
    transformer = Transformer(str(folder / "base"), max_seq_length=LONGEST_TUNED)
    pooling = Pooling(network.config.hidden_size, "mean")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return SentenceTransformer(modules=[transformer, pooling, Normalize()], device=device)


def recall(
    model: SentenceTransformer, cards: Sequence[Card], pairs: Sequence[tuple[str, int]], depths: Sequence[int]
) -> list[float]:
    """The share of held-out questions whose card is among the nearest, by depth. pairs: a question and the index of its card."""
    model.eval()
    passages = model.encode([passage_of(card) for card in cards], batch_size=64)
    asked = model.encode([QUERY + question for question, _ in pairs], batch_size=64)
    scores = asked @ passages.T
    own = scores[range(len(pairs)), [at for _, at in pairs]][:, None]
    ranks = (scores > own).sum(1)
    return [float((ranks < depth).mean()) for depth in depths]


def near_misses(model: SentenceTransformer, examples: Examples, seed: int = 7) -> dict[str, str]:
    """By question the passage of a near card that is not its own: one that people said does not answer it, else one of those that
    the model itself finds nearest. What is all but the same text as its own card is none.
    """
    draw, model = random.Random(seed), model.eval()
    pairs = [*examples.pairs, *examples.asked]
    texts = [passage_of(card) for card in examples.cards]
    passages = model.encode(texts, batch_size=64, convert_to_tensor=True)
    own = dict[str, set[int]]()
    for question, at in pairs:
        own.setdefault(question, set()).add(at)
    questions, found = list(own), dict[str, str]()
    for start in range(0, len(questions), MINED):
        some = questions[start : start + MINED]
        asked = model.encode([QUERY + question for question in some], batch_size=128, convert_to_tensor=True)
        best = (asked @ passages.T).topk(min(NEAREST, len(texts))).indices.tolist()
        for question, near in zip(some, best, strict=True):
            likeness = passages[list(own[question])] @ passages.T
            others = [at for at in near if at not in own[question] and float(likeness[:, at].max()) < SAME]
            told = [at for at in examples.apart.get(question, ()) if at not in own[question]]
            if chosen := told or others:
                found[question] = texts[draw.choice(chosen)]
    return found


def _fast_bf16() -> bool:
    """Whether half-precision multiplication is faster here: on a GPU that knows it, or a processor with AVX512-BF16."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    return bool(torch.cpu._is_avx512_bf16_supported())


def _freeze(model: SentenceTransformer) -> None:
    network: Any = model[0].auto_model
    for part in (network.embeddings, *network.encoder.layer[:FROZEN_LAYERS]):
        for parameter in part.parameters():
            parameter.requires_grad = False


def _datasets(
    model: SentenceTransformer, examples: Examples, plan: Plan, negatives: dict[str, str]
) -> tuple[dict[str, Dataset], dict[str, nn.Module]]:
    draw = random.Random(plan.seed)
    questions = _repeated([*examples.pairs, *examples.asked], plan.question_epochs, draw)
    passages = [passage_of(card) for card in examples.cards]
    pairs: dict[str, list[str]] = {
        "anchor": [QUERY + question for question, _ in questions],
        "positive": [passages[at] for _, at in questions],
    }
    if negatives:
        pairs["negative"] = [negatives.get(q) or passages[draw.randrange(len(passages))] for q, _ in questions]
    datasets = {"questions": Dataset.from_dict(pairs)}
    losses: dict[str, nn.Module] = {"questions": MultipleNegativesRankingLoss(model, scale=SCALE)}
    turns = (*examples.turns, *examples.carried)
    labelled = {"messages": _messages(examples), "turns": _turns(turns), "intents": _intents(turns)}
    for name, rows in labelled.items():
        drawn = _repeated(rows, plan.message_epochs, draw)
        names = sorted({label for _, label in rows})
        if len(names) > 1:
            labels = [names.index(label) for _, label in drawn]
            datasets[name] = Dataset.from_dict({"text": [text for text, _ in drawn], "label": labels})
            losses[name] = Labelled(model, len(names))
    return datasets, losses


def _messages(examples: Examples) -> list[tuple[str, str]]:
    return [(QUERY + text, label) for text, label in examples.messages]


def _turns(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    return [(turn_text([b.user for b in t.before], t.turn), t.follows) for t in turns]


def _intents(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    return [(turn_text([b.user for b in t.before], t.turn), t.intent) for t in turns]


def _repeated(rows: Sequence[tuple[str, Any]], epochs: float, draw: random.Random) -> list[tuple[str, Any]]:
    out: list[tuple[str, Any]] = []
    while epochs > 0:
        shuffled = list(rows)
        draw.shuffle(shuffled)
        out += shuffled[: round(len(rows) * min(epochs, 1.0))]
        epochs -= 1
    return out
