"""Every figure of a file comes through to its passages: none split between two, none joined with another, none without its sign."""

from __future__ import annotations

import io
from collections import Counter

from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cut import unmarked
from core.figures import figure_keys, held_spans
from ingest.clean import paragraphs
from ingest.readers import html as html_reader
from ingest.split import ChineseStructureSplitter, packed, sentences
from tests.written import FIGURES, figure

PROSE = st.sampled_from(
    ("的企业达到", "按实际投入补助", "，其中", "；", "、", "，不超过", "，设备联网，", "，申报单位应当具备相应条件，")
)


@st.composite
def lines(draw: st.DrawFn, most: int = 12) -> str:
    """One sentence with figures, as a notice has them."""
    parts = [draw(figure) + draw(PROSE) for _ in range(draw(st.integers(1, most)))]
    return "关于" + "".join(parts) + "执行。"


def keys(texts: list[str]) -> Counter[str]:
    return Counter(key for text in texts for key in figure_keys(text))


@given(st.lists(lines(), min_size=1, max_size=12))
def test_paragraphs_have_the_figures_of_the_text(told: list[str]) -> None:
    assert keys(paragraphs("\n\n".join(told))) == keys(told)


@settings(deadline=None, max_examples=60)
@given(st.lists(lines(40), min_size=1, max_size=8), st.integers(60, 300))
def test_passages_have_the_figures_of_the_text_and_no_others(told: list[str], size: int) -> None:
    splitter = ChineseStructureSplitter(target=size, chunk_size=size * 2, chunk_overlap=40)
    found = keys(splitter.split_text("\n\n".join(told)))
    wanted = keys(told)
    assert set(found) == set(wanted)
    assert not wanted - found


@given(lines(60), st.integers(60, 200))
def test_a_sentence_too_long_for_a_passage_is_cut_between_its_figures(told: str, size: int) -> None:
    parts = packed(sentences(told), size)
    assert keys(parts) == keys([told])
    assert all(len(part) <= size * 1.6 for part in parts)


@given(st.lists(figure, min_size=2, max_size=6))
def test_figures_on_lines_of_a_cell_stay_apart(written: list[str]) -> None:
    cell = "<br>".join(f"<b>{one}</b>" for one in written)
    page = f"<html><body><p>下表列明各档标准。</p><table><tr><th>名称</th><th>数</th></tr><tr><td>甲</td><td>{cell}</td></tr><tr><td>乙</td><td>丙</td></tr></table></body></html>"
    text = "\n".join(str(element) for element in html_reader.read(page.encode()).elements)
    assert not keys(written) - keys([text.replace("\\n", "\n")])


def test_a_word_list_number_is_no_part_of_the_figure_after_it() -> None:
    document = Document()
    for told in ("5%的企业已经完成", "12家已经申报"):
        document.add_paragraph(told, style="List Number")
    out = io.BytesIO()
    document.save(out)
    from ingest.readers.docx import read

    found = [element.text for element in read(out.getvalue()).elements]  # type: ignore[union-attr]
    assert [figure_keys(unmarked(text)) for text in found] == [["5%"], ["12家"]]


def test_a_number_said_twice_in_a_row_is_no_heading_printed_twice() -> None:
    assert paragraphs("3.5 3.5%的企业") == ["3.5 3.5%的企业"]


def test_the_forms_are_all_held() -> None:
    assert all(held_spans(written) for written in FIGURES)
