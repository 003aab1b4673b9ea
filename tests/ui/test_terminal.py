"""The command line, run in this process over one data folder: answers, JSON shapes, exit states, bad input."""

from __future__ import annotations

import gc
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.permissions import bound_by_permissions
from tests.ui.command import assert_one_sentence, xiangdao
from tools.spec import specs

NOTICE = """示例市工业和信息化局关于申报数字化改造专项资金的通知

一、申报条件
申报企业要在示例市注册，已经列入星火改造名单，改造合同在2026年3月以后签订。
二、支持标准
按软件和云服务支出的百分之二十七给予补助，每家最高31万元。
三、申报时间
材料在2026年12月5日前交到区县工信部门。
"""
ANSWER = {
    "id",
    "question",
    "answer",
    "refused",
    "citations",
    "tool",
    "engine",
    "timings_ms",
    "confidence",
    "suggestions",
}
CITATION = {"n", "source_id", "title", "section", "passage_id", "quote", "origin", "certainty"}
HIT = {"passage_id", "source_id", "title", "section", "text", "origin", "score"}
OUTCOME = {"text", "data", "citations", "certainty", "next_steps", "asks"}
CLOUD = "政府到2027年打算让多少小企业上云"


@pytest.fixture(scope="module")
def folder(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of this module, with one document taken in."""
    copy = tmp_path_factory.mktemp("terminal") / "home"
    shutil.copytree(home, copy)
    notice = copy.parent / "示例市申报通知.txt"
    notice.write_bytes(NOTICE.encode("gb18030"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIANGDAO_HOME", str(copy))
        taken = xiangdao("ingest", notice)
    assert (taken.code, taken.out.split()[0]) == (0, "已录入")
    return copy


@pytest.fixture(autouse=True)
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGDAO_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def use(copy_of_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, in use."""
    monkeypatch.setenv("XIANGDAO_HOME", str(copy_of_home))
    return copy_of_home


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Any) -> Path:
        path = tmp_path / "问题.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


# ---- ask, chat, search


def test_ask_answers_first_and_ends_with_where_it_stands() -> None:
    ran = xiangdao("ask", CLOUD)
    assert (ran.code, ran.err) == (0, "")
    assert "40%" in ran.out.splitlines()[0]
    sources = [line for line in ran.out.splitlines() if line.startswith("出处 [1]")]
    assert len(sources) == 1 and "《中小企业数字化赋能专项行动方案（2025—2027年）》" in sources[0]
    assert ran.out.index("出处") > ran.out.rindex("40%")
    assert "**" not in ran.out


def test_ask_json_has_the_shape_of_the_design() -> None:
    answer = xiangdao("ask", CLOUD, "--json").json
    assert set(answer) == ANSWER
    assert (answer["id"], answer["question"], answer["refused"], answer["tool"]) == (None, CLOUD, False, None)
    assert answer["engine"] == "extractive" and answer["timings_ms"]["total"] > 0
    assert answer["citations"] and all(set(citation) == CITATION for citation in answer["citations"])
    assert {citation["source_id"] for citation in answer["citations"]} == {"action_plan_2025_2027"}


def test_ask_json_names_the_tool_that_ran_with_arguments_and_result() -> None:
    tool = xiangdao("ask", "我们注塑厂280人，去年营收1.9个亿，算中型吗", "--json").json["tool"]
    assert set(tool) == {"name", "arguments", "result"}
    assert (tool["name"], tool["arguments"]["从业人员"]) == ("size_class", 280)
    assert set(tool["result"]) == OUTCOME and tool["result"]["data"]["size_class"] == "小型"


def test_a_session_goes_on_and_without_one_nothing_is_kept(folder: Path) -> None:
    xiangdao("ask", "WMS是什么意思", "--session", "老王")
    assert "APS" in xiangdao("ask", "那APS呢", "--session", "老王", "--json").json["answer"]
    kept = (folder / "conversations.db").read_bytes()
    wal = folder / "conversations.db-wal"
    kept += wal.read_bytes() if wal.exists() else b""
    assert "WMS是什么意思".encode() in kept and CLOUD.encode() not in kept


