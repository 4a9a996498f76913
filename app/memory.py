"""What the process keeps of memory that it has freed. No Qt.

A map window has an atlas of 16 MiB and frames of some MiB. Once such a block is freed, the C
library takes blocks of that size from its heap, where what is small and stays keeps the freed ones
from going back: each window that was opened and closed left 16 MiB behind. What is small and freed
lies between what stays; of a desk that works all night that would be a hundred megabytes.
"""

from __future__ import annotations

import ctypes

M_MMAP_THRESHOLD = -3
LARGE_BYTES = 4 * 1024 * 1024
"""Blocks from this size on are the system's own and go back to it when they are freed."""


def give_large_blocks_back() -> bool:
    """Call once at the start; false where the C library knows no such setting."""
    try:
        return bool(ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BYTES))
    except (OSError, AttributeError):
        return False


def give_freed_back() -> bool:
    """Give pages of the heap that hold nothing to the system: some milliseconds, other threads go
    on meanwhile. False where the C library cannot, or has none."""
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (OSError, AttributeError):
        return False
