"""What is said of the entry test of wording, by `model use` and by the doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.engine.contract import Engine
from assistant.wording import entry
from core.errors import XiangdaoError

DOCTOR_S = 30.0
"""How long the doctor lets a model sit the test that has not sat it yet."""


def finding(
    engine: Engine, home: Path, most_s: float = entry.MOST_S, facts: dict[str, Any] | None = None
) -> tuple[bool, str] | None:
    """(passed, line) of an engine's model; None of one elsewhere that nothing is known of. The engine is closed then."""
    try:
        known = entry.known(home, engine.settings)
        if known is None and engine.name not in entry.OWN:
            return None
        mark = known or entry.examined(home, engine, most_s)
    except XiangdaoError as exc:
        return False, f"说话测试没有做成：{exc}"
    finally:
        engine.close()
    if facts is not None:
        facts["wording"] = {"right": mark.right, "asked": mark.asked, "passed": mark.passed}
    if mark.passed:
        return True, f"{mark.told}，用它把答案说得更顺，用了 {mark.seconds:.0f} 秒"
    return False, f"{mark.told}，没有过，不用它改写答案；换一个大一点的对话模型：xiangdao model list"
