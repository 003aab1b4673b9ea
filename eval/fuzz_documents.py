"""Broken files of every format, made from whole ones by chance with a seed: what reads them must not fall over."""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import XiangdaoError
from corpus.words import lexicon
from eval.crafted_files import crafted
from eval.made_documents import MAKERS, Content, picture
from eval.made_tables import made_tables
from ingest import load, versions
from ingest.amendments.reading import read as read_amendments
from ingest.frame import about, is_framed, without_frame
from ingest.metadata import lines_of, read_metadata
from ingest.parsed import Parsed
from ingest.records import source_of
from ingest.sandbox import Limits, Sandbox
from ingest.split import ChineseStructureSplitter

LIMITS = Limits(step_s=20.0, total_s=60.0, memory_mb=1024)


@dataclass
class Found:
    """What became of the files. crashes: exceptions that are none of ours; deaths: of the parser's process; slow: after reading."""

    counts: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    deaths: int = 0
    slow: int = 0
    slowest_s: float = 0.0
    slowest: str = ""
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


CRAFTED = 0.35
"""The share of files that are made to be trouble (eval/crafted_files.py); the others are whole ones with damage."""
SLOW_S = 10.0
"""What the application itself does with a file that was read may take so long, of the processor: nothing ends it from outside."""


def run(files: int, seed: int = 6, told: Callable[[int, Found], None] = lambda done, found: None) -> Found:
    """Take `files` broken files of all formats through reading, and what was read through all that follows but the writing.

    told: is called after each file.
    """
    chance, found, sandbox = random.Random(seed), Found(), Sandbox(LIMITS)
    whole = whole_files()
    kinds = list(whole.items())
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(files):
                if chance.random() < CRAFTED:
                    suffix, broken = crafted(whole, chance)
                else:
                    suffix, data = kinds[number % len(kinds)]
                    broken = mutated(data, chance)
                _one(Path(folder) / f"{number}{suffix}", broken or b"\x00", sandbox, found)
                told(number + 1, found)
    finally:
        sandbox.close()
    found.deaths = sandbox.deaths
    return found


def _one(path: Path, broken: bytes, sandbox: Sandbox, found: Found) -> None:
    started = time.monotonic()
    path.write_bytes(broken)
    try:
        for place in load.find(path):
            loaded = load.load(place)
            parsed = sandbox.parse(loaded.data, loaded.suffix, loaded.name)
            began = time.process_time()
            _followed(parsed, path.stem)
            if (seconds := time.process_time() - began) > SLOW_S:
                found.faults.append(f"{path.name}: {seconds:.0f} s after reading")
                found.slow += 1
        found.counts["read"] += 1
    except XiangdaoError as exc:
        told = bool(exc.hint and exc.message) and any("\u4e00" <= c <= "\u9fff" for c in exc.message)
        found.counts["refused" if told else "refused without a hint"] += 1
    except Exception as exc:
        found.crashes += 1
        found.faults.append(f"{path.name}: {type(exc).__name__}: {exc}"[:200])
    finally:
        path.unlink(missing_ok=True)
    if (seconds := time.monotonic() - started) > found.slowest_s:
        found.slowest_s, found.slowest = seconds, path.name


def _followed(parsed: Parsed, name: str) -> None:
    """What ingestion makes of a file that was read, in the application's own process."""
    metadata = read_metadata(parsed, name)
    read_amendments(lines_of(parsed), metadata)
    elements, splitter = without_frame(parsed.elements, metadata), ChineseStructureSplitter()
    pieces = splitter.passages(elements)
    splitter.typed_tables(elements)
    versions.sketch("\n".join(piece.text for piece in pieces))
    if pieces and is_framed(metadata):
        about(source_of(name, metadata, {}, None), metadata)
    words = lexicon()
    for piece in pieces:
        words.tokens(piece.text)
        json.dumps(piece.text).encode()
        piece.text.encode()


def main() -> None:
    """python -m eval.fuzz_documents [--files N] [--seed N]: what became of them; ends with 1 where anything fell over."""
    options = argparse.ArgumentParser(prog="python -m eval.fuzz_documents")
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--seed", type=int, default=6)
    args = options.parse_args()
    shown = time.monotonic()

    def told(done: int, found: Found) -> None:
        nonlocal shown
        if time.monotonic() - shown > 5:
            shown = time.monotonic()
            print(f"{done}/{args.files} {dict(found.counts)} crashes {found.crashes}", file=sys.stderr, flush=True)

    found = run(args.files, args.seed, told)
    print(
        f"files {args.files} seed {args.seed}: {dict(found.counts)}, crashes {found.crashes}, slow {found.slow},",
        end=" ",
    )
    print(f"parser ended {found.deaths} times, slowest {found.slowest_s:.1f} s ({found.slowest})")
    print("\n".join(found.faults[:20]))
    sys.exit(1 if found.crashes or found.slow or found.counts["refused without a hint"] else 0)


if __name__ == "__main__":
    main()
