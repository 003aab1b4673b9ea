"""The upper layers of the encoder, tuned apart: what the lower ones make of each text is computed once, in half precision."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from eval.train.tune import LONGEST_TOKENS

UPPER = 3
"""So many layers are there twice."""
WARM, LEAST_RATE = 0.06, 0.02
CLIPPED, TOLD_EACH = 1.0, 100
"""How long a gradient may be, and after how many steps the loss is told."""
HIDDEN = -1e4
"""What is added where there is no token."""
Say = Callable[[str], None]
Batch = TypeVar("Batch")


class Upper(nn.Module):
    """The upper layers: what the lower ones make of texts to the unit vector of the mean over the tokens."""

    def __init__(self, layers: nn.ModuleList) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, states: Tensor, attention_mask: Tensor) -> Tensor:
        mask = attention_mask.to(states.dtype)
        states = through(self.layers, states, mask)
        return nn.functional.normalize((states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True), dim=1)


class Trunk(nn.Module):
    """The lower layers: token ids and mask to the states."""

    def __init__(self, network: Any, upper: int = UPPER) -> None:
        super().__init__()
        self.embeddings = network.embeddings
        self.layers = network.encoder.layer[: len(network.encoder.layer) - upper]

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states: Tensor = self.embeddings(input_ids)
        return through(self.layers, states, attention_mask.to(states.dtype))


def through(layers: Any, states: Tensor, mask: Tensor) -> Tensor:
    """States through layers of BERT. mask: 1 where a token is, shape (texts, tokens)."""
    added = (1.0 - mask)[:, None, None, :] * HIDDEN
    for layer in layers:
        made = layer(states, added)
        states = made[0] if isinstance(made, tuple) else made
    return states


def upper_of(network: Any, upper: int = UPPER) -> Upper:
    """A copy of the upper layers of a network."""
    layers = network.encoder.layer
    return Upper(nn.ModuleList([copy.deepcopy(layer) for layer in layers[len(layers) - upper :]]))


@torch.no_grad()
def states_of(trunk: Trunk, tokenizer: Tokenizer, texts: Sequence[str], longest: int = LONGEST_TOKENS) -> list[Tensor]:
    """What the lower layers make of each text, (tokens, dimension), in half precision."""
    tokenizer.enable_truncation(longest)
    tokenizer.no_padding()
    ids = [tokenizer.encode(text).ids for text in texts]
    order, out = sorted(range(len(ids)), key=lambda at: len(ids[at])), list[Any]([None] * len(ids))
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        given, mask = padded([torch.tensor(ids[at]) for at in rows])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = trunk(given, mask)
        for row, at in zip(made, rows, strict=True):
            out[at] = row[: len(ids[at])].to(torch.bfloat16).clone()
    return out


def padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Rows of several lengths as one tensor, and where there is something."""
    mask = nn.utils.rnn.pad_sequence([torch.ones(len(row)) for row in rows], batch_first=True)
    return nn.utils.rnn.pad_sequence(list(rows), batch_first=True), mask


def rate_at(step: int, steps: int) -> float:
    """Warm-up, then a cosine down."""
    return min(1.0, (step + 1) / max(1.0, WARM * steps)) * max(LEAST_RATE, 0.5 * (1 + math.cos(math.pi * step / steps)))


def train(
    tuned: Upper,
    batches: Iterable[Batch],
    loss_of: Callable[[Batch], Tensor],
    steps: int,
    rate: float,
    say: Say,
    others: Sequence[dict[str, Any]] = (),
) -> None:
    """Train upper layers in place. rate: of theirs; others: further groups of parameters, each with a rate of its own, as AdamW takes them."""
    optimizer = torch.optim.AdamW([{"params": tuned.parameters(), "lr": rate}, *others], weight_decay=0.01)
    rates = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate_at(step, steps))
    tuned.train()
    for step, batch in zip(range(steps), batches, strict=False):
        loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(tuned.parameters(), CLIPPED)
        optimizer.step()
        rates.step()
        if step % TOLD_EACH == 0:
            say(f"第 {step}/{steps} 步，差 {float(loss):.3f}")
    tuned.eval()