def test_a_profile_supplies_what_the_question_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "我厂.json"
    path.write_text('{"行业": "注塑", "从业人员": 280, "营业收入万元": "1.9亿"}', encoding="utf-8")
    tool = xiangdao("ask", "我们算中型吗", "--profile", path, "--json").json["tool"]
    assert tool["name"] == "size_class" and tool["result"]["data"]["size_class"] == "小型"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "找不到企业档案"),
        ("", "是空的"),
        ("{", "不是 JSON"),
        ("[]", "JSON 对象"),
        ('{"从业人员": "很多"}', "一共多少人"),
    ],
)
def test_a_profile_that_cannot_be_used_is_one_sentence(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "档案.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert_one_sentence(xiangdao("ask", "我们算中型吗", "--profile", path), words)
    assert_one_sentence(xiangdao("ask", "我们算中型吗", "--profile", tmp_path), "是文件夹")


@pytest.mark.parametrize(
    ("engine", "told"), [("auto", 0), ("extractive", 0), ("local", 1), ("openvino", 1), ("remote", 1)]
)
def test_an_engine_that_is_not_there_yet_is_told_and_the_answer_comes_all_the_same(engine: str, told: int) -> None:
    ran = xiangdao("ask", CLOUD, "--engine", engine)
    assert ran.code == 0 and "40%" in ran.out
    assert len(ran.err.splitlines()) == told and ran.err.count("这次不用模型作答") == told


def test_chat_remembers_starts_anew_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("WMS是什么意思\n那APS呢\n\n😀\n/help\n/new\n/quit\n没人听了\n"))
    ran = xiangdao("chat")
    assert ran.code == 0
    assert "WMS" in ran.out and "APS" in ran.out
    assert "只有符号和表情" in ran.err and "重新开始" in ran.err and "能用的命令：/new" in ran.err


def test_search_lists_as_many_passages_as_asked_for() -> None:
    hits = xiangdao("search", "上云率", "-k", "3", "--json").json["hits"]
    assert len(hits) == 3 and all(set(hit) == HIT for hit in hits)
    assert "上云率" in hits[0]["text"] and hits[0]["origin"] == "card"
    assert "action_plan_2025_2027" in {hit["source_id"] for hit in hits}
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    listed = xiangdao("search", "上云率", "-k", "2").out
    assert listed.startswith("1. ") and "《中小企业数字化赋能专项行动方案（2025—2027年）》" in listed


def test_an_ingested_document_is_found_as_a_document() -> None:
    hits = xiangdao("search", "示例市 星火改造名单", "-k", "5", "--json").json["hits"]
    assert {(hit["source_id"], hit["origin"]) for hit in hits} & {("示例市申报通知", "document")}


# ---- questions that cannot be asked


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "😀😀🎉",
        "\u200b\u200d\ufeff",
        "？！……",
        "啊" * 20_000,
        "\udcff\udcfe\x01\x02\udc80\udc81",
        "\x00\x01\x02",
    ],
    ids=["empty", "blank", "emoji", "zero-width", "marks", "20000", "bytes", "control"],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(question: str) -> None:
    assert_one_sentence(xiangdao("ask", question))
    assert_one_sentence(xiangdao("search", question))


@pytest.mark.parametrize("odd", ["\u202e", "\u200b", "\udcff", "😀", "\ufeff"])
def test_an_odd_character_in_a_question_changes_nothing(odd: str) -> None:
    ran = xiangdao("ask", odd + CLOUD[:6] + odd + CLOUD[6:])
    assert ran.code == 0 and "40%" in ran.out


# ---- batch


