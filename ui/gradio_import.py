"""Gradio imported without what only its own command line and its authors need, which takes a good part of the time."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_UNUSED = {"gradio.cli": ("deploy",), "gradio.external": ("load", "load_chat", "load_openapi"), "pandas": ()}
"""What Gradio imports, with the names it takes: its command line, pages of models on Hugging Face, tables that gr.Cache may hold."""

_LINKED = ("_update_config", "_update_value_in_config")
"""What copies every value shown, for links to a state of the page, which ours does not offer; the copies of a conversation's
answers pile up under ever new numbers for as long as the tab is open."""


def import_gradio() -> None:
    """Import Gradio; nothing where it is imported already."""
    if "gradio" in sys.modules:
        return
    sys.meta_path.insert(0, _NoStubs)
    for name, names in _UNUSED.items():
        module = sys.modules[name] = ModuleType(name)
        vars(module).update(dict.fromkeys(names))
    import gradio.utils

    del sys.modules["pandas"]  # whoever asks for it from now on gets the real one
    gradio.utils.MatplotlibBackendMananger = (
        nullcontext  # else matplotlib is imported and set up around every event; ours draws without
    )
    from gradio.state_holder import SessionState

    for name in _LINKED:
        setattr(SessionState, name, lambda *_: None)


class _NoStubs(PathFinder):
    """Keeps Gradio from writing .pyi stubs into its own folder at import: a third of its import time."""

    @classmethod
    def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname != "gradio.component_meta":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            run = spec.loader.exec_module

            def execute(module: Any) -> None:
                run(module)
                module.create_or_modify_pyi = lambda *_: None

            spec.loader.exec_module = execute  # type: ignore[method-assign]
        return spec
