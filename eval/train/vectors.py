"""Make what ships beside the encoder and follows from its weights: `python -m eval.train.vectors`.

The vectors of the bundled cards, their questions and the near ones that they do not answer; to be run whenever cards or
weights have changed, before eval/train/ranker.py.
"""

from __future__ import annotations

import sys
import time

from corpus.cards import CORPUS, load_cards
from corpus.encoder.encoder import FOLDER, SHIPPED, Encoder, read_as
from corpus.encoder.kept import write_kept


def main() -> int:
    """Embed and write; what an earlier file holds of the same encoder is taken from it."""
    encoder, cards, began = Encoder(), load_cards(CORPUS), time.monotonic()
    questions = [q for card in cards for q in (*card.questions, *card.not_answered)]
    kept = encoder.kept(questions, [read_as(card.title, card.text) for card in cards])
    write_kept(FOLDER / SHIPPED, kept)
    size = (FOLDER / SHIPPED).stat().st_size / 1e6
    print(f"{len(kept.hashes)} vectors of {encoder.id}, {size:.1f} MB, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
