"""What is said to a message that is no question for the knowledge or a tool: small talk, despair, a complaint, a wish to cheat."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import forms
from assistant.answer.forms import Said, Shelf
from assistant.compute import noted
from assistant.history import Turn
from assistant.question import read
from assistant.understand.meaning import Understanding
from core.cut import shorten
from tools.firm.profile import Profile, extract
from tools.spec import computing, in_menus, specs


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
    "private": "您说的话、录的资料只存在这台电脑的数据文件夹里，不上传；要删，用 xiangdao forget。在聊天软件里问的，会经过那个软件的服务器；"
    "设置里接了网上的模型，问题才会发给它。密码、账号不用告诉我。",
    "cost": "不收钱，没有会员、广告，也不拿厂家好处：这是开源的，点名的服务商是资料里写的，不是推荐。谁借我的名义收费，别给。",
    "author": "资料有两种：政策、报告写的，带文件名、文号、日期；实务手册是本项目归纳的通行做法，写明依据、标着“实践经验，不是规定”。"
    "都有截到哪天的日期，新的以主管部门为准。拼答案的是程序和自带的小模型；装了大模型，也只许照资料说。",
    "sorry": "没事，换谁都急。接着说，刚才那件事我再查，或者换一件都行。",
}
GREETED_AGAIN = "在的。刚才说到“{}”，接着问，或者换一件事都行。"
SHOWN = 24
"""Characters of the last question that a second greeting names."""
COMPLAINT = (
    "对不起，刚才没答到点上。请说一句是哪里不对：问的不是这件事、数对不上，还是说得太空？我换着再查。\n"
    "要是急着用，可以直接问当地工信局中小企业处或企业服务热线 12345，把原话说给他们听。"
)
HELPLINE = "**12356**（全国统一心理援助热线）"
DISTRESS = {
    "life": "听得出您现在很难，能说出来已经不容易。先离开阳台、楼顶、水边这样的地方，别一个人待着。\n"
    f"请现在就打 {HELPLINE}，或者给身边最信得过的人打个电话，让他过来陪您；有危险就打 110，身体不舒服打 120。\n"
    "厂里的事都可以往后放，今天只做这一件。缓过来再说，我在。",
    "debt": "压着这么多事，换谁都难，能说出来已经不容易，先别一个人扛。\n"
    f"要是有过不下去的念头，请现在就打 {HELPLINE}，或者告诉身边信得过的人。\n"
    "钱的事，先只做一件：拿张纸把欠谁、欠多少、哪天到期列出来，先找最急的那一家谈延期；"
    "12345 可以帮您转到当地中小企业服务中心。列好了告诉我，我陪您看下一步。",
    "weary": "听得出您是真累了，撑着一个厂不容易，能说出来也好。\n"
    f"要是好些天睡不着、提不起劲，打 {HELPLINE} 聊聊，不丢人；"
    "要是冒出过不想活的念头，先回屋里、到有人的地方去，给家里人打个电话，有危险打 110。\n"
    "厂里的事不用一天理完：眼下最压您的是人、货、钱还是系统？说一件，我们先理那一件。",
}
"""What is said in despair, by its kind; the gravest where it is not known."""
FELT = "听得出您不容易。先说眼前这件："
"""What is said first to somebody who is worn out and asks something."""
DISHONEST = "这个我不能帮，弄虚作假、损害别人的事查出来要退钱、赔偿，重的追究责任；{}；要是我误会了，换个说法告诉我您想解决什么。"
HONEST_WAYS = {
    "时间": "老实的路子是照真实的签订、付款、上线日期写，赶不上这一批就等下一批，或问主管部门能不能延期、补说明",
    "人数社保": "老实的路子是按实际在岗和社保人数填，派遣、临时工照口径说明；差几个人，就看按真实人数够得上哪一项",
    "截图现场": "老实的路子是如实写做到哪一步，没上线的申请延期验收，先把一个环节真用起来，再留真实的记录和截图",
    "合同发票": "老实的路子是合同、发票、付款照实际成交价一致，多开的退回去；有人拿返点来劝，拒绝并留下证据，可以向主管部门举报",
    "材料等级": "老实的路子是把真实的设备、发票、合同和使用记录理出来，够几级报几级，差哪条先补哪条",
    "关系": "老实的路子是公开打主管部门电话问条件和材料，按公示的流程走；评审结果有异议，在公示期书面提出",
    "别人的秘密": "那是别人的商业秘密或个人信息，不要买、不要用；老实的路子是用自己积累的资料、公开渠道，或征得对方书面同意",
    "员工": "老实的路子是依法协商、书面告知、按规定结清工资和补偿，出了事如实上报；拿不准先打12333问人社部门",
    "软件": "老实的路子是用正版、免费版或开源软件，预算紧就按人按月订阅，或问厂商有没有小企业版",
    "税和贷款": "老实的路子是账照实做，找会计或打纳税服务热线问有哪些真能享受的优惠，贷款照真实流水申请",
}
"""What may honestly be done, by the kind of what was asked for; ANOTHER_WAY for all others."""
ANOTHER_WAY = "老实的路子是把真实的设备、发票、合同和使用记录理出来，我替您对条件，能申请多少算多少"
OUT = "这个不在我的范围，帮不上{}。我只懂中小企业数字化转型这一块：先做什么、数字化几级、能拿什么补贴、系统怎么选、同行怎么做。厂里有这类事，直接说。"
WHO_HELPS = {
    "看病": "，身体的事请问医生或药师，急的打120",
    "法律家事": "，这类事请问律师，或打12348免费法律咨询",
    "投资": "，股票、汇率、买房这类投资我不推荐，请问银行、证券公司的专业人员",
    "行情": "，行情价我查不到，请看行业报价网站、交易所或直接问厂家",
    "孩子上学": "，请问学校老师、招生办或当地考试院",
    "出行吃喝": "，请用地图导航、天气或订餐的软件查",
}
"""Who helps instead, by the kind of what is asked."""
OUT_IN_ENGLISH = (
    "**Not found.** This is outside what I know: the digital transformation of small and medium-sized Chinese firms - "
    "where to start, levels, support programmes, choosing systems, what others did."
)
NOTHING_BEFORE = "前面还没有我的回答可以改。想问什么先说一句，我答完再替您改成短的、表格或者能转发的。"
LIKELY = 0.1
"""From this probability on a tool is offered where a message does not say what it is about."""
UNCLEAR = (
    "您指的是哪一样？前面的话、文件和图我这边看不到。补上一两点我就能答：\n"
    "- 说的是什么：哪种系统、哪项补贴、哪份合同或表，对方的原话发给我也行\n"
    "- 厂里的情况：做什么产品、多少人、在哪个城市"
)
TALK_ONLY = frozenset({"chat", "complain", "distress", "dishonest", "out", "unclear"})
"""Labels whose reply stands on nothing but the message."""


def talk(understood: Understanding, text: str, turns: Sequence[Turn] = ()) -> Said:
    """The reply to a message that stands on nothing else; one who greets in the middle of a talk is not introduced to again."""
    if understood.label == "out" and read(text).english:
        return Said(OUT_IN_ENGLISH, True)
    if understood.label == "unclear" or (understood.label == "complain" and not turns):
        return Said(_asked_back(understood), True)
    if understood.label == "chat":
        if understood.kind == "greet" and turns:
            return Said(GREETED_AGAIN.format(shorten(turns[-1].standalone, SHOWN)))
        if understood.kind in {GREETED, INTRODUCED}:
            return Said(f"{'您好！' if understood.kind == GREETED else ''}{introduction()}")
        return Said(CHAT.get(understood.kind, CHAT["fine"]))
    return Said(*_declined(understood))


def _declined(understood: Understanding) -> tuple[str, bool]:
    """What is said to a complaint, to despair, to a wish to cheat and to what is out of the field, and whether it is a refusal."""
    match understood.label:
        case "dishonest":
            return DISHONEST.format(HONEST_WAYS.get(understood.kind, ANOTHER_WAY)), True
        case "out":
            return OUT.format(WHO_HELPS.get(understood.kind, "")), True
        case "distress":
            return DISTRESS.get(understood.kind, DISTRESS["life"]), False
    return COMPLAINT, False


def _asked_back(understood: Understanding) -> str:
    """What is asked where a message does not say what it is about, with what is likeliest to be said instead."""
    likely = [name for name, share in understood.alternatives if name in computing() and share >= LIKELY]
    offered = "".join(f"\n- 要是想让我算，说“{specs()[name].say}”" for name in likely[:2])
    return UNCLEAR + offered


def told(text: str, known: Profile) -> Said | None:
    """What is said to facts about the firm; None where nothing can be read from them."""
    profile = extract(text, known)
    return Said(noted(profile, profile.as_json())) if extract(text) else None


def changed(kind: str, turns: Sequence[Turn], shelf: Shelf) -> Said:
    """The last answer in another form."""
    answered = [turn for turn in turns if turn.citations or turn.call] or [turn for turn in turns if turn.answer]
    last = answered[-1] if answered else None
    return forms.changed(kind, last, shelf) if last else Said(NOTHING_BEFORE, True)
