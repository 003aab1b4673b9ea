"""The bundled knowledge: cards and sources, read from YAML and checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.errors import BadKnowledge
from core.types import Passage, Source
from corpus import manifest, spare

CORPUS = Path(__file__).parent
SHORT_CHARACTERS = 60
"""The longest one-sentence form of a card."""

Kind = Literal[
    "target", "policy", "task", "programme", "guide", "scenario", "sector_path", "case", "statistic",
    "term", "path", "maturity", "tool", "international", "organisation", "caveat", "practice",
]  # fmt: skip


MEANING = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段，多半是写错了名字",
    "union_tag_invalid": "row 的取值不认识",
    "union_tag_not_found": "缺少 row",
    "literal_error": "不是允许的取值，可选 {expected}",
    "string_type": "要写文字",
    "list_type": "要写成列表",
    "dict_type": "要写成“名称: 值”",
    "string_too_short": "太短，至少 {min_length} 个字",
    "string_too_long": "太长，最多 {max_length} 个字",
    "too_short": "太少，至少 {min_length} 条",
    "too_long": "太多，最多 {max_length} 条",
    "string_pattern_mismatch": "只能用小写字母、数字和 _ - . /，形如 来源/名称",
    "float_parsing": "要写数字",
    "int_parsing": "要写整数",
    "bool_parsing": "要写 true 或 false",
    "date_from_datetime_parsing": "要写成 2026-11-20 这样的日期",
}
"""What pydantic's kinds of error mean to somebody who edits a card or a table."""


def meaning(error: Any) -> str:
    """One of pydantic's errors in Chinese; the words of our own checks as they are."""
    if error["type"] == "value_error":
        return str(error["msg"]).removeprefix("Value error, ")
    context = error.get("ctx") or {}
    return MEANING.get(error["type"], f"值不合要求（{error['msg']}）").format_map({"expected": "", **context})


class Card(BaseModel):
    """One answer unit in our own words; see docs/knowledge.md for the fields."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9_]+/[a-z0-9_\-./]+$")
    kind: Kind
    title: str = Field(min_length=2, max_length=80)
    source: str
    section: list[str] = Field(min_length=1)
    short: str = Field(default="", max_length=SHORT_CHARACTERS)
    text: str = Field(min_length=20, max_length=1200)
    questions: list[str] = Field(min_length=3, max_length=12)
    not_answered: list[str] = Field(default_factory=list, max_length=4)
    tags: dict[str, Any] = Field(default_factory=dict)
    terms: list[str] = Field(default_factory=list)
    derived: list[str] = Field(default_factory=list)
    figures: list[Any] = Field(default_factory=list)
    rests_on: list[str] = Field(default_factory=list)
    certainty: Literal["full", "snippet", "third_party", "practice"] = "full"
    as_of: str = ""

    @field_validator("as_of", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value or "")


def _lines_of(node: yaml.Node | None) -> list[int]:
    return [item.start_mark.line + 1 for item in node.value] if isinstance(node, yaml.SequenceNode) else []


def read_yaml_list(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Read a YAML file that holds a list of mappings; each with the line it starts on."""
    try:
        text = path.read_text(encoding="utf-8")
        rows = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "某处"
        raise BadKnowledge(f"{path.name} {where}的格式不对（YAML）。", "检查缩进、冒号和引号。") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise BadKnowledge(f"{path.name} 读不出来。", "确认文件存在、是 UTF-8 编码。") from exc
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise BadKnowledge(f"{path.name} 应当是一个列表（每条以“- ”开头）。")
    lines: list[int] = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            lines = lines or _lines_of(yaml.compose(text))
            raise BadKnowledge(f"{path.name} 第 {lines[number]} 行不是“字段: 值”的形式。")
    return list(zip(_starts(text, len(rows)), rows, strict=True))


def _starts(text: str, count: int) -> list[int]:
    """Line numbers at which the items of a top-level list start."""
    starts = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith("- ")]
    return starts if len(starts) == count else [0] * count


