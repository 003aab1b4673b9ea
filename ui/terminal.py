"""The command line: `xiangdao …`. Answers go to stdout, progress and logs to stderr.

Exit status: 0, 1 (an expected error: message and hint), 2 (usage).
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.errors import XiangdaoError
from core.output import private
from ui import troubles
from ui.document_fields import EDITS, STATUSES
from ui.screen import tell
from ui.usage import Misused, Parser, day, describe, whole

ENGINES = ("auto", "extractive", "local", "openvino", "remote")

SHORT_LIVED = (100_000, 50, 50)
"""Garbage collection of a command that soon ends: collecting while it imports costs about 0.1 s."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(prog="xiangdao", description="向导：陪中小企业做数字化转型的离线助手。直接问，回答带出处。",
                 epilog="某个命令怎么用：xiangdao 命令 --help")  # fmt: skip
    commands = top.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=Parser, required=True)

    ask = commands.add_parser("ask", help="问一个问题")
    ask.add_argument("question", metavar="问题", help="一句话，中文或英文")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.add_argument("--session", metavar="ID", help="接着这个会话往下问")
    ask.add_argument("--profile", metavar="FILE", type=Path, help="企业档案文件（JSON）")
    ask.add_argument(
        "--engine",
        choices=ENGINES,
        metavar="NAME",
        help="用什么写答案：auto（默认）、extractive 不用模型、local、openvino、remote",
    )
    ask.add_argument("--space", metavar="S", help="同时查这个资料空间")
    ask.add_argument("--document", metavar="编号", help="只问这一份录入的资料，编号看 docs list")
    ask.add_argument("--explain", action="store_true", help="还写出：怎么理解的、查到哪些、怎么判断的")
    ask.add_argument("--date", type=day, metavar="DATE", help="按哪一天答，如 2026-11-20（默认今天）")

    chat = commands.add_parser("chat", help="在终端里对话")
    chat.add_argument("--session", metavar="ID", help="接着这个会话往下聊")
    chat.add_argument("--space", metavar="S", help="同时查这个资料空间")
    chat.add_argument("--document", metavar="编号", help="只问这一份录入的资料，编号看 docs list")
    chat.add_argument("--date", type=day, metavar="DATE", help="按哪一天答，如 2026-11-20（默认今天）")

    search = commands.add_parser("search", help="只查资料，不作答")
    search.add_argument("query", metavar="关键词", help="词或句子")
    search.add_argument("-k", type=whole(1, 100), default=5, metavar="N", help="列出几段（默认 5，最多 100）")
    search.add_argument("--json", action="store_true", help="输出 JSON")
    search.add_argument("--space", metavar="S", help="同时查这个资料空间")

    batch = commands.add_parser("batch", help="一次回答一个文件里的许多问题（JSON Lines）")
    batch.add_argument("file", metavar="FILE", type=Path, help="问题文件，每行一个 JSON，有 question 或 turns")
    batch.add_argument("-o", "--out", metavar="OUT", type=Path, help="结果写到这个文件（默认标准输出）")
    batch.add_argument("--search", action="store_true", help="只查资料，不作答")
    batch.add_argument("-k", type=whole(1, 100), default=10, metavar="N", help="--search 时每题列出几段（默认 10）")

    ingest = commands.add_parser("ingest", help="录入自己的文件和网页")
    ingest.add_argument("paths", nargs="+", metavar="PATH_OR_URL", help="文件、文件夹、.zip 压缩包或网址")
    ingest.add_argument(
        "--space", metavar="S", default="public", help="放进哪个资料空间（默认 public；“我的”只有自己查得到）"
    )
    ingest.add_argument("--dry-run", action="store_true", help="只看看会录入什么，不写入")
    ingest.add_argument("--background", action="store_true", help="交给后台录，马上返回")
    ingest.add_argument("--watch", action="store_true", help="一直看着文件夹，放进去、改过的自动录入")
    ingest.add_argument("--report", metavar="FILE", type=Path, help="录完把每个文件的结果写成 .csv 表格")

    _jobs(commands.add_parser("jobs", help="看录入的进度和失败原因，停下、重试"))

    _docs(commands.add_parser("docs", help="看、删资料，检查知识，改政策表"))

    tool = commands.add_parser("tool", help="用计算工具：划型、评测、补贴、路线图、查案例等")
    tool.add_argument("name", nargs="?", metavar="NAME", help="工具名；不写就列出全部工具")
    tool.add_argument("--args", metavar="JSON", help="""参数，如 '{"行业": "注塑", "从业人员": 280}'""")
    tool.add_argument("--date", type=day, metavar="DATE", help="按哪一天算，如 2026-11-20（默认今天）")
    tool.add_argument("--out", metavar="FILE", type=Path, help="把结果写成报告：.docx、.pdf 或 .xlsx")
    tool.add_argument("--json", action="store_true", help="输出 JSON")

    evaluate = commands.add_parser("eval", help="用题库给回答打分")
    evaluate.add_argument(
        "files", nargs="*", metavar="FILE", type=Path, help="题库（.jsonl）或装题库的文件夹；不写用自带的"
    )
    evaluate.add_argument("--out", metavar="FOLDER", type=Path, help="把结果写成 JSON 和 Markdown")
    evaluate.add_argument("--compare", metavar="OLD.json", type=Path, help="和上一次的结果比")
    evaluate.add_argument("--misses", type=whole(0), default=20, metavar="N", help="列出多少道没答好的题（默认 20）")

    train = commands.add_parser("train", help="用标好的说法重新学怎么理解问题")
    train.add_argument(
        "folders",
        nargs="*",
        metavar="FOLDER",
        type=Path,
        help="自己的说法文件夹（里面有 messages/*.yaml），和自带的一起学",
    )

    _model(commands.add_parser("model", help="本机模型：列出、下载、选用、删除"))

    doctor = commands.add_parser("doctor", help="检查这台机器、数据文件夹和本机模型")
    doctor.add_argument("--json", action="store_true", help="输出 JSON")

    _keeping(commands)

    ui = commands.add_parser("ui", help="打开网页")
    ui.add_argument("--host", help="绑定的地址（默认 127.0.0.1）")
    ui.add_argument("--port", type=whole(0, 65535), help="端口（默认 7860）")
    ui.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")

    bot = commands.add_parser("bot", help="聊天软件里的机器人：telegram")
    bot.add_argument("name", choices=("telegram",), metavar="NAME", help="哪个聊天软件：telegram")
    bot.add_argument("--check", action="store_true", help="只试试令牌能不能用，不启动")
    bot.add_argument("--save-token", action="store_true", help="问您要令牌，存进系统钥匙串")
    bot.add_argument("--webhook", metavar="URL", help="由聊天软件推送消息到这个 https 地址（默认自己去取）")
    bot.add_argument("--host", default="127.0.0.1", help="用 --webhook 时在哪个地址听（默认 127.0.0.1）")
    bot.add_argument("--port", type=whole(1, 65535), default=8443, help="用 --webhook 时在哪个端口听（默认 8443）")
    describe(top)
    return top


