"""What other threads are given of a store: frozen numpy columns, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from layers.model import mercator

ALIVE, UNACKED, STALE = 1, 2, 4
Rows = npt.NDArray[np.int64]
AnyScalar = TypeVar("AnyScalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Columns:
    """A frozen copy of what clustering reads; every array has one entry per row.

    ``code`` Morton code, ``severity`` 0..4, ``kind`` index into the store's kinds, ``flags`` bits
    ALIVE, UNACKED, STALE.
    """

    version: int
    code: mercator.Codes
    severity: npt.NDArray[np.uint8]
    kind: npt.NDArray[np.uint16]
    flags: npt.NDArray[np.uint8]

    def with_changes(self, changes: Changes) -> Columns:
        """The columns of the version of the changes."""
        if not len(changes.rows):
            return Columns(changes.version, self.code, self.severity, self.kind, self.flags)
        count = max(len(self.code), int(changes.rows[-1]) + 1)
        return Columns(
            changes.version,
            _put(self.code, changes.rows, changes.code, count),
            _put(self.severity, changes.rows, changes.severity, count),
            _put(self.kind, changes.rows, changes.kind, count),
            _put(self.flags, changes.rows, changes.flags, count),
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows (each once, ascending) that are not as they were in an older copy, and what they have
    now: arrays as in ``Columns``, one entry for each of ``rows``. Rows may be new."""

    version: int
    rows: Rows
    code: mercator.Codes
    severity: npt.NDArray[np.uint8]
    kind: npt.NDArray[np.uint16]
    flags: npt.NDArray[np.uint8]

    @classmethod
    def none(cls, version: int) -> Changes:
        """Nothing has changed up to a version."""
        code, byte = np.zeros(0, np.uint64), np.zeros(0, np.uint8)
        return cls(version, np.zeros(0, np.int64), code, byte, np.zeros(0, np.uint16), byte)

    @classmethod
    def as_in(cls, columns: Columns, rows: Rows) -> Changes:
        """Rows (each once, ascending) as they are in the columns."""
        return cls(
            columns.version,
            rows,
            columns.code[rows],
            columns.severity[rows],
            columns.kind[rows],
            columns.flags[rows],
        )

    def then(self, later: Changes) -> Changes:
        """Both together; of rows in both the later counts."""
        rows, at = np.unique(np.concatenate([later.rows, self.rows]), return_index=True)
        return Changes(
            max(self.version, later.version),
            rows,
            np.concatenate([later.code, self.code])[at],
            np.concatenate([later.severity, self.severity])[at],
            np.concatenate([later.kind, self.kind])[at],
            np.concatenate([later.flags, self.flags])[at],
        )


def frozen(values: npt.NDArray[AnyScalar]) -> npt.NDArray[AnyScalar]:
    """A copy that cannot be written to."""
    copy = values.copy()
    copy.flags.writeable = False
    return copy


def _put(
    old: npt.NDArray[AnyScalar], rows: Rows, values: npt.NDArray[AnyScalar], count: int
) -> npt.NDArray[AnyScalar]:
    new = np.zeros(count, old.dtype)
    new[: len(old)] = old
    new[rows] = values
    new.flags.writeable = False
    return new
