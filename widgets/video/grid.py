"""One, four or nine panes, filled in order, rearranged by hand and by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from widgets.text import plain_label, set_tooltip
from widgets.theme import Theme
from widgets.video.pane import VideoPane

LAYOUTS = (1, 4, 9)
STAGGER_S = 0.2
"""Between the starts of streams that are opened together: nine at once take longer for all."""


class VideoGrid(QWidget):
    """The video window's content: cameras are added, replaced, moved, enlarged and closed.

    ``camera_requested(id, index)``: a camera was dropped on a pane; the owner looks its address
    up and calls ``add`` or ``unavailable`` with the index. ``changed()``: cameras or layout did.
    """

    camera_requested = Signal(str, int)
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 4
        self._maximised: VideoPane | None = None
        self._panes = [VideoPane(theme) for _ in range(LAYOUTS[-1])]
        self._buttons = QButtonGroup(self)
        self._layouts: dict[int, QPushButton] = {}
        self._title = plain_label("", "muted")
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.space.gap)
        column = QVBoxLayout(self)
        pad = theme.space.gap
        column.setContentsMargins(pad, pad, pad, pad)
        column.setSpacing(pad)
        column.addLayout(self._bar())
        column.addLayout(self._grid, 1)
        for pane in self._panes:
            pane.setParent(self)
            pane.closed.connect(self._pane_closed)
            pane.maximise_requested.connect(self._pane_maximised)
            pane.camera_dropped.connect(self._camera_dropped)
        self._arrange()

    def add(self, camera_id: str, name: str, url: str, index: int | None = None) -> int:
        """Play a camera in the pane ``index``, or the next free one; return the pane's index.

        A camera that is already shown is opened again where it is; a full grid grows up to nine
        panes, then the last pane is replaced.
        """
        place = self._place(camera_id, index)
        self._panes[place].open(camera_id, name, url, delay_s=self._delay())
        self._after_change()
        return place

    def unavailable(self, camera_id: str, name: str, reason: str, index: int | None = None) -> int:
        """Show a camera that has no stream, and why; return the pane's index."""
        place = self._place(camera_id, index)
        self._panes[place].set_unavailable(camera_id, name, reason)
        self._after_change()
        return place

    def set_blocked(self, text: str) -> None:
        """Stop every live picture and say why instead (replay: there is no recording)."""
        for pane in self._panes:
            if pane.camera_id:
                pane.set_blocked(text)

    def close_all(self) -> None:
        """Close every camera."""
        for pane in self._panes:
            pane.close_stream()
        self._maximised = None
        self._after_change()

    def cameras(self) -> list[str]:
        """Return the ids of the cameras shown, in the order of their panes."""
        return [pane.camera_id for pane in self._panes if pane.camera_id]

    def pane(self, index: int) -> VideoPane:
        """Return a pane by its index, 0 … 8."""
        return self._panes[index]

    def shown(self) -> int:
        """Return how many panes the layout has: 1, 4 or 9."""
        return self._count

    def set_layout(self, count: int) -> None:
        """Show 1, 4 or 9 panes; cameras that do not fit are closed, so that none plays unseen."""
        if count not in LAYOUTS:
            raise ValueError(f"a grid has 1, 4 or 9 panes, not {count}")
        self._maximised = None
        self._count = count
        self._close_gaps()
        for pane in self._panes[count:]:
            pane.close_stream()
        self._after_change()

    # --- inside ----------------------------------------------------------------------------

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.addWidget(self._title)
        bar.addStretch(1)
        for count in LAYOUTS:
            button = QPushButton(self)
            button.setText(str(count))
            button.setCheckable(True)
            button.setFixedWidth(40)
            set_tooltip(button, self.tr("Show {0} cameras (key {0})").format(count))
            button.setAccessibleName(self.tr("Show {0} cameras").format(count))
            self._buttons.addButton(button, count)
            self._layouts[count] = button
            bar.addWidget(button)
        self._buttons.idClicked.connect(self.set_layout)
        return bar

    def _place(self, camera_id: str, index: int | None) -> int:
        for place, pane in enumerate(self._panes):
            if pane.camera_id == camera_id and index in (None, place):
                return place
        if index is not None:
            return max(0, min(index, self._count - 1))
        free = self._free()
        while free is None and self._count < LAYOUTS[-1]:
            self._count = LAYOUTS[LAYOUTS.index(self._count) + 1]
            free = self._free()
        return self._count - 1 if free is None else free

    def _free(self) -> int | None:
        for place, pane in enumerate(self._panes[: self._count]):
            if not pane.camera_id:
                return place
        return None

    def _delay(self) -> float:
        """Keep starts apart: each opening takes the next slot after those still waiting."""
        waiting = sum(pane.state == "connecting" for pane in self._panes)
        return waiting * STAGGER_S

    def _close_gaps(self) -> None:
        """Move cameras to the front by swapping panes, so that no stream is interrupted."""
        self._panes.sort(key=lambda pane: not pane.camera_id)

    def _after_change(self) -> None:
        if self._maximised is not None and not self._maximised.camera_id:
            self._maximised = None
        self._arrange()
        playing = sum(bool(pane.camera_id) for pane in self._panes)
        for pane in self._panes:
            pane.stream.set_panes(playing)
        self.changed.emit()

    def _arrange(self) -> None:
        side = {1: 1, 4: 2, 9: 3}[self._count]
        for pane in self._panes:
            self._grid.removeWidget(pane)
        for place, pane in enumerate(self._panes):
            row, column = divmod(place, side)
            inside = place < self._count
            if self._maximised is not None:
                inside = pane is self._maximised
                row, column = 0, 0
            if inside:
                self._grid.addWidget(pane, row, column)
            pane.setVisible(inside)
        rows = 1 if self._maximised is not None else side
        for line in range(3):
            self._grid.setRowStretch(line, int(line < rows))
            self._grid.setColumnStretch(line, int(line < rows))
        self._layouts[self._count].setChecked(True)
        shown = len(self.cameras())
        self._title.setText(
            self.tr("{0} of {1} panes in use").format(shown, self._count)
            if shown
            else self.tr("Open cameras from the map or drop them on a pane.")
        )

    def _pane_closed(self) -> None:
        self._after_change()

    def _pane_maximised(self) -> None:
        pane = self.sender()
        if isinstance(pane, VideoPane):
            self._maximised = None if self._maximised is pane else pane
            self._arrange()
            pane.setFocus()

    def _camera_dropped(self, camera_id: str) -> None:
        """A camera that is in the grid changes places; another one is asked for."""
        target = self.sender()
        if not isinstance(target, VideoPane):
            return
        place = self._panes.index(target)
        for other, pane in enumerate(self._panes):
            if pane.camera_id == camera_id:
                self._panes[place], self._panes[other] = pane, target
                self._after_change()
                return
        self.camera_requested.emit(camera_id, place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 4 and 9 choose the layout, Escape ends the enlarged pane."""
        keys = {Qt.Key.Key_1: 1, Qt.Key.Key_4: 4, Qt.Key.Key_9: 9}
        count = keys.get(Qt.Key(event.key()))
        if count is not None:
            self.set_layout(count)
        elif event.key() == Qt.Key.Key_Escape and self._maximised is not None:
            self._maximised = None
            self._arrange()
        else:
            super().keyPressEvent(event)