def test_batch_writes_one_line_a_question_and_one_fault_stops_no_other(
    lines: Callable[..., Path], tmp_path: Path
) -> None:
    rows = [
        {"id": "a", "question": CLOUD},
        {"id": 2, "question": "  "},
        {"id": 3, "turns": ["WMS是什么意思", "那APS呢"]},
    ]
    out = tmp_path / "答案.jsonl"
    assert xiangdao("batch", lines(*rows), "-o", out).code == 0
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, 3]
    assert set(answers[0]) == set(answers[2]) == ANSWER
    assert set(answers[1]) == {"id", "question", "answer", "refused", "error"} and answers[1]["refused"] is True
    assert set(answers[1]["error"]) == {"message", "hint", "code"} and answers[1]["error"]["code"] == "bad_question"
    assert "APS" in answers[2]["answer"]


def test_batch_search_looks_for_what_the_last_turn_means(lines: Callable[..., Path]) -> None:
    ran = xiangdao("batch", lines({"id": 1, "turns": ["中山的厂评到三级能拿多少", "那合肥呢"]}), "--search", "-k", "4")
    row = ran.json
    assert set(row) == {"id", "question", "hits"} and row["question"] == "那合肥呢"
    assert len(row["hits"]) == 4 and all(set(hit) == HIT for hit in row["hits"])
    assert any("合肥" in hit["text"] and "级" in hit["text"] for hit in row["hits"])


def test_batch_reads_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(json.dumps({"id": 1, "question": CLOUD}, ensure_ascii=False).encode("gb18030"))
    assert "40%" in xiangdao("batch", path).json["answer"]


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "是空的"), ("\n \n", "是空的"), ("问题\n", "第 1 行不是 JSON"), ('{"id": 1}\n', "没有 question"), ("[1]\n", "没有 question"),
     ('{"turns": [1, 2]}\n', "第 1 行没有 question"), ("[" * 100_000, "不是 JSON")],
)  # fmt: skip
def test_a_question_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content, encoding="utf-8")
    assert_one_sentence(xiangdao("batch", path), words)


def test_a_line_that_is_no_question_stops_no_other(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"id": 1, "question": "WMS是什么意思"}\n{"turns": [1, 2]}\n乱写的\n{"id": 4, "question": "APS是什么意思"}\n',
        "utf-8",
    )
    answers = [json.loads(line) for line in xiangdao("batch", path).out.splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, None, 4]
    assert "第 2 行没有 question" in answers[1]["answer"] and "第 3 行不是 JSON" in answers[2]["error"]["message"]
    assert "WMS" in answers[0]["answer"] and "APS" in answers[3]["answer"]


def test_batch_says_what_is_wrong_with_its_files(tmp_path: Path, lines: Callable[..., Path]) -> None:
    path = lines({"id": 1, "question": CLOUD})
    assert_one_sentence(xiangdao("batch", tmp_path), "是文件夹")
    assert_one_sentence(xiangdao("batch", tmp_path / "没有.jsonl"), "找不到问题文件")
    assert_one_sentence(xiangdao("batch", path, "-o", path), "问题文件本身")
    assert_one_sentence(xiangdao("batch", path, "-o", tmp_path / "没有" / "x.jsonl"), "写不了文件")
    assert CLOUD in path.read_text(encoding="utf-8")


# ---- ingest and docs


def test_ingest_says_of_each_path_what_became_of_it(tmp_path: Path) -> None:
    empty, binary, good = tmp_path / "空.txt", tmp_path / "二进制.txt", tmp_path / "好.md"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)) * 40)
    good.write_text("# 样例\n\n某厂先做报工，再做排产，半年见效。\n", encoding="utf-8")
    address = "http://127.0.0.1:9/zhengce/a.html"
    ran = xiangdao("ingest", "--dry-run", address, tmp_path / "没有.txt", empty, binary, good)
    told = ran.out.splitlines()
    assert ran.code == 1 and len(told) == 5
    assert any(address in line and "内部网络" in line for line in told)
    assert any("没有.txt" in line and "找不到" in line for line in told)
    assert any("空.txt" in line and "空的" in line for line in told)
    assert any("二进制.txt" in line and line.startswith("没录进去") for line in told)
    assert any("好.md" in line and line.startswith("将会录入") for line in told)
    assert "好" not in xiangdao("docs", "list").out


