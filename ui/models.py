"""Models as the settings page shows them: which there are, which fits, one being fetched in the background."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput, XiangdaoError
from core.settings import Settings

log = logging.getLogger(__name__)


@dataclass
class Fetching:
    """A download under way or over. done, total: bytes; problem: why it failed."""

    name: str
    done: int = 0
    total: int = 0
    over: bool = False
    problem: str = ""


class Models:
    """The models of one data folder; one download at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self.fetching: Fetching | None = None

    def rows(self) -> list[dict[str, Any]]:
        """The chat models of the catalogue and those that are there, with what each needs."""
        from assistant.engine.catalogue import catalogue, installed
        from assistant.engine.machine import fit, machine, recommended
        from ui.model_commands import in_use, models_folder

        here, there = machine(), {i.model.name: i for i in installed(models_folder(self._settings))}
        best = recommended(catalogue(), here)
        models = {m.name: m for m in (*catalogue(), *(i.model for i in there.values())) if m.role == "chat"}
        return [
            {
                "name": m.name, "gb": m.size_bytes / 1e9, "memory_gb": m.memory_bytes() / 1e9, "fit": fit(m, here), "best": m == best,
                "there": bool(m.name in there and there[m.name].complete), "used": in_use(self._settings, m), "note": m.note,
                "licence": m.licence, "commercial": m.commercial,
            }
            for m in models.values()
        ]  # fmt: skip

    def fetch(self, name: str) -> None:
        """Begin to download a model; BadInput where another is under way or the name is unknown."""
        from assistant.engine.catalogue import by_name

        model = by_name(name)
        if model is None:
            raise BadInput(f"没有叫 {name[:40]} 的模型。", "从列表里选一个。")
        with self._lock:
            if self.fetching and not self.fetching.over:
                raise BadInput(f"{self.fetching.name} 还在下载。", "等它下完，再下别的。")
            self.fetching = Fetching(name)
        threading.Thread(target=self._pull, args=(model, self.fetching), name="model", daemon=True).start()

    def _pull(self, model: Any, fetching: Fetching) -> None:
        from assistant.engine.model_folder import pull

        def progress(done: int, total: int, _: str) -> None:
            fetching.done, fetching.total = done, total

        try:
            pull(model, self._settings.models_path, self._settings.model_mirror or "modelscope", progress)
        except XiangdaoError as exc:
            fetching.problem = str(exc)
        except Exception:
            log.exception("model %s", fetching.name)
            fetching.problem = "下载时程序出错了，详细记录在数据文件夹的 errors.log 里。"
        fetching.over = True

    def use(self, name: str) -> None:
        """Choose a model for answers; it counts from the next start."""
        from assistant.engine.catalogue import find_installed
        from ui.model_commands import write_setting

        if not find_installed(name, self._settings.models_path):
            raise BadInput(f"{name[:40]} 还没有下载。", "先下载。")
        write_setting(self._settings.home / "config.toml", "model", name)
