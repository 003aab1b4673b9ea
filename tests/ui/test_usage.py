"""How a command is meant to be used, told in Chinese: errors of usage, and help."""

from __future__ import annotations

import re

import pytest

from tests.ui.command import assert_one_sentence, xiangdao


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize(
    ("argv", "words"),
    [([], "缺少参数：命令"), (["foo"], "没有这个命令：foo，可选 ask、chat、search"), (["docs", "foo"], "没有这个动作：foo，可选 list、"),
     (["ask"], "缺少参数：问题"), (["ask", "a", "--engine", "gpt"], "--engine 不能是 gpt，可选 auto"), (["ask", "a", "--nix"], "不认识的参数：--nix"),
     (["ask", "a", "--session"], "--session：后面要跟一个值"), (["ask", "a", "--se", "x", "--s", "y"], "写得不全"),
     (["search", "a", "-k", "0"], "1 到 100 的整数，不是 0"), (["search", "a", "-k", "-3"], "1 到 100 的整数，不是 -3"),
     (["search", "a", "-k", "多"], "不是 多"), (["batch", "f", "-k", "101"], "不是 101"), (["ui", "--port", "99999"], "0 到 65535 的整数，不是 99999"),
     (["ui", "--port", "-1"], "不是 -1"), (["eval", "--misses", "-1"], "不小于 0"), (["tool", "subsidy", "--date", "明天"], "2026-11-20")],
)  # fmt: skip
def test_a_usage_error_is_chinese_names_what_is_allowed_and_ends_with_2(argv: list[str], words: str) -> None:
    ran = xiangdao(*argv)
    assert_one_sentence(ran, "用法不对：", words, code=2)
    assert not re.search(r"argument|invalid|required|choose|usage|expected", ran.err)


@pytest.mark.parametrize(
    "argv", [["--help"], ["ask", "-h"], ["docs", "-h"], ["docs", "programmes", "import", "--help"], ["tool", "-h"]]
)
def test_help_is_chinese_and_its_columns_are_aligned(argv: list[str]) -> None:
    ran = xiangdao(*argv)
    assert ran.code == 0 and ran.out.startswith("用法：xiangdao")
    assert not re.search(r"usage|optional|positional|show this", ran.out)
    for block in re.findall(r"(?m)：\n((?:  .+\n)+)", ran.out):
        starts = {len(re.match(r"  \S.*?\s{2,}", line)[0].encode("gb18030")) for line in block.splitlines()}  # type: ignore[index]
        assert len(starts) == 1
