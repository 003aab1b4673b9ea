"""Photographs that were sent together, as the pages of one document."""

from __future__ import annotations

import io
from collections.abc import Sequence

from core.errors import BadFile


def joined(photos: Sequence[bytes]) -> bytes:
    """JPEG pictures as a PDF, one a page. They are put in as they are; only their heads are read here. Raises BadFile."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for photo in photos:
        try:
            picture = ImageReader(io.BytesIO(photo))
            size = picture.getSize()
            canvas.setPageSize(size)
            canvas.drawImage(picture, 0, 0, *size)
        except (OSError, ValueError) as exc:
            raise BadFile("图片损坏了，打不开。", "请再发一次。") from exc
        canvas.showPage()
    canvas.save()
    return out.getvalue()
