"""The text boxes that lie on the sheets of a workbook, which the library does not read."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from core.cut import unbroken
from ingest.clean import readable

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def texts_of(data: bytes) -> dict[str, list[str]]:
    """The lines of the text boxes of each sheet, by the sheet's name; sheets without such are left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        if not any("/drawings/" in name for name in names):
            return {}
        found: dict[str, list[str]] = {}
        for main in _targets(package, "", names, "/officeDocument").values():
            sheets = _targets(package, main, names, "/worksheet")
            for sheet in _root(package, main).iter("{*}sheet"):
                part = sheets.get(sheet.get(_ID, ""), "")
                drawings = _targets(package, part, names, "/drawing").values() if part else ()
                if lines := [line for drawing in drawings for line in _lines(_root(package, drawing))]:
                    found[str(sheet.get("name", ""))] = lines
    return found


def _root(package: zipfile.ZipFile, part: str) -> Any:
    return etree.fromstring(package.read(part), _PARSER)


def _targets(package: zipfile.ZipFile, part: str, names: set[str], kind: str) -> dict[str, str]:
    """The parts of a kind that a part, or the package itself, refers to, by the ids it uses."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in names:
        return {}
    found = {}
    for relation in _root(package, relations).iterfind("{*}Relationship"):
        target = str(relation.get("Target", ""))
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if str(relation.get("Type", "")).endswith(kind) and whole in names:
            found[str(relation.get("Id", ""))] = whole
    return found


def _lines(drawing: Any) -> Iterator[str]:
    for paragraph in drawing.iterfind(".//{*}txBody/{*}p"):
        if any(around.tag == _FALLBACK for around in paragraph.iterancestors()):
            continue
        text = "".join(node.text or "" for node in paragraph.iter("{*}t"))
        if line := unbroken(readable(text)):
            yield line
