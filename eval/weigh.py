"""Tries weights of the sentence model and of the reranker on question files: `python -m eval.weigh [FILE…]`.

For each pair of values it prints how many of the facts asked for stand in the first 1, 3 and 8 passages. What is best on few
questions may be chance: differences under two or three points say nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.types import Hit
from corpus.embedder import BUILT_IN
from eval.metrics import facts_found
from eval.questions import Qa, bundled_files, read_questions

DENSE = (0.5, 1.0, 1.5, 2.0)
RERANK = (0.0, 0.5, 1.0, 2.0)
DEPTHS = (1, 3, 8)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, try, print."""
    parser = argparse.ArgumentParser(prog="python -m eval.weigh", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args(arguments).files or bundled_files()
    rows = [row for path in files for row in read_questions(path) if isinstance(row, Qa) and len(row.turns) == 1]
    assistant = build_assistant(remember=False)
    for line in tried(assistant, rows):
        print(line, flush=True)
    return 0


def tried(assistant: Assistant, rows: Sequence[Qa]) -> Iterator[str]:
    """A line for each pair of weights that can be tried with the models in use."""
    retriever = assistant.retriever
    vectors, reranking = retriever.index.vectors, retriever.reranking
    built_in = vectors is None or vectors.embedder.startswith(BUILT_IN)
    yield f"{len(rows)} 题，向量：{vectors.embedder if vectors else '无'}，重排：{reranking.reranker.name if reranking else '无'}"
    if built_in and reranking is None:
        yield "用的是自带的语义模型，没有重排模型：没有要试的权重。"
        return
    yield "dense_weight  rerank_weight  " + "  ".join(f"前{k}段" for k in DEPTHS)
    settings = retriever.index.settings
    for dense in (1.0,) if built_in else DENSE:
        retriever.index.settings = settings.model_copy(update={"dense_weight": dense})
        for weight in RERANK if reranking else (0.0,):
            retriever.reranking = replace(reranking, weight=weight) if reranking else None
            shares = recalls([(row, retriever.search(row.question, max(DEPTHS))) for row in rows])
            yield f"{dense:<12}  {weight:<13}  " + "  ".join(f"{share:5.1%}" for share in shares)


def recalls(found: Sequence[tuple[Qa, Sequence[Hit]]]) -> list[float]:
    """For each depth, the share of all facts that stand in that many passages."""
    total = sum(len(row.facts) for row, _ in found) or 1
    shares = []
    for depth in DEPTHS:
        texts = [(row, "\n".join(h.passage.text for h in hits[:depth])) for row, hits in found]
        shares.append(sum(sum(facts_found(row.facts, text)) for row, text in texts) / total)
    return shares


if __name__ == "__main__":
    sys.exit(main())
