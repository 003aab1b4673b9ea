"""Texts with figures of every form, for properties: what must come through every way a text takes."""

from __future__ import annotations

from hypothesis import strategies as st

from core.cut import unmarked
from core.figures import figure_keys

FIGURES = (
    "3.85%", "73.8%", "-5.2%", "−0.3%", "40％", "3‰", "1,200家", "19,000万元", "1.9亿元", "2000万元（含）以上", "￥300", "300 万元", "1 200人",
    "10%—30%", "10～30人", "3至5年", "3-6个月", "1500-2500万元", "2024-2027年", "2025—2027年", "2024年12月—2025年3月", "1月1日至3月31日",
    "2024年12月12日", "2024-12-12", "12月31日", "2027年", "百分之三十", "三千万元", "第十二条", "第3批", "财建〔2023〕117号", "2.0版", "v2.0",
    "GB/T 39116-2020", "No.3", "0574-87181234", "3:1", "5G", "二级", "三成", "两三家", "50余家", "2.5个百分点", "6.5折", "1.5倍", "300*400",
    "3~5级", "2024", "12", "100",
)  # fmt: skip
WORDS = (
    "企业",
    "上云率为",
    "增长",
    "不超过",
    "补助最高",
    "；",
    "，",
    "。",
    "、",
    "（",
    "）",
    "“",
    "”",
    "：",
    "MES",
    "ERP ",
    "\n",
    " ",
    "的",
    "达到",
    "！",
    "*",
    "|",
    "按",
    "**",
)
figure = st.sampled_from(FIGURES)
word = st.sampled_from(WORDS)


@st.composite
def texts(draw: st.DrawFn, words: st.SearchStrategy[str] = word, most: int = 25) -> str:
    """Figures and words in any order, no figure right beside another."""
    out = []
    for _ in range(draw(st.integers(0, most))):
        out.append(draw(words))
        if draw(st.booleans()):
            out += [draw(figure), draw(st.sampled_from(("，", "的企业", "。", "；", "）", "\n")))]
    return "".join(out)


_BETWEEN = st.sampled_from(
    ("企业", "补助最高", "；", "，", "（含）", "“好”", "MES ", "达到", " [1]", "：", "_", "~~", "\\", "&", "<b>", "#")
)
_BEGINS = st.sampled_from(("", "", "- ", "1. ", "3. ", "> ", ">", "## ", "**注意：** ", "2024. ", "（1）", "* ", "+ "))


@st.composite
def answers(draw: st.DrawFn) -> str:
    """Our Markdown with figures anywhere: at the start of a line, after a list mark, in bold, beside marks that mean more."""
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        line = draw(_BEGINS)
        for _ in range(draw(st.integers(1, 5))):
            written = draw(figure)
            line += (f"**{written}**" if draw(st.booleans()) else written) + "，" + draw(_BETWEEN) + "的"
        lines.append(line)
    return draw(st.sampled_from(("\n", "\n\n"))).join(lines)


def told(markdown: str) -> list[str]:
    """The figures of an answer, without the marks of its lists."""
    lines = markdown.replace("**", "").split("\n")
    return sorted(key for line in lines for key in figure_keys(unmarked(line)))
