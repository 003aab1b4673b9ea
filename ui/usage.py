"""The command line's own words: help, usage and mistakes in Chinese, columns aligned by the width of what is shown."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

_WORDS = (
    ("the following arguments are required:", "缺少参数："),
    ("unrecognized arguments:", "不认识的参数："),
    ("expected one argument", "后面要跟一个值"),
    ("expected at least one argument", "后面至少要有一个值"),
    ("could match", "可能是"),
    ("ambiguous option:", "写得不全："),
    ("ignored explicit argument", "后面不能跟值"),
    ("not allowed with argument", "不能同时用"),
    ("argument ", "参数 "),
)


class Misused(SystemExit):
    """A command that cannot be read; status 2."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(2)
        self.message = message
        self.hint = hint


class Parser(argparse.ArgumentParser):
    """argparse with its fixed words in Chinese and a help of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "add_help": False})
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def format_usage(self) -> str:
        """用法：xiangdao search [选项] 关键词"""
        words = [self.prog, "[选项]"]
        for action in _positionals(self):
            name = _name(action)
            words.append(
                f"{name} [{name} …]" if action.nargs == "+" else f"[{name}]" if action.nargs in ("?", "*") else name
            )
        return f"用法：{' '.join(words)}\n"

    def format_help(self) -> str:
        """Usage, what the command does, then its arguments, subcommands and options in two columns."""
        parts = [self.format_usage()]
        if self.description:
            parts.append(f"{self.description}\n")
        plain = [(_name(a), a.help or "") for a in _positionals(self) if not isinstance(a, argparse._SubParsersAction)]
        options = [(", ".join(_spelt(a)), a.help or "") for a in self._actions if a.option_strings]
        for title, rows in (("参数", plain), *_subcommands(self), ("选项", options)):
            if rows:
                parts.append(f"{title}：\n{_columns(rows)}")
        return "\n".join([*parts, *([f"{self.epilog}\n"] if self.epilog else [])])

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            allowed = "、".join(map(str, action.choices))
            nested = isinstance(action, argparse._SubParsersAction)
            what = (
                f"没有这个{_name(action)}：{value}"
                if nested
                else f"{(action.option_strings or [_name(action)])[0]} 不能是 {value}"
            )
            raise argparse.ArgumentError(None, f"{what}，可选 {allowed}")

    def error(self, message: str) -> Any:
        """Say in one sentence what is wrong and end with status 2."""
        for english, chinese in _WORDS:
            message = message.replace(english, chinese)
        raise Misused(f"用法不对：{message.replace('： ', '：').replace(': ', '：')}", f"查看用法：{self.prog} --help")


def describe(parser: argparse.ArgumentParser) -> None:
    """Give every command within the line that the list of commands has for it as its description."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for listed in action._get_subactions():
                inner = action.choices[listed.dest]
                inner.description = inner.description or listed.help
                describe(inner)


def whole(low: int, high: int | None = None) -> Callable[[str], int]:
    """A kind of argument: a whole number from `low` to `high`."""
    wanted = f"要 {low} 到 {high} 的整数" if high is not None else f"要不小于 {low} 的整数"

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if number < low or (high is not None and number > high):
            raise argparse.ArgumentTypeError(f"{wanted}，不是 {text}")
        return number

    return read


def day(text: str) -> date:
    """A kind of argument: a day."""
    try:
        from tools.arguments import read_day

        return read_day(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{exc}，不是 {text}") from exc


def width(text: str) -> int:
    """How many columns a text takes in a terminal: a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _positionals(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if not action.option_strings]


def _name(action: argparse.Action) -> str:
    return str(action.metavar or action.dest)


def _spelt(action: argparse.Action) -> list[str]:
    """The spellings of an option, each with the name of its value: -k N."""
    value = "" if action.nargs == 0 else f" {_name(action)}" if action.metavar else f" {action.dest.upper()}"
    return [f"{spelling}{value}" for spelling in action.option_strings] or [_name(action)]


def _subcommands(parser: argparse.ArgumentParser) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield _name(action), [(_name(a), a.help or "") for a in action._get_subactions()]


def _columns(rows: list[tuple[str, str]]) -> str:
    left = min(max(width(name) for name, _ in rows), 28)
    lines = []
    for name, text in rows:
        if width(name) > left:
            lines += [f"  {name}", f"  {' ' * left}  {text}"]
        else:
            lines.append(f"  {name}{' ' * (left - width(name))}  {text}")
    return "\n".join(line.rstrip() for line in lines) + "\n"