def _jobs(jobs: argparse.ArgumentParser) -> None:
    """The actions of `xiangdao jobs`."""
    actions = jobs.add_subparsers(dest="action", metavar="动作", title="动作", parser_class=Parser, required=True)
    listing = actions.add_parser("list", help="列出录入任务和没录进去的文件")
    listing.add_argument("--json", action="store_true", help="输出 JSON")
    for name, what in (("show", "看一个任务的每个文件"), ("cancel", "停下一个任务")):
        action = actions.add_parser(name, help=what)
        action.add_argument("id", metavar="ID", help="任务编号")
        if name == "show":
            action.add_argument("--report", metavar="FILE", type=Path, help="不列出来，写成 .csv 表格")
    retry = actions.add_parser("retry", help="把没录进去的再录一次")
    retry.add_argument("id", nargs="?", metavar="ID", help="任务编号（默认全部任务）")
    actions.add_parser("run", help="把排着队的录完")
    actions.add_parser("clear", help="清掉已结束的任务记录，资料还在")


def _keeping(commands: Any) -> None:
    """The commands about what is kept of a person."""
    profile = commands.add_parser("profile", help="看、改、删保存的企业档案")
    actions = profile.add_subparsers(dest="action", metavar="动作", title="动作", parser_class=Parser, required=True)
    actions.add_parser("show", help="记了什么，从哪句话来，还缺什么")
    actions.add_parser("allow", help="同意保存：对话里说到的企业情况会记下来")
    change = actions.add_parser("set", help="改一项")
    change.add_argument("field", metavar="FIELD", help="哪一项，如 从业人员")
    change.add_argument("value", metavar="VALUE", help="改成什么；空字符串是去掉这一项")
    actions.add_parser("forget", help="删掉档案，以后也不再记")

    export = commands.add_parser("export", help="导出保存的对话、企业档案、评估和意见（JSON）")
    export.add_argument("-o", "--out", metavar="OUT", type=Path, help="写到这个文件（默认标准输出）")

    forget = commands.add_parser("forget", help="删掉保存的对话、企业档案、评估和意见")
    forget.add_argument("--session", metavar="ID", help="只删这个对话（默认全部）")
    forget.add_argument("--yes", action="store_true", help="确定要删")
    for command in (profile, export, forget):
        command.add_argument("--user", metavar="NAME", help="哪个用户的（默认设置里的 user）")
    for command in (export, forget):
        command.add_argument("--all-users", action="store_true", help="本机所有用户的")


