"""One numeral, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import read_number

CAPITALS = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("两万亿", "兩萬億")
WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．".replace("，", ","))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("280", 280), ("２８０", 280), ("1,900", 1900), ("１,９００", 1900), ("1 200", 1200), ("50 000", 50_000), ("30,000,000", 30_000_000), ("1.9", 1.9), ("０．５", 0.5),
        ("十", 10), ("十五", 15), ("三十", 30), ("廿五", 25), ("卅二", 32), ("一百零五", 105), ("一百十五", 115), ("一千零五十", 1050), ("一千零一", 1001), ("二〇二五", 2025),
        ("两百五", 250), ("三千五", 3500), ("一万二", 12_000), ("两万三", 23_000), ("一亿二", 120_000_000), ("三百五十", 350), ("六千二百万", 62_000_000),
        ("两亿三千万", 230_000_000), ("一亿九千万", 190_000_000), ("三万零五百", 30_500), ("一百亿零五万", 10_000_050_000), ("一万亿", 1e12), ("1.2万亿", 1.2e12),
        ("一点九", 1.9), ("一点二亿", 120_000_000), ("七十三点八", 73.8), ("零点五", 0.5), ("三点五千万", 35_000_000), ("1点5亿", 150_000_000),
        ("2千5百万", 25_000_000), ("3千2百50万", 32_500_000), ("3百5十", 350), ("3百5", 350), ("3千500", 3500), ("3百零5", 305), ("1万2千", 12_000), ("1亿2", 120_000_000),
        ("1亿2000万", 120_000_000), ("3万5", 35_000), ("1.5千万", 15_000_000), ("3w", 30_000), ("3W", 30_000), ("3.5w", 35_000), ("3w5", 35_000), ("3k", 3000),
        ("壹佰贰拾", 120), ("叁仟万", 30_000_000), ("壹仟贰佰叁拾肆萬伍仟陆佰柒拾捌", 12_345_678), ("兩億", 200_000_000), ("貳仟萬", 20_000_000), ("1.5个亿", 150_000_000),
        ("-5.2", -5.2), ("−5.2", -5.2), ("负一百", -100), ("百万", 1_000_000), ("一千一百一十", 1110),
    ],
)  # fmt: skip
def test_a_numeral_is_read_however_it_is_written(words: str, value: float) -> None:
    assert read_number(words) == pytest.approx(value)


@pytest.mark.parametrize(
    "words", ["", "很多", "三五", "1亿2000", "1亿25", "3千50", "3,25", "1.2亿3千万", "1.2.3", "一点", "点五", "三十百", "5G", "3,00", "一二", "十百", "万亿万", "三点五十"]
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_is_no_numeral_is_not_read(words: str) -> None:
    assert read_number(words) is None


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
    words = in_words(n)
    assert read_number(words) == n
    assert read_number(words.translate(CAPITALS)) == n
    assert read_number(words.replace("二千", "两千").replace("二百", "两百").translate(TRADITIONAL)) == n


@given(st.integers(1, 9999), st.integers(1000, 9999))
def test_ten_thousands_and_the_rest_add_up(high: int, low: int) -> None:
    assert read_number(f"{in_words(high)}万{in_words(low)}") == high * 10_000 + low
    assert read_number(f"{in_words(high)}亿{in_words(low)}万") == high * 10**8 + low * 10_000


@given(st.integers(0, 10**12))
def test_western_digits_are_read_in_every_grouping_and_width(n: int) -> None:
    grouped = f"{n:,}"
    assert {read_number(words) for words in (str(n), grouped, grouped.replace(",", " "), grouped.translate(WIDE))} == {
        n
    }


@given(st.decimals(0, 9999, places=2), st.sampled_from([("万", 10**4), ("亿", 10**8), ("w", 10**4), ("千万", 10**7)]))
def test_a_decimal_with_a_scale_is_read_back(n: object, scale: tuple[str, int]) -> None:
    assert read_number(f"{n}{scale[0]}") == pytest.approx(float(str(n)) * scale[1])


@given(st.integers(1, 9), st.integers(1, 9))
def test_mixed_writing_equals_plain_writing(thousands: int, hundreds: int) -> None:
    assert read_number(f"{thousands}千{hundreds}百万") == (thousands * 1000 + hundreds * 100) * 10_000
    assert read_number(f"{thousands}千{hundreds}百50万") == (thousands * 1000 + hundreds * 100 + 50) * 10_000


@given(st.text(max_size=20))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    read_number(text)
