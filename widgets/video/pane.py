"""One camera's picture, its name and what is known about its stream."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolButton, QWidget

from services.domain.errors import KnownError
from widgets.text import plain, set_tooltip
from widgets.theme import Theme
from widgets.video.player import StreamPlayer
from widgets.video.watch import Reason

CAMERA_MIME = "application/x-onemap-camera"
"""Drag and drop of one camera: its id in UTF-8."""
MAX_ID_BYTES = 512
PaneState = Literal[
    "empty", "connecting", "live", "silent", "failed", "refused", "unavailable", "blocked"
]
_HEAD = 26


class VideoPane(QWidget):
    """Shows one camera and never a picture older than three seconds as if it were alive.

    ``open`` plays an address until ``close_stream``; ``set_unavailable`` and ``set_blocked`` say
    why there is no picture. ``compact`` leaves out the close button, for use inside a card.
    Signals: ``state_changed(str)`` one of ``PaneState``; ``closed()`` the operator closed it;
    ``maximise_requested()`` double click or Enter; ``camera_dropped(str)`` a camera's id;
    ``picture_shown()`` once per opening, at its first picture.
    """

    state_changed = Signal(str)
    closed = Signal()
    maximise_requested = Signal()
    camera_dropped = Signal(str)
    picture_shown = Signal()

    def __init__(
        self, theme: Theme, *, compact: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._compact = compact
        self._camera_id = ""
        self._name = ""
        self._state: PaneState = "empty"
        self._words = ""
        self._image: QImage | None = None
        self._shown = False
        self._pressed_at: QPointF | None = None
        self._player = StreamPlayer(self)
        self._player.changed.connect(self._stream_changed)
        self._player.arrived.connect(self._picture_arrived)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.update)
        self._close_button = QToolButton(self)
        self._close_button.setText("✕")
        self._close_button.setAutoRaise(True)
        self._close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close_button.setAccessibleName(self.tr("Close this camera"))
        set_tooltip(self._close_button, self.tr("Close this camera (Delete)"))
        self._close_button.clicked.connect(self._close_clicked)
        self.setAcceptDrops(not compact)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._show_state("empty", "")

    @property
    def camera_id(self) -> str:
        """The camera shown, or an empty string."""
        return self._camera_id

    @property
    def camera_name(self) -> str:
        """The name of the camera shown."""
        return self._name

    @property
    def state(self) -> PaneState:
        """What the pane shows now."""
        return self._state

    @property
    def stream(self) -> StreamPlayer:
        """The player underneath."""
        return self._player

    def open(self, camera_id: str, name: str, url: str, *, delay_s: float = 0.0) -> None:
        """Play a camera's address; one that may not be played is shown as refused, with why."""
        self._take(camera_id, name)
        try:
            self._player.open(url, delay_s=delay_s)
        except KnownError:
            self._show_state(
                "refused",
                self.tr(
                    "The registered address may not be opened:"
                    " only rtsp, rtsps, http and https streams are."
                ),
            )

    def set_unavailable(self, camera_id: str, name: str, reason: str) -> None:
        """Show a camera that has no stream, and why."""
        self._take(camera_id, name)
        self._show_state("unavailable", reason)

    def set_blocked(self, text: str) -> None:
        """Stop the live picture and show ``text`` instead; for replay, where live would lie."""
        self._take(self._camera_id, self._name)
        self._show_state("blocked", text)

    def close_stream(self) -> None:
        """Stop and show an empty pane; does not wait for the network."""
        self._take("", "")

    def sizeHint(self) -> QSize:
        """Sixteen by nine."""
        return QSize(320, 180 + _HEAD)

    def minimumSizeHint(self) -> QSize:
        """Small enough for nine in a quarter of a screen."""
        return QSize(120, 68 + _HEAD)

    def state_text(self) -> str:
        """Say the state in words, as the pane shows it."""
        silence = _minutes(self._player.silence_s())
        texts: dict[PaneState, str] = {
            "empty": self.tr("No camera. Drop one here or open one from the map."),
            "connecting": self.tr("Connecting…"),
            "live": self.tr("Live"),
            "silent": self.tr("No picture for {0}. Trying again.").format(silence),
            "failed": self._failure_text(self._player.watch.reason)
            + " "
            + self.tr("No picture for {0}. Trying again.").format(silence),
        }
        return texts.get(self._state, self._words)

    def _failure_text(self, reason: Reason) -> str:
        texts: dict[Reason, str] = {
            "unreachable": self.tr("The camera refuses or cannot be reached."),
            "unknown_host": self.tr("The camera's host name is not known."),
            "format": self.tr("The camera's stream cannot be read."),
            "ended": self.tr("The camera ended the stream."),
        }
        return texts.get(reason, self.tr("The camera does not answer."))

    def _take(self, camera_id: str, name: str) -> None:
        self._player.close()
        self._image = None
        self._shown = False
        self._camera_id, self._name = camera_id, plain(name)
        self._show_state("empty", "")

    def _show_state(self, state: PaneState, words: str) -> None:
        changed = state != self._state
        self._state, self._words = state, plain(words, lines=True)
        self._close_button.setVisible(not self._compact and state != "empty")
        if state in ("silent", "failed"):
            self._second.start()
        else:
            self._second.stop()
        self.setAccessibleName(f"{self._name} {self.state_text()}".strip())
        self.update()
        if changed:
            self.state_changed.emit(state)

    def _stream_changed(self) -> None:
        state = self._player.watch.state
        if state != "idle":
            self._show_state(state, "")

    def _picture_arrived(self) -> None:
        # Converted when painted: a hidden pane costs nothing but the decoding.
        if not self._shown:
            self._shown = True
            self.picture_shown.emit()
        self.update(self._picture_rect().toAlignedRect())

    def _close_clicked(self) -> None:
        self.close_stream()
        self.closed.emit()

    # --- drawing ---------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, or why there is none; the head tells camera and state in words."""
        self._image = self._player.image() or self._image
        painter = QPainter(self)
        painter.setFont(self._theme.font(self._theme.sizes.small))
        painter.fillRect(self.rect(), self._theme.color("ground"))
        area = self._picture_rect() if self._state != "empty" else QRectF(self.rect())
        if self._image is not None and self._state in ("live", "silent", "failed"):
            self._draw_picture(painter, area, self._image, alive=self._state == "live")
        if self._state != "live":
            if self._state != "empty":
                painter.fillRect(area, self._hatch())
            self._draw_words(painter, area)
        self._draw_head(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _picture_rect(self) -> QRectF:
        return QRectF(0, _HEAD, self.width(), max(0, self.height() - _HEAD))

    def _draw_picture(self, painter: QPainter, area: QRectF, image: QImage, alive: bool) -> None:
        size = QSize(image.size()).scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(area.center())
        painter.setOpacity(1.0 if alive else 0.18)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)
        painter.setOpacity(1.0)

    def _hatch(self) -> QBrush:
        color = self._theme.color("stale")
        color.setAlpha(90)
        return QBrush(color, Qt.BrushStyle.BDiagPattern)

    def _draw_words(self, painter: QPainter, area: QRectF) -> None:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = area.adjusted(14, 8, -14, -8)
        text = self.state_text()
        box = painter.boundingRect(room, int(flags), text).adjusted(-10, -6, 10, 6)
        if self._state != "empty":
            painter.fillRect(box.intersected(area), self._theme.color("panel"))
        painter.setPen(self._theme.color("faint" if self._state == "empty" else "text"))
        painter.drawText(room, int(flags), text)

    def _draw_head(self, painter: QPainter) -> None:
        if self._state == "empty":
            return
        painter.fillRect(QRectF(0, 0, self.width(), _HEAD), self._theme.color("panel"))
        color, badge = self._badge()
        metrics = painter.fontMetrics()
        right = self.width() - (_HEAD if self._close_button.isVisible() else 8)
        width = metrics.horizontalAdvance(badge)
        painter.setPen(color)
        painter.drawText(
            QRectF(right - width, 0, width, _HEAD), int(Qt.AlignmentFlag.AlignVCenter), badge
        )
        painter.setPen(self._theme.color("text"))
        left = right - width - 18
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, int(left))
        painter.drawText(QRectF(8, 0, left, _HEAD), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _badge(self) -> tuple[QColor, str]:
        """Shape and word besides colour, so that it reads without colour."""
        if self._state == "live":
            return self._theme.color("good_text"), "● " + self.tr("Live")
        if self._state == "connecting":
            return self._theme.color("muted"), "◌ " + self.tr("Connecting")
        if self._state in ("silent", "failed"):
            word = self.tr("No picture {0}").format(_minutes(self._player.silence_s()))
            return self._theme.color("major_text"), "▲ " + word
        return self._theme.color("faint"), "■ " + self.tr("No live picture")

    # --- hands -----------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the close button in its corner."""
        self._close_button.setGeometry(self.width() - _HEAD, 0, _HEAD, _HEAD)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Ask for the whole grid."""
        if self._state != "empty":
            self.maximise_requested.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag would begin."""
        self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the camera to another pane."""
        if self._compact or self._pressed_at is None or not self._camera_id:
            return
        way = event.position() - self._pressed_at
        if way.manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed_at = None
        data = QMimeData()
        data.setData(CAMERA_MIME, self._camera_id.encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Forget the place a drag could have begun."""
        self._pressed_at = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete closes, Enter asks for the whole grid."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._state != "empty":
            self.maximise_requested.emit()
        elif event.key() == Qt.Key.Key_Delete and not self._compact and self._state != "empty":
            self._close_clicked()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Show the focus frame."""
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Hide the focus frame."""
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take cameras only."""
        if event.mimeData().hasFormat(CAMERA_MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Pass the camera's id on."""
        raw = event.mimeData().data(CAMERA_MIME)
        if 0 < raw.size() <= MAX_ID_BYTES:
            event.acceptProposedAction()
            self.camera_dropped.emit(plain(bytes(raw.data()).decode("utf-8", "replace")))


def _minutes(seconds: float) -> str:
    """Write a duration as mm:ss, with hours when there are any."""
    whole = int(seconds)
    if whole >= 3600:
        return str(timedelta(seconds=whole))
    return f"{whole // 60:02d}:{whole % 60:02d}"
