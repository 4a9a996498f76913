"""A guard against PySide6 6.12.0 on Python 3.11: every ``Signal.emit`` eats a reference of True.

``emit`` returns True without taking a reference to it. Some hundred to some thousand emits later
the count reaches zero and the interpreter aborts ("deallocating True or False"). From Python 3.12
on the two never die, so there is nothing to guard. No Qt is imported here.
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = 1 << 40
"""References that outlast any run: a million emits a second would take twelve days for them."""


def keep_bools_alive() -> None:
    """Give True and False more references than emits can eat; calling it again changes nothing."""
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12):
        return
    for value in (True, False):
        # The count is the first word of every object of a release build.
        count = ctypes.c_ssize_t.from_address(id(value))
        if count.value < _ENOUGH // 2:
            count.value += _ENOUGH
