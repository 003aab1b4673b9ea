import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import normalise, squeeze


def test_folds_kangxi_radicals_and_full_width_letters_but_keeps_chinese_punctuation() -> None:
    assert normalise("中⼩企业，ＥＲＰ（１２）") == "中小企业，ERP（12）"


def test_drops_white_space_and_invisible_characters_inside_chinese() -> None:
    assert normalise("中小 企业\u200b数字\u202e化 ERP 系统") == "中小企业数字化 ERP 系统"


@pytest.mark.parametrize("text", ["①12家", "10²", "½ 3", "三 五家", "⒈5家", "30㎡2间", "1200 300"])
def test_folding_joins_no_digits(text: str) -> None:
    assert normalise(text) == text


def test_squeeze_makes_equal_what_differs_in_width_and_space() -> None:
    assert squeeze("工信部联企业 〔2024〕２３９号") == squeeze("工信部联企业〔2024〕239号")


@given(st.text(alphabet="中小企业⼩⺠，。ＡＢc1２ 　\u200b\u202e\ufeff\r\n\t\x00", max_size=60))
def test_text_made_normal_once_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not set(once) & set("⼩⺠ＡＢ２\u200b\u202e\ufeff\r\x00")


def test_words_in_latin_letters_keep_the_spaces_between_them() -> None:
    assert normalise("What is MES") == "What is MES"
