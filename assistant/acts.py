"""What is said to a message that is no question for the knowledge or a tool: small talk, despair, a complaint, a wish to cheat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.compute import noted
from assistant.history import Turn
from assistant.understand.meaning import Understanding
from assistant.wording.bind import body_of
from core.cut import sentences, unmarked
from core.types import Citation
from tools.firm.profile import Profile, extract
from tools.spec import in_menus


def introduction() -> str:
    """What can be asked, with an example of each thing that menus show."""
    tools = [f"- {spec.button}：“{spec.examples[0]}”" for spec in in_menus()]
    lines = ("我是向导，专门帮中小企业做数字化转型。可以问我：", *tools, ASKED)
    return "\n".join(lines) + "\n\n回答都带出处；资料里没有的，我直说没有。"


ASKED = "- 政策、名词、案例、行情：“MES是什么”“同行有没有做过排产的例子”"
GREETED, INTRODUCED = "greet", "who"
CHAT = {
    "thanks": "不客气。还有什么要查的、要算的，接着说就行。",
    "fine": "好的。还想看什么，直接说。",
    "stop": "好的，先到这里。还想看什么，直接说。",
    "bye": "再见，随时回来问。",
    "trust": "不信我、信出处：回答里每个数后面都有 [n]，点开就是原文那一句；写着“未见官方原文”的，请先向主管部门核实。"
    "我不收费，也不推荐厂家。谁要先交“包过费”“保证金”才给办补贴，别信，打当地工信局的电话问。",
}
COMPLAINT = (
    "对不起，刚才没答到点上。请说一句是哪里不对：问的不是这件事、数对不上，还是说得太空？我换着再查。\n"
    "要是急着用，可以直接问当地工信局中小企业处或企业服务热线 12345，把原话说给他们听。"
)
DISTRESS = (
    "听得出您现在很难，能说出来已经不容易，先别一个人扛。\n"
    "要是有过不下去的念头，请现在就打 **12356**（全国统一心理援助热线），或者告诉身边信得过的人；有危险就打 110、120。\n"
    "厂里的事，今天只做一件：拿张纸把欠谁、欠多少、哪天到期列出来，明天先找最急的那一家谈延期；"
    "12345 可以帮您转到当地中小企业服务中心。缓过来再说厂里的事，我在。"
)
DISHONEST = (
    "这个我不能帮：骗补、造假查出来要退钱、罚款，记入信用，重的追究刑责。"
    "老实的路子是把真实的设备、发票、合同和使用记录理出来，能申请多少算多少；说说厂里真做了什么，我替您对条件。"
)
OUT = "这个我帮不上，我只懂中小企业数字化转型这一块：先做什么、数字化几级、能拿什么补贴、系统怎么选、同行怎么做。厂里有这类事，直接说。"
UNKNOWABLE = "这件事现在谁也说不准，我不猜。"
NOTHING_BEFORE = "前面还没有我的回答可以改。想问什么先说一句，我答完再替您改成短的、表格或者能转发的。"
TALK_ONLY = frozenset({"chat", "complain", "distress", "dishonest", "out"})
"""Labels whose reply stands on nothing but the message."""
SHORT_SENTENCES = 2


@dataclass(frozen=True)
class Said:
    """A reply with the citations that it keeps from the answer before."""

    text: str
    refused: bool = False
    citations: tuple[Citation, ...] = ()


def talk(understood: Understanding) -> Said:
    """The reply to a message that stands on nothing else."""
    if understood.label == "chat":
        if understood.kind in {GREETED, INTRODUCED}:
            return Said(f"{'您好！' if understood.kind == GREETED else ''}{introduction()}")
        return Said(CHAT.get(understood.kind, CHAT["fine"]))
    said = {"complain": COMPLAINT, "distress": DISTRESS, "dishonest": DISHONEST, "out": OUT}[understood.label]
    return Said(said, understood.label in {"dishonest", "out"})


def told(text: str, known: Profile) -> Said | None:
    """What is said to facts about the firm; None where nothing can be read from them."""
    profile = extract(text, known)
    return Said(noted(profile, profile.as_json())) if extract(text) else None


def changed(kind: str, turns: Sequence[Turn]) -> Said | None:
    """The last answer in another form; None where it takes another look at the knowledge."""
    last = next((turn for turn in reversed(turns) if turn.answer), None)
    if last is None:
        return Said(NOTHING_BEFORE)
    maker = _FORMS.get(kind)
    return maker(last) if maker else None


def _simpler(last: Turn) -> Said:
    """The first sentences of the last answer, which hold what it comes to."""
    lines = [line for line in body_of(last.answer).splitlines() if line.strip() and not line.startswith(">")]
    first = unmarked(lines[0]) if lines else body_of(last.answer)
    short = "".join(sentences(first)[:SHORT_SENTENCES])
    if short.rstrip().endswith(("：", ":")) and len(lines) > 1:
        short += unmarked(lines[1])
    return _with_sources(f"简单说：{short}", last)


def _longer(last: Turn) -> Said:
    """The cited passages as far as they were quoted, whole."""
    quotes = [f"- {citation.quote.strip()} [{citation.n}]" for citation in last.citations if citation.quote.strip()]
    return _with_sources("\n".join(["原文里是这么说的：", *quotes]), last) if quotes else _again(last)


def _table(last: Turn) -> Said:
    """The points of the last answer as rows."""
    points = [
        unmarked(line).replace("|", "／")
        for line in body_of(last.answer).splitlines()
        if line.strip() and not line.startswith(">")
    ]
    if any("---" in line for line in points):
        return _again(last)
    rows = [f"| {n} | {point} |" for n, point in enumerate(points, 1)]
    return _with_sources("\n".join(["| 序号 | 内容 |", "| --- | --- |", *rows]), last)


def _message(last: Turn) -> Said:
    """The last answer to be sent on: greeting, the points without marks of citation, where it stands."""
    plain = body_of(last.answer).replace("**", "").strip()
    for citation in last.citations:
        plain = plain.replace(f" [{citation.n}]", "").replace(f"[{citation.n}]", "")
    lines = [line.removeprefix("> ") for line in plain.splitlines() if line.strip()]
    where = "、".join(dict.fromkeys(f"《{citation.title}》" for citation in last.citations))
    closing = [f"（依据：{where}）"] if where else []
    return Said("\n".join(["您好，您问的事查到了：", *lines, *closing, "有不清楚的随时联系我。"]))


def _source(last: Turn) -> Said:
    """Where the last answer stands."""
    if not last.citations:
        return Said("上一个回答没有引用资料，是按您说的情况算出来的或者只是应答。")
    lines = [f"[{c.n}] 《{c.title}》{f'，{c.section}' if c.section else ''}：“{c.quote}”" for c in last.citations]
    return Said("上一个回答的出处：\n" + "\n".join(lines), citations=last.citations)


def _again(last: Turn) -> Said:
    return Said(last.answer, citations=last.citations)


def _english(last: Turn) -> Said:
    return Said("我不做翻译，资料和回答都是中文的。要英文回答，用英文把问题再问一遍，我会标明出处。")


def _with_sources(text: str, last: Turn) -> Said:
    """A text with the list of the citations that it names, as the last answer had it."""
    kept = tuple(citation for citation in last.citations if f"[{citation.n}]" in text)
    at = last.answer.rfind("\n\n出处")
    return Said(text + (last.answer[at:] if kept and at >= 0 else ""), citations=kept)


_FORMS = {
    "simpler": _simpler, "longer": _longer, "table": _table, "message": _message,
    "source": _source, "again": _again, "english": _english,
}  # fmt: skip
