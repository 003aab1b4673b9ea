"""Tune the layers that read the clauses of one document: `python -m eval.train.reading [--keep] [--apart]`.

A third copy of the encoder's upper layers, tuned on questions about made-up notices: of all clauses of a notice those that
answer shall be nearest, and a bound that is learnt beside them nearer than any where none answers. Prints what it does with
notices that it was not tuned on; --apart tunes a third of them each time and tells only that; --keep writes reading.onnx.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from assistant.document.kinds import DAYS
from corpus.cards import CORPUS
from corpus.encoder.encoder import FOLDER, MANIFEST, READING, SEARCH, Encoder
from eval.train.notices import Read, read_notices
from eval.train.tune import PASSAGE, QUERY
from eval.train.upper import Say, Upper, padded, train

PARTS = 3
"""Into so many the notices are cut to be tuned apart."""
TOLD_AT = (1, 3, 6)
WARM_SCALE, WARM_WORDS, WARM_NONE = 12.0, 0.3, 0.55
OWN_RATE = 2e-3
TOGETHER = 16
HEADS = 12
"""Of the layers that ship."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast to tune."""

    epochs: int = 4
    rate: float = 1e-4
    seed: int = 7


@dataclass(frozen=True)
class _States:
    """What the lower layers make of a notice's questions and clauses."""

    read: Read
    questions: list[Tensor]
    clauses: list[Tensor]


class Reader(nn.Module):
    """The upper layers with the weight of shared words, the bound where no clause answers, and the scale of all."""

    def __init__(self, upper: Upper) -> None:
        super().__init__()
        self.upper = upper
        self.words = nn.Parameter(torch.tensor(WARM_WORDS))
        self.none = nn.Parameter(torch.tensor(WARM_NONE))
        self.log_scale = nn.Parameter(torch.tensor(WARM_SCALE).log())

    def forward(self, notice: _States) -> Tensor:
        """How near each clause is to each question, (questions, clauses)."""
        asked, found = (
            self.upper(*padded([row.float() for row in rows])) for rows in (notice.questions, notice.clauses)
        )
        near: Tensor = asked @ found.T + self.words * torch.from_numpy(notice.read.words)
        return near

    def _vectors(self, rows: Sequence[Tensor]) -> Tensor:
        """One text a row; those of like length together, since what is padded is computed for nothing."""
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        made = [
            self.upper(*padded([rows[at].float() for at in order[start : start + TOGETHER]]))
            for start in range(0, len(order), TOGETHER)
        ]
        return torch.cat(made)[torch.tensor(order).argsort()]

    def own(self) -> list[nn.Parameter]:
        """The parameters beside the layers."""
        return [self.words, self.none, self.log_scale]


def add(
    folder: Path, corpus: Path = CORPUS, plan: Plan | None = None, say: Say = print, upper: Upper | None = None
) -> None:
    """Tune on a corpus' notices and write reading.onnx beside the other parts, with its place in the manifest; nothing where it has none.

    upper: the layers to begin with; those for searching in the folder where None, which are taken to be of the sizes that ship.
    """
    from eval.train.export import write_upper

    if not (notices := read_notices(corpus)):
        return
    made = _tuned(upper or searching_of(folder), _states(Encoder(folder), notices), plan or Plan(), say)
    write_upper(made.upper, folder / READING)
    data = (folder / READING).read_bytes()
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest["bytes"][READING], manifest["sha256"][READING] = len(data), hashlib.sha256(data).hexdigest()
    manifest["reading"] = {
        "words": round(float(made.words), 4), "none": round(float(made.none), 4), "scale": round(float(made.log_scale.exp()), 3),
    }  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def searching_of(folder: Path) -> Upper:
    """The layers for searching as they ship, taken back from 8 bits."""
    import onnx
    from onnx import numpy_helper
    from transformers import BertConfig
    from transformers.models.bert.modeling_bert import BertLayer

    model = onnx.load(folder / SEARCH)
    given = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    state = {name: torch.from_numpy(value.copy()) for name, value in given.items() if name.startswith("layers.")}
    for node in model.graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in given:
            name = node.input[1].removesuffix("_quantized")
            zero = given[node.input[3]].astype(np.float32) if len(node.input) > 3 and node.input[3] else 0.0
            weight = (given[node.input[1]].astype(np.float32) - zero) * given[f"{name}_scale"].astype(np.float32)
            at = node.output[0].strip("/").split("/MatMul_output")[0].replace("/", ".")
            state[f"{at}.weight"] = torch.from_numpy(weight.T.copy())
    inner, width = state["layers.0.intermediate.dense.weight"].shape
    count = 1 + max(int(name.split(".")[1]) for name in state)
    config = BertConfig(
        hidden_size=width, intermediate_size=inner, num_attention_heads=HEADS, attn_implementation="eager"
    )
    upper = Upper(nn.ModuleList([BertLayer(config) for _ in range(count)]))
    upper.load_state_dict(state)
    return upper.eval()


