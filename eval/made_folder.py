"""A folder of many small files of all kinds as offices keep them, a book of many pages and a long text, made with a seed."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from eval.made_documents import Content, Grid, docx, pdf, web_page, xlsx
from eval.notices import Notice, notices

SHARES = {".txt": 30, ".html": 20, ".docx": 14, ".csv": 10, ".md": 10, ".xlsx": 8, ".pdf": 6, ".pptx": 2}
"""Of a hundred files."""
EACH_FOLDER = 40
LINES_A_PAGE, CHARACTERS_A_LINE = 30, 32
_SENTENCES = (
    "{n}号车间的{thing}每{few}天保养一次，由{who}签字，记录保存{few}年。",
    "第{n}批{thing}到货以后先抽检{few}件，不合格的退回，合格率低于{share}%的停用供应商。",
    "{who}每月{few}日前把{n}号线的产量、能耗和停机时间报到厂部，迟报一次扣{few}分。",
    "购置{thing}的投入在{n}万元以上的，按{share}%补助，最多{n}万元，分{few}次拨付。",
    "{thing}的数据保存在厂里的服务器上，{few}个月备份一次，钥匙由{who}保管，编号{n}。",
)
_THINGS = ("数控机床", "注塑机", "叉车", "检测台", "空压机", "条码枪", "工控机", "冷却塔", "传感器", "打标机")
_WHO = ("班长", "车间主任", "仓库主管", "设备科", "质检员", "财务科", "信息员", "安全员")


def make_folder(folder: Path, files: int, seed: int = 15, told: Callable[[int], None] = lambda n: None) -> Counter[str]:
    """Write so many files in subfolders; how many of each kind."""
    dice, counts = random.Random(seed), Counter[str]()
    kinds = [suffix for suffix, share in SHARES.items() for _ in range(share)]
    for number, notice in enumerate(notices(files, seed)):
        place = folder / f"{number // (EACH_FOLDER * 25):02d}年" / f"{number // EACH_FOLDER:04d}"
        place.mkdir(parents=True, exist_ok=True)
        suffix = dice.choice(kinds)
        (place / f"{number:05d}-{notice.name}{suffix}").write_bytes(made(notice, suffix, number, dice))
        counts[suffix] += 1
        told(number + 1)
    return counts


def made(notice: Notice, suffix: str, number: int, dice: random.Random) -> bytes:
    """A notice as a file of a kind; each with a sentence that no other has."""
    own = f"本件编号{number:05d}，{sentence(dice)}"
    if suffix in {".txt", ".md"}:
        return f"{notice.text}\n\n{own}\n".encode()
    table = [["序号", "企业", "项目", "金额（万元）"]]
    table += [[str(n), f"{number:05d}号第{n}厂", dice.choice(_THINGS), str(dice.randint(5, 900))] for n in range(1, 7)]
    if suffix == ".csv":
        out = io.StringIO()
        csv.writer(out).writerows(table)
        return out.getvalue().encode()
    paragraphs = tuple(p for p in notice.text.split("\n\n") if "\t" not in p)
    content = Content(notice.title, (*paragraphs, own, Grid("拟支持项目", table)))
    if suffix == ".pptx":
        return _slides(content)
    return {".html": web_page, ".docx": docx, ".xlsx": xlsx, ".pdf": pdf}[suffix](content)


def _slides(content: Content) -> bytes:
    from pptx import Presentation

    deck = Presentation()
    for part in (part for part in content.body[:4] if isinstance(part, str)):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = content.title, part
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def sentence(dice: random.Random) -> str:
    return dice.choice(_SENTENCES).format(
        n=dice.randint(1, 99_999), thing=dice.choice(_THINGS), who=dice.choice(_WHO), few=dice.randint(2, 28), share=dice.randint(5, 99)
    )  # fmt: skip


def long_text(characters: int, paragraph: int, seed: int = 15) -> str:
    """A text of so many characters in paragraphs of about `paragraph` characters; 0 for a single one."""
    dice, parts, size, since = random.Random(seed), list[str](), 0, 0
    while size < characters:
        parts.append(sentence(dice))
        size += len(parts[-1])
        since += len(parts[-1])
        if paragraph and since >= paragraph:
            parts.append("\n\n")
            since = 0
    return "".join(parts)


def book(pages: int, seed: int = 15) -> bytes:
    """A PDF of so many full pages with a running head, a page number and a chapter every twenty pages."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    from tools.report.fonts import register

    out, dice, font = io.BytesIO(), random.Random(seed), register()
    canvas = Canvas(out, pagesize=A4)
    for number, lines in enumerate(_pages(dice, pages), 1):
        canvas.setFont(font, 9)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 40, "设备管理汇编")
        canvas.drawCentredString(A4[0] / 2, 40, f"— {number} —")
        for at, line in enumerate(lines):
            canvas.setFont(font, 12)
            canvas.drawString(100, A4[1] - 80 - at * 22, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _pages(dice: random.Random, pages: int) -> Iterator[list[str]]:
    text = ""
    for number in range(pages):
        lines = [f"第{number // 20 + 1}章 第{number // 20 + 1}号生产线"] if number % 20 == 0 else []
        while len(lines) < LINES_A_PAGE:
            while len(text) < CHARACTERS_A_LINE:
                text += sentence(dice)
            lines.append(text[:CHARACTERS_A_LINE])
            text = text[CHARACTERS_A_LINE:]
        yield lines


def odd_things(folder: Path) -> None:
    """What stands in such folders beside documents: hidden and lock files, links and loops, kinds that nobody can read."""
    deep = folder.joinpath(*("层" for _ in range(40)))
    deep.mkdir(parents=True)
    (deep / "最里面.txt").write_text("最里面的一份：每周五下班前清点备件。", "utf-8")
    (folder / ".git").mkdir()
    for name in (".DS_Store", "~$通知.docx", ".隐藏.txt", ".git/config.txt", "Thumbs.db", "照片.heic", "空.txt"):
        (folder / name).write_bytes(b"" if name == "空.txt" else b"\x00\x01")
    (folder / "旧合同.rar").write_bytes(b"Rar!\x1a\x07")
    (folder / "绕回来").symlink_to(folder, target_is_directory=True)
    (folder / "外面.txt").symlink_to("/etc/hostname")
    with zipfile.ZipFile(folder / "包.zip", "w") as packed:
        packed.writestr("包里的.txt", "压缩包里的一份：月底盘点模具。")
        packed.writestr("__MACOSX/._包里的.txt", "x")
