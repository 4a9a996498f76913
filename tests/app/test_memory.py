"""Large blocks go back to the system when they are freed, also after the first."""

from __future__ import annotations

import subprocess
import sys

LOOK = """
import ctypes, sys
from app.memory import give_large_blocks_back

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd",
        "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]

look = ctypes.CDLL(None).mallinfo2
look.restype = Info
if sys.argv[1] == "set":
    assert give_large_blocks_back()
first = bytearray(16 << 20)
del first
before = look().hblks
second = bytearray(8 << 20)
print(look().hblks - before)
"""


def _own_blocks(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, how], capture_output=True, text=True, timeout=60, check=True
    )
    return int(done.stdout)


def test_a_large_block_is_the_systems_own_though_a_larger_one_was_freed() -> None:
    assert _own_blocks("left as it is") == 0  # else there is nothing to set any more
    assert _own_blocks("set") == 1
