"""Gradio as the page imports it: without what only costs, and with nothing missing for others."""

from __future__ import annotations

import subprocess
import sys

CHECK = """
import sys
from ui.gradio_import import import_gradio
import_gradio()
assert "pandas" not in sys.modules and "matplotlib" not in sys.modules
import gradio as gr
from gradio.state_holder import SessionState
with gr.Blocks() as page:
    shown = gr.HTML("first")
session = SessionState(page)
before = len(session.config_values)
for number in range(3):  # what Gradio does with a component that an answer leaves as it is
    session[shown._id] = gr.HTML(render=False)
    session._update_config(shown._id)
    session._update_value_in_config(session[shown._id]._id, "answer" * 1000)
assert len(session.config_values) == before, session.config_values.keys()
assert "answer" not in str(session.config_values)
import pandas
assert pandas.DataFrame({"a": [1]}).shape == (1, 1)
print("fine")
"""


def test_nothing_unused_is_loaded_no_copies_pile_up_and_pandas_is_there_for_who_asks() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "fine\n", done.stderr
