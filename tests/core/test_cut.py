from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cut import (
    beginning,
    chunks,
    cut_before,
    glued,
    joined,
    mark_end,
    one_line,
    quoted,
    sentences,
    shorten,
    shorten_middle,
    split_after,
    unmarked,
)
from core.figures import figure_keys, held_spans, numerals
from core.text import squeeze
from tests.written import FIGURES, figure, texts


def kept(part: str, whole: str) -> bool:
    """Whether every figure of a part is one of the whole."""
    return not Counter(figure_keys(part)) - Counter(figure_keys(whole))


# ---- sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("他说“要改。”我同意！然后呢？", ["他说“要改。”", "我同意！", "然后呢？"]),
        ("增长1.5；到2024年12月12日。No.3 在", ["增长1.5；", "到2024年12月12日。", "No.3 在"]),
        ("比例（一般30%；最高50%）不变。好", ["比例（一般30%；最高50%）不变。", "好"]),
        ("“是不是？”的问题。", ["“是不是？”的问题。"]),
        ("看 a?b=3;c=4 这页", ["看 a?b=3;c=4 这页"]),
        ("Is it? Yes! 好", ["Is it?", "Yes!", "好"]),
        ("没有合上的（括号；不算", ["没有合上的（括号；", "不算"]),
        ("上一行（1\n下一行）。", ["上一行（1", "下一行）。"]),
    ],
)
def test_splits_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet="甲乙。！？；”“（）\n a1", max_size=80))
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    assert squeeze("".join(sentences(text))) == squeeze(text)


@given(texts(), st.sampled_from(["。！？!?", "；;", "，,、 \t", "。！？!?；;\n"]))
def test_parts_are_the_text_again_and_no_figure_is_split(text: str, ends: str) -> None:
    parts = split_after(text, ends)
    assert "".join(parts) == text
    if "\n" not in ends:
        at, held = 0, held_spans(text)
        for part in parts[:-1]:
            at += len(part)
            assert not any(start < at < end for start, end in held)


# ---- cutting


def test_shorten_cuts_at_a_sentence() -> None:
    assert shorten("第一句话在这里。第二句话很长很长很长。", 12) == "第一句话在这里。"


@pytest.mark.parametrize("written", FIGURES)
@pytest.mark.parametrize("limit", range(3, 24))
def test_a_shortened_text_has_a_figure_whole_or_not_at_all(written: str, limit: int) -> None:
    text = f"企业数达到{written}，另有说明若干字"
    assert shorten(text, limit).rstrip("…").rstrip("，") in {text[:n] for n in range(6)} | {
        text[:n] for n in range(5 + len(written), len(text) + 1)
    }


@given(texts(), st.integers(1, 60))
def test_what_is_shortened_keeps_its_beginning_and_the_limit(text: str, limit: int) -> None:
    cut = shorten(text, limit)
    assert len(cut) <= limit + 1
    assert text.startswith(cut.removesuffix("…"))
    assert cut == text or len(text) > limit
    assert kept(cut, text)


@given(texts(), st.integers(0, 300))
def test_a_cut_never_falls_inside_a_figure(text: str, limit: int) -> None:
    at = cut_before(text, limit)
    assert at <= max(limit, 0) or at == len(text)
    assert not any(start < at < end for start, end in held_spans(text))


def test_the_beginning_of_a_text_has_no_piece_of_a_figure() -> None:
    assert beginning("去年营收30000万元", 6) == "去年营收"


@given(texts(most=60), st.integers(40, 120))
def test_chunks_are_the_text_again_and_hold_its_figures(text: str, size: int) -> None:
    parts = chunks(text, size)
    assert "".join(parts) == text
    assert all(len(part) <= size for part in parts)
    assert Counter(figure_keys(text)) == sum((Counter(figure_keys(part)) for part in parts), Counter())


@given(texts(), st.integers(3, 20), st.integers(3, 20))
def test_the_middle_of_a_name_is_left_out_without_cutting_a_figure(text: str, head: int, tail: int) -> None:
    assert kept(shorten_middle(text, head, tail), text)


# ---- list marks


@pytest.mark.parametrize("line", ["3.85%的企业", "73.8%", "-5.2%", "2.0版", "3、5年", "12月31日", "2024. 今年", "一、二级", "1.5；", "−3%", "+5%", "3家", "2024-12-12"])  # fmt: skip
def test_no_number_is_taken_for_a_list_mark(line: str) -> None:
    assert unmarked(line) == line


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("1. 甲", "甲"), ("1、甲", "甲"), ("1.甲", "甲"), ("12）甲", "甲"), ("（3）5家", "5家"), ("（三）甲", "甲"), ("一、甲", "甲"), ("- 3.85%", "3.85%"),
        ("- -5.2%", "-5.2%"), ("•-5%", "-5%"), ("① 12家", "12家"), ("* 甲", "甲"), ("  2. 3.5%", "3.5%"), ("1 . 甲", "甲"), ("1．甲", "甲"),
    ],
)  # fmt: skip
def test_a_list_mark_goes_and_the_rest_stays(line: str, rest: str) -> None:
    assert unmarked(line) == rest


def test_a_dash_does_not_count() -> None:
    assert mark_end("- 甲") and not mark_end("- 甲", numbered=True) and mark_end("1. 甲", numbered=True)


@given(figure, texts())
def test_a_line_that_begins_with_a_figure_keeps_it(written: str, text: str) -> None:
    assert figure_keys(unmarked(f"{written}，{text}")) == figure_keys(f"{written}，{text}")


# ---- joining


@given(figure, figure)
def test_two_figures_joined_stay_two(one: str, other: str) -> None:
    assert Counter(figure_keys(joined(f"共{one}", f"{other}，"))) == Counter(figure_keys(f"共{one}")) + Counter(
        figure_keys(f"{other}，")
    )


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("共12", "3家", "共12 3家"), ("共12", "345家", "共12\n345家"), ("占比10%—", "30%", "占比10%—30%"), ("共12", "家", "共12家"), ("use", "ERP", "use ERP"),
        ("第1.", "5%", "第1. 5%"), ("中小", "企业", "中小企业"), ("增长-", "5%", "增长- 5%"),
    ],
)  # fmt: skip
def test_wrapped_lines_are_glued_without_making_a_number(left: str, right: str, whole: str) -> None:
    assert glued(left, right) == whole


@given(texts(), texts())
def test_glued_lines_have_the_numbers_of_both(left: str, right: str) -> None:
    assert numerals(glued(left, right)) == [*numerals(left), *numerals(right)]


@given(texts())
def test_one_line_has_the_numbers_of_all_lines(text: str) -> None:
    assert "\n" not in one_line(text)
    assert [n.replace(" ", "") for n in numerals(one_line(text))] == [n.replace(" ", "") for n in numerals(text)]


def test_what_stands_far_apart_is_not_one_number() -> None:
    assert one_line("  上云率\n\n 目标 \t是多少 ") == "上云率 目标是多少"
    assert one_line("共12\n300家 1200 300") == "共12，300家 1200 300"


def test_what_looks_like_a_citation_is_not_shown_as_one() -> None:
    assert quoted("见附件[3]") == "见附件［3］"
