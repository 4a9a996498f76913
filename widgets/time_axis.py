"""The time axis of a replay window: what happened when, where the replay stands, how it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QInputDialog,
    QLayout,
    QMenu,
    QPushButton,
    QWidget,
)

from widgets.format import date_time, weekday
from widgets.panel import Panel, button, line
from widgets.text import button_text, plain_label, set_tooltip
from widgets.theme import Theme
from widgets.time_axis_marks import Bookmark, Bookmarks
from widgets.time_axis_scale import AxisState
from widgets.time_axis_span import SpanChoice
from widgets.time_axis_strip import AxisStrip

SPEEDS = (1, 2, 5, 10, 30, 60)
HOLD_MS = 1_500
"""How long a drop is shown before the replay has followed; states that were under way when it
was dropped would pull the playhead back otherwise."""
NEAR_S = 0.5
SIDE = 12


class TimeAxis(Panel):
    """The axis with its controls; the keys work while it has the keyboard.

    ``seek_requested(UNIX seconds)``, ``play_requested``, ``pause_requested``,
    ``step_requested(events)``, ``speed_requested(factor)``, ``span_requested(start, end)``;
    ``bookmarks_changed`` after each change of the list. GUI thread.
    """

    seek_requested = Signal(float)
    play_requested = Signal()
    pause_requested = Signal()
    step_requested = Signal(int)
    speed_requested = Signal(float)
    span_requested = Signal(float, float)
    bookmarks_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._state: AxisState | None = None
        self._target: float | None = None
        self._wide = True
        self._marks = Bookmarks()
        self.strip = AxisStrip(theme)
        self.span = SpanChoice()
        self.clock_label = plain_label(role="title")
        self.play_button = _control("")
        self.back_button = _control("−1", self.tr("One event back (Left)"))
        self.forward_button = _control("+1", self.tr("One event forward (Right)"))
        self.mark_button = _control(
            self.tr("Bookmark"), self.tr("Set a bookmark at the playhead (B)")
        )
        self.marks_button = _control("")
        self.speed_buttons = {speed: _control(f"{speed}×") for speed in SPEEDS}
        self._speeds = QButtonGroup(self)
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MS)
        self._hold.timeout.connect(self._let_go)
        self._transport = QWidget()
        self._rows = QGridLayout(self)
        self._build()
        self._connect()
        self._show_all()

    # -- setters --------------------------------------------------------------
    def set_state(self, state: AxisState) -> None:
        """Where the replay stands. A density comes once per span and is kept until the next."""
        before, self._state = self._state, state
        if before is None or (before.start, before.end) != (state.start, state.end):
            self._drop_target()
            self.strip.set_span(state.start, state.end)
            self.span.set_span(state.start, state.end)
        if state.density:
            self.strip.set_density(state.density)
        if self._has_followed(state):
            self._drop_target()
            self.strip.set_at(state.at)
        if before is None or (before.playing, before.speed) != (state.playing, state.speed):
            self._show_all()
        self._show_clock()

    def set_log_bounds(self, first: float, last: float) -> None:
        """The ends of the log in UNIX seconds: what “All” and “Last hour” mean."""
        self.span.set_bounds(first, last)

    def set_bookmarks(self, marks: Iterable[Bookmark]) -> None:
        """Take over a list of bookmarks."""
        self._marks.replace_all(marks)
        self._show_marks()

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """All bookmarks in order of time."""
        return self._marks.all()

    # -- orders, also for the shortcuts of a window ---------------------------
    def toggle_play(self) -> None:
        """Play when it stands, pause when it runs."""
        if self._state is None:
            return
        if self._state.playing:
            self.pause_requested.emit()
        else:
            self.play_requested.emit()

    def step(self, events: int) -> None:
        """Go so many events on, or back when negative."""
        if self._state is not None:
            self.step_requested.emit(events)

    def seek(self, time: float) -> None:
        """Ask for a moment of the span; the playhead stands there at once."""
        if self._state is None or not self.strip.has_span():
            return
        time = min(self._state.end, max(self._state.start, time))
        self.strip.cancel_drag()
        self.strip.set_at(time)
        self._seek(time)

    def add_bookmark(self, label: str = "") -> bool:
        """Bookmark the playhead; false when there is one already or no span."""
        if not self.strip.has_span():
            return False
        words = label or self.tr("Bookmark {0}").format(len(self._marks.all()) + 1)
        if not self._marks.add(self.strip.shown_at, words):
            return False
        self._marks_changed()
        return True

    def rename_bookmark(self, index: int, label: str) -> None:
        """Call a bookmark something else; nothing is not a name."""
        if label.strip():
            self._marks.rename(index, label)
            self._marks_changed()

    def remove_bookmark(self, index: int) -> None:
        """Take a bookmark away."""
        self._marks.remove(index)
        self._marks_changed()

    # -- building -------------------------------------------------------------
    def _build(self) -> None:
        transport = line(self.clock_label, gap=4)
        transport.addSpacing(8)
        for widget in (self.back_button, self.play_button, self.forward_button):
            transport.addWidget(widget)
        transport.addSpacing(8)
        for speed, choice in self.speed_buttons.items():
            choice.setCheckable(True)
            set_tooltip(choice, self.tr("{0} times as fast as it was").format(speed))
            choice.setAccessibleName(self.tr("Speed {0}").format(speed))
            self._speeds.addButton(choice)
            transport.addWidget(choice)
        transport.addSpacing(8)
        transport.addWidget(self.mark_button)
        transport.addWidget(self.marks_button)
        self._transport.setLayout(transport)
        self.clock_label.setMinimumWidth(
            self.theme.font(self.theme.sizes.title, bold=True).pixelSize() * 13
        )
        self.strip.setAccessibleName(self.tr("Time axis"))
        self.strip.set_empty_text(self.tr("No time span is loaded. Choose one above."))
        self.back_button.setAccessibleName(self.tr("One event back"))
        self.forward_button.setAccessibleName(self.tr("One event forward"))
        self.clock_label.setAccessibleName(self.tr("The log's clock"))
        # The least width is ours to tell (minimumSizeHint), not that of the one long row.
        self._rows.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._rows.setContentsMargins(SIDE, 8, SIDE, 4)
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(6)
        self._rows.setColumnStretch(1, 1)
        self._place(wide=True)

    def _place(self, *, wide: bool) -> None:
        self._wide = wide
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        for part in (self._transport, self.span, self.strip):
            self._rows.removeWidget(part)
        self._rows.addWidget(self._transport, 0, 0, left)
        if wide:
            self._rows.addWidget(self.span, 0, 1, right)
        else:
            self._rows.addWidget(self.span, 1, 0, 1, 2, left)
        self._rows.addWidget(self.strip, 2, 0, 1, 2)

    def _connect(self) -> None:
        self.strip.seek_requested.connect(self._seek)
        self.strip.shown_moved.connect(lambda _time: self._show_clock())
        self.strip.flag_menu_requested.connect(self._open_flag_menu)
        self.span.span_requested.connect(self.span_requested)
        self.play_button.clicked.connect(lambda: self.toggle_play())
        self.back_button.clicked.connect(lambda: self.step(-1))
        self.forward_button.clicked.connect(lambda: self.step(1))
        self.mark_button.clicked.connect(lambda: self.add_bookmark())
        self.marks_button.clicked.connect(lambda: self._open_marks())
        for speed, choice in self.speed_buttons.items():
            choice.clicked.connect(lambda _on, s=speed: self.speed_requested.emit(float(s)))

    # -- seeking --------------------------------------------------------------
    def _seek(self, time: float) -> None:
        if not self.strip.dragging:
            self._target = time
            self._hold.start()
        self._show_clock()
        self.seek_requested.emit(time)

    def _has_followed(self, state: AxisState) -> bool:
        if self._target is None:
            return True
        return abs(state.at - self._target) <= NEAR_S * max(1.0, state.speed)

    def _drop_target(self) -> None:
        self._target = None
        self._hold.stop()

    def _let_go(self) -> None:
        """The replay did not follow: show where it really stands."""
        self._drop_target()
        if self._state is not None:
            self.strip.set_at(self._state.at)
        self._show_clock()

    # -- bookmarks ------------------------------------------------------------
    def build_flag_menu(self, index: int) -> QMenu:
        """What can be done with one bookmark."""
        menu = QMenu(self)
        mark = self._marks.all()[index]
        go = menu.addAction(self.tr("Go there"))
        go.triggered.connect(lambda: self.seek(mark.time))
        rename = menu.addAction(self.tr("Rename…"))
        rename.triggered.connect(lambda: self._ask_label(mark))
        remove = menu.addAction(self.tr("Remove"))
        remove.triggered.connect(lambda: self.remove_bookmark(index))
        return menu

    def build_marks_menu(self) -> QMenu:
        """All bookmarks; one that is chosen is gone to when it lies in the span."""
        menu = QMenu(self)
        for mark in self._marks.all():
            entry = menu.addAction(button_text(f"{date_time(mark.time)}  {mark.label}"))
            entry.setEnabled(
                self._state is not None and self._state.start <= mark.time <= self._state.end
            )
            entry.triggered.connect(lambda _on=False, m=mark: self.seek(m.time))
        return menu

    def _open_flag_menu(self, index: int, place: QPoint) -> None:
        _popup(self.build_flag_menu(index), place)

    def _open_marks(self) -> None:
        _popup(self.build_marks_menu(), self.marks_button.mapToGlobal(QPoint(0, 0)))

    def _ask_label(self, mark: Bookmark) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Bookmark"))
        dialog.setLabelText(self.tr("Label"))
        dialog.setTextValue(mark.label)
        dialog.textValueSelected.connect(lambda text: self._rename(mark, text))
        dialog.open()

    def _rename(self, mark: Bookmark, label: str) -> None:
        index = self._marks.at(mark.time)
        if index is not None:  # it may have been taken away meanwhile
            self.rename_bookmark(index, label)

    def _marks_changed(self) -> None:
        self._show_marks()
        self.bookmarks_changed.emit()

    def _go_beside(self, *, later: bool) -> None:
        if self._state is not None:
            at, start, end = self.strip.shown_at, self._state.start, self._state.end
            mark = self._marks.beside(at, start, end, later=later)
            if mark is not None:
                self.seek(mark.time)

    # -- showing --------------------------------------------------------------
    def _show_all(self) -> None:
        state = self._state
        playing = state is not None and state.playing
        self.play_button.setText(self.tr("Pause") if playing else self.tr("Play"))
        set_tooltip(
            self.play_button,
            self.tr("Let the replay stand (Space)") if playing else self.tr("Let it run (Space)"),
        )
        self._speeds.setExclusive(False)
        for speed, choice in self.speed_buttons.items():
            choice.setChecked(state is not None and state.speed == speed)
        self._speeds.setExclusive(True)
        ready = state is not None
        controls = (self.back_button, self.play_button, self.forward_button, self.mark_button)
        for widget in (*controls, *self.speed_buttons.values()):
            widget.setEnabled(ready)
        self._show_marks()
        self._show_clock()

    def _show_marks(self) -> None:
        marks = self._marks.all()
        self.strip.set_marks(marks)
        self.marks_button.setText(self.tr("Bookmarks {0}").format(len(marks)))
        self.marks_button.setEnabled(bool(marks))
        set_tooltip(
            self.marks_button,
            self.tr("List of bookmarks; PageUp and PageDown go from one to the next")
            if marks
            else self.tr("No bookmark yet; B sets one at the playhead"),
        )

    def _show_clock(self) -> None:
        if self._state is None:
            self.clock_label.setText("–")
            return
        at = self.strip.shown_at
        text = f"{date_time(at)} {weekday(at)}"
        if text != self.clock_label.text():
            self.clock_label.setText(text)
            self.strip.setAccessibleDescription(text)

    # -- events ---------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a replay, unless a field below has used them."""
        key, state = event.key(), self._state
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if state is None or not plain or not self._do_key(Qt.Key(key), state):
            super().keyPressEvent(event)

    def _do_key(self, key: Qt.Key, state: AxisState) -> bool:
        orders: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: self.toggle_play,
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_Home: lambda: self.seek(state.start),
            Qt.Key.Key_End: lambda: self.seek(state.end),
            Qt.Key.Key_B: self.add_bookmark,
            Qt.Key.Key_PageUp: lambda: self._go_beside(later=False),
            Qt.Key.Key_PageDown: lambda: self._go_beside(later=True),
        }
        if key not in orders:
            return False
        orders[key]()
        return True

    def minimumSizeHint(self) -> QSize:
        """As narrow as its wider row, because the two rows of controls may stand apart."""
        widest = max(part.sizeHint().width() for part in (self._transport, self.span))
        return QSize(widest + 2 * SIDE, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the span under the transport where one row is too narrow for both."""
        super().resizeEvent(event)
        need = self._transport.sizeHint().width() + self.span.sizeHint().width() + 60
        if (event.size().width() >= need) != self._wide:
            self._place(wide=not self._wide)


def _control(text: str, tip: str = "") -> QPushButton:
    made = button(text, "tool", tip)
    # A click leaves the keyboard with the strip; Tab still reaches the button.
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _popup(menu: QMenu, place: QPoint) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
