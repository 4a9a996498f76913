"""The item that takes mouse, wheel and keys over the map, and says what they mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHoverEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtQuick import QQuickItem

from layers.render.atlas import Atlas
from layers.render.overlay import FeatureOverlay

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

    def __init__(self, atlas: Atlas, parent: QQuickItem | None = None) -> None:
        super().__init__(atlas, parent)
        self.setAcceptedMouseButtons(Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton)
        self.setAcceptHoverEvents(True)
        self.setFlag(QQuickItem.Flag.ItemIsFocusScope, True)
        self.setActiveFocusOnTab(True)
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._pointer = QPointF(-1, -1)
        self._hover = QTimer(self)
        self._hover.setSingleShot(True)
        self._hover.setInterval(HOVER_EVERY_MS)
        self._hover.timeout.connect(self._tell_hover)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a click or a drag."""
        self.forceActiveFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = self._last = event.position()
        self._dragging = False
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan once the pointer has left the place of the press."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        at = event.position()
        if not self._dragging and (at - self._pressed).manhattanLength() > CLICK_SLACK_PX:
            self._dragging = True
            self._last = self._pressed
        if self._dragging:
            step = at - self._last
            self._last = at
            self.dragged.emit(step.x(), step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, unless it was a drag."""
        was_click = self._pressed is not None and not self._dragging
        self._pressed = None
        if not was_click:
            return
        at = event.position()
        if event.button() == Qt.MouseButton.RightButton:
            self.context_asked.emit(at.x(), at.y())
        else:
            self.clicked.emit(at.x(), at.y())

    def mouseUngrabEvent(self) -> None:
        """Something else took the mouse."""
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom in on the place."""
        at = event.position()
        self._pressed = None
        self.zoomed.emit(1.0, at.x(), at.y())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        at = event.position()
        notches = event.angleDelta().y() / 120.0
        if notches:
            self.zoomed.emit(notches * ZOOM_PER_NOTCH, at.x(), at.y())
        event.accept()

    def hoverMoveEvent(self, event: QHoverEvent) -> None:
        """Remember the pointer; readers are told now and then."""
        self._pointer = event.position()
        if not self._hover.isActive():
            self._hover.start()

    def hoverLeaveEvent(self, _event: QHoverEvent) -> None:
        """The pointer is gone."""
        self._pointer = QPointF(-1, -1)
        if not self._hover.isActive():
            self._hover.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, with Alt they go back and forward through the views; plus and minus zoom, F
        follows, Home shows the whole district."""
        key = Qt.Key(event.key())
        middle = self.width() / 2, self.height() / 2
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and key in _WAY_KEYS:
            self.asked.emit(_WAY_KEYS[key])
        elif key in _PAN_KEYS:
            x, y = _PAN_KEYS[key]
            self.dragged.emit(x * PAN_KEY_PX, y * PAN_KEY_PX)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoomed.emit(ZOOM_KEY_STEP, *middle)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoomed.emit(-ZOOM_KEY_STEP, *middle)
        elif key in _ACTION_KEYS:
            self.asked.emit(_ACTION_KEYS[key])
        else:
            event.ignore()

    def stop(self) -> None:
        """No more hover; the window is going."""
        self._hover.stop()

    def _tell_hover(self) -> None:
        self.hovered.emit(self._pointer.x(), self._pointer.y())
