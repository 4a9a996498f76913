"""What is freed goes back to the system: large blocks at once, small ones from time to time."""

from __future__ import annotations

import subprocess
import sys

from app.collector import FULL_EVERY, GuiCollector

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


HOLES = """
from app.memory import give_freed_back

def mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4_096 / 1e6

kept = [bytes(2_000) for _ in range(40_000)]
end = bytes(2_000)  # what lies last keeps the heap from shrinking by itself
kept[:] = kept[::100]
before = mb()
assert give_freed_back()
print(round(before - mb()), len(end))
"""


def test_holes_between_what_stays_go_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOLES], capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout.split()[0]) > 30


def test_the_collector_gives_back_after_a_full_collection(qtbot: object) -> None:
    given: list[int] = []
    collector = GuiCollector(give_back=lambda: given.append(1))
    for _ in range(FULL_EVERY - 1):
        collector._collect()
    assert given == []
    collector._collect()
    assert given == [1]
