"""The parser's process: what goes wrong in it is told in a sentence, and the next file is read all the same."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator

import pytest

from core.errors import BadFile
from eval.fuzz_documents import LIMITS, run
from eval.made_documents import Content, docx, pdf
from ingest.sandbox import Limits, Sandbox, Stopped

TEXT = "一、总则\n本办法适用于中小企业。\n".encode()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def test_reads_one_file_after_the_other(sandbox: Sandbox) -> None:
    for data, suffix in ((TEXT, ".txt"), (docx(Content("样例办法", ("正文。",))), ".docx"), (TEXT, ".md")):
        assert sandbox.parse(data, suffix).elements
    assert sandbox.deaths == 0


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx", ".pptx", ".png"])
def test_a_damaged_file_is_told_with_what_to_do(sandbox: Sandbox, suffix: str) -> None:
    with pytest.raises(BadFile, match="损坏") as error:
        sandbox.parse(b"\x00not what it says", suffix)
    assert error.value.hint


def test_a_bomb_is_refused_before_it_is_unpacked(sandbox: Sandbox) -> None:
    bomb = package({"word/document.xml": b" " * (150 * 1024 * 1024)})
    with pytest.raises(BadFile, match="不正常"):
        sandbox.parse(bomb, ".docx")
    assert sandbox.deaths == 0


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".pptx"])
def test_a_file_with_a_password_says_so(sandbox: Sandbox, suffix: str) -> None:
    with pytest.raises(BadFile, match="密码") as error:
        sandbox.parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, suffix)
    assert "去掉密码" in error.value.hint


def test_a_pdf_with_a_password_says_so(sandbox: Sandbox) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("geheim", ownerPassword="geheim"))
    canvas.drawString(100, 100, "text")
    canvas.save()
    with pytest.raises(BadFile, match="密码"):
        sandbox.parse(out.getvalue(), ".pdf")


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    slow = Sandbox(Limits(step_s=0.05))
    with pytest.raises(BadFile, match="没有读完"):
        slow.parse(TEXT * 300_000, ".txt")  # seconds of work, of which a quarter is allowed
    slow.limits = Limits()
    assert slow.parse(TEXT, ".txt").elements
    slow.close()


def test_a_file_that_needs_too_much_memory_is_given_up() -> None:
    small = Sandbox(Limits(memory_mb=20))
    with pytest.raises(BadFile, match="内存"):
        small.parse(pdf(Content("样例办法", ("正文。" * 200,) * 1000)) * 1, ".pdf")
    small.close()


def test_too_much_text_is_refused() -> None:
    narrow = Sandbox(Limits(output_bytes=1000))
    with pytest.raises(BadFile, match="多得不正常"):
        narrow.parse(TEXT * 1000, ".txt")
    narrow.close()


def test_a_killed_process_is_started_again(sandbox: Sandbox) -> None:
    sandbox.parse(TEXT, ".txt")
    assert sandbox._process is not None
    sandbox._process.kill()
    sandbox._process.wait()
    assert sandbox.parse(TEXT, ".txt").elements


def test_whoever_ordered_it_can_take_it_back(sandbox: Sandbox) -> None:
    def told(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        sandbox.parse(pdf(Content("样例办法", ("正文。",))), ".pdf", progress=told)
    stop = threading.Event()
    stop.set()
    assert sandbox.parse(TEXT, ".txt").elements


def test_the_process_can_write_nothing_and_connect_nowhere() -> None:
    import subprocess
    import sys

    script = """
import os, socket, subprocess, sys
from ingest.child import _guard
sys.addaudithook(_guard)
for act in (lambda: open("x", "w"), lambda: socket.create_connection(("127.0.0.1", 9)), lambda: subprocess.run(["true"]),
            lambda: os.system("true"), lambda: os.remove("x"), lambda: os.open("x", os.O_CREAT | os.O_WRONLY), lambda: os.fork()):
    try:
        act()
    except PermissionError:
        continue
    print("done")
"""
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_mutated_files_of_every_format_never_break_the_application() -> None:
    found = run(50, seed=11)
    assert (found.crashes, found.faults) == (0, [])
    assert sum(found.counts.values()) == 50 and not found.counts["refused without a hint"]
    assert found.slowest_s < LIMITS.total_s + 10


def test_the_process_outlives_the_thread_that_started_it(sandbox: Sandbox) -> None:
    first = threading.Thread(target=sandbox.parse, args=(TEXT, ".txt"))
    first.start()
    first.join()
    process = sandbox._process
    assert sandbox.parse(TEXT, ".txt").elements
    assert sandbox._process is process and sandbox.deaths == 0
