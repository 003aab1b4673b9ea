"""`xiangdao model …`: see which models fit this machine, bring one in, use it, remove it."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.engine.catalogue import (
    ROLE_NAMES,
    SETTING_OF,
    Installed,
    Model,
    by_name,
    catalogue,
    find_installed,
    installed,
)
from assistant.engine.choose import chosen
from assistant.engine.machine import Fit, Machine, fit, machine, recommended
from core import state
from core.disk import room_in
from core.errors import BadFile, BadInput, NotAvailable
from core.settings import Settings
from ui.machine import settings
from ui.screen import ProgressBar, plain, tell
from ui.usage import width

_FIT_WORDS: dict[Fit, str] = {"fits": "放得下", "tight": "吃紧", "too_large": "放不下", "unknown": "不清楚"}
_SETUP: dict[str, tuple[tuple[str, ...], str]] = {
    "chat": (("llama_cpp", "xllamacpp"), "llm"),
    "embedding": (("sentence_transformers",), "embed"),
    "reranker": (("sentence_transformers",), "embed"),
}
"""What running a model of a role needs: (one of these packages, what `start.py setup` calls it)."""


_COMPARED = {
    "server": "和下载来源自己报的校验码一致（目录里没有它的校验码）",
    "size": "文件完整；没有校验码可比，只查了格式和大小",
}
"""What was checked of a model's weights, where it was not the catalogue's own hash."""


def run(args: argparse.Namespace) -> int:
    """Run one parsed `model` command."""
    actions: dict[str, Callable[[argparse.Namespace, Settings], int]] = {
        "list": _list,
        "pull": _pull,
        "use": _use,
        "remove": _remove,
    }
    return actions[args.action](args, settings())


def models_folder(found: Settings) -> Path:
    """Where models lie."""
    return found.models_path


def in_use(found: Settings, model: Model) -> bool:
    """Whether this model is the one of its role: the one that the settings name, or the chat model taken where none is named."""
    name = _chosen(found).get(SETTING_OF[model.role], "")
    if not name and model.role == "chat":
        there = chosen("", models_folder(found))
        name = there.model.name if there else ""
    return name.casefold() == model.name.casefold()


def _chosen(found: Settings) -> dict[str, str]:
    """The models that the environment, else config.toml, names for each role."""
    written = _read_config(found.home / "config.toml")
    names = {key: os.environ.get(f"XIANGDAO_{key.upper()}") or written.get(key) for key in SETTING_OF.values()}
    return {key: name for key, name in names.items() if isinstance(name, str)}


def _list(args: argparse.Namespace, found: Settings) -> int:
    here = machine()
    there = {i.model.name: i for i in installed(models_folder(found))}
    models = [*catalogue(), *(i.model for name, i in there.items() if by_name(name) is None)]
    best = recommended(catalogue(), here)
    if args.json:
        rows = [_row_json(model, there.get(model.name), found, here, model == best) for model in models]
        print(json.dumps({"folder": str(models_folder(found)), "models": rows}, ensure_ascii=False))
        return 0
    print(_machine_line(here))
    for role, title in ROLE_NAMES.items():
        print(f"\n{title}的模型")
        for model in (m for m in models if m.role == role):
            print(_line(model, there.get(model.name), found, here, model == best))
    print(f"\n模型放在 {models_folder(found)}")
    print("下载：xiangdao model pull 模型名；选用：xiangdao model use 模型名")
    return 0


def _machine_line(here: Machine) -> str:
    memory = "内存大小不清楚" if here.memory_bytes is None else f"内存 {here.memory_bytes / 2**30:.0f} GB"
    if here.available_bytes is not None:
        memory += f"（现在空着 {here.available_bytes / 2**30:.0f} GB）"
    cards = "、".join(device.name for device in (*here.gpus, *here.npus)) or "没有找到显卡或 NPU"
    return f"这台电脑：{here.cores} 核，{memory}，{plain(cards)}"


def _line(model: Model, there: Installed | None, found: Settings, here: Machine, best: bool) -> str:
    marks = [_state(there, in_use(found, model)), _FIT_WORDS[fit(model, here)]]
    name = f"{model.name}{' ' * max(22 - width(model.name), 1)}"
    facts = f"{_gb(model.size_bytes)}，运行要内存 {_gb(model.memory_bytes())}，许可证 {model.licence}"
    extra = "" if model.commercial else "，不可商用"
    note = f"\n{' ' * 25}{'★ 推荐。' if best else ''}{plain(model.note)}" if model.note or best else ""
    return f"  {name} {'·'.join(marks)}  {facts}{extra}{note}"


def _state(there: Installed | None, used: bool) -> str:
    if there is None:
        return "未下载"
    if not there.complete:
        return "不完整"
    return "使用中" if used else "已下载"


def _row_json(model: Model, there: Installed | None, found: Settings, here: Machine, best: bool) -> dict[str, Any]:
    row = model.model_dump(mode="json", exclude={"files", "working_bytes", "kv_bytes_per_token"})
    return {
        **row,
        "size_bytes": model.size_bytes,
        "approximate": any(file.approximate for file in model.files[:1]),
        "memory_bytes": model.memory_bytes(),
        "installed": bool(there and there.complete),
        "in_use": in_use(found, model),
        "fit": fit(model, here),
        "recommended": best,
    }


def _pull(args: argparse.Namespace, found: Settings) -> int:
    from assistant.engine.model_folder import bring, models_at, pull

    folder = models_folder(found)
    local = args.source or (Path(args.name) if _is_path(args.name) else None)
    if local is None:
        model = _named(args.name)
        mirror = args.mirror or found.model_mirror or "modelscope"
        tell(f"下载 {model.name}（{_gb(model.size_bytes)}）。断了没关系，再运行一次会接着下。")
        _say_brought(_with_bar("下载", partial(pull, model, folder, mirror)), found)
        return 0
    models = [_named(args.name)] if args.source else models_at(local)
    if not models:
        raise BadFile(
            f"{local} 里没有认得的模型。",
            "要的是 .gguf 文件、导出好的 OpenVINO 文件夹，或模型目录里列出的文件夹。",
            command="目录：xiangdao model list",
        )
    for model in models:
        tell(f"拷贝 {model.name}（{_gb(model.size_bytes)}）。")
        _say_brought(_with_bar("拷贝", partial(bring, model, local, folder)), found)
    return 0


def _is_path(name: str) -> bool:
    """Whether a name means a file or folder: it is written as one, or it is none of the catalogue's and lies there."""
    written = "/" in name or "\\" in name or name.startswith((".", "~"))
    return written or name.lower().endswith(".gguf") or (by_name(name) is None and Path(name).exists())


