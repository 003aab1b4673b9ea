"""What a question is about: concepts, their weights and the words that count as the same."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import squeeze
from corpus.query import Query, analyse, sized
from corpus.words import lexicon

SEEN = {"企业": 900, "补贴": 80, "奖补": 30, "上云": 60, "erp": 40, "企业资源": 10, "计划": 200, "注塑": 2, "2027": 50}


def ask(text: str) -> Query:
    def frequencies(tokens: Iterable[str]) -> dict[str, int]:
        return {t: SEEN[t] for t in tokens if t in SEEN}

    return analyse(text, frequencies, 1000)


def weight_of(query: Query, word: str) -> float:
    return next(c.weight for c in query.concepts if c.word == word)


def test_question_words_and_politeness_are_no_concepts() -> None:
    words = {c.word for c in ask("请问一下，注塑企业有什么补贴呢？").concepts}
    assert {"注塑", "补贴"} <= words
    assert not words & {"请问", "什么", "呢", "有"}


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    query = ask("注塑企业补贴")
    assert weight_of(query, "注塑") > weight_of(query, "补贴") > weight_of(query, "企业")


def test_a_text_that_says_it_in_other_words_covers_the_question_nearly_as_well() -> None:
    query = ask("补贴")
    assert query.coverage("补贴") == 1.0
    assert 0.6 <= query.coverage("市里给的奖补") < 1.0
    assert query.coverage("天气") == 0.0


def test_a_part_of_a_long_word_counts_a_little() -> None:
    query = ask("数字化水平")
    assert 0 < query.coverage("数字化") < query.coverage("数字化水平")


def test_what_documents_call_it_is_searched_as_well() -> None:
    query = ask("ERP有补贴吗")
    assert "奖补" in query.expanded
    assert "奖补" not in query.tokens


def test_numbers_are_kept_with_their_percent_sign() -> None:
    assert ask("到2027年要达到75%吗").numbers == ("2027", "75%")


def test_an_english_phrase_is_one_concept_with_chinese_variants() -> None:
    query = ask("subsidy for SMEs")
    assert query.coverage(squeeze("中小企业补贴")) > 0.7


def test_full_width_and_broken_words_are_asked_like_proper_ones() -> None:
    proper, broken = ask("ERP补贴"), ask("ＥＲＰ 补\u200b贴")
    assert {c.word for c in proper.concepts} == {c.word for c in broken.concepts}


def test_nothing_to_search_for_is_a_query_without_concepts() -> None:
    for text in ("", "的了吗", "？！"):
        query = ask(text)
        assert query.concepts == () and query.tokens == ()
        assert query.coverage("企业补贴") == 0.0


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="企业补贴上云注塑ERP2027%我们吗？, ", max_size=30),
    st.text(alphabet="企业补贴奖上云erp2027", max_size=40),
)
def test_coverage_is_a_share_and_a_longer_text_never_covers_less(question: str, text: str) -> None:
    query = ask(question)
    covered = query.coverage(text)
    assert 0 <= covered <= 1 + 1e-9
    assert query.coverage(text + "注塑") >= covered


def test_a_firms_headcount_is_its_size_class() -> None:
    assert sized("我厂12个人，从哪做起") == "我厂微型企业，从哪做起"
    assert sized("我们五十来号人的五金厂") == "我们小型企业的五金厂"
    assert sized("公司有800名员工") == "公司有中型企业"


def test_bounds_and_single_people_are_no_headcount() -> None:
    for text in ("300人以下的企业算什么", "光我老板一个人推不动", "20人到300人的工厂", "12个人"):
        assert sized(text) == text


def test_an_english_word_of_the_grammar_is_no_plural() -> None:
    assert all(word != "does" for word, _ in lexicon().english_in("how much does it cost"))
