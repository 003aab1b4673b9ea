import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import chinese_number, normalise, squeeze


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("280", 280), ("1,900", 1900), ("1.9", 1.9), ("三千", 3000), ("两百五", 250), ("一万二", 12000), ("六千二百万", 62_000_000),
        ("十", 10), ("十五", 15), ("三十", 30), ("一百零五", 105), ("一千零五十", 1050), ("两亿三千万", 230_000_000), ("一点九", 1.9),
        ("一亿二", 120_000_000), ("二〇二五", 2025),
    ],
)  # fmt: skip
def test_reads_spoken_numbers(text: str, value: float) -> None:
    assert chinese_number(text) == pytest.approx(value)


def test_says_none_where_there_is_no_number() -> None:
    assert chinese_number("很多") is None
    assert chinese_number("") is None


def test_folds_kangxi_radicals_and_full_width_letters_but_keeps_chinese_punctuation() -> None:
    assert normalise("中⼩企业，ＥＲＰ（１２）") == "中小企业，ERP（12）"


def test_drops_white_space_and_invisible_characters_inside_chinese() -> None:
    assert normalise("中小 企业\u200b数字\u202e化 ERP 系统") == "中小企业数字化 ERP 系统"


@pytest.mark.parametrize("text", ["①12家", "10²", "½ 3", "三 五家", "⒈5家", "30㎡2间", "1200 300"])
def test_folding_joins_no_digits(text: str) -> None:
    assert normalise(text) == text


def test_squeeze_makes_equal_what_differs_in_width_and_space() -> None:
    assert squeeze("工信部联企业 〔2024〕２３９号") == squeeze("工信部联企业〔2024〕239号")


def in_words(n: int) -> str:
    """A whole number below ten thousand, written out in Chinese."""
    digits, out, gap = "零一二三四五六七八九", "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + word
        gap = not digit
    return out


@given(st.integers(1, 9999))
def test_any_number_written_out_is_read_back(n: int) -> None:
    assert chinese_number(in_words(n)) == n


@given(st.integers(1, 9999), st.integers(1000, 9999))
def test_ten_thousands_and_the_rest_add_up(high: int, low: int) -> None:
    assert chinese_number(f"{in_words(high)}万{in_words(low)}") == high * 10_000 + low


@given(st.text(alphabet="中小企业⼩⺠，。ＡＢc1２ 　\u200b\u202e\ufeff\r\n\t\x00", max_size=60))
def test_text_made_normal_once_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not set(once) & set("⼩⺠ＡＢ２\u200b\u202e\ufeff\r\x00")


def test_words_in_latin_letters_keep_the_spaces_between_them() -> None:
    assert normalise("What is MES") == "What is MES"
