"""The container of .ofd files: its parts by the paths that they name each other with, as XML whose names have no namespace."""

from __future__ import annotations

import io
import math
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from core.errors import BadFile
from ingest import archive
from ingest.readers import damaged, package

WHAT = "OFD"
LARGEST_PART = 64 * package.MEGABYTE
"""No page's text and lines need more; what is larger is no page."""
FARTHEST = 1e6
"""No number of a page is larger, in whatever unit."""
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
)


class Package:
    """The parts of a file. Paths are told apart as writers of the format do: neither by case nor by the slash's direction."""

    def __init__(self, data: bytes) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
            package.checked(self._file, " WPS 或 OFD 阅读器")
            self._parts = {_plain(archive.name_of(info)): info for info in self._file.infolist()}
        except (BadFile, MemoryError):
            raise
        except Exception as exc:  # zipfile lets through what its directory makes struct, codecs and the like raise
            raise damaged(WHAT) from exc
        if "encryptions.xml" in self._parts:
            raise BadFile("OFD 有密码，打不开。", "用 OFD 阅读器输入密码打开，另存为没有密码的文件再录入。")
        if "ofd.xml" not in self._parts:
            raise damaged(WHAT)

    def xml(self, path: str) -> Any:
        """The root of a part; None where there is no such part or it is not well-formed."""
        info = self._parts.get(path)
        if info is None or info.file_size > LARGEST_PART:
            return None
        try:
            root = etree.fromstring(self._file.read(info), _PARSER)
        except MemoryError:
            raise
        except Exception:  # etree.XMLSyntaxError, zlib.error, lzma.LZMAError: damaged data, in each library's own words
            return None
        return root

    def path(self, place: str | None, within: str) -> str:
        """The part that a location names in the part `within`; empty where there is none.

        A location begins at the folder of its part, or with a slash at the root; some writers leave out that slash.
        """
        named = (place or "").strip().replace("\\", "/")
        beside, rooted = _plain(f"{posixpath.dirname(within)}/{named}"), _plain(named)
        found = (rooted, beside) if named.startswith("/") else (beside, rooted)
        return next((path for path in found if path in self._parts), "")


def _plain(path: str) -> str:
    """A path from the root, in lower case, with no steps in it."""
    return posixpath.normpath("/" + path.replace("\\", "/").lower()).strip("/")


def children(node: Any, *names: str) -> Iterator[Any]:
    """The children of a node, those of some names only where such are given."""
    if node is None:
        return
    for child in node:
        if isinstance(child.tag, str) and (not names or name(child) in names):
            yield child


def below(node: Any, *path: str) -> Iterator[Any]:
    """What stands at a path of names below a node."""
    if not path:
        yield node
        return
    for child in children(node, path[0]):
        yield from below(child, *path[1:])


def name(node: Any) -> str:
    """A node's name without its namespace, which differs from writer to writer."""
    return str(node.tag).rpartition("}")[2]


def text(node: Any, *path: str) -> str:
    """The text at a path of names below a node; empty where there is none."""
    found = next(below(node, *path), None)
    return (found.text or "").strip() if found is not None else ""


def is_off(node: Any, switch: str) -> bool:
    """Whether an attribute says no."""
    return (node.get(switch) or "").strip().lower() in {"false", "0"}


def numbers(given: str | None) -> list[float]:
    """The numbers of an array; nothing of it where one of them is none."""
    try:
        found = [float(part) for part in (given or "").replace(",", " ").split()]
    except ValueError:
        return []
    return found if all(math.isfinite(n) and abs(n) <= FARTHEST for n in found) else []


def number(given: str | None, otherwise: float) -> float:
    return next(iter(numbers(given)), otherwise)
