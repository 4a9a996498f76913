"""A guard against PySide6 6.12.0 on Python 3.10 and 3.11, where it eats None, True and False.

The wheel returns these three without taking a reference, as is right from Python 3.12 on, where
they never die. Before 3.12 every call of a function that returns nothing takes one reference of
None, and every ``Signal.emit`` one of True; after some thousand calls a count reaches zero and
the interpreter aborts ("none_dealloc: deallocating None"). No Qt is imported here.
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = 1 << 60
"""References that outlast any run: ten million calls a second would take 3,600 years for them."""


def keep_constants_alive() -> None:
    """Give the constants more references than calls can eat; calling it again changes nothing."""
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12):
        return
    for constant in (None, True, False, NotImplemented, Ellipsis):
        # The count is the first word of every object of a release build.
        count = ctypes.c_ssize_t.from_address(id(constant))
        if count.value < _ENOUGH // 2:
            count.value += _ENOUGH
