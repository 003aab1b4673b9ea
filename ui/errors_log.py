"""errors.log in the data folder: what this process logs as an error, with its traceback, in two files of bounded size."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 2 * 2**20
"""Bytes of one file; the one before is kept beside it."""
FILE = "errors.log"


class ErrorsLog(RotatingFileHandler):
    """The log of one data folder; made when there is something to write."""

    def __init__(self, home: Path) -> None:
        super().__init__(home / FILE, maxBytes=LARGEST, backupCount=1, encoding="utf-8", errors="replace", delay=True)
        self.setLevel(logging.ERROR)
        self.setFormatter(logging.Formatter("--- %(asctime)s %(message)s"))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (the name is of logging)
        """A log that cannot be written stops nothing, and says nothing in the middle of an answer."""


def keep_errors(home: Path) -> None:
    """Have what this process logs as an error added to the log."""
    logging.getLogger().addHandler(ErrorsLog(home))


def keep_traceback(home: Path, number: str) -> bool:
    """Add the exception at hand under its reference number; whether that could be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        log = ErrorsLog(home)
        record = logging.LogRecord("xiangdao", logging.ERROR, __file__, 0, number, None, sys.exc_info())
        log.emit(record)
        log.close()
    except OSError:
        return False
    return (home / FILE).is_file()
