"""Made-up notices full of figures in every form, to try whether they come through unchanged. None of what they say is true."""

from __future__ import annotations

import random
from collections.abc import Iterator

_PLACES = ("安澜市", "清禾县", "北屏区", "松岭市", "云埠县", "金泽区")
_THINGS = ("设备联网", "云化软件", "质量追溯", "能耗监测", "排产系统", "仓储系统", "数字化诊断", "机器人应用")
_COUNT = "一二三四五六七八九十"
_CLAUSES = (
    "{a}.{b}%的企业已经用上{thing}，比上年{sign}{c}.{b}%。",
    "-{c}.{b}%是{thing}投入的同比增速，{a}‰为不良率。",
    "{thing}按实际投入的{low}%—{high}%补助，单个项目最高{m}万元（含），一年内不超过{few}个。",
    "补助对象：营业收入{m}万元（含）以上、{few}亿元以下，从业人员{a}～{n}人，成立{few}至{many}年。",
    "2.{few}版{thing}规范自{year}年{month}月{day}日起施行，{year}-{month2}-{day2}前按1.{few}版执行。",
    "资金分{spoken}期拨付，首期百分之{tens}，其余在验收后{few}-{many}个月内拨付；首期不低于1,{k}00元。",
    "到{year}年培育{n}家以上，规上企业{thing}普及率达到{a}.{b}%，{year}—{year2}年年均提高{few}.{b}个百分点。",
    "咨询电话：0{k}-8{k}12{a}34，邮编{k}{k}00，地址：和平路{n}号{few}楼。",
    "设备与软件投入比不低于{few}:1；贷款贴息{few}.{b}%，期限{few}年，额度{m}万元以内。",
    "{few}．{a}%为最低自筹比例；{a}家试点平均{few}.{b}天完成诊断，每户{n} 元。",
    "第{spoken}批共{n}个项目，金额{few}.{b}亿元，其中{high}％用于{thing}，{c}％用于培训。",
    "从{m}万元提高到{m2}万元，增幅{low}%；对小微企业减半，即{few}万{k}千元。",
)


def figured_notices(count: int, seed: int) -> Iterator[str]:
    """So many notices as Markdown, with paragraphs, numbered and dashed lists, and a table."""
    rng = random.Random(seed)
    for number in range(count):
        place, thing = rng.choice(_PLACES), rng.choice(_THINGS)
        year = rng.randint(2023, 2026)
        title = f"{place}{year}年{thing}补助申报通知（第{number + 1}号）"
        lines = [f"# {title}", f"{place[:2]}工信〔{year}〕{number + 11}号", ""]
        for at, heading in enumerate(("支持标准", "申报条件", "时间安排", "资金拨付", "联系方式")):
            lines += [f"## {_COUNT[at]}、{heading}", ""]
            for item in range(rng.randint(3, 6)):
                mark = rng.choice(("", f"{item + 1}. ", "- ", f"（{_COUNT[item]}）", f"{item + 1}、"))
                lines += [mark + _clause(rng, thing), ""]
        lines += _table(rng), ""
        yield "\n".join(map(str, lines))


def _clause(rng: random.Random, thing: str) -> str:
    low = rng.randint(5, 30)
    return rng.choice(_CLAUSES).format(
        thing=rng.choice((thing, rng.choice(_THINGS))), a=rng.randint(11, 98), b=rng.randint(1, 9), c=rng.randint(1, 9),
        sign=rng.choice(("-", "+", "")), low=low, high=low + rng.randint(5, 40), m=rng.randint(2, 90) * 50,
        m2=rng.randint(100, 300) * 50, n=rng.randint(100, 999), few=rng.randint(2, 6), many=rng.randint(7, 12),
        year=rng.randint(2024, 2026), year2=rng.randint(2027, 2030), month=rng.randint(1, 12), day=rng.randint(1, 28),
        month2=f"{rng.randint(1, 12):02}", day2=f"{rng.randint(1, 28):02}", k=rng.randint(1, 9),
        spoken=rng.choice("二三四五"), tens=rng.choice(("三十", "四十", "五十", "六十五")),
    )  # fmt: skip


def _table(rng: random.Random) -> str:
    rows = ["| 档次 | 投入（万元） | 比例 | 上限（万元） | 增速 |", "| --- | --- | --- | --- | --- |"]
    for name in "甲乙丙丁":
        low = rng.randint(20, 400)
        rows.append(
            f"| {name}档 | {low}-{low + rng.randint(50, 500)} | {rng.randint(5, 40)}.{rng.randint(1, 9)}% "
            f"| {rng.randint(10, 900)} | -{rng.randint(1, 9)}.{rng.randint(1, 9)}% |"
        )
    return "\n".join(rows)
