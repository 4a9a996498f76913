"""Puts something else in the place of what a window is for, and takes its keys away meanwhile."""

from __future__ import annotations

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QBoxLayout, QWidget


class Covering:
    """One part of a window's layout that can be covered. GUI thread.

    ``blocked``: parts that stay to be seen and take no keys and no clicks.
    """

    def __init__(self, window: QWidget, part: QWidget, *blocked: QWidget) -> None:
        self._window, self._part, self._blocked = window, part, blocked
        self._cover: QWidget | None = None
        self._keys: list[QShortcut] = []

    @property
    def covered(self) -> bool:
        """Whether something is in the way."""
        return self._cover is not None

    def put(self, cover: QWidget | None) -> None:
        """Show ``cover`` in the part's place; None: the part again."""
        old, self._cover = self._cover, cover
        if old is not None:
            old.hide()
            old.setParent(None)
        if cover is None:
            self._part.show()
            self._let(True)
            return
        if old is None:
            self._let(False)
        parent = self._part.parentWidget()
        layout = parent.layout() if parent is not None else None
        assert isinstance(layout, QBoxLayout)
        layout.insertWidget(layout.indexOf(self._part), cover, 1)
        self._part.hide()
        cover.show()
        cover.setFocus()

    def _let(self, free: bool) -> None:
        if not free:
            self._keys = [k for k in self._window.findChildren(QShortcut) if k.isEnabled()]
        for key in self._keys:
            key.setEnabled(free)
        for widget in self._blocked:
            widget.setEnabled(free)
