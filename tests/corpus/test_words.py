"""Segmentation, synonyms, everyday speech and English: how an owner's words become the documents' words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.words import LEXICON, Lexicon, lexicon


def test_text_is_cut_into_domain_words_and_the_shorter_words_inside_them() -> None:
    tokens = lexicon().tokens("中小企业数字化转型用ＭＥＳ系统")
    assert {"企业", "转型", "mes", "系统"} <= set(tokens)


def test_a_percentage_is_found_with_and_without_its_sign() -> None:
    assert {"75%", "75"} <= set(lexicon().tokens("达到75%"))


def test_latin_words_joined_by_signs_are_found_whole_and_in_parts() -> None:
    assert {"ai+", "plm/pdm", "plm", "pdm"} <= set(lexicon().tokens("AI+ PLM/PDM"))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("erp", "企业资源计划"),
        ("企业资源计划", "erp"),
        ("mes", "制造执行系统"),
        ("补贴", "奖补"),
        ("奖补", "补贴"),
        ("wms", "仓库管理系统"),
    ],
)
def test_words_of_one_meaning_know_each_other(word: str, other: str) -> None:
    assert other in lexicon().same[word]


def test_no_word_is_its_own_synonym() -> None:
    assert [w for w, others in lexicon().same.items() if w in others or len(set(others)) != len(others)] == []


def test_everyday_speech_is_read_as_official_words() -> None:
    found = dict(lexicon().everyday_in("老板，仓库对不上账，谁家能管"))
    assert any("仓" in formal or "库存" in formal for formals in found.values() for formal in formals), found


@pytest.mark.parametrize("saying", sorted(s for s in lexicon().formal_of if len(s) > 3 and not s.isascii())[::40])
def test_each_longer_saying_is_found_inside_a_sentence(saying: str) -> None:
    found = [s for s, _ in lexicon().everyday_in(f"请问，{saying}，怎么办")]
    assert any(saying in f or f in saying for f in found)


def test_a_short_saying_is_not_read_out_of_the_middle_of_other_words() -> None:
    folder = lexicon()
    short = next(s for s in sorted(folder.formal_of) if len(s) == 2 and not s.isascii())
    assert short not in dict(folder.everyday_in(f"甲{short}乙{short}丙")) or short in folder.cut(
        f"甲{short}乙{short}丙"
    )


def test_english_phrases_stand_for_chinese_words() -> None:
    found = dict(lexicon().english_in("What share of SMEs should use the cloud by 2027?"))
    assert any("中小企业" in chinese for chinese in found.values())
    assert any("上云" in c or "云" in c for chinese in found.values() for c in chinese)


def test_stopwords_and_names_are_read_whole() -> None:
    words = lexicon()
    assert "的" in words.stopwords and "" not in words.stopwords
    assert {"宁波", "东莞"} & words.names and "" not in words.names


def test_words_added_by_a_caller_are_cut_as_one() -> None:
    assert "钛镁铝锌厂" in Lexicon(LEXICON, ["钛镁铝锌厂"]).cut("去钛镁铝锌厂看看")
    assert "钛镁铝锌厂" not in lexicon().cut("去钛镁铝锌厂看看")


def test_what_the_dictionary_holds_is_known_and_nonsense_is_not() -> None:
    words = lexicon()
    assert words.knows("数字化水平") and words.knows("企业")
    assert not words.knows("企页")


def test_empty_text_has_no_words() -> None:
    assert lexicon().cut("") == lexicon().tokens("？！ ") == []
    assert lexicon().everyday_in("") == lexicon().english_in("") == []


def test_threads_that_cut_the_first_text_together_load_the_dictionary_once() -> None:
    words = Lexicon()
    with ThreadPoolExecutor(8) as pool:
        cut = list(pool.map(lambda n: words.cut("中小企业数字化转型"), range(16)))
    assert all(found == cut[0] for found in cut)
