"""Chance that depends on nothing but its arguments: the same seed and names give the same draw.

Pure; any thread. Unlike a stream of random numbers, the answer does not depend on what was asked
before, so a simulated moment is the same however one came to it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def unit(*names: object) -> float:
    """A number in [0, 1) for these names."""
    text = "\x1f".join(map(str, names)).encode()
    digest = hashlib.blake2b(text, digest_size=7).digest()
    return int.from_bytes(digest, "big") / float(1 << 56)


def between(low: float, high: float, *names: object) -> float:
    """A number in [low, high) for these names."""
    return low + (high - low) * unit(*names)


def pick(choices: Sequence[T], *names: object) -> T:
    """One of the choices for these names."""
    return choices[int(unit(*names) * len(choices))]


def weighted(choices: Sequence[tuple[T, float]], *names: object) -> T:
    """One of (choice, weight) for these names."""
    at = unit(*names) * sum(weight for _, weight in choices)
    for choice, weight in choices:
        at -= weight
        if at < 0:
            return choice
    return choices[-1][0]


def wave(time: float, *names: object) -> float:
    """A smooth curve in [-1, 1] over time in seconds: two slow sines of these names' own."""
    slow = between(900.0, 2_400.0, *names, "slow")
    fast = between(120.0, 420.0, *names, "fast")
    turn = 2.0 * math.pi
    return 0.65 * math.sin(turn * (time / slow + unit(*names, "a"))) + 0.35 * math.sin(
        turn * (time / fast + unit(*names, "b"))
    )
