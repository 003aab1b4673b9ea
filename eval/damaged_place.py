"""A copy of the program over a small knowledge, and a data folder with all kinds of state, to be damaged and opened."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from core.state import shipped_files

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "corpus", "ingest", "prompts", "tools", "assistant", "ui", "bots")
LIMIT_S = 240.0
TOPICS = ("上云", "贷款贴息", "人才培训", "机床联网", "仓库扫码")
HEADS = "heads.npz"


class Place:
    """A folder with `program` and `home`, and a process that has the program imported and looks at the home in forks of itself."""

    def __init__(self, folder: Path, home: Path | None = None) -> None:
        self.folder, self.program, self.home = folder, folder / "program", home or folder / "home"
        self._server: subprocess.Popen[str] | None = None

    def looked(self, what: str, limit_s: float = LIMIT_S) -> tuple[int, dict[str, Any] | str]:
        """The exit code and what a process saw that opens the folder, or its last words."""
        self._server = self._server or subprocess.Popen(
            [sys.executable, "damage_seen.py", "serve"], cwd=self.program, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        assert self._server.stdin and self._server.stdout
        out = self.folder / "out.txt"
        order = {"what": what, "home": str(self.home), "out": str(out), "limit_s": limit_s}
        print(json.dumps(order), file=self._server.stdin, flush=True)
        code = int(self._server.stdout.readline())
        said = out.read_text("utf-8", "replace").strip()
        return (code, json.loads(said.splitlines()[-1])) if code == 0 else (code, said)

    def copied(self, folder: Path) -> Place:
        """A copy; files that are not damaged share their bytes."""
        shutil.copytree(self.program, folder / "program", copy_function=os.link)
        return Place(folder)

    def refilled(self, built: Place, home: Path) -> None:
        """A home as it was built, and the knowledge as it ships."""
        self.home = home
        shutil.copytree(built.home, home, copy_function=_linked_or_copied)
        for path in shipped_files(built.program / "corpus"):
            own = self.program / path.relative_to(built.program)
            if not own.is_file() or not own.samefile(path):
                shutil.rmtree(own) if own.is_dir() else own.unlink(missing_ok=True)
                os.link(path, own)

    def close(self) -> None:
        if self._server and self._server.stdin:
            self._server.stdin.close()
            self._server.wait()


def _linked_or_copied(source: str, target: str) -> None:
    """Large files that are only read share their bytes."""
    (os.link if source.endswith(HEADS) else shutil.copy2)(source, target)


def made(folder: Path, documents: int = 4) -> Place:
    """The folder to be damaged: a program with a small knowledge, and all kinds of state."""
    place = Place(folder)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            place.program / package,
            copy_function=shutil.copy2,
            ignore=shutil.ignore_patterns("unseen.json"),
        )
    shutil.copy2(Path(__file__).with_name("damage_seen.py"), place.program)
    small_knowledge(place.program / "corpus")
    place.home.mkdir()
    shutil.copy2(ROOT / "corpus" / "encoder" / HEADS, place.home)
    (place.home / "config.toml").write_text('engine = "extractive"\npassages = 5\n', "utf-8")
    for n in range(documents):
        text = f"# 第{n}号规程\n\n星海厂第{n}号设备每隔{n + 3}个月检查一次，由机修班长签字。\n"
        (folder / f"规程{n}.md").write_text(text, "utf-8")
    script = f"from eval.damaged_place import filled; filled({str(folder)!r})"
    environment = {**os.environ, "XIANGDAO_HOME": str(place.home), "PYTHONPATH": f"{place.program}{os.pathsep}{ROOT}"}
    subprocess.run([sys.executable, "-c", script], cwd=place.program, env=environment, check=True)
    return place


def small_knowledge(corpus: Path) -> None:
    """A few cards in the place of all."""
    import yaml

    shutil.rmtree(corpus / "cards")
    (corpus / "cards").mkdir()
    cards = [
        {"id": f"sample/card{n}", "kind": "policy", "title": f"样例{topic}", "source": "sample", "section": ["一、"],
         "text": f"这是第{n}张样例卡片的正文，说的是{topic}怎样推进，以及由谁来做。",
         "questions": [f"{topic}怎么做", f"谁管{topic}", f"{topic}是什么"]}
        for n, topic in enumerate(TOPICS)
    ]  # fmt: skip
    (corpus / "cards" / "cards.yaml").write_text(yaml.safe_dump(cards, allow_unicode=True, sort_keys=False), "utf-8")
    with (corpus / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write("\n- {id: sample, title: 样例方案, published: 2030-01-01}\n")
    environment = {**os.environ, "PYTHONPATH": str(corpus.parent)}
    subprocess.run(
        [sys.executable, "-m", "corpus.manifest"],
        cwd=corpus.parent,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def filled(folder: str) -> None:
    """Fill a data folder with documents, conversations, a profile and waiting messages; run in the program's copy."""
    from assistant.build import open_index
    from assistant.history import History, Turn
    from assistant.store.profiles import Profiles
    from core.settings import load_settings
    from core.state import note
    from ingest.pipeline import Ingestor
    from tools.firm.profile import from_json

    settings = load_settings()
    index = open_index(settings)
    Ingestor(index).ingest(sorted(Path(folder).glob("*.md")))
    history = History(settings.conversations_path)
    for number in range(5):
        history.add(f"s{number}", Turn(f"第{number}问，设备多久查一次", "", f"每隔{number + 3}个月查一次。" * 20))
    assert history.database
    profiles = Profiles(history.database, "local")
    profiles.allow(True)
    profiles.learn(lambda known: from_json({"employees": 58, "revenue_wan": 3200}), "page")
    mailbox = import_module("bots.mailbox").Mailbox(settings.home / "bots.db")  # nothing in eval stands on a front end
    incoming = import_module("bots.message").Incoming
    texts = [f"第{n}条没答的消息" * 9 for n in range(5)]
    mailbox.accept([(incoming("telegram", f"1:{n}", f"chat{n}", "user", text), False) for n, text in enumerate(texts)])
    note(settings.home)
    os._exit(0)  # as a program ends that is killed: what SQLite keeps beside its files stays
