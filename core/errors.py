"""Every error that a user may meet.

XiangdaoError               root: a message, a hint, and the command that does it, all in Chinese
├── BadInput                the user's input cannot be used (empty, too long, wrong type)
│   ├── BadQuestion         a question that cannot be asked
│   └── BadFile             a file or folder that cannot be read
├── NeedsArgument           a tool lacks an argument that decides; names it
├── BadKnowledge            a card or data row is wrong; names file, line and field
├── IndexDamaged            the index or the ledger cannot be used
├── CannotWrite             the data folder can be read and nothing can be kept in it
│   └── DiskFull            there is no room to write: the disk, a quota or the size that a file may have
├── Busy                    another process holds the writer's lock for too long
├── NotAvailable            something that must be installed, configured or downloaded first
│   └── DeviceAbsent        the settings name a device (GPU, NPU, CUDA) that is not in this machine
└── EngineFailed            the language model did not answer; the composed answer stands

Adapters translate foreign errors into these (`raise … from exc`); each front end catches the root once.
"""

from __future__ import annotations

ON_ITS_MACHINE = "这一步要在装向导的电脑上做，请找装它的人。"
"""The hint where all that helps is a command."""


class XiangdaoError(Exception):
    """An expected error: what happened and what to do next, in Chinese.

    message, hint: for everybody, so without a command; command: the same step for somebody at a terminal, who alone is shown it.
    """

    def __init__(self, message: str, hint: str = "", *, command: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or (ON_ITS_MACHINE if command else "")
        self.command = command

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    @property
    def terminal_hint(self) -> str:
        """What to do next, for somebody who can type a command."""
        return f"{'' if self.hint == ON_ITS_MACHINE else self.hint}{self.command}"


class BadInput(XiangdaoError):
    """Input that cannot be used."""


class BadQuestion(BadInput):
    """A question that cannot be asked."""


class BadFile(BadInput):
    """A file or folder that cannot be read."""


class NeedsArgument(XiangdaoError):
    """A tool argument that decides the result is missing."""

    def __init__(self, argument: str, message: str, hint: str = "", *, command: str = "") -> None:
        super().__init__(message, hint, command=command)
        self.argument = argument


class BadKnowledge(XiangdaoError):
    """A knowledge card or data row that is not well-formed."""


class IndexDamaged(XiangdaoError):
    """The index or the ledger cannot be used."""


class CannotWrite(XiangdaoError):
    """Nothing can be kept where the data lie; what is there can be read."""


class DiskFull(CannotWrite):
    """There is no room to write to."""


class Busy(XiangdaoError):
    """Another process is writing and did not finish in time."""


class NotAvailable(XiangdaoError):
    """Something has to be installed, configured or downloaded first."""


class DeviceAbsent(NotAvailable):
    """A device that the settings name is not in this machine."""


class EngineFailed(XiangdaoError):
    """The language model gave no usable answer."""