def test_ingest_of_nothing_that_can_be_taken_in_ends_with_1(tmp_path: Path) -> None:
    assert xiangdao("ingest", "http://example.com/a").code == 1
    assert xiangdao("ingest", tmp_path / "没有").code == 1
    assert_one_sentence(xiangdao("ingest", tmp_path, "--space", "a b/c"), "资料空间")


@bound_by_permissions
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    try:
        ran = xiangdao("ingest", closed)
    finally:
        closed.chmod(0o700)
    assert ran.code == 1 and "权限" in ran.out


def test_the_list_has_the_users_own_documents_first_and_one_line_for_the_rest() -> None:
    first, second = xiangdao("docs", "list").out.splitlines()
    assert first.startswith("录入资料") and "doc:public:示例市申报通知" in first
    assert second.startswith("自带知识") and "--all" in second
    whole = xiangdao("docs", "list", "--all").out.splitlines()
    assert whole[0] == first and len(whole) > 20
    rows = xiangdao("docs", "list", "--json").json["documents"]
    assert rows[0]["origin"] == "document" and len(rows) == len(whole)


def test_a_document_in_a_space_of_its_own_is_listed_and_another_users_is_not(
    use: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user, space in (("local", "公司"), ("someone-else", "我的")):
        monkeypatch.setenv("XIANGDAO_USER", user)
        path = tmp_path / f"给{len(user)}.txt"
        path.write_text(NOTICE, encoding="utf-8")
        assert xiangdao("ingest", path, "--space", space).code == 0
    assert "给12" in xiangdao("docs", "list").out
    monkeypatch.setenv("XIANGDAO_USER", "local")
    listed = xiangdao("docs", "list").out
    assert "空间 公司" in listed and "someone-else" not in listed
    assert_one_sentence(xiangdao("docs", "show", "给12"), "没有编号")
    assert xiangdao("docs", "remove", "给5").code == 0
    assert "公司" not in xiangdao("docs", "list").out


@pytest.mark.parametrize(
    "wanted", ["doc:public:示例市申报通知", "public:示例市申报通知", "示例市申报通知", f"《{NOTICE.splitlines()[0]}》"]
)
def test_a_document_is_shown_by_its_id_or_its_title(wanted: str) -> None:
    ran = xiangdao("docs", "show", wanted)
    assert ran.code == 0 and "百分之二十七" in ran.out


def test_bundled_knowledge_is_shown_and_not_removed() -> None:
    assert xiangdao("docs", "show", "guide_2022").code == 0
    assert_one_sentence(xiangdao("docs", "remove", "guide_2022"), "自带知识不能删除")
    assert_one_sentence(xiangdao("docs", "remove", "card:guide_2022"), "自带知识不能删除")
    assert_one_sentence(xiangdao("docs", "show", "没有这份"), "没有编号或标题是 没有这份 的资料")


def test_a_removed_document_is_found_no_more(use: Path, tmp_path: Path) -> None:
    path = tmp_path / "临时.txt"
    path.write_text(NOTICE, encoding="utf-8")
    xiangdao("ingest", path)
    assert xiangdao("docs", "remove", "临时").code == 0
    hits = xiangdao("search", "星火改造名单", "--json").json["hits"]
    assert "临时" not in {hit["source_id"] for hit in hits}


def test_docs_check_finds_the_knowledge_sound() -> None:
    ran = xiangdao("docs", "check")
    assert ran.code == 0 and ran.out.rstrip().endswith("没有错误。")


def test_a_ledger_that_is_damaged_is_moved_aside_and_the_documents_come_back(use: Path, tmp_path: Path) -> None:
    path = tmp_path / "示例通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    xiangdao("ingest", path)
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (use / name).unlink(missing_ok=True)
    (use / "ledger.db").write_bytes(b"not a database " * 5000)
    ran = xiangdao("search", "示例市 星火改造名单", "--json")
    assert ran.code == 0 and "台账文件已损坏" in ran.err
    assert "示例通知" in {hit["source_id"] for hit in ran.json["hits"]}
    assert list(use.glob("ledger.damaged-*.db"))
    again = xiangdao("ask", CLOUD)
    assert (again.code, again.err) == (0, "") and "40%" in again.out


def test_vectors_that_are_damaged_are_built_anew(use: Path) -> None:
    for path in (use / "vectors").rglob("*"):
        if path.is_file():
            path.write_bytes(b"\x00garbage\xff" * 50)
    ran = xiangdao("ask", CLOUD)
    assert ran.code == 0 and "40%" in ran.out and "Traceback" not in ran.err
    again = xiangdao("ask", CLOUD)
    assert (again.code, again.err) == (0, "")


# ---- tool


SIZE = '{"行业": "注塑", "从业人员": 280, "营业收入万元": "1.9个亿"}'


def test_tool_gives_the_result_the_next_steps_and_the_sources() -> None:
    ran = xiangdao("tool", "size_class", "--args", SIZE)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("小型") and "接下来：\n- " in ran.out
    assert "出处 [1] 《统计上大中小微型企业划分办法（2017）》" in ran.out.split("接下来")[1]


def test_tool_json_has_name_arguments_in_chinese_and_the_result() -> None:
    given = xiangdao("tool", "size_class", "--json", "--args", SIZE.replace("行业", "industry")).json
    assert set(given) == {"name", "arguments", "result"} and set(given["result"]) == OUTCOME
    assert given["name"] == "size_class" and set(given["arguments"]) == {"行业", "从业人员", "营业收入万元"}
    assert all(set(citation) == CITATION for citation in given["result"]["citations"])


def test_tool_without_a_name_lists_every_tool_on_a_line() -> None:
    listed = xiangdao("tool").out.splitlines()
    assert [line.split()[0] for line in listed] == list(specs())
    assert all(re.search(r"[\u4e00-\u9fff]{6}", line) for line in listed)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [("size_class", "{", "不是 JSON"), ("size_class", "[]", "JSON 对象"), ("size_class", '{"甲": 1}', "没有“甲”这个参数"),
     ("size_class", '{"行业": "注塑", "从业人员": -3}', "一共多少人"), ("nothing", "{}", "没有叫“nothing”的工具"), ("glossary", "{}", "")],
)  # fmt: skip
def test_arguments_that_cannot_be_used_are_a_sentence(name: str, given: str, words: str) -> None:
    ran = xiangdao("tool", name, "--args", given)
    assert (ran.code, ran.out) == (1, "") and words in ran.err
    assert len(ran.err.strip().splitlines()) <= 2 and "Traceback" not in ran.err


