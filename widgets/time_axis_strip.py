"""The strip of a time axis: what happened when, and the playhead that is dragged. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.format import clock_hms, date_time
from widgets.text import tooltip_text
from widgets.theme import Theme
from widgets.time_axis_marks import Bookmark
from widgets.time_axis_paint import (
    SEVERITIES,
    draw_back,
    draw_flags,
    draw_playhead,
    flag_rect,
    run_of,
)
from widgets.time_axis_scale import AxisScale, Counts
from widgets.words import severity_word

HEIGHT = 116
THROTTLE_MS = 150
"""While the playhead is dragged, seeks go out at most this often."""
FLAG_HOLD_PX = 4
"""A hand that trembles by less still takes the flag."""


class AxisStrip(QWidget):
    """The drawn axis.

    ``seek_requested(time)`` once per drop, and now and then while dragging;
    ``shown_moved(time)`` with each movement of a drag and with its end;
    ``flag_menu_requested(index, global place)`` by a right click on a flag.
    """

    seek_requested = Signal(float)
    shown_moved = Signal(float)
    flag_menu_requested = Signal(int, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._span = (0.0, 0.0)
        self._at = 0.0
        self._density: tuple[Counts, ...] = ()
        self._marks: tuple[Bookmark, ...] = ()
        self._dragged: float | None = None
        self._grabbed_flag: float | None = None
        self._pressed_x = 0.0
        self._origin = 0.0
        self._told: float | None = None
        self._back: QPixmap | None = None
        self._empty = ""
        self._throttle = QTimer(self)
        self._throttle.setSingleShot(True)
        self._throttle.setInterval(THROTTLE_MS)
        self._throttle.timeout.connect(self._tell_drag)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # -- setters --------------------------------------------------------------
    def set_span(self, start: float, end: float) -> None:
        """The span that the strip shows; a change ends a drag and forgets the density."""
        if (start, end) != self._span:
            self.cancel_drag()
            self._span, self._density = (start, end), ()
            self._redraw()

    def set_density(self, density: Sequence[Counts]) -> None:
        """Events per equal slice of the span."""
        self._density = tuple(density)
        self._redraw()

    def set_at(self, at: float) -> None:
        """Where the playhead stands; while a person holds it, it is drawn where they hold it."""
        if at != self._at:
            self._at = at
            self.update()

    def set_marks(self, marks: Sequence[Bookmark]) -> None:
        """The bookmarks."""
        self._marks = tuple(marks)
        self.update()

    def set_empty_text(self, text: str) -> None:
        """What to say while there is no span."""
        self._empty = text
        self.update()

    # -- facts ----------------------------------------------------------------
    @property
    def dragging(self) -> bool:
        """Whether a person holds the playhead."""
        return self._dragged is not None

    @property
    def shown_at(self) -> float:
        """The time at the playhead as it is drawn."""
        return self._at if self._dragged is None else self._dragged

    def has_span(self) -> bool:
        """Whether there is something to seek in."""
        return self._span[1] > self._span[0]

    def scale(self) -> AxisScale:
        """Time and pixel as they are now."""
        run = self._run()
        return AxisScale(*self._span, run.left(), run.width())

    def slice_text(self, time: float) -> str:
        """What happened in the slice at ``time``, in words; "" when nothing is known."""
        if not self._density or not self.has_span():
            return ""
        start, end = self._span
        wide = (end - start) / len(self._density)
        place = min(len(self._density) - 1, int((time - start) / wide))
        counts = self._density[place]
        head = f"{clock_hms(start + place * wide)} – {clock_hms(start + (place + 1) * wide)}"
        worst_first = reversed(list(zip(SEVERITIES, counts, strict=True)))
        lines = [f"{severity_word(severity)} {count}" for severity, count in worst_first if count]
        return "\n".join([head, *(lines or [self.tr("No alarm in this time.")])])

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(900, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a few ticks."""
        return QSize(320, HEIGHT)

    # -- dragging -------------------------------------------------------------
    def cancel_drag(self) -> None:
        """Let go without a drop; a replay that already followed is sent back."""
        if self._dragged is None:
            return
        self._throttle.stop()
        self._dragged = None
        if self._told is not None:
            self._at = self._origin
            self.seek_requested.emit(self._origin)
        self.shown_moved.emit(self._at)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the playhead to the mouse; a flag is taken exactly."""
        if event.button() != Qt.MouseButton.LeftButton or not self.has_span():
            super().mousePressEvent(event)
            return
        flag = self._flag_at(event.position().toPoint())
        self._origin, self._told = self._at, None
        self._grabbed_flag = None if flag is None else self._marks[flag].time
        self._pressed_x = event.position().x()
        self._show_drag(self._time_at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        if self._dragged is None:
            return
        if self._grabbed_flag is not None:
            if abs(event.position().x() - self._pressed_x) < FLAG_HOLD_PX:
                return
            self._grabbed_flag = None
        self._show_drag(self._time_at(event))
        if not self._throttle.isActive():
            self._tell_drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop: one seek, to exactly the time that was shown."""
        if event.button() != Qt.MouseButton.LeftButton or self._dragged is None:
            super().mouseReleaseEvent(event)
            return
        self._throttle.stop()
        self._at = self._time_at(event)
        self._dragged = self._grabbed_flag = None
        self.update()
        self.shown_moved.emit(self._at)
        self.seek_requested.emit(self._at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the playhead back; other keys are the panel's."""
        if event.key() == Qt.Key.Key_Escape and self.dragging:
            self.cancel_drag()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a flag."""
        flag = self._flag_at(event.pos())
        if flag is not None:
            self.flag_menu_requested.emit(flag, event.globalPos())

    def _show_drag(self, time: float) -> None:
        self._dragged = time
        self.update()
        self.shown_moved.emit(time)

    def _tell_drag(self) -> None:
        if self._dragged is None or self._dragged == self._told:
            return
        self._told = self._dragged
        self._throttle.start()
        self.seek_requested.emit(self._dragged)

    def _time_at(self, event: QMouseEvent) -> float:
        if self._grabbed_flag is not None:
            return self._grabbed_flag
        return self.scale().time_of(event.position().x())

    def _flag_at(self, place: QPoint) -> int | None:
        scale, run = self.scale(), self._run()
        hits = [
            index
            for index, mark in enumerate(self._marks)
            if scale.start <= mark.time <= scale.end
            and flag_rect(run, scale.x_of(mark.time)).contains(place)
        ]
        return hits[-1] if hits else None

    # -- drawing --------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        """Tell what happened in the slice under the mouse, or the name of a flag."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            flag = self._flag_at(event.pos())
            if flag is None:
                text = self.slice_text(self.scale().time_of(event.pos().x()))
            else:
                mark = self._marks[flag]
                text = f"{mark.label}\n{date_time(mark.time)}"
            QToolTip.showText(event.globalPos(), tooltip_text(text), self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at the new size."""
        super().resizeEvent(event)
        self._redraw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The still part from its picture, then flags and playhead."""
        painter = QPainter(self)
        run = self._run()
        if self._back is None or self._back.devicePixelRatio() != self.devicePixelRatio():
            self._back = self._draw_back(run)
        painter.drawPixmap(0, 0, self._back)
        if self.has_span():
            scale = self.scale()
            draw_flags(painter, self._theme, run, scale, self._marks)
            draw_playhead(painter, self._theme, run, scale, self.shown_at, "exercise")
        else:
            painter.setPen(self._theme.color("muted"))
            painter.setFont(self._theme.font())
            painter.drawText(run, Qt.AlignmentFlag.AlignCenter, self._empty)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRoundedRect(run.adjusted(-4.5, -1.5, 4.5, 1.5), 4, 4)
        painter.end()

    def _draw_back(self, run: QRectF) -> QPixmap:
        ratio = self.devicePixelRatio()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw_back(painter, self._theme, run, self.scale(), self._density)
        painter.end()
        return picture

    def _redraw(self) -> None:
        self._back = None
        self.update()

    def _run(self) -> QRectF:
        return run_of(self.width(), self.height())