def load_sources(corpus: Path = CORPUS) -> dict[str, Source]:
    """The documents that knowledge comes from, by id."""
    return spare.read(corpus / manifest.SOURCES, sources_in)


def sources_in(path: Path) -> dict[str, Source]:
    """The documents that one file lists. Raises BadKnowledge."""
    sources: dict[str, Source] = {}
    for line, row in read_yaml_list(path):
        row = {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
        try:
            source = Source(**{**row, "aliases": tuple(row.get("aliases") or ())})
            re.compile("|".join(source.aliases))
        except (TypeError, re.error) as exc:
            raise BadKnowledge(f"sources.yaml 第 {line} 行起的来源有多余或缺少的字段：{exc}。") from exc
        if source.id in sources:
            raise BadKnowledge(f"sources.yaml 第 {line} 行：来源 {source.id} 重复。")
        sources[source.id] = source
    return sources


def card_files(corpus: Path = CORPUS) -> list[Path]:
    return sorted((corpus / "cards").rglob("*.yaml"))


def iter_cards(corpus: Path = CORPUS) -> Iterator[tuple[Path, int, dict[str, Any]]]:
    """Each raw card with its file and line."""
    for path in card_files(corpus):
        for line, row in read_yaml_list(path):
            yield path, line, row


def check_card(path: Path, line: int, row: dict[str, Any], sources: dict[str, Source]) -> Card:
    """Validate one raw card; BadKnowledge names file, line and field."""
    try:
        card = Card.model_validate(row)
    except ValidationError as exc:
        error = exc.errors()[0]
        name = ".".join(str(part) for part in error["loc"])
        raise BadKnowledge(
            f"{path.name} 第 {line} 行起的卡片（{row.get('id', '没有 id')}）字段 {name} 不对：{meaning(error)}。",
            "字段的写法见 docs/knowledge.md。",
        ) from exc
    if card.source not in sources:
        raise BadKnowledge(f"{path.name} 第 {line} 行起的卡片 {card.id}：来源 {card.source} 不在 sources.yaml 里。")
    return card


def load_cards(corpus: Path = CORPUS) -> list[Card]:
    """All cards, validated; ids are unique and sources known."""
    manifest.check(corpus)
    sources = load_sources(corpus)
    cards: dict[str, Card] = {}
    for path, line, row in iter_cards(corpus):
        card = check_card(path, line, row, sources)
        if card.id in cards:
            raise BadKnowledge(f"{path.name} 第 {line} 行：卡片 {card.id} 重复。", "每张卡片的 id 只能用一次。")
        cards[card.id] = card
    return list(cards.values())


def as_passage(card: Card, source: Source) -> Passage:
    """A card as a passage; region and validity come from its source unless the card has tags of its own."""
    regions = card.tags.get("regions") or []
    return Passage(
        passage_id=card.id,
        source_id=card.source,
        title=card.title,
        text=card.text.strip(),
        origin="card",
        section=tuple(card.section),
        kind=card.kind,
        region="、".join(str(r) for r in regions),
        valid_from=card.tags.get("valid_from") or source.valid_from,
        valid_until=card.tags.get("valid_until") or source.valid_until,
        status=card.tags.get("status") or source.status,
        certainty=card.certainty,
        as_of=card.as_of,
        questions=tuple(card.questions),
        short=card.short,
        not_answered=tuple(card.not_answered),
        tags=card.tags,
        sha256=hashlib.sha256(f"{card.title}\n{card.text}".encode()).hexdigest(),
    )


def knowledge_hash(corpus: Path = CORPUS) -> str:
    """A hash over everything the bundled index is made from; files are small, so their bytes are read."""
    digest = hashlib.sha256()
    lexicon = [path for path in (corpus / "lexicon").iterdir() if path.suffix in {".txt", ".yaml"}]
    for path in [corpus / manifest.SOURCES, *sorted(lexicon), *card_files(corpus)]:
        digest.update(path.name.encode())
        with suppress(FileNotFoundError, IsADirectoryError, PermissionError):  # reading it says what is wrong
            digest.update(path.read_bytes())
    return digest.hexdigest()
