"""Broken files of every format, made from whole ones by chance with a seed: what reads them must not fall over."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field

from core.errors import XiangdaoError
from eval.made_documents import MAKERS, Content, picture
from eval.made_tables import made_tables
from ingest.sandbox import Limits, Sandbox

LIMITS = Limits(step_s=20.0, total_s=60.0, memory_mb=1024)


@dataclass
class Found:
    """What became of the files. crashes: exceptions that are none of ours; deaths: of the parser's process."""

    counts: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    deaths: int = 0
    slowest_s: float = 0.0
    faults: list[str] = field(default_factory=list)


def whole_files() -> dict[str, bytes]:
    """One well-formed file of each format."""
    content = made_tables(2, 1)[1].content
    found = {suffix: make(content) for suffix, make in MAKERS.items()}
    text = "一、总则\n本办法适用于中小企业。\n等级\t比例\n二级\t40%\n".encode()
    found |= {
        ".txt": text,
        ".csv": text.replace(b"\t", b","),
        ".md": b"# \xe4\xb8\x80\n\n" + text,
        ".pptx": _slides(),
        ".png": _small_picture(),
    }
    return found


def _slides() -> bytes:
    from pptx import Presentation

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "数字化改造"
    slide.placeholders[1].text = "先评测，再改造。"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _small_picture() -> bytes:
    return picture(MAKERS[".pdf"](Content("通知", ("请于三月底前申报。",))), dots=40)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One of: bytes changed, a piece cut out, cut off, doubled, swapped, filled; inside a package, a part of it changed."""
    if data[:4] == b"PK\x03\x04" and chance.random() < 0.6:
        return _repacked(data, chance)
    at, size = chance.randrange(len(data)), chance.randrange(1, max(2, len(data) // 4))
    match chance.randrange(6):
        case 0:
            changed = bytearray(data)
            for _ in range(chance.randrange(1, 60)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            return bytes(changed)
        case 1:
            return data[:at] + data[at + size :]
        case 2:
            return data[:at]
        case 3:
            return data[:at] + data[at : at + size] * chance.randrange(2, 30) + data[at:]
        case 4:
            other = chance.randrange(len(data))
            return data[:at] + data[other : other + size] + data[at + size :]
        case _:
            return data[:at] + bytes([chance.choice((0, 255, 40, 60, 91))]) * size + data[at + size :]


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """A package whose parts are well-formed as such, one of them with its content mutated."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        infos = source.infolist()
        chosen = chance.choice(infos).filename
        for info in infos:
            part = source.read(info)
            if info.filename == chosen and part:
                part = _text_mutated(part, chance)
            made.writestr(info.filename, part)
    return out.getvalue()


def _text_mutated(part: bytes, chance: random.Random) -> bytes:
    """XML with numbers, names and elements changed."""
    at = chance.randrange(len(part))
    match chance.randrange(5):
        case 0:
            return part.replace(b'"1"', b'"%d"' % chance.choice((0, -1, 10**9, 2**63, 65536)))
        case 1:
            return part[:at] + b"<w:p>" * 500 + part[at:]
        case 2:
            return part.replace(b"<w:tc>", b"<w:tr>", 3).replace(b"<row", b"<c", 2)
        case 3:
            return part[:at]
        case _:
            return part[:at] + bytes([chance.randrange(256)]) + part[at + 1 :]


def run(files: int, seed: int = 6) -> Found:
    """Read `files` mutated files, all formats in turn."""
    chance, found, sandbox = random.Random(seed), Found(), Sandbox(LIMITS)
    whole = list(whole_files().items())
    try:
        for number in range(files):
            suffix, data = whole[number % len(whole)]
            broken = mutated(data, chance) or b"\x00"
            started = time.monotonic()
            try:
                sandbox.parse(broken, suffix, f"{number}{suffix}")
                found.counts["read"] += 1
            except XiangdaoError as exc:
                found.counts["refused" if exc.hint else "refused without a hint"] += 1
            except Exception as exc:
                found.crashes += 1
                found.faults.append(f"{number}{suffix}: {type(exc).__name__}: {exc}"[:200])
            found.slowest_s = max(found.slowest_s, time.monotonic() - started)
    finally:
        sandbox.close()
    found.deaths = sandbox.deaths
    return found
