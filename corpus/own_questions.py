"""The questions that each card says it answers, and the near ones that it says it does not, as vectors to ask against.

They are made by the built-in encoder when the cards change, kept in the data folder, and compared with all at once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.arrays import UNREADABLE, put
from corpus.cards import Card
from corpus.encoder.encoder import Encoder, read_as
from corpus.encoder.kept import narrowed, write_kept
from corpus.scale import PAIRS, SAME, Scale, fitted

if TYPE_CHECKING:
    import numpy as np

FILE = "own_questions.npz"
VECTORS = "card_vectors.npz"
"""The vectors of all texts of the cards, so that after a change only what is new is embedded."""
FORM = 2
BLOCK = 256
"""Rows that are widened at once to be compared: whole, they would take four times the memory all day; more of them leave the cache, which takes eight times as long."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OwnQuestions:
    """One vector a row, with 8 bits a number and a scale. cards: ids; owners: for each row the position of its card; near: whether it is one not answered.

    knowledge: the hash of the cards that it was made of; encoder: the id of the one that made it.
    """

    encoder: str
    knowledge: str
    cards: tuple[str, ...]
    owners: np.ndarray
    near: np.ndarray
    numbers: np.ndarray
    scales: np.ndarray
    scale: Scale

    def likeness(self, asked: np.ndarray) -> tuple[dict[str, float], dict[str, float]]:
        """By card id: the best likeness of a question's vector with what the card answers, and with what it does not."""
        import numpy as np

        cosines = self.scales.copy()
        for at in range(0, len(cosines), BLOCK):
            cosines[at : at + BLOCK] *= self.numbers[at : at + BLOCK].astype(np.float32) @ asked
        found = []
        for kind in (~self.near, self.near):
            best = np.full(len(self.cards), -np.inf, dtype=np.float32)
            np.maximum.at(best, self.owners[kind], cosines[kind])
            known = np.flatnonzero(np.isfinite(best))
            likeness = np.clip(self.scale[0] * best[known] + self.scale[1], -1.0, 1.0).tolist()
            found.append(dict(zip([self.cards[at] for at in known.tolist()], likeness, strict=True)))
        return found[0], found[1]


def make(encoder: Encoder, cards: Sequence[Card], knowledge: str, folder: Path) -> OwnQuestions:
    """Embed the cards' questions and keep them in a folder, with the vectors of the cards themselves. Raises NotAvailable."""
    import numpy as np

    texts = [(q, at, False) for at, card in enumerate(cards) for q in card.questions]
    texts += [(q, at, True) for at, card in enumerate(cards) for q in card.not_answered]
    if (folder / VECTORS).is_file():
        encoder.know(folder / VECTORS)
    kept = encoder.kept([text for text, _, _ in texts], [read_as(c.title, c.text) for c in cards])
    write_kept(folder / VECTORS, kept)
    encoder.know(folder / VECTORS)
    made = OwnQuestions(
        encoder.id,
        knowledge,
        tuple(card.id for card in cards),
        np.array([at for _, at, _ in texts], dtype=np.int32),
        np.array([near for _, _, near in texts], dtype=bool),
        *narrowed(encoder.queries([text for text, _, _ in texts])),
        _scale(encoder, cards),
    )
    _write(folder / FILE, made)
    return made


def _scale(encoder: Encoder, cards: Sequence[Card]) -> Scale:
    """The scale on which a question's likeness with another one of its card means what it means with the card itself."""
    pairs = [(card.questions[0], card.questions[1]) for card in cards if len(card.questions) > 1]
    pairs = pairs[:: max(1, len(pairs) // PAIRS)]
    one, other = (encoder.queries([pair[side] for pair in pairs]) for side in (0, 1))
    return fitted(one @ other.T) or SAME


def _write(path: Path, made: OwnQuestions) -> None:
    import numpy as np

    part = path.with_name(f"{path.name}.part")
    told = {
        "form": FORM, "encoder": made.encoder, "knowledge": made.knowledge, "cards": made.cards, "scale": made.scale
    }  # fmt: skip
    try:
        with part.open("wb") as file:
            np.savez(
                file, told=json.dumps(told), owners=made.owners, near=made.near, numbers=made.numbers, scales=made.scales
            )  # fmt: skip
        put(part, path)
    finally:
        part.unlink(missing_ok=True)


def load(folder: Path, encoder: str, knowledge: str) -> OwnQuestions | None:
    """What was kept for this encoder and these cards; None where it is missing, damaged or of others."""
    import numpy as np

    try:
        with np.load(folder / FILE, allow_pickle=False) as file:
            told = json.loads(str(file["told"]))
            if (told["form"], told["encoder"], told["knowledge"]) != (FORM, encoder, knowledge):
                return None
            factor, offset = told["scale"]
            return OwnQuestions(
                encoder,
                knowledge,
                tuple(told["cards"]),
                file["owners"],
                file["near"],
                file["numbers"],
                file["scales"],
                (float(factor), float(offset)),
            )
    except UNREADABLE as exc:
        if (folder / FILE).exists():
            log.warning("%s cannot be used: %s", FILE, exc)
        return None
