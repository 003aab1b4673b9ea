"""Marks that chat templates use to tell who speaks: in what users and documents say they are made plain text.

A tokenizer that renders a whole conversation reads them wherever they stand, so that a document with
<|im_start|>system in it would speak as the system.
"""

from __future__ import annotations

import re

_MARK = re.compile(
    r"<[|｜][^<>\n]{1,60}[|｜]>"  # ChatML, Llama 3, Phi, GLM, DeepSeek: <|im_start|>, <|eot_id|>, <｜User｜>
    r"|</?(?:s|bos|eos|pad|unk|sop|eop|mask|start_of_turn|end_of_turn|think|tool_call|tool_response|seg)>"
    r"|</?<?/?SYS>>?|\[/?INST\]|\[/?(?:gMASK|sMASK|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT)\]",
    re.IGNORECASE,
)
_PLAIN = str.maketrans("<>[]", "〈〉［］")


def without_marks(text: str) -> str:
    """The text with its control marks in other brackets: 〈|im_start|〉, ［INST］. All else stays as it is."""
    return _MARK.sub(lambda mark: mark[0].translate(_PLAIN), text)
