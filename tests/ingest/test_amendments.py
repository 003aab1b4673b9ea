"""Amendments are read from the document that makes them and done in the one that it names, whichever comes first."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as Docx

from core.settings import Settings
from core.types import Passage
from corpus.index import Index
from ingest import versions
from ingest.amendments.amendment import Amendment
from ingest.amendments.reading import read
from ingest.clean import paragraphs
from ingest.metadata import lines_of, read_metadata
from ingest.parsed import Parsed
from ingest.pipeline import Ingestor, Outcome, restore
from ingest.structure import elements

NAME = "样例市数字化改造资金管理办法"
RULES = f"""样例市工业和信息化局关于印发《{NAME}》的通知
样工信规〔2024〕3号

各有关单位：

现将《{NAME}》印发给你们，请遵照执行。

样例市工业和信息化局
2024年3月1日

{NAME}

第一条 为支持中小企业数字化改造，制定本办法。
第二条 本办法所称企业，是指在本市注册30日以上的工业企业。
第三条 对企业购买软件和设备的支出，按不超过30%给予补助，单个企业最高不超过50万元。
第四条 首次通过二级评测的企业，另奖励8万元。
第五条 申报企业应当具备下列条件：
（一）在本市依法注册；
（二）在本市注册满两年；
（三）上年度营业收入不低于2000万元。
第六条 有下列情形之一的，不予支持：（一）近三年有严重失信记录；（二）同一项目已获得其他财政资金。
第七条 补助资金由市工信委按季度拨付。
项目单位应当在三年内保存凭证。
第八条 项目验收后应当连续运行三年，期间不得转让设备。
第九条 本办法由市工信委负责解释。
第十条 本办法自2024年4月1日起施行，有效期至2029年3月31日。
"""
CHANGES = f"样例市工业和信息化局关于修改《{NAME}》的通知"


def amending(body: str, title: str = CHANGES, number: int = 5, day: str = "2026年1月10日", lead: str = "") -> str:
    lead = lead or f"经研究，决定对《{NAME}》（样工信规〔2024〕3号）作如下修改："
    body = body.replace("\n", "\n\n")
    return f"{title}\n样工信规〔2026〕{number}号\n\n各有关单位：\n\n{lead}\n\n{body}\n\n样例市工业和信息化局\n{day}\n"


def read_text(text: str) -> tuple[Amendment, ...]:
    parsed = Parsed(tuple(elements(paragraphs(text))))
    return read(lines_of(parsed), read_metadata(parsed, "x"))


def take(ingestor: Ingestor, folder: Path, name: str, text: str, space: str = "public") -> Outcome:
    path = folder / f"{name}.txt"
    path.write_text(text, "utf-8")
    (outcome,) = ingestor.ingest([path], space)
    assert outcome.status in {"added", "replaced", "unchanged"}, outcome.message
    return outcome


def passages(index: Index, name: str = "办法", space: str = "public") -> list[Passage]:
    return index.ledger.passages_of(f"doc:{space}:{name}", gone=True)


def in_force(index: Index, name: str = "办法") -> str:
    return "\n".join(p.text for p in passages(index, name) if not p.tags.get("gone") and p.section != ("文件信息",))


def notes(index: Index, name: str = "办法") -> str:
    told = (change["text"] for p in passages(index, name) for change in p.tags.get("changed", []))
    return "\n".join(dict.fromkeys(told))


def source(index: Index, name: str = "办法", space: str = "public") -> Mapping[str, object]:
    document = index.ledger.document(f"doc:{space}:{name}")
    assert document is not None
    found: Mapping[str, object] = document.info["source"]
    return found


# ---- reading


@pytest.mark.parametrize(
    ("sentence", "kind", "clause", "old", "new"),
    [
        ("第三条中的30修改为45。", "words", "第三条", "30", "45"),
        ("第三条中的“30%”修改为“45%”。", "words", "第三条", "30%", "45%"),
        ("将第三条第一款“30%”调整为“45%”。", "words", "第三条第一款", "30%", "45%"),
        ("第三条的补助比例由30%提高到45%。", "words", "第三条", "30%", "45%"),
        ("第八条中的‘三年’改为‘五年’。", "words", "第八条", "三年", "五年"),
        ("第八条中的\"三年\"改为\"五年\"。", "words", "第八条", "三年", "五年"),
        ("第八条“……连续运行三年”修改为“……连续运行五年”。", "words", "第八条", "连续运行三年", "连续运行五年"),
        ("第三条“最高50万元”应为“最高80万元”，特此更正。", "words", "第三条", "最高50万元", "最高80万元"),
        ("删去第七条中的“按季度”字样。", "words", "第七条", "按季度", ""),
        ("在第三条“软件”后增加“、云服务”。", "words", "第三条", "软件", "软件、云服务"),
        ("文中的“市工信委”统一修改为“市工信局”。", "words", "", "市工信委", "市工信局"),
        ("“二、支持标准”中的“30%”修改为“45%”。", "words", "第2部分", "30%", "45%"),
        ("将第五条第（二）项修改为：“（二）在本市注册满一年；”", "text", "第五条第（二）项", "", "（二）在本市注册满一年；"),
        ("第四条修改为：首次通过二级评测的企业，另奖励10万元。", "text", "第四条", "", "首次通过二级评测的企业，另奖励10万元。"),
        ("第十条改为第十一条，修改为：“第十一条 本办法长期有效。”", "text", "第十条", "", "第十一条 本办法长期有效。"),
        ("删去第三条。", "drop", "第三条", "", "删去"),
        ("第四条予以删除。", "drop", "第四条", "", "删去"),
        ("附件2停止执行。", "drop", "附件2", "", "停止执行"),
        ("暂停执行第三条。", "drop", "第三条", "", "暂停执行"),
        ("增加一条作为第九条：“企业应当如实申报。”", "add", "第九条", "", "企业应当如实申报。"),
        ("第五条增加一项，作为第（四）项：“（四）信用良好。”", "add", "第五条第（四）项", "", "（四）信用良好。"),
        ("在第三条后增加一条：“同一企业只补助一次。”", "add", "第三条之后", "", "同一企业只补助一次。"),
        ("第七条增加一款：“资金专款专用。”", "add", "第七条末款", "", "资金专款专用。"),
        ("第五条第（二）款中的“两年”修改为“一年”。", "words", "第五条第（二）款", "两年", "一年"),
        ("第八条作相应调整。", "unclear", "第八条", "", ""),
        ("第三条的补助比例修改为45%。", "unclear", "第三条", "", ""),
    ],
)  # fmt: skip
def test_a_change_of_a_clause_is_read(sentence: str, kind: str, clause: str, old: str, new: str) -> None:
    (found,) = read_text(amending(f"一、{sentence}\n二、第十条改为第十一条。"))
    assert (found.title, found.number) == (NAME, "样工信规〔2024〕3号")
    assert (found.kind, found.clause, found.old, found.new) == (kind, clause, old, new)


@pytest.mark.parametrize(
    ("title", "body", "kind", "new", "since"),
    [
        (f"关于延长《{NAME}》有效期的通知", f"《{NAME}》有效期延长至2031年12月31日。", "extends", "2031-12-31", ""),
        (f"关于延长《{NAME}》有效期的通知", "该办法有效期延长两年。", "extends", "+24", ""),
        (f"关于《{NAME}》继续有效的公告", f"《{NAME}》（样工信规〔2024〕3号）继续有效。", "extends", "", ""),
        ("关于有关文件的通知", "样工信规〔2024〕3号文件继续执行，有效期至2031年12月31日。", "extends", "2031-12-31", ""),
        (f"关于废止《{NAME}》的通知", f"《{NAME}》自2026年7月1日起废止。", "ends", "废止", "2026-07-01"),
        (f"关于停止执行《{NAME}》的通知", "请遵照执行。", "ends", "停止执行", ""),
        ("关于有关事项的通知", f"自即日起暂停执行《{NAME}》（样工信规〔2024〕3号）。", "ends", "暂停执行", ""),
        ("关于印发《样例市转型资金规程》的通知", f"原《{NAME}》（样工信规〔2024〕3号）同时废止。", "replaces", "", ""),
        (f"关于修订印发《{NAME}》的通知", "现将修订后的办法印发给你们。", "replaces", "", ""),
        (f"关于《{NAME}》的补充通知", "各单位要认真组织申报。", "unclear", "", ""),
    ],
)  # fmt: skip
def test_what_a_document_says_of_anothers_standing_is_read(
    title: str, body: str, kind: str, new: str, since: str
) -> None:
    (found,) = read_text(amending(body, title, lead="现通知如下："))
    assert found.number == "样工信规〔2024〕3号" or found.title == NAME
    assert (found.kind, found.clause, found.new, found.since) == (kind, "", new, since)


def test_the_lists_of_a_clearing_of_documents_are_read_each_for_what_it_is() -> None:
    rows = "序号\t文件名称\t文号\t有效期至\n1\t样例市甲办法\t样工信〔2020〕1号\t2028年12月31日\n2\t关于做好乙工作的通知\t样工信〔2020〕2号\t2027年6月30日"
    body = (
        "附件1\n继续有效的规范性文件目录\n" + rows + "\n附件2\n宣布失效的规范性文件目录\n"
        "1. 关于印发《样例市丙办法》的通知（样工信〔2018〕3号）\n2.《样例市丁办法》（样工信〔2018〕4号）\n"
        "附件3\n拟修改的规范性文件目录\n1. 样例市戊办法（样工信〔2019〕5号）"
    )
    found = read_text(amending(body, "关于公布规范性文件清理结果的通知", lead="现将清理结果公布如下："))
    assert [(f.kind, f.title, f.number, f.new) for f in found] == [
        ("extends", "样例市甲办法", "样工信〔2020〕1号", "2028-12-31"),
        ("extends", "关于做好乙工作的通知", "样工信〔2020〕2号", "2027-06-30"),
        ("ends", "关于印发《样例市丙办法》的通知", "样工信〔2018〕3号", "失效"),
        ("ends", "样例市丁办法", "样工信〔2018〕4号", "失效"),
    ]


def test_one_decision_changes_several_documents() -> None:
    body = (
        "一、对《样例市甲办法》（样工信〔2020〕1号）作如下修改：\n（一）第三条中的“30”修改为“45”。\n（二）删去第五条。\n"
        "二、将《样例市乙办法》（样工信〔2020〕2号）第八条修改为：“企业应当每年报告。”\n三、样工信〔2020〕3号文件第二条停止执行。"
    )
    found = read_text(amending(body, "关于修改部分规范性文件的决定", lead="决定修改下列文件。"))
    assert [(f.title or f.number, f.kind, f.clause) for f in found] == [
        ("样例市甲办法", "words", "第三条"), ("样例市甲办法", "drop", "第五条"), ("样例市乙办法", "text", "第八条"),
        ("样工信〔2020〕3号", "drop", "第二条"),
    ]  # fmt: skip


def test_a_table_of_clauses_before_and_after_is_read() -> None:
    table = "条款\t修改前\t修改后\n第三条\t按不超过30%给予补助\t按不超过45%给予补助\n第四条\t另奖励8万元\t删除"
    found = read_text(amending(table))
    assert [(f.kind, f.clause, f.old, f.new) for f in found] == [
        ("words", "第三条", "按不超过30%给予补助", "按不超过45%给予补助"), ("drop", "第四条", "", "删去"),
    ]  # fmt: skip


def test_a_list_of_items_and_of_clauses_is_read_one_by_one() -> None:
    found = read_text(amending("一、第五条第（一）、（二）项中的“本市”修改为“本省”。\n二、删去第七条至第九条。"))
    assert [f.clause for f in found] == ["第五条第（一）", "第五条（二）项", "第七条", "第8条", "第九条"]


def test_a_document_that_the_title_says_is_changed_and_the_text_does_not_is_told() -> None:
    title = "关于修改《样例市甲办法》和《样例市乙办法》的决定"
    found = read_text(amending("一、《样例市甲办法》第三条中的“30”修改为“45”。", title, lead="决定如下："))
    assert [(f.title, f.kind) for f in found] == [("样例市甲办法", "words"), ("样例市乙办法", "unclear")]


def test_a_title_without_brackets_names_the_document_too() -> None:
    (found,) = read_text(amending("第三条中的30修改为45。", f"关于修改{NAME}部分条款的通知", lead="现修改如下："))
    assert (found.title, found.clause) == (NAME, "第三条")


def test_a_clause_of_several_lines_without_quotation_marks_is_taken_whole() -> None:
    body = "一、第五条修改为：\n第五条 申报企业应当：\n（一）依法注册；\n（二）信用良好。\n二、删去第四条。"
    first, second = read_text(amending(body))
    assert first.new == "第五条 申报企业应当：\n（一）依法注册；\n（二）信用良好。" and second.clause == "第四条"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (f"关于修改《{NAME}》的决定（征求意见稿）", "第三条中的“30%”修改为“45%”。"),
        (f"《{NAME}》修改解读", "第三条中的“30%”修改为“45%”。"),
        ("关于组织申报的通知", f"按照《{NAME}》第三条认定的称号到期自动失效，为推动上云率由30%提高到45%，请抓紧申报。"),
        ("关于组织申报的通知", f"《{NAME}》有效期届满后自动失效。"),
        (f"关于贯彻落实《{NAME}》的通知", "要把补助比例由30%提高到45%落到实处，不断修改完善系统。"),
        ("关于报送材料的通知", "请将申报书第三条中的空白填好，删去第四页，修改后报送。"),
    ],
)
def test_what_changes_nothing_is_not_taken_for_an_amendment(title: str, body: str) -> None:
    assert read_text(amending(body, title, lead="现通知如下：")) == ()


@pytest.mark.parametrize(
    "text", ["“" * 3000, "《" * 3000, "第三条" * 2000, "第三条中的“", "删去" * 2000, "（一）" * 2000]
)
def test_odd_text_is_no_trouble(text: str) -> None:
    assert isinstance(read_text(amending(text)), tuple)


# ---- doing


ALL = amending(
    "一、第三条中的30修改为45。\n二、将第五条第（二）项修改为：“（二）在本市注册满一年；”\n三、第八条中的“三年”改为“五年”。\n"
    "四、删去第四条。\n五、增加一条作为第九条：“企业应当如实申报。”\n六、第六条第（一）项中的“三年”修改为“十年”。\n"
    "七、文中的“市工信委”统一修改为“市工信局”。"
)


@pytest.mark.parametrize("order", [("办法", "修改"), ("修改", "办法")])
def test_changes_are_done_in_their_clause_and_nowhere_else_in_whatever_order_the_documents_come(
    ingestor: Ingestor, index: Index, tmp_path: Path, order: tuple[str, str]
) -> None:
    texts = {"办法": RULES, "修改": ALL}
    for name in order:
        take(ingestor, tmp_path, name, texts[name])
    text = in_force(index)
    for told in ("按不超过45%给予补助", "最高不超过50万元", "注册30日以上", "（二）在本市注册满一年；", "连续运行五年", "近十年有严重", "第九条 企业应当如实申报。"):  # fmt: skip
        assert told in text, told
    for gone in ("30%", "注册满两年", "连续运行三年", "另奖励8万元", "市工信委", "近三年"):
        assert gone not in text, gone
    assert "项目单位应当在三年内保存凭证" in text and "不低于2000万元" in text
    assert (
        f"第三条已由《样例市工业和信息化局关于修改〈{NAME}〉的通知》（样工信规〔2026〕5号，2026-01-10）修改：30%改为45%"
        in notes(index)
    )
    assert source(index)["status"] == "in_force"
    assert index.vectors is not None and index.vectors.rows() == index.ledger.rows()


def test_both_orders_give_the_same_passages(tmp_path: Path, corpus: Path) -> None:
    found = []
    for order in (("办法", "修改"), ("修改", "办法")):
        index = Index(Settings(home=tmp_path / "-".join(order)), corpus=corpus)
        for name in order:
            take(Ingestor(index), tmp_path, name, {"办法": RULES, "修改": ALL}[name])
        found.append(passages(index))
    assert found[0] == found[1]


def test_removing_the_amending_document_gives_back_what_was_read(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    before = passages(index), source(index)
    take(ingestor, tmp_path, "修改", ALL)
    assert passages(index) != before[0]
    ingestor.remove("doc:public:修改")
    assert (passages(index), source(index)) == before
    take(ingestor, tmp_path, "修改", ALL)
    ingestor.remove("doc:public:办法")
    take(ingestor, tmp_path, "办法", RULES)
    assert "按不超过45%给予补助" in in_force(index)


def test_taking_in_either_again_changes_nothing_and_a_new_version_of_it_counts(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    take(ingestor, tmp_path, "修改", ALL)
    done = passages(index)
    assert take(ingestor, tmp_path, "修改", ALL).status == take(ingestor, tmp_path, "办法", RULES).status == "unchanged"
    take(ingestor, tmp_path, "办法", RULES + "\n")
    assert [replace(p, tags={}) for p in passages(index)] == [replace(p, tags={}) for p in done]
    take(ingestor, tmp_path, "修改", ALL.replace("30修改为45", "30修改为40"))
    assert "按不超过40%给予补助" in in_force(index) and "45%" not in in_force(index) + notes(index)


def test_a_correction_of_either_keeps_the_changes_and_follows_them(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    take(ingestor, tmp_path, "修改", ALL)
    ingestor.correct("doc:public:办法", {"region": "佛山"})
    assert "按不超过45%给予补助" in in_force(index) and {p.region for p in passages(index)} == {"佛山"}
    ingestor.correct("doc:public:修改", {"doc_no": "样工信规〔2026〕55号"})
    assert "样工信规〔2026〕55号" in notes(index) and "样工信规〔2026〕5号" not in notes(index)
    ingestor.correct("doc:public:办法", {"title": "别的办法", "doc_no": "样工信规〔2024〕33号"})
    assert "按不超过30%给予补助" in in_force(index) and notes(index) == ""


def test_a_lost_ledger_is_made_again_with_the_changes(
    ingestor: Ingestor, index: Index, tmp_path: Path, settings: Settings, corpus: Path
) -> None:
    take(ingestor, tmp_path, "修改", ALL)
    take(ingestor, tmp_path, "办法", RULES)
    done = passages(index)
    index.ledger.close()
    for path in settings.home.glob("ledger.db*"):
        path.unlink()
    again = Index(settings, corpus=corpus)
    assert restore(again) == 2 and passages(again) == done


def test_what_fails_half_way_leaves_nothing_half_done(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    before = passages(index)
    (tmp_path / "修改.txt").write_text(ALL, "utf-8")

    def killed(outcome: Outcome) -> None:
        assert "按不超过45%给予补助" in in_force(index)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingestor.take(tmp_path / "修改.txt", "public", written=killed)
    assert passages(index) == before and index.ledger.document("doc:public:修改") is None


def test_a_clause_taken_out_is_kept_apart_as_no_longer_in_force(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    take(ingestor, tmp_path, "修改", amending("删去第四条。"))
    (gone,) = (p for p in passages(index) if p.tags.get("gone"))
    assert gone.text == "第四条 首次通过二级评测的企业，另奖励8万元。" and gone.status == "expired"
    assert "第四条（已删去）" in in_force(index) and "第四条已由" in notes(index)


@pytest.mark.parametrize(
    "change",
    [
        "第十五条中的“30%”修改为“45%”。", "第三条中的“20%”修改为“45%”。", "第三条中的0修改为45。", "将第五条第（七）项修改为：“（七）信用良好；”",
        "第三条的补助比例修改为45%。", "第三条中的“按不超过……给予补助”修改为“按45%给予补助”。",
    ],
)  # fmt: skip
def test_what_cannot_be_done_leaves_the_text_and_says_so(
    ingestor: Ingestor, index: Index, tmp_path: Path, change: str
) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    before = in_force(index)
    take(ingestor, tmp_path, "修改", amending(change))
    assert in_force(index) == before
    assert notes(index).startswith("该文件已被《") and notes(index).endswith("这一条是否改动要看修改文件")
    where = [p for p in passages(index) if p.tags.get("changed")]
    assert all("第三条" in p.text for p in where) if "第三条" in change else len(where) == len(passages(index)) - 1


@pytest.mark.parametrize(
    ("change", "told", "gone"),
    [
        ("删去第七条第二款。", "按季度拨付。\n第七条第二款（已删去）\n第八条", "保存凭证"),
        ("第七条第二款修改为：“项目单位应当在五年内保存凭证。”", "项目单位应当在五年内保存凭证。\n第八条", "三年内保存"),
        ("第七条第二款中的“三年”修改为“五年”。", "应当在五年内保存凭证", "三年内保存"),
        ("删去第五条第（三）项。", "（三）（已删去）\n第六条", "2000万元"),
        ("第五条增加一项，作为第（四）项：“（四）信用良好。”", "2000万元。\n（四）信用良好。\n第六条", "无"),
        ("第五条第（一）项后增加一项：“（一之二）有固定场所；”", "2000万元。\n（一之二）有固定场所；\n第六条", "无"),
        ("删去第六条第（一）项。", "不予支持：（一）（已删去）（二）同一项目", "失信记录"),
        ("第七条增加一款：“资金专款专用。”", "保存凭证。\n资金专款专用。\n第八条", "无"),
        ("删去第八条、第九条。", "第八条（已删去）\n第九条（已删去）\n第十条", "不得转让"),
        ("第九条修改为：“本办法由市工信局解释。”", "第九条 本办法由市工信局解释。\n第十条", "市工信委负责"),
    ],
)  # fmt: skip
def test_paragraphs_and_items_are_changed_and_the_rest_of_their_clause_stays(
    ingestor: Ingestor, index: Index, tmp_path: Path, change: str, told: str, gone: str
) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    before = in_force(index).split("\n")
    take(ingestor, tmp_path, "修改", amending(change))
    text = in_force(index)
    assert told in text and gone not in text
    assert sum(line in text for line in before) >= len(before) - 2
    assert "要看修改文件" not in notes(index)


def test_a_figure_that_stands_for_two_things_is_not_changed(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    rules = RULES.replace("单个企业最高不超过50万元", "最迟30日内拨付")
    take(ingestor, tmp_path, "办法", rules)
    take(ingestor, tmp_path, "修改", amending("第三条中的30修改为45。"))
    assert "30%" in in_force(index) and "30日内拨付" in in_force(index) and "要看修改文件" in notes(index)


NOTICE = """样例市工业和信息化局关于组织申报2026年样例市技改项目的通知
样工信〔2026〕12号