def _named(name: str) -> Model:
    """The catalogue's model of a name; BadInput suggests the nearest."""
    if model := by_name(name):
        return model
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), [model.name for model in catalogue()], n=1)
    meant = f"是不是 {near[0]}？" if near else ""
    raise BadInput(f"没有叫 {plain(name)[:60]} 的模型。", meant, command="全部模型：xiangdao model list")


def _with_bar(label: str, work: Callable[[Callable[[int, int, str], None]], Installed]) -> Installed:
    """Run a download or copy under a bar in megabytes with its speed."""
    bar = ProgressBar(label, 1)
    started, first = time.monotonic(), -1

    def progress(done: int, total: int, name: str) -> None:
        nonlocal first
        first = done if first < 0 else first
        speed = (done - first) / 1e6 / max(time.monotonic() - started, 0.1)
        bar(done // 1_000_000, max(total // 1_000_000, 1), f"MB {speed:.1f} MB/s {name}")

    try:
        return work(progress)
    finally:
        bar.close()


def _say_brought(there: Installed, found: Settings) -> None:
    model = there.model
    print(f"{model.name} 已放好，{_COMPARED.get(there.compared, '校验无误')}：{there.main_file}")
    if not model.commercial:
        tell(f"注意：许可证 {model.licence} 不可商用，企业正式使用请换一个。")
    if "没有对话模板" in model.note:
        tell("注意：这个文件没有对话模板，回答可能不像话；最好换一个对话模型（instruct）。")
    if in_use(found, model):
        tell(f"→ {ROLE_NAMES[model.role]}从现在起用它。")
        _warn_of_use(model, SETTING_OF[model.role])
    else:
        tell(f"→ 选用它：xiangdao model use {model.name}")


def _use(args: argparse.Namespace, found: Settings) -> int:
    there = find_installed(args.name, models_folder(found))
    if there is None:
        known = by_name(args.name)
        model = known or _named(args.name)
        raise NotAvailable(
            f"{model.name} 还没有下载。", "要先下载。", command=f"运行：xiangdao model pull {model.name}"
        )
    model = there.model
    if not there.complete:
        raise NotAvailable(
            f"{model.name} 不完整。", "要再下载一次。", command=f"运行：xiangdao model pull {model.name}"
        )
    key = SETTING_OF[model.role]
    write_setting(found.home / "config.toml", key, model.name)
    print(f"{ROLE_NAMES[model.role]}从现在起用 {model.name}。")
    _warn_of_use(model, key)
    _examine(model)
    return 0


def _examine(model: Model) -> None:
    """Have a chat model that can run here sit the entry test of wording, and say how it did."""
    needed = ("openvino_genai",) if is_exported(model) else _SETUP[model.role][0]
    in_use = str(settings().model or "").casefold() == model.name.casefold()
    if model.role != "chat" or not in_use or not set(needed) & set(machine().packages):
        return
    from assistant.engine.choose import open_engine
    from ui.model_entry import finding

    tell("→ 试它说话：10 道小题，几秒到两分钟。")
    if (engine := open_engine(settings())) and (found := finding(engine, settings().home)):
        tell(found[1])


def _warn_of_use(model: Model, key: str) -> None:
    """Say what may stand in the way of the model just chosen."""
    here = machine()
    variable = f"XIANGDAO_{key.upper()}"
    if os.environ.get(variable, model.name).casefold() != model.name.casefold():
        tell(f"注意：环境变量 {variable} 指定了 {os.environ[variable]}，它优先。")
    if fit(model, here) in {"tight", "too_large"}:
        tell(f"注意：它运行要 {_gb(model.memory_bytes())} 内存，这台电脑{_FIT_WORDS[fit(model, here)]}。")
    if model.role == "chat" and "openvino" not in model.readers and "openvino_genai" in here.packages:
        tell(f"注意：OpenVINO 读不了它（{model.architecture} 结构），要用 llama.cpp；NPU 用不上它。")
    packages, extra = (("openvino_genai",), "npu") if is_exported(model) else _SETUP[model.role]
    if not set(packages) & set(here.packages):
        tell(f"→ 还差运行它的程序：python3 start.py setup {extra}")
    elif model.role == "embedding":
        tell("→ 现在就换上：xiangdao docs reindex。不做也行：打开网页或 chat 时会在后台换。")


def is_exported(model: Model) -> bool:
    """Whether a model is a folder for OpenVINO."""
    return model.role == "chat" and model.format == "folder"


def _remove(args: argparse.Namespace, found: Settings) -> int:
    from assistant.engine.model_folder import remove

    there = find_installed(args.name, models_folder(found))
    freed = remove(args.name, models_folder(found))
    print(f"已删除 {plain(args.name)}，腾出 {_gb(freed)}。")
    if there and in_use(found, there.model):
        write_setting(found.home / "config.toml", SETTING_OF[there.model.role], None)
        tell("它原来在用，现在改回不用它。")
    return 0


def write_setting(path: Path, key: str, value: str | None) -> None:
    """Set or, with None, drop one top-level key of config.toml; all other lines stay. BadInput where the file is no TOML."""
    try:
        text = path.read_text("utf-8-sig") if path.exists() else ""
        before = _parsed(text)
        lines = text.splitlines()
        end = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
        top = [line for line in lines[:end] if not re.match(rf"\s*[\"']?{key}[\"']?\s*=", line)]
        while top and not top[-1].strip():
            top.pop()
        top += [f"{key} = {json.dumps(value, ensure_ascii=False)}"] if value is not None else []
        rest = ["", *lines[end:]] if end < len(lines) else []
        written = "\n".join([*top, *rest]).strip("\n") + "\n"
        wanted = {name: kept for name, kept in before.items() if name != key}
        if _parsed(written) != (wanted if value is None else {**wanted, key: value}):
            raise ValueError
        with room_in(path.parent, len(written)):
            _replace(path, written)
        state.note(path.parent)
    except ValueError as exc:
        raise BadInput("设置文件读不懂，没有改动。", f"检查或删除 {path}。") from exc
    except OSError as exc:
        raise BadInput(f"设置文件写不进去：{path}。", "改它的权限。") from exc


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _parsed(text: str) -> dict[str, Any]:
    """The content of a TOML text; ValueError where it is none."""
    parser = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    return dict(parser.loads(text))


def _read_config(path: Path) -> dict[str, Any]:
    try:
        return _parsed(path.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 50_000_000 else f"{size / 1e6:.0f} MB"
