"""What other threads are given of a store: frozen numpy columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from layers.model import mercator

ALIVE, UNACKED, STALE = 1, 2, 4
AnyScalar = TypeVar("AnyScalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Columns:
    """A frozen copy of what clustering reads; every array has one entry per row.

    ``code`` Morton code, ``severity`` 0..4, ``link`` 0..2, ``kind`` index into ``kinds``,
    ``flags`` bits ALIVE, UNACKED, STALE. ``moved`` lists the rows whose place may not be the same
    as in the copy of version ``since``, None when all may have changed.
    """

    version: int
    code: mercator.Codes
    severity: npt.NDArray[np.uint8]
    link: npt.NDArray[np.uint8]
    kind: npt.NDArray[np.uint16]
    flags: npt.NDArray[np.uint8]
    kinds: tuple[str, ...]
    moved: npt.NDArray[np.int64] | None = field(repr=False, default=None)


def frozen(values: npt.NDArray[AnyScalar]) -> npt.NDArray[AnyScalar]:
    """A copy that cannot be written to."""
    copy = values.copy()
    copy.flags.writeable = False
    return copy
