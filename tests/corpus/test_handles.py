"""A ledger that cannot be opened because too many files are open is not taken for a damaged one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.disk import is_out_of_handles
from core.errors import NotAvailable
from corpus import soundness
from corpus.ledger import Ledger
from tests.limits import no_more_files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such limit")


def test_without_handles_the_ledger_is_left_where_it_is_and_opens_again_later(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    with no_more_files():
        with pytest.raises(NotAvailable, match="打开的文件太多"):
            Ledger(path)
        assert soundness.damage(path) == ""
    assert Ledger(path).count("document") == 0 and not list(tmp_path.glob("*damaged*"))


def test_what_led_to_an_error_tells_that_no_file_could_be_opened() -> None:
    outer = ValueError("wrapped")
    outer.__cause__ = ImportError("x.so: cannot open shared object file: Too many open files")
    assert is_out_of_handles(outer) and not is_out_of_handles(ValueError("x"))
