"""What was before, step by step. Pure."""

from __future__ import annotations

from typing import Generic, TypeVar

Value = TypeVar("Value")
MOST = 100


class Steps(Generic[Value]):
    """One value with its past and, after going back, its future. Values are frozen."""

    def __init__(self, value: Value) -> None:
        self.value = value
        self._past: list[Value] = []
        self._future: list[Value] = []
        self._merge = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step back can be taken again."""
        return bool(self._future)

    def put(self, value: Value, merge: str = "") -> bool:
        """The value from now on; whether it is another. Steps with one and the same ``merge`` that
        follow each other are one: a slider that is dragged is not a hundred changes."""
        if value == self.value:
            return False
        if not (merge and merge == self._merge and self._past):
            self._past.append(self.value)
            del self._past[:-MOST]
        self._merge = merge
        self._future.clear()
        self.value = value
        return True

    def undo(self) -> bool:
        """Go back one step; whether there was one."""
        if not self._past:
            return False
        self._future.append(self.value)
        self.value = self._past.pop()
        self._merge = ""
        return True

    def redo(self) -> bool:
        """Take the step again that was gone back; whether there was one."""
        if not self._future:
            return False
        self._past.append(self.value)
        self.value = self._future.pop()
        self._merge = ""
        return True

    def start(self, value: Value) -> None:
        """Another value without a past."""
        self.value = value
        self._past.clear()
        self._future.clear()
        self._merge = ""
