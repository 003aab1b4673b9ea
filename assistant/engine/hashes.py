"""With what a downloaded file is compared: the catalogue's hash, or the one that its server tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.engine.catalogue import Model

if TYPE_CHECKING:
    import httpx

By = Literal["catalogue", "server", "size"]
LISTINGS = {"modelscope": "https://modelscope.cn/api/v1/models/{repository}/repo/files?Revision=master&Recursive=true"}
"""Where a mirror tells the hashes of its files, for those that do not tell them with the file."""
TIMEOUT_S = 10.0
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Fetched:
    """A file that is there and whole: its sha256, and what it was compared with; `size` is only its kind and its size."""

    sha256: str
    by: By


def listing_of(model: Model, mirror: str) -> str:
    """Where a mirror tells the hashes of a model's files; empty where it tells them with the file, or not at all."""
    repository = model.repositories.get("modelscope", "") if mirror in LISTINGS else ""
    return LISTINGS[mirror].format(repository=repository) if repository else ""


def listed_hash(listing: str, path: str) -> str:
    """The sha256 that a server's list of files gives for one; empty where there is no list, or it cannot be read now.

    Source of the layout: ModelScope's hub client, `repo/files`: {"Data": {"Files": [{"Path": …, "Sha256": …}]}}.
    """
    import httpx

    if not listing:
        return ""
    try:
        rows = httpx.get(listing, timeout=TIMEOUT_S, follow_redirects=True).json()["Data"]["Files"]
        return _plain(next((row["Sha256"] for row in rows if row["Path"] == path), ""))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return ""


def told_hash(answer: httpx.Response) -> str:
    """The sha256 that a server names with a large file, on the way of its redirects or at their end; empty where it names none.

    Only X-Linked-Etag is one: a plain ETag may be of any kind.
    """
    return next(filter(None, (_plain(step.headers.get("x-linked-etag", "")) for step in (*answer.history, answer))), "")


def _plain(mark: object) -> str:
    """A hash without its quotes, or nothing where it is none."""
    text = str(mark).strip('"').lower()
    return text if _SHA256.fullmatch(text) else ""
