import pytest

from core.text import chinese_number, normalise, sentences, shorten, squeeze


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


def test_squeeze_makes_equal_what_differs_in_width_and_space() -> None:
    assert squeeze("工信部联企业 〔2024〕２３９号") == squeeze("工信部联企业〔2024〕239号")


def test_sentences_keep_their_ends_and_closing_quotes() -> None:
    assert sentences("他说“要改。”我同意！然后呢？") == ["他说“要改。”", "我同意！", "然后呢？"]


def test_shorten_cuts_at_a_sentence() -> None:
    assert shorten("第一句话在这里。第二句话很长很长很长。", 12) == "第一句话在这里。"
