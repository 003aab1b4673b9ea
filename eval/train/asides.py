"""Train what tells orders to an assistant, advertisements and lures from a document's content: `python -m eval.train.asides`.

A minute on two cores. Content is learnt from the honest lines of corpus/utterances/asides.yaml and from the lines of the made-up
notices in corpus/utterances/notices. Measured by five-fold cross-validation: what is found, and what of either content is struck.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

import numpy as np
import yaml

from core.cut import sentences
from corpus.asides import FILE, HONEST, KINDS, LURES, PASSED, SCREEN, SHORTEST, SUBJECT
from corpus.clauses import read_as, write_layers
from corpus.encoder.encoder import FOLDER, Encoder
from corpus.examples import FOLDER as UTTERANCES
from corpus.examples import examples
from eval.train.logistic import features_of, fit

SEED = 20261130
PULL, SCREEN_PULL = 30.0, 10.0
"""Inverse strengths of the penalty on weights, of the whole layer and of the one of characters alone."""
NOTICE = "notice"
STRUCK_AT = (0.3, 0.5, 0.7)


def main() -> int:
    """Train both layers, print how well they do on what they have not seen, and write the file."""
    rows = [(read_as(text), name) for name, texts in examples(SUBJECT).items() for text in texts]
    known = {text for text, _ in rows}
    rows += [(line, NOTICE) for line in notice_lines() if line not in known]
    random.Random(SEED).shuffle(rows)
    texts, kinds = [text for text, _ in rows], np.array([kind for _, kind in rows])
    labels = [HONEST if kind == NOTICE else kind for kind in kinds]
    encoder = Encoder()
    screen = fit(features_of(np.zeros((len(texts), 0), np.float32), texts), labels, SCREEN_PULL)
    whole = fit(features_of(encoder.meanings(texts), texts), labels, PULL)
    passed = 1 - screen.held_out[:, screen.layer.names.index(HONEST)] <= PASSED
    print(f"{len(texts)} lines", *report(kinds, passed, whole.held_out, whole.layer.names), sep="\n  ", flush=True)
    write_layers(FOLDER / FILE, encoder.meaning_id, {SCREEN: screen.layer, SUBJECT: whole.layer})
    return 0


def notice_lines() -> list[str]:
    """The sentences of the made-up notices, each once."""
    found: dict[str, None] = {}
    for path in sorted((UTTERANCES / "notices").glob("*.yaml")):
        for line in yaml.safe_load(path.read_text("utf-8"))["lines"]:
            found.update(dict.fromkeys(read_as(sentence) for sentence in sentences(str(line))))
    return [line for line in found if len(line) >= SHORTEST]


def report(kinds: np.ndarray, passed: np.ndarray, held_out: np.ndarray, names: Sequence[str]) -> list[str]:
    """How much of each kind the first layer lets pass, and how much of it is struck from some probabilities on."""
    told = 1 - held_out[:, names.index(HONEST)] - held_out[:, names.index(LURES)]
    told = np.where(passed, 0.0, told)
    lines = [
        f"{kind}: {passed[kinds == kind].mean():.1%} of {(kinds == kind).sum()} let pass" for kind in (*KINDS, NOTICE)
    ]
    for least in STRUCK_AT:
        struck = "，".join(f"{kind} {(told[kinds == kind] >= least).mean():.2%}" for kind in (*KINDS, NOTICE))
        lines.append(f"from {least}: {struck}")
    lure = np.where(passed, 0.0, held_out[:, names.index(LURES)])
    for least in STRUCK_AT:
        warned = "，".join(f"{kind} {(lure[kinds == kind] >= least).mean():.2%}" for kind in (*KINDS, NOTICE))
        lines.append(f"lure from {least}: {warned}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