def test_the_day_decides_what_has_expired() -> None:
    def status(day: str) -> str:
        ran = xiangdao("tool", "subsidy", "--args", '{"地区": "中山", "投入万元": 100, "等级": 2}', "--date", day)
        assert ran.code == 0
        return ran.out

    assert status("2026-11-20") != status("2027-06-01")
    assert "到期" in status("2027-06-01")


@pytest.mark.parametrize("ending", [".docx", ".xlsx", ".pdf"])
def test_a_result_is_written_as_a_report(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"结果{ending}"
    ran = xiangdao("tool", "size_class", "--args", SIZE, "--out", path)
    assert ran.code == 0 and str(path) in ran.err and ran.out.startswith("小型")
    assert path.read_bytes().startswith(b"%PDF") if ending == ".pdf" else zipfile.is_zipfile(path)


def test_a_report_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    assert_one_sentence(xiangdao("tool", "size_class", "--args", SIZE, "--out", tmp_path / "a.txt"), ".docx")
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert_one_sentence(xiangdao("tool", "size_class", "--args", SIZE, "--out", tmp_path / "file" / "a.docx"), "写不进")


# ---- eval, doctor, ui


def test_eval_scores_a_file_of_questions(tmp_path: Path) -> None:
    row = {"id": "t-1", "question": CLOUD, "kind": "figure", "style": "formal", "sources": ["action_plan_2025_2027"],
           "evidence": ["中小企业上云率超过40%"], "facts": [["40%"]]}  # fmt: skip
    path = tmp_path / "题.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    ran = xiangdao("eval", path, "--out", tmp_path / "结果")
    assert ran.code == 0 and (tmp_path / "结果" / "report.json").exists()
    assert xiangdao("eval", tmp_path / "没有.jsonl").code == 1


def test_doctor_finds_a_sound_machine_in_order() -> None:
    ran = xiangdao("doctor")
    assert ran.code == 0 and ran.out and all(line.startswith(("✓ ", "→ ")) for line in ran.out.splitlines())


def test_the_page_is_not_served_from_an_address_this_machine_has_not() -> None:
    assert_one_sentence(xiangdao("ui", "--host", "203.0.113.7", "--no-browser"))


# ---- the data folder


@pytest.fixture
def blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder that cannot be one: a file stands in its place."""
    path = tmp_path / "file"
    path.write_text("", encoding="utf-8")
    monkeypatch.setenv("XIANGDAO_HOME", str(path / "home"))
    yield path


@pytest.mark.parametrize(
    "command",
    [
        "ask 上云",
        "chat",
        "search 上云",
        "batch {q}",
        "ingest {q}",
        "docs list",
        "docs show x",
        "docs remove x",
        "eval {q}",
        "ui",
    ],
)
def test_a_data_folder_that_cannot_be_written_is_one_sentence_for_every_command(
    blocked: Path, lines: Callable[..., Path], command: str
) -> None:
    question = str(lines({"id": 1, "question": CLOUD}))
    assert_one_sentence(
        xiangdao(*(word.replace("{q}", question) for word in command.split())), "数据文件夹", "XIANGDAO_HOME"
    )


def test_doctor_says_that_the_data_folder_cannot_be_written(blocked: Path) -> None:
    ran = xiangdao("doctor")
    (bad,) = [line for line in ran.out.splitlines() if line.startswith("✗")]
    assert ran.code == 1 and "数据文件夹" in bad and "XIANGDAO_HOME" in bad


@pytest.mark.parametrize("name", ["~no-such-user-here/x", "/proc/x"])
def test_a_data_folder_that_cannot_be_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("XIANGDAO_HOME", name)
    assert_one_sentence(xiangdao("ask", CLOUD), "XIANGDAO_HOME")


@bound_by_permissions
def test_a_data_folder_or_ledger_that_may_only_be_read_goes_on_answering_and_takes_nothing_in(
    use: Path, tmp_path: Path
) -> None:
    notice = tmp_path / "通知.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    (use / "ledger.db").chmod(0o400)
    asked = xiangdao("ask", CLOUD)
    assert asked.code == 0 and "40%" in asked.out and "写不进去" in asked.err
    for file in use.glob("ledger.db*"):  # what SQLite puts beside it has its rights
        file.chmod(0o600)
    use.chmod(0o500)
    try:
        asked, taken = xiangdao("ask", CLOUD), xiangdao("ingest", notice)
    finally:
        use.chmod(0o700)
    gc.collect()  # SQLite lets no connection of a process write while another of it could only read
    assert asked.code == 0 and "40%" in asked.out and "写不进去" in asked.err
    assert (taken.code, taken.out) == (1, "") and "写不进去" in taken.err and "意料之外" not in taken.err
    assert xiangdao("ingest", notice).code == 0


def test_a_tool_and_the_check_need_no_data_folder(blocked: Path) -> None:
    assert xiangdao("tool", "size_class", "--args", SIZE).code == 0
    assert xiangdao("docs", "check").code == 0


def test_a_bug_is_an_apology_with_a_number_and_the_log_has_the_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug for the test")

    monkeypatch.setattr("ui.commands.search", fail)
    ran = xiangdao("search", "上云")
    number = re.search(r"编号 (\w{8})", ran.err)
    assert (ran.code, ran.out) == (1, "") and number and "Traceback" not in ran.err
    log = (folder / "errors.log").read_text(encoding="utf-8")
    assert number[1] in log and "a bug for the test" in log
