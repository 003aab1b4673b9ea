"""A programme's conditions and tiers as one line of text, and programmes as rows of programmes.yaml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.output import write_whole
from corpus.cards import read_yaml_list
from corpus.rows import Condition, Programme, Row, Tier

LABELS: dict[str, dict[str, str]] = {
    "level": {"national": "全国", "province": "省", "city": "市"},
    "kind": {
        "subsidy": "补助", "voucher": "券", "interest": "贴息", "loan": "贷款", "guarantee": "担保", "tax": "税收",
        "insurance": "保险", "service": "服务",
    },
    "status": {"in_force": "有效", "expired": "到期", "closed": "已关闭", "superseded": "被替代", "unknown": "没查清"},
    "certainty": {"full": "官方全文", "snippet": "摘录", "third_party": "第三方"},
}  # fmt: skip
"""What the fields with fixed values are called in a spreadsheet."""
_BAR, _COMMA = " | ", "、"
CONDITION_FORM = "编号 | 条件 | 字段 | 关系 | 值"
TIER_FORM = "说明 | 等级 | 完成日起 | 完成日止 | 比例 | 封顶万元 | 另加万元"


def write_condition(condition: Condition) -> str:
    """编号 | 条件 | 字段 | 关系 | 值, the last three empty where it has to be asked."""
    value = condition.value
    if isinstance(value, tuple):
        value = _COMMA.join(value)
    elif isinstance(value, bool):
        value = "是" if value else "否"
    elif isinstance(value, float):
        value = f"{value:.12g}"
    told = (condition.id, condition.text, condition.field or "", condition.op or "", value or "")
    return _BAR.join(told).rstrip()


def read_condition(line: str) -> dict[str, Any]:
    """The reverse; ValueError in Chinese names the form."""
    parts = [part.strip() for part in (line + " ").split("|")]
    if len(parts) < 5:
        raise ValueError(f"每行写成“{CONDITION_FORM}”，现在是“{line[:24]}”")
    field, op, value = parts[-3:]
    read: Any = value or None
    if op in {"in", "any_of"}:
        read = [item for item in value.split(_COMMA) if item]
    elif op == "eq" and value in {"是", "否"}:
        read = value == "是"
    elif op in {"gte", "lte"}:
        read = _float(value, line)
    return {"id": parts[0], "text": "|".join(parts[1:-3]), "field": field or None, "op": op or None, "value": read}


def write_tier(tier: Tier) -> str:
    """说明 | 等级 | 完成日起 | 完成日止 | 比例 | 封顶万元 | 另加万元."""
    numbers = (tier.rate, tier.cap_wan, tier.bonus_wan)
    told = [tier.text, str(tier.level or ""), tier.completed_from or "", tier.completed_until or ""]
    told += ["" if number is None else f"{number:.12g}" for number in numbers]
    return _BAR.join(told).rstrip()


def read_tier(line: str) -> dict[str, Any]:
    """The reverse; ValueError in Chinese names the form."""
    parts = [part.strip() for part in (line + " ").split("|")]
    if len(parts) < 7:
        raise ValueError(f"每行写成“{TIER_FORM}”，现在是“{line[:24]}”")
    level, begins, ends, *numbers = parts[-6:]
    rate, cap, bonus = (_float(number, line) if number else None for number in numbers)
    return {
        "text": "|".join(parts[:-6]),
        "level": int(level) if level.isdecimal() else None,
        "completed_from": begins or None,
        "completed_until": ends or None,
        "rate": rate,
        "cap_wan": cap,
        "bonus_wan": bonus,
    }


def _float(text: str, line: str) -> float:
    if not re.fullmatch(r"\d+(?:\.\d+)?%?", text):
        raise ValueError(f"“{line[:24]}”里的“{text[:12]}”不是数字")
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def replace_rows(into: Path, rows: Iterable[Programme]) -> None:
    """Write rows into a programmes.yaml: those of a known id in place, others at the end; what is not changed stays as it is."""
    text = into.read_text(encoding="utf-8") if into.exists() else ""
    head, *blocks = re.split(r"(?m)^(?=- )", text)
    present = read_yaml_list(into) if text else []
    by_id = {str(raw.get("id")): n for n, (_, raw) in enumerate(present)}
    for row in rows:
        at = by_id.get(row.id)
        if at is None:
            blocks.append(_block(row))
        elif Programme.model_validate(present[at][1]) != row:
            blocks[at] = _block(row)
    whole = head + "\n".join(block.rstrip("\n") + "\n" for block in blocks)
    write_whole(into, whole.encode())


def _block(row: Programme) -> str:
    """One row in the file's own layout; JSON is YAML."""
    lines = []
    raw = row.model_dump()
    for field in sorted(Programme.model_fields, key=lambda field: field in Row.model_fields):
        value = raw[field]
        if field == "section" and not value:
            continue
        if field == "tiers":
            value = [{k: v for k, v in tier.items() if k != "bonus_wan" or v is not None} for tier in value]
        if field in {"conditions", "tiers"} and value:
            lines += [f"{field}:", *(f"  - {_flow(item)}" for item in value)]
        else:
            lines.append(f"{field}: {_flow(value)}")
    return "- " + "\n  ".join(lines) + "\n"


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
