"""Text in pictures, recognised on this machine by models that come inside the package (PP-OCR through RapidOCR)."""

from __future__ import annotations

import importlib.util
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from core.errors import NotAvailable
from ingest.readers.layout import Glyph, Sheet

LONG_SIDE = 1600
"""Pixels that the longer side of a page is shown with: small print on A4 is then about 18 pixels high."""
SEEN_SIDE = 960
"""Pixels that the longer side has where lines are looked for; what they say is read from the larger picture."""
NARROWED = 0.6
"""Pages are made narrower by this before they are read: it takes a third less time, and no more errors were measured."""
LEAST_SCORE = 0.5
ALIKE = 0.3
"""Sizes that differ from the usual one by less than this share are taken to be it: boxes are not exact."""


_FULL = str.maketrans("(),:;!?", "（），：；！？")
_WIDE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[(),:;!?]|[(),:;!?](?=[\u3000-\u9fff\uff00-\uffef])")
"""Punctuation beside Chinese characters: the models write it half as wide as it is printed."""


def widened(text: str) -> str:
    """A recognised line with the punctuation of Chinese."""
    for _ in range(2):  # what stands beside a mark that has just been made wide is seen the second time
        text = _WIDE.sub(lambda m: m[0].translate(_FULL), text)
    return text


def scale_for(width: float, height: float) -> float:
    """Pixels for each point of a page."""
    return LONG_SIDE / max(width, height, 1.0)


def installed() -> bool:
    """Whether text in pictures can be read here."""
    return bool(importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime"))


class Recogniser:
    """The models, loaded once. Raises NotAvailable where they are not installed."""

    def __init__(self) -> None:
        if not installed():
            raise NotAvailable(
                "这是扫描件或图片，要先装文字识别。", "装好后再录入一次。", command="运行：python3 start.py setup ocr"
            )
        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.text_score": LEAST_SCORE,
                "Global.max_side_len": LONG_SIDE + 200,
                "Global.use_cls": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": SEEN_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            }
        )

    def sheet(self, image: Any, number: int, points: float) -> Sheet:
        """One page. image: height × width × 3 bytes, blue first; points: of a pixel."""
        import cv2

        from ingest.readers.picture_rules import rules_in

        height, width = image.shape[:2]
        found = self._engine(cv2.resize(image, (max(1, round(width * NARROWED)), height), interpolation=cv2.INTER_AREA))
        boxes = () if found.boxes is None else found.boxes
        texts: Sequence[str] = found.txts or ()
        glyphs = [_glyph(box, text, points) for box, text in zip(boxes, texts, strict=True) if text.strip()]
        rules = rules_in(image, points) if glyphs else ()
        return Sheet(number, width * points, height * points, tuple(_alike(glyphs)), tuple(rules), 1.0)


def _glyph(box: Any, text: str, points: float) -> Glyph:
    """A line of text with its box. size: from its width and how many characters of which width it has."""
    xs, ys = [float(p[0]) / NARROWED for p in box], [float(p[1]) for p in box]
    text = widened(text)
    x0, y0, x1, y1 = min(xs) * points, min(ys) * points, max(xs) * points, max(ys) * points
    units = sum(1.0 if ord(c) > 0x2E7F else 0.5 for c in text)
    return Glyph(text.strip(), x0, y0, x1, y1, min((x1 - x0) / max(units, 0.5), (y1 - y0)), True)


def _alike(glyphs: Sequence[Glyph]) -> list[Glyph]:
    usual = median(g.size for g in glyphs) if glyphs else 0.0
    return [replace(g, size=usual) if abs(g.size - usual) <= ALIKE * usual else g for g in glyphs]