def _states(encoder: Encoder, notices: Sequence[Read]) -> list[_States]:
    """The lower layers' states of every text, each computed once."""
    questions = [QUERY + text for one in notices for text in one.questions]
    found = [PASSAGE + clause.whole for one in notices for clause in one.clauses]
    texts = sorted({*questions, *found}, key=len)
    kept = dict(zip(texts, encoder.states(texts), strict=True))
    return [
        _States(
            one,
            [torch.from_numpy(kept[QUERY + text]) for text in one.questions],
            [torch.from_numpy(kept[PASSAGE + clause.whole]) for clause in one.clauses],
        )
        for one in notices
    ]


def _tuned(upper: Upper, notices: Sequence[_States], plan: Plan, say: Say) -> Reader:
    torch.manual_seed(plan.seed)
    reader = Reader(copy.deepcopy(upper))
    steps = plan.epochs * len(notices)
    rest = [{"params": reader.own(), "lr": OWN_RATE}]
    train(reader.upper, _drawn(notices, plan), lambda one: _loss(reader, one), steps, plan.rate, say, rest)
    return reader.eval()


def _drawn(notices: Sequence[_States], plan: Plan) -> Iterator[_States]:
    """The notices in another order each time."""
    draw = random.Random(plan.seed)
    for _ in range(plan.epochs):
        yield from draw.sample(list(notices), len(notices))


def _loss(reader: Reader, notice: _States) -> Tensor:
    """How little of all likeness goes to the clauses that answer, or to the bound where none does."""
    near = reader(notice)
    scale = reader.log_scale.exp()
    every = torch.cat([near, reader.none.expand(len(near), 1)], 1) * scale
    answers = torch.from_numpy(notice.read.answers)
    wanted = torch.cat([answers, ~answers.any(1, keepdim=True)], 1)
    of_wanted = every.masked_fill(~wanted, -1e9)
    return (torch.logsumexp(every, 1) - torch.logsumexp(of_wanted, 1)).mean()


@torch.no_grad()
def measured(reader: Reader, notices: Sequence[_States]) -> dict[str, float]:
    """Of questions with an answer the share whose first clauses hold one; of those about days that of the first stretch with a day;
    and of both sides how many the bound tells right.
    """
    found: dict[int, list[bool]] = defaultdict(list)
    above, below, days = [], [], []
    for notice in notices:
        for near, answers, kind in zip(reader(notice).numpy(), notice.read.answers, notice.read.kinds, strict=True):
            order = np.argsort(-near)
            if not answers.any():
                below.append(bool(near.max() < float(reader.none)))
                continue
            above.append(bool(near.max() >= float(reader.none)))
            dated = notice.read.sets_a_day
            if kind in DAYS and (answers & dated).any():
                days.append(bool(answers[dated][near[dated].argmax()]))
            for k in TOLD_AT:
                found[k].append(bool(answers[order[:k]].any()))
    shares = {f"@{k}": float(np.mean(rows)) for k, rows in found.items()}
    shares["day"] = float(np.mean(days or [False]))
    return {**shares, "answered": float(np.mean(above or [False])), "declined": float(np.mean(below or [False]))}


def _apart(upper: Upper, notices: Sequence[_States], plan: Plan, say: Say) -> None:
    """What is told of each part of the notices by a reader that was tuned on the others."""
    rows: list[dict[str, float]] = []
    for part in range(PARTS):
        held = [one for at, one in enumerate(notices) if at % PARTS == part]
        seen = [one for at, one in enumerate(notices) if at % PARTS != part]
        rows.append(measured(_tuned(upper, seen, plan, lambda _: None), held))
        say(f"第 {part + 1} 份（{len(held)} 份通知）：{_told(rows[-1])}")
    say(f"合起来：{_told({name: float(np.mean([row[name] for row in rows])) for name in rows[0]})}")
    say(f"不调时：{_told(measured(Reader(upper).eval(), notices))}")


def _told(shares: dict[str, float]) -> str:
    return "，".join(f"{name} {share:.3f}" for name, share in shares.items())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write reading.onnx and its place in the manifest")
    parser.add_argument("--apart", action="store_true", help="only tell what it does with notices it was not tuned on")
    chosen = parser.parse_args(arguments)
    notices = read_notices()
    print(f"{len(notices)} 份通知，{sum(len(one.questions) for one in notices)} 个问题。")
    if chosen.apart:
        _apart(searching_of(FOLDER), _states(Encoder(), notices), Plan(), print)
    if chosen.keep:
        add(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
