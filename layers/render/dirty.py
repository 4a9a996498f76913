"""Which part of a table the GPU does not have yet. Pure.

Every upload is a call that costs time whatever its size, so neighbouring ranges are joined: over
gaps as long as at most twice the bytes that changed are sent, and further if there were too many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.render.scene import Records, bits

MOST_RANGES = 48
"""So many calls cost less than a millisecond."""


@dataclass(slots=True)
class Uploads:
    """Bytes of tables since the start: of records that were not on the GPU as they are now, and
    those that were sent for them, in so many ``calls``."""

    dirty: int = 0
    sent: int = 0
    calls: int = 0


def dirty_ranges(old: Records, new: Records) -> tuple[list[tuple[int, int]], int]:
    """Ranges (first, to before) of records of ``new`` to be sent to where ``old`` is, and the
    number of records that differ. Tables of one width."""
    both = min(len(old), len(new))
    differ = (bits(old[:both]) != bits(new[:both])).any(axis=1)
    at = np.concatenate([np.flatnonzero(differ), np.arange(both, len(new))])
    if not len(at):
        return [], 0
    gaps = np.diff(at) - 1
    breaks = np.flatnonzero(gaps > _joined_gap(gaps, len(at)))
    first = at[np.concatenate([[0], breaks + 1])]
    last = at[np.concatenate([breaks, [len(at) - 1]])] + 1
    return list(zip(first.tolist(), last.tolist(), strict=True)), len(at)


def _joined_gap(gaps: npt.NDArray[np.int64], dirty: int) -> int:
    """Gaps up to this length are sent too."""
    found = np.sort(gaps[gaps > 0])
    if not len(found):
        return 0
    filled = np.cumsum(found)
    allowed = int(np.searchsorted(filled, dirty, side="right"))
    needed = len(found) + 1 - MOST_RANGES
    count = max(allowed, needed)
    if count <= 0:
        return 0
    # Gaps of one length are joined all or none, so that no more is sent than was counted.
    length = int(found[count - 1])
    over = count < len(found) and int(found[count]) == length and count > needed
    return length - 1 if over else length
