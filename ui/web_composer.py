"""What stands at the question's box: the button that attaches files, how far they are, the document that is asked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from html import escape

from ingest.load import LARGEST
from ui import web_text as say
from ui.attachments import MOST, File
from ui.web_chat import Conversation

LOOKED_MS = 700
"""How often the browser asks how far the files are that it has attached."""
FILES_SHOWN = 6
_ORDER = {"working": 0, "out": 1, "in": 2}
"""Of more files than are shown, those that somebody waits for or has to see come first."""
_CLIP = "M20 11.500 12.500 19a5 5 0 0 1-7-7L13 4.500a3.300 3.300 0 0 1 4.700 4.700L10.300 16.600a1.700 1.700 0 0 1-2.400-2.400L14.500 7.500"


def clip_html() -> str:
    """The button that attaches files."""
    return (
        f'<button type="button" aria-label="{say.ATTACH}" title="{say.ATTACH}"><svg viewBox="0 0 24 24" width="22" height="22"'
        f' aria-hidden="true"><path d="{_CLIP}"/></svg></button>'
    )


def sending_html() -> str:
    """Where the browser shows what it sends, and says what came of it, in the words given here."""
    largest_mb = LARGEST // 2**20
    words = {
        "sending": say.SENDING, "held": say.HELD, "back": say.HELD_BACK, "folder": say.FOLDER, "pasted": say.PASTED,
        "many": say.TOO_MANY.format(most=MOST), "large": say.TOO_LARGE.format(largest=largest_mb),
    }  # fmt: skip
    told = "".join(f' data-{name}="{escape(text)}"' for name, text in words.items())
    return (
        f'<div class="sending" data-most="{MOST}" data-largest="{largest_mb * 2**20}"{told}><ul class="files"></ul>'
        '<p class="held" role="status" aria-live="polite"></p><p class="unseen said" role="status" aria-live="polite"></p>'
        f'<input type="file" multiple hidden tabindex="-1" aria-hidden="true"><div class="drop-here" aria-hidden="true">'
        f"<span>{say.DROP_HERE}</span></div></div>"
    )


def attached_html(talk: Conversation, files: Sequence[File]) -> str:
    """The files attached since the last question, and the document that is asked."""
    from ui.pages import render

    working = any(file.state == "working" for file in files)
    shown = files if len(files) <= FILES_SHOWN else sorted(files, key=lambda file: _ORDER[file.state])[:FILES_SHOWN]
    return render.page(
        "attached.html", say=say, number=uuid.uuid4().hex, files=shown, more=len(files) - len(shown),
        busy=LOOKED_MS if working else 0, fresh=talk.fresh and not working, document=talk.document, title=talk.about,
        read=any(file.state == "in" for file in files), several=0 if working else sum(file.state == "in" for file in files),
        told="　".join(f"{file.name} {file.told}".strip() for file in shown),
    )  # fmt: skip
