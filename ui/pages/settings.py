"""设置: who sits here, what words the answers and where it runs, what is stored; exported, deleted."""

from __future__ import annotations

import json

from assistant.store import people
from core.errors import BadInput, XiangdaoError
from core.spaces import OF_CHAT_APPS, private_space
from ui import web_text as say
from ui.pages import render
from ui.pages.visit import Action, Visit
from ui.shown import Shown


def show(visit: Visit, done: str = "", problem: XiangdaoError | None = None) -> Shown:
    engine = visit.assistant.engine
    index = visit.assistant.retriever.index
    names = people.names(visit.database)
    fetching = visit.models.fetching
    html = render.page(
        "settings.html", user=visit.user, shown_name=_shown(visit.user), names=[n for n in names if not n.startswith("telegram")] or [visit.user],
        default=visit.assistant.settings.user, status=engine.status() if engine else None, models=visit.models.rows(),
        fetching=fetching, home=str(visit.assistant.settings.home), talks=len(visit.history.talks()),
        profile=visit.profiles.kept(), documents=len(index.ledger.documents((private_space(visit.user),), "document")),
        trouble=visit.assistant.trouble, done=done, problem=problem and render.problem(problem),
    )  # fmt: skip
    return Shown(html)


def sit(visit: Visit) -> Shown:
    """Go on as another person of this machine."""
    if OF_CHAT_APPS.match(name := visit.text("name").strip()):
        raise BadInput("这样开头的名字留给聊天软件里的用户。", "换一个名字。")
    return Shown(show(visit).html, user=people.add(visit.database, name))


def fetch(visit: Visit) -> Shown:
    visit.models.fetch(visit.text("model"))
    return show(visit, "开始下载。可以离开这一页，断了再点一次会接着下。")


def use(visit: Visit) -> Shown:
    visit.models.use(visit.text("model"))
    return show(visit, f"选好了 {visit.text('model')}，下次启动向导时用它。")


def export(visit: Visit) -> Shown:
    data = people.everything(visit.database, visit.user)
    name = f"向导数据-{visit.user}.json"
    path = visit.downloads.offer(name, json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8"))
    return Shown(show(visit, "已导出，浏览器会存到下载文件夹。").html, download=path)


def erase(visit: Visit) -> Shown:
    """Delete all that is kept of this person, with their private documents."""
    if visit.text("sure") not in (visit.user, _shown(visit.user)):
        raise BadInput("名字没有对上，什么都没有删。", f"要删，就在框里写上您的用户名：{_shown(visit.user)}。")
    visit.jobs.forget(visit.user)
    people.erase(visit.database, visit.user)
    shown = show(visit, "都删掉了：对话、企业档案、评估、意见和只有您能看的资料。")
    return Shown(shown.html)


def _shown(user: str) -> str:
    """The name as the page shows it: who never chose one is the machine's user."""
    return say.LOCAL_USER if user == "local" else user


ACTIONS: dict[str, Action] = {"sit": sit, "fetch": fetch, "use": use, "export": export, "erase": erase}
