"""The item that takes mouse, wheel and keys over the map, and says what they mean.

What a tool in hand does not want is the map's: a drag pans, the wheel zooms. The middle button, and
the left one while Space is held, pan whatever tool is in hand.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHoverEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtQuick import QQuickItem

from layers.render.atlas import Atlas
from layers.render.overlay import FeatureOverlay
from layers.render.tools.box import ToolBox

CLICK_SLACK_PX = 4.0
HOVER_EVERY_MS = 60
PAN_KEY_PX = 120.0
ZOOM_KEY_STEP = 1.0
ZOOM_PER_NOTCH = 0.5
_PAN_KEYS = {
    Qt.Key.Key_Left: (1.0, 0.0),
    Qt.Key.Key_Right: (-1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}
_WAY_KEYS = {Qt.Key.Key_Left: "back", Qt.Key.Key_Right: "forward"}
_ACTION_KEYS = {Qt.Key.Key_F: "follow", Qt.Key.Key_Home: "home", Qt.Key.Key_Escape: "escape"}
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MapSurface(FeatureOverlay):
    """Signals in logical pixels: ``dragged(dx, dy)``, ``zoomed(steps, x, y)``, ``clicked(x, y)``,
    ``context_asked(x, y)``, ``hovered(x, y)`` (at most every 60 ms; -1, -1 when the pointer has
    left), ``asked(action)`` for keys: follow, home, escape, back, forward."""

    dragged = Signal(float, float)
    zoomed = Signal(float, float, float)
    clicked = Signal(float, float)
    context_asked = Signal(float, float)
    hovered = Signal(float, float)
    asked = Signal(str)

    def __init__(self, atlas: Atlas, tools: ToolBox, parent: QQuickItem | None = None) -> None:
        super().__init__(atlas, parent)
        self.setAcceptedMouseButtons(
            Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton | Qt.MouseButton.MiddleButton
        )
        self.setAcceptHoverEvents(True)
        self.setFlag(QQuickItem.Flag.ItemIsFocusScope, True)
        self.setActiveFocusOnTab(True)
        self._tools = tools
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._for_tool = False
        self._space = False
        self.keys: Callable[[Qt.Key], bool] | None = None
        self._pointer = QPointF(-1, -1)
        self._hover = QTimer(self)
        self._hover.setSingleShot(True)
        self._hover.setInterval(HOVER_EVERY_MS)
        self._hover.timeout.connect(self._tell_hover)
        tools.changed.connect(self._show_cursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a click or a drag."""
        self.forceActiveFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position()
        self._pressed = self._last = at
        self._dragging = False
        self._for_tool = (
            event.button() == Qt.MouseButton.LeftButton
            and not self._space
            and self._tools.press(at.x(), at.y(), event.modifiers())
        )
        if self._pans(event.button()):
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan once the pointer has left the place of the press, unless the drag is a tool's."""
        at = event.position()
        if self._for_tool:
            self._tools.move(at.x(), at.y(), event.modifiers())
            return
        held = Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton
        if self._pressed is None or not event.buttons() & held:
            return
        if not self._dragging and (at - self._pressed).manhattanLength() > CLICK_SLACK_PX:
            self._dragging = True
            self._last = self._pressed
        if self._dragging:
            step = at - self._last
            self._last = at
            self.dragged.emit(step.x(), step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, unless it was a drag."""
        at, keys = event.position(), event.modifiers()
        was_click = self._pressed is not None and not self._dragging
        for_tool, panned = self._for_tool, self._pans(event.button())
        self._drop_press()
        if for_tool:
            self._tools.release(at.x(), at.y(), keys)
        elif not was_click or panned:
            return
        elif event.button() == Qt.MouseButton.RightButton:
            if self._tools.is_panning:
                self.context_asked.emit(at.x(), at.y())
            else:
                self._tools.finish()
        elif self._tools.is_panning:
            self.clicked.emit(at.x(), at.y())
        else:
            self._tools.click(at.x(), at.y(), keys)

    def mouseUngrabEvent(self) -> None:
        """Something else took the mouse."""
        self._drop_press()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom in on the place, or end a tool's shape."""
        at = event.position()
        self._drop_press()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._tools.is_panning:
            self.zoomed.emit(1.0, at.x(), at.y())
        else:
            self._tools.finish()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        at = event.position()
        notches = event.angleDelta().y() / 120.0
        if notches:
            self.zoomed.emit(notches * ZOOM_PER_NOTCH, at.x(), at.y())
        event.accept()

    def hoverMoveEvent(self, event: QHoverEvent) -> None:
        """Remember the pointer; readers are told now and then, a tool at once."""
        self._pointer = event.position()
        self._tools.move(self._pointer.x(), self._pointer.y(), event.modifiers())
        if not self._hover.isActive():
            self._hover.start()

    def hoverLeaveEvent(self, _event: QHoverEvent) -> None:
        """The pointer is gone."""
        self._pointer = QPointF(-1, -1)
        if not self._hover.isActive():
            self._hover.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, with Alt they go back and forward through the views; plus and minus zoom, F
        follows, Home shows the whole district. Space, Enter and Backspace are for the tool."""
        key = Qt.Key(event.key())
        middle = self.width() / 2, self.height() / 2
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and key in _WAY_KEYS:
            self.asked.emit(_WAY_KEYS[key])
        elif self._tools.is_panning and self.keys is not None and self.keys(key):
            return
        elif key in _PAN_KEYS:
            x, y = _PAN_KEYS[key]
            self.dragged.emit(x * PAN_KEY_PX, y * PAN_KEY_PX)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoomed.emit(ZOOM_KEY_STEP, *middle)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoomed.emit(-ZOOM_KEY_STEP, *middle)
        elif key in _ACTION_KEYS:
            self.asked.emit(_ACTION_KEYS[key])
        elif not self._tool_key(key):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space let go: the pointer is the tool's again."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key that is let go elsewhere is not seen here."""
        self._space = False
        self._show_cursor()
        super().focusOutEvent(event)

    def stop(self) -> None:
        """No more hover; the window is going."""
        self._hover.stop()
        self.setVisible(False)  # or a last frame would build anew what is let go
        self.let_go()

    def _tool_key(self, key: Qt.Key) -> bool:
        if self._tools.is_panning:
            return False
        if key == Qt.Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif key == Qt.Key.Key_Backspace:
            self._tools.erase()
        elif key in _ENDS:
            self._tools.finish()
        else:
            return False
        return True

    def _pans(self, pressed: Qt.MouseButton) -> bool:
        """Whether a press of this button can only pan."""
        left = pressed == Qt.MouseButton.LeftButton
        return pressed == Qt.MouseButton.MiddleButton or (left and self._space)

    def _drop_press(self) -> None:
        self._pressed = None
        self._for_tool = self._dragging = False
        self._show_cursor()

    def _show_cursor(self, _name: str = "") -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else self._tools.cursor)

    def _tell_hover(self) -> None:
        self.hovered.emit(self._pointer.x(), self._pointer.y())