def _docs(docs: argparse.ArgumentParser) -> None:
    """The actions of `xiangdao docs`."""
    actions = docs.add_subparsers(dest="action", metavar="动作", title="动作", parser_class=Parser, required=True)
    listing = actions.add_parser("list", help="列出资料，自己录入的在前")
    listing.add_argument("--all", action="store_true", help="自带知识也逐个列出")
    listing.add_argument("--json", action="store_true", help="输出 JSON")
    listing.add_argument("--status", choices=STATUSES, metavar="S", help="只列现行、过期、被替代或参考的")
    summary = actions.add_parser("summary", help="总结一份录入的资料：时间、金额、条件、材料清单")
    summary.add_argument("id", metavar="ID", help="docs list 里的编号")
    summary.add_argument("--profile", metavar="FILE", type=Path, help="企业档案文件：逐条对条件，看够不够")
    summary.add_argument("--json", action="store_true", help="输出 JSON")
    edit = actions.add_parser("edit", help="改正一份资料的标题、文号、日期、状态等")
    edit.add_argument("id", metavar="ID", help="docs list 里的编号")
    for name, what in EDITS.items():
        option = "--date" if name == "published" else f"--{name.replace('_', '-')}"
        edit.add_argument(option, dest=name, metavar="值", help=f"{what}；写空的引号表示没有")
    for name, what in (("show", "看一份资料的情况和段落"), ("remove", "删除一份录入的资料")):
        action = actions.add_parser(name, help=what)
        action.add_argument("id", metavar="ID", help="docs list 里的编号，开头的 doc:public: 可以不写")
    actions.add_parser("check", help="检查知识卡片和数据表")
    actions.add_parser("reindex", help="把检索换成设置里的向量模型，边做边能用")
    programmes = actions.add_parser("programmes", help="用表格改政策项目")
    ways = programmes.add_subparsers(dest="direction", metavar="方向", title="方向", parser_class=Parser, required=True)
    outward = ways.add_parser("export", help="把政策项目导出成表格")
    outward.add_argument("file", metavar="FILE", type=Path, help="写到这个文件：.xlsx 或 .csv")
    inward = ways.add_parser("import", help="把改好的表格导入；有一格不对就整份不导入")
    inward.add_argument("file", metavar="FILE", type=Path, help="改好的表格：.xlsx 或 .csv")
    inward.add_argument(
        "--into", metavar="YAML", type=Path, help="写进这个文件（默认知识库的 corpus/data/programmes.yaml）"
    )


