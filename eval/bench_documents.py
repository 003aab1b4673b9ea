"""Benchmarks of the readers: python -m eval.bench_documents SOURCES [--only speed ocr tables fuzz] [--files N] [--json FILE]

SOURCES: a folder of .txt files; they are printed to PDF, Word and pictures of pages and read again. Everything runs in a
folder of its own that is removed afterwards. Seconds are of the processor for the readers, and of the clock for OCR.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from core.settings import load_settings
from core.text import bare
from eval.bench import Measure
from eval.made_documents import Content, docx, pdf, scanned
from eval.made_tables import MadeTable, made_tables
from ingest.clean import paragraphs
from ingest.parsed import Paragraph, Parsed
from ingest.readers import read

SCANNED_CHARACTERS = 1500
TABLES = 20
FUZZED = 2000


def sources(folder: Path) -> Iterator[tuple[str, Content]]:
    """The texts of a folder as documents to be printed; rows of tables are left out, as text has lost their shape."""
    for path in sorted(folder.glob("*.txt")):
        kept = [p for p in paragraphs(path.read_text("utf-8")) if "\t" not in p]
        yield path.stem, Content(kept[0][:60], tuple(p.lstrip("#") for p in kept[1:]), "中小企业数字化转型资料汇编")


def lost(told: str, parsed: Parsed) -> float:
    """Character errors for each character of a text, white space apart."""
    found = "".join(e.text for e in parsed.elements if isinstance(e, Paragraph))
    wanted, got = "".join(told.split()), "".join(found.split())
    return Levenshtein.distance(wanted, got) / max(len(wanted), 1)


def text_of(content: Content) -> str:
    return content.title + "".join(part for part in content.body if isinstance(part, str))


def kept_whole(content: Content, parsed: Parsed) -> float:
    """The share of paragraphs that come out as one element, as they went in."""
    found = {"".join(e.text.split()) for e in parsed.elements if isinstance(e, Paragraph)}
    wanted = ["".join(part.split()) for part in content.body if isinstance(part, str)]
    return sum(part in found for part in wanted) / len(wanted)


def speed(folder: Path) -> Iterator[Measure]:
    """Text-layer PDF in one and two columns, and Word."""
    for label, make in (("PDF", pdf), ("PDF 双栏", lambda c: pdf(c, 2, 10)), ("Word", docx)):
        pages, seconds, errors, whole, count = 0, 0.0, 0.0, 0.0, 0
        for _, content in sources(folder):
            suffix = ".docx" if make is docx else ".pdf"
            data = make(content)
            read(data, suffix)
            started = time.process_time()
            parsed = read(data, suffix)
            seconds += time.process_time() - started
            pages += parsed.pages or 0
            errors += lost(text_of(content), parsed)
            whole += kept_whole(content, parsed)
            count += 1
        if pages:
            yield Measure(f"{label} 页每秒（一核）", pages / seconds, "页/秒", f"{pages} 页")
        else:
            yield Measure(f"{label} 秒每份（一核）", seconds / count, "秒", f"{count} 份")
        yield Measure(f"{label} 字错误率", 100 * errors / count, "%")
        yield Measure(f"{label} 段落完整", 100 * whole / count, "%")


def ocr(folder: Path) -> Iterator[Measure]:
    """The beginning of each text printed and turned into pictures at 150 dots an inch, two pages or three each."""
    pages, seconds, worked, errors, characters = 0, 0.0, 0.0, 0, 0
    read(scanned(pdf(Content("预热", ("先读一页，不计时。",)))), ".pdf")
    for _, content in sources(folder):
        content = _beginning(content, SCANNED_CHARACTERS)
        picture = scanned(pdf(content))
        started, used = time.perf_counter(), time.process_time()
        parsed = read(picture, ".pdf")
        seconds += time.perf_counter() - started
        worked += time.process_time() - used
        pages += parsed.pages or 0
        told = "".join(text_of(content).split())
        found = "".join("".join(e.text.split()) for e in parsed.elements if isinstance(e, Paragraph))
        errors += Levenshtein.distance(told, found)
        characters += len(told)
    yield Measure("文字识别 页每秒", pages / seconds, "页/秒", f"{pages} 页，含版面还原")
    yield Measure("文字识别 处理器秒每页", worked / pages, "秒", "几个核合计；机器忙时看这个")
    yield Measure("文字识别 字错误率", 100 * errors / characters, "%", f"{characters} 字")


def _beginning(content: Content, characters: int) -> Content:
    """The first paragraphs of a document, of about as many characters."""
    kept: list[str] = []
    for part in content.body:
        if isinstance(part, str) and sum(map(len, kept)) < characters:
            kept.append(part)
    return Content(content.title, tuple(kept), content.running_head)


def tables(folder: Path) -> Iterator[Measure]:
    """Questions about single cells, answered through the whole assistant without a model."""
    from assistant.build import build_assistant
    from eval.made_documents import MAKERS
    from ingest.pipeline import Ingestor

    with tempfile.TemporaryDirectory() as home:
        assistant = build_assistant(load_settings().model_copy(update={"home": Path(home), "engine": "extractive"}))
        made = made_tables(TABLES)
        paths = []
        for table in made:
            path = Path(home) / f"{table.name}{table.suffix}"
            path.write_bytes(MAKERS[table.suffix](table.content))
            paths.append(path)
        outcomes = Ingestor(assistant.retriever.index).ingest(paths)
        right, total, wrong = _answered(assistant.answer, made)
    yield Measure(
        "表格问题 答对", 100 * right / total, "%", f"{total} 题，录入 {sum(o.status == 'added' for o in outcomes)} 张表"
    )
    for line in wrong:
        yield Measure("  答错", None, "", line)


def _answered(answer: Callable[..., object], made: list[MadeTable]) -> tuple[int, int, list[str]]:
    right, total, wrong = 0, 0, []
    for table in made:
        for asked in table.asked:
            total += 1
            text = str(getattr(answer(asked.question), "text", ""))
            if any(
                asked.value in line and all(n in bare(line) or n in line for n in asked.names)
                for line in text.split("\n")
            ):
                right += 1
            else:
                wrong.append(
                    f"{table.suffix} {asked.question} → {asked.value}；答的是：{' / '.join(text.split())[:160]}"
                )
    return right, total, wrong


def fuzz(folder: Path, files: int) -> Iterator[Measure]:
    """Mutated files of every format through the parser's process."""
    from eval.fuzz_documents import run

    found = run(files)
    yield Measure("模糊测试 文件数", float(sum(found.counts.values())), "份", str(dict(found.counts)))
    yield Measure("模糊测试 应用崩溃", float(found.crashes), "次", "；".join(found.faults[:5]))
    yield Measure("模糊测试 解析进程意外结束", float(found.deaths), "次")
    yield Measure("模糊测试 最久一份", found.slowest_s, "秒")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sources", type=Path)
    arguments.add_argument("--only", nargs="*", default=["speed", "ocr", "tables", "fuzz"])
    arguments.add_argument("--files", type=int, default=FUZZED)
    arguments.add_argument("--json", type=Path)
    args = arguments.parse_args()
    runs: dict[str, Callable[[], Iterator[Measure]]] = {
        "speed": lambda: speed(args.sources),
        "ocr": lambda: ocr(args.sources),
        "tables": lambda: tables(args.sources),
        "fuzz": lambda: fuzz(args.sources, args.files),
    }
    measures = []
    for name in args.only:
        for measure in runs[name]():
            value = "" if measure.value is None else f"{measure.value:.2f} {measure.unit}"
            print(f"{measure.name:<24} {value}  {measure.note}".rstrip(), flush=True)
            measures.append(measure)
    if args.json:
        args.json.write_text(json.dumps([asdict(m) for m in measures], ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
