"""What goes wrong in such plans, how often by the surveys, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from tools.outcome import Book
from tools.roadmap.spending import figure

LENOVO, AII = "lenovo_36kr_2024", "aii_report_2023"


@dataclass(frozen=True)
class Risk:
    """A risk: its name, what is known of it, what to do, and the [n] of its source (0: this project's own)."""

    name: str
    fact: str
    remedy: str
    n: int


def risks(book: Book, no_it: bool, tight: bool, lock_in: bool) -> list[Risk]:
    """Talent, security and vendor always; a deadline and a leader's platform where they apply."""
    obstacles, guard = figure("aii-obstacles"), figure("aii-security")
    unskilled = next(o.value for o in obstacles.options if "技能" in o.name)
    open_door = next(o.value for o in guard.options if "未采取" in o.name)
    keeper = (
        "选服务商管升级运维的订阅软件，合同写明谁来教、出问题多久到" if no_it else "定一名负责人，班组长先学会再推开"
    )
    found = [
        Risk("人", f"约{unskilled:g}%的受访中小企业说员工技能不足（2023年，N≈{obstacles.n}）", keeper,
             book.cite(obstacles)),
        Risk("安全", f"约{open_door:g}%的受访中小企业没有任何网络安全防护（2023年，N≈{guard.n}）",
             "先装杀毒、分账号、每天备份到另一处", book.cite(guard)),
        Risk("服务商", "换系统难、数据拿不走", "签约前问清上线时间、运维、老系统对接、数据能否全部导出，先试用再付款",
             book.cite(LENOVO, "3.2.2 关键需求", f"{LENOVO}/vendor-checklist")),
    ]  # fmt: skip
    if tight:
        found.append(Risk("工期", "时间紧，容易上了没人用", "宁可少上一项，每项用满一个月再上下一项", 0))
    if lock_in:
        found.append(
            Risk("依附", "要给链主或平台看产能、质量等数据", "写清给哪些数据、谁能看、停用后怎么删",
                 book.cite(AII, "（三）中小企业数字化转型四大路径", f"{AII}/paths-comparison"))
        )  # fmt: skip
    return found
