"""Running a tool by its name from a mapping of arguments, and all of them as LangChain tools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from core.cut import shorten
from core.errors import BadInput
from tools import fields
from tools.spec import ToolSpec, specs

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool
    from pydantic import ValidationError

    from tools.outcome import Outcome


def run(name: str, arguments: Mapping[str, Any], day: date | None = None) -> Outcome:
    """Run a tool on arguments named in Chinese or English; BadInput or NeedsArgument in one clear sentence.

    day: what counts as today, for rules that start and end; None takes the real one.
    """
    from pydantic import ValidationError

    if name not in specs():
        raise BadInput(f"没有叫“{shorten(str(name), 30)}”的工具。", f"可用的有：{'、'.join(specs())}。")
    if not isinstance(arguments, Mapping):
        raise BadInput(
            "工具的参数要写成“名称: 值”的形式（JSON 对象）。", command='例如 {"行业": "注塑", "从业人员": 280}。'
        )
    work = specs()[name].compute()
    try:
        checked = work.Arguments.model_validate({str(k): v for k, v in arguments.items() if v is not None})
    except ValidationError as exc:
        raise BadInput(refusal(exc, work.Arguments)) from exc
    outcome: Outcome = work.run(checked, day)
    return outcome


def structured_tools() -> list[StructuredTool]:
    """Every tool as a LangChain tool, which returns the outcome's JSON; imports all of them."""
    return [structured(spec) for spec in specs().values()]


def structured(spec: ToolSpec) -> StructuredTool:
    """One tool as a LangChain tool."""
    from langchain_core.tools import StructuredTool

    work = spec.compute()

    def call(**given: Any) -> dict[str, Any]:
        outcome: Outcome = work.run(work.Arguments(**given))
        return outcome.as_json()

    return StructuredTool.from_function(func=call, name=spec.name, description=spec.when, args_schema=work.Arguments)


def arguments_of(name: str) -> dict[str, str]:
    """A tool's arguments by their Chinese names, with what each holds."""
    fields_of = specs()[name].compute().Arguments.model_fields
    return {info.alias or field: info.description or "" for field, info in fields_of.items()}


def in_chinese(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by their Chinese names."""
    fields_of = specs()[name].compute().Arguments.model_fields
    return {fields_of[key].alias or key if key in fields_of else key: value for key, value in given.items()}


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
