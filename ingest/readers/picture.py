"""Pictures of pages: photographs and scans."""

from __future__ import annotations

import io
from typing import Any

import numpy
from PIL import Image, ImageOps, ImageSequence

from core.errors import BadFile
from ingest.parsed import Parsed
from ingest.readers import Told, damaged
from ingest.readers.flow import elements
from ingest.readers.layout import Sheet
from ingest.readers.ocr import LONG_SIDE, Recogniser

MOST_PIXELS = 80_000_000
MOST_FRAMES = 200
POINTS_HIGH = 842.0
"""A picture is taken for a sheet of A4 on its longer side."""


def read(data: bytes, told: Told) -> Parsed:
    recogniser = Recogniser()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    sheets: list[Sheet] = []
    try:
        with Image.open(io.BytesIO(data)) as picture:
            count = min(getattr(picture, "n_frames", 1), MOST_FRAMES)
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if number > count:
                    break
                image = _prepared(frame)
                sheets.append(recogniser.sheet(image, number, POINTS_HIGH / max(image.shape[:2])))
                told(number, count)
    except Image.DecompressionBombError as exc:
        raise BadFile("图片太大，没有录入。", "用看图软件把它缩小再录入。") from exc
    except (OSError, ValueError, SyntaxError, EOFError) as exc:
        raise damaged("图片") from exc
    found = elements(sheets)
    if not found:
        raise BadFile("图片上没有认出文字。", "换一张清楚、端正的图片。")
    return Parsed(tuple(found), pages=count, notes=("文字是从图片上识别出来的，数字请核对原件。",))


def _prepared(frame: Any) -> Any:
    """A frame turned upright, on white, not larger than is of use; as bytes, blue first."""
    if frame.width * frame.height > MOST_PIXELS:
        raise Image.DecompressionBombError
    upright = ImageOps.exif_transpose(frame).convert("RGBA")
    page = Image.new("RGBA", upright.size, "white")
    page.alpha_composite(upright)
    page.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return numpy.asarray(page.convert("RGB"))[:, :, ::-1].copy()
