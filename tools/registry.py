"""All tools by name: running one from a mapping of arguments, and all of them as LangChain tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING, Any

from core.cut import shorten
from core.errors import BadInput
from tools import fields

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool
    from pydantic import ValidationError

    from tools.outcome import Outcome


def _maturity() -> ModuleType:
    from tools.maturity import compute as maturity

    return maturity


def _size_class() -> ModuleType:
    from tools.size_class import compute as size_class

    return size_class


def _subsidy() -> ModuleType:
    from tools.subsidy import compute as subsidy

    return subsidy


def _roadmap() -> ModuleType:
    from tools.roadmap import compute as roadmap

    return roadmap


def _sector_path() -> ModuleType:
    from tools.sector_path import compute as sector_path

    return sector_path


def _scenarios() -> ModuleType:
    from tools.scenarios import compute as scenarios

    return scenarios


def _cases() -> ModuleType:
    from tools.cases import compute as cases

    return cases


def _tool_vendors() -> ModuleType:
    from tools.tool_vendors import compute as tool_vendors

    return tool_vendors


def _glossary() -> ModuleType:
    from tools.glossary import compute as glossary

    return glossary


def _benchmark() -> ModuleType:
    from tools.benchmark import compute as benchmark

    return benchmark


class _Modules(Mapping[str, ModuleType]):
    """name → module; a module is imported when it is first asked for."""

    def __init__(self, loaders: dict[str, Callable[[], ModuleType]]) -> None:
        self._loaders = loaders

    def __getitem__(self, name: str) -> ModuleType:
        return self._loaders[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaders)

    def __len__(self) -> int:
        return len(self._loaders)

    def __contains__(self, name: object) -> bool:
        return name in self._loaders


TOOLS: Mapping[str, ModuleType] = _Modules(
    {
        "maturity": _maturity,
        "size_class": _size_class,
        "subsidy": _subsidy,
        "roadmap": _roadmap,
        "sector_path": _sector_path,
        "scenarios": _scenarios,
        "cases": _cases,
        "tool_vendors": _tool_vendors,
        "glossary": _glossary,
        "benchmark": _benchmark,
    }
)
"""Every tool by its name, in the order in which help lists them."""


def run(name: str, arguments: Mapping[str, Any], day: date | None = None) -> Outcome:
    """Run a tool on arguments named in Chinese or English; BadInput or NeedsArgument in one clear sentence.

    day: what counts as today, for rules that start and end; None takes the real one.
    """
    from pydantic import ValidationError

    if name not in TOOLS:
        raise BadInput(f"没有叫“{shorten(str(name), 30)}”的工具。", f"可用的有：{'、'.join(TOOLS)}。")
    if not isinstance(arguments, Mapping):
        raise BadInput(
            "工具的参数要写成“名称: 值”的形式（JSON 对象）。", command='例如 {"行业": "注塑", "从业人员": 280}。'
        )
    module = TOOLS[name]
    try:
        checked = module.Arguments.model_validate({str(k): v for k, v in arguments.items() if v is not None})
    except ValidationError as exc:
        raise BadInput(refusal(exc, module.Arguments)) from exc
    outcome: Outcome = module.run(checked, day)
    return outcome


def structured_tools() -> list[StructuredTool]:
    """Every tool as a LangChain tool; imports all of them."""
    return [module.tool() for module in TOOLS.values()]


MEANING = {
    "int_parsing": "要填整数",
    "int_from_float": "要填整数",
    "int_type": "要填整数",
    "float_parsing": "要填数字",
    "float_type": "要填数字",
    "finite_number": "要填普通数字",
    "bool_parsing": "要答是或不是",
    "bool_type": "要答是或不是",
    "string_type": "要填文字",
    "list_type": "要填一个列表",
    "tuple_type": "要填一个列表",
    "dict_type": "要填“名称: 值”的形式",
    "missing": "没有给，这一项必须有",
    "date_from_datetime_parsing": "要写成 2026-11-20 这样的日期",
    "date_parsing": "要写成 2026-11-20 这样的日期",
}


def refusal(exc: ValidationError, arguments: Any) -> str:
    """One Chinese sentence: which argument, what was given, and what is allowed."""
    error = min(exc.errors(), key=lambda found: found["type"] != "extra_forbidden")
    given = str(error["loc"][0]) if error["loc"] else ""
    names = {field: info.alias or field for field, info in arguments.model_fields.items()}
    name = fields.said(names.get(given, given))
    if error["type"] == "extra_forbidden":
        return f"没有“{shorten(given, 30)}”这个参数，可用的有：{'、'.join(names.values())}。"
    if error["type"] == "value_error":
        said = error["msg"].removeprefix("Value error, ")
        return said if said.endswith("。") else f"{name}：{said}。"
    if not name:
        return f"参数不对：{_allowed(error)}。"
    value = error.get("input")
    now = f"，现在是“{_brief(value)}”" if isinstance(value, (str, int, float)) and error["type"] != "missing" else ""
    return f"{name}{_allowed(error)}{now}。"


def _allowed(error: Any) -> str:
    limits = error.get("ctx") or {}
    kind = error["type"]
    if kind == "missing":
        return MEANING[kind]
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    words = {"gt": "要大于", "ge": "不能小于", "lt": "要小于", "le": "不能大于"}
    if kind in bounds:
        return f"{words[bounds[kind]]} {limits[bounds[kind]]:g}"
    if kind in {"string_too_long", "too_long"}:
        return f"太长了，最多 {limits.get('max_length')} {'个字' if kind == 'string_too_long' else '项'}"
    if kind in {"literal_error", "enum"}:
        return f"只能是 {limits.get('expected', '').replace(' or ', ' 或 ')}"
    return MEANING.get(kind, "的值不合要求")


def _brief(value: object) -> str:
    text = str(value)
    return shorten(text, 20)