各有关企业：

现就有关事项通知如下：

一、支持标准

按设备投入的30%给予补助，30台以上的，最高80万元。

二、申报条件

（一）在本市注册满30个月；

（二）设备投入不低于300万元。

三、申报时间

请于2026年9月30日前提交申报材料。

样例市工业和信息化局
2026年3月2日
"""


def test_a_notice_is_changed_by_its_points_and_its_headings(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "办法", NOTICE)
    lead = "现将《关于组织申报2026年样例市技改项目的通知》（样工信〔2026〕12号）调整如下："
    body = "1.“一、支持标准”中的“30%”调整为“45%”。\n2.第二条第（二）项中的“300万元”调整为“200万元”。"
    take(
        ingestor,
        tmp_path,
        "修改",
        amending(body, "关于调整2026年技改项目有关事项的通知", lead=lead, day="2026年5月2日"),
    )
    text = in_force(index)
    assert "45%给予补助，30台以上的" in text and "满30个月" in text and "不低于200万元" in text and "最高80万元" in text


def test_more_time_to_apply_is_given(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "办法", NOTICE)
    assert source(index)["valid_until"] == "2026-09-30"
    body = "《关于组织申报2026年样例市技改项目的通知》（样工信〔2026〕12号）申报截止时间由2026年9月30日延长至2026年12月31日。"
    take(ingestor, tmp_path, "延期", amending(body, "关于延长申报时间的通知", lead="现通知如下：", day="2026年9月2日"))
    document = index.ledger.document("doc:public:办法")
    assert document is not None and document.info["deadline"] == "2026-12-31"
    assert source(index)["valid_until"] == "2026-12-31" and "申报截止已由《关于延长申报时间的通知》" in notes(index)
    assert any("申报截止日期2026-12-31" in p.text for p in passages(index))
    ingestor.remove("doc:public:延期")
    assert source(index)["valid_until"] == "2026-09-30" and notes(index) == ""


LONG = RULES.replace(
    "第四条 首次",
    "第四条 " + "".join(f"第{n}类项目应当说明改造内容和进度安排。" for n in "甲乙丙丁戊己庚辛壬癸") * 4 + "首次",
)


@pytest.mark.parametrize("order", [("办法", "修改"), ("修改", "办法")])
def test_a_clause_over_several_passages_is_changed_in_all_of_them(
    ingestor: Ingestor, index: Index, tmp_path: Path, order: tuple[str, str]
) -> None:
    texts = {"办法": LONG, "修改": amending("第四条修改为：“首次通过二级评测的企业，另奖励10万元。”")}
    for name in order:
        take(ingestor, tmp_path, name, texts[name])
    text = in_force(index)
    assert (
        "项目应当说明" not in text and "8万元" not in text and "第四条 首次通过二级评测的企业，另奖励10万元。" in text
    )
    assert text.count("第五条 申报企业应当具备下列条件") == 1
    ingestor.remove("doc:public:修改")
    assert "辛类项目应当说明" in in_force(index) and "8万元" in in_force(index)


def test_an_annex_is_stopped_and_a_figure_in_a_table_elsewhere_stays(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    rows = "\n".join(f"第{n}类\t{n}0\t30" for n in range(1, 5))
    annexes = f"\n附件1\n\n补助标准\n\n类别\t比例\t上限\n{rows}\n\n附件2\n\n样例市设备目录\n\n目录内设备另补30万元。\n"
    take(ingestor, tmp_path, "办法", RULES + annexes)
    take(ingestor, tmp_path, "修改", amending("一、第三条中的30修改为45。\n二、附件2停止执行。"))
    text = in_force(index)
    assert "按不超过45%" in text and "第4类 | 上限 | 30" in text and "第3类 | 30 | 30" in text
    assert "目录内设备另补30万元" not in text
    assert [p.text for p in passages(index) if p.tags.get("gone")][-1].endswith("目录内设备另补30万元。")
    assert "附件2已由《" in notes(index) and "停止执行" in notes(index)


def test_two_documents_change_one_in_the_order_of_their_days(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "后改", amending("第三条中的“45%”修改为“50%”。", number=9, day="2026年6月1日"))
    take(ingestor, tmp_path, "办法", RULES)
    take(ingestor, tmp_path, "先改", amending("第三条中的“30%”修改为“45%”。"))
    assert "按不超过50%给予补助" in in_force(index) and "30%改为45%" in notes(index) and "45%改为50%" in notes(index)
    ingestor.remove("doc:public:先改")
    assert "按不超过30%给予补助" in in_force(index) and "要看修改文件" in notes(index)


def test_what_begins_later_is_told_and_not_done_yet(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    take(ingestor, tmp_path, "修改", amending("自2099年1月1日起，第三条中的“30%”修改为“45%”。"))
    assert "按不超过30%给予补助" in in_force(index) and "自2099-01-01起：30%改为45%" in notes(index)


@pytest.mark.parametrize(
    "other",
    [
        RULES.replace("资金管理办法", "资金管理实施细则").replace("〔2024〕3号", "〔2024〕4号"),
        RULES.replace(NAME, f"{NAME}（试行）").replace("〔2024〕3号", "〔2024〕4号"),
        RULES.replace("〔2024〕3号", "〔2024〕30号"),
        RULES.replace("〔2024〕3号", "〔2026〕33号").replace("2024年3月1日", "2026年9月1日"),
    ],
)
def test_a_document_of_nearly_the_same_name_or_another_number_is_not_touched(
    ingestor: Ingestor, index: Index, tmp_path: Path, other: str
) -> None:
    take(ingestor, tmp_path, "别的", other)
    before = passages(index, "别的"), source(index, "别的")["status"]
    take(ingestor, tmp_path, "修改", ALL)
    take(
        ingestor,
        tmp_path,
        "废止",
        amending(f"《{NAME}》（样工信规〔2024〕3号）自2026年2月1日起废止。", "关于废止文件的通知", 6),
    )
    assert (passages(index, "别的"), source(index, "别的")["status"]) == before


def test_a_document_named_by_its_title_alone_is_the_last_edition_before(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    lead = f"决定对《{NAME}》作如下修改："
    newer = RULES.replace("〔2024〕3号", "〔2025〕8号").replace("2024年3月1日", "2025年3月1日")
    take(ingestor, tmp_path, "办法", RULES)
    take(ingestor, tmp_path, "修改", amending("第三条中的30修改为45。", lead=lead))
    assert "按不超过45%" in in_force(index)
    take(ingestor, tmp_path, "新版", newer)
    assert "按不超过30%" in in_force(index) and "按不超过45%" in in_force(index, "新版")
    ingestor.remove("doc:public:新版")
    assert "按不超过45%" in in_force(index)


def test_the_edition_that_names_what_changed_it_is_not_changed_again(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    history = "（2024年3月1日公布，根据样工信规〔2026〕5号修正）"
    take(
        ingestor,
        tmp_path,
        "办法",
        RULES.replace("按不超过30%", "按不超过45%").replace("第一条 为", f"{history}\n\n第一条 为"),
    )
    take(ingestor, tmp_path, "修改", ALL)
    assert "另奖励8万元" in in_force(index) and notes(index) == ""


def test_documents_of_other_spaces_are_not_changed(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    take(ingestor, tmp_path, "修改", ALL, space="user:li")
    assert "按不超过30%" in in_force(index) and versions.links(index.ledger.connection, "doc:public:办法") == []


def test_documents_taken_in_by_an_older_version_are_known_by_their_names(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    index.ledger.connection.execute("DROP TABLE named")
    take(Ingestor(index), tmp_path, "修改", ALL)
    assert "按不超过45%" in in_force(index)


# ---- how long a document holds


@pytest.mark.parametrize("order", [("办法", "延长"), ("延长", "办法")])
@pytest.mark.parametrize(
    ("body", "until"),
    [
        (f"《{NAME}》有效期延长至2031年12月31日。", "2031-12-31"), ("样工信规〔2024〕3号有效期延长2年。", "2028-03-31"),
        (f"《{NAME}》（样工信规〔2024〕3号）继续有效。", None),
    ],
)  # fmt: skip
def test_a_document_that_is_extended_is_over_no_longer(
    ingestor: Ingestor, index: Index, tmp_path: Path, order: tuple[str, str], body: str, until: str | None
) -> None:
    texts = {
        "办法": RULES.replace("2029年3月31日", "2026年3月31日"),
        "延长": amending(body, "关于有关文件有效期的公告", lead="现公告如下：", day="2026年4月10日"),
    }
    for name in order:
        take(ingestor, tmp_path, name, texts[name])
    assert (source(index)["valid_until"], source(index)["status"]) == (until, "in_force")
    assert {p.valid_until for p in passages(index)} == {until}
    assert any("第十条" in p.text and p.tags.get("changed") for p in passages(index))
    ingestor.remove("doc:public:延长")
    assert source(index)["valid_until"] == "2026-03-31" and notes(index) == ""


@pytest.mark.parametrize("order", [("办法", "废止"), ("废止", "办法")])
@pytest.mark.parametrize(
    ("title", "body", "verb"),
    [
        (f"关于废止《{NAME}》的通知", f"《{NAME}》自本通知印发之日起废止。", "废止"),
        (f"关于停止执行《{NAME}》的通知", "请各单位做好衔接。", "停止执行"),
        ("关于有关事项的通知", f"暂停执行《 {NAME} 》（样工信规[2024]3号）。", "暂停执行"),
        ("关于宣布失效一批文件的决定", f"下列文件宣布失效：\n1. 关于印发《{NAME}》的通知（样工信规〔2024〕3号）\n2. 样例市甲办法（样工信〔2020〕1号）", "失效"),
        ("关于废止部分文件的决定", f"附件\n废止的文件目录\n序号\t名称\t文号\n1\t关于印发《{NAME}》的通知\t样工信规〔2024〕3号", "废止"),
    ],
)  # fmt: skip
def test_a_document_that_is_ended_says_by_which(
    ingestor: Ingestor, index: Index, tmp_path: Path, order: tuple[str, str], title: str, body: str, verb: str
) -> None:
    texts = {"办法": RULES, "废止": amending(body, title, lead="经研究，现通知如下：")}
    for name in order:
        take(ingestor, tmp_path, name, texts[name])
    assert source(index)["status"] == "expired" and {p.status for p in passages(index)} == {"expired"}
    told = str(source(index)["told"])
    assert told.startswith("已由《关于") and told.endswith(verb) and "样工信规〔2026〕5号，2026-01-10" in told
    (link,) = versions.links(index.ledger.connection, "doc:public:办法")
    assert (link.document_id, link.kind) == ("doc:public:废止", "ends")
    ingestor.remove("doc:public:废止")
    assert (source(index)["status"], source(index)["told"]) == ("in_force", "")


@pytest.mark.parametrize("order", [("办法", "新版"), ("新版", "办法")])
@pytest.mark.parametrize("title", [f"关于印发《{NAME}（2026年修订）》的通知", f"关于修订印发《{NAME}》的通知"])
def test_a_new_edition_replaces_the_old_one(
    ingestor: Ingestor, index: Index, tmp_path: Path, order: tuple[str, str], title: str
) -> None:
    body = "现将修订后的办法印发给你们。\n第一条 本办法适用于工业企业，补助比例另行公布。"
    texts = {"办法": RULES, "新版": amending(body, title, lead="现通知如下：")}
    for name in order:
        take(ingestor, tmp_path, name, texts[name])
    assert (source(index)["status"], source(index)["superseded_by"]) == ("superseded", "doc:public:新版")
    assert source(index, "新版")["status"] == "in_force"


def test_a_corrected_standing_stays(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    take(ingestor, tmp_path, "办法", RULES)
    ingestor.correct("doc:public:办法", {"status": "现行"})
    take(ingestor, tmp_path, "废止", amending("请遵照执行。", f"关于废止《{NAME}》的通知", lead="现通知如下："))
    assert source(index)["status"] == "in_force"


def test_a_bundled_source_that_a_document_ends_says_so_where_that_document_is_seen(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    body = "《样例方案》同时停止执行。"
    take(
        ingestor,
        tmp_path,
        "废止",
        amending(body, "关于停止执行部分文件的通知", lead="现通知如下：", day="2031年5月1日"),
        "user:li",
    )
    assert index.sources()["sample"].told == ""
    told = index.sources(("public", "user:li"))["sample"].told
    assert told == "您录入的《关于停止执行部分文件的通知》（样工信规〔2026〕5号，2031-05-01）说它已停止执行"
    assert "停止执行" not in "".join(p.text for p in index.ledger.passages_of("card:sample"))


# ---- files


def as_docx(text: str) -> bytes:
    document, out = Docx(), io.BytesIO()
    for line in filter(None, text.split("\n")):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def as_page(text: str) -> bytes:
    lines = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
    return f"<html><head><meta charset='utf-8'><title>x</title></head><body><article>{lines}</article></body></html>".encode()


@pytest.mark.parametrize("rules", ["办法.docx", "办法.html", "办法.txt"])
@pytest.mark.parametrize("change", ["修改.docx", "修改.html", "修改.txt"])
def test_files_of_any_kind_change_files_of_any_kind(
    ingestor: Ingestor, index: Index, tmp_path: Path, rules: str, change: str
) -> None:
    make = {".docx": as_docx, ".html": as_page, ".txt": str.encode}
    for name, text in ((rules, RULES), (change, ALL)):
        (tmp_path / name).write_bytes(make[Path(name).suffix](text))
        (outcome,) = ingestor.ingest([tmp_path / name])
        assert outcome.status == "added", outcome.message
    text = in_force(index)
    assert "按不超过45%给予补助，单个企业最高不超过50万元" in text and "注册30日以上" in text
    assert "（二）在本市注册满一年" in text and "第四条（已删去）" in text and "第九条 企业应当如实申报。" in text
