"""What is shown for a visit to a page."""

from __future__ import annotations

from dataclasses import dataclass

from core.types import Citation


@dataclass(frozen=True)
class Shown:
    """A page: its HTML, the citations that its [n] open, and the path it stands at where that has changed.

    user: the name that the browser shall go by from now on; download: a path that the browser fetches.
    """

    html: str
    citations: tuple[Citation, ...] = ()
    path: str = ""
    user: str = ""
    download: str = ""
