"""Messages understood: the encoder's vectors under the trained heads. Safe to be used by several threads at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.judging.declining import Declining, load_declining
from assistant.understand.heads import FILE, SHIPPED, Heads, load_heads, shipped
from assistant.understand.meaning import ALONE, GOES_ON, KNOWLEDGE, REPLY, Understanding
from core.errors import NotAvailable
from core.text import normalise
from corpus.encoder.runs import runs_of
from tools.spec import computing

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder

ARROW = " → "
"""Between the message before and the message, where both are read together."""
SHOWN = 6
"""How many labels are told beside the best one."""
DOUBTFUL = frozenset({"out", "dishonest", "unknowable", "unclear"})
"""Labels that are not sure for a message that may lean on the turn before: 怎么申请 says nothing of its subject."""

READ_BACK = 3
"""So many messages before the last one are read with it."""


def read_together(*messages: str) -> str:
    """A message with those before it, as the encoder reads them."""
    return ARROW.join(messages)


class Understander:
    """Reads messages; made by `open_understander`."""

    def __init__(self, encoder: Encoder, heads: Heads, declining: Declining | None = None) -> None:
        """declining: what tells which messages are better asked back about; without it each is answered as it was judged."""
        self.encoder = encoder
        self.heads = heads
        self.declining = declining
        of_intent = heads.layers["intent"].names
        self._as_message = [of_intent.index(name) for name in heads.layers["message"].names]

    def read(self, text: str, *before: str) -> Understanding:
        """What a message means. before: the messages before it, the earliest first."""
        import numpy as np

        text = normalise(text).strip()
        vector = self.encoder.meaning(text)
        layers, runs = self.heads.layers, runs_of(text)
        probabilities = layers["message"].probabilities(vector, runs)
        follows, follows_p, goes_on = ALONE, 1.0, 0.0
        if before:
            told = [normalise(each).strip() for each in before[-READ_BACK:]]
            seen = np.concatenate([self.encoder.meaning(read_together(*told, text)), vector])
            turn = layers["turn"].probabilities(seen, runs)
            best = int(turn.argmax())
            follows, follows_p = layers["turn"].names[best], float(turn[best])
            goes_on = float(sum(p for name, p in zip(layers["turn"].names, turn, strict=True) if name in GOES_ON))
            surely = goes_on >= self.heads.limits.replies
            goes_on *= 1.0 if surely or self._out(probabilities) < self.heads.sure.get("out", 1.0) else 0.0
            share = self.heads.limits.together * goes_on
            together = layers["intent"].probabilities(seen, runs)[self._as_message]
            probabilities = (1 - share) * probabilities + share * together
        order = np.argsort(-probabilities)
        names = layers["message"].names
        label, confidence = names[order[0]], float(probabilities[order[0]])
        asked = told[-1] if before and follows == REPLY and goes_on >= self.heads.limits.replies else text
        return Understanding(
            label,
            confidence,
            tuple((names[at], float(probabilities[at])) for at in order[1 : SHOWN + 1]),
            follows,
            follows_p,
            goes_on,
            self._kind(label, self.encoder.meaning(asked), runs_of(asked)),
            self._kind("detail", vector, runs) if before else "",
            confidence >= self.heads.sure[label] and not (label in DOUBTFUL and goes_on >= self.heads.goes_on[0]),
            confidence >= self.heads.half[label],
            *self.heads.meant,
            self._leans(goes_on),
            self.heads.limits.tool_alone,
            self.heads.limits.row_alone,
        )

    def kind_of(self, layer: str, text: str) -> str:
        """The likeliest kind of a text by one of the layers of kinds; "" where the heads have no such layer."""
        said = normalise(text).strip()
        return self._kind(layer, self.encoder.meaning(said), runs_of(said))

    def _out(self, probabilities: np.ndarray) -> float:
        """How surely a message is out of the field by itself: no turn before it makes 婆媳关系不好怎么处理 a question of it."""
        names = self.heads.layers["message"].names
        return float(probabilities[names.index("out")]) if "out" in names else 0.0

    def _leans(self, goes_on: float) -> bool | None:
        low, high = self.heads.goes_on
        return True if goes_on >= high else None if goes_on > low else False

    def _kind(self, label: str, vector: np.ndarray, runs: dict[int, float]) -> str:
        """The likeliest kind of a label; "" where it has none, and of what a tool is asked also where it is not likely enough."""
        layer = self.heads.layers.get(f"kind.{label}")
        if layer is None:
            return ""
        shares = layer.probabilities(vector, runs)
        best = int(shares.argmax())
        return "" if label in computing() and shares[best] < self.heads.limits.kind else layer.names[best]


OWN_BROKEN = f"在本机学的理解文件 {FILE} 坏了，先用自带的；要用自己的例子，就重新学一遍。"


def open_understander(home: Path, encoder: Encoder | None = None) -> tuple[Understander | None, str]:
    """What reads messages, and what kept it from being opened, for people. The data folder's own heads come first."""
    from corpus.encoder.encoder import built_in

    try:
        encoder = encoder or built_in()
        encoder.meaning(KNOWLEDGE)  # a damaged file shows when it is first used
    except NotAvailable as exc:
        return None, f"{exc.message}{exc.hint}"
    trouble = ""
    for path in (home / FILE, SHIPPED):
        if path == SHIPPED or path.is_file():
            try:
                heads = shipped(encoder.meaning_id) if path == SHIPPED else load_heads(path, encoder.meaning_id)
                return Understander(encoder, heads, load_declining()), trouble
            except NotAvailable as exc:
                trouble = f"{exc.message}{exc.hint}" if path == SHIPPED else OWN_BROKEN
    return None, trouble