def _model(model: argparse.ArgumentParser) -> None:
    """The actions of `xiangdao model`."""
    actions = model.add_subparsers(dest="action", metavar="动作", title="动作", parser_class=Parser, required=True)
    listing = actions.add_parser("list", help="列出模型：哪些已有，哪些这台电脑放得下")
    listing.add_argument("--json", action="store_true", help="输出 JSON")
    pull = actions.add_parser("pull", help="下载一个模型，断了再运行会接着下；也能从 U 盘拷")
    pull.add_argument(
        "name",
        metavar="NAME",
        help="模型名（model list 里的），或本地的 .gguf 文件、装模型的文件夹、导出好的 OpenVINO 文件夹",
    )
    pull.add_argument("--from", dest="source", metavar="PATH", type=Path, help="不联网，从这个文件或文件夹拷")
    pull.add_argument("--mirror", metavar="M", help="从哪下：modelscope（默认）、huggingface、hf-mirror，或一个网址")
    use = actions.add_parser("use", help="选用一个已有的模型")
    use.add_argument("name", metavar="NAME", help="模型名")
    remove = actions.add_parser("remove", help="删除一个模型，腾出空间")
    remove.add_argument("name", metavar="NAME", help="模型名")


def run(args: argparse.Namespace) -> int:
    """Run one parsed command."""
    if args.command == "ui":
        from ui.web import ui

        return ui(args)
    from ui import commands, keeping

    if args.command in {"profile", "export", "forget"}:
        return int(getattr(keeping, args.command)(args))
    if args.command == "ingest":
        from ui.ingest_commands import ingest

        return ingest(args)
    if args.command == "jobs":
        from ui.ingest_commands import run as jobs

        return jobs(args)
    if args.command == "model":
        from ui.model_commands import run as model

        return model(args)
    if args.command == "bot":
        from ui.bot_command import bot

        return bot(args)
    return getattr(commands, {"eval": "evaluate"}.get(args.command, args.command))(args)


@private()
def main(argv: Sequence[str] | None = None) -> int:
    """Parse, run, and turn errors into a sentence. The one place that configures the process."""
    _open_streams()
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        args = parser().parse_args(argv)
    except Misused as exc:
        return troubles.misused(exc, "--json" in (sys.argv[1:] if argv is None else argv))
    if args.command not in {"ui", "bot"}:
        gc.set_threshold(*SHORT_LIVED)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[logging.NullHandler()])
    as_json = bool(getattr(args, "json", False))
    try:
        code = run(args)
        sys.stdout.flush()
        return code
    except XiangdaoError as exc:
        return troubles.told(exc, as_json)
    except KeyboardInterrupt:
        tell("\n已停止。")
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except SystemExit:
        raise
    except BaseException as exc:  # a panic of a library written in Rust is no Exception
        return troubles.told(troubles.expected(exc) or _unexpected(), as_json)


def _open_streams() -> None:
    """Text in UTF-8 in and out; where one was closed, as for a program without a window, nothing comes from it or goes to nowhere."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _unexpected() -> XiangdaoError:
    """A bug: the traceback goes to a file, the user gets an apology and a number."""
    from core.settings import load_settings
    from corpus.soundness import doubt
    from ui.errors_log import keep_traceback

    number = uuid.uuid4().hex[:8]
    where = "数据文件夹写不进去，请检查 XIANGDAO_HOME"
    with suppress(XiangdaoError):
        settings = load_settings()
        doubt(settings.ledger_path)
        if keep_traceback(home := settings.home, number):
            where = f"详情记在 {home / 'errors.log'}"
    return troubles.Unexpected(f"对不起，程序出了意料之外的错（编号 {number}）。", f"{where}。")


if __name__ == "__main__":
    sys.exit(main())
