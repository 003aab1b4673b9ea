"""The command line: `xiangdao …`. Answers go to stdout, progress and logs to stderr.

Exit status: 0, 1 (an expected error: message and hint), 2 (usage).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
import uuid
from collections.abc import Sequence
from pathlib import Path

from core.errors import XiangdaoError

ENGINES = ("auto", "extractive", "local", "openvino", "remote")


class _Parser(argparse.ArgumentParser):
    """argparse with its few fixed words in Chinese."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs["add_help"] = False
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> None:  # type: ignore[override]
        words = (("the following arguments are required:", "缺少参数："), ("unrecognized arguments:", "不认识的参数："),
                 ("invalid choice:", "没有这个选项："), ("expected one argument", "后面要跟一个值"), ("argument ", "参数 "),
                 ("choose from", "可选"), ("invalid int value:", "要一个整数，不是"), ("expected at least one argument", "至少要一个值"))  # fmt: skip
        for english, chinese in words:
            message = message.replace(english, chinese)
        sys.stderr.write(f"用法不对：{message}\n查看用法：{self.prog} --help\n")
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(prog="xiangdao", description="向导：陪中小企业做数字化转型的离线助手。直接问，回答带出处。")
    commands = top.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser, required=True)

    ask = commands.add_parser("ask", help="问一个问题")
    ask.add_argument("question", metavar="问题")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.add_argument("--session", metavar="ID", help="接着这个会话往下问")
    ask.add_argument("--profile", metavar="FILE", type=Path, help="企业档案文件（JSON）")
    ask.add_argument("--engine", choices=ENGINES, help="用什么写答案（默认 auto）")
    ask.add_argument("--space", metavar="S", help="同时查这个资料空间")

    chat = commands.add_parser("chat", help="在终端里对话")
    chat.add_argument("--session", metavar="ID", help="接着这个会话往下聊")
    chat.add_argument("--space", metavar="S", help="同时查这个资料空间")

    search = commands.add_parser("search", help="只查资料，不作答")
    search.add_argument("query", metavar="关键词")
    search.add_argument("-k", type=int, default=5, metavar="N", help="列出几段（默认 5）")
    search.add_argument("--json", action="store_true", help="输出 JSON")
    search.add_argument("--space", metavar="S", help="同时查这个资料空间")

    batch = commands.add_parser("batch", help="一次回答一个文件里的许多问题（JSON Lines）")
    batch.add_argument("file", metavar="FILE", type=Path)
    batch.add_argument("-o", "--out", metavar="OUT", type=Path, help="结果写到这个文件（默认标准输出）")
    batch.add_argument("--search", action="store_true", help="只查资料，不作答")
    batch.add_argument("-k", type=int, default=10, metavar="N", help="--search 时每题列出几段（默认 10）")

    ingest = commands.add_parser("ingest", help="录入自己的文件（.txt .md）")
    ingest.add_argument("paths", nargs="+", metavar="PATH_OR_URL")
    ingest.add_argument("--space", metavar="S", default="public", help="放进哪个资料空间（默认 public）")
    ingest.add_argument("--dry-run", action="store_true", help="只看看会录入什么，不写入")

    docs = commands.add_parser("docs", help="看、删资料，检查知识卡片")
    actions = docs.add_subparsers(dest="action", metavar="动作", title="动作", parser_class=_Parser, required=True)
    listing = actions.add_parser("list", help="列出资料")
    listing.add_argument("--json", action="store_true", help="输出 JSON")
    show = actions.add_parser("show", help="看一份资料的段落")
    show.add_argument("id", metavar="ID")
    remove = actions.add_parser("remove", help="删除一份录入的资料")
    remove.add_argument("id", metavar="ID")
    actions.add_parser("check", help="检查知识卡片和数据表")

    evaluate = commands.add_parser("eval", help="用题库给回答打分")
    evaluate.add_argument("files", nargs="*", metavar="FILE", type=Path)
    evaluate.add_argument("--out", metavar="FOLDER", type=Path, help="把结果写成 JSON 和 Markdown")
    evaluate.add_argument("--compare", metavar="OLD.json", type=Path, help="和上一次的结果比")
    evaluate.add_argument("--misses", type=int, default=20, metavar="N", help="列出多少道没答好的题")

    commands.add_parser("doctor", help="检查这台机器和数据文件夹")

    ui = commands.add_parser("ui", help="打开网页")
    ui.add_argument("--host", help="绑定的地址（默认 127.0.0.1）")
    ui.add_argument("--port", type=int, help="端口（默认 7860）")
    ui.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")
    return top


def run(args: argparse.Namespace) -> int:
    """Run one parsed command."""
    from ui import commands

    if args.command == "docs":
        return commands.docs(args)
    return getattr(commands, {"eval": "evaluate"}.get(args.command, args.command))(args)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse, run, and turn errors into a sentence. The one place that configures the process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    args = parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[logging.NullHandler()])
    try:
        return run(args)
    except XiangdaoError as exc:
        print(exc.message, file=sys.stderr)
        if exc.hint:
            print(f"→ {exc.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已停止。", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception:
        return _unexpected()


def _unexpected() -> int:
    """A bug: the traceback goes to a file, the user gets an apology and a number."""
    from core.settings import data_folder

    number = uuid.uuid4().hex[:8]
    log = data_folder() / "errors.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"--- {number}\n{traceback.format_exc()}\n")
        where = f"详情记在 {log}"
    except OSError as exc:
        where = f"数据文件夹写不进去（{exc.strerror}），请检查 XIANGDAO_HOME"
    print(f"对不起，程序出了意料之外的错（编号 {number}）。\n→ {where}。", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
