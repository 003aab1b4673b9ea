"""What is neither a question for the knowledge nor for a tool: greetings, thanks, who are you, orders to the machine."""

from __future__ import annotations

import re

INTRODUCTION = (
    "我是向导，专门帮中小企业做数字化转型。可以问我：\n"
    "- 该先做什么、分几步走：“我们做注塑，60人，给个路线图”\n"
    "- 数字化算几级：“帮我测一下几级”\n"
    "- 能拿什么钱：“我们在苏州，打算投80万上MES，能申请什么补贴”\n"
    "- 政策、名词、案例、行情：“MES是什么”“同行有没有做过排产的例子”\n\n"
    "回答都带出处；资料里没有的，我直说没有。"
)
_SAID: tuple[tuple[str, str], ...] = (
    (r"(你|您)?好[啊呀吗！!。]*|hi|hello|嗨|哈[喽罗]|在吗[？?]?|早上好|下午好|晚上好", f"您好！{INTRODUCTION}"),
    (
        r"(你|您)(是谁|叫什么|是什么|能(干|做)(什么|啥)|会(干|做)?(什么|啥))[？?]?|怎么用|帮助|help|who are you\??",
        INTRODUCTION,
    ),
    (
        r".{0,16}(谢谢|多谢|感谢|辛苦了?|thanks?|thank you)(你|您|啦|了)?[！!。]*",
        "不客气。还有什么要查的、要算的，接着说就行。",
    ),
    (
        r"(算了|好吧|行了)?[，,\s]*(先)?不(测|评|算|排|弄|问|做|看|答)了[吧啊]?[。！!]*|算了吧?[。！!]*",
        "好的，先到这里。还想看什么，直接说。",
    ),
    (r"(再见|拜拜|bye)[！!。]*", "再见，随时回来问。"),
    (
        r"(不会是|你们?|您|这个?|这些|都|说的?|讲的?|该不会|别是|是)*(在)?(骗(人|我|钱|子)的?|忽悠(人|我)?的?|靠谱|可信|准确?|真的?假的|瞎说的?|瞎编的?|编的)(的)?(吧|吗|么|不|嘛)?[？?！!。]*",
        "不信我、信出处：回答里每个数后面都有 [n]，点开就是原文那一句；写着“未见官方原文”的，请先向主管部门核实。"
        "我不收费，也不推荐厂家。谁要先交“包过费”“保证金”才给办补贴，别信，打当地工信局的电话问。",
    ),
    (r"(好的?|行|嗯|知道了|明白了?|ok|没事了|没有了)[！!。]*", "好的。还想看什么，直接说。"),
)
_ORDERS: tuple[tuple[str, str], ...] = (
    (
        r"(忽略|无视|忘掉|忘记).{0,12}(指令|规则|要求|提示)|系统提示词|system prompt|ignore .{0,30}instructions|你的(提示词|设定)",
        "这个我做不了。我只回答中小企业数字化转型的问题，按资料说话。",
    ),
    (r"(翻译?|译)成|translate", "我不做翻译。要英文回答，用英文提问就行；原文在出处里。"),
)
_EMPTY = re.compile(r"[\d\s+\-*/×÷=.()（）等于几多少是？?]+")


def reply(text: str) -> str | None:
    """The fixed reply to small talk, or None where the message is something to work on."""
    text = text.strip()
    for pattern, said in _SAID:
        if re.fullmatch(pattern, text, re.I):
            return said
    return None


def declined(text: str) -> str | None:
    """Why an order to the machine is not carried out; None where it is none."""
    text = re.sub(r"([^\w\s])\1+", r"\1", text.strip())
    for pattern, said in _ORDERS:
        if re.search(pattern, text, re.I):
            return said
    if _EMPTY.fullmatch(text) or (len(text) > 20 and len(set(text)) <= max(4, len(text) // 50)):
        return "没看懂要问什么。用一句话说说厂里的事，例如：我们厂第一步该做什么？"
    return None
