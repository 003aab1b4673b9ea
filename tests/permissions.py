"""Permissions that hold for the administrator too, so that what a read-only folder does is tried whoever runs the tests."""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

VERSION_3 = 0x20080522
OVERRIDES = (1 << 1) | (1 << 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH. Source: linux/capability.h."""


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def bound_by_permissions(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test where only what the permission bits allow can be opened, also as root on Linux.

    In a thread of its own: rights that a thread has given up, and what access(2) says of them, do not come back.
    """

    @functools.wraps(test)
    def run(*args: Any, **named: Any) -> None:
        with ThreadPoolExecutor(1, initializer=_give_up) as thread:
            thread.submit(test, *args, **named).result()

    return run


def _give_up() -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(VERSION_3, 0), (_Sets * 2)()
    _called(libc.capget(ctypes.byref(header), sets))
    sets[0].effective &= ~OVERRIDES
    sets[0].permitted &= ~OVERRIDES
    _called(libc.capset(ctypes.byref(header), sets))


def _called(status: int) -> None:
    if status:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
